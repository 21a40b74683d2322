"""The objects of a layer as a table for Qt: cells are made when they are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import (
    QAbstractTableModel,
    QCollator,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QBrush, QColor

from app.qt.desk import Desk
from app.qt.models.values import missing, plain, shown, title
from layers.object_table import ID, ObjectTable
from layers.shapes import Bools, Ints

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
LONG = 40  # letters; longer texts get a tooltip
Role = Qt.ItemDataRole


class ObjectModel(QAbstractTableModel):
    """Rows are objects in the order and choice asked for; what is selected has another ground.

    The selection is kept here as a mask and not in Qt's selection model, which is slow for
    thousands of single rows.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    parent : QObject
        Owner.
    """

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.table: ObjectTable | None = None
        self._rows: Ints = np.empty(0, dtype=np.int64)  # positions of objects, as shown
        self._found: Bools | None = None
        self._marked: Bools = np.empty(0, dtype=bool)
        self._only_marked = False
        self._sorted: tuple[int, bool] | None = None
        self._brushes: dict[str, QBrush] = {}
        desk.theme.changed.connect(self._dress)
        self._dress()

    # What is shown ---------------------------------------------------------------------------

    def show_table(self, table: ObjectTable | None, selected: ArrayLike) -> None:
        """Show other objects, or the same ones with other values."""
        self.beginResetModel()
        before = [] if self.table is None else self.table.columns
        self.table = table
        if table is None or list(before) != list(table.columns):
            self._sorted = None
        self._found = None
        self._marked = self._mask(selected)
        self._arrange()
        self.endResetModel()

    def filter(self, found: Bools | None) -> None:
        """Show only these rows, (n,) bool; None shows all."""
        self._found = found
        self._rearrange()

    def show_only_selected(self, only: bool) -> None:
        """Show only what is selected, or everything again."""
        self._only_marked = only
        self._rearrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 gives the order of the file."""
        descending = order == Qt.SortOrder.DescendingOrder
        self._sorted = (column, descending) if column >= 0 else None
        self._rearrange()

    def mark(self, selected: ArrayLike) -> None:
        """Show these objects, by their ids, as selected."""
        marked = self._mask(selected)
        if np.array_equal(marked, self._marked):
            return
        self._marked = marked
        if self._only_marked:
            self._rearrange()
        else:
            self._repaint()

    def mark_rows(self, rows: ArrayLike) -> None:
        """Show these rows as selected until `mark` says what really is (a drag)."""
        self._marked = np.zeros_like(self._marked)
        self._marked[self._rows[np.asarray(rows, dtype=np.int64)]] = True
        self._repaint()

    @property
    def total(self) -> int:
        """Number of objects, shown or not."""
        return 0 if self.table is None else len(self.table)

    @property
    def positions(self) -> Ints:
        """Positions of the objects shown, in their order."""
        return self._rows

    @property
    def marked(self) -> Bools:
        """Which objects are selected, (n,)."""
        return self._marked

    def ids(self, rows: ArrayLike | None = None) -> Ints:
        """Give the ids of rows; None gives those of all rows shown."""
        if self.table is None:
            return np.empty(0, dtype=np.int64)
        at = self._rows if rows is None else self._rows[np.asarray(rows, dtype=np.int64)]
        return np.asarray(self.table.data.ids[at], dtype=np.int64)

    def first_marked_row(self) -> int:
        """Give the first row shown that is selected, -1 for none."""
        at = np.flatnonzero(self._marked[self._rows])
        return int(at[0]) if at.size else -1

    def lines(self, positions: Ints, columns: Sequence[int]) -> list[str]:
        """Give rows as texts with tabs between the cells, a heading first."""
        assert self.table is not None
        heads = [str(self.headerData(c, Qt.Orientation.Horizontal)) for c in columns]
        keys = [self.table.columns[c].key for c in columns]
        taken = [self.table.some(key, positions).to_pylist() for key in keys]
        cells = [[_one_line(plain(value)) for value in column] for column in taken]
        return ["\t".join(heads), *("\t".join(row) for row in zip(*cells, strict=True))]

    # Qt asks ---------------------------------------------------------------------------------

    def rowCount(self, parent: Index = ROOT) -> int:  # noqa: N802 - Qt's name
        """Count the rows shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = ROOT) -> int:  # noqa: N802 - Qt's name
        """Count the columns."""
        return 0 if parent.isValid() or self.table is None else len(self.table.columns)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Give what a cell shows."""
        if self.table is None or not index.isValid():
            return None
        at, column = int(self._rows[index.row()]), self.table.columns[index.column()]
        if role == Role.BackgroundRole:
            return self._brushes["selected"] if self._marked[at] else None
        if role == Role.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role not in {Role.DisplayRole, Role.ToolTipRole, Role.ForegroundRole}:
            return None
        value = self.table.some(column.key, [at])[0].as_py()
        if role == Role.ForegroundRole:
            return self._brushes["faint"] if missing(value) or column.key == ID else None
        text = shown(value, self._desk.texts.wording)
        return text if role == Role.DisplayRole or len(text) > LONG else None

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        """Give the heading of a column; its tooltip says what it holds."""
        if orientation != Qt.Orientation.Horizontal or self.table is None:
            return None
        if section >= len(self.table.columns):
            return None
        column, words = self.table.columns[section], self._desk.texts.wording
        if role == Role.DisplayRole:
            return title(column, words, self.table)
        if role == Role.ToolTipRole:
            what = words.t(f"type-{column.kind}")
            return f"{title(column, words, self.table)}: {what}"
        if role == Role.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    # Inside ----------------------------------------------------------------------------------

    def _mask(self, selected: ArrayLike) -> Bools:
        if self.table is None:
            return np.empty(0, dtype=bool)
        return np.isin(self.table.data.ids, np.asarray(selected, dtype=np.int64))

    def _rearrange(self) -> None:
        self.beginResetModel()
        self._arrange()
        self.endResetModel()

    def _arrange(self) -> None:
        if self.table is None:
            self._rows = np.empty(0, dtype=np.int64)
            return
        rows = np.arange(len(self.table))
        if self._sorted is not None:
            key = self.table.columns[self._sorted[0]].key
            rows = self.table.order(key, descending=self._sorted[1], collate=self._collate)
        if self._found is not None:
            rows = rows[self._found[rows]]
        if self._only_marked:
            rows = rows[self._marked[rows]]
        self._rows = rows

    def _collate(self, words: Sequence[str]) -> list[str]:
        """Sort as readers of the language expect, numbers in texts by their value."""
        collator = QCollator(QLocale(self._desk.texts.locale.replace("-", "_")))
        collator.setNumericMode(True)
        return sorted(words, key=collator.sortKey)

    def _repaint(self) -> None:
        if len(self._rows) and self.columnCount():
            last = self.index(len(self._rows) - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last, [Role.BackgroundRole])

    def _dress(self) -> None:
        colours = self._desk.theme.colours
        self._brushes = {
            "selected": QBrush(QColor(colours.accent_soft)),
            "faint": QBrush(QColor(colours.faint)),
        }
        self._repaint()


def _one_line(text: str) -> str:
    return text.replace("\t", " ").replace("\r", " ").replace("\n", " ")

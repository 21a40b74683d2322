"""A table of results: sorted by its numbers, chosen row by row, copied and written to files."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QBrush, QColor, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QHeaderView, QTableView

from app.qt.desk import Desk
from layers.files.sheets import appearing, write_csv, write_xlsx

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
Role = Qt.ItemDataRole
LONGEST = 360  # points a column is wide at first at most


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shows and what it is sorted and written by.

    Attributes
    ----------
    value : object
        A number, a text or None.
    text : str
        As it is read.
    colour : str
        ``#rrggbb`` of the text, "" for the usual one.
    """

    value: Any
    text: str
    colour: str = ""


class ResultTable(QTableView):
    """Shows rows; tells which one is chosen.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    name : str
        Object name.

    Signals
    -------
    chosen_row : (int,)
        Position of the row, in the order it was given, that is current now.
    activated_row : (int,)
        It was double clicked, or Enter was pressed.
    """

    chosen_row = Signal(int)
    activated_row = Signal(int)

    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._desk = desk
        self._model = _Rows(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self._model)
        self._sorted.setSortRole(Role.UserRole)
        self.setModel(self._sorted)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.horizontalHeader().setObjectName(f"{name}-header")
        self.horizontalHeader().setSortIndicatorClearable(True)
        self.horizontalHeader().setHighlightSections(False)
        self.selectionModel().currentRowChanged.connect(self._current)
        self.doubleClicked.connect(self._activated)

    def show_rows(self, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        """Show other rows under these headings."""
        self.setSortingEnabled(False)
        self._model.fill(list(heads), [list(row) for row in rows])
        self._sorted.sort(-1)
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.resizeColumnsToContents()
        for column in range(len(heads)):
            self.setColumnWidth(column, min(self.columnWidth(column) + 10, LONGEST))

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self._model.rowCount()

    def text(self, row: int, column: int) -> str:
        """Give the text of a cell, by the order in which the rows were given."""
        return self._model.rows[row][column].text

    def choose(self, row: int) -> None:
        """Make a row the current one, by the order in which the rows were given."""
        self.setCurrentIndex(self._sorted.mapFromSource(self._model.index(row, 0)))

    def chosen_rows(self) -> list[int]:
        """Give the chosen rows, in the order in which they were given."""
        found = self.selectionModel().selectedRows()
        return sorted(self._sorted.mapToSource(index).row() for index in found)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Copy the chosen rows; Enter goes to the current one."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._activated(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Copy the chosen rows, or all, with their headings, for a spreadsheet."""
        rows = self.chosen_rows() or range(self.count)
        lines = ["\t".join(self._model.heads)]
        lines += ["\t".join(cell.text for cell in self._model.rows[row]) for row in rows]
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")

    def ask_export(self, name: str, write: Callable[[Path], int] | None = None) -> None:
        """Ask for a file and write the table to it.

        Parameters
        ----------
        name : str
            Name of the file that is offered.
        write : callable or None
            Writes it in another way and gives the number of rows.
        """
        texts = self._desk.texts
        folder = self._desk.settings.last_folder or str(Path.home())
        dialog = QFileDialog(self.window(), texts.t("result-export"), folder)
        dialog.setObjectName("result-file")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        filters = {"xlsx": "Excel (*.xlsx)", "csv": "CSV (*.csv)"}
        dialog.setNameFilters(list(filters.values()))
        dialog.setDefaultSuffix("xlsx")
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix(next(k for k in filters if f"*.{k}" in chosen))
        )
        dialog.selectFile(name)
        dialog.fileSelected.connect(lambda path: self.export_to(Path(path), write))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def export_to(self, path: Path, write: Callable[[Path], int] | None = None) -> None:
        """Write the table: ``.csv`` or ``.xlsx``."""
        done: list[int] = []
        if self._desk.attempt(lambda: done.append((write or self._write)(path))):
            self._desk.tell("success", "result-exported", count=done[0], name=path.name)

    def _write(self, path: Path) -> int:
        rows = [[cell.value for cell in row] for row in self._model.rows]
        with appearing(path) as beside:
            if path.suffix.lower() == ".csv":
                write_csv(beside, self._model.heads, rows)
            else:
                write_xlsx(beside, self._model.heads, rows, title=path.stem[:31])
        return len(rows)

    def _current(self, now: QModelIndex) -> None:
        if now.isValid():
            self.chosen_row.emit(self._sorted.mapToSource(now).row())

    def _activated(self, index: QModelIndex) -> None:
        if index.isValid():
            self.activated_row.emit(self._sorted.mapToSource(index).row())


class _Rows(QAbstractTableModel):
    """Rows of cells."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.heads: list[str] = []
        self.rows: list[list[Cell]] = []

    def fill(self, heads: list[str], rows: list[list[Cell]]) -> None:
        self.beginResetModel()
        self.heads, self.rows = heads, rows
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:  # noqa: N802 - Qt's name
        """Count the rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ROOT) -> int:  # noqa: N802 - Qt's name
        """Count the columns."""
        return 0 if parent.isValid() else len(self.heads)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        """Give the headings."""
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return self.heads[section]
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Give text, order, side and colour of a cell."""
        cell = self.rows[index.row()][index.column()]
        if role in {Role.DisplayRole, Role.ToolTipRole}:
            return cell.text
        if role == Role.UserRole:
            value = cell.value
            missing = value is None or (isinstance(value, float) and math.isnan(value))
            return -math.inf if missing else value
        if role == Role.TextAlignmentRole:
            number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
            side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == Role.ForegroundRole and cell.colour:
            return QBrush(QColor(cell.colour))
        return None

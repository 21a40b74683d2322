"""The view of the table of objects: rows are chosen by mouse and keys, thousands at once."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from app.qt.models.object_model import ObjectModel
from layers.shapes import Ints

KEY = Qt.Key
MOVING = {
    KEY.Key_Up, KEY.Key_Down, KEY.Key_PageUp, KEY.Key_PageDown, KEY.Key_Home, KEY.Key_End,
}  # fmt: skip
OWN = {*MOVING, KEY.Key_Left, KEY.Key_Right, KEY.Key_Space, KEY.Key_Return, KEY.Key_Enter}
SAMPLE = 60  # rows looked at for the width of a column
NARROW, WIDE = 60, 260


class ObjectView(QTableView):
    """Shows an `ObjectModel`. It selects nothing itself: it tells what was chosen.

    Parameters
    ----------
    model : ObjectModel
        What is shown.

    Signals
    -------
    chosen : (rows, mode)
        Rows (k,) int64 and ``"only"``, ``"add"`` or ``"toggle"``.
    activated_row : (row,)
        A row was double clicked, or Enter was pressed on it.
    """

    chosen = Signal(object, str)
    activated_row = Signal(int)

    def __init__(self, model: ObjectModel) -> None:
        super().__init__()
        self.setObjectName("object-table")
        self._model = model
        self._anchor = 0
        self._dragging = False
        self.setModel(model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 8)
        header = self.horizontalHeader()
        header.setObjectName("object-table-header")
        header.setSectionsMovable(True)
        header.setHighlightSections(False)
        header.setSortIndicatorClearable(True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setSortingEnabled(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)

    def fit_columns(self) -> None:
        """Give each column the width of its heading and of cells from all over the table."""
        model, metrics = self._model, self.fontMetrics()
        rows = range(0, model.rowCount(), max(model.rowCount() // SAMPLE, 1))
        for column in range(model.columnCount()):
            texts = [str(model.headerData(column, Qt.Orientation.Horizontal)) + "    "]
            texts += [str(model.index(row, column).data() or "") for row in rows]
            width = max(metrics.horizontalAdvance(text) for text in texts) + 20
            self.setColumnWidth(column, min(max(width, NARROW), WIDE))

    def go_to(self, row: int) -> None:
        """Bring a row into sight."""
        column = max(self.currentIndex().column(), 0)
        self.setCurrentIndex(self._model.index(row, column))
        self._anchor = row
        self.scrollTo(self._model.index(row, column))

    # Events ----------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keep the keys of the table for the table."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if event.key() in OWN or (control and event.key() == KEY.Key_A):
                event.accept()
                return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose a row, a range, or one more."""
        index = self.indexAt(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid():
            super().mousePressEvent(event)
            return
        self.setCurrentIndex(index)
        held = event.modifiers()
        if held & Qt.KeyboardModifier.ShiftModifier:
            self._choose_to(index.row(), held)
        elif held & Qt.KeyboardModifier.ControlModifier:
            self._anchor = index.row()
            self.chosen.emit(_rows(index.row()), "toggle")
        else:
            self._anchor = index.row()
            self._dragging = True
            self._model.mark_rows(_rows(index.row()))
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Show the range that is dragged."""
        if not self._dragging:
            return
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.row() != self.currentIndex().row():
            self.setCurrentIndex(index)
            self._model.mark_rows(_range(self._anchor, index.row()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose what was dragged over."""
        if self._dragging:
            self._dragging = False
            self.chosen.emit(_range(self._anchor, self.currentIndex().row()), "only")
            event.accept()
            return
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Go there."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.activated_row.emit(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Move and choose with the keys."""
        key, held = event.key(), event.modifiers()
        control = bool(held & Qt.KeyboardModifier.ControlModifier)
        if control and key == KEY.Key_A:
            self.chosen.emit(np.arange(self._model.rowCount()), "only")
            return
        row = self.currentIndex().row()
        if key == KEY.Key_Space and row >= 0:
            self.chosen.emit(_rows(row), "toggle")
        elif key in {KEY.Key_Return, KEY.Key_Enter} and row >= 0:
            self.activated_row.emit(row)
        elif key in {KEY.Key_Home, KEY.Key_End} and self._model.rowCount():
            self._moved(0 if key == KEY.Key_Home else self._model.rowCount() - 1, held)
        else:
            super().keyPressEvent(event)
            if key in MOVING and self.currentIndex().row() != row:
                self._moved(self.currentIndex().row(), held)

    # Inside ----------------------------------------------------------------------------------

    def _moved(self, row: int, held: Qt.KeyboardModifier) -> None:
        """Choose after the current row moved by keys; with Control it only moves."""
        index: QModelIndex = self._model.index(row, max(self.currentIndex().column(), 0))
        self.setCurrentIndex(index)
        self.scrollTo(index)
        if held & Qt.KeyboardModifier.ShiftModifier:
            self._choose_to(row, held)
        elif not held & Qt.KeyboardModifier.ControlModifier:
            self._anchor = row
            self.chosen.emit(_rows(row), "only")

    def _choose_to(self, row: int, held: Qt.KeyboardModifier) -> None:
        anchor = min(self._anchor, self._model.rowCount() - 1)
        add = bool(held & Qt.KeyboardModifier.ControlModifier)
        self.chosen.emit(_range(anchor, row), "add" if add else "only")


def _rows(row: int) -> Ints:
    return np.array([row], dtype=np.int64)


def _range(a: int, b: int) -> Ints:
    return np.arange(min(a, b), max(a, b) + 1, dtype=np.int64)

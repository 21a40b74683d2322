"""A table of the corners of one line or area: places to read and to type, lengths beside them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from app.qt.texts import Texts
from layers.shapes import Floats

EAST, NORTH, LENGTH = 0, 1, 2
COLUMNS = ("control-line-east", "control-line-north", "control-line-length")


class CornerTable(QTableWidget):
    """Shows the rings of a line one after the other; a typed number is told as new rings.

    Parameters
    ----------
    texts : Texts
        For the headings.

    Signals
    -------
    changed : (tuple of (k, 2) float64,)
        The rings with what was typed.
    """

    changed = Signal(object)

    def __init__(self, texts: Texts) -> None:
        super().__init__(0, len(COLUMNS))
        self.setObjectName("control-line-table")
        self._rings: tuple[Floats, ...] = ()
        self._closed = False
        self.setHorizontalHeaderLabels([texts.t(key) for key in COLUMNS])
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.verticalHeader().setDefaultSectionSize(22)
        self.setMinimumHeight(130)
        self.itemChanged.connect(self._typed)

    def show_rings(self, rings: tuple[Floats, ...], *, closed: bool) -> None:
        """Show other corners."""
        here = self.currentRow(), self.currentColumn()
        self._rings, self._closed = rings, closed
        self.blockSignals(True)
        places = np.concatenate(rings) if rings else np.empty((0, 2))
        self.setRowCount(len(places))
        lengths = np.concatenate([_edges(ring, closed=closed) for ring in rings] or [np.empty(0)])
        for row, ((east, north), length) in enumerate(zip(places, lengths, strict=True)):
            self._put(row, EAST, f"{east:.3f}")
            self._put(row, NORTH, f"{north:.3f}")
            self._put(row, LENGTH, f"{length:.3f}" if np.isfinite(length) else "", editable=False)
        self.setCurrentCell(min(here[0], len(places) - 1), max(here[1], 0))
        self.blockSignals(False)

    def add_after(self) -> None:
        """Put a corner into the middle of the edge that begins at the chosen one."""
        rings, (ring, at) = list(self._rings), self._chosen()
        if ring < 0:
            return
        corners = rings[ring]
        last = at == len(corners) - 1 and not self._closed
        following = (
            corners[at] * 2.0 - corners[at - 1] if last else corners[(at + 1) % len(corners)]
        )
        middle = following if last else (corners[at] + following) / 2.0
        rings[ring] = np.insert(corners, at + 1, middle, axis=0)
        self.changed.emit(tuple(rings))

    def remove_chosen(self) -> None:
        """Take the chosen corner away."""
        rings, (ring, at) = list(self._rings), self._chosen()
        if ring < 0 or len(rings[ring]) <= 2 + self._closed:
            return
        rings[ring] = np.delete(rings[ring], at, axis=0)
        self.changed.emit(tuple(rings))

    def _chosen(self) -> tuple[int, int]:
        """Give ring and corner of the chosen row; (-1, -1) where none is chosen."""
        row = self.currentRow()
        for number, ring in enumerate(self._rings):
            if 0 <= row < len(ring):
                return number, row
            row -= len(ring)
        return -1, -1

    def _put(self, row: int, column: int, text: str, *, editable: bool = True) -> None:
        item = QTableWidgetItem(text)
        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if not editable:
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
        self.setItem(row, column, item)

    def _typed(self, item: QTableWidgetItem) -> None:
        self.setCurrentItem(item)
        ring, at = self._chosen()
        try:
            metres = float(item.text().replace(",", ""))
        except ValueError:
            metres = float("nan")
        if ring < 0 or not np.isfinite(metres):
            self.show_rings(self._rings, closed=self._closed)
            return
        rings = [one.copy() for one in self._rings]
        rings[ring][at, item.column()] = metres
        self.changed.emit(tuple(rings))


def _edges(ring: Floats, *, closed: bool) -> Floats:
    """Give the length of the edge that begins at each corner, NaN for none."""
    away = np.hypot(*(np.roll(ring, -1, axis=0) - ring).T)
    if not closed and len(away):
        away[-1] = np.nan
    return np.asarray(away, dtype=np.float64)

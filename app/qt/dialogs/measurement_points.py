"""The points of a measurement as numbers; what they measure is told at once."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.measure_words import beside_pointer, crs_name
from app.qt.desk import Desk
from app.qt.dialogs.frame import Dialog
from layers.errors import CityError
from layers.kinds.measurements import Measurement, Position
from layers.planning.measure import measure_again
from scene.tools.measure import NEEDED

AXES = ("points-east", "points-north", "points-height")


class MeasurementPoints(Dialog):
    """Edits the points of a measurement and measures again.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    item : Measurement
        What was measured.
    parent : QWidget
        The window.

    Signals
    -------
    measured : (Measurement,)
        The new answer, with the old number, name and note.
    """

    measured = Signal(object)

    def __init__(self, desk: Desk, item: Measurement, parent: QWidget) -> None:
        super().__init__(desk, "points", parent)
        self.resize(520, 400)
        self._item = item
        self._answer: Measurement | None = None
        crs = QLabel(crs_name(item.crs))
        crs.setObjectName("points-crs")
        crs.setProperty("role", "dim")
        self.body.addWidget(crs)
        self._table = QTableWidget(0, len(AXES))
        self._table.setObjectName("points-table")
        self._table.setHorizontalHeaderLabels([desk.texts.t(key) for key in AXES])
        self._table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        desk.texts.bind(self._table, "setAccessibleName", "dialog-points")
        for point in item.points:
            self._insert(self._table.rowCount(), point)
        self.body.addWidget(self._table, 1)
        self.body.addLayout(self._make_buttons())
        self._told = QLabel()
        self._told.setObjectName("points-answer")
        self._told.setWordWrap(True)
        self.body.addWidget(self._told)
        self.add_cancel()
        self._ok = self.add_button("ok", "points-measure", primary=True)
        self._ok.clicked.connect(self._finish)
        self._table.itemChanged.connect(lambda _item: self._measure())
        self._measure()

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._add = QPushButton()
        self._remove = QPushButton()
        for button, key, does in (
            (self._add, "points-add", self._add_row),
            (self._remove, "points-remove", self._remove_row),
        ):
            button.setObjectName(key)
            button.setAutoDefault(False)
            self.desk.texts.bind(button, "setText", key)
            button.clicked.connect(does)
            row.addWidget(button)
        fixed = NEEDED[self._item.kind][1]
        self._add.setVisible(not fixed)
        self._remove.setVisible(not fixed)
        row.addStretch()
        return row

    def _insert(self, row: int, point: Position) -> None:
        self._table.blockSignals(True)
        self._table.insertRow(row)
        for column, metres in enumerate(point):
            cell = QTableWidgetItem(f"{metres:.3f}")
            cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._table.setItem(row, column, cell)
        self._table.blockSignals(False)

    def _add_row(self) -> None:
        """Put a point behind the current one, half way to the next."""
        row = max(self._table.currentRow(), 0)
        points = self._points()
        if points is None:
            return
        following = points[(row + 1) % len(points)]
        middle = tuple((a + b) / 2 for a, b in zip(points[row], following, strict=True))
        self._insert(row + 1, (middle[0], middle[1], middle[2]))
        self._table.setCurrentCell(row + 1, 0)
        self._measure()

    def _remove_row(self) -> None:
        row = self._table.currentRow()
        if row >= 0 and self._table.rowCount() > NEEDED[self._item.kind][0]:
            self._table.removeRow(row)
            self._measure()

    def _points(self) -> tuple[Position, ...] | None:
        """Read the table; None, with the culprit told, where a cell is no number."""
        out = []
        for row in range(self._table.rowCount()):
            values = []
            for column in range(len(AXES)):
                cell = self._table.item(row, column)
                text = cell.text().strip() if cell is not None else ""
                try:
                    values.append(float(text.replace(",", "")))
                except ValueError:
                    self._tell(self.desk.texts.t("points-no-number", text=text, row=row + 1))
                    return None
            out.append((values[0], values[1], values[2]))
        return tuple(out)

    def _measure(self) -> None:
        self._answer = None
        points = self._points()
        if points is not None:
            unchanged = all(
                f"{a:.3f}" == f"{b:.3f}"
                for p, q in zip(points, self._item.points, strict=False)
                for a, b in zip(p, q, strict=True)
            ) and len(points) == len(self._item.points)
            kept = self._item.points if unchanged else points
            try:
                again = measure_again(self.desk.project, replace(self._item, points=kept))
            except CityError as error:
                self._tell(self.desk.texts.error(error)[0])
            else:
                self._answer = again
                ground = self.desk.settings.distance == "ground"
                text = beside_pointer(again, self.desk.texts.wording, ground=ground)
                self._tell(text, wrong=False)
        self._ok.setEnabled(self._answer is not None)

    def _tell(self, text: str, *, wrong: bool = True) -> None:
        self._told.setText(text)
        self._told.setProperty("role", "error" if wrong else "heading")
        self._told.style().unpolish(self._told)
        self._told.style().polish(self._told)
        self._ok.setEnabled(not wrong)

    def _finish(self) -> None:
        if self._answer is not None:
            self.measured.emit(self._answer)
            self.accept()

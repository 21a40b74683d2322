"""The table of planned and actual times of steps."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from app.drill_words import clock
from app.qt.drilling import Drilling
from app.qt.panels.drills_step import told_time
from layers.drills.log import Exercise
from layers.drills.plan import Plan
from layers.drills.review import delays

STEP = Qt.ItemDataRole.UserRole
WIDE = 480  # points from which there is room for all columns
HEADS = ("planned", "step", "role", "actual", "late")


class DelaysTable(QTableWidget):
    """Steps with planned and actual times; a click chooses the step.

    Parameters
    ----------
    drilling : Drilling
        The plan at hand.
    name : str
        Of the widget.
    """

    def __init__(self, drilling: Drilling, name: str) -> None:
        super().__init__(0, len(HEADS))
        self.setObjectName(name)
        self._drilling, self._desk = drilling, drilling.desk
        self.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.verticalHeader().hide()
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(2, QHeaderView.ResizeMode.Interactive)
        head.resizeSection(2, 70)
        self.itemSelectionChanged.connect(self._choose)

    def fill(self, plan: Plan | None, run: Exercise | None) -> None:
        """Show the steps of a plan, and when they really were."""
        t = self._desk.texts.t
        self.setHorizontalHeaderLabels([t(f"drills-exercise-{one}") for one in HEADS])
        chosen = self._drilling.step
        rows = delays(plan, run or Exercise(0, plan.id, 1, "")) if plan is not None else []
        roles = {role.id: role.name for role in plan.roles} if plan is not None else {}
        titles = {step.id: step.title for step in plan.steps} if plan is not None else {}
        skipped = run.skipped() if run is not None else set()
        with QSignalBlocker(self):
            self.setRowCount(len(rows))
            for at, row in enumerate(rows):
                actual = "" if row.actual_s is None else clock(row.actual_s)
                if row.actual_end_s is not None:
                    actual = f"{actual} - {clock(row.actual_end_s)}"
                if row.step in skipped:
                    actual = t("drills-exercise-skip")
                late = "" if row.late_s is None else told_time(row.late_s)
                cells = (clock(row.planned_s), titles[row.step], roles.get(row.role, row.role),
                         actual, late)  # fmt: skip
                for column, text in enumerate(cells):
                    item = QTableWidgetItem(text)
                    item.setData(STEP, row.step)
                    item.setToolTip(text)
                    self.setItem(at, column, item)
        self.mark(chosen)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the column of roles out where there is little room; steps are told first."""
        super().resizeEvent(event)
        self.setColumnHidden(2, event.size().width() < WIDE)

    def mark(self, step: str) -> None:
        """Choose the row of a step that was chosen elsewhere."""
        for at in range(self.rowCount()):
            item = self.item(at, 0)
            if item is not None and item.data(STEP) == step and at != self.currentRow():
                with QSignalBlocker(self):
                    self.selectRow(at)

    def _choose(self) -> None:
        at = self.currentRow()
        item = self.item(at, 0) if at >= 0 else None
        if item is not None:
            self._drilling.choose_step(item.data(STEP))

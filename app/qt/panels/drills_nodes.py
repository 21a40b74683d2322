"""The page of time nodes: a copy of a plan with some of its steps, and with new ones."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.drill_words import clock
from app.qt.desk import Desk
from app.qt.drilling import stamp
from app.qt.panels.drills_step import read_time
from layers.drills import edits
from layers.drills.clock import timetable
from layers.drills.plan import Plan, Start, Step

STEP = Qt.ItemDataRole.UserRole
LENGTH = 60.0  # seconds of a node that is added
COLUMNS = ("begins", "title", "role")


class NodesPage(QWidget):
    """Steps to be ticked, nodes to be added; a copy is made of them.

    Parameters
    ----------
    desk : Desk
        What the window works with.

    Signals
    -------
    made : (int,)
        Number of a copy that was made.
    """

    made = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("archive-nodes")
        self._desk = desk
        self._plan: Plan | None = None
        self._draft: Plan | None = None
        self._table = QTableWidget(0, len(COLUMNS))
        self._table.setObjectName("archive-steps")
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.verticalHeader().hide()
        head = self._table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        told = QLabel()
        told.setObjectName("archive-nodes-told")
        told.setProperty("role", "dim")
        told.setWordWrap(True)
        desk.texts.bind(told, "setText", "archive-nodes-told")
        self._time, self._title, self._role = QLineEdit(), QLineEdit(), QComboBox()
        for name, field in (("time", self._time), ("title", self._title), ("role", self._role)):
            field.setObjectName(f"archive-node-{name}")
            desk.texts.bind(field, "setAccessibleName", f"archive-node-{name}")
        self._time.setPlaceholderText("0:10:00")
        desk.texts.bind(self._title, "setPlaceholderText", "archive-node-title")
        self._add, self._copy = QPushButton(), QPushButton()
        for name, button in (("add-node", self._add), ("copy-ticked", self._copy)):
            button.setObjectName(f"archive-{name}")
            desk.texts.bind(button, "setText", f"archive-{name}")
        row = QHBoxLayout()
        row.addWidget(self._time, 1)
        row.addWidget(self._title, 3)
        below = QHBoxLayout()
        below.addWidget(self._role, 1)
        below.addWidget(self._add)
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 6, 8, 6)
        box.addWidget(told)
        box.addWidget(self._table, 1)
        box.addLayout(row)
        box.addLayout(below)
        box.addWidget(self._copy)
        self._add.clicked.connect(lambda _on=False: self.add_node())
        self._title.returnPressed.connect(self.add_node)
        self._copy.clicked.connect(lambda _on=False: self.copy_ticked())
        self._table.itemChanged.connect(lambda _item: self._count())
        desk.texts.follow(self._retell)

    def show_plan(self, plan: Plan | None) -> None:
        """Be about a plan; what was ticked stays while it says the same."""
        if plan is not self._plan:
            self._plan = self._draft = plan
            self._fill(frozenset())

    def ticked(self) -> list[str]:
        """Give the steps that go into the copy."""
        out = []
        for row in range(self._table.rowCount()):
            item = self._table.item(row, 0)
            if item is not None and item.checkState() == Qt.CheckState.Checked:
                out.append(str(item.data(STEP)))
        return out

    def add_node(self) -> None:
        """Add a step to the copy that will be made; the plan itself stays as it is."""
        draft = self._draft
        if draft is None:
            return
        second = read_time(self._time.text())
        if second is None or second < 0.0:
            self._desk.tell("warning", "drills-no-time", text=self._time.text())
            return
        title = self._title.text().strip() or self._desk.texts.t("drills-new-step")
        role = str(self._role.currentData() or "")
        step = Step(draft.new_id("s"), title, Start("at", second), LENGTH, role=role)
        gone = {step.id for step in draft.steps} - set(self.ticked())
        self._draft = draft.with_step(step)
        self._time.clear()
        self._title.clear()
        self._fill(frozenset(gone))

    def copy_ticked(self) -> None:
        """Make a plan of the ticked steps; what hung on others keeps its moment."""
        draft, kept = self._draft, set(self.ticked())
        if draft is None:
            return
        smaller = draft.without_steps([step.id for step in draft.steps if step.id not in kept])
        name = self._desk.texts.t("drills-copy-name", name=draft.name)
        copy = replace(
            smaller, id=0, name=name, parent=draft.id, version=1, archived=False, created=stamp(),
            changed=stamp(),
        )  # fmt: skip
        if self._desk.run(edits.add_plan(self._desk.project, copy)):
            self._desk.tell("success", "archive-copied", name=name, steps=len(copy.steps))
            self.made.emit(edits.drills_of(self._desk.project).plans[-1].id)

    # Showing ---------------------------------------------------------------------------------

    def _fill(self, gone: frozenset[str]) -> None:
        draft, table = self._draft, self._table
        table.blockSignals(True)
        table.setRowCount(0)
        self._role.clear()
        if draft is not None:
            begins = timetable(draft).begins
            roles = {role.id: role.name for role in draft.roles}
            for key, name in roles.items():
                self._role.addItem(name, key)
            steps = sorted(draft.steps, key=lambda s: (begins[s.id], s.id))
            table.setRowCount(len(steps))
            for row, step in enumerate(steps):
                words = (clock(begins[step.id]), step.title, roles.get(step.role, ""))
                for column, text in enumerate(words):
                    item = QTableWidgetItem(text)
                    item.setData(STEP, step.id)
                    item.setToolTip(text)
                    if column == 0:
                        on = step.id not in gone
                        item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
                    table.setItem(row, column, item)
        table.blockSignals(False)
        self._count()

    def _count(self) -> None:
        kept = len(self.ticked())
        text = self._desk.texts.t("archive-copy-ticked", count=kept)
        self._copy.setText(text)
        self._copy.setEnabled(self._draft is not None and kept > 0)
        self._add.setEnabled(self._draft is not None)

    def _retell(self) -> None:
        t = self._desk.texts.t
        self._table.setHorizontalHeaderLabels([t(f"drill-column-{name}") for name in COLUMNS])
        self._count()

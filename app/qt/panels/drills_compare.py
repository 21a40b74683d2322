"""The page of versions: what differs between two states of a plan, or two plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFormLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.drill_differences import difference_row
from app.qt.desk import Desk
from app.qt.dialogs.frame import caption
from layers.drills import edits
from layers.drills.differences import differences
from layers.drills.plan import Plan
from layers.history import Label

COLUMNS = ("part", "how", "what", "field", "before", "after")


class ComparePage(QWidget):
    """Two states side by side, and what differs.

    Parameters
    ----------
    desk : Desk
        What the window works with.

    Signals
    -------
    restored
        An earlier state is the plan again.
    """

    restored = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("archive-compare")
        self._desk = desk
        self._plan: Plan | None = None
        self._states: list[Plan] = []
        self._before, self._after = QComboBox(), QComboBox()
        form = QFormLayout()
        for name, box in (("before", self._before), ("after", self._after)):
            box.setObjectName(f"archive-{name}")
            box.setMinimumContentsLength(12)
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.currentIndexChanged.connect(self._compare)
            form.addRow(caption(desk, f"archive-state-{name}", box), box)
        self._told = QLabel()
        self._told.setObjectName("archive-differences-told")
        self._table = QTableWidget(0, len(COLUMNS))
        self._table.setObjectName("archive-differences")
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.verticalHeader().hide()
        head = self._table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setStretchLastSection(True)
        self._keep, self._restore = QPushButton(), QPushButton()
        for name, button in (("keep", self._keep), ("restore-version", self._restore)):
            button.setObjectName(f"archive-{name}")
            desk.texts.bind(button, "setText", f"archive-{name}")
            desk.texts.bind(button, "setToolTip", f"archive-{name}.tip")
        box_ = QVBoxLayout(self)
        box_.setContentsMargins(8, 6, 8, 6)
        box_.addLayout(form)
        box_.addWidget(self._told)
        box_.addWidget(self._table, 1)
        box_.addWidget(self._keep)
        box_.addWidget(self._restore)
        self._keep.clicked.connect(lambda _on=False: self.keep_version())
        self._restore.clicked.connect(lambda _on=False: self.restore())
        desk.texts.follow(self._retell)

    def show_plan(self, plan: Plan | None) -> None:
        """Be about a plan: its last two states at first."""
        known = self._plan is not None and plan is not None and self._plan.id == plan.id
        self._plan = plan
        data = edits.drills_of(self._desk.project)
        own = list(data.versions_of(plan.id)) if plan is not None else []
        others = [one for one in data.plans if plan is not None and one.id != plan.id]
        same = known and len(self._states) == len(own) + len(others)
        at = (self._before.currentIndex(), self._after.currentIndex())
        self._states = [*reversed(own), *others]
        with QSignalBlocker(self._before), QSignalBlocker(self._after):
            for box in (self._before, self._after):
                box.clear()
                box.addItems([self._named(one) for one in self._states])
            before, after = at if same else (1 if len(own) > 1 else 0, 0)
            self._before.setCurrentIndex(before if self._states else -1)
            self._after.setCurrentIndex(after if self._states else -1)
        self._compare()

    def keep_version(self) -> None:
        """Keep the plan as it is now as a version, so that later changes can be compared."""
        if self._plan is not None:
            title = Label("edit-keep-version", {"name": self._plan.name})
            made = edits.change_plan(self._desk.project, self._plan, keep=True, label=title)
            self._desk.run(made)

    def restore(self) -> None:
        """Make the state on the left the plan again; the present one is kept as a version."""
        plan, state = self._plan, self._state(self._before)
        if plan is None or state is None or state.id != plan.id or state is plan:
            return
        stamp = datetime.now().astimezone().isoformat(timespec="seconds")
        fresh = replace(state, name=plan.name, archived=plan.archived, changed=stamp)
        title = Label("edit-restore-version", {"name": plan.name, "version": state.version})
        made = edits.change_plan(self._desk.project, fresh, keep=True, label=title)
        if self._desk.run(made):
            self.restored.emit()

    def _state(self, box: QComboBox) -> Plan | None:
        at = box.currentIndex()
        return self._states[at] if 0 <= at < len(self._states) else None

    def _named(self, one: Plan) -> str:
        time = one.changed[:16].replace("T", " ")
        return self._desk.texts.t(
            "archive-state", name=one.name, version=one.version, time=time or "-"
        )

    def _compare(self) -> None:
        before, after = self._state(self._before), self._state(self._after)
        t, w = self._desk.texts.t, self._desk.texts.wording
        self._table.setRowCount(0)
        own = self._plan is not None and before is not None and before.id == self._plan.id
        self._restore.setEnabled(own and before is not self._states[0])
        self._keep.setEnabled(self._plan is not None)
        if before is None or after is None:
            self._told.setText("")
            return
        found = differences(before, after)
        self._told.setText(t("archive-differences-told", count=len(found)))
        self._table.setRowCount(len(found))
        for row, one in enumerate(found):
            for column, text in enumerate(difference_row(one, before, after, w)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self._table.setItem(row, column, item)

    def _retell(self) -> None:
        t = self._desk.texts.t
        self._table.setHorizontalHeaderLabels([t(f"drill-column-{name}") for name in COLUMNS])
        self.show_plan(self._plan)

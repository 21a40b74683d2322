"""The page of exercises: run live, every act logged, planned beside actual afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.drill_words import clock
from app.qt.drilling import Drilling, stamp
from app.qt.panels.drills_step import told_time
from app.settings import state_folder
from layers.drills import edits
from layers.drills.log import Exercise, LogFile, read_log
from layers.drills.plan import Plan
from layers.drills.review import delays, delays_by_role

STEP = Qt.ItemDataRole.UserRole
BIG = 36  # points of buttons that are pressed in a hurry


class ExercisePage(QWidget):
    """Runs exercises of the plan at hand, and shows what came of them.

    Parameters
    ----------
    drilling : Drilling
        The plan at hand.

    Signals
    -------
    actual_changed
        Other times are to be shown beside the planned ones.
    """

    actual_changed = Signal()

    def __init__(self, drilling: Drilling) -> None:
        super().__init__()
        self.setObjectName("drills-exercise")
        self._drilling, self._desk = drilling, drilling.desk
        self.clock: Callable[[], float] = time.time  # seconds; goes on while the program is shut
        self._log: LogFile | None = None
        self._plan: Plan | None = None  # the one that is run
        self._begun = 0.0
        self._author, self._note = QLineEdit(), QLineEdit()
        self._kept, self._table = QComboBox(), QTableWidget(0, 5)
        self._time, self._roles = QLabel(), QLabel()
        self._buttons: dict[str, QPushButton] = {}
        self._lay_out()
        self._connect()
        self._timer = QTimer(self)
        self._timer.setInterval(500)
        self._timer.timeout.connect(self._tick)
        drilling.changed.connect(self._fill)
        drilling.listed.connect(self._fill)
        drilling.inject_fired.connect(self._take_inject)
        drilling.step_chosen.connect(self._mark)
        self._desk.project_changed.connect(self._leave)
        self._desk.texts.follow(self._fill)

    def _lay_out(self) -> None:
        texts = self._desk.texts
        for name, field in (("author", self._author), ("note", self._note)):
            field.setObjectName(f"drills-exercise-{name}")
            texts.bind(field, "setPlaceholderText", f"drills-exercise-{name}")
        self._kept.setObjectName("drills-exercises")
        self._table.setObjectName("drills-exercise-table")
        self._time.setObjectName("drills-exercise-time")
        self._time.setStyleSheet("font-size: 22px; font-weight: 600;")
        self._roles.setObjectName("drills-exercise-roles")
        self._roles.setWordWrap(True)
        self._table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self._table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self._table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self._table.verticalHeader().hide()
        head = self._table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(2, QHeaderView.ResizeMode.Interactive)
        head.resizeSection(2, 70)
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 4, 6, 4)
        box.setSpacing(4)
        for names in (("start", "go-on", "end"), ("began", "ended", "skipped")):
            row = QHBoxLayout()
            for name in names:
                button = QPushButton()
                button.setObjectName(f"drills-exercise-{name}")
                button.setMinimumHeight(BIG)
                texts.bind(button, "setText", f"drills-exercise-{name}")
                row.addWidget(button)
                self._buttons[name] = button
            if names[0] == "start":
                row.addWidget(self._time)
            box.addLayout(row)
        row = QHBoxLayout()
        row.addWidget(self._author, 1)
        row.addWidget(self._note, 3)
        box.addLayout(row)
        box.addWidget(self._kept)
        self._table.setMinimumHeight(96)
        self._roles.setAlignment(Qt.AlignmentFlag.AlignTop)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setMinimumHeight(24)
        scroll.setWidget(self._roles)
        box.addWidget(self._table, 3)
        box.addWidget(scroll, 1)

    def _connect(self) -> None:
        self._buttons["start"].clicked.connect(lambda _on=False: self.start())
        self._buttons["go-on"].clicked.connect(lambda _on=False: self.go_on())
        self._buttons["end"].clicked.connect(lambda _on=False: self.end())
        for name in ("began", "ended", "skipped"):
            self._buttons[name].clicked.connect(
                lambda _on=False, act=f"step-{name}": self._tick_step(act)
            )  # fmt: skip
        self._note.returnPressed.connect(self._take_note)
        self._kept.currentIndexChanged.connect(self._choose)
        self._table.itemSelectionChanged.connect(self._choose_step)

    # Running ---------------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        """Whether an exercise is on."""
        return self._log is not None

    @property
    def log_path(self) -> Path | None:
        """The file every act of the exercise that is on goes to."""
        return None if self._log is None else self._log.path

    @property
    def second(self) -> float:
        """Seconds since the exercise began."""
        return max(self.clock() - self._begun, 0.0)

    def start(self) -> None:
        """Begin an exercise now."""
        plan = self._drilling.plan
        if plan is None or self.running:
            return
        when = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
        self._begun = self.clock()
        self._take_log(plan, LogFile(_folder() / f"{when}.jsonl"))
        self._add("began", about=f"{plan.id}:{plan.version}", text=plan.name)

    def go_on(self) -> None:
        """Take up an exercise that was cut off; its clock went on meanwhile."""
        plan, path = self._drilling.plan, self.cut_off()
        if plan is None or path is None or self.running:
            return
        log = LogFile(path)
        last = log.entries[0]
        self._begun = datetime.fromisoformat(last.moment).timestamp() - last.second
        self._take_log(plan, log)
        self._add("went-on")

    def cut_off(self) -> Path | None:
        """Give the log of an exercise of this plan that was never ended."""
        plan = self._drilling.plan
        if plan is None or not _folder().is_dir():
            return None
        for path in sorted(_folder().glob("*.jsonl"), reverse=True):
            entries, _ = read_log(path)
            acts = {entry.act for entry in entries}
            if entries and entries[0].text == plan.name and "ended" not in acts:
                return path
        return None

    def end(self) -> None:
        """End the exercise and keep it in the project."""
        log, plan = self._log, self._plan
        if log is None or plan is None:
            return
        self._add("ended")
        self._leave()
        t, project = self._desk.texts.t, self._desk.project
        began = log.entries[0].moment[:16].replace("T", " ")
        name = t("drills-exercise-name", time=began)
        run = Exercise(0, plan.id, plan.version, name, log.entries)
        if self._desk.run(edits.keep_exercise(project, run)):
            self._fill()
            self._kept.setCurrentIndex(self._kept.count() - 1)

    def _take_log(self, plan: Plan, log: LogFile) -> None:
        self._log, self._plan = log, plan
        self._drilling.pause()
        self._timer.start()
        self._fill()
        self._tick()

    def _leave(self) -> None:
        """Let the exercise that is on be; its file stays and it can be taken up again."""
        self._timer.stop()
        self._log = self._plan = None
        self._fill()

    def _add(self, act: str, *, about: str = "", text: str = "") -> None:
        log = self._log
        if log is None:
            return
        author = self._author.text().strip()
        self._desk.attempt(
            lambda: log.add(stamp(), round(self.second, 1), author, act, about=about, text=text)
        )
        self._fill()

    def _tick_step(self, act: str) -> None:
        at = self._table.currentRow()
        if at >= 0 and self._at_hand():
            step = self._table.item(at, 0).data(STEP)  # type: ignore[union-attr]  # rows are full
            self._add(act, about=step)

    def _take_inject(self, inject: str) -> None:
        if self._at_hand():
            self._add("inject", about=inject)

    def _take_note(self) -> None:
        text = self._note.text().strip()
        if text and self.running:
            self._add("note", about=self._drilling.step, text=text)
            self._note.clear()

    def _tick(self) -> None:
        self._time.setText(clock(self.second))
        if self._at_hand():
            self._drilling.seek(self.second)

    def _at_hand(self) -> bool:
        """Say whether the plan that is run is the one at hand."""
        mine, shown = self._plan, self._drilling.plan
        return mine is not None and shown is not None and mine.id == shown.id

    # What came of it -------------------------------------------------------------------------

    def shown(self) -> Exercise | None:
        """Give the exercise that is on, else the one that is chosen."""
        plan = self._plan
        if self._log is not None and plan is not None and self._at_hand():
            return Exercise(0, plan.id, plan.version, "", self._log.entries)
        run = self._kept.currentData()
        return run if isinstance(run, Exercise) else None

    def _fill(self) -> None:
        plan, t = self._drilling.plan, self._desk.texts.t
        data = edits.drills_of(self._desk.project)
        runs = [run for run in data.exercises if plan is not None and run.plan == plan.id]
        before = self._kept.currentData()
        self._kept.blockSignals(True)
        self._kept.clear()
        self._kept.addItem(t("drills-exercise-none"), None)
        for run in runs:
            self._kept.addItem(run.name, run)
            if isinstance(before, Exercise) and run.id == before.id:
                self._kept.setCurrentIndex(self._kept.count() - 1)
        self._kept.blockSignals(False)
        on = self.running
        self._kept.setEnabled(not on)
        self._buttons["start"].setEnabled(plan is not None and not on)
        self._buttons["go-on"].setVisible(not on and self.cut_off() is not None)
        for name in ("end", "began", "ended", "skipped"):
            self._buttons[name].setEnabled(on)
        self._note.setEnabled(on)
        self._tell(plan)

    def _tell(self, plan: Plan | None) -> None:
        """Fill the table with planned and actual times."""
        t, run = self._desk.texts.t, self.shown()
        heads = ("planned", "step", "role", "actual", "late")
        self._table.setHorizontalHeaderLabels([t(f"drills-exercise-{one}") for one in heads])
        chosen = self._drilling.step
        self._table.blockSignals(True)
        self._table.setRowCount(0)
        rows = delays(plan, run or Exercise(0, plan.id, 1, "")) if plan is not None else []
        roles = {role.id: role.name for role in plan.roles} if plan is not None else {}
        titles = {step.id: step.title for step in plan.steps} if plan is not None else {}
        skipped = {e.about for e in run.entries if e.act == "step-skipped"} if run else set()
        for at, row in enumerate(rows):
            actual = "" if row.actual_s is None else clock(row.actual_s)
            if row.actual_end_s is not None:
                actual = f"{actual} - {clock(row.actual_end_s)}"
            if row.step in skipped:
                actual = t("drills-exercise-skip")
            late = "" if row.late_s is None else told_time(row.late_s)
            cells = (clock(row.planned_s), titles[row.step], roles.get(row.role, row.role),
                     actual, late)  # fmt: skip
            self._table.insertRow(at)
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setData(STEP, row.step)
                self._table.setItem(at, column, item)
            if row.step == chosen:
                self._table.selectRow(at)
        self._table.blockSignals(False)
        lines = [
            t("drills-exercise-role-row", role=roles.get(row.role, row.role) or "-", done=row.done,
              steps=row.steps, mean=told_time(row.mean_s), most=told_time(row.most_s or 0.0))
            for row in delays_by_role(rows)
            if row.mean_s is not None
        ]  # fmt: skip
        self._roles.setText("\n".join(lines))
        self.actual_changed.emit()

    def _choose(self) -> None:
        self._tell(self._drilling.plan)

    def _choose_step(self) -> None:
        at = self._table.currentRow()
        item = self._table.item(at, 0) if at >= 0 else None
        if item is not None:
            self._drilling.choose_step(item.data(STEP))

    def _mark(self, step: str) -> None:
        """Choose the row of a step that was chosen elsewhere."""
        for at in range(self._table.rowCount()):
            item = self._table.item(at, 0)
            if item is not None and item.data(STEP) == step and at != self._table.currentRow():
                self._table.blockSignals(True)
                self._table.selectRow(at)
                self._table.blockSignals(False)


def _folder() -> Path:
    return state_folder() / "exercises"

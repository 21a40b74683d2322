"""The page after the exercise: replayed, planned beside actual, delays by role, the score sheet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app import papers
from app.drill_review import review, role_rows, write_log
from app.drills import replayed
from app.qt.drilling import Drilling, stamp
from app.qt.exercising import Exercising
from app.qt.panels.drills_delays import DelaysTable
from app.qt.panels.drills_scores import ScoreSheet
from layers.analyses.running import snapshot
from layers.drills import edits
from layers.drills.log import Entry, Exercise
from layers.drills.plan import Plan
from layers.drills.review import scores, whole_score
from layers.progress import Progress

BIG = 36  # points of buttons
PAPERS = (".pdf", ".docx", ".xlsx")
LOGS = (".csv", ".jsonl")
ROLES = ("role", "done", "mean", "most")


class ReviewPage(QScrollArea):
    """What came of an exercise.

    Parameters
    ----------
    drilling : Drilling
        The plan at hand.
    exercising : Exercising
        The exercise that is run; while one is, it is the one that is shown.

    Signals
    -------
    actual_changed
        Other times are to be shown beside the planned ones.
    """

    actual_changed = Signal()

    def __init__(self, drilling: Drilling, exercising: Exercising) -> None:
        super().__init__()
        self.setObjectName("drills-review")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._drilling, self._exercising, self._desk = drilling, exercising, drilling.desk
        self._kept = QComboBox()
        self._kept.setObjectName("drills-exercises")
        self._kept.setMinimumHeight(30)
        self._table = DelaysTable(drilling, "drills-review-table")
        self._roles = _table("drills-review-roles", len(ROLES))
        self._goals = ScoreSheet(self._desk)
        self._whole, self._empty = QLabel(), QLabel()
        self._ghosts = QCheckBox()
        self._runs = 0  # exercises of the plan at hand
        self._buttons: dict[str, QPushButton] = {}
        self._lay_out()
        self._kept.currentIndexChanged.connect(self._choose)
        self._goals.given.connect(self._take_score)
        drilling.changed.connect(self._fill)
        drilling.listed.connect(self._fill)
        drilling.step_chosen.connect(self._table.mark)
        exercising.changed.connect(self._fill)
        exercising.ended.connect(self.choose)
        self._desk.texts.follow(self._fill)

    def _lay_out(self) -> None:
        inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(6, 4, 6, 4)
        box.setSpacing(4)
        self._empty.setObjectName("drills-review-empty")
        self._empty.setProperty("role", "dim")
        self._empty.setWordWrap(True)
        self._whole.setObjectName("drills-review-whole")
        self._whole.setStyleSheet("font-size: 15px; font-weight: 600;")
        row = QHBoxLayout()
        does: tuple[tuple[str, Callable[[], object]], ...] = (
            ("replay", self.replay), ("paper", self._ask_paper), ("log", self._ask_log),
        )  # fmt: skip
        for name, what in does:
            button = QPushButton()
            button.setObjectName(f"drills-review-{name}")
            button.setMinimumHeight(BIG)
            button.clicked.connect(lambda _on=False, what=what: what())
            self._desk.texts.bind(button, "setText", f"drills-review-{name}")
            row.addWidget(button)
            self._buttons[name] = button
        self._buttons["replay"].setCheckable(True)
        self._ghosts.setObjectName("drills-review-ghosts")
        self._ghosts.setChecked(True)
        self._ghosts.toggled.connect(lambda _on: self._stand_in())
        self._desk.texts.bind(self._ghosts, "setText", "drills-review-ghosts")
        self._desk.texts.bind(self._ghosts, "setToolTip", "drills-review-ghosts.tip")
        box.addWidget(self._kept)
        box.addWidget(self._empty)
        box.addLayout(row)
        box.addWidget(self._ghosts)
        box.addWidget(self._whole)
        box.addWidget(self._goals)
        for part, high in ((self._table, 150), (self._roles, 100)):
            part.setMinimumHeight(high)
            box.addWidget(part)
        box.addStretch(1)
        self.setWidget(inner)

    # What is shown ---------------------------------------------------------------------------

    def shown(self) -> Exercise | None:
        """Give the exercise that is on, else the one that is chosen."""
        if self._exercising.at_hand:
            return self._exercising.so_far
        number = self._kept.currentData()
        runs = edits.drills_of(self._desk.project).exercises
        return next((run for run in runs if run.id == number), None)

    def choose(self, number: int) -> None:
        """Show an exercise."""
        at = self._kept.findData(number)
        if at >= 0:
            self._kept.setCurrentIndex(at)

    def replay(self) -> None:
        """Show in scene and board what really happened; once more shows the plan again."""
        run, wanted = self.shown(), self._buttons["replay"].isChecked()
        if run is None or self._exercising.running:
            self._buttons["replay"].setChecked(False)
            return
        self._drilling.pause()
        self._stand_in()
        self._drilling.seek(0.0)
        if wanted:
            self._desk.tell("info", "drills-review-replayed", name=run.name)

    def _stand_in(self) -> None:
        """Show what the replay is to show, with the planned units beside it or without."""
        run, project, ghosts = self.shown(), self._desk.project, self._ghosts.isChecked()
        if run is None or self._exercising.running:
            return
        wanted = self._buttons["replay"].isChecked()
        made = (lambda: replayed(project, run, ghosts=ghosts)) if wanted else None
        self._drilling.stand_in(made)

    def _plan_of(self, run: Exercise | None) -> Plan | None:
        if run is None or self._exercising.at_hand:
            return self._exercising.plan or self._drilling.plan
        return edits.drills_of(self._desk.project).plan_of(run)

    def _fill(self) -> None:
        plan, t = self._drilling.plan, self._desk.texts.t
        data = edits.drills_of(self._desk.project)
        runs = [run for run in data.exercises if plan is not None and run.plan == plan.id]
        before = self._kept.currentData()
        with QSignalBlocker(self._kept):
            self._kept.clear()
            self._kept.addItem(t("drills-exercise-none"), 0)
            for run in runs:
                self._kept.addItem(run.name, run.id)
            self._kept.setCurrentIndex(max(self._kept.findData(before), 0))
        on = self._exercising.running
        self._kept.setEnabled(not on)
        self._runs = len(runs)
        self._tell()

    def _choose(self) -> None:
        if self._drilling.stood_in and not self._exercising.running:
            self._buttons["replay"].setChecked(False)
            self._drilling.stand_in(None)
        self._tell()

    def _tell(self) -> None:
        run, t = self.shown(), self._desk.texts.t
        self._empty.setVisible(run is None)
        self._empty.setText(t("drills-review-choose" if self._runs else "drills-review-empty"))
        plan = self._plan_of(run)
        on = self._exercising.running
        for name, button in self._buttons.items():
            button.setEnabled(run is not None and not on)
            if name == "replay":
                button.setChecked(run is not None and not on and self._drilling.stood_in)
        for part in (self._table, self._roles, self._goals, self._whole, self._ghosts):
            part.setVisible(run is not None)
        if run is None or plan is None:
            self.actual_changed.emit()
            return
        self._table.fill(plan, run)
        self._tell_roles(plan, run)
        self._goals.show_scores(scores(plan, run), editable=not on)
        whole = whole_score(scores(plan, run))
        self._whole.setText(
            t("drills-review-unscored")
            if whole is None
            else t("drills-review-whole", score=f"{whole:.0f}")
        )
        self.actual_changed.emit()

    def _tell_roles(self, plan: Plan, run: Exercise) -> None:
        t = self._desk.texts.t
        self._roles.setHorizontalHeaderLabels([t(f"drills-review-{one}") for one in ROLES])
        rows = role_rows(plan, run)
        self._roles.setRowCount(len(rows))
        for at, row in enumerate(rows):
            for column, text in enumerate(row):
                self._roles.setItem(at, column, QTableWidgetItem(text))

    # What is given ---------------------------------------------------------------------------

    def _take_score(self, objective: str, value: float, remark: str) -> None:
        run = self.shown()
        if run is None:
            return
        entry = Entry(
            len(run.entries) + 1, stamp(), run.seconds, self._exercising.author, "score",
            objective, remark, value=value,
        )  # fmt: skip
        made = replace(run, entries=(*run.entries, entry))
        self._desk.run(edits.keep_exercise(self._desk.project, made))

    def _ask(self, key: str, endings: tuple[str, ...], write: Callable[[Path], object]) -> None:
        run = self.shown()
        if run is None:
            return
        dialog = QFileDialog(self.window(), self._desk.texts.t(f"drills-review-{key}"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([f"{one[1:].upper()} (*{one})" for one in endings])
        dialog.setDefaultSuffix(endings[0][1:])
        dialog.filterSelected.connect(
            lambda text: dialog.setDefaultSuffix(text.rpartition("*.")[2].rstrip(")"))
        )
        dialog.selectFile(f"{run.name}{endings[0]}".replace(":", "-").replace("/", "-"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda text: write(Path(text)))
        dialog.open()

    def _ask_paper(self) -> None:
        self._ask("paper", PAPERS, self.write_paper)

    def _ask_log(self) -> None:
        self._ask("log", LOGS, self.write_log)

    def write_paper(self, path: Path) -> None:
        """Write the review beside the window."""
        run, plan = self.shown(), self._plan_of(self.shown())
        if run is None or plan is None:
            return
        project, locale = snapshot(self._desk.project), self._desk.texts.locale

        def work(_progress: Progress) -> None:
            papers.write(review(project, plan, run, locale=locale), path)

        self._desk.start(
            self._desk.texts.t("drills-review-paper"), work,
            lambda _made: self._desk.tell("success", "drills-written", name=path.name),
        )  # fmt: skip

    def write_log(self, path: Path) -> None:
        """Write the log as a table or as it was kept."""
        run = self.shown()
        if run is not None:
            locale = self._desk.texts.locale
            if self._desk.attempt(lambda: write_log(run, path, locale=locale)):
                self._desk.tell("success", "drills-written", name=path.name)


def _table(name: str, columns: int) -> QTableWidget:
    table = QTableWidget(0, columns)
    table.setObjectName(name)
    table.verticalHeader().hide()
    table.setWordWrap(True)
    head = table.horizontalHeader()
    head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    return table

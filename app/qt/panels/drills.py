"""The panel of drills: plans, the timeline, and what is played, typed, run and written."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDockWidget,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QSplitter,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.qt.captioning import Captioning
from app.qt.desk import Desk
from app.qt.drilling import Drilling
from app.qt.exercising import Exercising
from app.qt.menus import name_buttons
from app.qt.panels.drills_board import Board, BoardWindow
from app.qt.panels.drills_exercise import ExercisePage
from app.qt.panels.drills_lanes import LaneActions
from app.qt.panels.drills_paper import PaperPage
from app.qt.panels.drills_plan import PlanPage
from app.qt.panels.drills_plans import PlanList
from app.qt.panels.drills_player import PlayerBar
from app.qt.panels.drills_resume import Resuming
from app.qt.panels.drills_review import ReviewPage
from app.qt.panels.drills_step import StepForm
from app.qt.panels.drills_symbols import SymbolPage
from app.qt.widgets.tab_grid import TabGrid
from app.qt.widgets.timeline import Timeline
from app.wording import dashed
from layers.drills.clock import timetable
from layers.drills.plan import Start, Step
from layers.drills.problems import Problem
from layers.history import Label

ABOUT = Qt.ItemDataRole.UserRole
ROOM = 0.5  # share of the window's height that a drill takes where it has all room
TABS = ("board", "plan", "step", "symbols", "problems", "exercise", "review", "paper")


class DrillsPanel(QSplitter):
    """The panel of drills.

    Parameters
    ----------
    desk : Desk
        What the window works with.

    Attributes
    ----------
    drilling : Drilling
        The plan at hand and what is shown of it.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName("drills-panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self.drilling = Drilling(desk)
        self.plans = PlanList(self.drilling)
        self.timeline = Timeline(desk)
        self._lanes = LaneActions(self.drilling, self.timeline)
        self.exercising = Exercising(self.drilling)
        self.exercise = ExercisePage(self.drilling, self.exercising)
        self.review = ReviewPage(self.drilling, self.exercising)
        self.captioning = Captioning(self.drilling, self.exercising)
        self.board = Board(self.drilling, self.exercising)
        self.board.add_corner(self._large_button())
        self._large: BoardWindow | None = None
        self._arranged: QByteArray | None = None  # how panels stood before the drill had all room
        self._problems = QListWidget()
        self._problems.setObjectName("drills-problems")
        self._problems.setWordWrap(True)
        self._tabs = TabGrid()
        self._tabs.setObjectName("drills-tabs")
        self._tabs.setMinimumWidth(330)
        self.facts, self.form = PlanPage(self.drilling), StepForm(self.drilling)
        self.symbols = SymbolPage(self.drilling, self.make_step)
        self.paper = PaperPage(self.drilling)
        pages: tuple[QWidget, ...] = (
            self.board, self.facts, self.form, self.symbols, self._problems, self.exercise,
            self.review, self.paper,
        )  # fmt: skip
        for key, page in zip(TABS, pages, strict=True):
            self._tabs.add_page(f"drills-tab-{key}", page)
        middle = QWidget()
        box = QVBoxLayout(middle)
        box.setContentsMargins(2, 4, 2, 4)
        box.setSpacing(2)
        player = PlayerBar(self.drilling)
        bars = self._make_bars()
        player.row.addWidget(bars["steps"])
        player.end.addWidget(bars["rooms"])
        self.timeline.hold(bars["lens"])
        box.addWidget(player)
        box.addWidget(self.timeline, 1)
        for part, stretch in ((self.plans, 0), (middle, 1), (self._tabs, 0)):
            self.addWidget(part)
            self.setStretchFactor(self.count() - 1, stretch)
        self.setSizes([170, 620, 390])
        self._connect()
        self.resuming = Resuming(self.drilling, self.exercising, self._show_exercise, self)
        desk.texts.follow(self._retell)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for room for lanes."""
        return QSize(1000, 360)

    def _make_bars(self) -> dict[str, QToolBar]:
        """Make the buttons for steps, for stretching time, and for the room of the drill."""
        line = self.timeline
        rows: dict[str, tuple[tuple[str, str, Callable[[], object]], ...]] = {
            "steps": (
                ("add-step", "add", self.add_step), ("remove-step", "remove", self.remove_step),
                ("shut-street", "close-street", self.board.close_street),
            ),
            "lens": (
                ("zoom-in", "zoom-in", lambda: line.zoom(1.5)),
                ("zoom-out", "zoom-out", lambda: line.zoom(1 / 1.5)),
                ("fit", "zoom-to", line.fit),
            ),
            "rooms": (
                ("room", "fullscreen", lambda: self.take_room(on=self._arranged is None)),
            ),
        }  # fmt: skip
        bars = {}
        for name, buttons in rows.items():
            bar = bars[name] = QToolBar()
            bar.setObjectName(f"drills-{name}")
            bar.setProperty("role", "panel")
            bar.setIconSize(QSize(16, 16))
            for key, picture, does in buttons:
                bar.addAction(self._make_action(key, picture, does))
            name_buttons(bar)
            bar.setMinimumWidth(bar.sizeHint().width())  # no button hides behind an arrow
        return bars

    def _make_action(self, key: str, picture: str, does: Callable[[], object]) -> QAction:
        action = QAction(self)
        action.setObjectName(f"drills-{key}")
        action.triggered.connect(lambda _on=False: does())
        self._desk.texts.bind(action, "setText", f"drills-{key}")
        self._desk.theme.set_icon(action, picture)
        if key == "room":
            action.setCheckable(True)
            self._room = action
        return action

    def _connect(self) -> None:
        drilling, line = self.drilling, self.timeline
        self.plans.made.connect(self._begin_plan)
        self.board.step_wanted.connect(self.add_step)
        drilling.changed.connect(self._show)
        drilling.moved.connect(lambda: line.show_second(drilling.second))
        drilling.step_chosen.connect(line.choose)
        line.seek_wanted.connect(drilling.seek)
        line.step_chosen.connect(drilling.choose_step)
        line.step_opened.connect(self._open_step)
        self._lanes.added.connect(self._name_step)
        self.review.actual_changed.connect(self._show_lanes)
        self.exercising.ended.connect(lambda _number: self.page("review"))
        self._problems.itemClicked.connect(self._go_to_problem)
        self._problems.itemActivated.connect(self._go_to_problem)

    # Doing -----------------------------------------------------------------------------------

    def verbs(self) -> dict[str, Callable[[], object]]:
        """Give what the menu can do here, by the end of the keys of its actions."""
        drilling = self.drilling
        return {
            "panel": lambda: None,
            "play": drilling.toggle,
            "next": drilling.to_node,
            "previous": lambda: drilling.to_node(back=True),
            "close-street": self.board.close_street,
            "room": lambda: self.take_room(on=self._arranged is None),
            "add-step": self.add_step,
            "board": self.large_board,
            **{key: partial(self.page, key) for key in TABS if key != "board"},
        }

    def page(self, key: str) -> None:
        """Show a page on the right."""
        self._tabs.show_page(TABS.index(key))

    def _show_exercise(self) -> None:
        dock = self.parentWidget()
        if isinstance(dock, QDockWidget):
            dock.show()
            dock.raise_()
        self.page("exercise")

    def take_room(self, *, on: bool) -> None:
        """Leave nothing but the picture and the drill, or put all panels back where they were."""
        window = self.window()
        if not isinstance(window, QMainWindow) or on == (self._arranged is not None):
            return
        self._room.setChecked(on)
        self.plans.setVisible(not on)
        if not on:
            assert self._arranged is not None
            window.restoreState(self._arranged)
            self._arranged = None
            return
        self._arranged = window.saveState()
        for dock in window.findChildren(QDockWidget):
            mine = dock.widget() is self
            if not mine and not dock.isFloating():
                dock.hide()
            elif mine:
                QTimer.singleShot(0, partial(self._grow, window, dock))

    @staticmethod
    def _grow(window: QMainWindow, dock: QDockWidget) -> None:
        window.resizeDocks([dock], [round(ROOM * window.height())], Qt.Orientation.Vertical)

    def large_board(self) -> BoardWindow:
        """Open the board in a window of its own, in large letters."""
        if self._large is None:
            self._large = BoardWindow(self.drilling, self.exercising, self.window())
        self._large.show()
        self._large.raise_()
        self._large.activateWindow()
        return self._large

    def _large_button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("drills-large")
        button.setIconSize(QSize(22, 22))
        self._desk.theme.set_icon(button, "float")
        self._desk.texts.bind(button, "setToolTip", "drills-large-board")
        self._desk.texts.bind(button, "setAccessibleName", "drills-large-board")
        button.clicked.connect(lambda _on=False: self.large_board())
        return button

    def add_step(self) -> None:
        """Add a step behind the chosen one, else at the second shown, and let it be named.

        Where there is no plan yet, one is made.
        """
        if self.drilling.plan is None:
            self.plans.add()
        plan = self.drilling.plan
        if plan is None:
            return
        before, second = self.drilling.step, self.drilling.second
        role = next((s.role for s in plan.steps if s.id == before), "")
        role = role or (plan.roles[0].id if plan.roles else "")
        table = timetable(plan)
        if before and table.begins[before] <= second <= table.ends[before]:
            second = table.ends[before]
        title = self._desk.texts.t("drills-new-step")
        step = Step(plan.new_id("s"), title, Start("at", round(second)), role=role)
        if self.drilling.keep(plan.with_step(step), Label("edit-add-step", {"name": title})):
            self.drilling.choose_step(step.id)
            self.drilling.seek(round(second))
            self._name_step()

    def _name_step(self) -> None:
        self.page("step")
        self.form.begin()

    def make_step(self) -> None:
        """Add a step for what is placed, and stay with the symbols."""
        self.add_step()
        self.page("symbols")

    def _begin_plan(self) -> None:
        """Let a new plan be named first."""
        self.page("plan")
        self.facts.section("facts")

    def remove_step(self) -> None:
        """Remove the chosen step; what hung on it keeps its moment."""
        self._lanes.remove(self.drilling.step)

    def _open_step(self, step: str) -> None:
        self.drilling.choose_step(step)
        self.page("step")

    def _go_to_problem(self, item: QListWidgetItem) -> None:
        about = cast(str, item.data(ABOUT))
        played = self.drilling.played
        if played is not None and about in played.table.begins:
            self.drilling.choose_step(about)
            self.drilling.seek(played.table.begins[about])

    # Showing ---------------------------------------------------------------------------------

    def _show(self) -> None:
        self._problems.clear()
        for problem in self.drilling.problems:
            text = self._told(problem)
            item = QListWidgetItem(
                self._desk.theme.icon("error" if problem.grave else "warning"), text
            )
            item.setData(ABOUT, problem.about)
            self._problems.addItem(item)
        if not self.drilling.problems and self.drilling.plan is not None:
            name = self.drilling.plan.name
            self._problems.addItem(self._desk.texts.t("drill-sound", name=name))
        self._show_lanes()
        self._name_tabs()

    def _told(self, problem: Problem) -> str:
        return self._desk.texts.t(f"drill-problem-{dashed(problem.key)}", **problem.facts)

    def _show_lanes(self) -> None:
        wrong = {problem.about for problem in self.drilling.problems}
        ways = (*self.drilling.detours, *self.exercising.detours)
        wrong |= {one.step for one in ways if one.stuck or one.after > one.needed + 1.0}
        run = self.review.shown()
        self.timeline.show_plan(self.drilling.plan, wrong, None if run is None else run.times())
        self.timeline.choose(self.drilling.step)

    def _retell(self) -> None:
        self._name_tabs()
        self._show()

    def _name_tabs(self) -> None:
        for at, key in enumerate(TABS):
            text = self._desk.texts.t(f"drills-tab-{key}")
            if key == "problems" and self.drilling.problems:
                text = f"{text} ({len(self.drilling.problems)})"
            self._tabs.name_page(at, text)

"""The board: what is on, what waits, what comes next and when; injects, streets, large buttons."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.drill_words import clock, detour_words
from app.drills import on_street
from app.qt.drawing import ask_in_picture
from app.qt.drilling import Drilling
from app.qt.exercising import Exercising
from layers.drills.plan import Coords, Plan, Step

SHOWN = 4  # steps of each sort
HIGH = 40  # points of a button
REACH = 14.0  # metres around a click within which streets close
CORNERS = 8
AHEAD = 600.0  # seconds before somebody turns off that this is told
Lines = Sequence[tuple[str, str]]  # step and what is written before it


class StepRows(QWidget):
    """A few steps below each other, each with a large button.

    Parameters
    ----------
    name : str
        Begins the names of the rows.
    points, high : int
        Size of letters; height of buttons.
    does : callable
        Is called with the step whose button was pressed.
    """

    def __init__(
        self,
        name: str,
        points: int,
        high: int,
        does: Callable[[str], object],
        *,
        bold: bool = False,
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        self._rows: list[tuple[QWidget, QLabel, QPushButton]] = []
        self._steps: list[str] = [""] * SHOWN
        for at in range(SHOWN):
            row, label, button = QWidget(), QLabel(), QPushButton()
            label.setObjectName(f"{name}-{at}")
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            weight = "600" if bold else "400"
            label.setStyleSheet(f"font-size: {points}px; font-weight: {weight};")
            button.setObjectName(f"{name}-do-{at}")
            button.setProperty("primary", "true" if bold else "false")
            button.setMinimumHeight(high)
            button.setStyleSheet(f"font-size: {max(points - 2, 13)}px;")
            button.clicked.connect(lambda _on=False, at=at: does(self._steps[at]))
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.addWidget(label, 1)
            line.addWidget(button)
            box.addWidget(row)
            self._rows.append((row, label, button))

    def show_steps(self, steps: Lines, button: str) -> None:
        """Show steps (id, text); "" for the button hides it."""
        for at, (row, label, press) in enumerate(self._rows):
            row.setVisible(at < len(steps))
            if at < len(steps):
                self._steps[at] = steps[at][0]
                label.setText(steps[at][1])
                press.setText(button)
                press.setVisible(bool(button))


class Board(QScrollArea):
    """What is on, what comes next and when; in an exercise with a button to tick each step.

    Parameters
    ----------
    drilling : Drilling
        The plan at hand.
    exercising : Exercising
        The exercise that is run.
    scale : float
        Times the usual size of letters and buttons.

    Signals
    -------
    step_wanted
        A plan without steps shall get its first one.
    """

    step_wanted = Signal()

    def __init__(self, drilling: Drilling, exercising: Exercising, scale: float = 1.0) -> None:
        super().__init__()
        self.setObjectName("drills-board")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._drilling, self._exercising, self._desk = drilling, exercising, drilling.desk
        self._scale, self._high = scale, round(HIGH * math.sqrt(scale))
        inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(8, 6, 8, 6)
        box.setSpacing(round(4 * scale))
        self._top = QHBoxLayout()
        self._clock = self._label("drills-clock", 26, bold=True)
        self._top.addWidget(self._clock, 1)
        box.addLayout(self._top)
        begin = partial(exercising.tick_step, "step-began")
        end = partial(exercising.tick_step, "step-ended")
        self._late = self._label("drills-late", 15, bold=True)
        self._late.setProperty("role", "error")
        self._due = self._steps("drills-due", 15, begin, bold=True)
        self._now = self._label("drills-now", 15)
        self._on = self._steps("drills-on", 15, end)
        self._count = self._label("drills-countdown", 15, bold=True)
        self._next = self._label("drills-next", 13)
        self._later = self._steps("drills-later", 13, begin)
        self._other_ways = self._label("drills-other-ways", 13, bold=True)
        self._other_ways.setProperty("role", "warning")
        for part in (
            self._late, self._due, self._now, self._on, self._other_ways, self._count, self._next,
            self._later,
        ):  # fmt: skip
            box.addWidget(part)
        self._first = QPushButton()
        self._first.setObjectName("drills-first-step")
        self._first.setMinimumHeight(self._high)
        self._first.setProperty("primary", "true")
        self._desk.texts.bind(self._first, "setText", "drills-first-step")
        self._first.clicked.connect(lambda _on=False: self.step_wanted.emit())
        box.addWidget(self._first)
        self._injects = QVBoxLayout()
        box.addLayout(self._injects)
        box.addLayout(self._street_row())
        box.addStretch(1)
        self.setWidget(inner)
        self._made: dict[str, QPushButton] = {}
        self._of: Plan | None = None
        for signal in (drilling.moved, drilling.changed, exercising.changed, exercising.ticked):
            signal.connect(self._show)
        self._desk.texts.follow(self._show)

    def add_corner(self, button: QWidget) -> None:
        """Put a button beside the clock."""
        self._top.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)

    def _size(self, points: int) -> int:
        return round(points * self._scale)

    def _steps(
        self, name: str, points: int, does: Callable[[str], object], *, bold: bool = False
    ) -> StepRows:
        return StepRows(name, self._size(points), self._high, does, bold=bold)

    def _label(self, name: str, points: int, *, bold: bool = False) -> QLabel:
        label = QLabel()
        label.setObjectName(name)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        weight = "600" if bold else "400"
        label.setStyleSheet(f"font-size: {self._size(points)}px; font-weight: {weight};")
        return label

    def _street_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._streets: dict[str, QPushButton] = {}
        for key, does in (
            ("close-street", self.close_street), ("open-streets", self.open_streets),
            ("forget-closures", self._drilling.forget_closures),
        ):  # fmt: skip
            button = QPushButton()
            button.setObjectName(f"drills-{key}")
            button.setMinimumHeight(self._high)
            button.setStyleSheet(f"font-size: {max(self._size(13), 13)}px;")
            button.clicked.connect(lambda _on=False, does=does: does())
            row.addWidget(button)
            self._streets[key] = button
        return row

    # Doing -----------------------------------------------------------------------------------

    def close_street(self) -> None:
        """Let a street be clicked in the picture: it is closed from now on, or open again."""
        if self._drilling.plan is not None:
            ask_in_picture(self._desk, "spot", self._closed)

    def open_streets(self) -> None:
        """Open what was closed."""
        if self._exercising.at_hand:
            self._exercising.open_streets()
        else:
            self._drilling.open_streets()

    def _closed(self, hit: Any) -> None:
        east, north = float(hit.point[0]), float(hit.point[1])
        run = self._exercising if self._exercising.at_hand else self._drilling
        there = next((one for one in run.closed_now if holds(one.ring, east, north)), None)
        if there is None:
            run.close_street(around(*on_street(self._desk.project, (east, north))))
        else:
            run.open_streets(there)
            self._desk.tell("info", "drills-opened")

    def _fire(self, inject: str) -> None:
        if self._exercising.at_hand:
            self._exercising.fire(inject)
        else:
            self._drilling.fire(inject)

    # Showing ---------------------------------------------------------------------------------

    def _show(self) -> None:
        plan, now = self._drilling.plan, self._drilling.now
        self._make_buttons(plan)
        live = self._exercising.standing if self._exercising.at_hand else None
        for part in (self._late, self._due, self._on, self._later):
            part.setVisible(live is not None and plan is not None)
        for part in (self._now, self._next):
            part.setVisible(live is None or part is self._now)
        self._first.setVisible(plan is not None and not plan.steps)
        if plan is None or now is None:
            for label in (self._clock, self._now, self._count, self._next):
                label.setText("")
            for button in self._streets.values():
                button.hide()
            self._other_ways.hide()
            return
        self._clock.setText(clock(now.second))
        if live is None:
            self._show_planned(plan)
        else:
            self._show_live(plan)
        self._show_buttons(plan)

    def _show_planned(self, plan: Plan) -> None:
        """Show the plan at the second shown."""
        now, t = self._drilling.now, self._desk.texts.t
        assert now is not None
        steps = {step.id: step for step in self._played_plan(plan).steps}
        if not steps:
            self._now.setText(t("drills-no-steps"))
            self._count.setText("")
            self._next.setText("")
            return
        running = now.running[-SHOWN:]
        lines = [f"● {_told(plan, steps[step])}" for step in reversed(running)]
        more = len(now.running) - len(running)
        if more > 0:
            lines.append(t("drills-more", count=more))
        self._now.setText("\n".join(lines) or t("drills-quiet"))
        if now.next:
            left = now.begins[0] - now.second
            self._count.setText(t("drills-next-in", time=clock(left)))
        else:
            self._count.setText(t("drills-last"))
        self._next.setText("\n".join(
            f"{clock(begin)}  {_told(plan, steps[step])}"
            for step, begin in zip(now.next[:SHOWN], now.begins, strict=False)
        ))  # fmt: skip

    def _played_plan(self, plan: Plan) -> Plan:
        return plan if self._drilling.played is None else self._drilling.played.plan

    def _show_live(self, plan: Plan) -> None:
        """Show how the exercise stands, with buttons to tick."""
        t, second = self._desk.texts.t, self._exercising.second
        live, plan = self._exercising.standing, self._exercising.plan or plan
        assert live is not None
        steps = {step.id: step for step in plan.steps}
        self._late.setVisible(bool(live.due))
        self._late.setText(t("drills-waiting", count=len(live.due)))
        due = [
            (step, f"+{clock(second - since)}  {_told(plan, steps[step])}")
            for step, since in live.due[:SHOWN]
        ]
        self._due.show_steps(due, t("drills-exercise-began"))
        self._now.setText(t("drills-on") if live.on else t("drills-quiet"))
        on = [(step, f"● {_told(plan, steps[step])}") for step in live.on[-SHOWN:]]
        self._on.show_steps(on, t("drills-exercise-ended"))
        coming = [
            (step, f"{clock(begin)}  {_told(plan, steps[step])}")
            for step, begin in live.next[:SHOWN]
        ]
        self._later.show_steps(coming, t("drills-exercise-began"))
        if live.next:
            left = live.next[0][1] - second
            self._count.setText(t("drills-next-in", time=clock(max(left, 0.0))))
        else:
            self._count.setText(t("drills-last"))

    def _show_buttons(self, plan: Plan) -> None:
        """Show which injects were given, and whether streets are closed."""
        t, played = self._desk.texts.t, self._drilling.played
        given = {} if played is None else played.fired
        titles = {inject.id: inject.title for inject in plan.injects}
        for inject, button in self._made.items():
            second = given.get(inject)
            button.setChecked(second is not None)
            title = t("drills-inject", title=titles[inject])
            button.setText(title if second is None else f"{title}  ({clock(second)})")
        self._streets["close-street"].setVisible(bool(plan.units))
        self._streets["close-street"].setText(t("drills-close-street"))
        run = self._exercising if self._exercising.at_hand else self._drilling
        closed = len(run.closed_now)
        self._streets["open-streets"].setVisible(closed > 0)
        self._streets["open-streets"].setText(t("drills-open-streets", count=closed))
        other = run is self._drilling and not closed and bool(self._drilling.shut)
        self._streets["forget-closures"].setVisible(other)
        self._streets["forget-closures"].setText(
            t("drills-forget-closures", count=len(self._drilling.shut))
        )
        second, w = self._drilling.second, self._desk.texts.wording
        ways = [one for one in run.detours if one.second - AHEAD <= second < one.after]
        self._other_ways.setVisible(bool(ways))
        lines = [f"↷ {detour_words(plan, one, w)}" for one in ways[:SHOWN]]
        lines += [t("drills-more", count=len(ways) - SHOWN)] if len(ways) > SHOWN else []
        self._other_ways.setText("\n".join([t("drills-other-ways"), *lines]))

    def _make_buttons(self, plan: Plan | None) -> None:
        if plan is self._of:
            return
        self._of = plan
        for button in self._made.values():
            button.setParent(None)
            button.deleteLater()
        self._made = {}
        for inject in plan.injects if plan is not None else ():
            button = QPushButton(inject.title)
            button.setObjectName(f"drills-inject-{inject.id}")
            button.setCheckable(True)
            button.setMinimumHeight(self._high)
            button.setStyleSheet(f"font-size: {max(self._size(13), 13)}px;")
            button.setToolTip("\n".join(x for x in (inject.words, inject.response) if x))
            button.clicked.connect(lambda _on=False, which=inject.id: self._fire(which))
            self._injects.addWidget(button)
            self._made[inject.id] = button


class BoardWindow(QWidget):
    """The board in a window of its own, in letters that are read from across a room.

    Parameters
    ----------
    drilling : Drilling
        The plan at hand.
    exercising : Exercising
        The exercise that is run.
    """

    def __init__(self, drilling: Drilling, exercising: Exercising, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("drills-large-board")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.resize(1100, 760)
        desk = drilling.desk
        desk.texts.bind(self, "setWindowTitle", "drills-large-board")
        self.board = Board(drilling, exercising, 2.2)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.board)
        full = QToolButton()
        full.setObjectName("drills-full-board")
        full.setIconSize(QSize(28, 28))
        desk.theme.set_icon(full, "fullscreen")
        desk.texts.bind(full, "setToolTip", "drills-full-board")
        full.clicked.connect(lambda _on=False: self.fill_screen())
        self.board.add_corner(full)
        for key, does in (("F11", self.fill_screen), ("Escape", self.close)):
            QShortcut(QKeySequence(key), self).activated.connect(does)

    def fill_screen(self) -> None:
        """Fill the screen, or be a window again."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)


def around(east: float, north: float) -> Coords:
    """Give a ring around a place that was clicked."""
    turns = [2.0 * math.pi * at / CORNERS for at in range(CORNERS)]
    return tuple(
        (round(east + REACH * math.cos(t), 3), round(north + REACH * math.sin(t), 3)) for t in turns
    )


def holds(ring: Coords, east: float, north: float) -> bool:
    """Say whether a place lies in a ring, or near a line across."""
    middle = (sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring))
    reach = max(math.dist(middle, corner) for corner in ring)
    return math.dist(middle, (east, north)) <= reach


def _told(plan: Plan, step: Step) -> str:
    roles = {role.id: role.name for role in plan.roles}
    who = roles.get(step.role, step.role)
    words = f"\n    “{step.words}”" if step.words else ""
    return f"{who}  {step.title}{words}" if who else f"{step.title}{words}"

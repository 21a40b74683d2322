"""The row of buttons that plays a plan, and the board of what is on and what comes next."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.drill_words import clock
from app.qt.drilling import SPEEDS, Drilling
from layers.drills.plan import Plan

SHOWN = 4  # steps of each sort on the board


class PlayerBar(QWidget):
    """Plays the plan at hand.

    Parameters
    ----------
    drilling : Drilling
        The plan at hand.

    Attributes
    ----------
    row : QHBoxLayout
        The row of the slider; takes more buttons.
    """

    def __init__(self, drilling: Drilling) -> None:
        super().__init__()
        self.setObjectName("drills-player")
        self._drilling, self._desk = drilling, drilling.desk
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("drills-slider")
        self._slider.setSingleStep(1)
        self._slider.setPageStep(60)
        self._desk.texts.bind(self._slider, "setAccessibleName", "drills-slider")
        self._time = QLabel()
        self._time.setObjectName("drills-time")
        self._time.setMinimumWidth(self.fontMetrics().horizontalAdvance("00:00:00 / 00:00:00") + 4)
        self._speed = QComboBox()
        self._speed.setObjectName("drills-speed")
        for speed in SPEEDS:
            self._speed.addItem(f"× {speed:g}", speed)
        self._speed.setCurrentIndex(SPEEDS.index(1.0))
        self._desk.texts.bind(self._speed, "setToolTip", "drills-speed")
        self._loop, self._follow = QCheckBox(), QCheckBox()
        self._parts: list[QWidget] = [self._slider, self._speed, self._loop, self._follow]
        lines, row, self.row = QVBoxLayout(self), QHBoxLayout(), QHBoxLayout()
        lines.setContentsMargins(4, 2, 4, 2)
        lines.setSpacing(2)
        row.setSpacing(4)
        for key, picture, does in (
            ("previous", "previous", lambda: drilling.to_node(back=True)),
            ("play", "play", drilling.toggle),
            ("next", "next", drilling.to_node),
        ):
            button = QToolButton()
            button.setObjectName(f"drills-{key}")
            button.setIconSize(QSize(22, 22))
            self._desk.theme.set_icon(button, picture)
            self._desk.texts.bind(button, "setToolTip", f"drills-{key}")
            button.clicked.connect(lambda _on=False, does=does: does())
            row.addWidget(button)
            self._parts.append(button)
            if key == "play":
                self._play = button
        row.addWidget(self._time)
        row.addWidget(self._speed)
        for box, key in ((self._loop, "loop"), (self._follow, "follow")):
            box.setObjectName(f"drills-{key}")
            self._desk.texts.bind(box, "setText", f"drills-{key}")
            self._desk.texts.bind(box, "setToolTip", f"drills-{key}.tip")
            row.addWidget(box)
        row.addStretch(1)
        lines.addLayout(row)
        self.row.addWidget(self._slider, 1)
        lines.addLayout(self.row)
        self._slider.valueChanged.connect(lambda value: drilling.seek(float(value)))
        self._speed.currentIndexChanged.connect(self._take_speed)
        self._loop.toggled.connect(lambda on: setattr(drilling, "loop", on))
        self._follow.toggled.connect(lambda on: setattr(drilling, "follow", on))
        drilling.moved.connect(self._show)
        drilling.changed.connect(self._show)
        drilling.playing_changed.connect(self._mark)
        self._show()

    def _take_speed(self) -> None:
        self._drilling.speed = float(self._speed.currentData())

    def _mark(self) -> None:
        name = "pause" if self._drilling.playing else "play"
        self._desk.theme.set_icon(self._play, name)
        self._desk.texts.bind(self._play, "setToolTip", f"drills-{name}")

    def _show(self) -> None:
        drilling = self._drilling
        self._slider.blockSignals(True)
        self._slider.setRange(0, round(drilling.seconds))
        self._slider.setValue(round(drilling.second))
        self._slider.blockSignals(False)
        self._time.setText(f"{clock(drilling.second)} / {clock(drilling.seconds)}")
        for part in self._parts:
            part.setEnabled(drilling.plan is not None)


class Board(QScrollArea):
    """What is on, what comes next and when, and the injects as large buttons.

    Parameters
    ----------
    drilling : Drilling
        The plan at hand.
    """

    def __init__(self, drilling: Drilling) -> None:
        super().__init__()
        self.setObjectName("drills-board")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._drilling, self._desk = drilling, drilling.desk
        inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(8, 6, 8, 6)
        box.setSpacing(4)
        self._clock = self._label("drills-clock", 26, bold=True)
        self._now = self._label("drills-now", 15)
        self._count = self._label("drills-countdown", 15, bold=True)
        self._next = self._label("drills-next", 13)
        for part in (self._clock, self._now, self._count, self._next):
            box.addWidget(part)
        self._injects = QVBoxLayout()
        box.addLayout(self._injects)
        box.addStretch(1)
        self.setWidget(inner)
        self._made: dict[str, QPushButton] = {}
        self._of: Plan | None = None
        drilling.moved.connect(self._show)
        drilling.changed.connect(self._show)
        self._desk.texts.follow(self._show)

    def _label(self, name: str, points: int, *, bold: bool = False) -> QLabel:
        label = QLabel()
        label.setObjectName(name)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        weight = "600" if bold else "400"
        label.setStyleSheet(f"font-size: {points}px; font-weight: {weight};")
        return label

    def _show(self) -> None:
        plan, now, t = self._drilling.plan, self._drilling.now, self._desk.texts.t
        self._make_buttons(plan)
        if plan is None or now is None:
            for part in (self._clock, self._now, self._count, self._next):
                part.setText("")
            return
        roles = {role.id: role.name for role in plan.roles}
        steps = {step.id: step for step in plan.steps}

        def told(step: str) -> str:
            one = steps[step]
            who = roles.get(one.role, one.role)
            words = f"\n    “{one.words}”" if one.words else ""
            return f"{who}  {one.title}{words}" if who else f"{one.title}{words}"

        running = now.running[-SHOWN:]
        self._clock.setText(clock(now.second))
        lines = [f"● {told(step)}" for step in reversed(running)]
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
            f"{clock(begin)}  {told(step)}"
            for step, begin in zip(now.next[:SHOWN], now.begins, strict=False)
        ))  # fmt: skip
        for inject, button in self._made.items():
            second = self._drilling.fired.get(inject)
            button.setChecked(second is not None)
            title = next(one.title for one in plan.injects if one.id == inject)
            button.setText(title if second is None else f"{title}  ({clock(second)})")

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
            button.setMinimumHeight(40)
            button.setToolTip("\n".join(x for x in (inject.words, inject.response) if x))
            button.clicked.connect(
                lambda _on=False, which=inject.id: self._drilling.fire(which)
            )  # fmt: skip
            self._injects.addWidget(button)
            self._made[inject.id] = button

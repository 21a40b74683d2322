"""The panel of people who leave a place: drawn, exits clicked, walked, watched."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.crowd import crowd_words
from app.drill_words import clock
from app.qt.asking import ask
from app.qt.desk import Desk
from app.qt.dialogs.frame import caption
from app.qt.drawing import ask_in_picture
from layers.analyses.drill_crowd import CrowdParams, walk_of
from layers.drills.crowd import MOST, Walk
from scene.rays import Hit

EVERY = 50  # milliseconds between two pictures
QUICK = 4.0  # seconds of walking per second
BIG = 36  # points of buttons that are pressed in a hurry


class CrowdPanel(QWidget):
    """Lets people walk out of a square or a campus, and shows them in every picture.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("crowd-panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._area: tuple[tuple[float, float], ...] = ()
        self._exits: list[tuple[float, float]] = []
        self._walk: Walk | None = None
        self._looked = 0.0
        self._buttons: dict[str, QPushButton] = {}
        self._people, self._width = QSpinBox(), QDoubleSpinBox()
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._told, self._now = QLabel(), QLabel()
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self._tick)
        self._slider.valueChanged.connect(lambda _value: self._show_people())
        desk.project_changed.connect(self.clear)
        desk.texts.follow(self._retell)

    def _lay_out(self) -> None:
        desk = self._desk
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 10)
        row = QHBoxLayout()
        for name, does in (
            ("draw", self.draw), ("exit", self.add_exit), ("clear", self.clear),
            ("start", self.start), ("play", self.toggle),
        ):  # fmt: skip
            button = self._buttons[name] = self._button(name, does)
            if name in ("draw", "exit", "clear"):
                row.addWidget(button)
        box.addLayout(row)
        self._told.setObjectName("crowd-told")
        self._told.setWordWrap(True)
        self._now.setObjectName("crowd-now")
        self._now.setWordWrap(True)
        self._now.setStyleSheet("font-size: 16px; font-weight: 600;")
        self._people.setObjectName("crowd-people")
        self._people.setRange(1, MOST)
        self._people.setValue(500)
        self._width.setObjectName("crowd-width")
        self._width.setRange(0.8, 50.0)
        self._width.setValue(4.0)
        form = QFormLayout()
        form.addRow(caption(desk, "crowd-people", self._people), self._people)
        form.addRow(caption(desk, "crowd-width", self._width), self._width)
        self._slider.setObjectName("crowd-second")
        desk.texts.bind(self._slider, "setAccessibleName", "crowd-second")
        box.addWidget(self._told)
        box.addLayout(form)
        for part in (self._buttons["start"], self._slider, self._buttons["play"], self._now):
            box.addWidget(part)
        box.addStretch(1)

    def _button(self, name: str, does: Callable[[], None]) -> QPushButton:
        button = QPushButton()
        button.setObjectName(f"crowd-{name}")
        button.setMinimumHeight(BIG)
        self._desk.texts.bind(button, "setText", f"crowd-{name}")
        button.clicked.connect(lambda _on=False: does())
        return button

    # Doing -----------------------------------------------------------------------------------

    @property
    def walk(self) -> Walk | None:
        """What is watched."""
        return self._walk

    def draw(self) -> None:
        """Let the place be drawn in the picture."""
        ask_in_picture(self._desk, "area", self._take_area)

    def add_exit(self) -> None:
        """Let an exit be clicked at the border."""
        ask_in_picture(self._desk, "spot", self._take_exit)

    def clear(self) -> None:
        """Begin anew."""
        self._area, self._exits = (), []
        self._watch(None)

    def params(self) -> CrowdParams:
        """Give the question."""
        return CrowdParams(
            self._area, tuple(self._exits), self._people.value(), self._width.value()
        )

    def start(self) -> None:
        """Let them walk, beside the window; the answer is kept, then they are watched."""
        desk, asked = self._desk, self.params()
        question = {
            "area": asked.area, "points": asked.points, "people": asked.people,
            "width": asked.width,
        }  # fmt: skip
        ask(desk, "drill-crowd", question, then=lambda _item: self._walked(asked))

    def toggle(self) -> None:
        """Play or pause."""
        if self._timer.isActive():
            self._timer.stop()
        elif self._walk is not None:
            if self._slider.value() >= self._slider.maximum():
                self._slider.setValue(0)
            self._looked = time.perf_counter()
            self._timer.start()
        self._name_play()

    def _take_area(self, points: np.ndarray) -> None:
        flat = np.asarray(points, dtype=np.float64)[:, :2]
        self._area = tuple((float(east), float(north)) for east, north in flat)
        self._exits = []
        self._watch(None)

    def _take_exit(self, hit: Hit) -> None:
        self._exits.append((float(hit.point[0]), float(hit.point[1])))
        self._tell()

    def _walked(self, asked: CrowdParams) -> None:
        found = walk_of(self._desk.project, asked)  # walked already: the last one is kept
        self._watch(found)
        if np.isfinite(found.clearance):
            self._desk.tell("success", "crowd-done", count=len(found.left_s),
                            time=clock(found.clearance))  # fmt: skip
        else:
            inside = int((~np.isfinite(found.left_s)).sum())
            self._desk.tell("warning", "crowd-not-done", count=len(found.left_s), inside=inside)
        self.toggle()

    def _tick(self) -> None:
        looked = time.perf_counter()
        past, self._looked = looked - self._looked, looked
        then = self._slider.value() + round(past * QUICK * 10.0)
        self._slider.setValue(min(then, self._slider.maximum()))
        if then >= self._slider.maximum():
            self._timer.stop()
            self._name_play()

    # Showing ---------------------------------------------------------------------------------

    def _watch(self, found: Walk | None) -> None:
        self._timer.stop()
        self._walk = found
        last = 0 if found is None else round(float(found.seconds[-1]) * 10.0)
        self._slider.setRange(0, last)
        self._slider.setValue(0)
        self._show_people()
        self._tell()

    def _show_people(self) -> None:
        found, second = self._walk, self._slider.value() / 10.0
        there = (np.zeros((0, 2)), np.zeros(0), np.zeros(0, dtype=np.int64), np.zeros(0))
        if found is not None:
            there = found.at(second)
        for pane in self._desk.viewport.panes:
            if pane.ready:
                pane.stage.live.show_people(*there)
        words = "" if found is None else crowd_words(found, second, self._desk.texts.wording)
        self._now.setText(words)

    def _tell(self) -> None:
        t = self._desk.texts.t
        self._told.setText(t("crowd-told", corners=len(self._area), exits=len(self._exits)))
        self._buttons["exit"].setEnabled(bool(self._area))
        self._buttons["start"].setEnabled(bool(self._area and self._exits))
        self._buttons["play"].setEnabled(self._walk is not None)
        self._slider.setEnabled(self._walk is not None)
        self._name_play()

    def _name_play(self) -> None:
        key = "crowd-pause" if self._timer.isActive() else "crowd-play"
        self._buttons["play"].setText(self._desk.texts.t(key))

    def _retell(self) -> None:
        self._tell()
        self._show_people()

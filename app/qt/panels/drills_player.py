"""The row of buttons that plays a plan."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.drill_words import clock
from app.qt.drilling import SPEEDS, Drilling

ONE_ROW = 700  # points from which everything stands in one row


class PlayerBar(QWidget):
    """Plays the plan at hand.

    Parameters
    ----------
    drilling : Drilling
        The plan at hand.

    Attributes
    ----------
    row, end : QHBoxLayout
        The row above the slider, and the end of the one with large buttons; take more buttons.
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
        self._loop, self._follow, self._captions = QCheckBox(), QCheckBox(), QCheckBox()
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        """Put large buttons first, then the checks, then the slider over the whole width."""
        drilling = self._drilling
        self._parts: list[QWidget] = [self._slider, self._speed, self._loop, self._follow]
        lines, row, self.row = QVBoxLayout(self), QHBoxLayout(), QHBoxLayout()
        lines.setContentsMargins(4, 2, 4, 2)
        lines.setSpacing(2)
        row.setSpacing(4)
        self.row.setSpacing(3)
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
        for box, key in (
            (self._loop, "loop"), (self._follow, "follow"), (self._captions, "captions"),
        ):  # fmt: skip
            box.setObjectName(f"drills-{key}")
            self._desk.texts.bind(box, "setText", f"drills-{key}")
            self._desk.texts.bind(box, "setToolTip", f"drills-{key}.tip")
            self.row.addWidget(box)
        row.addStretch(1)
        self.end = QHBoxLayout()
        row.addLayout(self.end)
        self._second = QWidget()
        below = QHBoxLayout(self._second)
        below.setContentsMargins(0, 0, 0, 0)
        below.addLayout(self.row)
        below.addStretch(1)
        self._first = row
        lines.addLayout(row)
        lines.addWidget(self._second)
        lines.addWidget(self._slider)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Put everything into one row where there is room for it."""
        super().resizeEvent(event)
        wide = event.size().width() >= ONE_ROW
        there = self._first.indexOf(self._second) >= 0
        if wide == there:
            return
        lines = cast(QVBoxLayout, self.layout())
        if wide:
            lines.removeWidget(self._second)
            self._first.insertWidget(self._first.count() - 2, self._second)
        else:
            self._first.removeWidget(self._second)
            lines.insertWidget(1, self._second)

    def _connect(self) -> None:
        drilling = self._drilling
        self._slider.valueChanged.connect(lambda value: drilling.seek(float(value)))
        self._speed.currentIndexChanged.connect(self._take_speed)
        self._loop.toggled.connect(lambda on: setattr(drilling, "loop", on))
        self._follow.toggled.connect(lambda on: drilling.follow_shots(on=on))
        captions = self._desk.actions["drills-captions"]
        self._captions.setChecked(captions.isChecked())
        self._captions.toggled.connect(captions.setChecked)
        captions.toggled.connect(self._captions.setChecked)
        drilling.moved.connect(self._show)
        drilling.changed.connect(self._show)
        drilling.playing_changed.connect(self._mark)

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

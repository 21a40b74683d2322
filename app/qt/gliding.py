"""The eye glides to what was asked for, and stays where it is when that is seen well already."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer

from layers.camera_path import between
from layers.kinds.base import Extent
from layers.viewpoint import Viewpoint
from scene import camera
from scene.stage import Stage
from scene.view_history import ViewHistory, same_look

if TYPE_CHECKING:
    from app.qt.canvas import Canvas
    from app.qt.pane import Pane

EVERY = 16  # milliseconds between two looks at the clock
LASTS = 0.8  # seconds
FRAMES = 5  # a machine that draws fewer in that time jumps
INSET = 0.03  # share of the picture along its edges in which nothing counts as seen well
SMALL = 0.1  # share of the picture's shorter side below which an extent is too small
POINT = 25.0  # metres that a place is taken to be wide
AROUND = 100.0  # metres around an extent that are shown at least


class Gliding(QObject):
    """Leads the eye of one picture to another look; whoever touches the picture stops it.

    Parameters
    ----------
    pane : Pane
        The picture.
    canvas : Canvas
        Knows how long a frame takes.
    history : ViewHistory
        Its steps back lead to where the eye was.
    """

    def __init__(self, pane: Pane, canvas: Canvas, history: ViewHistory) -> None:
        super().__init__(pane)
        self._pane, self._canvas, self._history = pane, canvas, history
        self._start: Viewpoint | None = None
        self._goal: Viewpoint | None = None
        self._last: Viewpoint | None = None  # where it led the eye to
        self._begun = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self._tick)
        pane.touched.connect(self.stop)

    @property
    def moving(self) -> bool:
        """Whether the eye is on its way."""
        return self._timer.isActive()

    def show(self, extent: Extent) -> None:
        """Show a whole extent, unless it is seen well already."""
        stage = self._pane.stage
        if not seen_well(stage, extent):
            self._history.rest(self._pane.viewpoint)
            self.go(look_at_all(stage, extent))

    def go(self, goal: Viewpoint) -> None:
        """Set out for a look; where pictures take long the eye jumps."""
        start = self._pane.viewpoint
        if same_look(start, goal):
            return
        if self._canvas.seconds > LASTS / FRAMES or not self._pane.isVisible():
            self.stop()
            self._pane.viewpoint = goal
            return
        self._start, self._goal, self._begun = start, goal, time.perf_counter()
        self._last = start
        self._timer.start()

    def stop(self) -> None:
        """Stay where the eye is."""
        self._timer.stop()

    def _tick(self) -> None:
        start, goal = self._start, self._goal
        if start is None or goal is None or not self._pane.ready:
            self.stop()
            return
        if self._pane.viewpoint != self._last:  # somebody looks elsewhere meanwhile
            self.stop()
            return
        share = (time.perf_counter() - self._begun) / LASTS
        if share >= 1.0:
            self.stop()
        self._pane.viewpoint = between(start, goal, min(share, 1.0))
        self._last = self._pane.viewpoint


def seen_well(stage: Stage, extent: Extent) -> bool:
    """Say whether an extent lies whole in the picture, and not too small.

    Parameters
    ----------
    stage : Stage
        What is looked at.
    extent : (west, south, east, north)
        Metres; a place may be a box without size.
    """
    west, south, east, north = _with_size(extent)
    corners = np.array([(west, south), (east, south), (east, north), (west, north)])
    ground = stage.ground.height_at(corners)
    points = camera.project_points(
        stage.viewpoint, np.column_stack([corners, ground]), stage.size
    )[:, :2]  # fmt: skip
    wide, high = stage.size
    if not np.isfinite(points).all() or (camera.depths(
        stage.viewpoint, np.column_stack([corners, ground])
    ) <= 0.0).any():  # fmt: skip
        return False
    edge = INSET * min(wide, high)
    inside = (points >= edge) & (points <= (wide - edge, high - edge))
    across = float((points.max(axis=0) - points.min(axis=0)).max())
    return bool(inside.all()) and across >= SMALL * min(wide, high)


def around(extent: Extent) -> Extent:
    """Give an extent with some of its surroundings."""
    west, south, east, north = extent
    room = max(0.25 * max(east - west, north - south), AROUND)
    return west - room, south - room, east + room, north + room


def look_at_all(stage: Stage, extent: Extent) -> Viewpoint:
    """Give the look at a whole extent from the side the eye is on."""
    pitch = min(stage.viewpoint.pitch, math.radians(-20.0))
    return stage.fit(around(extent), pitch=pitch)


def _with_size(extent: Extent) -> Extent:
    west, south, east, north = extent
    room = max(0.5 * (POINT - max(east - west, north - south)), 0.0)
    return west - room, south - room, east + room, north + room

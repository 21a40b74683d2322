"""The eye of one picture: where it is, and the ways to send it elsewhere."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.qt.desk import Desk
from layers.kinds.base import Extent
from layers.viewpoint import Viewpoint
from scene import camera
from scene.stage import Stage
from scene.view_history import ViewHistory


class Eye(QWidget):
    """What of a picture has to do with where one looks from; the base of `app.qt.pane.Pane`.

    Signals
    -------
    rested
        The eye stands still; the steps back and forth may be others.
    """

    rested = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._stage: Stage | None = None
        self._history = ViewHistory()
        self._unseen = True  # nobody chose the eye yet, so that it may follow the first size

    @property
    def stage(self) -> Stage:
        """The stage of the open project."""
        assert self._stage is not None
        return self._stage

    @property
    def viewpoint(self) -> Viewpoint:
        """The eye."""
        return self.stage.viewpoint

    @viewpoint.setter
    def viewpoint(self, viewpoint: Viewpoint) -> None:
        self._unseen = False
        self.stage.viewpoint = viewpoint

    def go_home(self) -> None:
        """Show the whole city with north at the top."""
        self.stage.build()
        self.viewpoint = self._home()

    def fit(self, extent: Extent, top: float | None = None) -> None:
        """Show an extent (west, south, east, north, metres), up to a height, without turning."""
        pitch = min(self.viewpoint.pitch, math.radians(-20))
        self.viewpoint = self.stage.fit(extent, top=top, pitch=pitch)

    def look_towards(self, heading: float, pitch: float) -> None:
        """Turn around the middle of the picture to a heading and a pitch, radians."""
        now = self.viewpoint
        self.viewpoint = Viewpoint.looking_at(
            now.target, now.distance, heading, pitch, fov=now.fov, projection=now.projection,
            exaggeration=now.exaggeration,
        )  # fmt: skip

    def zoom(self, factor: float) -> None:
        """Come nearer (factor above 1) or go away, towards the middle of the picture."""
        self.viewpoint = camera.zoom_at(self.viewpoint, self.viewpoint.target, 1.0 / factor)

    def look_at(self, east: float, north: float) -> None:
        """Bring a place to the middle of the picture without turning."""
        ground = float(self.stage.ground.height_at([(east, north)])[0])
        self.viewpoint = camera.centred(self.viewpoint, (east, north, ground))

    def show_plan(self) -> None:
        """Look straight down without perspective, north up: the city as on a map."""
        now = self.viewpoint
        self.viewpoint = Viewpoint.looking_at(
            now.target, now.distance, 0.0, -math.pi / 2, fov=now.fov, projection="parallel",
            exaggeration=now.exaggeration,
        )  # fmt: skip

    @property
    def steps(self) -> tuple[bool, bool]:
        """Whether there is a look to go back to, and one to go on to."""
        return self._history.can_go_back, self._history.can_go_on

    def step(self, back: bool) -> None:
        """Go to the look before this one, or to the one that was gone back from."""
        self._history.rest(self.viewpoint)
        look = self._history.back() if back else self._history.on()
        if look is not None:
            self.viewpoint = look
        self.rested.emit()

    def set_parallel(self, parallel: bool) -> None:
        """Draw without or with perspective."""
        wanted = "parallel" if parallel else "perspective"
        self.viewpoint = camera.with_projection(self.viewpoint, wanted)

    def _home(self) -> Viewpoint:
        boxes = [
            box
            for layer in self._desk.project.of_kind("buildings")
            if self.stage.shown(layer) and (box := layer.data.extent()) is not None
        ]
        if not boxes:
            return self.stage.fit(heading=0.0)
        array = np.array(boxes)
        low, high = array[:, :2].min(axis=0), array[:, 2:].max(axis=0)
        return self.stage.fit((low[0], low[1], high[0], high[1]), heading=0.0)

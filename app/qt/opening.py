"""Looking into the ground at one click: eye, ground seen through, a pit around the pipes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from PySide6.QtCore import QObject

from app.qt.desk import Desk
from layers.analyses.pipe_digging import pit_cut
from layers.cut import Cut
from layers.errors import CityError
from layers.kinds.base import Features
from layers.kinds.pipes import Pipes
from layers.pipes.opening import SLOPE, Opened, opened_at
from layers.pipes.pits import dig_pit
from layers.shapes import POINT, Floats
from layers.viewpoint import Viewpoint
from scene.underground import USUAL

FAR, PITCH = 30.0, math.radians(-42.0)  # metres from what is looked at, and how steeply
TURN = math.radians(62.0)  # from the direction of the pipe: across it, and a little along


@dataclass(frozen=True, slots=True)
class _Before:
    """The picture as it was."""

    viewpoint: Viewpoint
    underground: float
    cut: Cut | None


class Opening(QObject):
    """Opens the ground around the chosen pipe, or in the middle of the picture, and closes it.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._before: _Before | None = None
        self._cut: Cut | None = None
        desk.actions.connect({"open-ground": self.switch})
        desk.project_changed.connect(self._forget)
        desk.viewport.rested.connect(self._follow)

    def switch(self) -> None:
        """Open the ground, or close what was opened and go back to where the eye was."""
        view = self._desk.viewport
        if self._before is not None:
            before, self._before, self._cut = self._before, None, None
            view.cut, view.underground = before.cut, before.underground
            view.viewpoint = before.viewpoint
        elif view.ready and self._desk.project.frame is not None:
            self._desk.attempt(self._open)
        self._follow()

    def _open(self) -> None:
        view, project = self._desk.viewport, self._desk.project
        made = opened_at(project, self._place())
        before = _Before(view.viewpoint, view.underground, view.cut)
        if project.terrain() is not None:
            try:
                dug = dig_pit(made.ring, project.ground_at, depth=made.depth, slope=SLOPE)
                view.cut = self._cut = pit_cut(dug)
            except CityError as error:  # a cliff, or a place beyond the terrain: no pit there
                self._desk.tell_error(error)
        view.underground = USUAL
        self._before = before
        view.viewpoint = self._eye(made, before.viewpoint)

    def _eye(self, made: Opened, now: Viewpoint) -> Viewpoint:
        """Look across the pipe, from the side on which the eye is."""
        ways = [made.heading + turn for turn in (TURN, -TURN, math.pi - TURN, math.pi + TURN)]
        heading = min(ways, key=lambda way: -math.cos(way - now.heading))
        return Viewpoint.looking_at(made.middle, FAR, heading % (2.0 * math.pi), PITCH)

    def _place(self) -> Floats:
        """Give the middle of the chosen pipe, else of the picture."""
        for layer_id, ids in self._desk.session.selection.items():
            data = self._desk.project.layer(layer_id).data
            if isinstance(data, Pipes) and len(ids):
                return _middle(data, int(np.asarray(ids)[0]))
        view = self._desk.viewport
        wide, high = view.stage.size
        hit = view.stage.pick(wide / 2.0, high / 2.0)
        if hit is not None:
            return np.array(hit.point[:2])
        eye = view.viewpoint
        return np.array([eye.east, eye.north])

    def _forget(self) -> None:
        self._before = self._cut = None
        self._follow()

    def _follow(self) -> None:
        """Show whether the ground is open; somebody may have closed the pit by other means."""
        if self._cut is not None and self._desk.viewport.cut is not self._cut:
            self._before = self._cut = None
        self._desk.actions["open-ground"].setChecked(self._before is not None)


def _middle(data: Features, object_id: int) -> Floats:
    """Give a place on the object, half way along it."""
    shapes = data.shapes.take(data.index_of([object_id]))
    if shapes.kind[0] == POINT:
        return np.asarray(shapes.coords[0])
    point = shapely.line_interpolate_point(shapes.to_shapely()[0], 0.5, normalized=True)
    return np.asarray(shapely.get_coordinates(point)[0])

"""Choosing objects inside a polygon that is clicked around them.

==============================  =============================================================
Left click                      puts a corner
Double click, Enter             selects what has its middle inside
Shift, Control while ending     adds; takes in and out
Backspace                       takes the last corner back
Escape                          gives up; without corners, selects nothing
Other buttons, wheel            move the eye; the corners stay where they are in the city
==============================  =============================================================
"""

from __future__ import annotations

import math

import numpy as np
from psygnal import Signal

from scene import camera
from scene.rays import Point
from scene.stage import Stage
from scene.tools.events import DRAG_FROM, LEFT, KeyEvent, PointerEvent
from scene.tools.navigate import Navigate
from scene.tools.select import combined

FEWEST = 3


class SelectPolygon:
    """Selects inside a polygon. It changes nothing itself: it tells the new selection.

    Parameters
    ----------
    stage : Stage
        Where objects are found and the polygon is drawn.

    Signals
    -------
    selected : (dict of layer id to ids,)
        What shall be selected now, all of it.
    """

    selected = Signal(object)

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.navigate = Navigate(stage, left_pans=False)
        self.corners: list[Point] = []
        self._pressed: tuple[float, float] | None = None
        self._here: Point | None = None
        self._drawn = False

    @property
    def cursor(self) -> str:
        """Shape of the pointer."""
        return "cross" if self._pressed is None else self.navigate.cursor

    def pointer(self, event: PointerEvent) -> bool:
        """Take a corner or the end, or let the eye move."""
        used = self._left(event) or self.navigate.pointer(event)
        if event.kind == "move" and not used:
            self._here = self._place(event)
            used = True
        elif event.kind == "leave":
            self._here = None
        self._show()
        return used

    def _left(self, event: PointerEvent) -> bool:
        if event.kind == "press" and event.button == LEFT:
            if event.clicks == 2:
                self._finish(event.modifiers)
            else:
                self._pressed = (event.x, event.y)
            return True
        if event.kind == "release" and event.button == LEFT and self._pressed is not None:
            clicked = math.dist(self._pressed, (event.x, event.y)) < DRAG_FROM
            self._pressed = None
            place = self._place(event) if clicked else None
            if place is not None:
                self.corners.append(place)
            return True
        return event.kind == "move" and self._pressed is not None

    def key(self, event: KeyEvent) -> bool:
        """Take Enter, Backspace and Escape; other keys move the eye."""
        if event.key == "enter":
            self._finish(event.modifiers)
        elif event.key == "backspace":
            self.corners = self.corners[:-1]
        elif event.key == "escape":
            if self.corners:
                self.cancel()
            else:
                self.selected.emit({})
        else:
            return self.navigate.key(event)
        self._show()
        return True

    def cancel(self) -> None:
        """Forget the corners."""
        self.corners = []
        self._pressed = self._here = None
        self.navigate.cancel()
        self._show()

    def _place(self, event: PointerEvent) -> Point | None:
        hit = self._stage.pick(event.x, event.y)
        return None if hit is None else hit.point

    def _finish(self, modifiers: frozenset[str]) -> None:
        corners = list(self.corners)
        self.cancel()
        if len(corners) < FEWEST:
            return
        stage = self._stage
        pixels = camera.project_points(stage.viewpoint, corners, stage.size)
        pixels = pixels[np.isfinite(pixels).all(axis=1)]
        if len(pixels) >= FEWEST:
            found = stage.pick_polygon(pixels)
            self.selected.emit(combined(stage.selection, found, modifiers))

    def _show(self) -> None:
        places = [*self.corners, *([self._here] if self._here is not None else [])]
        if not self.corners:
            if self._drawn:
                self._stage.sketch()
            self._drawn = False
            return
        self._drawn = True
        line = [*places, places[0]] if len(places) >= FEWEST else places
        self._stage.sketch([np.array(line)])

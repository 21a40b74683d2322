"""A way drawn in the picture: a click a point, a double click or Enter the end."""

from __future__ import annotations

import math

import numpy as np
from psygnal import Signal

from layers.shapes import Floats
from scene.rays import Point
from scene.stage import Stage
from scene.tools.events import DRAG_FROM, LEFT, KeyEvent, PointerEvent
from scene.tools.navigate import Navigate

FEWEST = 2


class Trace:
    """Takes points on what is seen; it changes nothing itself.

    Parameters
    ----------
    stage : Stage
        Where points are found and the way is drawn.
    closed : bool
        Whether the way goes around an area, with three points at least.

    Signals
    -------
    traced : ((k, 3) float64,)
        The points of a finished way, project coordinates; a closed one does not repeat the first.
    """

    traced = Signal(object)

    def __init__(self, stage: Stage, *, closed: bool = False) -> None:
        self._stage = stage
        self._fewest = FEWEST + closed
        self.navigate = Navigate(stage, left_pans=False)
        self.points: list[Point] = []
        self._pressed: tuple[float, float] | None = None
        self._here: Point | None = None

    @property
    def cursor(self) -> str:
        """Shape of the pointer."""
        return "cross" if not self.navigate.dragging else self.navigate.cursor

    def pointer(self, event: PointerEvent) -> bool:
        """Take a point or the end, or let the eye move."""
        used = self._left(event) or self.navigate.pointer(event)
        if event.kind == "move" and not used:
            self._here = self._place(event)
            used = True
        elif event.kind == "leave":
            self._here = None
        self._show()
        return used

    def key(self, event: KeyEvent) -> bool:
        """Take Enter, Backspace and Escape; other keys move the eye."""
        if event.key == "enter":
            self._finish()
        elif event.key == "backspace":
            self.points = self.points[:-1]
        elif event.key == "escape":
            self.cancel()
        else:
            return self.navigate.key(event)
        self._show()
        return True

    def cancel(self) -> None:
        """Forget the points."""
        drawn = bool(self.points)
        self.points = []
        self._pressed = self._here = None
        self.navigate.cancel()
        if drawn:
            self._stage.sketch()

    def _left(self, event: PointerEvent) -> bool:
        if event.kind == "press" and event.button == LEFT:
            if event.clicks == 2:
                self._finish()
            else:
                self._pressed = (event.x, event.y)
            return True
        if event.kind == "release" and event.button == LEFT and self._pressed is not None:
            clicked = math.dist(self._pressed, (event.x, event.y)) < DRAG_FROM
            self._pressed = None
            place = self._place(event) if clicked else None
            if place is not None:
                self._take(place)
            return True
        return event.kind == "move" and self._pressed is not None

    def _take(self, place: Point) -> None:
        self.points.append(place)

    def _place(self, event: PointerEvent) -> Point | None:
        hit = self._stage.pick(event.x, event.y)
        return None if hit is None else hit.point

    def _finish(self) -> None:
        points = np.array(self.points).reshape(-1, 3)
        self.cancel()
        if len(points) >= self._fewest:
            self._tell(points)

    def _tell(self, points: Floats) -> None:
        self.traced.emit(points)

    def _show(self) -> None:
        if self.points:
            here = [self._here] if self._here is not None else []
            points = np.array([*self.points, *here])
            area = self._fewest > FEWEST and len(points) > FEWEST
            self._stage.sketch([points], area=points if area else None)

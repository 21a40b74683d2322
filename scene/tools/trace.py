"""A way drawn in the picture: what all tools share that take one point after another.

==============================  =============================================================
Left click                      puts a point
Double click, Enter             ends
Backspace                       takes the last point back
Escape                          gives up; without points, leaves
Other buttons, wheel            move the eye; the points stay where they are in the city
==============================  =============================================================
"""

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
    left : ()
        Escape was pressed with nothing under way.
    """

    traced = Signal(object)
    left = Signal()

    def __init__(self, stage: Stage, *, closed: bool = False) -> None:
        self._stage = stage
        self._fewest = FEWEST + closed
        self.navigate = Navigate(stage, left_pans=False)
        self.points: list[Point] = []
        self._pressed: tuple[float, float] | None = None
        self._here: Point | None = None
        self._drawn = False

    @property
    def cursor(self) -> str:
        """Shape of the pointer."""
        return "cross" if not self.navigate.dragging else self.navigate.cursor

    def pointer(self, event: PointerEvent) -> bool:
        """Take a point or the end, or let the eye move."""
        used = self._click(event) or self.navigate.pointer(event)
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
            self._finish(event.modifiers)
        elif event.key == "backspace":
            self.points = self.points[:-1]
        elif event.key == "escape" and self.points:
            self.cancel()
        elif event.key == "escape":
            self.left.emit()
        else:
            used = self.navigate.key(event)
            self._show()
            return used
        self._show()
        return True

    def cancel(self) -> None:
        """Forget the points."""
        self.points = []
        self._pressed = self._here = None
        self.navigate.cancel()
        self._show()

    def _click(self, event: PointerEvent) -> bool:
        """Take what the left button does; True where that was it."""
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
                self._take(place)
            return True
        return event.kind == "move" and self._pressed is not None

    def _place(self, event: PointerEvent) -> Point | None:
        """Find the place that is meant."""
        hit = self._stage.pick(event.x, event.y)
        return None if hit is None else hit.point

    def _take(self, place: Point) -> None:
        """Put a point."""
        self.points.append(place)

    def _finish(self, modifiers: frozenset[str]) -> None:
        """End the way, where it has points enough; the keys that are held may mean something."""
        points = np.array(self.points).reshape(-1, 3)
        self.cancel()
        if len(points) >= self._fewest:
            self._tell(points, modifiers)

    def _tell(self, points: Floats, modifiers: frozenset[str]) -> None:
        """Tell a finished way."""
        del modifiers
        self.traced.emit(points)

    # --- the rubber band ----------------------------------------------------------------------

    def _show(self) -> None:
        """Draw the points so far, or nothing."""
        places = self._places()
        if places:
            self._draw(np.array(places))
            self._drawn = True
        elif self._drawn:
            self._stage.sketch()
            self._drawn = False

    def _places(self) -> list[Point]:
        """Give the points, and the place under the pointer once there is one."""
        here = [self._here] if self._here is not None and self.points else []
        return [*self.points, *here]

    def _draw(self, places: Floats) -> None:
        """Draw points, (k, 3) float64 with one at least."""
        area = self._fewest > FEWEST and len(places) > FEWEST
        self._stage.sketch([places], area=places if area else None)

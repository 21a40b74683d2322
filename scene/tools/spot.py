"""One place, taken by a click in the picture."""

from __future__ import annotations

import math

from psygnal import Signal

from scene.rays import Hit
from scene.stage import Stage
from scene.tools.events import DRAG_FROM, LEFT, KeyEvent, PointerEvent
from scene.tools.navigate import Navigate


class Spot:
    """Takes what lies under a click; it changes nothing itself.

    Parameters
    ----------
    stage : Stage
        Where the place is found.

    Signals
    -------
    taken : (Hit,)
        What was clicked: the place, and the object where there is one.
    """

    taken = Signal(Hit)

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.navigate = Navigate(stage, left_pans=False)
        self._pressed: tuple[float, float] | None = None

    @property
    def cursor(self) -> str:
        """Shape of the pointer."""
        return "cross" if not self.navigate.dragging else self.navigate.cursor

    def pointer(self, event: PointerEvent) -> bool:
        """Take the place, or let the eye move."""
        if event.kind == "press" and event.button == LEFT:
            self._pressed = (event.x, event.y)
            return True
        if event.kind == "release" and event.button == LEFT and self._pressed is not None:
            clicked = math.dist(self._pressed, (event.x, event.y)) < DRAG_FROM
            self._pressed = None
            hit = self._stage.pick(event.x, event.y) if clicked else None
            if hit is not None:
                self.taken.emit(hit)
            return True
        return self.navigate.pointer(event)

    def key(self, event: KeyEvent) -> bool:
        """Move the eye."""
        return self.navigate.key(event)

    def cancel(self) -> None:
        """Let go."""
        self._pressed = None
        self.navigate.cancel()

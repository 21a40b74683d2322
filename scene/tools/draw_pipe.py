"""Drawing a planned pipe: points that snap to what is there, and what is wrong told live.

==============================  =============================================================
Left click                      puts a point
Double click, Enter             ends the pipe
Alt held                        does not snap
Backspace                       takes the last point back
Escape                          gives up
==============================  =============================================================
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from layers.shapes import Floats
from scene import camera
from scene.rays import Point
from scene.stage import Stage
from scene.tools.events import ALT, PointerEvent
from scene.tools.trace import FEWEST, Trace

SNAP_PIXELS = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """What is drawn while a pipe comes into being.

    Attributes
    ----------
    lines : sequence of (k, 3) float64
        Project coordinates.
    labels : sequence of (point, str)
        Texts and where they stand.
    """

    lines: Sequence[Floats] = ()
    labels: Sequence[tuple[Point, str]] = ()


class DrawPipe(Trace):
    """Takes the points of a pipe; it changes nothing itself.

    Parameters
    ----------
    stage : Stage
        Where points are found and the pipe is drawn.
    snap : callable
        Gives, for east, north and a reach in metres, the place that is meant, or None.
    preview : callable
        Gives what is drawn for the points so far, (k, 3) float64.

    Signals
    -------
    traced : ((k, 3) float64,)
        The points of a finished pipe.
    """

    def __init__(
        self,
        stage: Stage,
        snap: Callable[[float, float, float], tuple[float, float] | None],
        preview: Callable[[Floats], Preview],
    ) -> None:
        super().__init__(stage)
        self._snap, self._preview = snap, preview

    def _place(self, event: PointerEvent) -> Point | None:
        found = super()._place(event)
        if found is None or ALT in event.modifiers:
            return found
        eye = self._stage.viewpoint
        reach = SNAP_PIXELS * camera.metres_per_pixel(eye, found, self._stage.size)
        meant = self._snap(found[0], found[1], reach)
        return found if meant is None else (meant[0], meant[1], found[2])

    def _draw(self, places: Floats) -> None:
        if len(places) < FEWEST:
            self._stage.sketch([places])
            return
        made = self._preview(places)
        self._stage.sketch(list(made.lines) or [places], list(made.labels))

"""Drawing a footprint in the picture, with corners that snap and edges of typed lengths.

==============================  =============================================================
Left click                      puts a corner; corners and edges of the city catch it
Digits, then Enter              the next edge gets this length (metres) where the pointer is
Shift held                      edges run square to the one before, or along the axes
Alt held                        does not snap
Enter, double click             ends; the outline is closed
Backspace                       takes a digit, else the last corner back
Escape                          forgets it, and leaves where there is nothing
Other buttons, wheel            move the eye, as everywhere
==============================  =============================================================
"""

from __future__ import annotations

import math

import numpy as np
from psygnal import Signal

from layers.planning.snapping import Snapper
from layers.shapes import Floats
from scene import camera
from scene.rays import Point
from scene.sketch_solids import box_lines
from scene.stage import Stage
from scene.tools.events import ALT, SHIFT, KeyEvent, PointerEvent
from scene.tools.trace import Trace

SNAP_PIXELS = 10.0
DIGITS = frozenset("0123456789.")


class DrawFootprint(Trace):
    """Takes the corners of a footprint. It changes nothing itself: it tells the outline.

    Parameters
    ----------
    stage : Stage
        Where points are found and the outline is drawn.
    height : float
        Metres; how high the sketch of the building stands while it is drawn.
    fewest : int
        Corners that are needed: 3 for a footprint, 2 for a line that cuts.

    Signals
    -------
    drawn : ((k, 3) float64,)
        Corners in project coordinates; the first is not repeated.
    """

    drawn = Signal(object)
    typing = True  # digits are for this tool, not for shortcuts

    def __init__(self, stage: Stage, *, height: float = 0.0, fewest: int = 3) -> None:
        super().__init__(stage)
        self.height, self._fewest = height, fewest
        self.typed = ""
        self._snapper = Snapper(stage.project)

    def key(self, event: KeyEvent) -> bool:
        """Take digits, and what ends or takes back what they say; else as every way."""
        if event.key in DIGITS:
            self.typed += event.key
        elif event.key == "enter" and self.typed:
            self._put_typed()
        elif event.key == "backspace" and self.typed:
            self.typed = self.typed[:-1]
        elif event.key == "escape" and self.typed:
            self.cancel()
        else:
            return super().key(event)
        self._show()
        return True

    def cancel(self) -> None:
        """Forget the corners."""
        self.typed = ""
        super().cancel()

    def _take(self, place: Point) -> None:
        """Put a corner; one on the first corner closes the outline."""
        first = self.points[0] if len(self.points) >= self._fewest else None
        if first is not None and math.dist(first[:2], place[:2]) < 1e-6:
            self._finish(frozenset())
        elif not self.points or math.dist(self.points[-1][:2], place[:2]) > 1e-6:
            self.points.append(place)
            if self._fewest == len(self.points) == 2:
                self._finish(frozenset())

    def _put_typed(self) -> None:
        try:
            metres = float(self.typed)
        except ValueError:
            metres = 0.0
        self.typed = ""
        if self.points and self._here is not None and metres > 0.0:
            self._take(self._at_length(metres))

    def _at_length(self, metres: float) -> Point:
        """Give the place so many metres from the last corner towards the pointer."""
        assert self._here is not None
        last = np.array(self.points[-1])
        way = np.array(self._here)[:2] - last[:2]
        length = float(np.hypot(*way)) or 1.0
        east, north = last[:2] + way / length * metres
        return float(east), float(north), float(last[2])

    def _place(self, event: PointerEvent) -> Point | None:
        hit = self._stage.pick(event.x, event.y)
        if hit is None:
            return None
        place = hit.point
        if ALT not in event.modifiers:
            pixel = camera.metres_per_pixel(self._stage.viewpoint, place, self._stage.size)
            near = SNAP_PIXELS * pixel
            if self.points and math.dist(self.points[0], place) < near:
                return self.points[0]
            snap = self._snapper.snap(place, near)
            if snap is not None:
                place = snap.point
        if SHIFT in event.modifiers and self.points:
            place = self._squared(place)
        ground = float(self._stage.project.ground_at([place[:2]])[0])
        return place[0], place[1], ground

    def _squared(self, place: Point) -> Point:
        """Turn the edge to the nearest of along and square to the edge before it."""
        last = np.array(self.points[-1][:2])
        along = np.array([1.0, 0.0])
        if len(self.points) > 1:
            along = last - np.array(self.points[-2][:2])
            along /= np.hypot(*along)
        way = np.array(place[:2]) - last
        across = np.array([-along[1], along[0]])
        best = max((along, across), key=lambda axis: abs(float(way @ axis)))
        east, north = last + best * float(way @ best)
        return float(east), float(north), place[2]

    def _tell(self, points: Floats, modifiers: frozenset[str]) -> None:
        del modifiers
        self.drawn.emit(points)

    def _places(self) -> list[Point]:
        if self._here is None:
            return [*self.points]
        if self.typed and self.points and (metres := _number(self.typed)) > 0.0:
            return [*self.points, self._at_length(metres)]
        return [*self.points, self._here]

    def _draw(self, places: Floats) -> None:
        lines: list[Floats] = [places]
        area = places if len(places) > 2 and self._fewest > 2 else None
        if area is not None and self.height > 0.0:
            lines = box_lines(places, float(places[:, 2].min()), self.height)
        labels: list[tuple[Point, str]] = []
        if len(places) > 1:
            edge = float(np.hypot(*(places[-1] - places[-2])[:2]))
            text = f"{self.typed} m" if self.typed else f"{edge:.2f} m"
            if area is not None:
                text += f"   {_area(places):,.0f} m²"
            east, north, up = places[-1].tolist()
            labels.append(((east, north, up), text))
        self._stage.sketch(lines, labels, area)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _area(ring: Floats) -> float:
    x, y = (ring[:, :2] - ring[0, :2]).T
    return abs(float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))) / 2.0

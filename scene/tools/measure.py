"""Measuring with the pointer: click points, snap to corners and edges, read the answer live.

==============================  =============================================================
Left click                      puts a point (a building is measured by one click)
Double click, Enter             ends a line or an area
Backspace                       takes the last point back
Escape                          gives up; without points, leaves the tool
Alt held                        does not snap
Other buttons, wheel            move the eye, as everywhere
==============================  =============================================================
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from psygnal import Signal

from layers.errors import CityError
from layers.kinds.measurements import MeasureKind, Measurement
from layers.planning.earthwork import measure_cutfill
from layers.planning.measure import (
    measure_angle,
    measure_area,
    measure_building,
    measure_distance,
    measure_point,
    measure_polyline,
)
from layers.planning.profile import measure_profile
from layers.planning.snapping import Snap, Snapper
from layers.project import Project
from layers.shapes import Floats
from scene import camera
from scene.rays import Point
from scene.stage import Stage
from scene.tools.events import ALT, PointerEvent
from scene.tools.trace import Trace

SNAP_PIXELS = 10.0
MARK_PIXELS = 5.0
#: Points a measurement needs, and whether it ends by itself once it has them.
NEEDED: dict[MeasureKind, tuple[int, bool]] = {
    "point": (1, True),
    "distance": (2, True),
    "polyline": (2, False),
    "area": (3, False),
    "angle": (3, True),
    "building": (1, True),
    "profile": (2, False),
    "cutfill": (3, False),
}
ROUND = frozenset({"area", "cutfill"})  # kinds whose points enclose an area


def measured(project: Project, kind: MeasureKind, points: Sequence[Point]) -> Measurement:
    """Measure points as one of the kinds that need points only.

    Raises
    ------
    CityError
        As the measuring functions do.
    """
    ways: dict[MeasureKind, Callable[[], Measurement]] = {
        "point": lambda: measure_point(project, points[0]),
        "distance": lambda: measure_distance(project, points[0], points[1]),
        "polyline": lambda: measure_polyline(project, points),
        "area": lambda: measure_area(project, points),
        "angle": lambda: measure_angle(project, points[0], points[1], points[2]),
        "profile": lambda: measure_profile(project, points),
        "cutfill": lambda: measure_cutfill(project, points),
    }
    return ways[kind]()


class Measure(Trace):
    """The measuring tool. It keeps nothing: it tells the finished measurement.

    Parameters
    ----------
    stage : Stage
        Where points are found and the rubber band is drawn.
    kind : str
        What to measure.
    words : callable
        Words an answer in one or a few lines, shown beside the pointer.

    Signals
    -------
    finished : (Measurement,)
        To be kept by whoever owns the project's history.
    failed : (CityError,)
        The points do not make a measurement; they are kept for another try.
    pointed : (Snap or None,)
        What the pointer snapped to.
    """

    finished = Signal(object)
    failed = Signal(object)
    pointed = Signal(object)

    def __init__(
        self, stage: Stage, kind: MeasureKind, words: Callable[[Measurement], str]
    ) -> None:
        super().__init__(stage)
        self.kind, self._words = kind, words
        self._snapper = Snapper(stage.project)
        self._snap: Snap | None = None
        self._target: tuple[str, int] | None = None

    def cancel(self) -> None:
        """Forget the points and what caught the pointer."""
        self._snap = None
        super().cancel()

    # --- points -------------------------------------------------------------------------------

    def _click(self, event: PointerEvent) -> bool:
        if event.clicks == 2 and NEEDED[self.kind][1]:
            event = replace(event, clicks=1)  # it ends by itself, so that none is too many
        return super()._click(event)

    def _place(self, event: PointerEvent) -> Point | None:
        """Find the place under the pointer, on a corner or an edge where one is near."""
        hit = self._stage.pick(event.x, event.y)
        place, self._snap, self._target = None, None, None
        if hit is not None:
            place = hit.point
            if hit.object_id:
                self._target = (hit.layer_id, hit.object_id)
            if self.kind != "building" and ALT not in event.modifiers:
                pixel = camera.metres_per_pixel(self._stage.viewpoint, hit.point, self._stage.size)
                self._snap = self._snapper.snap(hit.point, SNAP_PIXELS * pixel)
                if self._snap is not None:
                    place = self._snap.point
        self.pointed.emit(self._snap)
        return place

    def _take(self, place: Point) -> None:
        self._here = place
        if self.kind == "building":
            self._measure_building()
            return
        if self.points and self.points[-1] == place:
            return
        self.points.append(place)
        needed, ends = NEEDED[self.kind]
        if ends and len(self.points) == needed:
            self._finish(frozenset())

    def _measure_building(self) -> None:
        if self._target is None:
            return
        try:
            item = measure_building(self._stage.project, *self._target)
        except CityError as error:
            self.failed.emit(error)
            return
        self.cancel()
        self.finished.emit(item)

    def _finish(self, modifiers: frozenset[str]) -> None:
        del modifiers
        if len(self.points) < NEEDED[self.kind][0]:
            return
        try:
            item = measured(self._stage.project, self.kind, self.points)
        except CityError as error:
            self.failed.emit(error)
            return
        self.cancel()
        self.finished.emit(item)

    # --- the rubber band ------------------------------------------------------------------------

    def _places(self) -> list[Point]:
        here = self._here if self.kind != "building" else None
        return [*self.points, here] if here is not None else [*self.points]

    def _draw(self, places: Floats) -> None:
        points: list[Point] = [(east, north, up) for east, north, up in places.tolist()]
        lines = [places] if len(places) > 1 else []
        area = places if self.kind in ROUND and len(places) > 2 else None
        if self._snap is not None and self._here is not None:
            lines.append(self._mark(self._snap))
        text = self._answer(points)
        labels = [(points[-1], text)] if text else []
        self._stage.sketch(lines, labels, area)

    def _answer(self, places: list[Point]) -> str:
        """Word what the points measure so far; nothing while they are too few or wrong."""
        kind = self.kind
        if kind == "angle" and len(places) == 2:
            kind = "distance"
        if kind in ROUND and len(places) == 2:
            kind = "polyline"
        if len(places) < NEEDED[kind][0] or kind == "building":
            return ""
        try:
            return self._words(measured(self._stage.project, kind, places))
        except CityError:
            return ""

    def _mark(self, snap: Snap) -> Floats:
        """A small sign facing the eye: square, triangle or cross by what it is."""
        eye = self._stage.viewpoint
        pixel = camera.metres_per_pixel(eye, snap.point, self._stage.size)
        look, up = np.array(eye.direction), np.array(eye.up)
        right = np.cross(look, up)
        outlines = {
            "vertex": ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)),
            "middle": ((-1, -1), (1, -1), (0, 1), (-1, -1)),
            "edge": ((-1, -1), (1, 1), (0, 0), (-1, 1), (1, -1)),
        }
        way = np.array(outlines[snap.what], dtype=np.float64) * MARK_PIXELS * pixel
        return np.asarray(
            np.array(snap.point) + camera.true_way(eye, way[:, :1] * right + way[:, 1:] * up)
        )

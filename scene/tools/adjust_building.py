"""Moving, turning, copying and raising buildings by dragging them, with a live sketch.

==============================  =============================================================
Drag a building                 moves, turns, copies or raises it, as the tool was chosen
Digits (and - first)            so many metres or degrees, taken with Enter
Shift held                      whole metres, or steps of 15 degrees
Escape                          forgets it, and leaves where there is nothing
Other buttons, wheel            move the eye, as everywhere
==============================  =============================================================
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from psygnal import Signal

from layers.kinds.buildings import Buildings
from layers.planning.snapping import Snapper
from layers.schemes_build import family
from layers.shapes import Floats, Ints
from scene import camera, cut_picking
from scene.rays import Hit, Point
from scene.sketch_solids import box_lines
from scene.stage import Stage
from scene.tools.events import ALT, DRAG_FROM, LEFT, SHIFT, KeyEvent, PointerEvent
from scene.tools.navigate import Navigate

Way = Literal["move", "turn", "copy", "raise"]
SNAP_PIXELS = 10.0
STEP = {"move": 1.0, "copy": 1.0, "raise": 1.0, "turn": 15.0}  # metres, degrees
SHOWN = 400  # outlines that are drawn while dragging
DIGITS = frozenset("0123456789.")
_NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What somebody did to buildings.

    Attributes
    ----------
    way : str
        ``move``, ``turn``, ``copy`` or ``raise``.
    layer_id : str
        Layer of the buildings.
    ids : (k,) int64
        The buildings.
    east, north : float
        Metres they were moved.
    degrees : float
        Clockwise.
    centre : (east, north)
        What stays where it is when they turn.
    metres : float
        Higher (or lower) by so much.
    """

    way: Way
    layer_id: str
    ids: Ints
    east: float = 0.0
    north: float = 0.0
    degrees: float = 0.0
    centre: tuple[float, float] = (0.0, 0.0)
    metres: float = 0.0


class AdjustBuilding:
    """Drags buildings. It changes nothing itself: it tells what shall be done.

    Parameters
    ----------
    stage : Stage
        Where buildings are found and the sketch is drawn.
    way : str
        ``move``, ``turn``, ``copy`` or ``raise``.

    Signals
    -------
    adjusted : (Adjustment,)
    left : ()
        Escape was pressed with nothing under way.
    """

    adjusted = Signal(object)
    left = Signal()
    typing = True

    def __init__(self, stage: Stage, way: Way) -> None:
        self._stage, self.way = stage, way
        self.navigate = Navigate(stage, left_pans=False)
        self.typed = ""
        self._snapper = Snapper(stage.project)
        self._grip: Hit | None = None
        self._pressed = (0.0, 0.0)
        self._ids: Ints = np.zeros(0, dtype=np.int64)
        self._now: Adjustment | None = None

    @property
    def cursor(self) -> str:
        """Shape of the pointer."""
        if self._grip is not None:
            return "closed_hand"
        return "open_hand" if not self.navigate.dragging else self.navigate.cursor

    def pointer(self, event: PointerEvent) -> bool:
        """Take hold of a building, drag it, let it go; or let the eye move."""
        if event.kind == "press" and event.button == LEFT:
            return self._take_hold(event)
        if self._grip is not None and event.kind == "move":
            self._drag(event)
            return True
        if self._grip is not None and event.kind == "release" and event.button == LEFT:
            self._drag(event)
            self._let_go(event)
            return True
        return self.navigate.pointer(event)

    def key(self, event: KeyEvent) -> bool:
        """Take digits, Enter, Backspace and Escape; other keys move the eye."""
        if event.key in DIGITS or (event.key == "minus" and not self.typed):
            self.typed += "-" if event.key == "minus" else event.key
        elif event.key == "backspace" and self.typed:
            self.typed = self.typed[:-1]
        elif event.key == "enter" and self.typed:
            self._finish_typed()
        elif event.key == "escape":
            if self._grip is None:
                self.left.emit()
            self.cancel()
        else:
            return self.navigate.key(event)
        self._show()
        return True

    def cancel(self) -> None:
        """Let go without doing anything."""
        self._grip, self._now, self.typed = None, None, ""
        self.navigate.cancel()
        self._stage.sketch()

    # Holding ---------------------------------------------------------------------------------

    def _take_hold(self, event: PointerEvent) -> bool:
        self._stage.build()
        standing = [v for v in self._stage.views.values() if v.layer.kind == "buildings"]
        hit = cut_picking.seek(self._stage, standing, event.x, event.y)  # through marks and trees
        data = self._data(hit)
        if hit is None or data is None or not hit.object_id:
            return self.navigate.pointer(event)
        chosen = self._stage.selection.get(hit.layer_id, _NONE)
        wanted = chosen if hit.object_id in chosen else np.array([hit.object_id])
        self._ids = family(data, wanted)
        self._grip, self._pressed = hit, (event.x, event.y)
        return True

    def _data(self, hit: Hit | None) -> Buildings | None:
        if hit is None or not hit.layer_id:
            return None
        data = self._stage.project.layer(hit.layer_id).data
        return data if isinstance(data, Buildings) else None

    def _drag(self, event: PointerEvent) -> None:
        assert self._grip is not None
        grip, steps = self._grip, SHIFT in event.modifiers
        if self.way == "raise":
            pixel = camera.metres_per_pixel(self._stage.viewpoint, grip.point, self._stage.size)
            lean = max(math.cos(self._stage.viewpoint.pitch), 0.2)
            value = (self._pressed[1] - event.y) * pixel / lean
        elif self.way == "turn":
            value = (event.x - self._pressed[0]) * 0.5
        else:
            self._now = self._moved(event, grip, steps=steps)
            self._show()
            return
        self._now = self._of_value(round(value / STEP[self.way]) * STEP[self.way]
                                   if steps else round(value, 1))  # fmt: skip
        self._show()

    def _moved(self, event: PointerEvent, grip: Hit, *, steps: bool) -> Adjustment:
        """Give how far they move: the pointer's place at the height where they were taken."""
        ray = camera.pixel_ray(self._stage.viewpoint, event.x, event.y, self._stage.size)
        drop = ray.direction[2]
        if abs(drop) < 1e-6:
            place = grip.point
        else:
            place = ray.at(max((grip.point[2] - ray.origin[2]) / drop, 0.0))
        if ALT not in event.modifiers and not steps:
            pixel = camera.metres_per_pixel(self._stage.viewpoint, place, self._stage.size)
            snap = self._snapper.snap(place, SNAP_PIXELS * pixel)
            if snap is not None and snap.object_id not in self._ids:
                place = snap.point
        east, north = place[0] - grip.point[0], place[1] - grip.point[1]
        if steps:
            east, north = round(east), round(north)
        return Adjustment(self.way, grip.layer_id, self._ids, east=east, north=north)

    def _of_value(self, value: float) -> Adjustment:
        """Give the adjustment of so many metres or degrees."""
        assert self._grip is not None
        layer_id = self._grip.layer_id
        if self.way == "raise":
            return Adjustment(self.way, layer_id, self._ids, metres=value)
        if self.way == "turn":
            return Adjustment(self.way, layer_id, self._ids, degrees=value, centre=self._centre())
        east, north = (self._now.east, self._now.north) if self._now is not None else (1.0, 0.0)
        length = math.hypot(east, north) or 1.0
        return Adjustment(self.way, layer_id, self._ids, east=east / length * value,
                          north=north / length * value)  # fmt: skip

    def _centre(self) -> tuple[float, float]:
        data = self._data(self._grip)
        assert data is not None
        box = data.shapes.take(data.index_of(self._ids)).extent()
        assert box is not None
        return (box[0] + box[2]) / 2.0, (box[1] + box[3]) / 2.0

    def _let_go(self, event: PointerEvent) -> None:
        dragged = math.dist(self._pressed, (event.x, event.y)) >= DRAG_FROM
        done = self._now if dragged else None
        self.cancel()
        if done is not None:
            self.adjusted.emit(done)

    def _finish_typed(self) -> None:
        try:
            value = float(self.typed)
        except ValueError:
            value = 0.0
        done = self._of_value(value) if self._grip is not None and value else None
        self.cancel()
        if done is not None:
            self.adjusted.emit(done)

    # The sketch ------------------------------------------------------------------------------

    def _show(self) -> None:
        data, now = self._data(self._grip), self._now
        if self._grip is None or data is None or now is None:
            self._stage.sketch()
            return
        lines: list[Floats] = []
        at = data.index_of(self._ids)
        at = at[data.drawn[at]][:SHOWN]
        bases = self._stage.project.base_of(data, at)
        reach = self._reach(data, at)
        for row, base, top in zip(at, bases, reach, strict=True):
            shape = data.shapes.take([row])
            ring = self._placed(shape.coords[: shape.ring_start[1]], now)
            rise = now.metres if data.height[row] >= top - 1e-6 else 0.0  # a podium stays
            low, high = float(data.min_height[row]), float(data.height[row] + rise)
            lines += box_lines(ring, float(base) + low, max(high - low, 0.1))
        place: Point = self._grip.point
        self._stage.sketch(lines, [(place, self._words(now))])

    def _reach(self, data: Buildings, at: Ints) -> Floats:
        """Give the top of the whole building that each of these belongs to, metres."""
        heads = np.where(data.part_of[at] > 0, data.part_of[at], data.ids[at])
        _, which = np.unique(heads, return_inverse=True)
        tops = np.zeros(int(which.max(initial=-1)) + 1)
        np.maximum.at(tops, which, data.height[at])
        return np.asarray(tops[which])

    def _placed(self, ring: Floats, now: Adjustment) -> Floats:
        if now.way != "turn":
            return np.asarray(ring + np.array([now.east, now.north]))
        angle = math.radians(now.degrees)
        turn = np.array(
            [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
        )  # fmt: skip
        return np.asarray((ring - now.centre) @ turn + now.centre)

    def _words(self, now: Adjustment) -> str:
        if self.typed:
            return self.typed + (" °" if self.way == "turn" else " m")
        if now.way == "turn":
            return f"{now.degrees:+.1f}°"
        if now.way == "raise":
            return f"{now.metres:+.1f} m"
        return f"{math.hypot(now.east, now.north):.2f} m"

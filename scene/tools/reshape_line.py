"""Changing the corners of lines and areas by dragging them, with a live sketch.

==============================  =============================================================
Click on a line                 takes it; its corners appear
Drag a corner                   moves it; corners and edges of the city catch it
Drag an edge                    puts a new corner there
Control, drag                   moves the whole line
Digits, then Enter              so many metres from the corner before it, to where the pointer is
Shift held                      the edge runs square to the one before, or along the axes
Alt held                        does not snap
Delete, Backspace               takes the corner away that was touched last
Escape                          forgets the drag; lets the line go; leaves
Other buttons, wheel            move the eye, as everywhere
==============================  =============================================================
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from psygnal import Signal

from layers.kinds.base import Features, Layer
from layers.planning.line_edits import rings_of
from layers.planning.snapping import Snapper
from layers.shapes import POLYGON, Floats
from scene import camera, cut_picking
from scene.rays import Point
from scene.stage import Stage
from scene.tools.events import ALT, CONTROL, DRAG_FROM, LEFT, SHIFT, KeyEvent, PointerEvent
from scene.tools.navigate import Navigate

SNAP_PIXELS, CORNER_PIXELS, EDGE_PIXELS = 10.0, 10.0, 7.0
DIGITS = frozenset("0123456789.")


@dataclass(frozen=True, slots=True)
class Reshaped:
    """A line with other corners.

    Attributes
    ----------
    layer_id : str
        Its layer.
    number : int
        The line.
    rings : tuple of (k, 2) float64
        Its rings, open: the first of an area is its outline, others are holes.
    """

    layer_id: str
    number: int
    rings: tuple[Floats, ...]


@dataclass(frozen=True, slots=True)
class Grip:
    """What is held: a corner of a ring, one that a drag makes, or the whole line."""

    ring: int
    corner: int
    new: bool = False
    whole: bool = False


#: What shall be shown beside a changed line: a text, and lines around what it hits.
Judge = Callable[[Reshaped], tuple[str, Sequence[Floats]]]


class ReshapeLine:
    """Drags the corners of lines. It changes nothing itself: it tells the new corners.

    Parameters
    ----------
    stage : Stage
        Where lines are found and the sketch is drawn.
    kind : str
        Kind of the layers whose lines may be taken.
    judge : callable or None
        Says what a changed line means, while it is dragged.

    Signals
    -------
    taken : (layer id, number)
        A line was clicked; "" and 0 when it was let go.
    reshaped : (Reshaped,)
    left : ()
        Escape was pressed with nothing under way.
    """

    taken = Signal(str, int)
    reshaped = Signal(object)
    left = Signal()
    typing = True
    deletes = True  # Delete is for this tool, not for the shortcut of layers

    def __init__(self, stage: Stage, kind: str, judge: Judge | None = None) -> None:
        self._stage, self._kind, self._judge = stage, kind, judge
        self.navigate = Navigate(stage, left_pans=False)
        self.typed = ""
        self.held: tuple[str, int] | None = None
        self._layer: Layer | None = None
        self._snapper = Snapper(stage.project)
        self._grip: Grip | None = None
        self._touched: Grip | None = None
        self._over: Grip | None = None
        self._pressed: tuple[float, float] | None = None
        self._from: Point | None = None
        self._now: tuple[Floats, ...] | None = None

    @property
    def cursor(self) -> str:
        """Shape of the pointer."""
        if self._grip is not None:
            return "closed_hand"
        if self._over is not None:
            return "open_hand"
        return "arrow" if not self.navigate.dragging else self.navigate.cursor

    # What is held ----------------------------------------------------------------------------

    def take(self, layer_id: str, number: int) -> None:
        """Show the corners of a line; 0 lets it go."""
        self._forget()
        self._touched = None
        if self._layer is not None:
            self._layer.data_changed.disconnect(self._swapped, missing_ok=True)
        self.held = (layer_id, number) if number else None
        self._layer = self._stage.project.layer(layer_id) if number else None
        if self._layer is not None:
            self._layer.data_changed.connect(self._swapped)
        self.show()

    def _swapped(self) -> None:
        """Draw the corners as they are now: something else changed them, or took them back."""
        if self._grip is None:
            self.show()

    def _features(self) -> Features | None:
        """Give the layer of the line that is held, as long as both are there."""
        if self.held is None:
            return None
        layer_id, number = self.held
        layer = next((one for one in self._stage.project.layers if one.id == layer_id), None)
        data = layer.data if layer is not None else None
        if not isinstance(data, Features) or number not in data.ids:
            self.held = None
            return None
        return data

    def _rings(self) -> tuple[Floats, ...]:
        features = self._features()
        if features is None or self.held is None:
            return ()
        return rings_of(features, self.held[1])

    def _closed(self) -> bool:
        features = self._features()
        if features is None or self.held is None:
            return False
        return bool(features.shapes.kind[features.index_of([self.held[1]])[0]] == POLYGON)

    # Events ----------------------------------------------------------------------------------

    def pointer(self, event: PointerEvent) -> bool:
        """Take hold of a corner or an edge, drag it, let it go; or let the eye move."""
        if event.kind == "press" and event.button == LEFT:
            return self._press(event)
        if self._grip is not None and event.kind == "move":
            self._drag(event)
            return True
        if event.kind == "release" and event.button == LEFT and self._pressed is not None:
            self._release(event)
            return True
        used = self.navigate.pointer(event)
        if event.kind == "move" and not used:
            self._over = self._under(event)
        return used

    def key(self, event: KeyEvent) -> bool:
        """Take digits, Enter, Delete and Escape; other keys move the eye."""
        if event.key in DIGITS and self._grip is not None:
            self.typed += event.key
        elif event.key == "enter" and self.typed:
            self._finish_typed()
        elif event.key == "backspace" and self.typed:
            self.typed = self.typed[:-1]
        elif event.key in ("backspace", "delete"):
            self._remove()
        elif event.key == "escape":
            self._escape()
        else:
            return self.navigate.key(event)
        self.show()
        return True

    def cancel(self) -> None:
        """Let go without doing anything; nothing stays drawn."""
        self.take("", 0)
        self.navigate.cancel()

    def _forget(self) -> None:
        self._grip = self._now = self._pressed = self._from = self._over = None
        self.typed = ""

    def _escape(self) -> None:
        if self._grip is not None or self.typed:
            self._forget()
        elif self.held is not None:
            self.take("", 0)
            self.taken.emit("", 0)
        else:
            self.left.emit()

    # Dragging --------------------------------------------------------------------------------

    def _press(self, event: PointerEvent) -> bool:
        self._pressed = (event.x, event.y)
        grip = self._under(event)
        if grip is None:
            return True
        if CONTROL in event.modifiers:
            grip = Grip(grip.ring, grip.corner, whole=True)
        self._grip = self._touched = grip
        ring = self._rings()[grip.ring]
        if grip.new or grip.whole:
            self._from = self._ground_under(event)
        else:
            east, north = (float(v) for v in ring[grip.corner])
            self._from = (east, north, self._level(east, north))
        return True

    def _drag(self, event: PointerEvent) -> None:
        assert self._grip is not None
        place = self._place(event)
        if place is None or self._from is None:
            return
        if self._pressed is not None and math.dist(self._pressed, (event.x, event.y)) < DRAG_FROM:
            return
        self._now = self._changed(self._grip, place)
        self.show(place)

    def _changed(self, grip: Grip, place: tuple[float, ...]) -> tuple[Floats, ...]:
        """Give the rings with the corner that is held at a place."""
        rings = list(self._rings())
        to = np.array(place[:2])
        if grip.whole:
            assert self._from is not None
            return tuple(ring + (to - np.array(self._from[:2])) for ring in rings)
        ring = rings[grip.ring].copy()
        if grip.new:
            ring = np.insert(ring, grip.corner, to, axis=0)
        else:
            ring[grip.corner] = to
        rings[grip.ring] = ring
        return tuple(rings)

    def _release(self, event: PointerEvent) -> None:
        assert self._pressed is not None
        dragged = math.dist(self._pressed, (event.x, event.y)) >= DRAG_FROM
        grip, done = self._grip, self._now
        if grip is not None and dragged:
            self._drag(event)
            done = self._now
        elif not dragged and grip is None:
            self._choose(event)
        self._forget()
        if grip is not None and dragged and done is not None:
            self._tell(done)
        self.show()

    def _choose(self, event: PointerEvent) -> None:
        self._stage.build()
        views = [v for v in self._stage.views.values() if v.layer.kind == self._kind]
        hit = cut_picking.seek(self._stage, views, event.x, event.y)
        if hit is not None and hit.object_id:
            self.take(hit.layer_id, hit.object_id)
            self.taken.emit(hit.layer_id, hit.object_id)

    def _tell(self, rings: tuple[Floats, ...]) -> None:
        if self.held is not None:
            self.reshaped.emit(Reshaped(*self.held, rings))

    def _finish_typed(self) -> None:
        grip, now = self._grip, self._now
        try:
            metres = float(self.typed)
        except ValueError:
            metres = 0.0
        done = None
        if grip is not None and now is not None and metres > 0.0:
            done = self._at_length(grip, now, metres)
        self._forget()
        if done is not None:
            self._tell(done)

    def _at_length(
        self, grip: Grip, now: tuple[Floats, ...], metres: float
    ) -> tuple[Floats, ...]:  # fmt: skip
        """Give the rings with the held corner so far from the one before; whole ones move."""
        if grip.whole:
            assert self._from is not None
            start = np.array(self._from[:2])
            before = self._rings()
            way = now[0][0] - before[0][0]
        else:
            start = self._before(now, grip)
            way = now[grip.ring][grip.corner] - start
        length = float(np.hypot(*way)) or 1.0
        return self._changed(grip, tuple(start + way / length * metres))

    def _before(self, rings: tuple[Floats, ...], grip: Grip) -> Floats:
        """Give the corner that lengths count from: the one before, of a line's first the next."""
        ring = rings[grip.ring]
        at = grip.corner - 1
        return np.asarray(ring[1] if at < 0 and not self._closed() else ring[at])

    def _remove(self) -> None:
        """Take away the corner that was touched last, where enough are left."""
        grip, rings = self._touched, list(self._rings())
        if grip is None or grip.new or grip.whole or self._grip is not None or not rings:
            return
        ring = rings[grip.ring]
        if grip.corner < len(ring) and len(ring) > 2 + self._closed():
            rings[grip.ring] = np.delete(ring, grip.corner, axis=0)
            self._touched = None
            self._tell(tuple(rings))

    # Finding ---------------------------------------------------------------------------------

    def _level(self, east: float, north: float) -> float:
        return float(self._stage.project.ground_at([[east, north]])[0])

    def _raised(self, ring: Floats) -> Floats:
        return np.column_stack([ring, self._stage.project.ground_at(ring)])

    def _under(self, event: PointerEvent) -> Grip | None:
        """Give the corner, else the edge, of the held line that is under the pointer."""
        here, best = np.array([event.x, event.y]), None
        nearest = CORNER_PIXELS
        rings, closed = self._rings(), self._closed()
        seen = [
            camera.project_points(self._stage.viewpoint, self._raised(ring), self._stage.size)
            for ring in rings
        ]
        for number, pixels in enumerate(seen):
            away = np.nan_to_num(np.hypot(*(pixels - here).T), nan=np.inf)
            at = int(np.argmin(away))
            if away[at] < nearest:
                nearest, best = float(away[at]), Grip(number, at)
        if best is not None:
            return best
        nearest = EDGE_PIXELS
        for number, pixels in enumerate(seen):
            ends = np.roll(pixels, -1, axis=0) if closed else pixels[1:]
            starts = pixels if closed else pixels[:-1]
            way = ends - starts
            length = np.maximum((way**2).sum(axis=1), 1e-9)
            share = np.clip(((here - starts) * way).sum(axis=1) / length, 0.0, 1.0)
            away = np.hypot(*(starts + share[:, None] * way - here).T)
            away = np.nan_to_num(away, nan=np.inf)
            at = int(np.argmin(away))
            if away[at] < nearest:
                nearest, best = float(away[at]), Grip(number, at + 1, new=True)
        return best

    def _ground_under(self, event: PointerEvent) -> Point | None:
        hit = self._stage.pick(event.x, event.y)
        return None if hit is None else hit.point

    def _place(self, event: PointerEvent) -> Point | None:
        """Give where the held corner goes: snapped, or square to its neighbour."""
        assert self._grip is not None
        place = self._ground_under(event)
        if place is None:
            return None
        if ALT not in event.modifiers and SHIFT not in event.modifiers:
            pixel = camera.metres_per_pixel(self._stage.viewpoint, place, self._stage.size)
            snap = self._snapper.snap(place, SNAP_PIXELS * pixel)
            if snap is not None and (snap.layer_id, snap.object_id) != self.held:
                place = snap.point
        if SHIFT in event.modifiers and not self._grip.whole:
            place = self._squared(place)
        return place[0], place[1], self._level(place[0], place[1])

    def _squared(self, place: Point) -> Point:
        """Turn the edge from the corner before along or square to the edge before that."""
        assert self._grip is not None
        rings = self._changed(self._grip, place)
        last = self._before(rings, self._grip)
        ring, along = rings[self._grip.ring], np.array([1.0, 0.0])
        if self._grip.corner >= 2 or (self._closed() and len(ring) > 3):
            along = last - ring[self._grip.corner - 2]
            along = along / max(float(np.hypot(*along)), 1e-9)
        way = np.array(place[:2]) - last
        across = np.array([-along[1], along[0]])
        best = max((along, across), key=lambda axis: abs(float(way @ axis)))
        east, north = last + best * float(way @ best)
        return float(east), float(north), place[2]

    # The sketch ------------------------------------------------------------------------------

    def show(self, place: Point | None = None) -> None:
        """Draw the held line with its corners, and what a change would mean."""
        rings = self._now if self._now is not None else self._rings()
        if not rings:
            self._stage.sketch()
            return
        closed = self._closed()
        raised = [self._raised(ring) for ring in rings]
        lines = [np.vstack([ring, ring[:1]]) if closed else ring for ring in raised]
        labels: list[tuple[Point, str]] = []
        if self._now is not None and self._grip is not None and self.held is not None:
            text = self._length(rings)
            if self._judge is not None:
                told, around = self._judge(Reshaped(*self.held, rings))
                text, lines = f"{text}   {told}".strip(), [*lines, *around]
            spot = place
            if spot is None:
                ring = raised[self._grip.ring]
                east, north, level = (float(v) for v in ring[self._grip.corner % len(ring)])
                spot = (east, north, level)
            labels.append((spot, text))
        self._stage.sketch(lines, labels)

    def _length(self, rings: tuple[Floats, ...]) -> str:
        assert self._grip is not None
        if self.typed:
            return f"{self.typed} m"
        if self._grip.whole:
            way = rings[0][0] - self._rings()[0][0]
        else:
            way = rings[self._grip.ring][self._grip.corner] - self._before(rings, self._grip)
        return f"{float(np.hypot(*way)):.2f} m"

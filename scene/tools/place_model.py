"""Placing models with the pointer: the outline follows, a click puts one there.

==============================  =============================================================
Left click                      puts a model; corners and edges of the city catch it
Shift and wheel                 turns it by 15 degrees (with Alt by 1)
Control and wheel               makes it larger or smaller by a tenth
R, Shift+R                      turns it by 15 degrees, and back
Alt held                        does not snap
Escape                          leaves the tool
Other buttons, wheel            move the eye, as everywhere
==============================  =============================================================
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from psygnal import Signal

from layers.kinds.model_library import Model
from layers.planning.snapping import Snapper
from layers.shapes import Floats
from scene import camera
from scene.rays import Point
from scene.stage import Stage
from scene.tools.events import ALT, CONTROL, DRAG_FROM, LEFT, SHIFT, KeyEvent, PointerEvent
from scene.tools.navigate import Navigate

SNAP_PIXELS = 10.0
TURN, FINE = 15.0, 1.0  # degrees
GROWTH = 1.1
SMALLEST, LARGEST = 0.01, 100.0


@dataclass(frozen=True, slots=True)
class Placement:
    """Where somebody put a model.

    Attributes
    ----------
    place : (east, north, height)
        The point that was clicked, metres above the datum.
    turn : float
        Degrees clockwise seen from above.
    scale : float
        Size against the file.
    """

    place: Point
    turn: float
    scale: float


class PlaceModel:
    """Puts models where somebody clicks. It changes nothing itself: it tells where.

    Parameters
    ----------
    stage : Stage
        Where points are found and the outline is drawn.
    model : Model or None
        What is placed; None draws a mere cross.
    turn, scale : float
        Degrees clockwise and size to begin with.

    Signals
    -------
    placed : (Placement,)
    left : ()
        Escape was pressed.
    """

    placed = Signal(object)
    left = Signal()

    def __init__(
        self, stage: Stage, model: Model | None, *, turn: float = 0.0, scale: float = 1.0
    ) -> None:
        self._stage, self.turn, self.scale = stage, turn, scale
        self._box = model.box() if model is not None else np.array([[-2.0, -2, 0], [2, 2, 4]])
        self.navigate = Navigate(stage, left_pans=False)
        self._snapper = Snapper(stage.project)
        self._pressed: tuple[float, float] | None = None
        self._here: Point | None = None

    @property
    def cursor(self) -> str:
        """Shape of the pointer."""
        return "cross" if self._pressed is None else self.navigate.cursor

    def pointer(self, event: PointerEvent) -> bool:
        """Take a click, a move or a turn of the wheel, or let the eye move."""
        used = self._wheel(event) or self._left(event) or self.navigate.pointer(event)
        if event.kind == "move" and not used:
            self._look(event)
            used = True
        elif event.kind == "leave":
            self._here = None
        self._show()
        return used

    def _wheel(self, event: PointerEvent) -> bool:
        if event.kind != "wheel" or not event.modifiers & {SHIFT, CONTROL}:
            return False
        if SHIFT in event.modifiers:
            step = FINE if ALT in event.modifiers else TURN
            self.turn = (self.turn + step * event.wheel) % 360.0
        else:
            grown = self.scale * GROWTH**event.wheel
            self.scale = min(max(grown, SMALLEST), LARGEST)
        return True

    def _left(self, event: PointerEvent) -> bool:
        if event.kind == "press" and event.button == LEFT:
            self._pressed = (event.x, event.y)
            return True
        if event.kind == "release" and event.button == LEFT and self._pressed is not None:
            clicked = math.dist(self._pressed, (event.x, event.y)) < DRAG_FROM
            self._pressed = None
            if clicked:
                self._look(event)
                if self._here is not None:
                    self.placed.emit(Placement(self._here, self.turn, self.scale))
            return True
        return event.kind == "move" and self._pressed is not None

    def key(self, event: KeyEvent) -> bool:
        """Take R and Escape; other keys move the eye."""
        if event.key == "escape":
            self.cancel()
            self.left.emit()
        elif event.key == "r":
            self.turn = (self.turn + (-TURN if SHIFT in event.modifiers else TURN)) % 360.0
        else:
            used = self.navigate.key(event)
            self._show()
            return used
        self._show()
        return True

    def cancel(self) -> None:
        """Take the outline away."""
        self._pressed = self._here = None
        self.navigate.cancel()
        self._stage.sketch()

    def _look(self, event: PointerEvent) -> None:
        hit = self._stage.pick(event.x, event.y)
        self._here = None
        if hit is None:
            return
        self._here = hit.point
        if ALT not in event.modifiers:
            pixel = camera.metres_per_pixel(self._stage.viewpoint, hit.point, self._stage.size)
            snap = self._snapper.snap(hit.point, SNAP_PIXELS * pixel)
            if snap is not None:
                self._here = snap.point

    def _show(self) -> None:
        if self._here is None:
            self._stage.sketch()
            return
        lines = edges_of(corners_of(self._box, np.array(self._here), self.turn, self.scale))
        text = f"{self.turn:.0f}°" + (f"  × {self.scale:.2f}" if self.scale != 1.0 else "")
        self._stage.sketch(lines, [(self._here, text)])


def corners_of(box: Floats, place: Floats, turn: float, scale: float) -> Floats:
    """Give the eight corners of a model's box where it stands, the lower four first, (8, 3).

    Parameters
    ----------
    box : (2, 3) float64
        Lowest and highest corner, metres from the model's anchor.
    place : (3,) float64
        East, north, height.
    turn, scale : float
        Degrees clockwise seen from above, and size.
    """
    low, high = box * scale
    angle = math.radians(turn)
    c, s = math.cos(angle), math.sin(angle)
    x = np.array([low[0], high[0], high[0], low[0]])
    y = np.array([low[1], low[1], high[1], high[1]])
    flat = np.column_stack([x * c + y * s, y * c - x * s])
    rings = [np.column_stack([flat, np.full(4, z)]) for z in (low[2], high[2])]
    return np.asarray(np.vstack(rings) + place)


def edges_of(corners: Floats) -> list[Floats]:
    """Give the edges of a box of eight corners as lines."""
    base, top = corners[:4], corners[4:]
    lines = [np.vstack([ring, ring[:1]]) for ring in (base, top)]
    return lines + [np.stack([a, b]) for a, b in zip(base, top, strict=True)]

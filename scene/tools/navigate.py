"""Moving through the city with pointer and keys, as users of GIS and CAD programs are used to.

==============================  =============================================================
Left button, dragged            moves the city: the point held stays under the pointer
Middle button, dragged          the same, in every tool
Right button, dragged           swings the eye around the point under the pointer
Shift + middle button, dragged  the same, in every tool
Control + right button          turns the head where the eye is
Wheel                           nearer and farther, at the pointer
Double click                    brings the point to the middle, and nearer
Arrow keys                      a tenth of a picture left, right, ahead, back
Shift + arrow keys              turn and tilt by 5 degrees
Page up, page down              higher, lower
``+``, ``-``                    nearer, farther, in the middle of the picture
Home                            everything in the picture
``N``                           north up
==============================  =============================================================

A right click without dragging is left to the window's menu.
"""

from __future__ import annotations

import math
from typing import Literal

from layers.viewpoint import Viewpoint
from scene import camera
from scene.rays import Point
from scene.stage import Stage
from scene.tools.events import (
    CONTROL,
    DRAG_FROM,
    LEFT,
    MIDDLE,
    RIGHT,
    SHIFT,
    KeyEvent,
    PointerEvent,
)

NOTCH = 0.80  # distance left after a notch of the wheel towards the city
CLOSER = 0.5  # distance left after a double click
HALF_TURN = math.pi  # radians the eye swings while the pointer crosses the picture's height
KEY_TURN = math.radians(5.0)
KEY_SHARE = 0.1  # of the picture, for a step with an arrow key
#: Keys that move the eye: steps ahead, to the right, up.
STEPS = {
    "left": (0.0, -1.0, 0.0),
    "right": (0.0, 1.0, 0.0),
    "up": (1.0, 0.0, 0.0),
    "down": (-1.0, 0.0, 0.0),
    "page_up": (0.0, 0.0, 1.0),
    "page_down": (0.0, 0.0, -1.0),
}
#: Keys that, with Shift, swing the eye: radians to turn and to tilt.
TURNS = {
    "left": (-KEY_TURN, 0.0),
    "right": (KEY_TURN, 0.0),
    "up": (0.0, -KEY_TURN),
    "down": (0.0, KEY_TURN),
}
ZOOMS = {"plus": NOTCH, "minus": 1.0 / NOTCH}
LOWEST_ORBIT = math.radians(-2.0)  # pitch above which a swing does not lift the look
FARTHEST_HOLD = 100.0  # turning distances at which ground near the horizon can still be held

Drag = Literal["", "pan", "orbit", "look"]


class Navigate:
    """Moves a stage's eye.

    Parameters
    ----------
    stage : Stage
        Whose eye.
    left_pans : bool
        Whether the left button pans; False where another tool has it.
    """

    def __init__(self, stage: Stage, *, left_pans: bool = True) -> None:
        self._stage = stage
        self.left_pans = left_pans
        self._drag: Drag = ""
        self._button = ""
        self._held: Point = (0.0, 0.0, 0.0)
        self._at = self._from = (0.0, 0.0)
        self._moved = False

    @property
    def cursor(self) -> str:
        """Shape of the pointer."""
        if self._drag == "pan":
            return "closed_hand"
        if self._drag:
            return "turn"
        return "open_hand" if self.left_pans else "arrow"

    @property
    def dragging(self) -> bool:
        """Whether the pointer moved with a button held, so that its release is no click."""
        return bool(self._drag) and self._moved

    def pointer(self, event: PointerEvent) -> bool:
        """Pan, swing, turn or zoom; says whether the event is used up."""
        if event.kind == "wheel":
            return self._wheel(event)
        if event.kind == "press":
            return self._press(event)
        if event.kind == "move" and self._drag:
            self._follow(event.x, event.y)
            return True
        if event.kind == "release" and self._drag and event.button == self._button:
            used = self._moved or self._drag == "pan"
            self.cancel()
            return used
        return False

    def key(self, event: KeyEvent) -> bool:
        """Move by keys; says whether the key is used up."""
        v = self._stage.viewpoint
        new = self._turned(v, event) if SHIFT in event.modifiers else self._stepped(v, event)
        if new is None:
            return False
        self._stage.viewpoint = self._kept_above(new, v)
        return True

    def cancel(self) -> None:
        """Let go."""
        self._drag, self._button, self._moved = "", "", False

    # --- pointer ------------------------------------------------------------------------------

    def _press(self, event: PointerEvent) -> bool:
        drag = self._drag_of(event)
        if event.clicks == 2 and event.button == LEFT and self.left_pans:
            self._centre(event.x, event.y)
            self.cancel()
            return True
        if not drag:
            return False
        self._drag, self._button, self._moved = drag, event.button, False
        self._at = self._from = (event.x, event.y)
        self._held = self._point_at(event.x, event.y)
        if drag != "look":
            self._stage.viewpoint = camera.focused(self._stage.viewpoint, self._held)
        return event.button != RIGHT

    def _drag_of(self, event: PointerEvent) -> Drag:
        if event.button == MIDDLE:
            return "orbit" if SHIFT in event.modifiers else "pan"
        if event.button == RIGHT:
            return "look" if CONTROL in event.modifiers else "orbit"
        return "pan" if event.button == LEFT and self.left_pans else ""

    def _follow(self, x: float, y: float) -> None:
        if not self._moved:
            if math.dist((x, y), self._from) < DRAG_FROM:
                return
            self._moved = True
        v, size = self._stage.viewpoint, self._stage.size
        dx, dy = x - self._at[0], y - self._at[1]
        self._at = (x, y)
        if self._drag == "pan":
            new = camera.pan(v, self._held, x, y, size)
        elif self._drag == "orbit":
            tilt = -dy / size[1] * HALF_TURN
            if tilt > 0:
                tilt = min(tilt, max(self._lowest_orbit - v.pitch, 0.0))
            new = camera.orbit(v, dx / size[1] * HALF_TURN, tilt, self._held)
        else:  # the city follows the pointer: the head turns the other way
            new = camera.look(v, -dx / size[1] * v.fov, dy / size[1] * v.fov)
        self._stage.viewpoint = self._kept_above(new, v)

    def _wheel(self, event: PointerEvent) -> bool:
        if event.wheel == 0:
            return False
        v = self._stage.viewpoint
        point = self._point_at(event.x, event.y)
        new = camera.zoom_at(v, point, NOTCH**event.wheel)
        self._stage.viewpoint = camera.focused(self._kept_above(new, v), point)
        if self._drag:  # what is held may have moved under the pointer
            self._held = self._point_at(*self._at)
        return True

    def _centre(self, x: float, y: float) -> None:
        hit = self._stage.pick(x, y)
        if hit is None:
            return
        v = self._stage.viewpoint
        away = v.distance if v.projection == "parallel" else math.dist(_eye(v), hit.point)
        self._stage.viewpoint = camera.centred(v, hit.point, away * CLOSER)

    def _point_at(self, x: float, y: float) -> Point:
        """Give what is under a pixel; under the sky a point as far as the turning point."""
        hit = self._stage.pick(x, y)
        v = self._stage.viewpoint
        if hit is not None and hit.distance < FARTHEST_HOLD * v.distance:
            return hit.point
        ray = camera.pixel_ray(v, x, y, self._stage.size)
        away = v.distance + (camera.FARTHEST / 4 if v.projection == "parallel" else 0.0)
        return ray.at(away)

    # --- keys -------------------------------------------------------------------------------

    def _stepped(self, v: Viewpoint, event: KeyEvent) -> Viewpoint | None:
        if event.key in STEPS:
            width, height = self._stage.size
            step = KEY_SHARE * 2.0 * math.tan(v.fov / 2) * v.distance
            ahead, side, rise = STEPS[event.key]
            return camera.fly(v, ahead * step, side * step * width / height, rise * step)
        if event.key in ZOOMS:
            return camera.zoom_at(v, v.target, ZOOMS[event.key])
        if event.key == "home":
            return self._stage.fit()
        return camera.orbit(v, -v.heading, 0.0) if event.key == "n" else None

    def _turned(self, v: Viewpoint, event: KeyEvent) -> Viewpoint | None:
        if event.key not in TURNS:
            return self._stepped(v, event)
        turn, tilt = TURNS[event.key]
        if tilt > 0:
            tilt = min(tilt, max(self._lowest_orbit - v.pitch, 0.0))
        return camera.orbit(v, turn, tilt)

    @property
    def _lowest_orbit(self) -> float:
        return camera.STEEPEST if self._stage.underground.share > 0.0 else LOWEST_ORBIT

    def _kept_above(self, new: Viewpoint, old: Viewpoint) -> Viewpoint:
        """Keep the eye above the ground, unless it was below already or may go there."""
        if self._stage.underground.share > 0.0:
            return new
        ground = self._stage.ground
        was, now = ground.height_at([_eye(old)[:2], _eye(new)[:2]])
        if old.height < was:
            return new
        return camera.above(new, float(now))


def _eye(v: Viewpoint) -> Point:
    return v.east, v.north, v.height

"""Flying over the city and walking through it, with keys held down and the pointer to look.

==================  =====================================================================
``W`` ``S``, up     ahead and back; flying goes where one looks, walking stays on the feet
``A`` ``D``         to the left and right; the arrow keys left and right turn
``E`` ``Q``         flying: up and down (also page up, page down)
Shift               four times as fast
Left button         dragged: looks around; walking, a click on the ground goes there
Right button        dragged: the same
Wheel               flying: faster and slower; walking: nearer and wider view
==================  =====================================================================
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from layers.shapes import Floats
from layers.viewpoint import DEFAULT_FOV, Viewpoint
from scene import camera
from scene.rays import Hit
from scene.stage import Stage
from scene.tools.events import DRAG_FROM, LEFT, RIGHT, SHIFT, KeyEvent, PointerEvent
from scene.walking import EYE, Surroundings

SLOWEST, FASTEST = 4.0, 3000.0  # metres a second in the air
BY_HEIGHT = 0.7  # of the height over ground, each second
FASTER = 4.0  # with Shift
WALKING = 2.0  # metres a second
TURNING = math.radians(75.0)  # a second, with the arrow keys
FALLING = 12.0  # metres a second a walker sinks or climbs at most
LONGEST = 0.1  # seconds; a slower picture moves on no further at once
CLEARANCE = 1.5  # metres over ground that a flyer keeps
BEFORE = 12.0  # metres from a wall that a walker is put who was sent there
UPRIGHT = 0.5  # rise of a normal up to which a face is a wall
AHEAD = {"w": 1.0, "up": 1.0, "s": -1.0, "down": -1.0}
ASIDE = {"d": 1.0, "a": -1.0}
RISE = {"e": 1.0, "page_up": 1.0, "q": -1.0, "page_down": -1.0}
TURN = {"left": -1.0, "right": 1.0}
KEYS = frozenset({*AHEAD, *ASIDE, *RISE, *TURN})


class Roam:
    """Moves the eye for as long as keys are held.

    Parameters
    ----------
    stage : Stage
        Whose eye it is.
    on_foot : bool
        Walk on the ground instead of flying.
    """

    def __init__(self, stage: Stage, *, on_foot: bool = False) -> None:
        self._stage, self._on_foot = stage, on_foot
        self._held: set[str] = set()
        self._fast = False
        self._pace = 1.0
        self._at = self._from = (0.0, 0.0)
        self._button = ""
        self._dragged = False
        self._ways = Surroundings(stage.project, stage.shown)
        self._begun = False

    @property
    def cursor(self) -> str:
        """Shape of the pointer."""
        return "closed_hand" if self._dragged else "cross" if self._on_foot else "open_hand"

    @property
    def dragging(self) -> bool:
        """Whether the pointer moved with a button held."""
        return self._dragged

    @property
    def moving(self) -> bool:
        """Whether keys are held, so that `tick` has something to do."""
        return bool(self._held) or self._sinking()

    @property
    def speed(self) -> float:
        """Metres a second straight on, as it is now."""
        pace = self._pace * (FASTER if self._fast else 1.0)
        if self._on_foot:
            return WALKING * (FASTER if self._fast else 1.0)
        v = self._stage.viewpoint
        over = abs(v.height - float(self._stage.ground.height_at([(v.east, v.north)])[0]))
        return min(max(BY_HEIGHT * over, SLOWEST), FASTEST) * pace

    # What is done to it ----------------------------------------------------------------------

    def begin(self) -> None:
        """Start in this picture: a walker comes down to the ground, once."""
        if self._on_foot and not self._begun:
            self._land()
        self._begun = True

    def pointer(self, event: PointerEvent) -> bool:
        """Look around, or go where a walker was sent to."""
        if event.kind in {"press", "wheel"}:
            self.begin()
        if event.kind == "press" and event.button in {LEFT, RIGHT}:
            self._button, self._dragged = event.button, False
            self._at = self._from = (event.x, event.y)
            return event.button == LEFT
        if event.kind == "move" and self._button:
            self._look(event.x, event.y)
            return True
        if event.kind == "release" and event.button == self._button:
            clicked = not self._dragged
            self._button, self._dragged = "", False
            if clicked and event.button == LEFT and self._on_foot:
                self._go(event.x, event.y)
            return not clicked or event.button == LEFT
        if event.kind == "wheel":
            if self._on_foot:
                fov = self._stage.viewpoint.fov * 0.9**event.wheel
                fov = min(max(fov, math.radians(10)), math.radians(100))
                self._stage.viewpoint = replace(self._stage.viewpoint, fov=fov)
            else:
                self._pace = min(max(self._pace * 1.25**event.wheel, 0.05), 20.0)
            return True
        return False

    def key(self, event: KeyEvent) -> bool:
        """Take a key that went down; says whether it is one of those that move."""
        self._fast = SHIFT in event.modifiers
        if event.key not in KEYS or event.modifiers - {SHIFT}:
            return False
        self.begin()
        self._held.add(event.key)
        return True

    def key_up(self, event: KeyEvent) -> bool:
        """Take a key that was let go."""
        self._fast = SHIFT in event.modifiers
        self._held.discard(event.key)
        return event.key in KEYS

    def wants(self, event: KeyEvent) -> bool:
        """Say whether a key is for this tool and not for the menu."""
        return event.key in KEYS and not event.modifiers - {SHIFT}

    def fast(self, held: bool) -> None:
        """Learn that Shift was pressed or let go."""
        self._fast = held

    def cancel(self) -> None:
        """Stand still."""
        self._held.clear()
        self._button, self._dragged, self._fast = "", False, False

    def tick(self, seconds: float) -> None:
        """Move on for as long as keys are held.

        Parameters
        ----------
        seconds : float
            Since the last time; long pauses count as a tenth of a second.
        """
        seconds = min(seconds, LONGEST)
        v = self._stage.viewpoint
        turn = sum(TURN.get(key, 0.0) for key in self._held)
        if turn:
            v = camera.look(v, turn * TURNING * seconds, 0.0)
        ahead = sum(AHEAD.get(key, 0.0) for key in self._held)
        aside = sum(ASIDE.get(key, 0.0) for key in self._held)
        rise = sum(RISE.get(key, 0.0) for key in self._held)
        way = self.speed * seconds
        length = math.sqrt(ahead**2 + aside**2 + (0.0 if self._on_foot else rise**2))
        if length > 1.0:
            way /= length
        new = (
            self._walked(v, ahead * way, aside * way, seconds)
            if self._on_foot
            else self._flown(v, ahead * way, aside * way, rise * way)
        )
        if new != self._stage.viewpoint:
            self._stage.viewpoint = new

    # Inside ----------------------------------------------------------------------------------

    def _flown(self, v: Viewpoint, ahead: float, aside: float, rise: float) -> Viewpoint:
        right, _up, look = camera.axes(v)
        if v.projection == "parallel" or v.pitch < -1.4:  # on a map one goes level
            look = np.array([math.sin(v.heading), math.cos(v.heading), 0.0])
        shift = camera.true_way(v, ahead * look + aside * right + rise * np.array([0.0, 0.0, 1.0]))
        new = replace(
            v, east=v.east + float(shift[0]), north=v.north + float(shift[1]),
            height=v.height + float(shift[2]),
        )  # fmt: skip
        ground = self._stage.ground.height_at([(v.east, v.north), (new.east, new.north)])
        if v.height < ground[0] or self._stage.underground.share > 0.0:
            return new  # below ground one stays free
        return camera.above(new, float(ground[1]), CLEARANCE)

    def _walked(self, v: Viewpoint, ahead: float, aside: float, seconds: float) -> Viewpoint:
        sin, cos = math.sin(v.heading), math.cos(v.heading)
        way = np.array([ahead * sin + aside * cos, ahead * cos - aside * sin])
        feet = np.array([v.east, v.north, v.height - EYE])
        stands = feet.copy()
        if way.any():
            stands = self._ways.walk(feet, way)
        level = self._ways.support(stands)
        most = FALLING * seconds
        height = min(max(level, feet[2] - most), feet[2] + most)
        return replace(v, east=float(stands[0]), north=float(stands[1]), height=height + EYE)

    def _sinking(self) -> bool:
        if not self._on_foot or not self._begun:
            return False
        v = self._stage.viewpoint
        feet = np.array([v.east, v.north, v.height - EYE])
        return abs(self._ways.support(feet) - float(feet[2])) > 0.01

    def _look(self, x: float, y: float) -> None:
        if not self._dragged and math.dist((x, y), self._from) < DRAG_FROM:
            return
        self._dragged = True
        v, size = self._stage.viewpoint, self._stage.size
        dx, dy = x - self._at[0], y - self._at[1]
        self._at = (x, y)
        sharp = max(v.fov, math.radians(40.0))
        self._stage.viewpoint = camera.look(v, dx / size[1] * sharp, -dy / size[1] * sharp)

    def _land(self) -> None:
        """Put the eye at the height of somebody who stands in the middle of the picture."""
        width, height = self._stage.size
        v = self._stage.viewpoint
        feet = np.array([v.east, v.north, v.height - EYE])
        if abs(self._ways.support(feet) - feet[2]) > 1.0:
            hit = self._stage.pick(width / 2, height / 2)
            feet = np.array(hit.point if hit is not None else (*v.target[:2], 0.0))
            feet[:2] += _before(hit)
        feet = self._ways.freed(feet)
        self._stand(feet, level=True)
        clear = self._ways.clearest(feet, v.heading)
        self._stage.viewpoint = replace(self._stage.viewpoint, heading=clear)

    def _go(self, x: float, y: float) -> None:
        hit = self._stage.pick(x, y)
        if hit is not None:
            point = np.array(hit.point)
            point[:2] += _before(hit)
            on_roof = hit.normal is not None and hit.normal[2] > 0.9 and hit.object_id
            self._stand(point if on_roof else self._ways.freed(point), level=False)

    def _stand(self, feet: Floats, *, level: bool) -> None:
        v = self._stage.viewpoint
        self._stage.viewpoint = replace(
            v, east=float(feet[0]), north=float(feet[1]), height=float(feet[2]) + EYE,
            pitch=0.0 if level else v.pitch, distance=50.0, projection="perspective",
            fov=max(v.fov, 1.5 * DEFAULT_FOV) if level else v.fov,
        )  # fmt: skip


def _before(hit: Hit | None) -> Floats:
    """Give the way from a wall that was met to a place from where it can be looked at, (2,)."""
    if hit is None or hit.normal is None or hit.normal[2] > UPRIGHT or not hit.object_id:
        return np.zeros(2)
    out = np.array(hit.normal[:2])
    return np.asarray(out / max(float(np.hypot(*out)), 1e-9) * BEFORE)

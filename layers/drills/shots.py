"""From where a rehearsal is seen: the views its steps name, and the eye's way between them.

What is seen at a second depends on that second alone: playing, scrubbing, pictures and films look
from the same place.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from layers.camera_path import between
from layers.drills.clock import Timetable
from layers.drills.plan import Plan
from layers.shapes import Floats
from layers.viewpoint import View, Viewpoint

LOOKS = np.linspace(0.05, 0.95, 19)  # shares of a glide at which roofs are looked at
SOFT = 0.12  # of a glide: how early the eye begins to rise
CLEAR = 20.0  # metres that it keeps above roofs
Roofs = Callable[[Floats], Floats]
"""The highest roof beside each of some places, (k, 2), metres above datum; -inf for none."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A view that is shown from a second of the plan on.

    Attributes
    ----------
    second : float
        When the eye sets out.
    view : str
        Name of the view.
    glide : float
        Seconds of the plan until it is there; 0 jumps.
    """

    second: float
    view: str
    glide: float


def shots_of(plan: Plan, table: Timetable) -> tuple[Shot, ...]:
    """Give the shots of a plan in the order of time; of those of one second the last one."""
    found: dict[float, Shot] = {}
    for step in sorted(plan.steps, key=lambda one: (table.begins[one.id], one.id)):
        begin = table.begins[step.id]
        for element in step.elements:
            if element.kind == "camera" and element.text:
                found[begin] = Shot(begin, element.text, element.glide)
    return tuple(found.values())


@dataclass(frozen=True, slots=True, eq=False)
class Camera:
    """The eye over a whole rehearsal.

    Attributes
    ----------
    first : View
        What is seen before the first shot.
    shots : tuple of Shot
        In the order of time.
    views : dict of str to View
        The views they name; shots of other views are passed over.
    roofs : callable or None
        Tells the roofs that a gliding eye rises over; None lets it go through towers.
    """

    first: View
    shots: tuple[Shot, ...]
    views: Mapping[str, View]
    roofs: Roofs | None = None

    _rises: dict[int, Floats] = field(init=False, repr=False, default_factory=dict)

    def settled(self, second: float) -> View:
        """Give what the eye is on its way to at a second, as if it were there already."""
        known = [one for one in self.shots if one.view in self.views and one.second <= second]
        return self.views[known[-1].view] if known else self.first

    def at(self, second: float) -> View:
        """Give what is seen at a second of the plan.

        The eye leaves the view before with the shot, gathers speed, and comes to rest in the new
        one after its glide, or when the next shot begins, if that is earlier. It rises over roofs
        that stand in its way. Half-way layers, light and cut change to those of the new view.
        """
        before, now, share, last = self.first, self.first, 1.0, 0
        known = [shot for shot in self.shots if shot.view in self.views]
        for number, shot in enumerate(known):
            if shot.second > second:
                break
            before, now, last = now, self.views[shot.view], number
            ends = known[number + 1].second if number + 1 < len(known) else float("inf")
            glide = min(shot.glide, ends - shot.second) if shot.second > 0.0 else 0.0
            share = 1.0 if glide <= 0.0 else min((second - shot.second) / glide, 1.0)
        if share >= 1.0:
            return now
        base = before if share < 0.5 else now
        eye = self._risen(last, before.camera, now.camera, share)
        return replace(base, name="", note="", camera=eye)

    def _risen(self, number: int, a: Viewpoint, b: Viewpoint, share: float) -> Viewpoint:
        """Give the eye on its way between two looks, over roofs, looking where it would."""
        eye = between(a, b, share)
        if self.roofs is None or "parallel" in (a.projection, b.projection):
            return eye
        if number not in self._rises:
            ways = [between(a, b, float(one)) for one in LOOKS]
            tops = self.roofs(np.array([(one.east, one.north) for one in ways]))
            short = tops + CLEAR - np.array([one.height for one in ways])
            self._rises[number] = np.maximum(short, 0.0) / np.sqrt(np.sin(math.pi * LOOKS))
        soft = np.exp(-(((share - LOOKS) / SOFT) ** 2))
        rise = float((self._rises[number] * soft).max()) * math.sqrt(math.sin(math.pi * share))
        if rise <= 0.0:
            return eye
        flat = eye.distance * math.cos(eye.pitch)
        up = rise - eye.distance * math.sin(eye.pitch)
        return Viewpoint.looking_at(
            eye.target,
            math.hypot(flat, up),
            eye.heading,
            -math.atan2(up, flat),
            fov=eye.fov,
            exaggeration=eye.exaggeration,
        )

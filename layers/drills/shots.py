"""From where a rehearsal is seen: the views its steps name, and the eye's way between them.

What is seen at a second depends on that second alone: playing, scrubbing, pictures and films look
from the same place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from layers.camera_path import between
from layers.drills.clock import Timetable
from layers.drills.plan import Plan
from layers.viewpoint import View


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
    """

    first: View
    shots: tuple[Shot, ...]
    views: Mapping[str, View]

    def settled(self, second: float) -> View:
        """Give what the eye is on its way to at a second, as if it were there already."""
        known = [one for one in self.shots if one.view in self.views and one.second <= second]
        return self.views[known[-1].view] if known else self.first

    def at(self, second: float) -> View:
        """Give what is seen at a second of the plan.

        The eye leaves the view before with the shot, gathers speed, and comes to rest in the new
        one after its glide, or when the next shot begins, if that is earlier. Half-way layers,
        light and cut change to those of the new view.
        """
        before, now, share = self.first, self.first, 1.0
        known = [shot for shot in self.shots if shot.view in self.views]
        for number, shot in enumerate(known):
            if shot.second > second:
                break
            before, now = now, self.views[shot.view]
            ends = known[number + 1].second if number + 1 < len(known) else float("inf")
            glide = min(shot.glide, ends - shot.second) if shot.second > 0.0 else 0.0
            share = 1.0 if glide <= 0.0 else min((second - shot.second) / glide, 1.0)
        if share >= 1.0:
            return now
        base = before if share < 0.5 else now
        return replace(base, name="", note="", camera=between(before.camera, now.camera, share))

"""Who goes another way because streets are closed, and by how much later they come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from layers.drills.plan import Coords, Element
from layers.drills.problems import drawn_way
from layers.drills.rehearsal import Closure, Course, Mark, Rehearsal
from layers.shapes import Floats

SAME = 1.0  # metres, or seconds, below which two ways are one
WAY = "#ff8f00"  # colour of ways that lead around what is closed


@dataclass(frozen=True, slots=True)
class Detour:
    """One unit on its way to one step.

    Attributes
    ----------
    unit, step : str
        Who; where to.
    second : float
        When it knows: the second of the closure it goes around, seconds of the plan.
    before, after : float
        When it would have been there; when it will be.
    needed : float
        When the step begins.
    way : tuple of (float, float)
        The rest of its way from where it is then.
    stuck : bool
        Whether there is no way around: it is shown going through what is closed.
    """

    unit: str
    step: str
    second: float
    before: float
    after: float
    needed: float
    way: Coords
    stuck: bool = False

    @property
    def later(self) -> float:
        """Seconds by which it comes later; negative where it sets out earlier."""
        return self.after - self.before


def detours(free: Rehearsal, played: Rehearsal, closed: Sequence[Closure]) -> tuple[Detour, ...]:
    """List who goes another way than without closures, in the order of time.

    Parameters
    ----------
    free, played : Rehearsal
        The same plan without and with what is closed.
    closed : sequence of Closure
        What is closed.
    """
    found: list[Detour] = []
    for unit in played.plan.units:
        old, new = free.courses.get(unit.id), played.courses.get(unit.id)
        if old is None or new is None:
            continue
        was = {step: (leaves, comes) for leaves, comes, step in old.legs}
        for leaves, comes, step_id in new.legs:
            if step_id not in was or drawn_way(played.plan.step(step_id), unit.id):
                continue
            before = was[step_id]
            corners, times = _piece(new, leaves, comes)
            former, _ = _piece(old, *before)
            other = not _same(corners, former)
            stuck = unit.kind != "drone" and _through(corners, times, closed)
            if not other and not stuck:
                continue
            parts = float(times[_parts(corners, former)]) if other else comes
            known = max((c.second for c in closed if c.second <= parts + 1.0), default=leaves)
            (x, y), _ = new.at(known)
            rest = corners[times > known]
            found.append(Detour(
                unit.id, step_id, known, before[1], comes, played.table.begins[step_id],
                ((x, y), *((float(x), float(y)) for x, y in rest)), stuck,
            ))  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.after, one.unit)))


def detour_marks(found: Sequence[Detour]) -> tuple[Mark, ...]:
    """Give the other ways as they are drawn into the scene, each until its end."""
    return tuple(
        Mark(one.second, Element("line", one.way, colour=WAY), "detour", one.after)
        for one in found
        if len(one.way) > 1 and not one.stuck
    )


def _piece(course: Course, leaves: float, comes: float) -> tuple[Floats, Floats]:
    """Give corners and seconds of a course between two seconds."""
    inside = (course.seconds >= leaves - 1e-6) & (course.seconds <= comes + 1e-6)
    return course.places[inside], course.seconds[inside]


def _same(one: Floats, other: Floats) -> bool:
    return one.shape == other.shape and bool(np.abs(one - other).max(initial=0.0) < SAME)


def _parts(corners: Floats, former: Floats) -> int:
    """Give the last corner that both ways have in common from their beginning."""
    line = shapely.LineString(former) if len(former) > 1 else shapely.Point(*former[0])
    away = shapely.distance(shapely.points(corners), line)
    off = np.flatnonzero(away > SAME)
    return max(int(off[0]) - 1, 0) if len(off) else 0


def _through(corners: Floats, times: Floats, closed: Sequence[Closure]) -> bool:
    """Say whether a way leads through something while that is closed."""
    for one in closed:
        shape = shapely.Polygon(one.ring) if len(one.ring) > 2 else shapely.LineString(one.ring)
        begin, end = max(one.second, float(times[0])), min(one.until, float(times[-1]))
        if begin >= end:
            continue
        inside = (times > begin) & (times < end)
        ends = [[np.interp(at, times, corners[:, k]) for k in (0, 1)] for at in (begin, end)]
        gone = shapely.LineString(np.vstack([ends[0], corners[inside], ends[1]]))
        if gone.intersects(shape):
            return True
    return False

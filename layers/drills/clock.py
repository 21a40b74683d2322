"""When the steps of a plan are: from what they hang on to seconds of the plan."""

from __future__ import annotations

from dataclasses import dataclass

from layers.drills.plan import Plan, Step


@dataclass(frozen=True, slots=True)
class Timetable:
    """The seconds of every step.

    Attributes
    ----------
    begins, ends : dict of str to float
        Seconds of the plan, by step; steps whose moment cannot be told stand at their own second.
    circles : tuple of tuple of str
        Steps that wait for each other, each circle in order.
    lost : tuple of str
        Steps that hang on a step that is not there.
    early : tuple of str
        Steps that would begin before second 0.
    """

    begins: dict[str, float]
    ends: dict[str, float]
    circles: tuple[tuple[str, ...], ...] = ()
    lost: tuple[str, ...] = ()
    early: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """How long the plan takes."""
        return max(self.ends.values(), default=0.0)

    def running(self, second: float) -> list[str]:
        """Give the steps that are on at a second, those that began first first."""
        on = [s for s, begin in self.begins.items() if begin <= second < self.ends[s]]
        return sorted(on, key=lambda s: self.begins[s])

    def next(self, second: float) -> list[str]:
        """Give the steps that are still to begin, the next one first."""
        later = [s for s, begin in self.begins.items() if begin > second]
        return sorted(later, key=lambda s: self.begins[s])


def timetable(plan: Plan) -> Timetable:
    """Work out when every step begins and ends.

    Nothing raises: a plan that is wrong is shown as far as it goes. Steps of a circle stand at
    their own seconds, as if they hung on nothing; so do steps that hang on a missing one.
    """
    steps = {step.id: step for step in plan.steps}
    circles = _circles(steps)
    broken = {member for circle in circles for member in circle}
    lost = tuple(s.id for s in plan.steps if _hangs(s) and s.start.step not in steps)
    begins: dict[str, float] = {}
    for step in plan.steps:
        way: list[Step] = []
        here = step
        while here.id not in begins:
            way.append(here)
            if not _hangs(here) or here.id in broken or here.start.step not in steps:
                break
            here = steps[here.start.step]
        for one in reversed(way):
            before = steps.get(one.start.step)
            begins[one.id] = one.start.seconds
            if _hangs(one) and one.id not in broken and before is not None:
                more = before.seconds if one.start.mode == "after" else 0.0
                begins[one.id] += begins[before.id] + more
    early = tuple(step_id for step_id, begin in begins.items() if begin < 0.0)
    begins = {step_id: max(begin, 0.0) for step_id, begin in begins.items()}
    ends = {s.id: begins[s.id] + max(s.seconds, 0.0) for s in plan.steps}
    return Timetable(begins, ends, circles, lost, early)


def _hangs(step: Step) -> bool:
    return step.start.mode in ("after", "with") and bool(step.start.step)


def _circles(steps: dict[str, Step]) -> tuple[tuple[str, ...], ...]:
    """Find the steps that wait for each other; each hangs on one other at most."""
    done: set[str] = set()
    out: list[tuple[str, ...]] = []
    for first in steps:
        way: list[str] = []
        here = first
        while here in steps and here not in done and here not in way and _hangs(steps[here]):
            way.append(here)
            here = steps[here].start.step
        if here in way:
            out.append(tuple(way[way.index(here) :]))
        done.update(way)
    return tuple(out)

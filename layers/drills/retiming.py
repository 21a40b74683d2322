"""Steps moved, stretched and hung on each other in time; what hangs on them follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from layers.drills.clock import Timetable, timetable
from layers.drills.plan import Mode, Plan, Start
from layers.errors import CityError


def moved(plan: Plan, step_id: str, begins: float) -> Plan:
    """Give the plan with a step beginning at another second.

    A step that hangs on another keeps hanging there and gets another distance in time; what
    hangs on the step moves with it. Nothing begins before second 0.

    Parameters
    ----------
    plan : Plan
        What is changed.
    step_id : str
        Which step.
    begins : float
        Seconds of the plan.

    Raises
    ------
    CityError
        ``drill.no_such_step``.
    """
    step = plan.step(step_id)
    now = timetable(plan).begins[step_id]
    later = max(begins, 0.0) - now
    start = replace(step.start, seconds=step.start.seconds + later)
    return plan.with_step(replace(step, start=start))


def stretched(plan: Plan, step_id: str, seconds: float) -> Plan:
    """Give the plan with a step lasting so many seconds, not less than none.

    Raises
    ------
    CityError
        ``drill.no_such_step``.
    """
    return plan.with_step(replace(plan.step(step_id), seconds=max(seconds, 0.0)))


def hung(plan: Plan, step_id: str, other: str, mode: Mode = "after") -> Plan:
    """Give the plan with a step hung on another; it begins at the second at which it did.

    Raises
    ------
    CityError
        ``drill.no_such_step``; ``drill.waits_for_itself`` where the other one waits for it.
    """
    step, before = plan.step(step_id), plan.step(other)
    table = timetable(plan)
    anchor = table.ends[before.id] if mode == "after" else table.begins[before.id]
    start = Start(mode, table.begins[step_id] - anchor, other)
    made = plan.with_step(replace(step, start=start))
    if any(step_id in circle for circle in timetable(made).circles):
        raise CityError(
            "drill.waits_for_itself",
            f"'{before.title}' already waits for '{step.title}'.",
            hint="let it begin at a second, or hang it on another step",
            step=step.title,
            other=before.title,
        )
    return made


def chained(plan: Plan, first: str, then: str) -> Plan:
    """Give the plan with a step beginning after the end of another one.

    The time between them stays; where it would begin earlier it begins at that end.

    Raises
    ------
    CityError
        ``drill.no_such_step``; ``drill.waits_for_itself`` where the first one waits for it.
    """
    made = hung(plan, then, first)
    step = made.step(then)
    start = replace(step.start, seconds=max(step.start.seconds, 0.0))
    return made.with_step(replace(step, start=start))


def freed(plan: Plan, step_id: str) -> Plan:
    """Give the plan with a step that hangs on nothing and begins at the second at which it did.

    Raises
    ------
    CityError
        ``drill.no_such_step``.
    """
    step = plan.step(step_id)
    start = Start("at", timetable(plan).begins[step_id])
    return plan.with_step(replace(step, start=start))


def snapped(second: float, marks: Iterable[float], every: float, reach: float) -> float:
    """Give the nearest mark within reach, else the nearest whole multiple of `every`.

    Parameters
    ----------
    second : float
        What is dragged, seconds of the plan.
    marks : iterable of float
        Seconds at which something begins or ends.
    every, reach : float
        Seconds between lines of the grid; how near a mark has to be.

    Examples
    --------
    >>> snapped(58.0, [57.0], 10.0, 3.0), snapped(58.0, [50.0], 10.0, 3.0)
    (57.0, 60.0)
    """
    near = min(marks, key=lambda mark: abs(mark - second), default=None)
    if near is not None and abs(near - second) <= reach:
        return near
    return round(second / every) * every


def nodes(table: Timetable) -> list[float]:
    """Give the seconds at which something begins or ends, in order, each once."""
    return sorted({0.0, *table.begins.values(), *table.ends.values()})


def node_after(table: Timetable, second: float) -> float:
    """Give the next second at which something begins or ends; the last one after all."""
    every = nodes(table)
    return next((node for node in every if node > second + 1e-6), every[-1])


def node_before(table: Timetable, second: float) -> float:
    """Give the second before this at which something began or ended."""
    return max((node for node in nodes(table) if node < second - 1e-6), default=0.0)

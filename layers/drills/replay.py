"""What really happened in an exercise, as a plan that can be played; and how things stand."""

from __future__ import annotations

from dataclasses import dataclass, replace

from layers.drills.clock import timetable
from layers.drills.log import Entry, Exercise
from layers.drills.plan import Element, Plan, Start, Step
from layers.drills.rehearsal import CLOSED, Closure, Mark

MESSAGE = 120.0  # seconds for which a message stays on the screen


@dataclass(frozen=True, slots=True)
class Standing:
    """How an exercise stands at a second of it.

    Attributes
    ----------
    on : tuple of str
        Steps that have begun and not ended.
    due : tuple of (str, float)
        Steps that should have begun, and since when, the longest waiting first.
    next : tuple of (str, float)
        Steps still to come and when they are expected, the next one first. What hangs on a step
        that is late is late with it.
    done, skipped : tuple of str
        Steps that are over; steps that were left out.
    """

    on: tuple[str, ...]
    due: tuple[tuple[str, float], ...]
    next: tuple[tuple[str, float], ...]
    done: tuple[str, ...]
    skipped: tuple[str, ...]


def standing(plan: Plan, exercise: Exercise, second: float) -> Standing:
    """Say what is on, what waits and what comes next, by what was ticked so far."""
    times, left = exercise.times(), exercise.skipped()
    table = timetable(as_it_goes(plan, exercise, second))
    on, done = [], []
    waiting: list[tuple[str, float]] = []
    for step in plan.steps:
        begin, end = times.get(step.id, (None, None))
        if step.id in left:
            continue
        if end is not None:
            done.append(step.id)
        elif begin is not None:
            on.append(step.id)
        else:
            waiting.append((step.id, table.begins[step.id]))
    waiting.sort(key=lambda one: one[1])
    return Standing(
        tuple(sorted(on, key=lambda step: times[step][0] or 0.0)),
        tuple(one for one in waiting if one[1] <= second),
        tuple(one for one in waiting if one[1] > second),
        tuple(done),
        tuple(step.id for step in plan.steps if step.id in left),
    )


def as_it_goes(plan: Plan, exercise: Exercise, second: float) -> Plan:
    """Give the plan with what was ticked put in; what has not been ticked keeps its place.

    A step that is on lasts until now at least. What hangs on ticked steps moves with them.
    """
    times, left = exercise.times(), exercise.skipped()
    steps = []
    for step in plan.steps:
        begin, end = times.get(step.id, (None, None))
        if step.id in left and begin is None:
            steps.append(replace(step, seconds=0.0, elements=(), units=()))
            continue
        if begin is None and end is None:
            steps.append(step)
            continue
        if end is None:
            assert begin is not None
            end = max(begin + step.seconds, second)
        if begin is None:
            begin = max(end - step.seconds, 0.0)
        steps.append(replace(step, start=Start("at", begin), seconds=max(end - begin, 0.0)))
    return replace(plan, steps=tuple(steps))


def as_it_went(plan: Plan, exercise: Exercise) -> Plan:
    """Give what really happened as a plan: steps at their own seconds, those undone left out.

    A step that began and was never ended lasts as long as planned, at most to the end of the
    exercise. One that was only ticked as ended is taken to have lasted as planned.
    """
    times, last = exercise.times(), exercise.seconds
    steps: list[Step] = []
    for step in plan.steps:
        begin, end = times.get(step.id, (None, None))
        if begin is None and end is None:
            continue
        if begin is None:
            assert end is not None
            begin = max(end - step.seconds, 0.0)
        if end is None:
            end = max(min(begin + step.seconds, last), begin)
        steps.append(replace(step, start=Start("at", begin), seconds=end - begin))
    return replace(plan, steps=tuple(steps))


def fired_in(exercise: Exercise) -> dict[str, float]:
    """Give the injects that were fired, and when, seconds of the exercise."""
    out: dict[str, float] = {}
    for entry in exercise.standing():
        if entry.act == "inject":
            out.setdefault(entry.about, entry.second)
    return out


def closures_in(exercise: Exercise) -> tuple[Closure, ...]:
    """Give the ways that were closed by hand and when, with when they were opened again."""
    opened = _opened(exercise)
    return tuple(
        Closure(entry.second, entry.place, opened.get(entry.number, float("inf")))
        for entry in exercise.standing()
        if entry.act == "closed-way" and len(entry.place) > 1
    )


def marks_in(exercise: Exercise) -> tuple[Mark, ...]:
    """Give what was put into the scene by hand: symbols, placed notes, messages, closed ways."""
    opened = _opened(exercise)
    out = []
    for entry in exercise.standing():
        element = _element(entry)
        if element is not None:
            until = opened.get(entry.number, float("inf"))
            if entry.act == "message":
                until = entry.second + MESSAGE
            out.append(Mark(entry.second, element, f"log {entry.number}", until))
    return tuple(out)


def _opened(exercise: Exercise) -> dict[int, float]:
    """Give when closed ways were opened again, by the number of the entry that closed them."""
    return {
        int(entry.about): entry.second
        for entry in exercise.standing()
        if entry.act == "opened-way" and entry.about.isdecimal()
    }


def _element(entry: Entry) -> Element | None:
    if entry.act == "message":
        return Element("message", text=entry.text)
    if not entry.place:
        return None
    if entry.act == "symbol":
        return Element("symbol", entry.place, symbol=entry.about, text=entry.text, stays=True)
    if entry.act == "note":
        return Element("symbol", entry.place, symbol="", text=entry.text, stays=True)
    if entry.act == "closed-way":
        kind = "zone" if len(entry.place) > 2 else "line"
        return Element(kind, entry.place, text=entry.text, colour=CLOSED, stays=True)
    return None

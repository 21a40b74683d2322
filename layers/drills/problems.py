"""What is wrong with a plan, in words a drill leader can act on; a wrong plan still opens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from layers.drills.clock import Timetable, timetable
from layers.drills.plan import ELEMENTS, Coords, Inject, Place, Plan, Step, places_of
from layers.drills.symbol_travel import gone_name
from layers.drills.symbols import is_known

Extent = tuple[float, float, float, float]
Travel = Callable[[str, Place, Place], float | None]
"""Seconds that a unit takes from place to place; None where there is no way."""

NEAR = 30.0  # metres within which two places are one
BESIDE = 200.0  # metres beyond the last thing of a city that still belong to it
FAR_OUT = 5_000.0  # metres beyond the city from which a place is surely wrong


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a plan should not have.

    Attributes
    ----------
    key : str
        Stable name, worded as ``drill-problem-KEY``.
    grave : bool
        Whether the plan cannot be played as it stands; else it is a warning.
    about : str
        The step, unit, role or inject it is about.
    facts : mapping
        Values that the sentence mentions.
    """

    key: str
    about: str = ""
    grave: bool = True
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Leg:
    """A unit's way between two steps that need it.

    Attributes
    ----------
    unit, step : str
        Who; where to.
    start, goal : (float, float)
        Project coordinates.
    leaves, needed : float
        Seconds of the plan: when it may leave, when it has to be there.
    """

    unit: str
    step: str
    start: Place
    goal: Place
    leaves: float
    needed: float

    @property
    def time(self) -> float:
        """Seconds there are for it."""
        return self.needed - self.leaves


def problems(
    plan: Plan,
    *,
    extent: Extent | None = None,
    travel: Travel | None = None,
    homes: Mapping[str, Place] | None = None,
    views: Collection[str] | None = None,
    symbols: Collection[str] | None = None,
) -> list[Problem]:
    """List what is wrong with a plan, the gravest first.

    Parameters
    ----------
    plan : Plan
        What is looked at.
    extent : (west, south, east, north) or None
        Of the city; None does not look at places.
    travel : callable or None
        Seconds from place to place; None does not look at ways.
    homes : mapping of str to (float, float) or None
        Where units stand that name no place, by unit.
    views : collection of str or None
        Names of the views there are; None does not look at shots.
    symbols : collection of str or None
        Codes of the project's own symbols; None does not look at symbols.
    """
    table = timetable(plan)
    found = [
        *_names(plan),
        *_order(plan, table),
        *_overlaps(plan, table),
        *_places(plan, extent),
    ]
    if travel is not None:
        found += _ways(plan, table, travel, homes or {})
    if views is not None:
        found += _shots(plan, views)
    if symbols is not None:
        found += _symbols(plan, symbols)
    return sorted(found, key=lambda problem: not problem.grave)


def legs(plan: Plan, table: Timetable, homes: Mapping[str, Place] | None = None) -> list[Leg]:
    """List the ways that units have to go from step to step, in the order of time."""
    out: list[Leg] = []
    for unit in plan.units:
        here = unit.place or (homes or {}).get(unit.id)
        free = 0.0
        for step in _steps_of(plan, table, unit.id):
            begins, ends = table.begins[step.id], table.ends[step.id]
            goal = goal_of(step, unit.id)
            if goal is not None and here is not None and not _same(here, goal):
                out.append(Leg(unit.id, step.id, here, goal, free, begins))
            here, free = goal or here, ends
    return sorted(out, key=lambda leg: (leg.needed, leg.unit))


def drawn_way(step: Step, unit: str) -> Coords:
    """Give the route a step draws for a unit, empty for none."""
    for element in step.elements:
        if element.kind == "route" and element.unit == unit and len(element.coords) > 1:
            return element.coords
    return ()


def goal_of(step: Step, unit: str) -> Place | None:
    """Give where a step wants a unit: its place, else the end of the route drawn for it."""
    drawn = drawn_way(step, unit)
    return step.place if step.place is not None or not drawn else drawn[-1]


def _steps_of(plan: Plan, table: Timetable, unit: str) -> list[Step]:
    mine = [step for step in plan.steps if any(c.unit == unit for c in step.units)]
    return sorted(mine, key=lambda step: table.begins[step.id])


def _same(one: Place, other: Place) -> bool:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 <= NEAR**2


def _names(plan: Plan) -> Iterator[Problem]:
    """Find who is named and not there."""
    roles = {role.id for role in plan.roles}
    for step in plan.steps:
        yield from _names_in(plan, step)
        if not step.role:
            yield Problem("step_without_role", step.id, grave=False, facts={"step": step.title})
    named = [(step.id, step.title, step.role) for step in plan.steps]
    named += [(inject.id, inject.title, inject.role) for inject in plan.injects]
    named += [(unit.id, unit.name, unit.role) for unit in plan.units]
    for about, title, role in named:
        if role and role not in roles:
            yield Problem("unknown_role", about, facts={"step": title, "role": role})


def _names_in(plan: Plan, step: Step) -> Iterator[Problem]:
    """Find what a step names and the plan has not."""
    units = {unit.id for unit in plan.units}
    users = [need.unit for need in step.units]
    users += [element.unit for element in step.elements if element.unit]
    for unit in dict.fromkeys(users):
        if unit not in units:
            yield Problem("unknown_unit", step.id, facts={"step": step.title, "unit": unit})
    phases, goals = {phase.id for phase in plan.phases}, {goal.id for goal in plan.objectives}
    lighter = [
        ("unknown_phase", "phase", (step.phase,) if step.phase else (), phases),
        ("unknown_objective", "objective", step.objectives, goals),
    ]
    for key, what, wanted, ids in lighter:
        for name in wanted:
            if name not in ids:
                yield Problem(key, step.id, grave=False, facts={"step": step.title, what: name})
    for element in step.elements:
        if element.kind not in ELEMENTS:
            facts = {"step": step.title, "kind": element.kind}
            yield Problem("unknown_element", step.id, grave=False, facts=facts)


def _shots(plan: Plan, views: Collection[str]) -> Iterator[Problem]:
    """Find shots of views that are not there."""
    for step in plan.steps:
        for element in step.elements:
            if element.kind == "camera" and element.text and element.text not in views:
                facts = {"step": step.title, "view": element.text}
                yield Problem("unknown_view", step.id, grave=False, facts=facts)


def _symbols(plan: Plan, own: Collection[str]) -> Iterator[Problem]:
    """Find symbols that nobody knows, each once, with the first place that names it."""
    named = [(unit.symbol, unit.id, unit.name) for unit in plan.units]
    items: tuple[Step | Inject, ...] = (*plan.steps, *plan.injects)
    for item in items:
        named += [(element.symbol, item.id, item.title) for element in item.elements]
    told: set[str] = set()
    for code, about, title in named:
        if code in told or is_known(code, own):
            continue
        told.add(code)
        yield Problem(
            "unknown_symbol", about, grave=False, facts={"what": title, "symbol": gone_name(code)}
        )


def _order(plan: Plan, table: Timetable) -> Iterator[Problem]:
    """Find steps that wait for each other, hang on nothing, or begin before the plan does."""
    titles = {step.id: step.title for step in plan.steps}
    for circle in table.circles:
        names = " → ".join(titles[s] for s in (*circle, circle[0]))
        yield Problem("circle", circle[0], facts={"steps": names, "count": len(circle)})
    for lost in table.lost:
        facts = {"step": titles[lost], "other": plan.step(lost).start.step}
        yield Problem("unknown_step", lost, facts=facts)
    for early in table.early:
        yield Problem("before_the_plan", early, grave=False, facts={"step": titles[early]})
    for step in plan.steps:
        if step.seconds < 0.0:
            yield Problem("negative_length", step.id, facts={"step": step.title})
        if step.start.mode == "when" and not step.start.condition:
            yield Problem("no_condition", step.id, grave=False, facts={"step": step.title})
    if not plan.steps:
        yield Problem("no_steps", facts={"name": plan.name})


def _overlaps(plan: Plan, table: Timetable) -> Iterator[Problem]:
    """Find units that are needed in two places at once, or more of them than there are."""
    for unit in plan.units:
        changes: dict[float, list[tuple[int, Step]]] = defaultdict(list)
        for step in _steps_of(plan, table, unit.id):
            count = sum(need.count for need in step.units if need.unit == unit.id)
            if table.ends[step.id] > table.begins[step.id]:
                changes[table.begins[step.id]].append((count, step))
                changes[table.ends[step.id]].append((-count, step))
        busy: dict[str, tuple[int, Step]] = {}
        told: set[frozenset[str]] = set()
        for second in sorted(changes):
            for count, step in changes[second]:
                if count < 0:
                    busy.pop(step.id, None)
            for count, step in changes[second]:
                if count > 0:
                    busy[step.id] = (count, step)
            needed = sum(count for count, _ in busy.values())
            if not busy or needed <= unit.count or frozenset(busy) in told:
                continue
            told.add(frozenset(busy))
            steps = [step for _, step in busy.values()]
            places = [step.place for step in steps if step.place is not None]
            apart = any(not _same(one, other) for one, other in pairwise(places))
            facts = {
                "unit": unit.name, "steps": " / ".join(step.title for step in steps),
                "needed": needed, "count": unit.count, "second": second,
            }  # fmt: skip
            key = "two_places" if unit.count == 1 and apart else "too_few"
            yield Problem(key, steps[-1].id, facts=facts)


def _places(plan: Plan, extent: Extent | None) -> Iterator[Problem]:
    """Find places that lie far outside the city."""
    if extent is None:
        return
    west, south, east, north = extent
    titles = {f"step {step.id}": step.title for step in plan.steps}
    titles |= {f"unit {unit.id}": unit.name for unit in plan.units}
    titles |= {f"inject {inject.id}": inject.title for inject in plan.injects}
    for what, coords in places_of(plan).items():
        away = max(
            max(west - x, x - east, south - y, y - north, 0.0) for x, y in coords
        )  # fmt: skip
        if away <= BESIDE:
            continue
        owner = " ".join(what.split(" ")[:2])
        facts = {"what": titles.get(owner, what), "away_m": round(away)}
        yield Problem("outside_city", what.split(" ")[1], grave=away > FAR_OUT, facts=facts)


def _ways(
    plan: Plan, table: Timetable, travel: Travel, homes: Mapping[str, Place]
) -> Iterator[Problem]:
    """Find units that come later than they are needed."""
    names = {unit.id: unit.name for unit in plan.units}
    titles = {step.id: step.title for step in plan.steps}
    for leg in legs(plan, table, homes):
        seconds = travel(leg.unit, leg.start, leg.goal)
        facts: dict[str, object] = {"unit": names[leg.unit], "step": titles[leg.step]}
        if seconds is None:
            yield Problem("no_way", leg.step, facts=facts)
        elif seconds > leg.time + 1.0:
            late = {"late_s": round(seconds - leg.time), "takes_s": round(seconds)}
            yield Problem("late", leg.step, grave=False, facts={**facts, **late})

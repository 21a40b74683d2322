"""The parts of a plan beside its steps, put in, changed, taken out; what named them lets go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from layers.drills.plan import Inject, Objective, Phase, Plan, Role, Step, Unit
from layers.errors import CityError

Part = Literal["objectives", "phases", "roles", "units", "injects"]
Item = Objective | Phase | Role | Unit | Inject

PARTS: tuple[Part, ...] = ("objectives", "phases", "roles", "units", "injects")
LETTER: dict[Part, str] = {
    "objectives": "o", "phases": "p", "roles": "r", "units": "u", "injects": "i",
}  # fmt: skip


def items_of(plan: Plan, part: Part) -> tuple[Item, ...]:
    """Give the items of a part, in their order."""
    items: tuple[Item, ...] = getattr(plan, part)
    return items


def with_item(plan: Plan, part: Part, item: Item) -> Plan:
    """Give the plan with an item more, or with the one of the same id replaced."""
    items = items_of(plan, part)
    if all(old.id != item.id for old in items):
        return _with(plan, part, (*items, item))
    return _with(plan, part, tuple(item if old.id == item.id else old for old in items))


def moved_item(plan: Plan, part: Part, item_id: str, places: int) -> Plan:
    """Give the plan with an item so many places later, or earlier; it stays within the list.

    Raises
    ------
    CityError
        ``drill.no_such_item``.
    """
    items = list(items_of(plan, part))
    at = _index(plan, part, item_id)
    item = items.pop(at)
    items.insert(min(max(at + places, 0), len(items)), item)
    return _with(plan, part, tuple(items))


def without_item(plan: Plan, part: Part, item_id: str) -> Plan:
    """Give the plan without an item, and with nothing that names it any more.

    Steps of a role or phase that goes have none; steps need a unit that goes no longer, and
    routes and states of it go with it.

    Raises
    ------
    CityError
        ``drill.no_such_item``.
    """
    at = _index(plan, part, item_id)
    items = items_of(plan, part)
    plan = _with(plan, part, items[:at] + items[at + 1 :])
    steps = tuple(_without(step, part, item_id) for step in plan.steps)
    units, injects = plan.units, plan.injects
    if part == "roles":
        units = tuple(replace(u, role="") if u.role == item_id else u for u in units)
        injects = tuple(replace(i, role="") if i.role == item_id else i for i in injects)
    if part == "units":
        injects = tuple(
            replace(i, elements=tuple(e for e in i.elements if e.unit != item_id)) for i in injects
        )
    return replace(plan, steps=steps, units=units, injects=injects)


def users_of(plan: Plan, part: Part, item_id: str) -> list[Step]:
    """Give the steps that name an item."""
    return [step for step in plan.steps if _without(step, part, item_id) != step]


def _without(step: Step, part: Part, item_id: str) -> Step:
    if part == "roles" and step.role == item_id:
        return replace(step, role="")
    if part == "phases" and step.phase == item_id:
        return replace(step, phase="")
    if part == "objectives" and item_id in step.objectives:
        return replace(step, objectives=tuple(o for o in step.objectives if o != item_id))
    if part == "units":
        units = tuple(need for need in step.units if need.unit != item_id)
        elements = tuple(e for e in step.elements if e.unit != item_id)
        if (units, elements) != (step.units, step.elements):
            return replace(step, units=units, elements=elements)
    return step


def _index(plan: Plan, part: Part, item_id: str) -> int:
    items = items_of(plan, part)
    for at, item in enumerate(items):
        if item.id == item_id:
            return at
    raise CityError(
        "drill.no_such_item",
        f"The plan has nothing called '{item_id}' among its {part}.",
        hint=f"choose one of its {len(items)} {part}",
        id=item_id,
        part=part,
        count=len(items),
    )


def _with(plan: Plan, part: Part, items: tuple[Any, ...]) -> Plan:
    changes: dict[str, Any] = {part: items}
    return replace(plan, **changes)

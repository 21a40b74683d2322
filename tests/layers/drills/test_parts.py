"""Parts of a plan are put in, moved and taken out; nothing is left that names what is gone."""

from __future__ import annotations

import pytest

from layers.drills.parts import PARTS, Part, items_of, moved_item, users_of, with_item, without_item
from layers.drills.plan import (
    Commitment,
    Element,
    Inject,
    Objective,
    Phase,
    Plan,
    Role,
    Step,
    Unit,
)
from layers.drills.problems import problems
from layers.errors import CityError


def full() -> Plan:
    """A plan in which everything is named somewhere."""
    route = Element("route", ((0.0, 0.0), (1.0, 1.0)), unit="u1")
    step = Step(
        "s1", "Go", role="r1", phase="p1", objectives=("o1", "o2"), units=(Commitment("u1"),),
        elements=(route, Element("message", text="Go")),
    )  # fmt: skip
    return Plan(
        1, "Full",
        objectives=(Objective("o1", "Fast"), Objective("o2", "Safe")),
        phases=(Phase("p1", "Alarm"),),
        roles=(Role("r1", "Commander"), Role("r2", "Crew")),
        units=(Unit("u1", "Engine", "r1"),),
        steps=(step,),
        injects=(Inject("i1", "Wind", role="r1", elements=(route,)),),
    )  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
def test_what_goes_is_named_nowhere_any_more(part: Part) -> None:
    plan = full()
    for item in items_of(plan, part):
        plan = without_item(plan, part, item.id)
    assert items_of(plan, part) == ()
    keys = {problem.key for problem in problems(plan)}
    assert not {key for key in keys if key.startswith("unknown")}
    assert plan.steps[0].title == "Go"


def test_a_unit_that_goes_takes_its_routes_along_but_no_messages() -> None:
    plan = without_item(full(), "units", "u1")
    assert [element.kind for element in plan.steps[0].elements] == ["message"]
    assert plan.injects[0].elements == ()


def test_items_keep_their_place_when_they_change_and_move_within_the_list() -> None:
    plan = with_item(full(), "roles", Role("r1", "Chief"))
    assert [role.name for role in plan.roles] == ["Chief", "Crew"]
    assert [r.id for r in moved_item(plan, "roles", "r1", 9).roles] == ["r2", "r1"]
    assert moved_item(plan, "roles", "r1", -3) == plan
    assert [r.id for r in with_item(plan, "roles", Role("r9", "New")).roles] == ["r1", "r2", "r9"]


def test_users_are_the_steps_that_name_an_item() -> None:
    assert [step.id for step in users_of(full(), "roles", "r1")] == ["s1"]
    assert users_of(full(), "roles", "r2") == []


def test_what_is_not_there_is_told() -> None:
    with pytest.raises(CityError, match="nothing called 'x'"):
        without_item(full(), "units", "x")

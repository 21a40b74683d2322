"""Templates that can be played at once, differences between plans, and plans that are found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from layers.drills.differences import differences
from layers.drills.plan import Plan, Start, places_of
from layers.drills.problems import problems
from layers.drills.searching import Wanted, found
from layers.drills.templates import HEADINGS, plan_from, templates
from layers.errors import CityError
from tests.layers.drills.plans import plans, small_plan


@pytest.mark.parametrize("chinese", [True, False])
@pytest.mark.parametrize("key", [template.key for template in templates()])
def test_a_template_gives_a_plan_that_is_sound(key: str, chinese: bool) -> None:
    plan = plan_from(key, (500_000.0, 2_500_000.0), chinese=chinese)
    assert problems(plan) == []
    assert len(plan.roles) >= 5
    assert len(plan.phases) == 4
    assert len(plan.steps) >= 12
    assert list(plan.headings) == [name for name, *_ in HEADINGS]
    texts = "".join([plan.name, *(s.title + s.words + s.response for s in plan.steps)])
    assert any("\u4e00" <= sign <= "\u9fff" for sign in texts) == chinese
    assert {step.phase for step in plan.steps} == {phase.id for phase in plan.phases}
    other = plan_from(key, (500_010.0, 2_500_000.0), chinese=chinese)
    for name, coords in places_of(plan).items():
        for one, moved in zip(coords, places_of(other)[name], strict=True):
            assert moved[0] - one[0] == pytest.approx(10.0, abs=0.02)


def test_there_are_five_templates_and_no_sixth() -> None:
    assert len(templates()) == 5
    with pytest.raises(CityError, match="no template") as wrong:
        plan_from("asteroid", (0.0, 0.0))
    assert "gas-leak" in (wrong.value.hint or "")


@settings(max_examples=40, deadline=None)
@given(plans(), plans())
def test_a_plan_does_not_differ_from_itself_and_the_way_back_is_the_mirror(
    one: Plan, other: Plan
) -> None:
    assert differences(one, replace(one, id=9, version=4)) == []
    ahead, back = differences(one, other), differences(other, one)
    turn = {"added": "removed", "removed": "added", "changed": "changed", "moved": "moved"}
    assert sorted((d.part, turn[d.how], d.id, d.field) for d in ahead) == sorted(
        (d.part, d.how, d.id, d.field) for d in back
    )


def test_a_step_that_begins_later_moves_those_that_hang_on_it() -> None:
    plan = small_plan()
    later = plan.with_step(replace(plan.step("s1"), start=Start("at", 100.0), words="Gas!"))
    told = {(d.how, d.id, d.field): (d.before, d.after) for d in differences(plan, later)}
    assert told["moved", "s1", "begins_s"] == (60.0, 100.0)
    assert told["moved", "s4", "begins_s"] == (870.0, 910.0)
    assert told["changed", "s1", "words"] == ("Gas at the station!", "Gas!")
    gone = differences(plan, plan.without_steps(["s4"]))
    assert [(d.how, d.id, d.name) for d in gone] == [("removed", "s4", "All clear")]


def test_plans_are_found_by_words_type_grade_place_and_date() -> None:
    gas = small_plan()
    fire = replace(plan_from("high-rise-fire", (9_000.0, 0.0)), begins="2025-03-01T09:00:00+08:00")
    kept = (gas, fire)
    assert found(kept, Wanted()) == [gas, fire]
    assert found(kept, Wanted("燃气")) == [gas]
    assert found(kept, Wanted("keep CORDON")) == [gas]
    assert found(kept, Wanted("ＫＥＥＰ")) == [gas]
    assert found(kept, Wanted("云梯 消防")) == [fire]
    assert found(kept, Wanted("云梯 燃气")) == []
    assert found(kept, Wanted(type="fire", grade="III")) == [fire]
    assert found(kept, Wanted(since="2026-01-01")) == [gas]
    assert found(kept, Wanted(until="2025-12-31")) == [fire]
    ring = ((8_900.0, -100.0), (9_100.0, -100.0), (9_100.0, 100.0), (8_900.0, 100.0))
    assert found(kept, Wanted(region=ring)) == [fire]

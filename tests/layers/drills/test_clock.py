"""Steps stand where they hang; circles and lost ends are told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.drills.clock import timetable
from layers.drills.plan import Plan, Start, Step
from layers.drills.problems import problems
from tests.layers.drills.plans import plans, small_plan


def test_steps_begin_after_and_with_others() -> None:
    table = timetable(small_plan())
    assert table.begins == {"s1": 60.0, "s2": 240.0, "s3": 270.0, "s4": 870.0}
    assert table.ends["s3"] == 870.0
    assert table.seconds == 870.0
    assert table.running(300.0) == ["s2", "s3"]
    assert table.next(300.0) == ["s4"]


@given(plans(), st.floats(0.0, 5000.0))
def test_shifting_the_plan_shifts_every_step(plan: Plan, seconds: float) -> None:
    before, after = timetable(plan), timetable(plan.shifted(seconds))
    for step in plan.steps:
        assert after.begins[step.id] == pytest.approx(before.begins[step.id] + seconds)


def test_a_circle_is_found_and_the_rest_still_stands() -> None:
    plan = small_plan()
    plan = plan.with_step(replace(plan.step("s1"), start=Start("after", 0.0, "s3")))
    table = timetable(plan)
    assert sorted(table.circles[0]) == ["s1", "s2", "s3"]
    assert table.begins["s4"] == table.ends["s3"]
    assert [p.key for p in problems(plan) if p.grave] == ["circle"]


def test_a_step_on_itself_and_one_on_nothing() -> None:
    plan = Plan(0, "x", steps=(
        Step("a", "A", Start("after", 5.0, "a")), Step("b", "B", Start("after", 7.0, "gone")),
    ))  # fmt: skip
    table = timetable(plan)
    assert table.circles == (("a",),)
    assert table.lost == ("b",)
    assert table.begins == {"a": 5.0, "b": 7.0}


def test_long_chains_are_followed() -> None:
    steps = [Step("s0", "", Start("at", 1.0), 1.0)]
    steps += [Step(f"s{i}", "", Start("after", 1.0, f"s{i - 1}"), 1.0) for i in range(1, 5000)]
    table = timetable(Plan(0, "x", steps=tuple(reversed(steps))))
    assert table.begins["s4999"] == 1.0 + 2.0 * 4999

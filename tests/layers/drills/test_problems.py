"""A wrong plan is explained, one sentence a fault."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from layers.drills.plan import Commitment, Element, Plan, Start, Step
from layers.drills.problems import Problem, problems
from tests.layers.drills.plans import plans, small_plan


def keys(found: list[Problem]) -> list[str]:
    return [problem.key for problem in found]


def test_a_sound_plan_has_none() -> None:
    assert problems(small_plan(), extent=(-500.0, -500.0, 500.0, 500.0)) == []


def test_unknown_people_and_things_are_named() -> None:
    plan = small_plan()
    step = replace(plan.step("s2"), role="r9", units=(Commitment("u9"),), phase="p9")
    found = problems(plan.with_step(step))
    assert keys(found) == ["unknown_unit", "unknown_role", "unknown_phase"]
    assert found[0].facts == {"step": "Engine arrives", "unit": "u9"}


def test_one_engine_cannot_be_in_two_places() -> None:
    plan = small_plan()
    second = replace(
        plan.step("s2"), id="s5", title="Engine elsewhere", place=(900.0, 0.0),
        start=Start("with", 60.0, "s2"),
    )  # fmt: skip
    (found,) = problems(plan.with_step(second))
    assert found.key == "two_places"
    assert found.facts["second"] == 300.0
    (found,) = problems(replace(plan.with_step(replace(second, place=plan.step("s2").place))))
    assert found.key == "too_few"
    two = replace(plan.units[0], count=2)
    assert problems(replace(plan.with_step(second), units=(two,))) == []


def test_engines_that_come_late_are_told() -> None:
    def travel(_unit: str, start: tuple[float, float], goal: tuple[float, float]) -> float:
        return 300.0 if goal == (150.0, 0.0) and start == (0.0, 0.0) else 0.0

    (found,) = problems(small_plan(), travel=travel)
    assert found.key == "late"
    assert found.facts["late_s"] == 60  # it may leave at 0 and is needed at 240
    (found,) = problems(small_plan(), travel=lambda *_: None)
    assert found.key == "no_way"


def test_places_outside_the_city_are_told() -> None:
    found = problems(small_plan(), extent=(-810.0, -10.0, -680.0, 120.0))
    assert set(keys(found)) == {"outside_city"}
    assert not any(problem.grave for problem in found)
    far = problems(small_plan(), extent=(-90_000.0, 0.0, -80_000.0, 10.0))
    assert all(problem.grave for problem in far)


@given(plans())
def test_looking_for_faults_never_fails(plan: Plan) -> None:
    problems(plan, extent=(0.0, 0.0, 1.0, 1.0), travel=lambda *_: 1.0)


def test_shots_of_views_that_are_gone_are_named() -> None:
    shot = Step("s1", "Look", elements=(Element("camera", text="Square"),))
    made = Plan(1, "Gas", steps=(shot,))
    assert [p.facts["view"] for p in problems(made, views=()) if p.key == "unknown_view"] == [
        "Square"
    ]
    assert "unknown_view" not in [p.key for p in problems(made, views={"Square"})]
    assert "unknown_view" not in [p.key for p in problems(made)]

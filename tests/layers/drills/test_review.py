"""Delays of exercises by step and role; plans found by words."""

from __future__ import annotations

from dataclasses import replace

from layers.drills.log import Entry, Exercise
from layers.drills.plan import Plan, Role, Start, Step
from layers.drills.review import delays, delays_by_role
from layers.drills.searching import Wanted, found

STEPS = (
    Step("a", "报警", Start("at", 0.0), 60.0, role="r1"),
    Step("b", "Set out", Start("after", 0.0, "a"), 120.0, role="r2"),
    Step("c", "Report", Start("after", 0.0, "b"), 30.0, role="r1"),
)
ROLES = (Role("r1", "指挥"), Role("r2", "Crew"))
PLAN = Plan(1, "地铁站燃气泄漏", type="gas-leak", grade="II", roles=ROLES, steps=STEPS)


def run_of(*acts: tuple[float, str, str]) -> Exercise:
    """An exercise with these acts: second, act, step."""
    entries = [Entry(n + 1, "", s, "", act, about) for n, (s, act, about) in enumerate(acts)]
    return Exercise(1, 1, 1, "Run", tuple(entries))


def test_delays_are_actual_less_planned() -> None:
    run = run_of((20.0, "step-began", "a"), (100.0, "step-ended", "a"), (90.0, "step-began", "b"))
    a, b, c = delays(PLAN, run)
    assert (a.late_s, a.longer_s) == (20.0, 20.0)
    assert (b.late_s, b.longer_s) == (30.0, None)
    assert (c.late_s, c.actual_s) == (None, None)


def test_roles_with_the_longest_delay_come_first() -> None:
    run = run_of((20.0, "step-began", "a"), (90.0, "step-began", "b"))
    rows = delays_by_role(delays(PLAN, run))
    assert [(row.role, row.done, row.steps, row.mean_s) for row in rows] == [
        ("r2", 1, 1, 30.0), ("r1", 1, 2, 20.0),
    ]  # fmt: skip


def test_plans_are_found_by_all_words_type_and_grade() -> None:
    other = replace(PLAN, id=2, name="Flood", type="flood", archived=True)
    assert found([PLAN, other], Wanted("燃气 set", archived=False)) == [PLAN]
    assert found([PLAN, other], Wanted("燃气 nothing", archived=False)) == []
    assert found([PLAN, other], Wanted("报警", archived=False)) == [PLAN]
    assert found([PLAN, other], Wanted(type="flood")) == [other]
    assert found([PLAN, other], Wanted(grade="I", archived=False)) == []

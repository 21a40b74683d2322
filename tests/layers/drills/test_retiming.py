"""Steps moved and hung in time take along what hangs on them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.drills.clock import timetable
from layers.drills.plan import Plan, Start, Step
from layers.drills.retiming import hung, moved, node_after, node_before, nodes, snapped, stretched
from layers.errors import CityError


def chain() -> Plan:
    """A step, one after it, one with that, and one of its own."""
    steps = (
        Step("a", "Alarm", Start("at", 100.0), 60.0),
        Step("b", "Set out", Start("after", 30.0, "a"), 120.0),
        Step("c", "Report", Start("with", 10.0, "b"), 20.0),
        Step("d", "Press", Start("at", 500.0), 60.0),
    )
    return Plan(1, "Chain", steps=steps)


@given(st.floats(0.0, 5_000.0))
def test_what_hangs_on_a_step_moves_with_it_and_nothing_else_does(second: float) -> None:
    before, after = timetable(chain()).begins, timetable(moved(chain(), "a", second)).begins
    later = second - before["a"]
    assert after["a"] == pytest.approx(second)
    assert after["b"] - before["b"] == pytest.approx(later)
    assert after["c"] - before["c"] == pytest.approx(later)
    assert after["d"] == before["d"]


def test_a_step_that_hangs_keeps_hanging_when_it_is_moved() -> None:
    made = moved(chain(), "b", 300.0)
    assert made.step("b").start == Start("after", 140.0, "a")
    assert timetable(made).begins["b"] == 300.0


def test_nothing_begins_before_the_plan() -> None:
    assert timetable(moved(chain(), "d", -50.0)).begins["d"] == 0.0


def test_a_longer_step_lets_those_after_it_wait() -> None:
    assert timetable(stretched(chain(), "a", 90.0)).begins["b"] == 220.0
    assert stretched(chain(), "a", -5.0).step("a").seconds == 0.0


def test_hanging_a_step_does_not_move_it() -> None:
    made = hung(chain(), "d", "b")
    assert timetable(made).begins["d"] == 500.0
    assert made.step("d").start == Start("after", 190.0, "b")


def test_steps_do_not_wait_for_each_other() -> None:
    with pytest.raises(CityError) as error:
        hung(chain(), "a", "c")
    assert error.value.code == "drill.waits_for_itself"


def test_marks_catch_before_the_grid_does() -> None:
    assert snapped(58.0, [57.0], 10.0, 3.0) == 57.0
    assert snapped(58.0, [], 10.0, 3.0) == 60.0


def test_nodes_are_beginnings_and_ends() -> None:
    table = timetable(chain())
    assert nodes(table)[:4] == [0.0, 100.0, 160.0, 190.0]
    assert node_after(table, 100.0) == 160.0
    assert node_before(table, 100.0) == 0.0
    assert node_after(table, 1e6) == 560.0

"""Who goes another way because streets are closed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.drills.detours import detour_marks, detours
from layers.drills.plan import Commitment, Plan, Start, Step, Unit
from layers.drills.rehearsal import Closure, Rehearsal, Way, rehearsal

SHUT = ((490.0, -10.0), (510.0, -10.0), (510.0, 10.0), (490.0, 10.0))


def plan(kind: str = "vehicle") -> Plan:
    """An engine goes a kilometre along a street; it is needed at second 300."""
    step = Step("s1", "Help", Start("at", 300.0), 60.0, place=(1000.0, 0.0),
                units=(Commitment("u1"),))  # fmt: skip
    return Plan(0, "Way", steps=(step,), units=(Unit("u1", "Engine", kind=kind, place=(0.0, 0.0)),))


def ways(closed: tuple[Closure, ...], around: bool = True):  # type: ignore[no-untyped-def]
    """Ten metres a second along the street, or around it where it is closed ahead."""

    def way(unit: str, start: tuple[float, float], goal: tuple[float, float], leaves: float) -> Way:
        shut = any(c.second <= leaves < c.until for c in closed) and start[0] < 490.0
        if shut and not around:
            return None  # type: ignore[return-value]
        corners = [start, (start[0], 100.0), (1000.0, 100.0), goal] if shut else [start, goal]
        line = np.array(corners)
        return line, float(np.hypot(*np.diff(line, axis=0).T).sum()) / 10.0

    return way


def played(closed: tuple[Closure, ...], around: bool = True, kind: str = "vehicle") -> Rehearsal:
    return rehearsal(plan(kind), ways(closed, around), closed=closed)


def test_who_is_on_the_way_turns_off_at_the_second_of_the_closure() -> None:
    closed = (Closure(220.0, SHUT),)  # it set out at 200 and has gone 200 m
    (one,) = detours(played(()), played(closed), closed)
    assert (one.unit, one.step, one.second, one.stuck) == ("u1", "s1", 220.0, False)
    assert one.before == pytest.approx(300.0)
    assert one.after == pytest.approx(320.0)  # 200 m more
    assert one.later == pytest.approx(20.0)
    assert one.needed == 300.0
    assert one.way[0] == pytest.approx((200.0, 0.0))
    assert one.way[-1] == pytest.approx((1000.0, 0.0))
    (mark,) = detour_marks((one,))
    assert (mark.second, mark.until, mark.element.coords) == (220.0, one.after, one.way)


def test_who_knows_before_setting_out_comes_in_time() -> None:
    closed = (Closure(0.0, SHUT),)
    (one,) = detours(played(()), played(closed), closed)
    assert one.after == pytest.approx(300.0)
    assert one.second == 0.0


def test_a_closure_behind_changes_nothing() -> None:
    closed = (Closure(280.0, SHUT),)
    assert detours(played(()), played(closed), closed) == ()


def test_who_finds_no_way_around_is_told() -> None:
    closed = (Closure(220.0, SHUT),)
    (one,) = detours(played(()), played(closed, around=False), closed)
    assert one.stuck
    assert detour_marks((one,)) == ()


def test_who_flies_is_never_stuck() -> None:
    closed = (Closure(220.0, SHUT),)
    free, shut = played((), kind="drone"), played(closed, around=False, kind="drone")
    assert detours(free, shut, closed) == ()


def test_what_is_open_again_before_somebody_comes_stops_nobody() -> None:
    closed = (Closure(100.0, SHUT, until=150.0),)
    assert detours(played(()), played(closed, around=False), closed) == ()


@settings(max_examples=40, deadline=None)
@given(second=st.floats(0.0, 400.0), until=st.floats(0.0, 400.0))
def test_nobody_comes_earlier_because_a_street_is_closed(second: float, until: float) -> None:
    closed = (Closure(second, SHUT, until if until > second else math.inf),)
    for one in detours(played(()), played(closed), closed):
        assert one.after >= one.before - 1e-6

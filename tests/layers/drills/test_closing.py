"""Closed ways lead units around; what closes elsewhere or later changes nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.drills.plan import Place
from layers.drills.rehearsal import Closure, Rehearsal, Way, Ways, rehearsal
from tests.layers.drills.plans import small_plan

RING = ((70.0, -10.0), (90.0, -10.0), (90.0, 10.0), (70.0, 10.0))


def ways_with(closed: tuple[Closure, ...]) -> Ways:
    """Straight on at 10 m/s; around by the north once something is closed."""

    def ways(_unit: str, start: Place, goal: Place, leaves: float) -> Way:
        if any(one.second <= leaves < one.until for one in closed):
            corners = np.array([start, (start[0], 100.0), (goal[0], 100.0), goal])
        else:
            corners = np.array([start, goal], dtype=float)
        return corners, float(np.hypot(*np.diff(corners, axis=0).T).sum()) / 10.0

    return ways


def played(*closed: Closure) -> Rehearsal:
    """The small plan, its unit needed at second 240, 150 m away."""
    return rehearsal(small_plan(), ways_with(closed), closed=closed)


def test_who_sets_out_later_goes_around() -> None:
    course = played(Closure(10.0, RING)).courses["u1"]
    assert course.places[:, 1].max() == 100.0


def test_who_is_on_the_way_turns_off_where_it_is() -> None:
    course = played(Closure(230.0, RING)).courses["u1"]
    assert course.at(230.0)[0] == pytest.approx((50.0, 0.0))  # set out at 225
    assert course.at(235.0)[0] == pytest.approx((50.0, 50.0))
    assert course.legs[0][1] == pytest.approx(230.0 + 30.0)


def test_what_closes_too_late_or_elsewhere_changes_nothing() -> None:
    free = played().courses["u1"]
    away = tuple((x + 5_000.0, y) for x, y in RING)
    for closed in (Closure(241.0, RING), Closure(230.0, away), Closure(238.0, RING)):
        course = played(closed).courses["u1"]
        for second in np.linspace(0.0, 400.0, 41):
            assert course.at(second)[0] == pytest.approx(free.at(second)[0])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.0, 400.0), max_size=4), st.floats(0.0, 400.0))
def test_closing_nothing_that_is_driven_changes_nothing(closed: list[float], second: float) -> None:
    away = tuple((x, y + 5_000.0) for x, y in RING)
    free = rehearsal(small_plan(), straight)
    same = rehearsal(small_plan(), straight, closed=[Closure(at, away) for at in sorted(closed)])
    assert same.at(second) == free.at(second)
    assert rehearsal(small_plan(), straight, closed=()).at(second) == free.at(second)


def test_who_sets_out_after_a_way_is_open_again_goes_straight() -> None:
    course = played(Closure(10.0, RING, until=200.0)).courses["u1"]
    assert course.places[:, 1].max() == 0.0


def straight(_unit: str, start: Place, goal: Place, leaves: float) -> Way:
    """Straight on at 10 m/s, whatever is closed."""
    del leaves
    corners = np.array([start, goal], dtype=float)
    return corners, float(np.hypot(*np.diff(corners, axis=0).T).sum()) / 10.0

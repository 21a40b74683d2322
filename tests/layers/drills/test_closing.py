"""Closed ways lead units around; what closes elsewhere or later changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

from layers.drills.plan import Place
from layers.drills.rehearsal import Closure, Rehearsal, Way, Ways, rehearsal
from tests.layers.drills.plans import small_plan

RING = ((70.0, -10.0), (90.0, -10.0), (90.0, 10.0), (70.0, 10.0))


def ways_with(closed: tuple[Closure, ...]) -> Ways:
    """Straight on at 10 m/s; around by the north once something is closed."""

    def ways(_unit: str, start: Place, goal: Place, leaves: float) -> Way:
        if any(one.second <= leaves for one in closed):
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

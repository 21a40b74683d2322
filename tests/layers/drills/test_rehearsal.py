"""The same second shows the same scene, however one came to it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.drills.plan import Element, Place, Plan
from layers.drills.rehearsal import Way, rehearsal
from tests.layers.drills.plans import plans, small_plan


def test_a_unit_arrives_when_it_is_needed() -> None:
    played = rehearsal(small_plan())
    course = played.courses["u1"]
    assert course.at(0.0) == ((0.0, 0.0), None)
    place, heading = course.at(240.0 - 7.5)  # 150 m at 36 km/h: fifteen seconds
    assert place == pytest.approx((75.0, 0.0))
    assert heading == pytest.approx(np.pi / 2)
    assert course.at(240.0)[0] == pytest.approx((150.0, 0.0))
    assert course.at(9999.0)[0] == pytest.approx((150.0, 0.0))


def test_a_unit_knows_how_far_it_has_gone() -> None:
    course = rehearsal(small_plan()).courses["u1"]
    assert course.gone(0.0) == 0.0
    assert course.gone(240.0 - 7.5) == pytest.approx(75.0)
    assert course.gone(9999.0) == pytest.approx(150.0)
    assert rehearsal(small_plan()).at(240.0 - 7.5).units[0].gone == pytest.approx(75.0)


def test_ways_that_are_found_are_driven() -> None:
    def ways(_unit: str, start: Place, goal: Place, _leaves: float) -> Way:
        return np.array([start, (0.0, 80.0), goal]), 100.0

    played = rehearsal(small_plan(), ways)
    unit = played.at(140.0 + 100.0 * 80.0 / 250.0).units[0]
    assert unit.place == pytest.approx((0.0, 80.0))
    assert unit.state == "committed"
    assert played.at(100.0).units[0].state == "ready"


def test_a_drawn_route_is_followed_while_its_step_lasts() -> None:
    plan = small_plan()
    route = Element("route", ((0.0, 100.0), (150.0, 100.0)), unit="u1")
    plan = plan.with_step(replace(plan.step("s2"), place=None, elements=(route,)))
    played = rehearsal(plan)
    assert played.at(240.0).units[0].place == pytest.approx((0.0, 0.0))
    assert played.at(540.0).units[0].place == pytest.approx((150.0, 100.0))


def test_zones_grow_messages_come_and_cameras_stay() -> None:
    played = rehearsal(small_plan())
    now = played.at(270.0)
    assert now.messages == ("Keep out",)
    zone = now.shown[0].element
    assert np.ptp(np.array(zone.coords), axis=0) == pytest.approx((50.0, 50.0))
    later = played.at(869.99).shown[0].element
    assert np.ptp(np.array(later.coords), axis=0) == pytest.approx((100.0, 100.0), abs=0.01)
    assert played.at(870.0).shown == ()
    assert played.at(870.0).camera == "Station"


def test_an_inject_shows_from_when_it_is_given() -> None:
    played = rehearsal(small_plan(), fired={"i1": 100.0})
    assert played.at(99.0).shown == ()
    assert played.at(100.0).shown[0].element.symbol == "A20100"


@settings(max_examples=40)
@given(plans(), st.lists(st.floats(0.0, 6000.0), min_size=1, max_size=5))
def test_two_plays_are_equal_at_every_second(plan: Plan, seconds: list[float]) -> None:
    one, other = rehearsal(plan), rehearsal(plan)
    forwards = [one.at(second) for second in seconds]
    backwards = [other.at(second) for second in reversed(seconds)]
    assert forwards == list(reversed(backwards))


@settings(max_examples=40, deadline=None)
@given(plans(), st.integers(0, 20_000), st.lists(st.floats(0.0, 5_000.0), min_size=1, max_size=5))
def test_what_is_seen_of_a_shifted_plan_is_seen_as_much_later(
    plan: Plan, later: int, seconds: list[float]
) -> None:
    plain, shifted = rehearsal(plan), rehearsal(plan.shifted(float(later)))
    if plain.table.early or shifted.table.early:
        return  # what would begin before the plan does is held at its beginning
    for second in (round(one) for one in seconds):
        before, after = plain.at(float(second)), shifted.at(float(second + later))
        assert after.running == before.running
        assert after.next == before.next
        assert [begin - later for begin in after.begins] == pytest.approx(list(before.begins))
        assert [(s.about, s.number) for s in after.shown] == [
            (s.about, s.number) for s in before.shown
        ]
        assert (after.messages, after.camera) == (before.messages, before.camera)

"""The eye of a rehearsal glides from view to view; the same second looks from the same place."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.drills.clock import timetable
from layers.drills.plan import GLIDE, Element, Plan, Start, Step
from layers.drills.shots import Camera, Shot, shots_of
from layers.viewpoint import View, Viewpoint

HOME = View("", Viewpoint(0.0, -500.0, 300.0, 0.0, -0.5, 600.0))
GATE = View("Gate", Viewpoint(100.0, 0.0, 50.0, 1.0, -0.3, 80.0), hidden=("trees",))
YARD = View("Yard", Viewpoint(-200.0, 300.0, 80.0, 5.0, -0.6, 120.0), moment="2026-05-20T09:30")


def plan(*shots: tuple[float, str, float]) -> Plan:
    steps = tuple(
        Step(f"s{at}", "Shot", Start("at", second), 30.0,
             elements=(Element("camera", text=name, glide=glide),))
        for at, (second, name, glide) in enumerate(shots)
    )  # fmt: skip
    return Plan(0, "Test", steps=steps)


def camera(*shots: tuple[float, str, float]) -> Camera:
    made = plan(*shots)
    views = {"Gate": GATE, "Yard": YARD}
    return Camera(HOME, shots_of(made, timetable(made)), views)


def test_the_eye_glides_smoothly_from_one_view_to_the_next() -> None:
    eye = camera((100.0, "Gate", 40.0))
    assert eye.at(99.9) == HOME
    assert eye.at(140.0) == eye.at(500.0) == GATE
    away = [math.dist(eye.at(100.0 + s).camera.target, GATE.camera.target) for s in range(41)]
    steps = [one - other for one, other in pairwise(away)]
    assert all(step > -1e-9 for step in steps)
    assert steps[0] < steps[20] > steps[-1]  # it gathers speed and loses it
    assert eye.at(110.0).hidden is None
    assert eye.at(130.0).hidden == ("trees",)  # layers change half-way


def test_a_glide_of_no_seconds_jumps_and_one_at_the_beginning_is_there() -> None:
    assert camera((100.0, "Gate", 0.0)).at(100.0) == GATE
    assert camera((0.0, "Gate", 60.0)).at(0.0) == GATE


def test_a_glide_is_over_when_the_next_shot_begins() -> None:
    eye = camera((100.0, "Gate", 60.0), (110.0, "Yard", 60.0))
    before, after = eye.at(110.0 - 1e-6).camera, eye.at(110.0).camera
    assert math.dist(before.target, after.target) < 1e-3
    assert math.dist(after.target, GATE.camera.target) < 1e-6


def test_views_that_are_not_there_are_passed_over_and_the_last_of_a_second_counts() -> None:
    assert camera((100.0, "Gone", 10.0)).at(500.0) == HOME
    both = camera((100.0, "Gate", 10.0), (100.0, "Yard", 10.0))
    assert both.at(110.0) == YARD
    assert Element("camera").glide == GLIDE


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.0, 600.0), st.sampled_from(["Gate", "Yard"]),
                       st.floats(0.0, 90.0)), max_size=5),
    st.lists(st.floats(0.0, 700.0), min_size=1, max_size=8),
)  # fmt: skip
def test_the_way_to_a_second_does_not_matter(
    shots: list[tuple[float, str, float]], seconds: list[float]
) -> None:
    eye = camera(*shots)
    forth = [eye.at(second) for second in seconds]
    assert [eye.at(second) for second in reversed(seconds)] == forth[::-1]


def test_the_eye_never_leaps_where_it_glides() -> None:
    eye = camera((60.0, "Gate", 60.0), (90.0, "Yard", 20.0), (200.0, "Gate", 5.0))
    targets = [eye.at(0.05 * at).camera.target for at in range(5000)]
    assert max(math.dist(a, b) for a, b in pairwise(targets)) < 15.0


def test_shots_come_in_the_order_of_time() -> None:
    made = plan((200.0, "Yard", 5.0), (100.0, "Gate", 5.0))
    found = shots_of(made, timetable(made))
    assert [shot.view for shot in found] == ["Gate", "Yard"]
    assert found[0].second == pytest.approx(100.0)


def test_a_gliding_eye_rises_over_what_stands_in_its_way_and_comes_down_again() -> None:
    start = Viewpoint.looking_at((0.0, 200.0, 0.0), 300.0, 0.0, -0.4)
    end = Viewpoint.looking_at((600.0, 200.0, 0.0), 300.0, 0.0, -0.4)
    views = {"A": View("A", start), "B": View("B", end)}
    shots = (Shot(0.0, "A", 0.0), Shot(100.0, "B", 60.0))

    def roofs(places: np.ndarray) -> np.ndarray:
        beside = np.abs(places[:, 0] - 300.0) < 60.0  # a tower half-way
        return np.where(beside, 250.0, -np.inf)

    low, over = (Camera(views["A"], shots, views, one) for one in (None, roofs))
    seconds = np.arange(98.0, 164.0, 0.25)
    plain = [low.at(float(second)).camera for second in seconds]
    risen = [over.at(float(second)).camera for second in seconds]
    heights = np.array([eye.height for eye in risen])
    assert min(eye.height for eye in plain) < 250.0
    for eye in risen:
        if abs(eye.east - 300.0) < 60.0:
            assert eye.height > 250.0
    assert np.abs(np.diff(heights)).max() < 6.0  # it jumps nowhere
    assert risen[0] == plain[0] == start
    assert risen[-1] == plain[-1] == end
    for eye, other in zip(risen, plain, strict=True):
        assert eye.target == pytest.approx(other.target, abs=1e-3)  # it looks where it would
    back = Camera(views["A"], shots, views, roofs)
    again = [back.at(float(second)).camera for second in reversed(seconds)]
    assert again == list(reversed(risen))

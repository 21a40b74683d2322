"""Cameras in a planner's terms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import CityError
from layers.viewpoint import View, Viewpoint

angles = st.floats(-math.pi, math.pi)
pitches = st.floats(-math.pi / 2, math.pi / 2)


@given(angles, pitches, st.floats(1, 1e5))
def test_the_eye_is_as_far_as_it_says_and_sees_its_target(
    heading: float, pitch: float, distance: float
) -> None:
    eye = Viewpoint.looking_at((500_000.0, 4_000_000.0, 30.0), distance, heading, pitch)
    assert math.dist((eye.east, eye.north, eye.height), eye.target) == pytest.approx(distance)
    assert eye.target == pytest.approx((500_000.0, 4_000_000.0, 30.0), abs=1e-6)
    assert np.dot(eye.direction, eye.up) == pytest.approx(0.0, abs=1e-12)


def test_north_is_ahead_and_east_is_to_the_right() -> None:
    eye = Viewpoint(0.0, 0.0, 10.0, heading=0.0, pitch=0.0)
    assert eye.direction == pytest.approx((0.0, 1.0, 0.0))
    assert np.cross(eye.direction, eye.up) == pytest.approx((1.0, 0.0, 0.0))
    east = Viewpoint(0.0, 0.0, 10.0, heading=math.pi / 2, pitch=0.0)
    assert east.direction == pytest.approx((1.0, 0.0, 0.0))


@given(
    st.floats(1, 20_000), st.floats(1, 20_000), st.floats(0, 500), angles,
    st.floats(-math.pi / 2, -0.05), st.sampled_from(["perspective", "parallel"]),
)  # fmt: skip
@settings(max_examples=80)
def test_a_view_over_a_box_shows_all_of_it(
    width: float, depth: float, top: float, heading: float, pitch: float, projection: str
) -> None:
    eye = Viewpoint.over(
        (0.0, 0.0, width, depth), 0.0, top, heading=heading, pitch=pitch, aspect=1.5,
        projection="parallel" if projection == "parallel" else "perspective",
    )  # fmt: skip
    look, up = np.array(eye.direction), np.array(eye.up)
    right = np.cross(look, up)
    half = math.tan(eye.fov / 2)
    for x in (0.0, width):
        for y in (0.0, depth):
            for z in (0.0, top):
                way = np.array([x - eye.east, y - eye.north, z - eye.height])
                ahead = eye.distance if projection == "parallel" else float(way @ look)
                assert ahead > 0
                assert abs(way @ up) <= ahead * half * 1.001
                assert abs(way @ right) <= ahead * half * 1.5 * 1.001


def test_a_view_goes_through_plain_values_unchanged() -> None:
    view = View("外滩", Viewpoint(1.0, 2.0, 3.0, 0.1, -0.2, 400.0), ("a", "b"), "2026-01-20T09:00")
    assert View.from_json(view.to_json()) == view


@pytest.mark.parametrize("wrong", [{"distance": 0.0}, {"height": math.nan}, {"fov": 0.0}])
def test_impossible_cameras_are_refused(wrong: dict[str, float]) -> None:
    values: dict[str, float] = {"east": 0.0, "north": 0.0, "height": 1.0, **wrong}
    with pytest.raises(CityError):
        Viewpoint(**values)  # type: ignore[arg-type]

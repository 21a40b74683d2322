"""The light follows the sun: bright at noon, warm at dusk, dim but readable at night."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.frame import Frame
from scene.light import daylight, sun_over, toward

WUHAN = np.array([509_500.0, 3_379_200.0, 0.0])


@given(st.floats(0, 2 * math.pi), st.floats(-math.pi / 2, math.pi / 2))
def test_every_light_is_a_colour_and_comes_from_above(azimuth: float, elevation: float) -> None:
    light = daylight(azimuth, elevation)
    for colour in (light.zenith, light.horizon, light.glow, light.direct, light.fill, light.ground):
        assert all(0.0 <= part <= 1.0 for part in colour)
    assert np.linalg.norm(light.key) == pytest.approx(1.0)
    assert light.key[2] > 0.2
    assert light.sun[2] == pytest.approx(math.sin(elevation))
    assert 0.0 < light.sky_share < 1.0


def test_noon_is_brighter_than_dusk_and_dusk_than_night_but_night_can_be_read() -> None:
    noon, dusk, night = (daylight(3.0, math.radians(e)) for e in (60, 0, -30))
    levels = [sum(light.ground) / 3 for light in (noon, dusk, night)]
    assert levels[0] > levels[1] > levels[2] > 0.3
    assert dusk.horizon[0] > dusk.horizon[2] + 0.1  # warm
    assert night.zenith[2] > night.zenith[0]  # blue


def test_the_light_changes_without_jumps() -> None:
    steps = [daylight(1.0, math.radians(e)) for e in np.arange(-20.0, 89.0, 0.25)]
    horizon = np.array([light.horizon for light in steps])
    assert np.abs(np.diff(horizon, axis=0)).max() < 0.02


def test_directions_are_clockwise_from_north() -> None:
    assert toward(0.0, 0.0) == pytest.approx((0.0, 1.0, 0.0))
    assert toward(math.pi / 2, 0.0) == pytest.approx((1.0, 0.0, 0.0), abs=1e-12)
    assert toward(1.0, math.pi / 2)[2] == pytest.approx(1.0)


def test_the_sun_is_reckoned_from_grid_north() -> None:
    central, west = Frame("EPSG:4547"), Frame("EPSG:4546")
    there = west.from_lonlat(central.lonlat([WUHAN[:2]]))[0]
    here = sun_over(central, WUHAN, "2026-06-21T09:00")
    far = sun_over(west, np.array([*there, 0.0]), "2026-06-21T09:00")
    turn = west.convergence(*there) - central.convergence(*WUHAN[:2])
    assert abs(turn) > math.radians(1.0)
    assert here[1] == pytest.approx(far[1], abs=1e-6)
    assert here[0] - far[0] == pytest.approx(turn, abs=1e-6)


def test_without_a_place_the_sun_stands_in_the_south_west() -> None:
    assert sun_over(None, WUHAN, "2026-06-21T10:00") == pytest.approx(
        (math.radians(225), math.radians(45))
    )
    nowhere = sun_over(Frame("EPSG:4547"), np.array([1e12, 1e12, 0.0]), "2026-06-21T10:00")
    assert nowhere == sun_over(None, WUHAN, "2026-06-21T10:00")

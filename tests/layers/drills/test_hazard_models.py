"""Formulas of hazards against figures reckoned by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.drills.hazard_models import (
    STABILITIES,
    FireSpread,
    Plume,
    blast_radius,
    fire_times,
    flooded,
    grams_of_ppm,
    heat_radius,
    overpressure,
    spreads,
    tnt_of,
    water_ways,
)


def test_the_spreads_of_briggs_are_those_of_the_table() -> None:
    side, rise = spreads([1000.0], "F", "open")
    assert side[0] == pytest.approx(40.0 / math.sqrt(1.1))
    assert rise[0] == pytest.approx(16.0 / 1.3)
    side, rise = spreads([1000.0], "D", "urban")
    assert side[0] == pytest.approx(160.0 / math.sqrt(1.4))
    assert rise[0] == pytest.approx(140.0 / math.sqrt(1.3))


def test_the_plume_on_the_ground_below_its_middle_is_reckoned_by_hand() -> None:
    # Q 1000 g/s, u 2 m/s, D in open land, 1 km: sigma 76.28 and 37.95 m, leak and nose at 0 m.
    plume = Plume(1000.0, 2.0, "D", "open", 0.0)
    by_hand = 1000.0 / (math.pi * 2.0 * 76.277 * 37.947)
    assert plume.at([1000.0], [0.0], up=0.0)[0] == pytest.approx(by_hand, rel=1e-4)
    assert plume.at([1000.0], [76.277], up=0.0)[0] == pytest.approx(
        by_hand * math.exp(-0.5), rel=1e-4
    )
    assert plume.at([-5.0], [0.0])[0] == 0.0
    half = plume.at([1000.0], [0.0], up=0.0, seconds=500.0)[0]
    assert half == pytest.approx(by_hand / 2.0, rel=1e-4)  # the front has just come


@settings(max_examples=40)
@given(st.sampled_from(STABILITIES), st.sampled_from(["open", "urban"]), st.floats(0.5, 20.0))
def test_more_leak_and_less_wind_give_more_gas(stability: str, site: str, wind: float) -> None:
    x = np.geomspace(10.0, 10_000.0, 30)
    one = Plume(10.0, wind, stability, site).at(x, 0.0)
    assert (Plume(20.0, wind, stability, site).at(x, 0.0) >= one).all()
    assert (Plume(10.0, wind * 2.0, stability, site).at(x, 0.0) <= one).all()
    assert (np.diff(spreads(x, stability, site)[0]) > 0.0).all()


def test_parts_of_a_million_are_grams() -> None:
    assert grams_of_ppm(1.0, 24.45) == pytest.approx(0.001)


def test_heat_falls_with_the_square_of_the_distance() -> None:
    assert heat_radius(100.0, 0.3, 4.0) == pytest.approx(math.sqrt(30_000.0 / (16.0 * math.pi)))
    assert heat_radius(100.0, 0.3, 1.0) == pytest.approx(2.0 * heat_radius(100.0, 0.3, 4.0))


@settings(max_examples=30)
@given(st.floats(1.0, 1e6), st.floats(1.0, 500.0))
def test_a_blast_has_its_pressure_at_its_radius(tnt: float, kpa: float) -> None:
    assert float(overpressure(blast_radius(tnt, kpa), tnt)) == pytest.approx(kpa, rel=1e-6)


def test_a_blast_grows_with_the_cube_root() -> None:
    assert blast_radius(8000.0, 7.0) == pytest.approx(2.0 * blast_radius(1000.0, 7.0))
    assert tnt_of(1000.0, 45.2, 0.05) == pytest.approx(500.0)


def test_water_does_not_come_over_a_dike() -> None:
    ground = np.array([[0.0, 0.0, 5.0, 0.0], [0.0, 0.0, 5.0, 0.0], [0.0, 9.0, 5.0, 0.0]])
    wet = flooded(ground, (0, 0), 2.0)
    np.testing.assert_array_equal(
        wet, [[True, True, False, False], [True, True, False, False], [True, False, False, False]]
    )
    assert flooded(ground, (0, 0), 6.0)[2].tolist() == [True, False, True, True]
    assert not flooded(ground, (0, 2), 2.0).any()


def test_water_goes_around_what_is_dry() -> None:
    wet = np.ones((3, 3), dtype=bool)
    wet[:2, 1] = False
    ways = water_ways(wet, (0, 0), (10.0, 10.0))
    assert ways[2, 0] == pytest.approx(20.0)
    assert ways[0, 2] == pytest.approx(10.0 + 2.0 * math.hypot(10.0, 10.0) + 10.0)
    assert math.isinf(ways[0, 1])


def test_fire_jumps_farther_and_sooner_with_the_wind() -> None:
    rule = FireSpread(gap=6.0, minutes=20.0, wind=5.0, towards=90.0)
    away, bearing = np.array([8.0, 8.0, 2.0]), np.array([90.0, 270.0, 270.0])
    found = rule.jumps(away, bearing)
    assert found[0] == pytest.approx(20.0 / 1.5)
    assert math.isinf(found[1])
    assert found[2] == pytest.approx(40.0)
    when = fire_times([0], np.array([0, 1]), np.array([1, 2]), np.array([20.0, math.inf]), 3)
    assert when.tolist() == [0.0, 20.0, math.inf]

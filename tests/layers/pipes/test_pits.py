"""Soil of pits and trenches, against the formulas that quantity surveyors use."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from layers.errors import CityError
from layers.pipes.pits import dig_pit, dig_trench
from layers.shapes import Floats

BOX = [(0.0, 0.0), (10.0, 0.0), (10.0, 6.0), (0.0, 6.0)]
ELL = [(0.0, 0.0), (20.0, 0.0), (20.0, 10.0), (10.0, 10.0), (10.0, 20.0), (0.0, 20.0)]


def flat(at: Floats) -> Floats:
    return np.full(len(at), 20.0)


def tilted(at: Floats) -> Floats:
    return np.asarray(20.0 + 0.1 * at[:, 0])


def test_an_upright_pit_is_area_times_depth() -> None:
    dug = dig_pit(BOX, flat, depth=3.0)
    assert dug.volume == pytest.approx(180.0)
    assert (dug.bottom, dug.depth_mean, dug.depth_most) == pytest.approx((17.0, 3.0, 3.0))


@settings(max_examples=20, deadline=None)
@given(st.floats(1.0, 30.0), st.floats(1.0, 30.0), st.floats(0.3, 8.0), st.floats(0.05, 2.0))
def test_a_pit_with_slopes_follows_the_formula_of_foundation_pits(
    a: float, b: float, h: float, k: float
) -> None:
    dug = dig_pit([(0, 0), (a, 0), (a, b), (0, b)], flat, depth=h, slope=k)
    wanted = (a + k * h) * (b + k * h) * h + k**2 * h**3 / 3.0
    assert dug.volume == pytest.approx(wanted, rel=1e-9)
    assert dug.edge.area == pytest.approx((a + 2 * k * h) * (b + 2 * k * h), rel=1e-6)


def test_a_pit_round_a_corner_is_exact_too() -> None:
    dug = dig_pit(ELL, flat, depth=2.0, slope=0.5)
    floor = shapely.Polygon(ELL)
    wanted = quad(lambda z: floor.buffer(0.5 * z, join_style="mitre").area, 0.0, 2.0)[0]
    assert dug.volume == pytest.approx(wanted, rel=1e-9)


def test_the_way_round_of_the_corners_does_not_matter() -> None:
    one = dig_pit(ELL, flat, depth=2.0, slope=0.5)
    two = dig_pit(ELL[::-1], flat, depth=2.0, slope=0.5)
    assert one.volume == pytest.approx(two.volume)


def test_on_a_hillside_upright_soil_is_that_under_the_middle() -> None:
    assert dig_pit(BOX, tilted, level=17.0).volume == pytest.approx(60.0 * 3.5)
    assert dig_pit(BOX, tilted, depth=2.0).bottom == pytest.approx(18.0)


def test_on_a_hillside_slopes_end_where_they_meet_the_ground() -> None:
    dug = dig_pit(BOX, tilted, level=17.0, slope=1.0)
    # Below x = 0: 17 + d = 20 - 0.1 d; beyond x = 10: 17 + d = 21 + 0.1 d.
    assert dug.edge.bounds[0] == pytest.approx(-3.0 / 1.1, abs=1e-3)
    assert dug.edge.bounds[2] == pytest.approx(10.0 + 4.0 / 0.9, abs=1e-3)
    rng = np.random.default_rng(7)
    at = rng.uniform((-6, -8), (18, 14), (400_000, 2))
    rise = np.maximum(tilted(at) - dug.surface(at), 0.0)
    assert dug.volume == pytest.approx(float(rise.mean() * 24 * 22), rel=0.01)


def test_a_trench_is_its_cross_section_times_its_length() -> None:
    dug = dig_trench([(0, 0), (50, 0)], flat, width=1.2, depth=2.0, slope=0.33)
    assert dug.volume == pytest.approx((1.2 + 0.33 * 2.0) * 2.0 * 50.0)
    assert dug.edge.area == pytest.approx(50.0 * (1.2 + 2 * 0.66))
    assert dug.length == pytest.approx(50.0)


def test_a_floor_that_falls_is_reckoned_exactly() -> None:
    levels = np.array([0.0, 50.0]), np.array([18.0, 17.0])
    dug = dig_trench([(0, 0), (50, 0)], flat, width=1.0, slope=0.5, levels=levels)
    wanted = 50.0 * quad(lambda h: (1.0 + 0.5 * h) * h, 2.0, 3.0)[0]
    assert dug.volume == pytest.approx(wanted)
    assert (dug.bottom, dug.depth_most, dug.depth_mean) == pytest.approx((17.0, 3.0, 2.5))


def test_a_trench_across_a_slope_follows_the_ground_to_each_side() -> None:
    def bank(at: Floats) -> Floats:
        return np.asarray(20.0 + 0.2 * at[:, 1])

    dug = dig_trench([(0, 0), (10, 0)], bank, width=2.0, depth=2.0, slope=1.0)
    # Left: 18 + d = 20 + 0.2 (1 + d), d = 2.75; right: 18 + d = 20 - 0.2 (1 + d), d = 1.5.
    area = 2.0 * 2.0 + 2.2 * 2.75 / 2.0 + 1.8 * 1.5 / 2.0
    assert dug.volume == pytest.approx(area * 10.0, rel=1e-6)
    assert (dug.edge.bounds[1], dug.edge.bounds[3]) == pytest.approx((-2.5, 3.75), abs=1e-6)


def test_a_bent_trench_counts_its_length_along_the_middle() -> None:
    dug = dig_trench([(0, 0), (50, 0), (50, 30)], flat, width=1.0, depth=2.0, slope=0.5)
    assert dug.volume == pytest.approx(2.0 * 2.0 * 80.0)
    assert dug.edge.is_valid


@settings(max_examples=8, deadline=None)
@given(st.floats(-5e5, 5e6), st.floats(0.0, 6.28))
def test_moving_and_turning_change_no_volume(far: float, turn: float) -> None:
    spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    moved = np.array(ELL) @ spin + far
    dug = dig_pit(moved, flat, depth=2.0, slope=0.5)
    assert dug.volume == pytest.approx(dig_pit(ELL, flat, depth=2.0, slope=0.5).volume, rel=1e-6)


def test_walls_close_the_pit() -> None:
    for dug in (
        dig_pit(BOX, tilted, level=17.0, slope=0.7),
        dig_trench([(0, 0), (30, 0), (30, 20)], tilted, width=1.5, depth=2.0, slope=0.5),
    ):
        flat_ones = dug.triangles * (1.0, 1.0, 0.0)
        one, two = (flat_ones[:, k] - flat_ones[:, 0] for k in (1, 2))
        assert np.abs(np.cross(one, two)[:, 2]).sum() / 2.0 == pytest.approx(
            dug.edge.area, rel=0.02
        )
        top = dug.triangles.reshape(-1, 3)
        assert (top[:, 2] <= tilted(top[:, :2]) + 1e-6).all()


@pytest.mark.parametrize(
    ("code", "call"),
    [
        ("dig.ring", lambda: dig_pit([(0, 0), (1, 1)], flat, depth=1.0)),
        ("dig.ring", lambda: dig_pit([(0, 0), (4, 4), (4, 0), (0, 4)], flat, depth=1.0)),
        ("dig.depth", lambda: dig_pit(BOX, flat, depth=0.0)),
        ("dig.depth", lambda: dig_pit(BOX, flat, level=25.0)),
        ("dig.slope", lambda: dig_pit(BOX, flat, depth=1.0, slope=-1.0)),
        ("dig.line", lambda: dig_trench([(0, 0)], flat, width=1.0, depth=1.0)),
        ("dig.width", lambda: dig_trench([(0, 0), (9, 0)], flat, width=0.0, depth=1.0)),
        ("dig.depth", lambda: dig_trench([(0, 0), (9, 0)], flat, width=1.0, depth=99.0)),
    ],
)
def test_what_cannot_be_dug_is_refused(code: str, call: object) -> None:
    with pytest.raises(CityError) as error:
        call()  # type: ignore[operator]  # a function of the table
    assert error.value.code == code

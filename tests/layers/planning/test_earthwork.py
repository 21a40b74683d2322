from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import CityError
from layers.kinds.base import Features
from layers.planning.earthwork import earthwork, earthwork_layer, measure_cutfill
from layers.planning.measure import measure_again
from layers.project import Project
from tests.layers.planning.test_profile import EAST, NORTH, plane, project_on

SQUARE = [(EAST + 30, NORTH + 30), (EAST + 70, NORTH + 30), (EAST + 70, NORTH + 70),
          (EAST + 30, NORTH + 70)]  # fmt: skip


def level_ground(height: float = 20.0, size: int = 101) -> Project:
    return project_on(np.full((size, size), height))


def test_a_box_is_dug_out_of_level_ground() -> None:
    values = earthwork(level_ground(), SQUARE, 17.0).values()
    assert values["cut_m3"] == pytest.approx(40 * 40 * 3)
    assert values["fill_m3"] == 0.0
    assert values["area_m2"] == pytest.approx(1600.0)
    assert values["balance_m3"] == pytest.approx(4800.0)
    assert values["deepest_cut_m"] == pytest.approx(3.0)


def test_a_wedge_on_a_plane_is_half_cut_half_fill() -> None:
    """The ground rises from 23 to 27 m over the platform: two wedges of 20 x 2 / 2 x 40 m3."""
    values = earthwork(plane(), SQUARE, 25.0).values()
    assert values["cut_m3"] == pytest.approx(800.0, rel=1e-3)
    assert values["fill_m3"] == pytest.approx(800.0, rel=1e-3)
    assert values["mean_ground_m"] == pytest.approx(25.0, abs=1e-5)


def test_without_a_level_cut_and_fill_are_equal() -> None:
    triangle = [(EAST + 10, NORTH + 10), (EAST + 90, NORTH + 20), (EAST + 30, NORTH + 80)]
    values = earthwork(plane(), triangle).values()
    assert values["balance_m3"] == pytest.approx(0.0, abs=1e-6)
    centroid = (10 + 90 + 30) / 3
    assert values["level_m"] == pytest.approx(20.0 + 0.1 * centroid, abs=1e-4)


@settings(max_examples=20, deadline=None)
@given(st.floats(21.0, 29.0), st.integers(3, 9), st.floats(0, 6))
def test_cut_less_fill_is_area_times_height_difference(
    level: float, corners: int, turn: float
) -> None:
    angles = turn + 2 * math.pi * np.arange(corners) / corners
    ring = [(EAST + 50 + 35 * math.cos(a), NORTH + 50 + 35 * math.sin(a)) for a in angles]
    values = earthwork(plane(), ring, level, cells=4000).values()
    area = 0.5 * corners * 35**2 * math.sin(2 * math.pi / corners)
    assert values["area_m2"] == pytest.approx(area, rel=1e-9)
    assert values["balance_m3"] == pytest.approx(area * (25.0 - level), rel=1e-5, abs=0.02)
    assert values["cut_m3"] >= 0
    assert values["fill_m3"] >= 0


def test_side_slopes_of_an_embankment_add_wedges_and_quarter_cones() -> None:
    """4 m up at 1:2 around a square of 40 m: four wedges and, at the corners, one cone."""
    values = earthwork(level_ground(), SQUARE, 24.0, side_slope=2.0).values()
    wedges, cone = 4 * 40 * 8 * 4 / 2, math.pi * 8**2 * 4 / 3
    assert values["fill_m3"] == pytest.approx(1600 * 4 + wedges + cone, rel=5e-3)
    assert values["slope_area_m2"] == pytest.approx(4 * 40 * 8 + math.pi * 64, rel=1e-2)
    assert values["cut_m3"] == 0.0


def test_side_slopes_of_a_pit_run_outwards_too() -> None:
    values = earthwork(level_ground(), SQUARE, 16.0, side_slope=1.0).values()
    assert values["cut_m3"] == pytest.approx(
        1600 * 4 + 4 * 40 * 4 * 4 / 2 + math.pi * 16 * 4 / 3, rel=5e-3
    )


def test_unknown_ground_is_told_and_not_moved() -> None:
    grid = np.full((101, 101), 20.0)
    grid[:, 50:] = np.nan
    values = earthwork(project_on(grid), SQUARE, 18.0).values()
    assert values["unknown_area_m2"] == pytest.approx(800.0, rel=0.05)
    assert values["cut_m3"] == pytest.approx(2.0 * (1600.0 - values["unknown_area_m2"]), rel=1e-6)


def test_measured_again_the_level_and_slopes_stay() -> None:
    project = plane()
    item = measure_cutfill(project, SQUARE, 24.0, side_slope=1.5, name="Hall")
    again = measure_again(project, item)
    assert dict(again.values) == pytest.approx(dict(item.values))
    assert again.points[0][2] == 24.0


def test_the_layer_of_an_earthwork_holds_all_of_it() -> None:
    found = earthwork(plane(), SQUARE, 25.0)
    layer = earthwork_layer(found, SQUARE, "Hall")
    assert isinstance(layer.data, Features)
    rows = {
        int(layer.data.feature[i]): layer.data.row(int(n)) for i, n in enumerate(layer.data.ids)
    }
    assert sum(row["volume_m3"] for row in rows.values()) == pytest.approx(0.0, abs=1.0)
    assert sum(row["area_m2"] for row in rows.values()) == pytest.approx(1600.0, rel=1e-4)
    west, south, east, north = layer.data.extent() or (0, 0, 0, 0)
    assert (west, south, east, north) == pytest.approx(
        (EAST + 30, NORTH + 30, EAST + 70, NORTH + 70), abs=0.2
    )
    colouring = layer.style.colouring
    assert colouring is not None
    assert len(colouring.entries) >= 4


@pytest.mark.parametrize(
    ("ring", "slope", "said"),
    [
        (
            [(EAST, NORTH), (EAST + 9, NORTH + 9), (EAST + 9, NORTH), (EAST, NORTH + 9)],
            0.0,
            "cross",
        ),
        (SQUARE, -1.0, "cannot be built"),
        ([(EAST + 900, NORTH), (EAST + 990, NORTH), (EAST + 990, NORTH + 90)], 0.0, "unknown"),
    ],
)
def test_what_cannot_be_reckoned_is_said(
    ring: list[tuple[float, float]], slope: float, said: str
) -> None:
    with pytest.raises(CityError, match=said):
        earthwork(plane(), ring, 20.0, side_slope=slope)

"""Ground heights between the nodes of a grid."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import CityError
from layers.frame import Frame
from layers.kinds.base import Layer
from layers.kinds.terrain import Terrain
from layers.project import Project


def plane() -> Terrain:
    rows, columns = np.mgrid[0:5, 0:6]
    heights = (10.0 + 2.0 * columns - 3.0 * rows).astype(np.float32)
    return Terrain(heights, 1000.0, 2000.0, 10.0, 10.0)


@given(st.floats(1000, 1050), st.floats(1960, 2000))
def test_a_plane_is_followed_exactly(east: float, north: float) -> None:
    wanted = 10.0 + 2.0 * (east - 1000.0) / 10.0 - 3.0 * (2000.0 - north) / 10.0
    assert plane().height_at([[east, north]])[0] == pytest.approx(wanted, abs=1e-6)


def test_half_a_cell_beyond_the_outer_nodes_still_counts() -> None:
    inside, outside = plane().height_at([[995.5, 2004.5], [994.0, 2000.0]])
    assert inside == pytest.approx(10.0)
    assert np.isnan(outside)


def test_unknown_nodes_are_left_out_and_nothing_known_is_nan() -> None:
    heights = np.full((3, 3), np.nan, dtype=np.float32)
    heights[0, 0] = 8.0
    hole = Terrain(heights, 0.0, 20.0, 10.0, 10.0)
    assert hole.height_at([[4.0, 15.0]])[0] == pytest.approx(8.0)
    assert np.isnan(hole.height_at([[15.0, 5.0]])[0])


def test_a_terrain_goes_to_plain_parts_and_back() -> None:
    again = Terrain.unpack(plane().pack())
    assert again.extent() == plane().extent() == (1000.0, 1960.0, 1050.0, 2000.0)
    np.testing.assert_array_equal(again.heights, plane().heights)


def test_grids_without_size_are_refused() -> None:
    with pytest.raises(CityError):
        Terrain(np.zeros((1, 5), dtype=np.float32), 0.0, 0.0, 1.0, 1.0)
    with pytest.raises(CityError):
        Terrain(np.zeros((5, 5), dtype=np.float32), 0.0, 0.0, 0.0, 1.0)


def test_beyond_the_terrain_the_ground_is_at_its_level_not_at_zero() -> None:
    heights = np.linspace(400.0, 500.0, 2500, dtype=np.float32).reshape(50, 50)
    terrain = Terrain(heights, 0.0, 490.0, 10.0, 10.0)
    assert terrain.level == pytest.approx(410.0, abs=0.5)
    project = Project(Frame("EPSG:4547"))
    project.insert_layer(Layer("terrain", "Hills", terrain))
    assert project.ground_at([[5000.0, 5000.0]])[0] == terrain.level
    unknown = Terrain(np.full((3, 3), np.nan, dtype=np.float32), 0.0, 20.0, 10.0, 10.0)
    assert unknown.level == 0.0

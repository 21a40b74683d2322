"""Rays meet blocks and surfaces exactly where their triangles are."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.kinds.buildings import Buildings
from layers.shapes import Bools, Shapes
from scene.meshing import BlockMesher
from scene.prisms import Prisms
from scene.rays import Ray, unit
from tests.layers.test_triangles import house
from tests.scene.cities import SOUTH, WEST, city, footprints

MIDDLE = np.array([WEST + 60.0, SOUTH + 60.0, 0.0])


def prisms_of(data: Buildings, base: float = 0.0) -> Prisms:
    """Make the solids of a layer on level ground."""
    mesher = BlockMesher(data, np.full(len(data), base))
    return Prisms(mesher, mesher.boxes())


def by_triangles(data: Buildings, ray: Ray) -> tuple[int, float] | None:
    """Find the first front face a ray meets by trying all triangles of the mesh."""
    rows = np.arange(len(data))
    mesh = BlockMesher(data, np.zeros(len(data))).blocks(rows, rows, MIDDLE)
    assert mesh is not None
    xyz = mesh.points.astype(np.float64)[mesh.triangles]
    a, e, f = xyz[:, 0], xyz[:, 1] - xyz[:, 0], xyz[:, 2] - xyz[:, 0]
    way, start = np.array(ray.direction), np.array(ray.origin) - MIDDLE
    p = np.cross(way, f)
    det = (e * p).sum(axis=1)
    with np.errstate(all="ignore"):
        s = start - a
        u = (s * p).sum(axis=1) / det
        q = np.cross(s, e)
        v = q @ way / det
        t = (f * q).sum(axis=1) / det
        v = np.nan_to_num(v, nan=-1.0)
    met = (det > 1e-9) & (u >= 0) & (v >= 0) & (u + v <= 1) & (t > 0)
    if not met.any():
        return None
    first = np.flatnonzero(met)[np.argmin(t[met])]
    return int(mesh.marks[mesh.triangles[first, 0], 0]), float(t[first])


@settings(max_examples=150, deadline=None)
@given(
    st.floats(0.0, 2 * math.pi), st.floats(5.0, 200.0), st.floats(1.0, 120.0),
    st.floats(-70.0, 70.0), st.floats(-70.0, 70.0), st.floats(0.0, 50.0),
)  # fmt: skip
def test_a_ray_meets_the_building_that_its_triangles_say(
    heading: float, away: float, height: float, east: float, north: float, rise: float
) -> None:
    data = replace(city(25), min_height=np.where(np.arange(25) % 5 == 0, 4.0, 0.0))
    off_the_grid = np.array([0.1231, 0.2717, 0.0173])  # rays along walls are a matter of taste
    start = MIDDLE + off_the_grid
    start += np.array([away * math.cos(heading), away * math.sin(heading), height])
    way = unit(MIDDLE + np.array([east + 0.0713, north - 0.0411, rise]) - start)
    ray = Ray(tuple(start), tuple(way))
    met, wanted = prisms_of(data).meet(ray, data.drawn), by_triangles(data, ray)
    if met is None or wanted is None:
        assert met is None
        assert wanted is None
        return
    assert met[1] == pytest.approx(wanted[1], abs=1e-2)
    assert np.dot(met[2], way) < 0
    assert np.linalg.norm(met[2]) == pytest.approx(1.0)


def test_straight_down_meets_the_roof_and_falls_through_a_courtyard() -> None:
    data = city(4)
    solid = prisms_of(data, base=10.0)
    west, south, _, east, north, top = solid.boxes[2]  # the one with a courtyard
    seen = data.drawn
    down = (0.0, 0.0, -1.0)
    roof = solid.meet(Ray((west + 1.0, south + 1.0, 500.0), down), seen)
    assert roof is not None
    assert roof[0] == 2
    assert roof[1] == pytest.approx(500.0 - top)
    assert roof[2] == (0.0, 0.0, 1.0)
    assert solid.meet(Ray(((west + east) / 2, (south + north) / 2, 500.0), down), seen) is None


def test_what_does_not_count_is_seen_through() -> None:
    data = Buildings.blocks(Shapes.from_shapely(footprints(2)), 20.0)
    solid = prisms_of(data)
    ray = Ray((WEST - 100.0, SOUTH - 5.0, 5.0), (1.0, 0.0, 0.0))
    everything: Bools = np.array([True, True])
    first = solid.meet(ray, everything)
    second = solid.meet(ray, np.array([False, True]))
    assert first is not None
    assert second is not None
    assert (first[0], second[0]) == (0, 1)
    assert first[2] == pytest.approx((-1.0, 0.0, 0.0))
    assert solid.meet(ray, np.array([False, False])) is None


def test_a_detailed_building_is_met_at_its_pitched_roof_and_missed_beside_it() -> None:
    data = replace(Buildings.blocks(Shapes.from_shapely(footprints(3)), 90.0), surfaces=house())
    solid = prisms_of(data)
    met = solid.meet(Ray((WEST + 4.0, SOUTH + 1.5, 100.0), (0.0, 0.0, -1.0)), data.drawn)
    assert met is not None
    assert met[0] == 0
    assert met[1] == pytest.approx(100.0 - 25.5)
    assert met[2] == pytest.approx((0.0, -math.sqrt(0.5), math.sqrt(0.5)))
    assert solid.meet(Ray((WEST - 3.0, SOUTH - 3.0, 100.0), (0.0, 0.0, -1.0)), data.drawn) is None


def test_the_window_of_a_detailed_wall_is_open() -> None:
    data = replace(Buildings.blocks(Shapes.from_shapely(footprints(1)), 9.0), surfaces=house())
    solid = prisms_of(data)
    north = (0.0, 1.0, 0.0)
    wall = solid.meet(Ray((WEST + 5.0, SOUTH - 50.0, 21.5), north), data.drawn)
    window = solid.meet(Ray((WEST + 1.5, SOUTH - 50.0, 21.5), north), data.drawn)
    assert wall is not None
    assert window is not None
    assert wall[1] == pytest.approx(50.0)
    assert window[1] == pytest.approx(56.0)

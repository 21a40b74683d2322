"""The drawn ground: true to the terrain, without gaps, and level around it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from layers.kinds.terrain import Terrain
from scene.surface import Surface, node_errors
from tests.scene.cities import SOUTH, WEST


def hills(rows: int = 70, columns: int = 90, step: float = 5.0, seed: int = 1) -> Terrain:
    """Give land with two hills, 20 to 80 m high."""
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float64)
    one = 40 * np.exp(-((x - columns * 0.3) ** 2 + (y - rows * 0.4) ** 2) / 90)
    two = 25 * np.exp(-((x - columns * 0.8) ** 2 + (y - rows * 0.7) ** 2) / 200)
    noise = np.random.default_rng(seed).normal(0, 0.02, x.shape)
    heights = (20 + one + two + noise).astype(np.float32)
    return Terrain(heights, WEST, SOUTH + (rows - 1) * step, step, step)


def places(terrain: Terrain, count: int = 3000) -> NDArray[np.float64]:
    west, south, east, north = terrain.extent() or (0, 0, 0, 0)
    return np.random.default_rng(2).uniform([west, south], [east, north], (count, 2))


def test_the_drawn_ground_is_as_near_to_the_terrain_as_its_limit_says() -> None:
    terrain = hills()
    surface = Surface.of(terrain, 20.0, None)
    xy = places(terrain)
    away = np.abs(surface.height_at(xy) - terrain.height_at(xy))
    # a cell of the terrain is bent, the drawn one is two triangles: that adds a quarter twist
    assert away.max() < surface.limit + 0.6
    assert away.mean() < surface.limit


def test_even_land_takes_few_triangles_and_bent_land_many() -> None:
    flat = Terrain(np.full((65, 65), 30.0, np.float32), WEST, SOUTH, 5.0, 5.0)
    few = len(Surface.of(flat, 30.0, None).mesh()[1])
    many = len(Surface.of(hills(), 20.0, None).mesh()[1])
    assert few <= 8
    assert many > 500


@pytest.mark.parametrize("most", [200, 1000, 5000])
def test_no_more_triangles_are_drawn_than_allowed(most: int) -> None:
    surface = Surface.of(hills(), 20.0, None, triangles=most)
    assert 0.3 * most < len(surface.mesh()[1]) <= most


def edges_of(triangles: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    both = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    edges, count = np.unique(np.sort(both, axis=1), axis=0, return_counts=True)
    return edges, count


def test_the_triangles_meet_without_cracks_and_face_up() -> None:
    surface = Surface.of(hills(), 20.0, None, triangles=3000)
    points, triangles = surface.mesh()
    corners = points[triangles]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert (normal[:, 2] > 0).all()
    west, south, east, north = surface.extent
    assert normal[:, 2].sum() / 2 == pytest.approx((east - west) * (north - south))
    edges, count = edges_of(triangles)
    assert set(count.tolist()) == {1, 2}
    border = points[edges[count == 1]].reshape(-1, 3)
    on_border = np.isclose(border[:, :2], [west, south]) | np.isclose(border[:, :2], [east, north])
    assert on_border.any(axis=1).all()
    assert np.allclose(border[:, 2], 20.0)


def test_the_plain_goes_on_where_the_square_ends_and_reaches_the_horizon() -> None:
    surface = Surface.of(hills(), 20.0, None)
    points, triangles = surface.mesh()
    around, more = surface.plain(points)
    joined = np.concatenate([points, around])
    _, index = np.unique(joined.round(6), axis=0, return_inverse=True)
    both = index[np.concatenate([triangles, more + len(points)])].astype(np.int32)
    edges, count = edges_of(both)
    assert set(count.tolist()) == {1, 2}
    places_of = np.unique(joined.round(6), axis=0)
    outer = places_of[edges[count == 1]].reshape(-1, 3)
    away = np.hypot(*(outer[:, :2] - surface.middle).T)
    assert np.allclose(away, surface.reach)
    assert surface.reach > 30_000
    assert np.allclose(around[:, 2], 20.0)


def test_without_a_terrain_the_ground_is_a_level_plane_around_the_layers() -> None:
    surface = Surface.of(None, 3.5, (WEST, SOUTH, WEST + 800, SOUTH + 300))
    assert surface.flat
    assert np.hypot(surface.middle[0] - WEST, surface.middle[1] - SOUTH) < 1500
    grown = Surface.of(None, 3.5, (WEST, SOUTH, WEST + 820, SOUTH + 350))
    assert (grown.middle, grown.reach) == (surface.middle, surface.reach)
    assert (surface.height_at(np.array([[WEST, SOUTH], [0.0, 0.0]])) == 3.5).all()
    assert surface.reaches_beyond((WEST - 3000, SOUTH, WEST, SOUTH + 10))
    assert not surface.reaches_beyond((WEST - 90_000, SOUTH, WEST, SOUTH + 10))


def test_holes_of_the_terrain_are_filled_and_known_as_holes() -> None:
    terrain = hills()
    heights = terrain.heights.copy()
    heights[30:40, 20:30] = np.nan
    holed = Terrain(heights, terrain.west, terrain.north, 5.0, 5.0)
    surface = Surface.of(holed, 20.0, None)
    middle = np.array([[terrain.west + 25 * 5.0, terrain.north - 35 * 5.0]])
    around = heights[28:42, 18:32]
    assert np.nanmin(around) <= surface.height_at(middle)[0] <= np.nanmax(around)
    row, col = np.rint(surface.to_cells(middle)[0][::-1]).astype(int)
    assert not surface.known[row, col]
    assert surface.known.sum() == np.isfinite(heights).sum()


def test_a_terrain_that_knows_nothing_is_the_level() -> None:
    empty = Terrain(np.full((5, 6), np.nan, np.float32), WEST, SOUTH, 10.0, 10.0)
    surface = Surface.of(empty, 12.0, None)
    assert not surface.known.any()
    assert (surface.height_at(np.array([[WEST + 20, SOUTH - 20]])) == 12.0).all()


def test_cells_need_not_be_square() -> None:
    terrain = hills(40, 30, 5.0)
    oblong = Terrain(terrain.heights, WEST, SOUTH, 3.0, 11.0)
    surface = Surface.of(oblong, 20.0, None)
    xy = places(oblong, 500)
    assert np.abs(surface.height_at(xy) - oblong.height_at(xy)).max() < surface.limit + 0.8


def test_far_outside_the_ground_is_level() -> None:
    surface = Surface.of(hills(), 20.0, None)
    assert surface.height_at(np.array([[WEST - 5000.0, SOUTH + 9000.0]]))[0] == 20.0


def test_a_large_terrain_is_thinned() -> None:
    y = np.linspace(0, 60, 9000, dtype=np.float32)[:, None]
    long = Terrain(np.repeat(y, 3, axis=1), WEST, SOUTH, 2.0, 2.0)
    surface = Surface.of(long, 0.0, None)
    assert surface.side <= 4096
    assert surface.height_at(np.array([[WEST + 2.0, SOUTH - 9000.0]]))[0] == pytest.approx(
        30, abs=1
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 5))
def test_what_a_node_hides_is_never_less_than_what_hangs_on_it(seed: int, power: int) -> None:
    side = 2**power
    heights = np.random.default_rng(seed).normal(0, 5, (side + 1, side + 1)).astype(np.float32)
    errors = node_errors(heights)
    assert (errors >= 0).all()
    middle = side // 2
    assert errors[middle, middle] == errors[1:-1, 1:-1].max(initial=errors[middle, middle])
    assert errors[0, 0] == errors[-1, -1] == errors[0, -1] == 0.0


@pytest.mark.shared
def test_the_mountains_of_liechtenstein_fit_into_the_triangles_allowed(shared_data: Path) -> None:
    path = shared_data / "li-liechtenstein-osm-dem/docs/examples/contour"
    with rasterio.open(path / "liecthenstein-aster-dem-v2-3857.tif") as raster:
        heights = raster.read(1).astype(np.float32)
        step = raster.transform.a
    heights[heights == 0] = np.nan
    terrain = Terrain(heights, WEST, SOUTH, step, step)
    surface = Surface.of(terrain, 430.0, None)
    assert 100_000 < surface.count <= 400_000
    xy = places(terrain, 20_000)
    away = np.abs(surface.height_at(xy) - terrain.height_at(xy))
    known = np.isfinite(away)
    assert known.mean() > 0.9
    assert np.median(away[known]) < surface.limit < 15.0

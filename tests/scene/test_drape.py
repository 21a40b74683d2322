"""What is laid on the ground lies on it: nowhere above, nowhere below, all of it."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.shapes import Floats, Shapes
from scene.drape import Draped, drape_lines, drape_polygons, triangulate
from scene.surface import Surface
from tests.scene.cities import SOUTH, WEST, polygons
from tests.scene.test_surface import hills

SURFACE = Surface.of(hills(), 20.0, None)
LEVEL = Surface.of(None, 4.0, (WEST, SOUTH, WEST + 500, SOUTH + 500))


def areas(draped: Draped, count: int) -> Floats:
    """Give the plan area drawn for each shape; triangles face up."""
    corners = draped.points[draped.triangles]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert (normal[:, 2] > -1e-9).all()
    owner = draped.owner[draped.triangles[:, 0]]
    return np.asarray(np.bincount(owner, normal[:, 2] / 2, count), dtype=np.float64)


def gap(draped: Draped, surface: Surface) -> float:
    """Give how far middles of triangles and of their sides are from the ground, metres."""
    corners = draped.points[draped.triangles]
    spots = np.concatenate(
        [corners.mean(axis=1), *(corners[:, [i, (i + 1) % 3]].mean(axis=1) for i in range(3))]
    )
    return float(np.abs(surface.height_at(spots[:, :2]) - spots[:, 2]).max())


@settings(max_examples=30, deadline=None)
@given(st.lists(polygons(), min_size=1, max_size=5), st.floats(-50, 420), st.floats(-50, 320))
def test_polygons_lie_on_the_ground_with_all_their_area(
    found: list[shapely.Polygon], east: float, north: float
) -> None:
    shapes = Shapes.from_shapely(np.array(found, dtype=object)).moved(east, north)
    draped = drape_polygons(shapes, SURFACE)
    assert areas(draped, len(shapes)) == pytest.approx(shapes.areas(), rel=1e-6)
    assert gap(draped, SURFACE) < 1e-5


def test_wide_polygons_with_holes_reach_over_the_border_of_the_terrain() -> None:
    middle = (WEST + 220.0, SOUTH + 170.0)
    ring = shapely.Point(middle).buffer(900.0).difference(shapely.Point(middle).buffer(60.0))
    strip = shapely.box(WEST - 3000, SOUTH + 100, WEST + 3000, SOUTH + 110)
    shapes = Shapes.from_shapely(np.array([ring, strip], dtype=object))
    draped = drape_polygons(shapes, SURFACE)
    assert areas(draped, 2) == pytest.approx(shapes.areas(), rel=1e-6)
    assert gap(draped, SURFACE) < 1e-5
    far = draped.points[np.hypot(*(draped.points[:, :2] - middle).T) > 800]
    assert (far[:, 2] == 20.0).all()


def test_on_a_plane_polygons_keep_their_own_triangles() -> None:
    shapes = Shapes.from_shapely(np.array([shapely.box(WEST, SOUTH, WEST + 5, SOUTH + 4)] * 3))
    draped = drape_polygons(shapes, LEVEL)
    assert len(draped.triangles) == 6
    assert (draped.points[:, 2] == 4.0).all()
    assert areas(draped, 3) == pytest.approx([20.0] * 3)


def test_points_and_lines_give_no_areas_and_points_no_lines() -> None:
    shapes = Shapes.from_shapely(
        np.array(
            [shapely.Point(WEST, SOUTH), shapely.LineString([(WEST, SOUTH), (WEST + 9, SOUTH)])]
        )
    )
    assert len(drape_polygons(shapes, SURFACE).triangles) == 0
    assert len(drape_polygons(shapes, LEVEL).triangles) == 0
    assert drape_lines(shapes, SURFACE).owner.tolist() == [1]
    nothing = Shapes.from_shapely([])
    assert len(drape_polygons(nothing, SURFACE).points) == 0
    assert drape_lines(nothing, SURFACE).start.tolist() == [0]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(-300, 700), st.floats(-300, 600)), min_size=2, max_size=6, unique=True
    )
)
def test_lines_follow_the_ground_with_all_their_length(corners: list[tuple[float, float]]) -> None:
    line = shapely.LineString([(WEST + x, SOUTH + y) for x, y in corners])
    shapes = Shapes.from_shapely(np.array([line, line]))
    for surface in (SURFACE, LEVEL):
        draped = drape_lines(shapes, surface)
        assert len(draped.start) == 3
        first = draped.points[: draped.start[1]]
        step = np.diff(first[:, :2], axis=0)
        assert np.hypot(*step.T).sum() == pytest.approx(line.length, rel=1e-9)
        assert np.allclose(first[[0, -1], :2], np.array(line.coords)[[0, -1]])
        spots = (first[1:] + first[:-1]) / 2
        assert np.abs(surface.height_at(spots[:, :2]) - spots[:, 2]).max() < 1e-5
        kept = shapely.LineString(first[:, :2])
        assert all(kept.distance(shapely.Point(corner)) < 1e-6 for corner in line.coords)


def test_the_border_of_a_polygon_comes_back_to_its_start() -> None:
    holed = shapely.box(WEST, SOUTH, WEST + 300, SOUTH + 200).difference(
        shapely.box(WEST + 50, SOUTH + 50, WEST + 80, SOUTH + 90)
    )
    shapes = Shapes.from_shapely(np.array([holed]))
    draped = drape_lines(shapes, SURFACE)
    assert draped.owner.tolist() == [0, 0]
    for start, end in zip(draped.start[:-1], draped.start[1:], strict=True):
        assert np.allclose(draped.points[start], draped.points[end - 1])
    length = sum(
        np.hypot(*np.diff(draped.points[a:b, :2], axis=0).T).sum()
        for a, b in zip(draped.start[:-1], draped.start[1:], strict=True)
    )
    assert length == pytest.approx(holed.length)


@settings(max_examples=30, deadline=None)
@given(polygons())
def test_triangles_cover_a_polygon_once(polygon: shapely.Polygon) -> None:
    shapes = Shapes.from_shapely(np.array([polygon]))
    points, triangles, owner = triangulate(shapes, (WEST, SOUTH))
    corners = points[triangles]
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    size = np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) / 2
    assert size.sum() == pytest.approx(polygon.area, rel=1e-6)
    assert (owner == 0).all()

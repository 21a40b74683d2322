"""Polygons are cut into triangles that cover them exactly."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings

from layers.kinds.buildings import Surfaces
from layers.shapes import POLYGON, Floats, Shapes, starts_of
from layers.triangles import Triangles, face_normals, triangulate, triangulate_faces
from tests.scene.cities import footprints, polygons


def triangle_areas(shapes: Shapes, cut: Triangles, row: int) -> Floats:
    """Give the signed areas of one polygon's triangles."""
    corners = cut.corners[cut.start[row] : cut.start[row] + cut.count[row]]
    first = shapes.first_coord[row]
    xy = shapes.coords[first + corners] - shapes.coords[first]
    a, b, c = xy[:, 0], xy[:, 1], xy[:, 2]
    ab, ac = b - a, c - a
    return np.asarray((ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0]) / 2)


@settings(max_examples=150, deadline=None)
@given(polygons())
def test_the_triangles_of_a_polygon_have_its_area_and_its_orientation(
    polygon: shapely.Polygon,
) -> None:
    shapes = Shapes.from_shapely([polygon])
    cut = triangulate(shapes)
    areas = triangle_areas(shapes, cut, 0)
    assert (areas >= -1e-9).all()
    assert areas.sum() == pytest.approx(polygon.area, rel=1e-9)


@settings(max_examples=50, deadline=None)
@given(polygons(holed=False))
def test_a_ring_without_holes_gives_two_triangles_less_than_corners(
    polygon: shapely.Polygon,
) -> None:
    shapes = Shapes.from_shapely([polygon])
    assert triangulate(shapes).count[0] == len(shapes.coords) - 2


def test_many_polygons_are_cut_each_for_itself() -> None:
    made = footprints(200)
    shapes = Shapes.from_shapely(made)
    cut = triangulate(shapes)
    total = [triangle_areas(shapes, cut, row).sum() for row in range(len(made))]
    np.testing.assert_allclose(total, [p.area for p in made], rtol=1e-9)


def test_straight_corners_and_a_very_long_ring_lose_nothing() -> None:
    straight = shapely.Polygon([(0, 0), (5, 0), (10, 0), (10, 5), (10, 10), (0, 10), (0, 5)])
    comb = [(i, 40.0 if i % 2 else 1.0) for i in range(401)]
    long = shapely.Polygon([(0.0, 0.0), (400.0, 0.0), *reversed(comb)])
    shapes = Shapes.from_shapely([straight, long])
    cut = triangulate(shapes)
    for row, polygon in enumerate((straight, long)):
        assert triangle_areas(shapes, cut, row).sum() == pytest.approx(polygon.area)


def test_a_ring_that_crosses_itself_does_not_stop_the_others() -> None:
    bow_tie = np.array([(0.0, 0.0), (10, 10), (10, 0), (0, 10)])
    square = np.array([(20.0, 0.0), (30, 0), (30, 10), (20, 10)])
    shapes = Shapes(
        np.full(2, POLYGON, dtype=np.uint8),
        np.vstack([bow_tie, square]),
        np.array([0, 4, 8]),
        np.array([0, 1, 2]),
    )
    cut = triangulate(shapes)
    assert triangle_areas(shapes, cut, 1).sum() == pytest.approx(100.0)


def test_no_polygons_give_no_triangles() -> None:
    assert len(triangulate(Shapes.from_shapely([])).corners) == 0


@pytest.mark.shared
def test_every_real_roof_of_the_bund_has_its_footprints_area(shared_data: Path) -> None:
    frame = gpd.read_file(shared_data / "cn-shanghai-bund" / "shanghaiwaitan.json")
    parts = shapely.get_parts(shapely.make_valid(frame.geometry.to_crs(32651).values))
    parts = parts[(shapely.get_type_id(parts) == 3) & (shapely.area(parts) > 0.5)]
    shapes = Shapes.from_shapely(shapely.force_2d(parts))
    assert len(shapes) > 10_000
    cut = triangulate(shapes)
    total = [triangle_areas(shapes, cut, row).sum() for row in range(len(shapes))]
    np.testing.assert_allclose(total, shapes.areas(), rtol=1e-6)


def house() -> Surfaces:
    """Give a house with a pitched roof, a window cut out of one wall, faces outward."""
    a, b, c, d = (0, 0, 0), (8, 0, 0), (8, 6, 0), (0, 6, 0)
    e, f, g, h = (0, 0, 4), (8, 0, 4), (8, 6, 4), (0, 6, 4)
    p, q = (0, 3, 7), (8, 3, 7)
    faces = [
        [[d, c, b, a]],
        [[a, b, f, e], [(1, 0, 1), (1, 0, 2), (2, 0, 2), (2, 0, 1)]],
        [[b, c, g, q, f]], [[c, d, h, g]], [[d, a, e, p, h]],
        [[e, f, q, p]], [[g, h, p, q]],
    ]  # fmt: skip
    rings = [ring for face in faces for ring in face]
    corners = np.array([xyz for ring in rings for xyz in ring], dtype=np.float64)
    return Surfaces(
        corners + np.array([500e3, 4e6, 20.0]),
        starts_of([len(ring) for ring in rings]),
        starts_of([len(face) for face in faces]),
        np.ones(len(faces), dtype=np.int64),
        np.array([2, 0, 0, 0, 0, 1, 1], dtype=np.uint8),
    )


def test_faces_in_space_keep_area_direction_and_holes() -> None:
    surfaces = house()
    cut = triangulate_faces(surfaces)
    xyz = surfaces.coords[cut.corners]
    cross = np.cross(xyz[:, 1] - xyz[:, 0], xyz[:, 2] - xyz[:, 0]) / 2
    normals = face_normals(surfaces)
    area = np.bincount(cut.face, np.linalg.norm(cross, axis=1))
    slope = 8 * np.hypot(3, 3)
    np.testing.assert_allclose(area, [48, 31, 33, 32, 33, slope, slope])
    assert ((cross * normals[cut.face]).sum(axis=1) > 0).all()


def test_edges_are_drawn_where_faces_bend_and_not_across_a_flat_wall() -> None:
    two_halves = Surfaces(
        np.array([(0, 0, 0), (5, 0, 0), (5, 0, 3), (0, 0, 3),
                  (5, 0, 0), (9, 0, 0), (9, 0, 3), (5, 0, 3)], dtype=np.float64),
        np.array([0, 4, 8]), np.array([0, 1, 2]), np.array([1, 1]),
        np.zeros(2, dtype=np.uint8),
    )  # fmt: skip
    cut = triangulate_faces(two_halves)
    ends = two_halves.coords[cut.edges]
    middles = ends.mean(axis=1)
    assert len(cut.edges) == 6
    assert not ((middles[:, 0] == 5) & (middles[:, 2] == 1.5)).any()


def test_a_house_shows_its_ridge_and_its_corners_once() -> None:
    surfaces = house()
    cut = triangulate_faces(surfaces)
    ends = surfaces.coords[cut.edges] - [500e3, 4e6, 20.0]
    upright = (ends[:, 0, :2] == ends[:, 1, :2]).all(axis=1) & (np.ptp(ends[:, :, 2], axis=1) == 4)
    ridge = (ends[:, :, 2] == 7).all(axis=1)
    assert upright.sum() == 4
    assert ridge.sum() == 1

"""Footprints become blocks whose walls face outward and that have no gaps."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.kinds.buildings import Buildings
from layers.shapes import Shapes
from scene.meshing import BlockMesher, Mesh
from scene.plans import rectangle
from tests.layers.test_triangles import house
from tests.scene.cities import SOUTH, WEST, city, footprints, polygons


def mesh_of(data: Buildings, base: float = 0.0) -> Mesh:
    """Make one mesh of all blocks around the usual place."""
    mesher = BlockMesher(data, np.full(len(data), base))
    made = mesher.blocks(np.arange(len(data)), np.arange(len(data)), np.array([WEST, SOUTH, 0.0]))
    assert made is not None
    return made


def volume(mesh: Mesh) -> float:
    """Give what the triangles enclose; positive where they face outward."""
    a, b, c = (mesh.points[mesh.triangles[:, k]].astype(np.float64) for k in range(3))
    return float((a * np.cross(b, c)).sum() / 6)


def floating(shape: shapely.Polygon, low: float, high: float) -> Buildings:
    """Make one block that does not touch the ground."""
    data = Buildings.blocks(Shapes.from_shapely([shape]), high)
    return replace(data, min_height=np.array([low]))


@settings(max_examples=80, deadline=None)
@given(polygons())
def test_a_floating_block_encloses_its_volume_and_faces_outward(shape: shapely.Polygon) -> None:
    mesh = mesh_of(floating(shape, 3.0, 15.0))
    assert volume(mesh) == pytest.approx(shape.area * 12.0, rel=1e-4)


@settings(max_examples=50, deadline=None)
@given(polygons(holed=False))
def test_every_side_of_a_floating_block_meets_just_one_other(shape: shapely.Polygon) -> None:
    mesh = mesh_of(floating(shape, 3.0, 15.0))
    sides = Counter((int(t[i]), int(t[(i + 1) % 3])) for t in mesh.triangles for i in range(3))
    assert all(count == 1 and sides[(b, a)] == 1 for (a, b), count in sides.items())


@settings(max_examples=50, deadline=None)
@given(polygons())
def test_walls_face_away_from_the_footprint(shape: shapely.Polygon) -> None:
    data = Buildings.blocks(Shapes.from_shapely([shape]), 10.0)
    mesh = mesh_of(data)
    xyz = mesh.points[mesh.triangles].astype(np.float64)
    normal = np.cross(xyz[:, 1] - xyz[:, 0], xyz[:, 2] - xyz[:, 0])
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    walls = np.abs(normal[:, 2]) < 0.1
    just_out = xyz.mean(axis=1)[walls] + 0.01 * normal[walls] + [WEST, SOUTH, 0]
    assert not shapely.contains_xy(shape, just_out[:, 0], just_out[:, 1]).any()
    assert (normal[~walls][:, 2] > 0.9).all()  # a block on the ground has no underside


def test_blocks_stand_between_their_levels() -> None:
    data = city(9)
    mesh = mesh_of(replace(data, min_height=np.full(9, 2.0)), base=31.0)
    slot = mesh.marks[:, 0].astype(int)
    for row in range(9):
        z = mesh.points[slot == row, 2]
        assert z.min() == pytest.approx(33.0)
        assert z.max() == pytest.approx(31.0 + data.height[row], abs=1e-4)
    np.testing.assert_allclose(mesh.marks[:, 1], mesh.points[:, 2] - 31.0, atol=1e-4)


def test_buildings_that_are_not_drawn_give_nothing() -> None:
    data = replace(city(4), drawn=np.array([True, False, True, False]))
    assert set(mesh_of(data).marks[:, 0].tolist()) == {0.0, 2.0}


def test_points_near_the_centre_keep_a_tenth_of_a_millimetre() -> None:
    shape = shapely.Polygon(
        [(WEST + 0.1234, SOUTH + 0.5678), (WEST + 9, SOUTH), (WEST + 5, SOUTH + 7)]
    )
    mesh = mesh_of(Buildings.blocks(Shapes.from_shapely([shape]), 5.0))
    wanted = np.array(shape.exterior.coords)[:-1] - [WEST, SOUTH]
    away = np.linalg.norm(mesh.points[:, None, :2] - wanted, axis=2).min(axis=1)
    assert away.max() < 1e-4


def test_round_walls_have_lines_on_top_but_not_at_every_corner() -> None:
    round_tower = shapely.Point(WEST, SOUTH).buffer(20.0, quad_segs=16)
    square = shapely.box(WEST + 40, SOUTH, WEST + 60, SOUTH + 20)
    mesh = mesh_of(Buildings.blocks(Shapes.from_shapely([round_tower, square]), 30.0))
    ends = mesh.points[mesh.edges]
    upright = (ends[:, 0, :2] == ends[:, 1, :2]).all(axis=1)
    assert upright.sum() == 4
    assert (~upright).sum() == 64 + 4


def detailed() -> Buildings:
    """Make three blocks, the first of which has the surfaces of a house."""
    data = Buildings.blocks(Shapes.from_shapely(footprints(3)), 12.0)
    return replace(data, surfaces=house())


def test_surfaces_are_drawn_instead_of_the_block_of_their_owner() -> None:
    data = detailed()
    mesher = BlockMesher(data, np.full(3, 20.0))
    rows, centre = np.arange(3), np.array([WEST, SOUTH, 20.0])
    blocks, faces = mesher.blocks(rows, rows, centre), mesher.details(rows, rows, centre)
    assert blocks is not None
    assert faces is not None
    assert set(blocks.marks[:, 0].tolist()) == {1.0, 2.0}
    assert set(faces.marks[:, 0].tolist()) == {0.0}
    assert faces.points.min(axis=0).tolist() == [0, 0, 0]
    assert faces.points.max(axis=0).tolist() == [8, 6, 7]
    np.testing.assert_allclose(faces.marks[:, 1], faces.points[:, 2])
    boxes = mesher.boxes()
    np.testing.assert_allclose(boxes[0], [WEST, SOUTH, 20, WEST + 8, SOUTH + 6, 27])


def test_an_empty_layer_makes_no_mesh() -> None:
    data = Buildings.blocks(Shapes.from_shapely([]), np.empty(0))
    mesher = BlockMesher(data, np.empty(0))
    nobody = np.empty(0, dtype=np.int64)
    assert mesher.blocks(nobody, nobody, np.zeros(3)) is None
    assert mesher.details(nobody, nobody, np.zeros(3)) is None
    assert len(mesher.boxes()) == 0


@settings(max_examples=100, deadline=None)
@given(polygons(holed=False), st.floats(0.0, 3.0))
def test_a_box_lies_along_the_side_with_the_smallest_rectangle(
    shape: shapely.Polygon, turn: float
) -> None:
    shape = shapely.affinity.rotate(shape, turn, use_radians=True)
    corners = shapely.get_coordinates(shape.exterior)[:-1]
    sides = np.roll(corners, -1, axis=0) - corners
    sides /= np.linalg.norm(sides, axis=1, keepdims=True)
    along, across = corners @ sides.T, corners @ (sides[:, ::-1] * (-1.0, 1.0)).T
    areas = np.ptp(along, axis=0) * np.ptp(across, axis=0)
    ux, uy, _, _ = rectangle(corners, 0, len(corners), shape.area)
    found = np.ptp(corners @ (ux, uy)) * np.ptp(corners @ (-uy, ux))
    assert found <= areas.min() * 1.02 + 0.01

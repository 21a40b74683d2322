"""An edit of very many buildings is found by comparing, down to the single building."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from layers.kinds.buildings import Buildings
from layers.row_match import old_rows, stretches
from layers.shapes import Floats, Shapes
from scene.changes import otherwise, reshaped
from scene.meshing import BlockMesher
from tests.scene.cities import city
from tests.scene.test_meshing import detailed


def changed(before: Buildings, after: Buildings, base: Floats | None = None) -> list[int]:
    """Give the rows that look otherwise after an edit."""
    ground = np.zeros(len(before))
    rows = old_rows(after.ids, before.ids)
    shaped = reshaped(after, before, rows)
    was = BlockMesher(before, ground)
    if base is None:
        base = np.zeros(len(after))
    found: list[int] = otherwise(
        BlockMesher(after, base), was, rows, stretches(rows), shaped
    ).tolist()
    return found


def taken(data: Buildings, rows: list[int]) -> Buildings:
    """Give some of the buildings, in an order."""
    return replace(
        data, shapes=data.shapes.take(rows), ids=data.ids[rows], feature=data.feature[rows],
        height=data.height[rows], min_height=data.min_height[rows], base=data.base[rows],
        height_rule=data.height_rule[rows], part_of=data.part_of[rows], drawn=data.drawn[rows],
    )  # fmt: skip


def test_just_the_buildings_that_look_otherwise_are_found() -> None:
    data = city(30)
    assert changed(data, city(30)) == []
    assert changed(data, data.with_heights([data.ids[7]], [99.0])) == [7]
    base = np.zeros(30)
    base[11] = 0.5
    assert changed(data, data, base) == [11]
    coords = data.shapes.coords.copy()
    coords[data.shapes.first_coord[20]] += 0.01
    moved = replace(data, shapes=Shapes(data.shapes.kind, coords, data.shapes.ring_start,
                                        data.shapes.shape_start))  # fmt: skip
    assert changed(data, moved) == [20]
    drawn = data.drawn.copy()
    drawn[3] = False
    assert changed(data, replace(data, drawn=drawn)) == [3]


def test_other_surfaces_are_seen() -> None:
    data = detailed()
    assert data.surfaces is not None
    coords = data.surfaces.coords.copy()
    coords[5, 2] += 1.0
    other = replace(data, surfaces=replace(data.surfaces, coords=coords))
    assert changed(data, other) == [0]


def test_buildings_that_come_are_found_and_those_that_move_up_are_not() -> None:
    data = city(30)
    fewer = taken(data, [*range(3), *range(5, 30)])
    assert changed(data, fewer) == []
    assert changed(fewer, data) == [3, 4]
    assert changed(data, taken(data, list(range(29, -1, -1)))) == []


def test_a_ring_with_another_number_of_corners_is_another_footprint() -> None:
    data = city(8)
    shapes = data.shapes.to_shapely()
    shapes[2] = shapes[2].convex_hull
    assert changed(data, replace(data, shapes=Shapes.from_shapely(shapes))) == [2]

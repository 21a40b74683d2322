"""Buildings: heights that make sense, and ground under every one of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from layers.errors import CityError
from layers.frame import Frame
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings, Surfaces
from layers.kinds.terrain import Terrain
from layers.project import Project
from layers.shapes import Shapes


@pytest.fixture
def blocks() -> Buildings:
    shapes = Shapes.from_shapely([shapely.box(0, 0, 10, 10), shapely.box(20, 0, 30, 10)])
    return Buildings.blocks(shapes, [12.0, 30.0])


@pytest.mark.parametrize("wrong", [0.0, -1.0, np.nan, np.inf])
def test_a_height_that_is_none_is_refused(blocks: Buildings, wrong: float) -> None:
    with pytest.raises(CityError, match="1 of 2 buildings") as told:
        replace(blocks, height=np.array([12.0, wrong]))
    assert told.value.code == "buildings.height"


def test_a_part_cannot_start_above_its_top(blocks: Buildings) -> None:
    with pytest.raises(CityError) as told:
        replace(blocks, min_height=np.array([12.0, 0.0]))
    assert told.value.code == "buildings.min_height"


def test_buildings_with_faces_go_to_plain_parts_and_back(blocks: Buildings) -> None:
    faces = Surfaces(
        np.array([[0.0, 0, 5], [1, 0, 5], [1, 1, 6]]),
        np.array([0, 3]), np.array([0, 1]), np.array([2]), np.array([1], dtype=np.uint8),
    )  # fmt: skip
    again = Buildings.unpack(replace(blocks, surfaces=faces).pack())
    assert again.surfaces is not None
    assert again.surfaces.coords.tolist() == faces.coords.tolist()
    assert again.height.tolist() == [12.0, 30.0]


def test_a_building_stands_on_the_lowest_ground_under_it(blocks: Buildings) -> None:
    project = Project(Frame("EPSG:4547"))
    columns = np.linspace(100.0, 140.0, 41, dtype=np.float32)  # a metre up per metre east
    hill = Terrain(np.tile(columns, (21, 1)), 0.0, 20.0, 1.0, 1.0)
    assert project.base_of(blocks).tolist() == [0.0, 0.0]
    project.insert_layer(Layer("terrain", "Hill", hill))
    assert project.base_of(blocks).tolist() == [100.0, 120.0]
    assert project.base_of(blocks, [1]).tolist() == [120.0]
    known = replace(blocks, base=np.array([np.nan, 7.0]))
    assert project.base_of(known).tolist() == [100.0, 7.0]
    assert project.base_of(known, [1, 0]).tolist() == [7.0, 100.0]


def test_a_hall_over_a_ditch_stands_on_its_floor() -> None:
    """None of its corners, nor its middle, touches the ditch; its long sides do."""
    heights = np.full((60, 60), 50.0, dtype=np.float32)
    heights[:, 18:23] = 44.0
    project = Project(Frame("EPSG:4547"))
    project.insert_layer(Layer("terrain", "Land", Terrain(heights, 0.0, 59.0, 1.0, 1.0)))
    halls = Shapes.from_shapely([shapely.box(10.0, 20.0, 50.0, 26.0), shapely.box(2, 2, 6, 6)])
    assert project.base_of(Buildings.blocks(halls, [8.0, 8.0])).tolist() == [44.0, 50.0]
    again = Buildings.blocks(halls, [8.0, 8.0])
    assert project.base_of(again, [1, 0]).tolist() == [50.0, 44.0]

"""Trees and basements in cross sections."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.kinds.buildings import Buildings
from layers.pipes.basements import basement_depths
from layers.pipes.plate import Path, Text
from layers.pipes.section_drawing import cross_plate
from layers.pipes.section_frame import PlateFacts
from layers.pipes.sections import SectionParams, cross_section
from layers.project import Project
from tests.layers.pipes.made import EAST, NORTH
from tests.layers.pipes.streets import features, layer, street

ACROSS = [(EAST, NORTH - 20.0), (EAST, NORTH + 28.0)]
PLAIN = PlateFacts(scale=100.0)


def words(key: str) -> str:
    return key


def planted() -> Project:
    """Trees 1 m and 2 m beside the line and one 4 m, a shrub on it; a cellar of two storeys."""
    project = street()
    points = [shapely.Point(x, y) for x, y in ((1, -10), (-2, 8), (4, 0), (0, 5))]
    trees = features(points, species=["Camphor", "水杉", "Camphor", "shrub"],
                     height=[8.0, 12.0, 9.0, 1.0], crown=[6.0, 4.0, 5.0, 1.0])  # fmt: skip
    project.insert_layer(layer("trees", "trees", trees))
    houses = project.layer("houses")
    old = houses.data
    assert isinstance(old, Buildings)
    houses.data = replace(old, attributes=pa.table({"地下层数": [2]}))
    return project


def test_trees_near_the_line_stand_in_the_section_with_their_pits() -> None:
    section = cross_section(planted(), ACROSS)
    assert [(tree.tree, tree.height) for tree in section.trees] == [(1, 8.0), (2, 12.0)]
    assert [tree.station for tree in section.trees] == pytest.approx([10.0, 28.0])
    assert [tree.beside for tree in section.trees] == pytest.approx([1.0, 2.0])
    assert {note.key for note in section.notes} >= {"section_tree_pits", "section_cellars"}
    plate = cross_plate(section, words, PLAIN)
    pits = [
        s for s in plate.shapes if isinstance(s, Path) and s.link == ("trees", 1) and not s.fill
    ]
    assert np.ptp(pits[0].points, axis=0) == pytest.approx((15.0, 10.0))  # 1.5 x 1.0 m at 1:100


def test_trees_and_basements_can_be_left_out() -> None:
    section = cross_section(planted(), ACROSS, SectionParams(buildings=False, trees=False))
    assert (section.trees, section.blocks) == ((), ())


def test_a_basement_reaches_below_the_ground_by_its_storeys() -> None:
    section = cross_section(planted(), ACROSS)
    (block,) = section.blocks
    assert block.cellar == pytest.approx(block.bottom - 2 * 3.6)
    assert block.assumed
    plate = cross_plate(section, words, PLAIN)
    told = [s.words for s in plate.shapes if isinstance(s, Text)]
    assert f"cellar {block.cellar:.2f}*" in told


def test_a_depth_that_is_told_goes_before_storeys() -> None:
    houses = planted().layer("houses").data
    assert isinstance(houses, Buildings)
    told = replace(houses, attributes=pa.table({"地下层数": [2], "地下深度": [5.5]}))
    deep, floors = basement_depths(told, np.array([0]))
    assert deep.tolist() == [5.5]
    assert np.isnan(floors).all()
    none = replace(houses, attributes=pa.table({"name": ["x"]}))
    assert basement_depths(none, np.array([0]))[0].tolist() == [0.0]

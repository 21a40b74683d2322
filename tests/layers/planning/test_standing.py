"""One stands on water and bridges, not on the bed below them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.analyses.sight import LINES, LinesParams
from layers.frame import Frame
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.kinds.terrain import Terrain
from layers.planning.standing import standing_at
from layers.progress import Silent
from layers.project import Project
from layers.shapes import Shapes

EAST, NORTH = 508_000.0, 3_378_000.0
MIDDLE = (EAST + 200.0, NORTH + 200.0)
ON_LAND = (EAST + 40.0, NORTH + 200.0)


def valley(**water: object) -> Project:
    """Land at 30 m with a bed at 18 m, 100 m wide, water in it, and a bridge over it."""
    project = Project(Frame("EPSG:4547", (EAST, NORTH)))
    heights = np.full((41, 41), 30.0, dtype=np.float32)
    heights[:, 16:25] = 18.0
    ground = Terrain(heights, EAST, NORTH + 400.0, 10.0, 10.0)
    project.insert_layer(Layer("terrain", "Land", ground))
    river = shapely.box(EAST + 150, NORTH, EAST + 250, NORTH + 400)
    told = pa.table({"name": ["River"], **{key: [value] for key, value in water.items()}})
    features = Features.of(Shapes.from_shapely([river]), told)
    project.insert_layer(Layer("water", "River", features))
    ends = [(EAST + 60, NORTH + 300), (EAST + 340, NORTH + 300)]
    street = Features.of(
        Shapes.from_shapely([shapely.LineString(ends)]),
        pa.table({"highway": ["primary"], "bridge": ["yes"], "layer": [1]}),
    )
    project.insert_layer(Layer("roads", "Bridge", street))
    tower = shapely.box(EAST + 300, NORTH + 190, EAST + 320, NORTH + 210)
    house = Buildings.blocks(Shapes.from_shapely([tower]), [20.0])
    project.insert_layer(Layer("buildings", "Tower", house))
    return project


def test_the_level_of_the_water_counts_not_its_bed() -> None:
    project = valley(水位=26.0)
    assert project.ground_at([MIDDLE]).tolist() == [18.0]
    assert standing_at(project, [MIDDLE, ON_LAND]).tolist() == [26.0, 30.0]
    low = valley(水位=12.0)
    assert standing_at(low, [MIDDLE]).tolist() == [18.0]


def test_without_a_level_the_shore_tells_it() -> None:
    assert standing_at(valley(), [MIDDLE])[0] == pytest.approx(30.0, abs=6.0)
    assert standing_at(valley(), [MIDDLE])[0] > 18.0


def test_on_a_bridge_one_stands_on_its_deck() -> None:
    (deck, beside) = standing_at(
        valley(水位=26.0), [(EAST + 200, NORTH + 300), (EAST + 200, NORTH + 330)]
    )
    assert deck > 29.0
    assert beside == 26.0


def test_layers_that_are_hidden_do_not_count() -> None:
    project = valley(水位=26.0)
    next(project.of_kind("water")).visible = False
    assert standing_at(project, [MIDDLE]).tolist() == [18.0]


def test_a_boat_sees_the_tower_that_the_bed_does_not() -> None:
    project = valley(水位=29.0)
    params = LinesParams(eyes=(MIDDLE,), targets=((EAST + 290.0, NORTH + 200.0),), eye=1.6)
    outcome = LINES.run(project, params, Silent())
    assert outcome.table.column("seen").to_pylist() == [True]
    next(project.of_kind("water")).visible = False
    assert LINES.run(project, params, Silent()).table.column("seen").to_pylist() == [False]
    assert {layer.name for layer in project.layers if layer.id in LINES.reads(
        project, params).layers} >= {"Bridge", "Tower"}  # fmt: skip

"""A street with pipes under it whose sections anybody can draw by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from layers.frame import Frame
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.kinds.pipes import CENTRE, FORMS, ROLES, Pipes, class_codes
from layers.kinds.terrain import Terrain
from layers.project import Info, Project
from layers.shapes import Shapes
from tests.layers.pipes.made import EAST, NORTH

GROUND = 20.0


def layer(kind: str, name: str, data: Any) -> Layer:
    """Make a layer of its kind's look; its id is its name."""
    return Layer(kind, name, data, style=kind_of(kind).style, layer_id=name)


def features(geometries: list[Any], **columns: list[Any]) -> Features:
    """Number shapes, moved to the place in the city."""
    moved = [shapely.transform(one, lambda p: np.add(p, (EAST, NORTH))) for one in geometries]
    table = pa.table(columns) if columns else None
    return Features.of(Shapes.from_shapely(np.array(moved, dtype=object)), table)


def line(*points: tuple[float, float]) -> shapely.LineString:
    """Make a line from points relative to the place."""
    return shapely.LineString(points)


def flat_terrain(height: float = GROUND, half: float = 100.0) -> Terrain:
    """Make level ground around the place."""
    cells = int(half / 5.0) + 1
    return Terrain(
        np.full((2 * cells, 2 * cells), height, dtype=np.float32), EAST - half, NORTH + half,
        2.0 * half / (2 * cells - 1), 2.0 * half / (2 * cells - 1),
    )  # fmt: skip


def street(terrain: bool = True) -> Project:
    """Make a street 15 m wide with footways of 4 m along the north axis' zero, and its pipes.

    A water main DN300 (wall 0.02) 5 m south of the axis with its middle at 18.5, a sewer DN600
    3 m north of it with its invert at 16.2, a gas pipe DN200 that crosses at 45 degrees through
    the place with its middle at 18.0, and a telecom bank 2x3 of 0.6 x 0.4 m 10 m north, top 19.2.
    """
    project = Project(Frame("EPSG:4547"), Info(title="Street"))
    if terrain:
        project.insert_layer(layer("terrain", "ground", flat_terrain()))
    road = features([line((-90, 0), (90, 0))], highway=["primary"], carriageway=[15.0],
                    sidewalk=[4.0])  # fmt: skip
    project.insert_layer(layer("roads", "road", road))
    lines = features([line((-90, 14), (90, 14))], name=["Red line"])
    project.insert_layer(layer("control-lines", "lines", lines))
    house = features([shapely.box(-20, 16, 20, 30)])
    blocks = Buildings.blocks(house.shapes, 24.0, house.attributes)
    project.insert_layer(layer("buildings", "houses", blocks))
    runs = features(
        [line((-80, -5), (120, -5)), line((-80, 3), (120, 3)), line((-40, -40), (40, 40)),
         line((-80, 10), (120, 10))],
        number=["JS1", "WS1", "MQ1", "XX1"], owner=["water", "city", "gas", "phone"],
        material=["QM", "T", "PE", ""], holes=["", "", "", "2x3"],
        contact=["110", "", "119", ""],
    )  # fmt: skip
    pipes = Pipes.of_columns(
        runs, class_codes(["water", "drain", "gas", "telecom"]), [0.3, 0.6, 0.2, 0.6],
        height=[0.3, 0.6, 0.2, 0.4], wall=[0.02, 0.0, 0.0, 0.0],
        start_level=[18.5, 16.2, 18.0, 19.2], end_level=[18.5, 16.2, 18.0, 19.2],
        level_of=[CENTRE, 1, CENTRE, 0], form=[0, 0, 0, FORMS.index("bank")],
    )  # fmt: skip
    project.insert_layer(layer("pipes", "pipes", pipes))
    return project


def sewer() -> Pipes:
    """Make a sewer of four manholes with a branch at the second.

    WS1 (0, 0) - WS2 (50, 0) - WS3 (100, 0) - WS4 (100, 30); the branch comes to WS2 from the north.
    Inverts 18.00 -> 17.75 | 17.55 (a step of 0.20) -> 17.30 -> 17.15; DN400, then DN500. Ground 20.
    """
    shapes = features([
        line((0, 0), (50, 0)), line((100, 0), (50, 0)), line((100, 0), (100, 30)),
        line((50, 40), (50, 0)),
        *(shapely.Point(x, y) for x, y in ((0, 0), (50, 0), (100, 0), (100, 30), (50, 40))),
    ], number=["a", "b", "c", "d", "WS1", "WS2", "WS3", "WS4", "WS9"])  # fmt: skip
    manhole = ROLES.index("manhole")
    return Pipes.of_columns(
        shapes, class_codes(["drain"] * 9), [0.4, 0.5, 0.5, 0.3, 0.7, 0.7, 0.7, 0.7, 0.7],
        role=[0, 0, 0, 0, *[manhole] * 5],
        start_node=[5, 7, 7, 9, 0, 0, 0, 0, 0], end_node=[6, 6, 8, 6, 0, 0, 0, 0, 0],
        start_level=[18.0, 17.3, 17.3, 18.4, *[GROUND] * 5],
        end_level=[17.75, 17.55, 17.15, 18.2, 17.9, 17.5, 17.2, 17.0, 18.3],
    )  # fmt: skip

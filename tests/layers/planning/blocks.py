"""Small towns of upright boxes whose shadows a person can work out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from layers.frame import Frame
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.kinds.terrain import Terrain
from layers.project import Project
from layers.shapes import Shapes

EAST, NORTH = 500_000.0, 3_320_000.0  # on the central meridian of EPSG:4547: 114 E, 30 N
Box = tuple[float, float, float, float, float]  # west, south, east, north, height from the corner


def town(boxes: Sequence[Box], terrain: Terrain | None = None, name: str = "Town") -> Project:
    """Make a project with one layer of boxes, numbered from 1."""
    project = Project(Frame("EPSG:4547"))
    if terrain is not None:
        project.insert_layer(Layer("terrain", "Ground", terrain))
    project.insert_layer(layer_of(boxes, name))
    return project


def layer_of(boxes: Sequence[Box], name: str = "Town") -> Layer:
    """Make a layer of boxes."""
    shapes = [shapely.box(EAST + w, NORTH + s, EAST + e, NORTH + n) for w, s, e, n, _ in boxes]
    data = Buildings.blocks(Shapes.from_shapely(shapes), np.array([box[4] for box in boxes]))
    return Layer("buildings", name, data)


def place(east: float, north: float, height: float) -> list[float]:
    """Give project coordinates of metres from the corner of the town."""
    return [EAST + east, NORTH + north, height]

"""Where the ground is opened: along the nearest pipe, below the deepest one."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from layers.frame import Frame
from layers.kinds.base import Layer
from layers.kinds.terrain import Terrain
from layers.pipes.opening import LONG, MOST, UNDER, USUAL, WIDE, opened_at
from layers.project import Project
from tests.layers.pipes.made import EAST, NORTH, network


def town(*, ground: bool = True) -> Project:
    project = Project(Frame("EPSG:32650"))
    if ground:
        level = Terrain(np.zeros((4, 4), np.float32), EAST - 2000.0, NORTH + 2000.0, 1e3, 1e3)
        project.insert_layer(Layer("terrain", "ground", level))
    pipes = network(
        [[(0, 0), (100, 0)], [(50, -20), (50, 20)], [(0, 80), (100, 80)]],
        ["water", "drain", "gas"], [0.4, 1.0, 0.2], [(-1.5, -1.5), (-4.0, -4.0), (-30.0, -30.0)],
    )  # fmt: skip
    project.insert_layer(Layer("pipes", "pipes", pipes))
    return project


def test_the_pit_lies_along_the_nearest_pipe_and_below_the_deepest_over_its_floor() -> None:
    made = opened_at(town(), np.array([EAST + 45.0, NORTH + 1.0]))
    assert math.degrees(made.heading) == pytest.approx(90.0)
    assert made.depth == pytest.approx(4.5 + UNDER)
    assert made.pipes == 2
    assert shapely.Polygon(made.ring).area == pytest.approx(LONG * WIDE)
    assert made.middle[2] < 0.0


def test_a_pit_has_a_usual_depth_where_nothing_lies_and_an_end_to_it() -> None:
    assert opened_at(town(), np.array([EAST, NORTH - 500.0])).depth == USUAL
    assert opened_at(town(), np.array([EAST + 50.0, NORTH + 80.0])).depth == MOST


def test_without_a_terrain_the_eye_goes_to_the_level_of_the_pipes() -> None:
    made = opened_at(town(ground=False), np.array([EAST + 50.0, NORTH + 80.0]))
    assert -31.0 < made.middle[2] < -27.0

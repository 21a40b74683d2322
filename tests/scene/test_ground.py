"""Rays meet the ground where the terrain says it is."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.frame import Frame
from layers.kinds.base import Layer
from layers.kinds.model_library import Library
from layers.kinds.models import Models
from layers.kinds.terrain import Terrain
from layers.project import Project
from scene.ground import Ground
from scene.rays import Ray, unit
from tests.models import wedge
from tests.scene.cities import SOUTH, WEST, city, project_with


def hills() -> Terrain:
    """Give 400 m of rolling ground, 40 to 60 m high, in 5 m steps."""
    north, east = np.mgrid[0:81, 0:81] * 5.0
    heights = 50.0 + 10.0 * np.sin(east / 60.0) * np.cos(north / 45.0)
    return Terrain(heights.astype(np.float32), WEST, SOUTH + 400.0, 5.0, 5.0)


def ground_of(terrain: Terrain | None) -> Ground:
    """Give the ground of a project with or without a terrain."""
    project = Project(Frame("EPSG:4547", (WEST, SOUTH)))
    if terrain is not None:
        project.insert_layer(Layer("terrain", "Terrain", terrain))
    return Ground(project)


@settings(deadline=None)  # the first call compiles
@given(
    st.floats(20.0, 380.0), st.floats(20.0, 380.0), st.floats(0.0, 2 * math.pi),
    st.floats(-1.5, -0.05),
)  # fmt: skip
def test_a_ray_meets_the_terrain_first_where_it_comes_below_it(
    east: float, north: float, heading: float, pitch: float
) -> None:
    ground = ground_of(hills())
    level = math.cos(pitch)
    way = (level * math.sin(heading), level * math.cos(heading), math.sin(pitch))
    ray = Ray((WEST + east, SOUTH + north, 120.0), way)
    met = ground.meet(ray)
    assert met is not None
    point, metres = met
    assert math.dist(point, ray.origin) == pytest.approx(metres, abs=1e-6)
    here = ground.height_at([point[:2]])[0]
    inside = WEST < point[0] < WEST + 400 and SOUTH < point[1] < SOUTH + 400
    assert point[2] == pytest.approx(here if inside else ground.level, abs=0.01)
    steps = np.array([ray.at(t) for t in np.linspace(0.0, metres * 0.999, 200)])
    assert (steps[:, 2] >= ground.height_at(steps[:, :2]) - 0.3).all() or not inside


def test_without_a_terrain_the_ground_is_level() -> None:
    ground = ground_of(None)
    met = ground.meet(Ray((WEST, SOUTH, 100.0), tuple(unit(np.array([0.0, 1.0, -1.0])))))
    assert met is not None
    assert met[0] == pytest.approx((WEST, SOUTH + 100.0, 0.0), abs=1e-6)
    assert ground.meet(Ray((WEST, SOUTH, 100.0), (0.0, 1.0, 0.0))) is None


def test_a_steep_look_straight_down_meets_the_height_below() -> None:
    ground = ground_of(hills())
    met = ground.meet(Ray((WEST + 123.0, SOUTH + 210.0, 300.0), (0.0, 0.0, -1.0)))
    assert met is not None
    below = ground.height_at([[WEST + 123.0, SOUTH + 210.0]])[0]
    assert met[0][2] == pytest.approx(below, abs=1e-3)


def test_gaps_in_the_terrain_do_not_stop_a_ray() -> None:
    heights = hills().heights.copy()
    heights[:, 30:40] = np.nan
    ground = ground_of(replace(hills(), heights=heights))
    ray = Ray((WEST + 175.0, SOUTH + 200.0, 80.0), tuple(unit(np.array([1.0, 0.0, -0.3]))))
    met = ground.meet(ray)
    assert met is not None
    assert met[0][0] > WEST + 195.0


def test_the_plane_lies_where_the_buildings_stand_when_they_bring_their_levels() -> None:
    project, layer = project_with(replace(city(10), base=np.full(10, 3.5)))
    ground = Ground(project)
    assert ground.level == 3.5
    layer.data = replace(city(10), base=np.full(10, 9.0))
    assert ground.level == 3.5
    ground.forget()
    assert ground.level == 9.0


def test_without_buildings_the_plane_lies_at_the_feet_of_models_with_heights_of_their_own() -> None:
    project = Project(Frame("EPSG:4547", (WEST, SOUTH)))
    box = replace(wedge(), points=wedge().points - np.array([0.0, 0.0, 2.0], dtype=np.float32))
    places = [[WEST, SOUTH, 170.0], [WEST + 50.0, SOUTH, 3.0]]
    data = Models.placed(Library((box,)), places, on_ground=[False, True])
    project.insert_layer(Layer("models", "Models", data))
    ground = Ground(project)
    assert ground.level == pytest.approx(170.0 + float(box.box()[0][2]))
    project.insert_layer(project_with(replace(city(3), base=np.full(3, 5.0)))[1])
    ground.forget()
    assert ground.level == 5.0


def test_a_ray_that_comes_down_before_the_terrain_meets_the_plane() -> None:
    ground = ground_of(hills())
    start = (WEST - 300.0, SOUTH + 200.0, ground.level + 50.0)
    met = ground.meet(Ray(start, tuple(unit(np.array([1.0, 0.0, -0.5])))))
    assert met is not None
    assert met[0] == pytest.approx((WEST - 200.0, SOUTH + 200.0, ground.level), abs=1e-6)

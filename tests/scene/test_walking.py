"""Somebody on foot goes along walls, never through them, and up and down with the ground."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.shapes import Shapes
from scene.walking import BODY, EYE, Surroundings
from tests.scene.cities import SOUTH, WEST, city, footprints, project_with


def town(*boxes: tuple[float, float, float, float], height: float = 10.0) -> Project:
    shapes = Shapes.from_shapely([shapely.box(*box) for box in boxes])
    return project_with(Buildings.blocks(shapes, height))[0]


def ways(project: Project) -> Surroundings:
    return Surroundings(project, lambda _layer: True)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(-6, 6), st.floats(-6, 6)), min_size=1, max_size=12))
def test_nobody_ever_stands_in_a_wall(steps: list[tuple[float, float]]) -> None:
    here = ways(project_with(city(9))[0])
    walls = shapely.union_all(footprints(9))
    at = here.freed(np.array([WEST + 15.0, SOUTH + 15.0, 0.0]))
    for way in steps:
        at = here.walk(at, np.array(way))
        assert walls.distance(shapely.Point(at[:2])) > BODY - 0.05


def test_a_wall_met_askew_is_followed() -> None:
    here = ways(town((0, 10, 100, 20)))
    end = here.walk(np.array([20.0, 5.0, 0.0]), np.array([10.0, 10.0]))
    assert end[1] == pytest.approx(10.0 - BODY, abs=0.02)
    assert end[0] > 25.0


def test_a_kerb_is_stepped_on_and_a_wall_of_a_metre_is_not() -> None:
    for height, climbed in ((0.4, True), (1.0, False)):
        end = ways(town((5, -5, 15, 5), height=height)).walk(np.zeros(3), np.array([8.0, 0.0]))
        assert bool(end[2] == pytest.approx(height)) is climbed
        assert bool(end[0] > 5.0) is climbed


def test_one_passes_under_what_is_high_enough() -> None:
    project = town((5, -5, 15, 5))
    data = project.layers[0].data
    assert isinstance(data, Buildings)
    from dataclasses import replace

    for low, passed in ((EYE + 0.3, True), (1.0, False)):
        project.layers[0].data = replace(data, min_height=np.array([low]))
        end = ways(project).walk(np.zeros(3), np.array([20.0, 0.0]))
        assert bool(end[0] > 15.0) is passed


def test_who_is_put_into_a_building_comes_out_at_the_nearest_wall() -> None:
    here = ways(town((0, 0, 40, 10)))
    out = here.freed(np.array([20.0, 8.0, 0.0]))
    assert out[:2] == pytest.approx([20.0, 10.0 + BODY], abs=0.01)


def test_hidden_buildings_stand_in_nobodys_way() -> None:
    project = town((5, -5, 15, 5))
    hidden: list[Layer] = list(project.layers)
    end = Surroundings(project, lambda layer: layer not in hidden).walk(
        np.zeros(3), np.array([20.0, 0.0])
    )
    assert end[0] == pytest.approx(20.0)


def test_feet_follow_the_ground_and_stop_at_a_cliff(monkeypatch: pytest.MonkeyPatch) -> None:
    project = Project()

    def ground(places: object) -> np.ndarray:
        east = np.asarray(places, dtype=float).reshape(-1, 2)[:, 0]
        return np.where(east < 20, 0.3 * np.maximum(east, 0.0), 30.0)

    monkeypatch.setattr(project, "ground_at", ground)
    end = ways(project).walk(np.zeros(3), np.array([10.0, 0.0]))
    assert end[2] == pytest.approx(3.0, abs=0.01)
    end = ways(project).walk(end, np.array([20.0, 0.0]))
    assert end[0] < 20.0


def test_one_looks_where_the_view_is_clear() -> None:
    here = ways(town((-100, 12, 100, 30), height=30.0))  # a wall 12 m north, the rest is open
    feet = np.zeros(3)
    assert here.clearest(feet, 0.0) == pytest.approx(np.radians(90.0))
    assert here.clearest(feet, np.pi) == pytest.approx(np.pi)  # south is clear already

"""Lines of sight, viewsheds, landmarks and the sky, against what geometry says."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.analyses import running
from layers.errors import CityError
from layers.kinds.terrain import Terrain
from layers.planning.obstacles import GROUND, obstacles
from layers.planning.rays import Rays
from layers.planning.visibility import (
    Gaze,
    along,
    dome,
    lines_of_sight,
    seen_by,
    share_seen,
    sky_of,
    surface_points,
)
from tests.layers.planning.blocks import EAST, NORTH, place, town

WALL = (40.0, -50.0, 44.0, 50.0, 10.0)


def test_a_wall_hides_what_is_behind_and_lower() -> None:
    things = obstacles(town([WALL]))
    rays = Rays(things.points, things.triangles)
    start = np.array([place(0.0, 0.0, 2.0)] * 3)
    end = np.array([place(100.0, 0.0, 2.0), place(100.0, 0.0, 40.0), place(30.0, 0.0, 2.0)])
    found = lines_of_sight(things, rays, start, end)
    assert found.seen.tolist() == [False, True, True]
    assert found.free == pytest.approx([40.0, found.length[1], 30.0], abs=0.01)
    assert found.owner.tolist() == [0, -2, -2]


def test_a_hill_hides_too() -> None:
    heights = np.zeros((40, 40), dtype=np.float32)
    heights[:, 20] = 30.0
    ground = Terrain(heights, EAST - 100.0, NORTH + 100.0, 5.0, 5.0)
    things = obstacles(town([(300.0, 0.0, 301.0, 1.0, 3.0)], ground))
    rays = Rays(things.points, things.triangles)
    start, end = np.array([place(-50.0, 0.0, 2.0)]), np.array([place(50.0, 0.0, 2.0)])
    found = lines_of_sight(things, rays, start, end)
    assert not found.seen[0]
    assert found.owner[0] == GROUND


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_who_sees_is_seen(seed: int) -> None:
    rng = np.random.default_rng(seed)
    corner = rng.uniform(0.0, 200.0, (12, 2))
    things = obstacles(town([(float(x), float(y), float(x + 15), float(y + 9), 20.0)
                             for x, y in corner]))  # fmt: skip
    rays = Rays(things.points, things.triangles)
    ends = np.column_stack([rng.uniform(-20, 240, (60, 2)), rng.uniform(21.0, 40.0, 60)])
    ends[:, :2] += [EAST, NORTH]
    a, b = ends[:30], ends[30:]
    there = lines_of_sight(things, rays, a, b).seen
    assert np.array_equal(there, lines_of_sight(things, rays, b, a).seen)


def test_a_field_of_view_has_sides_and_a_reach() -> None:
    gaze = Gaze(heading=90.0, width=60.0, low=-10.0, high=10.0, reach=100.0)
    ways = np.array([[50.0, 0, 0], [0, 50.0, 0], [50.0, 28.0, 0], [50.0, 30.0, 0], [50.0, 0, 20.0],
                     [101.0, 0, 0]])  # fmt: skip
    assert gaze.holds(ways).tolist() == [True, False, True, False, False, False]
    with pytest.raises(CityError, match="sees nothing"):
        Gaze(width=0.0)


def test_eyes_are_counted() -> None:
    things = obstacles(town([WALL]))
    rays = Rays(things.points, things.triangles)
    eyes = np.array([place(0.0, 0.0, 2.0), place(80.0, 0.0, 2.0)])
    places = np.array([place(20.0, 0.0, 1.0), place(60.0, 0.0, 1.0), place(42.0, 200.0, 1.0)])
    assert seen_by(things, rays, eyes, places, Gaze()).tolist() == [1, 1, 2]


def test_half_of_a_tower_is_seen_above_a_wall() -> None:
    project = town([WALL, (80.0, -5.0, 90.0, 5.0, 40.0)])
    things = obstacles(project)
    rays = Rays(things.points, things.triangles)
    marks = surface_points(things, np.array([1]), 1.0)
    front = marks[marks[:, 0] < EAST + 80.0]  # the wall that faces the eye
    eye = np.array([place(0.0, 0.0, 0.0)])
    # from level 0 the wall of 10 m, 44 m away at its far edge, hides up to 80 * 10 / 44 (its near
    # edge at 40 m is the steeper one): 80 * 10 / 40 = 20 m
    assert share_seen(things, rays, eye, front, 500.0)[0] == pytest.approx(0.5, abs=0.03)
    assert share_seen(things, rays, eye, front, 10.0)[0] == 0.0


def test_points_cover_a_surface_evenly() -> None:
    things = obstacles(town([(0.0, 0.0, 20.0, 20.0, 30.0)]))
    marks = surface_points(things, np.array([0]), 1.0)
    assert len(marks) == pytest.approx(4 * 600 + 400, rel=0.01)
    assert (marks[:, 2] > 30.0).mean() == pytest.approx(400 / 2800, abs=0.02)


def test_the_patches_of_the_sky_are_all_of_it() -> None:
    _, flat, solid = dome()
    assert flat.sum() == pytest.approx(1.0)
    assert solid.sum() == pytest.approx(1.0)


def test_the_middle_of_a_long_street_sees_as_much_sky_as_geometry_says() -> None:
    # walls H = 15 m on both sides of a street W = 20 m: cos(arctan(2 H / W)) = 0.555
    sides = [(-2000.0, -20.0, 2000.0, -10.0, 15.0), (-2000.0, 10.0, 2000.0, 20.0, 15.0)]
    things = obstacles(town(sides))
    sky = sky_of(Rays(things.points, things.triangles), np.array([place(0.0, 0.0, 0.001)]), 100.0)
    assert sky.factor[0] == pytest.approx(math.cos(math.atan(2 * 15.0 / 20.0)), abs=0.02)
    assert 10.0 < sky.open[0] < 60.0


def test_open_ground_sees_all_of_the_sky() -> None:
    things = obstacles(town([(900.0, 900.0, 901.0, 901.0, 0.1)]))
    sky = sky_of(Rays(things.points, things.triangles), np.array([place(0.0, 0.0, 1.6)]), 250.0)
    assert sky.factor[0] == pytest.approx(1.0)
    assert sky.open[0] == 250.0


def test_a_way_is_walked_in_even_steps() -> None:
    spots, way = along([(0.0, 0.0), (0.0, 30.0), (30.0, 30.0)], 10.0)
    assert len(spots) == 7
    assert spots[-1] == (30.0, 30.0)
    assert way[0] == 0.0
    assert way[-1] == 90.0


def test_analyses_of_sight_answer() -> None:
    project = town([WALL, (80.0, -5.0, 90.0, 5.0, 40.0)])
    eye = ((EAST, NORTH),)
    far = ((EAST + 60.0, NORTH), (EAST + 20.0, NORTH))
    found = running.run(project, "sight-lines", {"eyes": eye, "targets": far}).outcome
    assert found.table.column("seen").to_pylist() == [False, True]
    assert found.table.column("object").to_pylist() == [1, None]
    found = running.run(project, "viewshed", {"eyes": eye, "reach": 150.0}).outcome
    assert found.table.column("object").to_pylist() == [1, 2]
    assert 0.0 < float(found.facts["seen_percent"]) < 100.0
    walk = {"path": ((EAST, NORTH), (EAST, NORTH + 60.0)), "reach": 100.0, "width": 120.0}
    assert float(running.run(project, "viewshed", walk).outcome.facts["eyes_count"]) == 4
    windows = {"on": "Town", "objects": "1", "reach": 60.0}
    assert float(running.run(project, "viewshed", windows).outcome.facts["eyes_count"]) > 10
    seen = running.run(project, "landmark", {"on": "Town", "objects": "2", "reach": 120.0}).outcome
    assert 0.0 < float(seen.facts["most_percent"]) <= 100.0
    sky = running.run(project, "sky-view", {"spacing": 10.0}).outcome
    assert 50.0 < float(sky.facts["sky_percent"]) <= 100.0


@pytest.mark.parametrize(
    ("kind", "params", "code"),
    [
        ("sight-lines", {}, "sight.no_places"),
        ("viewshed", {"eyes": ((EAST + 42.0, NORTH, 3.0),)}, "sight.inside"),
        ("landmark", {}, "sight.no_places"),
        ("skyline", {}, "sight.no_places"),
        ("skyline", {"eyes": ((EAST + 42.0, NORTH, 3.0),)}, "sight.inside"),
    ],
)
def test_what_cannot_be_looked_at_is_told(kind: str, params: dict[str, object], code: str) -> None:
    with pytest.raises(CityError) as error:
        running.run(town([WALL]), kind, params)
    assert error.value.code == code


def test_places_count_before_the_layer_a_form_proposes() -> None:
    project = town([(0.0, 0.0, 20.0, 20.0, 30.0), (60.0, 0.0, 80.0, 20.0, 12.0)])
    layer = next(project.of_kind("buildings"))
    eye = (EAST + 40.0, NORTH + 10.0)
    asked = {"eyes": (eye,), "on": layer.id, "reach": 60.0}
    assert running.run(project, "viewshed", asked).outcome.facts["eyes_count"] == 1
    asked = {"targets": ((*eye, 5.0),), "on": layer.id, "reach": 60.0}
    assert running.run(project, "landmark", asked).outcome.facts["points_count"] == 1

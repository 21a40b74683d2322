"""Heights drawn higher: everything stands right, and what is measured stays true."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from layers.edits import SetInfo
from layers.errors import CityError
from layers.files.project_file import load_project, save_project
from layers.history import History
from layers.kinds import kind_of
from layers.kinds.base import Layer
from layers.project import Project
from layers.viewpoint import View, Viewpoint
from scene import camera
from scene.labels import clip_matrix, projected
from tests.scene.cities import SOUTH, WEST, city, project_with, shot, staged
from tests.scene.test_stage import differs, plain
from tests.scene.test_surface import hills

SIZE = (320, 240)
FACTORS = (0.5, 3.0, 10.0)


def town() -> Project:
    """Give blocks on hilly ground."""
    project, layer = project_with(city(16))
    plain(layer)
    project.insert_layer(Layer("terrain", "Land", hills(), style=kind_of("terrain").style), 0)
    return project


def look(projection: str, factor: float) -> Viewpoint:
    """Give an eye over the blocks."""
    target = (WEST + 60.0, SOUTH + 60.0, 20.0)
    eye = Viewpoint.looking_at(target, 400.0, 0.6, math.radians(-50), exaggeration=factor)
    return camera.with_projection(eye, projection)


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("projection", ["perspective", "parallel"])
def test_what_is_drawn_lies_where_the_arithmetic_says(projection: str, factor: float) -> None:
    random = np.random.default_rng(3)
    points = random.uniform((WEST, SOUTH, 0.0), (WEST + 120, SOUTH + 120, 60.0), (50, 3))
    eye = look(projection, factor)
    with staged(town(), SIZE) as stage:
        stage.viewpoint = eye
        shot(stage)
        matrix = clip_matrix(stage.context.renderer.GetActiveCamera(), SIZE[0] / SIZE[1])
        drawn, _ = projected(matrix, stage.context.to_scene(points), SIZE)
    np.testing.assert_allclose(drawn, camera.project_points(eye, points, SIZE), atol=0.01)


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("projection", ["perspective", "parallel"])
def test_a_ray_through_the_pixel_of_a_point_meets_that_point(
    projection: str, factor: float
) -> None:
    eye = look(projection, factor)
    for point in ((WEST, SOUTH, 0.0), (WEST + 100.0, SOUTH + 40.0, 55.0)):
        x, y = camera.project_points(eye, [point], SIZE)[0]
        ray = camera.pixel_ray(eye, float(x), float(y), SIZE)
        way = np.array(point) - ray.origin
        across = way - (way @ ray.direction) * np.array(ray.direction)
        assert np.linalg.norm(across) < 1e-6
        assert math.isclose(float(np.linalg.norm(ray.direction)), 1.0)


@pytest.mark.parametrize("factor", [0.5, 3.0])
def test_buildings_are_found_in_the_pixels_in_which_they_are_drawn(factor: float) -> None:
    project = town()
    layer = project.layers[1]
    with staged(project, SIZE) as stage:
        for projection in ("perspective", "parallel"):
            stage.viewpoint = look(projection, factor)
            full = shot(stage)
            rows, columns = np.mgrid[0:240:5, 0:320:5].reshape(2, -1)
            hits = [stage.pick(x + 0.5, y + 0.5) for x, y in zip(columns, rows, strict=True)]
            found = np.array([h is not None and h.layer_id == layer.id for h in hits])
            stage.isolate({layer.id: []})
            drawn = differs(full, shot(stage))[rows, columns]
            stage.isolate(None)
            assert found.sum() > 100
            assert (found != drawn).sum() <= 3


def test_a_picked_point_tells_its_true_height() -> None:
    project = town()
    with staged(project, SIZE) as stage:
        heights = {}
        for factor in (1.0, 3.0):
            stage.viewpoint = look("perspective", factor)
            x, y = camera.project_points(stage.viewpoint, [(WEST - 40.0, SOUTH - 30.0, 0.0)], SIZE)[
                0
            ]
            hit = stage.pick(float(x), float(y))
            assert hit is not None
            ground = float(stage.ground.height_at([hit.point[:2]])[0])
            heights[factor] = abs(hit.point[2] - ground)
        assert max(heights.values()) < 0.6


def test_the_turning_point_stays_as_the_eye_moves_in_an_exaggerated_picture() -> None:
    pivot = (WEST + 30.0, SOUTH + 80.0, 25.0)
    for projection in ("perspective", "parallel"):
        eye = look(projection, 3.0)
        before = camera.project_points(eye, [pivot], SIZE)[0]
        for after in (
            camera.orbit(eye, 0.4, -0.2, pivot),
            camera.zoom_at(eye, pivot, 0.5),
            camera.orbit(camera.zoom_at(eye, pivot, 2.0), -1.0, 0.1, pivot),
        ):
            np.testing.assert_allclose(camera.project_points(after, [pivot], SIZE)[0], before)
        moved = camera.pan(eye, pivot, 100.0, 90.0, SIZE)
        np.testing.assert_allclose(camera.project_points(moved, [pivot], SIZE)[0], (100.0, 90.0))


def test_everything_fits_into_an_exaggerated_picture() -> None:
    project = town()
    project.info = replace(project.info, exaggeration=5.0)
    with staged(project, SIZE) as stage:
        assert stage.exaggeration == 5.0
        stage.viewpoint = stage.fit()
        box = np.array(stage.bounds())
        corners = np.array(np.meshgrid(*box.reshape(3, 2))).reshape(3, 8).T
        pixels = camera.project_points(stage.viewpoint, corners, SIZE)
        assert (pixels > -1).all()
        assert (pixels < np.array(SIZE) + 1).all()
        shot(stage)
        near, far = stage.context.renderer.GetActiveCamera().GetClippingRange()
        away = camera.depths(stage.viewpoint, corners)
        assert near < away.min()
        assert far > away.max()


def test_the_project_keeps_its_exaggeration_and_the_stage_follows_undo(tmp_path: Path) -> None:
    project = town()
    history = History(project)
    with staged(project, SIZE) as stage:
        stage.viewpoint = look("perspective", 0.0)
        middle = camera.pixel_ray(stage.viewpoint, 160.0, 120.0, SIZE)
        before = stage.ground.meet(middle)
        history.run(SetInfo(replace(project.info, exaggeration=3.0)))
        assert stage.exaggeration == 3.0
        again = stage.ground.meet(camera.pixel_ray(stage.viewpoint, 160.0, 120.0, SIZE))
        assert before is not None
        assert again is not None
        assert math.dist(before[0], again[0]) < 0.5
        save_project(project, tmp_path / "steep.gpkg")
        history.undo()
        assert stage.exaggeration == 1.0
    assert load_project(tmp_path / "steep.gpkg").info.exaggeration == 3.0


def test_a_view_brings_its_own_exaggeration() -> None:
    with staged(town(), SIZE) as stage:
        stage.show_view(View("Steep", look("perspective", 4.0)))
        assert stage.exaggeration == 4.0
        assert Viewpoint.from_json(stage.viewpoint.to_json()) == stage.viewpoint


@pytest.mark.parametrize("factor", [0.4, 11.0, -1.0, math.nan])
def test_heights_are_drawn_half_to_ten_times_as_high(factor: float) -> None:
    with pytest.raises(CityError, match="cannot be drawn"):
        look("perspective", factor)

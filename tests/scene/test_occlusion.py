"""Corners get darker, planes do not; shade stays just as long as the shapes do."""

from __future__ import annotations

import math

import numpy as np
import pytest

from layers.edits import SetHeight
from layers.viewpoint import Viewpoint
from scene.occlusion import STRENGTH, Depths, shade, smoothed
from tests.scene.cities import SOUTH, WEST, city, project_with, shot, staged

NEAR, FAR, PIXELS = 10.0, 1000.0, 400.0


def depth_of(metres: np.ndarray) -> Depths:
    """Give what a depth buffer holds of distances ahead."""
    return np.asarray((FAR - NEAR * FAR / metres) / (FAR - NEAR), dtype=np.float32)


def valley(slope: float) -> Depths:
    """Give two planes that meet in the middle column, rising towards the eye on both sides."""
    across = np.abs(np.arange(121) - 60.0)
    return depth_of(np.tile(100.0 - slope * across * 100.0 / PIXELS, (61, 1)))


@pytest.mark.parametrize("tilt", [0.0, 0.5, 3.0])
def test_a_plane_keeps_its_light_however_steeply_it_is_seen(tilt: float) -> None:
    row, column = np.mgrid[0:60, 0:80]
    inverse = 1.0 / 100.0 + tilt * (row * 1e-5 + column * 5e-6)
    assert shade(depth_of(1.0 / inverse), NEAR, FAR, PIXELS).min() > 0.995


def test_a_corner_is_darker_and_a_sharper_one_more_so() -> None:
    found = [shade(valley(slope), NEAR, FAR, PIXELS) for slope in (0.3, 1.0)]
    for shades in found:
        middle = shades[30]
        assert middle[60] < 0.97
        assert middle[60] == middle.min()
        assert middle[5] > 0.99
    assert found[1][30, 60] < found[0][30, 60]
    assert found[1].min() >= 1.0 - STRENGTH


def test_a_ridge_and_the_sky_keep_their_light() -> None:
    ridge = depth_of(100.0 + np.abs(np.arange(121) - 60.0)[None, :] * np.ones((61, 1)) * 0.25)
    assert shade(ridge, NEAR, FAR, PIXELS).min() > 0.99
    assert (shade(np.ones((20, 30), dtype=np.float32), NEAR, FAR, PIXELS) == 1.0).all()


def test_what_is_far_in_front_throws_no_halo() -> None:
    metres = np.full((61, 121), 400.0)
    metres[:, :50] = 50.0
    assert shade(depth_of(metres), NEAR, FAR, PIXELS)[30, 52:].min() > 0.98


def test_a_wall_far_behind_leaves_flat_ground_before_a_low_eye_alone() -> None:
    down = np.arange(1, 121)[:, None] * np.ones((1, 80))  # pixels below the horizon
    wall = 150.0
    low, high = (np.minimum(eye * PIXELS / down, wall) for eye in (1.6, 20.0))
    shades = shade(depth_of(low), NEAR, FAR, PIXELS)
    assert shades[low < wall - 20.0].min() > 0.995
    assert shade(depth_of(high), NEAR, FAR, PIXELS)[high > wall - 10.0].min() < 0.97


def test_a_wide_strip_of_shade_beside_a_near_wall_has_no_stripes() -> None:
    near, far = 0.5, 1000.0
    up, right = np.mgrid[-150:150, -200:200] + 0.5  # pixels from the middle
    wall = np.where(right < 0.0, PIXELS / np.maximum(-right, 0.1), 300.0)  # a metre to the left
    floor = np.where(up < 0.0, 1.7 * PIXELS / np.maximum(-up, 0.1), 300.0)
    away = np.minimum(np.minimum(wall, floor), 300.0)
    depth = ((far - near * far / away) / (far - near)).astype(np.float32)
    rows = smoothed(shade(depth, near, far, PIXELS))[20:100:10]
    ways = np.abs(np.diff(rows, axis=1)).sum(axis=1)  # once down and up again is no stripe
    assert (ways - 2.0 * (rows.max(axis=1) - rows.min(axis=1))).max() < 0.42
    assert rows.min() < 0.8


def test_smoothing_keeps_the_mean() -> None:
    shades = np.random.default_rng(1).uniform(0.5, 1.0, (40, 50)).astype(np.float32)
    assert smoothed(shades).mean() == pytest.approx(shades.mean(), abs=0.01)
    assert smoothed(shades).std() < shades.std()


@pytest.mark.picture
def test_shade_lies_in_corners_until_something_else_is_seen() -> None:
    project, layer = project_with(city(25))
    with staged(project, (400, 300)) as stage:
        stage.viewpoint = Viewpoint.looking_at(
            (WEST + 60.0, SOUTH + 60.0, 0.0), 150.0, 0.4, math.radians(-35)
        )
        plain = shot(stage).astype(int)
        assert stage.complete
        assert stage.shade_corners()
        assert not stage.shade_corners()
        shaded = shot(stage).astype(int)
        assert (shaded <= plain + 1).all()
        assert ((plain - shaded).max(axis=2) > 10).mean() > 0.02
        stage.hover(layer.id, 13)
        stage.select({layer.id: [7]})
        stage.hover(None)
        stage.select({})
        np.testing.assert_array_equal(shot(stage), shaded)
        stage.isolate({layer.id: []})
        stage.isolate(None)
        np.testing.assert_array_equal(shot(stage), plain)


@pytest.mark.picture
def test_shade_of_what_was_drawn_before_an_edit_is_never_laid_over_what_is_there_now() -> None:
    project, layer = project_with(city(25))
    with staged(project, (400, 300)) as stage:
        stage.viewpoint = Viewpoint.looking_at(
            (WEST + 60.0, SOUTH + 60.0, 0.0), 150.0, 0.4, math.radians(-35)
        )
        shot(stage)
        found = [stage.complete]
        stage.hover(layer.id, 13)
        found.append(stage.complete)  # another colour is no other shape
        SetHeight(layer.id, 13, 150.0).do(project)
        found.append(stage.complete)
        shot(stage)
        assert [*found, stage.complete] == [True, True, False, True]

"""Seeing underground: what lies below shows through the ground, once, in its right place."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
import pyvista as pv
import shapely

from layers.kinds.buildings import Buildings
from layers.shapes import Shapes
from layers.viewpoint import View, Viewpoint
from scene.offscreen import PictureRequest, Studio
from scene.tools.events import KeyEvent
from scene.tools.navigate import Navigate
from tests.scene.cities import SOUTH, WEST, project_with

pytestmark = pytest.mark.picture

SIZE = (160, 120)
ABOVE = Viewpoint.looking_at((WEST, SOUTH, 0.0), 200.0, 0.0, -math.pi / 2, projection="parallel")
MIDDLE = (SIZE[1] // 2, SIZE[0] // 2)
ROOF = (SIZE[1] // 2, SIZE[0] // 2 + 40)


@pytest.fixture(scope="module")
def studio() -> Iterator[Studio]:
    shape = shapely.box(WEST + 30, SOUTH - 30, WEST + 90, SOUTH + 30)
    project = project_with(Buildings.blocks(Shapes.from_shapely([shape]), 20.0))[0]
    with Studio(project) as made:
        to_scene = made.stage.context.to_scene
        pipe = pv.Box((-90.0, 90.0, -10.0, 10.0, -12.0, -8.0))
        pipe.translate(to_scene(np.array([WEST, SOUTH, 0.0])), inplace=True)
        made.stage.plotter.add_mesh(
            pipe, color="red", lighting=False, render=False, reset_camera=False
        )
        yield made


def picture(studio: Studio, share: float, eye: Viewpoint = ABOVE) -> np.ndarray:
    request = PictureRequest(View("", eye, None, underground=share), SIZE, supersample=1)
    return np.asarray(studio.picture(request).pixels[..., :3].astype(int))


def test_what_lies_below_shows_as_much_as_it_is_asked_for(studio: Studio) -> None:
    solid, half, clear = (picture(studio, share)[MIDDLE] for share in (0.0, 0.5, 1.0))
    assert solid[0] - solid[1] < 40  # ground, no pipe
    assert clear.tolist() == [255, 0, 0]
    np.testing.assert_allclose(half, (solid + clear) / 2, atol=2)


def test_buildings_stay_solid_before_what_lies_below(studio: Studio) -> None:
    np.testing.assert_array_equal(picture(studio, 0.0)[ROOF], picture(studio, 0.8)[ROOF])


def test_solid_ground_is_the_same_again(studio: Studio) -> None:
    before = picture(studio, 0.0)
    picture(studio, 0.7)
    np.testing.assert_array_equal(before, picture(studio, 0.0))


def test_from_below_the_ground_is_seen_through_too(studio: Studio) -> None:
    eye = Viewpoint.looking_at((WEST + 60.0, SOUTH, 0.0), 60.0, 0.0, math.radians(80))
    assert eye.height < 0
    below = picture(studio, 0.6, eye)
    assert below.std() > 3.0  # a building and the sky, through the ground


def test_the_eye_goes_below_where_the_ground_is_seen_through(studio: Studio) -> None:
    stage = studio.stage
    stage.viewpoint = Viewpoint.looking_at((WEST, SOUTH, 0.0), 50.0, 0.0, math.radians(-10))
    tool = Navigate(stage)
    stage.underground.share = 0.0
    for _ in range(30):
        tool.key(KeyEvent("page_down", frozenset()))
    assert stage.viewpoint.height > 0.0
    stage.underground.share = 0.5
    for _ in range(30):
        tool.key(KeyEvent("page_down", frozenset()))
    assert stage.viewpoint.height < 0.0


def test_a_view_keeps_how_much_is_seen_through() -> None:
    view = View("a", ABOVE, underground=0.4)
    assert View.from_json(view.to_json()) == view
    old = view.to_json()
    del old["underground"]
    assert View.from_json(old).underground == 0.0

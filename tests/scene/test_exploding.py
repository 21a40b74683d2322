"""A city taken apart: layers above one another, found where they are drawn, true where they are."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
import shapely

from layers.cut import Cut
from layers.errors import CityError
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.shapes import Shapes
from layers.viewpoint import View, Viewpoint, exploded
from scene.offscreen import PictureRequest, Studio
from tests.scene.cities import SOUTH, WEST, project_with

pytestmark = pytest.mark.picture

SIZE = (320, 240)
SIDE = Viewpoint.looking_at((WEST, SOUTH, 100.0), 600.0, 0.0, 0.0, projection="parallel")


def block(at: float) -> Buildings:
    return Buildings.blocks(
        Shapes.from_shapely([shapely.box(WEST + at - 20, SOUTH - 20, WEST + at + 20, SOUTH + 20)]),
        20.0,
    )


@pytest.fixture
def studio() -> Iterator[Studio]:
    project: Project = project_with(block(-60.0))[0]
    project.insert_layer(Layer("buildings", "upper", block(60.0)))
    with Studio(project) as made:
        yield made


def tops(studio: Studio, explode: float) -> list[float]:
    """Give how high over the datum the tops of both blocks are drawn, metres."""
    view = View("", SIDE, explode=explode)
    pixels = studio.picture(PictureRequest(view, SIZE, supersample=1, transparent=True)).pixels
    metres = 2 * math.tan(SIDE.fov / 2) * SIDE.distance / SIZE[1]
    out = []
    for at in (-60.0, 60.0):
        column = pixels[:, round(SIZE[0] / 2 + at / metres), 3]
        out.append(100.0 + (SIZE[1] / 2 - float(np.argmax(column > 128))) * metres)
    return out


def test_layers_are_drawn_above_one_another(studio: Studio) -> None:
    assert tops(studio, 0.0) == pytest.approx([20.0, 20.0], abs=3.0)
    assert tops(studio, 50.0) == pytest.approx([70.0, 120.0], abs=3.0)
    assert tops(studio, 0.0) == pytest.approx([20.0, 20.0], abs=3.0)


def test_what_is_lifted_is_found_where_it_is_drawn_and_measured_where_it_is(
    studio: Studio,
) -> None:
    tops(studio, 50.0)
    stage = studio.stage
    stage.plotter.window_size = SIZE
    metres = 2 * math.tan(SIDE.fov / 2) * SIDE.distance / SIZE[1]
    x, y = SIZE[0] / 2 + 60.0 / metres, SIZE[1] / 2 - 10.0 / metres  # 110 m above the datum
    hit = stage.pick(x, y)
    assert hit is not None
    assert hit.layer_id == stage.project.layers[1].id
    assert hit.point[2] == pytest.approx(10.0, abs=2.0)
    chosen = stage.pick_box(x - 20, y - 20, x + 20, y + 20)
    assert list(chosen) == [stage.project.layers[1].id]
    stage.exploding.spread = 0.0
    there = stage.pick(x, y)
    assert there is None or there.object_id == 0


def test_a_view_keeps_how_far_its_layers_are_apart_and_a_cut_counts_first(studio: Studio) -> None:
    view = View("apart", SIDE, explode=80.0)
    assert View.from_json(view.to_json()) == view
    studio.stage.show_view(view)
    assert studio.stage.exploding.highest == pytest.approx(160.0)
    cut = Cut.level((WEST, SOUTH), 10.0)
    studio.stage.show_view(View("cut", SIDE, cut=cut, explode=80.0))
    assert studio.stage.exploding.spread == 0.0
    with pytest.raises(CityError) as caught:
        exploded(-1.0)
    assert caught.value.code == "view.explode"

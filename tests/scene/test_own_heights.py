"""Shapes with heights of their own stand where the file says: above datum, or above the ground."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely

from layers.errors import CityError
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.project import Project
from layers.shapes import Shapes
from layers.style import Style
from layers.viewpoint import Viewpoint
from scene import camera
from scene.own_heights import heights_of
from scene.stage import Stage
from tests.scene.cities import SOUTH, WEST, city, project_with, shot, staged
from tests.scene.test_surface import hills

E, N = WEST + 240.0, SOUTH + 60.0  # on the plain between the hills, 20 m high
SHAPES = [
    shapely.LineString([(E, N, 90.0), (E + 100, N, 120.0)]),
    shapely.Point(E + 50, N + 60, 70.0),
    shapely.Polygon(
        [(E, N + 100, 60), (E + 60, N + 100, 60), (E + 60, N + 150, 90), (E, N + 150, 90)]
    ),
]  # fmt: skip


def scene(how: str) -> tuple[Project, Layer]:
    """Give a wire, a place and a sloping area over hilly land."""
    project, buildings = project_with(city(1))
    buildings.visible = False
    project.insert_layer(Layer("terrain", "Land", hills(), style=kind_of("terrain").style), 0)
    style = Style(colour="#ff0000", line_width=4.0, point_size=14.0, heights=how)  # type: ignore[arg-type]
    data = Features.of(Shapes.from_shapely(np.array(SHAPES, dtype=object)))
    layer = Layer("features", "Air", data, style=style)
    project.insert_layer(layer)
    return project, layer


def looking(stage: Stage) -> None:
    stage.viewpoint = Viewpoint.looking_at((E + 50, N + 70, 60.0), 420.0, 0.2, math.radians(-20))


def red(picture: Any, pixel: Any) -> bool:
    x, y = (int(part) for part in pixel)
    near = picture[y - 2 : y + 3, x - 2 : x + 3].astype(int)
    return bool(((near[..., 0] > near[..., 1] + 40) & (near[..., 0] > near[..., 2] + 40)).any())


@pytest.mark.picture
@pytest.mark.parametrize("how", ["absolute", "relative", "ground"])
def test_shapes_are_drawn_and_found_at_their_heights(how: str) -> None:
    project, layer = scene(how)
    with staged(project, (480, 360)) as stage:
        looking(stage)
        picture = shot(stage)
        places = np.array([(E + 50, N, 105.0), (E + 50, N + 60, 70.0), (E + 30, N + 125, 75.0)])
        level = stage.ground.height_at(places[:, :2])
        if how == "relative":
            places[:, 2] += level
        elif how == "ground":
            places[:, 2] = level
        pixels = camera.project_points(stage.viewpoint, places, stage.size)
        assert [red(picture, pixel) for pixel in pixels] == [True] * 3
        for number, (pixel, place) in enumerate(zip(pixels[:2], places, strict=False), start=1):
            hit = stage.pick(*pixel)
            assert hit is not None
            assert (hit.layer_id, hit.object_id) == (layer.id, number)
            assert hit.point[2] == pytest.approx(place[2], abs=4.0 if how == "relative" else 1.5)
        box = np.array(stage.views[layer.id].bounds())
        if how == "absolute":
            assert box[5] == pytest.approx(120.0)


@pytest.mark.picture
def test_chosen_wires_shine_in_the_air_and_the_setting_can_change() -> None:
    project, layer = scene("absolute")
    with staged(project, (480, 360)) as stage:
        looking(stage)
        first = shot(stage)
        stage.select({layer.id: [1]})
        assert (shot(stage) != first).any()
        stage.select({})
        layer.style = replace(layer.style, heights="ground")
        assert (shot(stage) != first).any()
        layer.style = replace(layer.style, heights="absolute")
        assert np.array_equal(shot(stage), first)


def test_corners_without_heights_are_on_the_ground() -> None:
    project, _ = scene("absolute")
    with staged(project) as stage:
        line = [(E, N, 90.0), (E + 50, N, math.nan)]
        shapes = Shapes.from_shapely([shapely.LineString(line)])
        ground = float(stage.ground.height_at([(E + 50, N)])[0])
        found = heights_of(shapes, "absolute", stage.ground)
        assert found is not None
        assert found.tolist() == [90.0, pytest.approx(ground)]
        above = heights_of(shapes, "relative", stage.ground)
        assert above is not None
        assert above[1] == pytest.approx(ground)
        assert heights_of(shapes, "ground", stage.ground) is None


def test_other_words_are_refused() -> None:
    with pytest.raises(CityError, match="heights in shapes"):
        Style(heights="high")  # type: ignore[arg-type]

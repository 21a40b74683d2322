"""Looks of the whole picture: what they change in it, and that they change nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely
from numpy.typing import NDArray

from layers.errors import CityError
from layers.frame import Frame
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.looks import LOOKS
from layers.project import Project
from layers.shapes import Floats, Shapes
from layers.viewpoint import View, Viewpoint
from scene.facades import facade_texels
from scene.looks import look_of
from scene.stage import Stage
from scene.views.buildings import BuildingsView
from tests.scene.cities import SOUTH, WEST, shot, staged

pytestmark = pytest.mark.picture
SIZE = (400, 300)


def tower(**columns: list[object]) -> Layer:
    box = shapely.box(WEST - 30, SOUTH - 10, WEST + 30, SOUTH + 10)
    shapes = Shapes.from_shapely(np.array([box], dtype=object))
    data = Buildings.blocks(shapes, 45.0, pa.table(columns or {"use": ["office"]}))
    style = replace(kind_of("buildings").style, colour="#c04030")
    return Layer("buildings", "Tower", data, style=style)


@pytest.fixture
def stage() -> Iterator[Stage]:
    project = Project(Frame("EPSG:4547", (WEST, SOUTH)))
    project.info = replace(project.info, moment="2026-06-21T12:20")
    project.insert_layer(tower())
    with staged(project, SIZE) as made:
        face_on(made, 130.0)
        yield made


def face_on(stage: Stage, distance: float) -> None:
    target = (WEST, SOUTH, 24.0)
    stage.viewpoint = Viewpoint.looking_at(target, distance, 0.0, math.radians(-6))


def seen(stage: Stage, look: str) -> NDArray[np.int64]:
    stage.look = look
    return shot(stage)[..., :3].astype(np.int64)


def wall(picture: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give the middle of the wall."""
    return picture[120:180, 150:250]


def test_every_look_draws_and_the_usual_one_comes_back(stage: Stage) -> None:
    first = seen(stage, "attributes")
    pictures = {look: seen(stage, look) for look in LOOKS}
    for look, picture in pictures.items():
        if look != "attributes":
            assert np.abs(picture - first).mean() > 5.0, look
    assert np.array_equal(seen(stage, "attributes"), first)


def test_the_white_model_is_white_and_still_shaded(stage: Stage) -> None:
    part = wall(seen(stage, "white"))
    assert (part.max(axis=2) - part.min(axis=2)).mean() < 16
    assert part.mean() > 130


def test_realistic_walls_have_windows_that_fade_far_away(stage: Stage) -> None:
    bare = wall(seen(stage, "attributes")).mean(axis=2)
    near = wall(seen(stage, "realistic")).mean(axis=2)
    assert near.std() > bare.std() + 8
    face_on(stage, 4000.0)
    picture = seen(stage, "realistic")
    far = picture[148:152, 199:202].reshape(-1, 3).mean(axis=1)
    assert far.std() < near.std()


def test_the_night_is_darker_with_lit_windows(stage: Stage) -> None:
    day, night = seen(stage, "realistic"), seen(stage, "night")
    assert night.mean() < 0.45 * day.mean()
    lit = wall(night).max(axis=2) > 150
    assert 0.02 < lit.mean() < 0.7
    assert np.array_equal(night, seen(stage, "night"))  # the same windows every time


def test_a_blueprint_has_bright_lines_on_blue(stage: Stage) -> None:
    picture = seen(stage, "blueprint")
    red, green, blue = (picture[..., i].mean() for i in range(3))
    assert blue > green > red
    bright = (picture.min(axis=2) > 130).sum()
    assert 50 < bright < 0.1 * picture.shape[0] * picture.shape[1]


def test_named_views_and_projects_say_the_look(stage: Stage) -> None:
    assert stage.look == "attributes"
    project = stage.project
    project.info = replace(project.info, look="white")
    assert stage.look == "white"
    assert stage.context.materials.look is look_of("white")
    view = View("night", stage.viewpoint, look="night")
    stage.show_view(view)
    assert stage.look == "night"
    stage.show_view(replace(view, look=""))
    assert stage.look == "white"
    with pytest.raises(CityError):
        stage.look = "sepia"


def test_selected_buildings_stay_orange_in_every_look(stage: Stage) -> None:
    layer = stage.project.layers[0]
    stage.select({layer.id: [1]})
    for look in LOOKS:
        part = wall(seen(stage, look)).reshape(-1, 3).mean(axis=0)
        assert part[0] > part[2] + 25, look


def test_facades_that_do_not_compile_leave_bare_walls(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shaders

    merged = shaders.merged

    def broken(*names: str) -> dict[tuple[str, str], str]:
        out = merged(*names)
        if "facade" in names:
            out = {place: code + "\nno such glsl;" for place, code in out.items()}
        return out

    monkeypatch.setattr(shaders, "merged", broken)
    warned: list[str] = []
    stage.warned.connect(warned.append)
    seen(stage, "realistic")
    assert "scene-plain-facades" in warned
    again: Any = wall(shot(stage)[..., :3].astype(np.int64))
    assert again.std() < 60
    assert again.reshape(-1, 3).mean(axis=0)[0] > 60


def test_the_shader_is_told_use_storey_and_turn() -> None:
    data = tower(use=["residential"], floors=[15]).data
    assert isinstance(data, Buildings)
    assert facade_texels(data).tolist() == [[16, 60, 0]]


def test_roofs_by_attribute_are_drawn_and_picked(stage: Stage) -> None:
    layer = stage.project.layers[0]
    flat = seen(stage, "attributes")
    layer.data = tower(roof=["gable"], roof_height=[20.0]).data
    view = next(v for v in stage.views.values() if isinstance(v, BuildingsView))
    assert view.bounds() is not None
    pitched = seen(stage, "attributes")
    assert not np.array_equal(flat, pitched)
    stage.viewpoint = Viewpoint.looking_at((WEST, SOUTH, 40.0), 120.0, 0.0, -math.pi / 2)
    hit = stage.pick(SIZE[0] / 2, SIZE[1] / 2)
    assert hit is not None
    assert hit.object_id == 1
    assert hit.point[2] == pytest.approx(45.0, abs=1.5)


def test_water_and_grass_are_darker_and_duller_where_the_look_is_realistic() -> None:
    lake = Features.of(Shapes.from_shapely([shapely.box(WEST, SOUTH, WEST + 400, SOUTH + 400)]))
    meadow = Features.of(
        Shapes.from_shapely([shapely.box(WEST + 400, SOUTH, WEST + 800, SOUTH + 400)])
    )
    project = Project(Frame("EPSG:4547", (WEST, SOUTH)))
    project.insert_layer(Layer("water", "Lake", lake, style=kind_of("water").style))
    project.insert_layer(Layer("greenery", "Meadow", meadow, style=kind_of("greenery").style))
    with staged(project, (200, 100)) as stage:
        stage.viewpoint = Viewpoint.looking_at(
            (WEST + 400.0, SOUTH + 200.0, 0.0), 700.0, 0.0, -math.pi / 2
        )
        seen = {}
        for look in ("attributes", "realistic", "night"):
            stage.look = look
            picture = shot(stage).astype(float)
            seen[look] = [picture[45:55, x : x + 20].mean(axis=(0, 1)) for x in (50, 130)]

    def colourful(colour: Floats) -> float:
        return float(colour.max() - colour.min())

    assert colourful(seen["realistic"][0]) < 0.75 * colourful(seen["attributes"][0])
    for usual, real in zip(seen["attributes"], seen["realistic"], strict=True):
        assert real.mean() < 0.95 * usual.mean()
    assert seen["night"][0].mean() < 0.5 * seen["realistic"][0].mean()

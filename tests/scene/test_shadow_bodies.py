"""Trees, models, decks and detailed roofs throw shadows, and take them."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
import shapely
from numpy.typing import NDArray

import shaders
from layers.frame import Frame
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.kinds.model_library import Model
from layers.project import Project
from layers.shapes import Shapes
from layers.viewpoint import View, Viewpoint
from scene.offscreen import PictureRequest, Studio
from scene.shadow_bodies import Bodies, Form, draw_bodies
from scene.shadow_raster import NOTHING, Window, draw_triangles
from tests import models
from tests.scene.cities import SOUTH, WEST

SIZE = (480, 360)
MORNING = "2026-06-21T08:30"
BOX = np.array([[x, y, z] for z in (0.0, 1.0) for y in (-0.5, 0.5) for x in (-0.5, 0.5)])
SIDES = np.array(
    [[0, 1, 3], [0, 3, 2], [4, 5, 7], [4, 7, 6], [0, 1, 5], [0, 5, 4], [2, 3, 7], [2, 7, 6],
     [0, 2, 6], [0, 6, 4], [1, 3, 7], [1, 7, 5]], dtype=np.int32,
)  # fmt: skip


def test_copies_are_drawn_where_their_triangles_would_be() -> None:
    window = Window(-40.0, -40.0, 0.25, 400)
    slant = np.array([0.8, -0.4])
    places, turn = np.array([[3.0, 4.0, 1.0], [20.0, -5.0, 0.0]]), np.array([0.6, -1.1])
    turns, sizes = np.column_stack([np.cos(turn), np.sin(turn)]), np.array([[6.0, 9.0], [4.0, 20]])
    bodies = Bodies.many((Form(BOX, SIDES),), places, turns, sizes)
    out = np.full((400, 400), NOTHING, dtype=np.float32)
    assert draw_bodies(out, window, bodies, slant) == 2
    wanted = np.full((400, 400), NOTHING, dtype=np.float32)
    for place, (c, s), (wide, high) in zip(places, turns, sizes, strict=True):
        turned = BOX[:, :2] @ np.array([[c, s], [-s, c]]) * wide
        points = np.column_stack([turned, BOX[:, 2] * high]) + place
        draw_triangles(wanted, window, points, SIDES, slant)
    assert (wanted > NOTHING).sum() > 500
    assert np.allclose(out, wanted, atol=1e-3)


def test_what_is_smaller_than_a_texel_or_out_of_reach_is_left_out() -> None:
    places = np.array([[0.0, 0.0, 0.0], [50.0, 0.0, 0.0]])
    turns = np.tile([1.0, 0.0], (2, 1))
    bodies = Bodies.many((Form(BOX, SIDES),), places, turns, np.full((2, 2), 1.0))
    slant = np.zeros(2)
    assert list(bodies.within(Window(-10.0, -10.0, 0.5, 40), slant)) == [0]
    assert len(bodies.within(Window(-100.0, -100.0, 5.0, 40), slant)) == 0


def test_coarse_windows_take_coarse_forms() -> None:
    tall = BOX * [1.0, 1.0, 10.0]
    bodies = Bodies.many(
        (Form(BOX, SIDES), Form(tall, SIDES, 0.5)), np.zeros((1, 3)), np.array([[1.0, 0.0]]),
        np.full((1, 2), 4.0),
    )  # fmt: skip
    for texel, top in ((0.2, 4.0), (1.0, 40.0)):
        out = np.full((100, 100), NOTHING, dtype=np.float32)
        draw_bodies(out, Window(-50 * texel, -50 * texel, texel, 100), bodies, np.zeros(2))
        assert out.max() == pytest.approx(top)


def project_of(*layers: Layer) -> Project:
    project = Project(Frame("EPSG:4547", (WEST, SOUTH)))
    for layer in layers:
        project.insert_layer(layer)
    return project


def plan(project: Project, *, shadows: bool, moment: str = MORNING) -> NDArray[np.int_]:
    eye = Viewpoint(WEST, SOUTH, 200.0, pitch=-math.pi / 2, fov=math.radians(30.0))
    request = PictureRequest(View("", eye, None, moment), SIZE, supersample=1, shadows=shadows)
    with Studio(project) as studio:
        return studio.picture(request).pixels[..., :3].astype(int)


def trees() -> Layer:
    shapes = Shapes.from_shapely([shapely.Point(WEST, SOUTH), shapely.Point(WEST + 15, SOUTH)])
    data = Features.of(shapes, pa.table({"height": [16.0, 12.0], "crown": [9.0, 7.0]}))
    return Layer("trees", "Trees", data, style=kind_of("trees").style)


def tower(height: float = 40.0, **fields: list[str]) -> Layer:
    box = shapely.box(WEST + 20, SOUTH - 8, WEST + 32, SOUTH + 8)
    table = pa.table(fields or {"a": ["x"]})
    data = Buildings.blocks(Shapes.from_shapely([box]), height, table)
    return Layer("buildings", "Tower", data, style=kind_of("buildings").style)


@pytest.mark.picture
def test_trees_throw_shadows_to_the_west_in_the_morning() -> None:
    project = project_of(trees())
    dark = (plan(project, shadows=False) - plan(project, shadows=True)).sum(axis=2) > 30
    middle = SIZE[0] // 2
    metres = 2.0 * 200.0 * math.tan(math.radians(15.0)) / SIZE[1]
    assert dark.sum() * metres**2 > 60.0
    assert dark[:, : middle + 10].sum() > 0.4 * dark.sum()
    assert not dark[:, middle + int(24 / metres) :].any()


@pytest.mark.picture
def test_trees_stand_in_the_shadow_of_a_tower() -> None:
    alone = plan(project_of(trees()), shadows=True)
    beside = plan(project_of(trees(), tower()), shadows=True)
    green = (alone[..., 1] > alone[..., 0] + 15) & (alone[..., 1] > alone[..., 2] + 15)
    assert green.sum() > 200
    darker = (alone - beside).sum(axis=2) > 20
    assert darker[green].mean() > 0.6


@pytest.mark.picture
def test_a_gable_throws_less_shadow_than_a_block_of_its_height() -> None:
    areas = []
    for form in ("flat", "gable"):
        project = project_of(tower(14.0, **{"roof:shape": [form]}))
        dark = (plan(project, shadows=False) - plan(project, shadows=True)).sum(axis=2) > 60
        areas.append(dark[:, : SIZE[0] // 2 + 40].sum())
    assert 0.3 * areas[0] < areas[1] < 0.95 * areas[0]


@pytest.mark.picture
def test_without_their_shader_pictures_have_no_shadows_and_one_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = plan(project_of(tower()), shadows=False)
    good = shaders.sections

    def broken(name: str) -> dict[tuple[str, str], str]:
        found = dict(good(name))
        if name == "shadow":
            place = ("fragment", "TCoord::Dec")
            found[place] = found[place].replace("#ifdef SHADOWS", "#ifdef SHADOWS\nno GLSL at all;")
        return found

    monkeypatch.setattr(shaders, "sections", broken)
    eye = Viewpoint(WEST, SOUTH, 200.0, pitch=-math.pi / 2, fov=math.radians(30.0))
    request = PictureRequest(View("", eye, None, MORNING), SIZE, supersample=1, shadows=True)
    with Studio(project_of(tower())) as studio:
        warnings: list[str] = []
        studio.stage.warned.connect(warnings.append)
        first = studio.picture(request).pixels[..., :3].astype(int)
        studio.picture(request)
    assert warnings == ["scene-no-shadows"]
    assert np.array_equal(first, plain)


@pytest.mark.picture
@pytest.mark.parametrize("model", [models.wedge(), models.textured()], ids=["plain", "textured"])
def test_models_throw_shadows_and_take_them(model: Model) -> None:
    east, north = models.EAST, models.NORTH
    eye = Viewpoint(east, north, 300.0, pitch=-math.pi / 2, fov=math.radians(30.0))

    def drawn(project: Project, *, shadows: bool) -> NDArray[np.int_]:
        view = View("", eye, None, MORNING)
        request = PictureRequest(view, SIZE, supersample=1, shadows=shadows)
        with Studio(project) as studio:
            return studio.picture(request).pixels[..., :3].astype(int)

    alone = models.project()
    empty = drawn(alone, shadows=True)
    alone.insert_layer(models.layer_of(model, turn=[30.0], scale=[2.0]))
    plain, shaded = drawn(alone, shadows=False), drawn(alone, shadows=True)
    ground = (plain == empty).all(axis=2)
    darker = (plain - shaded).sum(axis=2) > 30
    assert (darker & ground).sum() > 150
    assert (darker & ~ground).sum() < 0.5 * (~ground).sum()  # what looks at the sun stays lit
    tower = shapely.box(east + 60, north - 60, east + 90, north + 60)
    data = Buildings.blocks(Shapes.from_shapely([tower]), 100.0)
    alone.insert_layer(Layer("buildings", "T", data, style=kind_of("buildings").style))
    covered = drawn(alone, shadows=True)
    body = ~ground & ((shaded - plain).sum(axis=2) == 0)
    assert ((shaded - covered).sum(axis=2) > 20)[body].mean() > 0.6

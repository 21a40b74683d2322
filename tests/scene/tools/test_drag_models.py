"""Selected models follow the pointer over the ground; what is not selected gives a box."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from layers.kinds.base import Layer
from layers.kinds.model_library import Library, Material, Model, Part
from layers.kinds.models import Models, points_of
from layers.model_edits import change_models
from layers.project import Project
from layers.viewpoint import Viewpoint
from scene import camera
from scene.stage import Stage
from scene.tools.events import KeyEvent, PointerEvent
from scene.tools.select import Select
from tests.scene.cities import SOUTH, WEST, city, project_with, staged

pytestmark = pytest.mark.picture


def cube(side: float) -> Model:
    """A cube standing in the middle of its base."""
    points = np.array(list(np.ndindex(2, 2, 2)), dtype=np.float32) * side
    points[:, :2] -= side / 2
    faces = np.array([
        [0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1],
        [2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3],
    ], dtype=np.int32)  # fmt: skip
    return Model("cube", points, faces, (Part(0, 12, 0),), (Material(),))


def placed() -> Project:
    project = project_with(city(4))[0]
    at = np.array([[WEST - 60.0, SOUTH - 60.0, 0.0], [WEST - 30.0, SOUTH - 60.0, 0.0]])
    plain = Models.unpack(
        Models(
            points_of(at), np.array([1, 2]), np.array([0, 1]),
            project.layers[0].features.attributes.slice(0, 2), model=np.zeros(2, dtype=np.int64),
            turn=np.zeros(2), scale=np.ones(2), on_ground=np.ones(2, dtype=bool),
            library=Library((cube(12.0),)),
        ).pack()
    )  # fmt: skip
    project.insert_layer(Layer("models", "Cubes", plain, layer_id="cubes"))
    return project


@pytest.fixture
def stage() -> Iterator[Stage]:
    with staged(placed()) as made:
        made.viewpoint = Viewpoint.looking_at(
            (WEST - 45.0, SOUTH - 60.0, 0.0), 160.0, 0.3, math.radians(-50)
        )
        yield made


def pixel(stage: Stage, east: float, north: float, height: float) -> tuple[float, float]:
    x, y = camera.project_points(stage.viewpoint, np.array([[east, north, height]]), stage.size)[
        0
    ].tolist()
    return x, y


def drag(tool: Select, a: tuple[float, float], b: tuple[float, float]) -> None:
    tool.pointer(PointerEvent("press", *a, "left", frozenset()))
    tool.pointer(PointerEvent("move", *b, "left", frozenset()))
    tool.pointer(PointerEvent("release", *b, "left", frozenset()))


def test_selected_models_are_dragged_by_metres_of_the_map(stage: Stage) -> None:
    tool, told = Select(stage), []
    tool.moved.connect(lambda *way: told.append(way))
    stage.select({"cubes": [1, 2]})
    top = (WEST - 60.0, SOUTH - 60.0, 12.0)
    drag(tool, pixel(stage, *top), pixel(stage, top[0] + 25.0, top[1] + 10.0, 12.0))
    ((layer_id, ids, shift),) = told
    assert layer_id == "cubes"
    assert ids.tolist() == [1, 2]
    assert shift == pytest.approx([25.0, 10.0, 0.0], abs=0.2)
    change_models(stage.project, layer_id, ids, shift=shift).do(stage.project)
    data = stage.project.layer("cubes").data
    assert isinstance(data, Models)
    assert data.places[0, :2] == pytest.approx([WEST - 35.0, SOUTH - 50.0], abs=0.2)


def test_what_is_not_selected_stays_and_escape_lets_go(stage: Stage) -> None:
    tool, told = Select(stage), []
    boxes: list[object] = []
    tool.moved.connect(lambda *way: told.append(way))
    tool.box_changed.connect(boxes.append)
    top = pixel(stage, WEST - 60.0, SOUTH - 60.0, 12.0)
    drag(tool, top, (top[0] + 40.0, top[1] + 5.0))
    assert boxes
    stage.select({"cubes": [1]})
    tool.pointer(PointerEvent("press", *top, "left", frozenset()))
    tool.pointer(PointerEvent("move", top[0] + 40.0, top[1], "left", frozenset()))
    assert tool.cursor == "closed_hand"
    tool.key(KeyEvent("escape", frozenset()))
    tool.pointer(PointerEvent("release", top[0] + 40.0, top[1], "left", frozenset()))
    assert told == []

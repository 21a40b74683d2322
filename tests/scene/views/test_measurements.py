"""Measurements are seen over everything, with their answers, and found under the pointer."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
import shapely

from layers.edits import add_measurement
from layers.history import History
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.kinds.measurements import Measurement, Measurements
from layers.planning.measure import measure_area, measure_distance
from layers.shapes import Shapes
from layers.viewpoint import Viewpoint
from scene import camera
from scene.stage import Stage
from scene.views.measurements import answer
from tests.scene.cities import SOUTH, WEST, project_with, shot, staged

pytestmark = pytest.mark.picture
INK = np.array([216, 27, 96])  # the colour of the kind


@pytest.fixture
def town() -> Iterator[tuple[History, Stage]]:
    block = Shapes.from_shapely([shapely.box(WEST, SOUTH, WEST + 60, SOUTH + 40)])
    project, _ = project_with(Buildings.blocks(block, 30.0))
    with staged(project, (640, 480)) as stage:
        stage.viewpoint = Viewpoint.looking_at(
            (WEST + 30, SOUTH + 20, 0.0), 320.0, 0.0, math.radians(-35)
        )
        yield History(project), stage


def inked(stage: Stage) -> int:
    """Pixels in the colour of measurements."""
    seen = shot(stage).astype(int)
    return int((np.abs(seen[..., :3] - INK).max(axis=-1) < 24).sum())


def layer_of(history: History) -> Layer:
    return next(history.project.of_kind("measurements"))


def test_a_line_behind_a_building_is_seen_all_the_same(town: tuple[History, Stage]) -> None:
    history, stage = town
    assert inked(stage) == 0
    behind = ((WEST - 20, SOUTH + 60, 0.0), (WEST + 80, SOUTH + 60, 0.0))
    history.run(add_measurement(history.project, measure_distance(history.project, *behind)))
    x0, x1 = camera.project_points(stage.viewpoint, behind, stage.size)[:, 0]
    assert inked(stage) > 1.5 * abs(x1 - x0)
    history.undo()
    assert inked(stage) == 0


def test_hiding_the_layer_hides_lines_and_answers(town: tuple[History, Stage]) -> None:
    history, stage = town
    ring = [(WEST + x, SOUTH + y, 0.0) for x, y in ((-40, -40), (40, -40), (40, -10), (-40, -10))]
    history.run(add_measurement(history.project, measure_area(history.project, ring)))
    assert inked(stage) > 0
    assert len(stage.context.labels) == 1
    layer_of(history).visible = False
    assert inked(stage) == 0
    assert len(stage.context.labels) == 0


def test_a_measurement_is_found_under_the_pointer_and_marked(town: tuple[History, Stage]) -> None:
    history, stage = town
    ends = ((WEST - 20, SOUTH - 30, 0.0), (WEST + 80, SOUTH - 30, 0.0))
    history.run(add_measurement(history.project, measure_distance(history.project, *ends)))
    middle = ((ends[0][0] + ends[1][0]) / 2 + 10, ends[0][1], 0.0)
    x, y = camera.project_points(stage.viewpoint, [middle], stage.size)[0, :2]
    hit = stage.pick(float(x), float(y))
    assert hit is not None
    assert (hit.layer_id, hit.object_id) == (layer_of(history).id, 1)
    before = inked(stage)
    stage.select({hit.layer_id: [1]})
    assert inked(stage) < before / 2, "the chosen one wears the colour of choice"


@pytest.mark.parametrize(
    ("kind", "values", "text"),
    [
        ("distance", {"distance_3d_m": 1234.5}, "1,234.50 m"),
        ("polyline", {"horizontal_m": 12_345.6}, "12.346 km"),
        ("area", {"area_m2": 33_300.0}, "33,300.0 m²"),
        ("area", {"area_m2": 250_000.0}, "25.00 ha"),
        ("angle", {"angle_rad": math.pi / 2}, "90.0°"),
        ("building", {"height_m": 250.0}, "250.00 m"),
        ("point", {}, "5.00 m"),
    ],
)
def test_the_answer_has_a_unit(kind: str, values: dict[str, float], text: str) -> None:
    item = Measurement(1, kind, "x", ((0.0, 0.0, 5.0),), values)  # type: ignore[arg-type]
    assert answer(item) == text


def test_no_measurements_draw_nothing(town: tuple[History, Stage]) -> None:
    history, stage = town
    history.project.insert_layer(Layer("measurements", "Measured", Measurements()))
    assert inked(stage) == 0

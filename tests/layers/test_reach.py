"""Where chosen objects are, up to their tops."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from layers.frame import Frame
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.kinds.model_library import Library, Material, Model, Part
from layers.kinds.models import Models
from layers.project import Project
from layers.reach import reach_of
from layers.shapes import Shapes


def city() -> Project:
    project = Project(Frame("EPSG:4547", (500_000.0, 3_380_000.0)))
    boxes = [shapely.box(500_000 + 50 * i, 3_380_000, 500_020 + 50 * i, 3_380_010) for i in (0, 1)]
    blocks = Buildings.blocks(Shapes.from_shapely(boxes), np.array([30.0, 80.0]))
    lines = [shapely.LineString([(499_000, 3_379_000), (499_500, 3_379_100)])]
    corners = np.array([[-3, -2, 0], [3, -2, 0], [3, 2, 0], [0, 0, 12]], dtype=np.float32)
    faces = np.array([[0, 1, 2], [0, 1, 3]], dtype=np.int32)
    model = Model("m", corners, faces, (Part(0, 2, 0),), (Material(),))
    there = Models.placed(Library((model,)), [(500_300.0, 3_380_300.0, 5.0)], turn=90.0, scale=2.0)
    for kind, data in (("buildings", blocks), ("roads", Features.of(Shapes.from_shapely(lines))),
                       ("models", there)):  # fmt: skip
        project.insert_layer(Layer(kind, kind, data, layer_id=kind))
    return project


def test_buildings_reach_up_to_their_roofs() -> None:
    project = city()
    assert reach_of(project, {"buildings": [1]}) == ((500_000, 3_380_000, 500_020, 3_380_010), 30)
    assert reach_of(project, {"buildings": [1, 2]}) == (
        (500_000, 3_380_000, 500_070, 3_380_010), 80,
    )  # fmt: skip


def test_models_count_with_turn_and_size() -> None:
    found = reach_of(city(), {"models": [1]})
    assert found is not None
    assert found[0] == pytest.approx((500_296, 3_380_294, 500_304, 3_380_306))
    assert found[1] == pytest.approx(5.0 + 24.0)


def test_lines_have_no_top_and_nothing_has_no_place() -> None:
    project = city()
    assert reach_of(project, {"roads": [1]}) == ((499_000, 3_379_000, 499_500, 3_379_100), None)
    assert reach_of(project, {}) is None
    assert reach_of(project, {"roads": []}) is None

"""Resources counted, and levels of stores reckoned by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pytest
import shapely

from layers.analyses import running
from layers.drills.major_hazards import r_value
from layers.kinds.base import Features, Layer
from layers.project import Project
from layers.shapes import Shapes
from tests.layers.planning.blocks import EAST, NORTH, town


def points(kind: str, called: str, east: list[float], /, **columns: Sequence[object]) -> Layer:
    shapes = Shapes.from_shapely([shapely.Point(EAST + x, NORTH) for x in east])
    return Layer(kind, called, Features.of(shapes, pa.table({**columns})))


def city() -> Project:
    project = town([(0.0, 0.0, 9.0, 9.0, 3.0)])
    project.insert_layer(points(
        "resources", "Hydrants", [0.0, 10.0, 900.0], type=["hydrant"] * 3,
        status=["ready", "broken", ""],
    ))  # fmt: skip
    project.insert_layer(points(
        "hazards", "Stores", [5.0, 20.0], name=["Chlorine", "Sand"], substance=["液氯", "砂"],
        amount_t=[100.0, 9.0],
    ))  # fmt: skip
    west = shapely.box(EAST - 50.0, NORTH - 50.0, EAST + 100.0, NORTH + 50.0)
    districts = Features.of(Shapes.from_shapely([west]), pa.table({"name": ["West"]}))
    project.insert_layer(Layer("districts", "Districts", districts))
    return project


def test_resources_are_counted_by_district_sort_and_state() -> None:
    found = running.run(city(), "drill-resources", {"zones": ("Districts",)}).outcome
    rows = {(r["district"], r["sort"]): r for r in found.table.to_pylist()}
    west = rows["West", "hydrant"]
    assert (west["ready_count"], west["out_of_service_count"]) == (1, 1)
    assert rows["outside-districts", "hydrant"]["unknown_count"] == 1
    assert found.facts == {"resources_count": 3, "hazards_count": 2}


def test_a_store_has_its_r_value_and_a_level_that_is_a_warning() -> None:
    found = running.run(city(), "drill-resources", {"listed": "hazards"}).outcome
    chlorine, sand = found.table.to_pylist()
    # Nobody lives near: alpha 0.5; beta 4, 100 t of 5 t.
    assert chlorine["r_value"] == pytest.approx(0.5 * 4.0 * 100.0 / 5.0)
    assert (chlorine["hazard_level"], chlorine["status"]) == ("III", "warning")
    assert (sand["hazard_level"], sand["status"]) == ("", "none")
    assert r_value("ammonia", 10.0, 120) == pytest.approx(4.0)

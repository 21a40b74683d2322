"""Tracing, bursts and hydraulics as kept answers: tables, marks, staleness."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from layers.analyses import running
from layers.errors import CityError
from layers.frame import Frame
from layers.kinds.base import Features, Layer
from layers.kinds.terrain import Terrain
from layers.project import Project
from tests.layers.pipes.test_graph import STREET, STREET_EDGES, STREET_ROLES, net


def town(*, levels: bool = False) -> tuple[Project, Layer]:
    project = Project(Frame("EPSG:32650"))
    inverts = {1: 60.0, 2: 59.0, 3: 58.0, 4: 57.0, 5: 56.0} if levels else None
    layer = Layer("pipes", "water", net(STREET, STREET_EDGES, STREET_ROLES, inverts=inverts))
    project.insert_layer(layer)
    return project, layer


def test_a_burst_is_one_table_of_parts_with_marks() -> None:
    project, layer = town()
    item = running.run(project, "pipe-burst", {"run": "#102"})
    parts = item.outcome.table.column("part").to_pylist()
    assert (
        parts
        == ["valve"] * 2 + ["affected", "hydrant"] + ["if-seized"] * 2 + ["feeding"] + ["run"] * 3
    )
    names = [marks.name for marks in item.outcome.marks]
    assert names == ["burst-runs", "burst-walk", "burst-place", "burst-valves", "burst-affected"]
    assert set(item.outcome.table.column("layer").to_pylist()) == {layer.id}
    assert not running.is_stale(project, item)
    layer.data = replace(net(STREET, STREET_EDGES, {**STREET_ROLES, 3: "point"}))
    assert running.is_stale(project, item)


def test_a_burst_that_nothing_holds_back_fails() -> None:
    project, _ = town()
    item = running.run(project, "pipe-burst", {"run": "#102", "seized": "#2"})
    assert item.outcome.status == "fail"
    assert "burst_unbounded" in [note.key for note in item.outcome.notes]


def test_marks_lie_at_the_level_of_the_pipes_where_there_is_no_terrain() -> None:
    project, _ = town(levels=True)
    item = running.run(project, "pipe-trace", {"start": "#102", "what": "connected"})
    marks = item.outcome.marks[0].data
    assert isinstance(marks, Features)
    assert marks.shapes.z is not None
    assert 55.0 < float(marks.shapes.z.min()) < float(marks.shapes.z.max()) < 61.0
    flat_ground = Terrain(np.zeros((4, 4), dtype=np.float32), -1000.0, 1000.0, 1000.0, 1000.0)
    project.insert_layer(Layer("terrain", "ground", flat_ground), 0)
    flat = running.run(project, "pipe-burst", {"at": (125.0, 1.0)}).outcome.marks[0].data
    assert isinstance(flat, Features)
    assert flat.shapes.z is None


def test_a_service_area_has_an_outline_and_uncertain_ways_are_told() -> None:
    project, _ = town()
    item = running.run(project, "pipe-trace", {"start": "#1", "what": "service"})
    assert [marks.name for marks in item.outcome.marks] == ["traced", "service-area"]
    up = running.run(project, "pipe-trace", {"start": "#5", "what": "upstream"})
    assert up.outcome.facts["runs"] == 4
    with pytest.raises(CityError) as error:
        running.run(project, "pipe-trace", {"start": ""})
    assert error.value.code == "analysis.param_missing"


def test_hydraulics_compare_before_and_after() -> None:
    project, _ = town()
    item = running.run(project, "pipe-hydraulics", {"run": "#104", "hours": 0.0})
    rows = {row["object"]: row for row in item.outcome.table.to_pylist()}
    assert rows[104]["pressure_m"] is None
    assert rows[101]["pressure_change_m"] == pytest.approx(0.0, abs=0.1)
    assert {note.key for note in item.outcome.notes} >= {"hydraulics_head"}

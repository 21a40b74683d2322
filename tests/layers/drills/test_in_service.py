"""What is outside of its valid time does not count, in no answer, and every answer says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely

from app.drills import plan_problems
from layers.analyses import running
from layers.analyses.base import Note
from layers.drills.in_service import moment_in, of_datetime
from layers.drills.plan import Commitment, Plan, Start, Step, Unit
from layers.drills.resource_edits import set_facts
from layers.edits import SetInfo
from layers.errors import CityError
from layers.files.fact_fields import read_facts
from layers.files.importing import commands_for, import_file
from layers.files.options import ImportOptions
from layers.files.project_file import load_project, save_project
from layers.history import History
from layers.kinds.base import Features, Layer
from layers.kinds.emergency import NOT_NOW, Emergency
from layers.project import Project
from layers.shapes import Shapes
from tests.layers.analyses.test_drill_reach import EAST, NORTH, town

SEPTEMBER = "2026-09-01"


def city() -> Project:
    """The town of one street with two stations more: one until June, one from July."""
    project = town()
    places = [shapely.Point(EAST + x, NORTH) for x in (1400.0, 1600.0, 2900.0)]
    table = pa.table({
        "type": ["fire station", "fire station", "shelter"], "name": ["Old", "New", "Hall"],
        "state": ["ready", "ready", "ready"], "capacity": [0, 0, 500],
        "valid_from": [None, "2026年7月1日", None],
        "有效期至": ["2026-06-30", None, "2026-06-30 18:00"],
    })  # fmt: skip
    data = Features.of(Shapes.from_shapely(places), table)
    project.insert_layer(Layer("resources", "Timed", data, layer_id="timed"))
    store = Features.of(
        Shapes.from_shapely([shapely.Point(EAST + 300.0, NORTH + 40.0)]),
        pa.table({"name": ["Tank"], "substance": ["液氯"], "amount_t": [50.0],
                  "valid_to": ["2026-06-30"]}),
    )  # fmt: skip
    project.insert_layer(Layer("hazards", "Stores", store))
    return project


def gone(notes: tuple[Note, ...]) -> str:
    """Give the names that remarks tell."""
    return "; ".join(str(n.facts["names"]) for n in notes if n.key == "drill_not_in_service")


def asked(project: Project, kind: str, **params: Any) -> Any:
    return running.run(project, kind, params).outcome


def test_the_nearest_are_those_in_service_at_the_moment_asked() -> None:
    point = (EAST + 1500.0, NORTH)
    for when, first, out in (("", "Old", "New"), (SEPTEMBER, "New", "Old"),
                             ("2026年9月1日 8:00", "New", "Old")):  # fmt: skip
        found = asked(city(), "drill-nearest", point=point, sort="fire-station", number=1,
                      when=when)  # fmt: skip
        assert found.table.column("name").to_pylist() == [first]
        assert gone(found.notes) == out
    found = asked(city(), "drill-nearest", point=point, sort="fire-station", ready=False)
    states = {row["name"]: row["state"] for row in found.table.to_pylist()}
    assert (states["Old"], states["New"]) == ("ready", NOT_NOW)
    assert gone(found.notes) == ""


def test_nothing_in_service_is_an_answer_of_its_own() -> None:
    with pytest.raises(CityError, match="1 outside of their valid time") as told:
        asked(city(), "drill-nearest", point=(EAST, NORTH), sort="shelter", when=SEPTEMBER)
    assert told.value.code == "drill.none_in_service"
    with pytest.raises(CityError) as told:
        asked(city(), "evacuation", when=SEPTEMBER)
    assert told.value.code == "evacuation.no_shelter"
    assert asked(city(), "evacuation", when="2026-06-30T17:00").facts["goals_count"] == 1


def test_reach_coverage_and_times_leave_them_out() -> None:
    for kind, more in (("drill-reach", {"minutes": "1"}), ("drill-coverage", {"limit": 1.0}),
                       ("drill-times", {"goals": "Timed", "goal_sort": "shelter"})):  # fmt: skip
        found = asked(city(), kind, sort="fire-station", **more)
        assert found.facts["stations_count"] == 2  # West and Old; East is out of service
        assert gone(found.notes) == "New"


def test_statistics_count_them_apart_and_not_what_they_hold() -> None:
    rows = {row["sort"]: row for row in asked(
        city(), "drill-resources", when=SEPTEMBER).table.to_pylist()}  # fmt: skip
    stations, hall = rows["fire-station"], rows["shelter"]
    assert (stations["ready_count"], stations["not_in_service_count"]) == (2, 1)
    assert (hall["ready_count"], hall["not_in_service_count"], hall["capacity"]) == (0, 1, 0.0)
    assert rows["other"]["not_in_service_count"] == 1  # the tank
    levels = asked(city(), "drill-resources", listed="hazards")
    assert levels.facts["hazards_count"] == 1
    assert asked(city(), "drill-resources", listed="hazards", when=SEPTEMBER).facts == {
        "hazards_count": 0, "levels_count": 0,
    }  # fmt: skip
    with pytest.raises(CityError):
        asked(city(), "risk-map", when=SEPTEMBER)
    assert asked(city(), "risk-map", cell=500.0).table.num_rows


def test_an_answer_becomes_stale_when_somebody_comes_or_goes_and_not_before() -> None:
    project = city()
    history = History(project)
    item = running.run(project, "drill-nearest", {"point": (EAST, NORTH)})
    history.run(SetInfo(replace(project.info, moment="2026-06-30T20:00")))
    assert running.changed(project, item) == ("in-service",)  # the hall has closed
    history.run(SetInfo(replace(project.info, moment="2026-06-22T10:00")))
    assert running.changed(project, item) == ()
    history.run(SetInfo(replace(project.info, moment="2026-07-02T10:00")))
    assert running.changed(project, item) == ("in-service",)
    fixed = running.run(project, "drill-nearest", {"point": (EAST, NORTH), "when": SEPTEMBER})
    history.undo()
    assert running.changed(project, fixed) == ()


def test_moments_are_those_of_the_clock_of_the_city() -> None:
    project = city()
    assert moment_in(project).text == "2026-06-21 10:00"
    assert moment_in(project).offset == 8 * 3600.0
    utc = of_datetime(project, datetime.fromisoformat("2026-06-30T16:30:00+00:00"))
    assert utc.text == "2026-07-01 00:30"
    with pytest.raises(CityError):
        moment_in(project, "soon")
    assert moment_in(Project(), "2026-06-30").text == "2026-06-30 00:00"


def test_the_check_of_a_plan_names_the_step_that_needs_what_is_not_in_service() -> None:
    project = city()
    units = (Unit("u1", "Engine", layer="timed", object=1), Unit("u2", "Lost", layer="x", object=1),
             Unit("u3", "Hall", layer="timed", object=3))  # fmt: skip
    steps = (
        Step("s1", "Drive", Start("at", 0.0), 600.0, units=(Commitment("u1"),)),
        Step("s2", "Open", Start("at", 7200.0), 3600.0, units=(Commitment("u3"),)),
    )
    plan = Plan(1, "P", begins="2026-06-30T15:30:00+08:00", units=units, steps=steps)
    told = {p.key: p for p in plan_problems(project, plan) if "step_without" not in p.key}
    assert {"resource_gone", "not_in_service"} <= set(told)
    late = told["not_in_service"]
    assert (late.about, late.facts["when"], late.facts["end"]) == (
        "s2", "2026-06-30 18:30", "2026-06-30 18:00",
    )  # fmt: skip
    assert not late.grave
    later = replace(plan, begins="2026-07-01T09:00:00+08:00")
    assert [p.about for p in plan_problems(project, later) if p.key == "not_in_service"] == [
        "s1", "s2",
    ]  # fmt: skip
    soon = replace(plan, begins="tomorrow")
    assert "no_moment" in [p.key for p in plan_problems(project, soon)]


def test_dates_come_in_by_their_fields_are_typed_saved_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "stations.csv"
    path.write_text(
        "lon,lat,name,opened,closes,检测\n117.0,29.8,A,2020年1月1日,30/06/2026,1782777600000\n"
        "117.01,29.8,B,,长期,\n117.02,29.8,C,soon,01/02/2027,1814313600000\n", encoding="utf-8",
    )  # fmt: skip
    facts = read_facts(["sort:fire-station", "valid_from=opened", "valid_to=closes"])
    project = Project(town().frame)
    result = import_file(project, path, ImportOptions(kind="resources", facts=facts))
    (report,) = result.reports
    assert [(n.facts["count"], n.facts["words"]) for n in report.messages
            if n.key == "facts_unread_dates"] == [(1, "soon")]  # fmt: skip
    history = History(project)
    history.run(commands_for(result))
    (layer,) = project.of_kind("resources")

    def words() -> list[tuple[str, str]]:
        said = Emergency.of(layer.features, "resources", layer.name)
        return [said.valid.words(row) for row in range(3)]

    assert words() == [("2020-01-01", "2026-06-30"), ("", ""), ("", "2027-02-01")]
    history.run(set_facts(project, layer.id, [2], {"valid_to": "2026年12月31日"}))
    assert words()[1] == ("", "2026-12-31")
    with pytest.raises(CityError) as wrong:
        set_facts(project, layer.id, [2], {"valid_to": "next year"})
    assert wrong.value.code == "resource.no_date"
    save_project(project, tmp_path / "city.gpkg")
    (again,) = load_project(tmp_path / "city.gpkg").of_kind("resources")
    said = Emergency.of(again.features, "resources", again.name)
    assert said.valid.words(1) == ("", "2026-12-31")
    states = said.states(moment_in(project, "2026-12-01"))
    assert states.tolist() == [NOT_NOW, "unknown", "unknown"]


def test_numbers_and_times_of_arrow_are_dates() -> None:
    places = Shapes.from_shapely([shapely.Point(0.0, 0.0)] * 2)
    for column in (
        pa.array([datetime(2026, 6, 30), None]), pa.array([20260630.0, np.nan]),
        pa.array([1782777600000.0, None]), pa.array([20260630, None]),
        pa.array([datetime(2026, 6, 30).date(), None]),
    ):  # fmt: skip
        said = Emergency.of(Features.of(places, pa.table({"valid_to": column})))
        assert [said.valid.words(row) for row in range(2)] == [("", "2026-06-30"), ("", "")]

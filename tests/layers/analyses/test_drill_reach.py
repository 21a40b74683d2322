"""Help in time on a net anybody can reckon, and in a real city."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from layers.analyses import running
from layers.analyses.edits import add_answer, answers_of, renew_answer
from layers.errors import CityError
from layers.files.importing import commands_for, import_file
from layers.files.options import ImportOptions
from layers.frame import Frame
from layers.history import History
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.routing.arrivals import seconds_at
from layers.routing.streets_net import StreetNet
from layers.routing.ways import Router
from layers.shapes import Shapes

EAST, NORTH = 500_000.0, 3_300_000.0
CORNER = np.array([EAST, NORTH])


def layer(kind: str, called: str, shapes: Sequence[BaseGeometry], /, **columns: list[str]) -> Layer:
    """Give a layer of shapes that are told from a corner of the town."""
    moved: list[BaseGeometry] = [shapely.transform(one, lambda xy: xy + CORNER) for one in shapes]
    table = pa.table({"id": np.arange(len(shapes)), **columns})
    return Layer(kind, called, Features.of(Shapes.from_shapely(moved), table))


def town() -> Project:
    """Give a street of 3 km with a station at its western end and three houses along it.

    36 km/h are 600 m a minute: the houses lie 300, 1500 and 2700 m from the station.
    """
    project = Project(Frame("EPSG:4547"))
    roads = layer("roads", "Roads", [shapely.LineString([(0, 0), (3000, 0)])],
                  maxspeed=["36"], oneway=["no"])  # fmt: skip
    stations = layer(
        "resources", "Stations", [shapely.Point(0, 0), shapely.Point(3000, 0)],
        type=["fire station", "fire station"], name=["West", "East"],
        state=["ready", "out of service"],
    )  # fmt: skip
    houses = [shapely.box(x - 5, -5, x + 5, 5) for x in (300, 1500, 2700)]
    shapes = Shapes.from_shapely([shapely.transform(one, lambda xy: xy + CORNER) for one in houses])
    table = pa.table({"population": [10, 20, 30]})
    buildings = Buildings.blocks(shapes, np.full(3, 9.0), table)
    districts = layer("districts", "Districts", [shapely.box(-50, -50, 1000, 50),
                      shapely.box(1000, -50, 3050, 50)], name=["Old", "New"])  # fmt: skip
    for one in (roads, stations, Layer("buildings", "Houses", buildings), districts):
        project.insert_layer(one)
    return project


def test_land_and_people_within_minutes_are_those_along_the_street() -> None:
    found = running.run(town(), "drill-reach", {"minutes": "1 3 4"}).outcome
    rows = found.table.to_pylist()
    assert [row["length_m"] for row in rows] == pytest.approx([600.0, 1800.0, 2400.0], abs=1.0)
    assert [row["buildings_count"] for row in rows] == [1, 2, 2]
    assert [row["population_count"] for row in rows] == [10, 30, 30]
    assert {note.key for note in found.notes} >= {"drill_ways", "drill_left_out", "drill_people"}


def test_a_crew_that_leaves_later_comes_less_far() -> None:
    found = running.run(town(), "drill-reach", {"minutes": "3", "turnout": 1.0}).outcome
    assert found.table.column("length_m").to_pylist() == pytest.approx([1200.0], abs=1.0)


def test_the_nearest_come_with_time_and_way_and_the_broken_one_only_when_wanted() -> None:
    point = (EAST + 2700.0, NORTH)
    found = running.run(town(), "drill-nearest", {"point": point, "limit": 4.0}).outcome
    (row,) = found.table.to_pylist()
    assert (row["name"], row["status"]) == ("West", "fail")
    assert row["minutes"] == pytest.approx(4.5)
    assert row["length_m"] == pytest.approx(2700.0)
    both = running.run(town(), "drill-nearest", {"point": point, "ready": False}).outcome
    assert [row["name"] for row in both.table.to_pylist()] == ["East", "West"]
    assert both.table.column("minutes").to_pylist() == pytest.approx([0.5, 4.5])


def test_helpers_of_a_sort_are_found_in_every_layer_also_in_hidden_ones() -> None:
    project = town()
    hydrants = layer("resources", "Hydrants", [shapely.Point(2600, 0)], type=["hydrant"],
                     name=["H1"])  # fmt: skip
    far = layer("resources", "Far stations", [shapely.Point(2900, 0)], type=["fire station"],
                name=["Far"])  # fmt: skip
    far.visible = False
    for one in (hydrants, far):
        project.insert_layer(one)
    asked = {"point": (EAST + 2700.0, NORTH), "sort": "fire-station", "number": 3}
    found = running.run(project, "drill-nearest", asked)
    rows = found.outcome.table.to_pylist()
    assert [row["name"] for row in rows] == ["Far", "West"]
    assert rows[0]["layer"] == far.id
    every = running.run(project, "drill-nearest", {**asked, "sort": ""}).outcome.table
    assert every.column("name").to_pylist() == ["H1", "Far", "West"]


def test_coverage_judges_by_the_rule_and_by_a_limit_of_ones_own() -> None:
    by_rule = running.run(town(), "drill-coverage").outcome
    assert by_rule.facts["limit_minutes"] == 5.0
    assert by_rule.facts["unreached_count"] == 1  # 4.5 minutes and one to leave
    assert by_rule.facts["unreached_population_count"] == 30
    assert by_rule.status == "warning"
    assert by_rule.table.column("district").to_pylist() == ["New"]
    own = running.run(town(), "drill-coverage", {"limit": 4.0}).outcome
    assert own.status == "fail"
    far = running.run(town(), "drill-coverage", {"limit": 6.0}).outcome
    assert (far.status, len(far.table)) == ("pass", 0)


def test_coverage_is_counted_by_district() -> None:
    found = running.run(town(), "drill-coverage", {"listed": "districts"}).outcome
    rows = found.table.to_pylist()
    assert [(row["district"], row["goals_count"], row["reached_count"]) for row in rows] == [
        ("Old", 1, 1), ("New", 2, 1),
    ]  # fmt: skip
    assert [row["longest_minutes"] for row in rows] == pytest.approx([1.5, 5.5])


def test_a_ring_across_the_street_shuts_it() -> None:
    ring = tuple((EAST + x, NORTH + y) for x, y in ((1000, -5), (1010, -5), (1010, 5), (1000, 5)))
    found = running.run(
        town(), "drill-nearest", {"point": (EAST + 2700.0, NORTH), "closed": ring, "limit": 9.0}
    ).outcome
    assert found.facts["closed_count"] == 1
    assert len(found.table) == 0
    assert found.status == "fail"


def test_the_zones_of_a_kept_hazard_shut_streets_and_what_was_asked_then_is_stale() -> None:
    project = town()
    history = History(project)
    with pytest.raises(CityError) as told:
        running.run(project, "drill-times", {"closed_by": "Heat"})
    assert told.value.code == "drill.no_zones"
    point = (EAST + 1000.0, NORTH)
    heat = running.run(project, "drill-heat", {"point": point, "power": 50.0}, name="Heat")
    history.run(add_answer(project, heat))
    asked = {"point": (EAST + 300.0, NORTH), "sort": "fire-station", "closed_by": "Heat"}
    near = running.run(project, "drill-nearest", asked)
    assert near.outcome.facts["closed_count"] == 1
    assert near.outcome.table.num_rows == 0  # the only street is shut
    (kept,) = answers_of(project).items
    wider = running.run(project, "drill-heat", {"point": point, "power": 90.0}, name="Heat")
    history.run(renew_answer(project, replace(wider, id=kept.id)))
    assert running.changed(project, near) == ("zones",)


def test_junctions_cost_the_seconds_that_are_told() -> None:
    project = town()
    cross = layer("roads", "Cross", [shapely.LineString([(1000, -500), (1000, 500)])],
                  maxspeed=["36"])  # fmt: skip
    project.insert_layer(cross)
    asked = {"point": (EAST + 2000.0, NORTH), "sort": "fire-station", "number": 1}
    plain = running.run(project, "drill-nearest", asked).outcome
    slow = running.run(project, "drill-nearest", {**asked, "junction": 30.0}).outcome
    minutes = [one.table.column("minutes")[0].as_py() for one in (plain, slow)]
    assert minutes[1] - minutes[0] == pytest.approx(0.5)
    assert "drill_junction" in [note.key for note in slow.notes]


def test_the_table_of_times_names_every_pair_once() -> None:
    project = town()
    project.insert_layer(
        layer("hazards", "Hazards", [shapely.Point(600, 0), shapely.Point(1200, 0)])
    )
    found = running.run(project, "drill-times", {"ready": False}).outcome
    assert found.table.column("minutes").to_pylist() == pytest.approx([1.0, 4.0, 2.0, 3.0])
    assert found.facts["longest_minutes"] == pytest.approx(2.0)


def test_arrivals_are_those_of_the_matrix() -> None:
    rng = np.random.default_rng(5)
    grid = [shapely.LineString([(0, y), (900, y)]) for y in range(0, 901, 300)]
    grid += [shapely.LineString([(x, 0), (x, 900)]) for x in range(0, 901, 300)]
    roads = layer("roads", "Roads", grid, oneway=["yes", "no"] * 4)
    router = Router.of(StreetNet.of([roads.features]))
    here = rng.uniform(0, 900, (6, 2)) + CORNER
    there = rng.uniform(0, 900, (200, 2)) + CORNER
    wanted = router.matrix(here, there).min(axis=0)
    np.testing.assert_allclose(seconds_at(router, here, there), wanted, atol=1e-6)


@pytest.mark.parametrize(
    ("kind", "params", "code"),
    [
        ("drill-reach", {"minutes": "soon"}, "drill.minutes"),
        ("drill-reach", {"sort": "hospital"}, "drill.no_places"),
        ("drill-nearest", {}, "drill.no_point"),
    ],
)
def test_what_cannot_be_asked_is_told(kind: str, params: dict[str, object], code: str) -> None:
    with pytest.raises(CityError) as error:
        running.run(town(), kind, params)
    assert error.value.code == code


@pytest.mark.shared
def test_every_hydrant_of_cambridge_has_a_station_within_minutes(shared_data: Path) -> None:
    city = shared_data / "us-cambridge-gis"
    project = Project()
    for file, kind in (
        ("Trans/Street_Centerlines/TRANS_Centerlines.geojson", "roads"),
        ("Public_Safety/Fire_Stations/PUBLICSAFETY_FireStations.geojson", "resources"),
        ("Infra/Hydrants/INFRA_Hydrants.geojson", "resources"),
    ):
        commands_for(import_file(project, city / file, ImportOptions(kind=kind))).do(project)
    names = [item.name for item in project.layers]
    stations = next(name for name in names if "Station" in name)
    hydrants = next(name for name in names if "ydrant" in name)
    found = running.run(
        project, "drill-coverage", {"places": stations, "sort": "", "goals": hydrants}
    ).outcome
    assert int(found.facts["goals_count"]) > 1500
    assert float(found.facts["reached_percent"]) > 85.0
    times = running.run(project, "drill-reach", {"places": stations, "points": ()}).outcome
    streets = times.table.column("length_m").to_pylist()
    assert streets == sorted(streets)
    assert streets[2] <= float(times.facts["streets_m"]) + 1.0


def test_ways_begin_at_fire_stations_where_nobody_says_where() -> None:
    project = town()
    named = running.run(project, "drill-reach", {"sort": "fire-station"}).outcome
    plain = running.run(project, "drill-reach", {}).outcome
    assert plain.table == named.table
    assert "drill_from_stations" in [note.key for note in plain.notes]

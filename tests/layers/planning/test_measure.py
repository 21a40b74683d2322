"""Measuring on cases anyone can compute by hand."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.edits import AddLayer, SetHeight
from layers.errors import CityError
from layers.frame import CityGrid, Frame
from layers.history import History
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.kinds.terrain import Terrain
from layers.planning.measure import (
    is_stale,
    measure_again,
    measure_angle,
    measure_area,
    measure_building,
    measure_distance,
    measure_point,
    measure_polyline,
)
from layers.planning.measure_tables import rows, write_measurements
from layers.project import Project
from layers.shapes import Shapes

E0, N0 = 560_000.0, 3_380_000.0


def slope(rise_per_metre: float = 0.75) -> Terrain:
    """A plane that rises to the east; 0.75 makes a 3-4-5 triangle."""
    columns = np.arange(41) * 5.0
    heights = np.tile(columns * rise_per_metre, (41, 1)).astype(np.float32)
    return Terrain(heights, E0, N0 + 200.0, 5.0, 5.0)


@pytest.fixture
def town() -> Project:
    project = Project(Frame("EPSG:4547", (E0, N0)))
    shapes = Shapes.from_shapely([shapely.box(E0, N0, E0 + 20, N0 + 10)])
    table = pa.table({"name": ["Hall"], "floors": [4]})
    project.insert_layer(Layer("buildings", "Blocks", Buildings.blocks(shapes, 12.0, table)))
    return project


@pytest.fixture
def hill(town: Project) -> Project:
    town.insert_layer(Layer("terrain", "Hill", slope()), 0)
    return town


def test_a_distance_has_its_three_lengths_bearing_and_slope(town: Project) -> None:
    got = measure_distance(town, (E0, N0, 0.0), (E0 + 3.0, N0 + 4.0, 12.0)).values
    assert got["distance_3d_m"] == pytest.approx(13.0)
    assert got["horizontal_m"] == pytest.approx(5.0)
    assert got["vertical_m"] == pytest.approx(12.0)
    assert got["bearing_rad"] == pytest.approx(math.atan2(3, 4))
    assert got["slope_ratio"] == pytest.approx(2.4)


def test_the_ground_distance_is_told_beside_the_grid_distance(town: Project) -> None:
    got = measure_distance(town, (E0, N0, 0.0), (E0 + 1000.0, N0, 0.0)).values
    scale = 1 + (60_500.0**2) / (2 * 6_367_000.0**2)
    assert got["scale_factor_ratio"] == pytest.approx(scale, abs=2e-7)
    assert got["ground_distance_m"] == pytest.approx(1000.0 / scale, abs=1e-3)
    high = measure_distance(town, (E0, N0, 4000.0), (E0 + 1000.0, N0, 4000.0)).values
    assert high["ground_distance_m"] == pytest.approx(
        1000.0 / scale * (1 + 4000 / 6.371e6), abs=1e-2
    )


def test_a_point_without_height_lies_on_the_ground(hill: Project) -> None:
    got = measure_point(hill, (E0 + 100.0, N0 + 50.0))
    assert got.points[0][2] == pytest.approx(75.0)
    assert got.values["above_ground_m"] == pytest.approx(0.0, abs=1e-4)
    up = measure_point(hill, (E0 + 100.0, N0 + 50.0, 100.0)).values
    assert up["above_ground_m"] == pytest.approx(25.0, abs=1e-4)
    lon, lat = Frame("EPSG:4547").lonlat([[E0 + 100.0, N0 + 50.0]])[0]
    assert (up["longitude_deg"], up["latitude_deg"]) == (lon, lat)


def test_a_point_is_told_in_the_city_grid_too(town: Project) -> None:
    town.frame = replace(town.need_frame(), grid=CityGrid(-500_000.0, 7.0, 0.0))
    got = measure_point(town, (E0, N0)).values
    assert (got["grid_east_m"], got["grid_north_m"]) == (60_000.0, N0 + 7.0)


def test_a_line_along_a_slope_is_longer_on_the_ground(hill: Project) -> None:
    line = [(E0 + 10.0, N0 + 50.0, 0.0), (E0 + 90.0, N0 + 50.0, 0.0)]
    got = measure_polyline(hill, line).values
    assert got["horizontal_m"] == pytest.approx(80.0)
    assert got["along_ground_m"] == pytest.approx(100.0, abs=0.01)


def test_climb_and_fall_of_a_line_are_kept_apart(town: Project) -> None:
    got = measure_polyline(town, [(0, 0, 0), (0, 10, 5), (0, 20, 2)]).values
    assert (got["climb_m"], got["fall_m"], got["segments_count"]) == (5.0, 3.0, 2.0)


def test_an_area_is_told_in_plan_on_the_ground_and_in_space(hill: Project) -> None:
    ring = [(E0 + x, N0 + y, 0.75 * x) for x, y in ((20, 20), (120, 20), (120, 120), (20, 120))]
    got = measure_area(hill, ring).values
    assert got["area_m2"] == pytest.approx(10_000.0)
    assert got["on_ground_m2"] == pytest.approx(12_500.0, rel=1e-3)
    assert got["area_3d_m2"] == pytest.approx(12_500.0)
    assert got["perimeter_m"] == pytest.approx(400.0)
    assert got["true_area_m2"] == pytest.approx(10_000.0 / got["scale_factor_ratio"] ** 2)


def test_a_closed_ring_counts_its_first_point_once(town: Project) -> None:
    ring = [(E0, N0), (E0 + 10, N0), (E0 + 10, N0 + 10), (E0, N0 + 10)]
    assert len(measure_area(town, [*ring, ring[0]]).points) == 4


def test_an_angle_in_space_and_in_plan(town: Project) -> None:
    got = measure_angle(town, (1, 0, 0), (0, 0, 0), (0, 1, 1)).values
    assert got["angle_rad"] == pytest.approx(math.pi / 2)
    flat = measure_angle(town, (1, 0, 5), (0, 0, 0), (1, 1, -5)).values
    assert flat["horizontal_angle_rad"] == pytest.approx(math.pi / 4)


def test_a_building_tells_volume_and_floor_area(town: Project) -> None:
    got = measure_building(town, "Blocks", 1).values
    assert got["footprint_m2"] == pytest.approx(200.0)
    assert got["volume_m3"] == pytest.approx(2400.0)
    assert got["floors_count"] == 4.0
    assert got["floor_area_m2"] == pytest.approx(800.0)
    assert got["floors_assumed_count"] == 0.0


def test_a_building_of_parts_is_measured_by_its_parts(town: Project) -> None:
    outline = shapely.box(0, 0, 20, 10)
    parts = [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)]
    plain = Buildings.blocks(Shapes.from_shapely([outline, *parts]), [30.0, 30.0, 9.0])
    data = replace(
        plain,
        part_of=np.array([0, 1, 1]),
        drawn=np.array([False, True, True]),
        min_height=np.array([0.0, 9.0, 0.0]),
    )
    town.insert_layer(Layer("buildings", "Parts", data))
    got = measure_building(town, "Parts", 1).values
    assert got["volume_m3"] == pytest.approx(100 * 21 + 100 * 9)
    assert got["height_m"] == 30.0
    assert got["footprint_m2"] == pytest.approx(200.0)
    assert got["floors_assumed_count"] == 1.0


def test_an_answer_goes_stale_when_its_building_changes_and_can_be_measured_again(
    town: Project,
) -> None:
    history = History(town)
    item = replace(measure_building(town, "Blocks", 1), id=7, name="Hall", note="for the committee")
    assert not is_stale(town, item)
    history.run(SetHeight(town.layer("Blocks").id, 1, 24.0))
    assert is_stale(town, item)
    fresh = measure_again(town, item)
    assert (fresh.id, fresh.name, fresh.note) == (7, "Hall", "for the committee")
    assert fresh.values["volume_m3"] == pytest.approx(4800.0)
    assert not is_stale(town, fresh)
    history.undo()
    assert not is_stale(town, item), "the old answer holds again"


def test_a_new_terrain_makes_answers_stale(town: Project) -> None:
    item = measure_distance(town, (E0, N0), (E0 + 9, N0))
    History(town).run(AddLayer(Layer("terrain", "Hill", slope())))
    assert is_stale(town, item)


corner = st.tuples(st.floats(-500, 500), st.floats(-500, 500), st.floats(-50, 300))


@given(corner, corner)
@settings(max_examples=40, deadline=None)
def test_a_distance_is_the_same_both_ways(
    a: tuple[float, float, float], b: tuple[float, float, float]
) -> None:
    if math.dist(a[:2], b[:2]) < 1e-3:
        return
    project = Project(Frame("EPSG:4547"))
    start, end = ((E0 + p[0], N0 + p[1], p[2]) for p in (a, b))
    there = measure_distance(project, start, end).values
    back = measure_distance(project, end, start).values
    for key in ("distance_3d_m", "horizontal_m", "ground_distance_m"):
        assert there[key] == pytest.approx(back[key], rel=1e-12)
    assert there["vertical_m"] == -back["vertical_m"]
    turn = abs(there["bearing_rad"] - back["bearing_rad"])
    assert turn == pytest.approx(math.pi, abs=1e-6)


@pytest.mark.parametrize(
    ("measure", "code"),
    [
        (lambda p: measure_distance(p, (1, 1), (1, 1)), "measure.same_point"),
        (lambda p: measure_point(p, (1,)), "measure.point"),
        (lambda p: measure_point(p, (math.nan, 1)), "measure.point"),
        (lambda p: measure_polyline(p, [(0, 0)]), "measure.too_few"),
        (lambda p: measure_area(p, [(0, 0), (1, 1)]), "measure.too_few"),
        (lambda p: measure_area(p, [(0, 0), (9, 9), (9, 0), (0, 9)]), "measure.crossing"),
        (lambda p: measure_angle(p, (0, 0), (0, 0), (1, 1)), "measure.same_point"),
        (lambda p: measure_building(p, "Blocks", 99), "features.no_such_id"),
        (lambda _: measure_distance(Project(), (0, 0), (1, 1)), "project.no_crs"),
    ],
)
def test_what_cannot_be_measured_is_explained(town: Project, measure, code: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(CityError) as told:
        measure(town)
    assert told.value.code == code


def test_tables_hold_units_crs_and_chinese(town: Project, tmp_path: Path) -> None:
    items = [
        replace(measure_distance(town, (E0, N0, 0), (E0 + 3, N0 + 4, 0)), id=1, name="外滩到江边"),
        replace(measure_area(town, [(E0, N0), (E0 + 9, N0), (E0, N0 + 9)]), id=2, name="=1+1"),
    ]
    frame = town.need_frame()
    for suffix in (".csv", ".xlsx", ".geojson"):
        write_measurements(items, tmp_path / f"t{suffix}", frame, {2: True})
    assert sorted(p.name for p in tmp_path.iterdir()) == ["t.csv", "t.geojson", "t.xlsx"]
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    assert table[0]["name"] == "外滩到江边"
    assert float(table[0]["horizontal_m"]) == pytest.approx(5.0)
    assert float(table[0]["bearing_deg"]) == pytest.approx(math.degrees(math.atan2(3, 4)))
    assert table[0]["crs"].startswith("EPSG:4547 CGCS2000")
    assert (table[1]["name"], table[1]["stale"]) == ("'=1+1", "yes")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    assert sheet["B3"].value == "=1+1"
    assert sheet["B3"].data_type == "s"
    whole = json.loads((tmp_path / "t.geojson").read_text(encoding="utf-8"))
    assert [f["geometry"]["type"] for f in whole["features"]] == ["LineString", "Polygon"]
    assert whole["features"][0]["geometry"]["coordinates"][0][0] == pytest.approx(114.62, abs=0.01)


def test_a_table_of_an_unknown_sort_is_refused(town: Project, tmp_path: Path) -> None:
    with pytest.raises(CityError, match="csv") as told:
        write_measurements([], tmp_path / "t.pdf", town.need_frame())
    assert told.value.code == "tables.suffix"


def test_rows_show_degrees_and_keep_metres(town: Project) -> None:
    (row,) = rows([measure_angle(town, (1, 0, 0), (0, 0, 0), (0, 1, 0))])
    assert row["angle_deg"] == pytest.approx(90.0)
    assert "angle_rad" not in row


def test_a_building_with_a_roof_tells_ridge_eaves_and_its_true_volume(town: Project) -> None:
    shapes = Shapes.from_shapely([shapely.box(0, 0, 20, 10), shapely.box(30, 0, 50, 10)])
    data = Buildings.blocks(
        shapes, [9.0, 9.0], pa.table({"屋顶": ["双坡", ""], "坡高": [3.0, 0.0]})
    )
    town.insert_layer(Layer("buildings", "Roofs", data))
    got = measure_building(town, "Roofs", 1).values
    assert (got["height_m"], got["eaves_m"]) == (9.0, 6.0)
    assert got["volume_m3"] == pytest.approx(200 * 6.0 + 200 * 3.0 / 2.0)
    flat = measure_building(town, "Roofs", 2).values
    assert "eaves_m" not in flat
    assert flat["volume_m3"] == pytest.approx(1800.0)

"""Hazards screened as analyses: zones, who is inside, and that nothing looks certain."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.analyses import running
from layers.errors import CityError
from layers.files.importing import commands_for, import_file
from layers.kinds.answers import Outcome
from layers.kinds.base import Features, Layer
from layers.kinds.terrain import Terrain
from layers.project import Project
from layers.shapes import Shapes
from tests.layers.planning.blocks import EAST, NORTH, town

AT = (EAST, NORTH)


def street() -> Project:
    """Give five houses in a row to the east, 5 m apart, the last one 40 m off; and a store."""
    project = town([(x, -5.0, x + 10.0, 5.0, 9.0) for x in (5.0, 20.0, 35.0, 50.0, 100.0)])
    store = Features.of(
        Shapes.from_shapely([shapely.Point(EAST + 60.0, NORTH)]),
        pa.table({"name": ["Store"], "type": ["chemical store"]}),
    )
    project.insert_layer(Layer("hazards", "Hazards", store))
    return project


def areas(outcome: Outcome) -> list[float]:
    return [row["area_m2"] for row in outcome.table.to_pylist()]


def test_every_answer_says_that_it_is_an_estimate() -> None:
    for kind in ("drill-plume", "drill-heat", "drill-blast", "drill-flood", "drill-fire"):
        found = running.run(street(), kind, {"point": AT}).outcome
        assert found.notes[0].key == "screening_only"
        assert all(name.startswith("screening_") for name in found.facts)
        assert all(mark.name.startswith("screening-") for mark in found.marks)


def test_a_plume_lies_downwind_and_is_longer_for_less() -> None:
    params = {"point": AT, "wind_from": 270.0, "limits": "2 20", "rate": 0.1}
    found = running.run(street(), "drill-plume", params).outcome
    outer, inner = areas(found)
    assert outer > inner > 0.0
    data = found.marks[0].data
    assert isinstance(data, Features)
    west, south, east, north = data.shapes.extent() or (0.0, 0.0, 0.0, 0.0)
    assert west == pytest.approx(EAST, abs=1.0)
    assert east - EAST > 50.0
    assert north - NORTH == pytest.approx(NORTH - south, abs=0.01)
    early = running.run(street(), "drill-plume", {**params, "times": "1", "wind": 1.0}).outcome
    minutes = early.table.column("minutes").to_pylist()
    assert 1.0 in minutes


def test_a_hazard_source_is_found_by_name_and_counts_what_is_inside() -> None:
    params = {"hazard": "Store", "power": 100.0, "limits": "4", "listed": "places"}
    found = running.run(street(), "drill-heat", params).outcome
    names = found.table.column("sort").to_pylist()
    assert sorted(names) == ["building", "building", "hazardous-store"]
    assert found.facts["screening_farthest_m"] == pytest.approx(24.43, abs=0.05)
    with pytest.raises(CityError) as error:
        running.run(street(), "drill-heat", {"hazard": "Nowhere"})
    assert error.value.code == "drill.no_hazard"


def test_fire_goes_from_house_to_house_until_the_gap() -> None:
    params = {"point": (EAST + 10.0, NORTH), "wind": 0.0, "minutes": 20.0, "times": "20 60"}
    found = running.run(street(), "drill-fire", params).outcome
    assert found.facts["screening_burning_count"] == 4
    assert [row["buildings_count"] for row in found.table.to_pylist()] == [4, 2]


def test_a_flood_fills_a_slope_up_to_the_level() -> None:
    rows, columns = np.mgrid[0:81, 0:81]
    ground = Terrain((columns * 0.5).astype(np.float32), EAST - 200.0, NORTH + 200.0, 5.0, 5.0)
    project = town([(0.0, 0.0, 9.0, 9.0, 3.0)], ground)
    params = {"point": (EAST - 100.0, NORTH), "depth": 2.0, "radius": 60.0, "depths": "0.5 1.5"}
    found = running.run(project, "drill-flood", params).outcome
    assert found.facts["screening_level_m"] == pytest.approx(12.0)
    assert found.facts["screening_deepest_m"] == pytest.approx(8.0)
    outer, inner = areas(found)
    assert outer == pytest.approx((60.0 + 15.0 + 5.0) * 125.0, rel=0.01)
    assert inner == pytest.approx((60.0 + 5.0 + 5.0) * 125.0, rel=0.01)
    assert "screening_flood_edge" in {note.key for note in found.notes}
    timed = running.run(project, "drill-flood", {**params, "times": "1 5"}).outcome
    late, soon = areas(timed)
    assert late > soon > 0.0
    assert rows.shape == columns.shape


@pytest.mark.shared
def test_the_rhine_plain_of_liechtenstein_fills_from_its_lowest_place(shared_data: Path) -> None:
    folder = shared_data / "li-liechtenstein-osm-dem/docs/examples/contour"
    (file,) = [*folder.rglob("*.tif")][:1]
    project = Project()
    commands_for(import_file(project, file)).do(project)
    terrain = project.terrain()
    assert terrain is not None
    west, south, east, north = terrain.extent() or (0.0, 0.0, 0.0, 0.0)
    xs, ys = np.meshgrid(np.linspace(west, east, 60)[6:-6], np.linspace(south, north, 60)[6:-6])
    places = np.column_stack([xs.ravel(), ys.ravel()])
    low = places[np.argmin(project.ground_at(places))]
    params = {"point": tuple(low.tolist()), "radius": 2000.0, "spacing": 25.0, "depths": "0.5"}
    small = running.run(project, "drill-flood", {**params, "depth": 2.0}).outcome
    large = running.run(project, "drill-flood", {**params, "depth": 8.0}).outcome
    assert float(large.facts["screening_area_m2"]) >= float(small.facts["screening_area_m2"]) > 0.0
    data = large.marks[0].data
    assert isinstance(data, Features)
    level = float(large.facts["screening_level_m"])
    middles = data.shapes.centres()
    inside = shapely.contains_xy(data.shapes.to_shapely(), middles[:, 0], middles[:, 1])
    assert (project.ground_at(middles[inside]) < level + 0.5).all()


def walls_of(outcome: Outcome) -> Features:
    """The zones on walls."""
    marks = next(mark for mark in outcome.marks if mark.name == "screening-facades")
    assert isinstance(marks.data, Features)
    return marks.data


def test_heat_reaches_as_high_on_walls_as_a_sphere_does() -> None:
    params = {"point": AT, "power": 100.0, "limits": "4 12.5"}
    found = running.run(street(), "drill-heat", params).outcome
    data = walls_of(found)
    outer, inner = 24.43, 24.43 * (4.0 / 12.5) ** 0.5
    away = np.hypot(*(data.shapes.centres() - AT).T)
    assert away.max() < outer
    for low, top, metres, zone in zip(
        data.numbers("low_m"), data.numbers("top_m"), away,
        data.column("zone").to_pylist(), strict=True,
    ):  # fmt: skip
        radius = outer if zone == "4 kW/m²" else inner
        assert 0.0 <= low < top <= 9.0 + 1e-6  # the houses are 9 m high
        assert top == pytest.approx(min((radius**2 - metres**2) ** 0.5, 9.0), abs=0.1)


def test_water_stands_at_walls_as_deep_as_it_is() -> None:
    found = running.run(street(), "drill-flood", {"point": AT, "depth": 1.5}).outcome
    assert set(walls_of(found).numbers("top_m").round(3)) <= {1.5}


def test_nobody_knows_the_land_beyond_the_terrain() -> None:
    project = street()
    flat = Terrain(np.zeros((21, 21), dtype=np.float32), EAST - 50.0, NORTH + 50.0, 5.0, 5.0)
    project.insert_layer(Layer("terrain", "Ground", flat))
    found = running.run(project, "drill-flood", {"point": AT, "depth": 1.0}).outcome
    assert found.facts["screening_area_m2"] == pytest.approx(105.0**2, rel=0.1)
    assert "screening_flood_beyond" in [note.key for note in found.notes]

"""Surfaces that limit heights, and what stands through them."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.analyses import running
from layers.errors import CityError
from layers.kinds.base import Features, Layer
from layers.planning.height_limits import airport, cone, corridor, pierced, plane, radio_link
from layers.rules import chosen
from layers.shapes import Shapes
from tests.layers.planning.blocks import EAST, NORTH, place, town


def test_a_plane_rises_as_its_corners_do() -> None:
    ring = [place(0, 0, 10), place(100, 0, 10), place(100, 100, 30), place(0, 100, 30)]
    made = plane("p", ring)
    assert made.height(np.array([[EAST + 50.0, NORTH + 50.0]])) == pytest.approx([20.0])
    with pytest.raises(CityError, match="three corners"):
        plane("p", [place(0, 0, 1), place(1, 1, 1), place(2, 2, 1)])
    with pytest.raises(CityError, match="three corners"):
        plane("p", [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)])


def test_buildings_stand_through_by_what_is_above_at_their_worst_corner() -> None:
    project = town([(0.0, 0.0, 20.0, 20.0, 25.0), (60.0, 60.0, 80.0, 80.0, 15.0)])
    ring = [place(-10, -10, 10), place(110, -10, 10), place(110, 110, 34), place(-10, 110, 34)]
    (one,) = pierced(project, project.layers, [plane("p", ring)])
    assert one.building == 1
    assert one.by == pytest.approx(25.0 - 12.0)  # at its south side: 10 + 10 / 120 * 24 = 12
    assert one.place[1] == pytest.approx(NORTH)


def test_a_corridor_is_broken_by_what_cuts_the_line_of_view() -> None:
    project = town([(40.0, -5.0, 50.0, 5.0, 12.0), (40.0, 40.0, 50.0, 50.0, 90.0)])
    made = corridor("c", place(0, 0, 1.6), place(100, 0, 21.6), 20.0)
    (one,) = pierced(project, project.layers, [made])
    assert one.building == 1
    assert one.by == pytest.approx(12.0 - (1.6 + 0.4 * 20.0))
    wide = corridor("c", place(0, 0, 1.6), place(100, 0, 21.6), 20.0, angle=100.0)
    assert len(pierced(project, project.layers, [wide])) == 2


def test_a_cone_rises_from_its_middle() -> None:
    made = cone("c", place(0, 0, 10), 100.0, 0.5, start=20.0)
    spots = np.array([[EAST + 40.0, NORTH], [EAST, NORTH - 60.0]])
    assert made.height(spots) == pytest.approx([20.0, 30.0])
    assert shapely.area(made.area) == pytest.approx(math.pi * (100**2 - 20**2), rel=0.01)
    with pytest.raises(CityError, match="is empty"):
        cone("c", place(0, 0, 10), 10.0, 0.5, start=20.0)


def test_a_radio_link_keeps_the_middle_of_its_zone_free() -> None:
    made = radio_link("l", place(0, 0, 50), place(10_000, 0, 50), 10.0)
    radius = 0.6 * math.sqrt(299_792_458.0 / 10e9 * 10_000.0) / 2.0
    low = made.height(np.array([[EAST + 5000.0, NORTH], [EAST + 5000.0, NORTH + 0.9 * radius]]))
    assert low[0] == pytest.approx(50.0 - radius)
    assert 50.0 - radius < low[1] < 50.0
    assert np.isinf(made.height(np.array([[EAST + 5000.0, NORTH + 1.2 * radius]])))[0]
    with pytest.raises(CityError, match="no frequency"):
        radio_link("l", place(0, 0, 50), place(10, 0, 50), 0.0)


def test_around_a_runway_lie_all_surfaces() -> None:
    found = airport(place(0, 0, 10), place(3000, 0, 10), chosen.rules())
    by_name = {limit.name: limit for limit in found}
    assert set(by_name) == {
        "approach-1-1", "approach-1-2", "approach-1-3", "approach-2-1", "approach-2-2",
        "approach-2-3", "transitional", "inner-horizontal", "conical",
    }  # fmt: skip

    def at(name: str, east: float, north: float) -> float:
        return float(by_name[name].height(np.array([[EAST + east, NORTH + north]]))[0])

    assert at("inner-horizontal", 1500, 1000) == 55.0
    assert at("conical", 1500, 4000 + 1000) == pytest.approx(55.0 + 50.0)
    assert at("approach-1-1", -60 - 1000, 0) == pytest.approx(10.0 + 20.0)
    assert at("approach-1-2", -60 - 4000, 0) == pytest.approx(10.0 + 60.0 + 25.0)
    assert at("approach-1-3", -60 - 9000, 0) == pytest.approx(10.0 + 60.0 + 90.0)
    assert at("transitional", 1500, 140 + 100) == pytest.approx(10.0 + 14.3)


def test_the_analysis_fails_where_something_stands_through() -> None:
    project = town([(40.0, -5.0, 50.0, 5.0, 12.0)])
    params = {"points": (tuple(place(0, 0, 1.6)), tuple(place(100, 0, 21.6)))}
    found = running.run(project, "height-limits", params).outcome
    assert found.status == "fail"
    assert found.facts["pierced_count"] == 1
    assert found.table.to_pylist()[0]["above_m"] == pytest.approx(2.4)
    high = {"points": (tuple(place(0, 0, 30)), tuple(place(100, 0, 30)))}
    assert running.run(project, "height-limits", high).outcome.status == "pass"


def test_airports_only_warn_while_nobody_checked_the_figures() -> None:
    project = town([(1500.0, 200.0, 1520.0, 220.0, 90.0)])
    params = {"limit": "airport", "points": (tuple(place(0, 0, 0)), tuple(place(3000, 0, 0)))}
    found = running.run(project, "height-limits", params).outcome
    assert found.status == "warning"
    assert {"transitional", "inner-horizontal"} <= set(found.table.column("surface").to_pylist())


def test_areas_bring_their_own_heights() -> None:
    project = town([(0.0, 0.0, 20.0, 20.0, 25.0)])
    shape = shapely.box(EAST - 5, NORTH - 5, EAST + 30, NORTH + 30)
    table = pa.table({"most": [18.0]})
    project.insert_layer(
        Layer("districts", "Plan", Features.of(Shapes.from_shapely([shape]), table))
    )
    params = {"limit": "areas", "areas": "Plan", "field": "most"}
    (row,) = running.run(project, "height-limits", params).outcome.table.to_pylist()
    assert row["above_m"] == pytest.approx(7.0)


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"points": ((EAST, NORTH),)}, "limits.points"),
        ({"points": ((EAST, NORTH, 1.0), (EAST, NORTH, 9.0))}, "limits.strip"),
        ({"limit": "plane", "points": ((EAST, NORTH), (EAST + 9, NORTH))}, "limits.plane"),
        ({"limit": "cone"}, "sight.no_places"),
        ({"limit": "airport", "points": ((EAST, NORTH, 1.0), (EAST + 9, NORTH, 9.0)),
          "pack": "gb50180-2018"}, "limits.no_rules"),
    ],
)  # fmt: skip
def test_surfaces_that_cannot_be_made_are_told(params: dict[str, object], code: str) -> None:
    with pytest.raises(CityError) as error:
        running.run(town([(0.0, 0.0, 20.0, 20.0, 25.0)]), "height-limits", params)
    assert error.value.code == code

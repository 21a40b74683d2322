"""Street walls, distances between buildings, slopes and ways on foot."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.analyses import running
from layers.errors import CityError
from layers.kinds.base import Features, Layer
from layers.kinds.terrain import Terrain
from layers.planning.site_checks import gaps, slopes, stock_of, street_wall
from layers.shapes import Shapes
from tests.layers.planning.blocks import EAST, NORTH, town


def lines(*paths: list[tuple[float, float]], kind: str = "features", name: str = "Lines") -> Layer:
    shapes = [shapely.LineString([(EAST + x, NORTH + y) for x, y in path]) for path in paths]
    table = pa.table({"id": np.arange(len(shapes)), "class": ["residential"] * len(shapes)})
    return Layer(kind, name, Features.of(Shapes.from_shapely(shapes), table))


def test_a_line_is_built_along_where_houses_stand_on_it() -> None:
    project = town([(0.0, 0.0, 30.0, 10.0, 9.0), (50.0, 0.5, 70.0, 10.0, 9.0),
                    (80.0, 5.0, 90.0, 10.0, 9.0)])  # fmt: skip
    line = shapely.LineString([(EAST, NORTH), (EAST + 100.0, NORTH)])
    built, stretches = street_wall([line], stock_of(project.layers), 1.0)
    assert built[0] == pytest.approx(50.0, abs=0.5)
    assert len(stretches[0]) == 2
    project.insert_layer(lines([(0.0, 0.0), (100.0, 0.0)]))
    found = running.run(project, "street-wall", {"lines": "Lines", "least": 60.0}).outcome
    assert found.status == "fail"
    assert found.table.column("ratio_percent").to_pylist() == [pytest.approx(50.0, abs=0.5)]


def test_gaps_are_measured_wall_to_wall_once_for_each_pair() -> None:
    project = town([(0.0, 0.0, 10.0, 10.0, 40.0), (17.0, 0.0, 27.0, 10.0, 9.0),
                    (27.0, 0.0, 37.0, 10.0, 9.0)])  # fmt: skip
    found, joined = gaps(stock_of(project.layers), 13.0)
    assert joined == 1
    assert [(gap.first[1], gap.second[1], gap.metres) for gap in found] == [(1, 2, 7.0)]
    outcome = running.run(project, "fire-spacing").outcome
    (row,) = outcome.table.to_pylist()
    assert (row["first"], row["second"]) == ("high-rise", "low-rise")
    assert (row["need_m"], row["shortfall_m"]) == (9.0, 2.0)
    assert outcome.status == "warning"  # nobody has checked the figure


def test_an_even_hillside_has_one_slope_and_one_aspect() -> None:
    rows, columns = np.mgrid[0:60, 0:60]
    ground = Terrain((columns * 0.5).astype(np.float32), EAST, NORTH + 295.0, 5.0, 5.0)
    project = town([(0.0, 0.0, 9.0, 9.0, 3.0)], ground)
    spots = np.array([[EAST + 100.0, NORTH + 100.0], [EAST + 200.0, NORTH + 50.0]])
    slope, aspect = slopes(project, spots, 5.0)
    assert slope == pytest.approx(0.1)
    assert aspect == pytest.approx(270.0)
    found = running.run(project, "slope").outcome
    assert found.facts["mean_percent"] == pytest.approx(10.0, abs=0.3)
    shares = found.table.column("share_percent").to_pylist()
    assert shares[2] > 95.0
    assert rows.shape == columns.shape


def test_ways_on_foot_follow_the_streets() -> None:
    project = town([(95.0, 5.0, 105.0, 15.0, 9.0), (95.0, 205.0, 105.0, 215.0, 9.0)])
    roads = lines([(0.0, 0.0), (100.0, 0.0)], [(100.0, 0.0), (100.0, 200.0)], kind="roads",
                  name="Roads")  # fmt: skip
    project.insert_layer(roads)
    params = {"points": ((EAST, NORTH),), "metres": "120 400"}
    found = running.run(project, "service-radius", params).outcome
    rows = found.table.to_pylist()
    assert [row["buildings"] for row in rows] == [1, 2]
    assert rows[0]["area_m2"] < rows[1]["area_m2"]
    assert found.facts["median_m"] == pytest.approx((110.0 + 310.0) / 2.0, abs=2.0)


@pytest.mark.parametrize(
    ("kind", "params", "code"),
    [
        ("service-radius", {"points": ((EAST, NORTH),), "metres": "far"}, "service.metres"),
        ("street-wall", {"lines": "Town"}, "street_wall.no_lines"),
        ("street-wall", {"lines": ""}, "analysis.param_missing"),
        ("slope", {}, "slope.no_terrain"),
    ],
)
def test_what_cannot_be_checked_is_told(kind: str, params: dict[str, object], code: str) -> None:
    project = town([(0.0, 0.0, 9.0, 9.0, 3.0)])
    project.insert_layer(lines([(0.0, 0.0), (50.0, 0.0)], kind="roads", name="Roads"))
    with pytest.raises(CityError) as error:
        running.run(project, kind, params)
    assert error.value.code == code

"""Sun on facades and on the ground."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.analyses import running, sunlight_places
from layers.errors import CityError
from layers.kinds.base import Features, Layer
from layers.planning.sunlight_grids import (
    facade_cells,
    ground_grid,
    iso_bands,
    iso_lines,
    joined,
)
from layers.shapes import Shapes
from tests.layers.planning.blocks import EAST, NORTH, layer_of, town

TOWER = (0.0, 0.0, 20.0, 20.0, 30.0)
BOX = (EAST - 40.0, NORTH - 40.0, EAST + 60.0, NORTH + 60.0)


def test_cells_cover_the_walls() -> None:
    project = town([TOWER])
    cells = facade_cells(project, project.layers, 2.0)
    width = np.hypot(*(cells.ends[:, 1, :2] - cells.ends[:, 0, :2]).T)
    assert float((width * cells.tall).sum()) == pytest.approx(4 * 20.0 * 30.0)


def test_walls_behind_the_next_house_are_left_out() -> None:
    project = town([TOWER, (20.0, 0.0, 40.0, 20.0, 15.0)])
    cells = facade_cells(project, project.layers, 5.0)
    width = np.hypot(*(cells.ends[:, 1, :2] - cells.ends[:, 0, :2]).T)
    assert float((width * cells.tall).sum()) == pytest.approx(2400.0 + 1200.0 - 2 * 300.0)


def test_facades_are_coloured_by_hours() -> None:
    project = town([TOWER])
    found = running.run(project, "sunlight-facades", {"spacing": 5.0, "day": "dongzhi"}).outcome
    hours = found.marks[0].data.attributes.column("sun_h").to_numpy()  # type: ignore[attr-defined]
    assert hours.max() == 6.0
    assert hours.min() == 0.0
    row = found.table.to_pylist()[0]
    assert row["area_m2"] == 2400.0
    assert row["dark_percent"] == 25.0
    assert row["mean_h"] == pytest.approx((6.0 + 3.0 + 3.0 + 0.0) / 4.0, abs=0.05)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_joined_pieces_cover_the_same_walls_class_by_class(seed: int, classes: int) -> None:
    project = town([TOWER, (20.0, 0.0, 40.0, 20.0, 15.0)])
    cells = facade_cells(project, project.layers, 5.0)
    kinds = np.random.default_rng(seed).integers(0, classes, len(cells.tall))
    fewer, into = joined(cells, kinds)
    area = np.hypot(*(cells.ends[:, 1, :2] - cells.ends[:, 0, :2]).T) * cells.tall
    whole = np.hypot(*(fewer.ends[:, 1, :2] - fewer.ends[:, 0, :2]).T) * fewer.tall
    assert whole == pytest.approx(np.bincount(into, area))
    for piece in range(len(fewer.tall)):
        mine = into == piece
        assert len(set(kinds[mine].tolist())) == 1
        assert (cells.normal[mine] == fewer.normal[piece]).all()
        middle = np.average(cells.places[mine], axis=0, weights=area[mine])
        assert middle == pytest.approx(fewer.places[piece])
    if classes == 1:
        assert len(fewer.tall) == 7  # four walls and three: the common one is half free


def test_very_many_pieces_are_joined_to_plates(monkeypatch: pytest.MonkeyPatch) -> None:
    project = town([TOWER])
    asked = {"spacing": 1.0, "day": "dongzhi"}
    one = running.run(project, "sunlight-facades", asked).outcome
    monkeypatch.setattr(sunlight_places, "MOST_PLATES", 10)
    other = running.run(project, "sunlight-facades", asked).outcome
    assert len(one.marks[0].data) == 2400
    assert len(other.marks[0].data) < 100
    assert one.table.equals(other.table)


def test_the_ground_under_buildings_is_no_ground() -> None:
    project = town([TOWER])
    grid = ground_grid(project, project.layers, BOX, 2.0)
    assert grid.open.sum() == 50 * 50 - 10 * 10


def test_lines_and_bands_part_the_open_ground() -> None:
    project = town([TOWER])
    grid = ground_grid(project, [], BOX, 1.0)
    values = np.hypot(grid.places[:, 0] - EAST - 10.0, grid.places[:, 1] - NORTH - 10.0)
    for level, line in iso_lines(grid, values, [10.0, 20.0]):
        away = np.hypot(line[:, 0] - EAST - 10.0, line[:, 1] - NORTH - 10.0)
        assert away == pytest.approx(level, abs=0.1)
    bands = iso_bands(grid, values, [0.0, 10.0, 20.0])
    assert sum(area.area for _, _, area in bands) == pytest.approx(np.pi * 400.0, rel=0.01)


def test_plots_tell_how_much_of_them_has_enough() -> None:
    project = town([TOWER])
    shapes = [shapely.box(EAST, NORTH - 40, EAST + 20, NORTH - 20),
              shapely.box(EAST, NORTH + 21, EAST + 20, NORTH + 30)]  # fmt: skip
    plots = Layer("districts", "Plots", Features.of(Shapes.from_shapely(shapes)))
    project.insert_layer(plots)
    params = {"plots": "Plots", "spacing": 1.0, "day": "dongzhi", "least": 2.0}
    rows = running.run(project, "sunlight-ground", params).outcome.table.to_pylist()
    assert rows[0]["enough_percent"] == 100.0
    assert rows[0]["mean_h"] == 6.0
    assert rows[1]["mean_h"] < 2.0
    assert rows[1]["enough_percent"] < 50.0


def test_the_ground_is_counted_by_hours() -> None:
    project = town([TOWER])
    ring = ((EAST - 40, NORTH - 40), (EAST + 60, NORTH - 40), (EAST + 60, NORTH + 60),
            (EAST - 40, NORTH + 60))  # fmt: skip
    found = running.run(project, "sunlight-ground", {"area": ring, "spacing": 2.0}).outcome
    assert sum(found.table.column("area_m2").to_pylist()) == 10_000 - 400
    assert [marks.name for marks in found.marks] == ["sunlight-bands", "sunlight-lines"]


@pytest.mark.parametrize(
    ("kind", "params", "code"),
    [
        ("sunlight-ground", {"area": ((EAST, NORTH), (EAST + 9, NORTH), (EAST + 9, NORTH + 9))},
         "sunlight.no_ground"),
        ("sunlight-ground", {"spacing": 0.1, "area": (
            (EAST, NORTH), (EAST + 900, NORTH), (EAST + 900, NORTH + 900))}, "sunlight.many"),
        ("sunlight-ground", {"day": "x"}, "sunlight.day"),
    ],
)  # fmt: skip
def test_what_cannot_be_looked_at_is_told(kind: str, params: dict[str, object], code: str) -> None:
    with pytest.raises(CityError) as error:
        running.run(town([TOWER]), kind, params)
    assert error.value.code == code


def test_no_buildings_no_facades() -> None:
    project = town([TOWER])
    project.take_layer(project.layers[0].id)
    project.insert_layer(layer_of([]))
    with pytest.raises(CityError, match="no buildings"):
        running.run(project, "sunlight-facades")

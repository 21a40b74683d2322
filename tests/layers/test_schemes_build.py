"""Buildings are drawn, stacked, raised, moved, turned, copied, split and demolished."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import CityError
from layers.kinds.buildings import EDITED, Buildings
from layers.schemes_build import (
    Block,
    copied,
    family,
    inside,
    moved,
    raised,
    shrunk,
    split,
    stacked_blocks,
    turned,
    with_blocks,
    with_storeys,
    without,
)
from layers.shapes import Floats, Shapes


def town() -> Buildings:
    boxes = [shapely.box(30 * i, 0, 30 * i + 20, 15) for i in range(4)]
    table = pa.table(
        {"名称": [f"{i} 号楼" for i in range(4)], "用途": ["住宅"] * 4, "层数": [3, 4, 5, 6]}
    )
    return Buildings.blocks(Shapes.from_shapely(boxes), [9.0, 12.0, 15.0, 18.0], table)


def slope(coords: object) -> Floats:
    return np.asarray(coords, dtype=float).reshape(-1, 2)[:, 0] * 0.1


def test_a_block_of_storeys_takes_the_usual_height_of_its_use() -> None:
    block = Block.of_storeys(shapely.box(0, 50, 20, 70), 10, "office")
    data, ids = with_blocks(town(), [block], 5)
    assert ids.tolist() == [5]
    row = data.row(5)
    assert (row["用途"], row["层数"], row["名称"]) == ("办公", 10, None)
    assert data.height[-1] == 40.0
    with pytest.raises(CityError, match="cannot be"):
        Block.of_storeys(shapely.box(0, 0, 9, 9), 0, "office")


def test_a_tower_stands_on_its_podium_as_parts_of_one_building() -> None:
    podium = shapely.box(0, 50, 60, 90)
    blocks = stacked_blocks(podium, 3, shrunk(podium, 10.0), 20)
    data, ids = with_blocks(town(), blocks, 9, ground=slope)
    assert ids.tolist() == [9, 10, 11]
    at = data.index_of(ids)
    assert data.drawn[at].tolist() == [False, True, True]
    assert data.part_of[at].tolist() == [0, 9, 9]
    assert data.min_height[at].tolist() == pytest.approx([0.0, 0.0, 14.4])
    assert data.height[at].tolist() == pytest.approx([74.4, 14.4, 74.4])
    assert len(set(data.base[at].tolist())) == 1
    assert family(data, [11]).tolist() == [9, 10, 11]
    assert len(without(data, [10])) == 4
    taller = raised(data, [9], 6.0)
    assert taller.height[at].tolist() == pytest.approx([80.4, 14.4, 80.4])
    with pytest.raises(CityError, match="inside the podium"):
        shrunk(podium, 25.0)


def test_storeys_and_use_of_a_building_can_change() -> None:
    data = with_storeys(town(), 2, 8, "office", storey=3.5)
    assert data.height[1] == 28.0
    assert data.height_rule[1] == EDITED
    assert data.row(2) == {"名称": "1 号楼", "用途": "办公", "层数": 8}
    assert data.row(1)["用途"] == "住宅"


@settings(max_examples=30, deadline=None)
@given(st.floats(-500, 500), st.floats(-500, 500), st.floats(-360, 360))
def test_moving_and_turning_back_gives_the_same_place(
    east: float, north: float, degrees: float
) -> None:
    data = town()
    there = turned(moved(data, [1, 3], east, north), [1, 3], degrees, centre=(east, north))
    back = moved(
        turned(there, [1, 3], -degrees, centre=(east, north)), [1, 3], -east, -north
    )  # fmt: skip
    assert np.allclose(back.shapes.coords, data.shapes.coords, atol=1e-6)
    assert np.allclose(there.shapes.areas(), data.shapes.areas())
    assert np.array_equal(there.ids, data.ids)
    assert there.attributes is data.attributes or there.attributes.equals(data.attributes)


def test_turning_is_clockwise_as_on_a_compass() -> None:
    data = turned(town(), [1], 90.0, centre=(0.0, 0.0))
    west, south, east, north = data.shapes.take([0]).extent() or (0, 0, 0, 0)
    assert (west, south, east, north) == pytest.approx((0, -20, 15, 0))


def test_a_row_of_copies_keeps_families_together() -> None:
    podium = shapely.box(0, 50, 60, 90)
    data, _ = with_blocks(town(), stacked_blocks(podium, 3, shrunk(podium, 10), 20), 9,
                          ground=slope)  # fmt: skip
    out, ids = copied(data, [9], [[100.0, 0.0], [200.0, 0.0]], 12, ground=slope)
    assert ids.tolist() == list(range(12, 18))
    assert out.part_of[out.index_of(ids)].tolist() == [0, 12, 12, 0, 15, 15]
    bases = out.base[out.index_of([9, 12, 15])]
    assert np.diff(bases).tolist() == pytest.approx([10.0, 10.0])
    assert out.row(14)["层数"] == data.row(11)["层数"]


@settings(max_examples=30, deadline=None)
@given(st.floats(0.0, math.pi))
def test_floor_area_adds_up_when_a_building_is_split(angle: float) -> None:
    data = town()
    middle = np.array([10.0, 7.5])
    way = np.array([math.cos(angle), math.sin(angle)]) * 40
    line = shapely.LineString([middle - way, middle + way])
    out, ids = split(data, 1, line, 5)
    assert ids.tolist() == [1, 5]
    at = out.index_of(ids)
    assert out.shapes.areas()[at].sum() == pytest.approx(300.0)
    assert out.row(5) == data.row(1)
    assert out.height[at].tolist() == [9.0, 9.0]


def test_what_cannot_be_is_refused() -> None:
    data = town()
    with pytest.raises(CityError, match="does not cut"):
        split(data, 1, shapely.LineString([(50, 50), (60, 60)]), 5)
    with pytest.raises(CityError, match="lower than 1 m"):
        raised(data, [1], -8.5)
    bow = shapely.Polygon([(0, 50), (10, 60), (10, 50), (0, 60)])
    with pytest.raises(CityError, match="crosses itself"):
        with_blocks(data, [Block(bow, 9.0)], 5)


def test_what_lies_in_an_area_for_the_most_part_counts() -> None:
    assert inside(town(), shapely.box(-5, -5, 41, 20)).tolist() == [1, 2]
    assert inside(town(), shapely.box(-5, -5, 39, 20)).tolist() == [1]
    assert inside(town(), shapely.box(500, 500, 501, 501)).tolist() == []

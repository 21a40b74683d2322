"""A few objects of a table are told without making its columns, and tell the same."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.kinds.base import Features
from layers.kinds.buildings import Buildings
from layers.object_table import ObjectTable
from layers.shapes import Shapes
from tests.layers.files.projects import hard_table


def mixed() -> Features:
    """Five objects of three features of every type, one point, one line, three areas."""
    shapes = Shapes.from_shapely(
        [
            shapely.Point(1, 2), shapely.LineString([(0, 0), (3, 4)]), shapely.box(0, 0, 2, 3),
            shapely.box(0, 0, 5, 1), shapely.box(4, 4, 5, 6),
        ]
    )  # fmt: skip
    return Features(shapes, np.array([9, 4, 7, 1, 3]), np.array([2, 0, 0, 1, 2]), hard_table())


def houses() -> Buildings:
    boxes = [shapely.box(10 * at, 0, 10 * at + 5, 5 + at) for at in range(5)]
    table = pa.table(
        {"use": pa.array(list("abcab")).dictionary_encode(), "floors": [1, 2, None, 4, 5]}
    )
    return Buildings.blocks(Shapes.from_shapely(boxes), 12.0, table)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 4), max_size=8), st.booleans(), st.booleans())
def test_some_rows_are_those_of_the_whole_column(
    rows: list[int], buildings: bool, known: bool
) -> None:
    data = houses() if buildings else mixed()
    table = ObjectTable(data, states=("a", "b", "", "d", "e"))
    for column in table.columns:
        whole = ObjectTable(data, states=table.states).values(column.key)
        if known:
            table.values(column.key)
        found = table.some(column.key, rows)
        assert found.type == whole.type
        assert str(found) == str(whole.take(pa.array(rows, pa.int64())))  # NaN is no other NaN


@pytest.mark.parametrize("data", [houses(), mixed()], ids=["houses", "mixed"])
def test_few_rows_make_no_column(data: Features) -> None:
    table = ObjectTable(data)
    for column in table.columns:
        table.some(column.key, [1, 3])
    assert table._values == {}


@given(st.permutations(range(1, 8)), st.lists(st.integers(1, 7), max_size=5))
def test_numbers_are_found_in_whatever_order_objects_stand(
    ids: list[int], asked: list[int]
) -> None:
    points = Shapes.from_shapely([shapely.Point(i, i) for i in range(7)])
    data = Features(points, np.array(ids), np.zeros(7, dtype=np.int64), pa.table({"a": [1]}))
    assert data.ids[data.index_of(asked)].tolist() == asked

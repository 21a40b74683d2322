"""Rows found by what somebody types."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.conditions import matching
from layers.errors import CityError
from layers.kinds.base import Features
from layers.kinds.buildings import Buildings
from layers.object_table import AREA, HEIGHT, ID, ObjectTable
from layers.shapes import Shapes


def table(count: int = 6, **columns: object) -> ObjectTable:
    boxes = [shapely.box(30 * i, 0, 30 * i + 10 + i, 10) for i in range(count)]
    attributes = pa.table(columns) if columns else None
    return ObjectTable(Buildings.blocks(Shapes.from_shapely(boxes), 12.0, attributes))


@pytest.fixture
def town() -> ObjectTable:
    return table(
        **{
            "name": ["Block 2", "block 10", "School", "", None, "Block 1"],
            "用途": ["住宅", "办公", "学校", "住宅", "住宅", None],
            "floors": pa.array([3, 12, None, 25, 10, 11]),
            "the year": pa.array([1990.0, 2001.5, float("nan"), 2010.0, None, 1980.0]),
            "listed": pa.array([True, False, None, False, True, False]),
            "built": pa.array([dt.date(2001, 5, 1), None] + [dt.date(2010, 1, 2)] * 4),
        }
    )


@pytest.mark.parametrize(
    ("line", "rows"),
    [
        ("", [0, 1, 2, 3, 4, 5]),
        ("block", [0, 1, 5]),
        ("学校", [2]),
        ("2010", [2, 3, 4, 5]),
        ("floors > 10", [1, 3, 5]),
        ("FLOORS>=10 and floors <= 12", [1, 4, 5]),
        ("用途 = 住宅", [0, 3, 4]),
        ("用途＝住宅 且 floors ≥ 10", [3, 4]),
        ("用途 != 住宅", [1, 2, 5]),
        ("not 用途 = 住宅", [1, 2, 5]),
        ("name ~ BLOCK or 用途 包含 学", [0, 1, 2, 5]),
        ("name = 'block 10'", [1]),
        ("name = block 10", [1]),
        ("用途 in (办公, 学校)", [1, 2]),
        ("用途 not in (办公, 学校)", [0, 3, 4, 5]),
        ("floors is empty", [2]),
        ("floors is not empty", [0, 1, 3, 4, 5]),
        ("name 为空", [3, 4]),
        ('"the year" > 2000', [1, 3]),
        ("[the year] is null", [2, 4]),
        ("listed = yes", [0, 4]),
        ("listed != 是", [1, 2, 3, 5]),
        ("built > 2005-01-01", [2, 3, 4, 5]),
        ("built = 2001-05", [0]),
        ("(floors < 5 or floors > 20) and 用途 = 住宅", [0, 3]),
        ("height = 12", [0, 1, 2, 3, 4, 5]),
        ("高度 < 12", []),
        ("面积 > 140", [5]),
    ],
)
def test_a_line_finds_these_rows(town: ObjectTable, line: str, rows: list[int]) -> None:
    names = {"height": HEIGHT, "高度": HEIGHT, "面积": AREA, "id": ID}
    assert np.flatnonzero(matching(town, line, names)).tolist() == rows


@pytest.mark.parametrize(
    ("line", "code", "part"),
    [
        ("floor > 3", "filter.field", "'floor'"),
        ("floors > many", "filter.number", "'many'"),
        ("floors >", "filter.unfinished", "floors >"),
        ("(floors > 3", "filter.unfinished", "3"),
        ("floors > 3 )", "filter.syntax", "')'"),
        ("> 3", "filter.syntax", "'>'"),
        ("floors = 3 and and listed = yes", "filter.syntax", "'and'"),
        ("listed > 3", "filter.flag", "listed"),
        ("用途 in 办公", "filter.syntax", "办公"),
    ],
)
def test_a_wrong_line_is_told_where_it_is_wrong(
    town: ObjectTable, line: str, code: str, part: str
) -> None:
    with pytest.raises(CityError) as error:
        matching(town, line)
    assert error.value.code == code
    assert part in error.value.message
    assert error.value.hint


@given(st.text(max_size=30))
@settings(max_examples=150, deadline=None)
def test_any_line_is_answered_or_explained(line: str) -> None:
    rows, code = table(2, a=["x", None], b=[1.0, 2.0]), "filter."
    try:
        assert matching(rows, line).shape == (2,)
    except CityError as error:
        code = error.code
    assert code.startswith("filter.")


@given(st.floats(-1e6, 1e6), st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=1))
@settings(max_examples=60, deadline=None)
def test_not_turns_every_comparison_around(limit: float, values: list[float | None]) -> None:
    rows = table(len(values), v=pa.array(values, pa.float64()))
    for sign in ("<", "<=", ">", ">=", "=", "!="):
        found = matching(rows, f"v {sign} {limit!r}")
        assert (matching(rows, f"not (v {sign} {limit!r})") == ~found).all()


def test_numbers_are_sorted_as_numbers_and_nothing_comes_last(town: ObjectTable) -> None:
    assert town.order("floors").tolist() == [0, 4, 5, 1, 3, 2]
    assert town.order("floors", descending=True).tolist() == [3, 1, 5, 4, 0, 2]
    years = town.order("the year", descending=True).tolist()
    assert years[:4] == [3, 1, 0, 5]
    assert set(years[4:]) == {2, 4}


def test_texts_are_sorted_by_the_rule_that_is_given(town: ObjectTable) -> None:
    assert town.order("用途", collate=lambda words: sorted(words, reverse=True))[-1] == 5


def test_an_object_takes_the_attributes_of_its_feature() -> None:
    boxes = Shapes.from_shapely([shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)])
    data = Features(boxes, np.array([4, 9]), np.array([0, 0]), pa.table({"n": ["both"]}))
    rows = ObjectTable(data)
    assert rows.values("n").to_pylist() == ["both", "both"]
    assert rows.values(ID).to_pylist() == [4, 9]

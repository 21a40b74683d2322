"""Workbooks as people keep them: joined cells, titles, formulas that nobody has calculated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from layers.files.sheet_formulas import Calculator
from tests.layers.files.town import LAT, LON, heights, house, in_degrees, keys, refused, taken


def book(path: Path, rows: list[list[Any]], *joined: str) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "表"
    for row in rows:
        sheet.append(row)
    for area in joined:
        sheet.merge_cells(area)
    made.save(path)
    return path


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=1+2*3", 7), ("=-(2+1)^2", -9), ("=A1*B1", 6.4), ("=SUM(A1:B1,1)", 6.2),
        ("=ROUND(B1,0)", 3), ("=A1&\"F\"", "2F"), ("=AVERAGE(A1:A1)", 2), ("=50%", 0.5),
        ("=C1+1", 8), ("=$A$1/0", None), ("=VLOOKUP(A1,A1:B1,2)", None), ("=D1", None),
        ("=NOW()", None), ("=IF(A1>1,2,3)", None), ("=Other!A1", None),
    ],
)  # fmt: skip
def test_simple_formulas_are_worked_out_and_others_left(formula: str, value: Any) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "表"
    sheet.append([2, 3.2, "=A1+5", formula])
    found = Calculator(made).value("表", 1, 4)
    assert found == (pytest.approx(value) if isinstance(value, int | float) else value)


def test_heights_and_places_by_formulas_are_there(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["名称", "wkt", "层数", "高度"]]
    rows += [["楼", in_degrees(house(i * 20)).wkt, 3 + i, f"=C{i + 2}*3.1"] for i in range(3)]
    made = taken(book(tmp_path / "t.xlsx", rows), crs="EPSG:4326")
    assert heights(made) == [9.3, 12.4, 15.5]
    assert "formulas_computed" in keys(made.reports[0])


def test_formulas_that_hide_every_place_are_told(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["name", "lon", "lat"], ["a", "=VLOOKUP(A2,X:Y,2,0)", "=INDEX(X:X,2)"]]
    error = refused(book(tmp_path / "t.xlsx", rows), None)
    assert (error.code, error.facts["first"]) == ("file.formulas_open", "B2, C2")
    rows.append(["b", LON, LAT])
    report = taken(book(tmp_path / "u.xlsx", rows), None).reports[0]
    assert (report.kept, "formulas_open" in keys(report)) == (1, True)


def test_names_in_joined_and_stacked_cells_are_found(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["重点项目表", None, None, None, None],
        ["片区", "名称", "坐标", None, "规模"],
        [None, None, "经度", "纬度", "层数"],
        ["东区", "甲", LON, LAT, 5],
        [None, "乙", LON, LAT + 0.001, 6],
    ]
    path = book(tmp_path / "t.xlsx", rows, "A1:E1", "A2:A3", "B2:B3", "C2:D2", "A4:A5")
    table = taken(path, None).layers[0].features.attributes
    assert table.column_names == ["片区", "名称", "经度", "纬度", "层数"]
    assert table.column("片区").to_pylist() == ["东区", "东区"]


def test_a_workbook_of_charts_alone_is_refused(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.create_chartsheet("图")
    assert made.active is not None
    made.remove(made.active)
    made.save(tmp_path / "t.xlsx")
    assert refused(tmp_path / "t.xlsx", None).code == "file.damaged"

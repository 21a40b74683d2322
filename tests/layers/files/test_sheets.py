"""Spreadsheets open with Chinese, numbers and harmless texts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from layers.errors import CityError
from layers.files.sheets import appearing, write_csv, write_xlsx

HEADER = ["名称", "height_m", "note"]
ROWS = [["外滩", 12.5, "=1+1"], ["x\x07y", math.nan, None], ["z", True, "@me"]]


def test_csv_shows_chinese_and_runs_no_formula(tmp_path: Path) -> None:
    write_csv(tmp_path / "t.csv", HEADER, ROWS)
    raw = (tmp_path / "t.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = raw.decode("utf-8-sig").splitlines()
    assert lines[:2] == ["名称,height_m,note", "外滩,12.5,'=1+1"]
    assert lines[3] == "z,True,'@me"


def test_a_sheet_holds_texts_as_texts_and_no_nan(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "t.xlsx", HEADER, iter(ROWS), title="objects")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["objects"]
    assert [c.value for c in sheet[1]] == HEADER
    assert (sheet["C2"].value, sheet["C2"].data_type) == ("=1+1", "s")
    assert (sheet["A3"].value, sheet["B3"].value) == ("xy", None)
    assert sheet["A1"].font.bold


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "t.csv"
    target.write_text("old", encoding="utf-8")

    def rows() -> Iterator[list[int]]:
        yield [1]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), appearing(target) as partial:
        write_csv(partial, ["n"], rows())
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(CityError) as told,
        appearing(tmp_path / "no" / "t.csv") as partial,
    ):
        write_csv(partial, HEADER, ROWS)
    assert told.value.code == "tables.no_folder"
    assert str(tmp_path / "no") in told.value.message

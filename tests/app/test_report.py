"""The account of an import is whole in both languages."""

from __future__ import annotations

import json

import pytest

from app.report import report_json, report_lines, report_summary
from app.wording import LOCALES, Wording
from layers.files.raw import Note
from layers.files.report import LayerReport

REPORT = LayerReport(
    name="建筑",
    kind="buildings",
    source="town.shp",
    layer="town",
    read=10613,
    kept=10610,
    repaired={"ring_order": 8},
    skipped={"no_geometry": 2, "duplicate": 1},
    first={"ring_order": ("7", "9"), "no_geometry": ("3", "4"), "duplicate": ("11",)},
    objects=10700,
    mended=8,
    crs="EPSG:4547",
    encoding="GBK",
    height_rule="field 高度; else default 9 m",
    height_steps=(
        Note("height_step_field", {"field": "高度"}),
        Note("height_step_default", {"metres": 9.0}),
    ),
    height_defaulted=12,
    extent=(508000.0, 3378000.0, 511000.0, 3380500.0),
    seconds=1.25,
)


def test_the_english_account_names_all_that_happened() -> None:
    text = "\n".join(report_lines(REPORT, Wording("en")))
    assert "建筑 (Buildings) from town.shp › town" in text
    assert "read 10,613, kept 10,610, repaired 8, skipped 3; 10,700 objects" in text
    assert "first: 7, 9" in text
    assert "12 took the default height" in text
    assert "EPSG:4547 (CGCS2000" in text
    assert "encoding: GBK" in text


def test_the_chinese_account_has_no_english_keys_left() -> None:
    lines = report_lines(REPORT, Wording("zh-CN"))
    text = "\n".join(lines)
    assert "读取 10,613，保留 10,610，修复 8，跳过 3；对象 10,700 个" in text
    for key in ("report-", "reason-", "note-", "value-", "kind-"):
        assert key not in text


@pytest.mark.parametrize("locale", LOCALES)
def test_the_summary_is_one_line(locale: str) -> None:
    summary = report_summary(REPORT, Wording(locale))
    assert "10,610" in summary
    assert "\n" not in summary


def test_the_json_keeps_figures_and_words_the_remarks() -> None:
    told = report_json("city.gpkg", [REPORT], Wording("zh-CN"))
    (layer,) = json.loads(json.dumps(told))["layers"]
    assert told["project"] == "city.gpkg"
    assert layer["read"] == layer["kept"] + sum(layer["skipped"].values())
    assert layer["repaired"] == {"ring_order": 8}
    assert layer["height_rule"] == REPORT.height_rule
    assert layer["messages"] == []


def test_wkt_is_told_by_its_name() -> None:
    from dataclasses import replace

    from layers.frame import read_crs

    report = replace(REPORT, crs=read_crs("EPSG:3826").to_wkt())
    line = next(x for x in report_lines(report, Wording("en")) if "coordinate system" in x)
    assert line.endswith("TWD97 / TM2 zone 121")

"""The survey as its two tables, 点表 and 线表, in one workbook."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyogrio

from data_samples import frame
from data_samples.pipe_survey import CONTACTS, OWNERS, Point, Run, Survey

POINTS: Final = (
    "物探点号", "管线类型", "特征", "附属物", "X坐标", "Y坐标", "地面高程", "井深", "井径",
    "道路名称", "demand_lps", "head_m", "备注",
)  # fmt: skip
"""Columns of the table of points; X is north and Y is east, as in Chinese surveys."""
LINES: Final = (
    "管段编号", "起点点号", "终点点号", "管线类型", "小类", "管径或断面尺寸", "管材", "起点埋深",
    "终点埋深", "埋设方式", "压力(MPa)", "电压(kV)", "电缆根数", "孔数", "建设年代", "权属单位",
    "联系电话", "道路名称", "使用状态", "舱室", "所属管廊", "所在舱室", "支架", "备注",
)  # fmt: skip
"""Columns of the table of lines."""
SHEETS: Final = ("点表", "线表")
Cell = str | float | int | None


def point_row(point: Point) -> dict[str, Cell]:
    """Give a row of the table of points."""
    code = "".join(letter for letter in point.number if letter.isalpha())
    return {
        "物探点号": point.number, "管线类型": code, "特征": point.feature,
        "附属物": point.fixture or None,
        "X坐标": round(float(point.xy[1]) + frame.NORTH_ORIGIN, 3),
        "Y坐标": round(float(point.xy[0]) + frame.EAST_ORIGIN, 3),
        "地面高程": round(point.ground, 3),
        "井深": None if math.isnan(point.depth) else round(point.depth, 3),
        "井径": point.chamber or None, "道路名称": point.road or None,
        "demand_lps": point.facts.get("demand_lps"), "head_m": point.facts.get("head_m"),
        "备注": point.note or None,
    }  # fmt: skip


def line_row(survey: Survey, run: Run) -> dict[str, Cell]:
    """Give a row of the table of lines."""
    owner = OWNERS[run.code]
    facts: dict[str, Any] = run.facts
    return {
        "管段编号": run.number, "起点点号": survey.points[run.start].number,
        "终点点号": survey.points[run.end].number, "管线类型": run.code, "小类": facts.get("小类"),
        "管径或断面尺寸": run.size, "管材": run.material,
        "起点埋深": round(run.depths[0], 3), "终点埋深": round(run.depths[1], 3),
        "埋设方式": run.burial, "压力(MPa)": facts.get("压力"), "电压(kV)": facts.get("电压"),
        "电缆根数": facts.get("电缆根数"), "孔数": facts.get("孔数"), "建设年代": run.year,
        "权属单位": owner, "联系电话": CONTACTS[owner], "道路名称": run.road or None,
        "使用状态": facts.get("状态", "在用"), "舱室": facts.get("舱室"),
        "所属管廊": facts.get("管廊"),
        "所在舱室": facts.get("所在舱室"), "支架": facts.get("支架"), "备注": facts.get("备注"),
    }  # fmt: skip


def workbook(points: list[dict[str, Cell]], lines: list[dict[str, Cell]], path: Path) -> None:
    """Write both tables as the sheets of an Excel workbook."""
    path.unlink(missing_ok=True)
    for name, columns, rows in zip(SHEETS, (POINTS, LINES), (points, lines), strict=True):
        table = pd.DataFrame(rows, columns=list(columns))
        pyogrio.write_dataframe(table, path, driver="XLSX", layer=name, append=path.exists())

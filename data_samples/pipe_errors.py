"""Errors planted in the survey, each where a surveyor's slip would put it."""

from __future__ import annotations

from typing import Final

from data_samples.pipe_survey import Survey
from data_samples.pipe_tables import Cell, line_row, point_row

ISSUES: Final = {
    "zero-length": 1, "duplicate-run": 1, "negative-depth": 1, "above-ground": 2, "wrong-class": 1,
    "duplicate-point": 1, "duplicate-number": 2, "dangling-end": 2, "orphan-point": 3,
    "missing-number": 1, "against-slope": 1, "smaller-downstream": 1,
}  # fmt: skip
"""What a check of quality finds in the imported layer, and how often."""
SKIPPED: Final = {"no_coordinates": 1, "point_repeated": 1, "unknown_node": 1, "run_to_itself": 1}
"""Rows an import leaves out, by reason."""
NOT_MEASURED: Final = {"sizes": 3, "levels": 4}
"""Runs whose size or whose depths were not measured and are assumed on import."""
Row = dict[str, Cell]


def survey_rows(survey: Survey) -> tuple[list[Row], list[Row]]:
    """Give the rows of both tables with the errors in them."""
    points = [point_row(point) for point in survey.points]
    lines = [line_row(survey, run) for run in survey.runs]
    _points(points)
    _lines(survey, points, lines)
    return points, lines


def _like(row: Row, **changes: Cell) -> Row:
    return {**row, **changes}


def _of(rows: list[Row], code: str, size: str = "") -> list[Row]:
    return [
        row
        for row in rows
        if row["管线类型"] == code and (not size or row["管径或断面尺寸"] == size)
    ]


def _moved(row: Row, north: float, east: float) -> dict[str, Cell]:
    x, y = row["X坐标"], row["Y坐标"]
    assert isinstance(x, float)
    assert isinstance(y, float)
    return {"X坐标": round(x + north, 3), "Y坐标": round(y + east, 3)}


def _points(points: list[Row]) -> None:
    """Plant what is wrong with points."""
    water, gas, telecom = (_of(points, code) for code in ("JS", "TR", "XX"))
    plain: Row = {"特征": "直线点", "附属物": None, "井深": None, "demand_lps": None, "备注": None}
    points += [
        _like(water[200], **plain, 物探点号="JS90001", **_moved(water[200], 2.6, 3.1)),  # orphan
        _like(gas[300], **plain, 物探点号="TR90001", **_moved(gas[300], -1.9, 2.2)),  # orphan
        _like(telecom[80], **plain, 物探点号="XX90001", X坐标=None, Y坐标=None),  # not surveyed
        _like(gas[410]),  # the same row twice
        _like(gas[520], **plain, **_moved(gas[520], 3.0, 1.5)),  # a number used twice
        _like(gas[630], **plain, 物探点号="TR90002", **_moved(gas[630], 0.02, 0.0)),  # one place
    ]


def _lines(survey: Survey, points: list[Row], lines: list[Row]) -> None:
    """Plant what is wrong with runs."""
    gas, telecom, light = (_of(lines, code) for code in ("TR", "XX", "LD"))
    sewage, gully = _of(lines, "WS", "400"), _of(lines, "YS", "200")
    number = _of(points, "TR")[630]["物探点号"]
    at_node = next(row for row in gas if row["起点点号"] == number)
    stub = _like(at_node, 管段编号="TR90002-支", 起点点号=number, 终点点号="TR90002", 备注=None,
                 终点埋深=at_node["起点埋深"])  # fmt: skip
    lines += [
        stub,  # two centimetres long
        _like(telecom[120], 管段编号=f"{telecom[120]['管段编号']}-2"),  # drawn twice
        _like(sewage[10], 管段编号="WS99999", 终点点号="WS99999"),  # nobody surveyed its end
        _like(sewage[20], 管段编号="WS99998", 终点点号=sewage[20]["起点点号"]),  # from A to A
    ]
    gas[140]["终点埋深"] = -1.2  # the sign of a depth
    gully[60]["起点埋深"] = -0.25  # an invert above the ground
    light[90]["管线类型"] = "BM"  # nobody knows what it is
    telecom[200]["管段编号"] = None
    telecom[260]["管段编号"] = telecom[259]["管段编号"]
    for row in (telecom[310], telecom[330], telecom[350]):
        row["管径或断面尺寸"] = None
    for row in (gas[40], gas[80], gas[220], gas[260]):
        row["起点埋深"] = row["终点埋深"] = None
    _rising(sewage[60])
    _narrowed(survey, lines)
    _short(points, lines)


def _rising(row: Row) -> None:
    """A drain whose end was read half a metre too shallow."""
    depth = row["终点埋深"]
    assert isinstance(depth, float)
    row["终点埋深"] = round(depth - 0.9, 3)


def _narrowed(survey: Survey, lines: list[Row]) -> None:
    """A storm drain of 800 mm between two others, entered as 600 mm."""
    ends = [run.end for run in survey.runs if run.size == "800" and run.code == "YS"]
    starts = {run.start for run in survey.runs if run.size == "800" and run.code == "YS"}
    for position, run in enumerate(survey.runs):
        inside = run.code == "YS" and run.size == "800" and run.end in starts
        above = [r for r in survey.runs if r.end == run.start and r.code == "YS"]
        if inside and ends.count(run.start) == 1 and [r.size for r in above] == ["800"]:
            lines[position]["管径或断面尺寸"] = "600"
            return


def _short(points: list[Row], lines: list[Row]) -> None:
    """A gas pipe that ends three tenths of a metre short of the main it should join."""
    main = next(row for row in _of(lines, "TR")[380:] if row["起点点号"] != row["终点点号"])
    place = {row["物探点号"]: row for row in points}
    a, b = place[main["起点点号"]], place[main["终点点号"]]
    north = [float(row["X坐标"] or 0.0) for row in (a, b)]
    east = [float(row["Y坐标"] or 0.0) for row in (a, b)]
    along = (north[1] - north[0], east[1] - east[0])
    length = (along[0] ** 2 + along[1] ** 2) ** 0.5
    aside = (-along[1] / length, along[0] / length)
    middle = (north[0] + along[0] * 0.4, east[0] + along[1] * 0.4)
    for number, away in (("TR90003", 0.3), ("TR90004", 1.6)):
        points.append(
            _like(a, 物探点号=number, 特征="预留口", 附属物=None, 井深=None,
                  X坐标=round(middle[0] + aside[0] * away, 3),
                  Y坐标=round(middle[1] + aside[1] * away, 3))
        )  # fmt: skip
    lines.append(_like(main, 管段编号="TR90004-TR90003", 起点点号="TR90004", 终点点号="TR90003"))

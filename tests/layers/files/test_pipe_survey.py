"""Survey tables of points and lines as pipes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from layers.errors import CityError
from layers.files.importing import import_file
from layers.files.options import ImportOptions
from layers.files.pipe_choices import PipeChoices
from layers.files.pipe_fields import guess_fields, read_map
from layers.files.pipe_survey import coordinates
from layers.files.pipe_tables import read_survey
from layers.files.report import LayerReport
from layers.frame import Frame
from layers.kinds.pipes import BOX, INVERT, ROLES, TOP, Pipes
from layers.pipes.classes import CLASS_KEYS, SUBCLASS_KEYS
from layers.project import Project

Row = list[Any]
POINTS: list[Row] = [
    ["物探点号", "X坐标", "Y坐标", "地面高程", "特征", "附属物", "井深(m)", "道路名称"],
    ["WS1", 3380000.0, 500000.0, 20.0, "", "检查井", 2.5, "中山路"],
    ["WS2", 3380000.0, 500040.0, 20.2, "", "检查井", 2.9, "中山路"],
    ["WS3", 3380030.0, 500040.0, 20.1, "转折点", "", None, "中山路"],
    ["JS1", 3380001.0, 500000.0, 20.0, "", "消防栓", None, "中山路"],
    ["JS2", 3380001.0, 500080.0, 20.0, "直线点", "阀门井", None, "中山路"],
]
LINES: list[Row] = [
    ["管线类型", "起点点号", "终点点号", "起点埋深", "终点埋深", "管径或断面尺寸(mm)", "管材",
     "建设年代", "压力", "权属单位"],
    ["污水", "WS1", "WS2", 2.3, 2.6, "DN300", "混凝土", "2008-05", None, "排水公司"],
    ["污水", "WS2", "WS3", None, None, "800X600", "砖", "2008", None, "排水公司"],
    ["JS", "JS1", "JS2", 1.1, 1.2, "200", "球墨铸铁", "1999年", 0.4, "水务"],
]  # fmt: skip


def workbook(path: Path, **sheets: list[Row]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def taken(path: Path, **choices: Any) -> tuple[Pipes, LayerReport]:
    project = Project(Frame("EPSG:4547", (500_000.0, 3_380_000.0)))
    options = ImportOptions(kind="pipes", crs="EPSG:4547", pipes=PipeChoices(**choices))
    imported = import_file(project, path, options)
    data = imported.layers[0].data
    assert isinstance(data, Pipes)
    return data, imported.reports[0]


def run(pipes: Pipes, number: str) -> int:
    starts = pipes.column("from_number").to_pylist()
    return next(int(i) for i in pipes.runs if starts[i] == number)


def test_levels_are_the_ground_less_the_depth_drains_by_their_invert(tmp_path: Path) -> None:
    pipes, report = taken(workbook(tmp_path / "s.xlsx", 点表=POINTS, 线表=LINES))
    sewer, water = run(pipes, "WS1"), run(pipes, "JS1")
    assert pipes.level_of[sewer] == INVERT
    assert pipes.level_of[water] == TOP
    assert pipes.start_level[sewer] == pytest.approx(20.0 - 2.3)
    assert pipes.end_level[sewer] == pytest.approx(20.2 - 2.6)
    assert pipes.start_level[water] == pytest.approx(20.0 - 1.1)
    centres = pipes.centres()[pipes.shapes.first_coord[[sewer, water]]]
    assert centres.tolist() == pytest.approx([17.7 + 0.15, 18.9 - 0.1])
    assert pipes.assumed[sewer] == 0
    assert report.read == report.kept == 8


def test_coordinates_keep_their_millimetres(tmp_path: Path) -> None:
    points = [list(row) for row in POINTS]
    for row in points[1:]:
        row[1], row[2], row[3] = row[1] + 123.456, row[2] + 7.891, row[3] + 0.123
    pipes, _ = taken(workbook(tmp_path / "survey.xlsx", 点表=points, 线表=LINES))
    first = pipes.shapes.coords[pipes.shapes.first_coord[pipes.nodes[0]]]
    np.testing.assert_allclose(first, [500_007.891, 3_380_123.456], atol=1e-6)
    assert pipes.start_level[pipes.nodes[0]] == pytest.approx(20.123, abs=1e-9)


def test_what_is_missing_is_assumed_and_marked(tmp_path: Path) -> None:
    pipes, report = taken(workbook(tmp_path / "s.xlsx", 点表=POINTS, 线表=LINES))
    at = run(pipes, "WS2")
    assert pipes.column("assumed").to_pylist()[at] == "start-level end-level"
    assert np.isfinite(pipes.start_level[at])
    assert pipes.start_level[at] < 20.2
    assert "pipes_assumed_levels" in {note.key for note in report.messages}


def test_absurd_cells_are_taken_as_they_stand_and_told_with_a_reason(tmp_path: Path) -> None:
    lines = [list(row) for row in LINES]
    lines[1][3], lines[2][5], lines[3][4] = 99.0, "0", -5.0
    lines.append(["JS", "JS2", "WS3", 1.0, 1.0, "99000", "PE", "2001", 0.4, "水务"])
    pipes, report = taken(workbook(tmp_path / "s.xlsx", 点表=POINTS, 线表=lines))
    assert report.kept == 9
    told = {note.facts["issue"]: note.facts["count"] for note in report.messages
            if note.key == "pipes_issue"}  # fmt: skip
    assert told["too-deep"] == told["no-size"] == told["absurd-size"] == 1
    assert told["negative-depth"] == 1
    assert pipes.column("assumed").to_pylist()[run(pipes, "WS2")] == "start-level end-level size"


def test_the_first_number_of_a_box_is_its_height_unless_the_template_says_otherwise(
    tmp_path: Path,
) -> None:
    path = workbook(tmp_path / "s.xlsx", 点表=POINTS, 线表=LINES)
    pipes, _ = taken(path)
    at = run(pipes, "WS2")
    assert (pipes.form[at], pipes.height[at], pipes.width[at]) == (BOX, 0.8, 0.6)
    survey = read_survey(path)
    template = tmp_path / "t.toml"
    text = survey.fields.to_toml().replace('first_of_size = "height"', 'first_of_size = "width"')
    template.write_text(text, encoding="utf-8")
    pipes, _ = taken(path, fields=str(template))
    assert (pipes.height[at], pipes.width[at]) == (0.6, 0.8)


def test_classes_roles_and_attributes_get_their_common_names(tmp_path: Path) -> None:
    pipes, _ = taken(workbook(tmp_path / "s.xlsx", 点表=POINTS, 线表=LINES))
    sewer, water = run(pipes, "WS1"), run(pipes, "JS1")
    assert pipes.line_class[sewer] == CLASS_KEYS.index("drain")
    assert pipes.subclass[sewer] == SUBCLASS_KEYS.index("sewage")
    assert pipes.line_class[water] == CLASS_KEYS.index("water")
    roles = [ROLES[code] for code in pipes.role[pipes.nodes]]
    assert roles == ["manhole", "manhole", "bend", "hydrant", "valve"]
    row = pipes.row(int(pipes.ids[water]))
    assert (row["year"], row["date"], row["pressure_mpa"]) == (1999, "1999", 0.4)
    assert row["owner"] == "水务"
    assert row["管径或断面尺寸(mm)"] == "200"


def test_titles_above_the_header_and_two_files_are_read(tmp_path: Path) -> None:
    points = workbook(tmp_path / "p.xlsx", a=[["某路管线点成果表"], *POINTS])
    lines = workbook(tmp_path / "l.xlsx", a=[["成果表"], [], *LINES])
    pipes, report = taken(points, lines=str(lines))
    assert len(pipes.runs) == 3
    assert report.kept == 8


def test_tables_of_gbk_text_are_read(tmp_path: Path) -> None:
    for name, rows in (("p.csv", POINTS), ("l.csv", LINES)):
        text = "\n".join(",".join("" if v is None else str(v) for v in row) for row in rows)
        (tmp_path / name).write_bytes(text.encode("gbk"))
    pipes, _ = taken(tmp_path / "p.csv", lines=str(tmp_path / "l.csv"))
    assert pipes.column("material").to_pylist()[run(pipes, "WS1")] == "混凝土"


def test_nothing_is_lost_in_silence(tmp_path: Path) -> None:
    points = [
        *POINTS,
        ["JS2", 3380001.0, 500080.0, 20.0, "直线点", "阀门井", None, ""],
        ["JS8", None, 500080.0, 20.0, "直线点", "", None, ""],
        ["JS2", 3380051.0, 500080.0, 20.0, "直线点", "", None, ""],
        ["", 3380061.0, 500080.0, 20.0, "直线点", "", None, ""],
    ]
    lines = [*LINES, ["给水", "JS1", "JS7", 1, 1, "200", "", "", None, ""],
             ["给水", "JS1", "JS1", 1, 1, "200", "", "", None, ""]]  # fmt: skip
    pipes, report = taken(workbook(tmp_path / "s.xlsx", a=points, b=lines))
    assert report.skipped == {
        "no_coordinates": 1, "point_repeated": 1, "unknown_node": 1, "run_to_itself": 1,
    }  # fmt: skip
    assert report.repaired == {"number_of_two_points": 1, "number_missing": 1}
    assert report.first["unknown_node"] == ("JS1-JS7",)
    assert report.read == report.kept + sum(report.skipped.values())
    assert len(pipes) == report.kept


def test_x_is_north_in_a_chinese_survey_and_east_elsewhere() -> None:
    import pyarrow as pa

    from layers.files.pipe_fields import FieldMap

    def first(**columns: float) -> list[float]:
        table = pa.table({name: [value] for name, value in columns.items()} | {"点号": ["1"]})
        fields = FieldMap(guess_fields(table.column_names, "points"))
        return [float(value) for value in coordinates(table, fields)[0][0]]

    assert first(X=3380000.0, Y=500000.0) == [500000.0, 3380000.0]
    assert first(X=500000.0, Y=3380000.0) == [500000.0, 3380000.0]
    assert first(X=3380000.0, Y=38500000.0) == [38500000.0, 3380000.0]
    assert first(X=1200.0, Y=800.0) == [800.0, 1200.0]
    assert first(x=114.2, y=30.5) == [114.2, 30.5]


def test_a_template_is_the_same_after_writing_and_reading(tmp_path: Path) -> None:
    survey = read_survey(workbook(tmp_path / "s.xlsx", a=POINTS, b=LINES))
    path = tmp_path / "t.toml"
    path.write_text(survey.fields.to_toml(), encoding="utf-8")
    assert read_map(path) == survey.fields


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[points\n", "line 1"),
        ("[pipes]\n", "[pipes]"),
        ('[lines]\nnothing = "a"\n', "no 'nothing'"),
        ('[units]\nsize = "yd"\n', "size"),
    ],
)
def test_a_template_that_is_wrong_is_told(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "t.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CityError) as raised:
        read_map(path)
    assert raised.value.code == "pipes.map"
    assert why in raised.value.message


def test_a_table_alone_is_told_to_need_the_other(tmp_path: Path) -> None:
    with pytest.raises(CityError) as raised:
        taken(workbook(tmp_path / "s.xlsx", a=POINTS))
    assert raised.value.code == "pipes.no_lines"
    with pytest.raises(CityError) as raised:
        taken(workbook(tmp_path / "s.xlsx", a=LINES))
    assert raised.value.code == "pipes.no_points"

"""Maps, permits, repair sheets and reports by command and from Python."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import openpyxl
import pytest

from app import api, papers
from app.cli import main
from app.pipe_maps import MapOptions, map_plate
from app.pipe_permit import PermitOptions, letter, permit
from app.pipe_repair import RepairOptions, repair_sheet
from app.pipe_report import ReportOptions, statistics_report
from app.pipes_asking import Question
from app.wording import Wording
from layers.analyses.running import run
from layers.errors import CityError
from layers.files.project_file import save_project
from layers.frame import Frame
from layers.paper.document import Document, Facts, Heading, Paragraph, Sheet, Signatures, Table
from layers.pipes.plate import Text
from layers.progress import Silent
from layers.project import Info, Project
from tests.layers.pipes.made import EAST, NORTH
from tests.layers.pipes.streets import layer, sewer, street
from tests.layers.pipes.test_graph import STREET, STREET_EDGES, STREET_ROLES, net

EN, ZH = Wording("en"), Wording("zh-CN")
TRENCH = [[EAST + 20.0, NORTH - 12.0], [EAST + 20.0, NORTH + 12.0]]


@pytest.fixture
def city(tmp_path: Path) -> Path:
    project = street()
    project.insert_layer(layer("pipes", "sewer", sewer()))
    path = tmp_path / "city.gpkg"
    save_project(project, path, Silent())
    return path


@pytest.fixture
def town() -> Project:
    project = Project(Frame("EPSG:32650"), Info(title="Town"))
    project.insert_layer(layer("pipes", "water", net(STREET, STREET_EDGES, STREET_ROLES)))
    return project


def headings(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Heading)]


def tables(document: Document) -> list[Table]:
    return list(document.tables())


def words(sheet: Sheet) -> list[str]:
    return [shape.words for shape in sheet.plate.shapes if isinstance(shape, Text)]


def test_a_map_is_written_in_every_form_and_says_its_scale(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(tmp_path / f"plan.{ending}") for ending in ("pdf", "svg", "png", "dxf")]
    box = f"{EAST - 50},{NORTH - 30},{EAST + 50},{NORTH + 30}"
    command = ["pipes", "map", str(city), *files, "--box", box, "--scale", "500", "--json"]
    assert main([*command, "--title", "Plan 7", "--zones", "lines"]) == 0
    assert json.loads(capsys.readouterr().out)["files"] == files
    drawn = (tmp_path / "plan.svg").read_text(encoding="utf-8")
    assert "Plan 7" in drawn
    assert "1:500" in drawn
    assert "JS DN300 QM" in drawn
    assert "Red line" in drawn


def test_a_map_too_large_is_cut_into_sheets(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    box = f"{EAST - 50},{NORTH - 30},{EAST + 50},{NORTH + 30}"
    command = ["pipes", "map", str(city), str(tmp_path / "plan.svg"), "--box", box]
    assert main([*command, "--scale", "200", "--paper", "A4", "--sheets", "--json"]) == 0
    files = json.loads(capsys.readouterr().out)["files"]
    assert len(files) > 1
    assert files[0] == str(tmp_path / "plan-1.svg")
    assert f"1/{len(files)}" in Path(files[0]).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--box", "1,2,3"], "not a west"),
        (["--scale", "2"], "1:2"),
        (["--class", "cheese"], "cheese"),
        (["--paper", "B5"], "B5"),
    ],
)
def test_a_map_that_cannot_be_is_told(
    city: Path, tmp_path: Path, more: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pipes", "map", str(city), str(tmp_path / "a.pdf"), *more]) == 2
    assert message in capsys.readouterr().err


def test_colours_follow_a_property_and_the_legend_names_it(city: Path) -> None:
    with api.open_project(city) as opened:
        plate = map_plate(opened.project, MapOptions(by="owner"), EN)
        said = [shape.words for shape in plate.shapes if isinstance(shape, Text)]
        assert {"gas", "phone", "owner"} <= set(said)
        only = map_plate(opened.project, MapOptions(classes=("gas",)), ZH)
        runs = [s for s in only.shapes if getattr(s, "layer", "") == "pipes"]
        assert len(runs) == 1
        with pytest.raises(CityError) as told:
            map_plate(opened.project, MapOptions(Question(where="class = 'steam'")), EN)
        assert told.value.code == "maps.nothing"


def test_a_permit_tells_what_is_met_whom_to_ask_and_what_conflicts(city: Path) -> None:
    options = PermitOptions(
        {"line": TRENCH, "depth": 2.0, "width": 1.0, "slope": 0.0}, applicant="Water works",
        purpose="A new main", place="High Street", number="17",
    )  # fmt: skip
    with api.open_project(city) as opened:
        made = permit(opened.project, options, EN)
    assert ("Applicant", "Water works") in made.facts
    assert made.subtitle == "High Street"
    assert [one.name for one in made.inputs] == ["pipes", "sewer"]
    assert all(not pack.verified for pack in made.packs)
    assert made.packs
    owners = next(t for t in tables(made) if t.head[0] == "Owner")
    assert {row[0] for row in owners.rows} >= {"water"}
    assert {row[0]: row[1] for row in owners.rows}["water"] == "110"
    sheets = [block for block in made.blocks if isinstance(block, Sheet)]
    assert len(sheets) == 3  # the map, a section along the trench, one across its only leg
    assert "A" in words(sheets[0])
    assert any("A-A" in text for text in words(sheets[1]))
    signed = next(block for block in made.blocks if isinstance(block, Signatures))
    assert signed.parties[0] == "Applicant"
    assert "water" in signed.parties
    assert headings(made)[0] == "The works"


def test_a_pit_gets_a_section_along_and_one_across(city: Path) -> None:
    ring = [[EAST + x, NORTH + y] for x, y in ((30, -8), (40, -8), (40, -2), (30, -2))]
    with api.open_project(city) as opened:
        made = permit(opened.project, PermitOptions({"area": ring, "depth": 1.9}), ZH)
        sheets = [block for block in made.blocks if isinstance(block, Sheet)]
        assert len(sheets) == 3
        with pytest.raises(CityError) as told:
            permit(opened.project, PermitOptions(), EN)
        assert told.value.code == "permit.what"
    assert made.language == "zh-CN"


def test_sections_have_letters() -> None:
    assert [letter(k) for k in (0, 25, 26)] == ["A", "Z", "A1"]


def test_a_permit_is_written_by_command(city: Path, tmp_path: Path) -> None:
    line = " ".join(f"{x},{y}" for x, y in TRENCH)
    out = [str(tmp_path / "permit.docx"), str(tmp_path / "permit.xlsx")]
    command = ["pipes", "permit", str(city), *out, "--line", line, "--depth", "2"]
    assert main([*command, "--applicant", "滨江水务集团", "--words", "zh-CN"]) == 0
    book = docx.Document(out[0])
    cells = [cell.text for table in book.tables for row in table.rows for cell in row.cells]
    assert "滨江水务集团" in cells
    assert len(openpyxl.load_workbook(out[1]).sheetnames) >= 3
    assert main(["pipes", "permit", str(city), out[0]]) == 2


def test_a_repair_sheet_has_valves_in_order_with_room_for_times(town: Project) -> None:
    made = repair_sheet(town, RepairOptions({"at": [120.0, 3.0]}), EN)
    valves = next(t for t in tables(made) if t.head[-2:] == ("Time", "By"))
    assert [row[0] for row in valves.rows] == [1, 2]
    assert [row[4] for row in valves.rows] == [20.0, 120.0]
    assert all(row[-2:] == ("", "") for row in valves.rows)
    assert not made.cover
    assert made.title == "Repair sheet: burst pipe"
    sheets = [block for block in made.blocks if isinstance(block, Sheet)]
    assert len(sheets) == 2
    assert {"!", "1", "2"} <= set(words(sheets[0]))


def test_a_part_that_cannot_be_shut_off_is_told_on_the_sheet() -> None:
    project = Project(Frame("EPSG:32650"), Info(title="Town"))
    roles = {at: role for at, role in STREET_ROLES.items() if role != "valve"}
    project.insert_layer(layer("pipes", "water", net(STREET, STREET_EDGES, roles)))
    made = repair_sheet(project, RepairOptions({"at": [120.0, 3.0]}), EN)
    warned = [b.text for b in made.blocks if isinstance(b, Paragraph) and b.tone == "warning"]
    assert warned


def test_a_report_sums_up_and_can_be_asked_for_by_command(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with api.open_project(city) as opened:
        made = statistics_report(opened.project, ReportOptions(), EN)
    whole = next(block for block in made.blocks if isinstance(block, Facts))
    assert dict(whole.rows)["Runs"] == "8"
    by_class = tables(made)[0]
    assert by_class.rows[0][0] == "Drain"
    lengths = [float(row[2]) for row in by_class.rows if isinstance(row[2], float)]
    assert lengths == sorted(lengths, reverse=True)
    assert made.contents
    out = [str(tmp_path / "report.xlsx"), str(tmp_path / "report.pdf")]
    command = ["pipes", "report", str(city), *out, "--by", "class", "--no-map", "--json"]
    assert main([*command, "--cross", "class,owner"]) == 0
    assert json.loads(capsys.readouterr().out)["files"] == out
    assert main(["pipes", "report", str(city), out[0], "--cross", "class"]) == 2


def test_a_kept_answer_becomes_blocks_with_figures_remarks_and_rows(city: Path) -> None:
    with api.open_project(city) as opened:
        item = run(opened.project, "pipe-dig", {"line": TRENCH, "depth": 2.0}, name="Trench")
        blocks = papers.answer_blocks(item, EN)
    assert isinstance(blocks[0], Heading)
    assert blocks[0].text == "Trench"
    table = blocks[-1]
    assert isinstance(table, Table)
    assert len(table.rows) == item.outcome.table.num_rows
    assert set(table.statuses) <= {"pass", "warning", "fail", "none"}


def test_every_report_tells_project_program_date_and_hashes(city: Path) -> None:
    with api.open_project(city) as opened:
        made = papers.document(opened.project, "T", (), layers=opened.layers, date="2026-05-20",
                               words=ZH)  # fmt: skip
    assert made.project == "Street"
    assert made.date == "2026-05-20"
    assert made.program.startswith("citystage ")
    assert len(made.inputs) == 6
    assert all(len(one.hash) >= 16 for one in made.inputs)
    assert made.label("page") == "第"

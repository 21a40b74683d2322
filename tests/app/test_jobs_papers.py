"""Maps and papers of pipes in a job file: written, cut into sheets, kept, refused with the line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.jobs_file import JobError, read_job
from app.jobs_run import JobResult, run_job
from layers.errors import CityError
from layers.files.project_file import save_project
from layers.progress import Silent
from tests.layers.pipes.made import EAST, NORTH
from tests.layers.pipes.streets import layer, sewer, street

TRENCH = f"{EAST + 20},{NORTH - 12} {EAST + 20},{NORTH + 12}"
PROJECT = '[project]\nfile = "city.gpkg"\n'
SHEETS = f"""
[[map]]
file = "plan.svg"
box = [{EAST - 200}, {NORTH - 40}, {EAST + 200}, {NORTH + 40}]
scale = 500
paper = "A3"
sheets = true
title = "Plan 7"
"""
PERMIT = f"""
[[permit]]
file = "works/permit-{{n}}.docx"
line = "{TRENCH}"
depth = 2.2
sections = ["{TRENCH}"]
applicant = "Water works"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    project = street()
    project.insert_layer(layer("pipes", "sewer", sewer()))
    save_project(project, tmp_path / "city.gpkg", Silent())
    return tmp_path


def ran(folder: Path, text: str) -> JobResult:
    (folder / "job.toml").write_text(PROJECT + text, encoding="utf-8")
    return run_job(read_job(folder / "job.toml"), folder / "out")


def test_a_map_is_cut_into_sheets_that_are_made_again_where_one_is_gone(folder: Path) -> None:
    made = ran(folder, SHEETS)
    names = [path.name for path in made.written]
    assert len(names) > 1
    assert names == [f"plan-{k}.svg" for k in range(1, len(names) + 1)]
    assert "Plan 7" in made.written[0].read_text(encoding="utf-8")
    (entry,) = json.loads(made.manifest.read_text(encoding="utf-8"))["files"]
    assert entry["kind"] == "map"
    assert list(entry["parts"]) == names
    again = ran(folder, SHEETS)
    assert (again.written, again.kept) == ((), made.written)
    made.written[1].unlink()
    assert ran(folder, SHEETS).written == made.written


def test_permits_repair_sheets_and_reports_are_written_where_the_job_says(folder: Path) -> None:
    report = '\n[[pipe_report]]\nfile = "stock.xlsx"\nby = ["class"]\nmap = false\ncross = []\n'
    made = ran(folder, PERMIT + report)
    names = [path.relative_to(folder / "out").as_posix() for path in made.written]
    assert names == ["works/permit-1.docx", "stock.xlsx"]
    other = ran(folder, PERMIT.replace("2.2", "2.4") + report)
    assert [path.name for path in other.written] == ["permit-1.docx"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[[map]]\nfile = "plan.docx"\n', "plates.suffix"),
        ('[[permit]]\nfile = "a.pdf"\n', "job.permit"),
        ('[[permit]]\nfile = "a.dxf"\nline = "1,2 3,4"\n', "paper.suffix"),
        ('[[permit]]\nfile = "a.pdf"\nline = "1,2 3,4"\ndepht = 2\n', "job.unknown_key"),
        ('[[repair_sheet]]\nfile = "a.pdf"\nat = "1,2"\nrun = "W1"\n', "job.repair_sheet"),
        ('[[pipe_report]]\nfile = "a.pdf"\nproject = "other"\n', "job.no_such_project"),
    ],
)
def test_mistakes_are_told_with_their_line(folder: Path, text: str, code: str) -> None:
    (folder / "job.toml").write_text(PROJECT + text, encoding="utf-8")
    with pytest.raises(CityError) as told:
        read_job(folder / "job.toml")
    assert told.value.code == code
    assert int(told.value.where.rpartition(":")[2]) >= 3


def test_a_misspelled_key_of_a_map_is_told_with_the_right_one(folder: Path) -> None:
    (folder / "job.toml").write_text(PROJECT + SHEETS.replace("scale", "scal"), encoding="utf-8")
    with pytest.raises(JobError) as told:
        read_job(folder / "job.toml")
    assert told.value.facts["guess"] == "scale"


def test_what_a_map_cannot_draw_is_told_with_the_line_of_the_job(folder: Path) -> None:
    with pytest.raises(CityError) as told:
        ran(folder, SHEETS + 'where = "year < 1800"\n')
    assert (told.value.code, told.value.where) == ("maps.nothing", "job.toml:4")

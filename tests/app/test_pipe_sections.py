"""Sections by command and from Python."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from app import api
from app.cli import main
from app.pipe_sections import CROSS, LONG, DrawingOptions, section_plate
from app.wording import Wording
from layers.errors import CityError
from layers.files.project_file import save_project
from layers.pipes.plate import Text
from layers.progress import Silent
from tests.layers.pipes.made import EAST, NORTH
from tests.layers.pipes.streets import layer, sewer, street

LINE = f"{EAST + 10},{NORTH - 20} {EAST + 10},{NORTH + 25}"


@pytest.fixture
def city(tmp_path: Path) -> Path:
    project = street()
    project.insert_layer(layer("pipes", "sewer", sewer()))
    path = tmp_path / "city.gpkg"
    save_project(project, path, Silent())
    return path


def test_a_cross_section_is_written_in_every_form(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [f"cut.{ending}" for ending in ("svg", "pdf", "png", "dxf", "csv", "xlsx", "json")]
    command = ["pipes", "section", str(city), "--line", LINE, "--layer", "pipes", "--json"]
    for name in names:
        command += ["--out", str(tmp_path / name)]
    assert main([*command, "--title", "Cut 1-1", "--number", "7"]) == 0
    assert all((tmp_path / name).stat().st_size > 0 for name in names)
    told = json.loads(capsys.readouterr().out)
    assert told["analysis"] == "pipe-section"
    drawn = (tmp_path / "cut.svg").read_text(encoding="utf-8")
    assert "Cut 1-1" in drawn
    rows = list(openpyxl.load_workbook(tmp_path / "cut.xlsx").active.iter_rows(values_only=True))
    assert len(rows) == 5


def test_a_longitudinal_section_is_kept_and_goes_stale_when_pipes_change(city: Path) -> None:
    command = ["pipes", "section", str(city), "--path", "WS1,WS4", "--save", "Sewer"]
    assert main(command) == 0
    with api.open_project(city) as opened:
        item = opened.answer("Sewer")
        assert item.outcome.facts["length_m"] == pytest.approx(130.0)
        assert item.outcome.facts["fall_m"] == pytest.approx(0.80)
        rows = item.outcome.table.to_pylist()
        assert [row["what"] for row in rows].count("node") == 4
        assert opened.stale_inputs(item) == ()
        opened.project.layer("sewer").data = sewer()
        assert opened.stale_inputs(item) == ()
        opened.project.take_layer("pipes")
        assert opened.stale_inputs(item)


def test_exactly_one_of_line_path_and_runs_is_needed(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pipes", "section", str(city)]) == 2
    assert "exactly one" in capsys.readouterr().err
    assert main(["pipes", "section", str(city), "--path", "WS1,WS77"]) == 2
    assert "WS77" in capsys.readouterr().err


def test_drawings_speak_the_language_that_is_asked_for() -> None:
    project = street()
    project.insert_layer(layer("pipes", "sewer", sewer()))
    params = {"path": "WS1,WS3"}

    def words(language: str) -> set[str]:
        made = section_plate(project, LONG, params, DrawingOptions(language=language))
        return {shape.words for shape in made.shapes if isinstance(shape, Text)}

    assert "Ground level (m)" in words("en")
    assert "地面标高 (m)" in words("zh-CN")
    assert "地面标高 (m) Ground level (m)" in words("both")
    with pytest.raises(CityError) as error:
        words("fr")
    assert error.value.code == "sections.language"


def test_no_word_of_a_drawing_is_missing() -> None:
    project = street()
    project.insert_layer(layer("pipes", "sewer", sewer()))
    line = [[EAST + 10, NORTH - 20], [EAST + 10, NORTH + 25]]
    for language in ("en", "zh-CN"):
        for kind, params in ((CROSS, {"line": line}), (LONG, {"path": "WS1,WS4"})):
            made = section_plate(project, kind, params, words=Wording(language))
            said = [shape.words for shape in made.shapes if isinstance(shape, Text)]
            assert not [text for text in said if text.startswith(("section-", "pipe-", "note-"))]


def test_a_scale_that_nobody_draws_at_is_refused() -> None:
    with pytest.raises(CityError) as error:
        section_plate(street(), CROSS, {"line": [[EAST, NORTH], [EAST, NORTH + 9]]},
                      DrawingOptions(scale=0.5))  # fmt: skip
    assert error.value.code == "sections.scale"


def test_a_job_file_writes_sections_every_night(city: Path, tmp_path: Path) -> None:
    job = tmp_path / "night.toml"
    job.write_text(
        f'[project]\nfile = "{city.as_posix()}"\n\n[[section]]\nfile = "{{project}}-{{n}}.svg"\n'
        f'line = "{LINE}"\ntitle = "Cut"\nwords = "both"\n\n'
        '[[section]]\nfile = "long.csv"\npath = "WS1,WS4"\n',
        encoding="utf-8",
    )
    assert main(["run", str(job), "--out", str(tmp_path / "out")]) == 0
    assert "地面标高 (m) Ground level (m)" in (tmp_path / "out" / "city-1.svg").read_text("utf-8")
    assert "WS4" in (tmp_path / "out" / "long.csv").read_text("utf-8-sig")


def test_a_job_with_two_ways_to_cut_is_refused(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job = tmp_path / "night.toml"
    job.write_text(
        f'[project]\nfile = "{city.as_posix()}"\n[[section]]\nfile = "a.svg"\npath = "a,b"\n'
        'runs = "1"\n',
        encoding="utf-8",
    )
    assert main(["run", str(job), "--out", str(tmp_path / "out")]) == 2
    assert "exactly one" in capsys.readouterr().err

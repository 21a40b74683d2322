"""Sunlight, sight and skyline from the command line, and the statement on paper."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.sunlight_paper import write_statement
from layers.files.project_file import save_project
from tests.layers.planning.blocks import EAST, NORTH, layer_of, town

HOUSE = (0.0, 60.0, 30.0, 72.0, 9.0)
TOWER = (0.0, 0.0, 30.0, 20.0, 90.0)
runner = CliRunner()


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """Give a project file with a house and a new tower."""
    project = town([HOUSE])
    project.insert_layer(layer_of([TOWER], "New"))
    path = tmp_path / "town.gpkg"
    save_project(project, path)
    return path


def asked(*words: str) -> dict[str, object]:
    result = runner.invoke(app, [*words, "--json"])
    assert result.exit_code in {0, 1}, result.output
    found: dict[str, object] = json.loads(result.stdout)
    return found


def test_the_statement_is_written_with_plan_and_tables(tmp_path: Path) -> None:
    project = town([HOUSE])
    project.insert_layer(layer_of([TOWER], "New"))
    params = {"compare": "without", "new": "New"}
    for name in ("statement.pdf", "statement.docx", "statement.xlsx"):
        (path,) = write_statement(project, params, tmp_path / name)
        assert path.stat().st_size > 4000


def test_sunlight_from_the_command_line(saved: Path, tmp_path: Path) -> None:
    out = tmp_path / "windows.csv"
    found = asked(
        "sunlight", str(saved), "--new", "New", "--day", "dongzhi", "--band", "9-15",
        "--facing", "45", "--out", str(out),
    )  # fmt: skip
    assert found["analysis"] == "sunlight"
    assert out.read_text(encoding="utf-8-sig").count("\n") > 5
    found = asked("sunlight-facades", str(saved), "--spacing", "5")
    assert found["analysis"] == "sunlight-facades"
    box = f"{EAST - 20},{NORTH - 20},{EAST + 50},{NORTH + 90}"
    found = asked("sunlight-ground", str(saved), "--area", box, "--spacing", "5")
    assert found["analysis"] == "sunlight-ground"


def test_sight_from_the_command_line(saved: Path, tmp_path: Path) -> None:
    eye, far = f"{EAST + 15},{NORTH - 60}", f"{EAST + 15},{NORTH + 120}"
    assert (
        asked("sight", "lines", str(saved), "--from", eye, "--to", far)["analysis"] == "sight-lines"
    )
    found = asked("sight", "viewshed", str(saved), "--from", eye, "--reach", "100")
    assert found["analysis"] == "viewshed"
    found = asked("sight", "landmark", str(saved), "--on", "New", "--reach", "80")
    assert found["analysis"] == "landmark"
    assert asked("sight", "sky", str(saved), "--spacing", "10")["analysis"] == "sky-view"
    picture = tmp_path / "skyline.svg"
    found = asked(
        "skyline", str(saved), "--from", eye, "--width", "90", "--new", "New",
        "--picture", str(picture),
    )  # fmt: skip
    assert found["analysis"] == "skyline"
    assert "#e53935" in picture.read_text(encoding="utf-8")


def test_a_broken_corridor_gives_the_exit_code_of_a_failed_check(saved: Path) -> None:
    words = ["sight", "limits", str(saved), "--at", f"{EAST + 15},{NORTH - 60},2"]
    words += ["--at", f"{EAST + 15},{NORTH + 200},30"]
    assert runner.invoke(app, words).exit_code == 1
    words = ["sight", "limits", str(saved), "--at", f"{EAST - 150},{NORTH - 60},2"]
    words += ["--at", f"{EAST - 150},{NORTH + 200},30"]
    assert runner.invoke(app, words).exit_code == 0


@pytest.mark.parametrize(
    "words",
    [["sunlight", "--band", "eight"], ["sight", "lines", "--from", "here"],
     ["sight", "sky", "--area", "9,9,1,1"]],
)  # fmt: skip
def test_what_cannot_be_understood_gives_one_sentence(words: list[str], saved: Path) -> None:
    place = 2 if words[0] == "sight" else 1
    with pytest.raises(Exception, match=r"no two hours|no place"):
        runner.invoke(app, [*words[:place], str(saved), *words[place:]], catch_exceptions=False)


def test_kept_answers_are_written_on_paper(saved: Path, tmp_path: Path) -> None:
    eye = f"{EAST + 15},{NORTH - 60}"
    words = ["skyline", str(saved), "--from", eye, "--save", "Sky", "--out"]
    for name in ("sky.svg", "sky.pdf"):
        assert runner.invoke(app, [*words, str(tmp_path / name)]).exit_code == 0
        assert (tmp_path / name).stat().st_size > 1000
    words = ["site", "fire", str(saved), "--out", str(tmp_path / "gaps.docx")]
    assert runner.invoke(app, words).exit_code == 0
    words = ["sunlight", str(saved), "--new", "New", "--out", str(tmp_path / "sun.pdf")]
    assert runner.invoke(app, words).exit_code == 0
    assert (tmp_path / "gaps.docx").exists()
    assert (tmp_path / "sun.pdf").exists()

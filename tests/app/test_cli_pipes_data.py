"""Commands about the data of pipes."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from app.cli import main
from tests.layers.files.test_pipe_survey import LINES, POINTS, workbook


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    points = [*POINTS, ["JS5", 3380090.0, 500000.0, 20.0, "", "", None, ""]]
    return workbook(tmp_path / "survey.xlsx", 点表=points, 线表=LINES)


def test_a_survey_is_imported_by_a_template_and_checked(
    survey: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template, city = tmp_path / "t.toml", tmp_path / "city.gpkg"
    assert main(["pipes", "fields", str(survey), "--save-map", str(template)]) == 0
    assert 'east = "Y坐标"' in template.read_text(encoding="utf-8")
    capsys.readouterr()
    command = ["pipes", "import", str(city), str(survey), "--map", str(template)]
    assert main([*command, "--crs", "EPSG:4547", "--create", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["layers"][0]
    assert (told["kind"], told["read"], told["kept"]) == ("pipes", 9, 9)
    assert any("point that no run joins" in line for line in told["messages"])
    out = tmp_path / "findings.xlsx"
    assert main(["pipes", "quality", str(city), "--json", "--out", str(out)]) == 0
    layer = json.loads(capsys.readouterr().out)["layers"][0]
    assert layer["counts"] == {"orphan-point": 1}
    assert layer["findings"][0]["number"] == "JS5"
    rows = list(openpyxl.load_workbook(out).active.iter_rows(values_only=True))
    assert rows[1][0] == "point that no run joins"


@pytest.mark.parametrize("name", ["missing.xlsx", "missing.csv"])
def test_a_survey_that_is_not_there_is_told_as_missing(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pipes", "fields", str(tmp_path / name)]) == 2
    assert "no such file" in capsys.readouterr().err
    (tmp_path / name).touch()
    assert main(["pipes", "fields", str(tmp_path / name)]) == 2
    assert "empty" in capsys.readouterr().err
    assert main(["pipes", "fields", str(tmp_path)]) == 2
    assert "cannot be opened" in capsys.readouterr().err


def test_assumed_levels_and_tunnels_have_commands(
    survey: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = str(tmp_path / "city.gpkg")
    assert main(["pipes", "import", city, str(survey), "--crs", "EPSG:4547", "--create"]) == 0
    capsys.readouterr()
    assert main(["pipes", "levels", city]) == 0
    assert "1 runs" in capsys.readouterr().out
    assert main(["pipes", "tunnels", city, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_wrong_place_or_class_is_one_sentence(
    survey: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = str(tmp_path / "city.gpkg")
    assert main(["pipes", "import", city, str(survey), "--at", "here", "--create"]) == 2
    assert "two numbers" in capsys.readouterr().err
    assert main(["pipes", "import", city, str(survey), "--class", "cheese", "--create"]) == 2
    assert "cheese" in capsys.readouterr().err


def test_a_project_without_pipes_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = str(tmp_path / "city.gpkg")
    assert main(["new", city, "--crs", "EPSG:4547"]) == 0
    assert main(["pipes", "quality", city]) == 2
    assert "no pipes" in capsys.readouterr().err

"""Commands that look at a city look at a scheme where they are told to."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from app import cli
from app.api import open_project
from layers.edits import SetHeight
from layers.schemes_edits import activate, new_scheme


@pytest.fixture
def two(town_file: Path, tmp_path: Path) -> tuple[Path, str]:
    """Give a project whose first building is 99 m high in scheme A, and that building."""
    path = tmp_path / "town.gpkg"
    shutil.copy(town_file, path)
    with open_project(path) as city:
        layer = next(city.project.of_kind("buildings"))
        city.session.run(new_scheme("A"))
        city.session.run(SetHeight(layer.id, int(layer.features.ids[0]), 99.0))
        city.session.run(activate("existing"))
        city.save()
        return path, f"{layer.name}:{layer.features.ids[0]}"


def height_of(path: Path, building: str, capsys: pytest.CaptureFixture[str], *more: str) -> float:
    assert cli.main(["measure", str(path), "--building", building, "--json", *more]) == 0
    told = json.loads(capsys.readouterr().out)
    return float(told["measurements"][0]["values"]["height_m"])


def test_a_building_is_measured_as_a_scheme_has_it(
    two: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    path, building = two
    assert height_of(path, building, capsys) != 99.0
    assert height_of(path, building, capsys, "--scheme", "A") == 99.0
    assert height_of(path, building, capsys, "--scheme", "A", "--save", "Tower") == 99.0
    with open_project(path) as city:
        assert city.scheme == "existing"
        assert [item.name for item in city.measurements] == ["Tower"]


def test_shadows_of_a_scheme_land_in_that_scheme(
    two: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    path, _ = two
    when = ["--when", "2026-12-21T12:00", "--name", "Shadows"]
    assert cli.main(["shadows", str(path), *when, "--scheme", "A"]) == 0
    with open_project(path) as city:
        assert "Shadows" not in [layer.name for layer in city.layers]
        city.look_at_scheme("A")
        assert "Shadows" in [layer.name for layer in city.layers]
    capsys.readouterr()
    for name, there in (("existing", False), ("A", True)):
        assert cli.main(["layers", str(path), "--scheme", name]) == 0
        assert ("Shadows" in capsys.readouterr().out) == there
    assert cli.main(["layers", str(path), "--scheme", "A", "--rename", "Shadows=Noon"]) == 0
    with open_project(path) as city:
        city.look_at_scheme("A")
        assert "Noon" in [layer.name for layer in city.layers]


def test_tables_are_written_of_a_scheme(two: tuple[Path, str], tmp_path: Path) -> None:
    path, building = two
    layer = building.rpartition(":")[0]
    for name, more in (("now.csv", []), ("then.csv", ["--scheme", "A"])):
        out = str(tmp_path / name)
        assert cli.main(["export", str(path), out, "--layer", layer, *more]) == 0
    assert (tmp_path / "now.csv").read_text() != (tmp_path / "then.csv").read_text()
    assert "99" in (tmp_path / "then.csv").read_text()


def test_a_scheme_that_is_not_there_is_told(
    two: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    path, building = two
    assert cli.main(["measure", str(path), "--building", building, "--scheme", "Z"]) == 2
    assert "Z" in capsys.readouterr().err

"""Exporting from the command line, from Python and from a job file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app import api
from app.cli import main
from app.jobs_file import read_job
from app.jobs_run import run_job
from layers.errors import CityError
from layers.files.gltf import read_glb


def test_the_command_writes_all_three_formats(
    town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiles, glb, file = tmp_path / "tiles", tmp_path / "a.glb", tmp_path / "a.city.json"
    asked = ["export", str(town), "--3dtiles", str(tiles), "--glb", str(glb), "--cityjson",
             str(file)]  # fmt: skip
    assert main(asked) == 0
    told = capsys.readouterr().out
    assert "38 buildings" in told  # the twisted one is two
    assert "ellipsoid" in told
    assert json.loads((tiles / "tileset.json").read_text())["asset"]["version"] == "1.1"
    assert read_glb(glb)[0]["asset"]["version"] == "2.0"
    assert len(json.loads(file.read_text())["CityObjects"]) == 37
    assert main([*asked[:4], "--overwrite", "--height-offset", "-12"]) == 0
    assert "ellipsoid" not in capsys.readouterr().out


def test_a_condition_and_numbers_choose(
    town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    glb = str(tmp_path / "a.glb")
    asked = ["export", str(town), "--glb", glb, "--json"]
    assert main([*asked, "--where", "use = 办公"]) == 0
    (written,) = json.loads(capsys.readouterr().out)["written"]
    assert written["objects"] == 14
    assert main([*asked, "--overwrite", "--layer", "Buildings", "--ids", "3,5"]) == 0
    (written,) = json.loads(capsys.readouterr().out)["written"]
    assert (written["objects"], written["format"]) == (2, "glb")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ([], "--3dtiles FOLDER"),
        (["--glb", "a.glb", "--where", "use = castle"], "No building or model is chosen"),
        (["--glb", "a.glb", "--ids", "1.5"], "not the number of a building"),
        (["--glb", "a.stl"], "cannot be called"),
        (["--glb", "a.glb", "--layer", "Streets"], "no buildings, models or trees"),
        (["--cityjson", "nowhere/a.json"], "does not exist"),
    ],
)
def test_mistakes_are_told_and_nothing_is_written(
    town: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    more: list[str],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    assert main(["export", str(town), *more]) == 2
    assert words in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before


def test_a_project_without_a_coordinate_system_says_so(tmp_path: Path) -> None:
    with api.new_project() as empty, pytest.raises(CityError) as caught:
        empty.export_glb(tmp_path / "a.glb")
    assert caught.value.code == "project.no_crs"


def test_python_has_the_same_verbs(town: Path, tmp_path: Path) -> None:
    with api.open_project(town) as city:
        assert city.export_3dtiles(tmp_path / "t", where="高度 > 20").objects > 0
        assert city.export_cityjson(tmp_path / "a.jsonl", ids=[1]).objects == 1
        assert city.export_glb(tmp_path / "a.glb").triangles == 36 * 12 + 2 * 8
        with pytest.raises(CityError) as caught:
            city.export_glb(tmp_path / "a.glb")
    assert caught.value.code == "export.exists"


def test_a_job_writes_exports_and_leaves_those_up_to_date(town: Path, tmp_path: Path) -> None:
    path = tmp_path / "job.toml"
    path.write_text(
        f"""\
[project]
file = "{town.name}"

[[export]]
file = "{{project}}-tiles/tileset.json"
height_offset = -10.0

[[export]]
file = "offices.glb"
layers = "Buildings"
where = "use = 办公"
""",
        encoding="utf-8",
    )
    if town.parent != tmp_path:
        (tmp_path / town.name).write_bytes(town.read_bytes())
    out = tmp_path / "out"
    first = run_job(read_job(path), out)
    assert [file.name for file in first.written] == ["tileset.json", "offices.glb"]
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    (tiles, glb) = (entry["remarks"] for entry in manifest["files"])
    assert any("holds buildings, models and trees" in line for line in tiles)
    assert any("Streets" in line for line in tiles)
    assert any("condition does not hold: Buildings (24)" in line for line in glb)
    second = run_job(read_job(path), out)
    assert len(second.kept) == 2
    assert not second.written


def test_a_job_that_does_not_say_what_to_write_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "job.toml"
    path.write_text('[project]\nsample = true\n\n[[export]]\nfile = "city.stl"\n')
    with pytest.raises(CityError) as caught:
        read_job(path)
    assert caught.value.code == "job.export_file"


def test_shadows_of_several_times_become_a_layer(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["shadows", str(town), "--when", "2026-12-21T10:00", "--when", "2026-12-21T14:00"]
    assert main(asked) == 0
    assert "2 times" in capsys.readouterr().out
    with api.open_project(town, read_only=True) as city:
        layer = city.project.layer("Shadows 2026-12-21")
        assert set(layer.features.column("time").to_pylist()) == {
            "2026-12-21 10:00", "2026-12-21 14:00",
        }  # fmt: skip
    assert main(["shadows", str(town), "--when", "2026-12-21T01:00"]) == 2

"""Schemes from the command line, Python and job files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from app import api
from layers.edits import AddLayer, SetHeight
from layers.errors import CityError
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.shapes import Shapes
from tests.app.conftest import Run

EAST, NORTH = 508_000.0, 3_378_000.0


@pytest.fixture
def project(tmp_path: Path) -> Path:
    boxes = [shapely.box(EAST + 40 * i, NORTH, EAST + 40 * i + 25, NORTH + 20) for i in range(5)]
    data = Buildings.blocks(Shapes.from_shapely(boxes), np.full(5, 12.0))
    path = tmp_path / "town.gpkg"
    with api.new_project(path, crs="EPSG:4547") as city:
        city.run(AddLayer(Layer("buildings", "Houses", data, layer_id="houses")))
        city.save()
    return path


def towers(folder: Path) -> Path:
    shapes = [shapely.box(EAST + 2, NORTH + 2, EAST + 22, NORTH + 18)]
    features = [
        {"type": "Feature", "geometry": shapely.geometry.mapping(s), "properties": {"height": 80}}
        for s in shapes
    ]
    path = folder / "towers.geojson"
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}))
    return path


def test_a_scheme_lives_from_the_command_line(project: Path, run: Run, tmp_path: Path) -> None:
    code, out, _ = run("schemes", "import", project, "A", towers(tmp_path), "--clear")
    assert code == 0
    assert "1 objects added to Houses, 1 demolished" in out
    code, out, _ = run("schemes", "list", project, "--json")
    told = json.loads(out)
    assert told["active"] == "A"
    assert [(s["name"], s["added"], s["removed"]) for s in told["schemes"]] == [("A", 1, 1)]
    assert run("schemes", "copy", project, "A", "B")[0] == 0
    assert run("schemes", "set", project, "B", "--rename", "C", "--note", "copy")[0] == 0
    assert run("schemes", "archive", project, "C")[0] == 0
    code, _, err = run("schemes", "activate", project, "C")
    assert code == 2
    assert "archived" in err
    assert run("schemes", "restore", project, "C")[0] == 0
    assert run("schemes", "merge", project, "A", "C")[0] == 0
    code, out, _ = run("schemes", "show", project, "A", "--json")
    assert json.loads(out)["layers"][0]["removed"] == [1]
    code, out, _ = run("info", project, "--scheme", "existing", "--json")
    assert json.loads(out)["layers"][0]["objects"] == 5
    assert run("schemes", "remove", project, "C")[0] == 0
    assert run("schemes", "promote", project, "A")[0] == 0
    with api.open_project(project, read_only=True) as city:
        assert city.scheme == "existing"
        assert city.layers[0].features.ids.tolist() == [2, 3, 4, 5, 6]


def test_conflicts_end_with_code_1_until_a_side_is_chosen(project: Path, run: Run) -> None:
    with api.open_project(project) as city:
        for name, metres in (("A", 30.0), ("B", 40.0)):
            city.new_scheme(name)
            city.run(SetHeight("houses", 1, metres))
        city.save()
    code, out, _ = run("schemes", "merge", project, "A", "B", "--json")
    assert code == 1
    assert json.loads(out)["conflicts"][0]["object"] == 1
    assert run("schemes", "merge", project, "A", "B", "--prefer", "theirs")[0] == 0
    with api.open_project(project, read_only=True) as city:
        city.look_at_scheme("A")
        data = city.layers[0].data
        assert isinstance(data, Buildings)
        assert data.height[0] == 40.0


def test_looking_at_a_scheme_and_saving_keeps_the_active_one(project: Path) -> None:
    with api.open_project(project) as city:
        city.new_scheme("A")
        city.run(SetHeight("houses", 1, 30.0))
        city.activate_scheme("existing")
        city.look_at_scheme("A")
        city.rename("Houses", "Homes")
        city.save()
        assert city.scheme == "existing"
    with api.open_project(project, read_only=True) as city:
        assert city.scheme == "existing"
        assert city.layers[0].name == "Homes"


def test_a_wrong_area_or_name_is_one_sentence(project: Path) -> None:
    with api.open_project(project) as city:
        with pytest.raises(CityError, match="crosses itself"):
            city.demolish([(0, 0), (1, 1)])
        with pytest.raises(CityError, match="no scheme 'Z'"):
            city.render(scheme="Z")


def test_pictures_show_the_scheme_they_name(project: Path, tmp_path: Path) -> None:
    with api.open_project(project) as city:
        city.new_scheme("A")
        for building in range(1, 6):
            city.run(SetHeight("houses", building, 90.0))
        city.save()
    (tmp_path / "job.toml").write_text(
        f'[project]\nfile = "{project.name}"\n'
        '[defaults]\nsize = "320x180"\nfurniture = false\n'
        '[[picture]]\nname = "a"\nscheme = "A"\n'
        '[[picture]]\nname = "b"\nscheme = "existing"\nfile = "b.png"\n'
        '[[table]]\nfile = "a.csv"\nwhat = "layer"\nlayer = "Houses"\nscheme = "A"\n',
        encoding="utf-8",
    )
    from app.jobs_file import read_job
    from app.jobs_run import run_job

    out = tmp_path / "out"
    done = run_job(read_job(tmp_path / "job.toml"), out)
    files = {path.name: path.read_bytes() for path in done.written}
    assert len(files) == 3
    assert files["b.png"] != next(v for k, v in files.items() if k not in {"b.png", "a.csv"})
    assert b"90" in files["a.csv"]

"""Models by command: import with a place, place more, on points, list, change, refuse."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from app import api
from layers.kinds.models import models_of
from tests.app.conftest import Run
from tests.models import EAST, NORTH, WEDGE, glb


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A wedge as GLB."""
    return glb(tmp_path / "塔.glb", np.column_stack([WEDGE[:, 0], WEDGE[:, 2], -WEDGE[:, 1]]))


@pytest.fixture
def project(tmp_path: Path, run: Run) -> Path:
    """An empty project file."""
    path = tmp_path / "城.gpkg"
    assert run("new", path, "--crs", "EPSG:4547")[0] == 0
    return path


def test_a_model_is_imported_placed_again_changed_and_removed(
    run: Run, project: Path, file: Path
) -> None:
    at = f"{EAST},{NORTH}"
    code, out, err = run("import", project, file, "--at", at, "--rotate", 30, "--scale", 2)
    assert (code, err) == (0, "")
    assert "10 x 20 x 30 m" in out
    code, out, _ = run("place", project, "--at", f"{EAST + 50},{NORTH},12", "--rotate", 90)
    assert code == 0
    assert "numbers 2 to 2" in out
    rows = json.loads(run("models", project, "--json")[1])["models"]
    assert [row["turn_deg"] for row in rows] == [30.0, 90.0]
    assert [row["on_ground"] for row in rows] == [True, False]
    assert rows[1]["height"] == 12.0
    assert run("models", project, "--object", 2, "--at", f"{EAST + 60},{NORTH}")[0] == 0
    assert run("models", project, "--up", "z", "--unit", "cm")[0] == 0
    rows = json.loads(run("models", project, "--json")[1])["models"]
    assert rows[1]["east"] == EAST + 60
    assert run("models", project, "--object", 1, "--remove")[0] == 0
    assert [r["id"] for r in json.loads(run("models", project, "--json")[1])["models"]] == [2]


def test_models_are_placed_on_the_points_of_a_layer(
    run: Run, project: Path, file: Path, tmp_path: Path
) -> None:
    points = [shapely.Point(EAST + i * 10, NORTH) for i in range(3)]
    table = {"kind": ["塔", "塔", "?"], "bearing": [0, 90, 180], "geometry": points}
    gpd.GeoDataFrame(table, crs="EPSG:4547").to_file(tmp_path / "lamps.gpkg", engine="pyogrio")
    assert run("import", project, tmp_path / "lamps.gpkg", "--as", "places")[0] == 0
    code, out, err = run(
        "place", project, file, "--points", "lamps", "--model-field", "kind",
        "--rotate-field", "bearing", "--name", "灯",
    )  # fmt: skip
    assert (code, err) == (0, "")
    assert "1 places name a model that is not there" in out
    with api.open_project(project) as city:
        data = models_of(city.project.layer("灯"))
        assert data.turn.tolist() == [0.0, 90.0, 180.0]
        assert "bearing" in data.attributes.column_names


def test_what_cannot_be_done_is_one_sentence_and_changes_nothing(
    run: Run, project: Path, file: Path, tmp_path: Path
) -> None:
    before = project.read_bytes()
    cut = tmp_path / "cut.glb"
    cut.write_bytes(file.read_bytes()[:60])
    house = tmp_path / "house.ifc"
    house.write_text("ISO-10303-21;")
    for command, word in (
        (("import", project, file), "--at"),
        (("import", project, cut, "--at", "1,2"), "cut short"),
        (("import", project, house, "--at", "1,2"), "IfcConvert"),
        (("import", project, file, "--at", "1"), "two or three numbers"),
        (("import", project, file, "--at", "1,2", "--unit", "ell"), "unit of length"),
        (("import", project, file, "--at", "1,2", "--unit", "1e9"), "large"),
        (("place", project, "--at", "1,2"), "no models"),
        (("place", project), "--at"),
        (("models", project), "no models"),
    ):
        code, _, err = run(*command)
        assert code == 2, command
        assert word in err, err
        assert "Traceback" not in err
    assert project.read_bytes() == before


def test_a_job_file_places_models(run: Run, file: Path, tmp_path: Path) -> None:
    job = tmp_path / "job.toml"
    job.write_text(
        f"""
        [project]
        crs = "EPSG:4547"
        [[project.import]]
        file = "{file.name}"
        name = "A"
        at = "{EAST},{NORTH},5"
        rotate = 20
        unit = "cm"
        [[table]]
        file = "a.csv"
        what = "layer"
        layer = "A"
        """,
        encoding="utf-8",
    )
    code, _, err = run("run", job, "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    assert "塔" in (tmp_path / "out" / "a.csv").read_text(encoding="utf-8-sig")

"""Contour lines and colours of the ground from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyogrio
import pytest
from PIL import Image

from app.api import new_project, open_project
from layers.edits import AddLayer
from layers.kinds import kind_of
from layers.kinds.base import Layer
from tests.app.conftest import Run
from tests.layers.planning.test_contours import cone


@pytest.fixture
def hill(tmp_path: Path) -> Path:
    """Give a project with a cone of land."""
    path = tmp_path / "hill.gpkg"
    city = new_project(crs="EPSG:4547")
    city.run(AddLayer(Layer("terrain", "Land", cone(), style=kind_of("terrain").style)))
    city.save(path)
    city.close()
    return path


def test_contours_are_written_kept_and_shown(hill: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "lines.gpkg"
    code, told, _ = run("contours", hill, "--interval", "10", "--out", out, "--as-layer", "Lines",
                        "--show", "--json")  # fmt: skip
    facts = json.loads(told)
    assert code == 0
    assert (facts["low"], facts["high"]) == (-20.0, 50.0)
    assert len(pyogrio.read_dataframe(out)) == facts["count"]
    with open_project(hill) as city:
        assert len(city.project.layer("Lines").features) == facts["count"]
        assert city.project.layer("Land").style.contours == 10.0


def test_contours_never_overwrite_the_project(hill: Path, run: Run) -> None:
    before = hill.read_bytes()
    code, _, told = run("contours", hill, "--interval", "10", "--out", hill)
    assert code == 2
    assert "project" in told
    assert hill.read_bytes() == before


@pytest.mark.picture
def test_colours_lines_and_exaggeration_change_the_picture(
    hill: Path, tmp_path: Path, run: Run
) -> None:
    pictures = []
    for number, options in enumerate((
        (), ("--colour-by", "Land:slope"), ("--contours", "Land=5"), ("--exaggeration", "3"),
    )):  # fmt: skip
        out = tmp_path / f"{number}.png"
        code, _, told = run("render", hill, "--size", "320x200", "--out", out, *options)
        assert code == 0, told
        pictures.append(np.asarray(Image.open(out)).astype(int))
    assert all(np.abs(other - pictures[0]).sum() > 10_000 for other in pictures[1:])
    assert run("render", hill, "--exaggeration", "20", "--out", tmp_path / "x.png")[0] == 2


def written(path: Path, features: list[dict[str, object]]) -> Path:
    """Write features to a GeoJSON file in the project's metres."""
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}))
    return path


def test_what_heights_in_files_mean_is_chosen_at_import(
    hill: Path, tmp_path: Path, run: Run
) -> None:
    east, north = 500_100.0, 3_999_900.0
    line = {"type": "LineString", "coordinates": [[east, north, 30], [east + 50, north, 40]]}
    wires = written(tmp_path / "wires.geojson", [
        {"type": "Feature", "properties": {}, "geometry": line}
    ])  # fmt: skip
    ring = [[east + x, north + y] for x, y in ((0, 0), (9, 0), (9, 9), (0, 9), (0, 0))]
    block = {"type": "Polygon", "coordinates": [ring]}
    facts = {"height": 12.0, "level": 3.0}
    blocks = written(tmp_path / "blocks.geojson", [
        {"type": "Feature", "properties": facts, "geometry": block}
    ])  # fmt: skip
    assert run("import", hill, wires, "--as", "features", "--heights", "relative")[0] == 0
    for how in ("absolute", "relative", "ground"):
        code, _, told = run("import", hill, blocks, "--as", "buildings", "--height-field", "height",
                            "--base-field", "level", "--name", how, "--heights", how)  # fmt: skip
        assert code == 0, told
    with open_project(hill) as city:
        assert city.project.layer("wires").style.heights == "relative"
        ground = float(city.project.ground_at([(east + 4.5, north + 4.5)])[0])
        levels = {
            how: float(city.project.layer(how).data.base[0])  # type: ignore[attr-defined]
            for how in ("absolute", "relative", "ground")
        }
        assert levels["absolute"] == 3.0
        assert levels["relative"] == pytest.approx(ground + 3.0, abs=0.5)
        assert np.isnan(levels["ground"])
    assert run("import", hill, wires, "--heights", "high")[0] == 2


def test_a_job_draws_and_lists_the_ground_along_lines(hill: Path, run: Run) -> None:
    with open_project(hill) as city:
        extent = city.layers[0].data.extent()
    assert extent is not None
    west, south, east, north = extent
    job = hill.with_name("ground.toml")
    job.write_text(
        f"""[project]
file = "hill.gpkg"
[[profile]]
file = "plot.png"
points = "{west + 1},{south + 1} {east - 1},{north - 1}"
size = "400x200"
[[profile]]
file = "stations-{{n}}.csv"
points = [[{west + 1}, {south + 1}], [{east - 1}, {north - 1}]]
spacing = 5
""",
        encoding="utf-8",
    )
    out = hill.with_name("out")
    assert run("run", job, "--out", out)[0] == 0
    with Image.open(out / "plot.png") as plot:
        assert plot.size == (400, 200)
    header, *rows = (out / "stations-2.csv").read_text(encoding="utf-8-sig").splitlines()
    assert header.startswith("station_m,east_m,north_m,height_m")
    length = np.hypot(east - west - 2, north - south - 2)
    assert float(rows[-1].split(",")[0]) == pytest.approx(length, abs=0.01)
    assert len(rows) >= length / 5

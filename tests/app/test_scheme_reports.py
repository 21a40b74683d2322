"""Comparisons on disk: the same cameras for all, a sheet, tables with deltas, one PDF."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from app import api
from app.scheme_reports import checked_names, figure_rows, views_of, write_comparison
from app.wording import Wording
from layers.edits import AddLayer, SetHeight
from layers.errors import CityError
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.shapes import Shapes
from tests.app.conftest import Run

EAST, NORTH = 508_000.0, 3_378_000.0


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    boxes = [shapely.box(EAST + 40 * i, NORTH, EAST + 40 * i + 25, NORTH + 20) for i in range(5)]
    data = Buildings.blocks(Shapes.from_shapely(boxes), np.full(5, 12.0))
    path = tmp_path_factory.mktemp("compare") / "town.gpkg"
    with api.new_project(path, crs="EPSG:4547", title="Town") as city:
        city.run(AddLayer(Layer("buildings", "Houses", data, layer_id="houses")))
        city.save_view("South", city.overview())
        city.save_view("East", city.overview(heading=270.0))
        for name, metres in (("A", 60.0), ("B", 30.0)):
            city.new_scheme(name)
            city.run(SetHeight("houses", 1, metres))
            city.demolish([(EAST + 39, NORTH - 1), (EAST + 66, NORTH - 1), (EAST + 66, NORTH + 21)])
        city.activate_scheme("existing")
        city.save()
    return path


def test_a_comparison_is_written_in_one_go(project: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, told, _ = run(
        "compare", project, "--schemes", "existing,A,B", "--views", "all", "--size", "240x135",
        "--out", out,
    )  # fmt: skip
    assert code == 0
    assert "15 files" in told
    names = {path.name for path in out.iterdir()}
    assert {"South-A.png", "East-B.png", "South-Difference A.png", "sheet.png"} <= names
    assert (out / "comparison.pdf").read_bytes().startswith(b"%PDF")
    text = (out / "comparison.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(text.splitlines()))
    assert rows[0][2:] == ["Existing city", "A", "B", "Difference A", "Difference B", "Better"]
    listed = (out / "objects.csv").read_text(encoding="utf-8-sig").splitlines()
    objects = list(csv.DictReader(listed))
    assert {row["Scheme"] for row in objects} == {"A", "B"}
    assert all(row["Change"] in {"added", "changed", "removed"} for row in objects)
    highest = next(row for row in rows if row[1] == "highest_m")
    assert [float(v) for v in highest[2:7]] == [12.0, 60.0, 30.0, 48.0, 18.0]


def test_the_pictures_of_a_view_are_seen_from_the_same_place(project: Path, tmp_path: Path) -> None:
    from PIL import Image

    with api.open_project(project, read_only=True) as city:
        write_comparison(city.project, ("existing", "A"), tmp_path, views=["South"],
                         size=(240, 135), locale="en")  # fmt: skip
    with Image.open(tmp_path / "South-Existing city.png") as one:
        before = np.asarray(one.convert("RGB")).astype(int)
    with Image.open(tmp_path / "South-A.png") as other:
        after = np.asarray(other.convert("RGB")).astype(int)
    changed = np.abs(before - after).sum(axis=2) > 60
    assert 0.001 < changed.mean() < 0.5  # the tower, not the whole picture


def test_figures_are_printed_and_given_as_json(project: Path, run: Run) -> None:
    code, out, _ = run("compare", project, "--schemes", "B,A", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["schemes"] == ["B", "A"]
    highest = next(row for row in told["figures"] if row["key"] == "highest_m")
    assert highest["deltas"] == {"B": 0.0, "A": 30.0}
    code, out, _ = run("--lang", "zh-CN", "compare", project, "--schemes", "现状,A")
    assert "最高建筑" in out
    assert "60.00 m  (+48.00 m)" in out


def test_what_cannot_be_compared_is_one_sentence(project: Path) -> None:
    with api.open_project(project, read_only=True) as city:
        with pytest.raises(CityError, match="Two schemes at least"):
            checked_names(city.project, ["A", "A"])
        with pytest.raises(CityError, match="no scheme 'Z'"):
            checked_names(city.project, ["A", "Z"])
        assert len(views_of(city.project, ["all"])) == 2
        rows = figure_rows(city.project, ["A", "A"], Wording("en"))
        assert all("(" not in cell for row in rows for cell in row.cells)
    with api.new_project(crs="EPSG:4547") as city, pytest.raises(CityError, match="no named"):
        views_of(city.project, ["all"])

"""Live positions followed, and people walked out of a square, from the command line."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pyarrow as pa
import pytest
import shapely

from app import api
from app.cli import main
from layers.edits import AddLayer
from layers.kinds.base import Features, Layer
from layers.kinds.emergency import Emergency
from layers.shapes import Shapes

EAST, NORTH = 500_000.0, 3_380_000.0


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A project with one engine."""
    path = tmp_path / "town.gpkg"
    table = pa.table({"name": ["Engine 1"], "sort": ["vehicle"], "state": ["ready"]})
    data = Features.of(Shapes.from_shapely([shapely.Point(EAST, NORTH)]), table)
    with api.new_project(crs="EPSG:4547") as city:
        city.run(AddLayer(Layer("resources", "Fleet", data)))
        city.save(path)
    return path


def test_positions_are_told_with_their_age_and_taken_over(
    town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, now = tmp_path / "fleet.csv", time.time()
    file.write_text(
        f"name,east,north,time,state\nEngine 1,{EAST + 40},{NORTH},{now},busy\n"
        f"Drone,{EAST},{NORTH + 9},{now - 900},\nEngine 2,,,\n",
        encoding="utf-8",
    )
    words = ["drill", "live", str(town), "--file", str(file)]
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["name"], one["stale"]) for one in told["positions"]] == [
        ("Drone", True), ("Engine 1", False),
    ]  # fmt: skip
    assert len(told["notes"]) == 1
    assert main([*words, "--take-over"]) == 0
    with api.open_project(town, read_only=True) as city:
        data = next(city.project.of_kind("resources")).data
        assert isinstance(data, Features)
        said = Emergency.of(data, "resources")
        assert said.coords[0].tolist() == [EAST + 40, NORTH]
        assert said.state.tolist() == ["committed"]
    assert main(["drill", "live", str(town)]) == 2  # neither file nor broker
    assert main(["drill", "live", str(town), "--file", str(tmp_path / "none.csv")]) == 2


def test_people_leave_a_square(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    area = f"{EAST},{NORTH},{EAST + 20},{NORTH + 20}"
    words = ["drill", "crowd", str(town), "--area", area, "--people", "20", "--listed", "exits"]
    assert main([*words, "--exit", f"{EAST},{NORTH + 10}", "--json"]) == 0
    assert '"people_count": 20' in capsys.readouterr().out
    assert main([*words, "--exit", f"{EAST},{NORTH + 10}", "--people", "99999"]) == 2

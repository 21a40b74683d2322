"""A small town that the tests of the application share."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from app import cli, wording

EAST, NORTH = 508_000.0, 3_378_000.0
ROWS = 6
Run = Callable[..., tuple[int, str, str]]


def commands(*first: str) -> Callable[..., tuple[int, str]]:
    """Give what runs the commands that begin with these words: the exit code, and what is said."""

    def run(*words: object) -> tuple[int, str]:
        told = io.StringIO()
        with contextlib.redirect_stdout(told):
            code = cli.main([*first, *(str(word) for word in words)])
        return code, told.getvalue()

    return run


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process; gives the exit code, stdout and stderr."""

    def call(*arguments: object) -> tuple[int, str, str]:
        code = cli.main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English at the start and at the end of each test."""
    wording.set_current("en")
    yield
    wording.set_current("en")


@pytest.fixture(scope="session")
def town_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Buildings (GeoJSON, one of them twisted) and streets (GeoPackage) of a small town."""
    folder = tmp_path_factory.mktemp("town")
    boxes = [
        shapely.box(EAST + 40 * i, NORTH + 40 * j, EAST + 40 * i + 24, NORTH + 40 * j + 20)
        for j in range(ROWS)
        for i in range(ROWS)
    ]
    twisted = shapely.Polygon([(0, 0), (20, 20), (20, 0), (0, 20)])
    boxes.append(shapely.transform(twisted, lambda xy: xy + np.array([EAST - 60, NORTH])))
    count = len(boxes)
    table = gpd.GeoDataFrame(
        {
            "名称": [f"楼{i}" for i in range(count)],
            "高度": [6.0 + 3.0 * (i % 12) for i in range(count)],
            "use": ["住宅" if i % 3 else "办公" for i in range(count)],
        },
        geometry=boxes,
        crs="EPSG:4547",
    )
    buildings = folder / "buildings.gpkg"
    table.to_file(buildings, layer="buildings", driver="GPKG")
    lines = [
        shapely.LineString([(EAST - 20, NORTH + 30 + 40 * j), (EAST + 240, NORTH + 30 + 40 * j)])
        for j in range(ROWS)
    ]
    roads = folder / "道路.geojson"
    streets = gpd.GeoDataFrame({"name": [f"R{j}" for j in range(ROWS)]}, geometry=lines)
    streets.set_crs("EPSG:4547").to_crs("EPSG:4326").to_file(roads, driver="GeoJSON")
    bare = folder / "no-crs.geojson"
    with warnings.catch_warnings():  # that the file has no system is the point
        warnings.simplefilter("ignore")
        gpd.GeoDataFrame({"a": [1]}, geometry=boxes[:1]).to_file(bare, driver="GeoJSON")
    return {"buildings": buildings, "roads": roads, "bare": bare}


@pytest.fixture(scope="session")
def town_file(town_files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved project of the town with a view; copy it before changing it."""
    from app import api

    path = tmp_path_factory.mktemp("project") / "town.gpkg"
    with api.new_project(path, crs="EPSG:4547", title="小镇") as city:
        city.import_file(town_files["buildings"], "buildings", name="Buildings")
        city.import_file(town_files["roads"], "roads", name="Streets")
        city.save_view("鸟瞰", city.overview(heading=20), note="from the south")
        city.save()
    return path


@pytest.fixture
def town(town_file: Path, tmp_path: Path) -> Path:
    """A copy of the project that the test may change."""
    path = tmp_path / "town.gpkg"
    path.write_bytes(town_file.read_bytes())
    return path

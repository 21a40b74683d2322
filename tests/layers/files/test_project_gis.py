"""Other programs read a project as the GeoPackage it is."""

from __future__ import annotations

import sqlite3
import warnings
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pyproj
import pytest
import shapely

from layers.files.gpkg_tables import choose_table_name
from layers.files.project_file import load_project, save_project
from layers.frame import Frame, read_crs
from layers.kinds.base import Features, Layer
from layers.project import Project
from layers.shapes import Shapes
from tests.layers.files.projects import facts_of, hard_buildings, hard_project, mixed, town

OWN_SYSTEM = (
    "+proj=tmerc +lat_0=0 +lon_0=114.25 +k=1 +x_0=500000 +y_0=-3000000 +ellps=GRS80 +units=m"
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gis") / "项目.gpkg"
    save_project(hard_project(), path)
    return path


def test_only_the_layers_of_shapes_are_listed(file: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        listed = dict(pyogrio.list_layers(file).tolist())
    assert listed == {
        "建筑": "Polygon",
        "layer_gpkg_x": "Unknown",
        "建筑_2": "Unknown",
        "a b; DROP TABLE x": "Polygon",
    }


def test_shapes_attributes_and_heights_are_there(file: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # microseconds, which GeoPackage does not have
        frame = pyogrio.read_dataframe(file, layer="建筑")
    before = hard_buildings()
    assert frame.crs.to_epsg() == 4547
    own = frame[frame["cs_id"].notna()]
    assert own["cs_id"].tolist() == before.ids.tolist()
    assert shapely.equals_identical(
        shapely.normalize(own.geometry.values), shapely.normalize(before.shapes.to_shapely())
    ).all()
    assert own["cs_height"].tolist() == before.height.tolist()
    assert own["cs_height_rule"].tolist() == [0, 2, 4]
    assert own["名称"].tolist() == ['say "楼"', 'say "楼"', "塔楼 'A'"]
    assert own["use"].tolist() == ["学校", "学校", "住宅"]
    rest = frame[frame["cs_id"].isna()]
    assert rest.geometry.isna().all()
    assert rest["cs_feature"].tolist() == [1]


def test_types_of_the_columns_are_those_of_the_attributes(file: Path) -> None:
    info = pyogrio.read_info(file, layer="建筑")
    types = dict(zip(info["fields"], info["dtypes"], strict=True))
    assert types["fid_2"] == "int64"
    assert types["FID_3"] == "object"
    assert types["日期"].startswith("datetime64")
    assert types["moment"].startswith("datetime64")
    assert types["cs_id_"] == "bool"
    assert types["f32"] == "float32"
    assert types["cs_height"] == "float64"


def test_heights_of_coordinates_are_there(tmp_path: Path) -> None:
    project = Project(Frame("EPSG:4547"))
    project.insert_layer(Layer("features", "points", Features.of(mixed().shapes.take([0]))))
    save_project(project, tmp_path / "p.gpkg")
    assert pyogrio.list_layers(tmp_path / "p.gpkg").tolist() == [["points", "Point Z"]]
    point = gpd.read_file(tmp_path / "p.gpkg", layer="points").geometry[0]
    assert shapely.get_coordinates(point, include_z=True).tolist() == [[1, 2, 3]]


def test_the_file_says_that_it_is_a_geopackage(file: Path) -> None:
    with closing(sqlite3.connect(file)) as con:
        assert con.execute("PRAGMA application_id").fetchone()[0] == 0x47504B47
        assert con.execute("PRAGMA user_version").fetchone()[0] >= 10300
        assert con.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert con.execute("PRAGMA foreign_key_check").fetchall() == []
        systems = {r[0] for r in con.execute("SELECT srs_id FROM gpkg_spatial_ref_sys")}
        assert {-1, 0, 4326, 4547} <= systems
        tables = {r[0] for r in con.execute("SELECT name FROM sqlite_master WHERE type='table'")}
        listed = {r[0] for r in con.execute("SELECT table_name FROM gpkg_contents")}
        assert listed == {t for t in tables if not t.startswith(("gpkg_", "sqlite_"))}
        told = {r[0] for r in con.execute("SELECT table_name FROM gpkg_extensions")}
        assert {t for t in tables if t.startswith("citystage_")} <= told


def test_the_box_of_a_layer_is_told(file: Path) -> None:
    box = pyogrio.read_info(file, layer="建筑", force_total_bounds=True)["total_bounds"]
    assert np.allclose(box, np.array(hard_buildings().extent()))


@pytest.mark.parametrize("crs", ["EPSG:4547", "EPSG:32618", "ESRI:102025", OWN_SYSTEM])
def test_any_metric_system_can_be_read_by_others(tmp_path: Path, crs: str) -> None:
    system = read_crs(crs)
    project = town()
    project.frame = Frame(crs if crs.startswith(("EPSG", "ESRI")) else system.to_wkt())
    save_project(project, tmp_path / "p.gpkg")
    found = pyogrio.read_dataframe(tmp_path / "p.gpkg").crs
    there = pyproj.Transformer.from_crs(4326, found, always_xy=True).transform(114.3, 30.6)
    assert there == pytest.approx(
        pyproj.Transformer.from_crs(4326, system, always_xy=True).transform(114.3, 30.6), abs=1e-3
    )
    project = load_project(tmp_path / "p.gpkg")
    save_project(project, tmp_path / "p.gpkg")
    with closing(sqlite3.connect(tmp_path / "p.gpkg")) as con:
        assert con.execute("SELECT count(*) FROM gpkg_spatial_ref_sys").fetchone()[0] == 4


def test_another_program_can_add_a_layer_to_an_empty_project(tmp_path: Path) -> None:
    save_project(Project(), tmp_path / "p.gpkg")
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(1, 2)], crs=4547)
    frame.to_file(tmp_path / "p.gpkg", layer="theirs", driver="GPKG", mode="a")
    assert pyogrio.list_layers(tmp_path / "p.gpkg").tolist() == [["theirs", "Point"]]
    assert load_project(tmp_path / "p.gpkg").layers == ()


def test_table_names_never_clash() -> None:
    used: set[str] = set()
    names = [
        "楼",
        "楼",
        "Streets",
        "STREETS",
        "",
        "  ",
        "gpkg_contents",
        "sqlite_x",
        "a\nb",
        "x" * 300,
    ]
    for name in names:
        chosen = choose_table_name(name, used)
        assert chosen.casefold() not in used
        assert not chosen.casefold().startswith(("gpkg_", "sqlite_", "rtree_", "citystage_"))
        used.add(chosen.casefold())


def test_another_program_can_write_into_the_project(tmp_path: Path) -> None:
    file = tmp_path / "p.gpkg"
    project = town()
    save_project(project, file)
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(1, 2)], crs=4547)
    frame.to_file(file, layer="theirs", driver="GPKG", mode="a")
    opened = load_project(file)
    assert facts_of(opened) == facts_of(project)
    opened.insert_layer(
        Layer("features", "theirs", Features.of(Shapes.from_shapely([shapely.Point(0, 0)])))
    )
    save_project(opened, file)
    assert pyogrio.list_layers(file)[:, 0].tolist() == ["blocks", "theirs", "theirs_2"]
    assert gpd.read_file(file, layer="theirs")["a"].tolist() == [1]

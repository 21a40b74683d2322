from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import shutil
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from layers.errors import Cancelled, CityError
from layers.files import unpack
from layers.files.importing import import_file
from layers.files.options import ImportOptions
from layers.files.vector import list_layers, preview, read_layers
from layers.project import Project

BOXES = [shapely.box(i, 0, i + 1, 1) for i in range(5)]


def town(**columns: Any) -> geopandas.GeoDataFrame:
    columns = columns or {"name": list("abcde"), "高度": [1.5, None, 3.0, 4.0, -9999.0]}
    return geopandas.GeoDataFrame(columns, geometry=BOXES, crs="EPSG:4547")


@pytest.mark.parametrize("name", ["t.gpkg", "t.fgb", "t.parquet", "t.gdb", "t.gml", "t.sqlite"])
def test_every_format_gives_the_same_features(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    drivers = {".gdb": "OpenFileGDB", ".gml": "GML", ".sqlite": "SQLite"}
    if path.suffix == ".parquet":
        town().to_parquet(path)
    else:
        town().to_file(path, driver=drivers.get(path.suffix))
    layer = read_layers(path)[0]
    assert layer.crs == "EPSG:4547"
    assert shapely.area(layer.geometry).tolist() == [1.0] * 5
    rows = layer.attributes.sort_by("name")  # FlatGeobuf is written in the order of its index
    assert rows.column("name").to_pylist() == list("abcde")
    assert rows.column("高度").to_pylist() == [1.5, None, 3.0, 4.0, -9999.0]
    assert layer.unreadable == {}
    assert layer.repaired == {}
    info = list_layers(path)[0]
    assert (info.name, info.count, info.crs) == (layer.name, 5, "EPSG:4547")
    assert "polygon" in info.geometry
    assert len(preview(path, rows=2)) == 2


def test_layers_of_one_file_are_listed_and_chosen(tmp_path: Path) -> None:
    path = tmp_path / "t.gpkg"
    town().to_file(path, layer="建筑")
    town().to_file(path, layer="roads", mode="a")
    pyogrio.write_dataframe(town().drop(columns="geometry"), path, layer="notes", append=True)
    assert {i.name: i.geometry for i in list_layers(path)} == {
        "建筑": "polygon", "roads": "polygon", "notes": "none",
    }  # fmt: skip
    layers = read_layers(path)
    assert [layer.name for layer in layers] == ["建筑", "roads"]
    assert [note.key for note in layers[0].notes] == ["tables_left_out"]
    assert [layer.name for layer in read_layers(path, layers=["roads"])] == ["roads"]
    with pytest.raises(CityError, match="no layer 'woods'") as caught:
        read_layers(path, layers=["woods"])
    assert caught.value.facts["layers"] == "建筑, roads, notes"


def test_types_and_names_of_attributes_stay(tmp_path: Path) -> None:
    path = tmp_path / "t.gpkg"
    days = [
        dt.date(910, 5, 1),
        None,
        dt.date(2020, 1, 1),
        dt.date(1999, 9, 9),
        dt.date(2024, 2, 29),
    ]
    table = pa.table(
        {
            "日期": pa.array(days, pa.date32()),
            "yes": pa.array([True, False, None, True, True]),
            "whole": pa.array([1, 2, None, 4, 5], pa.int64()),
            "geometry": pa.array(shapely.to_wkb(np.array(BOXES))),
        }
    )
    pyogrio.write_arrow(
        table, path, geometry_name="geometry", geometry_type="Polygon", crs="EPSG:4547"
    )
    read = read_layers(path)[0].attributes
    assert read.column("日期").to_pylist() == days
    assert read.schema.field("whole").type == pa.int64()
    assert read.column("yes").to_pylist() == [True, False, None, True, True]


def test_curves_and_faces_become_lines_and_polygons(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    texts = [
        "CURVEPOLYGON(CIRCULARSTRING(0 0,4 0,4 4,0 4,0 0))",
        "TIN Z(((0 0 0,1 0 0,1 1 0,0 0 0)))",
        "POINT ZM(1 2 3 4)",
        "POLYGON((0 0,1 1,1 0,5 5))",
        "LINESTRING(1 1)",
    ]
    rows = "\n".join(f'{i},"{text}"' for i, text in enumerate(texts))
    path.write_text(f"id,WKT\n{rows}\n")
    gpkg = tmp_path / "t.gpkg"
    shutil.copy(path, tmp_path / "in.csv")
    meta, table = pyogrio.read_arrow(tmp_path / "in.csv", GEOM_POSSIBLE_NAMES="WKT")
    assert meta["geometry_type"] == "Unknown"
    pyogrio.write_arrow(
        table.select(["id", "wkb_geometry"]), gpkg, geometry_name="wkb_geometry",
        geometry_type="Unknown", crs="EPSG:4547",
    )  # fmt: skip
    layer = read_layers(gpkg)[0]
    kinds = [None if g is None else g.geom_type for g in layer.geometry]
    assert kinds == ["Polygon", "MultiPolygon", "Point", "Polygon", None]
    assert layer.repaired == {"curve_straightened": ["1"], "ring_closed": ["4"]}
    assert layer.unreadable == {"geometry_unreadable": ["5"]}
    assert not shapely.has_m(layer.geometry).any()


def test_an_encoding_is_no_matter_for_formats_that_fix_theirs(tmp_path: Path) -> None:
    town().to_file(tmp_path / "t.gpkg")
    layer = read_layers(tmp_path / "t.gpkg", encoding="GBK")[0]
    assert (layer.attributes.column_names, layer.encoding) == (["name", "高度"], None)


def test_places_drawn_for_a_globe_are_read_also_packed(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame(
        {"Name": ["塔"]}, geometry=[shapely.Point(121.5, 31.2)], crs="EPSG:4326"
    )
    frame.to_file(tmp_path / "doc.kml", driver="KML")
    with zipfile.ZipFile(tmp_path / "t.kmz", "w") as archive:
        archive.write(tmp_path / "doc.kml", "doc.kml")
    for name in ("doc.kml", "t.kmz"):
        layer = read_layers(tmp_path / name)[0]
        assert layer.crs == "EPSG:4326"
        assert shapely.get_coordinates(layer.geometry).tolist() == [[121.5, 31.2]]
        assert layer.attributes.column("Name").to_pylist() == ["塔"]


def test_an_undefined_system_is_no_system(tmp_path: Path) -> None:
    path = tmp_path / "t.gpkg"
    geopandas.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(0, 0)]).to_file(path)
    assert read_layers(path)[0].crs is None


def test_parquet_lists_become_json_and_categories_text(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    table = pa.table(
        {
            "tags": [["a", "楼"], None],
            "use": pa.array(["x", "y"]).dictionary_encode(),
            "geometry": pa.array(shapely.to_wkb(np.array(BOXES[:2]))),
        }
    )
    pq.write_table(table, path)
    layer = read_layers(path)[0]
    assert layer.crs is None
    assert layer.attributes.to_pylist() == [
        {"tags": '["a", "楼"]', "use": "x"}, {"tags": None, "use": "y"},
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["t.fgb", "t.gpkg", "t.parquet"])
def test_half_a_file_is_refused_not_half_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    many = geopandas.GeoDataFrame(
        {"a": range(3000)}, geometry=[shapely.box(i, 0, i + 1, 1) for i in range(3000)]
    )
    many.to_parquet(path) if path.suffix == ".parquet" else many.to_file(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(CityError) as caught:
        read_layers(path)
    assert caught.value.code in {"file.truncated", "file.damaged"}


def test_reading_can_be_stopped_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopping:
        def step(self, done: int, total: int, text: str = "") -> None:  # noqa: ARG002
            if done:
                raise Cancelled

    town().to_file(tmp_path / "t.gpkg")
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.write(tmp_path / "t.gpkg", "t.gpkg")
    rubbish = tmp_path / "temporary"
    rubbish.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(rubbish))
    with pytest.raises(Cancelled):
        read_layers(tmp_path / "t.zip", progress=Stopping())
    assert [path.name for path in rubbish.iterdir() if "gdal" not in path.name] == []


# archives and folders -------------------------------------------------------------------------


class GbkName(zipfile.ZipInfo):
    """A member whose name is written as Chinese Windows does: in GBK, without saying so."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - overrides zipfile's
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def zipped_shapefiles(folder: Path, path: Path, names: list[str]) -> None:
    town().to_file(folder / "x.shp", encoding="GBK")
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            for suffix in ("shp", "shx", "dbf", "prj"):
                content = (folder / f"x.{suffix}").read_bytes()
                archive.writestr(GbkName(f"数据/{name}.{suffix}"), content)


def test_a_zip_with_chinese_names_in_gbk_gives_its_shapefiles(tmp_path: Path) -> None:
    path = tmp_path / "规划.zip"
    zipped_shapefiles(tmp_path, path, ["建筑物", "道路中心线"])
    layers = read_layers(path)
    assert [layer.name for layer in layers] == ["建筑物", "道路中心线"]
    assert {str(layer.path) for layer in layers} == {str(path)}
    assert [i.name for i in list_layers(path)] == ["建筑物", "道路中心线"]
    assert len(preview(path, layer="道路中心线", rows=2)) == 2


def test_an_archive_in_an_archive_is_opened_too(tmp_path: Path) -> None:
    zipped_shapefiles(tmp_path, tmp_path / "inner.zip", ["a"])
    with tarfile.open(tmp_path / "outer.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "inner.zip", "deep/inner.zip")
    assert [layer.name for layer in read_layers(tmp_path / "outer.tar.gz")] == ["a"]


def test_a_single_packed_file_and_a_bare_geodatabase_are_unpacked(tmp_path: Path) -> None:
    town().to_file(tmp_path / "t.geojson")
    with gzip.open(tmp_path / "t.geojson.gz", "wb") as packed:
        packed.write((tmp_path / "t.geojson").read_bytes())
    assert len(read_layers(tmp_path / "t.geojson.gz")[0]) == 5
    town().to_file(tmp_path / "t.gdb", driver="OpenFileGDB", layer="建筑")
    with zipfile.ZipFile(tmp_path / "gdb.zip", "w") as archive:
        for file in (tmp_path / "t.gdb").iterdir():
            archive.write(file, file.name)
    assert [layer.name for layer in read_layers(tmp_path / "gdb.zip")] == ["建筑"]


def test_a_member_that_wants_out_is_refused(tmp_path: Path) -> None:
    for number, name in enumerate(["../evil.geojson", "/evil.geojson", "C:/evil.geojson"]):
        path = tmp_path / f"{number}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, "{}")
        with pytest.raises(CityError) as caught:
            read_layers(path)
        assert caught.value.code == "file.archive_path"
    assert not (tmp_path / "evil.geojson").exists()


def test_links_in_a_tar_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.geojson").write_text("{}")
    path = tmp_path / "t.tar"
    with tarfile.open(path, "w") as archive:
        link = tarfile.TarInfo("link.geojson")
        link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path / "secret.geojson")
        archive.addfile(link)
    with pytest.raises(CityError, match="Nothing in there"):
        read_layers(path)


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "RATIO_FROM", 1 << 16)
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", b" " * (1 << 22))
    with gzip.open(tmp_path / "b.geojson.gz", "wb") as packed:
        packed.write(b" " * (1 << 22))
    for name in ("b.zip", "b.geojson.gz"):
        with pytest.raises(CityError) as caught:
            read_layers(tmp_path / name)
        assert caught.value.code == "file.archive_bomb"


def test_a_password_and_a_cut_off_archive_are_told(tmp_path: Path) -> None:
    path = tmp_path / "t.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.geojson", "{}" * 100)
    data = bytearray(path.read_bytes())
    central = data.index(b"PK\1\2")
    data[6] |= 1
    data[central + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(data)
    with pytest.raises(CityError, match="locked with a password"):
        read_layers(tmp_path / "locked.zip")
    (tmp_path / "cut.zip").write_bytes(data[:60])
    with pytest.raises(CityError) as caught:
        read_layers(tmp_path / "cut.zip")
    assert caught.value.code == "file.damaged_archive"


def test_what_is_wrong_inside_an_archive_names_the_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr("a.shp", bytes(300))
    with pytest.raises(CityError) as caught:
        read_layers(tmp_path / "t.zip")
    assert caught.value.where == str(tmp_path / "t.zip" / "a.shp")


def tile(number: int) -> bytes:
    box = [[number, 0], [number + 1, 0], [number + 1, 1], [number, 0]]
    feature = {
        "type": "Feature",
        "properties": {"id": number, "kind": "building"},
        "geometry": {"type": "Polygon", "coordinates": [box]},
    }
    return json.dumps([feature, {**feature, "geometry": None}]).encode()


def test_numbered_tiles_of_one_structure_are_one_layer(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "ny-tiles.tar.gz", "w:gz") as archive:
        for number in (10, 2, 1, 0):
            member = tarfile.TarInfo(f"ny/{number}.json")
            member.size = len(tile(number))
            archive.addfile(member, io.BytesIO(tile(number)))
    layer = read_layers(tmp_path / "ny-tiles.tar.gz")[0]
    assert (layer.name, len(layer)) == ("ny-tiles", 8)
    assert layer.tile is not None
    assert layer.tile.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert layer.attributes.column("id").to_pylist()[::2] == [0, 1, 2, 10]
    assert layer.notes[-1].facts == {"count": 4}
    assert list_layers(tmp_path / "ny-tiles.tar.gz")[0].geometry == "polygon"


def test_years_and_different_names_are_layers_of_their_own(tmp_path: Path) -> None:
    for name in ("landuse_2019", "landuse_2020", "landuse_2021", "roads"):
        town().to_file(tmp_path / f"{name}.geojson")
    assert len(read_layers(tmp_path)) == 4


def test_a_folder_reads_what_it_can_and_tells_the_rest(tmp_path: Path) -> None:
    town().to_file(tmp_path / "a.gpkg")
    (tmp_path / "b.csv").write_text("price,colour\n1,red\n")
    (tmp_path / "c.geojson").write_text("<html>")
    (tmp_path / "readme.txt").write_text("hello")
    layers = read_layers(tmp_path)
    assert [layer.name for layer in layers] == ["a"]
    left_out = [note for note in layers[0].notes if note.key == "files_left_out"]
    assert left_out[0].facts["count"] == 2


def test_an_empty_folder_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(CityError) as caught:
        list_layers(tmp_path)
    assert caught.value.code == "file.nothing_inside"


@pytest.mark.shared
def test_the_tiles_of_new_york_are_one_layer_of_points_and_polygons(shared_data: Path) -> None:
    path = shared_data / "us-newyork-mapzen-tiles" / "ny-tiles.tar.gz"
    layer = read_layers(path)[0]
    types = shapely.get_type_id(layer.geometry)
    assert int((types == 0).sum()) == 121_158
    assert layer.tile is not None
    assert layer.tile.max() == 600
    assert len(layer) == 243_998


@pytest.mark.shared
def test_the_spatialite_layers_of_delft_are_read(shared_data: Path) -> None:
    layers = read_layers(shared_data / "nl-delft-3dfier" / "bgt")
    counts = {layer.name: len(layer) for layer in layers}
    assert counts["buildingpart"] == 160
    assert counts["trafficarea"] == 151
    assert {layer.crs for layer in layers} == {"EPSG:28992"}


@pytest.mark.shared
def test_the_layers_of_cambridge_are_read(shared_data: Path) -> None:
    counts = {layer.name: len(layer) for layer in read_layers(shared_data / "us-cambridge-gis")}
    wanted = {
        "INFRA_Hydrants": 1960, "PUBLICSAFETY_FireStations": 8, "CDD_ZoningDistricts": 261,
        "PUBLICSAFETY_EmergencyShelters": 15, "TRANS_Centerlines": 2643, "INFRA_StreetLights": 6117,
    }  # fmt: skip
    assert {name: counts[name] for name in wanted} == wanted


def test_an_import_looks_up_the_layers_of_a_file_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "two.gpkg"
    for name in ("houses", "trees"):
        frame = town().set_crs("EPSG:4326", allow_override=True)
        frame.to_file(path, layer=name, engine="pyogrio")
    asked: list[str | None] = []
    look: Any = pyogrio.read_info

    def read_info(*args: Any, **options: Any) -> Any:
        asked.append(options["layer"])
        return look(*args, **options)

    monkeypatch.setattr(pyogrio, "read_info", read_info)
    import_file(Project(), path, ImportOptions(kind="buildings", layer="houses"))
    assert sorted(asked, key=str) == ["houses", "trees"]
    frame.to_file(path, layer="more", engine="pyogrio")
    assert [info.name for info in list_layers(path)] == ["houses", "trees", "more"]

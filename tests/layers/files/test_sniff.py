from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from layers.errors import CityError
from layers.files.sniff import sniff


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.json", b'{"type":"FeatureCollection","features":[]}', "geojson"),
        ("a.shp", b'{"type":"FeatureCollection","features":[]}', "geojson"),
        ("a.json", b'\xef\xbb\xbf [{"type":"Feature"}]', "geojson"),
        ("a.json", b'{"type":"Feature"}\n{"type":"Feature"}\n', "geojsonseq"),
        ("a.json", b'\x1e{"type":"Feature"}\n\x1e{"type":"Feature"}\n', "geojsonseq"),
        ("a.json", b'{"CityObjects":{},"type":"CityJSON"}', "cityjson"),
        ("a.json", b'{"type":"CityJSON"}\n{"type":"CityJSONFeature"}', "cityjsonseq"),
        ("a.json", b'{"type":"Topology","arcs":[]}', "topojson"),
        ("a.dat", b"\x00\x00\x27\x0a" + bytes(96), "shapefile"),
        ("a.bin", b"fgb\x03fgb\x00", "flatgeobuf"),
        ("a.bin", b"PAR1....", "parquet"),
        ("a.txt", b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n", "dxf"),
        ("a.txt", b"999\nmade by hand\n0\nSECTION\n", "dxf"),
        ("a.xml", b'<?xml version="1.0"?><osm version="0.6">', "osm"),
        ("a.xml", b'<?xml version="1.0"?><kml xmlns="x">', "other"),
        ("a.gml", b'<core:CityModel xmlns:core="http://www.opengis.net/citygml/2.0">', "citygml"),
        ("a.txt", b"lon;lat\n1;2\n", "csv"),
        ("a.txt", "名称,经度,纬度\n楼,1,2\n".encode("gbk"), "csv"),
        ("a.pbf", b"\x00\x00\x00\x0d\x0a\x09OSMHeader\x18", "osm"),
    ],
)  # fmt: skip
def test_a_file_is_known_by_its_content(
    tmp_path: Path, name: str, content: bytes, found: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert sniff(path) == found


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (bytes(500), "file.zeros"),
        (bytes(range(1, 256)) * 4, "file.unknown"),
        (b"AC1027 drawing", "file.not_for_layers"),
        (b"<!DOCTYPE html><html>", "file.not_for_layers"),
        (b"II*\0rest", "file.not_for_layers"),
        (b"[TITLE]\nnet\n[JUNCTIONS]\n", "file.not_for_layers"),
        (b'{"asset":{"version":"1.0"},"geometricError":5}', "file.not_for_layers"),
        (b"SQLite format 3\0" + bytes(range(200)), "file.damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_with_something_to_try(
    tmp_path: Path, content: bytes, code: str
) -> None:
    path = tmp_path / "thing.dat"
    path.write_bytes(content)
    with pytest.raises(CityError) as caught:
        sniff(path)
    assert caught.value.code == code
    assert caught.value.hint
    assert caught.value.where == str(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CityError, match="no such file") as caught:
        sniff(tmp_path / "nowhere.shp")
    assert caught.value.code == "file.missing"


def test_a_database_is_a_geopackage_by_its_tables(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE gpkg_contents (table_name TEXT)")
    db.close()
    assert sniff(path) == "gpkg"
    other = tmp_path / "tiles.mbtiles"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE tiles (a)")
        db.execute("CREATE TABLE metadata (a)")
    db.close()
    with pytest.raises(CityError) as caught:
        sniff(other)
    assert caught.value.facts["what"] == "mbtiles"


def test_a_companion_leads_to_its_shapefile_whatever_the_case(tmp_path: Path) -> None:
    (tmp_path / "a.SHP").write_bytes(b"\x00\x00\x27\x0a")
    (tmp_path / "a.prj").write_text("PROJCS")
    assert sniff(tmp_path / "a.prj") == "shapefile"

"""Files without layers are called by their names, and each says what can be done with it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pytest

from app.wording import Wording
from layers.files.foreign_files import KINDS, refusal
from tests.layers.files.town import house, refused

DUMP = b"--\n-- PostgreSQL database dump\n--\nSET statement_timeout = 0;\n"
QGIS = b"<!DOCTYPE qgis><qgis version='3'/>"
SVG = b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>"


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("town.sql", DUMP, "sql"),
        ("town.txt", DUMP, "sql"),
        ("town.backup", b"PGDMP\x01\x0e" + bytes(60), "sql"),
        ("town.geojson", b"version https://git-lfs.github.com/spec/v1\noid sha256:4d\n", "lfs"),
        ("town.geojson", b"// my city\n{}", "script"),
        ("house.stp", b"ISO-10303-21;\nFILE_SCHEMA(('AUTOMOTIVE_DESIGN'));", "step"),
        ("house.ifcxml", b"<?xml version='1.0'?><ifcXML/>", "ifc"),
        ("tile.osgb", b"\xa1\x91\xfb\x6c" + bytes(50), "oblique"),
        ("scan.e57", b"ASTM-E57" + bytes(50), "cloud"),
        ("temperature.nc", b"CDF\1" + bytes(50), "hdf"),
        ("map.qgs", QGIS, "gis-project"),
        ("map.lyr", b"\xd0\xcf\x11\xe0\xa1\xb1" + bytes(90), "gis-project"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1" + bytes(90), "office"),
        ("plan.svg", SVG, "svg"),
        ("town.shp.xml", b"<?xml version='1.0'?><metadata/>", "metadata"),
        ("town.o5m", b"\xff\xe0\x04o5m2" + bytes(50), "o5m"),
        ("town.e00", b"EXP  0 TOWN.E00\n", "exchange"),
        ("a.prj", b'GEOGCS["x"]', "companion"),
        ("map.gif", b"GIF89a" + bytes(50), "gif"),
    ],
)
def test_they_are_told_apart(tmp_path: Path, name: str, content: bytes, what: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    error = refused(path, None)
    assert (error.code, error.facts["what"]) == ("file.not_for_layers", what)


def test_every_kind_has_words_of_its_own_in_chinese() -> None:
    wording = Wording("zh-CN")
    other = wording.error(refusal(Path("a"), "dwg"))
    seen = {wording.error(refusal(Path("a"), what)) for what in KINDS}
    assert other in seen
    assert len(seen) == len(KINDS)


def test_what_a_map_service_says_instead_of_data_is_told(tmp_path: Path) -> None:
    path = tmp_path / "answer.gml"
    path.write_text(
        "<?xml version='1.0'?><ows:ExceptionReport><ows:Exception><ows:ExceptionText>Feature type "
        "not found</ows:ExceptionText></ows:Exception></ows:ExceptionReport>"
    )
    error = refused(path)
    assert (error.code, error.facts["reason"]) == ("file.service_error", "Feature type not found")


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_database_that_another_program_holds_is_told_at_once(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "town.gpkg"
    gpd.GeoDataFrame({"n": [1]}, geometry=[house(0)], crs=4547).to_file(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(f"PRAGMA journal_mode={mode}")
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("CREATE TABLE notes(text)")
        assert refused(path).code == "file.locked"
        assert refused(path, None).code == "file.locked"

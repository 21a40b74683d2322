"""Files as strangers have them: read as they are meant, or refused in one sentence."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyproj
import pytest
import shapely
from shapely import Polygon, box

from layers.errors import CityError
from layers.files.importing import Imported, import_file
from layers.files.options import ImportOptions
from layers.files.report import LayerReport
from layers.kinds.buildings import Buildings
from layers.project import Project

ZONE = "EPSG:4547"
LON, LAT = 114.30, 30.55
EAST, NORTH = pyproj.Transformer.from_crs(4326, ZONE, always_xy=True).transform(LON, LAT)


def house(east: float = 0.0, north: float = 0.0, size: float = 12.0) -> Polygon:
    shape: Polygon = box(EAST + east, NORTH + north, EAST + east + size, NORTH + north + size)
    return shape


def in_degrees(shape: Any) -> Any:
    way = pyproj.Transformer.from_crs(ZONE, 4326, always_xy=True)
    return shapely.transform(shape, lambda xy: shapely.get_coordinates(
        shapely.points(*way.transform(xy[:, 0], xy[:, 1]))))  # fmt: skip


def feature(shape: Any, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": None if shape is None else shapely.geometry.mapping(shape),
    }


def collection(*features: dict[str, Any], **members: Any) -> str:
    return json.dumps(
        {"type": "FeatureCollection", **members, "features": list(features)}, ensure_ascii=False
    )


def houses(count: int = 3, **properties: Any) -> list[dict[str, Any]]:
    return [feature(in_degrees(house(i * 20)), n=i, **properties) for i in range(count)]


def taken(path: Path, kind: str | None = "buildings", **options: Any) -> Imported:
    imported = import_file(Project(), path, ImportOptions(kind=kind, **options))
    for report in imported.reports:
        assert report.read == report.kept + sum(report.skipped.values())
    return imported


def told(path: Path, kind: str | None = "buildings", **options: Any) -> LayerReport:
    return taken(path, kind, **options).reports[0]


def refused(path: Path, kind: str | None = "buildings", **options: Any) -> CityError:
    with pytest.raises(CityError) as caught:
        import_file(Project(), path, ImportOptions(kind=kind, **options))
    assert caught.value.hint
    return caught.value


def keys(report: LayerReport) -> list[str]:
    return [note.key for note in report.messages]


def heights(imported: Imported) -> list[float]:
    data = imported.layers[0].data
    assert isinstance(data, Buildings)
    return [round(height, 2) for height in data.height.tolist()]


def place(imported: Imported) -> tuple[float, float]:
    east, north, *_ = imported.reports[0].extent or (0.0, 0.0)
    lon, lat = imported.frame.lonlat([(east, north)])[0]
    return round(float(lon), 3), round(float(lat), 3)


# Names and places of files ---------------------------------------------------------------------


def test_a_web_address_and_names_that_cannot_be_are_refused(tmp_path: Path) -> None:
    assert refused(Path("https://example.org/city.geojson")).code == "file.web_address"
    assert refused(tmp_path / ("x" * 300 + ".geojson")).code == "file.unreadable"
    assert refused(tmp_path / "\udcba\udccf.geojson").code == "file.name_broken"


# GeoJSON ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("between", ["", "\n", " ,\r\n"])
def test_collections_one_behind_the_other_are_all_read(tmp_path: Path, between: str) -> None:
    path = tmp_path / "h.geojson"
    first, second = houses(4)[:2], houses(4)[2:]
    path.write_text(collection(*first) + between + collection(*second, name="b") + "\n")
    report = told(path)
    assert (report.read, report.kept) == (4, 4)
    assert "texts_joined" in keys(report)


def test_a_system_as_plain_text_counts_and_one_that_nobody_knows_is_asked_for(
    tmp_path: Path,
) -> None:
    path = tmp_path / "h.geojson"
    path.write_text(collection(feature(house()), crs=ZONE))
    assert place(taken(path)) == (LON, LAT)
    unknown = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::99999"}}
    path.write_text(collection(*houses(), crs=unknown))
    assert refused(path).code == "import.no_crs"
    path.write_text(collection(*houses(), crs=None))
    assert told(path).crs == "EPSG:4326"


def test_json_inside_a_call_says_what_to_leave_of_it(tmp_path: Path) -> None:
    path = tmp_path / "h.geojson"
    path.write_text(f"callback({collection(*houses())});")
    assert refused(path).facts["what"] == "script"


# OpenStreetMap ---------------------------------------------------------------------------------


def osm(count: int = 2) -> str:
    nodes, ways = "", ""
    for i in range(count):
        ring = list(in_degrees(house(i * 20)).exterior.coords)[:-1]
        refs = [10 * i + j + 1 for j in range(4)]
        for ref, (x, y) in zip(refs, ring, strict=True):
            nodes += f'<node id="{ref}" lat="{y}" lon="{x}" version="1"/>'
        marks = "".join(f'<nd ref="{ref}"/>' for ref in [*refs, refs[0]])
        ways += f'<way id="{100 + i}" version="1">{marks}<tag k="building" v="yes"/></way>'
    return f'<?xml version="1.0"?><osm version="0.6">{nodes}{ways}</osm>'


def test_houses_of_an_extract_without_parks_become_no_parks(tmp_path: Path) -> None:
    path = tmp_path / "a.osm"
    path.write_text(osm())
    imported = taken(path, None)
    assert [layer.kind for layer in imported.layers] == ["buildings"]


@pytest.mark.parametrize("kind", ["buildings", None])
def test_a_packed_extract_is_one(tmp_path: Path, kind: str | None) -> None:
    path = tmp_path / "a.osm.gz"
    path.write_bytes(gzip.compress(osm().encode()))
    assert len(taken(path, kind).layers[0].data) == 2


# Layers ----------------------------------------------------------------------------------------


def test_layers_that_are_left_aside_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    for name in ("buildings", "parcels", "zones"):
        gpd.GeoDataFrame({"n": [1]}, geometry=[house()], crs=ZONE).to_file(path, layer=name)
    note = next(note for note in told(path).messages if note.key == "layers_left_out")
    assert note.facts == {"count": 2, "names": "parcels, zones"}


def test_the_points_of_a_track_come_only_when_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.gpx"
    points = "".join(f'<trkpt lat="{LAT + i / 1000}" lon="{LON}"/>' for i in range(3))
    path.write_text(
        '<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">'
        f"<trk><trkseg>{points}</trkseg></trk></gpx>"
    )
    assert [report.layer for report in taken(path, None).reports] == ["tracks"]
    assert told(path, None, layer="track_points").kept == 3


# Heights ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "metres"),
    [
        ("height_cm", 1250, 12.5), ("高度(厘米)", 1250, 12.5), ("HEIGHT_MM", 12500, 12.5),
        ("render_height", 12.5, 12.5), ("BLDG_HT", "12.5 m", 12.5), ("建筑总高", 12.5, 12.5),
        ("NB_ETAGES", 4, 12.0), ("Number of Floors", "4F", 12.0), ("楼层总数", 4, 12.0),
        ("no_floors", 4, 12.0), ("階数", 4, 12.0), ("层高", 3, 9.0), ("地下层数", 2, 9.0),
    ],
)  # fmt: skip
def test_heights_go_by_many_names_and_units(
    tmp_path: Path, field: str, value: object, metres: float
) -> None:
    path = tmp_path / "h.geojson"
    path.write_text(collection(*houses(2, **{field: value})))
    assert heights(taken(path)) == [metres, metres]


def test_a_field_of_heights_that_cannot_be_metres_is_told_and_taken_with_its_unit(
    tmp_path: Path,
) -> None:
    path = tmp_path / "h.geojson"
    path.write_text(collection(*houses(2, height=12500)))
    assert "heights_unused" in keys(told(path))
    assert heights(taken(path, height_unit="mm")) == [12.5, 12.5]

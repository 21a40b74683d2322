"""Files as strangers have them: read as they are meant, or refused in one sentence."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely
from ezdxf.filemanagement import new
from PIL import Image
from shapely import box
from shapely.affinity import translate

from layers.files.importing import commands_for, import_file
from layers.files.map_shift import shifted
from layers.files.model_choices import ModelChoices
from layers.files.options import ImportOptions
from layers.kinds.base import Layer
from layers.kinds.models import Models
from layers.kinds.terrain import Terrain
from layers.project import Project
from tests.layers.files.town import (
    EAST,
    LAT,
    LON,
    NORTH,
    ZONE,
    collection,
    content,
    feature,
    heights,
    house,
    houses,
    in_degrees,
    keys,
    place,
    refused,
    taken,
    told,
)

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


# Shapefiles ------------------------------------------------------------------------------------


def shapefile(folder: Path, **columns: Any) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "h.shp"
    columns = columns or {"height": [9.0, 12.0]}
    gpd.GeoDataFrame(columns, geometry=[house(), house(20)], crs=ZONE).to_file(path)
    return path


def test_companions_with_other_capitals_belong_to_their_shapefile(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "a")
    for suffix in (".shx", ".dbf", ".prj"):
        path.with_suffix(suffix).rename(path.parent / f"H{suffix.upper()}")
    imported = taken(path)
    assert heights(imported) == [9.0, 12.0]
    assert place(imported) == (LON, LAT)


@pytest.mark.parametrize("size", [0, 60, 110])
def test_an_index_that_was_cut_off_is_made_anew_and_an_empty_table_is_told(
    tmp_path: Path, size: int
) -> None:
    path = shapefile(tmp_path / "a")
    index = path.with_suffix(".shx")
    index.write_bytes(index.read_bytes()[:size])
    imported = taken(path)
    assert heights(imported) == [9.0, 12.0]
    assert "shx_broken" in keys(imported.reports[0])
    path.with_suffix(".dbf").write_bytes(b"")
    assert "dbf_broken" in keys(told(path))


# Tables ----------------------------------------------------------------------------------------


def table(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("names", "values"),
    [
        ("bd_lon,bd_lat", "114.3,30.55"),
        ("门店经度,门店纬度", "114.3,30.55"),
        ("经度,纬度", "１１４．３,３０．５５"),
    ],
)
def test_columns_of_degrees_go_by_many_names(tmp_path: Path, names: str, values: str) -> None:
    path = table(tmp_path / "p.csv", f"名称,{names}", f"甲,{values}")
    assert place(taken(path, None)) == (LON, LAT)


@pytest.mark.parametrize("names", ["纵坐标,横坐标", "北坐标,东坐标", "项目X坐标,项目Y坐标"])
def test_columns_of_surveyed_metres_go_by_many_names(tmp_path: Path, names: str) -> None:
    path = table(tmp_path / "p.csv", f"名称,{names}", f"甲,{NORTH},{EAST}", f"乙,{NORTH},{EAST}")
    assert place(taken(path, None, crs=ZONE, keep_duplicates=True)) == (LON, LAT)


def test_two_pairs_of_coordinates_are_not_chosen_from_by_chance(tmp_path: Path) -> None:
    rows = ("号,起点X,起点Y,终点X,终点Y", f"1,{NORTH},{EAST},{NORTH},{EAST}")
    assert refused(table(tmp_path / "p.csv", *rows), None).code == "file.no_coordinates"


def test_names_of_columns_in_two_rows_belong_together(tmp_path: Path) -> None:
    rows = ("重点项目表,,,", "序号,名称,坐标,", ",,X,Y", f"1,甲,{NORTH},{EAST}")
    report = told(table(tmp_path / "p.csv", *rows), None, crs=ZONE)
    assert (report.read, report.kept) == (1, 1)


def test_a_quotation_mark_that_stays_open_loses_no_rows(tmp_path: Path) -> None:
    rows = ("name,lon,lat", '"a,114.3,30.55', "b,114.3,30.56", "c,114.3,30.57")
    report = told(table(tmp_path / "p.csv", *rows), None)
    assert (report.kept, "quote_open" in keys(report)) == (3, True)
    closed = table(tmp_path / "q.csv", "name,lon,lat", '"a ""b"", c",114.3,30.55')
    assert told(closed, None).kept == 1


def test_geojson_in_a_column_and_a_parquet_table_of_points_are_read(tmp_path: Path) -> None:
    shape = json.dumps(shapely.geometry.mapping(in_degrees(house()))).replace('"', '""')
    path = table(tmp_path / "h.csv", "name,geometry", f'甲,"{shape}"')
    assert place(taken(path)) == (LON, LAT)
    points = tmp_path / "p.parquet"
    pd.DataFrame({"lon": [LON], "lat": [LAT]}).to_parquet(points)
    assert place(taken(points, None)) == (LON, LAT)
    pd.DataFrame({"a": [1]}).to_parquet(points)
    assert refused(points, None).code == "file.no_coordinates"


# Coordinate systems ----------------------------------------------------------------------------


@pytest.mark.parametrize(("factor", "unit"), [(1000.0, "mm"), (100.0, "cm"), (0.001, "km")])
def test_coordinates_in_another_unit_than_their_system_become_metres(
    tmp_path: Path, factor: float, unit: str
) -> None:
    shapes = [shapely.transform(shape, lambda c: c * factor) for shape in (house(), house(20))]
    path = tmp_path / "h.shp"
    gpd.GeoDataFrame({"height": [9.0, 12.0]}, geometry=shapes).to_file(path)
    imported = taken(path, crs=ZONE)
    assert place(imported) == (LON, LAT)
    assert content(imported).shapes.areas().round(3).tolist() == [144.0, 144.0]
    notes = [note.facts for note in imported.reports[0].messages if "scaled" in note.key]
    assert notes == [{"unit": unit}]


def test_a_drawing_in_millimetres_gets_its_heights_in_metres_too(tmp_path: Path) -> None:
    drawing = new("R2010")
    corners = [(x * 1000.0, y * 1000.0) for x, y in list(house().exterior.coords)[:-1]]
    drawing.modelspace().add_lwpolyline(
        corners, close=True, dxfattribs={"thickness": 12_000.0, "elevation": 20_000.0}
    )
    path = tmp_path / "h.dxf"
    drawing.saveas(path)
    imported = taken(path, layer="entities", crs=ZONE)
    assert heights(imported) == [12.0]
    assert content(imported).base.tolist() == [20.0]


def test_a_drawing_around_zero_is_not_taken_for_degrees(tmp_path: Path) -> None:
    path = tmp_path / "h.shp"
    shapes = [box(0, 0, 12, 12), box(30, 20, 42, 32)]
    gpd.GeoDataFrame({"n": [1, 2]}, geometry=shapes).to_file(path)
    assert refused(path).facts["looks"] == "unknown"


@pytest.mark.parametrize("system", ["GCJ-02", "gcj02", "BD-09", "bd_09"])
def test_degrees_of_map_services_are_carried_back(tmp_path: Path, system: str) -> None:
    there = shapely.transform(
        in_degrees(house()), lambda c: shifted(c, "BD-09" if "b" in system.lower() else "GCJ-02")
    )
    path = tmp_path / "h.geojson"
    path.write_text(collection(feature(there, height=9)))
    imported = taken(path, crs=system)
    middle = content(imported).shapes.centres()[0]
    np.testing.assert_allclose(middle, (EAST + 6, NORTH + 6), atol=0.3)
    assert "shift_undone" in keys(imported.reports[0])


@pytest.mark.parametrize("crs", [ZONE, "EPSG:4326"])
def test_shapes_near_zero_and_far_from_all_others_stand_for_no_place(
    tmp_path: Path, crs: str
) -> None:
    good = [house(i * 20) for i in range(4)]
    shapes = [in_degrees(shape) if crs == "EPSG:4326" else shape for shape in good]
    size = 0.001 if crs == "EPSG:4326" else 5.0
    path = tmp_path / "h.gpkg"
    gpd.GeoDataFrame({"n": range(5)}, geometry=[*shapes, box(0, 0, size, size)], crs=crs).to_file(
        path
    )
    report = told(path)
    assert (report.kept, report.skipped) == (4, {"zero_coordinate": 1})


def test_a_shape_far_from_all_others_is_kept_and_told(tmp_path: Path) -> None:
    path = tmp_path / "h.geojson"
    far = feature(box(87.6, 43.8, 87.6001, 43.8001), n=9)
    path.write_text(collection(*houses(10), far))
    report = told(path)
    note = next(note for note in report.messages if note.key == "far_apart")
    assert (report.kept, note.facts["count"], note.facts["ids"]) == (11, 1, "11")
    project = Project()
    commands_for(taken(path)).do(project)
    whole, main = project.extent(), project.extent(main=True)
    assert whole is not None
    assert main is not None
    assert whole[2] - whole[0] > 1e6
    assert main[2] - main[0] < 1e3


# KML -------------------------------------------------------------------------------------------


def kml(path: Path, mode: str, top: float) -> Path:
    corners = " ".join(f"{x},{y},{top}" for x, y in in_degrees(house()).exterior.coords)
    path.write_text(
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>a</name><Polygon>'
        f"<extrude>1</extrude><altitudeMode>{mode}</altitudeMode><outerBoundaryIs><LinearRing>"
        f"<coordinates>{corners}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
        "</Placemark></Document></kml>"
    )
    return path


def test_extruded_shapes_are_as_high_as_their_corners_tell(tmp_path: Path) -> None:
    imported = taken(kml(tmp_path / "a.kml", "relativeToGround", 17.5))
    assert heights(imported) == [17.5]
    above_sea = kml(tmp_path / "b.kml", "absolute", 57.5)
    imported = taken(above_sea)
    assert heights(imported) == [9.0]
    assert "tops_above_sea" in keys(imported.reports[0])
    project = Project()
    project.frame = imported.frame
    step = 10.0
    west, north = EAST - 100.0, NORTH + 100.0
    ground = Terrain(np.full((30, 30), 40.0, np.float32), west, north, step, step)
    project.insert_layer(Layer("terrain", "ground", ground))
    assert heights(import_file(project, above_sea, ImportOptions(kind="buildings"))) == [17.5]


# Drawings, pipes, rasters ----------------------------------------------------------------------


def test_drawings_of_microstation_are_read_as_far_as_they_are_of_version_7(tmp_path: Path) -> None:
    path = tmp_path / "h.dgn"
    shapes = [translate(house(i * 20), -EAST, -NORTH) for i in range(2)]
    pyogrio.write_dataframe(gpd.GeoDataFrame(geometry=shapes), path, driver="DGN")
    assert refused(path).code == "import.no_crs"  # it is read, and does not say where it lies
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert refused(path).facts["what"] == "dgn"


def test_a_workbook_of_points_and_lines_is_a_survey_of_pipes_by_itself(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    points = book.active
    assert points is not None
    points.title = "点表"
    points.append(["物探点号", "X坐标", "Y坐标", "地面高程"])
    lines = book.create_sheet("线表")
    lines.append(["起点点号", "终点点号", "起点埋深", "终点埋深", "管径"])
    for i in range(3):
        points.append([f"P{i}", NORTH + i * 20, EAST, 23.5])
    lines.append(["P0", "P1", 1.5, 1.6, "DN300"])
    lines.append(["P1", "P2", 1.6, 1.7, "DN300"])
    path = tmp_path / "survey.xlsx"
    book.save(path)
    assert taken(path, None, crs=ZONE).layers[0].kind == "pipes"
    alone = table(tmp_path / "lines.csv", "起点点号,终点点号,管径", "P0,P1,300")
    assert refused(alone, "pipes", crs=ZONE).code == "pipes.no_points"


def test_a_pipe_to_a_node_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "net.inp"
    path.write_text(
        "[JUNCTIONS]\nJ1 20\n[RESERVOIRS]\nR1 40\n[PIPES]\nP1 R1 J1 100 300 100 0\n"
        "P2 J1 J9 80 200 100 0\n[OPTIONS]\nUNITS LPS\n"
        f"[COORDINATES]\nJ1 {EAST} {NORTH}\nR1 {EAST} {NORTH}\n[END]\n"
    )
    error = refused(path, None, crs=ZONE)
    assert (error.code, error.facts["link"], error.facts["node"]) == ("epanet.no_node", "P2", "J9")


def test_points_without_names_of_columns_make_ground_of_their_third_number(tmp_path: Path) -> None:
    rows = [f"{EAST + i} {NORTH + j} {20 + i + j}.5" for i in range(4) for j in range(4)]
    imported = taken(table(tmp_path / "g.xyz", *rows), "terrain", crs=ZONE)
    data = imported.layers[0].data
    assert isinstance(data, Terrain)
    assert 20.5 <= float(np.nanmin(data.heights)) < float(np.nanmax(data.heights)) <= 26.5


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.ecw", b"\1" * 300, "raster.closed_format"),
        ("a.sid", b"msid" * 100, "raster.closed_format"),
        ("dem.hgt", bytes(2 * 1201 * 1201), "raster.hgt_name"),
        ("a.tif", b"<!DOCTYPE html><html>404</html>", "file.not_for_layers"),
    ],
)
def test_rasters_that_cannot_be_read_say_why(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refused(path, None).code == code


# Rasters and models -----------------------------------------------------------------------------


def test_a_grid_with_words_among_its_numbers_is_refused(tmp_path: Path) -> None:
    head = (
        f"ncols 3\nnrows 2\nxllcorner {EAST}\nyllcorner {NORTH}\ncellsize 5\nNODATA_value -9999\n"
    )
    path = tmp_path / "dem.asc"
    path.write_text(f"{head}30 31.5 -3e1\n32,5 nan -9999\n")
    assert taken(path, "terrain", crs=ZONE).reports[0].kept == 1
    path.write_text(f"{head}30 n/a 31\n32 - 33\n")
    error = refused(path, "terrain", crs=ZONE)
    assert (error.code, error.facts["count"], error.facts["first"]) == ("raster.words", 2, "n/a")


def test_a_picture_takes_its_system_from_the_file_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "plan.png"
    Image.new("RGB", (8, 8), (200, 60, 40)).save(path)
    path.with_suffix(".pgw").write_text(f"2\n0\n0\n-2\n{EAST}\n{NORTH}\n")
    assert refused(path, None).code == "import.no_crs"
    path.with_suffix(".prj").write_text(pyproj.CRS(ZONE).to_wkt("WKT1_ESRI"))
    assert taken(path, None).reports[0].crs == ZONE


def test_a_picture_laid_on_the_ground_by_kml_is_no_house(tmp_path: Path) -> None:
    path = tmp_path / "o.kml"
    path.write_text(
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Folder><GroundOverlay><name>o</name><Icon>'
        "<href>a.png</href></Icon><LatLonBox><north>30.6</north><south>30.5</south>"
        "<east>114.4</east><west>114.3</west></LatLonBox></GroundOverlay></Folder></kml>"
    )
    assert refused(path, None).facts["why"] == {"picture_on_ground": 1}


def test_degrees_in_a_system_of_metres_are_not_taken_for_kilometres(tmp_path: Path) -> None:
    path = tmp_path / "h.geojson"
    path.write_text(
        collection(*houses(), crs={"type": "name", "properties": {"name": "EPSG:3857"}})
    )
    error = refused(path)
    assert (error.code, error.facts["proposal"]) == ("import.crs_wrong", "EPSG:4326")


def test_stops_of_a_timetable_are_places(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "gtfs.zip", "w") as archive:
        archive.writestr(
            "stops.txt", f"stop_id,stop_name,stop_lat,stop_lon\nS1,江汉路,{LAT},{LON}\n"
        )
        archive.writestr("routes.txt", "route_id,route_type\nR1,3\n")
        archive.writestr("agency.txt", "agency_id\n1\n")
    made = taken(tmp_path / "gtfs.zip", None)
    assert (made.reports[0].kind, made.reports[0].kept) == ("places", 1)
    assert place(made) == (LON, LAT)


def test_models_with_texts_in_gbk_find_materials_and_textures(tmp_path: Path) -> None:
    (tmp_path / "贴图").mkdir()
    Image.new("RGB", (8, 8), (200, 60, 40)).save(tmp_path / "贴图" / "墙面.jpg")
    texture = "-s 2 2 1 D:\\工程\\贴图\\墙面.jpg"
    (tmp_path / "房子.mtl").write_bytes(f"newmtl 墙\nmap_Kd {texture}\n".encode("gbk"))
    corners = "v 0 0 0\nv 9 0 0\nv 9 9 0\nvt 0 0\nvt 1 0\nvt 1 1\n"
    text = f"mtllib 房子.mtl\n{corners}usemtl 墙\nf 1/1 2/2 3/3\n"
    (tmp_path / "a.obj").write_bytes(text.encode("gbk"))
    made = taken(tmp_path / "a.obj", None, crs=ZONE, model=ModelChoices(at=(EAST, NORTH)))
    assert not {"model_texture_missing", "model_materials_missing"} & set(keys(made.reports[0]))
    data = made.layers[0].data
    assert isinstance(data, Models)
    assert len(data.library.models[0].textures) == 1

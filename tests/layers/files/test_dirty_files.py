"""Whole files as they come from offices: imported rightly with an honest account, or refused."""

from __future__ import annotations

import json
import os
import struct
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pyproj
import pytest
import rasterio
import shapely
from affine import Affine
from ezdxf.filemanagement import new
from shapely import MultiPolygon, Point, Polygon, box

from layers.errors import CityError
from layers.files.importing import commands_for, import_file
from layers.files.options import ImportOptions
from layers.files.report import LayerReport
from layers.frame import Frame
from layers.history import History
from layers.kinds.buildings import Buildings
from layers.project import Project

ZONE = "EPSG:4547"
EAST, NORTH = 528_000.0, 3_381_000.0
LON, LAT = 114.30, 30.55


def house(east: float, size: float = 12.0) -> Polygon:
    return box(EAST + east, NORTH, EAST + east + size, NORTH + size)


def saved(path: Path, shapes: list[Any], crs: str | None = ZONE, **columns: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    given = columns or {"n": range(len(shapes))}
    gpd.GeoDataFrame(given, geometry=shapes, crs=crs).to_file(path)
    return path


def geojson(path: Path, *shapes: Any, **properties: Any) -> Path:
    members = [
        {"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(shape)}
        for shape in shapes
    ]
    text = {"type": "FeatureCollection", "features": members}
    path.write_text(json.dumps(text, ensure_ascii=False))
    return path


def taken(path: Path, kind: str | None = "buildings", **options: Any) -> LayerReport:
    report = import_file(Project(), path, ImportOptions(kind=kind, **options)).reports[0]
    assert report.read == report.kept + sum(report.skipped.values())
    return report


def refused(path: Path, kind: str | None = "buildings", **options: Any) -> CityError:
    with pytest.raises(CityError) as caught:
        import_file(Project(), path, ImportOptions(kind=kind, **options))
    assert caught.value.hint
    return caught.value


def keys(report: LayerReport) -> list[str]:
    return [note.key for note in report.messages]


# Shapefiles ------------------------------------------------------------------------------------


def patch(path: Path, at: int, value: bytes) -> None:
    data = bytearray(path.read_bytes())
    data[at : at + len(value)] = value
    path.write_bytes(data)


def test_rows_deleted_in_the_table_are_left_out_and_told(tmp_path: Path) -> None:
    path = saved(tmp_path / "h.shp", [house(i * 20) for i in range(4)])
    table = path.with_suffix(".dbf")
    header, record = struct.unpack_from("<HH", table.read_bytes(), 8)
    patch(table, header + record, b"*")
    report = taken(path)
    assert (report.read, report.kept) == (3, 3)
    assert "rows_deleted" in keys(report)


def test_a_table_with_fewer_rows_than_shapes_is_refused_by_its_name(tmp_path: Path) -> None:
    path = saved(tmp_path / "h.shp", [house(i * 20) for i in range(4)])
    patch(path.with_suffix(".dbf"), 4, struct.pack("<I", 2))
    error = refused(path)
    assert (error.code, error.facts["name"]) == ("file.rows_differ", "h.dbf")
    path.with_suffix(".dbf").unlink()
    assert taken(path).kept == 4


def test_what_is_left_of_a_shapefile_misses_its_shp(tmp_path: Path) -> None:
    path = saved(tmp_path / "h.shp", [house(0)])
    path.unlink()
    assert refused(path.with_suffix(".dbf")).code == "file.no_shp"


def test_names_cut_after_ten_bytes_still_tell_heights(tmp_path: Path) -> None:
    cut = saved(tmp_path / "a.gpkg", [house(0)], 地上层=[4])
    assert taken(cut).height_rule == "地上层 x 3 m"
    osm = saved(tmp_path / "b.gpkg", [house(0)], building_l=[5])
    assert taken(osm).height_rule == "building_l x 3 m"
    taiwan = saved(tmp_path / "c.gpkg", [house(0)], 樓層數=["12F/B3"])
    assert taken(taiwan).height_rule == "樓層數 x 3 m"


# Coordinate systems ----------------------------------------------------------------------------


def in_system(code: int) -> Polygon:
    x, y = pyproj.Transformer.from_crs(4326, code, always_xy=True).transform(LON, LAT)
    square: Polygon = box(x, y, x + 12, y + 12)
    return square


@pytest.mark.parametrize("code", [2383, 2362, 2435, 2414, 4526, 4547, 4497, 2333, 21419])
def test_old_chinese_systems_are_read_from_esri_wkt_and_else_proposed(
    tmp_path: Path, code: int
) -> None:
    path = saved(tmp_path / "h.shp", [in_system(code)], crs=None)
    proposals = str(refused(path).facts["proposals"])
    assert f"EPSG:{code}" in proposals.split(", ")
    path.with_suffix(".prj").write_text(pyproj.CRS(code).to_wkt("WKT1_ESRI"))
    imported = import_file(Project(), path, ImportOptions(kind="buildings"))
    there = imported.frame.lonlat([imported.frame.origin])[0]
    np.testing.assert_allclose(there, (LON, LAT), atol=0.01)


def test_a_local_system_in_a_prj_counts_as_none(tmp_path: Path) -> None:
    path = saved(tmp_path / "h.shp", [house(0)], crs=None)
    path.with_suffix(".prj").write_text('LOCAL_CS["Nonearth",UNIT["Meter",1.0]]')
    assert refused(path).code == "import.no_crs"


def test_geojson_with_latitude_first_is_turned_and_told(tmp_path: Path) -> None:
    path = geojson(tmp_path / "h.geojson", box(LAT, LON, LAT + 1e-4, LON + 1e-4))
    report = taken(path)
    assert "axes_swapped" in keys(report)
    assert report.extent is not None
    assert report.extent[0] == pytest.approx(528_785, abs=2)


def test_a_stray_feature_does_not_carry_the_others_away(tmp_path: Path) -> None:
    here = box(LON, LAT, LON + 1e-4, LAT + 1e-4)
    null_island, endless = box(0, 0, 1e-4, 1e-4), box(1e300, 30, 2e300, 31)
    report = taken(geojson(tmp_path / "h.geojson", here, here.buffer(1e-4), null_island, endless))
    assert (report.kept, report.skipped) == (2, {"outside_crs": 1, "zero_coordinate": 1})
    assert report.extent is not None
    assert report.extent[2] - report.extent[0] < 100


def test_points_at_zero_are_left_out_and_do_not_move_the_project(tmp_path: Path) -> None:
    path = tmp_path / "poi.csv"
    path.write_text("名称,经度,纬度\n甲,114.3,30.55\n乙,0,0\n丙,0,0\n丁,1143.0,30.5\n")
    report = taken(path, None)
    assert report.skipped == {"coordinates_unreadable": 1, "zero_coordinate": 2}
    assert report.crs == "EPSG:4326"
    assert report.extent is not None
    assert report.extent[0] == pytest.approx(528_785, abs=2)


def test_longitudes_on_both_sides_of_180_find_their_zone(tmp_path: Path) -> None:
    fiji = [box(179.999, -17.0, 180.0, -16.999), box(-180.0, -17.0, -179.999, -16.999)]
    imported = import_file(Project(), geojson(tmp_path / "f.geojson", *fiji))
    assert imported.frame.crs in ("EPSG:32701", "EPSG:32760")
    assert imported.reports[0].extent is not None
    west, _, east, _ = imported.reports[0].extent
    assert east - west < 1000


def test_data_of_another_continent_is_refused_and_of_another_city_told(tmp_path: Path) -> None:
    project = Project(Frame(ZONE, (EAST, NORTH)))
    york = geojson(tmp_path / "york.geojson", box(-73.99, 40.72, -73.989, 40.721))
    with pytest.raises(CityError) as caught:
        import_file(project, york, ImportOptions(kind="buildings"))
    assert caught.value.code == "import.elsewhere"
    beijing = geojson(tmp_path / "beijing.geojson", box(116.4, 39.9, 116.401, 39.901))
    report = import_file(project, beijing, ImportOptions(kind="buildings")).reports[0]
    assert report.messages[0].key == "far_from_project"
    assert report.messages[0].facts["km"] == pytest.approx(1060, abs=10)


def test_a_file_that_the_project_has_already_is_told(tmp_path: Path) -> None:
    path, project = saved(tmp_path / "h.gpkg", [house(0)]), Project()
    History(project).run(commands_for(import_file(project, path)))
    assert "imported_before" in keys(import_file(project, path).reports[0])


def test_the_layer_that_lacks_a_system_is_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "学校"
    for row in (["名称", "经度", "纬度"], ["甲", LON, LAT]):
        book.active.append(row)
    sheet = book.create_sheet("消防栓")
    sheet.append(["编号", "X", "Y"])
    sheet.append([1, NORTH, EAST])
    book.save(tmp_path / "点.xlsx")
    assert refused(tmp_path / "点.xlsx", None).where == "点.xlsx (消防栓)"


# JSON ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ['{"type":"FeatureCollection","features":[]}', "[]", '["a"]'])
def test_json_without_features_says_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "empty.geojson"
    path.write_text(text)
    assert refused(path).code in ("import.empty", "file.not_geojson")


def test_a_short_text_in_gbk_is_not_taken_for_utf_8(tmp_path: Path) -> None:
    path = geojson(tmp_path / "h.geojson", box(LON, LAT, LON + 1e-4, LAT + 1e-4), name="楼一")
    path.write_bytes(path.read_text().encode("gbk"))
    imported = import_file(Project(), path)
    assert imported.layers[0].features.attributes.column("name").to_pylist() == ["楼一"]
    assert imported.reports[0].encoding == "GBK"


def test_utf_16_without_a_mark_is_read(tmp_path: Path) -> None:
    path = geojson(tmp_path / "h.geojson", box(LON, LAT, LON + 1e-4, LAT + 1e-4), name="楼")
    path.write_bytes(path.read_text().encode("utf-16-le"))
    assert taken(path).encoding == "UTF-16"


def test_javascript_around_the_data_is_named(tmp_path: Path) -> None:
    path = tmp_path / "data.js"
    path.write_text('var data = {"type": "FeatureCollection", "features": []};')
    assert refused(path).facts["what"] == "script"


# Tables ----------------------------------------------------------------------------------------


def test_titles_above_the_names_of_columns_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "学校.csv"
    path.write_text("2023年学校名录,,\n\n名称,经度,纬度\n甲,114.3,30.55\n", encoding="gbk")
    report = taken(path, None)
    assert (report.read, report.kept) == (1, 1)
    assert "rows_above_header" in keys(report)
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["学校名录"], ["名称", "经度", "纬度"], ["甲", LON, LAT]):
        book.active.append(row)
    book.save(tmp_path / "学校.xlsx")
    assert taken(tmp_path / "学校.xlsx", None).kept == 1


def test_angles_in_all_their_spellings(tmp_path: Path) -> None:
    path = tmp_path / "angles.csv"
    rows = ["114°18'00\";30°33'", "114 18 00;30 33 00", "东经114度18分;北纬30度33分"]
    rows += ["E114.3;N30.55", "114,3;30,55", "114°75';30°33'"]
    path.write_text("\n".join(["经度;纬度", *rows]).replace('"', "″"))
    imported = import_file(Project(), path)
    assert imported.reports[0].skipped == {"coordinates_unreadable": 1}
    there = imported.frame.lonlat(imported.layers[0].features.shapes.coords)
    np.testing.assert_allclose(there, np.tile((LON, LAT), (5, 1)), atol=1e-9)


def test_thousands_separators_in_coordinates(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text('name,x,y\nA,"528,797.0","3,381,123.1"\n')
    assert taken(path, None, crs=ZONE).extent == (528_797.0, 3_381_123.1) * 2


def test_a_cut_workbook_and_one_without_sheets_are_refused(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "empty.xlsx")
    assert refused(tmp_path / "empty.xlsx", None).code == "file.no_layers"
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes((tmp_path / "empty.xlsx").read_bytes()[:2000])
    assert refused(cut, None).code == "file.damaged"


# Heights and shapes ----------------------------------------------------------------------------


def test_heights_that_cannot_be_heights_are_doubted(tmp_path: Path) -> None:
    levels = saved(tmp_path / "a.gpkg", [house(0), house(20)], height=[45.2, 46.1], floors=[3, 3])
    assert "heights_against_floors" in keys(taken(levels))
    millimetres = saved(tmp_path / "b.gpkg", [house(0), house(20)], height=[900.0, 600.0])
    assert "heights_tall" in keys(taken(millimetres))
    sound = saved(tmp_path / "c.gpkg", [house(0), house(20)], height=[9.2, 46.1], floors=[3, 15])
    assert keys(taken(sound)) == []


def test_parts_of_one_feature_that_cover_each_other_stand_once(tmp_path: Path) -> None:
    twice, overlapping = MultiPolygon([house(0), house(0)]), MultiPolygon([house(50), house(56)])
    apart = MultiPolygon([house(100), house(112), house(140)])  # two of them touch
    path = saved(tmp_path / "h.gpkg", [twice, overlapping, apart])
    report = taken(path)
    assert (report.kept, report.objects) == (3, 5)
    assert report.repaired == {"overlapping_parts": 2}


def test_outlines_drawn_upwards_become_blocks_on_their_elevation(tmp_path: Path) -> None:
    drawing = new("R12")
    drawing.layers.add("建筑")
    corners = shapely.get_coordinates(house(0))[:4].tolist()
    look = {"layer": "建筑", "elevation": (0, 0, 21), "thickness": 15}
    drawing.modelspace().add_polyline2d(corners, close=True, dxfattribs=look)
    drawing.modelspace().add_line((EAST, NORTH), (EAST + 90, NORTH))
    path = tmp_path / "总图.dxf"
    drawing.saveas(path)
    options = ImportOptions(kind="buildings", crs=ZONE)
    imported = import_file(Project(), path, options)
    blocks = imported.layers[0].data
    assert isinstance(blocks, Buildings)
    assert imported.layers[0].name == "建筑"
    assert (blocks.height.tolist(), blocks.base.tolist()) == ([15.0], [21.0])
    whole = import_file(Project(), path, ImportOptions(crs=ZONE))
    assert whole.layers[0].kind == "features"
    assert whole.layers[0].features.column("Layer").to_pylist() == ["建筑", "0"]


# Rasters ---------------------------------------------------------------------------------------


def raster(path: Path, values: Any) -> Path:
    array = np.asarray(values)
    array = array[None] if array.ndim == 2 else array
    profile = {
        "driver": "GTiff", "count": len(array), "height": array.shape[1], "width": array.shape[2],
        "dtype": array.dtype, "crs": ZONE, "transform": Affine(2, 0, EAST, 0, -2, NORTH),
    }  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(path, "w", **profile) as file:
        file.write(array)
    return path


HEIGHTS = np.linspace(30, 60, 400, dtype=np.float32).reshape(20, 20)
COLOURS = np.full((3, 20, 20), 120, dtype=np.uint8)


def test_pictures_do_not_become_ground(tmp_path: Path) -> None:
    raster(tmp_path / "both" / "dem.tif", HEIGHTS)
    photo = raster(tmp_path / "both" / "photo.tif", COLOURS)
    assert refused(tmp_path / "both", None).code == "raster.mixed"
    assert refused(photo, "terrain").code == "raster.colours"
    report = taken(tmp_path / "both", "terrain")
    assert (report.read, report.kept) == (2, 1)
    assert report.first["raster_of_colours"] == ("photo.tif",)
    deep = raster(tmp_path / "deep.tif", np.full((20, 20), 40_000, dtype=np.uint16))
    assert taken(deep, None).kind == "imagery"


def test_rasters_are_read_where_they_lie_in_an_archive(tmp_path: Path) -> None:
    path = raster(tmp_path / "高程.tif", HEIGHTS)
    with zipfile.ZipFile(tmp_path / "dem.zip", "w") as archive:
        archive.write(path, "数据/高程.tif")
    assert taken(tmp_path / "dem.zip", None).kind == "terrain"
    assert taken(tmp_path / "dem.zip", "terrain").extent == taken(path, "terrain").extent


def test_what_gdal_says_of_a_broken_raster_is_told_in_short(tmp_path: Path) -> None:
    path = raster(tmp_path / "dem.tif", HEIGHTS)
    path.write_bytes(path.read_bytes()[:900])
    assert str(tmp_path) not in str(refused(path, "terrain"))
    path.write_bytes(b"")
    assert refused(path, "terrain").code == "file.empty"


# Others ----------------------------------------------------------------------------------------


def test_kml_in_gb2312_is_read(tmp_path: Path) -> None:
    path = tmp_path / "点.kml"
    path.write_bytes(
        (
            '<?xml version="1.0" encoding="GB2312"?><kml xmlns="http://www.opengis.net/kml/2.2">'
            "<Document><Placemark><name>人民医院</name><Point><coordinates>114.3,30.55"
            "</coordinates></Point></Placemark></Document></kml>"
        ).encode("gbk")
    )
    imported = import_file(Project(), path)
    assert imported.layers[0].features.column("Name").to_pylist() == ["人民医院"]


def cityjson(path: Path, **members: Any) -> Path:
    corners = [[0, 0, 0], [9, 0, 0], [9, 9, 0], [0, 9, 0]]
    text = {
        "type": "CityJSON", "version": "1.1", "CityObjects": {"a": house_of_cityjson()},
        "transform": {"scale": [1, 1, 1], "translate": [EAST, NORTH, 20]},
        "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/4547"},
        "vertices": corners + [[x, y, 8] for x, y, _ in corners],
    }  # fmt: skip
    path.write_text(json.dumps({**text, **members}))
    return path


def house_of_cityjson() -> dict[str, Any]:
    sides = [[[i, (i + 1) % 4, 4 + (i + 1) % 4, 4 + i]] for i in range(4)]
    faces = [[[0, 3, 2, 1]], [[4, 5, 6, 7]], *sides]
    return {
        "type": "Building",
        "geometry": [{"type": "Solid", "lod": "1", "boundaries": [faces]}],
    }


def test_cityjson_names_its_system_in_several_ways(tmp_path: Path) -> None:
    for said in ("EPSG:4547", "4547", "urn:ogc:def:crs,crs:EPSG::4547,crs:EPSG::5737"):
        path = cityjson(tmp_path / "h.json", metadata={"referenceSystem": said})
        assert taken(path).crs == ZONE


def test_broken_city_objects_cost_only_themselves(tmp_path: Path) -> None:
    objects = {"a": house_of_cityjson(), "b": 5, "c": {"type": "Building", "geometry": "x"}}
    report = taken(cityjson(tmp_path / "h.json", CityObjects=objects))
    assert report.kept == 1
    odd = {"a": {"type": "Building", "geometry": [{"type": "Solid", "boundaries": {"a": 1}}]}}
    assert refused(cityjson(tmp_path / "o.json", CityObjects=odd)).code == "file.damaged"


def test_a_cut_text_sequence_keeps_its_whole_lines(tmp_path: Path) -> None:
    head = json.loads(cityjson(tmp_path / "h.json", CityObjects={}).read_text())
    lines = [json.dumps({**head, "vertices": []})]
    lines += [
        json.dumps({
            "type": "CityJSONFeature", "id": name, "vertices": head["vertices"],
            "CityObjects": {name: house_of_cityjson()},
        })
        for name in ("a", "b")
    ]  # fmt: skip
    path = tmp_path / "h.city.jsonl"
    path.write_text("\n".join(lines)[:-50])
    report = taken(path)
    assert (report.kept, "lines_unreadable" in keys(report)) == (1, True)
    path.write_text("\n".join(lines[1:]))
    assert refused(path).code == "file.no_cityjson_header"


def test_pipes_loops_and_leftovers_end_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.geojson")
    assert refused(tmp_path / "pipe.geojson").code == "file.not_a_file"
    assert refused(tmp_path / "pipe.geojson", "terrain").code == "file.not_a_file"
    (tmp_path / "loop.gpkg").symlink_to(tmp_path / "loop.gpkg")
    assert refused(tmp_path / "loop.gpkg").code == "file.unreadable"
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "gone.shp").symlink_to(tmp_path / "nowhere.shp")
    (folder / "self").symlink_to(folder)
    assert refused(folder).code == "file.nothing_inside"
    (tmp_path / "empty.gdb").mkdir()
    assert refused(tmp_path / "empty.gdb").code == "file.nothing_inside"
    saved(tmp_path / "t.tab", [house(0)]).with_suffix(".dat").unlink()
    assert refused(tmp_path / "t.tab").code == "file.companions_missing"


def test_a_layer_of_which_nothing_says_where_it_is_gives_the_reasons(tmp_path: Path) -> None:
    path = saved(tmp_path / "none.gpkg", [None, None, Point()])
    error = refused(path, "features")
    assert error.code == "import.nothing_kept"
    assert error.facts["why"] == {"no_geometry": 3}


def test_choices_that_make_no_sense_are_refused_before_reading(tmp_path: Path) -> None:
    with pytest.raises(CityError, match="more than 0"):
        ImportOptions(resolution=-5.0)
    with pytest.raises(CityError, match="no text encoding"):
        ImportOptions(encoding="klingon")


def test_drawings_in_an_archive_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "图纸.zip", "w") as archive:
        archive.writestr("总图.dwg", b"AC1027" + bytes(100))
    error = refused(tmp_path / "图纸.zip")
    assert (error.code, error.facts["what"]) == ("file.not_for_layers", "dwg")


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf"), 1e308])
@pytest.mark.parametrize("kind", ["buildings", "roads", "features"])
def test_numbers_that_are_none_cost_their_feature_alone(
    tmp_path: Path, bad: float, kind: str
) -> None:
    x, y = shapely.get_coordinates(house(40)).T
    x[2] = bad
    broken: list[Any] = [Polygon(np.column_stack([x, y])), shapely.LineString([(x[2], 1), (5, 6)])]
    good: list[Any] = [house(0), shapely.LineString([(EAST, NORTH), (EAST + 9, NORTH)])]
    path = saved(tmp_path / "h.gpkg", [*broken, *good])
    report = taken(path, kind)
    assert report.kept == {"buildings": 1, "roads": 2, "features": 2}[kind]
    assert report.extent is not None
    assert report.extent[2] - report.extent[0] <= 12

from __future__ import annotations

from pathlib import Path

import openpyxl
import pyarrow as pa
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import CityError
from layers.files.point_columns import coordinate_numbers, places
from layers.files.points_csv import typed_column
from layers.files.raw import RawLayer
from layers.files.vector import list_layers, preview, read_layers


def read(tmp_path: Path, text: str, encoding: str = "utf-8", name: str = "t.csv") -> RawLayer:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return read_layers(path)[0]


def coords(layer: RawLayer) -> list[list[float]]:
    found: list[list[float]] = shapely.get_coordinates(layer.geometry).tolist()
    return found


def keys(layer: RawLayer) -> list[str]:
    return [note.key for note in layer.notes]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("名称,经度,纬度", "楼,121.5,31.2"),
        ("name;lat;lon", "a;31.2;121.5"),
        ("name\tLongitude\tLatitude", "a\t121.5\t31.2"),
        ("name|lng|lat", "a|121.5|31.2"),
        ("name;经度;纬度", "a;121,5;31,2"),
        ("name,lon,lat", "a,121°30′E,31°12′N"),
        ("name,lon,lat", "a,31.2,121.5"),
        ("name,location", 'a,"121.5,31.2"'),
        ("name,经纬度", 'a,"121.5 31.2"'),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-8-sig", "utf-16"])
def test_longitude_and_latitude_are_found_by_their_names(
    tmp_path: Path, header: str, row: str, encoding: str
) -> None:
    encoding = "gb18030" if encoding == "gbk" else encoding
    layer = read(tmp_path, f"{header}\n{row}\n{row}\n", encoding)
    assert layer.crs == "EPSG:4326"
    assert coords(layer) == [[121.5, 31.2]] * 2
    assert "lonlat_columns" in keys(layer)


def test_survey_coordinates_with_x_to_the_north_are_turned_and_told(tmp_path: Path) -> None:
    layer = read(tmp_path, "点号,X坐标(m),Y坐标(m),高程\n1,3380000.1,500123.4,12.5\n", "gbk")
    assert coords(layer) == [[500123.4, 3380000.1]]
    assert layer.crs is None
    assert "survey_order" in keys(layer)
    assert layer.attributes.column_names == ["点号", "X坐标(m)", "Y坐标(m)", "高程"]


def test_a_file_of_points_without_a_header_is_understood(tmp_path: Path) -> None:
    layer = read(
        tmp_path, "1,,500123.4,3380000.1,12.5\n2,JMD,500223.4,3380100.1,12.6\n", name="t.dat"
    )
    assert coords(layer) == [[500123.4, 3380000.1], [500223.4, 3380100.1]]
    assert "no_header" in keys(layer)
    blanks = read(tmp_path, "500123.4 3380000.1 12.5\n500223.4 3380100.1 12.6\n", name="t.xyz")
    assert coords(blanks) == coords(layer)


def test_rows_without_coordinates_stay_and_unreadable_ones_are_named(tmp_path: Path) -> None:
    layer = read(tmp_path, "a,x,y\n1,10.5,20.5\n2,,\n3,?,20\n4,11.5,21.5,extra\n5,12.5,22.5\n")
    assert len(layer) == 5
    assert layer.unreadable == {"coordinates_unreadable": ["3"]}
    assert shapely.is_missing(layer.geometry).tolist() == [False, True, True, False, False]
    assert "ragged_rows" in keys(layer)


def test_well_known_text_and_its_system_are_read(tmp_path: Path) -> None:
    layer = read(
        tmp_path,
        'id;wkt\n1;"SRID=4547;POLYGON((0 0,1 0,1 1,0 0))"\n2;POINT(1 2)\n3;nonsense\n',
    )
    assert [g and g.geom_type for g in layer.geometry] == ["Polygon", "Point", None]
    assert layer.crs == "EPSG:4547"
    assert layer.attributes.column_names == ["id"]
    assert layer.unreadable == {"coordinates_unreadable": ["3"]}
    hexed = shapely.to_wkb(shapely.Point(1, 2), hex=True)
    assert coords(read(tmp_path, f"id,geometry\n1,{hexed}\n")) == [[1.0, 2.0]]


def test_shifted_map_service_coordinates_are_told(tmp_path: Path) -> None:
    assert "shifted_coordinates" in keys(read(tmp_path, "n,lng_gcj02,lat_gcj02\na,121.5,31.2\n"))


def test_a_table_without_places_names_its_columns(tmp_path: Path) -> None:
    with pytest.raises(CityError) as caught:
        read(tmp_path, "price,colour\n1,red\n")
    assert caught.value.code == "file.no_coordinates"
    assert caught.value.facts["columns"] == "price, colour"
    assert list_layers(tmp_path / "t.csv")[0].geometry == "none"


def test_sheets_of_a_workbook_are_layers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "设施"
    for row in (
        ["名称", "经度", "纬度"],
        ["站", 121.5, 31.2],
        [None, None, None],
        ["b", 121.6, 31],
    ):
        first.append(row)
    book.create_sheet("说明").append(["text", "only"])
    book.save(tmp_path / "t.xlsx")
    layer = read_layers(tmp_path / "t.xlsx")[0]
    assert layer.name == "设施"
    assert coords(layer) == [[121.5, 31.2], [121.6, 31.0]]
    assert layer.attributes.column("名称").to_pylist() == ["站", "b"]
    assert [info.geometry for info in list_layers(tmp_path / "t.xlsx")] == ["point", "none"]


def test_a_lone_dbf_table_gives_points(tmp_path: Path) -> None:
    frame = {
        "名称": pa.array(["楼房", "医院"]),
        "x": pa.array([1.5, 2.5]),
        "y": pa.array([3.5, 4.5]),
    }
    pyogrio.write_arrow(
        pa.table(frame), tmp_path / "t.dbf", driver="ESRI Shapefile", encoding="GBK"
    )
    (tmp_path / "t.cpg").unlink(missing_ok=True)
    layer = read_layers(tmp_path / "t.dbf")[0]
    assert coords(layer) == [[1.5, 3.5], [2.5, 4.5]]
    assert layer.attributes.column("名称").to_pylist() == ["楼房", "医院"]


def test_preview_of_a_long_table_is_short(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("x,y\n" + "1.5,2.5\n" * 5000)
    assert len(preview(path, rows=20)) == 20
    assert list_layers(path)[0].count == 5000


def test_plain_numbers_become_numbers_and_codes_stay_text() -> None:
    assert typed_column(["1", "", "-3"]).type == pa.int64()
    assert typed_column(["1", "2.50"]).type == pa.float64()
    assert typed_column(["007", "1"]).type == pa.string()
    assert typed_column(["310101199001011234567"]).type == pa.string()
    assert typed_column(["2020-01-01"]).to_pylist() == ["2020-01-01"]
    assert typed_column(["-9999"]).to_pylist() == [-9999]


@given(st.floats(-180, 180, allow_subnormal=False))
@settings(max_examples=50, deadline=None)
def test_degrees_written_with_minutes_and_seconds_come_back(value: float) -> None:
    size = abs(value)
    degrees, minutes = int(size), int(size % 1 * 60)
    seconds = (size - degrees - minutes / 60) * 3600
    text = f"{degrees}°{minutes}′{max(seconds, 0):.6f}″{'W' if value < 0 else 'E'}"
    read_back, bad = coordinate_numbers(pa.chunked_array([[text]]))
    assert not bad.any()
    assert abs(read_back[0] - value) < 1e-7


def test_columns_without_places_give_nothing() -> None:
    assert places(pa.table({"a": [1], "b": ["x"]})) is None


@pytest.mark.shared
def test_the_medical_places_of_shanghai_are_points(shared_data: Path) -> None:
    path = (
        shared_data / "cn-gbk-districts-poi" / "data-sample" / "上海poi" / "shanghai_hospital.csv"
    )
    layer = read_layers(path)[0]
    assert (len(layer), layer.crs) == (7513, "EPSG:4326")
    assert not shapely.is_missing(layer.geometry).any()
    west, south, east, north = shapely.total_bounds(layer.geometry)
    assert 120 < west < east < 123
    assert 30 < south < north < 32


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("Name;Länge;Breite", "latin-1"),
        ("nombre;longitud;latitud", "utf-8"),
        ("名称;経度;緯度", "shift_jis"),
        ("이름;경도;위도", "euc-kr"),
        ("имя;долгота;широта", "cp1251"),
        ("名称;经度;纬度", "utf-16-le"),
        ("名称;经度;纬度", "utf-16-be"),
    ],
)
def test_names_of_other_languages_and_encodings_are_known(
    tmp_path: Path, header: str, encoding: str
) -> None:
    layer = read(tmp_path, f"{header}\r\na;11,5;48,2\r\nb;11,6;48,3\r\n", encoding)
    assert coords(layer) == [[11.5, 48.2], [11.6, 48.3]]
    assert layer.attributes.column_names == header.split(";")


def test_decimal_commas_between_blanks_are_numbers(tmp_path: Path) -> None:
    layer = read(tmp_path, "500000,5 3380000,5 23,1\n500010,5 3380000,5 23,2\n", name="p.xyz")
    assert coords(layer) == [[500000.5, 3380000.5], [500010.5, 3380000.5]]

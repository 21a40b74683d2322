from __future__ import annotations

import shutil
from pathlib import Path

import geopandas
import pytest
import shapely

from layers.errors import CityError
from layers.files.vector import list_layers, preview, read_layers

NAMES = ["滨江壹号", "第一人民医院", "高新区管委会大楼", None]


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A shapefile in GBK without a .cpg, its fields in Chinese."""
    return write(tmp_path / "建筑.shp")


def write(path: Path, encoding: str = "GBK") -> Path:
    frame = geopandas.GeoDataFrame(
        {"名称": NAMES, "高度": [12.5, None, 60.0, 3.0], "层数": [4, 20, 18, 1]},
        geometry=[shapely.box(i, 0, i + 1, 1) for i in range(4)],
        crs="EPSG:4547",
    )
    frame.to_file(path, encoding=encoding)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    return path


def test_chinese_fields_and_texts_are_read_without_a_cpg(written: Path) -> None:
    layer = read_layers(written)[0]
    assert layer.encoding == "GBK"
    assert layer.attributes.column_names == ["名称", "高度", "层数"]
    assert layer.attributes.column("名称").to_pylist() == NAMES
    assert layer.attributes.column("高度").to_pylist() == [12.5, None, 60.0, 3.0]
    assert layer.crs == "EPSG:4547"
    assert [note.key for note in layer.notes] == ["encoding_guessed"]


@pytest.mark.parametrize("encoding", ["UTF-8", "BIG5"])
def test_other_encodings_are_found_as_well(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.shp"
    geopandas.GeoDataFrame(
        {"name": ["道路用地", "學校用地", "住宅區"]}, geometry=[shapely.Point(0, 0)] * 3
    ).to_file(path, encoding=encoding)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    layer = read_layers(path)[0]
    assert layer.attributes.column("name").to_pylist() == ["道路用地", "學校用地", "住宅區"]


def test_a_wrong_cpg_is_overruled_by_the_bytes_and_told(written: Path) -> None:
    written.with_suffix(".cpg").write_text("UTF-8")
    layer = read_layers(written)[0]
    assert layer.attributes.column("名称").to_pylist() == NAMES
    assert [note.key for note in layer.notes] == ["encoding_contradicts"]


def test_the_user_decides_on_the_encoding(written: Path) -> None:
    assert read_layers(written, encoding="ISO-8859-1")[0].encoding == "ISO-8859-1"
    with pytest.raises(CityError, match="no text encoding"):
        read_layers(written, encoding="klingon")


def test_a_name_cut_in_the_middle_of_a_sign_loses_only_that_sign(written: Path) -> None:
    table = written.with_suffix(".dbf")
    data = table.read_bytes()
    whole = "高新区管委会大楼".encode("gbk")
    table.write_bytes(data.replace(whole, whole[:-1] + b" "))
    names = read_layers(written)[0].attributes.column("名称").to_pylist()
    assert names[2].startswith("高新区管委会大")


@pytest.mark.parametrize(
    ("missing", "note"), [("shx", "shx_missing"), ("prj", "prj_missing"), ("dbf", "dbf_missing")]
)
def test_a_missing_companion_is_told_and_its_folder_left_alone(
    written: Path, missing: str, note: str
) -> None:
    written.with_suffix(f".{missing}").unlink()
    before = sorted(p.name for p in written.parent.iterdir())
    layer = read_layers(written)[0]
    assert len(layer) == 4
    assert not shapely.is_missing(layer.geometry).any()
    assert note in [n.key for n in layer.notes]
    assert sorted(p.name for p in written.parent.iterdir()) == before


def test_a_companion_without_its_shp_says_what_to_copy(written: Path) -> None:
    written.unlink()
    with pytest.raises(CityError) as caught:
        read_layers(written.with_suffix(".shx"))
    assert caught.value.code in {"file.unknown", "file.no_shp", "file.damaged"}


@pytest.mark.parametrize("suffix", [".shp", ".dbf"])
def test_a_file_that_was_cut_off_is_refused(written: Path, suffix: str) -> None:
    part = written.with_suffix(suffix)
    part.write_bytes(part.read_bytes()[:-120])
    with pytest.raises(CityError, match="cut off") as caught:
        read_layers(written)
    assert caught.value.code == "file.shorter"


def test_listing_and_preview_tell_the_same_as_reading(written: Path) -> None:
    info = list_layers(written)[0]
    assert (info.name, info.geometry, info.count, info.crs) == ("建筑", "polygon", 4, "EPSG:4547")
    assert [name for name, _ in info.fields] == ["名称", "高度", "层数"]
    assert info.encoding == "GBK"
    assert len(preview(written, rows=2)) == 2


def test_upper_case_suffixes_are_found(written: Path) -> None:
    for suffix in ("shp", "shx", "dbf", "prj"):
        shutil.move(written.with_suffix(f".{suffix}"), written.with_suffix(f".{suffix.upper()}"))
    assert len(read_layers(written.with_suffix(".SHP"))[0]) == 4


@pytest.mark.shared
def test_the_districts_of_shanghai_and_chongqing_are_read_in_chinese(shared_data: Path) -> None:
    folder = shared_data / "cn-gbk-districts-poi" / "shapefile"
    layers = {layer.name: layer for layer in read_layers(folder)}
    assert {name: len(layer) for name, layer in layers.items()} == {
        "区县界_area": 38, "metroline2": 2, "shanghai_shp/区县界_area": 17, "sz": 10,
    }  # fmt: skip
    assert "奉节县" in layers["区县界_area"].attributes.column("NAME").to_pylist()
    assert "prj_missing" in [note.key for note in layers["sz"].notes]

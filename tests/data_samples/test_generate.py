"""What `generate` writes, in which formats, and that it writes the same twice."""

from __future__ import annotations

from pathlib import Path

import ezdxf.filemanagement
import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
import shapely
from ezdxf.entities.lwpolyline import LWPolyline

import data_samples
from tests.data_samples.conftest import Sample

KINDS = {
    "terrain", "imagery", "buildings", "districts", "roads", "rail", "places", "water", "greenery",
    "trees", "control-lines", "pipes",
}  # fmt: skip
VECTOR = [
    ("buildings", ""), ("districts", "districts"), ("roads", "roads"), ("rail", "rail"),
    ("places", "stations"), ("places", ""), ("water", ""), ("greenery", ""), ("control-lines", ""),
    ("control-lines", "control_lines"), ("control-lines", "control_areas"),
]  # fmt: skip


def test_every_kind_is_written_and_told(sample: Sample) -> None:
    assert {file.kind for file in sample.files} == KINDS
    for file in sample.files:
        assert file.path.stat().st_size > 1000
        assert file.title_en
        assert file.title_zh


def test_progress_is_told_from_none_to_all(sample: Sample) -> None:
    done = [step[0] for step in sample.steps]
    assert done == sorted(done)
    assert sample.steps[0][0] == 0
    assert sample.steps[-1][0] == sample.steps[-1][1]


def test_an_exception_of_the_progress_stops_the_work(tmp_path: Path) -> None:
    def refuse(_done: int, _total: int, _text: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        data_samples.generate(tmp_path / "new" / "folder", refuse)
    assert list((tmp_path / "new" / "folder").iterdir()) == []


@pytest.mark.parametrize(("kind", "layer"), VECTOR)
def test_two_runs_give_the_same_features(sample: Sample, kind: str, layer: str) -> None:
    first, second = sample.read(kind, layer), sample.read(kind, layer, again=True)
    assert len(first) > 0
    pd.testing.assert_frame_equal(
        pd.DataFrame(first.drop(columns="geometry")), pd.DataFrame(second.drop(columns="geometry"))
    )
    same = shapely.equals_exact(np.asarray(first.geometry), np.asarray(second.geometry), 0.0)
    assert same.all()


def test_two_runs_give_the_same_rasters_and_trees(sample: Sample) -> None:
    for kind in ("terrain", "imagery"):
        with (
            rasterio.open(sample.path(kind)) as one,
            rasterio.open(sample.again.of_kind(kind)[0].path) as two,
        ):
            np.testing.assert_array_equal(one.read(1), two.read(1))
    one, two = (
        files.of_kind("trees")[0].path.read_bytes() for files in (sample.files, sample.again)
    )
    assert one == two


def test_layers_that_state_a_reference_system_state_the_right_one(sample: Sample) -> None:
    for kind, layer in VECTOR:
        file = next(f for f in sample.files if f.kind == kind and f.layer == layer)
        crs = pyogrio.read_info(file.path, layer=layer or None)["crs"]
        if file.states_crs:
            assert gpd.GeoSeries([], crs=crs).crs == gpd.GeoSeries([], crs=file.crs).crs
        else:
            assert crs is None


def test_the_buildings_tell_their_encoding_only_in_the_dbf(sample: Sample) -> None:
    path = sample.path("buildings")
    assert not path.with_suffix(".cpg").exists()
    dbf = path.with_suffix(".dbf").read_bytes()
    assert dbf[29] == 0x4D
    assert "滨江".encode("gbk") in dbf
    assert "用途".encode("gbk") in dbf
    assert path.name == "建筑.shp"


def test_the_green_areas_have_a_code_page_file(sample: Sample) -> None:
    path = sample.path("greenery")
    assert path.with_suffix(".cpg").read_text() == "UTF-8"
    assert "公园".encode() in path.with_suffix(".dbf").read_bytes()


def test_the_drawing_has_a_layer_for_each_of_the_six_lines(sample: Sample) -> None:
    drawing = ezdxf.filemanagement.readfile(sample.files.of_kind("control-lines")[0].path)
    assert drawing.dxfversion == "AC1024"
    lines = drawing.modelspace().query("LWPOLYLINE")
    by_layer: dict[str, set[bool]] = {}
    for line in lines:
        assert isinstance(line, LWPolyline)
        by_layer.setdefault(line.dxf.layer, set()).add(line.closed)
        facts = [str(tag.value).split("=")[0] for tag in line.get_xdata("CITYPLAN")]
        assert facts == ["name", "width", "setback", "issued_by", "document"]
    assert set(by_layer) == {
        "通信控制线", "道路红线", "轨道控制线", "河湖蓝线", "绿地绿线", "电力控制线",
    }  # fmt: skip
    assert all(forms == {True, False} for forms in by_layer.values())


def test_control_lines_carry_width_setback_and_document(sample: Sample) -> None:
    classes = {"communication", "road", "rail", "river", "green", "power"}
    for layer in ("control_lines", "control_areas"):
        table = sample.read("control-lines", layer)
        assert set(table["class"]) == classes
        assert table["document"].str.contains("号").all()
        assert (table["width_m"] >= 0).all()
        assert (table["setback_m"] >= 0).all()
        assert table.geometry.is_valid.all()


def test_geojson_lies_where_the_district_lies(sample: Sample) -> None:
    for kind in ("water", "places"):
        west, south, east, north = sample.read(kind).total_bounds
        assert 114.07 < west < east < 114.13
        assert 30.51 < south < north < 30.56


def test_trees_are_some_ten_thousand_points_with_species(sample: Sample) -> None:
    table = pd.read_csv(sample.path("trees"), encoding="utf-8-sig")
    assert 20_000 < len(table) < 60_000
    assert list(table.columns) == [
        "x", "y", "species", "species_en", "height_m", "crown_m", "place",
    ]  # fmt: skip
    assert table["height_m"].between(2.5, 26).all()
    assert table["crown_m"].between(1.5, 10).all()
    assert table["species"].nunique() >= 8
    assert (table["place"] == "行道树").sum() > 5000

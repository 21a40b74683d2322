from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from ezdxf import units
from ezdxf.filemanagement import new

from layers.errors import CityError
from layers.files.cad import read_header
from layers.files.raw import RawLayer
from layers.files.vector import list_layers, preview, read_layers


def drawing(version: str = "R2010", code_page: str = "") -> Any:
    document = new(version)
    if version != "R12":
        document.units = units.M
    if code_page:
        document.header["$DWGCODEPAGE"] = code_page
        document.encoding = "gbk"
    document.layers.add("建筑红线", color=1)
    document.layers.add("隐藏", color=5).off()
    return document


def saved(document: Any, path: Path, fmt: str = "asc") -> RawLayer:
    document.saveas(path, fmt=fmt)
    return read_layers(path)[0]


def keys(layer: RawLayer) -> list[str]:
    return [note.key for note in layer.notes]


@pytest.mark.parametrize(
    ("version", "code_page", "shown"),
    [("R2010", "", "UTF-8"), ("R2000", "ANSI_936", "GBK"), ("R12", "ANSI_936", "GBK")],
)
def test_layers_colours_and_texts_are_kept(
    tmp_path: Path, version: str, code_page: str, shown: str
) -> None:
    document = drawing(version, code_page)
    space = document.modelspace()
    space.add_polyline2d([(0, 0), (9, 0), (9, 9)], close=True, dxfattribs={"layer": "建筑红线"})
    space.add_text("砼5层", height=2, rotation=30).set_placement((5, 5))
    layer = saved(document, tmp_path / "t.dxf")
    assert layer.encoding == shown
    assert layer.crs is None
    rows = layer.attributes.to_pylist()
    assert (rows[0]["Layer"], rows[0]["Colour"]) == ("建筑红线", "#ff0000")
    assert (rows[1]["Text"], rows[1]["TextHeight"]) == ("砼5层", 2.0)
    assert rows[1]["TextAngle"] == pytest.approx(30)
    assert shapely.is_closed(layer.geometry[0])
    assert layer.ids.tolist() == [row["EntityHandle"] for row in rows]


def test_gbk_texts_under_a_western_code_page_are_recognised(tmp_path: Path) -> None:
    document = drawing("R2000", "ANSI_936")
    document.modelspace().add_text("规划道路中心线")
    document.saveas(tmp_path / "t.dxf")
    data = (tmp_path / "t.dxf").read_bytes().replace(b"ANSI_936", b"ANSI_1252")
    (tmp_path / "t.dxf").write_bytes(data)
    layer = read_layers(tmp_path / "t.dxf")[0]
    assert layer.attributes.column("Text").to_pylist() == ["规划道路中心线"]
    assert "encoding_guessed" in keys(layer)


def test_arcs_bulges_and_splines_become_fine_lines(tmp_path: Path) -> None:
    document = drawing()
    space = document.modelspace()
    space.add_arc((0, 0), 1000, 0, 90)
    space.add_lwpolyline([(0, 0, 0, 0, 1), (10, 0, 0, 0, 0)])
    space.add_spline([(0, 0), (5, 5), (10, 0)])
    layer = saved(document, tmp_path / "t.dxf")
    assert [g.geom_type for g in layer.geometry] == ["LineString"] * 3
    lengths = shapely.length(layer.geometry)
    assert lengths[0] == pytest.approx(1000 * np.pi / 2, rel=1e-5)
    assert lengths[1] == pytest.approx(5 * np.pi, rel=1e-3)
    assert lengths[2] > 14  # only ezdxf understands a spline that is given by points on it
    assert "entities_left_out" not in keys(layer)


def test_blocks_are_exploded_and_keep_their_attributes(tmp_path: Path) -> None:
    document = drawing()
    block = document.blocks.new("树")
    block.add_line((0, 0), (1, 0))
    insert = document.modelspace().add_blockref("树", (100, 200), dxfattribs={"xscale": 2})
    insert.add_attrib("NAME", "香樟", (100, 200))
    layer = saved(document, tmp_path / "t.dxf")
    line = next(g for g in layer.geometry if g.geom_type != "Point")
    assert shapely.bounds(line).tolist() == [100, 200, 102, 200]
    assert "香樟" in layer.attributes.column("Text").to_pylist()


def test_hatches_and_faces_are_polygons(tmp_path: Path) -> None:
    document = drawing()
    space = document.modelspace()
    hatch = space.add_hatch()
    hatch.paths.add_polyline_path([(0, 0), (9, 0), (9, 9), (0, 9)])
    hatch.paths.add_polyline_path([(3, 3), (4, 3), (4, 4), (3, 4)], flags=16)
    space.add_3dface([(0, 0, 1), (1, 0, 1), (1, 1, 2), (0, 1, 2)])
    layer = saved(document, tmp_path / "t.dxf")
    assert shapely.area(layer.geometry).tolist() == [80.0, 1.0]


def test_paper_space_is_left_and_hidden_layers_are_told(tmp_path: Path) -> None:
    document = drawing()
    document.modelspace().add_line((0, 0), (1, 1), dxfattribs={"layer": "隐藏"})
    document.paperspace().add_line((0, 0), (500, 500))
    layer = saved(document, tmp_path / "t.dxf")
    assert len(layer) == 1
    assert layer.attributes.column("Visible").to_pylist() == [False]
    assert "hidden_entities" in keys(layer)


def test_units_are_told_and_coordinates_left_alone(tmp_path: Path) -> None:
    document = drawing()
    document.units = units.MM
    document.modelspace().add_line((0, 0), (1000, 0))
    layer = saved(document, tmp_path / "t.dxf")
    assert shapely.length(layer.geometry).tolist() == [1000.0]
    told = next(note for note in layer.notes if note.key == "drawing_units")
    assert told.facts == {"units": "mm"}


def test_one_cad_layer_can_be_chosen(tmp_path: Path) -> None:
    document = drawing("R12", "ANSI_936")
    document.modelspace().add_line((0, 0), (1, 1), dxfattribs={"layer": "建筑红线"})
    document.modelspace().add_line((0, 0), (2, 2))
    document.saveas(tmp_path / "t.dxf")
    names = [info.name for info in list_layers(tmp_path / "t.dxf")]
    assert names[0] == "entities"
    assert "建筑红线" in names
    chosen = read_layers(tmp_path / "t.dxf", layers=["建筑红线"])
    assert [len(layer) for layer in chosen] == [1]
    assert len(preview(tmp_path / "t.dxf", rows=1)) == 1


def test_entities_that_nobody_reads_are_counted(tmp_path: Path) -> None:
    document = drawing()
    document.modelspace().add_line((0, 0), (1, 1))
    document.modelspace().add_ray((0, 0), (1, 1))
    document.modelspace().add_xline((0, 0), (1, 1))
    layer = saved(document, tmp_path / "t.dxf")
    told = next(note for note in layer.notes if note.key == "entities_left_out")
    assert told.facts["count"] == 2


def test_a_binary_drawing_is_read(tmp_path: Path) -> None:
    document = drawing()
    document.modelspace().add_line((0, 0), (3, 4))
    layer = saved(document, tmp_path / "t.dxf", fmt="bin")
    assert shapely.length(layer.geometry).tolist() == [5.0]


def test_a_drawing_that_was_cut_off_is_refused_or_told(tmp_path: Path) -> None:
    document = drawing()
    for number in range(50):
        document.modelspace().add_line((0, 0), (number, 1))
    document.saveas(tmp_path / "t.dxf")
    data = (tmp_path / "t.dxf").read_bytes()
    (tmp_path / "t.dxf").write_bytes(data[: data.rindex(b"EOF")])
    assert "no_end_mark" in keys(read_layers(tmp_path / "t.dxf")[0])
    assert not read_header(tmp_path / "t.dxf").whole
    (tmp_path / "t.dxf").write_bytes(data[: len(data) // 4])
    with pytest.raises(CityError) as caught:
        read_layers(tmp_path / "t.dxf")
    assert caught.value.code == "file.damaged"

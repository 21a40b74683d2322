"""Drawings as files."""

from __future__ import annotations

from pathlib import Path as FilePath

import ezdxf
import numpy as np
import pytest
from PIL import Image

from layers.errors import CityError
from layers.files.plates import svg_of, write_plate
from layers.pipes.plate import Oval, Path, Plate, Stroke, Text

PLATE = Plate(
    100.0, 60.0,
    (
        Path(np.array([(10.0, 10.0), (90.0, 10.0), (90.0, 30.0)]), True, Stroke(0.5), "#ff0000",
             "pipes-gas", ("gas", 7)),
        Path(np.array([(5.0, 5.0), (95.0, 5.0)]), stroke=Stroke(0.25, "#0000ff", (2.0, 1.0))),
        Oval(50.0, 45.0, 4.0, 8.0, fill="#00ffff", layer="pipes-water"),
        Text(20.0, 50.0, "给水 <DN300>", 4.0, turn=90.0),
    ),
    "断面图",
)  # fmt: skip


def test_svg_is_in_millimetres_and_objects_can_be_found(tmp_path: FilePath) -> None:
    write_plate(PLATE, tmp_path / "a.svg")
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert text == svg_of(PLATE)
    assert 'width="100mm" height="60mm" viewBox="0 0 100 60"' in text
    assert 'data-link="gas/7"' in text
    assert "给水 &lt;DN300&gt;" in text
    assert 'points="10.000,50.000 90.000,50.000 90.000,30.000"' in text


def test_a_png_has_its_size_and_its_colours_where_they_belong(tmp_path: FilePath) -> None:
    write_plate(PLATE, tmp_path / "a.png", dots=254.0)
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (1000, 600)
        pixels = np.asarray(picture.convert("RGB"))
    assert tuple(pixels[450, 800]) == (255, 0, 0)
    assert tuple(pixels[150, 500]) == (0, 255, 255)
    assert tuple(pixels[5, 5]) == (255, 255, 255)
    assert (pixels[60:180, 170:230].min(axis=2) < 100).any()  # the letters


def test_a_pdf_has_one_page_of_that_size(tmp_path: FilePath) -> None:
    write_plate(PLATE, tmp_path / "a.pdf")
    data = (tmp_path / "a.pdf").read_bytes()
    assert data.startswith(b"%PDF")
    assert data.count(b"/MediaBox") == 1


def test_a_dxf_keeps_layers_millimetres_dashes_and_chinese(tmp_path: FilePath) -> None:
    write_plate(PLATE, tmp_path / "a.dxf")
    drawing = ezdxf.readfile(tmp_path / "a.dxf")  # type: ignore[attr-defined]  # is there
    assert drawing.audit().errors == []
    assert drawing.units == 4
    space = drawing.modelspace()
    assert {"PIPES_GAS", "PIPES_WATER", "LINES", "TEXTS"} <= {e.dxf.layer for e in space}
    (text,) = space.query("TEXT")
    assert (text.dxf.text, text.dxf.rotation) == ("给水 <DN300>", 90.0)
    outline, line = space.query("LWPOLYLINE")
    assert outline.dxf.flags & 1
    assert line.dxf.linetype.startswith("DASH")
    (oval,) = space.query("ELLIPSE")
    assert tuple(oval.dxf.major_axis)[:2] == (0.0, 8.0)
    assert oval.dxf.ratio == pytest.approx(0.5)
    assert len(space.query("HATCH")) == 2


def test_other_endings_are_refused(tmp_path: FilePath) -> None:
    with pytest.raises(CityError) as error:
        write_plate(PLATE, tmp_path / "a.doc")
    assert error.value.code == "plates.suffix"
    assert list(tmp_path.iterdir()) == []

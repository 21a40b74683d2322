"""Symbols of users: drawings and models are read, made safe, kept, or refused with words."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import trimesh
from PIL import Image

from layers.drills import symbol_edits
from layers.drills.edits import add_plan, drills_layer, drills_of
from layers.drills.plan import Element, Plan, Step
from layers.drills.symbols import UNKNOWN, search, symbol_of
from layers.drills.user_symbols import UserSymbol, added, find, without
from layers.errors import CityError
from layers.files.symbol_import import SIDE, read_symbol
from layers.frame import Frame
from layers.history import History
from layers.kinds.drills import Drills
from layers.project import Project

PUMP = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20">'
    '<circle cx="10" cy="10" r="9" fill="#0050c0"/></svg>'
)


def svg(folder: Path, text: str = PUMP, name: str = "pump.svg") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def glb(folder: Path) -> Path:
    path = folder / "tank.glb"
    trimesh.creation.box((2.0, 3.0, 4.0)).export(path)
    return path


def pixels(symbol: UserSymbol) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.asarray(Image.open(io.BytesIO(symbol.picture.tobytes())))


def test_a_drawing_becomes_a_picture_with_its_colours(tmp_path: Path) -> None:
    made, notes = read_symbol(svg(tmp_path), "抽水车")
    shot = pixels(made)
    assert shot.shape == (SIDE, SIDE, 4)
    assert tuple(shot[SIDE // 2, SIDE // 2]) == (0, 0x50, 0xC0, 255)
    assert shot[2, 2, 3] == 0
    assert (made.name, made.initials, notes) == ("抽水车", "csc", [])


def test_scripts_and_foreign_files_are_left_out_and_told(tmp_path: Path) -> None:
    bad = PUMP.replace(
        "</svg>",
        '<script>alert(1)</script><image href="http://x.example/a.png" width="4" height="4"/>'
        '<rect width="2" height="2" onclick="x()" style="fill:url(http://x.example/b)"/></svg>',
    )
    made, notes = read_symbol(svg(tmp_path, bad))
    assert [note.key for note in notes] == ["symbol_parts_removed"]
    assert notes[0].facts["count"] == 4
    for word in ("script", "example", "onclick"):
        assert word not in made.drawing


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<svg", "symbol.not_svg"),
        ("<html><body/></html>", "symbol.not_svg"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + PUMP, "symbol.not_svg"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>', "symbol.empty"),
        (PUMP.replace('"10" cy', '"900" cy'), "symbol.empty"),
    ],
)
def test_drawings_that_are_none_are_refused_with_a_reason(
    tmp_path: Path, text: str, code: str
) -> None:
    with pytest.raises(CityError) as told:
        read_symbol(svg(tmp_path, text))
    assert told.value.code == code


def test_other_files_and_missing_ones_are_told(tmp_path: Path) -> None:
    for name, code in (("a.pdf", "symbol.format"), ("a.svg", "symbol.missing")):
        with pytest.raises(CityError) as told:
            read_symbol(tmp_path / name)
        assert told.value.code == code


def test_a_model_is_kept_whole_and_seen_from_the_side(tmp_path: Path) -> None:
    made, _ = read_symbol(glb(tmp_path))
    assert made.model is not None
    low, high = made.model.box()
    assert np.allclose(np.sort(high - low), (2.0, 3.0, 4.0), atol=1e-3)
    shot = pixels(made)
    assert shot[SIDE // 2, SIDE // 2, 3] == 255
    assert shot[3, 3, 3] == 0


def test_symbols_get_codes_that_no_plan_names_and_names_of_their_own(tmp_path: Path) -> None:
    read, _ = read_symbol(svg(tmp_path))
    project = Project(Frame("EPSG:4547", (0.0, 0.0)))
    history = History(project)
    step = Step("s", "Step", elements=(Element("symbol", ((0.0, 0.0),), "U00007"),))
    history.run(add_plan(project, Plan(0, "Plan", steps=(step,))))
    history.run(symbol_edits.add_symbol(project, read))
    (kept,) = symbol_edits.symbols_in(project)
    assert kept.code == "U00008"
    assert symbol_of("U00008", "A", symbol_edits.symbols_in(project)) is kept
    assert symbol_of("U00009", "A", symbol_edits.symbols_in(project)) is UNKNOWN
    assert search("pum", symbol_edits.symbols_in(project)) == [kept]
    with pytest.raises(CityError, match="another symbol"):
        symbol_edits.add_symbol(project, read)
    with pytest.raises(CityError, match="needs a name"):
        added((), replace(read, name=" "))
    history.undo()
    assert symbol_edits.symbols_in(project) == ()
    assert len(drills_of(project).plans) == 1
    history.redo()
    history.run(symbol_edits.remove_symbol(project, "pump"))
    assert symbol_edits.symbols_in(project) == ()
    with pytest.raises(CityError):
        find((), "x")
    with pytest.raises(CityError):
        without((kept,), "x")


def test_symbols_come_back_from_their_parts(tmp_path: Path) -> None:
    first, _ = read_symbol(svg(tmp_path))
    second, _ = read_symbol(glb(tmp_path))
    kept = added(added((), first), second)
    back = Drills.unpack(Drills(symbols=kept).pack()).symbols
    assert [one.code for one in back] == ["U00001", "U00002"]
    assert all(np.array_equal(a.picture, b.picture) for a, b in zip(kept, back, strict=True))
    assert back[0].drawing == first.drawing
    assert back[0].model is None
    assert back[1].model is not None
    assert len(back[1].model.triangles) == 12
    assert "symbols" not in Drills().pack().meta


def test_a_project_without_drills_gets_their_layer(tmp_path: Path) -> None:
    read, _ = read_symbol(svg(tmp_path))
    project = Project(Frame("EPSG:4547", (0.0, 0.0)))
    History(project).run(symbol_edits.add_symbol(project, read))
    assert drills_layer(project) is not None

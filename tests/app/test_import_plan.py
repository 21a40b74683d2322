"""What the wizard proposes for files: names, ticks, one coordinate system for a drawing."""

from __future__ import annotations

from pathlib import Path

import pytest
from ezdxf.document import Drawing

from app.import_plan import Entry, find_entries, share_crs
from layers.progress import Silent


@pytest.fixture
def drawing(tmp_path: Path) -> Path:
    """A drawing with a line on each of two layers."""
    document = Drawing.new("R2010")
    space = document.modelspace()
    for north, layer in ((0.0, "道路红线"), (50.0, "绿地绿线")):
        document.layers.add(layer)
        start, end = (509_000.0, 3_379_000.0 + north), (509_400.0, 3_379_000.0 + north)
        space.add_lwpolyline([start, end], dxfattribs={"layer": layer})
    path = tmp_path / "控制线.dxf"
    document.saveas(path)
    return path


def entries_of(path: Path) -> dict[str, Entry]:
    entries, failed = find_entries([path], 3.0, 9.0, Silent())
    assert failed == []
    return {entry.layer: entry for entry in entries}


def test_a_drawing_is_taken_whole_and_its_layers_can_be_ticked_instead(drawing: Path) -> None:
    entries = entries_of(drawing)
    assert [layer for layer, entry in entries.items() if entry.include] == ["entities"]
    assert entries["entities"].name == "控制线"
    assert {"道路红线", "绿地绿线"} <= set(entries)


def test_a_system_chosen_for_one_layer_counts_for_the_whole_file(drawing: Path) -> None:
    entries = entries_of(drawing)
    chosen = entries["entities"]
    assert chosen.needs_crs
    chosen.crs = "EPSG:4547"
    other = Entry(Path("other.dxf"), "entities", "unknown", -1, None, None, "features", "other")
    share_crs(chosen, [*entries.values(), other])
    assert {entry.crs for entry in entries.values()} == {"EPSG:4547"}
    assert other.crs == ""


def test_a_file_that_tells_its_system_keeps_it() -> None:
    told = Entry(Path("a.gpkg"), "b", "polygon", 1, "EPSG:4547", None, "buildings", "b")
    silent = Entry(Path("a.gpkg"), "c", "polygon", 1, None, None, "buildings", "c")
    silent.crs = "EPSG:4549"
    share_crs(silent, [told, silent])
    assert told.crs == ""

"""Control lines are added, reshaped, set off and removed; templates go to a file and back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from app.control_lines import assign, keep_template, proposed, template_for
from layers.errors import CityError
from layers.files.importing import import_file
from layers.files.line_templates import LineTemplate, read_template, write_template
from layers.files.options import ImportOptions
from layers.history import History
from layers.kinds.base import Layer
from layers.kinds.control_lines import lines_of
from layers.planning import line_edits
from layers.project import Project
from layers.shapes import LINE, POLYGON

SQUARE = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]


def test_a_line_and_an_area_are_added_to_an_empty_layer() -> None:
    features = line_edits.no_lines()
    road = line_edits.line_shape([(0, 0, 3.0), (100, 0, 4.0)], closed=False)
    features, (first,) = line_edits.with_line(
        features, road, {"class": "road", "setback_m": 8.0, "document": "No. 1", "extra": "x"}
    )
    park = line_edits.line_shape(SQUARE, closed=True)
    features, (second,) = line_edits.with_line(features, park, {"class": "green", "name": "Park"})
    told = lines_of(features)
    assert (first, second) == (1, 2)
    assert told.classes.tolist() == ["road", "green"]
    assert told.setback[0] == 8.0
    assert features.row(1)["extra"] == "x"
    assert features.shapes.kind.tolist() == [LINE, POLYGON]
    assert features.shapes.z is None


def test_lines_that_are_none_are_refused() -> None:
    for corners, closed in (([(0, 0)], False), ([(0, 0), (0, 0)], False), (SQUARE[:2], True)):
        with pytest.raises(CityError, match="two different places"):
            line_edits.line_shape(corners, closed=closed)
    with pytest.raises(CityError, match="crosses itself"):
        line_edits.line_shape([(0, 0), (10, 10), (10, 0), (0, 30)], closed=True)


def test_offsets_go_to_the_left_of_lines_and_out_of_areas() -> None:
    line = line_edits.line_shape([(0, 0), (100, 0)], closed=False)
    assert line_edits.offset(line, 5.0).coords[:, 1].tolist() == [5.0, 5.0]
    area = line_edits.line_shape(SQUARE, closed=True)
    assert line_edits.offset(area, 2.0).areas()[0] == pytest.approx(14.0**2)
    with pytest.raises(CityError, match="Nothing is left"):
        line_edits.offset(area, -6.0)


def test_a_reshaped_line_keeps_its_words_and_removing_takes_only_its_row() -> None:
    features = line_edits.no_lines()
    for name in "abc":
        shape = line_edits.line_shape(SQUARE, closed=True)
        features, _ = line_edits.with_line(features, shape, {"class": "green", "name": name})
    moved = line_edits.line_shape([(5, 5), (20, 5), (20, 20)], closed=True)
    features = line_edits.reshaped(features, 2, moved)
    assert features.row(2)["name"] == "b"
    assert features.shapes.areas().tolist() == pytest.approx([100.0, 112.5, 100.0])
    features = line_edits.without(features, [1])
    assert features.ids.tolist() == [2, 3]
    assert features.row(3)["name"] == "c"
    assert features.attributes.num_rows == 2


def test_a_template_goes_to_a_file_and_back_and_gives_classes_in_one_step(tmp_path: Path) -> None:
    features = line_edits.no_lines()
    for name in ("A-路", "绿地绿线"):
        shape = line_edits.line_shape(SQUARE, closed=True)
        features, _ = line_edits.with_line(features, shape, {"Layer": name})
    layer = Layer("control-lines", "DXF", features, layer_id="dxf")
    project = Project()
    project.insert_layer(layer)
    plan = proposed(layer, "six-lines", "Layer")
    assert plan.mapping == {"A-路": {"class": ""}, "绿地绿线": {"class": "green"}}
    plan = LineTemplate("six-lines", "Layer", {"A-路": {"class": "road", "setback_m": 5.0}})
    write_template(plan, tmp_path / "t.toml")
    assert read_template(tmp_path / "t.toml") == plan
    history = History(project)
    made = assign(layer, read_template(tmp_path / "t.toml"))
    history.run(made.command)
    assert made.counts == {"road": 1, "green": 1}
    assert layer.style.line_preset == "six-lines"
    assert lines_of(layer.features).setback[0] == 5.0
    history.undo()
    assert layer.data is features


def test_a_template_that_is_wrong_is_told(tmp_path: Path) -> None:
    for text, reason in (
        ("preset = 1", "preset"),
        ("field = 'x'", "preset"),
        ("preset = 'six-lines'\n[layer.a]\ncolour = 'x'", "colour"),
        ("preset = 'six-lines'\n[layer.a]\nclass = 'blue'", "no class"),
        ("preset = ", "cannot|not a template"),
    ):
        (tmp_path / "t.toml").write_text(text, encoding="utf-8")
        with pytest.raises(CityError, match=reason):
            read_template(tmp_path / "t.toml")


def test_a_template_maps_values_and_fields_at_import(tmp_path: Path) -> None:
    table = {
        "LB": ["A1", "B2", "边框"], "TR": ["8.5", "12", ""], "WH": ["1号", "2号", None],
        "geometry": [
            shapely.LineString([(500_000, 3_380_000 + k), (500_090, 3_380_000 + k)])
            for k in range(3)
        ],
    }  # fmt: skip
    path = tmp_path / "lines.gpkg"
    gpd.GeoDataFrame(table, crs="EPSG:4547").to_file(path, engine="pyogrio")
    mapping: dict[str, dict[str, Any]] = {
        "A1": {"class": "road"},
        "B2": {"class": "green", "setback_m": 5.0},
        "边框": {"class": "none"},
    }
    template = LineTemplate("six-lines", "LB", mapping, {"setback_m": "TR", "document": "WH"})
    write_template(template, tmp_path / "t.toml")
    assert read_template(tmp_path / "t.toml") == template
    project = Project()
    options = ImportOptions(kind="control-lines", lines=replace(template, words={"road": "路"}))
    (layer,) = import_file(project, path, options).layers
    told = lines_of(layer.features)
    assert told.classes.tolist() == ["road", "green", ""]
    assert told.setback[:2].tolist() == [8.5, 5.0]  # what the template says goes before
    assert told.document.tolist() == ["1号", "2号", ""]
    assert layer.style.line_preset == "six-lines"
    assert layer.style.colouring is not None
    assert {e.value: e.label for e in layer.style.colouring.entries}["road"] == "路"


def test_a_template_of_another_field_is_told_and_names_decide(tmp_path: Path) -> None:
    table = {
        "Layer": ["道路红线"],
        "geometry": [shapely.LineString([(500_000, 3_380_000), (500_090, 3_380_000)])],
    }
    path = tmp_path / "lines.gpkg"
    gpd.GeoDataFrame(table, crs="EPSG:4547").to_file(path, engine="pyogrio")
    options = ImportOptions(kind="control-lines", lines=LineTemplate("six-lines", "类别"))
    got = import_file(Project(), path, options)
    assert "lines_no_field" in [note.key for note in got.reports[0].messages]
    assert lines_of(got.layers[0].features).classes.tolist() == ["road"]


def test_what_is_written_of_templates_and_fields_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITYSTAGE_CONFIG", str(tmp_path))
    made = template_for("national", "class=LB, setback_m=TR")
    assert (made.preset, made.field, made.fields) == ("national", "LB", {"setback_m": "TR"})
    assert made.words["red"]
    keep_template(made, "Our/lines")
    assert template_for("Our-lines").fields == {"setback_m": "TR"}
    for fields, code in (("TR", "lines.fields"), ("colour=TR", "lines.fields")):
        with pytest.raises(CityError) as wrong:
            template_for("six-lines", fields)
        assert wrong.value.code == code
    with pytest.raises(CityError) as wrong:
        template_for("seven-lines")
    assert wrong.value.code == "lines.preset"

"""Answers are kept, shown stale, asked again, undone, saved, and written as files."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pytest

from layers.analyses import edits, running, table, tables
from layers.analyses.base import Note, Outcome, Reads, asked, asking, params_of
from layers.analyses.choosing import layer_named
from layers.analyses.marks import look_of, place_marks, shape_marks
from layers.content import content_hash
from layers.edits import SetHeight
from layers.errors import CityError
from layers.files.journal import Journal
from layers.files.project_file import load_project, save_project
from layers.frame import Frame
from layers.history import History
from layers.kinds.answers import Answers
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.progress import Progress
from layers.project import Project
from layers.rules import chosen
from layers.shapes import Shapes


@dataclass(frozen=True, slots=True)
class TallParams:
    layer: str = asking("", "layer", kinds=("buildings",))
    limit: float = asking(20.0, "number", unit="m", low=0.0, high=1000.0)
    way: str = asking("top", "choice", choices=("top", "eaves"))
    around: tuple[tuple[float, float], ...] = asking((), "area")


class Tall:
    """Buildings above a height."""

    key: ClassVar[str] = "tall"
    Params: ClassVar[type[TallParams]] = TallParams
    group: ClassVar[str] = "planning"
    columns: ClassVar[dict[str, str]] = {}

    def reads(self, project: Project, params: TallParams) -> Reads:
        layer = layer_named(project, params.layer, "buildings")
        return Reads((layer,), {layer: ("height",)})

    def run(self, project: Project, params: TallParams, progress: Progress) -> Outcome:
        progress.step(0, 1)
        layer = project.layer(layer_named(project, params.layer, "buildings"))
        data = layer.data
        assert isinstance(data, Buildings)
        at = np.flatnonzero(data.height > params.limit)
        middle = data.shapes.centres()[at]
        found = pa.table(
            {
                "layer": [layer.id] * len(at), "object": data.ids[at], "height_m": data.height[at],
                "east": middle[:, 0], "north": middle[:, 1], "level": data.height[at],
                "status": ["fail"] * len(at),
            }
        )  # fmt: skip
        ring = [[0, 0, 5], [10, 0, 5], [10, 10, 5]]
        marks = (
            *place_marks(found, "place"),
            *shape_marks("area", "area", [ring], {"row": [0], "status": ["fail"]}),
        )
        return Outcome(
            found, {"tall_count": len(at)}, marks, "fail" if len(at) else "pass", (Note("made_up"),)
        )


TALL = Tall()


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setitem(table.ANALYSES, "tall", f"{__name__}:TALL")
    made = Project(Frame("EPSG:4547"))
    squares = [[(x, 0.0), (x + 8.0, 0.0), (x + 8.0, 8.0), (x, 8.0)] for x in (0.0, 20.0, 40.0)]
    import shapely

    shapes = Shapes.from_shapely([shapely.Polygon(s) for s in squares])
    data = Buildings.blocks(shapes, np.array([10.0, 30.0, 50.0]))
    made.insert_layer(Layer("buildings", "Houses", data, layer_id="houses"))
    return made


def test_an_answer_tells_what_it_was_asked_and_what_it_read(project: Project) -> None:
    item = running.run(project, "tall", {"limit": "25"}, name="High ones")
    assert item.params == {"layer": "", "limit": 25.0, "way": "top", "around": []}
    assert item.outcome.table.column("object").to_pylist() == [2, 3]
    assert item.outcome.facts == {"tall_count": 2}
    assert set(item.inputs) == {"frame", "ground", "layer:houses"}
    assert item.program.startswith("citystage")


def test_keeping_asking_again_and_removing_are_steps_that_can_be_undone(project: Project) -> None:
    history = History(project)
    history.run(edits.add_answer(project, running.run(project, "tall", name="A")))
    history.run(edits.add_answer(project, running.run(project, "tall", name="A")))
    first, second = edits.answers_of(project).items
    assert (first.id, first.name, second.id, second.name) == (1, "A", 2, "A 2")
    assert (first.shown, second.shown) == (False, True)
    assert not running.is_stale(project, first)
    history.run(SetHeight("houses", 1, 90.0))
    assert running.changed(project, first) == ("layer:houses",)
    history.run(edits.renew_answer(project, running.again(project, first)))
    assert edits.answers_of(project).items[0].outcome.table.num_rows == 3
    assert not running.is_stale(project, edits.answers_of(project).items[0])
    history.undo()
    history.undo()
    assert not running.is_stale(project, edits.answers_of(project).items[0])
    history.run(edits.rename_answer(project, 1, "B"))
    with pytest.raises(CityError, match="same name"):
        edits.rename_answer(project, 1, "A 2")
    history.run(edits.show_answers(project, [1]))
    assert [item.shown for item in edits.answers_of(project).items] == [True, False]
    history.run(edits.note_answer(project, 1, "why"))
    history.run(edits.remove_answers(project, [1, 2]))
    assert len(edits.answers_of(project)) == 0
    while history.undo_label is not None:
        history.undo()
    assert edits.answers_layer(project) is None


def test_what_an_answer_does_not_read_leaves_it_as_it_is(project: Project) -> None:
    item = running.run(project, "tall")
    layer = project.layer("houses")
    assert isinstance(layer.data, Buildings)
    from dataclasses import replace

    layer.data = replace(layer.data, base=layer.data.base + 1.0)
    assert not running.is_stale(project, item)
    project.take_layer("houses")
    assert running.changed(project, item) == ("gone",)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ({"limt": 3}, "analysis.param_unknown"),
        ({"limit": "high"}, "analysis.param_value"),
        ({"limit": -1}, "analysis.param_value"),
        ({"limit": float("nan")}, "analysis.param_value"),
        ({"way": "down"}, "analysis.param_value"),
    ],
)
def test_parameters_that_do_not_fit_are_told(
    project: Project, raw: dict[str, Any], code: str
) -> None:
    with pytest.raises(CityError) as caught:
        running.run(project, "tall", raw)
    assert caught.value.code == code


def test_unknown_analyses_and_missing_layers_are_told(project: Project) -> None:
    with pytest.raises(CityError, match="no analysis 'x'"):
        running.run(project, "x")
    with pytest.raises(CityError, match="no layer of the kind 'pipes'"):
        layer_named(project, "", "pipes")


def test_parameters_go_through_json_and_back(project: Project) -> None:
    params = params_of(TALL, {"around": [[0, 0], [1, 0], [1, 1]]})
    assert params.around == ((0, 0), (1, 0), (1, 1))
    assert asked(TallParams)["limit"].unit == "m"


def _kept(project: Project) -> Answers:
    History(project).run(edits.add_answer(project, running.run(project, "tall", name="高楼")))
    return edits.answers_of(project)


def test_answers_come_back_from_the_project_file_and_the_journal(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITYSTAGE_STATE", str(tmp_path / "state"))
    kept = _kept(project)
    save_project(project, tmp_path / "p.gpkg")
    again = load_project(tmp_path / "p.gpkg")
    back = edits.answers_of(again)
    assert content_hash(back) == content_hash(kept)
    (item,) = back.items
    assert item.outcome.table.equals(kept.items[0].outcome.table)
    assert not running.is_stale(again, item)
    with Journal.open(None) as journal:
        journal.record(project)
        file = journal.file
    found = Journal.recoverable(None)
    assert found is not None
    assert found.file == file
    assert content_hash(edits.answers_of(found.restore())) == content_hash(kept)


def test_answers_are_written_as_tables_and_as_layers(project: Project, tmp_path: Path) -> None:
    (item,) = _kept(project).items
    frame = project.need_frame()
    for suffix in tables.SUFFIXES:
        tables.write_answer(item, tmp_path / f"a{suffix}", frame)
    assert (tmp_path / "a.csv").read_text("utf-8-sig").startswith("layer,object,height_m")
    told = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert told["rows"][0]["object"] == 2
    assert told["facts"] == {"tall_count": 2}
    features = json.loads((tmp_path / "a.geojson").read_text("utf-8"))["features"]
    assert len(features) == 3
    assert features[0]["properties"]["height_m"] == 30.0
    assert -180 <= features[0]["geometry"]["coordinates"][0] <= 180
    with sqlite3.connect(tmp_path / "a.gpkg") as con:
        names = {row[0] for row in con.execute("SELECT table_name FROM gpkg_contents")}
    assert names == {"table", "place_1", "area_2"}
    with pytest.raises(CityError, match="cannot be written"):
        tables.write_answer(item, tmp_path / "a.doc", frame)


def test_tables_for_people_name_layers_and_workbooks_say_what_was_asked(
    project: Project, tmp_path: Path
) -> None:
    from openpyxl import load_workbook

    (item,) = _kept(project).items
    names = {layer.id: layer.name for layer in project.layers}
    for suffix in (".csv", ".xlsx"):
        tables.write_answer(item, tmp_path / f"a{suffix}", project.need_frame(), layers=names)
    first = (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()[1]
    assert first.startswith(names["houses"])
    book = load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["tall", "question"]
    told = {(what, name): value for what, name, value in book["question"].values}
    assert told["params", "limit"] == 20
    assert told["facts", "tall_count"] == 2
    assert told["answer", "analysis"] == "tall"
    assert ("inputs", f"layer:{names['houses']}") in told


def test_marks_take_the_colour_of_their_status_and_stand_at_their_heights(
    project: Project,
) -> None:
    (item,) = _kept(project).items
    look = look_of(item.outcome.marks[0])
    assert look.heights == "absolute"
    assert look.colouring is not None
    assert look.colouring.field == "status"


PACK = """
[pack]
id = "{id}"
standard = "House rule"
title = "House rule"
title_zh = "内部规定"
issued = "2026"

[[rule]]
key = "{key}"
value = 1.0
unit = "m"
sense = "minimum"
source = "made up"
"""


def test_a_rule_pack_about_other_things_leaves_an_answer_as_it_is(
    project: Project, tmp_path: Path
) -> None:
    chosen.use([tmp_path])
    try:
        item = running.run(project, "fire-spacing")
        assert [key for key in item.inputs if key.startswith("rules:")] == ["rules:gb50016-fire"]
        (tmp_path / "a.toml").write_text(PACK.format(id="a", key="gardens.width"), encoding="utf-8")
        assert running.changed(project, item) == ()
        (tmp_path / "b.toml").write_text(PACK.format(id="b", key="fire.spacing"), encoding="utf-8")
        assert running.changed(project, item) == ("rules:b",)
    finally:
        chosen.use([])


def test_an_analysis_sees_only_the_rules_it_says_it_looks_up() -> None:
    whole = chosen.rules().keys()
    with chosen.seeing(("sunlight.", "fire.spacing")):
        some = chosen.rules().keys()
        assert chosen.rules(("pipe-costs",)).keys() == []
    assert some == [k for k in whole if k.startswith(("sunlight.", "fire.spacing"))]
    assert chosen.rules().keys() == whole


def test_a_list_where_one_text_belongs_is_told() -> None:
    with pytest.raises(CityError) as caught:
        params_of(table.analysis_of("pipe-long-section"), {"path": ["WS1", "WS2"]})
    assert caught.value.code == "analysis.param_value"

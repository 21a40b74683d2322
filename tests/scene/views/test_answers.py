"""Marks of answers are drawn, found under the pointer, and told in the legend."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.analyses.edits import add_answer, answers_layer, answers_of, show_answers
from layers.analyses.marks import shape_marks
from layers.frame import Frame
from layers.history import History
from layers.kinds.answers import ROWS, Marks, Outcome, SavedAnalysis
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.shapes import Shapes
from layers.style import Colouring, Entry, Style
from layers.viewpoint import Viewpoint
from scene.answer_legends import answer_legends
from scene.furniture import Words, legend_rows
from scene.stage import Stage
from scene.views.answers import AnswersView
from tests.scene.cities import SOUTH, WEST, shot, staged

SIZE = (400, 300)


def found(name: str, *statuses: str) -> SavedAnalysis:
    """Two squares of 80 m at a height of 20 m."""
    rings = []
    for k in range(len(statuses)):
        west = WEST + 100.0 * k
        rings.append(
            np.array([[west, SOUTH, 20.0], [west + 80, SOUTH, 20.0], [west + 80, SOUTH + 80, 20.0],
                      [west, SOUTH + 80, 20.0]])
        )  # fmt: skip
    rows = list(range(len(statuses)))
    marks = shape_marks("area", "area", rings, {"row": rows, "status": list(statuses)})
    return SavedAnalysis(0, "tall", name, {}, {}, Outcome(pa.table({"row": rows}), marks=marks))


@pytest.fixture
def stage() -> Iterator[Stage]:
    project = Project(Frame("EPSG:4547", (WEST, SOUTH)))
    project.info = replace(project.info, moment="2026-06-21T12:20")
    with staged(project, SIZE) as made:
        History(project).run(add_answer(project, found("A", "fail", "pass")))
        made.build()
        yield made


def view_of(stage: Stage) -> AnswersView:
    layer = answers_layer(stage.project)
    assert layer is not None
    view = stage.views[layer.id]
    assert isinstance(view, AnswersView)
    return view


@pytest.mark.picture
def test_only_the_answers_that_are_shown_are_drawn(stage: Stage) -> None:
    view = view_of(stage)
    assert len(view._parts) == 1
    box = view.bounds()
    assert box is not None
    assert box[4:] == (0.0, 20.0) or box[5] == 20.0
    seen = shot(stage)
    History(stage.project).run(show_answers(stage.project, []))
    assert len(view._parts) == 0
    assert view.bounds() is None
    assert seen.shape == shot(stage).shape


@pytest.mark.picture
def test_another_answer_takes_the_place_and_a_row_is_marked(stage: Stage) -> None:
    History(stage.project).run(add_answer(stage.project, found("B", "warning")))
    view = view_of(stage)
    assert [item.name for item, _ in view._parts.values()] == ["B"]
    view.select(np.array([2 * ROWS]))
    view.hover(2 * ROWS)
    view.hover(None)
    layer = answers_layer(stage.project)
    assert layer is not None
    layer.opacity = 0.5
    layer.visible = False
    assert all(not part.layer.visible for _, part in view._parts.values())


def test_a_legend_names_the_verdicts_that_occur() -> None:
    project = Project(Frame("EPSG:4547"))
    History(project).run(add_answer(project, found("Check", "fail", "pass", "pass")))
    words = Words(statuses={"fail": "fails", "pass": "passes"})
    (legend,) = answer_legends(answers_of(project), words)
    assert legend.title == "Check"
    assert [entry.label for entry in legend.entries] == ["fails", "passes"]


def test_a_legend_names_marks_of_one_colour_and_what_ranges_mean() -> None:
    ring = np.array([[0.0, 0.0], [9.0, 0.0], [9.0, 9.0]])
    seen = shape_marks(
        "seen", "area", [ring], {"row": [0]}, field="", style=Style(colour="#000000", fill=0.5)
    )
    eyes = shape_marks(
        "eyes", "point", [ring[:1]], {"row": [0]}, field="", style=Style(colour="#1a237e")
    )
    project = Project(Frame("EPSG:4547"))
    item = replace(found("View"), outcome=Outcome(pa.table({"a": [1]}), marks=(*seen, *eyes)))
    History(project).run(add_answer(project, item))
    words = Words(marks={"seen": "Seen ground", "eyes": "Eyes"})
    (legend,) = answer_legends(answers_of(project), words)
    assert legend.title == "View"
    assert [entry.label for entry in legend.entries] == ["Seen ground", "Eyes"]
    assert legend.shapes == ("area", "point")
    assert [entry.colour for entry in legend.entries] == ["#787874", "#1a237e"]
    assert [row.shape for row in legend_rows([legend])[1:]] == ["area", "point"]


def test_a_legend_of_one_line_says_what_it_is() -> None:
    project = Project(Frame("EPSG:4547"))
    History(project).run(add_answer(project, found("Check", "fail")))
    (legend,) = answer_legends(answers_of(project), Words(statuses={"fail": "fails"}))
    assert legend.title == "Check · fails"


@pytest.mark.picture
@pytest.mark.parametrize("look", ["attributes", "white", "night", "blueprint"])
def test_facades_have_the_colours_of_the_legend_in_every_look(look: str) -> None:
    """A block of one value, seen from its shaded side: each pixel is as the legend has it."""
    colouring = Colouring("sun_h", "ranges", (Entry("3-4 h", "#ff8800", low=3.0, high=4.0),))
    shape = Shapes.from_shapely([shapely.box(WEST - 20, SOUTH - 20, WEST + 20, SOUTH + 20)])
    block = Buildings.blocks(shape, [40.0], pa.table({"row": [0], "sun_h": [3.5]}))
    style = Style(colour="#ff8800", colouring=colouring)
    marks = (Marks("sunlight-facades", block, "sun_h", "buildings", style),)
    outcome = Outcome(pa.table({"row": [0]}), marks=marks)
    item = SavedAnalysis(0, "sunlight-facades", "Sun", {}, {}, outcome)
    project = Project(Frame("EPSG:4547", (WEST, SOUTH)))
    project.info = replace(project.info, moment="2026-12-21T15:00", look=look)
    with staged(project, SIZE) as stage:
        History(project).run(add_answer(project, item))
        stage.build()
        stage.viewpoint = Viewpoint.looking_at((WEST, SOUTH, 20.0), 150.0, math.pi, -0.5)
        middle = shot(stage)[SIZE[1] // 2, SIZE[0] // 2, :3]
        assert middle.tolist() == [255, 136, 0]
    legend = answer_legends(answers_of(project), Words())[0]
    assert legend.entries[0].colour == "#ff8800"

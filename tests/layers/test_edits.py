"""Commands change the project and take their change back exactly."""

from __future__ import annotations

from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.edits import (
    AddLayer,
    MoveLayer,
    RemoveLayer,
    SetFrame,
    SetHeight,
    SetInfo,
    SetLook,
    SetViews,
    Together,
    add_measurement,
    remove_measurements,
    remove_view,
    save_view,
)
from layers.errors import CityError
from layers.frame import Frame
from layers.history import Command, History, Label
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import EDITED, Buildings
from layers.kinds.measurements import Measurement, Measurements
from layers.project import Info, Project
from layers.shapes import Shapes
from layers.style import Style
from layers.viewpoint import View, Viewpoint

FRAME = Frame("EPSG:4547", (500_000.0, 3_380_000.0))


def blocks() -> Layer:
    shapes = Shapes.from_shapely([shapely.box(0, 0, 10, 10), shapely.box(20, 0, 30, 10)])
    return Layer("buildings", "Blocks", Buildings.blocks(shapes, [12.0, 30.0]))


def flat(kind: str, name: str) -> Layer:
    return Layer(kind, name, Features.of(Shapes.from_shapely([shapely.box(0, 0, 1, 1)])))


def look(project: Project) -> tuple[Any, ...]:
    """Everything a person could notice."""
    layers = tuple(
        (x.id, x.name, x.visible, x.opacity, x.style, id(x.data)) for x in project.layers
    )
    return (project.frame, project.info, project.views, layers)


@pytest.fixture
def town() -> History:
    project = Project()
    history = History(project)
    history.run(AddLayer(blocks(), frame=FRAME))
    history.run(AddLayer(flat("roads", "Streets")))
    return history


def heights(project: Project) -> list[float]:
    data = project.layer("Blocks").data
    assert isinstance(data, Buildings)
    return [float(v) for v in data.height]


def test_a_new_layer_lies_above_those_of_lower_rank(town: History) -> None:
    town.run(AddLayer(flat("water", "River")))
    assert [layer.name for layer in town.project.layers] == ["River", "Streets", "Blocks"]


def test_undoing_the_first_import_gives_the_frame_back_too(town: History) -> None:
    town.undo()
    town.undo()
    assert town.project.frame is None
    assert town.project.layers == ()
    town.redo()
    assert town.project.frame == FRAME


def test_a_height_is_set_marked_as_edited_and_undone(town: History) -> None:
    layer = town.project.layer("Blocks")
    town.run(SetHeight(layer.id, 1, 44.0))
    data = layer.data
    assert isinstance(data, Buildings)
    assert heights(town.project) == [44.0, 30.0]
    assert data.height_rule[0] == EDITED
    town.undo()
    assert heights(town.project) == [12.0, 30.0]


def test_a_drag_is_one_step(town: History) -> None:
    layer = town.project.layer("Blocks")
    before = len(town.labels)
    with town.gesture():
        for metres in (13.0, 14.0, 15.0):
            town.run(SetHeight(layer.id, 1, metres))
    assert len(town.labels) == before + 1
    assert town.undo_label == Label("edit-set-height", {"building": 1, "metres": 15.0})
    town.undo()
    assert heights(town.project)[0] == 12.0
    town.redo()
    assert heights(town.project)[0] == 15.0


def test_a_wrong_height_changes_nothing_and_is_not_remembered(town: History) -> None:
    before, steps = look(town.project), len(town.labels)
    with pytest.raises(CityError) as told:
        town.run(SetHeight(town.project.layer("Blocks").id, 1, -3.0))
    assert told.value.code == "buildings.height"
    assert (look(town.project), len(town.labels)) == (before, steps)


def test_all_or_none(town: History) -> None:
    before = look(town.project)
    good = SetLook(town.project.layer("Streets").id, "name", "Roads")
    bad = RemoveLayer("no such layer")
    with pytest.raises(CityError, match="no such layer"):
        town.run(Together((good, bad), Label("edit-import")))
    assert look(town.project) == before


def test_views_need_names_of_their_own(town: History) -> None:
    eye = Viewpoint(0.0, 0.0, 100.0)
    town.run(save_view(town.project, View("Bund", eye)))
    town.run(save_view(town.project, View("Bund", Viewpoint(5.0, 0.0, 100.0))))
    assert [v.camera.east for v in town.project.views] == [5.0]
    with pytest.raises(CityError) as told:
        town.run(SetViews((View("a", eye), View("a", eye)), Label("x")))
    assert told.value.code == "view.name"
    town.run(remove_view(town.project, "Bund"))
    town.undo()
    assert town.project.view("Bund").camera.east == 5.0


def test_the_system_of_a_project_with_layers_is_fixed(town: History) -> None:
    with pytest.raises(CityError) as told:
        town.run(SetFrame(Frame("EPSG:4548")))
    assert told.value.code == "project.crs_fixed"


def test_measurements_get_numbers_that_never_come_again(town: History) -> None:
    for name in ("a", "b"):
        town.run(add_measurement(town.project, Measurement(0, "point", name, ((0.0, 0.0, 0.0),))))
    town.run(remove_measurements(town.project, [2]))
    town.run(add_measurement(town.project, Measurement(0, "point", "c", ((0.0, 0.0, 0.0),))))
    data = next(town.project.of_kind("measurements")).data
    assert isinstance(data, Measurements)
    assert [(item.id, item.name) for item in data.items] == [(1, "a"), (3, "c")]


def unsaved(history: History) -> bool:
    return history.unsaved


def test_unsaved_knows_the_way_back_to_what_was_saved(town: History) -> None:
    assert unsaved(town)
    town.mark_saved()
    town.run(SetInfo(Info(title="x")))
    assert unsaved(town)
    town.undo()
    assert not unsaved(town)
    town.undo()
    town.run(SetInfo(Info(title="y")))
    town.undo()
    assert unsaved(town), "what was saved can no longer be reached"


@st.composite
def steps(draw: st.DrawFn) -> list[str]:
    names = ["height", "hide", "rename", "move", "remove", "info", "style", "view", "undo", "redo"]
    return draw(st.lists(st.sampled_from(names), max_size=14))


def make(name: str, project: Project, number: int) -> Command | None:
    layers = project.layers
    if not layers:
        return SetInfo(Info(title=f"t{number}"))
    layer = layers[number % len(layers)]
    if name == "height":
        if isinstance(layer.data, Buildings):
            return SetHeight(layer.id, 1 + number % 2, 5.0 + number)
        return None
    view = View(f"v{number % 3}", Viewpoint(float(number), 0.0, 9.0))
    commands: dict[str, Command] = {
        "hide": SetLook(layer.id, "visible", not layer.visible),
        "rename": SetLook(layer.id, "name", f"n{number}"),
        "move": MoveLayer(layer.id, number % len(layers)),
        "remove": RemoveLayer(layer.id),
        "info": SetInfo(Info(title=f"t{number}")),
        "style": SetLook(layer.id, "style", Style(colour=f"#0000{number:02x}")),
        "view": save_view(project, view),
    }
    return commands[name]


@given(steps())
@settings(max_examples=80, deadline=None)
def test_any_walk_can_be_undone_and_redone_exactly(names: list[str]) -> None:
    project = Project()
    history = History(project)
    history.run(AddLayer(blocks(), frame=FRAME))
    history.run(AddLayer(flat("roads", "Streets")))
    states = [look(project)]
    for number, name in enumerate(names):
        if name == "undo":
            history.undo()
        elif name == "redo":
            history.redo()
        elif command := make(name, project, number):
            history.run(command)
    end = look(project)
    count = len(history.labels)
    for _ in range(count):
        history.undo()
        states.append(look(project))
    assert project.layers == ()
    for _ in range(count):
        history.redo()
    assert [entry[:5] for entry in end[3]] == [entry[:5] for entry in look(project)[3]]
    assert end[:3] == look(project)[:3]

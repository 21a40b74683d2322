"""Undo keeps to its bound of memory, and every step comes back bit for bit all the same."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import condensed as condensing
from layers import condensed_parts, condensed_table
from layers.condensed import Condensed, memory_of_kept
from layers.edits import AddLayer, RemoveLayer, SetData, SetHeight, SetLook, Together
from layers.errors import CityError
from layers.files.project_state import state_of
from layers.frame import Frame
from layers.held_memory import Holding
from layers.history import Command, History, Label
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.kinds.models import models_of
from layers.model_edits import add_model, change_models, link_these, place_more, remove_models
from layers.project import Project
from layers.schemes import captured, project_with
from layers.schemes_commands import copy, demolish, move, set_storeys
from layers.schemes_edits import activate, duplicate, new_scheme, promote, remove_scheme
from layers.schemes_merge import merge
from layers.shapes import Shapes
from tests.layers.test_condensed import exact
from tests.models import EAST, NORTH, layer_of, textured, wedge
from tests.models import project as models_project

FRAME = Frame("EPSG:4547", (500_000.0, 3_380_000.0))
TITLE = Label("edit-test")


@pytest.fixture(scope="module", autouse=True, params=["told", "filed"])
def _whatever_it_saves(request: pytest.FixtureRequest) -> Iterator[None]:
    """Condense layers of a few objects as if they were a million, or lay all of them aside."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(condensing, "LESS", math.inf)
        if request.param == "filed":
            for module in (condensed_parts, condensed_table):
                patch.setattr(module, "WORTH", 0.0)
                patch.setattr(module, "LARGE", 1)
        yield


def blocks(n: int = 6) -> Layer:
    boxes = [shapely.box(30 * i, 0, 30 * i + 20, 15) for i in range(n)]
    table = pa.table({"name": [f"house {i}" for i in range(n)], "storeys": list(range(n))})
    data = Buildings.blocks(Shapes.from_shapely(boxes), np.arange(n) + 10.0, table)
    return Layer("buildings", "Houses", data, layer_id="houses")


def trees() -> Layer:
    points = Shapes.from_shapely([shapely.Point(5.0 * i, 40.0) for i in range(4)])
    return Layer("trees", "Trees", Features.of(points), layer_id="trees")


def town(most: int | None) -> History:
    project = Project(FRAME)
    project.insert_layer(trees())
    project.insert_layer(blocks())
    return History(project, most)


def facts(project: Project) -> Any:
    """Everything that undo must give back, bit for bit."""
    schemes = project.schemes
    return (
        [(layer.id, layer.name, exact(layer.data)) for layer in project.layers],
        [[(held.layer.id, exact(held.data)) for held in city] for city in (schemes.base,
                                                                           schemes.below)],
        schemes.active,
        [(item.name, item.parent, item.status, item.note, item.dropped, item.counts(),
          {key: patch.hash() for key, patch in item.patches.items()},
          [(added.position, exact(added.layer.data)) for added in item.added])
         for item in captured(project).items],
    )  # fmt: skip


def edit(project: Project, name: str, number: int) -> Command | None:
    """Make a command by its name; None where it makes no sense now."""
    layers = {layer.id: layer for layer in project.layers}
    if name == "add":
        return None if "trees" in layers else AddLayer(trees())
    if name in {"look", "remove"}:
        if "trees" not in layers:
            return None
        look = SetLook("trees", "name", f"Trees {number}")
        return look if name == "look" else RemoveLayer("trees")
    data = layers["houses"].data
    assert isinstance(data, Buildings)
    ids = data.ids[[number % len(data)]] if len(data) else data.ids
    if len(ids) == 0:
        return None
    makers: dict[str, Callable[[], Command]] = {
        "move": lambda: move(project, "houses", ids, 1.0 + number, -0.5),
        "demolish": lambda: demolish(project, "houses", ids),
        "copy": lambda: copy(project, "houses", ids, [[0.0, 50.0 + number]])[0],
        "height": lambda: SetHeight("houses", int(ids[0]), 20.0 + number),
        "storeys": lambda: set_storeys(project, "houses", int(ids[0]), 1 + number, "office"),
        "twice": lambda: twice(data, number),
    }
    return makers[name]()


def twice(data: Buildings, number: int) -> Command:
    first = replace(data, base=data.base + 1.0)
    then = first.with_heights(data.ids[:1], [30.0 + number])
    return Together((SetData("houses", first, TITLE), SetData("houses", then, TITLE)), TITLE)


def counted(history: History) -> int:
    """Count anew what the steps keep beside the project."""
    memory: dict[int, int] = {}
    for command in (*history._done, *history._undone):
        if isinstance(command, Holding):
            for kept in command.held():
                memory |= memory_of_kept(kept)
    for content in history.project.contents():
        for address in memory_of_kept(content):
            memory.pop(address, None)
    return sum(memory.values())


class Walk:
    """A history beside all states it went through."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.states = [facts(history.project)]
        self.at = 0
        self.saved: int | None = 0
        self.put: Callable[[], None] | None = None

    def run(self, command: Command | None) -> None:
        if command is None:
            return
        try:
            self.history.run(command)
        except CityError:
            self.check()
            return
        if self.saved is not None and self.saved > self.at:
            self.saved = None
        self.at += 1
        self.states[self.at :] = [facts(self.history.project)]
        self.check()

    def step(self, name: str) -> bool:
        """Do what is no command; says whether it was such."""
        if name == "undo" and self.at:
            self.history.undo()
            self.at -= 1
        elif name == "redo" and self.at + 1 < len(self.states):
            self.history.redo()
            self.at += 1
        elif name == "save":
            self.history.mark_saved()
            self.saved = self.at
        elif name == "begin":  # a thread begins to condense ...
            work = self.history.condensing()
            self.put = None if work is None else work()
        elif name == "end":  # ... and is ready some steps later
            if self.put is not None:
                self.put()
        elif name == "condense":
            self.history.condense()
        elif name not in {"undo", "redo"}:
            return False
        self.check()
        return True

    def check(self) -> None:
        assert facts(self.history.project) == self.states[self.at]
        assert self.history.unsaved == (self.saved != self.at)
        assert self.history.held_bytes() == counted(self.history)

    def to_and_fro(self) -> None:
        """Undo everything and do it again."""
        for name in ("undo", "redo", "undo"):
            for _ in range(len(self.states)):
                self.step(name)
                self.step("condense")


STEPS = ("undo", "redo", "save", "begin", "end", "condense")
EDITS = ("move", "demolish", "copy", "height", "storeys", "twice", "add", "look", "remove")
walks = st.lists(
    st.tuples(st.sampled_from((*EDITS, *STEPS, "undo", "condense")), st.integers(0, 9)),
    max_size=16,
)


@given(walks)
@settings(max_examples=40, deadline=None)
def test_any_walk_with_next_to_no_memory_gives_the_same_states(
    names: list[tuple[str, int]],
) -> None:
    walk = Walk(town(0))
    for name, number in names:
        if not walk.step(name):
            walk.run(edit(walk.history.project, name, number))
    walk.to_and_fro()


def scheme_command(project: Project, name: str, number: int) -> Command | None:
    names = [item.name for item in project.schemes.items]
    some = names[number % len(names)] if names else "existing"
    made: dict[str, Command] = {
        "new": new_scheme(f"S{len(names)}", parent=some if number % 2 else "existing"),
        "activate": activate(some if number % 3 else "existing"),
        "promote": promote(some),
        "duplicate": duplicate(some, f"D{len(names)}"),
        "drop": remove_scheme(some),
        "merge": merge(names[0] if names else "", some, prefer="ours"),
    }
    return made.get(name) or edit(project, name, number)


scheme_walks = st.lists(
    st.tuples(
        st.sampled_from((*STEPS, "undo", "condense", "new", "activate", "activate", "promote",
                         "duplicate", "drop", "merge", "demolish", "copy", "height", "remove",
                         "add")),
        st.integers(0, 9),
    ),
    max_size=14,
)  # fmt: skip


@given(scheme_walks)
@settings(max_examples=30, deadline=None)
def test_any_walk_through_schemes_with_next_to_no_memory_gives_the_same_states(
    names: list[tuple[str, int]],
) -> None:
    walk = Walk(town(0))
    walk.run(new_scheme("A"))
    walk.run(edit(walk.history.project, "demolish", 3))
    for name, number in names:
        if not walk.step(name):
            walk.run(scheme_command(walk.history.project, name, number))
    walk.to_and_fro()


def test_models_come_back_with_their_library_and_links() -> None:
    project = models_project()
    project.insert_layer(blocks())
    models = layer_of(wedge(), textured())
    project.insert_layer(models)
    walk = Walk(History(project, 0))
    for shift in (5.0, 6.0, 7.0):
        walk.run(change_models(project, models.id, [1], shift=(shift, 0.0, 0.0), turn_by=15))
    walk.run(add_model(project, models.id, wedge("another")))
    walk.run(place_more(project, models.id, [(EAST, NORTH, 0.0)], "textured")[0])
    walk.run(link_these(project, models.id, 1, [("houses", 4)]))
    walk.run(remove_models(project, models.id, [1]))
    walk.to_and_fro()
    assert models_of(models).library.keys == ("wedge", "textured")


def large(most: int | None) -> History:
    project = Project(FRAME)
    project.insert_layer(blocks(4_000))
    return History(project, most)


def demolished(history: History, count: int) -> None:
    for number in range(count):
        history.run(demolish(history.project, "houses", [7 * number + 1, 7 * number + 3]))


def test_no_bound_keeps_all_and_a_bound_is_kept() -> None:
    free, bound = large(None), large(1_500_000)
    for history in (free, bound):
        demolished(history, 12)
        history.condense()
    assert free.held_bytes() > 3_000_000
    assert bound.held_bytes() <= 1_500_000
    assert facts(free.project)[0] == facts(bound.project)[0]
    for history in (free, bound):
        for _ in range(12):
            history.undo()
        history.condense()
    assert bound.held_bytes() <= 1_500_000
    assert facts(free.project)[0] == facts(bound.project)[0]


def test_the_newest_step_is_undone_with_the_very_content_there_was() -> None:
    history = large(0)
    demolished(history, 3)
    before = history.project.layer("houses").data
    demolished_again = demolish(history.project, "houses", [100])
    history.run(demolished_again)
    history.condense()
    history.undo()
    assert history.project.layer("houses").data is before


def test_many_small_steps_are_counted_as_they_come() -> None:
    history = town(20_000)
    for number in range(400):
        history.run(SetHeight("houses", 1 + number % 6, 10.0 + number))
        history.condense()
    assert history.held_bytes() == counted(history) <= 20_000 + 400 * 300
    for _ in range(400):
        history.undo()
    assert history.held_bytes() == counted(history)
    data = history.project.layer("houses").data
    assert isinstance(data, Buildings)
    assert data.height.tolist() == [10.0, 11.0, 12.0, 13.0, 14.0, 15.0]


def kinds_held(history: History) -> list[type]:
    return [type(kept) for step in history._done for kept in step.held()]  # type: ignore[attr-defined]  # all do


def test_the_oldest_steps_are_condensed_first() -> None:
    history = large(None)
    demolished(history, 6)
    history.most = history.held_bytes() * 2 // 3
    history.condense()
    kinds = kinds_held(history)
    condensed = [kind is Condensed for kind in kinds]
    assert condensed[0]
    assert not condensed[-1]
    assert condensed == sorted(condensed, reverse=True)


def test_what_was_worked_out_too_late_changes_nothing() -> None:
    history = large(0)
    demolished(history, 3)
    wanted = facts(history.project)
    work = history.condensing()
    assert work is not None
    put = work()
    for _ in range(3):
        history.undo()
    put()
    for _ in range(3):
        history.redo()
    assert facts(history.project) == wanted


def test_a_drag_that_was_condensed_meanwhile_is_one_step_or_stays_exact() -> None:
    history = town(0)
    with history.gesture():
        for metres in (20.0, 30.0, 40.0):
            history.run(SetHeight("houses", 2, metres))
            history.condense()
    assert len(history.labels) == 1
    before = town(0).project.layer("houses").data
    history.undo()
    assert exact(history.project.layer("houses").data) == exact(before)
    history.redo()
    data = history.project.layer("houses").data
    assert isinstance(data, Buildings)
    assert data.height[1] == 40.0


def test_a_scheme_shown_beside_condensed_steps_is_the_same_as_without() -> None:
    cities = []
    for most in (None, 0):
        history = town(most)
        for name in ("A", "B"):
            history.run(new_scheme(name, parent="existing"))
            history.run(edit(history.project, "demolish", ord(name)) or new_scheme("never"))
            history.run(edit(history.project, "copy", ord(name)) or new_scheme("never"))
            history.condense()
        for _ in range(5):
            history.undo()
            history.condense()
        for _ in range(5):
            history.redo()
            history.condense()
        cities.append(
            [
                [(layer.id, exact(layer.data)) for layer in project_with(history.project, n).layers]
                for n in ("A", "B", "existing")
            ]
        )
        assert state_of(history.project).schemes.active == history.project.schemes.active
    assert cities[0] == cities[1]

"""Schemes are branches: what they change is found, put back, merged, and undone exactly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.content import content_hash
from layers.edits import AddLayer, RemoveLayer, SetData, SetHeight, SetLook, add_measurement
from layers.errors import CityError
from layers.frame import Frame
from layers.history import History, Label
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.kinds.measurements import Measurement
from layers.kinds.terrain import Terrain
from layers.project import Project
from layers.schemes import captured, city_of, free_id, project_with, same_objects
from layers.schemes_edits import (
    activate,
    duplicate,
    new_scheme,
    promote,
    rebase,
    remove_scheme,
    set_scheme,
    set_status,
)
from layers.schemes_merge import conflicts, merge
from layers.schemes_patch import difference, packed_patch, patched, unpacked_patch
from layers.schemes_rows import drop, pick, put
from layers.shapes import Shapes

FRAME = Frame("EPSG:4547", (500_000.0, 3_380_000.0))
EDIT = Label("edit-test")


def town(n: int = 6) -> Project:
    boxes = [shapely.box(30 * i, 0, 30 * i + 20, 15) for i in range(n)]
    table = pa.table({"name": [f"house {i}" for i in range(n)], "use": ["home"] * n})
    data = Buildings.blocks(Shapes.from_shapely(boxes), np.arange(n) + 10.0, table)
    project = Project(FRAME)
    project.insert_layer(Layer("buildings", "Houses", data, layer_id="houses"))
    trees = Features.of(Shapes.from_shapely([shapely.Point(5.0 * i, 40.0) for i in range(4)]))
    project.insert_layer(Layer("features", "Trees", trees, layer_id="trees"))
    return project


def houses(project: Project) -> Buildings:
    data = project.layer("houses").data
    assert isinstance(data, Buildings)
    return data


def facts(project: Project) -> dict[str, str]:
    return {layer.id: content_hash(layer.data) for layer in project.layers}


def demolish(project: Project, *ids: int) -> SetData:
    packed = drop(houses(project).pack(), np.array(ids))
    return SetData("houses", Buildings.unpack(packed), EDIT)


def build(project: Project, east: float, height: float = 60.0) -> SetData:
    new = Buildings.blocks(
        Shapes.from_shapely([shapely.box(east, 100, east + 25, 125)]),
        height,
        pa.table({"name": ["tower"], "use": ["office"]}),
    )
    new = replace(new, ids=np.array([free_id(project, "houses")]))
    packed = put(houses(project).pack(), new.pack())
    return SetData("houses", Buildings.unpack(packed), EDIT)


@pytest.fixture
def history() -> History:
    return History(town())


def test_edits_land_in_the_active_scheme_and_the_existing_city_stays(history: History) -> None:
    project = history.project
    before = facts(project)
    data = houses(project)
    history.run(new_scheme("A", author="Lin"))
    history.run(SetHeight("houses", 1, 50.0))
    history.run(demolish(project, 2))
    history.run(build(project, 0.0))
    scheme = captured(project).get("A")
    assert scheme.counts() == {"added": 1, "removed": 1, "changed": 1}
    assert scheme.author == "Lin"
    assert set(scheme.patches) == {"houses"}
    history.run(activate("existing"))
    assert facts(project) == before
    assert houses(project) is data


def test_switching_to_and_fro_gives_identical_data(history: History) -> None:
    project = history.project
    existing = facts(project)
    history.run(new_scheme("A"))
    history.run(SetHeight("houses", 1, 50.0))
    history.run(build(project, 0.0))
    history.run(SetHeight("houses", 7, 80.0))
    a = facts(project)
    history.run(new_scheme("B"))
    assert facts(project) == existing
    history.run(demolish(project, 3, 4))
    b = facts(project)
    for name, wanted in (("A", a), ("B", b), ("existing", existing), ("B", b), ("A", a)):
        history.run(activate(name))
        assert facts(project) == wanted
    assert facts(project_with(project, "existing")) == existing
    assert facts(project_with(project, "B")) == b
    assert project_with(project, "A").schemes.active == project.schemes.active


def test_every_step_is_undone_and_redone_exactly(history: History) -> None:
    project = history.project

    def look() -> tuple[object, ...]:
        schemes = captured(project)
        items = tuple((s.id, s.name, s.status, s.parent, tuple(sorted(s.counts().items())))
                      for s in schemes.items)  # fmt: skip
        return (tuple((x.id, x.name, id(x), id(x.data)) for x in project.layers),
                schemes.active, items)  # fmt: skip

    looks = [look()]
    lawn = Layer("features", "Lawn", Features.of(Shapes.from_shapely([shapely.box(0, 0, 5, 5)])))
    for make in (
        lambda: new_scheme("A"),
        lambda: demolish(project, 2),
        lambda: AddLayer(lawn),
        lambda: SetLook(lawn.id, "name", "Green"),
        lambda: RemoveLayer("trees"),
        lambda: new_scheme("B", parent="A"),
        lambda: build(project, 50.0),
        lambda: activate("existing"),
        lambda: activate("B"),
        lambda: duplicate("B", "C"),
        lambda: set_scheme("C", new_name="D", note="copy"),
        lambda: set_status("D", "archived"),
        lambda: remove_scheme("D"),
        lambda: promote("B"),
    ):
        history.run(make())
        looks.append(look())
    for wanted in reversed(looks[:-1]):
        history.undo()
        assert look() == wanted
    for wanted in looks[1:]:
        history.redo()
        assert look() == wanted


def test_layers_added_and_removed_belong_to_the_scheme(history: History) -> None:
    project = history.project
    lawn = Layer("features", "Lawn", Features.of(Shapes.from_shapely([shapely.box(0, 0, 5, 5)])))
    history.run(new_scheme("A"))
    history.run(AddLayer(lawn))
    history.run(RemoveLayer("trees"))
    history.run(activate("existing"))
    assert [layer.id for layer in project.layers] == ["houses", "trees"]
    history.run(activate("A"))
    assert {layer.name for layer in project.layers} == {"Houses", "Lawn"}


def test_measurements_belong_to_the_project(history: History) -> None:
    project = history.project
    history.run(new_scheme("A"))
    item = Measurement(0, "distance", "m", ((0.0, 0.0, 0.0), (3.0, 4.0, 0.0)))
    history.run(add_measurement(project, item))
    assert captured(project).get("A").empty
    history.run(activate("existing"))
    assert len(list(project.of_kind("measurements"))) == 1


def test_a_child_follows_its_parent(history: History) -> None:
    project = history.project
    history.run(new_scheme("A"))
    history.run(new_scheme("B", parent="A"))
    history.run(build(project, 50.0))
    history.run(activate("A"))
    history.run(build(project, 90.0))
    history.run(SetHeight("houses", 1, 44.0))
    history.run(activate("B"))
    assert len(houses(project)) == 8
    assert len(np.unique(houses(project).ids)) == 8
    assert houses(project).height[0] == 44.0
    assert captured(project).get("B").counts() == {"added": 1, "removed": 0, "changed": 0}


def test_the_existing_city_may_change_below_its_schemes(history: History) -> None:
    project = history.project
    history.run(new_scheme("A"))
    history.run(SetHeight("houses", 2, 90.0))
    history.run(build(project, 0.0))
    history.run(activate("existing"))
    history.run(demolish(project, 1))
    extra = Buildings.blocks(Shapes.from_shapely([shapely.box(0, 200, 9, 209)]), 5.0)
    extra = replace(extra, ids=np.array([7]))  # the number that A's tower has
    history.run(
        SetData("houses", Buildings.unpack(put(houses(project).pack(), extra.pack())), EDIT)
    )
    history.run(activate("A"))
    data = houses(project)
    assert len(data) == 7
    assert sorted(data.height.tolist())[-2:] == [60.0, 90.0]
    assert data.row(int(data.ids[data.height == 60.0][0]))["name"] == "tower"


def test_a_difference_with_itself_is_empty() -> None:
    project = town()
    assert difference(houses(project), houses(project)) is None
    copy = Buildings.unpack(houses(project).pack())
    assert difference(houses(project), copy) is None
    assert same_objects(project, "existing", "")


def test_attributes_count_and_come_back() -> None:
    base = houses(town())
    names = base.attributes.column("name").to_pylist()
    names[2] = "school"
    table = base.attributes.set_column(0, "name", pa.array(names))
    table = table.append_column("owner", pa.array([None] * 5 + ["city"]))
    data = replace(base, attributes=table)
    patch = difference(base, data)
    assert patch is not None
    assert patch.changed_ids.tolist() == [3, 6]
    again, _ = patched(base.pack(), unpacked_patch(packed_patch(patch)))
    assert content_hash(Buildings.unpack(again)) == content_hash(data)


def test_grids_are_kept_whole_where_they_differ() -> None:
    flat = Terrain(np.zeros((4, 5), dtype=np.float32), 0.0, 40.0, 10.0, 10.0)
    hill = Terrain(np.ones((4, 5), dtype=np.float32), 0.0, 40.0, 10.0, 10.0)
    patch = difference(flat, hill)
    assert patch is not None
    assert patch.whole
    again, _ = patched(flat.pack(), patch)
    assert content_hash(again) == content_hash(hill)
    assert difference(flat, Terrain.unpack(flat.pack())) is None


actions = st.lists(
    st.one_of(
        st.tuples(st.just("raise"), st.integers(0, 9), st.floats(3.0, 200.0)),
        st.tuples(st.just("drop"), st.integers(0, 9), st.just(0.0)),
        st.tuples(st.just("build"), st.integers(0, 9), st.floats(3.0, 200.0)),
        st.tuples(st.just("move"), st.integers(0, 9), st.floats(-9.0, 9.0)),
    ),
    max_size=8,
)


def edited(base: Buildings, steps: list[tuple[str, int, float]]) -> Buildings:
    data = base
    for what, number, value in steps:
        if what == "build":
            new = Buildings.blocks(
                Shapes.from_shapely([shapely.box(number, 50, number + 3, 55)]), value,
                pa.table({"name": ["new"], "use": ["shop"]}),
            )  # fmt: skip
            new = replace(new, ids=np.array([int(data.ids.max(initial=0)) + 1]))
            data = Buildings.unpack(put(data.pack(), new.pack()))
        elif len(data):
            one = pick(data.pack(), np.array([number % len(data)]))
            if what == "drop":
                data = Buildings.unpack(drop(data.pack(), one.arrays["ids"]))
            elif what == "raise":
                data = data.with_heights(one.arrays["ids"], [value])
            else:
                moved = Buildings.unpack(one)
                moved = replace(moved, shapes=moved.shapes.moved(value, value))
                data = Buildings.unpack(put(data.pack(), moved.pack()))
    return data


@settings(max_examples=60, deadline=None)
@given(actions)
def test_what_was_edited_is_found_and_put_back_to_the_bit(
    steps: list[tuple[str, int, float]],
) -> None:
    base = houses(town())
    data = edited(base, steps)
    patch = difference(base, data)
    if patch is None:
        assert content_hash(base) == content_hash(data)
        return
    again, names = patched(base.pack(), unpacked_patch(packed_patch(patch)))
    assert names == {}
    assert content_hash(Buildings.unpack(again)) == content_hash(data)


@settings(max_examples=40, deadline=None)
@given(actions, actions)
def test_merging_takes_both_sides_where_they_do_not_touch(
    ours: list[tuple[str, int, float]], theirs: list[tuple[str, int, float]]
) -> None:
    project = town()
    history = History(project)
    for name, steps in (("A", ours), ("B", theirs)):
        history.run(new_scheme(name))
        history.run(SetData("houses", edited(houses(project), steps), EDIT))
        history.run(activate("existing"))
    sides = conflicts(project, "A", "B")
    counts = [captured(project).get(name).counts() for name in ("A", "B")]
    history.run(merge("A", "B", prefer="theirs"))
    merged = captured(project).get("A").counts()
    removed = counts[0]["removed"] + counts[1]["removed"]
    assert merged["removed"] <= removed
    assert merged["added"] <= counts[0]["added"] + counts[1]["added"]
    if not sides and not ours:
        assert same_objects(project, "A", "B")
    history.undo()
    assert captured(project).get("A").counts() == counts[0]


def test_conflicts_are_shown_and_decided_one_by_one(history: History) -> None:
    project = history.project
    for name, heights in (("A", {1: 50.0, 2: 60.0}), ("B", {1: 51.0, 3: 70.0})):
        history.run(new_scheme(name))
        for number, metres in heights.items():
            history.run(SetHeight("houses", number, metres))
        history.run(demolish(project, 5) if name == "A" else SetHeight("houses", 5, 9.0))
        history.run(build(project, 0.0 if name == "A" else 60.0))
        history.run(activate("existing"))
    found = conflicts(project, "A", "B")
    assert [(c.object_id, c.ours, c.theirs) for c in found] == [
        (1, "changed", "changed"), (5, "removed", "changed"),
    ]  # fmt: skip
    with pytest.raises(CityError) as refused:
        history.run(merge("A", "B"))
    assert refused.value.code == "schemes.conflicts"
    history.run(merge("A", "B", choices={("houses", 1): "theirs"}, prefer="ours"))
    data = houses(project_with(project, "A"))
    heights = dict(zip(data.ids.tolist(), data.height.tolist(), strict=True))
    assert heights[1] == 51.0
    assert heights[2] == 60.0
    assert heights[3] == 70.0
    assert 5 not in heights
    assert len(data) == 7  # six, one gone, two new


def test_a_copy_merged_back_adds_nothing_twice(history: History) -> None:
    project = history.project
    history.run(new_scheme("A"))
    history.run(build(project, 0.0))
    history.run(duplicate("A", "B"))
    assert conflicts(project, "A", "B") == ()
    history.run(merge("A", "B"))
    assert len(houses(project)) == 7
    history.run(activate("B"))
    history.run(SetHeight("houses", 7, 99.0))
    assert [c.object_id for c in conflicts(project, "A", "B")] == [7]


def test_promoting_makes_the_scheme_the_city(history: History) -> None:
    project = history.project
    history.run(new_scheme("A"))
    history.run(demolish(project, 2))
    history.run(new_scheme("B", parent="A"))
    history.run(build(project, 0.0))
    history.run(new_scheme("C", parent="A"))
    history.run(SetHeight("houses", 1, 77.0))
    history.run(promote("B"))
    assert project.schemes.active == ""
    assert len(houses(project)) == 6
    assert houses(project).attributes.num_rows == 6
    statuses = {s.name: (s.status, s.parent) for s in project.schemes.items}
    assert statuses == {"A": ("promoted", ""), "B": ("promoted", ""), "C": ("draft", "")}
    assert captured(project).get("C").counts() == {"added": 0, "removed": 0, "changed": 1}
    with pytest.raises(CityError, match="cannot be edited"):
        history.run(activate("A"))


def test_names_and_circles_are_refused(history: History) -> None:
    project = history.project
    history.run(new_scheme("A"))
    history.run(new_scheme("B", parent="A"))
    for command, code in (
        (new_scheme("A"), "schemes.name_taken"),
        (new_scheme("现状"), "schemes.name_empty"),
        (activate("Z"), "schemes.no_such"),
        (remove_scheme("A"), "schemes.has_children"),
        (rebase("A", "B"), "schemes.circle"),
        (merge("A", "A"), "schemes.same"),
    ):
        with pytest.raises(CityError) as refused:
            history.run(command)
        assert refused.value.code == code
    history.run(rebase("B", "existing"))
    assert captured(project).get("B").parent == ""


def test_a_hundred_schemes_over_a_large_city_stay_light() -> None:
    count = 20_000
    east, north = np.divmod(np.arange(count), 200)
    corners = np.array([[0.0, 0.0], [12.0, 0.0], [12.0, 9.0], [0.0, 9.0]])
    coords = (np.column_stack([east, north])[:, None, :] * 30.0 + corners).reshape(-1, 2)
    starts = np.arange(count + 1) * 4
    shapes = Shapes(np.full(count, 3, dtype=np.uint8), coords, starts, np.arange(count + 1))
    project = Project(FRAME)
    project.insert_layer(
        Layer("buildings", "City", Buildings.blocks(shapes, 9.0), layer_id="houses")
    )
    history = History(project)
    for number in range(100):
        history.run(new_scheme(f"S{number}"))
        history.run(SetHeight("houses", number + 1, 50.0))
    sizes = [scheme.size for scheme in captured(project).items]
    assert max(sizes) < 2_000
    assert len(city_of(project, captured(project).get("S7"))) == 1

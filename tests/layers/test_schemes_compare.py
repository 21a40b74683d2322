"""Schemes are compared: what differs, in which colours, with which figures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from layers import schemes_commands as commands
from layers.edits import SetHeight
from layers.history import History
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.schemes_build import Block, with_blocks
from layers.schemes_compare import (
    COLOURS,
    building_figures,
    changed_area,
    difference_project,
    differences,
    figures,
    shown_alone,
)
from layers.schemes_edits import new_scheme
from layers.shapes import Shapes


@pytest.fixture
def project() -> Project:
    boxes = [shapely.box(30 * i, 0, 30 * i + 20, 15) for i in range(4)]
    data = Buildings.blocks(Shapes.from_shapely(boxes), 10.0)
    project = Project()
    project.insert_layer(Layer("buildings", "Houses", data, layer_id="houses"))
    lawn = Features.of(Shapes.from_shapely([shapely.box(0, -50, 100, -10)]))
    project.insert_layer(Layer("greenery", "Lawn", lawn, layer_id="lawn"))
    history = History(project)
    for name, height in (("A", 30.0), ("B", 12.0)):
        history.run(new_scheme(name))
        history.run(SetHeight("houses", 1, height))
    history.run(commands.demolish(project, "houses", [2]))
    block = Block(shapely.box(0, 50, 10, 60), 21.0)
    history.run(commands.build(project, "houses", [block])[0])
    return project


def test_a_scheme_does_not_differ_from_itself(project: Project) -> None:
    for name in ("existing", "A", "B"):
        assert differences(project, name, name) == ()
    rows = figures(project, ("B", "B"))
    assert all(delta == 0.0 or np.isnan(delta) for row in rows for delta in row.deltas)


def test_differences_turn_round_with_the_order(project: Project) -> None:
    (there,) = differences(project, "A", "B")
    (back,) = differences(project, "B", "A")
    assert there.added.tolist() == back.removed.tolist() == [5]
    assert there.removed.tolist() == back.added.tolist() == [2]
    assert there.changed.tolist() == back.changed.tolist() == [1]


def test_every_object_has_the_colour_of_what_happened_to_it(project: Project) -> None:
    words = {"added": "new", "removed": "gone", "changed": "other", "unchanged": "same"}
    shown = difference_project(project, "existing", "B", words)
    told = {
        layer.name: (layer.style.colour, sorted(layer.features.ids.tolist()))
        for layer in shown.of_kind("buildings")
    }
    assert told == {
        "Houses · same": (COLOURS["unchanged"], [3, 4]),
        "Houses · new": (COLOURS["added"], [5]),
        "Houses · other": (COLOURS["changed"], [1]),
        "Houses · gone": (COLOURS["removed"], [2]),
    }
    assert [layer.name for layer in shown.of_kind("greenery")] == ["Lawn"]
    assert len(project.layer("houses").data) == 4  # nothing was switched


def test_figures_count_what_stands_and_what_differs(project: Project) -> None:
    rows = {row.key: row for row in figures(project, ("existing", "A", "B"))}
    assert rows["buildings_count"].values == (4.0, 4.0, 4.0)
    assert rows["volume_m3"].deltas == pytest.approx((0.0, 6000.0, 600.0 - 3000.0 + 2100.0))
    assert rows["removed_count"].values == (0.0, 0.0, 1.0)
    assert rows["highest_m"].best == ()  # a matter of taste
    assert rows["site_buildings_count"].values[0] < 4.0


def test_the_better_one_is_marked_where_that_is_no_matter_of_taste(project: Project) -> None:
    extra = [{"six-lines.fails_count": 3.0}, {"six-lines.fails_count": 1.0}]
    rows = {row.key: row for row in figures(project, ("A", "B"), extra)}
    assert rows["six-lines.fails_count"].best == (1,)
    same = [{"six-lines.fails_count": 3.0}] * 2
    rows = {row.key: row for row in figures(project, ("A", "B"), same)}
    assert rows["six-lines.fails_count"].best == ()


def test_the_changed_site_holds_what_differs_and_parts_count_once(project: Project) -> None:
    area = changed_area(project, ("A", "B"))
    assert area is not None
    assert area.contains(shapely.Point(5, 55))
    assert changed_area(project, ("existing",)) is None
    data = project.layer("houses").data
    assert isinstance(data, Buildings)
    parts = replace(data, part_of=np.array([0, 0, 0, 1]))
    project.layer("houses").data = parts
    assert building_figures(project)["buildings_count"] == 3.0


def test_marks_of_answers_are_left_out_of_comparisons(project: Project) -> None:
    assert [layer.visible for layer in shown_alone(project, "A").layers] == [True, True]


def test_the_mean_height_of_a_tower_on_a_podium_counts_both() -> None:
    """900 m2 of 8 m and on it 100 m2 of 60 m more: 13,200 m3 over 900 m2."""
    low = Block(shapely.box(0, 0, 30, 30), 8.0)
    high = Block(shapely.box(10, 10, 20, 20), 68.0, 8.0)
    data, _ = with_blocks(Buildings.blocks(Shapes.from_shapely([]), []), [low, high], 1)
    project = Project()
    project.insert_layer(Layer("buildings", "Houses", data))
    found = building_figures(project)
    assert found["volume_m3"] == pytest.approx(13_200.0)
    assert found["mean_height_m"] == pytest.approx(13_200.0 / 900.0)

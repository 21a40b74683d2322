"""Objects that differ between schemes, one by one."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
import shapely

from app.scheme_objects import object_changes, object_heads, object_values
from app.wording import Wording
from layers.edits import SetData, SetHeight
from layers.frame import Frame
from layers.history import History, Label
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.schemes_commands import demolish
from layers.schemes_edits import activate, new_scheme
from layers.shapes import Shapes


@pytest.fixture
def project() -> Project:
    """Three houses of 10 m; scheme A raises the first and takes the second away."""
    made = Project(Frame("EPSG:4547"))
    boxes = [shapely.box(20 * k, 0, 20 * k + 10, 10) for k in range(3)]
    names = pa.table({"name": ["One", "Two", None]})
    data = Buildings.blocks(Shapes.from_shapely(np.array(boxes)), [10.0] * 3, names)
    made.insert_layer(Layer("buildings", "Houses", data, layer_id="b"))
    history = History(made)
    history.run(new_scheme("A"))
    history.run(SetHeight("b", 1, 30.0))
    history.run(demolish(made, "b", [2]))
    return made


def test_each_object_tells_what_it_is_and_was(project: Project) -> None:
    found = {change.number: change for change in object_changes(project, "existing", "A")}
    assert {number: change.what for number, change in found.items()} == {
        1: "changed", 2: "removed"
    }  # fmt: skip
    assert (found[1].name, found[1].before_m, found[1].after_m) == ("One", 10.0, 30.0)
    assert found[1].place[:2] == pytest.approx((5.0, 5.0))
    assert found[2].area_m2 == pytest.approx(100.0)
    assert math.isnan(found[2].after_m)
    back = {change.number: change.what for change in object_changes(project, "A", "existing")}
    assert back == {1: "changed", 2: "added"}
    assert object_changes(project, "A", "A") == ()


def test_buildings_come_first_and_what_has_no_name_has_none(project: Project) -> None:
    history = History(project)
    history.run(activate("existing"))
    trees = Features.of(
        Shapes.from_shapely(np.array([shapely.Point(3, 3)])), pa.table({"x": ["3.00"]})
    )
    project.insert_layer(Layer("trees", "Trees", trees, layer_id="t"), 0)
    history.run(activate("A"))
    history.run(SetData("t", Features.of(Shapes.from_shapely([])), Label("edit-paste", {})))
    found = object_changes(project, "existing", "A")
    assert [change.layer_id for change in found] == ["b", "b", "t"]
    assert found[-1].name == ""
    assert math.isnan(found[-1].area_m2)


def test_rows_are_told_in_both_languages_with_empty_cells_for_what_is_not_known(
    project: Project,
) -> None:
    words = Wording("zh-CN")
    removed = next(c for c in object_changes(project, "existing", "A") if c.what == "removed")
    row = object_values(removed, words)
    assert len(row) == len(object_heads(words)) == 9
    assert row[:4] == ["拆除", "Houses", 2, "Two"]
    assert row[4:7] == [100.0, 10.0, None]

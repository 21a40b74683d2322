"""Looks: names, uses and storeys of buildings, how they are turned."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
import shapely
import shapely.affinity

from layers.errors import CityError
from layers.kinds.buildings import Buildings
from layers.looks import USES, checked, floor_heights, looks_like, turns, use_of, uses
from layers.shapes import Shapes
from layers.viewpoint import View, Viewpoint


def buildings(*turned: float, height: float = 30.0, **columns: list[object]) -> Buildings:
    boxes = [shapely.affinity.rotate(shapely.box(0, 0, 30, 10), turn) for turn in turned]
    shapes = Shapes.from_shapely(np.array(boxes, dtype=object))
    return Buildings.blocks(shapes, height, pa.table(columns or {"id": list(range(len(boxes)))}))


def test_a_look_nobody_knows_is_refused_with_those_there_are() -> None:
    assert checked("night") == "night"
    assert checked("") == ""
    with pytest.raises(CityError) as caught:
        checked("sepia")
    assert caught.value.code == "look.unknown"
    assert "blueprint" in str(caught.value.hint)


def test_other_names_of_looks_are_understood() -> None:
    names = ["灰模", "White model", "夜景", "BLUEPRINT", "by_attribute"]
    assert [looks_like(name) for name in names] == [
        "white", "white", "night", "blueprint", "attributes",
    ]  # fmt: skip


def test_uses_come_from_words_in_both_languages() -> None:
    data = buildings(0, 0, 0, 0, 用途=["住宅", "办公", None, "warehouse"])
    assert [USES[code] for code in uses(data)] == [
        "residential", "office", "unknown", "industrial",
    ]  # fmt: skip
    assert USES[use_of("primary school")] == "public"


def test_storeys_give_their_height_where_they_are_sound() -> None:
    data = buildings(0, 0, 0, 层数=[10, 2, None], use=["office", "office", "residential"])
    assert floor_heights(data, uses(data)).tolist() == pytest.approx([3.0, 3.9, 3.0])


def test_the_longest_wall_says_how_a_building_is_turned() -> None:
    assert turns(buildings(0, 20, 110)) == pytest.approx(
        [0.0, math.radians(20), math.radians(20)], abs=1e-9
    )


def test_a_view_keeps_its_look_and_older_files_have_none() -> None:
    view = View("a", Viewpoint(0.0, 0.0, 10.0), look="white")
    assert View.from_json(view.to_json()).look == "white"
    raw = view.to_json()
    del raw["look"]
    assert View.from_json(raw).look == ""

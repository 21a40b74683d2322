from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from layers.files.parts import Family, families, part_rows
from layers.files.raw import RawLayer, as_objects
from layers.files.repair import Pieces
from layers.files.report import Tally


def family(
    shapes: list[Any],
    columns: dict[str, Any],
    height: list[float],
    low: list[float],
    *,
    told: list[bool] | None = None,
    **more: Any,
) -> tuple[Family, Tally]:
    n = len(shapes)
    raw = RawLayer(
        path=Path("a.json"), name="a", geometry=as_objects(shapes), attributes=pa.table(columns),
        crs="EPSG:4547", encoding=None, ids=as_objects([str(i) for i in range(n)]), **more,
    )  # fmt: skip
    nothing = np.full(n, np.nan)
    pieces = Pieces(raw.geometry, np.arange(n), nothing, nothing)
    tally = Tally(raw.ids)
    known = np.ones(n, dtype=bool) if told is None else np.array(told)
    made = families(raw, pieces, np.array(height, float), np.array(low, float), known, tally)
    return made, tally


MAPZEN: dict[str, Any] = {
    "id": [10, 11, 12],
    "root_id": [None, 10, 10],
    "kind": ["building", "building_part", "building_part"],
}


def test_an_outline_that_its_parts_cover_is_not_drawn() -> None:
    made, _ = family(
        [box(0, 0, 10, 10), box(0, 0, 5, 10), box(5, 0, 10, 10)], MAPZEN, [50, 50, 20], [0, 0, 0]
    )
    assert made.parent.tolist() == [-1, 0, 0]
    assert made.drawn.tolist() == [False, True, True]
    assert len(made.rest) == 0


def test_a_tower_that_floats_on_its_podium_leaves_the_podium_drawn() -> None:
    made, _ = family(
        [box(0, 0, 10, 10), box(0, 0, 10, 10), box(2, 2, 8, 8)], MAPZEN, [20, 80, 95], [0, 20, 80]
    )
    assert made.drawn.tolist() == [True, True, True]


def test_beside_a_tower_from_the_ground_only_the_rest_of_the_podium_is_drawn() -> None:
    made, tally = family(
        [box(0, 0, 10, 10), box(0, 0, 4, 10), box(30, 0, 35, 5)],
        {**MAPZEN, "root_id": [None, 10, None], "kind": ["building", "building_part", "building"]},
        [20, 80, 9], [0, 0, 0],
    )  # fmt: skip
    assert made.drawn.tolist() == [False, True, True]
    assert made.rest_of.tolist() == [0]
    assert shapely.area(made.rest)[0] == pytest.approx(60.0)
    note = next(note for note in tally.notes if note.key == "outlines_undrawn")
    assert note.facts == {"count": 0, "cut": 1, "rests": 1}


def test_an_outline_that_tells_no_height_gives_way_to_parts_that_cover_most_of_it() -> None:
    made, _ = family(
        [box(0, 0, 10, 10), box(0, 0, 6, 10), box(30, 0, 35, 5)],
        {**MAPZEN, "root_id": [None, 10, None], "kind": ["building", "building_part", "building"]},
        [9, 80, 9], [0, 30, 0], told=[False, True, True],
    )  # fmt: skip
    assert made.drawn.tolist() == [False, True, True]


def test_a_part_without_a_parent_is_drawn_and_told() -> None:
    made, tally = family(
        [box(0, 0, 5, 5), box(20, 20, 25, 25), box(0, 0, 1, 1)],
        {**MAPZEN, "root_id": [None, 99, None], "kind": ["building", "building_part", "building"]},
        [10, 10, 5], [0, 0, 0],
    )  # fmt: skip
    assert made.parent.tolist() == [-1, -1, -1]
    assert made.drawn.all()
    assert any(note.key == "parts_without_parent" for note in tally.notes)


def test_parts_of_openstreetmap_find_the_smallest_outline_they_lie_in() -> None:
    columns: dict[str, Any] = {
        "osm_id": ["1", "2", "3", "4"],
        "building": ["yes", "yes", None, None],
        "building:part": [None, "no", "yes", "tower"],
    }
    made, _ = family(
        [box(0, 0, 50, 50), box(0, 0, 10, 10), box(1, 1, 9, 9), box(20, 20, 30, 30)],
        columns, [10, 10, 20, 30], [0, 0, 0, 0],
    )  # fmt: skip
    assert made.parent.tolist() == [-1, -1, 1, 0]


def test_a_parent_told_by_the_reader_wins() -> None:
    made, _ = family(
        [box(0, 0, 10, 10), box(0, 0, 10, 10)], {"x": [1, 2]}, [10, 30], [0, 0],
        parent=np.array([-1, 0]),
    )  # fmt: skip
    assert made.parent.tolist() == [-1, 0]
    assert made.drawn.tolist() == [False, True]


def test_a_label_point_with_the_same_id_is_not_the_parent() -> None:
    raw = RawLayer(
        path=Path("a.json"), name="a",
        geometry=as_objects([Point(1, 1), box(0, 0, 10, 10), box(0, 0, 10, 10)]),
        attributes=pa.table({
            "id": [10, 10, 11], "root_id": [None, None, 10],
            "kind": ["building", "building", "building_part"],
        }),
        crs=None, encoding=None, ids=as_objects(["a", "b", "c"]),
    )  # fmt: skip
    nothing = np.full(3, np.nan)
    pieces = Pieces(raw.geometry[1:], np.array([1, 2]), nothing, nothing)
    ones = np.ones(2, dtype=bool)
    made = families(raw, pieces, np.array([9.0, 20.0]), np.zeros(2), ones, Tally(raw.ids))
    assert made.parent.tolist() == [-1, 0]


def test_plain_buildings_have_no_parts() -> None:
    made, tally = family([box(0, 0, 5, 5)], {"building": ["yes"]}, [9], [0])
    assert made.drawn.tolist() == [True]
    assert tally.notes == []
    empty = RawLayer(
        path=Path("a"), name="a", geometry=as_objects([]), attributes=pa.table({"id": []}),
        crs=None, encoding=None, ids=as_objects([]),
    )  # fmt: skip
    assert part_rows(empty)[0].tolist() == []


cuts = st.lists(st.floats(0.5, 9.5), min_size=0, max_size=4)


@settings(max_examples=50, deadline=None)
@given(cuts, st.floats(5, 60), st.data())
def test_a_parent_is_never_drawn_inside_a_part_that_stands_on_the_ground(
    places: list[float], top: float, data: st.DataObject
) -> None:
    edges = [0.0, *sorted(places), 10.0]
    columns = list(itertools.pairwise(edges))
    chosen = [c for c in columns if data.draw(st.booleans()) and c[1] - c[0] > 0.01]
    parts = [box(a, 0, b, 10) for a, b in chosen]
    n = len(parts)
    made, _ = family(
        [box(0, 0, 10, 10), *parts],
        {"id": list(range(n + 1)), "root_id": pa.array([None, *([0] * n)], pa.int64())},
        [top, *data.draw(st.lists(st.floats(5, 60), min_size=n, max_size=n))],
        [0.0] * (n + 1),
    )
    solid = shapely.union_all(parts) if parts else Point()
    shown = [*made.rest] if not made.drawn[0] else [box(0, 0, 10, 10)]
    assert made.drawn[1:].all()
    assert sum(shapely.area(shapely.intersection(shape, solid)) for shape in shown) < 1e-6

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from shapely import MultiPolygon, Point, Polygon, box

from layers.files.duplicates import id_field, joined, repeated
from layers.files.raw import RawLayer, as_objects
from layers.files.repair import Pieces
from layers.files.report import Tally


def raw_of(shapes: list[Any], columns: dict[str, Any], **more: Any) -> RawLayer:
    n = len(shapes)
    return RawLayer(
        path=Path("a.json"), name="a", geometry=as_objects(shapes), attributes=pa.table(columns),
        crs="EPSG:4547", encoding=None, ids=as_objects([str(i) for i in range(n)]), **more,
    )  # fmt: skip


def again(raw: RawLayer, *, ignore_keys: bool = False) -> list[int]:
    return list(repeated(raw, np.arange(len(raw)), ignore_keys=ignore_keys))


def test_the_same_shape_with_the_same_attributes_is_a_repetition() -> None:
    turned = Polygon([(5, 0), (5, 5), (0, 5), (0, 0)])
    shapes = [box(0, 0, 5, 5), box(9, 9, 12, 12), turned, box(0, 0, 5, 5)]
    raw = raw_of(shapes, {"name": ["a", "b", "a", "a"], "n": [1.5, None, 1.5, 1.5]})
    assert again(raw) == [2, 3]


def test_other_attributes_make_another_feature() -> None:
    shapes = [box(0, 0, 5, 5)] * 3
    raw = raw_of(shapes, {"height": [10, 20, 20]})
    assert again(raw) == [2]
    assert again(raw_of(shapes, {"a": [None, "", "x"]})) == []


def test_running_numbers_do_not_make_buildings_different() -> None:
    raw = raw_of([box(0, 0, 5, 5)] * 2, {"OBJECTID": [1, 2], "name": ["a", "a"]})
    assert again(raw, ignore_keys=True) == [1]
    assert again(raw) == []


def test_the_same_extent_is_not_the_same_shape() -> None:
    triangle = Polygon([(0, 0), (5, 0), (5, 5), (2, 5)])
    other = Polygon([(0, 0), (5, 0), (5, 5), (3, 5)])
    assert again(raw_of([triangle, other], {"a": [1, 1]})) == []


def test_parts_in_another_order_are_the_same_and_missing_shapes_are_not() -> None:
    a, b = box(0, 0, 1, 1), box(5, 5, 6, 6)
    raw = raw_of([MultiPolygon([a, b]), MultiPolygon([b, a]), None, None], {"x": [1, 1, 1, 1]})
    assert again(raw) == [1]


def test_lists_among_the_attributes_are_compared_too() -> None:
    raw = raw_of([Point(1, 1)] * 3, {"tags": [["a"], ["a"], ["b"]]})
    assert again(raw) == [1]


def test_a_field_that_is_always_zero_names_nobody() -> None:
    assert id_field(pa.table({"Id": [0, 0, 0, 0]})) is None
    assert id_field(pa.table({"x": [1], "osm_id": ["7"]})) == "osm_id"
    assert id_field(pa.table({"ID": [1, 2, 2, 3]})) == "ID"
    assert id_field(pa.table({"a": [1]})) is None


def pieces_of(raw: RawLayer) -> Pieces:
    nothing = np.full(len(raw), np.nan)
    return Pieces(np.array(raw.geometry, dtype=object), np.arange(len(raw)), nothing, nothing)


def test_pieces_that_tiles_have_cut_become_one_building_again() -> None:
    shapes = [box(0, 0, 5, 5), box(5, 0, 8, 5), box(20, 0, 25, 5), box(40, 0, 45, 5)]
    raw = raw_of(shapes, {"id": [7, 7, 8, 9]}, tile=np.array([0, 1, 1, 1]))
    tally = Tally(raw.ids)
    pieces, absorbed = joined(raw, pieces_of(raw), tally)
    assert pieces.row.tolist() == [0, 2, 3]
    assert pieces.geometry[0].equals(box(0, 0, 8, 5))
    assert shapely.get_num_coordinates(pieces.geometry[0]) == 5
    assert absorbed.tolist() == [[0, 0], [1, 0]]
    account = tally.close(np.arange(4))
    assert account.repaired == {"joined_at_tile_edge": 2}


def test_a_piece_within_the_whole_of_another_tile_vanishes_in_it() -> None:
    raw = raw_of([box(0, 0, 8, 5), box(5, 0, 8, 5)], {"id": [7, 7]}, tile=np.array([0, 1]))
    raw = raw_of([*raw.geometry, box(50, 50, 60, 60)], {"id": [7, 7, 8]}, tile=np.array([0, 1, 1]))
    pieces, _ = joined(raw, pieces_of(raw), Tally(raw.ids))
    assert shapely.area(pieces.geometry).tolist() == [40.0, 100.0]


def test_pieces_apart_in_one_tile_or_of_another_kind_stay_as_they_are() -> None:
    shapes = [box(0, 0, 5, 5), box(5, 0, 8, 5), box(9, 0, 12, 5)]
    cases: tuple[tuple[dict[str, Any], list[int]], ...] = (
        ({"id": [7, 7, 8]}, [0, 0, 1]),
        ({"id": [7, 8, 7]}, [0, 1, 1]),
        ({"id": [7, 7, 8], "kind": ["building", "building_part", "building"]}, [0, 1, 1]),
    )
    for columns, tile in cases:
        raw = raw_of(shapes, columns, tile=np.array(tile))
        pieces, absorbed = joined(raw, pieces_of(raw), Tally(raw.ids))
        assert pieces.row.tolist() == [0, 1, 2]
        assert len(absorbed) == 0


def test_a_single_file_is_never_joined() -> None:
    raw = raw_of([box(0, 0, 5, 5), box(5, 0, 8, 5), box(9, 9, 12, 12)], {"id": [7, 7, 8]})
    pieces, _ = joined(raw, pieces_of(raw), Tally(raw.ids))
    assert len(pieces.row) == 3

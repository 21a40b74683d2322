from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import (
    GeometryCollection,
    LineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
    box,
)

from layers.errors import Cancelled
from layers.files.raw import RawLayer, as_objects
from layers.files.repair import Pieces, Wanted, clean, without_slivers
from layers.files.report import Account, Tally
from layers.shapes import Floats, Shapes

FOOTPRINTS = Wanted("polygon", flat=True)
ANY = Wanted("point+line+polygon")


def raw_of(shapes: list[Any], **more: Any) -> RawLayer:
    from pathlib import Path

    n = len(shapes)
    return RawLayer(
        path=Path("town.shp"), name="town", geometry=as_objects(shapes),
        attributes=pa.table({"n": np.arange(n)}), crs="EPSG:4547", encoding=None,
        ids=as_objects([str(i) for i in range(n)]), **more,
    )  # fmt: skip


def same(coords: Floats) -> Floats:
    return coords


def cleaned(shapes: list[Any], wanted: Wanted = FOOTPRINTS, **more: Any) -> tuple[Pieces, Account]:
    raw = raw_of(shapes, **more)
    tally = Tally(raw.ids)
    pieces = clean(raw, np.arange(len(raw)), wanted, same, tally)
    account = tally.close(np.unique(pieces.row))
    assert account.read == account.kept + sum(account.skipped.values())
    return pieces, account


def test_multi_part_features_become_several_objects_of_one_feature() -> None:
    pieces, account = cleaned(
        [MultiPolygon([box(0, 0, 5, 5), box(9, 9, 12, 12)]), box(20, 0, 25, 5)]
    )
    assert pieces.row.tolist() == [0, 0, 1]
    assert (account.kept, account.repaired, account.skipped) == (2, {}, {})


def test_what_has_no_geometry_is_skipped_with_its_reason() -> None:
    shapes = [None, Polygon(), box(0, 0, 5, 5), None]
    _, account = cleaned(shapes, unreadable={"geometry_unreadable": ["3"]})
    assert account.skipped == {"geometry_unreadable": 1, "no_geometry": 2}
    assert account.first["no_geometry"] == ("0", "1")


def test_what_the_reader_mended_is_counted() -> None:
    _, account = cleaned([box(0, 0, 5, 5)], repaired={"nested_polygon": ["0"]})
    assert account.repaired == {"nested_polygon": 1}


def test_a_bow_tie_becomes_two_triangles() -> None:
    pieces, account = cleaned([Polygon([(0, 0), (4, 4), (4, 0), (0, 4)])])
    assert account.repaired == {"self_intersection": 1}
    assert pieces.row.tolist() == [0, 0]
    assert shapely.area(pieces.geometry).sum() == pytest.approx(8.0)


def test_holes_stay_and_a_hole_outside_becomes_a_building() -> None:
    ring = [(0, 0), (10, 0), (10, 10), (0, 10)]
    hole = [(4, 4), (4, 6), (6, 6), (6, 4)]
    away = [(20, 0), (20, 5), (25, 5), (25, 0)]
    pieces, account = cleaned([Polygon(ring, [hole]), Polygon(ring, [away])])
    assert shapely.area(pieces.geometry[0]) == pytest.approx(96.0)
    assert account.repaired == {"hole_outside": 1}
    assert shapely.area(pieces.geometry[pieces.row == 1]).sum() == pytest.approx(125.0)


def test_rings_against_the_rest_of_the_layer_are_turned_and_counted() -> None:
    squares = [box(i, 0, i + 0.8, 0.8, ccw=i != 3) for i in range(10)]
    pieces, account = cleaned(squares)
    assert account.repaired == {"ring_order": 1}
    assert (Shapes.from_shapely(np.array(pieces.geometry, dtype=object)).areas() > 0).all()


def test_a_hole_that_runs_like_its_polygon_is_counted() -> None:
    hole = [(4, 4), (6, 4), (6, 6), (4, 6)]
    odd = Polygon([(0, 0), (10, 0), (10, 10), (0, 10)], [hole])
    _, account = cleaned([odd, box(20, 0, 30, 10)])
    assert account.repaired == {"ring_order": 1}


@pytest.mark.parametrize("clockwise", [True, False])
def test_a_layer_that_runs_one_way_needs_no_repair(clockwise: bool) -> None:
    _, account = cleaned([box(i, 0, i + 0.8, 0.8, ccw=not clockwise) for i in range(5)])
    assert account.repaired == {}


def test_repeated_vertices_are_taken_out() -> None:
    pieces, account = cleaned([Polygon([(0, 0), (5, 0), (5, 0), (5, 5), (0, 5), (0, 5.00001)])])
    assert account.repaired == {"repeated_vertices": 1}
    assert shapely.get_num_coordinates(pieces.geometry[0]) == 5


def test_what_encloses_nothing_is_skipped() -> None:
    flat = Polygon([(0, 0), (5, 0), (10, 0)])
    _, account = cleaned([flat, Polygon([(0, 0), (1, 1), (0, 0)]), box(0, 0, 5, 5)])
    assert account.skipped == {"no_area": 2}


def test_slivers_are_left_out_below_the_chosen_area_only() -> None:
    raw = raw_of(
        [
            box(0, 0, 0.5, 1),
            box(0, 0, 0.1, 0.5),
            MultiPolygon([box(0, 0, 9, 9), box(20, 0, 20.1, 0.1)]),
        ]
    )
    tally = Tally(raw.ids)
    pieces = clean(raw, np.arange(3), FOOTPRINTS, same, tally)
    pieces = without_slivers(pieces, 0.1, tally)
    account = tally.close(np.unique(pieces.row))
    assert account.skipped == {"sliver": 1}
    assert account.repaired == {"part_left_out": 1}
    assert pieces.row.tolist() == [0, 2]


def test_points_and_lines_among_buildings_are_not_polygons() -> None:
    _, account = cleaned(
        [Point(1, 1), LineString([(0, 0), (5, 5)]), MultiPoint([(0, 0), (1, 1)]), box(0, 0, 5, 5)]
    )
    assert account.skipped == {"not_a_polygon": 3}


def test_closed_lines_of_a_drawing_become_footprints() -> None:
    pieces, account = cleaned([LineString([(0, 0), (5, 0), (5, 5), (0, 5), (0, 0)])])
    assert account.repaired == {"closed_line": 1}
    assert shapely.area(pieces.geometry[0]) == 25.0


def test_closed_lines_stay_lines_where_lines_are_welcome() -> None:
    pieces, account = cleaned([LineString([(0, 0), (5, 0), (5, 5), (0, 0)])], ANY)
    assert shapely.get_type_id(pieces.geometry).tolist() == [1]
    assert account.repaired == {}


def test_collections_are_taken_apart_however_deep() -> None:
    nested = GeometryCollection(
        [
            GeometryCollection([Point(0, 0), MultiPoint([(1, 1), (2, 2)])]),
            LineString([(0, 0), (1, 0)]),
        ]
    )
    pieces, account = cleaned([nested], ANY)
    assert sorted(shapely.get_type_id(pieces.geometry).tolist()) == [0, 0, 0, 1]
    assert account.kept == 1
    pieces, account = cleaned([GeometryCollection([Point(0, 0), box(0, 0, 5, 5)])])
    assert account.repaired == {"part_left_out": 1}


def test_lines_without_length_are_skipped() -> None:
    _, account = cleaned([LineString([(3, 3), (3, 3)]), LineString([(0, 0), (1, 0)])], ANY)
    assert account.skipped == {"no_length": 1}


def test_coordinates_that_are_no_numbers_are_skipped() -> None:
    bad = Polygon([(0, 0), (np.nan, 0), (5, 5), (0, 5)])
    _, account = cleaned([bad, Point(np.inf, 0), box(0, 0, 5, 5)], ANY)
    assert account.skipped == {"bad_coordinate": 2}


def test_what_cannot_be_carried_is_skipped_and_the_rest_goes_on() -> None:
    raw = raw_of([box(0, 0, 5, 5), box(100, 0, 105, 5)])
    tally = Tally(raw.ids)

    def carry(coords: Floats) -> Floats:
        return np.where(coords[:, :1] > 50, np.inf, coords)

    pieces = clean(raw, np.arange(2), FOOTPRINTS, carry, tally)
    assert tally.close(np.unique(pieces.row)).skipped == {"outside_crs": 1}


def test_heights_of_coordinates_are_noted_and_dropped_for_buildings_only() -> None:
    deep = Polygon([(0, 0, 3), (5, 0, 3), (5, 5, 8), (0, 5, 8)])
    pieces, _ = cleaned([deep, box(9, 9, 12, 12)])
    assert not shapely.has_z(pieces.geometry).any()
    np.testing.assert_allclose(pieces.low, [3, np.nan])
    np.testing.assert_allclose(pieces.high, [8, np.nan])
    pieces, _ = cleaned([deep, box(9, 9, 12, 12)], ANY)
    assert shapely.has_z(pieces.geometry).tolist() == [True, False]
    assert Shapes.from_shapely(np.array(pieces.geometry, dtype=object)).z is not None


def test_a_solid_of_upright_faces_gets_one_footprint() -> None:
    def face(*corners: tuple[float, float, float]) -> Polygon:
        return Polygon(corners)

    solid = MultiPolygon([
        face((0, 0, 0), (4, 0, 0), (4, 3, 0), (0, 3, 0)),
        face((0, 0, 9), (4, 0, 9), (4, 3, 9), (0, 3, 9)),
        face((0, 0, 0), (4, 0, 0), (4, 0, 9), (0, 0, 9)),
        face((0, 3, 0), (4, 3, 0), (4, 3, 9), (0, 3, 9)),
        face((0, 0, 0), (0, 3, 0), (0, 3, 9), (0, 0, 9)),
        face((4, 0, 0), (4, 3, 0), (4, 3, 9), (4, 0, 9)),
    ])  # fmt: skip
    pieces, account = cleaned([box(20, 0, 25, 5), solid])
    assert account.kept == 2
    assert sorted(pieces.row.tolist()) == [0, 1]
    assert shapely.area(pieces.geometry[pieces.row == 1])[0] == pytest.approx(12.0)
    assert (pieces.low[1], pieces.high[1]) == (0.0, 9.0)


def test_it_can_be_stopped() -> None:
    class Stop:
        def step(self, *_: object) -> None:
            raise Cancelled

    raw = raw_of([box(0, 0, 5, 5)])
    with pytest.raises(Cancelled):
        clean(raw, np.arange(1), FOOTPRINTS, same, Tally(raw.ids), Stop())


corner = st.tuples(st.integers(0, 6), st.integers(0, 6))


@settings(max_examples=120, deadline=None)
@given(st.lists(st.lists(corner, min_size=3, max_size=8), min_size=1, max_size=4))
def test_any_scribble_ends_as_valid_polygons_or_is_counted(scribbles: list[list[Any]]) -> None:
    pieces, account = cleaned([Polygon(scribble) for scribble in scribbles])
    assert shapely.is_valid(pieces.geometry).all()
    assert (shapely.get_type_id(pieces.geometry) == 3).all()
    assert (shapely.area(pieces.geometry) > 0).all()
    assert account.kept == len(np.unique(pieces.row))

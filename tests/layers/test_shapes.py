"""Flat arrays of shapes say the same as the geometries they were made from."""

from __future__ import annotations

import gc
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from layers.errors import CityError
from layers.shapes import POINT, POLYGON, Shapes, alike, runs, starts_of

far = st.floats(-1e6, 5e6, allow_nan=False).map(lambda v: round(v, 3))


@st.composite
def geometries(draw: st.DrawFn) -> list[BaseGeometry]:
    made: list[BaseGeometry] = []
    for _ in range(draw(st.integers(1, 6))):
        east, north = draw(far), draw(far)
        size = draw(st.floats(1, 500))
        kind = draw(st.sampled_from(["point", "line", "block", "court"]))
        if kind == "point":
            made.append(shapely.Point(east, north))
        elif kind == "line":
            made.append(shapely.LineString([(east, north), (east + size, north), (east, 0)]))
        else:
            block = shapely.box(east, north, east + size, north + size, ccw=draw(st.booleans()))
            hole = shapely.box(east + size / 4, north + size / 4, east + size / 2, north + size / 2)
            made.append(block if kind == "block" else block.difference(hole))
    return made


@given(geometries())
@settings(max_examples=60, deadline=None)
def test_shapes_come_back_as_the_geometries_they_were(made: list[BaseGeometry]) -> None:
    shapes = Shapes.from_shapely(made)
    back = shapes.to_shapely()
    assert all(a.equals(b) for a, b in zip(back, made, strict=True))
    np.testing.assert_allclose(shapes.areas(), shapely.area(made), rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(shapes.lengths(), shapely.length(made), rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(shapes.bounds(), shapely.bounds(made))


@given(geometries(), st.randoms())
@settings(max_examples=40, deadline=None)
def test_taking_shapes_and_joining_them_loses_nothing(
    made: list[BaseGeometry], random: np.random.RandomState
) -> None:
    shapes = Shapes.from_shapely(made)
    order = np.array(random.sample(range(len(made)), len(made)))  # type: ignore[attr-defined]
    some = shapes.take(order[: len(order) // 2])
    rest = shapes.take(order[len(order) // 2 :])
    back = Shapes.join([some, rest]).to_shapely()
    assert all(a.equals(made[i]) for a, i in zip(back, order, strict=True))


def test_outer_rings_turn_left_and_holes_turn_right() -> None:
    clockwise = shapely.Polygon(
        [(0, 0), (0, 9), (9, 9), (9, 0)], [[(2, 2), (4, 2), (4, 4), (2, 4)]]
    )
    areas = Shapes.from_shapely([clockwise]).ring_areas()
    assert areas.tolist() == [81.0, -4.0]


def test_heights_stay_with_their_points() -> None:
    line = shapely.LineString([(0, 0, 5), (1, 0, 6)])
    shapes = Shapes.from_shapely([line, shapely.Point(3, 4)])
    assert shapes.z is not None
    assert shapes.z[:2].tolist() == [5.0, 6.0]
    assert np.isnan(shapes.z[2])
    assert shapes.to_shapely()[0].coords[1] == (1.0, 0.0, 6.0)


def test_small_areas_survive_at_large_coordinates() -> None:
    tiny = shapely.box(0, 0, 0.7, 0.7)
    moved = Shapes.from_shapely([tiny]).moved(500_000.0, 4_000_000.0)
    assert moved.areas()[0] == pytest.approx(0.49, abs=1e-8)


def test_arrays_are_locked() -> None:
    shapes = Shapes.from_shapely([shapely.box(0, 0, 1, 1)])
    with pytest.raises(ValueError, match="read-only"):
        shapes.coords[0, 0] = 7.0


def test_multipart_geometries_are_refused_with_their_number() -> None:
    with pytest.raises(CityError, match="1 of 2") as told:
        Shapes.from_shapely([shapely.Point(0, 0), shapely.MultiPoint([(0, 0), (1, 1)])])
    assert told.value.code == "shapes.multipart"


def test_arrays_that_do_not_fit_are_refused() -> None:
    one = Shapes.from_shapely([shapely.Point(0, 0)])
    with pytest.raises(CityError) as told:
        Shapes(one.kind, np.zeros((2, 2)), one.ring_start, one.shape_start)
    assert told.value.code == "shapes.arrays"


def test_no_shapes_at_all_are_fine() -> None:
    none = Shapes.from_shapely([])
    assert (len(none), none.extent(), len(none.areas()), len(none.to_shapely())) == (0, None, 0, 0)
    assert len(Shapes.join([none, none])) == 0


@given(st.lists(st.integers(0, 5), min_size=1, max_size=8))
def test_runs_list_their_members(counts: list[int]) -> None:
    starts = starts_of(counts)
    everything: NDArray[np.int64] = runs(starts, np.arange(len(counts)))
    assert everything.tolist() == list(range(sum(counts)))


def test_kinds_are_told_apart() -> None:
    shapes = Shapes.from_shapely([shapely.Point(0, 0), shapely.box(0, 0, 1, 1)])
    assert shapes.kind.tolist() == [POINT, POLYGON]


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_a_few_stretches_and_many_single_shapes_are_taken_alike(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(0, 40))
    boxes: list[BaseGeometry] = [shapely.box(i, 0.0, i + 0.9, 1.0 + i) for i in range(count)]
    for i in range(0, count, 3):
        boxes[i] = boxes[i].difference(shapely.box(i + 0.3, 0.3, i + 0.6, 0.6))
    shapes = Shapes.from_shapely(boxes)
    chosen = rng.random(count) < rng.random()
    some = [shapes.take(chosen), shapes.take(np.flatnonzero(chosen)[::-1].copy())]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("layers.shapes.FEW_PIECES", -1)
        same = [shapes.take(chosen), shapes.take(np.flatnonzero(chosen)[::-1].copy())]
    for left, right in zip(some, same, strict=True):
        for name in ("kind", "coords", "ring_start", "shape_start"):
            a, b = getattr(left, name), getattr(right, name)
            assert a.dtype == b.dtype
            assert np.array_equal(a, b)


def test_heights_that_are_gone_are_not_taken_for_none() -> None:
    plain = Shapes.from_shapely([shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)])
    high = replace(plain, z=np.arange(8.0))
    left = high.take([1])
    assert alike(left, high).tolist() == [[0, 1, 1]]
    del high
    gc.collect()
    assert len(alike(left, plain)) == 0

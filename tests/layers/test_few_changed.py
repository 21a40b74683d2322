"""A few objects put into many or taken out: the same as by rows, and what is known of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import row_match
from layers.kinds.base import Packed
from layers.kinds.buildings import Buildings
from layers.schemes_build import copied, moved, without
from layers.schemes_rows import drop, pick, put, shapes_differ
from layers.shapes import Ints, Shapes, alike, same_arrays
from tests.scene.cities import city

SOME = st.lists(st.integers(0, 29), unique=True, max_size=6)


def town() -> Buildings:
    """Give thirty buildings with attributes."""
    return replace(
        city(30), attributes=pa.table({"n": np.arange(30), "t": [str(i) for i in range(30)]})
    )


def same(one: Packed, other: Packed) -> bool:
    """Say whether two contents are the same to the bit."""
    arrays = one.arrays.keys() == other.arrays.keys() and all(
        np.array_equal(array, other.arrays[name], equal_nan=array.dtype.kind == "f")
        for name, array in one.arrays.items()
    )
    return arrays and one.tables["attributes"].equals(other.tables["attributes"])


def edited(data: Buildings, replaced: list[int], gone: list[int], new: int, rings: bool) -> Packed:
    """Put in other shapes for some, and new ones; leave out others."""
    source = city(60, seed=9)
    number = np.append(data.ids[replaced], 100 + np.arange(new)).astype(np.int64)
    from_rows = np.array([row if rings else 59 - row for row in [*replaced, *range(30, 30 + new)]])
    rows = pick(source.pack(), from_rows.astype(np.int64))
    table = town().attributes.take(pa.array(from_rows % 30))
    arrays = {**rows.arrays, "ids": number, "feature": np.arange(len(number))}
    return put(data.pack(), Packed({}, arrays, {"attributes": table}), without=data.ids[gone])


@settings(max_examples=80, deadline=None)
@given(SOME, SOME, st.integers(0, 3), st.booleans())
def test_stretches_give_what_single_rows_give(
    replaced: list[int], gone: list[int], new: int, rings: bool
) -> None:
    data = town()
    if not replaced and not new:
        replaced = [3]
    quick = edited(data, replaced, gone, new, rings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_match, "MOST_STRETCHES", -2)
        slow = edited(data, replaced, gone, new, rings)
    assert same(quick, slow)
    left = len(data) - len(set(gone)) + new
    assert len(Buildings.unpack(quick)) == left


@settings(max_examples=60, deadline=None)
@given(SOME)
def test_taking_some_out_leaves_the_others_as_they_were(gone: list[int]) -> None:
    data = town()
    left = Buildings.unpack(drop(data.pack(), data.ids[gone]))
    keep = np.setdiff1d(np.arange(30), gone)
    np.testing.assert_array_equal(left.ids, data.ids[keep])
    np.testing.assert_array_equal(left.shapes.coords, data.shapes.take(keep).coords)
    known(left.shapes, data.shapes, keep)


def known(now: Shapes, before: Shapes, rows: Ints) -> None:
    """What is said to be alike is, both ways; extents are right with and without that."""
    for one, other, there in ((now, before, rows), (before, now, None)):
        for here, first, count in alike(one, other).tolist():
            a, b = (
                one.take(np.arange(here, here + count)),
                other.take(np.arange(first, first + count)),
            )
            assert a.coords.tobytes() == b.coords.tobytes()
            assert (a.ring_start == b.ring_start).all()
            if there is not None:
                np.testing.assert_array_equal(
                    there[here : here + count], np.arange(first, first + count)
                )
    plain = Shapes(
        now.kind.copy(), now.coords.copy(), now.ring_start.copy(), now.shape_start.copy()
    )
    before.extent()
    assert now.extent() == plain.extent()


def test_a_moved_building_shares_all_but_coordinates() -> None:
    data = town()
    after = moved(data, data.ids[4:6], 5.0, -2.0)
    assert after.height is data.height
    assert after.shapes.ring_start is data.shapes.ring_start
    assert after.shapes.shape_start is data.shapes.shape_start
    assert alike(after.shapes, data.shapes).tolist() == [[0, 0, 4], [6, 6, 24]]
    rows = np.arange(30)
    assert np.flatnonzero(shapes_differ(after.shapes, data.shapes, rows)).tolist() == [4, 5]
    assert same_arrays(data.shapes, Buildings.unpack(data.pack()).shapes)
    known(after.shapes, data.shapes, rows)


def test_extents_follow_buildings_at_the_border() -> None:
    data = town()
    box = data.extent()
    assert box is not None
    away = without(data, data.ids[:6])  # the whole southern row
    wider, _ = copied(data, [data.ids[0]], [[-500.0, 0.0], [0.0, 700.0]], 100)
    for after in (away, wider):
        known(after.shapes, data.shapes, row_match.old_rows(after.ids, data.ids))
    got = wider.extent()
    assert got is not None
    assert got[0] == pytest.approx(data.shapes.bounds()[0, 0] - 500.0)
    assert away.extent() != box


def test_copies_have_attribute_rows_of_their_own() -> None:
    data = town()
    after, ids = copied(data, data.ids[:2], [[50.0, 0.0], [100.0, 0.0]], 100)
    assert ids.tolist() == [100, 101, 102, 103]
    assert len(np.unique(after.feature)) == len(after)
    assert [after.row(number)["t"] for number in ids] == ["0", "1", "0", "1"]
    np.testing.assert_allclose(
        after.shapes.centres()[-4:], np.tile(data.shapes.centres()[:2], (2, 1))
        + np.repeat([[50.0, 0.0], [100.0, 0.0]], 2, axis=0), atol=1e-6,
    )  # fmt: skip


def test_what_was_noted_of_shapes_goes_with_them() -> None:
    from layers import shapes as module

    before = len(module._ALIKE), len(module._EXTENTS)
    data = town()
    for step in range(20):
        data = moved(data, data.ids[step : step + 1], 1.0, 0.0)
        data.extent()
    del data
    assert (len(module._ALIKE), len(module._EXTENTS)) <= (before[0] + 1, before[1] + 1)

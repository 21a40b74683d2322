"""Edits keep buildings in their leaves and slots and touch no other leaf."""

from __future__ import annotations

import numpy as np

from layers.row_match import old_rows, stretches
from layers.shapes import Floats, Ints
from scene.placing import Placing
from scene.quadtree import LEAF


def places(count: int, seed: int = 1) -> Floats:
    """Give middles of buildings in a city of 6 by 4 km."""
    return np.random.default_rng(seed).uniform((0, 0), (6000, 4000), (count, 2))


def start(count: int = 9000) -> tuple[Placing, Ints, Floats]:
    """Place buildings anew."""
    ids, where = np.arange(1, count + 1), places(count)
    return Placing.anew(ids, where), ids, where


def edited(
    placing: Placing, ids: Ints, where: Floats, changed: list[int]
) -> tuple[Placing, Ints | None]:
    """Follow an edit in which some rows, and all new ones, look otherwise."""
    rows = old_rows(ids, placing.ids)
    rows_changed = np.union1d(changed, np.flatnonzero(rows < 0)).astype(int)
    return placing.after(ids, where.__getitem__, rows, stretches(rows), rows_changed)


def leaf_of(placing: Placing, row: int) -> int:
    """Give the leaf of a building."""
    return int(placing.tree.leaf_of()[np.flatnonzero(placing.tree.order == row)[0]])


def check(placing: Placing) -> None:
    """No two buildings share a slot or are left out, no leaf is overfull, codes rise."""
    tree = placing.tree
    assert len(np.unique(placing.slots)) == len(placing.ids)
    assert placing.slots.max(initial=0) < placing.room
    assert sorted(tree.order.tolist()) == list(range(len(placing.ids)))
    leaves = tree.leaves
    assert (tree.end - tree.start)[leaves].max() <= 2 * LEAF
    assert int((tree.end - tree.start)[leaves].sum()) == len(placing.ids)
    assert (np.diff(tree.codes.astype(np.int64)) >= 0).all()


def test_nothing_changed_touches_nothing() -> None:
    placing, ids, where = start()
    after, touched = edited(placing, ids.copy(), where, [])
    assert touched is not None
    assert len(touched) == 0
    np.testing.assert_array_equal(after.slots, placing.slots)


def test_one_changed_building_touches_its_leaf_alone() -> None:
    placing, ids, where = start()
    _, touched = edited(placing, ids, where, [1234])
    assert touched is not None
    assert touched.tolist() == [leaf_of(placing, 1234)]


def test_a_moved_building_touches_where_it_was_and_where_it_is() -> None:
    placing, ids, where = start()
    far = where.copy()
    far[5] = [5900.0, 3900.0] if where[5, 0] < 3000 else [100.0, 100.0]
    after, touched = edited(placing, ids, far, [5])
    assert touched is not None
    assert set(touched) == {leaf_of(placing, 5), leaf_of(after, 5)}
    assert len(touched) == 2
    check(after)


def test_a_building_moved_out_of_the_city_stays_in_the_tree() -> None:
    placing, ids, where = start()
    far = where.copy()
    far[5] = [90_000.0, -4000.0]
    after, _ = edited(placing, ids, far, [5])
    check(after)


def test_a_removed_building_touches_its_leaf_and_moves_no_slot() -> None:
    placing, ids, where = start()
    gone = ids == 77
    after, touched = edited(placing, ids[~gone], where[~gone], [])
    assert touched is not None
    assert touched.tolist() == [leaf_of(placing, 76)]
    np.testing.assert_array_equal(after.slots, placing.slots[~gone])
    check(after)


def test_a_new_building_joins_the_leaf_of_its_place_and_takes_a_free_slot() -> None:
    placing, ids, where = start()
    after, touched = edited(placing, np.append(ids, 9001), np.vstack([where, where[400]]), [])
    assert touched is not None
    assert touched.tolist() == [leaf_of(placing, 400)]
    assert leaf_of(after, len(ids)) == touched[0]
    check(after)


def test_another_order_of_the_same_buildings_touches_nothing() -> None:
    placing, ids, where = start()
    turned = np.random.default_rng(3).permutation(len(ids))
    after, touched = edited(placing, ids[turned], where[turned], [])
    assert touched is not None
    assert len(touched) == 0
    np.testing.assert_array_equal(after.slots, placing.slots[turned])
    check(after)


def test_a_slot_is_given_again_after_its_building_went() -> None:
    placing, ids, where = start(3000)
    for step in range(5):
        ids, where = np.append(ids[1:], 10_000 + step), np.roll(where, -1, axis=0)
        placing, _ = edited(placing, ids, where, [])
        check(placing)
    assert placing.slots.max() <= 3000


def test_another_city_is_placed_anew() -> None:
    placing, *_ = start()
    after, touched = edited(placing, np.arange(90_000, 97_000), places(7000, seed=9), [])
    assert touched is None
    check(after)


def test_a_leaf_that_grows_too_far_is_split() -> None:
    placing, ids, where = start()
    rng = np.random.default_rng(4)
    more = where[:1] + rng.uniform(-20, 20, (2 * LEAF, 2))
    ids = np.append(ids, np.arange(50_000, 50_000 + len(more)))
    after, touched = edited(placing, ids, np.vstack([where, more]), [])
    assert touched is None
    check(after)


def test_all_buildings_can_go_and_come_back() -> None:
    placing, ids, where = start(1500)
    empty, _ = edited(placing, np.empty(0, dtype=np.int64), np.empty((0, 2)), [])
    assert len(empty.ids) == 0
    full, touched = edited(empty, ids, where, [])
    assert touched is None
    check(full)

"""Edits keep buildings in their tiles and touch no other tile."""

from __future__ import annotations

import numpy as np
import pytest

from layers.shapes import Bools, Floats, Ints
from scene.fingerprints import Prints
from scene.placing import Placing
from scene.tiles import MOST, split


def places(count: int, seed: int = 1) -> Floats:
    """Give middles of buildings in a city of 6 by 4 km."""
    return np.random.default_rng(seed).uniform((0, 0), (6000, 4000), (count, 2))


def start(count: int = 5000) -> tuple[Placing, Ints, Prints, Floats]:
    """Place buildings anew."""
    ids = np.arange(1, count + 1)
    prints = np.random.default_rng(2).integers(0, 2**63, count).astype(np.uint64)
    where = places(count)
    return Placing.anew(ids, prints, where), ids, prints, where


def check(placing: Placing) -> None:
    """No two buildings share a slot, no tile is overfull."""
    assert len(np.unique(placing.slots)) == len(placing.ids)
    assert np.bincount(placing.group).max() <= 2 * MOST
    assert placing.group.max() < placing.tiles


@pytest.mark.parametrize("count", [0, 1, MOST, MOST + 1, 20_000])
def test_groups_are_full_but_never_overfull(count: int) -> None:
    group = split(places(count))
    assert len(group) == count
    sizes = np.bincount(group)
    assert count == 0 or sizes.max() <= MOST
    assert count <= MOST or sizes.min() > MOST // 3


def test_neighbours_share_a_group() -> None:
    where = places(8000)
    group = split(where)
    spread = [np.ptp(where[group == g], axis=0).max() for g in np.unique(group)]
    assert max(spread) < 3100


def test_places_that_are_all_the_same_are_split_too() -> None:
    assert np.bincount(split(np.zeros((5000, 2)))).max() <= MOST


def test_nothing_changed_touches_nothing() -> None:
    placing, ids, prints, where = start()
    after, touched = placing.after(ids, prints.copy(), where)
    assert not touched.any()
    np.testing.assert_array_equal(after.slots, placing.slots)


def test_one_changed_building_touches_its_tile_alone() -> None:
    placing, ids, prints, where = start()
    other = prints.copy()
    other[1234] += 1
    _, touched = placing.after(ids, other, where)
    assert np.flatnonzero(touched).tolist() == [placing.group[1234]]


def without(mask: Bools, *columns: Ints | Prints | Floats) -> list[Ints | Prints | Floats]:
    """Take rows out of columns."""
    return [column[~mask] for column in columns]


def test_a_removed_building_touches_its_tile_and_moves_no_slot() -> None:
    placing, ids, prints, where = start()
    gone = ids == 77
    after, touched = placing.after(ids[~gone], prints[~gone], where[~gone])
    assert np.flatnonzero(touched).tolist() == [placing.group[76]]
    np.testing.assert_array_equal(after.slots, placing.slots[~gone])
    check(after)


def test_a_new_building_joins_the_nearest_tile_and_takes_a_free_slot() -> None:
    placing, ids, prints, where = start()
    spot = where[placing.group == 2].mean(axis=0)
    after, touched = placing.after(
        np.append(ids, 9001), np.append(prints, np.uint64(5)), np.vstack([where, spot])
    )
    assert np.flatnonzero(touched).tolist() == [2]
    assert after.group[-1] == 2
    check(after)


def test_another_order_of_the_same_buildings_touches_nothing() -> None:
    placing, ids, prints, where = start()
    turned = np.random.default_rng(3).permutation(len(ids))
    after, touched = placing.after(ids[turned], prints[turned], where[turned])
    assert not touched.any()
    np.testing.assert_array_equal(after.slots, placing.slots[turned])


def test_a_slot_is_given_again_after_its_building_went() -> None:
    placing, ids, prints, where = start(3000)
    for step in range(5):
        ids = np.append(ids[1:], 10_000 + step)
        prints, where = np.roll(prints, -1), np.roll(where, -1, axis=0)
        placing, _ = placing.after(ids, prints, where)
        check(placing)
    assert placing.slots.max() <= 3000


def test_another_city_is_placed_anew() -> None:
    placing, *_ = start()
    after, touched = placing.after(
        np.arange(90_000, 97_000), np.ones(7000, dtype=np.uint64), places(7000, seed=9)
    )
    assert touched.all()
    assert len(touched) == after.tiles
    check(after)


def test_a_tile_that_grows_too_far_is_split() -> None:
    placing, ids, prints, where = start()
    more = 2 * MOST
    after, touched = placing.after(
        np.append(ids, np.arange(50_000, 50_000 + more)),
        np.append(prints, np.arange(more).astype(np.uint64)),
        np.vstack([where, np.tile(where[:1], (more, 1))]),
    )
    assert touched.all()
    check(after)


def test_all_buildings_can_go_and_come_back() -> None:
    placing, ids, prints, where = start(1500)
    none = np.empty(0, dtype=np.int64)
    empty, _ = placing.after(none, none.astype(np.uint64), np.empty((0, 2)))
    assert empty.tiles <= 1
    full, touched = empty.after(ids, prints, where)
    assert touched.all()
    check(full)

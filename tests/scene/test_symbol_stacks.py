"""Crowded symbols: who speaks for whom, who stands beside whom, and the same every time."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scene.symbol_stacks import MOST_COVERED, MOST_OPEN, apart, arranged, grouped, stacked

SIDE = 40.0
places = st.lists(
    st.tuples(st.floats(0.0, 600.0), st.floats(0.0, 400.0)), min_size=1, max_size=40
).map(lambda rows: np.array(rows, dtype=np.float64))


def sizes(count: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.full(count, SIDE)


def test_symbols_that_cover_each_other_are_one_stack_and_the_last_speaks() -> None:
    pixels = np.array([[100.0, 100.0], [105.0, 98.0], [300.0, 100.0], [102.0, 104.0]])
    assert grouped(pixels, sizes(4), 0.78).tolist() == [3, 3, 2, 3]


def test_symbols_that_are_not_seen_stand_alone() -> None:
    pixels = np.array([[100.0, 100.0], [np.nan, np.nan], [101.0, 100.0]])
    assert grouped(pixels, sizes(3), 0.78).tolist() == [2, 1, 2]
    assert grouped(np.full((2, 2), np.nan), sizes(2), 0.78).tolist() == [0, 1]


@settings(max_examples=40, deadline=None)
@given(places)
def test_those_who_speak_do_not_cover_each_other(pixels: np.ndarray) -> None:
    leader = grouped(pixels, sizes(len(pixels)), 0.78)
    first = np.unique(leader)
    assert (leader[first] == first).all()
    for a in first:
        for b in first:
            if a != b:
                assert np.abs(pixels[a] - pixels[b]).max() >= 0.78 * SIDE


def test_far_stacks_have_a_number_and_show_one_symbol() -> None:
    pixels = np.array([[100.0, 100.0], [101.0, 100.0], [102.0, 100.0], [101.0, 101.0],
                       [99.0, 100.0], [400.0, 100.0]])  # fmt: skip
    leader = grouped(pixels, sizes(6), 0.78)
    _, share, number = arranged(pixels, sizes(6), np.zeros(6, dtype=bool), leader, np.zeros(6))
    assert number.tolist() == [0, 0, 0, 0, 5, 0]
    assert share.sum() == 3.0  # the first, one that looks out behind it, and the one alone


def test_near_stacks_open_so_that_every_symbol_is_seen() -> None:
    pixels = np.full((5, 2), 200.0)
    leader = grouped(pixels, sizes(5), 0.78)
    shift, share, number = arranged(pixels, sizes(5), np.ones(5, dtype=bool), leader, np.zeros(5))
    assert (share == 1.0).all()
    assert (number == 0.0).all()
    gaps = np.abs(shift[:, None] - shift[None]).max(axis=2) + 1e3 * np.eye(5)
    assert gaps.min() >= SIDE


def test_too_many_stay_a_stack_even_when_near() -> None:
    count = MOST_OPEN + 1
    pixels = np.full((count, 2), 200.0)
    leader = grouped(pixels, sizes(count), 0.78)
    _, _, number = arranged(
        pixels, sizes(count), np.ones(count, dtype=bool), leader, np.zeros(count)
    )
    assert number.max() == count


@settings(max_examples=30, deadline=None)
@given(places)
def test_pushing_apart_is_the_same_every_time_and_leaves_free_ones_alone(
    pixels: np.ndarray,
) -> None:
    side = sizes(len(pixels))
    first, again = apart(pixels, side), apart(pixels, side)
    assert np.array_equal(first, again)
    gaps = np.abs(pixels[:, None] - pixels[None]).max(axis=2) + 1e3 * np.eye(len(pixels))
    if gaps.min() > 1.1 * SIDE:
        assert np.array_equal(first, pixels)


def test_many_far_symbols_make_larger_stacks_so_that_the_city_is_seen() -> None:
    side = 40
    pixels = np.array([(15.0 * x, 12.0 * y) for y in range(side) for x in range(side)])
    sizes, area = np.full(len(pixels), 25.0), 800.0 * 600.0
    leader = stacked(pixels, sizes, np.zeros(len(pixels), dtype=bool), area)
    stacks = np.unique(leader)
    assert len(stacks) * 25.0**2 <= MOST_COVERED * area
    assert len(stacks) > 20  # where they are is still told
    assert len(np.unique(grouped(pixels, sizes, 0.78))) > 2 * len(stacks)


def test_few_symbols_and_near_ones_keep_their_stacks() -> None:
    pixels = np.array([(100.0, 100.0), (128.0, 100.0), (400.0, 300.0)])
    sizes = np.full(3, 25.0)
    for near in (np.zeros(3, dtype=bool), np.ones(3, dtype=bool)):
        leader = stacked(pixels, sizes, near, 800.0 * 600.0)
        assert leader.tolist() == grouped(pixels, sizes, 0.78).tolist()
    crowd = np.array([(20.0 * x, 20.0 * y) for y in range(20) for x in range(20)])
    near = np.ones(len(crowd), dtype=bool)
    leader = stacked(crowd, np.full(400, 25.0), near, 1.0)
    assert leader.tolist() == grouped(crowd, np.full(400, 25.0), 0.78).tolist()

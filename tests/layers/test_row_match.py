"""Objects of two versions of a layer are matched by number, and columns carried over."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import row_match
from layers.row_match import carried, old_rows, stretches, unmoved
from layers.shapes import Ints


def plainly(ids: Ints, before: Ints) -> list[int]:
    """Match by a dictionary."""
    at = {number: row for row, number in enumerate(before.tolist())}
    return [at.get(number, -1) for number in ids.tolist()]


numbers = st.lists(st.integers(0, 60), unique=True, max_size=40)


@settings(max_examples=200, deadline=None)
@given(numbers, numbers, st.booleans())
def test_any_two_versions_are_matched(ids: list[int], before: list[int], ranked: bool) -> None:
    now, was = (np.array(sorted(x) if ranked else x, dtype=np.int64) for x in (ids, before))
    rows = old_rows(now, was)
    assert rows.tolist() == plainly(now, was)
    runs = stretches(rows)
    assert runs is not None
    assert runs[:, 2].sum() == len(rows)
    again = [
        first + i if first >= 0 else -1 for _, first, count in runs.tolist() for i in range(count)
    ]
    assert again == rows.tolist()
    values = np.random.default_rng(1).random((len(was), 2))
    for made in (carried(values, rows, runs), carried(values, rows, None) if len(was) else None):
        if made is not None:
            np.testing.assert_array_equal(made[rows >= 0], values[rows[rows >= 0]])


@pytest.mark.parametrize("walk", [3, 1 << 16])
def test_few_that_go_and_come_among_many(walk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_match, "WALK", walk)
    random = np.random.default_rng(2)
    before = np.sort(random.choice(90_000, 20_000, replace=False))
    away = random.choice(20_000, 30, replace=False)
    ids = np.append(np.delete(before, away), [95_000, 95_001])
    rows = old_rows(ids, before)
    assert rows.tolist() == plainly(ids, before)
    runs = stretches(rows)
    assert runs is not None
    assert len(runs) <= 32


def test_where_everything_is_mixed_there_are_no_stretches() -> None:
    rows = np.random.default_rng(3).permutation(10_000)
    assert stretches(rows) is None
    values = np.arange(10_000.0)
    np.testing.assert_array_equal(carried(values, rows, None), values[rows])


def test_unmoved_means_every_row_in_its_place() -> None:
    assert unmoved(np.arange(5), 5)
    assert unmoved(np.empty(0, dtype=np.int64), 0)
    assert not unmoved(np.arange(4), 5)
    assert not unmoved(np.array([0, 1, -1, 3, 4]), 5)

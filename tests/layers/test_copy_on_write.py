"""Columns of which a few rows become others share the rest with the file they lie in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from layers import copy_on_write
from layers.copy_on_write import remember_file, shares_file, with_rows
from layers.files.store import Store

ROWS = 4000
START = 5000  # not at the beginning of a page


@pytest.fixture(autouse=True)
def _short_columns_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copy_on_write, "LEAST_BYTES", 1)


def mapped_file(path: Path, like: NDArray[np.float64]) -> NDArray[np.float64]:
    path.write_bytes(bytes(START) + like.tobytes() + b"behind")
    array = np.memmap(path, like.dtype, "r", START, like.shape)
    column = np.ndarray(like.shape, like.dtype, buffer=array.data)
    remember_file(column, path, START)
    return column


def ramp() -> NDArray[np.float64]:
    return np.arange(2.0 * ROWS).reshape(ROWS, 2)


steps = st.lists(
    st.tuples(
        st.integers(0, 20),  # which of the versions before is changed
        st.lists(st.integers(0, ROWS - 1), max_size=40, unique=True),
        st.floats(-1e6, 1e6),
    ),
    max_size=20,
)


@settings(max_examples=30, deadline=None)
@given(steps)
def test_every_version_is_what_a_copy_would_be(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, list[int], float]]
) -> None:
    path = tmp_path_factory.mktemp("columns") / "file"
    made = [mapped_file(path, ramp())]
    wanted = [ramp()]
    bytes_before = path.read_bytes()
    for which, rows, value in changes:
        at = np.array(rows, dtype=np.int64)
        values = value + np.arange(2.0 * len(rows)).reshape(-1, 2)
        base = which % len(made)
        made.append(with_rows(made[base], at, values))
        expected = wanted[base].copy()
        expected[at] = values
        wanted.append(expected)
    for got, expected in zip(made, wanted, strict=True):
        np.testing.assert_array_equal(got, expected)
    assert path.read_bytes() == bytes_before


def test_a_few_rows_share_the_file_and_many_are_copied(tmp_path: Path) -> None:
    column = mapped_file(tmp_path / "file", ramp())
    few = with_rows(column, np.array([7]), np.array([[1.0, 2.0]]))
    assert shares_file(few)
    many = with_rows(few, np.arange(0, ROWS, 4), np.zeros((ROWS // 4, 2)))
    assert not shares_file(many)
    assert many[7].tolist() == [1.0, 2.0]
    assert many[8].tolist() == [0.0, 0.0]


def test_many_changes_one_after_the_other_end_in_a_copy(tmp_path: Path) -> None:
    column = mapped_file(tmp_path / "file", ramp())
    shared = []
    for row in range(ROWS // 8):
        column = with_rows(column, np.array([row]), np.array([[0.0, 0.0]]))
        shared.append(shares_file(column))
    assert shared[0]
    assert not shared[-1]
    np.testing.assert_array_equal(column[ROWS // 8 :], ramp()[ROWS // 8 :])
    assert not column[: ROWS // 8].any()


def test_a_file_that_was_replaced_or_is_gone_is_not_mapped_again(tmp_path: Path) -> None:
    path = tmp_path / "file"
    column = mapped_file(path, ramp())
    path.unlink()
    gone = with_rows(column, np.array([1]), np.array([[9.0, 9.0]]))
    (tmp_path / "other").write_bytes(bytes(len(ramp().tobytes()) + START + 99))
    (tmp_path / "other").rename(path)
    replaced = with_rows(column, np.array([1]), np.array([[9.0, 9.0]]))
    for out in (gone, replaced):
        assert not shares_file(out)
        assert out[1].tolist() == [9.0, 9.0]
        np.testing.assert_array_equal(out[2:], ramp()[2:])


def test_one_value_may_stand_for_all_and_of_two_for_a_row_the_last_counts(tmp_path: Path) -> None:
    column = mapped_file(tmp_path / "file", ramp())
    for array in (column, ramp()):
        out = with_rows(array, np.array([3, 5, 3]), np.array([[1.0], [2.0], [4.0]]))
        assert out[3].tolist() == [4.0, 4.0]
        assert out[5].tolist() == [2.0, 2.0]


def test_what_comes_from_the_store_shares_its_file_even_when_it_was_used_again(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path, 1 << 30)
    store.keep("city", {"coords": ramp()})
    first = store.load("city")
    assert first is not None
    store.load("city")
    (entry,) = tmp_path.glob("*.entry")
    entry.touch()
    out = with_rows(first.arrays["coords"], np.array([0]), np.array([[5.0, 6.0]]))
    assert shares_file(out)
    assert out[0].tolist() == [5.0, 6.0]
    again = store.load("city")
    assert again is not None
    np.testing.assert_array_equal(again.arrays["coords"], ramp())


def test_what_was_put_into_the_store_shares_its_file_from_then_on(tmp_path: Path) -> None:
    store = Store(tmp_path, 1 << 30)
    frozen, loose = ramp(), ramp()
    frozen.setflags(write=False)
    store.keep("city", {"frozen": frozen, "loose": loose})
    at, values = np.array([2]), np.array([[5.0, 6.0]])
    out = with_rows(frozen, at, values)
    assert shares_file(out)
    assert out[:4].tolist() == [[0.0, 1.0], [2.0, 3.0], [5.0, 6.0], [6.0, 7.0]]
    assert not shares_file(with_rows(loose, at, values))  # it may be written to meanwhile

"""Long columns of which a few rows become others: what stays is shared with the file it lies in.

A column of a million buildings is mapped from a file that never changes. To give it another row
the file is mapped once more, privately: the system copies the few pages that are written to and
shares all others, where a copy of the whole takes a hundred megabytes of fresh memory for each
step that can be undone.
"""

from __future__ import annotations

import mmap
import os
import weakref
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
LEAST_BYTES = 4 << 20  # below that a copy is as quick
MOST_SHARE = 16  # one row in so many may be another; beyond that a copy is made

Stamp = tuple[int, int, int]  # device, node, size; the time tells when it was last used


class _Column(NamedTuple):
    """Where a column lies in a file, and what was put over it since."""

    array: weakref.ref[Any]
    path: Path
    stamp: Stamp
    start: int
    rows: Ints
    values: NDArray[Any]


# Arrays never change and are known by themselves, as those of shapes are.
_COLUMNS: dict[int, _Column] = {}


def remember_file(array: NDArray[Any], path: Path, start: int) -> None:
    """Note that an array is what a file that never changes holds from a place on, in C order.

    Parameters
    ----------
    array : ndarray
        As it was mapped from there or written there; short ones are not noted.
    path : pathlib.Path
        The file. One that is replaced or gone later does not count any more.
    start : int
        Byte at which the array begins.
    """
    if array.nbytes < LEAST_BYTES or array.ndim == 0 or array.dtype.hasobject:
        return
    try:
        stamp = _stamp(path.stat())
    except OSError:
        return
    none = np.zeros(0, dtype=np.int64)
    _note(array, _Column(weakref.ref(array), path, stamp, start, none, array[:0]))


def with_rows(array: NDArray[Any], at: Ints, values: NDArray[Any]) -> NDArray[Any]:
    """Give an array in which some rows are others.

    Parameters
    ----------
    array : (n, ...) ndarray
        Not changed.
    at : (k,) int64
        Rows, not negative; of one that is named twice the last counts.
    values : (k, ...) ndarray
        What they become; one value for all may be broadcast.

    Returns
    -------
    (n, ...) ndarray
        Of the same type; it may be written to.
    """
    values = np.broadcast_to(np.asarray(values, array.dtype), (len(at), *array.shape[1:]))
    column = _COLUMNS.get(id(array))
    if column is not None and column.array() is array:
        still = ~np.isin(column.rows, at)
        rows = np.concatenate([column.rows[still], at])
        over = np.concatenate([column.values[still], values])
        mapped = None if len(rows) * MOST_SHARE > len(array) else _mapped(column, array)
        if mapped is not None:
            mapped[rows] = over
            _note(mapped, column._replace(rows=rows, values=over))
            return mapped
    out = array.copy()
    out[at] = values
    return out


def shares_file(array: NDArray[Any]) -> bool:
    """Say whether an array lies in a file but for a few rows, and so costs next to no memory."""
    column = _COLUMNS.get(id(array))
    return column is not None and column.array() is array


def _note(array: NDArray[Any], column: _Column) -> None:
    forget = partial(_COLUMNS.pop, id(array), None)
    forgetting = weakref.ref(array, lambda _: forget())
    _COLUMNS[id(array)] = column._replace(array=forgetting)


def _stamp(told: os.stat_result) -> Stamp:
    return told.st_dev, told.st_ino, told.st_size


def _mapped(column: _Column, like: NDArray[Any]) -> NDArray[Any] | None:
    """Map a column from its file once more, privately; None where the file is another by now."""
    begin = column.start - column.start % mmap.ALLOCATIONGRANULARITY
    length = column.start + like.nbytes - begin
    try:
        with column.path.open("rb") as file:
            if _stamp(os.fstat(file.fileno())) != column.stamp:
                return None
            room = mmap.mmap(file.fileno(), length, access=mmap.ACCESS_COPY, offset=begin)
    except (OSError, ValueError):
        return None
    return np.ndarray(like.shape, like.dtype, buffer=room, offset=column.start - begin)

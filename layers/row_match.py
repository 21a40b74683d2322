"""Finding the same objects in two versions of a layer by their numbers; carrying columns over."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.shapes import Ints

MOST_STRETCHES = 2000  # stretches of rows up to which columns are copied stretch by stretch
WALK = 1 << 16  # rows compared at a time


def old_rows(ids: Ints, before: Ints) -> Ints:
    """Give where each object stood before, (n,) int64, -1 for new ones."""
    if ids is before or np.array_equal(ids, before):
        return np.arange(len(ids))
    if len(before) == 0:
        return np.full(len(ids), -1, dtype=np.int64)
    order = None
    ranked = before
    if not (before[1:] > before[:-1]).all():
        order = np.argsort(before, kind="stable")
        ranked = before[order]
    elif (walked := _side_by_side(ids, before)) is not None:
        return walked
    at = np.minimum(np.searchsorted(ranked, ids), len(ranked) - 1)
    found = ranked[at] == ids
    return np.where(found, at if order is None else order[at], -1)


def unmoved(rows: Ints, before: int) -> bool:
    """Say whether every object stands where it stood among so many before."""
    if len(rows) != before:
        return False
    return before == 0 or bool(
        rows[0] == 0 and rows[-1] == before - 1 and (rows[1:] > rows[:-1]).all()
    )


def stretches(rows: Ints) -> Ints | None:
    """Give the stretches of objects that stand beside each other now as before.

    Parameters
    ----------
    rows : (n,) int64
        Where each stood before, -1 for new ones.

    Returns
    -------
    (s, 3) int64 or None
        First row now, first row before (-1 for new ones), number of rows; None where there are
        so many that single rows are handled as well.
    """
    if len(rows) == 0:
        return np.empty((0, 3), dtype=np.int64)
    breaks = np.where(rows[:-1] < 0, rows[1:] >= 0, rows[1:] != rows[:-1] + 1)
    begin = np.append(0, np.flatnonzero(breaks) + 1)
    if len(begin) > MOST_STRETCHES:
        return None
    return np.column_stack([begin, rows[begin], np.diff(begin, append=len(rows))])


def carried(values: NDArray[Any], rows: Ints, runs: Ints | None) -> NDArray[Any]:
    """Give a column of before in the order of now; what new objects get is not told.

    Parameters
    ----------
    values : (m, ...) ndarray
        The column.
    rows : (n,) int64
        Where each stood before, -1 for new ones.
    runs : (s, 3) int64 or None
        What `stretches` gave for them.
    """
    if runs is None:
        return np.asarray(values[np.maximum(rows, 0)])
    out = np.empty((len(rows), *values.shape[1:]), dtype=values.dtype)
    for now, before, count in runs.tolist():
        out[now : now + count] = values[before : before + count] if before >= 0 else 0
    return out


def weave(count: int, at: Ints, gone: Ints) -> Ints | None:
    """Give the stretches of which rows are made when a few are replaced, left out, added.

    Parameters
    ----------
    count : int
        Rows there were.
    at : (k,) int64
        Where each of k rows is put; -1 puts it behind all others.
    gone : (m,) int64
        Rows to leave out.

    Returns
    -------
    (s, 3) int64 or None
        Source (0 for what there was, 1 for what is put in), first row, row behind the last; None
        where there are so many that single rows are handled as well.
    """
    if len(at) + len(gone) > MOST_STRETCHES // 2:
        return None
    events = {row: number for number, row in enumerate(at.tolist()) if row >= 0}
    events |= dict.fromkeys(gone.tolist(), -1)
    out: list[tuple[int, int, int]] = []
    begin = 0
    for row, number in sorted(events.items()):
        if row > begin:
            out.append((0, begin, row))
        if number >= 0:
            out.append((1, number, number + 1))
        begin = row + 1
    if begin < count:
        out.append((0, begin, count))
    out += [(1, number, number + 1) for number in np.flatnonzero(at < 0).tolist()]
    return np.array(out, dtype=np.int64).reshape(-1, 3)


def woven_column(before: NDArray[Any], new: NDArray[Any], parts: Ints) -> NDArray[Any]:
    """Give a column of stretches, as `weave` tells them, in the type that it had."""
    values = before, new.astype(before.dtype, copy=False)
    return np.concatenate(
        [before[:0], *(values[source][begin:end] for source, begin, end in parts.tolist())]
    )


def _side_by_side(ids: Ints, before: Ints) -> Ints | None:
    """Walk along rising numbers in which little differs; None where much does, or none rise."""
    if 2 * len(ids) < len(before) or not (ids[1:] > ids[:-1]).all():
        return None
    out = np.full(len(ids), -1, dtype=np.int64)
    i = j = steps = 0
    count = WALK
    while i < len(ids) and j < len(before):
        count = min(len(ids) - i, len(before) - j, count)
        other = ids[i : i + count] != before[j : j + count]
        same = int(other.argmax()) if other.any() else count
        out[i : i + same] = np.arange(j, j + same)
        i, j = i + same, j + same
        if same == count:
            count = WALK
            continue
        count, steps = 256, steps + 1
        if steps > MOST_STRETCHES:
            return None
        if before[j] < ids[i]:
            j += int(np.searchsorted(before[j:], ids[i]))
        else:
            i += int(np.searchsorted(ids[i:], before[j]))
    return out

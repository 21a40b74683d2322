"""Finding the same objects in two versions of a layer by their numbers."""

from __future__ import annotations

import numpy as np

from layers.shapes import Ints


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

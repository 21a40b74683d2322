"""What an edit changed of a layer of buildings, found by comparing columns."""

from __future__ import annotations

import numpy as np

from layers.kinds.buildings import Buildings
from layers.row_match import unmoved
from layers.shapes import Bools, Floats, Ints
from scene.meshing import BlockMesher
from scene.plans import differing


def reshaped(data: Buildings, before: Buildings, rows: Ints) -> Bools:
    """Say which buildings have another footprint than before, or are new, (n,).

    Parameters
    ----------
    data, before : Buildings
        n buildings now, and those of before.
    rows : (n,) int64
        Where each stood before, -1 for new ones.
    """
    if data.shapes is before.shapes and unmoved(rows, len(before)):
        return np.zeros(len(data), dtype=bool)
    new, old = data.shapes, before.shapes
    return np.asarray(
        differing(
            rows, new.coords, new.ring_start, new.shape_start,
            old.coords, old.ring_start, old.shape_start,
        )
    )  # fmt: skip


def differs(now: Floats | Bools, before: Floats | Bools, rows: Ints) -> Bools:
    """Say where a column is not what it was; new rows count, (n,)."""
    if now is before:
        return np.zeros(len(now), dtype=bool)
    if len(before) == 0:
        return np.ones(len(now), dtype=bool)
    if unmoved(rows, len(before)):
        return np.asarray(now != before)
    return np.asarray((now != before[np.maximum(rows, 0)]) | (rows < 0))


def otherwise(now: BlockMesher, was: BlockMesher, rows: Ints, shaped: Bools) -> Ints:
    """Give the buildings that look otherwise than before, new ones among them, (k,) int64.

    Parameters
    ----------
    now, was : BlockMesher
        n buildings now, and those of before.
    rows : (n,) int64
        Where each stood before, -1 for new ones.
    shaped : (n,) bool
        Those with another footprint.
    """
    changed = shaped.copy()
    for column, before in (
        (now.low, was.low), (now.high, was.high), (now.base, was.base),
        (now.buildings.drawn, was.buildings.drawn), (now.detailed, was.detailed),
    ):  # fmt: skip
        changed |= differs(column, before, rows)
    if now.buildings.surfaces is not was.buildings.surfaces:
        changed |= now.detailed
    return np.flatnonzero(changed)

"""What an edit changed of a layer of buildings, found by comparing columns."""

from __future__ import annotations

import numpy as np

from layers.kinds.buildings import Buildings
from layers.shapes import Bools, Floats, Ints, alike
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
    new, old = data.shapes, before.shapes
    out = np.ones(len(data), dtype=bool)
    for here, there, count in alike(new, old).tolist():
        now = slice(here, here + count)
        out[now] = rows[now] != np.arange(there, there + count)
    asked = np.flatnonzero(out)
    out[asked] = differing(
        asked, rows, new.coords, new.ring_start, new.shape_start,
        old.coords, old.ring_start, old.shape_start,
    )  # fmt: skip
    return out


def differs(
    now: Floats | Bools, before: Floats | Bools, rows: Ints, runs: Ints | None
) -> Bools:  # fmt: skip
    """Say where a column is not what it was; new rows count, (n,).

    `rows` says where each stood before, `runs` is what `stretches` gave for them.
    """
    if now is before and runs is not None and len(runs) == 1:
        return np.zeros(len(now), dtype=bool)
    if len(before) == 0:
        return np.ones(len(now), dtype=bool)
    if runs is None:
        return np.asarray((now != before[np.maximum(rows, 0)]) | (rows < 0))
    out = np.ones(len(now), dtype=bool)
    for here, there, count in runs.tolist():
        if there >= 0:
            out[here : here + count] = now[here : here + count] != before[there : there + count]
    return out


def otherwise(
    now: BlockMesher, was: BlockMesher, rows: Ints, runs: Ints | None, shaped: Bools
) -> Ints:  # fmt: skip
    """Give the buildings that look otherwise than before, new ones among them, (k,) int64.

    Parameters
    ----------
    now, was : BlockMesher
        n buildings now, and those of before.
    rows : (n,) int64
        Where each stood before, -1 for new ones.
    runs : (s, 3) int64 or None
        What `layers.row_match.stretches` gave for them.
    shaped : (n,) bool
        Those with another footprint.
    """
    changed = shaped.copy()
    for column, before in (
        (now.low, was.low), (now.high, was.high), (now.base, was.base),
        (now.buildings.drawn, was.buildings.drawn), (now.detailed, was.detailed),
    ):  # fmt: skip
        changed |= differs(column, before, rows, runs)
    if now.buildings.surfaces is not was.buildings.surfaces:
        changed |= now.detailed
    return np.flatnonzero(changed)

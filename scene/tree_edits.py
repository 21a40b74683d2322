"""Few members leave and join a quadtree: nothing is sorted anew, nodes keep their squares."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.shapes import Ints
from scene.quadtree import LEAF, Codes, Quadtree


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """Who leaves and who joins the order of a tree.

    Attributes
    ----------
    gone : (g,) int64
        Positions in the old order, rising.
    codes : (j,) uint64
        Places on the curve of those who join, rising.
    """

    gone: Ints
    codes: Codes

    def shifted(self, positions: Ints, codes: Codes) -> Ints:
        """Give where runs begin that began at some positions, and at some places on the curve."""
        return np.asarray(
            positions
            - np.searchsorted(self.gone, positions)
            + np.searchsorted(self.codes, codes)
        )  # fmt: skip


def edited(
    tree: Quadtree, order: Ints, gone: Ints, codes: Codes, members: Ints
) -> tuple[Quadtree, Moves] | None:
    """Let members leave and join a tree.

    Parameters
    ----------
    tree : Quadtree
        The tree before.
    order : (n,) int64
        Its order in the numbers that members have now.
    gone : (g,) int64
        Positions in it of those who leave, rising.
    codes : (j,) uint64
        Places on the curve of those who join, in any order.
    members : (j,) int64
        Who joins.

    Returns
    -------
    (Quadtree, Moves) or None
        None where a leaf would get too many members.
    """
    ranks = np.argsort(codes, kind="stable")
    codes, members = codes[ranks], members[ranks]
    at = np.searchsorted(tree.codes, codes, side="right")
    ranked = respliced(tree.codes, gone, at, codes)
    runs = tree.runs_in(ranked, 2 * LEAF)
    if runs is None:
        return None
    made = replace(
        tree, order=respliced(order, gone, at, members), codes=ranked, start=runs[0], end=runs[1]
    )
    return made, Moves(gone, codes)


def respliced(values: NDArray[Any], gone: Ints, at: Ints, new: NDArray[Any]) -> NDArray[Any]:
    """Give a column without some positions, and with new values before others.

    Parameters
    ----------
    values : (n,) ndarray
        The column.
    gone : (g,) int64
        Positions left out, rising.
    at : (k,) int64
        Positions before which each of `new` is put, rising.
    new : (k,) ndarray
        New values.
    """
    events = [(position, 1, -1) for position in gone.tolist()]
    events += [(position, 0, number) for number, position in enumerate(at.tolist())]
    parts, begin = [values[:0]], 0
    for position, leaves, number in sorted(events):
        parts.append(values[begin:position])
        begin = position + leaves
        if not leaves:
            parts.append(new[number : number + 1])
    return np.concatenate([*parts, values[begin:]])

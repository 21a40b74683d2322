"""Which leaf and which texture slot each building has, kept over edits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layers.shapes import Floats, Ints
from scene.quadtree import Quadtree

ENOUGH = 0.7  # of the buildings must have been there for an edit to be followed


@dataclass(frozen=True, slots=True, eq=False)
class Placing:
    """Where the buildings of a layer are kept.

    Attributes
    ----------
    ids : (n,) int64
        The buildings.
    slots : (n,) int64
        Places in the texture.
    room : int
        Places that the texture keeps for buildings.
    tree : Quadtree
        Their order.
    """

    ids: Ints
    slots: Ints
    room: int
    tree: Quadtree

    @classmethod
    def anew(cls, ids: Ints, places: Floats) -> Placing:
        """Place buildings without regard to what was; `places` are their middles, (n, 2)."""
        room = len(ids) + len(ids) // 8 + 64
        return cls(ids, np.arange(len(ids)), room, Quadtree.of(places))

    def after(
        self, ids: Ints, places: Floats, rows: Ints, changed: Ints
    ) -> tuple[Placing, Ints | None]:
        """Place the buildings of an edited layer and tell which leaves to make anew.

        Buildings that were there keep their slots, nodes keep their squares. Where very much
        changed, or the tree has no room, everything is placed anew.

        Parameters
        ----------
        ids : (n,) int64
            The buildings now.
        places : (n, 2) float64
            Their middles.
        rows : (n,) int64
            Where each stood before, -1 for new ones.
        changed : (k,) int64
            Those that look otherwise than before, new ones among them.

        Returns
        -------
        (Placing, (t,) int64 or None)
            The leaves touched; None where everything is new.
        """
        known = rows >= 0
        if known.sum() < ENOUGH * max(len(ids), len(self.ids)) or not known.any():
            return self.anew(ids, places), None
        slots = self._slots(rows, known)
        if len(slots) and int(slots.max()) >= self.room:
            return self.anew(ids, places), None
        tree, leaf_before = self.tree, self.tree.leaf_of()
        gone = np.ones(len(self.ids), dtype=bool)
        gone[rows[known]] = False
        stood = np.flatnonzero(gone)
        stood = np.concatenate([stood, rows[changed][rows[changed] >= 0]])
        position = np.empty(len(self.ids), dtype=np.int64)
        position[tree.order] = np.arange(len(self.ids))
        touched = leaf_before[position[stood]]
        if len(ids) == len(self.ids) and not gone.any() and _is_counting(rows):
            codes = np.empty(len(ids), dtype=np.uint64)
            codes[tree.order] = tree.codes
            codes[changed] = tree.square.codes(places[changed])
            before = tree.order
        else:
            codes = tree.square.codes(places)
            before = self._about_in_order(rows, known)
        new = tree.after(codes, before)
        if new is None:
            return self.anew(ids, places), None
        position = np.empty(len(ids), dtype=np.int64)
        position[new.order] = np.arange(len(ids))
        touched = np.concatenate([touched, new.leaf_of()[position[changed]]])
        return Placing(ids, slots, self.room, new), np.unique(touched)

    def _slots(self, rows: Ints, known: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Ints:
        if _is_counting(rows) and len(rows) == len(self.ids):
            return self.slots
        slots = np.empty(len(rows), dtype=np.int64)
        slots[known] = self.slots[rows[known]]
        count = int((~known).sum())
        if count:
            free = np.ones(self.room + count, dtype=bool)
            free[slots[known]] = False
            slots[~known] = np.flatnonzero(free)[:count]
        return slots

    def _about_in_order(
        self, rows: Ints, known: np.ndarray[tuple[int], np.dtype[np.bool_]]
    ) -> Ints:
        """Give the buildings now in the order of before, new ones last."""
        now = np.full(len(self.ids), -1, dtype=np.int64)
        now[rows[known]] = np.flatnonzero(known)
        ordered = now[self.tree.order]
        return np.concatenate([ordered[ordered >= 0], np.flatnonzero(~known)])


def _is_counting(rows: Ints) -> bool:
    return bool(len(rows) == 0 or (rows[0] == 0 and (np.diff(rows) == 1).all()))

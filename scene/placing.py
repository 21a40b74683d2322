"""Which leaf and which texture slot each building has, kept over edits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layers.row_match import unmoved
from layers.shapes import Bools, Floats, Ints
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

        Buildings that were there keep their slots, nodes keep their squares; the tree is the
        same object where all stand in it as before. Where very much changed, or the tree has no
        room, everything is placed anew.

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
        tree = self.tree
        codes = tree.square.codes(places[changed])
        if unmoved(rows, len(self.ids)):
            if len(ids) == 0:
                return self, np.empty(0, dtype=np.int64)
            everyone = np.empty(len(ids), dtype=np.uint64)
            everyone[tree.order] = tree.codes
            touched = tree.leaf_at(np.concatenate([codes, everyone[changed]]))
            if np.array_equal(tree.leaves_of(codes), tree.leaves_of(everyone[changed])):
                # All are in their leaves. Which cell of it one counts in does not matter: what
                # cells sum up is where their members stand.
                return Placing(ids, self.slots, self.room, tree), touched
            everyone[changed] = codes
            new, slots = tree.after(everyone, tree.order), self.slots
        else:
            known = rows >= 0
            if known.sum() < ENOUGH * max(len(ids), len(self.ids)) or not known.any():
                return self.anew(ids, places), None
            slots = self._slots(rows, known)
            if len(slots) and int(slots.max()) >= self.room:
                return self.anew(ids, places), None
            left = np.ones(len(self.ids), dtype=bool)
            left[rows[known]] = False
            left[rows[changed][rows[changed] >= 0]] = True
            touched = tree.leaf_at(np.concatenate([codes, tree.codes[left[tree.order]]]))
            new = tree.after(tree.square.codes(places), self._about_in_order(rows, known))
        if new is None:
            return self.anew(ids, places), None
        return Placing(ids, slots, self.room, new), touched

    def _slots(self, rows: Ints, known: Bools) -> Ints:
        slots = np.empty(len(rows), dtype=np.int64)
        slots[known] = self.slots[rows[known]]
        count = int((~known).sum())
        if count:
            free = np.ones(self.room + count, dtype=bool)
            free[slots[known]] = False
            slots[~known] = np.flatnonzero(free)[:count]
        return slots

    def _about_in_order(self, rows: Ints, known: Bools) -> Ints:
        """Give the buildings now in the order of before, new ones last."""
        now = np.full(len(self.ids), -1, dtype=np.int64)
        now[rows[known]] = np.flatnonzero(known)
        ordered = now[self.tree.order]
        return np.concatenate([ordered[ordered >= 0], np.flatnonzero(~known)])

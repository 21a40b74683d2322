"""Which leaf and which texture slot each building has, kept over edits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from layers.row_match import carried, unmoved
from layers.shapes import Bools, Floats, Ints
from scene.quadtree import Quadtree
from scene.tree_edits import Moves, edited

FEW = 1000  # buildings that come, go and move without their whole order being sorted anew
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
    moves : Moves or None
        Who left and joined the tree of the placing this one came after; None where the tree is
        the same, or was sorted anew.
    """

    ids: Ints
    slots: Ints
    room: int
    tree: Quadtree
    moves: Moves | None = None

    @classmethod
    def anew(cls, ids: Ints, places: Floats) -> Placing:
        """Place buildings without regard to what was; `places` are their middles, (n, 2)."""
        room = len(ids) + len(ids) // 8 + 64
        return cls(ids, np.arange(len(ids)), room, Quadtree.of(places))

    def after(
        self, ids: Ints, places: Callable[[Ints], Floats], rows: Ints, runs: Ints | None,
        changed: Ints,
    ) -> tuple[Placing, Ints | None]:  # fmt: skip
        """Place the buildings of an edited layer and tell which leaves to make anew.

        Buildings that were there keep their slots, nodes keep their squares; the tree is the
        same object where all stand in it as before. Where very much changed, or the tree has no
        room, everything is placed anew.

        Parameters
        ----------
        ids : (n,) int64
            The buildings now.
        places : callable
            Gives the middles of some, (k, 2), by their rows.
        rows : (n,) int64
            Where each stood before, -1 for new ones.
        runs : (s, 3) int64 or None
            What `layers.row_match.stretches` gave for them.
        changed : (k,) int64
            Those that look otherwise than before, new ones among them.

        Returns
        -------
        (Placing, (t,) int64 or None)
            The leaves touched; None where everything is new.
        """
        if unmoved(rows, len(self.ids)):
            return self._rearranged(ids, places, changed)
        known = rows >= 0
        if known.sum() < ENOUGH * max(len(ids), len(self.ids)) or not known.any():
            return self.anew(ids, places(np.arange(len(ids)))), None
        slots = self._slots(rows, known, runs)
        if len(slots) and int(slots.max()) >= self.room:
            return self.anew(ids, places(np.arange(len(ids)))), None
        tree, codes = self.tree, self.tree.square.codes(places(changed))
        now = np.full(len(self.ids), -1, dtype=np.int64)
        if runs is None:
            now[rows[known]] = np.flatnonzero(known)
        else:
            for here, there, count in runs[runs[:, 1] >= 0].tolist():
                now[there : there + count] = np.arange(here, here + count)
        gone = np.flatnonzero(now < 0)
        was = rows[changed]
        left = np.flatnonzero(self._are(np.concatenate([gone, was[was >= 0]]))[tree.order])
        touched = tree.leaf_at(np.concatenate([codes, tree.codes[left]]))
        order, moves = now[tree.order], None
        if len(left) + len(changed) <= FEW:
            made = edited(tree, order, left, codes, changed)
            new, moves = (None, None) if made is None else made
        else:
            order = np.concatenate([order[order >= 0], np.flatnonzero(~known)])
            new = tree.after(tree.square.codes(places(np.arange(len(ids)))), order)
        if new is None:
            return self.anew(ids, places(np.arange(len(ids)))), None
        return Placing(ids, slots, self.room, new, moves), touched

    def _rearranged(
        self, ids: Ints, places: Callable[[Ints], Floats], changed: Ints
    ) -> tuple[Placing, Ints | None]:  # fmt: skip
        """Place the same buildings, of which some stand elsewhere."""
        tree = self.tree
        if len(ids) == 0 or len(changed) == 0:
            return Placing(ids, self.slots, self.room, tree), np.empty(0, dtype=np.int64)
        codes = tree.square.codes(places(changed))
        if len(changed) <= FEW:
            left = tree.positions(changed)
            members = tree.order[left]
            codes = codes[np.searchsorted(changed, members)]
            before = tree.codes[left]
        else:
            everyone = np.empty(len(ids), dtype=np.uint64)
            everyone[tree.order] = tree.codes
            before = everyone[changed]
        touched = tree.leaf_at(np.concatenate([codes, before]))
        if np.array_equal(tree.leaves_of(codes), tree.leaves_of(before)):
            # All are in their leaves. Which cell of it one counts in does not matter: what
            # cells sum up is where their members stand.
            return Placing(ids, self.slots, self.room, tree), touched
        moves = None
        if len(changed) <= FEW:
            made = edited(tree, tree.order, left, codes, members)
            new, moves = (None, None) if made is None else made
        else:
            everyone[changed] = codes
            new = tree.after(everyone, tree.order)
        if new is None:
            return self.anew(ids, places(np.arange(len(ids)))), None
        return Placing(ids, self.slots, self.room, new, moves), touched

    def _are(self, members: Ints) -> Bools:
        """Say of each building of before whether it is one of some."""
        out = np.zeros(len(self.ids), dtype=bool)
        out[members] = True
        return out

    def _slots(self, rows: Ints, known: Bools, runs: Ints | None) -> Ints:
        slots = carried(self.slots, rows, runs)
        count = int((~known).sum())
        if count:
            free = np.ones(self.room + count, dtype=bool)
            free[slots[known]] = False
            slots[~known] = np.flatnonzero(free)[:count]
        return slots

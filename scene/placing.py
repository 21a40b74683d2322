"""Which tile and which texture slot each building has, kept over edits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from layers.shapes import Bools, Floats, Ints
from scene.fingerprints import Prints
from scene.tiles import MOST, split


@dataclass(frozen=True, slots=True, eq=False)
class Placing:
    """Where the buildings of a layer are kept.

    Attributes
    ----------
    ids : (n,) int64
        The buildings.
    prints : (n,) uint64
        Fingerprints of their shapes.
    slots : (n,) int64
        Places in the texture.
    group : (n,) int64
        Tiles.
    tiles : int
        Number of tiles.
    """

    ids: Ints
    prints: Prints
    slots: Ints
    group: Ints
    tiles: int

    @classmethod
    def anew(cls, ids: Ints, prints: Prints, places: Floats) -> Placing:
        """Place buildings without regard to what was; `places` are their middles, (n, 2)."""
        group = split(places)
        return cls(ids, prints, np.arange(len(ids)), group, int(group.max(initial=-1)) + 1)

    def after(self, ids: Ints, prints: Prints, places: Floats) -> tuple[Placing, Bools]:
        """Place the buildings of an edited layer and tell which tiles to make anew.

        Buildings that were there keep tile and slot, new ones join the nearest tile. Where very
        much changed everything is placed anew.

        Returns
        -------
        (Placing, (t,) bool)
        """
        old = self._old_rows(ids)
        known = old >= 0
        crowd = np.bincount(self.group, minlength=self.tiles)
        if known.sum() < 0.7 * len(ids) or len(self.ids) == 0 or not known.any():
            return self._afresh(ids, prints, places)
        slots, group = np.empty(len(ids), dtype=np.int64), np.empty(len(ids), dtype=np.int64)
        slots[known], group[known] = self.slots[old[known]], self.group[old[known]]
        touched = np.zeros(self.tiles, dtype=bool)
        moved = np.zeros(len(ids), dtype=bool)
        moved[known] = prints[known] != self.prints[old[known]]
        if not known.all():
            free = np.setdiff1d(np.arange(len(ids) + len(self.ids)), slots[known])
            slots[~known] = free[: int((~known).sum())]
            group[~known] = self._nearest(places[known], group[known], places[~known])
        touched[group[moved | ~known]] = True
        gone = np.ones(len(self.ids), dtype=bool)
        gone[old[known]] = False
        touched[self.group[gone]] = True
        crowd = np.bincount(group, minlength=self.tiles)
        if crowd.max() > 2 * MOST:
            return self._afresh(ids, prints, places)
        return Placing(ids, prints, slots, group, self.tiles), touched

    def _afresh(self, ids: Ints, prints: Prints, places: Floats) -> tuple[Placing, Bools]:
        new = Placing.anew(ids, prints, places)
        return new, np.ones(new.tiles, dtype=bool)

    def _old_rows(self, ids: Ints) -> Ints:
        """Give where each building was, -1 for new ones."""
        if np.array_equal(ids, self.ids):
            return np.arange(len(ids))
        if len(self.ids) == 0:
            return np.full(len(ids), -1)
        order = np.argsort(self.ids, kind="stable")
        at = np.minimum(np.searchsorted(self.ids, ids, sorter=order), len(order) - 1)
        return np.where(self.ids[order[at]] == ids, order[at], -1)

    def _nearest(self, places: Floats, group: Ints, new: Floats) -> Ints:
        """Give the tile whose middle is nearest to new places."""
        count = np.bincount(group, minlength=self.tiles)
        used = np.flatnonzero(count)
        middle = np.column_stack(
            [np.bincount(group, places[:, k], minlength=self.tiles)[used] for k in range(2)]
        )
        _, nearest = cKDTree(middle / count[used][:, None]).query(new)
        return used[np.asarray(nearest, dtype=np.int64)]

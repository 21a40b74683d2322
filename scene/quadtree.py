"""A quadtree over places: every node and every cell of a node is one run of a sorted order.

Places are numbered along a Z-order curve (Morton). Sorted by that number, the members of any
square of the grid, large or small, stand beside each other: nodes of the tree, and the cells into
which a node is cut for drawing it from afar, are two positions each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numba as nb
import numpy as np
from numpy.typing import NDArray

from layers.shapes import Floats, Ints

DEPTH = 20  # halvings of the whole square: cells of a decimetre in a city of a hundred kilometres
LEAF = 1400  # members of a leaf at most; anything from 400 to 1600 draws equally fast
CELL_LEVELS = 5  # an inner node is cut into 32 by 32 cells

Codes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class Square:
    """The ground a tree covers; places outside count as lying at its border."""

    west: float
    south: float
    side: float

    @classmethod
    def around(cls, places: Floats) -> Square:
        """Give the smallest square with some room around places, (n, 2)."""
        if len(places) == 0:
            return cls(0.0, 0.0, 1.0)
        low, high = places.min(axis=0), places.max(axis=0)
        side = max(float((high - low).max()), 1.0) * (1.0 + 1e-9)
        west, south = (low + high) / 2 - side / 2
        return cls(float(west), float(south), side)

    def codes(self, places: Floats) -> Codes:
        """Give the place of each of (n, 2) places on the curve, (n,) uint64."""
        return np.asarray(_codes(np.ascontiguousarray(places), self.west, self.south, self.side))


@dataclass(frozen=True, slots=True, eq=False)
class Quadtree:
    """A quadtree whose nodes are runs of `order`; parents stand before their children.

    Attributes
    ----------
    square : Square
        What the root covers.
    order : (n,) int64
        Members along the curve.
    codes : (n,) uint64
        Their places on the curve, rising.
    level : (m,) int64
        Halvings from the root, 0 for the root.
    key : (m,) uint64
        The place on the curve at which the square of a node begins.
    start, end : (m,) int64
        Run of each node in `order`.
    parent : (m,) int64
        -1 for the root.
    child, children : (m,) int64
        First child and number of children, which stand beside each other; 0 children for leaves.
    """

    square: Square
    order: Ints
    codes: Codes
    level: Ints
    key: Codes
    start: Ints
    end: Ints
    parent: Ints
    child: Ints
    children: Ints

    @classmethod
    def of(cls, places: Floats, most: int = LEAF) -> Quadtree:
        """Sort places, (n, 2), into a tree with leaves of at most `most` members."""
        square = Square.around(places)
        codes = square.codes(places)
        order = np.argsort(codes, kind="stable")
        ranked = codes[order]
        parts = _divide(ranked, most)
        return cls(square, order, ranked, *parts)

    def __len__(self) -> int:
        return len(self.level)

    @property
    def leaves(self) -> Ints:
        """The nodes without children."""
        return np.flatnonzero(self.children == 0)

    @property
    def side(self) -> Floats:
        """Side of each node's square, metres, (m,)."""
        return np.asarray(self.square.side / 2.0 ** self.level.astype(np.float64))

    def leaf_of(self) -> Ints:
        """Give the leaf of each position of `order`, (n,) int64."""
        leaves = self.leaves
        leaves = leaves[np.argsort(self.start[leaves], kind="stable")]
        leaves = leaves[self.end[leaves] > self.start[leaves]]
        return np.repeat(leaves, self.end[leaves] - self.start[leaves])

    def positions(self, members: Ints) -> Ints:
        """Give where some members stand in `order`, (k,) int64, in no order of their own."""
        chosen = np.zeros(len(self.order), dtype=bool)
        chosen[members] = True
        return np.flatnonzero(chosen[self.order])

    def leaves_of(self, codes: Codes) -> Ints:
        """Give the leaf in which each of some places on the curve lies, (k,) int64."""
        leaves = self.leaves
        leaves = leaves[np.argsort(self.key[leaves], kind="stable")]
        at = np.searchsorted(self.key[leaves], codes, side="right") - 1
        return np.asarray(leaves[at])

    def leaf_at(self, codes: Codes) -> Ints:
        """Give the leaves in which places on the curve lie, each once, rising."""
        return np.unique(self.leaves_of(codes))

    def after(self, codes: Codes, before: Ints, most: int = 2 * LEAF) -> Quadtree | None:
        """Keep the nodes and put other members into them.

        Parameters
        ----------
        codes : (k,) uint64
            Places of all members on the curve of `square`.
        before : (k,) int64
            Members in about the order of the curve, which makes sorting cheap.
        most : int
            Members of a leaf; where one would get more there is no such tree.

        Returns
        -------
        Quadtree or None
        """
        order = before[np.argsort(codes[before], kind="stable")]
        ranked = codes[order]
        runs = self.runs_in(ranked, most)
        if runs is None:
            return None
        return replace(self, order=order, codes=ranked, start=runs[0], end=runs[1])

    def runs_in(self, ranked: Codes, most: int) -> tuple[Ints, Ints] | None:
        """Give start and end of each node among other rising places on the curve.

        None where a leaf would get more than `most` members, or a place lies in no leaf.
        """
        span = np.uint64(1) << (2 * (DEPTH - self.level)).astype(np.uint64)
        start = np.searchsorted(ranked, self.key)
        end = np.searchsorted(ranked, self.key + (span - np.uint64(1)), side="right")
        sizes = (end - start)[self.children == 0]
        if int(sizes.sum()) != len(ranked) or int(sizes.max(initial=0)) > most:
            return None
        return start.astype(np.int64), end.astype(np.int64)


def split(places: Floats, most: int = LEAF) -> Ints:
    """Split places into groups of neighbours by halving along the longer side.

    Parameters
    ----------
    places : (n, 2) float64
        East and north, metres.
    most : int
        Members of a group at most.

    Returns
    -------
    (n,) int64
        Number of the group of each place, from 0.
    """
    group = np.zeros(len(places), dtype=np.int64)
    waiting, done = [np.arange(len(places))], 0
    while waiting:
        rows = waiting.pop()
        if len(rows) <= most:
            group[rows] = done
            done += 1
            continue
        here = places[rows]
        axis = int(np.argmax(here.max(axis=0) - here.min(axis=0)))
        order = np.argpartition(here[:, axis], len(rows) // 2)
        waiting += [rows[order[: len(rows) // 2]], rows[order[len(rows) // 2 :]]]
    return group


def _divide(codes: Codes, most: int) -> tuple[Ints, Codes, Ints, Ints, Ints, Ints, Ints]:
    """Halve level by level while a node has too many members; gives the columns of the nodes."""
    level, key = [np.zeros(1, dtype=np.int64)], [np.zeros(1, dtype=np.uint64)]
    start, end = [np.zeros(1, dtype=np.int64)], [np.full(1, len(codes), dtype=np.int64)]
    parent = [np.full(1, -1, dtype=np.int64)]
    first = 0  # number of the first node of the level
    links: list[tuple[Ints, Ints]] = []
    for depth in range(DEPTH):
        full = np.flatnonzero(end[-1] - start[-1] > most)
        if full.size == 0:
            break
        quarter = np.uint64(1) << np.uint64(2 * (DEPTH - depth - 1))
        keys = (key[-1][full][:, None] + np.arange(4, dtype=np.uint64) * quarter).reshape(-1)
        starts = np.searchsorted(codes, keys).astype(np.int64)
        ends = np.searchsorted(codes, keys + (quarter - np.uint64(1)), side="right")
        links.append((full, np.full(len(full), 4, dtype=np.int64)))
        parent.append(np.repeat(first + full, 4))
        first += len(level[-1])
        level.append(np.full(len(keys), depth + 1, dtype=np.int64))
        key.append(keys)
        start.append(starts)
        end.append(ends.astype(np.int64))
    parents = np.concatenate(parent)
    child = np.zeros(len(parents), dtype=np.int64)
    children = np.bincount(parents[1:], minlength=len(parents)).astype(np.int64)
    has = np.flatnonzero(children)
    child[has] = np.searchsorted(parents, has)
    return (
        np.concatenate(level), np.concatenate(key), np.concatenate(start), np.concatenate(end),
        parents, child, children,
    )  # fmt: skip


@nb.njit(cache=True, nogil=True)
def _codes(places: Floats, west: float, south: float, side: float) -> Codes:  # pragma: no cover
    """Interleave the bits of column and row."""
    out = np.empty(len(places), dtype=np.uint64)
    cells = 1 << DEPTH
    for i in range(len(places)):
        x = int((places[i, 0] - west) / side * cells)
        y = int((places[i, 1] - south) / side * cells)
        x, y = min(max(x, 0), cells - 1), min(max(y, 0), cells - 1)
        out[i] = _spread(np.uint64(x)) | (_spread(np.uint64(y)) << np.uint64(1))
    return out


@nb.njit(cache=True, nogil=True, inline="always")
def _spread(value: np.uint64) -> np.uint64:  # pragma: no cover
    """Put a gap before each of 20 bits."""
    value = (value | (value << np.uint64(16))) & np.uint64(0x0000FFFF0000FFFF)
    value = (value | (value << np.uint64(8))) & np.uint64(0x00FF00FF00FF00FF)
    value = (value | (value << np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    value = (value | (value << np.uint64(2))) & np.uint64(0x3333333333333333)
    return np.uint64((value | (value << np.uint64(1))) & np.uint64(0x5555555555555555))


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells of all inner nodes; those of a node stand beside each other.

    Attributes
    ----------
    first : (m + 1,) int64
        First cell of each node; leaves have none.
    start, end : (c,) int64
        Run of each cell in the tree's order.
    low : (c,) uint64
        The place on the curve at which the square of a cell begins.
    """

    first: Ints
    start: Ints
    end: Ints
    low: Codes

    @classmethod
    def of(cls, tree: Quadtree) -> Cells:
        """Cut the inner nodes of a tree into cells; empty cells are left out."""
        inner = tree.children > 0
        first, start, low = _cut(tree.codes, tree.start, tree.end, tree.level, inner)
        return cls(first, start, _ends(tree, first, start), low)

    def after(self, tree: Quadtree, start: Ints, codes: Codes) -> Cells | None:
        """Keep the cells where few members left and joined; those without any stay, too.

        Parameters
        ----------
        tree : Quadtree
            The tree now, with the same nodes.
        start : (c,) int64
            Where the run of each cell begins in its order.
        codes : (j,) uint64
            Places on the curve of those who joined.

        Returns
        -------
        Cells or None
            None where one joined a square that has no cell.
        """
        inner = np.flatnonzero(np.diff(self.first))
        depth = np.maximum(DEPTH - tree.level[inner] - CELL_LEVELS, 0)
        span = np.uint64(1) << (2 * (DEPTH - tree.level[inner])).astype(np.uint64)
        key = tree.key[inner]
        for code in codes:
            over = (code >= key) & (code - key < span)
            for node, shift in zip(inner[over], 2 * depth[over], strict=True):
                lows = self.low[self.first[node] : self.first[node + 1]]
                wanted = code >> np.uint64(shift) << np.uint64(shift)
                at = int(np.searchsorted(lows, wanted))
                if at == len(lows) or lows[at] != wanted:
                    return None
        if int((tree.children > 0).sum()) != len(inner):
            return None  # an inner node that was empty
        return Cells(self.first, start, _ends(tree, self.first, start), self.low)


def _ends(tree: Quadtree, first: Ints, start: Ints) -> Ints:
    """Give where the run of each cell ends: where the next one begins, or its node ends."""
    end = np.empty_like(start)
    end[:-1] = start[1:]
    has = first[1:] > first[:-1]
    end[first[1:][has] - 1] = tree.end[has]
    return end


@nb.njit(cache=True, nogil=True)
def _cut(
    codes: Codes, start: Ints, end: Ints, level: Ints, inner: NDArray[np.bool_]
) -> tuple[Ints, Ints, Codes]:  # pragma: no cover
    nodes = len(start)
    first = np.zeros(nodes + 1, dtype=np.int64)
    for node in range(nodes):
        count = 0
        if inner[node] and end[node] > start[node]:
            shift = np.uint64(2 * max(DEPTH - level[node] - CELL_LEVELS, 0))
            count = 1
            for i in range(start[node] + 1, end[node]):
                if (codes[i] ^ codes[i - 1]) >> shift != 0:
                    count += 1
        first[node + 1] = first[node] + count
    out, low = np.empty(first[nodes], dtype=np.int64), np.empty(first[nodes], dtype=np.uint64)
    for node in range(nodes):
        if first[node + 1] == first[node]:
            continue
        shift = np.uint64(2 * max(DEPTH - level[node] - CELL_LEVELS, 0))
        at = first[node]
        out[at], low[at] = start[node], codes[start[node]] >> shift << shift
        for i in range(start[node] + 1, end[node]):
            if (codes[i] ^ codes[i - 1]) >> shift != 0:
                at += 1
                out[at], low[at] = i, codes[i] >> shift << shift
    return first, out, low

"""Buildings seen from afar: the cells of a quadtree, each drawn as one point.

A cell keeps the summed plan area and wall area of its buildings, their middle and their
mean colour, so that neither how much of the ground is covered nor its colour changes with the
distance. What of it is hidden, and what colour is left, stands in two texels per cell, so that a
filter or another colouring of a million buildings builds no mesh.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numba as nb
import numpy as np

from layers.shapes import Bools, Floats, Ints
from layers.style import Rgb
from layers.threads import in_threads
from scene.id_texture import HIDDEN, PLAIN, SELECTED, Bytes
from scene.plans import Float32s
from scene.quadtree import CELL_LEVELS, Cells, Quadtree
from scene.tree_edits import Moves

WIDTH_OF_AREA = 1.4  # mean width of usual footprints from all sides, times the root of the area
DENSITY_PARTS = 8  # along a side: ground this small is dense or not as a whole
LOOKS = 7  # sums that the look of a cell is made of
STRETCH = 1 << 16  # runs or cells a thread takes at a time
CHOSEN = (255.0, 128.0, 13.0)  # as in select.glsl


@dataclass(frozen=True, slots=True, eq=False)
class Dots:
    """Points that stand for a building or a cell of buildings.

    Attributes
    ----------
    centre : (3,) float64
        Project coordinates that `points` are relative to.
    points : (k, 3) float32
        Foot of each.
    marks : (k, 2) float32
        Slot in the texture, height in metres.
    sizes : (k, 4) float32
        Plan area and wall area, square metres; side of the cell, 0 for a single building; share
        of the ground around that is built on.
    """

    centre: Floats
    points: Float32s
    marks: Float32s
    sizes: Float32s

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return self.points.nbytes + self.marks.nbytes + self.sizes.nbytes


@dataclass(frozen=True, slots=True, eq=False)
class Solids:
    """Columns of the solids of n buildings.

    Attributes
    ----------
    area, low, high, base : (n,) float64
        Plan area, underside, top, ground; metres above datum.
    middle : (n, 2) float64
        Centre of gravity.
    drawn : (n,) bool
        Whether it is drawn at all.
    """

    area: Floats
    low: Floats
    high: Floats
    base: Floats
    middle: Floats
    drawn: Bools


class Merged:
    """The cells of a layer's tree with their sums.

    Parameters
    ----------
    tree : Quadtree
        Of n buildings.
    solids : Solids
        The buildings.

    Attributes
    ----------
    sums : (c, 6) float64
        East, north, foot, tallest height, plan area and wall area of each cell.
    """

    def __init__(self, tree: Quadtree, solids: Solids) -> None:
        self._settle(tree, Cells.of(tree))
        self._bulk: Floats | None = None  # of the buildings along the tree's order
        self.sums: Floats = np.zeros((len(self.cells.start), 6))
        _sum_up(
            tree.order, self._atoms, self._first, self._last, *_columns(solids), self.sums
        )  # fmt: skip

    def _settle(self, tree: Quadtree, cells: Cells) -> None:
        """Find the runs that every cell is made of, so that each building is visited once."""
        self.tree, self.cells = tree, cells
        mark = np.zeros(len(tree.order) + 1, dtype=bool)
        mark[cells.start] = True
        mark[tree.start[tree.leaves]] = True
        mark[-1] = True
        self._atoms = np.flatnonzero(mark)
        number = np.cumsum(mark, dtype=np.int32)
        self._first: Ints = number[cells.start].astype(np.int64) - 1
        self._last: Ints = number[cells.end].astype(np.int64) - 1

    def __len__(self) -> int:
        return len(self.sums)

    def cells_with(self, positions: Ints) -> Ints:
        """Give the cells in which some positions of the tree's order lie, each once."""
        tree, first = self.tree, self.cells.first
        found = [np.empty(0, dtype=np.int64)]
        for position in positions:
            over = (tree.start <= position) & (position < tree.end) & (tree.children > 0)
            for node in np.flatnonzero(over):
                starts = self.cells.start[first[node] : first[node + 1]]
                found.append(first[node] + np.searchsorted(starts, [position], side="right") - 1)
        return np.unique(np.concatenate(found))

    def after(
        self, tree: Quadtree, solids: Solids, moves: Moves | None, changed: Ints
    ) -> tuple[Merged, Ints | None]:
        """Give the cells of the same tree after few buildings left it, joined it, changed.

        Cells keep their numbers, and with them their places in the texture, where they can.

        Parameters
        ----------
        tree : Quadtree
            The tree now.
        solids : Solids
            The buildings now.
        moves : Moves or None
            Who left and who joined; None where that is not known.
        changed : (k,) int64
            Buildings that are new or look otherwise.

        Returns
        -------
        Merged
            The cells; this one is not to be used any more.
        (k,) int64 or None
            Those summed up anew; None where all were, and perhaps got other numbers.
        """
        cells = None
        if moves is not None:
            start = moves.shifted(self.cells.start, self.cells.low)
            cells = self.cells.after(tree, start, moves.codes)
        if cells is None or moves is None:
            return Merged(tree, solids), None
        out = copy.copy(self)
        out._bulk = None
        out._settle(tree, cells)
        left = self.cells_with(moves.gone)
        touched = np.union1d(left, out.cells_with(tree.positions(changed)))
        out.follow(solids, touched)
        return out, touched

    def follow(self, solids: Solids, cells: Ints) -> None:
        """Sum up some cells anew, after buildings in them changed where they stand."""
        self._bulk = None
        for cell in cells:
            run = np.array([self.cells.start[cell], self.cells.end[cell]])
            here = np.zeros((1, 6))
            _sum_up(
                self.tree.order, run, np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64),
                *_columns(solids), here,
            )  # fmt: skip
            self.sums[cell] = here[0]

    def dots(self, node: int, first_slot: int, centre: Floats) -> Dots:
        """Give the points of an inner node; its cells' texels begin at `first_slot`."""
        cells = np.arange(self.cells.first[node], self.cells.first[node + 1])
        cells = cells[self.sums[cells, 4] > 0.0]
        sums = self.sums[cells]
        side = self.tree.square.side / 2.0 ** (self.tree.level[node] + CELL_LEVELS)
        built = density(sums[:, :2], sums[:, 4])
        sizes = np.column_stack([sums[:, 4:6], np.full(len(cells), side), built])
        return Dots(
            centre,
            np.ascontiguousarray(sums[:, :3] - centre, dtype=np.float32),
            np.column_stack([first_slot + 2 * cells, sums[:, 3]]).astype(np.float32),
            sizes.astype(np.float32),
        )

    def look(
        self, solids: Solids, colours: Rgb, states: Bytes, out: Bytes, cells: Ints | None = None
    ) -> None:
        """Write the texels of cells.

        Parameters
        ----------
        solids : Solids
            The buildings.
        colours : (n, 3) uint8
            Of each building.
        states : (n,) uint8
            Of each building, as in `scene.id_texture`.
        out : (2 c, 4) uint8
            First texel of a cell: colour and state. Second: root of the share of its plan area
            that is to be seen, height over the tallest one, root of the share of walls, and 255
            where a selected building is in it.
        cells : (k,) int64 or None
            Those to write; None writes all.
        """
        if cells is None:
            self._look_at_all(solids, colours, states, out)
            return
        for cell in cells:
            rows = self.tree.order[self.cells.start[cell] : self.cells.end[cell]]
            bulk, parts = _bulk(rows, solids.area, solids.low, solids.high), np.empty((1, LOOKS))
            _add_up(rows, bulk, np.array([0, len(rows)]), colours, states, parts)
            _mix(
                np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64), parts,
                self.sums[cell : cell + 1], out[2 * cell : 2 * cell + 2],
            )  # fmt: skip

    def _look_at_all(self, solids: Solids, colours: Rgb, states: Bytes, out: Bytes) -> None:
        if self._bulk is None:  # in the order of the tree, read straight on
            self._bulk = _bulk(self.tree.order, solids.area, solids.low, solids.high)
        bulk, order, count = self._bulk, self.tree.order, len(self._atoms) - 1
        parts = np.empty((count, LOOKS))

        def add(at: int) -> None:
            atoms = self._atoms[at : at + STRETCH + 1]
            _add_up(order, bulk, atoms, colours, states, parts[at : at + STRETCH])

        def mix(at: int) -> None:
            some = slice(at, at + STRETCH)
            texels = out[2 * at : 2 * (at + STRETCH)]
            _mix(self._first[some], self._last[some], parts, self.sums[some], texels)

        for work, number in ((add, count), (mix, len(self._first))):
            for _ in in_threads(work, range(0, number, STRETCH)):
                pass


def _columns(solids: Solids) -> tuple[Floats, Floats, Floats, Floats, Bools]:
    return solids.area, solids.low, solids.high, solids.middle, solids.drawn


def single_dots(rows: Ints, slots: Ints, solids: Solids, centre: Floats) -> Dots:
    """Give one point for each of some buildings."""
    rows = rows[solids.drawn[rows]]
    area, height = solids.area[rows], solids.high[rows] - solids.low[rows]
    wall = WIDTH_OF_AREA * np.sqrt(area) * height
    foot = np.column_stack([solids.middle[rows], solids.low[rows]])
    built = density(solids.middle[rows], area)
    return Dots(
        centre,
        np.ascontiguousarray(foot - centre, dtype=np.float32),
        np.column_stack([slots[rows], height]).astype(np.float32),
        np.column_stack([area, wall, np.zeros(len(rows)), built]).astype(np.float32),
    )


def density(middle: Floats, area: Floats) -> Floats:
    """Give the share of the ground around each of some buildings that is built on, (n,) float64.

    Parameters
    ----------
    middle : (n, 2) float64
        Centres, metres.
    area : (n,) float64
        Plan areas, square metres.
    """
    if not len(middle):
        return np.empty(0)
    low = middle.min(axis=0)
    side = np.maximum((middle.max(axis=0) - low) / DENSITY_PARTS, 1.0)
    at = np.minimum(((middle - low) / side).astype(np.int64), DENSITY_PARTS - 1)
    place = at @ np.array([DENSITY_PARTS, 1])
    share = np.bincount(place, area)[place] / (side[0] * side[1])
    return np.asarray(np.minimum(share, 1.0))


@nb.njit(cache=True, nogil=True)
def _sum_up(
    order: Ints, atoms: Ints, first: Ints, last: Ints, area: Floats, low: Floats, high: Floats,
    middle: Floats, drawn: Bools, out: Floats,
) -> None:  # fmt: skip # pragma: no cover
    """Sum up runs of the order, then cells of several runs; a cell's are `first` to `last`."""
    sums = np.zeros((len(atoms) - 1, 6))
    for atom in range(len(sums)):
        for i in range(atoms[atom], atoms[atom + 1]):
            row = order[i]
            if not drawn[row]:
                continue
            a, height = area[row], high[row] - low[row]
            sums[atom, 0] += a * middle[row, 0]
            sums[atom, 1] += a * middle[row, 1]
            sums[atom, 2] += a * low[row]
            sums[atom, 3] = max(sums[atom, 3], height)
            sums[atom, 4] += a
            sums[atom, 5] += WIDTH_OF_AREA * np.sqrt(a) * height
    for cell in range(len(first)):
        out[cell, :] = 0.0
        for atom in range(first[cell], last[cell]):
            for k in (0, 1, 2, 4, 5):
                out[cell, k] += sums[atom, k]
            out[cell, 3] = max(out[cell, 3], sums[atom, 3])
        if out[cell, 4] > 0.0:
            for k in range(3):
                out[cell, k] /= out[cell, 4]


@nb.njit(cache=True, nogil=True)
def _bulk(rows: Ints, area: Floats, low: Floats, high: Floats) -> Floats:  # pragma: no cover
    """Give plan area, volume and walls of some buildings, (k, 3); walls not times their width."""
    out = np.empty((len(rows), 3))
    for i in range(len(rows)):
        a, height = area[rows[i]], high[rows[i]] - low[rows[i]]
        out[i, 0], out[i, 1], out[i, 2] = a, a * height, np.sqrt(a) * height
    return out


@nb.njit(cache=True, nogil=True)
def _add_up(
    order: Ints, bulk: Floats, atoms: Ints, colours: Rgb, states: Bytes, parts: Floats
) -> None:  # pragma: no cover
    """Write plan area, selected, volume, walls, red, green and blue of what is seen of runs."""
    for atom in range(len(parts)):
        area, chosen, rise, walls, red, green, blue = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        for i in range(atoms[atom], atoms[atom + 1]):
            row = order[i]
            if states[row] == HIDDEN:
                continue
            a = bulk[i, 0]
            area += a
            if states[row] == SELECTED:
                chosen += a
            rise += bulk[i, 1]
            walls += bulk[i, 2]
            red += a * colours[row, 0]
            green += a * colours[row, 1]
            blue += a * colours[row, 2]
        parts[atom, 0], parts[atom, 1], parts[atom, 2], parts[atom, 3] = area, chosen, rise, walls
        parts[atom, 4], parts[atom, 5], parts[atom, 6] = red, green, blue


@nb.njit(cache=True, nogil=True)
def _mix(
    first: Ints, last: Ints, parts: Floats, sums: Floats, out: Bytes
) -> None:  # pragma: no cover
    """Write the texels of cells of several runs."""
    # HIDDEN is 0: what nothing is written for is hidden.
    whole = np.empty(LOOKS)
    for cell in range(len(first)):
        whole[:] = 0.0
        for atom in range(first[cell], last[cell]):
            for k in range(LOOKS):
                whole[k] += parts[atom, k]
        seen = whole[0]
        at = 2 * cell
        out[at : at + 2, :] = 0
        if seen <= 0.0 or sums[cell, 4] <= 0.0:
            continue
        mix = 0.0
        if whole[1] > 0.0:
            mix = 0.85 * max(whole[1] / seen, 0.5)
        for k in range(3):
            out[at, k] = int(whole[4 + k] / seen * (1.0 - mix) + CHOSEN[k] * mix + 0.5)
        out[at, 3] = PLAIN
        share = min(seen / sums[cell, 4], 1.0)
        out[at + 1, 0] = max(int(255.0 * np.sqrt(share) + 0.5), 1)
        rise = whole[2] / seen / max(sums[cell, 3], 1e-6)
        out[at + 1, 1] = max(int(255.0 * min(rise, 1.0) + 0.5), 1)
        share = min(WIDTH_OF_AREA * whole[3] / max(sums[cell, 5], 1e-6), 1.0)
        out[at + 1, 2] = max(int(255.0 * np.sqrt(share) + 0.5), 1)
        out[at + 1, 3] = 255 if whole[1] > 0.0 else 0

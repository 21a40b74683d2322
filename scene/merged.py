"""Buildings seen from afar: the cells of a quadtree, each drawn as one point.

A cell keeps the summed plan area and wall area of its buildings, their middle and their
mean colour, so that neither how much of the ground is covered nor its colour changes with the
distance. What of it is hidden, and what colour is left, stands in two texels per cell, so that a
filter or another colouring of a million buildings builds no mesh.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np

from layers.shapes import Bools, Floats, Ints
from layers.style import Rgb
from scene.id_texture import HIDDEN, PLAIN, SELECTED, Bytes
from scene.plans import Float32s
from scene.quadtree import CELL_LEVELS, Cells, Quadtree

WIDTH_OF_AREA = 1.2  # mean width of a footprint seen from all sides, times the root of its area
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
    sizes : (k, 3) float32
        Plan area and wall area, square metres; side of the cell, 0 for a single building.
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
    """

    def __init__(self, tree: Quadtree, solids: Solids) -> None:
        self.tree, self.cells = tree, Cells.of(tree)
        count = len(self.cells.start)
        #: (c, 6): east, north, foot, tallest height, plan area, wall area
        self.sums: Floats = np.zeros((count, 6))
        _sum_up(
            tree.order, self.cells.start, self.cells.end, solids.area, solids.low, solids.high,
            solids.middle, solids.drawn, self.sums,
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.sums)

    def dots(self, node: int, first_slot: int, centre: Floats) -> Dots:
        """Give the points of an inner node; its cells' texels begin at `first_slot`."""
        cells = np.arange(self.cells.first[node], self.cells.first[node + 1])
        cells = cells[self.sums[cells, 4] > 0.0]
        sums = self.sums[cells]
        side = self.tree.square.side / 2.0 ** (self.tree.level[node] + CELL_LEVELS)
        sizes = np.column_stack([sums[:, 4:6], np.full(len(cells), side)])
        return Dots(
            centre,
            np.ascontiguousarray(sums[:, :3] - centre, dtype=np.float32),
            np.column_stack([first_slot + 2 * cells, sums[:, 3]]).astype(np.float32),
            sizes.astype(np.float32),
        )

    def look(self, solids: Solids, colours: Rgb, states: Bytes, out: Bytes) -> None:
        """Write the texels of all cells.

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
        """
        _look(
            self.tree.order, self.cells.start, self.cells.end, solids.area, solids.low,
            solids.high, colours, states, self.sums, out,
        )  # fmt: skip


def single_dots(rows: Ints, slots: Ints, solids: Solids, centre: Floats) -> Dots:
    """Give one point for each of some buildings."""
    rows = rows[solids.drawn[rows]]
    area, height = solids.area[rows], solids.high[rows] - solids.low[rows]
    wall = WIDTH_OF_AREA * np.sqrt(area) * height
    foot = np.column_stack([solids.middle[rows], solids.low[rows]])
    return Dots(
        centre,
        np.ascontiguousarray(foot - centre, dtype=np.float32),
        np.column_stack([slots[rows], height]).astype(np.float32),
        np.column_stack([area, wall, np.zeros(len(rows))]).astype(np.float32),
    )


@nb.njit(cache=True, nogil=True)
def _sum_up(
    order: Ints, start: Ints, end: Ints, area: Floats, low: Floats, high: Floats,
    middle: Floats, drawn: Bools, out: Floats,
) -> None:  # fmt: skip # pragma: no cover
    for cell in range(len(start)):
        total, x, y, foot, tallest, walls = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        for i in range(start[cell], end[cell]):
            row = order[i]
            if not drawn[row]:
                continue
            a = area[row]
            total += a
            x += a * middle[row, 0]
            y += a * middle[row, 1]
            foot += a * low[row]
            tallest = max(tallest, high[row] - low[row])
            walls += np.sqrt(a) * (high[row] - low[row])
        if total > 0.0:
            out[cell, 0], out[cell, 1], out[cell, 2] = x / total, y / total, foot / total
            out[cell, 3], out[cell, 4], out[cell, 5] = tallest, total, WIDTH_OF_AREA * walls


@nb.njit(cache=True, nogil=True)
def _look(
    order: Ints, start: Ints, end: Ints, area: Floats, low: Floats, high: Floats,
    colours: Rgb, states: Bytes, sums: Floats, out: Bytes,
) -> None:  # fmt: skip # pragma: no cover
    for cell in range(len(start)):
        seen, chosen, rise, walls = 0.0, 0.0, 0.0, 0.0
        red, green, blue = 0.0, 0.0, 0.0
        for i in range(start[cell], end[cell]):
            row = order[i]
            if states[row] == HIDDEN:
                continue
            a = area[row]
            height = high[row] - low[row]
            seen += a
            rise += a * height
            walls += np.sqrt(a) * height
            red += a * colours[row, 0]
            green += a * colours[row, 1]
            blue += a * colours[row, 2]
            if states[row] == SELECTED:
                chosen += a
        at = 2 * cell
        if seen <= 0.0 or sums[cell, 4] <= 0.0:
            out[at, 3] = HIDDEN
            continue
        mix = 0.0
        if chosen > 0.0:
            mix = 0.85 * max(chosen / seen, 0.5)
        out[at, 0] = int(red / seen * (1.0 - mix) + CHOSEN[0] * mix + 0.5)
        out[at, 1] = int(green / seen * (1.0 - mix) + CHOSEN[1] * mix + 0.5)
        out[at, 2] = int(blue / seen * (1.0 - mix) + CHOSEN[2] * mix + 0.5)
        out[at, 3] = PLAIN
        share = min(seen / sums[cell, 4], 1.0)
        out[at + 1, 0] = max(int(255.0 * np.sqrt(share) + 0.5), 1)
        out[at + 1, 1] = max(int(255.0 * rise / seen / max(sums[cell, 3], 1e-6) + 0.5), 1)
        share = min(WIDTH_OF_AREA * walls / max(sums[cell, 5], 1e-6), 1.0)
        out[at + 1, 2] = max(int(255.0 * np.sqrt(share) + 0.5), 1)
        out[at + 1, 3] = 255 if chosen > 0.0 else 0

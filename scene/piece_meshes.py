"""What a piece of a city is made of, as arrays; made by threads, without VTK."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numba as nb
import numpy as np

from layers.shapes import Bools, Floats, Ints, starts_of
from scene.choosing import BOXES, CELLS, DOTS, WHOLE, Pieces
from scene.merged import Dots, Merged, single_dots
from scene.meshing import BlockMesher, Mesh
from scene.quadtree import Quadtree

ERROR_OF_CELL = 0.7  # of the side of a cell: its middle may stand so far from a building's
ERROR_OF_DOT = 1.2  # of the side of a building
LARGE = 1.5  # times the usual side: such buildings keep one step more of their shape than others
ERROR_OF_BOX = 0.35  # of the side of a building: the depth of a notch that a box fills


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Everything pieces are made from; nothing of it changes while threads read it.

    Attributes
    ----------
    mesher : BlockMesher
        n buildings.
    boxes : (n, 6) float64
        Of each building, project coordinates.
    slots : (n,) int64
        Their places in the texture.
    tree : Quadtree
        Their order.
    merged : Merged
        The cells of the tree.
    first_cell : int
        Place of the first cell in the texture.
    """

    mesher: BlockMesher
    boxes: Floats
    slots: Ints
    tree: Quadtree
    merged: Merged
    first_cell: int

    def rows(self, node: int) -> Ints:
        """Give the buildings of a node."""
        return self.tree.order[self.tree.start[node] : self.tree.end[node]]

    def make(self, kind: int, node: int, centre: Floats) -> list[Mesh | Dots]:
        """Make the meshes of a piece; points are relative to `centre`, project coordinates."""
        if kind == CELLS:
            return [self.merged.dots(node, self.first_cell, centre)]
        rows = self.rows(node)
        mesher, slots = self.mesher, self.slots
        if kind == WHOLE:
            meshes = [mesher.blocks(rows, slots, centre), mesher.details(rows, slots, centre)]
            return [mesh for mesh in meshes if mesh is not None]
        side = np.sqrt(mesher.plans.area[rows])
        large = side > LARGE * side.mean() if len(side) else np.zeros(0, dtype=bool)
        usual, large = rows[~large], rows[large]
        if kind == DOTS:
            dots = single_dots(usual, slots, mesher.solids, centre)
            upright = mesher.upright(large, slots, centre)
            return [dots] if upright is None else [dots, upright]
        found = (mesher.blocks(large, slots, centre), mesher.details(large, slots, centre))
        bare = [replace(mesh, edges=mesh.edges[:0].copy()) for mesh in found if mesh is not None]
        boxes = mesher.upright(usual, slots, centre)
        return [*bare] if boxes is None else [boxes, *bare]


def pieces_of(source: Source, origin: Floats) -> Pieces:
    """Lay out the pieces of a layer: cells of inner nodes, then three pieces of each leaf.

    Parameters
    ----------
    source : Source
        The layer.
    origin : (3,) float64
        Project coordinates of the scene's zero point.
    """
    tree = source.tree
    nodes, leaves = len(tree), tree.leaves
    count = nodes + 2 * len(leaves)
    boxes, wholes = nodes + np.arange(len(leaves)), nodes + len(leaves) + np.arange(len(leaves))
    kind = np.full(count, CELLS, dtype=np.uint8)
    kind[leaves], kind[boxes], kind[wholes] = DOTS, BOXES, WHOLE
    node = np.concatenate([np.arange(nodes), leaves, leaves])
    parent = np.concatenate([tree.parent, leaves, boxes])
    child, children = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    child[:nodes], children[:nodes] = tree.child, tree.children
    child[leaves], children[leaves] = boxes, 1
    child[boxes], children[boxes] = wholes, 1
    pieces = Pieces(
        kind, node, parent, child, children, np.zeros(count), np.zeros(count),
        np.full((count, 3), np.inf), np.full((count, 3), -np.inf),
    )  # fmt: skip
    measure_pieces(pieces, source, origin, np.ones(nodes, dtype=bool))
    return pieces


def measure_pieces(pieces: Pieces, source: Source, origin: Floats, nodes: Bools) -> None:
    """Write boxes, errors and costs of the pieces of some nodes of the tree."""
    tree, mesher = source.tree, source.mesher
    shapes = mesher.buildings.shapes
    count = len(tree)
    lows, highs = np.full((count, 3), np.inf), np.full((count, 3), -np.inf)
    lows[~nodes] = pieces.low[:count][~nodes] + origin
    highs[~nodes] = pieces.high[:count][~nodes] + origin
    sides, corners, drawn = np.zeros(count), np.zeros(count), np.zeros(count)
    ground = np.zeros(count)
    leaf = tree.children == 0
    _measure_leaves(
        tree.order, tree.start, tree.end, nodes & leaf, source.boxes, mesher.buildings.drawn,
        mesher.plans.area, shapes.ring_start, shapes.shape_start,
        lows, highs, sides, ground, corners, drawn,
    )  # fmt: skip
    _measure_inner(tree.child, tree.children, nodes, lows, highs)
    low, high = lows - origin, highs - origin
    pieces.low[:count], pieces.high[:count] = low, high
    leaves = np.flatnonzero(leaf)
    boxes, wholes = count + np.arange(len(leaves)), count + len(leaves) + np.arange(len(leaves))
    for part in (boxes, wholes):
        pieces.low[part], pieces.high[part] = low[leaves], high[leaves]
    inner = ~leaf & nodes
    cells = np.diff(source.merged.cells.first)
    pieces.cost[:count][inner] = 2.0 * cells[inner]
    pieces.error[:count][inner] = ERROR_OF_CELL * tree.side[inner] / 32.0
    chosen = nodes[leaves]
    at = leaves[chosen]
    side = sides[at] / np.maximum(ground[at], 1.0)  # large ones cover most of the pixels
    pieces.error[at], pieces.cost[at] = ERROR_OF_DOT * side, 2.0 * drawn[at]
    pieces.error[boxes[chosen]] = ERROR_OF_BOX * side
    pieces.cost[boxes[chosen]] = 10.0 * drawn[at]
    pieces.cost[wholes[chosen]] = 3.0 * corners[at]
    if mesher.detailed.any():
        sums = starts_of(mesher.triangle_counts[tree.order])
        pieces.cost[wholes[chosen]] += sums[tree.end[at]] - sums[tree.start[at]]


@nb.njit(cache=True, nogil=True)
def _measure_leaves(
    order: Ints, start: Ints, end: Ints, chosen: Bools, boxes: Floats, drawn: Bools,
    area: Floats, ring_start: Ints, shape_start: Ints,
    low: Floats, high: Floats, sides: Floats, ground: Floats, corners: Floats, counts: Floats,
) -> None:  # fmt: skip # pragma: no cover
    for node in range(len(start)):
        if not chosen[node]:
            continue
        for i in range(start[node], end[node]):
            row = order[i]
            if not drawn[row]:
                continue
            for k in range(3):
                low[node, k] = min(low[node, k], boxes[row, k])
                high[node, k] = max(high[node, k], boxes[row, k + 3])
            sides[node] += area[row] * np.sqrt(area[row])
            ground[node] += area[row]
            corners[node] += ring_start[shape_start[row + 1]] - ring_start[shape_start[row]]
            counts[node] += 1.0


@nb.njit(cache=True, nogil=True)
def _measure_inner(
    child: Ints, children: Ints, chosen: Bools, low: Floats, high: Floats
) -> None:  # pragma: no cover
    for node in range(len(child) - 1, -1, -1):
        if not chosen[node] or children[node] == 0:
            continue
        for c in range(child[node], child[node] + children[node]):
            for k in range(3):
                low[node, k] = min(low[node, k], low[c, k])
                high[node, k] = max(high[node, k], high[c, k])

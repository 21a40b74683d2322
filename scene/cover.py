"""What stands in the way: a coarse map of roofs, to keep names off walls they are behind.

Names are written over the picture, so the depth of the scene does not hide them. Here a line of
sight is followed over a grid of roof heights instead: the same answer in the window and in an
exported picture, some microseconds a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import ArrayLike, NDArray

from layers.kinds.buildings import Buildings
from layers.shapes import Bools, Floats, Ints
from scene.surface import Surface

FINEST = 2.0  # metres of a cell
LONGEST = 2048  # cells along a side
NOTHING = np.float32(-1e9)

Roofs = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """Heights of roofs on a grid.

    Attributes
    ----------
    roofs : (rows, columns) float32
        Highest roof over the middle of each cell, metres above datum; very low where there is
        none. Row 0 is the southernmost.
    west, south : float
        Corner of the grid, project coordinates, metres.
    cell : float
        Side of a cell, metres.
    surface : Surface
        The ground.
    """

    roofs: Roofs
    west: float
    south: float
    cell: float
    surface: Surface

    @classmethod
    def of(cls, groups: Sequence[tuple[Buildings, Floats]], surface: Surface) -> Cover:
        """Map the roofs of buildings; each group comes with the heights of its bases, (n,)."""
        boxes = [box for buildings, _ in groups if (box := buildings.extent()) is not None]
        if not boxes:
            return cls(np.full((1, 1), NOTHING), 0.0, 0.0, 1.0, surface)
        low, high = np.min(boxes, axis=0)[:2], np.max(boxes, axis=0)[2:]
        cell = max(FINEST, float((high - low).max()) / LONGEST)
        columns, rows = (np.ceil((high - low) / cell).astype(np.int64) + 1).tolist()
        roofs = np.full((rows, columns), NOTHING)
        for buildings, base in groups:
            shapes = buildings.shapes
            top = np.where(buildings.drawn, base + buildings.height, float(NOTHING))
            _fill(
                roofs, (shapes.coords - low) / cell, shapes.ring_start, shapes.shape_start,
                top.astype(np.float32),
            )  # fmt: skip
        return cls(roofs, float(low[0]), float(low[1]), cell, surface)

    def tops(self, coords: ArrayLike) -> Floats:
        """Give the roof, or the ground where there is none, at places, (n,) metres above datum."""
        xy = np.asarray(coords, dtype=np.float64).reshape(-1, 2)
        ground = self.surface.height_at(xy)
        col = np.floor((xy[:, 0] - self.west) / self.cell).astype(np.int64)
        row = np.floor((xy[:, 1] - self.south) / self.cell).astype(np.int64)
        rows, columns = self.roofs.shape
        inside = (col >= 0) & (row >= 0) & (col < columns) & (row < rows)
        roof = self.roofs[np.where(inside, row, 0), np.where(inside, col, 0)]
        return np.asarray(np.maximum(ground, np.where(inside, roof, NOTHING)), dtype=np.float64)

    def hidden(self, points: ArrayLike, eye: ArrayLike, look: ArrayLike | None = None) -> Bools:
        """Say which points something stands before.

        Parameters
        ----------
        points : (n, 3) array_like of float
            Project coordinates.
        eye : (3,) array_like of float
            The eye.
        look : (3,) array_like of float or None
            Unit vector of looking where all lines of sight are parallel.
        """
        start = np.asarray(points, dtype=np.float64).reshape(-1, 3)
        if look is None:
            way = np.asarray(eye, dtype=np.float64) - start
        else:
            back = -np.asarray(look, dtype=np.float64)
            way = np.broadcast_to(back * 10_000.0, start.shape)
        blocked: Bools = _blocked(
            self.roofs, self.west, self.south, self.cell, start, np.ascontiguousarray(way)
        )
        return blocked


@nb.njit(cache=True, nogil=True)
def _fill(roofs: Roofs, coords: Floats, ring_start: Ints, shape_start: Ints, top: Roofs) -> None:
    """Write the tops of polygons, coordinates in cells, where they are higher than before."""
    rows, columns = roofs.shape
    for k in range(len(top)):
        first, last = ring_start[shape_start[k]], ring_start[shape_start[k + 1]]
        if last - first < 3 or top[k] <= -1e8:
            continue
        x0, x1 = coords[first:last, 0].min(), coords[first:last, 0].max()
        y0, y1 = coords[first:last, 1].min(), coords[first:last, 1].max()
        for r in range(max(int(y0), 0), min(int(y1) + 1, rows)):
            for c in range(max(int(x0), 0), min(int(x1) + 1, columns)):
                if roofs[r, c] >= top[k]:
                    continue
                x, y = c + 0.5, r + 0.5
                inside = False
                for ring in range(shape_start[k], shape_start[k + 1]):
                    a, b = ring_start[ring], ring_start[ring + 1]
                    j = b - 1
                    for i in range(a, b):
                        if (coords[i, 1] > y) != (coords[j, 1] > y):
                            share = (y - coords[i, 1]) / (coords[j, 1] - coords[i, 1])
                            if x < coords[i, 0] + share * (coords[j, 0] - coords[i, 0]):
                                inside = not inside
                        j = i
                if inside:
                    roofs[r, c] = top[k]


@nb.njit(cache=True, nogil=True)
def _blocked(
    roofs: Roofs, west: float, south: float, cell: float, start: Floats, way: Floats
) -> Bools:
    rows, columns = roofs.shape
    highest = roofs.max()
    out = np.zeros(len(start), dtype=np.bool_)
    for k in range(len(start)):
        level = np.hypot(way[k, 0], way[k, 1])
        if level < 1e-6:
            continue
        step = 0.7 * cell / level
        at = 3.0 * step
        while at < 1.0:
            z = start[k, 2] + way[k, 2] * at
            if way[k, 2] > 0 and z > highest:
                break
            c = int(np.floor((start[k, 0] + way[k, 0] * at - west) / cell))
            r = int(np.floor((start[k, 1] + way[k, 1] * at - south) / cell))
            if 0 <= c < columns and 0 <= r < rows and roofs[r, c] > z:
                out[k] = True
                break
            at += step
    return out

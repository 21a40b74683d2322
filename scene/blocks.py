"""Cutting wide polygons into blocks, so that their triangles are compact.

The triangles of a wide polygon are long and thin; laid on the ground each of them is cut by every
ground triangle it crosses. Cut into blocks first, the same polygon gives a third of the pieces.
"""

from __future__ import annotations

import numpy as np
import shapely

from layers.shapes import POLYGON, Floats, Ints, Shapes

FEWEST = 1.5  # blocks a polygon must be wide before it is cut


def in_blocks(shapes: Shapes, size: float) -> tuple[Shapes, Ints]:
    """Cut polygons along a square grid; together the pieces cover what the polygons cover.

    Parameters
    ----------
    shapes : Shapes
        n shapes; points and lines are left out.
    size : float
        Side of a block, metres.

    Returns
    -------
    pieces : Shapes
        Polygons.
    owner : (k,) int64
        Position of the shape each piece belongs to.
    """
    rows = np.flatnonzero(shapes.kind == POLYGON)
    box = shapes.bounds()[rows] if len(rows) else np.empty((0, 4))
    wide = ((box[:, 2:] - box[:, :2]) > FEWEST * size).any(axis=1)
    if not wide.any():
        return shapes.take(rows), rows
    shift = np.floor(box[:, :2].min(axis=0) / size) * size
    polygons = shapes.take(rows[wide]).moved(-shift[0], -shift[1]).to_shapely()
    polygons = np.where(shapely.is_valid(polygons), polygons, shapely.make_valid(polygons))
    shapely.prepare(polygons)
    grid = _grid(box[wide] - np.tile(shift, 2), size)
    tree = shapely.STRtree(polygons)
    of_block, of_polygon = tree.query(grid, predicate="intersects")
    covered = shapely.covers(polygons[of_polygon], grid[of_block])
    parts = np.array(grid[of_block], dtype=object)
    parts[~covered] = shapely.intersection(polygons[of_polygon[~covered]], parts[~covered])
    single, source = shapely.get_parts(parts, return_index=True)
    single, inner = shapely.get_parts(single, return_index=True)
    areas = (shapely.get_type_id(single) == 3) & ~shapely.is_empty(single)
    cut = Shapes.from_shapely(shapely.force_2d(single[areas])).moved(shift[0], shift[1])
    owner = rows[wide][of_polygon[source[inner[areas]]]]
    whole = rows[~wide]
    return Shapes.join([_flat(shapes.take(whole)), cut]), np.concatenate([whole, owner])


def _flat(shapes: Shapes) -> Shapes:
    return Shapes(shapes.kind, shapes.coords, shapes.ring_start, shapes.shape_start)


def _grid(boxes: Floats, size: float) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Give the blocks that boxes (n, 4) touch, each once."""
    low = np.floor(boxes[:, :2] / size).astype(np.int64)
    high = np.floor(boxes[:, 2:] / size).astype(np.int64)
    cells: set[tuple[int, int]] = set()
    for (west, south), (east, north) in zip(low.tolist(), high.tolist(), strict=True):
        cells.update((i, j) for i in range(west, east + 1) for j in range(south, north + 1))
    at = np.array(sorted(cells), dtype=np.float64) * size
    made: np.ndarray[tuple[int], np.dtype[np.object_]] = np.asarray(
        shapely.box(at[:, 0], at[:, 1], at[:, 0] + size, at[:, 1] + size), dtype=object
    )
    return made

"""Cutting wide polygons into blocks, so that their triangles are compact.

The triangles of a wide polygon are long and thin; laid on the ground each of them is cut by every
ground triangle it crosses. Cut into blocks first, the same polygon gives a third of the pieces.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.shapes import POLYGON, Ints, Shapes

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
    parts: list[shapely.Polygon] = []
    owner: list[int] = []
    for row, polygon in zip(rows[wide].tolist(), polygons, strict=True):
        made = list(_halved(polygon, size))
        parts += made
        owner += [row] * len(made)
    cut = Shapes.from_shapely(shapely.force_2d(np.array(parts, dtype=object)))
    whole = rows[~wide]
    return (
        Shapes.join([_flat(shapes.take(whole)), cut.moved(shift[0], shift[1])]),
        np.concatenate([whole, np.array(owner, dtype=np.int64)]),
    )


def _halved(shape: BaseGeometry, size: float) -> Iterator[shapely.Polygon]:
    """Cut a shape in halves along grid lines until no piece is wider than a block and a half.

    Each cut halves what is left to look at, so that a polygon of very many corners is no trouble.
    """
    pile = [shape]
    while pile:
        for part in shapely.get_parts(pile.pop()):
            if not isinstance(part, shapely.Polygon) or part.is_empty:
                continue
            west, south, east, north = part.bounds
            if max(east - west, north - south) <= FEWEST * size:
                yield part
            elif east - west >= north - south:
                line = _grid_line(west, east, size)
                pile.append(shapely.clip_by_rect(part, west - 1.0, south - 1.0, line, north + 1.0))
                pile.append(shapely.clip_by_rect(part, line, south - 1.0, east + 1.0, north + 1.0))
            else:
                line = _grid_line(south, north, size)
                pile.append(shapely.clip_by_rect(part, west - 1.0, south - 1.0, east + 1.0, line))
                pile.append(shapely.clip_by_rect(part, west - 1.0, line, east + 1.0, north + 1.0))


def _grid_line(low: float, high: float, size: float) -> float:
    """Give the grid line nearest to the middle, or the middle where none lies between."""
    line = round((low + high) / 2.0 / size) * size
    return line if low < line < high else (low + high) / 2.0


def _flat(shapes: Shapes) -> Shapes:
    return Shapes(shapes.kind, shapes.coords, shapes.ring_start, shapes.shape_start)

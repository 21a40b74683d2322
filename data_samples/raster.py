"""Burning shapes into grids that cover the district."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import rasterize
from shapely.geometry.base import BaseGeometry

from data_samples import frame

Classes = NDArray[np.uint8]


def shape_of(cell: float) -> tuple[int, int]:
    """Rows and columns of a grid with square cells of `cell` metres."""
    return round(frame.DEPTH / cell), round(frame.WIDTH / cell)


def transform(cell: float, *, on_map: bool = False) -> Affine:
    """From columns and rows to plan metres, or to map metres."""
    east = frame.EAST_ORIGIN if on_map else 0.0
    north = frame.NORTH_ORIGIN if on_map else 0.0
    return Affine(cell, 0.0, east, 0.0, -cell, north + frame.DEPTH)


def burn(grid: Classes, cell: float, layers: Sequence[tuple[BaseGeometry, int]]) -> None:
    """Write values into the cells whose middle lies in a shape, later shapes over earlier ones."""
    pairs = [(shape, value) for shape, value in layers if not shape.is_empty]
    if pairs:
        rasterize(pairs, out=grid, transform=transform(cell))


def mask(shapes: Sequence[BaseGeometry], cell: float) -> NDArray[np.bool_]:
    """True in the cells whose middle lies in one of the shapes."""
    grid = np.zeros(shape_of(cell), np.uint8)
    burn(grid, cell, [(shape, 1) for shape in shapes])
    return grid.astype(bool)


def gather(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """Many polygons as one geometry, without joining them."""
    parts = shapely.get_parts(np.asarray(shapes, dtype=object)) if len(shapes) else np.array([])
    kept = [p for p in parts if p.geom_type == "Polygon"]
    return shapely.multipolygons(kept) if kept else shapely.from_wkt("POLYGON EMPTY")


def cells_at(points: NDArray[np.float64], cell: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the cells that hold plan points (clipped to the district)."""
    rows, columns = shape_of(cell)
    column = np.clip(points[:, 0] // cell, 0, columns - 1).astype(np.intp)
    row = np.clip((frame.DEPTH - points[:, 1]) // cell, 0, rows - 1).astype(np.intp)
    return row, column

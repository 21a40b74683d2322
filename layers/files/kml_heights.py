"""Heights of shapes that KML extrudes: their corners tell the top, the ground is the bottom."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import shapely

from layers.files.repair import Pieces
from layers.files.report import Tally
from layers.shapes import Floats
from layers.style import texts

Ground = Callable[[Floats], Floats]


def extruded_heights(
    table: pa.Table, pieces: Pieces, ground: Ground | None, tally: Tally
) -> Floats | None:
    """Give how high KML extrudes the features of a layer.

    Parameters
    ----------
    table : pyarrow.Table
        Attributes of n features.
    pieces : Pieces
        Their shapes in the project.
    ground : callable or None
        The project's ground at places; None where it has no terrain.
    tally : Tally
        Is told of tops above the sea over ground that nobody knows.

    Returns
    -------
    (n,) float64 or None
        Metres, NaN for features that are not extruded; None for layers of other formats.
    """
    if not {"extrude", "altitudeMode"} <= set(table.column_names):
        return None
    upright = np.array([value in (1, True) for value in table.column("extrude").to_pylist()])
    mode = np.array([str(value) for value in texts(table.column("altitudeMode"))])
    top = np.where(upright & np.isfinite(pieces.high), pieces.high, np.nan)
    above_sea = np.flatnonzero(mode == "absolute")
    height = np.where(np.isin(mode, ("relativeToGround", "relativeToSeaFloor")), top, np.nan)
    rows, first = np.unique(pieces.row, return_index=True)
    rows, first = rows[np.isin(rows, above_sea)], first[np.isin(rows, above_sea)]
    rows, first = rows[np.isfinite(top[rows])], first[np.isfinite(top[rows])]
    if ground is not None and len(rows):
        places = shapely.get_coordinates(shapely.centroid(pieces.objects[first]))
        height[rows] = top[rows] - ground(places)
        rows = rows[~np.isfinite(height[rows])]
    if len(rows):
        tally.note("tops_above_sea", count=len(rows), first=tally.named(rows))
    return np.where(height > 0, height, np.nan)

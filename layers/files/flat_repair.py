"""The quick way through the repair: polygons that are surely sound need no looking at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import shapely

from layers.files.flat import FlatGeometry
from layers.files.report import Tally
from layers.progress import Progress
from layers.shapes import Bools, Floats, Ints
from layers.threads import in_threads

LEAST = 1e-3  # m2: polygons smaller than this are left to the careful way
POLYGONS = 1 << 14  # polygons between two looks at the stop button
STRETCH = 1 << 16  # coordinates between two looks


def carried(
    column: FlatGeometry, to_project: Callable[[Floats], Floats], progress: Progress
) -> FlatGeometry:
    """Carry the polygons of the arrays into the project; the others stay as they are."""
    total = len(column.coords)
    coords = np.empty((total, 2))
    starts = range(0, total, STRETCH)

    def carry(start: int) -> None:
        coords[start : start + STRETCH] = to_project(column.coords[start : start + STRETCH])

    for number, _ in enumerate(in_threads(carry, starts)):  # PROJ lets go of Python
        progress.step(number, len(starts), "progress-repairing")
    return replace(column, coords=coords, _objects=None, _places=None)


def sound(there: FlatGeometry, progress: Progress | None = None) -> Bools:
    """Say which geometries are polygons of the arrays that nothing has to be done to, (n,)."""
    from layers.files import flat_kernels as kernels

    n = len(there.shape_start) - 1
    good = np.empty(n, dtype=bool)
    areas = there.ring_areas()

    def look(start: int) -> None:
        edges = there.shape_start[start : start + POLYGONS + 1]
        kernels.surely_sound(
            there.coords, there.ring_start, edges, areas, LEAST, good[start : start + POLYGONS]
        )

    for number, _ in enumerate(in_threads(look, range(0, n, POLYGONS))):
        if progress is not None:
            progress.step(number * POLYGONS, n, "progress-repairing")
    out = np.zeros(len(there), dtype=bool)
    out[there.flat] = good
    return out


def tell_ring_order(column: FlatGeometry, rows: Ints, easy: Bools, tally: Tally) -> None:
    """Count polygons that run against the rest of their layer, as the careful way does.

    Parameters
    ----------
    column : FlatGeometry
        As it stands in the file.
    rows : (k,) int64
        The features to look at.
    easy : (n,) bool
        Which geometries are surely sound.
    tally : Tally
        Is told.
    """
    flat = column.flat
    areas = column.ring_areas()
    first = column.shape_start[:-1]
    outer_of, hole_of = np.zeros((2, len(column)), dtype=bool)
    holed = np.zeros(len(column), dtype=bool)
    outer_of[flat] = areas[first] > 0
    several = np.diff(column.shape_start) > 1
    holed[flat] = several
    inner = np.zeros(len(first), dtype=bool)
    inner[several] = areas[first[several] + 1] > 0
    hole_of[flat] = inner
    single = rows[column.types[rows] == 3]
    at = single[easy[single]]
    rest = np.concatenate([single[~easy[single]], rows[~flat[rows]]])
    hard = _hard_ones(column, rest)
    at = np.concatenate([at, hard.rows])
    if at.size == 0:
        return
    outer_of[hard.rows], hole_of[hard.rows], holed[hard.rows] = hard.outer, hard.hole, hard.holed
    outer = outer_of[at]
    usual = outer.mean() >= 0.5
    odd = (outer != usual) | (holed[at] & (hole_of[at] == outer))
    candidates = at[odd]
    doubtful = candidates[~easy[candidates]]
    broken = doubtful[~shapely.is_valid(column.some(doubtful))]
    found = np.setdiff1d(candidates, broken)
    tally.mend("ring_order", np.setdiff1d(found, tally.mended_rows()))


class _Hard:
    """Which way the rings of polygons run that GEOS has to be asked about."""

    def __init__(self, rows: Ints, outer: Bools, holed: Bools, hole: Bools) -> None:
        self.rows, self.outer, self.holed, self.hole = rows, outer, holed, hole


def _hard_ones(column: FlatGeometry, rows: Ints) -> _Hard:
    geometry = column.some(rows)
    mine = (shapely.get_type_id(geometry) == 3) & ~shapely.is_empty(geometry)
    rows, geometry = rows[mine], geometry[mine]
    with np.errstate(over="ignore", invalid="ignore"):
        finite = np.isfinite(shapely.area(geometry))  # GEOS gives up on NaN and infinity
    rows, geometry = rows[finite], geometry[finite]
    outer = np.asarray(shapely.is_ccw(shapely.get_exterior_ring(geometry)), dtype=bool)
    holed = np.asarray(shapely.get_num_interior_rings(geometry) > 0)
    hole = np.zeros(len(rows), dtype=bool)
    hole[holed] = shapely.is_ccw(shapely.get_interior_ring(geometry[holed], 0))
    return _Hard(rows, outer, holed, hole)


def together(
    there: FlatGeometry, easy: Ints, geometry: np.ndarray, row: Ints
) -> tuple[FlatGeometry, Ints]:
    """Put the easy features and the repaired pieces of the others in the order of the file.

    Parameters
    ----------
    there : FlatGeometry
        The column in the project.
    easy : (k,) int64
        Rows of the features that were sound, rising.
    geometry : (j,) object
        Pieces of the others.
    row : (j,) int64
        Feature each piece belongs to.

    Returns
    -------
    FlatGeometry
        One single shape for each entry of the rows.
    (k + j,) ndarray of int64
        The rows.
    """
    plain = there.take(easy)
    plain = replace(plain, types=np.full(len(easy), 3, dtype=np.int8), _objects=None, _places=None)
    if len(row) == 0:
        return plain, easy
    rows = np.concatenate([easy, row])
    order = np.argsort(rows, kind="stable")
    types = np.concatenate([plain.types, np.zeros(len(row), dtype=np.int8)])[order]
    others = geometry[order[order >= len(easy)] - len(easy)]
    made = FlatGeometry(types, plain.coords, plain.ring_start, plain.shape_start, others)
    return made, rows[order]

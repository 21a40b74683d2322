"""A grid of ground heights from points of known height and lines on the ground (a linear TIN).

Points are joined to triangles (Delaunay); breaklines become edges of triangles by putting points
on them until they are. Triangles with three corners of one height, which contours make on
summits, ridges and valley floors, would be flat steps: the ground over them is bent smoothly out
of its neighbourhood instead (least change of slope), less than one contour interval up or down.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, sparse
from scipy.interpolate import CloughTocher2DInterpolator
from scipy.sparse.linalg import spsolve
from scipy.spatial import Delaunay

from layers.errors import CityError
from layers.files.options import Interpolation
from layers.shapes import Bools, Floats, Ints

MOST_BENT = 40_000  # cells that are bent at once; more are bent on a coarser grid
ROUNDS = 6  # how often points are put on breaklines that are no edges yet
EVEN = 1e-6  # metres; heights closer than this are the same
KEPT = 0.9  # of a contour interval that bent ground may rise or sink


@dataclass(frozen=True, slots=True, eq=False)
class Soundings:
    """Points of the ground and lines on it.

    Attributes
    ----------
    places : (n, 2) float64
        East and north, metres; no two alike.
    heights : (n,) float64
        Metres above datum.
    edges : (m, 2) int64
        Positions of neighbours on a line.
    """

    places: Floats
    heights: Floats
    edges: Ints

    @classmethod
    def of(cls, places: Floats, heights: Floats, edges: Ints) -> tuple[Soundings, int]:
        """Make soundings of points of which some stand at one place; these get their mean.

        Returns
        -------
        Soundings
            Without repeated places.
        int
            Places at which heights differed by more than a centimetre.
        """
        keys = np.round(places, 4)
        _, first, now = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        now = now.reshape(-1)
        count = np.bincount(now)
        mean = np.bincount(now, heights) / count
        high = np.full(len(first), -np.inf)
        np.maximum.at(high, now, heights)
        joined = now[edges] if len(edges) else np.empty((0, 2), dtype=np.int64)
        joined = joined[joined[:, 0] != joined[:, 1]]
        return cls(places[first], mean, joined), int((high - mean > 0.005).sum())


def interval_of(heights: Floats) -> float:
    """Give the usual step between neighbouring values, metres: the contour interval."""
    levels = np.unique(np.round(heights, 2))
    return float(np.median(np.diff(levels))) if len(levels) > 1 else 1.0


def triangulated(soundings: Soundings) -> tuple[Soundings, NDArray[np.int32]]:
    """Join soundings to triangles that have every line among their edges.

    Returns
    -------
    Soundings
        With the points that were put on lines.
    (k, 3) int32
        Corners.

    Raises
    ------
    CityError
        ``ground.too_few`` for less than three places or places on one line.
    """
    places, heights, edges = soundings.places, soundings.heights, soundings.edges
    if len(places) < 3 or np.linalg.matrix_rank(places - places[0], tol=1e-6) < 2:
        raise CityError(
            "ground.too_few",
            f"{len(places)} places with a height, or all of them on one line, make no ground.",
            hint="import at least three places that span an area",
            count=len(places),
        )
    middle = places.mean(axis=0)
    for _ in range(ROUNDS):
        triangles = Delaunay(places - middle).simplices
        if len(edges) == 0:
            break
        pairs = [triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]
        sides = np.sort(np.concatenate(pairs).astype(np.int64), axis=1)
        n = len(places)
        there = np.isin(_key(edges, n), sides[:, 0] * n + sides[:, 1])
        if there.all():
            break
        cut = edges[~there]
        new = np.arange(n, n + len(cut))
        places = np.concatenate([places, places[cut].mean(axis=1)])
        heights = np.concatenate([heights, heights[cut].mean(axis=1)])
        halves = [np.column_stack([cut[:, 0], new]), np.column_stack([new, cut[:, 1]])]
        edges = np.concatenate([edges[there], *halves])
    else:
        triangles = Delaunay(places - middle).simplices
    return Soundings(places, heights, edges), triangles.astype(np.int32)


def _key(edges: Ints, n: int) -> Ints:
    ends = np.sort(edges, axis=1)
    return np.asarray(ends[:, 0] * n + ends[:, 1])


def usual_step(soundings: Soundings, most: float) -> float:
    """Give a round size of cell that suits the spacing of soundings, metres.

    Half the mean spacing of the places, in steps of 1, 2, 5, coarser where that would give more
    than `most` cells.
    """
    wide, high = np.ptp(soundings.places, axis=0)
    fine = 0.5 * math.sqrt(wide * high / len(soundings.places))
    return _round_up(max(fine * 0.75, math.sqrt(wide * high / most), 0.1))


def _round_up(metres: float) -> float:
    power = 10.0 ** math.floor(math.log10(metres))
    return next(k * power for k in (1.0, 2.0, 5.0, 10.0) if k * power >= metres * (1 - 1e-9))


def heights_on_grid(
    soundings: Soundings, west: float, north: float, step: float, shape: tuple[int, int],
    method: Interpolation,
) -> NDArray[np.float32]:  # fmt: skip
    """Give ground heights at the nodes of a grid; NaN outside of the triangles.

    Parameters
    ----------
    soundings : Soundings
        Points and lines.
    west, north : float
        Node of row 0, column 0, metres.
    step : float
        Between nodes, metres.
    shape : (rows, columns)
        Of the grid.
    method : str
        ``linear``: plane triangles, flat ones bent; ``plain``: plane triangles as they are;
        ``smooth``: without kinks at the edges, within the heights of the neighbours.
    """
    soundings, triangles = triangulated(soundings)
    places = np.column_stack(
        [(soundings.places[:, 0] - west) / step, (north - soundings.places[:, 1]) / step]
    )
    grid, flat = _rasterized(places, soundings.heights, triangles, shape[0], shape[1])
    if method == "plain" or (len(soundings.edges) == 0 and method == "linear"):
        return grid.astype(np.float32)
    room = KEPT * interval_of(soundings.heights)
    if method == "smooth":
        bent = _smooth(places, soundings.heights, grid)
        grid = np.clip(bent, grid - room, grid + room)
    if len(soundings.edges) and flat.any():
        grid = _bent(grid, flat, room)
    return grid.astype(np.float32)


@nb.njit(cache=True, nogil=True)
def _rasterized(
    places: Floats, heights: Floats, triangles: NDArray[np.int32], rows: int, columns: int
) -> tuple[Floats, Bools]:
    """Give heights at the nodes and whether the triangle there is flat."""
    out = np.full((rows, columns), np.nan)
    flat = np.zeros((rows, columns), dtype=np.bool_)
    for k in range(len(triangles)):
        i, j, m = triangles[k]
        ax, ay, bx, by = places[i, 0], places[i, 1], places[j, 0], places[j, 1]
        cx, cy = places[m, 0], places[m, 1]
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if abs(area) < 1e-12:
            continue
        even = abs(heights[i] - heights[j]) < EVEN and abs(heights[i] - heights[m]) < EVEN
        top, bottom = (
            max(math.ceil(min(ay, by, cy) - 1e-9), 0),
            min(math.floor(max(ay, by, cy) + 1e-9), rows - 1),
        )
        left, right = (
            max(math.ceil(min(ax, bx, cx) - 1e-9), 0),
            min(math.floor(max(ax, bx, cx) + 1e-9), columns - 1),
        )
        for r in range(top, bottom + 1):
            for c in range(left, right + 1):
                u = ((bx - c) * (cy - r) - (by - r) * (cx - c)) / area
                v = ((cx - c) * (ay - r) - (cy - r) * (ax - c)) / area
                w = 1.0 - u - v
                if u < -1e-9 or v < -1e-9 or w < -1e-9:
                    continue
                out[r, c] = u * heights[i] + v * heights[j] + w * heights[m]
                flat[r, c] = even and u > 1e-6 and v > 1e-6 and w > 1e-6
    return out, flat


def _smooth(places: Floats, heights: Floats, grid: Floats) -> Floats:
    """Give the cubic surface of Clough and Tocher through the places at the known nodes."""
    rows, columns = np.nonzero(np.isfinite(grid))
    surface = CloughTocher2DInterpolator(places, heights, tol=1e-3, maxiter=30, rescale=True)
    out = grid.copy()
    found = np.asarray(surface(np.column_stack([columns, rows]).astype(np.float64)))
    out[rows, columns] = np.where(np.isfinite(found), found, out[rows, columns])
    return out


def _bent(grid: Floats, flat: Bools, room: float) -> Floats:
    """Bend flat steps so that the slope changes least; they move by `room` metres at most."""
    step = max(1, math.ceil(math.sqrt(int(flat.sum()) / MOST_BENT)))
    coarse, free = grid[::step, ::step], flat[::step, ::step]
    if not free.any():
        return grid
    moved = _least_bending(coarse, free) - coarse
    change = np.where(free, np.clip(np.nan_to_num(moved), -room, room), 0.0)
    if step > 1:
        rows, columns = np.indices(grid.shape, dtype=np.float32)
        change = ndimage.map_coordinates(
            change, [rows / step, columns / step], order=1, mode="nearest"
        )
    return np.where(flat, grid + change, grid)


def _least_bending(grid: Floats, free: Bools) -> Floats:
    """Give the grid with the free nodes set so that the sum of squared curvatures is least.

    Curvature is the Laplacian of the five-point stencil at every node whose neighbours are known
    and of which one is free; the free nodes are the unknowns of a linear system.
    """
    known = np.isfinite(grid)
    number = np.full(grid.shape, -1, dtype=np.int64)
    unknowns = int(free.sum())
    number[free] = np.arange(unknowns)
    near = ndimage.binary_dilation(free) & known
    near[[0, -1], :] = near[:, [0, -1]] = False
    r, c = np.nonzero(near)
    around = [(r, c), (r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)]
    whole = np.logical_and.reduce([known[place] for place in around])
    around = [(p[0][whole], p[1][whole]) for p in around]
    count = int(whole.sum())
    at: list[NDArray[np.int64]] = []
    of: list[NDArray[np.int64]] = []
    share: list[Floats] = []
    fixed = np.zeros(count)
    for place, weight in zip(around, (-4.0, 1.0, 1.0, 1.0, 1.0), strict=True):
        inner = number[place]
        mine = np.flatnonzero(inner >= 0)
        at.append(mine)
        of.append(inner[mine])
        share.append(np.full(len(mine), weight))
        fixed -= np.where(inner < 0, weight * np.nan_to_num(grid[place]), 0.0)
    matrix = sparse.csr_matrix(
        (np.concatenate(share), (np.concatenate(at), np.concatenate(of))), shape=(count, unknowns)
    )
    hold = 1e-6  # holds nodes that no curvature touches at the height they have
    normal = (matrix.T @ matrix + hold * sparse.identity(unknowns)).tocsc()
    found = spsolve(normal, matrix.T @ fixed + hold * grid[free])
    out = grid.copy()
    out[free] = found
    return out

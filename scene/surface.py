"""The drawn ground: few large triangles where the land is even, small ones where it bends.

The terrain's grid is put into a square of ``2**k`` cells and split into right-angled triangles that
are halved again and again until none differs from the grid by more than a limit (a
right-triangulated irregular network [1]_). The same halving clips whatever lies on the ground
(`scene.drape`), so that flat layers lie on exactly the triangles that are drawn.

References
----------
.. [1] W. Evans, D. Kirkpatrick, G. Townsend, "Right-triangulated irregular networks",
   Algorithmica 30(2), 264-286, 2001 (the idea; the code here was written for this program).
"""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import TypeVar

import numba as nb
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from layers.kinds.base import Extent
from layers.kinds.terrain import Terrain
from layers.shapes import Bools, Floats

Heights = NDArray[np.float32]
Triangles = NDArray[np.int32]

MOST_TRIANGLES = 400_000
LONGEST_SIDE = 4096  # cells of the square
SMALLEST_REACH = 30_000.0  # metres the plane reaches beyond the data
TILES = 16  # along each side of a square
COARSEST = 4  # halvings of what is drawn far away
PARTED = 256  # cells along the side of squares that have tiles
FINEST = 0.15  # metres; a closer fit is not looked for


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Surface:
    """A square of triangles over the terrain and a level plane around it.

    Attributes
    ----------
    heights : (n + 1, n + 1) float32
        Metres above datum at the nodes, no gaps; row 0 is the northernmost. The outermost
        nodes all have the height `level`.
    known : (n + 1, n + 1) bool
        Where the terrain itself knows the height.
    errors : (n + 1, n + 1) float32
        Largest difference, metres, that appears where a node is left out.
    limit : float
        Metres; a node with a larger error is a corner of the drawn triangles.
    west, north : float
        Node of row 0, column 0, project coordinates, metres.
    step_east, step_north : float
        Between neighbouring nodes, metres.
    level : float
        Height of the plane around, metres above datum.
    reach : float
        From the middle of the square to the far edge of the plane, metres.
    count : int
        Triangles in the square.
    """

    heights: Heights
    known: Bools
    errors: Heights
    limit: float
    west: float
    north: float
    step_east: float
    step_north: float
    level: float
    reach: float
    count: int

    @property
    def side(self) -> int:
        """Cells along one side of the square."""
        return len(self.heights) - 1

    @property
    def tile(self) -> int:
        """Cells along one side of a tile; no triangle reaches over a tile's border."""
        return self.side // TILES if self.side >= PARTED else self.side

    @property
    def flat(self) -> bool:
        """Whether the ground is a level plane everywhere."""
        return self.side == 1

    @property
    def middle(self) -> tuple[float, float]:
        """East and north of the middle of the square."""
        half = self.side / 2.0
        return self.west + half * self.step_east, self.north - half * self.step_north

    @property
    def extent(self) -> Extent:
        """West, south, east, north of the square, metres."""
        n = self.side
        return (
            self.west,
            self.north - n * self.step_north,
            self.west + n * self.step_east,
            self.north,
        )

    @property
    def grain(self) -> float:
        """How wide a drawn triangle is on average, metres."""
        west, south, east, north = self.extent
        return math.sqrt((east - west) * (north - south) / self.count)

    @classmethod
    def of(
        cls,
        terrain: Terrain | None,
        level: float,
        extent: Extent | None,
        *,
        triangles: int = MOST_TRIANGLES,
    ) -> Surface:
        """Make the surface of a terrain, or a plane where there is none.

        Parameters
        ----------
        terrain : Terrain or None
            The ground's heights.
        level : float
            Height of the plane around, metres above datum.
        extent : (west, south, east, north) or None
            What lies on the ground besides, so that the plane reaches far beyond it.
        triangles : int
            Largest number of triangles in the square.
        """
        box = terrain.extent() if terrain is not None else None
        boxes = [b for b in (box, extent) if b is not None] or [(-500.0, -500.0, 500.0, 500.0)]
        low, high = np.min(boxes, axis=0)[:2], np.max(boxes, axis=0)[2:]
        if terrain is None:  # in large steps, so that the plane stays when a layer grows a little
            side = 1000.0 * 2.0 ** math.ceil(
                math.log2(max(float((high - low).max()) / 1000.0, 1.0))
            )
            middle = ((low + high) / 2.0 / side).round() * side
            heights = np.full((2, 2), level, dtype=np.float32)
            return cls(
                heights, np.zeros((2, 2), dtype=bool), np.zeros_like(heights), math.inf,
                float(middle[0]) - side / 2, float(middle[1]) + side / 2, side, side, level,
                _reach(side * 1.5), 2,
            )  # fmt: skip
        stride = 1 + (max(terrain.heights.shape) - 1) // (LONGEST_SIDE * 15 // 16)
        core = terrain.heights[::stride, ::stride]
        heights, known, above, left = _embedded(core, level)
        errors = node_errors(heights)
        side = len(heights) - 1
        if side >= PARTED:
            errors[:: side // TILES, :: side // TILES] = np.inf  # so tiles have borders
        limit = _limit(errors, triangles)
        reach = max(np.hypot(*(high - low)), max(heights.shape) * terrain.step_east * stride)
        return cls(
            heights, known, errors, limit,
            terrain.west - left * terrain.step_east * stride,
            terrain.north + above * terrain.step_north * stride,
            terrain.step_east * stride, terrain.step_north * stride, level, _reach(float(reach)),
            _count(errors, limit),
        )  # fmt: skip

    def reaches_beyond(self, extent: Extent | None) -> bool:
        """Say whether the far edge is still far from everything in an extent."""
        if extent is None:
            return True
        corners = np.array([extent[:2], extent[2:]]) - np.array(self.middle)
        return bool(np.hypot(*np.abs(corners).max(axis=0)) < self.reach - SMALLEST_REACH / 2)

    def to_cells(self, coords: ArrayLike) -> Floats:
        """Turn project coordinates, (n, 2) metres, into columns and rows of the square."""
        xy = np.asarray(coords, dtype=np.float64).reshape(-1, 2)
        return np.column_stack(
            [(xy[:, 0] - self.west) / self.step_east, (self.north - xy[:, 1]) / self.step_north]
        )

    def from_cells(self, cells: Floats) -> Floats:
        """Turn columns and rows, (n, 2) or (n, 3) with heights, into project coordinates."""
        out = cells.copy()
        out[:, 0] = self.west + cells[:, 0] * self.step_east
        out[:, 1] = self.north - cells[:, 1] * self.step_north
        return out

    def height_at(self, coords: ArrayLike) -> Floats:
        """Give the height of the drawn ground at places, (n,) metres above datum, no gaps."""
        if self.flat:
            return np.full(len(np.asarray(coords).reshape(-1, 2)), self.level)
        return np.asarray(
            _heights_at(self.heights, self.errors, self.limit, self.level, self.to_cells(coords))
        )

    def mesh(self) -> tuple[Floats, Triangles]:
        """Give the square's triangles.

        Returns
        -------
        points : (m, 3) float64
            Project coordinates, metres.
        triangles : (k, 3) int32
            Counter-clockwise seen from above.
        """
        nodes = _leaves(self.errors, self.limit, self.count)
        width = self.side + 1
        used, triangles = np.unique(nodes, return_inverse=True)
        row, col = used // width, used % width
        cells = np.column_stack([col, row, self.heights[row, col]]).astype(np.float64)
        return self.from_cells(cells), triangles.reshape(-1, 3).astype(np.int32)

    def plain(self, points: Floats) -> tuple[Floats, Triangles]:
        """Give the plane around the square; it shares the corners on the square's border.

        Parameters
        ----------
        points : (m, 3) float64
            The points of `mesh`.
        """
        west, south, east, north = self.extent
        middle = np.array(self.middle)
        slack = 1e-6 * (east - west)
        x, y = points[:, 0], points[:, 1]
        sides = (
            points[np.abs(y - south) < slack][:, :2],
            points[np.abs(x - east) < slack][:, :2],
            points[np.abs(y - north) < slack][:, :2],
            points[np.abs(x - west) < slack][:, :2],
        )
        order = (
            np.argsort(sides[0][:, 0]),
            np.argsort(sides[1][:, 1]),
            np.argsort(-sides[2][:, 0]),
            np.argsort(-sides[3][:, 1]),
        )
        ring = np.concatenate([s[o][:-1] for s, o in zip(sides, order, strict=True)])
        away = ring - middle
        far = middle + away * (self.reach / np.hypot(away[:, 0], away[:, 1]))[:, None]
        n = len(ring)
        here, nxt = np.arange(n), (np.arange(n) + 1) % n
        both = np.concatenate([ring, far])
        triangles = np.concatenate(
            [np.column_stack([here, here + n, nxt + n]), np.column_stack([here, nxt + n, nxt])]
        )
        return np.column_stack([both, np.full(len(both), self.level)]), triangles.astype(np.int32)


T = TypeVar("T")


def kept(make: Callable[[Surface], T]) -> Callable[[Surface], T]:
    """Let a function of a surface work once; what it gives stays as long as the surface."""
    results: weakref.WeakKeyDictionary[Surface, T] = weakref.WeakKeyDictionary()

    @wraps(make)
    def given(surface: Surface) -> T:
        if surface not in results:
            results[surface] = make(surface)
        return results[surface]

    return given


@kept
def plain_of(surface: Surface) -> tuple[Floats, Triangles]:
    """Give the plane around a surface, see `Surface.plain`."""
    return surface.plain(surface.mesh()[0])


@kept
def coarser(surface: Surface) -> list[Surface]:
    """Give a surface, the same with twice the limit, with four times and so on."""
    out = [surface]
    for level in range(1, COARSEST + 1):
        limit = surface.limit * 2.0**level
        out.append(replace(surface, limit=limit, count=_count(surface.errors, limit)))
    return out


def _reach(across: float) -> float:
    """Give how far a plane reaches around data that measures so many metres across."""
    return SMALLEST_REACH + across


def _embedded(core: Heights, level: float) -> tuple[Heights, Bools, int, int]:
    """Put a grid into the middle of a square of 2**k cells; the margin sinks to the level.

    Unknown heights inside become those of the nearest known node.
    """
    rows, columns = core.shape
    finite = np.isfinite(core)
    if not finite.any():
        core, finite = np.full_like(core, level), np.zeros_like(finite)
    elif not finite.all():
        nearest = ndimage.distance_transform_edt(
            ~finite, return_distances=False, return_indices=True
        )
        core = core[tuple(nearest)]
    longest = max(rows, columns) - 1
    side = 2 ** max(math.ceil(math.log2(longest + 2 * max(3, longest // 32))), 2)
    above, left = (side - rows + 1) // 2, (side - columns + 1) // 2
    pad = (
        (above, side + 1 - rows - above),
        (left, side + 1 - columns - left),
    )
    heights = np.pad(core, pad, mode="edge")
    row = _sinking(rows, above, side)
    col = _sinking(columns, left, side)
    keep = np.minimum(row[:, None], col[None, :])
    smooth = ndimage.uniform_filter(heights, max(longest // 12, 3), mode="nearest")
    heights = smooth + (heights - smooth) * keep**6  # no ridges where the border is uneven
    heights = (level + (heights - level) * keep).astype(np.float32)
    heights[above : above + rows, left : left + columns] = core
    return heights, np.pad(finite, pad), above, left


def _sinking(count: int, before: int, side: int) -> Heights:
    """Give 1 over the grid, falling smoothly to 0 at both ends of the square."""
    at = np.arange(side + 1, dtype=np.float64)
    start = at / before
    end = (side - at) / (side - before - count + 1)
    share = np.clip(np.minimum(start, end), 0.0, 1.0)
    return np.asarray(share * share * (3.0 - 2.0 * share), dtype=np.float32)


@nb.njit(cache=True, nogil=True)
def node_errors(heights: Heights) -> Heights:  # noqa: PLR0912 - one kernel, two kinds of node
    """Give the largest difference that appears where a node is left out, (n + 1, n + 1) metres.

    A node's error is at least that of every node that can only be there if it is: so triangles
    of neighbours always meet at their corners.

    Parameters
    ----------
    heights : (n + 1, n + 1) float32
        n is a power of two.
    """
    n = heights.shape[0] - 1
    errors: Heights = np.zeros(heights.shape, dtype=np.float32)
    s = 1
    while 2 * s <= n:
        half = s // 2
        for r in range(0, n + 1, s):
            across = (r // s) % 2 == 0  # the longest side runs east-west, else north-south
            for c in range(s if across else 0, n + 1, 2 * s):
                if across:
                    ends = heights[r, c - s] + heights[r, c + s]
                else:
                    ends = heights[r - s, c] + heights[r + s, c]
                worst = abs(heights[r, c] - ends * np.float32(0.5))
                if half > 0:
                    for dr in (-half, half):
                        for dc in (-half, half):
                            if 0 <= r + dr <= n and 0 <= c + dc <= n:
                                worst = max(worst, errors[r + dr, c + dc])
                errors[r, c] = worst
        for i in range(n // (2 * s)):
            for j in range(n // (2 * s)):
                r, c = s + 2 * s * i, s + 2 * s * j
                if (i + j) % 2 == 0:
                    ends = heights[r - s, c - s] + heights[r + s, c + s]
                else:
                    ends = heights[r - s, c + s] + heights[r + s, c - s]
                worst = abs(heights[r, c] - ends * np.float32(0.5))
                worst = max(worst, errors[r - s, c], errors[r + s, c])
                errors[r, c] = max(worst, errors[r, c - s], errors[r, c + s])
        s *= 2
    made: Heights = errors
    return made


def _limit(errors: Heights, most: int) -> float:
    """Find the smallest limit, in metres, that gives no more than so many triangles."""
    low, high = FINEST, max(float(errors[np.isfinite(errors)].max()), FINEST)
    if _count(errors, low) <= most:
        return low
    for _ in range(14):
        middle = math.sqrt(low * high)
        if _count(errors, middle) <= most:
            high = middle
        else:
            low = middle
    return high


@nb.njit(cache=True, nogil=True)
def roots(n: int) -> NDArray[np.int32]:
    """Give the two first triangles: columns and rows of a, b, c, where a-b is the longest side."""
    return np.array([[0, 0, n, n, n, 0], [n, n, 0, 0, 0, n]], dtype=np.int32)


@nb.njit(cache=True, nogil=True)
def is_split(errors: Heights, limit: float, t: NDArray[np.int32]) -> bool:
    """Say whether a triangle is halved."""
    if abs(t[0] - t[4]) + abs(t[1] - t[5]) <= 1:
        return False
    return bool(errors[(t[1] + t[3]) // 2, (t[0] + t[2]) // 2] > limit)


@nb.njit(cache=True, nogil=True)
def halves(t: NDArray[np.int32], first: NDArray[np.int32], second: NDArray[np.int32]) -> None:
    """Write the two halves of a triangle: on the side of a, on the side of b."""
    mx, my = (t[0] + t[2]) // 2, (t[1] + t[3]) // 2
    ax, ay, bx, by, cx, cy = t[0], t[1], t[2], t[3], t[4], t[5]
    first[0], first[1], first[2], first[3], first[4], first[5] = cx, cy, ax, ay, mx, my
    second[0], second[1], second[2], second[3], second[4], second[5] = bx, by, cx, cy, mx, my


@nb.njit(cache=True, nogil=True)
def _count(errors: Heights, limit: float) -> int:
    stack = np.empty((64, 6), dtype=np.int32)
    stack[:2] = roots(errors.shape[0] - 1)
    top, total = 2, 0
    t = np.empty(6, dtype=np.int32)
    while top > 0:
        top -= 1
        t[:] = stack[top]
        if is_split(errors, limit, t):
            halves(t, stack[top], stack[top + 1])
            top += 2
        else:
            total += 1
    return total


@nb.njit(cache=True, nogil=True)
def _leaves(errors: Heights, limit: float, count: int) -> NDArray[np.int64]:
    """Give the nodes, row * (n + 1) + column, of the triangles, three behind each other."""
    width = errors.shape[0]
    out = np.empty(count * 3, dtype=np.int64)
    stack = np.empty((64, 6), dtype=np.int32)
    stack[:2] = roots(width - 1)
    top, k = 2, 0
    t = np.empty(6, dtype=np.int32)
    while top > 0:
        top -= 1
        t[:] = stack[top]
        if is_split(errors, limit, t):
            halves(t, stack[top], stack[top + 1])
            top += 2
        else:
            for i in range(3):
                out[k + i] = t[2 * i + 1] * width + t[2 * i]
            k += 3
    return out


@nb.njit(cache=True, nogil=True)
def height_on(heights: Heights, t: NDArray[np.int32], x: float, y: float) -> float:
    """Give the height of a triangle's plane at a column and row."""
    ux, uy, vx, vy = t[0] - t[4], t[1] - t[5], t[2] - t[4], t[3] - t[5]
    square = float(ux * ux + uy * uy)
    u = ((x - t[4]) * ux + (y - t[5]) * uy) / square
    v = ((x - t[4]) * vx + (y - t[5]) * vy) / square
    a, b, c = heights[t[1], t[0]], heights[t[3], t[2]], heights[t[5], t[4]]
    return float(c + u * (a - c) + v * (b - c))


@nb.njit(cache=True, nogil=True)
def _heights_at(
    heights: Heights, errors: Heights, limit: float, level: float, cells: Floats
) -> Floats:
    n = heights.shape[0] - 1
    out = np.full(len(cells), level)
    t = np.empty(6, dtype=np.int32)
    first, second = np.empty(6, dtype=np.int32), np.empty(6, dtype=np.int32)
    first_two = roots(n)
    for i in range(len(cells)):
        x, y = cells[i, 0], cells[i, 1]
        if not (0.0 <= x <= n and 0.0 <= y <= n):
            continue
        t[:] = first_two[0] if x >= y else first_two[1]
        while is_split(errors, limit, t):
            halves(t, first, second)
            mx, my = first[4], first[5]
            side = (t[4] - mx) * (y - my) - (t[5] - my) * (x - mx)
            of_a = (t[4] - mx) * (t[1] - my) - (t[5] - my) * (t[0] - mx)
            t[:] = first if side * of_a >= 0 else second
        out[i] = height_on(heights, t, x, y)
    return out

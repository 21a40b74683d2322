"""Shadows as plan maps: for each line of light, the highest point that stops it.

The light falls along parallel lines. Each line has a foot: where it meets the level 0 of the
scene. A map holds, for each foot, the height of the highest solid point on that line; what lies
below it on the same line is in shadow. On level ground the map shows the shadows themselves, at
an even scale however low the sun stands, and what floats is as right as what stands.

The terrain has a map of its own: how high its shadow reaches over each place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from layers.shapes import Bools, Floats, Ints
from layers.triangles import Triangles

Float32s = NDArray[np.float32]
NOTHING = np.float32(-1e6)  # metres: lower than anything, where no solid stands in the light


@dataclass(frozen=True, slots=True)
class Window:
    """A square of feet that a map covers.

    Attributes
    ----------
    west, south : float
        Its corner, metres of the scene at level 0.
    texel : float
        Width of a texel, metres.
    side : int
        Texels along a side.
    """

    west: float
    south: float
    texel: float
    side: int

    @property
    def metres(self) -> float:
        """Length of a side."""
        return self.texel * self.side


@dataclass(frozen=True, slots=True, eq=False)
class Casters:
    """Upright blocks that throw shadows.

    Attributes
    ----------
    coords : (m, 2) float64
        Corners, east and north of the scene's origin, metres.
    ring_start, shape_start, first : (...) int64
        As in `layers.shapes.Shapes`; `first` is where each shape starts in `coords`.
    low, high : (n,) float64
        Underside and top, metres of the scene.
    roofs : Triangles
        The plan cut into triangles.
    boxes : (n, 4) float64
        West, south, east, north.
    """

    coords: Floats
    ring_start: Ints
    shape_start: Ints
    first: Ints
    low: Floats
    high: Floats
    roofs: Triangles
    boxes: Floats

    def within(self, window: Window, slant: Floats, chosen: Bools) -> Ints:
        """Give those of the chosen blocks whose shadow may fall into a window, (k,) int64."""
        return np.flatnonzero(chosen & reaching(window, slant, self.boxes, self.low, self.high))


def reaching(window: Window, slant: Floats, boxes: Floats, low: Floats, high: Floats) -> Bools:
    """Say which bodies, with boxes (n, 4) and heights (n,), may have feet in a window, (n,)."""
    east, north = window.west + window.metres, window.south + window.metres
    a, b = low[:, None] * slant, high[:, None] * slant
    first, last = boxes[:, :2] - np.maximum(a, b), boxes[:, 2:] - np.minimum(a, b)
    inside = (first[:, 0] < east) & (last[:, 0] > window.west)
    inside &= (first[:, 1] < north) & (last[:, 1] > window.south)
    return np.asarray(inside)


def draw_blocks(out: Float32s, window: Window, casters: Casters, rows: Ints, slant: Floats) -> None:
    """Draw blocks into a map.

    Parameters
    ----------
    out : (side, side) float32
        The map, row 0 southernmost; holds the greatest height so far.
    window : Window
        What it covers.
    casters : Casters
        The blocks.
    rows : (k,) int64
        Those to draw.
    slant : (2,) float64
        How far east and north light comes from per metre of height: a point at height z has its
        foot at its place minus z times this.
    """
    _draw_blocks(
        out, window.west, window.south, 1.0 / window.texel, casters.coords, casters.ring_start,
        casters.shape_start, casters.first, casters.low, casters.high, casters.roofs.corners,
        casters.roofs.start, casters.roofs.count, rows, float(slant[0]), float(slant[1]),
    )  # fmt: skip


def draw_triangles(
    out: Float32s, window: Window, points: Floats, triangles: NDArray[np.integer], slant: Floats
) -> None:
    """Draw any triangles into a map: points (p, 3) float64, scene metres; triangles (t, 3)."""
    feet = (points[:, :2] - points[:, 2:] * slant - (window.west, window.south)) / window.texel
    corners = np.column_stack([feet, points[:, 2]])
    _draw_triangles(out, corners, np.asarray(triangles, dtype=np.int64))


@nb.njit(cache=True, nogil=True)
def draw_triangle(  # noqa: PLR0912 - one kernel, edge by edge
    out: Float32s,
    ax: float, ay: float, az: float, bx: float, by: float, bz: float,
    cx: float, cy: float, cz: float,
) -> None:  # fmt: skip # pragma: no cover
    """Draw a triangle, either way round; its corners are in texels."""
    area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    if area == 0.0:
        return
    side = out.shape[0]
    left = max(int(np.ceil(min(ax, bx, cx) - 0.5)), 0)
    right = min(int(np.floor(max(ax, bx, cx) - 0.5)), side - 1)
    below = max(int(np.ceil(min(ay, by, cy) - 0.5)), 0)
    above = min(int(np.floor(max(ay, by, cy) - 0.5)), side - 1)
    if left > right or below > above:
        return
    share = 1.0 / area
    dx = ((bz - az) * (cy - ay) - (cz - az) * (by - ay)) * share
    dy = ((cz - az) * (bx - ax) - (bz - az) * (cx - ax)) * share
    for row in range(below, above + 1):
        y = row + 0.5
        start, end = left + 0.0, right + 0.0
        # where the line through the middles of this row's texels is inside
        for edge in range(3):
            if edge == 0:
                px, py, qx, qy = ax, ay, bx, by
            elif edge == 1:
                px, py, qx, qy = bx, by, cx, cy
            else:
                px, py, qx, qy = cx, cy, ax, ay
            if area < 0.0:
                px, py, qx, qy = qx, qy, px, py
            if qy == py:
                if (qx - px) * (y - py) < 0.0:
                    end = -1.0
                continue
            x = px + (y - py) * (qx - px) / (qy - py) - 0.5
            if qy > py:
                end = min(end, np.floor(x))
            else:
                start = max(start, np.ceil(x))
        first, last = int(start), int(end)
        if first > last:
            continue
        z = az + (first + 0.5 - ax) * dx + (y - ay) * dy
        for column in range(first, last + 1):
            out[row, column] = max(out[row, column], z)
            z += dx


@nb.njit(cache=True, nogil=True)
def _draw_triangles(out: Float32s, p: Floats, triangles: Ints) -> None:  # pragma: no cover
    for t in range(len(triangles)):
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        draw_triangle(
            out, p[a, 0], p[a, 1], p[a, 2], p[b, 0], p[b, 1], p[b, 2], p[c, 0], p[c, 1], p[c, 2]
        )


@nb.njit(cache=True, nogil=True)
def _draw_blocks(
    out: Float32s, west: float, south: float, per_metre: float, coords: Floats,
    ring_start: Ints, shape_start: Ints, first: Ints, low: Floats, high: Floats,
    roof: NDArray[np.int32], roof_start: Ints, roof_count: Ints, rows: Ints,
    slant_east: float, slant_north: float,
) -> None:  # fmt: skip # pragma: no cover
    """Draw the roofs and the walls towards the light of blocks."""
    for row in rows:
        z, base = high[row], low[row]
        shift_x = (-z * slant_east - west) * per_metre
        shift_y = (-z * slant_north - south) * per_metre
        deep_x = (-base * slant_east - west) * per_metre
        deep_y = (-base * slant_north - south) * per_metre
        at = first[row]
        for i in range(roof_start[row], roof_start[row] + roof_count[row]):
            a, b, c = at + roof[i, 0], at + roof[i, 1], at + roof[i, 2]
            draw_triangle(
                out,
                coords[a, 0] * per_metre + shift_x, coords[a, 1] * per_metre + shift_y, z,
                coords[b, 0] * per_metre + shift_x, coords[b, 1] * per_metre + shift_y, z,
                coords[c, 0] * per_metre + shift_x, coords[c, 1] * per_metre + shift_y, z,
            )  # fmt: skip
        for ring in range(shape_start[row], shape_start[row + 1]):
            start, end = ring_start[ring], ring_start[ring + 1]
            for i in range(start, end):
                j = i + 1 if i + 1 < end else start
                dx, dy = coords[j, 0] - coords[i, 0], coords[j, 1] - coords[i, 1]
                if dy * slant_east - dx * slant_north <= 0.0:
                    continue  # turned away from the light
                ix, iy = coords[i, 0] * per_metre, coords[i, 1] * per_metre
                jx, jy = coords[j, 0] * per_metre, coords[j, 1] * per_metre
                draw_triangle(
                    out, ix + deep_x, iy + deep_y, base, jx + deep_x, jy + deep_y, base,
                    jx + shift_x, jy + shift_y, z,
                )  # fmt: skip
                draw_triangle(
                    out, ix + deep_x, iy + deep_y, base, jx + shift_x, jy + shift_y, z,
                    ix + shift_x, iy + shift_y, z,
                )  # fmt: skip


def ceiling(heights: Float32s, step_east: float, step_north: float, slant: Floats) -> Float32s:
    """Give how high the shadow of a terrain reaches over each of its nodes.

    Parameters
    ----------
    heights : (rows, columns) float32
        Row 0 southernmost, metres.
    step_east, step_north : float
        Metres between nodes.
    slant : (2,) float64
        Way to where light comes from, east and north metres per metre of height.

    Returns
    -------
    (rows, columns) float32
        What is lower than this is in the shadow of the terrain; `NOTHING` where none falls.
    """
    out = np.empty(heights.shape, dtype=np.float32)
    _ceiling(
        np.ascontiguousarray(heights), float(slant[0]) / step_east, float(slant[1]) / step_north,
        float(np.hypot(slant[0], slant[1])), min(step_east, step_north), float(heights.max()), out,
    )  # fmt: skip
    return out


@nb.njit(cache=True, nogil=True)
def _ceiling(
    heights: Float32s, across: float, along: float, slant: float, step: float, top: float,
    out: Float32s,
) -> None:  # fmt: skip # pragma: no cover
    """March from each node towards the light, a node at a time, until nothing is higher."""
    rows, columns = heights.shape
    rise = step / slant  # metres that the line of light climbs in a step
    dx, dy = across * rise, along * rise
    for row in range(rows):
        for column in range(columns):
            here = heights[row, column]
            best = NOTHING
            x, y, climbed = float(column), float(row), 0.0
            while True:
                x += dx
                y += dy
                climbed += rise
                if climbed > top - here or climbed > top - best:
                    break
                if x < 0.0 or y < 0.0 or x > columns - 1.001 or y > rows - 1.001:
                    break
                i, j = int(x), int(y)
                u, v = x - i, y - j
                z = (
                    heights[j, i] * (1 - u) * (1 - v) + heights[j, i + 1] * u * (1 - v)
                    + heights[j + 1, i] * (1 - u) * v + heights[j + 1, i + 1] * u * v
                )  # fmt: skip
                if z - climbed > best and climbed > 1.5 * rise:
                    best = np.float32(z - climbed)
            out[row, column] = best

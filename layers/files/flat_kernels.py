"""Compiled loops over many polygons: reading well-known binary, and telling what is surely sound.

Each runs without the interpreter's lock and is compiled once per machine (Numba's cache).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from layers.shapes import Bools, Floats, Ints

Bytes = NDArray[np.uint8]
NULL, OTHER, POLYGON, MULTIPOLYGON = -1, 0, 3, 6
MOST_VERTICES = 128  # of one polygon: above this GEOS is quicker
CLEAR = 1e-6  # m: what is farther apart than this surely does not touch
NEAR = 1.001e-4  # m: vertices nearer than this may be taken for one


@njit(cache=True, nogil=True)
def _word(data: Bytes, at: int) -> int:
    low = np.int64(data[at]) | (np.int64(data[at + 1]) << 8)
    return int(low | (np.int64(data[at + 2]) << 16) | (np.int64(data[at + 3]) << 24))


@njit(cache=True, nogil=True)
def _walk(data: Bytes, at: int, end: int, count: int) -> int:
    """Count the coordinates of some rings that end where they should and are closed, else 0."""
    total = 0
    for _ in range(count):
        if at + 4 > end:
            return 0
        size = _word(data, at)
        at += 4
        if size < 4 or size > (end - at) // 16:
            return 0
        last = at + 16 * (size - 1)
        for k in range(16):
            if data[at + k] != data[last + k]:
                return 0
        at += 16 * size
        total += size
    return total if at == end else 0


@njit(cache=True, nogil=True)
def measure_wkb(
    data: Bytes, starts: Ints, valid: Bools, types: NDArray[np.int8], rings: Ints, points: Ints
) -> None:
    """Tell which values are single flat polygons, and count their rings and coordinates.

    Parameters
    ----------
    data : (b,) uint8
        Well-known binary, one value after the other.
    starts : (n + 1,) int64
        Where each value starts.
    valid : (n,) bool
        False for nulls.
    types : (n,) int8
        Is given ``POLYGON`` or ``MULTIPOLYGON`` (of one part) for little-endian polygons
        without heights whose rings are closed; ``NULL``; ``OTHER`` for everything else.
    rings, points : (n,) int64
        Are given the counts; 0 for others.
    """
    for i in range(len(types)):
        types[i] = NULL
        rings[i] = 0
        points[i] = 0
        if not valid[i]:
            continue
        types[i] = OTHER
        at, end = starts[i], starts[i + 1]
        if end - at < 13 or data[at] != 1:
            continue
        code = _word(data, at + 1)
        if code == MULTIPOLYGON:
            if _word(data, at + 5) != 1 or end - at < 22 or data[at + 9] != 1:
                continue
            at += 9
            if _word(data, at + 1) != POLYGON:
                continue
        elif code != POLYGON:
            continue
        count = _word(data, at + 5)
        total = _walk(data, at + 9, end, count)
        if total > 0:
            types[i] = code
            rings[i] = count
            points[i] = total


@njit(cache=True, nogil=True)
def fill_wkb(
    data: Bytes,
    starts: Ints,
    types: NDArray[np.int8],
    coords: NDArray[np.uint64],
    ring_sizes: Ints,
) -> None:
    """Copy the coordinates that `measure_wkb` counted, as bits, and the size of each ring."""
    out = 0
    ring = 0
    for i in range(len(types)):
        if types[i] != POLYGON and types[i] != MULTIPOLYGON:
            continue
        at = starts[i] + (9 if types[i] == MULTIPOLYGON else 0)
        count = _word(data, at + 5)
        at += 9
        for _ in range(count):
            size = _word(data, at)
            at += 4
            ring_sizes[ring] = size
            ring += 1
            for _ in range(2 * size):
                bits = np.uint64(0)
                for k in range(8):
                    bits |= np.uint64(data[at + k]) << np.uint64(8 * k)
                coords[out] = bits
                out += 1
                at += 8


@njit(cache=True, nogil=True)
def boxes(coords: Floats, first: Ints, out: Floats) -> None:
    """Give west, south, east, north of each shape."""
    for i in range(len(first) - 1):
        west = south = np.inf
        east = north = -np.inf
        for j in range(first[i], first[i + 1]):
            x, y = coords[j, 0], coords[j, 1]
            if not (x - x == 0.0 and y - y == 0.0):  # NaN or infinity
                west = south = east = north = np.nan
                break
            west, east = min(west, x), max(east, x)
            south, north = min(south, y), max(north, y)
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = west, south, east, north


@njit(cache=True, nogil=True)
def mixed(box: Floats, size: Ints, types: Ints, key: NDArray[np.uint64]) -> None:
    """Give a number to each shape that is equal where box, size and type are."""
    prime = np.uint64(0x9E3779B97F4A7C15)
    bits = np.empty(4, dtype=np.float64)
    words = bits.view(np.uint64)
    for i in range(len(key)):
        for k in range(4):
            bits[k] = box[i, k] + 0.0  # no negative zero
        total = np.uint64(size[i]) * np.uint64(8) + np.uint64(types[i])
        for k in range(4):
            total = (total ^ words[k]) * prime
            total ^= total >> np.uint64(29)
        key[i] = total


@njit(cache=True, nogil=True)
def ring_areas(coords: Floats, ring_start: Ints, out: Floats) -> None:
    """Give the signed area of closed rings, counted from their first vertex."""
    for r in range(len(ring_start) - 1):
        a, b = ring_start[r], ring_start[r + 1]
        x0, y0 = coords[a, 0], coords[a, 1]
        total = 0.0
        for i in range(a + 1, b - 1):
            total += (coords[i, 0] - x0) * (coords[i + 1, 1] - y0) - (coords[i + 1, 0] - x0) * (
                coords[i, 1] - y0
            )
        out[r] = 0.5 * total


@njit(cache=True, nogil=True)
def _apart(coords: Floats, i: int, j: int) -> bool:
    """Say whether the pieces from i to i + 1 and from j to j + 1 surely do not touch."""
    ax, ay, bx, by = coords[i, 0], coords[i, 1], coords[i + 1, 0], coords[i + 1, 1]
    cx, cy, dx, dy = coords[j, 0], coords[j, 1], coords[j + 1, 0], coords[j + 1, 1]
    if (
        max(ax, bx) + CLEAR < min(cx, dx)
        or max(cx, dx) + CLEAR < min(ax, bx)
        or max(ay, by) + CLEAR < min(cy, dy)
        or max(cy, dy) + CLEAR < min(ay, by)
    ):
        return True
    ux, uy = bx - ax, by - ay
    margin = CLEAR * (abs(ux) + abs(uy))
    c = ux * (cy - ay) - uy * (cx - ax)
    d = ux * (dy - ay) - uy * (dx - ax)
    if (c > margin and d > margin) or (c < -margin and d < -margin):
        return True
    ux, uy = dx - cx, dy - cy
    margin = CLEAR * (abs(ux) + abs(uy))
    a = ux * (ay - cy) - uy * (ax - cx)
    b = ux * (by - cy) - uy * (bx - cx)
    return bool((a > margin and b > margin) or (a < -margin and b < -margin))


@njit(cache=True, nogil=True)
def _inside(coords: Floats, a: int, b: int, x: float, y: float) -> bool:
    """Say whether a place lies inside the closed ring of the coordinates a to b."""
    inside = False
    for i in range(a, b - 1):
        x1, y1, x2, y2 = coords[i, 0], coords[i, 1], coords[i + 1, 0], coords[i + 1, 1]
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


@njit(cache=True, nogil=True)
def _ring_is_sound(coords: Floats, a: int, b: int) -> bool:
    """Say whether a closed ring surely has no repeated vertices, spikes and crossings."""
    last = b - 2  # first vertex of the last piece
    for i in range(a, b - 1):
        ux, uy = coords[i + 1, 0] - coords[i, 0], coords[i + 1, 1] - coords[i, 1]
        if not ux * ux + uy * uy > NEAR * NEAR:
            return False
        k = a + 1 if i == last else i + 2  # the vertex after the next
        vx, vy = coords[k, 0] - coords[i + 1, 0], coords[k, 1] - coords[i + 1, 1]
        turn = ux * vy - uy * vx
        if abs(turn) <= CLEAR * (abs(ux) + abs(uy)) and ux * vx + uy * vy <= 0.0:
            return False
    for i in range(a, b - 1):
        for j in range(i + 2, b - 1):
            if i == a and j == last:
                continue
            if not _apart(coords, i, j):
                return False
    return True


@njit(cache=True, nogil=True)
def surely_sound(
    coords: Floats, ring_start: Ints, shape_start: Ints, areas: Floats, least: float, out: Bools
) -> None:
    """Say which polygons are valid, free of repeated vertices and large enough, beyond doubt.

    Parameters
    ----------
    coords : (m, 2) float64
        Metres; rings are closed.
    ring_start : (r + 1,) int64
        Where rings start in `coords`.
    shape_start : (n + 1,) int64
        Where polygons start among the rings.
    areas : (r,) float64
        Signed areas of the rings, m2.
    least : float
        Smallest area, m2.
    out : (n,) bool
        Is given the answers; False means: to be looked at by GEOS.
    """
    for s in range(len(shape_start) - 1):
        out[s] = False
        r0, r1 = shape_start[s], shape_start[s + 1]
        if ring_start[r1] - ring_start[r0] > MOST_VERTICES:
            continue
        total = abs(areas[r0])
        sound = True
        for i in range(ring_start[r0], ring_start[r1]):
            if not (np.isfinite(coords[i, 0]) and np.isfinite(coords[i, 1])):
                sound = False
        for r in range(r0, r1):
            if not sound:
                break
            total -= abs(areas[r]) if r > r0 else 0.0
            sound = abs(areas[r]) > 1e-3 and _ring_is_sound(
                coords, ring_start[r], ring_start[r + 1]
            )
        if not (sound and total > least):
            continue
        for r in range(r0 + 1, r1):
            a = ring_start[r]
            if not _inside(coords, ring_start[r0], ring_start[r0 + 1], coords[a, 0], coords[a, 1]):
                sound = False
            for q in range(r0, r):
                if not sound:
                    break
                sound = _rings_are_apart(coords, ring_start, q, r, q > r0)
        out[s] = sound


@njit(cache=True, nogil=True)
def _rings_are_apart(coords: Floats, ring_start: Ints, q: int, r: int, beside: bool) -> bool:
    """Say whether two rings surely do not touch; with `beside` neither lies in the other."""
    a, b, c, d = ring_start[q], ring_start[q + 1], ring_start[r], ring_start[r + 1]
    for i in range(a, b - 1):
        for j in range(c, d - 1):
            if not _apart(coords, i, j):
                return False
    if not beside:
        return True
    within = _inside(coords, a, b, coords[c, 0], coords[c, 1])
    return not (within or _inside(coords, c, d, coords[a, 0], coords[a, 1]))


@njit(cache=True, nogil=True)
def open_rings(coords: Floats, ring_start: Ints, turn: Bools, out: Floats) -> None:
    """Leave out the last vertex of closed rings, and turn some round behind their first one."""
    at = 0
    for r in range(len(ring_start) - 1):
        a, b = ring_start[r], ring_start[r + 1]
        for i in range(b - 1 - a):
            k = a + i if not turn[r] or i == 0 else b - 1 - i
            out[at, 0] = coords[k, 0]
            out[at, 1] = coords[k, 1]
            at += 1


def warm_up() -> None:
    """Compile every loop now (about ten seconds once), so that the first import does not wait."""
    ring = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0], [0.0, 0.0]])
    import shapely

    blob = np.frombuffer(shapely.to_wkb(shapely.Polygon(ring), byte_order=1), dtype=np.uint8)
    starts = np.array([0, len(blob)])
    types = np.zeros(1, dtype=np.int8)
    counts: Any = np.zeros((2, 1), dtype=np.int64)
    measure_wkb(blob, starts, np.ones(1, dtype=bool), types, counts[0], counts[1])
    bits = np.empty(10, dtype=np.uint64)
    fill_wkb(blob, starts, types, bits, np.empty(1, dtype=np.int64))
    coords = bits.view(np.float64).reshape(-1, 2)
    edges, shapes = np.array([0, 5]), np.array([0, 1])
    box = np.empty((1, 4))
    boxes(coords, edges, box)
    mixed(box, edges[1:], shapes[1:], np.empty(1, dtype=np.uint64))
    areas = np.empty(1)
    ring_areas(coords, edges, areas)
    surely_sound(coords, edges, shapes, areas, 0.0, np.empty(1, dtype=bool))
    open_rings(coords, edges, np.zeros(1, dtype=bool), np.empty((4, 2)))

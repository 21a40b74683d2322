"""Cutting footprints and faces into triangles."""

from __future__ import annotations

from dataclasses import dataclass

import mapbox_earcut
import numba as nb
import numpy as np
from numpy.typing import NDArray

from layers.kinds.buildings import Surfaces
from layers.shapes import Bools, Floats, Ints, Shapes, runs, starts_of

Int32s = NDArray[np.int32]

LONGEST_RING = 160  # corners; beyond it the library's indexed search is faster than ours
SHARP = np.cos(np.radians(20.0))  # neighbouring faces that bend more show an edge
NOBODY = np.int64(-1)


@dataclass(frozen=True, slots=True, eq=False)
class Triangles:
    """Triangles of many polygons.

    Attributes
    ----------
    corners : (t, 3) int32
        Corners, counted from each polygon's first coordinate, counter-clockwise.
    start : (n + 1,) int64
        Where the room of each polygon starts in `corners`.
    count : (n,) int64
        How many of the places in its room a polygon really uses.
    """

    corners: Int32s
    start: Ints
    count: Ints

    def of(self, rows: Ints) -> tuple[Int32s, Ints]:
        """Give the triangles of some polygons, (k, 3), and the row of each, (k,)."""
        lengths = self.count[rows]
        shift = np.repeat(self.start[rows] - (np.cumsum(lengths) - lengths), lengths)
        chosen = np.arange(int(lengths.sum())) + shift
        return self.corners[chosen], np.repeat(rows, lengths)


def triangulate(shapes: Shapes, rows: Ints | None = None) -> Triangles:
    """Cut polygons with holes into triangles.

    Simple rings are cut by ears; those with holes, very long ones and those that are not simple
    go through mapbox_earcut.

    Parameters
    ----------
    shapes : Shapes
        Polygons: outer rings counter-clockwise, holes clockwise.
    rows : (n,) int64 or None
        Those to cut; None cuts all.
    """
    return _triangulate(shapes.coords, shapes.ring_start, shapes.shape_start, rows)


def _triangulate(
    coords: Floats, ring_start: Ints, shape_start: Ints, rows: Ints | None = None
) -> Triangles:
    if rows is None:
        rows = np.arange(len(shape_start) - 1)
    first = ring_start[shape_start[rows]]
    corners = ring_start[shape_start[rows + 1]] - first
    holes = np.maximum(shape_start[rows + 1] - shape_start[rows] - 1, 0)
    start = starts_of(np.maximum(corners + 2 * holes - 2, 0))
    out = np.zeros((int(start[-1]), 3), dtype=np.int32)
    count = np.zeros(len(corners), dtype=np.int64)
    simple = (holes == 0) & (corners <= LONGEST_RING)
    _clip_all(coords, first, corners, simple, start, out, count)
    hard = np.flatnonzero(count < 0)
    if len(hard):
        made = _cut_by_library(coords, ring_start, shape_start, rows[hard], corners[hard])
        _take(coords, first[hard], hard, *made, start, out, count)
    return Triangles(out, start, count)


def _cut_by_library(
    coords: Floats, ring_start: Ints, shape_start: Ints, rows: Ints, corners: Ints
) -> tuple[Ints, Ints]:
    """Give the triangles of all polygons in a row, three corners each, and where each's start."""
    first = ring_start[shape_start[rows]]
    rings = shape_start[rows + 1] - shape_start[rows]
    last = ring_start[runs(shape_start, rows) + 1] - np.repeat(first, rings)
    ends, ring, made = last.astype(np.uint32), starts_of(rings).tolist(), []
    for number, (begin, count) in enumerate(zip(first.tolist(), corners.tolist(), strict=True)):
        here = coords[begin : begin + count]
        there = ends[ring[number] : ring[number + 1]]
        made.append(mapbox_earcut.triangulate_float64(here - here[0], there))
    return np.concatenate(made).astype(np.int64), starts_of(np.array([len(each) for each in made]))


@nb.njit(cache=True, nogil=True)
def _take(
    coords: Floats, first: Ints, shapes: Ints, made: Ints, made_start: Ints,
    start: Ints, out: Int32s, count: Ints,
) -> None:  # fmt: skip # pragma: no cover
    """Put triangles of the library into their places, all counter-clockwise."""
    for k in range(len(shapes)):
        shape, at = shapes[k], start[shapes[k]]
        room = start[shape + 1] - at
        count[shape] = min((made_start[k + 1] - made_start[k]) // 3, room)
        for i in range(count[shape]):
            a, b, c = made[made_start[k] + 3 * i : made_start[k] + 3 * i + 3]
            p, q, r = coords[first[k] + a], coords[first[k] + b], coords[first[k] + c]
            if _cross(p[0], p[1], q[0], q[1], r[0], r[1]) < 0.0:
                a, c = c, a
            out[at + i, 0], out[at + i, 1], out[at + i, 2] = a, b, c


@nb.njit(cache=True, nogil=True, inline="always")
def _cross(
    ax: float, ay: float, bx: float, by: float, cx: float, cy: float
) -> float:  # pragma: no cover
    """Give twice the signed area of a triangle."""
    return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)


@nb.njit(cache=True, nogil=True)
def _clip_all(
    coords: Floats, first: Ints, sizes: Ints, simple: Bools, start: Ints, out: Int32s, count: Ints
) -> None:  # pragma: no cover
    """Cut all simple rings; `count` becomes -1 where another way is needed."""
    room = LONGEST_RING + 1
    x, y = np.empty(room), np.empty(room)
    before, after = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32)
    for shape in range(len(first)):
        if not simple[shape]:
            count[shape] = -1
            continue
        corners = sizes[shape]
        for i in range(corners):
            x[i] = coords[first[shape] + i, 0] - coords[first[shape], 0]
            y[i] = coords[first[shape] + i, 1] - coords[first[shape], 1]
        count[shape] = _clip(x, y, corners, before, after, out, start[shape])


@nb.njit(cache=True, nogil=True)
def _clip(
    x: Floats, y: Floats, corners: int, before: Int32s, after: Int32s, out: Int32s, at: int
) -> int:  # pragma: no cover
    """Cut one ring by ears; gives the number of triangles, -1 where it is not simple."""
    if corners < 3:
        return 0
    convex = True
    for i in range(corners):
        j, k = (i + 1) % corners, (i + 2) % corners
        before[j], after[i] = i, j
        if _cross(x[i], y[i], x[j], y[j], x[k], y[k]) < 0.0:
            convex = False
    if convex and corners <= 4:  # longer rings could wind around twice
        for i in range(1, corners - 1):
            out[at + i - 1, 0], out[at + i - 1, 1], out[at + i - 1, 2] = 0, i, i + 1
        return corners - 2
    left, made, i, idle = corners, 0, 0, 0
    while left > 3:
        a, c = before[i], after[i]
        if _is_ear(x, y, a, i, c, before, after):
            out[at + made, 0], out[at + made, 1], out[at + made, 2] = a, i, c
            made += 1
            after[a], before[c] = c, a
            left -= 1
            idle = 0
            i = after[c]
        else:
            i = c
            idle += 1
            if idle > left:
                return -1
    a, c = before[i], after[i]
    if _cross(x[a], y[a], x[i], y[i], x[c], y[c]) < 0.0:
        return -1
    out[at + made, 0], out[at + made, 1], out[at + made, 2] = a, i, c
    return made + 1


@nb.njit(cache=True, nogil=True)
def _is_ear(
    x: Floats, y: Floats, a: int, b: int, c: int, before: Int32s, after: Int32s
) -> bool:  # pragma: no cover
    """Say whether the corner b can be cut off: convex or straight, and nothing lies in it."""
    area = _cross(x[a], y[a], x[b], y[b], x[c], y[c])
    if area < 0.0:
        return False
    if area == 0.0:  # a straight corner; a spike would fold back
        return bool((x[b] - x[a]) * (x[c] - x[b]) + (y[b] - y[a]) * (y[c] - y[b]) >= 0.0)
    p = after[c]
    while p != a:
        px, py = x[p], y[p]
        if (
            _cross(x[before[p]], y[before[p]], px, py, x[after[p]], y[after[p]]) <= 0.0
            and _cross(x[a], y[a], x[b], y[b], px, py) >= 0.0
            and _cross(x[b], y[b], x[c], y[c], px, py) >= 0.0
            and _cross(x[c], y[c], x[a], y[a], px, py) >= 0.0
        ):
            return False
        p = after[p]
    return True


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """Detailed surfaces, cut into triangles, with the edges worth a line.

    Attributes
    ----------
    corners : (t, 3) int64
        Corners of each triangle, positions in the surfaces' coordinates.
    face : (t,) int64
        Face each triangle belongs to.
    edges : (e, 2) int64
        Ends of each edge, positions in the surfaces' coordinates.
    edge_face : (e,) int64
        A face each edge belongs to.
    """

    corners: Ints
    face: Ints
    edges: Ints
    edge_face: Ints


def triangulate_faces(surfaces: Surfaces) -> Faces:
    """Cut plane faces in space into triangles and find their sharp edges.

    Parameters
    ----------
    surfaces : Surfaces
        Faces with holes; those without an area give nothing.
    """
    first = surfaces.ring_start[surfaces.face_start]
    normals = face_normals(surfaces)
    flat = _flattened(surfaces.coords, first, normals)
    made = _triangulate(flat, surfaces.ring_start, surfaces.face_start)
    used = runs(made.start, np.arange(len(made.count)))
    face = np.repeat(np.arange(len(made.count)), np.diff(made.start))
    used = used[(used - made.start[face]) < made.count[face]]
    face = face[used]
    corners = made.corners[used].astype(np.int64) + first[face][:, None]
    edges, edge_face = _sharp_edges(surfaces, normals)
    return Faces(corners, face, edges, edge_face)


def face_normals(surfaces: Surfaces) -> Floats:
    """Give the unit normal of each face by Newell's sums, (f, 3); zero without an area."""
    ring_start = surfaces.ring_start
    xyz, nxt = _relative(surfaces), _next_in_ring(ring_start)
    cross = np.cross(xyz, xyz[nxt])
    first = ring_start[surfaces.face_start]
    if len(first) < 2:
        return np.zeros((0, 3))
    total = np.add.reduceat(np.vstack([cross, np.zeros((1, 3))]), first[:-1], axis=0)
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return np.asarray(np.divide(total, length, out=np.zeros_like(total), where=length > 1e-9))


def _relative(surfaces: Surfaces) -> Floats:
    """Take each face's first coordinate off its coordinates, which keeps the digits."""
    first = surfaces.ring_start[surfaces.face_start]
    return surfaces.coords - np.repeat(surfaces.coords[first[:-1]], np.diff(first), axis=0)


def _next_in_ring(ring_start: Ints) -> Ints:
    nxt = np.arange(1, int(ring_start[-1]) + 1)
    filled = np.diff(ring_start) > 0
    nxt[ring_start[1:][filled] - 1] = ring_start[:-1][filled]
    return nxt


def _flattened(coords: Floats, first: Ints, normals: Floats) -> Floats:
    """Drop the axis each face looks along most; all faces then run counter-clockwise."""
    axis = np.argmax(np.abs(normals), axis=1)
    sizes = np.diff(first)
    each = np.repeat(axis, sizes)
    rows = np.arange(len(coords))
    flat = np.column_stack([coords[rows, (each + 1) % 3], coords[rows, (each + 2) % 3]])
    turned = normals[np.arange(len(axis)), axis] < 0.0
    flip = np.repeat(turned, sizes)
    flat[flip] = flat[flip][:, ::-1]
    return np.ascontiguousarray(flat)


def _sharp_edges(surfaces: Surfaces, normals: Floats) -> tuple[Ints, Ints]:
    """Give the edges at which the faces of a building bend, or that belong to one face alone."""
    nxt = _next_in_ring(surfaces.ring_start)
    if len(nxt) == 0:
        return np.empty((0, 2), dtype=np.int64), np.empty(0, dtype=np.int64)
    first = surfaces.ring_start[surfaces.face_start]
    face = np.repeat(np.arange(len(first) - 1), np.diff(first))
    owner = surfaces.owner[face]
    grid = np.round(surfaces.coords * 1000.0).astype(np.int64)  # corners within a millimetre meet
    _, corner = np.unique(np.column_stack([owner, grid]), axis=0, return_inverse=True)
    a, b = corner.reshape(-1), corner.reshape(-1)[nxt]
    low, high = np.minimum(a, b), np.maximum(a, b)
    order = np.lexsort((high, low))
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(low[order]) != 0) | (np.diff(high[order]) != 0)
    group = np.cumsum(new) - 1
    starts = np.flatnonzero(new)
    total = np.add.reduceat(normals[face[order]], starts, axis=0)
    size = np.bincount(group)
    # n unit vectors all within a small angle add up to nearly n
    bend = np.linalg.norm(total, axis=1) < size * np.sqrt((1.0 + SHARP) / 2.0)
    keep = order[starts[(bend | (size == 1)) & (low[order][starts] != high[order][starts])]]
    return np.column_stack([keep, nxt[keep]]), face[keep]

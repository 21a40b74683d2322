"""Triangles of pipes: sections swept along lines with mitred bends, and lines for far away."""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from layers.shapes import Floats, Ints

Triangles = NDArray[np.int32]
SHARPEST = 0.30  # cosine of half a bend's turn below which its mitre is cut off
PLANNED, ASSUMED_LEVEL = 8.0, 16.0  # added to what a surface is of, see pipe.glsl


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """Triangles for shaders/pipe.glsl.

    Attributes
    ----------
    points : (v, 3) float64
        Corners, project coordinates.
    triangles : (t, 3) int32
        Counter-clockwise seen from outside.
    outward : (v, 3) float32
        Unit vectors out of the surface.
    mark : (v, 4) float32
        Slot, kind of surface, metres along the run, half the thickness.
    """

    points: Floats
    triangles: Triangles
    outward: NDArray[np.float32]
    mark: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.triangles)


def joined(parts: list[Body]) -> Body:
    """Put bodies together."""
    parts = [part for part in parts if len(part)]
    if not parts:
        return Body(
            np.empty((0, 3)), np.empty((0, 3), np.int32), np.empty((0, 3), np.float32),
            np.empty((0, 4), np.float32),
        )  # fmt: skip
    before = np.cumsum([0] + [len(part.points) for part in parts])[:-1]
    return Body(
        np.concatenate([part.points for part in parts]),
        np.concatenate([p.triangles + n for p, n in zip(parts, before, strict=True)]).astype(
            np.int32
        ),
        np.concatenate([part.outward for part in parts]),
        np.concatenate([part.mark for part in parts]),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """A section of half width and half height one.

    Attributes
    ----------
    points, outward : (p, 2) float64
        Right and up, looking along the run, counter-clockwise seen so; a corner with two faces
        stands twice.
    edges : (e, 2) int64
        Which points a face joins.
    """

    points: Floats
    outward: Floats
    edges: Ints


def round_profile(sides: int) -> Profile:
    """Give a round section: its points lie on the circle, the first of them on top."""
    angle = np.pi / 2.0 + 2.0 * np.pi * np.arange(sides) / sides
    points = np.column_stack([np.cos(angle), np.sin(angle)])
    points[0] = (0.0, 1.0)
    at = np.arange(sides)
    return Profile(points, points.copy(), np.column_stack([at, (at + 1) % sides]))


def box_profile() -> Profile:
    """Give a rectangular section."""
    corners = np.array([[1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0]])
    faces = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])
    at = np.array([0, 1, 1, 2, 2, 3, 3, 0])
    edges = np.arange(8, dtype=np.int64).reshape(4, 2)
    return Profile(corners[at], np.repeat(faces, 2, axis=0), edges)


def swept(
    points: Floats, first: Ints, half_wide: Floats, half_high: Floats, profile: Profile,
    slot: Floats, kind: Floats, *, caps: bool = True,
) -> Body:  # fmt: skip
    """Sweep a section along lines, upright and with mitred bends.

    Parameters
    ----------
    points : (m, 3) float64
        Middles of the section, of k lines one after the other; no two neighbours the same.
    first : (k + 1,) int64
        Where each line begins.
    half_wide, half_high : (m,) float64
        Metres.
    profile : Profile
        The section.
    slot, kind : (k,) float64
        Of each line, see shaders/pipe.glsl.
    caps : bool
        Whether the ends are closed.
    """
    counts = np.diff(first)
    lines = int((counts > 1).sum())
    rings = int(counts[counts > 1].sum())
    p, e = len(profile.points), len(profile.edges)
    verts = rings * p + (lines * 2 * p if caps else 0)
    faces = (rings - lines) * e * 2 + (lines * 2 * (p - 2) if caps else 0)
    out, outward = np.empty((verts, 3)), np.empty((verts, 3), dtype=np.float32)
    mark, triangles = np.empty((verts, 4), dtype=np.float32), np.empty((faces, 3), dtype=np.int32)
    _sweep(
        points, first, half_wide, half_high, profile.points, profile.outward, profile.edges,
        slot.astype(np.float64), kind.astype(np.float64), caps, out, outward, mark, triangles,
    )  # fmt: skip
    return Body(out, triangles, outward, mark)


@nb.njit(cache=True, nogil=True)
def _frame(tx: float, ty: float, tz: float, before: Floats) -> tuple[float, ...]:
    """Give right and up of a section square to a way; keeps the right of before if upright."""
    level = np.sqrt(tx * tx + ty * ty)
    if level > 1e-6:
        sx, sy = ty / level, -tx / level
    else:
        sx, sy = before[0], before[1]
    return sx, sy, 0.0, sy * tz, -sx * tz, sx * ty - sy * tx


@nb.njit(cache=True, nogil=True)
def _sweep(
    points: Floats, first: Ints, wide: Floats, high: Floats, shape: Floats, face: Floats,
    edges: Ints, slot: Floats, kind: Floats, caps: bool, out: Floats,
    outward: NDArray[np.float32], mark: NDArray[np.float32], triangles: Triangles,
) -> None:  # fmt: skip
    v, t = 0, 0
    p = len(shape)
    side = np.array([1.0, 0.0])
    way = np.zeros((2, 3))
    for line in range(len(first) - 1):
        begin, end = first[line], first[line + 1]
        if end - begin < 2:
            continue
        along = 0.0
        for i in range(begin, end):
            length = _ways(points, i, begin, end, way)
            if i > begin:
                along += length
            mx, my, mz = way[0, 0] + way[1, 0], way[0, 1] + way[1, 1], way[0, 2] + way[1, 2]
            size = np.sqrt(mx * mx + my * my + mz * mz)
            if size < 1e-6:
                mx, my, mz = way[1, 0], way[1, 1], way[1, 2]
            else:
                mx, my, mz = mx / size, my / size, mz / size
            tx, ty, tz = way[1, 0], way[1, 1], way[1, 2]
            sx, sy, sz, ux, uy, uz = _frame(tx, ty, tz, side)
            side[0], side[1] = sx, sy
            turn = max(tx * mx + ty * my + tz * mz, SHARPEST)
            for j in range(p):
                x, z = shape[j, 0] * wide[i], shape[j, 1] * high[i]
                ox, oy, oz = x * sx + z * ux, x * sy + z * uy, x * sz + z * uz
                slide = (ox * mx + oy * my + oz * mz) / turn
                out[v, 0] = points[i, 0] + ox - slide * tx
                out[v, 1] = points[i, 1] + oy - slide * ty
                out[v, 2] = points[i, 2] + oz - slide * tz
                nx, nz = face[j, 0], face[j, 1]
                outward[v, 0] = nx * sx + nz * ux
                outward[v, 1] = nx * sy + nz * uy
                outward[v, 2] = nx * sz + nz * uz
                mark[v, 0], mark[v, 1] = slot[line], kind[line]
                mark[v, 2], mark[v, 3] = along, min(wide[i], high[i])
                v += 1
            if i > begin:
                old, new = v - 2 * p, v - p
                for e in range(len(edges)):
                    a, b = edges[e, 0], edges[e, 1]
                    triangles[t, 0], triangles[t, 1], triangles[t, 2] = old + a, new + b, old + b
                    t += 1
                    triangles[t, 0], triangles[t, 1], triangles[t, 2] = old + a, new + a, new + b
                    t += 1
        if caps:
            v, t = _close_ends(points, begin, end, p, v, t, out, outward, mark, triangles)


@nb.njit(cache=True, nogil=True)
def _ways(points: Floats, i: int, begin: int, end: int, way: Floats) -> float:
    """Find the unit vectors to and from a point of a line; gives the length of the way to it."""
    first = 0.0
    for k in range(2):
        a = i - 1 + k
        a = max(a, begin)
        a = min(a, end - 2)
        length = 0.0
        for c in range(3):
            way[k, c] = points[a + 1, c] - points[a, c]
            length += way[k, c] ** 2
        length = max(np.sqrt(length), 1e-12)
        for c in range(3):
            way[k, c] /= length
        if k == 0:
            first = length
    return first


@nb.njit(cache=True, nogil=True)
def _close_ends(
    points: Floats, begin: int, end: int, p: int, v: int, t: int, out: Floats,
    outward: NDArray[np.float32], mark: NDArray[np.float32], triangles: Triangles,
) -> tuple[int, int]:  # fmt: skip
    """Close both ends of a line whose last ring ends before corner v; gives v and t anew."""
    done = v
    way = np.zeros((2, 3))
    for k in range(2):
        source = done - (end - begin) * p if k == 0 else done - p
        _ways(points, begin if k == 0 else end - 1, begin, end, way)
        sign = -1.0 if k == 0 else 1.0
        for j in range(p):
            for c in range(3):
                out[v, c] = out[source + j, c]
                outward[v, c] = sign * way[0, c]
            for c in range(4):
                mark[v, c] = mark[source + j, c]
            v += 1
        base = v - p
        for j in range(1, p - 1):
            a, b = (j, j + 1) if k == 0 else (j + 1, j)
            triangles[t, 0], triangles[t, 1], triangles[t, 2] = base, base + a, base + b
            t += 1
    return v, t


@dataclass(frozen=True, slots=True, eq=False)
class Strokes:
    """Triangles for shaders/pipe_line.glsl.

    Attributes
    ----------
    points, other : (v, 3) float64
        Project coordinates.
    side : (v,) float32
        Which corner it is.
    mark : (v, 4) float32
        As in `Body`.
    triangles : (t, 3) int32
        Positions of corners.
    """

    points: Floats
    other: Floats
    side: NDArray[np.float32]
    mark: NDArray[np.float32]
    triangles: Triangles


def line_strokes(points: Floats, first: Ints, half: Floats, slot: Floats, kind: Floats) -> Strokes:
    """Make lines of their true width: every stretch two triangles.

    Parameters
    ----------
    points : (m, 3) float64
        Coordinates of k lines.
    first : (k + 1,) int64
        Where each begins.
    half, slot, kind : (k,) float64
        Half the width, metres; slot and kind as in `Body`.
    """
    line = np.repeat(np.arange(len(first) - 1), np.diff(first))
    last = np.zeros(len(points), dtype=bool)
    last[first[1:][np.diff(first) > 0] - 1] = True
    a = np.flatnonzero(~last)
    b, of = a + 1, line[a]
    step = np.zeros(len(points))
    step[b] = np.linalg.norm(points[b] - points[a], axis=1)
    along = np.cumsum(step)
    along -= along[first[:-1][line]] if len(points) else 0.0
    here = np.column_stack([a, a, b, b]).reshape(-1)
    there = np.column_stack([b, b, a, a]).reshape(-1)
    who = np.repeat(of, 4)
    mark = np.column_stack([slot[who], kind[who], along[here], half[who]]).astype(np.float32)
    four = 4 * np.arange(len(a))
    # the way turns round at the second end, so that its left is the first end's right
    triangles = np.concatenate(
        [
            np.column_stack([four, four + 1, four + 2]),
            np.column_stack([four + 1, four + 3, four + 2]),
        ]
    ).astype(np.int32)
    side = np.tile(np.array([1.0, -1.0, 2.0, -2.0], np.float32), len(a))
    return Strokes(points[here], points[there], side, mark, triangles)


def arrow_strokes(
    middle: Floats, toward: Floats, half: Floats, slot: Floats, kind: Floats
) -> Strokes:
    """Make arrows of flow, a triangle each.

    Parameters
    ----------
    middle, toward : (k, 3) float64
        Where each stands, and a point ahead of it.
    half, slot, kind : (k,) float64
        As in `line_strokes`.
    """
    count = len(middle)
    who = np.repeat(np.arange(count), 3)
    mark = np.column_stack([slot[who], kind[who], np.zeros(3 * count), half[who]])
    return Strokes(
        middle[who], toward[who], np.tile(np.array([3.0, -3.0, 4.0], np.float32), count),
        mark.astype(np.float32), np.arange(3 * count, dtype=np.int32).reshape(-1, 3),
    )  # fmt: skip

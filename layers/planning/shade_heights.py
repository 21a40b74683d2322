"""How high shadow stands over a spot in plan, minute by minute: compiled loops.

All places one above the other share it: a wall is looked at once, not storey by storey. What is no
solid body (terrain, bridges, models with undersides) only says up to which height it may shade;
rays tell the rest.
"""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np

from layers.shapes import Bools, Floats, Ints

Bodies = tuple[Any, ...]
Sun = tuple[Any, ...]

TURN = 2.0 * np.pi
MANY = 24  # steps from which on it pays to find those of a single edge
SLACK = 1e-6  # metres that boxes are taken for higher


@nb.njit(cache=True, nogil=True)
def shade(
    starts: Floats, normals: Floats, cell: Ints, lists: tuple[Ints, Ints], bodies: Bodies,
    sun: Sun, lit: Bools, wanted: Bools,
) -> None:  # pragma: no cover  # fmt: skip
    """Find at which steps solid bodies leave the sun, and where other things may take it.

    Parameters
    ----------
    starts, normals : (n, 3), (n, 2) float64
        Places, those over the same spot behind each other.
    cell : (n,) int64
        The cell of each place.
    lists : (begin, listed)
        Bodies that may shade a cell.
    bodies : tuple
        Boxes, tops, feet, whether solid, whether flat, where edges begin, edges, greatest slopes,
        size of a block of ground, corners in plan of the triangles of each and where they begin.
    sun : tuple
        Azimuths in ascending order beside `front`, `front`, steps in that order, ways in plan of
        length 1, rise over run, whether it is up.
    lit, wanted : (n, steps) bool
        Filled: whether no solid body hides the sun, and whether a ray must tell of other things.
    """
    begin, listed = lists
    steps = len(sun[0])
    over, maybe = np.empty(steps), np.empty(steps)
    row = 0
    while row < len(starts):
        x, y, low = starts[row]
        nx, ny = normals[row]
        high, last = low, row + 1
        while (
            last < len(starts)
            and starts[last, 0] == x
            and starts[last, 1] == y
            and (normals[last, 0] == nx and normals[last, 1] == ny)
        ):
            low, high = min(low, starts[last, 2]), max(high, starts[last, 2])
            last += 1
        if _facing(nx, ny, sun, over, maybe):
            for k in range(begin[cell[row]], begin[cell[row] + 1]):
                _cast(listed[k], x, y, low, high, nx, ny, bodies, sun, over, maybe)
        for place in range(row, last):
            z = starts[place, 2]
            for at in range(steps):
                free = z > over[at]
                lit[place, sun[2][at]] = free
                wanted[place, sun[2][at]] = free and z <= maybe[at]
        row = last


@nb.njit(cache=True, nogil=True)
def _facing(
    nx: float, ny: float, sun: Sun, over: Floats, maybe: Floats
) -> bool:  # pragma: no cover
    """Begin with no shadow while the sun stands before the wall, with nothing but shadow else."""
    _, _, _, ways, _, up = sun
    some = False
    for at in range(len(over)):
        seen = up[at] and ((nx == 0.0 and ny == 0.0) or nx * ways[at, 0] + ny * ways[at, 1] > 0.0)
        over[at] = -np.inf if seen else np.inf
        maybe[at] = -np.inf
        some |= seen
    return some


@nb.njit(cache=True, nogil=True)
def _cast(
    body: int, x: float, y: float, low: float, high: float, nx: float, ny: float, bodies: Bodies,
    sun: Sun, over: Floats, maybe: Floats,
) -> None:  # pragma: no cover  # fmt: skip
    """Lay the shadow of one body over a spot."""
    boxes, tops, feet, solid, _, _, _, slopes, size, corners, first = bodies
    azimuth, front, _, _, rise, _ = sun
    box, top = boxes[body], tops[body]
    if top <= low:
        return
    dx, dy = max(box[0] - x, x - box[2], 0.0), max(box[1] - y, y - box[3], 0.0)
    near = np.sqrt(dx * dx + dy * dy)
    whole = solid[body] and feet[body] <= low
    if near == 0.0 or (near < 0.5 and not whole):
        if not _behind(body, corners, first, x, y, nx, ny):
            _cast_at(body, x, y, high, near, whole, bodies, sun, over, maybe)
        return
    if (nx != 0.0 or ny != 0.0) and _box_behind(box, x, y, nx, ny):
        return
    middle, least, most = _across(box[0], box[1], box[2], box[3], x, y, front)
    for turn in range(-1, 2):
        a = int(np.searchsorted(azimuth, middle + least + turn * TURN - 1e-9))
        b = int(np.searchsorted(azimuth, middle + most + turn * TURN + 1e-9))
        if whole:
            for at in range(a, b):
                if over[at] < high and over[at] < top - near * rise[at]:
                    _edges(body, at, b, x, y, high, bodies, sun, over)
                    break
            continue
        for at in range(a, b):
            if near >= size or rise[at] <= slopes[body] * (1.0 + 1e-9) + 1e-9:
                maybe[at] = max(maybe[at], top - near * rise[at] + SLACK)


@nb.njit(cache=True, nogil=True)
def _cast_at(
    body: int, x: float, y: float, high: float, near: float, whole: bool, bodies: Bodies,
    sun: Sun, over: Floats, maybe: Floats,
) -> None:  # pragma: no cover  # fmt: skip
    """Lay the shadow of a body over a spot inside its box."""
    _, tops, _, _, flat, begin, edges, slopes, size, _, _ = bodies
    rise = sun[4]
    if whole and flat[body]:
        if _within(edges, begin[body], begin[body + 1], x, y):
            for at in range(len(over)):
                over[at] = max(over[at], tops[body])
        else:
            _edges(body, 0, len(over), x, y, high, bodies, sun, over)
        return
    steepest = slopes[body] if near < size else np.inf
    for at in range(len(over)):
        if rise[at] <= steepest * (1.0 + 1e-9) + 1e-9:
            maybe[at] = max(maybe[at], tops[body] + SLACK)


@nb.njit(cache=True, nogil=True)
def _edges(
    body: int, a: int, b: int, x: float, y: float, high: float, bodies: Bodies, sun: Sun,
    over: Floats,
) -> None:  # pragma: no cover  # fmt: skip
    """Raise the shadow over a spot, between two steps, to that of the edges of a body."""
    _, _, _, _, flat, begin, edges, _, _, _, _ = bodies
    azimuth, front, _, ways, rise, _ = sun
    for e in range(begin[body], begin[body + 1]):
        ax, ay, az = edges[e, 0] - x, edges[e, 1] - y, edges[e, 2]
        bx, by, bz = edges[e, 3] - x, edges[e, 4] - y, edges[e, 5]
        if flat[body] and ax * by - ay * bx >= 0.0:  # seen from inside
            continue
        if b - a < MANY:
            _edge(ax, ay, az, bx, by, bz, a, b, high, ways, rise, over)
            continue
        middle = np.arctan2(ax, ay)
        beside = np.arctan2(bx, by) - middle
        beside -= TURN * np.round(beside / TURN)
        middle -= front
        middle -= TURN * np.round(middle / TURN)
        least, most = min(beside, 0.0), max(beside, 0.0)
        for turn in range(-1, 2):
            first = int(np.searchsorted(azimuth, middle + least + turn * TURN - 1e-9))
            last = int(np.searchsorted(azimuth, middle + most + turn * TURN + 1e-9))
            _edge(ax, ay, az, bx, by, bz, max(first, a), min(last, b), high, ways, rise, over)


@nb.njit(cache=True, nogil=True, inline="always")
def _edge(
    ax: float, ay: float, az: float, bx: float, by: float, bz: float, a: int, b: int, high: float,
    ways: Floats, rise: Floats, over: Floats,
) -> None:  # pragma: no cover  # fmt: skip
    """Do so for one edge, given beside the spot."""
    for at in range(a, b):
        if over[at] >= high:
            continue
        ux, uy = ways[at, 0], ways[at, 1]
        left, right = ax * uy - ay * ux, bx * uy - by * ux
        if (left > 0.0) == (right > 0.0):
            continue
        away = (left * (bx * ux + by * uy) - right * (ax * ux + ay * uy)) / (left - right)
        if away < 0.0:
            continue
        over[at] = max(over[at], az + (bz - az) * left / (left - right) - away * rise[at])


@nb.njit(cache=True, nogil=True, inline="always")
def _across(
    west: float, south: float, east: float, north: float, x: float, y: float, front: float
) -> tuple[float, float, float]:  # pragma: no cover
    """Give the azimuth of the middle of a box beside `front`, and how far its corners reach."""
    middle = np.arctan2((west + east) / 2.0 - x, (south + north) / 2.0 - y)
    least, most = 0.0, 0.0
    for corner in range(4):
        cx = west if corner % 2 == 0 else east
        cy = south if corner < 2 else north
        beside = np.arctan2(cx - x, cy - y) - middle
        beside -= TURN * np.round(beside / TURN)
        least, most = min(least, beside), max(most, beside)
    middle -= front
    middle -= TURN * np.round(middle / TURN)
    return middle, least, most


@nb.njit(cache=True, nogil=True, inline="always")
def _box_behind(box: Floats, x: float, y: float, nx: float, ny: float) -> bool:  # pragma: no cover
    """Say whether a box lies behind the wall that a spot is on."""
    east = box[2] if nx > 0.0 else box[0]
    north = box[3] if ny > 0.0 else box[1]
    return bool((east - x) * nx + (north - y) * ny <= 0.0)


@nb.njit(cache=True, nogil=True, inline="always")
def _behind(
    body: int, corners: Floats, begin: Ints, x: float, y: float, nx: float, ny: float
) -> bool:  # pragma: no cover
    """Say whether a whole building lies behind the wall that a spot is on, such as its own."""
    if body >= len(begin) - 1 or (nx == 0.0 and ny == 0.0):
        return False
    for t in range(begin[body], begin[body + 1]):
        for c in range(3):
            if (corners[t, c, 0] - x) * nx + (corners[t, c, 1] - y) * ny > 0.0:
                return False
    return True


@nb.njit(cache=True, nogil=True, inline="always")
def _within(edges: Floats, a: int, b: int, x: float, y: float) -> bool:  # pragma: no cover
    """Say whether a spot lies inside the outline of a flat roof."""
    inside = False
    for e in range(a, b):
        if (edges[e, 1] > y) != (edges[e, 4] > y):
            share = (y - edges[e, 1]) / (edges[e, 4] - edges[e, 1])
            if x < edges[e, 0] + share * (edges[e, 3] - edges[e, 0]):
                inside = not inside
    return inside

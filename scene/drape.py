"""Laying things on the ground: polygons and lines are cut along the drawn triangles.

Nothing floats and nothing drowns, because every piece lies in the plane of the one ground
triangle that it covers. Lifts of a few centimetres and an order in depth (`scene.materials`)
keep layers apart that lie on each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mapbox_earcut
import numba as nb
import numpy as np
from numpy.typing import ArrayLike, NDArray

from layers.shapes import LINE, POLYGON, Floats, Ints, Shapes
from scene.blocks import in_blocks
from scene.surface import Heights, Surface, halves, height_on, is_split, roots

Triangles = NDArray[np.int32]
Pieces = tuple[NDArray[np.float64], NDArray[np.int32], NDArray[np.int64]]

MOST_CORNERS = 40  # of a convex piece: three, and one more for each of at most 4 + 26 cuts
TINY = 1e-10  # square cells; smaller pieces are not drawn
BLOCK = 60.0  # metres; wider polygons are cut into blocks first, on coarse ground into larger ones
TRIANGLES_WIDE = 3.5  # ground triangles that a block is wide
EVEN = 1e-9  # cells; a corner closer to a cutting line lies on it


@dataclass(frozen=True, slots=True, eq=False)
class Draped:
    """Triangles lying on the ground.

    Attributes
    ----------
    points : (m, 3) float64
        Project coordinates, metres.
    triangles : (k, 3) int32
        Counter-clockwise seen from above.
    owner : (m,) int64
        Position of the shape each point belongs to.
    """

    points: Floats
    triangles: Triangles
    owner: Ints


@dataclass(frozen=True, slots=True, eq=False)
class DrapedLines:
    """Lines lying on the ground.

    Attributes
    ----------
    points : (m, 3) float64
        Project coordinates, metres.
    start : (k + 1,) int64
        Where each line starts in `points`.
    owner : (k,) int64
        Position of the shape each line belongs to.
    """

    points: Floats
    start: Ints
    owner: Ints


def triangulate(shapes: Shapes, origin: ArrayLike) -> tuple[Floats, Triangles, Ints]:
    """Cut polygons into triangles; points and lines give none.

    Parameters
    ----------
    shapes : Shapes
        n shapes.
    origin : (2,) array_like of float
        Subtracted before the work, to keep the digits.

    Returns
    -------
    points : (m, 2) float64
        All coordinates of the shapes, less the origin.
    triangles : (k, 3) int32
        Positions in `points`.
    owner : (k,) int64
        Position of the shape each triangle belongs to.
    """
    points = shapes.coords - np.asarray(origin, dtype=np.float64)
    parts: list[NDArray[np.int64]] = []
    owners: list[int] = []
    for i in np.flatnonzero(shapes.kind == POLYGON):
        rings = shapes.ring_start[shapes.shape_start[i] : shapes.shape_start[i + 1] + 1]
        first = int(rings[0])
        ends = (rings[1:] - first).astype(np.uint32)
        if ends[-1] == 3:
            part = np.arange(3, dtype=np.int64)
        else:
            part = mapbox_earcut.triangulate_float64(points[first : int(rings[-1])], ends).astype(
                np.int64
            )
        parts.append(part + first)
        owners.append(int(i))
    if not parts:
        return points, np.empty((0, 3), dtype=np.int32), np.empty(0, dtype=np.int64)
    triangles = np.concatenate(parts).reshape(-1, 3).astype(np.int32)
    owner = np.repeat(np.array(owners), [len(part) // 3 for part in parts])
    return points, triangles, owner


def drape_polygons(shapes: Shapes, surface: Surface) -> Draped:
    """Lay polygons on the ground; points and lines among the shapes give nothing."""
    middle = np.array(surface.middle)
    pieces_of = np.arange(len(shapes))
    if not surface.flat:
        shapes, pieces_of = in_blocks(shapes, max(BLOCK, TRIANGLES_WIDE * surface.grain))
    points, triangles, owner = triangulate(shapes, middle)
    owner = pieces_of[owner]
    a, b, c = (points[triangles[:, i]] for i in range(3))
    turn = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    triangles[turn < 0] = triangles[turn < 0][:, ::-1]
    if surface.flat:
        used, corners = np.unique(triangles, return_inverse=True)
        out = np.column_stack([points[used] + middle, np.full(len(used), surface.level)])
        shape_of = np.repeat(pieces_of, np.diff(shapes.first_coord))
        return Draped(out, corners.reshape(-1, 3).astype(np.int32), shape_of[used])
    cells = surface.to_cells(points + middle)
    pieces, cut, owners = _cut(
        surface.heights, surface.errors, surface.limit, surface.level, cells, triangles, owner
    )
    pieces, cut, owners = _welded(pieces, cut, owners)
    return Draped(surface.from_cells(pieces), cut, owners)


def _welded(points: Floats, triangles: Triangles, owner: Ints) -> Pieces:
    """Let triangles of one shape share the corners that are the same to a millionth of a cell."""
    place = np.rint(points[:, :2] * 1e6).astype(np.int64).astype(np.uint64)
    key = place[:, 0] * np.uint64(0x9E3779B97F4A7C15)
    key ^= (place[:, 1] + np.uint64(0x7F4A7C15)) * np.uint64(0xC2B2AE3D27D4EB4F)
    key ^= (owner.astype(np.uint64) + np.uint64(1)) * np.uint64(0x165667B19E3779F9)
    _, first, now = np.unique(key, return_index=True, return_inverse=True)
    welded = now[triangles].astype(np.int32)
    real = (welded[:, 0] != welded[:, 1]) & (welded[:, 1] != welded[:, 2])
    real &= welded[:, 0] != welded[:, 2]
    return points[first], welded[real], owner[first]


def drape_lines(shapes: Shapes, surface: Surface) -> DrapedLines:
    """Lay lines and the borders of polygons on the ground; borders come back to their start."""
    kind = np.repeat(shapes.kind, np.diff(shapes.shape_start))
    owner = np.repeat(np.arange(len(shapes)), np.diff(shapes.shape_start))
    chosen = np.flatnonzero((kind == LINE) | (kind == POLYGON))
    sizes = np.diff(shapes.ring_start)[chosen] + (kind[chosen] == POLYGON)
    start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    index = np.arange(start[-1]) - np.repeat(start[:-1], sizes)
    index %= np.repeat(np.diff(shapes.ring_start)[chosen], sizes)
    coords = shapes.coords[index + np.repeat(shapes.ring_start[chosen], sizes)]
    if surface.flat:
        points = np.column_stack([coords, np.full(len(coords), surface.level)])
        return DrapedLines(points, start, owner[chosen])
    cells, out_start = _cut_lines(surface.errors, surface.limit, surface.to_cells(coords), start)
    flat = surface.from_cells(cells)
    points = np.column_stack([flat, surface.height_at(flat)])
    return DrapedLines(points, out_start, owner[chosen])


@nb.njit(cache=True, nogil=True)
def _divide(
    piece: Floats, count: int, px: float, py: float, dx: float, dy: float,
    left: Floats, right: Floats,
) -> tuple[int, int]:  # fmt: skip
    """Cut a convex piece along a line; `left` gets what has a positive cross product.

    Cuts of an edge that two pieces share are reckoned from the same end, so they agree.
    """
    scale = 1.0 / np.sqrt(dx * dx + dy * dy)
    nl = nr = 0
    most, least = 0.0, 0.0
    for i in range(count):
        d = (dx * (piece[i, 1] - py) - dy * (piece[i, 0] - px)) * scale
        most, least = max(most, d), min(least, d)
    if least > -EVEN:
        left[:count] = piece[:count]
        return count, 0
    if most < EVEN:
        right[:count] = piece[:count]
        return 0, count
    for i in range(count):
        j = i + 1 if i + 1 < count else 0
        ax, ay, bx, by = piece[i, 0], piece[i, 1], piece[j, 0], piece[j, 1]
        da = (dx * (ay - py) - dy * (ax - px)) * scale
        db = (dx * (by - py) - dy * (bx - px)) * scale
        if da > -EVEN:
            left[nl, 0], left[nl, 1] = ax, ay
            nl += 1
        if da < EVEN:
            right[nr, 0], right[nr, 1] = ax, ay
            nr += 1
        if (da >= EVEN and db <= -EVEN) or (da <= -EVEN and db >= EVEN):
            if ax > bx or (ax == bx and ay > by):
                ax, ay, bx, by, da, db = bx, by, ax, ay, db, da
            share = da / (da - db)
            x, y = ax + (bx - ax) * share, ay + (by - ay) * share
            left[nl, 0], left[nl, 1] = x, y
            right[nr, 0], right[nr, 1] = x, y
            nl += 1
            nr += 1
    return nl, nr


@nb.njit(cache=True, nogil=True)
def _side(piece: Floats, count: int, px: float, py: float, dx: float, dy: float) -> int:
    """Say on which side of a line a piece lies: 1 left, -1 right, 0 on both."""
    even = EVEN * np.sqrt(dx * dx + dy * dy)
    most, least = 0.0, 0.0
    for i in range(count):
        d = dx * (piece[i, 1] - py) - dy * (piece[i, 0] - px)
        most, least = max(most, d), min(least, d)
    if least > -even:
        return 1
    return -1 if most < even else 0


@nb.njit(cache=True, nogil=True)
def _area(piece: Floats, count: int) -> float:
    total = 0.0
    for i in range(1, count - 1):
        total += (piece[i, 0] - piece[0, 0]) * (piece[i + 1, 1] - piece[0, 1])
        total -= (piece[i, 1] - piece[0, 1]) * (piece[i + 1, 0] - piece[0, 0])
    return abs(total) * 0.5


@nb.njit(cache=True, nogil=True)
def _grown(array: NDArray[Any], length: int) -> NDArray[Any]:
    out = np.empty((length, array.shape[1]), dtype=array.dtype)
    out[: len(array)] = array
    return out


#: Borders of the square: a point on it as share of the side, and the way along it; inside is left.
_DIAGONAL = np.array([0.0, 0.0, 1.0, 1.0])
_BORDERS = np.array([[0, 0, 0, -1], [1, 1, 0, 1], [0, 0, 1, 0], [1, 1, -1, 0]], dtype=np.float64)


@nb.njit(cache=True, nogil=True)
def _push(
    pieces: Floats, counts: Ints, tree: Triangles, top: int,
    piece: Floats, count: int, triangle: Triangles,
) -> int:  # fmt: skip
    """Put a piece and the ground triangle that it lies in on the pile, if it has an area."""
    if count < 3:
        return top
    counts[top] = count
    pieces[top, :count] = piece[:count]
    tree[top] = triangle
    return top + 1


@nb.njit(cache=True, nogil=True)
def _seed(
    piece: Floats, n: int, pieces: Floats, counts: Ints, tree: Triangles,
    left: Floats, right: Floats,
) -> int:  # fmt: skip
    """Cut a triangle at the square's borders and diagonal; parts beyond get the number -1."""
    beyond = np.full(6, -1, dtype=np.int32)
    count, top = 3, 0
    for side in range(4):
        px, py, dx, dy = _BORDERS[side]
        inside, outside = _divide(piece, count, px * n, py * n, dx, dy, left, right)
        top = _push(pieces, counts, tree, top, right, outside, beyond)
        count = inside
        piece[:count] = left[:count]
        if count < 3:
            return top
    first_two = roots(n)
    inside, outside = _divide(piece, count, 0.0, 0.0, 1.0, 1.0, left, right)
    top = _push(pieces, counts, tree, top, left, inside, first_two[1])
    return _push(pieces, counts, tree, top, right, outside, first_two[0])


@nb.njit(cache=True, nogil=True)
def _cut(
    heights: Heights, errors: Heights, limit: float, level: float,
    cells: Floats, triangles: Triangles, owner: Ints,
) -> Pieces:  # fmt: skip
    """Cut triangles, columns and rows, along the drawn ground; give points, corners, owners."""
    points = np.empty((max(len(triangles) * 6, 64), 3))
    owners = np.empty((len(points), 1), dtype=np.int64)
    corners = np.empty((max(len(triangles) * 4, 64), 3), dtype=np.int32)
    pieces = np.empty((64, MOST_CORNERS, 2))
    counts = np.empty(64, dtype=np.int64)
    tree = np.empty((64, 6), dtype=np.int32)
    piece = np.empty((MOST_CORNERS, 2))
    left, right = np.empty_like(piece), np.empty_like(piece)
    t, of_a, of_b = tree[0].copy(), tree[0].copy(), tree[0].copy()
    used, made = 0, 0
    for k in range(len(triangles)):
        for i in range(3):
            piece[i] = cells[triangles[k, i]]
        top = _seed(piece, heights.shape[0] - 1, pieces, counts, tree, left, right)
        while top > 0:
            top -= 1
            count = counts[top]
            t[:] = tree[top]
            if t[0] >= 0 and is_split(errors, limit, t):
                halves(t, of_a, of_b)
                mx, my = float(of_a[4]), float(of_a[5])
                dx, dy = t[4] - mx, t[5] - my
                if dx * (t[1] - my) - dy * (t[0] - mx) < 0:  # so that a lies on the left
                    dx, dy = -dx, -dy
                side = _side(pieces[top], count, mx, my, dx, dy)
                if side != 0:
                    tree[top] = of_a if side > 0 else of_b
                    top += 1
                    continue
                piece[:count] = pieces[top, :count]
                inside, outside = _divide(piece, count, mx, my, dx, dy, left, right)
                top = _push(pieces, counts, tree, top, left, inside, of_a)
                top = _push(pieces, counts, tree, top, right, outside, of_b)
                continue
            if _area(pieces[top], count) < TINY:
                continue
            if used + count > len(points):
                points = _grown(points, 2 * len(points) + MOST_CORNERS)
                owners = _grown(owners, len(points))
            if made + count > len(corners):
                corners = _grown(corners, 2 * len(corners) + MOST_CORNERS)
            for i in range(count):
                x, y = pieces[top, i, 0], pieces[top, i, 1]
                points[used + i, 0], points[used + i, 1] = x, y
                points[used + i, 2] = level if t[0] < 0 else height_on(heights, t, x, y)
                owners[used + i, 0] = owner[k]
            for i in range(1, count - 1):
                corners[made, 0], corners[made, 1], corners[made, 2] = used, used + i, used + i + 1
                made += 1
            used += count
    return points[:used].copy(), corners[:made].copy(), owners[:used, 0].copy()


@nb.njit(cache=True, nogil=True)
def _crossing(
    ax: float, ay: float, bx: float, by: float, px: float, py: float, dx: float, dy: float
) -> float:
    """Give where, 0 to 1, a segment crosses a line; -1 where it stays on one side."""
    da, db = dx * (ay - py) - dy * (ax - px), dx * (by - py) - dy * (bx - px)
    if (da > 0 and db < 0) or (da < 0 and db > 0):
        return float(da / (da - db))
    return -1.0


@nb.njit(cache=True, nogil=True)
def _entries(a: Floats, b: Floats, n: int) -> Floats:
    """Give 0, 1 and, between them in order, where a segment crosses borders and diagonal."""
    cuts = np.empty(7)
    cuts[0], made = 0.0, 1
    for side in range(5):
        px, py, dx, dy = _BORDERS[side] if side < 4 else _DIAGONAL
        at = _crossing(a[0], a[1], b[0], b[1], px * n, py * n, dx, dy)
        if at > 0.0:
            cuts[made] = at
            made += 1
    cuts[made] = 1.0
    return np.sort(cuts[: made + 1])


@nb.njit(cache=True, nogil=True)
def _walk(
    errors: Heights, limit: float, line: Floats, pile: Floats, tree: Triangles,
    out: Floats, count: int,
) -> tuple[Floats, int]:  # fmt: skip
    """Append where the stretch ``pile[0]`` of a segment leaves each ground triangle, in order."""
    t = np.empty(6, dtype=np.int32)
    of_a, of_b = t.copy(), t.copy()
    top = 1
    while top > 0:
        top -= 1
        low, high = pile[top]
        t[:] = tree[top]
        if not is_split(errors, limit, t):
            if count == len(out):
                more = np.empty(2 * len(out))
                more[:count] = out
                out = more
            out[count] = high
            count += 1
            continue
        halves(t, of_a, of_b)
        mx, my = float(of_a[4]), float(of_a[5])
        dx, dy = t[4] - mx, t[5] - my
        if dx * (t[1] - my) - dy * (t[0] - mx) < 0:  # so that a lies on the left
            dx, dy = -dx, -dy
        lx, ly = line[0] + line[2] * low, line[1] + line[3] * low
        hx, hy = line[0] + line[2] * high, line[1] + line[3] * high
        at = _crossing(lx, ly, hx, hy, mx, my, dx, dy)
        start, end = dx * (ly - my) - dy * (lx - mx), dx * (hy - my) - dy * (hx - mx)
        if at < 0.0:
            tree[top] = of_a if start + end >= 0 else of_b
            top += 1
            continue
        cut = low + (high - low) * at
        pile[top, 0], pile[top, 1] = cut, high
        pile[top + 1, 0], pile[top + 1, 1] = low, cut
        tree[top] = of_b if start > 0 else of_a
        tree[top + 1] = of_a if start > 0 else of_b
        top += 2
    return out, count


@nb.njit(cache=True, nogil=True)
def _cut_lines(errors: Heights, limit: float, cells: Floats, start: Ints) -> tuple[Floats, Ints]:
    """Put a corner into lines, columns and rows, wherever the ground triangle changes."""
    n = errors.shape[0] - 1
    out = np.empty((max(4 * len(cells), 64), 2))
    out_start = np.zeros(len(start), dtype=np.int64)
    pile, tree = np.empty((64, 2)), np.empty((64, 6), dtype=np.int32)
    stations = np.empty(1024)
    used = 0
    first_two = roots(n)
    for k in range(len(start) - 1):
        for i in range(start[k], start[k + 1]):
            if i == start[k]:
                count = 1
                stations[0] = 0.0
                line = np.array([cells[i, 0], cells[i, 1], 0.0, 0.0])
            else:
                a, b = cells[i - 1], cells[i]
                line = np.array([a[0], a[1], b[0] - a[0], b[1] - a[1]])
                entries = _entries(a, b, n)
                count = 0
                for j in range(len(entries) - 1):
                    middle = 0.5 * (entries[j] + entries[j + 1])
                    x, y = line[0] + line[2] * middle, line[1] + line[3] * middle
                    if 0.0 <= x <= n and 0.0 <= y <= n:
                        pile[0, 0], pile[0, 1] = entries[j], entries[j + 1]
                        tree[0] = first_two[0] if x >= y else first_two[1]
                        stations, count = _walk(errors, limit, line, pile, tree, stations, count)
                    else:
                        stations[count] = entries[j + 1]
                        count += 1
            if used + count > len(out):
                out = _grown(out, 2 * len(out) + count)
            for j in range(count):
                out[used, 0] = line[0] + line[2] * stations[j]
                out[used, 1] = line[1] + line[3] * stations[j]
                used += 1
        out_start[k + 1] = used
    return out[:used].copy(), out_start

"""Where runs cross and how near they come: exact, for a hundred thousand runs at once."""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np
import shapely
from numpy.typing import NDArray

from layers.kinds.pipes import Pipes
from layers.progress import Progress, Silent
from layers.shapes import Floats, Ints

SHORT = 2.0  # metres of a run that only joins two fittings
SAME = 0.01  # metres within which two ends are one
EXACT = 1e-6  # metres within which one crossing found twice is one
CHUNK = 20_000  # segments looked at between two signs of life


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """The straight pieces of some runs.

    Attributes
    ----------
    run : (s,) int64
        Position in the layer of the run each belongs to.
    start, end : (s, 3) float64
        Middle of the section, project coordinates; the level is NaN where it is not known.
    """

    run: Ints
    start: Floats
    end: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Meetings:
    """Pairs of runs that cross or come near each other.

    Attributes
    ----------
    first, second : (p,) int64
        Positions of the runs, ``first < second``.
    gap : (p,) float64
        Distance of their middle lines in plan, metres; 0 where they cross.
    point : (p, 2) float64
        Where: the crossing, or half way between the nearest points.
    first_level, second_level : (p,) float64
        Level of the middle of each section there.
    crosses : (p,) bool
        Whether the middle lines cross in plan.
    """

    first: Ints
    second: Ints
    gap: Floats
    point: Floats
    first_level: Floats
    second_level: Floats
    crosses: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.first)


def segments(pipes: Pipes, rows: Ints) -> Segments:
    """Give the straight pieces of runs."""
    first = pipes.shapes.first_coord
    counts = first[rows + 1] - first[rows]
    pieces = np.maximum(counts - 1, 0)
    begin = np.repeat(first[rows] - (np.cumsum(pieces) - pieces), pieces) + np.arange(pieces.sum())
    xyz = np.column_stack([pipes.shapes.coords, pipes.centres()])
    return Segments(np.repeat(rows, pieces), xyz[begin], xyz[begin + 1])


def meetings(pipes: Pipes, rows: Ints, within: float, progress: Progress = Silent()) -> Meetings:
    """Find the runs that cross in plan, and those that do not and come near.

    Runs that share a node, or whose nodes are joined by a run of no more than two metres, meet
    by design and are left out. Of two runs that come near each other once or many times the
    nearest place counts; of two that cross, each crossing.

    Parameters
    ----------
    pipes : Pipes
        The layer.
    rows : (k,) int64
        The runs that are compared, each with each.
    within : float
        Distance in plan from outside to outside up to which runs are near, metres.
    progress : Progress
        Told how far it is; may stop it.
    """
    parts = segments(pipes, rows)
    half = pipes.outer_width / 2.0
    reach = half[parts.run] + within / 2.0
    low = np.minimum(parts.start[:, :2], parts.end[:, :2]) - reach[:, None]
    high = np.maximum(parts.start[:, :2], parts.end[:, :2]) + reach[:, None]
    boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    tree = shapely.STRtree(boxes)
    ends = _clusters(pipes, rows)
    found: list[tuple[Ints, Ints, Floats]] = []
    for begin in range(0, len(boxes), CHUNK):
        progress.step(begin, len(boxes), "progress-pipes-near")
        a, b = tree.query(boxes[begin : begin + CHUNK])
        a = a + begin
        keep = (a < b) & (parts.run[a] != parts.run[b])
        a, b = a[keep], b[keep]
        joined = (ends[parts.run[a]][:, :, None] == ends[parts.run[b]][:, None, :]) & (
            ends[parts.run[a]][:, :, None] >= 0
        )
        keep = ~joined.any(axis=(1, 2))
        a, b = a[keep], b[keep]
        facts = _compare(parts.start, parts.end, a, b)
        near = facts[:, 0] <= (half[parts.run[a]] + half[parts.run[b]] + within)
        found.append((parts.run[a[near]], parts.run[b[near]], facts[near]))
    progress.step(len(boxes), len(boxes), "progress-pipes-near")
    return _reduced(
        np.concatenate([x[0] for x in found]) if found else np.empty(0, dtype=np.int64),
        np.concatenate([x[1] for x in found]) if found else np.empty(0, dtype=np.int64),
        np.concatenate([x[2] for x in found]) if found else np.empty((0, 6)),
    )


def _clusters(pipes: Pipes, rows: Ints) -> Ints:
    """Give, for each object, a number for the place of each of its two ends, (n, 2), -1 for none.

    Nodes that a short run joins are one place; so are ends of one class that touch, whatever
    layer they came from.
    """
    n = len(pipes)
    shapes = pipes.shapes
    first = shapes.first_coord
    out = np.full((n, 2), -1, dtype=np.int64)
    if len(rows) == 0:
        return out
    nodes = np.column_stack([pipes.start_node[rows], pipes.end_node[rows]])
    places = np.stack([shapes.coords[first[rows]], shapes.coords[first[rows + 1] - 1]], axis=1)
    spots = np.unique(np.round(places.reshape(-1, 2) / SAME), axis=0, return_inverse=True)[1]
    known = int(nodes.max(initial=0)) + 1
    key = np.where(nodes > 0, nodes, known + spots.reshape(-1, 2))
    values, index = np.unique(key, return_inverse=True)
    index = index.reshape(-1, 2)
    short = shapes.lengths()[rows] <= SHORT
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    kind = np.repeat(pipes.line_class[rows].astype(np.int64), 2)
    touch = np.unique(spots.reshape(-1) * 256 + kind, return_inverse=True)[1] + len(values)
    one = np.concatenate([index[short][:, 0], index.reshape(-1)])
    two = np.concatenate([index[short][:, 1], touch])
    count = len(values) + int(touch.max(initial=0)) + 1
    graph = coo_array((np.ones(len(one)), (one, two)), shape=(count, count))
    out[rows] = connected_components(graph, directed=False)[1][index]
    return out


def _reduced(first: Ints, second: Ints, facts: Floats) -> Meetings:
    """Keep every crossing, and of pairs that do not cross the nearest place."""
    swap = first > second
    first, second = np.where(swap, second, first), np.where(swap, first, second)
    facts = facts.copy()
    facts[swap, 3], facts[swap, 4] = facts[swap, 4].copy(), facts[swap, 3].copy()
    crosses = facts[:, 5] > 0
    place = np.where(crosses[:, None], np.round(facts[:, 1:5] / EXACT), 0.0)  # a crossing at a
    place = np.nan_to_num(place)  # corner is found by both pieces that end there
    order = np.lexsort((facts[:, 0], *place.T, ~crosses, second, first))
    first, second, facts, crosses = first[order], second[order], facts[order], crosses[order]
    begins = np.ones(len(first), dtype=bool)
    begins[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
    other = (place[order][1:] != place[order][:-1]).any(axis=1)
    keep = begins.copy()
    keep[1:] |= crosses[1:] & other
    first, second, facts, crosses = first[keep], second[keep], facts[keep], crosses[keep]
    return Meetings(first, second, facts[:, 0], facts[:, 1:3], facts[:, 3], facts[:, 4], crosses)


@nb.njit(cache=True, nogil=True)
def _compare(start: Floats, end: Floats, a: Ints, b: Ints) -> Floats:
    """Give gap, x, y, level of the first, level of the second, crosses (1 or 0) of pairs."""
    out = np.empty((len(a), 6))
    for k in range(len(a)):
        i, j = a[k], b[k]
        px, py = start[i, 0], start[i, 1]
        ux, uy = end[i, 0] - px, end[i, 1] - py
        qx, qy = start[j, 0], start[j, 1]
        vx, vy = end[j, 0] - qx, end[j, 1] - qy
        cross = ux * vy - uy * vx
        wx, wy = qx - px, qy - py
        s, t, best = 0.0, 0.0, np.inf
        if abs(cross) > 1e-12 * (abs(ux) + abs(uy)) * (abs(vx) + abs(vy)):
            s0 = (wx * vy - wy * vx) / cross
            t0 = (wx * uy - wy * ux) / cross
            if 0.0 <= s0 <= 1.0 and 0.0 <= t0 <= 1.0:
                s, t, best = s0, t0, 0.0
        crossing = best == 0.0
        if not crossing:
            for way in range(4):
                if way < 2:
                    s1 = float(way)
                    x, y = px + s1 * ux, py + s1 * uy
                    size = vx * vx + vy * vy
                    t1 = 0.0 if size == 0.0 else ((x - qx) * vx + (y - qy) * vy) / size
                    t1 = min(max(t1, 0.0), 1.0)
                else:
                    t1 = float(way - 2)
                    x, y = qx + t1 * vx, qy + t1 * vy
                    size = ux * ux + uy * uy
                    s1 = 0.0 if size == 0.0 else ((x - px) * ux + (y - py) * uy) / size
                    s1 = min(max(s1, 0.0), 1.0)
                d = np.hypot(px + s1 * ux - qx - t1 * vx, py + s1 * uy - qy - t1 * vy)
                if d < best:
                    best, s, t = d, s1, t1
        out[k, 0] = best
        out[k, 1] = (px + s * ux + qx + t * vx) / 2.0
        out[k, 2] = (py + s * uy + qy + t * vy) / 2.0
        out[k, 3] = start[i, 2] + s * (end[i, 2] - start[i, 2])
        out[k, 4] = start[j, 2] + t * (end[j, 2] - start[j, 2])
        out[k, 5] = 1.0 if crossing else 0.0
    return out

"""At which minutes the sun reaches places: exact to the minute, quick over a whole city.

Most minutes need no ray. Light cannot come from behind a wall; how high the shadow of solid
buildings stands over a spot follows from the edges of their roofs, for all places above each other
at once. Where terrain, or a body that one can look under, may stand in the way, each minute is
looked at by a ray, and a triangle that shades a place now is asked first a minute later.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

from layers.planning.obstacles import GROUND, Obstacles
from layers.planning.rays import NOTHING, Rays, _meets
from layers.planning.shade_heights import shade
from layers.planning.solids import solids_of
from layers.planning.sun_path import SunPath
from layers.progress import Progress, Silent
from layers.shapes import Bools, Floats, Ints, starts_of

Int32s = NDArray[np.int32]

CHUNK = 8_192  # places looked at together
STRIDE = 8  # minutes between the first looks
CELL = 64.0  # metres; places in one cell share the list of buildings that may shade them
MOST_CELLS = 512  # cells along a side
AHEAD = 0.02  # metres that rays start in front of a wall
UNKNOWN = -2
FREE = np.int32(NOTHING)


@dataclass(frozen=True, slots=True, eq=False)
class Sunlit:
    """When the sun reaches places.

    Attributes
    ----------
    bits : (n, b) uint8
        A bit for each step of `path`, the first step in the highest bit.
    path : SunPath
        The steps.
    rays : int
        How many rays it took.
    """

    bits: NDArray[np.uint8]
    path: SunPath
    rays: int = 0

    def __len__(self) -> int:
        return len(self.bits)

    def steps(self, rows: NDArray[np.integer] | slice = slice(None)) -> Bools:
        """Give whether each place is lit at each step, (k, steps)."""
        return np.unpackbits(self.bits[rows], axis=1, count=len(self.path)).astype(bool)

    def minutes(self, spell: float = 0.0) -> Floats:
        """Add the spells of at least so many minutes, (n,) minutes."""
        return self._spells(spell)[0]

    def longest(self) -> Floats:
        """Give the longest spell, (n,) minutes."""
        return self._spells(0.0)[1]

    def _spells(self, spell: float) -> tuple[Floats, Floats]:
        total, longest = np.zeros(len(self)), np.zeros(len(self))
        for start in range(0, len(self), CHUNK):
            part = slice(start, start + CHUNK)
            lit = np.unpackbits(self.bits[part], axis=1, count=len(self.path))
            _add_spells(lit, self.path.step, spell, total[part], longest[part])
        return total, longest

    def together(self, places: int) -> Sunlit:
        """Take so many places, one after the other, for one: lit when all of them are."""
        grouped = self.bits.reshape(-1, places, self.bits.shape[1])
        return Sunlit(np.bitwise_and.reduce(grouped, axis=1), self.path, self.rays)

    def spells_of(self, row: int, spell: float = 0.0) -> list[tuple[float, float]]:
        """Give begin and end of the spells of one place, hours of true solar time."""
        lit = self.steps(slice(row, row + 1))[0]
        edges = np.flatnonzero(np.diff(np.concatenate([[False], lit, [False]]).astype(np.int8)))
        half = self.path.step / 120.0
        hours = self.path.hours
        return [
            (float(hours[a] - half), float(hours[b - 1] + half))
            for a, b in edges.reshape(-1, 2)
            if (b - a) * self.path.step >= spell
        ]


@nb.njit(cache=True, nogil=True)
def _add_spells(
    lit: NDArray[np.uint8], step: float, spell: float, total: Floats, longest: Floats
) -> None:  # pragma: no cover
    for row in range(len(lit)):
        run = 0
        for t in range(lit.shape[1] + 1):
            if t < lit.shape[1] and lit[row, t]:
                run += 1
                continue
            if run:
                if run * step >= spell:
                    total[row] += run * step
                longest[row] = max(longest[row], run * step)
            run = 0


def sunlit(
    things: Obstacles,
    places: Floats,
    normals: Floats,
    path: SunPath,
    progress: Progress | None = None,
    *,
    rays: Rays | None = None,
) -> Sunlit:
    """Find when the sun reaches places.

    Parameters
    ----------
    things : Obstacles
        What may stand in the way.
    places : (n, 3) float64
        East, north, height above datum, metres.
    normals : (n, 2) float64
        Which way the walls look they lie on, unit vectors in plan; zeros for places that are
        open to all sides.
    path : SunPath
        The minutes that count.
    progress : Progress or None
        Asked after each few thousand places.
    rays : Rays or None
        The triangles of `things` made ready before; None makes them ready.

    Returns
    -------
    Sunlit
    """
    told = progress or Silent()
    ready = rays or Rays(things.points, things.triangles)
    told.step(0, len(places), "progress-sunlight")
    bits = np.zeros((len(places), (len(path) + 7) // 8), dtype=np.uint8)
    if not len(places):
        return Sunlit(bits, path)
    starts = np.asarray(places, dtype=np.float64).copy()
    starts[:, :2] += AHEAD * normals
    work = _Work(things, ready, path, starts, np.asarray(normals, dtype=np.float64))
    done = spent = 0
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        try:
            for rows, (lit, count) in _in_order(pool, work):
                bits[rows] = np.packbits(lit, axis=1)
                done, spent = done + len(rows), spent + count
                told.step(done, len(places), "progress-sunlight")
        finally:
            pool.shutdown(cancel_futures=True)
    return Sunlit(bits, path, spent)


def _in_order(pool: ThreadPoolExecutor, work: _Work) -> Iterator[tuple[Ints, tuple[Bools, int]]]:
    """Hand out the chunks, a few ahead of those that are done."""
    chunks = np.array_split(work.order, max(len(work.order) // CHUNK, 1))
    waiting: list[tuple[Ints, Future[tuple[Bools, int]]]] = []
    for chunk in chunks:
        waiting.append((chunk, pool.submit(work.lit, chunk)))
        if len(waiting) > 2 * (os.cpu_count() or 1):
            rows, job = waiting.pop(0)
            yield rows, job.result()
    for rows, job in waiting:
        yield rows, job.result()


class _Work:
    """What all chunks share."""

    def __init__(
        self, things: Obstacles, rays: Rays, path: SunPath, starts: Floats, normals: Floats
    ) -> None:
        self.things, self.rays, self.path = things, rays, path
        self.starts, self.normals = starts, normals
        self.corners = np.ascontiguousarray(
            things.points[things.triangles].reshape(-1, 3, 3) - rays.origin
        )
        up = path.ways[:, 2] > 0.0
        flat = np.hypot(path.ways[:, 0], path.ways[:, 1])
        rise = np.where(up, path.ways[:, 2] / np.maximum(flat, 1e-12), -np.inf)
        middle = path.ways[up][:, :2].sum(axis=0)
        front = float(np.arctan2(middle[0], middle[1]))
        azimuth = np.arctan2(path.ways[:, 0], path.ways[:, 1]) - front
        azimuth = np.mod(azimuth + np.pi, 2 * np.pi) - np.pi
        order = np.argsort(azimuth, kind="stable").astype(np.int64)
        ways = np.ascontiguousarray((path.ways[:, :2] / np.maximum(flat, 1e-12)[:, None])[order])
        self.sun = (azimuth[order], front, order, ways, rise[order], up[order])
        self.bodies = self._bodies()
        self._lay_cells(-path.ways[up, :2] / path.ways[up, 2:], float(rise[up].min()))

    def _bodies(self) -> tuple[Any, ...]:
        """Gather what is known of buildings and of the blocks of the terrain."""
        things, solids = self.things, solids_of(self.things)
        order = np.argsort(things.owner, kind="stable")
        order = order[np.count_nonzero(things.owner == GROUND) :]
        corners = np.ascontiguousarray(things.points[things.triangles[order], :2])
        first = starts_of(np.bincount(things.owner[order], minlength=len(things)))
        boxes, high = things.boxes, things.high
        solid, flat, foot, begin = solids.solid, solids.flat, solids.foot, solids.begin
        slope, size = np.full(len(high), np.inf), 0.0
        if (ground := things.ground) is not None:
            count = len(ground.high)
            boxes = np.concatenate([boxes, ground.boxes])
            high = np.concatenate([high, ground.high])
            slope = np.concatenate([slope, ground.slope])
            size = ground.size
            none = np.zeros(count, dtype=bool)
            solid, flat = np.concatenate([solid, none]), np.concatenate([flat, none])
            foot = np.concatenate([foot, np.full(count, -np.inf)])
            begin = np.concatenate([begin, np.full(count, begin[-1])])
        return boxes, high, foot, solid, flat, begin, solids.edges, slope, size, corners, first

    def _lay_cells(self, away: Floats, least_rise: float) -> None:
        """List, for each cell of the plan, the buildings whose shadow may fall into it."""
        boxes, high = self.bodies[:2]
        low = self.starts[:, :2].min(axis=0)
        span = np.maximum(np.ptp(self.starts[:, :2], axis=0), 1.0)
        size = max(CELL, float(span.max()) / MOST_CELLS)
        shape = (span // size).astype(np.int64) + 1
        cell = ((self.starts[:, :2] - low) // size).astype(np.int64)
        self.cell: Ints = cell[:, 0] + cell[:, 1] * shape[0]
        # places over the same spot come behind each other
        self.order: Ints = np.lexsort(
            (self.normals[:, 0], self.starts[:, 1], self.starts[:, 0], self.cell)
        ).astype(np.int64)
        lowest = np.full(int(shape.prod()), np.inf)
        np.minimum.at(lowest, self.cell, self.starts[:, 2])
        least, most = np.minimum(away.min(axis=0), 0.0), np.maximum(away.max(axis=0), 0.0)
        tall = np.maximum(high - self.starts[:, 2].min(), 0.0)[:, None]
        reach = np.concatenate([boxes[:, :2] + tall * least, boxes[:, 2:] + tall * most], 1)
        first = np.clip((reach[:, :2] - low) // size, 0, shape).astype(np.int64)
        last = np.clip((reach[:, 2:] - low) // size, -1, shape - 1).astype(np.int64)
        first[tall[:, 0] <= 0.0] = last[tall[:, 0] <= 0.0] + 1
        grid = (float(low[0]), float(low[1]), size, least_rise)
        self.lists = _list_cells(first, last, int(shape[0]), lowest, boxes, high, grid)

    def lit(self, rows: Ints) -> tuple[Bools, int]:
        """Give whether the sun reaches some places at each step, and how many rays it took."""
        starts = self.starts[rows]
        lit = np.empty((len(rows), len(self.path)), dtype=bool)
        wanted = np.empty_like(lit)
        shade(
            starts, self.normals[rows], self.cell[rows], self.lists, self.bodies, self.sun, lit,
            wanted,
        )  # fmt: skip
        asked = np.flatnonzero(wanted.any(axis=1))
        if not len(asked):
            return lit, 0
        starts, wanted = starts[asked], wanted[asked]
        hit = np.full(wanted.shape, FREE, dtype=np.int32)
        hit[wanted] = UNKNOWN
        looked = np.zeros_like(wanted)
        looked[:, ::STRIDE] = True
        looked[:, -1] = True
        count = self._look(starts, hit, looked)
        _inherit(starts - self.rays.origin, self.path.ways, self.corners, hit, STRIDE)
        looked[:] = True
        count += self._look(starts, hit, looked)
        lit[asked] &= hit == NOTHING
        return lit, count

    def _look(self, starts: Floats, hit: Int32s, looked: Bools) -> int:
        """Follow rays where nothing is known and it shall be looked."""
        row, step = np.nonzero((hit == UNKNOWN) & looked)
        if len(row):
            hit[row, step] = self.rays.first(starts[row], self.path.ways[step])[0]
        return len(row)


@nb.njit(cache=True, nogil=True)
def _list_cells(
    first: Ints, last: Ints, columns: int, lowest: Floats, boxes: Floats, high: Floats,
    grid: tuple[float, float, float, float],
) -> tuple[Ints, Ints]:  # pragma: no cover  # fmt: skip
    """Turn boxes of cells into lists: where the list of each cell begins, and the lists.

    A body that no place of a cell can see before the lowest sun is left out.
    """
    west, south, size, rise = grid
    begin = np.zeros(len(lowest) + 1, dtype=np.int64)
    for fill in range(2):
        if fill:
            for cell in range(len(lowest)):
                begin[cell + 1] += begin[cell]
            listed = np.empty(begin[len(lowest)], dtype=np.int64)
            at = begin[:-1].copy()
        for box in range(len(first)):
            for j in range(first[box, 1], last[box, 1] + 1):
                y = south + j * size
                dy = max(boxes[box, 1] - y - size, y - boxes[box, 3], 0.0)
                for i in range(first[box, 0], last[box, 0] + 1):
                    cell = i + j * columns
                    x = west + i * size
                    dx = max(boxes[box, 0] - x - size, x - boxes[box, 2], 0.0)
                    tall = high[box] - lowest[cell] + 1e-6
                    if tall <= 0.0 or np.sqrt(dx * dx + dy * dy) * rise > tall:
                        continue
                    if fill:
                        listed[at[cell]] = box
                        at[cell] += 1
                    else:
                        begin[cell + 1] += 1
    return begin, listed


@nb.njit(cache=True, nogil=True)
def _inherit(
    starts: Floats, ways: Floats, corners: Floats, hit: Int32s, stride: int
) -> None:  # pragma: no cover
    """Ask the triangles that were met at the looks around a step whether they stand there too."""
    steps = hit.shape[1]
    for row in range(len(starts)):
        for t in range(steps):
            if hit[row, t] != UNKNOWN:
                continue
            before = hit[row, t - 1] if t else FREE
            after = hit[row, min((t // stride + 1) * stride, steps - 1)]
            if before >= 0 and _meets(starts[row], ways[t], corners[before]) >= 0.0:
                hit[row, t] = before
            elif after >= 0 and _meets(starts[row], ways[t], corners[after]) >= 0.0:
                hit[row, t] = after

"""At which minutes the sun reaches places: exact to the minute, quick over a whole city.

Most minutes need no ray. Light cannot come from behind a wall; a building whose box the sun stands
above, or not behind, cannot shade; a triangle that shades a place now is asked first a minute
later. All other minutes are looked at by a ray each, so that nothing narrow is missed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from layers.planning.obstacles import GROUND, Obstacles
from layers.planning.rays import NOTHING, Rays, _meets
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
        self.up = path.ways[:, 2] > 0.0
        flat = np.hypot(path.ways[:, 0], path.ways[:, 1])
        self.rise = np.where(self.up, path.ways[:, 2] / np.maximum(flat, 1e-12), -np.inf)
        middle = path.ways[self.up][:, :2].sum(axis=0)
        self.front = float(np.arctan2(middle[0], middle[1]))
        azimuth = np.arctan2(path.ways[:, 0], path.ways[:, 1]) - self.front
        azimuth = np.mod(azimuth + np.pi, 2 * np.pi) - np.pi
        self.by_azimuth = np.argsort(azimuth, kind="stable").astype(np.int64)
        self.azimuth = azimuth[self.by_azimuth]
        self.corners = np.ascontiguousarray(
            things.points[things.triangles].reshape(-1, 3, 3) - rays.origin
        )
        order = np.argsort(things.owner, kind="stable")
        order = order[np.count_nonzero(things.owner == GROUND) :]
        self.by_body = np.ascontiguousarray(things.points[things.triangles[order], :2])
        self.body_begin = starts_of(np.bincount(things.owner[order], minlength=len(things)))
        self._lay_cells()

    def _lay_cells(self) -> None:
        """List, for each cell of the plan, the buildings whose shadow may fall into it."""
        low = self.starts[:, :2].min(axis=0)
        span = np.maximum(np.ptp(self.starts[:, :2], axis=0), 1.0)
        self.size = max(CELL, float(span.max()) / MOST_CELLS)
        shape = (span // self.size).astype(np.int64) + 1
        cell = ((self.starts[:, :2] - low) // self.size).astype(np.int64)
        self.cell: Ints = cell[:, 0] + cell[:, 1] * shape[0]
        self.order: Ints = np.argsort(self.cell, kind="stable").astype(np.int64)
        away = -self.path.ways[self.up, :2] / self.path.ways[self.up, 2:]
        least, most = np.minimum(away.min(axis=0), 0.0), np.maximum(away.max(axis=0), 0.0)
        self.boxes, self.high = self.things.boxes, self.things.high
        self.slope, self.near = np.full(len(self.high), np.inf), 0.0
        if (ground := self.things.ground) is not None:
            self.boxes = np.concatenate([self.boxes, ground.boxes])
            self.high = np.concatenate([self.high, ground.high])
            self.slope = np.concatenate([self.slope, ground.slope])
            self.near = ground.size
        tall = np.maximum(self.high - self.starts[:, 2].min(), 0.0)[:, None]
        boxes = np.concatenate(
            [self.boxes[:, :2] + tall * least, self.boxes[:, 2:] + tall * most], 1
        )
        first = np.clip((boxes[:, :2] - low) // self.size, 0, shape).astype(np.int64)
        last = np.clip((boxes[:, 2:] - low) // self.size, -1, shape - 1).astype(np.int64)
        first[tall[:, 0] <= 0.0] = last[tall[:, 0] <= 0.0] + 1
        self.begin, self.listed = _list_cells(first, last, int(shape[0]), int(shape.prod()))

    def lit(self, rows: Ints) -> tuple[Bools, int]:
        """Give whether the sun reaches some places at each step, and how many rays it took."""
        starts, normals = self.starts[rows], self.normals[rows]
        wanted = np.zeros((len(rows), len(self.path)), dtype=bool)
        _mark(
            starts, self.cell[rows], self.begin, self.listed, self.boxes, self.high,
            self.slope, self.near, self.by_azimuth, self.azimuth, self.front, self.rise,
            normals, self.by_body, self.body_begin, wanted,
        )  # fmt: skip
        facing = np.asarray(normals @ self.path.ways[:, :2].T > 0.0)
        facing |= ~normals.any(axis=1, keepdims=True)
        facing &= self.up
        wanted &= facing
        hit = np.full(wanted.shape, FREE, dtype=np.int32)
        hit[wanted] = UNKNOWN
        looked = np.zeros_like(wanted)
        looked[:, ::STRIDE] = True
        looked[:, -1] = True
        count = self._look(starts, hit, looked)
        _inherit(starts - self.rays.origin, self.path.ways, self.corners, hit, STRIDE)
        looked[:] = True
        count += self._look(starts, hit, looked)
        return facing & (hit == NOTHING), count

    def _look(self, starts: Floats, hit: Int32s, looked: Bools) -> int:
        """Follow rays where nothing is known and it shall be looked."""
        row, step = np.nonzero((hit == UNKNOWN) & looked)
        if len(row):
            hit[row, step] = self.rays.first(starts[row], self.path.ways[step])[0]
        return len(row)


@nb.njit(cache=True, nogil=True)
def _list_cells(
    first: Ints, last: Ints, columns: int, cells: int
) -> tuple[Ints, Ints]:  # pragma: no cover
    """Turn boxes of cells into lists: where the list of each cell begins, and the lists."""
    begin = np.zeros(cells + 1, dtype=np.int64)
    for fill in range(2):
        if fill:
            for cell in range(cells):
                begin[cell + 1] += begin[cell]
            listed = np.empty(begin[cells], dtype=np.int64)
            at = begin[:-1].copy()
        for box in range(len(first)):
            for j in range(first[box, 1], last[box, 1] + 1):
                for i in range(first[box, 0], last[box, 0] + 1):
                    cell = i + j * columns
                    if fill:
                        listed[at[cell]] = box
                        at[cell] += 1
                    else:
                        begin[cell + 1] += 1
    return begin, listed


@nb.njit(cache=True, nogil=True)
def _mark(
    starts: Floats, cell: Ints, begin: Ints, listed: Ints, boxes: Floats, high: Floats,
    slope: Floats, beside_ground: float, by_azimuth: Ints, azimuth: Floats, front: float,
    rise: Floats, normals: Floats, corners: Floats, body_begin: Ints, wanted: Bools,
) -> None:  # pragma: no cover  # fmt: skip
    """Mark the steps at which the box of some building may stand before the sun."""
    turn = 2.0 * np.pi
    for row in range(len(starts)):
        x, y, z = starts[row]
        for k in range(begin[cell[row]], begin[cell[row] + 1]):
            box = boxes[listed[k]]
            tall = high[listed[k]] - z
            if tall <= 0.0:
                continue
            limit, within = _limit(box, tall, slope[listed[k]], beside_ground, x, y)
            if within and _behind(listed[k], corners, body_begin, starts[row], normals[row]):
                continue
            if within:  # no direction is safe
                for t in range(len(rise)):
                    wanted[row, t] |= rise[t] <= limit
                continue
            middle = np.arctan2((box[0] + box[2]) / 2.0 - x, (box[1] + box[3]) / 2.0 - y)
            least, most = 0.0, 0.0
            for corner in range(4):
                cx = box[0] if corner % 2 == 0 else box[2]
                cy = box[1] if corner < 2 else box[3]
                beside = np.arctan2(cx - x, cy - y) - middle
                beside -= turn * np.round(beside / turn)
                least, most = min(least, beside), max(most, beside)
            middle -= front
            middle -= turn * np.round(middle / turn)
            for shift in (-turn, 0.0, turn):
                low, up = middle + least + shift - 1e-9, middle + most + shift + 1e-9
                if up < -np.pi or low > np.pi:
                    continue
                for at in range(np.searchsorted(azimuth, low), len(azimuth)):
                    if azimuth[at] > up:
                        break
                    t = by_azimuth[at]
                    if rise[t] <= limit:
                        wanted[row, t] = True


@nb.njit(cache=True, nogil=True, inline="always")
def _limit(
    box: Floats, tall: float, slope: float, beside_ground: float, x: float, y: float
) -> tuple[float, bool]:  # pragma: no cover
    """Give the rise over run above which a box does not shade a place, and whether it is in it."""
    dx, dy = max(box[0] - x, x - box[2], 0.0), max(box[1] - y, y - box[3], 0.0)
    near = np.sqrt(dx * dx + dy * dy)
    limit = np.inf if near < 0.5 else tall / near * (1.0 + 1e-9) + 1e-9
    if near < beside_ground:  # from here to the end of the block the ground rises no steeper
        limit = min(limit, slope * (1.0 + 1e-9) + 1e-9)
    return limit, near < 0.5


@nb.njit(cache=True, nogil=True, inline="always")
def _behind(
    body: int, corners: Floats, begin: Ints, start: Floats, normal: Floats
) -> bool:  # pragma: no cover
    """Say whether a whole building lies behind the wall that a place is on, such as its own."""
    if body >= len(begin) - 1 or (normal[0] == 0.0 and normal[1] == 0.0):
        return False
    for t in range(begin[body], begin[body + 1]):
        for c in range(3):
            dx, dy = corners[t, c, 0] - start[0], corners[t, c, 1] - start[1]
            if dx * normal[0] + dy * normal[1] > 0.0:
                return False
    return True


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

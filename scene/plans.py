"""What is known of each footprint without cutting it: its box, area, middle and rectangle."""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from layers.row_match import carried, unmoved
from layers.shapes import Bools, Floats, Ints, Shapes

Float32s = NDArray[np.float32]

FEW = 200  # changed footprints up to which nothing is copied
SAME_DIRECTION = 0.002  # radians: sides that differ by less have the same rectangle
MOST_DIRECTIONS = 24  # sides of a footprint that are tried as the direction of its rectangle


@dataclass(frozen=True, slots=True, eq=False)
class Plans:
    """Boxes, areas and middles of n footprints.

    Attributes
    ----------
    box : (n, 4) float64
        West, south, east, north.
    area : (n,) float64
        Without holes, square metres, above zero.
    middle : (n, 2) float64
        Centre of gravity.
    """

    box: Floats
    area: Floats
    middle: Floats

    @classmethod
    def of(cls, shapes: Shapes) -> Plans:
        """Measure all footprints."""
        n = len(shapes)
        out = cls(np.empty((n, 4)), np.empty(n), np.empty((n, 2)))
        out._measure(shapes, np.arange(n))
        return out

    @property
    def places(self) -> Floats:
        """Give the middle of each box, (n, 2)."""
        return self.places_of(np.arange(len(self.area)))

    def places_of(self, rows: Ints) -> Floats:
        """Give the middles of the boxes of some footprints, (k, 2)."""
        box = self.box if len(rows) == len(self.box) else self.box[rows]
        return np.asarray((box[:, :2] + box[:, 2:]) / 2)

    def after(self, shapes: Shapes, rows: Ints, runs: Ints | None, changed: Ints) -> Plans:
        """Measure only what changed; a few of the same footprints are measured in place.

        Parameters
        ----------
        shapes : Shapes
            n footprints.
        rows : (n,) int64
            Position of each among those measured before, -1 for new ones.
        runs : (s, 3) int64 or None
            What `layers.row_match.stretches` gave for them.
        changed : (k,) int64
            Positions to measure, with all new ones.
        """
        if len(self.area) == 0:
            return Plans.of(shapes)
        if len(changed) <= FEW and unmoved(rows, len(self.area)):
            self._measure(shapes, changed)
            return self
        columns = (carried(each, rows, runs) for each in (self.box, self.area, self.middle))
        out = Plans(*columns)
        out._measure(shapes, changed)
        return out

    def _measure(self, shapes: Shapes, rows: Ints) -> None:
        _measure(
            shapes.coords, shapes.ring_start, shapes.shape_start, rows,
            self.box, self.area, self.middle,
        )  # fmt: skip


@nb.njit(cache=True, nogil=True)
def _measure(
    coords: Floats, ring_start: Ints, shape_start: Ints, rows: Ints,
    box: Floats, area: Floats, middle: Floats,
) -> None:  # fmt: skip # pragma: no cover
    for row in rows:
        begin, end = ring_start[shape_start[row]], ring_start[shape_start[row + 1]]
        x0, y0 = coords[begin, 0], coords[begin, 1]
        west, south, east, north = x0, y0, x0, y0
        for i in range(begin, end):
            west, east = min(west, coords[i, 0]), max(east, coords[i, 0])
            south, north = min(south, coords[i, 1]), max(north, coords[i, 1])
        total, mx, my = 0.0, 0.0, 0.0
        for ring in range(shape_start[row], shape_start[row + 1]):
            before = ring_start[ring + 1] - 1
            ax, ay = coords[before, 0] - x0, coords[before, 1] - y0
            for i in range(ring_start[ring], ring_start[ring + 1]):
                bx, by = coords[i, 0] - x0, coords[i, 1] - y0
                cross = ax * by - bx * ay
                total += cross
                mx += (ax + bx) * cross
                my += (ay + by) * cross
                ax, ay = bx, by
        box[row, 0], box[row, 1], box[row, 2], box[row, 3] = west, south, east, north
        middle[row, 0], middle[row, 1] = (west + east) / 2, (south + north) / 2
        area[row] = max(total / 2, 0.01)
        if total > 0.02:
            x, y = x0 + mx / (3 * total), y0 + my / (3 * total)
            if west <= x <= east and south <= y <= north:  # not so where a ring crosses itself
                middle[row, 0], middle[row, 1] = x, y


@nb.njit(cache=True, nogil=True)
def rectangle(
    coords: Floats, begin: int, end: int, area: float
) -> tuple[float, float, float, float]:  # pragma: no cover
    """Give the smallest rectangle along one of a ring's sides, shrunk to an area.

    Parameters
    ----------
    coords : (m, 2) float64
        Corners; those of the ring are `begin` to `end`.
    area : float
        What the rectangle shall cover, square metres.

    Returns
    -------
    (east, north, half length, half width)
        Unit vector along its first side, and half of both sides, metres.
    """
    count = end - begin
    step = max(1, (count + MOST_DIRECTIONS - 1) // MOST_DIRECTIONS)
    best, ux, uy, ha, hb = np.inf, 1.0, 0.0, 0.0, 0.0
    tried_x, tried_y = 0.0, 0.0
    for i in range(begin, end, step):
        j = i + 1 if i + 1 < end else begin
        ex, ey = coords[j, 0] - coords[i, 0], coords[j, 1] - coords[i, 1]
        length = np.sqrt(ex * ex + ey * ey)
        if length < 1e-6:
            continue
        ex, ey = ex / length, ey / length
        along, across = abs(ex * tried_x + ey * tried_y), abs(ex * tried_y - ey * tried_x)
        if best < np.inf and min(along, across) < SAME_DIRECTION:
            continue  # most sides run along the one before, or square to it
        tried_x, tried_y = ex, ey
        low_a, high_a, low_b, high_b = np.inf, -np.inf, np.inf, -np.inf
        for k in range(begin, end):
            x, y = coords[k, 0] - coords[begin, 0], coords[k, 1] - coords[begin, 1]
            a, b = x * ex + y * ey, y * ex - x * ey
            low_a, high_a = min(low_a, a), max(high_a, a)
            low_b, high_b = min(low_b, b), max(high_b, b)
        a, b = (high_a - low_a) / 2, (high_b - low_b) / 2
        if a * b < best:
            best, ux, uy, ha, hb = a * b, ex, ey, a, b
    if best < 1e-6 or not np.isfinite(best):
        half = np.sqrt(area) / 2
        return 1.0, 0.0, half, half
    shrink = min(np.sqrt(area / (4.0 * best)), 1.0)
    return ux, uy, ha * shrink, hb * shrink


@nb.njit(cache=True, nogil=True)
def fill_boxes(
    rows: Ints, slots: Ints, coords: Floats, ring_start: Ints, shape_start: Ints,
    area: Floats, middle: Floats, low: Floats, high: Floats, base: Floats, centre: Floats,
    points: Float32s, marks: Float32s, triangles: NDArray[np.int32],
) -> None:  # fmt: skip # pragma: no cover
    """Write an upright box for each of some buildings: 8 points and 10 triangles.

    Parameters
    ----------
    rows : (k,) int64
        Buildings.
    slots, area, middle, low, high, base : (n, ...)
        Columns of all buildings.
    centre : (3,) float64
        What the points are relative to.
    points, marks : (8 k, 3), (8 k, 2) float32
        Places; slots and metres above the ground.
    triangles : (10 k, 3) int32
        Counter-clockwise from outside, without undersides.
    """
    for k in range(len(rows)):
        row = rows[k]
        ring = shape_start[row]
        ux, uy, a, b = rectangle(coords, ring_start[ring], ring_start[ring + 1], area[row])
        x, y = middle[row, 0] - centre[0], middle[row, 1] - centre[1]
        for i in range(8):
            s = a if (i & 3) in (1, 2) else -a
            t = b if (i & 3) >= 2 else -b
            z = high[row] if i >= 4 else low[row]
            at = 8 * k + i
            points[at, 0] = x + s * ux - t * uy
            points[at, 1] = y + s * uy + t * ux
            points[at, 2] = z - centre[2]
            marks[at, 0], marks[at, 1] = slots[row], z - base[row]
        box_triangles(triangles, 10 * k, 8 * k)


@nb.njit(cache=True, nogil=True)
def box_triangles(triangles: NDArray[np.int32], t: int, p: int) -> None:  # pragma: no cover
    """Write the ten triangles of a box: four at the bottom, the same four above them."""
    for i in range(4):
        j = (i + 1) & 3
        triangles[t, 0], triangles[t, 1], triangles[t, 2] = p + i, p + j, p + 4 + j
        triangles[t + 1, 0], triangles[t + 1, 1], triangles[t + 1, 2] = p + i, p + 4 + j, p + 4 + i
        t += 2
    triangles[t, 0], triangles[t, 1], triangles[t, 2] = p + 4, p + 5, p + 6
    triangles[t + 1, 0], triangles[t + 1, 1], triangles[t + 1, 2] = p + 4, p + 6, p + 7


@nb.njit(cache=True, nogil=True)
def differing(
    asked: Ints, rows: Ints,
    coords: Floats, ring_start: Ints, shape_start: Ints,
    old_coords: Floats, old_ring_start: Ints, old_shape_start: Ints,
) -> Bools:  # fmt: skip # pragma: no cover
    """Say which of the footprints asked for are not what they were.

    `rows` are the old places of all, -1 for new ones.
    """
    out = np.ones(len(asked), dtype=np.bool_)
    for number in range(len(asked)):
        row = asked[number]
        was = rows[row]
        if was < 0:
            continue
        first, last = shape_start[row], shape_start[row + 1]
        old = old_shape_start[was]
        if old_shape_start[was + 1] - old != last - first:
            continue
        same = True
        for k in range(last - first):
            a, b = ring_start[first + k], ring_start[first + k + 1]
            c = old_ring_start[old + k]
            if old_ring_start[old + k + 1] - c != b - a:
                same = False
                break
            for i in range(b - a):
                if (
                    coords[a + i, 0] != old_coords[c + i, 0]
                    or coords[a + i, 1] != old_coords[c + i, 1]
                ):
                    same = False
                    break
        out[number] = not same
    return out

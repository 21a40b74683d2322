"""Dead ends of lanes for fire engines, and the room there is to turn at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.kinds.base import Layer
from layers.planning.fire_access import LaneLimits, Surroundings, usable_streets
from layers.shapes import Floats

MEETING = 2.0  # metres within which the end of a lane meets another street
BORDER = 10.0  # metres from the border of a layer of streets: it is cut off there, and no dead end
LARGEST, SMALLEST, FINER = 24.0, 2.0, 0.5  # sides of places that are tried, metres, and their step
SHIFTS = tuple(
    float(part) for part in np.linspace(-0.5, 0.5, 9)
)  # of a side by which a place is moved around the end
SEAM = 0.05  # metres between two paved areas that count as none
TRUNK = 0.5  # metres around the middle of a tree that nobody drives over


@dataclass(frozen=True, slots=True, eq=False)
class DeadEnd:
    """Where a lane ends without meeting another street.

    Attributes
    ----------
    place, way : (2,) float64
        Where, metres; which way the lane comes there, of length 1.
    lane : shapely polygon
        The carriageway that ends there.
    length : float
        Metres back to the first street that it meets.
    """

    place: Floats
    way: Floats
    lane: BaseGeometry
    length: float


def dead_ends(layers: Sequence[Layer], limits: LaneLimits, shortest: float) -> list[DeadEnd]:
    """Find the dead ends of the streets that fire engines can use.

    Parameters
    ----------
    layers : sequence of Layer
        Of streets.
    limits : LaneLimits
        How wide and clear lanes are.
    shortest : float
        Metres; engines leave shorter ones backwards.
    """
    out: list[DeadEnd] = []
    for layer in layers:
        lines, width, on_ground = usable_streets(layer, limits)
        if not len(lines):
            continue
        box = np.array(shapely.total_bounds(lines))
        tree = shapely.STRtree(lines)
        for row in np.flatnonzero(on_ground).tolist():
            for at_start in (True, False):
                end = _open_end(lines, tree, row, at_start)
                if end is None or _at_border(end[0], box):
                    continue
                length, lane = _back(lines, tree, width, row, at_start)
                if length >= shortest:
                    out.append(DeadEnd(end[0], end[1], lane, length))
    return out


def _ends(line: BaseGeometry, at_start: bool) -> tuple[Floats, Floats]:
    """Give an end of a line, and the corner before it."""
    corners = shapely.get_coordinates(line)
    return (corners[0], corners[1]) if at_start else (corners[-1], corners[-2])


def _met(tree: shapely.STRtree, row: int, place: Floats) -> list[int]:
    """Give the other lines that are met at a place."""
    near = tree.query(shapely.Point(place), predicate="dwithin", distance=MEETING)
    return [k for k in near.tolist() if k != row]


def _open_end(
    lines: np.ndarray[tuple[int], np.dtype[np.object_]], tree: shapely.STRtree, row: int,
    at_start: bool,
) -> tuple[Floats, Floats] | None:  # fmt: skip
    """Give place and direction of an end that meets nothing, else None."""
    place, before = _ends(lines[row], at_start)
    away = shapely.get_coordinates(lines[row])[-1 if at_start else 0]
    ring = np.hypot(*(place - away)) <= MEETING
    if ring or _met(tree, row, place):
        return None
    way = place - before
    return place, way / max(float(np.hypot(*way)), 1e-9)


def _back(
    lines: np.ndarray[tuple[int], np.dtype[np.object_]], tree: shapely.STRtree, width: Floats,
    row: int, at_start: bool,
) -> tuple[float, BaseGeometry]:  # fmt: skip
    """Follow a dead end back to where several streets meet: its length and its carriageway."""
    length, areas, known = 0.0, [], {row}
    at = at_start
    while True:
        length += float(shapely.length(lines[row]))
        areas.append(shapely.buffer(lines[row], width[row] / 2.0, cap_style="flat"))
        place = _ends(lines[row], not at)[0]
        found = [k for k in _met(tree, row, place) if k not in known]
        if len(found) != 1:
            break
        start, end = _ends(lines[found[0]], True)[0], _ends(lines[found[0]], False)[0]
        at = bool(np.hypot(*(start - place)) <= MEETING)
        if not at and np.hypot(*(end - place)) > MEETING:
            break  # it runs into the middle of another street
        row = found[0]
        known.add(row)
    return length, shapely.union_all(areas)


def _at_border(place: Floats, box: Floats) -> bool:
    low, high = place - box[:2], box[2:] - place
    return bool(min(low.min(), high.min()) <= BORDER)


@dataclass(frozen=True, slots=True, eq=False)
class Room:
    """The largest square at a dead end.

    Attributes
    ----------
    side : float
        Of the largest free one, metres; 0 for none.
    corners : (4, 2) float64
        Its corners, metres.
    paved : float
        Side of the largest one that is known to be paved.
    """

    side: float
    corners: Floats
    paved: float = 0.0


def turning_room(end: DeadEnd, around: Surroundings) -> Room:
    """Give the largest free square at a dead end, and how large one is that is known to be paved.

    The square lies as the lane does and holds the end of it, or touches it. Buildings, water,
    greenery and trees are in its way. Paved are streets and their areas; whether other ground
    bears an engine is not known.

    Parameters
    ----------
    end : DeadEnd
        Which.
    around : Surroundings
        What lies there.
    """
    reach = shapely.Point(end.place).buffer(LARGEST * 1.5)
    hard = [around.paved[k] for k in around.near("paved", reach).tolist()]
    paved = shapely.union_all([*hard, end.lane]).buffer(SEAM)
    stops = [
        *around.bodies[around.near("bodies", reach)], *around.wet[around.near("wet", reach)],
        *shapely.buffer(around.stems[around.near("stems", reach)], TRUNK),
        *(one.difference(paved) for one in around.green[around.near("green", reach)]),
    ]  # fmt: skip
    closed = shapely.union_all(stops) if stops else shapely.Polygon()
    shapely.prepare(closed)
    shapely.prepare(paved)
    along, across = np.meshgrid(SHIFTS, SHIFTS)
    shifts = np.column_stack([along.ravel(), across.ravel()])
    shifts = shifts[np.lexsort([np.abs(shifts[:, 1]), np.abs(shifts[:, 0])])]
    left = np.array([-end.way[1], end.way[0]])
    best = Room(0.0, np.zeros((4, 2)))
    for side in np.arange(SMALLEST, LARGEST + 1e-6, FINER):
        middle = end.place + side * (shifts[:, :1] * end.way + shifts[:, 1:] * left)
        half = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * side / 2.0
        squares = middle[:, None] + half[:, :1] * end.way + half[:, 1:] * left
        shapes = shapely.polygons(squares)
        free = np.flatnonzero(~shapely.intersects(closed, shapes))
        if not len(free):
            break
        bearing = free[shapely.covers(paved, shapes[free])]
        first = bearing[0] if len(bearing) else free[0]
        surely = float(side) if len(bearing) else best.paved
        best = Room(float(side), squares[first], surely)
    return best

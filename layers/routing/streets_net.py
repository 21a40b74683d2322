"""Lines of streets as a net of junctions and pieces between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.errors import CityError
from layers.kinds.base import Features
from layers.routing.limits import Limits
from layers.shapes import Bools, Codes, Floats, Ints, runs, starts_of
from layers.streets import Streets

SNAP = 0.05  # metres within which two corners are one
TOUCH = 1.0  # metres from an end to the line it is meant to meet
LOOSE = 0.5  # share of ends that meet nothing from which crossings without a corner are joined

Shapely = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class StreetNet:
    """Junctions and the pieces of street between them.

    Attributes
    ----------
    nodes : (m, 2) float64
        Project coordinates, metres.
    start, end : (e,) int64
        Node at either end of each piece.
    coords : (c, 2) float64
        Corners of all pieces, one after the other.
    first : (e + 1,) int64
        Where each piece starts in `coords`.
    length : (e,) float64
        Metres.
    layer, row : (e,) int64
        Which of the layers, and which object of it, a piece is part of.
    kind : (e,) uint8
        Class: position in `layers.streets.NAMES`.
    oneway : (e,) int8
        1 from start to end only, -1 the other way only, 0 both.
    limits : Limits
        Speed, width, height and weight, and who may go there, of each piece.
    joined : int
        Ends and crossings that had no common corner and were joined.
    """

    nodes: Floats
    start: Ints
    end: Ints
    coords: Floats
    first: Ints
    length: Floats
    layer: Ints
    row: Ints
    kind: Codes
    oneway: NDArray[np.int8]
    limits: Limits
    joined: int = 0

    def __len__(self) -> int:
        return len(self.start)

    def piece(self, number: int) -> Floats:
        """Give the corners of a piece from its start to its end, (k, 2)."""
        return self.coords[self.first[number] : self.first[number + 1]]

    def lines(self, chosen: Ints | None = None) -> Shapely:
        """Give pieces as lines, (k,) object."""
        which = np.arange(len(self)) if chosen is None else chosen
        corners = self.coords[runs(self.first, which)]
        owner = np.repeat(np.arange(len(which)), np.diff(self.first)[which])
        return np.asarray(shapely.linestrings(corners, indices=owner), dtype=object)

    @classmethod
    def of(cls, layers: Sequence[Features]) -> StreetNet:
        """Make the net of some layers of streets.

        Lines that share a corner meet there. Ends that touch another line on their level are
        joined to it; where hardly any end meets another, so are lines that cross on the ground.

        Raises
        ------
        CityError
            ``routing.no_streets`` where there is no line.
        """
        parts = [_Part.of(number, features) for number, features in enumerate(layers)]
        part = _Part.join([part for part in parts if len(part.line)])
        if part is None:
            raise CityError(
                "routing.no_streets",
                "There are no lines of streets to find a way on.",
                hint="import a layer of roads, or name one that has lines",
            )
        part, joined = _touching(part)
        return _cut(part, joined)


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Whole lines before they are cut at junctions."""

    line: Shapely
    layer: Ints
    row: Ints
    kind: Codes
    oneway: NDArray[np.int8]
    level: Ints
    limits: Limits

    @classmethod
    def of(cls, number: int, features: Features) -> _Part:
        said = Streets.of(features)
        lines = features.shapes.take(said.row).to_shapely()
        good = shapely.length(lines) > SNAP
        keep = np.flatnonzero(good)
        return cls(
            shapely.force_2d(lines[keep]), np.full(len(keep), number, dtype=np.int64),
            said.row[keep], said.kind[keep], said.oneway[keep], said.level[keep],
            Limits.of(features, said.row[keep], said.kind[keep]),
        )  # fmt: skip

    @classmethod
    def join(cls, parts: list[_Part]) -> _Part | None:
        if not parts:
            return None
        return cls(
            np.concatenate([p.line for p in parts]), np.concatenate([p.layer for p in parts]),
            np.concatenate([p.row for p in parts]), np.concatenate([p.kind for p in parts]),
            np.concatenate([p.oneway for p in parts]), np.concatenate([p.level for p in parts]),
            Limits.join([p.limits for p in parts]),
        )  # fmt: skip


def _corners(lines: Shapely) -> tuple[Floats, Ints]:
    coords, owner = shapely.get_coordinates(lines, return_index=True)
    return coords, starts_of(np.bincount(owner, minlength=len(lines)))


def _numbered(coords: Floats) -> tuple[Ints, int]:
    """Give corners at the same place the same number."""
    cells = np.round(coords / SNAP).astype(np.int64)
    order = np.lexsort((cells[:, 1], cells[:, 0]))
    rows = cells[order]
    new = np.concatenate([[True], (rows[1:] != rows[:-1]).any(axis=1)])
    number = np.empty(len(coords), dtype=np.int64)
    number[order] = np.cumsum(new) - 1
    return number, int(new.sum())


def _touching(part: _Part) -> tuple[_Part, int]:
    """Put a corner into lines where others end on them, or cross them, without one."""
    coords, first = _corners(part.line)
    number, count = _numbered(coords)
    used = np.bincount(number, minlength=count)
    at, first_at = np.unique(number[np.concatenate([first[:-1], first[1:] - 1])], return_index=True)
    ends = np.concatenate([first[:-1], first[1:] - 1])[first_at]
    level = part.level[np.concatenate([np.arange(len(part.line))] * 2)[first_at]]
    loose = used[at] == 1
    spots: list[tuple[Ints, Floats]] = []
    tree = shapely.STRtree(part.line)
    points = shapely.points(coords[ends])
    which, near = tree.query(points, predicate="dwithin", distance=TOUCH)
    owner = np.repeat(np.arange(len(part.line)), np.diff(first))
    there = np.isin(near * count + at[which], owner * count + number)  # it has that corner
    good = ~there & (part.level[near] == level[which])
    good &= loose[which] | (shapely.distance(points[which], part.line[near]) <= 2.0 * SNAP)
    if good.any():
        where = shapely.get_coordinates(points[which[good]])
        spots.append((near[good], where))
    if loose.mean() > LOOSE:
        spots += _crossings(part, tree)
    if not spots:
        return part, 0
    rows = np.concatenate([row for row, _ in spots])
    places = np.concatenate([place for _, place in spots])
    lines = part.line.copy()
    for row in np.unique(rows):
        lines[row] = _with_corners(lines[row], places[rows == row])
    changed = _Part(
        lines, part.layer, part.row, part.kind, part.oneway, part.level, part.limits
    )  # fmt: skip
    return changed, len(rows)


def _crossings(part: _Part, tree: shapely.STRtree) -> list[tuple[Ints, Floats]]:
    one, other = tree.query(part.line, predicate="crosses")
    good = (one < other) & (part.level[one] == part.level[other])
    one, other = one[good], other[good]
    if not len(one):
        return []
    places, pair = shapely.get_coordinates(
        shapely.intersection(part.line[one], part.line[other]), return_index=True
    )
    return [(one[pair], places), (other[pair], places)]


def _with_corners(line: shapely.LineString, places: Floats) -> shapely.LineString:
    """Put corners into a line, where they are nearest to it."""
    own = shapely.get_coordinates(line)
    steps = np.diff(own, axis=0)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(steps[:, 0], steps[:, 1]))])
    at = np.asarray(shapely.line_locate_point(line, shapely.points(places)), dtype=np.float64)
    inner = (at > SNAP) & (at < along[-1] - SNAP)
    whole = np.concatenate([along, at[inner]])
    coords = np.concatenate([own, places[inner]])
    return shapely.LineString(coords[np.argsort(whole, kind="stable")])


def _cut(part: _Part, joined: int) -> StreetNet:
    """Cut lines at the corners that several of them share."""
    coords, first = _corners(part.line)
    number, count = _numbered(coords)
    keep = np.ones(len(coords), dtype=bool)  # corners that repeat the one before them go
    keep[1:] = number[1:] != number[:-1]
    keep[first[:-1]] = True
    owner = np.repeat(np.arange(len(part.line)), np.diff(first))[keep]
    coords, number = coords[keep], number[keep]
    sizes = np.bincount(owner, minlength=len(part.line))
    first = starts_of(sizes)
    last = np.zeros(len(coords), dtype=bool)
    last[first[1:] - 1] = True
    junction: Bools = np.bincount(number, minlength=count)[number] > 1
    junction[first[:-1]] = True
    junction[last] = True
    # A piece runs from one junction of a line to the next.
    at = np.flatnonzero(junction)
    begins, ends = at[:-1], at[1:]
    same = owner[begins] == owner[ends]
    begins, ends = begins[same], ends[same]
    sizes = ends - begins + 1
    starts = starts_of(sizes)
    index = np.arange(int(starts[-1])) - np.repeat(starts[:-1], sizes) + np.repeat(begins, sizes)
    line = owner[begins]
    corners = coords[index]
    steps = np.zeros(len(corners))
    apart = np.diff(corners, axis=0)
    steps[1:] = np.hypot(apart[:, 0], apart[:, 1])
    steps[starts[:-1]] = 0.0
    length = np.add.reduceat(steps, starts[:-1]) if len(line) else np.zeros(0)
    used, node = np.unique(np.concatenate([number[begins], number[ends]]), return_inverse=True)
    place = np.empty((count, 2))
    place[number] = coords
    return StreetNet(
        place[used], node[: len(line)], node[len(line) :], corners, starts, length,
        part.layer[line], part.row[line], part.kind[line], part.oneway[line],
        part.limits.take(line), joined,
    )  # fmt: skip

"""Street surfaces from centre lines: carriageways and footways without gaps and overlaps.

Lines are widened with straight ends. Where several meet, a disc as wide as the second widest of
them closes the bend between two, and never sticks out behind a narrow street that a wide one ends
at. Corners of junctions are rounded as kerbs are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from layers.shapes import Bools, Floats, Ints

Geometries = NDArray[np.object_]
GRID = 0.1  # metres; ends closer than this are the same junction
CORNER = 5.0  # metres, radius of the kerb where streets with footways meet
SEGMENTS = 4  # of a quarter circle


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """Where lines begin and end, and what meets there.

    Attributes
    ----------
    node : (n, 2) int64
        Number of the node at the start and at the end of each line.
    place : (k, 2) float64
        Nodes, metres.
    degree : (k,) int64
        Line ends that meet.
    second : (k,) float64
        Half the width of the second widest line that ends there, metres; 0 at dead ends.
    """

    node: Ints
    place: Floats
    degree: Ints
    second: Floats

    @classmethod
    def of(cls, lines: Geometries, widths: Floats) -> Ends:
        """Find the nodes of lines, (n,) linestrings of (n,) metres."""
        n = len(lines)
        if n == 0:
            none = np.empty((0, 2))
            return cls(none.astype(np.int64), none, np.empty(0, np.int64), np.empty(0))
        ends = np.concatenate(
            [shapely.get_coordinates(shapely.get_point(lines, at)) for at in (0, -1)]
        )
        keys = np.rint(ends / GRID).astype(np.int64)
        _, first, node = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        node = node.reshape(-1)
        half = np.tile(np.asarray(widths, dtype=np.float64) / 2.0, 2)
        order = np.lexsort((-half, node))
        degree = np.bincount(node, minlength=len(first))
        start = np.concatenate([[0], np.cumsum(degree)])[:-1]
        second = np.zeros(len(first))
        several = degree > 1
        second[several] = half[order][start[several] + 1]
        return cls(node.reshape(2, n).T, ends[first], degree, second)


@dataclass(frozen=True, slots=True, eq=False)
class StreetAreas:
    """Surfaces of some streets; no two of them overlap.

    Attributes
    ----------
    carriageway : (g,) object
        One area, perhaps empty, for each group of streets.
    footway : shapely geometry
        Along the carriageways.
    path : (g,) object
        Streets for feet and bicycles, one area for each group.
    """

    carriageway: Geometries
    footway: BaseGeometry
    path: Geometries


def widened(lines: Geometries, widths: Floats, ends: Ends | None = None) -> Geometries:
    """Give the areas of lines, with straight ends, and the discs that close their bends.

    Parameters
    ----------
    lines : (n,) linestrings
        Centre lines.
    widths : (n,) float64
        Metres.
    ends : Ends or None
        Nodes of the lines; found where they are not given.

    Returns
    -------
    (n + k,) object
        The lines' areas, then the discs.
    """
    found = Ends.of(lines, widths) if ends is None else ends
    areas = shapely.buffer(lines, widths / 2.0, cap_style="flat", quad_segs=SEGMENTS)
    met = found.second > 0
    discs = shapely.buffer(
        shapely.points(found.place[met]), found.second[met], quad_segs=2 * SEGMENTS
    )
    return np.concatenate([areas, discs])


def street_areas(
    lines: Geometries,
    width: Floats,
    sidewalk: Floats,
    *,
    walked: Bools | None = None,
    group: Ints | None = None,
    rank: Ints | None = None,
    corner: float = CORNER,
) -> StreetAreas:
    """Make the surfaces of streets that lie at one level.

    Parameters
    ----------
    lines : (n,) linestrings
        Centre lines, metres; large coordinates are fine.
    width, sidewalk : (n,) float64
        Carriageway, and footway on each side, metres.
    walked : (n,) bool or None
        Which are paths: they lie under the carriageways and have no kerb.
    group : (n,) int64 or None
        Streets of one group become one area; None puts all together.
    rank : (n,) int64 or None
        Where groups meet, the one with the highest rank gets the place.
    corner : float
        Radius of the kerb at corners, metres.
    """
    n = len(lines)
    feet = np.zeros(n, dtype=bool) if walked is None else walked
    groups = np.zeros(n, dtype=np.int64) if group is None else group
    ranks = np.zeros(n, dtype=np.int64) if rank is None else rank
    count = int(groups.max(initial=-1)) + 1
    empty = np.full(count, shapely.Polygon(), dtype=object)
    driven = ~feet
    ends = Ends.of(lines[driven], width[driven])
    pieces = widened(lines[driven], width[driven], ends)
    whole = shapely.union_all(pieces) if len(pieces) else shapely.Polygon()
    whole = _rounded(whole, ends, corner, sidewalk[driven])
    roads = empty.copy()
    if n and driven.any():
        roads = _split(whole, lines[driven], width[driven], groups[driven], ranks[driven], count)
    outer = width[driven] + 2.0 * sidewalk[driven]
    beside = sidewalk[driven] > 0
    walks: BaseGeometry = shapely.Polygon()
    if beside.any():
        own = widened(lines[driven][beside], outer[beside])
        walks = shapely.union_all(own)
        walks = shapely.difference(walks, whole)
    paths = empty.copy()
    taken = whole
    if feet.any():
        walks_and_roads = shapely.union(whole, walks)
        taken = walks_and_roads
    for number in np.unique(groups[feet]):
        chosen = feet & (groups == number)
        area = shapely.union_all(widened(lines[chosen], width[chosen]))
        paths[number] = shapely.difference(area, taken)
        taken = shapely.union(taken, area)
    return StreetAreas(roads, walks, paths)


def _rounded(area: BaseGeometry, ends: Ends, corner: float, sidewalk: Floats) -> BaseGeometry:
    """Round the inner corners at junctions of three and more, as kerbs are."""
    if corner <= 0 or not len(ends.node) or area.is_empty:
        return area
    with_kerb = np.zeros(len(ends.place), dtype=bool)
    with_kerb[ends.node[sidewalk > 0].reshape(-1)] = True
    junctions = np.flatnonzero((ends.degree >= 3) & with_kerb)
    if not len(junctions):
        return area
    near = shapely.buffer(
        shapely.points(ends.place[junctions]),
        ends.second[junctions] * 1.5 + 2.0 * corner,
        quad_segs=2,
    )
    zone = shapely.union_all(near)
    part = shapely.intersection(area, shapely.buffer(zone, 2.0 * corner, quad_segs=2))
    closed = shapely.buffer(
        shapely.buffer(part, corner, quad_segs=SEGMENTS, join_style="mitre"),
        -corner,
        quad_segs=SEGMENTS,
    )
    return shapely.union(area, shapely.intersection(closed, zone))


def _split(
    whole: BaseGeometry, lines: Geometries, width: Floats, groups: Ints, ranks: Ints, count: int
) -> Geometries:
    """Part an area among groups: the higher rank takes its place first, the last one the rest."""
    out = np.full(count, shapely.Polygon(), dtype=object)
    numbers = np.unique(groups)
    best = [(-int(ranks[groups == number].max()), int(number)) for number in numbers]
    ordered = [number for _, number in sorted(best)]
    left = whole
    for number in ordered[:-1]:
        mine = shapely.union_all(widened(lines[groups == number], width[groups == number]))
        out[number] = shapely.intersection(left, mine)
        left = shapely.difference(left, mine)
    out[ordered[-1]] = left
    return out

"""How far one comes within some minutes: streets that are reached, and the area around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike

from layers.routing.limits import KMH
from layers.routing.streets_net import Shapely
from layers.routing.ways import Router, Spots
from layers.shapes import Floats

BESIDE = 60.0  # metres on both sides of a street that count as reached with it
GAP = 20_000.0  # square metres of a hole that is closed: a block between reached streets


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """What is reached within a time.

    Attributes
    ----------
    seconds : float
        The time.
    streets : (k,) object
        The parts of streets that are reached, lines.
    area : shapely geometry
        Polygon or several: the land beside them.
    """

    seconds: float
    streets: Shapely
    area: shapely.Geometry

    @property
    def metres(self) -> float:
        """Length of the streets that are reached."""
        return float(shapely.length(self.streets).sum())


def reach(
    router: Router,
    places: ArrayLike,
    seconds: Sequence[float],
    *,
    towards: bool = False,
    beside: float = BESIDE,
) -> list[Reach]:
    """Work out what is reached from the nearest of some places within each of some times.

    Parameters
    ----------
    router : Router
        Streets and traveller.
    places : (k, 2) array_like
        Fire stations, schools.
    seconds : sequence of float
        Times, such as 300, 480 and 900.
    towards : bool
        Whether the way to the places counts instead of the way from them.
    beside : float
        Metres on both sides of a street that count as reached.
    """
    if towards:
        router = router.turned()
    spots = router.spots(places)
    limit = max(seconds, default=0.0)
    at_node = router.seconds_from(places, limit=limit)
    net = router.net
    from_start = at_node[net.start]
    from_end = at_node[net.end]
    out = []
    for time in seconds:
        # Shares of each piece that are reached from its start, and from its end.
        ahead = _share(time - from_start, router.forward)
        back = _share(time - from_end, router.backward)
        left = time - spots.away / (router.traveller.off_road_kmh * KMH)
        own = np.unique(spots.piece[spots.piece >= 0])
        others = np.ones(len(net), dtype=bool)
        others[own] = False
        far = _parts(router, np.where(others, ahead, 0.0), np.where(others, back, 0.0))
        near = _parts(router, np.where(others, 0.0, ahead), np.where(others, 0.0, back))
        streets = np.concatenate([far, _once(np.concatenate([near, _around(router, spots, left)]))])
        out.append(Reach(time, streets, _land(streets, beside)))
    return out


def _share(left: Floats, takes: Floats) -> Floats:
    """Give the share of pieces one gets along in the time that is left, 0 to 1."""
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(np.isfinite(takes), left / np.maximum(takes, 1e-9), 0.0)
    known = np.nan_to_num(share, nan=0.0, posinf=1.0, neginf=0.0)
    return np.asarray(np.clip(known, 0.0, 1.0), dtype=np.float64)


def _parts(router: Router, ahead: Floats, back: Floats) -> Shapely:
    """Cut the reached parts out of all pieces."""
    net = router.net
    whole = ahead + back >= 1.0
    lines = [net.lines(np.flatnonzero(whole))]
    for share, turned in ((ahead, False), (back, True)):
        some = np.flatnonzero((share > 0.0) & ~whole)
        if not len(some):
            continue
        found = net.lines(some)
        length = shapely.length(found)
        begin = np.where(turned, length * (1.0 - share[some]), 0.0)
        end = np.where(turned, length, length * share[some])
        lines.append(_between(found, begin, end))
    return np.concatenate(lines)


def _around(router: Router, spots: Spots, left: Floats) -> Shapely:
    """Cut the part of the piece a place lies on that is reached from there."""
    net = router.net
    on = np.flatnonzero((spots.piece >= 0) & (left > 0.0))
    if not len(on):
        return np.zeros(0, dtype=object)
    own, at = spots.piece[on], spots.share[on]
    lines = net.lines(own)
    length = shapely.length(lines)
    ahead = np.minimum(_share(left[on], router.forward[own]), 1.0 - at)
    back = np.minimum(_share(left[on], router.backward[own]), at)
    return _between(lines, (at - back) * length, (at + ahead) * length)


def _between(lines: Shapely, begin: Floats, end: Floats) -> Shapely:
    """Give the parts of lines between two distances along each."""
    from shapely.ops import substring

    parts = [
        substring(line, low, high)
        for line, low, high in zip(lines, begin, end, strict=True)
        if high - low > 0.01
    ]
    kept = [part for part in parts if part.geom_type == "LineString"]
    return np.array(kept, dtype=object)


def _once(lines: Shapely) -> Shapely:
    """Give lines that may lie on each other as lines that do not."""
    if not len(lines):
        return lines
    whole = shapely.line_merge(shapely.union_all(lines))
    return np.asarray(shapely.get_parts(whole), dtype=object)


def _land(streets: Shapely, beside: float) -> shapely.Geometry:
    """Give the land beside some streets, without small holes."""
    if not len(streets):
        return shapely.Polygon()
    # One by one and joined: many times quicker than all lines at once.
    wide = shapely.union_all(shapely.buffer(streets, beside, quad_segs=3))
    kept = [
        shapely.Polygon(
            part.exterior, [hole for hole in part.interiors if shapely.Polygon(hole).area > GAP]
        )
        for part in shapely.get_parts(wide)
    ]
    land: shapely.Geometry = kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)
    return land

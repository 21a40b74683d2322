"""Walking between places: along the streets where there are some, else straight."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from layers.kinds.base import Features
from layers.project import Project
from layers.shapes import LINE, Floats, Ints

AROUND = 400.0  # metres around the places within which streets are looked at
NEAR = 120.0  # metres from a street at most; who is farther away walks straight
EXACT = 8  # places up to which the shortest order is found for sure
GRID = 0.05  # metres within which ends of streets are one corner


@dataclass(frozen=True, slots=True, eq=False)
class Walks:
    """Ways on foot between some places.

    Attributes
    ----------
    places : (p, 2) float64
        Project metres.
    metres : (p, p) float64
        How far it is.
    along_streets : bool
        Whether streets were found to walk along; else all ways are straight.
    """

    places: Floats
    metres: Floats
    along_streets: bool
    _corners: Floats
    _nearest: Ints
    _before: Ints

    def way(self, a: int, b: int) -> Floats:
        """Give the way from one place to another, (k, 2) float64."""
        ends = self.places[[a, b]]
        straight = float(np.hypot(*(ends[1] - ends[0])))
        if not self.along_streets or self.metres[a, b] <= straight + 1e-9:
            return ends
        at, goal = int(self._nearest[b]), int(self._nearest[a])
        steps = []
        while at >= 0:
            steps.append(at)
            if at == goal:
                break
            at = int(self._before[a, at])
        return np.concatenate([ends[:1], self._corners[steps[::-1]], ends[1:]])


def street_lines(project: Project) -> Floats | None:
    """Give the centre lines of the streets as pieces, (s, 2, 2) float64; None without any."""
    pieces = []
    for layer in project.of_kind("roads"):
        data = layer.data
        if isinstance(data, Features):
            pieces.append(_pieces(data))
    found = [piece for piece in pieces if len(piece)]
    return np.concatenate(found) if found else None


def _pieces(data: Features) -> Floats:
    """Cut lines at their corners and where they cross each other."""
    lines = data.shapes.take(np.flatnonzero(data.shapes.kind == LINE)).to_shapely()
    if not len(lines):
        return np.empty((0, 2, 2))
    noded = shapely.get_parts(shapely.node(shapely.multilinestrings(shapely.force_2d(lines))))
    coords, line = shapely.get_coordinates(noded, return_index=True)
    joined = np.flatnonzero(line[1:] == line[:-1])
    return np.stack([coords[joined], coords[joined + 1]], axis=1)


def walks(places: Floats, streets: Floats | None) -> Walks:
    """Measure the ways between places.

    Parameters
    ----------
    places : (p, 2) float64
        Project metres.
    streets : (s, 2, 2) float64 or None
        Pieces of streets, see `street_lines`.
    """
    straight = np.hypot(*(places[:, None, :] - places[None, :, :]).transpose(2, 0, 1))
    nothing = np.empty(0, dtype=np.int64)
    plain = Walks(places, straight, False, np.empty((0, 2)), nothing, nothing.reshape(0, 0))
    if streets is None or not len(places):
        return plain
    low, high = places.min(axis=0) - AROUND, places.max(axis=0) + AROUND
    near = ((streets.max(axis=1) >= low) & (streets.min(axis=1) <= high)).all(axis=1)
    if not near.any():
        return plain
    corners, matrix = _network(streets[near])
    met = cKDTree(corners).query(places)
    away: Floats = np.asarray(met[0])
    nearest: Ints = np.asarray(met[1], dtype=np.int64)
    usable = away <= NEAR
    far, before = dijkstra(
        matrix, directed=False, indices=nearest, return_predecessors=True, limit=50_000.0
    )
    metres = far[:, nearest] + away[:, None] + away[None, :]
    metres = np.minimum(metres, metres.T)
    both = usable[:, None] & usable[None, :] & np.isfinite(metres)
    metres = np.where(both, np.maximum(metres, straight), straight)
    np.fill_diagonal(metres, 0.0)
    return Walks(places, metres, True, corners, nearest, before.astype(np.int64))


def _network(streets: Floats) -> tuple[Floats, csr_array]:
    """Make corners and the lengths between them."""
    ends = streets.reshape(-1, 2)
    step = 10.0  # long pieces get corners in between, so that everybody finds one near
    count = np.maximum(np.ceil(np.hypot(*(streets[:, 1] - streets[:, 0]).T) / step), 1)
    count = np.minimum(count, 200).astype(np.int64)
    owner = np.repeat(np.arange(len(streets)), count + 1)
    first = np.cumsum(count + 1) - (count + 1)
    share = (np.arange(len(owner)) - first[owner]) / count[owner]
    points = streets[owner, 0] + share[:, None] * (streets[owner, 1] - streets[owner, 0])
    keys = np.round((points - ends.min(axis=0)) / GRID).astype(np.int64)
    _, at, back = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    back = back.reshape(-1)
    corners = points[at]
    joined = np.flatnonzero(owner[1:] == owner[:-1])
    a, b = back[joined], back[joined + 1]
    low, high = np.minimum(a, b), np.maximum(a, b)
    pair = np.unique(np.column_stack([low, high])[low != high], axis=0)
    metres = np.hypot(*(corners[pair[:, 1]] - corners[pair[:, 0]]).T)
    size = len(corners)
    matrix = csr_array(
        coo_array((np.maximum(metres, 1e-6), (pair[:, 0], pair[:, 1])), shape=(size, size))
    )
    return corners, matrix


def shortest_round(metres: Floats) -> list[int]:
    """Give the order of places that makes the way from the first one through all others short.

    Up to ``EXACT`` others the shortest of all; beyond that going to the nearest each time, then
    turning stretches around while that helps.

    >>> far = abs(np.subtract.outer([0.0, 9.0, -2.0, 4.0], [0.0, 9.0, -2.0, 4.0]))
    >>> shortest_round(far)
    [0, 2, 3, 1]
    """
    count = len(metres)
    if count <= 2:
        return list(range(count))
    if count - 1 <= EXACT:
        return _exact(metres)
    left, order = set(range(1, count)), [0]
    while left:
        here = order[-1]
        order.append(min(left, key=lambda other: (metres[here, other], other)))
        left.remove(order[-1])
    better = True
    while better:
        better = False
        for i, j in itertools.combinations(range(1, count), 2):
            a, b, c = order[i - 1], order[i], order[j]
            old, new = metres[a, b], metres[a, c]
            if j + 1 < count:
                old, new = old + metres[c, order[j + 1]], new + metres[b, order[j + 1]]
            if new < old - 1e-9:
                order[i : j + 1] = order[i : j + 1][::-1]
                better = True
    return order


def _exact(metres: Floats) -> list[int]:
    """Find the shortest order by looking at every set of places once (Held and Karp)."""
    others = len(metres) - 1
    best: dict[tuple[int, int], tuple[float, int]] = {
        (1 << k, k): (float(metres[0, k + 1]), -1) for k in range(others)
    }
    for size in range(2, others + 1):
        for some in itertools.combinations(range(others), size):
            mask = sum(1 << k for k in some)
            for last in some:
                rest = mask & ~(1 << last)
                best[mask, last] = min(
                    (best[rest, k][0] + float(metres[k + 1, last + 1]), k)
                    for k in some if k != last
                )  # fmt: skip
    mask = (1 << others) - 1
    last = min(range(others), key=lambda k: best[mask, k][0])
    order = []
    while last >= 0:
        order.append(last + 1)
        mask, last = mask & ~(1 << last), best[mask, last][1]
    return [0, *order[::-1]]

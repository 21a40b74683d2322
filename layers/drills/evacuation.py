"""Who walks to which shelter, how long it takes, and where it becomes narrow.

A screening estimate: everybody walks freely at one speed, so what queues in narrow streets is
told as a flow per metre of width, not added to the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra, maximum_flow

from layers.errors import CityError
from layers.kinds.base import Features
from layers.routing.limits import KMH
from layers.routing.streets_net import StreetNet
from layers.routing.ways import Router
from layers.shapes import Floats, Ints
from layers.streets import Streets

NARROW = 1.0  # metres; no street counts as narrower
MOST_PAIRS = 2_000_000  # buildings times shelters that are solved at once


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """Who goes where.

    Attributes
    ----------
    origin, goal : (k,) int64
        Building and shelter of each group, positions in what was given.
    people : (k,) int64
        How many; never more than live there, never more than the shelters hold.
    seconds : (k,) float64
        On the way.
    left : (n,) int64
        People of every building that find no room or no way.
    """

    origin: Ints
    goal: Ints
    people: Ints
    seconds: Floats
    left: Ints

    @property
    def clearance(self) -> float:
        """Seconds until the last one is there; infinite where somebody has no place."""
        if self.left.any():
            return np.inf
        return float(self.seconds.max()) if len(self.seconds) else 0.0


def assign(people: ArrayLike, capacity: ArrayLike, seconds: ArrayLike) -> Assignment:
    """Send people to shelters: as many as possible, the last one as soon as possible.

    Parameters
    ----------
    people : (n,) array_like of int
        In each building.
    capacity : (s,) array_like of int
        Of each shelter.
    seconds : (n, s) array_like of float
        On the way; infinite for none.

    Raises
    ------
    CityError
        ``evacuation.too_many`` beyond 2,000,000 pairs.

    Notes
    -----
    First the greatest number that finds room (maximum flow), then the least time within which as
    many can (the same flow with only the ways that are short enough, by halving), then of all
    such answers the one with the least time altogether (a transport problem, linear program; its
    corners are whole people). More shelters or more room never leave more people without a place
    and, where all have one, never take longer.
    """
    supply = np.asarray(people, dtype=np.int64)
    room = np.minimum(np.asarray(capacity, dtype=np.int64), max(int(supply.sum()), 0))
    times = np.asarray(seconds, dtype=np.float64).reshape(len(supply), len(room))
    if times.size > MOST_PAIRS:
        raise CityError(
            "evacuation.too_many",
            f"{len(supply)} buildings and {len(room)} shelters are too many at once.",
            hint="draw the area that is evacuated",
            buildings=len(supply),
            shelters=len(room),
        )
    pairs = np.isfinite(times) & (supply > 0)[:, None] & (room > 0)[None, :]
    most = _flow(supply, room, pairs)
    if not most:
        none = np.zeros(0, dtype=np.int64)
        return Assignment(none, none, none, np.zeros(0), supply.copy())
    limits = np.unique(times[pairs])
    low, high = 0, len(limits) - 1
    while low < high:
        middle = (low + high) // 2
        if _flow(supply, room, pairs & (times <= limits[middle])) == most:
            high = middle
        else:
            low = middle + 1
    rows, columns = np.nonzero(pairs & (times <= limits[low]))
    sent = _cheapest(supply, room, rows, columns, times[rows, columns], most)
    kept = np.flatnonzero(sent)
    gone = np.bincount(rows[kept], sent[kept], minlength=len(supply)).astype(np.int64)
    return Assignment(
        rows[kept], columns[kept], sent[kept], times[rows[kept], columns[kept]], supply - gone
    )  # fmt: skip


def _flow(supply: Ints, room: Ints, pairs: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> int:
    """Give how many find room through some pairs."""
    rows, columns = np.nonzero(pairs)
    n, s = len(supply), len(room)
    tails = np.concatenate([np.full(n, n + s), rows, n + np.arange(s)])
    heads = np.concatenate([np.arange(n), n + columns, np.full(s, n + s + 1)])
    wide = np.concatenate([supply, np.minimum(supply[rows], room[columns]), room])
    good = wide > 0
    graph = csr_array(
        (wide[good].astype(np.int32), (tails[good], heads[good])), shape=(n + s + 2, n + s + 2)
    )
    return int(maximum_flow(graph, n + s, n + s + 1).flow_value)


def _cheapest(
    supply: Ints, room: Ints, rows: Ints, columns: Ints, times: Floats, most: int
) -> Ints:
    """Send so many people with the least time altogether, (k,) whole people for each pair."""
    count, n, s = len(rows), len(supply), len(room)
    at = np.arange(count)
    ones = np.ones(count)
    # Any: the stubs of linprog know no sparse matrices, which it takes.
    limits: Any = coo_array(
        (np.tile(ones, 2), (np.concatenate([rows, n + columns]), np.tile(at, 2))),
        shape=(n + s, count),
    ).tocsr()
    whole: Any = coo_array((ones, (np.zeros(count, dtype=np.int64), at)), shape=(1, count)).tocsr()
    found: Any = linprog(
        times, A_ub=limits, b_ub=np.concatenate([supply, room]), A_eq=whole,
        b_eq=np.array([most]), bounds=(0, None), method="highs-ds",
    )  # fmt: skip
    if found.status != 0:
        raise CityError(
            "evacuation.unsolved",
            f"Nobody could be sent: {found.message}",
            hint="draw a smaller area",
            reason=str(found.message),
        )
    return np.asarray(np.round(found.x), dtype=np.int64)


def curve(found: Assignment, spread: float, marks: ArrayLike) -> Floats:
    """Give how many people are there at some seconds, (m,).

    Parameters
    ----------
    found : Assignment
        Who goes where.
    spread : float
        Seconds within which they set out, evenly.
    marks : (m,) array_like
        Seconds.
    """
    times = np.asarray(marks, dtype=np.float64)
    past = times[:, None] - found.seconds[None, :]
    share = np.clip(past / spread, 0.0, 1.0) if spread > 0.0 else (past >= -1e-9) * 1.0
    return np.asarray(share @ found.people)


@dataclass(frozen=True, slots=True, eq=False)
class Loads:
    """What passes through k pieces of street.

    Attributes
    ----------
    piece : (k,) int64
        Of the net.
    people : (k,) int64
        That pass it, either way.
    seconds : (k,) float64
        From the first one to the last.
    width : (k,) float64
        Metres, footways included.
    """

    piece: Ints
    people: Ints
    seconds: Floats
    width: Floats

    @property
    def flow(self) -> Floats:
        """People for a metre of width and an hour."""
        return np.asarray(self.people / self.width / np.maximum(self.seconds, 60.0) * 3600.0)


def loads(
    router: Router, roads: list[Features], origins: ArrayLike, goals: ArrayLike, found: Assignment,
    spread: float,
) -> Loads:  # fmt: skip
    """Find which streets all groups walk through.

    Parameters
    ----------
    router : Router
        On foot, with ways the same in both directions.
    roads : list of Features
        Those the net was made of; they tell the widths.
    origins, goals : (n, 2) and (s, 2) array_like
        Buildings and shelters.
    found : Assignment
        Who goes where.
    spread : float
        Seconds within which people set out.
    """
    net = router.net
    people = np.zeros(len(net), dtype=np.int64)
    first, last = np.full(len(net), np.inf), np.full(len(net), -np.inf)
    starts, ends = router.spots(origins), router.spots(goals)
    best = _quickest(router)
    off = starts.away / (router.traveller.off_road_kmh * KMH)
    for goal in np.unique(found.goal).tolist():
        groups = np.flatnonzero(found.goal == goal)
        tree = _tree(router, int(ends.piece[goal]), float(ends.share[goal]))
        waiting: dict[int, list[float]] = {}  # node -> people, first and last setting out
        for group in groups.tolist():
            origin = int(found.origin[group])
            piece, share = int(starts.piece[origin]), float(starts.share[origin])
            count = int(found.people[group])
            _pass(people, first, last, piece, count, off[origin], off[origin])
            takes = router.forward[piece]
            if piece == ends.piece[goal]:
                continue
            by_start = share * takes + tree[0][net.start[piece]]
            by_end = (1.0 - share) * takes + tree[0][net.end[piece]]
            node = int(net.start[piece] if by_start <= by_end else net.end[piece])
            comes = off[origin] + takes * (share if by_start <= by_end else 1.0 - share)
            _join(waiting, node, count, comes, comes)
        for node in sorted(_above(waiting, tree[1]), key=lambda n: -tree[0][n]):
            told, early, late = waiting[node]
            count = int(told)
            before = int(tree[1][node])
            if before < 0 or before >= len(net.nodes):  # here it turns into the shelter's piece
                _pass(people, first, last, int(ends.piece[goal]), count, early, late)
                continue
            piece = best[min(node, before), max(node, before)]
            _pass(people, first, last, piece, count, early, late)
            takes = tree[0][node] - tree[0][before]
            _join(waiting, before, count, early + takes, late + takes)
    used = np.flatnonzero(people)
    width = _widths(net, roads)[used]
    return Loads(used, people[used], last[used] - first[used] + spread, width)


def _tree(router: Router, piece: int, share: float) -> tuple[Floats, Ints]:
    """Give the seconds from every node to a place on a piece, and the next node on the way."""
    net = router.net
    count = len(net.nodes)
    on = np.array([net.start[piece], net.end[piece]])
    takes = router.forward[piece] * np.array([share, 1.0 - share])
    cost = np.concatenate([router.forward, router.forward, takes])
    tails = np.concatenate([net.start, net.end, [count, count]])
    heads = np.concatenate([net.end, net.start, on])
    good = np.isfinite(cost)
    tails, heads, cost = tails[good], heads[good], np.maximum(cost[good], 1e-9)
    order = np.lexsort((cost, heads, tails))
    tails, heads, cost = tails[order], heads[order], cost[order]
    new = np.ones(len(tails), dtype=bool)
    new[1:] = (tails[1:] != tails[:-1]) | (heads[1:] != heads[:-1])
    graph = csr_array((cost[new], (tails[new], heads[new])), shape=(count + 1, count + 1))
    seconds, before = dijkstra(graph, indices=np.array([count]), return_predecessors=True)
    return seconds[0], before[0].astype(np.int64)


def _quickest(router: Router) -> dict[tuple[int, int], int]:
    """Give the quickest piece between two nodes."""
    net = router.net
    out: dict[tuple[int, int], int] = {}
    for piece in np.argsort(-router.forward, kind="stable").tolist():
        a, b = int(net.start[piece]), int(net.end[piece])
        out[min(a, b), max(a, b)] = piece
    return out


def _above(waiting: dict[int, list[float]], before: Ints) -> set[int]:
    """Give all nodes on the ways of those who wait, and make them known."""
    found: set[int] = set()
    for start in list(waiting):
        node = start
        while node not in found:
            found.add(node)
            waiting.setdefault(node, [0.0, np.inf, -np.inf])
            step = int(before[node])
            if step < 0 or step >= len(before) - 1:
                break
            node = step
    return found


def _join(
    waiting: dict[int, list[float]], node: int, count: float, early: float, late: float
) -> None:
    here = waiting.setdefault(node, [0.0, np.inf, -np.inf])
    here[0], here[1], here[2] = here[0] + count, min(here[1], early), max(here[2], late)


def _pass(
    people: Ints, first: Floats, last: Floats, piece: int, count: int, early: float, late: float
) -> None:
    people[piece] += count
    first[piece], last[piece] = min(first[piece], early), max(last[piece], late)


def _widths(net: StreetNet, roads: list[Features]) -> Floats:
    """Give the width of every piece with its footways, (e,) metres."""
    out = np.full(len(net), np.nan)
    for number, features in enumerate(roads):
        said = Streets.of(features)
        by_row = np.full(len(features), np.nan)
        by_row[said.row] = said.width + 2.0 * said.sidewalk
        mine = net.layer == number
        out[mine] = by_row[net.row[mine]]
    return np.asarray(np.maximum(np.nan_to_num(out, nan=NARROW), NARROW))

"""The quickest ways through a net of streets, by scipy's Dijkstra."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import ArrayLike
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from layers.errors import CityError
from layers.routing.limits import KMH, WALK_KMH
from layers.routing.streets_net import SNAP, StreetNet
from layers.shapes import Bools, Floats, Ints
from layers.streets import NAMES

WALKED = ("path", "cycleway")
FARTHEST = 1_000.0  # metres from a place to the nearest street that is believed
NONE = -9999  # scipy's word for no predecessor


@dataclass(frozen=True, slots=True)
class Traveller:
    """Who is on the way.

    Attributes
    ----------
    mode : str
        ``drive`` keeps to streets and to their one way, ``foot`` walks everywhere but on
        motorways.
    speed_kmh : float
        No quicker than this; 0 for what the street allows. On foot 0 means 5.
    factor : float
        Times the usual speed, such as 1.2 with blue lights.
    width_m, height_m, weight_t : float
        Streets that are narrower, lower or weaker are left out; 0 for none.
    against : bool
        Whether one-way streets may be driven both ways.
    junction_s : float
        Seconds lost at every junction of three streets or more.
    private : bool
        Whether streets that are shut to the public may be used.
    off_road_kmh : float
        Speed from a place to the street and back.
    """

    mode: str = "drive"
    speed_kmh: float = 0.0
    factor: float = 1.0
    width_m: float = 0.0
    height_m: float = 0.0
    weight_t: float = 0.0
    against: bool = False
    junction_s: float = 0.0
    private: bool = True
    off_road_kmh: float = WALK_KMH


@dataclass(frozen=True, slots=True, eq=False)
class Spots:
    """Places on the streets.

    Attributes
    ----------
    piece : (k,) int64
        The piece of street each lies on, -1 where none is near.
    share : (k,) float64
        How far along it, 0 to 1.
    away : (k,) float64
        Metres from the place to it.
    coords : (k, 2) float64
        Where on it.
    """

    piece: Ints
    share: Floats
    away: Floats
    coords: Floats

    def __len__(self) -> int:
        return len(self.piece)


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """One way.

    Attributes
    ----------
    coords : (k, 2) float64
        From place to place, project coordinates.
    seconds, metres : float
        How long it takes and is, from place to place.
    pieces : (j,) int64
        Pieces of the net it goes along.
    """

    coords: Floats
    seconds: float
    metres: float
    pieces: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Router:
    """A net for one traveller, ready to be asked.

    Attributes
    ----------
    net : StreetNet
        The streets.
    traveller : Traveller
        Who.
    forward, backward : (e,) float64
        Seconds along each piece from its start and from its end; infinite where that is shut.
    """

    net: StreetNet
    traveller: Traveller
    forward: Floats
    backward: Floats
    _open: Ints = field(repr=False)
    _tree: shapely.STRtree = field(repr=False)

    @classmethod
    def of(
        cls, net: StreetNet, traveller: Traveller | None = None, closed: ArrayLike | None = None
    ) -> Router:
        """Make a net ready for a traveller.

        Parameters
        ----------
        net : StreetNet
            The streets.
        traveller : Traveller or None
            None drives a car.
        closed : (j,) array_like of int or None
            Pieces that are shut (`pieces_in`).
        """
        traveller = traveller or Traveller()
        seconds = net.length / _speeds(net, traveller)
        shut = _shut(net, traveller)
        if closed is not None:
            shut[np.asarray(closed, dtype=np.int64)] = True
        seconds = np.where(shut, np.inf, seconds)
        forward, backward = seconds.copy(), seconds.copy()
        if traveller.mode == "drive" and not traveller.against:
            forward[net.oneway < 0] = np.inf
            backward[net.oneway > 0] = np.inf
        if traveller.junction_s > 0.0:
            streets = np.bincount(np.concatenate([net.start, net.end]), minlength=len(net.nodes))
            forward += traveller.junction_s * (streets[net.end] > 2)
            backward += traveller.junction_s * (streets[net.start] > 2)
        usable = np.flatnonzero(np.isfinite(forward) | np.isfinite(backward))
        return cls(net, traveller, forward, backward, usable, shapely.STRtree(net.lines(usable)))

    def spots(self, places: ArrayLike, farthest: float = FARTHEST) -> Spots:
        """Find the nearest open street of each of some places, (k, 2)."""
        xy = np.asarray(places, dtype=np.float64).reshape(-1, 2)
        piece = np.full(len(xy), -1, dtype=np.int64)
        share, away = np.zeros(len(xy)), np.full(len(xy), np.inf)
        coords = xy.copy()
        if len(xy) and len(self._open):
            points = shapely.points(xy)
            which, found = self._tree.query_nearest(
                points, max_distance=farthest, all_matches=False
            )
            lines = self.net.lines(self._open[found])
            at = shapely.line_locate_point(lines, shapely.points(xy[which]))
            piece[which] = self._open[found]
            share[which] = at / shapely.length(lines)
            coords[which] = shapely.get_coordinates(shapely.line_interpolate_point(lines, at))
            apart = coords[which] - xy[which]
            away[which] = np.hypot(apart[:, 0], apart[:, 1])
        return Spots(piece, np.clip(share, 0.0, 1.0), away, coords)

    def seconds_from(self, origins: ArrayLike, *, limit: float = np.inf) -> Floats:
        """Give the seconds from any of some places to every node, (m,)."""
        spots = self.spots(origins)
        graph, sources, _ = self._with(spots, None)
        if not len(sources):
            return np.full(len(self.net.nodes), np.inf)
        found = dijkstra(graph, indices=sources, min_only=True, limit=limit)
        return np.asarray(found[: len(self.net.nodes)])

    def seconds_to(self, goals: ArrayLike, *, limit: float = np.inf) -> Floats:
        """Give the seconds from every node to the nearest of some places, (m,)."""
        return self.turned().seconds_from(goals, limit=limit)

    def turned(self) -> Router:
        """Give the net with every direction the other way round."""
        return Router(
            self.net, self.traveller, self.backward, self.forward, self._open, self._tree
        )  # fmt: skip

    def matrix(self, origins: ArrayLike, goals: ArrayLike) -> Floats:
        """Give the seconds from each origin to each goal, (o, g); infinite for no way."""
        from_spots, to_spots = self.spots(origins), self.spots(goals)
        graph, sources, targets = self._with(from_spots, to_spots)
        out = np.full((len(from_spots), len(to_spots)), np.inf)
        if len(sources) and len(targets):
            rows, columns = from_spots.piece >= 0, to_spots.piece >= 0
            found = dijkstra(graph, indices=sources)[:, targets]
            out[np.ix_(rows, columns)] = found
        return out

    def way(self, origin: ArrayLike, goal: ArrayLike) -> Way | None:
        """Give the quickest way from place to place; None where there is none."""
        from_spot, to_spot = self.spots(origin), self.spots(goal)
        graph, sources, targets = self._with(from_spot, to_spot)
        if not len(sources) or not len(targets):
            return None
        found, before = dijkstra(graph, indices=sources[0], return_predecessors=True)
        if not np.isfinite(found[targets[0]]):
            return None
        chain = [int(targets[0])]
        while chain[-1] != sources[0]:
            previous = int(before[chain[-1]])
            if previous == NONE:
                return None
            chain.append(previous)
        chain.reverse()
        return self._drawn(origin, goal, from_spot, to_spot, chain, float(found[targets[0]]))

    def nearest(self, place: ArrayLike, goals: ArrayLike, count: int) -> list[tuple[int, float]]:
        """Give the `count` of some places that reach a place soonest: number and seconds."""
        seconds = self.matrix(goals, place)[:, 0]
        order = np.argsort(seconds, kind="stable")[:count]
        return [(int(i), float(seconds[i])) for i in order if np.isfinite(seconds[i])]

    # --- the graph --------------------------------------------------------------------------

    def _with(self, origins: Spots, goals: Spots | None) -> tuple[csr_array, Ints, Ints]:
        """Give the graph with nodes more for places, and the numbers of these nodes."""
        net = self.net
        base = len(net.nodes)
        tails, heads = [net.start, net.end], [net.end, net.start]
        costs = [self.forward, self.backward]
        on_from = np.flatnonzero(origins.piece >= 0)
        sources = base + np.arange(len(on_from))
        pieces, share = origins.piece[on_from], origins.share[on_from]
        off = origins.away[on_from] / (self.traveller.off_road_kmh * KMH)
        tails += [sources, sources]
        heads += [net.end[pieces], net.start[pieces]]
        costs += [
            off + _part(self.forward[pieces], 1.0 - share, net.length[pieces]),
            off + _part(self.backward[pieces], share, net.length[pieces]),
        ]
        targets: Ints = np.zeros(0, dtype=np.int64)
        if goals is not None:
            on_to = np.flatnonzero(goals.piece >= 0)
            targets = base + len(sources) + np.arange(len(on_to))
            own, there = goals.piece[on_to], goals.share[on_to]
            off_to = goals.away[on_to] / (self.traveller.off_road_kmh * KMH)
            tails += [net.start[own], net.end[own]]
            heads += [targets, targets]
            costs += [
                off_to + _part(self.forward[own], there, net.length[own]),
                off_to + _part(self.backward[own], 1.0 - there, net.length[own]),
            ]
            same, straight = _same_piece(pieces, own)
            if len(same):
                more = share[same] - there[straight]
                here = pieces[same]
                way = np.where(
                    more <= 0.0,
                    _part(self.forward[here], -more, net.length[here]),
                    _part(self.backward[here], more, net.length[here]),
                )
                tails.append(sources[same])
                heads.append(targets[straight])
                costs.append(off[same] + off_to[straight] + way)
        graph = _graph(
            np.concatenate(tails), np.concatenate(heads), np.concatenate(costs),
            base + len(sources) + len(targets),
        )  # fmt: skip
        return graph, sources, targets

    def _drawn(
        self, origin: ArrayLike, goal: ArrayLike, from_spot: Spots, to_spot: Spots,
        chain: list[int], seconds: float,
    ) -> Way:  # fmt: skip
        """Draw a way through a chain of nodes."""
        net = self.net
        parts = [np.asarray(origin, dtype=np.float64).reshape(1, 2)]
        pieces: list[int] = []
        inner = chain[1:-1]
        first, last = int(from_spot.piece[0]), int(to_spot.piece[0])
        begin, end = float(from_spot.share[0]), float(to_spot.share[0])
        if not inner:
            parts.append(_stretch(net.piece(first), begin, end))
            pieces.append(first)
        else:
            leaves = 1.0 if self._leaves_at_end(first, begin, inner[0]) else 0.0
            parts.append(_stretch(net.piece(first), begin, leaves))
            pieces.append(first)
            for tail, head in pairwise(inner):
                number, along = self._between(tail, head)
                corners = net.piece(number)
                parts.append(corners if along else corners[::-1])
                pieces.append(number)
            comes = 0.0 if self._comes_at_start(last, end, inner[-1]) else 1.0
            parts.append(_stretch(net.piece(last), comes, end))
            pieces.append(last)
        parts.append(np.asarray(goal, dtype=np.float64).reshape(1, 2))
        coords = np.concatenate(parts)
        keep = np.ones(len(coords), dtype=bool)
        keep[1:] = np.abs(np.diff(coords, axis=0)).max(axis=1) > 1e-6
        coords = coords[keep]
        if len(coords) == 1:
            coords = np.repeat(coords, 2, axis=0)
        steps = np.diff(coords, axis=0)
        metres = float(np.hypot(steps[:, 0], steps[:, 1]).sum())
        return Way(coords, seconds, metres, np.array(pieces, dtype=np.int64))

    def _leaves_at_end(self, piece: int, share: float, node: int) -> bool:
        """Say whether one leaves a piece at its end to come to a node soonest."""
        return self._along(piece, 1.0 - share, share, self.net.end[piece] == node)

    def _comes_at_start(self, piece: int, share: float, node: int) -> bool:
        """Say whether one comes onto a piece at its start from a node soonest."""
        return self._along(piece, share, 1.0 - share, self.net.start[piece] == node)

    def _along(self, piece: int, ahead: float, back: float, there: bool) -> bool:
        """Say whether a piece is gone along its line, a share `ahead`, rather than `back`."""
        shares, lengths = np.array([ahead, back]), np.full(2, self.net.length[piece])
        takes = np.array([self.forward[piece], self.backward[piece]])
        onward, other = _part(takes, shares, lengths)
        loop = self.net.start[piece] == self.net.end[piece]
        return bool(there) and (not loop or bool(onward <= other))

    def _between(self, tail: int, head: int) -> tuple[int, bool]:
        """Give the quickest piece from node to node, and whether it is gone along its line."""
        net = self.net
        ahead = np.flatnonzero((net.start == tail) & (net.end == head))
        back = np.flatnonzero((net.end == tail) & (net.start == head))
        options = [(float(self.forward[i]), int(i), True) for i in ahead]
        options += [(float(self.backward[i]), int(i), False) for i in back]
        _, number, along = min(options)
        return number, along


def pieces_in(net: StreetNet, area: ArrayLike) -> Ints:
    """List the pieces of street that a closed ring or a line touches, (j,).

    Parameters
    ----------
    net : StreetNet
        The streets.
    area : (k, 2) array_like
        Corners of a ring (three or more, the last one not repeated), or two of a line.

    Raises
    ------
    CityError
        ``routing.area`` for fewer than two corners.
    """
    xy = np.asarray(area, dtype=np.float64).reshape(-1, 2)
    if len(xy) < 2:
        raise CityError(
            "routing.area",
            "What closes streets needs two corners at least.",
            hint="draw a line across the street, or a ring around it",
        )
    shape = shapely.LineString(xy) if len(xy) == 2 else shapely.Polygon(xy)
    shapely.prepare(shape)
    return np.flatnonzero(shapely.intersects(shape, net.lines()))


def _speeds(net: StreetNet, traveller: Traveller) -> Floats:
    """Give the speed on every piece, (e,) metres a second."""
    if traveller.mode == "foot":
        speed = np.full(len(net), (traveller.speed_kmh or WALK_KMH) * KMH)
        return speed * traveller.factor
    speed = net.limits.speed * traveller.factor
    if traveller.speed_kmh > 0.0:
        speed = np.minimum(speed, traveller.speed_kmh * KMH)
    return np.asarray(speed)


def _shut(net: StreetNet, traveller: Traveller) -> Bools:
    names = np.array(NAMES)[net.kind]
    if traveller.mode == "foot":
        return np.asarray(names == "motorway")
    limits = net.limits
    shut = np.isin(names, WALKED)
    shut |= limits.width < traveller.width_m
    shut |= limits.height < traveller.height_m
    shut |= limits.weight < traveller.weight_t
    if not traveller.private:
        shut |= limits.shut
    return np.asarray(shut)


def _part(seconds: Floats, share: Floats, length: Floats) -> Floats:
    """Give a share of some seconds; what is shut takes forever, and no way takes no time."""
    known = np.isfinite(seconds)
    part = np.where(known, np.where(known, seconds, 0.0) * share, np.inf)
    return np.where(np.abs(share) * length <= SNAP, 0.0, part)


def _same_piece(one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """List the pairs of places that lie on the same piece."""
    order = np.argsort(other, kind="stable")
    low = np.searchsorted(other[order], one, side="left")
    high = np.searchsorted(other[order], one, side="right")
    first = np.repeat(np.arange(len(one)), high - low)
    inside = np.arange(len(first)) - np.repeat(np.cumsum(high - low) - (high - low), high - low)
    return first, order[np.repeat(low, high - low) + inside]


def _graph(tails: Ints, heads: Ints, costs: Floats, count: int) -> csr_array:
    """Make the graph; of several pieces from node to node the quickest counts."""
    good = np.isfinite(costs)
    tails, heads, costs = tails[good], heads[good], np.maximum(costs[good], 1e-9)
    order = np.lexsort((costs, heads, tails))
    tails, heads, costs = tails[order], heads[order], costs[order]
    first = np.ones(len(tails), dtype=bool)
    first[1:] = (tails[1:] != tails[:-1]) | (heads[1:] != heads[:-1])
    return csr_array((costs[first], (tails[first], heads[first])), shape=(count, count))


def _stretch(corners: Floats, begin: float, end: float) -> Floats:
    """Give the part of a line between two shares of its length, in that direction."""
    if begin > end:
        return _stretch(corners, end, begin)[::-1]
    steps = np.diff(corners, axis=0)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(steps[:, 0], steps[:, 1]))])
    low, high = begin * along[-1], end * along[-1]
    inner = (along > low) & (along < high)
    ends = np.column_stack([np.interp([low, high], along, corners[:, i]) for i in (0, 1)])
    return np.concatenate([ends[:1], corners[inner], ends[1:]])

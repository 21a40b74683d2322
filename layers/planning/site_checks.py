"""Checks of a site: street walls, distances between buildings, slopes, ways on foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
import shapely.ops

from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.planning.obstacles import Body
from layers.project import Project
from layers.routing.limits import KMH
from layers.routing.ways import Router
from layers.shapes import Floats, Ints

TOUCHING = 0.05  # metres up to which two buildings count as built together


@dataclass(frozen=True, slots=True, eq=False)
class Stock:
    """The drawn bodies of buildings of several layers.

    Attributes
    ----------
    shapes : (n,) object
        Ground plans, shapely polygons.
    body : list of (layer id, number)
        Whose each is; a part gives its whole.
    high, low : (n,) float64
        Top and underside above the ground, metres.
    """

    shapes: np.ndarray[tuple[int], np.dtype[np.object_]]
    body: list[Body]
    high: Floats
    low: Floats


def stock_of(layers: Sequence[Layer]) -> Stock:
    """Gather the drawn bodies of layers of buildings."""
    shapes, body, high, low = [], [], [], []
    for layer in layers:
        data = layer.data
        if not isinstance(data, Buildings):
            continue
        rows = np.flatnonzero(data.drawn)
        shapes.append(shapely.make_valid(shapely.force_2d(data.shapes.take(rows).to_shapely())))
        whole = np.where(data.part_of > 0, data.part_of, data.ids)[rows]
        body += [(layer.id, int(number)) for number in whole]
        high.append(data.height[rows])
        low.append(data.min_height[rows])
    empty = np.empty(0, dtype=object)
    return Stock(
        np.concatenate(shapes) if shapes else empty, body,
        np.concatenate(high) if high else np.empty(0), np.concatenate(low) if low else np.empty(0),
    )  # fmt: skip


def street_wall(
    lines: Sequence[shapely.LineString], stock: Stock, tolerance: float, *, step: float = 0.25
) -> tuple[Floats, list[list[shapely.Geometry]]]:
    """Measure how much of lines buildings stand along.

    Parameters
    ----------
    lines : sequence of shapely line
        Lines that facades shall stand on.
    stock : Stock
        Buildings; what begins above 3 m does not count.
    tolerance : float
        Metres to both sides of the line within which a facade counts.
    step : float
        Metres from one look at the line to the next.

    Returns
    -------
    (n,) float64, list
        Metres of each line that are built along; the stretches.
    """
    down = stock.low < 3.0
    tree = shapely.STRtree(stock.shapes[down])
    built = np.zeros(len(lines))
    stretches: list[list[shapely.Geometry]] = []
    for number, line in enumerate(lines):
        length = shapely.length(line)
        count = max(round(length / step), 1)
        at = (np.arange(count) + 0.5) * length / count
        spots = shapely.get_coordinates(shapely.line_interpolate_point(line, at))
        ahead = shapely.get_coordinates(
            shapely.line_interpolate_point(line, np.minimum(at + 0.01, length))
        )
        back = shapely.get_coordinates(
            shapely.line_interpolate_point(line, np.maximum(at - 0.01, 0.0))
        )
        way = ahead - back
        way /= np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-12)[:, None]
        side = np.column_stack([-way[:, 1], way[:, 0]]) * tolerance
        across = np.asarray(shapely.linestrings(np.stack([spots - side, spots + side], axis=1)))
        hit = np.zeros(count, dtype=bool)
        hit[np.unique(tree.query(across, predicate="intersects")[0])] = True
        built[number] = hit.mean() * length
        edges = np.flatnonzero(np.diff(np.concatenate([[False], hit, [False]]).astype(np.int8)))
        cell = length / count
        stretches.append([
            shapely.ops.substring(line, a * cell, b * cell) for a, b in edges.reshape(-1, 2)
        ])  # fmt: skip
    return built, stretches


@dataclass(frozen=True, slots=True, eq=False)
class Gap:
    """Two buildings near each other.

    Attributes
    ----------
    first, second : (layer id, number)
        Which; the first one is the higher one.
    high, low : float
        Their heights, metres.
    metres : float
        Distance in plan.
    line : (2, 2) float64
        Where they are nearest.
    """

    first: Body
    second: Body
    high: float
    low: float
    metres: float
    line: Floats


def gaps(stock: Stock, farthest: float) -> tuple[list[Gap], int]:
    """Find the pairs of buildings nearer to each other than so many metres.

    Returns
    -------
    list of Gap, int
        The nearest place of each pair, nearest first; how many pairs are built together.
    """
    tree = shapely.STRtree(stock.shapes)
    a, b = tree.query(stock.shapes, predicate="dwithin", distance=farthest)
    keep = a < b
    a, b = a[keep], b[keep]
    metres = shapely.distance(stock.shapes[a], stock.shapes[b])
    best: dict[tuple[Body, Body], tuple[float, int]] = {}
    for i in range(len(a)):
        one, other = stock.body[a[i]], stock.body[b[i]]
        if one == other:
            continue
        pair = (one, other) if one <= other else (other, one)
        if pair not in best or metres[i] < best[pair][0]:
            best[pair] = (float(metres[i]), i)
    height: dict[Body, float] = {}
    for body, top in zip(stock.body, stock.high.tolist(), strict=True):
        height[body] = max(height.get(body, 0.0), top)
    out, joined = [], 0
    for (one, other), (away, i) in best.items():
        if away <= TOUCHING:
            joined += 1
            continue
        first, second = (one, other) if height[one] >= height[other] else (other, one)
        line = shapely.get_coordinates(
            shapely.shortest_line(stock.shapes[a[i]], stock.shapes[b[i]])
        )
        out.append(Gap(first, second, height[first], height[second], away, line))
    return sorted(out, key=lambda gap: gap.metres), joined


def slopes(project: Project, places: Floats, step: float) -> tuple[Floats, Floats]:
    """Give slope (rise over run) and aspect (degrees from grid north, downhill) of the ground.

    Parameters
    ----------
    project : Project
        Gives the ground.
    places : (n, 2) or (n, 3) float64
        Metres.
    step : float
        Metres to each side over which the slope is taken.
    """
    xy = places[:, :2]
    across, along = np.array([step, 0.0]), np.array([0.0, step])
    east = project.ground_at(xy + across) - project.ground_at(xy - across)
    north = project.ground_at(xy + along) - project.ground_at(xy - along)
    east, north = east / (2.0 * step), north / (2.0 * step)
    slope = np.hypot(east, north)
    aspect = np.degrees(np.arctan2(-east, -north)) % 360.0
    return slope, np.where(slope > 1e-6, aspect, np.nan)


def metres_to(router: Router, goals: Floats, places: Floats) -> Floats:
    """Give the way on foot from places to the nearest goal, (n,) metres; infinite for none.

    Parameters
    ----------
    router : Router
        Streets for somebody on foot.
    goals, places : (g, 2), (n, 2) float64
        Metres.
    """
    pace = router.traveller.off_road_kmh * KMH
    at_node = router.seconds_to(goals)
    here, there = router.spots(places), router.spots(goals)
    on = here.piece >= 0
    piece, share = here.piece[on], here.share[on]
    net = router.net
    back = at_node[net.start[piece]] + share * router.backward[piece]
    ahead = at_node[net.end[piece]] + (1.0 - share) * router.forward[piece]
    best = np.minimum(back, ahead)
    order: Ints = np.argsort(there.piece, kind="stable")
    low = np.searchsorted(there.piece[order], piece, side="left")
    high = np.searchsorted(there.piece[order], piece, side="right")
    for i in np.flatnonzero(high > low):  # a goal on the same piece of street
        for goal in order[low[i] : high[i]]:
            along = abs(there.share[goal] - share[i]) * router.forward[piece[i]]
            best[i] = min(best[i], along + there.away[goal] / pace)
    out = np.full(len(places), np.inf)
    out[on] = (best + here.away[on] / pace) * pace
    return out

"""How high bridges, viaducts and ramps lie: deck profiles from levels, water and what they cross.

Decks that meet are one graph of stations. Where a deck meets a street on the ground it has the
ground's height; over water and over what it crosses it must be high enough; from there it sinks
no steeper than a street may. A deck never follows the bed of a river.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array, diags_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.sparse.linalg import spsolve

from layers.shapes import Floats, Ints
from layers.street_areas import GRID
from layers.streets import ON_RAMP, ON_VIADUCT, Streets

Geometries = NDArray[np.object_]
STEP = 8.0  # metres between stations
LEVEL_HEIGHT = 6.5  # metres from one level to the next
CLEARANCE = 5.0  # metres kept free over water
THICKNESS = 1.2  # metres of a deck
GRADE, RAIL_GRADE = 0.05, 0.025
STEEPEST = 0.14  # of a ramp that is too short for its level
ROUNDS = 30  # of smoothing


@dataclass(frozen=True, slots=True, eq=False)
class Decks:
    """Stations along raised lines.

    Attributes
    ----------
    line : (m,) int64
        Position of the line, among those given, that each station lies on.
    start : (k + 1,) int64
        Where each raised line starts among the stations.
    of : (k,) int64
        Position of each raised line among those given.
    place : (m, 2) float64
        Metres.
    along : (m,) float64
        Metres from the start of the line.
    height : (m,) float64
        Top of the deck, metres above datum.
    """

    line: Ints
    start: Ints
    of: Ints
    place: Floats
    along: Floats
    height: Floats

    def __len__(self) -> int:
        return len(self.of)

    def height_along(self, number: int, metres: Floats) -> Floats:
        """Give the height at distances along the raised line of a number, metres above datum."""
        part = slice(int(self.start[number]), int(self.start[number + 1]))
        return np.interp(metres, self.along[part], self.height[part])


def decks_of(
    lines: Geometries,
    streets: Streets,
    ground: Callable[[Floats], Floats],
    *,
    water: Geometries | None = None,
    water_level: Floats | None = None,
    grade: float = GRADE,
) -> Decks:
    """Give the heights of all raised lines.

    Parameters
    ----------
    lines : (n,) linestrings
        Centre lines, those on the ground among them: they say where decks come down.
    streets : Streets
        The same lines.
    ground : callable
        Height of the ground at (m, 2) places, metres above datum.
    water : (w,) polygons or None
        Water with levels, metres above datum.
    water_level : (w,) float64 or None
        Its levels.
    grade : float
        Steepest slope, metres per metre; short ramps are steeper.
    """
    raised = np.flatnonzero(streets.raised)
    if not len(raised):
        none = np.empty(0, dtype=np.int64)
        nothing = np.empty(0)
        return Decks(none, np.zeros(1, np.int64), none, np.empty((0, 2)), nothing, nothing)
    line, start, place, along = _stations(lines, raised)
    bed = ground(place)
    node = _nodes(place, start)
    weight, edges = _edges(node, start, along, lines, streets, raised, grade)
    down = _touchdowns(lines, streets, raised, place, start, node)
    count = int(node.max()) + 1
    low = np.full(count, np.inf)
    np.minimum.at(low, node, bed)  # stations of one node stand at one place
    need = _needed(lines, streets, line, place, bed, water, water_level)
    wanted = np.full(count, -np.inf)
    np.maximum.at(wanted, node, need)
    on_piers = np.zeros(count, dtype=bool)
    on_piers[node[streets.structure[line] == ON_VIADUCT]] = True
    height = _profile(count, edges, weight, low, wanted, down, on_piers)
    return Decks(line, start, raised, place, along, height[node])


def _stations(lines: Geometries, raised: Ints) -> tuple[Ints, Ints, Floats, Floats]:
    """Give line, run starts, place and distance along of stations every few metres."""
    length = shapely.length(lines[raised])
    counts = np.maximum(np.ceil(length / STEP).astype(np.int64), 1) + 1
    start = np.concatenate([[0], np.cumsum(counts)])
    step = np.arange(start[-1]) - np.repeat(start[:-1], counts)
    along = step * np.repeat(length / (counts - 1), counts)
    points = shapely.line_interpolate_point(np.repeat(lines[raised], counts), along)
    return np.repeat(raised, counts), start, shapely.get_coordinates(points), along


def _nodes(place: Floats, start: Ints) -> Ints:
    """Number stations; ends of lines that meet share a number."""
    ends = np.concatenate([start[:-1], start[1:] - 1])
    keys = np.rint(place[ends] / GRID).astype(np.int64)
    _, shared = np.unique(keys, axis=0, return_inverse=True)
    node = np.full(len(place), -1, dtype=np.int64)
    node[ends] = shared.reshape(-1)
    inner = node < 0
    node[inner] = shared.max() + 1 + np.arange(int(inner.sum()))
    return node


def _edges(
    node: Ints, start: Ints, along: Floats, lines: Geometries, streets: Streets, raised: Ints,
    grade: float,
) -> tuple[Floats, Ints]:  # fmt: skip
    """Give how many metres each stretch may rise, and the nodes it joins."""
    last = np.zeros(len(node), dtype=bool)
    last[start[1:] - 1] = True
    at = np.flatnonzero(~last)
    length = shapely.length(lines[raised])
    short = LEVEL_HEIGHT * np.abs(streets.level[raised]) * 1.05 / np.maximum(length, 1.0)
    steep = np.where(streets.structure[raised] == ON_RAMP, np.clip(short, grade, STEEPEST), grade)
    slope = np.repeat(steep, np.diff(start))[at]
    return (along[at + 1] - along[at]) * slope + 1e-9, np.stack([node[at], node[at + 1]])


def _touchdowns(
    lines: Geometries, streets: Streets, raised: Ints, place: Floats, start: Ints, node: Ints
) -> Ints:
    """Give the nodes at which decks meet the ground."""
    on_ground = streets.on_ground
    ends = np.concatenate([start[:-1], start[1:] - 1])
    met = np.zeros(len(ends), dtype=bool)
    if on_ground.any():
        tree = shapely.STRtree(lines[on_ground])
        found = tree.query(shapely.points(place[ends]), predicate="dwithin", distance=2.0 * GRID)
        met[found[0]] = True
    # an end on the ground that another deck passes is no touchdown of a viaduct above a street
    degree = np.bincount(node[ends], minlength=int(node.max()) + 1)
    structure = np.tile(streets.structure[raised], 2)
    met &= (degree[node[ends]] == 1) | (structure != ON_VIADUCT)
    loose = (degree[node[ends]] == 1) & (structure != ON_VIADUCT)
    return np.unique(node[ends[met | loose]])


def _needed(
    lines: Geometries, streets: Streets, line: Ints, place: Floats, bed: Floats,
    water: Geometries | None, water_level: Floats | None,
) -> Floats:  # fmt: skip
    """Give the least height of each station, metres above datum; -inf where none is asked for."""
    need = np.full(len(place), -np.inf)
    level = streets.level[line]
    viaduct = streets.structure[line] == ON_VIADUCT
    need[viaduct] = bed[viaduct] + LEVEL_HEIGHT * level[viaduct]
    points = shapely.points(place)
    if water is not None and water_level is not None and len(water):
        at, pool = shapely.STRtree(water).query(points, predicate="intersects")
        np.maximum.at(need, pool * 0 + at, water_level[pool] + CLEARANCE + THICKNESS)
        bed = bed.copy()
        np.maximum.at(bed, at, water_level[pool])
    raised = np.flatnonzero(streets.raised)
    tree = shapely.STRtree(lines)
    over, under = tree.query(lines[raised], predicate="crosses")
    over = raised[over]
    lower = (streets.level[under] < streets.level[over]) & (streets.level[under] >= 0)
    for a, b in zip(over[lower], under[lower], strict=True):
        here = shapely.intersection(lines[a], lines[b])
        near = (line == a) & (shapely.distance(points, here) < STEP)
        need[near] = np.maximum(need[near], bed[near] + LEVEL_HEIGHT * streets.level[a])
    return need


def _profile(
    count: int, edges: Ints, weight: Floats, low: Floats, wanted: Floats, down: Ints,
    on_piers: NDArray[np.bool_],
) -> Floats:  # fmt: skip
    """Solve the heights: chords between what is known, raised where needed, never too steep."""
    graph = _graph(count, edges, weight)
    ground = np.full(count, np.inf)
    ground[down] = low[down]
    ceiling = _spread(graph, ground)  # highest that can be reached from the ends
    known = np.full(count, np.nan)
    known[on_piers] = np.minimum(wanted, ceiling)[on_piers]
    known[down] = low[down]
    chord = _chord(count, edges, weight, low, known, wanted)
    tents = -_spread(graph, -wanted)
    height = np.minimum(np.maximum(chord, tents), ceiling)
    fixed = np.zeros(count, dtype=bool)
    fixed[down] = True
    return _smoothed(height, count, edges, fixed, wanted)


def _graph(count: int, edges: Ints, weight: Floats) -> coo_array:
    both = np.hstack([edges, edges[::-1]])
    return coo_array((np.tile(weight, 2), (both[0], both[1])), shape=(count, count))


def _spread(graph: coo_array, value: Floats) -> Floats:
    """Give the least of ``value[other] + way to it`` for every node."""
    told = np.flatnonzero(np.isfinite(value))
    count = graph.shape[0]
    if not len(told):
        return np.full(count, np.inf)
    lowest = float(value[told].min())
    source = np.full(len(told), count)
    out = coo_array(
        (
            np.concatenate([graph.data, value[told] - lowest + 1e-6]),
            (np.concatenate([graph.row, source]), np.concatenate([graph.col, told])),
        ),
        shape=(count + 1, count + 1),
    )
    return dijkstra(out.tocsr(), indices=count)[:count] + lowest


def _chord(
    count: int, edges: Ints, weight: Floats, low: Floats, value: Floats, wanted: Floats
) -> Floats:
    """Give straight lines between known heights (NaN: unknown) in all that hangs together."""
    _, part = connected_components(_graph(count, edges, weight), directed=False)
    grounded = np.zeros(int(part.max()) + 1, dtype=bool)
    grounded[part[np.isfinite(value)]] = True
    free = ~grounded[part]
    if free.any():  # nothing comes down: lie as asked for, else on the ground
        asked = np.where(np.isfinite(wanted), wanted, low + LEVEL_HEIGHT)
        value[free] = asked[free]
    start = np.where(np.isfinite(value), value, 0.0)
    known = np.isfinite(value)
    if known.all():
        return value
    pull = 1.0 / np.maximum(weight, 1e-6)
    links = _graph(count, edges, pull).tocsr()
    total = np.asarray(links.sum(axis=1)).reshape(-1)
    inner = np.flatnonzero(~known)
    matrix = (diags_array(total) - links).tocsr()
    right = -matrix[inner][:, np.flatnonzero(known)] @ value[known]
    start[inner] = spsolve(matrix[inner][:, inner].tocsc(), right)
    return start


def _smoothed(
    height: Floats, count: int, edges: Ints, fixed: NDArray[np.bool_], wanted: Floats
) -> Floats:  # fmt: skip
    """Round the bends of a profile; what is needed stays."""
    a, b = edges
    degree = np.zeros(count)
    np.add.at(degree, a, 1.0)
    np.add.at(degree, b, 1.0)
    bound = np.where(np.isfinite(wanted), np.minimum(wanted, height), -np.inf)
    for _ in range(ROUNDS):
        total = np.zeros(count)
        np.add.at(total, a, height[b])
        np.add.at(total, b, height[a])
        mean = total / np.maximum(degree, 1.0)
        moved = np.where(fixed | (degree < 2), height, 0.5 * height + 0.5 * mean)
        height = np.maximum(moved, np.minimum(bound, height))
    return height


def rail_grade(rails: bool) -> float:
    """Give the steepest slope of a street, or of rails, metres per metre."""
    return RAIL_GRADE if rails else GRADE

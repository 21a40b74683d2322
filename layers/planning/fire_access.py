"""Ways for fire engines: lanes along high buildings, and places for ladders before their facades.

A tower is what of a building is as high as high-rise buildings are, without its podium. Its four
sides are those of the smallest rectangle around it. A lane is a street that is wide and clear
enough; it serves a place of a facade where it lies straight ahead of it, with nothing between.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.kinds.base import Layer
from layers.planning.obstacles import Body
from layers.planning.site_checks import Stock
from layers.shapes import POINT, POLYGON, Bools, Floats, Ints
from layers.streets import Streets
from layers.trees import tree_sizes

EVERY = 1.0  # metres from one look ahead of a facade to the next
SERVED = 0.5  # of a long side that a lane must run along for the side to count
SHIFTS = 1.0  # metres by which a place for ladders is moved while one is sought
LEAST_CROWN = 0.3  # metres of the half width of a crown that is in the way at least
AT_CROWNS = 0.5  # metres by which places may lie under a crown
ENDS = 1.0  # metres that places may leave out at the ends of a side
SPIRE = 60.0  # m2 of what is high, below which it has no facades of its own
EYE = 0.05  # metres ahead of a facade where looks begin


@dataclass(frozen=True, slots=True)
class LaneLimits:
    """What is asked of lanes and of places for ladders.

    Attributes
    ----------
    width, clear : float
        Metres that a lane must be wide, and free above it.
    reach : float
        Metres ahead of a facade within which a lane serves it.
    pad_width, near, far : float
        Width of a place for ladders, and how near and far its edge lies from the facade, metres.
    """

    width: float = 4.0
    clear: float = 4.0
    reach: float = 20.0
    pad_width: float = 10.0
    near: float = 5.0
    far: float = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class Tower:
    """A high building whose access is looked at.

    Attributes
    ----------
    body : (layer id, number)
        Which.
    shape : shapely polygon
        Ground plan of what is high.
    height : float
        Metres.
    """

    body: Body
    shape: BaseGeometry
    height: float


@dataclass(frozen=True, slots=True, eq=False)
class Access:
    """What there is around a tower.

    Attributes
    ----------
    long_side, perimeter : float
        Metres.
    lane : float
        Metres of the perimeter that a lane serves.
    sides : int
        Long sides that a lane runs along, 0 to 2.
    gap : float
        Metres from the facade to the nearest edge of a lane that serves it, infinity for none.
    pad : float
        Metres of the best side before which places for ladders fit.
    pads : tuple of (4, 2) float64
        Such places, corners.
    served : tuple of (k, 2) float64
        Stretches of the outline that a lane serves.
    bare : float
        As `pad`, if no tree stood there.
    trees : tuple of int
        Positions in `Surroundings.stems` of the trees that take places away.
    """

    long_side: float
    perimeter: float
    lane: float
    sides: int
    gap: float
    pad: float
    pads: tuple[Floats, ...] = ()
    served: tuple[Floats, ...] = ()
    bare: float = 0.0
    trees: tuple[int, ...] = ()


def _nothing() -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    return np.empty(0, dtype=object)


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """What lies around towers.

    Attributes
    ----------
    lanes : (l,) object
        Carriageways that are wide and clear enough, shapely polygons.
    bodies : (b,) object
        Ground plans of all drawn bodies.
    whose : (b,) object
        The building each belongs to.
    high : (b,) float64
        Their tops, metres above the ground.
    wet : (w,) object
        Water.
    stems, crowns : (t,) object
        Trees that are high enough to be in the way: points, and what their crowns cover.
    green : (g,) object
        Greenery, which bears no engine.
    paved : (p,) object
        Carriageways and paved areas.
    """

    lanes: np.ndarray[tuple[int], np.dtype[np.object_]]
    bodies: np.ndarray[tuple[int], np.dtype[np.object_]]
    whose: list[Body]
    high: Floats
    wet: np.ndarray[tuple[int], np.dtype[np.object_]]
    stems: np.ndarray[tuple[int], np.dtype[np.object_]] = field(default_factory=_nothing)
    crowns: np.ndarray[tuple[int], np.dtype[np.object_]] = field(default_factory=_nothing)
    green: np.ndarray[tuple[int], np.dtype[np.object_]] = field(default_factory=_nothing)
    paved: np.ndarray[tuple[int], np.dtype[np.object_]] = field(default_factory=_nothing)
    _trees: dict[str, shapely.STRtree] = field(default_factory=dict, init=False, repr=False)

    def near(self, what: str, shape: BaseGeometry) -> Ints:
        """Give the positions of lanes, bodies, water, stems, ... that touch a shape."""
        if what not in self._trees:
            self._trees[what] = shapely.STRtree(getattr(self, what))
        return np.asarray(self._trees[what].query(shape, predicate="intersects"), dtype=np.int64)


def lanes_of(
    layers: Sequence[Layer], limits: LaneLimits
) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Give the carriageways of streets on the ground that fire engines can use, polygons."""
    out: list[BaseGeometry] = []
    for layer in layers:
        lines, width, on_ground = usable_streets(layer, limits)
        kept = lines[on_ground], width[on_ground] / 2.0
        out += shapely.buffer(*kept, cap_style="flat").tolist()
    made = np.empty(len(out), dtype=object)
    made[:] = out
    return made


def paved_by(layers: Sequence[Layer]) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Give what streets pave: carriageways on the ground of any width, and areas, polygons."""
    out: list[BaseGeometry] = []
    for layer in layers:
        streets = Streets.of(layer.features, layer.style)
        rows = np.flatnonzero(streets.on_ground)
        lines = shapely.force_2d(layer.features.shapes.take(streets.row[rows]).to_shapely())
        out += shapely.buffer(lines, streets.width[rows] / 2.0, cap_style="flat").tolist()
        shapes = layer.features.shapes
        areas = shapes.take(np.flatnonzero(shapes.kind == POLYGON)).to_shapely()
        out += shapely.make_valid(shapely.force_2d(areas)).tolist()
    made = np.empty(len(out), dtype=object)
    made[:] = out
    return made


def usable_streets(
    layer: Layer, limits: LaneLimits
) -> tuple[np.ndarray[tuple[int], np.dtype[np.object_]], Floats, Bools]:
    """Give the streets that are wide and clear enough for fire engines.

    Returns
    -------
    (k,) object, (k,) float64, (k,) bool
        Centre lines, shapely; widths, metres; which lie on the ground.
    """
    from layers.routing.limits import Limits

    streets = Streets.of(layer.features, layer.style)
    allowed = Limits.of(layer.features, streets.row, streets.kind)
    good = (streets.width >= limits.width - 1e-6) & ~streets.walked
    good &= allowed.height >= limits.clear - 1e-6
    lines = shapely.force_2d(layer.features.shapes.take(streets.row[good]).to_shapely())
    return lines, streets.width[good], np.asarray(streets.on_ground[good])


def trees_in_the_way(
    layers: Sequence[Layer], least: float
) -> tuple[
    np.ndarray[tuple[int], np.dtype[np.object_]], np.ndarray[tuple[int], np.dtype[np.object_]]
]:
    """Give stems and crowns of trees that are at least so many metres high, (t,) shapely each."""
    places: list[Floats] = [np.empty((0, 2))]
    half: list[Floats] = [np.empty(0)]
    for layer in layers:
        features = layer.features
        rows = np.flatnonzero(features.shapes.kind == POINT)
        sizes = tree_sizes(features, rows)
        tall = sizes[:, 0] >= least
        places.append(features.shapes.coords[features.shapes.first_coord[rows[tall]]])
        half.append(np.maximum(sizes[tall, 1] / 2.0 - AT_CROWNS, LEAST_CROWN))
    stems = np.asarray(shapely.points(np.concatenate(places)), dtype=object).reshape(-1)
    return stems, np.asarray(shapely.buffer(stems, np.concatenate(half), quad_segs=4))


def towers_of(stock: Stock, least: float) -> list[Tower]:
    """Give the buildings that are as high as `least` metres, each without its podium."""
    rows: dict[Body, list[int]] = {}
    for row in np.flatnonzero(stock.high >= least).tolist():
        rows.setdefault(stock.body[row], []).append(row)
    out = []
    for body, mine in rows.items():
        shape = shapely.union_all(stock.shapes[mine])
        if shape.area < SPIRE:  # what is high is no more than a spire: the building counts
            own = [row for row, other in enumerate(stock.body) if other == body]
            shape = shapely.union_all(stock.shapes[own])
        parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
        if parts:
            largest = max(parts, key=lambda part: float(part.area))
            out.append(Tower(body, largest, float(stock.high[mine].max())))
    return out


def access(tower: Tower, around: Surroundings, limits: LaneLimits, pad_length: float) -> Access:
    """Look for lanes and for places for ladders around a tower.

    Parameters
    ----------
    tower : Tower
        Which.
    around : Surroundings
        Lanes, other bodies, water.
    limits : LaneLimits
        What is asked of lanes and places.
    pad_length : float
        Metres that a place for ladders is long at least.
    """
    box = shapely.minimum_rotated_rectangle(tower.shape)
    corners = shapely.get_coordinates(shapely.orient_polygons(box))[:4]
    edges = np.roll(corners, -1, axis=0) - corners
    lengths = np.hypot(*edges.T)
    ways = edges / np.maximum(lengths, 1e-9)[:, None]
    outward = np.column_stack([ways[:, 1], -ways[:, 0]])
    spots, facing, step = _facade(tower.shape)
    gap = _lane_gaps(tower, spots, facing, around, limits)
    side = np.argmax(facing @ outward.T, axis=1)
    long_sides = np.argsort(-lengths, kind="stable")[:2]
    served = np.isfinite(gap)
    sides = sum(bool(served[side == k].mean() >= SERVED) for k in long_sides if (side == k).any())
    room = shapely.buffer(tower.shape, limits.far + limits.pad_width + 1.0)
    frame = corners, ways, outward, lengths
    near = around.near("crowns", room)
    bare, places = _best_pads(tower, frame, around, limits, pad_length, near[:0])
    pad, pads, trees = bare, places, near[:0]
    if len(near) and places:
        strip = shapely.union_all([_front(place, limits) for place in places])
        trees = near[shapely.intersects(strip, around.crowns[near])]
        pad, pads = _best_pads(tower, frame, around, limits, pad_length, near)
        trees = trees if pad < bare - 1e-6 else trees[:0]
    return Access(
        float(lengths.max()), float(shapely.length(shapely.get_exterior_ring(tower.shape))),
        float(served.sum() * step), sides, float(gap.min(initial=np.inf)), pad, pads,
        _stretches(spots, served), bare, tuple(trees.tolist()),
    )  # fmt: skip


def _front(place: Floats, limits: LaneLimits) -> BaseGeometry:
    """Give a place for ladders together with the ground between it and the facade."""
    out = (place[3] - place[0]) / max(float(np.hypot(*(place[3] - place[0]))), 1e-9)
    return shapely.Polygon([*(place[:2] - limits.far * out), place[2], place[3]])


def _facade(shape: BaseGeometry) -> tuple[Floats, Floats, float]:
    """Give places along an outline with the way each looks outwards, and the metres between."""
    ring = shapely.get_exterior_ring(shapely.orient_polygons(shape))
    length = float(shapely.length(ring))
    count = max(round(length / EVERY), 8)
    at = (np.arange(count) + 0.5) * length / count
    spots = shapely.get_coordinates(shapely.line_interpolate_point(ring, at))
    back = shapely.get_coordinates(shapely.line_interpolate_point(ring, np.maximum(at - 0.05, 0)))
    ahead = shapely.get_coordinates(
        shapely.line_interpolate_point(ring, np.minimum(at + 0.05, length))
    )
    way = ahead - back
    way /= np.maximum(np.hypot(*way.T), 1e-9)[:, None]
    return spots, np.column_stack([way[:, 1], -way[:, 0]]), length / count


def _lane_gaps(
    tower: Tower, spots: Floats, facing: Floats, around: Surroundings, limits: LaneLimits
) -> Floats:
    """Give the metres from places of a facade to the lane ahead, infinity where none serves."""
    out = np.full(len(spots), np.inf)
    near = shapely.buffer(tower.shape, limits.reach)
    lanes = around.lanes[around.near("lanes", near)]
    if not len(lanes):
        return out
    looks = np.stack([spots + facing * EYE, spots + facing * limits.reach], axis=1)
    rays = np.asarray(shapely.linestrings(looks))
    start = np.asarray(shapely.points(spots))
    out = _first_met(rays, start, lanes)
    between = [k for k in around.near("bodies", near).tolist() if around.whose[k] != tower.body]
    if between:
        wall = _first_met(rays, start, around.bodies[between])
        out[wall < out] = np.inf
    return out


def _first_met(
    rays: np.ndarray[tuple[int], np.dtype[np.object_]],
    starts: np.ndarray[tuple[int], np.dtype[np.object_]],
    shapes: np.ndarray[tuple[int], np.dtype[np.object_]],
) -> Floats:
    """Give how far each look runs until it meets one of some shapes, metres."""
    out = np.full(len(rays), np.inf)
    ray, shape = shapely.STRtree(shapes).query(rays, predicate="intersects")
    away = shapely.distance(starts[ray], shapely.intersection(rays[ray], shapes[shape]))
    np.minimum.at(out, ray, away)
    return out


def _best_pads(
    tower: Tower, frame: tuple[Floats, Floats, Floats, Floats], around: Surroundings,
    limits: LaneLimits, pad_length: float, trees: Ints,
) -> tuple[float, tuple[Floats, ...]]:  # fmt: skip
    """Find the side and the distance at which places for ladders cover most of a facade.

    Nothing may stand on them, and no tree of those given between them and the facade.
    """
    corners, ways, outward, lengths = frame
    leaves = shapely.union_all(around.crowns[trees]) if len(trees) else shapely.Polygon()
    shapely.prepare(leaves)
    near = shapely.buffer(tower.shape, limits.far + limits.pad_width + 1.0)
    blocks = [
        k for k in around.near("bodies", near).tolist()
        if not (around.whose[k] == tower.body and around.bodies[k].within(tower.shape.buffer(0.1)))
    ]  # fmt: skip
    stops = [*around.bodies[blocks], *around.wet[around.near("wet", near)]]
    closed = shapely.union_all(stops) if stops else shapely.Polygon()
    shapely.prepare(closed)
    best, found = 0.0, ()
    for k in np.argsort(-lengths, kind="stable").tolist():
        if lengths[k] < pad_length:
            continue
        begins = np.arange(0.0, lengths[k] - pad_length + 1e-6, SHIFTS)
        begins = np.append(begins, lengths[k] - pad_length)
        for away in np.arange(limits.near, limits.far + 1e-6, SHIFTS):
            pads = _rectangles(
                corners[k], ways[k], outward[k], begins, pad_length, away, limits.pad_width
            )
            fronts = _rectangles(
                corners[k], ways[k], outward[k], begins, pad_length, EYE, away + limits.pad_width
            )
            taken = shapely.intersects(closed, shapely.polygons(pads))
            taken |= shapely.intersects(leaves, shapely.polygons(fronts))
            free = begins[~taken]
            covered, kept = _covered(free, pad_length)
            if covered > best + 1e-6:
                best = covered
                found = tuple(
                    _rectangles(
                        corners[k], ways[k], outward[k], np.array(kept), pad_length, away,
                        limits.pad_width,
                    )
                )  # fmt: skip
    return best, found


def _rectangles(
    corner: Floats, way: Floats, out: Floats, begins: Floats, length: float, away: float,
    width: float,
) -> Floats:  # fmt: skip
    """Give places for ladders along a side, (n, 4, 2) metres."""
    first = corner + begins[:, None] * way + away * out
    last = first + length * way
    return np.stack([first, last, last + width * out, first + width * out], axis=1)


def _covered(begins: Floats, length: float) -> tuple[float, list[float]]:
    """Give the metres that places from some begins cover, and as few of them as cover it."""
    total, end = 0.0, -math.inf
    kept: list[float] = []
    for k, begin in enumerate(begins.tolist()):
        total += length - max(end - begin, 0.0)
        following = begins[k + 1] if k + 1 < len(begins) else math.inf
        last = kept[-1] + length if kept else -math.inf
        if begin >= last - 1e-6 or following > last:
            kept.append(begin)
        end = begin + length
    return total, kept


def _stretches(
    spots: Floats, served: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> tuple[Floats, ...]:
    """Give the runs of places that are served, as lines."""
    if served.all():
        return (np.vstack([spots, spots[:1]]),)
    turn = int(np.argmin(served))  # begins where nothing is served
    marks = np.roll(served, -turn)
    places = np.roll(spots, -turn, axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], marks, [False]]).astype(np.int8)))
    return tuple(places[a:b] for a, b in edges.reshape(-1, 2).tolist() if b - a > 1)

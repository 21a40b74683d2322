"""Surfaces that limit heights: planes, cones, airports, radio links, corridors; who pierces."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from layers.errors import CityError
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.roof_shapes import roofed
from layers.rules.rule import RuleSet
from layers.shapes import Floats

DENSE = 3.0  # metres between the places of an outline at which a curved surface is looked at
LIGHT = 299_792_458.0  # metres per second
LINK_STEPS = 129  # places along the outline of a radio link
CLEAR = 0.6  # share of the first Fresnel zone that a link is kept free
LEAST = 0.005  # metres that are no piercing yet
Heights = Callable[[Floats], Floats]
Point = Sequence[float]


@dataclass(frozen=True, slots=True, eq=False)
class Limit:
    """A surface that nothing may stand through.

    Attributes
    ----------
    name : str
        Key or name of the surface.
    area : shapely geometry
        Where it counts, project metres.
    height : callable
        Gives its height above the datum at (n, 2) places.
    flat : bool
        Whether it is a plane: then corners tell all.
    """

    name: str
    area: shapely.Geometry
    height: Heights = field(repr=False)
    flat: bool = True


def plane(name: str, corners: Sequence[Point]) -> Limit:
    """Make a plane over a ring of corners with heights; the best plane where they are not even.

    Raises
    ------
    CityError
        ``limits.plane`` for fewer than three corners, or corners on a line.
    """
    xyz = np.array([corner[:3] for corner in corners if len(corner) >= 3], dtype=np.float64)
    if len(xyz) < 3 or len(xyz) != len(corners):
        raise _bad_plane()
    middle = xyz[:, :2].mean(axis=0)
    matrix = np.column_stack([xyz[:, :2] - middle, np.ones(len(xyz))])
    if np.linalg.matrix_rank(matrix, tol=1e-6) < 3:
        raise _bad_plane()
    (a, b, c), *_ = np.linalg.lstsq(matrix, xyz[:, 2], rcond=None)

    def height(places: Floats) -> Floats:
        return np.asarray((places[:, 0] - middle[0]) * a + (places[:, 1] - middle[1]) * b + c)

    return Limit(name, _polygon(xyz[:, :2]), height)


def _bad_plane() -> CityError:
    return CityError(
        "limits.plane",
        "A plane needs at least three corners with heights that do not lie on one line.",
        hint="write them as east,north,height",
    )


def level(name: str, area: shapely.Geometry, height: float) -> Limit:
    """Make a level surface."""
    return Limit(name, area, lambda places: np.full(len(places), height))


def cone(
    name: str, top: Point, radius: float, slope: float, start: float = 0.0,
    rim: shapely.Geometry | None = None,
) -> Limit:  # fmt: skip
    """Make a cone that rises (or falls, with a slope below 0) away from a place or from a rim.

    Parameters
    ----------
    name : str
        Its name.
    top : (east, north, height)
        Middle, and the height there and up to `start` metres away.
    radius : float
        Metres up to which it counts.
    slope : float
        Metres of height per metre.
    start : float
        Metres from the middle at which it begins.
    rim : shapely geometry or None
        What distances are measured from instead of the middle.

    Raises
    ------
    CityError
        ``limits.radius``.
    """
    if not radius > start >= 0.0:
        raise CityError(
            "limits.radius",
            f"A surface from {start:g} to {radius:g} m is empty.",
            hint="the outer radius is the larger one",
            start=start,
            radius=radius,
        )
    middle = rim if rim is not None else shapely.Point(float(top[0]), float(top[1]))
    base = float(top[2])
    area: shapely.Geometry = shapely.buffer(middle, radius, quad_segs=32)
    if start > 0.0:
        area = shapely.difference(area, shapely.buffer(middle, start, quad_segs=32))

    def height(places: Floats) -> Floats:
        away = shapely.distance(shapely.points(places), middle)
        return np.asarray(base + slope * np.maximum(away - start, 0.0))

    return Limit(name, area, height, flat=False)


def strip(name: str, begin: Point, end: Point, widths: tuple[float, float]) -> Limit:
    """Make a plane strip from one place with a height to another, level across.

    Parameters
    ----------
    name : str
        Its name.
    begin, end : (east, north, height)
        Middle of its ends.
    widths : (float, float)
        Width at each end, metres.
    """
    a, b = np.array(begin[:2], dtype=np.float64), np.array(end[:2], dtype=np.float64)
    length = float(np.hypot(*(b - a)))
    if length < 0.01 or len(begin) < 3 or len(end) < 3:
        raise CityError(
            "limits.strip",
            "A strip needs two different places with heights.",
            hint="write them as east,north,height",
        )
    way = (b - a) / length
    side = np.array([-way[1], way[0]])
    ring = np.array([
        a - side * widths[0] / 2, b - side * widths[1] / 2,
        b + side * widths[1] / 2, a + side * widths[0] / 2,
    ])  # fmt: skip
    low, rise = float(begin[2]), (float(end[2]) - float(begin[2])) / length

    def height(places: Floats) -> Floats:
        return np.asarray(low + (places - a) @ way * rise)

    return Limit(name, _polygon(ring), height)


def corridor(name: str, eye: Point, target: Point, width: float, angle: float = 0.0) -> Limit:
    """Make a view corridor: what stands under the line from eye to target may stay.

    Parameters
    ----------
    name : str
        Its name.
    eye, target : (east, north, height)
        The viewpoint and the lowest point that shall be seen.
    width : float
        Width at the target, metres; at the eye it is as wide too, unless `angle` says more.
    angle : float
        Degrees of the cone of view; 0 takes the width at both ends.
    """
    if angle <= 0.0:
        return strip(name, eye, target, (width, width))
    length = math.dist(eye[:2], target[:2])
    return strip(name, eye, target, (0.5, 2.0 * length * math.tan(math.radians(angle) / 2.0)))


def radio_link(name: str, begin: Point, end: Point, gigahertz: float) -> Limit:
    """Make the underside of the room that a radio link is kept free: 0.6 of its Fresnel zone.

    Parameters
    ----------
    name : str
        Its name.
    begin, end : (east, north, height)
        The antennas.
    gigahertz : float
        Frequency.

    Raises
    ------
    CityError
        ``limits.strip``, ``limits.frequency``.

    References
    ----------
    The radius of the first zone is sqrt(wavelength * d1 * d2 / (d1 + d2)); 0.6 of it free is the
    usual planning rule (ITU-R P.530 gives the rule by kinds of paths; not opened for this).
    """
    if not gigahertz > 0.0:
        raise CityError(
            "limits.frequency",
            f"{gigahertz:g} GHz is no frequency.",
            hint="write it in gigahertz, such as 18",
            frequency=gigahertz,
        )
    length = math.dist(begin[:2], end[:2])
    wave = LIGHT / (gigahertz * 1e9)
    middle = CLEAR * math.sqrt(wave * length) / 2.0
    line = strip(name, begin, end, (2.0 * middle, 2.0 * middle))
    start = np.array(begin[:2], dtype=np.float64)
    way = (np.array(end[:2], dtype=np.float64) - start) / max(length, 1e-9)

    def height(places: Floats) -> Floats:
        at = np.clip((places - start) @ way, 0.0, length)
        aside = np.abs((places - start) @ np.array([-way[1], way[0]]))
        radius = CLEAR * np.sqrt(wave * at * (length - at) / length)
        down = np.sqrt(np.maximum(radius**2 - aside**2, 0.0))
        return np.asarray(np.where(aside <= radius, line.height(places) - down, np.inf))

    at = np.linspace(0.0, length, LINK_STEPS)
    out = (1.0 - 1e-9) * CLEAR * np.sqrt(wave * at * (length - at) / length)
    aside = np.array([-way[1], way[0]])
    axis = start + at[:, None] * way
    ring = np.concatenate([axis + out[:, None] * aside, (axis - out[:, None] * aside)[::-1]])
    return Limit(name, shapely.make_valid(shapely.Polygon(ring)), height, flat=False)


def airport(
    begin: Point, end: Point, rules: RuleSet, *, strip_width: float = 280.0
) -> tuple[Limit, ...]:
    """Make the surfaces around a runway: approach, take-off, transitional, horizontal, conical.

    Parameters
    ----------
    begin, end : (east, north, height)
        Ends of the runway.
    rules : RuleSet
        Holds ``airspace...`` figures.
    strip_width : float
        Width of the strip around the runway, metres.

    Raises
    ------
    CityError
        ``limits.no_rules``, ``limits.strip``.
    """
    figure = {key: rules.find(key) for key in (
        "airspace.horizontal.height", "airspace.horizontal.radius", "airspace.conical.slope",
        "airspace.conical.height", "airspace.transitional.slope", "airspace.approach.slope",
        "airspace.approach.length", "airspace.approach.slope-second",
        "airspace.approach.length-second", "airspace.approach.length-whole",
        "airspace.approach.divergence", "airspace.strip-beyond",
    )}  # fmt: skip
    missing = [key for key, rule in figure.items() if rule is None]
    if missing:
        raise CityError(
            "limits.no_rules",
            f"The chosen rule packs hold no figure '{missing[0]}'.",
            hint="choose the pack mh5001-airspace, or all",
            key=missing[0],
        )
    value = {key: rule.low if rule.sense == "minimum" else rule.high
             for key, rule in figure.items() if rule is not None}  # fmt: skip
    a, b = np.array(begin[:3], dtype=np.float64), np.array(end[:3], dtype=np.float64)
    if len(a) < 3 or len(b) < 3 or math.dist(a[:2], b[:2]) < 1.0:
        strip("", tuple(a), tuple(b), (1.0, 1.0))
    out: list[Limit] = []
    way = (b - a)[:2] / math.dist(a[:2], b[:2])
    beyond = value["airspace.strip-beyond"]
    for number, (spot, ahead) in enumerate(((a, -way), (b, way)), start=1):
        out += _approach(number, spot, ahead, value, beyond, strip_width)
    first = np.append(a[:2] - way * beyond, a[2])
    last = np.append(b[:2] + way * beyond, b[2])
    out.append(_transitional(first, last, strip_width, value))
    middle = shapely.LineString([a[:2], b[:2]])
    base = float(max(a[2], b[2]))
    radius = value["airspace.horizontal.radius"]
    top = base + value["airspace.horizontal.height"]
    out.append(level("inner-horizontal", shapely.buffer(middle, radius, quad_segs=32), top))
    slope = value["airspace.conical.slope"] / 100.0
    spread = radius + value["airspace.conical.height"] / slope
    out.append(cone("conical", (*a[:2], top), spread, slope, radius, middle))
    return tuple(out)


def _approach(
    number: int, spot: Floats, ahead: Floats, value: dict[str, float], beyond: float, width: float
) -> list[Limit]:
    begin = np.append(spot[:2] + ahead * beyond, spot[2])
    spread = value["airspace.approach.divergence"] / 100.0 * 2.0
    out = []
    stretches = (
        (value["airspace.approach.length"], value["airspace.approach.slope"]),
        (value["airspace.approach.length-second"], value["airspace.approach.slope-second"]),
        (math.nan, 0.0),
    )
    gone, wide = 0.0, width
    for part, (stretch, percent) in enumerate(stretches, start=1):
        length = value["airspace.approach.length-whole"] - gone if math.isnan(stretch) else stretch
        if length <= 0.0:
            continue
        rise = length * percent / 100.0
        end = np.append(begin[:2] + ahead * length, begin[2] + rise)
        next_wide = wide + spread * length
        name = f"approach-{number}-{part}"
        out.append(strip(name, tuple(begin), tuple(end), (wide, next_wide)))
        begin, wide, gone = end, next_wide, gone + length
    return out


def _transitional(first: Floats, last: Floats, width: float, value: dict[str, float]) -> Limit:
    """Make the surface that rises from both sides of the strip up to the inner horizontal."""
    slope = value["airspace.transitional.slope"] / 100.0
    reach = width / 2.0 + value["airspace.horizontal.height"] / slope
    inner = strip("", tuple(first), tuple(last), (width, width))
    outer = strip("", tuple(first), tuple(last), (2.0 * reach, 2.0 * reach))
    start = first[:2]
    way = (last - first)[:2] / math.dist(first[:2], last[:2])

    def height(places: Floats) -> Floats:
        aside = np.abs((places - start) @ np.array([-way[1], way[0]])) - width / 2.0
        return np.asarray(inner.height(places) + slope * np.maximum(aside, 0.0))

    return Limit("transitional", outer.area, height, flat=False)


def _polygon(ring: Floats) -> shapely.Polygon:
    made = shapely.make_valid(shapely.Polygon(ring))
    parts = [part for part in shapely.get_parts(made) if isinstance(part, shapely.Polygon)]
    return max(parts, key=lambda part: part.area, default=shapely.Polygon())


@dataclass(frozen=True, slots=True, eq=False)
class Pierced:
    """A building that stands through a surface.

    Attributes
    ----------
    layer : str
        Id of its layer.
    building : int
        Its number (the whole, not the part).
    limit : Limit
        The surface.
    by : float
        Greatest height above the surface, metres.
    place : (3,) float64
        Where: east, north, height of the surface, metres.
    top : float
        Its top there, metres above datum.
    area : shapely geometry
        Where it stands through.
    """

    layer: str
    building: int
    limit: Limit
    by: float
    place: Floats
    top: float
    area: shapely.Geometry


def pierced(project: Project, layers: Sequence[Layer], limits: Sequence[Limit]) -> list[Pierced]:
    """Find every building that stands through a surface, and by how much.

    Roofs count with the height of their faces' corners; of blocks the top counts over the whole
    footprint.
    """
    out: list[Pierced] = []
    for layer in layers:
        data = layer.data
        if not isinstance(data, Buildings) or not len(data):
            continue
        rows = np.flatnonzero(data.drawn)
        base = project.base_of(data)
        shapes = shapely.make_valid(shapely.force_2d(data.shapes.take(rows).to_shapely()))
        tree = shapely.STRtree(shapes)
        whole = np.where(data.part_of > 0, data.part_of, data.ids)
        corners = _roof_corners(data, base)
        for limit in limits:
            for at in tree.query(limit.area, predicate="intersects"):
                row = rows[at]
                top = float(base[row] + data.height[row])
                spots = corners.get(int(row))
                hit = _through(limit, shapes[at], top, spots)
                if hit is not None:
                    by, place, height, area = hit
                    out.append(Pierced(layer.id, int(whole[row]), limit, by, place, height, area))
    return out


def _roof_corners(data: Buildings, base: Floats) -> dict[int, Floats]:
    """Give the corners of the faces of buildings that have any, by row."""
    surfaces = roofed(data, base).surfaces
    if surfaces is None or not len(surfaces.owner):
        return {}
    first = surfaces.ring_start[surfaces.face_start]
    owner = np.repeat(data.index_of(surfaces.owner), np.diff(first))
    order = np.argsort(owner, kind="stable")
    rows, begin = np.unique(owner[order], return_index=True)
    parts = np.split(surfaces.coords[order], begin[1:])
    return {int(row): part for row, part in zip(rows, parts, strict=True)}


def _through(
    limit: Limit, shape: shapely.Geometry, top: float, spots: Floats | None
) -> tuple[float, Floats, float, shapely.Geometry] | None:
    """Give by how much, where, how high and over which area a building stands through."""
    common = shapely.intersection(shape, limit.area)
    if common.is_empty or common.area <= 0.0:
        return None
    if not limit.flat:
        common = shapely.segmentize(common, DENSE)
    places = shapely.get_coordinates(common)
    heights = np.full(len(places), top)
    if spots is not None:
        within = shapely.intersects_xy(shapely.buffer(limit.area, 1e-6), spots[:, 0], spots[:, 1])
        places, heights = spots[within, :2], spots[within, 2]
        if not len(places):
            return None
    elif not limit.flat:
        inside = shapely.get_coordinates(shapely.point_on_surface(common))
        places = np.concatenate([places, inside])
        heights = np.append(heights, top)
    surface = limit.height(places)
    above = heights - surface
    worst = int(np.argmax(above))
    if not above[worst] > LEAST:
        return None
    spot = np.append(places[worst], surface[worst])
    return float(above[worst]), spot, float(heights[worst]), common

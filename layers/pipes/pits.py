"""Pits and trenches: their shape in the ground, how much soil that is, and their walls.

A pit has a level floor and plane slopes that meet at its corners, as formulas for foundation pits
have it; a trench follows a line, has a floor that may fall, and ends upright.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely.geometry.polygon import orient

from layers.errors import CityError
from layers.pipes.section_line import SectionLine
from layers.shapes import Bools, Floats, Ints

GroundAt = Callable[[Floats], Floats]
CELLS = 6_000  # pieces a pit is parted into, about
STEP = 1.0  # metres between two cross sections of a trench
ACROSS = 0.25  # metres between two heights of the ground beside a trench
WIDEST = 60.0  # metres that a slope is followed at most
WALL_POINTS = 40  # corners of the upper edge that are drawn
TRENCH_POINTS = 28  # cross sections of a trench that are drawn
DEEPEST, SLOPEST = 60.0, 10.0


@dataclass(frozen=True, slots=True, eq=False)
class Dug:
    """Ground that is taken away.

    Attributes
    ----------
    volume : float
        Cubic metres in place, without loosening.
    floor : shapely.Polygon
        The bottom in plan.
    edge : shapely.Polygon
        Where the slopes come up to the ground, in plan.
    triangles : (t, 3, 3) float64
        Floor and walls, project coordinates.
    on_floor : (t,) bool
        Which of them are the floor.
    depth_mean, depth_most : float
        Of the floor below the ground, metres.
    surface : callable
        Gives the level of floor or slope at places (k, 2); infinity outside of `edge`.
    kind : str
        ``"pit"`` or ``"trench"``.
    length : float
        Metres along a trench; 0 for a pit.
    slope : float
        Metres outwards for one metre of height.
    """

    volume: float
    floor: shapely.Polygon
    edge: shapely.Polygon
    triangles: Floats
    on_floor: Bools
    depth_mean: float
    depth_most: float
    surface: GroundAt = field(repr=False)
    kind: str = "pit"
    length: float = 0.0
    slope: float = 0.0

    @property
    def bottom(self) -> float:
        """Lowest level of the floor, metres above datum."""
        return float(self.triangles[self.on_floor][:, :, 2].min())


def dig_pit(
    ring: Sequence[Sequence[float]] | ArrayLike, ground_at: GroundAt, *, depth: float = 0.0,
    level: float | None = None, slope: float = 0.0,
) -> Dug:  # fmt: skip
    """Dig a pit with a level floor.

    Parameters
    ----------
    ring : (n, 2 or more) array_like of float
        Corners of the floor.
    ground_at : callable
        Gives the ground at places, (k, 2), metres above datum.
    depth : float
        Metres of the floor below the lowest ground over it, where no level is given.
    level : float or None
        Of the floor, metres above datum.
    slope : float
        Metres outwards for one metre of height; 0 for upright walls.

    Raises
    ------
    CityError
        ``dig.ring``, ``dig.depth``, ``dig.slope``.
    """
    floor = _polygon(ring)
    check_slope(slope)
    corners = np.array(floor.exterior.coords)[:-1]
    inner = ground_at(np.vstack([corners, _grid(floor, 40)[1]]))
    if level is None:
        check_depth(depth)
        level = float(inner.min()) - depth
    if float(inner.max()) - level <= 0.0:
        raise CityError(
            "dig.depth",
            "The floor of the pit lies above the ground.",
            hint="give a depth greater than zero, or a lower level",
            depth=depth,
        )
    top = _reach(corners, ground_at, level, slope)
    facets = _facets(corners, slope * (top - level))
    area, places = _grid(floor, CELLS)
    volume = float((area * np.maximum(ground_at(places) - level, 0.0)).sum())
    depths = ground_at(places) - level
    for (a, b), facet in facets:
        if facet.area > 1e-9:
            size, at = _grid(facet, max(CELLS // len(facets), 400))
            rise = level + _beside(at, a, b) / slope
            volume += float((size * np.maximum(ground_at(at) - rise, 0.0)).sum())
    edge = _upper_edge(corners, ground_at, level, slope)
    triangles, flat = _pit_faces(floor, edge, level)
    outline = shapely.Polygon(edge[1][:, :2])
    outline = outline if outline.is_valid else shapely.Polygon(edge[1][:, :2]).buffer(0.0)

    def surface(at: Floats) -> Floats:
        return _pit_surface(at, floor, level, slope, facets)

    return Dug(
        volume, floor, outline, triangles, flat,
        float((area * depths).sum() / area.sum()), float(depths.max()), surface, "pit", 0.0, slope,
    )  # fmt: skip


def dig_trench(
    points: Sequence[Sequence[float]] | ArrayLike, ground_at: GroundAt, *, width: float,
    depth: float = 0.0, slope: float = 0.0, levels: tuple[Floats, Floats] | None = None,
) -> Dug:  # fmt: skip
    """Dig a trench along a line.

    Volumes are areas of cross sections times length (Simpson's rule along the line, exact for a
    floor and a ground that fall evenly), as quantities of trenches are reckoned.

    Parameters
    ----------
    points : (n, 2 or more) array_like of float
        The line of its middle.
    ground_at : callable
        Gives the ground at places, (k, 2).
    width : float
        Of the floor, metres.
    depth : float
        Metres of the floor below the ground over the middle, where no levels are given.
    slope : float
        Metres outwards for one metre of height; 0 for upright walls.
    levels : ((k,), (k,)) float64 or None
        Stations and levels of the floor; straight between them.

    Raises
    ------
    CityError
        ``dig.line``, ``dig.width``, ``dig.depth``, ``dig.slope``.
    """
    try:
        line = SectionLine.of(points)
    except CityError as error:
        raise CityError(
            "dig.line",
            "A trench needs a line of two places at least.",
            hint="draw the middle of the trench",
        ) from error
    check_slope(slope)
    if not 0.05 <= width <= 100.0:
        raise CityError(
            "dig.width",
            f"A trench cannot be {width:g} m wide.",
            hint="give the width of its floor in metres, such as 1.2",
            width=width,
        )
    station, middle, bottom = _trench_floor(line, ground_at, depth, levels)
    both, floor_level, parts, volume = _soil_of_trench(
        line, station, bottom, ground_at, width, slope
    )  # fmt: skip
    floor = line.shape.buffer(width / 2.0, cap_style="flat", join_style="mitre")
    deep = np.maximum(middle - bottom, 0.0)
    mean = float(np.trapezoid(deep, station) / line.length)
    triangles, flat, edge = _trench_faces(line, both, floor_level, parts, width, ground_at)

    def surface(at: Floats) -> Floats:
        dots = shapely.points(at)
        along = shapely.line_locate_point(line.shape, dots)
        away = np.maximum(shapely.distance(dots, line.shape) - width / 2.0, 0.0)
        level = np.interp(along, station, bottom)
        ends = (along <= 1e-9) | (along >= line.length - 1e-9)
        outside = ends & ~shapely.intersects_xy(edge, at[:, 0], at[:, 1])
        rise = away / slope if slope > 0 else np.where(away > 1e-9, np.inf, 0.0)
        return np.asarray(np.where(outside, np.inf, level + rise))

    return Dug(
        volume, floor, edge, triangles, flat, mean, float(deep.max()), surface, "trench",
        line.length, slope,
    )  # fmt: skip


def _trench_floor(
    line: SectionLine, ground_at: GroundAt, depth: float, levels: tuple[Floats, Floats] | None
) -> tuple[Floats, Floats, Floats]:
    """Give stations, and levels of the ground over the middle and of the floor at them."""
    if levels is None:
        check_depth(depth)
    own = [] if levels is None else [levels[0]]
    station = np.unique(np.concatenate([line.stations(STEP), *own]))
    station = station[(station >= 0.0) & (station <= line.length)]
    middle = ground_at(line.at(station))
    bottom = middle - depth if levels is None else np.interp(station, *levels)
    if (middle - bottom).max() <= 0.0:
        raise CityError(
            "dig.depth",
            "The floor of the trench lies above the ground.",
            hint="give a depth greater than zero, or check the levels of the pipe",
            depth=depth,
        )
    return station, middle, np.asarray(bottom)


def _soil_of_trench(
    line: SectionLine, station: Floats, bottom: Floats, ground_at: GroundAt, width: float,
    slope: float,
) -> tuple[Floats, Floats, Floats, float]:  # fmt: skip
    """Give stations with those half way between, levels of the floor, cross sections, volume."""
    both = np.sort(np.concatenate([station, (station[1:] + station[:-1]) / 2.0]))
    level = np.interp(both, station, bottom)
    parts = _cross_sections(line, both, level, ground_at, width, slope)
    size, run = parts[:, 0], np.diff(station)
    volume = float((run / 6.0 * (size[:-1:2] + 4.0 * size[1::2] + size[2::2])).sum())
    return both, level, parts, volume


def check_slope(slope: float) -> None:
    """Refuse slopes that nobody digs: ``dig.slope``."""
    if not 0.0 <= slope <= SLOPEST:
        raise CityError(
            "dig.slope",
            f"A slope of 1:{slope:g} is not dug.",
            hint="give metres outwards for one metre of depth, 0 to 10, such as 0.75",
            slope=slope,
        )


def check_depth(depth: float) -> None:
    """Refuse depths that nobody digs: ``dig.depth``."""
    if not 0.0 < depth <= DEEPEST:
        raise CityError(
            "dig.depth",
            f"Nothing is dug {depth:g} m deep.",
            hint="give a depth of 0 to 60 metres",
            depth=depth,
        )


# Pits -----------------------------------------------------------------------------------------


def _polygon(ring: Sequence[Sequence[float]] | ArrayLike) -> shapely.Polygon:
    places = [(float(p[0]), float(p[1])) for p in np.asarray(ring, dtype=object)]
    shape = shapely.Polygon(places) if len(places) >= 3 else shapely.Polygon()
    if not shape.is_valid or shape.area < 0.01:
        raise CityError(
            "dig.ring",
            "The corners do not enclose a floor, or its sides cross.",
            hint="click at least three corners around the floor of the pit, in order",
        )
    return orient(shapely.Polygon(shape.simplify(1e-6).boundary.coords))


def _grid(shape: shapely.Polygon, cells: int) -> tuple[Floats, Floats]:
    """Part a polygon into pieces: areas and middles."""
    west, south, east, north = shape.bounds
    step = max(math.sqrt(shape.area / cells), 1e-3)
    nx, ny = (max(math.ceil(wide / step - 1e-9), 1) for wide in (east - west, north - south))
    x = west + (east - west) / nx * np.arange(nx)
    y = south + (north - south) / ny * np.arange(ny)
    left, low = (g.ravel() for g in np.meshgrid(x, y))
    wide, high = (east - west) / nx, (north - south) / ny
    squares = shapely.box(left, low, left + wide, low + high)
    shapely.prepare(shape)
    inside = shapely.contains_properly(shape, squares)
    crossed = shapely.intersects(shape, squares) & ~inside
    cut = shapely.intersection(squares[crossed], shape)
    size = shapely.area(cut)
    middle = shapely.get_coordinates(shapely.centroid(cut[size > 0]))
    whole = np.column_stack([left[inside] + wide / 2.0, low[inside] + high / 2.0])
    area = np.concatenate([np.full(int(inside.sum()), wide * high), size[size > 0]])
    return area, np.concatenate([whole, middle])


def _outwards(corners: Floats) -> Floats:
    """Give how each corner moves while its two sides move one metre outwards, (n, 2)."""
    after = np.roll(corners, -1, axis=0) - corners
    after /= np.linalg.norm(after, axis=1)[:, None]
    normal = np.column_stack([after[:, 1], -after[:, 0]])  # outwards: rings run counter-clockwise
    before = np.roll(normal, 1, axis=0)
    both = normal + before
    return np.asarray(both / np.maximum((normal * both).sum(axis=1), 0.05)[:, None])


def _reach(corners: Floats, ground_at: GroundAt, level: float, slope: float) -> float:
    """Give the highest ground that slopes may come up to."""
    top = float(ground_at(corners).max())
    if slope == 0.0:
        return top
    way = _outwards(corners)
    for _ in range(20):
        share = np.linspace(0.0, min(slope * (top - level), WIDEST), 12)[:, None, None]
        edge = corners + share * way
        side = (edge + np.roll(edge, -1, axis=1)) / 2.0
        highest = float(ground_at(np.concatenate([edge, side]).reshape(-1, 2)).max())
        if highest <= top + 1e-6:
            return top
        top = highest
        if slope * (top - level) >= WIDEST:
            break
    return top


def _facets(corners: Floats, out: float) -> list[tuple[tuple[Floats, Floats], shapely.Polygon]]:
    """Give the slope that rises from each side: the side, and the facet in plan."""
    if out <= 0.0:
        return []
    way = _outwards(corners)
    found = []
    for k in range(len(corners)):
        j = (k + 1) % len(corners)
        a, b = corners[k], corners[j]
        facet = shapely.Polygon([a, a + out * way[k], b + out * way[j], b])
        found.append(((a, b), facet if facet.is_valid else facet.buffer(0.0)))
    return found


def _beside(at: Floats, a: Floats, b: Floats) -> Floats:
    """Give how far places lie from the line through two points, (k,)."""
    way = (b - a) / np.linalg.norm(b - a)
    return np.asarray(np.abs((at - a) @ np.array([way[1], -way[0]])))


def _pit_surface(
    at: Floats, floor: shapely.Polygon, level: float, slope: float,
    facets: list[tuple[tuple[Floats, Floats], shapely.Polygon]],
) -> Floats:  # fmt: skip
    out = np.full(len(at), np.inf)
    for (a, b), facet in facets:
        mine = shapely.intersects_xy(facet, at[:, 0], at[:, 1])
        out[mine] = np.minimum(out[mine], level + _beside(at[mine], a, b) / slope)
    out[shapely.intersects_xy(floor, at[:, 0], at[:, 1])] = level
    return out


def _upper_edge(
    corners: Floats, ground_at: GroundAt, level: float, slope: float
) -> tuple[Floats, Floats]:
    """Give points of the floor's edge, (k, 2), and where the slope above each meets the ground,
    (k, 3); corners are among them.
    """
    way = _outwards(corners)
    length = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    spare = max(WALL_POINTS - len(corners), 0)
    extra = np.minimum(np.floor(spare * length / length.sum()), np.floor(length / 2.0)).astype(int)
    foot, direction = [], []
    for k, more in enumerate(extra.tolist()):
        a, b = corners[k], corners[(k + 1) % len(corners)]
        normal = np.array([b[1] - a[1], a[0] - b[0]]) / length[k]
        foot.append(a)
        direction.append(way[k])
        for j in range(1, more + 1):
            foot.append(a + (b - a) * j / (more + 1))
            direction.append(normal)
    feet, out = np.array(foot), np.array(direction)
    rise = np.maximum(ground_at(feet) - level, 0.0)
    for _ in range(60 if slope > 0.0 else 0):
        wanted = np.maximum(ground_at(feet + slope * rise[:, None] * out) - level, 0.0)
        if float(np.abs(wanted - rise).max()) < 1e-4:
            break
        rise += 0.7 * (np.minimum(wanted, WIDEST / slope) - rise)
    places = feet + slope * rise[:, None] * out
    return feet, np.column_stack([places, np.maximum(ground_at(places), level)])


def _pit_faces(
    floor: shapely.Polygon, edge: tuple[Floats, Floats], level: float
) -> tuple[Floats, Bools]:
    flat = _flat_triangles(floor, lambda at: np.full(len(at), level))
    feet = np.column_stack([edge[0], np.full(len(edge[0]), level)])
    walls = _strip(feet, edge[1], closed=True)
    return np.concatenate([flat, walls]), np.arange(len(flat) + len(walls)) < len(flat)


def _flat_triangles(shape: shapely.Polygon, level_at: GroundAt) -> Floats:
    parts = shapely.constrained_delaunay_triangles(shape)
    corners = np.array([shapely.get_coordinates(one)[:3] for one in shapely.get_parts(parts)])
    heights = level_at(corners.reshape(-1, 2)).reshape(-1, 3)
    return np.dstack([corners, heights])


def _strip(low: Floats, high: Floats, *, closed: bool) -> Floats:
    """Give the triangles between two rows of points, (t, 3, 3)."""
    count = len(low)
    out = []
    for k in range(count if closed else count - 1):
        j = (k + 1) % count
        out += [(low[k], low[j], high[j]), (low[k], high[j], high[k])]
    return np.array(out)


# Trenches -------------------------------------------------------------------------------------


def _normals(line: SectionLine, station: Floats) -> Floats:
    """Give unit vectors to the left of a line at stations; at corners half way between."""
    step = np.diff(line.points, axis=0)
    step /= np.linalg.norm(step, axis=1)[:, None]
    left = np.column_stack([-step[:, 1], step[:, 0]])
    piece = np.clip(np.searchsorted(line.station, station, side="right") - 1, 0, len(step) - 1)
    out = left[piece]
    for k in range(1, len(line.points) - 1):
        at = np.abs(station - line.station[k]) < 1e-9
        both = left[k - 1] + left[k]
        out[at] = both / max(np.linalg.norm(both), 1e-9)
    return out


def _cross_sections(
    line: SectionLine, station: Floats, bottom: Floats, ground_at: GroundAt, width: float,
    slope: float,
) -> Floats:  # fmt: skip
    """Give area, and how far the slope reaches to the left and to the right, (k, 3)."""
    middle, left = line.at(station), _normals(line, station)
    half = width / 2.0
    inner = np.linspace(-half, half, max(math.ceil(width / ACROSS), 2) + 1)
    soil = _soil(middle, left, inner, ground_at) - bottom[:, None]
    area = np.trapezoid(np.maximum(soil, 0.0), inner, axis=1)
    reach = np.zeros((len(station), 2))
    for side, sign in ((0, 1.0), (1, -1.0)):
        if slope == 0.0:
            continue
        most = min(slope * (float(soil.max()) + 2.0) * 2.0 + ACROSS, WIDEST)
        beside = np.linspace(0.0, most, min(math.ceil(most / ACROSS), 400) + 1)
        depth = _soil(middle, left, sign * (half + beside), ground_at) - bottom[:, None]
        over = depth - beside / slope
        more, far = _until_ground(over, beside)
        area += more
        reach[:, side] = far
    return np.column_stack([area, reach])


def _soil(middle: Floats, left: Floats, offsets: Floats, ground_at: GroundAt) -> Floats:
    places = middle[:, None, :] + offsets[None, :, None] * left[:, None, :]
    return ground_at(places.reshape(-1, 2)).reshape(len(middle), len(offsets))


def _until_ground(over: Floats, beside: Floats) -> tuple[Floats, Floats]:
    """Sum heights over a slope up to where it comes out of the ground: areas, and how far."""
    area, far = np.zeros(len(over)), np.zeros(len(over))
    for k, row in enumerate(over):
        out = np.flatnonzero(row <= 0.0)
        if not len(out):
            area[k], far[k] = np.trapezoid(row, beside), beside[-1]
            continue
        j = int(out[0])
        if j == 0:
            continue
        share = row[j - 1] / (row[j - 1] - row[j])
        far[k] = beside[j - 1] + share * (beside[j] - beside[j - 1])
        area[k] = np.trapezoid(row[:j], beside[:j]) + row[j - 1] * (far[k] - beside[j - 1]) / 2.0
    return area, far


def _trench_faces(
    line: SectionLine, station: Floats, bottom: Floats, parts: Floats, width: float,
    ground_at: GroundAt,
) -> tuple[Floats, Bools, shapely.Polygon]:  # fmt: skip
    """Give triangles, which are the floor, and the upper edge."""
    even = np.linspace(0, len(station) - 1, min(TRENCH_POINTS, len(station))).round().astype(int)
    bends = np.searchsorted(station, line.station[1:-1])
    keep: Ints = np.unique(np.concatenate([even, bends]))
    s, level = station[keep], bottom[keep]
    middle, left = line.at(s), _normals(line, s)
    mitre = _mitres(line, s)
    rows = {}
    for side, sign in ((1, 1.0), (2, -1.0)):
        foot = middle + sign * mitre[:, None] * left * (width / 2.0)
        top = middle + sign * mitre[:, None] * left * (width / 2.0 + parts[keep, side])[:, None]
        rows[side] = (
            np.column_stack([foot, level]),
            np.column_stack([top, np.maximum(ground_at(top), level)]),
        )
    floor = _strip(rows[1][0], rows[2][0], closed=False)
    walls = [_strip(*rows[1], closed=False), _strip(*rows[2], closed=False)]
    for k in (0, -1):
        quad = [rows[1][0][k], rows[2][0][k], rows[2][1][k], rows[1][1][k]]
        walls.append(np.array([(quad[0], quad[1], quad[2]), (quad[0], quad[2], quad[3])]))
    triangles = np.concatenate([floor, *walls])
    edge = shapely.Polygon(np.concatenate([rows[1][1], rows[2][1][::-1]])[:, :2])
    if not edge.is_valid:  # a sharp bend: the inner edges cross
        largest = max(shapely.get_parts(edge.buffer(0.0)), key=lambda part: part.area)
        edge = shapely.Polygon(largest.exterior.coords)
    return triangles, np.arange(len(triangles)) < len(floor), edge


def _mitres(line: SectionLine, station: Floats) -> Floats:
    """Give how much longer a cross section is where the line bends, (k,)."""
    out = np.ones(len(station))
    for k, (a, b) in enumerate(itertools.pairwise(np.diff(line.points, axis=0)), 1):
        turn = float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))
        out[np.abs(station - line.station[k]) < 1e-9] = 1.0 / max(
            math.sqrt(max((1.0 + turn) / 2.0, 0.0)), 0.4
        )
    return out

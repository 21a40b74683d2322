"""The faces a cut shows: sections of blocks, roofs, models and earth, closed and flat."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyvista as pv
import shapely

from layers.cut import Cut, Slope
from layers.kinds.base import Extent
from layers.kinds.buildings import Buildings
from layers.shapes import Floats, Ints
from layers.triangles import triangulate
from scene.clipping import Plane, section
from scene.views.base import LayerView, StageContext

BUILT, EARTH, FLOOR = "#b9574a", "#a58b6f", "#c0a98c"  # cut walls, cut ground, a pit's floor
DEEP = 60.0  # metres of ground that are shown where a cut has no lower end
STEP = 3.0  # metres between two heights of the ground along a cut
MOST = 4000  # heights of the ground along a side
PAVED = "#a19c92"  # the edge of a street above a pit
PIECE = 0.5  # metres of the rim of a pit for which it is asked what lies there
COLLAR = 0.6  # metres below its rim to which a pit is closed against the drawn ground
SHADES = 6  # tints of the walls of a pit
GRID = 400  # heights along a side of a leaning plane
SKY = np.array([0.0, 0.0, 1.0])
Faces = list[tuple[Floats, str]]
"""Corners (n, 3 or 4, 3) in project coordinates, and their colour."""


def faces_of(
    cut: Cut, ring: Floats, context: StageContext, views: Iterable[LayerView]
) -> Iterator[tuple[Floats, str]]:
    """Give the faces of a cut.

    Parameters
    ----------
    cut : Cut
        What is taken away.
    ring : (k, 2) float64
        Its outline, no longer than the scene reaches, project coordinates.
    context : StageContext
        Gives the ground and how far the city goes.
    views : iterable of LayerView
        Those that are shown.
    """
    if cut.pit:
        yield from pit_faces(cut)
        yield from _collar(cut, context, views)
        return
    extent = context.project.extent(visible_only=False)
    if extent is None:
        return
    views, area = list(views), shapely.box(*extent).buffer(200.0)
    walls: list[Floats] = []
    earth: list[Floats] = []
    built: list[Floats] = []
    if cut.slope is not None:
        built += _leaning_sections(cut, cut.slope, extent, views)
        earth += _leaning_ground(cut, cut.slope, extent, context)
    else:
        for a, b in itertools.pairwise(np.vstack([ring, ring[:1]])):
            side = shapely.LineString([a, b]).intersection(area)
            if isinstance(side, shapely.LineString) and side.length > 0.01:
                walls += _wall_sections(cut, side, context, views)
                built += _upright_bodies(cut, side, views)
                earth += _ground_section(cut, side, context)
        outline = shapely.Polygon(ring)
        built += _level_sections(cut, outline, context, views)
        yield from _floor(cut, outline, extent, context)
    for corners, colour in ((walls, BUILT), (built, BUILT), (earth, EARTH)):
        if corners:
            yield np.array(corners), colour


def _span(cut: Cut, low: float, high: float) -> tuple[float, float]:
    bottom = low if cut.low is None else max(low, cut.low)
    return bottom, high if cut.high is None else min(high, cut.high)


def _blocks(shape: Any, context: StageContext, views: Iterable[LayerView]) -> Iterator[Any]:
    """Give the upright blocks that a shape touches: data, rows, ground levels; view by view."""
    west, south, east, north = shape.bounds
    for view in views:
        data = view.layer.data
        if not isinstance(data, Buildings) or len(data) == 0:
            continue
        box = data.shapes.bounds()
        rows = np.flatnonzero(
            (box[:, 0] <= east) & (box[:, 2] >= west) & (box[:, 1] <= north)
            & (box[:, 3] >= south) & view.casting
        )  # fmt: skip
        rows = rows[shapely.intersects(shapely.box(*box[rows].T), shape)]
        if rows.size:
            yield data, rows, context.project.base_of(data, rows)


def _wall_sections(
    cut: Cut, side: shapely.LineString, context: StageContext, views: Iterable[LayerView]
) -> list[Floats]:
    """Give the upright rectangles in which a side of the cut meets blocks."""
    quads: list[Floats] = []
    for data, rows, base in _blocks(side, context, views):
        shapes = data.shapes.take(rows).to_shapely()
        for row, level, shape in zip(rows, base, shapes, strict=True):
            low, high = _span(cut, level + data.min_height[row], level + data.height[row])
            met = shape.intersection(side)
            for part in getattr(met, "geoms", [met]):
                if low < high and part.geom_type == "LineString" and part.length > 0.01:
                    (ax, ay), (bx, by) = part.coords[0], part.coords[-1]
                    quads.append(np.array(
                        [(ax, ay, low), (bx, by, low), (bx, by, high), (ax, ay, high)]
                    ))  # fmt: skip
    return quads


def _upright_bodies(cut: Cut, side: shapely.LineString, views: Iterable[LayerView]) -> list[Floats]:
    """Give the triangles in which a side of the cut meets what has faces of its own."""
    out: list[Floats] = []
    (ax, ay), (bx, by) = side.coords[0], side.coords[-1]
    plane = Plane((ax, ay, 0.0), np.array([bx - ax, by - ay, 0.0]) / side.length, SKY)
    low, high = _span(cut, -1e6, 1e6)
    west, south, east, north = side.bounds
    window = shapely.box(0.0, low, side.length, high)
    for view in views:
        corners = np.array([west, south, low]), np.array([east, north, high])
        for body in view.solids(*corners, blocks=False):
            met = section(body.points, body.triangles, plane)
            out += plane.triangles(met.intersection(window))
    return out


def _ground_section(cut: Cut, side: shapely.LineString, context: StageContext) -> list[Floats]:
    """Give the upright strips of earth along a side of the cut."""
    count = min(max(int(side.length / STEP), 1), MOST) + 1
    along = shapely.line_interpolate_point(side, np.linspace(0.0, side.length, count))
    places = shapely.get_coordinates(along)
    top = np.asarray(context.ground.height_at(places))
    bottom = float(top.min()) - DEEP if cut.low is None else cut.low
    if cut.high is not None:
        top = np.minimum(top, cut.high)
    quads = []
    for i in range(count - 1):
        if max(top[i], top[i + 1]) <= bottom:
            continue
        (ax, ay), (bx, by) = places[i], places[i + 1]
        quads.append(np.array([
            (ax, ay, bottom), (bx, by, bottom),
            (bx, by, max(top[i + 1], bottom)), (ax, ay, max(top[i], bottom)),
        ]))  # fmt: skip
    return quads


def _level_sections(
    cut: Cut, area: shapely.Polygon, context: StageContext, views: Iterable[LayerView]
) -> list[Floats]:
    """Give triangles of what stands at the heights where the cut ends."""
    built: list[Floats] = []
    west, south, east, north = area.bounds
    for height in (cut.low, cut.high):
        if height is None:
            continue
        plane = Plane((west, south, height), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
        own = shapely.affinity.translate(area, -west, -south)
        for data, rows, base in _blocks(area, context, views):
            low = base + data.min_height[rows]
            at = rows[(low < height) & (base + data.height[rows] > height)]
            built += _level_blocks(data, at, area, plane, own)
        corners = np.array([west, south, height]), np.array([east, north, height])
        for view in views:
            for body in view.solids(*corners, blocks=False):
                met = section(body.points, body.triangles, plane)
                built += plane.triangles(met.intersection(own))
    return built


def _level_blocks(
    data: Buildings, rows: Ints, area: shapely.Polygon, plane: Plane, own: Any
) -> list[Floats]:
    """Give the plans of blocks at a height: those that lie within the cut all at once."""
    if not rows.size:
        return []
    box = data.shapes.bounds()[rows]
    shapely.prepare(area)
    whole = np.asarray(shapely.contains_properly(area, shapely.box(*box.T)))
    plans = triangulate(data.shapes, rows[whole])
    corners, which = plans.of(np.arange(int(whole.sum())))
    flat = data.shapes.coords[corners + data.shapes.first_coord[rows[whole]][which][:, None]]
    out = list(np.dstack([flat, np.full(flat.shape[:2], plane.point[2])]))
    for shape in data.shapes.take(rows[~whole]).to_shapely():
        moved = shapely.affinity.translate(shape, -plane.point[0], -plane.point[1])
        out += plane.triangles(moved.intersection(own))
    return out


def _floor(
    cut: Cut, area: shapely.Polygon, extent: Extent, context: StageContext
) -> Iterator[tuple[Floats, str]]:
    """Give the floor of a pit."""
    if cut.low is None or cut.keep != "outside":
        return
    floor = area.intersection(shapely.box(*extent).buffer(500.0))
    if floor.is_empty:
        return
    middle = np.array(floor.representative_point().coords[0])
    if float(context.ground.height_at([middle])[0]) > cut.low:
        plane = Plane((*middle, cut.low), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
        triangles = plane.triangles(shapely.affinity.translate(floor, *-middle))
        if triangles:
            yield np.array(triangles), FLOOR


def pit_faces(cut: Cut) -> Iterator[tuple[Floats, str]]:
    """Give floor and walls of a pit, walls darker the more they turn from the north-west."""
    triangles = np.array(cut.pit, dtype=np.float64).reshape(-1, 3, 3)
    normal = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    size = np.linalg.norm(normal, axis=1)
    triangles, normal = triangles[size > 1e-9], normal[size > 1e-9] / size[size > 1e-9, None]
    normal = np.where(normal[:, 2:] < 0.0, -normal, normal)  # seen from above
    shade = np.round((normal @ np.array([-0.5, 0.5, 0.7]) + 0.7) / 1.7 * SHADES).astype(int)
    flat = np.abs(normal[:, 2]) > 0.98
    for part, base in ((flat, FLOOR), (~flat, EARTH)):
        for number in np.unique(shade[part]):
            light = 0.62 + 0.46 * float(number) / SHADES
            colour = [min(round(light * int(base[k : k + 2], 16)), 255) for k in (1, 3, 5)]
            yield triangles[part & (shade == number)], "#{:02x}{:02x}{:02x}".format(*colour)


def _collar(
    cut: Cut, context: StageContext, views: Iterable[LayerView]
) -> Iterator[tuple[Floats, str]]:
    """Join the rim of a pit and the ground as it is drawn, which may be simpler than the data.

    Streets and what else lies flat is drawn on the simpler ground, footways a kerb above it: a
    rim of paving reaches up to there.
    """
    triangles = np.array(cut.pit, dtype=np.float64).reshape(-1, 3, 3)
    corners, place = np.unique(np.round(triangles.reshape(-1, 3), 4), axis=0, return_inverse=True)
    three = place.reshape(-1, 3)
    edges = np.concatenate([three[:, [0, 1]], three[:, [1, 2]], three[:, [2, 0]]])
    edges = np.sort(edges[edges[:, 0] != edges[:, 1]], axis=1)
    ends, count = np.unique(edges, axis=0, return_counts=True)
    rim = ends[count == 1]
    if not len(rim):
        return
    start, end = _pieces(corners[rim[:, 0]], corners[rim[:, 1]])
    level = np.concatenate([start, end])
    low, high = level.copy(), level.copy()
    low[:, 2] -= COLLAR  # behind the walls, seen only where the drawn ground is lower than the rim
    if context.materials.seen_through > 0.0:  # then the simpler surface is what is drawn
        drawn = context.ground.surface.height_at(level[:, :2])
        low[:, 2] = np.minimum(low[:, 2], drawn)
        high[:, 2] = np.maximum(high[:, 2], drawn)
    yield from _band(low, high, EARTH)
    paved = high.copy()
    for view in views:
        paved[:, 2] = np.fmax(paved[:, 2], view.laid_at(level[:, :2]))
    a, b = np.split(paved[:, 2] - high[:, 2], 2)
    edge = (np.maximum(a, b) > 0.0) & (np.maximum(a, b) < COLLAR)  # else it is that of the floor
    if edge.any():
        kept = np.tile(edge, 2)
        yield from _band(high[kept], paved[kept], PAVED)


def _pieces(start: Floats, end: Floats) -> tuple[Floats, Floats]:
    """Cut edges into pieces of at most ``PIECE`` metres: their starts and ends, (k, 3) each."""
    count = np.maximum(np.ceil(np.linalg.norm(end - start, axis=1) / PIECE), 1).astype(np.int64)
    of = np.repeat(np.arange(len(count)), count)
    number = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    way = (end - start)[of]
    first, last = number / count[of], (number + 1) / count[of]
    return start[of] + first[:, None] * way, start[of] + last[:, None] * way


def _band(low: Floats, high: Floats, colour: str) -> Iterator[tuple[Floats, str]]:
    """Give upright faces between two lines of as many pieces; starts stand before ends."""
    a, b = np.split(np.arange(len(low)), 2)
    yield np.stack([low[a], low[b], high[b]], axis=1), colour
    yield np.stack([low[a], high[b], high[a]], axis=1), colour


def plane_of(slope: Slope) -> Plane:
    """Give a leaning plane with coordinates along and up it."""
    normal = np.array(slope.normal)
    right = np.cross(normal, SKY)
    right = np.array([1.0, 0.0, 0.0]) if np.hypot(*right[:2]) < 1e-9 else right
    right = right / np.linalg.norm(right)
    return Plane(slope.point, right, np.cross(right, normal))


def _leaning_sections(
    cut: Cut, slope: Slope, extent: Extent, views: Iterable[LayerView]
) -> list[Floats]:
    """Give the triangles in which a leaning plane meets anything that stands."""
    plane, normal = plane_of(slope), np.array(slope.normal)
    low, high = np.array([*extent[:2], -1e6]), np.array([*extent[2:], 1e6])
    out: list[Floats] = []
    for view in views:
        for body in view.solids(low, high):
            middle = (body.points.min(axis=0) + body.points.max(axis=0)) / 2
            half = np.ptp(body.points, axis=0) / 2
            if abs(float(plane.away(middle[None])[0])) <= float(half @ np.abs(normal)):
                out += plane.triangles(section(body.points, body.triangles, plane))
    if cut.low is None and cut.high is None:
        return out
    window = _span(cut, -1e6, 1e6)
    heights = [float(one[:, 2].mean()) for one in out]
    return [one for one, z in zip(out, heights, strict=True) if window[0] < z < window[1]]


def _leaning_ground(cut: Cut, slope: Slope, extent: Extent, context: StageContext) -> list[Floats]:
    """Give the earth that a leaning plane goes through, trimmed along the ground."""
    del cut
    plane = plane_of(slope)
    west, south, east, north = extent
    ground = context.ground
    tops = np.asarray(ground.height_at(np.stack(np.meshgrid(
        np.linspace(west, east, 40), np.linspace(south, north, 40)), axis=-1).reshape(-1, 2)
    ))  # fmt: skip
    corners = np.array(np.meshgrid(
        [west, east], [south, north], [tops.min() - DEEP, tops.max()]
    )).reshape(3, 8).T  # fmt: skip
    flat = plane.flat(corners)
    reach, rise = (np.linspace(*ends, GRID) for ends in zip(flat.min(0), flat.max(0), strict=True))
    if abs(slope.normal[2]) < 0.999:
        steep = float(np.hypot(*slope.normal[:2]))
        ends = (np.array([tops.min() - DEEP, tops.max()]) - slope.point[2]) / plane.up[2]
        rise = np.linspace(ends.min(), ends.max(), GRID) if steep > 0.05 else rise
    u, v = np.meshgrid(reach, rise)
    places = plane.places(np.column_stack([u.ravel(), v.ravel()]))
    here = (places[:, 0] >= west) & (places[:, 0] <= east)
    here &= (places[:, 1] >= south) & (places[:, 1] <= north)
    grid = pv.StructuredGrid(*(places[:, i].reshape(GRID, GRID) - plane.point[i] for i in range(3)))
    top = np.asarray(ground.height_at(places[:, :2]))
    under = np.minimum(top - places[:, 2], places[:, 2] - (top - DEEP))
    grid["under"] = np.where(here, under, -1.0).reshape(GRID, GRID).ravel(order="F")
    left = grid.clip_scalar(scalars="under", value=0.0, invert=False)
    triangles = (
        left.extract_surface(algorithm="dataset_surface").triangulate()
        if left.n_cells
        else pv.PolyData()
    )
    if triangles.n_cells == 0:
        return []
    faces = np.asarray(triangles.regular_faces)
    return list(np.asarray(triangles.points, dtype=np.float64)[faces] + plane.point)

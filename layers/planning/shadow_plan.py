"""Shadows of buildings on the ground as areas, at several times of a day."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from layers.daylight import instant, sun_position
from layers.errors import CityError
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.palettes import CATEGORY_PALETTES
from layers.progress import Progress, Silent
from layers.project import Project
from layers.shapes import Floats, Ints, Shapes
from layers.style import Colouring, Entry, Style

DENSE = 4.0  # metres between points of walls whose light is followed to the terrain
FARTHEST = 3_000.0  # metres that a line of light is followed
LOWEST = math.radians(3.0)  # elevation of the sun below which shadows are not drawn any more


def shadow_plan(
    project: Project,
    layers: Sequence[Layer],
    moments: Sequence[str],
    progress: Progress | None = None,
    *,
    name: str,
) -> Layer:
    """Draw the shadows of buildings at several moments as a layer of areas.

    Each area is the shadow of all buildings together at one moment. Without terrain the ground is
    level at the foot of each building and the areas are exact; on terrain lines of light are
    followed from points along the walls, ``DENSE`` metres apart, to where they meet it. What walls
    and roofs catch of a shadow, and the shadow of the terrain itself, are not looked at. Overlaid
    they show where it is shaded for long.

    Parameters
    ----------
    project : Project
        Gives the coordinate system and the ground.
    layers : sequence of Layer
        Layers of buildings.
    moments : sequence of str
        ISO 8601 local times.
    progress : Progress or None
        Asked between moments.
    name : str
        What the layer is called.

    Returns
    -------
    Layer
        Of the kind ``features``, one colour per moment, with ``time``, ``sun_azimuth_deg``
        (clockwise from true north), ``sun_elevation_deg``; not yet in the project.

    Raises
    ------
    CityError
        ``shadow_plan.no_buildings``, ``shadow_plan.no_sun`` where the sun is down at all of
        them, ``daylight.moment``.
    """
    told = progress or Silent()
    frame = project.need_frame()
    found = [data for layer in layers if isinstance(data := layer.data, Buildings) and len(data)]
    if not found:
        raise CityError(
            "shadow_plan.no_buildings",
            "There are no buildings that could throw shadows.",
            hint="name a layer of buildings",
        )
    boxes = np.array([data.extent() for data in found])
    middle = (boxes[:, :2].min(axis=0) + boxes[:, 2:].max(axis=0)) / 2
    longitude, latitude = (float(v) for v in frame.lonlat([middle])[0])
    turn = frame.convergence(float(middle[0]), float(middle[1]))
    areas: list[shapely.Geometry] = []
    rows: list[tuple[str, float, float]] = []
    for number, moment in enumerate(moments):
        told.step(number, len(moments), "progress-working")
        azimuth, elevation = sun_position(longitude, latitude, moment)
        if elevation < LOWEST:
            continue
        grid = azimuth - turn
        away = np.array([math.sin(grid), math.cos(grid)]) / -math.tan(elevation)
        merged = shapely.union_all([_shadow_of(project, data, away) for data in found])
        parts = [p for p in shapely.get_parts(merged) if shapely.get_type_id(p) == 3]
        areas += parts
        when = instant(longitude, latitude, moment).strftime("%Y-%m-%d %H:%M")
        rows += [(when, math.degrees(azimuth) % 360.0, math.degrees(elevation))] * len(parts)
    if not areas:
        raise CityError(
            "shadow_plan.no_sun",
            "The sun is below the horizon, or too low for a plan of shadows, at all these times.",
            hint="choose times between sunrise and sunset",
        )
    return _layer(name, areas, rows)


def _shadow_of(project: Project, data: Buildings, away: Floats) -> shapely.Geometry:
    """Unite the shadows of buildings; `away` is metres of shadow per metre of height."""
    chosen = np.flatnonzero(data.drawn)
    shapes = data.shapes.take(chosen)
    low, high = data.min_height[chosen], data.height[chosen]
    terrain = project.terrain()
    if terrain is not None:
        shapes = Shapes.from_shapely(shapely.segmentize(shapes.to_shapely(), DENSE))
    of = np.repeat(np.arange(len(shapes)), np.diff(shapes.first_coord))
    if terrain is None:
        near, far = shapes.coords + low[of, None] * away, shapes.coords + high[of, None] * away
    else:
        base = project.base_of(data)[chosen][of]
        step = max(min(terrain.step_east, terrain.step_north) * 0.7, 0.5)
        far = meet_ground(project.ground_at, shapes.coords, base + high[of], away, step)
        near = shapes.coords.copy()
        floats = low[of] > 0.0
        near[floats] = meet_ground(
            project.ground_at, near[floats], (base + low[of])[floats], away, step
        )
    nxt = _next(shapes)
    quads = np.stack([near, near[nxt], far[nxt], far], axis=1)
    walls = np.asarray(shapely.polygons(quads))
    walls = walls[shapely.area(walls) > 1e-6]
    lids = [
        Shapes(shapes.kind.copy(), coords, shapes.ring_start, shapes.shape_start).to_shapely()
        for coords in (near, far)
    ]
    return united(np.concatenate([walls, *lids]))


def united(areas: NDArray[np.object_]) -> shapely.Geometry:
    """Unite areas to the millimetre; on a steep ground some may cross themselves.

    Parameters
    ----------
    areas : (n,) array of polygons
        What walls and roofs shade.
    """
    crossing = ~shapely.is_valid(areas)
    sound = areas.copy()
    sound[crossing] = shapely.make_valid(areas[crossing])
    return shapely.union_all(sound, grid_size=0.001)


def meet_ground(
    ground: Callable[[Floats], Floats], places: Floats, heights: Floats, away: Floats, step: float
) -> Floats:
    """Follow lines of light to where they first meet the ground.

    Parameters
    ----------
    ground : callable
        Gives the height of the ground at (n, 2) places.
    places : (n, 2) float64
        Where lines start, metres.
    heights : (n,) float64
        How high.
    away : (2,) float64
        Metres that light moves east and north per metre it falls.
    step : float
        Metres in plan from one look at the ground to the next.

    Returns
    -------
    (n, 2) float64
        Places on the ground; after ``FARTHEST`` metres, where the line is by then.
    """
    slope = float(np.hypot(*away))
    fall = step / max(slope, 1e-9)
    out = places.copy()
    under = heights - ground(places)
    left = np.flatnonzero(under > 0.0)
    fallen, above = np.zeros(len(places)), under
    if slope < 1e-9:
        return out
    for _ in range(int(FARTHEST / step) + 1):
        if not len(left):
            break
        then = fallen[left] + fall
        spots = places[left] + then[:, None] * away
        gap = heights[left] - then - ground(spots)
        met = gap <= 0.0
        share = above[left] / np.maximum(above[left] - gap, 1e-12)
        out[left] = np.where(
            met[:, None], places[left] + (fallen[left] + share * fall)[:, None] * away, spots
        )
        fallen[left], above[left] = then, gap
        left = left[~met]
    return out


def _next(shapes: Shapes) -> Ints:
    after = np.arange(1, len(shapes.coords) + 1)
    after[shapes.ring_start[1:] - 1] = shapes.ring_start[:-1]
    return after


def _layer(name: str, areas: list[shapely.Geometry], rows: list[tuple[str, float, float]]) -> Layer:
    table = pa.table(
        {
            "time": [row[0] for row in rows],
            "sun_azimuth_deg": np.round([row[1] for row in rows], 2),
            "sun_elevation_deg": np.round([row[2] for row in rows], 2),
        }
    )
    times = sorted({row[0] for row in rows})
    colours = CATEGORY_PALETTES["strong"]
    entries = tuple(
        Entry(label=time, colour=colours[i % len(colours)], value=time)
        for i, time in enumerate(times)
    )
    style = Style(
        colour="#5b6472", outline=None, colouring=Colouring("time", "categories", entries)
    )
    data = Features.of(Shapes.from_shapely(np.array(areas, dtype=object)), table)
    return Layer("features", name, data, style=style)

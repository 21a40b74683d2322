"""Shadows of buildings on level ground as areas, at several times of a day."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import shapely

from layers.daylight import instant, sun_position
from layers.errors import CityError
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.palettes import CATEGORY_PALETTES
from layers.progress import Progress, Silent
from layers.project import Project
from layers.shapes import Floats, Ints, Shapes
from layers.style import Colouring, Entry, Style

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

    Each area is the exact shadow of all buildings together at one moment on a level ground at
    the foot of each; slopes and walls that catch a part of it are not looked at. Overlaid they
    show where it is shaded for long.

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
        merged = shapely.union_all([_shadow_of(data, away) for data in found])
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


def _shadow_of(data: Buildings, away: Floats) -> shapely.Geometry:
    """Unite the shadows of buildings; `away` is metres of shadow per metre of height."""
    chosen = np.flatnonzero(data.drawn)
    shapes = data.shapes.take(chosen)
    low, high = data.min_height[chosen], data.height[chosen]
    of = np.repeat(np.arange(len(shapes)), np.diff(shapes.first_coord))
    near, far = shapes.coords + low[of, None] * away, shapes.coords + high[of, None] * away
    nxt = _next(shapes)
    quads = np.stack([near, near[nxt], far[nxt], far], axis=1)
    walls = np.asarray(shapely.polygons(quads))
    walls = walls[shapely.area(walls) > 1e-6]
    lids = [
        Shapes(shapes.kind.copy(), coords, shapes.ring_start, shapes.shape_start).to_shapely()
        for coords in (near, far)
    ]
    return shapely.union_all(np.concatenate([walls, *lids]), grid_size=0.001)


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

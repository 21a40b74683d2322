"""Lengths and areas on the terrain's surface."""

from __future__ import annotations

import itertools
import math

import numpy as np
import shapely
from numpy.typing import ArrayLike

from layers.kinds.terrain import Terrain
from layers.shapes import Floats

MOST_SAMPLES = 2_000_000


def _grid_cuts(terrain: Terrain, a: Floats, b: Floats) -> Floats:
    """Shares of the way from a to b at which it crosses the terrain's grid lines."""
    shares = [np.array([0.0, 1.0])]
    grid = terrain if terrain.fine is None else terrain.fine
    for axis, start, step in (
        (0, grid.west, grid.step_east),
        (1, grid.north, grid.step_north),
    ):
        way = b[axis] - a[axis]
        if abs(way) < 1e-12:
            continue
        low, high = sorted(((a[axis] - start) / step, (b[axis] - start) / step))
        lines = np.arange(math.ceil(low), math.floor(high) + 1)
        shares.append((start + lines * step - a[axis]) / way)
    return np.unique(np.clip(np.concatenate(shares), 0.0, 1.0))


def along_ground(terrain: Terrain, line: ArrayLike) -> float:
    """Give the length of a plan line laid on the terrain.

    The line is cut wherever it crosses the terrain's grid, and each piece in
    two, so that the surface between the heights is followed closely.

    Parameters
    ----------
    terrain : Terrain
        The ground.
    line : (n, 2) array_like of float
        East and north, metres.

    Returns
    -------
    float
        Metres; NaN if a part of the line lies where the terrain is unknown.
    """
    points = np.asarray(line, dtype=np.float64)
    total = 0.0
    for a, b in itertools.pairwise(points):
        cuts = _grid_cuts(terrain, a, b)
        cuts = np.sort(np.concatenate([cuts, (cuts[:-1] + cuts[1:]) / 2]))
        places = a + cuts[:, None] * (b - a)
        height = terrain.height_at(places)
        flat = np.diff(cuts) * math.dist(a, b)
        total += float(np.hypot(flat, np.diff(height)).sum())
    return total


def on_ground_ratio(terrain: Terrain, polygon: shapely.Polygon) -> float:
    r"""Give the terrain's surface inside a polygon over the polygon's plan area.

    The mean of :math:`\sqrt{1 + s_x^2 + s_y^2}` over evenly spread samples, at
    least four to a cell of the terrain where their number allows it.

    Parameters
    ----------
    terrain : Terrain
        The ground.
    polygon : shapely.Polygon
        In project coordinates, metres.

    Returns
    -------
    float
        1 on flat ground; NaN where the terrain is unknown.
    """
    west, south, east, north = polygon.bounds
    step = min(terrain.grain) / 2
    step = min(step, math.sqrt(polygon.area / 400.0))
    step = max(step, math.sqrt((east - west) * (north - south) / MOST_SAMPLES))
    x = np.arange(west + step / 2, east, step)
    y = np.arange(south + step / 2, north, step)
    places = np.column_stack([g.ravel() for g in np.meshgrid(x, y)])
    places = places[shapely.contains_xy(polygon, places[:, 0], places[:, 1])]
    if len(places) == 0:
        centre = polygon.representative_point()
        places = np.array([[centre.x, centre.y]])
    reach = np.array([min(terrain.grain) / 4, 0.0])
    slope_east = (terrain.height_at(places + reach) - terrain.height_at(places - reach)) / (
        2 * reach[0]
    )
    turn = reach[::-1]
    slope_north = (terrain.height_at(places + turn) - terrain.height_at(places - turn)) / (
        2 * reach[0]
    )
    ratio = np.sqrt(1.0 + slope_east**2 + slope_north**2)
    known = np.isfinite(ratio)
    return float(ratio[known].mean()) if known.any() else math.nan

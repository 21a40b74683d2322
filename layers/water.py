"""At which height water lies: by its own field, else by the ground along its shore."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.spatial import cKDTree

from layers.kinds.base import Features
from layers.shapes import POLYGON, Floats, Ints, Shapes, runs

#: Fields, in small letters, that tell the level of water, metres above datum.
LEVELS = (
    "level_m", "water_level", "waterlevel", "水位", "常水位", "水面高程", "水面标高", "ele",
    "elevation", "高程",
)  # fmt: skip
SHORE_STEP = 15.0  # metres between places at which the shore is looked at
EVEN = 1.5  # metres; a shore whose heights differ less belongs to water of one level
NEIGHBOURS = 48  # places of the shore that say how high a river lies beside them
LOW = 20.0  # percentile of the shore's heights that is the water's: banks rise from it


def told_levels(features: Features) -> Floats:
    """Give the level that fields tell for each object, (n,) metres above datum, else NaN."""
    names = {name.lower(): name for name in features.attributes.column_names}
    out = np.full(len(features), np.nan)
    for word in LEVELS:
        if word in names:
            own = features.numbers(names[word])
            out = np.where(np.isfinite(out), out, own)
    return np.where(np.abs(out) < 9000.0, out, np.nan)


def water_heights(
    shapes: Shapes,
    told: Floats,
    ground: Callable[[Floats], Floats],
    places: Floats,
    owner: Ints,
) -> Floats:
    """Give the height of the water at places in it, (m,) metres above datum.

    Lakes lie level. A river whose banks lie at different heights from one end to the other sinks
    with them, without their bumps.

    Parameters
    ----------
    shapes : Shapes
        n areas of water.
    told : (n,) float64
        Levels that are known, metres above datum, else NaN.
    ground : callable
        Height of the ground at (k, 2) places, metres above datum.
    places : (m, 2) float64
        Where the height is wanted.
    owner : (m,) int64
        Position of the area each place lies in.
    """
    return WaterLevels(shapes, told, ground).at(places, owner)


class WaterLevels:
    """How high water lies, asked more than once: each shore is walked along when first needed.

    Parameters
    ----------
    shapes, told, ground
        As `water_heights` takes them.
    """

    def __init__(self, shapes: Shapes, told: Floats, ground: Callable[[Floats], Floats]) -> None:
        self._shapes, self._told, self._ground = shapes, told, ground
        self._known: dict[int, float | tuple[cKDTree, Floats]] = {}

    def at(self, places: Floats, owner: Ints) -> Floats:
        """Give the height of the water at places, (m,), each in the area `owner` says."""
        out = self._told[owner]
        for row in np.unique(owner[~np.isfinite(out)]).tolist():
            if self._shapes.kind[row] != POLYGON:
                continue
            mine = owner == row
            if row not in self._known:
                self._known[row] = self._walk(row)
            known = self._known[row]
            if isinstance(known, float):
                out[mine] = known
                continue
            tree, low = known
            away, at = tree.query(places[mine], k=16)
            weight = 1.0 / np.maximum(away, 5.0)
            out[mine] = (low[at] * weight).sum(axis=1) / weight.sum(axis=1)
        return np.where(np.isfinite(out), out, self._ground(places))

    def _walk(self, row: int) -> float | tuple[cKDTree, Floats]:
        """Give the level of a lake, or the low heights of the shore of a river, smoothed along."""
        shore = _shore(self._shapes, row)
        heights = self._ground(shore)
        low, high = np.percentile(heights, [LOW, 90.0])
        if high - low < EVEN or len(shore) < 2 * NEIGHBOURS:
            return float(low)
        tree = cKDTree(shore)
        _, near = tree.query(shore, k=NEIGHBOURS)
        lows = np.percentile(heights[near], LOW, axis=1)
        for _ in range(2):
            lows = lows[near].mean(axis=1)
        return tree, lows


def _shore(shapes: Shapes, row: int) -> Floats:
    """Give places every few metres along the borders of an area."""
    rings = np.arange(shapes.shape_start[row], shapes.shape_start[row + 1])
    points = shapes.coords[runs(shapes.ring_start, rings)]
    sizes = np.diff(shapes.ring_start)[rings]
    nxt = np.arange(1, len(points) + 1)
    ends = np.cumsum(sizes)
    nxt[ends - 1] = ends - sizes
    step = points[nxt] - points
    counts = np.maximum(np.ceil(np.hypot(step[:, 0], step[:, 1]) / SHORE_STEP), 1).astype(np.int64)
    first = np.concatenate([[0], np.cumsum(counts)])[:-1]
    share = (np.arange(counts.sum()) - np.repeat(first, counts)) / np.repeat(counts, counts)
    at = np.repeat(np.arange(len(points)), counts)
    return np.asarray(points[at] + share[:, None] * step[at])

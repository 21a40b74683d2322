"""Zones of a hazard on the walls of buildings: how high each reaches, wall by wall."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import shapely

from layers.analyses.base import Marks
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.shapes import Floats, Shapes
from layers.style import Colouring, Style

PIECE = 6.0  # metres of wall that get one height
CLEAR = 0.35  # metres that the colours stand before the wall
LEAST = 0.5  # metres of wall that are shown
MOST = 40_000  # pieces of walls

#: Gives for places (n, 2) and a zone, by its number, up to which height above the ground it
#: reaches there, (n,) metres; 0 and less for not at all.
Reaching = Callable[[Floats, int], Floats]


def facade_marks(
    project: Project, layers: Sequence[Layer], zones: Sequence[tuple[str, shapely.Geometry]],
    reaching: Reaching, colouring: Colouring,
) -> Marks | None:  # fmt: skip
    """Draw zones on the walls of the buildings they reach.

    Parameters
    ----------
    project : Project
        For the ground under buildings.
    layers : sequence of Layer
        Buildings.
    zones : sequence of (str, geometry)
        What each is called, and its land; from the outer one to the inner one.
    reaching : callable
        How high each reaches.
    colouring : Colouring
        Of the field ``zone``.

    Returns
    -------
    Marks or None
        None where no wall is reached.
    """
    lines: list[Floats] = []
    whats: list[str] = []
    lows: list[Floats] = []
    tops: list[Floats] = []
    land = shapely.union_all([shape for _, shape in zones])
    for layer in layers:
        if not isinstance(layer.data, Buildings) or len(lines) > MOST:
            continue
        walls, walled = _walls(project, layer.data, land)
        if not len(walls):
            continue
        middles = walls.mean(axis=1)
        below = np.zeros(len(walls))
        for number in range(len(zones) - 1, -1, -1):  # the inner zone lies nearest to the ground
            reach = np.asarray(reaching(middles, number), dtype=np.float64)
            top = np.minimum(np.maximum(reach, below), np.maximum(walled, below))
            shown = np.flatnonzero(top - below > LEAST)
            lines += list(walls[shown])
            lows.append(below[shown].copy())
            tops.append(top[shown])
            whats += [zones[number][0]] * len(shown)
            below = top
    if not lines:
        return None
    rows = min(len(lines), MOST)
    table = pa.table(
        {
            "zone": whats[:rows], "class": ["other"] * rows,
            "low_m": np.concatenate(lows)[:rows], "top_m": np.concatenate(tops)[:rows],
        }
    )  # fmt: skip
    shapes = Shapes.from_shapely([shapely.LineString(line) for line in lines[:rows]])
    style = Style(line_form="walls", line_preset="six-lines", line_width=0.5, colouring=colouring)
    return Marks("screening-facades", Features.of(shapes, table), "", "control-lines", style)


def _walls(project: Project, data: Buildings, land: shapely.Geometry) -> tuple[Floats, Floats]:
    """Give the pieces of walls of the bodies a land touches, (n, 2, 2), and how high they are."""
    shapes = data.shapes.to_shapely()
    shapely.prepare(land)
    there = np.flatnonzero(shapely.intersects(land, shapes) & data.drawn)
    pieces, heights = [], []
    base = project.base_of(data, there)
    for at, foot in zip(there.tolist(), base.tolist(), strict=True):
        ring = shapely.get_exterior_ring(
            shapely.buffer(shapes[at], CLEAR, join_style="mitre", mitre_limit=2.0)
        )
        if ring is None:
            continue
        coords = shapely.get_coordinates(shapely.segmentize(ring, PIECE))
        own = np.stack([coords[:-1], coords[1:]], axis=1)
        ground = project.ground_at(own.mean(axis=1))
        pieces.append(own)
        heights.append(foot + data.height[at] - ground)
    if not pieces:
        return np.zeros((0, 2, 2)), np.zeros(0)
    return np.concatenate(pieces), np.concatenate(heights)

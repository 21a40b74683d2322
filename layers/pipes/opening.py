"""Where the ground is opened to look at pipes: a pit around one of them, as deep as the deepest."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely

from layers.kinds.pipes import RUN, Pipes
from layers.project import Project
from layers.shapes import Floats

LONG, WIDE = 26.0, 9.0  # metres of the floor of the pit
CATCH = 80.0  # metres to the pipe that is looked at
UNDER = 0.6  # metres of the floor below the lowest pipe
USUAL, MOST = 3.0, 12.0  # metres deep where no pipe lies, and at most
SLOPE = 0.35  # metres outwards for one metre of height


@dataclass(frozen=True, slots=True)
class Opened:
    """A pit to look into.

    Attributes
    ----------
    ring : tuple of (east, north)
        Corners of the floor.
    depth : float
        Metres below the lowest ground over the floor.
    middle : (east, north, height)
        What is looked at.
    heading : float
        Radians: the direction of the long side.
    pipes : int
        How many runs lie in the pit.
    """

    ring: tuple[tuple[float, float], ...]
    depth: float
    middle: tuple[float, float, float]
    heading: float
    pipes: int


def opened_at(project: Project, place: Floats, heading: float | None = None) -> Opened:
    """Say where a pit is opened around a place.

    Parameters
    ----------
    project : Project
        Its terrain and layers of pipes.
    place : (2,) float64
        Where, project metres; a pipe within ``CATCH`` metres draws the pit to itself.
    heading : float or None
        Radians clockwise from north: the direction of the long side; None takes that of the
        nearest run within the pit, or north.
    """
    layers = [one.data for one in project.layers if isinstance(one.data, Pipes)]
    place, along = _drawn(layers, np.asarray(place, dtype=np.float64))
    heading = along if heading is None else heading
    ahead = np.array([math.sin(heading), math.cos(heading)])
    right = np.array([ahead[1], -ahead[0]])
    ring = [
        place + ahead * (LONG / 2.0 * a) + right * (WIDE / 2.0 * b)
        for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    floor = shapely.Polygon(ring)
    lowest, count = _lowest(layers, floor)
    ground = project.ground_at(np.array([*ring, place]))
    if project.terrain() is None and lowest is not None:  # the ground is nowhere: over the pipes
        ground = np.full(len(ground), lowest + USUAL)
    depth = USUAL if lowest is None else float(ground.min()) - lowest + UNDER
    depth = min(max(depth, 1.0), MOST)
    middle = (float(place[0]), float(place[1]), float(ground[-1]) - 0.6 * depth)
    corners = tuple((float(x), float(y)) for x, y in ring)
    return Opened(corners, depth, middle, heading, count)


def _drawn(layers: list[Pipes], place: Floats) -> tuple[Floats, float]:
    """Give the nearest place on a run, and the direction of that run there."""
    best, way, drawn = CATCH, 0.0, place
    point = shapely.Point(*place)
    for pipes in layers:
        rows = _near(pipes, place, CATCH)
        if not len(rows):
            continue
        lines = pipes.shapes.take(rows).to_shapely()
        away = shapely.distance(lines, point)
        at = int(np.argmin(away))
        if float(away[at]) < best:
            best = float(away[at])
            line = lines[at]
            along = float(shapely.line_locate_point(line, point))
            ends = shapely.get_coordinates([
                shapely.line_interpolate_point(line, max(along - 1.0, 0.0)),
                shapely.line_interpolate_point(line, along + 1.0),
            ])  # fmt: skip
            way = math.atan2(*(ends[1] - ends[0]))
            drawn = shapely.get_coordinates(shapely.line_interpolate_point(line, along))[0]
    return drawn, way


def _near(pipes: Pipes, place: Floats, metres: float) -> np.ndarray:
    rows = np.flatnonzero(pipes.role == RUN)
    box = pipes.shapes.bounds()[rows]
    low, high = np.asarray(place) - metres, np.asarray(place) + metres
    met = ((box[:, :2] <= high) & (box[:, 2:] >= low)).all(axis=1)
    return np.asarray(rows[met])


def _lowest(layers: list[Pipes], floor: shapely.Polygon) -> tuple[float | None, int]:
    """Give the lowest underside of the runs over the floor, and their number."""
    lowest: float | None = None
    count = 0
    for pipes in layers:
        rows = _near(pipes, np.array(floor.centroid.coords[0]), LONG)
        if not len(rows):
            continue
        rows = rows[shapely.intersects(pipes.shapes.take(rows).to_shapely(), floor)]
        count += len(rows)
        first, centres = pipes.shapes.first_coord, pipes.centres()
        half = pipes.outer_height / 2.0
        for row in rows.tolist():
            level = centres[first[row] : first[row + 1]]
            if np.isfinite(level).any():
                under = float(np.nanmin(level)) - float(half[row])
                lowest = under if lowest is None else min(lowest, under)
    return lowest, count

"""Where codes are written along runs, as on a map of utilities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from layers.kinds.pipes import Pipes, chainage
from layers.shapes import Floats, Ints, starts_of
from scene.ground import Ground

BENDS = 0.5  # metres; bends of less do not part a text
APART = 90.0  # metres of a run that get a text of their own
SHORTEST = 2.0  # metres of a straight stretch that is written along
SECOND = 0.5  # how much less than the longest stretch of a run its other ones count


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """Straight stretches of runs that can be written along.

    Attributes
    ----------
    run : (k,) int64
        Which of the runs asked for each is of.
    middle : (k, 3) float64
        Middle of the stretch, project coordinates.
    half : (k, 3) float64
        Way from there to its end.
    rank : (k,) float64
        Which go first: octaves of lengths, the longest of each run before its others.
    """

    run: Ints
    middle: Floats
    half: Floats
    rank: Floats


def stretches(pipes: Pipes, rows: Ints, levels: Floats | None, ground: Ground) -> Stretches:
    """Find where texts run along pipes.

    Parameters
    ----------
    pipes : Pipes
        The layer.
    rows : (n,) int64
        Runs.
    levels : (c,) float64 or None
        Level of the middle at every coordinate of the layer; None for what lies on the ground.
    ground : Ground
        What a map lies on.
    """
    shapes = pipes.shapes
    plain = shapely.force_2d(shapes.take(rows).to_shapely())
    coords, line = shapely.get_coordinates(
        shapely.simplify(plain, BENDS, preserve_topology=False), return_index=True
    )
    first = starts_of(np.bincount(line, minlength=len(rows)))
    if levels is None:
        up = ground.surface.height_at(coords)
    else:
        begin, end = levels[shapes.first_coord[rows]], levels[shapes.first_coord[rows + 1] - 1]
        up = begin[line] + chainage(coords, first) * (end - begin)[line]
    points = np.column_stack([coords, up])
    at = np.flatnonzero(line[1:] == line[:-1])
    a, way, run = points[at], points[at + 1] - points[at], line[at]
    length = np.hypot(way[:, 0], way[:, 1])
    order = np.lexsort((-length, run))
    longest = np.zeros(len(run), dtype=bool)
    longest[order[np.unique(run[order], return_index=True)[1]]] = True
    count = np.maximum(np.round(length / APART), 1.0).astype(np.int64)
    count[length < SHORTEST] = 0
    of = np.repeat(np.arange(len(at)), count)
    k = np.arange(len(of)) - np.repeat(starts_of(count)[:-1], count)
    share = (k + 0.5) / count[of]
    total = np.bincount(run, length, minlength=len(rows))[run]
    rank = np.floor(np.log2(np.maximum(total, 1.0)))
    first_one = longest[of] & (k == count[of] // 2)
    return Stretches(
        run[of],
        a[of] + way[of] * share[:, None],
        way[of] / (2.0 * count[of])[:, None],
        rank[of] - np.where(first_one, 0.0, SECOND),
    )

"""What is taken for a pipe whose file does not say it: covers and sizes that are usual.

These figures are of no standard. They only put a pipe somewhere sensible; whatever they filled
in carries a bit of ``ASSUMED`` and is shown as assumed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from layers.kinds.pipes import ASSUMED, CENTRE, INVERT, Pipes
from layers.pipes.classes import CLASS_KEYS, SUBCLASS_KEYS
from layers.shapes import Bools, Codes, Floats

#: Metres between the ground and the top of a pipe, and clear size, by class.
COVER = {
    "water": 1.0, "drain": 1.2, "gas": 0.9, "heat": 1.0, "power": 0.7, "telecom": 0.8,
    "industry": 1.0, "other": 1.5,
}  # fmt: skip
SIZE = {
    "water": 0.2, "drain": 0.3, "gas": 0.15, "heat": 0.2, "power": 0.15, "telecom": 0.1,
    "industry": 0.2, "other": 0.2,
}  # fmt: skip
TUNNEL = SUBCLASS_KEYS.index("tunnel")
TUNNEL_COVER, TUNNEL_SIZE = 2.5, 3.0
START, END, SIZED, CLASSED = (
    ASSUMED[word] for word in ("start-level", "end-level", "size", "class")
)


def usual_cover(line_class: Codes, subclass: Codes) -> Floats:
    """Give the cover taken where a depth is missing, (n,) metres."""
    cover = np.array([COVER[key] for key in CLASS_KEYS])[line_class]
    return np.where(subclass == TUNNEL, TUNNEL_COVER, cover)


def usual_size(line_class: Codes, subclass: Codes) -> Floats:
    """Give the clear width and height taken where a size is missing, (n,) metres."""
    size = np.array([SIZE[key] for key in CLASS_KEYS])[line_class]
    return np.where(subclass == TUNNEL, TUNNEL_SIZE, size)


def depth_of_level(cover: Floats, height: Floats, level_of: Codes) -> Floats:
    """Give how far below the ground the level of a pipe with such a cover is, (n,) metres."""
    share = np.where(level_of == INVERT, 1.0, np.where(level_of == CENTRE, 0.5, 0.0))
    return np.asarray(cover + share * height)


def relevelled(pipes: Pipes, ground_at: Callable[[Floats], Floats]) -> tuple[Pipes, int]:
    """Put runs whose levels were assumed under the ground as it is now.

    Parameters
    ----------
    pipes : Pipes
        The layer.
    ground_at : callable
        Takes places, (k, 2), gives the ground there, (k,) metres above the datum.

    Returns
    -------
    (Pipes, int)
        The layer with new levels, and the number of runs that were moved.
    """
    runs = pipes.runs
    first, last = pipes.shapes.first_coord[runs], pipes.shapes.first_coord[runs + 1] - 1
    depth = depth_of_level(
        usual_cover(pipes.line_class[runs], pipes.subclass[runs]),
        pipes.height[runs], pipes.level_of[runs],
    )  # fmt: skip
    levels: list[NDArray[np.float64]] = []
    moved: Bools = np.zeros(len(runs), dtype=bool)
    for old, at, bit in ((pipes.start_level, first, START), (pipes.end_level, last, END)):
        mine = (pipes.assumed[runs] & bit) > 0
        wanted = ground_at(pipes.shapes.coords[at]) - depth
        new = old.copy()
        new[runs[mine]] = wanted[mine]
        moved |= mine & (np.abs(new[runs] - old[runs]) > 1e-9)
        levels.append(new)
    return replace(pipes, start_level=levels[0], end_level=levels[1]), int(moved.sum())

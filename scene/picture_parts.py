"""Which parts of a large picture are to be sharp: around what the eye looks at, finest near it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from layers.kinds.base import Extent
from layers.shapes import Floats

if TYPE_CHECKING:
    from scene.views.base import FrameState

LEVELS = 4  # parts held at once
SIZE = 2048  # pixels along a side of a part
RAYS = 13  # lines of sight along a side of the picture
FARTHEST = 60_000.0  # metres


@dataclass(frozen=True, slots=True)
class Part:
    """A square of a picture.

    Attributes
    ----------
    west, north : float
        Corner, project coordinates, metres.
    step : float
        Size of a pixel, metres.
    """

    west: float
    north: float
    step: float


def ground_in_view(frame: FrameState, level: float) -> tuple[Floats, Floats]:
    """Give places of a level plane that are in the picture, and how large a pixel is there.

    Parameters
    ----------
    frame : FrameState
        From where.
    level : float
        Height of the plane, scene metres.

    Returns
    -------
    (n, 2) float64
        East and north, scene metres.
    (n,) float64
        Metres of ground across the line of sight that one pixel shows.
    """
    left, right, bottom, top = frame.planes
    if frame.parallel:
        corners = [_meeting(a, b, frame) for a, b in
                   ((left, bottom), (right, bottom), (left, top), (right, top))]  # fmt: skip
        starts = _spread(corners)
        ways = np.broadcast_to(frame.sight, starts.shape)
    else:
        rays = [np.cross(a[:3], b[:3]) for a, b in
                ((left, bottom), (right, bottom), (left, top), (right, top))]  # fmt: skip
        rays = [ray * np.sign(ray @ frame.ahead) / np.linalg.norm(ray) for ray in rays]
        ways = _spread(rays)
        ways = ways / np.linalg.norm(ways, axis=1, keepdims=True)
        starts = np.broadcast_to(frame.eye, ways.shape)
    down = ways[:, 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        far = (level - starts[:, 2]) / down
    met = np.isfinite(far) & (far > 0.0) & (far < FARTHEST)
    places = starts[met, :2] + ways[met, :2] * far[met, None]
    grain = 1.0 / frame.pixels_per_metre(far[met])
    return places, np.asarray(grain)


def _spread(corners: list[Floats]) -> Floats:
    share = np.linspace(0.0, 1.0, RAYS)
    a, b = np.meshgrid(share, share)
    u, v = a.ravel()[:, None], b.ravel()[:, None]
    low = corners[0] * (1 - u) + corners[1] * u
    high = corners[2] * (1 - u) + corners[3] * u
    return np.asarray(low * (1 - v) + high * v)


def _meeting(a: Floats, b: Floats, frame: FrameState) -> Floats:
    """Give the point of two planes that lies beside the eye."""
    matrix = np.array([a[:3], b[:3], frame.ahead])
    return np.linalg.solve(matrix, [-a[3], -b[3], float(frame.ahead @ frame.eye)])


def wanted_parts(
    places: Floats, grain: Floats, extent: Extent, finest: float, coarsest: float, size: int = SIZE
) -> tuple[Part, ...]:
    """Choose the parts of a picture to be read, the finest first.

    Parameters
    ----------
    places : (n, 2) float64
        Where ground is seen, in the coordinates of the extent.
    grain : (n,) float64
        Metres of a pixel of the screen there.
    extent : (west, south, east, north)
        Of the picture.
    finest, coarsest : float
        Metres of a pixel of the file, and of the overview.
    size : int
        Pixels along a side of a part.
    """
    west, south, east, north = extent
    inside = (places[:, 0] > west) & (places[:, 0] < east)
    inside &= (places[:, 1] > south) & (places[:, 1] < north)
    places, grain = places[inside], grain[inside]
    out: list[Part] = []
    if len(places) == 0:
        return ()
    need = max(float(grain.min()), finest)
    step = finest * 2.0 ** max(math.floor(math.log2(need / finest) + 0.25), 0)
    while step < 0.75 * coarsest and len(out) < LEVELS:
        near = grain < 2.0 * step
        chosen = places[near] if near.any() else places[[int(grain.argmin())]]
        weight = 1.0 / grain[near] ** 2 if near.any() else np.ones(1)
        low, high = chosen.min(axis=0), chosen.max(axis=0)
        wide = size * step
        middle = (low + high) / 2.0
        if (high - low).max() > wide:
            middle = (chosen * weight[:, None]).sum(axis=0) / weight.sum()
        snap = wide / 8.0
        corner = np.round((middle - wide / 2.0) / snap) * snap
        out.append(Part(float(corner[0]), float(corner[1] + wide), step))
        step *= 2.0
    return tuple(out)

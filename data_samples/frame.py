"""Where the sample city lies, and the bent grid that makes its streets follow the river.

All modules of the generator work in *plan metres*: ``x`` east and ``y`` north of the south-western
corner of the district. Only the writers add the map origin.

Streets are drawn on a straight sheet with coordinates ``(s, t)``: ``s`` along the river, ``t``
metres away from its bank (positive on the north bank, negative on the south bank). `bend` lays that
sheet on the plan so that everything near the water follows the water.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry import Polygon

Floats = NDArray[np.float64]

SEED: Final = 20260501
CRS: Final = "EPSG:4547"
EAST_ORIGIN: Final = 508_000.0
NORTH_ORIGIN: Final = 3_378_000.0
WIDTH: Final = 3000.0
DEPTH: Final = 2500.0

WATER_LEVEL: Final = 33.5
"""Design water level of the river, metres."""

_NORTH_BASE: Final = 1110.0
_SOUTH_BASE: Final = 900.0


def extent() -> Polygon:
    """Outline of the district in plan metres."""
    return shapely.box(0.0, 0.0, WIDTH, DEPTH)


def random(*stream: int) -> np.random.Generator:
    """A random generator of its own for each place, so that a change here leaves the rest alone."""
    return np.random.default_rng([SEED, *stream])


def river_centre(x: ArrayLike) -> Floats:
    """Northing of the river's centre line above easting `x`, metres."""
    x = np.asarray(x, dtype=float)
    wide = 92.0 * np.sin(2 * np.pi * (x - 250.0) / 3500.0)
    narrow = 26.0 * np.sin(2 * np.pi * (x + 500.0) / 1450.0)
    return np.asarray(1000.0 + wide + narrow)


def river_half_width(x: ArrayLike) -> Floats:
    """Half the width of the river above easting `x`, metres (76 to 124)."""
    x = np.asarray(x, dtype=float)
    bulge = 24.0 * np.exp(-(((x - 1760.0) / 330.0) ** 2))
    return np.asarray(90.0 + 10.0 * np.sin(2 * np.pi * x / 1900.0 + 1.0) + bulge)


def _fade(distance: Floats, reach: float) -> Floats:
    share = np.clip(distance / reach, 0.0, 1.0)
    return 1.0 - share * share * (3.0 - 2.0 * share)


def _sway(s: Floats, t: Floats) -> Floats:
    return np.asarray(15.0 * np.sin(t / 330.0 + 0.6) + 11.0 * np.sin(s / 410.0 + t / 540.0))


def _bank(x: Floats, t: Floats) -> Floats:
    north = river_centre(x) + river_half_width(x)
    south = river_centre(x) - river_half_width(x)
    northern = _NORTH_BASE + (north - _NORTH_BASE) * _fade(t, 1700.0)
    southern = _SOUTH_BASE + (south - _SOUTH_BASE) * _fade(-t, 1300.0)
    return np.asarray(np.where(t >= 0, northern, southern))


def bend(st: ArrayLike) -> Floats:
    """Lay points of the straight sheet on the plan.

    Parameters
    ----------
    st : (n, 2) array_like of float
        Metres along the river and away from its bank; ``t = 0`` belongs to the north bank.

    Returns
    -------
    (n, 2) ndarray of float64
        Plan metres.
    """
    sheet = np.atleast_2d(np.asarray(st, dtype=float))
    s, t = sheet[:, 0], sheet[:, 1]
    x = s + _sway(s, t)
    return np.column_stack([x, _bank(x, t) + t])


def unbend(xy: ArrayLike) -> Floats:
    """Sheet coordinates of plan points, the inverse of `bend` to about a centimetre on land.

    Parameters
    ----------
    xy : (n, 2) array_like of float
        Plan metres; points in the river are taken to the nearer bank's sheet.

    Returns
    -------
    (n, 2) ndarray of float64
        ``(s, t)``.
    """
    plan = np.atleast_2d(np.asarray(xy, dtype=float))
    x, y = plan[:, 0], plan[:, 1]
    north = y >= river_centre(x)
    t = np.where(north, 1.0, -1.0)
    for _ in range(14):
        t = y - _bank(x, np.where(north, np.maximum(t, 0.0), np.minimum(t, -1e-9)))
    s = x.copy()
    for _ in range(10):
        s = x - _sway(s, t)
    return np.column_stack([s, t])


def smooth(points: ArrayLike, step: float = 12.0) -> Floats:
    """Points along a curve through `points`, about `step` apart (Catmull-Rom, centripetal enough).

    Parameters
    ----------
    points : (n, 2) array_like of float
        Control points, at least two.
    step : float
        Wanted spacing, in the unit of the points.

    Returns
    -------
    (m, 2) ndarray of float64
    """
    control = np.asarray(points, dtype=float)
    if len(control) == 2:
        count = max(2, int(np.ceil(np.hypot(*(control[1] - control[0])) / step)) + 1)
        return np.asarray(np.linspace(control[0], control[1], count))
    padded = np.vstack([2 * control[0] - control[1], control, 2 * control[-1] - control[-2]])
    pieces = []
    for index in range(len(control) - 1):
        before, start, end, after = padded[index : index + 4]
        count = max(2, int(np.ceil(np.hypot(*(end - start)) / step)))
        u = np.linspace(0.0, 1.0, count, endpoint=False)[:, None]
        tangent_in, tangent_out = (end - before) / 2, (after - start) / 2
        pieces.append(
            (2 * u**3 - 3 * u**2 + 1) * start
            + (u**3 - 2 * u**2 + u) * tangent_in
            + (-2 * u**3 + 3 * u**2) * end
            + (u**3 - u**2) * tangent_out
        )
    return np.vstack([*pieces, control[-1:]])


def curve_on_sheet(points: ArrayLike, step: float = 12.0) -> Floats:
    """Plan points of the smooth curve through sheet points."""
    return bend(smooth(points, step))

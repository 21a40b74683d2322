"""The skyline from a place: how high city and hills stand against the sky in each direction."""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from layers.errors import CityError
from layers.planning.obstacles import Obstacles
from layers.shapes import Floats, Ints

Int32s = NDArray[np.int32]
SKY = -2  # owner where nothing stands higher than the horizon
BESIDE = np.array([1.3e-5, 2.9e-5, 0.0])  # metres, so that the line up meets no edge
NEAREST = 0.05  # metres around the eye that are not looked at


@dataclass(frozen=True, slots=True, eq=False)
class Skyline:
    """Angles of the highest thing in each direction.

    Attributes
    ----------
    eye : (3,) float64
        Metres.
    azimuth : (n,) float64
        Middle of each direction, degrees clockwise from grid north.
    angle : (n,) float64
        Degrees above the horizon of the highest thing; -90 where nothing stands.
    owner : (n,) int32
        Row of the building that is highest, -1 for terrain, ``SKY`` for nothing.
    away : (n,) float64
        Metres in plan to it; infinite for nothing.
    """

    eye: Floats
    azimuth: Floats
    angle: Floats
    owner: Int32s
    away: Floats

    def __len__(self) -> int:
        return len(self.azimuth)


def skyline(
    things: Obstacles,
    eye: Floats,
    *,
    heading: float = 0.0,
    width: float = 360.0,
    step: float = 0.1,
    reach: float = 20_000.0,
) -> Skyline:
    """Trace the skyline.

    Every edge of every triangle is cut by the upright planes through the eye: what is found is
    exact in the middle of each direction.

    Parameters
    ----------
    things : Obstacles
        What stands there.
    eye : (3,) float64
        Metres.
    heading, width : float
        Middle and width of the picture, degrees clockwise from grid north.
    step : float
        Degrees from direction to direction.
    reach : float
        Metres.

    Raises
    ------
    CityError
        ``skyline.step``, ``sight.inside`` where the eye lies inside a building.
    """
    count = round(width / step) if step > 0.0 else 0
    if not (1 <= count <= 360_000 and 0.0 < width <= 360.0):
        raise CityError(
            "skyline.step",
            f"{width:g} degrees in steps of {step:g} are no picture.",
            hint="write up to 360 degrees and a step such as 0.1",
            width=width,
            step=step,
        )
    if (inside := inside_of(things, eye)) is not None:
        layer, number = inside
        raise CityError(
            "sight.inside",
            f"The eye lies inside building {number}.",
            hint="move it out of the building, or above its roof",
            building=number,
            layer=layer,
        )
    first = heading - width / 2.0
    azimuth = first + (np.arange(count) + 0.5) * width / count
    tangent = np.full(count, -np.inf)
    owner = np.full(count, SKY, dtype=np.int32)
    away = np.full(count, np.inf)
    local = things.points - np.asarray(eye)
    _trace(
        local, things.triangles.astype(np.int32), things.owner, np.radians(first),
        np.radians(width) / count, reach, tangent, owner, away,
    )  # fmt: skip
    angle = np.degrees(np.arctan(tangent))
    return Skyline(np.asarray(eye), azimuth % 360.0, angle, owner, away)


def inside_of(things: Obstacles, eye: Floats) -> tuple[str, int] | None:
    """Say inside which building a place lies; None for none."""
    x, y, z = (float(v) for v in eye)
    near = (things.boxes[:, 0] < x) & (x < things.boxes[:, 2])
    near &= (things.boxes[:, 1] < y) & (y < things.boxes[:, 3])
    near &= (things.low <= z) & (z < things.high)
    for row in np.flatnonzero(near):
        corners = things.points[things.triangles[things.owner == row]] - eye + BESIDE
        if _crossings(corners) % 2 == 1:
            return things.body(int(row))
    return None


def _crossings(corners: Floats) -> int:
    """Count how often the line straight up from the origin goes through triangles."""
    a, b, c = (corners[:, i, :2] for i in range(3))

    def side(p: Floats, q: Floats) -> Floats:
        return np.asarray(p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0])

    ab, bc, ca = side(a, b), side(b, c), side(c, a)
    total = ab + bc + ca
    within = ((ab > 0) & (bc > 0) & (ca > 0)) | ((ab < 0) & (bc < 0) & (ca < 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (bc * corners[:, 0, 2] + ca * corners[:, 1, 2] + ab * corners[:, 2, 2]) / total
    return int((within & (z > 0.0)).sum())


@nb.njit(cache=True, nogil=True)
def _trace(
    points: Floats, triangles: Int32s, owners: Int32s, first: float, step: float, reach: float,
    tangent: Floats, owner: Int32s, away: Floats,
) -> None:  # pragma: no cover  # fmt: skip
    """Cut the edges of triangles by upright planes; the greatest tangents are kept."""
    turn = 2.0 * np.pi
    for t in range(len(triangles)):
        for side in range(3):
            a, b = triangles[t, side], triangles[t, (side + 1) % 3]
            ax, ay, az = points[a, 0], points[a, 1], points[a, 2]
            bx, by, bz = points[b, 0], points[b, 1], points[b, 2]
            if min(ax * ax + ay * ay, bx * bx + by * by) > reach * reach:
                continue
            begin = np.arctan2(ax, ay)
            way = np.arctan2(bx, by) - begin
            way -= turn * np.round(way / turn)
            if way < 0.0:
                begin, way = begin + way, -way
            low = begin - first
            low -= turn * np.floor(low / turn)
            for shift in (0.0, -turn):
                k = max(int(np.ceil((low + shift) / step - 0.5)), 0)
                end = min(int(np.floor((low + shift + way) / step - 0.5)), len(tangent) - 1)
                while k <= end:
                    angle = first + (k + 0.5) * step
                    flat, up = _cut(ax, ay, az, bx, by, bz, np.sin(angle), np.cos(angle))
                    if NEAREST < flat <= reach and up / flat > tangent[k]:
                        tangent[k] = up / flat
                        owner[k] = owners[t]
                        away[k] = flat
                    k += 1


@nb.njit(cache=True, nogil=True, inline="always")
def _cut(
    ax: float, ay: float, az: float, bx: float, by: float, bz: float, dx: float, dy: float
) -> tuple[float, float]:  # pragma: no cover
    """Give how far away and how high an upright plane through the eye cuts an edge; -1 beside."""
    ex, ey = bx - ax, by - ay
    across = ex * dy - ey * dx
    if abs(across) < 1e-12:
        return -1.0, 0.0
    share = min(max((ay * dx - ax * dy) / across, 0.0), 1.0)
    return (ax + share * ex) * dx + (ay + share * ey) * dy, az + share * (bz - az)


def changes(before: Skyline, after: Skyline, least: float = 0.01) -> list[tuple[int, int]]:
    """Give stretches of directions in which the skyline moves, as (first, last + 1)."""
    moved = np.abs(after.angle - before.angle) > least
    edges: Ints = np.flatnonzero(np.diff(np.concatenate([[0], moved.astype(np.int64), [0]])))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]

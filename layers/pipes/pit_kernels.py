"""Compiled loop: how far places are from the faces of a pit."""

from __future__ import annotations

import numba as nb
import numpy as np

from layers.shapes import Floats


@nb.njit(cache=True, nogil=True)
def to_faces(at: Floats, triangles: Floats) -> tuple[Floats, Floats]:
    """Give the distance of places to the nearest of some triangles, and the way there.

    Parameters
    ----------
    at : (n, 3) float64
        Places.
    triangles : (t, 3, 3) float64
        Corners.

    Returns
    -------
    distance : (n,) float64
        Metres.
    way : (n, 3) float64
        Unit vectors, zero where the distance is.
    """
    n = len(at)
    best, way = np.full(n, np.inf), np.zeros((n, 3))
    for t in range(len(triangles)):
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        ab, ac = b - a, c - a
        normal = np.array([
            ab[1] * ac[2] - ab[2] * ac[1], ab[2] * ac[0] - ab[0] * ac[2],
            ab[0] * ac[1] - ab[1] * ac[0],
        ])  # fmt: skip
        square = normal[0] ** 2 + normal[1] ** 2 + normal[2] ** 2
        for i in range(n):
            place = _nearest(at[i], a, b, c, ab, ac, normal, square)
            dx, dy, dz = place[0] - at[i, 0], place[1] - at[i, 1], place[2] - at[i, 2]
            away = np.sqrt(dx * dx + dy * dy + dz * dz)
            if away < best[i]:
                best[i] = away
                if away > 0.0:
                    way[i, 0], way[i, 1], way[i, 2] = dx / away, dy / away, dz / away
                else:
                    way[i] = 0.0
    return best, way


@nb.njit(cache=True, nogil=True)
def _nearest(
    p: Floats, a: Floats, b: Floats, c: Floats, ab: Floats, ac: Floats, normal: Floats,
    square: float,
) -> tuple[float, float, float]:  # fmt: skip
    """Give the place of a triangle that is nearest to a place."""
    if square > 1e-18:
        ap = p - a
        # Shares of b and c of the foot of the upright through p.
        v = _triple(ap, ac, normal) / square
        w = _triple(ab, ap, normal) / square
        if v >= 0.0 and w >= 0.0 and v + w <= 1.0:
            return (
                a[0] + v * ab[0] + w * ac[0],
                a[1] + v * ab[1] + w * ac[1],
                (a[2] + v * ab[2] + w * ac[2]),
            )
    least = np.inf
    x, y, z = a[0], a[1], a[2]
    for side in range(3):
        s, e = (a, b) if side == 0 else ((b, c) if side == 1 else (c, a))
        wx, wy, wz = e[0] - s[0], e[1] - s[1], e[2] - s[2]
        size = wx * wx + wy * wy + wz * wz
        t = 0.0
        if size > 0.0:
            t = ((p[0] - s[0]) * wx + (p[1] - s[1]) * wy + (p[2] - s[2]) * wz) / size
            t = min(max(t, 0.0), 1.0)
        qx, qy, qz = s[0] + t * wx, s[1] + t * wy, s[2] + t * wz
        away = (qx - p[0]) ** 2 + (qy - p[1]) ** 2 + (qz - p[2]) ** 2
        if away < least:
            least, x, y, z = away, qx, qy, qz
    return x, y, z


@nb.njit(cache=True, nogil=True)
def _triple(u: Floats, v: Floats, n: Floats) -> float:
    """Give (u x v) . n."""
    return float(
        (u[1] * v[2] - u[2] * v[1]) * n[0]
        + (u[2] * v[0] - u[0] * v[2]) * n[1]
        + (u[0] * v[1] - u[1] * v[0]) * n[2]
    )

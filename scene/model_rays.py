"""Where a ray meets a model, exactly: boxes around blocks of triangles first, then triangles."""

from __future__ import annotations

import weakref

import numpy as np

from layers.kinds.model_library import Model
from layers.shapes import Floats, Ints

BLOCK = 48  # triangles in a box

_made: weakref.WeakKeyDictionary[Model, ModelRays] = weakref.WeakKeyDictionary()


def rays_of(model: Model) -> ModelRays:
    """Give the search of a model; kept for the next call."""
    known = _made.get(model)
    if known is None:
        known = _made[model] = ModelRays(model)
    return known


class ModelRays:
    """Finds the nearest triangle of a model on a ray, in local metres.

    Parameters
    ----------
    model : Model
        What is searched.
    """

    def __init__(self, model: Model) -> None:
        corners = model.local()[model.triangles]
        order = _neighbours(corners.mean(axis=1))
        self._corners = corners[order]
        first = np.arange(0, len(order), BLOCK)
        self._low = np.minimum.reduceat(self._corners.min(axis=1), first, axis=0)
        self._high = np.maximum.reduceat(self._corners.max(axis=1), first, axis=0)

    def meet(self, origin: Floats, way: Floats) -> tuple[float, Floats] | None:
        """Give how many lengths of `way` the nearest triangle is away, and its normal.

        Parameters
        ----------
        origin, way : (3,) float64
            Where the ray starts and its direction, local metres.
        """
        hit = np.flatnonzero(enters(origin, way, self._low, self._high) < np.inf)
        if hit.size == 0:
            return None
        rows = (hit[:, None] * BLOCK + np.arange(BLOCK)).reshape(-1)
        corners = self._corners[rows[rows < len(self._corners)]]
        a, ab, ac = corners[:, 0], corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
        across = np.cross(way, ac)
        det = np.einsum("ij,ij->i", ab, across)
        with np.errstate(divide="ignore", invalid="ignore"):
            inverse = 1.0 / det
            from_a = origin - a
            u = np.einsum("ij,ij->i", from_a, across) * inverse
            turned = np.cross(from_a, ab)
            v = turned @ way * inverse
            t = np.einsum("ij,ij->i", ac, turned) * inverse
            good = (np.abs(det) > 1e-14) & (u >= -1e-9) & (v >= -1e-9) & (u + v <= 1 + 1e-9)
        t = np.where(good & (t > 1e-9), t, np.inf)
        best = int(np.argmin(t))
        if not np.isfinite(t[best]):
            return None
        normal = np.cross(ab[best], ac[best])
        if normal @ way > 0:
            normal = -normal
        return float(t[best]), normal


def enters(origin: Floats, way: Floats, low: Floats, high: Floats) -> Floats:
    """Give where a ray enters boxes, corners (n, 3); inf for those it misses, (n,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        one, two = (low - origin) / way, (high - origin) / way
    flat = np.abs(way) < 1e-300
    inside = (origin >= low) & (origin <= high)
    near = np.where(flat, np.where(inside, -np.inf, np.inf), np.minimum(one, two))
    far = np.where(flat, np.where(inside, np.inf, -np.inf), np.maximum(one, two))
    start, end = near.max(axis=1), far.min(axis=1)
    return np.where((end >= np.maximum(start, 0.0)), np.maximum(start, 0.0), np.inf)


def _neighbours(places: Floats) -> Ints:
    """Order places so that those behind each other lie together (Morton's curve)."""
    low, size = places.min(axis=0), np.maximum(np.ptp(places, axis=0), 1e-9)
    cell = ((places - low) / size * 1023.0).astype(np.int64)
    code = np.zeros(len(places), dtype=np.int64)
    for bit in range(10):
        for axis in range(3):
            code |= ((cell[:, axis] >> bit) & 1) << (3 * bit + axis)
    return np.argsort(code, kind="stable")

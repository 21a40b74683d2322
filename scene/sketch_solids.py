"""Outlines of upright solids as lines, for what tools draw while somebody drags."""

from __future__ import annotations

import numpy as np

from layers.shapes import Floats


def box_lines(ring: Floats, base: float, height: float) -> list[Floats]:
    """Give the edges of an upright solid.

    Parameters
    ----------
    ring : (k, 2) or (k, 3) float64
        Corners; the first is not repeated.
    base : float
        Level it stands on, metres above the datum.
    height : float
        Metres.

    Returns
    -------
    list of (m, 3) float64
        Ring below, ring above, and the upright edges.
    """
    flat = np.asarray(ring, dtype=np.float64)[:, :2]
    low = np.column_stack([flat, np.full(len(flat), base)])
    high = np.column_stack([flat, np.full(len(flat), base + height)])
    rings = [np.vstack([part, part[:1]]) for part in (low, high)]
    return [*rings, *(np.stack([a, b]) for a, b in zip(low, high, strict=True))]

"""Buildings that are solid from the ground to their roofs, as the edges that bound their shadows.

Whether the sun is hidden behind such a body needs no ray: over each place its shadow reaches up to
one height, and that height comes from an edge of its roof.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layers.planning.obstacles import GROUND, Obstacles
from layers.shapes import Bools, Floats, Ints, starts_of

LEVEL = 1e-6  # metres by which the corners of a flat roof may differ


@dataclass(frozen=True, slots=True, eq=False)
class Solids:
    """Edges of roofs, body by body; bodies that are no such solids have none.

    Attributes
    ----------
    solid : (n,) bool
        Which bodies are solid.
    flat : (n,) bool
        Which have a flat roof; theirs are the outlines, counter-clockwise from above.
    foot : (n,) float64
        How far down each reaches, metres above datum.
    begin : (n + 1,) int64
        Where the edges of each body begin.
    edges : (e, 6) float64
        Both ends: east, north, height above datum, metres.
    """

    solid: Bools
    flat: Bools
    foot: Floats
    begin: Ints
    edges: Floats


def solids_of(things: Obstacles) -> Solids:
    """Find the edges of roofs of bodies that are solid."""
    mine = things.owner != GROUND
    corners = things.triangles[mine].astype(np.int64)
    owner = things.owner[mine].astype(np.int64)
    xyz = things.points[corners]
    foot, top = np.full(len(things), np.inf), np.full(len(things), -np.inf)
    np.minimum.at(foot, owner, xyz[:, :, 2].min(axis=1))
    a, b = xyz[:, 1] - xyz[:, 0], xyz[:, 2] - xyz[:, 0]
    upward = (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0] > 0.0) & things.solid[owner]
    corners, owner, xyz = corners[upward], owner[upward], xyz[upward]
    low = np.full(len(things), np.inf)
    np.minimum.at(low, owner, xyz[:, :, 2].min(axis=1))
    np.maximum.at(top, owner, xyz[:, :, 2].max(axis=1))
    flat = things.solid & (top - low <= LEVEL)
    ends = np.stack([corners, np.roll(corners, -1, axis=1)], axis=-1).reshape(-1, 2)
    owner = np.repeat(owner, 3)
    key = ends.min(axis=1) * (len(things.points) + 1) + ends.max(axis=1)
    _, first, times = np.unique(key, return_index=True, return_counts=True)
    first = np.sort(first[(times == 1) | ~flat[owner[first]]])
    ends, owner = ends[first], owner[first]
    order = np.argsort(owner, kind="stable")
    edges = things.points[ends[order]].reshape(-1, 6)
    begin = starts_of(np.bincount(owner, minlength=len(things)))
    return Solids(things.solid & (np.diff(begin) > 0), flat, foot, begin, edges)

"""Roofs of houses around a court: the wings rise from both sides to a ridge between them."""

from __future__ import annotations

import numpy as np
import shapely

from layers.shapes import Floats


class CourtRoof:
    """The roof over one ring of wings of about the same width.

    Parameters
    ----------
    outer, inner : (k, 2) float64
        Corners of the outline, counter-clockwise, and of the court's, each beside its own.
    """

    def __init__(self, outer: Floats, inner: Floats) -> None:
        self.outer, self.inner = outer, inner
        self.ridge = (outer + inner) / 2.0

    @staticmethod
    def over(polygon: shapely.Polygon) -> CourtRoof | None:
        """Give the roof of a footprint, None where its court is not one of wings of one width."""
        if len(polygon.interiors) != 1:
            return None
        oriented = shapely.orient_polygons(polygon)
        outer = shapely.get_coordinates(oriented.exterior)[:-1]
        inner = shapely.get_coordinates(oriented.interiors[0])[:-1][::-1]
        if len(outer) != len(inner) or len(outer) > 12:
            return None
        off = np.hypot(*np.moveaxis(outer[:, None] - inner[None], 2, 0))
        turned = [float(np.trace(np.roll(off, -k, axis=1))) for k in range(len(inner))]
        inner = np.roll(inner, -int(np.argmin(turned)), axis=0)
        made = CourtRoof(outer, inner)
        sound = shapely.is_valid(polygon) and bool(
            np.all(shapely.is_ccw(shapely.linearrings(made.faces())))
        )
        return made if sound else None

    def faces(self) -> Floats:
        """Give the slopes, (4k, 3, 2): triangles seen counter-clockwise from above."""
        after = (np.arange(len(self.outer)) + 1) % len(self.outer)
        a, b, r, s = self.outer, self.outer[after], self.ridge, self.ridge[after]
        c, d = self.inner, self.inner[after]
        parts = ((a, b, s), (a, s, r), (d, c, r), (d, r, s))
        return np.concatenate([np.stack(part, axis=1) for part in parts])

    def heights(self) -> Floats:
        """Give how high the corners of `faces` are, (4k, 3): 0 at the eaves, 1 at the ridge."""
        parts = ((0, 0, 1), (0, 1, 1), (0, 0, 1), (0, 1, 1))
        return np.repeat(np.array(parts, dtype=np.float64), len(self.outer), axis=0)

    def missing(self) -> float:
        """Give what the roof lacks against a flat one at its ridge, m3 for each metre of rise."""
        areas = shapely.area(shapely.polygons(self.faces()))
        return float((areas * (1.0 - self.heights().mean(axis=1))).sum())

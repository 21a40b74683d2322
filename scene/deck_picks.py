"""Decks of bridges and viaducts: found under a pixel, and marked where people see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from layers.kinds.base import Features
from layers.shapes import LINE, Bools, Floats, Ints, Shapes, starts_of
from layers.street_heights import Decks
from layers.streets import Streets
from scene.own_heights import AirBorder
from scene.rays import Aim, Hit

if TYPE_CHECKING:
    from scene.views.base import StageContext

ABOVE = 0.45  # metres between a deck and the line that marks it
JOINT = 0.5  # metres that a stretch of a deck reaches into the next one
ALIKE = 0.7  # cosine between a way and the deck it leads over
BEHIND = 1.0  # metres that the ground may lie before a deck that is still seen


class DeckIndex:
    """Finds raised lines by their decks.

    Parameters
    ----------
    features : Features
        All lines of the layer.
    streets : Streets
        Those that are built.
    decks : Decks
        Of the raised ones among `streets`.
    """

    def __init__(self, features: Features, streets: Streets, decks: Decks) -> None:
        self._features, self._streets, self._decks = features, streets, decks
        points = np.column_stack([decks.place, decks.height]).reshape(-1, 3)
        last = np.zeros(len(points), dtype=bool)
        last[decks.start[1:] - 1] = True
        at = np.flatnonzero(~last)
        self._a, self._line = points[at], decks.line[at]
        way = points[at + 1] - self._a if len(at) else np.empty((0, 3))
        self._length = np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-6)
        self._way = way[:, :2] / self._length[:, None]
        slope = way[:, 2] / self._length
        self._up = np.column_stack([-slope[:, None] * self._way, np.ones(len(at))])
        self._half = streets.width[self._line] / 2.0 + streets.sidewalk[self._line]

    def raised(self, rows: Ints) -> Bools:
        """Tell which of the layer's objects lie on decks."""
        return np.isin(rows, self._streets.row[self._decks.of])

    def pick(self, layer_id: str, aim: Aim) -> Hit | None:
        """Give the deck under a pixel, None where there is none or the ground hides it."""
        origin, way = np.array(aim.ray.origin), np.array(aim.ray.direction)
        steep = self._up @ way
        with np.errstate(divide="ignore", invalid="ignore"):
            metres = ((self._a - origin) * self._up).sum(axis=1) / steep
        metres[~np.isfinite(metres)] = -1.0
        beside = origin + metres[:, None] * way - self._a
        along = (beside[:, :2] * self._way).sum(axis=1)
        across = beside[:, 0] * self._way[:, 1] - beside[:, 1] * self._way[:, 0]
        met = (metres > 0.0) & (along >= 0.0) & (along <= self._length)
        met &= np.abs(across) <= self._half
        if aim.ground is not None:
            met &= metres < np.linalg.norm(np.subtract(aim.ground, origin)) + BEHIND
        found = np.flatnonzero(met)
        if not len(found):
            return None
        best = found[np.argmin(metres[found])]
        up = self._up[best] / np.linalg.norm(self._up[best])
        row = self._streets.row[self._line[best]]
        return Hit(
            layer_id, int(self._features.ids[row]), aim.ray.at(float(metres[best])),
            (float(up[0]), float(up[1]), float(up[2])), float(metres[best]),
        )  # fmt: skip

    def heights(self, places: Floats, facing: Floats) -> Floats:
        """Give the top of the deck that somebody goes over, (k,) metres; -inf where none is.

        Parameters
        ----------
        places : (k, 2) float64
            Project coordinates.
        facing : (k,) float64
            Ways they go, radians clockwise from north: who crosses below a deck stays below.
        """
        out = np.full(len(places), -np.inf)
        if not len(self._a):
            return out
        ways = np.column_stack([np.sin(facing), np.cos(facing)])
        for row in np.flatnonzero(np.isfinite(places).all(axis=1)):
            beside = places[row] - self._a[:, :2]
            along = (beside * self._way).sum(axis=1)
            across = beside[:, 0] * self._way[:, 1] - beside[:, 1] * self._way[:, 0]
            met = (
                (along >= -JOINT) & (along <= self._length + JOINT) & (np.abs(across) <= self._half)
            )
            met &= np.abs(self._way @ ways[row]) > ALIKE
            if met.any():
                slope = -(self._up[met, :2] * self._way[met]).sum(axis=1)
                out[row] = float((self._a[met, 2] + along[met] * slope).max())
        return out

    def border(
        self, rows: Ints, context: StageContext, *, colour: tuple[int, int, int], width: float
    ) -> AirBorder:
        """Draw lines along the middle of decks of some of the layer's objects."""
        decks = self._decks
        wanted = np.flatnonzero(np.isin(self._streets.row[decks.of], rows))
        parts = [np.arange(decks.start[n], decks.start[n + 1]) for n in wanted]
        at = np.concatenate(parts)
        start = starts_of([len(part) for part in parts])
        n = len(parts)
        shapes = Shapes(
            np.full(n, LINE, np.uint8), decks.place[at].copy(), start, np.arange(n + 1)
        )  # fmt: skip
        owner = self._streets.row[decks.of[wanted]]
        heights: Floats = decks.height[at] + ABOVE
        return AirBorder.at(
            shapes, heights, owner, context, colour=colour, width=width, bright=True
        )

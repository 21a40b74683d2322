"""Bodies of any form that throw shadows: roofs, decks, models and trees, once or as copies."""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from layers.shapes import Floats, Ints
from scene.shadow_raster import Float32s, Window, draw_triangle, reaching

SMALL = 0.7  # texels that a body must measure to be drawn


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """Triangles, as fine as a window needs them.

    Attributes
    ----------
    points : (p, 3) float64
        Metres from the place of a copy, before it is sized and turned.
    triangles : (t, 3) int32
        Either way round.
    error : float
        Width of a texel, metres, from which on this form will do.
    """

    points: Floats
    triangles: NDArray[np.int32]
    error: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Bodies:
    """Copies of one body.

    Attributes
    ----------
    forms : tuple of Form
        The finest first; its error is 0.
    places : (n, 3) float64
        Scene metres.
    turns : (n, 2) float64
        Cosine and sine of the angle, counter-clockwise, that each is turned by.
    sizes : (n, 2) float64
        What widths and heights are multiplied with.
    boxes : (n, 4) float64
        West, south, east, north, scene metres.
    low, high : (n,) float64
        Lowest and highest point, scene metres.
    """

    forms: tuple[Form, ...]
    places: Floats
    turns: Floats
    sizes: Floats
    boxes: Floats
    low: Floats
    high: Floats

    @classmethod
    def one(cls, points: Floats, triangles: NDArray[np.integer]) -> Bodies:
        """Make a single body of points, (p, 3) scene metres, p at least 1, and triangles."""
        used = points[np.unique(triangles)] if len(triangles) else points
        low, high = used.min(axis=0), used.max(axis=0)
        form = Form(np.ascontiguousarray(points), np.asarray(triangles, dtype=np.int32))
        return cls(
            (form,), np.zeros((1, 3)), np.array([[1.0, 0.0]]), np.ones((1, 2)),
            np.concatenate([low[:2], high[:2]])[None], low[2:], high[2:],
        )  # fmt: skip

    @classmethod
    def many(cls, forms: tuple[Form, ...], places: Floats, turns: Floats, sizes: Floats) -> Bodies:
        """Make copies; arguments as the attributes."""
        points = forms[0].points
        radius = np.hypot(points[:, 0], points[:, 1]).max() * sizes[:, 0]
        return cls(
            forms, places, turns, sizes,
            np.column_stack([places[:, :2] - radius[:, None], places[:, :2] + radius[:, None]]),
            places[:, 2] + points[:, 2].min() * sizes[:, 1],
            places[:, 2] + points[:, 2].max() * sizes[:, 1],
        )  # fmt: skip

    def within(self, window: Window, slant: Floats) -> Ints:
        """Give those whose shadow may fall into a window and is large enough there, (k,) int64."""
        inside = reaching(window, slant, self.boxes, self.low, self.high)
        wide = (self.boxes[:, 2:] - self.boxes[:, :2]).max(axis=1)
        inside &= np.maximum(wide, self.high - self.low) > SMALL * window.texel
        return np.flatnonzero(inside)


def draw_bodies(out: Float32s, window: Window, bodies: Bodies, slant: Floats) -> int:
    """Draw the bodies that matter into a map, as `draw_blocks` does; gives how many."""
    rows = bodies.within(window, slant)
    form = [one for one in bodies.forms if one.error <= window.texel][-1]
    _draw_copies(
        out, window.west, window.south, 1.0 / window.texel, form.points, form.triangles,
        bodies.places, bodies.turns, bodies.sizes, rows, float(slant[0]), float(slant[1]),
    )  # fmt: skip
    return len(rows)


@nb.njit(cache=True, nogil=True)
def _draw_copies(
    out: Float32s, west: float, south: float, per_metre: float, points: Floats,
    triangles: NDArray[np.int32], places: Floats, turns: Floats, sizes: Floats, rows: Ints,
    slant_east: float, slant_north: float,
) -> None:  # fmt: skip # pragma: no cover
    feet = np.empty((len(points), 3))
    for row in rows:
        c, s = turns[row, 0] * sizes[row, 0], turns[row, 1] * sizes[row, 0]
        for i in range(len(points)):
            z = places[row, 2] + points[i, 2] * sizes[row, 1]
            x = places[row, 0] + points[i, 0] * c - points[i, 1] * s
            y = places[row, 1] + points[i, 0] * s + points[i, 1] * c
            feet[i, 0] = (x - z * slant_east - west) * per_metre
            feet[i, 1] = (y - z * slant_north - south) * per_metre
            feet[i, 2] = z
        for t in range(len(triangles)):
            a, b, d = triangles[t, 0], triangles[t, 1], triangles[t, 2]
            draw_triangle(
                out, feet[a, 0], feet[a, 1], feet[a, 2], feet[b, 0], feet[b, 1], feet[b, 2],
                feet[d, 0], feet[d, 1], feet[d, 2],
            )  # fmt: skip

"""Footprints in their own metres: middle at the origin, front towards the south."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely.geometry import Polygon

from data_samples.frame import Floats


def put(shape: Polygon, east: float, north: float, turn: float = 0.0) -> Polygon:
    """The shape turned by `turn` degrees (counter-clockwise) and moved to a place on the plan."""
    angle = np.radians(turn)
    cos, sin = np.cos(angle), np.sin(angle)

    def move(points: Floats) -> Floats:
        x, y = points[:, 0], points[:, 1]
        return np.column_stack([x * cos - y * sin + east, x * sin + y * cos + north])

    return shapely.transform(shape, move)


def polygon(points: ArrayLike) -> Polygon:
    """A polygon through points."""
    return Polygon(np.asarray(points, dtype=float))


def rectangle(width: float, depth: float) -> Polygon:
    """A rectangle, `width` east-west by `depth` north-south."""
    return shapely.box(-width / 2, -depth / 2, width / 2, depth / 2)


def _steps(outline: Sequence[tuple[float, float]], width: float, depth: float) -> Polygon:
    """A polygon given in shares of its width and depth, from -0.5 to 0.5."""
    return polygon(np.asarray(outline) * (width, depth))


def slab(units: int, unit_width: float, depth: float) -> Polygon:
    """A slab of housing: stairs stand out to the north, balconies to the south."""
    half = units * unit_width / 2
    south, north = -depth / 2, depth / 2
    points = [(-half, south + 1.2)]
    for unit in range(units):
        left = -half + unit * unit_width
        for start, end in ((0.08, 0.40), (0.60, 0.92)):
            a, b = left + start * unit_width, left + end * unit_width
            points += [(a, south + 1.2), (a, south), (b, south), (b, south + 1.2)]
    points += [(half, south + 1.2), (half, north - 1.6)]
    for unit in reversed(range(units)):
        middle = -half + (unit + 0.5) * unit_width
        points += [(middle + 3.2, north - 1.6), (middle + 3.2, north),
                   (middle - 3.2, north), (middle - 3.2, north - 1.6)]  # fmt: skip
    points.append((-half, north - 1.6))
    return polygon(points)


def butterfly(width: float, depth: float) -> Polygon:
    """A tower of four flats a floor: wings south-east and south-west, core in the north."""
    return _steps(
        [(-0.50, -0.38), (-0.34, -0.38), (-0.34, -0.50), (-0.10, -0.50), (-0.10, -0.26),
         (0.10, -0.26), (0.10, -0.50), (0.34, -0.50), (0.34, -0.38), (0.50, -0.38),
         (0.50, 0.20), (0.30, 0.20), (0.30, 0.34), (0.14, 0.34), (0.14, 0.50),
         (-0.14, 0.50), (-0.14, 0.34), (-0.30, 0.34), (-0.30, 0.20), (-0.50, 0.20)],
        width, depth,
    )  # fmt: skip


def tee(width: float, depth: float) -> Polygon:
    """A T: bar in the south, stem to the north."""
    return _steps(
        [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.02), (0.2, 0.02), (0.2, 0.5), (-0.2, 0.5),
         (-0.2, 0.02), (-0.5, 0.02)],
        width, depth,
    )  # fmt: skip


def cross(width: float, depth: float) -> Polygon:
    """A plus."""
    return _steps(
        [(-0.5, -0.18), (-0.18, -0.18), (-0.18, -0.5), (0.18, -0.5), (0.18, -0.18), (0.5, -0.18),
         (0.5, 0.18), (0.18, 0.18), (0.18, 0.5), (-0.18, 0.5), (-0.18, 0.18), (-0.5, 0.18)],
        width, depth,
    )  # fmt: skip


def notched(width: float, depth: float) -> Polygon:
    """A square tower with its four corners cut back."""
    return _steps(
        [(-0.5, -0.34), (-0.38, -0.34), (-0.38, -0.5), (0.38, -0.5), (0.38, -0.34), (0.5, -0.34),
         (0.5, 0.34), (0.38, 0.34), (0.38, 0.5), (-0.38, 0.5), (-0.38, 0.34), (-0.5, 0.34)],
        width, depth,
    )  # fmt: skip


def chamfered(width: float, depth: float, cut: float = 0.22) -> Polygon:
    """A tower with slanted corners; `cut` is their share of the shorter side."""
    c = cut * min(width, depth)
    w, d = width / 2, depth / 2
    return polygon([(-w + c, -d), (w - c, -d), (w, -d + c), (w, d - c), (w - c, d), (-w + c, d),
                    (-w, d - c), (-w, -d + c)])  # fmt: skip


def ell(width: float, depth: float, wing: float) -> Polygon:
    """An L: wing along the south and wing along the west, both `wing` metres deep."""
    w, d = width / 2, depth / 2
    return polygon([(-w, -d), (w, -d), (w, -d + wing), (-w + wing, -d + wing), (-w + wing, d),
                    (-w, d)])  # fmt: skip


def you(width: float, depth: float, wing: float) -> Polygon:
    """A U that opens to the south, wings `wing` metres deep."""
    w, d = width / 2, depth / 2
    return polygon([(-w, -d), (-w + wing, -d), (-w + wing, d - wing), (w - wing, d - wing),
                    (w - wing, -d), (w, -d), (w, d), (-w, d)])  # fmt: skip


def comb(width: float, depth: float, wing: float, teeth: int) -> Polygon:
    """Teaching wings `teeth` to the east of a corridor building in the west."""
    w, d = width / 2, depth / 2
    gap = (depth - teeth * wing) / max(teeth - 1, 1)
    points = [(-w, -d)]
    for tooth in range(teeth):
        base = -d + tooth * (wing + gap)
        points += [(w, base), (w, base + wing)]
        if tooth < teeth - 1:
            points += [(-w + wing * 0.8, base + wing), (-w + wing * 0.8, base + wing + gap)]
    points.append((-w, d))
    return polygon(points)


def court(width: float, depth: float, wing: float) -> Polygon:
    """A building around a court."""
    yard = rectangle(width - 2 * wing, depth - 2 * wing)
    return Polygon(rectangle(width, depth).exterior, [yard.exterior])


def ellipse(width: float, depth: float, corners: int = 48) -> Polygon:
    """An ellipse."""
    angle = np.linspace(0.0, 2 * np.pi, corners, endpoint=False)
    return polygon(np.column_stack([np.cos(angle) * width / 2, np.sin(angle) * depth / 2]))


def superellipse(width: float, depth: float, power: float = 3.5, corners: int = 56) -> Polygon:
    """A rounded box."""
    angle = np.linspace(0.0, 2 * np.pi, corners, endpoint=False)
    cos, sin = np.cos(angle), np.sin(angle)
    x = np.sign(cos) * np.abs(cos) ** (2 / power) * width / 2
    y = np.sign(sin) * np.abs(sin) ** (2 / power) * depth / 2
    return polygon(np.column_stack([x, y]))


def ring(width: float, depth: float, wing: float) -> Polygon:
    """A ring such as a stadium's stands."""
    field = ellipse(width - 2 * wing, depth - 2 * wing, 64)
    return Polygon(ellipse(width, depth, 64).exterior, [field.exterior])


def arc(radius: float, depth: float, sweep: float) -> Polygon:
    """A curved slab bowed to the south: `sweep` degrees of a ring, `radius` to its middle line."""
    angle = np.radians(np.linspace(-sweep / 2, sweep / 2, 20)) - np.pi / 2
    outer = np.column_stack([np.cos(angle), np.sin(angle)]) * (radius + depth / 2)
    inner = np.column_stack([np.cos(angle), np.sin(angle)]) * (radius - depth / 2)
    points = np.vstack([outer, inner[::-1]])
    return polygon(points - (0.0, -radius))


def leaf(width: float, depth: float) -> Polygon:
    """A lens between two arcs, pointed in the east and the west."""
    x = np.linspace(-1.0, 1.0, 22)
    y = (1.0 - x * x) * depth / 2
    lower = np.column_stack([x * width / 2, -y])
    upper = np.column_stack([x * width / 2, y])[::-1]
    return polygon(np.vstack([lower, upper[1:-1]]))


def regular(corners: int, width: float) -> Polygon:
    """A regular polygon, `width` across its corners."""
    angle = np.linspace(0.0, 2 * np.pi, corners, endpoint=False) + np.pi / corners
    return polygon(np.column_stack([np.cos(angle), np.sin(angle)]) * width / 2)


def track(width: float, depth: float) -> Polygon:
    """A running track's outer edge: a stadium shape with its long side north-south."""
    radius = width / 2
    straight = depth / 2 - radius
    line = shapely.LineString([(0.0, -straight), (0.0, straight)])
    return line.buffer(radius, quad_segs=10)

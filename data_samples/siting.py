"""How buildings find their places on a plot: along its edges, in rows, and in what is left."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import shapely
import shapely.affinity
from numpy.typing import NDArray
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from data_samples.blocks import longest_direction
from data_samples.buildings import Plot
from data_samples.frame import Floats
from data_samples.shapes import put, rectangle


def east_west(area: Polygon, most: float = 45.0) -> float:
    """Turn, degrees within +-`most`, that brings an east-west axis along the area's own sides."""
    direction = longest_direction(area)
    turn = (direction + 45.0) % 90.0 - 45.0
    return float(np.clip(turn, -most, most))


Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Side:
    """A straight side of a plot seen from inside.

    Attributes
    ----------
    start, end : (2,) ndarray
        Corners, the plot to the left.
    on_street : bool
        Whether it lies on a street (not on a neighbour).
    """

    start: Floats
    end: Floats
    on_street: bool

    @property
    def length(self) -> float:
        """Metres."""
        return float(np.hypot(*(self.end - self.start)))

    @property
    def turn(self) -> float:
        """Turn of a building that stands with its front on this side, degrees."""
        east, north = self.end - self.start
        return float(np.degrees(np.arctan2(north, east)))

    def at(self, along: float, inset: float) -> Floats:
        """The point `along` metres from the start and `inset` metres inside."""
        unit = (self.end - self.start) / self.length
        normal = np.array([-unit[1], unit[0]])
        return np.asarray(self.start + unit * along + normal * inset)


def sides(plot: Plot, least: float = 24.0, tolerance: float = 2.5) -> list[Side]:
    """The plot's sides longer than `least` metres, curved ones broken into chords."""
    ring = shapely.get_coordinates(shapely.orient_polygons(plot.area).exterior.simplify(tolerance))
    found = []
    for start, end in itertools.pairwise(ring):
        if np.hypot(*(end - start)) < least:
            continue
        middle = Point((start + end) / 2)
        found.append(Side(start, end, bool(plot.frontage.distance(middle) < 4.0)))
    return found


def along_side(
    side: Side, shape: Callable[[float], Polygon], widths: Iterator[float], inset: float
) -> Iterator[tuple[Polygon, float]]:
    """Shapes one after another along a side, fronts to the street.

    Parameters
    ----------
    side : Side
    shape : callable
        Makes the shape for a width, metres.
    widths : iterator of float
        Width, then gap, then width, and so on, metres.
    inset : float
        Distance of the shape's middle from the side, metres.

    Yields
    ------
    Polygon, float
        The shape on the plan and its width.
    """
    at = 4.0
    while True:
        width = next(widths)
        if at + width > side.length - 4.0:
            return
        east, north = side.at(at + width / 2, inset)
        yield put(shape(width), east, north, side.turn), width
        at += width + next(widths)


@dataclass(frozen=True, slots=True)
class RowKind:
    """One row of like buildings.

    Attributes
    ----------
    shapes : tuple of (Polygon, float)
        Footprints to choose from with their widths, longest first.
    depth : float
        Deepest footprint, metres.
    gap : float
        Between neighbours in the row, metres.
    north : float
        Clear space to the next row in the north, metres.
    """

    shapes: tuple[tuple[Polygon, float], ...]
    depth: float
    gap: float
    north: float


def _on_plan(x: float, y: float, turn: float) -> tuple[float, float]:
    angle = np.radians(turn)
    return (float(x * np.cos(angle) - y * np.sin(angle)),
            float(x * np.sin(angle) + y * np.cos(angle)))  # fmt: skip


STEP = 1.5
"""Buildings of a row start at multiples of this, metres."""


def _fitting(flat: BaseGeometry, shape: Polygon, starts: Floats, wide: float, y: float) -> Bools:
    """Whether a shape lies inside the ground when its western edge is at each of `starts`."""
    outline = shapely.get_coordinates(shape.exterior)
    middles = np.column_stack([starts + wide / 2, np.full(len(starts), y)])
    return np.asarray(
        shapely.contains(flat, shapely.polygons(middles[:, None, :] + outline[None, :, :]))
    )


def _row(
    plot: Plot, kind: RowKind, y: float, turn: float, setback: float, flat: BaseGeometry,
    span: tuple[float, float],
) -> tuple[list[Polygon], float]:  # fmt: skip
    starts = np.arange(span[0], span[1], STEP)
    fits = [_fitting(flat, shape, starts, wide, y) for shape, wide in kind.shapes]
    placed, width, at = [], 0.0, 0
    order = list(range(len(kind.shapes)))
    while at < len(starts):
        if len(order) > 1 and plot.rng.random() < 0.4:
            order = [order[-1], *order[:-1]]
        for number in order:
            shape, wide = kind.shapes[number]
            if not fits[number][at]:
                continue
            candidate = put(shape, *_on_plan(float(starts[at]) + wide / 2, y, turn), turn)
            if plot.free(candidate, setback, kind.gap):
                placed.append(candidate)
                width += wide
                at += int(np.ceil((wide + kind.gap) / STEP))
                break
        else:
            at += 2
    return placed, width


def _parked(plot: Plot, span: tuple[float, float], y: float, turn: float) -> None:
    """Cars parked side by side along the lane behind a row."""
    at = np.arange(span[0] + 6.0, span[1] - 6.0, 2.7)
    drawn = plot.rng.random((3, len(at)))
    taken = (drawn[0] < 0.42) & (np.sin(at / 9.0 + 7.0 * drawn[2, :1]) > -0.2)
    for tone, low, high in (("car_white", 0, 0.5), ("car_dark", 0.5, 0.85), ("car_red", 0.85, 1)):
        chosen = at[taken & (drawn[1] >= low) & (drawn[1] < high)]
        cars = [put(rectangle(1.9, 4.6), *_on_plan(float(x), y, turn), turn) for x in chosen]
        if cars:
            plot.cover(shapely.MultiPolygon(cars), tone)


def rows(
    plot: Plot,
    kind_of: Callable[[float], RowKind],
    build: Callable[[Polygon, float], None],
    *,
    turn: float,
    setback: float,
    fill: float = 0.45,
) -> None:
    """Fill a plot with rows that face south, from its southern edge northward.

    Parameters
    ----------
    plot : Plot
        Built-up parts and reserved ground stay free.
    kind_of : callable
        The row for a share of the plot's depth (0 in the south, 1 in the north).
    build : callable
        Told each footprint and that share; it adds the building.
    turn : float
        Direction of the rows, degrees from east.
    setback : float
        From the plot's edge, metres.
    fill : float
        A row is only begun where it fills this share of the plot's width.
    """
    inner = plot.inner(setback)
    if inner.is_empty:
        return
    flat = shapely.affinity.rotate(inner, -turn, origin=(0, 0))
    shapely.prepare(flat)
    west, south, east, north = flat.bounds
    y = south
    while y < north:
        share = (y - south) / max(north - south, 1.0)
        kind = kind_of(share)
        middle = y + kind.depth / 2
        chord = flat.intersection(shapely.LineString([(west, middle), (east, middle)]))
        if chord.is_empty:
            y += 4.0
            continue
        left, _, right, _ = chord.bounds
        found, width = _row(plot, kind, middle, turn, setback, flat, (left, right))
        if not found or width < fill * (right - left):
            y += 4.0
            continue
        for area in found:
            build(area, share)
        lane = put(
            rectangle(right - left, 3.6),
            *_on_plan((left + right) / 2, y + kind.depth + 4.4, turn),
            turn,
        )
        plot.cover(lane, "path")
        _parked(plot, (left, right), y + kind.depth + 8.6, turn)
        y += kind.depth + kind.north


def infill(
    plot: Plot,
    kind: RowKind,
    build: Callable[[Polygon, float], None],
    *,
    turn: float,
    setback: float,
    step: float = 7.0,
) -> None:
    """Use what the rows left: places with the row's clear space to the south and the north."""
    inner = plot.inner(setback)
    if inner.is_empty:
        return
    flat = shapely.affinity.rotate(inner, -turn, origin=(0, 0))
    shapely.prepare(flat)
    west, south, east, north = flat.bounds
    shape, width = kind.shapes[-1]
    grid = np.stack(
        np.meshgrid(
            np.arange(west + width / 2, east, step), np.arange(south + kind.depth / 2, north, step)
        ),
        axis=-1,
    ).reshape(-1, 2)
    if not len(grid):
        return
    outline = shapely.get_coordinates(shape.exterior)
    flat_candidates = shapely.polygons(grid[:, None, :] + outline[None, :, :])
    for x, y in grid[shapely.contains(flat, flat_candidates)]:
        east_at, north_at = _on_plan(float(x), float(y), turn)
        candidate = put(shape, east_at, north_at, turn)
        if not plot.free(candidate, setback, kind.gap):
            continue
        light = put(rectangle(width, kind.depth + 2 * kind.north), east_at, north_at, turn)
        tall = [b.area for b in plot.buildings if b.floors > 2]
        if tall and shapely.intersects(light, np.asarray(tall, dtype=object)).any():
            continue
        build(candidate, (float(y) - south) / max(north - south, 1.0))

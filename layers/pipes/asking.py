"""Finding pipes: by place, along a road, near a point, by number, by expression."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import ArrayLike
from shapely.geometry.base import BaseGeometry

from layers.conditions import matching
from layers.errors import CityError
from layers.kinds.base import Features
from layers.kinds.pipes import RUN, Pipes
from layers.object_table import ObjectTable
from layers.shapes import Bools, Floats, Ints
from layers.style import texts

NUMBERS = ("number", "from_number", "to_number")


def in_area(pipes: Pipes, area: ArrayLike) -> Ints:
    """Find what lies in an area or reaches into it.

    Parameters
    ----------
    pipes : Pipes
        The layer.
    area : (k, 2) array_like of float
        Corners around it, the first not repeated; k is 3 or more.

    Returns
    -------
    (n,) ndarray of int64
        Positions, rising.

    Raises
    ------
    CityError
        ``pipes.area`` if the corners enclose nothing.
    """
    polygon = shapely.make_valid(shapely.Polygon(np.asarray(area, dtype=np.float64)[:, :2]))
    if polygon.area <= 0.0:
        raise CityError(
            "pipes.area",
            "The corners enclose no area.",
            hint="give three corners or more that do not stand in one line",
        )
    return _touching(pipes, polygon)


def along(pipes: Pipes, line: ArrayLike, width: float) -> Ints:
    """Find what lies within half a width on both sides of a line.

    Parameters
    ----------
    pipes : Pipes
        The layer.
    line : (k, 2) array_like of float
        The line, k is 2 or more.
    width : float
        Of the whole strip, metres.
    """
    return near_shapes(pipes, [shapely.LineString(np.asarray(line)[:, :2])], width / 2.0)


def near_shapes(pipes: Pipes, shapes: list[BaseGeometry], within: float) -> Ints:
    """Find what lies within a distance of any of some shapes, metres in plan."""
    if not shapes:
        return np.empty(0, dtype=np.int64)
    return _touching(pipes, shapely.union_all(shapely.buffer(np.array(shapes), max(within, 1e-6))))


def along_road(pipes: Pipes, name: str, roads: Features | None, field: str, width: float) -> Ints:
    """Find the pipes of a road: those whose attribute says so, and those that lie in it.

    Parameters
    ----------
    pipes : Pipes
        The layer.
    name : str
        Name of the road; capitals do not count.
    roads : Features or None
        Where its middle line is found.
    field : str
        Attribute of `roads` that holds the names.
    width : float
        Of the strip along the middle line, metres.

    Raises
    ------
    CityError
        ``pipes.no_road`` if neither pipes nor roads know the name.
    """
    wanted = name.strip().casefold()
    rows = np.empty(0, dtype=np.int64)
    told = _same(pipes, "road", wanted)
    found = bool(told.any())
    if roads is not None and field in roads.attributes.column_names:
        chosen = np.flatnonzero(_same(roads, field, wanted))
        if chosen.size:
            found = True
            rows = near_shapes(pipes, list(roads.shapes.take(chosen).to_shapely()), width / 2.0)
    if not found:
        raise CityError(
            "pipes.no_road",
            f"Neither pipes nor roads tell of a road '{name}'.",
            hint="write the name as the layer of roads or the attribute 'road' has it",
            name=name,
        )
    return np.union1d(np.flatnonzero(told), rows)


def nearest(
    pipes: Pipes, place: tuple[float, float], rows: Ints | None = None, most: int = 5
) -> tuple[Ints, Floats]:
    """Find the runs nearest to a place.

    Parameters
    ----------
    pipes : Pipes
        The layer.
    place : (east, north)
        Metres, project coordinates.
    rows : (k,) int64 or None
        The objects that count; None for all runs.
    most : int
        How many at most.

    Returns
    -------
    rows : (m,) int64
        The nearest first.
    distance : (m,) float64
        Metres in plan from the place to the outside of each; 0 on top of it.
    """
    among = pipes.runs if rows is None else rows
    lines = pipes.shapes.take(among).to_shapely()
    away = shapely.distance(lines, shapely.Point(place)) - pipes.outer_width[among] / 2.0
    away = np.maximum(away, 0.0)
    order = np.argsort(away, kind="stable")[:most]
    return among[order], away[order]


def by_number(pipes: Pipes, text: str) -> Ints:
    """Find objects by their number, or by the numbers of both ends written ``WS1-WS2``.

    The whole number counts, whatever its capitals; where none is the same, those that have the
    text in it.
    """
    wanted = text.strip().casefold()
    if not wanted:
        return np.empty(0, dtype=np.int64)
    own = _words(pipes, "number")
    first, last = _words(pipes, "from_number"), _words(pipes, "to_number")
    both = [f"{a}-{b}" if a and b else "" for a, b in zip(first, last, strict=True)]
    back = [f"{b}-{a}" if a and b else "" for a, b in zip(first, last, strict=True)]
    found = [
        i for i, words in enumerate(zip(own, both, back, strict=True)) if wanted in words
    ]  # fmt: skip
    if not found:
        found = [i for i, word in enumerate(own) if wanted in word]
    return np.array(found, dtype=np.int64)


def fulfilling(
    pipes: Pipes, facts: pa.Table, line: str, names: Mapping[str, str] | None = None
) -> Ints:
    """Find objects by an expression over what is known of them.

    Parameters
    ----------
    pipes : Pipes
        The layer.
    facts : pyarrow.Table
        One row per object, as `layers.pipes.sheet.information` gives it.
    line : str
        Such as ``class = gas and depth_m > 2``; see `layers.conditions`.
    names : mapping of str to str
        Other names of columns, such as translated ones, to their keys.

    Raises
    ------
    CityError
        As `layers.conditions.matching` does.
    """
    own = [name for name in pipes.attributes.column_names if name not in facts.column_names]
    for name in own:
        facts = facts.append_column(name, pipes.column(name))
    rows = Features(pipes.shapes, pipes.ids, np.arange(len(pipes)), facts)
    return np.flatnonzero(matching(ObjectTable(rows), line, names))


def of_runs(pipes: Pipes, rows: Ints) -> Ints:
    """Keep the runs of some objects."""
    return np.asarray(rows[pipes.role[rows] == RUN], dtype=np.int64)


def _touching(pipes: Pipes, area: BaseGeometry) -> Ints:
    west, south, east, north = area.bounds
    box = pipes.shapes.bounds()
    near = np.flatnonzero(
        (box[:, 0] <= east) & (box[:, 2] >= west) & (box[:, 1] <= north) & (box[:, 3] >= south)
    )
    shapely.prepare(area)
    touched: Bools = shapely.intersects(area, pipes.shapes.take(near).to_shapely())
    found: Ints = near[touched]
    return found


def _same(layer: Features, name: str, wanted: str) -> Bools:
    return np.array([word == wanted for word in _words(layer, name)], dtype=bool)


def _words(layer: Features, name: str) -> list[str]:
    if name not in layer.attributes.column_names:
        return [""] * len(layer)
    return [str(word or "").strip().casefold() for word in texts(layer.column(name))]

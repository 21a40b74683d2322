"""Control lines drawn, set off, moved and removed: new content of their layer each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import ArrayLike

from layers.errors import CityError
from layers.kinds.base import Features
from layers.kinds.control_lines import CLASS, DOCUMENT, NAME, SETBACK, STATUS, TOP, WIDTH
from layers.shapes import LINE, POLYGON, Floats, Shapes

COLUMNS: dict[str, pa.DataType] = {
    CLASS: pa.string(), NAME: pa.string(), WIDTH: pa.float64(), SETBACK: pa.float64(),
    TOP: pa.float64(), DOCUMENT: pa.string(), STATUS: pa.string(),
}  # fmt: skip
SHORTEST = 0.01  # metres of a line, and m2 of an area, at least


def no_lines() -> Features:
    """Give the content of a new layer of control lines."""
    table = pa.table({name: pa.array([], kind) for name, kind in COLUMNS.items()})
    return Features.of(Shapes.from_shapely([]), table)


def line_shape(coords: ArrayLike, *, closed: bool) -> Shapes:
    """Make one line or area of corners.

    Parameters
    ----------
    coords : (k, 2) or (k, 3) array_like of float
        Metres; heights are left out, for control lines lie on the ground.
    closed : bool
        Whether it is an area.

    Raises
    ------
    CityError
        ``lines.too_short``, ``lines.crossed`` for an outline that crosses itself.
    """
    flat = np.asarray(coords, dtype=np.float64)[:, :2]
    enough = len(flat) >= 2 + closed
    made = None
    if enough:
        made = shapely.Polygon(flat) if closed else shapely.LineString(flat)
    if made is None or (made.area if closed else made.length) < SHORTEST:
        raise CityError(
            "lines.too_short", "A control line needs two different places, an area three.",
            hint="put more points",
        )  # fmt: skip
    if not made.is_valid:
        raise _crossed()
    return Shapes.from_shapely([made])


def with_line(
    features: Features, shapes: Shapes, values: Mapping[str, Any], *, first: int = 0
) -> tuple[Features, tuple[int, ...]]:
    """Add lines that share their attributes.

    Parameters
    ----------
    features : Features
        The layer.
    shapes : Shapes
        The new ones.
    values : mapping of str to value
        Attributes; columns that are missing are made.
    first : int
        Number of the first new one; 0 takes the next of the layer.

    Returns
    -------
    (Features, tuple of int)
        The layer with them, and their numbers.
    """
    table = features.attributes
    for name, value in values.items():
        if name not in table.column_names:
            kind = COLUMNS.get(name, pa.string() if isinstance(value, str) else pa.float64())
            table = table.append_column(name, pa.nulls(len(table), kind))
    row = pa.table(
        {
            field.name: pa.array([values.get(field.name)]).cast(field.type)
            if values.get(field.name) is not None
            else pa.nulls(1, field.type)
            for field in table.schema
        },
        schema=table.schema,
    )
    first = first or int(features.ids.max(initial=0)) + 1
    ids = np.arange(first, first + len(shapes), dtype=np.int64)
    plain = Shapes(shapes.kind, shapes.coords, shapes.ring_start, shapes.shape_start)
    return Features(
        Shapes.join([features.shapes, plain]),
        np.concatenate([features.ids, ids]),
        np.concatenate([features.feature, np.full(len(ids), len(table))]),
        pa.concat_tables([table, row]),
    ), tuple(int(i) for i in ids)


def reshaped(features: Features, number: int, shapes: Shapes) -> Features:
    """Give a line another shape; its attributes stay."""
    at = int(features.index_of([number])[0])
    whole = features.shapes.to_shapely()
    whole[at] = shapes.to_shapely()[0]
    return Features(Shapes.from_shapely(whole), features.ids, features.feature, features.attributes)


def rings_of(features: Features, number: int) -> tuple[Floats, ...]:
    """Give the corners of a line or area, ring by ring, each (k, 2) float64 and open."""
    at = int(features.index_of([number])[0])
    shapes = features.shapes
    rings = range(int(shapes.shape_start[at]), int(shapes.shape_start[at + 1]))
    starts = shapes.ring_start
    return tuple(shapes.coords[starts[ring] : starts[ring + 1]] for ring in rings)


def with_rings(features: Features, number: int, rings: Sequence[ArrayLike]) -> Features:
    """Give a line or area other corners; its attributes and its holes stay.

    Parameters
    ----------
    features : Features
        The layer.
    number : int
        Which of its lines.
    rings : sequence of (k, 2) array_like of float
        The outline and the holes, as `rings_of` gives them.

    Raises
    ------
    CityError
        ``lines.too_short``, ``lines.crossed``.
    """
    at = int(features.index_of([number])[0])
    closed = bool(features.shapes.kind[at] == POLYGON)
    made = line_shape(rings[0], closed=closed)
    if len(rings) > 1:
        whole = shapely.Polygon(made.to_shapely()[0].exterior, [np.asarray(r) for r in rings[1:]])
        if not whole.is_valid:
            raise _crossed()
        made = Shapes.from_shapely([whole])
    return reshaped(features, number, made)


def _crossed() -> CityError:
    return CityError(
        "lines.crossed", "The outline of the area crosses itself.",
        hint="draw it again, corner after corner",
    )  # fmt: skip


def without(features: Features, numbers: Sequence[int]) -> Features:
    """Give the layer without some lines."""
    gone = features.index_of(list(numbers))
    keep = np.setdiff1d(np.arange(len(features)), gone)
    rows, feature = np.unique(features.feature[keep], return_inverse=True)
    return Features(
        features.shapes.take(keep), features.ids[keep], feature.astype(np.int64),
        features.attributes.take(pa.array(rows)),
    )  # fmt: skip


def offset(shapes: Shapes, metres: float) -> Shapes:
    """Give lines and areas set off to a side.

    Parameters
    ----------
    shapes : Shapes
        Lines and areas.
    metres : float
        Lines: to the left of their direction, negative to the right. Areas: outwards, negative
        inwards.

    Raises
    ------
    CityError
        ``lines.offset`` where nothing is left.
    """
    out = []
    for kind, shape in zip(shapes.kind.tolist(), shapes.to_shapely().tolist(), strict=True):
        moved = shape
        if kind == LINE:
            moved = shapely.offset_curve(shape, metres, join_style="mitre")
        elif kind == POLYGON:
            moved = shapely.buffer(shape, metres, join_style="mitre")
        parts = shapely.get_parts(moved)
        out += [p for p in parts.tolist() if p.length > SHORTEST and not p.is_empty]
    if not out:
        raise CityError(
            "lines.offset", f"Nothing is left at an offset of {metres:g} m.",
            hint="take a smaller distance", metres=metres,
        )  # fmt: skip
    return Shapes.from_shapely(out)

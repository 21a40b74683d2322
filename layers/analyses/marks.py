"""Marks of answers made from rows of tables, lines and areas; and how they look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike

from layers.errors import CityError
from layers.kinds.answers import Marks
from layers.kinds.base import Features
from layers.shapes import LINE, POINT, POLYGON, Floats, Shapes, starts_of
from layers.style import Colouring, Entry, Heights, Style, by_categories, by_ranges, numbers

#: Colours of the statuses: orange and red stay apart from green for colour-blind readers.
STATUS_COLOURS = {"fail": "#d32f2f", "warning": "#f9a825", "pass": "#2e7d32", "none": "#78909c"}
PLAIN = "#c62828"
KINDS = {"point": POINT, "line": LINE, "area": POLYGON}


def place_marks(table: pa.Table, name: str, *, field: str = "status") -> tuple[Marks, ...]:
    """Make marks of the places (``east``, ``north``, ``level``) of a table's rows.

    Parameters
    ----------
    table : pyarrow.Table
        With these columns and `field`; rows without a place get no mark.
    name : str
        Key of the marks.
    field : str
        Column that gives the colour.
    """
    places = np.column_stack([numbers(table.column(c)) for c in ("east", "north", "level")])
    rows = np.flatnonzero(np.isfinite(places[:, :2]).all(axis=1))
    if not len(rows):
        return ()
    attributes = pa.table({"row": rows, field: table.column(field).take(pa.array(rows))})
    features = shaped("point", [place[None] for place in places[rows]], attributes)
    return (Marks(name, features, field),)


def shape_marks(
    name: str,
    what: str,
    coords: Sequence[ArrayLike],
    columns: Mapping[str, ArrayLike],
    *,
    field: str = "status",
    style: Style | None = None,
) -> tuple[Marks, ...]:
    """Make marks of lines or areas.

    Parameters
    ----------
    name : str
        Key of the marks.
    what : str
        ``"point"``, ``"line"`` or ``"area"``.
    coords : sequence of (k, 2) or (k, 3) float64
        Corners of each, metres; of areas the open outer ring. Third numbers are metres above the
        datum, and make that they are drawn there.
    columns : mapping of str to (n,)
        Attributes; ``row`` is the row of the answer's table.
    field : str
        Attribute that gives the colour.
    style : Style or None
        The look.
    """
    if not len(coords):
        return ()
    arrays = [np.asarray(one, dtype=np.float64) for one in coords]
    return (Marks(name, shaped(what, arrays, pa.table(dict(columns))), field, style=style),)


def shaped(what: str, coords: Sequence[Floats], attributes: pa.Table) -> Features:
    """Make features of one kind of shape, each with a row of attributes."""
    joined = np.concatenate(coords)
    count = len(coords)
    shapes = Shapes(
        np.full(count, KINDS[what], dtype=np.uint8),
        np.ascontiguousarray(joined[:, :2]),
        starts_of([len(one) for one in coords]),
        np.arange(count + 1, dtype=np.int64),
        np.ascontiguousarray(joined[:, 2]) if joined.shape[1] == 3 else None,
    )
    return Features.of(shapes, attributes)


def look_of(marks: Marks) -> Style:
    """Give the look of marks: their own, or colours by status, by number or by text."""
    if marks.style is not None:
        return marks.style
    data = marks.data
    heights: Heights = (
        "absolute" if isinstance(data, Features) and data.shapes.z is not None else "ground"
    )
    colouring = _colouring(marks)
    return Style(
        colour=PLAIN, outline=None if colouring is not None else PLAIN, line_width=3.0,
        point_size=10.0, lift=1.0, heights=heights, colouring=colouring,
    )  # fmt: skip


def _colouring(marks: Marks) -> Colouring | None:
    if not marks.field or not isinstance(marks.data, Features):
        return None
    if marks.field == "status":
        entries = tuple(Entry(key, colour, value=key) for key, colour in STATUS_COLOURS.items())
        return Colouring("status", "categories", entries)
    column = marks.data.attributes.column(marks.field)
    if pa.types.is_string(column.type) or pa.types.is_dictionary(column.type):
        return by_categories(marks.field, column)
    try:
        return by_ranges(marks.field, numbers(column), method="equal")
    except CityError:  # no number at all
        return None

"""GeoJSON of many plain polygons: coordinates by compiled loops, attributes by Arrow.

Whatever is not plain goes through GDAL.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import json

from layers.files.flat import FlatGeometry
from layers.shapes import Ints, starts_of

MEMBERS = {"type", "properties", "geometry", "bbox"}  # of a feature that Arrow may read
NEW_LINE = 10
FEW = 4_000  # features: with less, GDAL is as quick as loading what compiles


@dataclass(frozen=True, slots=True, eq=False)
class Slim:
    """Some features without the geometries that were read.

    Attributes
    ----------
    geometry : FlatGeometry
        What was read; `others` are None.
    text : bytes
        The features, ``null`` in place of those geometries, with commas between them; no line
        breaks.
    commas : (n - 1,) int64
        Where those commas are.
    """

    geometry: FlatGeometry
    text: bytes
    commas: Ints


def stretches(start: Ints, end: Ints, most: int) -> list[tuple[int, int]]:
    """Cut features into stretches that each end with the feature that goes beyond `most` bytes.

    >>> stretches(np.array([0, 10, 20, 30]), np.array([9, 19, 29, 39]), 15)
    [(0, 2), (2, 4)]
    """
    size = np.cumsum(end - start)
    cuts = [0]
    while cuts[-1] < len(start):
        before = int(size[cuts[-1] - 1]) if cuts[-1] else 0
        cuts.append(min(int(np.searchsorted(size, before + most, side="right")) + 1, len(start)))
    return list(itertools.pairwise(cuts))


def slimmed(data: bytes, start: Ints, end: Ints) -> Slim | None:
    """Read the plain polygons of some features of a text.

    Parameters
    ----------
    data : bytes
        The text, in UTF-8.
    start, end : (n,) int64
        Where the features stand, from brace to brace.

    Returns
    -------
    Slim or None
        None where less than half of them are plain polygons.
    """
    from layers.files import geojson_kernels as kernels

    n = len(start)
    view = np.frombuffer(data, dtype=np.uint8)
    room = int(end[-1] - start[0]) // 4 + 4
    types, per = np.empty(n, dtype=np.int8), np.empty(n, dtype=np.int64)
    place = np.zeros((n, 2), dtype=np.int64)
    coords, sizes = np.empty((room, 2)), np.empty(room, dtype=np.int64)
    used, rings = kernels.read_polygons(view, start, end, types, per, place, coords, sizes)
    plain = types != kernels.OTHER
    if plain.sum() < 0.5 * n:
        return None
    out = np.empty(int((end - start).sum()) + 5 * n, dtype=np.uint8)
    commas = np.empty(max(n - 1, 0), dtype=np.int64)
    length = kernels.without_geometry(view, start, end, types, place, out, commas)
    flat = FlatGeometry(
        types,
        coords[:used].copy(),
        starts_of(sizes[:rings]),
        starts_of(per[plain]),
        np.full(int((~plain).sum()), None, dtype=object),
    )
    return Slim(flat, out[:length].tobytes(), commas)


def attributes_of(slim: Slim) -> pa.Table | None:
    """Read the attributes of features of which every one is a plain polygon.

    Returns
    -------
    pyarrow.Table or None
        Numbers (whole ones in 32 bits where they fit), truths and texts as GDAL gives them;
        None where there is anything else: lists, values of several types, ids beside the
        attributes, names used twice.
    """
    if not slim.geometry.flat.all():
        return None
    lines = np.frombuffer(slim.text, dtype=np.uint8).copy()
    lines[slim.commas] = NEW_LINE
    try:
        names, rows = _properties(pa.py_buffer(lines))
    except (pa.ArrowException, UnicodeDecodeError):
        return None
    columns = [_as_gdal(column) for column in rows.flatten()] if len(rows) else []
    if not columns or len(rows) != len(slim.geometry) or any(one is None for one in columns):
        return None
    return pa.Table.from_arrays(columns, names=names)


def _properties(source: pa.Buffer) -> tuple[list[str], pa.StructArray]:
    """Read the attributes of features written line by line.

    Raises
    ------
    pyarrow.ArrowException
        If they are no plain features with attributes of one type each.
    """
    table = _parsed(source, None)
    if not {"properties"} <= set(table.column_names) <= MEMBERS:
        raise pa.ArrowInvalid("members beside the attributes")
    kind = table.schema.field("properties").type
    if not pa.types.is_struct(kind):
        raise pa.ArrowInvalid("no attributes")
    fields = [kind.field(number) for number in range(kind.num_fields)]
    if any(pa.types.is_timestamp(field.type) for field in fields):  # texts stay as written
        told = [f.with_type(pa.string()) if pa.types.is_timestamp(f.type) else f for f in fields]
        table = _parsed(source, pa.schema([pa.field("properties", pa.struct(told))]))
    rows = pa.concat_arrays(table.column("properties").chunks)
    return [field.name for field in fields], rows


def _parsed(source: pa.Buffer, schema: pa.Schema | None) -> pa.Table:
    options = json.ParseOptions(explicit_schema=schema)
    return json.read_json(pa.BufferReader(source), parse_options=options)


def _as_gdal(column: pa.Array) -> pa.Array | None:
    """Give a column the type that GDAL would; None for one that only GDAL understands."""
    kind = column.type
    if pa.types.is_int64(kind):
        span = pc.min_max(column)
        low, high = span["min"].as_py(), span["max"].as_py()
        fits = low is not None and low >= -(2**31) and high < 2**31
        return column.cast(pa.int32()) if fits else column
    if pa.types.is_null(kind):
        return column.cast(pa.string())
    plain = pa.types.is_float64(kind) or pa.types.is_string(kind) or pa.types.is_boolean(kind)
    return column if plain else None

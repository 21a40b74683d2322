"""Well-known binary to geometries, with the broken and the unusual ones told."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from layers.files.flat import FlatGeometry, flat_wkb

_CURVES = range(8, 15)  # CircularString to the abstract Curve and Surface, ISO 13249-3
_FACETS = {15: 6, 16: 6, 17: 3}  # polyhedral surface, TIN, triangle: what they are read as


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """Geometries read from well-known binary.

    Attributes
    ----------
    geometry : (n,) object
        Shapely geometries, None where the file has none or it is unreadable.
    unreadable : (k,) int64
        Rows with bytes that give no geometry.
    closed : (k,) int64
        Rows whose polygon rings had to be closed.
    curved : (k,) int64
        Rows whose arcs were turned into short straight pieces.
    """

    geometry: NDArray[np.object_] | FlatGeometry
    unreadable: NDArray[np.int64]
    closed: NDArray[np.int64]
    curved: NDArray[np.int64]


def decode_column(
    column: pa.ChunkedArray,
    straighten: Callable[[NDArray[np.int64]], list[bytes | None]] | None = None,
) -> Decoded:
    """Read a column of well-known binary, many plain polygons of it into flat arrays.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        n binary values.
    straighten : callable or None
        As in `decode_wkb`.

    Returns
    -------
    Decoded
        Its `geometry` may be a `FlatGeometry`.
    """
    found = flat_wkb(column)
    if found is None:
        return decode_wkb(column, straighten)
    flat, rows = found
    if rows.size == 0:
        nothing = np.zeros(0, dtype=np.int64)
        return Decoded(flat, nothing, nothing, nothing)
    rest = decode_wkb(
        column.take(pa.array(rows)), (lambda k: straighten(rows[k])) if straighten else None
    )
    places = np.flatnonzero(~flat.flat)
    flat.others[np.searchsorted(places, rows)] = rest.geometry
    return Decoded(flat, rows[rest.unreadable], rows[rest.closed], rows[rest.curved])


def decode_wkb(
    column: pa.ChunkedArray,
    straighten: Callable[[NDArray[np.int64]], list[bytes | None]] | None = None,
) -> Decoded:
    """Read a column of well-known binary.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        n binary values.
    straighten : callable or None
        Given rows with curves, gives their geometry without curves.

    Returns
    -------
    Decoded
    """
    if isinstance(column.type, pa.BaseExtensionType):
        column = pa.chunked_array([chunk.storage for chunk in column.chunks], type=pa.binary())
    kinds = np.concatenate([_kinds(chunk) for chunk in column.chunks] or [np.zeros(0, np.int64)])
    blobs = column.to_numpy()
    blobs = blobs.copy() if not blobs.flags.writeable else blobs
    curved = np.flatnonzero(np.isin(kinds, _CURVES))
    if curved.size:
        straight = straighten(curved) if straighten else [None] * curved.size
        for row, blob in zip(curved, straight, strict=True):
            blobs[row] = blob if blob is not None else b"\0"
    for row in np.flatnonzero((kinds > 14) | (kinds == 7)):
        blobs[row] = _plain_facets(blobs[row])
    geometry = np.asarray(shapely.from_wkb(blobs, on_invalid="ignore"), dtype=object)
    missing = np.flatnonzero((kinds >= 0) & shapely.is_missing(geometry))
    closed: list[int] = []
    for row in missing:
        geometry[row] = shapely.from_wkb(blobs[row], on_invalid="fix")
        if geometry[row] is not None:
            closed.append(int(row))
    lost = missing[shapely.is_missing(geometry[missing])]
    geometry = _without_measures(geometry)
    curved = np.setdiff1d(curved, lost)
    return Decoded(geometry, lost, np.asarray(closed, dtype=np.int64), curved)


def _kinds(chunk: pa.Array) -> NDArray[np.int64]:
    """Give the type number of each value, -1 for null, 99 for what is too short, (n,)."""
    if pa.types.is_large_binary(chunk.type):
        chunk = chunk.cast(pa.binary())
    n = len(chunk)
    out = np.full(n, -1, dtype=np.int64)
    _, offset_buffer, data_buffer = chunk.buffers()
    if n == 0 or data_buffer is None:
        return out
    offsets = np.frombuffer(offset_buffer, dtype=np.int32)[chunk.offset : chunk.offset + n + 1]
    data = np.frombuffer(data_buffer, dtype=np.uint8)
    valid = np.asarray(chunk.is_valid())
    long_enough = np.diff(offsets) >= 5
    out[valid & ~long_enough] = 99
    rows = np.flatnonzero(valid & long_enough)
    start = offsets[rows].astype(np.int64)
    code = np.zeros(len(rows), dtype=np.int64)
    little = data[start] == 1
    for byte in range(4):
        at = np.where(little, start + 1 + byte, start + 4 - byte)
        code |= data[at].astype(np.int64) << (8 * byte)
    out[rows] = (code & 0x0FFFFFFF) % 1000
    return out


def _without_measures(geometry: NDArray[np.object_]) -> NDArray[np.object_]:
    """Drop measures along lines (M): nothing here uses them; heights stay."""
    measured = np.flatnonzero(shapely.has_m(geometry))
    if measured.size:
        high = shapely.has_z(geometry[measured])
        flat, deep = measured[~high], measured[high]
        geometry[flat] = shapely.force_2d(geometry[flat])
        geometry[deep] = shapely.from_wkb(shapely.to_wkb(geometry[deep], output_dimension=3))
    return geometry


def _plain_facets(blob: bytes) -> bytes:
    """Give polyhedral surfaces, TINs and triangles as (multi)polygons; else what was given.

    A collection with a curve inside, and bytes that end too early, give ``b"\\0"``, which
    no reader takes for a geometry.
    """
    out = bytearray(blob)
    try:
        end = _rewrite(out, 0)
    except (struct.error, IndexError, ValueError):
        return b"\0"
    return bytes(out[:end])


def _rewrite(data: bytearray, at: int) -> int:
    order = "<" if data[at] == 1 else ">"
    (code,) = struct.unpack_from(f"{order}I", data, at + 1)
    plain = code & 0x0FFFFFFF
    base, tail = plain % 1000, plain - plain % 1000
    if base in _CURVES:
        raise ValueError("a curve")
    extra = bool(code & 0x80000000) + bool(code & 0x40000000) + (0, 1, 1, 2)[plain // 1000]
    width = 8 * (2 + extra)
    if base in _FACETS:
        struct.pack_into(f"{order}I", data, at + 1, (code & 0xF0000000) | tail | _FACETS[base])
    if base == 1:
        return at + 5 + width
    count = int(struct.unpack_from(f"{order}I", data, at + 5)[0])
    at += 9
    if base == 2:
        return at + width * count
    for _ in range(count):
        if base in (3, 17):
            (points,) = struct.unpack_from(f"{order}I", data, at)
            at += 4 + width * points
        else:
            at = _rewrite(data, at)
    if at > len(data):
        raise ValueError("cut off")
    return at

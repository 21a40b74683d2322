"""Shapes as GeoPackage geometry blobs and back, bit by bit, without an object per shape.

A blob is the GeoPackage header (``GP``, version, flags, srs id, box) and ISO WKB [1]_.
Whole batches are laid out in one buffer and cut at the end.

References
----------
.. [1] OGC 12-128r19, "OGC GeoPackage Encoding Standard" 1.4, clause 2.1.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from layers.shapes import LINE, POINT, POLYGON, Bools, Codes, Ints, Shapes, starts_of

Bytes = NDArray[np.uint8]

FLAGS_PLAIN, FLAGS_BOX = 0b00000001, 0b00000011  # little endian, without and with a box
HEADER, BOX = 8, 32
ENVELOPE_SIZES = np.array([0, 32, 48, 48, 64, 0, 0, 0])


def blobs_of(shapes: Shapes, srs_id: int, first: int, last: int) -> list[bytes]:
    """Write the shapes `first` to `last` (excluded) as GeoPackage blobs.

    Parameters
    ----------
    shapes : Shapes
        Shapes; points are written without a box, the rest with one.
    srs_id : int
        Row of ``gpkg_spatial_ref_sys``.
    first, last : int
        Range of shapes.
    """
    n = last - first
    if n <= 0:
        return []
    kind = shapes.kind[first:last]
    ring0, ring1 = int(shapes.shape_start[first]), int(shapes.shape_start[last])
    rings_each = np.diff(shapes.shape_start[first : last + 1])
    ring_start = shapes.ring_start[ring0 : ring1 + 1]
    coords = slice(int(ring_start[0]), int(ring_start[-1]))
    points = _coordinates(shapes, coords)
    width = points.dtype.itemsize
    closed = np.repeat(kind == POLYGON, rings_each)
    sizes = np.diff(ring_start)
    is_point = np.repeat(kind == POINT, rings_each)
    ring_bytes = (sizes + closed) * width + np.where(is_point, 0, 4)
    start_of_ring = starts_of(rings_each)
    body = np.add.reduceat(ring_bytes, start_of_ring[:-1])
    front = HEADER + np.where(kind == POINT, 0, BOX) + 5 + np.where(kind == POLYGON, 4, 0)
    starts = starts_of(front + body)
    out = np.zeros(int(starts[-1]), dtype=np.uint8)
    _write_fronts(out, starts[:-1], kind, rings_each, srs_id, has_z=width == 24)
    _write_boxes(out, starts[:-1], kind, shapes, first, last)
    before = starts_of(ring_bytes)[:-1]
    ring_at = before - np.repeat(before[start_of_ring[:-1]], rings_each)
    ring_at += np.repeat(starts[:-1] + front, rings_each)
    counted = ~is_point
    _put(out, ring_at[counted], (sizes + closed)[counted].astype("<u4"))
    data_at = ring_at + np.where(counted, 4, 0)
    inside = np.arange(len(points)) - np.repeat(ring_start[:-1] - ring_start[0], sizes)
    _put(out, np.repeat(data_at, sizes) + inside * width, points)
    firsts = (ring_start[:-1] - ring_start[0])[closed]
    _put(out, data_at[closed] + sizes[closed] * width, points[firsts])
    whole = out.tobytes()
    edges = starts.tolist()
    return [whole[a:b] for a, b in pairwise(edges)]


def _coordinates(shapes: Shapes, which: slice) -> NDArray[np.void]:
    columns = [shapes.coords[which, 0], shapes.coords[which, 1]]
    if shapes.z is not None:
        columns.append(shapes.z[which])
    table = np.stack(columns, axis=1).astype("<f8", copy=False)
    return np.ascontiguousarray(table).view(f"V{8 * len(columns)}").reshape(-1)


def _elements(buffer: Bytes, size: int) -> NDArray[np.void]:
    """Look at a buffer as overlapping elements of some bytes, one at each position."""
    count = max(len(buffer) - size + 1, 0)
    return np.ndarray((count,), dtype=f"V{size}", buffer=buffer.data, strides=(1,))


def _put(out: Bytes, at: Ints, values: NDArray[np.generic]) -> None:
    if len(at):
        size = values.dtype.itemsize
        _elements(out, size)[at] = np.ascontiguousarray(values).view(f"V{size}")


def _get(buffer: Bytes, at: Ints, dtype: str) -> NDArray[np.generic]:
    size = np.dtype(dtype).itemsize
    if len(at) == 0:
        return np.empty(0, dtype=dtype)
    return np.ascontiguousarray(_elements(buffer, size)[at]).view(dtype)


def _write_fronts(
    out: Bytes, at: Ints, kind: Codes, rings_each: Ints, srs_id: int, *, has_z: bool
) -> None:
    out[at], out[at + 1] = ord("G"), ord("P")
    out[at + 3] = np.where(kind == POINT, FLAGS_PLAIN, FLAGS_BOX)
    _put(out, at + 4, np.full(len(at), srs_id, dtype="<i4"))
    wkb = at + HEADER + np.where(kind == POINT, 0, BOX)
    out[wkb] = 1
    _put(out, wkb + 1, (kind.astype("<u4") + (1000 if has_z else 0)).astype("<u4"))
    polygon = kind == POLYGON
    _put(out, wkb[polygon] + 5, rings_each[polygon].astype("<u4"))


def _write_boxes(out: Bytes, at: Ints, kind: Codes, shapes: Shapes, first: int, last: int) -> None:
    boxed = kind != POINT
    if not boxed.any():
        return
    edges = shapes.first_coord[first : last + 1]
    coords = shapes.coords[edges[0] : edges[-1]]
    begin = edges[:-1] - edges[0]
    low = np.minimum.reduceat(coords, begin, axis=0)[boxed]
    high = np.maximum.reduceat(coords, begin, axis=0)[boxed]
    box = np.stack([low[:, 0], high[:, 0], low[:, 1], high[:, 1]], axis=1).astype("<f8")
    _put(out, at[boxed] + HEADER, np.ascontiguousarray(box).view("V32").reshape(-1))


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """What a batch of blobs held.

    Attributes
    ----------
    shapes : Shapes
        Single-part shapes, in the order of the rows.
    row : (n,) int64
        Row of the batch each shape came from; a multi-part one gives several.
    unreadable : (k,) int64
        Rows whose blob is no geometry that can be shown.
    foreign : bool
        Whether a blob was not of the simple form that `blobs_of` writes.
    """

    shapes: Shapes
    row: Ints
    unreadable: Ints
    foreign: bool


def shapes_of(blobs: Sequence[bytes | None]) -> Decoded:
    """Read a batch of GeoPackage blobs; None gives no shape."""
    rows = np.array([i for i, blob in enumerate(blobs) if blob is not None], dtype=np.int64)
    given = [blob for blob in blobs if blob is not None]
    starts = starts_of([len(blob) for blob in given])
    buffer = np.frombuffer(b"".join(given), dtype=np.uint8)
    simple, kind, has_z, wkb = _look(buffer, starts)
    with_z = bool(has_z[simple].any())
    simple &= has_z == with_z
    parsed, intact = _parse(buffer, wkb[simple], starts[1:][simple], kind[simple], with_z)
    simple[np.flatnonzero(simple)[~intact]] = False
    if simple.all():
        return Decoded(parsed, rows, np.empty(0, dtype=np.int64), foreign=False)
    other, other_rows, bad = _read_others([given[i] for i in np.flatnonzero(~simple)])
    row = np.concatenate([rows[simple], rows[np.flatnonzero(~simple)[other_rows]]])
    order = np.argsort(row, kind="stable")
    joined = Shapes.join([parsed, other]).take(order)
    return Decoded(joined, row[order], rows[np.flatnonzero(~simple)[bad]], foreign=True)


def _look(buffer: Bytes, starts: Ints) -> tuple[Bools, Codes, Bools, Ints]:
    """Find blobs of the simple form, their kind, whether they have heights, and their WKB."""
    at, end = starts[:-1], starts[1:]
    n = len(at)
    kind, has_z = np.zeros(n, dtype=np.uint8), np.zeros(n, dtype=bool)
    simple = end - at >= HEADER + 9
    here = at[simple]
    flags = np.zeros(n, dtype=np.uint8)
    flags[simple] = buffer[here + 3]
    right = (buffer[here] == ord("G")) & (buffer[here + 1] == ord("P"))
    right &= (flags[simple] & 0b110001) == 1  # a standard geometry, little endian, not empty
    simple[simple] = right
    wkb = at + HEADER + ENVELOPE_SIZES[(flags >> 1) & 7]
    simple &= end - wkb >= 9
    simple[simple] = buffer[wkb[simple]] == 1
    code = _get(buffer, wkb[simple] + 1, "<u4").astype(np.int64)
    known = np.isin(code % 1000, (POINT, LINE, POLYGON)) & (code // 1000 <= 1)
    kind[simple], has_z[simple] = np.where(known, code % 1000, 0), code // 1000 == 1
    simple[simple] = known
    return simple, kind, has_z, wkb


def _parse(buffer: Bytes, wkb: Ints, end: Ints, kind: Codes, has_z: bool) -> tuple[Shapes, Bools]:
    """Parse simple WKB; gives the intact shapes and which of them were."""
    width = 24 if has_z else 16
    n = len(wkb)
    rings_each = np.ones(n, dtype=np.int64)
    polygon = kind == POLYGON
    rings_each[polygon] = _get(buffer, wkb[polygon] + 5, "<u4").astype(np.int64)
    at = wkb + np.where(polygon, 9, 5)
    intact = (rings_each > 0) & (at + rings_each * 4 <= end)
    rings_each[~intact] = 0
    first_ring = starts_of(rings_each)
    size = np.zeros(first_ring[-1], dtype=np.int64)
    data = np.zeros(first_ring[-1], dtype=np.int64)
    for k in range(int(rings_each.max(initial=0))):  # all first rings, all second ones, ...
        active = np.flatnonzero(intact & (rings_each > k))
        point = kind[active] == POINT
        here = at[active]
        room = here + np.where(point, 0, 4) <= end[active]
        count = np.ones(len(active), dtype=np.int64)
        counted = room & ~point
        count[counted] = _get(buffer, here[counted], "<u4").astype(np.int64)
        here = here + np.where(point, 0, 4)
        room &= (count > polygon[active]) & (here + count * width <= end[active])
        intact[active[~room]] = False
        ring = first_ring[active] + k
        size[ring], data[ring] = count, here
        at[active] = here + count * width
    keep = np.repeat(intact, rings_each)
    size, data = size[keep], data[keep]
    closed = np.repeat(polygon[intact], rings_each[intact])
    open_size = size - closed
    index = np.repeat(data, open_size) + width * (
        np.arange(open_size.sum()) - np.repeat(starts_of(open_size)[:-1], open_size)
    )
    points = _get(buffer, index, f"V{width}").view("<f8").reshape(-1, width // 8)
    shapes = Shapes(
        kind=kind[intact],
        coords=np.ascontiguousarray(points[:, :2], dtype=np.float64),
        ring_start=starts_of(open_size),
        shape_start=starts_of(rings_each[intact]),
        z=np.ascontiguousarray(points[:, 2], dtype=np.float64) if has_z else None,
    )
    return shapes, intact


def _read_others(blobs: list[bytes]) -> tuple[Shapes, Ints, Ints]:
    """Read blobs of any form through Shapely: their parts, the blob of each, and the bad ones."""
    parts: list[BaseGeometry] = []
    rows: list[int] = []
    bad: list[int] = []
    for i, blob in enumerate(blobs):
        found = [g for g in _single_parts(_geometry(blob)) if not g.is_empty]
        parts.extend(found)
        rows.extend([i] * len(found))
        if not found:
            bad.append(i)
    order = np.array(rows, dtype=np.int64), np.array(bad, dtype=np.int64)
    return (Shapes.from_shapely(parts), *order)


def _geometry(blob: bytes) -> BaseGeometry | None:
    if len(blob) < HEADER or blob[:2] != b"GP":
        return None
    wkb = blob[HEADER + int(ENVELOPE_SIZES[(blob[3] >> 1) & 7]) :]
    read: BaseGeometry | None = shapely.from_wkb(wkb, on_invalid="ignore")
    return read


def _single_parts(geometry: BaseGeometry | None) -> list[BaseGeometry]:
    if geometry is None:
        return []
    if isinstance(geometry, shapely.GeometryCollection) or geometry.geom_type.startswith("Multi"):
        return [part for child in shapely.get_parts(geometry) for part in _single_parts(child)]
    return [geometry] if geometry.geom_type in {"Point", "LineString", "Polygon"} else []

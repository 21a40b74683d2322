"""GeoJSON of many plain polygons: coordinates by compiled loops, everything else by GDAL."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from layers.files.flat import FlatGeometry
from layers.shapes import Ints, starts_of

FEW = 4_000  # features: with less, GDAL is as quick as loading what compiles


@dataclass(frozen=True, slots=True, eq=False)
class Slim:
    """Some features without the geometries that were read.

    Attributes
    ----------
    geometry : FlatGeometry
        What was read; `others` are None.
    text : bytes
        The features, ``null`` in place of those geometries, with commas between them.
    """

    geometry: FlatGeometry
    text: bytes


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
    length = kernels.without_geometry(view, start, end, types, place, out)
    flat = FlatGeometry(
        types,
        coords[:used].copy(),
        starts_of(sizes[:rings]),
        starts_of(per[plain]),
        np.full(int((~plain).sum()), None, dtype=object),
    )
    return Slim(flat, out[:length].tobytes())

"""Many polygons as flat arrays, as a reader gives them: shapely sees them only where it must."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from layers.shapes import POLYGON, Bools, Floats, Ints, Shapes, runs, starts_of
from layers.threads import in_threads

RINGS = 1 << 15  # rings between two looks
FEW = 4_000  # values: with less, shapely is as quick as loading what compiles
Geometries = NDArray[np.object_]


@dataclass(eq=False)
class FlatGeometry:
    """A column of geometries, plain polygons of which lie in flat arrays.

    It stands for an (n,) array of shapely geometries: NumPy and shapely take it as one (and
    then make the objects, once), and an index gives such objects.

    Attributes
    ----------
    types : (n,) int8
        3 or 6 for polygons that lie in the arrays, alone or as the one part of a
        multipolygon; other codes for what is in `others` or null.
    coords : (m, 2) float64
        Coordinates of the polygons in the arrays; rings are closed.
    ring_start, shape_start : int64
        Where rings start in `coords`, polygons among the rings.
    others : (n - k,) object
        The geometries that are not in the arrays, in order; None for null.
    """

    types: NDArray[np.int8]
    coords: Floats
    ring_start: Ints
    shape_start: Ints
    others: Geometries
    _objects: Geometries | None = field(default=None, repr=False)
    _places: Ints | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.types)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Geometries:
        del dtype
        return self.objects().copy() if copy else self.objects()

    def __getitem__(self, chosen: Any) -> Any:
        return self.objects()[chosen]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.objects())

    @property
    def flat(self) -> Bools:
        """Say which geometries lie in the arrays, (n,)."""
        return np.asarray((self.types == 3) | (self.types == 6))

    @property
    def first_coord(self) -> Ints:
        """Where each polygon starts in `coords`, (k + 1,)."""
        return self.ring_start[self.shape_start]

    def objects(self) -> Geometries:
        """Give all as shapely geometries, (n,) object."""
        if self._objects is None:
            whole = np.empty(len(self), dtype=object)
            flat = self.flat
            whole[~flat] = self.others
            whole[flat] = self._made(np.arange(len(self.shape_start) - 1), self.types[flat])
            self._objects = whole
        return self._objects

    def some(self, rows: Ints) -> Geometries:
        """Give some as shapely geometries, without making the others, (k,) object."""
        if self._objects is not None:
            return self._objects[rows]
        flat = self.flat
        place = self._place()
        out = np.empty(len(rows), dtype=object)
        mine = flat[rows]
        out[~mine] = self.others[place[rows[~mine]]]
        out[mine] = self._made(place[rows[mine]], self.types[rows[mine]])
        return out

    def coords_of(self, rows: Ints) -> Floats:
        """Give the coordinates of some geometries, one after the other, (m, 2)."""
        flat = self.flat
        if not flat[rows].all():
            return np.asarray(shapely.get_coordinates(self.some(rows)))
        which = self._place()[rows]
        return np.asarray(self.coords[runs(self.first_coord, which)])

    def empty(self) -> Bools:
        """Say which hold no coordinates; null ones do not count, (n,)."""
        out = np.zeros(len(self), dtype=bool)
        out[~self.flat] = shapely.is_empty(self.others)
        return out

    def _place(self) -> Ints:
        """Give where each geometry stands, in the arrays or in `others`, (n,)."""
        if self._places is None:
            flat = self.flat
            self._places = np.where(flat, np.cumsum(flat), np.cumsum(~flat)) - 1
        return self._places

    def _made(self, which: Ints, types: NDArray[np.int8]) -> Geometries:
        if len(which) == 0:
            return np.empty(0, dtype=object)
        rings = runs(self.shape_start, which)
        coords = self.coords[runs(self.ring_start, rings)]
        sizes = np.diff(self.ring_start)[rings]
        linear = shapely.linearrings(coords, indices=np.repeat(np.arange(len(rings)), sizes))
        per = np.diff(self.shape_start)[which]
        whose = np.repeat(np.arange(len(which)), per)
        made = np.asarray(shapely.polygons(np.asarray(linear), indices=whose), dtype=object)
        many = np.flatnonzero(types == 6)
        if many.size:
            made[many] = shapely.multipolygons(made[many], indices=np.arange(len(many)))
        return made

    def type_ids(self) -> NDArray[np.int64]:
        """Give what ``shapely.get_type_id`` gives, -1 for null, (n,)."""
        out = self.types.astype(np.int64)
        flat = self.flat
        out[~flat] = shapely.get_type_id(self.others)
        return out

    def boxes(self) -> Floats:
        """Give west, south, east, north of each geometry, NaN for null, (n, 4)."""
        from layers.files import flat_kernels as kernels

        flat = self.flat
        out, mine = np.empty((len(self), 4)), np.empty((len(self.shape_start) - 1, 4))
        kernels.boxes(self.coords, self.first_coord, mine)
        out[flat] = mine
        out[~flat] = shapely.bounds(self.others).reshape(-1, 4)
        return out

    def suspects(self, rows: Ints) -> Ints:
        """Give those of some rows whose box, type and number of coordinates are not theirs alone.

        A few others may be among them.
        """
        from layers.files import flat_kernels as kernels

        flat = self.flat
        size = np.empty(len(self), dtype=np.int64)
        size[flat] = np.diff(self.first_coord)
        size[~flat] = shapely.get_num_coordinates(self.others)
        key = np.empty(len(rows), dtype=np.uint64)
        kernels.mixed(self.boxes()[rows], size[rows], self.type_ids()[rows], key)
        return rows[pd.Series(key).duplicated(keep=False).to_numpy()]

    def missing(self) -> Bools:
        """Say which are null, (n,)."""
        out = np.zeros(len(self), dtype=bool)
        out[~self.flat] = shapely.is_missing(self.others)
        return out

    def take(self, chosen: Bools | Ints) -> FlatGeometry:
        """Give the chosen geometries (a mask, or rising indices)."""
        index = np.flatnonzero(chosen) if chosen.dtype == bool else chosen
        if len(index) == len(self):
            return self
        flat = self.flat
        place = self._place()
        mine = flat[index]
        which = place[index[mine]]
        rings = runs(self.shape_start, which)
        return FlatGeometry(
            self.types[index],
            self.coords[runs(self.ring_start, rings)],
            starts_of(np.diff(self.ring_start)[rings]),
            starts_of(np.diff(self.shape_start)[which]),
            self.others[place[index[~mine]]],
        )

    def areas(self) -> Floats:
        """Give the plan area of each geometry, (n,)."""
        flat = self.flat
        sizes = np.abs(self.ring_areas())
        hole = np.ones(len(sizes), dtype=bool)
        hole[self.shape_start[:-1]] = False
        sizes[hole] *= -1
        out = np.empty(len(self))
        if flat.any():
            out[flat] = np.add.reduceat(sizes, self.shape_start[:-1])
        out[~flat] = shapely.area(self.others)
        return out

    def ring_areas(self) -> Floats:
        """Give the signed area of each ring in the arrays."""
        from layers.files import flat_kernels as kernels

        out = np.empty(len(self.ring_start) - 1)
        kernels.ring_areas(self.coords, self.ring_start, out)
        return out

    def to_shapes(self) -> Shapes:
        """Give all geometries, none of them null, as shapes of the project."""
        from layers.files import flat_kernels as kernels

        areas = self.ring_areas()
        outer = np.zeros(len(areas), dtype=bool)
        outer[self.shape_start[:-1]] = True
        turn = np.where(outer, areas < 0, areas > 0)
        rings = len(self.ring_start) - 1
        coords = np.empty((len(self.coords) - rings, 2))
        start = self.ring_start - np.arange(rings + 1)

        def open_some(first: int) -> None:
            kernels.open_rings(
                self.coords, self.ring_start[first : first + RINGS + 1], turn[first:],
                coords[start[first] :],
            )  # fmt: skip

        for _ in in_threads(open_some, range(0, rings, RINGS)):
            pass
        n = len(self.shape_start) - 1
        mine = Shapes(np.full(n, POLYGON, dtype=np.uint8), coords, start, self.shape_start)
        if len(self.others) == 0:
            return mine
        flat = self.flat
        whole = Shapes.join([mine, Shapes.from_shapely(self.others)])
        place = np.where(flat, np.cumsum(flat) - 1, n + np.cumsum(~flat) - 1)
        return whole.take(place)

    @classmethod
    def join(cls, parts: list[FlatGeometry]) -> FlatGeometry:
        """Put columns behind each other."""
        if len(parts) == 1:
            return parts[0]
        return cls(
            np.concatenate([p.types for p in parts]),
            np.concatenate([p.coords for p in parts]),
            starts_of(np.concatenate([np.diff(p.ring_start) for p in parts])),
            starts_of(np.concatenate([np.diff(p.shape_start) for p in parts])),
            np.concatenate([p.others for p in parts]),
        )


def flat_wkb(column: pa.ChunkedArray) -> tuple[FlatGeometry, Ints] | None:
    """Read the plain polygons of a column of well-known binary into flat arrays.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        n binary values.

    Returns
    -------
    FlatGeometry
        What is not a plain polygon is None in `others`.
    (k,) ndarray of int64
        The rows whose value has to be read in another way; nulls are not among them.
    None
        Where there are too few plain polygons to gain anything.
    """
    if len(column) < FEW:
        return None
    from layers.files import flat_kernels as kernels

    if isinstance(column.type, pa.BaseExtensionType):
        column = pa.chunked_array([chunk.storage for chunk in column.chunks])
    chunks = [_Chunk(chunk) for chunk in column.chunks]
    types = np.concatenate([chunk.types for chunk in chunks])
    plain = (types == kernels.POLYGON) | (types == kernels.MULTIPOLYGON)
    if plain.sum() < 0.5 * len(types):
        return None
    first_coord = starts_of(np.array([chunk.points for chunk in chunks]))
    first_ring = starts_of(np.array([chunk.rings.sum() for chunk in chunks]))
    coords, sizes = np.empty((first_coord[-1], 2)), np.empty(first_ring[-1], dtype=np.int64)

    def fill(k: int) -> None:
        chunks[k].fill(coords[first_coord[k] :], sizes[first_ring[k] :])

    for _ in in_threads(fill, range(len(chunks))):
        pass
    made = FlatGeometry(
        types,
        coords,
        starts_of(sizes),
        starts_of(np.concatenate([chunk.rings for chunk in chunks])[plain]),
        np.full(int((~plain).sum()), None, dtype=object),
    )
    return made, np.flatnonzero(types == kernels.OTHER)


class _Chunk:
    """A run of well-known binary, measured.

    Attributes
    ----------
    types : (n,) int8
        As the loops tell them.
    rings : (n,) int64
        Rings of each plain polygon, 0 of others.
    points : int
        Points of all of them.
    """

    def __init__(self, chunk: pa.Array) -> None:
        from layers.files import flat_kernels as kernels

        n = len(chunk)
        wide = pa.types.is_large_binary(chunk.type)
        _, offsets, data = chunk.buffers()
        edges = np.frombuffer(offsets, dtype=np.int64 if wide else np.int32)
        self._starts = edges[chunk.offset : chunk.offset + n + 1].astype(np.int64)
        self._raw = np.zeros(0, np.uint8) if data is None else np.frombuffer(data, dtype=np.uint8)
        valid = np.asarray(chunk.is_valid().to_numpy(zero_copy_only=False), dtype=bool)
        self.types = np.empty(n, dtype=np.int8)
        self.rings, points = np.empty((2, n), dtype=np.int64)
        kernels.measure_wkb(self._raw, self._starts, valid, self.types, self.rings, points)
        self.points = int(points.sum())

    def fill(self, coords: Floats, sizes: Ints) -> None:
        """Write coordinates and points of each ring to the beginning of two columns."""
        from layers.files import flat_kernels as kernels

        bits = coords[: self.points].view(np.uint64).reshape(-1)
        kernels.fill_wkb(self._raw, self._starts, self.types, bits, sizes)

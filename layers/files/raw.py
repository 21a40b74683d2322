"""What a reader hands to the import: features as they stand in a file, nothing judged yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from layers.errors import CityError
from layers.files.flat import FlatGeometry
from layers.shapes import Codes, Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Note:
    """One remark of an import, worded as ``note-<key with dashes>`` with its facts.

    Attributes
    ----------
    key : str
        Stable name in snake_case, such as ``"encoding_guessed"``.
    facts : mapping of str to object
        Values that the sentence mentions.
    """

    key: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LayerInfo:
    """What can be told of a layer without reading it.

    Attributes
    ----------
    name : str
        Name of the layer in its file.
    geometry : str
        Any of ``point``, ``line``, ``polygon``, ``surface``, joined by ``+``;
        ``unknown`` where the file does not say, ``none`` for a mere table.
    count : int
        Number of features, -1 where the file does not say.
    fields : tuple of (str, str)
        Names of the attributes and their types in Arrow's words; empty where
        only reading would tell.
    crs : str or None
        ``EPSG:...`` or WKT; None where the file does not say.
    encoding : str or None
        Encoding of the texts; None where the format fixes it.
    secondary : bool
        Whether it shows what another layer of the file holds too, and is read only when
        it is asked for.
    """

    name: str
    geometry: str
    count: int
    fields: tuple[tuple[str, str], ...]
    crs: str | None
    encoding: str | None
    secondary: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class RawSurfaces:
    """Plane faces of detailed buildings, still in the file's coordinate system.

    Attributes
    ----------
    coords : (m, 3) float64
        Coordinates in the file's system.
    ring_start : (r + 1,) int64
        Where each open ring starts in `coords`.
    face_start : (f + 1,) int64
        Where each face starts among the rings; its first ring is the outer one,
        counter-clockwise seen from outside.
    owner : (f,) int64
        Row of the feature each face belongs to.
    meaning : (f,) uint8
        Position in ``layers.kinds.buildings.MEANINGS``.
    """

    coords: Floats
    ring_start: Ints
    face_start: Ints
    owner: Ints
    meaning: Codes


@dataclass(frozen=True, slots=True, eq=False)
class RawLayer:
    """One layer of a file with its n features, in the file's coordinates.

    Attributes
    ----------
    path : pathlib.Path
        The file that was named, also where the layer lay inside an archive.
    name : str
        Name of the layer.
    geometry : (n,) object, or FlatGeometry
        Shapely geometries of any type, collections included; None where a
        feature has none or it cannot be read. Many plain polygons come as flat
        arrays, which NumPy and shapely take for such an array.
    attributes : pyarrow.Table
        n rows with the names and types of the file, texts decoded.
    crs : str or None
        ``EPSG:...`` or WKT; None where the file does not say.
    encoding : str or None
        Encoding the texts were read with; None where the format fixes it.
    ids : (n,) object
        What to call each feature in messages (``"way/2291"``, ``"7"``).
    notes : tuple of Note
        Remarks for the report.
    unreadable : dict of str to list of str
        Reason to the ids of features whose geometry cannot be read; they keep
        their row, with None as geometry.
    repaired : dict of str to list of str
        Reason to the ids of features that were mended while reading.
    surfaces : RawSurfaces or None
        Faces with their meanings, for files that describe buildings in detail.
    parent : (n,) int64 or None
        Row of the feature this one is a part of, -1 for none.
    tile : (n,) int64 or None
        Number of the file each feature stood in, where several tiles of one
        structure were read as one layer; None for a single file.
    """

    path: Path
    name: str
    geometry: NDArray[np.object_] | FlatGeometry
    attributes: pa.Table
    crs: str | None
    encoding: str | None
    ids: NDArray[np.object_]
    notes: tuple[Note, ...] = ()
    unreadable: Mapping[str, list[str]] = field(default_factory=dict)
    repaired: Mapping[str, list[str]] = field(default_factory=dict)
    surfaces: RawSurfaces | None = None
    parent: NDArray[np.int64] | None = None
    tile: NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        n = len(self.geometry)
        if self.attributes.num_rows != n or len(self.ids) != n:
            raise CityError(
                "file.layer_columns",
                f"The columns of the layer '{self.name}' do not fit together.",
                where=str(self.path),
                name=self.name,
            )

    def __len__(self) -> int:
        return len(self.geometry)

    def some(self, rows: Ints) -> NDArray[np.object_]:
        """Give the geometries of some features, (k,) object."""
        if isinstance(self.geometry, FlatGeometry):
            return self.geometry.some(rows)
        return self.geometry[rows]

    def missing(self) -> NDArray[np.bool_]:
        """Say which features have no geometry, (n,)."""
        if isinstance(self.geometry, FlatGeometry):
            return self.geometry.missing()
        return np.asarray(shapely.is_missing(self.geometry))

    def types(self) -> NDArray[np.int64]:
        """Give the type of each geometry, as ``shapely.get_type_id``, (n,)."""
        if isinstance(self.geometry, FlatGeometry):
            return self.geometry.type_ids()
        return np.asarray(shapely.get_type_id(self.geometry), dtype=np.int64)

    def empty(self) -> NDArray[np.bool_]:
        """Say which geometries hold no coordinates, null ones aside, (n,)."""
        if isinstance(self.geometry, FlatGeometry):
            return self.geometry.empty()
        return np.asarray(shapely.is_empty(self.geometry))

    def coords_of(self, rows: Ints) -> Floats:
        """Give the coordinates of some features, one after the other, (m, 2)."""
        if isinstance(self.geometry, FlatGeometry):
            return self.geometry.coords_of(rows)
        return np.asarray(shapely.get_coordinates(self.geometry[rows]))

    def with_notes(self, *notes: Note) -> RawLayer:
        """Give the same layer with more remarks."""
        return replace(self, notes=(*self.notes, *notes))


def merge_reasons(parts: Sequence[Mapping[str, list[str]]]) -> dict[str, list[str]]:
    """Join counts by reason of several layers into one.

    >>> merge_reasons([{"a": ["1"]}, {"a": ["2"], "b": ["3"]}])
    {'a': ['1', '2'], 'b': ['3']}
    """
    joined: dict[str, list[str]] = {}
    for part in parts:
        for reason, ids in part.items():
            joined.setdefault(reason, []).extend(ids)
    return joined


def as_objects(values: Sequence[Any]) -> NDArray[np.object_]:
    """Put values into an (n,) array of objects without looking inside them."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array

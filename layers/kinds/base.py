"""What every layer is: an identity, a look, and frozen data that is swapped whole."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray
from psygnal import Signal

from layers.errors import CityError
from layers.shapes import Floats, Ints, Shapes
from layers.style import Style, numbers

Extent = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Packed:
    """A layer's data as plain parts, for the project file and the journal.

    Attributes
    ----------
    meta : dict
        Values that JSON can hold.
    arrays : dict of str to ndarray
        Columns; their names and types are the same at every packing.
    tables : dict of str to pyarrow.Table
        Attribute tables.
    """

    meta: dict[str, Any] = field(default_factory=dict)
    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)
    tables: dict[str, pa.Table] = field(default_factory=dict)


class LayerData(Protocol):
    """Frozen content of a layer."""

    def __len__(self) -> int:
        """Count the objects that can be selected."""

    def extent(self) -> Extent | None:
        """Give west, south, east, north in project metres; None where nothing lies."""

    def pack(self) -> Packed:
        """Give the content as plain parts; ``unpack`` of the kind is the way back."""


APART = 200_000.0  # m: shapes of one city do not lie so far from each other


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Features:
    """Shapes with attributes. Takes its arrays over and locks them.

    A feature of the file may give several objects (a multipolygon gives one per
    part); each object remembers the feature's row.

    Attributes
    ----------
    shapes : Shapes
        n single-part shapes in project coordinates.
    ids : (n,) int64
        Number of each object, unique in the layer and never given again.
    feature : (n,) int64
        Row of `attributes` each object belongs to.
    attributes : pyarrow.Table
        One row per feature, columns with the names and types of the file.
    """

    shapes: Shapes
    ids: Ints
    feature: Ints
    attributes: pa.Table

    def __post_init__(self) -> None:
        n = len(self.shapes)
        rising = bool((self.ids[1:] > self.ids[:-1]).all())  # the usual case, and the quick one
        if (
            len(self.ids) != n
            or len(self.feature) != n
            or not (rising or len(np.unique(self.ids)) == n)
        ):
            raise CityError("features.arrays", "The columns of a layer do not fit together.")
        if n and int(self.feature.max()) >= self.attributes.num_rows:
            raise CityError(
                "features.arrays", "An object names an attribute row that is not there."
            )
        self.ids.setflags(write=False)
        self.feature.setflags(write=False)

    def __len__(self) -> int:
        return len(self.ids)

    def extent(self) -> Extent | None:
        """Give west, south, east, north in project metres; None where nothing lies."""
        return self.shapes.extent()

    def strays(self) -> Ints:
        """Give the positions of the few shapes that lie far from all others, (k,).

        Those are slips of the file, perhaps: at most a tenth of the layer, more than 200 km
        away while most lie within a tenth of that.
        """
        extent = self.extent()
        if extent is None or max(extent[2] - extent[0], extent[3] - extent[1]) < APART:
            return np.zeros(0, dtype=np.int64)
        centres = self.shapes.centres()
        away = np.hypot(*(centres - np.median(centres, axis=0)).T)
        far = np.flatnonzero(away > APART)
        few = len(far) <= max(1, len(self) // 10) and len(self) > 1
        return far if few and float(np.median(away)) < APART / 10.0 else far[:0]

    def main_extent(self) -> Extent | None:
        """Give the extent without the few shapes that lie far from all others."""
        strays = self.strays()
        if not len(strays):
            return self.extent()
        return self.shapes.take(np.setdiff1d(np.arange(len(self)), strays)).extent()

    def index_of(self, ids: ArrayLike) -> Ints:
        """Give the positions of objects by their numbers, (k,) int64.

        Raises
        ------
        CityError
            ``features.no_such_id`` if one is not in the layer.
        """
        wanted = np.asarray(ids, dtype=np.int64).reshape(-1)
        if len(self.ids) and len(wanted):  # numbers rise where no order was asked for: a few steps
            at = np.minimum(np.searchsorted(self.ids, wanted), len(self.ids) - 1)
            if np.array_equal(self.ids[at], wanted):
                return np.asarray(at, dtype=np.int64)
        order = np.argsort(self.ids, kind="stable")
        at = np.searchsorted(self.ids, wanted, sorter=order)
        found = order[np.minimum(at, len(order) - 1)] if len(order) else np.zeros_like(wanted)
        bad = wanted[self.ids[found] != wanted] if len(order) else wanted
        if bad.size:
            raise CityError(
                "features.no_such_id",
                f"{bad.size} of {wanted.size} objects are not in the layer; first: {bad[0]}.",
                count=int(bad.size),
                total=int(wanted.size),
                first=int(bad[0]),
            )
        return np.asarray(found, dtype=np.int64)

    def column(self, name: str) -> pa.ChunkedArray:
        """Give an attribute per object (not per feature).

        Raises
        ------
        CityError
            ``features.no_such_field``, naming the fields there are.
        """
        if name not in self.attributes.column_names:
            fields = ", ".join(self.attributes.column_names[:12])
            raise CityError(
                "features.no_such_field",
                f"There is no field '{name}'.",
                hint=f"the fields are: {fields}",
                field=name,
                fields=fields,
            )
        return self.attributes.column(name).take(pa.array(self.feature))

    def numbers(self, name: str) -> Floats:
        """Give an attribute per object as numbers, (n,) float64, NaN where there is none."""
        return numbers(self.column(name))

    def row(self, object_id: int) -> dict[str, Any]:
        """Give the attributes of one object."""
        at = int(self.feature[self.index_of([object_id])[0]])
        return {k: v[0] for k, v in self.attributes.slice(at, 1).to_pydict().items()}

    def pack(self) -> Packed:
        """Give the content as plain parts."""
        return Packed(
            arrays={**pack_shapes(self.shapes), "ids": self.ids, "feature": self.feature},
            tables={"attributes": self.attributes},
        )

    @classmethod
    def unpack(cls, packed: Packed) -> Features:
        """Build the content from the parts that `pack` gave."""
        a = packed.arrays
        return cls(unpack_shapes(a), a["ids"], a["feature"], packed.tables["attributes"])

    @classmethod
    def of(cls, shapes: Shapes, attributes: pa.Table | None = None) -> Features:
        """Number shapes from 1, each with its own row of attributes."""
        n = len(shapes)
        if attributes is None:
            attributes = pa.table({"id": np.arange(1, n + 1)})
        return cls(shapes, np.arange(1, n + 1, dtype=np.int64), np.arange(n), attributes)


def pack_shapes(shapes: Shapes) -> dict[str, NDArray[Any]]:
    """Give the arrays of shapes under the names ``shapes.*``."""
    arrays: dict[str, NDArray[Any]] = {
        "shapes.kind": shapes.kind,
        "shapes.coords": shapes.coords,
        "shapes.ring_start": shapes.ring_start,
        "shapes.shape_start": shapes.shape_start,
    }
    if shapes.z is not None:
        arrays["shapes.z"] = shapes.z
    return arrays


def unpack_shapes(arrays: Mapping[str, NDArray[Any]]) -> Shapes:
    """Build shapes from the arrays that `pack_shapes` gave."""
    return Shapes(
        arrays["shapes.kind"],
        arrays["shapes.coords"],
        arrays["shapes.ring_start"],
        arrays["shapes.shape_start"],
        arrays.get("shapes.z"),
    )


@dataclass(frozen=True, slots=True)
class Source:
    """Where a layer came from.

    Attributes
    ----------
    path : pathlib.Path or None
        The file; None for layers drawn in the program.
    layer : str
        Name of the layer in a file of several.
    options : dict
        What was chosen at import (encoding, crs, height rule, ...), JSON values.
    report : dict
        The import report of this layer, JSON values, as ``--json`` prints it.
    """

    path: Path | None = None
    layer: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table of layer kinds.

    Attributes
    ----------
    key : str
        The word used by ``--as`` and in files, such as ``control-lines``.
    data : type
        Class of the content; has ``pack`` and a classmethod ``unpack``.
    shapes : str
        What it accepts: any of ``point``, ``line``, ``polygon``, ``raster``, joined by ``+``.
    style : Style
        The look of a new layer.
    rank : int
        Drawing order of flat things from below, and place in a new layer tree.
    """

    key: str
    data: type[Any]
    shapes: str
    style: Style
    rank: int

    def unpack(self, packed: Packed) -> LayerData:
        """Build the content from its parts."""
        content: LayerData = self.data.unpack(packed)
        return content


class Layer:
    """A small mutable shell around frozen data; only commands change it.

    Signals
    -------
    data_changed
        The content was swapped.
    look_changed
        Name, visibility, opacity or style changed.
    """

    data_changed = Signal()
    look_changed = Signal()

    def __init__(
        self,
        kind: str,
        name: str,
        data: LayerData,
        *,
        style: Style | None = None,
        source: Source | None = None,
        layer_id: str = "",
        visible: bool = True,
        opacity: float = 1.0,
    ) -> None:
        self.id = layer_id or uuid.uuid4().hex[:12]
        self.kind = kind
        self.source = source or Source()
        self._name, self._data, self._visible, self._opacity = name, data, visible, opacity
        self._style = style or Style()

    @property
    def data(self) -> LayerData:
        """Frozen content."""
        return self._data

    @data.setter
    def data(self, data: LayerData) -> None:
        self._data = data
        self.data_changed.emit()

    @property
    def features(self) -> Features:
        """The content of a layer of shapes.

        Raises
        ------
        CityError
            ``layer.no_shapes`` for rasters and the like.
        """
        if not isinstance(self._data, Features):
            raise CityError(
                "layer.no_shapes", f"The layer '{self.name}' holds no shapes.", name=self.name
            )
        return self._data

    @property
    def name(self) -> str:
        """What people call it."""
        return self._name

    @name.setter
    def name(self, name: str) -> None:
        self._name = name
        self.look_changed.emit()

    @property
    def visible(self) -> bool:
        """Whether it is drawn."""
        return self._visible

    @visible.setter
    def visible(self, visible: bool) -> None:
        self._visible = visible
        self.look_changed.emit()

    @property
    def opacity(self) -> float:
        """0 is clear, 1 is solid."""
        return self._opacity

    @opacity.setter
    def opacity(self, opacity: float) -> None:
        self._opacity = min(max(opacity, 0.0), 1.0)
        self.look_changed.emit()

    @property
    def style(self) -> Style:
        """How it looks."""
        return self._style

    @style.setter
    def style(self, style: Style) -> None:
        self._style = style
        self.look_changed.emit()


@dataclass(frozen=True, slots=True)
class LayerState:
    """One layer at one moment; the data is shared, not copied."""

    id: str
    kind: str
    name: str
    visible: bool
    opacity: float
    style: Style
    source: Source
    data: LayerData

    @classmethod
    def of(cls, layer: Layer, data: LayerData | None = None) -> LayerState:
        """Take a layer as it is now, or with another content."""
        return cls(
            layer.id, layer.kind, layer.name, layer.visible, layer.opacity, layer.style,
            layer.source, layer.data if data is None else data,
        )  # fmt: skip

    def layer(self) -> Layer:
        """Make a layer of it."""
        return Layer(
            self.kind, self.name, self.data, style=self.style, source=self.source,
            layer_id=self.id, visible=self.visible, opacity=self.opacity,
        )  # fmt: skip

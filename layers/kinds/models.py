"""Hand-made models: where each one stands, how it is turned and sized, what it hides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike

from layers.errors import CityError
from layers.kinds.base import Extent, Features, Kind, Layer, Packed, pack_shapes, unpack_shapes
from layers.kinds.model_library import Library
from layers.shapes import POINT, Bools, Floats, Ints, Shapes
from layers.style import Style


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Links:
    """Which buildings a model stands for; they are hidden as long as it is shown.

    Attributes
    ----------
    instance : (k,) int64
        Id of the model that stands there.
    building : (k,) int64
        Id of the building it hides.
    layer : (k,) int64
        Position in `layers`.
    layers : tuple of str
        Ids of the layers of buildings.
    """

    instance: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    building: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    layer: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    layers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not len(self.instance) == len(self.building) == len(self.layer):
            raise CityError("models.arrays", "The columns of a layer of models do not fit.")
        for array in (self.instance, self.building, self.layer):
            array.setflags(write=False)

    def __len__(self) -> int:
        return len(self.instance)

    @classmethod
    def of(cls, triples: Iterable[tuple[int, str, int]]) -> Links:
        """Build links from (instance, layer id, building), each kept once, in order."""
        rows = sorted(set(triples))
        names = tuple(dict.fromkeys(row[1] for row in rows))
        at = {name: i for i, name in enumerate(names)}
        columns = np.array([[i, b, at[name]] for i, name, b in rows], dtype=np.int64)
        columns = columns.reshape(-1, 3)
        return cls(columns[:, 0].copy(), columns[:, 1].copy(), columns[:, 2].copy(), names)

    def triples(self) -> list[tuple[int, str, int]]:
        """List (instance, layer id, building)."""
        rows = zip(self.instance.tolist(), self.layer.tolist(), self.building.tolist(), strict=True)
        return [(i, self.layers[number], b) for i, number, b in rows]

    def hidden(self, layer_id: str) -> Ints:
        """Give the buildings of a layer that are hidden, (j,) int64."""
        if layer_id not in self.layers:
            return np.zeros(0, dtype=np.int64)
        return np.unique(self.building[self.layer == self.layers.index(layer_id)])

    def of_instances(self, ids: ArrayLike) -> list[tuple[int, str, int]]:
        """List the links of some models."""
        wanted = set(np.asarray(ids, dtype=np.int64).reshape(-1).tolist())
        return [row for row in self.triples() if row[0] in wanted]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Models(Features):
    """Models that stand in the city, each a point. Takes its arrays over and locks them.

    The height of a point (``shapes.z``) counts from the ground where `on_ground` is set, else
    from the height datum.

    Attributes
    ----------
    model : (n,) int64
        Position in `library`.
    turn : (n,) float64
        Degrees clockwise seen from above, from the way the file has it.
    scale : (n,) float64
        Size against the file, greater than zero.
    on_ground : (n,) bool
        Whether heights count from the ground under the point.
    library : Library
        The models.
    links : Links
        Buildings they stand for.
    """

    model: Ints
    turn: Floats
    scale: Floats
    on_ground: Bools
    library: Library = field(default_factory=Library)
    links: Links = field(default_factory=Links)

    def __post_init__(self) -> None:
        Features.__post_init__(self)
        n = len(self.ids)
        columns = (self.model, self.turn, self.scale, self.on_ground)
        fits = (
            all(len(column) == n for column in columns)
            and (self.shapes.kind == POINT).all()
            and (n == 0 or self.shapes.z is not None)
            and (n == 0 or (self.model.min() >= 0 and self.model.max() < len(self.library)))
        )
        if not fits:
            raise CityError("models.arrays", "The columns of a layer of models do not fit.")
        bad = np.flatnonzero(~(self.scale > 0) | ~np.isfinite(self.scale))
        if bad.size:
            raise CityError(
                "models.scale",
                f"{bad.size} of {n} models have no positive scale; first: {self.ids[bad[0]]}.",
                hint="1 is the size of the file",
                count=int(bad.size),
                total=n,
                first=int(self.ids[bad[0]]),
            )
        for column in columns:
            column.setflags(write=False)

    @property
    def places(self) -> Floats:
        """East, north and height (see `on_ground`) of each model, (n, 3)."""
        z = self.shapes.z if self.shapes.z is not None else np.zeros(len(self))
        return np.column_stack([self.shapes.coords, z])

    def extent(self) -> Extent | None:
        """Give west, south, east, north around the models, metres."""
        if len(self) == 0:
            return None
        boxes = self.boxes()
        low, high = boxes[:, :2].min(axis=0), boxes[:, 2:4].max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def boxes(self) -> Floats:
        """Give the upright box around each model, (n, 5).

        West, south, east, north; and how far the top is above the place, metres.
        """
        reach = np.zeros((len(self.library), 5))
        for i, model in enumerate(self.library.models):
            low, high = model.box()
            reach[i] = (*low[:2], *high[:2], high[2])
        corners = reach[self.model][:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)
        angle = np.radians(self.turn)
        c, s = np.cos(angle)[:, None], np.sin(angle)[:, None]
        size = self.scale[:, None]
        east = (corners[..., 0] * c + corners[..., 1] * s) * size + self.shapes.coords[:, :1]
        north = (corners[..., 1] * c - corners[..., 0] * s) * size + self.shapes.coords[:, 1:]
        sides = [east.min(axis=1), north.min(axis=1), east.max(axis=1), north.max(axis=1)]
        return np.column_stack([*sides, reach[self.model, 4] * self.scale])

    def heights(self, ground: ArrayLike) -> Floats:
        """Give the height of each place above the datum, from the ground under it, (n,)."""
        own = self.places[:, 2]
        return np.asarray(own + np.where(self.on_ground, np.asarray(ground, dtype=float), 0.0))

    def pack(self) -> Packed:
        """Give the content as plain parts."""
        library = self.library.pack()
        return Packed(
            meta={**library.meta, "link_layers": list(self.links.layers)},
            arrays={
                **pack_shapes(self.shapes),
                "ids": self.ids, "feature": self.feature,
                "model": self.model, "turn": self.turn, "scale": self.scale,
                "on_ground": self.on_ground,
                "links.instance": self.links.instance,
                "links.building": self.links.building,
                "links.layer": self.links.layer,
                **library.arrays,
            },
            tables={"attributes": self.attributes},
        )  # fmt: skip

    @classmethod
    def unpack(cls, packed: Packed) -> Models:
        """Build the content from the parts that `pack` gave; what a GIS broke is mended."""
        a = packed.arrays
        library = Library.unpack(packed)
        shapes, ids, feature = unpack_shapes(a), a["ids"], a["feature"]
        columns = {name: a[name] for name in ("model", "turn", "scale", "on_ground")}
        points = shapes.kind == POINT
        if not points.all():
            shapes, ids, feature = shapes.take(np.flatnonzero(points)), ids[points], feature[points]
            columns = {name: column[points] for name, column in columns.items()}
        if len(ids) and (shapes.z is None or not np.isfinite(shapes.z).all()):
            z = np.zeros(len(ids)) if shapes.z is None else np.nan_to_num(shapes.z)
            shapes = replace(shapes, z=z)
        model, scale = columns["model"], columns["scale"]
        most = max(len(library) - 1, 0)
        if len(ids) and (model.min() < 0 or model.max() > most):
            columns["model"] = np.where((model < 0) | (model > most), 0, model)
        if not (np.isfinite(scale) & (scale > 0)).all():
            columns["scale"] = np.where(np.isfinite(scale) & (scale > 0), scale, 1.0)
        if not np.isfinite(columns["turn"]).all():
            columns["turn"] = np.nan_to_num(columns["turn"])
        links = Links(
            a["links.instance"], a["links.building"], a["links.layer"],
            tuple(packed.meta["link_layers"]),
        )  # fmt: skip
        return cls(
            shapes, ids, feature, packed.tables["attributes"], **columns,
            library=library, links=links,
        )  # fmt: skip

    @classmethod
    def placed(
        cls,
        library: Library,
        places: ArrayLike,
        model: ArrayLike = 0,
        *,
        turn: ArrayLike = 0.0,
        scale: ArrayLike = 1.0,
        on_ground: ArrayLike = True,
        attributes: pa.Table | None = None,
    ) -> Models:
        """Put models of a library on places, numbered from 1.

        Parameters
        ----------
        library : Library
            The models.
        places : (n, 3) array_like of float
            East, north, height; metres.
        model : (n,) array_like of int
            Positions in the library.
        turn, scale, on_ground : (n,) array_like
            See the class.
        attributes : pyarrow.Table or None
            n rows; None gives each the key of its model as ``name``.
        """
        xyz = np.asarray(places, dtype=np.float64).reshape(-1, 3)
        n = len(xyz)
        which = np.broadcast_to(np.asarray(model, dtype=np.int64), (n,)).copy()
        if attributes is None:
            keys = library.keys
            attributes = pa.table({"name": pa.array([keys[i] for i in which], pa.string())})
        return cls(
            points_of(xyz),
            np.arange(1, n + 1, dtype=np.int64),
            np.arange(n, dtype=np.int64),
            attributes,
            model=which,
            turn=np.broadcast_to(np.asarray(turn, dtype=np.float64), (n,)).copy(),
            scale=np.broadcast_to(np.asarray(scale, dtype=np.float64), (n,)).copy(),
            on_ground=np.broadcast_to(np.asarray(on_ground, dtype=bool), (n,)).copy(),
            library=library,
        )


def points_of(xyz: Floats) -> Shapes:
    """Make point shapes with heights of (n, 3) coordinates."""
    n = len(xyz)
    starts = np.arange(n + 1, dtype=np.int64)
    kinds = np.full(n, POINT, dtype=np.uint8)
    return Shapes(kinds, xyz[:, :2].copy(), starts, starts.copy(), xyz[:, 2].copy())


def models_of(layer: Layer) -> Models:
    """Give the content of a layer of models.

    Raises
    ------
    CityError
        ``models.other_kind`` for other layers.
    """
    if not isinstance(layer.data, Models):
        raise CityError(
            "models.other_kind",
            f"The layer '{layer.name}' holds no models.",
            hint="choose a layer of models",
            name=layer.name,
        )
    return layer.data


def hidden_buildings(layers: Iterable[Layer], layer_id: str, shown: Any = None) -> Ints:
    """Give the buildings of a layer that shown models stand for, (k,) int64.

    Parameters
    ----------
    layers : iterable of Layer
        All layers of the project.
    layer_id : str
        The layer of buildings.
    shown : callable or None
        Says whether a layer is to be seen; None asks its own switch.
    """
    found = [
        layer.data.links.hidden(layer_id)
        for layer in layers
        if isinstance(layer.data, Models) and (shown(layer) if shown else layer.visible)
    ]
    found = [ids for ids in found if len(ids)]
    return np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)


KIND = Kind("models", Models, "model", Style(colour="#d9d4c8"), 95)

"""The models a layer shows: meshes, materials, textures, each kept once however often it stands."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from layers.errors import CityError
from layers.kinds.base import Packed
from layers.shapes import Floats

UpAxis = Literal["y", "z"]
Colour = tuple[float, float, float, float]
Bytes = NDArray[np.uint8]
WHITE: Colour = (1.0, 1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Texture:
    """A picture on a model, as the bytes of a PNG or JPEG file.

    Attributes
    ----------
    name : str
        What the file called it.
    data : (b,) uint8
        The bytes.
    """

    name: str
    data: Bytes

    def __post_init__(self) -> None:
        self.data.setflags(write=False)


@dataclass(frozen=True, slots=True)
class Material:
    """What a part of a model is made of.

    Attributes
    ----------
    name : str
        What the file called it.
    colour : (red, green, blue, alpha)
        0 to 1; the texture is multiplied with it.
    texture : int
        Position among the model's textures, -1 for none.
    """

    name: str = ""
    colour: Colour = WHITE
    texture: int = -1


@dataclass(frozen=True, slots=True)
class Part:
    """Triangles of one material: from `first` up to, not with, `last`."""

    first: int
    last: int
    material: int


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Model:
    """One model as it stands in its file. Takes its arrays over and locks them.

    Points keep the file's axes and unit; `up` and `unit` say what they mean, so that a wrong guess
    is put right without reading the file again.

    Attributes
    ----------
    key : str
        Name by which instances and tables refer to it, unique in a library.
    points : (p, 3) float32
        In the file's axes and unit, relative to `anchor`.
    triangles : (t, 3) int32
        Positions in `points`, those of one part behind each other.
    parts : tuple of Part
        Together all triangles.
    materials : tuple of Material
        At least one.
    uv : (p, 2) float32 or None
        Places in the texture, 0, 0 its lower left corner.
    colours : (p, 4) uint8 or None
        Colour of each point.
    textures : tuple of Texture
        The pictures.
    up : str
        Axis of the file that points up; with ``"y"`` its z axis points south.
    unit : float
        Metres in one unit of the file.
    anchor : (x, y, z)
        Point of the file, in its axes and unit, that stands at an instance's place.
    source : str
        File it came from.
    format : str
        ``glb``, ``gltf``, ``obj``, ``stl``, ``ply``, ``dae``, ``b3dm``.
    """

    key: str
    points: NDArray[np.float32]
    triangles: NDArray[np.int32]
    parts: tuple[Part, ...]
    materials: tuple[Material, ...]
    uv: NDArray[np.float32] | None = None
    colours: Bytes | None = None
    textures: tuple[Texture, ...] = ()
    up: UpAxis = "z"
    unit: float = 1.0
    anchor: tuple[float, float, float] = (0.0, 0.0, 0.0)
    source: str = ""
    format: str = ""

    def __post_init__(self) -> None:
        fits = (
            self.points.ndim == self.triangles.ndim == 2
            and self.points.shape[1] == self.triangles.shape[1] == 3
            and len(self.triangles) > 0
            and int(self.triangles.max()) < len(self.points)
            and int(self.triangles.min()) >= 0
            and (self.uv is None or self.uv.shape == (len(self.points), 2))
            and (self.colours is None or self.colours.shape == (len(self.points), 4))
            and sum(part.last - part.first for part in self.parts) == len(self.triangles)
            and all(0 <= part.material < len(self.materials) for part in self.parts)
        )
        if not fits:
            raise CityError(
                "model.arrays", f"The arrays of the model '{self.key}' do not fit.", key=self.key
            )
        if self.up not in {"y", "z"} or not 0 < self.unit < float("inf"):
            raise CityError(
                "model.axes",
                f"A model's up axis is y or z and its unit more than 0 metres, not '{self.up}' "
                f"and {self.unit:g}.",
                hint="write --up y or --up z, and --unit m, cm, mm, ft or a number of metres",
                up=self.up,
                unit=self.unit,
            )
        for array in (self.points, self.triangles, self.uv, self.colours):
            if array is not None:
                array.setflags(write=False)

    def box(self) -> Floats:
        """Give the lowest and the highest corner in local metres, east, north, up, (2, 3)."""
        ends = to_local(np.stack([self.points.min(axis=0), self.points.max(axis=0)]), self)
        return np.stack([ends.min(axis=0), ends.max(axis=0)])

    def local(self) -> Floats:
        """Give the points in local metres: east, north, up from the anchor, (p, 3) float64."""
        return to_local(self.points, self)


def to_local(points: ArrayLike, model: Model) -> Floats:
    """Turn points in a model's axes and unit into east, north, up in metres, (n, 3) float64.

    >>> axes = Model("a", np.zeros((3, 3), "f4"), np.zeros((1, 3), "i4"), (Part(0, 1, 0),),
    ...              (Material(),), up="y", unit=0.01)
    >>> to_local([[100.0, 200.0, -300.0]], axes).tolist()
    [[1.0, 3.0, 2.0]]
    """
    xyz = np.asarray(points, dtype=np.float64)
    if model.up == "y":
        xyz = np.stack([xyz[:, 0], -xyz[:, 2], xyz[:, 1]], axis=1)
    return np.asarray(xyz * model.unit)


class Library:
    """Models by position and by key; never changed, only replaced.

    Parameters
    ----------
    models : tuple of Model
        Keys must differ.
    """

    __slots__ = ("__weakref__", "_packed", "models")

    def __init__(self, models: tuple[Model, ...] = ()) -> None:
        keys = [model.key for model in models]
        if len(set(keys)) != len(keys):
            twice = next(key for key in keys if keys.count(key) > 1)
            raise CityError(
                "model.key_twice", f"Two models are called '{twice}'.", key=twice,
                hint="give one of them another name",
            )  # fmt: skip
        self.models = models
        self._packed: Packed | None = None

    def __len__(self) -> int:
        return len(self.models)

    @property
    def keys(self) -> tuple[str, ...]:
        """The names, in order."""
        return tuple(model.key for model in self.models)

    def position(self, key: str) -> int:
        """Give the position of a model by its key.

        Raises
        ------
        CityError
            ``model.no_such_key``, naming those there are.
        """
        if key not in self.keys:
            names = ", ".join(self.keys[:12]) or "-"
            raise CityError(
                "model.no_such_key",
                f"There is no model '{key}'.",
                hint=f"the models are: {names}",
                key=key,
                names=names,
            )
        return self.keys.index(key)

    def with_model(self, model: Model) -> Library:
        """Give the library with one more model; a taken key gets a number."""
        key, number = model.key, 2
        while key in self.keys:
            key, number = f"{model.key} {number}", number + 1
        return Library((*self.models, replace(model, key=key)))

    def replaced(self, position: int, model: Model) -> Library:
        """Give the library with another model in a place."""
        models = list(self.models)
        models[position] = model
        return Library(tuple(models))

    def pack(self) -> Packed:
        """Give the models as plain parts; the same parts at every call."""
        if self._packed is None:
            self._packed = _pack(self.models)
        return self._packed

    @classmethod
    def unpack(cls, packed: Packed) -> Library:
        """Build the library from the parts that `pack` gave."""
        return cls(_unpack(packed))


def _joined(arrays: list[NDArray[Any]], width: int, dtype: str) -> NDArray[Any]:
    kept = [array for array in arrays if len(array)]
    shape = (0, width) if width else (0,)
    made = np.concatenate(kept) if kept else np.zeros(shape, dtype=dtype)
    made = np.ascontiguousarray(made, dtype=dtype)
    made.setflags(write=False)
    return made


def _pack(models: tuple[Model, ...]) -> Packed:
    pictures: dict[bytes, int] = {}
    texture_bytes: list[Bytes] = []
    names: list[str] = []
    raws = []
    for model in models:
        numbers = []
        for texture in model.textures:
            key = hashlib.blake2b(texture.data.tobytes(), digest_size=16).digest()
            if key not in pictures:
                pictures[key] = len(pictures)
                texture_bytes.append(texture.data)
                names.append(texture.name)
            numbers.append(pictures[key])
        raws.append(
            {
                "key": model.key, "up": model.up, "unit": model.unit,
                "anchor": list(model.anchor), "source": model.source, "format": model.format,
                "points": len(model.points), "triangles": len(model.triangles),
                "has_uv": model.uv is not None, "has_colours": model.colours is not None,
                "parts": [[p.first, p.last, p.material] for p in model.parts],
                "materials": [[m.name, list(m.colour), m.texture] for m in model.materials],
                "textures": numbers,
            }
        )  # fmt: skip
    arrays = {
        "library.points": _joined([m.points for m in models], 3, "f4"),
        "library.triangles": _joined([m.triangles for m in models], 3, "i4"),
        "library.uv": _joined([m.uv for m in models if m.uv is not None], 2, "f4"),
        "library.colours": _joined([m.colours for m in models if m.colours is not None], 4, "u1"),
        "library.textures": _joined(list(texture_bytes), 0, "u1"),
    }
    pics = [[name, len(data)] for name, data in zip(names, texture_bytes, strict=True)]
    return Packed(meta={"models": raws, "textures": pics}, arrays=arrays)


class _Cutter:
    """Takes pieces off the front of an array."""

    def __init__(self, array: NDArray[Any]) -> None:
        self._array, self._at = array, 0

    def take(self, count: int) -> NDArray[Any]:
        self._at += count
        return self._array[self._at - count : self._at]


def _unpack(packed: Packed) -> tuple[Model, ...]:
    cut = {name: _Cutter(array) for name, array in packed.arrays.items() if "library." in name}
    data = cut["library.textures"]
    textures = [Texture(name, data.take(size)) for name, size in packed.meta["textures"]]
    models = []
    for raw in packed.meta["models"]:
        count = raw["points"]
        x, y, z = raw["anchor"]
        models.append(
            Model(
                key=raw["key"],
                points=cut["library.points"].take(count),
                triangles=cut["library.triangles"].take(raw["triangles"]),
                parts=tuple(Part(*part) for part in raw["parts"]),
                materials=tuple(
                    Material(name, (c[0], c[1], c[2], c[3]), texture)
                    for name, c, texture in raw["materials"]
                ),
                uv=cut["library.uv"].take(count) if raw["has_uv"] else None,
                colours=cut["library.colours"].take(count) if raw["has_colours"] else None,
                textures=tuple(textures[i] for i in raw["textures"]),
                up=raw["up"],
                unit=raw["unit"],
                anchor=(x, y, z),
                source=raw["source"],
                format=raw["format"],
            )
        )
    return tuple(models)

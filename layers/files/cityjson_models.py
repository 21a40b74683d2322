"""Hand-made models as CityJSON: each form once as a template, placed by geometry instances.

References
----------
.. [1] H. Ledoux, B. Dukai (eds.), "CityJSON 2.0 Specifications", 2023: 4 geometry templates,
   6 appearance object.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import Image

from layers.files.city_choice import FLAT, ChosenModels, LeftOut
from layers.kinds.model_library import Model, Part
from layers.shapes import Bools, Floats, Ints

LOD = "3"  # of hand-made models: finer than blocks with roofs
THEME = "citystage"
STEPS = 16  # of red, green and blue of painted points: materials stay few
TYPES = {"trees": "SolitaryVegetationObject"}  # of city objects, by the kind of their layer
DIGITS = 4  # of template coordinates: a tenth of a millimetre


class Templates:
    """The forms of the models of several layers, and the city objects that show them.

    Parameters
    ----------
    chosen : tuple of ChosenModels
        The layers.
    scale : float
        Metres a step of the file's whole numbers is.
    shift : (3,) float64
        What coordinates are counted from.
    taken : set of str
        Keys that are used already; grows.

    Attributes
    ----------
    head : dict
        ``geometry-templates`` and ``appearance``; empty without models.
    pictures : bool
        Whether any form has pictures, of which only the mean colours are kept.
    """

    def __init__(
        self, chosen: tuple[ChosenModels, ...], scale: float, shift: Floats, taken: set[str]
    ) -> None:
        self._scale, self._shift, self._taken = scale, shift, taken
        self._chosen = chosen
        self._materials: list[dict[str, Any]] = []
        self._points: list[list[float]] = []
        self._number: dict[tuple[int, int], int] = {}
        self.pictures = False
        forms: list[dict[str, Any]] = []
        for layer, one in enumerate(chosen):
            for model in np.unique(one.data.model[one.rows]).tolist():
                form = self._form(one.data.library.models[model], one.opacity)
                if form is not None:
                    self._number[layer, model] = len(forms)
                    forms.append(form)
        self.head: dict[str, Any] = {}
        if forms:
            self.head["geometry-templates"] = {
                "templates": forms, "vertices-templates": self._points,
            }  # fmt: skip
            self.head["appearance"] = {"materials": self._materials}

    def _form(self, model: Model, opacity: float) -> dict[str, Any] | None:
        """Give a model as a surface of triangles; None where none has an area."""
        points = model.local().round(DIGITS)
        _, number = np.unique(points, axis=0, return_inverse=True)
        corners = number.reshape(-1)[model.triangles]
        a, b, c = (points[model.triangles[:, i]] for i in range(3))
        real = (np.cross(b - a, c - a) != 0.0).any(axis=1)
        if not real.any():
            return None
        first = np.zeros(int(number.max()) + 1, dtype=np.int64)
        first[number.reshape(-1)] = np.arange(len(points))
        start = len(self._points)
        self._points += points[first].tolist()
        values = np.zeros(len(corners), dtype=np.int64)
        for part in model.parts:
            values[part.first : part.last] = self._look(model, part, opacity)
        kept = (corners[real] + start).tolist()
        return {
            "type": "MultiSurface",
            "lod": LOD,
            "boundaries": [[triangle] for triangle in kept],
            "material": {THEME: {"values": values[real].tolist()}},
        }

    def _look(self, model: Model, part: Part, opacity: float) -> Ints:
        """Give the materials of the triangles of a part."""
        told = model.materials[part.material]
        own = np.asarray(told.colour[:3])
        count = part.last - part.first
        colours = np.broadcast_to(own, (count, 3))
        if told.texture >= 0 and model.uv is not None:
            self.pictures = True
            mean = mean_colour(model.textures[told.texture].data.tobytes())
            colours = np.broadcast_to(own * mean, (count, 3))
        elif model.colours is not None:
            corners = model.triangles[part.first : part.last]
            colours = own * model.colours[corners][..., :3].mean(axis=1) / 255.0
            colours = np.round(colours * STEPS) / STEPS
        looks, which = np.unique(colours.round(4), axis=0, return_inverse=True)
        name = f"{model.key}: {told.name}" if told.name else model.key
        numbers = [self._material(name, look.tolist(), told.colour[3] * opacity) for look in looks]
        return np.array(numbers, dtype=np.int64)[which.reshape(-1)]

    def _material(self, name: str, colour: list[float], opacity: float) -> int:
        entry = {"name": name, "diffuseColor": colour, "transparency": round(1.0 - opacity, 4)}
        if entry not in self._materials:
            self._materials.append(entry)
        return self._materials.index(entry)

    @property
    def flat(self) -> tuple[LeftOut, ...]:
        """What has no form, layer by layer."""
        lost = [len(one.rows) - int(self._formed(i).sum()) for i, one in enumerate(self._chosen)]
        both = zip(self._chosen, lost, strict=True)
        return tuple(LeftOut(one.name, one.kind, count, FLAT) for one, count in both if count)

    def count(self, kind: str) -> int:
        """Count what is written of a kind of layers."""
        layers = enumerate(self._chosen)
        return sum(int(self._formed(i).sum()) for i, one in layers if one.kind == kind)

    def _formed(self, layer: int) -> Bools:
        """Say which of the chosen rows of a layer have a form."""
        known = [model for number, model in self._number if number == layer]
        one = self._chosen[layer]
        return np.isin(one.data.model[one.rows], known)

    def objects(self) -> Iterator[tuple[str, dict[str, Any], list[list[int]]]]:
        """Give key, city objects and vertices of each model that has a form."""
        for layer, one in enumerate(self._chosen):
            whole = np.round((one.places - self._shift) / self._scale).astype(np.int64).tolist()
            keys, sizes = one.data.library.keys, one.sizes.tolist()
            for row in one.rows[self._formed(layer)].tolist():
                model = int(one.data.model[row])
                key = self._key(one, row)
                thing = {
                    "type": TYPES.get(one.kind, "GenericCityObject"),
                    "attributes": {"model": keys[model]} | attributes_of(one, row),
                    "geometry": [
                        {
                            "type": "GeometryInstance",
                            "template": self._number[layer, model],
                            "boundaries": [0],
                            "transformationMatrix": _matrix(float(one.data.turn[row]), sizes[row]),
                        }
                    ],
                }
                yield key, {key: thing}, [whole[row]]

    def _key(self, one: ChosenModels, row: int) -> str:
        number = int(one.data.ids[row])
        key = f"{one.name}-{number}"
        while key in self._taken:
            key = f"{key}-{number}"
        self._taken.add(key)
        return key


def attributes_of(one: ChosenModels, row: int) -> dict[str, Any]:
    """Give the attributes of a model that have a value."""
    line = one.data.attributes.slice(int(one.data.feature[row]), 1).to_pydict()
    told = {name: plain(values[0]) for name, values in line.items()}
    return {name: value for name, value in told.items() if value is not None}


def plain(value: Any) -> Any:
    """Give what JSON holds, None for what is missing.

    >>> plain(float("nan")), plain(3), plain(b"a")
    (None, 3, "b'a'")
    """
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)


def mean_colour(data: bytes) -> Floats:
    """Give the mean colour of the solid parts of a picture, (3,), 0 to 1."""
    with Image.open(io.BytesIO(data)) as image:
        small = np.asarray(image.convert("RGBA").resize((16, 16)), dtype=np.float64) / 255.0
    cover = small[..., 3:]
    return np.asarray((small[..., :3] * cover).sum(axis=(0, 1)) / max(float(cover.sum()), 1e-9))


def _matrix(turn: float, sizes: list[float]) -> list[float]:
    """Give the 4 x 4 matrix, row after row, that sizes and turns clockwise from above."""
    angle = math.radians(turn)
    c, s = math.cos(angle), math.sin(angle)
    east, north, up = sizes
    whole = [c * east, s * north, 0.0, 0.0, -s * east, c * north, 0.0, 0.0, 0.0, 0.0, up, 0.0]
    return [round(value, 9) for value in (*whole, 0.0, 0.0, 0.0, 1.0)]

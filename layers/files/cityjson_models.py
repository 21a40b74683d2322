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

from layers.files.city_choice import ChosenModels
from layers.kinds.model_library import Model
from layers.shapes import Floats

LOD = "3"  # of hand-made models: finer than blocks with roofs
THEME = "citystage"
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
            values[part.first : part.last] = self._material(model, part.material, opacity)
        kept = (corners[real] + start).tolist()
        return {
            "type": "MultiSurface",
            "lod": LOD,
            "boundaries": [[triangle] for triangle in kept],
            "material": {THEME: {"values": values[real].tolist()}},
        }

    def _material(self, model: Model, number: int, opacity: float) -> int:
        told = model.materials[number]
        colour = np.asarray(told.colour[:3])
        if told.texture >= 0 and model.uv is not None:
            self.pictures = True
            colour = colour * mean_colour(model.textures[told.texture].data.tobytes())
        name = told.name or model.key
        entry = {
            "name": f"{model.key}: {name}" if name != model.key else name,
            "diffuseColor": colour.round(4).tolist(),
            "transparency": round(1.0 - told.colour[3] * opacity, 4),
        }
        if entry not in self._materials:
            self._materials.append(entry)
        return self._materials.index(entry)

    def objects(self) -> Iterator[tuple[str, dict[str, Any] | None, list[list[int]]]]:
        """Give key, city objects and vertices of each model; no objects where it has no form."""
        for layer, one in enumerate(self._chosen):
            whole = np.round((one.places - self._shift) / self._scale).astype(np.int64).tolist()
            keys = one.data.library.keys
            for row in one.rows.tolist():
                model = int(one.data.model[row])
                if (layer, model) not in self._number:
                    yield "", None, []
                    continue
                key = self._key(one, row)
                thing = {
                    "type": "GenericCityObject",
                    "attributes": {"model": keys[model]} | attributes_of(one, row),
                    "geometry": [
                        {
                            "type": "GeometryInstance",
                            "template": self._number[layer, model],
                            "boundaries": [0],
                            "transformationMatrix": _matrix(
                                float(one.data.turn[row]), float(one.data.scale[row])
                            ),
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


def _matrix(turn: float, scale: float) -> list[float]:
    """Give the 4 x 4 matrix, row after row, that turns clockwise from above and sizes."""
    angle = math.radians(turn)
    c, s = math.cos(angle) * scale, math.sin(angle) * scale
    whole = [c, s, 0.0, 0.0, -s, c, 0.0, 0.0, 0.0, 0.0, scale, 0.0, 0.0, 0.0, 0.0, 1.0]
    return [round(value, 12) for value in whole]

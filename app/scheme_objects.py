"""Which objects differ between two schemes, one by one: for the window and for a table file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from app.pipes_asking import NAME_FIELDS
from app.wording import Wording
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.schemes import project_with
from layers.schemes_compare import ADDED, CHANGED, REMOVED, differences

COLUMNS = ("what", "layer", "object", "name", "area", "before", "after", "east", "north")


@dataclass(frozen=True, slots=True)
class ObjectChange:
    """An object that differs.

    Attributes
    ----------
    what : str
        ``added``, ``changed`` or ``removed``.
    layer_id, layer : str
        Id and name of its layer.
    number : int
        Of the object.
    name : str
        What it is called; "" for nothing.
    place : (east, north, height)
        Its middle, metres; the ground there.
    area_m2 : float
        Of its ground plan; NaN for what has none.
    before_m, after_m : float
        Height of a building in both schemes; NaN where there is none.
    """

    what: Literal["added", "changed", "removed"]
    layer_id: str
    layer: str
    number: int
    name: str
    place: tuple[float, float, float]
    area_m2: float
    before_m: float
    after_m: float


def object_changes(project: Project, one: str, other: str) -> tuple[ObjectChange, ...]:
    """List the objects that differ from a scheme to another: buildings first, layer by layer.

    Parameters
    ----------
    project : Project
        The project.
    one, other : str
        Schemes; ``existing`` for the city as it is.

    Raises
    ------
    CityError
        ``schemes.no_such``.
    """
    before = {layer.id: layer for layer in project_with(project, one).layers}
    shown = project_with(project, other)
    after = {layer.id: layer for layer in shown.layers}
    out: list[ObjectChange] = []
    for item in differences(project, one, other):
        old, new = before.get(item.layer_id), after.get(item.layer_id)
        groups: tuple[tuple[Any, Any, Layer | None], ...] = (
            (ADDED, item.added, new), (CHANGED, item.changed, new), (REMOVED, item.removed, old),
        )  # fmt: skip
        for what, numbers, layer in groups:
            if layer is not None and isinstance(layer.data, Features) and len(numbers):
                out += _changes(shown, what, layer, layer.data, numbers.tolist(), old, new)
    return tuple(sorted(out, key=lambda one: math.isnan(one.before_m) and math.isnan(one.after_m)))


def _changes(
    shown: Project, what: Literal["added", "changed", "removed"], layer: Layer, data: Features,
    numbers: Sequence[int], old: Layer | None, new: Layer | None,
) -> list[ObjectChange]:  # fmt: skip
    rows = data.index_of(numbers)
    shapes = data.shapes.take(rows)
    middle, areas = shapes.centres(), shapes.areas()
    ground = np.nan_to_num(np.asarray(shown.ground_at(middle), dtype=np.float64))
    field = next((name for name in NAME_FIELDS if name in data.attributes.column_names), "")
    names = data.attributes.column(field).take(rows).to_pylist() if field else [""] * len(rows)
    return [
        ObjectChange(
            what, layer.id, layer.name, number, "" if names[k] is None else str(names[k]),
            (float(middle[k, 0]), float(middle[k, 1]), float(ground[k])),
            float(areas[k]) if areas[k] > 0.0 else math.nan, _height(old, number),
            _height(new, number),
        )
        for k, number in enumerate(numbers)
    ]  # fmt: skip


def _height(layer: Layer | None, number: int) -> float:
    """Give how high a building stands; NaN for what is no building, or is not there."""
    data = None if layer is None else layer.data
    if not isinstance(data, Buildings) or number not in data.ids:
        return math.nan
    return float(data.height[int(data.index_of([number])[0])])


def object_heads(words: Wording) -> list[str]:
    """Give the headings of the list."""
    return [words.t(f"compare-object-{name}") for name in COLUMNS]


def object_values(change: ObjectChange, words: Wording) -> list[Any]:
    """Give the cells of an object, numbers as numbers, None for what is not known."""
    numbers = (change.area_m2, change.before_m, change.after_m)
    told = [round(value, 3) if math.isfinite(value) else None for value in numbers]
    return [
        words.t(f"compare-{change.what}"), change.layer, change.number, change.name, *told,
        round(change.place[0], 3), round(change.place[1], 3),
    ]  # fmt: skip

"""Resources and hazard sources changed: placed, moved, their state and other facts, removed.

A fact is written into the field of the layer that holds it, whatever the file calls it; where no
field does, one is made. Every change is new content of the layer, for one undoable step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from shapely.affinity import translate

from layers.drills.live import Seen, match_of, matches
from layers.edits import AddLayer, SetData, Together
from layers.errors import CityError
from layers.history import Command, Label
from layers.kinds import KINDS
from layers.kinds.base import Features, Layer
from layers.kinds.emergency import DATES, FIELDS, SORTS, Emergency, date_word
from layers.planning.line_edits import with_line, without
from layers.project import Project
from layers.shapes import Shapes

#: What can be typed of a resource or a hazard source, by meaning.
FACTS = ("name", "sort", "state", "quantity", "unit", "capacity", "contact", "owner", "place",
         "valid_from", "valid_to", "substance", "amount_t")  # fmt: skip
NUMBERS = ("quantity", "capacity", "amount_t")
MADE: dict[str, Any] = {"": pa.string(), **dict.fromkeys(NUMBERS, pa.float64())}


def column_of(features: Features, meaning: str) -> str:
    """Give the field of a layer that holds a fact, "" where none does."""
    names = {name.lower(): name for name in reversed(features.attributes.column_names)}
    return next((names[word] for word in FIELDS[meaning] if word in names), "")


def with_facts(features: Features, ids: Sequence[int], facts: Mapping[str, Any]) -> Features:
    """Give some objects other facts.

    Parameters
    ----------
    features : Features
        The layer.
    ids : sequence of int
        Objects.
    facts : mapping of str to value
        By meaning, of `FACTS`; None and "" take a fact away.

    Raises
    ------
    CityError
        ``resource.no_number`` where a quantity is no number, ``resource.no_date`` where a date
        cannot be read; ``features.no_such_id``.
    """
    rows = np.unique(features.feature[features.index_of(list(ids))])
    table = features.attributes
    for meaning, value in facts.items():
        name = column_of(features, meaning) or FIELDS[meaning][0]
        if name not in table.column_names:
            kind = MADE.get(meaning, pa.string())
            table = table.append_column(name, pa.nulls(len(table), kind))
        at = table.column_names.index(name)
        column = table.column(at).combine_chunks()
        given = _fitting(value, meaning, column.type)
        mask = np.zeros(len(table), dtype=bool)
        mask[rows] = True
        if given is None:
            fresh = pa.array([None if m else v.as_py() for m, v in zip(mask, column, strict=True)],
                             column.type)  # fmt: skip
        else:
            if isinstance(given, str) and not pa.types.is_string(column.type):
                column = column.cast(pa.string())
            fresh = pa.compute.if_else(pa.array(mask), pa.scalar(given, column.type), column)
        table = table.set_column(at, name, fresh)
    return Features(features.shapes, features.ids, features.feature, table)


def _fitting(value: Any, meaning: str, kind: pa.DataType) -> Any:
    """Give a value as the field can hold it; None for nothing."""
    if value is None or str(value).strip() == "":
        return None
    if meaning in DATES:
        return date_word(value)
    if meaning in NUMBERS or pa.types.is_floating(kind) or pa.types.is_integer(kind):
        try:
            number = float(str(value).replace(",", ""))
        except ValueError:
            if meaning not in NUMBERS:
                return str(value).strip()
            raise CityError(
                "resource.no_number", f"'{value}' is no number.",
                hint="write 12 or 12.5; leave it empty where it is not known", value=str(value),
            ) from None  # fmt: skip
        if pa.types.is_integer(kind):
            return int(number) if number.is_integer() else str(value).strip()
        return number if pa.types.is_floating(kind) else f"{number:g}"
    return str(value).strip()


def moved(features: Features, places: Mapping[int, tuple[float, float]]) -> Features:
    """Put objects at other places; areas keep their shape.

    Parameters
    ----------
    features : Features
        The layer.
    places : mapping of int to (float, float)
        Object to its new middle, project coordinates.
    """
    whole = features.shapes.to_shapely()
    middles = features.shapes.centres()
    for number, at in zip(places, features.index_of(list(places)).tolist(), strict=True):
        east, north = np.array(places[number]) - middles[at]
        whole[at] = translate(whole[at], float(east), float(north))
    return Features(Shapes.from_shapely(whole), features.ids, features.feature, features.attributes)


# Commands ------------------------------------------------------------------------------------


def set_facts(
    project: Project, layer_id: str, ids: Sequence[int], facts: Mapping[str, Any]
) -> Command:
    """Change facts of resources as one step."""
    layer, data = _features(project, layer_id)
    return SetData(layer.id, with_facts(data, ids, facts), _label("edit-resource", layer, ids))


def move_resource(
    project: Project, layer_id: str, number: int, place: tuple[float, float]
) -> Command:
    """Move a resource as one step."""
    layer, data = _features(project, layer_id)
    title = _label("edit-move-resource", layer, [number])
    return SetData(layer.id, moved(data, {number: place}), title)


def add_resource(
    project: Project, kind: str, place: tuple[float, float], facts: Mapping[str, Any],
    *, layer_id: str = "", layer_name: str = "",
) -> tuple[Command, str, int]:  # fmt: skip
    """Place a new resource or hazard source as one step.

    Parameters
    ----------
    project : Project
        The city.
    kind : str
        ``resources`` or ``hazards``.
    place : (float, float)
        Project coordinates.
    facts : mapping of str to value
        By meaning.
    layer_id : str
        Which layer gets it; "" takes the first of the kind, or makes one.
    layer_name : str
        Of a layer that is made.

    Returns
    -------
    (Command, str, int)
        The step, the layer and the number of the new object.
    """
    made = Shapes.from_shapely([shapely.Point(place)])
    layers = [one for one in project.of_kind(kind) if layer_id in ("", one.id)]
    if not layers:
        columns = {name: pa.array([], MADE.get(name, pa.string())) for name in FACTS}
        empty = Features.of(Shapes.from_shapely([]), pa.table(columns))
        data, ids = with_line(empty, made, {})
        data = with_facts(data, ids, facts)
        layer = Layer(kind, layer_name or kind, data, style=KINDS[kind].style)
        return AddLayer(layer), layer.id, ids[0]
    layer, before = _features(project, layers[0].id)
    data, ids = with_line(before, made, {})
    data = with_facts(data, ids, facts)
    title = Label("edit-add-resource", {"name": str(facts.get("name") or layer.name)})
    return SetData(layer.id, data, title), layer.id, ids[0]


def remove_resources(project: Project, layer_id: str, ids: Sequence[int]) -> Command:
    """Remove resources as one step."""
    layer, data = _features(project, layer_id)
    title = _label("edit-remove-resource", layer, ids)
    return SetData(layer.id, without(data, ids), title)


def take_over(project: Project, seen: Iterable[Seen]) -> tuple[Command | None, int]:
    """Put resources where they were seen last and give them their states, as one step.

    Old reports are left out.

    Returns
    -------
    (Command or None, int)
        None where no report is about a resource of the project; how many are moved.
    """
    fresh = [one.sighting for one in seen if not one.stale]
    found = matches(project, [word for one in fresh for word in (one.key, one.name)])
    places: dict[str, dict[int, tuple[float, float]]] = {}
    states: dict[str, dict[str, list[int]]] = {}
    for one in fresh:
        match = match_of(one, found)
        if match is not None:
            places.setdefault(match.layer_id, {})[match.object_id] = (one.east, one.north)
            if one.state != "unknown":
                by_state = states.setdefault(match.layer_id, {})
                by_state.setdefault(one.state, []).append(match.object_id)
    count = sum(len(own) for own in places.values())
    title = Label("edit-take-over-live", {"count": count})
    steps = []
    for layer_id, own in places.items():
        _, data = _features(project, layer_id)
        data = moved(data, own)
        for state, ids in states.get(layer_id, {}).items():
            data = with_facts(data, ids, {"state": state})
        steps.append(SetData(layer_id, data, title))
    return (Together(tuple(steps), title) if steps else None), count


def _features(project: Project, layer_id: str) -> tuple[Layer, Features]:
    layer = project.layer(layer_id)
    if not isinstance(layer.data, Features) or layer.kind not in SORTS:
        raise CityError(
            "resource.kind", f"'{layer.name}' holds no resources or hazard sources.",
            hint="import it as resources or hazards", layer=layer.name,
        )  # fmt: skip
    return layer, layer.data


def _label(key: str, layer: Layer, ids: Sequence[int]) -> Label:
    assert isinstance(layer.data, Features)
    said = Emergency.of(layer.data, layer.kind, layer.name)
    at = layer.data.index_of(list(ids)[:1])
    name = str(said.name[at[0]]) if len(ids) == 1 and len(at) else ""
    return Label(key, {"name": name or layer.name, "count": len(ids)})

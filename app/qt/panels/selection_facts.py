"""What the inspector says of selected objects, as lines of names and values."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.qt.models.values import NOTHING, missing, shown, title
from app.qt.panels.value_list import Line
from app.resource_words import state_now
from app.wording import Wording
from layers import roof_shapes
from layers.kinds.base import Layer
from layers.kinds.buildings import HEIGHT_RULES, Buildings
from layers.object_table import AREA, LENGTH, Column, ObjectTable, as_texts
from layers.planning.measure import measure_building
from layers.project import Project
from layers.shapes import Floats, Ints
from layers.style import numbers

FACTS = (
    "ground_m",
    "top_m",
    "eaves_m",
    "footprint_m2",
    "perimeter_m",
    "volume_m3",
    "floor_area_m2",
)
MOST_COMMON = 5  # values listed with their numbers
UNITS = {AREA: "m2", LENGTH: "m"}


def one_object(table: ObjectTable, at: int, words: Wording) -> list[Line]:
    """Give the attributes of one object, as the file has them."""
    lines = []
    for column in table.columns:
        if column.computed:
            continue
        value = table.some(column.key, [at])[0].as_py()
        what = words.t(f"type-{column.kind}")
        lines.append(Line(column.key, shown(value, words), what, missing(value)))
    return lines


def several_objects(table: ObjectTable, at: Ints, words: Wording) -> list[Line]:
    """Give what the attributes of several objects have in common, numbers also summed up."""
    return [_several(table, c, at, words) for c in table.columns if not c.computed]


def _several(table: ObjectTable, column: Column, at: Ints, words: Wording) -> Line:
    what = words.t(f"type-{column.kind}")
    values = table.some(column.key, at)
    held = values.drop_null()
    if len(held) == 0:
        return Line(column.key, NOTHING, what, faint=True)
    empty = len(values) - len(held)
    texts = held if column.kind in {"integer", "number", "flag"} else as_texts(values)
    different = pc.count_distinct(texts, mode="only_valid").as_py()
    below: list[Line] = []
    if column.numeric:
        below = _figures(numbers(values), words)
    elif 1 < different < len(held):
        below = _most_common(texts, words)
    if empty:
        below.append(Line(words.t("summary-empty"), words.number(empty, 0)))
    if different == 1:
        value = shown(held[0].as_py(), words)
    elif column.numeric:
        told = numbers(values)
        value = words.t(
            "summary-range", low=_number(np.nanmin(told)), high=_number(np.nanmax(told))
        )
    else:
        value = words.t("summary-different", count=words.number(different, 0))
    return Line(column.key, value, what, different > 1 and not column.numeric, tuple(below))


def _figures(told: Floats, words: Wording) -> list[Line]:
    figures = (
        ("sum", np.nansum(told)), ("mean", np.nanmean(told)),
        ("min", np.nanmin(told)), ("max", np.nanmax(told)),
    )  # fmt: skip
    return [Line(words.t(f"summary-{key}"), _number(float(value))) for key, value in figures]


def _most_common(texts: pa.Array, words: Wording) -> list[Line]:
    counts = pc.value_counts(texts.drop_null())
    order = pc.sort_indices(counts.field("counts"), sort_keys=[("", "descending")])
    rows = counts.take(order[:MOST_COMMON]).to_pylist()
    return [Line(str(row["values"]), words.number(row["counts"], 0)) for row in rows]


def _number(value: float) -> str:
    return f"{round(float(value), 3):.12g}"


def geometry_lines(
    project: Project, layer: Layer, table: ObjectTable, at: Ints, words: Wording
) -> list[Line]:
    """Give what is computed for one object: size, place, and for buildings much more.

    Parameters
    ----------
    project : Project
        Gives the ground.
    layer : Layer
        The objects' layer.
    table : ObjectTable
        Its objects.
    at : (1,) ndarray of int64
        Position of the object.
    words : Wording
        Language.
    """
    features = layer.features
    object_id = int(features.ids[at[0]])
    if isinstance(features, Buildings):
        return building_lines(project, layer, object_id, words)
    lines = [Line(words.t("column-id"), str(object_id))]
    if state := state_now(project, layer, int(at[0]), words):
        lines.append(Line(words.t("column-state-now"), state))
    lines += _sizes(table, at, words)
    east, north = features.shapes.take(at).centres()[0]
    lines.append(Line(words.t("fact-middle"), f"{east:.2f}, {north:.2f}"))
    return lines


def _sizes(table: ObjectTable, at: Ints, words: Wording) -> list[Line]:
    known = {column.key for column in table.columns}
    return [
        Line(_bare(title(table.column(key), words, table)),
             words.quantity(float(numbers(table.some(key, at)).sum()), UNITS[key]))
        for key in (AREA, LENGTH) if key in known
    ]  # fmt: skip


def _bare(heading: str) -> str:
    return heading.partition(" (")[0].partition("（")[0]


def building_lines(project: Project, layer: Layer, object_id: int, words: Wording) -> list[Line]:
    """Give the facts of one building."""
    features = layer.features
    assert isinstance(features, Buildings)
    values = dict(measure_building(project, layer.id, object_id).values)
    at = int(features.index_of([object_id])[0])
    rule = words.t(f"height-from-{HEIGHT_RULES[features.height_rule[at]]}")
    lines = [Line(words.t("column-id"), str(object_id))]
    lines.append(Line(words.t("column-height-from"), rule))
    if features.min_height[at] > 0:
        text = words.quantity(float(features.min_height[at]), "m")
        lines.append(Line(words.t("fact-min-height"), text))
    floors = words.value("floors_count", values["floors_count"])
    if values["floors_assumed_count"]:
        floors = words.t("fact-floors-assumed", floors=floors)
    lines.append(Line(words.value_name("floors_count"), floors))
    form = roof_shapes.FORMS[int(roof_shapes.eaves(features, np.array([at]))[0][0])]
    lines.append(Line(words.t("fact-roof"), words.t(f"roof-{form}")))
    told = [key for key in FACTS if key in values]
    lines += [Line(words.value_name(key), words.value(key, values[key])) for key in told]
    if features.part_of[at]:
        lines.append(Line(words.t("fact-part-of"), str(int(features.part_of[at]))))
    return lines


def several_facts(layer: Layer, table: ObjectTable, at: Ints, words: Wording) -> list[Line]:
    """Give what is computed for several objects together."""
    lines: list[Line] = []
    features = layer.features
    if isinstance(features, Buildings):
        height = features.height[at]
        volume = roof_shapes.volumes(features, at)
        figures: Iterable[tuple[str, str]] = (
            ("summary-mean", words.quantity(float(height.mean()), "m")),
            ("summary-min", words.quantity(float(height.min()), "m")),
            ("summary-max", words.quantity(float(height.max()), "m")),
        )
        span = words.t("summary-range", low=_number(height.min()), high=_number(height.max()))
        below = tuple(Line(words.t(key), text) for key, text in figures)
        lines.append(Line(words.t("column-height"), span, below=below))
        total = words.quantity(float(volume.sum()), "m3")
        lines.append(Line(words.t("fact-volume-all"), total))
    sizes = _sizes(table, at, words)
    return lines + [Line(words.t("fact-all", name=size.name), size.value) for size in sizes]

"""Two schemes side by side: which objects differ, a city that shows it, and figures with deltas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry import MultiPoint
from shapely.geometry.base import BaseGeometry

from layers.kinds import kind_of
from layers.kinds.base import Features, Layer, LayerData, LayerState
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.schemes import captured, city_of, project_with
from layers.schemes_model import EXISTING, SHARED_KINDS
from layers.schemes_patch import difference
from layers.schemes_rows import other_arrays, pick
from layers.shapes import Floats, Ints
from layers.style import Style

ADDED, REMOVED, CHANGED, UNCHANGED = "added", "removed", "changed", "unchanged"
#: Colours of a difference, apart for eyes that do not tell red from green as well.
COLOURS: dict[str, str] = {
    ADDED: "#1a9e5f", REMOVED: "#d43c3c", CHANGED: "#f0a71f", UNCHANGED: "#d6d6d2",
}  # fmt: skip
GHOST = 0.45  # opacity of what is gone
TOLERANCE = 1e-9
#: Which way is better, by the last part of a figure's name: +1 more, -1 less; else taste.
BETTER: dict[str, int] = {
    "buildings_failing_count": -1, "inside_count": -1, "crossing_count": -1,
    "within_setback_count": -1, "intrusion_m2": -1, "fails_count": -1,
    "failing_count": -1, "lost_count": -1, "worse_count": -1, "green_percent": 1,
    "pierced_count": -1, "most_above_m": -1, "short_count": -1, "lacking_count": -1,
    "shaded_winter_m2": -1, "seen_percent": 1, "seen_from_percent": 1, "sky_percent": 1,
    "open_m": 1, "mean_h": 1, "enough_percent": 1, "seen_count": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LayerDifference:
    """What differs in one layer.

    Attributes
    ----------
    layer_id, name, kind : str
        The layer.
    added, removed, changed : (k,) int64
        Numbers of objects; `removed` ones are in the first city only.
    whole : bool
        Whether something that belongs to no object differs (a terrain), or the whole layer.
    """

    layer_id: str
    name: str
    kind: str
    added: Ints
    removed: Ints
    changed: Ints
    whole: bool = False


_NONE = np.zeros(0, dtype=np.int64)


def differences(project: Project, one: str, other: str) -> tuple[LayerDifference, ...]:
    """Give what differs from a scheme to another, layer by layer; nothing where nothing does.

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
    schemes = captured(project)
    before = {h.layer.id: h for h in city_of(project, schemes.find(one))}
    after = {h.layer.id: h for h in city_of(project, schemes.find(other))}
    found: list[LayerDifference] = []
    for key in dict.fromkeys([*before, *after]):
        held = after.get(key) or before[key]
        facts = (key, held.layer.name, held.layer.kind)
        if held.layer.kind in SHARED_KINDS:
            continue
        if key not in before or key not in after:
            ids = _ids(held.data)
            added, removed = (ids, _NONE) if key in after else (_NONE, ids)
            found.append(LayerDifference(*facts, added, removed, _NONE, whole=len(ids) == 0))
            continue
        patch = difference(before[key].data, after[key].data)
        if patch is not None and patch.touches_objects:
            found.append(
                LayerDifference(
                    *facts, patch.added_ids, patch.removed, patch.changed_ids, patch.whole
                )
            )
    return tuple(found)


def _ids(data: LayerData) -> Ints:
    return data.ids if isinstance(data, Features) else _NONE


def shown_alone(project: Project, name: str) -> Project:
    """Give a snapshot of a scheme for comparing: marks of answers would tell of other schemes."""
    shown = project_with(project, name)
    for layer in shown.of_kind("answers"):
        layer.visible = False
    return shown


def difference_project(
    project: Project, one: str, other: str, words: Mapping[str, str] | None = None
) -> Project:
    """Give a city that shows how one scheme differs from another in colours.

    Objects that are new are green, those that are gone red and see-through, changed
    ones amber, and all the rest of these layers grey; layers that differ in nothing but
    stand above the ground are grey too.

    Parameters
    ----------
    project : Project
        The project.
    one, other : str
        The scheme to compare with, and the one that is shown.
    words : mapping of str to str or None
        What parts of layers are called in the legend, by ``added``, ``removed``, ``changed``
        and ``unchanged``.
    """
    words = words or {what: what for what in COLOURS}
    before = {layer.id: layer for layer in project_with(project, one).layers}
    shown = shown_alone(project, other)
    found = {item.layer_id: item for item in differences(project, one, other)}
    out = Project(shown.frame, shown.info)
    for layer in shown.layers:
        item = found.pop(layer.id, None)
        for part in _coloured(layer, before.get(layer.id), item, words):
            out.insert_layer(part)
    for item in found.values():  # layers that only the first one has
        out.insert_layer(_part(before[item.layer_id], None, REMOVED, words))
    out.views, out.tours = shown.views, shown.tours
    return out


def _coloured(
    layer: Layer, before: Layer | None, item: LayerDifference | None, words: Mapping[str, str]
) -> list[Layer]:
    """Split a layer into its parts by what happened to them."""
    if item is None:
        if isinstance(layer.data, Buildings):
            return [_part(layer, None, UNCHANGED, words)]
        return [LayerState.of(layer).layer()]
    if not isinstance(layer.data, Features):
        return [LayerState.of(layer).layer()]
    moved = np.concatenate([item.added, item.changed])
    rest = layer.data.ids[~np.isin(layer.data.ids, moved)]
    if not isinstance(layer.data, Buildings):
        parts = [_rest_as_it_is(layer, rest)]
    else:
        parts = [_part(layer, rest, UNCHANGED, words)]
    named = ((ADDED, item.added), (CHANGED, item.changed))
    parts += [_part(layer, ids, what, words) for what, ids in named if len(ids)]
    if len(item.removed) and before is not None:
        parts.append(_part(before, item.removed, REMOVED, words))
    return parts


def some_of(layer: Layer, ids: Ints | None) -> LayerData:
    """Give the content of a layer with some of its objects only; None takes all."""
    data = layer.data
    if ids is None or not isinstance(data, Features):
        return data
    packed = data.pack()
    rows = pick(packed, np.sort(data.index_of(ids)))
    arrays = {**other_arrays(packed), **rows.arrays}
    return kind_of(layer.kind).unpack(replace(packed, arrays=arrays, tables=rows.tables))


def _rest_as_it_is(layer: Layer, ids: Ints) -> Layer:
    return replace(LayerState.of(layer), data=some_of(layer, ids)).layer()


def _part(layer: Layer, ids: Ints | None, what: str, words: Mapping[str, str]) -> Layer:
    rest = what == UNCHANGED
    style = replace(layer.style, colour=COLOURS[what], colouring=None, outline=_edge(what))
    return Layer(
        layer.kind, f"{layer.name} · {words.get(what, what)}", some_of(layer, ids), style=style,
        layer_id=layer.id if rest else f"{layer.id}-{what}", visible=layer.visible,
        opacity=GHOST if what == REMOVED else layer.opacity,
    )  # fmt: skip


def _edge(what: str) -> str | None:
    return {UNCHANGED: "#9a9a96"}.get(what, Style().outline)


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table of differences.

    Attributes
    ----------
    key : str
        What it is, ending with its unit: ``buildings_count``, ``footprint_m2``, ...
    values : tuple of float
        One for each scheme, NaN where it is not known.
    deltas : tuple of float
        Difference to the first scheme.
    best : tuple of int
        Positions of the better ones; empty where that is a matter of taste or all are equal.
    """

    key: str
    values: tuple[float, ...]
    deltas: tuple[float, ...]
    best: tuple[int, ...] = ()


def figures(
    project: Project, names: Sequence[str], extra: Sequence[Mapping[str, float]] = ()
) -> tuple[Figure, ...]:
    """Give the table of differences between schemes.

    Parameters
    ----------
    project : Project
        The project.
    names : sequence of str
        Schemes in order; the first is the one to compare with.
    extra : sequence of mapping
        Further figures for each scheme, such as indicators and counts of failed checks.

    Returns
    -------
    tuple of Figure
    """
    told = []
    area = changed_area(project, names)
    for number, name in enumerate(names):
        shown = project_with(project, name)
        facts = dict.fromkeys(("added_count", "changed_count", "removed_count"), 0.0)
        for item in differences(project, EXISTING, name):
            facts["added_count"] += len(item.added)
            facts["changed_count"] += len(item.changed)
            facts["removed_count"] += len(item.removed)
        facts |= building_figures(shown)
        if area is not None:
            inside = building_figures(shown, area)
            facts |= {f"site_{key}": value for key, value in inside.items()}
        told.append({**facts, **(extra[number] if number < len(extra) else {})})
    keys = list(dict.fromkeys(key for facts in told for key in facts))
    return tuple(_figure(key, [facts.get(key, float("nan")) for facts in told]) for key in keys)


def _figure(key: str, values: list[float]) -> Figure:
    deltas = tuple(value - values[0] for value in values)
    way = BETTER.get(key.rpartition(".")[2], 0)
    best: tuple[int, ...] = ()
    known = [value for value in values if not np.isnan(value)]
    if way and known and max(known) - min(known) > TOLERANCE:
        top = max(known) if way > 0 else min(known)
        best = tuple(i for i, value in enumerate(values) if abs(value - top) <= TOLERANCE)
    return Figure(key, tuple(values), deltas, best)


def changed_area(project: Project, names: Sequence[str]) -> BaseGeometry | None:
    """Give the hull of all buildings that differ from the existing city in any of the schemes."""
    points: list[Floats] = []
    schemes = captured(project)
    for name in names:
        for item in differences(project, EXISTING, name):
            if item.kind != "buildings":
                continue
            for city, ids in (
                (city_of(project, schemes.find(name)), np.r_[item.added, item.changed]),
                (city_of(project, None), item.removed),
            ):
                held = next((h for h in city if h.layer.id == item.layer_id), None)
                if held is not None and isinstance(held.data, Features) and len(ids):
                    shapes = held.data.shapes.take(held.data.index_of(ids))
                    points.append(shapes.coords)
    if not points:
        return None
    return MultiPoint(np.concatenate(points)).convex_hull.buffer(1.0)


def building_figures(project: Project, area: BaseGeometry | None = None) -> dict[str, float]:
    """Count and measure the buildings of a project that stand by themselves.

    Parameters
    ----------
    project : Project
        The project.
    area : BaseGeometry or None
        Only buildings whose middle lies in it count.

    Returns
    -------
    dict of str to float
        ``buildings_count``, ``footprint_m2``, ``volume_m3``, ``highest_m``, ``mean_height_m`` (a
        tower on a podium counts with both: volume over footprint).
    """
    count, footprint, volume, highest = 0, 0.0, 0.0, 0.0
    for layer in project.of_kind("buildings"):
        data = layer.data
        if not isinstance(data, Buildings) or len(data) == 0:
            continue
        areas = data.shapes.areas()
        among = np.ones(len(data), dtype=bool)
        if area is not None:
            middle = data.shapes.centres()
            among = shapely.contains_xy(area, middle[:, 0], middle[:, 1])
        whole, solid = (data.part_of == 0) & among, data.drawn & among
        count += int(whole.sum())
        footprint += float(areas[whole].sum())
        volume += float((areas * (data.height - data.min_height))[solid].sum())
        highest = max(highest, float(data.height[among].max(initial=0.0)))
    return {
        "buildings_count": float(count),
        "footprint_m2": footprint,
        "volume_m3": volume,
        "highest_m": highest,
        "mean_height_m": volume / footprint if footprint else 0.0,
    }

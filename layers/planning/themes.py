"""Themes and phases: which district each object of the city lies in, across all layers."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.kinds.base import Features, Layer
from layers.planning.uses import CLASS_FIELDS, first_field
from layers.project import Project
from layers.shapes import POLYGON, Ints
from layers.style import numbers, texts

#: Themes of districts, and what land uses of each are called; the first that fits counts.
THEMES: tuple[tuple[str, str, str], ...] = (
    ("university", "#d965a6", r"高等院校|大学|高校|universit|college|higher.?educ|campus"),
    ("high-tech", "#5aa6c8", r"高新|科技|科研|研发|新型产业|创新|high.?tech|science|research"),
    ("residential", "#e8c36a", r"居住|住宅|村庄|住宅區|residential|housing|village"),
    ("commercial", "#d8705c", r"商业|商务|商業|金融|服务业|commerc|business|retail|office"),
    ("industrial", "#a58a6a", r"工业|工業|仓储|物流|industr|logistic|warehouse"),
    ("green", "#7fb069", r"绿地|公园|公園|广场|農業|农林|绿化|保護區"
              r"|green|park|square|agricult|fores"),
    ("roads", "#9aa0a6", r"道路|交通|枢纽|步道|停车|停車|铁路|road|transport|street|rail|parking"),
    ("water", "#79aed2", r"水域|河|湖|water|river|lake"),
    ("public", "#8e7cc3", r"行政|文化|教育|中小学|学校|學校|体育|医疗|福利|文物|宗教|供应|设施|機關"
                          r"|school|public|cultur|medic|heritage|welfare|facilit|civic|sport"),
)  # fmt: skip
OTHER, OUTSIDE = "other", "outside"
THEME_KEYS = (*(key for key, _, _ in THEMES), OTHER, OUTSIDE)
THEME_COLOURS = {key: colour for key, colour, _ in THEMES} | {OTHER: "#c9c5ba", OUTSIDE: "#e0ded8"}

#: Phases, and what they are called in files.
PHASES: tuple[tuple[str, str], ...] = (
    ("under-construction", r"在建|施工|建设中|under.?constr|building"),
    ("near", r"近期|一期|近中期|near|phase.?1|short.?term"),
    ("far", r"远期|二期|三期|远景|far|phase.?[23]|long.?term"),
    ("existing", r"现状|已建|建成|既有|保留|exist|built|complete"),
)
PHASE_KEYS = ("existing", "under-construction", "near", "far", "untold")
PHASE_COLOURS = {
    "existing": "#b8b4a8", "under-construction": "#f2a541", "near": "#4e9fd1", "far": "#9c7fc4",
    "untold": "#dddad2",
}  # fmt: skip
PHASE_FIELDS = ("phase", "期次", "分期", "建设状态", "建设时序", "时序", "status", "状态")
YEAR_FIELDS = ("year", "建成年份", "年份", "竣工年份", "start_date")
#: Layers that are not of the city itself.
LEFT_OUT = frozenset({"control-lines", "districts", "measurements", "answers", "drills"})


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """Which group every object of a layer belongs to.

    Attributes
    ----------
    layer : Layer
        The layer.
    group : (n,) int64
        Position in the keys of the grouping.
    """

    layer: Layer
    group: Ints


def theme_of(text: str | None) -> str:
    """Give the theme of a land use.

    >>> theme_of("二类居住用地"), theme_of("Higher education"), theme_of(None)
    ('residential', 'university', 'other')
    """
    for key, _, pattern in THEMES:
        if text and re.search(pattern, text, re.IGNORECASE):
            return key
    return OTHER


def phase_of(text: str | None) -> str:
    """Give the phase that a word means; ``untold`` where none is."""
    for key, pattern in PHASES:
        if text and re.search(pattern, text, re.IGNORECASE):
            return key
    return "untold"


def city_layers(project: Project) -> list[Layer]:
    """Give the layers whose objects belong to themes."""
    return [
        layer
        for layer in project.layers
        if isinstance(layer.data, Features) and layer.kind not in LEFT_OUT and len(layer.data)
    ]


def by_theme(project: Project, districts: Sequence[Layer], class_field: str = "") -> list[Members]:
    """Group objects by the theme of the district their middle lies in; bridges go with streets.

    Parameters
    ----------
    project : Project
        The city.
    districts : sequence of Layer
        Areas with land uses; where they overlap the first counts.
    class_field : str
        Attribute that tells the land use; "" looks for one.
    """
    shapes, themes = _areas(districts, class_field)
    tree = shapely.STRtree(shapes)
    out = []
    for layer in city_layers(project):
        middles: NDArray[np.object_] = np.asarray(
            shapely.points(layer.features.shapes.centres()), dtype=object
        )
        group = np.full(len(middles), THEME_KEYS.index(OUTSIDE), dtype=np.int64)
        if len(shapes):
            point, area = tree.query(middles, predicate="intersects")
            order = np.lexsort((area, point))
            first = np.ones(len(order), dtype=bool)
            first[1:] = point[order][1:] != point[order][:-1]
            group[point[order][first]] = themes[area[order][first]]
        if layer.kind in ("roads", "rail"):  # a bridge belongs to the streets, not to the river
            group[group == THEME_KEYS.index("water")] = THEME_KEYS.index("roads")
        out.append(Members(layer, group))
    return out


def _areas(districts: Sequence[Layer], class_field: str) -> tuple[NDArray[np.object_], Ints]:
    shapes, themes = [], []
    for layer in districts:
        data = layer.features
        rows = np.flatnonzero(data.shapes.kind == POLYGON)
        field = class_field or first_field(data, CLASS_FIELDS)
        words = texts(data.column(field)) if field else np.full(len(data), None, dtype=object)
        known = {word: THEME_KEYS.index(theme_of(word)) for word in set(words.tolist())}
        shapes.append(data.shapes.take(rows).to_shapely())
        themes.append(np.array([known[words[row]] for row in rows], dtype=np.int64))
    if not shapes:
        return np.empty(0, dtype=object), np.empty(0, dtype=np.int64)
    joined = np.concatenate(shapes)
    bad = ~shapely.is_valid(joined)
    joined[bad] = shapely.make_valid(joined[bad])
    return joined, np.concatenate(themes)


def by_phase(project: Project, field: str = "", this_year: int = 0) -> list[Members]:
    """Group objects by the phase that an attribute tells.

    Parameters
    ----------
    project : Project
        The city.
    field : str
        Attribute with words of phases; "" looks for one.
    this_year : int
        Where no phase is told, objects with a year up to this one exist, later ones are near;
        0 leaves years alone.
    """
    out = []
    for layer in city_layers(project):
        data = layer.features
        name = field if field in data.attributes.column_names else first_field(data, PHASE_FIELDS)
        group = np.full(len(data), PHASE_KEYS.index("untold"), dtype=np.int64)
        if name:
            words = texts(data.column(name))
            known = {word: PHASE_KEYS.index(phase_of(word)) for word in set(words.tolist())}
            group = np.array([known[word] for word in words], dtype=np.int64)
        years = first_field(data, YEAR_FIELDS)
        if years and this_year:
            told = numbers(data.column(years))
            blank = group == PHASE_KEYS.index("untold")
            group[blank & (told <= this_year)] = PHASE_KEYS.index("existing")
            group[blank & (told > this_year)] = PHASE_KEYS.index("near")
        out.append(Members(layer, group))
    return out


def shown_ids(
    members: Sequence[Members], keys: Sequence[str], shown: Collection[str]
) -> dict[str, Ints] | None:
    """Give the objects of the groups that are on, by layer; None where all are on."""
    on = np.array([key in shown for key in keys], dtype=bool)
    if on.all():
        return None
    return {one.layer.id: one.layer.features.ids[on[one.group]] for one in members}

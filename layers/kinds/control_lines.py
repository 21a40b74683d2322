"""Control lines: the presets with their classes, and what a layer of lines says of each line.

Purple means a cable to one reader and a protected monument to another, so every layer belongs to
a preset, and legends name it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan
from types import MappingProxyType
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa

from layers.errors import CityError
from layers.kinds.base import Features
from layers.shapes import LINE, Bools, Floats, Ints
from layers.style import Colouring, Entry, Style, numbers, texts

CLASS, WIDTH, SETBACK, NAME = "class", "width_m", "setback_m", "name"
DOCUMENT, ISSUER, STATUS = "document", "issued_by", "line_status"
LOW, TOP, AXIS = "low_m", "top_m", "axis"
STATUSES = ("approved", "draft", "superseded")
#: What a class says of buildings: not inside, not outside, or inside only with a permission.
FORBIDS = ("inside", "outside", "permission")

#: Names of fields that hold the same in files, the best first.
FIELDS: dict[str, tuple[str, ...]] = {
    CLASS: ("class", "类别", "控制线类型", "类型", "Layer", "layer", "图层", "line_class"),
    WIDTH: ("width_m", "宽度", "线宽", "width"),
    SETBACK: ("setback_m", "退让", "退界", "退让距离", "setback"),
    NAME: ("name", "名称", "NAME", "Name"),
    DOCUMENT: ("document", "文号", "文件", "批文", "依据"),
    ISSUER: ("issued_by", "发布单位", "批准机关", "管理部门"),
    STATUS: ("line_status", "status", "状态"),
    LOW: ("low_m", "下限高程", "控制下限"),
    TOP: ("top_m", "上限高程", "控制高度", "限高"),
    AXIS: ("axis", "轴线"),
}  # fmt: skip
NO_CLASS = "none"  # in templates, for values that belong to no class
MOST_ENTRIES = 24  # lines of a legend
_STATUS_WORDS = {
    "approved": r"^(approved|valid|in force|有效|现行|已批|批准|公布|生效)",
    "draft": r"^(draft|proposed|草案|在编|拟|公示|征求)",
    "superseded": r"^(superseded|obsolete|废止|失效|历史)",
}


@dataclass(frozen=True, slots=True)
class LineClass:
    """One class of lines.

    Attributes
    ----------
    key : str
        Stable name; its words are ``line-KEY``.
    colour : str
        ``#rrggbb``.
    pattern : str
        What names of this class look like in files and drawings, a regular expression.
    axis : bool
        Whether a line is the middle of a corridor as wide as ``width_m`` (a cable, a track), not
        the edge of an area (the red line of a street).
    forbids : str
        One of ``FORBIDS``.
    """

    key: str
    colour: str
    pattern: str
    axis: bool = False
    forbids: str = "inside"


@dataclass(frozen=True, slots=True)
class Preset:
    """A set of classes that belong together.

    Attributes
    ----------
    key : str
        Stable name; its words are ``line-preset-KEY``.
    classes : tuple of LineClass
        In the order of the legend.
    """

    key: str
    classes: tuple[LineClass, ...]

    def of(self, key: str) -> LineClass | None:
        """Give a class by its key."""
        return next((one for one in self.classes if one.key == key), None)

    def match(self, text: str | None) -> str:
        """Give the key of the class that a name in a file means, "" for none."""
        if not text:
            return ""
        plain = text.strip()
        if self.of(plain.lower()) is not None:
            return plain.lower()
        for one in self.classes:
            if re.search(one.pattern, plain, re.IGNORECASE):
                return one.key
        return ""


SIX = Preset(
    "six-lines",
    (
        LineClass("communication", "#8e44ad", r"通信|通讯|电信|微波|communic|telecom", axis=True),
        LineClass("road", "#e53935", r"道路|公路|红线|road|street|red.?line"),
        LineClass("rail", "#fb8c00", r"轨道|地铁|铁路|轻轨|橙线|rail|metro|subway", axis=True,
                  forbids="permission"),
        LineClass("river", "#1e88e5", r"河|湖|水系|水域|蓝线|river|lake|water|blue.?line"),
        LineClass("green", "#43a047", r"绿地|绿化|绿线|公园|green|park"),
        LineClass("power", "#212121", r"电力|高压|输电|黑线|power|electric|overhead", axis=True),
    ),
)  # fmt: skip
NATIONAL = Preset(
    "national",
    (
        LineClass("red", "#e53935", r"红线|道路|^red|road"),
        LineClass("green", "#43a047", r"绿线|绿地|^green"),
        LineClass("blue", "#1e88e5", r"蓝线|河|湖|水|^blue"),
        LineClass("purple", "#8e44ad", r"紫线|历史|文物|保护建筑|^purple|heritage|monument",
                  forbids="permission"),
        LineClass("yellow", "#f9a825", r"黄线|基础设施|市政设施|^yellow|infrastructure"),
        LineClass("ecological", "#1b5e20", r"生态保护|生态红|ecolog"),
        LineClass("farmland", "#c0a000", r"基本农田|永久.*农田|farmland"),
        LineClass("urban", "#6d4c41", r"城镇开发边界|开发边界|urban|growth.?bound",
                  forbids="outside"),
    ),
)  # fmt: skip
PRESETS: dict[str, Preset] = {preset.key: preset for preset in (SIX, NATIONAL)}


def preset_of(key: str) -> Preset:
    """Give a preset by its key.

    Raises
    ------
    CityError
        ``lines.preset``.
    """
    if key not in PRESETS:
        names = ", ".join(PRESETS)
        raise CityError(
            "lines.preset", f"There is no preset of control lines '{key}'.",
            hint=f"choose one of: {names}", preset=key, names=names,
        )  # fmt: skip
    return PRESETS[key]


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """What a layer says of its n lines and areas.

    Attributes
    ----------
    preset : Preset
        Which classes.
    classes : (n,) object
        Key of the class of each, "" where nothing fits.
    width, setback : (n,) float64
        Metres, NaN where nothing is said.
    low, top : (n,) float64
        Metres above the ground between which it holds, NaN where nothing is said.
    name, document, issuer, status : (n,) object
        Texts, "" where nothing is said; status is one of ``STATUSES`` or "".
    axis : (n,) bool
        Whether a line is the middle of a corridor.
    """

    preset: Preset
    classes: np.ndarray[tuple[int], np.dtype[np.object_]]
    width: Floats
    setback: Floats
    low: Floats
    top: Floats
    name: np.ndarray[tuple[int], np.dtype[np.object_]]
    document: np.ndarray[tuple[int], np.dtype[np.object_]]
    issuer: np.ndarray[tuple[int], np.dtype[np.object_]]
    status: np.ndarray[tuple[int], np.dtype[np.object_]]
    axis: Bools

    def class_of(self, row: int) -> LineClass | None:
        """Give the class of a line."""
        return self.preset.of(str(self.classes[row]))


def lines_of(features: Features, preset: str = "") -> Lines:
    """Read what a layer says of its lines, whatever its fields are called.

    Parameters
    ----------
    features : Features
        n lines and areas.
    preset : str
        Key of the preset; "" takes the one more names belong to.
    """
    names = features.attributes.column_names
    classes, chosen = _classes(features, names, preset)
    known = [chosen.of(str(key)) for key in classes]
    axis = np.array([one is not None and one.axis for one in known], dtype=bool)
    told = next((f for f in FIELDS[AXIS] if f in names), None)
    if told is not None:
        said = numbers(features.column(told))
        axis = np.where(np.isfinite(said), said > 0, axis)
    status = _texts(features, STATUS, names)
    return Lines(
        chosen, classes,
        _numbers(features, WIDTH, names), _numbers(features, SETBACK, names),
        _numbers(features, LOW, names), _numbers(features, TOP, names),
        _texts(features, NAME, names), _texts(features, DOCUMENT, names),
        _texts(features, ISSUER, names),
        np.array([_status(text) for text in status], dtype=object),
        axis & (features.shapes.kind == LINE),
    )  # fmt: skip


_KNOWN: WeakKeyDictionary[Features, str] = WeakKeyDictionary()


def preset_key(features: Features) -> str:
    """Give the key of the preset that fits a layer best; quick when asked again."""
    if features not in _KNOWN:
        _KNOWN[features] = lines_of(features).preset.key
    return _KNOWN[features]


def _classes(
    features: Features, names: Sequence[str], preset: str
) -> tuple[np.ndarray[tuple[int], np.dtype[np.object_]], Preset]:
    candidates = list(PRESETS.values()) if not preset else [preset_of(preset)]
    best = np.full(len(features), "", dtype=object)
    chosen, most = candidates[0], 0
    for one in candidates:
        for field in (f for f in FIELDS[CLASS] if f in names):
            values = texts(features.column(field))
            known = {value: one.match(value) for value in set(values.tolist())}
            keys = np.array([known[value] for value in values], dtype=object)
            count = int((keys != "").sum())
            if count > most:
                best, chosen, most = keys, one, count
    return best, chosen


def _numbers(features: Features, key: str, names: Sequence[str]) -> Floats:
    field = next((f for f in FIELDS[key] if f in names), None)
    return np.full(len(features), np.nan) if field is None else features.numbers(field)


def _texts(
    features: Features, key: str, names: Sequence[str]
) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    field = next((f for f in FIELDS[key] if f in names), None)
    if field is None:
        return np.full(len(features), "", dtype=object)
    found = texts(features.column(field))
    return np.array(["" if text is None else text for text in found], dtype=object)


def _status(text: str) -> str:
    for key, pattern in _STATUS_WORDS.items():
        if re.match(pattern, text.strip(), re.IGNORECASE):
            return key
    return ""


def check_classes(preset: Preset, mapping: Mapping[str, Mapping[str, object]]) -> None:
    """Make sure that a mapping names classes of a preset only.

    Raises
    ------
    CityError
        ``lines.class``.
    """
    for row in mapping.values():
        key = str(row.get(CLASS, ""))
        if key and key != NO_CLASS and preset.of(key) is None:
            names = ", ".join(one.key for one in preset.classes)
            raise CityError(
                "lines.class", f"'{key}' is no class of the preset '{preset.key}'.",
                hint=f"its classes are: {names}", key=key, preset=preset.key, names=names,
            )  # fmt: skip


def assigned(
    features: Features,
    preset: Preset,
    mapping: Mapping[str, Mapping[str, object]],
    field: str,
    fields: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Features, Ints]:
    """Write class, width, setback, document and status into a layer, by the values of a field.

    Parameters
    ----------
    features : Features
        n lines and areas.
    preset : Preset
        Whose classes.
    mapping : mapping of str to mapping
        For each value of the field (a layer of the drawing): ``class`` and, where they are to be
        set, ``width_m``, ``setback_m``, ``document``, ``issued_by``, ``line_status``, ``top_m``.
        A value that is not there is matched by its name; the class ``none`` is for what belongs
        to no class.
    field : str
        Such as ``Layer``.
    fields : mapping of str to str
        Attributes of the kind and the fields of the layer that hold them; what the mapping sets
        goes before. A field that is not there is passed over.

    Returns
    -------
    (Features, (n,) int64)
        The layer with these columns, and the rows that got no class.

    Raises
    ------
    CityError
        ``features.no_such_field``, ``lines.class`` for a class that the preset does not have.
    """
    check_classes(preset, mapping)
    features.column(field)  # tells which fields there are
    table = features.attributes
    values = texts(table.column(field))
    said = [str(mapping.get(str(value), {}).get(CLASS, "")) for value in values]
    keys = [
        "" if told == NO_CLASS else told or preset.match(value)
        for told, value in zip(said, values, strict=True)
    ]
    table = _with(table, CLASS, pa.array(keys, pa.string()))
    for column in (WIDTH, SETBACK, LOW, TOP, NAME, DOCUMENT, ISSUER, STATUS):
        told = [mapping.get(str(value), {}).get(column) for value in values]
        source = fields.get(column, "") or column
        there = source in table.column_names
        if all(value is None for value in told) and (source == column or not there):
            continue
        metres = column.endswith("_m")
        before: list[Any] = [None] * len(told)
        if there:
            read = numbers(table.column(source)) if metres else texts(table.column(source))
            before = [None if isinstance(v, float) and isnan(v) else v for v in read.tolist()]
        mixed = [b if v is None else v for v, b in zip(told, before, strict=True)]
        kind = pa.float64() if metres else pa.string()
        table = _with(table, column, pa.array(mixed, kind))
    rows = np.flatnonzero(np.array([not key for key in keys], dtype=bool))
    lost = np.flatnonzero(np.isin(features.feature, rows))
    return replace(features, attributes=table), lost


def _with(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    if name in table.column_names:
        return table.set_column(table.column_names.index(name), name, column)
    return table.append_column(name, column)


def recognised(features: Features, style: Style) -> Style:
    """Give a style in the colours of the classes that the names in a file speak for.

    Nothing changes where fewer than half of the lines are recognised; the legend keeps the
    words of the file.

    Parameters
    ----------
    features : Features
        Lines as they were imported.
    style : Style
        The rest of the look.
    """
    told = lines_of(features)
    names = features.attributes.column_names
    if not len(features) or (told.classes != "").mean() < 0.5:
        return style
    for field in (f for f in FIELDS[CLASS] if f in names):
        values = dict.fromkeys(v for v in texts(features.column(field)) if v)
        known = {value: told.preset.of(told.preset.match(value)) for value in values}
        entries = tuple(
            Entry(value, one.colour, value=value) for value, one in known.items() if one is not None
        )
        if entries and len(entries) <= MOST_ENTRIES:
            colouring = Colouring(field, "categories", entries)
            return replace(style, colouring=colouring, line_preset=told.preset.key)
    return style


def preset_style(style: Style, preset: Preset, labels: Mapping[str, str]) -> Style:
    """Give a style that colours lines by their class and belongs to a preset.

    Parameters
    ----------
    style : Style
        The rest of the look.
    preset : Preset
        Whose colours.
    labels : mapping of str to str
        Words for each class in the legend.
    """
    entries = tuple(
        Entry(labels.get(one.key, one.key), one.colour, value=one.key) for one in preset.classes
    )
    colouring = Colouring(CLASS, "categories", entries)
    return replace(style, colouring=colouring, line_preset=preset.key)

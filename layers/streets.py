"""What the fields of a layer of streets or rails say: class, lanes, widths, levels, structures.

Any layer of lines will do. A field counts by its name, in capital or small letters, English or
Chinese; tags of OpenStreetMap are understood. What no field says comes from the class of the
street, and where there is none, from what is usual for a side street.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.kinds.base import Features
from layers.rules import chosen
from layers.shapes import LINE, Bools, Codes, Floats, Ints
from layers.style import Style, numbers, texts


@dataclass(frozen=True, slots=True)
class StreetClass:
    """What streets of a class have in common.

    Attributes
    ----------
    lanes : int
        Lanes of both directions; 0 for what has none (paths, tracks of rails).
    lane : float
        Width of a lane, metres.
    sidewalk : float
        Width of the footway on each side, metres.
    rank : int
        Where two meet, the colour of the higher one counts.
    marked : bool
        Whether lanes are painted on it.
    words : tuple of str
        Values of the class field that mean it.
    """

    lanes: int
    lane: float
    sidewalk: float
    rank: int
    marked: bool
    words: tuple[str, ...]


#: Classes of streets, the most important ones first; the last one is taken where nothing is said.
CLASSES: dict[str, StreetClass] = {
    "motorway": StreetClass(4, 3.75, 0.0, 9, True, (
        "motorway", "freeway", "expressway", "高速", "高速公路", "快速路", "城市快速路")),
    "trunk": StreetClass(4, 3.5, 0.0, 8, True, ("trunk", "national", "国道")),
    "primary": StreetClass(4, 3.5, 3.0, 7, True, (
        "primary", "arterial", "major", "main", "主干路", "主干道", "城市主干路", "省道")),
    "secondary": StreetClass(4, 3.25, 3.0, 6, True, (
        "secondary", "collector", "次干路", "次干道", "城市次干路", "县道")),
    "tertiary": StreetClass(2, 3.5, 2.5, 5, True, ("tertiary", "distributor", "乡道")),
    "link": StreetClass(1, 4.5, 0.0, 4, True, ("link", "ramp", "slip", "匝道", "连接线")),
    "path": StreetClass(0, 2.0, 0.0, 0, False, (
        "footway", "pedestrian", "path", "steps", "corridor", "platform", "bridleway",
        "sidewalk", "footpath", "人行道", "步行街", "步道", "小路")),
    "cycleway": StreetClass(0, 2.5, 0.0, 1, False, ("cycleway", "bicycle", "自行车道", "绿道")),
    "track": StreetClass(1, 2.8, 0.0, 1, False, ("track", "机耕路", "村道")),
    "lane": StreetClass(1, 4.0, 0.0, 2, False, (
        "service", "lane", "alley", "living_street", "driveway", "巷道", "巷路", "内部道路")),
    "local": StreetClass(2, 3.25, 1.8, 3, True, (
        "residential", "local", "unclassified", "road", "minor", "支路", "城市支路", "街坊路")),
}  # fmt: skip
USUAL = "local"
NAMES = tuple(CLASSES)
#: Rails: width of the ballast of one track, metres.
RAIL_WIDTHS = {"tram": 2.6, "light_rail": 3.2, "subway": 3.4, "metro": 3.4, "有轨电车": 2.6}
RAIL_WIDTH, TRACK_GAP = 3.4, 4.2

#: Field names, in small letters, the first that is there counts.
FIELDS: dict[str, tuple[str, ...]] = {
    "class": ("highway", "road_class", "fclass", "class", "railway", "类别", "道路类别",
              "道路等级", "等级", "道路类型", "类型", "type", "kind"),
    "lanes": ("lanes", "lane_count", "num_lanes", "车道数", "车道"),
    "carriageway": ("carriageway_m", "carriageway", "车行道宽度", "车行道宽", "路面宽度", "路面宽"),
    "width": ("width", "road_width", "width_m", "宽度", "路宽", "道路宽度"),
    "red_line": ("red_line", "red_line_m", "row_width", "红线宽度", "红线宽", "道路红线宽度"),
    "oneway": ("oneway", "one_way", "单行", "单向", "单行道"),
    "direction": ("direction", "dir", "travel_dir", "通行方向", "方向"),
    "level": ("level", "layer", "层级", "层次", "层"),
    "bridge": ("bridge", "桥梁", "桥", "是否桥梁"),
    "tunnel": ("tunnel", "隧道", "地道", "是否隧道"),
    "structure": ("structure", "结构", "形式", "structure_zh"),
    "surface": ("surface", "路面", "路面类型", "铺装"),
    "lit": ("lit", "street_lamps", "路灯", "照明"),
    "sidewalk": ("sidewalk", "人行道", "sidewalk_m", "人行道宽度", "人行道宽"),
    "tracks": ("tracks", "轨道数", "股道数"),
    "speed": ("maxspeed", "speed_kmh", "speed_limit", "speed", "限速", "设计速度", "设计车速"),
    "max_width": ("maxwidth", "max_width", "width_limit", "限宽"),
    "max_height": ("maxheight", "max_height", "height_limit", "限高", "净空", "净高"),
    "max_weight": ("maxweight", "max_weight", "weight_limit", "限重", "限载"),
    "access": ("access", "motor_vehicle", "vehicle", "通行"),
}  # fmt: skip
NO = frozenset({"", "no", "0", "false", "none", "f", "n", "否", "无", "without"})
BACKWARDS = frozenset({"-1", "reverse"})
BRIDGE = frozenset({"bridge", "桥", "桥梁", "跨河桥", "跨线桥"})
VIADUCT = frozenset({"viaduct", "elevated", "flyover", "高架", "高架桥"})
RAMP = frozenset({"ramp", "匝道", "引道", "坡道"})
TUNNEL = frozenset({"tunnel", "underpass", "culvert", "隧道", "地道", "下穿", "地下"})
#: What a structure is, in the order of the codes in `Streets.structure`.
STRUCTURES = ("ground", "bridge", "viaduct", "ramp", "tunnel")
GROUND, ON_BRIDGE, ON_VIADUCT, ON_RAMP, IN_TUNNEL = range(5)
NARROWEST, WIDEST = 0.5, 120.0  # metres of a street that are believed
MOST_SIDEWALK = 12.0
USUAL_KERB = 0.15  # metres, where no rule tells


@dataclass(frozen=True, slots=True, eq=False)
class Streets:
    """Lines with what is needed to build streets from them.

    Attributes
    ----------
    row : (n,) int64
        Position of each line among the layer's objects.
    kind : (n,) uint8
        Position in ``NAMES``.
    lanes : (n,) int64
        Lanes of both directions; for rails the tracks.
    width : (n,) float64
        Carriageway (or ballast, or path), metres.
    sidewalk : (n,) float64
        Footway on each side, metres.
    oneway : (n,) int8
        1 along the line, -1 against it, 0 for both ways.
    level : (n,) int64
        0 on the ground, above 0 on bridges, below 0 underground.
    structure : (n,) uint8
        Position in ``STRUCTURES``.
    paved : (n,) bool
        Whether the surface is paved.
    lit : (n,) bool
        Whether lamps stand along it, where lamps are wanted at all.
    """

    row: Ints
    kind: Codes
    lanes: Ints
    width: Floats
    sidewalk: Floats
    oneway: NDArray[np.int8]
    level: Ints
    structure: Codes
    paved: Bools
    lit: Bools

    def __len__(self) -> int:
        return len(self.row)

    @property
    def rank(self) -> Ints:
        """Importance of each, (n,) int64."""
        return np.array([CLASSES[name].rank for name in NAMES], dtype=np.int64)[self.kind]

    @property
    def marked(self) -> Bools:
        """Whether lanes are painted on each, (n,) bool."""
        return np.array([CLASSES[name].marked for name in NAMES])[self.kind] & self.paved

    @property
    def walked(self) -> Bools:
        """Whether each is for feet and bicycles, (n,) bool."""
        return np.isin(self.kind, [NAMES.index("path"), NAMES.index("cycleway")])

    @property
    def on_ground(self) -> Bools:
        """Whether each lies on the ground, (n,) bool."""
        return np.asarray(self.structure == GROUND)

    @property
    def raised(self) -> Bools:
        """Whether each stands on a bridge, a viaduct or a ramp, (n,) bool."""
        return (self.structure >= ON_BRIDGE) & (self.structure <= ON_RAMP)

    @classmethod
    def of(cls, features: Features, style: Style | None = None, *, rails: bool = False) -> Streets:
        """Read the fields of all lines of a layer.

        Parameters
        ----------
        features : Features
            Streets, or rails; what is not a line is left out.
        style : Style or None
            Its ``width_field`` counts as the width of everything, red line to red line where
            another field tells the carriageway; its ``width_m`` where nothing tells a width.
        rails : bool
            Whether they are rails.
        """
        row = np.flatnonzero(features.shapes.kind == LINE)
        said = SaidFields(features, row)
        kind = _kinds(said)
        level, structure = _structures(said)
        tracks = np.maximum(np.nan_to_num(said.numbers("tracks"), nan=1.0), 1.0)
        if rails:
            word = said.words("class")
            one = np.array([RAIL_WIDTHS.get(w, RAIL_WIDTH) for w in word])
            width, sidewalk = one + (tracks - 1.0) * TRACK_GAP, np.zeros(len(row))
            lanes = tracks.astype(np.int64)
        else:
            lanes = _lanes(said, kind)
            width, sidewalk = _widths(said, kind, lanes, style)
        direction = _directions(said)
        unpaved = {"unpaved", "gravel", "dirt", "ground", "earth", "grass", "sand", "土路", "砂石"}
        paved = np.array([w not in unpaved for w in said.words("surface")], dtype=bool)
        paved &= kind != NAMES.index("track")
        lit = np.ones(len(row), dtype=bool)
        if said.has("lit"):
            lit = np.array([w not in NO for w in said.words("lit")], dtype=bool)
        return cls(
            row, kind, lanes, width, sidewalk, direction, level, structure, paved, lit
        )  # fmt: skip


class SaidFields:
    """The fields of some objects by what they mean.

    Parameters
    ----------
    features : Features
        Of these.
    row : (n,) int64
        The objects.
    """

    def __init__(self, features: Features, row: Ints) -> None:
        self._table = features.attributes
        self._at = features.feature[row]
        self._names = {name.lower(): name for name in reversed(self._table.column_names)}
        self._count = len(row)

    def has(self, meaning: str) -> bool:
        """Say whether a field of this meaning is there."""
        return any(word in self._names for word in FIELDS[meaning])

    def named(self, name: str) -> Floats:
        """Give the numbers of a field by its own name, NaN where there are none."""
        if name not in self._table.column_names:
            return np.full(self._count, np.nan)
        return _metres(texts(self._table.column(name)), numbers(self._table.column(name)))[self._at]

    def numbers(self, meaning: str) -> Floats:
        """Give the numbers of a meaning; the first field that has one counts."""
        out = np.full(self._count, np.nan)
        for word in FIELDS[meaning]:
            if word in self._names:
                own = self.named(self._names[word])
                out = np.where(np.isfinite(out), out, own)
        return out

    def words(self, meaning: str) -> NDArray[np.object_]:
        """Give the words of a meaning in small letters, "" where there are none."""
        out = np.full(self._count, "", dtype=object)
        for word in FIELDS[meaning]:
            if word in self._names:
                column = texts(self._table.column(self._names[word]))[self._at]
                own = np.array([(v or "").strip().lower() for v in column], dtype=object)
                out = np.where(out == "", own, out)
        return out


def _directions(said: SaidFields) -> NDArray[np.int8]:
    """Give 1 for streets that are gone along their line only, -1 for against it, 0 for both.

    A field of directions counts where it says nothing but 1, 0 and -1, as road offices write.
    """
    words = said.words("oneway")
    if not said.has("oneway") and said.has("direction"):
        told = said.words("direction")
        if set(told) <= {"", "-1", "0", "1"}:
            words = told
    return np.array([-1 if w in BACKWARDS else 0 if w in NO else 1 for w in words], np.int8)


def _metres(words: NDArray[np.object_], plain: Floats) -> Floats:
    """Read lengths such as ``7``, ``7.5 m``, ``24 ft``, (n,) metres."""
    out = plain.copy()
    for at in np.flatnonzero(~np.isfinite(plain)):
        found = re.match(r"\s*(\d+(?:[.,]\d+)?)\s*(m|米|ft|')?", words[at] or "")
        if found:
            size = float(found[1].replace(",", "."))
            out[at] = size * 0.3048 if found[2] in {"ft", "'"} else size
    return out


def _kinds(said: SaidFields) -> Codes:
    table = {word: NAMES.index(name) for name, row in CLASSES.items() for word in row.words}
    usual = NAMES.index(USUAL)
    out = np.full(said._count, usual, dtype=np.uint8)
    for at, word in enumerate(said.words("class")):
        if word in table:
            out[at] = table[word]
        elif word.endswith("_link"):
            out[at] = NAMES.index("link")
    return out


def _structures(said: SaidFields) -> tuple[Ints, Codes]:
    """Give level and structure of each line."""
    level = np.nan_to_num(said.numbers("level")).clip(-9, 9).round().astype(np.int64)
    bridge, tunnel = said.words("bridge"), said.words("tunnel")
    word = said.words("structure")
    out = np.full(len(level), GROUND, dtype=np.uint8)
    out[level > 0] = ON_VIADUCT
    out[level < 0] = IN_TUNNEL
    on_bridge = np.array([w not in NO for w in bridge], dtype=bool)
    out[on_bridge] = ON_BRIDGE
    out[np.isin(bridge, list(VIADUCT))] = ON_VIADUCT
    out[np.array([w not in NO for w in tunnel], dtype=bool)] = IN_TUNNEL
    for words, code in (
        (BRIDGE, ON_BRIDGE), (VIADUCT, ON_VIADUCT), (RAMP, ON_RAMP), (TUNNEL, IN_TUNNEL),
    ):  # fmt: skip
        out[np.isin(word, list(words))] = code
    level = np.where((out >= ON_BRIDGE) & (out <= ON_RAMP), np.maximum(level, 1), level)
    level = np.where(out == IN_TUNNEL, np.minimum(level, -1), level)
    return level, out


def _lanes(said: SaidFields, kind: Codes) -> Ints:
    usual = np.array([CLASSES[name].lanes for name in NAMES], dtype=np.int64)[kind]
    own = said.numbers("lanes")
    good = np.isfinite(own) & (own >= 1) & (own <= 20) & (usual > 0)
    return np.where(good, np.nan_to_num(own), usual).astype(np.int64)


def _widths(
    said: SaidFields, kind: Codes, lanes: Ints, style: Style | None
) -> tuple[Floats, Floats]:
    """Give carriageway and footways, metres: a field's, else by lanes and class."""
    rows = [CLASSES[name] for name in NAMES]
    lane = np.array([row.lane for row in rows])[kind]
    walk = np.array([row.sidewalk for row in rows])[kind]
    usual = np.where(lanes > 0, np.maximum(lanes, 1) * lane + 0.5 * (lanes > 1), lane)
    told, named = said.numbers("carriageway"), said.numbers("width")
    whole = said.numbers("red_line")
    if style is not None and style.width_field:
        own = said.named(style.width_field)
        whole = np.where(np.isfinite(own) & np.isfinite(told), own, whole)
        named = np.where(np.isfinite(own), own, named)
    whole = np.where(np.isfinite(whole), whole, np.where(np.isfinite(told), named, np.nan))
    width = np.where(np.isfinite(told), told, np.where(np.isfinite(named), named, usual))
    if style is not None and style.width_m > 0 and not np.isfinite(width_said(told, named)).any():
        no_class = not said.has("class") and not said.has("lanes")
        width = np.full(len(width), style.width_m) if no_class else width
    good = np.isfinite(width) & (width >= NARROWEST)
    width = np.clip(np.where(good, width, usual), NARROWEST, WIDEST)
    beside = (whole - width) / 2.0
    walk = np.where(np.isfinite(beside) & (beside >= 0), beside, walk)
    walk = _sidewalks(said, walk)
    return width, np.clip(walk, 0.0, MOST_SIDEWALK)


def width_said(told: Floats, named: Floats) -> Floats:
    """Give the width that any field tells, NaN where none does."""
    return np.where(np.isfinite(told), told, named)


def kerb_height() -> float:
    """Give how far footways lie above carriageways, metres: the rule ``street.kerb``."""
    rule = chosen.rules().find("street.kerb")
    return USUAL_KERB if rule is None else rule.low


def _sidewalks(said: SaidFields, walk: Floats) -> Floats:
    """Let a field of footways say their width, or that there are none."""
    words = said.words("sidewalk")
    metres = said.numbers("sidewalk")
    out = np.where(np.isfinite(metres) & (metres > 0), metres, walk)
    none = np.array([w in NO - {""} or w == "separate" for w in words], dtype=bool)
    out[none] = 0.0
    return out


def class_of(words: Sequence[str]) -> list[str]:
    """Give the names in ``CLASSES`` that values of a class field mean.

    >>> class_of(["主干路", "motorway_link", "something"])
    ['primary', 'link', 'local']
    """
    table = {word: name for name, row in CLASSES.items() for word in row.words}
    return [table.get(w.lower(), "link" if w.lower().endswith("_link") else USUAL) for w in words]

"""Looks of the whole picture: their names, and what facades need to know of buildings."""

from __future__ import annotations

import re

import numpy as np

from layers.errors import CityError
from layers.kinds.buildings import Buildings
from layers.shapes import Codes, Floats
from layers.style import texts

#: By-attribute colours, white model, with windows, at night with lit windows, lines on blue.
LOOKS = ("attributes", "white", "realistic", "night", "blueprint")
USUAL = "attributes"


def checked(name: str) -> str:
    """Give the name of a look; "" stays "" and means that of whatever stands above.

    Raises
    ------
    CityError
        ``look.unknown``.
    """
    if name and name not in LOOKS:
        known = ", ".join(LOOKS)
        raise CityError(
            "look.unknown", f"There is no look '{name}'.", hint=f"the looks are: {known}",
            name=name, known=known,
        )  # fmt: skip
    return name


#: What a building is used for, as far as its facade shows it.
USES = ("unknown", "residential", "office", "commercial", "industrial", "old", "public")
UNKNOWN, RESIDENTIAL, OFFICE, COMMERCIAL, INDUSTRIAL, OLD, PUBLIC = range(7)
#: Fields, in small letters, that tell the use.
USE_FIELDS = (
    "use", "usage", "function", "building", "building:use", "用途", "功能", "使用性质", "性质",
    "建筑用途", "类别", "class", "fclass", "type",
)  # fmt: skip
FLOOR_FIELDS = ("层数", "floors", "levels", "building:levels", "num_floors", "storeys", "地上层数")
#: Parts of words that mean a use; the first use with a fitting one counts.
_WORDS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (OLD, ("courtyard", "heritage", "historic", "temple", "shrine", "church", "chapel",
           "传统", "文物", "古建", "民居", "寺", "庙")),
    (INDUSTRIAL, ("industr", "warehouse", "factory", "storage", "hangar", "garage", "厂", "仓",
                  "工业", "物流", "车库")),
    (OFFICE, ("office", "research", "bank", "tower", "办公", "研发", "写字楼", "商务", "金融")),
    (COMMERCIAL, ("retail", "commerc", "shop", "mall", "supermarket", "restaurant", "商")),
    (PUBLIC, ("school", "educat", "university", "college", "hospital", "medical", "clinic",
              "culture", "museum", "library", "theatre", "station", "public", "civic", "govern",
              "sport", "stadium", "教育", "学", "医", "文化", "体育", "行政", "博物", "图书")),
    (RESIDENTIAL, ("resid", "apartment", "house", "hotel", "dormitor", "detached", "terrace",
                   "bungalow", "住宅", "居住", "公寓", "宿舍", "酒店", "别墅")),
)  # fmt: skip
USUAL_FLOOR = np.array([3.2, 3.0, 3.9, 4.5, 6.0, 3.2, 3.8])
LOWEST_FLOOR, HIGHEST_FLOOR = 2.2, 9.0


def use_of(word: str) -> int:
    """Give the use, a position in ``USES``, that a word means.

    >>> [USES[use_of(w)] for w in ("apartments", "办公", "厂房", "yes")]
    ['residential', 'office', 'industrial', 'unknown']
    """
    small = word.lower()
    for use, words in _WORDS:
        if any(part in small for part in words):
            return use
    return UNKNOWN


def uses(buildings: Buildings) -> Codes:
    """Give the use of each building, (n,) uint8, by the first field that tells one."""
    table = buildings.attributes
    names = {name.lower(): name for name in table.column_names}
    out = np.full(len(buildings), UNKNOWN, dtype=np.uint8)
    for word in USE_FIELDS:
        if word not in names or not (out == UNKNOWN).any():
            continue
        values = texts(table.column(names[word]))
        known = {v: use_of(v) for v in {v for v in values if v}}
        code = np.array([known.get(v, UNKNOWN) for v in values], dtype=np.uint8)
        out = np.where(out == UNKNOWN, code[buildings.feature], out)
    return out


def floor_heights(buildings: Buildings, use: Codes) -> Floats:
    """Give the height of a storey of each building, (n,) metres: by its storeys, else its use."""
    names = {name.lower(): name for name in buildings.attributes.column_names}
    out = USUAL_FLOOR[use].copy()
    for word in FLOOR_FIELDS:
        if word in names:
            count = buildings.numbers(names[word])
            with np.errstate(divide="ignore", invalid="ignore"):
                own = (buildings.height - buildings.min_height) / count
            good = np.isfinite(own) & (own >= LOWEST_FLOOR) & (own <= HIGHEST_FLOOR)
            out = np.where(good, own, out)
            break
    return out


def turns(buildings: Buildings) -> Floats:
    """Give how the longest wall of each building is turned, (n,) radians from east, 0 to pi/2."""
    shapes = buildings.shapes
    if not len(shapes):
        return np.empty(0)
    nxt = np.arange(1, len(shapes.coords) + 1)
    nxt[shapes.ring_start[1:] - 1] = shapes.ring_start[:-1]
    step = shapes.coords[nxt] - shapes.coords
    length = np.hypot(step[:, 0], step[:, 1])
    first = shapes.first_coord[:-1]
    longest = np.maximum.reduceat(length, first)
    of = np.repeat(np.arange(len(shapes)), np.diff(shapes.first_coord))
    at = np.flatnonzero(length >= longest[of])
    which = np.zeros(len(shapes), dtype=np.int64)
    which[of[at[::-1]]] = at[::-1]
    way = step[which]
    return np.asarray(np.mod(np.arctan2(way[:, 1], way[:, 0]), np.pi / 2.0))


def looks_like(text: str) -> str:
    """Give the name of a look that a person may have meant: other names are understood.

    >>> [looks_like(t) for t in ("灰模", "White model", "night", "蓝图")]
    ['white', 'white', 'night', 'blueprint']
    """
    small = re.sub(r"[\s_-]+", "", text.lower())
    return _OTHER_NAMES.get(small, small)


_OTHER_NAMES = {
    "灰模": "white", "白模": "white", "whitemodel": "white", "clay": "white",
    "真实": "realistic", "写实": "realistic", "real": "realistic",
    "夜景": "night", "夜": "night", "蓝图": "blueprint", "线稿": "blueprint",
    "属性": "attributes", "按属性": "attributes", "byattribute": "attributes",
    "usual": "attributes",
}  # fmt: skip

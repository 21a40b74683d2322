"""Finding places in a project: by coordinates as people write them, by name, by any attribute."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from layers.errors import CityError
from layers.frame import reproject
from layers.kinds.base import Extent, Features, Layer
from layers.project import Project
from layers.shapes import Bools

MOST = 400  # rows of a column that are looked at closer
NAMES = ("name", "名称", "名字", "title", "标题", "label", "路名", "楼名", "地名")
ADDRESSES = ("addr", "地址", "门牌", "street", "road")
FAR = 300_000.0  # metres from the project beyond which coordinates are not meant
#: First GBK code of the level-1 characters whose pinyin begins with each letter (GB 2312 sorts
#: its 3,755 common characters by sound).
INITIALS = (
    (0xB0A1, "a"), (0xB0C5, "b"), (0xB2C1, "c"), (0xB4EE, "d"), (0xB6EA, "e"), (0xB7A2, "f"),
    (0xB8C1, "g"), (0xB9FE, "h"), (0xBBF7, "j"), (0xBFA6, "k"), (0xC0AC, "l"), (0xC2E8, "m"),
    (0xC4C3, "n"), (0xC5B6, "o"), (0xC5BE, "p"), (0xC6DA, "q"), (0xC8BB, "r"), (0xC8F6, "s"),
    (0xCBFA, "t"), (0xCDDA, "w"), (0xCEF4, "x"), (0xD1B9, "y"), (0xD4D1, "z"), (0xD7FA, ""),
)  # fmt: skip
_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_ANGLE = re.compile(
    rf"({_NUMBER})\s*[°度]\s*(?:({_NUMBER})\s*[′'’分]\s*)?(?:({_NUMBER})\s*(?:[″\"”秒]|''))?"
)
_SIDES = {"n": (1, 1), "s": (1, -1), "e": (0, 1), "w": (0, -1)}
_CHINESE_SIDES = {"北纬": "n", "南纬": "s", "东经": "e", "西经": "w"}


@dataclass(frozen=True, slots=True)
class Place:
    """Something that was found.

    Attributes
    ----------
    kind : str
        ``"coordinates"``, ``"object"``, ``"view"`` or ``"path"``.
    title : str
        What it is called.
    how : str
        Coordinates: which system was understood (``project``, ``project_swapped``, ``lonlat``,
        ``city_grid``, ``zone``); objects: the field.
    layer_id : str
        Layer of objects.
    object_ids : tuple of int
        All objects of that layer with this value.
    extent : (west, south, east, north) or None
        Metres, project coordinates.
    score : float
        The best is highest.
    """

    kind: str
    title: str
    how: str = ""
    layer_id: str = ""
    object_ids: tuple[int, ...] = ()
    extent: Extent | None = None
    score: float = 0.0


def find_places(project: Project, text: str, limit: int = 20) -> list[Place]:
    """Find what a text may mean, the best first.

    Parameters
    ----------
    project : Project
        Where.
    text : str
        Coordinates (``508000, 3378000``; ``114.09E 30.52N``; ``30°31'15"N 114°5'E``;
        ``东经114.09 北纬30.52``; Chinese grids with X north and zone before Y), or part of a
        name or value, or the first letters of its pinyin.
    limit : int
        How many at most.
    """
    text = " ".join(text.split())
    if not text:
        return []
    found = [*_coordinates(project, text), *_named(project, text)]
    for layer in project.layers:
        if isinstance(layer.data, Features):
            found += _objects(layer, layer.data, text)
    found.sort(key=lambda place: (-place.score, len(place.title), place.title))
    return found[:limit]


# Coordinates ----------------------------------------------------------------------------------


def _coordinates(project: Project, text: str) -> Iterator[Place]:
    if project.frame is None:
        return
    seen: list[tuple[float, float]] = []
    extent = project.extent(visible_only=False)
    for x, y, crs, how in _readings(project, text):
        try:
            east, north = (x, y) if not crs else project.frame.from_any([[x, y]], crs)[0]
        except CityError:
            continue
        if not np.isfinite([east, north]).all():
            continue
        away = _away(extent, float(east), float(north), project.frame.origin)
        if away > FAR or any(np.hypot(east - a, north - b) < 0.5 for a, b in seen):
            continue
        seen.append((float(east), float(north)))
        half = 60.0
        yield Place(
            "coordinates", f"{east:.2f}, {north:.2f}", how,
            extent=(float(east) - half, float(north) - half, float(east) + half,
                    float(north) + half),
            score=200.0 - min(away / 1000.0, 90.0),
        )  # fmt: skip


def _readings(project: Project, text: str) -> Iterator[tuple[float, float, str, str]]:
    """Give the ways a text can be read as coordinates: x, y, system, name of the way."""
    angles = _angles(text)
    if angles is not None:
        yield (*angles, "EPSG:4326", "lonlat")
        return
    plain = re.sub(r"(?i)\b[xy]\s*[=:：]", " ", text)
    if not re.fullmatch(rf"\s*{_NUMBER}(?:\s*[,，;；\s]\s*{_NUMBER}){{1,2}}\s*", plain):
        return
    a, b = (float(number) for number in re.findall(_NUMBER, plain)[:2])
    if abs(a) <= 180 and abs(b) <= 180:
        if abs(b) <= 90:
            yield a, b, "EPSG:4326", "lonlat"
        if abs(a) <= 90:
            yield b, a, "EPSG:4326", "lonlat"
    for north, east in ((a, b), (b, a)):
        zone = _zone(east)
        if zone:
            yield _in_zone(east, north, zone, project)
    yield a, b, "", "project"
    yield b, a, "", "project_swapped"
    if project.frame is not None and project.frame.grid is not None:
        yield a, b, "city-grid", "city_grid"
        yield b, a, "city-grid", "city_grid"


def _angles(text: str) -> tuple[float, float] | None:
    """Read degrees with letters or signs for the side, in either order; gives (lon, lat)."""
    for name, letter in _CHINESE_SIDES.items():
        text = text.replace(name, f" {letter} ")
    low = text.lower()
    found: dict[int, float] = {}
    rest = _ANGLE.sub(lambda m: f" {_degrees(m):.10f} ", low)
    before = re.match(r"\s*[nsew]", rest) is not None
    pattern = rf"([nsew])\s*({_NUMBER})" if before else rf"({_NUMBER})\s*°?\s*([nsew])"
    for pair in re.findall(pattern, rest):
        letter, number = pair if before else pair[::-1]
        axis, sign = _SIDES[letter]
        found[axis] = sign * abs(float(number))
    if set(found) == {0, 1} and abs(found[1]) <= 90 and abs(found[0]) <= 180:
        return found[0], found[1]
    return None


def _degrees(match: re.Match[str]) -> float:
    whole, minutes, seconds = (float(part or 0) for part in match.groups())
    return abs(whole) + minutes / 60 + seconds / 3600


def _zone(east: float) -> int:
    """Give the zone that stands before an easting of eight digits, 0 where there is none."""
    zone = int(east // 1_000_000)
    return zone if 13 <= zone <= 45 and 1e5 < east % 1_000_000 < 9e5 else 0


def _in_zone(east: float, north: float, zone: int, project: Project) -> tuple[float, float, str,
                                                                              str]:  # fmt: skip
    """Read a CGCS2000 coordinate with its zone: 13 to 23 are 6 degrees wide, 25 to 45 three.

    EPSG:4491 to 4501 are the Gauss-Krueger zones of 6 degrees, EPSG:4513 to 4533 those of 3.
    """
    assert project.frame is not None
    code = 4491 + zone - 13 if zone <= 23 else 4513 + zone - 25
    try:
        x, y = reproject([[east, north]], f"EPSG:{code}", project.frame.crs)[0]
    except CityError:
        return np.nan, np.nan, "", "zone"
    return float(x), float(y), "", "zone"


def _away(extent: Extent | None, east: float, north: float, origin: tuple[float, float]) -> float:
    """Give how far a place is from what lies in the project, metres."""
    west, south, right, top = extent or (*origin, *origin)
    return float(
        np.hypot(max(west - east, 0.0, east - right), max(south - north, 0.0, north - top))
    )


# Names and values -----------------------------------------------------------------------------


def _named(project: Project, text: str) -> Iterator[Place]:
    words = [("view", view.name) for view in project.views]
    words += [("path", path.name) for path in project.tours.paths]
    for kind, name in words:
        score = rank(name, text)
        if score:
            yield Place(kind, name, score=score + 5.0)


def _objects(layer: Layer, data: Features, text: str) -> list[Place]:
    table = data.attributes
    merged: dict[tuple[str, str], float] = {}
    rows: dict[tuple[str, str], list[int]] = {}
    for name in table.column_names:
        column = _texts(table.column(name))
        if column is None:
            continue
        for row, value in _matches(column, text):
            score = rank(value, text) + _bonus(name)
            key = (name, value)
            merged[key] = max(score, merged.get(key, 0.0))
            rows.setdefault(key, []).append(row)
    tokens = text.split(" ")
    if not merged and len(tokens) > 1:
        _all_words(table, tokens, merged, rows)
    best = sorted(merged, key=lambda key: -merged[key])[:40]
    return [_place(layer, data, key, merged[key], rows[key]) for key in best]


def _all_words(
    table: pa.Table,
    tokens: list[str],
    merged: dict[tuple[str, str], float],
    rows: dict[tuple[str, str], list[int]],
) -> None:
    """Find rows that have each of several words somewhere."""
    columns = {name: _texts(table.column(name)) for name in table.column_names}
    hit: Bools = np.ones(table.num_rows, dtype=bool)
    for token in tokens:
        some: Bools = np.zeros(table.num_rows, dtype=bool)
        for column in columns.values():
            if column is not None:
                some |= _mask(column, token)
        hit &= some
    for row in np.flatnonzero(hit)[:MOST].tolist():
        values = [
            str(column[row].as_py())
            for column in columns.values()
            if column is not None and column[row].as_py() is not None
            and any(token.lower() in str(column[row].as_py()).lower() for token in tokens)
        ]  # fmt: skip
        key = ("", " · ".join(values))
        merged[key] = 50.0
        rows.setdefault(key, []).append(row)


def _place(
    layer: Layer, data: Features, key: tuple[str, str], score: float, rows: list[int]
) -> Place:
    at = np.flatnonzero(np.isin(data.feature, rows))
    extent: Extent | None = None
    if at.size:
        box = data.shapes.take(at).bounds()
        low, high = box[:, :2].min(axis=0), box[:, 2:].max(axis=0)
        extent = float(low[0]), float(low[1]), float(high[0]), float(high[1])
    ids = tuple(int(i) for i in data.ids[at])
    visible = 0.0 if layer.visible else -3.0
    return Place("object", key[1], key[0], layer.id, ids, extent, score + visible)


def _texts(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Give a column as text; None for those that hold none (numbers count where they are whole)."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = kind.value_type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return column
    return column.cast(pa.string()) if pa.types.is_integer(kind) else None


def _mask(column: pa.ChunkedArray, text: str) -> Bools:
    hit = pc.match_substring(column, text, ignore_case=True)
    return np.asarray(
        pc.fill_null(hit, fill_value=False).to_numpy(zero_copy_only=False), dtype=bool
    )


def _matches(column: pa.ChunkedArray, text: str) -> Iterator[tuple[int, str]]:
    """Give rows and values that hold a text, or whose pinyin begins with it."""
    hit = _mask(column, text)
    if text.isascii() and text.isalpha() and len(text) >= 2:
        hit |= _sounds(column, text.lower())
    for row in np.flatnonzero(hit)[:MOST].tolist():
        yield row, str(column[row].as_py())


def _sounds(column: pa.ChunkedArray, letters: str) -> Bools:
    """Say which values have these letters as the beginnings of their syllables."""
    values = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    coded = values.dictionary_encode()
    table = _initials()
    known = [
        value is not None and not value.isascii() and letters in value.translate(table).lower()
        for value in coded.dictionary.to_pylist()
    ]
    if not any(known):
        return np.zeros(len(values), dtype=bool)
    taken = pc.take(pa.array(known), coded.indices)
    return _flags(taken)


def _flags(values: pa.Array | pa.ChunkedArray) -> Bools:
    known = pc.fill_null(values, fill_value=False)
    return np.asarray(known.to_numpy(zero_copy_only=False), dtype=bool)


@lru_cache(maxsize=1)
def _initials() -> dict[int, str]:
    """Give the first letter of the pinyin of each of the 3,755 characters of GB 2312 level 1."""
    table: dict[int, str] = {}
    for (start, letter), (end, _) in itertools.pairwise(INITIALS):
        for code in range(start, end):
            if code & 0xFF >= 0xA1:
                try:
                    sign = code.to_bytes(2, "big").decode("gb2312")
                except UnicodeDecodeError:
                    continue
                table[ord(sign)] = letter
    return table


def initials(text: str) -> str:
    """Give the first letters of a Chinese text's syllables; other signs stay.

    >>> initials("汉口江滩")
    'hkjt'
    """
    return text.translate(_initials())


def rank(value: str, text: str) -> float:
    """Say how well a value fits a text: 100 the same, 0 not at all.

    >>> rank("江滩公园", "江滩") > rank("汉口江滩公园", "江滩") > rank("公园", "江滩")
    True
    """
    low, asked = value.lower(), text.lower()
    if low == asked:
        return 100.0
    at = low.find(asked)
    if at == 0:
        return 85.0 + 10.0 * len(asked) / len(low)
    if at > 0:
        word = not low[at - 1].isalnum()
        return (70.0 if word else 55.0) + 10.0 * len(asked) / len(low)
    if asked.isascii() and not value.isascii():
        sounds = initials(value).lower()
        if sounds == asked:
            return 65.0
        if asked in sounds:
            return 45.0 + 10.0 * len(asked) / len(sounds)
    return 0.0


def _bonus(field: str) -> float:
    low = field.lower()
    if any(word in low for word in NAMES):
        return 8.0
    return 3.0 if any(word in low for word in ADDRESSES) else 0.0

"""Which columns of a table say where a row lies, and the geometries they give."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from layers.files.raw import Note
from layers.files.text_shapes import holds_shapes, shapes_in

Floats = NDArray[np.float64]

_LONGITUDE = (
    "lon", "lng", "long", "longitude", "经度", "經度", "经度坐标", "lon84", "lng84", "wgs84lng",
    "wgs84lon", "wgslng", "wgslon", "lonwgs84", "lngwgs84", "东经", "gpslng", "gpslon",
    "lnggcj02", "gcj02lng", "gcjlng", "longcj02", "bdlng", "bd09lng", "lngbd09", "decimallongitude",
    "gcj02lon", "gcjlon", "bdlon", "bd09lon", "lonbd09", "länge", "laenge", "längengrad",
    "laengengrad", "geogrlänge", "geogrlaenge", "longitud", "longitudine", "lengtegraad",
    "経度", "경도", "долгота", "dlugosc", "długość", "dlugoscgeogr", "geolon", "geolng",
)  # fmt: skip
_LATITUDE = (
    "lat", "latitude", "纬度", "緯度", "纬度坐标", "lat84", "wgs84lat", "wgslat", "latwgs84",
    "北纬", "gpslat", "latgcj02", "gcj02lat", "gcjlat", "bdlat", "bd09lat", "latbd09",
    "decimallatitude", "breite", "breitengrad", "geogrbreite", "latitud", "latitudine",
    "breedtegraad", "위도", "широта", "szerokosc", "szerokość", "szerokoscgeogr", "geolat",
)  # fmt: skip
_EAST = (
    "x", "xcoord", "coordx", "xcoordinate", "x坐标", "x座標", "坐标x", "座標x", "pointx", "posx",
    "easting", "east", "e", "xx", "centroidx", "centerx", "xcenter", "东坐标", "東坐標", "x2000",
    "横坐标", "橫座標", "y东", "y横", "rechtswert", "ostwert", "este", "coordenadax",
)  # fmt: skip
_NORTH = (
    "y", "ycoord", "coordy", "ycoordinate", "y坐标", "y座標", "坐标y", "座標y", "pointy", "posy",
    "northing", "north", "n", "yy", "centroidy", "centery", "ycenter", "北坐标", "北坐標", "y2000",
    "纵坐标", "縱座標", "x北", "x纵", "hochwert", "nordwert", "norte", "coordenaday",
)  # fmt: skip
_BOTH = ("location", "坐标", "座標", "coordinates", "coordinate", "coord", "lnglat", "lonlat",
         "经纬度", "經緯度", "latlng", "latlon")  # fmt: skip
#: Pairs of words that tell east from north within longer names, degrees and metres.
_DEGREE_WORDS = (("经度", "纬度"), ("經度", "緯度"), ("longitude", "latitude"), ("lng", "lat"),
                 ("lon", "lat"))  # fmt: skip
_METRE_WORDS = (("横坐标", "纵坐标"), ("东坐标", "北坐标"), ("easting", "northing"), ("x", "y"))
_LONE_X = re.compile(r"^x|x$|x(?=坐标|座標|coord)")
_MOSTLY = 0.5  # share of rows that tells whether columns hold degrees
_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3}){2,}(\.\d+)?|-?\d{1,3}(,\d{3})+\.\d+")
_PAIR = re.compile(r"^\s*[\[(]?\s*(-?\d+(?:\.\d+)?)\s*[,;，\s]\s*(-?\d+(?:\.\d+)?)\s*[\])]?\s*$")
_SIDE = r"([NSEW东西南北])(?:经|緯|經|纬)?"
_ANGLE = re.compile(
    rf"""^\s*(?:{_SIDE})?\s*(-?\d+(?:\.\d+)?)\s*(?:[°º˚度:d\s]\s*"""
    r"""(?:(\d+(?:\.\d+)?)\s*(?:['′’‘分:m\s]\s*(?:(\d+(?:\.\d+)?)\s*(?:["″”“秒s]|['′’]{2})?)?)?)?)?"""
    rf"""\s*(?:{_SIDE})?\s*$""",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where the rows of a table lie.

    Attributes
    ----------
    geometry : (n,) object
        Shapely geometries, None where a row says nothing usable.
    crs : str or None
        Coordinate system, where the columns say it.
    kind : str
        ``point`` or ``unknown`` for well-known text.
    columns : tuple of str
        The columns that were used.
    unreadable : (k,) int64
        Rows that say something that cannot be understood.
    notes : tuple of Note
        What was taken for what.
    """

    geometry: NDArray[np.object_]
    crs: str | None
    kind: str
    columns: tuple[str, ...]
    unreadable: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    notes: tuple[Note, ...] = ()


def places(table: pa.Table, *, named: bool = True) -> Places | None:
    """Find the columns of coordinates or of well-known text, and read them.

    Parameters
    ----------
    table : pyarrow.Table
        n rows, numbers or texts.
    named : bool
        Whether the columns have names of their own; without, the first two
        columns of broken numbers are taken for east and north.

    Returns
    -------
    Places or None
        None if no column says where the rows lie.

    Examples
    --------
    >>> found = places(pa.table({"经度": [121.5], "纬度": [31.2]}))
    >>> found.crs, found.geometry.tolist()
    ('EPSG:4326', [<POINT (121.5 31.2)>])
    """
    if not named:
        return _unnamed(table)
    names = {name: _bare(name) for name in table.column_names}
    degrees = _pair(names, _LONGITUDE, _LATITUDE) or _within_names(table, names, _DEGREE_WORDS)
    if degrees:
        return _from_columns(table, *degrees, degrees=True)
    if found := shapes_in(table, names):
        return Places(found.geometry, found.crs, "unknown", (found.name,), found.unreadable)
    metres = _pair(names, _EAST, _NORTH) or _within_names(table, names, _METRE_WORDS)
    if metres:
        return _from_columns(table, *metres, degrees=False)
    both = next((name for name, bare in names.items() if bare in _BOTH), None)
    return _from_both(table, both) if both else None


def names_places(names: Iterable[str], *, pairs_only: bool = False) -> bool:
    """Say whether some of the names are those of columns that say where a row lies.

    >>> names_places(["名称", "经度", "纬度"]), names_places(["2023年学校名录", ""])
    (True, False)
    """
    bare = {name: _bare(name) for name in names if name}
    if _pair(bare, _LONGITUDE, _LATITUDE) or (len(bare) > 2 and _pair(bare, _EAST, _NORTH)):
        return True
    return (
        not pairs_only
        and len(bare) > 1
        and any(name in _BOTH or holds_shapes(name) for name in bare.values())
    )


def _bare(name: str) -> str:
    """Leave of a name what counts: no unit in brackets, no signs, small letters.

    >>> _bare("X坐标 (m)"), _bare("POINT_X")
    ('x坐标', 'pointx')
    """
    without_unit = re.sub(r"[(（\[].*?[)）\]]", "", name)
    return re.sub(r"[\W_]+", "", without_unit).lower()


def _pair(
    names: dict[str, str], east: tuple[str, ...], north: tuple[str, ...]
) -> tuple[str, str] | None:
    first, second = _best(names, east), _best(names, north)
    return (first, second) if first and second else None


def _best(names: dict[str, str], wanted: tuple[str, ...]) -> str:
    fitting = [name for name, bare in names.items() if bare in wanted]
    return min(fitting, key=lambda name: wanted.index(names[name]), default="")


def _within_names(
    table: pa.Table, names: dict[str, str], words: tuple[tuple[str, str], ...]
) -> tuple[str, str] | None:
    """Find two columns of numbers whose names differ in a word for east and north alone.

    Gives nothing where there are several such pairs: nobody knows which one is meant.
    """
    found: dict[tuple[str, str], None] = {}
    for east, north in words:
        for name, bare in names.items():
            wanted = _LONE_X.sub("y", bare, count=1) if east == "x" else bare.replace(east, north)
            other = next((n for n, b in names.items() if b == wanted != bare), "")
            if other and _mostly_numbers(table, name) and _mostly_numbers(table, other):
                found[name, other] = None
    return next(iter(found)) if len(found) == 1 else None


def _mostly_numbers(table: pa.Table, name: str) -> bool:
    values, _ = coordinate_numbers(table.column(name).slice(0, 200))
    return bool(len(values)) and float(np.isfinite(values).mean()) >= _MOSTLY


def _from_columns(table: pa.Table, east: str, north: str, *, degrees: bool) -> Places:
    x, x_bad = coordinate_numbers(table.column(east))
    y, y_bad = coordinate_numbers(table.column(north))
    x, y = x.copy(), y.copy()
    notes: list[Note] = []
    swapped = _are_swapped_degrees(x, y) if degrees else _is_survey_order(x, y)
    if swapped:
        x, y = y, x
        key = "columns_swapped" if degrees else "survey_order"
        notes.append(Note(key, {"east": north, "north": east}))
    crs = "EPSG:4326" if degrees and _fit_degrees(x, y) else None
    if crs:
        notes.append(Note("lonlat_columns", {"longitude": east, "latitude": north}))
        beyond = (np.abs(x) > 361) | (np.abs(y) > 90)
        x[beyond] = np.nan
        x_bad |= beyond
    chinese_shift = [n for n in (east, north) if re.search(r"gcj|bd", n, re.IGNORECASE)]
    if chinese_shift:
        notes.append(Note("shifted_coordinates", {"field": chinese_shift[0]}))
    return Places(
        _points(x, y), crs, "point", (east, north), np.flatnonzero(x_bad | y_bad), tuple(notes)
    )


def _points(x: Floats, y: Floats) -> NDArray[np.object_]:
    good = np.isfinite(x) & np.isfinite(y)
    out = np.full(len(x), None, dtype=object)
    out[good] = shapely.points(x[good], y[good])
    return out


def coordinate_numbers(column: pa.ChunkedArray) -> tuple[Floats, NDArray[np.bool_]]:
    """Read coordinates, also from text: decimal commas, degrees with minutes and seconds.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        n numbers or texts.

    Returns
    -------
    values : (n,) float64
        NaN where there is none.
    unreadable : (n,) bool
        Where something stands that is no coordinate.

    Examples
    --------
    >>> coordinate_numbers(pa.chunked_array([["121.5", "31°30′N", "?", None]]))[0].tolist()
    [121.5, 31.5, nan, nan]
    """
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        values = column.cast(pa.float64()).to_numpy(zero_copy_only=False).astype(np.float64)
        return values, np.zeros(len(values), dtype=bool)
    texts = column.cast(pa.string()).to_pylist()
    values = np.array([_number(text) for text in texts], dtype=np.float64)
    empty = np.array([text is None or not text.strip() for text in texts], dtype=bool)
    return values, np.isnan(values) & ~empty


#: Full-width digits and signs, as Chinese keyboards write them.
_WIDE = {code + 0xFEE0: code for code in (*range(0x30, 0x3A), *map(ord, "+-.,"))}


def _number(text: str | None) -> float:
    if text is None:
        return np.nan
    stripped = text.strip().translate(_WIDE)
    if _THOUSANDS.fullmatch(stripped):
        stripped = stripped.replace(",", "")
    elif re.fullmatch(r"-?\d+,\d+", stripped):
        stripped = stripped.replace(",", ".")
    try:
        return float(stripped)
    except ValueError:
        pass
    match = _ANGLE.match(stripped)
    if not match:
        return np.nan
    before, whole, minutes, seconds, after = match.groups()
    if float(minutes or 0) > 60 or float(seconds or 0) > 60:  # 60 comes from rounding
        return np.nan
    size = abs(float(whole)) + float(minutes or 0) / 60 + float(seconds or 0) / 3600
    side = (before or after or "").upper()
    return -size if whole.startswith("-") or side in {"S", "W", "南", "西"} else size


def _fit_degrees(x: Floats, y: Floats) -> bool:
    """Say whether at least half of the rows that say something can be degrees."""
    known = np.isfinite(x) & np.isfinite(y)
    fits = (np.abs(x[known]) <= 361) & (np.abs(y[known]) <= 90)
    return bool(fits.size == 0 or fits.mean() >= _MOSTLY)


def _are_swapped_degrees(x: Floats, y: Floats) -> bool:
    """Say whether the column called latitude holds the longitudes."""
    return not _fit_degrees(x, y) and _fit_degrees(y, x)


def _is_survey_order(x: Floats, y: Floats) -> bool:
    """Say whether X is north and Y east, as surveyors in China write Gauss-Krueger coordinates.

    Northings between 1.8 and 6 million metres, eastings around 500,000 with or
    without the number of the zone before them (GB/T 17798, CGCS2000 and older systems).
    """
    known = np.isfinite(x) & np.isfinite(y)
    if not known.any():
        return False
    north, east = np.median(x[known]), np.median(y[known])
    without_zone = 1e5 <= east <= 9e5
    with_zone = 1.3e7 <= east <= 4.6e7 and 1e5 <= east % 1e6 <= 9e5
    return bool(1.8e6 <= north <= 6e6 and (without_zone or with_zone))


def _from_both(table: pa.Table, name: str) -> Places | None:
    """Read a column with two numbers in one text, as map services give them."""
    texts = table.column(name).cast(pa.string()).to_pylist()
    matches = [_PAIR.match(text) if text else None for text in texts]
    if not any(matches):
        return None
    pairs = np.array(
        [[float(m.group(1)), float(m.group(2))] if m else [np.nan, np.nan] for m in matches]
    )
    x, y = pairs[:, 0], pairs[:, 1]
    notes: list[Note] = []
    latitude_first = _bare(name).startswith("lat") or not _fit_degrees(x, y)
    if latitude_first and _fit_degrees(y, x):
        x, y = y, x
        notes.append(Note("columns_swapped", {"east": name, "north": name}))
    crs = "EPSG:4326" if _fit_degrees(x, y) else None
    if crs:
        notes.append(Note("lonlat_columns", {"longitude": name, "latitude": name}))
    given = np.array([bool(text and text.strip()) for text in texts], dtype=bool)
    bad = np.flatnonzero(given & np.isnan(x))
    return Places(_points(x, y), crs, "point", (name,), bad, tuple(notes))


def _unnamed(table: pa.Table) -> Places | None:
    """Take the first two columns of broken numbers: number, code, east, north, height."""
    numeric = [
        name
        for name in table.column_names
        if pa.types.is_floating(table.column(name).type) and table.column(name).null_count == 0
    ]
    if len(numeric) < 2:
        return None
    found = _from_columns(table, numeric[0], numeric[1], degrees=False)
    used = Note("no_header", {"east": numeric[0], "north": numeric[1]})
    return Places(found.geometry, None, "point", found.columns, found.unreadable,
                  (used, *found.notes))  # fmt: skip

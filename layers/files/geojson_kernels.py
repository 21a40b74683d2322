"""Compiled loops over GeoJSON text: where features stand, and the coordinates of plain polygons.

Whatever is not the plainest form (a height, a hole in the syntax, a number of more than nineteen
digits) is left to GDAL; what is read here has the very bits that GDAL would give.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from layers.shapes import Floats, Ints

Bytes = NDArray[np.uint8]
QUOTE, BACKSLASH, COMMA, COLON, MINUS, DOT = 0x22, 0x5C, 0x2C, 0x3A, 0x2D, 0x2E
OPEN, CLOSE, BEGIN, END, ZERO, NINE = 0x5B, 0x5D, 0x7B, 0x7D, 0x30, 0x39
OTHER, POLYGON, MULTIPOLYGON = 0, 3, 6
DEPTH, IN_STRING, OPENING, CLOSING = range(4)
GEOMETRY = np.frombuffer(b"geometry", dtype=np.uint8)
TYPE = np.frombuffer(b"type", dtype=np.uint8)
COORDINATES = np.frombuffer(b"coordinates", dtype=np.uint8)
POLYGON_WORD = np.frombuffer(b"Polygon", dtype=np.uint8)
MULTIPOLYGON_WORD = np.frombuffer(b"MultiPolygon", dtype=np.uint8)
BLANK = 32
NULL = np.frombuffer(b"null", dtype=np.uint8)
POWERS = np.array([float(10**k) for k in range(23)])  # all of them exact
EXACT = np.uint64(1 << 53)
LIMIT = np.uint64(1_700_000_000_000_000_000)
SPLITTER = 134217729.0  # 2^27 + 1


@njit(cache=True, nogil=True)
def _is_one_of(sorted_places: Ints, place: int) -> bool:
    k = np.searchsorted(sorted_places, place)
    return bool(k < len(sorted_places) and sorted_places[k] == place)


@njit(cache=True, nogil=True)
def find_objects(  # noqa: PLR0912 - a machine of few states, quick because it stands in one piece

    data: Bytes, first: int, last: int, wanted: int, candidates: Ints, state: Ints, start: Ints,
    end: Ints,
) -> tuple[int, int]:  # fmt: skip
    """Find where the objects of an array start and end in a stretch of JSON text.

    Parameters
    ----------
    data : (b,) uint8
        The text.
    first, last : int
        The stretch; stretches are given one after the other.
    wanted : int
        How deep the array lies.
    candidates : (c,) int64
        Where the array may begin, rising.
    state : (4,) int64
        Depth, whether inside a string (2: behind a backslash), behind which bracket the
        array begins and where it ends; kept from stretch to stretch.
    start, end : int64
        Are given the positions.

    Returns
    -------
    tuple of int
        How many starts and ends there were.
    """
    depth, inside = state[DEPTH], state[IN_STRING]
    starts = ends = 0
    for at in range(first, last):
        sign = data[at]
        if inside:
            if inside == 2:
                inside = 1
            elif sign == BACKSLASH:
                inside = 2
            elif sign == QUOTE:
                inside = 0
            continue
        if sign == QUOTE:
            inside = 1
        elif sign in (BEGIN, OPEN):
            depth += 1
            if state[OPENING] < 0:
                if depth == wanted and _is_one_of(candidates, at):
                    state[OPENING] = at + 1
            elif sign == BEGIN and depth == wanted + 1:
                start[starts] = at
                starts += 1
        elif sign in (END, CLOSE):
            depth -= 1
            if state[OPENING] >= 0 and depth == wanted - 1:
                state[CLOSING] = at
                break
            if state[OPENING] >= 0 and sign == END and depth == wanted:
                end[ends] = at + 1
                ends += 1
    state[DEPTH], state[IN_STRING] = depth, inside
    return starts, ends


@njit(cache=True, nogil=True)
def _blank(data: Bytes, at: int, end: int) -> int:
    while at < end and data[at] in (0x20, 0x0A, 0x0D, 0x09):
        at += 1
    return at


@njit(cache=True, nogil=True)
def _behind_string(data: Bytes, at: int, end: int) -> int:
    """Give the place behind the string that begins at `at`, -1 if it does not end."""
    at += 1
    while at < end:
        if data[at] == BACKSLASH:
            at += 2
        elif data[at] == QUOTE:
            return at + 1
        else:
            at += 1
    return -1


@njit(cache=True, nogil=True)
def _behind_value(data: Bytes, at: int, end: int) -> int:
    """Give the place behind any value, -1 if it does not end."""
    if data[at] == QUOTE:
        return int(_behind_string(data, at, end))
    depth = 0
    while at < end:
        sign = data[at]
        if sign == QUOTE:
            at = _behind_string(data, at, end)
            if at < 0:
                return -1
            continue
        if sign in (BEGIN, OPEN):
            depth += 1
        elif sign in (END, CLOSE):
            if depth == 0:
                return at
            depth -= 1
            if depth == 0:
                return at + 1
        elif sign == COMMA and depth == 0:
            return at
        at += 1
    return -1


@njit(cache=True, nogil=True)
def _is_word(data: Bytes, at: int, behind: int, word: Bytes) -> bool:
    """Say whether the string from `at` to `behind`, quotes included, is a word."""
    if behind - at - 2 != len(word):
        return False
    for k in range(len(word)):  # noqa: SIM110 - compiled: no generator there
        if data[at + 1 + k] != word[k]:
            return False
    return True


@njit(cache=True, nogil=True)
def _member(data: Bytes, at: int, end: int) -> tuple[int, int, int, int]:
    """Give where the next key of an object starts and ends, and its value; -1 where there is none.

    `at` stands behind the brace or the comma.
    """
    at = _blank(data, at, end)
    if at >= end or data[at] != QUOTE:
        return -1, -1, -1, -1
    key = at
    behind = _behind_string(data, at, end)
    if behind < 0:
        return -1, -1, -1, -1
    at = _blank(data, behind, end)
    if at >= end or data[at] != COLON:
        return -1, -1, -1, -1
    value = _blank(data, at + 1, end)
    if value >= end:
        return -1, -1, -1, -1
    return key, behind, value, _behind_value(data, value, end)


@njit(cache=True, nogil=True)
def _geometry_of(data: Bytes, start: int, end: int) -> tuple[int, int]:
    """Give where the value of the one member ``geometry`` of a feature stands, else -1."""
    at = start + 1
    found, behind_found = -1, -1
    while True:
        key, behind, value, over = _member(data, at, end)
        if over < 0:
            return -1, -1
        if _is_word(data, key, behind, GEOMETRY):
            if found >= 0:
                return -1, -1
            found, behind_found = value, over
        at = _blank(data, over, end)
        if at >= end:
            return -1, -1
        if data[at] == END:
            return found, behind_found
        if data[at] != COMMA:
            return -1, -1
        at += 1


@njit(cache=True, nogil=True)
def _divided(digits: np.uint64, power: float) -> float:
    """Give digits over an exact power of ten, rounded right; NaN where that is in doubt."""
    high = float(digits)
    low = float(np.int64(digits - np.uint64(high)))
    first = high / power
    t = SPLITTER * first
    a = t - (t - first)
    b = first - a
    t = SPLITTER * power
    c = t - (t - power)
    d = power - c
    product = first * power
    error = ((a * c - product) + a * d + b * c) + b * d
    rest = ((high - product) - error) + low
    second = rest / power
    total = first + second
    left = second - (total - first)
    _, exponent = math.frexp(total)
    step = math.ldexp(1.0, exponent - 53)
    return float(total) if abs(left) < 0.499999 * step else math.nan


@njit(cache=True, nogil=True)
def _number(data: Bytes, at: int, end: int) -> tuple[float, int]:
    """Read a plain number; gives it and the place behind it, -1 for anything else."""
    negative = at < end and data[at] == MINUS
    at += 1 if negative else 0
    begun = at
    digits = np.uint64(0)
    decimals = 0
    point = -1
    while at < end:
        sign = data[at]
        if ZERO <= sign <= NINE:
            if digits > LIMIT:
                return 0.0, -1
            digits = digits * np.uint64(10) + np.uint64(sign - ZERO)
        elif sign == DOT and point < 0 and at > begun:
            point = at
        else:
            break
        at += 1
    if point >= 0:
        decimals = at - point - 1
    whole = (point if point >= 0 else at) - begun
    if (
        whole == 0
        or (whole > 1 and data[begun] == ZERO)
        or (point >= 0 and decimals == 0)
        or decimals > 22
        or (negative and digits == 0)
        or (at < end and data[at] in (0x65, 0x45))
    ):
        return 0.0, -1
    if digits <= EXACT:
        value = float(digits) / POWERS[decimals]
    elif decimals == 0:
        return 0.0, -1
    else:
        value = _divided(digits, POWERS[decimals])
        if math.isnan(value):
            return 0.0, -1
    return (-value if negative else value), at


@njit(cache=True, nogil=True)
def _place(data: Bytes, at: int, end: int) -> tuple[float, float, int]:
    """Read a place of two numbers; gives them and the place behind it, -1 for anything else."""
    if at >= end or data[at] != OPEN:
        return 0.0, 0.0, -1
    x, at = _number(data, _blank(data, at + 1, end), end)
    if at < 0:
        return 0.0, 0.0, -1
    at = _blank(data, at, end)
    if at >= end or data[at] != COMMA:
        return 0.0, 0.0, -1
    y, at = _number(data, _blank(data, at + 1, end), end)
    if at < 0:
        return 0.0, 0.0, -1
    at = _blank(data, at, end)
    return x, y, (at + 1 if at < end and data[at] == CLOSE else -1)


@njit(cache=True, nogil=True)
def _ring(data: Bytes, at: int, end: int, coords: Floats, used: int) -> tuple[int, int]:
    """Read a closed ring of at least four places; gives the place behind it, and their end."""
    first = used
    more = at < end and data[at] == OPEN
    while more:
        x, y, at = _place(data, _blank(data, at + 1, end), end)
        if at < 0:
            return -1, used
        coords[used, 0], coords[used, 1] = x, y
        used += 1
        at = _blank(data, at, end)
        more = at < end and data[at] == COMMA
    if used - first < 4 or at >= end or data[at] != CLOSE:
        return -1, used
    closed = coords[first, 0] == coords[used - 1, 0] and coords[first, 1] == coords[used - 1, 1]
    return (at + 1 if closed else -1), used


@njit(cache=True, nogil=True)
def _polygon(
    data: Bytes, at: int, end: int, coords: Floats, used: int, sizes: Ints, rings: int
) -> tuple[int, int, int]:
    """Read the rings of a polygon; gives the place behind, and how much is used then."""
    if at >= end or data[at] != OPEN:
        return -1, used, rings
    at += 1
    while True:
        at = _blank(data, at, end)
        before = used
        at, used = _ring(data, at, end, coords, used)
        if at < 0:
            return -1, used, rings
        sizes[rings] = used - before
        rings += 1
        at = _blank(data, at, end)
        if at >= end:
            return -1, used, rings
        if data[at] == COMMA:
            at += 1
        elif data[at] == CLOSE:
            return at + 1, used, rings
        else:
            return -1, used, rings


@njit(cache=True, nogil=True)
def _shape_members(data: Bytes, start: int, end: int) -> tuple[int, int]:
    """Give the type of a plain geometry object and where its coordinates start, else 0, -1."""
    kind, coordinates = OTHER, -1
    at = start + 1
    while True:
        key, behind, value, over = _member(data, at, end)
        if over < 0:
            return OTHER, -1
        if _is_word(data, key, behind, TYPE) and kind == OTHER and data[value] == QUOTE:
            if _is_word(data, value, over, POLYGON_WORD):
                kind = POLYGON
            elif _is_word(data, value, over, MULTIPOLYGON_WORD):
                kind = MULTIPOLYGON
            else:
                return OTHER, -1
        elif _is_word(data, key, behind, COORDINATES) and coordinates < 0:
            coordinates = value
        else:
            return OTHER, -1
        at = _blank(data, over, end)
        if at >= end or data[at] not in (COMMA, END):
            return OTHER, -1
        if data[at] == END:
            return kind, coordinates
        at += 1


@njit(cache=True, nogil=True)
def read_polygons(
    data: Bytes, start: Ints, end: Ints, types: NDArray[np.int8], per: Ints, place: Ints,
    coords: Floats, sizes: Ints,
) -> tuple[int, int]:  # fmt: skip
    """Read the plain polygons of some features.

    Parameters
    ----------
    data : (b,) uint8
        The text.
    start, end : (n,) int64
        Where each feature stands.
    types : (n,) int8
        Is given ``POLYGON``, ``MULTIPOLYGON`` (of one part) or ``OTHER`` for what is left out.
    per : (n,) int64
        Is given the number of rings.
    place : (n, 2) int64
        Is given where the geometry of those that were read stands.
    coords : (m, 2) float64
        Is given the coordinates; a quarter of the bytes is always enough.
    sizes : (r,) int64
        Is given the coordinates of each ring.

    Returns
    -------
    tuple of int
        How many coordinates and rings there are.
    """
    used = rings = 0
    for i in range(len(start)):
        types[i] = OTHER
        per[i] = 0
        value, over = _geometry_of(data, start[i], end[i])
        if value < 0 or data[value] != BEGIN:
            continue
        kind, at = _shape_members(data, value, over)
        if kind == OTHER or at < 0:
            continue
        used_then, rings_then = used, rings
        if kind == MULTIPOLYGON:
            if data[at] != OPEN:
                continue
            at = _blank(data, at + 1, over)
        at, used_then, rings_then = _polygon(data, at, over, coords, used_then, sizes, rings_then)
        if at >= 0 and kind == MULTIPOLYGON:
            at = _blank(data, at, over)
            at = at + 1 if at < over and data[at] == CLOSE else -1
        if at < 0:
            continue
        types[i] = kind
        per[i] = rings_then - rings
        place[i, 0], place[i, 1] = value, over
        used, rings = used_then, rings_then
    return used, rings


@njit(cache=True, nogil=True)
def without_geometry(
    data: Bytes, start: Ints, end: Ints, types: NDArray[np.int8], place: Ints, out: Bytes,
    commas: Ints,
) -> int:  # fmt: skip
    """Write the features one after the other, ``null`` for the geometries that were read.

    Line breaks become blanks; `commas` are the places of the commas between the features.
    """
    at = 0
    for i in range(len(start)):
        if i:
            commas[i - 1] = at
            out[at] = COMMA
            at += 1
        if types[i] == OTHER:
            for k in range(start[i], end[i]):
                out[at] = BLANK if data[k] in (10, 13) else data[k]
                at += 1
            continue
        for k in range(start[i], place[i, 0]):
            out[at] = BLANK if data[k] in (10, 13) else data[k]
            at += 1
        for k in range(4):
            out[at] = NULL[k]
            at += 1
        for k in range(place[i, 1], end[i]):
            out[at] = BLANK if data[k] in (10, 13) else data[k]
            at += 1
    return at


def warm_up() -> None:
    """Compile every loop now, so that the first import does not wait."""
    text = b'{"a":[{"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}]}'
    data = np.frombuffer(text, dtype=np.uint8)
    state = np.array([0, 0, -1, -1])
    start, end = np.zeros((2, 4), dtype=np.int64)
    find_objects(data, 0, len(data), 2, np.array([5]), state, start, end)
    types, per = np.zeros(1, dtype=np.int8), np.zeros(1, dtype=np.int64)
    place = np.zeros((1, 2), dtype=np.int64)
    coords, sizes = np.empty((40, 2)), np.empty(40, dtype=np.int64)
    read_polygons(data, start[:1], end[:1], types, per, place, coords, sizes)
    out = np.empty(200, dtype=np.uint8)
    without_geometry(data, start[:1], end[:1], types, place, out, np.zeros(1, dtype=np.int64))

"""Numbers as people write them into tables: "12.13 m", "约30米", "12,5", 40' 6", "十二层"."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from layers.shapes import Floats
from layers.style import numbers, texts

FOOT = 0.3048  # m, international foot
Unit = Literal["m", "ft", "cm", "mm"]
#: Metres in one of each unit.
METRES: dict[Unit, float] = {"m": 1.0, "ft": FOOT, "cm": 0.01, "mm": 0.001}
_NUMBER = r"[-+]?(?:\d{1,3}(?:[, ']\d{3})+(?!\d)|\d+)?(?:[.,]\d+)?(?:[eE][-+]?\d+)?"
_FEET = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(?:'(?!\d{3})|′|ft\b|feet\b|foot\b|英尺)\s*(\d+(?:[.,]\d+)?)?"
)
_FIRST = re.compile(rf"(?=[-+.,]?\d)(?<![\w.]){_NUMBER}|(?=\d){_NUMBER}")
_UNIT = r"\s*(?:[fF米层層楼樓]|[mM](?![a-zA-Z]))?\s*"
_RANGE = re.compile(
    rf"(\d+(?:\.\d+)?){_UNIT}(?:-|~|–|—|至|;|/|到)\s*(\d+(?:\.\d+)?)(?!{_UNIT}[bB下])"
)
_ABOVE = re.compile(r"地上\s*(\d+|[零〇一二两三四五六七八九十百]+)")
_BELOW = re.compile(r"^(?:地下|负|負|[bB](?=\d+[fFmM层層]?$))")
_CHINESE = re.compile(r"[零〇一二两三四五六七八九十百壹贰叁肆伍陆柒捌玖拾]+")
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6}
_DIGITS |= {"七": 7, "八": 8, "九": 9, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6}
_DIGITS |= {"柒": 7, "捌": 8, "玖": 9}


def number_in(text: str, unit: Unit = "m") -> float:
    """Find the number in a text; lengths come out in metres.

    Feet marked as such (``40'``, ``12 ft``) are converted; of a range or a list
    the largest counts; of ``地上6层地下2层`` the floors above ground. What lies below
    ground alone (``B1``, ``地下2层``) gives no number.

    Parameters
    ----------
    text : str
        What stands in the table.
    unit : str
        Unit of numbers that carry none.

    Returns
    -------
    float
        NaN where there is no number.

    Examples
    --------
    >>> [number_in(t) for t in ("12.13 m", "12,5", "约30米", "3-5", "十二层", "-9999")]
    [12.13, 12.5, 30.0, 5.0, 12.0, -9999.0]
    >>> round(number_in("40' 6"), 3), number_in("tall")
    (12.344, nan)
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        return float("nan")
    if feet := _FEET.search(text):
        inches = _plain(feet[2]) if feet[2] else 0.0
        return (_plain(feet[1]) + inches / 12.0) * FOOT
    return _bare_number(text) * METRES[unit]


def _bare_number(text: str) -> float:
    if above := _ABOVE.search(text):
        return float(above[1]) if above[1].isdecimal() else _from_chinese(above[1])
    if _BELOW.search(text):
        return float("nan")
    if span := _RANGE.search(text):
        return max(float(span[1]), float(span[2]))
    if first := _FIRST.search(text):
        return _plain(first[0])
    if words := _CHINESE.search(text):
        return _from_chinese(words[0])
    return float("nan")


def _plain(text: str) -> float:
    """Read digits with a decimal point or comma, or commas between thousands."""
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", text) and not text.startswith(("0", "-0")):
        return float(text.replace(",", ""))
    return float(re.sub(r"[ ']", "", text).replace(",", "."))


def _from_chinese(word: str) -> float:
    """Read a Chinese number below one thousand.

    >>> [_from_chinese(w) for w in ("六", "十二", "二十", "三十四", "一百零八")]
    [6.0, 12.0, 20.0, 34.0, 108.0]
    """
    total, digit = 0, -1
    for sign in word:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        else:
            total += (1 if digit < 0 else digit) * (10 if sign in "十拾" else 100)
            digit = -1
    return float(total + max(digit, 0))


def quantities(column: pa.Array | pa.ChunkedArray, unit: Unit = "m") -> Floats:
    """Give a column as numbers, whatever its type; lengths in metres.

    Parameters
    ----------
    column : pyarrow array
        Numbers or texts.
    unit : str
        Unit of numbers that carry none.

    Returns
    -------
    (n,) ndarray of float64
        NaN where there is no number.
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return numbers(column) * METRES[unit]
    each = column.unique()
    values = np.array([np.nan if t is None else number_in(t, unit) for t in texts(each)])
    if len(values) == 0:
        return np.full(len(column), np.nan)
    place = pc.index_in(column, value_set=_whole(each), skip_nulls=True)
    at = pc.fill_null(place, -1).to_numpy(zero_copy_only=False)
    return np.where(at < 0, np.nan, values[at])


def _whole(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values

"""What the cells of pipe surveys mean: sizes, roles of points, ways of laying, statuses, years."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

import numpy as np
import pyarrow as pa

from layers.files.quantities import number_in
from layers.kinds.pipes import ABANDONED, BANK, BOX, EXISTING, PLANNED, ROLES, ROUND
from layers.shapes import Codes, Floats
from layers.style import texts

Value = TypeVar("Value")

_SIZE = re.compile(
    r"(?P<sign>dn|de|φ|ф|ø|⌀|d|ф)?\s*(?P<first>\d+(?:\.\d+)?)\s*(?P<unit1>mm|cm|m|in|\")?"
    r"(?:\s*[x×*✕╳]\s*(?P<second>\d+(?:\.\d+)?)\s*(?P<unit2>mm|cm|m|in|\")?)?",
    re.IGNORECASE,
)
METRES = {"mm": 0.001, "cm": 0.01, "m": 1.0, "in": 0.0254, '"': 0.0254, "ft": 0.3048}
#: Words of files and the role they stand for; the first that is found in the text wins.
ROLE_WORDS: tuple[tuple[str, str], ...] = (
    ("gully", r"雨[水]?[篦箅蓖]|进水口|收水|gully|inlet|catch.?basin|雨水口"),
    ("hydrant", r"消防栓|消火栓|消防井|hydrant"),
    ("valve", r"阀|闸|valve"),
    ("meter", r"水表|表井|流量计|计量|meter"),
    ("pump-station", r"泵站|泵房|提升|pump|lift.?station"),
    ("transformer", r"变压|变电|箱变|transformer|substation"),
    ("cabinet", r"配电箱|交接箱|控制柜|开关柜|接线箱|分线箱|电信箱|信号箱|机箱|箱|柜|cabinet|box"),
    ("reservoir", r"水源|取水|reservoir"),
    ("tank", r"水塔|水池|蓄水|储罐|tank|storage"),
    ("outfall", r"出水口|排放口|排水口|出口|outfall"),
    ("customer", r"用户|入户|进户|接户|customer|service"),
    ("manhole", r"检查井|检修井|窨井|人孔|手孔|探井|暗井|沉泥|跌水|manhole|handhole|窖井|化粪"),
    ("well", r"水井|水源井|深井|well"),
    ("tee", r"三通|四通|五通|多通|三分支|四分支|五分支|分支|tee|cross|junction"),
    ("bend", r"弯头|转折|拐点|折点|变坡|变材|变径|变深|bend|elbow|转角"),
    ("end", r"预留|管末|末端|终点|起点|起止|堵头|管帽|测区边|非普查|出测区|出地|入地|上杆"),
    ("end", r"end|cap|plug"),
    ("manhole", r"井"),
)  # fmt: skip
STATUS_WORDS = (
    (ABANDONED, r"废弃|报废|停用|弃用|abandon|retired|disused|removed|out.?of.?(service|use)"),
    (PLANNED, r"规划|设计|拟建|待建|计划|plan|propos|design|future"),
    (EXISTING, r""),
)
FORM_WORDS = (
    (BANK, r"管块|排管|管组|bank|duct.?bank"),
    (BOX, r"方|矩形|箱涵|方沟|管沟|沟道|渠|隧道|管廊|rect|box|culvert|channel"),
    (ROUND, r""),
)


def cleaned(text: object) -> str:
    """Give a cell as text: full-width signs made plain, blanks at the ends taken off."""
    return "" if text is None else unicodedata.normalize("NFKC", str(text)).strip()


def column_texts(column: pa.Array | pa.ChunkedArray) -> list[str]:
    """Give a column as cleaned texts, "" where there is nothing; whole numbers without a dot.

    Numbers keep all their digits: a northing to the millimetre has ten.

    >>> column_texts(pa.array([3380328.797, 300.0, None]))
    ['3380328.797', '300', '']
    """
    if pa.types.is_floating(column.type):
        return ["" if v is None or math.isnan(v) else f"{v:.15g}" for v in column.to_pylist()]
    return [cleaned(value) for value in texts(column)]


def each(values: list[str], meaning: Callable[[str], Value]) -> list[Value]:
    """Give the meaning of every text, worked out once for each different one."""
    known = {value: meaning(value) for value in dict.fromkeys(values)}
    return [known[value] for value in values]


def size_in(text: str, unit: str = "mm") -> tuple[float, float]:
    """Read a size: one number is a diameter, two are those of a box as they stand.

    Returns
    -------
    (float, float)
        Metres; the second is NaN for a diameter, both are where there is no number.

    Examples
    --------
    >>> size_in("DN300"), size_in("0.4x0.3m"), size_in("12", "in")
    ((0.3, nan), (0.4, 0.3), (0.3048, nan))
    """
    found = _SIZE.search(text)
    if found is None:
        return float("nan"), float("nan")
    first, second = float(found["first"]), found["second"]
    told = (found["unit2"] or found["unit1"] or "").lower()
    if not told and found["sign"]:
        told = "mm"
    factor = METRES[told or unit]
    second_value = float("nan") if second is None else round(float(second) * factor, 6)
    return round(first * factor, 6), second_value


def sizes(values: list[str], unit: str | None = None) -> tuple[Floats, Floats, str]:
    """Read a column of sizes.

    Parameters
    ----------
    values : list of n str
        Cells.
    unit : str or None
        Unit of numbers without one; None: metres where no number reaches 10, else millimetres.

    Returns
    -------
    (n,) float64, (n,) float64, str
        First and second number, metres, and the unit that was used.
    """
    if unit is None:
        plain = np.array(each(values, number_in))
        told = any(re.search(r"mm|cm|dn|φ|ø", value, re.IGNORECASE) for value in values)
        largest = np.nanmax(plain, initial=0.0)
        unit = "m" if not told and 0 < largest < 10.0 else "mm"
    read = np.array(each(values, lambda text: size_in(text, unit)), dtype=np.float64).reshape(-1, 2)
    return read[:, 0], read[:, 1], unit


def metres(values: list[str], unit: str = "m") -> Floats:
    """Read a column of lengths, depths or levels, metres; NaN where there is none."""
    factor = METRES[unit]

    def one(text: str) -> float:
        return number_in(text) * factor if text else float("nan")

    return np.array(each(values, one), dtype=np.float64)


@lru_cache(maxsize=4096)
def role_of(*words: str) -> str | None:
    """Say what a point is by its fixture or feature; None where no word tells.

    >>> role_of("", "三通点"), role_of("消防栓", "直线点"), role_of("直线点")
    ('tee', 'hydrant', None)
    """
    for word in words:
        text = word.casefold()
        if text in ROLES and text != "run":
            return text
        for role, pattern in ROLE_WORDS:
            if text and re.search(pattern, text):
                return role
    return None


def word_codes(values: list[str], table: tuple[tuple[int, str], ...]) -> Codes:
    """Give the code of the first pattern that each text holds."""

    def one(text: str) -> int:
        lower = text.casefold()
        return next(code for code, pattern in table if re.search(pattern, lower))

    return np.array(each(values, one), dtype=np.uint8)


def years(values: list[str]) -> pa.Array:
    """Read years out of dates and texts: the first four digits that may be one.

    >>> years(["1998-05", "2011年3月", "n/a", ""]).to_pylist()
    [1998, 2011, None, None]
    """

    def one(text: str) -> int | None:
        found = re.search(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d{5})", text)
        return int(found[1]) if found else None

    return pa.array(each(values, one), pa.int64())


def dates(values: list[str]) -> pa.Array:
    """Read dates as ISO texts, as exact as they are; other texts stay.

    >>> dates(["2011年3月5日", "1998/7", "19990102", "old"]).to_pylist()
    ['2011-03-05', '1998-07', '1999-01-02', 'old']
    """

    def one(text: str) -> str | None:
        joined = re.fullmatch(r"(1[89]\d\d|20\d\d)(\d\d)(\d\d)", text)
        found = joined or re.match(r"(1[89]\d\d|20\d\d)(?:\D+(\d{1,2}))?(?:\D+(\d{1,2}))?", text)
        if not found:
            return text or None
        parts = [f"{int(part):02d}" for part in found.groups() if part]
        return "-".join(parts)

    return pa.array(each(values, one), pa.string())

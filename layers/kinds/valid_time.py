"""From when to when a resource is in service: dates as files and people write them.

A day lasts from its midnight to the next one, a month and a year as long as they are; a time of
day is that moment. What names no zone is the clock of the city; what names one (``+08:00``, ``Z``,
seconds or milliseconds since 1970) is carried to it. Midnight UTC is how programs write a day.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from layers.shapes import Bools, Floats, Ints

Texts = NDArray[np.object_]
DAY = 86_400.0
SHORT = 0.001  # seconds by which a day ends before the next one
YEARS = range(1900, 2300)  # others are no years of service
EXCEL = (20_000, 80_000)  # days since 1899-12-30: 1954 to 2119
#: What stands for no limit at all.
OPEN = re.compile(
    r"[-—–/?]+|none|null|nil|n/?a|nan|nat|0|open(.ended)?|unlimited|permanent(ly)?|forever|never"
    r"|indefinite(ly)?|no (end|expiry|limit)|until further notice|now|present"
    r"|无|无限期?|长期(有效)?|永久(有效)?|不限|至今|无固定期限|始终有效",
)
EPOCH = datetime(1970, 1, 1)
ENDLESS = 9999  # the year that programs write for no end
NOON, MINUTES = 12, 60
NO_SHIFT = ("z", "utc", "gmt", "+00:00", "+0000", "+00")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WIDE = str.maketrans("０１２３４５６７８９：／－．，\u3000", "0123456789:/-., ")
_NUMERALS = "〇一二三四五六七八九"
_MONTH = r"(?P<word>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
#: Dates at the head of a text, the most telling first; what follows is a time of day.
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<y>\d{4})(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)",
        r"(?P<y>\d{4})(?P<m>[01]\d)(?P<d>[0-3]\d)(?=\d{4}(\d\d)?$)",
        r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})(?!\d)\s*[日号]?",
        r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})(?!\d)\s*月?",
        r"(?P<y>\d{4})(?P<m>[01]\d)(?!\d)",
        r"(?P<y>\d{4})(?!\d)\s*年?[底末内]?",
        r"(?P<one>\d{1,2})(?P<sign>[-/.])(?P<two>\d{1,2})[-/.](?P<y>\d{4})(?!\d)",
        rf"(?P<d>\d{{1,2}})(st|nd|rd|th)?[\s-]*{_MONTH}[\s,-]*(?P<y>\d{{4}})(?!\d)",
        rf"{_MONTH}\s*(?P<d>\d{{1,2}})(st|nd|rd|th)?[\s,]+(?P<y>\d{{4}})(?!\d)",
        rf"{_MONTH}[\s,-]*(?P<y>\d{{4}})(?!\d)",
    )
)
_CLOCK = re.compile(
    r"[t\s,]*(?P<half>上午|早上|中午|下午|晚上)?\s*(?P<h>\d{1,2})\s*[:时点]\s*"
    r"((?P<m>\d{1,2})\s*([:分]\s*((?P<s>\d{1,2})(\.\d+)?\s*秒?)?)?)?"
    r"\s*(?P<after>[ap]\.?m\.?)?\s*(?P<zone>z|utc|gmt|[+-]\d{2}(:?\d{2})?)?"
)
_PACKED = re.compile(r"(?P<h>\d{2})(?P<m>\d{2})(?P<s>\d{2})?")
_BETWEEN = re.compile(r"\s*(?:至|到|~|～|—+|–|-|\bto\b|\buntil\b|\bthrough\b)\s*")


@dataclass(frozen=True, slots=True)
class Span:
    """The time that a word names.

    Attributes
    ----------
    begin, end : float
        Seconds since 1970-01-01 00:00, infinite for no limit; the same where it is a moment.
    zoned : bool
        Whether they count in UTC; else on the clock of the city.
    """

    begin: float
    end: float
    zoned: bool = False


ALWAYS = Span(-math.inf, math.inf)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment that is asked about.

    Attributes
    ----------
    clock : float
        Seconds since 1970-01-01 00:00 on the clock of the city.
    offset : float
        Seconds that this clock is ahead of UTC.
    """

    clock: float
    offset: float = 0.0

    @classmethod
    def of(cls, when: datetime) -> Moment:
        """Give a moment; without a zone it is that of the clock, and UTC is taken for the same."""
        ahead = when.utcoffset()
        clock = when.replace(tzinfo=UTC).timestamp()
        return cls(clock, ahead.total_seconds() if ahead is not None else 0.0)

    def later(self, seconds: float) -> Moment:
        """Give the moment so many seconds later."""
        return Moment(self.clock + seconds, self.offset)

    @property
    def text(self) -> str:
        """Day and minute, such as ``2026-06-21 10:00``."""
        told = EPOCH + timedelta(seconds=round(self.clock))
        return told.isoformat(sep=" ", timespec="minutes")


@dataclass(frozen=True, slots=True, eq=False)
class Valid:
    """From when to when each of n things is in service.

    Attributes
    ----------
    begin, end : (n,) float64
        Seconds since 1970, infinite where there is no limit.
    begin_zoned, end_zoned : (n,) bool
        Whether these count in UTC; else on the clock of the city.
    unread : (n,) bool
        Whether a date is told that nobody can read; it limits nothing.
    """

    begin: Floats
    end: Floats
    begin_zoned: Bools
    end_zoned: Bools
    unread: Bools

    @classmethod
    def of(cls, begins: Sequence[object] | Texts, ends: Sequence[object] | Texts) -> Valid:
        """Read what two columns say, (n,) texts each, "" or None for nothing.

        A period in one of them (``2024-01-01 至 2026-12-31``) says both, where the other is empty.
        """
        different: dict[tuple[object, object], int] = {}
        which = np.array(
            [different.setdefault(pair, len(different)) for pair in zip(begins, ends, strict=True)],
            dtype=np.int64,
        )
        firsts = read_column(one for one, _ in different)
        lasts = read_column(other for _, other in different)
        rows: list[tuple[Span, Span, bool]] = []
        for one, other in different:
            left, right = firsts.get(_plain(one), NOTHING), lasts.get(_plain(other), NOTHING)
            first = left.span or left.first or right.first or ALWAYS
            last = right.span or right.last or left.last or ALWAYS
            rows.append((first, last, left.odd or right.odd))
        return cls(
            np.array([row[0].begin for row in rows], dtype=np.float64),
            np.array([row[1].end for row in rows], dtype=np.float64),
            np.array([row[0].zoned for row in rows], dtype=bool),
            np.array([row[1].zoned for row in rows], dtype=bool),
            np.array([row[2] for row in rows], dtype=bool),
        ).take(which)

    @classmethod
    def always(cls, count: int) -> Valid:
        """Give no limits for so many things."""
        never = np.zeros(count, dtype=bool)
        return cls(np.full(count, -math.inf), np.full(count, math.inf), never, never, never)

    def take(self, chosen: Bools | Ints) -> Valid:
        """Give those that are chosen, (n,) bool, or at positions, (k,) int64."""
        return Valid(
            self.begin[chosen], self.end[chosen], self.begin_zoned[chosen],
            self.end_zoned[chosen], self.unread[chosen],
        )  # fmt: skip

    @property
    def limited(self) -> Bools:
        """Whether each has a limit at all, (n,)."""
        return np.isfinite(self.begin) | np.isfinite(self.end)

    def on_clock(self, offset: float) -> tuple[Floats, Floats]:
        """Give begin and end on the clock of a city so many seconds ahead of UTC, (n,) each."""
        begin = self.begin + np.where(self.begin_zoned, offset, 0.0)
        end = self.end + np.where(self.end_zoned, offset, 0.0)
        midnight = self.end_zoned & np.isfinite(end)
        midnight[midnight] &= np.mod(end[midnight], DAY) == 0.0
        return begin, end + np.where(midnight, DAY - SHORT, 0.0)

    def holds(self, moment: Moment) -> Bools:
        """Say which are in service at a moment, (n,)."""
        begin, end = self.on_clock(moment.offset)
        return np.asarray((begin <= moment.clock) & (moment.clock <= end))

    def words(self, row: int, offset: float = 0.0) -> tuple[str, str]:
        """Give begin and end of one as day, or day and minute; "" where there is no limit."""
        begin, end = self.on_clock(offset)
        return clock_text(float(begin[row])), clock_text(float(end[row]), end=True)


@dataclass(frozen=True, slots=True)
class Told:
    """What a word of a column says: a time, a period from the first to the last, or nothing."""

    span: Span | None = None
    first: Span | None = None
    last: Span | None = None
    odd: bool = False


NOTHING = Told()


def read_column(words: Iterable[object]) -> dict[str, Told]:
    """Read every different word of a column.

    Days before months (``03/04/2026``) are told by the other words of the column.
    """
    different = dict.fromkeys(_plain(word) for word in words)
    different.pop("", None)
    day_first = _day_first(different)
    out: dict[str, Told] = {}
    for word in different:
        span = read_time(word, day_first)
        period = read_period(word, day_first) if span is None else None
        first, last = period or (None, None)
        out[word] = Told(span, first, last, span is None and period is None)
    return out


def read_period(word: str, day_first: bool | None = None) -> tuple[Span, Span] | None:
    """Read a period between two dates; None where it is none.

    >>> period = read_period("2024.1.1-2026.12.31")
    >>> [clock_text(period[0].begin), clock_text(period[1].end, end=True)]
    ['2024-01-01', '2026-12-31']
    """
    text = _plain(word)
    for sign in _BETWEEN.finditer(text):
        first = read_time(text[: sign.start()].removeprefix("自").removeprefix("从"), day_first)
        last = read_time(text[sign.end() :].removesuffix("止"), day_first)
        if first is not None and last is not None:
            return first, last
    return None


def read_time(word: object, day_first: bool | None = None) -> Span | None:
    """Read a date, a date with a time, or a word for no limit; None for anything else.

    Parameters
    ----------
    word : object
        A text, a date or a number of a file.
    day_first : bool or None
        What ``03/04/2026`` begins with; None: nobody knows.

    Examples
    --------
    >>> [clock_text(read_time(word).begin) for word in ("2026年6月30日", "30 June 2026", 46203)]
    ['2026-06-30', '2026-06-30', '2026-06-30']
    >>> read_time("03/04/2026") is None, read_time("长期") == ALWAYS
    (True, True)
    """
    text = _plain(word)
    if not text or OPEN.fullmatch(text):
        return ALWAYS if text else None
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        number = _of_number(text)
        if number is not None:
            return number
    text = _numbered(text)
    for pattern in _DATES:
        found = pattern.match(text)
        if found is None:
            continue
        days = _days(found, day_first)
        if days is not None and (span := _with_clock(days, text[found.end() :])) is not None:
            return span
    return None


def clock_text(seconds: float, *, end: bool = False) -> str:
    """Give seconds on the clock as a day, or day and minute; "" for no limit.

    Parameters
    ----------
    seconds : float
        Since 1970.
    end : bool
        Whether something ends then: the last moment of a day is that day.
    """
    if not math.isfinite(seconds):
        return ""
    told = EPOCH + timedelta(seconds=round(seconds + SHORT) if end else seconds)
    if end and told.time() == datetime.min.time() and seconds % 1.0 > 0.5:
        return (told - timedelta(days=1)).date().isoformat()
    if not end and told.time() == datetime.min.time():
        return told.date().isoformat()
    return told.isoformat(sep=" ", timespec="minutes")


def _plain(word: object) -> str:
    if word is None:
        return ""
    if isinstance(word, datetime | date):
        return word.isoformat()
    return str(word).translate(_WIDE).strip().lower()


def _of_number(text: str) -> Span | None:
    """Read days of Excel, and seconds or milliseconds since 1970."""
    number = float(text)
    if EXCEL[0] <= number <= EXCEL[1]:
        seconds = (number - 25_569.0) * DAY  # 25569 is the first of January 1970
        return _span(round(seconds), zoned=False)
    digits = len(text.partition(".")[0])
    if digits == 13 or (digits == 12 and number > 3e11):
        number /= 1000.0
    elif digits != 10:
        return None
    return _span(number, zoned=number % DAY != 0.0) if 0.0 < number < 7.3e9 else None


def _span(seconds: float, *, zoned: bool) -> Span:
    """Give a whole day for midnight on the clock, else a moment."""
    if not zoned and seconds % DAY == 0.0:
        return Span(seconds, seconds + DAY - SHORT)
    return Span(seconds, seconds, zoned)


def _numbered(text: str) -> str:
    """Write Chinese numerals and years of the Republic as numbers."""
    text = re.sub(r"[〇零○一二三四五六七八九十]+(?=\s*[年月日号])", lambda m: _numeral(m[0]), text)
    return re.sub(r"(?:民国|民國)\s*(\d{1,3})", lambda m: str(1911 + int(m[1])), text)


def _numeral(word: str) -> str:
    plain = word.replace("零", "〇").replace("○", "〇")
    if "十" not in plain:
        return "".join(str(_NUMERALS.index(sign)) for sign in plain)
    tens, _, ones = plain.partition("十")
    return str((_NUMERALS.find(tens) if tens else 1) * 10 + (_NUMERALS.find(ones) if ones else 0))


def _days(found: re.Match[str], day_first: bool | None) -> tuple[date, date] | None:
    """Give the first day that is named and the first one after; None for what is no date."""
    said = found.groupdict()
    year = int(said["y"])
    month = MONTHS.index(said["word"]) + 1 if said.get("word") else int(said.get("m") or 0)
    day = int(said.get("d") or 0)
    if said.get("one"):
        one, two = int(said["one"]), int(said["two"])
        first = _which_first(one, two, said["sign"])
        first = day_first if first is None else first
        if first is None:
            return None
        day, month = (one, two) if first else (two, one)
    if year == ENDLESS:
        return date.max, date.max
    return _period(year, month, day) if year in YEARS else None


def _period(year: int, month: int, day: int) -> tuple[date, date] | None:
    """Give a year, a month of it or a day; 0 for none."""
    try:
        begin = date(year, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return begin, begin + timedelta(days=1)
    if month:
        return begin, date(year + month // 12, month % 12 + 1, 1)
    return begin, date(year + 1, 1, 1)


def _which_first(one: int, two: int, sign: str) -> bool | None:
    """Say whether the day comes first in two numbers; None where nobody knows."""
    if sign == "." or one == two or one > 12:
        return True
    return False if two > 12 else None


def _day_first(words: Iterable[str]) -> bool | None:
    """Say whether the words of a column begin with the day; None where they do not tell."""
    told = set()
    for word in words:
        found = re.match(r"(\d{1,2})([-/])(\d{1,2})[-/]\d{4}", word)
        if found is not None and found[1] != found[3]:
            told.add(_which_first(int(found[1]), int(found[3]), found[2]))
    told.discard(None)
    return told.pop() if len(told) == 1 else None


def _with_clock(days: tuple[date, date], rest: str) -> Span | None:
    """Give the days, or the moment where a time of day follows; None for other words."""
    if days[0] == date.max:
        return ALWAYS
    begin, after = (_seconds(day) for day in days)
    rest = re.sub(r"^\s*[(（]?(星期|周)[一二三四五六日天][)）]?", "", rest).strip(" ,起止前")
    if not rest:
        return Span(begin, after - SHORT)
    found = _CLOCK.fullmatch(rest) or _PACKED.fullmatch(rest)
    seconds = None if found is None else _time_of_day(found)
    if found is None or seconds is None or after - begin != DAY:
        return None
    zone = found.groupdict().get("zone")
    if zone is None or (seconds == 0.0 and zone in NO_SHIFT):
        at = after - SHORT if seconds == DAY else begin + seconds
        return _span(at, zoned=False)
    at = begin + seconds - _ahead(zone)
    return Span(at, at, zoned=True)


def _time_of_day(found: re.Match[str]) -> float | None:
    """Give seconds since midnight, None for what is no time."""
    said = found.groupdict()
    hour, minute, second = (int(said.get(key) or 0) for key in ("h", "m", "s"))
    half, after = said.get("half") or "", (said.get("after") or "")[:1]
    if (after == "p" or half in ("下午", "晚上")) and hour < NOON:
        hour += NOON
    elif after == "a" and hour == NOON:
        hour = 0
    seconds = hour * 3600.0 + minute * 60.0 + second
    return seconds if minute < MINUTES and second <= MINUTES and seconds <= DAY else None


def _ahead(zone: str) -> float:
    """Give the seconds that a zone is ahead of UTC."""
    found = re.match(r"([+-])(\d\d):?(\d\d)?", zone)
    if found is None:
        return 0.0
    seconds = int(found[2]) * 3600.0 + int(found[3] or 0) * 60.0
    return -seconds if found[1] == "-" else seconds


def _seconds(day: date) -> float:
    return (day - date(1970, 1, 1)).days * DAY

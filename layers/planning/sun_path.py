"""The sun's places over a day by true solar time, as sunlight is counted by."""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass

import numpy as np

from layers.daylight import utc_offset_of
from layers.errors import CityError
from layers.shapes import Floats

#: Days that standards name, and when they are: month and day.
NAMED_DAYS: dict[str, tuple[int, int]] = {
    "great-cold": (1, 20),
    "winter-solstice": (12, 22),
    "spring-equinox": (3, 20),
    "summer-solstice": (6, 21),
}
_WORDS = {
    "dahan": "great-cold", "大寒": "great-cold", "大寒日": "great-cold",
    "dongzhi": "winter-solstice", "冬至": "winter-solstice", "冬至日": "winter-solstice",
    "chunfen": "spring-equinox", "春分": "spring-equinox",
    "xiazhi": "summer-solstice", "夏至": "summer-solstice",
}  # fmt: skip
REFERENCE_YEAR = 2001  # of named days without a rule that says another


@dataclass(frozen=True, slots=True)
class Day:
    """A day that sunlight is counted on.

    Attributes
    ----------
    date : datetime.date
        Which.
    name : str
        Key of ``NAMED_DAYS``, "" for none.
    """

    date: datetime.date
    name: str = ""


def read_day(text: str, year: int = REFERENCE_YEAR) -> Day:
    """Understand ``2026-01-20``, ``dahan``, ``冬至`` or a key of ``NAMED_DAYS``.

    Parameters
    ----------
    text : str
        The day. A date that falls on a named day takes its name.
    year : int
        Of the days that come without one.

    Raises
    ------
    CityError
        ``sunlight.day``.

    Examples
    --------
    >>> read_day("dahan").date.isoformat(), read_day("2026-12-22").name
    ('2001-01-20', 'winter-solstice')
    """
    word = text.strip().lower()
    word = _WORDS.get(word, word)
    if word in NAMED_DAYS:
        return Day(datetime.date(year, *NAMED_DAYS[word]), word)
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", word):
            raise ValueError(word)
        date = datetime.date.fromisoformat(word)
    except ValueError as error:
        raise CityError(
            "sunlight.day",
            f"'{text[:40]}' is not a day.",
            hint="write a date such as 2026-01-20, or dahan (20 January), dongzhi (22 December)",
            day=text[:40],
        ) from error
    named = {place: name for name, place in NAMED_DAYS.items()}
    return Day(date, named.get((date.month, date.day), ""))


@dataclass(frozen=True, slots=True, eq=False)
class SunPath:
    """Where the sun stands, minute by minute, over a band of true solar time.

    Attributes
    ----------
    hours : (n,) float64
        True solar time of each step, hours; a step stands for the `step` minutes around it.
    step : float
        Minutes.
    ways : (n, 3) float64
        Unit vectors towards the sun: grid east, grid north, up. Without refraction.
    elevation : (n,) float64
        Radians above the horizon, negative at night.
    clock : (n,) float64
        The place's clock at each step, hours.
    """

    hours: Floats
    step: float
    ways: Floats
    elevation: Floats
    clock: Floats

    def __len__(self) -> int:
        return len(self.hours)


def sun_path(
    longitude: float,
    latitude: float,
    day: datetime.date,
    band: tuple[float, float],
    *,
    step: float = 1.0,
    turn: float = 0.0,
    utc_offset: float | None = None,
) -> SunPath:
    """Follow the sun through a band of true solar time.

    Parameters
    ----------
    longitude, latitude : float
        The place, degrees.
    day : datetime.date
        The day by true solar time.
    band : (float, float)
        Begin and end, hours of true solar time.
    step : float
        Minutes; each is looked at in its middle.
    turn : float
        Grid convergence, radians: true north to grid north, clockwise.
    utc_offset : float or None
        Hours the place's clocks are ahead of UTC; None proposes them.

    Raises
    ------
    CityError
        ``sunlight.band`` if it is no stretch of a day, ``sunlight.no_sun`` if the sun does not
        rise in it.

    References
    ----------
    .. [1] I. Reda, A. Andreas, "Solar position algorithm for solar radiation applications",
       Solar Energy 76(5), 577-589, 2004; declination and equation of time as pvlib computes them.
    """
    begin, end = band
    if not (0.0 <= begin < end <= 24.0 and 0.0 < step <= 60.0):
        raise CityError(
            "sunlight.band",
            f"From {begin:g} to {end:g} o'clock in steps of {step:g} minutes is no part of a day.",
            hint="write two hours of true solar time, such as 8-16, and a step of 1 minute",
            begin=begin,
            end=end,
        )
    count = max(round((end - begin) * 60.0 / step), 1)
    hours = begin + (np.arange(count) + 0.5) * (end - begin) / count
    declination, ahead = _almanac(day, hours - longitude / 15.0)
    phi, omega = math.radians(latitude), np.radians(15.0 * (hours - 12.0))
    up = math.sin(phi) * np.sin(declination) + math.cos(phi) * np.cos(declination) * np.cos(omega)
    north = math.cos(phi) * np.sin(declination) - math.sin(phi) * np.cos(declination) * np.cos(
        omega
    )
    east = -np.cos(declination) * np.sin(omega)
    if not (up > 0.0).any():
        raise CityError(
            "sunlight.no_sun",
            f"On {day.isoformat()} the sun does not rise there between {begin:g} and {end:g} "
            "o'clock true solar time.",
            hint="choose another day, or other hours",
            day=day.isoformat(),
            begin=begin,
            end=end,
        )
    c, s = math.cos(turn), math.sin(turn)
    ways = np.column_stack([c * east - s * north, s * east + c * north, up])
    offset = utc_offset_of(longitude, latitude) if utc_offset is None else utc_offset
    clock = hours - longitude / 15.0 - ahead + offset
    return SunPath(hours, step, ways, np.arcsin(np.clip(up, -1.0, 1.0)), clock)


def _almanac(day: datetime.date, utc_hours: Floats) -> tuple[Floats, Floats]:
    """Give declination, radians, and equation of time, hours, at mean hours of a day."""
    import pandas as pd
    from pvlib import spa

    midnight = pd.Timestamp(day, tz="UTC").timestamp()
    ahead = np.zeros(len(utc_hours))
    declination = ahead
    for _ in range(2):  # the equation of time moves by seconds in a day: the second round is exact
        hours = utc_hours - ahead
        turned, ascension, declined = spa.solar_position_numpy(
            midnight + hours * 3600.0, 0.0, 0.0, 0.0, 0.0, 0.0,
            spa.calculate_deltat(day.year, day.month), 0.0, 1, sst=True,
        )  # fmt: skip
        angle = turned - ascension - 15.0 * (hours - 12.0)
        ahead = (np.mod(angle + 180.0, 360.0) - 180.0) / 15.0
        declination = np.radians(declined)
    return declination, ahead

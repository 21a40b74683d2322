"""Where the sun stands over a place at a local moment."""

from __future__ import annotations

import importlib
import math
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from layers.errors import CityError

CHINA = (73.5, 17.5, 135.1, 53.6)  # west, south, east, north, degrees: one time, UTC+8


def read_moment(moment: str) -> datetime:
    """Understand an ISO 8601 moment, with or without an offset from UTC.

    Raises
    ------
    CityError
        ``daylight.moment`` if it is not such a text.
    """
    try:
        return datetime.fromisoformat(moment.strip())
    except ValueError as error:
        raise CityError(
            "daylight.moment",
            f"'{moment[:40]}' is not a moment.",
            hint="write date and local time, such as 2026-06-21T10:00",
            moment=moment[:40],
        ) from error


def utc_offset_of(longitude: float, latitude: float) -> float:
    """Propose the hours that a place's clocks are ahead of UTC.

    China keeps UTC+8 everywhere; elsewhere it is the whole hour nearest to solar time, without
    summer time. A moment that names its own offset needs no such guess.

    Examples
    --------
    >>> utc_offset_of(114.3, 30.6), utc_offset_of(87.6, 43.8), utc_offset_of(-71.1, 42.4)
    (8.0, 8.0, -5.0)
    """
    west, south, east, north = CHINA
    if west <= longitude <= east and south <= latitude <= north:
        return 8.0
    return float(round(longitude / 15.0))


def instant(
    longitude: float, latitude: float, moment: str, utc_offset: float | None = None
) -> datetime:
    """Give a local moment with its offset from UTC.

    Parameters
    ----------
    longitude, latitude : float
        The place, degrees.
    moment : str
        ISO 8601; an offset in it counts more than the others.
    utc_offset : float or None
        Hours ahead of UTC; None takes `utc_offset_of`.
    """
    when = read_moment(moment)
    if when.tzinfo is not None:
        return when
    hours = utc_offset_of(longitude, latitude) if utc_offset is None else utc_offset
    return when.replace(tzinfo=timezone(timedelta(hours=hours)))


def sun_position(
    longitude: float, latitude: float, moment: str, utc_offset: float | None = None
) -> tuple[float, float]:
    """Give where the sun stands.

    Parameters
    ----------
    longitude, latitude : float
        The place, degrees.
    moment : str
        ISO 8601 local time, ``2026-06-21T10:00``; may end with an offset such as ``+08:00``.
    utc_offset : float or None
        Hours ahead of UTC where the moment does not say; None takes `utc_offset_of`.

    Returns
    -------
    azimuth, elevation : float
        Radians clockwise from true north; radians above the horizon, with refraction.

    Raises
    ------
    CityError
        ``daylight.moment`` if the moment is not one.

    References
    ----------
    .. [1] I. Reda, A. Andreas, "Solar position algorithm for solar radiation applications",
       Solar Energy 76(5), 577-589, 2004; as computed by pvlib.

    Examples
    --------
    >>> azimuth, elevation = sun_position(114.0, 30.0, "2026-06-21T12:24")
    >>> round(math.degrees(elevation))
    83
    """
    when = instant(longitude, latitude, moment, utc_offset).astimezone(UTC)
    return _sun(round(longitude, 4), round(latitude, 4), when)


def get_ready() -> None:
    """Load what computing the sun's place needs: a quarter of a second, better not in a window."""
    importlib.import_module("pvlib.solarposition")


@lru_cache(maxsize=256)
def _sun(longitude: float, latitude: float, when: datetime) -> tuple[float, float]:
    import pandas as pd
    from pvlib import solarposition

    place = solarposition.get_solarposition(
        pd.DatetimeIndex([when]), latitude, longitude, method="nrel_numpy"
    )
    azimuth = float(place["azimuth"].iloc[0])
    elevation = float(place["apparent_elevation"].iloc[0])
    return math.radians(azimuth), math.radians(elevation)

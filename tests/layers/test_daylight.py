"""The sun stands where almanacs say, at the local time of the place."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.daylight import instant, read_moment, sun_position, utc_offset_of
from layers.errors import CityError


def degrees(place: tuple[float, float], moment: str) -> tuple[float, float]:
    azimuth, elevation = sun_position(*place, moment)
    return math.degrees(azimuth), math.degrees(elevation)


WUHAN, BOSTON, SYDNEY = (114.3, 30.6), (-71.1, 42.4), (151.2, -33.9)


def test_at_noon_in_june_the_sun_of_wuhan_stands_high_in_the_south() -> None:
    azimuth, elevation = degrees(WUHAN, "2026-06-21T12:24")
    assert elevation == pytest.approx(90 - 30.6 + 23.44, abs=0.2)
    assert azimuth == pytest.approx(180, abs=4)


def test_on_the_shortest_day_the_noon_sun_of_wuhan_stands_at_36_degrees() -> None:
    # the height that Chinese rules of daylight between houses are reckoned with
    _, elevation = degrees(WUHAN, "2026-12-22T12:21")
    assert elevation == pytest.approx(90 - 30.6 - 23.44, abs=0.2)


def test_in_the_southern_half_the_noon_sun_stands_in_the_north() -> None:
    azimuth, _ = degrees(SYDNEY, "2026-06-21T11:57")
    assert min(azimuth, 360 - azimuth) < 3


def test_in_the_morning_the_sun_stands_in_the_east_and_at_midnight_below() -> None:
    assert 60 < degrees(BOSTON, "2026-06-21T07:00")[0] < 110
    assert degrees(BOSTON, "2026-06-21T00:00")[1] < -20


def test_all_of_china_keeps_one_time() -> None:
    assert utc_offset_of(87.6, 43.8) == utc_offset_of(121.5, 31.2) == 8.0
    # in Urumqi the sun is highest two hours after the clocks of Beijing strike twelve
    elevations = [degrees((87.6, 43.8), f"2026-06-21T{hour}:00")[1] for hour in (12, 14, 16)]
    assert elevations[1] == max(elevations)


def test_a_moment_that_names_its_offset_needs_no_guess() -> None:
    told = sun_position(*WUHAN, "2026-06-21T04:24+00:00")
    assert told == pytest.approx(sun_position(*WUHAN, "2026-06-21T12:24"), abs=1e-9)
    assert instant(*WUHAN, "2026-06-21T12:24", -3.0).utcoffset() is not None
    assert sun_position(*WUHAN, "2026-06-21T01:24", -3.0) == pytest.approx(told, abs=1e-9)


@pytest.mark.parametrize("text", ["", "noon", "2026-13-01T10:00", "21.06.2026 10:00"])
def test_what_is_not_a_moment_is_told(text: str) -> None:
    with pytest.raises(CityError) as caught:
        read_moment(text)
    assert caught.value.code == "daylight.moment"
    assert caught.value.hint


@settings(max_examples=20, deadline=None)
@given(st.floats(-180, 180), st.floats(-89, 89), st.integers(0, 23), st.integers(1, 12))
def test_everywhere_and_always_the_sun_is_somewhere(
    longitude: float, latitude: float, hour: int, month: int
) -> None:
    azimuth, elevation = sun_position(longitude, latitude, f"2026-{month:02}-15T{hour:02}:30")
    assert 0 <= azimuth <= 2 * math.pi
    highest = math.radians(90 - abs(latitude) + 23.6)
    assert -math.pi / 2 <= elevation <= min(highest, math.pi / 2) + math.radians(0.7)

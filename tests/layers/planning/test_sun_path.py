"""The sun's places by true solar time."""

from __future__ import annotations

import math

import numpy as np
import pytest

from layers.daylight import sun_position
from layers.errors import CityError
from layers.planning.sun_path import read_day, sun_path


def test_at_noon_the_sun_stands_in_the_south_as_high_as_its_declination_says() -> None:
    path = sun_path(114.0, 30.0, read_day("dongzhi").date, (9.0, 15.0))
    noon = len(path) // 2
    assert math.degrees(path.elevation[noon]) == pytest.approx(60.0 - 23.44, abs=0.02)
    assert path.ways[noon, 0] == pytest.approx(0.0, abs=0.005)
    assert path.ways[noon, 1] < 0


def test_morning_mirrors_afternoon() -> None:
    path = sun_path(87.6, 43.8, read_day("dongzhi").date, (9.0, 15.0))
    assert len(path) == 360
    assert np.allclose(path.elevation, path.elevation[::-1], atol=1e-4)
    assert np.allclose(path.ways[:, 0], -path.ways[::-1, 0], atol=1e-4)


def test_the_clock_fits_the_places_of_the_sun_that_pictures_use() -> None:
    day = read_day("2026-01-20").date
    path = sun_path(114.3, 30.6, day, (8.0, 16.0))
    for step in (0, 200, 479):
        hours = float(path.clock[step])
        moment = f"{day.isoformat()}T{int(hours):02d}:{int(hours % 1 * 60):02d}"
        seconds = hours * 3600 % 60
        azimuth, elevation = sun_position(114.3, 30.6, f"{moment}:{int(seconds):02d}")
        east, north, up = path.ways[step]
        assert math.atan2(east, north) % (2 * math.pi) == pytest.approx(azimuth, abs=2e-4)
        assert math.asin(up) == pytest.approx(elevation, abs=2e-3)  # refraction is not counted


def test_the_grid_may_be_turned_against_true_north() -> None:
    straight = sun_path(114.0, 30.0, read_day("dahan").date, (12.0, 12.5))
    turned = sun_path(114.0, 30.0, read_day("dahan").date, (12.0, 12.5), turn=math.radians(10.0))
    way = np.degrees(np.arctan2(*straight.ways[0, :2]) - np.arctan2(*turned.ways[0, :2]))
    assert way % 360.0 == pytest.approx(10.0)


@pytest.mark.parametrize("text", ["大寒", "dahan", "great-cold", " Dahan "])
def test_days_have_names(text: str) -> None:
    assert read_day(text).date.isoformat() == "2001-01-20"


def test_a_date_on_a_named_day_takes_its_name() -> None:
    assert read_day("2026-12-22").name == "winter-solstice"
    assert read_day("2026-12-24").name == ""


@pytest.mark.parametrize("text", ["", "20.1.2026", "2026-02-30", "soon"])
def test_what_is_no_day_is_told(text: str) -> None:
    with pytest.raises(CityError, match="is not a day"):
        read_day(text)


def test_a_polar_night_is_told() -> None:
    with pytest.raises(CityError, match="does not rise") as error:
        sun_path(25.0, 75.0, read_day("dongzhi").date, (9.0, 15.0))
    assert error.value.code == "sunlight.no_sun"


@pytest.mark.parametrize("band", [(9.0, 9.0), (15.0, 9.0), (-1.0, 5.0), (9.0, 25.0)])
def test_a_band_is_part_of_a_day(band: tuple[float, float]) -> None:
    with pytest.raises(CityError, match="no part of a day"):
        sun_path(114.0, 30.0, read_day("dahan").date, band)

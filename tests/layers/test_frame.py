"""Coordinates, city grids and true lengths."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import CityError
from layers.frame import CITY_GRID, CityGrid, Frame, propose_crs, read_crs, short_name, transformer

WUHAN = Frame("EPSG:4547")


def test_a_place_goes_to_longitude_and_latitude_and_back() -> None:
    there = WUHAN.from_lonlat([[114.3, 30.6]])
    assert there[0] == pytest.approx([528_772, 3_386_666], abs=5)
    assert WUHAN.lonlat(there)[0] == pytest.approx([114.3, 30.6], abs=1e-9)


@given(st.floats(-180, 180), st.floats(-80, 84))
def test_the_proposed_system_is_metric_and_near_the_place(lon: float, lat: float) -> None:
    frame = Frame(propose_crs(lon, lat))
    east, north = frame.from_lonlat([[lon, lat]])[0]
    back = frame.lonlat([[east, north]])[0]
    assert back[1] == pytest.approx(lat, abs=1e-6)
    assert abs(frame.scale_factor(east, north) - 1.0) < 0.005


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ((121.5, 31.2), "EPSG:4549"),
        ((106.4, 29.5), "EPSG:4544"),
        ((106.6, 29.5), "EPSG:4545"),
        ((9.5, 47.1), "EPSG:32632"),
        ((151.2, -33.9), "EPSG:32756"),
        ((120.9, 24.2), "EPSG:3826"),
    ],
)
def test_china_gets_three_degree_zones_and_others_utm(
    place: tuple[float, float], code: str
) -> None:
    assert propose_crs(*place) == code


@given(st.floats(-1e5, 1e5), st.floats(-1e5, 1e5), st.floats(-3.2, 3.2), st.floats(0, 1e6))
def test_a_city_grid_keeps_lengths_and_comes_back(
    dx: float, dy: float, turn: float, east: float
) -> None:
    grid = CityGrid(dx, dy, turn)
    line = np.array([[east, 3_000_000.0], [east + 30.0, 3_000_040.0]])
    there = grid.to_grid(line)
    assert math.dist(*there) == pytest.approx(50.0, abs=1e-6)
    np.testing.assert_allclose(grid.from_grid(there), line, atol=1e-6)


def test_files_in_the_city_grid_need_a_city_grid() -> None:
    with pytest.raises(CityError, match="no city grid"):
        WUHAN.from_any([[0, 0]], CITY_GRID)
    turned = Frame("EPSG:4547", grid=CityGrid(100.0, 0.0, 0.0))
    assert turned.from_any([[150.0, 20.0]], CITY_GRID).tolist() == [[50.0, 20.0]]


def test_the_scale_factor_is_that_of_the_projection_and_the_height() -> None:
    assert WUHAN.scale_factor(500_000, 3_380_000) == pytest.approx(1.0, abs=1e-9)
    sixty = WUHAN.scale_factor(560_000, 3_380_000)
    assert sixty == pytest.approx(1 + 60_000**2 / (2 * 6_367_000**2), abs=2e-7)
    assert WUHAN.scale_factor(500_000, 3_380_000, 1000.0) == pytest.approx(1 - 1.57e-4, abs=1e-6)


def test_grid_length_over_scale_is_the_length_on_the_ellipsoid() -> None:
    a, b = (560_000.0, 3_380_000.0), (561_000.0, 3_380_500.0)
    (lon1, lat1), (lon2, lat2) = pyproj.Transformer.from_crs(
        "EPSG:4547", "EPSG:4490", always_xy=True
    ).itransform([a, b])
    geodesic = pyproj.Geod(ellps="GRS80").inv(lon1, lat1, lon2, lat2)[2]
    scale = (WUHAN.scale_factor(*a) + WUHAN.scale_factor(*b)) / 2
    assert math.dist(a, b) / scale == pytest.approx(geodesic, abs=0.002)


def test_convergence_turns_grid_north_to_true_north() -> None:
    east, north = 560_000.0, 3_380_000.0
    lon, lat = WUHAN.lonlat([[east, north]])[0]
    up = WUHAN.from_lonlat([[lon, lat + 0.001]])[0] - np.array([east, north])
    true_north_on_grid = math.atan2(up[0], up[1])  # clockwise from grid north
    assert WUHAN.convergence(east, north) == pytest.approx(-true_north_on_grid, abs=1e-5)


def test_degrees_and_feet_are_refused_as_project_systems() -> None:
    for code in ("EPSG:4490", "EPSG:2263"):
        with pytest.raises(CityError) as told:
            Frame(code)
        assert told.value.code == "crs.not_metric"


def test_an_unknown_system_says_what_to_try() -> None:
    with pytest.raises(CityError, match="EPSG:4547") as told:
        read_crs("Beijing city grid")
    assert told.value.code == "crs.unknown"


def test_coordinates_off_the_map_are_told_with_the_first() -> None:
    with pytest.raises(CityError) as told:
        WUHAN.from_lonlat([[114.3, 30.6], [4_000_000.0, 500_000.0]])
    assert told.value.code in {"crs.outside", "crs.transform"}


def test_systems_keep_their_short_names() -> None:
    assert short_name(read_crs("4547")) == "EPSG:4547"
    assert short_name(read_crs(read_crs("EPSG:4547").to_wkt())) == "EPSG:4547"


@pytest.mark.parametrize(
    ("source", "target", "east", "north"),
    [
        ("EPSG:4547", "EPSG:4326", 512_345.678, 3_380_000.25),
        ("EPSG:4326", "EPSG:4526", 114.3, 30.6),
        ("EPSG:4490", "EPSG:3857", 104.06, 30.67),
        ("EPSG:32650", "EPSG:4549", 500_000.0, 4_000_000.0),
        ("EPSG:4490", "EPSG:4326", 121.5, 31.2),
        ("EPSG:2326", "EPSG:4547", 836_000.0, 819_000.0),
        ("EPSG:2249", "EPSG:4326", 770_000.0, 2_960_000.0),
        ("EPSG:27700", "EPSG:4326", 530_000.0, 180_000.0),
    ],
)
def test_a_way_between_systems_gives_what_proj_finds_in_every_thread(
    source: str, target: str, east: float, north: float
) -> None:
    found = pyproj.Transformer.from_crs(source, target, always_xy=True).transform(east, north)
    here = transformer(source, target).transform(east, north)
    with ThreadPoolExecutor(1) as other:
        there = other.submit(transformer(source, target).transform, east, north).result()
    assert here == there == found

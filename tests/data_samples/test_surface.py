"""The terrain and the orthophoto."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
import shapely

from tests.data_samples.conftest import Sample

BOUNDS = (508_000.0, 3_378_000.0, 511_000.0, 3_380_500.0)


def test_the_terrain_is_a_tiled_2_m_grid_of_30_to_80_metres(sample: Sample) -> None:
    with rasterio.open(sample.path("terrain")) as dem:
        assert dem.crs.to_epsg() == 4547
        assert dem.res == (2.0, 2.0)
        assert tuple(dem.bounds) == BOUNDS
        assert (dem.dtypes[0], dem.nodata) == ("float32", -9999.0)
        assert dem.profile["tiled"]
        assert dem.profile["compress"] == "deflate"
        heights = dem.read(1)
    assert 30.0 <= heights.min() < 31.0
    assert 75.0 < heights.max() <= 80.0
    assert np.isfinite(heights).all()


def test_the_river_lies_lowest_and_the_hill_highest(sample: Sample) -> None:
    with rasterio.open(sample.path("terrain")) as dem:
        heights, transform = dem.read(1), dem.transform
    row, column = np.unravel_index(heights.argmax(), heights.shape)
    east, north = transform @ (column, row)
    assert east < BOUNDS[0] + 560
    assert north > BOUNDS[3] - 750
    water = sample.read("water").to_crs("EPSG:4547")
    for feature in water[water["class"].isin(["river", "lake"])].itertuples():
        inside = feature.geometry.buffer(-8.0)
        if inside.is_empty:
            continue
        x, y = inside.representative_point().coords[0]
        column, row = ~transform @ (x, y)
        assert heights[int(row), int(column)] < feature.level_m


def test_streets_are_smooth(sample: Sample) -> None:
    roads = sample.read("roads", "roads")
    line = max(roads[roads["class"] == "arterial"].geometry, key=lambda g: g.length)
    points = shapely.get_coordinates(
        shapely.line_interpolate_point(line, np.arange(0, line.length, 4))
    )
    with rasterio.open(sample.path("terrain")) as dem:
        heights = np.array([value[0] for value in dem.sample(points)])
    assert np.abs(np.diff(heights)).max() < 0.25


def test_the_orthophoto_covers_the_district_with_overviews(sample: Sample) -> None:
    with rasterio.open(sample.path("imagery")) as photo:
        assert photo.crs.to_epsg() == 4547
        assert (photo.width, photo.height, photo.count) == (6000, 5000, 3)
        assert tuple(photo.bounds) == BOUNDS
        assert photo.overviews(1) == [2, 4, 8, 16]
        assert photo.profile["tiled"]
        small = photo.read(out_shape=(3, 625, 750)).astype(float)
    assert 60 < small.mean() < 180
    assert small.std() > 25


@pytest.mark.parametrize(("class_", "greener"), [("park", True), ("river", False)])
def test_the_orthophoto_shows_green_where_parks_are(
    sample: Sample, class_: str, greener: bool
) -> None:
    if class_ == "park":
        table = sample.read("greenery")
        area = table[table["名称"] == "青屏山公园"].geometry.union_all()
    else:
        table = sample.read("water").to_crs("EPSG:4547")
        area = table[table["class"] == "river"].geometry.union_all()
    x, y = area.buffer(-30).representative_point().coords[0]
    with rasterio.open(sample.path("imagery")) as photo:
        row, column = photo.index(x, y)
        window = rasterio.windows.Window(column - 40, row - 40, 80, 80)
        red, green, blue = photo.read(window=window).reshape(3, -1).mean(axis=1)
    assert (green > red + 8 and green > blue + 8) == greener

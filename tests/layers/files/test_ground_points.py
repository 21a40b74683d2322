from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import CityError
from layers.files.ground_tin import Soundings, heights_on_grid, interval_of, triangulated
from layers.files.importing import import_file
from layers.files.options import ImportOptions
from layers.kinds.terrain import Terrain
from layers.project import Project

ZONE = "EPSG:4547"
EAST, NORTH = 500_000.0, 3_380_000.0


def written(path: Path, geometry: list[Any], **columns: Any) -> Path:
    gpd.GeoDataFrame(columns, geometry=geometry, crs=ZONE).to_file(path)
    return path


def ground(path: Path, **options: Any) -> tuple[Terrain, Any]:
    found = import_file(Project(), path, ImportOptions(kind="terrain", **options))
    data = found.layers[0].data
    assert isinstance(data, Terrain)
    return data, found.reports[0]


def ring(radius: float) -> Any:
    turn = np.linspace(0.0, 2 * np.pi, 90)
    return shapely.LineString(
        np.column_stack([EAST + radius * np.cos(turn), NORTH + radius * np.sin(turn)])
    )


def cone(path: Path) -> Path:
    radii = np.arange(20, 200, 20)
    return written(path, [ring(float(r)) for r in radii], 高程=100.0 - radii / 2.0)


@settings(max_examples=25, deadline=None)
@given(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5), st.integers(0, 1000))
def test_points_of_a_plane_give_that_plane(a: float, b: float, seed: int) -> None:
    places = np.random.default_rng(seed).uniform(0, 100, (60, 2))
    heights = a * places[:, 0] + b * places[:, 1] + 7.0
    soundings, _ = Soundings.of(places, heights, np.empty((0, 2), dtype=np.int64))
    grid = heights_on_grid(soundings, 0.0, 100.0, 5.0, (21, 21), "linear")
    row, col = np.nonzero(np.isfinite(grid))
    assert row.size > 200
    np.testing.assert_allclose(
        grid[row, col], a * col * 5.0 + b * (100.0 - row * 5.0) + 7.0, atol=1e-4
    )


def test_spot_heights_are_met_exactly(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    xy = np.round(rng.uniform(0, 40, (80, 2))) * 5.0
    z = rng.uniform(10, 60, 80)
    points = [shapely.Point(EAST + x, NORTH + y) for x, y in xy]
    terrain, report = ground(
        written(tmp_path / "spots.gpkg", points, Z=z), height_field="Z", resolution=5.0
    )
    _, first, count = np.unique(xy, axis=0, return_index=True, return_counts=True)
    alone = first[count == 1]
    found = terrain.height_at(xy[alone] + [EAST, NORTH])
    np.testing.assert_allclose(found, z[alone], atol=1e-4)
    assert report.kept == 80


def test_a_summit_between_contours_is_no_flat_step(tmp_path: Path) -> None:
    path = cone(tmp_path / "cone.gpkg")
    top = [[EAST, NORTH], [EAST + 10.0, NORTH]]
    plain, _ = ground(path, interpolation="plain", resolution=2.0)
    bent, report = ground(path, resolution=2.0)
    assert plain.height_at(top).tolist() == pytest.approx([90.0, 90.0])
    found = bent.height_at(top)
    assert 92.0 < found[0] < 100.0  # above the last contour, below the next one
    assert found[0] > found[1] > 90.0
    at = [[EAST + r, NORTH] for r in (30.0, 70.0, 110.0)]
    np.testing.assert_allclose(bent.height_at(at), [85.0, 65.0, 45.0], atol=0.3)
    assert report.messages[-1].facts["interval"] == 10.0


@pytest.mark.parametrize("method", ["linear", "smooth"])
def test_ground_stays_within_the_contours_around_it(tmp_path: Path, method: Any) -> None:
    terrain, _ = ground(cone(tmp_path / "cone.gpkg"), interpolation=method, resolution=4.0)
    rows, columns = np.nonzero(np.isfinite(terrain.heights))
    away = np.hypot(terrain.west + columns * 4.0 - EAST, terrain.north - rows * 4.0 - NORTH)
    height = terrain.heights[rows, columns]
    outer = np.floor(away / 20.0 + 1e-6) * 20.0
    assert (height <= 100.0 - outer / 2.0 + 0.5).all()
    assert (height >= 100.0 - (outer + 20.0) / 2.0 - 0.5).all()


def test_breaklines_are_edges_of_the_ground() -> None:
    """A dam across a field of points: its crest is met along all of its length."""
    rng = np.random.default_rng(5)
    field = rng.uniform(0, 100, (300, 2))
    field = field[np.abs(field[:, 0] - 50) > 3]
    crest = np.array([[50.0, 1.0], [50.0, 99.0]])
    places = np.concatenate([field, crest])
    heights = np.concatenate([np.zeros(len(field)), [9.0, 9.0]])
    n = len(field)
    soundings, _ = Soundings.of(places, heights, np.array([[n, n + 1]]))
    joined, triangles = triangulated(soundings)
    assert len(joined.places) > len(places)  # points were put on the crest
    grid = heights_on_grid(soundings, 0.0, 100.0, 1.0, (101, 101), "plain")
    np.testing.assert_allclose(grid[5:95, 50], 9.0, atol=1e-6)
    assert triangles.max() < len(joined.places)


def test_lines_with_heights_of_their_own_need_no_field(tmp_path: Path) -> None:
    lines = [
        shapely.LineString([(EAST, NORTH + y, y / 10), (EAST + 100, NORTH + y, y / 10 + 5)])
        for y in (0.0, 50.0, 100.0)
    ]
    terrain, report = ground(written(tmp_path / "lines.gpkg", lines, name=["a", "b", "c"]))
    assert terrain.height_at([[EAST + 50, NORTH + 25]])[0] == pytest.approx(5.0, abs=0.05)
    assert report.messages[-2].key == "ground_from_corners"


def test_unusable_heights_are_left_out_and_told(tmp_path: Path) -> None:
    places = [shapely.Point(EAST + x, NORTH + y) for x in (0, 50, 100) for y in (0, 50, 100)]
    z = [20.0, 21.0, 22.0, -9999.0, 24.0, 3.4e38, 26.0, 0.0, 28.0]
    terrain, report = ground(written(tmp_path / "p.gpkg", places, elevation=z))
    assert report.skipped == {"no_height": 2, "absurd_height": 1}
    assert float(np.nanmin(terrain.heights)) >= 20.0


def test_heights_in_feet_become_metres(tmp_path: Path) -> None:
    places = [shapely.Point(EAST + x, NORTH + y) for x in (0, 100) for y in (0, 100)]
    path = written(tmp_path / "p.gpkg", places, ELEV_FT=[100.0] * 4)
    terrain, _ = ground(path)
    assert terrain.height_at([[EAST + 50, NORTH + 50]])[0] == pytest.approx(30.48)


def test_points_on_one_line_make_no_ground(tmp_path: Path) -> None:
    places = [shapely.Point(EAST + x, NORTH) for x in range(5)]
    with pytest.raises(CityError, match="make no ground"):
        ground(written(tmp_path / "p.gpkg", places, z=[1.0, 2, 3, 4, 5]))


def test_features_without_heights_say_which_fields_there_are(tmp_path: Path) -> None:
    places = [shapely.Point(EAST + x, NORTH + y) for x in (0, 9) for y in (0, 9)]
    with pytest.raises(CityError, match="height above datum") as caught:
        ground(written(tmp_path / "p.gpkg", places, name=["a"] * 4))
    assert "name" in caught.value.hint


def test_the_usual_step_of_contours_is_their_interval() -> None:
    assert interval_of(np.array([10.0, 10.0, 15.0, 20.0, 25.0, 40.0])) == 5.0

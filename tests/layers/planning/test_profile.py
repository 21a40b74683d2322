from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from layers.errors import CityError
from layers.frame import Frame
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.kinds.terrain import Terrain
from layers.planning.measure import is_stale, measure_again
from layers.planning.profile import measure_profile, profile_along, profile_layer, write_profile
from layers.project import Project

EAST, NORTH = 500_000.0, 3_380_000.0


def project_on(heights: object, step: float = 1.0) -> Project:
    project = Project(Frame("EPSG:4547", (EAST, NORTH)))
    grid = np.asarray(heights, dtype=np.float32)
    terrain = Terrain(grid, EAST, NORTH + (len(grid) - 1) * step, step, step)
    project.insert_layer(Layer("terrain", "Land", terrain, style=kind_of("terrain").style))
    return project


def plane(size: int = 101) -> Project:
    """Give ground that rises one in ten towards the east from 20 m."""
    east = np.arange(size, dtype=np.float64)
    return project_on(np.tile(20.0 + 0.1 * east, (size, 1)))


def cone(size: int = 201) -> Project:
    """Give a cone 50 m high and 1 in 2 steep in the middle of level ground."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float64) - size // 2
    return project_on(np.maximum(50.0 - np.hypot(x, y) / 2.0, 0.0))


def test_a_profile_of_a_plane_is_a_straight_line() -> None:
    project = plane()
    profile = profile_along(project, [(EAST + 5, NORTH + 50), (EAST + 95, NORTH + 50)])
    np.testing.assert_allclose(profile.height, 20.5 + 0.1 * profile.station, atol=1e-5)
    values = profile.values()
    assert values["gain_m"] == pytest.approx(9.0, abs=1e-4)
    assert values["loss_m"] == 0.0
    assert values["mean_m"] == pytest.approx(25.0, abs=1e-4)
    assert values["mean_slope_rad"] == pytest.approx(math.atan(0.1), abs=1e-5)
    assert values["along_ground_m"] == pytest.approx(90 * math.hypot(1, 0.1), rel=1e-5)
    assert (values["min_m"], values["max_m"]) == pytest.approx((20.5, 29.5))


def test_a_profile_over_a_cone_goes_up_and_down() -> None:
    project = cone()
    middle = NORTH + 100
    values = profile_along(project, [(EAST + 20, middle), (EAST + 180, middle)]).values()
    assert values["gain_m"] == pytest.approx(40.0, abs=1e-3)
    assert values["loss_m"] == pytest.approx(40.0, abs=1e-3)
    assert values["max_m"] == pytest.approx(50.0)
    assert values["steepest_up_rad"] == pytest.approx(math.atan(0.5), abs=1e-3)
    assert values["steepest_down_rad"] == pytest.approx(math.atan(0.5), abs=1e-3)
    assert values["mean_m"] == pytest.approx(30.0, abs=1e-3)


def test_the_mean_does_not_hang_on_how_stations_are_spread() -> None:
    project = plane()
    corners = [(EAST + 5, NORTH + 50), (EAST + 6, NORTH + 50), (EAST + 95, NORTH + 50)]
    assert profile_along(project, corners).values()["mean_m"] == pytest.approx(25.0, abs=1e-4)
    coarse = profile_along(project, corners, spacing=40.0).values()
    assert coarse["mean_m"] == pytest.approx(25.0, abs=1e-4)


def test_unknown_ground_is_left_out_and_told() -> None:
    grid = np.full((50, 50), 30.0)
    grid[:, 20:30] = np.nan
    project = project_on(grid)
    profile = profile_along(project, [(EAST + 5, NORTH + 20), (EAST + 45, NORTH + 20)])
    assert profile.values()["unknown_length_m"] == pytest.approx(9.0, abs=2.1)
    with pytest.raises(CityError, match="unknown"):
        profile_along(project, [(EAST + 22, NORTH + 20), (EAST + 27, NORTH + 20)]).values()


def test_a_profile_needs_a_terrain_and_a_line() -> None:
    bare = Project(Frame("EPSG:4547", (EAST, NORTH)))
    with pytest.raises(CityError, match="needs a terrain"):
        profile_along(bare, [(EAST, NORTH), (EAST + 1, NORTH)])
    with pytest.raises(CityError, match="same place"):
        profile_along(plane(), [(EAST, NORTH), (EAST, NORTH)])
    with pytest.raises(CityError, match="apart"):
        profile_along(plane(), [(EAST, NORTH), (EAST + 9, NORTH)], spacing=0.0)


def test_a_profile_is_stale_when_the_ground_changed_and_can_be_measured_again() -> None:
    project = plane()
    item = measure_profile(project, [(EAST + 5, NORTH + 50), (EAST + 95, NORTH + 50)], name="A")
    assert not is_stale(project, item)
    layer = project.layers[0]
    assert isinstance(layer.data, Terrain)
    raised = layer.data.heights + np.float32(5.0)
    layer.data = Terrain(raised, layer.data.west, layer.data.north, 1.0, 1.0)
    assert is_stale(project, item)
    again = measure_again(project, item)
    assert again.name == "A"
    assert again.values["min_m"] == pytest.approx(item.values["min_m"] + 5.0)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_stations_are_written_as_a_table(tmp_path: Path, suffix: str) -> None:
    profile = profile_along(
        plane(), [(EAST + 5, NORTH + 50), (EAST + 95, NORTH + 50)], spacing=10.0
    )
    path = tmp_path / f"p{suffix}"
    assert write_profile(profile, path) == 10
    assert path.stat().st_size > 100
    if suffix == ".csv":
        rows = path.read_text(encoding="utf-8-sig").splitlines()
        assert rows[0] == "station_m,east_m,north_m,height_m,slope_percent,corner"
        assert rows[1].startswith("0.0,500005.0,3380050.0,20.5,10.0,yes")


def test_a_profile_becomes_lines_with_figures() -> None:
    corners = [(EAST + 5, NORTH + 50), (EAST + 45, NORTH + 50), (EAST + 45, NORTH + 90)]
    layer = profile_layer(profile_along(plane(), corners), "Axis")
    assert isinstance(layer.data, Features)
    assert len(layer.data) == 2
    assert layer.data.row(1)["slope_percent"] == pytest.approx(10.0, abs=0.01)
    assert layer.data.row(2)["gain_m"] == pytest.approx(0.0, abs=1e-3)

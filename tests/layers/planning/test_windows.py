"""Windows by storey and bay, and from points."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from layers.errors import CityError
from layers.kinds.base import Features, Layer
from layers.planning.windows import WindowRule, windows_at, windows_of
from layers.shapes import Shapes
from tests.layers.planning.blocks import EAST, NORTH, place, town


def points(*places: list[float]) -> Layer:
    shapes = Shapes.from_shapely([shapely.Point(*one) for one in places])
    return Layer("features", "Windows", Features.of(shapes))


def test_each_storey_has_a_window_in_each_bay() -> None:
    project = town([(0.0, 0.0, 11.0, 8.0, 9.0)])
    found = windows_of(project, project.layers, WindowRule(bay=3.6, width=1.8, facing=45.0))
    assert len(found) == 9  # three bays, three storeys, the south wall alone
    assert found.names[:4] == ("1/1F-01", "1/1F-02", "1/1F-03", "1/2F-01")
    assert sorted(set(np.round(found.ends[:, 0, 2], 6))) == [0.9, 3.9, 6.9]
    assert found.azimuth == pytest.approx(180.0)
    assert np.hypot(*(found.ends[:, 1] - found.ends[:, 0])[:, :2].T) == pytest.approx(1.8)
    assert found.ends[:, :, 1] == pytest.approx(NORTH)


def test_walls_of_all_directions_count_where_asked() -> None:
    project = town([(0.0, 0.0, 8.0, 8.0, 3.0)])
    layers = project.layers
    assert len(windows_of(project, layers, WindowRule(facing=180.0))) == 8
    assert len(windows_of(project, layers, WindowRule(facing=90.0))) == 6
    assert len(windows_of(project, layers, WindowRule(facing=45.0))) == 2


def test_only_the_lowest_storeys_where_asked() -> None:
    project = town([(0.0, 0.0, 4.0, 8.0, 30.0)])
    found = windows_of(project, project.layers, WindowRule(storeys=1, facing=45.0))
    assert found.storey.tolist() == [1]


def test_there_is_no_window_where_the_next_house_stands_against_the_wall() -> None:
    project = town([(0.0, 0.0, 8.0, 8.0, 12.0), (8.0, 0.0, 16.0, 8.0, 6.0)])
    found = windows_of(project, project.layers, WindowRule())
    east = (found.building == 1) & (np.abs(found.azimuth - 90.0) < 1.0)
    assert sorted(set(found.storey[east])) == [3, 4]  # above the lower house
    assert found.party == 8  # two storeys of two bays of each of the two walls


def test_points_on_a_wall_look_away_from_it() -> None:
    project = town([(0.0, 0.0, 8.0, 8.0, 12.0)])
    layer = points(place(4.0, -0.2, 5.0), place(4.0, 30.0, 5.0))
    found = windows_at(project, layer, [project.layer("Town")])
    assert found.building.tolist() == [1, 0]
    assert found.normal[0].tolist() == [0.0, -1.0]
    assert not found.normal[1].any()
    assert found.ends[0, 0] == pytest.approx(place(4.0, 0.0, 5.0))


def test_points_without_heights_lie_a_sill_above_the_ground() -> None:
    project = town([(0.0, 0.0, 8.0, 8.0, 12.0)])
    shapes = Shapes.from_shapely([shapely.Point(EAST + 4.0, NORTH)])
    layer = Layer("features", "Windows", Features.of(shapes))
    assert windows_at(project, layer, [project.layer("Town")], sill=1.1).ends[0, 0, 2] == 1.1


def test_a_window_inside_a_building_is_told() -> None:
    project = town([(0.0, 0.0, 8.0, 8.0, 12.0)])
    with pytest.raises(CityError, match="1 of 1 windows lie inside a building") as error:
        windows_at(project, points(place(4.0, 4.0, 5.0)), [project.layer("Town")])
    assert error.value.code == "windows.inside"


def test_a_layer_without_points_is_told() -> None:
    project = town([(0.0, 0.0, 8.0, 8.0, 12.0)])
    with pytest.raises(CityError, match="no points"):
        windows_at(project, project.layer("Town"), [project.layer("Town")])


def test_windows_that_cannot_be_laid_out_are_told() -> None:
    with pytest.raises(CityError, match="cannot be laid out"):
        WindowRule(bay=2.0, width=3.0)
    project = town([(0.0, 0.0, 1.0, 1.0, 12.0)])
    with pytest.raises(CityError, match="No wall"):
        windows_of(project, project.layers)

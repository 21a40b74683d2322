"""Areas over water lie on its surface, those beside it on the ground, and nothing is laid twice."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.kinds.base import Features
from layers.kinds.terrain import Terrain
from layers.shapes import Shapes
from scene.drape import Draped
from scene.surface import Surface
from scene.water_tops import WaterTops, joined


@pytest.fixture
def ground() -> Surface:
    """A valley that runs north: 10 m deep in the middle."""
    east = np.abs(np.linspace(-200.0, 200.0, 41))
    heights = np.tile(np.minimum(east / 10.0, 12.0), (41, 1)).astype(np.float32)
    terrain = Terrain(heights, -200.0, 200.0, 10.0, 10.0)
    return Surface.of(terrain, terrain.level, (-200.0, -200.0, 200.0, 200.0))


def tops(ground: Surface, level: float = 8.0) -> WaterTops:
    lake = Shapes.from_shapely([shapely.box(-80.0, -100.0, 80.0, 100.0)])
    return WaterTops([Features.of(lake, pa.table({"水位": [level]}))], ground)


def size(laid: Draped) -> float:
    a, b, c = (laid.points[laid.triangles[:, k], :2] for k in range(3))
    one, other = b - a, c - a
    return float(np.abs(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]).sum() / 2.0)


def test_what_lies_over_water_is_level_with_it(ground: Surface) -> None:
    zone = shapely.box(-150.0, -20.0, 150.0, 20.0)
    (wet,) = tops(ground).over(np.array([zone]))
    assert size(wet) == pytest.approx(160.0 * 40.0, rel=1e-6)
    assert wet.points[:, 2] == pytest.approx(8.0, abs=0.2)
    assert (wet.owner == 0).all()


def test_wet_and_dry_parts_are_the_whole(ground: Surface) -> None:
    zones = np.array([shapely.Point(70.0, 90.0).buffer(60.0), shapely.box(150.0, 0.0, 190.0, 40.0)])
    water = tops(ground)
    (wet,) = water.over(zones)
    dry, owner = water.dry(zones)
    assert set(owner.tolist()) == {0, 1}
    assert shapely.area(dry).sum() + size(wet) == pytest.approx(shapely.area(zones).sum())
    assert water.over(zones[1:]) == []


def test_borders_lie_on_the_water_and_beside_it_on_the_ground(ground: Surface) -> None:
    zones = np.array([shapely.box(-150.0, -20.0, 150.0, 20.0), shapely.box(160.0, 0.0, 180.0, 9.0)])
    water = tops(ground)
    laid = water.borders(zones)
    assert set(laid.owner.tolist()) == {0, 1}
    place, height = laid.points[:, :2], laid.points[:, 2]
    wet = np.abs(place[:, 0]) < 79.9
    assert wet.any()
    assert height[wet] == pytest.approx(8.0, abs=0.2)
    assert height[~wet] == pytest.approx(ground.height_at(place[~wet]), abs=1.3)  # at the shore
    ends = laid.start[1:] - 1
    steps = np.linalg.norm(np.diff(place, axis=0), axis=1)
    steps[ends[:-1]] = 0.0  # from one line to the next
    assert steps.sum() == pytest.approx(shapely.length(zones).sum(), rel=1e-6)
    none = WaterTops([], ground).borders(zones)
    assert none.points[:, 2] == pytest.approx(ground.height_at(none.points[:, :2]))


def test_places_stand_on_the_water(ground: Surface) -> None:
    places = np.array([[0.0, 0.0], [150.0, 0.0]])
    heights = ground.height_at(places)
    raised = tops(ground).raised(places, heights)
    assert raised[0] == pytest.approx(8.0)
    assert raised[1] == heights[1]
    assert WaterTops([], ground).raised(places, heights) is heights


def test_pieces_of_several_surfaces_are_joined(ground: Surface) -> None:
    one = Draped(np.zeros((3, 3)), np.array([[0, 1, 2]], dtype=np.int32), np.zeros(3, dtype=int))
    both = joined([one, one])
    assert both.triangles.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert len(both.points) == len(both.owner) == 6


def test_a_border_that_lies_on_water_alone_is_whole(ground: Surface) -> None:
    zone = shapely.Point(0.0, 0.0).buffer(30.0)
    laid = tops(ground).borders(np.array([zone]))
    assert laid.points[:, 2] == pytest.approx(8.0, abs=0.2)
    assert len(laid.owner) == len(laid.start) - 1 >= 1

"""Flat things are found near the place pointed at; what is inside a polygon is chosen."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import shapely

from layers.kinds.base import Features
from layers.shapes import Shapes
from layers.viewpoint import Viewpoint
from scene.picking import REACH, FlatIndex, PixelPolygon, pick
from scene.rays import Aim, Hit, Ray
from scene.views.base import LayerView
from tests.scene.cities import SOUTH, WEST

SIZE = (800, 600)


def features() -> Features:
    """Give two areas, one inside the other, a line across them and a point on the line."""
    return Features.of(
        Shapes.from_shapely(
            [
                shapely.box(WEST, SOUTH, WEST + 100, SOUTH + 100),
                shapely.box(WEST + 20, SOUTH + 20, WEST + 50, SOUTH + 50),
                shapely.LineString([(WEST - 50, SOUTH + 30), (WEST + 150, SOUTH + 30)]),
                shapely.Point(WEST + 80, SOUTH + 30),
            ]
        )
    )


def test_points_count_before_lines_and_lines_before_the_smallest_area() -> None:
    index = FlatIndex(features())
    assert index.find((WEST + 81, SOUTH + 31), 3.0) == 4
    assert index.find((WEST + 70, SOUTH + 31), 3.0) == 3
    assert index.find((WEST + 30, SOUTH + 40), 3.0) == 2
    assert index.find((WEST + 90, SOUTH + 90), 3.0) == 1
    assert index.find((WEST + 101, SOUTH + 90), 3.0) is None
    assert index.find((WEST - 40, SOUTH + 90), 3.0) is None


def test_reach_is_told_in_pixels() -> None:
    index = FlatIndex(features())
    v = Viewpoint(WEST, SOUTH, 100.0)
    ray = Ray((WEST, SOUTH, 100.0), (0.0, 0.0, -1.0))

    def asked(metres_per_pixel: float) -> Hit | None:
        ground = (WEST - 20.0, SOUTH + 35.0, 0.0)
        return index.pick("roads", Aim(1, 1, SIZE, v, ray, ground, metres_per_pixel))

    near = asked(5.5 / REACH)
    assert near is not None
    assert (near.layer_id, near.object_id, near.point) == ("roads", 3, (WEST - 20, SOUTH + 35, 0.0))
    assert asked(4.5 / REACH) is None
    assert index.pick("roads", Aim(1, 1, SIZE, v, ray)) is None


def test_nothing_is_found_in_an_empty_layer() -> None:
    assert FlatIndex(Features.of(Shapes.from_shapely([]))).find((WEST, SOUTH), 100.0) is None


def test_a_polygon_of_the_picture_chooses_the_points_inside_it() -> None:
    v = Viewpoint(WEST, SOUTH, 500.0, heading=0.0, pitch=-math.pi / 2, distance=500.0)
    points = np.array([(WEST + x, SOUTH, 0.0) for x in (-100, -10, 10, 100)])
    left_half = PixelPolygon(v, SIZE, [(0, 0), (400, 0), (400, 600), (0, 600)])
    assert left_half(points).tolist() == [True, True, False, False]
    crossed = PixelPolygon(v, SIZE, [(0, 0), (800, 600), (800, 0), (0, 600)])  # a bow tie
    assert crossed(points).tolist() == [True, True, True, True]
    assert PixelPolygon(v, SIZE, [(0, 0), (5, 5)])(points).tolist() == [False] * 4
    behind = np.array([(WEST, SOUTH, 900.0)])
    assert not PixelPolygon(v, SIZE, [(0, 0), (800, 0), (800, 600), (0, 600)])(behind).any()


class Answer(LayerView):
    """A view that always gives the same answer."""

    lift = 0.0

    def __init__(self, hit: Hit | None, flat: bool) -> None:
        self._hit = hit
        self.flat = flat  # type: ignore[misc]  # one class serves both sorts here

    def pick(self, aim: Aim) -> Hit | None:
        """Give it."""
        del aim
        return self._hit


def test_the_nearest_solid_thing_hides_flat_things_only_when_it_is_before_the_ground() -> None:
    ray = Ray((0.0, 0.0, 100.0), (0.0, 0.0, -1.0))
    question = Aim(0, 0, SIZE, Viewpoint(0, 0, 100), ray, (0.0, 0.0, 0.0), 0.1)

    def solid(away: float) -> Answer:
        return Answer(Hit(f"solid {away:g}", 1, ray.at(away), distance=away), False)

    road = Answer(Hit("road", 1, (0.0, 0.0, 0.0), distance=100.0), True)
    lake = Answer(Hit("lake", 1, (0.0, 0.0, 0.0), distance=100.0), True)
    cellar = solid(120.0)
    asked: Callable[..., str] = lambda *views: getattr(  # noqa: E731 - short for the lines below
        pick(views, question, "terrain"), "layer_id", "-"
    )
    assert asked(solid(70.0), road, solid(60.0)) == "solid 60"
    assert asked(cellar, road, lake) == "road"
    assert asked(cellar, Answer(None, True), lake) == "lake"
    assert asked(cellar) == "terrain"
    sky = Aim(0, 0, SIZE, Viewpoint(0, 0, 100), ray)
    assert pick([Answer(None, False)], sky, "terrain") is None

"""Polygons cut into blocks cover what they covered."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from layers.kinds.terrain import Terrain
from layers.shapes import Shapes
from scene.blocks import in_blocks
from scene.drape import drape_polygons
from scene.surface import Surface

EAST, NORTH = 508_000.0, 3_378_000.0


@st.composite
def plots(draw: st.DrawFn) -> BaseGeometry:
    east, north = EAST + draw(st.floats(-900, 900)), NORTH + draw(st.floats(-900, 900))
    width, depth = draw(st.floats(5, 700)), draw(st.floats(5, 700))
    outer = shapely.affinity.rotate(
        shapely.box(east, north, east + width, north + depth), draw(st.floats(0, 90))
    )
    court = shapely.affinity.scale(outer, 0.5, 0.5)
    return outer.difference(court) if draw(st.booleans()) else outer


@given(st.lists(plots(), min_size=1, max_size=4), st.sampled_from([40.0, 100.0]))
@settings(max_examples=40, deadline=None)
def test_the_pieces_add_up_to_each_polygon(made: list[BaseGeometry], size: float) -> None:
    pieces, owner = in_blocks(Shapes.from_shapely(made), size)
    areas = np.bincount(owner, pieces.areas(), minlength=len(made))
    np.testing.assert_allclose(areas, shapely.area(made), rtol=1e-6)
    extent = pieces.bounds()
    assert ((extent[:, 2:] - extent[:, :2]) <= 1.5 * size + 1e-6).all()


def test_lines_and_points_give_no_pieces() -> None:
    pieces, owner = in_blocks(Shapes.from_shapely([shapely.Point(0, 0)]), 50.0)
    assert len(pieces) == len(owner) == 0


def test_a_polygon_laid_on_a_hill_keeps_its_area_and_lies_on_it() -> None:
    rows, columns = np.mgrid[0:65, 0:65]
    hill = 20.0 * np.exp(-((rows - 32) ** 2 + (columns - 32) ** 2) / 200.0)
    terrain = Terrain(hill.astype(np.float32), EAST, NORTH + 640.0, 10.0, 10.0)
    surface = Surface.of(terrain, 0.0, None)
    plot = shapely.box(EAST + 50, NORTH + 60, EAST + 590, NORTH + 600)
    draped = drape_polygons(Shapes.from_shapely([plot]), surface)
    a, b, c = (draped.points[draped.triangles[:, i], :2] for i in range(3))
    u, v = b - a, c - a
    area = (u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]).sum() / 2
    assert area == pytest.approx(plot.area, rel=1e-6)
    np.testing.assert_allclose(
        draped.points[:, 2], surface.height_at(draped.points[:, :2]), atol=1e-3
    )
    unique = np.unique(draped.points[:, :2].round(5), axis=0)
    assert len(unique) > 0.9 * len(draped.points), "neighbours share their corners"

"""The parts the city is drawn with: the bent sheet, the shapes, the joining of streets."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data_samples import frame, shapes, streets

SHAPES = {
    "slab": shapes.slab(3, 22.0, 13.0), "butterfly": shapes.butterfly(30.0, 20.0),
    "tee": shapes.tee(30.0, 22.0), "cross": shapes.cross(40.0, 40.0),
    "notched": shapes.notched(30.0, 30.0), "chamfered": shapes.chamfered(40.0, 36.0),
    "ell": shapes.ell(40.0, 30.0, 12.0), "you": shapes.you(50.0, 30.0, 12.0),
    "comb": shapes.comb(60.0, 70.0, 11.0, 3), "court": shapes.court(50.0, 40.0, 12.0),
    "ellipse": shapes.ellipse(40.0, 20.0), "superellipse": shapes.superellipse(40.0, 40.0),
    "ring": shapes.ring(176.0, 148.0, 27.0), "arc": shapes.arc(90.0, 20.0, 50.0),
    "leaf": shapes.leaf(50.0, 24.0), "regular": shapes.regular(8, 12.0),
    "track": shapes.track(90.0, 170.0),
}  # fmt: skip


@given(
    st.floats(50.0, 2950.0),
    st.one_of(st.floats(2.0, 1350.0), st.floats(-850.0, -2.0)),
)
@settings(max_examples=60, deadline=None)
def test_unbending_undoes_bending(s: float, t: float) -> None:
    np.testing.assert_allclose(frame.unbend(frame.bend([(s, t)])), [(s, t)], atol=0.05)


@given(st.floats(0.0, 3000.0))
@settings(max_examples=40, deadline=None)
def test_the_river_is_150_to_250_metres_wide(x: float) -> None:
    assert 150.0 <= 2 * frame.river_half_width(x) <= 250.0


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_shapes_are_valid_and_about_their_middle(name: str) -> None:
    shape = SHAPES[name]
    assert shape.is_valid
    assert shape.geom_type == "Polygon"
    west, south, east, north = shape.bounds
    assert abs(west + east) < 1e-6
    assert abs(south + north) < 0.7 * (north - south)


def test_putting_a_shape_keeps_its_area() -> None:
    placed = shapes.put(SHAPES["ell"], 500.0, 700.0, 33.0)
    assert placed.area == pytest.approx(SHAPES["ell"].area)
    assert placed.centroid.distance(shapely.Point(500.0, 700.0)) < 15.0


def test_joined_lines_lose_their_stubs_and_share_end_points() -> None:
    lines = [
        shapely.LineString([(100.0, 500.0), (900.0, 500.0)]),
        shapely.LineString([(500.0, 490.0), (500.0, 900.0)]),
        shapely.LineString([(900.0, 488.0), (900.0, 900.0)]),
        shapely.LineString([(490.0, 900.0), (910.0, 900.0)]),
    ]
    pieces = streets.node(lines, range(4), stub=45.0)
    assert sorted(owner for _, owner in pieces) == [0, 0, 1, 2, 3]
    assert min(line.length for line, _ in pieces) > 390.0


def test_a_marker_cuts_but_does_not_remain() -> None:
    line = shapely.LineString([(100.0, 100.0), (300.0, 100.0)])
    mark = shapely.LineString([(200.0, 95.0), (200.0, 105.0)])
    pieces = streets.node([line, mark], [7, -1], stub=1.0)
    assert [(round(piece.length), owner) for piece, owner in pieces] == [(100, 7), (100, 7)]

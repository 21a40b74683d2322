"""Cuts as people write them."""

from __future__ import annotations

import pytest
import shapely

from app.cutting import cut_of, parse_cut
from layers.errors import CityError
from layers.project import Project


def test_each_kind_of_cut_is_understood() -> None:
    box = parse_cut("box 100,200 40x20 low=5 high=9 keep")
    assert shapely.Polygon(box.ring).bounds == pytest.approx((80, 190, 120, 210))
    assert (box.low, box.high, box.keep) == (5.0, 9.0, "inside")
    east = shapely.Polygon(parse_cut("plane 100,200 heading=90").ring)
    assert east.contains(shapely.Point(150, 250))
    assert not east.contains(shapely.Point(50, 200))
    assert parse_cut("level 0,0 low=40").low == 40.0
    assert parse_cut("polygon 0,0 9,0 9,9 low=-3").ring == ((0, 0), (9, 0), (9, 9))


@pytest.mark.parametrize(
    "text", ["", "ball 1,2", "plane", "level 1,2", "box 1,2", "polygon 1,2 3,4", "box 1,2 9x9 blue"]
)
def test_nonsense_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(CityError) as caught:
        parse_cut(text or " x")
    assert caught.value.code == "cut.text"
    assert "plane X,Y" in caught.value.hint


def test_two_clicks_take_away_the_side_of_the_eye() -> None:
    cut = cut_of(Project(), [(0.0, 0.0), (100.0, 0.0)], (50.0, -300.0))
    gone = shapely.Polygon(cut.ring)
    assert gone.contains(shapely.Point(50, -10))
    assert not gone.contains(shapely.Point(50, 10))
    pit = cut_of(Project(), [(0.0, 0.0), (9.0, 0.0), (9.0, 9.0)], (0.0, 0.0))
    assert (pit.low, pit.keep) == (-15.0, "outside")

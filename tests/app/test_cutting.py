"""Cuts as people write them."""

from __future__ import annotations

import math
from typing import Literal

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from app.cutting import cut_of, cut_text, parse_cut
from layers.cut import Cut
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


@pytest.mark.parametrize("text", [
    "plane 508000.000,3378000.000 heading=90.000 keep",
    "plane 508000.000,3378000.000,20.000 heading=300.000 lean=-30.000",
    "level 508000.000,3378000.000 low=40.000",
    "box 508000.000,3378000.000 200.000x100.000 heading=20.000 low=9.000 high=90.000 keep",
    "polygon 0.000,0.000 90.000,0.000 90.000,50.000 low=3.000",
])  # fmt: skip
def test_a_cut_is_written_as_it_is_read(text: str) -> None:
    assert cut_text(parse_cut(text)) == text


@given(st.floats(-720, 720), st.floats(1, 2000), st.floats(1, 2000), st.booleans())
def test_a_box_tells_what_it_was_made_of(
    heading: float, width: float, depth: float, keep: bool
) -> None:
    turn = math.radians(heading)
    side: Literal["inside", "outside"] = "inside" if keep else "outside"
    form = Cut.box((508_000.0, 3_378_000.0), (width, depth), turn, keep=side).form
    assert form.kind == "box"
    assert form.place == pytest.approx((508_000.0, 3_378_000.0), abs=1e-6)
    assert form.size == pytest.approx((width, depth), abs=1e-6)
    assert math.cos(form.heading - turn) == pytest.approx(1.0)


def test_a_slanted_outline_is_no_box() -> None:
    assert Cut(((0.0, 0.0), (9.0, 0.0), (12.0, 5.0), (3.0, 5.0))).form.kind == "outline"
    assert Cut(((0.0, 0.0), (0.0, 5.0), (9.0, 5.0), (9.0, 0.0))).form.kind == "outline"


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

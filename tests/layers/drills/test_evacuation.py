"""Evacuation: nobody is lost, no shelter is too full, more shelters never take longer."""

from __future__ import annotations

import itertools

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.drills.evacuation import Assignment, assign, curve, loads
from layers.errors import CityError
from layers.kinds.base import Features
from layers.routing.streets_net import StreetNet
from layers.routing.ways import Router, Traveller
from layers.shapes import Floats, Ints, Shapes

whole = st.integers(0, 30)


@st.composite
def towns(draw: st.DrawFn) -> tuple[Ints, Ints, Floats]:
    """People of buildings, room of shelters, seconds; some ways are missing."""
    n, s = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    people = np.array(draw(st.lists(whole, min_size=n, max_size=n)))
    room = np.array(draw(st.lists(whole, min_size=s, max_size=s)))
    seconds = np.array(
        draw(st.lists(st.integers(1, 900) | st.just(np.inf), min_size=n * s, max_size=n * s)),
        dtype=float,
    )
    return people, room, seconds.reshape(n, s)


def sound(found: Assignment, people: Ints, room: Ints, seconds: Floats) -> None:
    gone = np.bincount(found.origin, found.people, minlength=len(people))
    np.testing.assert_array_equal(gone + found.left, people)
    assert (np.bincount(found.goal, found.people, minlength=len(room)) <= room).all()
    assert (found.left >= 0).all()
    assert (found.people > 0).all()
    np.testing.assert_array_equal(found.seconds, seconds[found.origin, found.goal])
    assert np.isfinite(found.seconds).all()


@settings(max_examples=60, deadline=None)
@given(towns())
def test_nobody_is_lost_and_no_shelter_is_too_full(town: tuple[Ints, Ints, Floats]) -> None:
    people, room, seconds = town
    found = assign(people, room, seconds)
    sound(found, people, room, seconds)
    # Who is left could not be taken by any shelter that has room: all that they reach are full.
    filled = np.bincount(found.goal, found.people, minlength=len(room))
    for origin in np.flatnonzero(found.left):
        reached = np.isfinite(seconds[origin])
        assert (filled[reached] == room[reached]).all()


@settings(max_examples=60, deadline=None)
@given(towns(), st.integers(0, 3))
def test_more_shelters_never_take_longer(town: tuple[Ints, Ints, Floats], gone: int) -> None:
    people, room, seconds = town
    fewer = np.delete(np.arange(len(room)), gone % len(room))
    one = assign(people, room[fewer], seconds[:, fewer])
    more = assign(people, room, seconds)
    assert more.left.sum() <= one.left.sum()
    assert more.clearance <= one.clearance
    wider = assign(people, room + 5, seconds)
    assert wider.left.sum() <= more.left.sum()
    assert wider.clearance <= more.clearance


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=9, max_size=9))
def test_the_answer_is_the_best_there_is(raw: list[int]) -> None:
    seconds = np.array(raw, dtype=float).reshape(3, 3)
    found = assign([1, 1, 1], [1, 1, 1], seconds)
    ways = [[seconds[i, p[i]] for i in range(3)] for p in itertools.permutations(range(3))]
    best = min((max(way), sum(way)) for way in ways)
    assert (found.clearance, found.seconds.sum()) == best


@settings(max_examples=30, deadline=None)
@given(towns(), st.floats(0.0, 900.0))
def test_the_curve_rises_to_all_who_have_a_place(
    town: tuple[Ints, Ints, Floats], spread: float
) -> None:
    people, room, seconds = town
    found = assign(people, room, seconds)
    there = curve(found, spread, np.arange(0.0, 2000.0, 50.0))
    assert (np.diff(there) >= -1e-6).all()
    assert there[-1] == pytest.approx(found.people.sum())


def test_too_many_pairs_are_refused_with_a_way_out() -> None:
    with pytest.raises(CityError, match="too many") as wrong:
        assign(np.ones(3000), np.ones(1000), np.ones((3000, 1000)))
    assert wrong.value.code == "evacuation.too_many"


def test_streets_carry_everybody_who_walks_through_them() -> None:
    lines = [
        [(0, 0), (100, 0)], [(100, 0), (200, 0)], [(200, 0), (300, 0)], [(100, 0), (100, 100)],
    ]  # fmt: skip
    roads = Features.of(
        Shapes.from_shapely([shapely.LineString(line) for line in lines]),
        pa.table({"carriageway_m": [4.0, 4.0, 4.0, 4.0], "highway": ["path"] * 4}),
    )
    net = StreetNet.of([roads])
    router = Router.of(net, Traveller("foot", 3.6))
    homes = [(10.0, 0.0), (100.0, 90.0), (290.0, 0.0)]
    shelter = [(250.0, 0.0)]
    seconds = router.matrix(homes, shelter)
    found = assign([10, 20, 5], [100], seconds)
    np.testing.assert_allclose(np.sort(found.seconds), (40.0, 240.0, 240.0), atol=0.1)
    passing = loads(router, [roads], homes, shelter, found, 0.0)
    by_middle = {
        tuple(net.piece(int(piece)).mean(axis=0)): int(count)
        for piece, count in zip(passing.piece, passing.people, strict=True)
    }
    assert by_middle == {(50, 0): 10, (100, 50): 20, (150, 0): 30, (250, 0): 35}
    np.testing.assert_allclose(passing.width, 4.0)
    # Both groups of thirty pass at the same moment: a minute is the shortest time that counts.
    assert passing.flow.max() == pytest.approx(30 / 4.0 * 60.0)

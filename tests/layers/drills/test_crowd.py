"""People leave a place: all of them, alike each time, later through a narrow exit."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from layers.analyses import running
from layers.drills.crowd import QUICKEST, exit_at, walk
from layers.errors import CityError
from tests.layers.planning.blocks import EAST, NORTH, town

SQUARE = shapely.box(EAST, NORTH, EAST + 30.0, NORTH + 20.0)
RING = tuple(shapely.get_coordinates(SQUARE)[:-1].tolist())


def test_all_leave_and_nobody_is_quicker_than_a_runner() -> None:
    gate = exit_at(SQUARE, (EAST + 31.0, NORTH + 10.0), 4.0)
    found = walk(SQUARE, [gate], 60)
    assert np.isfinite(found.clearance)
    assert (np.diff(found.left_s[np.argsort(found.left_s)]) >= 0.0).all()
    steps = np.linalg.norm(np.diff(found.places, axis=0), axis=2)
    assert np.nanmax(steps) <= QUICKEST + 0.05  # metres in a second
    assert len(found.at(0.0)[0]) == 60
    assert len(found.at(found.clearance + 1.0)[0]) == 0
    inside = [len(found.at(float(second))[0]) for second in found.seconds]
    assert inside == sorted(inside, reverse=True)


def test_people_look_along_their_way_and_know_how_far_they_walked() -> None:
    gate = exit_at(SQUARE, (EAST + 31.0, NORTH + 10.0), 2.0)
    found = walk(SQUARE, [gate], 60)
    before: dict[int, float] = {}
    for second in np.arange(0.0, found.clearance, 0.5):
        here, turn, who, gone = found.at(float(second))
        there = {int(person): place for person, place in zip(who, here, strict=True)}
        then, _, later, _ = found.at(float(second) + 0.5)
        walks = np.isfinite(gone)
        for person, place in zip(later, then, strict=True):
            row = int(np.searchsorted(who, person))
            way = place - there[int(person)]
            if np.hypot(*way) > 0.4:
                assert walks[row]
                ahead = np.array([np.sin(turn[row]), np.cos(turn[row])])
                assert way @ ahead > 0.5 * np.hypot(*way)  # nobody walks sideways or backwards
        for person, metres in zip(who[walks], gone[walks], strict=True):
            assert metres >= before.get(int(person), 0.0) - 1e-3
            before[int(person)] = float(metres)
    again = found.at(7.3)
    for one, other in zip(again, found.at(7.3), strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_same_question_gives_the_same_walk() -> None:
    gate = exit_at(SQUARE, (EAST, NORTH + 10.0), 3.0)
    one, other = (walk(SQUARE, [gate], 40, seed=3) for _ in range(2))
    np.testing.assert_array_equal(one.places, other.places)
    assert not np.array_equal(one.places[0], walk(SQUARE, [gate], 40, seed=4).places[0])


def test_a_narrow_exit_takes_longer_and_is_more_crowded() -> None:
    last = []
    for width in (1.0, 6.0):
        gate = exit_at(SQUARE, (EAST + 30.0, NORTH + 10.0), width)
        found = walk(SQUARE, [gate], 150)
        last.append((found.clearance, found.crowding()[1].max()))
    assert last[0][0] > last[1][0] + 20.0
    assert last[0][1] > last[1][1]


def test_people_walk_around_buildings_and_the_answer_says_who_left_where() -> None:
    project = town([(10.0, 5.0, 20.0, 15.0, 9.0)])
    params = {
        "area": RING, "points": ((EAST, NORTH + 10.0), (EAST + 30.0, NORTH + 10.0)), "people": 80,
        "listed": "exits",
    }  # fmt: skip
    found = running.run(project, "drill-crowd", params).outcome
    rows = found.table.to_pylist()
    assert sum(row["people_count"] for row in rows) == 80
    assert found.facts["crowd_inside_count"] == 0
    assert float(found.facts["crowd_land_m2"]) == pytest.approx(500.0, abs=5.0)
    curve = running.run(project, "drill-crowd", {**params, "listed": "curve"}).outcome.table
    left = curve.column("left_count").to_pylist()
    assert left == sorted(left)
    assert left[-1] == 80


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"area": ()}, "crowd.no_area"), ({"points": ()}, "crowd.no_exit"),
        ({"people": 5000}, "crowd.full"),
    ],
)  # fmt: skip
def test_what_cannot_be_walked_is_told(change: dict[str, object], code: str) -> None:
    params = {"area": RING, "points": ((EAST, NORTH + 10.0),), "people": 20, **change}
    with pytest.raises(CityError) as told:
        running.run(town([(100.0, 5.0, 120.0, 15.0, 9.0)]), "drill-crowd", params)
    assert told.value.code == code

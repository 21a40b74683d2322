"""Order, surroundings and all checks together: cases that anybody can compute."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.kinds.pipes import INVERT, PLANNED, TOP, Pipes
from layers.pipes.checking import CheckParams, Site, check_pipes
from layers.pipes.classes import SUBCLASS_KEYS
from layers.pipes.nearness import meetings
from layers.pipes.order import check_across, check_down
from layers.pipes.pavement import StreetLines
from layers.pipes.surroundings import Things, check_surroundings
from layers.pipes.together import together
from layers.rules.loader import built_in, rule_set
from layers.shapes import Floats
from tests.layers.pipes.made import EAST, NORTH, network

RULES = rule_set(built_in())
PLACE = (EAST, NORTH)
SEWAGE = SUBCLASS_KEYS.index("sewage")


def things(what: str, *shapes: shapely.Geometry) -> Things:
    moved = [shapely.transform(shape, lambda xy: np.add(xy, PLACE)) for shape in shapes]
    return Things(what, "around", np.arange(1, len(shapes) + 1), np.array(moved, dtype=object))


def ground(places: Floats) -> Floats:
    return np.full(len(places), 10.0)


def around(pipes: Pipes, *some: Things, **more: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = check_surroundings(pipes, RULES, some, **more).to_pylist()
    return found


def test_a_sewer_beside_a_house() -> None:
    """Middle 2.75 m from the wall, DN 500: 2.5 m of 2.5 m. At 2.55 m it misses 0.2 m."""
    house = things("building", shapely.box(0, 0, 10, 10))
    assert around(network([[(0, -2.75), (10, -2.75)]], ["drain"], [0.5]), house) == []
    (row,) = around(network([[(0, -2.55), (10, -2.55)]], ["drain"], [0.5]), house)
    assert row["required_m"] == 2.5
    assert row["actual_m"] == pytest.approx(2.3)
    assert row["shortfall_m"] == pytest.approx(0.2)
    assert (row["thing"], row["clause"], row["status"]) == ("building", "table 4.1.9", "warning")


def test_a_pipe_under_a_house_has_less_than_no_distance() -> None:
    (row,) = around(network([[(-5, 5), (15, 5)]], ["water"], [0.2]),
                    things("building", shapely.box(0, 0, 10, 10)))  # fmt: skip
    assert row["actual_m"] == pytest.approx(-0.1)


@pytest.mark.parametrize(
    ("line_class", "pressure", "required"),
    [("water", None, 1.5), ("gas", 0.3, 0.75), ("gas", 1.0, 1.2), ("power", None, 0.7)],
)
def test_trees_ask_for_more_of_some_pipes(
    line_class: str, pressure: float | None, required: float
) -> None:
    pipes = network([[(0, 0.5), (10, 0.5)]], [line_class], [0.2], attributes={
        "pressure_mpa": [pressure]})  # fmt: skip
    (row,) = around(pipes, things("tree", shapely.Point(5, 0)))
    assert row["required_m"] == required
    assert row["actual_m"] == pytest.approx(0.4)
    assert (row["east"], row["north"]) == pytest.approx((EAST + 5, NORTH + 0.5))


def test_below_a_railway_the_way_down_counts_and_beside_it_the_way_across() -> None:
    rail = things("railway", shapely.LineString([(0, 0), (0, 50)]))
    below = network([[(-9, 20), (9, 20)]], ["drain"], [0.4], [(9.0, 9.0)])  # top 9.2: 0.8 of 1.2
    (row,) = around(below, rail, ground_at=ground)
    assert (row["required_m"], row["rule"]) == (1.2, "pipes.clearance.vertical")
    assert row["actual_m"] == pytest.approx(0.8)
    beside = network([[(4, 0), (4, 50)]], ["drain"], [0.4], [(9.0, 9.0)])
    (row,) = around(beside, rail, ground_at=ground)
    assert row["actual_m"] == pytest.approx(3.8)
    assert row["required_m"] == 5.0


def test_what_lies_in_a_control_area_is_told_with_its_length() -> None:
    area = things("control-line", shapely.box(0, -5, 30, 5))
    (row,) = around(network([[(-10, 0), (50, 0)]], ["gas"], [0.2], [(8.0, 8.0)]), area)
    assert row["shortfall_m"] == pytest.approx(30)
    assert (row["status"], row["rule"]) == ("warning", "pipes.control-line")


def test_sewers_lie_below_water_at_crossings() -> None:
    lines = [[(0, 0), (20, 0)], [(10, -9), (10, 9)]]
    right = network(lines, ["water", "drain"], [0.2, 0.4], [(9.0, 9.0), (7.0, 7.0)])
    wrong = network(lines, ["water", "drain"], [0.2, 0.4], [(6.0, 6.0), (7.0, 7.0)])
    assert check_down(right, RULES, meetings(right, right.runs, 0.0)).num_rows == 0
    (row,) = check_down(wrong, RULES, meetings(wrong, wrong.runs, 0.0)).to_pylist()
    assert (row["pipe"], row["other"]) == (2, 1)
    assert (row["actual"], row["required"]) == (8, 5)  # the sewer's place, above water's


def street(*shift: float) -> StreetLines:
    line = shapely.LineString([(EAST, NORTH), (EAST + 100, NORTH)])
    return StreetLines(
        np.array([line], dtype=object), np.array([14.0]), np.array([20.0]),
        np.array(["Street"], dtype=object),
    )  # fmt: skip


def test_power_lies_outside_of_gas_on_each_side_of_a_street() -> None:
    lines = [[(0, 8), (100, 8)], [(0, 5), (100, 5)], [(0, -8), (100, -8)], [(0, -5), (100, -5)]]
    pipes = network(lines, ["power", "gas", "gas", "power"], [0.2] * 4, [(9.0, 9.0)] * 4)
    (row,) = check_across(pipes, RULES, street()).to_pylist()
    assert (row["pipe"], row["other"], row["count"]) == (3, 4, 4)
    assert (row["actual"], row["required"]) == (4, 1)


def test_pipes_that_cross_a_street_have_no_place_in_its_order() -> None:
    pipes = network([[(50, -20), (50, 20)], [(0, 5), (100, 5)]], ["gas", "power"], [0.2] * 2,
                    [(9.0, 9.0)] * 2)  # fmt: skip
    assert check_across(pipes, RULES, street()).num_rows == 0


def crossing() -> tuple[Pipes, Pipes]:
    """A sewer with its invert at 8.0 (top 8.5), and a planned gas pipe 0.1 m above."""
    sewer = network([[(0, 0), (40, 0)]], ["drain"], [0.5], [(8.0, 7.8)], level_of=INVERT,
                    subclass=SEWAGE, attributes={"number": ["WS1"]})  # fmt: skip
    gas = network([[(0.0, -10), (0.0001, 10)]], ["gas"], [0.2], [(8.8, 8.8)], level_of=TOP,
                  status=PLANNED,
                  attributes={"number": ["RQ1"], "pressure_mpa": [0.1]})  # fmt: skip
    return sewer, gas


def test_layers_are_held_against_each_other_and_named_as_they_are() -> None:
    table = check_pipes(together(crossing()), ["sewers", "gas"], RULES,
                        params=CheckParams(("crossing",), survey_error=False))  # fmt: skip
    (row,) = table.to_pylist()
    assert (row["layer"], row["object"], row["number"], row["class"]) == (
        "sewers", 1, "WS1", "sewage")  # fmt: skip
    assert (row["other_layer"], row["other"], row["other_number"]) == ("gas", 1, "RQ1")
    assert row["actual"] == pytest.approx(0.1, abs=1e-5)
    assert row["shortfall"] == pytest.approx(0.05, abs=1e-5)
    assert (row["required"], row["unit"], row["check"]) == (0.15, "m", "crossing")


def test_only_planned_pipes_can_be_asked_about() -> None:
    sewer, gas = crossing()
    old = network([[(10, -9), (10, 9)]], ["water"], [0.2], [(8.6, 8.6)])
    whole = together([sewer, gas, old])
    planned = whole.pipes.status == PLANNED
    params = CheckParams(("crossing",), survey_error=False)
    every = check_pipes(whole, ["s", "g", "w"], RULES, params=params)
    some = check_pipes(whole, ["s", "g", "w"], RULES, params=params, of=planned)
    assert every.num_rows == 2
    assert [(row["layer"], row["other_layer"]) for row in some.to_pylist()] == [("g", "s")]


def test_every_check_has_its_rows_in_one_table() -> None:
    sewer, gas = crossing()
    site = Site(ground, None, street(), [things("building", shapely.box(1, 0.5, 9, 9))])
    table = check_pipes(together([sewer, gas]), ["s", "g"], RULES, site)
    found = set(table.column("check").to_pylist())
    assert {"crossing", "building", "order-down"} & found == {"crossing", "building"}
    assert table.schema.names[0] == "check"
    assert all(row["clause"] or row["unit"] != "m" for row in table.to_pylist())


def test_cover_is_certain_possible_or_above_the_ground() -> None:
    """Ground at 10, 0.7 m of cover asked for, DN 200: tops at 9.9, 9.35 and 12.0."""
    pipes = network(
        [[(0, y), (20, y)] for y in (0, 50, 100)], ["water"] * 3, [0.2] * 3,
        [(9.8, 9.8), (9.25, 9.25), (11.9, 11.9)],
    )  # fmt: skip
    table = check_pipes(together([pipes]), ["w"], RULES, Site(ground), CheckParams(("cover",)))
    found = [(row["object"], row["certainty"], row["note"]) for row in table.to_pylist()]
    assert found == [
        (1, "certain", "carriageway"),
        (3, "certain", "above-ground"),  # behind what is buried, however much it misses
        (2, "possible", "carriageway"),
    ]


def test_nothing_to_check_gives_an_empty_table() -> None:
    lone = network([[(0, 0), (10, 0)]], ["water"], [0.2], [(8.0, 8.0)])
    table = check_pipes(together([lone]), ["w"], RULES, params=CheckParams(("beside", "order")))
    assert table.num_rows == 0


@given(st.floats(-1e5, 1e5), st.floats(-1e5, 1e5), st.booleans())
@settings(max_examples=15, deadline=None)
def test_moving_everything_and_turning_the_layers_around_changes_no_clearance(
    east: float, north: float, swap: bool
) -> None:
    from dataclasses import replace

    east, north = round(east, 2), round(north, 2)
    parts = [replace(part, shapes=part.shapes.moved(east, north)) for part in crossing()]
    if swap:
        parts.reverse()
    names = ["b", "a"] if swap else ["a", "b"]
    params = CheckParams(("crossing",), survey_error=False)
    (row,) = check_pipes(together(parts), names, RULES, params=params).to_pylist()
    assert row["shortfall"] == pytest.approx(0.05, abs=1e-6)
    assert {row["layer"], row["other_layer"]} == {"a", "b"}


def test_a_pipe_that_ends_at_a_house_serves_it() -> None:
    house = things("building", shapely.box(0, 0, 10, 10))
    assert around(network([[(5, -20), (5, -0.5)]], ["water"], [0.1]), house) == []


def test_an_area_kept_for_cables_may_hold_cables() -> None:
    area = things("control-line", shapely.box(0, -5, 30, 5))
    kept = Things(area.what, area.layer, area.ids, area.shapes, {"serves": "power"})
    lines = [[(-10, 0), (50, 0)], [(-10, 2), (50, 2)]]
    pipes = network(lines, ["power", "gas"], [0.2] * 2, [(8.0, 8.0)] * 2)
    assert [row["pipe"] for row in around(pipes, kept)] == [2]


def test_pipes_on_the_racks_of_a_tunnel_are_no_conflict() -> None:
    lines = [[(0.0, y), (50.0, y)] for y in (0.0, 0.4, 0.2)]
    pipes = network(
        lines, ["water", "power", "other"], [0.3, 0.1, 3.0], [(8.0, 8.0)] * 3,
        subclass=[0, 0, SUBCLASS_KEYS.index("tunnel")],
        attributes={"number": ["JS1", "DL1", "ZH1"], "tunnel": ["ZH1", "ZH1", None]},
    )  # fmt: skip
    table = check_pipes(together([pipes]), ["p"], RULES, Site(ground))
    assert table.num_rows == 0


def test_trees_beside_a_pipe_are_one_finding_behind_all_others() -> None:
    pipes = network([[(0, 0.5), (60, 0.5)], [(0, 90), (60, 90)]], ["water", "water"], [0.2, 0.2])
    points = [shapely.Point(x, y) for x, y in ((5, 0), (15, 0.2), (25, 0), (5, 90.4), (9, 91.2))]
    site = Site(things=[things("tree", *points), things("building", shapely.box(20, -9, 30, 0))])
    params = CheckParams(("surroundings",))
    table = check_pipes(together([pipes]), ["w"], RULES, site, params).to_pylist()
    rows = [(row["check"], row["object"], row["other"], row["more"]) for row in table]
    assert rows == [("building", 1, 1, None), ("tree", 1, 2, 2), ("tree", 2, 4, 1)]
    alone = Site(things=[things("tree", points[0])])
    (row,) = check_pipes(together([pipes]), ["w"], RULES, alone, params).to_pylist()
    assert row["more"] is None

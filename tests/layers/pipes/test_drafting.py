"""Planned pipes: levels, nodes, layers, live checks, and who gives way at what cost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import CityError
from layers.kinds.pipes import INVERT, PLANNED, ROLES, TOP, Pipes
from layers.pipes.checking import CheckParams, Site, check_pipes
from layers.pipes.conflicts import with_costs
from layers.pipes.drafting import Design, appended, design_levels, draft, node_at
from layers.pipes.live import LiveCheck, PipeSnap
from layers.pipes.surroundings import Things
from layers.pipes.together import together
from layers.rules.loader import built_in, rule_set
from layers.shapes import Floats
from tests.layers.pipes.made import EAST, NORTH, network

RULES = rule_set(built_in())


def ground(places: Floats) -> Floats:
    """Give a slope of 1 m in 100 m to the east, 10 m high at the origin."""
    return np.asarray(10.0 + (np.asarray(places)[:, 0] - EAST) / 100.0)


def at(*points: tuple[float, float]) -> Floats:
    return np.array([(EAST + x, NORTH + y) for x, y in points])


def test_a_pipe_with_constant_cover_follows_the_ground() -> None:
    levels = design_levels(at((0, 0), (100, 0)), Design("water", width=0.3, cover=1.0), ground)
    assert levels.tolist() == pytest.approx([9.0, 10.0])


def test_a_sewer_falls_evenly_from_its_cover_at_the_start() -> None:
    """Cover 1.2 m, DN 500 with walls of 50 mm: invert 10 - 1.2 - 0.05 - 0.5 = 8.25 m."""
    design = Design("drain", "sewage", 0.5, wall=0.05, way="slope", cover=1.2, slope_permille=4.0)
    levels = design_levels(at((0, 0), (30, 40), (30, 90)), design, ground)
    assert levels.tolist() == pytest.approx([8.25, 8.05, 7.85])
    made = draft(at((0, 0), (30, 40)), design, ground)
    assert (made.level_of[0], made.status[0]) == (INVERT, PLANNED)


def test_a_level_that_is_told_goes_before_the_cover() -> None:
    design = Design("drain", width=0.4, way="slope", level=7.5, slope_permille=2.0)
    assert design_levels(at((0, 0), (50, 0)), design, ground).tolist() == pytest.approx([7.5, 7.4])


def test_every_point_of_a_drain_gets_a_manhole_from_ground_to_invert() -> None:
    made = draft(at((0, 0), (40, 0), (40, 30)), Design("drain", width=0.5), ground, first_id=7)
    assert made.ids.tolist() == [7, 8, 9, 10, 11]
    assert [ROLES[code] for code in made.role] == ["run", "run", "manhole", "manhole", "manhole"]
    assert made.start_node[:2].tolist() == [9, 10]
    assert made.end_node[:2].tolist() == [10, 11]
    assert made.start_level[2] == pytest.approx(10.0)
    assert made.end_level[2] == pytest.approx(made.start_level[0])


def test_points_on_nodes_that_are_there_join_them() -> None:
    there = draft(at((0, 0), (40, 0)), Design("gas", width=0.2), ground)
    place = (EAST + 40.0, NORTH)
    joint = node_at(there, place)
    more = draft(at((40, 0), (40, 50)), Design("gas", width=0.2), ground, first_id=20,
                 nodes=[joint, 0])  # fmt: skip
    whole = appended(there, more)
    assert whole.start_node[whole.index_of([20])[0]] == joint
    assert len(whole) == 3 + 2
    assert node_at(there, (EAST + 44.0, NORTH)) == 0


def test_appending_keeps_the_attributes_of_both() -> None:
    old = network([[(0, 0), (9, 0)]], ["water"], [0.2], attributes={"owner": ["Works"]})
    new = draft(at((0, 5), (9, 5)), Design(facts={"number": "P1"}), ground, first_id=50)
    whole = appended(old, new)
    assert whole.column("owner").to_pylist() == ["Works", None, None, None]
    assert whole.column("number").to_pylist() == [None, "P1", "P1-N1", "P1-N2"]


@pytest.mark.parametrize(
    ("design", "code"),
    [({"line_class": "wine"}, "pipes.draft_class"), ({"width": 0.0}, "pipes.draft_size"),
     ({"line_class": "gas", "subclass": "sewage"}, "pipes.draft_class")],
)  # fmt: skip
def test_impossible_pipes_are_refused(design: dict[str, Any], code: str) -> None:
    with pytest.raises(CityError) as error:
        Design(**design)
    assert error.value.code == code


def test_two_clicks_at_one_place_are_no_pipe() -> None:
    with pytest.raises(CityError) as error:
        draft(at((0, 0), (0.01, 0)), Design(), ground)
    assert error.value.code == "pipes.draft_line"


def there() -> Pipes:
    """A sewer across at x = 20, invert 8.0 (top 8.5), and a far gas pipe."""
    return network(
        [[(20, -30), (20, 30)], [(500, 0), (600, 0)]], ["drain", "gas"], [0.5, 0.2],
        [(8.0, 8.0), (9.0, 9.0)], level_of=[INVERT, TOP], attributes={"number": ["WS1", "RQ1"]},
    )  # fmt: skip


def test_a_draft_is_checked_against_what_lies_around_it_alone() -> None:
    """A water pipe at a cover of 1.3 m: at x = 20 its top is at 8.9, its bottom at 8.7: 0.2 m."""
    live = LiveCheck([("old", there())], RULES, Site(ground))
    made = draft(at((0, 0), (40, 0)), Design("water", width=0.2, cover=1.3), ground)
    rows = live.findings(made).to_pylist()
    (row,) = [row for row in rows if row["check"] == "crossing"]
    assert row["actual"] == pytest.approx(0.2)
    assert (row["required"], row["certainty"]) == (0.4, "possible")
    assert (row["layer"], row["other_layer"], row["other_number"]) == ("", "old", "WS1")


def test_a_draft_is_checked_against_houses_and_trees() -> None:
    house = shapely.transform(shapely.box(0, 0.5, 40, 9), lambda xy: np.add(xy, (EAST, NORTH)))
    some = [Things("building", "b", np.array([3]), np.array([house], dtype=object))]
    live = LiveCheck([("old", there())], RULES, Site(ground, things=some))
    rows = live.findings(draft(at((2, 0), (38, 0)), Design(width=0.2), ground)).to_pylist()
    (row,) = [row for row in rows if row["check"] == "building"]
    assert row["actual"] == pytest.approx(0.4)


def test_pointing_beside_a_pipe_means_its_node_first_then_the_pipe() -> None:
    made = draft(at((0, 0), (40, 0)), Design(), ground)
    snap = PipeSnap([made])
    assert snap.snap(EAST + 39.5, NORTH + 0.4, 1.0) == (EAST + 40.0, NORTH)
    assert snap.snap(EAST + 20.0, NORTH + 0.4, 1.0) == pytest.approx((EAST + 20.0, NORTH))
    assert snap.snap(EAST + 20.0, NORTH + 4.0, 1.0) is None


def costs(old: Pipes, new: Pipes) -> list[dict[str, Any]]:
    whole = together([old, new])
    found = check_pipes(whole, ["old", "new"], RULES,
                        params=CheckParams(("crossing",), survey_error=False),
                        of=whole.pipes.status == PLANNED)  # fmt: skip
    rows: list[dict[str, Any]] = with_costs(found, whole, ["old", "new"], RULES).to_pylist()
    return rows


def test_what_is_planned_gives_way_and_costs_nothing() -> None:
    old = network([[(20, -30), (20, 30)]], ["water"], [0.3], [(8.8, 8.8)])
    new = network([[(0, 0), (40, 0)]], ["gas"], [0.2], [(8.9, 8.9)], status=PLANNED)
    (row,) = costs(old, new)
    assert (row["severity"], row["yields"], row["why"]) == ("collision", "object", "planned")
    assert row["cost"] == 0.0


def test_a_planned_sewer_makes_a_water_main_give_way_for_the_price_of_twenty_metres() -> None:
    """DN 300 is of middle size: 20 m at 1,800."""
    old = network([[(20, -30), (20, 30)]], ["water"], [0.3], [(8.8, 8.8)])
    new = network([[(0, 0), (40, 0)]], ["drain"], [0.5], [(8.9, 8.9)], status=PLANNED)
    (row,) = costs(old, new)
    assert (row["why"], row["moved_m"]) == ("gravity", 20.0)
    assert row["cost"] == pytest.approx(36_000)


def test_a_planned_pipe_that_joins_another_layers_pipe_is_no_conflict() -> None:
    old = network([[(0, 0), (40, 0)]], ["water"], [0.3], [(8.8, 8.8)], nodes=[(1, 2)])
    new = network([[(40, 0), (40, 30)]], ["water"], [0.2], [(8.8, 8.8)], nodes=[(1, 2)],
                  status=PLANNED)  # fmt: skip
    assert costs(old, new) == []


@given(st.floats(0.5, 5.0), st.floats(-20.0, 50.0), st.floats(5.0, 300.0))
@settings(max_examples=25)
def test_the_fall_is_the_slope_times_the_length(cover: float, slope: float, long: float) -> None:
    design = Design("drain", width=0.4, way="slope", cover=cover, slope_permille=slope)
    start, end = design_levels(at((0, 0), (0, long)), design, ground)
    assert start - end == pytest.approx(slope * long / 1000.0, abs=1e-9)

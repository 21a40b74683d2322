"""What digging meets, against distances anybody can compute."""

from __future__ import annotations

import math
from typing import Any

import pytest

from layers.analyses.pipe_digging import (
    AFFECTED,
    DIG,
    AffectedParams,
    PipeDigParams,
    dug_of,
    pit_cut,
)
from layers.cut import Cut
from layers.errors import CityError
from layers.kinds.pipes import ABANDONED, CENTRE, PLANNED, Pipes
from layers.pipes.excavation import (
    DigParams,
    by_owner,
    joined_to,
    met_by,
    offered,
    trench_of,
)
from layers.pipes.pits import dig_pit, dig_trench
from layers.progress import Silent
from layers.project import Project
from layers.rules import chosen
from layers.rules.rule import RuleSet
from tests.layers.pipes.made import EAST, NORTH, network
from tests.layers.pipes.streets import layer, sewer, street

RULES = chosen.rules(("excavation-hand",))


def box(west: float, south: float, east: float, north: float) -> list[tuple[float, float]]:
    places = [(west, south), (east, south), (east, north), (west, north)]
    return [(EAST + x, NORTH + y) for x, y in places]


def ground_with(*runs: tuple[str, float, float, float], **columns: Any) -> Project:
    """Level ground at 20 and runs along the east: class, north, level of the middle, width."""
    project = street()
    project.take_layer("pipes")
    pipes = network(
        [[(-50, y), (50, y)] for _, y, _, _ in runs], [kind for kind, *_ in runs],
        [width for *_, width in runs], [(z, z) for _, _, z, _ in runs],
        **columns,
    )  # fmt: skip
    project.insert_layer(layer("pipes", "pipes", pipes))
    return project


def rows_of(project: Project, ring: list[tuple[float, float]], depth: float, slope: float = 0.0,
            rules: RuleSet = RULES) -> dict[int, dict[str, object]]:  # fmt: skip
    dug = dig_pit(ring, project.ground_at, depth=depth, slope=slope)
    table = met_by(project, [project.layer("pipes")], dug, rules)
    return {row["object"]: row for row in table.to_pylist()}


def test_a_pipe_across_the_pit_is_hit_over_its_length_there() -> None:
    project = ground_with(("water", 0.0, 18.5, 0.3))
    row = rows_of(project, box(-6, -3, 6, 3), 3.0)[1]
    assert (row["what"], row["where"], row["status"]) == ("hit", "pit-floor", "fail")
    assert row["exposed_m"] == pytest.approx(12.0, abs=0.25)
    assert row["actual_m"] == 0.0


def test_distances_are_from_the_outside_of_the_pipe_to_floor_and_wall() -> None:
    project = ground_with(("water", 0.0, 16.0, 0.4), ("water", 4.0, 18.5, 0.4))
    rows = rows_of(project, box(-6, -3, 6, 3), 3.0)
    assert rows[1]["actual_m"] == pytest.approx(17.0 - 16.0 - 0.2)
    assert rows[1]["where"] == "pit-below"
    assert rows[2]["actual_m"] == pytest.approx(4.0 - 3.0 - 0.2)
    assert rows[2]["where"] == "pit-beside"


def test_the_distance_to_a_slope_is_square_to_it() -> None:
    project = ground_with(("water", 4.0, 17.5, 0.2))
    row = rows_of(project, box(-6, -3, 6, 3), 3.0, slope=1.0)[1]
    # The slope rises 1:1 from (3, 17); the middle lies 1 m beside and 0.5 m above its foot.
    assert row["actual_m"] == pytest.approx((1.0 - 0.5) / math.sqrt(2.0) - 0.1)


def test_a_pipe_that_only_the_slope_cuts_is_told_so() -> None:
    project = ground_with(("gas", 4.5, 19.0, 0.2))
    row = rows_of(project, box(-6, -3, 6, 3), 3.0, slope=1.0)[1]
    assert (row["what"], row["where"]) == ("hit", "pit-slope")


def test_within_the_distance_of_the_rules_it_is_dug_by_hand() -> None:
    project = ground_with(
        ("water", 3.0 + 0.1 + 0.45, 18.5, 0.2), ("gas", -3.0 - 0.1 - 0.9, 18.5, 0.2),
        ("water", 3.0 + 0.1 + 0.8, 18.0, 0.2),
    )  # fmt: skip
    rows = rows_of(project, box(-6, -3, 6, 3), 3.0)
    assert [(rows[k]["what"], rows[k]["required_m"]) for k in (1, 2, 3)] == [
        ("hand-dig", 0.5), ("hand-dig", 1.0), ("near", 0.5)
    ]  # fmt: skip
    assert rows[1]["shortfall_m"] == pytest.approx(0.05)
    assert {rows[k]["status"] for k in (1, 2)} == {"warning"}  # nobody verified the rule
    assert rows[3]["status"] == "none"


def test_an_abandoned_pipe_that_is_hit_only_warns() -> None:
    project = ground_with(("water", 0.0, 18.5, 0.3), status=[ABANDONED])
    assert rows_of(project, box(-6, -3, 6, 3), 3.0)[1]["status"] == "warning"


def test_a_planned_pipe_is_listed_and_not_hit() -> None:
    project = ground_with(("water", 0.0, 18.5, 0.2), status=[PLANNED])
    (row,) = rows_of(project, box(-2, -2, 2, 2), 2.0).values()
    assert (row["what"], row["state"], row["status"]) == ("near", "planned", "none")


def test_far_pipes_are_not_listed_and_near_means_what_is_asked() -> None:
    project = ground_with(("water", 8.0, 18.5, 0.2))
    assert rows_of(project, box(-6, -3, 6, 3), 3.0) == {}
    dug = dig_pit(box(-6, -3, 6, 3), project.ground_at, depth=3.0)
    table = met_by(project, [project.layer("pipes")], dug, RULES, DigParams(near=6.0))
    assert table.column("actual_m").to_pylist() == pytest.approx([4.9])


def test_moving_all_changes_nothing() -> None:
    here = rows_of(ground_with(("water", 4.0, 18.5, 0.4)), box(-6, -3, 6, 3), 2.0, 0.5)
    there = rows_of(ground_with(("water", 14.0, 18.5, 0.4)), box(-6, 7, 6, 13), 2.0, 0.5)
    assert here[1]["actual_m"] == pytest.approx(there[1]["actual_m"])


def test_owners_are_summed_with_their_contacts() -> None:
    table = {"owner": ["A", "A", "B"], "contact": ["1", "1", "2"]}
    project = ground_with(("water", 0.0, 18.5, 0.2), ("water", 1.0, 18.5, 0.2),
                          ("gas", 4.0, 18.5, 0.2), attributes=table)  # fmt: skip
    dug = dig_pit(box(-6, -3, 6, 3), project.ground_at, depth=3.0)
    found = by_owner(met_by(project, [project.layer("pipes")], dug, RULES))
    assert [(one["owner"], one["contact"], one["hits"], one["hand_digs"]) for one in found] == [
        ("A", "1", 2, 0), ("B", "2", 0, 1)
    ]  # fmt: skip


def test_the_trench_of_a_pipe_lies_below_it_with_room_to_work() -> None:
    project = ground_with(("water", 0.0, 18.5, 0.3))
    pipes = project.layer("pipes").data
    assert isinstance(pipes, Pipes)
    dug = trench_of(pipes, 1, project.ground_at)
    assert dug.bottom == pytest.approx(18.5 - 0.15 - 0.10)
    assert dug.floor.bounds[3] - dug.floor.bounds[1] == pytest.approx(0.3 + 2 * 0.4)
    assert dug.volume == pytest.approx(100.0 * 1.1 * 1.75)
    with pytest.raises(CityError):
        trench_of(pipes, 99, project.ground_at)


def test_the_trench_of_a_pipe_does_not_hit_what_the_pipe_is_joined_to() -> None:
    project = street()
    project.take_layer("pipes")
    project.insert_layer(layer("pipes", "sewer", sewer()))
    outcome = DIG.run(project, PipeDigParams(pipe=1, layer="sewer", slope=0.0), Silent())
    assert outcome.facts["hits_count"] == 0
    pipes = project.layer("sewer").data
    assert isinstance(pipes, Pipes)
    assert set(joined_to(pipes, 1)) == {1, 2, 4}


def test_a_place_beside_the_line_that_hits_nothing_is_offered_first() -> None:
    project = ground_with(("water", 0.0, 18.5, 0.3), ("gas", 0.4, 18.7, 0.2), level_of=CENTRE)
    own = project.layer("pipes")
    best, *others = offered(project, [own], own, 1, RULES)
    assert best["hits"] == 0
    assert best["aside_m"] == pytest.approx(-1.5)  # 0.3 + 1.25 - 0.55 is the 1 m that gas asks for
    at_line = next(row for row in others if row["aside_m"] == 0.0)
    assert at_line["hits"] == 1


def test_the_answer_fails_where_a_pipe_is_hit_and_opens_the_ground() -> None:
    project = ground_with(("water", 0.0, 18.5, 0.3))
    params = PipeDigParams(area=tuple(box(-6, -3, 6, 3)), depth=3.0, slope=0.5)
    outcome = DIG.run(project, params, Silent())
    assert outcome.status == "fail"
    assert outcome.facts["hits_count"] == 1
    assert outcome.facts["volume_m3"] == pytest.approx((12 + 1.5) * (6 + 1.5) * 3 + 0.25 * 9)
    assert [mark.name for mark in outcome.marks] == ["dig-edge", "dig-floor", "dig-met"]
    cut = pit_cut(dug_of(project, params))
    assert cut.pit
    assert Cut.from_json(cut.to_json()) == cut


def test_buildings_beside_a_deep_pit_are_counted() -> None:
    project = ground_with(("water", 40.0, 18.5, 0.3))
    near = DIG.run(project, PipeDigParams(area=tuple(box(-6, 8, 6, 14)), depth=3.0), Silent())
    far = DIG.run(project, PipeDigParams(area=tuple(box(-6, -8, 6, -2)), depth=3.0), Silent())
    assert (near.facts["buildings_count"], far.facts["buildings_count"]) == (1, 0)


def test_exactly_one_thing_is_dug_and_only_where_there_is_ground() -> None:
    with pytest.raises(CityError) as error:
        dug_of(street(), PipeDigParams())
    assert error.value.code == "dig.which"
    with pytest.raises(CityError) as error:
        dug_of(street(terrain=False), PipeDigParams(area=tuple(box(0, 0, 5, 5))))
    assert error.value.code == "dig.no_terrain"


def test_a_long_trench_still_makes_a_cut() -> None:
    project = street()
    bends = [(EAST - 80 + 4 * k, NORTH + (k % 2)) for k in range(36)]
    dug = dig_trench(bends, project.ground_at, width=1.0, depth=2.0, slope=0.3)
    assert 3 <= len(pit_cut(dug).ring) <= 60


def test_what_lies_in_a_widened_road_is_listed_with_its_share() -> None:
    project = street()
    params = AffectedParams(line=((EAST - 30, NORTH), (EAST + 30, NORTH)), width=36.0)
    outcome = AFFECTED.run(project, params, Silent())
    rows = {(row["what"], row["object"]): row for row in outcome.table.to_pylist()}
    assert rows["pipe", 1]["inside_m"] == pytest.approx(60.0)
    assert rows["pipe", 1]["share_percent"] == pytest.approx(30.0)
    assert rows["building", 1]["inside_m2"] == pytest.approx(40.0 * 2.0)
    assert ("roads", 1) in rows
    assert ("control-lines", 1) in rows
    assert outcome.facts["pipes_count"] == 4
    with pytest.raises(CityError) as error:
        AFFECTED.run(project, AffectedParams(), Silent())
    assert error.value.code == "affected.area"

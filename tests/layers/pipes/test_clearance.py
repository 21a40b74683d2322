"""Clearances that anybody can compute, and what must hold for all of them."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from layers.kinds.pipes import Pipes
from layers.pipes.clearance import ClearanceParams, check_clearances
from layers.pipes.nearness import meetings
from layers.rules.loader import built_in, rule_set
from layers.rules.rule import RuleSet
from tests.layers.pipes.made import network

RULES = rule_set(built_in())
ALL = ClearanceParams(survey_error=False, keep_clear=True)


Line = list[tuple[float, float]]


def rows(
    pipes: Pipes, params: ClearanceParams = ALL, rules: RuleSet = RULES
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = check_clearances(pipes, rules, params).to_pylist()
    return found


def test_two_parallel_pipes_are_as_far_apart_as_their_walls() -> None:
    """Sewer DN 500 and water DN 300, middles 1.6 m apart: 1.6 - 0.25 - 0.15 = 1.2 m of 1.5 m."""
    pipes = network([[(0, 0), (50, 0)], [(0, 1.6), (50, 1.6)]], ["drain", "water"], [0.5, 0.3])
    (row,) = rows(pipes)
    assert row["what"] == "beside"
    assert row["required_m"] == 1.5
    assert row["actual_m"] == pytest.approx(1.2)
    assert row["shortfall_m"] == pytest.approx(0.3)
    assert (row["status"], row["verified"], row["clause"]) == ("warning", False, "table 4.1.9")


def test_walls_count() -> None:
    pipes = network(
        [[(0, 0), (50, 0)], [(0, 1.6), (50, 1.6)]], ["drain", "water"], [0.5, 0.3], wall=0.05
    )
    assert rows(pipes)[0]["actual_m"] == pytest.approx(1.1)


def test_a_crossing_is_measured_from_bottom_to_top_at_the_level_there() -> None:
    """A sewer falls from 10 to 9 m; half way its middle is at 9.5, its top at 9.75.

    The water pipe above has its middle at 10.1 and its bottom at 10.0: 0.25 m of 0.40 m.
    """
    pipes = network(
        [[(0, 0), (40, 0)], [(20, -10), (20, 10)]],
        ["drain", "water"], [0.5, 0.2], [(10.0, 9.0), (10.1, 10.1)],
    )  # fmt: skip
    (row,) = rows(pipes)
    assert row["what"] == "crossing"
    assert row["required_m"] == 0.40
    assert row["actual_m"] == pytest.approx(0.25)
    assert (row["east"], row["north"]) == pytest.approx((500_020.0, 4_000_000.0))
    assert row["level"] == pytest.approx(9.8)


def test_levels_follow_the_length_along_bent_runs() -> None:
    bent = [(0, 0), (30, 0), (30, 10)]  # 40 m long; the crossing is at 15 m
    pipes = network(
        [bent, [(15, -5), (15, 5)]], ["drain", "gas"], [0.4, 0.1], [(8.0, 7.6), (9.0, 9.0)]
    )
    (row,) = rows(pipes)
    middle = 8.0 - 0.4 * 15.0 / 40.0
    assert row["actual_m"] == pytest.approx(9.0 - 0.05 - (middle + 0.2))


def test_tops_and_inverts_are_told_apart() -> None:
    """Invert 7.0 of DN 600: top 7.6. Top 8.5 of DN 200 water: bottom 8.3. Between: 0.7 m."""
    pipes = network(
        [[(0, 0), (40, 0)], [(20, -10), (20, 10)]], ["drain", "water"], [0.6, 0.2],
        [(7.0, 7.0), (8.5, 8.5)], level_of=[1, 0],
    )  # fmt: skip
    assert rows(pipes)[0]["actual_m"] == pytest.approx(0.7)


def test_a_missing_level_is_said_not_guessed() -> None:
    pipes = network(
        [[(0, 0), (40, 0)], [(20, -10), (20, 10)]], ["drain", "water"], [0.5, 0.2],
        [(10.0, 9.0), (np.nan, np.nan)],
    )  # fmt: skip
    (row,) = rows(pipes)
    assert (row["certainty"], row["status"]) == ("unknown", "none")


def test_runs_that_share_a_node_are_no_conflict() -> None:
    lines: list[Line] = [
        [(0, 0), (50, 0)],
        [(50, 0), (50, 40)],
        [(50.6, 0), (90, 0)],
        [(50, 0), (50.6, 0)],
    ]
    nodes = [(1, 2), (2, 3), (4, 5), (2, 4)]  # the last is a short piece between two fittings
    assert rows(network(lines, ["gas"] * 4, [0.1] * 4, nodes=nodes)) == []
    apart = network(lines[:3], ["gas"] * 3, [0.1] * 3, nodes=[(1, 2), (12, 3), (14, 5)])
    assert len(rows(apart)) >= 2


def test_the_rule_of_a_strong_power_line_is_stricter() -> None:
    lines: list[Line] = [[(0, 0), (50, 0)], [(0, 1.0), (50, 1.0)]]
    weak = network(lines, ["power", "telecom"], [0.1, 0.1])
    strong = network(
        lines, ["power", "telecom"], [0.1, 0.1], attributes={"voltage_kv": [110.0, None]}
    )
    assert rows(weak)[0]["required_m"] == 0.5
    assert rows(strong)[0]["required_m"] == 2.0


def test_an_unknown_gas_pressure_is_assumed_and_said() -> None:
    lines: list[Line] = [[(0, 0), (50, 0)], [(0, 1.0), (50, 1.0)]]
    told = network(lines, ["gas", "drain"], [0.1, 0.3], attributes={"pressure_mpa": [0.005, None]})
    assert (rows(told)[0]["required_m"], rows(told)[0]["assumed"]) == (1.0, "")
    untold = network(lines, ["gas", "drain"], [0.1, 0.3])
    assert (rows(untold)[0]["required_m"], rows(untold)[0]["assumed"]) == (1.2, "pressure")


def test_the_error_of_the_survey_separates_certain_from_possible() -> None:
    """At 2 m depth the plan error is 0.2 m each, 0.28 m together."""
    lines: list[Line] = [[(0, 0), (50, 0)], [(0, 1.4), (50, 1.4)]]
    found = {}
    for gap in (1.0, 1.6, 2.2):
        lines[1] = [(0, gap + 0.4), (50, gap + 0.4)]
        pipes = network(lines, ["drain", "water"], [0.5, 0.3], [(8.0, 8.0), (8.0, 8.0)])
        table = check_clearances(
            pipes, RULES, ClearanceParams(keep_clear=True), ground=np.full(2, 10.0)
        )
        found[gap] = table.column("certainty").to_pylist()
    assert found[1.0] == ["certain"]
    assert found[1.6] == ["possible"]
    assert found[2.2] in (["clear"], [])


coordinate = st.integers(-40, 40).map(lambda k: k / 4.0)
line = st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=4, unique=True)
some = st.lists(
    st.tuples(line, st.sampled_from(["water", "drain", "gas", "power", "telecom", "heat"])),
    min_size=2, max_size=8,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(some, st.randoms(use_true_random=False))
def test_the_order_of_the_pipes_and_a_move_change_nothing(
    made: list[tuple[Line, str]], random: Random
) -> None:
    def check(lines: list[tuple[Line, str]], shift: float) -> list[tuple[object, ...]]:
        pipes = network(
            [[(x + shift, y - 3 * shift) for x, y in points] for points, _ in lines],
            [kind for _, kind in lines], [0.2] * len(lines),
            [(5.0 + len(points), 6.0) for points, _ in lines],
        )  # fmt: skip
        return sorted(
            (r["what"], r["required_m"], round(r["actual_m"], 5), r["certainty"])
            for r in rows(pipes)
        )

    before = check(made, 0.0)
    turned = list(made)
    random.shuffle(turned)
    assert check(turned, 0.0) == before
    assert check(made, 256.0) == before


@settings(max_examples=30, deadline=None)
@given(some)
def test_meetings_are_those_that_shapely_finds(made: list[tuple[Line, str]]) -> None:
    pipes = network([points for points, _ in made], ["gas"] * len(made), [0.2] * len(made))
    met = meetings(pipes, pipes.runs, 1.0)
    geometry = pipes.shapes.to_shapely()
    found = {
        (int(a), int(b)): float(g) for a, b, g in zip(met.first, met.second, met.gap, strict=True)
    }
    ends = [{p[0], p[-1]} for p, _ in made]
    for a in range(len(made)):
        for b in range(a + 1, len(made)):
            distance = shapely.distance(geometry[a], geometry[b])
            if (a, b) in found:
                assert found[a, b] == pytest.approx(distance, abs=1e-6)
            elif not _joined(ends, geometry, a, b):
                assert distance > 1.2 - 1e-6


def _joined(
    ends: list[set[tuple[float, float]]], geometry: NDArray[np.object_], a: int, b: int
) -> bool:
    """Say whether two runs touch at their ends, be it over short runs between."""
    seen, waiting = set(ends[a]), set(ends[a])
    while waiting:
        spot = waiting.pop()
        for k, both in enumerate(ends):
            if geometry[k].length <= 2.0 and spot in both:
                waiting |= both - seen
                seen |= both
    return bool(seen & ends[b])


def test_a_pack_of_ones_own_counts() -> None:
    pipes = network([[(0, 0), (50, 0)], [(0, 1.6), (50, 1.6)]], ["drain", "water"], [0.5, 0.3])
    checked = RuleSet(tuple(replace(rule, verified=True) for rule in RULES.rules))
    assert rows(pipes, rules=checked)[0]["status"] == "fail"

"""Cover is counted from the ground to the outside of the pipe, at the worst place of each run."""

from __future__ import annotations

import numpy as np
import pytest

from layers.pipes.cover import CoverParams, check_cover, samples
from layers.rules.loader import built_in, rule_set
from layers.shapes import Floats
from tests.layers.pipes.made import EAST, NORTH, network

RULES = rule_set(built_in())


def flat(level: float) -> object:
    return lambda places: np.full(len(places), level)


def test_the_shallowest_place_of_a_run_counts() -> None:
    """Ground at 10; the middle rises from 8.5 to 9.3, DN 300: top at the end 9.45, cover 0.55."""
    pipes = network([[(0, 0), (60, 0)]], ["water"], [0.3], [(8.5, 9.3)])
    (row,) = check_cover(pipes, RULES, flat(10.0)).to_pylist()  # type: ignore[arg-type]
    assert row["required_m"] == 0.70
    assert row["actual_m"] == pytest.approx(0.55)
    assert (row["shortfall_m"], row["status"]) == (pytest.approx(0.15), "warning")
    assert row["east"] == pytest.approx(EAST + 60.0)
    assert row["assumed"] == "surface"


def test_a_dip_of_the_ground_between_the_ends_is_found() -> None:
    def ditch(places: Floats) -> Floats:
        return np.where(np.abs(places[:, 0] - EAST - 33.0) < 2.0, 9.0, 10.0)

    pipes = network([[(0, 0), (60, 0)]], ["water"], [0.2], [(8.3, 8.3)])
    assert check_cover(pipes, RULES, flat(10.0)).num_rows == 0  # type: ignore[arg-type]
    (row,) = check_cover(pipes, RULES, ditch, params=CoverParams(step=2.0)).to_pylist()
    assert row["actual_m"] == pytest.approx(0.6)
    assert abs(row["east"] - EAST - 33.0) < 2.0


def test_footways_ask_for_less_than_carriageways() -> None:
    pipes = network([[(0, 0), (60, 0)]], ["gas"], [0.2], [(9.1, 9.1)])

    def half(places: Floats) -> tuple[str, ...]:
        return tuple("footway" if x < EAST + 30 else "carriageway" for x in places[:, 0])

    (row,) = check_cover(pipes, RULES, flat(10.0), half).to_pylist()  # type: ignore[arg-type]
    assert (row["surface"], row["required_m"], row["assumed"]) == ("carriageway", 0.9, "")
    all_foot = check_cover(
        pipes, RULES, flat(10.0), lambda places: ("footway",) * len(places),  # type: ignore[arg-type]
        CoverParams(keep_deep=True),
    ).to_pylist()  # fmt: skip
    assert (all_foot[0]["required_m"], all_foot[0]["shortfall_m"]) == (0.6, 0.0)


def test_a_run_without_levels_is_listed_as_unknown() -> None:
    pipes = network([[(0, 0), (60, 0)]], ["water"], [0.3])
    (row,) = check_cover(pipes, RULES, flat(10.0)).to_pylist()  # type: ignore[arg-type]
    assert row["status"] == "none"


def test_places_are_no_further_apart_than_asked() -> None:
    pipes = network([[(0, 0), (13, 0), (13, 4)]], ["water"], [0.3], [(5.0, 5.0)])
    point = samples(pipes, pipes.runs, 5.0).point
    steps = np.hypot(*(point[1:] - point[:-1])[:, :2].T)
    assert steps.max() <= 5.0
    assert [EAST + 13.0, NORTH] in point[:, :2].tolist()

"""Drains fall, are wide enough, and have manholes close enough."""

from __future__ import annotations

import numpy as np
import pytest

from layers.kinds.pipes import INVERT
from layers.pipes.classes import SUBCLASS_KEYS
from layers.pipes.drains import check_drains, drain_runs, full_velocity
from layers.rules.loader import built_in, rule_set
from tests.layers.pipes.made import network

RULES = rule_set(built_in())


def test_a_flat_narrow_drain_with_far_manholes_is_told_three_times() -> None:
    pipes = network(
        [[(0, 0), (80, 0)], [(80, 0), (120, 0)]], ["drain", "drain"], [0.3, 0.2],
        [(5.0, 4.9), (4.9, 4.8)], level_of=INVERT, nodes=[(1, 2), (2, 3)],
        subclass=SUBCLASS_KEYS.index("sewage"), attributes={"material": ["混凝土", "PVC"]},
    )  # fmt: skip
    found = {(r["pipe"], r["rule"]): r for r in check_drains(pipes, RULES).to_pylist()}
    assert found.keys() == {
        (1, "drains.slope"), (1, "drains.manhole-spacing"),
        (2, "drains.diameter"), (2, "drains.slope"),
    }  # fmt: skip
    assert found[1, "drains.slope"]["actual"] == pytest.approx(0.1 / 80.0)
    assert found[1, "drains.slope"]["required"] == 0.003
    assert found[1, "drains.manhole-spacing"]["shortfall"] == pytest.approx(5.0)
    assert found[2, "drains.diameter"]["required"] == 300.0
    assert {row["status"] for row in found.values()} == {"warning"}


def test_a_drain_drawn_uphill_is_turned() -> None:
    pipes = network(
        [[(0, 0), (50, 0)]], ["drain"], [0.4], [(4.0, 4.5)], level_of=INVERT, nodes=[(7, 8)]
    )
    drains = drain_runs(pipes)
    assert (drains.upper[0], drains.lower[0], bool(drains.backwards[0])) == (8, 7, True)
    assert drains.slope[0] == pytest.approx(0.01)


def test_levels_of_tops_and_middles_become_inverts() -> None:
    lines = [[(0.0, y), (50.0, y)] for y in (0.0, 10.0, 20.0)]
    pipes = network(
        lines, ["drain"] * 3, [0.4] * 3, [(5.0, 4.5)] * 3, level_of=[0, 1, 2], wall=0.05
    )
    assert drain_runs(pipes).upper_invert == pytest.approx([5.0 - 0.45, 5.0, 5.0 - 0.2])


def test_velocity_of_a_full_drain_after_manning() -> None:
    """DN 300 at 3 per mille: (0.075)^(2/3) * sqrt(0.003) / 0.013 = 0.749 m/s."""
    assert full_velocity(np.array([0.3]), np.array([0.003]))[0] == pytest.approx(0.749, abs=0.001)
    assert full_velocity(np.array([0.3]), np.array([-0.1]))[0] == 0.0

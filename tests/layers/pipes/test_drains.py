"""Drains fall, are wide enough, and have manholes close enough."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.kinds.base import Features
from layers.kinds.pipes import COLUMNS, INVERT, ROLES, Pipes
from layers.pipes.classes import SUBCLASS_KEYS
from layers.pipes.drains import (
    check_drains,
    drain_runs,
    full_velocity,
    manhole_spacing,
    turning,
)
from layers.rules.loader import built_in, rule_set
from layers.shapes import Shapes
from tests.layers.pipes.made import EAST, NORTH, network

RULES = rule_set(built_in())


def test_a_flat_narrow_drain_with_far_manholes_is_told_for_each_rule() -> None:
    pipes = network(
        [[(0, 0), (80, 0)], [(80, 0), (120, 0)]], ["drain", "drain"], [0.3, 0.2],
        [(5.0, 4.9), (4.9, 4.8)], level_of=INVERT, nodes=[(1, 2), (2, 3)],
        subclass=SUBCLASS_KEYS.index("sewage"), attributes={"material": ["混凝土", "PVC"]},
    )  # fmt: skip
    found = {(r["pipe"], r["rule"]): r for r in check_drains(pipes, RULES).to_pylist()}
    assert found.keys() == {
        (1, "drains.slope"), (1, "drains.velocity"), (1, "drains.manhole-spacing"),
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


def test_a_point_without_a_manhole_does_not_shorten_the_way() -> None:
    """Two runs of 50 m over a surveyed bend are 100 m from manhole to manhole."""
    pipes = with_nodes(
        [[(0, 0), (50, 0)], [(50, 0), (50, 50)]],
        [(11, 12), (12, 13)],
        ["manhole", "bend", "manhole"],
    )
    spacing = manhole_spacing(pipes, drain_runs(pipes))
    assert spacing[0] == pytest.approx(100)
    assert np.isnan(spacing[1])
    told = {r["pipe"]: r for r in check_drains(pipes, RULES).to_pylist()
            if r["rule"] == "drains.manhole-spacing"}  # fmt: skip
    assert told[1]["actual"] == pytest.approx(100)
    assert told[1]["shortfall"] == pytest.approx(25)


def test_a_manhole_ends_the_way() -> None:
    pipes = with_nodes(
        [[(0, 0), (50, 0)], [(50, 0), (50, 50)]], [(11, 12), (12, 13)], ["manhole"] * 3
    )
    assert manhole_spacing(pipes, drain_runs(pipes)).tolist() == pytest.approx([50, 50])


@pytest.mark.parametrize(("end", "angle"), [((100, 0), 180), ((50, 50), 90), ((15, 35), 45)])
def test_the_turn_at_a_manhole_is_the_angle_between_the_drains(
    end: tuple[float, float], angle: float
) -> None:
    pipes = with_nodes([[(0, 0), (50, 0)], [(50, 0), end]], [(11, 12), (12, 13)], ["manhole"] * 3)
    assert turning(pipes, drain_runs(pipes))[0] == pytest.approx(angle)
    told = [r for r in check_drains(pipes, RULES).to_pylist() if r["rule"] == "drains.turning"]
    assert [r["pipe"] for r in told] == ([1] if angle < 90 else [])


def test_a_small_drain_that_drops_into_the_manhole_may_turn_sharply() -> None:
    pipes = with_nodes(
        [[(0, 0), (50, 0)], [(50, 0), (15, 35)]], [(11, 12), (12, 13)], ["manhole"] * 3,
        levels=[(9.0, 8.8), (8.4, 8.0)], width=0.3,
    )  # fmt: skip
    assert np.isnan(turning(pipes, drain_runs(pipes))[0])


def test_a_steep_drain_flows_too_fast() -> None:
    """DN 600 at 10 %: 0.15^(2/3) * sqrt(0.1) / 0.013 = 6.87 m/s of 5 m/s."""
    pipes = with_nodes([[(0, 0), (50, 0)]], [(11, 12)], ["manhole"] * 2, [(9.0, 4.0)], width=0.6)
    (row,) = [r for r in check_drains(pipes, RULES).to_pylist() if "velocity" in r["rule"]]
    assert row["rule"] == "drains.velocity-most"
    assert row["actual"] == pytest.approx(6.87, abs=0.01)
    assert row["shortfall"] == pytest.approx(1.87, abs=0.01)


def with_nodes(
    lines: Sequence[Sequence[tuple[float, float]]], joins: Sequence[tuple[int, int]],
    roles: Sequence[str], levels: Sequence[tuple[float, float]] = ((9.0, 8.5), (8.5, 8.0)),
    width: float = 0.5,
) -> Pipes:  # fmt: skip
    """Make sewers from inverts, with nodes 11, 12 ... of these roles."""
    n, k = len(lines), len(roles)
    sewage = SUBCLASS_KEYS.index("sewage")
    runs = network(
        lines, ["drain"] * n, [width] * n, list(levels[:n]), level_of=INVERT, nodes=list(joins),
        subclass=sewage,
    )  # fmt: skip
    points = Shapes.from_shapely([shapely.Point(EAST, NORTH)] * k)
    ids = np.array([*range(1, n + 1), *range(11, 11 + k)])
    table = pa.table({"x": np.arange(n + k)})
    plain = Features(Shapes.join([runs.shapes, points]), ids, np.arange(n + k), table)
    columns = {}
    for name in COLUMNS:
        own = getattr(runs, name)
        columns[name] = np.concatenate([own, np.zeros(k, own.dtype)])
    columns["role"] = np.array([0] * n + [ROLES.index(name) for name in roles])
    return Pipes.of_columns(plain, columns.pop("line_class"), columns.pop("width"), **columns)

"""Utility tunnels in the scene: floor, walls, racks, and what is not readable stays a box."""

from __future__ import annotations

import numpy as np
import pytest

from layers.kinds.pipes import BOX, Pipes
from layers.pipes.classes import SUBCLASS_KEYS
from layers.pipes.tunnels import compartments_in
from layers.project import Project
from scene.ground import Ground
from scene.pipe_runs import RunFacts
from scene.pipe_tunnels import alike, described, profiles
from tests.layers.pipes.made import network

TOLD = "power 2.4x3.0 racks 6; water 3.2x3.0 racks 4"


def tunnel(*told: str) -> Pipes:
    n = len(told)
    return network(
        [[(0.0, 10.0 * k), (50.0, 10.0 * k)] for k in range(n)], ["other"] * n, [6.2] * n,
        [(30.0, 30.0)] * n, height=[3.4] * n, form=[BOX] * n,
        subclass=[SUBCLASS_KEYS.index("tunnel")] * n, attributes={"compartments": list(told)},
    )  # fmt: skip


def test_compartments_have_a_floor_walls_between_and_racks() -> None:
    concrete, racks = profiles(compartments_in(TOLD), 6.2, 3.4)
    assert len(concrete) == 4  # floor, two outer walls, one between
    assert len(racks) == 10
    walls = [(one.points[:, 0].min(), one.points[:, 0].max()) for one in concrete[1:]]
    metres = [((low + 1.0) * 3.1, (high + 1.0) * 3.1) for low, high in walls]
    assert metres[0] == pytest.approx((0.0, 0.2))
    assert metres[1] == pytest.approx((2.6, 2.8))
    assert metres[2] == pytest.approx((6.0, 6.2))
    for one in (*concrete, *racks):
        assert np.abs(one.points).max() <= 1.0 + 1e-9


def test_what_cannot_be_read_stays_a_box() -> None:
    found = described(tunnel(TOLD, "", "wide and high"))
    assert list(found) == [0]
    assert [part.name for part in found[0]] == ["power", "water"]


def test_tunnels_that_are_alike_are_built_together() -> None:
    found = described(tunnel(TOLD, TOLD, "gas 1.8x3.0"))
    groups = [rows.tolist() for rows, _ in alike(found, np.array([0, 1, 2]))]
    assert groups == [[0, 1], [2]]


def test_trenches_just_below_the_ground_have_plates_and_deep_culverts_have_none() -> None:
    pipes = network(
        [[(0, 0), (50, 0)], [(0, 9), (50, 9)]], ["power", "drain"], [1.0, 1.0],
        [(-0.7, -0.7), (-4.0, -4.0)], height=[1.0, 1.0], form=[BOX, BOX],
    )  # fmt: skip
    facts = RunFacts(pipes, Ground(Project()))
    one, two = (facts.bodies(np.array([row]), 12) for row in (0, 1))
    assert len(one.triangles) == 2 * len(two.triangles)
    assert one.points[:, 2].max() == pytest.approx(-0.15, abs=0.01)
    assert len(facts.bodies(np.array([0]), 4).triangles) == len(two.triangles)

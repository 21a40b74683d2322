"""Rays against triangles: Embree and the own loops give the same answers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.planning import rays
from layers.planning.rays import NOTHING, Rays

WALL = np.array([[10.0, -5.0, 0.0], [10.0, 5.0, 0.0], [10.0, 5.0, 8.0], [10.0, -5.0, 8.0]])
FACES = np.array([[0, 1, 2], [0, 2, 3]])
OWN = [True, pytest.param(False, marks=pytest.mark.skipif(
    rays.engine() != "embree", reason="embreex is not installed"))]  # fmt: skip


@pytest.mark.parametrize("own", OWN)
def test_a_wall_stops_what_runs_against_it(own: bool) -> None:
    scene = Rays(WALL, FACES, own=own)
    starts = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 1.0], [0.0, 0.0, 9.0], [20.0, 0.0, 1.0]])
    ways = np.array([[1.0, 0, 0], [-1.0, 0, 0], [1.0, 0, 0], [-1.0, 0, 0]])
    assert scene.blocked(starts, ways).tolist() == [True, False, False, True]
    hit, away = scene.first(starts, ways)
    assert hit[1] == hit[2] == NOTHING
    assert np.isinf(away[1])
    assert away[[0, 3]] == pytest.approx([10.0, 10.0])


@pytest.mark.parametrize("own", OWN)
def test_rays_end_where_they_are_told_to(own: bool) -> None:
    scene = Rays(WALL, FACES, own=own)
    start, way = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 1.0]]), np.array([[1.0, 0, 0], [1.0, 0, 0]])
    assert scene.blocked(start, way, np.array([9.9, 10.1])).tolist() == [False, True]


@pytest.mark.parametrize("own", OWN)
def test_without_triangles_nothing_is_met(own: bool) -> None:
    scene = Rays(np.empty((0, 3)), np.empty((0, 3), dtype=np.int32), own=own)
    assert not scene.blocked([[0.0, 0, 0]], [[1.0, 0, 0]]).any()
    assert scene.first(np.empty((0, 3)), np.empty((0, 3)))[0].shape == (0,)


@pytest.mark.skipif(rays.engine() != "embree", reason="embreex is not installed")
@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 400))
def test_both_ways_meet_the_same_triangles(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    corners = rng.uniform(0, 300, (count, 1, 3)) + rng.normal(0, 20, (count, 3, 3))
    points, faces = corners.reshape(-1, 3), np.arange(3 * count).reshape(-1, 3)
    starts = rng.uniform(0, 300, (500, 3))
    ways = rng.normal(size=(500, 3))
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    quick, own = Rays(points, faces), Rays(points, faces, own=True)
    a, b = quick.first(starts, ways), own.first(starts, ways)
    assert (a[0] != b[0]).mean() < 0.01  # rays through an edge, as single precision sees it
    same = (a[0] == b[0]) & (a[0] != NOTHING)
    assert np.allclose(a[1][same], b[1][same], atol=0.01)
    assert (quick.blocked(starts, ways) != own.blocked(starts, ways)).mean() < 0.01

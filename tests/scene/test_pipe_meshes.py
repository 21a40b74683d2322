"""Meshes of pipes: closed, of the right size, at the right level, and met by rays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from layers.kinds.pipes import BANK, ROLES
from layers.project import Project
from layers.shapes import Floats
from scene.ground import Ground
from scene.pipe_meshes import Body, box_profile, line_strokes, round_profile, swept
from scene.pipe_nodes import node_body
from scene.pipe_picking import PipeRays
from scene.pipe_runs import RunFacts
from tests.layers.pipes.test_graph import net
from tests.layers.pipes.test_looks import runs

DOWN = np.array([0.0, 0.0, -1.0])


def volume(body: Body) -> float:
    """Give what a closed body holds, cubic metres."""
    a, b, c = np.moveaxis(body.points[body.triangles], 1, 0)
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6.0)


def faces_outward(body: Body) -> bool:
    """Say whether triangles turn the way their normals look."""
    a, b, c = np.moveaxis(body.points[body.triangles], 1, 0)
    mean = body.outward[body.triangles].mean(axis=1)
    return bool((np.einsum("ij,ij->i", np.cross(b - a, c - a), mean) > -1e-6).all())


def whole(points: Floats, half: float, sides: int) -> Body:
    n = len(points)
    profile = round_profile(sides) if sides else box_profile()
    return swept(
        points, np.array([0, n]), np.full(n, half), np.full(n, half), profile, np.zeros(1),
        np.zeros(1),
    )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-1.0, 1.0), st.floats(-0.1, 0.1)), min_size=1, max_size=6),
    st.sampled_from([0, 4, 12]),
)
def test_mitred_tubes_hold_what_their_line_times_their_section_holds(
    turns: list[tuple[float, float]], sides: int
) -> None:
    heading = np.cumsum([turn for turn, _ in turns])
    step = 20.0 * np.column_stack([np.cos(heading), np.sin(heading), [fall for _, fall in turns]])
    points = np.vstack([np.zeros(3), np.cumsum(step, axis=0)])
    body = whole(points, 0.4, sides)
    section = 0.64 if not sides else 0.5 * sides * 0.16 * np.sin(2.0 * np.pi / sides)
    length = np.linalg.norm(step, axis=1).sum()
    assert volume(body) == pytest.approx(section * length, rel=0.05)
    assert faces_outward(body)


def test_a_run_has_its_top_where_it_was_surveyed_and_its_radius_all_around() -> None:
    pipes = runs(1, width=0.5, wall=0.05, start_level=8.0, end_level=8.0, level_of=0)
    facts = RunFacts(pipes, Ground(Project()))
    body = facts.bodies(np.array([0]), 12)
    assert body.points[:, 2].max() == pytest.approx(8.0)
    assert np.allclose(np.hypot(body.points[:, 1], body.points[:, 2] - 7.7), 0.3)
    assert np.ptp(body.points[:, 0]) == pytest.approx(100.0)


def test_a_bank_has_as_many_ducts_as_it_tells_within_its_section() -> None:
    pipes = runs(1, ["3x4"], form=BANK, width=0.9, height=0.7, start_level=9.0, end_level=9.0,
                 level_of=0)  # fmt: skip
    facts = RunFacts(pipes, Ground(Project()))
    body = facts.bodies(np.array([0]), 12)
    rings = 2 * 8 + 2 * 8  # two rings and two ends of eight points
    assert len(body.points) == 12 * rings + 2 * 8 + 2 * 8
    assert np.abs(body.points[:, 1]).max() <= 0.45 + 1e-9
    assert body.points[:, 2].max() <= 9.0 + 1e-9
    assert body.points[:, 2].min() == pytest.approx(9.0 - 0.7 - 0.014)
    assert len(facts.bodies(np.array([0]), 4).triangles) == 4 * 2 + 2 * 6


def test_every_run_is_in_one_tile_and_has_lines_for_far_away() -> None:
    pipes = runs(1500)
    facts = RunFacts(pipes, Ground(Project()))
    tiles = facts.tiles()
    assert len(tiles) == 3
    assert np.array_equal(np.sort(np.concatenate(tiles)), np.arange(1500))
    seen = np.concatenate([np.unique(facts.strokes(rows).mark[:, 0]) for rows in tiles])
    assert np.array_equal(np.sort(seen), np.arange(1500))


def test_lines_are_two_triangles_a_stretch_with_metres_along() -> None:
    points = np.array([[0, 0, 0], [3, 4, 0], [3, 4, 12], [9, 9, 9], [9, 10, 9]], dtype=np.float64)
    made = line_strokes(points, np.array([0, 3, 5]), np.ones(2), np.array([5.0, 6.0]), np.zeros(2))
    assert len(made.triangles) == 6
    assert made.mark[:, 2].tolist() == [0, 0, 5, 5, 5, 5, 17, 17, 0, 0, 1, 1]
    assert made.mark[::4, 0].tolist() == [5, 5, 6]


def test_shafts_reach_from_the_bottom_to_the_ground_with_a_plate_on_top() -> None:
    pipes = net(
        {1: (0, 0), 2: (50, 0)}, [(1, 2)], {1: "manhole", 2: "manhole"}, "drain",
        {1: -3.0, 2: -3.2},
    )  # fmt: skip
    facts = RunFacts(pipes, Ground(Project()))
    body = node_body(facts.nodes)
    assert body.points[:, 2].max() == pytest.approx(0.07)
    assert body.points[:, 2].min() == pytest.approx(-3.35)
    assert faces_outward(body)


@pytest.mark.parametrize("role", ROLES[1:])
def test_every_node_has_a_closed_sign_within_its_box(role: str) -> None:
    pipes = net({1: (0, 0), 2: (50, 0)}, [(1, 2)], {1: role}, inverts={1: -1.2, 2: -1.2})
    facts = RunFacts(pipes, Ground(Project()))
    only = facts.nodes.take(np.array([0]))
    body = node_body(only)
    assert len(body)
    assert faces_outward(body)
    assert volume(body) > 0.0
    assert np.isfinite(body.points).all()
    assert body.points[:, 2].max() <= facts.node_high[0, 2] + 1e-6
    assert body.points[:, 2].min() >= facts.node_low[0, 2] - 1e-6


def test_without_a_terrain_shafts_end_at_the_ground_that_nodes_tell() -> None:
    plain = net({1: (0, 0), 2: (50, 0)}, [(1, 2)], {1: "manhole", 2: "manhole"}, "drain",
                {1: 47.0, 2: 46.8})  # fmt: skip
    told = plain.start_level.copy()
    told[:2] = 50.0
    facts = RunFacts(replace(plain, start_level=told), Ground(Project()))
    assert facts.node_high[:, 2] == pytest.approx([50.07, 50.07])


def met(rays: PipeRays, origin: ArrayLike, way: Floats, pixel: float = 0.0) -> object:
    facts = rays.facts
    return rays.meet(
        np.asarray(origin, dtype=np.float64), way, pixel, np.ones(len(facts.pipes), dtype=bool),
        parallel=True,
    )  # fmt: skip


def test_rays_meet_tubes_and_boxes_at_their_surface() -> None:
    pipes = runs(
        2, form=[0, 1], width=[0.6, 2.0], height=[0.6, 1.0], level_of=0, start_level=[8.0, 7.0],
        end_level=[8.0, 7.0],
    )  # fmt: skip
    rays = PipeRays(RunFacts(pipes, Ground(Project())))
    assert met(rays, [50, 0, 20], DOWN) == (pytest.approx(12.0), 0)
    assert met(rays, [50, 5.9, 20], DOWN) == (pytest.approx(13.0), 1)
    assert met(rays, [50, 6.1, 20], DOWN) is None
    assert met(rays, [50, 0.4, 20], DOWN) is None
    assert met(rays, [50, 0.4, 20], DOWN, pixel=0.05) == (pytest.approx(12.3), 0)
    side = np.array([0.0, 1.0, 0.0])
    assert met(rays, [50, -9, 7.7], side) == (pytest.approx(8.7), 0)


@settings(max_examples=40, deadline=None)
@given(st.floats(1.0, 99.0), st.floats(-0.29, 0.29), st.floats(-0.5, 0.5))
def test_a_ray_meets_the_tube_where_arithmetic_says(
    along: float, beside: float, tilt: float
) -> None:
    pipes = runs(1, width=0.6, level_of=2, start_level=5.0, end_level=5.0)
    rays = PipeRays(RunFacts(pipes, Ground(Project())))
    way = np.array([tilt, 0.0, -1.0]) / np.hypot(1.0, tilt)
    top = 5.0 + np.sqrt(0.09 - beside**2)
    at = np.array([along, beside, top])
    found = met(rays, at - 30.0 * way, way)
    assert found == (pytest.approx(30.0, abs=1e-6), 0)

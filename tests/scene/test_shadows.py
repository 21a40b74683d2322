"""Shadows fall where arithmetic and rays say, in maps and in pictures."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from layers.daylight import sun_position
from layers.frame import Frame
from layers.kinds import kind_of
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.kinds.terrain import Terrain
from layers.project import Project
from layers.shapes import Floats, Shapes
from layers.triangles import triangulate
from layers.viewpoint import View, Viewpoint
from scene import frames, light
from scene.offscreen import PictureRequest, Studio
from scene.shadow_raster import (
    NOTHING,
    Casters,
    Window,
    ceiling,
    draw_blocks,
    draw_triangles,
)
from scene.shadows import fit, slant_of
from tests.scene.cities import SOUTH, WEST, city

SIZE = (1280, 720)
Picture = NDArray[np.uint8]


def casters_of(data: Buildings, base: float = 0.0) -> Casters:
    shapes = data.shapes.moved(-WEST, -SOUTH)
    return Casters(
        shapes.coords, shapes.ring_start, shapes.shape_start, shapes.first_coord,
        base + data.min_height, base + data.height, triangulate(shapes), shapes.bounds(),
    )  # fmt: skip


def truth(data: Buildings, points: Floats, slant: Floats) -> NDArray[np.bool_]:
    """Say by geometry alone which points, (n, 3) from the corner of the town, lie in shadow."""
    out = np.zeros(len(points), dtype=bool)
    shapes = data.shapes.moved(-WEST, -SOUTH).to_shapely()
    for shape, low, high in zip(shapes, data.min_height, data.height, strict=True):
        first = np.maximum(low - points[:, 2], 1e-6)
        last = high - points[:, 2]
        ways = np.stack(
            [points[:, :2] + first[:, None] * slant, points[:, :2] + last[:, None] * slant], axis=1
        )
        rays = shapely.linestrings(ways)
        out |= (last > first) & shapely.intersects(rays, shape)
    return out


@settings(max_examples=5, deadline=None)
@given(azimuth=st.floats(0.0, 2 * math.pi), elevation=st.floats(0.15, 1.4), seed=st.integers(0, 99))
def test_maps_agree_with_rays(azimuth: float, elevation: float, seed: int) -> None:
    data = city(9, seed)
    data = replace(data, min_height=np.where(np.arange(9) % 4 == 1, 5.0, 0.0))
    slant = slant_of(light.toward(azimuth, elevation))
    assert slant is not None
    window = Window(-150.0, -150.0, 0.25, 1600)
    out = np.full((1600, 1600), NOTHING, dtype=np.float32)
    casters = casters_of(data)
    rows = casters.within(window, slant, data.drawn)
    draw_blocks(out, window, casters, rows, slant)
    points = np.random.default_rng(seed).uniform((-60, -60, 0), (120, 120, 40), (1200, 3))
    foot = (points[:, :2] - points[:, 2:] * slant - (window.west, window.south)) / window.texel
    inside = ((foot > 1) & (foot < 1599)).all(axis=1)
    x, y = np.clip(foot, 0, 1599).astype(int).T
    shaded = out[y, x] > points[:, 2]
    wanted = truth(data, points, slant)
    # a texel at the edge may go either way
    sure = inside.copy()
    for step in np.vstack([np.eye(3), -np.eye(3)]) * 0.3:
        sure &= truth(data, points + step, slant) == wanted
    assert sure.sum() > 0.3 * len(points)
    assert (shaded[sure] == wanted[sure]).mean() > 0.998


def test_blocks_out_of_reach_are_left_out() -> None:
    data = city(25)
    casters = casters_of(data)
    window = Window(200.0, 200.0, 0.1, 100)
    slant = np.array([1.0, 0.0])
    rows = casters.within(window, slant, data.drawn)
    assert len(rows) < 25
    none = casters.within(Window(9000.0, 0.0, 1.0, 10), slant, data.drawn)
    assert len(none) == 0


def test_triangles_of_any_kind_are_drawn_too() -> None:
    out = np.full((64, 64), NOTHING, dtype=np.float32)
    points = np.array([[10.0, 10.0, 4.0], [50.0, 10.0, 4.0], [10.0, 50.0, 4.0]])
    draw_triangles(out, Window(0.0, 0.0, 1.0, 64), points, np.array([[0, 2, 1]]), np.zeros(2))
    assert (out > 0).sum() == pytest.approx(800, rel=0.05)
    assert np.allclose(out[out > 0], 4.0)


def test_the_sun_below_the_horizon_throws_no_shadows() -> None:
    assert slant_of(light.toward(1.0, -0.1)) is None
    assert slant_of(light.toward(1.0, 0.0)) is None
    made = slant_of(light.toward(math.pi / 2, math.pi / 4))
    assert made is not None
    assert np.allclose(made, [1.0, 0.0])


def test_a_ridge_shades_the_valley_as_far_as_the_sun_is_low() -> None:
    heights = np.zeros((50, 400), dtype=np.float32)
    heights[:, 100] = 100.0  # a ridge from south to north
    slant = np.array([-2.0, 0.0])  # the sun in the west, 26.6 degrees high
    top = ceiling(heights, 10.0, 10.0, slant)
    row = top[25]
    assert row[110] == pytest.approx(100.0 - 100.0 / 2.0, abs=6.0)
    assert row[119] > 0.0 > row[121]  # 200 m behind it the shadow ends
    assert (row[:99] <= 0.0).all()


def tower_town(base: float = 0.0) -> tuple[Project, Buildings]:
    """A tower of 30 m on a plain, 16 m by 12 m."""
    box = shapely.box(WEST, SOUTH, WEST + 16, SOUTH + 12)
    data = replace(
        Buildings.blocks(Shapes.from_shapely([box]), 30.0, pa.table({"a": [1]})),
        base=np.array([base]),
    )
    project = Project(Frame("EPSG:4547", (WEST, SOUTH)))
    project.insert_layer(Layer("buildings", "Tower", data, style=kind_of("buildings").style))
    return project, data


def drawn(project: Project, eye: Viewpoint, moment: str, *, shadows: bool) -> Picture:
    request = PictureRequest(
        View("", eye, None, moment), SIZE, shadows=shadows, supersample=1, labels=False
    )
    with Studio(project) as studio:
        return studio.picture(request).pixels[..., :3].copy()


def from_above(height: float = 220.0) -> Viewpoint:
    return Viewpoint(
        WEST + 8.0, SOUTH + 6.0, height, heading=0.0, pitch=-math.pi / 2, fov=math.radians(36.87)
    )


@pytest.mark.parametrize(
    ("moment", "base"),
    [("2026-06-21T08:30", 0.0), ("2026-12-21T10:00", 37.0), ("2026-03-20T16:20", 0.0)],
)
def test_the_shadow_of_a_tower_ends_within_a_metre_of_the_truth(moment: str, base: float) -> None:
    project, data = tower_town(base)
    eye = from_above(220.0 + base)
    plain = drawn(project, eye, moment, shadows=False).astype(int)
    shaded = drawn(project, eye, moment, shadows=True).astype(int)
    dark = (plain - shaded).sum(axis=2) > 40
    frame = project.need_frame()
    longitude, latitude = frame.lonlat([[WEST, SOUTH]])[0]
    azimuth, elevation = sun_position(float(longitude), float(latitude), moment)
    azimuth -= frame.convergence(WEST, SOUTH)
    slant = slant_of(light.toward(azimuth, elevation))
    assert slant is not None
    metres = 2.0 * 220.0 * math.tan(math.radians(36.87) / 2) / SIZE[1]
    y, x = np.mgrid[2 : SIZE[1] : 5, 2 : SIZE[0] : 5]
    east = 8.0 + (x.ravel() + 0.5 - SIZE[0] / 2) * metres
    north = 6.0 - (y.ravel() + 0.5 - SIZE[1] / 2) * metres
    dark = dark[y, x].ravel()
    ground = np.column_stack([east, north, np.zeros(east.size)])
    # what the tower itself hides in the picture, seen from the middle above, is not ground
    hidden = (np.abs(east - 8.0) < 8.0 / 0.85) & (np.abs(north - 6.0) < 6.0 / 0.85)
    inner = truth(data, ground, slant) & ~hidden
    outer = inner | hidden
    turns = np.radians(np.arange(0, 360, 45))
    for step in np.column_stack([np.cos(turns), np.sin(turns), np.zeros(8)]):  # one metre around
        there = truth(data, ground + step, slant)
        inner &= there
        outer |= there
    assert inner.sum() > 20
    assert dark[inner].all()
    assert not dark[~outer].any()


def test_a_post_in_arithmetic() -> None:
    """At 45 degrees a tower of 30 m throws 30 m, away from the sun."""
    project, data = tower_town()
    del project
    slant = slant_of(light.toward(math.radians(135.0), math.radians(45.0)))
    assert slant is not None
    assert math.hypot(*slant) == pytest.approx(1.0)
    tip = np.array([[0.0, 12.0]]) - 30.0 * slant  # of the north-west corner
    assert np.allclose(tip, [[-30.0 / math.sqrt(2), 12.0 + 30.0 / math.sqrt(2)]])
    a_bit = np.array([[0.5, -0.5]])
    near = np.column_stack([tip + a_bit, [[0.0]]])
    beyond = np.column_stack([tip - a_bit, [[0.0]]])
    assert truth(data, near, slant).all()
    assert not truth(data, beyond, slant).any()


def test_at_night_and_without_shadows_pictures_are_the_same() -> None:
    project, _ = tower_town()
    for moment in ("2026-06-21T23:30",):
        plain = drawn(project, from_above(), moment, shadows=False)
        assert np.array_equal(plain, drawn(project, from_above(), moment, shadows=True))


def test_shadows_come_and_go_with_their_switch_on_one_stage() -> None:
    project, _ = tower_town()
    request = PictureRequest(
        View("", from_above(), None, "2026-06-21T08:30"), SIZE, supersample=1, labels=False
    )
    with Studio(project) as studio:
        shaders = studio.stage.context.materials.shadows
        plain = studio.picture(request).pixels
        before = bool(shaders.on)
        assert not before
        shaded = studio.picture(replace(request, shadows=True)).pixels
        assert shaders.on
        assert (plain != shaded).any()
        assert np.array_equal(studio.picture(request).pixels, plain)
        again = studio.picture(replace(request, shadows=True)).pixels
        assert np.array_equal(again, shaded)


def test_walls_and_roofs_in_the_sun_have_no_stains() -> None:
    project, _ = tower_town()
    moment = "2026-06-21T09:00"
    for away in (110.0,):
        eye = Viewpoint(
            WEST + 8 + away, SOUTH + 6, 60.0,
            heading=math.radians(270.0), pitch=math.radians(-15.0), fov=math.radians(30.0),
        )  # fmt: skip
        plain = drawn(project, eye, moment, shadows=False).astype(int)
        shaded = drawn(project, eye, moment, shadows=True).astype(int)
        changed = np.abs(plain - shaded).sum(axis=2) > 30
        tower = np.abs(plain - plain[5, 5]).sum(axis=2) > 0
        # the wall towards the sun stays as it was: only the ground behind it darkens
        middle = changed[300:420, 560:720]
        assert tower[300:420, 560:720].any()
        assert middle.mean() < 0.02


def test_a_mountain_shades_towers_and_ground_alike() -> None:
    heights = np.zeros((120, 120), dtype=np.float32)
    heights[:, :40] = 300.0
    project, _ = tower_town()
    west, north = WEST - 800.0, SOUTH + 600.0
    terrain = Terrain(heights, west, north, 10.0, 10.0)
    project.insert_layer(Layer("terrain", "Hill", terrain, style=kind_of("terrain").style), 0)
    evening = "2026-06-21T18:30"
    eye = from_above()
    plain = drawn(project, eye, evening, shadows=False).astype(int)
    shaded = drawn(project, eye, evening, shadows=True).astype(int)
    assert ((plain - shaded).sum(axis=2) > 20).mean() > 0.9


def test_windows_hold_all_that_is_seen_and_are_finer_near_the_eye() -> None:
    project, _ = tower_town()
    with Studio(project) as studio:
        stage = studio.stage
        stage.viewpoint = Viewpoint(
            WEST, SOUTH - 200, 40.0, heading=0.0, pitch=math.radians(-8.0), fov=0.64
        )
        stage.plotter.window_size = list(SIZE)
        frame = frames.state(stage.context.renderer)
        windows = fit(frame, 0.0, 30.0, np.array([1.0, 0.5]))
        assert len(windows) == 3
        texels = [window.texel for window in windows]
        assert texels == sorted(texels)
        assert texels[0] < 0.35 < texels[2]
        stage.viewpoint = from_above()
        (only,) = fit(frames.state(stage.context.renderer), 0.0, 30.0, np.array([1.0, 0.5]))
        assert only.texel < 0.2
        stage.viewpoint = replace(from_above(), pitch=math.radians(80.0))
        assert fit(frames.state(stage.context.renderer), 0.0, 30.0, np.zeros(2)) == ()

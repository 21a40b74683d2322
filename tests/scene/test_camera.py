"""The eye moves so that what is held stays where it is."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from vtkmodules.vtkRenderingCore import vtkCamera

from layers.viewpoint import Viewpoint
from scene import camera
from scene.rays import Point
from tests.scene.cities import SOUTH, WEST

SIZE = (800, 600)

pixels = st.tuples(st.floats(0.0, 800.0), st.floats(0.0, 600.0))


@st.composite
def eyes(draw: st.DrawFn, highest_pitch: float = -10.0) -> Viewpoint:
    """Draw a viewpoint over the city, perspective or parallel."""
    return Viewpoint.looking_at(
        (WEST + draw(st.floats(-500, 500)), SOUTH + draw(st.floats(-500, 500)), 0.0),
        draw(st.floats(50.0, 5000.0)),
        draw(st.floats(0.0, 2 * math.pi)),
        math.radians(draw(st.floats(-90.0, highest_pitch))),
        projection=draw(st.sampled_from(["perspective", "parallel"])),
    )


def on_plane(v: Viewpoint, pixel: tuple[float, float], level: float = 0.0) -> Point:
    """Give the point of a level plane under a pixel."""
    ray = camera.pixel_ray(v, *pixel, SIZE)
    assume(ray.direction[2] < -0.05)
    return ray.at((level - ray.origin[2]) / ray.direction[2])


@given(eyes(), pixels)
def test_a_point_on_the_ray_of_a_pixel_comes_back_to_that_pixel(
    v: Viewpoint, pixel: tuple[float, float]
) -> None:
    ray = camera.pixel_ray(v, *pixel, SIZE)
    start = 0.0 if v.projection == "perspective" else camera.FARTHEST / 4
    points = [ray.at(start + metres) for metres in (10.0, 777.0, 20_000.0)]
    np.testing.assert_allclose(camera.project_points(v, points, SIZE), [pixel] * 3, atol=1e-3)


@given(eyes(), pixels, st.floats(0.1, 8.0))
def test_zooming_keeps_the_point_under_the_cursor(
    v: Viewpoint, pixel: tuple[float, float], factor: float
) -> None:
    point = on_plane(v, pixel)
    near = camera.zoom_at(v, point, factor)
    np.testing.assert_allclose(camera.project_points(near, [point], SIZE)[0], pixel, atol=1e-3)
    assert (near.heading, near.pitch) == (v.heading, v.pitch)


@given(eyes(), pixels, st.floats(-3.0, 3.0), st.floats(-1.5, 1.5))
def test_swinging_keeps_the_pivot_in_its_pixel_and_at_its_distance(
    v: Viewpoint, pixel: tuple[float, float], turn: float, tilt: float
) -> None:
    pivot = on_plane(v, pixel)
    swung = camera.orbit(v, turn, tilt, pivot)
    np.testing.assert_allclose(camera.project_points(swung, [pivot], SIZE)[0], pixel, atol=1e-3)
    was = math.dist((v.east, v.north, v.height), pivot)
    now = math.dist((swung.east, swung.north, swung.height), pivot)
    assert now == pytest.approx(was, abs=1e-4)
    assert -math.pi / 2 <= swung.pitch <= math.pi / 2


@given(eyes(), pixels, pixels)
def test_panning_brings_the_grabbed_point_under_the_cursor(
    v: Viewpoint, start: tuple[float, float], end: tuple[float, float]
) -> None:
    held = on_plane(v, start)
    target = on_plane(v, end)
    assume(v.projection == "parallel" or camera.depths(v, [target])[0] < 15 * v.distance)
    assume(camera.depths(v, [target])[0] < 15 * max(camera.depths(v, [held])[0], 1.0))
    moved = camera.pan(v, held, *end, SIZE)
    np.testing.assert_allclose(camera.project_points(moved, [held], SIZE)[0], end, atol=1e-3)
    assert moved.height == pytest.approx(v.height, abs=1e-6)


def test_panning_with_a_level_look_shifts_across_and_never_flies_away() -> None:
    v = Viewpoint(WEST, SOUTH, 50.0, heading=0.3, pitch=0.0, distance=300.0)
    held = v.target
    moved = camera.pan(v, held, 500.0, 250.0, SIZE)
    np.testing.assert_allclose(camera.project_points(moved, [held], SIZE)[0], (500, 250), atol=1e-6)
    assert math.dist((moved.east, moved.north, moved.height), (WEST, SOUTH, 50.0)) < 100.0


@given(eyes(-20.0))
def test_parallel_and_perspective_show_the_target_at_one_scale(v: Viewpoint) -> None:
    beside = np.array(v.target) + camera.axes(v)[0]
    both = [replace(v, projection=p) for p in ("perspective", "parallel")]
    seen = [camera.project_points(eye, [beside], SIZE)[0] for eye in both]
    np.testing.assert_allclose(seen[0], seen[1], atol=1e-3)
    assert camera.metres_per_pixel(both[0], v.target, SIZE) == pytest.approx(
        camera.metres_per_pixel(both[1], v.target, SIZE)
    )


def test_points_behind_the_eye_have_no_pixel() -> None:
    v = Viewpoint(WEST, SOUTH, 100.0, heading=0.0, pitch=0.0)
    seen = camera.project_points(v, [(WEST, SOUTH - 10, 100.0), (WEST, SOUTH + 10, 100.0)], SIZE)
    assert np.isnan(seen[0]).all()
    np.testing.assert_allclose(seen[1], (400, 300))


def test_flying_follows_the_heading_not_the_pitch() -> None:
    v = Viewpoint(WEST, SOUTH, 80.0, heading=math.pi / 2, pitch=-1.0)
    new = camera.fly(v, 10.0, 2.0, 3.0)
    assert (new.east, new.north, new.height) == pytest.approx((WEST + 10, SOUTH - 2, 83.0))


def test_the_look_never_goes_over_the_top() -> None:
    v = Viewpoint(WEST, SOUTH, 80.0)
    assert camera.look(v, 0.0, -9.0).pitch == -math.pi / 2
    assert camera.look(v, 0.0, 9.0).pitch == math.pi / 2
    assert camera.look(v, -0.1, 0.0).heading == pytest.approx(2 * math.pi - 0.1)


def test_the_eye_is_lifted_out_of_the_ground_and_else_left_alone() -> None:
    v = Viewpoint(WEST, SOUTH, 30.0)
    assert camera.above(v, 45.0).height == 46.0
    assert camera.above(v, 12.0) is v


def test_zooming_stops_before_it_reaches_the_point() -> None:
    v = Viewpoint.looking_at((WEST, SOUTH, 0.0), 3.0, 0.0, -1.0)
    near = camera.zoom_at(v, v.target, 0.01)
    assert near.distance == pytest.approx(camera.NEAREST)
    still = camera.zoom_at(near, v.target, 0.5)
    assert still.distance == pytest.approx(near.distance)
    assert still.height == pytest.approx(near.height)


def test_focusing_keeps_a_perspective_picture_and_leaves_a_parallel_one() -> None:
    v = Viewpoint(WEST, SOUTH, 100.0, pitch=-0.5, distance=1000.0)
    other = camera.focused(v, (WEST, SOUTH + 300.0, 0.0))
    assert replace(other, distance=v.distance) == v
    assert other.distance == pytest.approx(camera.depths(v, [(WEST, SOUTH + 300.0, 0.0)])[0])
    flat = replace(v, projection="parallel")
    assert camera.focused(flat, (WEST, SOUTH + 300.0, 0.0)) is flat


@given(eyes(), st.floats(-40, 40), st.floats(-30, 30), st.floats(-20, 20))
def test_the_vtk_camera_projects_as_we_do(
    v: Viewpoint, east: float, north: float, rise: float
) -> None:
    origin = np.array([WEST, SOUTH, 0.0])
    point = np.array(v.target) + np.array([east, north, rise])
    assume(camera.depths(v, [point])[0] > 1.0)
    made = vtkCamera()
    camera.apply(v, made, origin)
    made.SetClippingRange(0.1, 50_000.0)
    composite = made.GetCompositeProjectionTransformMatrix(SIZE[0] / SIZE[1], -1, 1)
    matrix = np.array([[composite.GetElement(i, j) for j in range(4)] for i in range(4)])
    clip = matrix @ np.append(point - origin, 1.0)
    x, y = clip[:2] / clip[3]
    wanted = ((x + 1) / 2 * SIZE[0], (1 - y) / 2 * SIZE[1])
    np.testing.assert_allclose(camera.project_points(v, [point], SIZE)[0], wanted, atol=1e-2)


@given(eyes(-5.0), st.floats(0.0, 300.0))
def test_framing_fills_the_picture_and_keeps_the_direction(v: Viewpoint, top: float) -> None:
    west, south = v.target[0] - 700.0, v.target[1] - 200.0
    corners = np.array(
        np.meshgrid([west, west + 1400], [south, south + 400], [0.0, top])
    ).reshape(3, 8).T  # fmt: skip
    framed = camera.framed(v, corners, SIZE)
    assert (framed.heading, framed.pitch) == (v.heading, v.pitch)
    pixels = camera.project_points(framed, corners, SIZE) / SIZE
    low, high = pixels.min(axis=0), pixels.max(axis=0)
    assert low.min() == pytest.approx(0.04, abs=1e-6)  # just the margin is free on one side
    assert high.max() == pytest.approx(0.96, abs=1e-6)
    assert low.min() >= 0.0399
    assert high.max() <= 0.9601


def test_framing_one_point_stops_at_a_sensible_distance() -> None:
    v = camera.framed(Viewpoint(WEST, SOUTH, 900.0), [(WEST, SOUTH, 5.0)], SIZE)
    assert v.target == pytest.approx((WEST, SOUTH, 5.0))
    assert v.distance == 10.0

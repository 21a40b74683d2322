"""Pointer and keys move the eye as people of GIS and CAD expect."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from layers.viewpoint import Viewpoint
from scene import camera
from scene.stage import Stage
from scene.tools.events import CONTROL, SHIFT, KeyEvent, PointerEvent
from scene.tools.navigate import Navigate
from tests.scene.cities import SOUTH, WEST, city, project_with, staged

pytestmark = pytest.mark.picture

START = Viewpoint.looking_at((WEST + 60.0, SOUTH + 60.0, 0.0), 300.0, 0.4, -0.8)


@pytest.fixture(scope="module")
def city_stage() -> Iterator[Stage]:
    """Give a stage with a small city."""
    with staged(project_with(city(25))[0]) as made:
        yield made


@pytest.fixture
def stage(city_stage: Stage) -> Stage:
    """Give the stage, seen from the usual place."""
    city_stage.viewpoint = START
    return city_stage


def drag(
    tool: Navigate, start: tuple[float, float], end: tuple[float, float], button: str, *keys: str
) -> list[bool]:
    """Press, move in five steps, release; gives what was used up."""
    held = frozenset(keys)
    used = [tool.pointer(PointerEvent("press", *start, button, held))]
    for share in (0.2, 0.4, 0.6, 0.8, 1.0):
        x, y = (a + share * (b - a) for a, b in zip(start, end, strict=True))
        used.append(tool.pointer(PointerEvent("move", x, y, button, held)))
    used.append(tool.pointer(PointerEvent("release", *end, button, held)))
    return used


@pytest.mark.parametrize("button", ["left", "middle"])
def test_dragging_moves_the_city_with_the_pointer(stage: Stage, button: str) -> None:
    hit = stage.pick(120, 150)
    assert hit is not None
    assert all(drag(Navigate(stage), (120, 150), (200, 90), button))
    pixel = camera.project_points(stage.viewpoint, [hit.point], stage.size)[0]
    np.testing.assert_allclose(pixel, (200, 90), atol=1e-6)
    assert stage.viewpoint.height == pytest.approx(START.height)
    assert (stage.viewpoint.heading, stage.viewpoint.pitch) == (START.heading, START.pitch)


@pytest.mark.parametrize(("button", "keys"), [("right", ()), ("middle", (SHIFT,))])
def test_swinging_keeps_what_was_under_the_pointer(
    stage: Stage, button: str, keys: tuple[str, ...]
) -> None:
    hit = stage.pick(120, 150)
    assert hit is not None
    drag(Navigate(stage), (120, 150), (180, 170), button, *keys)
    v = stage.viewpoint
    pixel = camera.project_points(v, [hit.point], stage.size)[0]
    np.testing.assert_allclose(pixel, (120, 150), atol=1e-6)
    assert math.dist((v.east, v.north, v.height), hit.point) == pytest.approx(hit.distance)
    assert v.heading == pytest.approx(START.heading + 60 / 240 * math.pi)
    assert v.pitch == pytest.approx(START.pitch - 20 / 240 * math.pi)


def test_swinging_up_stops_at_the_horizon(stage: Stage) -> None:
    drag(Navigate(stage), (160, 120), (160, -900), "right")
    assert stage.viewpoint.pitch <= 0.0
    assert stage.viewpoint.height >= 1.0


def test_a_right_click_that_did_not_move_is_left_to_the_menu(stage: Stage) -> None:
    tool = Navigate(stage)
    assert not tool.pointer(PointerEvent("press", 50, 50, "right"))
    assert not tool.pointer(PointerEvent("release", 50, 50, "right"))
    assert drag(tool, (50, 50), (90, 50), "right")[-1]


def test_turning_the_head_leaves_the_eye_in_its_place(stage: Stage) -> None:
    drag(Navigate(stage), (160, 120), (200, 100), "right", CONTROL)
    v = stage.viewpoint
    assert (v.east, v.north, v.height) == (START.east, START.north, START.height)
    assert v.heading < START.heading
    assert v.pitch < START.pitch


@pytest.mark.parametrize("notches", [1.0, -2.0, 0.25])
def test_the_wheel_zooms_at_the_pointer(stage: Stage, notches: float) -> None:
    hit = stage.pick(90, 140)
    assert hit is not None
    assert Navigate(stage).pointer(PointerEvent("wheel", 90, 140, wheel=notches))
    pixel = camera.project_points(stage.viewpoint, [hit.point], stage.size)[0]
    np.testing.assert_allclose(pixel, (90, 140), atol=1e-6)
    again = stage.pick(90, 140)
    assert again is not None
    assert again.distance == pytest.approx(hit.distance * 0.8**notches)


def test_zooming_in_for_ever_never_goes_through(stage: Stage) -> None:
    tool = Navigate(stage)
    for _ in range(80):
        tool.pointer(PointerEvent("wheel", 160, 120, wheel=1.0))
    assert stage.viewpoint.height > 0.9
    assert stage.viewpoint.distance >= 0.9


def test_a_double_click_brings_the_point_to_the_middle(stage: Stage) -> None:
    hit = stage.pick(60, 170)
    assert hit is not None
    assert Navigate(stage).pointer(PointerEvent("press", 60, 170, "left", clicks=2))
    pixel = camera.project_points(stage.viewpoint, [hit.point], stage.size)[0]
    np.testing.assert_allclose(pixel, (160, 120), atol=1e-6)
    assert stage.viewpoint.distance == pytest.approx(hit.distance / 2)


def test_the_sky_can_be_dragged_without_harm(stage: Stage) -> None:
    stage.viewpoint = Viewpoint(WEST, SOUTH, 50.0, heading=0.0, pitch=0.2, distance=200.0)
    drag(Navigate(stage), (160, 20), (200, 60), "left")
    Navigate(stage).pointer(PointerEvent("wheel", 160, 20, wheel=1.0))
    v = stage.viewpoint
    assert math.dist((v.east, v.north, v.height), (WEST, SOUTH, 50.0)) < 300.0


@pytest.mark.parametrize(
    ("key", "check"),
    [
        ("up", lambda a, b: b.north > a.north),
        ("down", lambda a, b: b.north < a.north),
        ("left", lambda a, b: b.east < a.east),
        ("right", lambda a, b: b.east > a.east),
        ("page_up", lambda a, b: b.height > a.height),
        ("page_down", lambda a, b: b.height < a.height),
        ("plus", lambda a, b: b.distance < a.distance),
        ("minus", lambda a, b: b.distance > a.distance),
        ("home", lambda a, b: b.distance != a.distance),
        ("n", lambda a, b: b.heading == pytest.approx(0.0) != a.heading),
    ],
)
def test_keys_move_the_eye(stage: Stage, key: str, check: object) -> None:
    assert Navigate(stage).key(KeyEvent(key))
    assert callable(check)
    assert check(START, stage.viewpoint)


def test_shift_and_arrows_turn_and_tilt(stage: Stage) -> None:
    tool = Navigate(stage)
    shift = frozenset({SHIFT})
    tool.key(KeyEvent("right", shift))
    tool.key(KeyEvent("up", shift))
    assert stage.viewpoint.heading == pytest.approx(START.heading + math.radians(5))
    assert stage.viewpoint.pitch == pytest.approx(START.pitch - math.radians(5))
    assert stage.viewpoint.target == pytest.approx(START.target, abs=1e-6)


def test_other_keys_are_left_to_others(stage: Stage) -> None:
    assert not Navigate(stage).key(KeyEvent("q"))
    assert stage.viewpoint == START


def test_going_down_stops_above_the_ground_but_not_for_an_eye_below(stage: Stage) -> None:
    tool = Navigate(stage)
    for _ in range(50):
        tool.key(KeyEvent("page_down"))
    assert stage.viewpoint.height == pytest.approx(camera.KNEE_HIGH)
    stage.viewpoint = Viewpoint(WEST, SOUTH, -20.0, pitch=-0.1, distance=50.0)
    tool.key(KeyEvent("up"))
    assert stage.viewpoint.height == pytest.approx(-20.0)

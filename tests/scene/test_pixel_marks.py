"""Lines and marks keep their width in pixels, near and far, and their place on the ground."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import pyvista as pv
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkActor

from layers.viewpoint import Viewpoint
from scene import camera, frames
from scene.actors import mapper_of, polydata
from scene.pixel_marks import IN_AIR, ON_GROUND, ON_TOP, RoundMarks, WideLines

pytestmark = pytest.mark.picture
SIZE = (400, 300)
RED, GREEN = (1.0, 0.0, 0.0), (0.0, 0.5, 0.0)


class Board:
    """A white picture with lines on it."""

    def __init__(self) -> None:
        self.plotter = pv.Plotter(off_screen=True, window_size=list(SIZE), lighting="none")
        frames.take_over(self.plotter)
        self.plotter.renderer.SetBackground(1.0, 1.0, 1.0)
        self.look(60.0, 300.0)

    def look(self, tilt: float, distance: float, heading: float = 0.0) -> None:
        eye = Viewpoint.looking_at((0.0, 0.0, 0.0), distance, heading, -math.radians(tilt))
        view = self.plotter.renderer.GetActiveCamera()
        camera.apply(eye, view, np.zeros(3))
        view.SetClippingRange(distance / 50, distance * 50)

    def ground(self) -> None:
        """Lay a grey plane at height 0."""
        corners = np.array([[-1e4, -1e4, 0], [1e4, -1e4, 0], [1e4, 1e4, 0], [-1e4, 1e4, 0.0]])
        actor = vtkActor()
        triangles = np.array([[0, 1, 2], [0, 2, 3]], dtype=np.int32)
        actor.SetMapper(mapper_of(polydata(corners, triangles)))
        actor.GetProperty().SetLighting(False)
        actor.GetProperty().SetColor(0.6, 0.6, 0.6)
        self.plotter.renderer.AddActor(actor)

    def draw(self, *things: WideLines | RoundMarks, scale: float = 1.0) -> NDArray[np.int64]:
        for thing in things:
            self.plotter.renderer.AddActor(thing.actor)
        window: Any = self.plotter.render_window
        window.SetSize(*SIZE)
        near, far = self.plotter.renderer.GetActiveCamera().GetClippingRange()
        frame = replace(frames.state(self.plotter.renderer), near=near, far=far)
        for thing in things:
            thing.prepare(frame, scale)
        window.Render()
        shot: Any = self.plotter.screenshot(return_img=True)
        pixels = np.asarray(shot[..., :3], dtype=np.int64)
        for thing in things:
            self.plotter.renderer.RemoveActor(thing.actor)
        return pixels


@pytest.fixture
def board() -> Iterator[Board]:
    made = Board()
    yield made
    made.plotter.close()


def red(pixels: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.asarray((pixels[..., 0] > 200) & (pixels[..., 1] < 60))


def across(mode: float = ON_GROUND, order: float = 0.0) -> WideLines:
    points = np.array([[-900.0, 0.0, 0.0], [900.0, 0.0, 0.0]])
    return WideLines(points, np.array([0, 2]), 6.0, colour=RED, mode=mode, order=order)


@pytest.mark.parametrize("mode", [ON_GROUND, IN_AIR, ON_TOP])
@pytest.mark.parametrize(("tilt", "distance"), [(60, 300), (60, 3000), (90, 300), (12, 900)])
def test_a_line_is_as_wide_as_asked_from_everywhere(
    board: Board, mode: float, tilt: float, distance: float
) -> None:
    board.look(tilt, distance)
    seen = red(board.draw(across(mode=mode)))
    middle = seen[:, SIZE[0] // 2]
    assert middle.sum() == pytest.approx(6, abs=1)
    assert np.flatnonzero(middle).mean() == pytest.approx(SIZE[1] / 2, abs=1)


def test_on_a_dense_screen_a_line_takes_more_pixels(board: Board) -> None:
    assert red(board.draw(across(), scale=2.0))[:, 200].sum() == pytest.approx(12, abs=1)


@pytest.mark.parametrize("tilt", [8, 30, 80])
def test_a_wide_line_on_the_ground_does_not_sink_into_it(board: Board, tilt: float) -> None:
    board.ground()
    board.look(tilt, 500)
    assert red(board.draw(across(order=4.0)))[:, 200].sum() == pytest.approx(6, abs=1)


def test_a_line_over_everything_is_seen_through_the_ground(board: Board) -> None:
    board.ground()
    below = np.array([[-900.0, 0.0, -40.0], [900.0, 0.0, -40.0]])
    start = np.array([0, 2])
    assert not red(board.draw(WideLines(below, start, 6.0, mode=IN_AIR, colour=RED))).any()
    assert red(board.draw(WideLines(below, start, 6.0, mode=ON_TOP, colour=RED)))[:, 200].sum() > 4


def test_corners_are_joined_and_rings_are_closed(board: Board) -> None:
    board.look(90, 300)
    ring = np.array([[-60, -40, 0], [60, -40, 0], [60, 40, 0], [-60, 40, 0], [-60, -40, 0.0]])
    seen = red(board.draw(WideLines(ring, np.array([0, 5]), 8.0, colour=RED)))
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    corners = [(rows[0], columns[0]), (rows[0], columns[-1]), (rows[-1], columns[0])]
    corners.append((rows[-1], columns[-1]))
    assert all(seen[r - 1 : r + 2, c - 1 : c + 2].any() for r, c in corners)
    assert not seen[SIZE[1] // 2, SIZE[0] // 2]


def test_a_line_that_passes_the_eye_is_drawn_up_to_the_border(board: Board) -> None:
    board.look(20, 300)
    long = np.array([[0.0, -5000.0, 0.0], [0.0, 5000.0, 0.0]])
    seen = red(board.draw(WideLines(long, np.array([0, 2]), 6.0, colour=RED)))
    assert seen[-1].sum() == pytest.approx(6, abs=2)
    assert seen[200].sum() == pytest.approx(6, abs=1)


def test_each_corner_can_have_its_own_colour(board: Board) -> None:
    points = np.array([[-900.0, 30, 0], [900.0, 30, 0], [-900.0, -30, 0], [900.0, -30, 0]])
    colours = np.array([[255, 0, 0]] * 2 + [[0, 0, 255]] * 2, dtype=np.uint8)
    seen = board.draw(WideLines(points, np.array([0, 2, 4]), 5.0, colours=colours))
    assert red(seen).any()
    assert ((seen[..., 2] > 200) & (seen[..., 0] < 60)).any()


def test_lines_of_no_or_one_point_draw_nothing_and_do_no_harm(board: Board) -> None:
    points = np.array([[0.0, 0, 0], [50.0, 0, 0], [60.0, 0, 0]])
    seen = board.draw(WideLines(points, np.array([0, 1, 1, 3]), 5.0, colour=RED))
    assert 0 < red(seen).sum() < 300
    assert not red(board.draw(WideLines(np.empty((0, 3)), np.array([0]), 5.0, colour=RED))).any()


@pytest.mark.parametrize("distance", [200.0, 20_000.0])
def test_a_mark_is_a_disc_with_a_rim(board: Board, distance: float) -> None:
    board.look(40, distance)
    marks = RoundMarks(np.zeros((1, 3)), 20.0, rim=0.3, colour=RED, rim_colour=GREEN)
    seen = board.draw(marks)
    drawn = (seen != 255).any(axis=2)
    assert drawn.sum() == pytest.approx(math.pi * 100, rel=0.1)
    assert red(seen).sum() == pytest.approx(math.pi * 49, rel=0.15)
    rows, columns = np.nonzero(drawn)
    assert (rows.mean(), columns.mean()) == pytest.approx((149.5, 199.5), abs=1)


def test_a_mark_on_the_ground_is_seen_whole(board: Board) -> None:
    board.ground()
    board.look(15, 2000)
    seen = board.draw(RoundMarks(np.zeros((1, 3)), 16.0, pull=0.03, colour=RED))
    assert red(seen).sum() == pytest.approx(math.pi * 64, rel=0.1)


def test_a_crowd_of_marks_has_their_colour_and_not_that_of_their_rims(board: Board) -> None:
    board.ground()
    random = np.random.default_rng(5)
    places = np.column_stack([random.uniform(-25.0, 25.0, (400, 2)), np.zeros(400)])
    marks = RoundMarks(places, 12.0, rim=0.3, colour=RED, rim_colour=GREEN)
    pixels = board.draw(marks)
    red = (pixels[..., 0] > 200) & (pixels[..., 1] < 60)
    green = (pixels[..., 0] < 60) & (pixels[..., 1] > 60)
    assert red.sum() > 2 * green.sum() > 0  # rims show around the crowd alone
    alone = board.draw(RoundMarks(np.zeros((1, 3)), 40.0, rim=0.3, colour=RED, rim_colour=GREEN))
    ring = (alone[..., 0] < 60) & (alone[..., 1] > 60)
    assert ring.sum() == pytest.approx(math.pi * 20.0**2 * (1.0 - 0.7**2), rel=0.12)

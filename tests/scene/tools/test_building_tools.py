"""Drawing and dragging buildings as a user does: clicks, typed lengths, drags, Escape."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
import pyvista as pv
import shapely

from layers.frame import Frame
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.schemes_build import shrunk, stacked_blocks, with_blocks
from layers.shapes import Floats, Shapes
from layers.viewpoint import Viewpoint
from scene import camera
from scene.sketch_solids import box_lines
from scene.stage import Stage
from scene.tools.adjust_building import AdjustBuilding, Adjustment, Way
from scene.tools.draw_footprint import DrawFootprint
from scene.tools.events import ALT, LEFT, RIGHT, SHIFT, KeyEvent, PointerEvent

pytestmark = pytest.mark.picture
EAST, NORTH = 500_000.0, 3_380_000.0


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    project = Project(Frame("EPSG:4547", (EAST, NORTH)))
    plain = Shapes.from_shapely([shapely.box(EAST, NORTH, EAST + 40, NORTH + 30)])
    podium = shapely.box(EAST + 80, NORTH, EAST + 140, NORTH + 50)
    data, _ = with_blocks(
        Buildings.blocks(plain, 20.0), stacked_blocks(podium, 2, shrunk(podium, 15.0), 10), 2
    )
    project.insert_layer(Layer("buildings", "Blocks", data, layer_id="blocks"))
    plotter = pv.Plotter(off_screen=True, window_size=[640, 480])
    stage = Stage(project, plotter)
    stage.viewpoint = Viewpoint.looking_at(
        (EAST + 60, NORTH + 15, 0.0), 320.0, 0.0, math.radians(-60)
    )
    yield stage
    stage.close()
    plotter.close()


def pixel(stage: Stage, place: tuple[float, float, float]) -> tuple[float, float]:
    point = (EAST + place[0], NORTH + place[1], place[2])
    x, y = camera.project_points(stage.viewpoint, [point], stage.size)[0, :2]
    return float(x), float(y)


class Pen:
    """A hand that draws."""

    def __init__(self, stage: Stage, fewest: int = 3) -> None:
        self.stage, self.tool = stage, DrawFootprint(stage, height=30.0, fewest=fewest)
        self.drawn: list[Floats] = []
        self.left = 0
        self.tool.drawn.connect(self.drawn.append)
        self.tool.left.connect(self._leave)

    def _leave(self) -> None:
        self.left += 1

    def move(self, east: float, north: float, *held: str) -> None:
        x, y = pixel(self.stage, (east, north, 0.0))
        self.tool.pointer(PointerEvent("move", x, y, modifiers=frozenset(held)))

    def click(self, east: float, north: float, *held: str) -> None:
        x, y = pixel(self.stage, (east, north, 0.0))
        keys = frozenset(held)
        self.move(east, north, *held)
        self.tool.pointer(PointerEvent("press", x, y, LEFT, keys))
        self.tool.pointer(PointerEvent("release", x, y, LEFT, keys))

    def type(self, *keys: str) -> None:
        for key in keys:
            self.tool.key(KeyEvent(key))


def test_clicks_and_enter_give_an_outline_on_the_ground(stage: Stage) -> None:
    pen = Pen(stage)
    for place in ((0, -80), (30, -80), (30, -60)):
        pen.click(*place, ALT)
    pen.type("enter")
    (ring,) = pen.drawn
    assert ring[:, :2] - [EAST, NORTH] == pytest.approx(
        np.array([[0, -80], [30, -80], [30, -60]]), abs=0.2
    )
    assert (ring[:, 2] == 0.0).all()
    assert pen.tool.points == []


def test_a_typed_length_is_exact_towards_the_pointer(stage: Stage) -> None:
    pen = Pen(stage)
    pen.click(0, -80, ALT)
    pen.move(20, -80, ALT)
    pen.type("2", "5", ".", "5", "enter")
    first, second = (np.array(p[:2]) for p in pen.tool.points)
    assert math.dist(first, second) == pytest.approx(25.5)
    pen.type("9", "backspace")
    assert pen.tool.typed == ""
    pen.type("backspace")
    assert len(pen.tool.points) == 1


def test_shift_keeps_edges_square(stage: Stage) -> None:
    pen = Pen(stage)
    pen.click(0, -80, ALT)
    pen.click(30, -77, ALT, SHIFT)
    pen.click(27, -50, ALT, SHIFT)
    a, b, c = (np.array(p[:2]) for p in pen.tool.points)
    assert b[1] == pytest.approx(a[1])
    assert float((b - a) @ (c - b)) == pytest.approx(0.0, abs=1e-6)


def test_corners_snap_and_the_first_one_closes(stage: Stage) -> None:
    pen = Pen(stage)
    pen.click(0.5, 0.4)
    assert pen.tool.points[0][:2] == pytest.approx((EAST, NORTH))
    pen.click(20, -40, ALT)
    pen.click(-20, -40, ALT)
    pen.click(0.3, 0.2)
    (ring,) = pen.drawn
    assert len(ring) == 3


def test_a_line_of_two_points_ends_by_itself(stage: Stage) -> None:
    pen = Pen(stage, fewest=2)
    pen.click(-10, 15, ALT)
    pen.click(60, 15, ALT)
    assert len(pen.drawn) == 1


def test_escape_forgets_and_then_leaves(stage: Stage) -> None:
    pen = Pen(stage)
    pen.click(0, -80, ALT)
    pen.type("escape")
    assert (pen.tool.points, pen.left) == ([], 0)
    pen.type("escape")
    assert pen.left == 1
    assert pen.drawn == []


class Grip:
    """A hand that drags."""

    def __init__(self, stage: Stage, way: Way) -> None:
        self.stage, self.tool = stage, AdjustBuilding(stage, way)
        self.done: list[Adjustment] = []
        self.tool.adjusted.connect(self.done.append)

    def drag(self, begin: tuple[float, float, float], to: tuple[float, float], *held: str) -> None:
        x, y = pixel(self.stage, begin)
        keys = frozenset(held)
        self.tool.pointer(PointerEvent("press", x, y, LEFT))
        for share in (0.5, 1.0):
            at = x + (to[0] - x) * share, y + (to[1] - y) * share
            self.tool.pointer(PointerEvent("move", *at, LEFT, keys))
        self.tool.pointer(PointerEvent("release", *to, LEFT, keys))


def test_a_drag_moves_a_building_on_its_level(stage: Stage) -> None:
    grip = Grip(stage, "move")
    grip.drag((20, 15, 20), pixel(stage, (35, 5, 20)), ALT)
    (done,) = grip.done
    assert done.ids.tolist() == [1]
    assert (done.east, done.north) == pytest.approx((15, -10), abs=0.1)
    grip.drag((20, 15, 20), pixel(stage, (35.4, 5.2, 20)), SHIFT)
    assert (grip.done[1].east, grip.done[1].north) == (15, -10)


def test_a_tower_is_taken_with_its_podium(stage: Stage) -> None:
    grip = Grip(stage, "copy")
    top = 9.6 + 30.0
    grip.drag((110, 25, top), pixel(stage, (110, 65, top)), ALT)
    (done,) = grip.done
    assert done.ids.tolist() == [2, 3, 4]
    assert done.way == "copy"


def test_heights_are_pushed_and_pulled_in_whole_metres_with_shift(stage: Stage) -> None:
    grip = Grip(stage, "raise")
    x, y = pixel(stage, (20, 15, 20))
    grip.drag((20, 15, 20), (x, y - 40), SHIFT)
    (done,) = grip.done
    assert done.metres > 5
    assert done.metres == round(done.metres)
    grip.drag((20, 15, 20), (x, y + 20))
    assert grip.done[1].metres < 0


def test_turning_steps_by_fifteen_degrees_with_shift(stage: Stage) -> None:
    grip = Grip(stage, "turn")
    x, y = pixel(stage, (20, 15, 20))
    grip.drag((20, 15, 20), (x + 62, y), SHIFT)
    (done,) = grip.done
    assert done.degrees == 30.0
    assert done.centre == pytest.approx((EAST + 20, NORTH + 15))


def test_a_typed_number_ends_a_drag(stage: Stage) -> None:
    grip = Grip(stage, "raise")
    x, y = pixel(stage, (20, 15, 20))
    grip.tool.pointer(PointerEvent("press", x, y, LEFT))
    grip.tool.pointer(PointerEvent("move", x, y - 10, LEFT))
    for key in ("minus", "4", ".", "5", "enter"):
        grip.tool.key(KeyEvent(key))
    (done,) = grip.done
    assert done.metres == -4.5


def test_a_click_without_a_drag_and_the_ground_change_nothing(stage: Stage) -> None:
    grip = Grip(stage, "move")
    x, y = pixel(stage, (20, 15, 20))
    grip.drag((20, 15, 20), (x + 1, y))
    grip.drag((0, -100, 0), (x, y))
    grip.tool.pointer(PointerEvent("press", x, y, RIGHT))
    grip.tool.pointer(PointerEvent("release", x, y, RIGHT))
    grip.tool.cancel()
    assert grip.done == []


def test_the_lines_of_a_solid_stand_on_their_level() -> None:
    lines = box_lines(np.array([[0.0, 0], [4, 0], [4, 3]]), 10.0, 6.0)
    assert len(lines) == 5
    assert {float(z) for line in lines for z in line[:, 2]} == {10.0, 16.0}

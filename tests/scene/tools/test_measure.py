"""Measuring with the pointer as a user does: click, double click, Backspace, Escape."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
import pyvista as pv
import shapely

from layers.errors import CityError
from layers.frame import Frame
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.kinds.measurements import MeasureKind, Measurement
from layers.project import Project
from layers.shapes import Shapes
from layers.viewpoint import Viewpoint
from scene import camera
from scene.stage import Stage
from scene.tools.events import ALT, LEFT, RIGHT, KeyEvent, PointerEvent
from scene.tools.measure import Measure

pytestmark = pytest.mark.picture
EAST, NORTH = 500_000.0, 3_380_000.0


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    project = Project(Frame("EPSG:4547", (EAST, NORTH)))
    blocks = Shapes.from_shapely([shapely.box(EAST, NORTH, EAST + 40, NORTH + 30)])
    project.insert_layer(Layer("buildings", "Blocks", Buildings.blocks(blocks, 20.0)))
    plotter = pv.Plotter(off_screen=True, window_size=[640, 480])
    stage = Stage(project, plotter)
    stage.viewpoint = Viewpoint.looking_at(
        (EAST + 20, NORTH + 15, 0.0), 220.0, 0.0, math.radians(-60)
    )
    yield stage
    stage.close()
    plotter.close()


class Hand:
    """A user's hand on the mouse."""

    def __init__(self, stage: Stage, kind: MeasureKind) -> None:
        self.stage = stage
        self.tool = Measure(stage, kind, lambda item: item.kind)
        self.answers: list[Measurement] = []
        self.errors: list[CityError] = []
        self.tool.finished.connect(self.answers.append)
        self.tool.failed.connect(self.errors.append)

    def at(self, place: tuple[float, float, float]) -> tuple[float, float]:
        point = (EAST + place[0], NORTH + place[1], place[2])
        x, y = camera.project_points(self.stage.viewpoint, [point], self.stage.size)[0, :2]
        return float(x), float(y)

    def click(self, place: tuple[float, float, float], *modifiers: str, clicks: int = 1) -> None:
        x, y = self.at(place)
        held = frozenset(modifiers)
        self.tool.pointer(PointerEvent("move", x, y, modifiers=held))
        self.tool.pointer(PointerEvent("press", x, y, LEFT, held, clicks))
        self.tool.pointer(PointerEvent("release", x, y, LEFT, held))


def test_two_clicks_measure_between_the_corners_they_snapped_to(stage: Stage) -> None:
    hand = Hand(stage, "distance")
    hand.click((0.3, 0.2, 20.0))
    hand.click((39.8, 0.3, 20.0))
    (answer,) = hand.answers
    assert answer.values["distance_3d_m"] == pytest.approx(40.0, abs=1e-6)
    assert answer.points[0] == pytest.approx((EAST, NORTH, 20.0))
    assert hand.tool.points == []


def test_alt_keeps_the_pointer_off_corners(stage: Stage) -> None:
    hand = Hand(stage, "point")
    hand.click((1.0, 1.0, 20.0), ALT)
    (answer,) = hand.answers
    assert answer.points[0][:2] == pytest.approx((EAST + 1.0, NORTH + 1.0), abs=0.05)


def test_a_double_click_ends_an_area(stage: Stage) -> None:
    hand = Hand(stage, "area")
    for place in ((-40, -30, 0), (-10, -30, 0), (-10, 0, 0), (-40, 0, 0)):
        hand.click(place, ALT)
    hand.click((-40, 0, 0), ALT, clicks=2)
    (answer,) = hand.answers
    assert answer.values["area_m2"] == pytest.approx(900.0, rel=1e-3)


def test_backspace_takes_a_point_back_and_enter_ends_a_line(stage: Stage) -> None:
    hand = Hand(stage, "polyline")
    for place in ((-40, -30, 0), (-10, -30, 0), (90, 90, 0)):
        hand.click(place, ALT)
    hand.tool.key(KeyEvent("backspace"))
    hand.tool.key(KeyEvent("enter"))
    (answer,) = hand.answers
    assert answer.values["horizontal_m"] == pytest.approx(30.0, abs=0.05)


def test_escape_gives_up_first_and_leaves_then(stage: Stage) -> None:
    hand = Hand(stage, "polyline")
    left: list[bool] = []
    hand.tool.left.connect(lambda: left.append(True))
    hand.click((-40, -30, 0))
    hand.tool.key(KeyEvent("escape"))
    assert (hand.tool.points, left) == ([], [])
    hand.tool.key(KeyEvent("escape"))
    assert left == [True]


def test_a_ring_that_crosses_itself_is_told_and_its_points_stay(stage: Stage) -> None:
    hand = Hand(stage, "area")
    for place in ((-40, -30, 0), (-10, 0, 0), (-10, -30, 0), (-40, 0, 0)):
        hand.click(place, ALT)
    hand.tool.key(KeyEvent("enter"))
    assert [error.code for error in hand.errors] == ["measure.crossing"]
    assert len(hand.tool.points) == 4


def test_a_building_is_measured_by_one_click_and_the_sky_by_none(stage: Stage) -> None:
    hand = Hand(stage, "building")
    hand.click((20, 15, 20))
    (answer,) = hand.answers
    assert answer.values["volume_m3"] == pytest.approx(24_000.0)
    hand.click((-60, -20, 0))
    assert len(hand.answers) == 1


def test_a_drag_puts_no_point_and_the_right_button_turns_the_eye(stage: Stage) -> None:
    hand = Hand(stage, "polyline")
    x, y = hand.at((0, 0, 20))
    hand.tool.pointer(PointerEvent("press", x, y, LEFT))
    hand.tool.pointer(PointerEvent("move", x + 40, y, LEFT))
    hand.tool.pointer(PointerEvent("release", x + 40, y, LEFT))
    assert hand.tool.points == []
    before = stage.viewpoint
    hand.tool.pointer(PointerEvent("press", x, y, RIGHT))
    hand.tool.pointer(PointerEvent("move", x + 60, y, RIGHT))
    hand.tool.pointer(PointerEvent("release", x + 60, y, RIGHT))
    assert stage.viewpoint.heading != before.heading
    stage.viewpoint = before

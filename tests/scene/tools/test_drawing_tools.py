"""Places, lines, areas and pipes taken from the picture: clicks, snapping, the end."""

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
from layers.pipes.drafting import Design, draft
from layers.pipes.live import PipeSnap
from layers.project import Project
from layers.shapes import Floats, Shapes
from layers.viewpoint import Viewpoint
from scene import camera
from scene.rays import Hit
from scene.stage import Stage
from scene.tools.draw_pipe import DrawPipe, Preview
from scene.tools.events import ALT, LEFT, SHIFT, KeyEvent, PointerEvent, Tool
from scene.tools.select_polygon import SelectPolygon
from scene.tools.spot import Spot
from scene.tools.trace import Trace

pytestmark = pytest.mark.picture
EAST, NORTH = 500_000.0, 3_380_000.0


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    project = Project(Frame("EPSG:4547", (EAST, NORTH)))
    blocks = Shapes.from_shapely([shapely.box(EAST, NORTH, EAST + 40, NORTH + 30)])
    project.insert_layer(
        Layer("buildings", "Blocks", Buildings.blocks(blocks, 20.0), layer_id="blocks")
    )
    plotter = pv.Plotter(off_screen=True, window_size=[640, 480])
    stage = Stage(project, plotter)
    stage.viewpoint = Viewpoint.looking_at(
        (EAST + 20, NORTH + 15, 0.0), 220.0, 0.0, math.radians(-60)
    )
    yield stage
    stage.close()
    plotter.close()


def click(
    stage: Stage, tool: Tool, place: tuple[float, float, float], *held: str, clicks: int = 1
) -> None:
    point = (EAST + place[0], NORTH + place[1], place[2])
    x, y = (float(v) for v in camera.project_points(stage.viewpoint, [point], stage.size)[0, :2])
    keys = frozenset(held)
    tool.pointer(PointerEvent("move", x, y, modifiers=keys))
    tool.pointer(PointerEvent("press", x, y, LEFT, keys, clicks))
    tool.pointer(PointerEvent("release", x, y, LEFT, keys))


def drawn(stage: Stage) -> bool:
    return stage.sketch_view.shown


def test_a_click_takes_what_lies_there(stage: Stage) -> None:
    tool = Spot(stage)
    taken: list[Hit] = []
    tool.taken.connect(taken.append)
    click(stage, tool, (20.0, 15.0, 20.0))
    (hit,) = taken
    assert isinstance(hit, Hit)
    assert (hit.layer_id, hit.object_id) == ("blocks", 1)
    assert hit.point == pytest.approx((EAST + 20, NORTH + 15, 20.0), abs=0.1)


def test_an_area_needs_three_corners(stage: Stage) -> None:
    tool = Trace(stage, closed=True)
    made: list[Floats] = []
    tool.traced.connect(made.append)
    for place in ((-40.0, -30.0, 0.0), (-10.0, -30.0, 0.0)):
        click(stage, tool, place)
    tool.key(KeyEvent("enter"))
    assert made == []
    for place in ((-40.0, -30.0, 0.0), (-10.0, -30.0, 0.0), (-10.0, 0.0, 0.0)):
        click(stage, tool, place)
    tool.key(KeyEvent("enter"))
    assert [points.shape for points in made] == [(3, 3)]


def test_a_point_taken_back_leaves_nothing_in_the_picture(stage: Stage) -> None:
    tool = Trace(stage)
    left: list[bool] = []
    tool.left.connect(lambda: left.append(True))
    click(stage, tool, (-40.0, -30.0, 0.0))
    tool.pointer(PointerEvent("move", 300.0, 200.0))
    assert drawn(stage)
    tool.key(KeyEvent("backspace"))
    assert not drawn(stage)
    assert not left
    tool.key(KeyEvent("escape"))
    assert left == [True]


def test_a_polygon_selects_and_adds_with_shift(stage: Stage) -> None:
    tool = SelectPolygon(stage)
    told: list[dict[str, list[int]]] = []
    tool.selected.connect(lambda found: told.append({k: v.tolist() for k, v in found.items()}))
    for place in ((-10.0, -10.0, 0.0), (50.0, -10.0, 0.0), (50.0, 50.0, 0.0), (-10.0, 50.0, 0.0)):
        click(stage, tool, place)
    tool.key(KeyEvent("enter", frozenset({SHIFT})))
    for place in ((-60.0, -40.0, 0.0), (-30.0, -40.0, 0.0)):
        click(stage, tool, place)
    tool.key(KeyEvent("enter"))
    assert told == [{"blocks": [1]}]
    assert tool.points == []


def test_a_pipe_snaps_to_what_is_there_and_shows_what_it_would_be(stage: Stage) -> None:
    old = draft(
        [(EAST - 40, NORTH - 30), (EAST - 10, NORTH - 30)], Design(),
        lambda places: np.zeros(len(places)),
    )  # fmt: skip
    seen: list[int] = []

    def preview(points: Floats) -> Preview:
        seen.append(len(points))
        return Preview([points - (0.0, 0.0, 1.0)], [((EAST, NORTH, 0.0), "1.00 m")])

    tool = DrawPipe(stage, PipeSnap([old]).snap, preview)
    made: list[Floats] = []
    tool.traced.connect(made.append)
    click(stage, tool, (-10.3, -29.8, 0.0))
    click(stage, tool, (-30.0, 0.0, 0.0))
    click(stage, tool, (-39.6, -29.7, 0.0), ALT)
    tool.key(KeyEvent("enter"))
    (points,) = made
    assert points[0, :2] == pytest.approx((EAST - 10, NORTH - 30))
    assert points[2, :2] == pytest.approx((EAST - 39.6, NORTH - 29.7), abs=0.1)
    assert max(seen) >= 3

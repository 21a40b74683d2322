"""Corners of control lines dragged as a user does: drags, typed lengths, Delete, Escape."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pytest
import pyvista as pv
import shapely

from layers.edits import SetData
from layers.frame import Frame
from layers.history import History, Label
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.planning.line_edits import rings_of, with_rings
from layers.planning.line_live import LiveLines, counts
from layers.project import Project
from layers.rules.rule import RuleSet
from layers.shapes import Shapes
from layers.viewpoint import Viewpoint
from scene import camera
from scene.stage import Stage
from scene.tools.events import ALT, CONTROL, LEFT, SHIFT, KeyEvent, PointerEvent
from scene.tools.reshape_line import Reshaped, ReshapeLine

pytestmark = pytest.mark.picture
EAST, NORTH = 500_000.0, 3_380_000.0
ROAD, PARK = 1, 2


class City:
    """A building, a road line and a park with a pond, seen from above."""

    def __init__(self) -> None:
        self.project = Project(Frame("EPSG:4547", (EAST, NORTH)))
        plain = Shapes.from_shapely([shapely.box(EAST + 40, NORTH + 20, EAST + 60, NORTH + 40)])
        self.project.insert_layer(
            Layer("buildings", "Blocks", Buildings.blocks(plain, 20.0), layer_id="b")
        )
        road = shapely.LineString([(EAST - 60, NORTH), (EAST, NORTH), (EAST + 100, NORTH)])
        park = shapely.box(EAST - 90, NORTH + 30, EAST - 30, NORTH + 80)
        pond = shapely.box(EAST - 70, NORTH + 45, EAST - 50, NORTH + 60)
        table = pa.table({
            "class": ["road", "green"], "setback_m": [5.0, 5.0], "document": ["1", "2"],
        })  # fmt: skip
        lines = Features.of(Shapes.from_shapely([road, park - pond]), table)
        self.project.insert_layer(Layer("control-lines", "Lines", lines, layer_id="l"))
        self.history = History(self.project)
        self.plotter = pv.Plotter(off_screen=True, window_size=[640, 480])
        self.stage = Stage(self.project, self.plotter)
        self.stage.viewpoint = Viewpoint.looking_at(
            (EAST, NORTH + 30, 0.0), 330.0, 0.0, math.radians(-89)
        )
        self.live = LiveLines(self.project, RuleSet(()))
        self.told: list[str] = []
        self.tool = ReshapeLine(self.stage, "control-lines", self.judge)
        self.tool.reshaped.connect(self.reshape)
        self.left = 0
        self.tool.left.connect(self.leave)

    def judge(self, now: Reshaped) -> tuple[str, tuple[()]]:
        found = counts(self.live.check(self.project.layer("l"), now.number, now.rings))
        self.told.append(f"{found['crossing']:g} crossed")
        return self.told[-1], ()

    def reshape(self, now: Reshaped) -> None:
        data = with_rings(self.project.layer("l").features, now.number, now.rings)
        self.history.run(SetData("l", data, Label("edit-reshape-line")))

    def leave(self) -> None:
        self.left += 1

    def corners(self, number: int, ring: int = 0) -> list[list[float]]:
        places = rings_of(self.project.layer("l").features, number)[ring]
        rounded: list[list[float]] = np.round(places - (EAST, NORTH), 0).tolist()
        return rounded

    def send(self, kind: str, east: float, north: float, *held: str, button: str = LEFT) -> None:
        spot = (EAST + east, NORTH + north, 0.0)
        x, y = camera.project_points(self.stage.viewpoint, [spot], self.stage.size)[0]
        self.tool.pointer(PointerEvent(kind, float(x), float(y), button, frozenset(held)))

    def click(self, east: float, north: float) -> None:
        self.send("press", east, north)
        self.send("release", east, north)

    def drag(
        self, start: tuple[float, float], end: tuple[float, float], *held: str, go: bool = True
    ) -> None:
        self.send("press", *start, *held)
        self.send("move", *end, *held)
        if go:
            self.send("release", *end, *held)


@pytest.fixture
def city() -> Iterator[City]:
    made = City()
    yield made
    made.stage.close()
    made.plotter.close()


def test_a_click_takes_a_line_and_a_drag_moves_its_corner(city: City) -> None:
    city.click(-30, 0)
    assert city.tool.held == ("l", ROAD)
    city.drag((0, 0), (0, -40), ALT)
    assert city.corners(ROAD) == [[-60, 0], [0, -40], [100, 0]]
    city.history.undo()
    assert city.corners(ROAD) == [[-60, 0], [0, 0], [100, 0]]


def test_a_drag_of_an_edge_makes_a_corner_and_delete_takes_one_away(city: City) -> None:
    city.tool.take("l", ROAD)
    city.drag((50, 0), (50, -30), ALT)
    assert city.corners(ROAD) == [[-60, 0], [0, 0], [50, -30], [100, 0]]
    city.click(50, -30)  # touched, not moved
    city.tool.key(KeyEvent("delete"))
    assert city.corners(ROAD) == [[-60, 0], [0, 0], [100, 0]]
    for _ in range(3):
        city.click(0, 0)
        city.tool.key(KeyEvent("backspace"))
    city.click(100, 0)
    city.tool.key(KeyEvent("delete"))
    assert city.corners(ROAD) == [[-60, 0], [100, 0]]  # two are needed


def test_control_moves_all_of_an_area_with_its_hole(city: City) -> None:
    city.tool.take("l", PARK)
    city.drag((-60, 30), (-60, -20), CONTROL, ALT)
    assert city.corners(PARK)[0][1] in (-20.0, 30.0)
    outer, hole = np.array(city.corners(PARK)), np.array(city.corners(PARK, 1))
    assert (outer.min(axis=0).tolist(), outer.max(axis=0).tolist()) == ([-90, -20], [-30, 30])
    assert (hole.min(axis=0).tolist(), hole.max(axis=0).tolist()) == ([-70, -5], [-50, 10])


def test_digits_give_a_length_and_shift_keeps_square(city: City) -> None:
    city.tool.take("l", ROAD)
    city.drag((100, 0), (80, 30), ALT, go=False)
    for key in ("2", "5", "enter"):
        city.tool.key(KeyEvent(key))
    (last,) = np.diff(rings_of(city.project.layer("l").features, ROAD)[0], axis=0)[1:]
    assert float(np.hypot(*last)) == pytest.approx(25.0)
    city.history.undo()
    city.drag((100, 0), (8, 60), SHIFT)
    assert city.corners(ROAD)[2] == [0, 60]


def test_a_corner_snaps_to_the_city_but_not_to_its_own_line(city: City) -> None:
    city.tool.take("l", ROAD)
    city.drag((100, 0), (-31, 31))  # near the corner of the park
    assert city.corners(ROAD)[2] == [-30, 30]


def test_what_a_line_meets_is_told_while_it_is_dragged(city: City) -> None:
    city.tool.take("l", ROAD)
    city.drag((0, 0), (50, 30), ALT, go=False)
    assert city.told[-1] == "1 crossed"
    assert city.corners(ROAD)[1] == [0, 0]  # nothing is changed before it is let go
    city.tool.key(KeyEvent("escape"))
    city.send("release", 50, 30)
    assert city.corners(ROAD)[1] == [0, 0]
    city.tool.key(KeyEvent("escape"))
    assert city.tool.held is None
    assert city.left == 0
    city.tool.key(KeyEvent("escape"))
    assert city.left == 1


def test_a_line_that_goes_away_is_let_go(city: City) -> None:
    city.tool.take("l", ROAD)
    features = city.project.layer("l").features
    without = Features(features.shapes.take([1]), features.ids[1:], np.zeros(1, dtype=np.int64),
                       features.attributes.slice(1))  # fmt: skip
    city.history.run(SetData("l", without, Label("edit-remove-line")))
    city.drag((0, 0), (0, 50))
    assert city.tool.held is None
    assert len(city.project.layer("l").features) == 1

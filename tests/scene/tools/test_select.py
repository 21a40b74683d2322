"""Clicks and boxes tell what shall be selected."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from layers.shapes import Ints
from scene import camera
from scene.stage import Stage
from scene.tools.events import CONTROL, SHIFT, KeyEvent, PointerEvent
from scene.tools.select import Select, combined
from tests.scene.cities import city, project_with, staged

pytestmark = pytest.mark.picture


class Desk:
    """A select tool and what it told; the stage shows it as a window would."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.layer = stage.project.layers[0]
        self.tool = Select(stage)
        self.boxes: list[object] = []
        self.tool.selected.connect(stage.select)
        self.tool.box_changed.connect(self.boxes.append)

    def pixel_of(self, number: int) -> tuple[float, float]:
        """Give a pixel in which a building is on top."""
        for y in range(4, 240, 4):
            for x in range(4, 320, 4):
                hit = self.stage.pick(x, y)
                if hit is not None and hit.object_id == number:
                    return float(x), float(y)
        raise AssertionError(number)

    def click(self, at: tuple[float, float], *keys: str) -> None:
        """Click with the left button."""
        held = frozenset(keys)
        self.tool.pointer(PointerEvent("press", *at, "left", held))
        self.tool.pointer(PointerEvent("release", *at, "left", held))

    def box(self, a: tuple[float, float], b: tuple[float, float], *keys: str) -> None:
        """Drag a box with the left button."""
        held = frozenset(keys)
        self.tool.pointer(PointerEvent("press", *a, "left", held))
        self.tool.pointer(PointerEvent("move", *b, "left", held))
        self.tool.pointer(PointerEvent("release", *b, "left", held))

    @property
    def chosen(self) -> list[int]:
        """What is selected now."""
        none: Ints = np.empty(0, dtype=np.int64)
        return sorted(self.stage.selection.get(self.layer.id, none).tolist())


@pytest.fixture(scope="module")
def city_stage() -> Iterator[Stage]:
    """Give a stage with nine buildings."""
    with staged(project_with(city(9))[0]) as stage:
        yield stage


@pytest.fixture
def desk(city_stage: Stage) -> Iterator[Desk]:
    """Give a tool on the stage, with nothing selected."""
    city_stage.viewpoint = city_stage.fit(pitch=-1.2)
    city_stage.select({})
    desk = Desk(city_stage)
    yield desk
    desk.tool.selected.disconnect()


def test_a_click_selects_one_and_a_click_on_the_ground_nothing(desk: Desk) -> None:
    desk.click(desk.pixel_of(3))
    assert desk.chosen == [3]
    desk.click(desk.pixel_of(7))
    assert desk.chosen == [7]
    desk.click(desk.pixel_of(0))
    assert desk.chosen == []


def test_shift_adds_and_control_takes_in_and_out(desk: Desk) -> None:
    desk.click(desk.pixel_of(3))
    desk.click(desk.pixel_of(4), SHIFT)
    desk.click(desk.pixel_of(4), SHIFT)
    assert desk.chosen == [3, 4]
    desk.click(desk.pixel_of(3), CONTROL)
    desk.click(desk.pixel_of(8), CONTROL)
    assert desk.chosen == [4, 8]
    desk.click(desk.pixel_of(0), SHIFT)
    assert desk.chosen == [4, 8]


def test_a_box_selects_many_and_shows_its_band_while_it_is_drawn(desk: Desk) -> None:
    desk.box((310, 230), (5, 5))
    assert desk.chosen == list(range(1, 10))
    assert desk.boxes == [(5, 5, 310, 230), None]
    desk.box((0, 0), (160, 240), CONTROL)
    centres = desk.layer.features.shapes.centres()
    x = camera.project_points(desk.stage.viewpoint, np.column_stack([centres, np.zeros(9)]),
                              desk.stage.size)[:, 0]  # fmt: skip
    assert set(desk.chosen) == set((np.flatnonzero(x > 160) + 1).tolist())


def test_a_trembling_click_is_a_click(desk: Desk) -> None:
    x, y = desk.pixel_of(3)
    desk.box((x, y), (x + 2, y + 1))
    assert desk.chosen == [3]
    assert desk.boxes == []


def test_escape_drops_a_box_first_and_the_selection_then(desk: Desk) -> None:
    desk.click(desk.pixel_of(3))
    desk.tool.pointer(PointerEvent("press", 5, 5, "left"))
    desk.tool.pointer(PointerEvent("move", 200, 200, "left"))
    assert desk.tool.cursor == "cross"
    assert desk.tool.key(KeyEvent("escape"))
    assert desk.boxes[-1] is None
    assert desk.chosen == [3]
    desk.tool.key(KeyEvent("escape"))
    assert desk.chosen == []


def test_the_other_buttons_the_wheel_and_the_arrows_move_the_eye(desk: Desk) -> None:
    before = desk.stage.viewpoint
    desk.tool.pointer(PointerEvent("wheel", 100, 100, wheel=1.0))
    nearer = desk.stage.viewpoint
    assert nearer != before
    desk.tool.pointer(PointerEvent("press", 100, 100, "middle"))
    desk.tool.pointer(PointerEvent("move", 150, 100, "middle"))
    desk.tool.pointer(PointerEvent("release", 150, 100, "middle"))
    assert desk.stage.viewpoint != nearer
    assert desk.tool.key(KeyEvent("up"))
    assert desk.chosen == []


def test_selections_of_several_layers_are_joined_layer_by_layer() -> None:
    old = {"a": np.array([1, 2]), "b": np.array([9])}
    found = {"a": np.array([2, 3])}
    plain = combined(old, found, frozenset())
    added = combined(old, found, frozenset({SHIFT}))
    toggled = combined(old, found, frozenset({CONTROL}))
    assert {k: v.tolist() for k, v in plain.items()} == {"a": [2, 3]}
    assert {k: v.tolist() for k, v in added.items()} == {"a": [1, 2, 3], "b": [9]}
    assert {k: v.tolist() for k, v in toggled.items()} == {"a": [1, 3], "b": [9]}
    assert combined({"a": np.array([1])}, {"a": np.array([1])}, frozenset({CONTROL})) == {}

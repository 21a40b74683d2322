"""An orthophoto lies where it was taken, on hills too, and lets clear parts through."""

from __future__ import annotations

import math
import threading
from dataclasses import replace

import numpy as np
import pytest

from layers.errors import CityError
from layers.frame import Frame
from layers.kinds import kind_of
from layers.kinds.base import Layer
from layers.kinds.imagery import Imagery
from layers.project import Project
from layers.viewpoint import Viewpoint
from scene import camera
from scene.stage import Stage
from scene.views import imagery
from scene.views.imagery import ImageryView, texels
from tests.scene.cities import SOUTH, WEST, shot, staged
from tests.scene.test_surface import hills

pytestmark = pytest.mark.picture


def four_colours(alpha: int = 255) -> Imagery:
    """Give a picture, 200 m by 100 m: red, green above blue, yellow."""
    pixels = np.zeros((50, 100, 4), dtype=np.uint8)
    pixels[:25, :50] = (220, 30, 30, 255)
    pixels[:25, 50:] = (30, 180, 30, 255)
    pixels[25:, :50] = (30, 30, 220, 255)
    pixels[25:, 50:] = (220, 220, 30, alpha)
    return Imagery(pixels, WEST, SOUTH, WEST + 200, SOUTH + 100)


def staged_picture(data: Imagery) -> tuple[Project, Layer]:
    project = Project(Frame("EPSG:4547", (WEST, SOUTH)))
    layer = Layer("imagery", "Photo", data, style=kind_of("imagery").style)
    project.insert_layer(layer)
    return project, layer


def colours(stage: Stage, *, height: float = 0.0) -> list[list[int]]:
    spots = [(WEST + x, SOUTH + y, height) for x, y in ((50, 75), (150, 75), (50, 25), (150, 25))]
    seen = shot(stage)
    places = camera.project_points(stage.viewpoint, spots, stage.size)
    return [seen[int(y), int(x)].tolist() for x, y in places]


WANTED = [[220, 30, 30], [30, 180, 30], [30, 30, 220], [220, 220, 30]]


def test_the_picture_lies_where_it_was_taken() -> None:
    project, _ = staged_picture(four_colours())
    with staged(project) as stage:
        stage.viewpoint = Viewpoint.looking_at(
            (WEST + 100, SOUTH + 50, 0.0), 300.0, 0.3, math.radians(-50)
        )
        for seen, wanted in zip(colours(stage), WANTED, strict=True):
            assert seen == pytest.approx(wanted, abs=8)


def test_on_hills_it_is_shaded_and_nothing_drowns() -> None:
    project, _ = staged_picture(four_colours())
    project.insert_layer(Layer("terrain", "Land", hills(), style=kind_of("terrain").style), 0)
    with staged(project) as stage:
        stage.viewpoint = Viewpoint.looking_at(
            (WEST + 60, SOUTH + 50, 25.0), 90.0, 0.3, math.radians(-60)
        )
        seen = shot(stage).astype(int)[120:]
        saturated = np.ptp(seen, axis=2) > 90
        assert saturated.mean() > 0.99


def test_clear_parts_show_the_ground_and_opacity_lets_all_through() -> None:
    project, layer = staged_picture(four_colours(alpha=0))
    with staged(project) as stage:
        stage.viewpoint = Viewpoint.looking_at(
            (WEST + 100, SOUTH + 50, 0.0), 300.0, 0.0, -math.pi / 2
        )
        seen = colours(stage)
        assert seen[0] == pytest.approx(WANTED[0], abs=10)
        assert np.ptp(seen[3]) < 40
        layer.opacity = 0.5
        half = colours(stage)
        assert 80 < half[0][1] < 180
        layer.visible = False
        assert np.ptp(colours(stage)[0]) < 40


def test_large_pictures_are_thinned_and_solid_ones_lose_their_alpha(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(imagery, "LONGEST", 40)
    small = texels(four_colours().pixels)
    assert small.shape == (16, 33, 3)
    assert small[-1, 0].tolist() == [220, 30, 30]
    clear = texels(four_colours(alpha=0).pixels)
    assert clear.shape[2] == 4
    assert clear[0, -1, 3] == 0
    edge = clear[8, -1]
    assert edge[3] == 0 or edge[:3].tolist() == [30, 180, 30]  # clear pixels lend no colour


class Slow:
    """A picture in a file: violet where it is read sharply; tells which thread read it."""

    step, identity = 0.1, "slow"

    def __init__(self, *, gone: bool = False) -> None:
        self.gone, self.reads = gone, 0
        self.open, self.threads = threading.Event(), set[str]()

    def part(self, west: float, north: float, step: float, size: int) -> np.ndarray:
        del west, north, step
        self.threads.add(threading.current_thread().name.split("_")[0])
        self.reads += 1
        assert self.open.wait(20.0)
        if self.gone:
            raise CityError("raster.unreadable", "gone")
        return np.full((size, size, 4), (200, 40, 200, 255), dtype=np.uint8)


def waited(stage: Stage) -> None:
    """Take up what the reading thread brings, as a window does between frames."""
    view = next(iter(stage.views.values()))
    assert isinstance(view, ImageryView)
    for _ in range(8):
        shot(stage)
        while view._coming is not None:
            view._coming[1].exception()
            stage.advance()


def test_a_window_does_not_wait_for_the_parts_of_a_large_picture() -> None:
    fine = Slow()
    project, _ = staged_picture(replace(four_colours(), fine=fine))
    with staged(project, patient=True) as stage:
        stage.build()
        stage.viewpoint = Viewpoint.looking_at(
            (WEST + 100, SOUTH + 50, 0.0), 120.0, 0.0, -math.pi / 2
        )
        for _ in range(4):  # the file answers nothing yet: frames are drawn all the same
            blurred = shot(stage).astype(int)
        assert abs(blurred[..., 0] - blurred[..., 2]).max() > 100
        assert [stage.complete, stage.advance()] == [False, True]
        fine.open.set()
        waited(stage)
        sharp = shot(stage).astype(int)
        assert abs(sharp[..., 0] - sharp[..., 2]).max() < 40
        assert [stage.complete, stage.advance()] == [True, False]
        assert "pictures" in fine.threads


def test_a_file_that_is_gone_is_asked_for_no_more() -> None:
    fine = Slow(gone=True)
    fine.open.set()
    project, _ = staged_picture(replace(four_colours(), fine=fine))
    told: list[str] = []
    with staged(project, patient=True) as stage:
        stage.warned.connect(told.append)
        stage.build()
        stage.viewpoint = Viewpoint.looking_at(
            (WEST + 100, SOUTH + 50, 0.0), 120.0, 0.0, -math.pi / 2
        )
        waited(stage)
        assert told == ["scene-picture-gone"]
        assert fine.reads <= 2
        assert stage.complete

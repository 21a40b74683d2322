"""Sky, light and names of a stage follow the moment, the eye and the layers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from layers.errors import CityError
from layers.frame import Frame
from layers.project import Project
from layers.viewpoint import Viewpoint
from scene import camera, fonts
from scene.labels import LabelSet
from scene.materials import HAZE
from scene.offscreen import PictureRequest, Studio
from scene.stage import Stage
from scene.texts import text_picture
from tests.scene.cities import SOUTH, WEST, city, project_with, shot, staged

pytestmark = pytest.mark.picture
SIZE = (400, 300)


@pytest.fixture
def stage() -> Iterator[Stage]:
    project = Project(Frame("EPSG:4547", (WEST, SOUTH)))
    project.info = replace(project.info, moment="2026-06-21T12:20")
    with staged(project, SIZE) as made:
        yield made


def looking(pitch: float, heading: float = 0.0, projection: str = "perspective") -> Viewpoint:
    return Viewpoint(
        WEST, SOUTH, 120.0, heading, math.radians(pitch), 500.0,
        projection="parallel" if projection == "parallel" else "perspective",
    )  # fmt: skip


def mean(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    return np.asarray(pixels.reshape(-1, 3).mean(axis=0), dtype=np.float64)


def test_the_sky_is_pale_at_the_horizon_and_blue_above(stage: Stage) -> None:
    stage.viewpoint = looking(15)
    rows = shot(stage).astype(float).mean(axis=1)
    sky = rows[: SIZE[1] // 2]
    assert (np.diff(sky[:, 0]) > -0.6).all()  # redder, row by row, towards the horizon
    assert sky[0, 2] - sky[0, 0] > sky[-1, 2] - sky[-1, 0] + 20


def test_the_sky_glows_around_a_low_sun(stage: Stage) -> None:
    stage.moment = "2026-06-21T18:50"
    red = []
    for heading in (-1.1, 2.0):  # towards the sun and away from it
        stage.viewpoint = looking(12, heading)
        red.append(mean(shot(stage)[:60])[0])
    assert red[0] > red[1] + 8


def test_night_is_dark_and_day_comes_back(stage: Stage) -> None:
    stage.viewpoint = looking(-5)
    day = shot(stage)
    stage.moment = "2026-06-21T23:30"
    assert mean(shot(stage)).sum() < 0.45 * mean(day).sum()
    stage.moment = ""
    assert np.array_equal(shot(stage), day)


def test_a_parallel_picture_has_one_colour_of_sky(stage: Stage) -> None:
    stage.viewpoint = looking(40, projection="parallel")
    sky = shot(stage)[:40].reshape(-1, 3).astype(int)
    assert np.ptp(sky, axis=0).max() <= 2


def test_from_high_up_one_sees_further(stage: Stage) -> None:
    stage.viewpoint = looking(-20)
    shot(stage)
    assert stage.context.materials.haze_metres == HAZE
    stage.viewpoint = replace(looking(-60), height=30_000.0)
    shot(stage)
    assert stage.context.materials.haze_metres > 5 * HAZE


def labelled(stage: Stage, north: float = 400.0) -> tuple[float, float]:
    spot = (WEST + 10.0, SOUTH + north, 0.0)
    points = stage.context.to_scene([spot])
    stage.context.labels.put("test", LabelSet(points, ("滨江新区",), np.zeros(1)))
    x, y = camera.project_points(stage.viewpoint, [spot], SIZE)[0]
    return float(x), float(y)


def test_names_are_written_over_the_window_above_their_point(stage: Stage) -> None:
    stage.viewpoint = looking(-10)
    bare = shot(stage).astype(int)
    x, y = labelled(stage)
    changed = np.argwhere((shot(stage) != bare).any(axis=2))
    assert 200 < len(changed) < 3000
    assert changed[:, 0].max() <= y
    assert changed[:, 1].mean() == pytest.approx(x, abs=3)
    stage.context.labels.remove("test")
    assert np.array_equal(shot(stage), bare)


def test_without_a_chinese_font_the_window_is_drawn_without_names_and_says_so(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    stage.warned.connect(told.append)
    stage.viewpoint = looking(-10)
    bare = shot(stage)
    monkeypatch.setattr(fonts, "chinese_face", lambda **_: None)
    text_picture.cache_clear()
    labelled(stage)
    assert np.array_equal(shot(stage), bare)
    shot(stage)
    assert told == ["scene-no-chinese-font"]
    with Studio(stage.project) as studio:
        labelled(studio.stage)
        with pytest.raises(CityError) as caught:
            studio.picture(PictureRequest(looking(-10), SIZE, supersample=1))
        assert caught.value.code == "font.no_chinese"


def test_the_texture_of_names_takes_more_names_than_it_has_room_for(stage: Stage) -> None:
    stage.viewpoint = looking(-10)
    spot = stage.context.to_scene([(WEST, SOUTH + 400.0, 0.0)])
    for number in range(900):
        name = LabelSet(spot, (f"滨江新区第 {number} 号地块",), np.zeros(1))
        stage.context.labels.put("test", name)
        if number % 100 == 0:
            shot(stage)
    first = shot(stage)
    stage.context.labels.remove("test")
    assert (shot(stage) != first).any()


def test_window_and_picture_write_the_same_names() -> None:
    project, _ = project_with(city(9))
    view = Viewpoint.looking_at((WEST + 30, SOUTH + 30, 10.0), 250.0, 0.3, math.radians(-30))
    with staged(project, SIZE) as stage:
        stage.viewpoint = view
        bare = shot(stage)
        labelled(stage, 30.0)
        window = (shot(stage) != bare).any(axis=2)
    with Studio(project) as studio:
        studio.stage.viewpoint = view
        request = PictureRequest(view, SIZE, supersample=1)
        without = studio.picture(request).pixels
        labelled(studio.stage, 30.0)
        picture = (studio.picture(request).pixels != without).any(axis=2)
    assert window.any()
    assert (window != picture).sum() < 0.1 * window.sum()

"""Pictures without a window: any size, no seams, clear ground, the same every time."""

from __future__ import annotations

import gc
import hashlib
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from layers.errors import Cancelled, CityError
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.progress import Silent
from layers.project import Project
from layers.shapes import Shapes
from layers.viewpoint import View, Viewpoint
from scene import offscreen
from scene.furniture import Furniture
from scene.offscreen import PictureRequest, Studio, render_picture
from scene.pictures import Picture
from tests.scene.cities import SOUTH, WEST, city, project_with
from tests.scene.test_surface import hills

pytestmark = pytest.mark.picture

EYE = Viewpoint.looking_at((WEST + 61, SOUTH + 60, 20.0), 330.0, 0.5, math.radians(-28))


def small_town() -> Project:
    """Give blocks on hilly ground with a road, a river, control lines and named places."""
    project, _ = project_with(city(16))
    project.insert_layer(Layer("terrain", "Land", hills(), style=kind_of("terrain").style), 0)
    road = shapely.LineString([(WEST - 200, SOUTH - 20), (WEST + 300, SOUTH + 140)])
    river = shapely.box(WEST - 200, SOUTH - 90, WEST + 400, SOUTH - 40)
    line = shapely.LineString([(WEST - 100, SOUTH + 120), (WEST + 200, SOUTH - 30)])
    spots = [shapely.Point(WEST + 30.0 * i, SOUTH - 22.0) for i in range(4)]
    for kind, geometry in (
        ("water", [river]), ("roads", [road]), ("control-lines", [line]), ("places", spots),
    ):  # fmt: skip
        data = Features.of(Shapes.from_shapely(np.array(geometry, dtype=object)))
        style = replace(kind_of(kind).style, label_field="id" if kind == "places" else "")
        project.insert_layer(Layer(kind, kind, data, style=style))
    return project


@pytest.fixture(scope="module")
def studio() -> Iterator[Studio]:
    with Studio(small_town()) as made:
        yield made


def asked(**more: object) -> PictureRequest:
    wanted: dict[str, object] = {"view": EYE, "size": (320, 200), "supersample": 1, **more}
    return PictureRequest(**wanted)  # type: ignore[arg-type]  # keywords of the test


def test_the_city_is_in_the_picture_and_the_sky_above_it(studio: Studio) -> None:
    low = Viewpoint.looking_at((WEST + 60, SOUTH + 60, 20.0), 330.0, 0.5, math.radians(-8))
    pixels = studio.picture(asked(view=low)).pixels.astype(int)
    assert (pixels[..., 3] == 255).all()
    top = pixels[:8, :, :3]
    assert (top[..., 2] > top[..., 0] + 10).mean() > 0.9  # blue
    assert np.ptp(pixels[100:, :, 1]) > 80


@pytest.mark.parametrize("projection", ["perspective", "parallel"])
@pytest.mark.parametrize("supersample", [1, 2])
def test_a_tiled_picture_is_the_untiled_one(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, projection: str, supersample: int
) -> None:
    view = replace(EYE, projection=projection)  # type: ignore[arg-type]  # one of the two
    request = asked(view=view, supersample=supersample, size=(301, 203))
    whole = studio.picture(request).pixels.astype(int)
    monkeypatch.setattr(offscreen, "TILE", 100)
    tiled = studio.picture(request).pixels.astype(int)
    away = np.abs(whole - tiled).max(axis=2)
    # the projections of tiles differ in the last bit of a float: single pixels on edges may turn
    assert (away > 8).mean() < 0.004
    assert away.mean() < 0.25
    edges = [away[:, x - 1 : x + 2] for x in (76, 152, 228)]
    assert all((edge > 8).mean() < 0.02 for edge in edges)


def test_the_picture_is_the_same_every_time(studio: Studio) -> None:
    request = asked(furniture=Furniture(title="滨江"), supersample=2)
    first = studio.picture(request)
    studio.picture(asked(size=(64, 90), transparent=True))
    assert np.array_equal(first.pixels, studio.picture(request).pixels)


CODE = """
import hashlib, sys
from tests.scene.test_offscreen import asked, small_town
from scene.furniture import Furniture
from scene.offscreen import render_picture
picture = render_picture(small_town(), asked(supersample=2, furniture=Furniture(title="滨江新区")))
print(hashlib.sha256(picture.pixels.tobytes()).hexdigest())
"""


def test_two_runs_of_the_program_give_the_same_pixels() -> None:
    root = Path(__file__).parents[2]
    runs = [
        subprocess.run(
            [sys.executable, "-c", CODE], capture_output=True, text=True, check=True, cwd=root
        ).stdout.strip()
        for _ in range(2)
    ]
    assert len(runs[0]) == len(hashlib.sha256().hexdigest())
    assert runs[0] == runs[1]


def test_a_clear_picture_has_neither_sky_nor_surroundings(studio: Studio) -> None:
    view = Viewpoint.looking_at((WEST + 60, SOUTH + 60, 20.0), 900.0, 0.5, math.radians(-12))
    solid = studio.picture(asked(view=view, labels=False)).pixels
    clear = studio.picture(asked(view=view, transparent=True, labels=False)).pixels
    assert (solid[..., 3] == 255).all()
    alpha = clear[..., 3]
    assert (alpha[:20] == 0).all()
    assert set(np.unique(alpha).tolist()) == {0, 255}
    assert 0.05 < (alpha == 255).mean() < 0.9
    assert (clear[alpha == 0][:, :3] == 0).all()
    again = studio.picture(asked(view=view, labels=False)).pixels
    assert np.array_equal(solid, again)


def test_soft_edges_of_a_clear_picture_keep_their_own_colour(studio: Studio) -> None:
    view = Viewpoint.looking_at((WEST + 60, SOUTH + 60, 20.0), 500.0, 0.5, math.radians(-10))
    clear = studio.picture(asked(view=view, transparent=True, supersample=2)).pixels
    soft = clear[(clear[..., 3] > 60) & (clear[..., 3] < 200)][:, :3]
    solid = clear[clear[..., 3] == 255][:, :3]
    assert len(soft) > 20
    assert np.median(soft.max(axis=1)) > 0.6 * np.median(solid.max(axis=1))  # no dark fringe


def test_hidden_layers_and_the_moment_of_a_view_count(studio: Studio) -> None:
    project = studio.stage.project
    day = studio.picture(asked()).pixels.astype(int)
    blocks = next(project.of_kind("buildings"))
    bare = studio.picture(asked(view=View("bare", EYE, (blocks.id,)))).pixels.astype(int)
    assert (np.abs(bare - day).max(axis=2) > 10).mean() > 0.05
    night = studio.picture(asked(view=View("night", EYE, None, "2026-06-21T23:30"))).pixels
    assert night[..., :3].mean() < 0.6 * day[..., :3].mean()
    assert blocks.visible
    assert np.array_equal(studio.picture(asked()).pixels, day)


def test_names_are_written_unless_they_are_not_wanted(studio: Studio) -> None:
    with_names = studio.picture(asked()).pixels
    without = studio.picture(asked(labels=False)).pixels
    assert 20 < (with_names != without).any(axis=2).sum() < 5000


def test_lines_and_names_grow_with_pictures_beyond_a_screen(studio: Studio) -> None:
    def red(size: tuple[int, int]) -> int:
        pixels = studio.picture(asked(size=size, labels=False)).pixels.astype(int)
        return int(((pixels[..., 0] > 170) & (pixels[..., 1] < 90) & (pixels[..., 2] < 90)).sum())

    small, same, large = red((960, 540)), red((1920, 1080)), red((3840, 2160))
    assert same == pytest.approx(2 * small, rel=0.25)  # twice as long, as thick
    assert large == pytest.approx(4 * same, rel=0.25)  # twice as long, twice as thick


def test_the_picture_tells_its_view_and_camera() -> None:
    project = small_town()
    picture = render_picture(project, asked(view=View("滨江北岸", EYE, note="图 1"), size=(64, 48)))
    assert isinstance(picture, Picture)
    assert picture.facts["Citystage:view"] == "滨江北岸"
    assert '"heading":0.5' in picture.facts["Citystage:camera"]
    assert picture.facts["Citystage:crs"] == "EPSG:4547"
    assert picture.facts["Citystage:size"] == "64x48"


def test_a_size_that_cannot_be_drawn_is_told(studio: Studio) -> None:
    with pytest.raises(CityError) as caught:
        studio.picture(asked(size=(20_000, 100)))
    assert caught.value.code == "picture.size"


def test_a_stopped_picture_leaves_the_studio_usable(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = studio.picture(asked()).pixels
    monkeypatch.setattr(offscreen, "TILE", 100)

    class Stopped(Silent):
        def step(self, done: int, total: int, text: str = "") -> None:
            assert text == "progress-drawing"
            assert total == 8
            if done == 2:
                raise Cancelled

    with pytest.raises(Cancelled):
        studio.picture(asked(transparent=True), Stopped())
    monkeypatch.undo()
    assert np.array_equal(studio.picture(asked()).pixels, whole)


def test_the_next_picture_shows_what_changed_in_the_project() -> None:
    project = small_town()
    with Studio(project) as studio:
        before = studio.picture(asked()).pixels
        next(project.of_kind("water")).visible = False
        after = studio.picture(asked()).pixels
        assert (before != after).any(axis=2).mean() > 0.01
        project.take_layer(next(project.of_kind("terrain")).id)
        assert (studio.picture(asked()).pixels != after).any(axis=2).mean() > 0.05


def memory() -> int:
    """Give the memory this process holds, bytes."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not Path("/proc/self/statm").is_file(), reason="memory is told by Linux alone")
def test_two_hundred_pictures_do_not_grow_in_memory(studio: Studio) -> None:
    requests = [
        asked(size=(160, 96), view=replace(EYE, heading=0.05 * n), transparent=bool(n % 2))
        for n in range(200)
    ]
    held: list[int] = []
    for request in requests:
        studio.picture(request)
        if len(held) % 20 == 0:
            gc.collect()
        held.append(memory())
    late: NDArray[np.float64] = np.array(held[80:], dtype=np.float64)
    slope = np.polyfit(np.arange(len(late)), late, 1)[0]
    assert slope < 20_000  # bytes a picture; a frame of this size has 60,000

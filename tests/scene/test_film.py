"""Films are drawn by frame number: the same twice, whole or not at all."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from layers.camera_path import CameraPath
from layers.errors import Cancelled, CityError
from layers.touring import Show, show_path
from layers.viewpoint import View, Viewpoint
from scene.film import FilmRequest, make_film
from scene.film_files import Mp4
from scene.offscreen import Studio
from tests.scene.cities import SOUTH, WEST, city, project_with

pytestmark = pytest.mark.picture

MIDDLE = (WEST + 61, SOUTH + 60, 20.0)
SIZE = (96, 54)


@pytest.fixture(scope="module")
def studio() -> Iterator[Studio]:
    with Studio(project_with(city(16))[0]) as made:
        yield made


def turning(seconds: float = 0.5) -> Show:
    stops = tuple(Viewpoint.looking_at(MIDDLE, 300.0, turn, -0.5) for turn in (0.0, 1.0, 2.0))
    return show_path(CameraPath("round", stops), lambda xy: np.zeros(len(xy)), seconds=seconds)


def test_two_films_of_one_path_are_the_same_file(studio: Studio, tmp_path: Path) -> None:
    request = FilmRequest(turning(), SIZE, fps=10, supersample=1)
    first, second = tmp_path / "a.mp4", tmp_path / "b.mp4"
    assert make_film(studio, request, first) == 5
    make_film(studio, request, second)
    assert first.read_bytes() == second.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mp4", "b.mp4"]


def test_a_folder_holds_each_frame_as_the_studio_draws_it(studio: Studio, tmp_path: Path) -> None:
    from scene.offscreen import PictureRequest

    request = FilmRequest(turning(), SIZE, fps=8, supersample=1)
    out = tmp_path / "frames"
    make_film(studio, request, out)
    frames = sorted(out.iterdir())
    assert [frame.name for frame in frames] == [f"frame-{i:06d}.png" for i in range(1, 5)]
    last = np.asarray(Image.open(frames[-1]))
    view = request.show.view_at(0.5)
    assert view.camera.heading == pytest.approx(2.0)
    alone = studio.picture(PictureRequest(view, SIZE, supersample=1)).pixels[..., :3]
    assert np.array_equal(last, alone)
    with pytest.raises(CityError) as caught:
        make_film(studio, request, out)
    assert caught.value.code == "film.exists"


class Stops:
    def __init__(self, after: int) -> None:
        self.left = after

    def step(self, *_far: object) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled


@pytest.mark.parametrize("name", ["film.mp4", "frames"])
def test_a_film_that_is_stopped_leaves_nothing(studio: Studio, tmp_path: Path, name: str) -> None:
    with pytest.raises(Cancelled):
        make_film(studio, FilmRequest(turning(), SIZE, 10, 1), tmp_path / name, Stops(4))
    assert list(tmp_path.iterdir()) == []


def test_a_film_that_fails_keeps_the_old_one(tmp_path: Path) -> None:
    out = tmp_path / "a.mp4"
    out.write_bytes(b"old")
    with pytest.raises(CityError) as caught, Mp4(out, SIZE, 10) as film:
        film.add(np.zeros((54, 96, 3), dtype=np.uint8)[:10])  # ten lines, and then no more
    assert caught.value.code == "film.encoder"
    assert out.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("size", [(97, 55), (33, 54)])
def test_odd_sizes_become_films(studio: Studio, tmp_path: Path, size: tuple[int, int]) -> None:
    out = tmp_path / "odd.mp4"
    make_film(studio, FilmRequest(turning(0.2), size, 10, 1), out)
    assert out.stat().st_size > 500


@pytest.mark.parametrize(
    ("name", "code"), [("a.gif", "film.suffix"), ("no/../x.txt", "film.suffix")]
)
def test_other_endings_are_refused(studio: Studio, tmp_path: Path, name: str, code: str) -> None:
    with pytest.raises(CityError) as caught:
        make_film(studio, FilmRequest(turning(), SIZE), tmp_path / name)
    assert caught.value.code == "film.suffix"


def test_the_sun_moves_along_a_path_of_a_day(studio: Studio) -> None:
    eye = Viewpoint.looking_at(MIDDLE, 300.0, 0.0, math.radians(-40))
    moments = ("2026-06-21T07:00", "2026-06-21T18:00")
    path = CameraPath("day", (eye, Viewpoint.looking_at(MIDDLE, 310.0)), moments=moments)
    show = show_path(path, lambda xy: np.zeros(len(xy)))
    from scene.offscreen import PictureRequest

    seen = [
        studio.picture(PictureRequest(View("", eye, None, show.view_at(t).moment), SIZE)).pixels
        for t in (0.0, 10.0)
    ]
    assert np.abs(seen[0].astype(int) - seen[1]).mean() > 1.0


@pytest.mark.parametrize(
    ("fps", "seconds", "code"), [(0.5, 1, "film.fps"), (60, 9e3, "film.too_long")]
)
def test_films_beyond_reason_are_refused(fps: float, seconds: float, code: str) -> None:
    with pytest.raises(CityError) as caught:
        FilmRequest(turning(seconds), SIZE, fps)
    assert caught.value.code == code


def test_shadows_move_as_the_moment_does_and_are_the_same_each_time(tmp_path: Path) -> None:
    project, _ = project_with(city(9))
    eye = Viewpoint(WEST + 30.0, SOUTH + 30.0, 260.0, pitch=-math.pi / 2)
    day = ("2026-06-21T08:00", "2026-06-21T17:00")
    beside = Viewpoint(WEST + 31.0, SOUTH + 30.0, 260.0, pitch=-math.pi / 2)
    path = CameraPath("day", (eye, beside), moments=day)
    show = show_path(path, lambda xy: np.zeros(len(xy)), seconds=0.6)
    size, frames = (160, 120), []
    for name, shadows in (("a", True), ("b", True), ("plain", False)):
        with Studio(project) as studio:
            make_film(studio, FilmRequest(show, size, 5.0, 1, shadows=shadows), tmp_path / name)
        frames.append([np.asarray(Image.open(f)) for f in sorted((tmp_path / name).iterdir())])
    first, again, plain = frames
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert (first[0] != first[-1]).any(axis=2).mean() > 0.01
    assert (first[0] != plain[0]).any(axis=2).mean() > 0.01

"""Pictures with levels of detail beside pictures in full detail, from near to very far.

What is compared: the city is drawn in full at four times the width and height and averaged, which
gives the share of every pixel that buildings cover and its true colour. A pixel of the picture
under test is *wrong* where it shows a building and buildings cover less than a quarter of it, or
the ground and they cover more than three quarters. (Two plain pictures cannot be compared pixel by
pixel from afar: where buildings are smaller than pixels, full detail itself is noise, and half a
pixel of movement changes some percent of it.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from layers.frame import Frame
from layers.kinds import kind_of
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.shapes import Bools, Floats, Shapes
from layers.viewpoint import Viewpoint
from scene import camera
from scene.detail import FULL, Detail
from scene.stage import Stage
from tests.scene.cities import SOUTH, WEST, city, project_with, shot, staged

pytestmark = pytest.mark.picture

SIZE = (640, 360)
FINE = 4  # times the width and height of the reference
COUNT = 4000
SIDE = 30.0 * np.ceil(np.sqrt(COUNT))
MIDDLE = (WEST + SIDE / 2, SOUTH + SIDE / 2, 0.0)
RED = "#e02020"
WRONG = 0.005  # share of wrong pixels at rest
SHORT = 0.25  # share of the covered pixels that may be missing or too many at rest
EYES = [
    Viewpoint.looking_at(MIDDLE, metres, 1.1 * number, pitch)
    for number, (metres, pitch) in enumerate(
        zip(
            [300, 600, 1200, 2500, 5000, 9000, 16000] * 3,
            [-0.25, -0.7, -1.2, -0.45] * 5,
            strict=False,
        )
    )
]
Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Truth:
    """A view in full detail: share of buildings in every pixel, mean colour."""

    covered: Floats
    colour: Floats


def red(picture: Pixels) -> Bools:
    """Say which pixels show red buildings rather than ground or sky."""
    return np.asarray(picture[..., 0].astype(int) - picture[..., 2] > 60)


def coarse(picture: NDArray[np.generic], block: int) -> Floats:
    """Give the means of square blocks."""
    height, width = (n - n % block for n in picture.shape[:2])
    parts = picture[:height, :width].reshape(height // block, block, width // block, block, -1)
    return np.asarray(parts.astype(np.float64).mean(axis=(1, 3)))


def still(stage: Stage, eye: Viewpoint, detail: Detail) -> Pixels:
    """Draw the finished picture of an eye that rests."""
    stage.detail, stage.viewpoint = detail, eye
    stage.finish()
    return shot(stage)


def wrong(picture: Pixels, truth: Truth) -> Bools:
    """Say which pixels show ground for buildings, or buildings for ground."""
    built = red(picture)
    return np.asarray((built & (truth.covered < 0.25)) | (~built & (truth.covered > 0.75)))


@pytest.fixture(scope="module")
def town() -> Project:
    """A dense town in red, without edges."""
    project, layer = project_with(city(COUNT))
    layer.style = replace(layer.style, colour=RED, outline=None)
    return project


@pytest.fixture(scope="module")
def truths(town: Project) -> list[Truth]:
    """Full detail from all eyes."""
    out = []
    with staged(town, (SIZE[0] * FINE, SIZE[1] * FINE)) as stage:
        for eye in EYES:
            picture = still(stage, eye, FULL)
            covered = coarse(red(picture), FINE)[..., 0]
            out.append(Truth(covered, coarse(picture, FINE)))
    return out


@pytest.fixture(scope="module")
def stage(town: Project) -> Iterator[Stage]:
    """The town as the window shows it."""
    with staged(town, SIZE, patient=True) as made:
        made.build()
        yield made


def test_the_measure_finds_nothing_wrong_with_full_detail(
    stage: Stage, truths: list[Truth]
) -> None:
    for eye, truth in zip(EYES, truths, strict=True):
        assert wrong(still(stage, eye, FULL), truth).mean() < 0.0015


@pytest.mark.parametrize("number", range(len(EYES)))
def test_a_picture_at_rest_looks_like_full_detail(
    stage: Stage, truths: list[Truth], number: int
) -> None:
    truth = truths[number]
    picture = still(stage, EYES[number], Detail())
    full = still(stage, EYES[number], FULL)
    assert wrong(picture, truth).mean() < WRONG
    assert abs(red(picture).mean() - truth.covered.mean()) < SHORT * truth.covered.mean() + 1e-3
    off = np.abs(coarse(picture, 8) - coarse(truth.colour, 8))
    floor = np.abs(coarse(full, 8) - coarse(truth.colour, 8))  # what sampling alone costs
    assert off.mean() < floor.mean() + 2.5
    assert np.abs(coarse(picture, 40) - coarse(truth.colour, 40)).max() < 30.0


@pytest.mark.parametrize("number", range(len(EYES)))
def test_a_moving_picture_is_coarser_but_has_the_same_city(
    stage: Stage, truths: list[Truth], number: int
) -> None:
    stage.detail, stage.viewpoint = Detail(), EYES[number]
    stage.finish()
    stage.moving = True
    for _ in range(200):
        picture = shot(stage)
        if not stage.advance(1.0):
            break
    stage.moving = False
    truth = truths[number]
    assert wrong(picture, truth).mean() < 0.08
    covered = truth.covered.mean()
    assert abs(red(picture).mean() - covered) < 0.25 * covered + 1e-3
    assert np.abs(coarse(picture, 40) - coarse(truth.colour, 40)).mean() < 8.0


def test_near_pictures_are_the_same_to_the_pixel(stage: Stage) -> None:
    for eye in EYES:
        if eye.distance <= 600:
            near = still(stage, eye, Detail())
            np.testing.assert_array_equal(near, still(stage, eye, FULL))


def scattered(apart: float, wide: float, colours: tuple[str, ...]) -> tuple[Project, Floats]:
    """Give 900 square towers far from each other and their middles, coloured in turn."""
    side = 30
    east = WEST + apart * (np.arange(900) % side)
    north = SOUTH + apart * (np.arange(900) // side)
    squares = shapely.box(east - wide / 2, north - wide / 2, east + wide / 2, north + wide / 2)
    project = Project(Frame("EPSG:4547", (WEST, SOUTH)))
    style = replace(kind_of("buildings").style, outline=None)
    for number, colour in enumerate(colours):
        rows = np.arange(number, 900, len(colours))
        data = Buildings.blocks(Shapes.from_shapely(squares[rows]), 2.0 * wide)
        look = replace(style, colour=colour)
        project.insert_layer(Layer("buildings", colour, data, style=look))
    return project, np.column_stack([east, north, np.full(900, wide)])


@pytest.mark.parametrize("moving", [False, True])
def test_no_building_vanishes(moving: bool) -> None:
    project, middles = scattered(90.0, 12.0, (RED,))
    centre = (*middles.mean(axis=0)[:2], 0.0)
    with staged(project, (960, 540)) as made:
        for metres, pitch in ((900, -0.5), (2500, -0.9), (4000, -0.6), (5500, -1.3)):
            made.viewpoint = Viewpoint.looking_at(centre, metres, 0.4, pitch)
            made.finish()
            made.moving = moving
            built = red(shot(made))
            made.moving = False
            x, y = camera.project_points(made.viewpoint, middles, made.size).T
            inside = (x > 4) & (x < 956) & (y > 4) & (y < 536)
            assert inside.sum() > 100
            wide = np.zeros_like(built)
            for down in range(-3, 4):
                for across in range(-3, 4):
                    wide |= np.roll(built, (down, across), (0, 1))
            assert wide[y[inside].astype(int), x[inside].astype(int)].all()


def test_far_away_every_colour_keeps_its_share() -> None:
    project, middles = scattered(40.0, 16.0, ("#e02020", "#2030e0", "#20a030"))
    centre = (*middles.mean(axis=0)[:2], 0.0)
    shares = []
    with staged(project, (480, 270)) as made:
        for detail in (FULL, Detail()):
            eye = Viewpoint.looking_at(centre, 6000.0, 0.4, -0.9)
            colour = still(made, eye, detail).astype(float)
            grey = colour.min(axis=2, keepdims=True)
            strong = colour - grey
            shares.append(strong.sum(axis=(0, 1)))
    full, lod = shares
    np.testing.assert_allclose(lod / lod.sum(), full / full.sum(), atol=0.02)
    np.testing.assert_allclose(lod.sum(), full.sum(), rtol=0.08)


def test_while_pieces_stream_in_no_part_of_the_city_is_missing(town: Project) -> None:
    small = replace(Detail(), mesh_bytes=4_000_000, uploads_moving=1, workers=1)
    way = [
        Viewpoint.looking_at(
            (WEST + 200 + 26.0 * n, SOUTH + 300 + 20.0 * n, 0.0), 1500.0 - 24.0 * n, 0.03 * n, -0.6
        )
        for n in range(45)
    ]
    with staged(town, (320, 180), patient=True) as made:
        made.build()
        truths = [coarse(red(still(made, eye, FULL)), 20)[..., 0] for eye in way]
    with staged(town, (320, 180), patient=True) as made:
        made.build()
        made.detail, made.moving = small, True
        for eye, truth in zip(way, truths, strict=True):
            made.viewpoint = eye
            seen = coarse(red(shot(made)), 20)[..., 0]
            assert seen[truth > 0.8].min(initial=1.0) > 0.35
            assert seen[truth == 0.0].max(initial=0.0) < 0.35
            made.advance()

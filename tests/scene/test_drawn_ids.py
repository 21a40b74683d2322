"""What a click finds is what is drawn in that pixel, ten thousand times.

The id drawn in every pixel is read out of pictures: for each binary digit of the ids, all buildings
whose id has that digit are selected, and whatever turns orange has it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.frame import Frame
from layers.kinds import kind_of
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.kinds.terrain import Terrain
from layers.project import Project
from layers.shapes import Bools, Ints, Shapes
from layers.viewpoint import Viewpoint
from scene.detail import FULL, Detail
from scene.stage import Stage
from tests.scene.cities import SOUTH, WEST, city, project_with, shot, staged

pytestmark = pytest.mark.picture

SIZE = (960, 540)
COUNT = 2500
SIDE = 30.0 * 50
MIDDLE = (WEST + SIDE / 2, SOUTH + SIDE / 2, 0.0)
EYES = [
    Viewpoint.looking_at(MIDDLE, 2300.0, 0.3, -0.9),
    Viewpoint.looking_at(MIDDLE, 900.0, 1.9, -0.5),
    Viewpoint.looking_at((WEST + 400, SOUTH + 500, 10.0), 220.0, 4.1, -0.7),
    Viewpoint.looking_at((WEST + 700, SOUTH + 700, 25.0), 320.0, 2.6, -0.12),
    Viewpoint.looking_at(MIDDLE, 900.0, 5.2, -1.2, projection="parallel"),
]
PICKS = 2000  # for each eye


def town() -> tuple[Project, Layer]:
    """Give a town with courtyards, parts that float, and blocks with a hole under a slab."""
    data = city(COUNT)
    slabs = Buildings.blocks(
        Shapes.from_shapely(
            [shapely.box(WEST + 60.0 * i - 9, SOUTH + 315, WEST + 60.0 * i + 9, SOUTH + 345)
             for i in range(20)]
        ), 90.0,
    )  # fmt: skip
    shapes = Shapes.join([data.shapes, slabs.shapes])
    both = Buildings.blocks(shapes, np.concatenate([data.height, np.full(20, 90.0)]))
    low = np.where(np.arange(len(both)) % 9 == 0, 4.0, 0.0)
    low[-20:] = 70.0
    project, layer = project_with(replace(both, min_height=low))
    layer.style = replace(layer.style, colour="#2040c0", outline=None)
    return project, layer


def orange(stage: Stage, layer: Layer, ids: Ints) -> Bools:
    """Say in which pixels these buildings are drawn."""
    stage.select({layer.id: ids})
    picture = shot(stage).astype(int)
    stage.select({})
    return np.asarray(picture[..., 0] - picture[..., 2] > 30)


def drawn_ids(stage: Stage, layer: Layer) -> Ints:
    """Give the id of the building in every pixel, 0 for none."""
    ids = layer.features.ids
    out = np.zeros((SIZE[1], SIZE[0]), dtype=np.int64)
    for digit in range(int(ids.max()).bit_length()):
        out |= orange(stage, layer, ids[(ids >> digit) & 1 == 1]).astype(np.int64) << digit
    return out


def around(drawn: Ints, x: Ints, y: Ints) -> Ints:
    """Give the ids in and around pixels, (k, 9); the pixel's own stands in column 4."""
    steps = [(down, across) for down in (-1, 0, 1) for across in (-1, 0, 1)]
    return np.stack([drawn[y + down, x + across] for down, across in steps], axis=1)


def found(stage: Stage, x: Ints, y: Ints) -> Ints:
    """Ask for the building under the middle of each pixel."""
    hits = [stage.pick(a + 0.5, b + 0.5) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    return np.array([0 if hit is None else hit.object_id for hit in hits])


def compare(stage: Stage, layer: Layer, random: np.random.Generator) -> int:
    """Pick in random pixels; gives in how many of them several buildings meet."""
    drawn = drawn_ids(stage, layer)
    x, y = random.integers((2, 2), (SIZE[0] - 2, SIZE[1] - 2), (PICKS, 2)).T
    near, hits = around(drawn, x, y), found(stage, x, y)
    inner = (near == near[:, [4]]).all(axis=1)
    np.testing.assert_array_equal(hits[inner], near[inner, 4])
    assert (near == hits[:, None]).any(axis=1).all()  # at a border it is one of those that meet
    at_border = hits[~inner] == near[~inner, 4]
    assert at_border.mean() > 0.97
    assert len(np.unique(hits)) > 30
    return int((~inner).sum())


def test_ten_thousand_picks_find_the_building_that_is_drawn() -> None:
    project, layer = town()
    random = np.random.default_rng(3)
    with staged(project, SIZE) as stage:
        stage.detail = FULL
        for eye in EYES:
            stage.viewpoint = eye
            compare(stage, layer, random)


def test_near_by_they_do_so_with_levels_of_detail_and_hidden_ones() -> None:
    project, layer = town()
    random = np.random.default_rng(4)
    with staged(project, SIZE) as stage:
        stage.detail = Detail()
        stage.isolate({layer.id: layer.features.ids[::2]})
        for eye in EYES[2:4]:
            stage.viewpoint = eye
            compare(stage, layer, random)


def test_far_away_a_click_finds_the_building_drawn_there_or_its_neighbour() -> None:
    project, layer = town()
    with staged(project, SIZE, patient=True) as stage:
        stage.viewpoint = Viewpoint.looking_at(MIDDLE, 6000.0, 0.3, -0.9)
        stage.finish()
        drawn = drawn_ids(stage, layer)
        y, x = np.nonzero(drawn)
        chosen = np.random.default_rng(5).integers(0, len(x), 600)
        hits = found(stage, x[chosen], y[chosen])
        centres = layer.features.shapes.centres()
        known = hits > 0
        assert known.mean() > 0.5  # the ground between small houses may be met
        apart = centres[hits[known] - 1] - centres[drawn[y, x][chosen][known] - 1]
        assert (np.hypot(*apart.T) < 90.0).all()


def test_the_hill_in_front_is_found_and_not_the_town_behind_it() -> None:
    heights = np.zeros((60, 60), dtype=np.float32)
    heights[28:32, :] = 120.0  # a ridge from west to east, north of which the town stands
    data = city(400)
    project = Project(Frame("EPSG:4547", (WEST, SOUTH)))
    ground = Terrain(heights, WEST - 600, SOUTH + 900, 30.0, 30.0)
    project.insert_layer(Layer("terrain", "Hill", ground))
    style = replace(kind_of("buildings").style, colour="#2040c0", outline=None)
    layer = Layer("buildings", "Town", data, style=style)
    project.insert_layer(layer)
    with staged(project, SIZE) as stage:
        stage.detail = FULL
        stage.viewpoint = Viewpoint.looking_at((WEST + 300, SOUTH + 300, 0.0), 900.0, 0.0, -0.16)
        drawn = drawn_ids(stage, layer)
        assert 0.001 < (drawn > 0).mean() < 0.5
        x, y = np.random.default_rng(6).integers((2, 2), (SIZE[0] - 2, SIZE[1] - 2), (1500, 2)).T
        near, hits = around(drawn, x, y), found(stage, x, y)
        inner = (near == near[:, [4]]).all(axis=1)
        assert (hits[inner] == near[inner, 4]).mean() > 0.995  # where hill and house touch


def test_roofs_courts_and_floating_parts_on_rolling_ground_are_found_as_drawn() -> None:
    down, across = np.mgrid[:80, :80]
    heights = (12.0 * np.sin(down / 5.0) + 9.0 * np.cos(across / 4.0)).astype(np.float32)
    data = city(400)
    forms = ["gabled", "flat", "hipped", "skillion", "pyramidal"]
    table = pa.table({"roof:shape": [forms[i % 5] for i in range(400)]})
    low = np.where(np.arange(400) % 7 == 0, 3.0, 0.0)
    project = Project(Frame("EPSG:4547", (WEST, SOUTH)))
    ground = Terrain(heights, WEST - 300, SOUTH + 900, 15.0, 15.0)
    project.insert_layer(Layer("terrain", "Hills", ground))
    style = replace(kind_of("buildings").style, colour="#2040c0", outline=None)
    layer = Layer("buildings", "Town", replace(data, attributes=table, min_height=low), style=style)
    project.insert_layer(layer)
    random = np.random.default_rng(8)
    with staged(project, SIZE) as stage:
        stage.detail = FULL
        for eye in (
            Viewpoint.looking_at((WEST + 300, SOUTH + 300, 10.0), 420.0, 0.7, -0.45),
            Viewpoint.looking_at((WEST + 200, SOUTH + 350, 15.0), 160.0, 3.9, -0.15),
        ):
            stage.viewpoint = eye
            drawn = drawn_ids(stage, layer)
            assert (drawn > 0).mean() > 0.15
            x, y = random.integers((2, 2), (SIZE[0] - 2, SIZE[1] - 2), (1500, 2)).T
            near, hits = around(drawn, x, y), found(stage, x, y)
            inner = (near == near[:, [4]]).all(axis=1)
            assert (hits[inner] == near[inner, 4]).mean() > 0.995  # where hill and house touch
            assert (near == hits[:, None]).any(axis=1).mean() > 0.99

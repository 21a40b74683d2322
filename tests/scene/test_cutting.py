"""Cutting the city open: what lies in the cut is gone, its faces are closed, the rest stays."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.cut import Cut, Slope
from layers.errors import CityError
from layers.frame import Frame
from layers.kinds import kind_of
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.kinds.terrain import Terrain
from layers.project import Project
from layers.shapes import Shapes
from layers.viewpoint import View, Viewpoint
from scene import frames
from scene.clipping import remaining
from scene.cut_picking import gaps
from scene.offscreen import PictureRequest, Studio
from scene.rays import Hit, Ray
from scene.shadows import slant_of
from scene.stage import Stage
from tests.scene.cities import SOUTH, WEST, project_with

pytestmark = pytest.mark.picture

SIZE = (320, 240)
MIDDLE = (WEST, SOUTH, 10.0)
ABOVE = Viewpoint.looking_at((WEST, SOUTH, 0.0), 200.0, 0.0, -math.pi / 2, projection="parallel")
SOUTHERN = Viewpoint.looking_at(MIDDLE, 200.0, 0.0, math.radians(-10), projection="parallel")
RED = np.array([0xB9, 0x57, 0x4A])


def block() -> Project:
    shapes = Shapes.from_shapely([shapely.box(WEST - 30, SOUTH - 30, WEST + 30, SOUTH + 30)])
    return project_with(Buildings.blocks(shapes, 20.0))[0]


@pytest.fixture(scope="module")
def studio() -> Iterator[Studio]:
    with Studio(block()) as made:
        yield made


def red(
    studio: Studio, eye: Viewpoint, cut: Cut | None, size: tuple[int, int] = SIZE
) -> np.ndarray:
    request = PictureRequest(View("", eye, None, cut=cut), size, supersample=1)
    pixels = studio.picture(request).pixels[..., :3].astype(int)
    return np.asarray(np.abs(pixels - RED).max(axis=2) <= 3)


def test_a_level_cut_shows_the_section_of_a_block_at_its_true_size(studio: Studio) -> None:
    seen = red(studio, ABOVE, Cut.level(MIDDLE, 8.0))
    metres = 2 * math.tan(ABOVE.fov / 2) * ABOVE.distance / SIZE[1]
    assert seen.sum() * metres**2 == pytest.approx(60.0 * 60.0, rel=0.03)
    assert not red(studio, ABOVE, Cut.level(MIDDLE, 25.0)).any()
    assert not red(studio, ABOVE, None).any()


def test_a_plane_shows_the_wall_it_cuts(studio: Studio) -> None:
    seen = red(studio, SOUTHERN, Cut.plane(MIDDLE, math.pi))  # the south side is gone
    metres = 2 * math.tan(SOUTHERN.fov / 2) * SOUTHERN.distance / SIZE[1]
    area = seen.sum() * metres**2 / math.cos(math.radians(10))
    assert area == pytest.approx(60.0 * 20.0, rel=0.05)


@pytest.mark.parametrize("projection", ["perspective", "parallel"])
def test_what_is_in_a_box_goes_and_what_is_outside_stays(studio: Studio, projection: str) -> None:
    eye = Viewpoint.looking_at(MIDDLE, 200.0, 0.6, -0.7, projection=projection)  # type: ignore[arg-type]  # both are tried
    whole = studio.picture(PictureRequest(eye, SIZE, supersample=1)).pixels
    away = Cut.box((WEST + 500, SOUTH + 500), (50, 50))
    kept = studio.picture(PictureRequest(View("", eye, cut=away), SIZE, supersample=1)).pixels
    assert (np.abs(whole.astype(int) - kept).max(axis=2) > 8).mean() < 0.01
    here = Cut.box(MIDDLE, (400, 400), keep="outside")
    gone = studio.picture(PictureRequest(View("", eye, cut=here), SIZE, supersample=1)).pixels
    assert (np.abs(whole.astype(int) - gone).max(axis=2) > 8).mean() > 0.2
    again = studio.picture(PictureRequest(View("", eye), SIZE, supersample=1)).pixels
    assert np.array_equal(whole, again)


def test_a_cut_is_the_same_in_a_picture_of_many_tiles(studio: Studio) -> None:
    cut = Cut.box((WEST + 20, SOUTH + 20), (60, 60), 0.3, low=5.0)
    eye = Viewpoint.looking_at(MIDDLE, 200.0, 0.6, -0.7)
    small = red(studio, eye, cut, (600, 450))
    large = red(studio, eye, cut, (1800, 1350))
    assert large.mean() == pytest.approx(small.mean(), rel=0.03)


def test_a_polygon_of_many_corners_cuts_as_its_area_says(studio: Studio) -> None:
    turns = np.linspace(0, math.tau, 41)[:-1]
    ring = tuple((WEST + 20 * math.cos(t), SOUTH + 20 * math.sin(t)) for t in turns)
    seen = red(studio, ABOVE, Cut(ring, low=10.0))
    metres = 2 * math.tan(ABOVE.fov / 2) * ABOVE.distance / SIZE[1]
    assert seen.sum() * metres**2 == pytest.approx(shapely.Polygon(ring).area, rel=0.05)


def test_cuts_that_cannot_be_are_refused() -> None:
    for ring, low, high in (
        (((0, 0), (1, 0)), None, None),
        (((0, 0), (9, 9), (9, 0), (0, 9)), None, None),
        (((0, 0), (9, 0), (9, 9)), 5.0, 5.0),
    ):
        with pytest.raises(CityError) as caught:
            Cut(ring, low, high)
        assert caught.value.code == "cut.shape"


def test_a_view_keeps_its_cut() -> None:
    view = View("pit", ABOVE, cut=Cut.box(MIDDLE, (10, 20), 0.2, 1.0, 9.0, "inside"))
    assert View.from_json(view.to_json()) == view


def middle_of(stage: Stage) -> Hit | None:
    return stage.pick(SIZE[0] / 2, SIZE[1] / 2)


def test_what_is_cut_away_is_not_pointed_at(studio: Studio) -> None:
    stage = studio.stage
    studio.picture(PictureRequest(View("", SOUTHERN, None), SIZE, supersample=1))
    studio.stage.plotter.window_size = SIZE
    stage.cutting.cut = None
    whole = middle_of(stage)
    assert whole is not None
    assert whole.point[1] == pytest.approx(SOUTH - 30.0, abs=0.1)
    stage.cutting.cut = Cut.plane(MIDDLE, math.pi)  # the south side is gone
    face = middle_of(stage)
    assert face is not None
    assert face.object_id == whole.object_id
    assert face.point[1] == pytest.approx(SOUTH, abs=0.1)
    assert face.distance > whole.distance
    stage.cutting.cut = Cut.plane((WEST, SOUTH + 40.0), math.pi)  # all of the block is gone
    ground = middle_of(stage)
    assert ground is None or ground.object_id == 0
    stage.cutting.cut = None


def test_a_box_does_not_choose_what_is_cut_away(studio: Studio) -> None:
    stage = studio.stage
    stage.viewpoint = SOUTHERN
    stage.cutting.cut = None
    assert stage.pick_box(0, 0, *SIZE)
    stage.cutting.cut = Cut.plane((WEST, SOUTH + 40.0), math.pi)
    assert not stage.pick_box(0, 0, *SIZE)
    stage.cutting.cut = None


def test_a_line_of_sight_has_its_gaps_where_the_cut_is() -> None:
    box = Cut.box((0.0, 0.0), (20.0, 20.0), low=0.0, high=10.0)
    level = Ray((-100.0, 0.0, 5.0), (1.0, 0.0, 0.0))
    assert gaps(box, level) == [pytest.approx((90.0, 110.0))]
    assert gaps(box, Ray((-100.0, 0.0, 15.0), (1.0, 0.0, 0.0))) == []
    assert gaps(box, Ray((0.0, 0.0, 50.0), (0.0, 0.0, -1.0))) == [pytest.approx((40.0, 50.0))]
    kept = Cut.box((0.0, 0.0), (20.0, 20.0), low=0.0, high=10.0, keep="inside")
    (first, second) = gaps(kept, level)
    assert first == pytest.approx((0.0, 90.0))
    assert second[0] == pytest.approx(110.0)


def test_a_leaning_plane_shows_its_section_at_its_true_size(studio: Studio) -> None:
    lean = math.radians(45)  # over the middle of the block, from its floor to its roof in 20 m
    seen = red(studio, ABOVE, Cut.leaning((WEST, SOUTH, 0.0), math.pi, lean))
    metres = 2 * math.tan(ABOVE.fov / 2) * ABOVE.distance / SIZE[1]
    assert seen.sum() * metres**2 == pytest.approx(60.0 * 20.0, rel=0.05)  # its plan


def test_a_leaning_plane_is_kept_pointed_at_and_refused_where_it_is_none(studio: Studio) -> None:
    cut = Cut.leaning((WEST, SOUTH, 0.0), math.pi, math.radians(45))
    assert Cut.from_json(cut.to_json()) == cut
    view = View("slope", ABOVE, cut=cut)
    assert View.from_json(view.to_json()) == view
    stage = studio.stage
    studio.picture(PictureRequest(View("", ABOVE, None), SIZE, supersample=1))
    stage.plotter.window_size = SIZE
    stage.cutting.cut = cut
    metres = 2 * math.tan(ABOVE.fov / 2) * ABOVE.distance / SIZE[1]
    face = stage.pick(SIZE[0] / 2, SIZE[1] / 2 - 10.0 / metres)  # 10 m north of the foot
    assert face is not None
    assert face.object_id
    assert face.point[2] == pytest.approx(10.0, abs=0.5)
    stage.cutting.cut = None
    (gap,) = gaps(cut, Ray((WEST, SOUTH - 100.0, 10.0), (0.0, 1.0, 0.0)))
    assert gap == pytest.approx((0.0, 110.0))
    with pytest.raises(CityError) as caught:
        Slope((0.0, 0.0, 0.0), (0.0, 0.0, 2.0))
    assert caught.value.code == "cut.slope"


@pytest.fixture(scope="module")
def gable() -> Iterator[Studio]:
    shapes = Shapes.from_shapely([shapely.box(WEST - 15, SOUTH - 30, WEST + 15, SOUTH + 30)])
    roof = pa.table({"roof:shape": ["gabled"], "roof:height": [8.0]})
    with Studio(project_with(Buildings.blocks(shapes, 20.0, roof))[0]) as made:
        yield made


def test_the_section_of_a_gable_has_the_form_of_its_roof(gable: Studio) -> None:
    """The section across a house of 30 m: walls of 12 m and a roof of 8 m over them."""
    seen = red(gable, SOUTHERN, Cut.plane(MIDDLE, math.pi))
    metres = 2 * math.tan(SOUTHERN.fov / 2) * SOUTHERN.distance / SIZE[1]
    area = seen.sum() * metres**2 / math.cos(math.radians(10))
    assert area == pytest.approx(30.0 * 12.0 + 30.0 * 8.0 / 2, rel=0.05)
    level = red(gable, ABOVE, Cut.level(MIDDLE, 16.0))  # half way up the roof
    metres = 2 * math.tan(ABOVE.fov / 2) * ABOVE.distance / SIZE[1]
    assert level.sum() * metres**2 == pytest.approx(15.0 * 60.0, rel=0.05)


def test_what_a_cut_leaves_of_a_body_keeps_its_volume() -> None:
    box = np.array(list(np.ndindex(2, 2, 2)), dtype=np.float64) * 10.0
    cube = box[[
        [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3], [0, 4, 5], [0, 5, 1],
        [2, 3, 7], [2, 7, 6], [0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5],
    ]]  # fmt: skip
    away = Cut(((5.0, -1.0), (11.0, -1.0), (11.0, 11.0), (5.0, 11.0)), low=4.0)
    rest = remaining(cube, away)
    plan = np.abs(np.cross(rest[:, 1] - rest[:, 0], rest[:, 2] - rest[:, 0])[:, 2]) / 2
    up = np.cross(rest[:, 1] - rest[:, 0], rest[:, 2] - rest[:, 0])[:, 2] > 0
    assert plan[up].sum() == pytest.approx(50.0)  # what is left of the roof
    kept = remaining(cube, replace(away, keep="inside"))
    assert kept[..., 2].min() >= 4.0 - 1e-9
    assert kept[..., 0].min() >= 5.0 - 1e-9


def test_a_tower_that_is_cut_down_throws_a_shorter_shadow() -> None:
    shapes = Shapes.from_shapely([shapely.box(WEST - 5, SOUTH - 5, WEST + 5, SOUTH + 5)])
    project = project_with(Buildings.blocks(shapes, 60.0))[0]
    eye = Viewpoint.looking_at((WEST, SOUTH, 0.0), 500.0, 0.0, -math.pi / 2, projection="parallel")
    dark = []
    with Studio(project) as made:
        for cut in (None, Cut.level(MIDDLE, 30.0), Cut.plane((WEST, SOUTH - 90.0), 0.0)):
            view = View("", eye, moment="2026-03-20T15:00", cut=cut)
            request = PictureRequest(view, SIZE, supersample=1, shadows=True)
            bare = PictureRequest(view, SIZE, supersample=1)
            seen, plain = (made.picture(one).pixels[..., :3].astype(int) for one in (request, bare))
            dark.append(int(((plain - seen).max(axis=2) > 10).sum()))
    assert dark[0] > 100
    assert dark[1] == pytest.approx(dark[0] / 2, rel=0.2)
    assert dark[2] == 0


def test_the_rim_of_a_hole_throws_a_sharp_shadow_onto_its_floor_whatever_the_grid() -> None:
    """The terrain has a height every 50 m; the shadow's edge is where its ray meets the floor."""
    heights = np.full((21, 21), 30.0, dtype=np.float32)
    ground = Terrain(heights, WEST - 500.0, SOUTH + 500.0, 50.0, 50.0)
    project = Project(Frame("EPSG:4547", (WEST, SOUTH)))
    project.insert_layer(Layer("terrain", "Ground", ground, style=kind_of("terrain").style))
    cut = Cut.box((WEST + 7.0, SOUTH + 3.0), (70.0, 70.0), 0.0, low=10.0)
    eye = Viewpoint.looking_at((WEST + 7.0, SOUTH + 3.0, 30.0), 130.0, 0.0, -math.pi / 2,
                               projection="parallel")  # fmt: skip
    view = View("", eye, moment="2026-03-20T15:00", cut=cut)
    with Studio(project) as made:
        lit, dark = (
            made.picture(PictureRequest(view, SIZE, supersample=1, shadows=on)).pixels[..., :3]
            for on in (False, True)
        )
        slant = slant_of(made.stage.context.materials.light.sun)
        metre = frames.state(made.stage.context.renderer).pixels
    assert slant is not None
    fallen = np.asarray((lit.astype(int) - dark.astype(int)).max(axis=2) > 20)
    wide, deep = fallen[SIZE[1] // 2].sum() / metre, fallen[:, SIZE[0] // 2].sum() / metre
    assert wide == pytest.approx(20.0 * abs(slant[0]), abs=0.5)
    assert deep == pytest.approx(20.0 * abs(slant[1]), abs=0.5)
    rows = fallen.sum(axis=1)[SIZE[1] // 2 - 8 : SIZE[1] // 2 + 8]
    assert np.ptp(rows) <= 1  # a straight edge, no steps

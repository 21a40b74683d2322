"""Many figures: whole when near, cards when far, in the same clothes; nothing where nobody is."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from layers.viewpoint import Viewpoint
from scene.figures import MOST_WHOLE, STRIDE, Figures, Kind
from scene.frames import state
from scene.stage import Stage
from tests.scene.cities import SOUTH, WEST, city, project_with, shot, staged

pytestmark = pytest.mark.picture
PLACE = (WEST - 400.0, SOUTH - 400.0, 0.0)  # bare ground beside the city
Picture = NDArray[np.int64]


@pytest.fixture
def stage() -> Iterator[Stage]:
    project, _ = project_with(city(1))
    with staged(project, (320, 240)) as made:
        yield made


def people(stage: Stage, places: list[tuple[float, float]], key: str = "person") -> Figures:
    figures = Figures(stage.context, [Kind.of(key)], np.zeros(len(places), dtype=np.int64))
    put(stage, figures, places)
    return figures


def put(
    stage: Stage, figures: Figures, places: list[tuple[float, float]],
    who: NDArray[np.int64] | None = None, gone: float | None = None, turn: float = 0.0,
) -> None:  # fmt: skip
    ground = np.column_stack([np.array(places), np.zeros(len(places))])
    walked = None if gone is None else np.full(len(places), gone)
    turned = np.full(len(places), turn)
    figures.move(ground + stage.context.to_scene(PLACE), turned, who, walked)


def seen(stage: Stage, figures: Figures, metres: float, pitch: float = -30.0) -> Picture:
    """Give where the picture differs from one without the figures: its colours there, (n, 3)."""
    stage.viewpoint = Viewpoint.looking_at(PLACE, metres, 0.0, math.radians(pitch))
    figures.show(shown=False)
    figures.prepare(state(stage.plotter.renderer))
    bare = shot(stage)[..., :3].astype(np.int64)
    figures.show(shown=True)
    figures.prepare(state(stage.plotter.renderer))
    full = shot(stage)[..., :3].astype(np.int64)
    return np.asarray(full[(np.abs(full - bare) > 12).any(axis=2)])


def test_people_are_whole_when_near_and_cards_when_far(stage: Stage) -> None:
    figures = people(stage, [(0.0, 0.0)])
    near = seen(stage, figures, 12.0)
    assert figures.counts() == {"simple": 0, "whole": 1, "cards": 0}
    far = seen(stage, figures, 60.0)
    assert figures.counts() == {"simple": 0, "whole": 0, "cards": 1}
    speck = seen(stage, figures, 900.0)
    assert len(near) > 4 * len(far) > 4 * len(speck) > 0
    figures.close()


@pytest.mark.parametrize("pitch", [-5.0, -45.0, -89.0])
def test_a_card_covers_about_what_a_whole_figure_covers(stage: Stage, pitch: float) -> None:
    figures = people(stage, [(0.0, 0.0)])
    whole = len(seen(stage, figures, 20.0, pitch))
    assert figures.counts()["whole"] == 1
    scale = (33.0 / 20.0) ** 2
    card = len(seen(stage, figures, 33.0, pitch)) * scale
    assert figures.counts()["cards"] == 1
    assert 0.5 < card / whole < 2.0
    figures.close()


def legs(stage: Stage, figures: Figures, gone: float, metres: float) -> Picture:
    """Draw somebody from the side after so many metres and give the picture."""
    stage.viewpoint = Viewpoint.looking_at(PLACE, metres, 0.0, math.radians(-8.0))
    put(stage, figures, [(0.0, 0.0)], gone=gone, turn=math.pi / 2.0)
    figures.prepare(state(stage.plotter.renderer))
    return shot(stage)[..., :3].astype(np.int64)


@pytest.mark.parametrize("metres", [8.0, 40.0])
def test_legs_walk_with_the_way_that_is_gone_and_rest_while_somebody_stands(
    stage: Stage, metres: float
) -> None:
    figures = people(stage, [(0.0, 0.0)])
    apart = legs(stage, figures, STRIDE / 4.0, metres)
    assert np.array_equal(apart, legs(stage, figures, STRIDE * 5.25, metres))  # five strides on
    together = legs(stage, figures, STRIDE / 2.0, metres)
    stands = legs(stage, figures, math.nan, metres)
    assert (np.abs(apart - stands) > 12).any(axis=2).sum() > 0.1 * 1400.0 / metres**1.5
    low = slice(stage.size[1] // 2 - 2, None)  # below the middle: legs, and the ground
    assert np.abs(apart - together)[low].max() > 30
    figures.close()


def test_feet_stay_on_the_ground_at_every_step() -> None:
    from scene.unit_figures import ARM, HIP, LEG, figure, limbs_of

    for key in ("crew", "person"):
        limbs = np.concatenate(limbs_of(key))
        points = np.concatenate([mesh.points for mesh in figure(key).meshes])
        assert set(np.unique(limbs)) == {-ARM, -LEG, 0.0, LEG, ARM}
        assert points[np.abs(limbs) == LEG][:, 2].max() < HIP + 0.1
        assert (points[limbs == LEG][:, 0] > 0.0).all()
        assert (points[limbs == -ARM][:, 0] < 0.0).all()


def test_a_soft_shadow_lies_on_the_ground_away_from_the_sun(stage: Stage) -> None:
    figures = people(stage, [(0.0, 0.0)])
    stage.viewpoint = Viewpoint.looking_at(PLACE, 9.0, 0.0, math.radians(-89.0))
    figures.show(shown=False)
    figures.prepare(state(stage.plotter.renderer))
    bare = shot(stage)[..., :3].astype(np.int64)
    figures.show(shown=True)
    figures.prepare(state(stage.plotter.renderer))
    darker = bare - shot(stage)[..., :3].astype(np.int64)
    soft = (darker > 6).all(axis=2) & (darker < 60).all(axis=2)
    assert soft.sum() > 60
    rows, columns = np.nonzero(soft)
    middle = np.array([columns.mean() - 160.0, 120.0 - rows.mean()])  # east, north of the feet
    east, north, _ = stage.context.materials.light.key
    assert middle @ np.array([-east, -north]) > 0.0
    assert not stage.plotter.renderer.GetUseOIT()
    far = seen(stage, figures, 900.0)
    assert len(far) < 12  # a speck throws none
    figures.close()


def test_who_has_a_number_keeps_its_clothes_near_and_far_and_when_others_leave(
    stage: Stage,
) -> None:
    figures = people(stage, [(-60.0, 0.0), (0.0, 0.0)])
    put(stage, figures, [(-60.0, 0.0), (0.0, 0.0)], np.array([0, 3]))
    near = seen(stage, figures, 14.0).mean(axis=0)
    put(stage, figures, [(0.0, 0.0), (-60.0, 0.0)], np.array([3, 0]))  # the other order
    assert np.allclose(seen(stage, figures, 14.0).mean(axis=0), near)
    far = seen(stage, figures, 40.0).mean(axis=0)
    assert np.abs(far - near).max() < 40.0
    put(stage, figures, [(0.0, 0.0), (-60.0, 0.0)], np.array([4, 0]))
    assert np.abs(seen(stage, figures, 14.0).mean(axis=0) - near).max() > 20.0
    figures.close()


def test_of_a_dense_crowd_only_the_nearest_are_whole(stage: Stage) -> None:
    places = [(0.01 * at, 0.0) for at in range(MOST_WHOLE + 200)]
    figures = people(stage, places)
    seen(stage, figures, 20.0)
    counts = figures.counts()
    assert counts["whole"] <= MOST_WHOLE < counts["whole"] + counts["cards"]
    figures.close()


def test_nothing_is_left_of_people_who_are_gone(stage: Stage) -> None:
    count = stage.context.renderer.GetActors().GetNumberOfItems()
    figures = people(stage, [(0.1 * at, 0.0) for at in range(50)])
    assert len(seen(stage, figures, 60.0))
    put(stage, figures, [(9000.0, 0.0)] * 49 + [(0.0, 0.0)])
    assert 0 < len(seen(stage, figures, 60.0)) < 60
    put(stage, figures, [(9000.0, 0.0)] * 50)
    assert not len(seen(stage, figures, 60.0))
    figures.close()
    assert stage.context.renderer.GetActors().GetNumberOfItems() == count


def test_vehicles_are_the_same_body_at_every_distance_until_they_are_too_small(
    stage: Stage,
) -> None:
    figures = people(stage, [(0.0, 0.0)], "fire-engine")
    assert len(seen(stage, figures, 60.0))
    assert figures.counts()["whole"] == 1
    assert not len(seen(stage, figures, 3000.0))
    figures.close()

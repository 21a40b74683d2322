"""Many figures: whole when near, cards when far, in the same clothes; nothing where nobody is."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from layers.viewpoint import Viewpoint
from scene.figures import MOST_WHOLE, Figures, Kind
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
    who: NDArray[np.int64] | None = None,
) -> None:  # fmt: skip
    ground = np.column_stack([np.array(places), np.zeros(len(places))])
    figures.move(ground + stage.context.to_scene(PLACE), np.zeros(len(places)), who)


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

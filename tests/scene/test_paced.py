"""Moving pictures: as many pixels as can be drawn in time, and coarse from the first frame on."""

from __future__ import annotations

import time

import numpy as np
import pytest

from layers.viewpoint import Viewpoint
from scene.paced import SHARES
from scene.stage import Stage
from scene.tiles import Tiles
from scene.views.buildings import BuildingsView
from tests.scene.cities import SOUTH, WEST, city, project_with, shot, staged

pytestmark = pytest.mark.picture


def moved(stage: Stage, full: float, frames: int = 12) -> float:
    """Let the eye move on a machine that needs `full` seconds for all pixels; gives the share."""
    stage.moving = True
    for _ in range(frames):
        stage.took(full * stage.share**2)
    share = stage.share
    stage.moving = False
    return share


def test_a_slow_machine_draws_just_as_few_pixels_as_it_must() -> None:
    project, _ = project_with(city(4))
    with staged(project) as stage:
        most = stage.detail.sharp_seconds
        share = moved(stage, 1.5 * most)
        assert 1.5 * most * share**2 <= most
        finer = min(s for s in SHARES if s > share)
        assert 1.5 * most * finer**2 > most
        assert stage.share == 1.0  # the eye rests


def test_a_quick_machine_keeps_all_pixels_and_one_slow_frame_changes_nothing() -> None:
    project, _ = project_with(city(4))
    with staged(project) as stage:
        quick = 0.5 * stage.detail.sharp_seconds
        assert moved(stage, quick) == 1.0
        stage.moving = True
        stage.took(quick)
        stage.took(20.0 * quick)
        assert stage.share == 1.0


def test_pixels_come_back_with_a_new_movement_never_within_one() -> None:
    project, _ = project_with(city(4))
    with staged(project) as stage:
        most = stage.detail.sharp_seconds
        assert moved(stage, 10.0 * most, 40) == min(SHARES)
        assert moved(stage, 0.3 * most) == min(SHARES)
        shares = [moved(stage, 0.3 * most) for _ in SHARES]
        assert shares == sorted(shares)
        assert shares[-1] == 1.0


def at_rest(stage: Stage) -> Tiles:
    """Draw the complete picture of an eye that rests; gives the tiles of its buildings."""
    stage.viewpoint = Viewpoint.looking_at((WEST + 900.0, SOUTH + 900.0, 0.0), 1500.0, 0.4, -0.4)
    stage.context.patience = 3.0
    stage.finish()
    shot(stage)
    assert stage.complete
    (view,) = stage.views.values()
    assert isinstance(view, BuildingsView)
    return view.tiles


def taken_up(stage: Stage) -> None:
    """Take up all that threads make ready."""
    deadline = time.monotonic() + 30.0
    while stage.advance() and time.monotonic() < deadline:
        time.sleep(0.001)


@pytest.mark.parametrize("foreseen", [False, True])
def test_a_movement_that_was_foreseen_is_coarse_from_its_first_frame_on(foreseen: bool) -> None:
    project, _ = project_with(city(4000))
    with staged(project, (640, 360), patient=True) as stage:
        tiles = at_rest(stage)
        fine, asked = tiles.shown.copy(), []
        stage.needs_frame.connect(lambda: asked.append(True))
        if foreseen:
            stage.foresee()
            taken_up(stage)
        assert not asked  # nothing else is to be seen before the eye moves
        assert np.array_equal(tiles.shown, fine)
        assert stage.complete
        stage.moving = True
        shot(stage)
        assert (tiles.missing == 0) is foreseen
        assert not np.array_equal(tiles.shown, fine) or not foreseen

"""Moving pictures get as many pixels as the machine can draw in time."""

from __future__ import annotations

import pytest

from scene.paced import SHARES
from scene.stage import Stage
from tests.scene.cities import city, project_with, staged

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

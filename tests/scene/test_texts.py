"""Texts become small pictures that are laid over others."""

from __future__ import annotations

import numpy as np
import pytest

from scene.texts import lay_over, text_picture


def test_a_text_is_dark_in_a_light_halo() -> None:
    picture = text_picture("滨江 Riverside", 20)
    solid = picture[picture[..., 3] > 200]
    assert (solid[:, :3].max(axis=1) < 90).any()
    assert (solid[:, :3].min(axis=1) > 240).any()
    assert picture[0, 0, 3] == 0
    assert not picture.flags.writeable


def test_larger_letters_take_more_room_and_no_halo_takes_less() -> None:
    small, large = text_picture("河", 12), text_picture("河", 36)
    assert large.shape[0] > 2 * small.shape[0]
    assert text_picture("河", 36, halo=None).shape[1] < large.shape[1]


def test_what_is_laid_over_mixes_by_its_alpha() -> None:
    under = np.zeros((4, 4, 4), dtype=np.uint8)
    under[..., 0], under[..., 3] = 200, 255
    over = np.zeros((2, 2, 4), dtype=np.uint8)
    over[..., 2], over[..., 3] = 100, 128
    lay_over(under, over, 1, 1)
    assert under[0, 0].tolist() == [200, 0, 0, 255]
    assert under[1, 1].tolist() == pytest.approx([100, 0, 50, 255], abs=1)


def test_on_clear_ground_the_colour_stays_pure() -> None:
    under = np.zeros((2, 2, 4), dtype=np.uint8)
    over = np.full((2, 2, 4), 90, dtype=np.uint8)
    lay_over(under, over, 0, 0)
    assert under[0, 0].tolist() == [90, 90, 90, 90]


@pytest.mark.parametrize(("x", "y"), [(-3, -3), (3, 3), (-9, 0), (0, 9), (2, -1)])
def test_what_lies_outside_is_cut_off(x: int, y: int) -> None:
    under = np.zeros((4, 4, 4), dtype=np.uint8)
    lay_over(under, np.full((4, 4, 4), 255, dtype=np.uint8), x, y)
    want = max(0, min(x + 4, 4) - max(x, 0)) * max(0, min(y + 4, 4) - max(y, 0))
    assert int((under[..., 3] > 0).sum()) == want

"""Symbols in the picture: there, facing the eye, large when near, not too small when far."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from layers.drills.symbols import SYMBOLS, symbol_of
from scene.symbol_marks import SymbolMarks
from scene.symbol_pictures import CELL, atlas, picture
from tests.scene.test_pixel_marks import Board, board  # noqa: F401 - a fixture

FIRE = symbol_of("fire")


def reds(pixels: NDArray[np.int64]) -> int:
    return int(((pixels[..., 0] > 200) & (pixels[..., 1] < 60) & (pixels[..., 2] < 60)).sum())


def test_a_picture_has_the_colour_of_its_class_and_a_band_for_its_label() -> None:
    with_label = np.asarray(picture(FIRE, "火灾"))
    without = np.asarray(picture(FIRE))
    below, middle = int(CELL * 0.8), CELL // 2
    assert (without[below, middle // 2, :3] == (255, 0, 0)).all()
    assert (with_label[int(CELL * 0.77), middle // 4, :3] == (255, 255, 255)).all()
    assert with_label[0, 0, 3] == 0  # the corner of a rounded frame


def test_an_atlas_holds_every_symbol_once() -> None:
    sheet = atlas([(symbol, "") for symbol in SYMBOLS], 32)
    assert sheet.shape[0] * sheet.shape[1] >= len(SYMBOLS) * 32 * 32
    tops, lefts = range(0, sheet.shape[0], 32), range(0, sheet.shape[1], 32)
    cells = {sheet[r : r + 32, c : c + 32].tobytes()
             for r in tops for c in lefts}  # fmt: skip
    assert len(cells) >= len(SYMBOLS) - 2


@pytest.mark.picture
def test_symbols_shrink_with_distance_but_not_below_their_least_size(board: Board) -> None:  # noqa: F811
    def drawn(distance: float) -> int:
        board.look(60.0, distance)
        return reds(board.draw(marks))  # type: ignore[arg-type]  # it is drawn alike

    marks = SymbolMarks(np.zeros((1, 3)), [(FIRE, "")], size=60.0, least=20.0, full=500.0)
    near, also_near, far, farther = (drawn(d) for d in (200.0, 400.0, 4000.0, 40_000.0))
    assert near > 1200
    assert also_near == pytest.approx(near, rel=0.05)
    assert far < near / 5
    assert farther == pytest.approx(far, rel=0.05)
    assert far > 90


@pytest.mark.picture
def test_symbols_over_everything_are_seen_through_the_ground(board: Board) -> None:  # noqa: F811
    board.ground()
    below = np.array([[0.0, 0.0, -50.0]])
    hidden = SymbolMarks(below, [(FIRE, "")], size=40.0)
    assert reds(board.draw(hidden)) == 0  # type: ignore[arg-type]  # it is drawn alike
    shown = SymbolMarks(below, [(FIRE, "")], size=40.0, order=2.0)
    assert reds(board.draw(shown)) > 300  # type: ignore[arg-type]  # it is drawn alike

"""Patterns of lines and areas: they point the right way and keep their size near and far."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from layers.drills.symbol_lines import AREAS, LINES, line_symbol_of
from scene.symbol_lines import PatternLines, arrows_of
from scene.symbol_pictures import PIECE, piece
from tests.scene.test_pixel_marks import Board, board, red  # noqa: F401 - a fixture

WAY = np.array([[-250.0, 0.0, 0.0], [250.0, 0.0, 0.0]])


class Drawn:
    """A line as a board takes it."""

    def __init__(self, board: Board, way: NDArray[np.float64], code: str) -> None:  # noqa: F811
        context: Any = SimpleNamespace(
            materials=SimpleNamespace(painted={}),
            renderer=board.plotter.renderer,
            pixel_scale=1.0,
            to_scene=np.asarray,
        )
        self._line = PatternLines(context, [way], line_symbol_of(code))
        self.actor = self._line.actor

    def prepare(self, frame: Any, scale: float) -> None:
        del scale
        self._line.prepare(frame)


def shot(board: Board, way: NDArray[np.float64], code: str) -> NDArray[np.bool_]:  # noqa: F811
    return red(board.draw(Drawn(board, way, code)))  # type: ignore[arg-type]  # it is drawn alike


@pytest.mark.picture
def test_arrows_point_along_the_line_and_back_where_the_line_is_turned(board: Board) -> None:  # noqa: F811
    board.look(89.0, 300.0)

    def lean(pixels: NDArray[np.bool_]) -> float:
        """How much farther right the thick parts begin steeply than they end."""
        tall = pixels.sum(axis=0).astype(float)
        steps = np.diff(tall)
        return float((steps**3).sum())

    there, back = shot(board, WAY, "E30100"), shot(board, WAY[::-1].copy(), "E30100")
    assert lean(there) * lean(back) < 0.0


@pytest.mark.picture
def test_patterns_have_the_same_size_near_and_far(board: Board) -> None:  # noqa: F811
    tall = []
    for distance in (200.0, 400.0, 900.0):
        board.look(89.0, distance)
        tall.append(int(shot(board, WAY, "E30100").any(axis=1).sum()))
    assert max(tall) - min(tall) <= 2
    assert 14 <= max(tall) <= 22


@pytest.mark.picture
def test_a_short_line_far_away_still_has_one_arrow(board: Board) -> None:  # noqa: F811
    board.look(89.0, 3000.0)
    assert int(shot(board, WAY, "E30100").any(axis=1).sum()) > 12


def test_pieces_join_without_a_step() -> None:
    for symbol in (*LINES, *AREAS):
        drawn = piece(symbol).astype(int)
        assert drawn.shape[1] == round(symbol.period * PIECE)
        assert np.abs(drawn[:, 0, 3] - drawn[:, -1, 3]).mean() < 12, symbol.key


def test_arrows_of_areas_point_in_or_out() -> None:
    ring = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0]])
    area = shapely.Polygon(ring)
    inwards, outwards = arrows_of(ring, -1), arrows_of(ring, 1)
    assert len(inwards) == len(outwards) == 4
    for lines, inside in ((inwards, True), (outwards, False)):
        for start, end in lines:
            assert area.exterior.distance(shapely.Point(start)) < 1e-6
            assert area.contains(shapely.Point(end)) is inside
    assert arrows_of(ring, 0) == []
    assert arrows_of(ring[:1].repeat(3, axis=0), 1) == []

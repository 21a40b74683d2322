"""Symbols of a plan of pipes: nodes by what they are, in the manner of CJJ 61."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from layers.pipes.plate import MIDDLE, THIN, Board, Link, Stroke
from layers.style import Colour

WHITE = "#ffffff"
#: Half the size of a symbol, millimetres.
HALF = 0.9
#: Roles by the largest denominator of the scale at which they are drawn.
UP_TO: dict[str, float] = {
    "manhole": 2500.0, "gully": 1500.0, "meter": 1500.0, "customer": 1500.0, "tee": 1000.0,
    "bend": 1000.0, "end": 1500.0, "valve": 5000.0, "hydrant": 5000.0, "cabinet": 5000.0,
    "transformer": 10_000.0, "well": 10_000.0, "outfall": 20_000.0, "pump-station": 50_000.0,
    "reservoir": 50_000.0, "tank": 50_000.0, "point": 0.0,
}  # fmt: skip


def draw_symbol(
    board: Board, role: str, x: float, y: float, colour: Colour, link: Link | None = None
) -> None:
    """Draw a node.

    Parameters
    ----------
    board : Board
        The drawing.
    role : str
        One of `layers.kinds.pipes.ROLES`.
    x, y : float
        Its middle, millimetres.
    colour : str
        Of its class.
    link : (str, int) or None
        What it leads to.
    """
    _SYMBOLS.get(role, _dot)(board, x, y, colour, link)


def _circle(board: Board, x: float, y: float, r: float, colour: Colour, fill: Colour,
            link: Link | None) -> None:  # fmt: skip
    board.oval(x, y, r, r, stroke=Stroke(MIDDLE, colour), fill=fill, link=link, layer="symbols")


def _shape(board: Board, places: list[tuple[float, float]], x: float, y: float, colour: Colour,
           fill: Colour, link: Link | None) -> None:  # fmt: skip
    moved = [(x + a * HALF, y + b * HALF) for a, b in places]
    board.area(moved, fill, Stroke(THIN, colour), link=link, layer="symbols")


def _dot(board: Board, x: float, y: float, colour: Colour, link: Link | None) -> None:
    _circle(board, x, y, 0.35, colour, colour, link)


def _manhole(board: Board, x: float, y: float, colour: Colour, link: Link | None) -> None:
    _circle(board, x, y, HALF * 0.8, colour, WHITE, link)


def _valve(board: Board, x: float, y: float, colour: Colour, link: Link | None) -> None:
    for side in (-1.0, 1.0):
        wing = [(0.0, 0.0), (side * 1.2, 0.9), (side * 1.2, -0.9)]
        _shape(board, wing, x, y, colour, WHITE, link)


def _hydrant(board: Board, x: float, y: float, colour: Colour, link: Link | None) -> None:
    _circle(board, x, y, HALF * 0.7, colour, colour, link)
    for side in (-1.0, 1.0):
        a, b = side * HALF * 0.7, side * HALF * 1.4
        board.line([(x + a, y), (x + b, y)], Stroke(MIDDLE, colour), layer="symbols")


def _gully(board: Board, x: float, y: float, colour: Colour, link: Link | None) -> None:
    _shape(board, [(-1.0, -0.6), (1.0, -0.6), (1.0, 0.6), (-1.0, 0.6)], x, y, colour, WHITE, link)
    _shape(board, [(-1.0, -0.6), (0.0, -0.6), (0.0, 0.6), (-1.0, 0.6)], x, y, colour, colour, link)


def _box(board: Board, x: float, y: float, colour: Colour, link: Link | None) -> None:
    corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
    _shape(board, corners, x, y, colour, WHITE, link)
    _shape(board, [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0)], x, y, colour, colour, link)


def _transformer(board: Board, x: float, y: float, colour: Colour, link: Link | None) -> None:
    corners = [(-1.2, -1.2), (1.2, -1.2), (1.2, 1.2), (-1.2, 1.2)]
    _shape(board, corners, x, y, colour, WHITE, link)
    flash = [(0.3, 1.0), (-0.6, -0.1), (0.0, -0.1), (-0.3, -1.0), (0.6, 0.2), (0.0, 0.2)]
    _shape(board, flash, x, y, colour, colour, link)


def _pump(board: Board, x: float, y: float, colour: Colour, link: Link | None) -> None:
    _circle(board, x, y, HALF * 1.5, colour, WHITE, link)
    corners = [(math.cos(a) * 1.4, math.sin(a) * 1.4) for a in np.radians([0, 120, 240])]
    _shape(board, corners, x, y, colour, colour, link)


def _reservoir(board: Board, x: float, y: float, colour: Colour, link: Link | None) -> None:
    _circle(board, x, y, HALF * 1.5, colour, WHITE, link)
    _circle(board, x, y, HALF * 0.9, colour, colour, link)


def _outfall(board: Board, x: float, y: float, colour: Colour, link: Link | None) -> None:
    _shape(board, [(-1.2, 1.0), (1.2, 1.0), (0.0, -1.2)], x, y, colour, colour, link)


def _meter(board: Board, x: float, y: float, colour: Colour, link: Link | None) -> None:
    _circle(board, x, y, HALF * 0.8, colour, WHITE, link)
    board.line([(x - 0.4, y - 0.4), (x + 0.4, y + 0.4)], Stroke(MIDDLE, colour), layer="symbols")


def _customer(board: Board, x: float, y: float, colour: Colour, link: Link | None) -> None:
    _shape(board, [(-0.8, -0.8), (0.8, -0.8), (0.0, 0.9)], x, y, colour, WHITE, link)


def _end(board: Board, x: float, y: float, colour: Colour, link: Link | None) -> None:
    for a, b in (((-0.7, -0.7), (0.7, 0.7)), ((-0.7, 0.7), (0.7, -0.7))):
        board.line([(x + a[0] * HALF, y + a[1] * HALF), (x + b[0] * HALF, y + b[1] * HALF)],
                   Stroke(MIDDLE, colour), link=link, layer="symbols")  # fmt: skip


_SYMBOLS: dict[str, Callable[[Board, float, float, Colour, Link | None], None]] = {
    "manhole": _manhole, "valve": _valve, "hydrant": _hydrant, "gully": _gully, "cabinet": _box,
    "transformer": _transformer, "pump-station": _pump, "reservoir": _reservoir,
    "tank": _reservoir, "well": _reservoir, "outfall": _outfall, "meter": _meter,
    "customer": _customer, "end": _end, "tee": _dot, "bend": _dot, "point": _dot,
}  # fmt: skip

"""What an emergency symbol is made of: strokes in a frame of 32 by 32 units, names, a code."""

from __future__ import annotations

import math
from dataclasses import dataclass

SIZE = 32.0  # units of a drawing
BAND = 24.0  # from here down lies the label
RADIUS = 5.0  # of the corners of class A
COLOURS = {"A": "#ff0000", "B": "#ffff00", "C": "#0000ff", "D": "#00ff00", "E": "#ff0000",
           "F": "#ff0000", "X": "#9aa3ab"}  # fmt: skip
INK = {"A": "#ffffff", "B": "#000000", "C": "#ffffff", "D": "#000000", "X": "#000000"}
LINE = 2.2  # width of strokes, units

Stroke = tuple[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Symbol:
    """One drawing.

    Attributes
    ----------
    code : str
        Six signs, the class first.
    key : str
        Stable name; resources and hazards take the key of their sort.
    names : (str, str)
        English and Chinese.
    pinyin : str
        Of the Chinese name, syllables apart.
    strokes : tuple of (what, numbers)
        ``L`` a line, ``P`` a filled polygon (x y x y ...), ``C`` a circle, ``D`` a disc (x y r),
        ``K`` and ``H`` a polygon and a disc in the colour of the frame, in 32 by 24 units from
        the upper left corner.
    told : bool
        Whether the code is that of the standard.
    short : str
        Two to four signs for the label; "" takes the Chinese name.
    """

    code: str
    key: str
    names: tuple[str, str]
    pinyin: str
    strokes: tuple[Stroke, ...] = ()
    told: bool = False
    short: str = ""

    @property
    def label(self) -> str:
        """Two to four signs of the Chinese name."""
        return self.short or self.names[1][:4]

    @property
    def letter(self) -> str:
        """Class: A to F; U for symbols of users."""
        return self.code[0]

    @property
    def initials(self) -> str:
        """First letters of the pinyin."""
        return "".join(part[0] for part in self.pinyin.split())


def line(*xy: float) -> Stroke:
    """Give a line through x y x y."""
    return "L", xy


def area(*xy: float) -> Stroke:
    """Give a filled polygon."""
    return "P", xy


def gap(*xy: float) -> Stroke:
    """Give a polygon in the colour of the frame."""
    return "K", xy


def ring(x: float, y: float, r: float) -> Stroke:
    """Give a circle."""
    return "C", (x, y, r)


def disc(x: float, y: float, r: float) -> Stroke:
    """Give a filled circle."""
    return "D", (x, y, r)


def hole(x: float, y: float, r: float) -> Stroke:
    """Give a disc in the colour of the frame."""
    return "H", (x, y, r)


def box(left: float, top: float, right: float, bottom: float) -> Stroke:
    """Give a filled rectangle."""
    return area(left, top, right, top, right, bottom, left, bottom)


def hollow(left: float, top: float, right: float, bottom: float) -> Stroke:
    """Give a rectangle in the colour of the frame."""
    return gap(left, top, right, top, right, bottom, left, bottom)


def outline(left: float, top: float, right: float, bottom: float) -> Stroke:
    """Give the border of a rectangle."""
    return line(left, top, right, top, right, bottom, left, bottom, left, top)


def arc(
    x: float, y: float, wide: float, high: float, begin: float, end: float, steps: int = 16
) -> tuple[float, ...]:
    """Give points of an ellipse, degrees clockwise from three o'clock, x y x y."""
    out: list[float] = []
    for step in range(steps + 1):
        turn = math.radians(begin + (end - begin) * step / steps)
        out += [round(x + wide * math.cos(turn), 2), round(y + high * math.sin(turn), 2)]
    return tuple(out)


def star(x: float, y: float, outer: float, inner: float, tips: int) -> Stroke:
    """Give a filled star with a tip upwards."""
    out: list[float] = []
    for step in range(2 * tips):
        turn, reach = math.pi * step / tips, inner if step % 2 else outer
        out += [round(x + reach * math.sin(turn), 2), round(y - reach * math.cos(turn), 2)]
    return area(*out)

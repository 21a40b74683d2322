"""The nine symbols of lines and three of areas: what is repeated along a line or over an area.

Codes and what they mean are told by summaries of the standard, and that lines and areas are red
and two pixels wide at least, that the cordon is dash-dotted, and that four arrows point into the
area of control and out of that of spread. Everything else of the patterns is our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from layers.drills.symbol_shapes import Stroke, Symbol, area, disc, gap, line, ring

HIGH = 20.0  # units across a line; its middle lies at half of that
STROKE = 2.6  # width of strokes along lines, units; a unit is a pixel
Hatch = Literal["plain", "diagonal", "cross", "back", "waves"]
HATCHES: tuple[Hatch, ...] = ("plain", "diagonal", "cross", "back", "waves")


@dataclass(frozen=True, slots=True)
class LineSymbol(Symbol):
    """What stands along a line; strokes lie in `period` by 20 units, the line runs to the right.

    Attributes
    ----------
    period : float
        Length of one piece, units. Where a piece has to be longer its ends are drawn out.
    """

    period: float = 40.0


@dataclass(frozen=True, slots=True)
class AreaSymbol(LineSymbol):
    """What stands along the border of an area and over it.

    Attributes
    ----------
    hatch : str
        One of ``HATCHES``.
    arrows : int
        1 four arrows outwards, -1 four inwards, 0 none.
    """

    hatch: Hatch = "plain"
    arrows: int = 0


_TRACKS = (line(0, 4, 40, 4), line(0, 16, 40, 16))


def _along(*xs: float) -> tuple[Stroke, ...]:
    """Give pieces of the middle line from x to x."""
    return tuple(line(a, 10, b, 10) for a, b in zip(xs[::2], xs[1::2], strict=True))


LINES: tuple[LineSymbol, ...] = (
    LineSymbol("E10100", "isolation", ("Isolation belt", "隔离带"), "ge li dai", (
        *_along(0, 28), line(8, 3, 8, 17), line(20, 3, 20, 17)), True, "", 28.0),
    LineSymbol("E10200", "eco-isolation", ("Ecological isolation belt", "生态隔离带"),
        "sheng tai ge li dai", (
        line(0, 16, 32, 16), area(16, 0.5, 23, 12, 9, 12), area(14.6, 11, 17.4, 11, 17.4, 16, 14.6,
        16)), True, "", 32.0),
    LineSymbol("E20100", "fibre", ("Fibre line", "通信光缆"), "tong xin guang lan", (
        *_along(0, 14, 30, 44), ring(22, 10, 7), disc(22, 10, 2.4)), True, "", 44.0),
    LineSymbol("E20200", "power-line", ("Power line", "电力线路"), "dian li xian lu", (
        *_along(0, 12, 28, 40), area(22.5, 0.5, 14, 11, 19.2, 11, 17.5, 19.5, 26, 8.6, 20.6, 8.6)),
        True, "", 40.0),
    LineSymbol("E20300", "road-clearing", ("Road clearing", "道路抢通"), "dao lu qiang tong", (
        line(0, 4, 13, 4), line(27, 4, 40, 4), line(0, 16, 13, 16), line(27, 16, 40, 16),
        line(15, 4.5, 21, 10, 15, 15.5), line(21, 4.5, 27, 10, 21, 15.5)), True, "", 40.0),
    LineSymbol("E20400", "dangerous-road", ("Dangerous road", "危险路段"), "wei xian lu duan", (
        line(0, 3, 40, 3), line(0, 17, 40, 17), area(20, 3.2, 28.5, 16.8, 11.5, 16.8),
        gap(18.9, 7.5, 21.1, 7.5, 20.7, 12.5, 19.3, 12.5), ("H", (20, 14.7, 1.2))), True, "", 40.0),
    LineSymbol("E20500", "damaged-road", ("Damaged road", "损毁路段"), "sun hui lu duan", (
        line(0, 4, 11, 4), line(29, 4, 40, 4), line(0, 16, 11, 16), line(29, 16, 40, 16),
        line(14, 4, 26, 16), line(26, 4, 14, 16)), True, "", 40.0),
    LineSymbol("E30100", "rescue-route", ("Rescue route", "救援路线"), "jiu yuan lu xian", (
        *_along(0, 48), area(16, 1.5, 34, 10, 16, 18.5, 20, 10)), True, "", 48.0),
    LineSymbol("E30200", "evacuation-route", ("Evacuation route", "疏散路线"), "shu san lu xian", (
        *_along(0, 9, 39, 48), line(14, 3, 21, 10, 14, 17), line(22.5, 3, 29.5, 10, 22.5, 17),
        disc(36, 10, 1.4)), True, "", 48.0),
)  # fmt: skip

AREAS: tuple[AreaSymbol, ...] = (
    AreaSymbol("F10100", "cordon", ("Cordon", "警戒区"), "jing jie qu", (
        *_along(0, 13, 25, 38), disc(19, 10, 2.2)), True, "", 38.0, "plain"),
    AreaSymbol("F10200", "control-area", ("Area of control", "事件控制区"),
        "shi jian kong zhi qu", (*_along(0, 24),), True, "", 24.0, "diagonal", -1),
    AreaSymbol("F10300", "spread-area", ("Area of spread", "事件蔓延区"),
        "shi jian man yan qu", (*_along(0, 9, 19, 28),), True, "", 28.0, "back", 1),
)  # fmt: skip

#: A way of a unit, and zones whose symbol is that of a flood: not of the standard.
ROUTE = LineSymbol("", "route", ("Way", "路线"), "lu xian", (
    *_along(0, 48), line(20, 3.5, 27, 10, 20, 16.5)), period=48.0)  # fmt: skip
#: Points over the border of an area of control or spread.
ARROW = LineSymbol("", "arrow", ("Arrow", "箭头"), "jian tou", (
    area(7, 6.8, 22, 6.8, 22, 1, 39, 10, 22, 19, 22, 13.2, 7, 13.2),), period=46.0)  # fmt: skip
PLAIN_LINE = LineSymbol("", "line", ("Line", "线"), "xian", _along(0, 24), period=24.0)
FLOODED = AreaSymbol("", "flooded", ("Flooded area", "淹没区"), "yan mo qu", (
    *_along(0, 24),), False, "", 24.0, "waves")  # fmt: skip
FLOODS = ("A101", "A105", "B400")  # how codes of floods begin

_BY_CODE: dict[str, LineSymbol] = {one.code: one for one in (*LINES, *AREAS)}
_BY_KEY: dict[str, LineSymbol] = {one.key: one for one in (*LINES, *AREAS, ROUTE, FLOODED)}


def line_symbol_of(word: str, kind: str = "line") -> LineSymbol:
    """Give the pattern of a line by code or key; others are plain, ways of units have arrows.

    >>> line_symbol_of("E30200").key, line_symbol_of("", "route").key, line_symbol_of("?").key
    ('evacuation-route', 'route', 'line')
    """
    found = _BY_CODE.get(word) or _BY_KEY.get(word)
    return found or (ROUTE if kind == "route" else PLAIN_LINE)


def area_symbol_of(word: str) -> AreaSymbol:
    """Give the pattern of an area by code or key; a flood has waves, others are cordons.

    >>> area_symbol_of("F10300").arrows, area_symbol_of("A10100").hatch, area_symbol_of("").key
    (1, 'waves', 'cordon')
    """
    if word.startswith(FLOODS):
        return FLOODED
    found = _BY_CODE.get(word) or _BY_KEY.get(word)
    return found if isinstance(found, AreaSymbol) else AREAS[0]

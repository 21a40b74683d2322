"""Emergency symbols: our own drawings in the frames and colours of GB/T 35649-2017.

What is known of the standard is told by its public summaries: classes A (incidents, rounded
frame, red), B (hazards, yellow), C (protected sites, blue), D (resources, green), codes of its
lines and areas, and A10400. The figures inside the frames are our own, and codes that are not
`told` are our own numbering: compare both with the printed standard.
"""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

from layers.kinds.emergency import HAZARD_SORTS, RESOURCE_SORTS

SIZE = 32.0  # units of a drawing
BAND = 24.0  # from here down lies the label
RADIUS = 5.0  # of the corners of class A
COLOURS = {"A": "#ff0000", "B": "#ffff00", "C": "#0000ff", "D": "#00ff00"}
INK = {"A": "#ffffff", "B": "#000000", "C": "#ffffff", "D": "#000000"}
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
    initials : str
        Of the Chinese name in pinyin.
    strokes : tuple of (what, numbers)
        ``L`` a line, ``P`` a filled polygon (x y x y ...), ``C`` a circle, ``D`` a disc (x y r),
        in 32 by 24 units from the upper left corner.
    told : bool
        Whether the code is that of the standard.
    """

    code: str
    key: str
    names: tuple[str, str]
    initials: str
    strokes: tuple[Stroke, ...]
    told: bool = False

    @property
    def letter(self) -> str:
        """Class: A to D."""
        return self.code[0]


def _line(*xy: float) -> Stroke:
    return "L", xy


def _area(*xy: float) -> Stroke:
    return "P", xy


def _ring(*xyr: float) -> Stroke:
    return "C", xyr


def _disc(*xyr: float) -> Stroke:
    return "D", xyr


_FLAME = _area(16, 3, 20, 9, 22, 8, 24, 14, 21, 20, 11, 20, 8, 14, 12, 10, 13, 12)
_CROSS = (_area(14, 4, 18, 4, 18, 20, 14, 20), _area(8, 10, 24, 10, 24, 14, 8, 14))
_HOUSE = _line(6, 12, 16, 4, 26, 12, 24, 12, 24, 20, 8, 20, 8, 12, 6, 12)
_WAVE = (
    _line(5, 14, 9, 11, 13, 14, 17, 11, 21, 14, 27, 11),
    _line(5, 19, 9, 16, 13, 19, 17, 16, 21, 19, 27, 16),
)
_WHEELS = (_disc(10, 19, 2.4), _disc(22, 19, 2.4))

SYMBOLS: tuple[Symbol, ...] = (
    Symbol("A10100", "flood", ("Flood", "洪涝"), "hl", (*_WAVE, _line(16, 3, 16, 9))),
    Symbol("A10200", "storm", ("Storm", "大风"), "df", (_line(6, 8, 22, 8, 25, 5),
           _line(6, 13, 26, 13), _line(6, 18, 20, 18, 23, 21))),
    Symbol("A10300", "earthquake", ("Earthquake", "地震"), "dz", (
           _line(4, 13, 9, 13, 12, 5, 16, 20, 20, 8, 23, 13, 28, 13),)),
    Symbol("A10400", "landslide", ("Geological hazard", "地质灾害"), "dzzh", (
           _line(5, 20, 14, 5, 27, 20, 5, 20), _disc(21, 7, 1.8), _disc(25, 11, 1.8)), told=True),
    Symbol("A20100", "fire", ("Fire", "火灾"), "hz", (_FLAME,)),
    Symbol("A20200", "explosion", ("Explosion", "爆炸"), "bz", (_area(16, 2, 18.5, 8, 25, 5, 22, 11,
           28, 14, 21, 15, 22, 21, 16, 17, 10, 21, 11, 15, 4, 14, 10, 11, 7, 5, 13.5, 8),)),
    Symbol("A20300", "gas-leak", ("Gas leak", "燃气泄漏"), "rqxl", (_line(4, 18, 14, 18, 16, 14, 18,
           18, 28, 18), _ring(13, 9, 2.5), _ring(20, 7, 3.2))),
    Symbol("A20400", "traffic", ("Traffic accident", "交通事故"), "jtsg", (
           _line(5, 17, 5, 12, 13, 12, 13, 17, 5, 17), _line(27, 17, 27, 12, 19, 12, 19, 17, 27,
           17), _line(15, 4, 17, 9), _line(17, 4, 15, 9))),
    Symbol("A20500", "chemical", ("Chemical leak", "危化品泄漏"), "whpxl", (
           _line(13, 3, 19, 3), _line(14, 3, 14, 9, 8, 20, 24, 20, 18, 9, 18, 3),
           _area(11, 15, 21, 15, 23.5, 20, 8.5, 20))),
    Symbol("A20600", "collapse", ("Collapse", "坍塌"), "tt", (
           _line(6, 20, 6, 8, 14, 4, 13, 11, 18, 14, 26, 20), _line(4, 20, 28, 20))),
    Symbol("A20700", "power-cut", ("Power failure", "停电"), "td", (
           _area(18, 2, 9, 13, 15, 13, 13, 21, 23, 10, 17, 10),)),
    Symbol("A20900", "trapped", ("People trapped", "人员被困"), "rybk", (
           _disc(16, 7, 2.6), _line(16, 9, 16, 15, 12, 20), _line(16, 15, 20, 20),
           _line(6, 3, 6, 21), _line(26, 3, 26, 21))),
    Symbol("A30100", "epidemic", ("Health incident", "公共卫生事件"), "ggwssj", _CROSS),
    Symbol("A40100", "crowd", ("Crowd", "人群聚集"), "rqjj", (_disc(9, 8, 2.6), _disc(16, 6, 2.6),
           _disc(23, 8, 2.6), _area(5, 20, 7, 12, 25, 12, 27, 20))),
    Symbol("B10000", "hazardous-store", ("Hazardous store", "危险品仓库"), "wxpck", (
           _line(16, 3, 27, 20, 5, 20, 16, 3), _line(16, 9, 16, 14), _disc(16, 17.3, 1.2))),
    Symbol("B20000", "gas-station", ("Filling station", "加油站"), "jyz", (
           _line(8, 20, 8, 4, 18, 4, 18, 20), _line(6, 20, 20, 20), _line(10, 9, 16, 9),
           _line(18, 10, 22, 10, 22, 17, 25, 17, 25, 8, 22, 5))),
    Symbol("B30000", "gas-governor", ("Gas governor", "调压站"), "tyz", (
           _ring(16, 12, 6), _line(3, 12, 10, 12), _line(22, 12, 29, 12), _line(16, 12, 20, 8))),
    Symbol("B40000", "reservoir", ("Reservoir, dike", "水库堤坝"), "skdb", (
           *_WAVE, _line(26, 4, 29, 21))),
    Symbol("B50000", "underpass", ("Underpass", "下穿通道"), "xctd", (
           _line(3, 8, 29, 8), _line(6, 8, 6, 20), _line(26, 8, 26, 20),
           _line(8, 18, 12, 16, 16, 18, 20, 16, 24, 18))),
    Symbol("B60000", "slope", ("Slope", "边坡"), "bp", (_line(4, 20, 27, 20, 27, 4, 4, 20),
           _line(13, 17, 22, 11))),
    Symbol("B70000", "high-rise", ("High-rise", "高层建筑"), "gcjz", (
           _line(10, 20, 10, 3, 22, 3, 22, 20, 10, 20), _line(13, 8, 19, 8), _line(13, 12, 19, 12),
           _line(13, 16, 19, 16))),
    Symbol("C10000", "school", ("School", "学校"), "xx", (_HOUSE, _line(16, 4, 16, 1, 21, 1))),
    Symbol("C20000", "metro", ("Metro station", "地铁站"), "dtz", (
           _line(8, 16, 8, 5, 24, 5, 24, 16, 8, 16), _line(8, 11, 24, 11), _line(11, 16, 8, 21),
           _line(21, 16, 24, 21))),
    Symbol("C30000", "protected", ("Place to protect", "防护目标"), "fhmb", (
           _line(16, 3, 25, 6, 25, 13, 16, 21, 7, 13, 7, 6, 16, 3),)),
    Symbol("D10000", "command", ("Command post", "指挥部"), "zhb", (_line(9, 21, 9, 3),
           _area(9, 3, 25, 7, 9, 12))),
    Symbol("D20100", "fire-station", ("Fire station", "消防站"), "xfz", (
           _HOUSE, _area(16, 9, 19, 14, 18, 18, 14, 18, 13, 14))),
    Symbol("D20200", "hydrant", ("Hydrant", "消火栓"), "xhs", (_area(12, 8, 20, 8, 20, 19, 12, 19),
           _line(9, 20, 23, 20), _area(13, 7, 16, 3, 19, 7), _disc(9.5, 12, 2),
           _disc(22.5, 12, 2))),
    Symbol("D20300", "vehicle", ("Vehicle", "车辆"), "cl", (
           _area(4, 17, 4, 8, 18, 8, 18, 17), _area(19, 17, 19, 10, 24, 10, 28, 14, 28, 17),
           *_WHEELS)),
    Symbol("D20400", "team", ("Team", "队伍"), "dw", (_disc(10, 8, 2.8), _disc(22, 8, 2.8),
           _area(5, 20, 7, 12, 13, 12, 15, 20), _area(17, 20, 19, 12, 25, 12, 27, 20))),
    Symbol("D20500", "water-source", ("Water source", "水源"), "sy", (
           _area(16, 3, 22, 12, 21, 18, 16, 20.5, 11, 18, 10, 12),)),
    Symbol("D20600", "police", ("Police", "公安"), "ga", (
           _area(16, 2, 18.4, 8.6, 25.5, 8.9, 19.9, 13.2, 21.9, 20, 16, 16, 10.1, 20, 12.1, 13.2,
                 6.5, 8.9, 13.6, 8.6),)),
    Symbol("D30000", "hospital", ("Medical", "医疗"), "yl", _CROSS),
    Symbol("D40000", "shelter", ("Shelter", "避难场所"), "bncs", (
           _line(5, 20, 16, 4, 27, 20), _disc(16, 12, 2.2), _area(13, 20, 14, 15, 18, 15, 19, 20))),
    Symbol("D50000", "assembly", ("Assembly point", "集结点"), "jjd", (
           _disc(16, 12, 2.6), _line(4, 3, 11, 8), _line(28, 3, 21, 8), _line(4, 21, 11, 16),
           _line(28, 21, 21, 16))),
    Symbol("D60000", "depot", ("Depot", "物资库"), "wzk", (_line(6, 20, 6, 8, 16, 3, 26, 8, 26, 20,
           6, 20), _line(11, 20, 11, 13, 21, 13, 21, 20), _line(11, 16.5, 21, 16.5))),
    Symbol("D70000", "camera", ("Camera", "摄像头"), "sxt", (_area(5, 7, 20, 7, 20, 15, 5, 15),
           _area(21, 11, 27, 7, 27, 15), _line(12, 15, 12, 20, 7, 20))),
)  # fmt: skip

_BY_CODE = {symbol.code: symbol for symbol in SYMBOLS}
_BY_KEY = {symbol.key: symbol for symbol in SYMBOLS}
_USUAL = {"A": "A40100", "B": "B10000", "C": "C30000", "D": "D50000"}
_SORTS = {sort.key: sort.symbol for sort in (*RESOURCE_SORTS, *HAZARD_SORTS)}


def symbol_of(word: str, letter: str = "D") -> Symbol:
    """Give the symbol of a code or key; for unknown ones the usual one of the class.

    Parameters
    ----------
    word : str
        ``A20100``, ``hydrant``; a longer code takes that of its head.
    letter : str
        Class where the word tells none.

    Examples
    --------
    >>> symbol_of("A20100").key, symbol_of("D20299").key, symbol_of("?", "B").key
    ('fire', 'hydrant', 'hazardous-store')
    """
    if word in _BY_KEY:
        return _BY_KEY[word]
    for head in (word, f"{word[:4]}00", f"{word[:2]}0000"):
        if head in _BY_CODE:
            return _BY_CODE[head]
    known = word[:1] if len(word) == 6 and word[:1] in _USUAL else _SORTS.get(word, letter)
    return _BY_CODE[_USUAL.get(known, "D50000")]


def search(words: str) -> list[Symbol]:
    """Find symbols by code, by name in either language, or by initials of pinyin.

    >>> [symbol.key for symbol in search("xhs")], [symbol.key for symbol in search("消火")]
    (['hydrant'], ['hydrant'])
    """
    text = words.strip().lower()
    if not text:
        return list(SYMBOLS)
    return [
        s for s in SYMBOLS
        if text in s.names[0].lower() or text in s.names[1] or s.code.lower().startswith(text)
        or s.initials.startswith(text) or text in s.key
    ]  # fmt: skip


def svg(symbol: Symbol, label: str = "") -> str:
    """Write a symbol as an SVG of its own; the label replaces its Chinese name."""
    fill, ink = COLOURS[symbol.letter], INK[symbol.letter]
    corner = RADIUS if symbol.letter == "A" else 0.0
    body = [
        f'<rect x="0.5" y="0.5" width="31" height="31" rx="{corner:g}" fill="{fill}" '
        'stroke="#000000"/>',
        f'<rect x="1" y="{BAND:g}" width="30" height="7" rx="{max(corner - 1, 0):g}" '
        'fill="#ffffff"/>',
        *(_svg_stroke(what, numbers, ink) for what, numbers in symbol.strokes),
        '<text x="16" y="30.2" font-family="SimHei, Noto Sans CJK SC, sans-serif" '
        'font-weight="bold" font-size="7" text-anchor="middle" fill="#000000">'
        f"{html.escape((label or symbol.names[1])[:4])}</text>",
    ]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 32 32">'
        f"<title>{symbol.code} {html.escape(symbol.names[0])}</title>{''.join(body)}</svg>\n"
    )


def _svg_stroke(what: str, numbers: Sequence[float], ink: str) -> str:
    if what in "CD":
        x, y, r = numbers
        look = f'fill="{ink}"' if what == "D" else f'fill="none" stroke="{ink}" stroke-width="2.2"'
        return f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}" {look}/>'
    points = " ".join(f"{x:g},{y:g}" for x, y in corners(numbers))
    if what == "P":
        return f'<polygon points="{points}" fill="{ink}"/>'
    return (
        f'<polyline points="{points}" fill="none" stroke="{ink}" stroke-width="2.2" '
        'stroke-linejoin="round" stroke-linecap="round"/>'
    )


def corners(numbers: Sequence[float]) -> list[tuple[float, float]]:
    """Give x y x y as points."""
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def grid_of(count: int) -> tuple[int, int]:
    """Give columns and rows of a nearly square atlas."""
    columns = max(math.ceil(math.sqrt(count)), 1)
    return columns, max(math.ceil(count / columns), 1)

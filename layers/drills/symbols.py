"""Emergency symbols: our own drawings in the frames and colours of GB/T 35649-2017.

What is known of the standard is told by its public summaries: classes A (incidents, rounded
frame, red), B (hazards, yellow), C (protected sites, blue), D (resources, green); sixty points,
nine lines and three areas, the codes of lines and areas, and A10400. The figures are our own,
and codes that are not `told` are our own numbering: compare both with the printed standard.
"""

from __future__ import annotations

import html
import math
from collections.abc import Collection, Sequence
from typing import TypeVar, overload

from layers.drills.pinyin import initials
from layers.drills.symbol_lines import AREAS, HIGH, LINES, STROKE, AreaSymbol, LineSymbol
from layers.drills.symbol_points import POINTS
from layers.drills.symbol_shapes import (
    BAND,
    COLOURS,
    INK,
    LINE,
    RADIUS,
    Symbol,
    arc,
    disc,
    line,
)
from layers.drills.user_symbols import LETTER, UserSymbol
from layers.kinds.emergency import HAZARD_SORTS, RESOURCE_SORTS

SYMBOLS = POINTS
#: In place of a user's symbol that the project does not have: neutral, in no class.
UNKNOWN = Symbol("X00000", "unknown", ("Unknown symbol", "未知符号"), "wei zhi fu hao", (
    line(*arc(16, 8.5, 5.5, 5.5, 180, 400), 16, 15.5), disc(16, 20, 1.8)))  # fmt: skip
AnySymbol = TypeVar("AnySymbol", bound=Symbol | UserSymbol)
ALL: tuple[Symbol, ...] = (*POINTS, *LINES, *AREAS)
CLASSES = ("A", "B", "C", "D", "E", "F")
_BY_CODE = {symbol.code: symbol for symbol in SYMBOLS}
_BY_KEY = {symbol.key: symbol for symbol in SYMBOLS}
_KNOWN = {name for symbol in ALL for name in (symbol.code, symbol.key)} | {"flooded"}
_USUAL = {"A": "A40100", "B": "B10000", "C": "C30000", "D": "D50000"}
_SORTS = {sort.key: sort.symbol for sort in (*RESOURCE_SORTS, *HAZARD_SORTS)}


@overload
def symbol_of(word: str, letter: str = "D") -> Symbol: ...


@overload
def symbol_of(word: str, letter: str, own: Sequence[UserSymbol]) -> Symbol | UserSymbol: ...


def symbol_of(word: str, letter: str = "D", own: Sequence[UserSymbol] = ()) -> Symbol | UserSymbol:
    """Give the symbol of a code or key; for unknown ones the usual one of the class.

    A symbol of users that is not there is shown as `UNKNOWN`, never as another one.

    Parameters
    ----------
    word : str
        ``A20100``, ``hydrant``; a longer code takes that of its head.
    letter : str
        Class where the word tells none.
    own : sequence of UserSymbol
        Those of the project, found by their code.

    Examples
    --------
    >>> symbol_of("A20100").key, symbol_of("D20299").key, symbol_of("?", "B").key
    ('fire', 'hydrant', 'hazardous-store')
    """
    if word.startswith(LETTER):
        return next((mine for mine in own if mine.code == word), UNKNOWN)
    if word in _BY_KEY:
        return _BY_KEY[word]
    for head in (word, f"{word[:4]}00", f"{word[:2]}0000"):
        if head in _BY_CODE:
            return _BY_CODE[head]
    known = word[:1] if len(word) == 6 and word[:1] in _USUAL else _SORTS.get(word, letter)
    return _BY_CODE[_USUAL.get(known, "D50000")]


def is_known(word: str, own: Collection[str] = ()) -> bool:
    """Say whether a code or key is that of a symbol, or of one of a project's own.

    >>> is_known("A20100"), is_known("D20299"), is_known("U00001"), is_known("Z9")
    (True, True, False, False)
    """
    if word.startswith(LETTER):
        return word in own
    return not word or word in _KNOWN or f"{word[:4]}00" in _KNOWN


@overload
def search(words: str) -> list[Symbol]: ...


@overload
def search(words: str, among: Sequence[AnySymbol]) -> list[AnySymbol]: ...


def search(words: str, among: Sequence[Symbol | UserSymbol] = ALL) -> Sequence[Symbol | UserSymbol]:
    """Find symbols by code, by name in either language, by pinyin or its initials.

    Those whose name or code begins with the words come first.

    >>> [symbol.key for symbol in search("xhs")], [symbol.key for symbol in search("消火")]
    (['hydrant'], ['hydrant'])
    >>> [symbol.key for symbol in search("xiaohuo")]
    ['hydrant']
    """
    text = " ".join(words.lower().split())
    if not text:
        return list(among)
    packed = text.replace(" ", "").replace("'", "")
    ranked = [(_rank(symbol, text, packed), symbol) for symbol in among]
    kept = sorted(
        ((rank, at) for at, (rank, _) in enumerate(ranked) if rank is not None),
    )
    return [among[at] for _, at in kept]


def _rank(symbol: Symbol | UserSymbol, text: str, packed: str) -> int | None:
    """Say how well a symbol fits, 0 best; None where it does not."""
    english, chinese = symbol.names[0].lower(), symbol.names[1]
    sound = symbol.pinyin.replace(" ", "")
    short = symbol.initials or initials(chinese)
    if packed in (symbol.code.lower(), chinese, english, short, sound):
        return 0
    firsts = (symbol.code.lower(), short, sound, chinese, english)
    if any(first and first.startswith(packed) for first in firsts) or english.startswith(text):
        return 1
    if text in english or packed in chinese or text in symbol.key:
        return 2
    tails = ("".join(symbol.pinyin.split()[at:]) for at in range(1, len(symbol.pinyin.split())))
    return 3 if len(packed) > 1 and any(tail.startswith(packed) for tail in tails) else None


def svg(symbol: Symbol, label: str = "") -> str:
    """Write a symbol as an SVG of its own; the label replaces its Chinese name."""
    if isinstance(symbol, LineSymbol):
        return _line_svg(symbol)
    fill, ink = COLOURS[symbol.letter], INK[symbol.letter]
    corner = RADIUS if symbol.letter == "A" else 0.0
    body = [
        f'<rect x="0.5" y="0.5" width="31" height="31" rx="{corner:g}" fill="{fill}" '
        'stroke="#000000"/>',
        f'<rect x="1" y="{BAND:g}" width="30" height="7" rx="{max(corner - 1, 0):g}" '
        'fill="#ffffff"/>',
        *(_svg_stroke(what, numbers, ink, fill, LINE) for what, numbers in symbol.strokes),
        '<text x="16" y="30.2" font-family="SimHei, Noto Sans CJK SC, sans-serif" '
        'font-weight="bold" font-size="7" text-anchor="middle" fill="#000000">'
        f"{html.escape((label or symbol.label)[:4])}</text>",
    ]
    return _svg_file(symbol, "0 0 32 32", 64, 64, "".join(body))


def _svg_file(symbol: Symbol, box: str, width: float, height: float, body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="{box}"><title>{symbol.code} {html.escape(symbol.names[0])}</title>{body}</svg>\n'
    )


def _line_svg(symbol: LineSymbol) -> str:
    """Write a line in a square, or an area with its border."""
    ink, wide = COLOURS[symbol.letter], 3.0 * symbol.period
    pieces = "".join(
        f'<g transform="translate({at * symbol.period:g} 0)">'
        + "".join(_svg_stroke(w, n, ink, "#ffffff", STROKE) for w, n in symbol.strokes)
        + "</g>"
        for at in range(3)
    )
    if not isinstance(symbol, AreaSymbol):
        side = max(1.05 * symbol.period, 32.0)
        box = f"{(wide - side) / 2:g} {(HIGH - side) / 2:g} {side:g} {side:g}"
        return _svg_file(symbol, box, 64, 64, pieces)
    sides = "".join(
        f'<g transform="rotate({90 * side} {wide / 2:g} {wide / 2:g})">{pieces}</g>'
        for side in range(4)
    )
    middle, arrows = wide / 2.0, ""
    for side in range(4 if symbol.arrows else 0):
        tip, foot = (0.30, 0.16) if symbol.arrows < 0 else (0.14, 0.30)
        a, b, h = tip * wide, foot * wide, 0.06 * wide
        arrows += (
            f'<polygon transform="rotate({90 * side} {middle:g} {middle:g})" fill="{ink}" '
            f'points="{middle:g},{a:g} {middle - h:g},{b:g} {middle + h:g},{b:g}"/>'
        )
    fill = f'<rect x="10" y="10" width="{wide - 20:g}" height="{wide - 20:g}" fill="{ink}" '
    body = f'{fill}fill-opacity="0.15"/>{sides}{arrows}'
    return _svg_file(symbol, f"0 -8 {wide:g} {wide + 16:g}", 64, 64, body)


def _svg_stroke(what: str, numbers: Sequence[float], ink: str, ground: str, width: float) -> str:
    if what in "CDH":
        x, y, r = numbers
        fill = ground if what == "H" else ink
        look = f'fill="{fill}"'
        if what == "C":
            look = f'fill="none" stroke="{ink}" stroke-width="{width:g}"'
        return f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}" {look}/>'
    points = " ".join(f"{x:g},{y:g}" for x, y in corners(numbers))
    if what in "PK":
        return f'<polygon points="{points}" fill="{ink if what == "P" else ground}"/>'
    return (
        f'<polyline points="{points}" fill="none" stroke="{ink}" stroke-width="{width:g}" '
        'stroke-linejoin="round" stroke-linecap="round"/>'
    )


def corners(numbers: Sequence[float]) -> list[tuple[float, float]]:
    """Give x y x y as points."""
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def grid_of(count: int) -> tuple[int, int]:
    """Give columns and rows of a nearly square atlas."""
    columns = max(math.ceil(math.sqrt(count)), 1)
    return columns, max(math.ceil(count / columns), 1)

"""Words at the lower edge of a picture: who says what, wrapped, readable over anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scene.fonts import Font

if TYPE_CHECKING:
    from scene.furniture import Sheet

MOST_LINES = 2  # of what one says
WIDEST = 820  # units of the reference picture
NO_START = "，。、；：？！）》」』】”’…,.;:?!)]}%"  # signs that begin no line
NO_END = "（《「『【“‘([{"  # signs that end none
ROLE = (0, 87, 217, 255)


def draw_spoken(
    sheet: Sheet, spoken: Sequence[tuple[str, str]], coming: str, left: float, bottom: float
) -> None:
    """Write who says what, and what comes next.

    Parameters
    ----------
    sheet : Sheet
        Where.
    spoken : sequence of (str, str)
        Who, and the words; "" for words nobody in particular says.
    coming : str
        A smaller line, "" for none.
    left, bottom : float
        Pixels that other things end at: on the left at the height of the words, and below them.
    """
    from scene.furniture import INK, SOFT, fitted

    large, bold = sheet.font(18), sheet.font(15, bold=True)
    small = sheet.font(13)
    pad, line = sheet.u(14), sheet.u(25)
    free = sheet.width - 2.0 * (left + sheet.u(12))  # in the middle, also where something is left
    free = max(free, 0.46 * sheet.width)
    room = min(free, float(sheet.u(WIDEST))) - 2 * pad
    rows: list[tuple[str, str, Font]] = []  # role, text, font
    for who, words in spoken:
        lines = wrapped(words, large, room - (bold.getlength(who) + sheet.u(12) if who else 0.0))
        rows += [(who if at == 0 else "", text, large) for at, text in enumerate(lines)]
    if coming:
        rows.append(("", fitted(coming, small, room), small))
    if not rows:
        return
    indents = _indents(rows, bold, sheet.u(12))
    wide = max(
        indent + font.getlength(text) for indent, (_, text, font) in zip(indents, rows, strict=True)
    )
    high = line * len(rows) + sheet.u(12)
    middle = max(sheet.width / 2, left + sheet.u(12) + wide / 2 + pad)
    middle = min(middle, sheet.width - sheet.margin - wide / 2 - pad)
    box = (middle - wide / 2 - pad, bottom - high, middle + wide / 2 + pad, bottom)
    sheet.card(box)
    for number, (indent, (who, text, font)) in enumerate(zip(indents, rows, strict=True)):
        base = box[1] + sheet.u(6) + line * (number + 0.74)
        if who:
            sheet.text((box[0] + pad, base), who, bold, ROLE)
        sheet.text((box[0] + pad + indent, base), text, font, SOFT if font is small else INK)


def _indents(rows: Sequence[tuple[str, str, Font]], bold: Font, gap: int) -> list[float]:
    """Give how far each line is moved in: words stand behind who says them, line by line."""
    out: list[float] = []
    before: Font | None = None
    for who, _, font in rows:
        if who:
            out.append(bold.getlength(who) + gap)
        else:
            out.append(out[-1] if out and font is before else 0.0)
        before = font
    return out


def wrapped(text: str, font: Font, width: float, most: int = MOST_LINES) -> list[str]:
    """Break a text into lines no wider than so many pixels; what finds no room ends with …

    Words of letters stay whole where they fit; Chinese breaks anywhere but before closing and
    after opening signs.
    """
    from scene.furniture import fitted

    lines: list[str] = []
    rest = " ".join(text.split())
    while rest and len(lines) < most - 1 and font.getlength(rest) > width:
        cut = _cut(rest, font, width)
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*lines, fitted(rest, font, width)] if rest else lines


def _cut(text: str, font: Font, width: float) -> int:
    """Give how many signs go into a line."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if font.getlength(text[:middle].rstrip()) <= width:
            low = middle
        else:
            high = middle - 1
    for at in range(low, max(low // 2, 0), -1):
        if at < len(text) and _breaks(text[at - 1], text[at]):
            return at
    return low


def _breaks(before: str, after: str) -> bool:
    """Say whether a line may end between two signs."""
    if after in NO_START or before in NO_END:
        return False
    return before == " " or after == " " or before > "\u2e7f" or after > "\u2e7f"

"""Captions at the lower edge of a picture: the time, what is done, who says what, what comes next.

The window, pictures and films draw them by the same code, on a light card that is readable over
anything. They leave out what is older where they would hide more than a third of a picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scene import fonts
from scene.fonts import Font
from scene.sheet import APART, INK, SOFT, STRIP, Box, Sheet, fitted
from scene.texts import Bytes

WIDEST = 820  # units of the reference picture
BAR = (214.0, 59.0)  # units that the scale bar takes in the lower left corner
LEAST = 0.38  # share of the width that captions have beside what stands in the corners
HIGHEST = 0.36  # share of the height that captions may hide
NO_START = "，。、；：？！）》」』】”’…,.;:?!)]}%"  # signs that begin no line
NO_END = "（《「『【“‘([{"  # signs that end none
ROLE, ALERT = (0, 87, 217, 255), (176, 0, 32, 255)

Ink = tuple[int, int, int, int]
Line = tuple[tuple[str, Font, Ink, float], ...]
"""Pieces of a line: text, font, colour, and pixels from the left."""


@dataclass(frozen=True, slots=True)
class Captions:
    """What is told of a second.

    Attributes
    ----------
    time : str
        Of the plan, or the exercise.
    step : str
        What is being done.
    kind : str
        What is seen instead of the plan: an exercise, a replay; "" for the plan.
    alert : str
        What is to be seen at once: a message on the screen, what waits.
    spoken : tuple of (str, str)
        Who says what; "" for words nobody in particular says.
    coming : str
        What comes next, and when.
    """

    time: str = ""
    step: str = ""
    kind: str = ""
    alert: str = ""
    spoken: tuple[tuple[str, str], ...] = ()
    coming: str = ""

    @property
    def texts(self) -> list[str]:
        """All texts."""
        said = [text for pair in self.spoken for text in pair]
        return [self.time, self.step, self.kind, self.alert, *said, self.coming]


def draw_captions(
    sheet: Sheet, captions: Captions, barred: bool, bottom: float,
    corner: tuple[float, float] = (0.0, 0.0),
) -> Box | None:  # fmt: skip
    """Write captions; gives the box they take, None where there is nothing to be written.

    Parameters
    ----------
    sheet : Sheet
        Where.
    captions : Captions
        What.
    barred : bool
        Whether a scale bar stands in the lower left corner.
    bottom : float
        Pixels from the head of the picture where the card ends.
    corner : (float, float)
        Pixels across and up from the lower right corner that something else takes.
    """
    m, pad = sheet.margin, sheet.u(14)
    left = m + (sheet.u(BAR[0]) + sheet.u(12) if barred else 0)
    right = sheet.width - max(m, corner[0] + sheet.u(12))
    if right - left < LEAST * sheet.width:
        left, right = m, sheet.width - m  # above what stands there
        bottom -= sheet.u(BAR[1]) if barred else 0
        bottom = min(bottom, sheet.height - corner[1] - sheet.u(6))
    room = min(right - left, sheet.u(WIDEST)) - 2.0 * pad
    line = sheet.u(25)
    most = max(int((HIGHEST * sheet.height - sheet.u(12)) / line), 1)
    lines = _lines(sheet, captions, room, most)
    if not lines:
        return None
    wide = max(part[-1][3] + part[-1][1].getlength(part[-1][0]) for part in lines)
    high = line * len(lines) + sheet.u(12)
    middle = max(sheet.width / 2.0, left + wide / 2.0 + pad)
    middle = min(middle, right - wide / 2.0 - pad)
    box = (
        round(middle - wide / 2.0 - pad), round(bottom - high),
        round(middle + wide / 2.0 + pad), round(bottom),
    )  # fmt: skip
    sheet.card(box)
    for number, parts in enumerate(lines):
        base = box[1] + sheet.u(6) + line * (number + 0.74)
        for text, font, ink, at in parts:
            sheet.text((box[0] + pad + at, base), text, font, ink)
    return box


def caption_picture(
    size: tuple[int, int], captions: Captions, *, furnished: bool, corner: tuple[float, float]
) -> tuple[Bytes, int, int] | None:
    """Draw captions alone, as `scene.furniture.draw_furniture` draws them with the rest.

    Parameters
    ----------
    size : (int, int)
        Width and height of the picture, pixels.
    captions : Captions
        What.
    furnished : bool
        Whether scale bar and lower line are there.
    corner : (float, float)
        As `draw_captions` takes it.

    Returns
    -------
    tuple of ((height, width, 4) ndarray of uint8, int, int) or None
        What is drawn, and pixels from the left and from the head of the picture.

    Raises
    ------
    CityError
        ``font.no_chinese`` if a text is Chinese and no font writes it.
    """
    fonts.check(*captions.texts)
    sheet = Sheet(size)
    bottom = size[1] - (sheet.u(STRIP) if furnished else 0) - sheet.u(APART)
    box = draw_captions(sheet, captions, furnished, bottom, corner)
    return None if box is None else (sheet.pixels(box), round(box[0]), round(box[1]))


def _lines(sheet: Sheet, captions: Captions, room: float, most: int) -> list[Line]:
    """Give the lines that find room: what is older is left out first."""
    bold, small = sheet.font(15, bold=True), sheet.font(13)
    head = _head(sheet, captions, room)
    if captions.alert:
        head.append(((fitted(captions.alert, bold, room), bold, ALERT, 0.0),))
    last: list[Line] = []
    if captions.coming:
        last.append(((fitted(captions.coming, small, room), small, SOFT, 0.0),))
    said = captions.spoken
    for each, count, end in ((2, len(said), last), (1, len(said), last), (1, 1, last), (1, 1, [])):
        lines = [*head, *_spoken(sheet, said[max(len(said) - count, 0) :], room, each), *end]
        if len(lines) <= most:
            break
    return lines[:most]


def _head(sheet: Sheet, captions: Captions, room: float) -> list[Line]:
    """Give the line of the time and of what is done, if there is any."""
    large, bold = sheet.font(18, bold=True), sheet.font(15, bold=True)
    parts: list[tuple[str, Font, Ink, float]] = []
    at = 0.0
    for text, font, ink in (
        (captions.kind, bold, ALERT), (captions.time, large, INK), (captions.step, large, INK),
    ):  # fmt: skip
        if text and room - at > sheet.u(30):
            parts.append((fitted(text, font, room - at), font, ink, at))
            at += font.getlength(text) + sheet.u(14)
    return [tuple(parts)] if parts else []


def _spoken(sheet: Sheet, said: Sequence[tuple[str, str]], room: float, each: int) -> list[Line]:
    """Give the lines of who says what: words stand behind who says them, line by line."""
    large, bold = sheet.font(18), sheet.font(15, bold=True)
    out: list[Line] = []
    for name, words in said:
        who = fitted(name, bold, 0.4 * room)
        indent = bold.getlength(who) + sheet.u(12) if who else 0.0
        for number, text in enumerate(wrapped(words, large, room - indent, each)):
            said_by = ((who, bold, ROLE, 0.0),) if who and number == 0 else ()
            out.append((*said_by, (text, large, INK, indent)))
    return out


def wrapped(text: str, font: Font, width: float, most: int = 2) -> list[str]:
    """Break a text into lines no wider than so many pixels; what finds no room ends with …

    Words of letters stay whole where they fit; Chinese breaks anywhere but before closing and
    after opening signs.
    """
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

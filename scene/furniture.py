"""What stands on a picture besides the city: title, legend, north, scale, date, place, caption.

Everything is drawn with Pillow on a clear overlay, so that the window and the exported picture
show the same. All sizes follow the picture's size. No words are made here: they are handed in.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from layers.style import Legend, rgb
from scene import fonts
from scene.captions import Captions, draw_captions
from scene.sheet import (
    APART,
    INK,
    LINE,
    PAPER,
    SOFT,
    STRIP,
    Box,
    Draw,
    Painter,
    Sheet,
    fitted,
)  # fmt: skip
from scene.symbol_pictures import Sign
from scene.texts import Bytes


@dataclass(frozen=True, slots=True)
class Words:
    """Texts of the furniture in the reader's language; ``{...}`` is filled in.

    Attributes
    ----------
    legend : str
        Heading of the legend.
    more : str
        ``{count}`` lines that found no room.
    north : str
        The sign above the arrow.
    metres, kilometres : str
        Units behind the scale bar's number.
    scale_centre : str
        The bar holds in the middle of the picture.
    scale_everywhere : str
        The bar holds everywhere.
    position : str
        ``{east}``, ``{north}``, ``{height}`` of the eye, metres.
    direction : str
        ``{heading}``, ``{pitch}`` of looking, degrees.
    moment : str
        ``{date}``, ``{time}`` of the light.
    other : str
        Line of a legend for everything that no other line stands for.
    exaggeration : str
        Heights are drawn ``{factor}`` times as high.
    height : str
        What colours by the built height of buildings are called.
    elevation, slope, aspect : str
        What colours of the ground by its height, slope and direction are called.
    theme, phase : str
        What colours of objects by the theme of their district, and by their phase, are called.
    presets : mapping of str to str
        Names of the presets of control lines: a legend always names the preset.
    pipe_class : str
        What colours of pipes by their class are called.
    statuses : mapping of str to str
        Words for the verdicts of checks, in the legends of answers.
    marks : mapping of str to str
        What the marks of answers are called.
    pipe_classes : mapping of str to str
        Names of the classes of pipes.
    screening : str
        What legends of hazards that were screened say.
    symbols, zones, states : str
        Headings of the legends of drills: emergency symbols, zones and lines, states of units.
    closed, detour, planned : str
        What streets closed by hand, ways around them, and places where units should be are called.
    unit_states : mapping of str to str
        Names of the states of units.
    chinese : bool
        Whether symbols are called by their Chinese names.
    """

    legend: str = "Legend"
    more: str = "… {count} more"
    north: str = "N"
    metres: str = "m"
    kilometres: str = "km"
    scale_centre: str = "at the middle of the picture"
    scale_everywhere: str = "in the whole picture"
    position: str = "Eye E {east} N {north} H {height} m"
    direction: str = "heading {heading}°, pitch {pitch}°"
    moment: str = "Light of {date} {time}"
    other: str = "other"
    exaggeration: str = "heights × {factor}"
    height: str = "height"
    elevation: str = "height"
    slope: str = "slope"
    aspect: str = "aspect"
    theme: str = "theme"
    phase: str = "phase"
    time: str = "time"
    presets: Mapping[str, str] = field(default_factory=dict)
    pipe_class: str = "class"
    pipe_classes: Mapping[str, str] = field(default_factory=dict)
    screening: str = "screening estimate"
    statuses: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    symbols: str = "Symbols"
    zones: str = "Zones and lines"
    states: str = "States of units"
    closed: str = "closed street"
    detour: str = "way around"
    planned: str = "where it should be"
    unit_states: Mapping[str, str] = field(default_factory=dict)
    chinese: bool = False


@dataclass(frozen=True, slots=True)
class Furniture:
    """What a picture is to carry.

    Attributes
    ----------
    title, subtitle : str
        Heading, and a smaller line below it; "" for none.
    legend, north, scale_bar, date, coordinates : bool
        Whether to draw these.
    layers : bool
        Whether the legend names layers, beside what drills and answers show.
    caption : str
        Right end of the lower line: number of the picture, bureau, remark.
    captions : Captions or None
        What is said and done, in large letters at the lower edge.
    words : Words
        Texts in the reader's language.
    larger : float
        How many times larger than usual everything is: pictures that are printed small.
    """

    title: str = ""
    subtitle: str = ""
    legend: bool = True
    layers: bool = True
    north: bool = True
    scale_bar: bool = True
    date: bool = True
    coordinates: bool = True
    caption: str = ""
    captions: Captions | None = None
    words: Words = field(default_factory=Words)
    larger: float = 1.0


@dataclass(frozen=True, slots=True)
class Facts:
    """What the furniture tells of a picture, see `scene.picture_facts`.

    Attributes
    ----------
    legends : tuple of Legend
        Layers that are seen, uppermost first.
    heading, pitch : float
        Radians.
    position : (east, north, height)
        The eye, metres.
    metres_per_pixel : float
        At the middle of the picture, across the line of looking, for one pixel of the picture;
        0 where the middle is sky.
    everywhere : bool
        Whether the scale holds in the whole picture.
    moment : str
        ISO 8601.
    crs : str
        Name of the coordinate system, "" for none.
    exaggeration : float
        How many times higher everything is drawn than it is.
    """

    legends: tuple[Legend, ...] = ()
    heading: float = 0.0
    pitch: float = 0.0
    position: tuple[float, float, float] = (0.0, 0.0, 0.0)
    metres_per_pixel: float = 0.0
    everywhere: bool = False
    moment: str = ""
    crs: str = ""
    exaggeration: float = 1.0


def draw_furniture(size: tuple[int, int], furniture: Furniture, facts: Facts) -> Bytes:
    """Draw the furniture on a clear overlay.

    Parameters
    ----------
    size : (int, int)
        Width and height of the picture, pixels.
    furniture : Furniture
        What is wanted.
    facts : Facts
        What it tells.

    Returns
    -------
    (height, width, 4) ndarray of uint8

    Raises
    ------
    CityError
        ``font.no_chinese`` if a text is Chinese and no font writes it.
    """
    _check_fonts(furniture, facts)
    sheet = Sheet(size, furniture.larger)
    strip = _strip(sheet, furniture, facts)
    bottom = size[1] - strip - sheet.u(APART)
    title = _title(sheet, furniture)
    arrow = _north(sheet, furniture, facts, title)
    bar = _scale(sheet, furniture, facts, bottom)
    if furniture.captions is not None:
        draw_captions(sheet, furniture.captions, bar is not None, bottom)
    if furniture.legend and facts.legends:
        _legend(sheet, furniture.words, facts.legends, arrow, bottom, bar)
    return sheet.pixels()


def _check_fonts(furniture: Furniture, facts: Facts) -> None:
    words = furniture.words
    texts = [furniture.title, furniture.subtitle, furniture.caption]
    texts += [] if furniture.captions is None else furniture.captions.texts
    told = [getattr(words, name) for name in Words.__dataclass_fields__]
    texts += [text for text in told if isinstance(text, str)]
    for mapping in (words.presets, words.pipe_classes, words.statuses, words.unit_states):
        texts += mapping.values()
    if furniture.legend:
        for legend in facts.legends:
            texts += [legend.title, *(entry.label for entry in legend.entries)]
    fonts.check(*texts)


def _title(sheet: Sheet, furniture: Furniture) -> Box:
    m = sheet.margin
    if not furniture.title and not furniture.subtitle:
        return (m, m, m, m)
    large, small = sheet.font(24, bold=True), sheet.font(12.5)
    room = sheet.width - 2 * m - sheet.u(90)
    title = fitted(furniture.title, large, room)
    under = fitted(furniture.subtitle, small, room)
    pad = sheet.u(12)
    high = (sheet.u(30) if title else 0) + (sheet.u(19) if under else 0)
    wide = max(large.getlength(title), small.getlength(under))
    box = (m, m, m + wide + 2 * pad, m + high + sheet.u(12))
    sheet.card(box)
    base = m + sheet.u(6)
    if title:
        sheet.text((m + pad, base + sheet.u(24)), title, large)
        base += sheet.u(30)
    if under:
        sheet.text((m + pad, base + sheet.u(13.5)), under, small, SOFT)
    return box


def _strip(sheet: Sheet, furniture: Furniture, facts: Facts) -> int:
    """Draw the lower line; gives its height."""
    w, font = furniture.words, sheet.font(11)
    parts: list[str] = []
    if furniture.date and facts.moment:
        date, _, time = facts.moment.partition("T")
        parts.append(w.moment.format(date=date, time=time[:5]))
    if facts.exaggeration != 1.0:
        parts.append(w.exaggeration.format(factor=f"{facts.exaggeration:g}"))
    if furniture.coordinates:
        east, north, height = facts.position
        eye = {"east": f"{east:.1f}", "north": f"{north:.1f}", "height": f"{height:.1f}"}
        parts.append(w.position.format(**eye))
        heading, pitch = math.degrees(facts.heading) % 360.0, math.degrees(facts.pitch)
        tilt = f"{pitch:.0f}".replace("-", "−")
        parts.append(w.direction.format(heading=f"{heading:.0f}", pitch=tilt))
        if facts.crs:
            parts.append(facts.crs)
    caption = furniture.caption
    if not parts and not caption:
        return 0
    high, m = sheet.u(STRIP), sheet.margin
    sheet.draw.rectangle((0, sheet.height - high, sheet.width, sheet.height), fill=PAPER)
    sheet.draw.line(
        (0, sheet.height - high, sheet.width, sheet.height - high), LINE, max(sheet.u(0.7), 1)
    )
    base = sheet.height - sheet.u(7.5)
    room = float(sheet.width - 2 * m)
    caption = fitted(caption, font, room * (0.6 if parts else 1.0))
    if caption:
        sheet.text((sheet.width - m, base), caption, font, INK, "rs")
        room -= font.getlength(caption) + sheet.u(24)
    joint = "   ·   "
    kept = list(parts)
    while len(kept) > 1 and font.getlength(joint.join(kept)) > room:
        kept.pop()
    sheet.text((m, base), fitted(joint.join(kept), font, room), font, SOFT)
    return high


class _Arrow(Painter):
    def __init__(self, heading: float) -> None:
        self._heading = heading

    def __call__(self, draw: Draw, width: int, height: int) -> None:
        middle, radius = width / 2, width / 2
        sin, cos = math.sin(-self._heading), math.cos(-self._heading)

        def turned(x: float, y: float) -> tuple[float, float]:
            return middle + radius * (x * cos - y * sin), height / 2 + radius * (x * sin + y * cos)

        dark, light = (*INK[:3], 255), (255, 255, 255, 255)
        tip, waist = turned(0, -0.92), turned(0, 0.42)
        left, right = turned(-0.52, 0.78), turned(0.52, 0.78)
        draw.polygon([tip, left, waist], fill=dark)
        draw.polygon([tip, right, waist], fill=light)
        edge = [tip, left, waist, right, tip, waist]
        draw.line(edge, fill=dark, width=max(width // 34, 1), joint="curve")


def _north(sheet: Sheet, furniture: Furniture, facts: Facts, title: Box) -> Box:
    """Draw the north arrow; gives the box that it takes in the upper right corner."""
    m = sheet.margin
    if not furniture.north:
        return (sheet.width - m, m, sheet.width - m, m)
    side = sheet.u(50)
    high = side + sheet.u(15)
    box: Box = (sheet.width - m - side, m, sheet.width - m, m + high)
    if title[2] > box[0] - sheet.u(8):
        top = title[3] + sheet.u(8)
        box = (box[0], top, box[2], top + high)
    sheet.card(box)
    font = sheet.font(13, bold=True)
    sheet.text(
        ((box[0] + box[2]) / 2, box[1] + sheet.u(16)), furniture.words.north, font, INK, "ms"
    )
    inner = sheet.u(36)
    left, top = (box[0] + box[2]) / 2 - inner / 2, box[3] - inner - sheet.u(6)
    sheet.smooth((left, top, left + inner, top + inner), _Arrow(facts.heading))
    return box


def round_length(metres: float) -> float:
    """Give the largest of 1, 2, 5 times a power of ten that is not longer.

    >>> round_length(740.0), round_length(0.3), round_length(1000.0)
    (500.0, 0.2, 1000.0)
    """
    power = 10.0 ** math.floor(math.log10(metres) + 1e-9)
    best = max(step for step in (1.0, 2.0, 5.0) if step * power <= metres * (1 + 1e-9))
    return float(f"{best * power:.6g}")


def _scale(sheet: Sheet, furniture: Furniture, facts: Facts, bottom: float) -> Box | None:
    if not furniture.scale_bar or not facts.metres_per_pixel > 0:
        return None
    w, m = furniture.words, sheet.margin
    metres = round_length(facts.metres_per_pixel * sheet.u(170))
    long = metres / facts.metres_per_pixel
    number = f"{metres / 1000:g} {w.kilometres}" if metres >= 1000 else f"{metres:g} {w.metres}"
    font, small = sheet.font(12, bold=True), sheet.font(10.5)
    note = w.scale_everywhere if facts.everywhere else w.scale_centre
    pad = sheet.u(11)
    half = f"{metres / 2000:g}" if metres >= 1000 else f"{metres / 2:g}"
    end = font.getlength(number) / 2
    wide = max(long + end + font.getlength("0") / 2, small.getlength(note))
    wide = min(wide, sheet.width - 2 * m - 2 * pad)
    high = sheet.u(51)
    box = (m, bottom - high, m + wide + 2 * pad, bottom)
    sheet.card(box)
    left, top = m + pad + font.getlength("0") / 2, box[1] + sheet.u(21)
    thick, pen = sheet.u(6), max(sheet.u(1), 1)
    for part in range(4):
        a, b = left + long * part / 4, left + long * (part + 1) / 4
        fill = INK if part % 2 == 0 else (255, 255, 255, 255)
        sheet.draw.rectangle((a, top, b, top + thick), fill=fill, outline=INK, width=pen)
    base = box[1] + sheet.u(16)
    sheet.text((left, base), "0", font, INK, "ms")
    if long / 2 > font.getlength(half) / 2 + end + font.getlength("0"):
        sheet.text((left + long / 2, base), half, font, INK, "ms")
    sheet.text((left + long, base), number, font, INK, "ms")
    sheet.text((m + pad, box[3] - sheet.u(8)), fitted(note, small, wide), small, SOFT)
    return box


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the legend: a heading, or a sign with a text."""

    text: str
    colour: str | None = None
    shape: str = "area"
    sign: Sign | None = None


def legend_rows(legends: Sequence[Legend]) -> list[Row]:
    """Give the lines of a legend; a layer of one colour takes one line."""
    rows: list[Row] = []
    for legend in legends:
        if len(legend.entries) == 1 and not legend.signs:
            rows.append(Row(legend.title, legend.entries[0].colour, legend.shape))
            continue
        rows.append(Row(legend.title))
        forms = legend.shapes or (legend.shape,) * len(legend.entries)
        drawn = legend.signs or (None,) * len(legend.entries)
        signs = zip(legend.entries, forms, drawn, strict=True)
        rows += [Row(entry.label, entry.colour, form, sign) for entry, form, sign in signs]
    return rows


def _legend(
    sheet: Sheet, words: Words, legends: Sequence[Legend], arrow: Box, bottom: float,
    bar: Box | None,
) -> None:  # fmt: skip
    rows = legend_rows(legends)
    head, font, bold = sheet.font(13.5, bold=True), sheet.font(11.5), sheet.font(11.5, bold=True)
    line, pad, sign = sheet.u(18.5), sheet.u(11), sheet.u(20)
    top = arrow[3] + sheet.u(10)
    most = int((bottom - top - sheet.u(34)) // line)
    if most < 1:
        return
    hidden = 0
    if len(rows) > most:
        hidden = len([row for row in rows[most - 1 :] if row.colour is not None])
        rows = rows[: most - 1]
        while rows and rows[-1].colour is None:
            rows.pop()
    shown = [*rows, Row(words.more.format(count=hidden))] if hidden else rows
    widths = [
        (sign + sheet.u(7) if row.colour is not None else 0)
        + (font if row.colour is not None else bold).getlength(row.text)
        for row in shown
    ]
    most_wide = sheet.width * 0.34 - 2 * pad
    if bar is not None and bar[1] < top + len(shown) * line:
        most_wide = min(most_wide, sheet.width - sheet.margin - bar[2] - 3 * pad)
    wide = min(max([*widths, head.getlength(words.legend)]), most_wide)
    high = sheet.u(34) + len(shown) * line
    right = sheet.width - sheet.margin
    box = (right - wide - 2 * pad, top, right, top + high)
    sheet.card(box)
    left, base = box[0] + pad, top + sheet.u(20)
    sheet.text((left, base), fitted(words.legend, head, wide), head)
    for number, row in enumerate(shown):
        y = top + sheet.u(28) + number * line
        if row.colour is None:
            last = hidden and number == len(shown) - 1
            sheet.text(
                (left, y + sheet.u(13)), fitted(row.text, font if last else bold, wide),
                font if last else bold, SOFT if last else INK,
            )  # fmt: skip
            continue
        draw_sign(sheet, row, (left, y + sheet.u(3), left + sign, y + sheet.u(15)))
        room = wide - sign - sheet.u(7)
        sheet.text((left + sign + sheet.u(7), y + sheet.u(13)), fitted(row.text, font, room), font)


def draw_sign(sheet: Sheet, row: Row, box: Box) -> None:
    """Draw the sign before a line of the legend."""
    assert row.colour is not None
    if row.sign is not None:
        sheet.sign(row.sign, box)
        return
    colour = (*rgb(row.colour), 255)
    edge = tuple(round(part * 0.72) for part in colour[:3])
    left, top, right, bottom = box
    middle = (top + bottom) / 2
    if row.shape == "line":
        half = sheet.u(2)
        sheet.draw.rectangle((left, middle - half, right, middle + half - 1), fill=colour)
    elif row.shape == "point":
        radius = sheet.u(5)
        centre = (left + right) / 2

        class _Dot(Painter):
            def __call__(self, draw: Draw, width: int, height: int) -> None:
                draw.ellipse((0, 0, width - 1, height - 1), fill=(255, 255, 255, 255))
                rim = width * 0.14
                draw.ellipse((rim, rim, width - 1 - rim, height - 1 - rim), fill=colour)

        sheet.smooth((centre - radius, middle - radius, centre + radius, middle + radius), _Dot())
    else:
        pen = max(sheet.u(0.8), 1)
        sheet.draw.rectangle((left, top, right, bottom), fill=colour, outline=edge, width=pen)

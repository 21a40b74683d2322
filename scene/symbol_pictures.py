"""Pictures of emergency symbols, pieces of their lines and sheets of all, without a window."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from layers.drills.symbol_lines import HIGH, STROKE, AreaSymbol, LineSymbol
from layers.drills.symbol_shapes import BAND, COLOURS, INK, LINE, RADIUS, SIZE, Stroke, Symbol
from layers.drills.symbols import corners, grid_of
from layers.drills.user_symbols import UserSymbol
from scene import fonts

CELL = 128  # pixels of one picture in the atlas
HALO = 5  # pixels of white around it
FINE = 2  # drawn so many times larger
PIECE = 3  # pixels per unit of a piece of a line
RIM = 1.8  # units of white around strokes along lines
Sign = Symbol | UserSymbol
Drawn = tuple[Sign, str]


class _Pen:
    """Draws strokes of units into a picture."""

    def __init__(self, draw: ImageDraw.ImageDraw, scale: float, left: float, top: float) -> None:
        self._draw, self._scale, self._left, self._top = draw, scale, left, top

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self._left + x * self._scale, self._top + y * self._scale

    def stroke(self, one: Stroke, ink: str, ground: str, width: float, more: float = 0.0) -> None:
        """Draw a stroke, `more` units wider on each side."""
        what, numbers = one
        wide = (width + 2.0 * more) * self._scale
        colour = ground if what in "KH" else ink
        if what in "CDH":
            x, y, r = numbers
            reach = r + more + (width / 2.0 if what == "C" else 0.0)
            box = (*self.at(x - reach, y - reach), *self.at(x + reach, y + reach))
            if what == "C":
                self._draw.ellipse(box, outline=colour, width=round(wide))
            else:
                self._draw.ellipse(box, fill=colour)
            return
        points = [self.at(x, y) for x, y in corners(numbers)]
        if what in "PK":
            self._draw.polygon(points, fill=colour)
            if more:
                self._line([*points, points[0]], colour, 2.0 * more * self._scale)
        else:
            self._line(points, colour, wide)

    def _line(self, points: list[tuple[float, float]], colour: str, wide: float) -> None:
        self._draw.line(points, fill=colour, width=round(wide), joint="curve")
        for x, y in points:
            box = (x - wide / 2, y - wide / 2, x + wide / 2, y + wide / 2)
            self._draw.ellipse(box, fill=colour)


@lru_cache(maxsize=512)
def picture(symbol: Symbol | UserSymbol, label: str = "", cell: int = CELL) -> Image.Image:
    """Draw a symbol with its label and a halo, RGBA.

    Parameters
    ----------
    symbol : Symbol or UserSymbol
        Which; lines are drawn as a piece, areas as a square.
    label : str
        At most four signs; "" leaves the band away.
    cell : int
        Pixels.
    """
    if isinstance(symbol, UserSymbol):
        return _user_picture(symbol, label, cell)
    if isinstance(symbol, LineSymbol):
        return _line_picture(symbol, cell)
    large = cell * FINE
    image = Image.new("RGBA", (large, large), (255, 255, 255, 0))
    draw = ImageDraw.Draw(image)
    edge = HALO * FINE * cell / CELL
    scale = (large - 2.0 * edge) / SIZE
    fill, ink = COLOURS[symbol.letter], INK[symbol.letter]
    radius = RADIUS * scale if symbol.letter == "A" else 0.0
    draw.rounded_rectangle((0, 0, large - 1, large - 1), radius + edge, fill=(255, 255, 255, 220))
    box = (edge, edge, edge + SIZE * scale, edge + SIZE * scale)
    draw.rounded_rectangle(box, radius, fill=fill, outline="#000000", width=round(scale))
    lift = 0.0 if label else 3.8  # without a label the figure stands in the middle
    pen = _Pen(draw, scale, edge, edge + lift * scale)
    for one in symbol.strokes:
        pen.stroke(one, ink, fill, LINE)
    if label:
        _write(draw, label, scale, edge, radius)
    return image.resize((cell, cell), Image.Resampling.LANCZOS)


def _write(
    draw: ImageDraw.ImageDraw, label: str, scale: float, edge: float, radius: float = 0.0
) -> None:
    low, high = edge + scale, edge + (SIZE - 1) * scale
    draw.rounded_rectangle(
        (low, edge + BAND * scale, high, high), max(radius - scale, 0.0), fill="#ffffff",
        corners=(False, False, True, True),
    )  # fmt: skip
    text = label[:4]
    fonts.check(text)
    font = fonts.font(round(7.0 * scale), bold=True)
    place = (edge + SIZE / 2 * scale, edge + (BAND + 3.6) * scale)
    draw.text(place, text, fill="#000000", font=font, anchor="mm")


def _user_picture(symbol: UserSymbol, label: str, cell: int) -> Image.Image:
    """Put the picture of a user's symbol on a white card, so that it is seen on any ground."""
    large = cell * FINE
    edge = HALO * FINE * cell / CELL
    scale = (large - 2.0 * edge) / SIZE
    image = Image.new("RGBA", (large, large), (255, 255, 255, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, large - 1, large - 1), 3 * scale, fill=(255, 255, 255, 235))
    room = round((BAND if label else SIZE) * scale)
    own = Image.open(io.BytesIO(symbol.picture.tobytes())).convert("RGBA")
    own.thumbnail((room, room), Image.Resampling.LANCZOS)
    spot = (round((large - own.width) / 2), round(edge + (room - own.height) / 2))
    image.alpha_composite(own, spot)
    if label:
        _write(draw, label, scale, edge)
    return image.resize((cell, cell), Image.Resampling.LANCZOS)


@lru_cache(maxsize=128)
def piece(symbol: LineSymbol, colour: str = "") -> NDArray[np.uint8]:
    """Draw one piece of a line with a white rim, (rows, columns, 4) RGBA, the line to the right.

    Parameters
    ----------
    symbol : LineSymbol
        Which.
    colour : str
        ``#rrggbb``; "" takes that of the standard.
    """
    ink = colour or COLOURS.get(symbol.letter if symbol.code else "E", "#ff0000")
    scale = PIECE * FINE
    size = (round(symbol.period * scale), round((HIGH + 4.0) * scale))
    image = Image.new("RGBA", size, (255, 255, 255, 0))
    pen = _Pen(ImageDraw.Draw(image), scale, 0.0, 2.0 * scale)
    for one in symbol.strokes:
        if one[0] not in "KH":
            pen.stroke(one, "#ffffff", "#ffffff", STROKE, RIM)
    for one in symbol.strokes:
        pen.stroke(one, ink, "#ffffff", STROKE)
    small = image.resize((size[0] // FINE, size[1] // FINE), Image.Resampling.LANCZOS)
    return np.asarray(small)


def _line_picture(symbol: LineSymbol, cell: int) -> Image.Image:
    large = cell * FINE
    image = Image.new("RGBA", (large, large), (255, 255, 255, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, large - 1, large - 1), large / 16, fill=(255, 255, 255, 235))
    if isinstance(symbol, AreaSymbol):
        _area_picture(symbol, image, large)
        return image.resize((cell, cell), Image.Resampling.LANCZOS)
    scale = large / max(symbol.period * 1.05, 32.0)
    pen_top = (large - HIGH * scale) / 2.0
    for at in (-1, 0, 1):
        left = (large - symbol.period * scale) / 2.0 + at * symbol.period * scale
        pen = _Pen(draw, scale, left, pen_top)
        for one in symbol.strokes:
            pen.stroke(one, COLOURS["E"], "#ffffff", STROKE)
    return image.resize((cell, cell), Image.Resampling.LANCZOS)


def _area_picture(symbol: AreaSymbol, image: Image.Image, large: int) -> None:
    draw = ImageDraw.Draw(image)
    low, high = 0.14 * large, 0.86 * large
    draw.rectangle((low, low, high, high), fill="#ffdcdc")
    step = (high - low) / 6.0
    for at in range(1, 12):
        if symbol.hatch == "diagonal":
            a, b = (low + max(at - 6, 0) * step, low + min(at, 6) * step), None
            b = (a[1], a[0])
            draw.line((a, b), fill="#ff9a9a", width=round(large / 64))
        elif symbol.hatch == "back":
            x, y = low + max(at - 6, 0) * step, high - min(at, 6) * step
            draw.line((x, y, large - y, large - x), fill="#ff9a9a", width=round(large / 64))
    scale = 0.72 * large / (2.0 * symbol.period)
    strip = Image.new("RGBA", (large, large), (0, 0, 0, 0))
    for at in range(2):
        pen = _Pen(
            ImageDraw.Draw(strip), scale, low + at * symbol.period * scale, low - HIGH / 2 * scale
        )
        for one in symbol.strokes:
            pen.stroke(one, COLOURS["F"], "#ffffff", 2.0 * STROKE)
    for turn in range(4):
        image.alpha_composite(strip.rotate(90 * turn))
    if symbol.arrows:
        tip, foot, half = (0.42, 0.22, 0.08) if symbol.arrows < 0 else (0.02, 0.26, 0.10)
        arrow = Image.new("RGBA", (large, large), (0, 0, 0, 0))
        points = [(0.5 * large, tip * large), ((0.5 - half) * large, foot * large),
                  ((0.5 + half) * large, foot * large)]  # fmt: skip
        ImageDraw.Draw(arrow).polygon(points, fill=COLOURS["F"])
        for turn in range(4):
            image.alpha_composite(arrow.rotate(90 * turn))


def atlas(drawn: Sequence[Drawn], cell: int = CELL) -> NDArray[np.uint8]:
    """Draw symbols side by side, (rows * cell, columns * cell, 4)."""
    columns, rows = grid_of(len(drawn))
    sheet = Image.new("RGBA", (columns * cell, rows * cell), (255, 255, 255, 0))
    for number, (symbol, label) in enumerate(drawn):
        spot = (number % columns * cell, number // columns * cell)
        sheet.paste(picture(symbol, label, cell), spot)
    return np.asarray(sheet)

"""A clear sheet to draw furniture on with Pillow, and the sizes that fit a picture."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from scene import fonts
from scene.symbol_pictures import Sign
from scene.symbol_pictures import picture as symbol_picture
from scene.texts import Bytes

Draw = ImageDraw.ImageDraw
Box = tuple[float, float, float, float]

INK = (33, 38, 43, 255)
SOFT = (88, 96, 104, 255)
PAPER = (255, 255, 255, 218)
LINE = (33, 38, 43, 46)
REFERENCE = (1280.0, 720.0)  # the picture for which sizes below are pixels
STRIP, APART = 23.0, 12.0  # units of the lower line, and between it and what stands above
SMALLEST = 0.70  # of these sizes: texts stay readable on small pictures


class Sheet:
    """A clear picture to draw on, and the sizes that fit it, so many times larger than usual."""

    def __init__(self, size: tuple[int, int], larger: float = 1.0) -> None:
        self.width, self.height = size
        across, up = size[0] / REFERENCE[0], size[1] / REFERENCE[1]
        scale = min(math.sqrt(across * up), 1.5 * min(across, up))
        self.scale = larger * max(scale, min(SMALLEST, size[0] / 460.0, size[1] / 250.0))
        self.margin = self.u(16)
        self._image = Image.new("RGBA", size, (255, 255, 255, 0))
        self.draw: Draw = ImageDraw.Draw(self._image)

    def u(self, units: float) -> int:
        """Turn a size for the reference picture into pixels of this one, at least one."""
        return max(round(units * self.scale), 1)

    def font(self, units: float, *, bold: bool = False) -> fonts.Font:
        """Give a font by its size for the reference picture."""
        return fonts.font(max(self.u(units), 6), bold=bold)

    def card(self, box: Box) -> None:
        """Draw a light, rounded ground for texts."""
        left, top, right, bottom = (round(v) for v in box)
        corner, pen = self.u(5), max(self.u(0.7), 1)
        made = _card(max(right - left, 1), max(bottom - top, 1), corner, pen)
        self._image.paste(made, (left, top))

    def smooth(self, box: Box, paint: Painter) -> None:
        """Draw something with smooth edges into a box; `paint` gets a larger canvas."""
        left, top, right, bottom = (round(v) for v in box)
        width, height = max(right - left, 1), max(bottom - top, 1)
        part = Image.new("RGBA", (width * 4, height * 4), (*INK[:3], 0))
        paint(ImageDraw.Draw(part), width * 4, height * 4)
        small = part.resize((width, height), Image.Resampling.BOX)
        self._image.alpha_composite(small, (max(left, 0), max(top, 0)))

    def sign(self, symbol: Sign, box: Box) -> None:
        """Draw an emergency symbol into the middle of a box, a little higher than it."""
        left, top, right, bottom = box
        side = max(round((bottom - top) * 1.35), 8)
        at = round((left + right - side) / 2), round((top + bottom - side) / 2)
        drawn = symbol_picture(symbol, "", side * 4).resize((side, side), Image.Resampling.BOX)
        self._image.alpha_composite(drawn, (max(at[0], 0), max(at[1], 0)))

    def text(
        self, place: tuple[float, float], text: str, font: fonts.Font,
        colour: tuple[int, int, int, int] = INK, anchor: str = "ls",
    ) -> None:  # fmt: skip
        """Write a text; the place is its left end on the base line unless told otherwise."""
        self.draw.text(place, text, font=font, fill=colour, anchor=anchor)

    def pixels(self, part: Box | None = None) -> Bytes:
        """Give what was drawn, all of it or what lies in a box of whole pixels."""
        return np.array(self._image if part is None else self._image.crop(part), dtype=np.uint8)


@lru_cache(maxsize=16)
def _card(width: int, height: int, corner: int, pen: int) -> Image.Image:
    """Draw the ground of texts; the same for the same size, since captions change often."""
    fine = 4 if width * height < 4_000_000 else 2
    part = Image.new("RGBA", (width * fine, height * fine), (255, 255, 255, 0))
    ImageDraw.Draw(part).rounded_rectangle(
        (0, 0, width * fine - 1, height * fine - 1), corner * fine, PAPER, LINE, pen * fine
    )
    return part.resize((width, height), Image.Resampling.BOX)


class Painter:
    """Takes a canvas and its width and height; for `Sheet.smooth`."""

    def __call__(self, draw: Draw, width: int, height: int) -> None:
        raise NotImplementedError


def fitted(text: str, font: fonts.Font, width: float) -> str:
    """Give the text, cut and ended with … where it is wider than so many pixels."""
    if font.getlength(text) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if font.getlength(text[:middle].rstrip() + "…") <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…" if low else ""

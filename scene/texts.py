"""Texts as small pictures, with a halo that keeps them readable over anything."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from scene import fonts

Bytes = NDArray[np.uint8]
Rgb = tuple[int, int, int]

INK: Rgb = (38, 42, 46)
PAPER: Rgb = (255, 255, 255)
BAND = 256  # rows laid over each other at a time


@lru_cache(maxsize=2048)
def text_picture(
    text: str, pixels: int, ink: Rgb = INK, halo: Rgb | None = PAPER, *, bold: bool = False
) -> Bytes:
    """Draw a text of one or a few lines.

    Parameters
    ----------
    text : str
        What is written.
    pixels : int
        Size of the font.
    ink, halo : (red, green, blue)
        0 to 255; None for no halo.
    bold : bool
        Heavy letters.

    Returns
    -------
    (rows, columns, 4) ndarray of uint8
        Cut to the text and its halo; not to be changed.
    """
    if "\n" in text:
        lines = text.split("\n")
        return _stacked([text_picture(x, pixels, ink, halo, bold=bold) for x in lines])
    fonts.check(text)
    font = fonts.font(pixels, bold=bold)
    edge = 0 if halo is None else max(round(pixels / 7), 1)
    left, _, right, _ = font.getbbox(text, stroke_width=edge)
    ascent, descent = font.getmetrics()
    width = max(math.ceil(right - left), 1) + 2
    height = ascent + descent + 2 * edge
    image = Image.new("RGBA", (width, height), (*(halo or ink), 0))
    draw = ImageDraw.Draw(image)
    place = (1 - left, edge)
    if halo is not None:
        soft = (*halo, 225)
        draw.text(place, text, font=font, fill=soft, stroke_width=edge, stroke_fill=soft)
    draw.text(place, text, font=font, fill=(*ink, 255))
    out = np.asarray(image, dtype=np.uint8)
    rows = np.flatnonzero(out[..., 3].any(axis=1))
    if rows.size:
        out = out[rows[0] : rows[-1] + 1]
    out = out.copy()
    out.setflags(write=False)
    return out


def _stacked(lines: list[Bytes]) -> Bytes:
    """Put pictures of lines under each other, each in the middle."""
    width = max(line.shape[1] for line in lines)
    rows = []
    for line in lines:
        left = (width - line.shape[1]) // 2
        rows.append(np.pad(line, ((0, 2), (left, width - line.shape[1] - left), (0, 0))))
    out = np.concatenate(rows)
    out.setflags(write=False)
    return out


def lay_over(under: Bytes, over: Bytes, x: int, y: int) -> None:
    """Lay a picture with alpha over another, in place; what lies outside is cut off.

    Parameters
    ----------
    under : (h, w, 4) uint8
        Changed; its alpha grows where it was clear.
    over : (k, l, 4) uint8
        Laid over.
    x, y : int
        Pixels from the top left corner of `under` to that of `over`.
    """
    rows, columns = over.shape[:2]
    left, top = max(x, 0), max(y, 0)
    right, bottom = min(x + columns, under.shape[1]), min(y + rows, under.shape[0])
    if left >= right or top >= bottom:
        return
    for first in range(top, bottom, BAND):  # band by band: a large picture needs no second memory
        last = min(first + BAND, bottom)
        part = over[first - y : last - y, left - x : right - x]
        if part[..., 3].any():
            _lay_band(under[first:last, left:right], part.astype(np.float32))


def _lay_band(under: Bytes, part: NDArray[np.float32]) -> None:
    base = under.astype(np.float32)
    alpha, old = part[..., 3:] / 255.0, base[..., 3:] / 255.0
    total = alpha + old * (1.0 - alpha)
    colour = part[..., :3] * alpha + base[..., :3] * old * (1.0 - alpha)
    colour = np.divide(colour, total, out=np.zeros_like(colour), where=total > 0)
    under[..., :3] = np.rint(colour)
    under[..., 3:] = np.rint(total * 255.0)

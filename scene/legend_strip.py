"""A legend that lies below pictures: entries one after the other, in as many lines as needed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from layers.style import Legend
from scene.furniture import Row, draw_sign, legend_rows
from scene.sheet import INK, Sheet

SIZE = 0.0105  # height of letters, as share of the width
LINE, SIGN, GAP, PAUSE = 1.7, 1.7, 0.5, 1.3  # heights of a line, a sign and gaps, in letters
UNITS = 11.5  # size of letters of the furniture that signs are drawn for
MARGIN = 2.4  # above and below, in letters: pages as PNG lose some rows of a picture


def legend_strip(legends: Sequence[Legend], width: int) -> NDArray[np.uint8]:
    """Draw legends as a strip.

    Parameters
    ----------
    legends : sequence of Legend
        In order; a legend of several entries begins with its title.
    width : int
        Pixels.

    Returns
    -------
    (height, width, 4) ndarray of uint8
        White ground; no rows where there are no legends.
    """
    letter = max(width * SIZE, 6.0)
    rows = legend_rows(legends)
    if not rows:
        return np.full((0, width, 4), 255, dtype=np.uint8)
    scale = letter / UNITS
    probe = Sheet((width, 8))
    probe.scale = scale
    font, bold = probe.font(UNITS), probe.font(UNITS, bold=True)
    places: list[tuple[float, int, Row]] = []
    x, line, left = letter, 0, letter
    for row in rows:
        own = bold if row.colour is None else font
        sign = 0.0 if row.colour is None else letter * (SIGN + GAP)
        wide = sign + own.getlength(row.text) + letter * PAUSE
        if x + wide > width and x > left:
            x, line = left, line + 1
        places.append((x, line, row))
        x += wide
    high = round(letter * (LINE * (line + 1) + MARGIN))
    sheet = Sheet((width, high))
    sheet.scale = scale
    for at, number, row in places:
        top = letter * (0.5 + LINE * number)
        base = top + letter
        if row.colour is None:
            sheet.text((at, base), row.text, bold, INK)
            continue
        draw_sign(sheet, row, (at, top + letter * 0.1, at + letter * SIGN, base + letter * 0.05))
        sheet.text((at + letter * (SIGN + GAP), base), row.text, font)
    drawn = sheet.pixels()
    share = drawn[..., 3:].astype(np.float64) / 255.0
    out = np.full_like(drawn, 255)
    out[..., :3] = np.round(drawn[..., :3] * share + 255.0 * (1.0 - share))
    return out

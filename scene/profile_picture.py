"""A plot of the ground along a line: heights over stations, true to its axes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from layers.planning.profile import Profile
from layers.shapes import Floats
from scene import fonts

GROUND, LINE, GRID, INK, PAPER = "#d9cfb4", "#8c5a2b", "#e4e4e2", "#333333", "#ffffff"
CORNER = "#b3541e"


@dataclass(frozen=True, slots=True)
class PlotWords:
    """Texts of the plot, in the reader's language.

    Attributes
    ----------
    title : str
        Over the plot, "" for none.
    station, height : str
        Names of the axes with their units.
    figures : sequence of str
        Lines below the title.
    """

    title: str = ""
    station: str = "Station, m"
    height: str = "Height, m"
    figures: Sequence[str] = ()


def ticks(low: float, high: float, most: int) -> Floats:
    """Give round numbers from `low` to `high`, no more than about `most` of them.

    >>> ticks(0.0, 103.0, 6).tolist()
    [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]
    """
    raw = max(high - low, 1e-9) / max(most, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(k * power for k in (1.0, 2.0, 5.0, 10.0) if k * power >= raw * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return np.arange(first, last + 1).astype(np.float64) * step


def profile_picture(
    profile: Profile, words: PlotWords, size: tuple[int, int] = (1200, 600), *, scale: float = 1.0
) -> Image.Image:
    """Draw a profile.

    Parameters
    ----------
    profile : Profile
        What is drawn; stretches of unknown ground stay empty.
    words : PlotWords
        Its texts.
    size : (int, int)
        Width and height, pixels.
    scale : float
        Times that letters and lines are larger, for dense screens.

    Raises
    ------
    CityError
        ``font.no_chinese`` where a text cannot be written.
    """
    fonts.check(words.title, words.station, words.height, *words.figures)
    small, large = fonts.font(round(13 * scale)), fonts.font(round(17 * scale), bold=True)
    picture = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(picture)
    pad, line = round(10 * scale), round(18 * scale)
    top = pad
    if words.title:
        draw.text((pad, top), words.title, font=large, fill=INK)
        top += round(26 * scale)
    for text in words.figures:
        draw.text((pad, top), text, font=small, fill=INK)
        top += line
    top += line
    known = profile.height[np.isfinite(profile.height)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    margin = max(0.08 * (high - low), 0.5)
    low, high = low - margin, high + margin
    rows = ticks(low, high, max(2, (size[1] - top) // round(46 * scale)))
    apart = float(np.diff(rows).min()) if len(rows) > 1 else 0.1
    digits = max(0, -math.floor(math.log10(max(apart, 1e-6))))
    names = [f"{value:.{digits}f}" for value in rows]
    left = pad + max(round(draw.textlength(name, font=small)) for name in [*names, "0"]) + pad
    box = (left, top, size[0] - 2 * pad, size[1] - 2 * line - pad)
    across = max(float(profile.station[-1]), 1e-6)

    def at(station: float, height: float) -> tuple[float, float]:
        x = box[0] + (box[2] - box[0]) * station / across
        return x, box[3] - (box[3] - box[1]) * (height - low) / (high - low)

    for value, name in zip(rows, names, strict=True):
        _, y = at(0.0, float(value))
        draw.line((box[0], y, box[2], y), fill=GRID)
        wide = draw.textlength(name, font=small)
        draw.text((left - wide - pad / 2, y - line / 2), name, font=small, fill=INK)
    for value in ticks(0.0, across, max(2, (box[2] - box[0]) // round(90 * scale))):
        x, _ = at(float(value), low)
        draw.line((x, box[1], x, box[3]), fill=GRID)
        name = f"{value:,.0f}" if across >= 10 else f"{value:.2f}"
        wide = draw.textlength(name, font=small)
        draw.text((min(x - wide / 2, size[0] - wide - 2), box[3] + 3), name, font=small, fill=INK)
    _fill(draw, profile, at, low, round(2 * scale))
    draw.rectangle(box, outline="#9a9a96")
    draw.text((pad, top - line), words.height, font=small, fill=INK)
    wide = draw.textlength(words.station, font=small)
    draw.text((box[2] - wide, box[3] + line), words.station, font=small, fill=INK)
    return picture


def _fill(
    draw: ImageDraw.ImageDraw,
    profile: Profile,
    at: Callable[[float, float], tuple[float, float]],
    low: float,
    width: int,
) -> None:
    """Draw the ground and its upper edge, and the corners of the line."""
    finite = np.isfinite(profile.height)
    starts = np.flatnonzero(finite & ~np.append(False, finite[:-1]))
    ends = np.flatnonzero(finite & ~np.append(finite[1:], False)) + 1
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        pairs = zip(profile.station[start:end], profile.height[start:end], strict=True)
        line = [at(float(s), float(h)) for s, h in pairs]
        if len(line) < 2:
            continue
        feet = [at(float(profile.station[end - 1]), low), at(float(profile.station[start]), low)]
        draw.polygon([*line, *feet], fill=GROUND)
        draw.line(line, fill=LINE, width=width, joint="curve")
    for number in np.flatnonzero(profile.corner & finite)[1:-1].tolist():
        x, y = at(float(profile.station[number]), float(profile.height[number]))
        draw.ellipse((x - 3, y - 3, x + 3, y + 3), fill=CORNER)

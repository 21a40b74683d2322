"""The skyline drawn as planners show it: silhouettes by distance, and what comes and goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from layers.pipes.plate import GREY, INK, PALE, Path, Plate, Shape, Stroke, Text
from layers.planning.skyline import Skyline
from layers.shapes import Bools, Floats

NEW, GONE, LINE = "#e53935", "#1e88e5", "#263238"
#: Nearer than so many metres, and the colour of what stands there.
DEPTHS = ((300.0, "#546e7a"), (1000.0, "#78909c"), (3000.0, "#a5b6be"), (np.inf, "#cfd8dc"))
WIDE, TALL = 297.0, 110.0  # millimetres of the paper
LEFT, RIGHT, BOTTOM, TOP = 16.0, 8.0, 20.0, 16.0  # margins
Words = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Axes:
    """From degrees to millimetres."""

    first: float
    width: float
    low: float
    high: float

    def x(self, azimuth: Floats) -> Floats:
        share = np.mod(azimuth - self.first + 1e-9, 360.0) / self.width
        return np.asarray(LEFT + share * (WIDE - LEFT - RIGHT))

    def y(self, angle: Floats) -> Floats:
        share = (np.clip(angle, self.low, self.high) - self.low) / (self.high - self.low)
        return np.asarray(BOTTOM + share * (TALL - BOTTOM - TOP))


def skyline_plate(
    after: Skyline, words: Words, before: Skyline | None = None, title: str = ""
) -> Plate:
    """Draw a skyline.

    Parameters
    ----------
    after : Skyline
        As it shall be.
    words : callable
        Gives words for ``azimuth``, ``angle``, ``new``, ``gone``, ``near``, ``metres``.
    before : Skyline or None
        As it was, in the same directions: what rises above it is drawn red, what vanishes blue.
    title : str
        Above the drawing.
    """
    step = _step(after)
    first = float(after.azimuth[0]) - step / 2.0
    tops = [after.angle] if before is None else [after.angle, before.angle]
    seen = np.concatenate([top[top > -89.0] for top in tops])
    high = max(float(seen.max(initial=1.0)), 1.0) * 1.1
    low = min(float(seen.min(initial=0.0)), 0.0)
    axes = _Axes(first, step * len(after), max(low, -high), high)
    shapes: list[Shape] = _grid(axes, words)
    for limit, colour in reversed(DEPTHS):
        shapes += _silhouettes(axes, after, after.away <= limit, colour)
    if before is not None:
        rise = after.angle > before.angle + 0.01
        drop = before.angle > after.angle + 0.01
        shapes += _between(axes, after, before.angle, rise, NEW, solid=True)
        shapes += _between(axes, before, after.angle, drop, GONE, solid=False)
    shapes.append(_line(axes, after))
    shapes += _legend(words, before is not None)
    shapes.append(Text(LEFT, TALL - 7.0, title, 4.0, bold=True))
    return Plate(WIDE, TALL, tuple(shapes), title)


def _step(line: Skyline) -> float:
    if len(line) < 2:
        return 1.0
    return float(np.mod(line.azimuth[1] - line.azimuth[0], 360.0))


def _grid(axes: _Axes, words: Words) -> list[Shape]:
    out: list[Shape] = []
    span = axes.width
    pace = next(p for p in (1, 2, 5, 10, 15, 30, 45) if span / p <= 14) if span < 600 else 45
    at = np.ceil(axes.first / pace) * pace
    while at <= axes.first + span + 1e-6:
        x = float(LEFT + (at - axes.first) / span * (WIDE - LEFT - RIGHT))
        out.append(_stroke([(x, BOTTOM), (x, TALL - TOP)], PALE))
        out.append(Text(x, BOTTOM - 3.5, f"{at % 360:g}°", 2.5, "middle", colour=GREY))
        at += pace
    height = axes.high - axes.low
    pace_up = next(p for p in (0.5, 1, 2, 5, 10, 20, 30) if height / p <= 8)
    up = np.ceil(axes.low / pace_up) * pace_up + 0.0
    while up <= axes.high:
        y = float(axes.y(np.array(up)))
        out.append(_stroke([(LEFT, y), (WIDE - RIGHT, y)], GREY if up == 0.0 else PALE))
        out.append(Text(LEFT - 1.5, y, f"{up + 0.0:g}°", 2.5, "end", colour=GREY))
        up += pace_up
    out.append(Text(WIDE - RIGHT, BOTTOM - 8.0, words("azimuth"), 2.5, "end", colour=GREY))
    out.append(Text(LEFT, TALL - TOP + 3.0, words("angle"), 2.5, colour=GREY))
    return out


def _stroke(points: list[tuple[float, float]], colour: str) -> Path:
    return Path(np.array(points), stroke=Stroke(0.1, colour))


def _runs(mask: Bools) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _silhouettes(axes: _Axes, line: Skyline, mask: Bools, colour: str) -> list[Shape]:
    floor = np.full(len(line), axes.low)
    return _between(axes, line, floor, mask & (line.angle > -89.0), colour, solid=True)


def _between(
    axes: _Axes, line: Skyline, other: Floats, mask: Bools, colour: str, *, solid: bool
) -> list[Shape]:
    """Fill between a line and another one; steps stay steps."""
    half = _step(line) / 2.0
    out: list[Shape] = []
    for a, b in _runs(mask):
        x = np.column_stack([line.azimuth[a:b] - half, line.azimuth[a:b] + half]).ravel()
        top = np.repeat(line.angle[a:b], 2)
        foot = np.repeat(np.maximum(other[a:b], axes.low), 2)
        across = LEFT + (np.mod(x - axes.first + 1e-6, 360.0)) / axes.width * (WIDE - LEFT - RIGHT)
        ring = np.concatenate([
            np.column_stack([across, axes.y(top)]),
            np.column_stack([across, axes.y(foot)])[::-1],
        ])  # fmt: skip
        stroke = None if solid else Stroke(0.25, colour, (1.0, 0.6))
        out.append(Path(ring, closed=True, stroke=stroke, fill=colour if solid else ""))
    return out


def _line(axes: _Axes, line: Skyline) -> Path:
    half = _step(line) / 2.0
    x = np.column_stack([line.azimuth - half, line.azimuth + half]).ravel()
    across = LEFT + np.mod(x - axes.first + 1e-6, 360.0) / axes.width * (WIDE - LEFT - RIGHT)
    across[-1] = WIDE - RIGHT
    y = axes.y(np.repeat(np.maximum(line.angle, axes.low), 2))
    return Path(np.column_stack([across, y]), stroke=Stroke(0.3, LINE))


def _legend(words: Words, compared: bool) -> list[Shape]:
    out: list[Shape] = []
    x, y = LEFT, 7.0
    entries = [(colour, words("near") if np.isfinite(limit) else words("far"), limit)
               for limit, colour in DEPTHS]  # fmt: skip
    for colour, word, limit in entries:
        text = f"{word} {limit:g} m" if np.isfinite(limit) else word
        out += _key(x, y, colour, text)
        x += 34.0
    if compared:
        out += _key(x, y, NEW, words("new"))
        out += _key(x + 30.0, y, GONE, words("gone"))
    return out


def _key(x: float, y: float, colour: str, text: str) -> list[Shape]:
    ring = np.array([[x, y - 1.2], [x + 4.0, y - 1.2], [x + 4.0, y + 1.2], [x, y + 1.2]])
    return [
        Path(ring, closed=True, stroke=None, fill=colour),
        Text(x + 5.5, y, text, 2.5, colour=INK),
    ]

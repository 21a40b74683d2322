"""Colours of a terrain by height, slope or aspect: classes that a planner reads at a glance."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Literal

import numpy as np

from layers.errors import CityError
from layers.kinds.terrain import LEVEL_SAMPLES, Terrain
from layers.palettes import spread
from layers.style import Colour, Colouring, Entry

TintField = Literal["height", "slope", "aspect"]
TINTS: tuple[TintField, ...] = ("height", "slope", "aspect")
#: Plains green, hills sand, mountains brown, summits pale.
HYPSOMETRIC: tuple[Colour, ...] = (
    "#6fa573", "#93bb7c", "#bdd18c", "#e6e0a2", "#dcc082", "#c59d6a", "#a98161", "#b9a598",
    "#efece8",
)  # fmt: skip
#: Level ground pale, steep ground dark red.
STEEPNESS: tuple[Colour, ...] = ("#e8f0dc", "#cfe0a8", "#f3d97c", "#e79a4f", "#b8433a")
#: Limits between classes of slope in degrees, as land surveys in China part them.
SLOPES = (2.0, 6.0, 15.0, 25.0)
STEEPEST = 90.0
#: Warm towards the south, cold towards the north, from north clockwise.
COMPASS_COLOURS: tuple[Colour, ...] = (
    "#4a6fa5", "#6fa3b8", "#8fc0a0", "#d7c86a", "#e79a4f", "#d9774c", "#a4708f", "#6a64a0",
)  # fmt: skip
COMPASS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
LEVEL: Colour = "#e4e2da"  # ground that faces nowhere
MOST_CLASSES = 12
ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)


def tint(
    terrain: Terrain,
    field: str,
    limits: Sequence[float] = (),
    *,
    directions: Sequence[str] = COMPASS,
) -> Colouring:
    """Make a colouring of a terrain.

    Parameters
    ----------
    terrain : Terrain
        Its heights say which classes there are.
    field : str
        ``"height"`` (metres above datum), ``"slope"`` (degrees) or ``"aspect"`` (where the ground
        falls to, eight directions).
    limits : sequence of float
        Limits between classes, metres or degrees; without any they are round numbers of heights,
        and 2, 6, 15 and 25 degrees of slope.
    directions : sequence of str
        What north, north-east ... north-west are called in the legend.

    Raises
    ------
    CityError
        ``tint.field`` for another field.
    """
    if field not in TINTS:
        raise CityError(
            "tint.field",
            f"A terrain cannot be coloured by '{field}'.",
            hint="choose height, slope or aspect",
            field=field,
        )
    if field == "aspect":
        entries = tuple(
            Entry(name, colour, None, 45.0 * i - 22.5, 45.0 * i + 22.5)
            for i, (name, colour) in enumerate(zip(directions, COMPASS_COLOURS, strict=True))
        )
        return Colouring(field, "ranges", entries, LEVEL)
    if field == "slope":
        edges = [0.0, *_between(limits or SLOPES, 0.0, STEEPEST), STEEPEST]
        return _classes(field, edges, STEEPNESS, "°")
    low, high = height_range(terrain)
    inner = _between(limits or _round_limits(low, high), low, high)
    return _classes(field, [low, *inner, max(high, low + 0.01)], HYPSOMETRIC, " m")


def height_range(terrain: Terrain) -> tuple[float, float]:
    """Give the lowest and highest known height, metres; of an overview where there is one."""
    stride = max(int(math.sqrt(terrain.heights.size / LEVEL_SAMPLES)), 1)
    some = terrain.heights[::stride, ::stride]
    known = some[np.isfinite(some)]
    return (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)


def round_step(span: float, most: int) -> float:
    """Give the smallest round step that parts a span into at most so many pieces.

    >>> round_step(1600.0, 10), round_step(37.0, 10)
    (200.0, 5.0)
    """
    rough = max(span, 1e-3) / most
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * part for part in ROUND if power * part >= rough * 0.999)


def _round_limits(low: float, high: float) -> list[float]:
    step = round_step(high - low, MOST_CLASSES - 1)
    first = math.floor(low / step) + 1
    return [step * i for i in range(first, math.ceil(high / step))]


def _between(limits: Sequence[float], low: float, high: float) -> list[float]:
    return sorted({float(limit) for limit in limits if low < limit < high})


def _classes(
    field: str, edges: Sequence[float], palette: tuple[Colour, ...], unit: str
) -> Colouring:
    pairs = list(itertools.pairwise(edges))
    colours = spread(palette, len(pairs))
    last = len(pairs) - 1
    entries = []
    for i, ((low, high), colour) in enumerate(zip(pairs, colours, strict=True)):
        label = f"{low:.6g}-{high:.6g}{unit}"
        if i == 0 and last > 0:
            label = f"< {high:.6g}{unit}"
        elif i == last and last > 0:
            label = f"> {low:.6g}{unit}"
        entries.append(Entry(label, colour, None, low, high))
    return Colouring(field, "ranges", tuple(entries))

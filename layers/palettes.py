"""Sets of colours for colourings, and what somebody changes in a legend by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from layers.errors import CityError
from layers.kinds.base import Features
from layers.kinds.buildings import Buildings
from layers.kinds.pipes import OWN_COLUMNS, Pipes
from layers.shapes import Floats
from layers.style import (
    CATEGORY_COLOURS,
    RANGE_COLOURS,
    Colour,
    Colouring,
    Entry,
    by_categories,
    by_ranges,
    figure,
    numbers,
    rgb,
    texts,
)

Mode = Literal["categories", "ranges"]
Method = Literal["quantiles", "equal"]
BUILT = "height"  # the field of a colouring that means the built height
MOST_CATEGORIES = 40
#: For categories: neighbours differ.
CATEGORY_PALETTES: dict[str, tuple[Colour, ...]] = {
    "plain": CATEGORY_COLOURS,
    "soft": (
        "#9fb8d3", "#e9c7a0", "#a9cfa4", "#e0a9a6", "#b3d4d1", "#e8dba3", "#c9b3cc", "#c4b2a1",
        "#cfd8dc", "#d9e3b0",
    ),
    "strong": (
        "#1f6fb4", "#e07b00", "#2a9134", "#c62828", "#6a3d9a", "#00838f", "#ad7f00", "#c2185b",
        "#5d4037", "#455a64",
    ),
}  # fmt: skip
#: For ranges: lightness falls evenly, but for the last one, which has its light in the middle.
RANGE_PALETTES: dict[str, tuple[Colour, ...]] = {
    "sand": RANGE_COLOURS,
    "blue": ("#eaf2f8", "#c8ddee", "#9ac3e0", "#66a3cd", "#3c80b6", "#1f5c93", "#103a66"),
    "green": ("#eef6e6", "#d0e8c0", "#a6d499", "#74ba73", "#45994f", "#247338", "#0e4a25"),
    "grey": ("#f2f2f0", "#d9d9d6", "#bcbcb9", "#9b9b99", "#787877", "#555555", "#333333"),
    "cold-warm": ("#2f5f9e", "#6c9bc9", "#b4cfe2", "#f2efe6", "#f0c19c", "#d97f5a", "#a8382f"),
}


def palettes(mode: Mode) -> dict[str, tuple[Colour, ...]]:
    """Give the palettes that suit a mode."""
    return CATEGORY_PALETTES if mode == "categories" else RANGE_PALETTES


def spread(palette: tuple[Colour, ...], count: int) -> list[Colour]:
    """Give `count` colours from the first to the last of a palette, blended in between."""
    known = np.array([rgb(colour) for colour in palette], dtype=np.float64)
    at = np.linspace(0, len(palette) - 1, count) if count > 1 else np.array([len(palette) // 2])
    steps = np.arange(len(palette))
    mixed = np.column_stack([np.interp(at, steps, known[:, i]) for i in range(3)]).round()
    return [f"#{int(r):02x}{int(g):02x}{int(b):02x}" for r, g, b in mixed]


def repainted(colouring: Colouring, palette: str) -> Colouring:
    """Give a colouring its colours from a palette; labels and limits stay."""
    chosen = palettes(colouring.mode)[palette]
    count = len(colouring.entries)
    if colouring.mode == "ranges":
        colours = spread(chosen, count)
    else:
        colours = [chosen[i % len(chosen)] for i in range(count)]
    entries = tuple(
        replace(entry, colour=colour)
        for entry, colour in zip(colouring.entries, colours, strict=True)
    )
    return replace(colouring, entries=entries)


def made(
    data: Features,
    field: str,
    mode: Mode,
    *,
    steps: int,
    method: Method = "quantiles",
    palette: str = "",
) -> Colouring:
    """Make a colouring of objects by a field.

    Parameters
    ----------
    data : Features
        n objects.
    field : str
        An attribute, or ``height`` for the built height of buildings.
    mode : str
        ``"categories"`` or ``"ranges"``.
    steps : int
        Number of ranges, or of categories at most.
    method : str
        How ranges are cut.
    palette : str
        One of `palettes`; "" takes the first.

    Raises
    ------
    CityError
        ``style.no_numbers`` for ranges of a field without numbers, ``features.no_such_field``.
    """
    if mode == "categories":
        colouring = by_categories(field, field_values(data, field), most=steps)
    else:
        values = field_numbers(data, field)
        unit = "m" if built(data, field) else ""
        colouring = by_ranges(field, values, steps=steps, method=method, unit=unit)
    return repainted(colouring, palette or next(iter(palettes(mode))))


def built(data: Features, field: str) -> bool:
    """Say whether a field means the built height."""
    own = field in data.attributes.column_names
    return field == BUILT and isinstance(data, Buildings) and not own


def field_values(data: Features, field: str) -> pa.Array | pa.ChunkedArray:
    """Give the values of a field of a colouring, n of them."""
    if isinstance(data, Buildings) and built(data, field):
        return pa.array([f"{metres:g}" for metres in data.height])
    return data.column(field)


def field_numbers(data: Features, field: str) -> Floats:
    """Give the numbers of a field of a colouring, (n,) float64, NaN where there is none."""
    if isinstance(data, Buildings) and field == BUILT:
        return data.height
    return numbers(data.column(field))


def counted(data: Features, colouring: Colouring) -> list[int]:
    """Count the objects of each entry, and last those that no entry stands for."""
    own = isinstance(data, Pipes) and colouring.field in OWN_COLUMNS
    if (
        colouring.field not in data.attributes.column_names
        and not built(data, colouring.field)
        and not own
    ):
        return [0] * len(colouring.entries) + [len(data)]
    if colouring.mode == "categories":
        found = pc.value_counts(pa.array(texts(field_values(data, colouring.field)), pa.string()))
        by_value = {row["values"]: row["counts"] for row in found.to_pylist()}
        counts = [int(by_value.get(entry.value, 0)) for entry in colouring.entries]
    else:
        values, counts = field_numbers(data, colouring.field), []
        for number, entry in enumerate(colouring.entries, 1):
            low = -np.inf if entry.low is None else entry.low
            high = np.inf if entry.high is None else entry.high
            last = number == len(colouring.entries)
            inside = (values >= low) & ((values <= high) if last else (values < high))
            counts.append(int(inside.sum()))
    return [*counts, len(data) - sum(counts)]


def with_entry(colouring: Colouring, row: int, entry: Entry) -> Colouring:
    """Give a colouring with one entry replaced."""
    entries = (*colouring.entries[:row], entry, *colouring.entries[row + 1 :])
    return replace(colouring, entries=entries)


def without_entry(colouring: Colouring, row: int) -> Colouring:
    """Give a colouring without an entry; the range above takes its place."""
    entries = list(colouring.entries)
    gone = entries.pop(row)
    if colouring.mode == "ranges" and row < len(entries):
        entries[row] = relabelled(replace(entries[row], low=gone.low), entries[row])
    return replace(colouring, entries=tuple(entries))


def with_limit(colouring: Colouring, row: int, high: float) -> Colouring:
    """Give a colouring by ranges with another limit between two of its ranges.

    Parameters
    ----------
    colouring : Colouring
        By ranges.
    row : int
        The range below the limit.
    high : float
        The limit.

    Raises
    ------
    CityError
        ``style.limit`` unless it lies between the limits around it.
    """
    entries = list(colouring.entries)
    below, above = entries[row], entries[row + 1]
    low = -np.inf if below.low is None else below.low
    top = np.inf if above.high is None else above.high
    if not low < high < top:
        raise CityError(
            "style.limit",
            f"The limit {high:g} must lie between {low:g} and {top:g}.",
            hint="change the limits around it first",
            limit=f"{high:g}",
            low=f"{low:g}",
            high=f"{top:g}",
        )
    entries[row] = relabelled(replace(below, high=high), below)
    entries[row + 1] = relabelled(replace(above, low=high), above)
    return replace(colouring, entries=tuple(entries))


def relabelled(entry: Entry, before: Entry) -> Entry:
    """Give a range the label of its limits, unless somebody gave it one of their own."""
    if entry.low is None or entry.high is None or before.low is None or before.high is None:
        return entry
    old = f"{figure(before.low)} - {figure(before.high)}"
    new = f"{figure(entry.low)} - {figure(entry.high)}"
    if not before.label.startswith(old):
        return entry
    return replace(entry, label=new + before.label[len(old) :])

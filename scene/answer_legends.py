"""Legends of the answers that are shown: what their marks are, and their colours."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from layers.analyses.marks import look_of
from layers.kinds.answers import Answers, Marks, SavedAnalysis
from layers.kinds.base import Features
from layers.shapes import LINE, POINT
from layers.style import Entry, Legend, rgb, texts
from scene.flat_parts import FILL
from scene.furniture import Words

Shape = Literal["area", "line", "point"]
Rgb = tuple[int, int, int]

MOST = 12  # lines of a legend of texts
GROUND: Rgb = (240, 240, 232)


def answer_legends(
    data: Answers, words: Words, opacity: float = 1.0, under: Rgb = GROUND
) -> list[Legend]:
    """Give a legend for each answer that is shown: colours of its marks, names of plain ones.

    Parameters
    ----------
    data : Answers
        All answers.
    words : Words
        Texts in the reader's language.
    opacity : float
        Of the layer of answers, 0 to 1.
    under : (red, green, blue)
        The ground that shows through areas, 0 to 255.
    """
    found = [_legend_of(item, words, opacity, under) for item in data.items if item.shown]
    return [legend for legend in found if legend is not None]


def _legend_of(
    item: SavedAnalysis, words: Words, opacity: float, under: Rgb
) -> Legend | None:  # fmt: skip
    lines: dict[tuple[str, str], tuple[Entry, Shape]] = {}
    titles: list[str] = []
    for marks in item.outcome.marks:
        if not isinstance(marks.data, Features) or len(marks.data) == 0:
            continue
        if marks.name == "screening-facades":  # the colours of the zones on the ground
            continue
        name, shape = words.marks.get(marks.name, ""), _shape(marks)
        plain = look_of(marks).colouring is None
        if not plain:
            titles.append(name)
        for entry in _entries(marks, words, name or item.name):
            share = opacity * _share(marks) if shape == "area" else opacity
            colour = faded(entry.colour, share, under)
            lines.setdefault((entry.label, shape), (replace(entry, colour=colour), shape))
    if not lines:
        return None
    title = item.name
    if len(titles) == 1 and titles[0] and titles[0] not in title:
        title = f"{title} · {titles[0]}"
    estimate = any(marks.name.startswith("screening-") for marks in item.outcome.marks)
    if estimate and words.screening not in title:
        title = f"{title} ({words.screening})"
    entries = tuple(entry for entry, _ in lines.values())
    shapes = tuple(shape for _, shape in lines.values())
    if len(entries) == 1 and entries[0].label not in title:
        title = f"{title} · {entries[0].label}"
    return Legend(title, entries, shapes[0], shapes)


def _entries(marks: Marks, words: Words, name: str) -> tuple[Entry, ...]:
    look = look_of(marks)
    colouring, data = look.colouring, marks.data
    assert isinstance(data, Features)
    if colouring is None:
        return (Entry(name, look.colour),)
    if colouring.mode == "ranges" or colouring.field not in data.attributes.column_names:
        return colouring.entries
    there = {text for text in texts(data.attributes.column(colouring.field)) if text}
    return tuple(
        replace(entry, label=words.statuses.get(entry.value or "", entry.label))
        for entry in colouring.entries
        if entry.value in there
    )[:MOST]


def _share(marks: Marks) -> float:
    """Tell how much of their colour areas show on the ground."""
    return look_of(marks).fill or FILL.get(marks.kind, 1.0)


def _shape(marks: Marks) -> Shape:
    kind = marks.data.shapes.kind if isinstance(marks.data, Features) else np.empty(0)
    if len(kind) and (kind == POINT).mean() > 0.5:
        return "point"
    return "line" if len(kind) and (kind == LINE).mean() > 0.5 else "area"


def faded(colour: str, share: float, under: Rgb = GROUND) -> str:
    """Give a colour as it looks on the ground where it lets some of it through.

    >>> faded("#000000", 1.0), faded("#000000", 0.5)
    ('#000000', '#787874')
    """
    mixed = [round(a * share + b * (1.0 - share)) for a, b in zip(rgb(colour), under, strict=True)]
    return "#{:02x}{:02x}{:02x}".format(*mixed)

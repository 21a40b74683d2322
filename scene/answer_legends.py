"""Legends of the answers that are shown: their colours by status, number or text."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from layers.analyses.marks import look_of
from layers.kinds.answers import Answers, Marks
from layers.kinds.base import Features
from layers.shapes import LINE, POINT
from layers.style import Entry, Legend, texts
from scene.furniture import Words

MOST = 12  # lines of a legend of texts


def answer_legends(data: Answers, words: Words) -> list[Legend]:
    """Give a legend for each answer that is shown, of the first of its marks that has colours."""
    found: list[Legend] = []
    for item in data.items:
        if not item.shown:
            continue
        for marks in item.outcome.marks:
            entries = _entries(marks, words)
            if entries:
                estimate = marks.name.startswith("screening-")
                title = f"{item.name} ({words.screening})" if estimate else item.name
                found.append(Legend(title, entries, _shape(marks)))
                break
    return found


def _entries(marks: Marks, words: Words) -> tuple[Entry, ...]:
    look = look_of(marks)
    colouring, data = look.colouring, marks.data
    if not isinstance(data, Features) or len(data) == 0:
        return ()
    if colouring is None:
        return ()
    if colouring.mode == "ranges" or colouring.field not in data.attributes.column_names:
        return colouring.entries
    there = {text for text in texts(data.attributes.column(colouring.field)) if text}
    return tuple(
        replace(entry, label=words.statuses.get(entry.value or "", entry.label))
        for entry in colouring.entries
        if entry.value in there
    )[:MOST]


def _shape(marks: Marks) -> Literal["area", "line", "point"]:
    kind = marks.data.shapes.kind if isinstance(marks.data, Features) else np.empty(0)
    if len(kind) and (kind == POINT).mean() > 0.5:
        return "point"
    return "line" if len(kind) and (kind == LINE).mean() > 0.5 else "area"

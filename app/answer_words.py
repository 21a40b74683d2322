"""Answers in words: headings, cells, figures, what has changed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from app.wording import UNITS, Wording, current, dashed, unit_of
from layers.analyses.table import ANALYSES, analysis_of
from layers.kinds.answers import SavedAnalysis
from layers.project import Project
from layers.schemes_model import EXISTING

#: Columns that are for programs.
HIDDEN = frozenset(
    {"layer", "other_layer", "row", "line_layer", "line_object", "east", "north", "level"}
)

#: Columns of keys whose words begin with something of their own.
WORDED = {
    "class": "pipe-class-", "other_class": "pipe-class-", "check": "pipe-check-",
    "certainty": "pipe-certainty-", "rule": "pipe-rule-", "filled": "pipe-filled-",
    "why": "pipe-why-",
}  # fmt: skip


def analysis_name(key: str, words: Wording | None = None) -> str:
    """Give the name of an analysis."""
    return (words or current()).t(f"analysis-{dashed(key)}")


def status_name(status: str, words: Wording | None = None) -> str:
    """Give the words for a status."""
    return (words or current()).t(f"status-{status}")


def scheme_name(scheme: str, words: Wording | None = None) -> str:
    """Give the name of the scheme an answer is about, the existing city in words."""
    return (words or current()).t("answers-existing") if scheme == EXISTING else scheme


def heading(kind: str, column: str, words: Wording | None = None) -> str:
    """Give the heading of a column of an analysis, with its unit in brackets."""
    words = words or current()
    known = analysis_of(kind).columns if kind in ANALYSES else {}
    name = words.t(known[column]) if column in known else column_name(column, words)
    sign = UNITS.get(unit_of(column), ("", 1.0, 0))[0] if "_" in column else ""
    return f"{name} ({sign})" if sign else name


def column_name(column: str, words: Wording) -> str:
    """Give the words for a column or figure by its key, without its unit."""
    for key in (f"column-{dashed(column)}", f"column-{dashed(column.rpartition('_')[0])}"):
        text = words.t(key)
        if text != key:
            return text
    return words.value_name(column)


def cell(column: str, value: Any, words: Wording | None = None) -> str:
    """Write one value of a table: numbers in the digits of their unit, keys as words."""
    words = words or current()
    if isinstance(value, bool):
        return words.t("value-yes" if value else "value-no")
    if isinstance(value, list | tuple):
        return words.listed(cell(column, one, words) for one in value)
    if isinstance(value, float):
        _, factor, digits = UNITS.get(unit_of(column) if "_" in column else "", ("", 1.0, 2))
        return "" if math.isnan(value) else words.number(value * factor, digits)
    text = "" if value is None else str(value)
    if column in WORDED and words.has(f"{WORDED[column]}{dashed(text)}"):
        return words.t(f"{WORDED[column]}{dashed(text)}")
    if column == "note" and " " in text:
        return words.remark(text)
    return status_name(text, words) if column == "status" and text else worded(text, words, column)


def worded(text: str, words: Wording, column: str = "") -> str:
    """Give the words for a stable key, and anything else as it is.

    ``cell-COLUMN-KEY`` goes before ``cell-KEY``.
    """
    if not text or not text.isascii() or " " in text:
        return text
    for key in (f"cell-{dashed(column)}-{dashed(text)}", f"cell-{dashed(text)}"):
        found = words.t(key)
        if found != key:
            return found
    return text


def figure(column: str, value: Any, words: Wording | None = None) -> str:
    """Write a headline figure with its unit."""
    words = words or current()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return cell(column, value, words)
    if unit_of(column) in UNITS and "_" in column:
        return words.quantity(float(value), unit_of(column))
    return cell(column, value, words)


def fact_lines(item: SavedAnalysis, words: Wording | None = None) -> list[tuple[str, str]]:
    """Give the headline figures of an answer as name and value."""
    words = words or current()
    known = analysis_of(item.kind).columns if item.kind in ANALYSES else {}
    return [
        (words.t(known[k]) if k in known else column_name(k, words), figure(k, v, words))
        for k, v in item.outcome.facts.items()
    ]


def changed_words(project: Project, keys: Sequence[str], words: Wording | None = None) -> str:
    """Say which inputs of an answer have changed."""
    words = words or current()
    names = {layer.id: layer.name for layer in project.layers}
    out = []
    for key in keys:
        what, _, which = key.partition(":")
        which = scheme_name(which, words) if what == "scheme" else names.get(which, which)
        out.append(words.t(f"answers-input-{what}", name=which))
    return words.listed(out)

"""Values of attributes as people read and copy them."""

from __future__ import annotations

import math
from typing import Any

from app.wording import Wording
from layers.kinds.pipes import OWN_COLUMNS
from layers.object_table import AREA, HEIGHT, HEIGHT_FROM, ID, LENGTH, STATE, Column, ObjectTable

NOTHING = "–"
#: Key of the title of each computed column.
TITLES = {
    ID: "column-id",
    HEIGHT: "column-height",
    HEIGHT_FROM: "column-height-from",
    STATE: "column-state-now",
    AREA: "column-area",
    LENGTH: "column-length",
}
TITLES = {f"@{name}": f"column-pipe-{name.replace('_', '-')}" for name in OWN_COLUMNS} | TITLES
#: How else a computed column may be called in a filter, in any language.
NAMES = {"id": ID, "height": HEIGHT, "area": AREA, "length": LENGTH}
PIPE_NAMES = {name: f"@{name}" for name in OWN_COLUMNS}


def missing(value: Any) -> bool:
    """Say whether a cell holds nothing."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def plain(value: Any) -> str:
    """Write a value the same in every language, for files and the clipboard; "" for none."""
    if missing(value):
        return ""
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(value)


def shown(value: Any, words: Wording) -> str:
    """Write a value for the eye."""
    if missing(value):
        return NOTHING
    if isinstance(value, bool):
        return words.t("value-yes" if value else "value-no")
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value)


def title(column: Column, words: Wording, table: ObjectTable) -> str:
    """Give the heading of a column."""
    if not column.computed:
        return column.key
    if column.key == LENGTH and table.length_is_border:
        return words.t("column-border")
    return words.t(TITLES[column.key])


def filter_names(table: ObjectTable, words: Wording) -> dict[str, str]:
    """Give what else the columns may be called in a filter."""
    known = {column.key for column in table.columns}
    names = {name: key for name, key in (PIPE_NAMES | NAMES).items() if key in known}
    for column in table.columns:
        if column.computed:
            heading = title(column, words, table)
            names[heading] = column.key
            names[heading.partition(" (")[0].partition("（")[0]] = column.key
    return names


def rule_words(words: Wording) -> dict[str, str]:
    """Give the words for where a height came from."""
    rules = ("field", "floors", "default", "surfaces", "edited")
    return {rule: words.t(f"height-from-{rule}") for rule in rules}

"""The statement about sunlight on paper: basis, plan, buildings, windows, who takes the sun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.progress import Progress, Silent
from layers.project import Project

if TYPE_CHECKING:
    import pyarrow as pa

    from app.wording import Wording
    from layers.analyses.base import Note
    from layers.kinds.base import Layer
    from layers.paper.document import Block, Table
    from layers.planning.obstacles import Body
    from layers.planning.sunlight_statement import Requirement, Statement

MOST_ROWS = 1500  # windows that are printed; a table file holds all
BUILDINGS = (
    "object", "windows", "least_before_min", "short_before", "least_after_min", "short_after",
    "less", "lost", "worse", "caused_by", "caused_min",
)  # fmt: skip
WINDOWS = (
    "window", "azimuth", "before_min", "after_min", "change_min", "need_min", "result",
    "caused_by", "caused_min", "spells",
)  # fmt: skip


def write_statement(
    project: Project,
    params: Mapping[str, Any],
    path: Path,
    progress: Progress | None = None,
    *,
    author: str = "",
    date: str = "",
) -> tuple[Path, ...]:
    """Write the statement that parameters of the analysis ``sunlight`` ask for.

    Parameters
    ----------
    project : Project
        The city, or the snapshot of a scheme.
    params : mapping
        As the analysis takes them.
    path : pathlib.Path
        PDF, DOCX, XLSX or PNG.
    progress : Progress or None
        Told how far it is.
    author, date : str
        For the cover; the date is today's where it is "".

    Raises
    ------
    CityError
        As the analysis does, and where the file cannot be written.
    """
    from app.papers import document, write
    from app.wording import current
    from layers.paper.document import Signatures
    from layers.rules import chosen

    w = current()
    found = stated(project, params, progress)
    blocks: list[Block] = [
        *statement_blocks(found, w),
        Signatures((w.t("sunlight-paper-made-by"), w.t("sunlight-paper-checked-by"))),
    ]
    packs = {rule.pack for rule in found.asked.used}
    report = document(
        project, w.t("sunlight-paper-title"), blocks,
        subtitle=w.t("sunlight-paper-day", day=found.asked.day.date.isoformat()),
        layers=found.layers, packs=[pack for pack in chosen.packs() if pack.id in packs],
        author=author, date=date,
    )  # fmt: skip
    return write(report, path)


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement and what it was made of.

    Attributes
    ----------
    made, asked, notes, new : Statement, Requirement, tuple of Note, frozenset of (layer id, number)
        As `layers.analyses.sunlight.state` gives them.
    layers : tuple of Layer
        Buildings.
    names : dict of str to str
        Names of all layers.
    """

    made: Statement
    asked: Requirement
    notes: tuple[Note, ...]
    new: frozenset[Body]
    layers: tuple[Layer, ...]
    names: dict[str, str]


def stated(
    project: Project, params: Mapping[str, Any], progress: Progress | None = None
) -> Stated:  # fmt: skip
    """Count the sun that a statement tells of.

    Raises
    ------
    CityError
        As the analysis ``sunlight`` does.
    """
    from app.rules import own_folder
    from layers.analyses.base import params_of
    from layers.analyses.choosing import layers_named
    from layers.analyses.sunlight import ANALYSIS, state
    from layers.rules import chosen

    chosen.use([own_folder()])
    asked_for = params_of(ANALYSIS, params)
    made, asked, notes, new = state(project, asked_for, progress or Silent())
    layers = layers_named(project, asked_for.layers, "buildings")
    names = {layer.id: layer.name for layer in project.layers}
    return Stated(made, asked, tuple(notes), frozenset(new), tuple(layers), names)


def statement_blocks(
    found: Stated, words: Wording, *, level: int = 1, most: int = MOST_ROWS
) -> list[Block]:  # fmt: skip
    """Give a statement as it stands in a report: basis, plan, buildings, windows.

    Parameters
    ----------
    found : Stated
        The statement.
    words : Wording
        Language.
    level : int
        Of its headings.
    most : int
        Rows of a table that are printed.
    """
    from layers.paper.document import Heading, Paragraph, Picture
    from layers.planning.sunlight_drawing import statement_plan
    from layers.planning.sunlight_statement import building_table, window_table

    plan = statement_plan(found.made, found.layers, found.new, lambda key: _word(words, key))
    buildings = _changed(building_table(found.made, found.names))
    windows = _told(window_table(found.made, found.names))
    return [
        Heading(words.t("sunlight-paper-basis"), level),
        *(Paragraph(words.note(note), _tone(note.key)) for note in found.notes),
        Heading(words.t("sunlight-paper-plan"), level),
        Picture(plan, words.t("sunlight-paper-plan-caption")),
        Heading(words.t("sunlight-paper-buildings"), level),
        _table(buildings, BUILDINGS, words, "sunlight-paper-buildings", most),
        Heading(words.t("sunlight-paper-windows"), level),
        replace(_table(windows, WINDOWS, words, "sunlight-paper-windows", most), wide=True),
    ]


def _tone(key: str) -> Any:
    return "warning" if key.endswith(("unverified", "no_rule")) else "body"


def _word(words: Wording, key: str) -> str:
    cell = f"cell-{key}"
    return words.t(cell) if words.has(cell) else words.t(f"sunlight-paper-{key}")


def _changed(table: pa.Table) -> pa.Table:
    """Keep the buildings that lose sun, or without a before those that lack it."""
    import numpy as np
    import pyarrow as pa

    compared = "less" in table.column_names and "short_before" in table.column_names
    names = ("lost", "worse", "less") if compared else ("short_after",)
    columns = [np.asarray(table.column(name).to_numpy()) for name in names]
    kept = np.flatnonzero(np.sum(columns, axis=0) > 0)
    order = np.lexsort([-column[kept] for column in reversed(columns)])
    return table.take(pa.array(kept[order]))


def _told(table: pa.Table) -> pa.Table:
    """Keep the windows that lose sun, or without a before lack it, the worst first."""
    import pyarrow as pa

    order = {"lost": 0, "worse": 1, "less": 2}
    if "before_min" not in table.column_names:
        order = {"short": 0}
    results = table.column("result").to_pylist()
    rows = [i for i, result in enumerate(results) if result in order]
    rows.sort(key=lambda i: order[results[i]])
    return table.take(pa.array(rows, pa.int64()))


def _table(
    found: pa.Table, names: tuple[str, ...], words: Wording, title: str, most: int
) -> Table:  # fmt: skip
    """Make a table of some columns, worded."""
    from app.answer_words import cell, heading
    from layers.paper.document import Table

    wanted = [name for name in names if name in found.column_names]
    shown = found.slice(0, most)
    columns = [[cell(n, v, words) for v in shown.column(n).to_pylist()] for n in wanted]
    more = found.num_rows - shown.num_rows
    return Table(
        tuple(heading("sunlight", name, words) for name in wanted),
        tuple(tuple(row) for row in zip(*columns, strict=True)),
        words.t(title),
        statuses=tuple(shown.column("status").to_pylist()),
        note=words.t("paper-more-rows", count=more) if more > 0 else "",
    )

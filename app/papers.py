"""Reports on paper: what every report says of project and program, own templates, fonts."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app import settings
from app.wording import Wording, current
from layers.content import content_hash
from layers.kinds.base import Layer
from layers.planning.measure import program
from layers.project import Project

if TYPE_CHECKING:
    from layers.kinds.answers import SavedAnalysis
    from layers.paper.document import Block, Document, PackNote, Table
    from layers.paper.look import Look
    from layers.rules.loader import RulePack

LABEL_KEYS = (
    "page", "of", "end", "basis", "inputs", "input", "hash", "packs", "pack", "verified",
    "contents", "program", "project", "date", "author", "name", "signature", "figure", "table",
)  # fmt: skip


def template_folder() -> Path:
    """Give the folder of own templates; it need not exist."""
    return settings.config_folder() / "paper"


def look(folder: Path | None = None) -> Look:
    """Give fonts and templates: the font that pictures are written with comes first.

    Parameters
    ----------
    folder : pathlib.Path or None
        Own templates; None takes `template_folder`.
    """
    from layers.paper.look import FAMILIES, Look
    from scene.fonts import chinese_face, font

    face = chinese_face()
    if face is None:
        return Look(folder=folder or template_folder())
    family = font(12).getname()[0] or FAMILIES[0]
    return Look((face.path,), (family,), folder or template_folder())


def document(
    project: Project,
    title: str,
    blocks: Iterable[Block],
    *,
    subtitle: str = "",
    layers: Iterable[Layer] = (),
    packs: Iterable[RulePack] = (),
    author: str = "",
    date: str = "",
    facts: Iterable[tuple[str, str]] = (),
    cover: bool = True,
    contents: bool = False,
    wide: bool = False,
    words: Wording | None = None,
) -> Document:
    """Make a report that tells project, program, date, hashes and rule packs.

    Parameters
    ----------
    project : Project
        Its title is named.
    title, subtitle : str
        In the language of `words`.
    blocks : iterable of Block
        What it says; see `layers.paper.document`.
    layers : iterable of Layer
        What it was made of; their hashes are told.
    packs : iterable of RulePack
        By which rules it judges.
    author, date : str
        "" for the date takes today.
    facts : iterable of (str, str)
        Further lines of the cover.
    cover, contents, wide : bool
        As in `Document`.
    words : Wording or None
        Language; None takes the program's.
    """
    from layers.paper.document import Document, Input

    w = words or current()
    return Document(
        title, tuple(blocks), subtitle, project.info.title,
        date or datetime.date.today().isoformat(), program(), author, tuple(facts),
        tuple(Input(layer.name, content_hash(layer.data)) for layer in layers),
        tuple(pack_note(pack, w) for pack in packs), w.locale,
        {key: w.t(f"paper-{key}") for key in LABEL_KEYS}, cover, contents, wide,
    )  # fmt: skip


def pack_note(pack: RulePack, words: Wording | None = None) -> PackNote:
    """Tell a rule pack and how much of it somebody compared with the standard."""
    from layers.paper.document import PackNote

    w = words or current()
    title = pack.title_zh if w.locale == "zh-CN" and pack.title_zh else pack.title
    whole = pack.verified == len(pack.rules)
    key = "paper-pack-verified" if whole else "paper-pack-unverified"
    state = w.t(key, verified=w.number(pack.verified, 0), total=w.number(len(pack.rules), 0))
    return PackNote(f"{pack.standard} {title}", state, whole)


def answer_table(
    item: SavedAnalysis, words: Wording | None = None, *, columns: Iterable[str] = (),
    rows: Iterable[int] | None = None, title: str = "", wide: bool = False,
) -> Table:  # fmt: skip
    """Make a table of the rows of an answer, worded, with the colours of their status.

    Parameters
    ----------
    item : SavedAnalysis
        The answer.
    words : Wording or None
        Language; None takes the program's.
    columns : iterable of str
        Which columns; empty takes all that are for people.
    rows : iterable of int or None
        Which rows; None takes all.
    title : str
        Above the table.
    wide : bool
        Whether it stands on pages across.
    """
    import pyarrow as pa

    from app.answer_words import HIDDEN, cell, heading
    from layers.paper.document import Table

    w = words or current()
    table = item.outcome.table
    if rows is not None:
        table = table.take(pa.array(list(rows), pa.int64()))
    wanted = list(columns) or [name for name in table.column_names if name not in HIDDEN]
    values = {name: table.column(name).to_pylist() for name in wanted}
    body = zip(*([cell(name, value, w) for value in values[name]] for name in wanted), strict=True)
    states = table.column("status").to_pylist() if "status" in table.column_names else []
    return Table(
        tuple(heading(item.kind, name, w) for name in wanted), tuple(tuple(row) for row in body),
        title, statuses=tuple(state or "" for state in states), wide=wide,
    )  # fmt: skip


def answer_blocks(
    item: SavedAnalysis, words: Wording | None = None, *, columns: Iterable[str] = (),
    wide: bool = True, most: int = 0,
) -> list[Block]:  # fmt: skip
    """Give a kept answer as it stands in a report: heading, figures, remarks, table.

    Of the table only `most` rows are taken, where that is not 0.
    """
    from app.answer_words import analysis_name, fact_lines
    from layers.paper.document import Facts, Heading, Paragraph

    w = words or current()
    title = item.name or analysis_name(item.kind, w)
    blocks: list[Block] = [Heading(title, 2)]
    blocks.append(Facts(tuple(fact_lines(item, w))))
    blocks += [Paragraph(w.note(note), "note") for note in item.outcome.notes]
    if item.note:
        blocks.append(Paragraph(item.note))
    count = item.outcome.table.num_rows
    rows = range(min(most, count)) if most else None
    table = answer_table(item, w, columns=columns, rows=rows, wide=wide, title=title)
    if most and count > most:
        table = replace(table, note=w.t("paper-more-rows", count=count - most))
    return [*blocks, table]


def write(report: Document, path: str | Path, templates: Path | None = None) -> tuple[Path, ...]:
    """Write a report as PDF, DOCX, XLSX or PNG, by the ending of the name; give the files.

    Raises
    ------
    CityError
        ``font.no_chinese`` where the computer cannot write Chinese, and as
        `layers.paper.writing.write_document` says.
    """
    from layers.paper.writing import write_document
    from scene.fonts import check

    path = Path(path)
    if path.suffix.lower() in {".pdf", ".png"}:
        check(report.title, report.subtitle, report.project)
    return write_document(report, path, look(templates))

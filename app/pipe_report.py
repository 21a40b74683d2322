"""The report on a stock of pipes: lengths by one property and by two, quality, plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from app import papers
from app.pipe_maps import COLOURS, MapOptions, map_plate, speaker
from app.pipes_asking import Question, group_text, sum_up, surroundings
from app.wording import Wording
from layers.kinds.base import Layer
from layers.kinds.pipes import Pipes
from layers.pipes.classes import CLASSES
from layers.pipes.plate import Board, Plate, Stroke, text_width
from layers.progress import Progress, Silent
from layers.project import Project

if TYPE_CHECKING:
    from layers.paper.document import Block, Document, Table

BY = ("class", "material", "size", "age", "owner", "road")
BARS = 12  # groups that a chart shows
ROWS = 40  # groups that a table of the report lists; the others are one row


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What the report holds.

    Attributes
    ----------
    by : tuple of str
        Properties that get a chapter each; see `layers.pipes.statistics.DIMENSIONS`.
    cross : (str, str) or None
        Two properties that are laid against each other.
    question : Question
        Which pipes.
    quality, plan : bool
        Whether the findings of the check of quality, and a map, are in it.
    title, number, author, date, language : str
        As on every report.
    """

    by: tuple[str, ...] = BY
    cross: tuple[str, str] | None = ("class", "material")
    question: Question = field(default_factory=Question)
    quality: bool = True
    plan: bool = True
    title: str = ""
    number: str = ""
    author: str = ""
    date: str = ""
    language: str = ""


def statistics_report(
    project: Project, options: ReportOptions = ReportOptions(), words: Wording | None = None,
    progress: Progress = Silent(),
) -> Document:  # fmt: skip
    """Make the report.

    Raises
    ------
    CityError
        As statistics do.
    """
    from app.pipe_quality import pipe_layers
    from layers.paper.document import Heading, Paragraph, Picture, Sheet

    w = speaker(options.language, words)
    layers = [layer for name in options.question.layers or ("",) for layer in
              pipe_layers(project, name)]  # fmt: skip
    around = surroundings(project)
    blocks: list[Block] = [Heading(w.t("pipes-report-whole")),
                           *_whole(layers, project, options, around, w)]  # fmt: skip
    wanted = [by for by in options.by if by != "district" or around.districts is not None]
    for number, by in enumerate(wanted):
        progress.step(number, len(wanted) + 1, "progress-pipe-report")
        table = sum_up(project, (by,), options.question, around, w)
        blocks += [Heading(w.t("pipes-report-by", name=w.t(f"pipes-by-{by}"))),
                   Picture(_chart(by, table, w)), _groups(by, table, w)]  # fmt: skip
    if options.cross is not None:
        blocks += _crossed(project, options, around, w)
    if options.quality:
        blocks += [Heading(w.t("pipes-report-quality")), *_quality(project, layers, w)]
    if options.plan:
        plan = MapOptions(options.question, title=w.t("pipes-map-title"), number=options.number,
                          author=options.author, date=options.date, language=w.locale,
                          labels=False)  # fmt: skip
        blocks.append(Sheet(map_plate(project, plan, w)))
    blocks.insert(1, Paragraph(w.t("pipes-report-lengths"), "small"))
    progress.step(1, 1, "progress-pipe-report")
    return papers.document(
        project, options.title or w.t("pipes-report-title"), blocks, layers=layers,
        author=options.author, date=options.date, contents=True, words=w,
        facts=[(w.t("permit-fact-number"), options.number)] if options.number else [],
    )  # fmt: skip


def _whole(
    layers: Sequence[Layer], project: Project, options: ReportOptions, around: Any, words: Wording
) -> list[Block]:
    from layers.paper.document import Facts

    table = sum_up(project, ("status",), options.question, around, words)
    names = ("runs", "nodes", "plan_length_m", "true_length_m", "assumed")
    total = {name: sum(table.column(name).to_pylist()) for name in names}
    rows = [(words.t("pipes-report-layers"), words.listed(layer.name for layer in layers))]
    rows += [
        (words.t(f"pipes-report-{name.removesuffix('_m').replace('_', '-')}"),
         _km(value, words) if name.endswith("_m") else words.number(value, 0))
        for name, value in total.items()
    ]  # fmt: skip
    for row in table.to_pylist():
        name = group_text("status", row["status"], words)
        rows.append((name, _km(row["plan_length_m"], words)))
    return [Facts(tuple(rows))]


def _km(metres: float, words: Wording) -> str:
    return f"{words.number(metres / 1000.0, 3)} km"


def _groups(by: str, table: pa.Table, words: Wording) -> Table:
    """Give the groups as a table, the longest first, the last ones together."""
    from layers.paper.document import Table

    names = ("runs", "plan_length_m", "true_length_m", "share_percent", "mean_width_mm",
             "mean_age_years", "assumed")  # fmt: skip
    rows: list[tuple[Any, ...]] = [
        (group_text(by, row[by] or "", words), *(row[name] for name in names))
        for row in table.slice(0, ROWS).to_pylist()
    ]
    if table.num_rows > ROWS:
        rest = table.slice(ROWS)
        sums: dict[str, Any] = {name: sum(rest.column(name).to_pylist()) for name in names
                                if not name.startswith("mean")}  # fmt: skip
        title = words.t("pipes-report-others", count=words.number(rest.num_rows, 0))
        rows.append((title, *(sums.get(name) for name in names)))
    heads = [words.t(f"pipes-by-{by}")]
    heads += [words.t(f"pipes-report-head-{name.replace('_', '-')}") for name in names]
    return Table(tuple(heads), tuple(rows), digits=(0, 0, 1, 1, 1, 0, 0, 0))


def _chart(by: str, table: pa.Table, words: Wording) -> Plate:
    """Draw the lengths of the longest groups as bars."""
    rows = table.slice(0, BARS).to_pylist()
    wide, step = 170.0, 6.2
    high = step * len(rows) + 6.0
    board = Board()
    names = [group_text(by, row[by] or "", words) for row in rows]
    left = min(max([text_width(name, 2.6) for name in names], default=10.0) + 4.0, 60.0)
    most = max([row["plan_length_m"] for row in rows], default=1.0) or 1.0
    known = {item.key: item.colour for item in CLASSES}
    for k, (row, name) in enumerate(zip(rows, names, strict=True)):
        y = high - 3.0 - step * (k + 0.5)
        bar = (wide - left - 26.0) * row["plan_length_m"] / most
        colour = known.get(str(row[by]), COLOURS[0]) if by == "class" else COLOURS[0]
        board.text(left - 2.0, y, _short(name, left - 3.0), 2.6, anchor="end")
        board.rectangle(left, y - 1.9, left + bar, y + 1.9, colour, Stroke(0.1, "#666666"))
        board.text(left + bar + 2.0, y, _km(row["plan_length_m"], words), 2.4)
    board.line([(left, 2.0), (left, high - 2.0)], Stroke(0.25))
    return Plate(wide, high, tuple(board.shapes), words.t("pipes-report-title"))


def _short(text: str, wide: float) -> str:
    while len(text) > 1 and text_width(text, 2.6) > wide:
        text = text[:-2] + "…"
    return text


def _crossed(project: Project, options: ReportOptions, around: Any, words: Wording) -> list[Block]:
    """Lay two properties against each other: plan length in kilometres."""
    from layers.paper.document import Heading, Table
    from layers.pipes.statistics import crossed

    assert options.cross is not None
    one, two = options.cross
    table = crossed(sum_up(project, options.cross, options.question, around, words), options.cross)
    columns = table.column_names
    heads = [words.t(f"pipes-by-{one}")]
    heads += [group_text(two, name, words) for name in columns[1:]]
    rows = [
        (group_text(one, row[columns[0]] or "", words),
         *(None if row[name] is None else row[name] / 1000.0 for name in columns[1:]))
        for row in table.to_pylist()
    ]  # fmt: skip
    title = words.t("pipes-report-cross", one=words.t(f"pipes-by-{one}"),
                    two=words.t(f"pipes-by-{two}"))  # fmt: skip
    return [Heading(title), Table(tuple(heads), tuple(rows), digits=(0, *[3] * (len(heads) - 1)),
                                  wide=len(heads) > 12)]  # fmt: skip


def _quality(project: Project, layers: Sequence[Layer], words: Wording) -> list[Block]:
    """Count the findings of the check of quality, layer by layer."""
    from app.pipe_quality import quality_of
    from layers.paper.document import Paragraph, Table
    from layers.pipes.quality import counts

    rows: list[tuple[Any, ...]] = []
    for layer in layers:
        assert isinstance(layer.data, Pipes)
        found = counts(quality_of(project, layer))
        rows += [(layer.name, words.t(f"pipes-issue-{issue}"), n) for issue, n in found.items()]
    if not rows:
        return [Paragraph(words.t("pipes-report-no-issues"))]
    heads = tuple(words.t(f"pipes-report-head-{name}") for name in ("layer", "issue", "count"))
    return [Table(heads, tuple(rows), widths=(1.0, 2.0, 0.6))]

"""The planning report in words: its sections, one after the other."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from app.answer_words import analysis_name, cell, changed_words, heading, status_name
from app.papers import answer_blocks, answer_table
from app.rule_words import rule_name, when_of
from app.rules import figure_of
from app.scheme_reports import figure_rows, figure_values, scheme_word
from app.sunlight_paper import MOST_ROWS, statement_blocks
from app.wording import Wording
from layers.paper.document import (
    Block,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Signatures,
    Table,
)
from layers.planning.skyline_drawing import skyline_plate
from layers.project import Project
from layers.schemes import captured
from layers.schemes_model import EXISTING

if TYPE_CHECKING:
    from app.planning_pictures import Drawn
    from app.planning_report import Findings, ReportOptions, Seen
    from layers.kinds.answers import SavedAnalysis

FEW = 25  # rows of a table that are printed in a report for reading
KEPT = 10  # rows of a kept answer
BESIDE = 195.0  # millimetres of pictures beside each other: two of them stand on a page
LINES = ("object", "name", "line", "line_class", "relation", "distance_m", "setback_m",
         "shortfall_m", "intrusion_m2", "status", "document", "clause")  # fmt: skip
PLOTS = ("zone", "land_use", "site_m2", "buildings_count", "floor_area_m2", "far", "far_limit",
         "density_percent", "green_percent", "height_max_m", "height_limit_m",
         "status")  # fmt: skip


def blocks_of(
    project: Project, options: ReportOptions, found: Findings, drawn: Drawn | None, words: Wording,
    *, numbers: bool = False,
) -> list[Block]:  # fmt: skip
    """Give the sections of a planning report.

    Parameters
    ----------
    project : Project
        The project.
    options : ReportOptions
        What was asked for.
    found, drawn : Findings, Drawn or None
        What was found, and the pictures.
    words : Wording
        Language.
    numbers : bool
        Whether tables keep numbers and all their rows, for a workbook.
    """
    most = MOST_ROWS if numbers else FEW
    blocks: list[Block] = [
        *_findings(found, words),
        *_schemes(project, found, words),
        *(_location(drawn, words) if drawn is not None else []),
        *(_views(drawn, words) if drawn is not None else []),
        *_figures(project, found, words, numbers=numbers),
        *_lines(found, words, most),
        *_plots(found, words, most),
        *_sun(options, found, words, most),
        *_sight(options, found, drawn, words),
        *_kept(project, found, words),
        *_rules(found, words),
        Signatures((words.t("sunlight-paper-made-by"), words.t("sunlight-paper-checked-by"))),
    ]
    return blocks


def _findings(found: Findings, words: Wording) -> list[Block]:
    """Tell the outcome first: one row per check, one column per scheme."""
    rows: list[tuple[str, list[float]]] = []
    if any("six-lines" in held for held in found.answers.values()):
        fresh = {name: new_lines(found, name) for name in found.names}
        counts = [float(len(fresh[name])) for name in found.names]
        rows.append((words.t("planning-lines-new"), counts))
        rows.append((words.t("planning-lines-area"), [
            _total(found.answers[name].get("six-lines"), "intrusion_m2", fresh[name])
            for name in found.names
        ]))  # fmt: skip
    if any("indicators" in held for held in found.answers.values()):
        failing = {n: _broken(found.answers[n].get("indicators")) for n in found.answers}
        before = failing.get(EXISTING, set())
        rows.append((words.t("planning-plots-failing"), [
            float(len(failing[name] - before)) for name in found.names
        ]))  # fmt: skip
    for key in ("lost", "worse") if found.sun else ():
        counts = [float(_sun_count(found, n, key)) if n in found.sun else 0.0 for n in found.names]
        rows.append((words.t(f"planning-sun-{key}"), counts))
    for number, seen in enumerate(found.seen, start=1):
        if seen.sight:
            rows.append((words.t("planning-hidden", number=number), [
                float(not _is_seen(seen.sight[name])) if name in seen.sight else math.nan
                for name in found.names
            ]))  # fmt: skip
    heads = [scheme_word(name, words) for name in found.names]
    body = [
        (what, *(_told(v, words) for v in values), _better(values, heads, words))
        for what, values in rows
    ]
    head = (words.t("planning-column-check"), *heads, words.t("compare-column-best"))
    states = tuple("fail" if any(v > 0.0 for v in values) else "pass" for _, values in rows)
    return [
        Heading(words.t("planning-findings")),
        Paragraph(words.t("planning-findings-lead")),
        Table(head, tuple(body), words.t("planning-findings"), statuses=states),
    ]


def _told(value: float, words: Wording) -> str:
    whole = abs(value - round(value)) < 1e-9 if math.isfinite(value) else True
    return "-" if math.isnan(value) else words.number(value, 0 if whole else 1)


def _better(values: Sequence[float], heads: Sequence[str], words: Wording) -> str:
    known = [value for value in values if math.isfinite(value)]
    if not known or max(known) - min(known) < 1e-9:
        return words.t("planning-equal")
    return words.listed(h for h, v in zip(heads, values, strict=True) if abs(v - min(known)) < 1e-9)


def _total(item: SavedAnalysis | None, column: str, rows: Sequence[int]) -> float:
    if item is None or not len(rows):
        return 0.0
    return float(np.nansum(item.outcome.table.column(column).to_numpy()[list(rows)]))


def _broken(item: SavedAnalysis | None) -> set[tuple[Any, ...]]:
    """Give plot and limit of each limit that is not kept."""
    if item is None:
        return set()
    limits = [name for name in item.outcome.table.column_names if name.endswith("_status")]
    return {
        (row["layer"], row["object"], name)
        for row in _plain(item)
        for name in limits
        if row[name] == "fail"
    }


def _is_seen(item: SavedAnalysis) -> bool:
    return bool(item.outcome.table.column("seen")[0].as_py())


def _schemes(project: Project, found: Findings, words: Wording) -> list[Block]:
    """Tell which schemes are compared: who made them when, and what they change."""
    schemes = captured(project)
    rows = []
    for name in found.names:
        scheme = schemes.find(name)
        if scheme is None:
            rows.append((scheme_word(name, words), *[""] * 7))
            continue
        parent = schemes.get(scheme.parent).name if scheme.parent else EXISTING
        counts = scheme.counts()
        rows.append((
            name, scheme_word(parent, words), scheme.author, scheme.changed[:16].replace("T", " "),
            *(words.number(counts[key], 0) for key in ("added", "changed", "removed")), scheme.note,
        ))  # fmt: skip
    keys = ("name", "parent", "author", "edited", "added", "changed", "removed")
    head = tuple(words.t(f"schemes-column-{key}") for key in keys)
    return [
        Heading(words.t("planning-schemes")),
        Table((*head, words.t("planning-column-remark")), tuple(rows), words.t("planning-schemes")),
    ]


def _location(drawn: Drawn, words: Wording) -> list[Block]:
    return [
        PageBreak(),
        Heading(words.t("planning-location")),
        Picture(drawn.location, words.t("planning-location-caption"), wide=True),
    ]


def _views(drawn: Drawn, words: Wording) -> list[Block]:
    """Show the schemes beside each other at the same cameras, and what each changes."""
    blocks: list[Block] = [PageBreak(), Heading(words.t("planning-views"))]
    blocks.append(Paragraph(words.t("planning-views-lead"), "small"))
    for name, picture in drawn.views:
        blocks.append(Picture(picture, name, BESIDE, wide=True))
    if drawn.same:
        told = words.t("planning-views-same", names=words.listed(drawn.same))
        blocks.append(Paragraph(told, "note"))
    blocks += [Heading(words.t("planning-differences")), Picture(
        drawn.differences, words.t("planning-differences-caption"), wide=True
    )]  # fmt: skip
    return blocks


def _figures(
    project: Project, found: Findings, words: Wording, *, numbers: bool
) -> list[Block]:  # fmt: skip
    title = words.t("planning-figures")
    names = list(found.names)
    table: Table
    if numbers:
        header, body = figure_values(found.figures, names, words)
        table = Table(tuple(header), tuple(tuple(row) for row in body), title)
    else:
        heads = [scheme_word(name, words) for name in names]
        rows = figure_rows(project, names, words, found.figures)
        table = Table(
            (words.t("compare-column-what"), *heads, words.t("compare-column-best")),
            tuple((r.what, *r.cells, words.listed(heads[i] for i in r.best)) for r in rows),
            title,
        )
    first = scheme_word(names[0], words)
    return [
        PageBreak(), Heading(title), Paragraph(words.t("planning-figures-lead", name=first)), table
    ]  # fmt: skip


def new_lines(found: Findings, name: str) -> list[int]:
    """Give the rows of a scheme's check of control lines that the existing city does not have."""
    item, before = (found.answers[n].get("six-lines") for n in (name, EXISTING))
    if item is None:
        return []
    old = set() if before is None else {_line_key(row) for row in _plain(before)}
    return [k for k, row in enumerate(_plain(item)) if _line_key(row) not in old]


def _plain(item: SavedAnalysis) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = item.outcome.table.to_pylist()
    return found


def _line_key(row: dict[str, Any]) -> tuple[Any, ...]:
    measured = (round(row["distance_m"], 2), round(row["intrusion_m2"], 1))
    return (row["layer"], row["object"], row["line_layer"], row["line_object"], *measured)


def _lines(found: Findings, words: Wording, most: int) -> list[Block]:
    """Tell which buildings of each scheme break control lines that the existing city keeps."""
    title = analysis_name("six-lines", words)
    blocks: list[Block] = [Heading(title)]
    before = found.answers[EXISTING].get("six-lines")
    if before is None:
        return [*blocks, Paragraph(words.t("planning-lines-none"), "note")]
    old = before.outcome.facts
    blocks.append(Paragraph(words.t(
        "planning-lines-lead", buildings=words.number(float(old["buildings_failing_count"]), 0)
    )))  # fmt: skip
    for name in found.names:
        item = found.answers[name].get("six-lines")
        if name == EXISTING or item is None:
            continue
        rows = new_lines(found, name)
        blocks.append(Heading(scheme_word(name, words), 2))
        if not rows:
            blocks.append(Paragraph(words.t("planning-lines-fine")))
            continue
        told = [n for n in LINES if any(v not in (None, "") for v in _of(item, n, rows))]
        table = answer_table(item, words, columns=told, rows=rows[:most], title=f"{title} {name}")
        blocks.append(_cut(table, len(rows), words))
    blocks += [Paragraph(words.note(note), "note") for note in before.outcome.notes]
    return blocks


def _of(item: SavedAnalysis, column: str, rows: Sequence[int]) -> list[Any]:
    values: list[Any] = item.outcome.table.column(column).take(list(rows)).to_pylist()
    return values


def _cut(table: Table, count: int, words: Wording) -> Table:
    more = count - len(table.rows)
    return replace(table, note=words.t("paper-more-rows", count=more)) if more > 0 else table


def _plots(found: Findings, words: Wording, most: int) -> list[Block]:
    """Tell the indicators of the plots that a scheme changes, scheme below scheme."""
    title = words.t("planning-plots")
    held = {name: one["indicators"] for name, one in found.answers.items() if "indicators" in one}
    before = held.get(EXISTING)
    if before is None:
        return [Heading(title), Paragraph(words.t("planning-plots-none"), "note")]
    names = [n for n in PLOTS if n in before.outcome.table.column_names]
    worded = {
        name: {
            (row["layer"], row["object"]): (
                [cell(n, row[n], words) for n in names], str(row["status"])
            )
            for row in _plain(item)
        }
        for name, item in held.items()
    }  # fmt: skip
    touched = [
        key for key, row in worded[EXISTING].items()
        if any(key in one and one[key] != row for one in worded.values())
    ]  # fmt: skip
    if not touched:
        return [Heading(title), Paragraph(words.t("planning-plots-same"))]
    rows: list[tuple[str, ...]] = []
    states: list[str] = []
    for key in touched[:most]:
        for name, one in worded.items():
            cells, status = one.get(key, ([""] * len(names), ""))
            rows.append((cells[0], scheme_word(name, words), *cells[1:]))
            states.append(status)
    head = [heading("indicators", name, words) for name in names]
    table = Table(
        (head[0], words.t("answers-column-scheme"), *head[1:]), tuple(rows), title,
        statuses=tuple(states),
        note=words.t("paper-more-rows", count=len(touched) - most) if len(touched) > most else "",
    )  # fmt: skip
    notes = [Paragraph(words.note(note), "note") for note in before.outcome.notes]
    return [Heading(title), Paragraph(words.t("planning-plots-lead")), table, *notes]


def _sun(options: ReportOptions, found: Findings, words: Wording, most: int) -> list[Block]:
    """Tell the statement about sunlight of each scheme, before and after."""
    if not options.sunlight:
        return []
    blocks: list[Block] = [PageBreak(), Heading(words.t("sunlight-paper-title"))]
    heads = [scheme_word(name, words) for name in found.sun]
    if found.sun:
        body: list[tuple[str | int, ...]] = [
            (words.t(f"planning-sun-{key}"), *(_sun_count(found, name, key) for name in found.sun))
            for key in ("windows", "before", "after", "lost", "worse", "buildings")
        ]
        head = (words.t("compare-column-what"), *heads)
        table = Table(head, tuple(body), words.t("planning-sun-summary"))
        blocks += [Paragraph(words.t("planning-sun-lead")), table]
    for name, error in found.sun_missing.items():
        told = words.error(error)[0]
        blocks.append(Paragraph(f"{scheme_word(name, words)}: {told}", "note"))
    for name, one in found.sun.items():
        title = f"{words.t('sunlight-paper-title')} · {scheme_word(name, words)}"
        blocks.append(Heading(title, 2))
        blocks += statement_blocks(one, words, level=3, most=most)
    return blocks


def _sun_count(found: Findings, name: str, key: str) -> int:
    """Count windows of a statement: all that existed, below the rule before and after, ..."""
    made = found.sun[name].made
    results = made.results()
    if key in {"lost", "worse"}:
        return results.count(key)
    if key == "buildings":
        bodies = zip(made.windows.layers, made.windows.building.tolist(), strict=True)
        worse = zip(bodies, results, strict=True)
        return len({body for body, result in worse if result in {"lost", "worse"}})
    if key == "windows":
        return int(made.existed.sum())
    holds = made.holds_before if key == "before" else made.holds_after
    return int((made.existed & ~holds).sum())


def _sight(
    options: ReportOptions, found: Findings, drawn: Drawn | None, words: Wording
) -> list[Block]:  # fmt: skip
    """Tell what is seen from the places: picture, whether the target is seen, skyline."""
    if not found.seen:
        return []
    blocks: list[Block] = [PageBreak(), Heading(words.t("planning-sight"))]
    for number, seen in enumerate(found.seen, start=1):
        east, north, up = (words.number(v, 1) for v in seen.place)
        told = words.t("planning-sight-place", number=number, east=east, north=north, up=up)
        blocks.append(Heading(told, 2))
        if drawn is not None:
            told = words.t("planning-eye-caption")
            blocks.append(Picture(drawn.eyes[number - 1], told, wide=True))
        if seen.sight:
            blocks.append(_target(options, seen, words))
        before = seen.lines[EXISTING]
        for name, line in seen.lines.items():
            if name == EXISTING:
                continue
            title = words.t("planning-skyline", name=scheme_word(name, words))
            plate = skyline_plate(line, lambda key: words.t(f"skyline-{key}"), before, title)
            blocks.append(Picture(plate, title))
    return blocks


def _target(options: ReportOptions, seen: Seen, words: Wording) -> Table:
    """Say for each scheme whether the target is seen, and what stands before it."""
    names = ("length_m", "seen", "free_m", "object")
    rows: list[tuple[str, ...]] = []
    states: list[str] = []
    for name, item in seen.sight.items():
        row = _plain(item)[0]
        told = (cell(column, row[column], words) for column in names)
        rows.append((scheme_word(name, words), *told))
        states.append("pass" if row["seen"] else "fail")
    head = (heading("sight-lines", name, words) for name in names)
    to = ", ".join(words.number(v, 1) for v in options.look_to)
    return Table(
        (words.t("answers-column-scheme"), *head), tuple(rows), words.t("planning-target", to=to),
        statuses=tuple(states),
    )  # fmt: skip


def _kept(project: Project, found: Findings, words: Wording) -> list[Block]:
    """Tell the answers kept in the project; of stale ones only that they are."""
    if not found.kept:
        return []
    rows: list[tuple[str, ...]] = []
    states: list[str] = []
    for item, changes in found.kept:
        told = changed_words(project, changes, words) if changes else words.t("planning-holds")
        status = item.outcome.status
        rows.append((
            item.name, analysis_name(item.kind, words),
            scheme_word(item.scheme or EXISTING, words),
            words.t("answers-is-stale") if changes else status_name(status, words),
            item.created[:16].replace("T", " "), told,
        ))  # fmt: skip
        states.append("none" if changes else status)
    keys = ("name", "analysis", "scheme", "status", "created", "stale")
    head = tuple(words.t(f"answers-column-{key}") for key in keys)
    title = words.t("planning-kept")
    blocks: list[Block] = [
        PageBreak(), Heading(title), Paragraph(words.t("planning-kept-lead")),
        Table(head, tuple(rows), title, statuses=tuple(states)),
    ]  # fmt: skip
    for item, changes in found.kept:
        if not changes:
            held = answer_blocks(item, words, columns=_shown(item), wide=False, most=KEPT)
            blocks += [one for one in held if not isinstance(one, Table) or one.rows]
    return blocks


def _shown(item: SavedAnalysis) -> Iterable[str]:
    """Give the columns of an answer for people: those its analysis names, or those with values."""
    from app.answer_words import HIDDEN
    from layers.analyses.table import ANALYSES, analysis_of

    table = item.outcome.table
    short = getattr(analysis_of(item.kind), "short", ()) if item.kind in ANALYSES else ()
    names = [n for n in short or table.column_names if n in table.column_names and n not in HIDDEN]
    return [n for n in names if any(v not in (None, "") for v in table.column(n).to_pylist())]


def _rules(found: Findings, words: Wording) -> list[Block]:
    """List the rules that the checks go by, and whether anybody compared them with the source."""
    if not found.rules:
        return []
    rows = tuple(
        (
            f"{rule.standard or rule.pack} {rule.clause}".strip(), rule_name(rule.key, words),
            figure_of(rule), when_of(rule, words),
            words.t(f"rules-known-{rule.known}"),
            rule.checked_on if rule.verified else words.t("rules-unchecked"),
        )
        for rule in found.rules
    )  # fmt: skip
    states = tuple("pass" if rule.verified else "warning" for rule in found.rules)
    keys = ("clause", "key", "figure", "when", "known", "checked")
    checked = sum(rule.verified for rule in found.rules)
    title = words.t("planning-rules")
    told = words.t("planning-rules-lead", count=len(found.rules), checked=checked)
    return [
        PageBreak(), Heading(title), Paragraph(told, "body" if checked else "warning"),
        Table(tuple(words.t(f"rules-column-{key}") for key in keys), rows, title, statuses=states),
    ]  # fmt: skip

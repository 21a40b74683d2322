"""The review of an exercise on paper, its log as a file: planned beside actual, delays, scores."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import papers
from app.drill_words import clock, entry_words
from app.wording import Wording, current
from layers.drills.log import Exercise
from layers.drills.plan import Plan
from layers.drills.review import delays, delays_by_role, scores, whole_score
from layers.errors import CityError
from layers.files.safe_write import replacing
from layers.paper.document import Facts, Heading, Listing, Paragraph, Signatures, Table
from layers.project import Project

if TYPE_CHECKING:
    from layers.paper.document import Block, Document

LOG_HEADS = ("number", "moment", "second", "author", "act", "about", "text", "east", "north",
             "value")  # fmt: skip

GOALS = ("objective", "weight", "done", "in-time", "mean", "score", "remark", "author")
ROLES = ("role", "done", "mean", "most")
STEPS = ("planned", "step", "role", "actual", "ended", "late", "longer")


def later(seconds: float | None) -> str:
    """Give a delay with its sign, "" for none.

    Examples
    --------
    >>> later(75.0), later(-5.0), later(None)
    ('+0:01:15', '-0:00:05', '')
    """
    if seconds is None:
        return ""
    sign = "-" if round(seconds) < 0 else "+"
    return f"{sign}{clock(abs(seconds))}"


def step_rows(plan: Plan, run: Exercise, words: Wording | None = None) -> list[tuple[str, ...]]:
    """Give planned, step, role, actual, end, delay, how much longer, of each step."""
    titles = {step.id: step.title for step in plan.steps}
    roles = {role.id: role.name for role in plan.roles}
    skipped, w = run.skipped(), words or current()
    out: list[tuple[str, ...]] = []
    for row in delays(plan, run):
        actual = "" if row.actual_s is None else clock(row.actual_s)
        if row.step in skipped:
            actual = w.t("drill-review-skipped")
        ended = "" if row.actual_end_s is None else clock(row.actual_end_s)
        out.append(
            (clock(row.planned_s), titles[row.step], roles.get(row.role, row.role), actual, ended,
             later(row.late_s), later(row.longer_s))
        )  # fmt: skip
    return out


def role_rows(plan: Plan, run: Exercise) -> list[tuple[str, ...]]:
    """Give role, steps done of all, mean and longest delay, those with the longest mean first."""
    roles = {role.id: role.name for role in plan.roles}
    return [
        (roles.get(row.role, row.role) or "-", f"{row.done} / {row.steps}", later(row.mean_s),
         later(row.most_s))
        for row in delays_by_role(delays(plan, run))
    ]  # fmt: skip


def score_rows(plan: Plan, run: Exercise) -> list[tuple[str, ...]]:
    """Give objective, weight, steps done, in time, mean delay, score, remark, evaluator."""
    return [
        (row.text, f"{row.weight:g}", f"{row.done} / {row.steps}", f"{row.on_time} / {row.steps}",
         later(row.mean_late_s), "" if row.value is None else f"{row.value:g}", row.remark,
         row.author)
        for row in scores(plan, run)
    ]  # fmt: skip


def review(project: Project, plan: Plan, run: Exercise, *, locale: str = "") -> Document:
    """Write the review of an exercise.

    Parameters
    ----------
    project : Project
        The city.
    plan : Plan
        As it was when it was run.
    run : Exercise
        What was logged.
    locale : str
        Language; "" takes the program's.
    """
    w = Wording(locale) if locale else current()
    whole = whole_score(scores(plan, run))
    done = sum(row.actual_s is not None for row in delays(plan, run))
    blocks: list[Block] = [
        Heading(w.t("drill-review-what")),
        Facts(
            (
                (w.t("drill-review-run"), run.name),
                (w.t("drill-paper-begins"), run.began.replace("T", " ")[:19]),
                (w.t("drill-paper-length"), clock(run.seconds)),
                (w.t("drill-column-version"), str(run.version)),
                (w.t("drill-review-done"), f"{done} / {len(plan.steps)}"),
                (w.t("drill-paper-score"), "-" if whole is None else f"{whole:.0f} / 100"),
            )
        ),
    ]
    if plan.objectives:
        blocks += [
            Heading(w.t("drill-review-scores")),
            _table(w, GOALS, score_rows(plan, run)),
        ]
    blocks += [
        Heading(w.t("drill-review-roles")),
        _table(w, ROLES, role_rows(plan, run)),
        Heading(w.t("drill-review-steps")),
        _table(w, STEPS, step_rows(plan, run, w), wide=True),
        Heading(w.t("drill-review-log")),
        Listing(tuple(entry_words(plan, entry, w) for entry in run.entries)),
        Paragraph(w.t("drill-paper-exercise"), tone="note"),
        Signatures((w.t("drill-paper-evaluator"), w.t("drill-paper-leader"))),
    ]
    return papers.document(
        project, plan.name, tuple(blocks), subtitle=w.t("drill-review"), words=w,
        author=plan.author,
    )  # fmt: skip


def log_records(run: Exercise) -> list[dict[str, Any]]:
    """Give the entries of a log as plain values, one place in two columns."""
    out = []
    for entry in run.entries:
        record = asdict(entry)
        place = record.pop("place")
        record["east"], record["north"] = place[0] if place else ("", "")
        out.append({head: record[head] for head in LOG_HEADS})
    return out


def write_log(run: Exercise, path: Path, *, locale: str = "") -> Path:
    """Write the log: .csv for a table, .jsonl for what was logged as it was.

    Raises
    ------
    CityError
        ``drill.log_suffix``; those of writing.
    """
    if path.suffix.lower() == ".jsonl":
        text = "".join(json.dumps(asdict(e), ensure_ascii=False) + "\n" for e in run.entries)
    elif path.suffix.lower() == ".csv":
        w = Wording(locale) if locale else current()
        file = io.StringIO()
        writer = csv.writer(file)
        writer.writerow([w.t(f"drill-log-head-{head}") for head in LOG_HEADS])
        writer.writerows([list(record.values()) for record in log_records(run)])
        text = "\ufeff" + file.getvalue()
    else:
        raise CityError(
            "drill.log_suffix",
            f"A log cannot be written as '{path.suffix}'.",
            hint="write .csv or .jsonl",
            where=path.name,
            suffix=path.suffix,
        )
    with replacing(path) as target:
        target.write_bytes(text.encode("utf-8"))
    return path


def _table(
    w: Wording, heads: tuple[str, ...], rows: list[tuple[str, ...]], *, wide: bool = False
) -> Table:
    names = tuple(w.t(f"drill-review-head-{head}") for head in heads)
    return Table(names, tuple(rows), wide=wide)

"""Commands about exercises: what was run, its log, its review, what happened at a second."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from app.cli_output import say, say_json, table
from app.cli_project import ProjectFile, opened
from app.wording import current

if TYPE_CHECKING:
    from app.api import City
    from layers.drills.log import Exercise

PlanName = Annotated[str, Argument(help="Name or number of the plan.")]
Run = Annotated[int, Option("--run", help="Number of the exercise; 0 for the last one.")]


def register(group: typer.Typer) -> None:
    """Add the commands to the group of drills."""
    for command in (log, review):
        group.command(command.__name__)(command)


def log(
    project: ProjectFile,
    name: PlanName,
    run: Run = 0,
    runs: Annotated[bool, Option("--list", help="List the exercises of the plan.")] = False,
    out: Annotated[Path | None, Option(help="File to write: .csv or .jsonl.")] = None,
    as_json: Annotated[bool, Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Tell every act of an exercise: when, who, what.

    [bold]Examples[/bold]

    citystage drill log city.gpkg "Gas leak" --list

    citystage drill log city.gpkg "Gas leak" --run 3 --out log.csv
    """
    from app.drill_review import log_records, write_log
    from app.drill_words import clock, entry_words
    from layers.drills.edits import drills_of

    w = current()
    with opened(project, read_only=True) as city:
        kept = city.runs(name)
        if runs or not kept:
            _list(kept, as_json=as_json)
            return
        one = chosen_run(city, name, run)
        if out is not None:
            say(w.t("cli-wrote", path=str(write_log(one, out))))
        elif as_json:
            say_json({"run": one.id, "name": one.name, "entries": log_records(one)})
        else:
            plan = drills_of(city.project).plan_of(one)
            say(f"{one.name}, {clock(one.seconds)}")
            for entry in one.entries:
                say("  " + entry_words(plan, entry))


def review(
    project: ProjectFile,
    name: PlanName,
    run: Run = 0,
    out: Annotated[
        list[Path] | None, Option(help="File to write: .pdf, .docx, .xlsx; repeat.")
    ] = None,
    as_json: Annotated[bool, Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Hold an exercise against its plan: steps and roles with delays, objectives with scores.

    [bold]Examples[/bold]

    citystage drill review city.gpkg "Gas leak"

    citystage drill review city.gpkg "Gas leak" --out review.pdf --out review.xlsx
    """
    from app import drill_review, papers
    from layers.drills.edits import drills_of

    w = current()
    with opened(project, read_only=True) as city:
        one = chosen_run(city, name, run)
        plan = drills_of(city.project).plan_of(one)
        if out:
            made = drill_review.review(city.project, plan, one)
            for path in out:
                for file in papers.write(made, path):
                    say(w.t("cli-wrote", path=str(file)))
            return
        if as_json:
            say_json(review_facts(plan, one))
            return
        for head, heads, rows in (
            ("scores", drill_review.GOALS, drill_review.score_rows(plan, one)),
            ("roles", drill_review.ROLES, drill_review.role_rows(plan, one)),
            ("steps", drill_review.STEPS, drill_review.step_rows(plan, one)),
        ):
            say(w.t(f"drill-review-{head}"))
            table([w.t(f"drill-review-head-{key}") for key in heads], [list(row) for row in rows])


def review_facts(plan: Any, run: Exercise) -> dict[str, Any]:
    """Give the review as values that JSON can hold; times are seconds of the exercise."""
    from dataclasses import asdict

    from layers.drills.review import delays, delays_by_role, scores, whole_score

    rows = delays(plan, run)
    goals = scores(plan, run)
    return {
        "run": run.id, "name": run.name, "began": run.began, "seconds": run.seconds,
        "score": whole_score(goals), "objectives": [asdict(goal) for goal in goals],
        "roles": [asdict(role) for role in delays_by_role(rows)],
        "steps": [{**asdict(row), "late_s": row.late_s, "longer_s": row.longer_s} for row in rows],
    }  # fmt: skip


def chosen_run(city: City, name: str, number: int) -> Exercise:
    """Give an exercise of a plan by its number, the last one for 0.

    Raises
    ------
    CityError
        ``drill.no_such_run``.
    """
    from layers.drills.edits import drills_of

    kept = city.runs(name)
    if number == 0 and kept:
        return kept[-1]
    return drills_of(city.project).run(number)


def _list(kept: tuple[Exercise, ...], *, as_json: bool) -> None:
    from app.drill_words import clock

    if as_json:
        say_json({"runs": [
            {"id": one.id, "name": one.name, "began": one.began, "seconds": one.seconds,
             "entries": len(one.entries), "version": one.version} for one in kept
        ]})  # fmt: skip
        return
    if not kept:
        say(current().t("drill-runs-none"))
    for one in kept:
        say(current().t("drill-run-row", id=one.id, name=one.name, entries=len(one.entries),
                        length=clock(one.seconds)))  # fmt: skip

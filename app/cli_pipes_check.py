"""Holding pipes against rules from the command line."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer import Option

from app.cli_analyses import AsCsv, AsJson, Out, SaveAs, Scheme, answer
from app.cli_project import ProjectFile
from layers.errors import CityError

CHECKS = ("beside", "crossing", "cover", "drains", "order", "surroundings")


def register(pipes: typer.Typer) -> None:
    """Add the command."""
    pipes.command("check")(check)


def check(
    project: ProjectFile,
    checks: Annotated[
        list[str] | None,
        Option("--check", help="Only: beside, crossing, cover, drains, order, surroundings."),
    ] = None,
    rules: Annotated[str, Option(help="Rule pack, such as gb50289-2016; without it all.")] = "",
    layer: Annotated[list[str] | None, Option(help="Layer of pipes; without it all.")] = None,
    step: Annotated[
        float, Option(help="Metres between two places where cover is looked at.")
    ] = 5.0,
    survey_error: Annotated[
        bool, Option("--survey-error/--no-survey-error", help="Tell certain from possible.")
    ] = True,
    planned: Annotated[
        bool, Option("--planned", help="Only planned pipes against everything.")
    ] = False,
    keep_all: Annotated[bool, Option("--all", help="List also what is in order.")] = False,
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Hold pipes against the rules: clearances, cover, drains, order, buildings, trees, rails.

    Every finding tells what is required, what is there, what is missing, the clause, and whether
    somebody compared the rule with its source. Ends with 1 where a verified rule is broken.

    [bold]Examples[/bold]

    citystage pipes check city.gpkg --out conflicts.xlsx

    citystage pipes check city.gpkg --check crossing --check cover --rules gb50289-2016 --json

    citystage pipes check city.gpkg --planned --scheme "Plan A" --save "Conflicts of plan A"
    """
    wrong = [name for name in checks or () if name not in CHECKS]
    if wrong:
        raise CityError(
            "pipes.no_check",
            f"There is no check '{wrong[0]}'.",
            hint=f"the checks are: {', '.join(CHECKS)}",
            name=wrong[0],
            names=", ".join(CHECKS),
        )
    params = {
        **{name: not checks or name in checks for name in CHECKS},
        "layers": tuple(layer or ()), "step": step, "survey_error": survey_error,
        "planned": planned, "keep_all": keep_all, "pack": rules,
    }  # fmt: skip
    kept: dict[str, Any] = {
        "save": save,
        "out": out,
        "as_json": as_json,
        "as_csv": as_csv,
        "scheme": scheme,
    }
    raise typer.Exit(answer(project, "pipe-check", params, **kept))

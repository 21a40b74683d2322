"""Commands that check a city against what binds it: check six-lines."""

from __future__ import annotations

from typing import Annotated

import typer
from typer import Option

from app.cli_analyses import AsCsv, AsJson, Out, SaveAs, Scheme, answer
from app.cli_project import ProjectFile


def register(app: typer.Typer) -> None:
    """Add the commands."""
    checks = typer.Typer(
        help="Check a city against what binds it; exit code 1 where a check fails."
        "\n\n[bold]Examples[/bold]\n\ncitystage check six-lines city.gpkg"
    )
    checks.callback()(_nothing)  # keeps the name of the one command there is
    checks.command("six-lines")(six_lines)
    app.add_typer(checks, name="check")


def _nothing() -> None:
    """Check a city against what binds it; exit code 1 where a check fails."""


def six_lines(
    project: ProjectFile,
    buildings: Annotated[
        list[str] | None, Option(help="Layers of buildings; else all that are shown.")
    ] = None,
    lines: Annotated[
        list[str] | None, Option(help="Layers of control lines; else all that are shown.")
    ] = None,
    preset: Annotated[str, Option(help="six-lines or national; else what fits.")] = "auto",
    only: Annotated[
        list[str] | None, Option(help="Only this class: road, river ...; may be repeated.")
    ] = None,
    setbacks: Annotated[bool, Option(help="Whether distances to lines count.")] = True,
    rules: Annotated[
        bool, Option(help="Whether rules count for lines that tell no setback.")
    ] = True,
    pack: Annotated[str, Option(help="Rule pack of setbacks; else all.")] = "",
    least: Annotated[float, Option(help="Overlaps smaller than this are rounding, m2.")] = 0.05,
    scheme: Scheme = "",
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Hold every building against every control line: inside, crossing, within the setback.

    Findings at lines of a document in force fail; drafts, lines without a document and rules
    nobody has verified warn.

    [bold]Examples[/bold]

    citystage check six-lines city.gpkg

    citystage check six-lines city.gpkg --scheme A --only road --out six-lines.xlsx

    citystage check six-lines city.gpkg --save 六线核查 --json
    """
    params = {
        "buildings": list(buildings or ()), "lines": list(lines or ()), "preset": preset,
        "classes": list(only or ()), "setbacks": setbacks, "rules_fill": rules, "pack": pack,
        "least_m2": least,
    }  # fmt: skip
    code = answer(
        project, "six-lines", params, save=save, out=out, as_json=as_json, as_csv=as_csv,
        scheme=scheme,
    )  # fmt: skip
    raise typer.Exit(code)

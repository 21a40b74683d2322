"""Commands about resources and hazard levels."""

from __future__ import annotations

from typing import Annotated

import typer
from typer import Option

from app.cli_analyses import AsCsv, AsJson, Out, SaveAs, Scheme, answer
from app.cli_drill_reach import When
from app.cli_project import ProjectFile


def register(group: typer.Typer) -> None:
    """Add the commands to the group of drills."""
    group.command("resources")(resources)


def resources(
    project: ProjectFile,
    listed: Annotated[
        str, Option(help="sorts by district, or hazards with R and level.")
    ] = "sorts",
    districts: Annotated[list[str] | None, Option(help="Layer of districts to split by.")] = None,
    pack: Annotated[str, Option(help="Rule pack of the levels; else all.")] = "",
    when: When = "",
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Count resources and hazard sources by district and sort; levels after GB 18218.

    [bold]Examples[/bold]

    citystage drill resources city.gpkg --districts Plots

    citystage drill resources city.gpkg --listed hazards

    citystage drill resources city.gpkg --when 2027-01-01
    """
    params = {"listed": listed, "zones": tuple(districts or ()), "pack": pack, "when": when}
    raise typer.Exit(
        answer(project, "drill-resources", params, save=save, out=out, as_json=as_json,
               as_csv=as_csv, scheme=scheme)
    )  # fmt: skip

"""The command about sun and shadow: shadows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from app.cli_output import progress_bar, say, say_json
from app.cli_project import KeepingScheme, in_scheme, opened
from app.wording import current


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("shadows")(shadows)


def shadows(
    project: Annotated[Path, Argument(help="Project file (.gpkg).")],
    when: Annotated[
        list[str], Option(help="Local time, such as 2026-12-21T09:00; once for each time.")
    ],
    layer: Annotated[
        list[str] | None, Option(help="Layer of buildings; else all that are visible.")
    ] = None,
    scheme: KeepingScheme = "",
    name: Annotated[str, Option(help="Name of the new layer.")] = "",
    over: Annotated[
        str, Option(help="Layer of areas or buildings: how much of each is in shadow.")
    ] = "",
    table: Annotated[
        Path | None, Option(help="CSV or XLSX file for those shares; else they are printed.")
    ] = None,
) -> None:
    """Lay the shadows of buildings at several times over each other, as a layer of areas.

    Each time has a colour; where it is shaded for long they overlap. They lie on the terrain.

    [bold]Examples[/bold]

    citystage shadows city.gpkg --when 2026-12-21T09:00 --when 2026-12-21T12:00

    citystage shadows city.gpkg --when 2026-12-21T12:00 --over Parks --table shade.csv
    """
    with opened(project) as city:
        with in_scheme(city, scheme, keep=True):
            with progress_bar("cli-drawing", file=project.name) as bar:
                made = city.shadow_plan(when, layers=layer or (), name=name, progress=bar)
            shares = city.shadow_shares(made.id, over) if over else None
        city.save()
        times = len({str(value) for value in made.features.attributes.column("time").to_pylist()})
    say(current().t("sun-plan-made", name=made.name, times=times))
    if shares is None:
        return
    if table is None:
        say_json(shares.to_pylist())
        return
    from layers.files.sheets import write_csv, write_xlsx

    header, rows = shares.column_names, zip(*shares.to_pydict().values(), strict=True)
    if table.suffix.lower() == ".xlsx":
        write_xlsx(table, header, rows, title=made.name)
    else:
        write_csv(table, header, rows)
    say(current().t("cli-wrote", path=table))

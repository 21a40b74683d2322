"""The command that compares schemes: pictures, differences, a sheet, tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from app.cli_output import progress_bar, say, say_json, table
from app.cli_project import opened
from app.wording import current


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("compare")(compare)


def compare(
    project: Annotated[Path, Argument(help="Project file (.gpkg).")],
    schemes: Annotated[
        str, Option(help="Schemes with commas between; the first is compared with.")
    ],
    out: Annotated[
        Path | None, Option("--out", "-o", help="Folder for pictures, sheet and tables.")
    ] = None,
    views: Annotated[str, Option(help="Named views with commas between, or all.")] = "all",
    size: Annotated[str, Option(help="Size of each picture, WIDTHxHEIGHT pixels.")] = "1600x900",
    moment: Annotated[
        str, Option("--moment", "--when", help="Local time of the sun in all pictures.")
    ] = "",
    shadows: Annotated[bool, Option("--shadows", help="True shadows.")] = False,
    sunlight: Annotated[
        bool, Option("--sunlight", help="Count the windows that lose sun; takes longer.")
    ] = False,
    as_json: Annotated[bool, Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Compare schemes: figures with differences, and with --out pictures at the same cameras.

    Answers kept of one scheme (views, skylines, the sun) are asked of all; skylines of level views
    and the ground in shadow are counted besides.

    Green is new, red is gone, amber is changed, grey is as before. Without --out only the table
    is printed.

    [bold]Examples[/bold]

    citystage compare city.gpkg --schemes existing,A,B

    citystage compare city.gpkg --schemes A,B --views all --out comparison

    citystage compare city.gpkg --schemes existing,A --views 鸟瞰 --when 2026-12-21T12 --out c
    """
    from app.arguments import parse_size
    from app.scheme_reports import (
        checked_names,
        compared,
        figure_rows,
        figures_json,
        scheme_word,
        write_comparison,
    )

    w, pixels = current(), parse_size(size)
    with opened(project, read_only=True) as city:
        names = checked_names(city.project, schemes.replace("，", ",").split(","))
        with progress_bar("cli-comparing") as bar:
            found = compared(city.project, names, bar, sun=sunlight)
        if out is not None:
            wanted = [name.strip() for name in views.replace("，", ",").split(",")]
            with progress_bar("cli-drawing", file=out.name) as bar:
                files = write_comparison(
                    city.project, names, out, views=wanted, size=pixels, moment=moment,
                    shadows=shadows, found=found, progress=bar,
                )  # fmt: skip
        rows = figure_rows(city.project, names, w, found)
    if as_json:
        say_json({"schemes": names, "figures": figures_json(found, names)})
        return
    words = [scheme_word(name, w) for name in names]
    cells = [
        [row.what, *(c + (" *" if n in row.best else "") for n, c in enumerate(row.cells))]
        for row in rows
    ]
    right = tuple(range(1, len(words) + 1))
    table([w.t("compare-column-what"), *words], cells, right=right)
    if out is not None:
        say(w.t("compare-written", count=len(files), folder=str(out)))

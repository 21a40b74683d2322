"""Commands about resources, hazard levels and symbols."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from app.cli_analyses import AsCsv, AsJson, Out, ProjectFile, SaveAs, Scheme, answer
from app.cli_output import say, table
from app.wording import current


def register(group: typer.Typer) -> None:
    """Add the commands to the group of drills."""
    for command in (resources, symbols):
        group.command(command.__name__)(command)


def resources(
    project: ProjectFile,
    listed: Annotated[
        str, Option(help="sorts by district, or hazards with R and level.")
    ] = "sorts",
    districts: Annotated[list[str] | None, Option(help="Layer of districts to split by.")] = None,
    pack: Annotated[str, Option(help="Rule pack of the levels; else all.")] = "",
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
    """
    params = {"listed": listed, "zones": tuple(districts or ()), "pack": pack}
    raise typer.Exit(
        answer(project, "drill-resources", params, save=save, out=out, as_json=as_json,
               as_csv=as_csv, scheme=scheme)
    )  # fmt: skip


def symbols(
    words: Annotated[str, Argument(help="Code, name or initials of pinyin; else all.")] = "",
    out: Annotated[Path | None, Option(help="Folder for SVG files.")] = None,
) -> None:
    """List emergency symbols, and write them as SVG files.

    [bold]Examples[/bold]

    citystage drill symbols xhs

    citystage drill symbols --out symbols
    """
    from layers.drills.symbols import search, svg

    w = current()
    found = search(words)
    rows = [
        [s.code, s.names[1], s.names[0], s.initials,
         w.t("value-yes" if s.told else "value-no")]
        for s in found
    ]  # fmt: skip
    names = ("code", "chinese", "english", "initials", "told")
    table([w.t(f"symbols-column-{name}") for name in names], rows)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for symbol in found:
            path = out / f"{symbol.code}-{symbol.key}.svg"
            path.write_text(svg(symbol), encoding="utf-8")
        say(w.t("cli-wrote", path=str(out)))

"""Bringing pipes into a project: survey tables, drawings and maps, EPANET and SWMM."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Argument, Option

from app.cli_import import import_all
from layers.errors import CityError


def register(pipes: typer.Typer) -> None:
    """Add the commands."""
    pipes.command("import")(import_pipes)


def import_pipes(
    project: Annotated[Path, Argument(help="Project file (.gpkg).")],
    files: Annotated[list[Path], Argument(help="Files to import.")],
    name: Annotated[str, Option(help="Name of the new layer.")] = "",
    layer: Annotated[str, Option(help="Layer of a file of several; '*' for all that fit.")] = "",
    encoding: Annotated[str, Option(help="Encoding of texts: GBK, GB18030, UTF-8, Big5 ...")] = "",
    crs: Annotated[
        str, Option(help="Coordinate system of the file where it does not say: EPSG:... or WKT.")
    ] = "",
    line_class: Annotated[
        str, Option("--class", help="Class of what does not tell it: water, sewage, WS ...")
    ] = "",
    lines: Annotated[
        Path | None, Option(help="Table of the runs, where FILE is the table of the points.")
    ] = None,
    map_file: Annotated[
        Path | None, Option("--map", help="Template of fields (.toml), see 'pipes fields'.")
    ] = None,
    at: Annotated[
        str, Option(help="Where the middle of a model without a system stands: EAST,NORTH.")
    ] = "",
    unit: Annotated[float | None, Option(help="Metres in one unit of its coordinates.")] = None,
    factor: Annotated[
        float | None, Option(help="What its coordinates are multiplied with first.")
    ] = None,
    create: Annotated[
        bool, Option("--create", help="Make the project where it is not there yet.")
    ] = False,
    as_json: Annotated[bool, Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Import pipes and report what was kept, repaired, assumed and skipped.

    [bold]Examples[/bold]

    citystage pipes import city.gpkg 给水管线.shp

    citystage pipes import city.gpkg points.xlsx --lines lines.xlsx --map template.toml

    citystage pipes import city.gpkg network.inp --crs EPSG:27700
    """
    from layers.files.pipe_choices import PipeChoices

    given: dict[str, Any] = {"name": name, "layer": layer, "encoding": encoding, "crs": crs}
    options: dict[str, Any] = {key: value for key, value in given.items() if value}
    options["pipes"] = PipeChoices(
        lines=str(lines or ""), fields=str(map_file or ""), line_class=line_class,
        at=_place(at), unit=unit, coordinate_factor=factor,
    )  # fmt: skip
    import_all(project, files, "pipes", options, create=create, as_json=as_json)


def _place(text: str) -> tuple[float, float] | None:
    if not text:
        return None
    try:
        east, north = (float(part) for part in text.replace("，", ",").split(","))
    except ValueError as error:
        raise CityError(
            "pipes.at",
            "A network stands at two numbers: east and north.",
            hint="write --at 508000,3378000",
        ) from error
    return east, north

"""Bringing pipes into a project: survey tables, drawings and maps, EPANET and SWMM."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Argument, Option

from app.cli_import import import_all


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
    create: Annotated[
        bool, Option("--create", help="Make the project where it is not there yet.")
    ] = False,
    as_json: Annotated[bool, Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Import pipes and report what was kept, repaired, assumed and skipped.

    [bold]Examples[/bold]

    citystage pipes import city.gpkg 给水管线.shp

    citystage pipes import city.gpkg mains.geojson --crs EPSG:4547
    """
    given: dict[str, Any] = {"name": name, "layer": layer, "encoding": encoding, "crs": crs}
    options = {key: value for key, value in given.items() if value}
    import_all(project, files, "pipes", options, create=create, as_json=as_json)

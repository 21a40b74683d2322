"""Commands that follow a network: what is joined, up and down, ways, service areas."""

from __future__ import annotations

from typing import Annotated

import typer
from typer import Argument, Option

from app.cli_analyses import AsCsv, AsJson, Out, SaveAs, Scheme, answer
from app.cli_project import ProjectFile


def register(pipes: typer.Typer) -> None:
    """Add the commands."""
    pipes.command("trace")(trace)


def trace(
    project: ProjectFile,
    start: Annotated[str, Argument(help="Number of a pipe or node, or its id such as #17.")],
    what: Annotated[
        str, Option(help="connected, loops, upstream, downstream, way or service.")
    ] = "connected",
    to: Annotated[str, Option(help="Node a way leads to.")] = "",
    metres: Annotated[
        float, Option(help="How far along the pipes a service area reaches; 0: all it feeds.")
    ] = 0.0,
    closed: Annotated[str, Option(help="Closed valves, separated by commas.")] = "",
    layer: Annotated[str, Option(help="Layer of pipes, where there are several.")] = "",
    hydraulics: Annotated[
        bool, Option("--hydraulics", help="Compute the flow of water first, for its direction.")
    ] = False,
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Follow the pipes from one of them, or from a node.

    Directions come from the fall of drains, from pumps, check valves, from being the only way
    between a source and what it feeds, or from hydraulics; where none tells, both are followed
    and marked as uncertain.

    [bold]Examples[/bold]

    citystage pipes trace city.gpkg WS104 --what upstream

    citystage pipes trace city.gpkg JS12 --what way --to JS77 --json
    """
    params = {
        "layer": layer, "what": what, "start": start, "to": to, "metres": metres,
        "closed": closed, "hydraulics": hydraulics,
    }  # fmt: skip
    code = answer(
        project, "pipe-trace", params, save=save, out=out, as_json=as_json, as_csv=as_csv,
        scheme=scheme,
    )  # fmt: skip
    raise typer.Exit(code)

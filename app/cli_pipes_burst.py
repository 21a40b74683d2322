"""Commands for bursts: valves to close, pressure and flow, valves that nobody surveyed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer import Option

from app.arguments import parse_points
from app.cli_analyses import AsCsv, AsJson, Out, SaveAs, Scheme, answer
from app.cli_output import say, say_json
from app.cli_project import ProjectFile, opened
from app.wording import current

LayerName = Annotated[str, Option("--layer", help="Layer of pipes, where there are several.")]
Seized = Annotated[str, Option(help="Valves that cannot be moved, separated by commas.")]
Closed = Annotated[str, Option(help="Valves that are closed already, separated by commas.")]


def register(pipes: typer.Typer) -> None:
    """Add the commands."""
    pipes.command("burst")(burst)
    pipes.command("hydraulics")(hydraulics)
    pipes.command("valves")(valves)


def burst(
    project: ProjectFile,
    at: Annotated[str, Option(help="Where it bursts: EAST,NORTH; the nearest pipe is meant.")] = "",
    run: Annotated[str, Option(help="Number of the pipe instead, or its id such as #17.")] = "",
    seized: Seized = "",
    closed: Closed = "",
    line_class: Annotated[
        str, Option("--class", help="Class of the network at the place: water, gas or heat.")
    ] = "water",
    layer: LayerName = "",
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Tell what a burst means: valves to close in walking order, and who is without water.

    Also what to close where one of them is seized, hydrants lost, and what feeds the rest
    meanwhile. The exit code is 1 where no valve holds the water back.

    [bold]Examples[/bold]

    citystage pipes burst city.gpkg --at 508120,3378040

    citystage pipes burst city.gpkg --run JS104 --seized V12,V13 --json
    """
    params = {
        "layer": layer, "at": parse_points(at, most=1)[0] if at else (), "run": run,
        "seized": seized, "closed": closed, "line_class": line_class,
    }  # fmt: skip
    code = answer(
        project, "pipe-burst", params, save=save, out=out, as_json=as_json, as_csv=as_csv,
        scheme=scheme,
    )  # fmt: skip
    raise typer.Exit(code)


def hydraulics(
    project: ProjectFile,
    hours: Annotated[float, Option(help="How long, hours; 0: what the model says.")] = 24.0,
    at_hour: Annotated[float, Option("--at-hour", help="Which time the table tells.")] = 0.0,
    run: Annotated[
        str, Option(help="Pipe that bursts: compare before and after its valves are closed.")
    ] = "",
    seized: Seized = "",
    closed: Closed = "",
    least: Annotated[float, Option(help="Metres of water that count as enough.")] = 14.0,
    layer: LayerName = "",
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Compute pressure and flow of a water network with the EPANET engine.

    A layer made of an EPANET model is computed with that model; any other one with what its
    pipes tell and usual values, which are named. The exit code is 1 where the network fails.

    [bold]Examples[/bold]

    citystage pipes hydraulics city.gpkg --at-hour 8

    citystage pipes hydraulics city.gpkg --run JS104 --out pressure.xlsx
    """
    params = {
        "layer": layer, "hours": hours, "at_hour": at_hour, "run": run, "seized": seized,
        "closed": closed, "least_m": least,
    }  # fmt: skip
    code = answer(
        project, "pipe-hydraulics", params, save=save, out=out, as_json=as_json, as_csv=as_csv,
        scheme=scheme,
    )  # fmt: skip
    raise typer.Exit(code)


def valves(
    project: ProjectFile,
    rule: Annotated[
        str, Option(help="n: on every pipe at a fork; n-1: on all but the widest.")
    ] = "n-1",
    file: Annotated[
        Path | None, Option("--file", help="Table (.csv) with columns link and node instead.")
    ] = None,
    line_class: Annotated[str, Option("--class", help="Class that gets them.")] = "water",
    layer: LayerName = "",
    as_json: AsJson = False,
) -> None:
    """Put valves into a network that has none, as EPANET models have none.

    Those by rule are marked as assumed, wherever they appear.

    [bold]Examples[/bold]

    citystage pipes valves city.gpkg --rule n-1

    citystage pipes valves city.gpkg --file valves.csv
    """
    from app.pipe_valves import put_valves

    with opened(project) as city:
        name, count = put_valves(city.session, layer, rule, file, line_class)
        city.save()
    if as_json:
        say_json({"layer": name, "valves": count})
        return
    say(current().t("pipes-valves-put", name=name, count=current().number(count, 0)))

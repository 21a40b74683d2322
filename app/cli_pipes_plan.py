"""Planned pipes from the command line: drawn by coordinates, and their conflicts."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import typer
from typer import Option

from app.arguments import parse_points
from app.cli_analyses import AsCsv, AsJson, Out, SaveAs, Scheme, answer
from app.cli_output import say
from app.cli_project import ProjectFile, opened
from app.wording import current


def register(pipes: typer.Typer) -> None:
    """Add the commands."""
    pipes.command("plan")(plan)
    pipes.command("conflicts")(conflicts)


def plan(
    project: ProjectFile,
    points: Annotated[str, Option(help="Points of the pipe: 'X,Y X,Y ...'.")],
    line_class: Annotated[
        str, Option("--class", help="Class or subclass: water, sewage, natural-gas, WS ...")
    ] = "water",
    size: Annotated[str, Option(help="Size in millimetres: 300, or 800x600.")] = "300",
    cover: Annotated[float, Option(help="Metres from the ground to the top of the pipe.")] = 1.2,
    slope: Annotated[
        float | None, Option(help="Fall in a thousand from the first point; else it follows it.")
    ] = None,
    level: Annotated[
        float | None, Option(help="Level of the first point: invert of drains, top of others.")
    ] = None,
    number: Annotated[str, Option(help="What it is called.")] = "",
    material: Annotated[str, Option(help="Material.")] = "",
    pressure: Annotated[float | None, Option(help="Pressure, MPa.")] = None,
    layer: Annotated[str, Option(help="Layer it goes into; made where it is not there.")] = "",
    scheme: Annotated[str, Option(help="Scheme it goes into; else the city as it is.")] = "",
) -> None:
    """Put a planned pipe into a project or a scheme.

    A drain gets a manhole at every point. Without --slope the pipe keeps its cover everywhere.

    [bold]Examples[/bold]

    citystage pipes plan city.gpkg --points "508000,3378000 508080,3378000" --class sewage --slope 3

    citystage pipes plan city.gpkg --points "508000,3378010 508080,3378010" --scheme "Plan A"
    """
    from app.pipes_planning import add_planned, class_named, size_named
    from layers.pipes.drafting import Design

    width, height = size_named(size)
    major, minor = class_named(line_class)
    facts: dict[str, Any] = {"number": number}
    facts |= {"material": material} if material else {}
    facts |= {"pressure_mpa": pressure} if pressure is not None else {}
    design = Design(
        major, minor, width, height, way="cover" if slope is None else "slope", cover=cover,
        level=float("nan") if level is None else level,
        slope_permille=0.0 if slope is None else slope, facts=facts,
    )  # fmt: skip
    line = np.array(parse_points(points, least=2))
    with opened(project) as city:
        if scheme:
            city.activate_scheme(scheme)
        city.run(add_planned(city.project, line, design, layer))
        city.save()
    length = float(np.hypot(*np.diff(line[:, :2], axis=0).T).sum())
    say(current().t("pipes-plan-done", length=current().number(length, 1), count=len(line) - 1))


def conflicts(
    project: ProjectFile,
    rules: Annotated[str, Option(help="Rule pack, such as gb50289-2016; without it all.")] = "",
    layer: Annotated[list[str] | None, Option(help="Layer of pipes; without it all.")] = None,
    trench_slope: Annotated[
        float, Option(help="Sides of the trenches: metres outwards for one metre of height.")
    ] = 0.5,
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """List the conflicts of planned pipes with everything underground, by severity and cost.

    Tells of each which pipe gives way and why, and what moving one that is there would cost after
    the rule pack 'pipe-costs', and how much soil the trenches of planned pipes are. Ends with 1
    where a verified rule is broken.

    [bold]Examples[/bold]

    citystage pipes conflicts city.gpkg --scheme "Plan A" --out conflicts.xlsx
    """
    params = {"layers": tuple(layer or ()), "pack": rules, "slope": trench_slope}
    kept: dict[str, Any] = {
        "save": save, "out": out, "as_json": as_json, "as_csv": as_csv, "scheme": scheme,
    }  # fmt: skip
    raise typer.Exit(answer(project, "pipe-conflicts", params, **kept))

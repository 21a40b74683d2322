"""Commands about the people of drills: evacuation on foot, the risk map."""

from __future__ import annotations

from typing import Annotated

import typer
from typer import Option

from app.cli_analyses import AsCsv, AsJson, Out, SaveAs, Scheme, answer
from app.cli_drill_reach import When
from app.cli_places import box_of
from app.cli_project import ProjectFile

Buildings = Annotated[
    list[str] | None, Option("--layer", help="Layer of buildings; else all visible.")
]
Pack = Annotated[str, Option(help="Rule pack; else all.")]
Area = Annotated[
    str, Option(help="West,south,east,north, or a ring 'e,n e,n e,n'; else everything.")
]


def register(group: typer.Typer) -> None:
    """Add the commands to the group of drills."""
    group.command("evacuate")(evacuate)
    group.command("risk")(risk)


def evacuate(
    project: ProjectFile,
    area: Area = "",
    layer: Buildings = None,
    shelters: Annotated[
        list[str] | None, Option(help="Layer of resources with shelters; else all.")
    ] = None,
    roads: Annotated[list[str] | None, Option(help="Layer of streets; else all.")] = None,
    speed: Annotated[float, Option(help="Kilometres an hour on foot.")] = 4.0,
    spread: Annotated[float, Option(help="Minutes within which people set out.")] = 10.0,
    room: Annotated[int, Option(help="People that a shelter takes which tells nothing.")] = 500,
    show: Annotated[str, Option(help="The table: groups, streets, curve.")] = "groups",
    pack: Pack = "",
    when: When = "",
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Send the people of buildings to shelters on foot: who goes where, how long, what is narrow.

    [bold]Examples[/bold]

    citystage drill evacuate city.gpkg --area 500,600,900,1000 --save Evacuation

    citystage drill evacuate city.gpkg --show curve --out curve.csv
    """
    params = {
        "area": box_of(area), "layers": tuple(layer or ()), "shelters": tuple(shelters or ()),
        "roads": tuple(roads or ()), "speed": speed, "spread": spread, "room": room,
        "show": show, "pack": pack, "when": when,
    }  # fmt: skip
    raise typer.Exit(
        answer(project, "evacuation", params, save=save, out=out, as_json=as_json,
               as_csv=as_csv, scheme=scheme)
    )  # fmt: skip


def risk(
    project: ProjectFile,
    area: Area = "",
    cell: Annotated[float, Option(help="Side of a cell, metres.")] = 100.0,
    districts: Annotated[str, Option(help="Layer of districts in place of a grid.")] = "",
    hazards: Annotated[list[str] | None, Option(help="Layer of hazard sources; else all.")] = None,
    layer: Buildings = None,
    pack: Pack = "",
    when: When = "",
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Map the risk in red, orange, yellow and blue, by cells of a grid or districts.

    [bold]Examples[/bold]

    citystage drill risk city.gpkg --cell 200 --save "Risk map"
    """
    params = {
        "area": box_of(area), "cell": cell, "districts": districts,
        "hazards": tuple(hazards or ()), "layers": tuple(layer or ()), "pack": pack, "when": when,
    }  # fmt: skip
    raise typer.Exit(
        answer(project, "risk-map", params, save=save, out=out, as_json=as_json,
               as_csv=as_csv, scheme=scheme)
    )  # fmt: skip

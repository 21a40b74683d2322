"""Commands about help in time: reach, nearest, coverage, times."""

from __future__ import annotations

from typing import Annotated

import typer
from typer import Option

from app.cli_analyses import AsCsv, AsJson, Out, SaveAs, Scheme, answer
from app.cli_drill_hazard import Houses
from app.cli_places import box_of, point_of, points_of
from app.cli_project import ProjectFile

Places = Annotated[str, Option(help="Layer of stations or other resources.")]
Sort = Annotated[str, Option(help="Only this sort, such as fire-station or hydrant.")]
Turnout = Annotated[float, Option(help="Minutes before a crew leaves.")]
Vehicle = Annotated[str, Option(help="car, engine (narrow and low streets left out) or foot.")]
Factor = Annotated[float, Option(help="Times the usual speed, such as 1.2 with blue lights.")]
Against = Annotated[bool, Option("--against", help="Drive one-way streets both ways.")]
Roads = Annotated[list[str] | None, Option(help="Layer of streets; else all.")]
Closed = Annotated[
    str, Option(help="Ring, line or box 'west,south,east,north' that shuts streets.")
]
ClosedLayer = Annotated[str, Option(help="Layer whose areas and lines shut streets.")]
AllStates = Annotated[
    bool, Option("--all-states", help="Count all, also what is committed or not in service.")
]
ClosedBy = Annotated[
    str, Option(help="Kept answer whose areas shut streets, such as the zones of a hazard.")
]
When = Annotated[
    str,
    Option("--when", "--moment", help="Day or moment, 2026-06-30T18:00; else the project's."),
]
Junction = Annotated[float, Option(help="Seconds lost at every junction of three streets.")]


def register(group: typer.Typer) -> None:
    """Add the commands to the group of drills."""
    for command in (reach, nearest, coverage, times):
        group.command(command.__name__)(command)


def reach(
    project: ProjectFile,
    places: Places = "",
    at: Annotated[list[str] | None, Option(help="Place as east,north; may be repeated.")] = None,
    sort: Sort = "",
    minutes: Annotated[str, Option(help="Times with spaces.")] = "5 8 15",
    turnout: Turnout = 0.0,
    vehicle: Vehicle = "car",
    factor: Factor = 1.0,
    against: Against = False,
    roads: Roads = None,
    closed: Closed = "",
    closed_layer: ClosedLayer = "",
    closed_by: ClosedBy = "",
    layer: Houses = None,
    all_states: AllStates = False,
    when: When = "",
    junction: Junction = 0.0,
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Find the land, streets and people that are reached within some minutes.

    [bold]Examples[/bold]

    citystage drill reach city.gpkg --sort fire-station --minutes "5 8 15" --save Isochrones
    """
    params = {
        "places": places, "points": points_of(at), "sort": sort, "minutes": minutes,
        "turnout": turnout, "vehicle": vehicle, "factor": factor, "against": against,
        "roads": tuple(roads or ()), "closed": box_of(closed), "closed_layer": closed_layer,
        "closed_by": closed_by, "layers": tuple(layer or ()), "ready": not all_states,
        "when": when, "junction": junction,
    }  # fmt: skip
    raise typer.Exit(
        answer(project, "drill-reach", params, save=save, out=out, as_json=as_json,
               as_csv=as_csv, scheme=scheme)
    )  # fmt: skip


def nearest(
    project: ProjectFile,
    at: Annotated[str, Option(help="Where help is needed, east,north.")],
    number: Annotated[int, Option(help="How many.")] = 5,
    places: Places = "",
    sort: Sort = "",
    limit: Annotated[float, Option(help="Minutes the first one may take; 0 judges nothing.")] = 0.0,
    turnout: Turnout = 0.0,
    vehicle: Vehicle = "car",
    factor: Factor = 1.0,
    against: Against = False,
    roads: Roads = None,
    closed: Closed = "",
    closed_layer: ClosedLayer = "",
    closed_by: ClosedBy = "",
    all_states: AllStates = False,
    when: When = "",
    junction: Junction = 0.0,
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Find who comes first, with time and way. Exit code 1 where the first comes too late.

    [bold]Examples[/bold]

    citystage drill nearest city.gpkg --at 509130,3379650 --sort hydrant --number 3

    citystage drill nearest city.gpkg --at 509130,3379650 --sort fire-station --closed-by Plume
    """
    params = {
        "point": point_of(at), "number": number, "places": places, "sort": sort, "limit": limit,
        "turnout": turnout, "vehicle": vehicle, "factor": factor, "against": against,
        "roads": tuple(roads or ()), "closed": box_of(closed), "closed_layer": closed_layer,
        "closed_by": closed_by, "ready": not all_states,
        "when": when, "junction": junction,
    }  # fmt: skip
    raise typer.Exit(
        answer(project, "drill-nearest", params, save=save, out=out, as_json=as_json,
               as_csv=as_csv, scheme=scheme)
    )  # fmt: skip


def coverage(
    project: ProjectFile,
    places: Places = "",
    sort: Sort = "fire-station",
    goals: Annotated[str, Option(help="Layer of whom they shall reach; else buildings.")] = "",
    goal_sort: Annotated[str, Option(help="Only this sort of them.")] = "",
    limit: Annotated[float, Option(help="Minutes; 0 takes the rule.")] = 0.0,
    turnout: Turnout = 1.0,
    listed: Annotated[str, Option(help="Rows: unreached, all or districts.")] = "unreached",
    districts: Annotated[list[str] | None, Option(help="Layer of districts; else all.")] = None,
    vehicle: Vehicle = "car",
    factor: Factor = 1.0,
    against: Against = False,
    roads: Roads = None,
    closed: Closed = "",
    closed_layer: ClosedLayer = "",
    closed_by: ClosedBy = "",
    layer: Houses = None,
    all_states: AllStates = False,
    when: When = "",
    junction: Junction = 0.0,
    pack: Annotated[str, Option(help="Rule pack; else all.")] = "",
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Find who is reached in time and who is not. Exit code 1 where somebody is not.

    [bold]Examples[/bold]

    citystage drill coverage city.gpkg --listed districts --save "Five minutes"

    citystage drill coverage city.gpkg --goals Hydrants --limit 4
    """
    params = {
        "places": places, "sort": sort, "goals": goals, "goal_sort": goal_sort, "limit": limit,
        "turnout": turnout, "listed": listed, "zones": tuple(districts or ()), "vehicle": vehicle,
        "factor": factor, "against": against, "roads": tuple(roads or ()),
        "closed": box_of(closed), "closed_layer": closed_layer, "closed_by": closed_by,
        "layers": tuple(layer or ()),
        "ready": not all_states, "pack": pack, "when": when, "junction": junction,
    }  # fmt: skip
    raise typer.Exit(
        answer(project, "drill-coverage", params, save=save, out=out, as_json=as_json,
               as_csv=as_csv, scheme=scheme)
    )  # fmt: skip


def times(
    project: ProjectFile,
    places: Places = "",
    sort: Sort = "",
    goals: Annotated[str, Option(help="Layer where ways end; else the hazard sources.")] = "",
    goal_sort: Annotated[str, Option(help="Only this sort of them.")] = "",
    longest: Annotated[float, Option(help="Leave out what takes more minutes; 0: none.")] = 0.0,
    turnout: Turnout = 0.0,
    vehicle: Vehicle = "car",
    factor: Factor = 1.0,
    against: Against = False,
    roads: Roads = None,
    closed: Closed = "",
    closed_layer: ClosedLayer = "",
    closed_by: ClosedBy = "",
    all_states: AllStates = False,
    when: When = "",
    junction: Junction = 0.0,
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """List the minutes from every resource to every hazard source or other goal.

    [bold]Examples[/bold]

    citystage drill times city.gpkg --sort fire-station --csv
    """
    params = {
        "places": places, "sort": sort, "goals": goals, "goal_sort": goal_sort,
        "longest": longest, "turnout": turnout, "vehicle": vehicle, "factor": factor,
        "against": against, "roads": tuple(roads or ()), "closed": box_of(closed),
        "closed_layer": closed_layer, "closed_by": closed_by, "ready": not all_states,
        "when": when, "junction": junction,
    }  # fmt: skip
    raise typer.Exit(
        answer(project, "drill-times", params, save=save, out=out, as_json=as_json,
               as_csv=as_csv, scheme=scheme)
    )  # fmt: skip

"""Commands about a site: service radius, street wall, fire spacing and access, slope."""

from __future__ import annotations

from typing import Annotated

import typer
from typer import Option

from app.cli_analyses import AsCsv, AsJson, Out, SaveAs, Scheme, answer
from app.cli_places import box_of, points_of
from app.cli_project import ProjectFile
from app.cli_sunlight import Layers


def register(app: typer.Typer) -> None:
    """Add the commands."""
    site = typer.Typer(
        help="A site: ways on foot, street walls, distances for fire, slopes."
        "\n\n[bold]Examples[/bold]\n\ncitystage site service city.gpkg --places Schools"
    )
    site.command("service")(service)
    site.command("street-wall")(street_wall)
    site.command("fire")(fire)
    site.command("engines")(engines)
    site.command("slope")(slope)
    app.add_typer(site, name="site")


def service(
    project: ProjectFile,
    places: Annotated[str, Option(help="Layer of schools, parks, stations.")] = "",
    at: Annotated[list[str] | None, Option(help="Place as east,north; may be repeated.")] = None,
    roads: Annotated[list[str] | None, Option(help="Layer of streets; else all.")] = None,
    layer: Annotated[
        list[str] | None, Option("--layer", help="Layer of buildings that are counted.")
    ] = None,
    metres: Annotated[
        str, Option(help="Ways on foot, such as '300 500 1000'; else the living circles.")
    ] = "",
    minutes: Annotated[
        str, Option(help="Minutes on foot at 5 km/h instead, such as '5 10 15'.")
    ] = "",
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Find the land and the buildings within some metres on foot along the streets.

    [bold]Examples[/bold]

    citystage site service city.gpkg --places "Metro stations" --metres "500 800" --save Circles
    """
    params = {
        "places": places, "points": points_of(at), "roads": tuple(roads or ()),
        "layers": tuple(layer or ()), "metres": metres, "minutes": minutes,
    }  # fmt: skip
    raise typer.Exit(
        answer(project, "service-radius", params, save=save, out=out, as_json=as_json,
               as_csv=as_csv, scheme=scheme)
    )  # fmt: skip


def street_wall(
    project: ProjectFile,
    lines: Annotated[str, Option(help="Layer of lines that facades shall stand on.")],
    layer: Layers = None,
    tolerance: Annotated[float, Option(help="Metres to both sides of a line.")] = 1.0,
    least: Annotated[float, Option(help="Percent that there shall be; 0 judges nothing.")] = 0.0,
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Measure which share of lines buildings stand along. Exit code 1 where it is too little.

    [bold]Examples[/bold]

    citystage site street-wall city.gpkg --lines "Building lines" --least 70
    """
    params = {
        "lines": lines, "layers": tuple(layer or ()), "tolerance": tolerance, "least": least,
    }  # fmt: skip
    raise typer.Exit(
        answer(project, "street-wall", params, save=save, out=out, as_json=as_json,
               as_csv=as_csv, scheme=scheme)
    )  # fmt: skip


def fire(
    project: ProjectFile,
    layer: Layers = None,
    tower: Annotated[float, Option(help="Height from which a building is high, metres.")] = 27.0,
    keep_all: Annotated[bool, Option("--all", help="List pairs that keep it too.")] = False,
    pack: Annotated[str, Option(help="Rule pack; else all.")] = "",
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Hold the distances between buildings against the rules on fire.

    [bold]Examples[/bold]

    citystage site fire city.gpkg --tower 24 --out gaps.xlsx
    """
    params = {
        "layers": tuple(layer or ()), "tower": tower, "keep_all": keep_all, "pack": pack,
    }  # fmt: skip
    raise typer.Exit(
        answer(project, "fire-spacing", params, save=save, out=out, as_json=as_json,
               as_csv=as_csv, scheme=scheme)
    )  # fmt: skip


def engines(
    project: ProjectFile,
    layer: Layers = None,
    roads: Annotated[list[str] | None, Option(help="Layer of streets; else all.")] = None,
    trees: Annotated[list[str] | None, Option(help="Layer of trees; else all.")] = None,
    tower: Annotated[float, Option(help="Height from which a building is high, metres.")] = 27.0,
    tree: Annotated[
        float, Option(help="Height from which trees are in the way of ladders, metres.")
    ] = 4.0,
    dead_end: Annotated[
        float, Option(help="Metres from which a lane that meets no other one is a dead end.")
    ] = 30.0,
    reach: Annotated[
        float, Option(help="Metres ahead of a facade within which a lane serves it.")
    ] = 20.0,
    keep_all: Annotated[bool, Option("--all", help="List what is kept too.")] = False,
    pack: Annotated[str, Option(help="Rule pack; else all.")] = "",
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Hold ways for fire engines at high buildings against the rules.

    Lanes along their long sides, places for ladders that no tree takes away, room to turn where a
    lane ends.

    [bold]Examples[/bold]

    citystage site engines city.gpkg --tower 24 --out access.xlsx
    """
    params = {
        "layers": tuple(layer or ()), "roads": tuple(roads or ()), "trees": tuple(trees or ()),
        "tower": tower, "tree": tree, "dead_end": dead_end, "reach": reach,
        "keep_all": keep_all, "pack": pack,
    }  # fmt: skip
    raise typer.Exit(
        answer(project, "fire-access", params, save=save, out=out, as_json=as_json,
               as_csv=as_csv, scheme=scheme)
    )  # fmt: skip


def slope(
    project: ProjectFile,
    plots: Annotated[str, Option(help="Layer of areas that are looked at.")] = "",
    area: Annotated[str, Option(help="West,south,east,north; else all of the terrain.")] = "",
    spacing: Annotated[float, Option(help="Metres from place to place.")] = 5.0,
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Class the ground by its slope, and say which way it looks.

    [bold]Examples[/bold]

    citystage site slope city.gpkg --area 500,600,900,1000 --save Slopes
    """
    params = {"plots": plots, "area": box_of(area), "spacing": spacing}
    raise typer.Exit(
        answer(project, "slope", params, save=save, out=out, as_json=as_json,
               as_csv=as_csv, scheme=scheme)
    )  # fmt: skip

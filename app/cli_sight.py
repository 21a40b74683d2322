"""Commands about sight: lines, viewsheds, landmarks, sky, skyline, height limits."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Option

from app.cli_analyses import AsCsv, AsJson, Out, SaveAs, Scheme, answer
from app.cli_places import box_of, path_of, points_of
from app.cli_project import ProjectFile
from app.cli_sunlight import After, Before, Layers, New, NewBuilding, compared

EyeHeight = Annotated[
    float, Option(help="Metres above the ground of places that are given without a height.")
]
Eyes = Annotated[
    list[str] | None,
    Option("--from", help="Place as east,north or east,north,height; may be repeated."),
]
Reach = Annotated[float, Option(help="Metres that are looked at most.")]
Spacing = Annotated[float, Option(help="Metres from place to place.")]
Heading = Annotated[float, Option(help="Middle of the view, degrees clockwise from grid north.")]
Width = Annotated[float, Option(help="Width of the view, degrees.")]
On = Annotated[str, Option(help="Layer of buildings.")]
Building = Annotated[list[int] | None, Option(help="Number of a building of that layer.")]


class Surface(StrEnum):
    """Kinds of surfaces that limit heights."""

    plane = "plane"
    cone = "cone"
    corridor = "corridor"
    link = "link"
    airport = "airport"
    areas = "areas"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    sight = typer.Typer(
        help="Sight: lines, viewsheds, landmarks, the sky, height limits."
        "\n\n[bold]Examples[/bold]\n\ncitystage sight lines city.gpkg --from 500,600 --to 800,900"
    )
    sight.command("lines")(lines)
    sight.command("viewshed")(viewshed)
    sight.command("landmark")(landmark)
    sight.command("sky")(sky)
    sight.command("limits")(limits)
    app.add_typer(sight, name="sight")
    app.command("skyline")(skyline)


def _numbers(building: list[int] | None) -> str:
    return " ".join(str(one) for one in building or ())


def lines(
    project: ProjectFile,
    eyes: Eyes = None,
    eyes_layer: Annotated[str, Option("--from-layer", help="Layer of places to look from.")] = "",
    to: Annotated[list[str] | None, Option(help="Place to look at; may be repeated.")] = None,
    to_layer: Annotated[
        str, Option(help="Layer of places, or of buildings whose tops are looked at.")
    ] = "",
    eye: EyeHeight = 1.6,
    above: Annotated[float, Option(help="Metres above the ground that is looked at.")] = 1.6,
    layer: Layers = None,
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Look from each place to each other one, and say what stands between.

    [bold]Examples[/bold]

    citystage sight lines city.gpkg --from 500,600 --to 800,900,60 --save "To the tower"
    """
    params: dict[str, Any] = {
        "eyes": points_of(eyes), "eyes_layer": eyes_layer, "targets": points_of(to),
        "targets_layer": to_layer, "eye": eye, "above": above, "layers": tuple(layer or ()),
    }  # fmt: skip
    _asked(project, "sight-lines", params, save, out, as_json, as_csv, scheme)


def viewshed(
    project: ProjectFile,
    eyes: Eyes = None,
    path: Annotated[str, Option(help="Way that is walked: 'east,north east,north ...'.")] = "",
    on: On = "",
    building: Building = None,
    every: Annotated[float, Option(help="Metres from eye to eye along the way.")] = 20.0,
    heading: Heading = 0.0,
    width: Width = 360.0,
    low: Annotated[float, Option(help="Lowest angle, degrees.")] = -90.0,
    high: Annotated[float, Option(help="Highest angle, degrees.")] = 90.0,
    reach: Reach = 1000.0,
    spacing: Spacing = 5.0,
    eye: EyeHeight = 1.6,
    layer: Layers = None,
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Find the ground and the buildings seen from places, along a way, or from windows.

    [bold]Examples[/bold]

    citystage sight viewshed city.gpkg --from 500,600 --heading 90 --width 60 --save View
    """
    params: dict[str, Any] = {
        "eyes": points_of(eyes), "path": path_of(path), "on": on, "objects": _numbers(building),
        "every": every, "heading": heading, "width": width, "low": low, "high": high,
        "reach": reach, "spacing": spacing, "eye": eye, "layers": tuple(layer or ()),
    }  # fmt: skip
    _asked(project, "viewshed", params, save, out, as_json, as_csv, scheme)


def landmark(
    project: ProjectFile,
    on: On = "",
    building: Building = None,
    to: Annotated[list[str] | None, Option(help="Point of the landmark; may be repeated.")] = None,
    reach: Reach = 1000.0,
    spacing: Spacing = 10.0,
    fine: Annotated[float, Option(help="Metres between points of its surface.")] = 10.0,
    eye: EyeHeight = 1.6,
    layer: Layers = None,
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Find from where how much of a landmark is seen.

    [bold]Examples[/bold]

    citystage sight landmark city.gpkg --on Buildings --building 3458 --reach 800
    """
    params: dict[str, Any] = {
        "on": on, "objects": _numbers(building), "targets": points_of(to), "reach": reach,
        "spacing": spacing, "fine": fine, "eye": eye, "layers": tuple(layer or ()),
    }  # fmt: skip
    _asked(project, "landmark", params, save, out, as_json, as_csv, scheme)


def sky(
    project: ProjectFile,
    area: Annotated[str, Option(help="West,south,east,north; else around the buildings.")] = "",
    spacing: Spacing = 5.0,
    reach: Reach = 300.0,
    eye: EyeHeight = 1.6,
    layer: Layers = None,
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Find how much sky is seen from the ground, and how open it is.

    [bold]Examples[/bold]

    citystage sight sky city.gpkg --area 500,600,900,1000 --save Sky
    """
    params: dict[str, Any] = {
        "area": box_of(area), "spacing": spacing, "reach": reach, "eye": eye,
        "layers": tuple(layer or ()),
    }  # fmt: skip
    _asked(project, "sky-view", params, save, out, as_json, as_csv, scheme)


def limits(
    project: ProjectFile,
    surface: Annotated[Surface, Option(help="Which surface.")] = Surface.corridor,
    at: Annotated[
        list[str] | None,
        Option(help="Place as east,north,height; once, twice, or for each corner of a plane."),
    ] = None,
    eye: EyeHeight = 1.6,
    radius: Annotated[float, Option(help="Of a cone, metres.")] = 1000.0,
    start: Annotated[float, Option(help="Radius at which a cone begins, metres.")] = 0.0,
    slope: Annotated[float, Option(help="Of a cone, percent; below 0 it falls.")] = 5.0,
    width: Annotated[float, Option(help="Of a view corridor, metres.")] = 50.0,
    angle: Annotated[float, Option(help="Of a corridor that opens, degrees.")] = 0.0,
    frequency: Annotated[float, Option(help="Of a radio link, gigahertz.")] = 18.0,
    areas: Annotated[str, Option(help="Layer of areas with heights above the ground.")] = "",
    field: Annotated[str, Option(help="Its field of heights.")] = "",
    pack: Annotated[str, Option(help="Rule pack of airports; else all.")] = "",
    layer: Layers = None,
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """List the buildings that stand through a surface that limits heights, and by how much.

    Exit code 1 where one does.

    [bold]Examples[/bold]

    citystage sight limits city.gpkg --surface corridor --at 500,600 --at 900,700,40 --width 30

    citystage sight limits city.gpkg --surface airport --at 0,0,12 --at 3400,0,12
    """
    params: dict[str, Any] = {
        "limit": surface.value, "points": points_of(at), "eye": eye, "radius": radius,
        "start": start, "slope": slope, "width": width, "angle": angle, "frequency": frequency,
        "areas": areas, "field": field, "pack": pack, "layers": tuple(layer or ()),
    }  # fmt: skip
    _asked(project, "height-limits", params, save, out, as_json, as_csv, scheme)


def skyline(
    project: ProjectFile,
    eyes: Eyes = None,
    heading: Heading = 0.0,
    width: Width = 360.0,
    step: Annotated[float, Option(help="Degrees from direction to direction.")] = 0.1,
    reach: Reach = 20_000.0,
    eye: EyeHeight = 1.6,
    layer: Layers = None,
    before: Before = "",
    after: After = "",
    new: New = "",
    new_building: NewBuilding = None,
    picture: Annotated[
        Path | None, Option(help="Drawing to write: .svg, .pdf, .png or .dxf.")
    ] = None,
    title: Annotated[str, Option(help="Heading of the drawing.")] = "",
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Trace the skyline from a place, before and after, as table, line and drawing.

    [bold]Examples[/bold]

    citystage skyline city.gpkg --from 500,600 --heading 45 --width 90 --picture skyline.png

    citystage skyline city.gpkg --from 500,600 --before existing --after "Scheme A" --json
    """
    params: dict[str, Any] = {
        "eyes": points_of(eyes), "heading": heading, "width": width, "step": step, "reach": reach,
        "eye": eye, "layers": tuple(layer or ()), **compared(before, new, new_building),
    }  # fmt: skip
    if picture is not None:
        from app.cli_output import tell
        from app.skyline_picture import draw_skyline
        from app.wording import current

        draw_skyline(project, params, picture, scheme=after, title=title)
        tell(current().t("cli-wrote", path=picture))
    _asked(project, "skyline", params, save, out, as_json, as_csv, after)


def _asked(
    project: Path, kind: str, params: dict[str, Any], save: str, out: list[Path] | None,
    as_json: bool, as_csv: bool, scheme: str,
) -> None:  # fmt: skip
    raise typer.Exit(
        answer(
            project, kind, params, save=save, out=out, as_json=as_json, as_csv=as_csv,
            scheme=scheme,
        )
    )  # fmt: skip

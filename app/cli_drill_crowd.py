"""The command that lets people leave a square or a campus, and films them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Option

from app.cli_analyses import AsCsv, AsJson, Out, SaveAs, Scheme, answer
from app.cli_output import progress_bar, say
from app.cli_places import box_of, points_of
from app.cli_project import ProjectFile, opened
from app.wording import current


def register(group: typer.Typer) -> None:
    """Add the command to the group of drills."""
    group.command("crowd")(crowd)


def crowd(
    project: ProjectFile,
    area: Annotated[str, Option(help="west,south,east,north, or a ring 'e,n e,n e,n'.")],
    exit_at: Annotated[
        list[str], Option("--exit", help="Exit, east,north; the border nearest to it. Repeat.")
    ],
    people: Annotated[int, Option(help="How many.")] = 500,
    width: Annotated[float, Option(help="Width of every exit, metres.")] = 4.0,
    seed: Annotated[int, Option(help="Decides where they stand and how quick they are.")] = 7,
    limit: Annotated[float, Option(help="Minutes after which it ends.")] = 30.0,
    listed: Annotated[str, Option(help="curve or exits.")] = "curve",
    layer: Annotated[list[str] | None, Option(help="Layers of buildings; else all.")] = None,
    film: Annotated[Path | None, Option(help="Film: MP4 file, or a folder for PNG files.")] = None,
    speed: Annotated[float, Option(help="Seconds of walking per second of the film.")] = 5.0,
    size: Annotated[str, Option(help="Width x height, pixels.")] = "1280x720",
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Let people leave a square or a campus one by one: how long, by which exits, how crowded.

    [bold]Examples[/bold]

    citystage drill crowd city.gpkg --area 508900,3379500,509000,3379600 --exit 508900,3379550
    --people 800 --film crowd.mp4
    """
    params: dict[str, Any] = {
        "area": tuple((place[0], place[1]) for place in box_of(area)),
        "points": points_of(exit_at), "people": people, "width": width, "seed": seed,
        "limit": limit, "listed": listed, "layers": tuple(layer or ()),
    }  # fmt: skip
    code = answer(project, "drill-crowd", params, save=save, out=out, as_json=as_json,
                  as_csv=as_csv, scheme=scheme)  # fmt: skip
    if film is not None:
        from app.arguments import parse_size
        from app.crowd import crowd_film
        from layers.analyses.drill_crowd import CrowdParams

        asked = CrowdParams(**params)
        with opened(project, read_only=True) as city, progress_bar("progress-drawing") as told:
            frames = crowd_film(city.project, asked, film, parse_size(size), speed, told)
        if not as_json:
            say(current().t("cli-crowd-film", path=str(film), count=frames))
    raise typer.Exit(code)

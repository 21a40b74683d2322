"""Commands that move: paths, stories, film; and find, which says where something is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from typer import Argument, Option

from app.cli_look import (
    CORNER_SHADE_HELP,
    CUT_HELP,
    EXPLODE_HELP,
    LOOK_HELP,
    UNDERGROUND_HELP,
)
from app.cli_output import progress_bar, say, say_json, table
from app.cli_project import ProjectFile, SchemeOption, opened
from app.wording import current
from layers.looks import looks_like

if TYPE_CHECKING:
    from app.api import City
    from app.places import Place
    from layers.tours import Slide

SHADOWS_HELP = "Buildings, trees and terrain throw true shadows."
AsJson = Annotated[bool, Option("--json", help="Print the answer as JSON.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("paths")(paths)
    app.command("stories")(stories)
    app.command("film")(film)
    app.command("find")(find)


def paths(
    project: ProjectFile,
    save: Annotated[str, Option(help="Keep a camera path under this name.")] = "",
    remove: Annotated[list[str] | None, Option(help="Forget this path.")] = None,
    points: Annotated[str, Option(help='"x,y x,y ...": places the way leads over.')] = "",
    crs: Annotated[str, Option(help="System of the points; else the project's.")] = "",
    view: Annotated[list[str] | None, Option(help="Named view it passes; repeat.")] = None,
    line: Annotated[str, Option(help="Layer with lines: LAYER or LAYER:NUMBER.")] = "",
    above: Annotated[float, Option(help="Metres over the ground.")] = 40.0,
    seconds: Annotated[float, Option(help="How long it takes.")] = 20.0,
    look: Annotated[
        Literal["", "ahead", "free", "target"],
        Option(help="Look ahead, as the views do, or at a target."),
    ] = "",
    target: Annotated[str, Option(help="x,y[,height] it looks at.")] = "",
    closed: Annotated[bool, Option("--closed", help="Go on to the beginning.")] = False,
    start: Annotated[str, Option(help="Local time at its beginning.")] = "",
    end: Annotated[str, Option(help="Local time at its end.")] = "",
    as_json: AsJson = False,
) -> None:
    """List the camera paths of a project, keep one, or forget some.

    [bold]Examples[/bold]

    citystage paths city.gpkg --save flight --points "508000,3378000 508400,3378300" --above 60

    citystage paths city.gpkg --save tour --view 鸟瞰 --view 江边 --seconds 30

    citystage paths city.gpkg --save street --line Roads:12 --above 12 --seconds 40
    """
    from app.arguments import parse_points

    with opened(project, read_only=not (save or remove)) as city:
        for name in remove or ():
            city.remove_path(name)
        if save:
            options: dict[str, object] = {"seconds": seconds, "closed": closed}
            if look:
                options["look"] = look
            if target:
                (place,) = parse_points(target, most=1)
                options |= {"target": place, "look": look or "target"}
            if start or end:
                options["moments"] = (start or end, end or start)
            layer, number = _line(city, line)
            city.save_path(
                save, points=parse_points(points) if points else (), views=view or (), line=layer,
                object_id=number, crs=crs, above=above, **options,
            )  # fmt: skip
        if save or remove:
            city.save()
        w = current()
        told = [
            {"name": path.name, "stops": len(path.stops), "seconds": path.seconds,
             "look": path.look, "closed": path.closed, "above": path.above,
             "moments": list(path.moments)}
            for path in city.paths
        ]  # fmt: skip
        if as_json:
            say_json({"paths": told})
        elif told:
            columns = [w.t(f"paths-column-{key}") for key in ("name", "stops", "seconds", "look")]
            rows = [
                [
                    str(p["name"]),
                    str(p["stops"]),
                    f"{p['seconds']:g}",
                    w.t(f"path-look-{p['look']}"),
                ]
                for p in told
            ]
            table(columns, rows, right=(1, 2))
        else:
            say(w.t("paths-none"))


def stories(
    project: ProjectFile,
    save: Annotated[str, Option(help="Keep a story under this name.")] = "",
    remove: Annotated[list[str] | None, Option(help="Forget this story.")] = None,
    slide: Annotated[
        list[str] | None, Option(help='"VIEW", or "VIEW|text|seconds it stands|seconds to it".')
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the stories of a project, keep one, or forget some.

    [bold]Examples[/bold]

    citystage stories city.gpkg --save talk --slide 鸟瞰 --slide "江边|新建的滨江步道|8|4"
    """
    with opened(project, read_only=not (save or remove)) as city:
        for name in remove or ():
            city.remove_story(name)
        if save:
            city.save_story(save, [_slide(text) for text in slide or ()])
        if save or remove:
            city.save()
        w = current()
        told = [
            {"name": story.name, "seconds": story.seconds,
             "slides": [{"view": s.view, "text": s.text, "hold": s.hold, "travel": s.travel}
                        for s in story.slides]}
            for story in city.stories
        ]  # fmt: skip
        if as_json:
            say_json({"stories": told})
        elif told:
            columns = [w.t(f"stories-column-{key}") for key in ("name", "slides", "seconds")]
            rows = [
                [story.name, ", ".join(s.view for s in story.slides), f"{story.seconds:g}"]
                for story in city.stories
            ]
            table(columns, rows, right=(2,))
        else:
            say(w.t("stories-none"))


def film(
    project: ProjectFile,
    out: Annotated[
        Path, Option("--out", "-o", help="MP4 file, or a folder for PNG pictures, to write.")
    ],
    path: Annotated[str, Option(help="Camera path that is flown.")] = "",
    story: Annotated[str, Option(help="Story that is told.")] = "",
    seconds: Annotated[
        float | None, Option(help="How long it takes.", show_default="the path's own")
    ] = None,
    fps: Annotated[float, Option(help="Frames per second.")] = 25.0,
    size: Annotated[str, Option(help="WIDTHxHEIGHT in pixels, up to 16384.")] = "1280x720",
    start: Annotated[str, Option("--start", "--when", help="Local time at its beginning.")] = "",
    end: Annotated[str, Option(help="Local time at its end; the sun moves.")] = "",
    look: Annotated[str, Option(help=LOOK_HELP)] = "",
    cut: Annotated[str, Option(help=CUT_HELP)] = "",
    underground: Annotated[float | None, Option(help=UNDERGROUND_HELP, show_default=False)] = None,
    explode: Annotated[float | None, Option(help=EXPLODE_HELP, show_default=False)] = None,
    corner_shade: Annotated[bool, Option("--corner-shade", help=CORNER_SHADE_HELP)] = False,
    hide: Annotated[list[str] | None, Option(help="Layer off in this film.")] = None,
    scheme: SchemeOption = "",
    captions: Annotated[
        bool, Option("--captions/--no-captions", help="Titles and texts of slides.")
    ] = True,
    shadows: Annotated[bool, Option("--shadows", help=SHADOWS_HELP)] = False,
    quality: Annotated[
        Literal["draft", "good", "best"], Option(help="How smooth edges are.")
    ] = "good",
) -> None:
    """Draw a camera path or a story as a film, frame by frame. No display is needed.

    The same project gives the same frames, however busy the computer is.

    [bold]Examples[/bold]

    citystage film city.gpkg --path flight --seconds 20 --fps 25 --size 1280x720 --out flight.mp4

    citystage film city.gpkg --path day --start 2026-06-21T08 --end 2026-06-21T18 --shadows -o a.mp4

    citystage film city.gpkg --story talk --scheme A --out frames
    """
    from app.arguments import parse_size
    from app.touring import QUALITIES

    pixels = parse_size(size)
    moments = (start or end, end or start) if start or end else ()
    with (
        opened(project, read_only=True, scheme=scheme) as city,
        progress_bar("cli-filming", file=out.name) as bar,
    ):
        count = city.film(
            out, path=path, story=story, seconds=seconds, fps=fps, size=pixels, moments=moments,
            hide=hide or (), captions=captions, shadows=shadows, corner_shade=corner_shade,
            look=looks_like(look), cut=cut, underground=underground, explode=explode,
            supersample=QUALITIES[quality], progress=bar,
        )  # fmt: skip
    say(current().t("cli-wrote-film", path=out, count=count, width=pixels[0], height=pixels[1]))


def find(
    project: ProjectFile,
    text: Annotated[str, Argument(help="Coordinates, or part of a name or value.")],
    limit: Annotated[int, Option(help="How many at most.")] = 20,
    scheme: SchemeOption = "",
    as_json: AsJson = False,
) -> None:
    """Find places: coordinates in any writing, names, attribute values, first letters of pinyin.

    [bold]Examples[/bold]

    citystage find city.gpkg 江滩

    citystage find city.gpkg "东经114.09 北纬30.52"
    """
    with opened(project, read_only=True, scheme=scheme) as city:
        found = city.find(text, limit)
        names = {layer.id: layer.name for layer in city.layers}
        w = current()
        if as_json:
            say_json({"places": [
                {"kind": p.kind, "title": p.title, "how": p.how,
                 "layer": names.get(p.layer_id, ""), "objects": list(p.object_ids),
                 "extent": p.extent, "score": round(p.score, 1)}
                for p in found
            ]})  # fmt: skip
        elif found:
            columns = [w.t(f"find-column-{key}") for key in ("title", "what", "middle")]
            table(columns, [[p.title, what_of(p, names), middle(p)] for p in found])
        else:
            say(w.t("find-none", text=text))


def what_of(place: Place, names: dict[str, str]) -> str:
    """Say in words what a place is."""
    w = current()
    if place.kind != "object":
        return w.t(f"place-{place.how.replace('_', '-')}" if place.how else f"place-{place.kind}")
    field = f" · {place.how}" if place.how else ""
    many = f" ({len(place.object_ids)})" if len(place.object_ids) > 1 else ""
    return f"{names.get(place.layer_id, '')}{field}{many}"


def middle(place: Place) -> str:
    """Give the middle of a place as east and north."""
    if place.extent is None:
        return ""
    west, south, east, north = place.extent
    return f"{(west + east) / 2:.1f}, {(south + north) / 2:.1f}"


def _line(city: City, text: str) -> tuple[str, int | None]:
    names = {layer.name for layer in city.layers} | {layer.id for layer in city.layers}
    name, mark, number = text.rpartition(":")
    if text not in names and mark and number.isdigit():
        return name, int(number)
    return text, None


def _slide(text: str) -> Slide:
    from app.arguments import parse_numbers
    from layers.tours import Slide

    view, *rest = [part.strip() for part in text.split("|")]
    words = rest[0] if rest else ""
    times = [parse_numbers(part)[0] for part in rest[1:3] if part]
    return Slide(view, words, *times)

"""Commands about how a city looks: views, layers, render."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from app.cli_output import progress_bar, say, say_json, table
from app.cli_project import (
    KeepingScheme,
    ProjectFile,
    SchemeOption,
    in_scheme,
    opened,
    print_facts,
    project_facts,
)
from app.wording import current
from layers.errors import CityError
from layers.looks import looks_like

if TYPE_CHECKING:
    from app.api import City
    from layers.viewpoint import Viewpoint

CAMERA_HELP = (
    "LON,LAT,HEIGHT,HEADING,PITCH[,FIELD OF VIEW]: degrees, height in metres above datum, heading "
    "clockwise from grid north, pitch 0 level and -90 straight down."
)
CUT_HELP = (
    "Taken away: plane X,Y heading=90; plane X,Y,Z heading=90 lean=30; level X,Y low=40; "
    "box X,Y 200x100 low=9; polygon X,Y ..."
)
CameraCrs = Annotated[
    str, Option(help="System of the camera's first two numbers, such as EPSG:4547.")
]
EXPLODE_HELP = "Draw the layers so many metres apart, one above the other, 0 to 2000."
EXAGGERATION_HELP = "Draw heights so many times higher, 0.5 to 10."
CONTOURS_HELP = "TERRAIN=METRES between contour lines, 0 for none."
FURNITURE_HELP = "Title, legend, north arrow, scale bar, date and coordinates."
UNDERGROUND_HELP = "See underground: share of the ground that is seen through, 0 to 1."
MOMENT_HELP = "Local time for the sun, such as 2026-06-21T10:00."
CORNER_SHADE_HELP = "Shade in corners, as in the window."
SHADOWS_HELP = "Buildings and terrain throw their true shadows."
COLOUR_BY_HELP = "LAYER:FIELD, with :ranges, :categories or limits such as :24,50,100."

LOOK_HELP = "attributes, white, realistic, night or blueprint."


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("views")(views)
    app.command("layers")(layers)
    app.command("render")(render)


def views(
    project: ProjectFile,
    save: Annotated[str, Option(help="Keep a view under this name.")] = "",
    rename: Annotated[list[str] | None, Option(help="OLD=NEW name.")] = None,
    remove: Annotated[list[str] | None, Option(help="Forget this view.")] = None,
    camera: Annotated[str, Option(help=CAMERA_HELP)] = "",
    camera_crs: CameraCrs = "EPSG:4326",
    hide: Annotated[list[str] | None, Option(help="Layer switched off in the view.")] = None,
    moment: Annotated[str, Option(help="Local time for the sun, such as 2026-06-21T10:00.")] = "",
    note: Annotated[str, Option(help="Remark, written under the picture.")] = "",
    look: Annotated[str, Option(help=LOOK_HELP)] = "",
    cut: Annotated[str, Option(help=CUT_HELP)] = "",
    underground: Annotated[float, Option(help=UNDERGROUND_HELP, show_default=False)] = 0.0,
    explode: Annotated[float, Option(help=EXPLODE_HELP, show_default=False)] = 0.0,
    as_json: Annotated[bool, Option("--json", help="Print them as JSON.")] = False,
) -> None:
    """List the named views of a project, keep one, or forget some.

    [bold]Examples[/bold]

    citystage views city.gpkg

    citystage views city.gpkg --save 鸟瞰 --camera 114.0986,30.5208,900,20,-35

    citystage views city.gpkg --save overview

    citystage views city.gpkg --rename "鸟瞰=总览"

    citystage views city.gpkg --remove 鸟瞰
    """
    changing = bool(save or remove or rename)
    with opened(project, read_only=not changing) as city:
        for text in rename or ():
            city.rename_view(*_pair(text))
        for name in remove or ():
            city.remove_view(name)
        if save:
            eye = _camera(city, camera, camera_crs)
            city.save_view(
                save, eye, hidden=hide, moment=moment, note=note, look=looks_like(look), cut=cut,
                underground=underground, explode=explode,
            )  # fmt: skip
        if changing:
            city.save()
        _print_views(city, as_json=as_json)


def _print_views(city: City, *, as_json: bool) -> None:
    from app.arguments import camera_text
    from app.cutting import cut_text

    w = current()
    names = {layer.id: layer.name for layer in city.layers}
    told = [
        {
            "name": view.name,
            "camera": camera_text(city.project, view.camera),
            "hidden": None
            if view.hidden is None
            else [names[i] for i in view.hidden if i in names],
            "moment": view.moment,
            "look": view.look,
            "cut": "" if view.cut is None else cut_text(view.cut),
            "underground": view.underground,
            "explode": view.explode,
            "note": view.note,
        }
        for view in city.views
    ]
    if as_json:
        say_json({"views": told})
    elif told:
        columns = [w.t("views-column-name"), w.t("views-column-camera"), w.t("views-column-note")]
        table(columns, [[str(v["name"]), str(v["camera"]), str(v["note"])] for v in told])
    else:
        say(w.t("views-none"))


def _side(text: str) -> bool:
    """Say whether a word means driving on the left."""
    if text not in {"left", "right"}:
        raise CityError(
            "cli.side", f"'{text}' is no side of the road.", hint="write left or right", text=text
        )
    return text == "left"


def layers(
    project: ProjectFile,
    show: Annotated[list[str] | None, Option(help="Show this layer (name, id or kind).")] = None,
    hide: Annotated[list[str] | None, Option(help="Hide this layer (name, id or kind).")] = None,
    rename: Annotated[list[str] | None, Option(help="OLD=NEW name.")] = None,
    remove: Annotated[list[str] | None, Option(help="Take this layer out.")] = None,
    colour: Annotated[list[str] | None, Option(help="LAYER=#rrggbb.")] = None,
    opacity: Annotated[list[str] | None, Option(help="LAYER=0.0 to 1.0.")] = None,
    colour_by: Annotated[list[str] | None, Option(help=COLOUR_BY_HELP)] = None,
    label_by: Annotated[
        list[str] | None, Option(help="LAYER:FIELD written beside each object; LAYER: for none.")
    ] = None,
    built: Annotated[
        list[str] | None, Option(help="Draw this layer as built: surfaces, kerbs, waves, trunks.")
    ] = None,
    plain: Annotated[list[str] | None, Option(help="Draw this layer as a map does.")] = None,
    lamps: Annotated[
        list[str] | None, Option(help="LAYER=METRES between street lamps, 0 for none.")
    ] = None,
    tunnels: Annotated[list[str] | None, Option(help="LAYER=hidden, dashed or portals.")] = None,
    traffic: Annotated[list[str] | None, Option(help="LAYER=left or right.")] = None,
    contours: Annotated[list[str] | None, Option(help=CONTOURS_HELP)] = None,
    scheme: KeepingScheme = "",
) -> None:
    """List the layers of a project, top first, or change how they look.

    [bold]Examples[/bold]

    citystage layers city.gpkg --hide 影像 --rename "bldg=现状建筑"

    citystage layers city.gpkg --colour 现状建筑=#d9d4c7 --colour-by 现状建筑:height:ranges

    citystage layers city.gpkg --scheme A
    """

    changing = any((show, hide, rename, remove, colour, opacity, colour_by, label_by, built,
                    plain, lamps, tunnels, traffic, contours))  # fmt: skip
    with opened(project, read_only=not changing) as city:
        with in_scheme(city, scheme, keep=changing):
            for text in rename or ():
                city.rename(*_pair(text))
            city.show(*(show or ()))
            city.hide(*(hide or ()))
            for text in colour or ():
                name, value = _pair(text)
                city.style(name, colour=value)
            for text in opacity or ():
                name, value = _pair(text)
                city.style(name, opacity=_share(value))
            colour_layers(city, colour_by or ())
            for text in label_by or ():
                name, _, field = text.rpartition(":")
                if field:
                    city.project.layer(name).features.column(field)
                city.style(name, label_field=field)
            for names, on in ((built, True), (plain, False)):
                for name in names or ():
                    city.style(name, built=on)
            for text in lamps or ():
                name, value = _pair(text)
                city.style(name, lamps=_metres(value))
            for text in tunnels or ():
                name, value = _pair(text)
                city.style(name, tunnels=value)
            for text in traffic or ():
                name, value = _pair(text)
                city.style(name, left_hand=_side(value))
            _contour(city, contours)
            for name in remove or ():
                city.remove_layer(name)
            facts = project_facts(city, project)
        if changing:
            city.save()
        print_facts(facts)


def render(
    project: ProjectFile,
    out: Annotated[Path, Option("--out", "-o", help="PNG file to write.")],
    view: Annotated[str, Option(help="Named view; without it and --camera all is seen.")] = "",
    camera: Annotated[str, Option(help=CAMERA_HELP)] = "",
    camera_crs: CameraCrs = "EPSG:4326",
    size: Annotated[str, Option(help="WIDTHxHEIGHT in pixels, up to 16384.")] = "1600x900",
    title: Annotated[
        str | None, Option(help="Heading; '' for none.", show_default="view and project")
    ] = None,
    furniture: Annotated[bool, Option("--furniture/--no-furniture", help=FURNITURE_HELP)] = True,
    transparent: Annotated[
        bool, Option("--transparent", help="Leave the background see-through.")
    ] = False,
    hide: Annotated[list[str] | None, Option(help="Layer off in this picture.")] = None,
    show: Annotated[list[str] | None, Option(help="Layer on in this picture.")] = None,
    colour_by: Annotated[list[str] | None, Option(help=COLOUR_BY_HELP)] = None,
    moment: Annotated[str, Option("--moment", "--when", help=MOMENT_HELP)] = "",
    shadows: Annotated[bool, Option("--shadows", help=SHADOWS_HELP)] = False,
    corner_shade: Annotated[
        bool, Option("--corner-shade/--no-corner-shade", help=CORNER_SHADE_HELP)
    ] = True,
    look: Annotated[str, Option(help=LOOK_HELP)] = "",
    cut: Annotated[str, Option(help=CUT_HELP)] = "",
    underground: Annotated[float | None, Option(help=UNDERGROUND_HELP, show_default=False)] = None,
    explode: Annotated[float | None, Option(help=EXPLODE_HELP, show_default=False)] = None,
    exaggeration: Annotated[float, Option(help=EXAGGERATION_HELP, show_default=False)] = 0.0,
    contours: Annotated[list[str] | None, Option(help=CONTOURS_HELP)] = None,
    scheme: SchemeOption = "",
) -> None:
    """Draw a named view, or what a camera sees, to a PNG file. No display is needed.

    [bold]Examples[/bold]

    citystage render city.gpkg --view 鸟瞰 --size 3840x2160 --out birdview.png

    citystage render city.gpkg --camera 114.0986,30.5208,900,20,-35 --out here.png

    citystage render city.gpkg --view 鸟瞰 --colour-by 建筑:height:24,50,100 --out heights.png

    citystage render city.gpkg --view 鸟瞰 --transparent --no-furniture --out cut.png

    citystage render city.gpkg --view 鸟瞰 --underground 0.65 --out pipes.png

    citystage render city.gpkg --view 鸟瞰 --when 2026-12-21T15:00 --shadows --out winter.png
    """
    from app.arguments import parse_size

    if view and camera:
        raise CityError(
            "cli.view_or_camera",
            "A picture is seen from a view or from a camera, not from both.",
            hint="leave one of --view and --camera out",
        )
    pixels = parse_size(size)
    with opened(project, read_only=True, scheme=scheme) as city:
        eye = _camera(city, camera, camera_crs) if camera else None
        colour_layers(city, colour_by or ())
        _contour(city, contours)
        with progress_bar("cli-drawing", file=out.name) as bar:
            picture = city.render(
                view or None,
                camera=eye,
                size=pixels,
                title=title,
                furniture=furniture,
                transparent=transparent,
                hide=hide or (),
                show=show or (),
                moment=moment,
                shadows=shadows, corner_shade=corner_shade, look=looks_like(look), cut=cut,
                underground=underground, exaggeration=exaggeration, explode=explode, progress=bar,
            )  # fmt: skip
            picture.save(out)
    say(current().t("cli-wrote-picture", path=out, width=pixels[0], height=pixels[1]))


def colour_layers(city: City, texts: Sequence[str]) -> None:
    """Colour layers as ``LAYER:FIELD[:ranges|categories]`` says."""
    from app.arguments import split_field

    for text in texts:
        layer, field, mode = split_field(city.project, text)
        city.colour_by(layer.id, field, mode)


def _camera(city: City, text: str, crs: str) -> Viewpoint:
    from app.arguments import parse_camera

    return parse_camera(city.project, text, crs) if text else city.overview()


def _contour(city: City, texts: Sequence[str] | None) -> None:
    """Draw contour lines as ``TERRAIN=METRES`` says."""
    for text in texts or ():
        name, value = _pair(text)
        city.style(name, contours=_metres(value))


def _pair(text: str) -> tuple[str, str]:
    name, mark, value = text.rpartition("=")
    if not mark or not name.strip() or not value.strip():
        raise CityError(
            "cli.pair",
            f"'{text}' is not NAME=VALUE.",
            hint="write the layer, an equals sign and the value, such as Buildings=#d9d4c7",
            text=text,
        )
    return name.strip(), value.strip()


def _metres(text: str) -> float:
    from app.arguments import parse_numbers

    (value, *more) = parse_numbers(text)
    if more or not 0.0 <= value <= 1000.0:
        raise CityError(
            "cli.metres",
            f"'{text}' is not a number of metres.",
            hint="write a number from 0 to 1000, such as 30",
            text=text,
        )
    return value


def _share(text: str) -> float:
    from app.arguments import parse_numbers

    (value, *more) = parse_numbers(text)
    if more or not 0.0 <= value <= 1.0:
        raise CityError(
            "cli.opacity",
            f"'{text}' is not an opacity.",
            hint="write a number from 0 (clear) to 1 (solid)",
            text=text,
        )
    return value

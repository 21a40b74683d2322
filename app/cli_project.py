"""Commands about a project as a whole: new, info."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from app.cli_output import progress_bar, say, say_json, table, tell
from app.wording import current
from layers.errors import CityError

if TYPE_CHECKING:
    from app.api import City
    from layers.files.raw import Note


#: What all commands about a project begin with, and what those that tell something end with.
ProjectFile = Annotated[Path, Argument(help="Project file (.gpkg).")]
AsJson = Annotated[bool, Option("--json", help="Print it as JSON.")]
#: For commands that read a project: ``opened(project, scheme=scheme)``.
SchemeOption = Annotated[
    str, Option("--scheme", help="Scheme to look at; 'existing' is the city as it is.")
]
#: For commands that may also keep something: ``in_scheme(city, scheme, keep=...)``.
KeepingScheme = Annotated[
    str,
    Option("--scheme", help="Scheme to look at; what is kept lands in it. 'existing': none."),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("new")(new)
    app.command("info")(info)


def opened(
    project: Path, *, read_only: bool = False, create: bool = False, scheme: str = ""
) -> City:
    """Open a project with a progress bar; with `create` make it where it is not there.

    With `scheme` it shows that scheme until it is saved; "" shows the active one.
    """
    from app import api
    from app.caching import settle

    settle().told.connect(_tell_note, unique=True)
    if create and not project.exists():
        check_new(project)
        tell(current().t("cli-making", path=project))
        return api.new_project()  # written when all has gone well
    with progress_bar("cli-opening", file=project.name) as bar:
        city = api.open_project(project, read_only=read_only, progress=bar)
    for note in city.notes:
        _tell_note(note)
    if scheme:
        try:
            city.look_at_scheme(scheme)
        except CityError:
            city.close()
            raise
    return city


@contextmanager
def in_scheme(city: City, scheme: str, *, keep: bool = False) -> Iterator[None]:
    """Show a scheme for a while, "" none; with `keep` what is added meanwhile lands in it."""
    if scheme and keep:
        before = city.scheme
        city.activate_scheme(scheme)
        try:
            yield
        finally:
            city.activate_scheme(before)
    elif scheme:
        city.look_at_scheme(scheme)
        try:
            yield
        finally:
            city.shown_as_before()
    else:
        yield


def _tell_note(note: Note) -> None:
    tell("citystage: " + current().note(note))


def check_new(project: Path) -> None:
    """Refuse a place where no project can be made, before anything long is begun.

    Raises
    ------
    CityError
        ``cli.project_name`` without the ending .gpkg, ``cli.no_folder``.
    """
    if project.suffix.lower() != ".gpkg":
        raise CityError(
            "cli.project_name",
            "A project file ends with .gpkg.",
            hint=f"call it {project.stem}.gpkg",
            where=str(project),
            name=f"{project.stem}.gpkg",
        )
    if not project.absolute().parent.is_dir():
        raise CityError(
            "cli.no_folder",
            f"The folder {project.parent} does not exist.",
            hint="make the folder first, or name another",
            where=str(project),
            folder=str(project.parent),
        )


def new(
    project: Annotated[Path, Argument(help="Project file to make (.gpkg).")],
    crs: Annotated[
        str, Option(help="Coordinate system, such as EPSG:4547; else the first import proposes.")
    ] = "",
    title: Annotated[str, Option(help="Title, shown on pictures.")] = "",
) -> None:
    """Make an empty project.

    [bold]Examples[/bold]

    citystage new riverside.gpkg --crs EPSG:4547 --title "滨江新区"
    """
    from app import api

    check_new(project)
    with api.new_project(project, crs=crs, title=title):
        say(current().t("cli-wrote", path=project))


def info(
    project: Annotated[Path, Argument(help="Project file (.gpkg).")],
    scheme: SchemeOption = "",
    as_json: Annotated[bool, Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Tell what a project holds: coordinate system, layers, views, measurements.

    [bold]Examples[/bold]

    citystage info city.gpkg

    citystage info city.gpkg --json
    """
    with opened(project, read_only=True, scheme=scheme) as city:
        told = project_facts(city, project)
    if as_json:
        say_json(told)
    else:
        print_facts(told)


def project_facts(city: City, path: Path) -> dict[str, Any]:
    """Give what a project holds as values that JSON can hold.

    Parameters
    ----------
    city : City
        The open project.
    path : pathlib.Path
        Its file, for the heading.
    """
    from app.arguments import camera_text

    frame, extent = city.project.frame, city.project.extent(visible_only=False)
    return {
        "project": str(path),
        "title": city.project.info.title,
        "crs": frame.crs if frame else None,
        "crs_name": frame.name if frame else None,
        "height_datum": frame.height_datum if frame else "",
        "moment": city.project.info.moment,
        "look": city.project.info.look,
        "extent": None if extent is None else [round(v, 3) for v in extent],
        "layers": [
            {
                "id": layer.id,
                "name": layer.name,
                "kind": layer.kind,
                "objects": len(layer.data),
                "visible": layer.visible,
                "opacity": layer.opacity,
                "coloured_by": layer.style.colouring.field if layer.style.colouring else None,
                "source": str(layer.source.path) if layer.source.path else None,
            }
            for layer in reversed(city.layers)
        ],
        "views": [
            {"name": view.name, "camera": camera_text(city.project, view.camera)}
            for view in city.views
        ],
        "scheme": city.scheme,
        "schemes": [item.name for item in city.schemes.items],
        "measurements": len(city.measurements),
    }


def print_facts(told: dict[str, Any]) -> None:
    """Print what `project_facts` gave."""
    w = current()
    say(f"{told['project']}  {told['title']}".rstrip())
    crs = told["crs"] or w.t("info-no-crs")
    if told["crs_name"]:
        crs = f"{crs} ({told['crs_name']})" if len(crs) < 20 else told["crs_name"]
    say(w.t("info-crs", crs=crs))
    if told["extent"]:
        west, south, east, north = (w.number(v, 1) for v in told["extent"])
        say(w.t("report-extent", west=west, south=south, east=east, north=north))
    rows = [
        [
            layer["name"],
            w.kind(layer["kind"]),
            w.number(layer["objects"], 0),
            w.t("info-shown") if layer["visible"] else w.t("info-hidden"),
            layer["coloured_by"] or "",
            layer["id"],
        ]
        for layer in told["layers"]
    ]
    columns = ("layer", "kind", "objects", "visible", "colour", "id")
    table([w.t(f"info-column-{name}") for name in columns], rows, right=(2,))
    if told["views"]:
        say(w.t("info-views", names=w.listed(view["name"] for view in told["views"])))
    if told["schemes"]:
        shown = w.t("schemes-existing") if told["scheme"] == "existing" else told["scheme"]
        say(w.t("info-schemes", names=w.listed(told["schemes"]), shown=shown))
    say(w.t("info-measurements", count=told["measurements"]))

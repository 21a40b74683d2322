"""Commands that measure and write tables: measure, export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from app.cli_output import say, say_json, table
from app.cli_project import KeepingScheme, ProjectFile, in_scheme, opened
from app.wording import current
from layers.errors import CityError

if TYPE_CHECKING:
    from layers.kinds.measurements import Measurement


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("measure")(measure)


def measure(
    project: ProjectFile,
    point: Annotated[list[str] | None, Option(help='"x,y[,z]": coordinates and heights.')] = None,
    distance: Annotated[
        list[str] | None, Option(help='"x,y[,z] x,y[,z]": from one point to another.')
    ] = None,
    polyline: Annotated[list[str] | None, Option(help='"x,y x,y x,y ...": along a line.')] = None,
    area: Annotated[list[str] | None, Option(help='"x,y x,y x,y ...": inside a ring.')] = None,
    angle: Annotated[
        list[str] | None, Option(help='"x,y x,y x,y": angle at the second point.')
    ] = None,
    building: Annotated[
        list[str] | None, Option(help="LAYER:NUMBER: height, volume and floor area.")
    ] = None,
    crs: Annotated[
        str, Option(help="System of the points: EPSG:4326, city-grid ...; else the project's.")
    ] = "",
    scheme: KeepingScheme = "",
    save: Annotated[str, Option(help="Keep the measurements in the project, so named.")] = "",
    csv: Annotated[Path | None, Option(help="Write a table: .csv, .xlsx or .geojson.")] = None,
    as_json: Annotated[bool, Option("--json", help="Print the answers as JSON.")] = False,
) -> None:
    """Measure points, lengths, areas, angles and buildings. Every option may be repeated.

    Points without a height lie on the ground. Lengths are given on the map grid and on the ground.

    [bold]Examples[/bold]

    citystage measure city.gpkg --distance "508000,3378000 508300,3378400"

    citystage measure city.gpkg --area "508000,3378000 508100,3378000 508100,3378100" --csv a.csv

    citystage measure city.gpkg --point "114.09,30.52" --crs EPSG:4326 --json

    citystage measure city.gpkg --building 建筑:17 --save 地标

    citystage measure city.gpkg --scheme A --building 建筑:4415 --json
    """
    from app.measuring import facts_of, measured

    wanted: list[tuple[str, str]] = [
        (kind, text)
        for kind, texts in (
            ("point", point), ("distance", distance), ("polyline", polyline), ("area", area),
            ("angle", angle), ("building", building),
        )
        for text in texts or ()
    ]  # fmt: skip
    if not wanted:
        raise CityError(
            "cli.nothing_to_measure",
            "Nothing to measure was named.",
            hint="give --distance, --area, --polyline, --point, --angle or --building",
        )
    with opened(project, read_only=not save) as city:
        found = []
        with in_scheme(city, scheme, keep=bool(save)):
            for number, (kind, text) in enumerate(wanted, 1):
                name = save if save and len(wanted) == 1 else f"{save} {number}" if save else ""
                found.append(measured(city, kind, text, crs=crs, name=name, keep=bool(save)))
        if save:
            city.save()
        else:
            found = [replace(item, id=number) for number, item in enumerate(found, 1)]
        if csv is not None:
            city.write_measurements(csv, found)
    if as_json:
        say_json({"project": str(project), "measurements": [facts_of(item) for item in found]})
    else:
        _print(found)
    if csv is not None and not as_json:
        say(current().t("cli-wrote", path=csv))


def _print(found: Sequence[Measurement]) -> None:
    w = current()
    for item in found:
        kind = w.t(f"measure-{item.kind}")
        say(f"{item.id}  {kind}" if item.name == item.kind else f"{item.id}  {kind}  {item.name}")
        rows = [[w.value_name(key), w.value(key, value)] for key, value in item.values.items()]
        table([w.t("measure-column-what"), w.t("measure-column-value")], rows, right=(1,))

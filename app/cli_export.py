"""The command that writes what a project holds for other programs: export."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from app.cli_output import progress_bar, say, say_json
from app.cli_project import SchemeOption, opened
from app.exporting import remarks, summary
from app.wording import current
from layers.errors import CityError

if TYPE_CHECKING:
    from app.api import City
    from app.exporting import Format
    from layers.files.city_export import Written


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export")(export)


def export(
    project: Annotated[Path, Argument(help="Project file (.gpkg).")],
    out: Annotated[
        Path | None,
        Argument(help="Table to write: .csv, .xlsx; measurements also .geojson."),
    ] = None,
    tiles: Annotated[
        Path | None, Option("--3dtiles", help="Folder for a 3D Tiles 1.1 tileset.")
    ] = None,
    glb: Annotated[Path | None, Option(help="GLB file: metres, y up, a local origin.")] = None,
    cityjson: Annotated[
        Path | None, Option(help="CityJSON 2.0 file (.json), or a text sequence (.jsonl).")
    ] = None,
    layer: Annotated[
        list[str] | None,
        Option(help="Layer to write: of any kind as a table, of buildings, models or trees else."),
    ] = None,
    where: Annotated[
        str, Option(help="Only objects that fulfil this, such as 'height > 50'.")
    ] = "",
    ids: Annotated[str, Option(help="Only these objects of a layer: 17,18,40.")] = "",
    scheme: SchemeOption = "",
    height_offset: Annotated[
        float | None,
        Option(help="3D tiles: height of the project's datum above the WGS 84 ellipsoid, metres."),
    ] = None,
    overwrite: Annotated[
        bool, Option("--overwrite", help="Replace an older export of the same name.")
    ] = False,
    as_json: Annotated[bool, Option("--json", help="Print what was written as JSON.")] = False,
) -> None:
    """Write the city as 3D Tiles, GLB or CityJSON, and measurements or objects as a table.

    A table holds the measurements kept in the project, or the objects of a layer; units stand
    in its header. The other formats hold all visible buildings, hand-made models and trees, or
    those that are chosen; what is not in them is told.

    [bold]Examples[/bold]

    citystage export city.gpkg --3dtiles tiles --height-offset -12.5

    citystage export city.gpkg --glb towers.glb --where "height > 100"

    citystage export city.gpkg --cityjson block.city.json --layer 建筑 --ids 17,18,40

    citystage export city.gpkg --glb scheme.glb --scheme A

    citystage export city.gpkg measurements.xlsx

    citystage export city.gpkg buildings.csv --layer 建筑
    """
    named: dict[Format, Path | None] = {"3dtiles": tiles, "glb": glb, "cityjson": cityjson}
    wanted = [(what, path) for what, path in named.items() if path is not None]
    if not wanted and out is None:
        raise CityError(
            "cli.export_nothing",
            "Nothing is said about what to write.",
            hint="name a table, or add --3dtiles FOLDER, --glb FILE or --cityjson FILE",
        )
    numbers = _numbers(ids)
    with opened(project, read_only=True, scheme=scheme) as city:
        if out is not None:
            _write_table(city, layer or [], out)
        done = [
            (what, _write_buildings(city, what, path, layer or [], where, numbers,
                                    height_offset=height_offset, overwrite=overwrite))
            for what, path in wanted
        ]  # fmt: skip
    if not done:
        return
    if as_json:
        say_json({"written": [_told(what, written) for what, written in done]})
        return
    for _, written in done:
        say(summary(written, current()))
        for line in remarks(written, current()):
            say("  " + line)


def _write_buildings(
    city: City, what: Format, path: Path, layers: list[str], where: str, ids: list[int],
    *, height_offset: float | None, overwrite: bool,
) -> Written:  # fmt: skip
    from app.exporting import choose_of, write

    chosen = choose_of(city.project, layers, where, ids)
    with progress_bar("cli-exporting", file=path.name) as bar:
        return write(
            city.project, chosen, what, path, bar,
            height_offset=height_offset, overwrite=overwrite,
        )  # fmt: skip


def _write_table(city: City, layers: list[str], out: Path) -> None:
    """Write measurements, or the objects of the one layer that is named."""
    from app.layer_table import write_layer_table

    if len(layers) > 1:
        raise CityError(
            "cli.export_one_layer",
            "A table holds the objects of one layer.",
            hint="name one layer, or run the command once for each",
        )
    if layers:
        count, key = write_layer_table(city.project, layers[0], out), "cli-wrote-objects"
    else:
        count, key = city.write_measurements(out), "cli-wrote-measurements"
    say(current().t(key, path=out, count=count))


def _numbers(text: str) -> list[int]:
    from app.arguments import parse_numbers

    numbers = parse_numbers(text) if text.strip() else ()
    wrong = [number for number in numbers if not number.is_integer()]
    if wrong:
        raise CityError(
            "cli.export_ids",
            f"'{wrong[0]:g}' is not the number of a building.",
            hint="write whole numbers with commas between them, such as 17,18,40",
            text=f"{wrong[0]:g}",
        )
    return [int(number) for number in numbers]


def _told(what: str, written: Written) -> dict[str, object]:
    return {
        "format": what,
        "path": str(written.path),
        "objects": written.objects,
        "files": written.files,
        "bytes": written.bytes,
        "triangles": written.triangles,
        "models": written.models,
        "trees": written.trees,
        "notes": list(written.notes),
        "left_out": [asdict(one) for one in written.left_out],
    }

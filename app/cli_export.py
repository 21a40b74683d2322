"""The command that writes the city for other programs: export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from app.cli_output import progress_bar, say, say_json
from app.cli_project import opened
from app.wording import current
from layers.errors import CityError

if TYPE_CHECKING:
    from app.exporting import Format
    from layers.files.city_export import Written


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export")(export)


def export(
    project: Annotated[Path, Argument(help="Project file (.gpkg).")],
    tiles: Annotated[
        Path | None, Option("--3dtiles", help="Folder for a 3D Tiles 1.1 tileset.")
    ] = None,
    glb: Annotated[Path | None, Option(help="GLB file: metres, y up, a local origin.")] = None,
    cityjson: Annotated[
        Path | None, Option(help="CityJSON 2.0 file (.json), or a text sequence (.jsonl).")
    ] = None,
    layer: Annotated[
        list[str] | None, Option(help="Layer of buildings; else all that are visible.")
    ] = None,
    where: Annotated[
        str, Option(help="Only buildings that fulfil this, such as 'height > 50'.")
    ] = "",
    ids: Annotated[str, Option(help="Only these buildings of a layer: 17,18,40.")] = "",
    height_offset: Annotated[
        float | None,
        Option(help="3D tiles: height of the project's datum above the WGS 84 ellipsoid, metres."),
    ] = None,
    overwrite: Annotated[
        bool, Option("--overwrite", help="Replace an older export of the same name.")
    ] = False,
    as_json: Annotated[bool, Option("--json", help="Print what was written as JSON.")] = False,
) -> None:
    """Write the buildings as 3D Tiles, GLB or CityJSON for other programs.

    [bold]Examples[/bold]

    citystage export city.gpkg --3dtiles tiles --height-offset -12.5

    citystage export city.gpkg --glb towers.glb --where "height > 100"

    citystage export city.gpkg --cityjson block.city.json --layer 建筑 --ids 17,18,40
    """
    wanted: list[tuple[Format, Path]] = []
    if tiles is not None:
        wanted.append(("3dtiles", tiles))
    if glb is not None:
        wanted.append(("glb", glb))
    if cityjson is not None:
        wanted.append(("cityjson", cityjson))
    if not wanted:
        raise CityError(
            "cli.export_nothing",
            "Nothing is said about what to write.",
            hint="add --3dtiles FOLDER, --glb FILE or --cityjson FILE",
        )
    numbers = _numbers(ids)
    done: list[tuple[Format, Written]] = []
    with opened(project, read_only=True) as city:
        from app.exporting import choose_of, write

        chosen = choose_of(city.project, layer or (), where, numbers)
        for what, path in wanted:
            with progress_bar("cli-exporting", file=path.name) as bar:
                written = write(
                    city.project, chosen, what, path, bar,
                    height_offset=height_offset, overwrite=overwrite,
                )  # fmt: skip
            done.append((what, written))
    if as_json:
        say_json({"written": [_told(what, written) for what, written in done]})
        return
    for _, written in done:
        say(summary(written))
        for note in written.notes:
            say("  " + current().t(f"export-note-{note.replace('_', '-')}"))


def summary(written: Written) -> str:
    """Say in a line what was written."""
    return current().t(
        "export-wrote",
        path=written.path,
        objects=written.objects,
        files=written.files,
        megabytes=f"{written.bytes / 1e6:.1f}",
    )


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
        "notes": list(written.notes),
    }

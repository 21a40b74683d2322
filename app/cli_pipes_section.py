"""Sections through pipes: drawings in scale and tables of levels."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Argument, Option

from app.cli_output import progress_bar, tell
from app.cli_project import opened
from app.wording import current
from layers.errors import CityError

DRAWINGS = (".svg", ".pdf", ".png", ".dxf")


def register(pipes: typer.Typer) -> None:
    """Add the command."""
    pipes.command("section")(section)


def section(
    project: Annotated[Path, Argument(help="Project file (.gpkg).")],
    line: Annotated[
        str, Option(help="Cross section along this line: 'X,Y X,Y ...' in project coordinates.")
    ] = "",
    path: Annotated[
        str, Option(help="Longitudinal section from node to node: numbers or ids, 'WS1,WS9'.")
    ] = "",
    runs: Annotated[
        str, Option(help="Longitudinal section along these runs: ids with commas between.")
    ] = "",
    layer: Annotated[
        list[str] | None, Option(help="Layers of pipes to cut; without it all. May be repeated.")
    ] = None,
    way: Annotated[str, Option(help="Layer of the way, where its name is not clear.")] = "",
    out: Annotated[
        list[Path] | None,
        Option(help="Write it: .svg, .pdf, .png, .dxf, .csv, .xlsx, .json ...; may be repeated."),
    ] = None,
    scale: Annotated[float, Option(help="1 : SCALE; 0 for the largest that fits A3.")] = 0.0,
    exaggeration: Annotated[
        float, Option(help="How many times larger heights are; 0: 1 across, up to 10 along.")
    ] = 0.0,
    title: Annotated[str, Option(help="Title of the drawing.")] = "",
    number: Annotated[str, Option(help="Number of the drawing.")] = "",
    author: Annotated[str, Option(help="Who drew it.")] = "",
    date: Annotated[str, Option(help="Date in the title block; without it today.")] = "",
    words: Annotated[str, Option(help="Language of the drawing: en, zh-CN, both.")] = "",
    error_band: Annotated[
        bool, Option("--error-band/--no-error-band", help="Draw the error of the survey (CJJ 61).")
    ] = True,
    pavement: Annotated[bool, Option("--pavement/--no-pavement", help="Show streets.")] = True,
    buildings: Annotated[bool, Option("--buildings/--no-buildings", help="Show buildings.")] = True,
    trees: Annotated[bool, Option("--trees/--no-trees", help="Show trees and their pits.")] = True,
    save: Annotated[str, Option("--save", help="Keep the answer in the project, so named.")] = "",
    as_json: Annotated[bool, Option("--json", help="Print the answer as JSON.")] = False,
    as_csv: Annotated[bool, Option("--csv", help="Print the table as CSV.")] = False,
    scheme: Annotated[
        str, Option(help="Ask about this scheme; else about the city as it is.")
    ] = "",
) -> None:
    """Cut pipes along a line, or unroll a way through them.

    The drawing is in scale, with ground, pavement, buildings, control lines, a table of levels
    below and a title block. What was assumed carries a star.

    [bold]Examples[/bold]

    citystage pipes section city.gpkg --line "508000,3378000 508000,3378040" --out cross.pdf

    citystage pipes section city.gpkg --path WS1,WS9 --out long.dxf --out long.xlsx --scale 1000
    """
    from app.pipe_sections import CROSS, LONG, DrawingOptions, Kind

    params = _params(line, path, runs, layer or [], way)
    params["pavement"] = pavement
    kind: Kind = CROSS if line else LONG
    if line:
        params |= {"buildings": buildings, "trees": trees}
    options = DrawingOptions(scale, exaggeration, title, number, author, date, words, error_band)
    _write(project, kind, params, options, out or [], save, scheme, as_json=as_json, as_csv=as_csv)


def _write(
    project: Path, kind: Any, params: dict[str, Any], options: Any, files: list[Path], save: str,
    scheme: str, *, as_json: bool, as_csv: bool,
) -> None:  # fmt: skip
    """Ask, write the drawings and the tables, and print the answer."""
    from app.cli_analyses import print_answer
    from layers.files.sheets import needs_folder

    drawings = [file for file in files if file.suffix.lower() in DRAWINGS]
    needs_folder(*files)
    with opened(project, read_only=not save) as city:
        with progress_bar("section-drawing") as bar:
            item = city.analyse(
                kind, params, scheme=scheme, name=save, keep=bool(save), progress=bar
            )
        if save:
            city.save()
        for file in drawings:
            city.write_section(file, kind, params, options, scheme=scheme)
        for file in files:
            if file not in drawings:
                city.write_answer(file, item)
    print_answer(item, as_json=as_json, as_csv=as_csv)
    for file in files:
        tell(current().t("cli-wrote", path=str(file)))


def _params(line: str, path: str, runs: str, layers: list[str], way: str) -> dict[str, Any]:
    from app.arguments import parse_points

    if sum(bool(word) for word in (line, path, runs)) != 1:
        raise CityError(
            "sections.which",
            "A section needs a line, a path or runs: exactly one of them.",
            hint="write --line 'X,Y X,Y', --path WS1,WS9 or --runs 12,13",
        )
    if line:
        points = [[point[0], point[1]] for point in parse_points(line, least=2)]
        return {"line": points, "layers": layers}
    return {"path": path, "runs": runs, "layer": way, "layers": layers}

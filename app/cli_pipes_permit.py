"""Papers for works on pipes, from the command line: permits and repair sheets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Argument, Option

from app.arguments import parse_points
from app.cli_pipes_map import AsJson, Author, Date, Language, Number, Title, papers_of, written
from app.cli_project import SchemeOption, opened


def register(pipes: typer.Typer) -> None:
    """Add the commands."""
    pipes.command("permit")(permit)
    pipes.command("repair-sheet")(repair_sheet)


def permit(
    project: Annotated[Path, Argument(help="Project file (.gpkg).")],
    out: Annotated[list[Path], Argument(help="Files to write: .pdf, .docx, .xlsx, .png.")],
    area: Annotated[str, Option(help="Corners of the floor of a pit: 'X,Y X,Y X,Y'.")] = "",
    line: Annotated[str, Option(help="Middle of a trench: 'X,Y X,Y ...'.")] = "",
    pipe: Annotated[int, Option(help="Id of the run that a trench is for.")] = 0,
    layer: Annotated[str, Option("--layer", help="Layer of that run.")] = "",
    depth: Annotated[float, Option(help="Metres below the ground.")] = 2.0,
    width: Annotated[float, Option(help="Of the floor of a trench; 0: what the pipe needs.")] = 0.0,
    slope: Annotated[float, Option(help="Metres outwards for one metre of height.")] = 0.5,
    near: Annotated[float, Option(help="Metres within which pipes are listed.")] = 2.0,
    section: Annotated[
        list[str] | None, Option(help="Cross section to draw: 'X,Y X,Y'; may be repeated.")
    ] = None,
    applicant: Annotated[str, Option(help="Who asks.")] = "",
    purpose: Annotated[str, Option(help="What for.")] = "",
    place: Annotated[str, Option(help="Where, in words.")] = "",
    period: Annotated[str, Option(help="From when to when, in words.")] = "",
    zones: Annotated[str, Option(help="Layer drawn over the map.")] = "",
    scale: Annotated[float, Option(help="Of the map, 1 : SCALE; 0: what fits A3.")] = 0.0,
    title: Title = "",
    number: Number = "",
    author: Author = "",
    date: Date = "",
    language: Language = "",
    scheme: SchemeOption = "",
    as_json: AsJson = False,
) -> None:
    """Write the package for a permit to open a road.

    Map of the works, sections across them, pipes that are met, conflicts by the rules, owners to
    be asked with their contacts, fields for signatures.

    [bold]Examples[/bold]

    citystage pipes permit city.gpkg permit.pdf --line "508000,3378000 508040,3378000" --depth 2.2

    citystage pipes permit city.gpkg permit.docx --pipe 1204 --applicant "Water works"
    """
    from app.pipe_permit import PermitOptions

    dig: dict[str, Any] = {"depth": depth, "width": width, "slope": slope, "near": near}
    for name, text, least in (("area", area, 3), ("line", line, 2)):
        if text:
            dig[name] = [[p[0], p[1]] for p in parse_points(text, least=least)]
    if pipe:
        dig |= {"pipe": pipe, "layer": layer}
    cuts = tuple(tuple((p[0], p[1]) for p in parse_points(text, least=2)) for text in section or ())
    options = PermitOptions(dig, cuts, applicant, purpose, place, period, title, number, author,
                            date, language, scale, zones)  # fmt: skip
    with opened(project, read_only=True, scheme=scheme) as city:
        files = papers_of(out, "progress-permit",
                          lambda file, bar: city.write_permit(file, options, bar))  # fmt: skip
    written(files, as_json=as_json)


def repair_sheet(
    project: Annotated[Path, Argument(help="Project file (.gpkg).")],
    out: Annotated[list[Path], Argument(help="Files to write: .pdf, .docx, .xlsx, .png.")],
    at: Annotated[str, Option(help="Where it bursts: EAST,NORTH; the nearest pipe is meant.")] = "",
    run: Annotated[str, Option(help="Number of the pipe instead, or its id such as #17.")] = "",
    seized: Annotated[str, Option(help="Valves that cannot be moved, separated by commas.")] = "",
    closed: Annotated[str, Option(help="Valves that are closed already.")] = "",
    line_class: Annotated[
        str, Option("--class", help="Class of the network at the place: water, gas or heat.")
    ] = "water",
    layer: Annotated[str, Option("--layer", help="Layer of pipes, where there are several.")] = "",
    scale: Annotated[float, Option(help="Of the map, 1 : SCALE; 0: what fits A3.")] = 0.0,
    title: Title = "",
    number: Number = "",
    author: Author = "",
    date: Date = "",
    language: Language = "",
    scheme: SchemeOption = "",
    as_json: AsJson = False,
) -> None:
    """Write the sheet for a crew that goes to a burst.

    The pipe with depth, size, pressure and date, valves in walking order with room for times,
    what to close where one is seized, who is without water, map and section.

    [bold]Examples[/bold]

    citystage pipes repair-sheet city.gpkg burst.pdf --at 508120,3378040

    citystage pipes repair-sheet city.gpkg burst.docx --run JS104 --seized V12
    """
    from app.pipe_repair import RepairOptions

    burst: dict[str, Any] = {
        "layer": layer, "run": run, "seized": seized, "closed": closed, "line_class": line_class,
    }  # fmt: skip
    if at:
        burst["at"] = list(parse_points(at, most=1)[0])
    options = RepairOptions(burst, title, number, author, date, language, scale)
    with opened(project, read_only=True, scheme=scheme) as city:
        files = papers_of(
            out, "progress-burst", lambda file, bar: city.write_repair_sheet(file, options, bar)
        )
    written(files, as_json=as_json)

"""Distribution maps and reports of pipes, from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Argument, Option

from app.cli_output import progress_bar, say_json, tell
from app.cli_project import SchemeOption, opened
from app.wording import current
from layers.errors import CityError

Language = Annotated[str, Option("--words", help="Language of the paper: en, zh-CN.")]
Title = Annotated[str, Option(help="Title.")]
Number = Annotated[str, Option(help="Number of the drawing or report.")]
Author = Annotated[str, Option(help="Who made it.")]
Date = Annotated[str, Option(help="Date on the paper; without it today.")]
AsJson = Annotated[bool, Option("--json", help="Print the names of the files as JSON.")]
Layers = Annotated[
    list[str] | None, Option("--layer", help="Layer of pipes; without it all. May be repeated.")
]
Where = Annotated[str, Option(help="Expression that pipes must fulfil: 'year < 1990'.")]
Road = Annotated[str, Option(help="Name of a road: what lies along it.")]


def register(pipes: typer.Typer) -> None:
    """Add the commands."""
    pipes.command("map")(map_)
    pipes.command("report")(report)


def map_(
    project: Annotated[Path, Argument(help="Project file (.gpkg).")],
    out: Annotated[list[Path], Argument(help="Files to write: .pdf, .svg, .png, .dxf.")],
    box: Annotated[str, Option(help="What must be on it: WEST,SOUTH,EAST,NORTH, metres.")] = "",
    road: Road = "",
    where: Where = "",
    layer: Layers = None,
    line_class: Annotated[
        list[str] | None, Option("--class", help="Class: water, sewage, WS ...; may be repeated.")
    ] = None,
    by: Annotated[
        str, Option(help="What gives the colours: class, or material, year, owner, size ...")
    ] = "class",
    zones: Annotated[str, Option(help="Layer of areas or lines drawn over it, with names.")] = "",
    scale: Annotated[float, Option(help="1 : SCALE; 0 for the largest that fits.")] = 0.0,
    paper: Annotated[str, Option(help="A4 to A0; without it A3, or what the scale needs.")] = "",
    sheets: Annotated[
        bool, Option("--sheets", help="Cut what does not fit at the scale into NAME-1, NAME-2 ...")
    ] = False,
    labels: Annotated[
        bool, Option("--labels/--no-labels", help="Write class, size and material at pipes.")
    ] = True,
    nodes: Annotated[bool, Option("--nodes/--no-nodes", help="Draw manholes, valves ...")] = True,
    backdrop: Annotated[
        bool, Option("--backdrop/--no-backdrop", help="Draw streets, buildings, water, green.")
    ] = True,
    title: Title = "",
    number: Number = "",
    author: Author = "",
    date: Date = "",
    language: Language = "",
    scheme: SchemeOption = "",
    as_json: AsJson = False,
) -> None:
    """Draw a plan of pipes with symbols, texts, legend, north, scale and grid.

    [bold]Examples[/bold]

    citystage pipes map city.gpkg plan.pdf --road 建设路 --paper A1

    citystage pipes map city.gpkg age.pdf --by age --class water --paper A1

    citystage pipes map city.gpkg plan.pdf --scale 1000 --paper A1 --sheets
    """
    from app.pipe_maps import MapOptions
    from app.pipes_asking import Question

    question = Question(layers=tuple(layer or ()), where=where, road=road)
    options = MapOptions(
        question, box_in(box) if box else None, by, tuple(line_class or ()), zones, labels, nodes,
        backdrop=backdrop, scale=scale, paper=paper, title=title, number=number, author=author,
        date=date, language=language, sheets=sheets,
    )  # fmt: skip
    from layers.files.sheets import needs_folder

    needs_folder(*out)
    with opened(project, read_only=True, scheme=scheme) as city:
        files = [made for file in out for made in city.write_pipe_map(file, options)]
    written(files, as_json=as_json)


def report(
    project: Annotated[Path, Argument(help="Project file (.gpkg).")],
    out: Annotated[list[Path], Argument(help="Files to write: .pdf, .docx, .xlsx, .png.")],
    by: Annotated[
        list[str] | None,
        Option(help="Property that gets a chapter: class, material, age ...; may be repeated."),
    ] = None,
    cross: Annotated[
        str, Option(help="Two properties laid against each other: 'class,material'.")
    ] = "class,material",
    road: Road = "",
    where: Where = "",
    layer: Layers = None,
    plan: Annotated[bool, Option("--map/--no-map", help="Put a map into it.")] = True,
    quality: Annotated[
        bool, Option("--quality/--no-quality", help="Put the findings of the survey into it.")
    ] = True,
    title: Title = "",
    number: Number = "",
    author: Author = "",
    date: Date = "",
    language: Language = "",
    scheme: SchemeOption = "",
    as_json: AsJson = False,
) -> None:
    """Write a report on the stock of pipes: lengths by properties, findings, map.

    [bold]Examples[/bold]

    citystage pipes report city.gpkg pipes.pdf pipes.xlsx

    citystage pipes report city.gpkg old.docx --where "year < 1990" --by owner --by road
    """
    from app.pipe_report import BY, ReportOptions
    from app.pipes_asking import Question

    pair = [word.strip() for word in cross.replace("，", ",").split(",") if word.strip()]
    if len(pair) not in {0, 2}:
        raise CityError(
            "pipes.report_cross", "Two properties are laid against each other.",
            hint="write --cross class,material, or --cross '' for none",
        )  # fmt: skip
    options = ReportOptions(
        tuple(by or BY), (pair[0], pair[1]) if pair else None,
        Question(layers=tuple(layer or ()), where=where, road=road), quality, plan, title, number,
        author, date, language,
    )  # fmt: skip
    with opened(project, read_only=True, scheme=scheme) as city:
        files = papers_of(out, "progress-pipe-report",
                          lambda file, bar: city.write_pipe_report(file, options, bar))  # fmt: skip
    written(files, as_json=as_json)


def papers_of(out: list[Path], key: str, write: Any) -> list[Path]:
    """Write the same paper in several formats, and give the files."""
    from layers.files.sheets import needs_folder

    needs_folder(*out)
    made: list[Path] = []
    for file in out:
        with progress_bar(key) as bar:
            made += write(file, bar)
    return made


def written(files: list[Path], *, as_json: bool) -> None:
    """Say which files were written."""
    if as_json:
        say_json({"files": [str(file) for file in files]})
        return
    for file in files:
        tell(current().t("cli-wrote", path=str(file)))


def box_in(text: str) -> tuple[float, float, float, float]:
    """Read four numbers.

    Raises
    ------
    CityError
        ``maps.box``.
    """
    try:
        west, south, east, north = (float(part) for part in text.replace("，", ",").split(","))
    except ValueError as error:
        raise CityError(
            "maps.box", f"'{text}' is not a west, a south, an east and a north.", text=text,
            hint="write --box WEST,SOUTH,EAST,NORTH in metres",
        ) from error  # fmt: skip
    return west, south, east, north

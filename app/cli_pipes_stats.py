"""Statistics of pipes from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Argument, Option

from app.cli_output import say, say_csv, say_json, tell
from app.cli_pipes_ask import PRINTED, print_facts, without_nan
from app.cli_project import SchemeOption, opened
from app.pipes_asking import (
    Question,
    fact_rows,
    group_text,
    sum_up,
    surroundings,
    write_facts,
)
from app.wording import current
from layers.errors import CityError

SHOWN = 60  # rows printed


def register(pipes: typer.Typer) -> None:
    """Add the command."""
    pipes.command("stats")(stats)


def stats(
    project: Annotated[Path, Argument(help="Project file (.gpkg).")],
    by: Annotated[
        list[str] | None,
        Option(help="Property: class, material, size, age, owner, road, district; two at most."),
    ] = None,
    where: Annotated[str, Option(help="Only pipes for which this expression holds.")] = "",
    layer: Annotated[list[str] | None, Option(help="Layer of pipes; without it all.")] = None,
    road: Annotated[str, Option(help="Only pipes of this road.")] = "",
    districts: Annotated[str, Option(help="Layer of areas that counts as districts.")] = "",
    district_field: Annotated[str, Option(help="Attribute with their names.")] = "",
    roads: Annotated[str, Option(help="Layer of roads.")] = "",
    cross: Annotated[
        bool, Option("--cross", help="Two properties as rows and columns of plan lengths.")
    ] = False,
    csv: Annotated[
        Path | None,
        Option("--csv", "--out", help="Table to write: .csv or .xlsx; '-' prints it as CSV."),
    ] = None,
    as_json: Annotated[bool, Option("--json", help="Print the statistics as JSON.")] = False,
    scheme: SchemeOption = "",
) -> None:
    """Sum up pipes by one property or by two.

    Lengths are told twice: in plan, as maps and 管段间距 have them, and in space along the middle
    of the pipe; of the latter the column 'unlevelled' says what is plan length for want of levels.

    [bold]Examples[/bold]

    citystage pipes stats city.gpkg

    citystage pipes stats city.gpkg --by class --by material --cross --csv lengths.xlsx
    """
    from layers.pipes.statistics import crossed

    names = tuple(by or ("class",))
    if len(names) > 2:
        raise CityError(
            "pipes.two_properties",
            f"Statistics are made by one property or two, not by {len(names)}.",
            hint="write --by once or twice",
            count=len(names),
        )
    w = current()
    question = Question(layers=tuple(layer or ()), where=where, road=road)
    with opened(project, read_only=True, scheme=scheme) as city:
        around = surroundings(city.project, districts, district_field, roads)
        table = sum_up(city.project, names, question, around, w)
    if cross and len(names) == 2:
        table = crossed(table, (names[0], names[1]))
        if not as_json:
            table = table.rename_columns([group_text(names[1], n, w) for n in table.column_names])
    rows: list[dict[str, Any]] = table.to_pylist()
    if csv is not None and csv != PRINTED:
        write_facts(table, csv, w, title="statistics")
    if as_json:
        say_json([{k: without_nan(v) for k, v in row.items()} for row in rows])
    elif csv == PRINTED:
        say_csv(*fact_rows(table, w))
    elif rows:
        print_facts(list(table.column_names), rows, SHOWN, names)
        if not cross:
            say(w.t("pipes-stats-lengths"))
    if csv is not None and csv != PRINTED:
        tell(w.t("cli-wrote", path=str(csv)))

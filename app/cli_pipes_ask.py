"""Asking for pipes from the command line."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Argument, Option

from app.arguments import parse_numbers, parse_points
from app.cli_output import say, say_csv, say_json, table, tell
from app.cli_project import SchemeOption, opened
from app.pipes_asking import Question, ask, fact_head, fact_rows, fact_text, write_facts
from app.wording import current
from layers.errors import CityError

SHOWN = 40  # rows printed
PRINTED = Path("-")  # in place of a file: the table goes to where results go
COLUMNS = (
    "layer", "id", "number", "class", "size", "material", "depth_m", "pressure_mpa", "year",
    "owner", "plan_length_m", "assumed",
)  # fmt: skip


def register(pipes: typer.Typer) -> None:
    """Add the command."""
    pipes.command("ask")(ask_pipes)


def ask_pipes(
    project: Annotated[Path, Argument(help="Project file (.gpkg).")],
    where: Annotated[
        str, Argument(help="Expression: 'class = gas and depth > 1.5 and year < 2000'.")
    ] = "",
    layer: Annotated[list[str] | None, Option(help="Layer of pipes; without it all.")] = None,
    box: Annotated[str, Option(help="Box WEST,SOUTH,EAST,NORTH, project coordinates.")] = "",
    area: Annotated[str, Option(help="Corners of an area: 'X,Y X,Y X,Y'.")] = "",
    along: Annotated[str, Option(help="Points of a line: 'X,Y X,Y'.")] = "",
    road: Annotated[str, Option(help="Name of a road.")] = "",
    width: Annotated[float, Option(help="Width of the strip along a line or road, metres.")] = 20.0,
    near: Annotated[str, Option(help="Place X,Y: the nearest runs.")] = "",
    most: Annotated[int, Option(help="How many are nearest.")] = 5,
    number: Annotated[str, Option(help="Number of a manhole or run, or of both ends: W1-W2.")] = "",
    address: Annotated[str, Option(help="Address or name: what lies within 50 m of it.")] = "",
    runs_only: Annotated[bool, Option("--runs", help="Leave out manholes and fittings.")] = False,
    csv: Annotated[
        Path | None,
        Option("--csv", "--out", help="Table to write: .csv or .xlsx; '-' prints it as CSV."),
    ] = None,
    as_json: Annotated[bool, Option("--json", help="Print everything known as JSON.")] = False,
    scheme: SchemeOption = "",
) -> None:
    """Find pipes and tell what is known of them: depth, size, pressure, year, owner.

    What was assumed by rule is named in the column 'assumed'. Ends with 1 where nothing is found.

    [bold]Examples[/bold]

    citystage pipes ask city.gpkg "class = gas and depth > 1.5"

    citystage pipes ask city.gpkg --near 508000,3378000 --most 3

    citystage pipes ask city.gpkg --road 解放路 --runs --csv pipes.xlsx

    citystage pipes ask city.gpkg "status = planned" --scheme "Plan A" --csv -
    """
    question = Question(
        tuple(layer or ()), where, _box(box), parse_points(area, least=3) if area else (),
        parse_points(along, least=2) if along else (), road, width, _place(near), most, number,
        address, None, runs_only,
    )  # fmt: skip
    w = current()
    with opened(project, read_only=True, scheme=scheme) as city:
        answer = ask(city.project, question, w)
    rows: list[dict[str, Any]] = answer.table.to_pylist()
    if csv is not None and csv != PRINTED:
        write_facts(answer.table, csv, w)
    if as_json:
        say_json([{k: without_nan(v) for k, v in row.items()} for row in rows])
    elif csv == PRINTED:
        say_csv(*fact_rows(answer.table, w))
    else:
        say(w.t("pipes-ask-found", count=w.number(len(rows), 0)))
        if rows:
            names = [*COLUMNS, "distance_m"] if "distance_m" in rows[0] else list(COLUMNS)
            print_facts(names, rows, SHOWN)
    if csv is not None and csv != PRINTED:
        tell(w.t("cli-wrote", path=str(csv)))
    if not rows:
        raise typer.Exit(1)


def print_facts(
    names: list[str], rows: list[dict[str, Any]], most: int, by: tuple[str, ...] = ()
) -> None:
    """Print rows of facts as a table, and how many more there are; groups of `by` have names."""
    w = current()
    numbers = [i for i, name in enumerate(names)
               if any(isinstance(row[name], int | float) for row in rows)]  # fmt: skip
    table([fact_head(name, w) for name in names],
          [[fact_text(name, row[name], w) or (w.t("pipes-not-told") if name in by else "")
            for name in names] for row in rows[:most]],
          right=numbers)  # fmt: skip
    if len(rows) > most:
        say(w.t("pipes-ask-more", count=w.number(len(rows) - most, 0)))


def without_nan(value: Any) -> Any:
    """Give None for numbers that are none, which JSON does not have."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _place(text: str) -> tuple[float, float] | None:
    if not text:
        return None
    (point,) = parse_points(text, least=1, most=1)
    return point[0], point[1]


def _box(text: str) -> tuple[float, float, float, float] | None:
    if not text:
        return None
    numbers = parse_numbers(text)
    if len(numbers) != 4:
        raise CityError(
            "pipes.box",
            f"A box is four numbers: west, south, east, north; '{text}' has {len(numbers)}.",
            hint="write --box 508000,3378000,508200,3378100",
            text=text,
            count=len(numbers),
        )
    west, south, east, north = numbers
    return west, south, east, north

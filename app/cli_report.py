"""The command that makes the planning report of schemes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from typer import Option

from app.cli_output import progress_bar
from app.cli_pipes_map import AsJson, Author, Date, Language, Title, written
from app.cli_project import ProjectFile, opened
from app.cli_sunlight import City, Day, Zone


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report")(report)


def report(
    project: ProjectFile,
    schemes: Annotated[
        str,
        Option(help="Schemes with commas between; the first is compared with. One: with existing."),
    ],
    out: Annotated[
        list[Path],
        Option("--out", "-o", help="File to write: .pdf, .docx, .xlsx, .png; may be repeated."),
    ],
    views: Annotated[
        str, Option(help="Named views with commas between; all: those in which schemes differ.")
    ] = "all",
    day: Day = "",
    zone: Annotated[Zone, Option(help="Climate zone of the rule about sunlight.")] = Zone.III,
    city: Annotated[City, Option(help="Size of the city in that rule.")] = City.large,
    sunlight: Annotated[
        bool, Option("--sunlight/--no-sunlight", help="With the statement about sunlight.")
    ] = True,
    look_from: Annotated[
        list[str] | None,
        Option(help="Place to look from, east,north or east,north,height; may be repeated."),
    ] = None,
    look_to: Annotated[
        str, Option(help="What is looked at, east,north,height; else the site.")
    ] = "",
    width: Annotated[float, Option(help="Width of what is seen from there, degrees.")] = 70.0,
    size: Annotated[str, Option(help="Size of each picture, WIDTHxHEIGHT pixels.")] = "1120x630",
    moment: Annotated[
        str, Option("--moment", "--when", help="Local time of the sun in all pictures.")
    ] = "",
    shadows: Annotated[bool, Option("--shadows", help="True shadows in the pictures.")] = False,
    title: Title = "",
    author: Author = "",
    date: Date = "",
    language: Language = "",
    as_json: AsJson = False,
) -> None:
    """Make the planning report that compares schemes, on paper and as a workbook.

    Findings, location, views at the same cameras and sun, what differs, figures with differences,
    control lines, plots, sunlight before and after, sight and skylines, kept answers, rules with
    how they are known, versions and hashes.

    [bold]Examples[/bold]

    citystage report city.gpkg --schemes A,B --out report.pdf --out tables.xlsx

    citystage report city.gpkg --schemes A --day dahan --look-from 500,600,1.7 --out report.docx
    """
    from app.arguments import parse_size
    from app.cli_places import point_of
    from app.pipe_maps import speaker
    from app.planning_report import ReportOptions, write_planning_report

    options = ReportOptions(
        schemes=_listed(schemes), views=_listed(views), day=day, zone=zone.value,
        city=city.value, sunlight=sunlight, width=width, moment=moment, shadows=shadows,
        look_from=tuple(point_of(text) for text in look_from or ()), size=parse_size(size),
        title=title, author=author, date=date,
    )  # fmt: skip
    if look_to:
        options = replace(options, look_to=point_of(look_to))
    words = speaker(language)
    with opened(project, read_only=True) as held, progress_bar("planning-making") as bar:
        files = write_planning_report(held.project, options, out, bar, words)
    written(files, as_json=as_json)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace("，", ",").split(",") if part.strip())

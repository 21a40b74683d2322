"""Commands about sunlight: hours of sun on windows, facades, ground and plots."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Option

from app.cli_analyses import AsCsv, AsJson, Out, SaveAs, answer
from app.cli_project import ProjectFile

Day = Annotated[
    str,
    Option(help="Date such as 2026-01-20, or dahan, dongzhi; else the day of the rule."),
]
Layers = Annotated[
    list[str] | None, Option("--layer", help="Layer of buildings in the way; else all visible.")
]
Band = Annotated[
    str, Option(help="Hours of true solar time that count, such as 8-16; else those of the rule.")
]
After = Annotated[
    str, Option("--after", "--scheme", help="Scheme to look at; else the city as it is shown.")
]


Redevelopment = Annotated[bool, Option("--redevelopment", help="New housing in an old quarter.")]
Spell = Annotated[float, Option(help="Shortest spell that counts, minutes; else the rule's.")]
Longest = Annotated[bool, Option("--longest", help="Only the longest spell counts, not their sum.")]
Storey = Annotated[float, Option(help="Height of a storey, metres.")]
Storeys = Annotated[int, Option(help="Only so many storeys from the ground; 0 for all.")]
Sill = Annotated[float, Option(help="Height of sills above the floor, metres.")]
Bay = Annotated[float, Option(help="Width of a bay, metres.")]
Width = Annotated[float, Option(help="Width of a window, metres.")]
Facing = Annotated[
    float, Option(help="Degrees that walls may look away from the equator; 180 for all.")
]
Before = Annotated[str, Option(help="What was before: a scheme, existing, or a project file.")]
New = Annotated[str, Option(help="Layer of new buildings: before is the city without them.")]
NewBuilding = Annotated[
    list[int] | None, Option(help="Number of a new building of that layer; none: all of it.")
]
Report = Annotated[
    list[Path] | None,
    Option(help="Write the statement on paper: .pdf, .docx, .xlsx, .png; may be repeated."),
]
KeepAll = Annotated[bool, Option("--all", help="List the windows too that keep their sun.")]


class Zone(StrEnum):
    """Climate zones of GB 50180."""

    I = "I"  # noqa: E741 - the zone is called so
    II = "II"
    III = "III"
    IV = "IV"
    V = "V"
    VI = "VI"
    VII = "VII"


class City(StrEnum):
    """Sizes of a city: half a million residents or more, or fewer."""

    large = "large"
    small = "small"


class Use(StrEnum):
    """What the rooms behind the windows are for."""

    housing = "housing"
    old = "old-age-housing"
    kindergarten = "kindergarten"
    school = "school"
    hospital = "hospital"


class Listed(StrEnum):
    """What a row of the statement is."""

    windows = "windows"
    buildings = "buildings"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("sunlight")(sunlight)
    app.command("sunlight-facades")(facades)
    app.command("sunlight-ground")(ground)


def sunlight(
    project: ProjectFile,
    day: Day = "",
    layer: Layers = None,
    on: Annotated[str, Option(help="Layer of buildings whose windows are looked at.")] = "",
    building: Annotated[
        list[int] | None, Option(help="Number of a building whose windows are looked at.")
    ] = None,
    windows: Annotated[str, Option(help="Layer of points that are the windows.")] = "",
    zone: Annotated[Zone, Option(help="Climate zone.")] = Zone.III,
    city: Annotated[City, Option(help="Size of the city.")] = City.large,
    use: Annotated[Use, Option(help="What the rooms are for.")] = Use.housing,
    redevelopment: Redevelopment = False,
    band: Band = "",
    spell: Spell = -1.0,
    longest: Longest = False,
    storey: Storey = 3.0,
    storeys: Storeys = 0,
    sill: Sill = 0.9,
    bay: Bay = 3.6,
    width: Width = 1.8,
    facing: Facing = 90.0,
    before: Before = "",
    after: After = "",
    new: New = "",
    new_building: NewBuilding = None,
    by: Annotated[Listed, Option(help="What a row of the table is.")] = Listed.windows,
    keep_all: KeepAll = False,
    pack: Annotated[str, Option(help="Rule pack; else all.")] = "",
    report: Report = None,
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Count the sun on windows minute by minute, and say what new buildings take from it.

    Exit code 1 where a checked rule is broken. Figures nobody has checked only warn.

    [bold]Examples[/bold]

    citystage sunlight city.gpkg --day dahan --zone III --by buildings

    citystage sunlight city.gpkg --before existing --after "Scheme A" --out statement.xlsx

    citystage sunlight city.gpkg --new Buildings --new-building 3458 --day dongzhi --json
    """
    params: dict[str, Any] = {
        "layers": tuple(layer or ()), "on": on, "windows": windows, "day": day,
        "objects": " ".join(str(one) for one in building or ()),
        "zone": zone.value, "city": city.value, "use": use.value, "redevelopment": redevelopment,
        "spell": spell, "longest": longest, "storey": storey, "storeys": storeys, "sill": sill,
        "bay": bay, "width": width, "facing": facing, "listed": by.value, "keep_all": keep_all,
        "pack": pack, **hours_of(band), **compared(before, new, new_building),
    }  # fmt: skip
    _write_reports(project, params, report, after)
    raise typer.Exit(
        answer(
            project, "sunlight", params, save=save, out=out, as_json=as_json, as_csv=as_csv,
            scheme=after,
        )
    )  # fmt: skip


def _write_reports(
    project: Path, params: dict[str, Any], files: list[Path] | None, scheme: str
) -> None:
    """Write the statement on paper."""
    from app.analyses import asked_project
    from app.cli_output import progress_bar, tell
    from app.cli_project import opened
    from app.sunlight_paper import write_statement
    from app.wording import current

    for path in files or ():
        with opened(project, read_only=True) as city:
            shown = asked_project(city.project, scheme)
            with progress_bar("cli-drawing", file=path.name) as bar:
                made = write_statement(shown, params, path, bar)
        for one in made:
            tell(current().t("cli-wrote", path=one))


def facades(
    project: ProjectFile,
    day: Day = "",
    layer: Layers = None,
    on: Annotated[str, Option(help="Layer of buildings whose facades are looked at.")] = "",
    building: Annotated[list[int] | None, Option(help="Number of a building; none: all.")] = None,
    spacing: Annotated[float, Option(help="Size of a piece of wall, metres.")] = 2.0,
    band: Band = "",
    after: After = "",
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Colour facades by their hours of sun.

    [bold]Examples[/bold]

    citystage sunlight-facades city.gpkg --building 3458 --spacing 1 --save Facades
    """
    params: dict[str, Any] = {
        "layers": tuple(layer or ()), "on": on, "day": day, "spacing": spacing,
        "objects": " ".join(str(one) for one in building or ()), **hours_of(band),
    }  # fmt: skip
    raise typer.Exit(
        answer(
            project, "sunlight-facades", params, save=save, out=out, as_json=as_json,
            as_csv=as_csv, scheme=after,
        )
    )  # fmt: skip


def ground(
    project: ProjectFile,
    day: Day = "",
    layer: Layers = None,
    plots: Annotated[str, Option(help="Layer of areas that are looked at and listed.")] = "",
    area: Annotated[
        str, Option(help="West,south,east,north in project metres; else around the buildings.")
    ] = "",
    spacing: Annotated[float, Option(help="Metres from place to place.")] = 4.0,
    least: Annotated[float, Option(help="Hours of sun that a place of a plot shall have.")] = 2.0,
    band: Band = "",
    after: After = "",
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Draw lines of equal hours of sun on the ground, and tell the share of plots that has enough.

    [bold]Examples[/bold]

    citystage sunlight-ground city.gpkg --day dongzhi --spacing 2 --save "Sun on the ground"

    citystage sunlight-ground city.gpkg --plots Parks --day 2026-03-21 --least 2 --csv
    """
    from app.cli_places import box_of

    params: dict[str, Any] = {
        "layers": tuple(layer or ()), "day": day, "plots": plots, "spacing": spacing,
        "least": least, "area": box_of(area), **hours_of(band),
    }  # fmt: skip
    raise typer.Exit(
        answer(
            project, "sunlight-ground", params, save=save, out=out, as_json=as_json,
            as_csv=as_csv, scheme=after,
        )
    )  # fmt: skip


def compared(before: str, new: str, new_building: list[int] | None) -> dict[str, str]:
    """Give the parameters that say what was before."""
    if before:
        return {"compare": "scheme", "before": str(_file_of(before))}
    if new:
        numbers = " ".join(str(one) for one in new_building or ())
        return {"compare": "without", "new": new, "new_objects": numbers}
    return {}


def hours_of(band: str) -> dict[str, float]:
    """Read ``8-16`` as begin and end.

    Raises
    ------
    CityError
        ``sunlight.band_text``.

    Examples
    --------
    >>> hours_of("8:30-16")
    {'begin': 8.5, 'end': 16.0}
    """
    from layers.errors import CityError

    if not band:
        return {}
    try:
        begin, end = (_hour(part) for part in band.replace("–", "-").split("-"))
    except ValueError as error:
        raise CityError(
            "sunlight.band_text",
            f"'{band}' are no two hours.",
            hint="write them so: 8-16 or 8:30-15:30",
            text=band,
        ) from error
    return {"begin": begin, "end": end}


def _hour(text: str) -> float:
    hours, _, minutes = text.strip().partition(":")
    return float(hours) + (float(minutes) / 60.0 if minutes else 0.0)


def _file_of(before: str) -> Path | str:
    """Give the whole path of a project file, and the name of a scheme as it is."""
    return Path(before).resolve() if before.lower().endswith(".gpkg") else before

"""Commands that screen hazards: plume, heat, blast, flood, fire. Estimates, never certainty."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer import Option

from app.cli_analyses import AsCsv, AsJson, Out, SaveAs, Scheme, answer
from app.cli_places import point_of
from app.cli_project import ProjectFile

At = Annotated[str, Option(help="Where, east,north.")]
Hazard = Annotated[str, Option(help="Name or number of a hazard source in place of --at.")]
Listed = Annotated[str, Option(help="Rows: zones, or places inside.")]
Houses = Annotated[list[str] | None, Option("--layer", help="Layer of buildings; else all.")]
Wind = Annotated[float, Option(help="Metres a second.")]
WindFrom = Annotated[
    float, Option(help="Where the wind comes from, degrees clockwise from grid north.")
]
Times = Annotated[str, Option(help="Minutes with spaces.")]
Fuel = Annotated[str, Option(help="petrol, diesel, lpg, lng or methanol.")]


def register(group: typer.Typer) -> None:
    """Add the commands to the group of drills."""
    hazard = typer.Typer(
        help="Hazards screened: plume, heat, blast, flood, fire. Estimates, never certainty."
        "\n\n[bold]Examples[/bold]\n\ncitystage drill hazard flood city.gpkg --at 509000,3379600"
    )
    for command in (plume, heat, blast, flood, fire):
        hazard.command(command.__name__)(command)
    group.add_typer(hazard, name="hazard")


def _params(at: str, hazard: str, layer: list[str] | None, **more: Any) -> dict[str, Any]:
    return {
        "point": point_of(at) if at else (), "hazard": hazard, "layers": tuple(layer or ()), **more,
    }  # fmt: skip


def plume(
    project: ProjectFile,
    at: At = "",
    hazard: Hazard = "",
    substance: Annotated[
        str,
        Option(
            help="chlorine, ammonia, hydrogen-sulphide, sulphur-dioxide, hydrogen-chloride, "
            "carbon-monoxide or methane."
        ),
    ] = "chlorine",
    rate: Annotated[float, Option(help="Kilograms a second.")] = 1.0,
    wind: Wind = 2.0,
    wind_from: WindFrom = 0.0,
    stability: Annotated[str, Option(help="Class of Pasquill, A to F.")] = "D",
    site: Annotated[str, Option(help="open or urban.")] = "urban",
    height: Annotated[float, Option(help="Of the leak, metres.")] = 1.0,
    limits: Annotated[str, Option(help="Thresholds in ppm; else those of the gas.")] = "",
    times: Times = "",
    listed: Listed = "zones",
    layer: Houses = None,
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Estimate where a gas that leaks steadily exceeds thresholds (Gaussian plume).

    [bold]Examples[/bold]

    citystage drill hazard plume city.gpkg --hazard "Chlorine store" --wind 3 --wind-from 315
    """
    params = _params(at, hazard, layer, substance=substance, rate=rate, wind=wind,
                     wind_from=wind_from, stability=stability, site=site, height=height,
                     limits=limits, times=times, listed=listed)  # fmt: skip
    raise typer.Exit(
        answer(project, "drill-plume", params, save=save, out=out, as_json=as_json,
               as_csv=as_csv, scheme=scheme)
    )  # fmt: skip


def heat(
    project: ProjectFile,
    at: At = "",
    hazard: Hazard = "",
    fuel: Fuel = "petrol",
    pool: Annotated[float, Option(help="Burning area, square metres.")] = 50.0,
    power: Annotated[float, Option(help="Megawatts in place of fuel and area.")] = 0.0,
    share: Annotated[float, Option(help="Part of the heat that is radiated.")] = 0.3,
    limits: Annotated[str, Option(help="Kilowatts on a square metre.")] = "4 12.5 37.5",
    listed: Listed = "zones",
    layer: Houses = None,
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Estimate how far the heat of a fire reaches (point source).

    [bold]Examples[/bold]

    citystage drill hazard heat city.gpkg --at 509130,3379650 --fuel petrol --pool 80
    """
    params = _params(at, hazard, layer, fuel=fuel, pool=pool, power=power, share=share,
                     limits=limits, listed=listed)  # fmt: skip
    raise typer.Exit(
        answer(project, "drill-heat", params, save=save, out=out, as_json=as_json,
               as_csv=as_csv, scheme=scheme)
    )  # fmt: skip


def blast(
    project: ProjectFile,
    at: At = "",
    hazard: Hazard = "",
    tnt: Annotated[float, Option(help="Kilograms of TNT; 0 reckons them from the gas.")] = 0.0,
    fuel: Fuel = "lpg",
    mass: Annotated[float, Option(help="Kilograms of gas in the cloud.")] = 1000.0,
    share: Annotated[float, Option(help="Part of its energy in the blast.")] = 0.04,
    limits: Annotated[str, Option(help="Overpressures, kPa.")] = "2 7 21",
    listed: Listed = "zones",
    layer: Houses = None,
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Estimate how far a blast reaches (TNT equivalent).

    [bold]Examples[/bold]

    citystage drill hazard blast city.gpkg --at 509130,3379650 --fuel lpg --mass 5000
    """
    params = _params(at, hazard, layer, tnt=tnt, fuel=fuel, mass=mass, share=share,
                     limits=limits, listed=listed)  # fmt: skip
    raise typer.Exit(
        answer(project, "drill-blast", params, save=save, out=out, as_json=as_json,
               as_csv=as_csv, scheme=scheme)
    )  # fmt: skip


def flood(
    project: ProjectFile,
    at: At = "",
    hazard: Hazard = "",
    depth: Annotated[float, Option(help="Metres of water at the source; 0: --level.")] = 1.0,
    level: Annotated[float, Option(help="Of the water above the datum; needs --depth 0.")] = 0.0,
    radius: Annotated[float, Option(help="Metres that are looked at.")] = 1000.0,
    spacing: Annotated[float, Option(help="Metres from place to place.")] = 5.0,
    depths: Annotated[str, Option(help="Depths of the zones, metres.")] = "0.15 0.5 1",
    speed: Annotated[float, Option(help="Of the water, metres a second.")] = 0.5,
    times: Times = "",
    listed: Listed = "zones",
    layer: Houses = None,
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Estimate which land lies under water: below a level and joined to the source.

    [bold]Examples[/bold]

    citystage drill hazard flood city.gpkg --at 509000,3379600 --depth 2 --times "10 30 60"
    """
    params = _params(at, hazard, layer, depth=depth, level=level, radius=radius,
                     spacing=spacing, depths=depths, speed=speed, times=times,
                     listed=listed)  # fmt: skip
    raise typer.Exit(
        answer(project, "drill-flood", params, save=save, out=out, as_json=as_json,
               as_csv=as_csv, scheme=scheme)
    )  # fmt: skip


def fire(
    project: ProjectFile,
    at: At = "",
    hazard: Hazard = "",
    gap: Annotated[float, Option(help="Metres a fire jumps without wind.")] = 6.0,
    minutes: Annotated[float, Option(help="From house to house.")] = 20.0,
    wind: Wind = 3.0,
    wind_from: WindFrom = 0.0,
    times: Times = "30 60 120",
    listed: Listed = "zones",
    layer: Houses = None,
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Estimate which buildings a fire may reach when, by distance and wind.

    [bold]Examples[/bold]

    citystage drill hazard fire city.gpkg --at 509204,3379572 --wind 6 --wind-from 315
    """
    params = _params(at, hazard, layer, gap=gap, minutes=minutes, wind=wind,
                     wind_from=wind_from, times=times, listed=listed)  # fmt: skip
    raise typer.Exit(
        answer(project, "drill-fire", params, save=save, out=out, as_json=as_json,
               as_csv=as_csv, scheme=scheme)
    )  # fmt: skip

"""Commands about planning indicators: indicators, land-use."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer import Option

from app.arguments import parse_points
from app.cli_analyses import AsCsv, AsJson, Out, SaveAs, Scheme, answer
from app.cli_project import ProjectFile, opened

ZoneLayer = Annotated[str, Option("--zones", help="Layer of plots or districts.")]
ClassField = Annotated[str, Option(help="Field of the plots that tells the land use.")]
Pack = Annotated[str, Option(help="Rule pack of what counts; else all.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("indicators")(indicators)
    app.command("land-use")(land_use)
    app.command("themes")(themes)
    app.command("massing")(massing)


def indicators(
    project: ProjectFile,
    way: Annotated[str, Option("--by", help="plots, together (by land use) or site.")] = "plots",
    zones: ZoneLayer = "",
    plot: Annotated[
        list[str] | None, Option(help="Only this plot, by number; may be repeated.")
    ] = None,
    area: Annotated[str, Option(help='A drawn area: "x,y x,y x,y ...".')] = "",
    class_field: ClassField = "",
    dwelling: Annotated[float, Option(help="Floor area of a dwelling, m2.")] = 100.0,
    household: Annotated[float, Option(help="People in a dwelling.")] = 2.8,
    use_field: Annotated[str, Option(help="Field of buildings that tells their use.")] = "",
    far: Annotated[float, Option(help="Limit where the plan tells none; 0 for none.")] = 0.0,
    density: Annotated[float, Option(help="Limit of building density, percent.")] = 0.0,
    green: Annotated[float, Option(help="Least green ratio, percent.")] = 0.0,
    height: Annotated[float, Option(help="Limit of height, metres.")] = 0.0,
    pack: Pack = "",
    scheme: Scheme = "",
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Reckon site, floor area, floor area ratio, density, green, heights, people, parking.

    Limits come from the fields of the plots (far_max, 容积率, 建蔽率 ...) or the options. Exit
    code 1 where one is broken.

    [bold]Examples[/bold]

    citystage indicators city.gpkg --zones 用地 --out indicators.xlsx

    citystage indicators city.gpkg --by site --far 2.5 --green 30 --json

    citystage indicators city.gpkg --area "508000,3378000 508300,3378000 508300,3378300"
    """
    params: dict[str, Any] = {
        "way": way, "zones": zones, "objects": list(plot or ()), "class_field": class_field,
        "area": [list(p) for p in parse_points(area, least=3)] if area else [],
        "dwelling_m2": dwelling, "household": household, "use_field": use_field, "far": far,
        "density": density, "green": green, "height": height, "pack": pack,
    }  # fmt: skip
    code = answer(
        project, "indicators", params, save=save, out=out, as_json=as_json, as_csv=as_csv,
        scheme=scheme,
    )  # fmt: skip
    raise typer.Exit(code)


def land_use(
    project: ProjectFile,
    zones: ZoneLayer = "",
    class_field: ClassField = "",
    pack: Pack = "",
    scheme: Scheme = "",
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Give the balance of land uses: area, share, floor area, people of each class.

    [bold]Examples[/bold]

    citystage land-use city.gpkg --zones 用地 --class-field 类别
    """
    params = {"way": "together", "zones": zones, "class_field": class_field, "pack": pack}
    code = answer(
        project, "land-use", params, save=save, out=out, as_json=as_json, as_csv=as_csv,
        scheme=scheme,
    )  # fmt: skip
    raise typer.Exit(code)


def themes(
    project: ProjectFile,
    way: Annotated[str, Option("--by", help="districts or phases.")] = "districts",
    zones: Annotated[
        list[str] | None, Option(help="Layer of districts; may be repeated; else all.")
    ] = None,
    class_field: ClassField = "",
    phase_field: Annotated[str, Option(help="Field that tells the phase.")] = "",
    year: Annotated[int, Option(help="Year up to which what tells no phase exists.")] = 0,
    paint: Annotated[
        bool, Option("--paint", help="Colour the objects by theme and save that.")
    ] = False,
    dim: Annotated[
        list[str] | None, Option("--keep", help="With --paint: dim all but this theme; repeatable.")
    ] = None,
    scheme: Scheme = "",
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Count what lies in districts of each theme, or belongs to each phase, across all layers.

    [bold]Examples[/bold]

    citystage themes city.gpkg

    citystage themes city.gpkg --by phases --phase-field 建设状态
    """
    params = {
        "way": way, "zones": list(zones or ()), "class_field": class_field,
        "phase_field": phase_field, "year": year,
    }  # fmt: skip
    if paint or dim:
        with opened(project) as city:
            city.paint_themes(params, tuple(dim) if dim else None)
            city.save()
    code = answer(
        project, "themes", params, save=save, out=out, as_json=as_json, as_csv=as_csv,
        scheme=scheme,
    )  # fmt: skip
    raise typer.Exit(code)


def massing(
    project: ProjectFile,
    plot: Annotated[int, Option(help="Number of the plot in its layer.")] = 0,
    zones: ZoneLayer = "",
    area: Annotated[str, Option(help='A drawn plot instead: "x,y x,y x,y ...".')] = "",
    far: Annotated[float, Option(help="Floor area ratio; else the plot's.")] = 0.0,
    density: Annotated[float, Option(help="Building density, percent; else the plot's.")] = 0.0,
    height: Annotated[float, Option(help="Height, metres; else the plot's.")] = 0.0,
    setback: Annotated[float, Option(help="Metres from every edge.")] = 5.0,
    road_setback: Annotated[float, Option(help="Metres from edges at streets.")] = 8.0,
    north_setback: Annotated[float, Option(help="Metres from northern edges.")] = 0.0,
    sun_angle: Annotated[
        float, Option(help="Degrees of a plane rising from northern edges; 0 for none.")
    ] = 0.0,
    form: Annotated[str, Option(help="best, towers or slabs.")] = "best",
    storey: Annotated[float, Option(help="Height of a storey, metres.")] = 3.0,
    spacing: Annotated[float, Option(help="Distance between rows, times their height.")] = 1.2,
    scheme: Scheme = "",
    save: SaveAs = "",
    take: Annotated[str, Option(help="Keep the offered buildings as a layer, so named.")] = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Give what may be built on a plot, what breaks it, and offer buildings that fill it.

    [bold]Examples[/bold]

    citystage massing city.gpkg --zones 用地 --plot 61 --sun-angle 40

    citystage massing city.gpkg --plot 61 --form towers --save 强排 --take 强排建筑
    """
    params: dict[str, Any] = {
        "zones": zones, "plot": plot, "far": far, "density": density, "height": height,
        "area": [list(p) for p in parse_points(area, least=3)] if area else [],
        "setback": setback, "road_setback": road_setback, "north_setback": north_setback,
        "sun_angle": sun_angle, "form": form, "storey": storey, "spacing": spacing,
    }  # fmt: skip
    code = answer(
        project, "massing", params, save=save, out=out, as_json=as_json, as_csv=as_csv,
        scheme=scheme, take=take,
    )  # fmt: skip
    raise typer.Exit(code)

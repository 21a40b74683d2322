"""Commands about the ground: profile, cutfill, contours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from app.cli_output import say, say_json, table
from app.cli_project import KeepingScheme, ProjectFile, in_scheme, opened
from app.wording import current
from layers.errors import CityError

if TYPE_CHECKING:
    from layers.kinds.measurements import Measurement


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("profile")(profile)
    app.command("cutfill")(cutfill)
    app.command("contours")(contours)


def profile(
    project: ProjectFile,
    line: Annotated[str, Option(help='"x,y x,y ...": corners of the line.')] = "",
    layer: Annotated[str, Option(help="LAYER:NUMBER of a line of a layer instead.")] = "",
    crs: Annotated[
        str, Option(help="System of the points: EPSG:4326, city-grid ...; else the project's.")
    ] = "",
    spacing: Annotated[
        float | None, Option(help="Metres between stations; else half a cell of the terrain.")
    ] = None,
    out: Annotated[Path | None, Option(help="Write the plot: .png.")] = None,
    size: Annotated[str, Option(help="Size of the plot: WIDTHxHEIGHT.")] = "1200x600",
    csv: Annotated[Path | None, Option(help="Write the stations: .csv or .xlsx.")] = None,
    scheme: KeepingScheme = "",
    save: Annotated[str, Option(help="Keep the profile in the project, so named.")] = "",
    as_layer: Annotated[str, Option(help="Keep it as a layer of lines, so named.")] = "",
    as_json: Annotated[bool, Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Read the ground along a line: heights, rise and fall, slopes; as figures, plot and table.

    [bold]Examples[/bold]

    citystage profile city.gpkg --line "508000,3378000 508300,3378400" --out p.png --csv p.csv

    citystage profile city.gpkg --layer 道路:12 --save 道路纵断面
    """
    from app.arguments import outline_of, parse_points, parse_size
    from app.ground_plots import write_plot
    from layers.edits import AddLayer
    from layers.planning.profile import profile_layer, write_profile

    with opened(project, read_only=not (save or as_layer)) as city:
        if bool(line) == bool(layer):
            raise CityError(
                "cli.profile_line",
                "A profile needs a line: either its points or a line of a layer.",
                hint='give --line "x,y x,y" or --layer NAME:NUMBER',
            )
        with in_scheme(city, scheme, keep=bool(save or as_layer)):
            points = parse_points(line, least=2) if line else outline_of(city.project, layer)
            at = crs if line else ""
            found = city.profile(points, crs=at, spacing=spacing)
            item = city.measure_profile(points, crs=at, name=save, keep=bool(save))
            if as_layer:
                city.session.run(AddLayer(profile_layer(found, as_layer)))
        if save or as_layer:
            city.save()
    if out is not None:
        write_plot(found, out, title=save, size=parse_size(size))
    if csv is not None:
        write_profile(found, csv)
    _tell(project, item, [path for path in (out, csv) if path is not None], as_json=as_json)


def cutfill(
    project: ProjectFile,
    area: Annotated[str, Option(help='"x,y x,y x,y ...": corners of the platform.')] = "",
    layer: Annotated[str, Option(help="LAYER:NUMBER of a polygon of a layer instead.")] = "",
    level: Annotated[
        float | None, Option(help="Height of the platform, metres; else cut and fill are equal.")
    ] = None,
    slope: Annotated[
        float, Option(help="Side slopes: metres outwards for one metre of height; 0: upright.")
    ] = 0.0,
    crs: Annotated[
        str, Option(help="System of the points: EPSG:4326, city-grid ...; else the project's.")
    ] = "",
    csv: Annotated[Path | None, Option(help="Write a table: .csv, .xlsx or .geojson.")] = None,
    scheme: KeepingScheme = "",
    save: Annotated[str, Option(help="Keep the answer in the project, so named.")] = "",
    as_layer: Annotated[
        str, Option(help="Keep areas of cut and fill as a layer in colours, so named.")
    ] = "",
    as_json: Annotated[bool, Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Reckon how much ground is cut and filled for a level platform.

    Volumes are in place, without loosening or settling. Without --level the platform lies where
    cut and fill are equal.

    [bold]Examples[/bold]

    citystage cutfill city.gpkg --area "508000,3378000 508100,3378000 508100,3378100" --level 23.5

    citystage cutfill city.gpkg --layer 地块:3 --slope 1.5 --as-layer 土方
    """
    from app.arguments import outline_of, parse_points
    from layers.edits import AddLayer
    from layers.planning.earthwork import earthwork_layer

    with opened(project, read_only=not (save or as_layer)) as city:
        if bool(area) == bool(layer):
            raise CityError(
                "cli.cutfill_area",
                "Cut and fill need an area: either its corners or a polygon of a layer.",
                hint='give --area "x,y x,y x,y" or --layer NAME:NUMBER',
            )
        with in_scheme(city, scheme, keep=bool(save or as_layer)):
            ring = parse_points(area, least=3) if area else outline_of(city.project, layer)
            at = crs if area else ""
            item = city.measure_cutfill(
                ring, level, side_slope=slope, crs=at, name=save, keep=bool(save)
            )
            if as_layer:
                found = city.earthwork(ring, level, side_slope=slope, crs=at)
                city.session.run(AddLayer(earthwork_layer(found, item.points, as_layer)))
        if csv is not None:
            city.write_measurements(csv, [item])
        if save or as_layer:
            city.save()
    _tell(project, item, [csv] if csv is not None else [], as_json=as_json)


def contours(
    project: ProjectFile,
    interval: Annotated[float, Option(help="Metres of height from line to line.")],
    out: Annotated[
        Path | None, Option("--out", "-o", help="Write them: .gpkg, .geojson, .shp or .dxf.")
    ] = None,
    as_layer: Annotated[str, Option(help="Keep them as a layer of lines, so named.")] = "",
    show: Annotated[
        bool, Option("--show", help="Draw them on the terrain in the project's pictures.")
    ] = False,
    as_json: Annotated[bool, Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Trace lines of equal height over the terrain, at its full resolution.

    Every fifth line is marked heavy. Lines in files carry their height in each corner.

    [bold]Examples[/bold]

    citystage contours city.gpkg --interval 5 --out contours.gpkg

    citystage contours city.gpkg --interval 1 --as-layer 等高线
    """
    from app.cli_output import progress_bar
    from layers.edits import AddLayer
    from layers.files.contour_file import write_contours
    from layers.planning.contours import contour_layer

    w = current()
    if out is not None and out.resolve() == project.resolve():
        raise CityError(
            "contours.over_project",
            "Contour lines do not take the place of the project's file.",
            hint="give --out another name, or keep them with --as-layer",
        )
    with opened(project, read_only=not (as_layer or show)) as city:
        with progress_bar("progress-contours") as bar:
            found = city.contours(interval, progress=bar)
        if out is not None:
            write_contours(found, city.project.frame, out)
        if as_layer:
            city.session.run(AddLayer(contour_layer(found, as_layer)))
        if show:
            terrain = city.project.terrain()
            layer = next(one for one in city.project.layers if one.data is terrain)
            city.style(layer.id, contours=interval)
        if as_layer or show:
            city.save()
    low, high = (found.level.min(), found.level.max()) if len(found) else (0.0, 0.0)
    facts = {"count": len(found), "interval": interval, "low": float(low), "high": float(high)}
    if as_json:
        say_json({"project": str(project), **facts, "out": None if out is None else str(out)})
        return
    say(w.t("cli-contours", **{key: f"{value:g}" for key, value in facts.items()}))
    if out is not None:
        say(w.t("cli-wrote", path=out))


def _tell(project: Path, item: Measurement, written: list[Path], *, as_json: bool) -> None:
    from app.measuring import facts_of

    w = current()
    if as_json:
        say_json({"project": str(project), **facts_of(item)})
        return
    rows = [[w.value_name(key), w.value(key, value)] for key, value in item.values.items()]
    table([w.t("measure-column-what"), w.t("measure-column-value")], rows, right=(1,))
    for path in written:
        say(w.t("cli-wrote", path=path))

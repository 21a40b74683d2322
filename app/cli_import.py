"""The command that brings files into a project: import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from app.cli_models import (
    ModelAnchor,
    ModelAt,
    ModelHide,
    ModelRise,
    ModelRotate,
    ModelScale,
    ModelUnit,
    ModelUp,
    model_choices,
)
from app.cli_output import progress_bar, say, say_json
from app.cli_project import opened
from app.wording import current
from layers.errors import CityError

if TYPE_CHECKING:
    from layers.files.fact_fields import FactFields
    from layers.files.line_templates import LineTemplate
    from layers.files.report import LayerReport

StoreyHeight = Annotated[float | None, Option(help="Metres per storey.", show_default="3")]

DefaultHeight = Annotated[
    float | None, Option(help="Metres for buildings without a height.", show_default="9")
]

MinArea = Annotated[float | None, Option(help="Smaller polygons are left out, square metres.")]

KeepDuplicates = Annotated[
    bool, Option("--keep-duplicates", help="Keep features that repeat an earlier one.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("import")(import_files)


METHOD_HELP = "Way from spot heights and contours to ground: linear, smooth, plain."
HEIGHTS_HELP = (
    "What heights of corners, or levels of buildings, mean: absolute (above datum), relative "
    "(above the ground) or ground (nothing)."
)


LINES_HELP = (
    "Control lines: six-lines or national (names decide), the name of a kept template, or a "
    "template (.toml)."
)
LINE_FIELDS_HELP = (
    "Control lines: fields of the file and what they hold, such as "
    "class=Layer,setback_m=退让,document=文号."
)

FIELD_HELP = (
    "Resources and hazard sources: MEANING=FIELD, or MEANING:VALUE for all, such as "
    "name=HYDRANT_ID or sort:hydrant; may be repeated. Meanings: sort, name, state, quantity, "
    "unit, capacity, contact, owner, place, valid_from, valid_to, substance, amount_t."
)
WORD_HELP = "A word of the file and the sort or state it means, such as ACT=ready; may be repeated."

AsKind = Annotated[
    str,
    Option(
        "--as",
        help="Kind of layer: buildings, roads, water, greenery, districts, control-lines, "
        "rail, trees, places, resources, hazards, pipes, features, terrain, imagery. Without "
        "it the file decides.",
    ),
]

Crs = Annotated[
    str,
    Option(
        help="Coordinate system of the file where it does not say: EPSG:... or WKT; "
        "GCJ-02 or BD-09 for degrees of Chinese map services."
    ),
]

Lines = Annotated[str, Option(help=LINES_HELP)]
LineFields = Annotated[str, Option(help=LINE_FIELDS_HELP)]
FactField = Annotated[list[str] | None, Option("--field", help=FIELD_HELP)]
FactWord = Annotated[list[str] | None, Option("--word", help=WORD_HELP)]


def import_files(
    project: Annotated[Path, Argument(help="Project file (.gpkg).")],
    files: Annotated[list[Path], Argument(help="Files, folders or archives to import.")],
    kind: AsKind = "",
    name: Annotated[str, Option(help="Name of the new layer.")] = "",
    layer: Annotated[str, Option(help="Layer of a file of several; '*' for all that fit.")] = "",
    encoding: Annotated[str, Option(help="Encoding of texts: GBK, GB18030, UTF-8, Big5 ...")] = "",
    crs: Crs = "",
    height_field: Annotated[str, Option(help="Field of the height.")] = "",
    floors_field: Annotated[str, Option(help="Field of the storeys.")] = "",
    min_height_field: Annotated[str, Option(help="Field of the underside of floating parts.")] = "",
    base_field: Annotated[str, Option(help="Field of the ground level under buildings.")] = "",
    height_unit: Annotated[str, Option(help="Unit of heights: m, ft, cm or mm.")] = "",
    heights: Annotated[str, Option(help=HEIGHTS_HELP)] = "",
    storey_height: StoreyHeight = None,
    default_height: DefaultHeight = None,
    min_area: MinArea = None,
    keep_duplicates: KeepDuplicates = False,
    nodata: Annotated[float | None, Option(help="Value of a raster that means unknown.")] = None,
    resolution: Annotated[
        float | None, Option(help="Cell size of a raster in the project, metres.")
    ] = None,
    method: Annotated[str, Option(help=METHOD_HELP)] = "",
    swap_axes: Annotated[
        bool | None,
        Option("--swap-axes/--keep-axes", help="Swap east and north; else it is noticed."),
    ] = None,
    lines: Lines = "",
    line_fields: LineFields = "",
    field: FactField = None,
    word: FactWord = None,
    at: ModelAt = "",
    rotate: ModelRotate = None,
    scale: ModelScale = None,
    up: ModelUp = "",
    unit: ModelUnit = "",
    anchor: ModelAnchor = "",
    rise: ModelRise = None,
    hide_buildings: ModelHide = None,
    create: Annotated[
        bool, Option("--create", help="Make the project where it is not there yet.")
    ] = False,
    as_json: Annotated[bool, Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Import files as layers and report what was kept, repaired and skipped.

    [bold]Examples[/bold]

    citystage import city.gpkg buildings.shp --as buildings --height-field Floor

    citystage import city.gpkg 道路.geojson 水系.geojson

    citystage import city.gpkg plan.dxf --lines six.toml --line-fields setback_m=退让

    citystage import city.gpkg Hydrants.shp --as resources --field name=HYD_ID --word ACT=ready

    citystage import city.gpkg tower.glb --at 508000,3378000 --rotate 30

    citystage import city.gpkg contours.shp --as terrain --height-field ELEV --resolution 5
    """
    given: dict[str, Any] = {
        "name": name, "layer": layer, "encoding": encoding, "crs": crs,
        "height_field": height_field, "floors_field": floors_field,
        "min_height_field": min_height_field, "base_field": base_field,
        "height_unit": height_unit, "heights": heights, "storey_height": storey_height,
        "default_height": default_height, "min_area": min_area, "nodata": nodata,
        "keep_duplicates": keep_duplicates or None, "resolution": resolution,
        "swap_axes": swap_axes, "interpolation": method,
    }  # fmt: skip
    given["model"] = model_choices(at, rotate, scale, up, unit, anchor, rise, hide_buildings)
    if lines or line_fields:
        given["lines"], kind = _template(lines, line_fields), kind or "control-lines"
    if field or word:
        given["facts"], kind = _facts(field, word), kind or "resources"
    options = {key: value for key, value in given.items() if value is not None and value != ""}
    _check(options, len(files))
    import_all(project, files, kind, options, create=create, as_json=as_json)


def _facts(fields: list[str] | None, words: list[str] | None) -> FactFields | None:
    from layers.files.fact_fields import read_facts

    return read_facts(fields or (), words or ())


def _template(lines: str, fields: str) -> LineTemplate:
    from app.control_lines import template_for

    return template_for(lines, fields)


def _check(options: dict[str, Any], count: int) -> None:
    unit = options.get("height_unit", "m")
    if unit not in {"m", "ft", "cm", "mm"}:
        raise CityError(
            "cli.height_unit",
            f"'{unit}' is not a unit of heights.",
            hint="write m, ft, cm or mm",
            unit=unit,
        )
    if "name" in options and count > 1:
        raise CityError(
            "cli.one_name",
            f"One name cannot serve {count} files.",
            hint="import them one by one, or leave --name out",
            count=count,
        )


def import_all(
    project: Path,
    files: list[Path],
    kind: str,
    options: dict[str, Any],
    *,
    create: bool,
    as_json: bool,
) -> None:
    """Import all files, or none: the project is saved once, at the end."""
    from app.report import report_json, report_lines

    wording = current()
    reports: list[LayerReport] = []
    with opened(project, create=create) as city:
        for path in files:
            with progress_bar("cli-importing", file=path.name) as bar:
                found = city.import_file(path, kind or None, progress=bar, **options)
            reports += found
            if not as_json:
                for report in found:
                    for line in report_lines(report, wording):
                        say(line)
        with progress_bar("cli-saving") as bar:
            city.save(None if city.path else project, progress=bar)
    if as_json:
        say_json(report_json(str(project), reports, wording))
    else:
        say(wording.t("cli-wrote", path=project))

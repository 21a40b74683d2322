"""Commands about the data of pipes: quality, the fields of surveys, levels that were assumed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from app.cli_output import say, say_json, table
from app.cli_project import SchemeOption, opened
from app.wording import current
from layers.kinds.pipes import Pipes

if TYPE_CHECKING:
    from layers.pipes.quality import QualityParams

SHOWN = 40  # findings printed


def register(pipes: typer.Typer) -> None:
    """Add the commands."""
    pipes.command("quality")(quality)
    pipes.command("fields")(fields)
    pipes.command("levels")(levels)
    pipes.command("tunnels")(tunnels)


def quality(
    project: Annotated[Path, Argument(help="Project file (.gpkg).")],
    layer: Annotated[str, Option(help="Layer of pipes; without it all are checked.")] = "",
    snap: Annotated[
        float, Option(help="Metres within which a loose end should have met something.")
    ] = 0.5,
    deepest: Annotated[
        float, Option(help="Metres below the ground that a level or a chamber is believed.")
    ] = 30.0,
    widest: Annotated[
        float,
        Option(help="Metres of a diameter that are believed; culverts twice, tunnels 3 times."),
    ] = 5.0,
    out: Annotated[Path | None, Option(help="Table to write: .csv or .xlsx.")] = None,
    as_json: Annotated[bool, Option("--json", help="Print the findings as JSON.")] = False,
    scheme: SchemeOption = "",
) -> None:
    """Check the quality of surveyed pipes.

    Tells orphan and duplicate points, duplicate runs and runs without length, ends that stop
    short, depths below zero, inverts above the ground, depths and sizes that no pipe has, flow
    against the slope, diameters that fall downstream, missing and repeated numbers, wrong classes.
    Nothing is changed.

    [bold]Examples[/bold]

    citystage pipes quality city.gpkg --out findings.xlsx
    """
    from layers.pipes.quality import QualityParams

    params = QualityParams(snap=snap, deepest=deepest, widest=widest)
    check_quality(project, layer, params, out, scheme, as_json=as_json)


def check_quality(
    project: Path, layer: str, params: QualityParams, out: Path | None, scheme: str, *,
    as_json: bool,
) -> None:  # fmt: skip
    """Check, print and write the findings."""
    import pyarrow as pa

    from app.pipe_quality import pipe_layers, quality_of, worded, write_quality
    from layers.pipes.quality import counts

    w = current()
    facts: list[dict[str, Any]] = []
    found: list[pa.Table] = []
    with opened(project, read_only=True, scheme=scheme) as city:
        for one in pipe_layers(city.project, layer):
            result = quality_of(city.project, one, params)
            found.append(result)
            facts.append({
                "layer": one.name, "checked": len(one.data), "counts": counts(result),
                "findings": result.to_pylist(),
            })  # fmt: skip
    whole = pa.concat_tables(found)
    if out is not None:
        write_quality(whole, out, w)
    if as_json:
        say_json({"project": str(project), "layers": facts})
        return
    for fact, result in zip(facts, found, strict=True):
        key = "pipes-quality-found" if result.num_rows else "pipes-quality-none"
        say(w.t(key, name=fact["layer"], total=w.number(fact["checked"], 0),
                count=w.number(result.num_rows, 0)))  # fmt: skip
        for issue, count in fact["counts"].items():
            say(f"  {w.number(count, 0)} × {w.t(f'pipes-issue-{issue}')}")
    if whole.num_rows:
        names = ("issue", "id", "number", "east", "north", "value", "limit")
        rows = worded(whole.slice(0, SHOWN), w)
        table([w.t(f"pipes-quality-{name}") for name in names],
              [[_cell(row[name]) for name in names] for row in rows],
              right=(1, 3, 4, 5, 6))  # fmt: skip
    if whole.num_rows > SHOWN:
        say(w.t("pipes-quality-more", count=w.number(whole.num_rows - SHOWN, 0)))
    if out is not None:
        say(w.t("cli-wrote", path=str(out)))


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def fields(
    files: Annotated[list[Path], Argument(help="Tables of a survey: .xlsx, .csv.")],
    map_file: Annotated[Path | None, Option("--map", help="Template of fields to try.")] = None,
    save_map: Annotated[Path | None, Option(help="Template of fields to write (.toml).")] = None,
    encoding: Annotated[str, Option(help="Encoding of texts: GBK, GB18030, UTF-8 ...")] = "",
) -> None:
    """Show which field of a survey is taken for what, and write it as a template to mend.

    [bold]Examples[/bold]

    citystage pipes fields survey.xlsx --save-map template.toml

    citystage pipes fields points.csv lines.csv
    """
    from layers.files.pipe_fields import FieldMap, guess_fields, read_map
    from layers.files.pipe_tables import read_sheets

    w = current()
    template = read_map(map_file) if map_file is not None else None
    found: dict[str, dict[str, str]] = {"points": {}, "lines": {}}
    for path in files:
        for sheet in read_sheets(path, encoding or None, template):
            say(w.t("pipes-fields-title", table=sheet.what or "none", name=sheet.name))
            if sheet.what is None:
                continue
            told = getattr(template, sheet.what) if template is not None else {}
            names = sheet.table.column_names
            chosen = dict(told) or guess_fields(names, sheet.what)
            for key, name in chosen.items():
                found[sheet.what].setdefault(key, name)
            table([w.t("pipes-fields-key"), w.t("pipes-fields-field")],
                  [[key, name] for key, name in chosen.items()])  # fmt: skip
            unused = [name for name in names if name not in chosen.values()]
            if unused:
                say(w.t("pipes-fields-unused", names=w.listed(unused)))
    if save_map is not None:
        made = template or FieldMap(found["points"], found["lines"])
        save_map.write_text(made.to_toml(), encoding="utf-8")
        say(w.t("pipes-fields-saved", path=str(save_map)))


def levels(
    project: Annotated[Path, Argument(help="Project file (.gpkg).")],
    layer: Annotated[str, Option(help="Layer of pipes; without it all.")] = "",
) -> None:
    """Put pipes whose levels were assumed under the terrain as it is now.

    [bold]Examples[/bold]

    citystage pipes levels city.gpkg
    """
    from app.pipe_quality import pipe_layers
    from layers.edits import SetData
    from layers.history import Label
    from layers.pipes.assumptions import relevelled

    w = current()
    with opened(project) as city:
        for one in pipe_layers(city.project, layer):
            assert isinstance(one.data, Pipes)
            data, count = relevelled(one.data, city.project.ground_at)
            if count:
                city.run(SetData(one.id, data, Label("edit-pipes-levels", {"name": one.name})))
            say(w.t("pipes-levels-moved", name=one.name, count=w.number(count, 0)))
        city.save()


def tunnels(
    project: Annotated[Path, Argument(help="Project file (.gpkg).")],
    layer: Annotated[str, Option(help="Layer of pipes; without it all.")] = "",
    as_json: Annotated[bool, Option("--json", help="Print them as JSON.")] = False,
    scheme: SchemeOption = "",
) -> None:
    """List utility tunnels: their compartments, racks and the pipes inside.

    [bold]Examples[/bold]

    citystage pipes tunnels city.gpkg
    """
    from app.pipe_quality import pipe_layers
    from layers.pipes.tunnels import contents

    w = current()
    with opened(project, read_only=True, scheme=scheme) as city:
        found: list[dict[str, Any]] = []
        for one in pipe_layers(city.project, layer):
            assert isinstance(one.data, Pipes)
            found += contents(one.data).to_pylist()
    if as_json:
        say_json(found)
        return
    for row in found:
        row["problem"] = w.t(f"pipes-tunnel-{row['problem']}") if row["problem"] else ""
    names = ("tunnel_number", "compartment", "racks", "rack", "pipe", "pipe_number", "problem")
    table([w.t(f"pipes-tunnel-{name.replace('_', '-')}") for name in names],
          [[_cell(row[name]) for name in names] for row in found], right=(2,))  # fmt: skip

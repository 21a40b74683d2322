"""Commands about control lines: their classes by a template, how they stand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from app.cli_output import say, table
from app.cli_project import ProjectFile, opened
from app.wording import current

LayerName = Annotated[str, Argument(help="Layer of control lines, by name or id.")]
PresetName = Annotated[str, Option(help="six-lines or national; else what fits.")]
FieldName = Annotated[str, Option(help="Field that tells the class; else found by looking.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    lines = typer.Typer(
        help="Control lines: classes of the layers of a drawing, kept as templates; their look."
        "\n\n[bold]Examples[/bold]\n\ncitystage control-lines assign city.gpkg 控制线"
    )
    lines.command("template")(template)
    lines.command("assign")(assign)
    lines.command("look")(look)
    app.add_typer(lines, name="control-lines")


def template(
    project: ProjectFile,
    layer: LayerName,
    out: Annotated[Path, Argument(help="Template to write (.toml).")],
    preset: PresetName = "",
    field: FieldName = "",
) -> None:
    """Write a template for a layer as it was imported, to be filled in and used again.

    [bold]Examples[/bold]

    citystage control-lines template city.gpkg 控制线 six.toml --field Layer
    """
    from app.control_lines import line_layer, proposed
    from layers.files.line_templates import write_template

    with opened(project, read_only=True) as city:
        write_template(proposed(line_layer(city.project, layer), preset, field), out)
    say(current().t("cli-wrote", path=out))


def assign(
    project: ProjectFile,
    layer: LayerName,
    use: Annotated[
        Path | None, Option("--template", help="Template (.toml); else names decide.")
    ] = None,
    preset: PresetName = "",
    field: FieldName = "",
) -> None:
    """Give the lines of a layer their classes, setbacks and documents, and the preset's colours.

    [bold]Examples[/bold]

    citystage control-lines assign city.gpkg 控制线 --template six.toml

    citystage control-lines assign city.gpkg plan --preset national --field Layer
    """
    from app.control_lines import assign as assigned
    from app.control_lines import line_layer, proposed
    from layers.files.line_templates import read_template

    w = current()
    with opened(project) as city:
        found = line_layer(city.project, layer)
        plan = read_template(use) if use is not None else proposed(found, preset, field)
        made = assigned(found, plan)
        city.session.run(made.command)
        city.save()
    rows = [[w.t(f"line-{key}"), str(count)] for key, count in made.counts.items()]
    if made.lost:
        rows.append([w.t("lines-without-class"), str(made.lost)])
    heads = [w.t(f"line-preset-{plan.preset}"), w.t("lines-count")]
    table(heads, rows, right=(1,))


def look(
    project: ProjectFile,
    layer: LayerName,
    form: Annotated[str, Option(help="ground, walls or volumes.")] = "",
    height: Annotated[float, Option(help="Metres up to which walls stand; 0 leaves it.")] = 0.0,
    preset: PresetName = "",
) -> None:
    """Draw a layer of control lines on the ground, as walls or as volumes.

    [bold]Examples[/bold]

    citystage control-lines look city.gpkg 控制线 --form walls --height 40
    """
    from app.control_lines import line_layer, styled
    from layers.edits import SetLook
    from layers.style import Style

    with opened(project) as city:
        found = line_layer(city.project, layer)
        style: Style = found.style
        style = replace(style, line_form=form or style.line_form)  # type: ignore[arg-type]  # checked there
        style = replace(style, line_height=height) if height > 0 else style
        style = styled(style, preset) if preset else style
        city.session.run(SetLook(found.id, "style", style))
        city.save()
    say(current().t("cli-wrote", path=project))

"""How pipes are drawn, from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Argument, Option

from app.cli_project import opened
from layers.errors import CityError
from layers.kinds.pipes import Pipes
from layers.pipes.classes import CLASS_KEYS
from layers.pipes.looks import class_colours


def register(pipes: typer.Typer) -> None:
    """Add the command."""
    pipes.command("look")(look)


def look(
    project: Annotated[Path, Argument(help="Project file (.gpkg).")],
    layer: Annotated[
        list[str] | None, Option(help="Layer of pipes; without it all of them.")
    ] = None,
    mode: Annotated[str, Option(help="true: bodies underground; symbols: a map's.")] = "",
    colours: Annotated[str, Option(help="Colours of the classes by a standard: cjj61, apwa.")] = "",
    codes: Annotated[
        bool | None, Option("--codes/--no-codes", help="Write class and size along pipes.")
    ] = None,
    arrows: Annotated[
        bool | None, Option("--arrows/--no-arrows", help="Arrows of flow where it is known.")
    ] = None,
    errors: Annotated[
        bool | None, Option("--errors/--no-errors", help="Draw the band of survey error (CJJ 61).")
    ] = None,
    hide_class: Annotated[
        list[str] | None, Option(help="Leave out this class: water, drain, gas ...; '' for none.")
    ] = None,
) -> None:
    """Say how pipes are drawn in pictures and in the window.

    [bold]Examples[/bold]

    citystage pipes look city.gpkg --arrows --errors

    citystage pipes look city.gpkg --layer 给水 --mode symbols --codes --colours apwa
    """
    changes: dict[str, Any] = {
        name: value
        for name, value in (
            ("pipe_mode", mode or None), ("pipe_codes", codes), ("pipe_arrows", arrows),
            ("pipe_errors", errors),
        )
        if value is not None
    }  # fmt: skip
    if colours:
        changes["colouring"] = class_colours(colours)
    if hide_class is not None:
        changes["pipe_hidden"] = tuple(checked_class(key) for key in hide_class if key)
    with opened(project, read_only=not changes) as city:
        chosen = [city.project.layer(name) for name in layer or ()]
        for item in chosen or [x for x in city.project.layers if isinstance(x.data, Pipes)]:
            city.style(item.id, **changes)
        if changes:
            city.save()


def checked_class(key: str) -> str:
    """Check the key of a class and give it.

    Raises
    ------
    CityError
        ``pipes.no_such_class``.
    """
    if key not in CLASS_KEYS:
        raise CityError(
            "pipes.no_such_class", f"There is no class of pipes '{key}'.",
            hint=f"write one of: {', '.join(CLASS_KEYS)}", text=key, known=", ".join(CLASS_KEYS),
        )  # fmt: skip
    return key

"""Commands about pipes under the ground: the group that each family of commands joins."""

from __future__ import annotations

import typer

from app import (
    cli_pipes_ask,
    cli_pipes_burst,
    cli_pipes_check,
    cli_pipes_dig,
    cli_pipes_import,
    cli_pipes_look,
    cli_pipes_map,
    cli_pipes_permit,
    cli_pipes_plan,
    cli_pipes_quality,
    cli_pipes_section,
    cli_pipes_stats,
    cli_pipes_trace,
)


def register(app: typer.Typer) -> None:
    """Add the group."""
    pipes = typer.Typer(
        help="Pipes under the ground: import, check, statistics, sections, tracing, digging.\n\n"
        "[bold]Examples[/bold]\n\n"
        "citystage pipes import city.gpkg network.inp --crs EPSG:27700"
    )
    cli_pipes_import.register(pipes)
    cli_pipes_look.register(pipes)
    cli_pipes_quality.register(pipes)
    cli_pipes_ask.register(pipes)
    cli_pipes_stats.register(pipes)
    cli_pipes_check.register(pipes)
    cli_pipes_plan.register(pipes)
    cli_pipes_section.register(pipes)
    cli_pipes_dig.register(pipes)
    cli_pipes_trace.register(pipes)
    cli_pipes_burst.register(pipes)
    cli_pipes_map.register(pipes)
    cli_pipes_permit.register(pipes)
    app.add_typer(pipes, name="pipes")

"""Putting valves into a network, for commands and for the window."""

from __future__ import annotations

import csv
from pathlib import Path

from app.pipe_quality import pipe_layers
from app.session import Session
from layers.edits import SetData
from layers.errors import CityError
from layers.history import Label
from layers.kinds.pipes import Pipes
from layers.pipes.valves import spots_by_names, valves_by_rule, with_valves


def put_valves(
    session: Session, layer: str, rule: str, file: Path | None = None, line_class: str = "water"
) -> tuple[str, int]:
    """Put valves into a layer as one step that can be undone.

    Parameters
    ----------
    session : Session
        The open project.
    layer : str
        Id or name, "" for the only one.
    rule : str
        One of `layers.pipes.valves.RULES`.
    file : pathlib.Path or None
        Table with the columns ``link`` and ``node`` instead of a rule.
    line_class : str
        Which class gets them.

    Returns
    -------
    str
        Name of the layer.
    int
        How many valves were put in.

    Raises
    ------
    CityError
        ``pipes.valve_file``, ``pipes.valve_rule``, ``pipes.valve_names``, ``pipes.which_layer``.
    """
    found = pipe_layers(session.project, layer)
    if len(found) > 1:
        names = ", ".join(one.name for one in found)
        raise CityError(
            "pipes.which_layer", f"There are {len(found)} layers of pipes.",
            hint=f"name one with --layer: {names}", count=len(found), names=names,
        )  # fmt: skip
    (one,) = found
    pipes = one.data
    assert isinstance(pipes, Pipes)
    if file is None:
        spots = valves_by_rule(pipes, rule, line_class)
    else:
        spots = spots_by_names(pipes, _pairs(file))
    data, made = with_valves(pipes, spots)
    if len(made):
        facts: dict[str, object] = {"name": one.name, "count": len(made)}
        session.run(SetData(one.id, data, Label("edit-pipes-valves", facts)))
    return one.name, len(made)


def _pairs(file: Path) -> list[tuple[str, str]]:
    """Read links and nodes of a table, as WNTR writes valve layers."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.DictReader(opened))
        return [(row["link"], row["node"]) for row in rows]
    except (OSError, UnicodeDecodeError, KeyError) as error:
        raise CityError(
            "pipes.valve_file", "The table of valves cannot be read.",
            hint="write a CSV file in UTF-8 with the columns link and node", where=file.name,
        ) from error  # fmt: skip

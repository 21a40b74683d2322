"""The objects of a city in the colours of their themes or phases, the rest dimmed, as one step."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from layers.edits import SetData, SetLook, Together
from layers.errors import CityError
from layers.history import Command, Label
from layers.planning.themes import Members
from layers.project import Project
from layers.style import Colouring, Entry

#: Kinds of layers that take the colours; pipes keep those of their classes.
PAINTED = frozenset({"buildings", "roads", "rail", "greenery", "features"})
DIMMED = "#d9d8d3"


def painted(
    project: Project,
    members: Sequence[Members],
    keys: Sequence[str],
    colours: Mapping[str, str],
    *,
    field: str = "theme",
    shown: Collection[str] | None = None,
    named: Callable[[str], str] = str,
) -> Together:
    """Make the command that colours objects by their group.

    Parameters
    ----------
    project : Project
        The city; changed when the command is done.
    members : sequence of Members
        Which group each object belongs to.
    keys : sequence of str
        The groups.
    colours : mapping of str to str
        ``#rrggbb`` of each group.
    field : str
        Attribute that keeps the group of each object, which tables and legends show too.
    shown : collection of str or None
        Groups that keep their colours, all others are dimmed; None dims none.
    named : callable
        Gives the words of a group for legends.

    Raises
    ------
    CityError
        ``themes.scheme`` while a scheme is shown: it would keep every object as changed.
    """
    if project.schemes.active:
        raise CityError(
            "themes.scheme",
            "Objects cannot be coloured by theme while a scheme is shown.",
            hint="show the existing city first",
        )
    steps: list[Command] = []
    for one in members:
        layer = one.layer
        if layer.kind not in PAINTED:
            continue
        data = layer.features
        groups = np.zeros(data.attributes.num_rows, dtype=np.int64)
        groups[data.feature] = one.group
        names = pa.array([keys[k] for k in groups.tolist()], pa.string())
        table = data.attributes
        if field in table.column_names:
            table = table.drop_columns([field])
        fresh = replace(data, attributes=table.append_column(field, names))
        there = [keys[k] for k in np.unique(one.group).tolist()]
        entries = tuple(
            Entry(named(key), colours[key] if shown is None or key in shown else DIMMED, value=key)
            for key in there
        )
        look = replace(layer.style, colouring=Colouring(field, "categories", entries, DIMMED))
        steps.append(SetData(layer.id, fresh, Label("edit-paint-themes")))
        steps.append(SetLook(layer.id, "style", look))
    return Together(tuple(steps), Label("edit-paint-themes"))

"""Which object of a layer of pipes a person means: by its number of the survey, or by its id."""

from __future__ import annotations

import numpy as np

from layers.errors import CityError
from layers.kinds.pipes import RUN, Pipes
from layers.style import texts


def object_called(pipes: Pipes, name: str, *, node: bool | None = None) -> int:
    """Give the id of a run or node.

    Parameters
    ----------
    pipes : Pipes
        The layer.
    name : str
        Its number (``WS101``), or its id, with ``#`` where a number could be meant (``#17``).
    node : bool or None
        True for nodes alone, False for runs alone; None looks at runs first.

    Raises
    ------
    CityError
        ``pipes.no_such_number``; ``pipes.number_twice`` where several have it.
    """
    plain = name.strip()
    if not plain.startswith("#") and "number" in pipes.attributes.column_names:
        rows = np.flatnonzero(texts(pipes.column("number")) == plain)
        runs = pipes.role[rows] == RUN
        if node is None and len(rows):
            rows = rows[runs] if runs.any() else rows
        elif node is not None:
            rows = rows[runs != node]
        if len(rows) == 1:
            return int(pipes.ids[rows[0]])
        if len(rows) > 1:
            ids = ", ".join(f"#{pipes.ids[row]}" for row in rows[:5].tolist())
            raise CityError(
                "pipes.number_twice", f"{len(rows)} objects have the number '{plain}'.",
                hint=f"name one by its id: {ids}", number=plain, count=len(rows), ids=ids,
            )  # fmt: skip
    try:
        wanted = int(plain.removeprefix("#"))
    except ValueError:
        wanted = 0
    rows = np.flatnonzero(pipes.ids == wanted)
    if len(rows) and (node is None or (pipes.role[rows[0]] != RUN) == node):
        return wanted
    raise CityError(
        "pipes.no_such_number", f"There is no pipe or node '{plain}' in the layer.",
        hint="name it by its number of the survey, or by its id such as #17", number=plain,
    )  # fmt: skip


def names_in(text: str) -> list[str]:
    """Split names at the commas of both scripts.

    >>> names_in("V1，V2, V3")
    ['V1', 'V2', 'V3']
    """
    for sign in "，、;；":
        text = text.replace(sign, ",")
    return [part.strip() for part in text.split(",") if part.strip()]


def number_of(pipes: Pipes, object_id: int) -> str:
    """Give the number of an object, or ``#`` and its id where it has none."""
    if "number" in pipes.attributes.column_names:
        number = pipes.row(object_id).get("number")
        if number not in (None, ""):
            return str(number)
    return f"#{object_id}"

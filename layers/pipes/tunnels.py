"""Utility tunnels (综合管廊): compartments, racks and the pipes that lie inside.

A tunnel is a run of the class ``other``, subclass ``tunnel``, form ``box``. Its attribute
``compartments`` names the compartments from left to right, seen along the run, with clear width
and height in metres and racks where there are some::

    power 2.2x3.0 racks 8; water+telecom 3.0x3.0 racks 4; gas 1.8x3.0

A pipe inside is an ordinary run with the attributes ``tunnel`` (number of the tunnel's run),
``compartment`` and ``rack``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from layers.errors import CityError
from layers.kinds.pipes import Pipes
from layers.pipes.classes import CLASS_KEYS, SUBCLASS_KEYS
from layers.shapes import Ints
from layers.style import texts

TUNNEL = SUBCLASS_KEYS.index("tunnel")
_PART = re.compile(
    r"(?P<name>.*?)\s+(?P<width>\d+(?:\.\d+)?)\s*[x×*]\s*(?P<height>\d+(?:\.\d+)?)"
    r"(?:\s*(?:racks|支架)\s*(?P<racks>\d+))?",
    re.IGNORECASE,
)
SCHEMA = pa.schema(
    [
        ("tunnel", pa.int64()), ("tunnel_number", pa.string()), ("compartment", pa.string()),
        ("width_m", pa.float64()), ("height_m", pa.float64()), ("racks", pa.int64()),
        ("rack", pa.string()), ("pipe", pa.int64()), ("pipe_number", pa.string()),
        ("class", pa.string()), ("problem", pa.string()),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compartment:
    """One compartment of a tunnel: name, clear width and height in metres, number of racks."""

    name: str
    width: float
    height: float
    racks: int = 0


def compartments_in(text: str) -> tuple[Compartment, ...]:
    """Read the compartments of a tunnel.

    Raises
    ------
    CityError
        ``pipes.compartments`` where a part is not ``NAME WIDTHxHEIGHT``.

    Examples
    --------
    >>> [c.name for c in compartments_in("power 2.2x3.0 racks 8; gas 1.8x3")]
    ['power', 'gas']
    """
    found = []
    for part in re.split(r"[;；]", text):
        if not part.strip():
            continue
        read = _PART.fullmatch(part.strip())
        if read is None:
            raise CityError(
                "pipes.compartments",
                f"'{part.strip()}' does not describe a compartment of a tunnel.",
                hint="write the name, width x height and racks, such as 'power 2.2x3.0 racks 8'",
                text=part.strip(),
            )
        width, height, racks = float(read["width"]), float(read["height"]), int(read["racks"] or 0)
        found.append(Compartment(read["name"].strip(), width, height, racks))
    return tuple(found)


def tunnels(pipes: Pipes) -> Ints:
    """Give the positions of the runs that are tunnels."""
    runs = pipes.runs
    return np.asarray(runs[pipes.subclass[runs] == TUNNEL])


def in_the_soil(pipes: Pipes) -> Ints:
    """Give the positions of the runs that lie in no tunnel: those that clearances are for."""
    runs = pipes.runs
    inside = np.array([bool(word) for word in _words(pipes, "tunnel")], dtype=bool)
    return np.asarray(runs[~inside[runs]])


def contents(pipes: Pipes) -> pa.Table:
    """List the compartments of all tunnels with the pipes inside.

    Returns
    -------
    pyarrow.Table
        One row for each pipe in a compartment, and one for each compartment without any:
        ``tunnel``, ``tunnel_number``, ``compartment``, ``width_m``, ``height_m``, ``racks``,
        ``rack``, ``pipe``, ``pipe_number``, ``class``, ``problem`` (``no-tunnel``,
        ``no-compartment``, ``no-rack`` for pipes that name one that is not there).
    """
    number, inside = _words(pipes, "number"), _words(pipes, "tunnel")
    where, rack = _words(pipes, "compartment"), _words(pipes, "rack")
    described = _words(pipes, "compartments")
    rows: list[dict[str, object]] = []
    known = {number[row]: row for row in tunnels(pipes).tolist()}
    taken: set[tuple[int, str]] = set()
    for row in pipes.runs.tolist():
        if not inside[row]:
            continue
        tunnel = known.get(inside[row])
        parts = compartments_in(described[tunnel]) if tunnel is not None else ()
        part = next((one for one in parts if one.name == where[row]), None)
        problem = "no-tunnel" if tunnel is None else "no-compartment" if part is None else None
        if part is not None and rack[row].isdigit() and int(rack[row]) > part.racks:
            problem = "no-rack"
        if tunnel is not None:
            taken.add((tunnel, where[row]))
        rows.append({
            "tunnel": None if tunnel is None else int(pipes.ids[tunnel]),
            "tunnel_number": inside[row], "compartment": where[row] or None,
            "width_m": None if part is None else part.width,
            "height_m": None if part is None else part.height,
            "racks": None if part is None else part.racks, "rack": rack[row] or None,
            "pipe": int(pipes.ids[row]), "pipe_number": number[row] or None,
            "class": CLASS_KEYS[pipes.line_class[row]], "problem": problem,
        })  # fmt: skip
    for name, tunnel in known.items():
        rows += [
            {
                "tunnel": int(pipes.ids[tunnel]), "tunnel_number": name,
                "compartment": part.name, "width_m": part.width, "height_m": part.height,
                "racks": part.racks,
            }
            for part in compartments_in(described[tunnel])
            if (tunnel, part.name) not in taken
        ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _words(pipes: Pipes, name: str) -> list[str]:
    if name not in pipes.attributes.column_names:
        return [""] * len(pipes)
    return [str(word or "").strip() for word in texts(pipes.column(name))]

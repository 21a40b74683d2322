"""Utility tunnels as they are drawn: floor, walls between compartments, racks; without the roof.

One looks into them from above, and the pipes inside are seen where they were surveyed.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from layers.errors import CityError
from layers.kinds.pipes import Pipes
from layers.pipes.tunnels import Compartment, compartments_in, tunnels
from layers.shapes import Ints
from layers.style import texts
from scene.pipe_meshes import Profile, box_profile

SLAB = 0.25  # metres: thickness of floor and walls where the sizes leave none
SHELF, DEEP = 0.05, 0.7  # metres: thickness of a rack, and how far it reaches from its wall
LOWEST, ROOM = 0.35, 0.45  # metres below the lowest rack and above the highest


def described(pipes: Pipes) -> dict[int, tuple[Compartment, ...]]:
    """Give the compartments of the tunnels that tell them readably, by position."""
    if "compartments" not in pipes.attributes.column_names:
        return {}
    rows = tunnels(pipes)
    out: dict[int, tuple[Compartment, ...]] = {}
    for row, text in zip(rows.tolist(), texts(pipes.column("compartments"))[rows], strict=True):
        try:
            parts = compartments_in(text or "")
        except CityError:
            continue  # drawn as a plain box; the list of tunnels tells what is wrong
        if parts:
            out[row] = parts
    return out


def alike(
    found: dict[int, tuple[Compartment, ...]], rows: Ints
) -> Iterator[tuple[Ints, tuple[Compartment, ...]]]:
    """Give rows that have the same compartments together."""
    by_parts: dict[tuple[Compartment, ...], list[int]] = {}
    for row in rows.tolist():
        by_parts.setdefault(found[row], []).append(row)
    for parts, same in by_parts.items():
        yield np.array(same, dtype=np.int64), parts


def profiles(
    parts: tuple[Compartment, ...], width: float, height: float
) -> tuple[list[Profile], list[Profile]]:
    """Give the sections of concrete, and those of the racks.

    Parameters
    ----------
    parts : tuple of Compartment
        From left to right, looking along the run.
    width, height : float
        Of the whole tunnel, metres.
    """
    clear = sum(part.width for part in parts)
    wall = (width - clear) / (len(parts) + 1)
    if wall <= 0.02:
        wall = SLAB
    scale = width / (clear + wall * (len(parts) + 1))  # what was told is fitted in
    floor = max(min(SLAB, height - max(part.height for part in parts)), 0.05)

    def box(left: float, right: float, low: float, high: float) -> Profile:
        """Give a rectangle; metres from the left and from the bottom."""
        plain = box_profile()
        half = np.array([(right - left) / width, (high - low) / height])
        middle = np.array([(left + right) / width - 1.0, (low + high) / height - 1.0])
        return Profile(plain.points * half + middle, plain.outward, plain.edges)

    concrete = [box(0.0, width, 0.0, floor)]
    racks: list[Profile] = []
    left = 0.0
    for part in parts:
        concrete.append(box(left, left + wall * scale, floor, height))
        left += wall * scale
        levels = np.linspace(LOWEST, max(part.height - ROOM, LOWEST), max(part.racks, 0))
        deep = min(DEEP, 0.3 * part.width * scale)
        for level in levels.tolist():
            low = floor + level
            if low + SHELF < height:
                racks.append(box(left, left + deep, low, low + SHELF))
        left += part.width * scale
    concrete.append(box(left, min(left + wall * scale, width), floor, height))
    return concrete, racks

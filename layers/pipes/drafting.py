"""Planned pipes: levels by cover or by slope, runs and nodes of a drawn line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from layers.errors import CityError
from layers.kinds.base import Features
from layers.kinds.pipes import COLUMNS, INVERT, PLANNED, ROLES, TOP, Pipes
from layers.pipes.classes import CLASS_KEYS, CLASSES, SUBCLASS_KEYS, SUBCLASSES
from layers.shapes import LINE, POINT, Floats, Ints, Shapes, starts_of

Ground = Callable[[Floats], Floats]
WAYS = ("cover", "slope")
SHORTEST = 0.05  # metres between two points of a drawn line


@dataclass(frozen=True, slots=True)
class Design:
    """What a planned pipe is like.

    Attributes
    ----------
    line_class, subclass : str
        Keys of `layers.pipes.classes`; the subclass may be "".
    width, height, wall : float
        Clear size and wall, metres; a height of 0 makes it round.
    way : str
        ``"cover"``: at every point so far below the ground. ``"slope"``: from the first point
        falling evenly.
    cover : float
        From the ground to the outer top, metres; of the first point where it slopes.
    level : float
        Of the first point (invert of drains, top of others), metres above datum; NaN takes
        `cover`.
    slope_permille : float
        Fall, metres in a thousand.
    facts : mapping of str to value
        Attributes: ``number``, ``material``, ``pressure_mpa``, ``owner`` and so on.
    """

    line_class: str = "water"
    subclass: str = ""
    width: float = 0.3
    height: float = 0.0
    wall: float = 0.0
    way: str = "cover"
    cover: float = 1.0
    level: float = float("nan")
    slope_permille: float = 3.0
    facts: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        known = CLASS_KEYS if not self.subclass else [
            item.of for item in SUBCLASSES if item.key == self.subclass
        ]  # fmt: skip
        if self.line_class not in CLASS_KEYS or self.line_class not in known:
            raise CityError(
                "pipes.draft_class",
                f"There is no class of pipes '{self.line_class}' with '{self.subclass}' in it.",
                hint=f"write one of: {', '.join(CLASS_KEYS)}",
                line_class=self.line_class,
                subclass=self.subclass,
                known=", ".join(CLASS_KEYS),
            )
        if not (self.width > 0 and self.height >= 0 and self.wall >= 0):
            raise CityError(
                "pipes.draft_size",
                f"A pipe cannot be {self.width:g} m wide.",
                hint="give a size greater than zero, such as 0.3",
                width=self.width,
            )

    @property
    def gravity(self) -> bool:
        """Whether its levels are those of the invert."""
        return CLASSES[CLASS_KEYS.index(self.line_class)].gravity


def design_levels(points: ArrayLike, design: Design, ground_at: Ground) -> Floats:
    """Give the level at each point of a drawn line, (k,) metres above datum.

    Parameters
    ----------
    points : (k, 2) array_like of float
        The line.
    design : Design
        What it is like.
    ground_at : callable
        Level of the ground at (k, 2) places.
    """
    xy = np.asarray(points, dtype=np.float64)[:, :2]
    ground = np.asarray(ground_at(xy), dtype=np.float64)
    high = design.height or design.width
    below = design.cover + (high + design.wall if design.gravity else 0.0)
    if design.way == "cover":
        return np.asarray(ground - below)
    start = design.level if np.isfinite(design.level) else float(ground[0] - below)
    step = np.hypot(*np.diff(xy, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(step)])
    return np.asarray(start - along * design.slope_permille / 1000.0)


def draft(
    points: ArrayLike, design: Design, ground_at: Ground, *, first_id: int = 1,
    nodes: Sequence[int] = (),
) -> Pipes:  # fmt: skip
    """Make the runs and nodes of a drawn line.

    A run goes from point to point. Every point gets a node (a manhole of a drain, a bend of
    others) unless `nodes` names one that is there.

    Parameters
    ----------
    points : (k, 2) array_like of float
        The line, k is 2 or more.
    design : Design
        What it is like.
    ground_at : callable
        Level of the ground at (k, 2) places.
    first_id : int
        Number of the first object; the others follow.
    nodes : sequence of k int
        Numbers of nodes of the same layer that the points are, 0 for none; empty for none.

    Raises
    ------
    CityError
        ``pipes.draft_line`` with fewer than two points apart from each other.
    """
    xy = np.asarray(points, dtype=np.float64)[:, :2]
    known = np.array([*nodes, *([0] * (len(xy) - len(nodes)))], dtype=np.int64)
    apart = np.ones(len(xy), dtype=bool)
    apart[1:] = np.hypot(*np.diff(xy, axis=0).T) > SHORTEST
    xy, known = xy[apart], known[apart]
    if len(xy) < 2:
        raise CityError(
            "pipes.draft_line",
            "A pipe needs two points apart from each other.",
            hint="click where it begins, where it bends, and where it ends",
        )
    levels = design_levels(xy, design, ground_at)
    runs, new = len(xy) - 1, np.flatnonzero(known == 0)
    node = known.copy()
    node[new] = first_id + runs + np.arange(len(new))
    count = runs + len(new)
    coords = np.concatenate([np.stack([xy[:-1], xy[1:]], axis=1).reshape(-1, 2), xy[new]])
    kind = np.array([LINE] * runs + [POINT] * len(new), dtype=np.uint8)
    shapes = Shapes(kind, coords, starts_of([2] * runs + [1] * len(new)), np.arange(count + 1))
    ids = np.concatenate([first_id + np.arange(runs), node[new]])
    ground = np.asarray(ground_at(xy), dtype=np.float64)
    return Pipes.of_columns(
        Features(shapes, ids, np.arange(count), _facts(design, runs, len(new))),
        CLASS_KEYS.index(design.line_class),
        np.array([design.width] * runs + [0.0] * len(new)),
        height=np.array([design.height or design.width] * runs + [0.0] * len(new)),
        form=np.array([int(design.height > 0)] * runs + [0] * len(new)),
        wall=np.array([design.wall] * runs + [0.0] * len(new)),
        subclass=SUBCLASS_KEYS.index(design.subclass),
        role=[0] * runs + [ROLES.index("manhole" if design.gravity else "bend")] * len(new),
        start_level=np.concatenate([levels[:-1], ground[new]]),
        end_level=np.concatenate([levels[1:], levels[new]]),
        level_of=INVERT if design.gravity else TOP,
        start_node=np.concatenate([node[:-1], np.zeros(len(new), dtype=np.int64)]),
        end_node=np.concatenate([node[1:], np.zeros(len(new), dtype=np.int64)]),
        status=PLANNED,
    )


def appended(pipes: Pipes, more: Pipes) -> Pipes:
    """Give a layer with further objects; attributes that only one side has are empty at the other.

    Parameters
    ----------
    pipes, more : Pipes
        Their numbers differ.
    """
    old, new = pipes.attributes, more.attributes
    columns: dict[str, pa.ChunkedArray | pa.Array] = {}
    for name in (*old.column_names, *(n for n in new.column_names if n not in old.column_names)):
        there = name in old.column_names
        type_ = (old if there else new).column(name).type
        parts = []
        for table in (old, new):
            if name in table.column_names:
                parts += table.column(name).cast(type_).chunks
            else:
                parts.append(pa.nulls(table.num_rows, type_))
        columns[name] = pa.chunked_array(parts, type_)
    plain = Features(
        Shapes.join([pipes.shapes, more.shapes]),
        np.concatenate([pipes.ids, more.ids]),
        np.concatenate([pipes.feature, more.feature + old.num_rows]),
        pa.table(columns),
    )
    own: dict[str, NDArray[Any]] = {
        name: np.concatenate([getattr(pipes, name), getattr(more, name)]) for name in COLUMNS
    }
    return Pipes.of_columns(plain, own.pop("line_class"), own.pop("width"), **own)


def node_at(pipes: Pipes, place: tuple[float, float], within: float = 0.05) -> int:
    """Give the number of the node at a place, 0 where there is none."""
    nodes: Ints = pipes.nodes
    if not len(nodes):
        return 0
    xy = pipes.shapes.coords[pipes.shapes.first_coord[nodes]]
    away = np.hypot(*(xy - np.asarray(place)).T)
    best = int(np.argmin(away))
    return int(pipes.ids[nodes[best]]) if away[best] <= within else 0


def _facts(design: Design, runs: int, nodes: int) -> pa.Table:
    """Make the attributes of runs and nodes: numbers count up behind the name."""
    facts = dict(design.facts or {})
    name = str(facts.pop("number", "") or "")
    numbers = [f"{name}-{k + 1}" if name and runs > 1 else name for k in range(runs)]
    numbers += [f"{name}-N{k + 1}" if name else "" for k in range(nodes)]
    out: dict[str, Any] = {"number": pa.array(numbers, pa.string())}
    for key, value in facts.items():
        out[key] = pa.array([value] * runs + [None] * nodes)
    return pa.table(out)

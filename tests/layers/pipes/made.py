"""Small networks whose clearances anybody can compute."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import shapely

from layers.kinds.base import Features
from layers.kinds.pipes import CENTRE, Pipes, class_codes
from layers.shapes import Shapes

EAST, NORTH = 500_000.0, 4_000_000.0


def network(
    lines: Sequence[Sequence[tuple[float, float]]],
    classes: Sequence[str],
    width: Sequence[float],
    levels: Sequence[tuple[float, float]] | None = None,
    *,
    nodes: Sequence[tuple[int, int]] | None = None,
    attributes: dict[str, list[object]] | None = None,
    **columns: object,
) -> Pipes:
    """Make runs, coordinates relative to a place in a city; levels are those of the middle."""
    moved = [[(EAST + x, NORTH + y) for x, y in line] for line in lines]
    shapes = Shapes.from_shapely(np.array([shapely.LineString(line) for line in moved]))
    table = pa.table(attributes) if attributes else None
    level = np.array(levels if levels is not None else [(np.nan, np.nan)] * len(lines))
    if nodes is not None:
        columns |= {"start_node": [a for a, _ in nodes], "end_node": [b for _, b in nodes]}
    columns.setdefault("level_of", CENTRE)
    return Pipes.of_columns(
        Features.of(shapes, table), class_codes(list(classes)), list(width),
        start_level=level[:, 0], end_level=level[:, 1], **columns,  # type: ignore[arg-type]  # columns of the test
    )  # fmt: skip

"""A quadtree of objects for tiles that add to each other: the largest ones stand on top."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from layers.shapes import Floats, Ints

MOST = 1200  # objects in a tile that is not split; half as many, the largest, stay in one that is
#: Geometric error for each metre of the largest object left out. Viewers refine above 16 pixels
#: (Cesium's default): an object comes into the picture when it spans about one pixel.
ERROR_PER_METRE = 16.0
DEEPEST = 24  # splits; beyond it objects lie in one point


@dataclass(slots=True)
class Node:
    """One tile: its objects and the tiles below it.

    Attributes
    ----------
    rows : (k,) int64
        Objects of the layer in this tile itself.
    key : str
        Way from the top: ``0`` south-west, ``1`` south-east, ``2`` north-west, ``3`` north-east.
    error : float
        Geometric error, metres: about the largest object below.
    below : list of Node
    """

    rows: Ints
    key: str
    error: float
    below: list[Node] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """Give the tiles from here down."""
        yield self
        for node in self.below:
            yield from node.walk()


def quadtree(
    rows: Ints,
    middles: Floats,
    sizes: Floats,
    most: int = MOST,
    *,
    per_metre: float = ERROR_PER_METRE,
) -> Node:
    """Sort objects into tiles, the largest on top.

    Parameters
    ----------
    rows : (k,) int64
        Objects of a layer.
    middles : (k, 2) float64
        East and north of each, metres.
    sizes : (k,) float64
        How large each is, metres.
    most : int
        Objects in a tile that is not split; half as many stay in one that is.
    per_metre : float
        Geometric error for each metre of the largest object left out.
    """
    order = np.argsort(-sizes, kind="stable")
    low, high = middles.min(axis=0), middles.max(axis=0)
    half = float((high - low).max()) / 2.0 or 0.5
    errors = sizes[order] * per_metre
    return _node(rows[order], middles[order], errors, (low + high) / 2, half, "", most)


def _node(
    rows: Ints, middles: Floats, errors: Floats, centre: Floats, half: float, key: str, most: int
) -> Node:
    if len(rows) <= most or len(key) >= DEEPEST:
        return Node(np.sort(rows), key, 0.0)
    kept = most // 2
    node = Node(np.sort(rows[:kept]), key, float(errors[kept]))
    quadrant = (middles[kept:, 0] >= centre[0]) + 2 * (middles[kept:, 1] >= centre[1])
    for number in range(4):
        chosen = kept + np.flatnonzero(quadrant == number)
        if len(chosen):
            shift = np.array([number % 2 - 0.5, number // 2 - 0.5]) * half
            node.below.append(
                _node(
                    rows[chosen], middles[chosen], errors[chosen], centre + shift, half / 2,
                    f"{key}{number}", most,
                )
            )  # fmt: skip
    return node

"""Which pieces of a city are drawn in a frame: fine where it shows, coarse elsewhere, no gap.

Pieces form a tree: what is one piece from afar is several pieces from near. A piece is *wanted*
where its error on the screen is small enough, or where it has nothing finer. What is *shown* are
pieces that are ready: a parent stays until all its children in view can take its place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from layers.shapes import Bools, Floats, Ints

KEEP = 0.8  # a piece that was refined stays so down to this share of the error allowed
CELLS, DOTS, BOXES, WHOLE = range(4)

Kinds = NDArray[np.uint8]


@dataclass(slots=True, eq=False)
class Pieces:
    """The tree of pieces; parents stand before their children.

    Attributes
    ----------
    kind : (p,) uint8
        ``CELLS``, ``DOTS``, ``BOXES`` or ``WHOLE``.
    node : (p,) int64
        Node of the quadtree each piece draws.
    parent, child, children : (p,) int64
        -1 for the root; first child; number of children, which stand beside each other.
    error : (p,) float64
        Metres by which a piece may differ from the buildings it stands for.
    cost : (p,) float64
        Triangles; a point counts as two.
    low, high : (p, 3) float64
        Corners of the box, scene coordinates; infinite where a piece is empty.
    """

    kind: Kinds
    node: Ints
    parent: Ints
    child: Ints
    children: Ints
    error: Floats
    cost: Floats
    low: Floats
    high: Floats

    def __len__(self) -> int:
        return len(self.kind)


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """What a frame wants and shows.

    Attributes
    ----------
    shown : (p,) bool
        Drawn in this frame; no piece together with one that it contains.
    wanted : (p,) bool
        Would be drawn if everything were ready.
    split : (p,) bool
        Refined, for the next frame's choice.
    away : (p,) float64
        Distance of each piece's box from the eye, metres.
    limit : float
        Error that was allowed, pixels.
    """

    shown: Bools
    wanted: Bools
    split: Bools
    away: Floats
    limit: float


@dataclass(frozen=True, slots=True)
class Eye:
    """What a choice knows of the camera.

    Attributes
    ----------
    planes : (4, 4) float64
        Sides of the view.
    place : (3,) float64
        Scene coordinates.
    pixels : float
        Pixels per radian; per metre where the lines of sight are parallel.
    parallel : bool
        Whether they are.
    haze : float
        Metres at which two thirds are haze; 0 for none.
    """

    planes: Floats
    place: Floats
    pixels: float
    parallel: bool
    haze: float = 0.0


def choose(
    pieces: Pieces, eye: Eye, ready: Bools, before: Bools, limit: float,
    most_cost: float = np.inf, most_pieces: int = 1 << 30,
) -> Choice:  # fmt: skip
    """Choose what to draw.

    Parameters
    ----------
    pieces : Pieces
        What there is.
    eye : Eye
        From where.
    ready : (p,) bool
        What can be drawn at once.
    before : (p,) bool
        What was refined in the frame before.
    limit : float
        Error allowed on the screen, pixels; it grows until the frame fits the budgets. Zero
        wants everything in view as it is.
    most_cost, most_pieces : float, int
        Triangles and pieces of a frame.
    """
    away, seen = _look(eye.planes, eye.place, pieces.low, pieces.high)
    sight = _sight(eye, away)
    while True:
        wanted, split, cost, count = _want(
            pieces.parent, pieces.children, pieces.error * sight, pieces.cost, seen, before, limit
        )
        if limit <= 0.0 or (cost <= most_cost and count <= most_pieces) or limit > 1e4:
            break
        limit *= 1.2
    shown = _show(pieces.parent, pieces.child, pieces.children, seen, split, ready)
    return Choice(shown, wanted, split, away, limit)


def _sight(eye: Eye, away: Floats) -> Floats:
    """Give pixels per metre of each distance, less what haze takes from the contrast."""
    if eye.parallel:
        return np.full(len(away), eye.pixels)
    sight = eye.pixels / np.maximum(away, 0.05)
    if eye.haze > 0.0:
        sight *= np.exp(-((away / eye.haze) ** 2))
    return np.asarray(sight)


@nb.njit(cache=True)
def _look(
    planes: Floats, place: Floats, low: Floats, high: Floats
) -> tuple[Floats, Bools]:  # pragma: no cover
    """Give how far boxes are from the eye and whether they may be in the picture."""
    count = len(low)
    away, seen = np.empty(count), np.zeros(count, dtype=np.bool_)
    for i in range(count):
        if not low[i, 0] <= high[i, 0]:
            away[i] = np.inf
            continue
        total = 0.0
        for k in range(3):
            gap = max(low[i, k] - place[k], place[k] - high[i, k], 0.0)
            total += gap * gap
        away[i] = np.sqrt(total)
        inside = True
        for p in range(4):
            reach = planes[p, 3]
            for k in range(3):
                reach += planes[p, k] * (high[i, k] if planes[p, k] > 0.0 else low[i, k])
            if reach < 0.0:
                inside = False
                break
        seen[i] = inside
    return away, seen


@nb.njit(cache=True)
def _want(
    parent: Ints, children: Ints, pixels: Floats, cost: Floats, seen: Bools, before: Bools,
    limit: float,
) -> tuple[Bools, Bools, float, int]:  # fmt: skip # pragma: no cover
    """Refine from the root down; `pixels` is each piece's error on the screen."""
    count = len(parent)
    wanted, split = np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
    total, number = 0.0, 0
    for i in range(count):
        if not seen[i] or (parent[i] >= 0 and not split[parent[i]]):
            continue
        allowed = limit * KEEP if before[i] else limit
        if children[i] > 0 and pixels[i] > allowed:
            split[i] = True
        else:
            wanted[i] = True
            total += cost[i]
            number += 1
    return wanted, split, total, number


@nb.njit(cache=True)
def _show(
    parent: Ints, child: Ints, children: Ints, seen: Bools, split: Bools, ready: Bools
) -> Bools:  # pragma: no cover
    """Take what is ready: the children of what is refined, if all are, else the parent."""
    count = len(parent)
    covered = np.zeros(count, dtype=np.bool_)  # whether a piece or what it contains can be drawn
    below = np.zeros(count, dtype=np.bool_)  # whether what it contains can be drawn
    for i in range(count - 1, -1, -1):
        whole = children[i] > 0
        for c in range(child[i], child[i] + children[i]):
            whole = whole and covered[c]
        below[i] = whole
        covered[i] = whole or ready[i] or not seen[i]
    shown, active = np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
    for i in range(count):
        if not seen[i] or (parent[i] >= 0 and not active[parent[i]]):
            continue
        if split[i] and below[i]:
            active[i] = True
        elif ready[i]:
            shown[i] = True
        else:  # finer ones still there from before, or the few that are ready
            active[i] = children[i] > 0
    return shown

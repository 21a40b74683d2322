"""Large areas on the ground, parted into squares, of which only those in view are drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from layers.shapes import Floats
from layers.style import Rgb
from scene.drape import Draped
from scene.flat_parts import Area

if TYPE_CHECKING:
    from scene.views.base import FrameState, StageContext

PARTED = 80_000  # triangles from which an area is parted
FULL = 40_000  # triangles a square has on average
MOST = 6  # squares along a side


@dataclass(slots=True)
class AreaTiles:
    """Filled areas lying on the ground, square by square.

    Attributes
    ----------
    areas : list of Area
        What lies in each square.
    low, high : (n, 3) float64
        Corners of boxes around them, scene coordinates; as they lie, without their lift.
    """

    areas: list[Area]
    low: Floats
    high: Floats
    _shown: bool = False

    @classmethod
    def of(cls, areas: list[Area], draped: list[Draped], context: StageContext) -> AreaTiles:
        """Take squares that are shown already, and what lies in each of them."""
        points = [context.to_scene(part.points) for part in draped]
        low = np.array([corners.min(axis=0) for corners in points])
        high = np.array([corners.max(axis=0) for corners in points])
        return cls(areas, low, high)

    def paint(self, colours: Rgb, opacity: float, *, shown: bool) -> None:
        """Give every object its colour."""
        self._shown = shown and opacity > 0.0
        for area in self.areas:
            area.paint(colours, opacity, shown=shown)

    def show(self, *, shown: bool) -> None:
        """Show or hide it; what is not in view stays hidden."""
        self._shown = shown

    def place(self, order: float, lift: float, context: StageContext) -> None:
        """Take another place above the ground."""
        for area in self.areas:
            area.place(order, lift, context)

    def prepare(self, frame: FrameState, context: StageContext) -> None:
        """Show what is in view."""
        del context
        seen = frame.sees(self.low, self.high) & self._shown
        for area, visible in zip(self.areas, seen.tolist(), strict=True):
            area.actor.SetVisibility(visible)

    def close(self, context: StageContext) -> None:
        """Take it away."""
        for area in self.areas:
            area.close(context)
        self.areas = []


def parted(draped: Draped, full: int | None = None) -> list[Draped]:
    """Part what lies on the ground by where its triangles begin, where there are very many.

    `full` is how many triangles a square has on average.
    """
    if len(draped.triangles) < (PARTED if full is None else 2 * full):
        return [draped]
    full = full or FULL
    middle = draped.points[draped.triangles[:, 0], :2]
    low, high = middle.min(axis=0), middle.max(axis=0)
    side = min(math.ceil(math.sqrt(len(middle) / full)), MOST)
    cell = np.minimum((middle - low) / np.maximum(high - low, 1e-9) * side, side - 1)
    square = cell.astype(np.int64) @ (1, side)
    order = np.argsort(square, kind="stable")
    out = []
    number = np.full(len(draped.points), -1, dtype=np.int32)
    for at in np.split(order, np.flatnonzero(np.diff(square[order])) + 1):
        triangles = draped.triangles[at]
        used = np.unique(triangles)
        number[used] = np.arange(len(used), dtype=np.int32)
        out.append(Draped(draped.points[used], number[triangles], draped.owner[used]))
    return out

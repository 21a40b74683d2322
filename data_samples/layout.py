"""Places for the buildings of an institution, given in shares of its plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
import shapely.affinity
from shapely.geometry import Polygon

from data_samples.buildings import FRAME, Plot
from data_samples.shapes import put
from data_samples.siting import east_west


@dataclass(frozen=True, slots=True)
class Item:
    """A building of an institution.

    Attributes
    ----------
    shape : Polygon
        Footprint in its own metres.
    east, north : float
        Place of its middle as a share of the plot's width and depth, -0.5 to 0.5.
    use : str
        Key of `data_samples.buildings.USES`, or of a ground cover with `floors` 0.
    floors : int
        Storeys; 0 for ground covers.
    name_zh, name_en : str
        Added to the plot's name unless they start with ``=``.
    turn : float
        Further turn, degrees.
    height : float
        Metres; 0 means storeys x storey height.
    structure : str
        Load-bearing system.
    """

    shape: Polygon
    east: float
    north: float
    use: str
    floors: int
    name_zh: str = ""
    name_en: str = ""
    turn: float = 0.0
    height: float = 0.0
    structure: str = FRAME


@dataclass(frozen=True, slots=True)
class Sheet:
    """The plot's own axes: middle, turn, width and depth."""

    x: float
    y: float
    turn: float
    width: float
    depth: float

    def at(self, east: float, north: float) -> tuple[float, float]:
        """The plan point at shares of width and depth."""
        angle = np.radians(self.turn)
        u, v = east * self.width, north * self.depth
        return (float(self.x + u * np.cos(angle) - v * np.sin(angle)),
                float(self.y + u * np.sin(angle) + v * np.cos(angle)))  # fmt: skip


def sheet(plot: Plot, most: float = 45.0) -> Sheet:
    """The plot's own axes, turned at most `most` degrees from the compass."""
    turn = east_west(plot.area, most)
    flat = shapely.affinity.rotate(plot.area, -turn, origin=(0, 0))
    west, south, east, north = flat.bounds
    middle = shapely.affinity.rotate(
        shapely.Point((west + east) / 2, (south + north) / 2), turn, origin=(0, 0)
    )
    return Sheet(middle.x, middle.y, turn, east - west, north - south)


def _named(plot: Plot, item: Item) -> tuple[str, str]:
    if not item.name_zh:
        return "", ""
    if item.name_zh.startswith("="):
        return item.name_zh[1:], item.name_en
    return f"{plot.name_zh}{item.name_zh}", f"{plot.name_en} {item.name_en}"


def _steps_away() -> tuple[tuple[float, float], ...]:
    """Offsets on a grid of 4 m within 36 m, nearest first."""
    steps = np.arange(-36.0, 37.0, 4.0)
    grid = [(float(dx), float(dy)) for dx in steps for dy in steps if np.hypot(dx, dy) <= 36.0]
    return tuple(sorted(grid, key=lambda step: (np.hypot(*step), step)))


_AWAY: Final = _steps_away()


def _room(plot: Plot, item: Item, axes: Sheet, setback: float, gap: float) -> Polygon | None:
    """The nearest place to the wanted one that is free, the shape a little smaller if need be."""
    x, y = axes.at(item.east, item.north)
    for scale in (1.0, 0.88, 0.76):
        shape = shapely.affinity.scale(item.shape, scale, scale, origin=(0, 0))
        for dx, dy in _AWAY:
            area = put(shape, x + dx, y + dy, axes.turn + item.turn)
            if plot.free(area, setback, gap):
                return area
    return None


def lay(
    plot: Plot,
    items: Sequence[Item],
    *,
    years: tuple[int, int],
    setback: float = 6.0,
    gap: float = 6.0,
    most: float = 45.0,
) -> list[Item]:
    """Put up an institution; what finds no room where it is wanted is moved or made smaller.

    Returns
    -------
    list of Item
        Those that found no room at all.
    """  # fmt: skip
    axes = sheet(plot, most)
    missing = []
    for item in items:
        area = _room(plot, item, axes, setback if item.floors else 3.0, gap if item.floors else 2.0)
        if area is None:
            missing.append(item)
        elif item.floors:
            plot.add(area, item.use, item.floors, height=item.height, year=plot.year(*years),
                     structure=item.structure, name=_named(plot, item))  # fmt: skip
        else:
            plot.cover(area, item.use, keep=True)
    return missing

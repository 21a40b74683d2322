"""Contour lines of a terrain: as lines of a layer, and where their heights are written."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import contourpy
import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from layers.errors import CityError
from layers.ground_tint import height_range
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.kinds.terrain import Terrain
from layers.progress import Progress, Silent
from layers.shapes import Floats, Shapes
from layers.style import Style

HEAVY = 5  # every so many lines one is drawn heavier and bears its height
MOST_LEVELS = 2000
BLOCK = 1024  # cells along a side of a piece that is traced at once
BROWN = "#8a6a44"


@dataclass(frozen=True, slots=True, eq=False)
class Contours:
    """Lines of equal height.

    Attributes
    ----------
    level : (n,) float64
        Height of each line, metres above datum.
    lines : (n,) object
        Shapely lines in project coordinates, east and north; closed where a line closes.
    interval : float
        Metres from one height to the next.
    """

    level: Floats
    lines: NDArray[np.object_]
    interval: float

    def __len__(self) -> int:
        return len(self.level)

    @property
    def heavy(self) -> NDArray[np.bool_]:
        """Which lines are drawn heavier, every fifth height."""
        return np.asarray(np.rint(self.level / self.interval).astype(np.int64) % HEAVY == 0)


def contours(
    terrain: Terrain, interval: float, *, shortest: float = 0.0, progress: Progress | None = None
) -> Contours:
    """Trace lines of equal height over all of a terrain, at its full resolution.

    Between the heights of four cells a line runs straight (bilinear at the borders of a cell);
    unknown cells interrupt it. Large terrains are traced in pieces that are joined again.

    Parameters
    ----------
    terrain : Terrain
        The ground.
    interval : float
        Metres of height from line to line; they lie at whole multiples of it.
    shortest : float
        Metres; shorter lines are left out.
    progress : Progress or None
        Is told how far it is.

    Raises
    ------
    CityError
        ``contours.interval`` if it is not greater than zero or gives more than 2000 heights.
    Cancelled
        If the user stopped it.
    """
    progress = progress or Silent()
    low, high = height_range(terrain)
    checked_interval(interval, high - low)
    found: dict[int, list[Floats]] = {}
    pieces = list(_pieces(terrain))
    for number, (west, north, rows, columns) in enumerate(pieces):
        progress.step(number, len(pieces), "progress-contours")
        heights = _heights(terrain, rows, columns)
        if not np.isfinite(heights).any():
            continue
        east_step, north_step = terrain.grain
        x = west + east_step * np.arange(heights.shape[1])
        y = north - north_step * np.arange(heights.shape[0])
        tracer = contourpy.contour_generator(x, y, np.ma.masked_invalid(heights))
        first = math.ceil(float(np.nanmin(heights)) / interval)
        last = math.floor(float(np.nanmax(heights)) / interval)
        for step in range(first, last + 1):
            if lines := _lines(tracer, step * interval):
                found.setdefault(step, []).extend(lines)
    level: list[float] = []
    out: list[shapely.LineString] = []
    for step in sorted(found):
        parts = [shapely.LineString(line) for line in found[step]]
        if len(pieces) > 1:
            merged = shapely.line_merge(shapely.MultiLineString(parts))
            parts = list(shapely.get_parts(merged))
        parts = [part for part in parts if part.length > shortest]
        out += parts
        level += [step * interval] * len(parts)
    progress.step(len(pieces), len(pieces), "progress-contours")
    return Contours(np.array(level, dtype=np.float64), np.array(out, dtype=object), interval)


def checked_interval(interval: float, span: float) -> float:
    """Check the interval of contours over a span of heights, metres, and give it."""
    if not interval > 0 or not math.isfinite(interval) or span / interval > MOST_LEVELS:
        raise CityError(
            "contours.interval",
            f"Contours every {interval:g} m cannot be drawn over {span:.4g} m of height.",
            hint="choose an interval of metres such as 5",
            interval=f"{interval:g}", span=f"{span:.4g}",
        )  # fmt: skip
    return interval


def contour_layer(found: Contours, name: str) -> Layer:
    """Make a layer of contour lines with ``height_m`` and ``heavy``; labels bear the height."""
    columns = pa.table(
        {"height_m": np.round(found.level, 6), "heavy": found.heavy.astype(np.int64)}
    )
    n = len(found)
    data = Features(Shapes.from_shapely(found.lines), np.arange(1, n + 1), np.arange(n), columns)
    style = Style(colour=BROWN, line_width=1.0, label_field="height_m", label_rank="heavy")
    return Layer(kind_of("features").key, name, data, style=style)


def heights_written(terrain: Terrain, interval: float, cells: int = 400) -> tuple[Floats, Floats]:
    """Give where the heights of the heavy lines are written on a picture.

    Parameters
    ----------
    terrain : Terrain
        The ground; of large ones an overview is traced.
    interval : float
        Metres from line to line.
    cells : int
        Along the longer side of the overview.

    Returns
    -------
    points : (n, 3) float64
        Project coordinates.
    rank : (n,) float64
        Lengths of the lines they are on, metres.
    """
    stride = max(-(-max(terrain.heights.shape) // cells), 1)
    heights = terrain.heights[::stride, ::stride]
    if min(heights.shape) < 2 or not np.isfinite(heights).any():
        return np.empty((0, 3)), np.empty(0)
    x = terrain.west + terrain.step_east * stride * np.arange(heights.shape[1])
    y = terrain.north - terrain.step_north * stride * np.arange(heights.shape[0])
    tracer = contourpy.contour_generator(x, y, np.ma.masked_invalid(heights))
    heavy = interval * HEAVY
    low, high = float(np.nanmin(heights)), float(np.nanmax(heights))
    apart = 40.0 * stride * max(terrain.step_east, terrain.step_north)
    points: list[tuple[float, float, float]] = []
    rank: list[float] = []
    if (high - low) / heavy > MOST_LEVELS:
        return np.empty((0, 3)), np.empty(0)
    for step in range(math.ceil(low / heavy), math.floor(high / heavy) + 1):
        for line in _lines(tracer, step * heavy):
            along = np.append(0.0, np.cumsum(np.hypot(*np.diff(line, axis=0).T)))
            if along[-1] < apart / 4.0:
                continue
            count = max(int(along[-1] / apart), 1)
            at = (np.arange(count) + 0.5) * along[-1] / count
            places = zip(
                np.interp(at, along, line[:, 0]), np.interp(at, along, line[:, 1]), strict=True
            )
            points += [(float(east), float(north), step * heavy) for east, north in places]
            rank += [float(along[-1])] * count
    return np.array(points).reshape(-1, 3), np.array(rank)


def _lines(tracer: Any, height: float) -> list[Floats]:
    """Give the lines of a height, each (k, 2)."""
    return [line for line in tracer.lines(height) if len(line) > 1]


Span = tuple[int, int]


def _pieces(terrain: Terrain) -> Iterator[tuple[float, float, Span, Span]]:
    """Give west and north of pieces and their rows and columns; neighbours share a line."""
    grid = terrain.fine
    rows, columns = terrain.heights.shape if grid is None else (grid.rows, grid.columns)
    west, north = (terrain.west, terrain.north) if grid is None else (grid.west, grid.north)
    block = BLOCK if grid is None else grid.block
    step_east, step_north = terrain.grain
    for top, left in itertools.product(range(0, rows - 1, block), range(0, columns - 1, block)):
        down = top, min(top + block + 1, rows)
        across = left, min(left + block + 1, columns)
        yield west + left * step_east, north - top * step_north, down, across


def _heights(terrain: Terrain, rows: Span, columns: Span) -> NDArray[np.float64]:
    if (fine := terrain.fine) is not None:
        block = fine.heights_of(rows[0] // fine.block, columns[0] // fine.block)
        return np.asarray(block[: rows[1] - rows[0], : columns[1] - columns[0]], dtype=np.float64)
    return np.asarray(terrain.heights[slice(*rows), slice(*columns)], dtype=np.float64)

"""Sun on facades and on the ground: panels along walls, and lines of equal hours."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import contourpy
import numpy as np
import pyarrow as pa
import shapely

from layers.errors import CityError
from layers.kinds.base import Extent, Layer
from layers.kinds.buildings import Buildings
from layers.planning.obstacles import Body
from layers.planning.windows import chosen_rows, inside, walls_of
from layers.project import Project
from layers.shapes import Bools, Floats, Ints, Shapes, runs, starts_of

THICK = 0.5  # metres that panels stand out of the wall
EYE = 0.05  # metres above the ground at which sun on the ground is looked at
MOST = 4_000_000  # places at once
LEAST_AREA = 0.5  # m2 below which a piece of a band is not worth an area


@dataclass(frozen=True, slots=True, eq=False)
class FacadeCells:
    """Pieces of walls.

    Attributes
    ----------
    layer : (n,) object
        Id of the layer of the building.
    building : (n,) int64
        Its number (the whole, not the part).
    ends : (n, 2, 3) float64
        Ends of the middle line of each piece at the wall, metres.
    tall : (n,) float64
        Height of each piece, metres.
    normal : (n, 2) float64
        Which way the wall looks.
    at : (n, 3) int64
        Number of the wall, and row and column of each piece in it.
    """

    layer: list[str]
    building: Ints
    ends: Floats
    tall: Floats
    normal: Floats
    at: Ints

    @property
    def places(self) -> Floats:
        """Middle of each piece, (n, 3)."""
        return np.asarray(self.ends.mean(axis=1))

    def only(self, rows: Ints) -> FacadeCells:
        """Give some of the pieces."""
        return FacadeCells(
            [self.layer[i] for i in rows], self.building[rows], self.ends[rows], self.tall[rows],
            self.normal[rows], self.at[rows],
        )  # fmt: skip


def facade_cells(
    project: Project,
    layers: Sequence[Layer],
    spacing: float,
    *,
    bodies: Collection[Body] | None = None,
) -> FacadeCells:
    """Divide the walls of buildings into pieces about `spacing` metres wide and high.

    Raises
    ------
    CityError
        ``sunlight.spacing``, ``sunlight.no_walls``, ``sunlight.many``.
    """
    if not spacing > 0.0:
        raise _spacing(spacing)
    names: list[str] = []
    building: list[Ints] = []
    ends: list[Floats] = []
    tall: list[Floats] = []
    normal: list[Floats] = []
    places: list[Ints] = []
    before = 0
    for layer in layers:
        rows = chosen_rows(layer, bodies)
        if not len(rows):
            continue
        data = layer.data
        assert isinstance(data, Buildings)
        walls = walls_of(data, rows)
        height = (data.height - data.min_height)[walls.row]
        across = np.maximum(np.round(walls.length / spacing), 1).astype(np.int64)
        up = np.maximum(np.round(height / spacing), 1).astype(np.int64)
        total = across * up
        if int(total.sum()) > MOST:
            raise _many(int(total.sum()))
        of = np.repeat(np.arange(len(total)), total)
        number = runs(starts_of(total), np.arange(len(total))) - np.repeat(
            starts_of(total)[:-1], total
        )
        column, row = number % across[of], number // across[of]
        way = (walls.end - walls.begin)[of]
        piece = np.empty((len(of), 2, 3))
        for side in (0, 1):
            share = (column + side) / across[of]
            piece[:, side, :2] = walls.begin[of] + way * share[:, None]
        high = (height / up)[of]
        foot = (project.base_of(data) + data.min_height)[walls.row][of]
        piece[:, :, 2] = (foot + (row + 0.5) * high)[:, None]
        names += [layer.id] * len(of)
        building.append(np.where(data.part_of > 0, data.part_of, data.ids)[walls.row][of])
        ends.append(piece)
        tall.append(high)
        normal.append(walls.normal[of])
        places.append(np.column_stack([of + before, row, column]))
        before += len(total)
    if not names:
        raise CityError(
            "sunlight.no_walls",
            "There are no buildings whose walls could be looked at.",
            hint="choose buildings, or a layer of buildings",
        )
    cells = FacadeCells(
        names, np.concatenate(building), np.concatenate(ends), np.concatenate(tall),
        np.concatenate(normal), np.concatenate(places),
    )  # fmt: skip
    return _open_cells(project, layers, cells)


def _open_cells(project: Project, layers: Sequence[Layer], cells: FacadeCells) -> FacadeCells:
    """Leave out pieces that another building stands against, or that lie under the ground."""
    before = cells.places.copy()
    before[:, :2] += 0.2 * cells.normal
    open_ = ~inside(project, layers, before)
    if project.terrain() is not None:
        open_ &= ~(project.ground_at(before[:, :2]) > before[:, 2])
    return cells.only(np.flatnonzero(open_))


def joined(cells: FacadeCells, classes: Ints) -> tuple[FacadeCells, Ints]:
    """Join neighbours of one class in a wall to larger pieces.

    Parameters
    ----------
    cells : FacadeCells
        n pieces.
    classes : (n,) int64
        Class of each.

    Returns
    -------
    FacadeCells, (n,) int64
        The larger pieces, and which of them each piece is in.
    """
    wall, row, column = cells.at.T
    order = np.lexsort((column, row, wall))
    new = _breaks((wall, row, classes), column, order)
    run = np.empty(len(order), dtype=np.int64)
    run[order] = np.cumsum(new) - 1
    first = order[new]
    last = order[np.append(np.flatnonzero(new)[1:], len(order)) - 1]
    key = (wall[first], classes[first], column[first], column[last])
    stacked = np.lexsort((row[first], *key[::-1]))
    new = _breaks(key, row[first], stacked)
    block = np.empty(len(stacked), dtype=np.int64)
    block[stacked] = np.cumsum(new) - 1
    low = stacked[new]
    high = stacked[np.append(np.flatnonzero(new)[1:], len(stacked)) - 1]
    tall = cells.tall[first[low]] * (row[first[high]] - row[first[low]] + 1)
    out = cells.only(first[low])
    ends = out.ends.copy()
    ends[:, 1, :2] = cells.ends[last[low], 1, :2]
    middle = (cells.ends[first[low], 0, 2] + cells.ends[first[high], 0, 2]) / 2.0
    ends[:, :, 2] = middle[:, None]
    return FacadeCells(out.layer, out.building, ends, tall, out.normal, out.at), block[run]


def _breaks(same: Sequence[Ints], count: Ints, order: Ints) -> Bools:
    """Say where, in an order, something else begins, or the count does not go on by one."""
    new = np.ones(len(order), dtype=bool)
    new[1:] = np.diff(count[order]) != 1
    for one in same:
        new[1:] |= np.diff(one[order]) != 0
    return new


def panels(
    ends: Floats, tall: Floats, normal: Floats, columns: dict[str, object], *, below: float = 0.5
) -> Buildings:
    """Make thin upright plates that bear values, to be drawn like buildings.

    Parameters
    ----------
    ends : (n, 2, 3) float64
        Two points of each plate at the same height, metres.
    tall : (n,) float64
        Metres.
    normal : (n, 2) float64
        Which way they look; plates without one stand as they are.
    columns : dict
        Attributes, (n,) each.
    below : float
        Which share of the height lies below the points.
    """
    out = np.where(normal.any(axis=1, keepdims=True), normal, [[0.0, 0.0]])
    way = ends[:, 1, :2] - ends[:, 0, :2]
    length = np.hypot(way[:, 0], way[:, 1])
    short = length < 0.05  # a point: half a metre to each side
    along = np.where(short[:, None], np.column_stack([-out[:, 1], out[:, 0]]), 0.0)
    along[short & ~normal.any(axis=1)] = (1.0, 0.0)
    a = ends[:, 0, :2] - 0.5 * along
    b = ends[:, 1, :2] + 0.5 * along
    side = b - a
    side /= np.maximum(np.hypot(side[:, 0], side[:, 1]), 1e-9)[:, None]
    outward = np.column_stack([side[:, 1], -side[:, 0]]) * THICK
    ring = np.stack([a, a + outward, b + outward, b], axis=1)
    count = len(ends)
    shapes = Shapes(
        np.full(count, 3, dtype=np.uint8), np.ascontiguousarray(ring.reshape(-1, 2)),
        starts_of(np.full(count, 4)), np.arange(count + 1, dtype=np.int64),
    )  # fmt: skip
    plates = Buildings.blocks(shapes, tall, pa.table(columns))
    foot = ends[:, 0, 2] - below * tall
    return Buildings(
        plates.shapes, plates.ids, plates.feature, plates.attributes, plates.height,
        plates.min_height, foot, plates.height_rule, plates.part_of, plates.drawn,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class GroundGrid:
    """Places on the ground in rows from the south.

    Attributes
    ----------
    east : (c,) float64
        Metres.
    north : (r,) float64
        Metres.
    level : (r, c) float64
        Height of the ground, metres above datum.
    open : (r, c) bool
        Where no building stands.
    """

    east: Floats
    north: Floats
    level: Floats
    open: Bools

    @property
    def places(self) -> Floats:
        """The open places, (n, 3), a little above the ground."""
        e, n = np.meshgrid(self.east, self.north)
        xyz = np.stack([e, n, self.level + EYE], axis=-1)
        return np.asarray(xyz[self.open])

    def filled(self, values: Floats) -> Floats:
        """Put values of the open places back into the grid, (r, c), NaN elsewhere."""
        out = np.full(self.open.shape, np.nan)
        out[self.open] = values
        return out


def ground_grid(
    project: Project, layers: Sequence[Layer], box: Extent, spacing: float,
    area: shapely.Geometry | None = None, *, ground: Callable[[Floats], Floats] | None = None,
) -> GroundGrid:  # fmt: skip
    """Lay a grid of places on the ground.

    Parameters
    ----------
    project : Project
        Gives the ground.
    layers : sequence of Layer
        Buildings, whose ground plan is left out.
    box : (west, south, east, north)
        Metres.
    spacing : float
        Metres from place to place.
    area : shapely geometry or None
        Only places in it count.
    ground : callable or None
        Height of the ground at (n, 2) places, metres above datum; None takes that of the project.

    Raises
    ------
    CityError
        ``sunlight.spacing``, ``sunlight.many``.
    """
    if not spacing > 0.0:
        raise _spacing(spacing)
    columns = max(math.ceil((box[2] - box[0]) / spacing), 1)
    rows = max(math.ceil((box[3] - box[1]) / spacing), 1)
    if columns * rows > MOST:
        raise _many(columns * rows)
    east = box[0] + (np.arange(columns) + 0.5) * (box[2] - box[0]) / columns
    north = box[1] + (np.arange(rows) + 0.5) * (box[3] - box[1]) / rows
    e, n = np.meshgrid(east, north)
    xy = np.column_stack([e.ravel(), n.ravel()])
    level = (ground or project.ground_at)(xy)
    covered = inside(project, layers, np.column_stack([xy, level + EYE]))
    if area is not None:
        shapely.prepare(area)
        covered |= ~shapely.contains_xy(area, xy[:, 0], xy[:, 1])
    return GroundGrid(east, north, level.reshape(e.shape), ~covered.reshape(e.shape))


def iso_lines(
    grid: GroundGrid, values: Floats, levels: Sequence[float]
) -> list[tuple[float, Floats]]:
    """Trace lines of equal values over the open ground: (level, (k, 2) metres) each."""
    if min(grid.open.shape) < 2:
        return []
    masked = np.ma.masked_invalid(grid.filled(values))
    tracer = contourpy.contour_generator(grid.east, grid.north, masked)
    out: list[tuple[float, Floats]] = []
    for level in levels:
        for line in tracer.lines(level):
            points = np.asarray(line, dtype=np.float64)
            if len(points) > 1:
                out.append((level, points))
    return out


def iso_bands(
    grid: GroundGrid, values: Floats, levels: Sequence[float]
) -> list[tuple[float, float, shapely.Polygon]]:
    """Trace the areas between neighbouring levels: (from, to, area) each."""
    if min(grid.open.shape) < 2:
        return []
    masked = np.ma.masked_invalid(grid.filled(values))
    tracer: Any = contourpy.contour_generator(
        grid.east, grid.north, masked, fill_type=contourpy.FillType.OuterOffset
    )
    out: list[tuple[float, float, shapely.Polygon]] = []
    for low, high in itertools.pairwise(levels):
        points, offsets = tracer.filled(low, high)
        for ring, starts in zip(points, offsets, strict=True):
            parts = [ring[a:b] for a, b in itertools.pairwise(starts)]
            area = shapely.make_valid(shapely.Polygon(parts[0], parts[1:]))
            out += [
                (low, high, piece)
                for piece in shapely.get_parts(area)
                if isinstance(piece, shapely.Polygon) and piece.area >= LEAST_AREA
            ]
    return out


def _spacing(spacing: float) -> CityError:
    return CityError(
        "sunlight.spacing",
        f"{spacing:g} m is no distance between places.",
        hint="write 1 for facades, 1 to 5 for the ground",
        spacing=spacing,
    )


def _many(count: int) -> CityError:
    return CityError(
        "sunlight.many",
        f"That would be {count} places; {MOST} are the most at once.",
        hint="choose a smaller area or a wider spacing",
        count=count,
        most=MOST,
    )

"""What stands in the way of light and of sight: buildings with their roofs, and the terrain."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from layers.kinds.base import Extent, Layer
from layers.kinds.buildings import Buildings, Surfaces
from layers.kinds.terrain import Terrain
from layers.project import Project
from layers.roof_shapes import roofed
from layers.shapes import Bools, Floats, Ints, Shapes, runs, starts_of
from layers.triangles import triangulate, triangulate_faces

Int32s = NDArray[np.int32]
#: A building: id of its layer and its own number.
Body = tuple[str, int]

MOST_CELLS = 1_500_000  # cells of a terrain that become triangles; beyond it every second counts
BLOCK = 16  # cells along a side of a block of terrain
GROUND = -1  # owner of the terrain's triangles
NO_IDS: Ints = np.empty(0, dtype=np.int64)
SUNK = 30.0  # metres that walls reach below their foot on terrain, so that no light creeps under


@dataclass(frozen=True, slots=True, eq=False)
class GroundBlocks:
    """Square blocks of the terrain, to tell quickly where it cannot be in the way.

    Attributes
    ----------
    boxes : (b, 4) float64
        West, south, east, north, metres.
    high : (b,) float64
        Highest corner, metres above datum.
    slope : (b,) float64
        Greatest slope (rise over run) in a block and the eight around it.
    size : float
        Shorter side of a block, metres.
    """

    boxes: Floats
    high: Floats
    slope: Floats
    size: float


@dataclass(frozen=True, slots=True, eq=False)
class Obstacles:
    """Triangles that light and sight do not pass.

    Attributes
    ----------
    points : (p, 3) float64
        East, north, height above datum, metres.
    triangles : (t, 3) int32
        Corners; those of buildings are counter-clockwise seen from outside.
    owner : (t,) int32
        Row of the building each belongs to, ``GROUND`` for the terrain.
    layers : tuple of str
        Ids of the layers the buildings come from.
    layer : (n,) int32
        Position in `layers` of each building.
    building : (n,) int64
        Its number in its layer; parts are named by themselves.
    whole : (n,) int64
        The number of the building it is a part of, else its own.
    boxes : (n, 4) float64
        West, south, east, north, metres.
    low, high : (n,) float64
        Underside and top, metres above datum.
    solid : (n,) bool
        Whether it is full from the underside to the roof wherever one looks: an upright block, or
        one with a roof by its attributes. Bodies with faces of their own may have openings.
    ground : GroundBlocks or None
        The terrain in blocks; None where there is none.
    """

    points: Floats
    triangles: Int32s
    owner: Int32s
    layers: tuple[str, ...]
    layer: Int32s
    building: Ints
    whole: Ints
    boxes: Floats
    low: Floats
    high: Floats
    solid: Bools
    ground: GroundBlocks | None = None

    def __len__(self) -> int:
        return len(self.building)

    def only(self, keep: NDArray[np.bool_]) -> Obstacles:
        """Give some of the buildings, (n,) bool, and the terrain."""
        number = np.cumsum(keep) - 1
        held = self.owner == GROUND
        mine = ~held
        held[mine] = keep[self.owner[mine]]
        owner = self.owner[held].copy()
        mine = owner != GROUND
        owner[mine] = number[owner[mine]]
        return replace(
            self, triangles=self.triangles[held], owner=owner, layer=self.layer[keep],
            building=self.building[keep], whole=self.whole[keep], boxes=self.boxes[keep],
            low=self.low[keep], high=self.high[keep], solid=self.solid[keep],
        )  # fmt: skip

    def body(self, row: int) -> Body:
        """Say which building a row is; a part gives its whole."""
        return self.layers[self.layer[row]], int(self.whole[row])


def obstacles(
    project: Project,
    layers: Sequence[Layer] | None = None,
    *,
    near: Extent | None = None,
    lowest: float = -np.inf,
    slope: float = 0.0,
    without: Collection[Body] = (),
    terrain: bool = True,
) -> Obstacles:
    """Gather what stands in the way.

    Parameters
    ----------
    project : Project
        Gives the ground.
    layers : sequence of Layer or None
        Layers of buildings; None takes all that are visible.
    near : (west, south, east, north) or None
        Where the eyes or windows are; None keeps everything.
    lowest : float
        Height of the lowest of them, metres above datum.
    slope : float
        Least rise over run of the rays; buildings too low and too far for them are left out.
    without : collection of (layer id, number)
        Buildings that shall not count, with their parts.
    terrain : bool
        Whether the terrain counts.
    """
    if layers is None:
        layers = [one for one in project.layers if one.visible and isinstance(one.data, Buildings)]
    points: list[Floats] = [np.empty((0, 3))]
    triangles: list[Int32s] = [np.empty((0, 3), dtype=np.int32)]
    owner: list[Int32s] = [np.empty(0, dtype=np.int32)]
    columns: list[tuple[Ints, Ints, Floats, Floats, Floats, Bools]] = []
    place: list[Int32s] = [np.empty(0, dtype=np.int32)]
    count = corners = 0
    ground = project.terrain() if terrain else None
    for number, layer in enumerate(layers):
        data = layer.data
        if not isinstance(data, Buildings) or not len(data):
            continue
        dropped = [building for name, building in without if name == layer.id]
        rows = _wanted(project, data, dropped, near, lowest, slope)
        if not len(rows):
            continue
        sunk = SUNK if ground is not None else 0.0
        part = _Part(project, data, rows, sunk)
        points.append(part.points)
        triangles.append(part.triangles + np.int32(corners))
        owner.append(part.owner + np.int32(count))
        columns.append((part.ids, part.whole, part.boxes, part.low, part.high, part.solid))
        place.append(np.full(len(rows), number, dtype=np.int32))
        corners += len(part.points)
        count += len(rows)
    blocks: GroundBlocks | None = None
    if ground is not None:
        xyz, faces, blocks = ground_triangles(ground, near, lowest, slope)
        points.append(xyz)
        triangles.append(faces + np.int32(corners))
        owner.append(np.full(len(faces), GROUND, dtype=np.int32))
    return Obstacles(
        np.concatenate(points), np.concatenate(triangles), np.concatenate(owner),
        tuple(layer.id for layer in layers), np.concatenate(place),
        np.concatenate([NO_IDS, *(c[0] for c in columns)]),
        np.concatenate([NO_IDS, *(c[1] for c in columns)]),
        np.concatenate([np.empty((0, 4)), *(c[2] for c in columns)]),
        np.concatenate([np.empty(0), *(c[3] for c in columns)]),
        np.concatenate([np.empty(0), *(c[4] for c in columns)]),
        np.concatenate([np.empty(0, dtype=bool), *(c[5] for c in columns)]),
        blocks,
    )  # fmt: skip


def _wanted(
    project: Project, data: Buildings, dropped: list[int], near: Extent | None, lowest: float,
    slope: float,
) -> Ints:  # fmt: skip
    """Choose the buildings of a layer that rays can meet."""
    keep = data.drawn.copy()
    if dropped:
        gone = np.array(dropped, dtype=np.int64)
        keep &= ~np.isin(data.ids, gone) & ~np.isin(data.part_of, gone)
    if near is not None:
        boxes = data.shapes.bounds()
        gap_east = np.maximum(np.maximum(near[0] - boxes[:, 2], boxes[:, 0] - near[2]), 0.0)
        gap_north = np.maximum(np.maximum(near[1] - boxes[:, 3], boxes[:, 1] - near[3]), 0.0)
        rows = np.flatnonzero(keep)
        top = project.base_of(data, rows) + data.height[rows]
        if data.surfaces is not None and len(data.surfaces.owner):
            top = np.maximum(top, np.nan_to_num(_surface_tops(data)[rows], nan=-np.inf))
        gap = np.hypot(gap_east, gap_north)[rows]
        keep[rows] &= (top > lowest) & ((top - lowest) >= gap * slope)
    return np.flatnonzero(keep)


def _surface_tops(data: Buildings) -> Floats:
    """Give the highest corner of each building's surfaces, NaN without any."""
    surfaces = data.surfaces
    assert surfaces is not None
    first = surfaces.ring_start[surfaces.face_start]
    out = np.full(len(data), -np.inf)
    filled = np.flatnonzero(np.diff(first) > 0)
    tops = np.maximum.reduceat(surfaces.coords[:, 2], first[:-1][filled])
    np.maximum.at(out, data.index_of(surfaces.owner[filled]), tops)
    return np.where(np.isfinite(out), out, np.nan)


class _Part:
    """The triangles of some buildings of one layer; rows are counted from 0."""

    def __init__(self, project: Project, data: Buildings, rows: Ints, sunk: float) -> None:
        base = project.base_of(data, rows)
        chosen = _taken(data, rows)
        shaped = roofed(chosen, base)
        self.ids, part_of = chosen.ids, chosen.part_of
        self.whole = np.where(part_of > 0, part_of, self.ids)
        self.boxes = chosen.shapes.bounds()
        self.low, self.high = base + chosen.min_height, base + chosen.height
        self.solid = np.ones(len(rows), dtype=bool)
        if chosen.surfaces is not None:
            self.solid = ~np.isin(chosen.ids, chosen.surfaces.owner)
        detailed = np.zeros(len(rows), dtype=bool)
        xyz, faces, owner = np.empty((0, 3)), np.empty((0, 3), np.int32), np.empty(0, np.int32)
        if shaped.surfaces is not None and len(shaped.surfaces.owner):
            cut = triangulate_faces(shaped.surfaces)
            row = chosen.index_of(shaped.surfaces.owner)[cut.face]
            detailed[row] = True
            xyz, faces = shaped.surfaces.coords.copy(), cut.corners.astype(np.int32)
            owner = row.astype(np.int32)
            self._sink(xyz, shaped.surfaces, chosen, sunk)
            used = xyz[cut.corners]
            np.maximum.at(self.high, row, used[:, :, 2].max(axis=1))
            np.minimum.at(self.low, row, used[:, :, 2].min(axis=1))
            for side, way in ((0, np.minimum), (1, np.minimum), (2, np.maximum), (3, np.maximum)):
                edge = used[:, :, side % 2]
                way.at(self.boxes[:, side], row, edge.min(1) if side < 2 else edge.max(1))
            self.low[self.solid] = (base + chosen.min_height)[self.solid]
        plain = np.flatnonzero(~detailed)
        floats = chosen.min_height[plain] > 0.0
        low = np.where(floats, self.low[plain], self.low[plain] - sunk)
        block = block_triangles(chosen.shapes.take(plain), low, self.high[plain], floats)
        self.points = np.concatenate([block[0], xyz])
        self.triangles = np.concatenate([block[1], faces + np.int32(len(block[0]))])
        self.owner = np.concatenate([plain[block[2]].astype(np.int32), owner])

    def _sink(self, xyz: Floats, surfaces: Surfaces, chosen: Buildings, sunk: float) -> None:
        """Let the walls under roofs by attributes reach below their foot, as those of blocks."""
        corners = np.diff(surfaces.ring_start[surfaces.face_start])
        row = np.repeat(chosen.index_of(surfaces.owner), corners)
        at_foot = self.solid[row] & (chosen.min_height[row] <= 0.0)
        at_foot &= xyz[:, 2] <= self.low[row] + 1e-6
        xyz[at_foot, 2] -= sunk


def _taken(data: Buildings, rows: Ints) -> Buildings:
    """Give some of the buildings, with their surfaces."""
    surfaces = data.surfaces
    if surfaces is not None:
        faces = np.flatnonzero(np.isin(surfaces.owner, data.ids[rows]))
        rings = runs(surfaces.face_start, faces)
        surfaces = Surfaces(
            surfaces.coords[runs(surfaces.ring_start, rings)],
            starts_of(np.diff(surfaces.ring_start)[rings]),
            starts_of(np.diff(surfaces.face_start)[faces]),
            surfaces.owner[faces],
            surfaces.meaning[faces],
        )
    return Buildings(
        data.shapes.take(rows), data.ids[rows], np.arange(len(rows)),
        data.attributes.take(data.feature[rows]), data.height[rows], data.min_height[rows],
        data.base[rows], data.height_rule[rows], data.part_of[rows], data.drawn[rows], surfaces,
    )  # fmt: skip


def block_triangles(
    shapes: Shapes, low: Floats, high: Floats, closed_below: NDArray[np.bool_]
) -> tuple[Floats, Int32s, Ints]:
    """Make the triangles of upright blocks: walls, tops, and undersides where asked for.

    Returns
    -------
    (p, 3) float64, (t, 3) int32, (t,) int64
        Points, corners, and the position of the block each triangle belongs to.
    """
    m = len(shapes.coords)
    of = np.repeat(np.arange(len(shapes)), np.diff(shapes.first_coord))
    after = np.arange(1, m + 1)
    after[shapes.ring_start[1:] - 1] = shapes.ring_start[:-1]
    here = np.arange(m)
    walls = np.stack(
        [np.column_stack([here, after, after + m]), np.column_stack([here, after + m, here + m])], 1
    ).reshape(-1, 3)
    cut = triangulate(shapes)
    used = runs(cut.start, np.arange(len(cut.count)))
    row = np.repeat(np.arange(len(cut.count)), np.diff(cut.start))
    kept = (used - cut.start[row]) < cut.count[row]
    row, caps = row[kept], cut.corners[used[kept]].astype(np.int64)
    caps = caps + shapes.first_coord[:-1][row][:, None]
    under = closed_below[row]
    points = np.concatenate(
        [np.column_stack([shapes.coords, low[of]]), np.column_stack([shapes.coords, high[of]])]
    )
    triangles = np.concatenate([walls, caps + m, caps[under][:, ::-1]]).astype(np.int32)
    return points, triangles, np.concatenate([np.repeat(of, 2), row, row[under]])


def ground_triangles(
    terrain: Terrain, near: Extent | None, lowest: float, slope: float
) -> tuple[Floats, Int32s, GroundBlocks | None]:
    """Make triangles of the terrain that rays can meet, and its blocks.

    Very large terrains are taken from every second, third ... height.
    """
    heights = terrain.heights
    step_east, step_north = terrain.step_east, terrain.step_north
    rows, columns = heights.shape
    first_row, last_row, first_column, last_column = 0, rows, 0, columns
    if near is not None and slope > 0.0:
        top = float(np.nanmax(heights)) if np.isfinite(heights).any() else lowest
        floor = lowest if np.isfinite(lowest) else float(np.nanmin(heights))
        reach = max(top - floor, 0.0) / slope
        first_column = int(max((near[0] - reach - terrain.west) // step_east - 1, 0))
        last_column = int(min((near[2] + reach - terrain.west) // step_east + 3, columns))
        first_row = int(max((terrain.north - near[3] - reach) // step_north - 1, 0))
        last_row = int(min((terrain.north - near[1] + reach) // step_north + 3, rows))
    if last_row - first_row < 2 or last_column - first_column < 2:
        return np.empty((0, 3)), np.empty((0, 3), dtype=np.int32), None
    cells = (last_row - first_row) * (last_column - first_column)
    stride = max(int(np.ceil(np.sqrt(cells / MOST_CELLS))), 1)
    at_row = np.arange(first_row, last_row, stride)
    at_column = np.arange(first_column, last_column, stride)
    z = heights[np.ix_(at_row, at_column)].astype(np.float64)
    east: Floats = np.asarray(terrain.west + at_column * step_east, dtype=np.float64)
    north: Floats = np.asarray(terrain.north - at_row * step_north, dtype=np.float64)
    xyz = np.stack([*np.meshgrid(east, north), z], axis=-1).reshape(-1, 3)
    number = np.arange(len(xyz)).reshape(z.shape)
    a, b = number[:-1, :-1].ravel(), number[:-1, 1:].ravel()
    c, d = number[1:, :-1].ravel(), number[1:, 1:].ravel()
    faces = np.concatenate([np.column_stack([a, c, b]), np.column_stack([b, c, d])])
    known = np.isfinite(xyz[:, 2])
    faces = faces[known[faces].all(axis=1)].astype(np.int32)
    blocks = _blocks(z, east, north) if len(faces) else None
    return np.where(known[:, None], xyz, 0.0), faces, blocks


def _blocks(z: Floats, east: Floats, north: Floats) -> GroundBlocks:
    """Divide a grid of heights into blocks of ``BLOCK`` cells."""
    across = np.nan_to_num(np.abs(np.diff(z, axis=1))) / (east[1] - east[0])
    along = np.nan_to_num(np.abs(np.diff(z, axis=0))) / (north[0] - north[1])
    slope = np.hypot(np.maximum(across[:-1], across[1:]), np.maximum(along[:, :-1], along[:, 1:]))
    highest = np.nan_to_num(z, nan=-np.inf)
    cells = np.maximum.reduce(
        [highest[:-1, :-1], highest[1:, :-1], highest[:-1, 1:], highest[1:, 1:]]
    )
    rows, columns = np.arange(0, len(slope), BLOCK), np.arange(0, slope.shape[1], BLOCK)

    def most(values: Floats) -> Floats:
        by_row = np.maximum.reduceat(values, rows, axis=0)
        return np.asarray(np.maximum.reduceat(by_row, columns, axis=1))

    around = ndimage.maximum_filter(most(slope), size=3, mode="nearest")
    west, top = np.meshgrid(east[columns], north[rows])
    right = east[np.minimum(columns + BLOCK, len(east) - 1)]
    low = north[np.minimum(rows + BLOCK, len(north) - 1)]
    right, low = np.meshgrid(right, low)
    boxes = np.stack([west, low, right, top], axis=-1).reshape(-1, 4)
    size = BLOCK * float(min(east[1] - east[0], north[0] - north[1]))
    high, steep = most(cells).ravel(), around.ravel()
    kept = np.isfinite(high)
    return GroundBlocks(boxes[kept], high[kept], steep[kept], size)

"""Windows: made by storey and bay along the walls of buildings, or taken from points."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from layers.errors import CityError
from layers.files.heights import find_fields
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.planning.obstacles import Body
from layers.project import Project
from layers.shapes import LINE, POINT, POLYGON, Bools, Floats, Ints, runs

STOREY = 3.0  # metres, where nothing says how many storeys there are
HEAD = 1.2  # metres that must be left between sill and roof
BEFORE = 0.3  # metres before a wall at which another building makes it a party wall
ABOUT = 0.01  # of a unit vector, so that east and west walls belong to the sunny side
SNAP = 1.0  # metres from a wall within which a point counts as a window in it
MOST = 2_000_000  # windows at once


@dataclass(frozen=True, slots=True)
class WindowRule:
    """How windows are laid out on walls.

    Attributes
    ----------
    storey : float
        Height of a storey, metres, where a field does not give their number.
    sill : float
        Height of the sill above the floor, metres.
    bay : float
        Width of a bay, metres; each has one window in its middle.
    width : float
        Width of a window, metres.
    facing : float
        Degrees that the wall may look away from the equator: 180 takes all walls.
    storeys : int
        Only so many from the ground up; 0 takes all.
    """

    storey: float = STOREY
    sill: float = 0.9
    bay: float = 3.6
    width: float = 1.8
    facing: float = 90.0
    storeys: int = 0

    def __post_init__(self) -> None:
        good = (
            self.storey >= 1.8 and self.sill >= 0.0 and self.bay >= 0.5
            and 0.1 <= self.width <= self.bay and 0.0 < self.facing <= 180.0 and self.storeys >= 0
        )  # fmt: skip
        if not good:
            raise CityError(
                "windows.rule",
                f"Windows {self.width:g} m wide in bays of {self.bay:g} m and storeys of "
                f"{self.storey:g} m cannot be laid out.",
                hint="a window is not wider than its bay, a storey not lower than 1.8 m",
                width=self.width,
                bay=self.bay,
                storey=self.storey,
            )


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Windows, each by the two ends of its sill at the outer face of the wall.

    Attributes
    ----------
    names : tuple of str
        What each is called: ``21/3F-05`` is the fifth on the third storey of building 21.
    layers : tuple of str
        Id of the layer of its building, "" without one.
    building : (n,) int64
        Number of the building (the whole, not the part), 0 without one.
    storey : (n,) int64
        1 is the ground floor; 0 where that is not known.
    ends : (n, 2, 3) float64
        East, north, height above datum of the ends of the sill, metres.
    normal : (n, 2) float64
        Which way it looks, unit vector in plan; zeros for a place open to all sides.
    party : int
        Windows left out because the next building stands before them.
    """

    names: tuple[str, ...]
    layers: tuple[str, ...]
    building: Ints
    storey: Ints
    ends: Floats
    normal: Floats
    party: int = 0

    def __len__(self) -> int:
        return len(self.names)

    @property
    def middle(self) -> Floats:
        """Middle of each sill, (n, 3) metres."""
        return np.asarray(self.ends.mean(axis=1))

    @property
    def azimuth(self) -> Floats:
        """Which way each looks, (n,) degrees clockwise from grid north; NaN for all ways."""
        way = np.degrees(np.arctan2(self.normal[:, 0], self.normal[:, 1])) % 360.0
        return np.where(self.normal.any(axis=1), way, np.nan)

    @classmethod
    def joined(cls, parts: Sequence[Windows]) -> Windows:
        """Put several sets behind each other."""
        if not parts:
            none = np.empty(0, dtype=np.int64)
            return cls((), (), none, none, np.empty((0, 2, 3)), np.empty((0, 2)))
        return cls(
            tuple(name for part in parts for name in part.names),
            tuple(name for part in parts for name in part.layers),
            np.concatenate([part.building for part in parts]),
            np.concatenate([part.storey for part in parts]),
            np.concatenate([part.ends for part in parts]),
            np.concatenate([part.normal for part in parts]),
            sum(part.party for part in parts),
        )

    def only(self, keep: Bools) -> Windows:
        """Give some of them."""
        rows = np.flatnonzero(keep)
        return replace(
            self,
            names=tuple(self.names[i] for i in rows),
            layers=tuple(self.layers[i] for i in rows),
            building=self.building[rows],
            storey=self.storey[rows],
            ends=self.ends[rows],
            normal=self.normal[rows],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Walls:
    """The straight walls of some buildings.

    Attributes
    ----------
    row : (k,) int64
        Position of the building in its layer.
    begin, end : (k, 2) float64
        Seen from outside from right to left, metres.
    normal : (k, 2) float64
        Outward, of length 1.
    """

    row: Ints
    begin: Floats
    end: Floats
    normal: Floats

    @property
    def length(self) -> Floats:
        """Metres, (k,)."""
        return np.asarray(np.hypot(*(self.end - self.begin).T))


def walls_of(data: Buildings, rows: Ints) -> Walls:
    """Give the walls of some buildings."""
    shapes = data.shapes.take(rows)
    after = np.arange(1, len(shapes.coords) + 1)
    after[shapes.ring_start[1:] - 1] = shapes.ring_start[:-1]
    row = np.repeat(rows, np.diff(shapes.first_coord))
    begin, end = shapes.coords, shapes.coords[after]
    way = end - begin
    length = np.hypot(way[:, 0], way[:, 1])
    good = length > 0.01
    way = way[good] / length[good, None]
    return Walls(row[good], begin[good], end[good], np.column_stack([way[:, 1], -way[:, 0]]))


def chosen_rows(layer: Layer, bodies: Collection[Body] | None) -> Ints:
    """Give the drawn buildings of a layer, or those that are named, with their parts."""
    data = layer.data
    assert isinstance(data, Buildings)
    keep = data.drawn.copy()
    if bodies is not None:
        mine = np.array([number for name, number in bodies if name == layer.id], dtype=np.int64)
        keep &= np.isin(data.ids, mine) | np.isin(data.part_of, mine)
    return np.flatnonzero(keep)


def windows_of(
    project: Project,
    layers: Sequence[Layer],
    rule: WindowRule = WindowRule(),
    *,
    bodies: Collection[Body] | None = None,
) -> Windows:
    """Lay out windows on the walls of buildings.

    Walls that another building stands against get none where it covers them.

    Parameters
    ----------
    project : Project
        Gives the ground.
    layers : sequence of Layer
        Layers of buildings.
    rule : WindowRule
        The layout.
    bodies : collection of (layer id, number) or None
        Only these buildings.

    Raises
    ------
    CityError
        ``windows.none`` where no wall has room for one, ``windows.many``.
    """
    frame = project.need_frame()
    parts = []
    for layer in layers:
        rows = chosen_rows(layer, bodies)
        if not len(rows):
            continue
        data = layer.data
        assert isinstance(data, Buildings)
        middle = data.shapes.take(rows).centres().mean(axis=0)
        latitude = float(frame.lonlat([middle])[0, 1])
        turn = frame.convergence(float(middle[0]), float(middle[1]))
        noon = np.array([-math.sin(turn), math.cos(turn)]) * (-1.0 if latitude >= 0 else 1.0)
        walls = walls_of(data, rows)
        wide = walls.length >= rule.width
        wide &= walls.normal @ noon >= math.cos(math.radians(rule.facing)) - ABOUT
        parts.append(_laid_out(project, layer, data, walls, np.flatnonzero(wide), rule))
    out = Windows.joined(parts)
    if not len(out):
        raise CityError(
            "windows.none",
            "No wall of these buildings has room for a window.",
            hint="choose buildings, or smaller bays and windows, or walls of all directions",
        )
    return _without_party(project, layers, out)


def _laid_out(
    project: Project, layer: Layer, data: Buildings, walls: Walls, some: Ints, rule: WindowRule
) -> Windows:
    length, row = walls.length[some], walls.row[some]
    height = data.height - data.min_height
    floors = _storeys(data)
    storeys = np.where(np.isfinite(floors), floors, np.round(height / rule.storey))
    storeys = np.maximum(storeys, 1.0)
    each = height / storeys
    room = np.floor((height - rule.sill - HEAD) / each + 1e-9) + 1.0
    count = np.maximum(np.minimum(storeys, room), 0.0).astype(np.int64)
    if rule.storeys:
        count = np.minimum(count, rule.storeys)
    bays = np.maximum(np.floor((length + 1e-6) / rule.bay), 1.0).astype(np.int64)
    total = int((bays * count[row]).sum())
    if total > MOST:
        raise CityError(
            "windows.many",
            f"That would be {total} windows; {MOST} are the most at once.",
            hint="choose some buildings, or only the lowest storeys",
            count=total,
            most=MOST,
        )
    of = np.repeat(np.arange(len(some)), bays * count[row])
    number = runs(np.concatenate([[0], np.cumsum(bays * count[row])]), np.arange(len(some)))
    number = number - np.repeat(np.cumsum(bays * count[row]) - bays * count[row], bays * count[row])
    bay, storey = number % bays[of], number // bays[of]
    middle = (bay + 0.5) * (length / bays)[of]
    half = rule.width / 2.0
    way = (walls.end - walls.begin)[some] / length[:, None]
    at = row[of]
    level = (project.base_of(data) + data.min_height)[at] + storey * each[at] + rule.sill
    ends = np.empty((len(of), 2, 3))
    for side, shift in ((0, -half), (1, half)):
        ends[:, side, :2] = walls.begin[some][of] + way[of] * (middle + shift)[:, None]
        ends[:, side, 2] = level
    whole = np.where(data.part_of > 0, data.part_of, data.ids)[at]
    order = np.lexsort((bay, of, storey, whole))
    number_on_storey = _count_up(whole[order] * 1000 + storey[order])
    names = tuple(
        f"{b}/{s + 1}F-{k:02d}"
        for b, s, k in zip(whole[order], storey[order], number_on_storey, strict=True)
    )
    return Windows(
        names, (layer.id,) * len(names), whole[order], storey[order] + 1, ends[order],
        walls.normal[some][of][order],
    )  # fmt: skip


def _count_up(keys: Ints) -> Ints:
    """Number equal neighbours from 1.

    >>> _count_up(np.array([7, 7, 8, 8, 8])).tolist()
    [1, 2, 1, 2, 3]
    """
    new = np.flatnonzero(np.diff(keys, prepend=keys[:1] - 1) != 0)
    return np.asarray(np.arange(len(keys)) - np.repeat(new, np.diff(np.append(new, len(keys)))) + 1)


def _storeys(data: Buildings) -> Floats:
    """Give the number of storeys by the field that tells it, NaN where none does."""
    name = find_fields(data.attributes).floors
    if not name:
        return np.full(len(data), np.nan)
    count = data.numbers(name)
    height = data.height - data.min_height
    each = height / np.maximum(count, 1.0)
    return np.where((count >= 1.0) & (each >= 1.8) & (each <= 8.0), np.round(count), np.nan)


def _without_party(project: Project, layers: Sequence[Layer], windows: Windows) -> Windows:
    """Leave out those that look at the wall of the next building."""
    places = windows.middle.copy()
    places[:, :2] += BEFORE * windows.normal
    covered = inside(project, layers, places)
    return replace(windows.only(~covered), party=windows.party + int(covered.sum()))


def inside(project: Project, layers: Sequence[Layer], places: Floats) -> Bools:
    """Say which places, (n, 3) metres, lie inside a building."""
    out = np.zeros(len(places), dtype=bool)
    points = shapely.points(places[:, :2])
    for layer in layers:
        data = layer.data
        if not isinstance(data, Buildings):
            continue
        rows = np.flatnonzero(data.drawn)
        tree = shapely.STRtree(shapely.force_2d(data.shapes.take(rows).to_shapely()))
        at, hit = tree.query(points, predicate="within")
        base = project.base_of(data)[rows[hit]]
        z = places[at, 2]
        within = (z < base + data.height[rows[hit]]) & (z > base + data.min_height[rows[hit]])
        out[at[within]] = True
    return out


def windows_at(
    project: Project, points: Layer, layers: Sequence[Layer], *, sill: float = 0.9
) -> Windows:
    """Take the points of a layer for windows.

    A point up to a metre from a wall lies in that wall. Its height is that of the shape, else the
    sill above the ground.

    Parameters
    ----------
    project : Project
        Gives the ground.
    points : Layer
        Points, or lines that are sills.
    layers : sequence of Layer
        Layers of buildings.
    sill : float
        Metres above the ground where the points have no height.

    Raises
    ------
    CityError
        ``windows.no_points``, ``windows.inside`` where one lies inside a building, farther than a
        metre from its walls.
    """
    data = points.data
    rows = (
        np.flatnonzero(np.isin(data.shapes.kind, (POINT, LINE)))
        if isinstance(data, Features)
        else np.empty(0, dtype=np.int64)
    )
    if not isinstance(data, Features) or isinstance(data, Buildings) or not len(rows):
        raise CityError(
            "windows.no_points",
            f"The layer '{points.name}' has no points that could be windows.",
            hint="choose a layer of points or of sills",
            layer=points.name,
        )
    shapes = data.shapes.take(rows)
    first, last = shapes.first_coord[:-1], shapes.first_coord[1:] - 1
    ends = np.empty((len(rows), 2, 3))
    ends[:, 0, :2], ends[:, 1, :2] = shapes.coords[first], shapes.coords[last]
    ends[:, :, 2] = project.ground_at(ends.mean(axis=1)[:, :2])[:, None] + sill
    if shapes.z is not None:
        z = (shapes.z[first] + shapes.z[last]) / 2.0
        ends[:, :, 2] = np.where(np.isfinite(z)[:, None], z[:, None], ends[:, :, 2])
    normal = np.zeros((len(rows), 2))
    owner = [""] * len(rows)
    building = np.zeros(len(rows), dtype=np.int64)
    near = np.full(len(rows), SNAP)
    for layer in layers:
        _snap(project, layer, ends, normal, owner, building, near)
    bad = np.flatnonzero(inside(project, layers, ends.mean(axis=1)) & ~normal.any(axis=1))
    if bad.size:
        raise CityError(
            "windows.inside",
            f"{bad.size} of {len(rows)} windows lie inside a building; first: "
            f"{data.ids[rows[bad[0]]]}.",
            hint="move them to the outer face of the wall",
            count=int(bad.size),
            total=len(rows),
            first=int(data.ids[rows[bad[0]]]),
        )
    names = tuple(str(data.ids[row]) for row in rows)
    storey = np.zeros(len(rows), dtype=np.int64)
    return Windows(names, tuple(owner), building, storey, ends, normal)


def _snap(
    project: Project, layer: Layer, ends: Floats, normal: Floats, owner: list[str], building: Ints,
    near: Floats,
) -> None:  # fmt: skip
    """Put windows into the nearest wall of a layer, where it is nearer than those before."""
    data = layer.data
    if not isinstance(data, Buildings) or not len(data):
        return
    walls = walls_of(data, np.flatnonzero(data.drawn & (data.shapes.kind == POLYGON)))
    lines = np.asarray(shapely.linestrings(np.stack([walls.begin, walls.end], axis=1)))
    middle = ends.mean(axis=1)
    (at, wall), away = shapely.STRtree(lines).query_nearest(
        shapely.points(middle[:, :2]), max_distance=SNAP, return_distance=True, all_matches=True
    )
    base = project.base_of(data)
    whole = np.where(data.part_of > 0, data.part_of, data.ids)
    for i, k, d in zip(at, wall, away, strict=True):
        row = walls.row[k]
        low, high = base[row] + data.min_height[row], base[row] + data.height[row]
        if not low <= middle[i, 2] <= high or d > near[i] + 1e-9:
            continue
        way = (walls.end[k] - walls.begin[k]) / np.hypot(*(walls.end[k] - walls.begin[k]))
        for side in (0, 1):
            along = float(np.dot(ends[i, side, :2] - walls.begin[k], way))
            ends[i, side, :2] = walls.begin[k] + way * along
        near[i], normal[i] = d, walls.normal[k]
        owner[i], building[i] = layer.id, int(whole[row])

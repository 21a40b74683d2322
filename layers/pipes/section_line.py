"""What a section runs through besides pipes: ground, pavement, buildings, control lines."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely.geometry.base import BaseGeometry

from layers.errors import CityError
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.pipes.basements import basement_depths
from layers.project import Project
from layers.shapes import LINE, POLYGON, Bools, Floats, Ints
from layers.street_areas import street_areas
from layers.streets import Streets
from layers.style import texts

MOST_STATIONS = 4_000
STEP = 1.0  # metres between two heights of the ground where the line is short
AROUND = 60.0  # metres beside a line within which streets may lie over it
SHORTEST = 0.05  # metres of a strip or a building that are told
SAME = 1e-6
#: Fields that name a control line, the first that says something counts.
NAMES = ("name", "名称", "line_name", "type", "类型", "kind", "class", "类别", "code")


@dataclass(frozen=True, slots=True, eq=False)
class SectionLine:
    """A line in plan that a section is taken along.

    Attributes
    ----------
    points : (n, 2) float64
        Corners, project coordinates.
    station : (n,) float64
        Metres from the start at each.
    """

    points: Floats
    station: Floats

    @classmethod
    def of(cls, points: Sequence[Sequence[float]] | ArrayLike) -> SectionLine:
        """Measure a line.

        Parameters
        ----------
        points : (n, 2 or more) array_like of float
            East, north; more numbers do not count.

        Raises
        ------
        CityError
            ``sections.line`` for fewer than two places.
        """
        rows = [[float(v) for v in point[:2]] for point in np.asarray(points, dtype=object)]
        array = np.array(rows, dtype=np.float64).reshape(-1, 2)
        if len(array):
            step = np.hypot(*np.diff(array, axis=0).T)
            array = array[np.append(True, step > SAME)]
        if len(array) < 2 or not np.isfinite(array).all():
            raise CityError(
                "sections.line",
                "A section needs a line of two places at least.",
                hint="draw from one side of the street to the other",
            )
        run = np.hypot(*np.diff(array, axis=0).T)
        return cls(array, np.concatenate([[0.0], np.cumsum(run)]))

    @property
    def length(self) -> float:
        """Metres in plan."""
        return float(self.station[-1])

    @property
    def shape(self) -> shapely.LineString:
        """The line for shapely."""
        return shapely.LineString(self.points)

    def at(self, station: ArrayLike) -> Floats:
        """Give the places at stations, (k, 2)."""
        s = np.asarray(station, dtype=np.float64)
        return np.column_stack([np.interp(s, self.station, self.points[:, k]) for k in (0, 1)])

    def stations(self, step: float) -> Floats:
        """Give stations no more than a step apart, every corner among them."""
        count = max(math.ceil(self.length / step), 1) + 1
        even = np.linspace(0.0, self.length, min(count, MOST_STATIONS))
        return np.unique(np.concatenate([even, self.station]))


@dataclass(frozen=True, slots=True, eq=False)
class GroundLine:
    """The ground along a line.

    Attributes
    ----------
    station, level : (k,) float64
        Metres along the line, and above the datum.
    known : (k,) bool
        Where the ground is known; else it was assumed.
    source : str
        ``"terrain"``, ``"nodes"`` (levels that surveys give at manholes) or ``"assumed"``.
    """

    station: Floats
    level: Floats
    known: Bools
    source: str

    def at(self, station: ArrayLike) -> Floats:
        """Give the level of the ground at stations, straight between those that are there."""
        return np.asarray(np.interp(np.asarray(station, np.float64), self.station, self.level))


@dataclass(frozen=True, slots=True)
class Strip:
    """A surface of a street that a line crosses: ``carriageway``, ``footway``, ``path``, and
    from which to which station (metres).
    """

    surface: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Block:
    """A building that a line runs through.

    Attributes
    ----------
    layer, building : str, int
        Ids.
    start, end : float
        Stations of its walls, metres.
    bottom, top : float
        Levels, metres above datum.
    cellar : float
        Level of the lowest floor below ground; NaN where none is told.
    assumed : bool
        Whether that level was reckoned from a number of storeys.
    """

    layer: str
    building: int
    start: float
    end: float
    bottom: float
    top: float
    cellar: float = float("nan")
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A control line that a line crosses: ids, station (metres), name and colour."""

    layer: str
    line: int
    station: float
    name: str
    colour: str


def terrain_ground(project: Project, line: SectionLine) -> GroundLine | None:
    """Give the terrain along a line; None where the project has none, or none there."""
    terrain = project.terrain()
    if terrain is None:
        return None
    station = line.stations(max(min(STEP, min(terrain.grain) / 2.0), line.length / MOST_STATIONS))
    places = line.at(station)
    known = np.isfinite(terrain.height_at(places))
    if not known.any():
        return None
    return GroundLine(station, project.ground_at(places), known, "terrain")


def strips_along(project: Project, line: SectionLine) -> tuple[Strip, ...]:
    """Give the surfaces of streets along a line, in order; those on bridges do not count."""
    shape = line.shape
    around = shape.buffer(AROUND)
    found: list[Strip] = []
    for layer in project.of_kind("roads"):
        data = layer.data
        if not isinstance(data, Features):
            continue
        near = _near(data, around)
        lined = near[data.shapes.kind[near] == LINE]
        if len(lined):
            found += _built(layer, data, lined, shape)
        for geometry in data.shapes.take(near[data.shapes.kind[near] == POLYGON]).to_shapely():
            found += [Strip("carriageway", a, b) for a, b in spans(shape, geometry)]
    return tuple(sorted(_apart(found), key=lambda strip: strip.start))


def _built(layer: Layer, data: Features, rows: Ints, shape: shapely.LineString) -> list[Strip]:
    """Give what streets made of centre lines lay over a line."""
    part = Features(
        data.shapes.take(rows), np.arange(1, len(rows) + 1), data.feature[rows], data.attributes
    )
    streets = Streets.of(part, layer.style)
    lying = np.flatnonzero(streets.on_ground)
    if not len(lying):
        return []
    lines = part.shapes.take(streets.row[lying]).to_shapely()
    areas = street_areas(
        lines, streets.width[lying], streets.sidewalk[lying], walked=streets.walked[lying]
    )
    out = [Strip("footway", a, b) for a, b in spans(shape, areas.footway)]
    for surface, pieces in (("carriageway", areas.carriageway), ("path", areas.path)):
        for piece in pieces:
            out += [Strip(surface, a, b) for a, b in spans(shape, piece)]
    return out


def _apart(strips: list[Strip]) -> Iterator[Strip]:
    """Take out of weaker strips what a stronger one covers."""
    free: list[tuple[float, float]] = []
    for surface in ("carriageway", "path", "footway"):
        mine = [(s.start, s.end) for s in strips if s.surface == surface]
        for start, end in joined_spans(mine):
            for a, b in _without(start, end, free):
                if b - a > SHORTEST:
                    yield Strip(surface, a, b)
        free = joined_spans([*free, *mine])


def joined_spans(spans_: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Join spans that touch.

    >>> joined_spans([(4.0, 6.0), (0.0, 2.0), (1.0, 3.0)])
    [(0.0, 3.0), (4.0, 6.0)]
    """
    out: list[tuple[float, float]] = []
    for a, b in sorted(spans_):
        if out and a <= out[-1][1] + SAME:
            out[-1] = (out[-1][0], max(out[-1][1], b))
        else:
            out.append((a, b))
    return out


def _without(start: float, end: float, taken: list[tuple[float, float]]) -> list[Span]:
    out, at = [], start
    for a, b in taken:
        if b <= at or a >= end:
            continue
        if a > at:
            out.append((at, a))
        at = max(at, b)
    if at < end:
        out.append((at, end))
    return out


Span = tuple[float, float]


def spans(line: shapely.LineString, area: BaseGeometry) -> list[Span]:
    """Give from where to where along a line it lies in an area, metres, in order."""
    met = shapely.intersection(line, area)
    out = []
    for part in shapely.get_parts(met):
        if part.geom_type != "LineString" or part.length < SHORTEST:
            continue
        middle = part.interpolate(0.5, normalized=True)
        centre, half = line.project(middle), part.length / 2.0
        out.append((max(centre - half, 0.0), min(centre + half, line.length)))
    return joined_spans(out)


def blocks_along(project: Project, line: SectionLine) -> tuple[Block, ...]:
    """Give the buildings a line runs through, in order."""
    shape, out = line.shape, []
    for layer in project.layers:
        data = layer.data
        if not isinstance(data, Buildings):
            continue
        rows = _near(data, shape)
        rows = rows[data.drawn[rows]]
        if not len(rows):
            continue
        base = project.base_of(data, rows)
        deep, floors = basement_depths(data, rows)
        for k, (row, level, outline) in enumerate(zip(
            rows.tolist(), base.tolist(), data.shapes.take(rows).to_shapely(), strict=True
        )):  # fmt: skip
            cellar = level - deep[k] if deep[k] > 0 and data.min_height[row] <= 0 else np.nan
            for a, b in spans(shape, outline):
                low, high = level + data.min_height[row], level + data.height[row]
                out.append(Block(
                    layer.id, int(data.ids[row]), a, b, float(low), float(high), float(cellar),
                    bool(np.isfinite(floors[k])),
                ))  # fmt: skip
    return tuple(sorted(out, key=lambda block: block.start))


def marks_along(project: Project, line: SectionLine) -> tuple[Mark, ...]:
    """Give the control lines a line crosses, in order; of areas the border counts."""
    shape, out = line.shape, []
    for layer in project.of_kind("control-lines"):
        data = layer.data
        if not isinstance(data, Features):
            continue
        rows = _near(data, shape)
        rows = rows[np.isin(data.shapes.kind[rows], [LINE, POLYGON])]
        said = _names(data)
        for row, outline in zip(rows.tolist(), data.shapes.take(rows).to_shapely(), strict=True):
            edge = outline.boundary if outline.geom_type == "Polygon" else outline
            for place in shapely.get_coordinates(shapely.intersection(shape, edge)):
                station = shape.project(shapely.Point(place))
                name = str(said[row] or "") or layer.name
                out.append(
                    Mark(layer.id, int(data.ids[row]), float(station), name, layer.style.colour)
                )
    ordered = sorted(out, key=lambda mark: mark.station)
    return tuple(
        mark for k, mark in enumerate(ordered)
        if k == 0 or mark.station - ordered[k - 1].station > 0.01
        or mark.name != ordered[k - 1].name
    )  # fmt: skip


def _names(data: Features) -> Sequence[object]:
    there = {name.lower(): name for name in data.attributes.column_names}
    for word in NAMES:
        if word in there:
            return list(texts(data.column(there[word])))
    return [""] * len(data)


def _near(data: Features, shape: BaseGeometry) -> Ints:
    """Give the positions of the objects whose boxes a shape meets."""
    box = data.shapes.bounds()
    west, south, east, north = shape.bounds
    rows = np.flatnonzero(
        (box[:, 0] <= east) & (box[:, 2] >= west) & (box[:, 1] <= north) & (box[:, 3] >= south)
    )
    return np.asarray(rows[shapely.intersects(shapely.box(*box[rows].T), shape)])

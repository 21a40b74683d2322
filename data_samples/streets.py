"""The street network: the table's streets laid on the plan, joined at shared end points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from data_samples import frame
from data_samples.frame import Floats
from data_samples.street_table import (
    ACROSS_NORTH,
    ACROSS_SOUTH,
    ALONG_THE_RIVER,
    CLASSES,
    EXPRESSWAY,
    EXPRESSWAY_S,
    FREIGHT,
    METRO,
    METRO_RISE,
    RAMPS,
    STATIONS,
    Street,
)

GRID = 0.01
"""Nodes are rounded to this, metres: a shared end point has the same coordinates in each piece."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of street between two junctions.

    Attributes
    ----------
    line : LineString
        Centre line, plan metres.
    street : Street
        The street it belongs to.
    structure : str
        ``ground``, ``bridge``, ``viaduct`` or ``ramp``.
    """

    line: LineString
    street: Street
    structure: str

    @property
    def red_line(self) -> float:
        """Width between the red lines, metres."""
        return self.street.red_line or CLASSES[self.street.kind].red_line

    @property
    def lanes(self) -> int:
        """Traffic lanes of both directions."""
        if self.street.lanes:
            return self.street.lanes
        wide = self.street.kind == "arterial" and self.red_line >= 48.0
        return 8 if wide else CLASSES[self.street.kind].lanes

    @property
    def carriageway(self) -> float:
        """Width of the asphalt, metres."""
        share = 0.86 if self.street.one_way else CLASSES[self.street.kind].carriageway
        return self.red_line * share


@dataclass(frozen=True, slots=True)
class RailPiece:
    """A stretch of track: `level` -1 underground, 0 on the ground, 1 on a viaduct."""

    line: LineString
    name_zh: str
    name_en: str
    kind: str
    level: int


@dataclass(frozen=True, slots=True)
class Station:
    """A metro station: point, platform box and level as in `RailPiece`."""

    point: Point
    box: Polygon
    name_zh: str
    name_en: str
    level: int


def ground_streets() -> list[Street]:
    """All streets on the ground, as the table has them."""
    frontage = [street for street in EXPRESSWAY if street.level == 0]
    return [*ALONG_THE_RIVER, *ACROSS_NORTH, *ACROSS_SOUTH, *frontage]


def street_line(street: Street, overshoot: float = 12.0) -> LineString:
    """The street's centre line, `overshoot` metres longer at both ends so that it meets others."""
    sheet = frame.smooth(street.points)
    first, last = sheet[0] - sheet[1], sheet[-1] - sheet[-2]
    start = sheet[0] + first / np.hypot(*first) * overshoot
    end = sheet[-1] + last / np.hypot(*last) * overshoot
    return LineString(frame.bend(np.vstack([start, sheet, end])))


def _linestrings(geometry: BaseGeometry) -> NDArray[np.object_]:
    parts = shapely.get_parts(geometry)
    return np.asarray(parts[shapely.get_type_id(parts) == 1])


def _ends(lines: NDArray[np.object_]) -> tuple[Floats, Floats]:
    start = shapely.get_coordinates(shapely.get_point(lines, 0))
    end = shapely.get_coordinates(shapely.get_point(lines, -1))
    return start.round(3), end.round(3)


def node(
    lines: Sequence[BaseGeometry], owners: Sequence[int], stub: float = 45.0
) -> list[tuple[LineString, int]]:
    """Cut lines where they meet and drop the short stubs that stick out.

    Parameters
    ----------
    lines : sequence of LineString
        Lines that cross or overshoot each other.
    owners : sequence of int
        A number for each line, given back with its pieces; pieces of owner -1 are dropped (lines
        that only mark a junction).
    stub : float
        Dead ends shorter than this are dropped, metres, unless they leave the district.

    Returns
    -------
    list of (LineString, int)
        Pieces that meet only at their end points, in a stable order.
    """
    merged = shapely.intersection(
        shapely.unary_union(list(lines), grid_size=GRID), frame.extent(), grid_size=GRID
    )
    pieces = _linestrings(merged)
    middle = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    tree = shapely.STRtree(list(lines))
    owner = np.asarray(owners)[tree.nearest(middle)]
    pieces, owner = pieces[owner >= 0], owner[owner >= 0]
    edge = frame.extent().exterior
    while True:
        start, end = _ends(pieces)
        points, which = np.unique(np.vstack([start, end]), axis=0, return_inverse=True)
        degree = np.bincount(which.ravel(), minlength=len(points))
        loose = (degree == 1) & (shapely.distance(shapely.points(points), edge) > 0.1)
        at_start, at_end = np.split(loose[which.ravel()], 2)
        drop = (at_start | at_end) & (shapely.length(pieces) < stub)
        if not drop.any():
            break
        pieces, owner = pieces[~drop], owner[~drop]
    order = np.lexsort((*shapely.get_coordinates(middle_of(pieces)).T, owner))
    return [(pieces[index], int(owner[index])) for index in order]


def middle_of(lines: NDArray[np.object_]) -> NDArray[np.object_]:
    """The points half-way along lines."""
    return np.asarray(shapely.line_interpolate_point(lines, 0.5, normalized=True))


def _marker(point: Point) -> LineString:
    x, y = point.x, point.y
    return LineString([(x - 4.0, y - 3.0), (x + 4.0, y + 3.0)])


@dataclass(frozen=True, slots=True)
class _Ramp:
    foot: Point
    head: Point


def _ramp_ends(mainline: LineString, frontage: BaseGeometry) -> list[_Ramp]:
    ramps = []
    for leaves, reaches, side in RAMPS:
        near_foot, near_head = frame.bend(
            [(EXPRESSWAY_S + 27.0 * side, leaves), (EXPRESSWAY_S, reaches)]
        )
        foot = shapely.shortest_line(frontage, Point(near_foot))
        head = shapely.shortest_line(mainline, Point(near_head))
        ramps.append(_Ramp(shapely.get_point(foot, 0), shapely.get_point(head, 0)))
    return ramps


def _nearest_node(point: Point, nodes: Floats) -> Floats:
    return np.asarray(nodes[np.argmin(np.hypot(*(nodes - (point.x, point.y)).T))])


def _ramp_line(ramp: _Ramp, ground: Floats, deck: Floats) -> LineString:
    foot, head = _nearest_node(ramp.foot, ground), _nearest_node(ramp.head, deck)
    along = head - foot
    leaving, arriving = np.array([0.18, 0.30]), np.array([0.82, 0.70])
    control = [foot, foot + along * leaving, foot + along * arriving, head]
    return LineString(frame.smooth(control, 10.0))


def network(lanes: Sequence[tuple[Street, LineString]] = ()) -> list[Piece]:
    """All streets of the district, cut at their junctions.

    Parameters
    ----------
    lanes : sequence of (Street, LineString)
        Further streets on the ground, already on the plan (old-town lanes).

    Returns
    -------
    list of Piece
        Pieces of one level touch each other at end points only.
    """
    streets = [*ground_streets(), *(street for street, _ in lanes)]
    lines: list[LineString] = [street_line(street) for street in ground_streets()]
    lines += [line for _, line in lanes]
    mainline = street_line(EXPRESSWAY[0])
    frontage = shapely.union_all(
        [street_line(street) for street in EXPRESSWAY if street.level == 0]
    )
    ramps = _ramp_ends(mainline, frontage)
    marks = [_marker(ramp.foot) for ramp in ramps]
    noded = node([*lines, *marks], [*range(len(lines)), *([-1] * len(marks))])
    river = water_area()
    pieces = []
    for line, owner in noded:
        over_water = shapely.length(shapely.intersection(line, river)) > 60.0
        pieces.append(Piece(line, streets[owner], "bridge" if over_water else "ground"))
    banks = [Point(xy) for xy in frame.bend([(EXPRESSWAY_S, 60.0), (EXPRESSWAY_S, -40.0)])]
    deck_marks = [_marker(ramp.head) for ramp in ramps]
    deck_marks += [_marker(shapely.get_point(shapely.shortest_line(mainline, p), 0)) for p in banks]
    deck = node([mainline, *deck_marks], [0, *([-1] * len(deck_marks))], stub=1.0)
    for line, _ in deck:
        over_water = shapely.length(shapely.intersection(line, river)) > 60.0
        pieces.append(Piece(line, EXPRESSWAY[0], "bridge" if over_water else "viaduct"))
    ground_nodes = np.vstack(_ends(np.asarray([line for line, _ in noded])))
    deck_nodes = np.vstack(_ends(np.asarray([line for line, _ in deck])))
    for number, ramp in enumerate(ramps, start=1):
        street = replace(
            EXPRESSWAY[0],
            name_zh=f"滨江快速路{number}号匝道",
            name_en=f"Binjiang Expressway Ramp {number}",
            kind="ramp",
            one_way=True,
        )
        pieces.append(Piece(_ramp_line(ramp, ground_nodes, deck_nodes), street, "ramp"))
    return pieces


def water_area() -> Polygon:
    """The river between its banks, islands not cut out, plan metres."""
    x = np.arange(-20.0, frame.WIDTH + 21.0, 10.0)
    centre, half = frame.river_centre(x), frame.river_half_width(x)
    ring = np.vstack([np.column_stack([x, centre - half]),
                      np.column_stack([x, centre + half])[::-1]])  # fmt: skip
    return Polygon(ring)


def corridor(pieces: Sequence[Piece]) -> BaseGeometry:
    """Everything between the red lines of `pieces`, with rounded junctions."""
    half = np.array([piece.red_line / 2 for piece in pieces])
    lines = np.asarray([piece.line for piece in pieces], dtype=object)
    strips = shapely.buffer(lines, half, cap_style="flat", join_style="round", quad_segs=4)
    return shapely.union_all([*strips, *junction_disks(pieces, half)])


def _node_numbers(pieces: Sequence[Piece]) -> tuple[Floats, NDArray[np.intp]]:
    """Junctions and, for each piece, the numbers of the two it ends at."""
    start, end = _ends(np.asarray([piece.line for piece in pieces], dtype=object))
    points, which = np.unique(np.vstack([start, end]), axis=0, return_inverse=True)
    return points, which.ravel().reshape(2, -1).T


def junction_disks(pieces: Sequence[Piece], half: Floats) -> list[BaseGeometry]:
    """Round ground at junctions, as wide as the second widest street that meets there.

    So a wide street that ends on a narrow one does not bulge across it.

    Parameters
    ----------
    pieces : sequence of Piece
        The streets.
    half : (n,) ndarray of float64
        Half the width of each, metres.
    """
    points, numbers = _node_numbers(pieces)
    meeting: dict[int, list[float]] = defaultdict(list)
    for width, pair in zip(half, numbers, strict=True):
        for number in pair:
            meeting[int(number)].append(float(width))
    chosen = [(number, sorted(widths)[-2]) for number, widths in sorted(meeting.items())
              if len(widths) > 1]  # fmt: skip
    return list(shapely.buffer(shapely.points(points[[number for number, _ in chosen]]),
                               [radius for _, radius in chosen], quad_segs=6))  # fmt: skip


def clearances(pieces: Sequence[Piece]) -> Floats:
    """Half the red-line width of the widest other street at both ends of each piece.

    Returns
    -------
    (n, 2) ndarray of float64
        Metres, start and end; 0 where the street only goes on.
    """
    _, numbers = _node_numbers(pieces)
    meeting: dict[int, list[tuple[str, float]]] = defaultdict(list)
    for piece, pair in zip(pieces, numbers, strict=True):
        for number in pair:
            meeting[int(number)].append((piece.street.name_zh, piece.red_line / 2))
    found = np.zeros((len(pieces), 2))
    for row, (piece, pair) in enumerate(zip(pieces, numbers, strict=True)):
        for side, number in enumerate(pair):
            others = [half for name, half in meeting[int(number)] if name != piece.street.name_zh]
            found[row, side] = max(others, default=0.0)
    return found


def _inside(line: LineString) -> LineString:
    """The longest part of a line inside the district."""
    parts = shapely.get_parts(shapely.intersection(line, frame.extent()))
    return LineString(max(parts, key=lambda part: float(part.length)))


def freight_line() -> LineString:
    """Centre line of the freight railway, plan metres."""
    return _inside(LineString(frame.curve_on_sheet(FREIGHT, 15.0)))


def metro_line() -> LineString:
    """Centre line of metro line 3, plan metres."""
    return _inside(LineString(frame.curve_on_sheet(METRO, 15.0)))


def rails() -> list[RailPiece]:
    """Metro and freight track by level."""
    metro = metro_line()
    rise = [metro.project(Point(frame.bend([(s, 602.0)])[0])) for s in METRO_RISE]
    cuts = [0.0, rise[0], rise[1], metro.length]
    pieces = []
    for start, end, level in zip(cuts[:-1], cuts[1:], (-1, 0, 1), strict=True):
        line = substring(metro, start, end)
        assert isinstance(line, LineString)
        pieces.append(RailPiece(line, "轨道交通3号线", "Metro Line 3", "metro", level))
    freight = RailPiece(
        freight_line(), "滨江货运支线", "Binjiang Freight Branch", "freight railway", 0
    )
    return [*pieces, freight]


def stations() -> list[Station]:
    """The metro stations with platform boxes of 120 m x 22 m along the track."""
    metro = metro_line()
    climb = metro.project(Point(frame.bend([(METRO_RISE[1] - 1.0, 602.0)])[0]))
    made = []
    for s, name_zh, name_en in STATIONS:
        track = shapely.intersection(metro, LineString([(s, -1e4), (s, 1e4)]))
        at = metro.project(shapely.centroid(track))
        platform = substring(metro, max(at - 60.0, 0.0), at + 60.0)
        box = shapely.buffer(platform, 11.0, cap_style="flat")
        level = 1 if at > climb else -1
        made.append(
            Station(metro.interpolate(at), box, f"{name_zh}站", f"{name_en} Station", level)
        )
    return made

"""Where pipes lie under the streets: their place across the street, their points along it.

All services of a stretch of street have their points at the same distances along it, so that they
stay parallel. Where streets meet, the lines of one service meet in one point.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from scipy.ndimage import map_coordinates
from shapely.geometry import LineString
from shapely.ops import substring

from data_samples import frame
from data_samples.frame import Floats
from data_samples.streets import Piece, clearances

SPACING: Final = 72.0
"""Points of a pipe are no farther apart than this along a street, metres."""
MARGIN: Final = 4.0
"""Pipes lie at the levels of a junction this far beyond the red lines of the other street."""

Node = tuple[float, float]


@dataclass(slots=True, eq=False)
class Stretch:
    """A stretch of street between two junctions, drawn eastwards or northwards.

    Attributes
    ----------
    piece : Piece
        The street.
    line : LineString
        Centre line in that direction, plan metres.
    ends : (Node, Node)
        The junctions.
    heads : (2, 2) ndarray
        Unit vectors along the line at its two ends.
    stations : (k, 2) ndarray
        Points on the centre line between the junctions.
    normals : (k, 2) ndarray
        Unit vectors to the left of the line there.
    edge : int
        1 where the first and the last station stand at the edge of the junctions, else 0.
    """

    piece: Piece
    line: LineString
    ends: tuple[Node, Node]
    heads: Floats
    stations: Floats
    normals: Floats
    edge: int

    @property
    def half(self) -> float:
        """Half the width between the red lines, metres."""
        return self.piece.red_line / 2.0

    @property
    def kerb(self) -> float:
        """From the centre line to the kerb, metres."""
        return self.piece.carriageway / 2.0

    @property
    def kind(self) -> str:
        """Class of the street."""
        return self.piece.street.kind

    @property
    def frontage(self) -> bool:
        """Whether it is one of the narrow roads beside the expressway."""
        return self.piece.street.one_way


def _node(xy: Floats) -> Node:
    return round(float(xy[0]), 2), round(float(xy[1]), 2)


def _directed(line: LineString) -> LineString:
    first, last = frame.unbend([line.coords[0], line.coords[-1]])
    along = last - first
    forward = along[0] > 0 if abs(along[0]) > abs(along[1]) else along[1] > 0
    return line if forward else LineString(line.coords[::-1])


def stretches(pieces: Sequence[Piece]) -> list[Stretch]:
    """Prepare stretches of street for laying pipes along them."""
    reach = clearances(pieces)
    made = []
    for piece, rooms in zip(pieces, reach, strict=True):
        line = _directed(piece.line)
        room = rooms if line is piece.line else rooms[::-1]
        coords = shapely.get_coordinates(line)
        heads = np.stack([coords[1] - coords[0], coords[-1] - coords[-2]])
        heads /= np.hypot(*heads.T)[:, None]
        start, end = room + MARGIN
        free = line.length - start - end
        if free > 12.0:
            count = max(int(np.ceil(free / SPACING)), 1)
            along = np.linspace(start, line.length - end, count + 1)
            edge = 1
        else:
            along, edge = np.array([]), 0
        stations = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
        normals = np.array([_normal(line, float(at)) for at in along]).reshape(-1, 2)
        ends = (_node(coords[0]), _node(coords[-1]))
        made.append(Stretch(piece, line, ends, heads, stations, normals, edge))
    return made


def _normal(line: LineString, at: float) -> Floats:
    near = substring(line, max(at - 2.0, 0.0), min(at + 2.0, line.length))
    coords = shapely.get_coordinates(near)
    along = coords[-1] - coords[0]
    return np.asarray(np.array([-along[1], along[0]]) / np.hypot(*along))


def offsets(stretch: Stretch) -> dict[str, float]:
    """Say where each service lies, metres to the left of the centre line (north or west).

    From the red line inward: telecom, water, sewage on the left; power, gas, heat, storm water
    on the right, lighting behind the kerb there.
    """
    half, kerb = stretch.half, stretch.kerb
    if stretch.kind == "lane":
        return {"water": 1.8, "sewage": 0.0, "power": -1.8}
    if stretch.frontage:
        return {"water": 5.0, "sewage": 1.8, "storm": -1.5, "gas": -4.1, "power": -5.7}
    if stretch.kind == "local":
        return {"telecom": half - 0.8, "water": half - 2.4, "sewage": 2.0, "storm": -1.5,
                "lighting": -(kerb + 0.3), "gas": -(half - 2.2), "power": -(half - 0.7),
                "industry": 3.4}  # fmt: skip
    wide = half / 13.0
    return {"telecom": half - 0.9, "water": half - 3.0, "sewage": 2.6 * wide, "storm": -1.9 * wide,
            "heat": -4.9 * wide, "lighting": -(kerb + 0.4),
            "gas": -(half - 3.2), "power": -(half - 0.9), "industry": 4.4 * wide,
            "tunnel": 10.5}  # fmt: skip


@dataclass(slots=True, eq=False)
class Way:
    """The line of one service along a stretch: ``points[0]`` and ``points[-1]`` are at junctions.

    Attributes
    ----------
    stretch : Stretch
        The street.
    points : (k + 2, 2) ndarray
        Plan metres.
    deep : (k + 2,) ndarray of bool
        Whether a point lies at the levels of a junction with a street.
    """

    stretch: Stretch
    points: Floats
    deep: Floats


@dataclass(slots=True, eq=False)
class Service:
    """One service everywhere: its ways, and the points where they meet.

    Attributes
    ----------
    ways : list of Way
        In the order of the stretches.
    meet : dict of Node to (2,) ndarray
        Where it meets at each junction, plan metres.
    """

    ways: list[Way] = field(default_factory=list)
    meet: dict[Node, Floats] = field(default_factory=dict)


def lay(
    found: Sequence[Stretch], name: str, chosen: Callable[[Stretch], bool] = lambda _: True
) -> Service:
    """Lay one service along all stretches that have a place for it and are chosen."""
    taken = [(s, offsets(s)[name]) for s in found if name in offsets(s) and chosen(s)]
    rows: dict[Node, list[tuple[Floats, float]]] = {}
    for stretch, away in taken:
        for node, head in zip(stretch.ends, stretch.heads, strict=True):
            rows.setdefault(node, []).append((np.array([-head[1], head[0]]), away))
    made = Service()
    for node, asked in rows.items():
        left = np.stack([normal for normal, _ in asked])
        shift = np.linalg.lstsq(left, np.array([away for _, away in asked]), rcond=0.15)[0]
        far = float(np.hypot(*shift))
        made.meet[node] = np.asarray(node) + shift * min(1.0, 34.0 / max(far, 1e-9))
    streets = {node for s in found if s.kind != "lane" for node in s.ends}
    for stretch, away in taken:
        inner = stretch.stations + stretch.normals * away
        first, last = (made.meet[node] for node in stretch.ends)
        points = np.vstack([first[None], inner, last[None]])
        deep = np.zeros(len(points), dtype=bool)
        for side, node in enumerate(stretch.ends):
            if node in streets:
                deep[[0, stretch.edge] if side == 0 else [-1, -1 - stretch.edge]] = True
        made.ways.append(Way(stretch, points, deep))
    return made


def ground_reader(heights: Floats, cell: float) -> Callable[[Floats], Floats]:
    """Give a function that reads the terrain between its cells, plan metres to metres."""

    def ground(xy: Floats) -> Floats:
        at = np.atleast_2d(xy)
        row = (frame.DEPTH - at[:, 1]) / cell - 0.5
        column = at[:, 0] / cell - 0.5
        read = map_coordinates(heights, np.stack([row, column]), order=1, mode="nearest")
        return np.asarray(np.round(read, 3))

    return ground

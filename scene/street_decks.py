"""Bodies of bridges, viaducts and ramps, and of lamps: points, triangles and what they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.shapes import Codes, Floats, Ints
from layers.street_areas import GRID
from layers.street_heights import THICKNESS, Decks
from layers.street_marks import Lamps, Path
from layers.streets import Streets

Triangles = NDArray[np.int32]
Geometries = NDArray[np.object_]
TOP, CONCRETE, POLE, LIGHT, DARK = range(5)
PARAPET, PARAPET_WIDE = 0.9, 0.25  # metres
PIER_STEP, PIER_WIDE, LEAST_CLEAR = 32.0, 1.8, 2.2  # metres
LAMP_HIGH, LAMP_REACH = 8.0, 1.8  # metres


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """Triangles of solid things.

    Attributes
    ----------
    points : (m, 3) float64
        Project coordinates, metres.
    triangles : (k, 3) int32
        Counter-clockwise seen from outside.
    kind : (m,) uint8
        ``TOP`` takes the colour of the street; ``CONCRETE``, ``POLE``, ``LIGHT`` their own.
    line : (m,) int64
        Position of the street, among those given, that each point belongs to.
    """

    points: Floats
    triangles: Triangles
    kind: Codes
    line: Ints


class _Builder:
    """Collects grids of points as triangles."""

    def __init__(self) -> None:
        self._points: list[Floats] = []
        self._triangles: list[Triangles] = []
        self._kinds: list[Codes] = []
        self._lines: list[Ints] = []
        self._count = 0

    def strip(self, first: Floats, second: Floats, kind: int, line: int) -> None:
        """Add the quads between two paths of n points; `second` lies to the left of `first`."""
        n = len(first)
        at = np.arange(n - 1) + self._count
        faces = np.concatenate(
            [np.column_stack([at, at + 1, at + n]), np.column_stack([at + 1, at + n + 1, at + n])]
        )
        self.add(np.vstack([first, second]), faces, kind, line)

    def fan(self, middle: Floats, rim: Floats, kind: int, line: int) -> None:
        """Add a disc; the rim runs counter-clockwise."""
        n = len(rim)
        at = np.arange(n)
        faces = np.column_stack([np.zeros(n, np.int64), at + 1, (at + 1) % n + 1]) + self._count
        self.add(np.vstack([middle[None], rim]), faces, kind, line)

    def add(self, points: Floats, faces: Ints | Triangles, kind: int, line: int) -> None:
        """Add points and triangles that count from the points so far."""
        self._points.append(points)
        self._triangles.append(faces.astype(np.int32))
        self._kinds.append(np.full(len(points), kind, dtype=np.uint8))
        self._lines.append(np.full(len(points), line, dtype=np.int64))
        self._count += len(points)

    @property
    def count(self) -> int:
        """Points so far."""
        return self._count

    def body(self) -> Body:
        """Give everything that was added."""
        if not self._points:
            return Body(
                np.empty((0, 3)), np.empty((0, 3), np.int32), np.empty(0, np.uint8),
                np.empty(0, np.int64),
            )  # fmt: skip
        return Body(
            np.vstack(self._points), np.vstack(self._triangles), np.concatenate(self._kinds),
            np.concatenate(self._lines),
        )  # fmt: skip


def deck_body(
    lines: Geometries, streets: Streets, decks: Decks, ground: Callable[[Floats], Floats],
    *, parapets: bool = True,
) -> Body:  # fmt: skip
    """Build decks with thickness, parapets and piers.

    Parameters
    ----------
    lines : (n,) linestrings
        Centre lines.
    streets : Streets
        The same lines.
    decks : Decks
        Heights of the raised ones.
    ground : callable
        Height of the ground at (m, 2) places, metres above datum: where piers stand.
    parapets : bool
        Whether they have any; rails have none.
    """
    builder = _Builder()
    half = streets.width / 2.0 + np.where(streets.walked, 0.3, np.maximum(streets.sidewalk, 0.5))
    wide = half[decks.of] if len(decks) else np.empty(0)
    areas = shapely.buffer(lines[decks.of], wide - 0.3, cap_style="flat", quad_segs=2)
    tree = shapely.STRtree(areas)
    for number in range(len(decks)):
        line = int(decks.of[number])
        part = slice(int(decks.start[number]), int(decks.start[number + 1]))
        path = Path(shapely.get_coordinates(lines[line]), line)
        along, height = decks.along[part], decks.height[part]
        along, height = _with_corners(path, along, height)
        _one_deck(builder, path, along, height, float(wide[number]))
        if parapets and not streets.walked[line]:
            for side in (-1.0, 1.0):
                _parapet(builder, path, along, height, side * float(wide[number]), tree, number)
        _piers(builder, path, along, height, float(wide[number]), ground)
    _knots(builder, decks, wide)
    return builder.body()


def _with_corners(path: Path, along: Floats, height: Floats) -> tuple[Floats, Floats]:
    every = np.unique(np.concatenate([along, path.stations(0.0, path.length)]))
    return every, np.interp(every, along, height)


def _beam(path: Path, along: Floats, height: Floats, offset: float, down: float = 0.0) -> Floats:
    return np.column_stack([path.at(along, offset), height - down])


def _one_deck(builder: _Builder, path: Path, along: Floats, height: Floats, half: float) -> None:
    right, left = _beam(path, along, height, -half), _beam(path, along, height, half)
    right_low = _beam(path, along, height, -half * 0.82, THICKNESS)
    left_low = _beam(path, along, height, half * 0.82, THICKNESS)
    line = path.number
    builder.strip(right, left, TOP, line)
    builder.strip(right_low, right, CONCRETE, line)
    builder.strip(left, left_low, CONCRETE, line)
    builder.strip(left_low, right_low, CONCRETE, line)
    for at, flip in ((0, False), (-1, True)):
        ring = np.array([left[at], right[at], right_low[at], left_low[at]])
        if flip:
            ring = ring[::-1]
        faces = np.array([[0, 2, 1], [0, 3, 2]]) + builder.count
        builder.add(ring, faces, CONCRETE, line)


def _parapet(
    builder: _Builder, path: Path, along: Floats, height: Floats, offset: float,
    tree: shapely.STRtree, number: int,
) -> None:  # fmt: skip
    """Set a low wall along an edge, but not where another deck joins."""
    dense = np.linspace(0.0, path.length, max(int(path.length / 4.0), 1) + 1)
    dense = np.unique(np.concatenate([dense, along]))
    tall = np.interp(dense, along, height)
    at, other = tree.query(shapely.points(path.at(dense, offset)), predicate="intersects")
    joined = np.zeros(len(dense), dtype=bool)
    joined[at[other != number]] = True
    free = ~joined
    edges = np.flatnonzero(np.diff(np.concatenate([[False], free, [False]]).astype(np.int8)))
    inward = -PARAPET_WIDE if offset > 0 else PARAPET_WIDE
    for first, last in edges.reshape(-1, 2):
        if last - first < 2:
            continue
        s, h = dense[first:last], tall[first:last]
        a, b = sorted((offset, offset + inward))
        right, left = _beam(path, s, h, a), _beam(path, s, h, b)
        right_top, left_top = _beam(path, s, h + PARAPET, a), _beam(path, s, h + PARAPET, b)
        builder.strip(right, right_top, CONCRETE, path.number)
        builder.strip(right_top, left_top, CONCRETE, path.number)
        builder.strip(left_top, left, CONCRETE, path.number)


def _piers(
    builder: _Builder, path: Path, along: Floats, height: Floats, half: float,
    ground: Callable[[Floats], Floats],
) -> None:  # fmt: skip
    """Stand the deck on posts where it is high enough."""
    at = np.arange(PIER_STEP / 2.0, path.length - 4.0, PIER_STEP)
    if not len(at):
        return
    offsets = (0.0,) if half < 6.0 else (-0.5 * half, 0.5 * half)
    top = np.interp(at, along, height) - THICKNESS + 0.1
    for offset in offsets:
        feet = path.at(at, offset)
        low = ground(feet)
        for foot, floor, head in zip(feet, low, top, strict=True):
            if head - floor >= LEAST_CLEAR:
                _post(builder, foot, float(floor) - 0.5, float(head), PIER_WIDE, 8, path.number)


def _post(
    builder: _Builder, foot: Floats, low: float, high: float, wide: float, sides: int, line: int,
    kind: int = CONCRETE,
) -> None:  # fmt: skip
    turn = np.linspace(0.0, 2.0 * np.pi, sides + 1)
    ring = foot + 0.5 * wide * np.column_stack([np.cos(turn), np.sin(turn)])
    bottom = np.column_stack([ring, np.full(sides + 1, low)])
    top = np.column_stack([ring, np.full(sides + 1, high)])
    builder.strip(bottom, top, kind, line)


def _knots(builder: _Builder, decks: Decks, wide: Floats) -> None:
    """Close the bends where decks meet by discs, as wide as the second widest."""
    if not len(decks):
        return
    ends = np.concatenate([decks.start[:-1], decks.start[1:] - 1])
    keys = np.rint(decks.place[ends] / GRID).astype(np.int64)
    _, node = np.unique(keys, axis=0, return_inverse=True)
    node = node.reshape(-1)
    of = np.tile(wide, 2)
    turn = np.linspace(0.0, 2.0 * np.pi, 17)[:-1]
    for knot in np.flatnonzero(np.bincount(node) > 1):
        mine = np.flatnonzero(node == knot)
        radius = float(np.sort(of[mine])[-2])
        station = ends[mine[np.argmax(of[mine])]]
        middle = np.array([*decks.place[station], decks.height[station] - 0.01])
        rim = middle + radius * np.column_stack([np.cos(turn), np.sin(turn), np.zeros(16)])
        line = int(decks.line[station])
        builder.fan(middle, rim, TOP, line)
        low = rim - [0.0, 0.0, THICKNESS]
        builder.strip(np.vstack([low, low[:1]]), np.vstack([rim, rim[:1]]), CONCRETE, line)


def lamp_body(lamps: Lamps, height: Floats) -> Body:
    """Build street lamps: a post, an arm over the street and a head.

    Parameters
    ----------
    lamps : Lamps
        n lamps.
    height : (n,) float64
        Of their feet, metres above datum.
    """
    post = _box(-0.08, 0.08, -0.08, 0.08, 0.0, LAMP_HIGH)
    arm = _box(0.0, LAMP_REACH, -0.05, 0.05, LAMP_HIGH - 0.10, LAMP_HIGH)
    head = _box(LAMP_REACH - 0.7, LAMP_REACH + 0.1, -0.16, 0.16, LAMP_HIGH - 0.22, LAMP_HIGH - 0.1)
    points = np.vstack([part[0] for part in (post, arm, head)])
    faces = np.vstack([part[1] + 8 * i for i, part in enumerate((post, arm, head))])
    kinds = np.repeat([POLE, POLE, LIGHT], 8).astype(np.uint8)
    n, m = len(lamps.place), len(points)
    ahead = lamps.toward
    out = np.empty((n, m, 3))
    out[..., 0] = lamps.place[:, :1] + points[:, 0] * ahead[:, :1] - points[:, 1] * ahead[:, 1:]
    out[..., 1] = lamps.place[:, 1:] + points[:, 0] * ahead[:, 1:] + points[:, 1] * ahead[:, :1]
    out[..., 2] = height[:, None] + points[:, 2]
    triangles = faces[None] + (np.arange(n) * m)[:, None, None]
    return Body(
        out.reshape(-1, 3), triangles.reshape(-1, 3).astype(np.int32), np.tile(kinds, n),
        np.repeat(lamps.line, m),
    )  # fmt: skip


def portal_body(place: Floats, inward: Floats, wide: Floats, height: Floats, line: Ints) -> Body:
    """Build the mouths of tunnels: a frame of concrete around a dark opening.

    Parameters
    ----------
    place : (n, 2) float64
        Middle of each mouth, metres.
    inward : (n, 2) float64
        Unit vectors into the tunnels.
    wide : (n,) float64
        Width of the openings, metres.
    height : (n,) float64
        Of the street there, metres above datum.
    line : (n,) int64
        Position of the street among those given.
    """
    builder = _Builder()
    for spot, way, width, floor, number in zip(place, inward, wide, height, line, strict=True):
        half, tall = float(width) / 2.0, 5.5
        parts = (
            (0.0, 3.0, half, half + 0.8, -0.5, tall + 1.2, CONCRETE),
            (0.0, 3.0, -half - 0.8, -half, -0.5, tall + 1.2, CONCRETE),
            (0.0, 3.0, -half - 0.8, half + 0.8, tall, tall + 1.2, CONCRETE),
            (2.6, 3.0, -half, half, -0.5, tall, DARK),
        )
        for x0, x1, y0, y1, z0, z1, kind in parts:
            points, faces = _box(x0, x1, y0, y1, z0, z1)
            turned = np.column_stack(
                [
                    spot[0] + points[:, 0] * way[0] - points[:, 1] * way[1],
                    spot[1] + points[:, 0] * way[1] + points[:, 1] * way[0],
                    floor + points[:, 2],
                ]
            )
            builder.add(turned, faces + builder.count, kind, int(number))
    return builder.body()


def _box(
    x0: float, x1: float, y0: float, y1: float, z0: float, z1: float
) -> tuple[Floats, Triangles]:
    points = np.array(
        [(x0, y0, z0), (x1, y0, z0), (x1, y1, z0), (x0, y1, z0),
         (x0, y0, z1), (x1, y0, z1), (x1, y1, z1), (x0, y1, z1)]
    )  # fmt: skip
    faces = np.array(
        [(0, 2, 1), (0, 3, 2), (4, 5, 6), (4, 6, 7), (0, 1, 5), (0, 5, 4),
         (1, 2, 6), (1, 6, 5), (2, 3, 7), (2, 7, 6), (3, 0, 4), (3, 4, 7)], dtype=np.int32,
    )  # fmt: skip
    return points, faces

"""What streets and rails as they are built are made from, worked out without drawing anything.

A plan depends on frozen data alone, so that a thread may make it while a window does other things
(`scene.ahead`); `scene.street_view` draws it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.kinds.base import Features
from layers.shapes import LINE, Floats, Ints, Shapes, starts_of
from layers.street_areas import Ends
from layers.street_heights import Decks, decks_of, rail_grade
from layers.street_marks import Lamps, Marks, Path, rail_marks, street_lamps, street_marks
from layers.streets import IN_TUNNEL, TRACK_GAP, Streets, kerb_height
from layers.style import Style
from layers.water import told_levels
from scene.drape import drape_lines
from scene.street_decks import Body, deck_body, portal_body
from scene.street_strips import strip_mesh
from scene.surface import Surface

Geometries = NDArray[np.object_]
Heights = Callable[[Floats], Floats]
Strip = tuple[Floats, NDArray[np.int32], Ints]
Box = tuple[float, float, float, float]

TILE = 400.0  # metres
ROUND = 70.0  # metres beyond a tile from which streets shape its junctions
ABOVE = 0.30  # metres from the ground to the top of a deck at least
DASH = 8.0  # metres, of tunnels
LEAST_LAMPS = 5.0  # metres from one street lamp to the next at least


@dataclass(frozen=True, slots=True, eq=False)
class Square:
    """A square of the city.

    Attributes
    ----------
    box : (west, south, east, north)
        Metres.
    members, own : (k,) int64
        Lines that shape what lies in it, and those whose middle does.
    """

    box: Box
    members: Ints
    own: Ints


@dataclass(slots=True)
class StreetPlan:
    """Streets or rails of a layer on one ground.

    Attributes
    ----------
    rails : bool
        Whether they are rails.
    streets : Streets
        Those that are built; `lines` are their centre lines.
    surface : Surface
        The ground they lie on.
    ground : (k,) int64
        Which of them lie on it, with `ends` between them.
    decks : Decks
        Of those that are raised.
    squares : list of Square
        Of the lines on the ground.
    low, high : (m, 3) float64
        Corners of boxes around what stands in the squares, project coordinates.
    lamps : Lamps or None
        Street lamps, where any are wanted.
    deck_marks : Marks
        What is painted on decks.
    bodies : list of Body
        Decks and portals.
    kerb : float
        Metres that footways lie above carriageways.
    dashes : (Shapes, (n,) int64) or None
        Tunnels as dashes, and which object each is of.
    """

    rails: bool
    streets: Streets
    lines: Geometries
    surface: Surface
    ground: Ints
    ends: Ends
    decks: Decks
    squares: list[Square]
    low: Floats
    high: Floats
    lamps: Lamps | None
    deck_marks: Marks
    bodies: list[Body]
    dashes: tuple[Shapes, Ints] | None
    kerb: float
    _far: list[tuple[bool, Strip, Ints]] | None = field(default=None)

    @classmethod
    def of(
        cls, features: Features, style: Style, surface: Surface, chosen: Ints, *,
        rails: bool, water: tuple[Features, ...] = (),
    ) -> StreetPlan:  # fmt: skip
        """Plan the streets of a layer.

        Parameters
        ----------
        features : Features
            Its objects.
        style : Style
            How they are to look.
        surface : Surface
            The ground.
        chosen : (k,) int64
            Positions of the objects to build; what is no line is left out.
        rails : bool
            Whether they are rails.
        water : tuple of Features
            Water that bridges stand over.
        """
        every = Streets.of(features, style, rails=rails)
        streets = taken(every, np.flatnonzero(np.isin(every.row, chosen)))
        lines: Geometries = shapely.force_2d(features.shapes.take(streets.row).to_shapely())
        ground, height = np.flatnonzero(streets.on_ground), surface.height_at
        decks = _find_decks(lines, streets, height, water if streets.raised.any() else (), rails)
        squares = _squares(lines, streets, ground)
        low, high = _boxes(squares, height)
        lamps = None
        if style.lamps > 0 and not rails:
            lamps = street_lamps(lines, streets, max(style.lamps, LEAST_LAMPS))
        bodies, dashes = [], None
        if len(decks):
            bodies.append(deck_body(lines, streets, decks, height, parapets=not rails))
        tunnels = np.flatnonzero(streets.structure == IN_TUNNEL)
        if style.tunnels == "dashed" and len(tunnels):
            shapes, of = _dashed(lines[tunnels])
            dashes = (shapes, streets.row[tunnels][of]) if len(shapes) else None
        elif style.tunnels != "hidden" and len(tunnels):
            bodies.append(_portals(lines, streets, ground, height, tunnels))
        return cls(
            rails, streets, lines, surface, ground, Ends.of(lines[ground], streets.width[ground]),
            decks, squares, low, high, lamps,
            _marks_of(lines, streets, style, np.flatnonzero(streets.raised), rails=rails),
            [body for body in bodies if len(body.triangles)], dashes, kerb_height(),
        )  # fmt: skip

    def far(self) -> list[tuple[bool, Strip, Ints]]:
        """Give plain strips for all lines on the ground, made once, those to walk on first.

        Each is whether one walks there, the mesh (see `strip_mesh`), and the object of each point.
        """
        if self._far is None:
            out = []
            part = taken(self.streets, self.ground)
            for walked in (True, False):
                mine = np.flatnonzero(part.walked == walked)
                if not len(mine):
                    continue
                shapes = Shapes.from_shapely(self.lines[self.ground[mine]])
                draped = drape_lines(shapes, self.surface)
                width, rows = part.width[mine], part.row[mine]
                strip = strip_mesh(draped.points, draped.start, width[draped.owner])
                out.append((walked, strip, rows[draped.owner][strip[2]]))
            self._far = out
        return self._far


def taken(streets: Streets, at: Ints) -> Streets:
    """Give some of the streets."""
    return Streets(
        streets.row[at], streets.kind[at], streets.lanes[at], streets.width[at],
        streets.sidewalk[at], streets.oneway[at], streets.level[at], streets.structure[at],
        streets.paved[at], streets.lit[at],
    )  # fmt: skip


def _find_decks(
    lines: Geometries, streets: Streets, height: Heights, water: tuple[Features, ...], rails: bool
) -> Decks:
    areas: list[Geometries] = []
    levels: list[Floats] = []
    for features in water:
        told = told_levels(features)
        known = np.flatnonzero(np.isfinite(told) & (features.shapes.kind == 3))
        areas.append(shapely.force_2d(features.shapes.take(known).to_shapely()))
        levels.append(told[known])
    decks = decks_of(
        lines, streets, height,
        water=np.concatenate(areas) if areas else None,
        water_level=np.concatenate(levels) if levels else None,
        grade=rail_grade(rails),
    )  # fmt: skip
    bank = _bank(lines, streets, decks, height)
    return replace(decks, height=np.maximum(decks.height, bank + ABOVE))


def _bank(lines: Geometries, streets: Streets, decks: Decks, height: Heights) -> Floats:
    """Give the highest ground under each station, across the deck: no bank looks through."""
    half = streets.width / 2.0 + streets.sidewalk
    places = [decks.place]
    for share in (-1.0, -0.5, 0.5, 1.0):
        beside = np.empty_like(decks.place)
        for number in range(len(decks)):
            part = slice(int(decks.start[number]), int(decks.start[number + 1]))
            line = int(decks.of[number])
            path = Path(shapely.get_coordinates(lines[line]), line)
            beside[part] = path.at(decks.along[part], share * float(half[line]))
        places.append(beside)
    found = height(np.concatenate(places)).reshape(len(places), -1)
    return np.asarray(found.max(axis=0))


def _portals(
    lines: Geometries, streets: Streets, ground: Ints, height: Heights, tunnels: Ints
) -> Body:
    """Build a portal where a tunnel meets the ground's streets."""
    places, ways, numbers = [], [], []
    tree = shapely.STRtree(lines[ground])
    for number in tunnels:
        path = Path(shapely.get_coordinates(lines[number]), int(number))
        for at, inner in ((0.0, 1.0), (path.length, path.length - 1.0)):
            spot = path.at(np.array([at]), 0.0)[0]
            if not len(tree.query(shapely.Point(spot), predicate="dwithin", distance=0.5)):
                continue
            way = path.at(np.array([max(inner, 0.0)]), 0.0)[0] - spot
            places.append(spot)
            ways.append(way / max(float(np.hypot(*way)), 1e-9))
            numbers.append(number)
    place = np.array(places).reshape(-1, 2)
    line = np.array(numbers, dtype=np.int64)
    wide = streets.width[line] + 2.0
    heights = height(place) if len(place) else np.empty(0)
    return portal_body(place, np.array(ways).reshape(-1, 2), wide, heights, line)


def _marks_of(
    lines: Geometries, streets: Streets, style: Style, chosen: Ints, *, rails: bool
) -> Marks:
    """Give what is painted on some of the lines; all of them are at one kind of level."""
    if rails:
        return rail_marks(lines, streets, chosen, TRACK_GAP)
    part, mine = taken(streets, chosen), lines[chosen]
    marks = street_marks(
        mine, part, Ends.of(mine, part.width), np.arange(len(part)), left_hand=style.left_hand
    )
    return Marks(
        marks.points, marks.start, marks.width, marks.kind,
        chosen[marks.line] if len(marks) else marks.line, marks.along,
    )  # fmt: skip


def _squares(lines: Geometries, streets: Streets, ground: Ints) -> list[Square]:
    """Sort the lines on the ground into squares."""
    if not len(ground):
        return []
    box = shapely.bounds(lines[ground])
    half = streets.width[ground] / 2.0 + streets.sidewalk[ground]
    box += np.column_stack([-half, -half, half, half])
    corner = np.floor(box[:, :2].min(axis=0) / TILE) * TILE
    middle = shapely.get_coordinates(
        shapely.line_interpolate_point(lines[ground], 0.5, normalized=True)
    )
    home = np.floor((middle - corner) / TILE).astype(np.int64)
    tree = shapely.STRtree(np.asarray(shapely.box(*box.T), dtype=object))
    wide = np.ceil((box[:, 2:].max(axis=0) - corner) / TILE).astype(np.int64)
    column, row = np.meshgrid(np.arange(wide[0]), np.arange(wide[1]))
    low = corner + np.column_stack([column.ravel(), row.ravel()]) * TILE
    squares = np.column_stack([low, low + TILE])
    around_by = np.array([-ROUND, -ROUND, ROUND, ROUND])
    inside = np.split(*_by_first(tree.query(shapely.box(*squares.T)), len(squares)))
    around = np.split(
        *_by_first(tree.query(shapely.box(*(squares + around_by).T)),
                   len(squares))
    )  # fmt: skip
    own = np.split(
        *_by_first(np.stack([home[:, 1] * wide[0] + home[:, 0], np.arange(len(home))]),
                   len(squares))
    )  # fmt: skip
    return [
        Square(
            (float(box[0]), float(box[1]), float(box[2]), float(box[3])),
            ground[np.sort(around[at])], ground[np.sort(own[at])],
        )
        for at, box in enumerate(squares)
        if len(inside[at])
    ]  # fmt: skip


def _by_first(pairs: Ints, count: int) -> tuple[Ints, Ints]:
    """Sort pairs, (2, m), by their first number; gives the second ones and where to split them."""
    order = np.argsort(pairs[0], kind="stable")
    return pairs[1][order], np.searchsorted(pairs[0][order], np.arange(1, count))


def _boxes(squares: list[Square], height: Heights) -> tuple[Floats, Floats]:
    low, high = np.empty((len(squares), 3)), np.empty((len(squares), 3))
    if not squares:
        return low, high
    box = np.array([square.box for square in squares])
    share = np.linspace(0.0, 1.0, 5)
    east = box[:, :1] + share * (box[:, 2:3] - box[:, :1])
    north = box[:, 1:2] + share * (box[:, 3:] - box[:, 1:2])
    grid = np.stack(np.broadcast_arrays(east[:, :, None], north[:, None, :]), axis=-1)
    found = height(grid.reshape(-1, 2)).reshape(len(box), -1)
    low[:] = np.column_stack([box[:, :2], found.min(axis=1) - 5.0])
    high[:] = np.column_stack([box[:, 2:], found.max(axis=1) + 12.0])
    return low, high


def _dashed(lines: Geometries) -> tuple[Shapes, Ints]:
    """Cut lines into dashes; gives them and which line each is of."""
    pieces, sizes, of = [], [], []
    for number, line in enumerate(lines):
        path = Path(shapely.get_coordinates(line))
        for first in np.arange(0.0, path.length, 2.0 * DASH):
            along = path.stations(float(first), float(min(first + DASH, path.length)))
            pieces.append(path.at(along, 0.0))
            sizes.append(len(along))
            of.append(number)
    points = np.vstack(pieces) if pieces else np.empty((0, 2))
    n = len(sizes)
    shapes = Shapes(np.full(n, LINE, np.uint8), points, starts_of(sizes), np.arange(n + 1))
    return shapes, np.array(of, dtype=np.int64)

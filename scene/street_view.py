"""Streets and rails as they are built: surfaces in tiles, paint near the eye, decks, lamps.

The centre lines stay what is stored, chosen and pointed at; everything here is made from them.
Surfaces are made tile by tile as tiles come near the eye, so that a large city opens at once; far
away plain strips stand for them. What is painted is made for the nearest tiles alone.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.kinds.base import Layer
from layers.shapes import LINE, Bools, Floats, Ints, Shapes, starts_of
from layers.street_areas import Ends, street_areas
from layers.street_heights import Decks, decks_of, rail_grade
from layers.street_marks import Marks, Path, rail_marks, street_lamps, street_marks
from layers.streets import IN_TUNNEL, TRACK_GAP, Streets
from layers.style import Rgb
from layers.water import told_levels
from scene.deck_picks import DeckIndex
from scene.drape import drape_lines
from scene.flat_parts import Area, Border
from scene.shadow_bodies import Bodies
from scene.solids import Solid, SolidLook
from scene.street_decks import (
    CONCRETE,
    DARK,
    LIGHT,
    POLE,
    Body,
    deck_body,
    portal_body,
)  # fmt: skip
from scene.street_far import far_strips
from scene.street_fittings import KERB_WIDE, Stones, StreetLights, chosen_lamps, kerb_lines
from scene.street_strips import KERB, Strips, as_lines, farthest, strip_mesh

if TYPE_CHECKING:
    from scene.views.base import FrameState, StageContext

Geometries = NDArray[np.object_]
TILE = 400.0  # metres
ROUND = 70.0  # metres beyond a tile from which streets shape its junctions
SEAM = 0.02  # metres by which tiles overlap, so that no gap shows between them
ABOVE = 0.30  # metres from the ground to the top of a deck at least
ASK_AGAIN = 0.4  # seconds between frames of a window that show new tiles
CLOSE = 500.0  # metres; nearer tiles are made while the eye moves
SURFACE_WIDE = 0.6  # metres: surfaces are drawn as near as things so wide are seen
PAVING = (208, 204, 196)
BALLAST = (148, 140, 130)
BODY_COLOURS = {CONCRETE: (196, 192, 184), POLE: (112, 116, 120), LIGHT: (236, 232, 214),
                DARK: (38, 38, 40)}  # fmt: skip
ASPHALT_KIND, PAVING_KIND, BALLAST_KIND = 0.0, 1.0, 3.0
PAINT_WIDE, LAMP_WIDE = 0.15, 0.5  # metres: how wide the things are that fade out far away
DASH = 8.0  # metres, of tunnels
LAMPS_KEPT = 24  # tiles


@dataclass(slots=True)
class _Tile:
    """A square of the city."""

    box: tuple[float, float, float, float]
    members: Ints  # lines that shape it
    own: Ints  # lines whose middle lies in it
    areas: list[Area] = field(default_factory=list)
    strips: Strips | None = None
    lamps: StreetLights | None = None
    stones: Stones | None = None
    surfaced: bool = False
    painted: bool = False
    kerbs: tuple[Floats, Ints] | None = None


class BuiltLines:
    """The streets, or the rails, of a layer.

    Parameters
    ----------
    layer : Layer
        Its lines are built; its style counts.
    chosen : (k,) int64
        Positions of the objects to build; what is no line is left out.
    context : StageContext
        Where.
    """

    def __init__(self, layer: Layer, chosen: Ints, context: StageContext) -> None:
        self._layer, self._context = layer, context
        self.rails = layer.kind == "rail"
        features = layer.features
        every = Streets.of(features, layer.style, rails=self.rails)
        self.streets = _only(every, np.isin(every.row, chosen))
        self.lines: Geometries = features.shapes.take(self.streets.row).to_shapely()
        self.lines = shapely.force_2d(self.lines)
        self._height = context.ground.surface.height_at
        self._ground = np.flatnonzero(self.streets.on_ground)
        self._ends = Ends.of(self.lines[self._ground], self.streets.width[self._ground])
        self.decks = self._find_decks()
        self.on_decks = DeckIndex(features, self.streets, self.decks)
        self._look = SolidLook()
        self._bodies: list[tuple[Solid, Body]] = []
        self.shadow_bodies: tuple[Bodies, ...] = ()
        self._deck_marks: Strips | None = None
        self._dashes: Border | None = None
        self._tiles = self._cut()
        self._low, self._high = self._boxes()
        self._group: Ints = np.zeros(len(self.streets), dtype=np.int64)
        self._colours: Rgb = np.zeros((len(features), 3), dtype=np.uint8)
        self._under = (0.5, 0.5, 0.5)
        self._opacity, self._shown = 1.0, False
        self._order, self._lift = 0.0, 0.0
        self._lamps = None
        if layer.style.lamps > 0 and not self.rails:
            self._lamps = street_lamps(self.lines, self.streets, max(layer.style.lamps, 5.0))
        self._make_bodies()
        self.waiting = False
        self._due: list[tuple[_Tile, bool, bool]] = []  # the nearest first: painted, lit
        self._asked = 0.0
        self._far: list[Area] | None = None

    # --- what does not depend on the eye -------------------------------------------------------

    def _find_decks(self) -> Decks:
        water: list[Geometries] = []
        levels: list[Floats] = []
        if self.streets.raised.any():
            for layer in self._context.project.layers:
                if layer.kind == "water" and len(layer.data):
                    told = told_levels(layer.features)
                    known = np.flatnonzero(np.isfinite(told) & (layer.features.shapes.kind == 3))
                    water.append(shapely.force_2d(layer.features.shapes.take(known).to_shapely()))
                    levels.append(told[known])
        decks = decks_of(
            self.lines, self.streets, self._height,
            water=np.concatenate(water) if water else None,
            water_level=np.concatenate(levels) if levels else None,
            grade=rail_grade(self.rails),
        )  # fmt: skip
        return replace(decks, height=np.maximum(decks.height, self._bank(decks) + ABOVE))

    def _bank(self, decks: Decks) -> Floats:
        """Give the highest ground under each station, across the deck: no bank looks through."""
        out = self._height(decks.place)
        half = self.streets.width / 2.0 + self.streets.sidewalk
        for number in range(len(decks)):
            part = slice(int(decks.start[number]), int(decks.start[number + 1]))
            line = int(decks.of[number])
            path = Path(shapely.get_coordinates(self.lines[line]), line)
            for share in (-1.0, -0.5, 0.5, 1.0):
                beside = path.at(decks.along[part], share * float(half[line]))
                out[part] = np.maximum(out[part], self._height(beside))
        return out

    def _make_bodies(self) -> None:
        """Build decks and portals; they are few and are drawn at every distance."""
        if len(self.decks):
            body = deck_body(
                self.lines, self.streets, self.decks, self._height, parapets=not self.rails
            )
            self._add_body(body)
            self._paint_decks()
        tunnels = np.flatnonzero(self.streets.structure == IN_TUNNEL)
        how = self._layer.style.tunnels
        if how == "hidden" or not len(tunnels):
            return
        rows = self.streets.row[tunnels]
        if how == "dashed":
            shapes, of = _dashed(self.lines[tunnels])
            if len(shapes):
                self._dashes = Border.of(shapes, rows[of], self._context, colour=None, width=2.0)
        else:
            self._add_body(self._portals(tunnels))

    def _portals(self, tunnels: Ints) -> Body:
        """Build a portal where a tunnel meets the ground's streets."""
        places, ways, numbers = [], [], []
        tree = shapely.STRtree(self.lines[self._ground])
        for number in tunnels:
            path = Path(shapely.get_coordinates(self.lines[number]), int(number))
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
        wide = self.streets.width[line] + 2.0
        heights = self._height(place) if len(place) else np.empty(0)
        return portal_body(place, np.array(ways).reshape(-1, 2), wide, heights, line)

    def _add_body(self, body: Body) -> None:
        if len(body.triangles):
            made = Solid(body.points, body.triangles, self._look, self._context, closed=False)
            self._bodies.append((made, body))
            points = self._context.to_scene(body.points)
            self.shadow_bodies = (*self.shadow_bodies, Bodies.one(points, body.triangles))

    def _paint_decks(self) -> None:
        """Paint lanes, or lay rails, on decks."""
        marks = self._marks_of(np.flatnonzero(self.streets.raised))
        if not len(marks):
            return
        number = np.full(len(self.streets), -1, dtype=np.int64)
        number[self.decks.of] = np.arange(len(self.decks))
        line = np.repeat(marks.line, np.diff(marks.start))
        height = np.zeros(len(line))
        for deck in range(len(self.decks)):
            mine = number[line] == deck
            height[mine] = self.decks.height_along(deck, marks.along[mine])
        points = np.column_stack([marks.points, height + 0.03])
        self._deck_marks = Strips(
            points, marks.start, marks.width, marks.kind, self._context, step=7.0
        )

    def _marks_of(self, chosen: Ints) -> Marks:
        """Give what is painted on some of the lines; all of them are at one kind of level."""
        if self.rails:
            return rail_marks(self.lines, self.streets, chosen, TRACK_GAP)
        part = _taken(self.streets, chosen)
        lines = self.lines[chosen]
        marks = street_marks(
            lines, part, Ends.of(lines, part.width), np.arange(len(part)),
            left_hand=self._layer.style.left_hand,
        )  # fmt: skip
        return Marks(
            marks.points, marks.start, marks.width, marks.kind,
            chosen[marks.line] if len(marks) else marks.line, marks.along,
        )  # fmt: skip

    def _cut(self) -> list[_Tile]:
        """Sort the lines on the ground into tiles."""
        if not len(self._ground):
            return []
        box = shapely.bounds(self.lines[self._ground])
        half = self.streets.width[self._ground] / 2.0 + self.streets.sidewalk[self._ground]
        box += np.column_stack([-half, -half, half, half])
        corner = np.floor(box[:, :2].min(axis=0) / TILE) * TILE
        middle = shapely.get_coordinates(
            shapely.line_interpolate_point(self.lines[self._ground], 0.5, normalized=True)
        )
        home = np.floor((middle - corner) / TILE).astype(np.int64)
        tree = shapely.STRtree(np.asarray(shapely.box(*box.T), dtype=object))
        wide = np.ceil((box[:, 2:].max(axis=0) - corner) / TILE).astype(np.int64)
        cells = np.array([(c, r) for r in range(int(wide[1])) for c in range(int(wide[0]))])
        squares = [
            (corner[0] + c * TILE, corner[1] + r * TILE, corner[0] + (c + 1) * TILE,
             corner[1] + (r + 1) * TILE)
            for c, r in cells
        ]  # fmt: skip
        tiles = []
        for (c, r), square in zip(cells, squares, strict=True):
            inside = tree.query(shapely.box(*square))
            if not len(inside):
                continue
            around = shapely.box(
                square[0] - ROUND, square[1] - ROUND, square[2] + ROUND, square[3] + ROUND
            )
            members = np.sort(tree.query(around))
            own = np.flatnonzero((home == (c, r)).all(axis=1))
            tiles.append(_Tile(square, self._ground[members], self._ground[own]))
        return tiles

    def _boxes(self) -> tuple[Floats, Floats]:
        low, high = np.empty((len(self._tiles), 3)), np.empty((len(self._tiles), 3))
        if not self._tiles:
            return low, high
        box = np.array([tile.box for tile in self._tiles])
        share = np.linspace(0.0, 1.0, 5)
        east = box[:, :1] + share * (box[:, 2:3] - box[:, :1])
        north = box[:, 1:2] + share * (box[:, 3:] - box[:, 1:2])
        grid = np.stack(np.broadcast_arrays(east[:, :, None], north[:, None, :]), axis=-1)
        height = self._height(grid.reshape(-1, 2)).reshape(len(box), -1)
        low[:] = self._context.to_scene(np.column_stack([box[:, :2], height.min(axis=1) - 5.0]))
        high[:] = self._context.to_scene(np.column_stack([box[:, 2:], height.max(axis=1) + 12.0]))
        return low, high

    # --- tiles ----------------------------------------------------------------------------------

    def _surface(self, tile: _Tile) -> None:
        """Make the surfaces of a tile."""
        tile.surfaced = True
        part, members = _taken(self.streets, tile.members), tile.members
        areas = street_areas(
            self.lines[members], part.width, part.sidewalk, walked=part.walked,
            group=self._group[members], rank=part.rank, corner=0.0 if self.rails else 5.0,
        )  # fmt: skip
        rows = self._representatives()
        context = self._context
        kind = BALLAST_KIND if self.rails else ASPHALT_KIND
        walks = _clipped(np.array([areas.footway], dtype=object), tile.box)
        self._add_area(tile, walks, rows, step=1.0, surface=PAVING_KIND, tint=PAVING)
        self._add_area(
            tile, _clipped(areas.path, tile.box), rows, step=0.0, surface=PAVING_KIND,
            tint=PAVING if self._layer.style.colouring is None else None,
        )  # fmt: skip
        self._add_area(tile, _clipped(areas.carriageway, tile.box), rows, step=2.0, surface=kind)
        tile.kerbs = kerb_lines(areas, tile.box)
        for area in tile.areas:
            area.paint(self._colours, self._opacity, shown=self._shown)
            area.place(self._order, self._lift, context)

    def _add_area(
        self, tile: _Tile, pieces: Geometries, rows: Ints, *, step: float, surface: float,
        tint: tuple[int, int, int] | None = None,
    ) -> None:  # fmt: skip
        polygons, group = _polygons(pieces)
        if not len(polygons):
            return
        shapes = Shapes.from_shapely(polygons)
        tile.areas.append(
            Area.of(shapes, rows[group], self._context, step=step, surface=surface, tint=tint)
        )

    def _representatives(self) -> Ints:
        """Give an object of each group: its colour is the group's."""
        _, first = np.unique(self._group, return_index=True)
        return self.streets.row[first]

    def _paint(self, tile: _Tile) -> None:
        """Make what is painted in a tile, its kerbs among it."""
        tile.painted = True
        marks = self._tile_marks(tile)
        points, start, width, kind = marks.points, marks.start, marks.width, marks.kind
        if tile.kerbs is not None and len(tile.kerbs[1]) > 1:
            corners, first = tile.kerbs
            start = np.concatenate([start, first[1:] + start[-1]])
            points = np.vstack([points, corners])
            more = len(first) - 1
            width = np.concatenate([width, np.full(more, KERB_WIDE)])
            kind = np.concatenate([kind, np.full(more, KERB, dtype=np.uint8)])
            tile.stones = Stones(corners, first, self._height, self._look, self._context)
        if not len(width):
            return
        draped = drape_lines(as_lines(points, start), self._context.ground.surface)
        tile.strips = Strips(
            draped.points, draped.start, width[draped.owner], kind[draped.owner], self._context
        )
        tile.strips.place(self._order, self._lift, self._context)

    def _tile_marks(self, tile: _Tile) -> Marks:
        if self.rails:
            return rail_marks(self.lines, self.streets, tile.own, TRACK_GAP)
        at = np.searchsorted(self._ground, tile.own)
        part = _taken(self.streets, self._ground)
        return street_marks(
            self.lines[self._ground], part, self._ends, at, left_hand=self._layer.style.left_hand
        )

    def _light(self, tile: _Tile) -> None:
        """Stand the lamps of a tile."""
        assert self._lamps is not None
        mine = np.flatnonzero(np.isin(self._lamps.line, tile.own))
        lamps = chosen_lamps(self._lamps, mine)
        made = StreetLights(lamps, self._height, self._lift, self._look, self._context)
        made.paint(self._body_colours(made.body), self._opacity)
        tile.lamps = made

    # --- the part of a view -----------------------------------------------------------------------

    def paint(self, colours: Rgb, opacity: float, *, shown: bool) -> None:
        """Give every object its colour; objects of one colour become one surface."""
        self._colours, self._opacity, self._shown = colours, opacity, shown
        mine = colours[self.streets.row]
        group = np.zeros(len(mine), dtype=np.int64)
        if len(mine):
            _, group = np.unique(mine, axis=0, return_inverse=True)
            red, green, blue = (mine.mean(axis=0) / 255.0).tolist()
            self._under = (red, green, blue)
        group = group.reshape(-1)
        if not np.array_equal(group, self._group):
            self._group = group
            for tile in self._tiles:
                self._empty(tile)
        for area in self._far or ():
            area.paint(colours, opacity, shown=shown)
        for tile in self._tiles:
            for area in tile.areas:
                area.paint(colours, opacity, shown=shown)
            for part in (tile.lamps, tile.stones):
                if part is not None:
                    part.show(shown)
        for solid, body in self._bodies:
            solid.paint(self._body_colours(body), opacity)
            solid.show(shown and opacity > 0.0)
        if self._dashes is not None:
            self._dashes.paint(colours, opacity, shown=shown)

    def _body_colours(self, body: Body) -> Rgb:
        out = self._colours[self.streets.row[body.line]].copy()
        if self.rails:
            out[:] = BALLAST
        for kind, colour in BODY_COLOURS.items():
            out[body.kind == kind] = colour
        return out

    def place(self, order: float, lift: float, context: StageContext) -> None:
        """Take another place above the ground."""
        self._order, self._lift = order, lift
        for area in self._far or ():
            area.place(order, lift, context)
        for tile in self._tiles:
            for area in tile.areas:
                area.place(order, lift, context)
            if tile.strips is not None:
                tile.strips.place(order, lift, context)
        if self._deck_marks is not None:
            self._deck_marks.place(order, 0.0, context)
        if self._dashes is not None:
            self._dashes.place(order, lift, context)

    def prepare(self, frame: FrameState, context: StageContext) -> None:
        """Show what the frame needs, the nearest first; a window makes it later (`advance`)."""
        self._look.follow(context.materials)
        seen = frame.sees(self._low, self._high) & self._shown & (self._opacity > 0.0)
        gap = np.maximum(np.maximum(self._low - frame.eye, frame.eye - self._high), 0.0)
        away = np.zeros(len(gap)) if frame.parallel else np.linalg.norm(gap, axis=1)
        surfaced = seen & (away <= farthest(frame, SURFACE_WIDE))
        painted = surfaced & (away <= farthest(frame, PAINT_WIDE))
        lit = surfaced & (away <= farthest(frame, LAMP_WIDE)) & (self._lamps is not None)
        order = np.flatnonzero(surfaced)[np.argsort(away[surfaced], kind="stable")]
        self._due = [
            (tile, bool(painted[at]), bool(lit[at]))
            for at in order
            if not _ready(tile := self._tiles[at], painted=painted[at], lit=lit[at])
            and (away[at] < CLOSE or not context.moving)
        ]
        self.waiting = context.patient and bool(self._due)
        if not context.patient:
            self._make(math.inf)
        for at, tile in enumerate(self._tiles):
            self._show_tile(tile, frame, bool(surfaced[at]), bool(painted[at]), bool(lit[at]))
        ready = np.array([tile.surfaced for tile in self._tiles], dtype=bool)
        self._show_far(shown=bool((seen & ~(surfaced & ready)).any()))
        if self._deck_marks is not None:
            self._deck_marks.lie_on(self._under)
            self._deck_marks.follow(frame)
            self._deck_marks.show(self._shown, self._opacity)
        if self._dashes is not None:
            self._dashes.prepare(frame, context)

    def advance(self, seconds: float) -> bool:
        """Make some tiles of those the last frame wanted; says whether more are to come."""
        if not self._due:
            return False
        self._make(seconds)
        if not self._due or time.monotonic() - self._asked > ASK_AGAIN:
            self._asked = time.monotonic()
            self._context.request_frame()
        return bool(self._due)

    def _make(self, seconds: float) -> None:
        """Make at least one tile that is due, and begin no other one after so long."""
        begun = time.monotonic()
        while self._due:
            tile, painted, lit = self._due.pop(0)
            if not tile.surfaced:
                self._surface(tile)
            if painted and not tile.painted:
                self._paint(tile)
            if lit and tile.lamps is None:
                self._light(tile)
            if time.monotonic() - begun > seconds:
                return

    def _show_tile(
        self, tile: _Tile, frame: FrameState, surfaced: bool, painted: bool, lit: bool
    ) -> None:
        for area in tile.areas:
            area.actor.SetVisibility(surfaced)
        if tile.strips is not None:
            tile.strips.show(painted, self._opacity)
            if painted:
                tile.strips.lie_on(self._under)
                tile.strips.follow(frame)
        if tile.stones is not None:
            tile.stones.show(painted)
        if tile.lamps is not None:
            tile.lamps.show(lit)
            tile.lamps.follow(frame)

    def _show_far(self, *, shown: bool) -> None:
        """Show or hide the strips; they are made when they are first to be seen."""
        if self._far is None and shown:
            part = _taken(self.streets, self._ground)
            self._far = []
            for walked in (True, False):
                mine = part.walked == walked
                tint = PAVING if walked and self._layer.style.colouring is None else None
                area = far_strips(
                    self.lines[self._ground[mine]], part.width[mine], part.row[mine],
                    self._context, tint=tint,
                    surface=BALLAST_KIND if self.rails else PAVING_KIND if walked else ASPHALT_KIND,
                )  # fmt: skip
                if area is not None:
                    area.paint(self._colours, self._opacity, shown=True)
                    area.place(self._order, self._lift, self._context)
                    self._far.append(area)
        for area in self._far or ():
            area.actor.SetVisibility(shown)

    def _empty(self, tile: _Tile) -> None:
        for area in tile.areas:
            area.close(self._context)
        for part in (tile.strips, tile.lamps, tile.stones):
            if part is not None:
                part.close(self._context)
        tile.areas, tile.strips, tile.lamps, tile.stones = [], None, None, None
        tile.surfaced = tile.painted = False

    def close(self, context: StageContext) -> None:
        """Take everything away."""
        for area in self._far or ():
            area.close(context)
        self._far, self._due = None, []
        for tile in self._tiles:
            self._empty(tile)
        for solid, _ in self._bodies:
            solid.close(context)
        for part in (self._deck_marks, self._dashes):
            if part is not None:
                part.close(context)
        self._bodies, self._deck_marks, self._dashes = [], None, None


def _ready(tile: _Tile, *, painted: bool, lit: bool) -> bool:
    """Say whether everything of a tile is there that a frame wants."""
    return tile.surfaced and (tile.painted or not painted) and (tile.lamps is not None or not lit)


def _only(streets: Streets, mask: Bools) -> Streets:
    return _taken(streets, np.flatnonzero(mask))


def _taken(streets: Streets, at: Ints) -> Streets:
    """Give some of the streets."""
    return Streets(
        streets.row[at], streets.kind[at], streets.lanes[at], streets.width[at],
        streets.sidewalk[at], streets.oneway[at], streets.level[at], streets.structure[at],
        streets.paved[at], streets.lit[at],
    )  # fmt: skip


def _clipped(pieces: Geometries, box: tuple[float, float, float, float]) -> Geometries:
    west, south, east, north = box
    square = shapely.box(west - SEAM, south - SEAM, east + SEAM, north + SEAM)
    return np.asarray(shapely.intersection(pieces, square), dtype=object).reshape(-1)


def _polygons(pieces: Geometries) -> tuple[Geometries, Ints]:
    """Give the polygons of areas, and which area each comes from."""
    parts, of = shapely.get_parts(pieces, return_index=True)
    deeper, at = shapely.get_parts(parts, return_index=True)
    parts, of = deeper, of[at]
    good = (shapely.get_type_id(parts) == 3) & (shapely.area(parts) > 1e-4)
    return parts[good], of[good]


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


__all__ = ["BuiltLines", "strip_mesh"]

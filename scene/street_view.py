"""Streets and rails as they are built: surfaces in tiles, paint near the eye, decks, lamps.

The centre lines stay what is stored, chosen and pointed at; everything here is made from them.
Surfaces are made tile by tile as tiles come near the eye, so that a large city opens at once; far
away plain strips stand for them. What is painted is made for the nearest tiles alone.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.kinds.base import Layer
from layers.shapes import Bools, Floats, Ints, Shapes
from layers.street_areas import street_areas
from layers.street_marks import Marks, rail_marks, street_marks
from layers.streets import TRACK_GAP
from layers.style import Rgb
from scene.area_tiles import AreaTiles
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
)  # fmt: skip
from scene.street_far import far_strips
from scene.street_fittings import KERB_WIDE, Stones, StreetLights, chosen_lamps, kerb_lines
from scene.street_plan import StreetPlan, taken
from scene.street_strips import KERB, Strips, as_lines, farthest, strip_mesh

if TYPE_CHECKING:
    from scene.views.base import FrameState, StageContext

Geometries = NDArray[np.object_]
SEAM = 0.02  # metres by which tiles overlap, so that no gap shows between them
ASK_AGAIN = 0.4  # seconds between frames of a window that show new tiles
CLOSE = 500.0  # metres; nearer tiles are made while the eye moves
SURFACE_WIDE = 0.6  # metres: surfaces are drawn as near as things so wide are seen
PAVING = (208, 204, 196)
BALLAST = (148, 140, 130)
BODY_COLOURS = {CONCRETE: (196, 192, 184), POLE: (112, 116, 120), LIGHT: (236, 232, 214),
                DARK: (38, 38, 40)}  # fmt: skip
ASPHALT_KIND, PAVING_KIND, BALLAST_KIND = 0.0, 1.0, 3.0
PAINT_WIDE, LAMP_WIDE = 0.15, 0.5  # metres: how wide the things are that fade out far away
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
    plan : StreetPlan
        What they are made from.
    context : StageContext
        Where.
    """

    def __init__(self, layer: Layer, plan: StreetPlan, context: StageContext) -> None:
        self._layer, self._context, self._plan = layer, context, plan
        self.rails, self.streets, self.lines = plan.rails, plan.streets, plan.lines
        self._height = plan.surface.height_at
        self._ground, self._ends, self._lamps = plan.ground, plan.ends, plan.lamps
        count = len(plan.lamps.place) if plan.lamps is not None else 0
        self._dug: Callable[[Floats], Bools] | None = None
        self._lit: Bools = np.ones(count, dtype=bool)  # lamps whose ground is there
        self.decks = plan.decks
        self.on_decks = DeckIndex(layer.features, self.streets, self.decks)
        context.decks.add(self)
        self._look = SolidLook()
        self._bodies: list[tuple[Solid, Body]] = []
        self.shadow_bodies: tuple[Bodies, ...] = ()
        self._deck_marks: Strips | None = None
        self._dashes: Border | None = None
        self._tiles = [_Tile(square.box, square.members, square.own) for square in plan.squares]
        self._low, self._high = context.to_scene(plan.low), context.to_scene(plan.high)
        self._group: Ints = np.zeros(len(self.streets), dtype=np.int64)
        self._colours: Rgb = np.zeros((len(layer.features), 3), dtype=np.uint8)
        self._under = (0.5, 0.5, 0.5)
        self._opacity, self._shown = 1.0, False
        self._order, self._lift = 0.0, 0.0
        self._make_bodies()
        self.waiting = False
        self._due: list[tuple[_Tile, bool, bool]] = []  # the nearest first: painted, lit
        self._asked = 0.0
        self._far: list[AreaTiles] | None = None

    # --- what does not depend on the eye -------------------------------------------------------

    def _make_bodies(self) -> None:
        """Build decks and portals; they are few and are drawn at every distance."""
        for body in self._plan.bodies:
            self._add_body(body)
        self._paint_decks()
        if self._plan.dashes is not None:
            shapes, rows = self._plan.dashes
            self._dashes = Border.of(shapes, rows, self._context, colour=None, width=2.0)

    def _add_body(self, body: Body) -> None:
        made = Solid(body.points, body.triangles, self._look, self._context, closed=False)
        self._bodies.append((made, body))
        points = self._context.to_scene(body.points)
        self.shadow_bodies = (*self.shadow_bodies, Bodies.one(points, body.triangles))

    def _paint_decks(self) -> None:
        """Paint lanes, or lay rails, on decks."""
        marks = self._plan.deck_marks
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

    # --- tiles ----------------------------------------------------------------------------------

    def _surface(self, tile: _Tile) -> None:
        """Make the surfaces of a tile."""
        tile.surfaced = True
        part, members = taken(self.streets, tile.members), tile.members
        areas = street_areas(
            self.lines[members], part.width, part.sidewalk, walked=part.walked,
            group=self._group[members], rank=part.rank, corner=0.0 if self.rails else 5.0,
        )  # fmt: skip
        rows = self._representatives()
        context = self._context
        kind = BALLAST_KIND if self.rails else ASPHALT_KIND
        walks = _clipped(np.array([areas.footway], dtype=object), tile.box)
        self._add_area(
            tile, walks, rows, step=1.0, surface=PAVING_KIND, tint=PAVING, rise=self._plan.kerb
        )
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
        tint: tuple[int, int, int] | None = None, rise: float = 0.0,
    ) -> None:  # fmt: skip
        polygons, group = _polygons(pieces)
        if not len(polygons):
            return
        shapes = Shapes.from_shapely(polygons)
        tile.areas.append(
            Area.of(
                shapes, rows[group], self._context, step=step, surface=surface, tint=tint, rise=rise
            )
        )

    def deck_heights(self, places: Floats, facing: Floats) -> Floats:
        """Give the top of the deck that somebody goes over, as `DeckIndex.heights` does."""
        if not self._shown:
            return np.full(len(places), -np.inf)
        return self.on_decks.heights(places, facing)

    def rise_at(self, places: Floats) -> Floats:
        """Give how far surfaces are drawn above the ground at places, (n,) metres, else NaN."""
        out = np.full(len(places), np.nan)
        low, high = places.min(axis=0), places.max(axis=0)
        shaping = [
            tile.members for tile in self._tiles
            if (np.array(tile.box[:2]) <= high).all() and (np.array(tile.box[2:]) >= low).all()
        ]  # fmt: skip
        if not shaping:
            return out
        members = np.unique(np.concatenate(shaping))
        part = taken(self.streets, members)
        areas = street_areas(
            self.lines[members], part.width, part.sidewalk, walked=part.walked,
            group=self._group[members], rank=part.rank, corner=0.0 if self.rails else 5.0,
        )  # fmt: skip
        paved = (
            (areas.footway, self._plan.kerb + 0.01),
            (areas.path, 0.0),
            (areas.carriageway, 0.02),
        )
        for pieces, rise in paved:
            for area in np.atleast_1d(np.asarray(pieces, dtype=object)).tolist():
                shapely.prepare(area)
                inside = shapely.contains_xy(area, places[:, 0], places[:, 1])
                out[inside] = np.fmax(out[inside], rise)
        return out

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
            tile.stones = Stones(
                corners, first, self._height, self._plan.kerb, self._look, self._context
            )
            tile.stones.place(self._lift)
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
        part = taken(self.streets, self._ground)
        return street_marks(
            self.lines[self._ground], part, self._ends, at, left_hand=self._layer.style.left_hand
        )

    def _light(self, tile: _Tile) -> None:
        """Stand the lamps of a tile."""
        assert self._lamps is not None
        mine = np.flatnonzero(np.isin(self._lamps.line, tile.own))
        mine = mine[self._lit[mine]]
        lamps = chosen_lamps(self._lamps, mine)
        made = StreetLights(lamps, self._height, self._lift, self._look, self._context)
        made.paint(self._body_colours(made.body), self._opacity)
        tile.lamps = made

    def _dig(self) -> None:
        """Take away the lamps whose ground is dug away, and stand the others up again."""
        self._dug = self._context.dug
        if self._lamps is None:
            return
        lit = np.ones(len(self._lamps.place), dtype=bool)
        if self._dug is not None and len(lit):
            lit = ~self._dug(np.column_stack([self._lamps.place, np.zeros(len(lit))]))
        touched = np.unique(self._lamps.line[lit != self._lit])
        self._lit = lit
        for tile in self._tiles:
            if tile.lamps is not None and np.isin(tile.own, touched).any():
                tile.lamps.close(self._context)
                tile.lamps = None

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
        for strips in self._far or ():
            strips.paint(colours, opacity, shown=shown)
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
        for strips in self._far or ():
            strips.place(order, lift, context)
        for tile in self._tiles:
            for area in tile.areas:
                area.place(order, lift, context)
            if tile.stones is not None:
                tile.stones.place(lift)
            if tile.strips is not None:
                tile.strips.place(order, lift, context)
        if self._deck_marks is not None:
            self._deck_marks.place(order, 0.0, context)
        if self._dashes is not None:
            self._dashes.place(order, lift, context)

    def prepare(self, frame: FrameState, context: StageContext) -> None:
        """Show what the frame needs, the nearest first; a window makes it later (`advance`)."""
        if context.dug is not self._dug:
            self._dig()
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
        self._show_far(frame, shown=bool((seen & ~(surfaced & ready)).any()))
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

    def _show_far(self, frame: FrameState, *, shown: bool) -> None:
        """Show or hide the strips; they are made when they are first to be seen."""
        if self._far is None and shown:
            self._far = []
            for walked, strip, rows in self._plan.far():
                kind = BALLAST_KIND if self.rails else PAVING_KIND if walked else ASPHALT_KIND
                tint = PAVING if walked and self._layer.style.colouring is None else None
                area = far_strips(strip, rows, self._context, surface=kind, tint=tint)
                area.paint(self._colours, self._opacity, shown=True)
                area.place(self._order, self._lift, self._context)
                self._far.append(area)
        for area in self._far or ():
            area.show(shown=shown)
            area.prepare(frame, self._context)

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
        context.decks.discard(self)
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


__all__ = ["BuiltLines", "strip_mesh"]

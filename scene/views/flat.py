"""Flat layers: streets, rails, water, green, districts, control lines, places and plain shapes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import shapely

from layers.kinds.base import Features, Layer
from layers.shapes import LINE, POINT, POLYGON, Bools, Floats, Ints, Shapes
from layers.style import Rgb, Style, rgb
from layers.water import told_levels
from scene.ahead import Work
from scene.area_pieces import BEYOND, AreaPieces, AreaPlan
from scene.area_tiles import AreaTiles, parted
from scene.colours import object_colours
from scene.cover import Cover
from scene.drape import Draped, DrapedLines, drape_lines, drape_polygons
from scene.flat_parts import FILL, ORDERS, RELIEF, Area, Border, Part, Parts, ribbon_widths, ribbons
from scene.flat_points import Places
from scene.ground_tiles import Key
from scene.looks import WORLD
from scene.names import NO_NAMES, anchors, label_set, names_of
from scene.own_heights import AirArea, AirBorder, AirIndex, heights_of
from scene.picking import FlatIndex
from scene.rays import Aim, Hit
from scene.shadow_bodies import Bodies
from scene.street_plan import StreetPlan
from scene.street_view import BuiltLines
from scene.surface import Surface
from scene.symbol_points import SymbolPoints
from scene.trees import Trees
from scene.views.base import NOTHING, Bounds, FrameState, LayerView, StageContext
from scene.water import Filled, WaterArea, filled

CASED = {"roads": 0.62, "rail": 0.0}  # metres a kerb is wide
KERB = 0.80  # how dark kerbs are against the street
BUILT_LINES = ("roads", "rail")
POINTS_OF = {"trees": Trees, "resources": SymbolPoints, "hazards": SymbolPoints}
STEP, MOST_STEPS = 0.02, 0.3  # metres between borders of areas over water that are the same
SURFACES = {"greenery": 2.0}  # kinds of surface of shaders/street.glsl
CHOSEN, POINTED = (255, 128, 13), (64, 158, 250)


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """What of a layer was laid on the ground before it is drawn; None is laid when it is."""

    areas: list[Draped] | AreaPlan | None = None
    borders: DrapedLines | None = None
    streets: StreetPlan | None = None
    water: Filled | None = None


class FlatView(LayerView):
    """Draws a layer of shapes on the ground."""

    flat = True
    #: Whether areas lie on water rather than on its bed.
    afloat: ClassVar[bool] = False

    def __init__(self, layer: Layer, context: StageContext) -> None:
        self._parts: Parts = []
        self._places: Places | None = None
        self._marked: dict[str, Parts] = {"chosen": [], "pointed": []}
        self._drawn_as: tuple[Any, ...] = ()
        self._index: FlatIndex | AirIndex | None = None
        self._box: Bounds | None = None
        self._position = 0
        self._only: Ints | None = None
        self._names, self._named_by = NO_NAMES, ("", "")
        self._cover: Cover | None = None
        self._built = False
        self._lines: BuiltLines | None = None
        self._pieces: AreaPieces | None = None
        super().__init__(layer, context)

    # --- making -----------------------------------------------------------------------------

    def rebuild(self) -> None:
        """Lay everything on the ground anew; a hidden layer waits until it is shown."""
        self._take_away()
        self._index = None
        self._heights: Floats | None = None
        self._box = self._find_box()
        self._built = self.shown
        if not self._built:
            return
        features, style = self.layer.features, self.layer.style
        self._heights = None
        if not style.built:
            self._heights = heights_of(features.shapes, style.heights, self.context.ground)
        self._box = self._find_box()
        self._drawn_as = _form(style)
        rows = self._rows()
        shapes = features.shapes
        kind = shapes.kind[rows]
        part = self.ahead(self.layer, self.context) if self._only is None else None
        laid = Laid() if part is None else self.context.works.take(part) or Laid()
        self._add_areas(rows[kind == POLYGON], laid)
        if style.built and self.layer.kind in BUILT_LINES:
            plan = laid.streets or StreetPlan.of(
                features, style, self.context.ground.surface, rows[kind == LINE],
                rails=self.layer.kind == "rail", water=waters(self.context),
            )  # fmt: skip
            self._lines = BuiltLines(self.layer, plan, self.context)
            self._parts.append(self._lines)
        else:
            self._add_lines(rows[kind == LINE])
        points = rows[kind == POINT]
        if len(points):
            kind_of_points = POINTS_OF.get(self.layer.kind, Places)
            self._places = kind_of_points(features, points, self.layer, self.context)
        self._find_names(rows)
        self._place()

    @classmethod
    def ahead(cls, layer: Layer, context: StageContext) -> Work | None:
        """Lay the layer on the ground, and plan its streets, before it is drawn."""
        features, style, kind = layer.features, layer.style, layer.kind
        if not context.shown(layer) or len(features.shapes.coords) < FEW:
            return None
        water = waters(context) if kind in BUILT_LINES else ()
        surface = context.ground.surface
        key = ("flat", features, kind, _form(style), surface, *water)
        cut = context.ground.cut
        return Work(key, lambda: laid_ahead(features, style, kind, surface, water, cut))

    def _add_areas(self, rows: Ints, laid: Laid) -> None:
        if not len(rows):
            return
        style, kind = self.layer.style, self.layer.kind
        shapes = self.layer.features.shapes.take(rows)
        share = style.fill or FILL.get(kind, 1.0)
        if (heights := self._own_heights(shapes)) is not None:
            self._parts.append(AirArea.at(shapes, heights, rows, self.context, share=share))
            if style.outline is not None or kind in FILL:
                colour = None if style.outline is None else rgb(style.outline)
                self._border(shapes, rows, colour=colour, bright=kind == "control-lines")
            return
        if self.afloat and self._add_afloat(shapes, rows, share):
            return
        relief = RELIEF.get(kind, 1.0)
        if style.built and kind == "water":
            told = told_levels(self.layer.features)[rows]
            water = laid.water or filled(shapes, told, self.context.ground.surface)
            self._parts.append(WaterArea(rows, water, self.context))
            return
        surface = SURFACES.get(kind) if style.built else None
        part = area_of(
            shapes, rows, self.context, laid.areas, share=share, relief=relief, surface=surface
        )
        self._pieces = part if isinstance(part, AreaPieces) else None
        self._parts.append(part)
        if style.outline is not None or kind in FILL:
            colour = None if style.outline is None else rgb(style.outline)
            bright = kind == "control-lines"
            self._border(shapes, rows, colour=colour, bright=bright, laid=laid.borders)

    def _add_afloat(self, shapes: Shapes, rows: Ints, share: float) -> bool:
        """Lay areas beside and on the water; says whether there was any, else nothing is laid."""
        context, areas = self.context, shapes.to_shapely()
        wet = context.water.over(areas)
        if not wet:
            return False
        dry, owner = context.water.dry(areas)
        if len(dry):
            beside = Shapes.from_shapely(dry)
            self._parts.append(
                area_of(beside, rows[owner], context, None, share=share, relief=1.0, surface=None)
            )
        for laid in wet:
            self._parts.append(
                Area.of(shapes, rows, context, share=share, step=1.0, relief=0.0, draped=laid)
            )
        if self.layer.style.outline is not None or self.layer.kind in FILL:
            outline = self.layer.style.outline
            colour = None if outline is None else rgb(outline)
            borders = context.water.borders(areas)
            high = np.repeat(borders.owner, np.diff(borders.start)) * STEP
            borders.points[:, 2] += np.minimum(high, MOST_STEPS)  # the inner of two zones shows
            self._border(shapes, rows, colour=colour, bright=False, laid=borders)
        return True

    def _add_lines(self, rows: Ints) -> None:
        features, style, kind = self.layer.features, self.layer.style, self.layer.kind
        widths = ribbon_widths(features, style, rows)
        if self._heights is not None:
            widths = np.zeros(len(rows))  # in the air lines are as wide as the style's pixels
        wide, thin = rows[widths > 0], rows[widths <= 0]
        if len(wide):
            shapes, metres = features.shapes.take(wide), widths[widths > 0]
            kerb = CASED.get(kind, 0.0)
            if kerb > 0:
                outer = ribbons(shapes, metres, kerb)
                self._parts.append(Area.of(outer, wide, self.context, shade=KERB))
            self._parts.append(Area.of(ribbons(shapes, metres), wide, self.context, step=2.0))
        if len(thin):
            shapes = features.shapes.take(thin)
            bright = kind == "control-lines"
            self._border(shapes, thin, colour=None, bright=bright)

    def _border(
        self, shapes: Shapes, rows: Ints, *, colour: tuple[int, int, int] | None, bright: bool,
        laid: DrapedLines | None = None,
    ) -> None:  # fmt: skip
        width = self.layer.style.line_width
        border = self._lines_of(shapes, rows, colour, width, bright=bright, laid=laid)
        border.lasting = self.layer.kind not in WORLD
        self._parts.append(border)

    def _own_heights(self, shapes: Shapes) -> Floats | None:
        if self._heights is None:
            return None
        how, ground = self.layer.style.heights, self.context.ground
        own = heights_of(shapes, how, ground)
        return ground.height_at(shapes.coords) if own is None else own

    def _lines_of(
        self, shapes: Shapes, rows: Ints, colour: tuple[int, int, int] | None, width: float, *,
        bright: bool, laid: DrapedLines | None = None,
    ) -> Border:  # fmt: skip
        """Draw lines on the ground or at their own heights."""
        heights = self._own_heights(shapes)
        if heights is None:
            return Border.of(
                shapes, rows, self.context, colour=colour, width=width, bright=bright, draped=laid
            )
        return AirBorder.at(
            shapes, heights, rows, self.context, colour=colour, width=width, bright=bright
        )

    def _colours(self) -> Rgb:
        """Give the colour of every object, (n, 3) uint8."""
        return object_colours(self.layer.features, self.layer.style)

    def restyle(self) -> None:
        """Give colours, opacity and visibility; make anew what has another form."""
        if self.shown and not (self._built and _form(self.layer.style) == self._drawn_as):
            self.rebuild()
        colours = self._colours()
        for part in self._parts:
            part.paint(colours, self.layer.opacity, shown=self.shown)
        if self._places is not None:
            self._places.restyle(colours, shown=self.shown)
        for parts in self._marked.values():
            for part in parts:
                part.paint(colours, 1.0, shown=self.shown)
        self._place()
        self._write_names()

    @property
    def _label_key(self) -> str:
        """Under which its names stand: an answer shows several views under one layer."""
        return f"{self.layer.id} {id(self):x}"

    def _write_names(self) -> None:
        labels = self.context.labels
        if self._built and _naming(self.layer.style) != self._named_by:
            self._find_names(self._rows())
        if len(self._names) == 0 or not self.shown or self.layer.opacity <= 0.0:
            labels.remove(self._label_key)
            return
        places = anchors(self.layer.features, self._names.rows)
        self._cover = self.context.cover
        height = self.context.ground.surface.height_at(places)
        points = self.layer.features.shapes.kind[self._names.rows] == POINT
        height[points] = self._cover.tops(places[points])
        if self._heights is not None:
            height = self._mean_heights()[self._names.rows]
        points = self.context.to_scene(np.column_stack([places, height]))
        labels.put(self._label_key, label_set(self.layer, points, self._names))

    def _mean_heights(self) -> Floats:
        """Give the mean height of the corners of each object, (n,) metres."""
        assert self._heights is not None
        starts = self.layer.features.shapes.first_coord
        sums = np.add.reduceat(self._heights, starts[:-1])
        return np.asarray(sums / np.maximum(np.diff(starts), 1))

    def ground_changed(self) -> None:
        """Lie on the ground that is drawn now."""
        self.rebuild()
        self.restyle()

    def set_order(self, position: int) -> None:
        """Lie above the layers below, whatever their lifts."""
        self._position = position
        self._place()

    def _rows(self) -> Ints:
        """Give those of the objects that are drawn."""
        features = self.layer.features
        if self._only is not None:
            return np.flatnonzero(np.isin(features.ids, self._only))
        return np.arange(len(features))

    def _find_names(self, rows: Ints) -> None:
        self._names = names_of(self.layer, rows)
        self._named_by = _naming(self.layer.style)

    def _place(self) -> None:
        order = (self._position + 1) * ORDERS
        lift = lift_of(self.layer, self.context)
        for part in self._parts:
            part.place(order, lift, self.context)
        for number, name in enumerate(("chosen", "pointed"), start=1):
            for part in self._marked[name]:
                part.place(order + 400.0 * number, lift + 0.05 * number, self.context)

    # --- each frame ---------------------------------------------------------------------------

    def prepare(self, frame: FrameState) -> None:
        """Tell lines and marks the size of the picture; names follow new roofs."""
        if len(self._names) and self.shown and self.context.cover is not self._cover:
            self._write_names()
        for part in self._parts:
            part.prepare(frame, self.context)
        for parts in self._marked.values():
            for part in parts:
                part.prepare(frame, self.context)
        if self._places is not None:
            self._places.prepare(frame, shown=self.shown)

    @property
    def bodies(self) -> tuple[Bodies, ...]:
        """Trees, decks of bridges and portals."""
        if self.layer.opacity <= 0.0:
            return ()
        found = () if self._places is None else self._places.bodies
        return found if self._lines is None else (*found, *self._lines.shadow_bodies)

    def advance(self, seconds: float) -> bool:
        """Make streets, and take up areas, that are still to come, for so long."""
        areas = self._pieces is not None and self._pieces.advance(seconds)
        return (self._lines is not None and self._lines.advance(seconds)) or areas

    def complete(self, frame: FrameState) -> bool:
        """Say whether all streets and areas were there."""
        del frame
        areas = self._pieces is None or self._pieces.complete
        return areas and (self._lines is None or not self._lines.waiting)

    def finish(self, frame: FrameState) -> None:
        """Make the streets and areas that a frame wants."""
        if self._pieces is not None:
            self._pieces.finish(frame)
        if self._lines is not None:
            self._lines.prepare(frame, self.context)
            self._lines.advance(math.inf)

    def bounds(self) -> Bounds | None:
        """Give the box around all shapes, at the height of the ground."""
        return self._box

    def laid_at(self, places: Floats) -> Floats:
        """Give the height at which streets and areas are drawn, (n,) metres; NaN where none is."""
        out = np.full(len(places), np.nan)
        if not self.shown or self._heights is not None or self.layer.kind == "water":
            return out
        if self._lines is not None:
            out = self._lines.rise_at(places)
        shapes = self.layer.features.shapes
        rows = self._rows()
        rows = rows[shapes.kind[rows] == POLYGON]
        box = shapes.bounds()[rows]
        near = (box[:, :2] <= places.max(axis=0)).all(axis=1)
        near &= (box[:, 2:] >= places.min(axis=0)).all(axis=1)
        for area in shapely.force_2d(shapes.take(rows[near]).to_shapely()).tolist():
            inside = shapely.contains_xy(area, places[:, 0], places[:, 1])
            out[inside] = np.fmax(out[inside], 0.0)
        lift = lift_of(self.layer, self.context)
        return np.asarray(out + lift + self.context.ground.surface.height_at(places))

    def _find_box(self) -> Bounds | None:
        box = self.layer.data.extent()
        if box is None:
            return None
        west, south, east, north = box
        corners = [(west, south), (east, south), (west, north), (east, north)]
        corners.append(((west + east) / 2, (south + north) / 2))
        heights = self.context.ground.height_at(corners)
        if self._heights is not None:
            heights = np.append(heights, self._heights)
        return west, east, south, north, float(heights.min()), float(heights.max())

    def nearest(self, frame: FrameState) -> float:
        """Leave the distance to the ground itself."""
        del frame
        return float("inf")

    # --- pointing and choosing ----------------------------------------------------------------

    def pick(self, aim: Aim) -> Hit | None:
        """Give the object under a pixel."""
        if self._index is None:
            self._index = (
                FlatIndex(self.layer.features) if self._heights is None
                else AirIndex(self.layer.features, self._heights)
            )  # fmt: skip
        hit = None if self._lines is None else self._lines.on_decks.pick(self.layer.id, aim)
        if hit is None:
            hit = self._index.pick(self.layer.id, aim)
            hit = None if hit is None or self._on_deck(hit.object_id) else hit
        if hit is None or (self._only is not None and hit.object_id not in self._only):
            return None
        return hit

    def _on_deck(self, object_id: int) -> bool:
        """Tell whether an object is seen above the ground that it is stored on."""
        if self._lines is None:
            return False
        return bool(self._lines.on_decks.raised(self.layer.features.index_of([object_id]))[0])

    def inside(self, project: Callable[[Floats], Bools]) -> Ints:
        """Give the objects whose middle is chosen."""
        features = self.layer.features
        middle = features.shapes.centres()
        level = self.context.ground.height_at(middle)
        points = np.column_stack([middle, level if self._heights is None else self._mean_heights()])
        chosen = features.ids[project(points)] if len(features) else NOTHING
        return chosen if self._only is None else chosen[np.isin(chosen, self._only)]

    def select(self, ids: Ints) -> None:
        """Draw the chosen objects again, in the colour of choice."""
        self._mark("chosen", ids, CHOSEN)

    def hover(self, object_id: int | None) -> None:
        """Draw the object that is pointed at again."""
        ids = NOTHING if object_id is None else np.array([object_id], dtype=np.int64)
        self._mark("pointed", ids, POINTED)

    def isolate(self, ids: Ints | None) -> None:
        """Draw these objects alone."""
        self._only = ids
        self.rebuild()
        self.restyle()

    def _mark(self, name: str, ids: Ints, colour: tuple[int, int, int]) -> None:
        for part in self._marked[name]:
            part.close(self.context)
        self._marked[name] = []
        features = self.layer.features
        rows = np.flatnonzero(np.isin(features.ids, ids))
        if self._places is not None:
            self._places.mark(name, rows, colour)
        rows = rows[features.shapes.kind[rows] != POINT]
        if not len(rows):
            return
        width = max(self.layer.style.line_width + 2.0, 3.0)
        parts: Parts = []
        if self._lines is not None:
            above = self._lines.on_decks.raised(rows)
            if above.any():
                deck = self._lines.on_decks
                parts.append(deck.border(rows[above], self.context, colour=colour, width=width))
            rows = rows[~above]
        if len(rows):
            shapes = features.shapes.take(rows)
            parts.append(self._lines_of(shapes, rows, colour, width, bright=True))
        self._marked[name] = parts
        for part in parts:
            part.paint(np.zeros((len(features), 3), dtype=np.uint8), 1.0, shown=self.shown)
        self._place()

    def close(self) -> None:
        """Take everything away."""
        super().close()
        self._take_away()

    def _take_away(self) -> None:
        for part in [*self._parts, *self._marked["chosen"], *self._marked["pointed"]]:
            part.close(self.context)
        self._parts, self._marked = [], {"chosen": [], "pointed": []}
        self._lines = self._pieces = None
        self.context.labels.remove(self._label_key)
        if self._places is not None:
            self._places.close()
            self._places = None


def area_of(
    shapes: Shapes, rows: Ints, context: StageContext, laid: list[Draped] | AreaPlan | None, *,
    share: float, relief: float, surface: float | None,
) -> Part:  # fmt: skip
    """Lay areas on the ground: on a terrain as its pieces are drawn, else large ones in squares."""
    ground = context.ground.surface
    if not ground.flat:
        plan = laid if isinstance(laid, AreaPlan) else AreaPlan.of(shapes, ground)
        return AreaPieces(plan, rows, context, share=share, relief=relief, surface=surface)
    draped = laid if isinstance(laid, list) else parted(drape_polygons(shapes, ground))
    made = [
        Area.of(
            shapes, rows, context, share=share, step=1.0, relief=relief, surface=surface,
            draped=part,
        )
        for part in draped
    ]  # fmt: skip
    return made[0] if len(made) == 1 else AreaTiles.of(made, draped, context)


def waters(context: StageContext) -> tuple[Features, ...]:
    """Give the water that bridges stand over."""
    layers = context.project.layers
    return tuple(x.features for x in layers if x.kind == "water" and len(x.data))


def laid_ahead(
    features: Features, style: Style, kind: str, surface: Surface, water: tuple[Features, ...],
    cut: tuple[Key, ...] = (),
) -> Laid:  # fmt: skip
    """Lay all objects on the ground as `FlatView` does; nothing others see is changed."""
    shapes = features.shapes
    areas: list[Draped] | AreaPlan | None = None
    borders = streets = levels = None
    z, own = shapes.z, style.heights != "ground" and not style.built
    own = own and z is not None and bool(np.isfinite(z).any())  # as `heights_of` has it
    rows = np.flatnonzero(shapes.kind == POLYGON)
    if len(rows) and style.built and kind == "water":
        levels = filled(shapes.take(rows), told_levels(features)[rows], surface)
    elif len(rows) and not own:
        polygons = shapes.take(rows)
        areas = (
            parted(drape_polygons(polygons, surface))
            if surface.flat
            else AreaPlan.of(polygons, surface, (BEYOND, *cut))
        )
        if style.outline is not None or kind in FILL:
            borders = drape_lines(polygons, surface)
    rows = np.flatnonzero(shapes.kind == LINE)
    if len(rows) and style.built and kind in BUILT_LINES:
        streets = StreetPlan.of(features, style, surface, rows, rails=kind == "rail", water=water)
        streets.far()
    return Laid(areas, borders, streets, levels)


def _form(style: Style) -> tuple[Any, ...]:
    """Give what of a style changes triangles and lines, not only their colours."""
    return (style.width_m, style.width_field, style.outline, style.line_width, style.point_size,
            style.built, style.tunnels, style.lamps, style.left_hand, style.heights,
            style.line_form, style.line_height, style.line_preset)  # fmt: skip


def _naming(style: Style) -> tuple[str, str]:
    """Give what of a style says which objects have which name."""
    return style.label_field, style.label_rank


def lift_of(layer: Layer, context: StageContext) -> float:
    """Give how far a flat layer lies above the ground: its style's lift, above those below it."""
    lift = 0.0
    for other in context.project.layers:
        if other.kind in NOT_FLAT:
            continue
        lift = max(other.style.lift, lift + STEP)
        if other is layer:
            return lift
    return layer.style.lift


NOT_FLAT = ("terrain", "buildings", "measurements", "models", "answers", "drills")
FEW = 5000  # corners; smaller layers are laid when they are drawn
STEP = 0.03  # metres from one flat layer to the next at least

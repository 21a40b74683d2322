"""Pipes: true bodies under the ground, or symbols of a map on it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely

from layers.kinds.base import Layer
from layers.kinds.pipes import ABANDONED, EXISTING, PLANNED, Pipes
from layers.pipes.classes import CLASS_KEYS
from layers.pipes.looks import run_codes
from layers.shapes import LINE, Bools, Floats, Ints, Shapes
from layers.style import Rgb, rgb
from scene.colours import object_colours
from scene.labels import LabelSet
from scene.names import anchors, label_set, names_of
from scene.pipe_codes import stretches
from scene.pipe_picking import PipeRays
from scene.pipe_runs import RunFacts
from scene.pipe_tiles import PipeLook, PipeTiles
from scene.rays import Aim, Hit
from scene.texts import INK, PAPER
from scene.views.base import NOTHING, Bounds, FrameState, LayerView, StageContext
from scene.views.flat import FlatView

GREY = np.array([150.0, 150.0, 150.0])  # what abandoned pipes turn to
MOST_CODES = 20_000
DASHES = {PLANNED: 4.0, ABANDONED: 1.0}  # metres, on the map


def pipe_colours(pipes: Pipes, layer: Layer) -> Rgb:
    """Give the colour of every object, (n, 3) uint8: abandoned ones are mostly grey."""
    colours = object_colours(pipes, layer.style)
    gone = pipes.status == ABANDONED
    if gone.any():
        colours = colours.copy()
        colours[gone] = (0.25 * colours[gone] + 0.75 * GREY).astype(np.uint8)
    return colours


def hidden_rows(pipes: Pipes, hidden: tuple[str, ...]) -> Bools:
    """Say which objects belong to classes that are switched off, (n,) bool."""
    codes = [CLASS_KEYS.index(key) for key in hidden if key in CLASS_KEYS]
    return np.isin(pipes.line_class, codes)


class PipesView(LayerView):
    """Draws a layer of pipes, in the way its style says."""

    def __init__(self, layer: Layer, context: StageContext) -> None:
        self._map: _MapView | None = None
        self._tiles: PipeTiles | None = None
        self._look: PipeLook | None = None
        self._rays: PipeRays | None = None
        self._facts: RunFacts | None = None
        self._only: Ints | None = None
        self._tint: Rgb | None = None
        self._selected, self._hovered = NOTHING, -1
        self._position = 0
        super().__init__(layer, context)

    @property
    def data(self) -> Pipes:
        """The layer's pipes."""
        data = self.layer.data
        assert isinstance(data, Pipes)
        return data

    @property
    def flat(self) -> bool:  # type: ignore[override]  # a map lies on the ground, pipes do not
        """Whether what is drawn lies on the ground."""
        return self._map is not None

    @property
    def tiles(self) -> PipeTiles | None:
        """What draws true bodies; None for a map."""
        return self._tiles

    # --- making -------------------------------------------------------------------------------

    def rebuild(self) -> None:
        """Find where everything is anew; meshes are made when they come into view."""
        self._take_away()
        if self.layer.style.pipe_mode == "symbols":
            self._map = _MapView(self.layer, self.context)
            self._map.set_order(self._position)
            return
        self._facts = RunFacts(self.data, self.context.ground)
        self._look = PipeLook()
        self._tiles = PipeTiles(self._facts, self._look, self.context)
        self._rays = PipeRays(self._facts)

    def restyle(self) -> None:
        """Give colours, states and visibility; another mode is made anew."""
        style = self.layer.style
        if (style.pipe_mode == "symbols") != (self._map is not None):
            self.rebuild()
        if self._tiles is not None and self._look is not None:
            self._tiles.arrows, self._tiles.errors = style.pipe_arrows, style.pipe_errors
            self._tiles.show(self.shown, self.layer.opacity)
            self._paint()
        self._write()

    def _paint(self) -> None:
        assert self._look is not None
        rows = np.flatnonzero(np.isin(self.data.ids, self._selected))
        tint = self._tint
        if tint is None or len(tint) != len(self.data):
            tint = pipe_colours(self.data, self.layer)
        visible = self._visible()
        self._look.paint(tint, visible, rows)
        if self._tiles is not None:
            self._tiles.groups.paint(visible, rows)

    def tint(self, colours: Rgb | None) -> None:
        """Show pipes in other colours for a while, (n, 3) uint8; None gives back their own."""
        self._tint = colours
        if self._look is not None:
            self._paint()
        elif self._map is not None:
            self._map.tint = colours
            self._map.restyle()
        self.context.request_frame()

    def _visible(self) -> Bools:
        visible = ~hidden_rows(self.data, self.layer.style.pipe_hidden)
        if self._only is not None:
            visible &= np.isin(self.data.ids, self._only)
        return visible

    def _write(self) -> None:
        """Write codes along runs, or the names that the style asks for."""
        labels, style, data = self.context.labels, self.layer.style, self.data
        rows = np.flatnonzero(self._visible())
        if not self.shown or self.layer.opacity <= 0.0:
            labels.remove(self.layer.id)
            return
        if style.pipe_codes:
            rows = rows[data.role[rows] == 0]
            lengths = data.shapes.lengths()[rows]
            if len(rows) > MOST_CODES:
                longest = np.argpartition(-lengths, MOST_CODES)[:MOST_CODES]
                rows = rows[longest]
            labels.put(self.layer.id, self._codes(rows))
            return
        names = names_of(self.layer, rows)
        if len(names) == 0:
            labels.remove(self.layer.id)
            return
        labels.put(self.layer.id, label_set(self.layer, self._places(names.rows), names))

    def _codes(self, rows: Ints) -> LabelSet:
        """Write codes along runs."""
        style = self.layer.style
        levels = None if self._facts is None else self._facts.levels
        found = stretches(self.data, rows, levels, self.context.ground)
        codes = run_codes(self.data, rows)
        return LabelSet(
            self.context.to_scene(found.middle), tuple(codes[k] for k in found.run.tolist()),
            found.rank, ink=INK if style.label_colour is None else rgb(style.label_colour),
            halo=PAPER, rise=2.0, hideable=not style.label_behind, pixels=style.label_size,
            farthest=style.label_metres or 1500.0,
            along=found.half,
        )  # fmt: skip

    def _places(self, rows: Ints) -> Floats:
        """Give where labels of objects stand, (k, 3) scene coordinates."""
        if self._facts is not None:
            return self.context.to_scene(self._facts.middles[rows])
        place = anchors(self.data, rows)
        return self.context.to_scene(
            np.column_stack([place, self.context.ground.surface.height_at(place)])
        )

    def ground_changed(self) -> None:
        """Follow a new ground: shafts end there, unknown levels count from there."""
        self.rebuild()
        self.restyle()

    def set_order(self, position: int) -> None:
        """Lie above the layers below, as a map."""
        self._position = position
        if self._map is not None:
            self._map.set_order(position)

    # --- each frame ---------------------------------------------------------------------------

    def prepare(self, frame: FrameState) -> None:
        """Choose how finely each tile is drawn, and make what is missing."""
        if self._map is not None:
            self._map.prepare(frame)
        if self._tiles is not None:
            self._tiles.prepare(frame, self.shown, self.layer.opacity)

    def drawn(self) -> None:
        """Ask for another frame where tiles are still to be made."""
        if self._tiles is not None and self._tiles.waiting:
            self.context.request_frame()

    def complete(self, frame: FrameState) -> bool:
        """Say whether all tiles were drawn as they should be."""
        del frame
        return self._tiles is None or not self._tiles.waiting

    def bounds(self) -> Bounds | None:
        """Give the box around all pipes."""
        if self._map is not None:
            return self._map.bounds()
        box = None if self._tiles is None else self._tiles.bounds()
        if box is None:
            return None
        low, high = box[0] + self.context.origin, box[1] + self.context.origin
        return (low[0], high[0], low[1], high[1], low[2], high[2])

    def nearest(self, frame: FrameState) -> float:
        """Give how near the nearest pipes may be."""
        if self._tiles is None:
            return float("inf")
        return self._tiles.nearest(frame)

    # --- pointing and choosing ----------------------------------------------------------------

    def pick(self, aim: Aim) -> Hit | None:
        """Give the run or node under a pixel."""
        if self._map is not None:
            return self._map.pick(aim)
        if self._rays is None:
            return None
        v = aim.viewpoint
        across = 2.0 * np.tan(v.fov / 2.0) / aim.size[1]
        parallel = v.projection == "parallel"
        pixel = across * v.distance if parallel else across
        met = self._rays.meet(
            np.array(aim.ray.origin), np.array(aim.ray.direction), pixel, self._visible(),
            parallel=parallel,
        )  # fmt: skip
        if met is None:
            return None
        metres, row = met
        return Hit(self.layer.id, int(self.data.ids[row]), aim.ray.at(metres), None, metres)

    def inside(self, project: Callable[[Floats], Bools]) -> Ints:
        """Give the ids of the runs and nodes whose middle is chosen."""
        if self._map is not None:
            return self._map.inside(project)
        assert self._facts is not None
        rows = np.flatnonzero(self._visible())
        return np.asarray(self.data.ids[rows[project(self._facts.middles[rows])]])

    def select(self, ids: Ints) -> None:
        """Show these runs and nodes as selected."""
        self._selected = ids
        if self._map is not None:
            self._map.select(ids)
        else:
            self._paint()

    def hover(self, object_id: int | None) -> None:
        """Show this run or node as being pointed at."""
        if self._map is not None:
            self._map.hover(object_id)
        elif self._look is not None:
            rows = NOTHING if object_id is None else np.flatnonzero(self.data.ids == object_id)
            row = int(rows[0]) if len(rows) else -1
            self._look.hover(row)
            if self._tiles is not None:
                self._tiles.groups.hover(row)

    def isolate(self, ids: Ints | None) -> None:
        """Hide all runs and nodes but these."""
        self._only = ids
        if self._map is not None:
            self._map.isolate(ids)
        else:
            self._paint()
        self._write()

    def close(self) -> None:
        """Take everything away."""
        super().close()
        self._take_away()

    def _take_away(self) -> None:
        if self._map is not None:
            self._map.close()
        if self._tiles is not None:
            self._tiles.close()
        if self._look is not None and self.context.renderer.GetRenderWindow() is not None:
            self._look.release(self.context.renderer.GetRenderWindow())
        self.context.labels.remove(self.layer.id)
        self._map = self._tiles = self._look = self._rays = self._facts = None


def dashes(shapes: Shapes, metres: float) -> tuple[Shapes, Ints]:
    """Cut lines into dashes of at most so many metres, as long as the gaps between them.

    Returns
    -------
    Shapes
        The dashes.
    (d,) ndarray of int64
        Which line each is of.
    """
    fine = shapely.segmentize(shapely.force_2d(shapes.to_shapely()), metres)
    points, line = shapely.get_coordinates(fine, return_index=True)
    begin = np.searchsorted(line, line)
    at = np.flatnonzero((line[1:] == line[:-1]) & ((np.arange(len(line)) - begin)[:-1] % 2 == 0))
    coords = points[np.column_stack([at, at + 1]).reshape(-1)]
    count = len(at)
    made = Shapes(
        np.full(count, LINE, np.uint8), coords, 2 * np.arange(count + 1), np.arange(count + 1)
    )
    return made, line[at]


class _MapView(FlatView):
    """Pipes as lines and marks of a map, on the ground; classes switched off are left out."""

    tint: Rgb | None = None

    def _colours(self) -> Rgb:
        given = self.tint
        fits = given is not None and len(given) == len(self.layer.data)
        return given if given is not None and fits else FlatView._colours(self)

    def _write_names(self) -> None:
        """Leave names to the view of the pipes."""

    def _add_lines(self, rows: Ints) -> None:
        """Draw lines; planned ones are dashed, abandoned ones dotted."""
        data = self.layer.data
        assert isinstance(data, Pipes)
        status = data.status[rows]
        FlatView._add_lines(self, rows[status == EXISTING])
        for code, metres in DASHES.items():
            some = rows[status == code]
            if len(some):
                shapes, of = dashes(data.shapes.take(some), metres)
                self._border(shapes, some[of], colour=None, bright=False)

    def _rows(self) -> Ints:
        rows = FlatView._rows(self)
        data = self.layer.data
        assert isinstance(data, Pipes)
        return rows[~hidden_rows(data, self.layer.style.pipe_hidden)[rows]]


__all__ = ["PipesView", "hidden_rows", "pipe_colours"]

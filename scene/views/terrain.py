"""Terrain: the drawn ground in tiles, and the plain around it."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.shapes import Floats
from layers.style import Colouring, colour_numbers, rgb
from scene.actors import drop, mapper_of, polydata, set_colours
from scene.ground_tiles import Sheet
from scene.materials import PLAIN
from scene.surface import Surface
from scene.views.base import Bounds, FrameState, LayerView

BLOCKS = 64  # along each side, for the distance from the eye
MOST_ACTORS = 700  # kept; pieces that are not seen go first


class TerrainView(LayerView):
    """Draws the terrain that counts, the topmost; others are not seen."""

    def rebuild(self) -> None:
        """Take the ground as it is now; its pieces are made when they come into view."""
        self._take_away()
        self._surface: Surface | None = None
        self._pieces: dict[tuple[int, ...], tuple[Sheet, Any]] = {}
        self._seen: set[tuple[int, ...]] = set()
        self._plain: Any = None
        self._box: Bounds | None = None
        self._waiting = False
        if self.context.ground.terrain is not self.layer.data:
            return
        self.context.ground.solid = self.layer.opacity >= 1.0
        surface = self.context.ground.surface
        self._surface = surface
        self._add_plain(surface, surface.mesh()[0])
        self._blocks = _blocks(surface, self.context.origin)
        self._box = self._find_box()

    def _add_plain(self, surface: Surface, points: Floats) -> None:
        around, triangles = surface.plain(points)
        self._plain = self.context.materials.ground_actor(0.0)
        self._plain.SetMapper(mapper_of(polydata(self.context.to_scene(around), triangles)))
        self._plain.GetProperty().SetColor(*PLAIN)
        self.context.renderer.AddActor(self._plain)

    def restyle(self) -> None:
        """Give the ground its colour, opacity and visibility."""
        solid = self.layer.opacity >= 1.0
        if self._surface is not None and solid != self.context.ground.solid:
            self.context.ground.solid = solid
            self._drop_pieces()
        for name, (sheet, actor) in self._pieces.items():
            self._dress(sheet, actor)
            actor.SetVisibility(self.shown and name in self._seen)
        self._show_plain()

    def _dress(self, sheet: Sheet, actor: Any) -> None:
        style = self.layer.style
        by_height = _by_height(style.colouring)
        look = actor.GetProperty()
        look.SetColor(*(part / 255.0 for part in rgb(style.colour)))
        look.SetOpacity(self.layer.opacity)
        mapper = actor.GetMapper()
        mapper.SetScalarVisibility(by_height is not None)
        if by_height is not None:
            set_colours(mapper.GetInput(), colour_numbers(sheet.points[:, 2], by_height))
            mapper.SetColorModeToDirectScalars()

    def ground_changed(self) -> None:
        """Take the ground that is drawn now."""
        self.rebuild()
        self.restyle()

    def prepare(self, frame: FrameState) -> None:
        """Show the pieces that may be in the picture, as fine as the eye can tell."""
        tiles = self.context.ground.tiles(self.context.origin) if self._surface else None
        if tiles is None:
            return
        self._show_plain()
        now = tiles.shown(frame, patient=self.context.patient) if self.shown else []
        self._waiting = self.shown and tiles.waiting > 0
        names = {name for name, _ in now}
        for name in self._seen - names:
            if name in self._pieces:
                self._pieces[name][1].SetVisibility(False)
        factor = frame.away_factor
        for name, sheet in now:
            known = self._pieces.get(name)
            if known is None or known[0] is not sheet:
                known = self._added(name, sheet)
            actor = known[1]
            actor.SetVisibility(True)
            pool = actor.GetShaderProperty().GetVertexCustomUniforms()
            pool.SetUniform3f("depthAway", (sheet.away * frame.stretch, factor, 0.0))
        self._seen = names
        if len(self._pieces) > MOST_ACTORS:
            for name in [n for n in self._pieces if n not in names]:
                drop(self.context.renderer, self._pieces.pop(name)[1])

    def _added(self, name: tuple[int, ...], sheet: Sheet) -> tuple[Sheet, Any]:
        if name in self._pieces:
            drop(self.context.renderer, self._pieces.pop(name)[1])
        actor = self.context.materials.ground_actor(0.0, plain=True)
        actor.SetMapper(mapper_of(sheet.data))
        self._dress(sheet, actor)
        self.context.renderer.AddActor(actor)
        self._pieces[name] = (sheet, actor)
        return self._pieces[name]

    def drawn(self) -> None:
        """Ask for another frame while finer pieces are still to come."""
        if self._waiting:
            self.context.request_frame()

    def bounds(self) -> Bounds | None:
        """Give the box around what the terrain knows."""
        return self._box

    def _find_box(self) -> Bounds | None:
        box = self.layer.data.extent()
        if self._surface is None or box is None:
            return None
        known = self._surface.heights[self._surface.known]
        if known.size == 0:
            return None
        return box[0], box[2], box[1], box[3], float(known.min()), float(known.max())

    def nearest(self, frame: FrameState) -> float:
        """Give a lower bound of the distance from the eye to the ground, metres."""
        if self._surface is None:
            return float("inf")
        low, high = self._blocks
        away = np.maximum(np.maximum(low - frame.eye, frame.eye - high), 0.0)
        return float(np.sqrt((away**2).sum(axis=1).min()))

    def close(self) -> None:
        """Take the ground away."""
        super().close()
        self._take_away()

    def _show_plain(self) -> None:
        if self._plain is not None:
            shown = self.shown and not self.context.materials.transparent
            self._plain.SetVisibility(shown)
            self._plain.GetProperty().SetOpacity(self.layer.opacity)

    def _drop_pieces(self) -> None:
        for _, actor in getattr(self, "_pieces", {}).values():
            drop(self.context.renderer, actor)
        self._pieces = {}
        self._seen = set()

    def _take_away(self) -> None:
        self._drop_pieces()
        if (plain := getattr(self, "_plain", None)) is not None:
            drop(self.context.renderer, plain)


def _by_height(colouring: Colouring | None) -> Colouring | None:
    """Give a colouring that a terrain can follow: ranges of height."""
    return colouring if colouring is not None and colouring.mode == "ranges" else None


def _blocks(surface: Surface, origin: Floats) -> tuple[Floats, Floats]:
    """Give low and high corners, (b, 3) scene metres, of boxes around pieces of the ground."""
    step = max(surface.side // BLOCKS, 1)
    starts = np.arange(0, surface.side, step)
    heights = surface.heights
    tops = np.maximum.reduceat(np.maximum.reduceat(heights, starts, axis=0), starts, axis=1)
    feet = np.minimum.reduceat(np.minimum.reduceat(heights, starts, axis=0), starts, axis=1)
    row, col = (grid.ravel() for grid in np.meshgrid(starts, starts, indexing="ij"))
    west = surface.west + col * surface.step_east - origin[0]
    north = surface.north - row * surface.step_north - origin[1]
    reach_east, reach_north = step * surface.step_east, step * surface.step_north
    low = np.column_stack([west, north - reach_north, feet.ravel() - origin[2]])
    high = np.column_stack([west + reach_east, north, tops.ravel() - origin[2]])
    return low, high

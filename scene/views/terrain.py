"""Terrain: the drawn ground in tiles, and the plain around it."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.shapes import Floats
from layers.style import Colouring, colour_numbers, rgb
from scene.actors import drop, mapper_of, polydata, set_colours
from scene.materials import PLAIN
from scene.surface import Surface
from scene.views.base import Bounds, FrameState, LayerView

TILES = 8  # along each side of the square
BLOCKS = 64  # along each side, for the distance from the eye


class TerrainView(LayerView):
    """Draws the terrain that counts, the topmost; others are not seen."""

    def rebuild(self) -> None:
        """Make the tiles and the plain anew."""
        self._take_away()
        self._surface: Surface | None = None
        self._tiles: list[Any] = []
        self._heights: list[Floats] = []
        self._plain: Any = None
        self._box: Bounds | None = None
        if self.context.ground.terrain is not self.layer.data:
            return
        surface = self.context.ground.surface
        self._surface = surface
        points, triangles = surface.mesh()
        scene = self.context.to_scene(points)
        middle = scene[triangles].mean(axis=1)
        west, south, east, north = surface.extent
        origin = self.context.origin
        corner = np.array([west, south]) - origin[:2]
        share = (middle[:, :2] - corner) / [east - west, north - south]
        place = np.clip((share * TILES).astype(np.int64), 0, TILES - 1)
        tile = place[:, 1] * TILES + place[:, 0]
        low, high = [], []
        for number in np.unique(tile):
            used, corners = np.unique(triangles[tile == number], return_inverse=True)
            actor = self.context.materials.ground_actor(0.0, plain=True)
            data = polydata(scene[used], corners.reshape(-1, 3).astype(np.int32))
            actor.SetMapper(mapper_of(data))
            self.context.renderer.AddActor(actor)
            self._tiles.append(actor)
            self._heights.append(points[used, 2])
            low.append(scene[used].min(axis=0))
            high.append(scene[used].max(axis=0))
        self._low, self._high = np.array(low), np.array(high)
        self._seen = np.ones(len(low), dtype=bool)
        self._add_plain(surface, points)
        self._blocks = _blocks(surface, origin)
        self._box = self._find_box()

    def _add_plain(self, surface: Surface, points: Floats) -> None:
        around, triangles = surface.plain(points)
        self._plain = self.context.materials.ground_actor(0.0)
        self._plain.SetMapper(mapper_of(polydata(self.context.to_scene(around), triangles)))
        self._plain.GetProperty().SetColor(*PLAIN)
        self.context.renderer.AddActor(self._plain)

    def restyle(self) -> None:
        """Give the ground its colour, opacity and visibility."""
        style = self.layer.style
        red, green, blue = rgb(style.colour)
        by_height = _by_height(style.colouring)
        for actor, heights, seen in zip(self._tiles, self._heights, self._seen_now(), strict=True):
            look = actor.GetProperty()
            look.SetColor(red / 255.0, green / 255.0, blue / 255.0)
            look.SetOpacity(self.layer.opacity)
            actor.SetVisibility(self.shown and bool(seen))
            mapper = actor.GetMapper()
            mapper.SetScalarVisibility(by_height is not None)
            if by_height is not None:
                set_colours(mapper.GetInput(), colour_numbers(heights, by_height))
                mapper.SetColorModeToDirectScalars()
        self._show_plain()

    def ground_changed(self) -> None:
        """Take the ground that is drawn now."""
        self.rebuild()
        self.restyle()

    def prepare(self, frame: FrameState) -> None:
        """Show the tiles that may be in the picture."""
        if not self._tiles:
            return
        seen = frame.sees(self._low, self._high)
        for number in np.flatnonzero(seen != self._seen):
            self._tiles[number].SetVisibility(self.shown and bool(seen[number]))
        self._seen = seen
        self._show_plain()

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

    def _seen_now(self) -> Any:
        return self._seen if self._tiles else ()

    def _show_plain(self) -> None:
        if self._plain is not None:
            shown = self.shown and not self.context.materials.transparent
            self._plain.SetVisibility(shown)
            self._plain.GetProperty().SetOpacity(self.layer.opacity)

    def _take_away(self) -> None:
        for actor in [*getattr(self, "_tiles", []), getattr(self, "_plain", None)]:
            if actor is not None:
                drop(self.context.renderer, actor)


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

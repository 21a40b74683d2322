"""Terrain: the drawn ground in tiles, and the plain around it."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.ground_tint import TINTS
from layers.kinds.terrain import Terrain
from layers.planning.contours import HEAVY, heights_written
from layers.shapes import Floats
from layers.style import Colouring, colour_numbers, rgb
from scene.actors import drop, mapper_of, polydata
from scene.ground_tiles import Key, Sheet
from scene.labels import LabelSet
from scene.materials import PLAIN
from scene.relief import Bytes, image_texture
from scene.shading import set_uniform, switch
from scene.surface import Surface, plain_of
from scene.views.base import Bounds, FrameState, LayerView

BLOCKS = 64  # along each side, for the distance from the eye
TEXELS = 1024  # of a row of colours
CONTOUR_INK = (92, 62, 34)
MOST_ACTORS = 700  # kept; pieces that are not seen go first


class TerrainView(LayerView):
    """Draws the terrain that counts, the topmost; others are not seen."""

    def rebuild(self) -> None:
        """Take the ground as it is now; its pieces are made when they come into view."""
        self._take_away()
        self._surface: Surface | None = None
        self._pieces: dict[Key, tuple[Sheet, Any]] = {}
        self._seen: set[Key] = set()
        self._plain: Any = None
        self._box: Bounds | None = None
        self._waiting = False
        self._tint_of: Colouring | None = None
        self._field, self._tint_range, texels = tint_row(None, None)
        self._tint = image_texture(texels)
        self._written: tuple[Terrain, float] | None = None
        if self.context.ground.terrain is not self.layer.data:
            return
        self.context.ground.solid = self.layer.opacity >= 1.0
        surface = self.context.ground.surface
        self._surface = surface
        self._add_plain(surface)
        self._blocks = _blocks(surface, self.context.origin)
        self._box = self._find_box()

    def _add_plain(self, surface: Surface) -> None:
        around, triangles = plain_of(surface)
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
        self._mix_tint()
        self._write_heights()
        for name, (_sheet, actor) in self._pieces.items():
            self._dress(actor)
            actor.SetVisibility(self.shown and name in self._seen)
        self._show_plain()

    def _dress(self, actor: Any) -> None:
        style = self.layer.style
        look, shader = actor.GetProperty(), actor.GetShaderProperty()
        look.SetColor(*(part / 255.0 for part in rgb(style.colour)))
        look.SetOpacity(self.layer.opacity)
        look.RemoveTexture("tintColours")
        look.SetTexture("tintColours", self._tint)
        low, high = self._tint_range
        other = rgb(style.colouring.other if style.colouring is not None else style.colour)
        red, green, blue = (part / 255.0 for part in other)
        switch(shader, "TINTS", on=self._field > 0.0)
        set_uniform(shader, "fragment", "tintField", self._field)
        set_uniform(shader, "fragment", "tintRange", (low, 1.0 / max(high - low, 1e-6), 0.0))
        set_uniform(shader, "fragment", "tintLevel", (red, green, blue))

    def _mix_tint(self) -> None:
        """Make the row of colours of the style, if it has one that a terrain can follow."""
        colouring = self.layer.style.colouring
        if colouring == self._tint_of:
            return
        self._tint_of = colouring
        self._field, self._tint_range, texels = tint_row(colouring, self._box)
        self._tint = image_texture(texels)

    def _write_heights(self) -> None:
        """Write heights beside the heavy contour lines that are drawn."""
        interval = self.layer.style.contours
        data = self.layer.data
        drawn = self._surface is not None and interval > 0 and self.shown
        key = (data, interval) if drawn and isinstance(data, Terrain) else None
        if key == self._written:
            return
        self._written = key
        if key is None:
            self.context.labels.remove(self._label_key)
            return
        points, rank = heights_written(*key)
        if len(points):
            points[:, 2] = np.nan_to_num(self.context.ground.height_at(points[:, :2]))
        heavy = HEAVY * interval
        texts = tuple(f"{round(height / heavy) * heavy:g}" for height in points[:, 2])
        labels = LabelSet(
            self.context.to_scene(points), texts, rank - 1e9, ink=CONTOUR_INK, rise=-8.0,
            hideable=True, pixels=11.0,
        )  # fmt: skip
        self.context.labels.put(self._label_key, labels)

    @property
    def _label_key(self) -> str:
        return f"{self.layer.id}:contours"

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
        interval = self.layer.style.contours if self.shown else 0.0
        self.context.materials.show_contours(interval, self.context.pixel_scale)
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

    def _added(self, name: Key, sheet: Sheet) -> tuple[Sheet, Any]:
        if name in self._pieces:
            drop(self.context.renderer, self._pieces.pop(name)[1])
        actor = self.context.materials.ground_actor(
            0.0, plain=True, contoured=True, surface="terrain",
            uniforms={
                "tintField": ("fragment", 0.0),
                "tintRange": ("fragment", (0.0, 1.0, 0.0)),
                "tintLevel": ("fragment", (0.5, 0.5, 0.5)),
            },
        )  # fmt: skip
        actor.GetProperty().SetTexture("tintColours", self._tint)
        mapper = mapper_of(sheet.data)
        mapper.ScalarVisibilityOff()
        actor.SetMapper(mapper)
        self._dress(actor)
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
        self.context.labels.remove(self._label_key)
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


def tint_row(
    colouring: Colouring | None, box: Bounds | None
) -> tuple[float, tuple[float, float], Bytes]:
    """Give what the shader needs to colour a terrain.

    Returns
    -------
    field : float
        0 for nothing, else 1 and more in the order of `layers.ground_tint.TINTS`.
    range : (float, float)
        Values of the first and the last texel.
    texels : (1, n, 3) uint8
        Colours from low to high.
    """
    if colouring is None or colouring.mode != "ranges" or not colouring.entries:
        return 0.0, (0.0, 1.0), np.zeros((1, 2, 3), dtype=np.uint8)
    ends = [end for entry in colouring.entries for end in (entry.low, entry.high)]
    known = [end for end in ends if end is not None and np.isfinite(end)]
    if box is not None and None in ends:
        known += [box[4], box[5]]
    low, high = min(known, default=0.0), max(known, default=1.0)
    values = low + (np.arange(TEXELS) + 0.5) / TEXELS * (high - low)
    field = TINTS.index(colouring.field) if colouring.field in TINTS else 0
    return field + 1.0, (low, high), colour_numbers(values, colouring)[None]


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

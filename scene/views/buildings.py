"""Buildings: tiles of blocks and surfaces, coloured through a texture of ids."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.shapes import Bools, Floats, Ints
from scene.block_look import BlockLook
from scene.colours import object_colours
from scene.fingerprints import fingerprints
from scene.id_texture import IdTexture, states
from scene.meshing import BlockMesher
from scene.placing import Placing
from scene.prisms import Prisms
from scene.rays import Aim, Hit
from scene.tiles import Tiles
from scene.views.base import NOTHING, Bounds, FrameState, LayerView, StageContext

NEAR = 200.0  # metres within which the nearest building is looked for one by one


class BuildingsView(LayerView):
    """Draws a layer of buildings."""

    def __init__(self, layer: Layer, context: StageContext) -> None:
        self._texture = IdTexture()
        self._look = BlockLook(self._texture.texture)
        self._tiles = Tiles(context, self._look)
        self._mesher: BlockMesher | None = None
        self._placing: Placing | None = None
        self._prisms: Prisms | None = None
        self._boxes: Floats = np.zeros((0, 6))
        self._bounds: Bounds | None = None
        self._hidden: Bools = np.zeros(0, dtype=bool)
        self._selected: Ints = NOTHING
        self._isolated: Ints | None = None
        self._hovered: int | None = None
        super().__init__(layer, context)

    @property
    def data(self) -> Buildings:
        """The buildings."""
        data = self.layer.data
        assert isinstance(data, Buildings)
        return data

    @property
    def tiles_built(self) -> int:
        """How many tiles the last change made anew."""
        return self._tiles.built

    def rebuild(self) -> None:
        """Draw the buildings; tiles in which nothing changed stay as they are."""
        data = self.data
        mesher = BlockMesher(data, self.context.project.base_of(data), self._mesher)
        self._boxes = mesher.boxes()
        places = (self._boxes[:, 0:2] + self._boxes[:, 3:5]) / 2
        prints = fingerprints(mesher)
        if self._placing is None:
            placing = Placing.anew(data.ids, prints, places)
            touched = np.ones(placing.tiles, dtype=bool)
        else:
            placing, touched = self._placing.after(data.ids, prints, places)
        self._mesher, self._placing, self._prisms = mesher, placing, None
        self._tiles.fill(mesher, self._boxes, placing.slots, placing.group, touched)
        self._bounds = None
        if data.drawn.any():
            seen = self._boxes[data.drawn]
            low, high = seen[:, :3].min(axis=0), seen[:, 3:].max(axis=0)
            self._bounds = (low[0], high[0], low[1], high[1], low[2], high[2])

    def restyle(self) -> None:
        """Write colours and states, set opacity and edges."""
        self._look.restyle(self.layer.style, self.layer.opacity)
        self._write()

    def _write(self) -> None:
        """Write the colour and the state of every building."""
        assert self._placing is not None
        colours = object_colours(self.data, self.layer.style)
        self._texture.write(self._placing.slots, colours, self._states())

    def _mark(self) -> None:
        """Write the states alone."""
        assert self._placing is not None
        self._texture.mark(self._placing.slots, self._states())

    def _states(self) -> NDArray[np.uint8]:
        data = self.data
        self._hidden = ~data.drawn
        if self._isolated is not None:
            self._hidden = self._hidden | ~np.isin(data.ids, self._isolated)
        selected = NOTHING
        if len(self._selected):
            selected = np.flatnonzero(np.isin(data.ids, self._selected))
        at = np.flatnonzero(data.ids == self._hovered) if self._hovered is not None else NOTHING
        return states(self._hidden, selected, int(at[0]) if len(at) else None)

    def ground_changed(self) -> None:
        """Stand on the new ground."""
        if np.isnan(self.data.base).any():
            self.rebuild()
            self._write()

    def prepare(self, frame: FrameState) -> None:
        """Show the tiles in view and tell the edges how near they are."""
        self._tiles.prepare(frame, shown=self.shown, dense=self.context.pixel_scale)
        window: Any = self.context.plotter.render_window
        self._look.follow(
            frame,
            self.context.materials,
            self.context.pixel_scale,
            float(window.GetMaximumHardwareLineWidth()),
        )

    def drawn(self) -> None:
        """Draw plainly where the shaders did not compile."""
        if self._look.compiled.proved:
            self._look.compiled.settle()
        if self._look.compiled.proved or self._look.face_shader is None:
            return
        if self._tiles.in_view == 0 or self._mesher is None or self._placing is None:
            return
        self._look.compiled.settle()
        self._tiles.close()
        self._look.give_up()
        everything = np.ones(self._placing.tiles, dtype=bool)
        self._tiles.fill(
            self._mesher, self._boxes, self._placing.slots, self._placing.group, everything
        )
        self.restyle()
        self.context.warn("scene-plain-shading")
        self.context.request_frame()

    def bounds(self) -> Bounds | None:
        """Give the box around all buildings."""
        return self._bounds

    def nearest(self, frame: FrameState) -> float:
        """Give how far the nearest building's box is, metres."""
        nearest = self._tiles.nearest(frame)
        if nearest >= NEAR:
            return nearest
        rows = self._tiles.nearest_rows(frame, NEAR)
        box = self._boxes[rows]
        low, high = box[:, :3] - self.context.origin, box[:, 3:] - self.context.origin
        gap = np.maximum(np.maximum(low - frame.eye, frame.eye - high), 0.0)
        return float(min(np.linalg.norm(gap, axis=1).min(initial=np.inf), NEAR))

    def pick(self, aim: Aim) -> Hit | None:
        """Give the building under a pixel."""
        if self._prisms is None:
            assert self._mesher is not None
            self._prisms = Prisms(self._mesher, self._boxes)
        met = self._prisms.meet(aim.ray, ~self._hidden)
        if met is None:
            return None
        row, metres, normal = met
        return Hit(self.layer.id, int(self.data.ids[row]), aim.ray.at(metres), normal, metres)

    def inside(self, project: Callable[[Floats], Bools]) -> Ints:
        """Give the ids of the buildings whose middle is chosen."""
        rows = np.flatnonzero(~self._hidden)
        middle = (self._boxes[rows, :3] + self._boxes[rows, 3:]) / 2
        return np.asarray(self.data.ids[rows[project(middle)]])

    def select(self, ids: Ints) -> None:
        """Show these buildings as selected."""
        self._selected = ids
        self._mark()

    def hover(self, object_id: int | None) -> None:
        """Show this building as being pointed at."""
        self._hovered = object_id
        self._mark()

    def isolate(self, ids: Ints | None) -> None:
        """Hide all buildings but these."""
        self._isolated = ids
        self._mark()

    def close(self) -> None:
        """Free tiles and texture."""
        super().close()
        self._look.compiled.settle()
        self._tiles.close()
        self._texture.release(self.context.plotter.render_window)

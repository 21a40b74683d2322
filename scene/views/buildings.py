"""Buildings: tiles of blocks and surfaces, coloured through a texture of ids."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.shapes import Bools, Floats, Ints
from layers.style import Rgb
from scene.block_look import BlockLook
from scene.changes import old_rows, otherwise, reshaped
from scene.colours import object_colours
from scene.id_texture import IdTexture, states
from scene.merged import Merged
from scene.meshing import BlockMesher
from scene.model_hides import HiddenByModels
from scene.piece_meshes import Source
from scene.placing import Placing
from scene.prisms import Prisms, nearest_box
from scene.rays import Aim, Hit
from scene.tiles import Tiles
from scene.views.base import NOTHING, Bounds, FrameState, LayerView, StageContext


class BuildingsView(LayerView):
    """Draws a layer of buildings."""

    def __init__(self, layer: Layer, context: StageContext) -> None:
        self._texture = IdTexture()
        self._look = BlockLook(self._texture.texture)
        self._tiles = Tiles(context, self._look)
        self._source: Source | None = None
        self._placing: Placing | None = None
        self._prisms: Prisms | None = None
        self._bounds: Bounds | None = None
        self._colours: Rgb = np.zeros((0, 3), dtype=np.uint8)
        self._hidden: Bools = np.zeros(0, dtype=bool)
        self._selected: Ints = NOTHING
        self._isolated: Ints | None = None
        self._base_of: tuple[object, ...] = ()
        self._models = HiddenByModels(context, layer.id)
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

    @property
    def tiles(self) -> Tiles:
        """What is drawn of the layer, piece by piece."""
        return self._tiles

    def rebuild(self) -> None:
        """Draw the buildings; tiles in which nothing changed stay as they are."""
        data, before = self.data, self._source
        touched: Ints | None = None
        if before is None or self._placing is None:
            mesher = BlockMesher(data, self._bases())
            placing = Placing.anew(data.ids, mesher.plans.places)
        else:
            was = before.mesher
            rows = old_rows(data.ids, was.buildings.ids)
            shaped, plans = reshaped(data, was.buildings, rows), was.plans
            if data.shapes is not was.buildings.shapes:
                plans = was.plans.after(data.shapes, rows, np.flatnonzero(shaped))
            mesher = BlockMesher(data, self._bases(), was, plans)
            placing, touched = self._placing.after(
                data.ids, plans.places, rows, otherwise(mesher, was, rows, shaped)
            )
        same = touched is not None and len(touched) == 0 and before is not None
        merged = before.merged if same and before is not None else None
        if merged is None or merged.tree is not placing.tree:
            merged = Merged(placing.tree, mesher.solids)
        self._placing, self._prisms = placing, None
        self._source = Source(
            mesher, mesher.boxes(), placing.slots, placing.tree, merged, placing.room
        )
        self._tiles.fill(self._source, touched)
        self._bounds = self._measure()

    def _bases(self) -> Floats:
        """Give the levels the buildings stand on."""
        return self.context.project.base_of(self.data)

    def _measure(self) -> Bounds | None:
        pieces = self._tiles.pieces
        if pieces is None or not np.isfinite(pieces.low[0]).all():
            return None
        low, high = pieces.low[0] + self.context.origin, pieces.high[0] + self.context.origin
        return (low[0], high[0], low[1], high[1], low[2], high[2])

    def restyle(self) -> None:
        """Write colours and states, set opacity and edges."""
        self._look.restyle(self.layer.style, self.layer.opacity)
        self._colours = object_colours(self.data, self.layer.style)
        self._write()

    def _write(self) -> None:
        """Write the colour and the state of every building and every cell."""
        source = self._source
        assert source is not None
        now = self._states()
        cells = np.zeros((2 * len(source.merged), 4), dtype=np.uint8)
        source.merged.look(source.mesher.solids, self._colours, now, cells)
        self._texture.write(source.slots, self._colours, now, source.first_cell, cells)

    def _states(self) -> NDArray[np.uint8]:
        data = self.data
        self._hidden = ~data.drawn
        if self._isolated is not None:
            self._hidden = self._hidden | ~np.isin(data.ids, self._isolated)
        if len(self._models.ids):
            self._hidden = self._hidden | np.isin(data.ids, self._models.ids)
        selected = NOTHING
        if len(self._selected):
            selected = np.flatnonzero(np.isin(data.ids, self._selected))
        return states(self._hidden, selected)

    def ground_changed(self) -> None:
        """Stand on the new ground."""
        if np.isnan(self.data.base).any():
            self.rebuild()
            self._write()

    def prepare(self, frame: FrameState) -> None:
        """Show the tiles in view and tell the edges how near they are."""
        if self._models.changed():
            self._write()
        self._tiles.prepare(frame, shown=self.shown, dense=self.context.pixel_scale)
        window: Any = self.context.plotter.render_window
        self._look.follow(
            frame,
            self.context.materials,
            self.context.pixel_scale,
            float(window.GetMaximumHardwareLineWidth()),
        )

    def advance(self, seconds: float) -> bool:
        """Hand over tiles that were made meanwhile."""
        return self._tiles.advance(seconds)

    def finish(self, frame: FrameState) -> None:
        """Make all tiles that a frame wants."""
        self._tiles.finish(frame)

    def drawn(self) -> None:
        """Draw plainly where the shaders did not compile."""
        if self._look.compiled.proved:
            self._look.compiled.settle()
        if self._look.compiled.proved or self._look.face_shader is None:
            return
        if self._tiles.in_view == 0:
            return
        self._look.compiled.settle()
        self._look.give_up()
        self._tiles.begin_plain()
        self.restyle()
        self.context.warn("scene-plain-shading")
        self.context.request_frame()

    def bounds(self) -> Bounds | None:
        """Give the box around all buildings."""
        return self._bounds

    def nearest(self, frame: FrameState) -> float:
        """Give how far the nearest building's box is, metres."""
        pieces, source = self._tiles.pieces, self._source
        if pieces is None or source is None:
            return float("inf")
        tree = source.tree
        return float(
            nearest_box(
                frame.eye + self.context.origin, pieces.low[: len(tree)] + self.context.origin,
                pieces.high[: len(tree)] + self.context.origin, tree.child, tree.children,
                tree.start, tree.end, tree.order, source.boxes,
            )
        )  # fmt: skip

    def pick(self, aim: Aim) -> Hit | None:
        """Give the building under a pixel."""
        source, pieces = self._source, self._tiles.pieces
        if source is None or pieces is None:
            return None
        if self._prisms is None:
            self._prisms = Prisms(source.mesher, source.boxes, source.tree)
        met = self._prisms.meet(aim.ray, ~self._hidden)
        if met is None:
            return None
        row, metres, normal = met
        return Hit(self.layer.id, int(self.data.ids[row]), aim.ray.at(metres), normal, metres)

    def inside(self, project: Callable[[Floats], Bools]) -> Ints:
        """Give the ids of the buildings whose middle is chosen."""
        assert self._source is not None
        boxes = self._source.boxes
        rows = np.flatnonzero(~self._hidden)
        middle = (boxes[rows, :3] + boxes[rows, 3:]) / 2
        return np.asarray(self.data.ids[rows[project(middle)]])

    def select(self, ids: Ints) -> None:
        """Show these buildings as selected."""
        self._selected = ids
        self._write()

    def hover(self, object_id: int | None) -> None:
        """Show this building as being pointed at."""
        at = NOTHING if object_id is None else np.flatnonzero(self.data.ids == object_id)
        assert self._placing is not None
        self._look.hover(int(self._placing.slots[at[0]]) if len(at) else -1)

    def isolate(self, ids: Ints | None) -> None:
        """Hide all buildings but these."""
        self._isolated = ids
        self._look.keep_seen(ids is not None)
        self._write()

    def close(self) -> None:
        """Free tiles and texture."""
        super().close()
        self._look.compiled.settle()
        self._tiles.close()
        self._texture.release(self.context.plotter.render_window)

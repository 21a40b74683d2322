"""What of a stage has to do with pointing and choosing: found, marked, hidden, sketched over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyvista as pv
from numpy.typing import ArrayLike

from layers.shapes import Ints
from scene import cut_picking, picking
from scene.cutting import Cutting
from scene.ground import Ground
from scene.paced import Paced
from scene.rays import Aim, Hit, Point
from scene.sketch import Sketch
from scene.underground import Underground
from scene.views.base import LayerView


class Pointed(Paced):
    """Finds what lies under pixels and marks what is chosen; a base of `scene.stage.Stage`."""

    plotter: pv.BasePlotter
    ground: Ground
    cutting: Cutting
    underground: Underground
    sketch_view: Sketch
    _hovered: tuple[str, int] | None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture, pixels."""
        if self._full is not None:
            return self._full
        window: Any = self.plotter.render_window
        width, height = window.GetSize()
        return max(int(width), 1), max(int(height), 1)

    def pick(self, x: float, y: float) -> Hit | None:
        """Give what is under a pixel, counted from the top left corner; None for the sky."""
        self.build()
        return cut_picking.seek(self, self._views_from_top(), x, y)

    def aim(self, x: float, y: float) -> Aim:
        """Make the question for what is under a pixel."""
        return picking.aim(self._viewpoint, x, y, self.size, self.ground)

    @property
    def ground_layer(self) -> str:
        """Id of the terrain's layer, "" where there is none."""
        terrain = self.ground.terrain
        layers = self.project.layers
        return next((layer.id for layer in layers if layer.data is terrain), "")

    def pick_box(self, x0: float, y0: float, x1: float, y1: float) -> dict[str, Ints]:
        """Give the ids of what has its middle in a rectangle of the picture, by layer."""
        corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
        return self.pick_polygon(corners)

    def pick_polygon(self, corners: ArrayLike) -> dict[str, Ints]:
        """Give the ids of what has its middle in a polygon of the picture, by layer.

        Parameters
        ----------
        corners : (k, 2) array_like of float
            Pixels from the top left corner.
        """
        self.build()
        chooser = picking.PixelPolygon(self._viewpoint, self.size, corners, self.context.gone)
        views = self._views_from_top()
        chosen = {v.layer.id: v.inside(chooser.lowered(v.lift)) for v in views}
        return {layer_id: ids for layer_id, ids in chosen.items() if len(ids)}

    def select(self, selection: Mapping[str, ArrayLike]) -> None:
        """Show these objects, by layer id, as selected, and no others."""
        new = {k: np.asarray(v, dtype=np.int64).reshape(-1) for k, v in selection.items()}
        for layer_id, view in self._views.items():
            none = np.empty(0, dtype=np.int64)
            ids, old = new.get(layer_id, none), self._selection.get(layer_id, none)
            if not np.array_equal(ids, old):
                view.select(ids)
        self._selection = {k: v for k, v in new.items() if len(v)}
        self._same_shapes()

    def hover(self, layer_id: str | None, object_id: int = 0) -> None:
        """Show one object as being pointed at; None shows none."""
        new = (layer_id, object_id) if layer_id and object_id else None
        if new == self._hovered:
            return
        for pair, on in ((self._hovered, False), (new, True)):
            if pair is not None and pair[0] in self._views:
                self._views[pair[0]].hover(pair[1] if on else None)
        self._hovered = new
        self._same_shapes()

    def isolate(self, selection: Mapping[str, ArrayLike] | None) -> None:
        """Hide everything but these objects in the layers named; None shows all again."""
        self.build()
        for layer_id, view in self._views.items():
            ids = None if selection is None else selection.get(layer_id)
            view.isolate(None if ids is None else np.asarray(ids, dtype=np.int64).reshape(-1))
        self.needs_frame.emit()

    def sketch(
        self,
        lines: Iterable[ArrayLike] = (),
        labels: Iterable[tuple[Point, str]] = (),
        area: ArrayLike | None = None,
    ) -> None:
        """Draw the rubber band of a tool over the scene; called with nothing it clears.

        Parameters
        ----------
        lines : iterable of (k, 3) array_like
            Project coordinates.
        labels : iterable of (point, text)
            Texts beside points.
        area : (k, 3) array_like or None
            Outline of a filled area.
        """
        self.sketch_view.show(
            [np.asarray(line, dtype=np.float64).reshape(-1, 3) for line in lines],
            list(labels),
            None if area is None else np.asarray(area, dtype=np.float64).reshape(-1, 3),
        )
        self.needs_frame.emit()

    def _views_from_top(self) -> list[LayerView]:
        ids = [layer.id for layer in reversed(self.project.layers)]
        return [self._views[i] for i in ids if i in self._views and self._views[i].shown]

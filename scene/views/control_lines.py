"""Control lines on the ground, as standing translucent walls, or as volumes."""

from __future__ import annotations

import numpy as np
import shapely

from layers.kinds.control_lines import Lines, lines_of
from layers.shapes import LINE, POLYGON, Floats, Ints, Shapes
from scene.views.flat import FlatView, Laid
from scene.walls import Walls


class ControlLinesView(FlatView):
    """Draws control lines flat as other layers, and what stands on them."""

    def _add_areas(self, rows: Ints, laid: Laid) -> None:
        super()._add_areas(rows, laid)
        if len(rows) and self.layer.style.line_form != "ground":
            self._add_walls(self.layer.features.shapes.take(rows), rows)

    def _add_lines(self, rows: Ints) -> None:
        super()._add_lines(rows)
        if not len(rows) or self.layer.style.line_form == "ground":
            return
        shapes = self.layer.features.shapes.take(rows)
        if self.layer.style.line_form == "volumes":
            told = lines_of(self.layer.features, self.layer.style.line_preset)
            shapes, rows = _corridors(shapes, rows, told)
        self._add_walls(shapes, rows)

    def _add_walls(self, shapes: Shapes, rows: Ints) -> None:
        style = self.layer.style
        told = lines_of(self.layer.features, style.line_preset)
        low, top = heights_of_lines(told, style.line_height)
        walls = Walls.of(
            shapes, rows, low[rows], top[rows], self.context, lids=style.line_form == "volumes"
        )
        if walls is not None:
            self._parts.append(walls)


def heights_of_lines(told: Lines, usual: float) -> tuple[Floats, Floats]:
    """Give foot and head of the walls of each line, (n,) metres above the ground."""
    low = np.where(np.isfinite(told.low), told.low, 0.0)
    top = np.where(np.isfinite(told.top), told.top, np.maximum(usual, low + 1.0))
    return low, np.maximum(top, low)


def _corridors(shapes: Shapes, rows: Ints, told: Lines) -> tuple[Shapes, Ints]:
    """Make areas of lines that are axes of a width; others stay lines."""
    wide = told.axis[rows] & (told.width[rows] > 0) & (shapes.kind == LINE)
    if not wide.any():
        return shapes, rows
    half = told.width[rows][wide] / 2.0
    made = shapely.buffer(shapes.take(np.flatnonzero(wide)).to_shapely(), half, cap_style="flat")
    owner, parts = [], []
    for row, area in zip(rows[wide], made, strict=True):
        for part in shapely.get_parts(area):
            if not part.is_empty:
                owner.append(row)
                parts.append(part)
    areas = Shapes.from_shapely(parts)
    assert (areas.kind == POLYGON).all()
    rest = np.flatnonzero(~wide)
    joined = Shapes.join([areas, shapes.take(rest)])
    return joined, np.concatenate([np.array(owner, dtype=np.int64), rows[rest]])

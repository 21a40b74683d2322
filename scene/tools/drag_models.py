"""Dragging selected models over the ground: their outlines follow the pointer."""

from __future__ import annotations

import numpy as np

from layers.kinds.models import Models
from layers.shapes import Floats, Ints
from scene.rays import Hit
from scene.stage import Stage
from scene.tools.place_model import corners_of, edges_of

SHOWN = 60  # models whose outlines are drawn
STEEP = 0.02  # sines of the angle to the ground below which a line of sight says no place


class DragModels:
    """One drag of models.

    Parameters
    ----------
    stage : Stage
        Where they stand.
    hit : Hit
        What was taken hold of.
    ids : (k,) int64
        All models of its layer that go along.
    """

    def __init__(self, stage: Stage, hit: Hit, ids: Ints) -> None:
        self._stage, self._from = stage, np.array(hit.point)
        self.layer_id, self.ids = hit.layer_id, ids
        self.shift: Floats = np.zeros(3)

    @classmethod
    def of(cls, stage: Stage, hit: Hit | None) -> DragModels | None:
        """Begin a drag where a selected model was taken hold of; None where there is none."""
        if hit is None or not hit.object_id:
            return None
        ids = stage.selection.get(hit.layer_id)
        data = next((x.data for x in stage.project.layers if x.id == hit.layer_id), None)
        if ids is None or hit.object_id not in ids or not isinstance(data, Models):
            return None
        return cls(stage, hit, ids)

    def to(self, x: float, y: float) -> None:
        """Follow the pointer, pixels; the way is level, at the height of what was taken."""
        ray = self._stage.aim(x, y).ray
        fall = ray.direction[2]
        if abs(fall) < STEEP:
            return
        away = (self._from[2] - ray.origin[2]) / fall
        if away <= 0.0:
            return
        self.shift = np.array(ray.at(away)) - self._from
        self.shift[2] = 0.0
        self._show()

    def _show(self) -> None:
        project = self._stage.project
        data = project.layer(self.layer_id).data
        assert isinstance(data, Models)
        rows = data.index_of(self.ids[:SHOWN])
        flat = data.shapes.coords[rows] + self.shift[:2]
        ground = project.ground_at(flat)
        height = np.where(data.on_ground[rows], ground, 0.0) + data.places[rows, 2]
        lines: list[Floats] = []
        for row, place, z in zip(rows, flat, height, strict=True):
            box = data.library.models[int(data.model[row])].box()
            at = np.array([place[0], place[1], z])
            turn, scale = float(data.turn[row]), float(data.scale[row])
            lines += edges_of(corners_of(box, at, turn, scale))
        metres = float(np.hypot(*self.shift[:2]))
        end = self._from + self.shift
        self._stage.sketch([*lines, np.stack([self._from, end])], [(tuple(end), f"{metres:.2f} m")])

    def cancel(self) -> None:
        """Take the outlines away."""
        self._stage.sketch()

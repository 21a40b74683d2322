"""Point clouds: dots, as many as a frame can take."""

from __future__ import annotations

from typing import Any

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from layers.kinds.base import Layer
from layers.kinds.clouds import Cloud
from scene.views.base import Bounds, FrameState, LayerView, StageContext
from scene.vtk_arrays import as_array, as_cells, as_points

BUDGET = 1_500_000  # points in a frame
DENSE = 1.5  # points per pixel of the cloud's outline above which more would not show


class CloudsView(LayerView):
    """Draws a point cloud in halves, quarters, ...: each adds to those before it."""

    def __init__(self, layer: Layer, context: StageContext) -> None:
        self._actors: list[tuple[int, Any]] = []
        super().__init__(layer, context)

    @property
    def data(self) -> Cloud:
        """The points."""
        data = self.layer.data
        assert isinstance(data, Cloud)
        return data

    def rebuild(self) -> None:
        """Make the actors: 25,000 points, then each as many as all before it."""
        self._drop()
        data, start, size = self.data, 0, 25_000
        while start < len(data):
            rows = slice(start, min(start + size, len(data)))
            made = vtkPolyData()
            made.SetPoints(as_points(data.points[rows]))
            count = rows.stop - rows.start
            made.SetVerts(as_cells(np.arange(count, dtype=np.int32).reshape(-1, 1)))
            made.GetPointData().SetScalars(as_array(data.colours[rows]))
            mapper = vtkPolyDataMapper()
            mapper.SetInputData(made)
            mapper.SetColorModeToDirectScalars()
            actor = vtkActor()
            actor.SetMapper(mapper)
            actor.SetPosition(*self.context.to_scene(np.array(data.origin)))
            actor.GetProperty().LightingOff()
            actor.SetPickable(False)
            self.context.renderer.AddActor(actor)
            self._actors.append((rows.start, actor))
            start, size = rows.stop, max(rows.stop, size)

    def restyle(self) -> None:
        """Take size, opacity and visibility."""
        for _, actor in self._actors:
            size = self.layer.style.point_size * self.context.pixel_scale
            actor.GetProperty().SetPointSize(size)
            actor.GetProperty().SetOpacity(self.layer.opacity)
            actor.SetVisibility(self.shown)

    def prepare(self, frame: FrameState) -> None:
        """Show as many points as the picture has room for."""
        wanted = self._room(frame) if self.shown else 0
        for start, actor in self._actors:
            actor.SetVisibility(start < wanted)

    def _room(self, frame: FrameState) -> int:
        """Give how many points are worth drawing: by the pixels the cloud's box covers."""
        box = self.data.box()
        if box is None:
            return 0
        low, high = box - self.context.origin
        if not frame.sees(low[None], high[None])[0]:
            return 0
        gap = np.maximum(np.maximum(low - frame.eye, frame.eye - high), 0.0)
        scale = float(frame.pixels_per_metre(np.linalg.norm(gap)))
        pixels = float((high - low)[:2].max()) ** 2 * scale**2
        return int(min(max(DENSE * pixels, 25_000.0), BUDGET))

    def bounds(self) -> Bounds | None:
        """Give the box around all points."""
        box = self.data.box()
        if box is None:
            return None
        low, high = box.tolist()
        return (low[0], high[0], low[1], high[1], low[2], high[2])

    def _drop(self) -> None:
        for _, actor in self._actors:
            self.context.renderer.RemoveActor(actor)
            actor.ReleaseGraphicsResources(self.context.plotter.render_window)
        self._actors = []

    def close(self) -> None:
        """Free the points."""
        super().close()
        self._drop()

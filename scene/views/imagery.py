"""Imagery: an orthophoto lying on the ground."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from vtkmodules.util.numpy_support import numpy_to_vtk

from layers.kinds.imagery import Imagery
from layers.shapes import Shapes
from scene.actors import drop, mapper_of, polydata
from scene.drape import drape_polygons
from scene.relief import Bytes, image_texture
from scene.views.base import Bounds, LayerView

LONGEST = 8192  # texels along one side
LIFT = 0.02  # metres above the ground


class ImageryView(LayerView):
    """Draws a picture on the ground, at its place among the flat layers."""

    flat = True

    def __init__(self, layer: Any, context: Any) -> None:
        self._actor: Any = None
        self._order = 1
        super().__init__(layer, context)

    @property
    def imagery(self) -> Imagery:
        """The picture."""
        data = self.layer.data
        assert isinstance(data, Imagery)
        return data

    def rebuild(self) -> None:
        """Lay the picture on the ground anew."""
        self._take_away()
        data = self.imagery
        corners = [
            (data.west, data.south), (data.east, data.south),
            (data.east, data.north), (data.west, data.north),
        ]  # fmt: skip
        sheet = Shapes.from_shapely([shapely.Polygon(corners)])
        draped = drape_polygons(sheet, self.context.ground.surface)
        mesh = polydata(self.context.to_scene(draped.points), draped.triangles)
        across = (draped.points[:, 0] - data.west) / (data.east - data.west)
        up = (draped.points[:, 1] - data.south) / (data.north - data.south)
        place = numpy_to_vtk(np.column_stack([across, up]).astype(np.float32), deep=True)
        mesh.GetPointData().SetTCoords(place)
        self._actor = self.context.materials.ground_actor(float(self._order))
        self._actor.SetMapper(mapper_of(mesh))
        self._actor.SetTexture(image_texture(texels(data.pixels)))
        if bool((data.pixels[..., 3] < 255).any()):
            self._actor.ForceTranslucentOn()
        else:
            self._actor.ForceOpaqueOn()
        self._actor.SetPosition(0.0, 0.0, LIFT)
        self.context.renderer.AddActor(self._actor)
        self._heights = float(draped.points[:, 2].min()), float(draped.points[:, 2].max())

    def restyle(self) -> None:
        """Give the picture its opacity and visibility."""
        look = self._actor.GetProperty()
        look.SetColor(1.0, 1.0, 1.0)
        look.SetOpacity(self.layer.opacity)
        if self.layer.opacity < 1.0:
            self._actor.ForceTranslucentOn()
        self._actor.SetVisibility(self.shown)

    def ground_changed(self) -> None:
        """Lie on the ground that is drawn now."""
        self.rebuild()
        self.restyle()

    def set_order(self, position: int) -> None:
        """Learn the place among the flat layers."""
        self._order = position + 1
        self.context.materials.set_order(self._actor, float(self._order))

    def bounds(self) -> Bounds | None:
        """Give the box around the picture."""
        d, (low, high) = self.imagery, self._heights
        return d.west, d.east, d.south, d.north, low, high

    def nearest(self, frame: Any) -> float:
        """Leave the distance to the ground itself."""
        del frame
        return float("inf")

    def close(self) -> None:
        """Take the picture away."""
        super().close()
        self._take_away()

    def _take_away(self) -> None:
        if self._actor is not None:
            drop(self.context.renderer, self._actor)
            self._actor = None


def texels(pixels: Bytes) -> Bytes:
    """Give a picture's bytes for a texture: row 0 at the bottom, no side above the longest.

    Pixels are averaged in blocks; those without colour do not count. A picture that is solid
    everywhere gives three channels.
    """
    step = -(-max(pixels.shape[:2]) // LONGEST)
    if step > 1:
        rows, columns = (n // step for n in pixels.shape[:2])
        cut = pixels[: rows * step, : columns * step].reshape(rows, step, columns, step, 4)
        alpha = cut[..., 3:].astype(np.float32)
        weight = alpha.sum(axis=(1, 3))
        colour = (cut[..., :3] * alpha).sum(axis=(1, 3)) / np.maximum(weight, 1.0)
        pixels = np.concatenate([colour, weight / step**2], axis=2).round().astype(np.uint8)
    if bool((pixels[..., 3] == 255).all()):
        pixels = pixels[..., :3]
    return pixels[::-1]

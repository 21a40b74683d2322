"""Emergency symbols in the scene: pictures that face the eye, of a size in pixels within bounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkRenderingCore import vtkActor, vtkTexture

from layers.drills.symbols import grid_of
from layers.shapes import Floats, Ints
from scene.actors import add_attribute, mapper_of, polydata, set_points
from scene.shading import set_uniform, shader_property
from scene.symbol_pictures import Drawn, atlas

if TYPE_CHECKING:
    from scene.views.base import FrameState

Sheet = tuple[NDArray[np.uint8], int, int]


def greyed(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Take the colours away and half of the contrast, (rows, columns, 4)."""
    light = pixels[..., :3] @ np.array([0.3, 0.59, 0.11])
    out = pixels.copy()
    out[..., :3] = (0.5 * light + 90.0).astype(np.uint8)[..., None]
    return out


class SymbolMarks:
    """Many symbols, one actor; each stands with its lower edge on its place.

    Parameters
    ----------
    points : (m, 3) float64
        Scene coordinates.
    drawn : sequence of (Symbol, str)
        The symbol and label of each.
    size : float
        Pixels when near.
    least : float
        Pixels when far.
    full : float
        Metres from the eye up to which they have their full size.
    order : float
        0 and more: over everything, the more the higher; below 0: among the rest.
    grey : bool
        Without colours, for what is not to be relied on.
    rise : float
        Pixels that they stand above their places.
    sheet : (pixels, columns, rows) or None
        Pictures to choose from instead of symbols; `drawn` is not looked at then.
    also : sequence of (Symbol, str)
        Others that `draw` may show later.
    """

    def __init__(
        self, points: Floats, drawn: Sequence[Drawn], *, size: float = 34.0, least: float = 18.0,
        full: float = 1200.0, order: float = -1.0, grey: bool = False,
        rise: float = 0.0, sheet: Sheet | None = None, also: Sequence[Drawn] = (),
    ) -> None:  # fmt: skip
        self._size, self._least, self._full = size, least, full
        different = list(dict.fromkeys((*drawn, *also)))
        self._number = {one: at for at, one in enumerate(different)}
        which = np.array([self._number[one] for one in drawn], dtype=np.int64)
        if sheet is None:
            pixels = atlas(different)
            self._cells = grid_of(len(different))
        else:
            pixels, which = sheet[0], np.zeros(len(points), dtype=np.int64)
            self._cells = sheet[1:]
        self.actor = vtkActor()
        self._shader = shader_property(
            "symbol",
            uniforms={
                "symbolFrame": ("vertex", (100.0, 100.0, size)),
                "symbolFar": ("vertex", (least / size, full, order)),
            },
        )
        self.actor.SetShaderProperty(self._shader)
        at = 4 * np.arange(len(points))
        triangles = np.concatenate(
            [np.column_stack([at, at + 1, at + 2]), np.column_stack([at, at + 2, at + 3])]
        ).astype(np.int32)
        data = polydata(np.repeat(points, 4, axis=0), triangles)
        square = np.array([[-1, 0], [1, 0], [1, 2], [-1, 2]], dtype=np.float32)
        add_attribute(data, "corner", np.tile(square, (len(points), 1)))
        self._data = data
        self.shift(np.tile([0.0, rise], (len(points), 1)), np.ones(len(points)))
        self.choose(which)
        self.actor.SetMapper(mapper_of(data, symbolCorner="corner", symbolShift="shift"))
        self.actor.SetTexture(texture_of(greyed(pixels) if grey else pixels))
        look = self.actor.GetProperty()
        look.SetLighting(False)
        look.SetAmbient(1.0)
        look.SetDiffuse(0.0)
        look.SetColor(1.0, 1.0, 1.0)
        self.actor.SetPickable(False)
        self.actor.ForceTranslucentOn()

    def prepare(self, frame: FrameState, pixel_scale: float) -> None:
        """Take the size of the picture that is about to be drawn."""
        width, height = frame.size
        value = (float(width), float(height), self._size * pixel_scale)
        set_uniform(self._shader, "vertex", "symbolFrame", value)
        set_uniform(self._shader, "vertex", "symbolScale", float(pixel_scale))

    def draw(self, drawn: Sequence[Drawn]) -> None:
        """Show other symbols of those it was made with, (m,) in the order of the points."""
        self.choose(np.array([self._number[one] for one in drawn], dtype=np.int64))

    def choose(self, which: Ints) -> None:
        """Give each point another picture of the sheet, (m,) positions row by row."""
        columns, rows = self._cells
        cell = np.column_stack([which % columns, rows - 1 - which // columns])
        inner = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=np.float64)
        place = (np.repeat(cell, 4, axis=0) + np.tile(inner, (len(which), 1))) / (columns, rows)
        coords = numpy_to_vtk(np.ascontiguousarray(place, dtype=np.float32), deep=True)
        coords.SetName("place")
        self._data.GetPointData().SetTCoords(coords)
        self._data.Modified()

    def shift(self, pixels: Floats, share: Floats) -> None:
        """Draw each symbol beside its place, (m, 2) pixels right and up, and in another size.

        Parameters
        ----------
        pixels : (m, 2) float64
            Pixels of a symbol of full size.
        share : (m,) float64
            Times its size; 0 hides it.
        """
        values = np.column_stack([pixels, share])
        add_attribute(self._data, "shift", np.repeat(values, 4, axis=0))
        self._data.Modified()

    def move(self, points: Floats) -> None:
        """Put the symbols at other points, as many as before, scene coordinates."""
        set_points(self.actor.GetMapper().GetInput(), np.repeat(points, 4, axis=0))


def texture_of(pixels: NDArray[np.uint8]) -> Any:
    """Make a texture of a picture, the first row uppermost."""
    rows, columns = pixels.shape[:2]
    image = vtkImageData()
    image.SetDimensions(columns, rows, 1)
    flat = np.ascontiguousarray(pixels[::-1].reshape(-1, 4))
    image.GetPointData().SetScalars(numpy_to_vtk(flat, deep=True))
    texture = vtkTexture()
    texture.SetInputData(image)
    texture.InterpolateOn()
    texture.MipmapOn()
    texture.SetMaximumAnisotropicFiltering(1.0)
    texture.RepeatOff()
    texture.SetColorModeToDirectScalars()
    return texture

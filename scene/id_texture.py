"""The look of each building of a layer in a texture: colour, hidden, selected."""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkRenderingCore import vtkTexture

from layers.errors import CityError
from layers.shapes import Bools, Ints
from layers.style import Rgb
from scene.vtk_arrays import as_array

WIDTH = 1024  # texels; select.glsl counts on it
MOST = 1 << 24  # slots a float32 counts without gaps
HIDDEN, SELECTED, PLAIN = 0, 170, 255

Bytes = NDArray[np.uint8]


class IdTexture:
    """A texture with one texel per building slot; changing it costs no mesh."""

    def __init__(self) -> None:
        self._pixels: Bytes = np.zeros((WIDTH, 4), dtype=np.uint8)
        self._image = vtkImageData()
        self.texture = vtkTexture()
        self.texture.SetInputData(self._image)
        self.texture.InterpolateOff()
        self.texture.MipmapOff()
        self.texture.RepeatOff()
        self.texture.SetColorModeToDirectScalars()
        self._grow(1)

    def _grow(self, slots: int) -> None:
        rows = 1
        while rows * WIDTH < slots:
            rows *= 2
        self._pixels = np.zeros((rows * WIDTH, 4), dtype=np.uint8)
        self._image.SetDimensions(WIDTH, rows, 1)
        self._image.GetPointData().SetScalars(as_array(self._pixels))

    def write(
        self, slots: Ints, colours: Rgb, states: Bytes, first: int = 0, cells: Bytes | None = None
    ) -> None:
        """Set the look of buildings and of cells of buildings; all others are hidden.

        Parameters
        ----------
        slots : (n,) int64
            Places of the buildings in the texture.
        colours : (n, 3) uint8
            Red, green, blue.
        states : (n,) uint8
            ``HIDDEN``, ``SELECTED`` or ``PLAIN``.
        first : int
            Place of the first texel of the cells, behind all buildings.
        cells : (c, 4) uint8 or None
            Texels of cells, as `scene.merged` writes them.

        Raises
        ------
        CityError
            ``scene.too_many_buildings`` above sixteen million in one layer.
        """
        need = int(slots.max()) + 1 if len(slots) else 1
        if cells is not None and len(cells):
            need = first + len(cells)
        if need > MOST:
            raise CityError(
                "scene.too_many_buildings",
                f"A layer of {need} buildings cannot be drawn; {MOST} are the most.",
                hint="split the layer into several",
                count=need,
                most=MOST,
            )
        if need > len(self._pixels):
            self._grow(need)
        self._pixels[:] = 0
        _put(slots, colours, states, self._pixels)
        if cells is not None and len(cells):
            self._pixels[first : first + len(cells)] = cells
        self._changed()

    def _changed(self) -> None:
        self._image.GetPointData().GetScalars().Modified()
        self._image.Modified()

    def release(self, window: Any) -> None:
        """Free what the window's graphics card holds."""
        self.texture.ReleaseGraphicsResources(window)


@nb.njit(cache=True, nogil=True)
def _put(slots: Ints, colours: Rgb, states: Bytes, out: Bytes) -> None:  # pragma: no cover
    for i in range(len(slots)):
        at = slots[i]
        out[at, 0], out[at, 1], out[at, 2] = colours[i, 0], colours[i, 1], colours[i, 2]
        out[at, 3] = states[i]


def states(hidden: Bools, selected: Ints) -> Bytes:
    """Give the state of each of n buildings; hidden beats selected.

    Parameters
    ----------
    hidden : (n,) bool
        Those not to be seen.
    selected : (k,) int64
        Positions of the selected ones.
    """
    out = np.full(len(hidden), PLAIN, dtype=np.uint8)
    out[selected] = SELECTED
    out[hidden] = HIDDEN
    return out

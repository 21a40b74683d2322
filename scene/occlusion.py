"""Shade in corners: where walls meet the ground and between houses less of the sky is seen.

Worked out on the processor from the depths of a finished frame, once the eye rests, and laid over
the picture: it needs no shader, costs nothing while the eye moves, and looks the same on every
driver. On a plane the depth buffer is linear across the picture, so a place that lies deeper than
the mean of two opposite neighbours lies in a hollow, however steeply one looks at it.
"""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkFloatArray, vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkImageData, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkPolyDataMapper2D, vtkTexture, vtkTexturedActor2D

Depths = NDArray[np.float32]
Shades = NDArray[np.float32]

REACH = 7.0  # metres within which walls take light
STRENGTH = 0.5  # of the light that the deepest corner loses
MOST_PIXELS = 40.0  # a near wall darkens no wider strip
FINE_FROM = 20.0  # pixels; wider strips are asked at more places, or one would see each of these
STEPS = 6
FEWEST_PIXELS = 1.5  # finer shade than this is not drawn: far houses would only get dirty


def shade(
    depth: Depths, near: float, far: float, pixels: float, *, parallel: bool = False,
    reach: float = REACH,
) -> Shades:  # fmt: skip
    """Give the share of light that is left at each pixel.

    Parameters
    ----------
    depth : (h, w) float32
        Depth buffer, 0 near to 1 far; 1 is the sky.
    near, far : float
        What the depths reach from and to, metres.
    pixels : float
        Pixels per radian; per metre where the lines of sight are parallel.
    parallel : bool
        Whether they are.
    reach : float
        Metres within which walls take light.

    Returns
    -------
    (h, w) float32
        1 where nothing is taken.
    """
    out: Shades = np.ones(depth.shape, dtype=np.float32)
    _shade(depth, near, far, pixels, parallel, reach, out)
    return out


@nb.njit(cache=True, nogil=True)
def _shade(
    depth: Depths, near: float, far: float, pixels: float, parallel: bool, reach: float,
    out: Shades,
) -> None:  # fmt: skip # pragma: no cover
    rows, columns = depth.shape
    ways = ((1.0, 0.0), (0.0, 1.0), (0.7, 0.7), (0.7, -0.7), (0.92, 0.38), (0.38, -0.92))
    few, many = np.array([0.25, 0.55, 1.0]), np.arange(1, STEPS + 1) / STEPS
    depth_span = far - near
    for row in range(rows):
        for column in range(columns):
            here = depth[row, column]
            if here >= 1.0:
                continue
            if parallel:
                metres, scale = depth_span, pixels
                beside, behind = here + reach / depth_span, here + 2.0 * reach / depth_span
            else:
                away = near * far / (far - here * depth_span)
                metres, scale = away * away * depth_span / (near * far), pixels / away
                beside = (far - near * far / (away + reach)) / depth_span
                behind = (far - near * far / (away + 2.0 * reach)) / depth_span
            span = min(reach * scale, MOST_PIXELS)
            if span < FEWEST_PIXELS:
                continue
            steps = many if span > FINE_FROM else few
            taken = 0.0
            for dx, dy in ways:
                deepest = 0.0
                for step in steps:
                    x, y = round(dx * span * step), round(dy * span * step)
                    r0, c0, r1, c1 = row + y, column + x, row - y, column - x
                    if min(r0, r1) < 0 or max(r0, r1) >= rows:
                        break
                    if min(c0, c1) < 0 or max(c0, c1) >= columns:
                        break
                    one, other = depth[r0, c0], depth[r1, c1]
                    hollow = (here - 0.5 * (one + other)) * metres
                    size = span * step / scale  # metres to the neighbours
                    if hollow > 0.04 * size:
                        share = min(hollow / size, 1.0) * (1.15 - step)
                        # what stands far before it is no wall beside it
                        share *= max(1.0 - max(hollow / size - 1.2, 0.0), 0.0)
                        # nor is what stands far behind it, over flat ground seen from low
                        left = (behind - max(one, other)) / (behind - beside)
                        share *= min(max(left, 0.0), 1.0)
                        deepest = max(deepest, share)
                taken += deepest
            out[row, column] = 1.0 - STRENGTH * taken / len(ways)


def smoothed(shades: Shades) -> Shades:
    """Give the means over three by three pixels."""
    wide = np.pad(shades, 1, mode="edge")
    across = (wide[:, :-2] + wide[:, 1:-1] + wide[:, 2:]) / 3.0
    return np.asarray((across[:-2] + across[1:-1] + across[2:]) / 3.0, dtype=np.float32)


def depths(window: Any) -> Depths:
    """Read the depth buffer of a finished frame, (h, w) float32, row 0 at the bottom."""
    width, height = window.GetSize()
    found = vtkFloatArray()
    window.GetZbufferData(0, 0, width - 1, height - 1, found)
    return np.asarray(vtk_to_numpy(found).reshape(height, width), dtype=np.float32)


class Occlusion:
    """The shade laid over a window.

    Parameters
    ----------
    renderer : vtkRenderer
        Where.
    """

    def __init__(self, renderer: Any) -> None:
        self._renderer = renderer
        self.kept = False  # whether the next frame shows the same shapes
        self._image = vtkImageData()
        self._texture = vtkTexture()
        self._texture.SetInputData(self._image)
        self._texture.SetColorModeToDirectScalars()
        self._texture.InterpolateOn()
        self._data = vtkPolyData()
        mapper = vtkPolyDataMapper2D()
        mapper.SetInputData(self._data)
        self.actor = vtkTexturedActor2D()
        self.actor.SetMapper(mapper)
        self.actor.SetTexture(self._texture)
        self.actor.VisibilityOff()
        renderer.AddViewProp(self.actor)

    @property
    def shown(self) -> bool:
        """Whether there is shade in the picture."""
        return bool(self.actor.GetVisibility())

    def show(self, shades: Shades) -> None:
        """Lay shade, (h, w), row 0 at the bottom, over the whole window."""
        rows, columns = shades.shape
        pixels = np.zeros((rows * columns, 4), dtype=np.uint8)
        pixels[:, 3] = np.round((1.0 - shades.reshape(-1)) * 255.0)
        self._image.SetDimensions(columns, rows, 1)
        self._image.GetPointData().SetScalars(numpy_to_vtk(pixels, deep=True))
        self._image.Modified()
        width, height = self._renderer.GetSize()
        points = vtkPoints()
        for x, y in ((0, 0), (width, 0), (width, height), (0, height)):
            points.InsertNextPoint(x, y, 0)
        cells = vtkCellArray()
        cells.InsertNextCell(4, [0, 1, 2, 3])
        places = numpy_to_vtk(np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=np.float32))
        self._data.SetPoints(points)
        self._data.SetPolys(cells)
        self._data.GetPointData().SetTCoords(places)
        self.actor.VisibilityOn()

    def forget(self) -> None:
        """Take the shade away, unless it is kept: something else is to be seen."""
        if not self.kept:
            self.actor.VisibilityOff()

    def close(self) -> None:
        """Take everything away."""
        self._renderer.RemoveViewProp(self.actor)
        self._texture.ReleaseGraphicsResources(self._renderer.GetRenderWindow())

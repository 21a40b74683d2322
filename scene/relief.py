"""The slope of the terrain as a texture, read by everything that lies on the ground."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkRenderingCore import vtkTexture

from scene.surface import Surface, kept

LONGEST = 2048  # texels along one side
STEEPEST = 2.0  # metres of rise over one of run that a texel can hold
LEVEL = 128  # the byte that stands for no slope

Bytes = NDArray[np.uint8]


def coded(slope: NDArray[Any]) -> Bytes:
    """Give slopes as bytes, fine near level: 128 + 127 sign(s) sqrt(|s| / 2)."""
    share = np.sqrt(np.minimum(np.abs(slope) / STEEPEST, 1.0))
    return np.asarray(np.rint(LEVEL + 127.0 * np.sign(slope) * share), dtype=np.uint8)


@kept
def texels(surface: Surface) -> Bytes:
    """Give slopes east and north and what is known of a surface, (n, n, 3), row 0 southernmost.

    Texels lie on the nodes of the surface; where it has more than a texture holds, on every
    second, fourth and so on.
    """
    if surface.flat:
        return np.full((1, 1, 3), (LEVEL, LEVEL, 0), dtype=np.uint8)
    stride = max(surface.side // LONGEST, 1)
    heights = surface.heights
    if stride > 1:
        heights = ndimage.uniform_filter(heights, stride)
    nodes = heights[::stride, ::stride]
    steps = surface.step_north * stride, surface.step_east * stride
    north, east = (np.asarray(slope) for slope in np.gradient(nodes, *steps))
    out = np.empty((*nodes.shape, 3), dtype=np.uint8)
    out[..., 0], out[..., 1] = coded(east), coded(-north)
    out[..., 2] = np.where(surface.known[::stride, ::stride], 255, 0)
    return out[::-1]


def image_texture(pixels: Bytes, *, repeat: bool = False) -> Any:
    """Make a smooth vtkTexture of (rows, columns, channels) bytes, row 0 at the bottom."""
    rows, columns, channels = pixels.shape
    image = vtkImageData()
    image.SetDimensions(columns, rows, 1)
    scalars = numpy_to_vtk(np.ascontiguousarray(pixels).reshape(-1, channels), deep=True)
    image.GetPointData().SetScalars(scalars)
    texture = vtkTexture()
    texture.SetInputData(image)
    texture.SetColorModeToDirectScalars()
    texture.InterpolateOn()
    texture.MipmapOn()
    texture.SetRepeat(repeat)
    if not repeat:
        texture.EdgeClampOn()
    return texture


def placement(surface: Surface) -> tuple[float, float, float, float]:
    """Give west and south edge of the texture, and 1 / width and height; texels lie on nodes."""
    if surface.flat:
        west, south, _, _ = surface.extent
        return west, south, 1e-9, 1e-9
    stride = max(surface.side // LONGEST, 1)
    east, north = surface.step_east * stride, surface.step_north * stride
    count = surface.side // stride + 1
    west, south, _, _ = surface.extent
    return west - east / 2, south - north / 2, 1.0 / (east * count), 1.0 / (north * count)

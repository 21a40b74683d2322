"""Arrays into VTK's data and back out of sight."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkDataObject, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkPolyDataMapper


def _points(points: ArrayLike) -> Any:
    array = numpy_to_vtk(np.ascontiguousarray(points, dtype=np.float32), deep=True)
    out = vtkPoints()
    out.SetData(array)
    return out


def polydata(
    points: ArrayLike, triangles: NDArray[np.int32] | None = None,
    lines: NDArray[np.int32] | None = None,
) -> Any:  # fmt: skip
    """Make a vtkPolyData of triangles or lines, or of nothing but points.

    Parameters
    ----------
    points : (m, 3) array_like
        Scene coordinates; kept as float32.
    triangles : (k, 3) int32 or None
        Positions in `points`.
    lines : (k, 2) int32 or None
        The same, of both ends.
    """
    data = vtkPolyData()
    data.SetPoints(_points(points))
    if triangles is not None:
        data.SetPolys(_cells(triangles))
    if lines is not None:
        data.SetLines(_cells(lines))
    return data


def _cells(corners: NDArray[np.int32]) -> Any:
    flat = numpy_to_vtk(np.ascontiguousarray(corners, dtype=np.int32).ravel(), deep=True)
    cells = vtkCellArray()
    cells.SetData(corners.shape[1], flat)
    return cells


def set_points(data: Any, points: ArrayLike) -> None:
    """Give a vtkPolyData other points, as many as before."""
    data.SetPoints(_points(points))
    data.Modified()


def set_colours(data: Any, colours: NDArray[np.uint8]) -> None:
    """Give every point a colour, (m, 3) or (m, 4) uint8."""
    array = numpy_to_vtk(np.ascontiguousarray(colours), deep=True)
    array.SetName("colour")
    data.GetPointData().SetScalars(array)


def add_attribute(data: Any, name: str, values: ArrayLike) -> None:
    """Give every point numbers, (m,) or (m, c), for a shader."""
    array = numpy_to_vtk(np.ascontiguousarray(values, dtype=np.float32), deep=True)
    array.SetName(name)
    data.GetPointData().AddArray(array)


def mapper_of(data: Any, **attributes: str) -> Any:
    """Make a mapper that draws data in the colours of its points, if it has any.

    Parameters
    ----------
    data : vtkPolyData
        What is drawn.
    **attributes : str
        Name in the shader = name of the point array.
    """
    mapper = vtkPolyDataMapper()
    mapper.SetVBOShiftScaleMethod(0)  # our shaders read scene coordinates
    mapper.SetInputData(data)
    if data.GetPointData().GetScalars() is None:
        mapper.ScalarVisibilityOff()
    else:
        mapper.SetScalarVisibility(True)
        mapper.SetColorModeToDirectScalars()
    for name, array in attributes.items():
        mapper.MapDataArrayToVertexAttribute(
            name, array, vtkDataObject.FIELD_ASSOCIATION_POINTS, -1
        )
    return mapper


def drop(renderer: Any, actor: Any) -> None:
    """Take an actor off and free what it holds on the graphics card."""
    renderer.RemoveActor(actor)
    window = renderer.GetRenderWindow()
    if window is not None:
        actor.ReleaseGraphicsResources(window)

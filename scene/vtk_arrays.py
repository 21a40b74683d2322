"""NumPy arrays as VTK takes them, without a copy."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray


def as_array(array: NDArray[Any], name: str = "") -> Any:
    """Wrap an array of one or two dimensions; VTK keeps it alive."""
    made = numpy_to_vtk(np.ascontiguousarray(array))
    if name:
        made.SetName(name)
    return made


def as_points(xyz: NDArray[np.float32]) -> Any:
    """Wrap (n, 3) float32 as vtkPoints."""
    points = vtkPoints()
    points.SetData(as_array(xyz))
    return points


def as_cells(corners: NDArray[np.int32]) -> Any:
    """Wrap cells of one size, (n, size) int32: no offsets are kept."""
    cells = vtkCellArray()
    cells.SetData(corners.shape[1], as_array(corners.reshape(-1)))
    return cells

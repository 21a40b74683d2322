"""A window nobody sees, for pictures without a display."""

from __future__ import annotations

import os
import sys
from typing import Any

import vtkmodules.vtkInteractionStyle
import vtkmodules.vtkInteractionWidgets
import vtkmodules.vtkRenderingUI
import vtkmodules.vtkViewsContext2D  # noqa: F401 - these are loaded by every window anyway
from pyvista.plotting import Plotter
from vtkmodules.vtkCommonCore import vtkLogger

ASKED = "ALLOW_PLOTTING"  # pyvista's own switch: it need not find out whether it can draw


def unseen_window(size: tuple[int, int]) -> Any:
    """Open a window off screen.

    Without an X server VTK takes EGL or OSMesa. PyVista would run a program and open another
    window first to find that out, which takes as long as some frames.

    Parameters
    ----------
    size : (int, int)
        Width and height, pixels.

    Returns
    -------
    pyvista.Plotter
        Whoever asked closes it.
    """
    if sys.platform == "linux" and not os.environ.get("DISPLAY"):
        vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_ERROR)
    before = os.environ.get(ASKED)
    os.environ[ASKED] = "true"
    try:
        return Plotter(off_screen=True, window_size=list(size))
    finally:
        if before is None:
            del os.environ[ASKED]
        else:
            os.environ[ASKED] = before

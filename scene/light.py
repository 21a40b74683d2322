"""Light and sky of a stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import vtk

if TYPE_CHECKING:
    from scene.stage import Stage


def apply(stage: Stage, moment: str) -> None:
    """Put the sun where it stands at a moment, and the sky behind everything."""
    del moment
    renderer = stage.context.renderer
    renderer.RemoveAllLights()
    sun = vtk.vtkLight()
    sun.SetLightTypeToSceneLight()
    sun.SetPositional(False)
    sun.SetFocalPoint(0, 0, 0)
    sun.SetPosition(-0.6, -0.7, 1.0)
    renderer.AddLight(sun)
    renderer.SetBackground(0.93, 0.94, 0.95)
    renderer.SetBackground2(0.70, 0.80, 0.90)
    renderer.SetGradientBackground(True)

"""Points of a few pixels: what stands for things too far to have a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from vtkmodules.vtkRenderingCore import vtkActor

from layers.shapes import Floats
from layers.style import Rgb
from scene.actors import mapper_of, polydata, set_colours
from scene.looks import GRADE_UNIFORMS, show_grade
from scene.shading import Uniform, set_uniform, shader_property
from scene.vtk_arrays import as_cells

if TYPE_CHECKING:
    from scene.materials import Materials

_NONE = (0.0, 0.0, 0.0)


class DotLook:
    """The shader that all dots of a layer share.

    Parameters
    ----------
    parts : sequence of str
        Files of `shaders` that make the dots.
    uniforms : mapping or None
        What these files need, as `scene.shading.shader_property` takes it.
    leaves : bool
        Whether the dots are trees.
    """

    def __init__(
        self, parts: Sequence[str] = (), uniforms: Mapping[str, tuple[str, Uniform]] | None = None,
        *, leaves: bool = False,
    ) -> None:  # fmt: skip
        self._leaves = leaves
        self.shader = shader_property(
            "shadow",
            *parts,
            "dot",
            "grade",
            uniforms={
                **(uniforms or {}),
                **GRADE_UNIFORMS,
                "groundLight": ("fragment", _NONE),
                "leafTone": ("fragment", 0.0),
                "hazeColour": ("fragment", _NONE),
                "hazeMetres": ("fragment", 0.0),
            },
        )
        self._light: tuple[object, ...] = ()

    def follow(self, materials: Materials) -> None:
        """Take the light of the moment."""
        light, haze = materials.light, materials.haze_metres
        now = (light, haze, materials.look)
        if self._light == now:
            return
        self._light = now
        show_grade(self.shader, materials.look)
        set_uniform(self.shader, "fragment", "groundLight", light.ground)
        set_uniform(self.shader, "fragment", "hazeColour", light.horizon)
        set_uniform(self.shader, "fragment", "hazeMetres", haze)
        tone = materials.look.natural if self._leaves else 0.0
        set_uniform(self.shader, "fragment", "leafTone", tone)


class Dots:
    """Many points of one size, one actor.

    Parameters
    ----------
    points : (n, 3) float64
        Scene coordinates.
    look : DotLook
        Shader.
    """

    def __init__(self, points: Floats, look: DotLook) -> None:
        middle = points.mean(axis=0).round() if len(points) else np.zeros(3)
        self._data = polydata(points - middle)
        self._data.SetVerts(as_cells(np.arange(len(points), dtype=np.int32)[:, None]))
        self.actor: Any = vtkActor()
        self.actor.SetPosition(*middle)
        self.actor.SetShaderProperty(look.shader)
        self.actor.SetPickable(False)
        material = self.actor.GetProperty()
        material.SetLighting(False)
        material.SetAmbient(1.0)
        material.SetDiffuse(0.0)
        self.actor.SetMapper(mapper_of(self._data))

    def paint(self, colours: Rgb, opacity: float) -> None:
        """Give each point its colour, (n, 3) uint8."""
        set_colours(self._data, colours)
        mapper = self.actor.GetMapper()
        mapper.ScalarVisibilityOn()
        mapper.SetColorModeToDirectScalars()
        self.actor.GetProperty().SetOpacity(opacity)

    def set_size(self, pixels: float) -> None:
        """Change how many pixels of the drawing a point is wide."""
        self.actor.GetProperty().SetPointSize(max(round(pixels), 1))

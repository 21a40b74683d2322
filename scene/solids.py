"""Bodies in the light of the buildings: decks, posts, lamps, trunks and crowns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from vtkmodules.vtkRenderingCore import vtkActor

from layers.shapes import Floats
from layers.style import Rgb
from scene.actors import drop, mapper_of, polydata, set_colours
from scene.looks import GRADE_UNIFORMS, show_grade
from scene.materials import Materials
from scene.shading import Uniform, set_uniform, shader_property

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scene.views.base import StageContext

_NONE = (0.0, 0.0, 0.0)
LIFT = 1.6  # texels of a shadow map
_UNIFORMS: dict[str, tuple[str, Uniform]] = {
    "sunDirection": ("fragment", _NONE),
    "groundLight": ("fragment", _NONE),
    "skyTint": ("fragment", _NONE),
    "skyShare": ("fragment", 0.5),
    "hazeColour": ("fragment", _NONE),
    "hazeMetres": ("fragment", 0.0),
    "softness": ("fragment", 0.0),
    "solidLift": ("fragment", LIFT),
    "leafTone": ("fragment", 0.0),
    **GRADE_UNIFORMS,
}


class SolidLook:
    """The shader that all bodies of a layer share.

    Parameters
    ----------
    softness : float
        0 for hard faces, 1 for leaves.
    lift : float
        Texels from a face to where its shadow is looked up; less where it throws none itself.
    parts : sequence of str
        Files of `shaders` that put the bodies to their places.
    uniforms : mapping or None
        What these files need, as `scene.shading.shader_property` takes it.
    """

    def __init__(
        self, softness: float = 0.0, lift: float = LIFT, *, parts: Sequence[str] = (),
        uniforms: Mapping[str, tuple[str, Uniform]] | None = None,
    ) -> None:  # fmt: skip
        self.shader = shader_property(
            "shadow", "solid", *parts, "grade", uniforms={**_UNIFORMS, **(uniforms or {})}
        )
        set_uniform(self.shader, "fragment", "softness", softness)
        set_uniform(self.shader, "fragment", "solidLift", lift)
        self._softness = softness
        self._light: tuple[object, ...] = ()

    def follow(self, materials: Materials) -> None:
        """Take the light of the moment."""
        light, haze = materials.light, materials.haze_metres
        now = (light, haze, materials.look)
        if self._light == now:
            return
        self._light = now
        show_grade(self.shader, materials.look)
        mean = sum(light.fill) / 3.0
        red, green, blue = (0.6 + 0.4 * part / mean for part in light.fill)
        values: dict[str, Uniform] = {
            "sunDirection": light.key, "groundLight": light.ground, "skyShare": light.sky_share,
            "skyTint": (red, green, blue), "hazeColour": light.horizon, "hazeMetres": haze,
            "leafTone": materials.look.natural * self._softness,
        }  # fmt: skip
        for name, value in values.items():
            set_uniform(self.shader, "fragment", name, value)


class Solid:
    """Triangles with a colour for each point, one actor.

    Parameters
    ----------
    points : (m, 3) float64
        Project coordinates; kept as float32 beside their own middle.
    triangles : (k, 3) int32
        Counter-clockwise seen from outside.
    look : SolidLook
        Shader.
    context : StageContext
        Where.
    closed : bool
        Whether the triangles are seen from outside alone.
    """

    def __init__(
        self, points: Floats, triangles: NDArray[np.int32], look: SolidLook,
        context: StageContext, *, closed: bool = True,
    ) -> None:  # fmt: skip
        scene = context.to_scene(points)
        middle = scene.mean(axis=0).round() if len(scene) else np.zeros(3)
        self._data = polydata(scene - middle, triangles)
        self.actor: Any = vtkActor()
        self.actor.SetShaderProperty(look.shader)
        self.actor.SetPosition(*middle)
        self.actor.SetPickable(False)
        material = self.actor.GetProperty()
        material.SetLighting(False)
        material.SetAmbient(1.0)
        material.SetDiffuse(0.0)
        material.SetBackfaceCulling(closed)
        context.materials.shadows.dress(self, look.shader, material)
        self.actor.SetMapper(mapper_of(self._data))
        context.renderer.AddActor(self.actor)

    def paint(self, colours: Rgb, opacity: float = 1.0) -> None:
        """Give each point its colour, (m, 3) uint8."""
        set_colours(self._data, colours)
        mapper = self.actor.GetMapper()
        mapper.ScalarVisibilityOn()
        mapper.SetColorModeToDirectScalars()
        self.actor.GetProperty().SetOpacity(opacity)

    def show(self, shown: bool) -> None:
        """Show or hide it."""
        self.actor.SetVisibility(shown)

    def close(self, context: StageContext) -> None:
        """Take it away."""
        drop(context.renderer, self.actor)

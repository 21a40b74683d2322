"""What all actors of a layer of buildings share: materials, shaders and their uniforms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vtkmodules.vtkRenderingCore import vtkProperty

from layers.style import Style, rgb
from scene.light import Daylight
from scene.materials import Materials
from scene.shading import Compiled, Uniform, set_uniform, shader_property

if TYPE_CHECKING:
    from scene.views.base import FrameState

PULL = 0.0008  # share of the distance by which edges are drawn nearer than the walls

_NONE = (0.0, 0.0, 0.0)
_FACE_UNIFORMS: dict[str, tuple[str, Uniform]] = {
    "sunDirection": ("fragment", _NONE),
    "groundLight": ("fragment", _NONE),
    "skyTint": ("fragment", _NONE),
    "skyShare": ("fragment", 0.5),
    "hazeColour": ("fragment", _NONE),
    "hazeMetres": ("fragment", 0.0),
}
_EDGE_UNIFORMS: dict[str, tuple[str, Uniform]] = {
    "edgeBias": ("vertex", 0.0),
    "edgePixels": ("fragment", 1.0),
    "edgeColour": ("fragment", _NONE),
    "groundLight": ("fragment", _NONE),
    "hazeColour": ("fragment", _NONE),
    "hazeMetres": ("fragment", 0.0),
}


class BlockLook:
    """Materials of walls and roofs, of detailed surfaces and of edges.

    Parameters
    ----------
    texture : vtkTexture
        The look of each building.

    Attributes
    ----------
    faces, details, edges : vtkProperty
        Materials.
    face_shader, edge_shader : vtkShaderProperty or None
        Their shaders; None draws plain.
    compiled : Compiled
        Notices whether the shaders compile.
    edged : bool
        Whether edges are wanted.
    """

    def __init__(self, texture: Any) -> None:
        self.faces, self.details, self.edges = vtkProperty(), vtkProperty(), vtkProperty()
        self.faces.BackfaceCullingOn()  # outer rings run counter-clockwise, walls face outward
        for material in (self.faces, self.details, self.edges):
            material.LightingOff()
            material.SetTexture("buildingLook", texture)
        self.face_shader: Any = shader_property("select", "blocks", uniforms=_FACE_UNIFORMS)
        self.edge_shader: Any = shader_property("select", "edges", uniforms=_EDGE_UNIFORMS)
        self.compiled = Compiled()
        self.edged = True
        self._light: tuple[Daylight, float] | None = None
        self._pull = (0.0, 0.0)
        self._width = 1.0

    def restyle(self, style: Style, opacity: float) -> None:
        """Take a layer's style, as far as it is the same for all its buildings."""
        for material in (self.faces, self.details, self.edges):
            material.SetOpacity(opacity)
        self.edged = style.outline is not None
        self._width = style.line_width
        if style.outline is not None and self.edge_shader is not None:
            red, green, blue = (part / 255.0 for part in rgb(style.outline))
            set_uniform(self.edge_shader, "fragment", "edgeColour", (red, green, blue))
        if self.face_shader is None:
            for material in (self.faces, self.details):
                material.SetColor(*(part / 255.0 for part in rgb(style.colour)))

    def follow(self, frame: FrameState, materials: Materials, dense: float, widest: float) -> None:
        """Take the light of the moment and the scale of a frame.

        Parameters
        ----------
        frame : FrameState
            The camera of the frame.
        materials : Materials
            Keeps light and haze.
        dense : float
            Pixels of the drawing per pixel of lines.
        widest : float
            Pixels of the widest line the driver draws by itself; VTK's own wide lines would
            leave our shaders out.
        """
        width = min(self._width * dense, max(widest, 1.0))
        if width != self.edges.GetLineWidth():
            self.edges.SetLineWidth(width)
        if self.face_shader is None:
            return
        light, haze = materials.light, materials.haze_metres
        if self._light is None or self._light[0] is not light or self._light[1] != haze:
            self._light = (light, haze)
            self._show_light(light, haze)
        depth = frame.far - frame.near
        if frame.parallel:
            bias = 2.0 * PULL * frame.size[1] / frame.pixels / depth
        else:
            bias = 2.0 * PULL * frame.near * frame.far / depth
        if (bias, frame.pixels / dense) != self._pull:
            self._pull = (bias, frame.pixels / dense)
            set_uniform(self.edge_shader, "vertex", "edgeBias", bias)
            set_uniform(self.edge_shader, "fragment", "edgePixels", frame.pixels / dense)

    def _show_light(self, light: Daylight, haze: float) -> None:
        mean = sum(light.fill) / 3.0
        red, green, blue = (0.6 + 0.4 * part / mean for part in light.fill)
        for shader in (self.face_shader, self.edge_shader):
            set_uniform(shader, "fragment", "groundLight", light.ground)
            set_uniform(shader, "fragment", "hazeColour", light.horizon)
            set_uniform(shader, "fragment", "hazeMetres", haze)
        set_uniform(self.face_shader, "fragment", "sunDirection", light.key)
        set_uniform(self.face_shader, "fragment", "skyTint", (red, green, blue))
        set_uniform(self.face_shader, "fragment", "skyShare", light.sky_share)

    def give_up(self) -> None:
        """Draw plainly from now on: without shaders, in one colour, lit by the stage's lights."""
        self.face_shader = self.edge_shader = None
        for material in (self.faces, self.details, self.edges):
            material.RemoveTexture("buildingLook")
        for material in (self.faces, self.details):
            material.LightingOn()
        self.edges.SetColor(0.36, 0.34, 0.31)

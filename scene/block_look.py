"""What all actors of a layer of buildings share: materials, shaders and their uniforms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vtkmodules.vtkRenderingCore import vtkProperty

from layers.style import Style, rgb
from scene.light import Colour, Daylight
from scene.looks import GRADE_UNIFORMS, ORDINARY, Look, show_grade
from scene.materials import Materials
from scene.shading import Compiled, Uniform, set_uniform, shader_property
from scene.shadows import sight

if TYPE_CHECKING:
    from scene.views.base import FrameState

EDGES_FROM = 0.45  # pixels per metre below which edges.glsl shows nothing
EDGES_MOVING = 2.3  # times nearer edges must be while the eye moves; they are faint at first
PULL = 0.0008  # share of the distance by which edges are drawn nearer than the walls

_NONE = (0.0, 0.0, 0.0)
_FACE_UNIFORMS: dict[str, tuple[str, Uniform]] = {
    "hoveredSlot": ("vertex", -1.0),
    "eyeLook": ("vertex", _NONE),
    "eyeRight": ("vertex", _NONE),
    "eyeUp": ("vertex", _NONE),
    "eyeParallel": ("vertex", 0.0),
    "sunDirection": ("fragment", _NONE),
    "groundLight": ("fragment", _NONE),
    "skyTint": ("fragment", _NONE),
    "skyShare": ("fragment", 0.5),
    "hazeColour": ("fragment", _NONE),
    "hazeMetres": ("vertex", 0.0),
}
_DOT_UNIFORMS: dict[str, tuple[str, Uniform]] = {
    "hoveredSlot": ("vertex", -1.0),
    "dotLook": ("vertex", _NONE),
    "dotRight": ("vertex", _NONE),
    "dotUp": ("vertex", _NONE),
    "dotPixels": ("vertex", 1.0),
    "dotParallel": ("vertex", 0.0),
    "dotDepth": ("vertex", 0.0),
    "dotLeast": ("vertex", 0.0),
    **GRADE_UNIFORMS,
    "sunDirection": ("vertex", _NONE),
    "groundLight": ("vertex", _NONE),
    "skyTint": ("vertex", _NONE),
    "skyShare": ("vertex", 0.5),
    "hazeColour": ("fragment", _NONE),
    "hazeMetres": ("vertex", 0.0),
}
_FACADE_UNIFORMS: dict[str, tuple[str, Uniform]] = {
    **_FACE_UNIFORMS,
    "facadeKind": ("fragment", 0.0),
    "wallColour": ("fragment", _NONE),
    "wallShare": ("fragment", 0.0),
}
_EDGE_UNIFORMS: dict[str, tuple[str, Uniform]] = {
    "hoveredSlot": ("vertex", -1.0),
    "eyeParallel": ("vertex", 0.0),
    "edgeBias": ("vertex", 0.0),
    "edgePixels": ("vertex", 1.0),
    "edgeFrom": ("vertex", 0.0),
    "edgeColour": ("vertex", _NONE),
    "wallColour": ("vertex", _NONE),
    "wallShare": ("vertex", 0.0),
    "groundLight": ("vertex", _NONE),
    "hazeColour": ("vertex", _NONE),
    "hazeMetres": ("vertex", 0.0),
}


class BlockLook:
    """Materials of walls and roofs, of detailed surfaces, of edges and of points seen from afar.

    Parameters
    ----------
    texture : vtkTexture
        The look of each building.
    kinds : vtkTexture
        Use, storeys and turn of each building, for facades.
    exact : bool
        Whether colours stand for values: they are drawn as the legend has them, in every look.

    Attributes
    ----------
    faces, details, edges, dots : vtkProperty
        Materials.
    face_shader, edge_shader, dot_shader : vtkShaderProperty or None
        Their shaders; None draws plain.
    compiled : Compiled
        Notices whether the shaders compile.
    edged : bool
        Whether edges are wanted.
    """

    def __init__(self, texture: Any, kinds: Any, *, exact: bool = False) -> None:
        self._exact = exact
        last = ("exact",) if exact else ()
        self.faces, self.details, self.edges = vtkProperty(), vtkProperty(), vtkProperty()
        self.dots = vtkProperty()
        self.faces.BackfaceCullingOn()  # outer rings run counter-clockwise, walls face outward
        for material in (self.faces, self.details, self.edges, self.dots):
            material.LightingOff()
            material.SetTexture("buildingLook", texture)
        for material in (self.faces, self.details):
            material.SetTexture("buildingKind", kinds)
        self.face_shader: Any = shader_property(
            "shadow", "select", "blocks", *last, uniforms=_FACE_UNIFORMS
        )
        self._bare_shader: Any = self.face_shader
        self._facade_shader: Any = None
        self.facades = Compiled()
        self.facades_fail = False
        self._worn = ORDINARY
        self._outline: Colour | None = None
        self.edge_shader: Any = shader_property("select", "edges", uniforms=_EDGE_UNIFORMS)
        self.dot_shader: Any = shader_property(
            "shadow", "select", "dots", "grade", *last, uniforms=_DOT_UNIFORMS
        )
        self.compiled = Compiled()
        self.edged = True
        self._light: tuple[Daylight, float] | None = None
        self._pull = (0.0, 0.0, 0.0, 0.0)
        self._seen: tuple[float, ...] = ()
        self._hovered = -1
        self._least = 0.0
        self._width = 1.0

    def restyle(self, style: Style, opacity: float) -> None:
        """Take a layer's style, as far as it is the same for all its buildings."""
        for material in (self.faces, self.details, self.edges, self.dots):
            material.SetOpacity(opacity)
        self._outline = None
        if style.outline is not None:
            red, green, blue = (part / 255.0 for part in rgb(style.outline))
            self._outline = (red, green, blue)
        self._width = style.line_width
        self._draw_edges()
        if self.face_shader is None:
            for material in (self.faces, self.details):
                material.SetColor(*(part / 255.0 for part in rgb(style.colour)))

    def _draw_edges(self) -> None:
        """Draw edges as the look of the picture says, else as the layer does."""
        look = self._worn
        self.edged = self._outline is not None if look.edged is None else look.edged
        colour = look.edge or self._outline
        if colour is not None and self.edge_shader is not None:
            set_uniform(self.edge_shader, "vertex", "edgeColour", colour)

    @property
    def has_facades(self) -> bool:
        """Whether walls have the shader of facades now."""
        return self._facade_shader is not None and self.face_shader is self._facade_shader

    def wear(self, look: Look) -> bool:
        """Take a look of the whole picture; says whether faces have another shader now."""
        if self._exact or look is self._worn or self.face_shader is None:
            return False
        self._worn, self._light, before = look, None, self.face_shader
        wanted = (look.facade > 0.0 or look.plain > 0.0) and not self.facades_fail
        if wanted and self._facade_shader is None:
            self._facade_shader = shader_property(
                "shadow", "select", "blocks", "facade", uniforms=_FACADE_UNIFORMS
            )
        self.face_shader = self._facade_shader if wanted else self._bare_shader
        set_uniform(self.face_shader, "vertex", "hoveredSlot", float(self._hovered))
        if wanted:
            for name, value in (
                ("facadeKind", look.facade), ("wallColour", look.walls), ("wallShare", look.plain),
            ):  # fmt: skip
                set_uniform(self.face_shader, "fragment", name, value)
        set_uniform(self.edge_shader, "vertex", "wallColour", look.walls)
        set_uniform(self.edge_shader, "vertex", "wallShare", look.plain)
        show_grade(self.dot_shader, look)
        self._draw_edges()
        return self.face_shader is not before

    def give_up_facades(self) -> None:
        """Draw bare walls from now on: the shader of facades does not compile."""
        self.facades_fail = True
        self.face_shader, self._light = self._bare_shader, None

    def follow(
        self, frame: FrameState, materials: Materials, dense: float, widest: float, *,
        moving: bool = False,
    ) -> None:  # fmt: skip
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
        moving : bool
            Whether the eye moves: then only nearer buildings have edges.
        """
        width = min(self._width * dense, max(widest, 1.0))
        if width != self.edges.GetLineWidth():
            self.edges.SetLineWidth(width)
        if self.face_shader is None:
            return
        materials.shadows.dress(self, self.face_shader, self.faces, self.details)
        materials.shadows.dress(self, self.dot_shader, self.dots)
        light, haze = materials.light, materials.haze_metres
        if self._light is None or self._light[0] is not light or self._light[1] != haze:
            self._light = (light, haze)
            self._show_light(light, haze)
        depth = frame.far - frame.near
        if frame.parallel:
            bias = 2.0 * PULL * frame.size[1] / frame.pixels / depth
        else:
            bias = 2.0 * PULL * frame.near * frame.far / depth
        least = EDGES_FROM * (EDGES_MOVING if moving else 1.0)
        pull = (bias, frame.pixels / dense, float(frame.parallel), least)
        if pull != self._pull:
            self._pull = pull
            set_uniform(self.edge_shader, "vertex", "edgeBias", bias)
            set_uniform(self.edge_shader, "vertex", "edgePixels", frame.pixels / dense)
            set_uniform(self.edge_shader, "vertex", "eyeParallel", float(frame.parallel))
            set_uniform(self.edge_shader, "vertex", "edgeFrom", least)
        self._face_eye(frame)
        self._size_dots(frame)

    def _face_eye(self, frame: FrameState) -> None:
        """Tell walls and roofs how they lie from the eye."""
        _, middle, right, up = sight(frame)
        if frame.parallel:
            middle = middle * (frame.far - frame.near) / 2.0
        for name, way in (("eyeLook", middle), ("eyeRight", right), ("eyeUp", up)):
            east, north, rise = (float(part) for part in way)
            set_uniform(self.face_shader, "vertex", name, (east, north, rise))
        set_uniform(self.face_shader, "vertex", "eyeParallel", float(frame.parallel))

    def _size_dots(self, frame: FrameState) -> None:
        """Tell the points how the eye sees them."""
        depth = frame.far - frame.near
        bias = 2.0 / depth if frame.parallel else 2.0 * frame.near * frame.far / depth
        seen = (*frame.middle, *frame.right, *frame.up, frame.pixels, bias, self._least)
        if seen == self._seen:
            return
        self._seen = seen
        ways = (("dotLook", frame.middle), ("dotRight", frame.right), ("dotUp", frame.up))
        for name, way in ways:
            east, north, rise = (float(part) for part in way)
            set_uniform(self.dot_shader, "vertex", name, (east, north, rise))
        for name, value in (
            ("dotPixels", frame.pixels), ("dotParallel", float(frame.parallel)),
            ("dotDepth", bias), ("dotLeast", self._least),
        ):  # fmt: skip
            set_uniform(self.dot_shader, "vertex", name, float(value))

    def hover(self, slot: int) -> None:
        """Show the building of a slot as being pointed at; -1 for none."""
        if self.face_shader is not None and slot != self._hovered:
            for shader in (self.face_shader, self.edge_shader, self.dot_shader):
                set_uniform(shader, "vertex", "hoveredSlot", float(slot))
        self._hovered = slot

    def keep_seen(self, few: bool) -> None:
        """Draw every point at least so large that it is seen, where there are but few."""
        self._least = 2.0 if few else 0.0

    def _show_light(self, light: Daylight, haze: float) -> None:
        mean = sum(light.fill) / 3.0
        red, green, blue = (0.6 + 0.4 * part / mean for part in light.fill)
        for shader in (self.face_shader, self.edge_shader, self.dot_shader):
            stage = "fragment" if shader is self.face_shader else "vertex"
            last = "vertex" if shader is self.edge_shader else "fragment"
            set_uniform(shader, stage, "groundLight", light.ground)
            set_uniform(shader, last, "hazeColour", light.horizon)
            set_uniform(shader, "vertex", "hazeMetres", haze)
            if shader is not self.edge_shader:
                set_uniform(shader, stage, "sunDirection", light.key)
                set_uniform(shader, stage, "skyTint", (red, green, blue))
                set_uniform(shader, stage, "skyShare", light.sky_share)

    def give_up(self) -> None:
        """Draw plainly from now on: without shaders, in one colour, lit by the stage's lights."""
        self.face_shader = self.edge_shader = self.dot_shader = None
        for material in (self.faces, self.details, self.edges, self.dots):
            material.RemoveTexture("buildingLook")
            material.RemoveTexture("buildingKind")
        for material in (self.faces, self.details):
            material.LightingOn()
        self.edges.SetColor(0.36, 0.34, 0.31)

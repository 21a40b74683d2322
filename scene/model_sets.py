"""Models on the card: each copy of each model once, drawn wherever it stands."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkGlyph3DMapper, vtkTexture

from layers.shapes import Floats
from scene.looks import GRADE_UNIFORMS, show_grade
from scene.materials import Materials
from scene.model_levels import Level, PartMesh
from scene.shading import Uniform, set_uniform, shader_property
from scene.vtk_arrays import as_array, as_cells, as_points

if TYPE_CHECKING:
    from scene.views.base import StageContext

PLAIN, SELECTED, HOVERED = range(3)
TINTS = ((0.0, 0.0, 0.0), (1.0, 0.50, 0.05), (0.25, 0.62, 0.98))
SHARES = (0.0, 0.62, 0.45)
_NONE = (0.0, 0.0, 0.0)
_UNIFORMS: dict[str, tuple[str, Uniform]] = {
    "sunDirection": ("fragment", (0.0, 0.0, 1.0)),
    "groundLight": ("fragment", _NONE),
    "skyTint": ("fragment", _NONE),
    "skyShare": ("fragment", 0.5),
    "viewRight": ("fragment", (1.0, 0.0, 0.0)),
    "viewUp": ("fragment", (0.0, 1.0, 0.0)),
    "viewBack": ("fragment", (0.0, 0.0, 1.0)),
    "tintColour": ("fragment", _NONE),
    "tintShare": ("fragment", 0.0),
    "hazeColour": ("fragment", _NONE),
    "hazeMetres": ("fragment", 0.0),
    **GRADE_UNIFORMS,
}


class ModelLight:
    """The shaders of one layer's models: plain, selected, pointed at; one sun for all."""

    def __init__(self) -> None:
        self.shaders = [
            shader_property("model_maps", "shadow", "model", uniforms=_UNIFORMS) for _ in TINTS
        ]
        for shader, tint, share in zip(self.shaders, TINTS, SHARES, strict=True):
            set_uniform(shader, "fragment", "tintColour", tint)
            set_uniform(shader, "fragment", "tintShare", share)
        self._light: tuple[object, ...] = ()
        self._eye: tuple[float, ...] = ()

    def follow(self, camera: Any, materials: Materials) -> None:
        """Take the light of the moment and the way the eye looks."""
        light, haze = materials.light, materials.haze_metres
        if (now := (light, haze, materials.look)) != self._light:
            self._light = now
            mean = sum(light.fill) / 3.0
            red, green, blue = (0.6 + 0.4 * part / mean for part in light.fill)
            for shader in self.shaders:
                set_uniform(shader, "fragment", "sunDirection", light.key)
                set_uniform(shader, "fragment", "groundLight", light.ground)
                set_uniform(shader, "fragment", "skyTint", (red, green, blue))
                set_uniform(shader, "fragment", "skyShare", light.sky_share)
                set_uniform(shader, "fragment", "hazeColour", light.horizon)
                set_uniform(shader, "fragment", "hazeMetres", haze)
                show_grade(shader, materials.look)
        matrix = camera.GetViewTransformMatrix()
        eye = tuple(
            float(matrix.GetElement(row, column)) for row in range(3) for column in range(3)
        )
        if eye != self._eye:
            self._eye = eye
            for shader in self.shaders:
                for row, name in enumerate(("viewRight", "viewUp", "viewBack")):
                    axis = eye[3 * row : 3 * row + 3]
                    set_uniform(shader, "fragment", name, (axis[0], axis[1], axis[2]))


_meshes: weakref.WeakKeyDictionary[PartMesh, tuple[Any, Any]] = weakref.WeakKeyDictionary()


def _on_card(mesh: PartMesh) -> tuple[Any, Any]:
    """Give the vtkPolyData of a mesh and its texture or None; kept for all that show it."""
    known = _meshes.get(mesh)
    if known is not None:
        return known
    data = vtkPolyData()
    data.SetPoints(as_points(np.ascontiguousarray(mesh.points)))
    data.SetPolys(as_cells(np.ascontiguousarray(mesh.triangles)))
    texture = None
    if mesh.picture is not None and mesh.uv is not None:
        data.GetPointData().SetTCoords(as_array(np.ascontiguousarray(mesh.uv), "uv"))
        rows, columns, bands = mesh.picture.shape
        image = vtkImageData()
        image.SetDimensions(columns, rows, 1)
        image.GetPointData().SetScalars(as_array(mesh.picture.reshape(-1, bands).copy()))
        texture = vtkTexture()
        texture.SetInputData(image)
        texture.SetInterpolate(mesh.smooth)
        texture.SetMipmap(mesh.smooth)
        texture.SetRepeat(mesh.smooth)
        texture.SetColorModeToDirectScalars()
    _meshes[mesh] = (data, texture)
    return data, texture


class ModelSet:
    """One copy of a model in one state, drawn at many places.

    Parameters
    ----------
    level : Level
        What is drawn.
    origin : (3,) float64
        Scene coordinates near the places.
    shader : vtkShaderProperty
        Light and tint.
    context : StageContext
        Where.
    """

    def __init__(self, level: Level, origin: Floats, shader: Any, context: StageContext) -> None:
        self._context, self._origin = context, origin
        self._places = vtkPolyData()
        self.actors: list[Any] = []
        self._alphas: list[float] = []
        for mesh in level.meshes:
            source, texture = _on_card(mesh)
            mapper = vtkGlyph3DMapper()
            mapper.SetInputData(self._places)
            mapper.SetSourceData(source)
            mapper.SetOrientationArray("turn")
            mapper.SetOrientationModeToRotation()
            mapper.SetScaleArray("scale")
            mapper.SetScaleModeToScaleByMagnitude()
            mapper.ScalarVisibilityOff()
            actor = vtkActor()
            actor.SetMapper(mapper)
            actor.SetPosition(*origin)
            actor.SetShaderProperty(shader)
            look = actor.GetProperty()
            look.SetColor(*mesh.colour[:3])
            look.SetSpecular(0.0)
            look.SetInterpolationToFlat()
            if texture is not None:
                actor.SetTexture(texture)
            actor.SetPickable(False)
            self._alphas.append(mesh.colour[3])
            self.actors.append(actor)
            context.renderer.AddActor(actor)

    def put(self, places: Floats, turn: Floats, scale: Floats) -> None:
        """Draw at places, (n, 3) scene coordinates, turned clockwise by degrees and scaled."""
        data = vtkPolyData()
        data.SetPoints(as_points((places - self._origin).astype(np.float32)))
        turns = np.zeros((len(places), 3), dtype=np.float32)
        turns[:, 2] = -turn
        data.GetPointData().AddArray(as_array(turns, "turn"))
        data.GetPointData().AddArray(as_array(scale.astype(np.float32), "scale"))
        self._places.ShallowCopy(data)
        self._places.Modified()

    def show(self, *, shown: bool, opacity: float) -> None:
        """Show or hide, in the layer's opacity."""
        for actor, alpha in zip(self.actors, self._alphas, strict=True):
            actor.SetVisibility(shown)
            actor.GetProperty().SetOpacity(alpha * opacity)
            if alpha * opacity >= 1.0:
                actor.ForceOpaqueOn()  # cut-out leaves and fences: the shader throws holes away
            else:
                actor.ForceOpaqueOff()

    def close(self) -> None:
        """Take everything away."""
        window = self._context.plotter.render_window
        for actor in self.actors:
            self._context.renderer.RemoveActor(actor)
            actor.ReleaseGraphicsResources(window)
        self.actors = []

"""What is around a project's layers: lights, sky, and a plain where there is no terrain."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from vtkmodules.vtkRenderingCore import vtkActor

from layers.errors import CityError
from layers.shapes import Bools, Floats
from scene.actors import mapper_of, polydata, set_points
from scene.camera import across
from scene.frames import stretch_of
from scene.labels import LabelOverlay, Placed, clip_matrix
from scene.light import Daylight, place_lights
from scene.materials import PLAIN
from scene.shading import set_uniform, shader_property
from scene.surface import Surface

if TYPE_CHECKING:
    from scene.views.base import FrameState, StageContext


EARTH = (0.50, 0.47, 0.43)  # what lies deep below, where one sees underground


class Surroundings:
    """Lights, sky and the level plain of a stage.

    Parameters
    ----------
    context : StageContext
        Where.
    """

    def __init__(self, context: StageContext) -> None:
        self._context = context
        self._surface: Surface | None = None
        self.overlay = True  # whether names are written over the window
        self._sky = Sky(context.renderer)
        context.materials.backdrop = self._sky.actor
        self._names = LabelOverlay(context.renderer)
        self._written: frozenset[tuple[str, int]] = frozenset()  # names of the last frame
        self._plain = context.materials.ground_actor(0.0)
        self._plain.GetProperty().SetColor(*PLAIN)
        context.renderer.AddActor(self._plain)
        self.ground_changed()

    def show_light(self, light: Daylight) -> None:
        """Take the light of another moment."""
        place_lights(self._context.renderer, light)
        self._context.materials.show_light(light)
        self._sky.show_light(light)
        self._context.renderer.SetBackground(*light.horizon)

    def show_only_layers(self, transparent: bool) -> None:
        """Draw neither sky nor plain nor haze, for pictures that are laid over others."""
        self._context.materials.transparent = transparent
        self._context.materials.update()
        self._sky.actor.SetVisibility(not transparent)
        self._show_plain()

    def ground_changed(self) -> None:
        """Follow another terrain, or layers that reach further."""
        surface = self._context.ground.surface
        if surface is self._surface:
            return
        self._surface = surface
        self._context.materials.show_surface(surface, self._context.origin)
        if surface.flat:
            points, triangles = surface.mesh()
            more, around = surface.plain(points)
            both = np.concatenate([points, more])
            data = polydata(
                self._context.to_scene(both), np.concatenate([triangles, around + len(points)])
            )
            self._plain.SetMapper(mapper_of(data))
        self._show_plain()

    def follow_eye(self) -> None:
        """Let the haze fit the height of the eye; before the views get ready."""
        context = self._context
        eye = np.array(context.renderer.GetActiveCamera().GetPosition()) + context.origin
        ground = float(context.ground.surface.height_at(eye[:2])[0])
        context.materials.look_from(float(eye[2]) - ground)

    def prepare(self, frame: FrameState) -> None:
        """Put the sky behind the frame that is about to be drawn, and names over it."""
        renderer = self._context.renderer
        earth = 1.0 if self._context.materials.seen_through > 0.0 else 0.0
        self._sky.prepare(renderer, frame, earth)
        placed: list[Placed] = []
        if self.overlay and len(self._context.labels):
            matrix = clip_matrix(renderer.GetActiveCamera(), frame.size[0] / frame.size[1])
            try:
                placed = self.layout(matrix, frame.size, self._context.pixel_scale)
            except CityError as error:  # the city can be seen without its names
                if error.code != "font.no_chinese":
                    raise
                self._context.warn("scene-no-chinese-font")
        self._written = frozenset(label.of for label in placed)
        self._names.show(placed, frame.size[1])

    def layout(
        self, matrix: Floats, size: tuple[int, int], scale: float, taken: Bools | None = None
    ) -> list[Placed]:
        """Choose the names to write on a picture; those far in the haze are left out.

        Where `taken`, (h, w), says so, other things stand already.
        """
        haze = self._context.materials.haze_metres
        farthest = 0.8 * haze if haze > 0 else math.inf
        camera, origin = self._context.renderer.GetActiveCamera(), self._context.origin
        eye = np.array(camera.GetPosition()) + origin
        look = np.array(camera.GetDirectionOfProjection()) / (1.0, 1.0, stretch_of(camera))
        parallel = bool(camera.GetParallelProjection())

        def hidden(points: Floats) -> Bools:
            return self._context.cover.hidden(points + origin, eye, look if parallel else None)

        takes = self._context.gone

        def gone(points: Floats) -> Bools:
            return np.zeros(len(points), dtype=bool) if takes is None else takes(points + origin)

        kept = self._written if self._context.moving else frozenset()
        return self._context.labels.layout(
            matrix, size, scale, farthest, taken, hidden, kept, gone if takes is not None else None
        )

    def close(self) -> None:
        """Take everything away."""
        self._context.renderer.RemoveActor(self._plain)
        self._context.renderer.RemoveActor(self._sky.actor)
        self._names.close()
        self._context.renderer.RemoveAllLights()

    def _show_plain(self) -> None:
        flat = self._surface is not None and self._surface.flat
        self._plain.SetVisibility(flat and not self._context.materials.transparent)


class Sky:
    """A quad behind everything; its shader colours every line of sight.

    Parameters
    ----------
    renderer : vtkRenderer
        Where.
    """

    def __init__(self, renderer: Any) -> None:
        self._shader = shader_property("sky", uniforms={})
        self._data = polydata(np.zeros((4, 3)), np.array([[0, 1, 2], [0, 2, 3]], dtype=np.int32))
        self.actor = vtkActor()
        self.actor.SetMapper(mapper_of(self._data))
        self.actor.SetShaderProperty(self._shader)
        self.actor.GetProperty().SetLighting(False)
        self.actor.SetPickable(False)
        renderer.AddActor(self.actor)

    def show_light(self, light: Daylight) -> None:
        """Take the light of another moment."""
        pool = self._shader.GetFragmentCustomUniforms()
        pool.SetUniform3f("zenithColour", light.zenith)
        pool.SetUniform3f("horizonColour", light.horizon)
        pool.SetUniform3f("sunDirection", light.sun)
        pool.SetUniform3f("glowColour", light.glow)
        red, green, blue = (EARTH[i] * light.ground[i] for i in range(3))
        pool.SetUniform3f("earthColour", (red, green, blue))

    def prepare(self, renderer: Any, frame: FrameState, earth: float = 0.0) -> None:
        """Spread the quad over the picture, half way between near and far.

        `earth` is how dark it is below the horizon, where one sees underground: 0 to 1.
        """
        camera = renderer.GetActiveCamera()
        look = frame.look
        side = across(look, np.array(camera.GetViewUp()))
        side /= np.linalg.norm(side)
        up = across(side, look)
        near, far = camera.GetClippingRange()
        away = (near + far) / 2.0
        half = camera.GetParallelScale()
        if not frame.parallel:
            half = away * math.tan(math.radians(camera.GetViewAngle()) / 2.0)
        wide = half * frame.size[0] / frame.size[1]
        shift_x, shift_y = camera.GetWindowCenter()
        corners = np.array(
            [
                look * away + side * wide * (x + shift_x) + up * half * (y + shift_y)
                for x, y in ((-1.01, -1.01), (1.01, -1.01), (1.01, 1.01), (-1.01, 1.01))
            ]
        )
        set_points(self._data, corners / (1.0, 1.0, frame.stretch))
        set_uniform(self._shader, "vertex", "skyStretch", frame.stretch)
        set_uniform(self._shader, "fragment", "earthShare", earth)
        self.actor.SetPosition(*frame.eye)
        way: Floats = look
        pool = self._shader.GetFragmentCustomUniforms()
        pool.SetUniform3f("skyLook", (float(way[0]), float(way[1]), float(way[2])))

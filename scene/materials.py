"""What ground and flat layers are made of: colour, slope, haze and their order in depth."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from typing import Any

import numpy as np
from vtkmodules.vtkRenderingCore import vtkActor

from layers.shapes import Floats
from scene import relief
from scene.light import Colour, Daylight, daylight
from scene.looks import ORDINARY, Look, show_grade
from scene.shading import Uniform, set_uniform, shader_property, switch
from scene.shadows import ShadowShaders
from scene.surface import Surface

_LEVEL = np.full((1, 1, 3), (relief.LEVEL, relief.LEVEL, 0), dtype=np.uint8)

PLAIN: Colour = (0.800, 0.797, 0.768)  # ground nobody has mapped
CONTOUR: Colour = (0.40, 0.28, 0.16)
HAZE = 11_000.0  # metres from a low eye at which two thirds are haze
HAZE_OF_HEIGHT = 5.0  # times the eye's height above the ground: from high up one sees further


class Materials:
    """Keeps sun, slope and haze the same in all shaders of the ground.

    Attributes
    ----------
    light : Daylight
        The light of the moment.
    look : Look
        How the whole picture is toned.
    shadows : ShadowShaders
        Hands the shadows to the shaders.
    seen_through : float
        How much of the ground is seen through, 0 to 1.
    transparent : bool
        Whether the picture has no sky and no ground but the terrain's own.
    """

    def __init__(self) -> None:
        self.light: Daylight = daylight(3.93, 0.79)
        self.look: Look = ORDINARY
        self.transparent = False
        self.shadows = ShadowShaders()
        self._grounds: weakref.WeakKeyDictionary[Any, tuple[bool, bool]] = (
            weakref.WeakKeyDictionary()
        )
        self._relief = relief.image_texture(_LEVEL)
        self._place = (0.0, 0.0, 1e-9, 1e-9)
        self._middle = (0.0, 0.0)
        self._reach = 30_000.0
        self._uneven = False
        self._haze = HAZE
        self._stretch = 1.0
        self._contours = (0.0, 1.0)
        self._orders: weakref.WeakKeyDictionary[Any, float] = weakref.WeakKeyDictionary()
        self.earthbound: weakref.WeakSet[Any] = weakref.WeakSet()
        """Actors of bodies that go when the ground below them is dug away: kerb stones, lamps."""
        self.painted: weakref.WeakKeyDictionary[Any, float] = weakref.WeakKeyDictionary()
        """Actors of signs over the scene that are painted in this order, the lowest first."""
        self.bare: weakref.WeakSet[Any] = weakref.WeakSet()
        """Actors that hide everything behind them, as far as they are not seen through."""
        self.backdrop: Any = None
        """The actor behind everything."""
        self.seen_through = 0.0

    @property
    def haze_metres(self) -> float:
        """Distance at which two thirds are haze, metres; 0 for none."""
        return 0.0 if self.transparent else self._haze

    def look_from(self, height: float) -> None:
        """Take the eye's height above the ground, metres: the haze thins as it rises."""
        steps = max(np.ceil(4.0 * np.log2(max(HAZE_OF_HEIGHT * height, HAZE) / HAZE)), 0.0)
        haze = float(HAZE * 2.0 ** (steps / 4.0))
        if haze != self._haze:
            self._haze = haze
            self.update()

    def show_stretch(self, stretch: float) -> None:
        """Shade slopes as steep as they are drawn: so many times higher than they are."""
        if stretch != self._stretch:
            self._stretch = stretch
            self.update()

    def show_contours(self, interval: float, width: float) -> None:
        """Draw contour lines on the ground: metres from line to line (0: none), pixels of width."""
        if (interval, width) != self._contours:
            self._contours = (interval, width)
            self.update()

    def show_through(self, share: float) -> None:
        """Let so much of the ground be seen through, 0 to 1."""
        self.seen_through = share
        self.update()

    def orders(self) -> Mapping[Any, float]:
        """Give the place in depth of every actor that is ground."""
        return dict(self._orders)

    def ground_actor(
        self, order: float, *, plain: bool = False, relief: float = 1.0, surface: str = "",
        contoured: bool = False,
        uniforms: Mapping[str, tuple[str, Uniform]] | None = None,
    ) -> Any:  # fmt: skip
        """Make an actor whose mapper is still to come, dressed as ground.

        Parameters
        ----------
        order : float
            Place above the ground in depth; 0 is the ground itself.
        plain : bool
            Whether ground that the terrain does not know is coloured plain.
        relief : float
            How much of the terrain's slope shows, 0 to 1.
        surface : str
            File of `shaders` that colours the surface before light falls on it, "" for none.
        contoured : bool
            Whether contour lines are drawn on it.
        uniforms : mapping or None
            What that file needs, as `scene.shading.shader_property` takes it.
        """
        actor = vtkActor()
        shader = shader_property(
            *filter(None, ("shadow", surface, "ground", "grade")),
            uniforms={
                **(uniforms or {}),
                "depthOrder": ("vertex", float(order)),
                "depthAway": ("vertex", (0.0, 0.0, 0.0)),
                "reliefShare": ("fragment", float(relief)),
            },
        )
        actor.SetShaderProperty(shader)
        look = actor.GetProperty()
        self.shadows.dress(actor, shader, look)
        look.SetLighting(False)
        look.SetAmbient(1.0)
        look.SetDiffuse(0.0)
        _bind(look, self._relief)
        self._grounds[actor] = (plain, contoured)
        self._orders[actor] = float(order)
        self._set(actor)
        return actor

    def set_order(self, actor: Any, order: float) -> None:
        """Change the place above the ground in depth."""
        self._orders[actor] = float(order)
        set_uniform(actor.GetShaderProperty(), "vertex", "depthOrder", float(order))

    def show_surface(self, surface: Surface, origin: Floats) -> None:
        """Take the slopes of another ground; `origin` is the scene's zero point."""
        west, south, across, up = relief.placement(surface)
        self._place = (west - origin[0], south - origin[1], across, up)
        middle = surface.middle
        self._middle = (middle[0] - float(origin[0]), middle[1] - float(origin[1]))
        self._reach = surface.reach
        self._uneven = not surface.flat
        self._relief = relief.image_texture(relief.texels(surface))
        for actor in self._grounds:
            _bind(actor.GetProperty(), self._relief)
        self.update()

    def show_light(self, light: Daylight) -> None:
        """Take the light of another moment."""
        self.light = light
        self.update()

    def show_look(self, look: Look) -> None:
        """Take another look; light comes with `show_light`."""
        if look is not self.look:
            self.look = look
            self.update()

    def update(self) -> None:
        """Hand everything to the shaders."""
        for actor in self._grounds:
            self._set(actor)

    def _set(self, actor: Any) -> None:
        shader, light = actor.GetShaderProperty(), self.light
        pool = shader.GetFragmentCustomUniforms()
        pool.SetUniform2f("reliefOrigin", self._place[:2])
        pool.SetUniform2f("reliefScale", self._place[2:])
        pool.SetUniform3f("sunDirection", light.key)
        pool.SetUniform3f("groundLight", light.ground)
        pool.SetUniformf("reliefStretch", self._stretch)
        pool.SetUniformf("skyShare", light.sky_share)
        pool.SetUniform3f("hazeColour", light.horizon)
        pool.SetUniform3f("skyColour", light.zenith)
        pool.SetUniformf("naturalShare", self.look.natural)
        show_grade(shader, self.look)
        pool.SetUniformf("hazeMetres", self.haze_metres)
        pool.SetUniformf("groundShare", 1.0 - self.seen_through)
        pool.SetUniform3f("plainColour", PLAIN)
        pool.SetUniform3f("groundEdge", (*self._middle, 0.0 if self.transparent else self._reach))
        plain, contoured = self._grounds[actor]
        switch(shader, "RELIEF", on=self._uneven)
        lines = contoured and self._contours[0] > 0.0
        switch(shader, "CONTOURS", on=lines)
        if lines:
            pool.SetUniform2f("contourLines", self._contours)
            pool.SetUniform3f("contourColour", CONTOUR)
        show = (-1.0 if self.transparent else 1.0) if plain else 0.0
        pool.SetUniformf("showPlain", show)


def _bind(look: Any, texture: Any) -> None:
    look.RemoveTexture("reliefTexture")
    look.SetTexture("reliefTexture", texture)

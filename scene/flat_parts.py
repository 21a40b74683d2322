"""The pieces a flat layer is drawn with: areas, ribbons of a width in metres, borders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import shapely

from layers.kinds.base import Features
from layers.shapes import Floats, Ints, Shapes
from layers.style import Rgb, Style
from scene.actors import drop, mapper_of, polydata, set_colours
from scene.drape import Draped, DrapedLines, drape_lines, drape_polygons
from scene.light import Colour
from scene.pixel_marks import WideLines

if TYPE_CHECKING:
    from scene.views.base import FrameState, StageContext

NARROWEST, WIDEST = 0.2, 200.0  # metres a ribbon may be wide
ORDERS = 8.0  # steps in depth between one flat layer and the next
#: How solid areas of a kind are, beside the layer's own opacity.
FILL = {"districts": 0.62, "control-lines": 0.10, "features": 0.45, "places": 0.45}
#: How much of the terrain's slope shows in areas of a kind; 1 where it is not said.
RELIEF = {"water": 0.2}


class Part(Protocol):
    """What a flat layer is drawn with."""

    def paint(self, colours: Rgb, opacity: float, *, shown: bool) -> None:
        """Give every object its colour."""

    def place(self, order: float, lift: float, context: StageContext) -> None:
        """Take another place above the ground."""

    def prepare(self, frame: FrameState, context: StageContext) -> None:
        """Get ready for a frame."""

    def close(self, context: StageContext) -> None:
        """Take it away."""


Parts = list[Part]


def ribbon_widths(features: Features, style: Style, chosen: Ints) -> Floats:
    """Give the width of the chosen lines, (k,) metres: their field's, else the style's."""
    widths = np.full(len(chosen), style.width_m)
    if style.width_field and style.width_field in features.attributes.column_names:
        own = features.numbers(style.width_field)[chosen]
        good = np.isfinite(own) & (own > 0)
        widths[good] = own[good]
    return np.where(widths > 0, np.clip(widths, NARROWEST, WIDEST), 0.0)


def ribbons(shapes: Shapes, widths: Floats, more: float = 0.0) -> Shapes:
    """Widen lines to areas with round ends and bends.

    Parameters
    ----------
    shapes : Shapes
        n lines.
    widths : (n,) float64
        Metres.
    more : float
        Metres added on each side.
    """
    middle = np.array(shapes.centres().mean(axis=0)) if len(shapes) else np.zeros(2)
    lines = shapes.moved(-middle[0], -middle[1]).to_shapely()
    areas = shapely.buffer(lines, widths / 2.0 + more, quad_segs=3)
    areas = np.where(shapely.is_empty(areas), shapely.buffer(shapely.centroid(lines), 0.1), areas)
    return Shapes.from_shapely(shapely.force_2d(areas)).moved(middle[0], middle[1])


def surface_actor(
    context: StageContext, step: float, surface: float | None, *, relief: float = 1.0
) -> Any:
    """Make an actor dressed as ground, or as a kind of surface of ``shaders/street.glsl``."""
    if surface is None:
        return context.materials.ground_actor(step, relief=relief)
    return context.materials.ground_actor(
        step, relief=relief, surface="street",
        uniforms={
            "surfaceKind": ("fragment", float(surface)),
            "paintFade": ("fragment", (100.0, 300.0, 0.0)),
            "paintUnder": ("fragment", (0.5, 0.5, 0.5)),
        },
    )  # fmt: skip


@dataclass(slots=True)
class Area:
    """Filled areas lying on the ground.

    Attributes
    ----------
    owner : (m,) int64
        Position of the object each point belongs to.
    share : float
        Opacity beside the layer's.
    shade : float
        What the colours are multiplied with.
    step : float
        Place in depth within the layer.
    tint : (red, green, blue) or None
        0 to 255; None takes the objects' colours.
    rise : float
        Metres above the layer's lift.
    """

    actor: Any
    data: Any
    owner: Ints
    share: float = 1.0
    shade: float = 1.0
    step: float = 0.0
    tint: tuple[int, int, int] | None = None
    rise: float = 0.0

    @classmethod
    def of(
        cls, shapes: Shapes, rows: Ints, context: StageContext, *,
        share: float = 1.0, shade: float = 1.0, step: float = 0.0, relief: float = 1.0,
        surface: float | None = None, tint: tuple[int, int, int] | None = None, rise: float = 0.0,
        draped: Draped | None = None,
    ) -> Area:  # fmt: skip
        """Lay areas on the ground; `rows` says which object each shape belongs to.

        `surface` is one of the kinds of ``shaders/street.glsl``; `draped` are the shapes where
        they lie on the ground already.
        """
        draped = draped or drape_polygons(shapes, context.ground.surface)
        data = polydata(context.to_scene(draped.points), draped.triangles)
        actor = surface_actor(context, step, surface, relief=relief)
        actor.SetMapper(mapper_of(data))
        context.renderer.AddActor(actor)
        return cls(actor, data, rows[draped.owner], share, shade, step, tint, rise)

    def paint(self, colours: Rgb, opacity: float, *, shown: bool) -> None:
        """Give every object its colour."""
        if self.tint is not None:
            colours = np.broadcast_to(np.array(self.tint, dtype=np.uint8), colours.shape)
        shaded = np.clip(colours * self.shade, 0, 255).astype(np.uint8)
        one = bool((shaded == shaded[:1]).all())
        mapper, look = self.actor.GetMapper(), self.actor.GetProperty()
        mapper.SetScalarVisibility(not one)
        if one and len(shaded):
            look.SetColor(*(shaded[0] / 255.0))
        elif len(shaded):
            set_colours(self.data, shaded[self.owner])
            mapper.SetColorModeToDirectScalars()
        look.SetOpacity(opacity * self.share)
        self.actor.SetVisibility(shown and opacity * self.share > 0.0)

    def place(self, order: float, lift: float, context: StageContext) -> None:
        """Take another place above the ground."""
        context.materials.set_order(self.actor, order + self.step)
        self.actor.SetPosition(0.0, 0.0, lift + 0.01 * self.step + self.rise)

    def prepare(self, frame: FrameState, context: StageContext) -> None:
        """Nothing changes with the frame."""

    def close(self, context: StageContext) -> None:
        """Take it away."""
        drop(context.renderer, self.actor)


@dataclass(slots=True)
class Border:
    """Lines of a width in pixels lying on the ground.

    Attributes
    ----------
    owner : (m,) int64
        Position of the object each point belongs to.
    colour : (red, green, blue) or None
        0 to 255; None takes the objects' colours.
    step : float
        Place in depth within the layer.
    bright : bool
        Whether they have their own colour in any light and look.
    lasting : bool
        Whether their colours are what a white model is to show, such as those of control lines.
    """

    lines: WideLines
    owner: Ints
    colour: tuple[int, int, int] | None
    step: float = 4.0
    bright: bool = False
    lasting: bool = True

    @classmethod
    def of(
        cls, shapes: Shapes, rows: Ints, context: StageContext, *,
        colour: tuple[int, int, int] | None, width: float, bright: bool = False,
        draped: DrapedLines | None = None,
    ) -> Border:  # fmt: skip
        """Lay lines and borders on the ground; `rows` says whose they are.

        `draped` are the shapes where they lie on the ground already.
        """
        draped = draped or drape_lines(shapes, context.ground.surface)
        lines = WideLines(context.to_scene(draped.points), draped.start, width)
        context.renderer.AddActor(lines.actor)
        owner = np.repeat(rows[draped.owner], np.diff(draped.start))
        return cls(lines, owner, colour, bright=bright)

    def paint(self, colours: Rgb, opacity: float, *, shown: bool) -> None:
        """Give every object its colour."""
        actor = self.lines.actor
        mapper, look = actor.GetMapper(), actor.GetProperty()
        single = self.colour is not None or bool((colours == colours[:1]).all())
        mapper.SetScalarVisibility(not single)
        if single and len(colours):
            own = colours[0] if self.colour is None else np.array(self.colour)
            look.SetColor(*(own / 255.0))
        elif len(colours):
            self.lines.paint(colours[self.owner])
        look.SetOpacity(opacity)
        actor.SetVisibility(shown and opacity > 0.0)

    def place(self, order: float, lift: float, context: StageContext) -> None:
        """Take another place above the ground."""
        del context
        self.lines.set_order(order + self.step)
        self.lines.actor.SetPosition(0.0, 0.0, lift + 0.01 * self.step)

    def prepare(self, frame: FrameState, context: StageContext) -> None:
        """Take the size of the picture."""
        self.lines.prepare(frame, context.pixel_scale)
        light: Colour = (1.0, 1.0, 1.0) if self.bright else context.materials.light.ground
        self.lines.set_light(light)
        if not self.bright:
            self.lines.tone(context.materials.look, lasting=self.lasting)

    def close(self, context: StageContext) -> None:
        """Take it away."""
        drop(context.renderer, self.lines.actor)

"""Lines and areas of drills on the ground: patterns that stay readable, near and far."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from vtkmodules.vtkRenderingCore import vtkActor

from layers.drills.symbol_lines import HATCHES, HIGH, AreaSymbol, LineSymbol
from layers.drills.symbol_shapes import COLOURS
from layers.shapes import Floats, Shapes, starts_of
from layers.style import Colour, rgb
from scene.actors import add_attribute, drop, mapper_of, polydata
from scene.drape import drape_polygons
from scene.looks import GRADE_UNIFORMS
from scene.pixel_marks import ON_TOP, line_data
from scene.shading import set_uniform, shader_property
from scene.symbol_marks import texture_of
from scene.symbol_pictures import piece

if TYPE_CHECKING:
    from scene.views.base import FrameState, StageContext

STRIP = HIGH + 4.0  # pixels across a line, its rim too
ARROW_LONG = 0.34  # length of the way of an arrow, as share of the root of the area
LIFT = 0.25  # metres that areas lie above the ground
ORDER = 900.0  # of areas in depth, above all flat layers
SHARES = (0.20, 0.62)  # how solid an area is, and the lines of its hatch
APART = 16.0  # pixels between two lines of a hatch


class PatternLines:
    """Lines with one pattern over the scene, one actor.

    Parameters
    ----------
    context : StageContext
        Where.
    lines : sequence of (k, 3) float64
        Project coordinates; closed ones repeat their first point.
    symbol : LineSymbol
        The pattern.
    colour : str
        ``#rrggbb``; "" takes that of the standard.
    order : float
        What has a higher order lies above.
    """

    def __init__(
        self, context: StageContext, lines: Sequence[Floats], symbol: LineSymbol, *,
        colour: Colour = "", order: float = 0.0,
    ) -> None:  # fmt: skip
        self._context, self._period = context, symbol.period
        points = context.to_scene(np.concatenate(lines))
        starts = starts_of([len(line) for line in lines])
        self.actor: Any = vtkActor()
        self._shader = shader_property(
            "wide_line",
            "line_pattern",
            uniforms={
                **GRADE_UNIFORMS,
                "lineFrame": ("vertex", (100.0, 100.0, STRIP)),
                "depthOrder": ("vertex", float(order)),
                "lineMode": ("vertex", ON_TOP),
                "lineLight": ("fragment", (1.0, 1.0, 1.0)),
                "patternLook": ("fragment", (self._period, 1.0, 1.0)),
            },
        )
        self.actor.SetShaderProperty(self._shader)
        data, corner = line_data(points, starts)
        share = np.concatenate([_shares(line) for line in lines])[corner]
        add_attribute(data, "share", share)
        add_attribute(data, "gap", np.repeat(share[2::4] - share[::4], 4))
        self.actor.SetMapper(
            mapper_of(
                data,
                lineBefore="before",
                lineAfter="after",
                lineSide="side",
                lineShare="share",
                lineGap="gap",
            )
        )
        look = self.actor.GetProperty()
        look.SetLighting(False)
        look.SetTexture("linePattern", texture_of(piece(symbol, colour)))
        self.actor.SetPickable(False)
        self.actor.ForceTranslucentOn()
        context.renderer.AddActor(self.actor)

    @property
    def actors(self) -> list[Any]:
        """What is drawn."""
        return [self.actor]

    def prepare(self, frame: FrameState) -> None:
        """Take the size of the picture."""
        width, height = frame.size
        scale = self._context.pixel_scale
        strip = (float(width), float(height), STRIP * scale)
        set_uniform(self._shader, "vertex", "lineFrame", strip)
        set_uniform(self._shader, "fragment", "patternLook", (self._period * scale, 1.0, 1.0))

    def show(self, *, shown: bool) -> None:
        """Show or hide it."""
        self.actor.SetVisibility(shown)

    def close(self) -> None:
        """Take it away."""
        drop(self._context.renderer, self.actor)


def _shares(line: Floats) -> Floats:
    """Give the place of each corner along a line, 0 to 1."""
    steps = np.linalg.norm(np.diff(line, axis=0), axis=1)
    total = float(steps.sum())
    along = np.concatenate([[0.0], np.cumsum(steps)])
    return along / total if total > 0.0 else np.linspace(0.0, 1.0, len(line))


class HatchedArea:
    """Areas of one look on the ground, with hatch and arrows.

    Parameters
    ----------
    context : StageContext
        Where.
    rings : sequence of (k, 2) float64
        Project coordinates, open.
    symbol : AreaSymbol
        The hatch.
    colour : str
        ``#rrggbb``; "" takes that of the standard.
    """

    def __init__(
        self, context: StageContext, rings: Sequence[Floats], symbol: AreaSymbol, *,
        colour: Colour = "",
    ) -> None:  # fmt: skip
        self._context = context
        self._form = float(HATCHES.index(symbol.hatch))
        self.actors: list[Any] = []
        red, green, blue = (part / 255.0 for part in rgb(colour or COLOURS["F"]))
        shapes = shapely.make_valid(np.array([shapely.Polygon(ring) for ring in rings]))
        parts = shapely.get_parts(shapes)
        parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
        parts = parts[shapely.area(parts) > 0.0]
        if not len(parts):
            return
        draped = drape_polygons(Shapes.from_shapely(parts), context.ground.surface)
        actor = context.materials.ground_actor(
            ORDER, relief=0.0, surface="hatch",
            uniforms={
                "hatchLook": ("fragment", (self._form, APART, 1.6)),
                "hatchShare": ("fragment", (*SHARES, 0.0)),
            },
        )  # fmt: skip
        actor.SetMapper(mapper_of(polydata(context.to_scene(draped.points), draped.triangles)))
        actor.SetPosition(0.0, 0.0, LIFT)
        actor.GetProperty().SetColor(red, green, blue)
        actor.SetPickable(False)
        actor.ForceTranslucentOn()
        context.renderer.AddActor(actor)
        self.actors.append(actor)

    def prepare(self, frame: FrameState) -> None:
        """Take the size of the picture."""
        del frame
        scale = self._context.pixel_scale
        look = (self._form, APART * scale, 1.6 * scale)
        for actor in self.actors:
            set_uniform(actor.GetShaderProperty(), "fragment", "hatchLook", look)

    def show(self, *, shown: bool) -> None:
        """Show or hide it."""
        for actor in self.actors:
            actor.SetVisibility(shown)

    def close(self) -> None:
        """Take it away."""
        for actor in self.actors:
            drop(self._context.renderer, actor)
        self.actors = []


def arrows_of(ring: Floats, way: int) -> list[Floats]:
    """Give the ways of four arrows over the border of an area, out of it (1) or into it (-1).

    Parameters
    ----------
    ring : (k, 2) float64
        Metres.
    way : int
        0 gives none.

    Returns
    -------
    list of (2, 2) float64
        From where to where; the arrow stands in the middle.
    """
    area = shapely.Polygon(ring)
    if not way or area.area <= 0.0:
        return []
    middle = np.array(area.centroid.coords[0])
    reach = float(np.hypot(*(ring - middle).T).max())
    long = ARROW_LONG * math.sqrt(area.area)
    out = []
    for quarter in range(4):
        turn = math.pi * quarter / 2.0
        ahead = np.array([math.sin(turn), math.cos(turn)])
        ray = shapely.LineString([middle, middle + 2.0 * reach * ahead])
        hit = shapely.intersection(ray, area.exterior)
        if hit.is_empty:
            continue
        crossing = np.array(shapely.get_coordinates(hit))[-1]
        out.append(np.array([crossing, crossing + way * long * ahead]))
    return out

"""Lines and areas of drills on the ground: patterns that stay readable, near and far."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkActor

from layers.drills.symbol_lines import HATCHES, HIGH, AreaSymbol, LineSymbol
from layers.drills.symbol_shapes import COLOURS
from layers.shapes import Floats, Ints, Shapes, starts_of
from layers.style import Colour, rgb
from scene.actors import add_attribute, drop, mapper_of, polydata
from scene.drape import drape_polygons
from scene.looks import GRADE_UNIFORMS
from scene.pixel_marks import ON_TOP, line_data
from scene.shading import set_uniform, shader_property
from scene.symbol_marks import texture_of
from scene.symbol_pictures import piece
from scene.water_tops import joined

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
        drawn, self._strip = _narrowed(symbol, colour)
        self.actor: Any = vtkActor()
        self._shader = shader_property(
            "wide_line",
            "line_pattern",
            uniforms={
                **GRADE_UNIFORMS,
                "lineFrame": ("vertex", (100.0, 100.0, self._strip)),
                "depthOrder": ("vertex", float(order)),
                "lineMode": ("vertex", ON_TOP),
                "lineLight": ("fragment", (1.0, 1.0, 1.0)),
                "patternLook": ("fragment", (self._period, 1.0, 1.0)),
            },
        )
        self.actor.SetShaderProperty(self._shader)
        self.actor.SetMapper(
            mapper_of(
                self._laid(lines),
                lineBefore="before",
                lineAfter="after",
                lineSide="side",
                lineShare="share",
                lineGap="gap",
            )
        )
        look = self.actor.GetProperty()
        look.SetLighting(False)
        look.SetTexture("linePattern", texture_of(drawn))
        self.actor.SetPickable(False)
        self.actor.ForceTranslucentOn()
        context.materials.painted[self.actor] = order
        context.renderer.AddActor(self.actor)

    def _laid(self, lines: Sequence[Floats]) -> Any:
        """Give the triangles of lines."""
        points = self._context.to_scene(np.concatenate(lines))
        starts = starts_of([len(line) for line in lines])
        data, corner = line_data(points, starts)
        share = _shares(points, starts)[corner]
        add_attribute(data, "share", share)
        add_attribute(data, "gap", np.repeat(share[2::4] - share[::4], 4))
        return data

    def lay(self, lines: Sequence[Floats]) -> None:
        """Draw other lines in the same look."""
        self.actor.GetMapper().SetInputData(self._laid(lines))

    @property
    def actors(self) -> list[Any]:
        """What is drawn."""
        return [self.actor]

    def prepare(self, frame: FrameState) -> None:
        """Take the size of the picture."""
        width, height = frame.size
        scale = self._context.pixel_scale
        strip = (float(width), float(height), self._strip * scale)
        set_uniform(self._shader, "vertex", "lineFrame", strip)
        set_uniform(self._shader, "fragment", "patternLook", (self._period * scale, 1.0, 1.0))

    def show(self, *, shown: bool) -> None:
        """Show or hide it."""
        self.actor.SetVisibility(shown)

    def close(self) -> None:
        """Take it away."""
        drop(self._context.renderer, self.actor)


@lru_cache(maxsize=128)
def _narrowed(symbol: LineSymbol, colour: Colour) -> tuple[NDArray[np.uint8], float]:
    """Give the picture of a pattern without its clear rims, and how many pixels it is across.

    Every pixel of a strip is asked for its colour, and most of the strips of borders are clear.
    """
    whole = piece(symbol, colour)
    inked = np.flatnonzero(whole[..., 3].any(axis=1))
    margin = int(min(inked[0], len(whole) - 1 - inked[-1])) if len(inked) else 0
    margin = max(margin - 1, 0)
    kept = whole[margin : len(whole) - margin]
    return kept, STRIP * len(kept) / len(whole)


def _shares(points: Floats, starts: Ints) -> Floats:
    """Give the place of each corner along its line, 0 to 1; lines without length give 0."""
    steps = np.linalg.norm(np.diff(points, axis=0, prepend=points[:1]), axis=1)
    first, counts = starts[:-1], np.diff(starts)
    steps[first[counts > 0]] = 0.0
    along = np.cumsum(steps)
    begin = np.repeat(along[np.minimum(first, len(along) - 1)], counts)
    total = np.repeat(along[starts[1:] - 1], counts) - begin
    shares = np.divide(along - begin, total, out=np.zeros_like(along), where=total > 0.0)
    return np.asarray(shares)


class HatchedArea:
    """Areas of one look on the ground and on water, with hatch and arrows.

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
        self._ink = tuple(part / 255.0 for part in rgb(colour or COLOURS["F"]))
        self.actors: list[Any] = []
        self.lay(rings)

    def lay(self, rings: Sequence[Floats]) -> None:
        """Draw other areas in the same look."""
        of = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
        closed = shapely.linearrings(np.concatenate(rings), indices=of)
        shapes = shapely.make_valid(shapely.polygons(closed))
        parts = shapely.get_parts(shapes)
        parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
        parts = parts[shapely.area(parts) > 0.0]
        if not len(parts):
            self.close()
            return
        context = self._context
        wet = context.water.over(parts)
        dry = context.water.dry(parts)[0] if wet else parts
        laid_dry = drape_polygons(Shapes.from_shapely(dry), context.ground.surface)
        draped = joined([laid_dry, *wet])
        laid = polydata(context.to_scene(draped.points), draped.triangles)
        if self.actors:
            self.actors[0].GetMapper().SetInputData(laid)
            return
        actor = context.materials.ground_actor(
            ORDER, relief=0.0, surface="hatch",
            uniforms={
                "hatchLook": ("fragment", (self._form, APART, 1.6)),
                "hatchShare": ("fragment", (*SHARES, 0.0)),
            },
        )  # fmt: skip
        actor.SetMapper(mapper_of(laid))
        actor.SetPosition(0.0, 0.0, LIFT)
        actor.GetProperty().SetColor(*self._ink)
        actor.SetPickable(False)
        actor.ForceTranslucentOn()
        context.materials.painted[actor] = 0.0
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
    if not way:
        return []
    area = shapely.Polygon(ring)
    if area.area <= 0.0:
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

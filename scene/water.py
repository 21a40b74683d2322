"""Areas of water: a level surface with waves and the sky in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.shapes import Floats, Ints, Shapes
from layers.style import Rgb
from layers.water import water_heights
from scene.actors import add_attribute, drop, mapper_of, polydata, set_colours
from scene.drape import Draped, drape_polygons
from scene.shading import set_uniform
from scene.surface import Surface

if TYPE_CHECKING:
    from scene.views.base import FrameState, StageContext

RUFFLE = 0.045  # height of waves against their length
DROWNED = 0.1  # share of a bed above its water from which on the terrain is not believed
MOST_CLIMB = 8.0  # metres
CLIMB = 0.6  # metres that water may lie above its level where the bed rises through it
DEEP = 10.0  # metres, where no bed is known
LIFT = 0.05  # metres above the bed there


def climbs(above: Floats, owner: Ints) -> Floats:
    """Give how far water may lie above its level at places, (m,) metres.

    Where more than a tenth of an area's bed lies well above its water, the terrain is too coarse
    to know the river: the water follows it then, but for its highest bumps.

    Parameters
    ----------
    above : (m,) float64
        Bed above the level, metres.
    owner : (m,) int64
        Area each place lies in.
    """
    out = np.full(len(above), CLIMB)
    if not len(above) or not (above > CLIMB).any():
        return out
    order = np.argsort(owner, kind="stable")
    starts = np.flatnonzero(np.diff(owner[order], prepend=-1))
    for mine in np.split(order, starts[1:]):
        if (above[mine] > CLIMB).mean() > DROWNED:
            out[mine] = min(max(float(np.percentile(above[mine], 97.0)), CLIMB), MOST_CLIMB)
    return out


@dataclass(frozen=True, slots=True, eq=False)
class Filled:
    """Areas of water at their levels, and how deep they are at each point, (m,) metres."""

    water: Draped
    deep: Floats


def filled(shapes: Shapes, told: Floats, surface: Surface) -> Filled:
    """Fill areas with water.

    Parameters
    ----------
    shapes : Shapes
        n areas.
    told : (n,) float64
        Levels that are known, metres above datum, else NaN.
    surface : Surface
        The ground.
    """
    draped = drape_polygons(shapes, surface)
    points = draped.points.copy()
    bed = points[:, 2].copy()
    level = water_heights(shapes, told, surface.height_at, points[:, :2], draped.owner)
    points[:, 2] = np.clip(bed + LIFT, level, level + climbs(bed - level, draped.owner))
    deep = np.full(len(bed), DEEP) if surface.flat else np.asarray(level - bed)
    return Filled(replace(draped, points=points), deep)


class WaterArea:
    """Areas of water, one actor.

    Parameters
    ----------
    rows : (n,) int64
        Which object of the layer each is.
    laid : Filled
        The areas at their levels.
    context : StageContext
        Where.
    """

    def __init__(self, rows: Ints, laid: Filled, context: StageContext) -> None:
        self._owner = rows[laid.water.owner]
        self._data = polydata(context.to_scene(laid.water.points), laid.water.triangles)
        add_attribute(self._data, "depth", laid.deep)
        self.actor: Any = context.materials.ground_actor(
            1.0, relief=0.0, surface="water",
            uniforms={
                "eyePlace": ("fragment", (0.0, 0.0, 1000.0)),
                "lookAlong": ("fragment", (0.0, 0.0, -1.0)),
                "waterRuffle": ("fragment", RUFFLE),
            },
        )  # fmt: skip
        self.actor.SetMapper(mapper_of(self._data, waterDepth="depth"))
        context.renderer.AddActor(self.actor)

    def paint(self, colours: Rgb, opacity: float, *, shown: bool) -> None:
        """Give every object its colour."""
        one = bool((colours == colours[:1]).all())
        mapper, look = self.actor.GetMapper(), self.actor.GetProperty()
        mapper.SetScalarVisibility(not one)
        if one and len(colours):
            look.SetColor(*(colours[0] / 255.0))
        elif len(colours):
            set_colours(self._data, colours[self._owner])
            mapper.SetColorModeToDirectScalars()
        look.SetOpacity(opacity)
        self.actor.SetVisibility(shown and opacity > 0.0)

    def place(self, order: float, lift: float, context: StageContext) -> None:
        """Take another place above the ground; the level itself is not lifted."""
        del lift
        context.materials.set_order(self.actor, order + 1.0)

    def prepare(self, frame: FrameState, context: StageContext) -> None:
        """Tell the water from where it is looked at."""
        del context
        shader = self.actor.GetShaderProperty()
        for name, value in (("eyePlace", frame.eye), ("lookAlong", frame.look)):
            way = (float(value[0]), float(value[1]), float(value[2]))
            set_uniform(shader, "fragment", name, way)

    def close(self, context: StageContext) -> None:
        """Take it away."""
        drop(context.renderer, self.actor)

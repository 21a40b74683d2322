"""Streets and rails seen from far: one strip for each line, without junctions and footways.

Strips need no areas to be joined, so that all streets of a country are there at once; they lie
under the surfaces that are made for tiles nearer to the eye.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.shapes import Ints
from scene.actors import mapper_of, polydata
from scene.flat_parts import Area, surface_actor

if TYPE_CHECKING:
    from scene.street_plan import Strip
    from scene.views.base import StageContext

STEP = -0.5  # place in depth within the layer: below everything else of it


def far_strips(
    strip: Strip, rows: Ints, context: StageContext, *, surface: float,
    tint: tuple[int, int, int] | None = None,
) -> Area:  # fmt: skip
    """Show strips that lie along lines on the ground, one actor.

    Parameters
    ----------
    strip : tuple
        Mesh of `strip_mesh`, project coordinates.
    rows : (m,) int64
        Which object of the layer each point is of.
    context : StageContext
        Where.
    surface : float
        Kind of surface of ``shaders/street.glsl``.
    tint : (red, green, blue) or None
        0 to 255; None takes the objects' colours.
    """
    data = polydata(context.to_scene(strip[0]), strip[1])
    actor = surface_actor(context, STEP, surface)
    actor.SetMapper(mapper_of(data))
    context.renderer.AddActor(actor)
    return Area(actor, data, rows, step=STEP, tint=tint)


__all__ = ["far_strips"]

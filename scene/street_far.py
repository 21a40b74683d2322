"""Streets and rails seen from far: one strip for each line, without junctions and footways.

Strips need no areas to be joined, so that all streets of a country are there at once; they lie
under the surfaces that are made for tiles nearer to the eye.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.shapes import Ints
from scene.actors import mapper_of, polydata
from scene.area_tiles import AreaTiles, parted
from scene.drape import Draped
from scene.flat_parts import Area, surface_actor

if TYPE_CHECKING:
    from scene.street_plan import Strip
    from scene.views.base import StageContext

FULL = 10_000  # triangles a square has on average
STEP = -0.5  # place in depth within the layer: below everything else of it


def far_strips(
    strip: Strip, rows: Ints, context: StageContext, *, surface: float,
    tint: tuple[int, int, int] | None = None,
) -> AreaTiles:  # fmt: skip
    """Show strips that lie along lines on the ground, square by square.

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
    squares = parted(Draped(strip[0], strip[1], rows), full=FULL)
    areas = []
    for square in squares:
        data = polydata(context.to_scene(square.points), square.triangles)
        actor = surface_actor(context, STEP, surface)
        actor.SetMapper(mapper_of(data))
        context.renderer.AddActor(actor)
        areas.append(Area(actor, data, square.owner, step=STEP, tint=tint))
    return AreaTiles.of(areas, squares, context)


__all__ = ["far_strips"]

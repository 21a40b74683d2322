"""Streets and rails seen from far: one strip for each line, without junctions and footways.

Strips need no areas to be joined, so that all streets of a country are there at once; they lie
under the surfaces that are made for tiles nearer to the eye.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from layers.shapes import Floats, Ints, Shapes
from scene.actors import mapper_of, polydata
from scene.drape import drape_lines
from scene.flat_parts import Area, surface_actor
from scene.street_strips import strip_mesh

if TYPE_CHECKING:
    from scene.views.base import StageContext

Geometries = NDArray[np.object_]
STEP = -0.5  # place in depth within the layer: below everything else of it


def far_strips(
    lines: Geometries, width: Floats, rows: Ints, context: StageContext, *, surface: float,
    tint: tuple[int, int, int] | None = None,
) -> Area | None:  # fmt: skip
    """Lay strips along lines on the ground, one actor.

    Parameters
    ----------
    lines : (n,) linestrings
        Centre lines, project metres.
    width : (n,) float64
        Metres.
    rows : (n,) int64
        Which object of the layer each is.
    context : StageContext
        Where.
    surface : float
        Kind of surface of ``shaders/street.glsl``.
    tint : (red, green, blue) or None
        0 to 255; None takes the objects' colours.

    Returns
    -------
    Area or None
        None where there are no lines.
    """
    if not len(lines):
        return None
    shapes = Shapes.from_shapely(lines)
    draped = drape_lines(shapes, context.ground.surface)
    points, triangles, path = strip_mesh(draped.points, draped.start, width[draped.owner])
    data = polydata(context.to_scene(points), triangles)
    actor = surface_actor(context, STEP, surface)
    actor.SetMapper(mapper_of(data))
    context.renderer.AddActor(actor)
    return Area(actor, data, rows[draped.owner][path], step=STEP, tint=tint)


__all__ = ["far_strips"]

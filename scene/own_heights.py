"""Shapes at heights of their own: overhead lines, raised areas, points in the air."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from layers.kinds.base import Features
from layers.shapes import LINE, POINT, POLYGON, Floats, Ints, Shapes
from layers.style import Heights
from scene import camera
from scene.actors import mapper_of, polydata
from scene.drape import triangulate
from scene.flat_parts import Area, Border, surface_actor
from scene.picking import REACH
from scene.pixel_marks import IN_AIR, WideLines
from scene.rays import Aim, Hit

if TYPE_CHECKING:
    from scene.ground import Ground
    from scene.views.base import StageContext


def heights_of(shapes: Shapes, how: Heights, ground: Ground) -> Floats | None:
    """Give the height of every coordinate of shapes, metres; None where they lie on the ground.

    Coordinates without a height of their own are on the ground.
    """
    if how == "ground" or shapes.z is None or not np.isfinite(shapes.z).any():
        return None
    level = ground.height_at(shapes.coords)
    if how == "relative":
        return np.asarray(level + np.nan_to_num(shapes.z))
    return np.where(np.isfinite(shapes.z), shapes.z, level)


class AirBorder(Border):
    """Lines and borders at the heights of their corners; straight in between."""

    @classmethod
    def at(
        cls, shapes: Shapes, heights: Floats, rows: Ints, context: StageContext, *,
        colour: tuple[int, int, int] | None, width: float, bright: bool = False,
    ) -> AirBorder:  # fmt: skip
        """Draw lines and closed borders; `heights` are those of all coordinates."""
        solid = np.column_stack([shapes.coords, heights])
        ring_shape = np.repeat(np.arange(len(shapes)), np.diff(shapes.shape_start))
        points, counts, owners = [], [], []
        for ring, shape in enumerate(ring_shape.tolist()):
            part = solid[shapes.ring_start[ring] : shapes.ring_start[ring + 1]]
            if shapes.kind[shape] == POINT:
                continue
            if shapes.kind[shape] == POLYGON:
                part = np.concatenate([part, part[:1]])
            points.append(part)
            counts.append(len(part))
            owners.append(shape)
        start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        every = np.concatenate(points) if points else np.empty((0, 3))
        lines = WideLines(context.to_scene(every), start, width, mode=IN_AIR)
        context.renderer.AddActor(lines.actor)
        owner = np.repeat(rows[np.array(owners, dtype=np.int64)], np.array(counts, dtype=np.int64))
        return cls(lines, owner, colour, bright=bright)

    def place(self, order: float, lift: float, context: StageContext) -> None:
        """Stay where it is: what has a height of its own does not lie on other layers."""
        del order, context
        self.lines.actor.SetPosition(0.0, 0.0, lift)


class AirArea(Area):
    """Filled areas between the heights of their corners."""

    @classmethod
    def at(
        cls, shapes: Shapes, heights: Floats, rows: Ints, context: StageContext, *, share: float
    ) -> AirArea:
        """Fill polygons; `heights` are those of all coordinates."""
        flat, triangles, _ = triangulate(shapes, context.origin[:2])
        points = np.column_stack([flat, heights - context.origin[2]])
        data = polydata(points, triangles)
        actor = surface_actor(context, 0.0, None, relief=0.0)
        actor.SetMapper(mapper_of(data))
        context.renderer.AddActor(actor)
        each = np.diff(shapes.ring_start[shapes.shape_start])
        return cls(actor, data, np.repeat(rows, each), share)

    def place(self, order: float, lift: float, context: StageContext) -> None:
        """Stay where it is."""
        del order
        context.materials.set_order(self.actor, 0.0)
        self.actor.SetPosition(0.0, 0.0, lift)


class AirIndex:
    """Finds points and lines with heights of their own near a pixel.

    Parameters
    ----------
    features : Features
        What can be found.
    heights : (m,) float64
        Of all coordinates of its shapes.
    """

    def __init__(self, features: Features, heights: Floats) -> None:
        self._features = features
        shapes = features.shapes
        self._points = np.column_stack([shapes.coords, heights])
        start = shapes.ring_start
        last = np.zeros(len(self._points), dtype=bool)
        last[start[1:] - 1] = True
        ring_shape = np.repeat(np.arange(len(shapes)), np.diff(shapes.shape_start))
        self._owner = np.repeat(ring_shape, np.diff(start))
        kind = shapes.kind[self._owner]
        self._from = np.flatnonzero(~last & (kind != POINT))
        closing = np.flatnonzero(last & (kind == POLYGON))
        first = np.repeat(start[:-1], np.diff(start))
        self._a = np.concatenate([self._from, closing, np.flatnonzero(kind == POINT)])
        self._b = np.concatenate([self._from + 1, first[closing], np.flatnonzero(kind == POINT)])
        self._rank = np.where(kind[self._a] == POINT, 0, np.where(kind[self._a] == LINE, 1, 2))

    def pick(self, layer_id: str, aim: Aim) -> Hit | None:
        """Give the point or line nearest to a pixel, points before lines before borders."""
        pixels = camera.project_points(aim.viewpoint, self._points, aim.size)
        start, end = pixels[self._a], pixels[self._b]
        way = end - start
        length = np.maximum((way**2).sum(axis=1), 1e-12)
        here = np.array([aim.x, aim.y])
        share = np.clip(((here - start) * way).sum(axis=1) / length, 0.0, 1.0)
        away = np.linalg.norm(start + way * share[:, None] - here, axis=1)
        near = np.flatnonzero(away <= REACH)  # NaN behind the eye is never near
        if near.size == 0:
            return None
        best = near[np.lexsort((away[near], self._rank[near]))[0]]
        a, b = self._points[self._a[best]], self._points[self._b[best]]
        point = a + (b - a) * share[best]
        metres = float(np.linalg.norm(point - aim.ray.origin))
        ground = aim.ground
        if ground is not None and np.linalg.norm(np.subtract(ground, aim.ray.origin)) < metres - 5:
            return None  # behind a hill
        place = float(point[0]), float(point[1]), float(point[2])
        return Hit(
            layer_id, int(self._features.ids[self._owner[self._a[best]]]), place, None, metres
        )

"""Finding what is under the pointer, on the processor: no second drawing, exact points."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from layers.kinds.base import Features
from layers.shapes import LINE, POINT, POLYGON, Bools, Floats, Ints
from layers.viewpoint import Viewpoint
from scene import camera
from scene.ground import Ground
from scene.rays import Aim, Hit, Ray

if TYPE_CHECKING:
    from scene.views.base import LayerView

CLEARLY = 0.5  # metres by which something in the air must lie before what is behind it
REACH = 6.0  # pixels from a point or a line that still count as pointing at it


def aim(v: Viewpoint, x: float, y: float, size: camera.Size, ground: Ground) -> Aim:
    """Make the question for what is under a pixel, with the ground point already found."""
    return along(Aim(x, y, size, v, camera.pixel_ray(v, x, y, size)), None, ground)


def along(question: Aim, ray: Ray | None, ground: Ground) -> Aim:
    """Give a question about another line of sight (None: the same), with its ground point."""
    ray = question.ray if ray is None else ray
    met = ground.meet(ray)
    if met is None:
        return replace(question, ray=ray, ground=None)
    grain = camera.metres_per_pixel(question.viewpoint, met[0], question.size)
    return replace(question, ray=ray, ground=met[0], metres_per_pixel=grain)


def pick(
    views: Sequence[LayerView], question: Aim, ground_layer: str, *, through: bool = False
) -> Hit | None:
    """Ask the views, uppermost first, and give the answer that counts.

    The nearest solid thing in front of the ground wins, then the flat thing on the ground: points
    before lines before areas is the flat view's own choice, between layers the upper one wins.

    Parameters
    ----------
    views : sequence of LayerView
        Those that are shown, uppermost first.
    question : Aim
        What is asked.
    ground_layer : str
        Id of the terrain's layer.
    through : bool
        Whether the ground is seen through, so that what is solid below it counts before it.
    """
    flat = [view for view in views if view.flat and view.lift == 0.0]
    others = [view for view in views if view not in flat]
    solid = [hit for view in others if (hit := _ask(view, question)) is not None]
    best = min(solid, key=lambda hit: hit.distance, default=None)
    ground = None
    if question.ground is not None:
        away = float(np.linalg.norm(np.subtract(question.ground, question.ray.origin)))
        ground = Hit(ground_layer, 0, question.ground, (0.0, 0.0, 1.0), away)
    before = best is not None and ground is not None and best.distance <= ground.distance + 1e-6
    if best is not None and (ground is None or before or through):
        nearest = best if ground is None or best.distance < ground.distance else ground
        return best if through else _raised(flat, question, nearest) or best
    for view in flat:
        if (hit := view.pick(question)) is not None:
            return hit
    return ground


def _ask(view: LayerView, question: Aim) -> Hit | None:
    """Ask a view that may be drawn higher than it is; the hit is where the object really is."""
    lift = view.lift
    if lift:
        east, north, height = question.ray.origin
        ray = Ray((east, north, height - lift), question.ray.direction)
        question = along(question, ray, view.context.ground)
    return view.pick(question)


def _raised(views: Sequence[LayerView], question: Aim, behind: Hit) -> Hit | None:
    """Give what a flat view has in the air, such as a deck, before something else."""
    for view in views:
        hit = view.pick(question)
        if hit is not None and hit.distance < behind.distance - CLEARLY:
            return hit
    return None


class PixelPolygon:
    """Says which points lie in a polygon of the picture.

    Parameters
    ----------
    v : Viewpoint
        The eye.
    size : (int, int)
        Width and height of the picture, pixels.
    corners : (k, 2) array_like of float
        Pixels; a polygon that crosses itself counts as what it encloses.
    gone : callable or None
        Says of points whether a cut takes them away; those are not chosen.
    """

    def __init__(
        self, v: Viewpoint, size: camera.Size, corners: ArrayLike,
        gone: Callable[[Floats], Bools] | None = None,
    ) -> None:  # fmt: skip
        self._gone = gone
        self._viewpoint, self._size = v, size
        points = np.asarray(corners, dtype=np.float64).reshape(-1, 2)
        self._area = shapely.make_valid(shapely.Polygon(points)) if len(points) >= 3 else None
        shapely.prepare(self._area)
        self._bulged = self._area is not None and self._area.equals(self._area.convex_hull)

    def lowered(self, metres: float) -> PixelPolygon:
        """Give the same for what is drawn so many metres higher than it is."""
        if metres == 0.0:
            return self
        other = copy.copy(self)
        other._viewpoint = replace(self._viewpoint, height=self._viewpoint.height - metres)
        return other

    def sides(self, low: Floats, high: Floats) -> NDArray[np.int8]:
        """Say of boxes whether all their points are chosen (1), none (-1), or some may be (0).

        Parameters
        ----------
        low, high : (m, 3) float64
            Corners, project coordinates.
        """
        out = np.zeros(len(low), dtype=np.int8)
        if self._area is None or len(low) == 0:
            return out - 1
        both = np.stack([low, high])
        pick = np.array(list(itertools.product((0, 1), repeat=3)))
        corners = both[pick.T, :, np.arange(3)[:, None]]  # (3, 8, m)
        points = corners.transpose(2, 1, 0).reshape(-1, 3)
        pixels = camera.project_points(self._viewpoint, points, self._size).reshape(-1, 8, 2)
        ahead = np.isfinite(pixels).all(axis=(1, 2))
        x0, y0, x1, y1 = self._area.bounds
        least, most = pixels[ahead].min(axis=1), pixels[ahead].max(axis=1)
        apart = (least[:, 0] > x1) | (most[:, 0] < x0) | (least[:, 1] > y1) | (most[:, 1] < y0)
        within: Bools = np.zeros(len(least), dtype=bool)
        if self._bulged and self._gone is None:
            flat = pixels[ahead].reshape(-1, 2)
            inside = np.asarray(shapely.intersects_xy(self._area, flat[:, 0], flat[:, 1]))
            within = np.asarray(inside.reshape(-1, 8).all(axis=1))
        out[ahead] = np.where(apart, -1, np.where(within, 1, 0))
        out[~np.isfinite(pixels).any(axis=(1, 2))] = -1
        return out

    def __call__(self, points: Floats) -> Bools:
        """Say which of (n, 3) points in project coordinates lie inside, (n,) bool."""
        pixels = camera.project_points(self._viewpoint, points, self._size)
        inside = np.zeros(len(pixels), dtype=bool)
        if self._area is None:
            return inside
        ahead = np.isfinite(pixels).all(axis=1)
        inside[ahead] = shapely.intersects_xy(self._area, pixels[ahead, 0], pixels[ahead, 1])
        if self._gone is not None:
            inside &= ~self._gone(points)
        return inside


class FlatIndex:
    """Finds flat objects near a place on the ground; for views of points, lines and areas.

    Parameters
    ----------
    features : Features
        What can be found.
    """

    def __init__(self, features: Features) -> None:
        self._features = features
        self._tree: shapely.STRtree | None = None

    def find(self, place: tuple[float, float], reach: float) -> int | None:
        """Give the id nearest to a place, None where nothing is near enough.

        Points within reach count before lines within reach, those before areas around the
        place; of several areas the smallest counts.

        Parameters
        ----------
        place : (east, north)
            Metres.
        reach : float
            How near points and lines must be, metres.
        """
        if len(self._features) == 0:
            return None
        if self._tree is None:
            self._tree = shapely.STRtree(self._features.shapes.to_shapely())
        here = shapely.Point(place)
        near: Ints = np.sort(self._tree.query(here, predicate="dwithin", distance=reach))
        if near.size == 0:
            return None
        away = shapely.distance(self._tree.geometries[near], here)
        kind = self._features.shapes.kind[near]
        for code in (POINT, LINE):
            chosen = np.flatnonzero(kind == code)
            if chosen.size:
                return int(self._features.ids[near[chosen[np.argmin(away[chosen])]]])
        chosen = np.flatnonzero((kind == POLYGON) & (away <= 0.0))
        if chosen.size == 0:
            return None
        sizes = shapely.area(self._tree.geometries[near[chosen]])
        return int(self._features.ids[near[chosen[np.argmin(sizes)]]])

    def pick(self, layer_id: str, question: Aim) -> Hit | None:
        """Answer a question of the stage; the hit lies on the ground."""
        if question.ground is None:
            return None
        east, north, _ = question.ground
        found = self.find((east, north), REACH * question.metres_per_pixel)
        if found is None:
            return None
        away = float(np.linalg.norm(np.subtract(question.ground, question.ray.origin)))
        return Hit(layer_id, found, question.ground, (0.0, 0.0, 1.0), away)

"""What is under the pointer where the city is cut open: what is taken away is not met."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from layers.cut import Cut, Slope
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.shapes import Floats
from scene import picking
from scene.ground import Ground
from scene.rays import Aim, Hit, Ray

if TYPE_CHECKING:
    from scene.pointed import Pointed
    from scene.views.base import LayerView

FARTHEST = 400_000.0  # metres a line of sight is followed
JUST = 1e-3  # metres behind a cut face
MOST = 24  # faces that a line of sight goes through

Span = tuple[float, float]


def gaps(cut: Cut, ray: Ray) -> list[Span]:
    """Give the stretches of a line of sight that a cut takes away, metres from its beginning."""
    origin, way = np.array(ray.origin), np.array(ray.direction)
    level = float(np.hypot(way[0], way[1]))
    spans: list[Span] = []
    if level < 1e-9:
        if cut.outline.contains(shapely.Point(origin[:2])):
            spans = [(0.0, FARTHEST)]
    else:
        sight = shapely.LineString([origin[:2], origin[:2] + way[:2] / level * FARTHEST])
        met = cut.outline.intersection(sight)
        for part in getattr(met, "geoms", [met]):
            if part.geom_type == "LineString" and not part.is_empty:
                ends = [math.dist(origin[:2], end[:2]) / level for end in part.coords]
                spans.append((min(ends), max(ends)))
    low, high = _between(cut, float(origin[2]), float(way[2]))
    if cut.slope is not None:
        low, high = _on_side(cut.slope, origin, way, low, high)
    spans = sorted((max(a, low), min(b, high)) for a, b in spans if max(a, low) < min(b, high))
    return spans if cut.keep == "outside" else _rest(spans)


def seek(stage: Pointed, views: Sequence[LayerView], x: float, y: float) -> Hit | None:
    """Give what is under a pixel of a stage; cut faces are met, what is cut away is not.

    Parameters
    ----------
    stage : Pointed
        Whose picture it is.
    views : sequence of LayerView
        Those that are shown, uppermost first.
    x, y : float
        Pixels from the top left corner.
    """
    question, through = stage.aim(x, y), stage.underground.share > 0.0
    cut, layer = stage.cutting.cut, stage.ground_layer
    if cut is None:
        return picking.pick(views, question, layer, through=through)
    if cut.pit:
        return _in_pit(cut, views, question, layer, through=through)
    spans, begun, way = gaps(cut, question.ray), 0.0, question.ray
    for _ in range(MOST):
        hit = picking.pick(views, question, layer, through=through)
        away = math.inf if hit is None else begun + hit.distance
        ahead = [span for span in spans if span[0] - JUST <= away and span[1] > begun]
        if not ahead:
            return None if hit is None else replace(hit, distance=away)
        begun = ahead[0][1] + JUST
        if begun >= FARTHEST:
            return None
        start = way.at(begun)
        face = _face(stage.project, views, stage.ground, layer, start, solid=not through)
        if face is not None:
            return replace(face, distance=begun)
        question = picking.along(question, Ray(start, way.direction), stage.ground)
    return None


def _in_pit(
    cut: Cut, views: Sequence[LayerView], question: Aim, layer: str, *, through: bool
) -> Hit | None:
    """Give what is met where the ground of a pit is gone: what hangs in it, else its faces."""
    hit = picking.pick(views, question, layer, through=through)
    if through or hit is None or question.ground is None:
        return hit
    ray, ground = question.ray, np.array(question.ground)
    away = float(np.linalg.norm(ground - np.array(ray.origin)))
    if hit.distance < away - JUST or not cut.outline.contains(shapely.Point(ground[:2])):
        return hit
    face = min(_along(ray, np.array(cut.pit).reshape(-1, 3, 3)), default=math.inf)
    inner = picking.pick(views, question, layer, through=True)
    if inner is not None and inner.object_id and inner.distance <= face:
        return inner
    return hit if math.isinf(face) else Hit(layer, 0, ray.at(face), None, face)


def _along(ray: Ray, triangles: Floats) -> list[float]:
    """Give how far a line of sight runs to each of the triangles it goes through."""
    origin, way = np.array(ray.origin), np.array(ray.direction)
    one, two = triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]
    across = np.cross(way, two)
    whole = (one * across).sum(axis=1)
    sound = np.abs(whole) > 1e-12
    whole = np.where(sound, whole, 1.0)
    start = origin - triangles[:, 0]
    u = (start * across).sum(axis=1) / whole
    over = np.cross(start, one)
    v = over @ way / whole
    t = (two * over).sum(axis=1) / whole
    met = sound & (u >= -1e-9) & (v >= -1e-9) & (u + v <= 1.0 + 1e-9) & (t > 0.0)
    return [float(one) for one in t[met]]


def _face(
    project: Project, views: Sequence[LayerView], ground: Ground, ground_layer: str,
    at: tuple[float, float, float], *, solid: bool,
) -> Hit | None:  # fmt: skip
    """Give the cut building a point lies in, or the cut earth; None in the open."""
    here, place = shapely.Point(at[:2]), np.array(at)
    for view in views:
        for body in view.solids(place, place, blocks=False):
            if _within(body.points[body.triangles], place):
                return Hit(view.layer.id, body.object_id, at, None, 0.0)
        data = view.layer.data
        if not isinstance(data, Buildings) or len(data) == 0:
            continue
        box = data.shapes.bounds()
        rows = np.flatnonzero(
            (box[:, 0] <= at[0]) & (box[:, 2] >= at[0]) & (box[:, 1] <= at[1])
            & (box[:, 3] >= at[1]) & view.casting
        )  # fmt: skip
        if rows.size == 0:
            continue
        base = project.base_of(data, rows)
        within = (base + data.min_height[rows] < at[2]) & (base + data.height[rows] > at[2])
        rows = rows[within]
        for row, shape in zip(rows, data.shapes.take(rows).to_shapely(), strict=True):
            if shape.contains(here):
                return Hit(view.layer.id, int(data.ids[row]), at, None, 0.0)
    if solid and at[2] < float(ground.height_at([at[:2]])[0]):
        return Hit(ground_layer, 0, at, None, 0.0)
    return None


def _within(soup: Floats, place: Floats) -> bool:
    """Say whether a place is in a body, (t, 3, 3): straight up an odd number of faces is met."""
    a, b, c = soup[:, 0] - place, soup[:, 1] - place, soup[:, 2] - place
    area = np.cross(b[:, :2] - a[:, :2], c[:, :2] - a[:, :2])
    shares = np.stack([np.cross(p[:, :2], q[:, :2]) for p, q in ((b, c), (c, a), (a, b))])
    over = (shares > 0.0).all(axis=0) | (shares < 0.0).all(axis=0)
    over &= np.abs(area) > 1e-12
    part = shares[:, over] / area[over]
    height = part[0] * a[over, 2] + part[1] * b[over, 2] + part[2] * c[over, 2]
    return bool((height > 0.0).sum() % 2)


def _between(cut: Cut, height: float, rise: float) -> Span:
    """Give from where to where a line of sight is between the heights of a cut."""
    low = -math.inf if cut.low is None else cut.low
    high = math.inf if cut.high is None else cut.high
    if abs(rise) < 1e-12:
        return (0.0, FARTHEST) if low < height < high else (0.0, 0.0)
    ends = sorted(((low - height) / rise, (high - height) / rise))
    return max(ends[0], 0.0), min(ends[1], FARTHEST)


def _on_side(slope: Slope, origin: Floats, way: Floats, low: float, high: float) -> Span:
    """Leave of a stretch what is on the side of a leaning plane."""
    over, rise = float(slope.over(origin[None])[0]), float(way @ np.array(slope.normal))
    if abs(rise) < 1e-12:
        return (low, high) if over > 0.0 else (0.0, 0.0)
    met = -over / rise
    return (max(low, met), high) if rise > 0.0 else (low, min(high, met))


def _rest(spans: list[Span]) -> list[Span]:
    """Give what lies between stretches."""
    out, at = [], 0.0
    for begin, end in spans:
        if begin > at:
            out.append((at, begin))
        at = max(at, end)
    if at < FARTHEST:
        out.append((at, FARTHEST))
    return out

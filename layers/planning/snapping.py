"""Snapping: the corner, edge or point of the city nearest to where somebody points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np
import shapely

from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.kinds.models import Models
from layers.project import Project
from layers.shapes import POINT, POLYGON, Floats, Ints

Found = Literal["vertex", "middle", "edge"]


@dataclass(frozen=True, slots=True)
class Snap:
    """Where the pointer snapped to.

    Attributes
    ----------
    point : (east, north, height)
        Metres.
    what : str
        ``"vertex"``, ``"middle"`` (of an edge) or ``"edge"``.
    layer_id : str
        Layer it belongs to.
    object_id : int
        Object it belongs to.
    distance : float
        Metres from the asked place.
    """

    point: tuple[float, float, float]
    what: Found
    layer_id: str
    object_id: int
    distance: float


class Snapper:
    """Finds corners and edges; keeps an index per layer content.

    Parameters
    ----------
    project : Project
        Its visible layers of shapes are snapped to.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._trees: WeakKeyDictionary[Features, shapely.STRtree] = WeakKeyDictionary()

    def snap(
        self, point: tuple[float, float, float], tolerance: float, *, edges: bool = True
    ) -> Snap | None:
        """Give the nearest corner within the tolerance, else the nearest edge, else None.

        Parameters
        ----------
        point : (east, north, height)
            Where the pointer is, metres.
        tolerance : float
            Metres in space; a few pixels at the place's depth.
        edges : bool
            Whether edges count, beside corners and middles of edges.
        """
        best: Snap | None = None
        for layer in self._project.layers:
            if not layer.visible or not isinstance(layer.data, Features):
                continue
            if isinstance(layer.data, Models):  # their heights may count from the ground
                continue
            near = self._near(layer.data, point, tolerance)
            if near.size:
                best = _better(best, self._in_layer(layer, layer.data, near, point, tolerance))
        if best is not None and best.what == "edge" and not edges:
            return None
        return best

    def _near(self, data: Features, point: tuple[float, float, float], reach: float) -> Ints:
        tree = self._trees.get(data)
        if tree is None:
            tree = shapely.STRtree(np.asarray(shapely.box(*data.shapes.bounds().T)))
            self._trees[data] = tree
        east, north, _ = point
        box = shapely.box(east - reach, north - reach, east + reach, north + reach)
        near = np.asarray(tree.query(box), dtype=np.int64)
        return near[data.drawn[near]] if isinstance(data, Buildings) else near

    def _in_layer(
        self,
        layer: Layer,
        data: Features,
        near: Ints,
        point: tuple[float, float, float],
        tolerance: float,
    ) -> Snap | None:
        lines = self._lines(data, near)
        way = lines.ends - lines.starts
        length2 = np.maximum((way**2).sum(axis=1), 1e-12)
        share = np.clip(((np.array(point) - lines.starts) * way).sum(axis=1) / length2, 0, 1)
        tries: tuple[tuple[Found, Floats, Ints], ...] = (
            ("vertex", lines.corners, lines.corner_owner),
            ("middle", (lines.starts + lines.ends) / 2, lines.edge_owner),
            ("edge", lines.starts + share[:, None] * way, lines.edge_owner),
        )
        for what, candidates, owner in tries:
            if len(candidates) == 0:
                continue
            gap = np.linalg.norm(candidates - np.array(point), axis=1)
            at = int(np.argmin(gap))
            if gap[at] <= tolerance:
                east, north, height = (float(v) for v in candidates[at])
                place = (east, north, height)
                return Snap(place, what, layer.id, int(data.ids[owner[at]]), float(gap[at]))
        return None

    def _lines(self, data: Features, near: Ints) -> _Lines:
        shapes = data.shapes.take(near)
        sizes = np.diff(shapes.ring_start)
        kind = np.repeat(np.repeat(shapes.kind, np.diff(shapes.shape_start)), sizes)
        following = np.arange(1, len(shapes.coords) + 1)
        last = shapes.ring_start[1:] - 1
        following[last] = shapes.ring_start[:-1]
        joined = kind != POINT
        joined[last] &= kind[last] == POLYGON
        a, b = np.flatnonzero(joined), following[joined]
        place = np.repeat(np.arange(len(near)), np.diff(shapes.first_coord))
        owner = near[place]
        if isinstance(data, Buildings):
            base = self._project.base_of(data, near)
            low = np.column_stack([shapes.coords, (base + data.min_height[near])[place]])
            high = np.column_stack([shapes.coords, (base + data.height[near])[place]])
            return _Lines(
                np.concatenate([low, high]),
                np.tile(owner, 2),
                np.concatenate([low[a], high[a], low]),
                np.concatenate([low[b], high[b], high]),
                np.concatenate([owner[a], owner[a], owner]),
            )
        z = self._project.ground_at(shapes.coords)
        if shapes.z is not None:
            z = np.where(np.isnan(shapes.z), z, shapes.z)
        there = np.column_stack([shapes.coords, z])
        return _Lines(there, owner, there[a], there[b], owner[a])


@dataclass(frozen=True, slots=True)
class _Lines:
    """Corners and edges in space, (k, 3) metres, each with the position of its object."""

    corners: Floats
    corner_owner: Ints
    starts: Floats
    ends: Floats
    edge_owner: Ints


def _better(a: Snap | None, b: Snap | None) -> Snap | None:
    if a is None or b is None:
        return a or b
    order = {"vertex": 0, "middle": 1, "edge": 2}
    return min(a, b, key=lambda s: (order[s.what], s.distance))

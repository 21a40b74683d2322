"""Triangles cut by planes: what a cut leaves of a body, and the section it shows."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from layers.cut import Cut
from layers.shapes import Floats

Half = tuple[Floats, float]
"""A unit normal (3,) and how far from the zero point the half-space along it begins."""

SNAP = 5e-3  # metres: corners of a section that are nearer are one
LEANS = 0.1  # rise of a plane from which the lower ends of an open body are joined in it
FLAT = 0.01  # square metres: smaller parts of a section are not shown


def clipped(soup: Floats, half: Half) -> Floats:
    """Give what of triangles lies in a half-space.

    Parameters
    ----------
    soup : (t, 3, 3) float64
        Triangles, each with its three corners.
    half : (normal, offset)
        The points with ``point @ normal > offset``.

    Returns
    -------
    (u, 3, 3) float64
        Triangles turned the same way.
    """
    normal, offset = half
    away = soup @ normal - offset
    inside = away > 0.0
    count = inside.sum(axis=1)
    out = [soup[count == 3]]
    for lone in (1, 2):
        rows = np.flatnonzero(count == lone)
        if not rows.size:
            continue
        odd = np.argmax(inside[rows] == (lone == 1), axis=1)
        turn = (odd[:, None] + np.arange(3)) % 3
        part = np.take_along_axis(soup[rows], turn[:, :, None], axis=1)
        far = np.take_along_axis(away[rows], turn, axis=1)
        one = _between(part[:, 0], part[:, 1], far[:, 0], far[:, 1])
        two = _between(part[:, 0], part[:, 2], far[:, 0], far[:, 2])
        if lone == 1:
            out.append(np.stack([part[:, 0], one, two], axis=1))
        else:
            out.append(np.stack([one, part[:, 1], part[:, 2]], axis=1))
            out.append(np.stack([one, part[:, 2], two], axis=1))
    return np.concatenate(out)


def _between(a: Floats, b: Floats, at_a: Floats, at_b: Floats) -> Floats:
    share = at_a / (at_a - at_b)
    return np.asarray(a + (b - a) * share[:, None])


def convex_parts(cut: Cut) -> list[list[Half]]:
    """Give a cut as bodies without dents, each the common part of half-spaces."""
    outline = cut.outline
    parts: list[shapely.Polygon] = [outline]
    if not outline.equals(outline.convex_hull):
        parts = [
            part
            for part in shapely.constrained_delaunay_triangles(outline).geoms
            if isinstance(part, shapely.Polygon)
        ]
    ends: list[Half] = []
    if cut.low is not None:
        ends.append((np.array([0.0, 0.0, 1.0]), cut.low))
    if cut.high is not None:
        ends.append((np.array([0.0, 0.0, -1.0]), -cut.high))
    if cut.slope is not None:
        normal = np.array(cut.slope.normal)
        ends.append((normal, float(normal @ np.array(cut.slope.point))))
    out = []
    for part in parts:
        ring = np.array(shapely.geometry.polygon.orient(part).exterior.coords)
        sides: list[Half] = []
        for a, b in itertools.pairwise(ring):
            way = (b - a) / np.hypot(*(b - a))
            normal = np.array([-way[1], way[0], 0.0])
            sides.append((normal, float(normal[:2] @ a)))
        out.append(sides + ends)
    return out


def remaining(soup: Floats, cut: Cut, parts: Sequence[Sequence[Half]] = ()) -> Floats:
    """Give what a cut leaves of triangles, (t, 3, 3) in project coordinates.

    `parts` are those of `convex_parts` where they are known.
    """
    parts = parts or convex_parts(cut)
    if cut.keep == "inside":
        return np.concatenate([_within(soup, part) for part in parts])
    rest = soup
    for part in parts:
        done = []
        for normal, offset in part:
            done.append(clipped(rest, (-normal, -offset)))
            rest = clipped(rest, (normal, offset))
        rest = np.concatenate(done)
    return rest


def _within(soup: Floats, part: Sequence[Half]) -> Floats:
    for half in part:
        soup = clipped(soup, half)
    return soup


def section(points: Floats, triangles: Any, plane: Plane) -> Any:
    """Give where a plane meets a closed body.

    Parameters
    ----------
    points : (p, 3) float64
        Corners.
    triangles : (t, 3) int
        Faces; a body that is open below is closed along its lower ends.
    plane : Plane
        Where.

    Returns
    -------
    shapely geometry
        Polygons in the coordinates of the plane; empty where it does not meet the body, or the
        body does not close.
    """
    flat, away = plane.flat(points), plane.away(points)
    away = np.where(away == 0.0, 1e-9, away)
    over = away[triangles] > 0.0
    crossing = triangles[over.any(axis=1) & ~over.all(axis=1)]
    if not len(crossing):
        return shapely.Polygon()
    met = []
    for i, j in ((0, 1), (1, 2), (2, 0)):
        a, b = crossing[:, i], crossing[:, j]
        share = away[a] / np.where(away[a] == away[b], 1.0, away[a] - away[b])
        place = flat[a] + (flat[b] - flat[a]) * share[:, None]
        place[(away[a] > 0.0) == (away[b] > 0.0)] = np.nan
        met.append(place)
    ends = np.stack(met, axis=1)
    lines = ends[~np.isnan(ends[:, :, 0])].reshape(-1, 2, 2)
    lines = _joined(lines)
    return _filled(lines, close=bool(plane.up[2] > LEANS))


def _joined(lines: Floats) -> Floats:
    """Make ends of lines, (k, 2, 2), that nearly meet the same; what has no length is left out."""
    places = lines.reshape(-1, 2)
    pairs = cKDTree(places).query_pairs(SNAP, output_type="ndarray")
    count = len(places)
    near = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    _, group = connected_components(near, directed=False)
    _, first = np.unique(group, return_index=True)
    ends = group.reshape(-1, 2)
    apart = ends[:, 0] != ends[:, 1]
    return np.asarray(places[first[ends[apart]]])


def _filled(lines: Floats, *, close: bool) -> Any:
    """Give what lies within lines, (k, 2, 2): what a way out crosses an odd number of times."""
    if not len(lines):
        return shapely.Polygon()
    places, count = np.unique(lines.reshape(-1, 2), axis=0, return_counts=True)
    loose = places[count % 2 == 1]
    if close and len(loose) and len(loose) % 2 == 0:
        loose = loose[np.argsort(loose[:, 0], kind="stable")]
        lines = np.concatenate([lines, loose.reshape(-1, 2, 2)])
    noded = shapely.unary_union(shapely.linestrings(lines))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    faces = faces[shapely.area(faces) > SNAP**2]
    if not len(faces):
        return shapely.Polygon()
    inner = np.array([part.representative_point().coords[0] for part in faces])
    a, b = lines[:, 0], lines[:, 1]
    y = inner[:, 1:]
    crosses = (a[:, 1] > y) != (b[:, 1] > y)
    rise = np.where(a[:, 1] == b[:, 1], 1.0, b[:, 1] - a[:, 1])
    at = a[:, 0] + (y - a[:, 1]) / rise * (b[:, 0] - a[:, 0])
    odd = (crosses & (at > inner[:, :1])).sum(axis=1) % 2 == 1
    return shapely.unary_union(faces[odd]) if odd.any() else shapely.Polygon()


class Plane:
    """A plane in space with coordinates of its own.

    Parameters
    ----------
    point : (3,) array_like
        Its zero point, project coordinates.
    right : (3,) array_like
        Unit vector of its first coordinate.
    up : (3,) array_like
        Unit vector of its second one, square to the first.
    """

    def __init__(self, point: Any, right: Any, up: Any) -> None:
        self.point = np.asarray(point, dtype=np.float64)
        self.right = np.asarray(right, dtype=np.float64)
        self.up = np.asarray(up, dtype=np.float64)
        self.normal = np.cross(self.right, self.up)

    def flat(self, points: Floats) -> Floats:
        """Give the coordinates of points, (n, 3), in the plane, (n, 2)."""
        apart = points - self.point
        return np.column_stack([apart @ self.right, apart @ self.up])

    def away(self, points: Floats) -> Floats:
        """Give how far points are from the plane, (n,)."""
        return np.asarray((points - self.point) @ self.normal)

    def places(self, flat: Floats) -> Floats:
        """Give the places of coordinates in the plane, (n, 3)."""
        return np.asarray(self.point + flat[:, :1] * self.right + flat[:, 1:] * self.up)

    def triangles(self, shape: Any) -> list[Floats]:
        """Cut polygons in its coordinates into triangles, each (3, 3) project coordinates."""
        out: list[Floats] = []
        for part in getattr(shape, "geoms", [shape]):
            if part.geom_type == "Polygon" and part.area > FLAT:
                cut = shapely.constrained_delaunay_triangles(part).geoms
                out.extend(self.places(np.array(one.exterior.coords)[:3, :2]) for one in cut)
        return out

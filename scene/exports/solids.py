"""Buildings as solids for other programs: walls, roofs and undersides with their own normals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.files.city_choice import Chosen
from layers.kinds.buildings import Buildings, Surfaces
from layers.shapes import Bools, Floats, Ints, Shapes, runs, starts_of
from layers.triangles import triangulate, triangulate_faces
from scene.exports.places import Place

Float32s = NDArray[np.float32]
THINNEST = 1e-6  # metres: shorter walls are none


@dataclass(frozen=True, slots=True, eq=False)
class Solids:
    """Triangles of some buildings.

    Attributes
    ----------
    points : (p, 3) float64
        Metres, in the axes of a `Place`.
    normals : (p, 3) float64
        Unit vectors, outwards.
    owner : (p,) int64
        Which of the chosen buildings each point belongs to, counted from 0.
    triangles : (t, 3) int64
        Counter-clockwise seen from outside.
    """

    points: Floats
    normals: Floats
    owner: Ints
    triangles: Ints

    @classmethod
    def join(cls, parts: list[Solids]) -> Solids:
        """Put several behind each other."""
        shift = starts_of([len(part.points) for part in parts])
        return cls(
            np.concatenate([part.points for part in parts]),
            np.concatenate([part.normals for part in parts]),
            np.concatenate([part.owner for part in parts]),
            np.concatenate([p.triangles + shift[i] for i, p in enumerate(parts)]),
        )


class FaceIndex:
    """Finds the surfaces of a layer's buildings.

    Parameters
    ----------
    data : Buildings
        n buildings.
    """

    def __init__(self, data: Buildings) -> None:
        self.surfaces = data.surfaces
        n = len(data)
        self.count: Ints = np.zeros(n, dtype=np.int64)
        if self.surfaces is not None and len(self.surfaces.owner):
            row = data.index_of(self.surfaces.owner)
            self._order = np.argsort(row, kind="stable")
            self.count = np.bincount(row, minlength=n)
        self._start = starts_of(self.count)

    def faces_of(self, rows: Ints) -> tuple[Surfaces, Ints]:
        """Give the surfaces of some buildings and, for each face, which of them it belongs to."""
        assert self.surfaces is not None
        whole = self.surfaces
        chosen = self._order[runs(self._start, rows)]
        owner = np.repeat(np.arange(len(rows)), self.count[rows])
        rings = runs(whole.face_start, chosen)
        points = runs(whole.ring_start, rings)
        return Surfaces(
            coords=whole.coords[points],
            ring_start=starts_of(np.diff(whole.ring_start)[rings]),
            face_start=starts_of(np.diff(whole.face_start)[chosen]),
            owner=owner,
            meaning=whole.meaning[chosen],
        ), owner


def solids_of(
    chosen: Chosen, rows: Ints, place: Place, faces: FaceIndex, *, closed: bool
) -> tuple[Solids | None, Solids | None]:
    """Make the solids of some buildings.

    Parameters
    ----------
    chosen : Chosen
        Of a layer.
    rows : (k,) int64
        Positions of those to make; all are drawn.
    place : Place
        Where they lie.
    faces : FaceIndex
        Of the layer.
    closed : bool
        Whether blocks that stand on the ground get an underside too; floating ones always do.

    Returns
    -------
    blocks, details : Solids or None
        Blocks over footprints, and detailed surfaces; None where there are none. Owners count
        through `rows`.
    """
    data = chosen.data
    detailed = faces.count[rows] > 0
    blocks = details = None
    if (~detailed).any():
        which = np.flatnonzero(~detailed)
        mine = rows[which]
        base = chosen.base[mine]
        shapes = data.shapes if len(mine) == len(data.shapes) else data.shapes.take(mine)
        bottom = np.full(len(mine), closed) | (data.min_height[mine] > 0.0)
        blocks = block_solids(
            shapes, base + data.min_height[mine], base + data.height[mine], bottom, place, which
        )
    if detailed.any():
        which = np.flatnonzero(detailed)
        surfaces, owner = faces.faces_of(rows[which])
        details = surface_solids(surfaces, which[owner], place)
    return blocks, details


def block_solids(
    shapes: Shapes, low: Floats, high: Floats, bottom: Bools, place: Place, owner: Ints
) -> Solids:
    """Make upright blocks.

    Parameters
    ----------
    shapes : Shapes
        n polygons.
    low, high : (n,) float64
        Underside and top, metres above the project's datum.
    bottom : (n,) bool
        Whether the underside is drawn.
    place : Place
        Where they lie.
    owner : (n,) int64
        What the points of each are marked with.
    """
    first = shapes.first_coord
    of = np.repeat(np.arange(len(shapes)), np.diff(first))
    foot, up = place.uprights(shapes.coords)
    lower, upper = foot + low[of, None] * up, foot + high[of, None] * up
    nxt = np.arange(1, len(of) + 1)
    nxt[shapes.ring_start[1:] - 1] = shapes.ring_start[:-1]
    outward = np.cross(lower[nxt] - lower, up)
    length = np.linalg.norm(outward, axis=1)
    wall = np.flatnonzero(length > THINNEST)
    after = nxt[wall]
    corners = np.stack([lower[wall], lower[after], upper[after], upper[wall]], axis=1)
    normals = np.repeat(outward[wall] / length[wall, None], 4, axis=0)
    quad = np.array([[0, 1, 2], [0, 2, 3]])
    walls = Solids(
        corners.reshape(-1, 3),
        normals,
        np.repeat(owner[of[wall]], 4),
        (np.arange(len(wall))[:, None, None] * 4 + quad).reshape(-1, 3),
    )
    cut = triangulate(shapes)
    used = runs(cut.start, np.arange(len(shapes)))
    whose = np.repeat(np.arange(len(shapes)), np.diff(cut.start))
    used_here = (used - cut.start[whose]) < cut.count[whose]
    used, whose = used[used_here], whose[used_here]
    lids = cut.corners[used].astype(np.int64) + first[whose][:, None]
    parts = [walls, Solids(upper, up, owner[of], lids)]
    if bottom.any():
        kept = np.flatnonzero(bottom[of])
        place_of = np.full(len(of), -1, dtype=np.int64)
        place_of[kept] = np.arange(len(kept))
        floors = place_of[lids[bottom[whose]][:, ::-1]]
        parts.append(Solids(lower[kept], -up[kept], owner[of[kept]], floors))
    return Solids.join(parts)


def surface_solids(surfaces: Surfaces, owner: Ints, place: Place) -> Solids:
    """Make detailed surfaces; `owner` says whose each face is."""
    cut = triangulate_faces(surfaces)
    foot, up = place.uprights(surfaces.coords[:, :2])
    points = foot + surfaces.coords[:, 2:] * up
    sizes = np.diff(surfaces.ring_start[surfaces.face_start])
    face = np.repeat(np.arange(len(sizes)), sizes)
    a, b, c = (points[cut.corners[:, i]] for i in range(3))
    area = np.cross(b - a, c - a)
    total = np.column_stack(
        [np.bincount(cut.face, area[:, axis], minlength=len(sizes)) for axis in range(3)]
    )
    length = np.linalg.norm(total, axis=1, keepdims=True)
    normal = np.divide(total, length, out=np.zeros_like(total), where=length > 0.0)
    used, triangles = np.unique(cut.corners, return_inverse=True)
    return Solids(points[used], normal[face[used]], owner[face[used]], triangles.reshape(-1, 3))

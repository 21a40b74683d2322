"""Footprints to blocks: walls, roofs and edges as arrays that a graphics card takes as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

from layers.kinds.buildings import Buildings, Surfaces
from layers.shapes import Bools, Floats, Ints, runs, starts_of
from layers.triangles import Faces, Int32s, triangulate, triangulate_faces
from scene.merged import Solids
from scene.plans import Plans, fill_boxes

Float32s = NDArray[np.float32]

CORNER = np.cos(np.radians(20.0))  # walls that bend less are one round wall, without a line


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """Triangles and edge lines of some buildings.

    Attributes
    ----------
    centre : (3,) float64
        Project coordinates that `points` are relative to.
    points : (p, 3) float32
        East, north, up of `centre`, metres.
    marks : (p, 2) float32
        Slot of the building a point belongs to, and its height above the ground, metres.
    triangles : (t, 3) int32
        Counter-clockwise seen from outside.
    edges : (e, 2) int32
        Lines along roofs and corners.
    closed : bool
        Whether the triangles are seen from outside only.
    """

    centre: Floats
    points: Float32s
    marks: Float32s
    triangles: Int32s
    edges: Int32s
    closed: bool = True

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return sum(a.nbytes for a in (self.points, self.marks, self.triangles, self.edges))


class BlockMesher:
    """Makes meshes of any of the buildings of a layer.

    Nothing is cut before it is asked for, so that a million buildings cost no waiting.

    Parameters
    ----------
    buildings : Buildings
        n buildings.
    base : (n,) float64
        Level each one stands on, metres above datum.
    before : BlockMesher or None
        One made earlier; its work is taken over where footprints or faces are the same arrays.
    plans : Plans or None
        Measures of the footprints where they are known already.
    """

    def __init__(
        self, buildings: Buildings, base: Floats, before: BlockMesher | None = None,
        plans: Plans | None = None,
    ) -> None:  # fmt: skip
        self.buildings = buildings
        self.base = base
        self.low = base + buildings.min_height
        self.high = base + buildings.height
        self.floating: Bools = buildings.min_height > 0.0
        if plans is not None:
            self.plans = plans
        elif before is not None and before.buildings.shapes is buildings.shapes:
            self.plans = before.plans
        else:
            self.plans = Plans.of(buildings.shapes)
        self.faces: Faces | None = None
        self.detailed: Bools = np.zeros(len(buildings), dtype=bool)
        self.owner_row: Ints = np.empty(0, dtype=np.int64)
        if buildings.surfaces is not None and len(buildings.surfaces.owner):
            faces = None
            if before is not None and before.buildings.surfaces is buildings.surfaces:
                faces = before.faces
            self._take_faces(buildings.surfaces, faces or triangulate_faces(buildings.surfaces))

    def _take_faces(self, surfaces: Surfaces, faces: Faces) -> None:
        self.faces = faces
        self.owner_row = self.buildings.index_of(surfaces.owner)
        drawn = self.owner_row[self.faces.face]
        self.detailed[drawn] = True
        order = np.argsort(drawn, kind="stable")
        self._triangle_order = order
        self._triangle_start = starts_of(np.bincount(drawn, minlength=len(self.buildings)))
        edge_row = self.owner_row[self.faces.edge_face]
        self._edge_order = np.argsort(edge_row, kind="stable")
        self._edge_start = starts_of(np.bincount(edge_row, minlength=len(self.buildings)))

    @property
    def triangle_counts(self) -> Ints:
        """How many triangles the surfaces of each building have, (n,)."""
        if self.faces is None:
            return np.zeros(len(self.buildings), dtype=np.int64)
        return np.diff(self._triangle_start)

    def triangles_of(self, rows: Ints) -> tuple[Ints, Ints]:
        """Give the triangles of detailed buildings: corners (t, 3) and building row (t,)."""
        assert self.faces is not None
        chosen = self._triangle_order[runs(self._triangle_start, rows)]
        return self.faces.corners[chosen], self.owner_row[self.faces.face[chosen]]

    def blocks(self, rows: Ints, slots: Ints, centre: Floats) -> Mesh | None:
        """Make the blocks of some buildings; None where there are none.

        Parameters
        ----------
        rows : (k,) int64
            Buildings; those that are not drawn or have surfaces are left out.
        slots : (n,) int64
            Place of each building of the layer in its texture of ids.
        centre : (3,) float64
            Project coordinates the points shall be relative to.
        """
        rows = rows[self.buildings.drawn[rows] & ~self.detailed[rows]]
        if len(rows) == 0:
            return None
        shapes = self.buildings.shapes
        ends = shapes.ring_start[shapes.shape_start[rows + 1]]
        corners = int((ends - shapes.ring_start[shapes.shape_start[rows]]).sum())
        roofs = triangulate(shapes, rows)
        caps = int((roofs.count * (1 + self.floating[rows])).sum())
        points = np.empty((2 * corners, 3), dtype=np.float32)
        marks = np.empty((2 * corners, 2), dtype=np.float32)
        triangles = np.empty((2 * corners + caps, 3), dtype=np.int32)
        edges = np.empty((3 * corners, 2), dtype=np.int32)
        lines = _fill(
            rows, slots, shapes.coords, shapes.ring_start, shapes.shape_start,
            self.low, self.high, self.base, self.floating,
            roofs.corners, roofs.start, roofs.count,
            np.asarray(centre), points, marks, triangles, edges,
        )  # fmt: skip
        return Mesh(centre, points, marks, triangles, edges[:lines].copy())

    def upright(self, rows: Ints, slots: Ints, centre: Floats) -> Mesh | None:
        """Make an upright box for each of some buildings; arguments as `blocks`.

        Each covers as much ground as the building, turned like it; there are no edges.
        """
        rows = rows[self.buildings.drawn[rows]]
        if len(rows) == 0:
            return None
        shapes, count = self.buildings.shapes, len(rows)
        points = np.empty((8 * count, 3), dtype=np.float32)
        marks = np.empty((8 * count, 2), dtype=np.float32)
        triangles = np.empty((10 * count, 3), dtype=np.int32)
        fill_boxes(
            rows, slots, shapes.coords, shapes.ring_start, shapes.shape_start,
            self.plans.area, self.plans.middle, self.low, self.high, self.base,
            np.asarray(centre), points, marks, triangles,
        )  # fmt: skip
        return Mesh(centre, points, marks, triangles, np.empty((0, 2), dtype=np.int32))

    @property
    def solids(self) -> Solids:
        """Columns of what stands for the buildings from afar."""
        plans = self.plans
        return Solids(
            plans.area, self.low, self.high, self.base, plans.middle, self.buildings.drawn
        )

    def details(self, rows: Ints, slots: Ints, centre: Floats) -> Mesh | None:
        """Make the surfaces of those of some buildings that have any; arguments as `blocks`."""
        if self.faces is None:
            return None
        rows = rows[self.buildings.drawn[rows] & self.detailed[rows]]
        if len(rows) == 0:
            return None
        surfaces = self.buildings.surfaces
        assert surfaces is not None
        corners, _ = self.triangles_of(rows)
        lines = self.faces.edges[self._edge_order[runs(self._edge_start, rows)]]
        used, place = np.unique(
            np.concatenate([corners.ravel(), lines.ravel()]), return_inverse=True
        )
        first = surfaces.ring_start[surfaces.face_start]
        row = self.owner_row[np.searchsorted(first, used, side="right") - 1]
        xyz = surfaces.coords[used]
        marks = np.column_stack([slots[row], xyz[:, 2] - self.base[row]]).astype(np.float32)
        return Mesh(
            centre,
            np.ascontiguousarray((xyz - centre).astype(np.float32)),
            np.ascontiguousarray(marks),
            np.array(place[: corners.size].reshape(-1, 3), dtype=np.int32),
            np.array(place[corners.size :].reshape(-1, 2), dtype=np.int32),
            closed=False,
        )

    def boxes(self, at: Ints | None = None) -> Floats:
        """Give west, south, lowest, east, north, highest of buildings, (k, 6) float64.

        `at` are their rows; None gives those of all.
        """
        rows: Any = slice(None) if at is None else at
        plan = self.plans.box[rows]
        out = np.empty((len(plan), 6))
        out[:, :2], out[:, 3:5] = plan[:, :2], plan[:, 2:]
        out[:, 2], out[:, 5] = self.low[rows], self.high[rows]
        if self.faces is not None and self.detailed[rows].any():
            surfaces = self.buildings.surfaces
            assert surfaces is not None
            here = np.flatnonzero(self.detailed[rows])
            asked = here if at is None else at[here]
            corners, _ = self.triangles_of(asked)
            starts = starts_of(np.diff(self._triangle_start)[asked])[:-1] * 3
            xyz = surfaces.coords[corners.ravel()]
            out[here, :3] = np.minimum.reduceat(xyz, starts, axis=0)
            out[here, 3:] = np.maximum.reduceat(xyz, starts, axis=0)
        return out


@nb.njit(cache=True, nogil=True)
def _fill(
    rows: Ints, slots: Ints, coords: Floats, ring_start: Ints, shape_start: Ints,
    low: Floats, high: Floats, base: Floats, floating: Bools,
    roof: Int32s, roof_start: Ints, roof_count: Ints,
    centre: Floats, points: Float32s, marks: Float32s, triangles: Int32s, edges: Int32s,
) -> int:  # fmt: skip # pragma: no cover
    """Write points, triangles and edges of blocks; gives the number of edges.

    Each building gives its corners at the bottom, then the same at the top: walls and roof
    share them.
    """
    p, t, e = 0, 0, 0
    for k in range(len(rows)):
        row = rows[k]
        first = ring_start[shape_start[row]]
        corners = ring_start[shape_start[row + 1]] - first
        for i in range(corners):
            x = coords[first + i, 0] - centre[0]
            y = coords[first + i, 1] - centre[1]
            for top in range(2):
                at = p + top * corners + i
                z = high[row] if top else low[row]
                points[at, 0], points[at, 1], points[at, 2] = x, y, z - centre[2]
                marks[at, 0], marks[at, 1] = slots[row], z - base[row]
        for ring in range(shape_start[row], shape_start[row + 1]):
            start = ring_start[ring] - first
            size = ring_start[ring + 1] - ring_start[ring]
            for i in range(size):
                here, after = p + start + i, p + start + (i + 1) % size
                triangles[t, 0], triangles[t, 1] = here, after
                triangles[t, 2] = after + corners
                triangles[t + 1, 0], triangles[t + 1, 1] = here, after + corners
                triangles[t + 1, 2] = here + corners
                t += 2
                edges[e, 0], edges[e, 1] = here + corners, after + corners
                e += 1
                if floating[row]:
                    edges[e, 0], edges[e, 1] = here, after
                    e += 1
                if _bends(coords, ring_start[ring], size, i):
                    edges[e, 0], edges[e, 1] = here, here + corners
                    e += 1
        for i in range(roof_start[k], roof_start[k] + roof_count[k]):
            for j in range(3):
                triangles[t, j] = p + corners + roof[i, j]
            t += 1
            if floating[row]:
                for j in range(3):
                    triangles[t, j] = p + roof[i, 2 - j]
                t += 1
        p += 2 * corners
    return e


@nb.njit(cache=True, nogil=True)
def _bends(coords: Floats, start: int, size: int, i: int) -> bool:  # pragma: no cover
    """Say whether a ring turns by more than a little at its i-th corner."""
    here, before, after = start + i, start + (i - 1) % size, start + (i + 1) % size
    ax, ay = coords[here, 0] - coords[before, 0], coords[here, 1] - coords[before, 1]
    bx, by = coords[after, 0] - coords[here, 0], coords[after, 1] - coords[here, 1]
    length = np.sqrt((ax * ax + ay * ay) * (bx * bx + by * by))
    return bool(ax * bx + ay * by < CORNER * length)

"""Which building a ray meets first: boxes to sort out, then exact walls, roofs and faces."""

from __future__ import annotations

import numba as nb
import numpy as np

from layers.shapes import Bools, Floats, Ints
from scene.meshing import BlockMesher
from scene.quadtree import DEPTH, Quadtree
from scene.rays import Point, Ray

NO_TRIANGLES: Floats = np.zeros((0, 3, 3))
STACK = 4 * (DEPTH + 1)  # nodes that can wait while a tree is walked


class Prisms:
    """The solids of a layer of buildings, ready for rays.

    Parameters
    ----------
    mesher : BlockMesher
        The buildings with their levels and their faces.
    boxes : (n, 6) float64
        What ``mesher.boxes()`` gave.
    tree : Quadtree or None
        The order of the buildings; None makes one.
    around : (m, 6) float64 or None
        Boxes around the tree's nodes where they are known.
    """

    def __init__(
        self, mesher: BlockMesher, boxes: Floats, tree: Quadtree | None = None,
        around: Floats | None = None,
    ) -> None:  # fmt: skip
        self._mesher = mesher
        self.boxes = boxes
        self._tree = Quadtree.of(mesher.plans.places) if tree is None else tree
        if around is None:
            around = around_nodes(
                boxes, self._tree.order, self._tree.start, self._tree.end, self._tree.child,
                self._tree.children,
            )  # fmt: skip
        self._around = around
        self._triangles = NO_TRIANGLES
        self._triangle_start: Ints = np.zeros(len(self.boxes) + 1, dtype=np.int64)
        surfaces = mesher.buildings.surfaces
        if mesher.faces is not None and surfaces is not None:
            corners, row = mesher.triangles_of(np.arange(len(self.boxes)))
            self._triangles = np.ascontiguousarray(surfaces.coords[corners])
            np.cumsum(np.bincount(row, minlength=len(self.boxes)), out=self._triangle_start[1:])

    def meet(self, ray: Ray, seen: Bools) -> tuple[int, float, Point] | None:
        """Give the row of the first building a ray meets, how far, and the surface's normal.

        Parameters
        ----------
        ray : Ray
            Project coordinates.
        seen : (n,) bool
            The buildings that count.
        """
        shapes = self._mesher.buildings.shapes
        normal = np.zeros(3)
        row, metres = _meet(
            np.array(ray.origin), np.array(ray.direction), self._around,
            self._tree.child, self._tree.children, self._tree.start, self._tree.end,
            self._tree.order, self.boxes, seen,
            shapes.coords, shapes.ring_start, shapes.shape_start,
            self._mesher.low, self._mesher.high, self._mesher.floating,
            self._triangles, self._triangle_start, normal,
        )  # fmt: skip
        if row < 0:
            return None
        return int(row), float(metres), (float(normal[0]), float(normal[1]), float(normal[2]))


@nb.njit(cache=True, nogil=True)
def _meet(
    origin: Floats, direction: Floats, around: Floats, child: Ints, children: Ints,
    start: Ints, end: Ints, order: Ints, boxes: Floats, seen: Bools,
    coords: Floats, ring_start: Ints, shape_start: Ints,
    low: Floats, high: Floats, floating: Bools,
    triangles: Floats, triangle_start: Ints, normal: Floats,
) -> tuple[int, float]:  # fmt: skip # pragma: no cover
    """Go down the tree, nearest nodes first, as long as they lie before the best hit so far."""
    best, row_best = np.inf, -1
    inverse = np.empty(3)
    for axis in range(3):
        d = direction[axis]
        inverse[axis] = 1.0 / d if abs(d) > 1e-300 else 1e300
    waiting, away = np.empty(STACK, dtype=np.int64), np.empty(STACK)
    waiting[0], away[0], count = 0, _enter(origin, inverse, around, 0), 1
    while count > 0:
        count -= 1
        node = waiting[count]
        if away[count] > best + 1e-6:
            continue
        if children[node] > 0:
            first = count
            for c in range(child[node], child[node] + children[node]):
                enter = _enter(origin, inverse, around, c)
                if enter > best + 1e-6 or enter == np.inf:
                    continue
                at = count
                while at > first and away[at - 1] < enter:  # the nearest one is taken first
                    waiting[at], away[at] = waiting[at - 1], away[at - 1]
                    at -= 1
                waiting[at], away[at] = c, enter
                count += 1
            continue
        for i in range(start[node], end[node]):
            row = order[i]
            if not seen[row] or _enter(origin, inverse, boxes, row) > best + 1e-6:
                continue
            if triangle_start[row + 1] > triangle_start[row]:
                metres = _meet_triangles(
                    origin, direction, triangles, triangle_start[row], triangle_start[row + 1],
                    best, normal,
                )  # fmt: skip
            else:
                metres = _meet_block(
                    origin, direction, coords, ring_start, shape_start[row], shape_start[row + 1],
                    low[row], high[row], floating[row], best, normal,
                )  # fmt: skip
            if metres < best:
                best, row_best = metres, row
    return row_best, best


@nb.njit(cache=True, nogil=True, inline="always")
def _enter(origin: Floats, inverse: Floats, boxes: Floats, at: int) -> float:  # pragma: no cover
    """Give how far a ray runs to a box, inf where it misses it."""
    enter, leave = 0.0, np.inf
    for axis in range(3):
        a = (boxes[at, axis] - origin[axis]) * inverse[axis]
        b = (boxes[at, axis + 3] - origin[axis]) * inverse[axis]
        enter, leave = max(enter, min(a, b)), min(leave, max(a, b))
    return enter if enter <= leave + 1e-6 else np.inf


@nb.njit(cache=True, nogil=True)
def around_nodes(
    boxes: Floats, order: Ints, start: Ints, end: Ints, child: Ints, children: Ints
) -> Floats:  # pragma: no cover
    """Give the box around the buildings of each node of a tree, (m, 6)."""
    out = np.empty((len(start), 6))
    for node in range(len(start) - 1, -1, -1):
        out[node, :3], out[node, 3:] = np.inf, -np.inf
        if children[node] > 0:
            for c in range(child[node], child[node] + children[node]):
                for k in range(3):
                    out[node, k] = min(out[node, k], out[c, k])
                    out[node, k + 3] = max(out[node, k + 3], out[c, k + 3])
            continue
        for i in range(start[node], end[node]):
            row = order[i]
            for k in range(3):
                out[node, k] = min(out[node, k], boxes[row, k])
                out[node, k + 3] = max(out[node, k + 3], boxes[row, k + 3])
    return out


@nb.njit(cache=True, nogil=True)
def nearest_box(
    eye: Floats, low: Floats, high: Floats, child: Ints, children: Ints, start: Ints, end: Ints,
    order: Ints, boxes: Floats,
) -> float:  # fmt: skip # pragma: no cover
    """Give the distance from a place to the nearest building's box, metres.

    Parameters
    ----------
    eye : (3,) float64
        The place.
    low, high : (m, 3) float64
        Corners of the boxes around the nodes of a tree, in the same coordinates.
    child, children, start, end, order
        The tree.
    boxes : (n, 6) float64
        Of the buildings.
    """
    best = np.inf
    waiting = np.empty(STACK, dtype=np.int64)
    waiting[0], count = 0, 1
    gap = 0.0
    while count > 0:
        count -= 1
        node = waiting[count]
        total = 0.0
        for k in range(3):
            gap = max(low[node, k] - eye[k], eye[k] - high[node, k], 0.0)
            total += gap * gap
        if not total < best * best:
            continue
        for c in range(child[node], child[node] + children[node]):
            waiting[count] = c
            count += 1
        if children[node] > 0:
            continue
        for i in range(start[node], end[node]):
            row = order[i]
            total = 0.0
            for k in range(3):
                gap = max(boxes[row, k] - eye[k], eye[k] - boxes[row, k + 3], 0.0)
                total += gap * gap
            if total < best * best:
                best = np.sqrt(total)
    return best


@nb.njit(cache=True, nogil=True)
def _meet_block(
    origin: Floats, direction: Floats, coords: Floats, ring_start: Ints, ring: int, last: int,
    low: float, high: float, floating: bool, best: float, normal: Floats,
) -> float:  # fmt: skip # pragma: no cover
    """Give how far a ray runs to the outside of a block, `best` if that is not nearer."""
    dx, dy, dz = direction
    for r in range(ring, last):
        before = ring_start[r + 1] - 1
        for i in range(ring_start[r], ring_start[r + 1]):
            ax, ay = coords[before, 0] - origin[0], coords[before, 1] - origin[1]
            ex, ey = coords[i, 0] - coords[before, 0], coords[i, 1] - coords[before, 1]
            before = i
            facing = dx * ey - dy * ex  # the outward normal is (ey, -ex)
            if facing >= 0.0:
                continue
            metres = (ax * ey - ay * ex) / facing
            along = (ax * dy - ay * dx) / facing
            if 0.0 <= metres < best and 0.0 <= along <= 1.0:
                z = origin[2] + metres * dz
                if low <= z <= high:
                    best = metres
                    length = np.sqrt(ex * ex + ey * ey)
                    normal[0], normal[1], normal[2] = ey / length, -ex / length, 0.0
    if dz < 0.0:
        metres = (high - origin[2]) / dz
    elif dz > 0.0 and floating:
        metres = (low - origin[2]) / dz
    else:
        return best
    if 0.0 <= metres < best:
        x, y = origin[0] + metres * dx, origin[1] + metres * dy
        if _inside(x, y, coords, ring_start, ring, last):
            best = metres
            normal[0], normal[1], normal[2] = 0.0, 0.0, -np.sign(dz)
    return best


@nb.njit(cache=True, nogil=True)
def _inside(
    x: float, y: float, coords: Floats, ring_start: Ints, ring: int, last: int
) -> bool:  # pragma: no cover
    """Say whether a place lies in a polygon with holes: an odd number of borders to one side."""
    odd = False
    for r in range(ring, last):
        before = ring_start[r + 1] - 1
        for i in range(ring_start[r], ring_start[r + 1]):
            ay, by = coords[before, 1], coords[i, 1]
            if (ay > y) != (by > y):
                ax, bx = coords[before, 0], coords[i, 0]
                if x < ax + (y - ay) / (by - ay) * (bx - ax):
                    odd = not odd
            before = i
    return odd


@nb.njit(cache=True, nogil=True)
def _meet_triangles(
    origin: Floats, direction: Floats, triangles: Floats, start: int, end: int, best: float,
    normal: Floats,
) -> float:  # fmt: skip # pragma: no cover
    """Give how far a ray runs to the nearest triangle, from either side (Moeller, Trumbore)."""
    dx, dy, dz = direction
    for t in range(start, end):
        ax, ay, az = triangles[t, 0]
        ex, ey, ez = triangles[t, 1, 0] - ax, triangles[t, 1, 1] - ay, triangles[t, 1, 2] - az
        fx, fy, fz = triangles[t, 2, 0] - ax, triangles[t, 2, 1] - ay, triangles[t, 2, 2] - az
        px, py, pz = dy * fz - dz * fy, dz * fx - dx * fz, dx * fy - dy * fx
        det = ex * px + ey * py + ez * pz
        if abs(det) < 1e-12:
            continue
        sx, sy, sz = origin[0] - ax, origin[1] - ay, origin[2] - az
        u = (sx * px + sy * py + sz * pz) / det
        if u < 0.0 or u > 1.0:
            continue
        qx, qy, qz = sy * ez - sz * ey, sz * ex - sx * ez, sx * ey - sy * ex
        v = (dx * qx + dy * qy + dz * qz) / det
        if v < 0.0 or u + v > 1.0:
            continue
        metres = (fx * qx + fy * qy + fz * qz) / det
        if 0.0 <= metres < best:
            best = metres
            nx, ny, nz = ey * fz - ez * fy, ez * fx - ex * fz, ex * fy - ey * fx
            length = np.sqrt(nx * nx + ny * ny + nz * nz)
            if nx * dx + ny * dy + nz * dz > 0.0:  # seen from behind
                length = -length
            normal[0], normal[1], normal[2] = nx / length, ny / length, nz / length
    return best

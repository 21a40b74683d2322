"""Rays against triangles: which are stopped, by which triangle, how far away.

Embree does the work where its package is installed; else compiled loops over a tree of boxes do,
several times slower, with the same answers.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numba as nb
import numpy as np
from numpy.typing import ArrayLike, NDArray

from layers.shapes import Bools, Floats, Ints

Int32s = NDArray[np.int32]
NOTHING = -1
MANY = 20_000  # rays from which on threads share the work
LEAF = 4  # triangles in a leaf of the own tree
DEEPEST = 64  # boxes of the own tree that wait on the way down


def engine() -> str:
    """Name what traces rays here: ``"embree"`` or ``"own"``."""
    return "embree" if importlib.util.find_spec("embreex") else "own"


class Rays:
    """Triangles made ready for rays.

    Parameters
    ----------
    points : (p, 3) float64
        Corners, metres.
    triangles : (t, 3) int
        Positions in `points`.
    own : bool
        Whether to use the own loops even where Embree is installed.
    """

    def __init__(self, points: Floats, triangles: NDArray[Any], *, own: bool = False) -> None:
        self.engine = "own" if own else engine()
        self.count = len(triangles)
        used = points[triangles[:, 0]] if self.count else np.zeros((1, 3))
        self.origin: Floats = (used.min(axis=0) + used.max(axis=0)) / 2.0
        corners = points[triangles] - self.origin
        self._scene: Any = None
        self._tree: _Tree | None = None
        if not self.count:
            return
        if self.engine == "embree":
            from embreex.mesh_construction import TriangleMesh
            from embreex.rtcore_scene import EmbreeScene

            self._scene = EmbreeScene()
            self._mesh = TriangleMesh(self._scene, corners.astype(np.float32))
            self._scene.run(np.zeros((1, 3), np.float32), np.ones((1, 3), np.float32))
        else:
            self._tree = _Tree(corners)

    def blocked(
        self, origins: ArrayLike, directions: ArrayLike, far: ArrayLike | None = None
    ) -> Bools:
        """Say which rays meet anything.

        Parameters
        ----------
        origins, directions : (n, 3) array_like of float
            Where they start, metres; which way they go, of length 1.
        far : (n,) array_like of float or None
            Metres up to which they are followed.

        Returns
        -------
        (n,) ndarray of bool
        """
        return np.asarray(self._trace(origins, directions, far, True)[0] != NOTHING)

    def first(
        self, origins: ArrayLike, directions: ArrayLike, far: ArrayLike | None = None
    ) -> tuple[Ints, Floats]:
        """Give the first triangle each ray meets, ``NOTHING`` where none, and how far it is.

        Arguments as `blocked`; the distances, (n,) metres, are infinite where there is none.
        """
        hit, distance = self._trace(origins, directions, far, False)
        return hit.astype(np.int64), distance

    def _trace(
        self, origins: ArrayLike, directions: ArrayLike, far: ArrayLike | None, some: bool
    ) -> tuple[Int32s, Floats]:
        start = np.asarray(origins, dtype=np.float64).reshape(-1, 3) - self.origin
        way = np.asarray(directions, dtype=np.float64).reshape(-1, 3)
        limit = np.full(len(start), np.inf) if far is None else np.asarray(far, dtype=np.float64)
        limit = np.broadcast_to(limit, (len(start),))
        if not self.count or not len(start):
            return np.full(len(start), NOTHING, dtype=np.int32), np.full(len(start), np.inf)
        workers = min(os.cpu_count() or 1, 8) if len(start) > MANY else 1
        cuts = np.linspace(0, len(start), workers + 1).astype(np.int64)
        jobs = [(start[a:b], way[a:b], limit[a:b], some) for a, b in itertools.pairwise(cuts)]
        if workers == 1:
            return self._piece(*jobs[0])
        with ThreadPoolExecutor(workers) as pool:
            done = list(pool.map(lambda job: self._piece(*job), jobs))
        return np.concatenate([d[0] for d in done]), np.concatenate([d[1] for d in done])

    def _piece(
        self, start: Floats, way: Floats, limit: Floats, some: bool
    ) -> tuple[Int32s, Floats]:
        if self._tree is not None:
            return self._tree.trace(start, way, limit, some)
        bound = np.minimum(limit, 1e30).astype(np.float32)
        begin, along = start.astype(np.float32), way.astype(np.float32)
        if some:
            found = self._scene.run(begin, along, dists=bound, query="OCCLUDED")
            return np.asarray(found, dtype=np.int32), np.empty(0)
        out = self._scene.run(begin, along, dists=bound, output=True)
        hit = np.asarray(out["primID"], dtype=np.int32)
        return hit, np.where(hit == NOTHING, np.inf, out["tfar"].astype(np.float64))


class _Tree:
    """A complete binary tree of boxes over triangles in the order of a space-filling curve."""

    def __init__(self, corners: Floats) -> None:
        middle = corners.mean(axis=1)
        low, span = middle.min(axis=0), np.maximum(np.ptp(middle, axis=0), 1e-9)
        cell = ((middle - low) / span * 1023.0).astype(np.uint64)
        code = sum((_spread(cell[:, axis]) << np.uint64(axis) for axis in range(3)), np.uint64(0))
        self.order: Ints = np.argsort(code, kind="stable").astype(np.int64)
        self.corners = np.ascontiguousarray(corners[self.order])
        leaves = 1
        while leaves * LEAF < len(corners):
            leaves *= 2
        self.leaves = leaves
        boxes = np.full((2 * leaves, 6), np.inf)
        boxes[:, 3:] = -np.inf
        first = np.arange(0, len(corners), LEAF)
        flat = self.corners
        boxes[leaves : leaves + len(first), :3] = np.minimum.reduceat(flat.min(axis=1), first)
        boxes[leaves : leaves + len(first), 3:] = np.maximum.reduceat(flat.max(axis=1), first)
        level = leaves
        while level > 1:
            pair = boxes[level : 2 * level].reshape(-1, 2, 6)
            level //= 2
            boxes[level : 2 * level, :3] = pair[:, :, :3].min(axis=1)
            boxes[level : 2 * level, 3:] = pair[:, :, 3:].max(axis=1)
        self.boxes = boxes

    def trace(self, start: Floats, way: Floats, limit: Floats, some: bool) -> tuple[Int32s, Floats]:
        """Follow rays; arguments as `Rays.blocked`, `some`: any triangle will do."""
        hit = np.full(len(start), NOTHING, dtype=np.int32)
        distance = limit.astype(np.float64)
        _follow(start, way, self.corners, self.boxes, self.leaves, some, hit, distance)
        found = hit != NOTHING
        hit[found] = self.order[hit[found]]
        return hit, np.where(found, distance, np.inf)


def _spread(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Put two empty bits behind each of ten bits."""
    out = values & np.uint64(0x3FF)
    for shift, mask in ((16, 0x30000FF), (8, 0x300F00F), (4, 0x30C30C3), (2, 0x9249249)):
        out = (out | (out << np.uint64(shift))) & np.uint64(mask)
    return out


@nb.njit(cache=True, nogil=True)
def _follow(
    start: Floats, way: Floats, corners: Floats, boxes: Floats, leaves: int, some: bool,
    hit: Int32s, distance: Floats,
) -> None:  # pragma: no cover  # fmt: skip
    """Walk down the tree for each ray; `hit` and `distance` are filled."""
    stack = np.empty(DEEPEST, dtype=np.int64)
    inverse = np.empty(3)
    for ray in range(len(start)):
        for axis in range(3):
            d = way[ray, axis]
            inverse[axis] = 1.0 / d if d != 0.0 else 1e300
        stack[0] = 1
        waiting = 1
        while waiting:
            waiting -= 1
            node = stack[waiting]
            if not _enters(start[ray], inverse, boxes[node], distance[ray]):
                continue
            if node < leaves:
                stack[waiting] = 2 * node
                stack[waiting + 1] = 2 * node + 1
                waiting += 2
                continue
            first = (node - leaves) * LEAF
            for t in range(first, min(first + LEAF, len(corners))):
                away = _meets(start[ray], way[ray], corners[t])
                if 0.0 <= away < distance[ray]:
                    distance[ray] = away
                    hit[ray] = t
                    if some:
                        waiting = 0
                        break


@nb.njit(cache=True, nogil=True, inline="always")
def _enters(start: Floats, inverse: Floats, box: Floats, far: float) -> bool:  # pragma: no cover
    """Say whether a ray comes into a box before `far`."""
    near = 0.0
    for axis in range(3):
        a = (box[axis] - start[axis]) * inverse[axis]
        b = (box[axis + 3] - start[axis]) * inverse[axis]
        if a > b:
            a, b = b, a
        near = max(near, a)
        far = min(far, b)
    return near <= far * (1.0 + 1e-12)


@nb.njit(cache=True, nogil=True, inline="always")
def _meets(start: Floats, way: Floats, corner: Floats) -> float:  # pragma: no cover
    """Give how far away a ray meets a triangle, -1 if it does not (Moeller and Trumbore)."""
    ax, ay, az = corner[0, 0], corner[0, 1], corner[0, 2]
    ux, uy, uz = corner[1, 0] - ax, corner[1, 1] - ay, corner[1, 2] - az
    vx, vy, vz = corner[2, 0] - ax, corner[2, 1] - ay, corner[2, 2] - az
    dx, dy, dz = way[0], way[1], way[2]
    px, py, pz = dy * vz - dz * vy, dz * vx - dx * vz, dx * vy - dy * vx
    det = ux * px + uy * py + uz * pz
    if abs(det) < 1e-14:
        return -1.0
    sx, sy, sz = start[0] - ax, start[1] - ay, start[2] - az
    u = (sx * px + sy * py + sz * pz) / det
    if u < 0.0 or u > 1.0:
        return -1.0
    qx, qy, qz = sy * uz - sz * uy, sz * ux - sx * uz, sx * uy - sy * ux
    v = (dx * qx + dy * qy + dz * qz) / det
    if v < 0.0 or u + v > 1.0:
        return -1.0
    return float((vx * qx + vy * qy + vz * qz) / det)

"""Low models of trees, made by code: points, triangles, and what is bark and what is leaf.

All stand on the zero point, are one high and as wide as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from layers.shapes import Bools, Floats
from layers.trees import BROADLEAF, CONIFER, PALM, SHRUB

Triangles = NDArray[np.int32]
BARK = (104, 84, 66)


@dataclass(frozen=True, slots=True, eq=False)
class TreeModel:
    """A tree of height and width one.

    Attributes
    ----------
    points : (m, 3) float64
        Corners.
    triangles : (k, 3) int32
        Counter-clockwise seen from outside.
    bark : (m,) bool
        Which points have the colour of bark.
    light : (m,) float64
        What the leaves' colour is multiplied with: inside and below it is darker.
    """

    points: Floats
    triangles: Triangles
    bark: Bools
    light: Floats

    @property
    def count(self) -> int:
        """Points."""
        return len(self.points)


@lru_cache(maxsize=16)
def model_of(form: int, fine: bool) -> TreeModel:
    """Give the model of a form (`layers.trees.FORMS`), fine for near ones or coarse."""
    if not fine:
        return _cone(6) if form == CONIFER else _lozenge(0.0 if form == SHRUB else 0.12)
    makers = {BROADLEAF: _broadleaf, CONIFER: _conifer, PALM: _palm, SHRUB: _shrub}
    return makers[form]()


def turns_of(feet: Floats) -> Floats:
    """Give the angle each tree is turned by, (n,) radians, from its place in the project."""
    return np.asarray(feet[:, 0] * 0.7 + feet[:, 1] * 1.3)


def _joined(parts: list[TreeModel]) -> TreeModel:
    shift = np.concatenate([[0], np.cumsum([part.count for part in parts])])
    return TreeModel(
        np.vstack([part.points for part in parts]),
        np.vstack([part.triangles + np.int32(s) for part, s in zip(parts, shift, strict=False)]),
        np.concatenate([part.bark for part in parts]),
        np.concatenate([part.light for part in parts]),
    )


def _leaves(points: Floats, triangles: NDArray[np.int64] | Triangles) -> TreeModel:
    low, high = points[:, 2].min(), points[:, 2].max()
    light = 0.66 + 0.50 * (points[:, 2] - low) / max(high - low, 1e-6)
    return TreeModel(points, triangles.astype(np.int32), np.zeros(len(points), dtype=bool), light)


def _trunk(top: float, wide: float, sides: int = 5) -> TreeModel:
    turn = np.arange(sides) * 2.0 * np.pi / sides
    ring = np.column_stack([np.cos(turn), np.sin(turn)])
    points = np.vstack(
        [np.column_stack([ring * wide, np.zeros(sides)]),
         np.column_stack([ring * wide * 0.6, np.full(sides, top)])]
    )  # fmt: skip
    k = np.arange(sides)
    n = (k + 1) % sides
    faces = np.vstack(
        [np.column_stack([k, n, n + sides]), np.column_stack([k, n + sides, k + sides])]
    )
    bark = np.ones(2 * sides, dtype=bool)
    return TreeModel(points, faces.astype(np.int32), bark, np.ones(2 * sides))


def _ball(rounds: int) -> tuple[Floats, NDArray[np.int64]]:
    """Give a sphere of radius one from an icosahedron, each face cut in four `rounds` times."""
    g = (1.0 + 5.0**0.5) / 2.0
    points = np.array(
        [(-1, g, 0), (1, g, 0), (-1, -g, 0), (1, -g, 0), (0, -1, g), (0, 1, g), (0, -1, -g),
         (0, 1, -g), (g, 0, -1), (g, 0, 1), (-g, 0, -1), (-g, 0, 1)], dtype=np.float64,
    )  # fmt: skip
    faces = np.array(
        [(0, 11, 5), (0, 5, 1), (0, 1, 7), (0, 7, 10), (0, 10, 11), (1, 5, 9), (5, 11, 4),
         (11, 10, 2), (10, 7, 6), (7, 1, 8), (3, 9, 4), (3, 4, 2), (3, 2, 6), (3, 6, 8), (3, 8, 9),
         (4, 9, 5), (2, 4, 11), (6, 2, 10), (8, 6, 7), (9, 8, 1)], dtype=np.int64,
    )  # fmt: skip
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    for _ in range(rounds):
        a, b, c = faces.T
        edges = np.sort(np.vstack([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
        unique, at = np.unique(edges, axis=0, return_inverse=True)
        ab, bc, ca = at.reshape(3, -1) + len(points)
        middle = points[unique].mean(axis=1)
        points = np.vstack([points, middle / np.linalg.norm(middle, axis=1, keepdims=True)])
        faces = np.vstack(
            [np.column_stack(f) for f in ((a, ab, ca), (b, bc, ab), (c, ca, bc), (ab, bc, ca))]
        )
    return points, faces


def _lumps(points: Floats, strength: float) -> Floats:
    """Push the points of a ball in and out a little, the same way at every time."""
    wave = np.sin(points @ np.array([5.1, 2.7, 3.9])) * np.cos(points @ np.array([-2.3, 4.7, 1.9]))
    return np.asarray(points * (1.0 + strength * wave)[:, None])


def _broadleaf() -> TreeModel:
    ball, faces = _ball(1)
    crown = _lumps(ball, 0.22)
    crown = crown / np.abs(crown).max(axis=0)
    points = crown * [0.5, 0.5, 0.38] + [0.0, 0.0, 0.62]
    return _joined([_trunk(0.42, 0.045), _leaves(points, faces)])


def _conifer() -> TreeModel:
    parts = [_trunk(0.20, 0.05)]
    for low, high, wide in ((0.12, 0.52, 0.5), (0.36, 0.78, 0.38), (0.62, 1.0, 0.25)):
        parts.append(_lifted(_cone(8), low, high, wide))
    return _joined(parts)


def _lifted(cone: TreeModel, low: float, high: float, wide: float) -> TreeModel:
    points = cone.points * [2.0 * wide, 2.0 * wide, high - low] + [0.0, 0.0, low]
    light = 0.72 + 0.40 * points[:, 2]
    return TreeModel(points, cone.triangles, cone.bark, light)


def _cone(sides: int) -> TreeModel:
    turn = np.arange(sides) * 2.0 * np.pi / sides
    ring = np.column_stack([0.5 * np.cos(turn), 0.5 * np.sin(turn), np.full(sides, 0.06)])
    points = np.vstack([ring, [[0.0, 0.0, 1.0], [0.0, 0.0, 0.10]]])
    k = np.arange(sides)
    n = (k + 1) % sides
    faces = np.vstack(
        [np.column_stack([k, n, np.full(sides, sides)]),
         np.column_stack([n, k, np.full(sides, sides + 1)])]
    )  # fmt: skip
    return _leaves(points, faces)


def _palm() -> TreeModel:
    parts = [_trunk(0.86, 0.035)]
    fronds = 9
    for i in range(fronds):
        turn = 2.0 * np.pi * i / fronds
        way = np.array([np.cos(turn), np.sin(turn)])
        side = np.array([-way[1], way[0]]) * 0.07
        rise = 0.10 if i % 2 else 0.02
        line = [(0.0, 0.85), (0.24, 0.90 + rise), (0.5, 0.72 + rise)]
        points = np.array([[*(way * out + side * s), up] for out, up in line for s in (1.0, -1.0)])
        points[-2:, :2] = way * 0.5
        faces = np.array([(0, 1, 3), (0, 3, 2), (2, 3, 5), (2, 5, 4)])
        both = np.vstack([faces, faces[:, ::-1]])
        parts.append(_leaves(points, both))
    return _joined(parts)


def _shrub() -> TreeModel:
    ball, faces = _ball(1)
    crown = _lumps(ball, 0.30)
    crown = crown / np.abs(crown).max(axis=0)
    return _leaves(crown * [0.5, 0.5, 0.5] + [0.0, 0.0, 0.48], faces)


def _lozenge(low: float) -> TreeModel:
    """Give a crown of twelve points for trees that are not near."""
    five = np.arange(5) * 2.0 * np.pi / 5.0
    shift = five + np.pi / 5.0
    step = (1.0 - low) * 0.30
    lower = np.column_stack([0.40 * np.cos(five), 0.40 * np.sin(five), np.full(5, low + step)])
    upper = np.column_stack([0.5 * np.cos(shift), 0.5 * np.sin(shift), np.full(5, 0.66)])
    points = np.vstack([[0.0, 0.0, low], lower, upper, [0.0, 0.0, 1.0]])
    k = np.arange(5)
    n = (k + 1) % 5
    faces = np.vstack(
        [
            np.column_stack([np.zeros(5, int), 1 + n, 1 + k]),
            np.column_stack([1 + k, 1 + n, 6 + k]),
            np.column_stack([1 + n, 6 + n, 6 + k]),
            np.column_stack([6 + k, 6 + n, np.full(5, 11)]),
        ]
    )
    return _leaves(points, faces)

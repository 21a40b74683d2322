"""Low figures of vehicles and people, made by code: fire engine, ambulance, police car, crew.

All stand on the zero point and look north; metres.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache

import numpy as np

from layers.shapes import Floats
from scene.model_levels import Level, PartMesh

LEG, ARM = 1.0, 2.0  # limbs of the right side; those of the left are negative
HIP, KNEE, SHOULDER = 0.86, 0.46, 1.40  # metres; shaders/figure.glsl knows them, too

Point = tuple[float, float, float]
Corners = list[Point]

RED, WHITE, BLUE, DARK = "c62828", "f2f2f0", "1f4fa8", "23272b"
GLASS, STEEL, ORANGE, YELLOW = "2e4557", "9aa2a8", "ef7d1a", "ffd23f"
SKIN, NAVY, LAMP, GREEN, HAIR = "d9a47c", "26344d", "2f6bff", "3d7a4a", "3b2f2a"


class _Maker:
    """Collects faces by colour."""

    def __init__(self) -> None:
        self._points: dict[str, list[Floats]] = defaultdict(list)
        self._faces: dict[str, list[np.ndarray]] = defaultdict(list)
        self._count: dict[str, int] = defaultdict(int)
        self._limbs: dict[str, list[Floats]] = defaultdict(list)
        self.limb = 0.0  # what is collected next moves as this limb; 0 as none

    def faces(
        self, points: Iterable[Point], faces: Iterable[tuple[int, int, int]], ink: str
    ) -> None:
        made = np.array(list(points), dtype=np.float64)
        self._points[ink].append(made)
        self._faces[ink].append(np.array(list(faces), dtype=np.int64) + self._count[ink])
        self._limbs[ink].append(np.full(len(made), self.limb))
        self._count[ink] += len(made)

    def prism(
        self, outline: list[tuple[float, float]], left: float, right: float, ink: str
    ) -> None:
        """A side view, (north, up) counter-clockwise seen from the west, from left to right."""
        n = len(outline)
        points = [(x, y, z) for x in (left, right) for y, z in outline]
        faces = [(0, i, i + 1) for i in range(1, n - 1)]
        faces += [(n, n + i + 1, n + i) for i in range(1, n - 1)]
        for i in range(n):
            j = (i + 1) % n
            faces += [(i, n + i, n + j), (i, n + j, j)]
        self.faces(points, _outwards(points, faces), ink)

    def box(
        self, x: tuple[float, float], y: tuple[float, float], z: tuple[float, float], ink: str
    ) -> None:
        """A box between two eastings, northings and heights."""
        self.prism([(y[0], z[0]), (y[1], z[0]), (y[1], z[1]), (y[0], z[1])], x[0], x[1], ink)

    def wheel(self, x: float, y: float, radius: float, wide: float, ink: str = DARK) -> None:
        """A wheel that stands on the ground."""
        ring = [
            (y + radius * math.cos(math.pi * k / 4), radius + radius * math.sin(math.pi * k / 4))
            for k in range(8)
        ]
        self.prism(ring, x - wide / 2, x + wide / 2, ink)

    def turned(self, rings: list[tuple[float, float]], ink: str, sides: int = 6, x: float = 0.0,
               y: float = 0.0, deep: float = 1.0) -> None:  # fmt: skip
        """A body around an upright axis from (radius, height), lowest first; so deep for width."""
        points: list[Point] = []
        for radius, z in rings:
            for k in range(sides):
                turn = 2.0 * math.pi * k / sides
                points.append((x + radius * math.cos(turn), y + deep * radius * math.sin(turn), z))
        faces: list[tuple[int, int, int]] = []
        for level in range(len(rings) - 1):
            for k in range(sides):
                a, b = level * sides + k, level * sides + (k + 1) % sides
                faces += [(a, b, b + sides), (a, b + sides, a + sides)]
        top = (len(rings) - 1) * sides
        faces += [(top, top + k, top + k + 1) for k in range(1, sides - 1)]
        faces += [(0, k + 1, k) for k in range(1, sides - 1)]
        self.faces(points, faces, ink)

    def level(self) -> Level:
        """Give what was collected."""
        meshes = []
        for ink, points in self._points.items():
            colour = tuple(int(ink[at : at + 2], 16) / 255.0 for at in (0, 2, 4))
            meshes.append(
                PartMesh(
                    np.concatenate(points).astype(np.float32),
                    np.concatenate(self._faces[ink]).astype(np.int32), None, None, False,
                    (colour[0], colour[1], colour[2], 1.0),
                )
            )  # fmt: skip
        return Level(0.0, tuple(meshes), sum(len(mesh.triangles) for mesh in meshes))

    def limbs(self) -> tuple[Floats, ...]:
        """Give which limb every point belongs to, for each mesh of the level."""
        return tuple(np.concatenate(self._limbs[ink]) for ink in self._points)


def _outwards(points: list[Point], faces: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Turn the faces of a convex body so that they are seen from outside."""
    xyz = np.array(points)
    middle = xyz.mean(axis=0)
    corners = xyz[np.array(faces)]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    inwards = np.einsum("ij,ij->i", normal, corners.mean(axis=1) - middle) < 0.0
    return [
        (a, c, b) if swap else (a, b, c) for (a, b, c), swap in zip(faces, inwards, strict=True)
    ]


def _wheels(made: _Maker, half: float, places: Iterable[float], radius: float) -> None:
    for y in places:
        for x in (-half, half):
            made.wheel(x, y, radius, 0.32)


def _engine() -> _Maker:
    made = _Maker()
    made.box((-1.25, 1.25), (-4.2, 1.6), (0.55, 2.9), RED)
    made.box((-1.27, 1.27), (-4.22, 3.9), (1.15, 1.45), WHITE)
    made.prism([(1.7, 0.55), (4.2, 0.55), (4.2, 1.6), (3.9, 2.8), (1.7, 2.8)], -1.25, 1.25, RED)
    made.prism([(4.22, 1.65), (3.93, 2.55), (3.83, 2.55), (4.12, 1.65)], -1.1, 1.1, GLASS)
    made.box((-1.27, 1.27), (2.2, 3.4), (1.7, 2.5), GLASS)
    for x in (-0.55, 0.45):
        made.prism([(-4.3, 3.0), (3.4, 3.5), (3.4, 3.65), (-4.3, 3.15)], x, x + 0.12, STEEL)
    for rung in range(9):
        y = -4.0 + 0.9 * rung
        z = 3.08 + 0.065 * (y + 4.3)
        made.box((-0.5, 0.5), (y, y + 0.12), (z, z + 0.1), STEEL)
    made.box((-0.9, 0.9), (3.1, 3.4), (2.8, 3.05), LAMP)
    _wheels(made, 1.1, (-2.9, -1.7, 2.7), 0.5)
    return made


def _ambulance() -> _Maker:
    made = _Maker()
    made.box((-1.05, 1.05), (-3.0, 1.1), (0.45, 2.65), WHITE)
    made.prism(
        [(1.1, 0.45), (3.0, 0.45), (3.0, 1.15), (2.2, 1.4), (1.6, 2.3), (1.1, 2.4)], -1.02, 1.02,
        WHITE,
    )  # fmt: skip
    made.prism([(2.24, 1.42), (1.64, 2.3), (1.54, 2.3), (2.14, 1.42)], -0.9, 0.9, GLASS)
    made.box((-1.07, 1.07), (-3.02, 2.6), (1.0, 1.25), RED)
    for x in (-1.08, 1.06):
        made.box((x, x + 0.02), (-1.35, -0.95), (1.45, 2.45), RED)
        made.box((x, x + 0.02), (-1.65, -0.65), (1.75, 2.15), RED)
    made.box((-0.8, 0.8), (0.6, 0.95), (2.65, 2.9), LAMP)
    _wheels(made, 0.95, (-2.0, 2.0), 0.38)
    return made


def _police() -> _Maker:
    made = _Maker()
    made.prism(
        [(-2.35, 0.4), (2.35, 0.4), (2.35, 0.85), (1.1, 1.0), (-2.35, 1.0)], -0.92, 0.92, WHITE
    )
    made.prism([(-1.7, 1.0), (1.1, 1.0), (0.35, 1.5), (-1.2, 1.5)], -0.82, 0.82, GLASS)
    made.box((-0.75, 0.75), (-1.1, 0.3), (1.48, 1.54), WHITE)
    made.box((-0.93, 0.93), (-1.5, 1.2), (0.55, 0.85), BLUE)
    made.box((-0.6, 0.0), (-0.5, -0.2), (1.54, 1.68), RED)
    made.box((0.0, 0.6), (-0.5, -0.2), (1.54, 1.68), LAMP)
    _wheels(made, 0.82, (-1.45, 1.45), 0.33)
    return made


def _lorry() -> _Maker:
    made = _Maker()
    made.box((-1.2, 1.2), (-3.6, 1.2), (0.9, 2.9), YELLOW)
    made.box((-1.22, 1.22), (-3.62, 1.22), (1.6, 1.85), DARK)
    made.box((-1.0, 1.0), (-3.6, 3.4), (0.6, 0.9), DARK)
    made.prism([(1.4, 0.6), (3.5, 0.6), (3.5, 1.4), (3.2, 2.5), (1.4, 2.5)], -1.15, 1.15, ORANGE)
    made.prism([(3.52, 1.45), (3.23, 2.3), (3.13, 2.3), (3.42, 1.45)], -1.0, 1.0, GLASS)
    _wheels(made, 1.0, (-2.4, 2.4), 0.45)
    return made


def _drone() -> _Maker:
    made = _Maker()
    made.box((-0.3, 0.3), (-0.4, 0.4), (0.25, 0.5), DARK)
    for x in (-0.7, 0.7):
        for y in (-0.7, 0.7):
            made.turned([(0.42, 0.55), (0.42, 0.6)], STEEL, 8, x, y)
            made.box((min(x, 0) * 0.9, max(x, 0) * 0.9), (y - 0.06, y + 0.06), (0.4, 0.5), DARK)
    made.box((-0.1, 0.1), (0.3, 0.5), (0.1, 0.3), LAMP)
    return made


def _person(shirt: str, trousers: str, helmet: str = "") -> _Maker:
    """Somebody with legs and arms that walk."""
    made = _Maker()
    for side in (-1.0, 1.0):
        made.limb = LEG * side
        x = 0.095 * side
        made.turned([(0.065, 0.05), (0.08, KNEE), (0.092, HIP + 0.02)], trousers, 4, x)
        made.box((x - 0.05, x + 0.05), (-0.09, 0.17), (0.0, 0.09), DARK)
        made.limb = ARM * side
        x = 0.27 * side
        made.turned([(0.05, 0.90), (0.06, 1.16), (0.07, SHOULDER)], shirt, 4, x)
        made.turned([(0.05, 0.80), (0.045, 0.90)], SKIN, 4, x)
    made.limb = 0.0
    made.turned([(0.19, 0.80), (0.21, 0.98)], trousers, 6, deep=0.68)
    body = [(0.20, 0.96), (0.24, 1.30), (0.22, 1.42), (0.09, 1.50)]
    made.turned(body, shirt, 6, deep=0.66)
    if helmet:
        made.turned([(0.235, 1.06), (0.245, 1.14)], helmet, 6, deep=0.68)  # a band that shines
    made.turned([(0.06, 1.48), (0.105, 1.58), (0.10, 1.70), (0.05, 1.76)], SKIN, 6)
    if helmet:
        made.turned([(0.17, 1.67), (0.13, 1.82)], helmet, 6)
    else:
        made.turned([(0.118, 1.66), (0.105, 1.75), (0.04, 1.79)], HAIR, 6, y=-0.015)
    return made


MAKERS: dict[str, Callable[[], _Maker]] = {
    "fire-engine": _engine, "ambulance": _ambulance, "police-car": _police, "vehicle": _lorry,
    "drone": _drone,
    "crew": lambda: _person(ORANGE, NAVY, YELLOW),
    "person": lambda: _person(GREEN, NAVY),
}  # fmt: skip


@lru_cache(maxsize=32)
def _made(key: str) -> tuple[Level, tuple[Floats, ...]]:
    maker = MAKERS[key]()
    return maker.level(), maker.limbs()


def figure(key: str) -> Level:
    """Give a figure: fire-engine, ambulance, police-car, vehicle, drone, crew or person."""
    return _made(key)[0]


def limbs_of(key: str) -> tuple[Floats, ...]:
    """Give for each mesh of a figure which limb its points move with, (m,) each.

    0 is none, ``LEG`` and ``ARM`` those of the right side, negative those of the left.
    """
    return _made(key)[1]


LENGTHS = {"fire-engine": 8.4, "ambulance": 6.0, "police-car": 4.7, "vehicle": 7.0, "drone": 1.8,
           "crew": 1.8, "person": 1.8}  # fmt: skip

"""Copies of a model for near and far: as drawn, simplified, one coloured lump, a box."""

from __future__ import annotations

import io
import weakref
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from PIL import Image

from layers.kinds.model_library import Model
from layers.shapes import Floats

PLENTY = 1_200  # triangles from which a simplified copy with its materials is made
LUMP = 160  # triangles of the copy without materials, about
SAMPLES = 1_200  # points whose distance to a copy is measured
TYPICAL = 0.95  # share of those points that are nearer than the copy's error
PICTURED = 20.0  # part of its size that a model's texture counts as detail
BOXED = 0.22  # the same for what a box leaves out
Points = NDArray[np.float32]
Triangles = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class PartMesh:
    """Triangles that are drawn at once.

    Attributes
    ----------
    points : (p, 3) float32
        East, north, up from the anchor, metres.
    triangles : (t, 3) int32
        Positions in `points`.
    uv : (p, 2) float32 or None
        Places in `picture`.
    picture : (rows, columns, 3 or 4) uint8 or None
        Texture, row 0 at the bottom.
    smooth : bool
        Whether the texture is blurred between its pixels (pictures) or not (colour tables).
    colour : (red, green, blue, alpha)
        0 to 1.
    """

    points: Points
    triangles: Triangles
    uv: Points | None
    picture: NDArray[np.uint8] | None
    smooth: bool
    colour: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Level:
    """One copy of a model.

    Attributes
    ----------
    error : float
        Metres by which it may differ from the model.
    meshes : tuple of PartMesh
        What is drawn.
    triangles : int
        How many in all.
    """

    error: float
    meshes: tuple[PartMesh, ...]
    triangles: int


_made: weakref.WeakKeyDictionary[Model, tuple[Level, ...]] = weakref.WeakKeyDictionary()


def levels_of(model: Model) -> tuple[Level, ...]:
    """Give the copies of a model, finest first, each coarser one with a larger error."""
    known = _made.get(model)
    if known is None:
        known = _made[model] = _make(model)
    return known


def _make(model: Model) -> tuple[Level, ...]:
    points = model.local()
    size = float(np.linalg.norm(np.ptp(points, axis=0)))
    pictures = [decoded(texture.data) for texture in model.textures]
    full = tuple(_full(model, points, pictures))
    levels = [_level(0.0, full)]
    if len(model.triangles) > PLENTY:
        fewer = tuple(_simplified(mesh, 0.22) for mesh in full)
        error = _distance(points, fewer)
        levels.append(_level(error, fewer))
    lump = _lump(model, full)
    error = _distance(points, (lump,))
    if any(mesh.picture is not None and mesh.smooth for mesh in full):
        error = max(error, size / PICTURED)
    if len(lump.triangles) > 12 and len(lump.triangles) < 0.8 * levels[-1].triangles:
        levels.append(_level(max(error, levels[-1].error * 1.01, 1e-4), (lump,)))
    box = _box(points, lump)
    levels.append(_level(max(BOXED * size, levels[-1].error * 1.01), (box,)))
    return tuple(levels)


def _level(error: float, meshes: tuple[PartMesh, ...]) -> Level:
    kept = tuple(mesh for mesh in meshes if len(mesh.triangles))
    return Level(error, kept, sum(len(mesh.triangles) for mesh in kept))


def decoded(data: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Read the bytes of a picture, (rows, columns, 3 or 4), row 0 at the bottom."""
    image = Image.open(io.BytesIO(data.tobytes()))
    return np.ascontiguousarray(np.asarray(image.convert(_mode(image)))[::-1])


def _mode(image: Any) -> str:
    return "RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB"


def _full(model: Model, points: Floats, pictures: list[NDArray[np.uint8]]) -> list[PartMesh]:
    meshes = []
    for part in model.parts:
        material = model.materials[part.material]
        corners = model.triangles[part.first : part.last]
        used, flat = np.unique(corners, return_inverse=True)
        triangles = flat.reshape(-1, 3).astype(np.int32)
        here = points[used].astype(np.float32)
        if material.texture >= 0 and model.uv is not None:
            uv, picture = model.uv[used], pictures[material.texture]
            meshes.append(PartMesh(here, triangles, uv, picture, True, material.colour))
        elif model.colours is not None:
            own = model.colours[used][triangles].astype(np.float64).mean(axis=1)[:, :3]
            own *= np.asarray(material.colour[:3])
            meshes.append(_painted(here, triangles, own, material.colour[3]))
        else:
            meshes.append(PartMesh(here, triangles, None, None, False, material.colour))
    return meshes


def _painted(points: Points, triangles: Triangles, own: Floats, alpha: float) -> PartMesh:
    """Give each triangle a colour of its own through a small table in a texture."""
    steps = np.clip(np.round(own), 0, 255).astype(np.int64)
    colours, number = np.unique(steps, axis=0, return_inverse=True)
    if len(colours) > 4096:
        colours, number = np.unique(steps // 16 * 16 + 8, axis=0, return_inverse=True)
    number = number.reshape(-1)
    if len(colours) == 1:
        r, g, b = (colours[0] / 255.0).tolist()
        return PartMesh(points, triangles, None, None, False, (r, g, b, alpha))
    wide = int(np.ceil(np.sqrt(len(colours))))
    table = np.zeros((wide * wide, 3), dtype=np.uint8)
    table[: len(colours)] = colours
    at = (np.column_stack([number % wide, number // wide]) + 0.5) / wide
    uv = np.repeat(at, 3, axis=0).astype(np.float32)
    spread = points[triangles.reshape(-1)]
    corners = np.arange(len(spread), dtype=np.int32).reshape(-1, 3)
    picture = table.reshape(wide, wide, 3)
    return PartMesh(spread, corners, uv, picture, False, (1.0, 1.0, 1.0, alpha))


def _welded(points: Points, triangles: Triangles) -> tuple[Points, Triangles, NDArray[np.int64]]:
    """Join points of one place; gives them, the triangles and the first old point of each."""
    _, first, number = np.unique(points, axis=0, return_index=True, return_inverse=True)
    return points[first], number.reshape(-1)[triangles].astype(np.int32), first


def _fewer(points: Points, triangles: Triangles, target: int) -> tuple[Points, Triangles]:
    if len(triangles) <= max(target, 4):
        return points, triangles
    import fast_simplification

    made, corners = fast_simplification.simplify(
        np.ascontiguousarray(points), np.ascontiguousarray(triangles), target_count=max(target, 4)
    )
    if len(corners) == 0:
        return points, triangles
    return np.asarray(made, dtype=np.float32), np.asarray(corners, dtype=np.int32)


def _simplified(mesh: PartMesh, share: float) -> PartMesh:
    """Give a part with fewer triangles; its texture follows from the nearest old points."""
    from scipy.spatial import cKDTree

    welded, corners, _ = _welded(mesh.points, mesh.triangles)
    points, triangles = _fewer(welded, corners, int(len(corners) * share))
    uv = mesh.uv
    if uv is not None:
        middle = points[triangles].mean(axis=1)
        old = mesh.points[mesh.triangles].mean(axis=1)
        _, nearest = cKDTree(old).query(middle)
        if mesh.smooth:
            _, at = cKDTree(mesh.points).query(points)
            uv = uv[at]
        else:  # a table of colours: each triangle takes that of its nearest
            uv = np.repeat(uv[mesh.triangles[nearest, 0]], 3, axis=0)
            points = points[triangles.reshape(-1)]
            triangles = np.arange(len(points), dtype=np.int32).reshape(-1, 3)
    return PartMesh(points, triangles, uv, mesh.picture, mesh.smooth, mesh.colour)


def _lump(model: Model, full: tuple[PartMesh, ...]) -> PartMesh:
    """Give one mesh of few triangles in the mean colours of their materials."""
    share = min(LUMP / max(len(model.triangles), 1), 1.0)
    all_points: list[Points] = []
    all_triangles: list[Triangles] = []
    colours: list[Floats] = []
    before = 0
    for mesh in full:
        welded, corners, _ = _welded(mesh.points, mesh.triangles)
        here, triangles = _fewer(welded, corners, int(np.ceil(len(corners) * share)))
        own = np.asarray(mesh.colour[:3]) * 255.0
        if mesh.picture is not None:
            own = own * _mean_colour(mesh) / 255.0
        all_points.append(here)
        all_triangles.append(triangles + before)
        colours.append(np.broadcast_to(own, (len(triangles), 3)))
        before += len(here)
    alpha = max(mesh.colour[3] for mesh in full)
    return _painted(
        np.concatenate(all_points), np.concatenate(all_triangles).astype(np.int32),
        np.concatenate(colours), alpha,
    )  # fmt: skip


def _mean_colour(mesh: PartMesh) -> Floats:
    """Give the colour a part has from afar, 0 to 255: that of its texture where it is used."""
    assert mesh.picture is not None
    assert mesh.uv is not None
    rows, columns = mesh.picture.shape[:2]
    middle = mesh.uv[mesh.triangles].mean(axis=1)
    places = np.concatenate([mesh.uv, middle])
    x = (np.mod(places[:, 0], 1.0) * (columns - 1)).astype(int)
    y = (np.mod(places[:, 1], 1.0) * (rows - 1)).astype(int)
    whole = mesh.picture[:: max(rows // 64, 1), :: max(columns // 64, 1)].reshape(
        -1, mesh.picture.shape[2]
    )
    found = np.concatenate([mesh.picture[y, x], whole]) if mesh.smooth else mesh.picture[y, x]
    if found.shape[1] == 4 and (solid := found[:, 3] > 100).any():
        found = found[solid]
    return np.asarray(found[:, :3].astype(np.float64).mean(axis=0))


def _box(points: Floats, lump: PartMesh) -> PartMesh:
    low, high = points.min(axis=0), points.max(axis=0)
    corners = np.array(np.meshgrid(*zip(low, high, strict=True), indexing="ij")).reshape(3, 8).T
    faces = np.array(
        [[0, 2, 1], [1, 2, 3], [4, 5, 6], [5, 7, 6], [0, 1, 4], [1, 5, 4],
         [2, 6, 3], [3, 6, 7], [0, 4, 2], [2, 4, 6], [1, 3, 5], [3, 7, 5]], dtype=np.int32,
    )[:, [0, 2, 1]]  # fmt: skip
    colour = lump.colour
    if lump.picture is not None:
        r, g, b = (_mean_colour(lump) / 255.0).tolist()
        colour = (r, g, b, lump.colour[3])
    return PartMesh(corners.astype(np.float32), faces, None, None, False, colour)


def _distance(points: Floats, meshes: tuple[PartMesh, ...]) -> float:
    """Measure how far points of a model are from a copy of it, metres."""
    chosen = points[:: max(len(points) // SAMPLES, 1)]
    corners = [mesh.points[mesh.triangles] for mesh in meshes if len(mesh.triangles)]
    if not corners:
        return float(np.linalg.norm(np.ptp(points, axis=0)))
    away = distances(chosen, np.concatenate(corners).astype(np.float64))
    return float(np.quantile(away, TYPICAL))


@njit(cache=True, nogil=True)
def distances(points: Floats, corners: Floats) -> Floats:
    """Give the distance of points, (n, 3), from the nearest of triangles, (t, 3, 3), metres."""
    away = np.empty(len(points))
    for i in range(len(points)):
        best = np.inf
        for t in range(len(corners)):
            ax, ay, az = corners[t, 0]
            abx, aby, abz = corners[t, 1] - corners[t, 0]
            acx, acy, acz = corners[t, 2] - corners[t, 0]
            apx, apy, apz = points[i, 0] - ax, points[i, 1] - ay, points[i, 2] - az
            d1 = abx * apx + aby * apy + abz * apz
            d2 = acx * apx + acy * apy + acz * apz
            bb = abx * abx + aby * aby + abz * abz
            cc = acx * acx + acy * acy + acz * acz
            bc = abx * acx + aby * acy + abz * acz
            det = bb * cc - bc * bc
            v = w = 0.0
            if det > 1e-18:
                v, w = (cc * d1 - bc * d2) / det, (bb * d2 - bc * d1) / det
            if det <= 1e-18 or v < 0.0 or w < 0.0 or v + w > 1.0:
                # outside: the nearest point lies on one of the three edges
                near = np.inf
                v0, w0 = 0.0, 0.0
                for edge in range(3):
                    if edge == 0:
                        s = min(max(d1 / bb, 0.0), 1.0) if bb > 0 else 0.0
                        ev, ew = s, 0.0
                    elif edge == 1:
                        s = min(max(d2 / cc, 0.0), 1.0) if cc > 0 else 0.0
                        ev, ew = 0.0, s
                    else:
                        ee = bb + cc - 2.0 * bc
                        s = min(max((bb - bc + d2 - d1) / ee, 0.0), 1.0) if ee > 0 else 0.0
                        ev, ew = 1.0 - s, s
                    dx = apx - ev * abx - ew * acx
                    dy = apy - ev * aby - ew * acy
                    dz = apz - ev * abz - ew * acz
                    q = dx * dx + dy * dy + dz * dz
                    if q < near:
                        near, v0, w0 = q, ev, ew
                v, w = v0, w0
            dx = apx - v * abx - w * acx
            dy = apy - v * aby - w * acy
            dz = apz - v * abz - w * acz
            best = min(best, dx * dx + dy * dy + dz * dz)
        away[i] = np.sqrt(best)
    return away

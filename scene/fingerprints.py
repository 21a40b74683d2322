"""A number for the shape of each building, to find the few that changed among very many."""

from __future__ import annotations

import numba as nb
import numpy as np
from numpy.typing import NDArray

from layers.shapes import Floats, Ints
from scene.meshing import BlockMesher

Prints = NDArray[np.uint64]


def fingerprints(mesher: BlockMesher) -> Prints:
    """Give a 64-bit number per building that differs where its mesh would differ.

    Parameters
    ----------
    mesher : BlockMesher
        n buildings.

    Returns
    -------
    (n,) ndarray of uint64
    """
    data = mesher.buildings
    shapes = data.shapes
    levels = np.column_stack([mesher.low, mesher.high, mesher.base, data.drawn.astype(np.float64)])
    out = _of_blocks(
        _bits(shapes.coords), shapes.ring_start, shapes.shape_start, _bits(levels)
    )  # fmt: skip
    if mesher.faces is not None and data.surfaces is not None:
        surfaces = data.surfaces
        first = surfaces.ring_start[surfaces.face_start]
        _add_faces(out, _bits(surfaces.coords), first, mesher.owner_row)
    return np.asarray(out)


def _bits(numbers: Floats) -> NDArray[np.uint64]:
    return np.ascontiguousarray(numbers).view(np.uint64)


@nb.njit(cache=True, nogil=True, inline="always")
def _mix(value: np.uint64, bits: np.uint64) -> np.uint64:  # pragma: no cover
    """Take in 64 bits (the finaliser of SplitMix64 after an xor)."""
    value = (value ^ bits) + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.uint64(value ^ (value >> np.uint64(31)))


@nb.njit(cache=True, nogil=True)
def _of_blocks(
    coords: Prints, ring_start: Ints, shape_start: Ints, levels: Prints
) -> Prints:  # pragma: no cover
    out = np.zeros(len(shape_start) - 1, dtype=np.uint64)
    for row in range(len(out)):
        value = np.uint64(1)
        for k in range(levels.shape[1]):
            value = _mix(value, levels[row, k])
        for ring in range(shape_start[row], shape_start[row + 1]):
            value = _mix(value, np.uint64(ring_start[ring + 1] - ring_start[ring]))
            for i in range(ring_start[ring], ring_start[ring + 1]):
                value = _mix(_mix(value, coords[i, 0]), coords[i, 1])
        out[row] = value
    return out


@nb.njit(cache=True, nogil=True)
def _add_faces(out: Prints, coords: Prints, first: Ints, row: Ints) -> None:  # pragma: no cover
    for face in range(len(row)):
        value = np.uint64(first[face + 1] - first[face])
        for i in range(first[face], first[face + 1]):
            value = _mix(_mix(_mix(value, coords[i, 0]), coords[i, 1]), coords[i, 2])
        out[row[face]] = _mix(out[row[face]], value)

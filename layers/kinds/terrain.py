"""Terrain: a grid of ground heights in the project's coordinate system."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from layers.errors import CityError
from layers.kinds.base import Extent, Kind, Packed
from layers.shapes import Floats
from layers.style import Style

_levels: weakref.WeakKeyDictionary[Terrain, float] = weakref.WeakKeyDictionary()
LEVEL_SAMPLES = 1_000_000  # heights at most that decide the level around a terrain


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Terrain:
    """Ground heights at the nodes of a north-up grid. Takes its array over and locks it.

    Attributes
    ----------
    heights : (rows, columns) float32
        Metres above the project's height datum; NaN where unknown. Row 0 is the
        northernmost. A value belongs to the centre of its raster cell.
    west, north : float
        Centre of the cell in row 0, column 0, metres in project coordinates.
    step_east, step_north : float
        Distance between neighbouring centres, metres, both greater than zero.
    """

    heights: NDArray[np.float32]
    west: float
    north: float
    step_east: float
    step_north: float

    def __post_init__(self) -> None:
        if self.heights.ndim != 2 or min(self.heights.shape) < 2:
            raise CityError("terrain.size", "A terrain needs at least two rows and two columns.")
        if not (self.step_east > 0 and self.step_north > 0):
            raise CityError("terrain.step", "A terrain needs a step greater than zero.")
        self.heights.setflags(write=False)

    def __len__(self) -> int:
        return 1

    def extent(self) -> Extent | None:
        """Give west, south, east, north of the outer centres, metres."""
        rows, columns = self.heights.shape
        return (
            self.west,
            self.north - (rows - 1) * self.step_north,
            self.west + (columns - 1) * self.step_east,
            self.north,
        )

    @property
    def level(self) -> float:
        """Height that stands for the ground beyond the terrain, metres above datum.

        The tenth percentile of its heights: plains and valleys rather than hills.
        """
        found = _levels.get(self)
        if found is None:
            stride = max(int(np.sqrt(self.heights.size / LEVEL_SAMPLES)), 1)
            some = self.heights[::stride, ::stride]
            known = some[np.isfinite(some)]
            found = float(np.percentile(known, 10)) if known.size else 0.0
            _levels[self] = found
        return found

    def height_at(self, coords: ArrayLike) -> Floats:
        """Give the ground height at places, bilinear between the centres.

        Where one of the four centres is unknown the known ones are weighted.

        Parameters
        ----------
        coords : (n, 2) array_like of float
            East and north, metres.

        Returns
        -------
        (n,) ndarray of float64
            Metres above datum; NaN outside and where nothing is known.
        """
        xy = np.asarray(coords, dtype=np.float64).reshape(-1, 2)
        rows, columns = self.heights.shape
        col = (xy[:, 0] - self.west) / self.step_east
        row = (self.north - xy[:, 1]) / self.step_north
        slack = 0.5  # a raster covers half a cell beyond its outer centres
        inside = (col >= -slack) & (row >= -slack)
        inside &= (col <= columns - 1 + slack) & (row <= rows - 1 + slack)
        col = np.where(inside, np.clip(col, 0.0, columns - 1), 0.0)
        row = np.where(inside, np.clip(row, 0.0, rows - 1), 0.0)
        c0 = np.minimum(col.astype(np.int64), columns - 2)
        r0 = np.minimum(row.astype(np.int64), rows - 2)
        fc, fr = col - c0, row - r0
        total = np.zeros(len(xy))
        weight = np.zeros(len(xy))
        for dr, wr in ((0, 1.0 - fr), (1, fr)):
            for dc, wc in ((0, 1.0 - fc), (1, fc)):
                value = self.heights[r0 + dr, c0 + dc].astype(np.float64)
                share = np.where(np.isfinite(value), wr * wc, 0.0)
                total += np.where(share > 0, value, 0.0) * share
                weight += share
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(inside & (weight > 0), total / weight, np.nan)

    def pack(self) -> Packed:
        """Give the content as plain parts."""
        meta: dict[str, Any] = {
            "west": self.west,
            "north": self.north,
            "step_east": self.step_east,
            "step_north": self.step_north,
        }
        return Packed(meta=meta, arrays={"heights": self.heights})

    @classmethod
    def unpack(cls, packed: Packed) -> Terrain:
        """Build the content from the parts that `pack` gave."""
        m = packed.meta
        return cls(packed.arrays["heights"], m["west"], m["north"], m["step_east"], m["step_north"])


KIND = Kind("terrain", Terrain, "raster", Style(colour="#cfcdb8"), 0)

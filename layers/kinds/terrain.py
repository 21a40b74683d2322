"""Terrain: a grid of ground heights in the project's coordinate system."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from layers.errors import CityError
from layers.kinds.base import Extent, Kind, Packed
from layers.shapes import Bools, Floats
from layers.style import Style

_levels: weakref.WeakKeyDictionary[Terrain, float] = weakref.WeakKeyDictionary()
LEVEL_SAMPLES = 1_000_000  # heights at most that decide the level around a terrain


class FineHeights(Protocol):
    """Heights that stay in their files, read block by block when they are asked for.

    Attributes
    ----------
    west, north : float
        Centre of the cell in row 0, column 0, metres in project coordinates.
    step_east, step_north : float
        Distance between neighbouring centres, metres.
    rows, columns : int
        Of the whole.
    block : int
        Cells along a side of a block.
    identity : str
        The same text for the same files read in the same way.
    """

    west: float
    north: float
    step_east: float
    step_north: float
    rows: int
    columns: int
    block: int
    identity: str

    def heights_of(self, row: int, column: int) -> NDArray[np.float32]:
        """Give block `row`, `column` with one more row and column of its neighbours."""
        ...


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
    fine : FineHeights or None
        Where `heights` is only an overview: the heights themselves, in their files.
    """

    heights: NDArray[np.float32]
    west: float
    north: float
    step_east: float
    step_north: float
    fine: FineHeights | None = None

    def __post_init__(self) -> None:
        if self.heights.ndim != 2 or min(self.heights.shape) < 2:
            raise CityError(
                "terrain.size",
                "A terrain needs at least two rows and two columns.",
                hint="take a raster that covers more ground",
            )
        if not (self.step_east > 0 and self.step_north > 0):
            raise CityError("terrain.step", "A terrain needs a step greater than zero.")
        self.heights.setflags(write=False)

    def __len__(self) -> int:
        return 1

    def extent(self) -> Extent | None:
        """Give west, south, east, north of the outer centres, metres."""
        if (fine := self.fine) is not None:
            south = fine.north - (fine.rows - 1) * fine.step_north
            return fine.west, south, fine.west + (fine.columns - 1) * fine.step_east, fine.north
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
        grid: Terrain | FineHeights = self
        rows, columns = self.heights.shape
        if self.fine is not None:
            grid, rows, columns = self.fine, self.fine.rows, self.fine.columns
        col = (xy[:, 0] - grid.west) / grid.step_east
        row = (grid.north - xy[:, 1]) / grid.step_north
        slack = 0.5  # a raster covers half a cell beyond its outer centres
        inside = (col >= -slack) & (row >= -slack)
        inside &= (col <= columns - 1 + slack) & (row <= rows - 1 + slack)
        col = np.where(inside, np.clip(col, 0.0, columns - 1), 0.0)
        row = np.where(inside, np.clip(row, 0.0, rows - 1), 0.0)
        if self.fine is None:
            found = _between(self.heights, col, row)
        else:
            found = _between_blocks(self.fine, col, row, inside)
        return np.where(inside, found, np.nan)

    @property
    def grain(self) -> tuple[float, float]:
        """Distance east and north between the heights that are known, metres."""
        grid = self if self.fine is None else self.fine
        return grid.step_east, grid.step_north

    def pack(self) -> Packed:
        """Give the content as plain parts."""
        meta: dict[str, Any] = {
            "west": self.west,
            "north": self.north,
            "step_east": self.step_east,
            "step_north": self.step_north,
        }
        if self.fine is not None:
            meta["fine"] = self.fine.identity
        return Packed(meta=meta, arrays={"heights": self.heights})

    @classmethod
    def unpack(cls, packed: Packed) -> Terrain:
        """Build the content from the parts that `pack` gave."""
        m = packed.meta
        return cls(packed.arrays["heights"], m["west"], m["north"], m["step_east"], m["step_north"])


def _between(heights: NDArray[np.float32], col: Floats, row: Floats) -> Floats:
    """Give heights at columns and rows of a grid, bilinear; NaN where nothing is known."""
    rows, columns = heights.shape
    c0 = np.minimum(col.astype(np.int64), columns - 2)
    r0 = np.minimum(row.astype(np.int64), rows - 2)
    fc, fr = col - c0, row - r0
    total = np.zeros(len(col))
    weight = np.zeros(len(col))
    for dr, wr in ((0, 1.0 - fr), (1, fr)):
        for dc, wc in ((0, 1.0 - fc), (1, fc)):
            value = heights[r0 + dr, c0 + dc].astype(np.float64)
            share = np.where(np.isfinite(value), wr * wc, 0.0)
            total += np.where(share > 0, value, 0.0) * share
            weight += share
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(weight > 0, total / weight, np.nan))


def _between_blocks(fine: FineHeights, col: Floats, row: Floats, inside: Bools) -> Floats:
    """Give the same from blocks, each read once."""
    out = np.full(len(col), np.nan)
    chosen = np.flatnonzero(inside)
    if chosen.size == 0:
        return out
    across = -(-fine.columns // fine.block)
    c = np.minimum(col[chosen].astype(np.int64), fine.columns - 2) // fine.block
    r = np.minimum(row[chosen].astype(np.int64), fine.rows - 2) // fine.block
    key = r * across + c
    order = np.argsort(key, kind="stable")
    keys, first = np.unique(key[order], return_index=True)
    for number, points in zip(keys.tolist(), np.split(chosen[order], first[1:]), strict=True):
        top, left = divmod(number, across)
        heights = fine.heights_of(top, left)
        out[points] = _between(
            heights, col[points] - left * fine.block, row[points] - top * fine.block
        )
    return out


KIND = Kind("terrain", Terrain, "raster", Style(colour="#cfcdb8"), 0)

"""Point clouds: points with colours, to be looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.errors import CityError
from layers.kinds.base import Extent, Kind, Packed
from layers.shapes import Floats
from layers.style import Style


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Cloud:
    """Points of a scan, thinned to what can be shown. Takes its arrays over and locks them.

    Points stand in no order of place: any first part of them is a thinner picture of the whole.

    Attributes
    ----------
    points : (n, 3) float32
        East, north, height relative to `origin`, metres.
    colours : (n, 3) uint8
        Red, green, blue.
    origin : (east, north, height)
        Project coordinates, metres.
    total : int
        Points in the file.
    """

    points: NDArray[np.float32]
    colours: NDArray[np.uint8]
    origin: tuple[float, float, float]
    total: int

    def __post_init__(self) -> None:
        if self.points.shape != self.colours.shape or self.points.shape[1:] != (3,):
            raise CityError("cloud.arrays", "The arrays of a point cloud do not fit together.")
        self.points.setflags(write=False)
        self.colours.setflags(write=False)

    def __len__(self) -> int:
        return len(self.points)

    def extent(self) -> Extent | None:
        """Give west, south, east, north, metres."""
        box = self.box()
        return None if box is None else (box[0, 0], box[0, 1], box[1, 0], box[1, 1])

    def box(self) -> Floats | None:
        """Give the lowest and highest corner in project coordinates, (2, 3)."""
        if len(self.points) == 0:
            return None
        ends = np.stack([self.points.min(axis=0), self.points.max(axis=0)]).astype(np.float64)
        return np.asarray(ends + np.array(self.origin))

    def pack(self) -> Packed:
        """Give the content as plain parts."""
        return Packed(
            meta={"origin": list(self.origin), "total": self.total},
            arrays={"points": self.points, "colours": self.colours},
        )

    @classmethod
    def unpack(cls, packed: Packed) -> Cloud:
        """Build the content from the parts that `pack` gave."""
        x, y, z = packed.meta["origin"]
        arrays = packed.arrays
        return cls(arrays["points"], arrays["colours"], (x, y, z), int(packed.meta["total"]))


KIND = Kind("clouds", Cloud, "cloud", Style(colour="#9aa5ad", point_size=2.0), 92)

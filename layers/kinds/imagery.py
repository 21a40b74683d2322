"""Imagery: an orthophoto laid over the ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from layers.errors import CityError
from layers.kinds.base import Extent, Kind, Packed
from layers.style import Style


class FinePicture(Protocol):
    """A picture that stays in its files; parts are read at the size they are needed.

    Attributes
    ----------
    step : float
        Size of a pixel in the files, metres.
    identity : str
        The same text for the same files read in the same way.
    """

    step: float
    identity: str

    def part(self, west: float, north: float, step: float, size: int) -> NDArray[np.uint8]:
        """Give (size, size, 4) pixels of `step` metres from a north-west corner on."""
        ...


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Imagery:
    """A north-up picture in project coordinates. Takes its array over and locks it.

    Attributes
    ----------
    pixels : (rows, columns, 4) uint8
        Red, green, blue, alpha; row 0 is the northernmost.
    west, south, east, north : float
        Outer edges of the picture, metres.
    fine : FinePicture or None
        Where `pixels` is only an overview: the picture itself, in its files.
    """

    pixels: NDArray[np.uint8]
    west: float
    south: float
    east: float
    north: float
    fine: FinePicture | None = None

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or self.pixels.shape[2] != 4 or not self.pixels.size:
            raise CityError("imagery.pixels", "A picture needs rows, columns and four channels.")
        if not (self.east > self.west and self.north > self.south):
            raise CityError("imagery.extent", "A picture needs a width and a height.")
        self.pixels.setflags(write=False)

    def __len__(self) -> int:
        return 1

    def extent(self) -> Extent | None:
        """Give west, south, east, north, metres."""
        return self.west, self.south, self.east, self.north

    def pack(self) -> Packed:
        """Give the content as plain parts."""
        meta: dict[str, Any] = {
            "west": self.west,
            "south": self.south,
            "east": self.east,
            "north": self.north,
        }
        if self.fine is not None:
            meta["fine"] = self.fine.identity
        return Packed(meta=meta, arrays={"pixels": self.pixels})

    @classmethod
    def unpack(cls, packed: Packed) -> Imagery:
        """Build the content from the parts that `pack` gave."""
        m = packed.meta
        return cls(packed.arrays["pixels"], m["west"], m["south"], m["east"], m["north"])


KIND = Kind("imagery", Imagery, "raster", Style(colour="#ffffff"), 1)

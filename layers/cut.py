"""Cutting a city open: what is taken away inside or outside of an upright shape."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely

from layers.errors import CityError
from layers.shapes import Floats

MOST_CORNERS = 60
WIDE = 100_000.0  # metres a plane reaches to its sides and behind


@dataclass(frozen=True, slots=True)
class Cut:
    """An upright prism that something is taken out of, or that alone is left.

    Attributes
    ----------
    ring : tuple of (east, north)
        Corners of its outline, project coordinates, three to sixty.
    low, high : float or None
        From which height to which, metres above datum; None has no end.
    keep : str
        ``"outside"`` takes away what is in it, ``"inside"`` all else.
    """

    ring: tuple[tuple[float, float], ...]
    low: float | None = None
    high: float | None = None
    keep: Literal["outside", "inside"] = "outside"

    def __post_init__(self) -> None:
        shape = shapely.Polygon(self.ring) if len(self.ring) >= 3 else shapely.Polygon()
        fits = len(self.ring) <= MOST_CORNERS and shape.is_valid and shape.area > 0.01
        levels = self.low is None or self.high is None or self.low < self.high
        if not fits or not levels:
            raise CityError(
                "cut.shape",
                "A cut needs an outline of 3 to 60 corners that does not cross itself, and a "
                "height to end above that to begin.",
                hint="draw a simpler outline, or change the heights",
            )

    @classmethod
    def plane(cls, point: Sequence[float], heading: float) -> Cut:
        """Take away all that lies beyond an upright plane.

        Parameters
        ----------
        point : (east, north)
            Where the plane stands.
        heading : float
            Radians clockwise from north: the way to the side that is taken away.
        """
        ahead = np.array([math.sin(heading), math.cos(heading)])
        right = np.array([ahead[1], -ahead[0]])
        at = np.array(point[:2], dtype=np.float64)
        corners = [
            at - right * WIDE, at + right * WIDE,
            at + right * WIDE + ahead * WIDE, at - right * WIDE + ahead * WIDE,
        ]  # fmt: skip
        return cls(_pairs(corners))

    @classmethod
    def level(cls, point: Sequence[float], height: float) -> Cut:
        """Take away all that lies above a height, metres above datum, around a place."""
        square = cls.box(point, (2 * WIDE, 2 * WIDE))
        return cls(square.ring, low=height)

    @classmethod
    def box(
        cls, middle: Sequence[float], size: Sequence[float], heading: float = 0.0,
        low: float | None = None, high: float | None = None,
        keep: Literal["outside", "inside"] = "outside",
    ) -> Cut:  # fmt: skip
        """Make a box from its middle, width and depth (metres), and heading (radians)."""
        ahead = np.array([math.sin(heading), math.cos(heading)]) * size[1] / 2
        right = np.array([math.cos(heading), -math.sin(heading)]) * size[0] / 2
        at = np.array(middle[:2], dtype=np.float64)
        corners = [at - right - ahead, at + right - ahead, at + right + ahead, at - right + ahead]
        return cls(_pairs(corners), low, high, keep)

    @property
    def outline(self) -> shapely.Polygon:
        """Its outline, counter-clockwise."""
        return shapely.geometry.polygon.orient(shapely.Polygon(self.ring))

    def to_json(self) -> dict[str, Any]:
        """Give plain values for files."""
        return {
            "ring": [list(corner) for corner in self.ring], "low": self.low, "high": self.high,
            "keep": self.keep,
        }  # fmt: skip

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Cut:
        """Build it from the values `to_json` gave."""
        ring = _pairs(np.array(raw["ring"], dtype=np.float64))
        return cls(ring, raw.get("low"), raw.get("high"), raw.get("keep", "outside"))


def _pairs(corners: Sequence[Floats] | Floats) -> tuple[tuple[float, float], ...]:
    return tuple((float(corner[0]), float(corner[1])) for corner in corners)

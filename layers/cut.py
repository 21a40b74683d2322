"""Cutting a city open: what is taken away inside or outside of an upright shape."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely

from layers.errors import CityError
from layers.shapes import Bools, Floats

MOST_CORNERS = 60
WIDE = 100_000.0  # metres a plane reaches to its sides and behind


@dataclass(frozen=True, slots=True)
class Slope:
    """A plane that leans; what lies on the side its normal points to is in the cut.

    Attributes
    ----------
    point : (east, north, height)
        A place on it, project coordinates.
    normal : (east, north, up)
        Unit vector.
    """

    point: tuple[float, float, float]
    normal: tuple[float, float, float]

    def __post_init__(self) -> None:
        length = math.hypot(*self.normal)
        if not math.isfinite(length) or abs(length - 1.0) > 1e-6:
            raise CityError("cut.slope", "The normal of a leaning plane has to be one long.")

    def over(self, points: Floats) -> Floats:
        """Give how far points, (n, 3), are from the plane, metres; positive in the cut."""
        return np.asarray((points - np.array(self.point)) @ np.array(self.normal))


@dataclass(frozen=True, slots=True)
class Form:
    """A cut as people speak of it.

    Attributes
    ----------
    kind : str
        ``"plane"``, ``"leaning"``, ``"level"``, ``"box"`` or ``"outline"``.
    place : tuple of float
        East and north of the plane or of the middle; a leaning plane has a height, too.
    heading : float
        Radians clockwise from north, as `Cut.plane` and `Cut.box` take it.
    size : (width, depth)
        Of a box, metres.
    lean : float
        Of a leaning plane, radians.
    """

    kind: Literal["plane", "leaning", "level", "box", "outline"]
    place: tuple[float, ...] = ()
    heading: float = 0.0
    size: tuple[float, float] = (0.0, 0.0)
    lean: float = 0.0


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
    slope : Slope or None
        A leaning plane; only what is on its side is in the cut then.
    pit : tuple of tuple of nine float
        Triangles of the floor and the walls of a pit, project coordinates. Where there are some,
        the ground alone is taken away: pipes that hang in the pit stay.
    """

    ring: tuple[tuple[float, float], ...]
    low: float | None = None
    high: float | None = None
    keep: Literal["outside", "inside"] = "outside"
    slope: Slope | None = None
    pit: tuple[tuple[float, ...], ...] = ()

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
    def leaning(cls, point: Sequence[float], heading: float, lean: float) -> Cut:
        """Take away all that lies beyond a plane that leans.

        Parameters
        ----------
        point : (east, north, height)
            A place on the plane.
        heading : float
            Radians clockwise from north: the way to the side that is taken away.
        lean : float
            Radians the plane leans towards the side that stays: 0 stands upright, a quarter turn
            lies level and takes away what is above; less than 0 leans the other way.
        """
        normal = (
            math.sin(heading) * math.cos(lean), math.cos(heading) * math.cos(lean), math.sin(lean),
        )  # fmt: skip
        square = cls.box(point, (2 * WIDE, 2 * WIDE))
        east, north, height = (float(part) for part in point)
        return cls(square.ring, slope=Slope((east, north, height), normal))

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
    def form(self) -> Form:
        """What kind of cut it is, and the numbers it was made of."""
        if self.pit:
            return Form("outline")
        if self.slope is not None:
            east, north, up = self.slope.normal
            return Form("leaning", self.slope.point, math.atan2(east, north),
                        lean=math.asin(max(min(up, 1.0), -1.0)))  # fmt: skip
        ring = np.array(self.ring)
        if len(ring) == 4 and shapely.LinearRing(ring).is_ccw:
            right, ahead = ring[1] - ring[0], ring[3] - ring[0]
            width, depth = float(np.hypot(*right)), float(np.hypot(*ahead))
            off = abs(ring[2] - ring[1] - ahead).max() + abs(right @ ahead) / max(width, depth)
            if off < 1e-4 * min(width, depth):
                heading = math.atan2(ahead[0], ahead[1])
                middle = _pairs([ring.mean(axis=0)])[0]
                if abs(width - 2 * WIDE) > 1.0 or self.high is not None:
                    return Form("box", middle, heading, (width, depth))
                if self.low is not None:
                    return Form("level", middle, heading)
                return Form("plane", _pairs([(ring[0] + ring[1]) / 2])[0], heading)
        return Form("outline")

    @property
    def outline(self) -> shapely.Polygon:
        """Its outline, counter-clockwise."""
        return shapely.geometry.polygon.orient(shapely.Polygon(self.ring))

    def takes(self, points: Floats) -> Bools:
        """Say which points, (n, 3), are taken away, (n,)."""
        inside = np.asarray(
            shapely.contains_xy(self.outline, points[:, 0], points[:, 1]), dtype=bool
        )
        if self.low is not None:
            inside &= points[:, 2] > self.low
        if self.high is not None:
            inside &= points[:, 2] < self.high
        if self.slope is not None:
            inside &= self.slope.over(points) > 0.0
        return inside if self.keep == "outside" else ~inside

    def to_json(self) -> dict[str, Any]:
        """Give plain values for files."""
        plain: dict[str, Any] = {
            "ring": [list(corner) for corner in self.ring], "low": self.low, "high": self.high,
            "keep": self.keep,
        }  # fmt: skip
        if self.slope is not None:
            plain["slope"] = [*self.slope.point, *self.slope.normal]
        if self.pit:
            plain["pit"] = [list(triangle) for triangle in self.pit]
        return plain

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Cut:
        """Build it from the values `to_json` gave."""
        ring = _pairs(np.array(raw["ring"], dtype=np.float64))
        slope = None
        if raw.get("slope") is not None:
            east, north, height, x, y, z = (float(part) for part in raw["slope"])
            slope = Slope((east, north, height), (x, y, z))
        pit = tuple(tuple(float(part) for part in triangle) for triangle in raw.get("pit", ()))
        return cls(ring, raw.get("low"), raw.get("high"), raw.get("keep", "outside"), slope, pit)


def _pairs(corners: Sequence[Floats] | Floats) -> tuple[tuple[float, float], ...]:
    return tuple((float(corner[0]), float(corner[1])) for corner in corners)

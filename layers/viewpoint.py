"""Where the eye is: a camera told in the terms of a planner, and views that keep it."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np

from layers.cut import Cut
from layers.errors import CityError
from layers.kinds.base import Extent

DEFAULT_FOV = math.radians(36.87)
EXAGGERATIONS = (0.5, 10.0)  # times that heights may be drawn


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """A camera.

    Attributes
    ----------
    east, north, height : float
        The eye, metres in project coordinates, height above datum.
    heading : float
        Direction of looking, radians clockwise from grid north.
    pitch : float
        Radians above the horizon: 0 is level, -pi/2 straight down.
    distance : float
        Metres from the eye to the point it turns around, greater than zero.
    fov : float
        Vertical field of view, radians.
    projection : str
        ``"perspective"`` or ``"parallel"``; a parallel picture shows at every
        depth what the perspective one shows at `distance`.
    exaggeration : float
        How many times higher everything is drawn than it is; 0 takes the project's. Places, also
        that of the eye, are true ones; `heading`, `pitch` and `distance` are those of the picture.
    """

    east: float
    north: float
    height: float
    heading: float = 0.0
    pitch: float = -math.pi / 4
    distance: float = 1000.0
    fov: float = DEFAULT_FOV
    projection: Literal["perspective", "parallel"] = "perspective"
    exaggeration: float = 0.0

    def __post_init__(self) -> None:
        numbers = (self.east, self.north, self.height, self.heading, self.pitch, self.distance)
        if not all(math.isfinite(v) for v in numbers) or not self.distance > 0:
            raise CityError("view.camera", "A camera needs finite numbers and a distance.")
        if not (0.001 < self.fov < math.pi - 0.001):
            raise CityError("view.fov", "The field of view lies between 0 and 180 degrees.")
        if self.exaggeration:
            exaggerated(self.exaggeration)

    @property
    def stretch(self) -> float:
        """How many times higher everything is drawn than it is; 1 where nobody says."""
        return self.exaggeration or 1.0

    @property
    def direction(self) -> tuple[float, float, float]:
        """Unit vector of looking: east, north, up."""
        level = math.cos(self.pitch)
        return (
            level * math.sin(self.heading),
            level * math.cos(self.heading),
            math.sin(self.pitch),
        )

    @property
    def up(self) -> tuple[float, float, float]:
        """Unit vector of the picture's upper edge: east, north, up."""
        down = -math.sin(self.pitch)
        return (
            down * math.sin(self.heading),
            down * math.cos(self.heading),
            math.cos(self.pitch),
        )

    @property
    def target(self) -> tuple[float, float, float]:
        """The point it turns around: east, north, height."""
        d = self.direction
        return (
            self.east + d[0] * self.distance,
            self.north + d[1] * self.distance,
            self.height + d[2] * self.distance / self.stretch,
        )

    @classmethod
    def looking_at(
        cls,
        target: tuple[float, float, float],
        distance: float,
        heading: float = 0.0,
        pitch: float = -math.pi / 4,
        *,
        fov: float = DEFAULT_FOV,
        projection: Literal["perspective", "parallel"] = "perspective",
        exaggeration: float = 0.0,
    ) -> Viewpoint:
        """Put the eye `distance` metres from a point, looking at it."""
        eye = cls(*target, heading, pitch, distance, fov, projection, exaggeration)
        d = eye.direction
        return replace(
            eye,
            east=target[0] - d[0] * distance,
            north=target[1] - d[1] * distance,
            height=target[2] - d[2] * distance / eye.stretch,
        )

    @classmethod
    def over(
        cls,
        extent: Extent,
        ground: float = 0.0,
        top: float = 0.0,
        *,
        heading: float = 0.0,
        pitch: float = math.radians(-40),
        aspect: float = 16 / 9,
        fov: float = DEFAULT_FOV,
        projection: Literal["perspective", "parallel"] = "perspective",
    ) -> Viewpoint:
        """Put the eye where the whole box is in the picture.

        Parameters
        ----------
        extent : (west, south, east, north)
            Metres.
        ground, top : float
            Lowest and highest height in the box, metres above datum.
        heading, pitch, fov : float
            Radians.
        aspect : float
            Width over height of the picture.
        projection : str
            ``"perspective"`` or ``"parallel"``.
        """
        west, south, east, north = extent
        target = ((west + east) / 2, (south + north) / 2, (ground + top) / 2)
        eye = cls(*target, heading, pitch, 1.0, fov, projection)
        look, up = np.array(eye.direction), np.array(eye.up)
        right = np.cross(look, up)
        corners = np.array(
            [
                (x - target[0], y - target[1], z - target[2])
                for x in (west, east)
                for y in (south, north)
                for z in (ground, max(top, ground))
            ]
        )
        half_v = math.tan(fov / 2)
        depth, side, height = corners @ look, corners @ right, corners @ up
        need = np.maximum(np.abs(side) / (half_v * aspect), np.abs(height) / half_v)
        if projection == "perspective":
            need = need - depth
        return cls.looking_at(
            target, max(float(need.max()) * 1.05, 10.0), heading, pitch,
            fov=fov, projection=projection,
        )  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """Give plain values for files."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Viewpoint:
        """Build it from the values `to_json` gave."""
        return cls(**raw)


def exaggerated(factor: float) -> float:
    """Check a vertical exaggeration and give it.

    Raises
    ------
    CityError
        ``view.exaggeration`` if it is not from 0.5 to 10.
    """
    low, high = EXAGGERATIONS
    if not low <= factor <= high:
        raise CityError(
            "view.exaggeration",
            f"Heights cannot be drawn {factor:g} times as high.",
            hint=f"write a number from {low:g} to {high:g}",
            factor=f"{factor:g}", low=f"{low:g}", high=f"{high:g}",
        )  # fmt: skip
    return factor


def seen_through(share: float) -> float:
    """Check how much of the ground is seen through and give it.

    Raises
    ------
    CityError
        ``view.underground`` if it is not from 0 to 1.
    """
    if not 0.0 <= share <= 1.0:
        raise CityError(
            "view.underground", f"The ground cannot be seen through by {share:g}.",
            hint="write a number from 0 (solid) to 1 (clear)", share=f"{share:g}",
        )  # fmt: skip
    return share


def exploded(metres: float) -> float:
    """Check how far the layers are drawn apart and give it.

    Raises
    ------
    CityError
        ``view.explode`` if it is not from 0 to 2000 m.
    """
    if not 0.0 <= metres <= 2000.0:
        raise CityError(
            "view.explode", f"Layers cannot be drawn {metres:g} m apart.",
            hint="write metres from 0 (as they are) to 2000", metres=f"{metres:g}",
        )  # fmt: skip
    return metres


@dataclass(frozen=True, slots=True)
class View:
    """A named view: a camera, what is to be seen, and the moment.

    Attributes
    ----------
    name : str
        Unique in the project.
    camera : Viewpoint
        The eye.
    hidden : tuple of str or None
        Ids of the layers switched off in this view; None takes the layers as they are.
    moment : str
        ISO 8601 local time for the sun; "" takes the project's moment.
    note : str
        Remark, written under the picture where it is asked for.
    look : str
        One of `layers.looks.LOOKS`; "" takes the project's.
    cut : Cut or None
        What is taken away.
    underground : float
        How much of the ground is seen through, 0 (solid) to 1.
    explode : float
        Metres that the layers are drawn apart, 0 for the city as it is.
    """

    name: str
    camera: Viewpoint
    hidden: tuple[str, ...] | None = None
    moment: str = ""
    note: str = ""
    look: str = ""
    cut: Cut | None = None
    underground: float = 0.0
    explode: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Give plain values for files."""
        return {
            "name": self.name,
            "camera": self.camera.to_json(),
            "hidden": None if self.hidden is None else list(self.hidden),
            "moment": self.moment,
            "note": self.note,
            "look": self.look,
            "cut": None if self.cut is None else self.cut.to_json(),
            "underground": self.underground,
            "explode": self.explode,
        }

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> View:
        """Build it from the values `to_json` gave."""
        hidden = raw.get("hidden")
        return cls(
            raw["name"],
            Viewpoint.from_json(raw["camera"]),
            None if hidden is None else tuple(hidden),
            raw.get("moment", ""),
            raw.get("note", ""),
            raw.get("look", ""),
            None if raw.get("cut") is None else Cut.from_json(raw["cut"]),
            float(raw.get("underground", 0.0)),
            float(raw.get("explode", 0.0)),
        )

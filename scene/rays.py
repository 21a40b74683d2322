"""What is asked when somebody points at the picture, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layers.shapes import Floats
from layers.viewpoint import Viewpoint

Point = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Ray:
    """A half-line in project coordinates.

    Attributes
    ----------
    origin : (east, north, height)
        Where it starts, metres.
    direction : (east, north, up)
        Unit vector.
    """

    origin: Point
    direction: Point

    def at(self, metres: float) -> Point:
        """Give the point so many metres along the ray."""
        o, d = self.origin, self.direction
        return o[0] + d[0] * metres, o[1] + d[1] * metres, o[2] + d[2] * metres


@dataclass(frozen=True, slots=True)
class Hit:
    """What lies under the pointer.

    Attributes
    ----------
    layer_id : str
        The layer; for ground the terrain's layer, "" where there is none.
    object_id : int
        The object's number in its layer; 0 for ground.
    point : (east, north, height)
        Where the ray meets it, metres in project coordinates.
    normal : (east, north, up) or None
        Unit vector out of the surface that was met.
    distance : float
        Metres from the eye.
    """

    layer_id: str
    object_id: int
    point: Point
    normal: Point | None = None
    distance: float = 0.0


@dataclass(frozen=True, slots=True)
class Aim:
    """A question to the views: what do you have under this pixel?

    Attributes
    ----------
    x, y : float
        Pixels from the top left corner.
    size : (int, int)
        Width and height of the picture, pixels.
    viewpoint : Viewpoint
        The eye.
    ray : Ray
        From the eye through the pixel.
    ground : (east, north, height) or None
        Where the ray meets the ground; None above the horizon.
    metres_per_pixel : float
        Size of a pixel at the ground point, across the line of sight, metres.
    """

    x: float
    y: float
    size: tuple[int, int]
    viewpoint: Viewpoint
    ray: Ray
    ground: Point | None = None
    metres_per_pixel: float = 0.0


def unit(vector: Floats) -> Floats:
    """Give the vector with length one.

    >>> unit(np.array([0.0, 3.0, 4.0])).tolist()
    [0.0, 0.6, 0.8]
    """
    return np.asarray(vector / np.linalg.norm(vector))

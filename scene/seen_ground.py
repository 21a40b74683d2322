"""What an eye sees of the ground, drawn on a map."""

from __future__ import annotations

import math

import numpy as np

from layers.shapes import Floats
from layers.viewpoint import Viewpoint
from scene import camera

REACH = 6.0  # distances looked at: what lies farther is cut off
FEWEST = 3


def footprint(eye: Viewpoint, size: tuple[int, int], ground: float) -> Floats:
    """Give the outline of what is in the picture on level ground.

    Parameters
    ----------
    eye : Viewpoint
        The eye.
    size : (int, int)
        Width and height of the picture, pixels.
    ground : float
        Height of the ground, metres.

    Returns
    -------
    (k, 2) ndarray of float64
        East, north; towards the horizon it ends at some distances of looking.
    """
    width, height = size
    farthest = REACH * max(eye.distance, abs(eye.height - ground))
    corners = []
    for x, y in ((0, 0), (width, 0), (width, height), (0, height)):
        ray = camera.pixel_ray(eye, x, y, size)
        down = ray.direction[2] * math.copysign(1.0, ray.origin[2] - ground)
        away = abs(ray.origin[2] - ground) / -down if down < -1e-9 else math.inf
        level = math.hypot(ray.direction[0], ray.direction[1])
        start = np.array(ray.origin[:2])
        if eye.projection == "parallel" and math.isfinite(away):
            corners.append(start + np.array(ray.direction[:2]) * away)
            continue
        reach = min(away * level, farthest)
        way = np.array(ray.direction[:2]) / max(level, 1e-12)
        corners.append(np.array([eye.east, eye.north]) + way * reach)
    return np.array(corners)

"""Light and sky of a stage: where the sun stands, how bright and how blue it is then."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from vtkmodules.vtkRenderingCore import vtkLight

from layers.daylight import sun_position
from layers.errors import CityError
from layers.frame import Frame
from layers.shapes import Floats

if TYPE_CHECKING:
    from scene.stage import Stage

Colour = tuple[float, float, float]

#: What the sky does as the sun goes down. Elevation in degrees; colours 0 to 1: zenith, horizon,
#: glow around the sun, direct light, light of the sky, level ground; last the sky's share.
_TABLE: tuple[tuple[float, Colour, Colour, Colour, Colour, Colour, Colour, float], ...] = (
    (-12.0, (0.04, 0.06, 0.12), (0.13, 0.17, 0.25), (0.00, 0.00, 0.00),
     (0.26, 0.31, 0.44), (0.20, 0.24, 0.34), (0.30, 0.35, 0.47), 0.60),
    (-5.0, (0.12, 0.17, 0.31), (0.44, 0.40, 0.44), (0.16, 0.07, 0.02),
     (0.36, 0.36, 0.46), (0.32, 0.35, 0.45), (0.46, 0.47, 0.56), 0.60),
    (1.0, (0.30, 0.42, 0.63), (0.90, 0.76, 0.64), (0.34, 0.19, 0.06),
     (0.78, 0.60, 0.44), (0.42, 0.45, 0.54), (0.76, 0.71, 0.68), 0.55),
    (9.0, (0.40, 0.58, 0.82), (0.91, 0.90, 0.87), (0.22, 0.15, 0.07),
     (0.88, 0.79, 0.66), (0.42, 0.45, 0.50), (0.94, 0.91, 0.87), 0.50),
    (25.0, (0.42, 0.62, 0.86), (0.90, 0.93, 0.95), (0.12, 0.10, 0.06),
     (0.86, 0.83, 0.77), (0.40, 0.42, 0.45), (1.00, 0.99, 0.97), 0.45),
    (90.0, (0.38, 0.60, 0.87), (0.89, 0.93, 0.96), (0.08, 0.07, 0.05),
     (0.84, 0.82, 0.78), (0.40, 0.42, 0.45), (1.00, 1.00, 0.98), 0.45),
)  # fmt: skip
LOWEST_KEY = math.radians(12.0)  # the key light never grazes lower, so that facades stay readable


@dataclass(frozen=True, slots=True)
class Daylight:
    """How everything is lit at one moment.

    Attributes
    ----------
    sun : (east, north, up)
        Unit vector to the sun, also when it is below the horizon.
    key : (east, north, up)
        Unit vector to the strongest light: the sun, or at night a bright sky opposite of it.
    zenith, horizon, glow : (red, green, blue)
        The sky, 0 to 1.
    direct, fill, ground : (red, green, blue)
        Light of the sun, light of the sky, level ground.
    sky_share : float
        Part of the light on the ground that comes from all of the sky.
    """

    sun: Colour
    key: Colour
    zenith: Colour
    horizon: Colour
    glow: Colour
    direct: Colour
    fill: Colour
    ground: Colour
    sky_share: float


def toward(azimuth: float, elevation: float) -> Colour:
    """Give the unit vector, east, north, up, to a point of the sky; both in radians."""
    level = math.cos(elevation)
    return level * math.sin(azimuth), level * math.cos(azimuth), math.sin(elevation)


def daylight(azimuth: float, elevation: float) -> Daylight:
    """Give the light for a place of the sun, radians clockwise from grid north and above level."""
    at = [row[0] for row in _TABLE]
    degrees = math.degrees(elevation)

    def mixed(column: int) -> Colour:
        values = np.array([row[column] for row in _TABLE])
        red, green, blue = (float(np.interp(degrees, at, values[:, i])) for i in range(3))
        return red, green, blue

    share = float(np.interp(degrees, at, [row[7] for row in _TABLE]))
    if degrees > -5.0:
        key = toward(azimuth, max(elevation, LOWEST_KEY))
    else:
        key = toward(azimuth + math.pi, math.radians(40.0))
    return Daylight(
        toward(azimuth, elevation), key,
        mixed(1), mixed(2), mixed(3), mixed(4), mixed(5), mixed(6), share,
    )  # fmt: skip


def sun_over(frame: Frame | None, place: Floats, moment: str) -> tuple[float, float]:
    """Give azimuth from grid north and elevation of the sun over a place of the project, radians.

    Where there is no coordinate system yet, or the place lies outside it, the sun stands in
    the south-west at 45 degrees.
    """
    resting = (math.radians(225.0), math.radians(45.0))
    if frame is None:
        return resting
    try:
        longitude, latitude = frame.lonlat([place[:2]])[0]
        turn = frame.convergence(float(place[0]), float(place[1]))
    except CityError:
        return resting
    if not (math.isfinite(longitude) and math.isfinite(latitude) and math.isfinite(turn)):
        return resting
    azimuth, elevation = sun_position(float(longitude), float(latitude), moment)
    return azimuth - turn, elevation


def place_lights(renderer: Any, light: Daylight) -> None:
    """Put the sun and the sky's light on a renderer; other lights are taken away.

    The sky is four level lights around and one from above: no facade is black, each of the four
    directions has another shade.
    """
    renderer.RemoveAllLights()
    azimuth = math.atan2(light.key[0], light.key[1])
    add_light(renderer, light.key, light.direct, 1.0)
    add_light(renderer, (0.0, 0.0, 1.0), light.fill, 0.45)
    for turn, strength in ((0.15, 0.62), (0.62, 0.92), (1.10, 0.78), (1.58, 1.00)):
        way = toward(azimuth + turn * math.pi, math.radians(8.0))
        add_light(renderer, way, light.fill, strength)


def add_light(renderer: Any, way: Colour, colour: Colour, strength: float) -> Any:
    """Put one light on a renderer that comes from everywhere in one direction, and give it."""
    lamp = vtkLight()
    lamp.SetLightTypeToSceneLight()
    lamp.SetPositional(False)
    lamp.SetFocalPoint(0.0, 0.0, 0.0)
    lamp.SetPosition(*way)
    lamp.SetColor(*colour)
    lamp.SetIntensity(strength)
    renderer.AddLight(lamp)
    return lamp


def apply(stage: Stage, moment: str) -> None:
    """Put the sun where it stands at a moment, and the sky behind everything."""
    azimuth, elevation = sun_over(stage.project.frame, stage.context.origin, moment)
    stage.surroundings.show_light(stage.context.materials.look.light(azimuth, elevation))

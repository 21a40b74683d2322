"""Looks of the whole picture: light, tones, walls and edges of each name in `layers.looks`."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from layers.looks import USUAL, checked
from scene.light import Colour, Daylight, daylight
from scene.shading import Uniform, set_uniform, switch

_NONE: Colour = (0.0, 0.0, 0.0)
#: Kinds of layers that are the world itself: grey on a white model, lines too.
WORLD = ("roads", "rail", "water", "greenery", "trees")


@dataclass(frozen=True, slots=True)
class Look:
    """How everything is toned.

    Attributes
    ----------
    name : str
        One of `layers.looks.LOOKS`.
    grade : float
        How much of the colours of ground and things on it goes into two tones, 0 to 1.
    dark, bright : (red, green, blue)
        The two tones: of black and of white.
    walls : (red, green, blue)
        Colour of buildings, as far as `plain` says.
    plain : float
        How much of the buildings' own colours is left out, 0 to 1.
    facade : float
        0 for bare walls, 1 for windows by day, 2 lit at night, 3 lines of floors.
    edged : bool or None
        Whether edges of buildings are drawn; None leaves it to the layer.
    edge : (red, green, blue) or None
        Their colour; None leaves it to the layer.
    even : bool
        Whether light is the same whatever the moment.
    night : bool
        Whether it is night, whatever the moment.
    natural : float
        How far water and leaves have the duller colours of real ones, 0 to 1.
    """

    name: str
    grade: float = 0.0
    dark: Colour = _NONE
    bright: Colour = (1.0, 1.0, 1.0)
    walls: Colour = (1.0, 1.0, 1.0)
    plain: float = 0.0
    facade: float = 0.0
    edged: bool | None = None
    edge: Colour | None = None
    even: bool = False
    night: bool = False
    natural: float = 0.0

    def shows_colours(self, kind: str) -> bool:
        """Say whether the colours of a layer of some kind are still to be seen."""
        if kind == "buildings":
            return self.plain == 0.0
        if kind in (*WORLD, "terrain"):
            return self.grade < 0.5 and not self.night
        return self.grade < 1.0

    def light(self, azimuth: float, elevation: float) -> Daylight:
        """Give the light for a place of the sun, radians from north and above level."""
        if self.night:
            deep = daylight(azimuth, math.radians(-14.0))
            return replace(
                deep, zenith=(0.020, 0.030, 0.070), horizon=(0.100, 0.115, 0.175),
                glow=_NONE, ground=(0.235, 0.260, 0.360), fill=(0.15, 0.18, 0.26),
                direct=(0.10, 0.12, 0.19),
            )  # fmt: skip
        if self.even:
            noon = daylight(math.radians(225.0), math.radians(50.0))
            sky = tuple(float(part) for part in self.dark)
            return replace(
                noon, zenith=(sky[0] * 0.8, sky[1] * 0.8, sky[2] * 0.8),
                horizon=(sky[0] * 1.25, sky[1] * 1.25, sky[2] * 1.25), glow=_NONE,
                ground=(1.0, 1.0, 1.0),
            )  # fmt: skip
        light = daylight(azimuth, elevation)
        if self.name == "white":
            mean = sum(light.horizon) / 3.0
            pale = min(0.55 + 0.45 * mean, 0.97)
            return replace(light, zenith=(pale * 0.88, pale * 0.90, pale * 0.93),
                           horizon=(pale, pale, pale), glow=_NONE)  # fmt: skip
        return light


_TABLE = {
    "attributes": Look("attributes"),
    "white": Look(
        "white", grade=0.88, dark=(0.45, 0.45, 0.465), bright=(0.97, 0.97, 0.96),
        walls=(0.965, 0.960, 0.950), plain=1.0, edge=(0.62, 0.62, 0.62),
    ),
    "realistic": Look(
        "realistic", walls=(0.86, 0.83, 0.78), plain=0.84, facade=1.0, edged=False,
        natural=1.0,
    ),
    "night": Look(
        "night", grade=0.25, dark=(0.02, 0.025, 0.05), bright=(0.95, 0.80, 0.58),
        walls=(0.60, 0.60, 0.61), plain=0.78, facade=2.0, edged=False, night=True,
        natural=0.6,
    ),
    "blueprint": Look(
        "blueprint", grade=1.0, dark=(0.030, 0.115, 0.260), bright=(0.190, 0.400, 0.650),
        walls=(0.055, 0.190, 0.380), plain=1.0, facade=3.0, edged=True,
        edge=(0.80, 0.93, 1.0), even=True,
    ),
}  # fmt: skip
ORDINARY = _TABLE[USUAL]


def look_of(name: str) -> Look:
    """Give the look of a name; "" is the usual one.

    Raises
    ------
    CityError
        ``look.unknown``.
    """
    return _TABLE[checked(name) or USUAL]


GRADE_UNIFORMS: dict[str, tuple[str, Uniform]] = {
    "gradeShare": ("fragment", 0.0),
    "gradeDark": ("fragment", _NONE),
    "gradeBright": ("fragment", (1.0, 1.0, 1.0)),
}


def show_grade(shader: Any, look: Look) -> None:
    """Tell a shader that ends with ``grade.glsl`` the two tones of a look."""
    switch(shader, "GRADE", on=look.grade > 0.0)
    set_uniform(shader, "fragment", "gradeShare", look.grade)
    set_uniform(shader, "fragment", "gradeDark", look.dark)
    set_uniform(shader, "fragment", "gradeBright", look.bright)

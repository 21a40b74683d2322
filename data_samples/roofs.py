"""What roofs look like from above: a tone, a parapet, ridges on tiles, collectors and machines."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import numpy as np
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from data_samples import frame, shapes
from data_samples.buildings import Building
from data_samples.raster import gather

TONES: Final = {
    "courtyard": ("roof_tile",), "heritage": ("roof_tile",),
    "industrial": ("roof_blue", "roof_white", "roof_grey", "roof_white", "roof_steel"),
    "warehouse": ("roof_blue", "roof_white", "roof_red"),
    "sports": ("roof_white",), "culture": ("roof_white",), "transport": ("roof_white",),
    "education": ("roof_red", "roof_light", "roof_light"), "kindergarten": ("roof_red",),
    "retail": ("roof_grey", "roof_light", "roof_brown"),
    "residential": ("roof_light", "roof_grey", "roof_brown", "roof_light"),
    "utility": ("roof_grey",), "research": ("roof_light", "roof_white", "roof_green", "roof_steel"),
    "commercial": ("roof_light", "roof_white", "roof_grey"), "office": ("roof_steel", "roof_grey"),
    "hotel": ("roof_steel", "roof_brown"), "medical": ("roof_white", "roof_light"),
}  # fmt: skip
ONE_TONE_A_PLOT: Final = {"residential", "education", "retail", "courtyard"}


def _tone(building: Building, number: int) -> str:
    tones = TONES.get(building.use, ("roof_light", "roof_grey"))
    if building.use == "residential" and building.floors <= 3 and building.year > 2000:
        return "roof_red"
    pick = building.plot if building.use in ONE_TONE_A_PLOT else number
    return tones[pick * 7 % len(tones)]


def _machines(area: Polygon, rng: np.random.Generator) -> list[Polygon]:
    """Lift heads, cooling towers and vents on a large flat roof."""
    inner = area.buffer(-3.5, join_style="mitre")
    if inner.is_empty:
        return []
    west, south, east, north = inner.bounds
    found = []
    for _ in range(int(min(3 + area.area / 500.0, 14))):
        x, y = rng.uniform(west, east), rng.uniform(south, north)
        box = shapes.put(shapes.rectangle(*rng.uniform(2.0, 5.5, 2)), x, y)
        if inner.contains(box):
            found.append(box)
    return found


def roofs(buildings: list[Building]) -> list[tuple[BaseGeometry, str]]:
    """Painted shapes of all roofs, in the order in which they are laid on each other."""
    outer: dict[str, list[BaseGeometry]] = defaultdict(list)
    inner: dict[str, list[BaseGeometry]] = defaultdict(list)
    rng = frame.random(11)
    for number, building in enumerate(buildings):
        tone = _tone(building, number)
        if tone == "roof_tile":
            outer[tone].append(building.area)
            ridge = building.area.buffer(-1.9, join_style="mitre")
            inner["roof_tile_ridge"].append(ridge.buffer(0.5).difference(ridge))
            continue
        if building.area.area < 120.0:
            outer[tone].append(building.area)
            continue
        outer["roof_edge"].append(building.area)
        inner[tone].append(building.area.buffer(-0.9, join_style="mitre"))
        if building.use == "residential" and 6 <= building.floors <= 11:
            inner["solar"].append(building.area.buffer(-4.4, join_style="mitre"))
        elif building.area.area > 350.0 and building.use not in {"sports", "warehouse"}:
            inner["machine"].extend(_machines(building.area, rng))
    last = [kind for kind in ("solar", "machine") if kind in inner]
    order = [kind for kind in sorted(inner) if kind not in last]
    return [*((gather(outer[kind]), kind) for kind in sorted(outer)),
            *((gather(inner[kind]), kind) for kind in (*order, *last))]  # fmt: skip

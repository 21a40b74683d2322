"""Which building has which roof: pitched in the old town and over houses, flat over most others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely

from data_samples.buildings import Building

ROOFS: Final = {
    "flat": "平屋顶", "gable": "双坡", "hip": "四坡", "shed": "单坡", "pyramid": "攒尖",
}  # fmt: skip
"""Chinese word of each form of roof."""

STEEP: Final = 0.55  # rise against half the width of tiled roofs
LOW: Final = 0.10  # and of sheet metal
LEAST_EAVES: Final = 2.4  # metres
HIGHEST: Final = 4.5  # metres a storey of a house may have with its share of the roof


@dataclass(frozen=True, slots=True)
class Top:
    """The roof of a building.

    Attributes
    ----------
    form : str
        Key of `ROOFS`.
    rise : float
        From the eaves to the ridge, metres, 0 for flat ones.
    """

    form: str
    rise: float


def _lot(number: int) -> float:
    """Give a number from 0 to 1 that belongs to a building, or a plot, for ever."""
    return (number * 2_654_435_761 + 97_531) % 4_294_967_296 / 4_294_967_296


def _compact(building: Building) -> bool:
    """Whether the footprint nearly fills the rectangle around it."""
    box = shapely.minimum_rotated_rectangle(building.area)
    return not building.area.interiors and building.area.area > 0.86 * box.area


def _square(building: Building) -> bool:
    sides = _sides(building)
    return float(sides.max()) < 1.25 * float(sides.min())


def _sides(building: Building) -> np.ndarray:
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(building.area))
    return np.asarray(np.hypot(*np.diff(corners[:3], axis=0).T))


def _even_court(building: Building) -> bool:
    """Whether wings of one width stand around one court."""
    area = building.area
    return len(area.interiors) == 1 and len(area.interiors[0].coords) == len(area.exterior.coords)


def _form(building: Building, number: int) -> str:  # noqa: PLR0911
    own, shared = _lot(number), _lot(building.plot + 7)
    use, floors = building.use, building.floors
    if building.min_height > 0.0 or (building.area.interiors and not _even_court(building)):
        return "flat"
    if use == "courtyard" or (use == "retail" and building.year < 1995):
        if building.area.interiors:
            return "gable"
        late = building.year > 1955 and floors >= 3
        return "flat" if late and own < 0.5 else "hip" if own > 0.88 else "gable"
    if use == "heritage":
        return "pyramid" if _square(building) else "hip" if not building.area.interiors else "gable"
    if not _compact(building):
        house = use == "residential" and floors <= 3 and building.year > 2000
        return "hip" if house and not building.area.interiors else "flat"
    if use == "residential":
        if floors <= 3:
            return "hip" if building.year > 2000 and shared < 0.6 else "gable"
        if floors <= 7 and building.year < 2000:  # renewed with a roof of tiles
            return "gable" if shared < 0.55 else "flat"
        return "flat"
    if use in {"kindergarten", "education", "dormitory", "welfare"}:
        limit = 0.75 if building.year < 2000 or use == "kindergarten" else 0.35
        return "hip" if floors <= 5 and _lot(building.plot * 3) < limit else "flat"
    if use in {"industrial", "warehouse"}:
        return "gable" if floors == 1 or shared < 0.5 else "shed" if own < 0.4 else "flat"
    if use == "guardhouse":
        return "pyramid" if _square(building) else "hip"
    return "shed" if use == "ancillary" else "flat"


def _rise(building: Building, form: str) -> float:
    if form == "flat":
        return 0.0
    width = float(_sides(building).min())
    if building.area.interiors:  # wings around a court: their width, not that of the whole
        court = shapely.Polygon(building.area.interiors[0])
        width = float(building.area.exterior.distance(court.exterior))
    whole = form == "shed"
    slope = LOW if building.use in {"industrial", "warehouse", "ancillary"} else STEEP
    if whole:
        slope = min(slope, 0.2)
    rise = slope * (width if whole else width / 2.0)
    return round(min(rise, building.height - LEAST_EAVES, 5.5), 1)


def crown(buildings: list[Building]) -> list[tuple[Building, Top]]:
    """Give each building its roof; houses people live in grow by what their roof needs.

    Parameters
    ----------
    buildings : list of Building
        In the order in which they are written.

    Returns
    -------
    list of (Building, Top)
        In the same order.
    """
    out = []
    for number, building in enumerate(buildings):
        form = _form(building, number)
        rise = max(_rise(building, form), 0.0)
        if rise == 0.0:
            form = "flat"
        grown = building.use == "residential" and rise > 1.0
        height = building.height
        if grown:
            height = max(min(height + rise - 1.0, HIGHEST * building.floors), height)
        out.append((replace(building, height=round(height, 1)), Top(form, rise)))
    return out

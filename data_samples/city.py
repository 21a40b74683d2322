"""The whole district in memory: streets, plots, buildings, water, ground."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from data_samples import compounds, core, frame, industry, institutions, old_town, parks
from data_samples.blocks import (
    LANE_BLOCK,
    Block,
    blocks,
    faces,
    lane_lines,
    polygons,
    split,
    zone_at,
)
from data_samples.buildings import Building, Cover, Plot
from data_samples.names import LANES, compound_names
from data_samples.parks import Lake
from data_samples.street_table import EXPRESSWAY, Street
from data_samples.streets import Piece, freight_line, network, street_line, water_area
from data_samples.zones import Zone

BUILT: Final[dict[str, Callable[[Plot], None]]] = {
    "slabs": compounds.slabs, "towers": compounds.towers, "mixed": compounds.mixed,
    "old_slabs": compounds.old_slabs, "villas": compounds.villas,
    "old_town": old_town.old_town, "village": old_town.village,
    "temple": old_town.temple, "bell_tower": old_town.bell_tower,
    "offices": core.offices, "landmark": core.landmark, "twin": core.twin, "mall": core.mall,
    "hotel": core.hotel, "core_square": core.core_square,
    "shopping_street": core.shopping_street,
    "university": institutions.university, "middle_school": institutions.middle_school,
    "hospital": institutions.hospital, "civic": institutions.civic,
    "theatre": institutions.theatre, "museum": institutions.museum,
    "stadium": institutions.stadium, "expo": institutions.expo,
    "nursing": institutions.nursing, "bus_station": institutions.bus_station,
    "market": institutions.market_hall,
    "research": industry.research, "headquarters": industry.headquarters,
    "clean_factory": industry.clean_factory, "light_industry": industry.light_industry,
    "factory": industry.factory, "warehouses": industry.warehouses,
    "logistics": industry.logistics, "wharf": industry.wharf,
    "sewage_works": industry.sewage_works, "water_works": industry.water_works,
    "substation": industry.substation,
}  # fmt: skip
"""How each programme builds on its plot."""

GREEN: Final[dict[str, Callable[[Plot], list[Lake]]]] = {
    "lake_park": parks.lake_park, "wetland_park": parks.wetland_park,
    "hill_park": parks.hill_park, "riverside_park": parks.riverside_park,
    "neighbourhood_park": parks.neighbourhood_park, "protective_green": parks.protective_green,
}  # fmt: skip
"""How each green programme is laid out; they give back their lakes."""

PROGRAMMES: Final = frozenset((*BUILT, *GREEN))

LARGEST: Final = {"slabs": 42000.0, "towers": 46000.0, "mixed": 52000.0, "old_slabs": 60000.0,
                  "factory": 60000.0, "logistics": 80000.0}  # fmt: skip
"""Blocks of these programmes are divided into plots no larger than this, square metres."""

PLACES_IN_OLD_TOWN: Final = (
    ((762.0, -205.0), "bell_tower", "A7", "钟楼广场", "Bell Tower Square"),
    ((560.0, -150.0), "temple", "A7", "宝通寺", "Baotong Temple"),
    ((1150.0, -230.0), "temple", "A7", "崇文书院", "Chongwen Academy"),
)
"""Plots of the old town that hold something else: place on the sheet, programme, class, name."""

BELT: Final = 56.0
"""Protective green reaches this far from the expressway's centre line, metres."""


@dataclass(frozen=True, slots=True)
class City:
    """The district.

    Attributes
    ----------
    pieces : list of Piece
        Streets between junctions.
    plots : list of Plot
        Land inside the red lines, with what was built there.
    programmes : list of str
        Programme of each plot.
    river : BaseGeometry
        River without its island.
    lakes : list of Lake
        Lakes and ponds.
    """

    pieces: list[Piece]
    plots: list[Plot]
    programmes: list[str]
    river: BaseGeometry
    lakes: list[Lake]

    @property
    def buildings(self) -> list[Building]:
        """All buildings, plot by plot."""
        return [building for plot in self.plots for building in plot.buildings]

    @property
    def covers(self) -> list[Cover]:
        """All kinds of ground, plot by plot, later ones on top."""
        return [cover for plot in self.plots for cover in plot.covers]


def island() -> Polygon:
    """The island in the river."""
    x = np.linspace(1600.0, 1905.0, 26)
    u = (x - 1600.0) / 305.0
    width = 27.0 * np.sqrt(np.clip(u, 0, 1)) * (1.0 - u) ** 0.8 * 1.9
    centre = frame.river_centre(x) + 12.0
    lower = np.column_stack([x, centre - width])
    upper = np.column_stack([x, centre + width * 0.8])
    return Polygon(np.vstack([lower, upper[::-1]])).buffer(4.0)


def lanes() -> list[tuple[Street, LineString]]:
    """Lanes through the old town and the villages, found from the faces of the named streets."""
    made: list[tuple[Street, LineString]] = []
    lines = [piece.line for piece in network() if piece.structure == "ground"]
    for number, face in enumerate(faces(lines)):
        zone = zone_at(face)
        if zone is None or zone.programme not in LANE_BLOCK:
            continue
        rng = frame.random(1, number)
        for line in lane_lines(face, LANE_BLOCK[zone.programme], rng):
            turn, word = divmod(len(made), len(LANES))
            zh, en = LANES[word]
            suffix = "" if turn == 0 else "一二三四五六七八九十"[min(turn - 1, 9)]
            street = Street(f"{zh}{suffix}巷", f"{en} Lane {turn + 1}", "lane", ())
            made.append((street, line))
    return made


def _belts(block: Block) -> list[tuple[Polygon, Zone]]:
    """The block's land and the strips of protective green cut from it."""
    mainline = street_line(EXPRESSWAY[0]).buffer(BELT)
    railway = freight_line().buffer(26.0)
    belts: BaseGeometry = mainline if block.zone.code != "G1" else Polygon()
    if block.zone.code in {"M2", "W1", "U1"}:
        belts = shapely.union(belts, railway)
    green = Zone(0, 0, 0, 0, "protective_green", "G2", "防护绿地", "Protective Green")
    strips = [(part, green) for part in polygons(block.area.intersection(belts), 150.0)]
    if not strips:
        return [(block.area, block.zone)]
    land = polygons(block.area.difference(belts).buffer(-2.0).buffer(2.0), 700.0)
    return [*((part, block.zone) for part in land), *strips]


def _divide(area: Polygon, zone: Zone, rng: np.random.Generator) -> list[tuple[Polygon, Zone]]:
    """Plots of a block, with the zone each belongs to."""
    if zone.programme == "school_and_slabs":
        halves = split(area, 0.5)
        school = replace(zone, programme="middle_school", code="A33", name_zh="育才学校",
                         name_en="Yucai School")  # fmt: skip
        return [(halves[0], school), (halves[1], replace(zone, programme="slabs"))]
    if zone.programme == "market_and_slabs":
        halves = split(area, 0.36)
        market = replace(zone, programme="market", code="B1", name_zh="解放路农贸市场",
                         name_en="Jiefang Road Market")  # fmt: skip
        return [(halves[0], market), (halves[1], replace(zone, programme="old_slabs"))]
    largest = LARGEST.get(zone.programme, np.inf)
    return [(part, zone) for part in compounds.divided(area, largest, rng)]


def _frontage(part: Polygon, block: Block) -> BaseGeometry:
    return part.exterior.intersection(block.area.exterior.buffer(0.6))


def _plots(found: list[Block]) -> tuple[list[Plot], list[str]]:
    names = compound_names()
    places = {}
    for st, programme, code, zh, en in PLACES_IN_OLD_TOWN:
        point = Point(frame.bend([st])[0])
        near = [i for i, block in enumerate(found)
                if block.zone.programme == "old_town"
                and block.area.distance(point) < 60.0]  # fmt: skip
        largest = max(near, key=lambda i: found[i].area.area)
        places[largest] = (programme, code, zh, en)
    plots: list[Plot] = []
    programmes: list[str] = []
    for index, block in enumerate(found):
        for land, zone in _belts(block):
            parts = [(land, zone)]
            if index in places:
                programme, code, zh, en = places[index]
                parts = [
                    (land, replace(zone, programme=programme, code=code, name_zh=zh, name_en=en))
                ]
            elif zone.programme != "protective_green":
                parts = _divide(land, zone, frame.random(2, index))
            for area, use in parts:
                housing = use.code in {"R1", "R2"} and not use.name_zh
                zh, en = next(names) if housing else (use.name_zh, use.name_en)
                number = len(plots)
                plots.append(Plot(number, shapely.set_precision(area, 0.001), use.code, zh, en,
                                  _frontage(area, block), frame.random(3, number)))  # fmt: skip
                programmes.append(use.programme)
    return plots, programmes


def build(progress: Callable[[int, int, str], None] | None = None) -> City:
    """Lay out and build the district.

    Parameters
    ----------
    progress : callable, optional
        Told plots done, plots in all, and a word.

    Returns
    -------
    City
        The same for every run.
    """
    pieces = network(lanes())
    plots, programmes = _plots(blocks(pieces))
    lakes: list[Lake] = []
    for done, (plot, programme) in enumerate(zip(plots, programmes, strict=True)):
        if progress and done % 20 == 0:
            progress(done, len(plots), plot.name_zh)
        if programme in GREEN:
            lakes.extend(GREEN[programme](plot))
        else:
            BUILT[programme](plot)
    return City(
        pieces,
        plots,
        programmes,
        water_area().intersection(frame.extent()).difference(island()),
        lakes,
    )

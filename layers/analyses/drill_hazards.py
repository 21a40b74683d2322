"""Hazards screened: plume, heat, blast, flood, fire from house to house; see `hazard_models`."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Any, ClassVar

import contourpy
import numpy as np
import shapely
from scipy import ndimage
from shapely.geometry.base import BaseGeometry

from layers.analyses.base import Note, Outcome, Reads, asking
from layers.analyses.choosing import layers_named
from layers.drills.exposed import LISTED, Zone, outcome_of, source_of
from layers.drills.facade_zones import CLEAR, Reaching
from layers.drills.hazard_models import (
    FUELS,
    SITES,
    STABILITIES,
    SUBSTANCES,
    FireSpread,
    Plume,
    blast_radius,
    fire_times,
    flooded,
    grams_of_ppm,
    heat_radius,
    spreads,
    tnt_of,
    water_ways,
)
from layers.drills.response import residents_of
from layers.errors import CityError
from layers.progress import Progress
from layers.project import Project
from layers.routing.streets_net import Shapely
from layers.rules import chosen
from layers.shapes import Bools, Floats

MOST_CELLS = 1_500_000
TALLEST = 300.0  # metres above the ground that walls are looked at
FARTHEST = 10_000.0  # metres to which the spreads were fitted

#: Values that forms offer, with the keys of their words; orders of size for drills, no advice.
LEAKS = (("leak-seeping", 0.05), ("leak-valve", 0.5), ("leak-hose", 3.0), ("leak-torn", 20.0))
WINDS = (
    ("wind-calm", 0.0), ("wind-light", 1.5), ("wind-gentle", 3.0), ("wind-moderate", 6.0),
    ("wind-fresh", 9.0), ("wind-strong", 13.0), ("wind-gale", 20.0),
)  # fmt: skip
TIMES = (("times-short", "5 10 20"), ("times-hour", "10 30 60"), ("times-long", "30 60 120 240"))
POOLS = (("pool-car", 10.0), ("pool-lorry", 80.0), ("pool-bund", 400.0))
HEATS = (("heat-people", "1.6 4"), ("heat-all", "4 12.5 37.5"), ("heat-buildings", "12.5 37.5"))
CLOUDS = (("cloud-bottle", 15.0), ("cloud-room", 50.0), ("cloud-lorry", 5000.0),
          ("cloud-tank", 25_000.0))  # fmt: skip
PRESSURES = (("blast-glass", "2 7"), ("blast-all", "2 7 21"), ("blast-walls", "7 21 48"))
WATERS = (("water-ankle", 0.15), ("water-knee", 0.5), ("water-chest", 1.2), ("water-dike", 3.0))


def numbers_of(text: str) -> list[float]:
    """Read rising numbers with spaces.

    Raises
    ------
    CityError
        ``drill.numbers``.
    """
    try:
        found = sorted({float(word) for word in text.replace(",", " ").split()})
    except ValueError:
        found = [-1.0]
    if any(not (0.0 < one < 1e9) for one in found):
        raise CityError(
            "drill.numbers",
            f"'{text[:40]}' are no figures greater than zero.",
            hint="write them with spaces, such as 2 7 21",
            text=text[:40],
        )
    return found


class _Hazard:
    """What the five have in common."""

    group: ClassVar[str] = "drill"
    columns: ClassVar[dict[str, str]] = {"area_m2": "drill-land", "zone": "drill-zone"}

    def reads(self, project: Project, params: Any) -> Reads:
        """Buildings, resources, hazards, and the ground."""
        houses = layers_named(project, params.layers, "buildings", needed=False)
        ids = [layer.id for layer in houses]
        ids += [layer.id for kind in ("resources", "hazards") for layer in project.of_kind(kind)]
        return Reads(
            tuple(dict.fromkeys(ids)), packs=(chosen.ALL,), about=("people.", "floor-area.")
        )


@dataclass(frozen=True, slots=True)
class PlumeParams:
    """What is asked of a plume.

    Attributes
    ----------
    point, hazard : where the leak is: a place, or name or number of a hazard source.
    substance : str
        Key of `SUBSTANCES`.
    rate : float
        Kilograms a second.
    wind, wind_from : float
        Metres a second; degrees clockwise from grid north where it comes from.
    stability, site : str
        See `layers.drills.hazard_models.spreads`.
    height : float
        Of the leak, metres.
    limits : str
        Thresholds, ppm; "" takes those of the substance.
    times : str
        Minutes after the leak began at which the outer zone is drawn; "" for the steady plume.
    listed, layers
        Rows; layers of buildings.
    """

    point: tuple[float, ...] = asking((), "point")
    hazard: str = asking("", "hazard")
    substance: str = asking("chlorine", "choice", choices=tuple(SUBSTANCES))
    rate: float = asking(1.0, "number", low=1e-6, high=1e5, decimals=3, usual=LEAKS)
    wind: float = asking(2.0, "number", unit="mps", low=0.5, high=40.0, usual=WINDS[1:])
    wind_from: float = asking(0.0, "bearing", low=0.0, high=360.0)
    stability: str = asking("D", "choice", choices=STABILITIES)
    site: str = asking("urban", "choice", choices=SITES)
    height: float = asking(1.0, "number", unit="m", low=0.0, high=300.0)
    limits: str = asking("", "text")
    times: str = asking("", "text", usual=TIMES)
    listed: str = asking("zones", "choice", choices=LISTED)
    layers: tuple[str, ...] = asking((), "layers", kinds=("buildings",))


class DrillPlume(_Hazard):
    """The analysis ``drill-plume``."""

    key: ClassVar[str] = "drill-plume"
    Params: ClassVar[type[PlumeParams]] = PlumeParams

    def run(self, project: Project, params: PlumeParams, progress: Progress) -> Outcome:
        """Trace where the air holds more than each threshold."""
        source, _ = source_of(project, params.point, params.hazard)
        gas = SUBSTANCES[params.substance]
        limits = numbers_of(params.limits) or list(gas.ppm)
        plume = Plume(params.rate * 1000.0, params.wind, params.stability, params.site,
                      params.height)  # fmt: skip
        zones: list[Zone] = []
        asked: dict[str, tuple[float, float]] = {}
        times = numbers_of(params.times)
        cut = False
        for number, minutes in enumerate([*times[::-1], math.nan] if times else [math.nan]):
            progress.step(number, len(times) + 1, "progress-hazard")
            wanted = limits[:1] if math.isfinite(minutes) else limits
            for ppm in wanted:
                shape, reaches = _traced(plume, grams_of_ppm(ppm, gas.molar),
                                         minutes * 60.0, source, params.wind_from)  # fmt: skip
                cut |= reaches
                label = f"{ppm:g} ppm"
                if math.isfinite(minutes):
                    label += f", {minutes:g} min"
                zones.append(Zone(label, shape, minutes))
                asked[label] = grams_of_ppm(ppm, gas.molar), minutes * 60.0
        zones.sort(key=lambda zone: -zone.shape.area)
        zones = [zone for zone in zones if not zone.shape.is_empty]
        notes = [Note("screening_plume", {"source": gas.source}),
                 Note("screening_plume_limits")]  # fmt: skip
        if cut:
            notes.append(Note("screening_far", {"metres": FARTHEST}))
        facts: dict[str, float | int | str | bool] = {
            "substance": params.substance, "rate": params.rate,
        }  # fmt: skip

        def reaching(places: Floats, number: int) -> Floats:
            limit, seconds = asked[zones[number].what]
            return _height_of(plume, places - source, params.wind_from, limit, seconds)

        return outcome_of(project, "screening-plume", zones, source, params.listed,
                          params.layers, facts, tuple(notes), reaching)  # fmt: skip


def _ways(wind_from: float) -> tuple[Floats, Floats]:
    """Give the unit vectors with the wind and to its right."""
    turn = math.radians(wind_from + 180.0)
    ahead = np.array([math.sin(turn), math.cos(turn)])
    return ahead, np.array([ahead[1], -ahead[0]])


def _height_of(
    plume: Plume, away: Floats, wind_from: float, limit: float, seconds: float
) -> Floats:
    """Give up to which height the air holds more than a limit, places (n, 2) from the leak."""
    ahead, right = _ways(wind_from)
    along, across = np.maximum(away @ ahead, 0.0), away @ right
    lasting = seconds if math.isfinite(seconds) else math.inf
    top = np.zeros(len(away))
    for up in np.arange(1.5, TALLEST, 3.0):
        over = plume.at(along, across, float(up), lasting) > limit
        top[over] = up + 1.5
    return top


def _traced(
    plume: Plume, limit: float, seconds: float, source: Floats, wind_from: float
) -> tuple[BaseGeometry, bool]:
    """Trace where a plume holds more than a limit; tell whether it ends beyond the formula."""
    along = np.geomspace(1.0, FARTHEST, 420)
    lasting = seconds if math.isfinite(seconds) else math.inf
    middle = plume.at(along, 0.0, seconds=lasting)
    over = np.flatnonzero(middle > limit)
    if not len(over):
        return shapely.Polygon(), False
    reach = along[min(over[-1] + 1, len(along) - 1)]
    x = np.concatenate([[0.0], np.geomspace(0.5, reach, 300)])
    # Half the width follows from the formula: y = sigma_y sqrt(2 ln(C0 / limit)).
    centre = plume.at(x, 0.0, seconds=lasting)
    side, _ = spreads(x, plume.stability, plume.site)
    half = np.where(
        centre > limit, side * np.sqrt(2.0 * np.log(np.maximum(centre, limit) / limit)), 0.0
    )
    ring = np.concatenate([np.column_stack([x, half]), np.column_stack([x, -half])[::-1]])
    ahead, right = _ways(wind_from)
    shape = shapely.Polygon(source + ring[:, :1] * ahead + ring[:, 1:] * right)
    land: BaseGeometry = shapely.make_valid(shape)
    return land, bool(over[-1] == len(along) - 1)


@dataclass(frozen=True, slots=True)
class HeatParams:
    """What is asked of the heat of a fire.

    Attributes
    ----------
    point, hazard : where it burns.
    fuel : str
        Key of `FUELS`.
    pool : float
        Burning area, square metres.
    power : float
        Megawatts in place of fuel and area; 0 reckons them.
    share : float
        Part that is radiated.
    limits : str
        Kilowatts on a square metre.
    listed, layers
        Rows; layers of buildings.
    """

    point: tuple[float, ...] = asking((), "point")
    hazard: str = asking("", "hazard")
    fuel: str = asking("petrol", "choice", choices=tuple(FUELS))
    pool: float = asking(50.0, "number", unit="m2", low=0.1, high=1e5, usual=POOLS)
    power: float = asking(0.0, "number", low=0.0, high=1e6)
    share: float = asking(0.3, "number", low=0.01, high=1.0)
    limits: str = asking("4 12.5 37.5", "text", usual=HEATS)
    listed: str = asking("zones", "choice", choices=LISTED)
    layers: tuple[str, ...] = asking((), "layers", kinds=("buildings",))


class DrillHeat(_Hazard):
    """The analysis ``drill-heat``."""

    key: ClassVar[str] = "drill-heat"
    Params: ClassVar[type[HeatParams]] = HeatParams

    def run(self, project: Project, params: HeatParams, progress: Progress) -> Outcome:
        """Draw the circles of each limit."""
        source, _ = source_of(project, params.point, params.hazard)
        progress.step(0, 1, "progress-hazard")
        fuel = FUELS[params.fuel]
        power = params.power or fuel.rate * fuel.heat * params.pool
        radii = [
            (limit, heat_radius(power, params.share, limit)) for limit in numbers_of(params.limits)
        ]
        zones = [Zone(f"{limit:g} kW/m²", _circle(source, metres)) for limit, metres in radii]
        across = math.sqrt(4.0 * params.pool / math.pi)
        notes = [Note("screening_heat", {"share": params.share})]
        near = [limit for limit, metres in radii if metres < 2.5 * across]
        if near and not params.power:
            notes.append(Note("screening_heat_near", {"metres": round(2.5 * across)}))
        return outcome_of(
            project, "screening-heat", zones, source, params.listed, params.layers,
            {"power": power}, tuple(notes), _sphere(source, [metres for _, metres in radii]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class BlastParams:
    """What is asked of a blast.

    Attributes
    ----------
    point, hazard : where it is.
    tnt : float
        Kilograms of TNT; 0 reckons them from a cloud of gas.
    fuel : str
        Key of `FUELS` that the cloud is of.
    mass, share : float
        Kilograms in the cloud; part of its energy that goes into the blast.
    limits : str
        Overpressures, kPa.
    listed, layers
        Rows; layers of buildings.
    """

    point: tuple[float, ...] = asking((), "point")
    hazard: str = asking("", "hazard")
    tnt: float = asking(0.0, "number", low=0.0, high=1e8)
    fuel: str = asking("lpg", "choice", choices=tuple(FUELS))
    mass: float = asking(1000.0, "number", low=0.01, high=1e8, usual=CLOUDS)
    share: float = asking(0.04, "number", low=0.001, high=1.0, decimals=3)
    limits: str = asking("2 7 21", "text", usual=PRESSURES)
    listed: str = asking("zones", "choice", choices=LISTED)
    layers: tuple[str, ...] = asking((), "layers", kinds=("buildings",))


class DrillBlast(_Hazard):
    """The analysis ``drill-blast``."""

    key: ClassVar[str] = "drill-blast"
    Params: ClassVar[type[BlastParams]] = BlastParams

    def run(self, project: Project, params: BlastParams, progress: Progress) -> Outcome:
        """Draw the circles of each overpressure."""
        source, _ = source_of(project, params.point, params.hazard)
        progress.step(0, 1, "progress-hazard")
        tnt = params.tnt or tnt_of(params.mass, FUELS[params.fuel].heat, params.share)
        limits = numbers_of(params.limits)
        radii = [blast_radius(tnt, kpa) for kpa in limits]
        zones = [
            Zone(f"{kpa:g} kPa", _circle(source, metres))
            for kpa, metres in zip(limits, radii, strict=True)
        ]
        return outcome_of(
            project, "screening-blast", zones, source, params.listed, params.layers, {"tnt": tnt},
            (Note("screening_blast"),), _sphere(source, radii),
        )  # fmt: skip


def _sphere(source: Floats, radii: list[float]) -> Reaching:
    """Let zones reach as high as spheres around a source on the ground do."""

    def reaching(places: Floats, number: int) -> Floats:
        away = np.hypot(*(places - source).T)
        return np.asarray(np.sqrt(np.maximum(radii[number] ** 2 - away**2, 0.0)))

    return reaching


def _circle(source: Floats, metres: float) -> BaseGeometry:
    return shapely.Point(source).buffer(metres, quad_segs=32)


@dataclass(frozen=True, slots=True)
class FloodParams:
    """What is asked of a flood.

    Attributes
    ----------
    point, hazard : where the water comes from.
    level : float
        Of the water above the datum, metres; with `depth` greater than zero that does not count.
    depth : float
        Metres of water at the source, in place of the level.
    radius : float
        Metres around the source that are looked at.
    spacing : float
        Metres from place to place.
    depths : str
        Depths of the zones, metres.
    speed : float
        Metres a second at which the water comes through the wet land.
    times : str
        Minutes at which its edge is drawn; "" for the end only.
    listed, layers
        Rows; layers of buildings.
    """

    point: tuple[float, ...] = asking((), "point")
    hazard: str = asking("", "hazard")
    level: float = asking(0.0, "number", unit="m", low=-1000.0, high=9000.0)
    depth: float = asking(1.0, "number", unit="m", low=0.0, high=100.0, usual=WATERS)
    radius: float = asking(1000.0, "number", unit="m", low=10.0, high=50_000.0)
    spacing: float = asking(5.0, "number", unit="m", low=0.5, high=500.0)
    depths: str = asking("0.15 0.5 1", "text")
    speed: float = asking(0.5, "number", unit="mps", low=0.01, high=20.0)
    times: str = asking("", "text", usual=TIMES)
    listed: str = asking("zones", "choice", choices=LISTED)
    layers: tuple[str, ...] = asking((), "layers", kinds=("buildings",))


class DrillFlood(_Hazard):
    """The analysis ``drill-flood``."""

    key: ClassVar[str] = "drill-flood"
    Params: ClassVar[type[FloodParams]] = FloodParams

    def run(self, project: Project, params: FloodParams, progress: Progress) -> Outcome:
        """Fill the ground from the source up to the level."""
        source, _ = source_of(project, params.point, params.hazard)
        half = max(math.ceil(params.radius / params.spacing), 1)
        count = 2 * half + 1
        if count * count > MOST_CELLS:
            raise _many(count * count)
        steps = (np.arange(count) - half) * params.spacing
        east, north = source[0] + steps, source[1] + steps
        e, n = np.meshgrid(east, north)
        progress.step(0, 3, "progress-hazard")
        places = np.column_stack([e.ravel(), n.ravel()])
        ground = project.ground_at(places).reshape(e.shape)
        terrain = project.terrain()
        known = np.ones(e.shape, dtype=bool)
        if terrain is not None:  # nobody knows the ground beyond it
            known = np.isfinite(terrain.height_at(places)).reshape(e.shape)
            known[half, half] = True
        here = float(ground[half, half])
        level = here + params.depth if params.depth > 0.0 else params.level
        wet = flooded(np.where(known, ground, np.inf), (half, half), level)
        progress.step(1, 3, "progress-hazard")
        beyond = bool((ndimage.binary_dilation(wet) & ~known).any())
        edge = bool(wet[0].any() or wet[-1].any() or wet[:, 0].any() or wet[:, -1].any())
        deep = np.where(wet, level - ground, -1.0)
        zones: list[Zone] = []
        times = numbers_of(params.times)
        if times:
            ways = water_ways(wet, (half, half), (params.spacing, params.spacing))
            for minutes in times[::-1]:
                there = ways <= params.speed * minutes * 60.0
                zones.append(Zone(f"{minutes:g} min", _land(east, north, there), minutes))
        else:
            limits = numbers_of(params.depths)
            zones = [Zone(f"≥ {limit:g} m", _land(east, north, deep >= limit)) for limit in limits]
        progress.step(2, 3, "progress-hazard")
        zones = [zone for zone in zones if not zone.shape.is_empty]
        cell = params.spacing**2
        facts: dict[str, float | int | str | bool] = {
            "level_m": level, "ground_m": here, "area_m2": float(wet.sum() * cell),
            "volume_m3": float(deep[wet].sum() * cell), "deepest_m": float(max(deep.max(), 0.0)),
        }  # fmt: skip
        notes = [Note("screening_flood", {"spacing": params.spacing})]
        if beyond:
            notes.append(Note("screening_flood_beyond"))
        if terrain is None:
            notes.append(Note("answer_no_terrain"))
        if times:
            notes.append(Note("screening_flood_speed", {"speed": params.speed}))
        if edge:
            notes.append(Note("screening_flood_edge", {"radius": params.radius}))

        def reaching(places: Floats, number: int) -> Floats:
            shape = shapely.buffer(zones[number].shape, params.spacing)  # walls at its edge
            there = shapely.intersects_xy(shape, places[:, 0], places[:, 1])
            return np.where(there, level - project.ground_at(places), 0.0)

        return outcome_of(project, "screening-flood", zones, source, params.listed, params.layers,
                          facts, tuple(notes), reaching)  # fmt: skip


def _land(east: Floats, north: Floats, there: Bools) -> BaseGeometry:
    """Give the land of the cells that are chosen."""
    if not there.any():
        return shapely.Polygon()
    padded = np.pad(there.astype(np.float64), 1)
    step = east[1] - east[0]
    xs = np.concatenate([[east[0] - step], east, [east[-1] + step]])
    ys = np.concatenate([[north[0] - step], north, [north[-1] + step]])
    tracer: Any = contourpy.contour_generator(
        xs, ys, padded, fill_type=contourpy.FillType.OuterOffset
    )
    points, offsets = tracer.filled(0.5, 2.0)
    found = []
    for ring, starts in zip(points, offsets, strict=True):
        parts = [ring[a:b] for a, b in itertools.pairwise(starts)]
        found.append(shapely.make_valid(shapely.Polygon(parts[0], parts[1:])))
    land: BaseGeometry = shapely.union_all(found)
    return land


def _joined(shapes: Shapely) -> BaseGeometry:
    joined: BaseGeometry = shapely.union_all(shapes)
    return joined


def _many(count: int) -> CityError:
    return CityError(
        "drill.many_cells",
        f"That would be {count} places; {MOST_CELLS} are the most at once.",
        hint="choose a smaller radius or a wider spacing",
        count=count,
        most=MOST_CELLS,
    )


@dataclass(frozen=True, slots=True)
class FireParams:
    """What is asked of a fire that goes from house to house.

    Attributes
    ----------
    point, hazard : where it begins: the nearest house within 15 m burns.
    gap, minutes, wind : float
        See `layers.drills.hazard_models.FireSpread`.
    wind_from : float
        Degrees clockwise from grid north where the wind comes from.
    times : str
        Minutes of the zones.
    listed, layers
        Rows; layers of buildings.
    """

    point: tuple[float, ...] = asking((), "point")
    hazard: str = asking("", "hazard")
    gap: float = asking(6.0, "number", unit="m", low=0.0, high=100.0)
    minutes: float = asking(20.0, "number", unit="min", low=0.1, high=1440.0)
    wind: float = asking(3.0, "number", unit="mps", low=0.0, high=40.0, usual=WINDS)
    wind_from: float = asking(0.0, "bearing", low=0.0, high=360.0)
    times: str = asking("30 60 120", "text", usual=TIMES)
    listed: str = asking("zones", "choice", choices=LISTED)
    layers: tuple[str, ...] = asking((), "layers", kinds=("buildings",))


class DrillFire(_Hazard):
    """The analysis ``drill-fire``."""

    key: ClassVar[str] = "drill-fire"
    Params: ClassVar[type[FireParams]] = FireParams

    def run(self, project: Project, params: FireParams, progress: Progress) -> Outcome:
        """Find which houses burn when."""
        source, _ = source_of(project, params.point, params.hazard)
        houses = residents_of(layers_named(project, params.layers, "buildings"), chosen.rules())
        tree = shapely.STRtree(houses.shapes)
        start = np.asarray(tree.query_nearest(shapely.Point(source), max_distance=15.0))
        if not len(start):
            raise CityError(
                "drill.no_house",
                "No building stands within 15 m of this place.",
                hint="choose a place at a building",
            )
        progress.step(0, 2, "progress-hazard")
        rule = FireSpread(params.gap, params.minutes, params.wind,
                          (params.wind_from + 180.0) % 360.0)  # fmt: skip
        reach = params.gap * (1.0 + 0.1 * params.wind)
        one, other = tree.query(houses.shapes, predicate="dwithin", distance=reach)
        keep = one != other
        one, other = one[keep], other[keep]
        away = shapely.distance(houses.shapes[one], houses.shapes[other])
        way = houses.coords[other] - houses.coords[one]
        bearing = np.degrees(np.arctan2(way[:, 0], way[:, 1]))
        when = fire_times(start, one, other, rule.jumps(away, bearing), len(houses))
        progress.step(1, 2, "progress-hazard")
        zones = [
            Zone(f"{limit:g} min", _joined(houses.shapes[when <= limit]), limit)
            for limit in numbers_of(params.times)[::-1]
        ]
        facts: dict[str, float | int | str | bool] = {
            "burning_count": int(np.isfinite(when).sum()),
        }

        def reaching(places: Floats, number: int) -> Floats:
            near = shapely.dwithin(zones[number].shape, shapely.points(places), 2.0 * CLEAR)
            return np.where(near, np.inf, 0.0)

        return outcome_of(project, "screening-fire", zones, source, params.listed, params.layers,
                          facts, (Note("screening_fire"),), reaching)  # fmt: skip


PLUME = DrillPlume()
HEAT = DrillHeat()
BLAST = DrillBlast()
FLOOD = DrillFlood()
FIRE = DrillFire()

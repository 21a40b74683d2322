"""Planning indicators of plots, districts and drawn areas: ratio, density, green, people, limits.

Everything is shared out by area, so that the parts of a place add up to the place.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.planning.floor_areas import FloorAreas, floor_areas
from layers.planning.uses import USES
from layers.progress import Progress, Silent
from layers.rules.rule import Rule, RuleSet, Status, worst
from layers.shapes import POLYGON, Floats, Ints

FIGURES = ("far", "density_percent", "green_percent", "height_max_m")
#: What each limit is: the most, or the least that is allowed.
SENSE = {"far": "most", "density_percent": "most", "green_percent": "least", "height_max_m": "most"}
LIMIT_FIELDS: dict[str, tuple[str, ...]] = {
    "far": ("far_max", "容积率", "容積率", "容积率上限", "FAR", "far"),
    "density_percent": ("density_max_pct", "建筑密度", "建蔽率", "建筑密度上限", "density"),
    "green_percent": ("green_min_pct", "绿地率", "綠地率", "绿地率下限", "green"),
    "height_max_m": ("height_max_m", "限高", "建筑限高", "高度上限", "height_limit"),
}  # fmt: skip
ROUNDING = {"far": 0.005, "density_percent": 0.05, "green_percent": 0.05, "height_max_m": 0.05}
PERCENT_FROM = 20.0  # a floor area ratio from which figures are read as percent
KEPT = 4  # answers of the costly steps that are remembered
PER_HOME, PER_100 = "parking.per-dwelling", "parking.per-100m2"


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """A place whose indicators are asked for.

    Attributes
    ----------
    name : str
        What it is called.
    shape : BaseGeometry
        Where it lies, shapely.
    layer : str
        Id of its layer, "" for drawn ones.
    object : int or None
        Its number in the layer.
    use : str
        Its land use, as told.
    limits : mapping of str to float
        What binds it, by names of ``FIGURES``.
    """

    name: str
    shape: BaseGeometry
    layer: str = ""
    object: int | None = None
    use: str = ""
    limits: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What is assumed where nothing is told.

    Attributes
    ----------
    dwelling_m2 : float
        Floor area of a dwelling.
    household : float
        People in one.
    use_field : str
        Attribute of buildings that tells their use; "" looks for one.
    """

    dwelling_m2: float = 100.0
    household: float = 2.8
    use_field: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Indicators:
    """Indicators of some zones.

    Attributes
    ----------
    table : pyarrow.Table
        One row per zone.
    statuses : tuple of str
        Worst status of each zone.
    assumed_storeys : int
        Bodies whose storeys were counted from their height.
    unverified : tuple of Rule
        Rules that were used and that nobody has verified.
    """

    table: pa.Table
    statuses: tuple[Status, ...]
    assumed_storeys: int
    unverified: tuple[Rule, ...]


_AREAS: WeakKeyDictionary[Buildings, tuple[tuple[object, ...], FloorAreas]] = WeakKeyDictionary()


def areas_of(data: Buildings, rules: RuleSet, use_field: str) -> FloorAreas:
    """Give the floor areas of a layer, kept for as long as the layer is the same."""
    key = (rules.rules, use_field)
    known = _AREAS.get(data)
    if known is None or known[0] != key:
        known = key, floor_areas(data, rules, use_field)
        _AREAS[data] = known
    return known[1]


def indicators(
    zones: Sequence[Zone],
    buildings: Sequence[Layer],
    greens: Sequence[Layer],
    rules: RuleSet,
    assumptions: Assumptions = Assumptions(),
    *,
    progress: Progress = Silent(),
) -> Indicators:
    """Reckon the indicators of zones.

    Parameters
    ----------
    zones : sequence of Zone
        n places; they may overlap.
    buildings : sequence of Layer
        Layers of buildings; what stands in two zones is shared by area.
    greens : sequence of Layer
        Layers whose areas are green land.
    rules : RuleSet
        With rules about ``floor-area.*`` and ``parking.*``.
    assumptions : Assumptions
        What is assumed where nothing is told.
    progress : Progress
        Told how far it is.
    """
    shapes = np.array([zone.shape for zone in zones], dtype=object)
    site = shapely.area(shapes) if len(zones) else np.empty(0)
    sums = _Sums.of(len(zones))
    assumed, unverified = 0, {}
    for number, layer in enumerate(buildings):
        progress.step(number, len(buildings) + 1, "progress-indicators")
        if not isinstance(layer.data, Buildings):
            continue
        areas = areas_of(layer.data, rules, assumptions.use_field)
        sums.take(shapes, areas, assumptions)
        assumed += areas.assumed
        unverified.update({rule.key + str(rule.when): rule for rule in areas.unverified})
    progress.step(len(buildings), len(buildings) + 1, "progress-indicators")
    green = green_areas(shapes, greens)
    rows, statuses = [], []
    for k, zone in enumerate(zones):
        row = _row(zone, k, float(site[k]), float(green[k]), sums, rules)
        status = _judged(zone, row, counted_surely=not unverified)
        row["status"] = status
        rows.append(row)
        statuses.append(status)
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    return Indicators(table, tuple(statuses), assumed, tuple(unverified.values()))


@dataclass(slots=True, eq=False)
class _Sums:
    """What adds up over the buildings of each of n zones."""

    footprint: Floats
    counted: Floats  # (n, uses)
    under: Floats
    volume_share: Floats
    count: Ints
    top: Floats
    weighted_top: Floats
    storeys_area: Floats
    homes: Floats
    people: Floats

    @classmethod
    def of(cls, n: int) -> _Sums:
        none = np.zeros
        return cls(
            none(n), none((n, len(USES))), none(n), none(n), none(n, dtype=np.int64), none(n),
            none(n), none(n), none(n), none(n),
        )  # fmt: skip

    def take(self, zones: NDArray[np.object_], areas: FloorAreas, told: Assumptions) -> None:
        """Share the buildings of a layer out to the zones."""
        if not len(zones) or not len(areas.shapes):
            return
        zone, body, share = _shares(zones, areas)
        plan = areas.plan_m2[body] * share
        np.add.at(self.footprint, zone, np.where(areas.covers[body], plan, 0.0))
        counted = areas.counted_m2[body] * share
        np.add.at(self.counted, (zone, areas.use[body]), counted)
        np.add.at(self.under, zone, areas.underground_m2[body] * share)
        np.add.at(self.count, zone, (share > 0.5).astype(np.int64))
        np.maximum.at(self.top, zone, areas.top_m[body])
        np.add.at(self.weighted_top, zone, areas.top_m[body] * plan)
        np.add.at(self.storeys_area, zone, areas.storeys[body] * plan)
        np.add.at(self.volume_share, zone, plan)
        living = areas.use[body] == USES.index("residential")
        homes = np.where(living, areas.counted_m2[body] / max(told.dwelling_m2, 1e-9), 0.0)
        homes = np.where(np.isfinite(areas.dwellings[body]), areas.dwellings[body], homes)
        people = homes * told.household
        people = np.where(np.isfinite(areas.people[body]), areas.people[body], people)
        np.add.at(self.homes, zone, homes * share)
        np.add.at(self.people, zone, people * share)


def _met(
    tree: shapely.STRtree, zones: NDArray[np.object_], count: int
) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """Give which zones meet which shapes, and which of these lie in the zone whole."""
    shapely.prepare(zones)
    zone, body = tree.query(zones, predicate="intersects")
    held = tree.query(zones, predicate="contains")
    whole = np.isin(zone * count + body, held[0] * count + held[1])
    return zone, body, whole


BLOCK = 50_000  # bodies that are shared out at a time
_SHARED: list[tuple[tuple[Any, ...], tuple[Ints, Ints, Floats]]] = []


def _shares(zones: NDArray[np.object_], areas: FloorAreas) -> tuple[Ints, Ints, Floats]:
    """Give pairs of zone and body that meet, and the share of the body in the zone.

    After an edit only the bodies whose footprints are others are looked at again.
    """
    shapes = areas.shapes
    for (before, *places), found in _SHARED:
        same = len(places) == len(zones) and len(before) == len(shapes)
        if not same or any(a is not b for a, b in zip(places, zones.tolist(), strict=True)):
            continue
        new = np.array([a is not b for a, b in zip(before, shapes, strict=True)], dtype=bool)
        if not new.any():
            return found
        if new.mean() < 0.5:
            stays = ~new[found[1]]
            added = _shared_anew(zones, areas, np.flatnonzero(new))
            kept = [
                np.concatenate([old[stays], fresh]) for old, fresh in zip(found, added, strict=True)
            ]
            return _remember(shapes, zones, (kept[0], kept[1], kept[2]))
    return _remember(shapes, zones, _shared_anew(zones, areas, np.arange(len(shapes))))


def _remember(
    shapes: NDArray[np.object_], zones: NDArray[np.object_], made: tuple[Ints, Ints, Floats]
) -> tuple[Ints, Ints, Floats]:
    _SHARED.insert(0, ((shapes, *zones.tolist()), made))
    del _SHARED[KEPT:]
    return made


def _shared_anew(
    zones: NDArray[np.object_], areas: FloorAreas, at: Ints
) -> tuple[Ints, Ints, Floats]:
    """Share some bodies out, block by block: what makes trees lets no other thread run."""
    blocks = [at[begin : begin + BLOCK] for begin in range(0, max(len(at), 1), BLOCK)]
    found = [_block_shared(zones, areas, block) for block in blocks]
    zone, body, share = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return zone, body, share


def _block_shared(
    zones: NDArray[np.object_], areas: FloorAreas, at: Ints
) -> tuple[Ints, Ints, Floats]:
    shapes, plan = areas.shapes[at], areas.plan_m2[at]
    zone, body, whole = _met(shapely.STRtree(shapes), zones, len(shapes))
    share = np.ones(len(zone))
    cut = np.flatnonzero(~whole)
    if len(cut):
        parts = shapely.intersection(shapes[body[cut]], zones[zone[cut]])
        share[cut] = shapely.area(parts) / np.maximum(plan[body[cut]], 1e-12)
    keep = share > 1e-9
    return zone[keep], at[body[keep]], np.minimum(share[keep], 1.0)


_GREENS: WeakKeyDictionary[Features, tuple[NDArray[np.object_], shapely.STRtree]] = (
    WeakKeyDictionary()
)


_LATEST: list[tuple[tuple[object, ...], Floats]] = []  # what was reckoned last, the newest first


def green_areas(zones: NDArray[np.object_], layers: Sequence[Layer]) -> Floats:
    """Give the green land in each zone, (n,) m2; what overlaps counts once."""
    key = (*zones.tolist(), *(layer.data for layer in layers))
    for known, found in _LATEST:
        if len(known) == len(key) and all(a is b for a, b in zip(known, key, strict=True)):
            return found
    found = _green_areas(zones, layers)
    _LATEST.insert(0, (key, found))
    del _LATEST[KEPT:]
    return found


def _green_areas(zones: NDArray[np.object_], layers: Sequence[Layer]) -> Floats:
    out = np.zeros(len(zones))
    found: list[list[BaseGeometry]] = [[] for _ in zones]
    for layer in layers:
        if not isinstance(layer.data, Features) or not len(zones):
            continue
        shapes, tree = _tree_of(layer.data)
        zone, area, whole = _met(tree, zones, len(shapes))
        parts = shapes[area]
        cut = ~whole
        parts[cut] = shapely.intersection(zones[zone[cut]], shapes[area[cut]])
        for k, part in zip(zone.tolist(), parts.tolist(), strict=True):
            found[k].append(part)
    for k, parts_of in enumerate(found):
        if parts_of:
            out[k] = shapely.area(shapely.union_all(parts_of))
    return out


def _tree_of(data: Features) -> tuple[NDArray[np.object_], shapely.STRtree]:
    known = _GREENS.get(data)
    if known is None:
        shapes = data.shapes.take(data.shapes.kind == POLYGON).to_shapely()
        bad = ~shapely.is_valid(shapes)
        shapes[bad] = shapely.make_valid(shapes[bad])
        known = shapes, shapely.STRtree(shapes)
        _GREENS[data] = known
    return known


SCHEMA = pa.schema(
    [
        ("zone", pa.string()), ("layer", pa.string()), ("object", pa.int64()),
        ("land_use", pa.string()), ("site_m2", pa.float64()), ("buildings_count", pa.int64()),
        ("footprint_m2", pa.float64()), ("floor_area_m2", pa.float64()), ("far", pa.float64()),
        ("density_percent", pa.float64()), ("green_m2", pa.float64()),
        ("green_percent", pa.float64()), ("storeys_mean", pa.float64()),
        ("height_max_m", pa.float64()), ("height_mean_m", pa.float64()),
        *((f"{use}_m2", pa.float64()) for use in USES), ("underground_m2", pa.float64()),
        ("dwellings_count", pa.float64()), ("population_count", pa.float64()),
        ("parking_count", pa.float64()), ("far_limit", pa.float64()),
        ("density_limit_percent", pa.float64()), ("green_limit_percent", pa.float64()),
        ("height_limit_m", pa.float64()), ("far_status", pa.string()),
        ("density_status", pa.string()), ("green_status", pa.string()),
        ("height_status", pa.string()), ("status", pa.string()),
    ]
)  # fmt: skip
_LIMIT = {"far": "far_limit", "density_percent": "density_limit_percent",
          "green_percent": "green_limit_percent", "height_max_m": "height_limit_m"}  # fmt: skip


def _row(
    zone: Zone, k: int, site: float, green: float, sums: _Sums, rules: RuleSet
) -> dict[str, object]:
    counted = sums.counted[k]
    total, footprint = float(counted.sum()), float(sums.footprint[k])
    plan = max(float(sums.volume_share[k]), 1e-12)
    size = site if site > 0 else math.nan
    row: dict[str, object] = {
        "zone": zone.name, "layer": zone.layer, "object": zone.object, "land_use": zone.use,
        "site_m2": site, "buildings_count": int(sums.count[k]), "footprint_m2": footprint,
        "floor_area_m2": total, "far": total / size, "density_percent": 100.0 * footprint / size,
        "green_m2": green, "green_percent": 100.0 * green / size,
        # All floors above the ground over the land that is built on: a tower counts on its podium.
        "storeys_mean": float(sums.storeys_area[k]) / (footprint or plan),
        "height_max_m": float(sums.top[k]), "height_mean_m": float(sums.weighted_top[k]) / plan,
        **{f"{use}_m2": float(counted[u]) for u, use in enumerate(USES)},
        "underground_m2": float(sums.under[k]), "dwellings_count": float(sums.homes[k]),
        "population_count": float(sums.people[k]),
        "parking_count": _parking(counted, float(sums.homes[k]), rules),
    }  # fmt: skip
    row |= {_LIMIT[name]: zone.limits.get(name) for name in FIGURES}
    return row


def _parking(counted: Floats, homes: float, rules: RuleSet) -> float:
    per_home = rules.find(PER_HOME)
    places = homes * (per_home.low if per_home is not None else 0.0)
    for u, use in enumerate(USES):
        rule = rules.find(PER_100, use=use)
        if rule is not None:
            places += counted[u] / 100.0 * rule.low
    return float(places)


def _judged(zone: Zone, row: dict[str, object], *, counted_surely: bool) -> Status:
    """Hold the figures of a zone against its limits, and give the worst."""
    found: list[Status] = []
    for name in FIGURES:
        limit, value = zone.limits.get(name), float(str(row[name]))
        status: Status = "none"
        if limit is not None and math.isfinite(value):
            over = value - limit if SENSE[name] == "most" else limit - value
            status = "pass" if over <= ROUNDING[name] else "fail"
            if name == "far" and not counted_surely:
                status = "warning"
        row[f"{name.split('_')[0]}_status"] = status
        found.append(status)
    return worst(found)

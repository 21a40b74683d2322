"""Floor areas of buildings by a rule pack: storeys, what counts, footprints, dwellings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.kinds.buildings import Buildings
from layers.planning.measure import floors_of
from layers.planning.uses import USES, first_field, uses_of
from layers.rules.rule import Rule, RuleSet
from layers.shapes import Bools, Floats, Ints, Shapes
from layers.style import numbers

SHARE, STOREY = "floor-area.share", "floor-area.storey"
LOW_STOREY = 2.2  # metres below which a storey counts as low
PLAIN_STOREY = 3.0  # metres, where no rule says more
UNDERGROUND = ("underground_floors", "地下层数", "basement_floors", "building:levels:underground")
PILOTIS = ("pilotis_floors", "架空层数", "架空层")
BAYS = ("bay_m2", "凸窗面积", "飘窗面积")
DWELLINGS = ("dwellings", "户数", "套数", "building:flats")
PEOPLE = ("population", "人口", "居住人口", "people")


@dataclass(frozen=True, slots=True, eq=False)
class FloorAreas:
    """What k bodies of a layer hold; bodies are what is drawn: whole buildings, or their parts.

    Attributes
    ----------
    rows : (k,) int64
        Position of each in the layer.
    shapes : (k,) object
        Footprints, shapely.
    plan_m2 : (k,) float64
        Area of the footprint.
    covers : (k,) bool
        Whether it stands on the ground, so that it covers land.
    storeys : (k,) float64
        Above ground; those that were counted from the height are whole numbers.
    counted_m2 : (k,) float64
        Floor area that counts, above ground.
    underground_m2 : (k,) float64
        Floor area below ground, whether it counts or not.
    use : (k,) int64
        Position in ``USES``.
    top_m : (k,) float64
        Height above the ground.
    dwellings, people : (k,) float64
        As told, NaN where nothing is.
    assumed : int
        Bodies whose storeys were counted from their height.
    unverified : tuple of Rule
        Rules that were used and that nobody has verified.
    """

    rows: Ints
    shapes: NDArray[np.object_]
    plan_m2: Floats
    covers: Bools
    storeys: Floats
    counted_m2: Floats
    underground_m2: Floats
    use: Ints
    top_m: Floats
    dwellings: Floats
    people: Floats
    assumed: int
    unverified: tuple[Rule, ...]


def floor_areas(data: Buildings, rules: RuleSet, use_field: str = "") -> FloorAreas:
    """Reckon the floor areas of a layer.

    Parameters
    ----------
    data : Buildings
        n buildings.
    rules : RuleSet
        With rules about ``floor-area.share`` and ``floor-area.storey``.
    use_field : str
        Attribute that tells the use; "" looks for one.

    Notes
    -----
    A storey counts its footprint. Storeys lower than 2.20 m, pilotis, bay windows and what is
    below ground count as the rules say; where no rule says so they count whole, those below
    ground not at all.
    """
    rows = np.flatnonzero(data.drawn)
    shapes = _footprints(data, rows)
    plan = data.shapes.take(rows).areas()
    use = np.array([USES.index(word) for word in uses_of(data, use_field)[rows]], dtype=np.int64)
    height = np.maximum(data.height[rows] - data.min_height[rows], 0.0)
    used: dict[str, Rule] = {}
    usual = np.array([_figure(rules, STOREY, PLAIN_STOREY, used, False, use=u) for u in USES])
    told = floors_of(data)[rows]
    part = data.part_of[rows] > 0
    told = np.where(part & (data.min_height[rows] > 0), np.nan, told)  # told of the whole building
    assumed = ~np.isfinite(told)
    storeys = np.where(assumed, np.maximum(np.round(height / usual[use]), 1.0), told)
    each = height / np.maximum(storeys, 1.0)
    low = (each < LOW_STOREY) & ~assumed
    share = np.ones(len(rows))
    if low.any():
        share[low] = _figure(rules, SHARE, 1.0, used, True, part="low")
    open_ = np.minimum(_told(data, PILOTIS, rows), storeys)
    lost = np.zeros(len(rows))
    if (open_ > 0).any():
        lost = open_ * (1.0 - _figure(rules, SHARE, 1.0, used, True, part="pilotis"))
    bays = _told(data, BAYS, rows)
    if (bays > 0).any():
        bays = bays * _figure(rules, SHARE, 1.0, used, True, part="bay")
    under = _told(data, UNDERGROUND, rows) * plan
    sunk = np.zeros(len(rows))
    if (under > 0).any():
        sunk = under * _figure(rules, SHARE, 0.0, used, True, part="underground")
    counted = plan * share * np.maximum(storeys - lost, 0.0) + bays + sunk
    return FloorAreas(
        rows, shapes, plan, _covering(data, rows, shapes), storeys, counted, under, use,
        data.height[rows], _told(data, DWELLINGS, rows, np.nan), _told(data, PEOPLE, rows, np.nan),
        int(assumed.sum()), tuple(rule for rule in used.values() if not rule.verified),
    )  # fmt: skip


_LATEST: list[tuple[Shapes, Ints, NDArray[np.object_]]] = []  # footprints, the newest first
KEPT = 4
BLOCK = 20_000  # footprints made at a time


def _footprints(data: Buildings, rows: Ints) -> NDArray[np.object_]:
    """Give footprints; those that nobody changed since they were last asked for are the same."""
    made: NDArray[np.object_] | None = None
    for shapes, known, found in _LATEST:
        if not np.array_equal(known, rows):
            continue
        if shapes is data.shapes:
            return found
        changed = _changed(shapes, data.shapes)
        if changed is not None and changed[rows].mean() < 0.5:
            made = found.copy()
            at = np.flatnonzero(changed[rows])
            made[at] = data.shapes.take(rows[at]).to_shapely()
            break
    if made is None:
        made = _made(data.shapes, rows)
    _LATEST.insert(0, (data.shapes, rows, made))
    del _LATEST[KEPT:]
    return made


def _made(shapes: Shapes, rows: Ints) -> NDArray[np.object_]:
    """Make shapes block by block: what makes them lets no other thread run meanwhile."""
    blocks = [rows[begin : begin + BLOCK] for begin in range(0, max(len(rows), 1), BLOCK)]
    return np.concatenate([shapes.take(block).to_shapely() for block in blocks])


def _changed(before: Shapes, now: Shapes) -> Bools | None:
    """Say which shapes have other corners; None where they are not the same shapes at all."""
    if not np.array_equal(before.first_coord, now.first_coord) or not np.array_equal(
        before.ring_start, now.ring_start
    ):
        return None
    moved = (before.coords != now.coords).any(axis=1)
    return np.asarray(np.logical_or.reduceat(moved, now.first_coord[:-1]))


def _figure(
    rules: RuleSet, key: str, plain: float, used: dict[str, Rule], counts: bool, **facts: str
) -> float:
    rule = rules.find(key, facts)
    if rule is None or isinstance(rule.value, tuple):
        return plain
    if counts:
        used[str(facts)] = rule
    return float(rule.value)


def _told(data: Buildings, fields: tuple[str, ...], rows: Ints, missing: float = 0.0) -> Floats:
    name = first_field(data, fields)
    if not name:
        return np.full(len(rows), missing)
    found = numbers(data.column(name))[rows]
    return np.where(np.isfinite(found) & (found >= 0), found, missing)


def _covering(data: Buildings, rows: Ints, shapes: NDArray[np.object_]) -> Bools:
    """Say which bodies cover land: those on the ground, of overlapping parts the largest."""
    covers = np.asarray(data.min_height[rows] < LOW_STOREY)
    owner = data.part_of[rows]
    parts = np.flatnonzero((owner > 0) & covers)
    if not len(parts):
        return covers
    covers = covers.copy()
    order = parts[np.argsort(-shapely.area(shapes[parts]), kind="stable")]
    kept: dict[int, list[int]] = {}
    for k in order.tolist():
        mine = kept.setdefault(int(owner[k]), [])
        inside = any(shapely.area(shapely.difference(shapes[k], shapes[m])) < 0.01 for m in mine)
        if inside:
            covers[k] = False
        else:
            mine.append(k)
    return covers

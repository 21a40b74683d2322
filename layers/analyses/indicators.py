"""Planning indicators and the balance of land uses, as analyses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import shapely

from layers.analyses.base import Marks, Note, Outcome, Reads, asking
from layers.analyses.choosing import layers_named
from layers.errors import CityError
from layers.kinds.base import Features, Layer
from layers.planning.indicators import Assumptions, Indicators, Zone, indicators
from layers.planning.uses import CLASS_FIELDS, USES, first_field
from layers.planning.zones import drawn_zone, whole_zone, zones_by, zones_of
from layers.progress import Progress
from layers.project import Project
from layers.rules import chosen
from layers.rules.rule import worst
from layers.shapes import Shapes

ABOUT = ("floor-area.", "parking.")  # what rules are looked up
WAYS = ("plots", "together", "site")


@dataclass(frozen=True, slots=True)
class IndicatorParams:
    """What is asked.

    Attributes
    ----------
    way : str
        ``plots``: each area of `zones`; ``together``: areas of one land use together; ``site``:
        the drawn area, or all districts as one.
    zones : str
        Layer of plots or districts.
    objects : tuple of int
        Only these plots; empty for all.
    area : tuple of (east, north)
        A drawn area; it goes before everything else.
    class_field : str
        Attribute of `zones` that tells the land use.
    buildings, greens : tuple of str
        Layers; empty for all that are seen.
    dwelling_m2, household : float
        Floor area of a dwelling; people in one.
    use_field : str
        Attribute of buildings that tells their use.
    far, density, green, height : float
        Limits for places whose plan tells none; 0 for none.
    pack : str
        Rule pack, "" for all.
    """

    way: str = asking("plots", "choice", choices=WAYS)
    zones: str = asking("", "layer", kinds=("districts",))
    objects: tuple[int, ...] = asking((), "texts")
    area: tuple[tuple[float, float], ...] = asking((), "area")
    class_field: str = asking("", "field", of="zones")
    buildings: tuple[str, ...] = asking((), "layers", kinds=("buildings",))
    greens: tuple[str, ...] = asking((), "layers", kinds=("greenery",))
    dwelling_m2: float = asking(100.0, "number", unit="m2", low=10.0, high=1000.0)
    household: float = asking(2.8, "number", low=0.1, high=20.0)
    use_field: str = asking("", "text")
    far: float = asking(0.0, "number", low=0.0, high=100.0)
    density: float = asking(0.0, "number", unit="percent", low=0.0, high=100.0)
    green: float = asking(0.0, "number", unit="percent", low=0.0, high=100.0)
    height: float = asking(0.0, "number", unit="m", low=0.0, high=2000.0)
    pack: str = asking("", "pack")


class PlanningIndicators:
    """The analysis ``indicators``."""

    key: ClassVar[str] = "indicators"
    Params: ClassVar[type[IndicatorParams]] = IndicatorParams
    group: ClassVar[str] = "planning"
    columns: ClassVar[Mapping[str, str]] = {f"{use}_m2": f"use-{use}" for use in USES}
    short: ClassVar[tuple[str, ...]] = (
        "object", "zone", "land_use", "site_m2", "buildings_count", "floor_area_m2", "far",
        "far_limit", "density_percent", "green_percent", "height_max_m", "population_count",
        "status",
    )  # fmt: skip

    def reads(self, project: Project, params: IndicatorParams) -> Reads:
        """Buildings, green land, plots, rules."""
        return _reads(project, params)

    def run(self, project: Project, params: IndicatorParams, progress: Progress) -> Outcome:
        """Reckon the indicators of every place."""
        zones = zones_asked(project, params)
        found = reckoned(project, zones, params, progress)
        return Outcome(
            found.table, totals(found.table), zone_marks("zones", zones, found.table, "status"),
            worst(found.statuses), _notes(found),
        )  # fmt: skip


class LandUse:
    """The analysis ``land-use``: how the land is shared among uses."""

    key: ClassVar[str] = "land-use"
    Params: ClassVar[type[IndicatorParams]] = IndicatorParams
    group: ClassVar[str] = "planning"
    columns: ClassVar[Mapping[str, str]] = {
        "zone": "column-land-use", "zones_count": "column-land-uses",
    }  # fmt: skip

    def reads(self, project: Project, params: IndicatorParams) -> Reads:
        """Buildings, green land, plots, rules."""
        return _reads(project, params)

    def run(self, project: Project, params: IndicatorParams, progress: Progress) -> Outcome:
        """Put plots of one use together, and give each use its share of the land."""
        layer = _zone_layer(project, params.zones)
        zones = zones_by(layer, params.class_field or _class_field(layer))
        found = reckoned(project, zones, params, progress)
        table = found.table
        site = np.asarray(table.column("site_m2").to_numpy())
        share = pa.array(100.0 * site / max(float(site.sum()), 1e-9))
        kept = ("zone", "layer", "site_m2", "buildings_count", "footprint_m2", "floor_area_m2",
                "far", "density_percent", "green_m2", "population_count")  # fmt: skip
        order = np.argsort(-site, kind="stable")
        short = table.select(kept).add_column(3, "share_percent", share).take(pa.array(order))
        marks = zone_marks("zones", [zones[k] for k in order], short, "zone")
        facts = totals(table)
        facts.pop("failing_count", None)  # plots of one use have no limits together
        return Outcome(short, facts, marks, "none", _notes(found))


ANALYSIS = PlanningIndicators()
LAND_USE = LandUse()


def zones_asked(project: Project, params: IndicatorParams) -> list[Zone]:
    """Give the places that parameters ask about.

    Raises
    ------
    CityError
        ``analysis.no_layer``, ``indicators.no_areas``, ``indicators.ring``,
        ``indicators.no_site``.
    """
    extra = {
        "far": params.far, "density_percent": params.density,
        "green_percent": params.green, "height_max_m": params.height,
    }  # fmt: skip
    extra = {key: value for key, value in extra.items() if value > 0}
    buildings = layers_named(project, params.buildings, "buildings", needed=False)
    if len(params.area):
        zones = [drawn_zone(params.area, "-")]
    elif params.way == "site":
        zones = [whole_zone(project, "-", buildings)]
    else:
        layer = _zone_layer(project, params.zones)
        if params.way == "together":
            zones = zones_by(layer, params.class_field or _class_field(layer))
        else:
            ids = [int(number) for number in params.objects]
            zones = zones_of(layer, ids, class_field=params.class_field)
    return [Zone(z.name, z.shape, z.layer, z.object, z.use, {**extra, **z.limits}) for z in zones]


def reckoned(
    project: Project, zones: list[Zone], params: IndicatorParams, progress: Progress
) -> Indicators:
    """Reckon the indicators of places with the layers, rules and assumptions of parameters."""
    return indicators(
        zones,
        layers_named(project, params.buildings, "buildings", needed=False),
        layers_named(project, params.greens, "greenery", needed=False),
        chosen.rules((params.pack,)),
        Assumptions(params.dwelling_m2, params.household, params.use_field),
        progress=progress,
    )


def totals(table: pa.Table) -> dict[str, float | int | str | bool]:
    """Give the headline figures of a table of indicators: sums, and ratios of the sums."""

    def total(name: str) -> float:
        return float(np.nansum(table.column(name).to_numpy()))

    site = max(total("site_m2"), 1e-9)
    statuses = table.column("status").to_pylist()
    return {
        "zones_count": table.num_rows,
        "site_m2": total("site_m2"),
        "floor_area_m2": total("floor_area_m2"),
        "far": total("floor_area_m2") / site,
        "density_percent": 100.0 * total("footprint_m2") / site,
        "green_percent": 100.0 * total("green_m2") / site,
        "dwellings_count": total("dwellings_count"),
        "population_count": total("population_count"),
        "parking_count": total("parking_count"),
        "failing_count": sum(one == "fail" for one in statuses),
    }


def zone_marks(name: str, zones: list[Zone], table: pa.Table, field: str) -> tuple[Marks, ...]:
    """Show places on the ground in the colour of a column."""
    rows, parts = [], []
    for row, zone in enumerate(zones):
        for part in shapely.get_parts(zone.shape):
            if part.geom_type == "Polygon" and part.area > 0:
                rows.append(row)
                parts.append(part)
    if not parts:
        return ()
    values = table.column(field).take(pa.array(rows))
    features = Features.of(Shapes.from_shapely(parts), pa.table({"row": rows, field: values}))
    return (Marks(name, features, field, "districts"),)


def _zone_layer(project: Project, name: str) -> Layer:
    if name:
        return project.layer(name)
    found = [layer for layer in project.of_kind("districts") if isinstance(layer.data, Features)]
    if not found:
        raise CityError(
            "analysis.no_layer", "The project holds no layer of the kind 'districts'.",
            hint="import one first", kind="districts",
        )  # fmt: skip
    return found[-1]


def _class_field(layer: Layer) -> str:
    field = first_field(layer.features, CLASS_FIELDS)
    if not field:
        raise CityError(
            "indicators.class_field", f"No field of '{layer.name}' tells the land use.",
            hint="name one", name=layer.name,
        )  # fmt: skip
    return field


def _reads(project: Project, params: IndicatorParams) -> Reads:
    layers = [
        *layers_named(project, params.buildings, "buildings", needed=False),
        *layers_named(project, params.greens, "greenery", needed=False),
    ]
    if not len(params.area) and params.way != "site":
        layers.append(_zone_layer(project, params.zones))
    elif not len(params.area):
        layers += list(project.of_kind("districts"))
    ids = tuple(dict.fromkeys(layer.id for layer in layers))
    return Reads(ids, packs=(params.pack or chosen.ALL,), about=ABOUT, ground=False)


def _notes(found: Indicators) -> tuple[Note, ...]:
    notes = [Note("indicators_shared", {})]
    if found.assumed_storeys:
        notes.append(Note("indicators_storeys", {"count": found.assumed_storeys}))
    if found.unverified:
        told = dict.fromkeys(str(rule.note or rule.key) for rule in found.unverified)
        notes += [Note("indicators_rules", {"rule": text}) for text in told]
    return tuple(notes)

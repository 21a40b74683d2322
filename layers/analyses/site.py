"""Checks of a site as analyses: service radius, street wall, fire spacing, slope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import shapely

from layers.analyses.base import Marks, Note, Outcome, Reads, asking
from layers.analyses.choosing import layers_named
from layers.analyses.marks import shape_marks
from layers.analyses.sight_from import places_of
from layers.errors import CityError
from layers.kinds.base import Extent, Features
from layers.planning.site_checks import gaps, metres_to, slopes, stock_of, street_wall
from layers.planning.sunlight_grids import ground_grid, iso_bands
from layers.progress import Progress
from layers.project import Project
from layers.routing.reach import Reach, reach
from layers.routing.streets_net import StreetNet
from layers.routing.ways import Router, Traveller
from layers.rules import chosen
from layers.rules.rule import Status, judge, worst
from layers.shapes import LINE, Floats, Shapes
from layers.style import Colouring, Entry, Style

WALK = 5.0  # kilometres per hour
BANDS = ("#1b9e77", "#a6d854", "#ffd92f", "#fc8d62", "#e31a1c")
OVER = 1.0  # metres over a roof at which a gap is drawn
STEEP = (0.0, 3.0, 8.0, 15.0, 25.0, 1000.0)  # percent; classes of slopes in site planning
RISE = {"tower": "high-rise", "low": "low-rise"}
FARTHEST = 13.0  # metres; the largest distance of the rules on fire
Facts = dict[str, float | int | str | bool]


@dataclass(frozen=True, slots=True)
class ServiceParams:
    """What is asked of a service radius.

    Attributes
    ----------
    points : tuple of (east, north)
        Schools, parks, stations.
    places : str
        Layer of them in place of `points`.
    roads : tuple of str
        Layers of streets; none means all.
    layers : tuple of str
        Layers of buildings that are counted; none means all visible ones.
    metres : str
        Ways on foot, metres, with spaces; "" takes the living circles of the rules.
    minutes : str
        Minutes on foot in place of metres, at 5 km/h.
    """

    points: tuple[tuple[float, ...], ...] = asking((), "points")
    places: str = asking("", "layer")
    roads: tuple[str, ...] = asking((), "layers", kinds=("roads",))
    layers: tuple[str, ...] = asking((), "layers", kinds=("buildings",))
    metres: str = asking("", "text")
    minutes: str = asking("", "text")


class ServiceRadius:
    """The analysis ``service-radius``."""

    key: ClassVar[str] = "service-radius"
    Params: ClassVar[type[ServiceParams]] = ServiceParams
    group: ClassVar[str] = "planning"
    columns: ClassVar[dict[str, str]] = {"area_m2": "sunlight-area", "within_m": "site-within"}

    def reads(self, project: Project, params: ServiceParams) -> Reads:
        """Places, streets, buildings, rules."""
        ids = [layer.id for layer in layers_named(project, params.roads, "roads")]
        ids += [layer.id for layer in layers_named(project, params.layers, "buildings")]
        ids += [project.layer(params.places).id] if params.places else []
        return Reads(
            tuple(dict.fromkeys(ids)), packs=(chosen.ALL,), about=("circle.",), ground=False
        )

    def run(self, project: Project, params: ServiceParams, progress: Progress) -> Outcome:
        """Find the land and the buildings within some metres on foot."""
        goals = places_of(project, params.points, params.places, 0.0)[:, :2]
        roads = layers_named(project, params.roads, "roads")
        buildings = layers_named(project, params.layers, "buildings")
        limits, named = _metres(params.metres, params.minutes)
        progress.step(0, 3, "progress-ways")
        net = StreetNet.of([layer.features for layer in roads])
        router = Router.of(net, Traveller(mode="foot", speed_kmh=WALK))
        progress.step(1, 3, "progress-ways")
        found = reach(router, goals, [limit / (WALK / 3.6) for limit in limits], towards=True)
        stock = stock_of(buildings)
        middle = shapely.get_coordinates(shapely.centroid(stock.shapes))
        progress.step(2, 3, "progress-ways")
        away = metres_to(router, goals, middle)
        first: dict[tuple[str, int], float] = {}
        for body, metres in zip(stock.body, away.tolist(), strict=True):
            first[body] = min(first.get(body, np.inf), metres)
        ways = np.array(list(first.values()))
        within = [int((ways <= limit).sum()) for limit in limits]
        total = max(len(ways), 1)
        table = pa.table({
            "within_m": limits,
            "area_m2": np.round([shapely.area(one.area) for one in found], 0),
            "buildings": within,
            "share_percent": [round(count / total * 100.0, 1) for count in within],
        })  # fmt: skip
        facts: Facts = {"goals_count": len(goals), "buildings_count": len(ways)}
        finite = ways[np.isfinite(ways)]
        if len(finite):
            facts["median_m"] = float(np.median(finite))
        return Outcome(
            table, facts, (*_circles(found, named), *_goals(goals)), "none",
            (Note("service_how"),),
        )  # fmt: skip


def _metres(text: str, minutes: str = "") -> tuple[list[float], list[str]]:
    """Read ways on foot, or take the living circles of the rules; metres, and what they say."""
    if minutes.strip():
        told = _metres(minutes)[0]
        ways = [round(one * WALK / 0.06, 1) for one in told]
        return ways, [f"{m:g} min · {way:.0f} m" for m, way in zip(told, ways, strict=True)]
    if not text.strip():
        rules = chosen.rules()
        found = {m: rules.find("circle.radius", minutes=m) for m in (5, 10, 15)}
        circles = {m: rule.high for m, rule in found.items() if rule is not None}
        if circles:
            return list(circles.values()), [f"{m} min · {way:g} m" for m, way in circles.items()]
        return [300.0, 500.0, 1000.0], ["300 m", "500 m", "1000 m"]
    try:
        limits = sorted(float(word) for word in text.replace(",", " ").split())
    except ValueError:
        limits = [0.0]
    if limits[0] <= 0.0:
        raise CityError(
            "service.metres",
            f"'{text[:40]}' are no ways on foot.",
            hint="write metres with spaces, such as 300 500 1000",
            text=text[:40],
        )
    return limits, [f"{limit:g} m" for limit in limits]


def _goals(goals: Floats) -> tuple[Marks, ...]:
    """Mark the places themselves."""
    style = Style(colour="#1a237e", outline="#ffffff", point_size=11.0, lift=2.0)
    return shape_marks(
        "service-places", "point", [goal[None, :2] for goal in goals],
        {"row": np.full(len(goals), -1)}, field="", style=style,
    )  # fmt: skip


def _circles(found: Sequence[Reach], named: Sequence[str]) -> tuple[Marks, ...]:
    """Draw the land that is reached as rings: what the nearer one has is not drawn twice."""
    shapes, within, row = [], [], []
    inner: shapely.Geometry = shapely.Polygon()
    for number, (one, name) in enumerate(zip(found, named, strict=True)):
        area = one.area
        for piece in shapely.get_parts(shapely.difference(area, inner)):
            if isinstance(piece, shapely.Polygon) and piece.area > 1.0:
                shapes.append(piece)
                within.append(name)
                row.append(number)
        inner = shapely.union(inner, area)
    if not shapes:
        return ()
    entries = tuple(
        Entry(name, BANDS[min(i, len(BANDS) - 1)], value=name) for i, name in enumerate(named)
    )
    style = Style(
        colour=BANDS[0], outline=None, lift=0.4, fill=0.6,
        colouring=Colouring("within", "categories", entries),
    )  # fmt: skip
    features = Features.of(
        Shapes.from_shapely(np.array(shapes, dtype=object)),
        pa.table({"row": row, "within": within}),
    )
    return (Marks("service", features, "within", style=style),)


@dataclass(frozen=True, slots=True)
class WallParams:
    """What is asked of a street wall.

    Attributes
    ----------
    lines : str
        Layer of lines that facades shall stand on.
    layers : tuple of str
        Layers of buildings; none means all visible ones.
    tolerance : float
        Metres to both sides of a line.
    least : float
        Percent of a line that shall be built along; 0 judges nothing.
    """

    lines: str = asking("", "layer", optional=False)
    layers: tuple[str, ...] = asking((), "layers", kinds=("buildings",))
    tolerance: float = asking(1.0, "number", unit="m", low=0.01, high=50.0)
    least: float = asking(0.0, "number", unit="percent", low=0.0, high=100.0)


class StreetWall:
    """The analysis ``street-wall``."""

    key: ClassVar[str] = "street-wall"
    Params: ClassVar[type[WallParams]] = WallParams
    group: ClassVar[str] = "planning"
    columns: ClassVar[dict[str, str]] = {"length_m": "site-length", "object": "site-line"}

    def reads(self, project: Project, params: WallParams) -> Reads:
        """Lines and buildings."""
        ids = [project.layer(params.lines).id]
        ids += [layer.id for layer in layers_named(project, params.layers, "buildings")]
        return Reads(tuple(dict.fromkeys(ids)), ground=False)

    def run(self, project: Project, params: WallParams, progress: Progress) -> Outcome:
        """Measure which share of each line is built along."""
        layer = project.layer(params.lines)
        data = layer.features
        rows = np.flatnonzero(data.shapes.kind == LINE)
        if not len(rows):
            raise CityError(
                "street_wall.no_lines",
                f"The layer '{layer.name}' has no lines.",
                hint="choose the layer of building lines",
                layer=layer.name,
            )
        flat = shapely.force_2d(data.shapes.take(rows).to_shapely())
        lines = [line for line in flat if isinstance(line, shapely.LineString)]
        progress.step(0, 1, "progress-ways")
        stock = stock_of(layers_named(project, params.layers, "buildings"))
        built, stretches = street_wall(lines, stock, params.tolerance)
        length = shapely.length(np.array(lines, dtype=object))
        ratio = built / np.maximum(length, 1e-9) * 100.0
        statuses: list[Status] = ["none"] * len(rows)
        if params.least > 0.0:
            statuses = ["pass" if one >= params.least else "fail" for one in ratio]
        table = pa.table({
            "layer": [layer.id] * len(rows), "object": data.ids[rows],
            "length_m": np.round(length, 2), "built_m": np.round(built, 2),
            "ratio_percent": np.round(ratio, 1), "status": statuses,
        })  # fmt: skip
        pieces = [(i, shapely.get_coordinates(p)) for i, parts in enumerate(stretches)
                  for p in parts if shapely.length(p) > 0.0]  # fmt: skip
        style = Style(colour="#2e7d32", outline=None, line_width=5.0, lift=0.5)
        marks = shape_marks(
            "street-wall", "line", [p for _, p in pieces], {"row": [i for i, _ in pieces]},
            field="", style=style,
        )  # fmt: skip
        facts: Facts = {
            "lines_m": float(length.sum()), "built_m": float(built.sum()),
            "ratio_percent": float(built.sum() / max(length.sum(), 1e-9) * 100.0),
        }  # fmt: skip
        return Outcome(table, facts, marks, worst(statuses), (Note("street_wall_how"),))


@dataclass(frozen=True, slots=True)
class FireParams:
    """What is asked of distances between buildings.

    Attributes
    ----------
    layers : tuple of str
        Layers of buildings; none means all visible ones.
    tower : float
        Height from which a building counts as high, metres.
    keep_all : bool
        Whether pairs that keep their distance are listed too.
    pack : str
        Rule pack, "" for all.
    """

    layers: tuple[str, ...] = asking((), "layers", kinds=("buildings",))
    tower: float = asking(27.0, "number", unit="m", low=1.0, high=500.0)
    keep_all: bool = asking(False, "flag")
    pack: str = asking("", "pack")


class FireSpacing:
    """The analysis ``fire-spacing``."""

    key: ClassVar[str] = "fire-spacing"
    Params: ClassVar[type[FireParams]] = FireParams
    group: ClassVar[str] = "planning"
    columns: ClassVar[dict[str, str]] = {"object": "column-building", "short_count": "site-short"}

    def reads(self, project: Project, params: FireParams) -> Reads:
        """Buildings, rules, and the ground that the places told lie on."""
        ids = [layer.id for layer in layers_named(project, params.layers, "buildings")]
        return Reads(tuple(ids), packs=(params.pack or chosen.ALL,), about=("fire.spacing",))

    def run(self, project: Project, params: FireParams, progress: Progress) -> Outcome:
        """Hold the distances between buildings against the rules."""
        rules = chosen.rules((params.pack,))
        progress.step(0, 1, "progress-ways")
        near, joined = gaps(stock_of(layers_named(project, params.layers, "buildings")), FARTHEST)
        rows = []
        for gap in near:
            first = "tower" if gap.high >= params.tower else "low"
            second = "tower" if gap.low >= params.tower else "low"
            rule = rules.find("fire.spacing", first=first, second=second)
            verdict = judge(rule, gap.metres)
            if params.keep_all or verdict.shortfall > 0.0:
                rows.append((gap, first, second, verdict))
        middle = [gap.line.mean(axis=0) for gap, *_ in rows]
        level = project.ground_at(np.array(middle).reshape(-1, 2))
        statuses: list[Status] = [verdict.status for *_, verdict in rows]
        table = pa.table({
            "layer": [gap.first[0] for gap, *_ in rows],
            "object": pa.array([gap.first[1] for gap, *_ in rows], pa.int64()),
            "other": pa.array([gap.second[1] for gap, *_ in rows], pa.int64()),
            "first": [RISE[first] for _, first, _, _ in rows],
            "second": [RISE[second] for _, _, second, _ in rows],
            "gap_m": np.round([gap.metres for gap, *_ in rows], 3),
            "need_m": pa.array([v.rule.low if v.rule else None for *_, v in rows], pa.float64()),
            "shortfall_m": np.round([v.shortfall for *_, v in rows], 3),
            "status": statuses,
            "east": np.round([m[0] for m in middle], 3),
            "north": np.round([m[1] for m in middle], 3), "level": np.round(level, 3),
        })  # fmt: skip
        lines = [  # between the roofs of the lower ones, where they are seen from above
            np.column_stack([gap.line, np.full(2, up + gap.low + OVER)])
            for (gap, *_), up in zip(rows, level.tolist(), strict=True)
        ]
        marks = shape_marks(
            "fire-spacing", "line", lines, {"row": np.arange(len(rows)), "status": statuses}
        )
        facts: Facts = {
            "pairs_count": len(near), "attached_count": joined,
            "short_count": sum(v.shortfall > 0.0 for *_, v in rows),
        }  # fmt: skip
        return Outcome(table, facts, marks, worst(statuses), (Note("fire_how"),))


@dataclass(frozen=True, slots=True)
class SlopeParams:
    """What is asked of slopes.

    Attributes
    ----------
    plots : str
        Layer of areas that are listed; "" looks at `area`.
    area : tuple of (east, north)
        Ring; () takes all of the terrain.
    spacing : float
        Metres from place to place.
    """

    plots: str = asking("", "layer")
    area: tuple[tuple[float, float], ...] = asking((), "area")
    spacing: float = asking(5.0, "number", unit="m", low=0.5, high=500.0)


class Slope:
    """The analysis ``slope``."""

    key: ClassVar[str] = "slope"
    Params: ClassVar[type[SlopeParams]] = SlopeParams
    group: ClassVar[str] = "planning"
    columns: ClassVar[dict[str, str]] = {"area_m2": "sunlight-area"}

    def reads(self, project: Project, params: SlopeParams) -> Reads:
        """The terrain and plots."""
        ids = [project.layer(params.plots).id] if params.plots else []
        return Reads(tuple(ids))

    def run(self, project: Project, params: SlopeParams, progress: Progress) -> Outcome:
        """Class the ground by its slope, and say which way it looks."""
        terrain = project.terrain()
        box = terrain.extent() if terrain is not None else None
        if terrain is None or box is None:
            raise CityError(
                "slope.no_terrain",
                "The project has no terrain.",
                hint="import one first",
            )
        area: shapely.Geometry | None = None
        if params.area:
            area = shapely.make_valid(shapely.Polygon([c[:2] for c in params.area]))
        if params.plots:
            data = project.layer(params.plots).features
            shapes_in = shapely.force_2d(data.shapes.to_shapely())
            union = shapely.union_all(shapely.make_valid(shapes_in))
            area = union if area is None else shapely.intersection(area, union)
        where: Extent = box
        if area is not None and not shapely.is_empty(area):
            west, south, east, north = (float(v) for v in shapely.bounds(area))
            where = (west, south, east, north)
        grid = ground_grid(project, [], where, params.spacing, area)
        progress.step(0, 1, "progress-ways")
        slope, aspect = slopes(project, grid.places, max(params.spacing / 2.0, min(terrain.grain)))
        percent = slope * 100.0
        count, _ = np.histogram(percent, STEEP)
        mean = np.bincount(np.digitize(percent, STEEP[1:-1]), percent, minlength=len(STEEP) - 1)
        table = pa.table({
            "from_percent": list(STEEP[:-1]), "to_percent": [*STEEP[1:-1], None],
            "area_m2": np.round(count * params.spacing**2, 0),
            "share_percent": np.round(count / max(len(percent), 1) * 100.0, 1),
            "mean_percent": np.round(mean / np.maximum(count, 1), 2),
        })  # fmt: skip
        facing = np.radians(aspect[np.isfinite(aspect)])
        way = np.degrees(np.arctan2(np.sin(facing).sum(), np.cos(facing).sum())) % 360.0
        facts: Facts = {
            "mean_percent": float(percent.mean()) if len(percent) else 0.0,
            "most_percent": float(percent.max(initial=0.0)),
            "facing_degrees": float(way),
        }  # fmt: skip
        bands = iso_bands(grid, percent, list(STEEP))
        marks: tuple[Marks, ...] = ()
        if bands:
            entries = tuple(
                Entry(
                    f"{low:g}-{high:g} %" if high < STEEP[-1] else f"> {low:g} %",
                    colour,
                    low=low,
                    high=high,
                )
                for low, high, colour in zip(STEEP[:-1], STEEP[1:], BANDS, strict=True)
            )
            style = Style(
                colour=BANDS[0], outline=None, lift=0.4, fill=0.7,
                colouring=Colouring("slope_percent", "ranges", entries),
            )  # fmt: skip
            attributes = pa.table({
                "row": [STEEP.index(low) for low, _, _ in bands],
                "slope_percent": [(low + min(high, 40.0)) / 2.0 for low, high, _ in bands],
            })  # fmt: skip
            shapes = Shapes.from_shapely(np.array([one for _, _, one in bands], dtype=object))
            marks = (Marks("slope", Features.of(shapes, attributes), "slope_percent", style=style),)
        return Outcome(table, facts, marks, "none", ())


SERVICE = ServiceRadius()
WALL = StreetWall()
FIRE = FireSpacing()
SLOPE = Slope()

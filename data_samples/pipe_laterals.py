"""What hangs on the pipes of the streets: customers, hydrants, gullies, outfalls, sources."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import numpy as np
import shapely
from shapely.geometry import Point as Spot

from data_samples import frame, pipe_drains
from data_samples.buildings import Plot
from data_samples.city import City
from data_samples.frame import Floats
from data_samples.pipe_lines import Node, Service, Stretch, Way, offsets
from data_samples.pipe_pressure import Laid
from data_samples.pipe_survey import Survey

REACH: Final = 150.0
"""Metres within which a plot gets its water."""
USE: Final = 2.5
"""Litres of water per square metre of floor and day."""
HEAD: Final = 44.0
"""Pressure at the sources, metres above their ground."""


class Valves:
    """Where valves stand: on all branches of a junction but the first; lanes at streets only."""

    def __init__(self, service: Service) -> None:
        self._ways: dict[Node, list[Way]] = defaultdict(list)
        for way in service.ways:
            for node in way.stretch.ends:
                self._ways[node].append(way)

    def __call__(self, way: Way, at: int) -> str:
        """Name what stands at a point of a way."""
        last = len(way.points) - 1
        if not way.stretch.edge or at not in {1, last - 1}:
            return ""
        ways = self._ways[way.stretch.ends[0 if at == 1 else 1]]
        if way.stretch.kind == "lane":
            return "阀门井" if any(w.stretch.kind != "lane" for w in ways) else ""
        streets = [w for w in ways if w.stretch.kind != "lane"]
        return "阀门井" if len(streets) > 1 and way is not streets[0] else ""


def _inner(laid: Laid, *, lanes: bool) -> list[tuple[Way, int, int]]:
    """Points between junctions at the usual depth: way, place along it, position."""
    return [
        (way, at, point)
        for way, points in laid.stations
        if lanes or way.stretch.kind != "lane"
        for at, point in enumerate(points, start=1)
        if not way.deep[at] and way.stretch.piece.structure == "ground"
    ]


def hydrants(survey: Survey, laid: Laid) -> None:
    """Put a hydrant at the kerb beside every point of a main between junctions."""
    for way, at, point in _inner(laid, lanes=False):
        normal = way.stretch.normals[at - 1]
        main = survey.points[point]
        place = main.xy - normal * 1.0 + np.array([normal[1], -normal[0]]) * 1.5
        made = survey.point("JS", place, "附属物点", fixture="消防栓",
                            road=main.road)  # fmt: skip
        survey.run(point, made, "JS", "100", "球墨铸铁", (1.30, 1.10), year=2016, road=main.road,
                   facts={"小类": "XS", "压力": 0.35})  # fmt: skip


def customers(survey: Survey, city: City, laid: Laid) -> None:
    """Join every plot with buildings to the nearest main, through a meter at its edge."""
    places = _inner(laid, lanes=True)
    joined: dict[int, int] = defaultdict(int)
    tree = shapely.STRtree([Spot(survey.points[point].xy) for _, _, point in places])
    for plot in city.plots:
        floors = sum(b.area.area * b.floors for b in plot.buildings)
        if floors < 200.0:
            continue
        nearest = tree.query_nearest(plot.area, max_distance=REACH)
        if not len(nearest):
            continue
        way, at, point = places[int(nearest[0])]
        joined[point] += 1
        normal = way.stretch.normals[at - 1]
        aside = np.array([-normal[1], normal[0]]) * (1.0 + 4.0 * joined[point])
        _join(survey, plot, point, floors, aside, lane=way.stretch.kind == "lane")


def _join(
    survey: Survey, plot: Plot, point: int, floors: float, aside: Floats, *, lane: bool
) -> None:
    """Lead a pipe to a plot, a little aside so that it crosses no shaft of the other pipes."""
    main = survey.points[point]
    way = shapely.shortest_line(Spot(main.xy), plot.area)
    first, last = shapely.get_coordinates(way)
    along = (last - first) / max(float(np.hypot(*(last - first))), 1e-9)
    if not plot.area.contains(Spot(last + aside + along * 4.0)):
        aside = np.zeros(2)
    road = main.road
    edge = survey.point("JS", last + aside + along * 1.4, "附属物点", fixture="水表井", road=road)
    inside = survey.point("JS", last + aside + along * 4.0, "预留口", fixture="用户", road=road,
                          note=plot.name_zh)  # fmt: skip
    survey.points[inside].facts["demand_lps"] = round(floors * USE / 86400.0, 3)
    size = "150" if floors > 20000.0 else "100"
    year = max((b.year for b in plot.buildings), default=2010)
    year = min(max(year, 1975), 2024)
    facts = {"压力": 0.3}
    deep = 1.0 if lane else 2.3
    survey.run(point, edge, "JS", size, "PE", (1.30, deep), year=year, road=main.road, facts=facts)
    survey.run(edge, inside, "JS", size, "PE", (deep, 1.2), year=year, road=main.road,
               facts=dict(facts))  # fmt: skip


def gullies(survey: Survey, laid: pipe_drains.Laid) -> None:
    """Put a gully at the kerb on the side of the sewage pipe, near every storm manhole."""
    for point, invert, way, at in laid.manholes:
        if way.deep[at] or way.stretch.kind == "lane":
            continue
        stretch, manhole = way.stretch, survey.points[point]
        normal = stretch.normals[at - 1]
        aside = stretch.kerb - 0.5 - offsets(stretch)["storm"]
        place = manhole.xy + normal * aside + np.array([normal[1], -normal[0]]) * 6.0
        low = min(2.5, manhole.ground - invert)
        if float(survey.ground(place)[0]) - 1.1 < manhole.ground - low + 0.1:
            continue  # the street is too steep here
        made = survey.point("YS", place, "起止井", fixture="雨水篦", road=manhole.road)
        survey.run(made, point, "YS", "200", "HDPE", (1.1, low), year=2012, road=manhole.road)


def river_outfalls(
    survey: Survey, laid: pipe_drains.Laid, sizes: dict[int, int], roots: list[Node]
) -> None:
    """Lead storm water from the streets along the banks into the river."""
    for node in roots:
        point = laid.points.get(node)
        if point is None or point not in sizes:
            continue
        manhole, size = survey.points[point], sizes[point]
        s, t = frame.unbend([manhole.xy])[0]
        bank = frame.bend([(s, 0.1 if t > 0 else -0.1)])[0]
        along = bank - manhole.xy
        far = float(np.hypot(*along))
        along /= far
        steps = np.arange(20.0, far + 14.0, 1.0)
        walk = manhole.xy + steps[:, None] * along
        fall = pipe_drains.SLOPES[size]
        invert = laid.inverts[node] - fall * steps
        open_ = np.flatnonzero(survey.ground(walk) < invert + 0.15)
        end = max(int(open_[0]) - 1, 0) if len(open_) else len(steps) - 1
        length = float(steps[end])
        places = [manhole.xy + along * length / 2.0, walk[end]]
        middle = survey.point("YS", places[0], "检查井", fixture="雨水检查井", chamber="1000",
                              road=manhole.road)  # fmt: skip
        mouth = survey.point("YS", places[1], "出水口", fixture="出水口", road=manhole.road)
        level = laid.inverts[node]
        for a, b in ((point, middle), (middle, mouth)):
            lower = level - fall * length / 2.0
            survey.run(a, b, "YS", str(size), "混凝土", road=manhole.road, year=2014, depths=(
                survey.points[a].ground - level, survey.points[b].ground - lower))  # fmt: skip
            level = lower


def source(survey: Survey, laid: Laid, place: Floats, name: str, size: str) -> None:
    """Feed the mains from a reservoir into the nearest junction."""
    nodes = list(laid.points.values())
    away = [float(np.hypot(*(survey.points[k].xy - place))) for k in nodes]
    main = survey.points[nodes[int(np.argmin(away))]]
    tank = survey.point("JS", place, "起止点", fixture="水源", note=name, road=main.road)
    survey.points[tank].facts["head_m"] = round(survey.points[tank].ground + HEAD, 2)
    survey.run(tank, nodes[int(np.argmin(away))], "JS", size, "钢", (1.8, 2.2), year=2011,
               road=main.road, facts={"小类": "SS", "压力": 0.45})  # fmt: skip


def boxes(survey: Survey, laid: Laid, code: str, side: int) -> None:
    """Put a substation or a distribution box at the red line beside every third point."""
    word, size, cover = {"GD": ("箱式变电站", "120", 0.9), "XX": ("光缆交接箱", "110", 0.9)}[code]
    for count, (way, at, point) in enumerate(_inner(laid, lanes=False)):
        if count % 3:
            continue
        main = survey.points[point]
        normal = way.stretch.normals[at - 1]
        room = way.stretch.half - abs(offsets(way.stretch)["power" if code == "GD" else "telecom"])
        made = survey.point(code, main.xy + side * normal * (room + 1.0), "附属物点", fixture=word,
                            road=main.road)  # fmt: skip
        facts = {"电压": 10.0, "电缆根数": 1} if code == "GD" else {"电缆根数": 2}
        survey.run(point, made, code, size, "铜" if code == "GD" else "PVC", (cover, cover),
                   burial="直埋" if code == "GD" else "管埋", year=2016, road=main.road,
                   facts=facts)  # fmt: skip


def in_heat(stretch: Stretch, part: tuple[float, float, float, float]) -> bool:
    """Whether a stretch lies in a part of the sheet and is wide enough for hot water."""
    if stretch.kind not in {"arterial", "collector"} or stretch.frontage:
        return False
    s, t = frame.unbend([stretch.line.interpolate(0.5, normalized=True).coords[0]])[0]
    return bool(part[0] < s < part[1] and part[2] < t < part[3])

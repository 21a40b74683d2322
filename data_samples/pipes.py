"""The pipes under the district: eight classes, from the streets to the survey."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from data_samples import frame, pipe_laterals, pipe_places, pipe_pressure
from data_samples.city import City
from data_samples.frame import Floats
from data_samples.pipe_drains import Laid as Drains
from data_samples.pipe_drains import lay_drains
from data_samples.pipe_lines import Node, Service, Stretch, Way, ground_reader, lay, stretches
from data_samples.pipe_pressure import lay_pipes
from data_samples.pipe_survey import Survey

HEATED: Final = (780.0, 2170.0, 60.0, 1240.0)
"""The part of the sheet with hot water: from, to along the river, from, to away from it."""
TUNNEL: Final = ("新区大道", 430.0, 1290.0)
"""Street, and from where to where along the river there is a utility tunnel under it."""
GASES: Final = ("锻造街", "东湾一路", "工业路", "东湾二路")
"""Streets with pipes of industrial gases."""
WORKS: Final = {"water": "滨江水厂", "sewage": "东湾污水处理厂"}
"""Plots of the works."""
PUMPS: Final = (3050.0, 92.0)
"""Where the sewage of the north bank leaves the sheet."""


def lay_everything(city: City, heights: Floats, cell: float) -> Survey:
    """Lay all pipes.

    Parameters
    ----------
    city : City
        Streets and plots.
    heights : (rows, columns) ndarray of float64
        Terrain, metres.
    cell : float
        Its cells, metres.

    Returns
    -------
    Survey
        Without errors; `data_samples.pipe_errors` plants them.
    """
    survey = Survey(ground_reader(heights, cell))
    pieces = [p for p in city.pieces if p.structure == "ground"
              or (p.structure == "bridge" and p.street.kind == "arterial")]  # fmt: skip
    found = stretches(pieces)
    dry = [s for s in found if s.piece.structure == "ground"]
    depths = _drains(survey, city, dry)
    _water(survey, city, lay(found, "water"))
    streets = [s for s in dry if s.kind != "lane"]
    _cables(survey, city, streets)
    _hot_and_gas(survey, streets)
    _tunnel(survey, lay(streets, "tunnel", _has_tunnel), depths)
    pipe_places.mark_burst(survey)
    pipe_places.plan_main(survey)
    for point, depth in _deepest(survey).items():
        if survey.points[point].fixture.endswith(("检查井", "泵站", "工井", "人孔")):
            survey.points[point].depth = depth
    return survey


def _nearest(service: Service, xy: Floats) -> Node:
    return min(service.meet, key=lambda node: float(np.hypot(*(np.asarray(node) - xy))))


def _plot(city: City, name: str) -> Floats:
    spot = next(plot.area for plot in city.plots if plot.name_zh == name).representative_point()
    return np.array([spot.x, spot.y])


def _drains(survey: Survey, city: City, dry: list[Stretch]) -> dict[Node, float]:
    """Lay storm water, then sewage below it; give how deep the sewage is at junctions, metres."""
    service = lay(dry, "storm")
    away = dict(zip(service.meet, frame.unbend(list(service.meet))[:, 1].tolist(), strict=True))
    roots = [node for node, t in away.items() if 0.0 < t < 130.0 or -100.0 < t < 0.0]
    storm = lay_drains(survey, service, roots, "YS", {})
    below = _depths(survey, storm)
    sizes: dict[int, int] = {}
    for run in survey.runs:
        sizes[run.end] = max(int(run.size), sizes.get(run.end, 0))
    pipe_laterals.river_outfalls(survey, storm, sizes, roots)
    pipe_laterals.gullies(survey, storm)
    service = lay(dry, "sewage")
    works = _plot(city, WORKS["sewage"])
    south, north = _nearest(service, works), _nearest(service, frame.bend([PUMPS])[0])
    sewage = lay_drains(survey, service, [north, south], "WS", below)
    survey.points[sewage.points[north]].fixture = "污水提升泵站"
    end = survey.point("WS", works, "出水口", fixture="污水厂总出口", road="")
    level = sewage.inverts[south]
    size = max(int(run.size) for run in survey.runs if run.end == sewage.points[south])
    step = float(np.hypot(*(works - survey.points[sewage.points[south]].xy)))
    survey.run(sewage.points[south], end, "WS", str(size), "混凝土", year=2009, depths=(
        survey.points[sewage.points[south]].ground - level,
        survey.points[end].ground - level + 0.001 * step))  # fmt: skip
    return _depths(survey, sewage)


def _depths(survey: Survey, laid: Drains) -> dict[Node, float]:
    return {node: survey.points[laid.points[node]].ground - invert
            for node, invert in laid.inverts.items()}  # fmt: skip


def _water(survey: Survey, city: City, service: Service) -> None:
    first = len(survey.runs)
    laid = lay_pipes(survey, service, pipe_pressure.WATER, pipe_pressure.water,
                     pipe_laterals.Valves(service))  # fmt: skip
    for run in survey.runs[first:]:  # the crossing of the river lies below its bed
        if run.burial == "顶管":
            levels = [survey.points[k].ground for k in (run.start, run.end)]
            ends = [k in laid.points.values() for k in (run.start, run.end)]
            run.depths = tuple(  # type: ignore[assignment]  # two of them
                round(pipe_pressure.WATER.crossing if end else level - 27.0, 3)
                for end, level in zip(ends, levels, strict=True)
            )
    pipe_laterals.hydrants(survey, laid)
    pipe_laterals.customers(survey, city, laid)
    pipe_laterals.source(survey, laid, _plot(city, WORKS["water"]), "滨江水厂清水池", "800")
    south = frame.bend([(424.0, -880.0)])[0] + (26.0, 0.0)
    pipe_laterals.source(survey, laid, south, "城南干管", "600")


def _cables(survey: Survey, city: City, streets: list[Stretch]) -> None:
    del city

    def shaft(word: str) -> Any:
        return lambda way, at: "" if way.deep[at] and 0 < at < len(way.points) - 1 else word

    wide = [s for s in streets if not s.frontage]
    laid = lay_pipes(survey, lay(streets, "power"), pipe_pressure.POWER, pipe_pressure.power,
                     shaft("电力工井"))  # fmt: skip
    pipe_laterals.boxes(survey, laid, "GD", -1)
    laid = lay_pipes(survey, lay(wide, "telecom"), pipe_pressure.TELECOM, pipe_pressure.telecom,
                     shaft("通信人孔"))  # fmt: skip
    pipe_laterals.boxes(survey, laid, "XX", 1)
    lay_pipes(survey, lay(wide, "lighting"), pipe_pressure.LIGHTING, pipe_pressure.lighting,
              lambda _way, _at: "路灯", joined=False)  # fmt: skip


def _hot_and_gas(survey: Survey, streets: list[Stretch]) -> None:
    service = lay(streets, "gas")
    lay_pipes(survey, service, pipe_pressure.GAS, pipe_pressure.gas, pipe_laterals.Valves(service))
    service = lay(streets, "heat", lambda s: pipe_laterals.in_heat(s, HEATED))
    lay_pipes(survey, service, pipe_pressure.HEAT, pipe_pressure.heat,
              pipe_laterals.Valves(service))  # fmt: skip
    service = lay(streets, "industry", lambda s: s.piece.street.name_zh in GASES)
    lay_pipes(survey, service, pipe_pressure.INDUSTRY, pipe_pressure.industry, lambda _w, _a: "")


def _has_tunnel(stretch: Stretch) -> bool:
    name, first, last = TUNNEL
    if stretch.piece.street.name_zh != name:
        return False
    s = frame.unbend([stretch.line.interpolate(0.5, normalized=True).coords[0]])[0, 0]
    return bool(first < s < last)


INSIDE: Final = (
    # class, metres left of the middle, metres below the roof, size, compartment, rack, facts
    ("GD", 1.6, 1.2, "150", "电力舱", "3", {"电压": 110.0, "电缆根数": 3}),
    ("RS", -0.9, 1.9, "400", "综合舱", "1", {"压力": 1.6}),
    ("XX", -2.3, 0.8, "110", "综合舱", "3", {"电缆根数": 8}),
)
"""What lies in the utility tunnel."""


def _inside(
    survey: Survey, way: Way, depths: list[float], tunnels: list[str],
    ends: dict[tuple[str, Node], int],
) -> None:  # fmt: skip
    """Lay the pipes inside of a stretch of the tunnel; each run names the run of the tunnel."""
    along = np.diff(way.points, axis=0)
    along /= np.hypot(*along.T)[:, None]
    across = np.column_stack([-along[:, 1], along[:, 0]])
    across = np.vstack([across[:1], (across[:-1] + across[1:]) / 2.0, across[-1:]])
    road = way.stretch.piece.street.name_zh
    nodes = [way.stretch.ends[0], *[None] * (len(way.points) - 2), way.stretch.ends[1]]
    for code, left, below, size, room, rack, facts in INSIDE:
        here: list[int] = []
        for node, xy in zip(nodes, way.points + across * left, strict=True):
            point = ends.get((code, node)) if node else None
            if point is None:
                point = survey.point(code, xy, "管廊内", road=road)
            if node:
                ends[code, node] = point
            here.append(point)
        for k, tunnel in enumerate(tunnels):
            told = {**facts, "管廊": tunnel, "所在舱室": room, "支架": rack}
            material = {"GD": "铜", "RS": "钢", "XX": "PVC"}[code]
            deep = (depths[k] + below, depths[k + 1] + below)
            survey.run(here[k], here[k + 1], code, size, material, deep, burial="管廊", year=2019,
                       road=road, facts=told)  # fmt: skip


def _tunnel(survey: Survey, service: Service, sewage: dict[Node, float]) -> None:
    """Lay the utility tunnel below all drains that cross it, with the pipes inside."""
    shafts: dict[Node, int] = {}
    ends: dict[tuple[str, Node], int] = {}
    for way in service.ways:
        here, level = [], []
        deep = [max(sewage.get(node, 0.0), 4.0) + 0.6 for node in way.stretch.ends]
        last = len(way.points) - 1
        for at, xy in enumerate(way.points):
            node = way.stretch.ends[0] if at == 0 else way.stretch.ends[1] if at == last else None
            if node not in shafts:
                made = survey.point("ZH", xy, "检查井", fixture="综合管廊检查井", chamber="1500",
                                    road=way.stretch.piece.street.name_zh)  # fmt: skip
                if node is not None:
                    shafts[node] = made
            else:
                made = shafts[node]
            here.append(made)
            share = 0.0 if at <= 1 else 1.0 if at >= last - 1 else at / last
            level.append(round(deep[0] * (1.0 - share) + deep[1] * share, 2))
        numbers = []
        for k in range(len(here) - 1):
            run = survey.run(
                here[k], here[k + 1], "ZH", "3400x6200", "混凝土", (level[k], level[k + 1]),
                burial="管廊", year=2019, road=way.stretch.piece.street.name_zh,
                facts={"舱室": "电力舱 2.4x3.0 支架 6；综合舱 3.2x3.0 支架 4"},
            )  # fmt: skip
            numbers.append(run.number)
        _inside(survey, way, level, numbers, ends)


def _deepest(survey: Survey) -> dict[int, float]:
    """How deep the lowest pipe at each point is, metres."""
    found: dict[int, float] = {}
    for run in survey.runs:
        tall = float(run.size.split("x")[0]) / 1000.0
        below = 0.0 if run.code in {"YS", "WS", "HS"} else tall
        for point, depth in zip((run.start, run.end), run.depths, strict=True):
            found[point] = max(found.get(point, 0.0), round(depth + below, 3))
    return found

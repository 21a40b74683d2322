"""Drains: trees of streets that fall to the river and to the sewage works, manhole by manhole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from data_samples.frame import Floats
from data_samples.pipe_lines import Node, Service, Way
from data_samples.pipe_survey import Ground, Survey, years

SLOPES: Final = {300: 0.003, 400: 0.002, 500: 0.0015, 600: 0.0012, 800: 0.001, 1000: 0.0008,
                 1200: 0.0007, 1500: 0.0006}  # fmt: skip
"""Least fall of a drain by its diameter in millimetres."""
CROWN: Final = 2.6
"""Least cover of a drain between junctions, metres."""
CROSSING: Final = 3.6
"""Least cover of a drain at junctions, where all other pipes pass above it, metres."""
LANE: Final = 1.9
"""Least cover of a drain in a lane, metres."""
LIFT: Final = 8.0
"""Where the invert of sewage arrives deeper, a pump station lifts it, metres."""
STORM: Final = ((130.0, 300), (260.0, 400), (460.0, 500), (820.0, 600), (1600.0, 800),
                (2800.0, 1000), (5200.0, 1200), (np.inf, 1500))  # fmt: skip
"""Metres of drains upstream up to which a diameter in millimetres is enough."""
SEWAGE: Final = ((450.0, 300), (1200.0, 400), (2600.0, 500), (5200.0, 600), (11000.0, 800),
                 (24000.0, 1000), (np.inf, 1200))  # fmt: skip
"""The same for sewage."""


@dataclass(slots=True, eq=False)
class Chain:
    """One stretch in the direction of flow.

    Attributes
    ----------
    way : Way
        Where it lies.
    order : list of int
        Its points, upstream first.
    top : Node or None
        The junction above; None for one that begins in the stretch.
    foot : Node
        The junction below.
    """

    way: Way
    order: list[int]
    top: Node | None
    foot: Node

    @property
    def length(self) -> float:
        """Metres in plan."""
        step = np.diff(self.way.points[self.order], axis=0)
        return float(np.hypot(*step.T).sum())


@dataclass(slots=True, eq=False)
class Laid:
    """A system that was laid.

    Attributes
    ----------
    points : dict of Node to int
        Its manholes at junctions.
    inverts : dict of Node to float
        Lowest invert at each junction, metres.
    manholes : list of (int, float, Way, int)
        Manholes between junctions: point, invert, way and place along it.
    """

    points: dict[Node, int] = field(default_factory=dict)
    inverts: dict[Node, float] = field(default_factory=dict)
    manholes: list[tuple[int, float, Way, int]] = field(default_factory=list)


def chains(service: Service, roots: list[Node], ground: Ground) -> list[Chain]:
    """Find which way each stretch drains; each chain comes before those below it.

    Stretches on the easiest way to a root are joined at both ends; the others begin in the
    stretch, near their higher end.
    """
    nodes = list(service.meet)
    place = {node: k for k, node in enumerate(nodes)}
    level = ground(np.array([service.meet[node] for node in nodes]))
    ends = np.array([[place[node] for node in way.stretch.ends] for way in service.ways])
    length = np.array([way.stretch.line.length for way in service.ways])
    rise = level[ends[:, 1]] - level[ends[:, 0]]
    weight = [length + 150.0 * np.maximum(up, 0.0) for up in (rise, -rise)]
    upstream, downstream = ends.T
    graph = coo_array(
        (np.concatenate(weight), (np.concatenate([downstream, upstream]),
                                  np.concatenate([upstream, downstream]))),
        shape=(len(nodes), len(nodes)),
    ).tocsr()  # fmt: skip
    start = np.array([place[node] for node in roots])
    far, before, _ = dijkstra(graph, indices=start, min_only=True, return_predecessors=True)
    made: list[tuple[float, Chain]] = []
    used: set[int] = set()
    for way, (a, b) in zip(service.ways, ends.tolist(), strict=True):
        if not np.isfinite(far[a]) or a == b:
            continue
        forth = list(range(len(way.points)))
        for from_, to, order in ((a, b, forth), (b, a, forth[::-1])):
            if before[from_] == to and from_ not in used:
                used.add(from_)
                made.append((float(far[from_]), Chain(way, order, nodes[from_], nodes[to])))
                break
        else:
            down = forth if level[b] <= level[a] else forth[::-1]
            foot = b if level[b] <= level[a] else a
            if way.stretch.edge:
                made.append((float(far[foot]) + 0.001, Chain(way, down[1:], None, nodes[foot])))
    made.sort(key=lambda item: -item[0])
    return [chain for _, chain in made]


def _needed(way: Way, below: Mapping[Node, float], diameter: float) -> Floats:
    """Depth that the invert needs at each point of a way, metres."""
    usual = LANE if way.stretch.kind == "lane" else CROWN
    need = np.where(way.deep, CROSSING, usual) + diameter
    edge = way.stretch.edge
    for side, node in enumerate(way.stretch.ends):
        at = [0, 1][: 1 + edge] if side == 0 else [-1, -2][: 1 + edge]
        need[at] = np.maximum(need[at], below.get(node, 0.0) + 0.25 + diameter)
    return need


def lay_drains(
    survey: Survey,
    service: Service,
    roots: list[Node],
    code: str,
    below: Mapping[Node, float],
) -> Laid:
    """Lay a system of drains.

    Parameters
    ----------
    survey : Survey
        Gets the points and runs.
    service : Service
        Where it lies.
    roots : list of Node
        Junctions where it leaves the streets.
    code : str
        ``YS`` or ``WS``; sewage in lanes is combined, ``HS``.
    below : mapping of Node to float
        Depths at junctions that it has to pass below, metres.
    """
    laid = Laid()
    sizes = STORM if code == "YS" else SEWAGE
    arriving: dict[Node, list[tuple[float, int]]] = defaultdict(list)
    upstream: dict[Node, float] = defaultdict(float)
    for found in chains(service, roots, survey.ground):
        way, chain = found.way, found
        if chain.top and not arriving[chain.top]:  # nothing comes from above: it begins below
            if not way.stretch.edge:
                continue
            chain = Chain(way, chain.order[1:], None, chain.foot)
        street = way.stretch.piece.street
        own = "HS" if code == "WS" and way.stretch.kind == "lane" else code
        before = arriving[chain.top] if chain.top else []
        load = (upstream[chain.top] if chain.top else 0.0) + chain.length
        upstream[chain.foot] += load
        size = max([next(dn for most, dn in sizes if load <= most), *(dn for _, dn in before)])
        diameter = size / 1000.0
        need = _needed(way, below, diameter)[chain.order]
        here = [_manhole(survey, laid, way, at, chain, own) for at in chain.order]
        level = np.array([survey.points[k].ground for k in here])
        crown = min((invert + dn / 1000.0 for invert, dn in before), default=np.inf)
        invert = min(float(level[0] - need[0]), crown - diameter,
                     *(invert for invert, _ in before))  # fmt: skip
        if code == "WS" and before and level[0] - invert > LIFT:
            survey.points[here[0]].fixture = "提升泵站"
            invert = float(level[0] - need[0])
        year = years(street.name_zh, way.stretch.kind, 1 if code == "YS" else 2)
        for k in range(len(here) - 1):
            step = float(np.hypot(*(way.points[chain.order[k + 1]] - way.points[chain.order[k]])))
            lower = min(invert - SLOPES[size] * step, float(level[k + 1] - need[k + 1]))
            survey.run(
                here[k], here[k + 1], own, str(size),
                "混凝土" if size >= 600 or year < 2005 else "HDPE",
                (level[k] - invert, level[k + 1] - lower), year=year, road=street.name_zh,
            )  # fmt: skip
            invert = lower
            if k + 1 < len(here) - 1:
                laid.manholes.append((here[k + 1], invert, way, chain.order[k + 1]))
        arriving[chain.foot].append((invert, size))
        laid.inverts[chain.foot] = min(invert, laid.inverts.get(chain.foot, np.inf))
    return laid


def _manhole(survey: Survey, laid: Laid, way: Way, at: int, chain: Chain, code: str) -> int:
    """The manhole at a point of a chain: shared at junctions, new between them."""
    last = len(way.points) - 1
    junction = way.stretch.ends[0] if at == 0 else way.stretch.ends[1] if at == last else None
    if junction is not None and junction in laid.points:
        return laid.points[junction]
    word = {"YS": "雨水检查井", "WS": "污水检查井", "HS": "合流检查井"}[code]
    feature = "起止井" if chain.top is None and at == chain.order[0] else "检查井"
    xy = way.points[at]
    if feature == "起止井":  # a head stands clear of what crosses here
        after = way.points[chain.order[1]] - xy
        xy = xy + 0.3 * after
    made = survey.point(code, xy, feature, fixture=word, chamber="1000",
                        road=way.stretch.piece.street.name_zh)  # fmt: skip
    if junction is not None:
        laid.points[junction] = made
    return made

"""Water, gas, heat, cables and industry pipes: laid at the usual cover, deeper at junctions.

At junctions every class has a level of its own, one below the other in the order of GB 50289:
telecom, power, gas, heat, water; the drains pass below all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from data_samples.pipe_lines import Node, Service, Way
from data_samples.pipe_survey import Survey, years


@dataclass(frozen=True, slots=True)
class Sort:
    """One class of pipes as it is laid.

    Attributes
    ----------
    code : str
        Letters of the class.
    cover, crossing : float
        Depth of the top between and at junctions, metres.
    number : int
        Which years it was laid in.
    """

    code: str
    cover: float
    crossing: float
    number: int


WATER: Final = Sort("JS", 1.30, 2.58, 3)
GAS: Final = Sort("TR", 1.20, 1.68, 4)
HEAT: Final = Sort("RS", 1.30, 2.10, 5)
POWER: Final = Sort("GD", 0.85, 1.22, 6)
TELECOM: Final = Sort("XX", 0.90, 0.70, 7)
LIGHTING: Final = Sort("LD", 0.75, 0.75, 8)
INDUSTRY: Final = Sort("DQ", 1.60, 2.10, 9)


@dataclass(slots=True, eq=False)
class Laid:
    """A service that was laid.

    Attributes
    ----------
    points : dict of Node to int
        Its points at junctions.
    stations : list of (Way, list of int)
        Points of each way, junctions left out.
    """

    points: dict[Node, int] = field(default_factory=dict)
    stations: list[tuple[Way, list[int]]] = field(default_factory=list)


Says = Callable[[Way], dict[str, Any]]


def lay_pipes(
    survey: Survey, service: Service, sort: Sort, says: Says, fixture: Callable[[Way, int], str],
    *, joined: bool = True,
) -> Laid:  # fmt: skip
    """Lay a service at the cover of its sort.

    Parameters
    ----------
    survey : Survey
        Gets the points and runs.
    service : Service
        Where it lies.
    sort : Sort
        Depths.
    says : callable
        Size, material, burial and other facts of the runs of a way.
    fixture : callable
        What stands at a point of a way, "" for nothing; the last argument is its place there.
    joined : bool
        Whether ways meet at junctions; else they end beside them.
    """
    laid = Laid()
    for way in service.ways:
        facts = says(way)
        code = facts.pop("code", sort.code)
        road = way.stretch.piece.street.name_zh
        year = years(road, way.stretch.kind, sort.number)
        last = len(way.points) - 1
        order = range(len(way.points)) if joined else range(1, last)
        if len(order) < 2:
            continue
        here: list[int] = []
        for at in order:
            node = way.stretch.ends[0] if at == 0 else way.stretch.ends[1] if at == last else None
            if node in laid.points:
                here.append(laid.points[node])
                continue
            word = fixture(way, at)
            made = survey.point(code, way.points[at], _feature(word, node), fixture=word,
                                road=road)  # fmt: skip
            if node is not None:
                laid.points[node] = made
            here.append(made)
        deep = np.where(way.deep, sort.crossing, sort.cover)[list(order)]
        for k in range(len(here) - 1):
            survey.run(here[k], here[k + 1], code, depths=(deep[k], deep[k + 1]), year=year,
                       road=road, **facts)  # fmt: skip
        laid.stations.append((way, here[1:-1] if joined else here))
    return laid


def _feature(word: str, node: Node | None) -> str:
    if node is not None:
        return "多通点"
    return "附属物点" if word else "直线点"


def water(way: Way) -> dict[str, Any]:
    """Mains by class of street."""
    size = {"arterial": 600, "collector": 300, "local": 200, "lane": 100}[way.stretch.kind]
    if way.stretch.piece.structure == "bridge":
        return {"size": "600", "material": "钢", "burial": "顶管", "facts": {"压力": 0.35}}
    material = "PE" if size <= 200 else "球墨铸铁"
    return {"size": str(size), "material": material, "facts": {"压力": 0.35}}


def gas(way: Way) -> dict[str, Any]:
    """Medium pressure A under large streets, B under the others."""
    large = way.stretch.kind in {"arterial", "collector"}
    facts = {"压力": 0.3 if large else 0.1}
    return {"size": "250" if large else "160", "material": "PE", "facts": facts}


def heat(_way: Way) -> dict[str, Any]:
    """Hot water of the business district, flow and return in one casing."""
    return {"size": "300", "material": "钢", "facts": {"压力": 1.0}}


def power(way: Way) -> dict[str, Any]:
    """Duct banks of the 10 kV network."""
    large = way.stretch.kind == "arterial"
    return {"size": "300x600" if large else "300x400", "material": "CPVC", "burial": "排管",
            "facts": {"电压": 10.0, "电缆根数": 6 if large else 3,
                      "孔数": "2x4" if large else "2x3"}}  # fmt: skip


def telecom(way: Way) -> dict[str, Any]:
    """Duct banks; data under large streets, telephone under the others."""
    large = way.stretch.kind in {"arterial", "collector"}
    return {"size": "250x300", "material": "PVC", "burial": "排管", "code": "XX" if large else "DH",
            "facts": {"电缆根数": 12 if large else 6, "孔数": "2x3"}}  # fmt: skip


def lighting(_way: Way) -> dict[str, Any]:
    """A cable in the soil behind the kerb."""
    return {"size": "50", "material": "铜", "facts": {"电压": 0.38, "电缆根数": 1}}


def industry(way: Way) -> dict[str, Any]:
    """Gases of the works: nitrogen, and oxygen beside the foundry."""
    oxygen = way.stretch.piece.street.name_zh in {"锻造街", "东湾一路"}
    return {"size": "150", "material": "钢", "code": "YQ" if oxygen else "DQ",
            "facts": {"压力": 0.8}}  # fmt: skip

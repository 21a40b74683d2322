"""The network as a survey has it: points with numbers, and runs between two of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from data_samples.frame import Floats

Ground = Callable[[Floats], Floats]

OWNERS: Final = {
    "JS": "滨江水务集团", "YS": "滨江排水公司", "WS": "滨江排水公司", "HS": "滨江排水公司",
    "TR": "滨江燃气公司", "RS": "滨江热力公司", "GD": "滨江供电公司", "LD": "滨江路灯管理所",
    "XX": "中国滨江通信", "DH": "中国滨江通信", "QQ": "滨江气体公司", "YQ": "滨江气体公司",
    "DQ": "滨江气体公司", "ZH": "滨江管廊公司",
}  # fmt: skip
"""Who a class of pipes belongs to; the firms are invented."""
CONTACTS: Final = {
    owner: f"027-8800{number:02d}00"
    for number, owner in enumerate(dict.fromkeys(OWNERS.values()), start=11)
}
"""Telephone numbers of the owners, invented like them."""


@dataclass(slots=True, eq=False)
class Point:
    """A surveyed point.

    Attributes
    ----------
    number : str
        Such as ``JS00012``; its letters are the class.
    xy : (2,) ndarray
        Plan metres.
    ground : float
        Level of the ground, metres.
    feature, fixture : str
        What is there, in the words of Chinese surveys.
    road : str
        Street.
    depth : float
        Depth of its bottom, metres; NaN where it has no shaft.
    chamber : str
        Size of the shaft.
    note : str
        Remark.
    facts : dict
        ``demand_lps``, ``head_m``.
    """

    number: str
    xy: Floats
    ground: float
    feature: str
    fixture: str = ""
    road: str = ""
    depth: float = float("nan")
    chamber: str = ""
    note: str = ""
    facts: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Run:
    """A surveyed run between two points.

    Attributes
    ----------
    number : str
        Its own number.
    start, end : int
        Positions of its points.
    code : str
        Letters of its class.
    size : str
        Millimetres: a diameter, or height x width.
    material, burial : str
        In Chinese.
    depths : (float, float)
        At its ends, metres: of the invert of drains, of the top of everything else.
    year : int
        When it was laid.
    road : str
        Street.
    facts : dict
        Other columns of the table of lines.
    """

    number: str
    start: int
    end: int
    code: str
    size: str
    material: str
    depths: tuple[float, float]
    burial: str = "直埋"
    year: int = 2015
    road: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Survey:
    """All points and runs, numbered class by class as they come.

    Attributes
    ----------
    ground : callable
        Level of the ground at plan points.
    points, runs : lists
        The tables.
    """

    ground: Ground
    points: list[Point] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def point(self, code: str, xy: Floats, feature: str, **facts: Any) -> int:
        """Add a point and give its position."""
        number = self._numbers.get(code, 0) + 1
        self._numbers[code] = number
        place = np.round(np.asarray(xy, dtype=float), 3)
        level = float(self.ground(place)[0])
        self.points.append(Point(f"{code}{number:05d}", place, level, feature, **facts))
        return len(self.points) - 1

    def run(
        self, start: int, end: int, code: str, size: str, material: str,
        depths: tuple[float, float], **facts: Any,
    ) -> Run:  # fmt: skip
        """Add a run and give it."""
        a, b = self.points[start], self.points[end]
        made = Run(f"{a.number}-{b.number}", start, end, code, size, material,
                   (round(float(depths[0]), 3), round(float(depths[1]), 3)), **facts)  # fmt: skip
        made.facts = dict(made.facts)
        self.runs.append(made)
        return made

    def length(self) -> float:
        """Length of all runs in plan, metres."""
        start = np.array([self.points[run.start].xy for run in self.runs])
        end = np.array([self.points[run.end].xy for run in self.runs])
        return float(np.hypot(*(end - start).T).sum())


def years(street: str, kind: str, spread: int) -> int:
    """When a street's pipes of one sort were laid: old streets early, the new east late."""
    rng = np.random.default_rng([sum(street.encode()), spread])
    first, last = {"lane": (1978, 1996), "local": (1996, 2018)}.get(kind, (1998, 2021))
    return int(rng.integers(first, last))

"""Two places of the pipes that examples and tests speak of: a burst, and a planned water main.

The planned main is drawn with three conflicts of known size. All of them can be computed from the
rows of the survey: a level is ground less depth, of the top of mains, ducts and gas, of the invert
of drains.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from data_samples.frame import Floats, unbend
from data_samples.pipe_survey import Run, Survey

BURST_AT: Final = "滨江新区人民医院"
"""The main that feeds this customer is the one that bursts."""
BURST_NOTE: Final = "爆管演练点"
"""Remark of its row in the table of lines."""
PLANNED: Final = ("建设路", 1730.0, 1930.0)
"""Street, and from where to where along the river the planned main lies under it."""
PLANNED_NOTE: Final = "规划给水管DN300"
DIAMETER: Final = 0.3
"""Of the planned main, metres."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """What the planned main is too near to.

    Attributes
    ----------
    code : str
        Letters of the other class.
    what : str
        ``beside`` or ``crossing``.
    required, actual : float
        Clearance of GB 50289 and as drawn, metres.
    """

    code: str
    what: str
    required: float
    actual: float


CONFLICTS: Final = (
    Conflict("GD", "beside", 0.50, 0.30),
    Conflict("TR", "crossing", 0.15, 0.05),
    Conflict("YS", "crossing", 0.40, 0.25),
)
"""The three conflicts, in the order along the planned main."""


def mark_burst(survey: Survey) -> Run:
    """Find the main that feeds the hospital, and say in its row that it bursts."""
    end = next(k for k, point in enumerate(survey.points)
               if point.note == BURST_AT and point.fixture == "用户")  # fmt: skip
    joined = {run.end: run for run in survey.runs}
    main = joined[joined[end].start].start
    mains = [run for run in survey.runs if run.start == main and int(run.size) >= 200]
    burst = mains[0] if mains else joined[main]
    burst.facts["备注"] = BURST_NOTE
    return burst


def _runs(survey: Survey, code: str) -> list[Run]:
    """Runs of a class along the street of the planned main, each at its place."""
    name, first, last = PLANNED
    found = []
    for run in survey.runs:
        if run.code != code or run.road != name:
            continue
        s = unbend([(survey.points[run.start].xy + survey.points[run.end].xy) / 2.0])[0, 0]
        length = float(np.hypot(*(survey.points[run.end].xy - survey.points[run.start].xy)))
        if first < s < last and length > 40.0:
            found.append(run)
    return found


def _crossed(survey: Survey, code: str, at: Floats, along: Floats) -> tuple[Floats, float, float]:
    """Where a line from a place meets a class: the place, the run's level there, its height."""
    best: tuple[float, Floats, float, float] | None = None
    for run in _runs(survey, code):
        a, b = survey.points[run.start], survey.points[run.end]
        way = b.xy - a.xy
        wide = along[0] * way[1] - along[1] * way[0]
        away = a.xy - at
        reach = float((away[0] * way[1] - away[1] * way[0]) / wide)
        share = float((away[0] * along[1] - away[1] * along[0]) / wide)
        if 0.0 < share < 1.0 and reach > 0.0 and (best is None or reach < best[0]):
            levels = [point.ground - depth for point, depth in zip((a, b), run.depths, strict=True)]
            level = levels[0] + share * (levels[1] - levels[0])
            best = reach, at + along * reach, level, float(run.size.split("x")[0]) / 1000.0
    assert best is not None, f"nothing of {code} is crossed"
    return best[1], best[2], best[3]


def plan_main(survey: Survey) -> list[Run]:
    """Draw the planned main: nearest to the power ducts where it begins, under gas, over a drain.

    Levels do not change where it crosses, so that each clearance is a difference of two levels.
    """
    duct = _runs(survey, "GD")[0]
    a, b = survey.points[duct.start].xy, survey.points[duct.end].xy
    along = (b - a) / np.hypot(*(b - a))
    inward = np.array([-along[1], along[0]])
    width = float(duct.size.split("x")[1]) / 1000.0
    first = a + along * 8.0 + inward * (width / 2.0 + CONFLICTS[0].actual + DIAMETER / 2.0)
    corner = first + along * 30.0 + inward * 0.35
    gas, gas_top, gas_size = _crossed(survey, "TR", corner, inward)
    drain, invert, drain_size = _crossed(survey, "YS", corner, inward)
    main, _, _ = _crossed(survey, "JS", corner, inward)
    under = gas_top - gas_size - CONFLICTS[1].actual
    over = invert + drain_size + CONFLICTS[2].actual + DIAMETER
    places = (first, corner, gas + inward * 2.0, drain - inward * 5.0, main - inward * 2.0)
    levels = (under, under, under, over, over)
    points = [
        survey.point(
            "JS", xy, "预留口" if k in {0, 4} else "转折点", road=PLANNED[0], note=PLANNED_NOTE
        )
        for k, xy in enumerate(places)
    ]
    depths = [survey.points[point].ground - level
              for point, level in zip(points, levels, strict=True)]  # fmt: skip
    return [
        survey.run(points[k], points[k + 1], "JS", f"{DIAMETER * 1000.0:.0f}", "球墨铸铁",
                   (depths[k], depths[k + 1]), year=2026, road=PLANNED[0],
                   facts={"状态": "规划", "压力": 0.35, "备注": PLANNED_NOTE})
        for k in range(4)
    ]  # fmt: skip

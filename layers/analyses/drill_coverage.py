"""Whom help reaches in time and whom it does not: one by one, or by district."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from layers.analyses.base import Note, Outcome, Reads, asking
from layers.analyses.choosing import layers_named
from layers.analyses.drill_reach import Facts, layers_read, way_notes
from layers.analyses.marks import shape_marks
from layers.drills.in_service import moment_in, service_facts, service_note
from layers.drills.response import (
    VEHICLES,
    Helpers,
    areas_facts,
    district_of,
    helpers_of,
    residents_of,
    router_of,
    streets_of,
)
from layers.kinds.base import Layer
from layers.kinds.valid_time import Moment
from layers.progress import Progress
from layers.project import Project
from layers.routing.arrivals import seconds_at
from layers.rules import chosen
from layers.rules.rule import Rule, Status, judge, worst
from layers.shapes import Bools, Floats, Ints

LISTED = ("unreached", "all", "districts")
RULE = "fire-station.minutes"
Texts = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class CoverageParams:
    """What is asked.

    Attributes
    ----------
    places, sort : str
        Layer and sort of those who help.
    goals : str
        Layer of whom they shall reach; "" takes the buildings.
    goal_sort : str
        Sort of them.
    limit : float
        Minutes; 0 takes the rule.
    turnout : float
        Minutes before a crew leaves.
    listed : str
        Whether rows are those not reached, all, or the districts.
    zones : tuple of str
        Layers of districts; none means all.
    pack : str
        Rule pack.
    layers, vehicle, factor, against, junction, roads, closed, closed_layer, closed_by,
    ready, when
        As of `layers.analyses.drill_reach.ReachParams`.
    """

    places: str = asking("", "layer")
    sort: str = asking("fire-station", "text")
    goals: str = asking("", "layer")
    goal_sort: str = asking("", "text")
    limit: float = asking(0.0, "number", unit="min", low=0.0, high=1440.0)
    turnout: float = asking(1.0, "number", unit="min", low=0.0, high=60.0)
    listed: str = asking("unreached", "choice", choices=LISTED)
    zones: tuple[str, ...] = asking((), "layers", kinds=("districts",))
    vehicle: str = asking("car", "choice", choices=VEHICLES)
    factor: float = asking(1.0, "number", low=0.1, high=5.0)
    against: bool = asking(False, "flag")
    junction: float = asking(0.0, "number", low=0.0, high=300.0)
    roads: tuple[str, ...] = asking((), "layers", kinds=("roads",))
    closed: tuple[tuple[float, ...], ...] = asking((), "area")
    closed_layer: str = asking("", "layer")
    closed_by: str = asking("", "zones")
    layers: tuple[str, ...] = asking((), "layers", kinds=("buildings",))
    ready: bool = asking(True, "flag")
    when: str = asking("", "moment")
    pack: str = asking("", "pack")


@dataclass(frozen=True, slots=True, eq=False)
class _Goals:
    layer: Texts
    ids: Ints
    names: Texts
    coords: Floats
    people: Floats
    gone: tuple[str, ...] = ()


class DrillCoverage:
    """The analysis ``drill-coverage``."""

    key: ClassVar[str] = "drill-coverage"
    Params: ClassVar[type[CoverageParams]] = CoverageParams
    group: ClassVar[str] = "drill"
    columns: ClassVar[dict[str, str]] = {"goals_count": "drill-goals"}

    def reads(self, project: Project, params: CoverageParams) -> Reads:
        """Places, goals, streets, districts, rules."""
        ids = [layer.id for layer in streets_of(project, params.roads)]
        ids += layers_read(project, (), params.places, params.closed_layer, params.goals)
        if not params.goals:
            ids += [layer.id for layer in layers_named(project, params.layers, "buildings")]
        ids += [layer.id for layer in _districts(project, params)]
        return Reads(
            tuple(dict.fromkeys(ids)), packs=(params.pack or chosen.ALL,),
            about=("fire-station.", "people.", "floor-area."), ground=False,
            more={**(service_facts(project, ids, params.when) if params.ready else {}),
                  **areas_facts(project, params.closed_by)},
        )  # fmt: skip

    def run(self, project: Project, params: CoverageParams, progress: Progress) -> Outcome:
        """Hold the time to every goal against the limit."""
        moment = moment_in(project, params.when)
        helpers = helpers_of(project, (), params.places, params.sort, ready=params.ready,
                             kind="resources", moment=moment, timed=params.ready)  # fmt: skip
        progress.step(0, 3, "progress-ways")
        router, shut = router_of(
            project, params.roads, params.vehicle, factor=params.factor, against=params.against,
            closed=params.closed, closed_layer=params.closed_layer, closed_by=params.closed_by,
            junction_s=params.junction,
        )  # fmt: skip
        rules = chosen.rules((params.pack,))
        rule = None if params.limit > 0.0 else rules.find(RULE)
        limit = params.limit if rule is None else rule.high
        limit = limit if limit > 0.0 else 5.0
        progress.step(1, 3, "progress-ways")
        goals = _goals(project, params, moment)
        minutes = seconds_at(router, helpers.coords, goals.coords) / 60.0 + params.turnout
        progress.step(2, 3, "progress-ways")
        in_time = minutes <= limit
        statuses = np.array([_status(rule, own, limit) for own in minutes.tolist()], dtype=object)
        names, zone = district_of(_districts(project, params), goals.coords)
        table, row = _table(params.listed, goals, minutes, in_time, statuses, names, zone, limit)
        facts: Facts = {
            "stations_count": len(helpers), "goals_count": len(goals.ids),
            "limit_minutes": limit, "unreached_count": int((~in_time).sum()),
            "reached_percent": float(in_time.mean() * 100.0) if len(in_time) else 0.0,
            "closed_count": shut,
        }  # fmt: skip
        if goals.people.sum() > 0:
            facts["unreached_population_count"] = round(float(goals.people[~in_time].sum()))
        notes = (*_notes(params, helpers, rule, moment), *service_note(goals.gone, moment))
        missed = np.flatnonzero(row >= 0)
        marks = shape_marks(
            "drill-coverage", "point", [place[None] for place in goals.coords[missed]],
            {"row": row[missed], "status": statuses[missed].tolist()},
        )  # fmt: skip
        return Outcome(table, facts, marks, worst(statuses.tolist()), notes)


def _status(rule: Rule | None, minutes: float, limit: float) -> Status:
    if rule is None:
        return "pass" if minutes <= limit else "fail"
    if rule.verified or minutes > limit:
        return judge(rule, min(minutes, 1e6)).status
    return "pass"


def _notes(
    params: CoverageParams, helpers: Helpers, rule: Rule | None, moment: Moment
) -> tuple[Note, ...]:
    notes = [*way_notes(params.vehicle, params.turnout, params.junction, helpers, moment)]
    if rule is not None and not rule.verified:
        notes.append(Note("drill_rule_unverified", {"clause": rule.clause, "minutes": rule.high}))
    return tuple(notes)


def _districts(project: Project, params: CoverageParams) -> list[Layer]:
    return layers_named(project, params.zones, "districts", needed=False)


def _goals(project: Project, params: CoverageParams, moment: Moment) -> _Goals:
    if params.goals and project.layer(params.goals).kind != "buildings":
        found = helpers_of(project, (), params.goals, params.goal_sort, ready=False,
                           kind="resources", moment=moment, timed=params.ready)  # fmt: skip
        return _Goals(found.layers, found.ids, found.names, found.coords, np.zeros(len(found)),
                      found.gone)  # fmt: skip
    names = (params.goals,) if params.goals else params.layers
    people = residents_of(layers_named(project, names, "buildings"), chosen.rules((params.pack,)))
    _, first = np.unique(
        np.array([f"{a}:{b}" for a, b in zip(people.layer, people.ids, strict=True)], dtype=object)
        .astype(str), return_index=True,
    )  # fmt: skip
    first = np.sort(first)
    called = np.array([str(number) for number in people.ids[first]], dtype=object)
    return _Goals(people.layer[first], people.ids[first], called, people.coords[first],
                  people.people[first])  # fmt: skip


def _table(
    listed: str, goals: _Goals, minutes: Floats, in_time: Bools, statuses: Texts,
    names: list[str], zone: Ints, limit: float,
) -> tuple[pa.Table, Ints]:  # fmt: skip
    """Give the rows, and the row of each goal, -1 for none."""
    if listed == "districts":
        return _by_district(goals, minutes, in_time, statuses, names, zone)
    rows = np.flatnonzero(~in_time) if listed == "unreached" else np.arange(len(in_time))
    rows = rows[np.argsort(-minutes[rows], kind="stable")]
    at = np.full(len(in_time), -1, dtype=np.int64)
    at[rows] = np.arange(len(rows))
    named = np.array([*names, ""], dtype=object)
    table = pa.table({
        "name": pa.array(goals.names[rows].tolist(), pa.string()),
        "district": pa.array(named[zone[rows]].tolist(), pa.string()),
        "minutes": pa.array(np.where(np.isfinite(minutes[rows]), minutes[rows], np.nan)),
        "required_minutes": np.full(len(rows), limit),
        "population_count": np.round(goals.people[rows]),
        "status": pa.array(statuses[rows].tolist(), pa.string()),
        "layer": pa.array(goals.layer[rows].tolist(), pa.string()),
        "object": goals.ids[rows],
        "east": goals.coords[rows, 0], "north": goals.coords[rows, 1],
    })  # fmt: skip
    return table, at


def _by_district(
    goals: _Goals, minutes: Floats, in_time: Bools, statuses: Texts, names: list[str], zone: Ints
) -> tuple[pa.Table, Ints]:
    groups = [*range(len(names)), -1]
    groups = [k for k in groups if (zone == k).any()]
    rows = []
    row = np.full(len(zone), -1, dtype=np.int64)
    for number, k in enumerate(groups):
        own = zone == k
        row[own] = number
        longest = float(minutes[own].max())
        rows.append({
            "district": names[k] if k >= 0 else "outside-districts", "goals_count": int(own.sum()),
            "reached_count": int((own & in_time).sum()),
            "reached_percent": float(in_time[own].mean() * 100.0),
            "population_count": round(float(goals.people[own].sum())),
            "unreached_population_count": round(float(goals.people[own & ~in_time].sum())),
            "longest_minutes": longest if np.isfinite(longest) else float("nan"),
            "status": worst(statuses[own].tolist()),
        })  # fmt: skip
    return pa.Table.from_pylist(rows), row


ANALYSIS = DrillCoverage()

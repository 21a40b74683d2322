"""What is wrong with the resources that a plan counts on: gone, out of service, not valid then."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from layers.drills.clock import Timetable, timetable
from layers.drills.export import begins_of
from layers.drills.in_service import moment_in, of_datetime
from layers.drills.plan import Plan, Unit
from layers.drills.problems import Problem
from layers.errors import CityError
from layers.kinds.base import Features
from layers.kinds.emergency import Emergency
from layers.kinds.valid_time import Moment
from layers.project import Project


def begins_at(project: Project, plan: Plan) -> Moment:
    """Give the moment of second 0 of a plan; the project's where it names none, or none that is.

    Raises
    ------
    CityError
        ``daylight.moment`` where the project's is none either.
    """
    if not plan.begins:
        return moment_in(project)
    try:
        return of_datetime(project, begins_of(plan))
    except CityError:
        return moment_in(project)


def resource_problems(project: Project, plan: Plan) -> list[Problem]:
    """List what is wrong with the resources of a city that the units of a plan are.

    A unit whose resource is outside of its valid time while a step needs it is told with the step
    and the moment; one whose resource is out of service, or not there any more, too.
    """
    found: list[Problem] = []
    if plan.begins:
        try:
            begins_of(plan)
        except CityError:
            found.append(Problem("no_moment", grave=False, facts={"text": plan.begins[:40]}))
    layers = {layer.id: layer for layer in project.of_kind("resources")}
    said: dict[str, Emergency] = {}
    table, start = timetable(plan), begins_at(project, plan)
    for unit in plan.units:
        if not unit.layer:
            continue
        layer = layers.get(unit.layer)
        if layer is None or not isinstance(layer.data, Features):
            found.append(Problem("resource_gone", unit.id, False, {"unit": unit.name}))
            continue
        if layer.id not in said:
            said[layer.id] = Emergency.of(layer.data, layer.kind, layer.name)
        rows = np.flatnonzero(said[layer.id].ids == unit.object)
        if not len(rows):
            found.append(Problem("resource_gone", unit.id, False, {"unit": unit.name}))
            continue
        found += _of_unit(plan, table, start, unit, said[layer.id], int(rows[0]))
    return found


def _of_unit(
    plan: Plan, table: Timetable, start: Moment, unit: Unit, said: Emergency, row: int
) -> Iterator[Problem]:
    name = str(said.name[row]) or unit.name
    if said.state[row] == "out-of-service":
        yield Problem("resource_out", unit.id, False, {"unit": unit.name, "resource": name})
    if not said.valid.limited[row]:
        return
    begin, end = said.valid.words(row, start.offset)
    mine = [step for step in plan.steps if any(need.unit == unit.id for need in step.units)]
    for step in sorted(mine, key=lambda one: table.begins[one.id]):
        for second in (table.begins[step.id], table.ends[step.id]):
            moment = start.later(second)
            if not said.valid.holds(moment)[row]:
                facts: dict[str, object] = {
                    "unit": unit.name, "resource": name, "step": step.title, "when": moment.text,
                    "begin": begin or "–", "end": end or "–",
                }  # fmt: skip
                yield Problem("not_in_service", step.id, False, facts)
                return

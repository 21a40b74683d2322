"""Resources and hazard sources counted by district and sort; levels of hazardous stores."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from layers.analyses.base import Note, Outcome, Reads, asking
from layers.analyses.choosing import layers_named
from layers.analyses.marks import place_marks
from layers.drills.in_service import called, moment_in, not_now, service_facts, service_note
from layers.drills.major_hazards import NEAR, r_value, substance_of
from layers.drills.response import Residents, district_of, residents_of
from layers.kinds.base import Layer
from layers.kinds.emergency import NOT_NOW, STATES, Emergency
from layers.kinds.valid_time import Moment
from layers.progress import Progress
from layers.project import Project
from layers.rules import chosen
from layers.rules.rule import RuleSet, judge, worst
from layers.shapes import Floats

LISTED = ("sorts", "hazards")
OUTSIDE = "outside-districts"
LEVELS = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class ResourcesParams:
    """What is asked.

    Attributes
    ----------
    listed : str
        Rows: ``sorts`` by district, or each of the ``hazards`` with R and level.
    zones : tuple of str
        Layers of districts; none means no split.
    layers : tuple of str
        Layers of buildings whose people are exposed; none means all visible ones.
    pack : str
        Rule pack of the levels.
    when : str
        Moment at which they are in service or not; "" takes the project's.
    """

    listed: str = asking("sorts", "choice", choices=LISTED)
    zones: tuple[str, ...] = asking((), "layers", kinds=("districts",))
    layers: tuple[str, ...] = asking((), "layers", kinds=("buildings",))
    pack: str = asking("", "pack")
    when: str = asking("", "moment")


class DrillResources:
    """The analysis ``drill-resources``."""

    key: ClassVar[str] = "drill-resources"
    Params: ClassVar[type[ResourcesParams]] = ResourcesParams
    group: ClassVar[str] = "drill"
    columns: ClassVar[Mapping[str, str]] = {
        "unknown_count": "resource-state-unknown",
        "not_in_service_count": "resource-state-not-in-service",
    }

    def reads(self, project: Project, params: ResourcesParams) -> Reads:
        """Resources, hazards, districts; buildings where people are asked for."""
        ids = [layer.id for kind in ("resources", "hazards") for layer in project.of_kind(kind)]
        more = service_facts(project, ids, params.when)
        ids += [project.layer(name).id for name in params.zones]
        if params.listed == "hazards":
            houses = layers_named(project, params.layers, "buildings", needed=False)
            ids += [layer.id for layer in houses]
        return Reads(
            tuple(ids),
            packs=(params.pack or chosen.ALL,),
            about=("hazard.",),
            ground=False,
            more=more,
        )

    def run(self, project: Project, params: ResourcesParams, progress: Progress) -> Outcome:
        """Count, or reckon the levels."""
        progress.step(0, 1, "progress-ways")
        if params.listed == "hazards":
            return _hazards(project, params)
        layers = [x for kind in ("resources", "hazards") for x in project.of_kind(kind)]
        layers = layers or layers_named(project, (), "resources")
        zones = [project.layer(name) for name in params.zones]
        return _sorts(layers, zones, moment_in(project, params.when))


def _sorts(layers: list[Layer], zones: list[Layer], moment: Moment) -> Outcome:
    groups: dict[tuple[str, str, str], dict[str, Any]] = {}
    gone: list[object] = []
    for layer in layers:
        told = Emergency.of(layer.features, layer.kind, layer.name)
        states = told.states(moment)
        gone += called(told)[states == NOT_NOW].tolist()
        names, zone = district_of(zones, told.coords)
        named = [*names, OUTSIDE if zones else ""]
        for k in range(len(told)):
            key = (named[zone[k]], layer.kind, str(told.sort[k]))
            row = groups.setdefault(key, {
                "district": key[0], "kind": key[1], "sort": key[2], "objects_count": 0,
                **{f"{state.replace('-', '_')}_count": 0 for state in (*STATES, NOT_NOW)},
                "quantity": 0.0, "capacity": 0.0,
            })  # fmt: skip
            row["objects_count"] += 1
            row[f"{str(states[k]).replace('-', '_')}_count"] += 1
            if states[k] == NOT_NOW:
                continue
            row["quantity"] += float(np.nan_to_num(told.quantity[k]))
            row["capacity"] += float(np.nan_to_num(told.capacity[k]))
    rows = [groups[key] for key in sorted(groups, key=_order)]
    kinds = [row["objects_count"] for row in rows if row["kind"] == "resources"]
    facts = {
        "resources_count": int(sum(kinds)),
        "hazards_count": int(sum(row["objects_count"] for row in rows)) - int(sum(kinds)),
    }
    if gone:
        facts["not_in_service_count"] = len(gone)
    return Outcome(pa.Table.from_pylist(rows), facts, notes=service_note(gone, moment))


def _order(key: tuple[str, str, str]) -> tuple[bool, list[tuple[int, str]], str, str]:
    """Put district 2 before district 10, and what lies outside all of them last."""
    parts = re.findall(r"\d+|\D+", key[0])
    named = [(int(part), "") if part.isdecimal() else (0, part) for part in parts]
    return key[0] == OUTSIDE, named, key[1], key[2]


def _hazards(project: Project, params: ResourcesParams) -> Outcome:
    rules = chosen.rules((params.pack,))
    people = residents_of(layers_named(project, params.layers, "buildings", needed=False), rules)
    rows: list[dict[str, Any]] = []
    moment = moment_in(project, params.when)
    gone: list[object] = []
    for layer in layers_named(project, (), "hazards"):
        told = Emergency.of(layer.features, "hazards", layer.name)
        away = not_now(told, moment)
        gone += called(told)[away].tolist()
        for k in np.flatnonzero(~away).tolist():
            substance = substance_of(str(told.substance[k]))
            near = _near(people, told.coords[k])
            tonnes = float(told.amount_t[k])
            value = float("nan")
            if substance and np.isfinite(tonnes):
                value = r_value(substance, tonnes, near)
            level, status = _level(rules, value)
            rows.append({
                "name": str(told.name[k]) or str(told.ids[k]), "sort": str(told.sort[k]),
                "substance": str(told.substance[k]), "amount_tonnes": tonnes,
                "population_count": round(near), "r_value": value, "hazard_level": level,
                "status": status, "layer": layer.id, "object": int(told.ids[k]),
                "east": float(told.coords[k, 0]), "north": float(told.coords[k, 1]),
                "level": float(project.ground_at(told.coords[k : k + 1])[0]),
            })  # fmt: skip
    table = pa.Table.from_pylist(rows)
    facts = {"hazards_count": len(rows), "levels_count": sum(bool(r["hazard_level"]) for r in rows)}
    statuses = [row["status"] for row in rows]
    return Outcome(
        table, facts, place_marks(table, "drill-hazard-levels") if rows else (),
        worst(statuses),
        (Note("drill_r_value"), Note("drill_people"), *service_note(gone, moment)),
    )  # fmt: skip


def _near(people: Residents, place: Floats) -> float:
    away = np.hypot(*(people.coords - place).T) if len(people) else np.zeros(0)
    return float(people.people[away <= NEAR].sum())


def _level(rules: RuleSet, value: float) -> tuple[str, str]:
    """Give the level of R by the rules; an unverified rule makes it a warning."""
    for name in LEVELS:
        rule = rules.find("hazard.level", level=name)
        if rule is not None and rule.low <= value and (value < rule.high or name == "I"):
            return name, judge(rule, value).status
    return "", "none"


ANALYSIS = DrillResources()

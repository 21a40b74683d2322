"""Conflicts of what is planned with the whole underground, by severity and cost, as an analysis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from layers.analyses.base import Note, Outcome, Reads, asking
from layers.analyses.pipe_check import (
    PipeCheckParams,
    all_pipes,
    notes,
    outcome,
    reads_of,
    site_of,
)
from layers.errors import CityError
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.kinds.pipes import PLANNED, Pipes
from layers.pipes.checking import CheckParams, Site, check_pipes
from layers.pipes.conflicts import SEVERITIES, with_costs
from layers.pipes.excavation import Soil, soil_of
from layers.pipes.surroundings import Things
from layers.pipes.together import together
from layers.progress import Part, Progress
from layers.project import Project
from layers.rules import chosen
from layers.schemes import base_city


@dataclass(frozen=True, slots=True)
class PipeConflictsParams:
    """What is asked.

    Attributes
    ----------
    layers : tuple of str
        Layers of pipes; empty for all.
    survey_error : bool
        Whether conflicts are told apart as certain and possible by the error of the survey.
    slope : float
        Of the sides of the trenches that planned pipes need, metres outwards for one of height.
    pack : str
        Rule pack, "" for all.
    """

    layers: tuple[str, ...] = asking((), "layers", kinds=("pipes",))
    survey_error: bool = asking(True, "flag")
    slope: float = asking(0.5, "number", low=0.0, high=10.0)
    pack: str = asking("", "pack")


class PipeConflicts:
    """The analysis ``pipe-conflicts``."""

    key: ClassVar[str] = "pipe-conflicts"
    Params: ClassVar[type[PipeConflictsParams]] = PipeConflictsParams
    group: ClassVar[str] = "pipes"
    columns: ClassVar[dict[str, str]] = {
        "soil_m3": "pipe-conflicts-soil", "trench_m": "pipe-conflicts-trench",
    }  # fmt: skip

    def reads(self, project: Project, params: PipeConflictsParams) -> Reads:
        """Pipes, terrain, streets and what stands around, rules."""
        return reads_of(project, _whole(params))

    def run(self, project: Project, params: PipeConflictsParams, progress: Progress) -> Outcome:
        """Hold planned pipes against everything, and all pipes against new buildings of a scheme.

        Raises
        ------
        CityError
            ``pipes.none_planned``.
        """
        layers = all_pipes(project, params.layers)
        whole = together([layer.data for layer in layers if isinstance(layer.data, Pipes)])
        planned, built = whole.pipes.status == PLANNED, new_buildings(project)
        if not planned[whole.pipes.runs].any() and not built:
            raise CityError(
                "pipes.none_planned",
                "No pipe of the project is planned, and no building is new.",
                hint="draw one with Pipes > Plan, or ask about a scheme that has some",
            )
        asked, ids = _whole(params), [layer.id for layer in layers]
        rules = chosen.rules((params.pack,))
        checks = CheckParams(asked.checks, survey_error=params.survey_error)
        tables = []
        if planned.any():
            tables.append(check_pipes(
                whole, ids, rules, site_of(project, asked), checks, of=planned,
                progress=Part(progress, 0.05, 0.8),
            ))  # fmt: skip
        if built:
            tables.append(check_pipes(
                whole, ids, rules, Site(things=built), CheckParams(("surroundings",)),
                of=~planned, progress=Part(progress, 0.8, 0.9),
            ))  # fmt: skip
        table = pa.concat_tables(tables)
        told = with_costs(table, whole, ids, chosen.rules())
        found = outcome(told, whole, tuple(notes(project, asked)))
        severity = told.column("severity")
        facts: dict[str, float | int | str | bool] = {
            "planned_count": int(planned[whole.pipes.runs].sum()),
            "new_buildings_count": sum(len(some.ids) for some in built),
        }
        for word in SEVERITIES:
            facts[f"{word}_count"] = int(pc.sum(pc.equal(severity, word)).as_py() or 0)
        cost = float(np.nansum(np.asarray(told.column("cost").to_numpy(), dtype=np.float64)))
        facts["cost"] = round(cost)
        own = [Note("pipe_conflicts_costs")]
        if planned.any() and project.terrain() is not None:
            soil = _soil(project, layers, params.slope)
            facts |= {"soil_m3": soil.volume, "trench_m": soil.length}
            own.append(Note("pipe_conflicts_soil", {"slope": params.slope}))
            if soil.left_out:
                own.append(Note("pipe_conflicts_no_trench", {"count": soil.left_out}))
        return replace(found, facts=facts, notes=(*found.notes, *own))


def _soil(project: Project, layers: Sequence[Layer], slope: float) -> Soil:
    """Add up what the trenches of all planned runs take out."""
    parts = []
    for layer in layers:
        pipes = layer.data
        if isinstance(pipes, Pipes):
            rows = pipes.runs[pipes.status[pipes.runs] == PLANNED]
            parts.append(soil_of(pipes, pipes.ids[rows], project.ground_at, slope=slope))
    return Soil(
        sum(one.volume for one in parts), sum(one.length for one in parts),
        sum(one.left_out for one in parts),
    )  # fmt: skip


def new_buildings(project: Project) -> list[Things]:
    """Give the buildings of a scheme that the existing city does not have."""
    if not project.schemes.active:
        return []
    there = {held.layer.id: held.data for held in base_city(project)}
    out = []
    for layer in project.of_kind("buildings"):
        data, before = layer.data, there.get(layer.id)
        if not isinstance(data, Buildings):
            continue
        old = before.ids if isinstance(before, Buildings) else np.empty(0, dtype=np.int64)
        new = ~np.isin(data.ids, old) & data.drawn & (data.min_height <= 0.0)
        rows = np.flatnonzero(new)
        if len(rows):
            shapes = data.shapes.take(rows).to_shapely()
            out.append(Things("building", layer.id, data.ids[rows], shapes))
    return out


def _whole(params: PipeConflictsParams) -> PipeCheckParams:
    return PipeCheckParams(layers=params.layers, order=False, pack=params.pack)


ANALYSIS = PipeConflicts()

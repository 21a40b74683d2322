"""Pressure and flow of a water network, as an analysis; see `layers.pipes.hydraulics`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from layers.analyses.base import Note, Outcome, Reads, asking
from layers.analyses.choosing import network_named
from layers.analyses.pipe_burst import PipeBurstParams, burst_of
from layers.analyses.pipe_marks import NetworkMarks
from layers.analyses.pipe_tracing_words import COLUMNS
from layers.kinds.pipes import Pipes
from layers.pipes.burst import Burst
from layers.pipes.hydraulics import (
    HydraulicParams,
    Hydraulics,
    hydraulics,
    run_table,
    without_pressure,
)
from layers.progress import Part, Progress
from layers.project import Project
from layers.rules.rule import Status

SHOWN = 4000  # runs drawn as marks at most; the colours of the pipes themselves show all


@dataclass(frozen=True, slots=True)
class PipeHydraulicsParams:
    """What is asked.

    Attributes
    ----------
    layer : str
        Layer of pipes; "" takes the only one.
    hours : float
        How long, hours; 0 takes what the model says.
    at_hour : float
        Which time the table tells, hours since the beginning.
    run : str
        Number or id of a run that bursts; the answer compares before and after its closure.
    seized, closed : str
        Valves that cannot be moved, and those that are closed already.
    least_m : float
        Pressure that counts as enough, metres of water.
    """

    layer: str = asking("", "layer", kinds=("pipes",))
    hours: float = asking(24.0, "number", unit="h", low=0.0, high=8760.0)
    at_hour: float = asking(0.0, "number", unit="h", low=0.0, high=8760.0)
    run: str = asking("", "text")
    seized: str = asking("", "text")
    closed: str = asking("", "text")
    least_m: float = asking(14.0, "number", unit="m", low=0.0, high=200.0)


class PipeHydraulics:
    """The analysis ``pipe-hydraulics``."""

    key: ClassVar[str] = "pipe-hydraulics"
    Params: ClassVar[type[PipeHydraulicsParams]] = PipeHydraulicsParams
    group: ClassVar[str] = "pipes"
    columns: ClassVar[dict[str, str]] = COLUMNS

    def reads(self, project: Project, params: PipeHydraulicsParams) -> Reads:
        """The pipes alone."""
        return Reads((network_named(project, params.layer),), ground=False)

    def run(self, project: Project, params: PipeHydraulicsParams, progress: Progress) -> Outcome:
        """Compute, twice where something bursts."""
        layer = project.layer(network_named(project, params.layer))
        pipes = layer.data
        assert isinstance(pipes, Pipes)
        before, after, _ = computed(project, params, progress)
        shown = after or before
        at = int(np.argmin(np.abs(shown.seconds - params.at_hour * 3600.0)))
        table = run_table(pipes, shown, at)
        if after is not None:
            was = run_table(pipes, before, at).column("pressure_m").to_numpy(zero_copy_only=False)
            now = table.column("pressure_m").to_numpy(zero_copy_only=False)
            table = table.append_column(
                "pressure_change_m", pa.array(np.round(now - was, 2), from_pandas=True)
            )
        table = table.rename_columns(["object", *table.column_names[1:]])
        table = table.add_column(0, "layer", pa.array([layer.id] * len(table), pa.string()))
        table = table.append_column("status", pa.array(_statuses(table, params.least_m)))
        order = np.argsort(-np.abs(shown.flow[at]), kind="stable")[:SHOWN]
        pressure = table.column("pressure_m").to_numpy(zero_copy_only=False)
        make = NetworkMarks(project, pipes)
        marks = make.make(
            "hydraulics-pressure", "line", make.runs(shown.run_ids[order]),
            {"row": order, "pressure_m": np.nan_to_num(pressure[order])}, field="pressure_m",
        )  # fmt: skip
        facts = hydraulic_facts(shown, params.least_m, at)
        return Outcome(table, facts, marks, _worst(shown), _notes(before, after))


ANALYSIS = PipeHydraulics()


def computed(
    project: Project, params: PipeHydraulicsParams, progress: Progress
) -> tuple[Hydraulics, Hydraulics | None, Burst | None]:
    """Compute before and, where something bursts, after the closure."""
    layer = project.layer(network_named(project, params.layer))
    pipes = layer.data
    assert isinstance(pipes, Pipes)
    before = hydraulics(pipes, HydraulicParams(params.hours), Part(progress, 0.0, 0.5))
    if not params.run:
        return before, None, None
    asked = PipeBurstParams(layer.id, (), params.run, params.seized, params.closed)
    found = burst_of(project, layer, asked, Part(progress, 0.5, 0.6))
    after = hydraulics(pipes, closed_by(found, params.hours), Part(progress, 0.6, 1.0))
    return before, after, found


def closed_by(found: Burst, hours: float) -> HydraulicParams:
    """Give what is computed after the valves of a burst are closed."""
    i = found.isolation
    return HydraulicParams(
        hours, (*i.valves.tolist(), *i.already_closed.tolist()),
        (*i.runs.tolist(), *i.cut_off_runs.tolist()),
        (*i.nodes.tolist(), *i.cut_off_nodes.tolist()),
    )  # fmt: skip


def hydraulic_facts(
    found: Hydraulics, least: float, at: int
) -> dict[str, float | int | str | bool]:
    """Give the headline figures at one time."""
    known = found.pressure[at][np.isfinite(found.pressure[at]) & found.junction]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
    return {
        "runs": len(found.run_ids), "times_count": len(found.seconds),
        "hour": round(float(found.seconds[at]) / 3600.0, 2),
        "pressure_min_m": round(low, 2) + 0.0, "pressure_max_m": round(high, 2),
        "low_pressure_nodes_count": int(without_pressure(found, least).sum()),
        "velocity_max_mps": round(float(np.nanmax(found.velocity[at], initial=0.0)), 2),
    }  # fmt: skip


def _statuses(table: pa.Table, least: float) -> list[str]:
    return [
        "none" if low is None or low >= least else "fail" if low < 0 else "warning"
        for low in table.column("pressure_min_m").to_pylist()
    ]


def _worst(found: Hydraulics) -> Status:
    return "fail" if any(note.key in FAILURES for note in found.notes) else "none"


#: Remarks that mean that the answer cannot be trusted, or that there is no water.
FAILURES = frozenset({
    "hydraulics_negative_nodes", "hydraulics_unbalanced", "hydraulics_disconnected",
    "hydraulics_unstable",
})  # fmt: skip


def _notes(before: Hydraulics, after: Hydraulics | None) -> tuple[Note, ...]:
    if after is None:
        return before.notes
    same = {(note.key, *map(str, note.facts.values())) for note in after.notes}
    old = [n for n in before.notes if (n.key, *map(str, n.facts.values())) not in same]
    return (*after.notes, *([Note("hydraulics_before", {"count": len(old)})] if old else []))

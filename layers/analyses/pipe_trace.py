"""Tracing a network, as an analysis; see `layers.pipes.trace`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import shapely

from layers.analyses.base import Marks, Note, Outcome, Reads, asking
from layers.analyses.choosing import network_named
from layers.analyses.pipe_marks import NetworkMarks
from layers.analyses.pipe_tracing_words import COLUMNS
from layers.kinds.pipes import Pipes
from layers.pipes.naming import names_in, object_called
from layers.pipes.trace import WHATS, Traced, TraceParams, trace
from layers.progress import Progress
from layers.project import Project
from layers.style import Colouring, Entry, Style

CERTAIN = Colouring(
    "certain", "categories",
    (Entry("certain", "#1565c0", value="certain"),
     Entry("uncertain", "#f9a825", value="uncertain")),
)  # fmt: skip
LINES = Style(colour="#1565c0", line_width=5.0, lift=1.0, colouring=CERTAIN)
ENDS = 5  # nodes named in the note on where a trace ends
AREA = Style(colour="#90caf9", outline="#1565c0", line_width=2.0, lift=0.5)


@dataclass(frozen=True, slots=True)
class PipeTraceParams:
    """What is asked.

    Attributes
    ----------
    layer : str
        Layer of pipes; "" takes the only one.
    what : str
        One of `layers.pipes.trace.WHATS`.
    start : str
        Number or id of the run or node to begin at.
    to : str
        Number or id of the node a way leads to.
    metres : float
        How far along the pipes a service area reaches; 0 for all that the start feeds.
    closed : str
        Numbers or ids of closed valves, separated by commas.
    hydraulics : bool
        Whether directions of water are computed first.
    """

    layer: str = asking("", "layer", kinds=("pipes",))
    what: str = asking("connected", "choice", choices=WHATS)
    start: str = asking("", "text", optional=False)
    to: str = asking("", "text")
    metres: float = asking(0.0, "number", unit="m", low=0.0, high=1e6)
    closed: str = asking("", "text")
    hydraulics: bool = asking(False, "flag")


class PipeTrace:
    """The analysis ``pipe-trace``."""

    key: ClassVar[str] = "pipe-trace"
    Params: ClassVar[type[PipeTraceParams]] = PipeTraceParams
    group: ClassVar[str] = "pipes"
    columns: ClassVar[dict[str, str]] = {**COLUMNS, "customers": "tracing-customers-met"}

    def reads(self, project: Project, params: PipeTraceParams) -> Reads:
        """The pipes alone."""
        return Reads((network_named(project, params.layer),), ground=False)

    def run(self, project: Project, params: PipeTraceParams, progress: Progress) -> Outcome:
        """Follow the pipes."""
        layer = project.layer(network_named(project, params.layer))
        pipes = layer.data
        assert isinstance(pipes, Pipes)
        found, notes = traced(pipes, params, progress)
        columns = found.table.rename_columns(
            ["object" if name == "run" else name for name in found.table.column_names]
        )
        table = columns.add_column(0, "layer", pa.array([layer.id] * len(columns), pa.string()))
        return Outcome(table, found.facts, trace_marks(project, pipes, found), "none", notes)


def traced(
    pipes: Pipes, params: PipeTraceParams, progress: Progress
) -> tuple[Traced, tuple[Note, ...]]:
    """Answer with names turned into ids; gives also what was assumed."""
    notes: list[Note] = []
    computed: dict[int, float] | None = None
    if params.hydraulics:
        from layers.pipes.hydraulics import HydraulicParams, hydraulics

        found = hydraulics(pipes, HydraulicParams(hours=1.0), progress)
        computed = found.flows()
        notes += found.notes
    asked = TraceParams(
        params.what, object_called(pipes, params.start),
        object_called(pipes, params.to, node=True) if params.to else 0, params.metres,
        tuple(object_called(pipes, one, node=True) for one in names_in(params.closed)),
    )  # fmt: skip
    answer = trace(pipes, asked, computed)
    if answer.facts["uncertain_runs_count"]:
        facts = {"count": answer.facts["uncertain_runs_count"], "total": answer.facts["runs"]}
        notes.append(Note("trace_uncertain", facts))
    if (why := answer.reason) is not None:
        key = why.key.replace("-", "_")
        notes.append(Note(f"trace_nothing_{key}", {"node": why.number, "count": why.count}))
    if answer.ends:
        names = ", ".join(answer.ends[:ENDS]) + (" …" if len(answer.ends) > ENDS else "")
        notes.append(Note("trace_ends", {"count": len(answer.ends), "names": names}))
    return answer, tuple(notes)


def trace_marks(project: Project, pipes: Pipes, found: Traced) -> tuple[Marks, ...]:
    """Give what was found as lines, and the outline of a service area."""
    make = NetworkMarks(project, pipes)
    sure = ["certain" if one else "uncertain" for one in found.certain.tolist()]
    marks = make.make(
        "traced", "line", make.runs(found.runs),
        {"row": np.arange(len(sure)), "certain": sure}, field="certain", style=LINES,
    )  # fmt: skip
    if found.area is not None:
        ring = shapely.get_coordinates(shapely.get_exterior_ring(found.area))[:-1]
        outline = make.at_level_of(found.runs, [ring])
        marks += make.make("service-area", "area", outline, {"row": [0]}, style=AREA)
    return marks


ANALYSIS = PipeTrace()

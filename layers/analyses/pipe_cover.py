"""How much soil lies over pipes, as an analysis; see `layers.pipes.cover`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from layers.analyses.base import Note, Outcome, Reads, asking
from layers.analyses.choosing import layer_named
from layers.analyses.marks import place_marks
from layers.kinds.pipes import Pipes
from layers.pipes.cover import CoverParams, check_cover
from layers.progress import Progress
from layers.project import Project
from layers.rules import chosen
from layers.rules.rule import worst


@dataclass(frozen=True, slots=True)
class PipeCoverParams:
    """What is asked.

    Attributes
    ----------
    layer : str
        Layer of pipes; "" takes the only one.
    step : float
        Distance between two places that are looked at, metres.
    keep_all : bool
        Whether runs that lie deep enough are listed too.
    pack : str
        Rule pack, "" for all.
    """

    layer: str = asking("", "layer", kinds=("pipes",))
    step: float = asking(5.0, "number", unit="m", low=0.1, high=100.0)
    keep_all: bool = asking(False, "flag")
    pack: str = asking("", "pack")


class PipeCover:
    """The analysis ``pipe-cover``."""

    key: ClassVar[str] = "pipe-cover"
    Params: ClassVar[type[PipeCoverParams]] = PipeCoverParams
    group: ClassVar[str] = "pipes"
    columns: ClassVar[dict[str, str]] = {}

    def reads(self, project: Project, params: PipeCoverParams) -> Reads:
        """Pipes, terrain, rules."""
        layer = layer_named(project, params.layer, "pipes")
        return Reads((layer,), packs=(params.pack or chosen.ALL,), about=("pipes.",))

    def run(self, project: Project, params: PipeCoverParams, progress: Progress) -> Outcome:
        """Hold every run against the cover that the rules ask for."""
        layer = project.layer(layer_named(project, params.layer, "pipes"))
        assert isinstance(layer.data, Pipes)
        found = check_cover(
            layer.data, chosen.rules((params.pack,)), project.ground_at, None,
            CoverParams(params.step, params.keep_all), progress=progress,
        )  # fmt: skip
        table = found.rename_columns(
            ["object" if name == "pipe" else name for name in found.column_names]
        )
        table = table.add_column(0, "layer", pa.array([layer.id] * len(table), pa.string()))
        statuses = table.column("status").to_pylist()
        facts = {
            "runs_count": len(layer.data.runs),
            "shallow_count": int(np.sum(np.array(table.column("shortfall_m").to_pylist()) > 0)),
        }
        notes = () if project.terrain() is not None else (Note("answer_no_terrain"),)
        marks = place_marks(table, "place")
        return Outcome(table, facts, marks, worst(statuses), notes)


ANALYSIS = PipeCover()

"""A burst, as an analysis; see `layers.pipes.burst`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa

from layers.analyses.base import Marks, Outcome, Reads, asking
from layers.analyses.choosing import network_named
from layers.analyses.pipe_marks import NetworkMarks
from layers.analyses.pipe_tracing_words import COLUMNS
from layers.errors import CityError
from layers.kinds.base import Layer
from layers.kinds.pipes import Pipes
from layers.pipes.burst import Burst, BurstParams, Waterworks, burst
from layers.pipes.classes import CLASS_KEYS
from layers.pipes.naming import names_in, number_of, object_called
from layers.progress import Progress
from layers.project import Project
from layers.rules.rule import Status
from layers.shapes import Floats
from layers.style import Colouring, Entry, Style

#: Kinds of layers that streets and whatever hangs on the network come from.
READ = frozenset({"roads", "buildings", "places", "features", "resources"})
#: Colours of what is shut off and of what else loses its water.
ISOLATED, CUT_OFF, VALVE, WALK = "#d32f2f", "#f57c00", "#1a237e", "#1a237e"
SCHEMA = pa.schema(
    [
        ("part", pa.string()), ("step", pa.int64()), ("layer", pa.string()),
        ("object", pa.int64()), ("number", pa.string()), ("what", pa.string()),
        ("why", pa.string()), ("walked_m", pa.float64()), ("away_m", pa.float64()),
        ("length_m", pa.float64()), ("people", pa.float64()), ("instead", pa.string()),
        ("affected_count", pa.int64()), ("east", pa.float64()), ("north", pa.float64()),
        ("status", pa.string()),
    ]
)  # fmt: skip
LINES = Style(
    colour=ISOLATED, line_width=6.0, lift=1.0,
    colouring=Colouring("why", "categories", (
        Entry("isolated", ISOLATED, value="isolated"), Entry("cut-off", CUT_OFF, value="cut-off"),
    )),
)  # fmt: skip
POINTS = Style(
    colour=VALVE, point_size=13.0, lift=1.0, label_field="step", label_colour=VALVE,
    label_size=15.0, label_behind=True,
)  # fmt: skip
PLACE = Style(colour="#ff1744", outline="#ffffff", point_size=18.0, lift=1.0)
WAY = Style(colour=WALK, line_width=2.0, lift=1.2)
LOOKS = {"burst-walk": WAY, "burst-place": PLACE, "burst-valves": POINTS}


@dataclass(frozen=True, slots=True)
class PipeBurstParams:
    """What is asked.

    Attributes
    ----------
    layer : str
        Layer of pipes; "" takes the only one.
    at : (east, north)
        Where it bursts, project metres; the nearest pipe is meant.
    run : str
        Number or id of the run, instead of a place.
    seized : str
        Numbers or ids of valves that cannot be moved, separated by commas.
    closed : str
        Those that are closed already.
    line_class : str
        Class of the network where a place is told.
    """

    layer: str = asking("", "layer", kinds=("pipes",))
    at: tuple[float, ...] = asking((), "point")
    run: str = asking("", "text")
    seized: str = asking("", "text")
    closed: str = asking("", "text")
    line_class: str = asking("water", "choice", choices=("water", "gas", "heat"))


class PipeBurst:
    """The analysis ``pipe-burst``."""

    key: ClassVar[str] = "pipe-burst"
    Params: ClassVar[type[PipeBurstParams]] = PipeBurstParams
    group: ClassVar[str] = "pipes"
    columns: ClassVar[dict[str, str]] = COLUMNS

    def reads(self, project: Project, params: PipeBurstParams) -> Reads:
        """The pipes, the streets people walk along, and what hangs on the network."""
        pipes = network_named(project, params.layer)
        others = [layer.id for layer in project.layers if layer.kind in READ]
        return Reads((pipes, *others), ground=False)

    def run(self, project: Project, params: PipeBurstParams, progress: Progress) -> Outcome:
        """Find valves, and who is without water."""
        layer = project.layer(network_named(project, params.layer))
        found = burst_of(project, layer, params, progress)
        return burst_outcome(project, layer, found)


ANALYSIS = PipeBurst()


def burst_of(project: Project, layer: Layer, params: PipeBurstParams, progress: Progress) -> Burst:
    """Answer with names turned into ids."""
    pipes = layer.data
    assert isinstance(pipes, Pipes)
    run = object_called(pipes, params.run, node=False) if params.run else 0
    line_class = params.line_class
    if run:
        line_class = CLASS_KEYS[pipes.line_class[pipes.index_of([run])[0]]]
    at = None if len(params.at) < 2 else (float(params.at[0]), float(params.at[1]))
    if not run and at is None:
        raise CityError(
            "pipes.burst_where", "It is not told where it bursts.",
            hint="name the run, or a place on it: --run NUMBER or --at EAST,NORTH",
        )  # fmt: skip
    progress.step(0, 2, "progress-burst")
    works = made_ready(project, layer, line_class)
    progress.step(1, 2, "progress-burst")

    def ids(text: str) -> tuple[int, ...]:
        return tuple(object_called(pipes, one, node=True) for one in names_in(text))

    return burst(works, BurstParams(run, at, ids(params.seized), ids(params.closed)))


#: Networks that were made ready, with the data of the layers they were made of.
_READY: WeakKeyDictionary[Pipes, tuple[str, tuple[object, ...], Waterworks]] = WeakKeyDictionary()


def made_ready(project: Project, layer: Layer, line_class: str) -> Waterworks:
    """Give the network of a layer; the same again while no layer it was made of has changed."""
    pipes = layer.data
    assert isinstance(pipes, Pipes)
    of = tuple(one.data for one in project.layers if one.kind in READ)
    known = _READY.get(pipes)
    if known is not None and known[0] == line_class and _same(known[1], of):
        return known[2]
    works = Waterworks.of(project, layer, line_class)
    _READY[pipes] = line_class, of, works
    return works


def _same(old: tuple[object, ...], new: tuple[object, ...]) -> bool:
    return len(old) == len(new) and all(a is b for a, b in zip(old, new, strict=True))


def burst_outcome(project: Project, layer: Layer, found: Burst) -> Outcome:
    """Put everything a burst means into one table, with marks and figures."""
    pipes = layer.data
    assert isinstance(pipes, Pipes)
    rows = _valves(layer, found) + _affected(found) + _seized(layer, found)
    rows += _feeding(layer, found) + _runs(layer, pipes, found)
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    status: Status = "fail" if not found.facts["bounded"] else "none"
    facts = {"run": number_of(pipes, found.run), **found.facts}
    return Outcome(table, facts, burst_marks(project, pipes, found, rows), status, found.notes)


Row = dict[str, Any]


def _valves(layer: Layer, found: Burst) -> list[Row]:
    return [
        {"part": "valve", "step": row["step"], "layer": layer.id, "object": row["valve"],
         "number": row["number"], "what": row["what"], "walked_m": row["walked_m"],
         "why": "assumed" if row["assumed"] else None,
         "east": row["east"], "north": row["north"], "status": "none"}
        for row in found.steps.to_pylist()
    ]  # fmt: skip


def _affected(found: Burst) -> list[Row]:
    return [
        {"part": "hydrant" if row["kind"] == "hydrant" else "affected", "layer": row["layer"],
         "object": row["id"], "number": row["name"], "what": row["kind"], "why": row["why"],
         "away_m": row["away_m"], "people": row["people"], "east": row["east"],
         "north": row["north"],
         "status": "warning" if row["kind"] in {"hospital", "school"} else "none"}
        for row in (*found.affected.to_pylist(), *found.hydrants.to_pylist())
    ]  # fmt: skip


def _seized(layer: Layer, found: Burst) -> list[Row]:
    return [
        {"part": "if-seized", "layer": layer.id, "object": row["valve"], "number": row["number"],
         "instead": row["instead"], "length_m": row["more_length_m"],
         "affected_count": row["more_affected"],
         "what": "possible" if row["possible"] else "impossible", "status": "none"}
        for row in found.if_seized.to_pylist()
    ]  # fmt: skip


def _feeding(layer: Layer, found: Burst) -> list[Row]:
    return [
        {"part": "feeding", "layer": layer.id, "object": row["source"], "number": row["number"],
         "what": row["role"], "length_m": row["longest_detour_m"],
         "affected_count": row["detoured_affected"], "status": "none"}
        for row in found.feeding.to_pylist()
    ]  # fmt: skip


def _runs(layer: Layer, pipes: Pipes, found: Burst) -> list[Row]:
    out: list[Row] = []
    lengths = pipes.shapes.lengths()
    shut = found.isolation
    for why, runs in (("isolated", shut.runs), ("cut-off", shut.cut_off_runs)):
        for run, row in zip(runs.tolist(), pipes.index_of(runs).tolist(), strict=True):
            out.append({"part": "run", "layer": layer.id, "object": run, "why": why,
                        "number": number_of(pipes, run), "status": "none",
                        "length_m": round(float(lengths[row]), 2)})  # fmt: skip
    return out


def burst_marks(project: Project, pipes: Pipes, found: Burst, rows: list[Row]) -> tuple[Marks, ...]:
    """Give the part without water, the walk, the valves numbered, and who is affected."""
    make = NetworkMarks(project, pipes)
    at = [k for k, row in enumerate(rows) if row["part"] == "run"]
    runs = np.array([rows[k]["object"] for k in at], dtype=np.int64)
    why = [rows[k]["why"] for k in at]
    marks = make.make("burst-runs", "line", make.runs(runs), {"row": at, "why": why},
                      field="why", style=LINES)  # fmt: skip

    def put(name: str, form: str, coords: list[Floats], **columns: Any) -> tuple[Marks, ...]:
        style = LOOKS.get(name)
        columns.setdefault("row", np.arange(len(coords)))
        field = "what" if style is None else ""
        placed = make.at_level_of(runs, coords)
        return make.make(name, form, placed, columns, field=field, style=style)

    def spots(*parts: str) -> tuple[list[int], list[Floats]]:
        chosen = [k for k, row in enumerate(rows) if row["part"] in parts]
        return chosen, [np.array([[rows[k]["east"], rows[k]["north"]]]) for k in chosen]

    marks += put("burst-walk", "line", [way for way in found.ways if len(way) > 1])
    marks += put("burst-place", "point", [found.place[None]])
    at, places = spots("valve")
    steps = [str(rows[k]["step"] or "×") for k in at]
    marks += put("burst-valves", "point", places, row=at, step=steps)
    at, places = spots("affected", "hydrant")
    return marks + put(
        "burst-affected", "point", places, row=at, what=[rows[k]["what"] for k in at]
    )

"""Pressure and flow of a water network over time, by the EPANET engine (through WNTR)."""

from __future__ import annotations

import logging
import re
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from layers.errors import CityError
from layers.files.raw import Note
from layers.kinds.pipes import Pipes
from layers.pipes.classes import CLASS_KEYS
from layers.pipes.flow import working
from layers.pipes.isolation import STORES, VALVE
from layers.pipes.water_text import water_text
from layers.progress import Progress, Silent
from layers.shapes import Bools, Floats, Ints
from layers.style import texts

LOW = 14.0  # metres of water that a service connection needs at least, usual for two storeys
NEGATIVE = -0.05  # metres that count as below zero
#: Numbers of the EPANET toolkit.
_DURATION, _BASE_DEMAND, _INITIAL_STATUS, _CONTROLS = 0, 1, 4, 5
_WARNING = re.compile(r"WARNING:\s*(.*?)\s*(?:at\s+([\d:]+)\s*hrs\.?)?\s*$")
_CUT = "hydraulics_disconnected"
#: Beginnings of EPANET's warnings and what they mean here.
_SAID = (
    (re.compile(r"(?i)system unbalanced|maximum trials"), "hydraulics_unbalanced"),
    (re.compile(r"(?i)node (\S+) disconnected"), "hydraulics_disconnected"),
    (re.compile(r"(?i)\d+ additional nodes disconnected"), "hydraulics_disconnected"),
    (re.compile(r"(?i)system disconnected because of link (\S+)"), "hydraulics_disconnected"),
    (re.compile(r"(?i)system hydraulically unstable|unstable"), "hydraulics_unstable"),
    (re.compile(r"(?i)pump (\S+) .*"), "hydraulics_pump"),
    (re.compile(r"(?i)(?:valve|[A-Z]{3}) (\S+) .*"), "hydraulics_valve"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HydraulicParams:
    """What is computed.

    Attributes
    ----------
    hours : float
        How long, hours; 0 takes what the model says. A model without patterns has one moment.
    closed : tuple of int
        Ids of valves that are closed.
    shut : tuple of int
        Ids of runs that are shut off.
    dry : tuple of int
        Ids of nodes that take nothing.
    """

    hours: float = 0.0
    closed: tuple[int, ...] = ()
    shut: tuple[int, ...] = ()
    dry: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Hydraulics:
    """Pressure and flow.

    Attributes
    ----------
    seconds : (t,) int64
        Times since the beginning.
    node_ids, run_ids : (k,), (r,) int64
        Objects of the layer that the model holds.
    pressure : (t, k) float64
        Metres of water; NaN where a node is shut off.
    flow : (t, r) float64
        Litres per second along each run; below zero against it.
    velocity : (t, r) float64
        Metres per second.
    demand : (t, k) float64
        Litres per second taken.
    junction : (k,) bool
        Which nodes are neither reservoirs nor tanks.
    off : (r,) bool
        Which runs are shut off.
    notes : tuple of Note
        What was assumed, and what went wrong.
    """

    seconds: Ints
    node_ids: Ints
    run_ids: Ints
    pressure: Floats
    flow: Floats
    velocity: Floats
    demand: Floats
    junction: Bools
    off: Bools
    notes: tuple[Note, ...]

    def flows(self, at: int = 0) -> dict[int, float]:
        """Give flow by id of run at one time, m3/s, for tracing."""
        return dict(zip(self.run_ids.tolist(), (self.flow[at] / 1000.0).tolist(), strict=True))


def hydraulics(
    pipes: Pipes, params: HydraulicParams = HydraulicParams(), progress: Progress = Silent()
) -> Hydraulics:
    """Compute pressure and flow.

    Parameters
    ----------
    pipes : Pipes
        The layer; the model it was made of is used, else one is written from its water pipes.
    params : HydraulicParams
        What is closed, and how long.
    progress : Progress
        Told of the stages.

    Raises
    ------
    CityError
        ``hydraulics.failed`` with what the engine says, ``hydraulics.no_source``,
        ``hydraulics.no_pipes``.
    """
    progress.step(0, 3, "progress-hydraulics")
    text, by_number, notes = water_text(pipes)
    names = _Names.of(pipes, by_number=by_number)
    with tempfile.TemporaryDirectory() as folder:
        found, warned = _solved(Path(folder), text, names, params, progress)
    progress.step(2, 3, "progress-hydraulics")
    return _placed(pipes, names, found, [*notes, *warned], params)


@dataclass(frozen=True, slots=True, eq=False)
class _Names:
    """Names in the model of the objects of a layer."""

    pipes: Pipes
    node: dict[int, str]
    run: dict[int, str]

    @classmethod
    def of(cls, pipes: Pipes, *, by_number: bool) -> _Names:
        ids = pipes.ids.tolist()
        if not by_number:
            node = {ids[row]: f"n{ids[row]}" for row in pipes.nodes.tolist()}
            return cls(pipes, node, {ids[row]: f"r{ids[row]}" for row in pipes.runs.tolist()})
        numbers = texts(pipes.column("number")).tolist()
        node = {ids[row]: str(numbers[row]) for row in pipes.nodes.tolist()}
        run = {ids[row]: str(numbers[row]) for row in pipes.runs.tolist()}
        return cls(pipes, node, run)

    def links_of(self, run: int) -> tuple[str, ...]:
        """Give names a run may have: its own, that it was cut from, the pump or valve in it."""
        name = self.run[run]
        whole = re.sub(r"/[12]$", "", name)
        return name, whole, re.sub(r"-[12]$", "", whole)

    def closed(self, params: HydraulicParams) -> set[int]:
        """Give the ids of the runs without flow: shut off, or ending at a closed valve."""
        valves = np.array(params.closed, dtype=np.int64)
        pipes = self.pipes
        ends = np.isin(pipes.start_node, valves) | np.isin(pipes.end_node, valves)
        if "state" in pipes.attributes.column_names and not len(pipes.model):
            told = (pipes.role == VALVE) & (texts(pipes.column("state")) == "closed")
            shut = pipes.ids[told]
            ends |= np.isin(pipes.start_node, shut) | np.isin(pipes.end_node, shut)
        return {*pipes.ids[pipes.runs][ends[pipes.runs]].tolist(), *params.shut}


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    seconds: Ints
    nodes: dict[str, int]
    links: dict[str, int]
    pressure: Floats
    demand: Floats
    flow: Floats
    velocity: Floats


@contextmanager
def _quiet() -> Iterator[None]:
    logger = logging.getLogger("wntr")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _solved(
    folder: Path, text: str, names: _Names, params: HydraulicParams, progress: Progress
) -> tuple[_Found, list[Note]]:
    """Let the engine run; the text is written into a folder."""
    from wntr.epanet.exceptions import EpanetException
    from wntr.epanet.io import BinFile
    from wntr.epanet.toolkit import ENepanet

    inp, report, binary = (folder / f"model.{end}" for end in ("inp", "rpt", "bin"))
    inp.write_text(text, encoding="utf-8")
    engine = ENepanet()
    with _quiet():
        try:
            engine.ENopen(str(inp), str(report), str(binary))
            _close(engine, names, params)
            if params.hours > 0:
                engine.ENsettimeparam(_DURATION, round(params.hours * 3600))
            engine.ENsolveH()
            engine.ENsaveH()
        except EpanetException as error:
            raise _failed(report, error) from error
        finally:
            engine.ENclose()
        progress.step(1, 3, "progress-hydraulics")
        made: Any = BinFile().read(str(binary))
    node, link = made.node, made.link
    pressure, flow = node["pressure"], link["flowrate"]
    found = _Found(
        pressure.index.to_numpy(dtype=np.int64),
        {str(name): k for k, name in enumerate(pressure.columns)},
        {str(name): k for k, name in enumerate(flow.columns)},
        pressure.to_numpy(dtype=np.float64), node["demand"].to_numpy(dtype=np.float64) * 1000.0,
        flow.to_numpy(dtype=np.float64) * 1000.0, link["velocity"].to_numpy(dtype=np.float64),
    )  # fmt: skip
    dry = {names.node[node] for node in params.dry if node in names.node}
    return found, said(report.read_text(encoding="utf-8", errors="replace"), dry)


def _close(engine: Any, names: _Names, params: HydraulicParams) -> None:
    """Close what is closed; controls that would open it again are taken out."""
    links: dict[str, int] = {}
    for run in names.closed(params):
        for name in names.links_of(run):
            index = _index(engine.ENgetlinkindex, name)
            if index:
                links[name] = index
    for index in links.values():
        engine.ENsetlinkvalue(index, _INITIAL_STATUS, 0.0)
    shut = set(links.values())
    for number in range(engine.ENgetcount(_CONTROLS) if shut else 0, 0, -1):
        told = engine.ENgetcontrol(number)
        if int(told["linkindex"] if isinstance(told, dict) else told[1]) in shut:
            engine.ENdeletecontrol(number)
    for node in params.dry:
        index = _index(engine.ENgetnodeindex, names.node.get(node, ""))
        if index:
            engine.ENsetnodevalue(index, _BASE_DEMAND, 0.0)


def _index(ask: Any, name: str) -> int:
    """Give the number of a node or link in the engine; 0 for one it does not know."""
    from wntr.epanet.exceptions import EpanetException

    try:
        return int(ask(name)) if name else 0
    except EpanetException:
        return 0


def said(report: str, dry: Collection[str] = ()) -> list[Note]:
    """Put what the engine warned of into remarks: how often, since when, the first name.

    What it says of nodes that are `dry` on purpose is left out; pressures below zero are told
    from the results.

    >>> note = said("  WARNING: System unbalanced at 3:00:00 hrs.")[0]
    >>> note.key, note.facts["count"], note.facts["time"]
    ('hydraulics_unbalanced', 1, '3:00:00')
    """
    count: Counter[str] = Counter()
    first: dict[str, dict[str, object]] = {}
    for line in report.splitlines():
        warned = _WARNING.search(line)
        if warned is None:
            continue
        for pattern, key in _SAID:
            met = pattern.match(warned[1])
            if met is not None:
                name = met[1] if met.groups() else ""
                if key == _CUT and dry and (name in dry or not warned[1].startswith("Node")):
                    break
                count[key] += 1
                first.setdefault(key, {"time": warned[2] or "0:00:00", "name": name or "-"})
                break
        else:
            if "egative pressures" in warned[1]:
                continue
            count["hydraulics_warning"] += 1
            first.setdefault("hydraulics_warning", {"text": warned[1]})
    return [Note(key, {"count": count[key], **facts}) for key, facts in first.items()]


def _failed(report: Path, error: Exception) -> CityError:
    """Tell what the engine could not do, from the first error of its report."""
    why = " ".join(str(error).split())
    if report.exists():
        lines = report.read_text(encoding="utf-8", errors="replace").splitlines()
        named = [" ".join(line.split()) for line in lines if re.search(r"(?i)\berror \d+", line)]
        why = named[0] if named else why
    why = why.rstrip(".:")
    return CityError(
        "hydraulics.failed", f"The hydraulic model cannot be computed: {why}.",
        hint="mend what is named in the model, import it again and try once more", why=why,
    )  # fmt: skip


def _placed(
    pipes: Pipes, names: _Names, found: _Found, notes: list[Note], params: HydraulicParams
) -> Hydraulics:
    """Give what the engine found to the objects of the layer."""
    nodes = {node: found.nodes[name] for node, name in names.node.items() if name in found.nodes}
    runs: dict[int, int] = {}
    for run in names.run:
        name = next((one for one in names.links_of(run) if one in found.links), None)
        if name is not None:
            runs[run] = found.links[name]
    water = working(pipes) & (pipes.line_class == CLASS_KEYS.index("water"))
    missing = int((~np.isin(pipes.ids[pipes.runs], list(runs)) & water[pipes.runs]).sum())
    if missing:
        notes.append(Note("hydraulics_unmatched", {"count": missing}))
    node_ids, at = np.array(list(nodes), dtype=np.int64), np.array(list(nodes.values()), np.int64)
    run_ids, by = np.array(list(runs), dtype=np.int64), np.array(list(runs.values()), np.int64)
    pressure = found.pressure[:, at]
    dry = np.isin(node_ids, np.array(params.dry, dtype=np.int64))
    pressure[:, dry] = np.nan
    flow, velocity = found.flow[:, by], found.velocity[:, by]
    off = np.isin(run_ids, np.array(sorted(names.closed(params)), dtype=np.int64))
    flow[:, off] = velocity[:, off] = 0.0
    junction = ~np.isin(pipes.role[pipes.index_of(node_ids)], STORES)
    below = (pressure < NEGATIVE).any(axis=0) & junction
    if below.any():
        worst = int(np.argmin(np.where(below, np.nan_to_num(pressure, nan=np.inf).min(axis=0), 0)))
        notes.append(Note("hydraulics_negative_nodes", {
            "count": int(below.sum()), "name": names.node[int(node_ids[worst])],
            "metres": f"{float(np.nanmin(pressure[:, worst])):.1f}",
        }))  # fmt: skip
    return Hydraulics(
        found.seconds, node_ids, run_ids, pressure, flow, velocity, found.demand[:, at], junction,
        np.isin(run_ids, np.array(params.shut, dtype=np.int64)),
        tuple(notes),
    )  # fmt: skip


def run_pressure(pipes: Pipes, found: Hydraulics) -> Floats:
    """Give the pressure of each run of the model, the mean of its ends, (t, r) metres.

    Where the model does not hold an end, such as a valve put into a pipe, the end of the whole
    pipe counts.
    """
    at = {node: k for k, node in enumerate(found.node_ids.tolist())}
    rows = pipes.index_of(found.run_ids)
    padded = np.concatenate([found.pressure, np.full((len(found.seconds), 1), np.nan)], axis=1)
    ends = [
        np.array([at.get(node, -1) for node in column[rows].tolist()], dtype=np.int64)
        for column in (pipes.start_node, pipes.end_node)
    ]
    if "number" in pipes.attributes.column_names and min(map(np.min, ends), default=0) < 0:
        numbers = texts(pipes.column("number"))[pipes.index_of(found.node_ids)].tolist()
        by_number = {str(number): k for k, number in enumerate(numbers)}
        for side, name in zip(ends, ("from_number", "to_number"), strict=True):
            missing = np.flatnonzero(side < 0)
            if name in pipes.attributes.column_names and len(missing):
                told = texts(pipes.column(name))[rows[missing]].tolist()
                side[missing] = [by_number.get(str(one), -1) for one in told]
    one, two = padded[:, ends[0]], padded[:, ends[1]]
    made = np.where(np.isnan(one), two, np.where(np.isnan(two), one, (one + two) / 2.0))
    made[:, found.off] = np.nan
    return made


def run_table(pipes: Pipes, found: Hydraulics, at: int = 0) -> pa.Table:
    """Give a table of the runs at one time, and their lowest pressure of all times.

    Returns
    -------
    pyarrow.Table
        ``run``, ``number``, ``flow_lps``, ``velocity_mps``, ``pressure_m``,
        ``pressure_min_m``, ``pressure_max_m``.
    """
    pressure = run_pressure(pipes, found)
    rows = pipes.index_of(found.run_ids)
    numbers: list[str | None] = [None] * len(rows)
    if "number" in pipes.attributes.column_names:
        numbers = texts(pipes.column("number"))[rows].tolist()
    known = ~np.isnan(pressure).all(axis=0)
    low, high = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    low[known], high[known] = np.nanmin(pressure[:, known], 0), np.nanmax(pressure[:, known], 0)

    def column(values: Floats, digits: int) -> pa.Array:
        return pa.array(np.round(values, digits), from_pandas=True)

    return pa.table({
        "run": found.run_ids, "number": pa.array(numbers, pa.string()),
        "flow_lps": column(found.flow[at], 4), "velocity_mps": column(found.velocity[at], 3),
        "pressure_m": column(pressure[at], 2), "pressure_min_m": column(low, 2),
        "pressure_max_m": column(high, 2),
    })  # fmt: skip


def without_pressure(found: Hydraulics, least: float = LOW) -> Bools:
    """Mark the nodes that at some time have less than a pressure, or none, (k,)."""
    low = np.nan_to_num(found.pressure, nan=-1.0).min(axis=0)
    return np.asarray(~(low >= least) & found.junction)

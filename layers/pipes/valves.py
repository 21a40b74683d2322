"""Valves that models and surveys leave out: put into the runs of a network by list or by rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from shapely.ops import substring

from layers.errors import CityError
from layers.kinds.pipes import COLUMNS, RUN, Pipes
from layers.pipes.classes import CLASS_KEYS
from layers.pipes.flow import working
from layers.pipes.graph import Graph
from layers.pipes.isolation import VALVE, sources_of
from layers.shapes import Ints, Shapes
from layers.style import texts

#: ``n``: on every run at a fork; ``n-1``: on all but the widest one.
RULES = ("n", "n-1")
AWAY = 1.0  # metres between a valve and the node it guards
FORK = 3
#: What ``fixture`` says of a valve that nobody surveyed.
ASSUMED_VALVE = "valve assumed"


def valves_by_rule(pipes: Pipes, rule: str = "n-1", line_class: str = "water") -> list[Spot]:
    """Say where valves would stand by a rule: at the forks and at what feeds the network.

    Parameters
    ----------
    pipes : Pipes
        The layer.
    rule : str
        One of ``RULES``.
    line_class : str
        Which class gets them.

    Returns
    -------
    list of (run id, node id)

    Raises
    ------
    CityError
        ``pipes.valve_rule``.
    """
    if rule not in RULES:
        raise CityError(
            "pipes.valve_rule", f"There is no rule '{rule}' for valves.",
            hint="write n (on every run at a fork) or n-1 (on all but the widest)", text=rule,
        )  # fmt: skip
    carrying = working(pipes) & (pipes.line_class == CLASS_KEYS.index(line_class))
    graph = Graph.of(pipes, carrying)
    feeds = sources_of(graph)
    at: list[list[int]] = [[] for _ in graph.nodes]
    for run, (a, b) in enumerate(zip(graph.start.tolist(), graph.end.tolist(), strict=True)):
        at[a].append(run)
        at[b].append(run)
    width = pipes.width[graph.runs]
    role = pipes.role[graph.nodes]
    out: list[Spot] = []
    for node, runs in enumerate(at):
        if role[node] == VALVE or (len(runs) < FORK and not feeds[node]):
            continue
        order = sorted(runs, key=lambda run: (-width[run], run))
        chosen = order if rule == "n" or feeds[node] else order[1:]
        out += [(int(pipes.ids[graph.runs[k]]), int(pipes.ids[graph.nodes[node]])) for k in chosen]
    return out


Spot = tuple[int, int]


def spots_by_names(pipes: Pipes, names: Iterable[tuple[str, str]]) -> list[Spot]:
    """Turn pairs of numbers of a run and of the node beside which its valve stands into ids.

    Raises
    ------
    CityError
        ``pipes.valve_names`` where one is not in the layer, or does not end there.
    """
    named = "number" in pipes.attributes.column_names
    numbers = texts(pipes.column("number")) if named else np.array([], dtype=object)
    runs: dict[str, int] = {}
    nodes: dict[str, int] = {}
    for row in range(len(numbers)):
        (runs if pipes.role[row] == RUN else nodes).setdefault(str(numbers[row]), row)
    out: list[Spot] = []
    bad: list[str] = []
    for run_name, node_name in names:
        run, node = runs.get(run_name), nodes.get(node_name)
        if run is None or node is None:
            bad.append(f"{run_name}, {node_name}")
            continue
        node_id = int(pipes.ids[node])
        if node_id not in (int(pipes.start_node[run]), int(pipes.end_node[run])):
            bad.append(f"{run_name}, {node_name}")
            continue
        out.append((int(pipes.ids[run]), node_id))
    if bad:
        raise CityError(
            "pipes.valve_names",
            f"{len(bad)} valves name no run that ends at their node; first: {bad[0]}.",
            hint="the table needs the columns link and node with numbers of the layer",
            count=len(bad), first=bad[0],
        )  # fmt: skip
    return out


@dataclass(slots=True)
class _Added:
    """Rows that come to a layer."""

    geometry: list[shapely.Geometry] = field(default_factory=list)
    columns: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in COLUMNS})
    facts: list[dict[str, Any]] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)

    def add(
        self, geometry: shapely.Geometry, new_id: int, facts: dict[str, Any], **row: Any
    ) -> None:
        self.geometry.append(geometry)
        self.ids.append(new_id)
        self.facts.append(facts)
        for name in COLUMNS:
            self.columns[name].append(row[name])


def with_valves(pipes: Pipes, spots: Iterable[Spot]) -> tuple[Pipes, Ints]:
    """Put valves into runs, each `AWAY` metres from a node at the run's end.

    The larger piece of a cut run keeps id and number, the others get new ones.

    Parameters
    ----------
    pipes : Pipes
        The layer.
    spots : iterable of (run id, node id)
        Where; the same spot twice counts once.

    Returns
    -------
    Pipes
        The layer with the valves.
    (v,) ndarray of int64
        Ids of the valves, in the order of `spots`.
    """
    wanted = list(dict.fromkeys(spots))
    by_run: dict[int, list[int]] = {}
    for run_id, node_id in wanted:
        by_run.setdefault(run_id, []).append(node_id)
    rows = dict(zip(by_run, pipes.index_of(list(by_run)).tolist(), strict=True)) if by_run else {}
    geometry = pipes.shapes.to_shapely()
    columns = {name: np.array(getattr(pipes, name)) for name in COLUMNS}
    added = _Added()
    stored: dict[int, float] = {}
    next_id = int(pipes.ids.max(initial=0)) + 1
    made: dict[Spot, int] = {}
    for run_id, ends in by_run.items():
        next_id = _cut(pipes, rows[run_id], ends, geometry, columns, added, stored, made, next_id)
    table = _with_facts(pipes, added.facts, stored)
    count = pipes.attributes.num_rows
    joined = Pipes(
        Shapes.from_shapely(np.concatenate([geometry, np.array(added.geometry, dtype=object)])),
        np.concatenate([pipes.ids, np.array(added.ids, dtype=np.int64)]),
        np.concatenate([pipes.feature, np.arange(count, count + len(added.ids))]), table,
        **{name: np.concatenate([columns[name], np.array(added.columns[name], columns[name].dtype)])
           for name in COLUMNS},
        model=pipes.model,
    )  # fmt: skip
    return joined, np.array([made[spot] for spot in wanted], dtype=np.int64)


def _cut(
    pipes: Pipes, row: int, ends: list[int], geometry: Any, columns: dict[str, Any],
    added: _Added, stored: dict[int, float], made: dict[Spot, int], next_id: int,
) -> int:  # fmt: skip
    """Cut one run near one or both of its ends; give the next free id."""
    line = geometry[row]
    length = float(line.length)
    away = min(AWAY, length * 0.25)
    run_id = int(pipes.ids[row])
    begin, goal = int(pipes.start_node[row]), int(pipes.end_node[row])
    low, high = float(pipes.start_level[row]), float(pipes.end_level[row])
    facts = pipes.row(run_id)
    number = str(facts.get("number") or run_id)

    def level(metres: float) -> float:
        return low + (high - low) * (metres / length if length else 0.0)

    own = {name: columns[name][row].item() for name in COLUMNS}
    near, far = 0.0, length
    for end in dict.fromkeys(ends):
        at_start = end == begin
        valve, piece = next_id, next_id + 1
        next_id += 2
        made[run_id, end] = valve
        metres = away if at_start else length - away
        node = dict.fromkeys(COLUMNS, 0) | {
            "role": VALVE, "line_class": own["line_class"], "subclass": own["subclass"],
            "width": 0.0, "height": 0.0, "wall": 0.0, "start_level": np.nan,
            "end_level": level(metres), "level_of": own["level_of"], "status": own["status"],
        }  # fmt: skip
        node["start_level"] = _ground(pipes, end)
        said = {"number": f"{number}-V{1 if at_start else 2}", "fixture": ASSUMED_VALVE}
        added.add(line.interpolate(metres), valve, said, **node)
        cut = {"end_node" if at_start else "start_node": valve,
               "end_level" if at_start else "start_level": level(metres)}  # fmt: skip
        stub = own | {"start_node": begin, "end_node": goal} | cut
        stored_m = facts.get("length_stored_m")
        share = away / length if length else 0.0
        more = {"number": f"{number}/{1 if at_start else 2}"}
        if stored_m is not None:
            more["length_stored_m"] = round(stored_m * share, 4)
            stored[row] = stored.get(row, stored_m) - stored_m * share
        added.add(
            _between(line, 0.0, away) if at_start else _between(line, length - away, length),
            piece, facts | more, **stub,
        )  # fmt: skip
        if at_start:
            near = away
            columns["start_node"][row], columns["start_level"][row] = valve, level(metres)
        else:
            far = length - away
            columns["end_node"][row], columns["end_level"][row] = valve, level(metres)
    geometry[row] = _between(line, near, far)
    return next_id


def _between(line: Any, near: float, far: float) -> shapely.Geometry:
    piece = substring(line, near, far)
    if piece.geom_type == "Point":
        return shapely.LineString([piece, piece])
    return piece


def _ground(pipes: Pipes, node_id: int) -> float:
    at = np.flatnonzero(pipes.ids == node_id)
    return float(pipes.start_level[at[0]]) if len(at) else float("nan")


def _with_facts(pipes: Pipes, facts: list[dict[str, Any]], stored: dict[int, float]) -> pa.Table:
    """Give the attributes with rows for what was added and the lengths of what was cut."""
    table = pipes.attributes
    if stored:
        values = table.column("length_stored_m").to_pylist()
        for row, metres in stored.items():
            values[int(pipes.feature[row])] = round(metres, 4)
        at = table.column_names.index("length_stored_m")
        kind = table.schema.field("length_stored_m").type
        table = table.set_column(at, "length_stored_m", pa.array(values, kind))
    names = [name for name in ("number", "fixture") if name not in table.column_names]
    for name in names:
        table = table.append_column(name, pa.nulls(table.num_rows, pa.string()))
    if not facts:
        return table
    return pa.concat_tables([table, pa.Table.from_pylist(facts, schema=table.schema)])

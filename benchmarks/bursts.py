"""Bursts in a network of fifteen thousand pipes, beside the valve segments of WNTR.

The town is a grid of streets with a pipe in each, a valve on every pipe but one at each corner,
two reservoirs and a house at every second corner. WNTR numbers all segments once, which a burst
would only have to look up; it is measured with fewer pipes and told with the square of the count,
as its lookups grow. Both must find the same segments. Prints one line of JSON; milliseconds.
"""

from __future__ import annotations

import argparse
import json
import time

import numpy as np
import pyarrow as pa
import shapely

from layers.frame import Frame
from layers.kinds.base import Features, Layer
from layers.kinds.pipes import ROLES, Pipes
from layers.pipes.burst import BurstParams, Waterworks, burst
from layers.pipes.graph import Graph
from layers.pipes.hydraulics import HydraulicParams, hydraulics
from layers.pipes.isolation import isolate
from layers.pipes.valves import valves_by_rule, with_valves
from layers.project import Project
from layers.shapes import Shapes

EAST, NORTH = 508_000.0, 3_378_000.0
BLOCK = 100.0  # metres from corner to corner
BURSTS = 60


def town(count: int) -> Pipes:
    """Make a grid of about so many pipes with two reservoirs, still without valves."""
    side = max(round((count / 2) ** 0.5), 3)
    number = np.arange(side * side).reshape(side, side)
    begin = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    goal = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    place = np.column_stack([number.ravel() % side, number.ravel() // side]) * BLOCK
    place += np.array([EAST, NORTH])
    role = np.full(side * side, ROLES.index("tee"))
    role[::2] = ROLES.index("customer")
    role[[0, -1]] = ROLES.index("reservoir")
    nodes, runs = len(place), len(begin)
    lines = shapely.linestrings(np.stack([place[begin], place[goal]], axis=1))
    shapes = Shapes.from_shapely(np.concatenate([shapely.points(place), lines]))
    names = [f"n{k}" for k in range(nodes)] + [f"p{k}" for k in range(runs)]
    random = np.random.default_rng(4)
    none = np.zeros(nodes, dtype=np.int64)
    return Pipes.of_columns(
        Features.of(shapes, pa.table({"number": names})), 0,
        np.concatenate([np.zeros(nodes), random.choice([0.1, 0.2, 0.3, 0.6], runs)]),
        role=np.concatenate([role, np.zeros(runs)]),
        start_node=np.concatenate([none, begin + 1]), end_node=np.concatenate([none, goal + 1]),
        start_level=np.full(nodes + runs, 20.0), end_level=np.full(nodes + runs, 20.0),
    )  # fmt: skip


def segments_of_wntr(pipes: Pipes, spots: list[tuple[int, int]]) -> tuple[float, dict[str, int]]:
    """Let WNTR number the segments; give the seconds and the segment of each pipe."""
    import networkx as nx
    import pandas as pd
    import wntr

    names = dict(zip(pipes.ids.tolist(), pipes.column("number").to_pylist(), strict=True))
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(names[node] for node in pipes.ids[pipes.nodes].tolist())
    for row in pipes.runs.tolist():
        ends = names[int(pipes.start_node[row])], names[int(pipes.end_node[row])]
        graph.add_edge(*ends, names[int(pipes.ids[row])])
    layer = pd.DataFrame([(names[r], names[n]) for r, n in spots], columns=["link", "node"])
    begun = time.perf_counter()
    _, links, _ = wntr.metrics.valve_segments(graph, layer)
    return time.perf_counter() - begun, {str(k): int(v) for k, v in links.items()}


def same(pipes: Pipes, spots: list[tuple[int, int]], theirs: dict[str, int]) -> bool:
    """Say whether what a burst shuts off is the segment of WNTR, for some pipes."""
    cut, _ = with_valves(pipes, spots)
    graph = Graph.of(cut)
    names = dict(zip(cut.ids.tolist(), cut.column("number").to_pylist(), strict=True))
    for run in pipes.ids[pipes.runs][::17].tolist():
        mine = {names[k] for k in isolate(graph, run).runs.tolist()} & set(theirs)
        if mine != {name for name, number in theirs.items() if number == theirs[names[run]]}:
            return False
    return True


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=15_000)
    parser.add_argument("--few", type=int, default=1_500)
    options = parser.parse_args()
    plain = town(options.count)
    pipes, valves = with_valves(plain, valves_by_rule(plain))
    project = Project(Frame("EPSG:4547"))
    layer = Layer("pipes", "water", pipes)
    project.insert_layer(layer)
    begun = time.perf_counter()
    works = Waterworks.of(project, layer)
    ready = time.perf_counter() - begun
    took = []
    for run in plain.ids[plain.runs][:: max(len(plain.runs) // BURSTS, 1)].tolist():
        begun = time.perf_counter()
        burst(works, BurstParams(run))
        took.append(time.perf_counter() - begun)
    begun = time.perf_counter()
    hydraulics(pipes, HydraulicParams(24.0))
    day = time.perf_counter() - begun
    few = town(options.few)
    spots = valves_by_rule(few)
    theirs, segments = segments_of_wntr(few, spots)
    count = len(plain.runs)
    print(json.dumps({
        "pipes": count, "valves": len(valves), "ms_made_ready": ready * 1e3,
        "ms_burst": float(np.median(took)) * 1e3, "ms_burst_slowest": max(took) * 1e3,
        "ms_pressure_of_a_day": day * 1e3,
        "ms_wntr_segments": theirs * 1e3 * (count / len(few.runs)) ** 2,
        "wntr_measured_with": len(few.runs), "same_segments": same(few, spots, segments),
    }))  # fmt: skip


if __name__ == "__main__":
    main()

"""Which way something flows in each run, and how that is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.kinds.pipes import EXISTING, ROLES, Pipes
from layers.pipes.graph import AGAINST, ALONG, UNKNOWN, Graph, directions
from layers.pipes.isolation import sources_of
from layers.shapes import Bools, Codes, Ints
from layers.style import texts

#: How a direction is known, in the order of the codes in `Flow.why`.
REASONS = ("unknown", "slope", "pump", "check-valve", "only-way", "hydraulics")
_UNKNOWN, _SLOPE, _PUMP, _CHECK, _ONLY, _HYDRAULICS = range(6)
PUMP = ROLES.index("pump-station")
LEAST = 1e-6  # m3/s that count as a flow


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """Directions of the runs of a graph.

    Attributes
    ----------
    way : (r,) int8
        ``ALONG``, ``AGAINST`` or ``UNKNOWN``.
    why : (r,) uint8
        Position in ``REASONS``.
    """

    way: NDArray[np.int8]
    why: Codes


def working(pipes: Pipes) -> Bools:
    """Mark what carries something now, (n,): existing, and not told to be closed."""
    out = pipes.status == EXISTING
    if "state" in pipes.attributes.column_names:
        out &= texts(pipes.column("state")) != "closed"
    return np.asarray(out)


def flow_of(graph: Graph, computed: Mapping[int, float] | None = None) -> Flow:
    """Find the directions of all runs.

    Known are, in this order: what hydraulics computed; drains by their fall; runs beside pumps
    and those with a check valve, as they were drawn; and runs that are the only way between a
    part of the network without a source and all of its sources.

    Parameters
    ----------
    graph : Graph
        The network.
    computed : mapping of int to float or None
        Id of run to flow along it, m3/s; below zero against it.
    """
    pipes = graph.pipes
    way = directions(graph)
    why = np.where(way != UNKNOWN, _SLOPE, _UNKNOWN).astype(np.uint8)
    for code, rows in ((_PUMP, _beside_pumps(graph)), (_CHECK, _checked(graph))):
        fresh = rows & (way == UNKNOWN)
        way[fresh], why[fresh] = ALONG, code
    only = only_ways(graph, sources_of(graph))
    fresh = (only != UNKNOWN) & (way == UNKNOWN)
    way[fresh], why[fresh] = only[fresh], _ONLY
    if computed:
        ids = pipes.ids[graph.runs].tolist()
        flow = np.array([computed.get(run, 0.0) for run in ids])
        fresh = np.abs(flow) > LEAST
        way[fresh] = np.where(flow[fresh] > 0, ALONG, AGAINST)
        why[fresh] = _HYDRAULICS
    return Flow(way, why)


def _beside_pumps(graph: Graph) -> Bools:
    """Mark runs drawn towards and away from a pump that one run enters and one leaves."""
    pump = graph.pipes.role[graph.nodes] == PUMP
    count = len(graph.nodes)
    leaving = np.bincount(graph.start, minlength=count) == 1
    entering = np.bincount(graph.end, minlength=count) == 1
    through = pump & leaving & entering
    return np.asarray(through[graph.start] | through[graph.end])


def _checked(graph: Graph) -> Bools:
    """Mark runs with a check valve."""
    if "fixture" not in graph.pipes.attributes.column_names:
        return np.zeros(len(graph.runs), dtype=bool)
    return np.asarray(texts(graph.pipes.column("fixture"))[graph.runs] == "check valve")


def on_loops(graph: Graph) -> Bools:
    """Mark the runs that lie on a loop, (r,): without one of them all stays joined."""
    return ~_Walked.of(graph).bridge


def only_ways(graph: Graph, sources: Bools) -> NDArray[np.int8]:
    """Give directions of the runs between a side without sources and a side with all of them.

    Parameters
    ----------
    graph : Graph
        The network.
    sources : (k,) bool
        Which nodes feed it.

    Returns
    -------
    (r,) int8
    """
    walked = _Walked.of(graph)
    below = sources.astype(np.int64)
    for node in walked.order[::-1].tolist():
        if walked.parent[node] >= 0:
            below[walked.parent[node]] += below[node]
    part, _ = graph.parts()
    total = np.bincount(part, weights=sources, minlength=1).astype(np.int64)[part]
    out = np.zeros(len(graph.runs), dtype=np.int8)
    rows = np.flatnonzero(walked.bridge)
    down = walked.parent[graph.end[rows]] == graph.start[rows]
    child = np.where(down, graph.end[rows], graph.start[rows])
    outward = np.where(down, ALONG, AGAINST)
    away = (below[child] == 0) & (total[child] > 0)
    back = (below[child] == total[child]) & (total[child] > 0)
    out[rows] = np.where(away, outward, np.where(back, -outward, UNKNOWN))
    return out


@dataclass(frozen=True, slots=True, eq=False)
class _Walked:
    """A walk through all nodes, deep first: order, parent of each node, and the bridges."""

    order: Ints
    parent: Ints
    bridge: Bools

    @classmethod
    def of(cls, graph: Graph) -> _Walked:
        count = len(graph.nodes)
        beside: list[list[tuple[int, int]]] = [[] for _ in range(count)]
        ends = zip(graph.start.tolist(), graph.end.tolist(), strict=True)
        for run, (a, b) in enumerate(ends):
            if a != b:
                beside[a].append((b, run))
                beside[b].append((a, run))
        seen, low = [-1] * count, [0] * count
        parent = [-1] * count
        order: list[int] = []
        bridge = np.zeros(len(graph.runs), dtype=bool)
        for root in range(count):
            if seen[root] >= 0:
                continue
            seen[root] = low[root] = len(order)
            order.append(root)
            stack = [(root, -1, iter(beside[root]))]
            while stack:
                node, by, rest = stack[-1]
                for other, run in rest:
                    if run == by:
                        continue
                    if seen[other] >= 0:
                        low[node] = min(low[node], seen[other])
                        continue
                    seen[other] = low[other] = len(order)
                    parent[other] = node
                    order.append(other)
                    stack.append((other, run, iter(beside[other])))
                    break
                else:
                    stack.pop()
                    if stack:
                        above = stack[-1][0]
                        low[above] = min(low[above], low[node])
                        if low[node] > seen[above]:
                            bridge[by] = True
        return cls(np.array(order, dtype=np.int64), np.array(parent, dtype=np.int64), bridge)

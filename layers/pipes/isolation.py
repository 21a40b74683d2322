"""A burst: which valves to close, and who is without water then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from layers.errors import CityError
from layers.kinds.pipes import ROLES
from layers.pipes.graph import Graph
from layers.shapes import Bools, Floats, Ints

VALVE, HYDRANT = ROLES.index("valve"), ROLES.index("hydrant")
CUSTOMER = ROLES.index("customer")
STORES = tuple(ROLES.index(name) for name in ("reservoir", "tank"))
LIFTS = tuple(ROLES.index(name) for name in ("pump-station", "well"))


@dataclass(frozen=True, slots=True, eq=False)
class Isolation:
    """What closing valves around a burst does.

    Attributes
    ----------
    valves : (v,) int64
        Ids of the valves to close, in walking order from the burst.
    walk : float
        Metres as the crow flies from the burst to the last of them.
    runs, nodes : int64 arrays
        Ids of what is shut off between the valves.
    cut_off_runs, cut_off_nodes : int64 arrays
        Ids of what else has no way to a source any more; empty where no source is known.
    hydrants, customers : int64 arrays
        Ids of those among both kinds of nodes.
    already_closed : (c,) int64
        Ids of valves at the edge that are closed anyway.
    sources : (s,) int64
        Ids of the sources that still feed the rest of this part of the network.
    bounded : bool
        False where no valve stands between the burst and a source: all of the part is shut off.
    """

    valves: Ints
    walk: float
    runs: Ints
    nodes: Ints
    cut_off_runs: Ints
    cut_off_nodes: Ints
    hydrants: Ints
    customers: Ints
    already_closed: Ints
    sources: Ints
    bounded: bool


def isolate(
    graph: Graph, run_id: int, *, seized: Ints | None = None, closed: Ints | None = None
) -> Isolation:
    """Find the valves that shut off a run.

    Parameters
    ----------
    graph : Graph
        The network; nodes of the role ``valve`` can be closed.
    run_id : int
        Where it bursts.
    seized : (k,) int64 or None
        Ids of valves that cannot be moved: the next ones are taken instead.
    closed : (k,) int64 or None
        Ids of valves that are closed already.

    Raises
    ------
    CityError
        ``pipes.no_run``, ``pipes.no_valve``.
    """
    pipes = graph.pipes
    burst = graph.run(run_id)
    valve = pipes.role[graph.nodes] == VALVE
    stuck = _marked(graph, seized, valve)
    shut = _marked(graph, closed, valve)
    part = _segments(graph, (valve & ~stuck) | shut)
    mine = part == part[burst]
    runs = mine[: len(graph.runs)]
    gates = _touching(graph, runs) & _touching(graph, ~runs) & ((valve & ~stuck) | shut)
    nodes = (mine[len(graph.runs) :] | _touching(graph, runs)) & ~gates
    lost_runs, lost_nodes, sources = _without_source(graph, gates | shut, runs, nodes)
    dry = nodes | lost_nodes
    ids, role = pipes.ids[graph.nodes], pipes.role[graph.nodes]
    order, walk = _walk(graph, burst, np.flatnonzero(gates & ~shut))
    return Isolation(
        valves=ids[order], walk=walk, runs=pipes.ids[graph.runs[runs]], nodes=ids[nodes],
        cut_off_runs=pipes.ids[graph.runs[lost_runs]], cut_off_nodes=ids[lost_nodes],
        hydrants=ids[dry & (role == HYDRANT)], customers=ids[dry & (role == CUSTOMER)],
        already_closed=ids[gates & shut], sources=ids[sources],
        bounded=not (nodes & sources_of(graph)).any(),
    )  # fmt: skip


def sources_of(graph: Graph) -> Bools:
    """Mark the nodes that water comes from, (k,).

    Reservoirs and tanks; pump stations and wells where no more than one run leads to them, or
    where nothing else feeds their part of the network: a pump in the middle of a main only
    lifts what comes from elsewhere.
    """
    role = graph.pipes.role[graph.nodes]
    store = np.isin(role, STORES)
    part, _ = graph.parts()
    fed = np.zeros(int(part.max(initial=-1)) + 1, dtype=bool)
    fed[part[store]] = True
    ends = np.bincount(np.concatenate([graph.start, graph.end]), minlength=len(role))
    return np.asarray(store | (np.isin(role, LIFTS) & ((ends <= 1) | ~fed[part])))


def _marked(graph: Graph, ids: Ints | None, valve: Bools) -> Bools:
    """Mark the nodes with these ids, all of which must be valves."""
    out = np.zeros(len(graph.nodes), dtype=bool)
    for node_id in [] if ids is None else np.asarray(ids).tolist():
        at = graph.node(int(node_id))
        if not valve[at]:
            raise CityError(
                "pipes.no_valve", f"The node {node_id} is not a valve.", id=int(node_id),
                hint="name valves only",
            )  # fmt: skip
        out[at] = True
    return out


def _segments(graph: Graph, gate: Bools) -> Ints:
    """Number what hangs together while the gates are closed: runs, then nodes, (r + k,)."""
    count = len(graph.runs)
    run = np.arange(count)
    begin = np.concatenate([run[~gate[graph.start]], run[~gate[graph.end]]])
    goal = count + np.concatenate([graph.start[~gate[graph.start]], graph.end[~gate[graph.end]]])
    size = count + len(graph.nodes)
    links = coo_array((np.ones(len(begin)), (begin, goal)), shape=(size, size))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def _touching(graph: Graph, runs: Bools) -> Bools:
    """Mark the nodes at the ends of runs."""
    out = np.zeros(len(graph.nodes), dtype=bool)
    out[graph.start[runs]] = True
    out[graph.end[runs]] = True
    return out


def _without_source(
    graph: Graph, gate: Bools, runs: Bools, nodes: Bools
) -> tuple[Bools, Bools, Bools]:
    """Mark the runs and nodes that lose their last way to a source, and the sources that stay."""
    count = len(graph.runs)
    source = sources_of(graph)
    after = _segments(graph, gate)
    before = _segments(graph, np.zeros(len(gate), dtype=bool))
    fed = np.zeros(int(after.max(initial=-1)) + 1, dtype=bool)
    fed[after[count:][source & ~nodes]] = True
    had = np.zeros(int(before.max(initial=-1)) + 1, dtype=bool)
    had[before[count:][source]] = True
    lost = ~fed[after] & had[before]
    same_part = before[count:] == before[np.flatnonzero(runs)[0]]
    return (
        lost[:count] & ~runs,
        lost[count:] & ~nodes & ~gate,
        source & ~nodes & same_part,
    )


def _walk(graph: Graph, burst: int, valves: Ints) -> tuple[Ints, float]:
    """Order valves by going to the nearest one each time, starting where it bursts."""
    shapes = graph.pipes.shapes
    first = shapes.first_coord
    row = graph.runs[burst]
    here: Floats = shapes.coords[first[row] : first[row + 1]].mean(axis=0)
    places = shapes.coords[first[graph.nodes[valves]]]
    left, order, metres = list(range(len(valves))), [], 0.0
    while left:
        away = np.hypot(*(places[left] - here).T)
        nearest = int(np.argmin(away))
        metres += float(away[nearest])
        chosen = left.pop(nearest)
        here = places[chosen]
        order.append(int(valves[chosen]))
    return np.array(order, dtype=np.int64), metres

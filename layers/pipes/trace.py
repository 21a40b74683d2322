"""Asking a network: what is joined, what loops, what lies up and down, the way, who is fed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import shapely
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, dijkstra

from layers.errors import CityError
from layers.kinds.pipes import Pipes
from layers.pipes.classes import CLASS_KEYS, SUBCLASS_KEYS
from layers.pipes.flow import REASONS, Flow, flow_of, on_loops, working
from layers.pipes.graph import AGAINST, ALONG, UNKNOWN, Graph
from layers.pipes.isolation import CUSTOMER, HYDRANT, VALVE, sources_of
from layers.pipes.trace_reasons import Reason, called, ends, why_nothing
from layers.shapes import Bools, Floats, Ints
from layers.style import texts

#: What can be asked.
WHATS = ("connected", "loops", "upstream", "downstream", "way", "service")
SCHEMA = pa.schema(
    [
        ("run", pa.int64()), ("number", pa.string()), ("class", pa.string()),
        ("subclass", pa.string()), ("from_node", pa.int64()), ("to_node", pa.int64()),
        ("length_m", pa.float64()), ("distance_m", pa.float64()), ("flow", pa.string()),
        ("known_by", pa.string()), ("certain", pa.bool_()),
    ]
)  # fmt: skip
HULL = 0.3  # how tightly the outline of a service area follows its nodes, 0 to 1
AROUND = 15.0  # metres around the nodes of a service area


@dataclass(frozen=True, slots=True)
class TraceParams:
    """What is asked.

    Attributes
    ----------
    what : str
        One of ``WHATS``.
    start : int
        Id of the node or run to begin at.
    to : int
        Id of the node a way leads to; 0 for the others.
    metres : float
        How far along the pipes a service area reaches; 0 for all that the start feeds.
    closed : tuple of int
        Ids of valves that are closed: nothing passes them.
    """

    what: str
    start: int
    to: int = 0
    metres: float = 0.0
    closed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Traced:
    """An answer.

    Attributes
    ----------
    params : TraceParams
        What was asked.
    runs, nodes : int64 arrays
        Ids; the runs of a way in its order.
    certain : (r,) bool
        Whether each run was reached by known directions alone.
    table : pyarrow.Table
        One row per run: ``run``, ``number``, ``class``, ``subclass``, ``from_node``, ``to_node``,
        ``length_m``, ``distance_m`` (along the pipes from the start to the nearer end, null
        where nothing was walked), ``flow`` (along, against, unknown), ``known_by``, ``certain``.
    facts : dict
        Counts and lengths: ``runs``, ``nodes``, ``length_m``, ``uncertain_runs_count``, ``valves``,
        ``hydrants``, ``customers``, ``sources``; of loops ``loops``; of everything joined
        ``parts``.
    area : shapely.Geometry or None
        Outline of a service area.
    reason : Reason or None
        Why there are no runs.
    ends : tuple of str
        Numbers of the nodes at which what flows downstream stays.
    """

    params: TraceParams
    runs: Ints
    nodes: Ints
    certain: Bools
    table: pa.Table
    facts: dict[str, float | int | str | bool]
    area: shapely.Geometry | None = None
    reason: Reason | None = None
    ends: tuple[str, ...] = ()


def trace(
    pipes: Pipes, params: TraceParams, computed: dict[int, float] | None = None
) -> Traced:  # fmt: skip
    """Answer a question about the network.

    Abandoned and planned runs, and those told to be closed, do not count.

    Parameters
    ----------
    pipes : Pipes
        The layer.
    params : TraceParams
        The question.
    computed : dict of int to float or None
        Flows that hydraulics computed, m3/s by id of run.

    Raises
    ------
    CityError
        ``pipes.no_node``, ``pipes.no_run``, ``pipes.no_way``, ``pipes.trace_what``.
    """
    if params.what not in WHATS:
        known = ", ".join(WHATS)
        raise CityError(
            "pipes.trace_what", f"A network cannot be asked for '{params.what}'.",
            hint=f"ask for one of: {known}", what=params.what, known=known,
        )  # fmt: skip
    return _Asked.of(pipes, params, computed).answer()


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    graph: Graph
    flow: Flow
    params: TraceParams
    begin: Ints  # places of nodes
    open_runs: Bools  # runs that end at no closed valve: those pass

    @classmethod
    def of(cls, pipes: Pipes, params: TraceParams, computed: dict[int, float] | None) -> _Asked:
        carrying = working(pipes)
        carrying[pipes.ids == params.start] = True  # what is pointed at is looked at in any case
        graph = Graph.of(pipes, carrying)
        shut = np.zeros(len(graph.nodes), dtype=bool)
        for valve in params.closed:
            shut[graph.node(valve)] = True
        passes = ~(shut[graph.start] | shut[graph.end])
        flow = flow_of(graph, computed)
        row = np.flatnonzero(pipes.ids == params.start)
        if len(row) and pipes.role[row[0]] == 0:
            run = graph.run(params.start)
            begin = _ends(graph, flow, run, params.what)
        else:
            begin = np.array([graph.node(params.start)])
        return cls(graph, flow, params, begin, passes)

    def answer(self) -> Traced:
        asked: dict[str, Callable[[], Traced]] = {
            "connected": self._connected, "loops": self._loops, "way": self._way,
            "upstream": lambda: self._follow(upstream=True),
            "downstream": lambda: self._follow(upstream=False), "service": self._service,
        }  # fmt: skip
        return asked[self.params.what]()

    def _part(self) -> tuple[Bools, Bools]:
        """Mark the runs and nodes joined with the start."""
        graph, keep = self.graph, self.open_runs
        count = len(graph.nodes)
        links = coo_array(
            (np.ones(int(keep.sum())), (graph.start[keep], graph.end[keep])), shape=(count, count)
        )
        part = connected_components(links, directed=False)[1]
        nodes = np.isin(part, part[self.begin])
        return keep & nodes[graph.start], nodes

    def _connected(self) -> Traced:
        runs, nodes = self._part()
        parts = len(np.unique(self.graph.parts()[0])) if len(self.graph.nodes) else 0
        return self._made(runs, nodes, far=self._far(), facts={"parts": parts})

    def _loops(self) -> Traced:
        runs, nodes = self._part()
        loops = int(runs.sum()) - int(nodes.sum()) + len(np.unique(self.graph.parts()[0][nodes]))
        looped = runs & on_loops(self.graph)
        met = np.zeros(len(nodes), dtype=bool)
        met[self.graph.start[looped]] = met[self.graph.end[looped]] = True
        return self._made(looped, met, far=self._far(), facts={"loops": loops})

    def _way(self) -> Traced:
        graph, params = self.graph, self.params
        pipes, keep = graph.pipes, np.zeros(len(graph.pipes), dtype=bool)
        keep[graph.runs[self.open_runs]] = True
        open_graph = Graph.of(pipes, keep)
        from_id = int(pipes.ids[graph.nodes[self.begin[0]]])
        ids, _ = open_graph.way(from_id, params.to)
        at = {int(run): k for k, run in enumerate(pipes.ids[graph.runs].tolist())}
        order = np.array([at[int(run)] for run in ids], dtype=np.int64)
        nodes = np.zeros(len(graph.nodes), dtype=bool)
        nodes[self.begin[0]] = True
        nodes[graph.start[order]] = nodes[graph.end[order]] = True
        return self._made(order, nodes, far=self._far())

    def _follow(self, *, upstream: bool) -> Traced:
        way = self.flow.way
        runs, nodes = self._reached(way, upstream=upstream, known=False)
        sure, _ = self._reached(way, upstream=upstream, known=True)
        made = self._made(runs, nodes, sure=sure, far=self._far())
        if upstream or not runs.any():
            return made
        pipes = self.graph.pipes
        rows = ends(self.graph, nodes, self.begin, runs, self.flow).tolist()
        return replace(made, ends=tuple(called(pipes, row) for row in rows))

    def _reached(self, way: object, *, upstream: bool, known: bool) -> tuple[Bools, Bools]:
        graph = self.graph
        direction = np.asarray(way)
        ahead = direction == (AGAINST if upstream else ALONG)
        back = direction == (ALONG if upstream else AGAINST)
        if not known:
            ahead = ahead | (direction == UNKNOWN)
            back = back | (direction == UNKNOWN)
        ahead, back = ahead & self.open_runs, back & self.open_runs
        begin = np.concatenate([graph.start[ahead], graph.end[back]])
        goal = np.concatenate([graph.end[ahead], graph.start[back]])
        count = len(graph.nodes)
        links = coo_array((np.ones(len(begin)), (begin, goal)), shape=(count, count)).tocsr()
        nodes = np.zeros(count, dtype=bool)
        for start in self.begin.tolist():
            nodes[breadth_first_order(links, start, return_predecessors=False)] = True
        return (ahead & nodes[graph.start]) | (back & nodes[graph.end]), nodes

    def _service(self) -> Traced:
        """Find what the start feeds: nodes nearer to it by pipes than to any other source."""
        graph, params = self.graph, self.params
        far = self._far()
        nodes = np.isfinite(far)
        if params.metres > 0:
            nodes &= far <= params.metres
        else:
            others = sources_of(graph)
            others[self.begin] = False
            rivals = self._distance(np.flatnonzero(others))
            nodes &= far <= rivals
        runs = self.open_runs & nodes[graph.start] & nodes[graph.end]
        area = _outline(graph, runs, nodes)
        facts: dict[str, float | int | str | bool] = {
            "area_m2": round(float(shapely.area(area)), 1),
            "farthest_m": round(float(far[nodes].max()), 2),
        }  # fmt: skip
        return self._made(runs, nodes, far=far, facts=facts, area=area)

    def _far(self) -> Floats:
        return self._distance(self.begin)

    def _distance(self, begin: Ints) -> Floats:
        return pipe_distance(self.graph, begin, self.open_runs)

    def _made(
        self,
        runs: Ints | Bools,
        nodes: Bools,
        *,
        far: Floats,
        sure: Bools | None = None,
        facts: dict[str, float | int | str | bool] | None = None,
        area: shapely.Geometry | None = None,
    ) -> Traced:
        graph, pipes = self.graph, self.graph.pipes
        rows: Ints = np.flatnonzero(runs) if runs.dtype == bool else runs.astype(np.int64)
        near = np.minimum(far[graph.start[rows]], far[graph.end[rows]])
        if runs.dtype == bool:
            rows = rows[np.argsort(near, kind="stable")]
            near = np.sort(near, kind="stable")
        certain = np.ones(len(rows), dtype=bool) if sure is None else sure[rows]
        role = pipes.role[graph.nodes[nodes]]
        told: dict[str, float | int | str | bool] = {
            "runs": len(rows), "nodes": int(nodes.sum()),
            "length_m": round(float(graph.length[rows].sum()), 2),
            "uncertain_runs_count": int((~certain).sum()), "valves": int((role == VALVE).sum()),
            "hydrants": int((role == HYDRANT).sum()), "customers": int((role == CUSTOMER).sum()),
            "sources": int(sources_of(graph)[nodes].sum()),
        }  # fmt: skip
        return Traced(
            self.params, pipes.ids[graph.runs[rows]], pipes.ids[graph.nodes[nodes]], certain,
            _table(graph, self.flow, rows, near, certain), {**told, **(facts or {})}, area,
            None if len(rows) else why_nothing(
                graph, self.flow, self.params.what, self.begin, self.open_runs
            ),
        )  # fmt: skip


def _ends(graph: Graph, flow: Flow, run: int, what: str) -> Ints:
    """Give the nodes from which to begin at a run: where what flows in it leaves or comes from."""
    start, end = int(graph.start[run]), int(graph.end[run])
    if what not in {"upstream", "downstream"} or flow.way[run] == UNKNOWN:
        return np.array([start, end] if what != "way" else [start])
    along = (flow.way[run] == ALONG) == (what == "downstream")
    return np.array([end if along else start])


def pipe_distance(graph: Graph, begin: Ints, passes: Bools | None = None) -> Floats:
    """Give how far every node is from the nearest of some, along the pipes, (k,) metres.

    Parameters
    ----------
    graph : Graph
        The network.
    begin : (b,) int64
        Places of nodes.
    passes : (r,) bool or None
        Runs that can be passed.

    Returns
    -------
    (k,) float64
        Infinite where no way leads.
    """
    count = len(graph.nodes)
    if not len(begin):
        return np.full(count, np.inf)
    keep = np.ones(len(graph.runs), dtype=bool) if passes is None else passes
    return np.asarray(dijkstra(_lengths(graph, keep), directed=False, indices=begin, min_only=True))


def _lengths(graph: Graph, keep: Bools) -> csr_array:
    """Give the shortest run between any two nodes as a matrix."""
    count = len(graph.nodes)
    low = np.minimum(graph.start, graph.end)[keep]
    high = np.maximum(graph.start, graph.end)[keep]
    metres = np.maximum(graph.length[keep], 1e-9)
    order = np.lexsort((metres, high, low))
    low, high, metres = low[order], high[order], metres[order]
    first = np.ones(len(low), dtype=bool)
    first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    return csr_array(coo_array((metres[first], (low[first], high[first])), shape=(count, count)))


def _outline(graph: Graph, runs: Bools, nodes: Bools) -> shapely.Geometry:
    shapes = graph.pipes.shapes
    points = shapely.multipoints(shapes.coords[shapes.first_coord[graph.nodes[nodes]]])
    lines = shapes.take(graph.runs[runs]).to_shapely()
    hull = shapely.concave_hull(points, ratio=HULL)
    body = shapely.union_all(shapely.buffer(np.array([hull, *lines[:4000]]), AROUND))
    parts: list[shapely.Geometry] = shapely.get_parts(body).tolist()
    return max(parts, key=lambda one: float(shapely.area(one)))


def _table(graph: Graph, flow: Flow, rows: Ints, near: Floats, certain: Bools) -> pa.Table:
    pipes, at = graph.pipes, graph.runs[rows]
    numbers: list[str | None] = [None] * len(rows)
    if "number" in pipes.attributes.column_names:
        numbers = texts(pipes.column("number"))[at].tolist()
    words = {ALONG: "along", AGAINST: "against", UNKNOWN: "unknown"}
    return pa.table(
        {
            "run": pipes.ids[at], "number": pa.array(numbers, pa.string()),
            "class": [CLASS_KEYS[code] for code in pipes.line_class[at]],
            "subclass": [SUBCLASS_KEYS[code] or None for code in pipes.subclass[at]],
            "from_node": pipes.start_node[at], "to_node": pipes.end_node[at],
            "length_m": np.round(graph.length[rows], 3),
            "distance_m": pa.array(np.where(np.isfinite(near), np.round(near, 3), np.nan),
                                   from_pandas=True),
            "flow": [words[int(way)] for way in flow.way[rows]],
            "known_by": [REASONS[code] for code in flow.why[rows]], "certain": certain,
        },
        schema=SCHEMA,
    )  # fmt: skip

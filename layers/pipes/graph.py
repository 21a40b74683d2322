"""The network as a graph: parts, loops, ways, upstream and downstream."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, dijkstra

from layers.errors import CityError
from layers.kinds.pipes import Pipes
from layers.pipes.drains import drain_runs
from layers.shapes import Bools, Floats, Ints

#: Which way something flows in a run: from its start to its end, back, or nobody knows.
ALONG, AGAINST, UNKNOWN = 1, -1, 0


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Runs as edges between nodes.

    Attributes
    ----------
    pipes : Pipes
        The layer.
    runs : (r,) int64
        Positions of the runs that join two nodes of the layer.
    nodes : (k,) int64
        Positions of the nodes.
    start, end : (r,) int64
        Places in `nodes` of the ends of each run.
    length : (r,) float64
        Metres in plan.
    loose : (l,) int64
        Positions of the runs that name no node, or one that is not there, at an end.
    """

    pipes: Pipes
    runs: Ints
    nodes: Ints
    start: Ints
    end: Ints
    length: Floats
    loose: Ints

    @classmethod
    def of(cls, pipes: Pipes, carrying: Bools | None = None) -> Graph:
        """Make the graph of a layer.

        Parameters
        ----------
        pipes : Pipes
            n objects.
        carrying : (n,) bool or None
            Which runs count; None takes all.
        """
        runs, nodes = pipes.runs, pipes.nodes
        if carrying is not None:
            runs = runs[carrying[runs]]
        start, end = _places(pipes, pipes.start_node[runs]), _places(pipes, pipes.end_node[runs])
        joined = (start >= 0) & (end >= 0)
        return cls(
            pipes, runs[joined], nodes, start[joined], end[joined],
            pipes.shapes.lengths()[runs[joined]], runs[~joined],
        )  # fmt: skip

    def node(self, node_id: int) -> int:
        """Give the place of a node in `nodes`.

        Raises
        ------
        CityError
            ``pipes.no_node``.
        """
        at = int(_places(self.pipes, np.array([node_id]))[0])
        if at < 0:
            raise CityError(
                "pipes.no_node", f"There is no node {node_id} in the layer.", id=node_id,
                hint="choose a manhole, valve or other node",
            )  # fmt: skip
        return at

    def run(self, run_id: int) -> int:
        """Give the place of a run in `runs`.

        Raises
        ------
        CityError
            ``pipes.no_run`` if it is no run, or joins nothing.
        """
        found = np.flatnonzero(self.pipes.ids[self.runs] == run_id)
        if not len(found):
            raise CityError(
                "pipes.no_run",
                f"{run_id} is not a run that joins two nodes of the layer.",
                hint="choose a pipe; loose ones are listed by the quality check",
                id=run_id,
            )
        return int(found[0])

    def parts(self) -> tuple[Ints, Ints]:
        """Number the connected parts: of each node (k,), and of each run (r,)."""
        count = len(self.nodes)
        _, part = connected_components(_matrix(self.start, self.end, count), directed=False)
        number: Ints = np.asarray(part, dtype=np.int64)
        return number, number[self.start]

    def loops(self) -> int:
        """Count the independent loops: runs less nodes plus parts."""
        count = len(self.nodes)
        parts, _ = connected_components(_matrix(self.start, self.end, count), directed=False)
        return len(self.runs) - count + int(parts)

    def way(self, from_id: int, to_id: int) -> tuple[Ints, float]:
        """Find the shortest way between two nodes.

        Returns
        -------
        runs : (w,) int64
            Ids of the runs in order.
        metres : float
            Their length in plan.

        Raises
        ------
        CityError
            ``pipes.no_way`` if they are in different parts.
        """
        begin, goal = self.node(from_id), self.node(to_id)
        order = np.argsort(self.length, kind="stable")[::-1]  # of parallel runs the shortest stays
        best: dict[tuple[int, int], int] = {}
        for k in order.tolist():
            a, b = int(self.start[k]), int(self.end[k])
            best[min(a, b), max(a, b)] = k
        chosen = np.array(list(best.values()), dtype=np.int64)
        weights = np.maximum(self.length[chosen], 1e-9)
        matrix = _matrix(self.start[chosen], self.end[chosen], len(self.nodes), weights)
        far, before = dijkstra(
            matrix, directed=False, indices=np.array([begin]), return_predecessors=True
        )
        if not np.isfinite(far[0, goal]):
            raise CityError(
                "pipes.no_way",
                f"No way leads from node {from_id} to node {to_id}.",
                hint="the two lie in parts of the network that are not joined",
                start=from_id,
                end=to_id,
            )
        at, ways = goal, []
        while at != begin:
            other = int(before[0, at])
            ways.append(best[min(at, other), max(at, other)])
            at = other
        found = np.array(ways[::-1], dtype=np.int64)
        return self.pipes.ids[self.runs[found]], float(self.length[found].sum())

    def follow(
        self, node_id: int, direction: NDArray[np.int8], *, upstream: bool = False
    ) -> tuple[Ints, Ints, Bools]:
        """Follow what flows from a node, or find all that flows to it.

        Parameters
        ----------
        node_id : int
            Where.
        direction : (r,) int8
            ``ALONG``, ``AGAINST`` or ``UNKNOWN`` for each of `runs`; unknown ones are followed
            both ways.
        upstream : bool
            Whether to go against the flow.

        Returns
        -------
        runs, nodes : (w,), (v,) int64
            Ids.
        sure : (w,) bool
            Whether each run was followed by a known direction.
        """
        ahead = direction != (ALONG if upstream else AGAINST)
        back = direction != (AGAINST if upstream else ALONG)
        begin = np.concatenate([self.start[ahead], self.end[back]])
        goal = np.concatenate([self.end[ahead], self.start[back]])
        matrix = _matrix(begin, goal, len(self.nodes))
        reached = breadth_first_order(
            matrix, self.node(node_id), directed=True, return_predecessors=False
        )
        inside = np.zeros(len(self.nodes), dtype=bool)
        inside[reached] = True
        taken = (ahead & inside[self.start]) | (back & inside[self.end])
        ids = self.pipes.ids
        return ids[self.runs[taken]], ids[self.nodes[inside]], direction[taken] != UNKNOWN


def directions(graph: Graph) -> NDArray[np.int8]:
    """Tell which way runs flow, (r,): drains by their fall, all others unknown.

    A drain that is level, or whose levels are not known, is unknown too.
    """
    pipes = graph.pipes
    drains = drain_runs(pipes)
    of = np.zeros(len(pipes), dtype=np.int8)
    fall = drains.upper_invert - drains.lower_invert
    known = fall > 0.0
    of[drains.rows[known]] = np.where(drains.backwards[known], AGAINST, ALONG)
    return of[graph.runs]


def _places(pipes: Pipes, ids: Ints) -> Ints:
    """Give the places of node ids among the nodes, -1 for those that are not there."""
    nodes = pipes.nodes
    known = pipes.ids[nodes]
    if len(known) == 0:
        return np.full(len(ids), -1, dtype=np.int64)
    order = np.argsort(known, kind="stable")
    at = np.minimum(np.searchsorted(known, ids, sorter=order), len(order) - 1)
    return np.where(known[order[at]] == ids, order[at], -1)


def _matrix(start: Ints, end: Ints, count: int, weight: Floats | None = None) -> csr_array:
    values = np.ones(len(start)) if weight is None else weight
    return csr_array(coo_array((values, (start, end)), shape=(count, count)))

"""Why following a network finds nothing, and where it comes to its end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layers.kinds.pipes import ROLES, RUN, Pipes
from layers.pipes.flow import Flow
from layers.pipes.graph import AGAINST, ALONG, Graph
from layers.shapes import Bools, Ints
from layers.style import texts

#: Nodes at which what flows in pipes leaves them.
OUTLETS = tuple(ROLES.index(name) for name in ("outfall", "reservoir", "tank", "customer"))
#: Words that a trace with no pipes is explained with.
REASONS = (
    "alone", "unused", "closed", "outlet", "low", "end", "head", "no-loop", "other-source",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """Why nothing was found.

    Attributes
    ----------
    key : str
        One of ``REASONS``: no pipe is joined there; what is joined is planned, abandoned or
        closed; a closed valve; an outlet; a low point towards which all pipes fall; the end of
        the last pipe; the head of the first; no loop in what is joined; another source is nearer.
    node : int
        Id of the node at which it ends.
    number : str
        Its number, or ``#id``.
    count : int
        Pipes joined there.
    """

    key: str
    node: int
    number: str
    count: int


def called(pipes: Pipes, row: int) -> str:
    """Give the number of an object, or ``#`` and its id."""
    number = ""
    if "number" in pipes.attributes.column_names:
        number = str(texts(pipes.column("number"))[[row]][0] or "")
    return number or f"#{int(pipes.ids[row])}"


def why_nothing(graph: Graph, flow: Flow, what: str, begin: Ints, open_runs: Bools) -> Reason:
    """Say why a question about a network has no pipes as its answer.

    Parameters
    ----------
    graph : Graph
        What carries something.
    flow : Flow
        Its directions.
    what : str
        What was asked; see `layers.pipes.trace.WHATS`.
    begin : (b,) int64
        Places of the nodes at which it began.
    open_runs : (r,) bool
        Runs that end at no closed valve.
    """
    pipes, at = graph.pipes, int(begin[0])
    row = int(graph.nodes[at])
    node_id = int(pipes.ids[row])
    joined = (graph.start == at) | (graph.end == at)
    here = (pipes.role == RUN) & ((pipes.start_node == node_id) | (pipes.end_node == node_id))
    count = int(joined.sum())
    inward = int((joined & np.where(graph.end == at, flow.way == ALONG, flow.way == AGAINST)).sum())
    if not here.any():
        key = "alone"
    elif not count:
        key, count = "unused", int(here.sum())
    elif not (joined & open_runs).any():
        key = "closed"
    elif what == "loops":
        key = "no-loop"
    elif what == "service":
        key = "other-source"
    elif what == "upstream":
        key = "head"
    elif pipes.role[row] in OUTLETS:
        key = "outlet"
    else:
        key = "low" if inward > 1 else "end"
    return Reason(key, node_id, called(pipes, row), count)


def ends(graph: Graph, nodes: Bools, begin: Ints, runs: Bools, flow: Flow) -> Ints:
    """Give the nodes at which what was followed downstream stays, positions in the layer.

    Parameters
    ----------
    graph : Graph
        The network.
    nodes : (k,) bool
        What was reached.
    begin : (b,) int64
        Where it began.
    runs : (r,) bool
        What was followed.
    flow : Flow
        Its directions; a run of unknown direction leads both ways.
    """
    leaves = np.zeros(len(graph.nodes), dtype=bool)
    leaves[graph.start[runs & (flow.way != AGAINST)]] = True
    leaves[graph.end[runs & (flow.way != ALONG)]] = True
    leaves[begin] |= not runs.any()
    return np.asarray(graph.nodes[nodes & ~leaves])

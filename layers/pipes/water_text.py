"""The text of an EPANET model: the one a layer was made of, or one written from the layer."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from layers.errors import CityError
from layers.files.raw import Note
from layers.kinds.pipes import ROLES, Pipes
from layers.pipes.classes import CLASS_KEYS
from layers.pipes.flow import working
from layers.pipes.graph import Graph
from layers.pipes.isolation import CUSTOMER, VALVE, sources_of
from layers.shapes import Bools, Floats
from layers.style import texts

#: What is taken where nothing tells it.
HEAD = 40.0  # metres of water over the ground at what feeds the network
PER_CUSTOMER = 0.05  # litres per second of a customer
PER_KILOMETRE = 2.0  # litres per second along a kilometre of pipe, where there are no customers
SIZE = 0.1  # metres, of a pipe whose size nobody knows
ROUGHNESS = 120.0  # Hazen and Williams' C
_MATERIALS = (("pvc", 145.0), ("pe", 145.0), ("blg", 145.0), ("frp", 145.0), ("qm", 130.0),
              ("ductile", 130.0), ("球墨", 130.0), ("zt", 100.0), ("cast", 100.0), ("铸铁", 100.0),
              ("steel", 120.0), ("钢", 120.0), ("concrete", 110.0), ("混凝土", 110.0))  # fmt: skip
TANK = ROLES.index("tank")


def water_text(pipes: Pipes) -> tuple[str, bool, tuple[Note, ...]]:
    """Give the text of a model of the water pipes of a layer.

    Parameters
    ----------
    pipes : Pipes
        The layer.

    Returns
    -------
    str
        As EPANET reads it.
    bool
        Whether names in it are numbers of the layer (the model the layer was made of); else they
        are ``n`` and ``r`` with ids.
    tuple of Note
        What was assumed.

    Raises
    ------
    CityError
        ``hydraulics.no_source``, ``hydraulics.no_pipes``.
    """
    if len(pipes.model):
        return zlib.decompress(pipes.model.tobytes()).decode(), True, ()
    return _written(pipes)


def _written(pipes: Pipes) -> tuple[str, bool, tuple[Note, ...]]:
    carrying = working(pipes) & (pipes.line_class == CLASS_KEYS.index("water"))
    graph = Graph.of(pipes, carrying)
    if not len(graph.runs):
        raise CityError(
            "hydraulics.no_pipes", "The layer has no working water pipe that joins two nodes.",
            hint="choose a layer of water pipes",
        )  # fmt: skip
    source = sources_of(graph)
    met = np.zeros(len(graph.nodes), dtype=bool)
    met[graph.start] = met[graph.end] = True
    source &= met
    if not source.any():
        raise CityError(
            "hydraulics.no_source",
            "Nothing feeds the water pipes: there is neither a reservoir, a tank, a well nor a "
            "pump station at the end of a pipe.",
            hint="give a node one of these kinds, or import an EPANET model",
        )  # fmt: skip
    notes: list[Note] = []
    ground = _ground(graph, met)
    demand = _demands(graph, met & ~source, notes)
    heads = _heads(graph, source, ground, notes)
    width = pipes.width[graph.runs]
    if (missing := int((width <= 0).sum())) > 0:
        notes.append(Note("hydraulics_size", {"count": missing, "mm": f"{SIZE * 1000:g}"}))
    width = np.where(width > 0, width, SIZE)
    ids, runs = pipes.ids[graph.nodes].tolist(), pipes.ids[graph.runs].tolist()
    shut = _shut(graph)
    lines = ["[TITLE]", "Citystage", "[JUNCTIONS]"]
    lines += [f"n{ids[k]} {ground[k]:.4f} {demand[k]:.6f}" for k in np.flatnonzero(met & ~source)]
    lines += ["[RESERVOIRS]", *(f"n{ids[k]} {heads[k]:.4f}" for k in np.flatnonzero(source))]
    lines.append("[PIPES]")
    rough = _roughness(graph)
    lines += [
        f"r{runs[k]} n{ids[a]} n{ids[b]} {max(graph.length[k], 0.1):.3f} {width[k] * 1000:.2f} "
        f"{rough[k]:.1f} 0 {'Closed' if shut[k] else 'Open'}"
        for k, (a, b) in enumerate(zip(graph.start.tolist(), graph.end.tolist(), strict=True))
        if a != b
    ]
    lines += ["[TIMES]", "Duration 0", "[OPTIONS]", "Units LPS", "Headloss H-W", "Trials 100",
              "Accuracy 0.001", "Unbalanced Continue 10", "[END]"]  # fmt: skip
    return "\n".join(lines) + "\n", False, tuple(notes)


def _ground(graph: Graph, met: Bools) -> Floats:
    """Give the level of each node: its ground, else the pipes that end there, else 0."""
    pipes = graph.pipes
    level = pipes.start_level[graph.nodes].copy()
    for ends, levels in ((graph.start, pipes.start_level), (graph.end, pipes.end_level)):
        missing = ~np.isfinite(level[ends])
        level[ends[missing]] = levels[graph.runs[missing]]
    usual = float(np.nanmean(level[met])) if np.isfinite(level[met]).any() else 0.0
    return np.where(np.isfinite(level), level, usual)


def _demands(graph: Graph, asking: Bools, notes: list[Note]) -> Floats:
    pipes, count = graph.pipes, len(graph.nodes)
    if "demand_lps" in pipes.attributes.column_names:
        told = np.nan_to_num(pipes.numbers("demand_lps")[graph.nodes])
        if (told[asking] > 0).any():
            return np.where(asking, told, 0.0)
    customer = asking & (pipes.role[graph.nodes] == CUSTOMER)
    if customer.any():
        facts: dict[str, object] = {"count": int(customer.sum()), "lps": f"{PER_CUSTOMER:g}"}
        notes.append(Note("hydraulics_customers", facts))
        return np.where(customer, PER_CUSTOMER, 0.0)
    notes.append(Note("hydraulics_demand", {"lps": f"{PER_KILOMETRE:g}"}))
    half = graph.length / 2.0 * PER_KILOMETRE / 1000.0
    spread = np.bincount(graph.start, weights=half, minlength=count)
    spread += np.bincount(graph.end, weights=half, minlength=count)
    return np.where(asking, spread, 0.0)


def _heads(graph: Graph, source: Bools, ground: Floats, notes: list[Note]) -> Floats:
    pipes = graph.pipes
    head = np.full(len(graph.nodes), np.nan)
    if "head_m" in pipes.attributes.column_names:
        head = pipes.numbers("head_m")[graph.nodes]
    if "tank_level_m" in pipes.attributes.column_names:
        filled = ground + pipes.numbers("tank_level_m")[graph.nodes]
        head = np.where(np.isfinite(head), head, filled)
    missing = source & ~np.isfinite(head)
    if missing.any():
        facts: dict[str, object] = {"count": int(missing.sum()), "metres": f"{HEAD:g}"}
        notes.append(Note("hydraulics_head", facts))
    return np.where(np.isfinite(head), head, ground + HEAD)


def _roughness(graph: Graph) -> Floats:
    pipes = graph.pipes
    out = np.full(len(graph.runs), ROUGHNESS)
    if "material" in pipes.attributes.column_names:
        words = texts(pipes.column("material"))[graph.runs]
        known = {word: _of_material(word) for word in {w for w in words if w}}
        out = np.array([known.get(word, ROUGHNESS) for word in words])
    if "roughness" in pipes.attributes.column_names:
        told = pipes.numbers("roughness")[graph.runs]
        out = np.where(told > 20.0, told, out)  # below that it is no C of Hazen and Williams
    return out


def _of_material(word: str) -> float:
    small = word.casefold()
    return next((value for part, value in _MATERIALS if part in small), ROUGHNESS)


def _shut(graph: Graph) -> Bools:
    """Mark the runs at valves that are told to be closed."""
    pipes = graph.pipes
    if "state" not in pipes.attributes.column_names:
        return np.zeros(len(graph.runs), dtype=bool)
    states: Sequence[object] = texts(pipes.column("state")).tolist()
    closed = np.array([state == "closed" for state in states])
    shut = (closed & (pipes.role == VALVE))[graph.nodes]
    return np.asarray(shut[graph.start] | shut[graph.end])

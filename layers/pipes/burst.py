"""A burst answered: valves in walking order, who is without water, what feeds the rest."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import shapely

from layers.errors import CityError
from layers.files.raw import Note
from layers.kinds.base import Layer
from layers.kinds.pipes import ROLES, Pipes
from layers.pipes.classes import CLASS_KEYS
from layers.pipes.flow import working
from layers.pipes.graph import Graph
from layers.pipes.isolation import HYDRANT, VALVE, Isolation, isolate, sources_of
from layers.pipes.served import HOSPITAL, KINDS, SCHOOL, Served, served_by
from layers.pipes.trace import pipe_distance
from layers.pipes.valves import ASSUMED_VALVE
from layers.pipes.walking import Walks, shortest_round, street_lines, walks
from layers.project import Project
from layers.shapes import Bools, Floats, Ints
from layers.style import texts

#: Metres from a place to the run it is about, at most.
CATCH = 50.0
STEPS = pa.schema(
    [
        ("step", pa.int64()), ("valve", pa.int64()), ("number", pa.string()),
        ("what", pa.string()), ("leg_m", pa.float64()), ("walked_m", pa.float64()),
        ("east", pa.float64()), ("north", pa.float64()), ("assumed", pa.bool_()),
    ]
)  # fmt: skip
AFFECTED = pa.schema(
    [
        ("kind", pa.string()), ("layer", pa.string()), ("id", pa.int64()), ("name", pa.string()),
        ("east", pa.float64()), ("north", pa.float64()), ("why", pa.string()),
        ("node", pa.int64()), ("away_m", pa.float64()), ("people", pa.float64()),
    ]
)  # fmt: skip
SEIZED = pa.schema(
    [
        ("valve", pa.int64()), ("number", pa.string()), ("instead", pa.string()),
        ("more_valves", pa.int64()), ("more_length_m", pa.float64()),
        ("more_affected", pa.int64()), ("possible", pa.bool_()),
    ]
)  # fmt: skip
FEEDING = pa.schema(
    [
        ("source", pa.int64()), ("number", pa.string()), ("role", pa.string()),
        ("detoured_nodes", pa.int64()), ("detoured_affected", pa.int64()),
        ("longest_detour_m", pa.float64()),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BurstParams:
    """Where it bursts, and what is known of the valves.

    Attributes
    ----------
    run : int
        Id of the run; 0 takes the one nearest to `at`.
    at : (east, north) or None
        Where, project metres; None takes the middle of the run.
    seized : tuple of int
        Ids of valves that cannot be moved: the next ones are taken instead.
    closed : tuple of int
        Ids of valves that are closed already, besides those the layer says are.
    """

    run: int = 0
    at: tuple[float, float] | None = None
    seized: tuple[int, ...] = ()
    closed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Burst:
    """What a burst means.

    Attributes
    ----------
    params : BurstParams
        With the run that was found.
    run : int
        Id of the run that bursts.
    place : (2,) float64
        Where on it, project metres.
    isolation : Isolation
        The valves, and what lies behind them.
    steps : pyarrow.Table
        The walk: ``step``, ``valve``, ``number``, ``what`` (close, closed-already), ``leg_m``,
        ``walked_m``, ``east``, ``north``, ``assumed`` (a valve put in by rule).
    ways : tuple of (k, 2) float64
        The way of each leg.
    affected : pyarrow.Table
        Who is without water: ``kind`` (of `layers.pipes.served.KINDS`), ``layer``, ``id``,
        ``name``, ``east``, ``north``, ``why`` (isolated, cut-off), ``node``, ``away_m``,
        ``people``; worst first.
    hydrants : pyarrow.Table
        Those without water: the columns of `affected`.
    if_seized : pyarrow.Table
        For each valve: what to close ``instead`` where it cannot be moved, and how much more
        goes dry; ``possible`` is false where nothing else holds the water back.
    feeding : pyarrow.Table
        The sources that feed the rest meanwhile, and what gets its water another way.
    facts : dict
        Headline figures: ``valves``, ``walk_m``, ``isolated_m``, ``isolated_runs``,
        ``cut_off_m``, ``customers``, ``hospitals``, ``schools``, ``buildings``, ``people``,
        ``demand_lps``, ``hydrants``, ``bounded``, ``along_streets``.
    notes : tuple of Note
        What was assumed.
    """

    params: BurstParams
    run: int
    place: Floats
    isolation: Isolation
    steps: pa.Table
    ways: tuple[Floats, ...]
    affected: pa.Table
    hydrants: pa.Table
    if_seized: pa.Table
    feeding: pa.Table
    facts: dict[str, float | int | str | bool] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Waterworks:
    """A network made ready, so that a burst is answered at once.

    Attributes
    ----------
    layer : Layer
        The layer of pipes.
    pipes : Pipes
        Its content when this was made.
    graph : Graph
        Runs of one class that work.
    served : Served
        What hangs on its nodes.
    streets : (s, 2, 2) float64 or None
        Pieces of streets to walk along.
    shut : tuple of int
        Ids of valves that the layer says are closed.
    line_class : str
        The class of its runs.
    """

    layer: Layer
    pipes: Pipes
    graph: Graph
    served: Served
    streets: Floats | None
    shut: tuple[int, ...]
    line_class: str = "water"

    @classmethod
    def of(cls, project: Project, layer: Layer, line_class: str = "water") -> Waterworks:
        """Make a network ready.

        Raises
        ------
        CityError
            ``pipes.no_class`` where the layer has no working run of the class.
        """
        pipes = layer.data
        assert isinstance(pipes, Pipes)
        carrying = working(pipes) & (pipes.line_class == CLASS_KEYS.index(line_class))
        graph = Graph.of(pipes, carrying)
        if not len(graph.runs):
            raise CityError(
                "pipes.no_class",
                f"The layer '{layer.name}' has no working pipe of the class {line_class} that "
                "joins two nodes.",
                hint="choose another layer or class",
                name=layer.name, **{"class": line_class},
            )  # fmt: skip
        closed: list[int] = []
        if "state" in pipes.attributes.column_names:
            states = texts(pipes.column("state"))
            closed = pipes.ids[(pipes.role == VALVE) & (states == "closed")].tolist()
        known = set(pipes.ids[graph.nodes].tolist())
        shut = tuple(valve for valve in closed if valve in known)
        return cls(
            layer, pipes, graph, served_by(project, graph, layer), street_lines(project), shut,
            line_class,
        )  # fmt: skip

    def nearest_run(self, at: tuple[float, float]) -> int:
        """Give the id of the run nearest to a place.

        Raises
        ------
        CityError
            ``pipes.nothing_near``.
        """
        lines = self.pipes.shapes.take(self.graph.runs).to_shapely()
        away = shapely.distance(lines, shapely.Point(*at))
        nearest = int(np.argmin(away))
        if float(away[nearest]) > CATCH:
            raise CityError(
                "pipes.nothing_near",
                f"The nearest pipe is {float(away[nearest]):.0f} m away from the place.",
                hint=f"choose a place at most {CATCH:g} m from a pipe",
                metres=f"{float(away[nearest]):.0f}", most=f"{CATCH:g}",
            )  # fmt: skip
        return int(self.pipes.ids[self.graph.runs[nearest]])


def burst(works: Waterworks, params: BurstParams) -> Burst:
    """Answer a burst.

    Parameters
    ----------
    works : Waterworks
        The network.
    params : BurstParams
        Where, and what is known of the valves.

    Raises
    ------
    CityError
        ``pipes.no_run``, ``pipes.no_valve``, ``pipes.no_node``, ``pipes.nothing_near``,
        ``pipes.burst_where`` where neither run nor place is told.
    """
    if not params.run and params.at is None:
        raise CityError(
            "pipes.burst_where", "It is not told where it bursts.",
            hint="name the run, or a place on it: --run NUMBER or --at EAST,NORTH",
        )  # fmt: skip
    run = params.run or works.nearest_run(params.at or (0.0, 0.0))
    graph = works.graph
    closed = np.array(sorted({*works.shut, *params.closed} - set(params.seized)), dtype=np.int64)
    seized = np.array(params.seized, dtype=np.int64)
    found = isolate(graph, run, seized=seized, closed=closed)
    place = _place(works, run, params.at)
    steps, ways, walked = _walk(works, place, found)
    dry_nodes = np.concatenate([found.nodes, found.cut_off_nodes])
    dry = np.isin(works.pipes.ids[graph.nodes], dry_nodes)
    inner = np.isin(works.pipes.ids[graph.nodes], found.nodes)
    affected, hydrants = _affected(works, dry, inner), _hydrants(works, dry, inner)
    seized_rows = _if_seized(works, run, found, seized, closed, len(affected))
    feeding = _feeding(works, found, dry)
    assumed = steps.column("assumed").to_pylist()
    facts = _facts(works, found, affected, hydrants, dry) | {
        "walk_m": max((m for m in steps.column("walked_m").to_pylist() if m is not None),
                      default=0.0),
        "along_streets": walked.along_streets, "assumed_valves_count": sum(map(bool, assumed)),
    }  # fmt: skip
    return Burst(
        BurstParams(run, (float(place[0]), float(place[1])), params.seized, params.closed),
        run, place, found, steps, ways, affected, hydrants, seized_rows, feeding, facts,
        tuple(_notes(works, facts)),
    )  # fmt: skip


def _place(works: Waterworks, run: int, at: tuple[float, float] | None) -> Floats:
    """Give the place on the run nearest to where it is told to burst; else its middle."""
    row = works.graph.runs[works.graph.run(run)]
    line = works.pipes.shapes.take([row]).to_shapely()[0]
    if at is None:
        point = shapely.line_interpolate_point(line, 0.5, normalized=True)
    else:
        along = shapely.line_locate_point(line, shapely.Point(*at))
        point = shapely.line_interpolate_point(line, along)
    return np.array([shapely.get_x(point), shapely.get_y(point)])


def _walk(
    works: Waterworks, place: Floats, found: Isolation
) -> tuple[pa.Table, tuple[Floats, ...], Walks]:
    """Order the valves for somebody who walks from the burst; closed ones are looked at last."""
    pipes = works.pipes
    rows = pipes.index_of(found.valves)
    spots = pipes.shapes.coords[pipes.shapes.first_coord[rows]]
    walked = walks(np.concatenate([place[None], spots]), works.streets)
    order = shortest_round(walked.metres)
    numbers, fixtures = _words(pipes, "number"), _words(pipes, "fixture")
    made, ways, total = [], [], 0.0
    for step, (a, b) in enumerate(itertools.pairwise(order), 1):
        leg = float(walked.metres[a, b])
        total += leg
        ways.append(walked.way(a, b))
        row = int(rows[b - 1])
        made.append(_step(pipes, row, step, "close", numbers, fixtures, round(leg, 1), total))
    made += [
        _step(pipes, row, None, "closed-already", numbers, fixtures, None, None)
        for row in pipes.index_of(found.already_closed).tolist()
    ]
    return pa.Table.from_pylist(made, schema=STEPS), tuple(ways), walked


def _step(
    pipes: Pipes, row: int, step: int | None, what: str, numbers: Sequence[str | None],
    fixtures: Sequence[str | None], leg: float | None, total: float | None,
) -> dict[str, object]:  # fmt: skip
    east, north = pipes.shapes.coords[pipes.shapes.first_coord[row]].tolist()
    return {
        "step": step, "valve": int(pipes.ids[row]), "number": numbers[row], "what": what,
        "leg_m": leg, "walked_m": None if total is None else round(total, 1),
        "east": round(east, 3), "north": round(north, 3),
        "assumed": fixtures[row] == ASSUMED_VALVE,
    }  # fmt: skip


def _affected(works: Waterworks, dry: Bools, inner: Bools) -> pa.Table:
    served = works.served
    known = np.flatnonzero(served.node >= 0)
    rows = known[dry[served.node[known]]]
    rows = rows[np.lexsort((served.ids[rows], served.kind[rows]))]
    node = served.node[rows]
    return pa.table(
        {
            "kind": [KINDS[code] for code in served.kind[rows]],
            "layer": pa.array(served.layer[rows].tolist(), pa.string()), "id": served.ids[rows],
            "name": pa.array(served.name[rows].tolist(), pa.string()),
            "east": np.round(served.place[rows, 0], 3),
            "north": np.round(served.place[rows, 1], 3),
            "why": ["isolated" if own else "cut-off" for own in inner[node]],
            "node": works.pipes.ids[works.graph.nodes[node]],
            "away_m": np.round(served.away[rows], 1),
            "people": pa.array(served.people[rows], from_pandas=True),
        },
        schema=AFFECTED,
    )  # fmt: skip


def _hydrants(works: Waterworks, dry: Bools, inner: Bools) -> pa.Table:
    pipes, graph = works.pipes, works.graph
    at = np.flatnonzero(dry & (pipes.role[graph.nodes] == HYDRANT))
    rows = graph.nodes[at]
    place = pipes.shapes.coords[pipes.shapes.first_coord[rows]]
    numbers = _words(pipes, "number")
    n = len(rows)
    return pa.table(
        {
            "kind": ["hydrant"] * n, "layer": [works.layer.id] * n, "id": pipes.ids[rows],
            "name": [numbers[row] for row in rows.tolist()], "east": np.round(place[:, 0], 3),
            "north": np.round(place[:, 1], 3),
            "why": ["isolated" if own else "cut-off" for own in inner[at]],
            "node": pipes.ids[rows], "away_m": np.zeros(n), "people": pa.nulls(n, pa.float64()),
        },
        schema=AFFECTED,
    )  # fmt: skip


def _if_seized(
    works: Waterworks, run: int, found: Isolation, seized: Ints, closed: Ints, before: int
) -> pa.Table:
    """Look at every valve of the set: what if it cannot be moved."""
    numbers, pipes, graph = _words(works.pipes, "number"), works.pipes, works.graph
    length = dict(zip(pipes.ids[graph.runs].tolist(), graph.length.tolist(), strict=True))
    old = set(found.valves.tolist())
    dry_m = _metres(length, found)
    rows = dict(zip(found.valves.tolist(), pipes.index_of(found.valves).tolist(), strict=True))
    made: list[dict[str, object]] = []
    for valve in found.valves.tolist():
        other = isolate(graph, run, seized=np.append(seized, valve), closed=closed)
        new = [v for v in other.valves.tolist() if v not in old]
        names = [numbers[row] or str(v) for v, row in
                 zip(new, pipes.index_of(new).tolist(), strict=True)]  # fmt: skip
        dry = np.isin(pipes.ids[graph.nodes], np.concatenate([other.nodes, other.cut_off_nodes]))
        hangs = works.served.node[works.served.node >= 0]
        made.append({
            "valve": valve, "number": numbers[rows[valve]], "instead": ", ".join(names),
            "more_valves": len(new), "more_length_m": round(_metres(length, other) - dry_m, 1),
            "more_affected": int(dry[hangs].sum()) - before, "possible": other.bounded,
        })  # fmt: skip
    return pa.Table.from_pylist(made, schema=SEIZED)


def _metres(length: dict[int, float], found: Isolation) -> float:
    return sum(length[run] for run in (*found.runs.tolist(), *found.cut_off_runs.tolist()))


def _feeding(works: Waterworks, found: Isolation, dry: Bools) -> pa.Table:
    """Tell which sources feed the rest, and whose way to a source became longer."""
    graph, pipes = works.graph, works.pipes
    ids = pipes.ids[graph.nodes]
    shut = np.isin(ids, [*found.valves, *found.already_closed, *works.shut])
    passes = ~(shut[graph.start] | shut[graph.end])
    passes &= ~np.isin(pipes.ids[graph.runs], found.runs)
    all_sources = np.flatnonzero(sources_of(graph))
    left = np.flatnonzero(np.isin(ids, found.sources))
    was_shut = np.isin(ids, works.shut)
    was = pipe_distance(graph, all_sources, ~(was_shut[graph.start] | was_shut[graph.end]))
    now = np.array([pipe_distance(graph, np.array([one]), passes) for one in left])
    now = now.reshape(len(left), len(ids))
    fed_by = np.argmin(now, axis=0) if len(left) else np.zeros(len(ids), dtype=np.int64)
    least = now.min(axis=0) if len(left) else np.full(len(ids), np.inf)
    both = np.isfinite(least) & np.isfinite(was)
    more = np.subtract(least, was, out=np.zeros(len(ids)), where=both)
    longer = (more > 0.5) & ~dry & ~shut
    hangs = works.served.node[works.served.node >= 0]
    numbers = _words(pipes, "number")
    made: list[dict[str, object]] = []
    for k, node in enumerate(left.tolist()):
        mine = longer & (fed_by == k)
        row = int(graph.nodes[node])
        made.append({
            "source": int(ids[node]), "number": numbers[row], "role": ROLES[pipes.role[row]],
            "detoured_nodes": int(mine.sum()), "detoured_affected": int(mine[hangs].sum()),
            "longest_detour_m": round(float(more[mine].max()), 1) if mine.any() else 0.0,
        })  # fmt: skip
    return pa.Table.from_pylist(made, schema=FEEDING)


def _facts(
    works: Waterworks, found: Isolation, affected: pa.Table, hydrants: pa.Table, dry: Bools
) -> dict[str, float | int | str | bool]:
    pipes, graph = works.pipes, works.graph
    length = dict(zip(pipes.ids[graph.runs].tolist(), graph.length.tolist(), strict=True))
    kinds = affected.column("kind").to_pylist()
    people = [value for value in affected.column("people").to_pylist() if value is not None]
    demand = 0.0
    if "demand_lps" in pipes.attributes.column_names:
        demand = float(np.nansum(pipes.numbers("demand_lps")[graph.nodes[dry]]))
    return {
        "valves": len(found.valves), "already_closed_count": len(found.already_closed),
        "isolated_runs_count": len(found.runs),
        "isolated_m": round(sum(length[run] for run in found.runs.tolist()), 1),
        "cut_off_runs_count": len(found.cut_off_runs),
        "cut_off_m": round(sum(length[run] for run in found.cut_off_runs.tolist()), 1),
        "customers": kinds.count("customer"), "hospitals": kinds.count(KINDS[HOSPITAL]),
        "schools": kinds.count(KINDS[SCHOOL]), "buildings": kinds.count("building"),
        "people": round(sum(people)), "demand_lps": round(demand, 3),
        "hydrants": hydrants.num_rows, "sources": len(found.sources), "bounded": found.bounded,
        "out_of_reach_count": works.served.out_of_reach,
    }  # fmt: skip


def _notes(works: Waterworks, facts: dict[str, float | int | str | bool]) -> list[Note]:
    out = []
    if not facts["bounded"]:
        out.append(Note("burst_unbounded"))
    if not sources_of(works.graph).any():
        out.append(Note("burst_no_source"))
    if not (works.pipes.role[works.graph.nodes] == VALVE).any():
        out.append(Note("burst_no_valves"))
    if facts["assumed_valves_count"]:
        out.append(Note("burst_assumed_valves", {"count": facts["assumed_valves_count"]}))
    if not facts["along_streets"]:
        out.append(Note("burst_straight"))
    if facts["out_of_reach_count"]:
        out.append(Note("burst_out_of_reach", {"count": facts["out_of_reach_count"]}))
    return out


def _words(pipes: Pipes, name: str) -> Sequence[str | None]:
    if name not in pipes.attributes.column_names:
        return [None] * len(pipes)
    words: list[str | None] = texts(pipes.column(name)).tolist()
    return words

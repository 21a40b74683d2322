"""Longitudinal sections: a way through a network unrolled, with all that joins and crosses it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from layers.errors import CityError
from layers.files.raw import Note
from layers.kinds.base import Layer
from layers.kinds.pipes import FORMS, ROLES, STATUSES, Pipes, chainage
from layers.pipes.classes import CLASS_KEYS, CLASSES
from layers.pipes.graph import Graph
from layers.pipes.looks import COVER, error_band, half_sizes, run_codes
from layers.pipes.section_line import (
    GroundLine,
    SectionLine,
    Strip,
    strips_along,
    terrain_ground,
)
from layers.pipes.sections import (
    CutPipe,
    SectionParams,
    assumed_of,
    crossings,
    ends_ground,
    section_layers,
    section_notes,
)
from layers.project import Project
from layers.shapes import Floats, Ints
from layers.style import Colour, texts

DEEP = 0.15  # metres that a chamber reaches below the lowest run where nobody told its bottom
OUT = 0.05  # metres over the ground from which a run is told to come out of it
DIFFERENT = 0.5  # metres between the terrain and a survey's ground that are told


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """One run of the way, turned so that it goes forward.

    Attributes
    ----------
    pipe : int
        Id of the run.
    number, material, owner, code, form, status, line_class : str
        As in `layers.pipes.sections.CutPipe`.
    colour : str
        Of its class.
    start, end : float
        Stations, metres.
    station, centre : (k,) float64
        At every corner: station, and level of the middle, metres.
    half_high, inner_half : float
        Half the height outside, and inside of the walls, metres.
    assumed : tuple of str
        What was not told.
    forward : bool
        Whether the run was drawn in the direction of the way.
    gravity : bool
        Whether it drains by itself.
    """

    pipe: int
    number: str
    material: str
    owner: str
    code: str
    form: str
    status: str
    line_class: str
    colour: Colour
    start: float
    end: float
    station: Floats
    centre: Floats
    half_high: float
    inner_half: float
    assumed: tuple[str, ...]
    forward: bool
    gravity: bool

    @property
    def length(self) -> float:
        """Metres in plan."""
        return self.end - self.start

    @property
    def invert(self) -> Floats:
        """Level of the inside of the bottom at every corner."""
        return np.asarray(self.centre - self.inner_half)

    @property
    def top(self) -> Floats:
        """Level of the outside of the top at every corner."""
        return np.asarray(self.centre + self.half_high)

    @property
    def slope(self) -> float:
        """Fall over length in the direction of the way; negative where it rises."""
        fall = float(self.centre[0] - self.centre[-1])
        return fall / self.length if self.length > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Branch:
    """A run that joins the way at a node: id, code, colour, level of its middle, half its height
    (metres), and whether it flows in, as far as its levels tell.
    """

    pipe: int
    code: str
    colour: Colour
    centre: float
    half_high: float
    falls_in: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """A node of the way.

    Attributes
    ----------
    node : int
        Id.
    role, number : str
        What it is, and what it is called.
    station, ground, bottom : float
        Metres along the way, levels.
    chamber : bool
        Whether a shaft leads up to the ground.
    ground_told : bool
        Whether a survey tells the level of the ground.
    branches : tuple of Branch
        What else joins here.
    """

    node: int
    role: str
    number: str
    station: float
    ground: float
    bottom: float
    chamber: bool
    ground_told: bool
    branches: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class LongSection:
    """A way unrolled.

    Attributes
    ----------
    layer : str
        Id of the layer.
    line : SectionLine
        The way in plan.
    ground : GroundLine
        The surface over it.
    stretches : tuple of Stretch
        Its runs in order.
    stops : tuple of Stop
        Its nodes in order, one more than runs.
    crossings : tuple of CutPipe
        Other runs that cross it, in order.
    strips : tuple of Strip
        Surfaces of streets over it.
    notes : tuple of Note
        What was assumed.
    """

    layer: str
    line: SectionLine
    ground: GroundLine
    stretches: tuple[Stretch, ...]
    stops: tuple[Stop, ...]
    crossings: tuple[CutPipe, ...]
    strips: tuple[Strip, ...] = ()
    notes: tuple[Note, ...] = ()

    def survey_error(self, station: Floats, centre: Floats) -> Floats:
        """Give how far a survey of depth may be off at places of the way, metres."""
        return error_band(self.ground.at(station) - centre)[1]


def long_section(
    project: Project, layer: Layer, runs: Sequence[int],
    params: SectionParams = SectionParams(),
) -> LongSection:  # fmt: skip
    """Unroll a way through a network.

    Parameters
    ----------
    project : Project
        Terrain, streets, other pipes.
    layer : Layer
        Pipes.
    runs : sequence of int
        Ids of the runs in order, each joined to the one before, as `way_between` and
        `way_of_runs` give them.
    params : SectionParams
        Which layers may cross it, and whether pavement is shown.

    Raises
    ------
    CityError
        ``sections.no_way`` for runs that do not follow each other, ``pipes.no_run``.
    """
    pipes = layer.data
    assert isinstance(pipes, Pipes)
    rows, forward, nodes = _ordered(pipes, runs)
    line, begins, ends = _unrolled(pipes, rows, forward)
    surface = terrain_ground(project, line)
    ground = surface or _surveyed_ground(pipes, rows, forward, begins, ends)
    stretches = _stretches(pipes, rows, forward, begins, ends, ground)
    stations = [*begins, ends[-1]]
    stops = tuple(
        _stop(pipes, node, station, ground, stretches[max(k - 1, 0) : k + 1], set(rows.tolist()))
        for k, (node, station) in enumerate(zip(nodes, stations, strict=True))
    )
    crossing = _crossings(project, layer, line, ground, rows, nodes, params)
    notes = section_notes(crossing, ground)
    notes += _against_ground(stretches, stops, ground)
    notes += tuple(
        Note(f"section_way_assumed_{what}", {"count": count})
        for what in ("level", "size")
        if (count := sum(what in stretch.assumed for stretch in stretches))
    )
    return LongSection(
        layer.id, line, ground, stretches, stops, crossing,
        strips_along(project, line) if params.pavement else (), notes,
    )  # fmt: skip


def _against_ground(
    stretches: Sequence[Stretch], stops: Sequence[Stop], ground: GroundLine
) -> tuple[Note, ...]:
    """Say where runs come out of the ground, and where surveys tell another ground."""
    out = []
    above = 0
    for one in stretches:
        at = np.unique(np.concatenate([
            one.station,
            ground.station[(ground.station > one.start) & (ground.station < one.end)],
        ]))  # fmt: skip
        above += bool((np.interp(at, one.station, one.top) - ground.at(at) > OUT).any())
    if above:
        out.append(Note("section_above_ground", {"count": above}))
    told = [stop for stop in stops if stop.ground_told]
    away = [abs(stop.ground - float(ground.at([stop.station])[0])) for stop in told]
    if ground.source == "terrain" and max(away, default=0.0) > DIFFERENT:
        count = sum(one > DIFFERENT for one in away)
        out.append(Note("section_ground_differs", {"count": count, "most": round(max(away), 2)}))
    return tuple(out)


def way_between(pipes: Pipes, nodes: Sequence[int]) -> list[int]:
    """Give the ids of the runs from node to node, the shortest way.

    Raises
    ------
    CityError
        ``sections.nodes`` for fewer than two different nodes, ``pipes.no_node``,
        ``pipes.no_way``.
    """
    if len(nodes) < 2 or any(a == b for a, b in itertools.pairwise(nodes)):
        raise CityError(
            "sections.nodes",
            "A longitudinal section needs two different nodes.",
            hint="name where it begins and where it ends, such as --path WS1,WS9",
        )
    graph = Graph.of(pipes)
    return [int(run) for a, b in itertools.pairwise(nodes) for run in graph.way(int(a), int(b))[0]]


def way_of_runs(pipes: Pipes, chosen: Sequence[int]) -> list[int]:
    """Put chosen runs into the order of a way.

    Runs that are chosen need not touch: the shortest way between the two ends that lie farthest
    apart is taken where it holds all of them. Branches of a tee are no way.

    Raises
    ------
    CityError
        ``sections.no_way`` where they branch or are not joined; ``pipes.no_run``.
    """
    graph = Graph.of(pipes)
    places = [graph.run(int(run)) for run in dict.fromkeys(chosen)]
    if not places:
        raise _no_way()
    edges = {k: (int(graph.start[k]), int(graph.end[k])) for k in places}
    at_node: dict[int, list[int]] = {}
    for k, pair in edges.items():
        for node in pair:
            at_node.setdefault(node, []).append(k)
    loose = [node for node, own in at_node.items() if len(own) == 1]
    if any(len(own) > 2 for own in at_node.values()):
        raise _no_way()
    if len(loose) > 2:
        return _bridged(pipes, graph, loose, {int(run) for run in chosen})
    node = min(loose, key=lambda n: _first_seen(edges, places, n)) if loose else edges[places[0]][0]
    order: list[int] = []
    while len(order) < len(places):
        ahead = [k for k in at_node[node] if k not in order]
        if not ahead:
            raise _no_way()
        order.append(ahead[0])
        a, b = edges[ahead[0]]
        node = b if node == a else a
    return [int(pipes.ids[graph.runs[k]]) for k in order]


def nodes_called(pipes: Pipes, names: Sequence[str]) -> list[int]:
    """Find nodes by their numbers (``WS12``) or ids.

    Raises
    ------
    CityError
        ``sections.no_such_node``, naming the first that is not there.
    """
    said: dict[str, int] = {}
    nodes = pipes.nodes
    if "number" in pipes.attributes.column_names:
        words = texts(pipes.column("number"))[nodes]
        for row, word in zip(nodes[::-1].tolist(), words[::-1], strict=True):
            if word:
                said[str(word).strip().casefold()] = int(pipes.ids[row])
    known = {int(i) for i in pipes.ids[nodes]}
    out = []
    for name in names:
        word = name.strip()
        found = said.get(word.casefold())
        if found is None and word.isdigit() and int(word) in known:
            found = int(word)
        if found is None:
            raise CityError(
                "sections.no_such_node",
                f"No manhole, valve or other node is called '{word}'.",
                hint="write the number that stands in the survey, or the id of the node",
                name=word,
            )
        out.append(found)
    return out


# Inside ---------------------------------------------------------------------------------------


def _no_way() -> CityError:
    return CityError(
        "sections.no_way",
        "The chosen pipes do not follow each other as one way.",
        hint="choose pipes without side branches, or two nodes",
    )


def _first_seen(edges: dict[int, tuple[int, int]], places: list[int], node: int) -> int:
    return next(k for k, place in enumerate(places) if node in edges[place])


def _bridged(pipes: Pipes, graph: Graph, loose: list[int], chosen: set[int]) -> list[int]:
    """Fill the holes between chosen runs by the shortest ways."""
    ids = [int(pipes.ids[graph.nodes[node]]) for node in loose]
    ways = []
    for a, b in itertools.combinations(ids, 2):
        try:
            ways.append([int(run) for run in graph.way(a, b)[0]])
        except CityError as error:
            if error.code != "pipes.no_way":
                raise
    good = [way for way in ways if chosen <= set(way)]
    if not good:
        raise _no_way()
    return min(good, key=len)


def _ordered(pipes: Pipes, runs: Sequence[int]) -> tuple[Ints, list[bool], list[int]]:
    """Give rows of runs, whether each goes forward, and the ids of the nodes between them."""
    graph = Graph.of(pipes)
    rows = np.array([graph.runs[graph.run(int(run))] for run in runs], dtype=np.int64)
    if not len(rows):
        raise _no_way()
    ends = [(int(pipes.start_node[row]), int(pipes.end_node[row])) for row in rows.tolist()]
    forward, nodes = [], []
    if len(ends) == 1:
        return rows, [True], [*ends[0]]
    at = ends[0][0] if ends[0][1] in ends[1] else ends[0][1]
    for pair in ends:
        if at not in pair:
            raise _no_way()
        nodes.append(at)
        forward.append(at == pair[0])
        at = pair[1] if at == pair[0] else pair[0]
    return rows, forward, [*nodes, at]


def _unrolled(
    pipes: Pipes, rows: Ints, forward: Sequence[bool]
) -> tuple[SectionLine, list[float], list[float]]:
    """Give the way in plan, and the stations at which each run begins and ends."""
    coords, first = pipes.shapes.coords, pipes.shapes.first_coord
    parts, begins, ends, at = [], [], [], 0.0
    for row, ahead in zip(rows.tolist(), forward, strict=True):
        own = coords[first[row] : first[row + 1]]
        parts.append(own if ahead else own[::-1])
        begins.append(at)
        at += float(np.hypot(*np.diff(own, axis=0).T).sum())
        ends.append(at)
    points = np.concatenate(parts)
    step = np.hypot(*np.diff(points, axis=0).T)
    points = points[np.append(True, step > 1e-6)]
    return SectionLine.of(points), begins, ends


def _surveyed_ground(
    pipes: Pipes, rows: Ints, forward: Sequence[bool], begins: list[float], ends: list[float]
) -> GroundLine:
    """Give the ground by the levels of surveys at the nodes."""
    start, end, known = ends_ground(pipes, rows)
    one = np.where(forward, start, end)
    two = np.where(forward, end, start)
    station = np.array([*begins, ends[-1]])
    level = np.append(one, two[-1])
    told = np.append(known, known[-1])
    sure = np.isfinite(level)
    if not sure.any():
        flat = np.zeros(len(station))
        return GroundLine(station, flat, np.zeros(len(station), dtype=bool), "assumed")
    level = np.interp(station, station[sure], level[sure])
    return GroundLine(station, level, told & sure, "nodes" if told.any() else "assumed")


def _stretches(
    pipes: Pipes, rows: Ints, forward: Sequence[bool], begins: list[float], ends: list[float],
    ground: GroundLine,
) -> tuple[Stretch, ...]:  # fmt: skip
    first = pipes.shapes.first_coord
    share, level = chainage(pipes.shapes.coords, first), pipes.centres()
    high, codes = half_sizes(pipes)[1], run_codes(pipes, rows)
    said = {
        key: texts(pipes.column(key))[rows] if key in pipes.attributes.column_names
        else np.full(len(rows), "", dtype=object)
        for key in ("number", "material", "owner")
    }  # fmt: skip
    out = []
    for k, row in enumerate(rows.tolist()):
        own = slice(int(first[row]), int(first[row + 1]))
        along, centre = share[own], level[own]
        if not forward[k]:
            along, centre = 1.0 - along[::-1], centre[::-1]
        station = begins[k] + along * (ends[k] - begins[k])
        guess = ground.at(station) - COVER - high[row]
        major = CLASSES[int(pipes.line_class[row])]
        clear = float(pipes.height[row]) / 2.0
        out.append(Stretch(
            int(pipes.ids[row]), str(said["number"][k] or ""), str(said["material"][k] or ""),
            str(said["owner"][k] or ""), codes[k], FORMS[pipes.form[row]],
            STATUSES[pipes.status[row]], CLASS_KEYS[pipes.line_class[row]], major.colour,
            begins[k], ends[k], station,
            np.where(np.isfinite(centre), centre, guess), float(high[row]),
            clear if clear > 0 else float(high[row]), assumed_of(pipes, row), forward[k],
            major.gravity,
        ))  # fmt: skip
    return tuple(out)


def _stop(
    pipes: Pipes, node: int, station: float, ground: GroundLine,
    beside: Sequence[Stretch], way: set[int],
) -> Stop:  # fmt: skip
    row = int(pipes.index_of([node])[0])
    told = float(pipes.start_level[row])
    soil = told if math.isfinite(told) else float(ground.at([station])[0])
    lowest = min(
        float(stretch.centre[0 if abs(stretch.start - station) < 1e-6 else -1]) - stretch.half_high
        for stretch in beside
    )
    bottom = float(pipes.end_level[row])
    role = ROLES[pipes.role[row]]
    number = ""
    if "number" in pipes.attributes.column_names:
        number = str(texts(pipes.column("number").slice(row, 1))[0] or "")
    return Stop(
        node, role, number, station, soil, bottom if math.isfinite(bottom) else lowest - DEEP,
        role in {"manhole", "well", "gully", "pump-station"}, math.isfinite(told),
        _branches(pipes, node, way),
    )  # fmt: skip


def _branches(pipes: Pipes, node: int, way: set[int]) -> tuple[Branch, ...]:
    runs = pipes.runs
    joins = runs[(pipes.start_node[runs] == node) | (pipes.end_node[runs] == node)]
    joins = joins[~np.isin(joins, list(way))]
    if not len(joins):
        return ()
    level, first = pipes.centres(), pipes.shapes.first_coord
    high, codes = half_sizes(pipes)[1], run_codes(pipes, joins)
    out = []
    for row, code in zip(joins.tolist(), codes, strict=True):
        near, far = int(first[row]), int(first[row + 1] - 1)
        if pipes.start_node[row] != node:
            near, far = far, near
        if math.isfinite(level[near]):
            colour = CLASSES[int(pipes.line_class[row])].colour
            out.append(Branch(
                int(pipes.ids[row]), code, colour, float(level[near]), float(high[row]),
                bool(level[far] > level[near]),
            ))  # fmt: skip
    return tuple(out)


def _crossings(
    project: Project, layer: Layer, line: SectionLine, ground: GroundLine, rows: Ints,
    nodes: Sequence[int], params: SectionParams,
) -> tuple[CutPipe, ...]:  # fmt: skip
    """Give what crosses the way; its own runs and what joins them do not."""
    pipes = layer.data
    assert isinstance(pipes, Pipes)
    runs = pipes.runs
    joined = runs[
        np.isin(pipes.start_node[runs], list(nodes)) | np.isin(pipes.end_node[runs], list(nodes))
    ]
    own = {int(pipes.ids[row]) for row in (*rows.tolist(), *joined.tolist())}
    found: list[CutPipe] = []
    for one in section_layers(project, params.layers):
        found += crossings(one, line, ground, own if one is layer else ())
    return tuple(sorted(found, key=lambda pipe: pipe.station))

"""What is wrong with a network as it was surveyed: found, placed and named, never mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely
from scipy.spatial import cKDTree

from layers.kinds.pipes import ASSUMED, INVERT, ROUND, RUN, TOLD_NOTHING, TOP, Pipes
from layers.pipes.classes import CLASS_KEYS, SUBCLASS_KEYS, SUBCLASSES
from layers.progress import Progress, Silent
from layers.shapes import Floats, Ints
from layers.style import texts

#: What can be wrong, in the order of the table; errors first, then what should be looked at.
ISSUES = (
    "zero-length", "duplicate-run", "negative-depth", "above-ground", "too-deep", "no-size",
    "absurd-size", "wrong-class", "no-node", "duplicate-point", "duplicate-number", "dangling-end",
    "orphan-point", "missing-number",
    "against-slope", "smaller-downstream",
)  # fmt: skip
SEVERE = frozenset(ISSUES[:9])
SCHEMA = pa.schema(
    [
        ("issue", pa.string()), ("severity", pa.string()), ("id", pa.int64()),
        ("other", pa.int64()), ("number", pa.string()), ("east", pa.float64()),
        ("north", pa.float64()), ("level", pa.float64()), ("value", pa.float64()),
        ("limit", pa.float64()), ("assumed", pa.bool_()),
    ]
)  # fmt: skip
DRAIN = CLASS_KEYS.index("drain")
TUNNEL = SUBCLASS_KEYS.index("tunnel")
OF = np.array([255, *(CLASS_KEYS.index(item.of) for item in SUBCLASSES)], dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class QualityParams:
    """What a check of quality looks for.

    Attributes
    ----------
    snap : float
        Metres within which a loose end should have met a node or a run.
    same_place : float
        Metres within which two points are at one place.
    fall : float
        Metres a drain may rise along its direction before that is told.
    size : float
        Metres a drain may become smaller downstream before that is told.
    deepest : float
        Metres below the ground that the level of a pipe or the bottom of a chamber is believed.
    thinnest, widest : float
        Metres of a clear width or height that are believed; twice and three times as much for a
        culvert or duct bank and for a utility tunnel.
    """

    snap: float = 0.5
    same_place: float = 0.05
    fall: float = 0.01
    size: float = 0.01
    deepest: float = 30.0
    thinnest: float = 0.005
    widest: float = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Some objects with one thing wrong: rows, the other object, and a figure with its limit."""

    issue: str
    rows: Ints
    other: Ints | None = None
    value: Floats | None = None
    limit: float = np.nan
    end: bool = False  # stands at the last coordinate of the run, not at its middle


def check_quality(
    pipes: Pipes,
    params: QualityParams = QualityParams(),
    *,
    ground_at: Callable[[Floats], Floats] | None = None,
    progress: Progress = Silent(),
) -> pa.Table:
    """Look for what is wrong in a network.

    Parameters
    ----------
    pipes : Pipes
        The layer.
    params : QualityParams
        Limits.
    ground_at : callable or None
        Ground of the project at places, for nodes that do not tell theirs; None where the
        project has no terrain.
    progress : Progress
        Told of the stages.

    Returns
    -------
    pyarrow.Table
        One row per finding: ``issue`` (of ``ISSUES``), ``severity`` (``error``, ``look``),
        ``id``, ``other`` (id of the other object, null for none), ``number``, ``east``,
        ``north``, ``level`` (where a marker stands, null without a level), ``value`` and
        ``limit`` (metres, or null), ``assumed`` (whether an assumed level or size took part).
    """
    looks = (_shapes, _ends, _points, _numbers, _levels, _sizes, _classes, _drains)
    found: list[_Found] = []
    for number, look in enumerate(looks):
        progress.step(number, len(looks), "progress-checking-pipes")
        found += look(pipes, params, ground_at)
    progress.step(len(looks), len(looks), "progress-checking-pipes")
    found.sort(key=lambda item: ISSUES.index(item.issue))
    numbers = _texts(pipes, "number")
    tables = [_table(pipes, item, numbers) for item in found if len(item.rows)]
    return pa.concat_tables([SCHEMA.empty_table(), *tables])


Ground = Callable[[Floats], Floats] | None


def counts(table: pa.Table) -> dict[str, int]:
    """Count the findings by issue, in the order of ``ISSUES``; those without any are left out."""
    issues = table.column("issue").to_pylist()
    return {issue: issues.count(issue) for issue in ISSUES if issue in set(issues)}


def _table(pipes: Pipes, item: _Found, numbers: list[str]) -> pa.Table:
    rows = item.rows
    shapes = pipes.shapes
    first, last = shapes.first_coord[rows], shapes.first_coord[rows + 1] - 1
    runs = pipes.role[rows] == RUN
    if item.end:
        place, level = shapes.coords[last], pipes.end_level[rows]
    else:
        place = (shapes.coords[first] + shapes.coords[last]) / 2.0
        middle = (pipes.start_level[rows] + pipes.end_level[rows]) / 2.0
        level = np.where(runs, middle, pipes.start_level[rows])
    n = len(rows)
    nothing = np.full(n, np.nan)
    severity = "error" if item.issue in SEVERE else "look"
    other = None if item.other is None else pipes.ids[item.other]
    return pa.table(
        {
            "issue": pa.array([item.issue] * n), "severity": pa.array([severity] * n),
            "id": pa.array(pipes.ids[rows]),
            "other": pa.nulls(n, pa.int64()) if other is None else pa.array(other),
            "number": pa.array([numbers[row] or None for row in rows], pa.string()),
            "east": pa.array(place[:, 0]), "north": pa.array(place[:, 1]),
            "level": pa.array(np.round(level, 4), from_pandas=True),
            "value": pa.array(np.round(nothing if item.value is None else item.value, 4),
                              from_pandas=True),
            "limit": pa.array(np.full(n, item.limit), from_pandas=True),
            "assumed": pa.array(pipes.assumed[rows] > 0),
        },
        schema=SCHEMA,
    )  # fmt: skip


def _texts(pipes: Pipes, name: str) -> list[str]:
    if name not in pipes.attributes.column_names:
        return [""] * len(pipes)
    return [str(word or "").strip() for word in texts(pipes.column(name))]


def _shapes(pipes: Pipes, params: QualityParams, ground: Ground) -> Iterator[_Found]:
    """Find runs without length, and runs that are there twice."""
    del ground
    runs = pipes.runs
    length = pipes.shapes.lengths()[runs]
    levels = np.abs(pipes.start_level[runs] - pipes.end_level[runs])
    flat = (length <= params.same_place) & ~(levels > params.same_place)
    yield _Found("zero-length", runs[flat], value=length[flat], limit=params.same_place)
    first = pipes.shapes.first_coord
    a = pipes.shapes.coords[first[runs]].round(2)
    b = pipes.shapes.coords[first[runs + 1] - 1].round(2)
    swap = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    low, high = np.where(swap[:, None], b, a), np.where(swap[:, None], a, b)
    middle = _middles(pipes, runs).round(2)
    size = np.round(pipes.width[runs, None], 3)
    facts = [low, high, middle, size, pipes.line_class[runs, None], pipes.subclass[runs, None]]
    depth = np.round(np.nan_to_num(pipes.start_level + pipes.end_level)[runs, None], 2)
    key = np.ascontiguousarray(np.hstack([*facts, depth]))
    _, index, group = np.unique(key, axis=0, return_index=True, return_inverse=True)
    again = np.flatnonzero(index[group.reshape(-1)] != np.arange(len(runs)))
    yield _Found("duplicate-run", runs[again], runs[index[group.reshape(-1)[again]]])


def _middles(pipes: Pipes, runs: Ints) -> Floats:
    """Give the place half way along every run, (r, 2)."""
    if not len(runs):
        return np.zeros((0, 2))
    lines = shapely.force_2d(pipes.shapes.take(runs).to_shapely())
    places = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    return np.asarray(shapely.get_coordinates(places))


def _ends(pipes: Pipes, params: QualityParams, ground: Ground) -> Iterator[_Found]:
    """Find runs that name no node, and ends that stop just short of another node or run."""
    del ground
    runs, nodes = pipes.runs, pipes.nodes
    known = np.isin(pipes.start_node[runs], pipes.ids[nodes])
    known &= np.isin(pipes.end_node[runs], pipes.ids[nodes])
    yield _Found("no-node", runs[~known])
    if len(runs) < 2 or not len(nodes):
        return
    ends = np.concatenate([pipes.start_node[runs], pipes.end_node[runs]])
    degree = np.bincount(np.searchsorted(np.sort(pipes.ids[nodes]), ends[np.isin(
        ends, pipes.ids[nodes])]), minlength=len(nodes))  # fmt: skip
    order = np.argsort(pipes.ids[nodes], kind="stable")
    loose = nodes[order[degree == 1]]
    lines = shapely.force_2d(pipes.shapes.take(runs).to_shapely())
    points = shapely.points(pipes.shapes.coords[pipes.shapes.first_coord[loose]])
    pairs = shapely.STRtree(lines).query(points, predicate="dwithin", distance=params.snap)
    end, line = pairs
    away = shapely.distance(points[end], lines[line])
    node_id = pipes.ids[loose[end]]
    own = (pipes.start_node[runs[line]] == node_id) | (pipes.end_node[runs[line]] == node_id)
    alike = pipes.line_class[runs[line]] == pipes.line_class[loose[end]]
    good = np.flatnonzero(~own & alike)
    good = good[np.lexsort([away[good], end[good]])]
    _, once = np.unique(end[good], return_index=True)
    good = good[once]
    yield _Found("dangling-end", loose[end[good]], runs[line[good]], away[good], params.snap)


def _points(pipes: Pipes, params: QualityParams, ground: Ground) -> Iterator[_Found]:
    """Find points that no run joins, and points of one class at one place."""
    del ground
    nodes, runs = pipes.nodes, pipes.runs
    used = np.concatenate([pipes.start_node[runs], pipes.end_node[runs]])
    yield _Found("orphan-point", nodes[~np.isin(pipes.ids[nodes], used)])
    if len(nodes) < 2:
        return
    places = pipes.shapes.coords[pipes.shapes.first_coord[nodes]]
    pairs = cKDTree(places).query_pairs(params.same_place, output_type="ndarray")
    alike = pipes.line_class[nodes[pairs[:, 0]]] == pipes.line_class[nodes[pairs[:, 1]]]
    pairs = np.sort(pairs[alike], axis=1)
    later, once = np.unique(pairs[:, 1], return_index=True)
    yield _Found("duplicate-point", nodes[later], nodes[pairs[once, 0]])


def _numbers(pipes: Pipes, params: QualityParams, ground: Ground) -> Iterator[_Found]:
    """Find objects without a number, and numbers that several points or runs have."""
    del params, ground
    numbers = np.array(_texts(pipes, "number"), dtype=object)
    for rows in (pipes.nodes, pipes.runs):
        mine = numbers[rows]
        empty = mine == ""
        if not empty.all():  # a file without numbers at all has none missing
            yield _Found("missing-number", rows[empty])
        named = np.flatnonzero(~empty)
        keys = [f"{pipes.line_class[rows[i]]} {mine[i].casefold()}" for i in named]
        first: dict[str, int] = {}
        again = [(i, first[key]) for i, key in zip(named.tolist(), keys, strict=True)
                 if first.setdefault(key, i) != i]  # fmt: skip
        pairs = np.array(again, dtype=np.int64).reshape(-1, 2)
        yield _Found("duplicate-number", rows[pairs[:, 0]], rows[pairs[:, 1]])


def _levels(pipes: Pipes, params: QualityParams, ground: Ground) -> Iterator[_Found]:
    """Find runs whose depth is below zero, and inverts above the ground."""
    runs = pipes.runs
    surface = np.full((len(pipes), 2), np.nan)
    place = {int(i): level for i, level in zip(pipes.ids[pipes.nodes],
             pipes.start_level[pipes.nodes], strict=True)}  # fmt: skip
    for side, names in enumerate((pipes.start_node, pipes.end_node)):
        surface[runs, side] = [place.get(int(i), np.nan) for i in names[runs]]
    if ground is not None:
        first = pipes.shapes.first_coord
        for side, at in enumerate((first[runs], first[runs + 1] - 1)):
            missing = ~np.isfinite(surface[runs, side])
            surface[runs[missing], side] = ground(pipes.shapes.coords[at[missing]])
    levels = np.stack([pipes.start_level, pipes.end_level], axis=1)[runs]
    depth = (surface[runs] - levels).min(axis=1)
    most = (surface[runs] - levels).max(axis=1)
    of = pipes.level_of[runs]
    yield _Found(
        "negative-depth", runs[(depth < 0) & (of == TOP)], limit=0.0,
        value=depth[(depth < 0) & (of == TOP)],
    )  # fmt: skip
    over = (depth < 0) & (of != TOP)
    yield _Found("above-ground", runs[over], value=depth[over], limit=0.0)
    nodes = pipes.nodes
    sunk = pipes.start_level[nodes] - pipes.end_level[nodes]
    yield _Found("above-ground", nodes[sunk < 0], value=sunk[sunk < 0], limit=0.0)
    limit = params.deepest
    yield _Found("too-deep", runs[most > limit], value=most[most > limit], limit=limit)
    told = (pipes.assumed[nodes] & ASSUMED["end-level"]) == 0  # else the run is told already
    deep = told & (sunk > limit)
    yield _Found("too-deep", nodes[deep], value=sunk[deep], limit=limit)


def _sizes(pipes: Pipes, params: QualityParams, ground: Ground) -> Iterator[_Found]:
    """Find runs told to have no size, and sizes that no pipe has."""
    del ground
    runs, assumed = pipes.runs, pipes.assumed[pipes.runs]
    nothing = (assumed & TOLD_NOTHING) > 0
    yield _Found("no-size", runs[nothing], value=np.zeros(int(nothing.sum())))
    runs = runs[(assumed & ASSUMED["size"]) == 0]
    small = np.minimum(pipes.width, pipes.height)[runs]
    large = np.maximum(pipes.width, pipes.height)[runs]
    thin = (large > 0) & (small < params.thinnest)
    yield _Found("absurd-size", runs[thin], value=small[thin], limit=params.thinnest)
    wide = np.where(pipes.form == ROUND, params.widest, 2.0 * params.widest)
    wide = np.where(pipes.subclass == TUNNEL, 3.0 * params.widest, wide)[runs]
    for limit in np.unique(wide).tolist():
        over = (wide == limit) & (large > limit)
        yield _Found("absurd-size", runs[over], value=large[over], limit=limit)


def _classes(pipes: Pipes, params: QualityParams, ground: Ground) -> Iterator[_Found]:
    """Find subclasses that do not belong to the class, unknown classes, and mixed runs."""
    del params, ground
    strange = (pipes.subclass > 0) & (OF[pipes.subclass] != pipes.line_class)
    unknown = pipes.subclass == SUBCLASS_KEYS.index("unknown")
    yield _Found("wrong-class", np.flatnonzero(strange | unknown))


def _drains(pipes: Pipes, params: QualityParams, ground: Ground) -> Iterator[_Found]:
    """Find drains that rise the way they flow, and that become smaller downstream."""
    del ground
    runs = pipes.runs[pipes.line_class[pipes.runs] == DRAIN]
    runs = runs[pipes.levelled[runs] & (pipes.level_of[runs] == INVERT)]
    flow = _told_flow(pipes)[runs]
    rise = pipes.end_level[runs] - pipes.start_level[runs]
    wrong = np.where(flow < 0, -rise, rise)
    bad = wrong > params.fall
    yield _Found("against-slope", runs[bad], value=wrong[bad], limit=params.fall)
    down = np.where(rise > 0, pipes.start_node[runs], pipes.end_node[runs])
    up = np.where(rise > 0, pipes.end_node[runs], pipes.start_node[runs])
    order = np.argsort(up, kind="stable")
    left = np.searchsorted(up[order], down, side="left")
    right = np.searchsorted(up[order], down, side="right")
    rows: list[int] = []
    others: list[int] = []
    values: list[float] = []
    size = np.minimum(pipes.width, pipes.height)
    known = (pipes.assumed & 4) == 0
    for i in np.flatnonzero((right > left) & (down > 0)):
        for j in order[left[i] : right[i]]:
            a, b = runs[i], runs[j]
            same = pipes.subclass[a] == pipes.subclass[b] and known[a] and known[b]
            if same and a != b and size[a] - size[b] > params.size:
                rows.append(int(b))
                others.append(int(a))
                values.append(float(size[b] - size[a]))
    found = np.array(rows, dtype=np.int64), np.array(others, dtype=np.int64)
    yield _Found("smaller-downstream", found[0], found[1], np.array(values), -params.size)


def _told_flow(pipes: Pipes) -> Ints:
    """Give the direction a file tells, (n,): 1 from start to end (also untold), -1 back."""
    for name in ("流向", "flow", "flow_direction", "flowdirect"):
        if name in pipes.attributes.column_names:
            words = [str(word or "").strip() for word in texts(pipes.column(name))]
            back = {"1", "-", "-1", "逆", "逆向", "反", "反向", "reverse", "back", "against"}
            return np.array([-1 if word in back else 1 for word in words], dtype=np.int64)
    return np.ones(len(pipes), dtype=np.int64)

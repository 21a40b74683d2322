"""The order of pipes: across a street from its edge inward, and going down where they cross."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import shapely

from layers.kinds.pipes import Pipes
from layers.pipes.classes import CLASS_KEYS, SUBCLASS_KEYS
from layers.pipes.nearness import Meetings, segments
from layers.pipes.pavement import Geometries, StreetLines
from layers.progress import Progress, Silent
from layers.rules.rule import Rule, RuleSet
from layers.shapes import Floats, Ints

ORDER = "pipes.order"
STEP = 25.0  # metres from one cut across a street to the next
ALONG = np.cos(np.radians(30.0))  # pipes that run more across than this do not count
APART = 0.05  # metres of difference from which one lies further out than another
SCHEMA = pa.schema(
    [
        ("pipe", pa.int64()), ("other", pa.int64()), ("what", pa.string()),
        ("east", pa.float64()), ("north", pa.float64()), ("level", pa.float64()),
        ("required", pa.float64()), ("actual", pa.float64()), ("clause", pa.string()),
        ("pack", pa.string()), ("verified", pa.bool_()), ("count", pa.int64()),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """Where runs cross cuts through a street: cut, run, distance from the middle, place."""

    cut: Ints
    run: Ints
    offset: Floats
    place: Floats


def ranks(pipes: Pipes, rules: RuleSet, way: str) -> tuple[Floats, list[Rule | None]]:
    """Give the place of each object in the order, NaN where the rules name none.

    Parameters
    ----------
    pipes : Pipes
        n objects.
    rules : RuleSet
        With rules about ``pipes.order``.
    way : str
        ``"across"`` or ``"down"``.

    Returns
    -------
    rank : (n,) float64
        1 lies at the edge, or on top.
    rules : list of n Rule or None
        That say so.
    """
    found: dict[str, Rule | None] = {}
    rank, which = np.full(len(pipes), np.nan), []
    for row in range(len(pipes)):
        word = _word(CLASS_KEYS[pipes.line_class[row]], SUBCLASS_KEYS[pipes.subclass[row]])
        if word not in found:
            found[word] = rules.find(ORDER, {"way": way, "pipe": word}) if word else None
        rule = found[word]
        which.append(rule)
        if rule is not None:
            rank[row] = rule.low
    return rank, which


def check_down(pipes: Pipes, rules: RuleSet, met: Meetings) -> pa.Table:
    """Find crossings at which the lower pipe should lie above.

    Parameters
    ----------
    pipes : Pipes
        The layer.
    rules : RuleSet
        With rules about ``pipes.order``.
    met : Meetings
        As `layers.pipes.nearness.meetings` gives them.

    Returns
    -------
    pyarrow.Table
        One row per crossing: ``pipe`` (the upper one) and ``other`` (ids), ``what`` (order-down),
        ``east``, ``north``, ``level``, ``required`` and ``actual`` (place of the upper one in the
        order at most, and as it is), ``clause``, ``pack``, ``verified``, ``count`` (1).
    """
    rank, which = ranks(pipes, rules, "down")
    levels = np.column_stack([met.first_level, met.second_level])
    upper = np.where(levels[:, 0] >= levels[:, 1], met.first, met.second)
    lower = np.where(levels[:, 0] >= levels[:, 1], met.second, met.first)
    wrong = met.crosses & np.isfinite(levels).all(axis=1) & (rank[upper] > rank[lower])
    rows = []
    for k in np.flatnonzero(wrong).tolist():
        rule = which[upper[k]]
        assert rule is not None
        place = (float(met.point[k, 0]), float(met.point[k, 1]), float(levels[k].mean()))
        rows.append(_row(pipes, "order-down", upper[k], lower[k], place, rank, rule, 1))
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def check_across(
    pipes: Pipes, rules: RuleSet, streets: StreetLines, progress: Progress = Silent()
) -> pa.Table:
    """Find pairs along streets of which the outer one should lie further in.

    Every street is cut every 25 m; on each side of its middle neighbouring pipes are compared.
    Pipes that run across the street do not count.

    Returns
    -------
    pyarrow.Table
        As `check_down`, with ``what`` order-across: ``pipe`` lies further out than ``other``;
        ``count`` says at how many cuts.
    """
    rank, which = ranks(pipes, rules, "across")
    found: dict[tuple[int, int], tuple[int, Floats]] = {}
    cuts = _cuts(pipes, np.flatnonzero(np.isfinite(rank)), streets, progress)
    order = np.lexsort((-np.abs(cuts.offset), cuts.offset > 0, cuts.cut))
    for a, b in pairwise(order.tolist()):
        outer, inner = int(cuts.run[a]), int(cuts.run[b])
        same = cuts.cut[a] == cuts.cut[b] and (cuts.offset[a] > 0) == (cuts.offset[b] > 0)
        apart = abs(cuts.offset[a]) - abs(cuts.offset[b]) > APART
        if same and apart and outer != inner and rank[outer] > rank[inner]:
            times, place = found.get((outer, inner), (0, cuts.place[a]))
            found[outer, inner] = (times + 1, place)
    centres, first = pipes.centres(), pipes.shapes.first_coord
    rows = []
    for (outer, inner), (times, place) in found.items():
        rule = which[outer]
        assert rule is not None
        spot = (float(place[0]), float(place[1]), float(centres[first[outer]]))
        rows.append(_row(pipes, "order-across", outer, inner, spot, rank, rule, times))
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _cuts(pipes: Pipes, rows: Ints, streets: StreetLines, progress: Progress) -> _Cut:
    """Cut streets across, and give where runs that go along them are met."""
    parts = segments(pipes, np.intersect1d(rows, pipes.runs))
    lines = _lines(parts.start[:, :2], parts.end[:, :2])
    tree = shapely.STRtree(lines)
    along = parts.end[:, :2] - parts.start[:, :2]
    along /= np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    cut, run, offset, place = [], [], [], []
    number = 0
    for at, (line, whole) in enumerate(zip(streets.lines, streets.whole, strict=True)):
        if at % 200 == 0:
            progress.step(at, len(streets.lines), "progress-pipes-order")
        middles, normals = _stations(line)
        across = _lines(middles - normals * whole / 2, middles + normals * whole / 2)
        which, met = tree.query(across, predicate="intersects")
        direction = np.column_stack([normals[which, 1], -normals[which, 0]])
        beside = np.abs((along[met] * direction).sum(axis=1)) >= ALONG
        which, met = which[beside], met[beside]
        spots = shapely.intersection(across[which], lines[met])
        xy = shapely.get_coordinates(shapely.centroid(spots))
        cut.append(which + number)
        run.append(parts.run[met])
        offset.append(((xy - middles[which]) * normals[which]).sum(axis=1))
        place.append(xy)
        number += len(middles)
    if not cut:
        none = np.empty(0, dtype=np.int64)
        return _Cut(none, none, np.empty(0), np.empty((0, 2)))
    return _Cut(*(np.concatenate(x) for x in (cut, run, offset, place)))


def _lines(start: Floats, end: Floats) -> Geometries:
    """Make lines of two points each, (n,) also where n is 0 or 1."""
    made = shapely.linestrings(np.stack([start, end], axis=1))
    return np.asarray(made, dtype=object).reshape(-1)


def _stations(line: shapely.LineString) -> tuple[Floats, Floats]:
    """Give places along a street, away from its ends, and the directions across there."""
    count = max(int(line.length // STEP), 1)
    at = (np.arange(count) + 0.5) * line.length / count
    middles = shapely.get_coordinates(shapely.line_interpolate_point(line, at))
    ahead = shapely.get_coordinates(
        shapely.line_interpolate_point(line, np.minimum(at + 0.5, line.length))
    )
    back = shapely.get_coordinates(shapely.line_interpolate_point(line, np.maximum(at - 0.5, 0.0)))
    way = ahead - back
    way /= np.maximum(np.hypot(*way.T), 1e-9)[:, None]
    return middles, np.column_stack([-way[:, 1], way[:, 0]])


def _row(
    pipes: Pipes, what: str, one: int, two: int, place: tuple[float, float, float], rank: Floats,
    rule: Rule, count: int,
) -> dict[str, object]:  # fmt: skip
    return {
        "pipe": int(pipes.ids[one]), "other": int(pipes.ids[two]), "what": what,
        "east": place[0], "north": place[1], "level": place[2], "required": float(rank[two]),
        "actual": float(rank[one]), "clause": rule.clause, "pack": rule.pack,
        "verified": rule.verified, "count": count,
    }  # fmt: skip


def _word(major: str, minor: str) -> str:
    """Give what the rules of order call a class."""
    if major == "drain":
        return "storm" if minor == "storm" else "sewage"
    if minor == "grey":
        return "reclaimed"
    return major if major in {"telecom", "power", "water", "gas", "heat"} else ""

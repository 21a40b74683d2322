"""How much pipe there is: lengths and numbers by one property, or by two of them together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from layers.errors import CityError
from layers.kinds.base import Features
from layers.kinds.pipes import RUN, Pipes
from layers.pipes.sheet import Ground, information, lengths, size_words, told_numbers, years
from layers.shapes import POLYGON, Floats, Ints
from layers.style import texts

Words = NDArray[np.object_]
#: What statistics can be made by, besides attributes of the file under their own names.
DIMENSIONS = (
    "class", "subclass", "material", "size", "age", "year", "owner", "road", "district", "status",
    "form", "depth", "pressure", "burial", "quality", "role",
)  # fmt: skip
AGES = (0, 5, 10, 20, 30, 40, 50)  # years
DEPTHS = (0.0, 1.0, 2.0, 3.0, 5.0)  # metres
SUMMED = ("runs", "nodes", "plan_length_m", "true_length_m", "unlevelled_m", "assumed")
MEANT = ("mean_width_mm", "mean_age_years")
PRESSURES = (0.0, 0.01, 0.2, 0.4, 0.8, 1.6)  # MPa


@dataclass(frozen=True, slots=True, eq=False)
class Areas:
    """Districts by which pipes are told apart.

    Attributes
    ----------
    shapes : Features
        Polygons.
    field : str
        Attribute with their names.
    """

    shapes: Features
    field: str


@dataclass(frozen=True, slots=True, eq=False)
class Roads:
    """Roads whose names count where a pipe's own attribute tells none.

    Attributes
    ----------
    shapes : Features
        Middle lines, or surfaces.
    field : str
        Attribute with their names.
    within : float
        Distance up to which a pipe belongs to a road, metres.
    """

    shapes: Features
    field: str
    within: float = 25.0


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """What statistics may ask for beyond the pipes themselves.

    Attributes
    ----------
    year : int
        In which ages are counted.
    districts : Areas or None
    roads : Roads or None
    ground_at : callable or None
        Level of the ground at (k, 2) places.
    """

    year: int = 0
    districts: Areas | None = None
    roads: Roads | None = None
    ground_at: Ground | None = field(default=None)


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """Runs and nodes, cut where a district ends: position, and share of the length."""

    row: Ints
    share: Floats
    whole: NDArray[np.bool_]  # the part that counts its run


def statistics(
    pipes: Pipes,
    by: tuple[str, ...] = ("class",),
    rows: Ints | None = None,
    around: Surroundings = Surroundings(),
) -> pa.Table:
    """Sum up pipes by one property or by two.

    Parameters
    ----------
    pipes : Pipes
        The layer.
    by : tuple of str
        One or two of ``DIMENSIONS`` or names of attributes.
    rows : (k,) int64 or None
        The objects that count; None for all.
    around : Surroundings
        Districts, roads, ground, year.

    Returns
    -------
    pyarrow.Table
        One row per group, the longest first: the properties under their names, ``runs``,
        ``nodes``, ``plan_length_m`` (along the run in plan), ``true_length_m`` (along the middle
        of the pipe in space), ``unlevelled_m`` (plan length in the latter, where a level is
        missing), ``share_percent`` of the plan length, ``mean_width_mm`` and ``mean_age_years``
        by length, ``assumed`` (runs of which something was assumed). A run in several districts
        is cut at their borders and counted where most of it lies.

    Raises
    ------
    CityError
        ``pipes.statistics`` for a property that does not exist, ``pipes.no_districts``.
    """
    at = np.arange(len(pipes)) if rows is None else np.asarray(rows, dtype=np.int64)
    parts, districts = _parts(pipes, at, around.districts if "district" in by else None)
    words = [
        districts if name == "district" else labels(pipes, name, around)[parts.row] for name in by
    ]
    keys, group = _grouped(words)
    plan, true, flat = (values[parts.row] * parts.share for values in lengths(pipes))
    run = pipes.role[parts.row] == RUN
    count = len(keys)

    def total(values: NDArray[np.generic]) -> Floats:
        weights = np.asarray(values, dtype=np.float64)
        return np.asarray(np.bincount(group, weights, count), dtype=np.float64)

    def mean(values: Floats) -> Floats:
        known = np.isfinite(values)
        length = total(plan * known)
        summed = total(np.where(known, values, 0.0) * plan)
        found = np.divide(summed, length, out=np.full(count, np.nan), where=length > 0)
        return np.asarray(found.round(2))

    width = np.where(pipes.width > 0, pipes.width * 1000.0, np.nan)[parts.row]
    age = (around.year - years(pipes) if around.year else np.full(len(pipes), np.nan))[parts.row]
    whole = float(plan.sum())
    out: dict[str, object] = {name: [key[i] for key in keys] for i, name in enumerate(by)}
    out |= {
        "runs": total(run & parts.whole).astype(np.int64),
        "nodes": total(~run).astype(np.int64),
        "plan_length_m": total(plan).round(3), "true_length_m": total(true).round(3),
        "unlevelled_m": total(flat).round(3),
        "share_percent": (100.0 * total(plan) / whole).round(3) if whole else np.zeros(count),
        "mean_width_mm": mean(width), "mean_age_years": mean(age),
        "assumed": total(run & parts.whole & (pipes.assumed[parts.row] > 0)).astype(np.int64),
    }  # fmt: skip
    return pa.table(out).sort_by([("plan_length_m", "descending"), ("nodes", "descending")])


def joined(table: pa.Table, by: tuple[str, ...]) -> pa.Table:
    """Put statistics of several layers together: one row per group.

    Parameters
    ----------
    table : pyarrow.Table
        Rows of `statistics` of each, one below the other.
    by : tuple of str
        The properties they were made by.
    """
    sums: dict[tuple[str, ...], dict[str, Any]] = {}
    weights: dict[tuple[str, ...], dict[str, float]] = {}
    for row in table.to_pylist():
        key = tuple(str(row[name]) for name in by)
        one = sums.setdefault(key, {**dict(zip(by, key, strict=True)), **dict.fromkeys(SUMMED, 0)})
        weight = weights.setdefault(key, dict.fromkeys(MEANT, 0.0))
        for name in SUMMED:
            one[name] += row[name]
        for name in MEANT:
            if np.isfinite(row[name]):
                one[name] = one.get(name, 0.0) + row[name] * row["plan_length_m"]
                weight[name] += row["plan_length_m"]
    whole = sum(one["plan_length_m"] for one in sums.values())
    for key, one in sums.items():
        one["share_percent"] = round(100.0 * one["plan_length_m"] / whole, 3) if whole else 0.0
        for name in MEANT:
            length = weights[key][name]
            one[name] = round(one[name] / length, 2) if length else float("nan")
    return pa.Table.from_pylist(list(sums.values()), schema=table.schema).sort_by(
        [("plan_length_m", "descending"), ("nodes", "descending")]
    )


def labels(pipes: Pipes, name: str, around: Surroundings) -> Words:
    """Give the group of each object by one property, (n,) texts, "" where it is not told.

    Raises
    ------
    CityError
        ``pipes.statistics``.
    """
    if name in COMPUTED:
        return COMPUTED[name](pipes, around)
    own = {"class", "subclass", "status", "form", "role"}
    if name in own or name in pipes.attributes.column_names:
        return np.array([str(w or "") for w in texts(pipes.column(name))], dtype=object)
    if name in DIMENSIONS:
        return np.full(len(pipes), "", dtype=object)
    known = ", ".join((*DIMENSIONS, *pipes.attributes.column_names))
    raise CityError(
        "pipes.statistics",
        f"Pipes have no property '{name}'.",
        hint=f"use one of: {known}",
        name=name,
        known=known,
    )


def _sizes(pipes: Pipes, _around: Surroundings) -> Words:
    return np.array(size_words(pipes, np.arange(len(pipes))), dtype=object)


def _years(pipes: Pipes, _around: Surroundings) -> Words:
    laid = years(pipes)
    return np.array([f"{y:.0f}" if np.isfinite(y) else "" for y in laid], dtype=object)


def _ages(pipes: Pipes, around: Surroundings) -> Words:
    return bands(around.year - years(pipes), AGES)


def _depths(pipes: Pipes, around: Surroundings) -> Words:
    sheet = information(pipes, ground_at=around.ground_at)
    return bands(sheet.column("depth_m").to_numpy(), DEPTHS)


def _pressures(pipes: Pipes, _around: Surroundings) -> Words:
    return bands(told_numbers(pipes, "pressure_mpa"), PRESSURES)


def bands(values: Floats, edges: tuple[float, ...]) -> Words:
    """Name the band each value lies in: ``10-20``, from its lower edge up to below the upper.

    >>> bands(np.array([3.0, 20.0, 80.0, np.nan]), (0, 5, 20)).tolist()
    ['0-5', '20+', '20+', '']
    """
    names = [f"{low:g}-{high:g}" for low, high in pairwise(edges)]
    names = [f"<{edges[0]:g}", *names, f"{edges[-1]:g}+"]
    at = np.searchsorted(np.array(edges, dtype=np.float64), values, side="right")
    out = np.array(names, dtype=object)[at]
    out[~np.isfinite(values)] = ""
    return out


def crossed(table: pa.Table, by: tuple[str, str], value: str = "plan_length_m") -> pa.Table:
    """Turn statistics by two properties into one row per first and one column per second.

    Parameters
    ----------
    table : pyarrow.Table
        Of `statistics`.
    by : (str, str)
        Rows and columns.
    value : str
        What stands in the cells.
    """
    rows = table.to_pylist()
    heads = sorted({str(row[by[1]]) for row in rows})
    lines: dict[str, dict[str, float]] = {}
    for row in rows:
        line = lines.setdefault(str(row[by[0]]), dict.fromkeys(heads, 0.0))
        line[str(row[by[1]])] += row[value]
    columns: Mapping[str, list[object]] = {
        by[0]: list(lines),
        **{head: [line[head] for line in lines.values()] for head in heads},
        "total": [round(sum(line.values()), 3) for line in lines.values()],
    }
    return pa.table(columns).sort_by([("total", "descending")])


def _grouped(words: list[Words]) -> tuple[list[tuple[str, ...]], Ints]:
    """Give the different combinations and which of them each part has."""
    keys: dict[tuple[str, ...], int] = {}
    group = [keys.setdefault(key, len(keys)) for key in zip(*words, strict=True)]
    return list(keys), np.array(group, dtype=np.int64)


def _parts(pipes: Pipes, at: Ints, areas: Areas | None) -> tuple[_Parts, Words]:
    """Cut runs at the borders of districts; without districts each object is one part."""
    if areas is None:
        ones = np.ones(len(at))
        return _Parts(at, ones, ones > 0), np.full(len(at), "", dtype=object)
    polygons = np.flatnonzero(areas.shapes.shapes.kind == POLYGON)
    if polygons.size == 0:
        raise CityError(
            "pipes.no_districts",
            "The layer of districts holds no areas.",
            hint="choose a layer of polygons",
        )
    shapes = areas.shapes.shapes.take(polygons).to_shapely()
    names = [str(word or "") for word in texts(areas.shapes.column(areas.field))[polygons]]
    lines = pipes.shapes.take(at).to_shapely()
    # The areas ask the tree of lines: each is prepared once, however many corners it has.
    area, line = shapely.STRtree(lines).query(shapes, predicate="intersects")
    order = np.lexsort((area, line))
    line, area = line[order], area[order]
    own = shapely.length(lines)
    shapely.prepare(shapes)
    cut = ~shapely.covers(shapes[area], lines[line])
    inside = own[line].copy()
    inside[cut] = shapely.length(shapely.intersection(lines[line[cut]], shapes[area[cut]]))
    point = own == 0
    share = np.divide(inside, own[line], out=np.ones(len(line)), where=own[line] > 0)
    keep = (share > 1e-9) & ~(point[line] & _again(line))
    line, area, share = line[keep], area[keep], share[keep]
    held = np.bincount(line, weights=share, minlength=len(at))
    over = held[line] > 1.0  # districts that overlap share the run
    share = np.where(over, share / held[line], share)
    rest = 1.0 - np.minimum(held, 1.0)
    rest[rest < 1e-9] = 0.0
    outside = np.flatnonzero(rest > 0)
    line = np.concatenate([line, outside])
    share = np.concatenate([share, rest[outside]])
    words = np.array([*(names[k] for k in area), *([""] * len(outside))], dtype=object)
    order = np.lexsort((-share, line))
    first = np.ones(len(order), dtype=bool)
    first[1:] = line[order][1:] != line[order][:-1]
    whole = np.zeros(len(order), dtype=bool)
    whole[order] = first
    return _Parts(at[line], share, whole), words


def _again(values: Ints) -> NDArray[np.bool_]:
    """Say which values stood there before."""
    again = np.ones(len(values), dtype=bool)
    again[np.unique(values, return_index=True)[1]] = False
    return again


def _roads(pipes: Pipes, around: Surroundings) -> Words:
    """Give the road each object belongs to."""
    roads = around.roads
    own = np.full(len(pipes), "", dtype=object)
    if "road" in pipes.attributes.column_names:
        own = np.array([str(w or "") for w in texts(pipes.column("road"))], dtype=object)
    missing = np.flatnonzero(own == "")
    if roads is None or missing.size == 0 or len(roads.shapes) == 0:
        return own
    middles = pipes.shapes.take(missing).to_shapely()
    runs = pipes.role[missing] == RUN
    middles[runs] = shapely.line_interpolate_point(middles[runs], 0.5, normalized=True)
    tree = shapely.STRtree(roads.shapes.shapes.to_shapely())
    at, road = tree.query_nearest(middles, max_distance=roads.within, all_matches=False)
    names = np.array([str(w or "") for w in texts(roads.shapes.column(roads.field))], dtype=object)
    own[missing[at]] = names[road]
    return own


#: How the groups of those properties are made that are no column.
COMPUTED: dict[str, Callable[[Pipes, Surroundings], Words]] = {
    "size": _sizes, "year": _years, "age": _ages, "depth": _depths, "pressure": _pressures,
    "road": _roads,
}  # fmt: skip

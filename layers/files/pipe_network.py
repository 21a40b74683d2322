"""From what files say of points and runs to a layer of pipes: nodes joined, levels settled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from layers.files.columns import stack_tables
from layers.files.raw import Note
from layers.kinds.base import Features
from layers.kinds.pipes import CENTRE, INVERT, OWN_COLUMNS, RUN, TOLD_NOTHING, TOP, Pipes
from layers.pipes.assumptions import (
    CLASSED,
    END,
    SIZED,
    START,
    depth_of_level,
    usual_cover,
    usual_size,
)
from layers.pipes.classes import CLASSES
from layers.pipes.quality import check_quality, counts
from layers.shapes import LINE, Bools, Codes, Floats, Ints, Shapes

JOINED = 0.05  # metres: ends nearer than this are one node
BY_CLASS = 255  # level_of of a run whose file does not say it


@dataclass(slots=True, eq=False)
class Draft:
    """A network as its file tells it; NaN is what it does not tell.

    Attributes
    ----------
    xy : (k, 2) float64
        Nodes, project coordinates.
    role, node_class, node_subclass : (k,) uint8
        As in `Pipes`.
    ground, bottom, chamber : (k,) float64
        Level of the ground and of the bottom, size of the chamber, metres.
    node_table, run_table : pyarrow.Table
        Attributes, k and r rows.
    lines : Shapes
        r runs, project coordinates.
    start, end : (r,) int64
        Nodes each run joins, -1 for none.
    line_class, subclass, form, status, level_of : (r,) uint8
        As in `Pipes`; ``BY_CLASS`` where what a level is of is not told.
    width, height, wall : (r,) float64
        Metres.
    start_level, end_level, start_depth, end_depth : (r,) float64
        Metres above the datum, and below the ground.
    class_assumed : (r,) bool
        Whether the class is a guess.
    """

    xy: Floats
    role: Codes
    node_class: Codes
    node_subclass: Codes
    ground: Floats
    bottom: Floats
    chamber: Floats
    node_table: pa.Table
    lines: Shapes
    run_table: pa.Table
    start: Ints
    end: Ints
    line_class: Codes
    subclass: Codes
    form: Codes
    status: Codes
    level_of: Codes
    width: Floats
    height: Floats
    wall: Floats
    start_level: Floats
    end_level: Floats
    start_depth: Floats
    end_depth: Floats
    class_assumed: Bools


Ground = Callable[[Floats], Floats]


def settled(draft: Draft, ground_at: Ground | None) -> tuple[Pipes, list[Note]]:
    """Make the layer: what is missing is worked out, else assumed by rule and marked.

    The level of a run is the level of the ground less its depth. Without a level and a depth at
    one end the depth of the other end holds, without both the cover that is usual for the class.

    Parameters
    ----------
    draft : Draft
        What the file tells.
    ground_at : callable or None
        Ground of the project at places, (k, 2) to (k,); None where it has no terrain, which
        takes 0.

    Returns
    -------
    Pipes
        Nodes first, then runs.
    list of Note
        What was assumed, and how many findings the check of quality has.
    """
    unsized = ~(draft.width > 0)
    usual = usual_size(draft.line_class, draft.subclass)
    width = np.where(unsized, usual, draft.width)
    height = np.where(draft.height > 0, draft.height, width)
    gravity = np.array([item.gravity for item in CLASSES])[draft.line_class]
    by_class = np.where(gravity, INVERT, TOP)
    level_of = np.where(draft.level_of == BY_CLASS, by_class, draft.level_of).astype(np.uint8)
    cover = usual_cover(draft.line_class, draft.subclass)
    ends = _Ends(draft, ground_at, depth_of_level(cover, height, level_of))
    levels, marks = ends.levels()
    assumed = marks | np.where(unsized, SIZED, 0) | np.where(draft.class_assumed, CLASSED, 0)
    assumed |= np.where(draft.width <= 0, TOLD_NOTHING, 0).astype(assumed.dtype)
    k, r = len(draft.xy), len(draft.lines)
    depths = [ends.ground[side] - levels[side] for side in (0, 1)]
    runs = _with(draft.run_table, {"depth_start_m": depths[0], "depth_end_m": depths[1]})
    ground, bottom, bottom_marks = _node_levels(draft, ends, levels, height, level_of)
    nodes = _with(draft.node_table, {"ground_m": ground, "bottom_m": bottom})
    table = stack_tables([_renamed(nodes), _renamed(runs)])
    shapes = Shapes.join([Shapes.from_shapely(_points(draft.xy)), draft.lines])
    ids = np.arange(1, k + r + 1, dtype=np.int64)
    plain = Features(shapes, ids, np.arange(k + r), table)

    def both(node: NDArray[np.generic] | float, run: NDArray[np.generic] | float) -> Floats:
        return np.concatenate([np.broadcast_to(node, k), np.broadcast_to(run, r)])

    pipes = Pipes.of_columns(
        plain, both(draft.node_class, draft.line_class), both(np.nan_to_num(draft.chamber), width),
        height=both(np.nan_to_num(draft.chamber), height), role=both(draft.role, RUN),
        subclass=both(draft.node_subclass, draft.subclass), form=both(0, draft.form),
        wall=both(0.0, np.nan_to_num(draft.wall)), status=both(0, draft.status),
        start_level=both(ground, levels[0]), end_level=both(bottom, levels[1]),
        level_of=both(0, level_of), start_node=both(0, draft.start + 1),
        end_node=both(0, draft.end + 1), assumed=both(bottom_marks, assumed),
    )  # fmt: skip
    return pipes, [*_notes(assumed, r), *quality_notes(pipes, ground_at)]


def _points(xy: Floats) -> NDArray[np.object_]:
    import shapely

    return np.asarray(shapely.points(xy), dtype=object)


class _Ends:
    """Ground, levels and depths at the two ends of every run."""

    def __init__(self, draft: Draft, ground_at: Ground | None, usual: Floats) -> None:
        self._draft, self._usual = draft, usual
        first, after = draft.lines.first_coord[:-1], draft.lines.first_coord[1:]
        self.known: list[Bools] = []
        self.ground: list[Floats] = []
        sides = (
            (draft.start, first, draft.start_level, draft.start_depth),
            (draft.end, after - 1, draft.end_level, draft.end_depth),
        )
        for node, at, level, depth in sides:
            ground = np.full(len(node), np.nan)
            named = node >= 0
            ground[named] = draft.ground[node[named]]
            ground = np.where(np.isfinite(ground), ground, level + depth)
            known = np.isfinite(ground)
            there = np.nan_to_num(level + usual)  # without a ground: where it usually is
            if ground_at is not None and not known.all():
                there[~known] = ground_at(draft.lines.coords[at[~known]])
            self.known.append(known | (ground_at is not None))
            self.ground.append(np.where(known, ground, there))

    def levels(self) -> tuple[list[Floats], Codes]:
        """Give the level at both ends, and which of them were assumed."""
        draft, usual = self._draft, self._usual
        told: list[Floats] = []
        depths: list[Floats] = []
        for side, (level, depth) in enumerate(
            ((draft.start_level, draft.start_depth), (draft.end_level, draft.end_depth))
        ):
            told.append(np.where(np.isfinite(level), level, self.ground[side] - depth))
            depths.append(np.where(np.isfinite(depth), depth, self.ground[side] - level))
        marks = np.zeros(len(draft.lines), dtype=np.uint8)
        out: list[Floats] = []
        for side, bit in ((0, START), (1, END)):
            other = depths[1 - side]
            filled = self.ground[side] - np.where(np.isfinite(other), other, usual)
            missing = ~np.isfinite(told[side])
            level = (draft.start_level, draft.end_level)[side]
            vague = missing | (~np.isfinite(level) & ~self.known[side])
            marks |= np.where(vague, bit, 0).astype(np.uint8)
            out.append(np.where(missing, filled, told[side]))
        return out, marks


def _node_levels(
    draft: Draft, ends: _Ends, levels: list[Floats], height: Floats, level_of: Codes
) -> tuple[Floats, Floats, Codes]:
    """Give ground and bottom of nodes; what no file tells comes from the runs they join."""
    k = len(draft.xy)
    ground, lowest = np.full(k, -np.inf), np.full(k, np.inf)
    down = np.where(level_of == TOP, height, np.where(level_of == CENTRE, height / 2.0, 0.0))
    for side, node in ((0, draft.start), (1, draft.end)):
        named = node >= 0
        np.maximum.at(ground, node[named], ends.ground[side][named])
        np.minimum.at(lowest, node[named], (levels[side] - down)[named])
    ground = np.where(np.isfinite(draft.ground), draft.ground, ground)
    bottom = np.where(np.isfinite(draft.bottom), draft.bottom, lowest)
    marks = np.where(np.isfinite(draft.ground), 0, START)
    marks |= np.where(np.isfinite(draft.bottom), 0, END)
    nothing = np.full(k, np.nan)
    return (
        np.where(np.isfinite(ground), ground, nothing),
        np.where(np.isfinite(bottom), bottom, nothing),
        marks.astype(np.uint8),
    )


def _with(table: pa.Table, columns: dict[str, Floats]) -> pa.Table:
    """Give a table with columns of metres, rounded to a tenth of a millimetre, NaN as nothing."""
    for name, values in columns.items():
        made = pa.array(np.round(values, 4), from_pandas=True)
        at = table.column_names.index(name) if name in table.column_names else -1
        table = table.set_column(at, name, made) if at >= 0 else table.append_column(name, made)
    return table


def _renamed(table: pa.Table) -> pa.Table:
    """Give fields that are called like a column of the pipes another name."""
    names = [f"{name}_" if name in OWN_COLUMNS else name for name in table.column_names]
    return table.rename_columns(names)


def _notes(assumed: NDArray[np.integer], total: int) -> list[Note]:
    notes = []
    for key, bits in (("levels", START | END), ("sizes", SIZED), ("classes", CLASSED)):
        count = int(((assumed & bits) > 0).sum())
        if count:
            notes.append(Note(f"pipes_assumed_{key}", {"count": count, "total": total}))
    return notes


def quality_notes(pipes: Pipes, ground_at: Ground | None) -> list[Note]:
    """Count what is wrong with a network, one remark for each thing."""
    found = counts(check_quality(pipes, ground_at=ground_at))
    return [Note("pipes_issue", {"issue": issue, "count": n}) for issue, n in found.items()]


def join_ends(
    points: Floats, starts: Floats, ends: Floats, within: float = JOINED
) -> tuple[Floats, Ints, Ints, Ints]:
    """Find the nodes of lines: points of the file, and places where ends lie together.

    Parameters
    ----------
    points : (p, 2) float64
        Points the file has.
    starts, ends : (r, 2) float64
        First and last coordinates of r lines.
    within : float
        Metres within which two places are one.

    Returns
    -------
    xy : (k, 2) float64
        The points, then places of ends without a point.
    start, end : (r,) int64
        Node of each end.
    degree : (k,) int64
        Ends at each node.
    """
    p, r = len(points), len(starts)
    places = np.concatenate([points.reshape(-1, 2), starts.reshape(-1, 2), ends.reshape(-1, 2)])
    if not len(places):
        none = np.zeros(0, dtype=np.int64)
        return places, none, none, none
    pairs = cKDTree(places).query_pairs(within, output_type="ndarray")
    pairs = pairs[(pairs >= p).any(axis=1)]  # points of the file stay apart
    joined = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(places),) * 2)
    label = connected_components(joined, directed=False)[1]
    count = int(label.max()) + 1
    node = np.full(count, len(places), dtype=np.int64)
    np.minimum.at(node, label, np.arange(len(places)))  # the first place of each group
    heads = np.unique(np.concatenate([np.arange(p), node]))
    number = np.full(len(places), -1, dtype=np.int64)
    number[heads] = np.arange(len(heads))
    of_place = number[node[label]]
    of_place[:p] = np.arange(p)
    start, end = of_place[p : p + r], of_place[p + r :]
    degree = np.bincount(np.concatenate([start, end]), minlength=len(heads))
    return places[heads], start, end, degree


def line_ends(lines: Shapes) -> tuple[Floats, Floats]:
    """Give the first and last coordinates of lines, (r, 2) each."""
    assert bool((lines.kind == LINE).all())
    first = lines.first_coord
    return lines.coords[first[:-1]], lines.coords[first[1:] - 1]

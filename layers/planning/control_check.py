"""Buildings held against control lines: inside, crossing, within the setback, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.kinds.control_lines import Lines, lines_of
from layers.progress import Progress, Silent
from layers.rules.rule import RuleSet, judge
from layers.shapes import POINT, Floats, Ints

ROAD_RULE, LINE_RULE = "setback.road", "setback.line"
#: Classes of lines and what rules of setbacks call them.
RULE_LINES = {"rail": "metro", "power": "overhead-power"}
SLIVER = 0.05  # m2 of overlap that is no more than rounding of coordinates
ROUNDING = 0.005  # metres that count as kept
INSIDE, CROSSING, SETBACK, CLEAR = "inside", "crossing", "within_setback", "clear"
OUTSIDE = "outside"
PORTION = 50_000  # pairs that are measured at once

SCHEMA = pa.schema(
    [
        ("layer", pa.string()), ("object", pa.int64()), ("name", pa.string()),
        ("line_layer", pa.string()), ("line_object", pa.int64()), ("line", pa.string()),
        ("line_class", pa.string()), ("relation", pa.string()), ("distance_m", pa.float64()),
        ("setback_m", pa.float64()), ("shortfall_m", pa.float64()), ("intrusion_m2", pa.float64()),
        ("share_percent", pa.float64()), ("length_m", pa.float64()), ("status", pa.string()),
        ("document", pa.string()), ("line_status", pa.string()), ("clause", pa.string()),
        ("pack", pa.string()), ("east", pa.float64()), ("north", pa.float64()),
        ("level", pa.float64()),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CheckParams:
    """What is looked at.

    Attributes
    ----------
    preset : str
        Which classes the lines belong to; "" takes what fits each layer.
    classes : tuple of str
        Only these classes; empty for all.
    setbacks : bool
        Whether the distance to lines counts as well.
    rules_fill : bool
        Whether rules about setbacks count for lines that tell none.
    least_m2 : float
        Overlaps smaller than this are rounding, m2.
    merge : bool
        Whether a line and an area of the same class and name count as one.
    """

    preset: str = ""
    classes: tuple[str, ...] = ()
    setbacks: bool = True
    rules_fill: bool = True
    least_m2: float = SLIVER
    merge: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What a check found.

    Attributes
    ----------
    table : pyarrow.Table
        One row per building and line; the columns of ``SCHEMA``.
    intrusions : (k,) object
        What of the building lies where it must not, shapely; None where nothing does.
    checked : int
        Buildings looked at.
    lines : int
        Lines and areas looked at.
    unclassed : int
        Lines that belong to no class of the preset and were left out.
    superseded : int
        Lines that are in force no longer and were left out.
    """

    table: pa.Table
    intrusions: NDArray[np.object_]
    checked: int
    lines: int
    unclassed: int
    superseded: int


@dataclass(frozen=True, slots=True, eq=False)
class Bodies:
    """The buildings of one layer: whole ones, with the parts that stand for them together.

    Attributes
    ----------
    layer : Layer
        Where they are.
    data : Buildings
        Its content when they were gathered.
    rows : (n,) int64
        Position of each in the content.
    shapes : (n,) object
        Ground plans, shapely, valid.
    names : (n,) object
        "" where a building has none.
    tree : shapely.STRtree
        Of the plans.
    """

    layer: Layer
    data: Buildings
    rows: Ints
    shapes: NDArray[np.object_]
    names: NDArray[np.object_]
    tree: shapely.STRtree

    @classmethod
    def of(cls, layer: Layer) -> Bodies:
        """Gather the buildings of a layer."""
        data = layer.data
        assert isinstance(data, Buildings)
        rows = np.flatnonzero(data.part_of == 0)
        shapes = data.shapes.to_shapely()
        whole = shapes[rows]
        parts = np.flatnonzero(data.part_of > 0)
        if len(parts):  # a tower that reaches beyond its outline counts too
            owners = {int(data.ids[row]): k for k, row in enumerate(rows)}
            for row in parts:
                at = owners.get(int(data.part_of[row]))
                if at is not None:
                    whole[at] = shapely.union(whole[at], shapes[row])
        bad = ~shapely.is_valid(whole)
        whole[bad] = shapely.make_valid(whole[bad])
        names = np.array(_names(data, rows), dtype=object)
        return cls(layer, data, rows, whole, names, shapely.STRtree(whole))


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """Findings of one layer of buildings and one of lines: columns, and what lies inside."""

    columns: dict[str, NDArray[Any]]
    cuts: NDArray[np.object_]


def check_lines(
    buildings: Sequence[Layer],
    lines: Sequence[Layer],
    rules: RuleSet,
    params: CheckParams = CheckParams(),
    *,
    bodies: Sequence[Bodies] | None = None,
    progress: Progress = Silent(),
) -> Found:
    """Hold every building against every control line.

    Parameters
    ----------
    buildings : sequence of Layer
        Layers of buildings.
    lines : sequence of Layer
        Layers of control lines.
    rules : RuleSet
        With rules about ``setback.road`` and ``setback.line``; they count where a line tells no
        setback of its own.
    params : CheckParams
        What is looked at.
    bodies : sequence of Bodies or None
        The buildings where they are gathered already, for checks that are made again and again.
    progress : Progress
        Told how far it is.

    Notes
    -----
    A line of a class that is an axis (cable, track) with a width is the corridor of that width;
    other lines are edges: a building that reaches over one crosses it. The setback counts from
    the edge of the corridor or area, outwards. Parts of a building count as the building. A line
    that tells heights binds only what stands between them, metres above the ground.
    """
    counts = {"lines": 0, "unclassed": 0, "superseded": 0}
    gathered = bodies if bodies is not None else [Bodies.of(layer) for layer in buildings]
    held: list[_Held] = []
    for number, layer in enumerate(lines):
        progress.step(number, len(lines), "progress-six-lines")
        told = lines_of(layer.features, params.preset or layer.style.line_preset)
        chosen = _chosen(layer, told, params, counts)
        zones = _zones(layer, told, chosen)
        for group in gathered:
            at, zone = _near(group, zones, told, chosen, rules, params)
            for start in range(0, len(at), PORTION):
                some = slice(start, start + PORTION)
                held.append(
                    _hold(group, layer, told, chosen, zones, at[some], zone[some], rules, params)
                )
                progress.step(number, len(lines), "progress-six-lines")
    table, cuts = _sorted(held, merge=params.merge)
    progress.step(1, 1, "progress-six-lines")
    return Found(
        table, cuts, sum(len(group.rows) for group in gathered), counts["lines"],
        counts["unclassed"], counts["superseded"],
    )  # fmt: skip


def _names(data: Buildings, rows: Ints) -> list[str]:
    for field in ("name", "名称", "NAME", "Name", "建筑名称"):
        if field in data.attributes.column_names:
            column = data.column(field).to_pylist()
            return ["" if column[row] is None else str(column[row]) for row in rows]
    return [""] * len(rows)


def _chosen(layer: Layer, told: Lines, params: CheckParams, counts: dict[str, int]) -> Ints:
    known = told.classes != ""
    counts["unclassed"] += int((~known).sum())
    old = known & (told.status == "superseded")
    counts["superseded"] += int(old.sum())
    keep = known & ~old & (layer.features.shapes.kind != POINT)
    if params.classes:
        keep &= np.isin(told.classes.astype(str), params.classes)
    counts["lines"] += int(keep.sum())
    return np.flatnonzero(keep)


def _zones(layer: Layer, told: Lines, chosen: Ints) -> NDArray[np.object_]:
    """Give areas and lines as shapely; axes become corridors, closed lines areas."""
    shapes = layer.features.shapes.take(chosen).to_shapely()
    wide = told.axis[chosen] & (told.width[chosen] > 0)
    if wide.any():
        half = told.width[chosen][wide] / 2.0
        shapes[wide] = shapely.buffer(shapes[wide], half, cap_style="flat")
    bad = ~shapely.is_valid(shapes)
    shapes[bad] = shapely.make_valid(shapes[bad])
    shut = shapely.is_closed(shapes) & (shapely.get_dimensions(shapes) == 1)
    for k in np.flatnonzero(shut):  # drawings know closed lines alone
        area = shapely.make_valid(shapely.Polygon(shapes[k]))
        if area.area > SLIVER:
            shapes[k] = area
    shapely.prepare(shapes)
    return shapes


def _near(
    group: Bodies, zones: NDArray[np.object_], told: Lines, chosen: Ints, rules: RuleSet,
    params: CheckParams,
) -> tuple[Ints, Ints]:  # fmt: skip
    """Give pairs of building and zone that may have to do with each other."""
    none = np.empty(0, dtype=np.int64)
    if not len(zones) or not len(group.rows):
        return none, none
    reach = np.zeros(len(zones))
    if params.setbacks:
        reach = np.nan_to_num(told.setback[chosen])
        if params.rules_fill:
            most = max((rule.low for key in (ROAD_RULE, LINE_RULE) for rule in rules.about(key)),
                       default=0.0)  # fmt: skip
            reach = np.where(np.isnan(told.setback[chosen]), max(most, 0.0), reach)
    zone, body = group.tree.query(zones, predicate="dwithin", distance=reach)
    pairs = [(body.astype(np.int64), zone.astype(np.int64))]
    for k in range(len(zones)):  # those that must lie inside are about every building
        one = told.class_of(int(chosen[k]))
        if one is not None and one.forbids == "outside":
            rest = np.setdiff1d(np.arange(len(group.rows)), body[zone == k])
            pairs.append((rest, np.full(len(rest), k)))
    at, zone = np.concatenate([b for b, _ in pairs]), np.concatenate([z for _, z in pairs])
    height, low = group.data.height[group.rows[at]], group.data.min_height[group.rows[at]]
    row = chosen[zone]  # NaN, where a line tells no heights, is neither below nor above
    apart = (height <= told.low[row]) | (low >= told.top[row])
    return at[~apart], zone[~apart]


def _hold(
    group: Bodies, layer: Layer, told: Lines, chosen: Ints, zones: NDArray[np.object_], at: Ints,
    zone: Ints, rules: RuleSet, params: CheckParams,
) -> _Held:  # fmt: skip
    """Hold buildings against lines, pair by pair; pairs where all is well are left out."""
    row = chosen[zone]
    kinds = {key: told.preset.of(str(key)) for key in set(told.classes[chosen])}
    forbids = np.full(len(row), "", dtype=object)
    for key, one in kinds.items():
        if one is not None:
            forbids[told.classes[row] == key] = one.forbids
    measured = _measured(group.shapes[at], zones[zone], forbids, params)
    setback = told.setback[row]
    rule = np.full(len(at), None, dtype=object)
    if params.rules_fill:
        open_ = np.flatnonzero(np.isnan(setback))
        rule[open_] = _rules(told, row[open_], group.data.height[group.rows[at[open_]]], rules)
    own = np.array([one is not None for one in rule], dtype=bool)
    wanted = np.where(own, [one.low if one is not None else np.nan for one in rule], setback)
    missing = np.nan_to_num(np.maximum(wanted - measured.away, 0.0))
    relation = measured.relation
    near = (relation == CLEAR) & (forbids == "inside") & (wanted > 0) & (missing > ROUNDING)
    if params.setbacks:
        relation[near] = SETBACK
    keep = np.flatnonzero(relation != CLEAR)
    at, row, rule, relation, own = at[keep], row[keep], rule[keep], relation[keep], own[keep]
    overlap, cuts, bodies = measured.overlap[keep], measured.cuts[keep], group.shapes[at]
    wanted, away, missing = wanted[keep], measured.away[keep], missing[keep]
    own &= relation == SETBACK
    spot = shapely.point_on_surface(np.where(overlap > 0, cuts, bodies))
    bound = rule.copy()
    bound[~own] = None
    status = _statuses(told, row, forbids[keep], bound, away)
    columns: dict[str, NDArray[Any]] = {
        "layer": np.full(len(keep), group.layer.id, dtype=object),
        "object": group.data.ids[group.rows[at]], "name": group.names[at],
        "line_layer": np.full(len(keep), layer.id, dtype=object),
        "line_object": layer.features.ids[row], "line": told.name[row],
        "line_class": told.classes[row], "relation": relation, "distance_m": away,
        "setback_m": np.where(wanted >= 0, wanted, np.nan),
        "shortfall_m": np.where(
            relation == SETBACK, missing, np.maximum(wanted, 0.0)),
        "intrusion_m2": overlap,
        "share_percent": 100.0 * overlap / np.maximum(shapely.area(bodies), 1e-9),
        "length_m": measured.length[keep], "status": status, "document": told.document[row],
        "line_status": told.status[row],
        "clause": _of_rules(bound, "clause"), "pack": _of_rules(bound, "pack"),
        "east": shapely.get_x(spot), "north": shapely.get_y(spot),
        "level": group.data.height[group.rows[at]],
    }  # fmt: skip
    cuts[~(overlap > 0)] = None
    return _Held(columns, cuts)


@dataclass(frozen=True, slots=True, eq=False)
class _Measured:
    """What n pairs of building and zone have in common."""

    cuts: NDArray[np.object_]
    overlap: Floats
    length: Floats
    away: Floats
    relation: NDArray[np.object_]


def _measured(
    bodies: NDArray[np.object_], zones: NDArray[np.object_], forbids: NDArray[np.object_],
    params: CheckParams,
) -> _Measured:  # fmt: skip
    """Measure overlaps, lengths and distances of pairs, and say how they lie.

    Overlays are the dear part: they are left out where the prepared zone says that a building
    lies wholly inside or does not touch it.
    """
    n = len(bodies)
    meets, covered = shapely.intersects(zones, bodies), shapely.contains_properly(zones, bodies)
    area = shapely.get_dimensions(zones) == 2
    out = forbids == "outside"
    cuts = np.full(n, shapely.Polygon(), dtype=object)
    cuts[~out & covered] = bodies[~out & covered]
    some = ~out & meets & ~covered
    cuts[some] = shapely.intersection(bodies[some], zones[some])
    cuts[out & ~meets] = bodies[out & ~meets]
    some = out & meets & ~covered
    cuts[some] = shapely.difference(bodies[some], zones[some])
    overlap, whole = np.where(area, shapely.area(cuts), 0.0), shapely.area(bodies)
    length = np.where(area, 0.0, shapely.length(cuts))
    away = np.zeros(n)
    away[~meets] = shapely.distance(bodies[~meets], zones[~meets])
    relation = np.full(n, CLEAR, dtype=object)
    deep = area & (overlap > params.least_m2)
    all_of_it = overlap > whole - params.least_m2
    relation[deep] = CROSSING
    relation[deep & all_of_it] = INSIDE
    relation[deep & all_of_it & out] = OUTSIDE
    relation[~area & (length > ROUNDING)] = CROSSING
    edge = np.flatnonzero(deep & meets & ~covered)
    length[edge] = shapely.length(shapely.intersection(shapely.boundary(zones[edge]), bodies[edge]))
    return _Measured(cuts, overlap, length, away, relation)


def _rules(told: Lines, row: Ints, height: Floats, rules: RuleSet) -> NDArray[np.object_]:
    """Give the rules that say the setback where lines say none."""
    out = np.full(len(row), None, dtype=object)
    for k, (at, metres) in enumerate(zip(row.tolist(), height.tolist(), strict=True)):
        key = str(told.classes[at])
        if key in ("road", "red"):
            out[k] = rules.find(ROAD_RULE, height_m=metres, road_width_m=float(told.width[at]))
        elif key in RULE_LINES:
            out[k] = rules.find(LINE_RULE, line=RULE_LINES[key], place="surface")
    return out


def _of_rules(rules: NDArray[np.object_], field: str) -> NDArray[np.object_]:
    """Give a text of each rule, "" where there is none."""
    out = np.full(len(rules), "", dtype=object)
    for k, one in enumerate(rules):
        if one is not None:
            out[k] = getattr(one, field)
    return out


def _statuses(
    told: Lines, row: Ints, forbids: NDArray[np.object_], rule: NDArray[np.object_], away: Floats
) -> NDArray[np.object_]:
    """Give what findings mean: lines of a document in force fail, all else warns."""
    state, paper = told.status[row], told.document[row] != ""
    in_force = (state == "approved") | ((state == "") & paper)
    out = np.where(in_force & (forbids != "permission"), "fail", "warning").astype(object)
    for k, one in enumerate(rule):
        if one is not None and forbids[k] != "permission":
            out[k] = judge(one, float(away[k]), tolerance=ROUNDING).status
    return out


def _sorted(held: list[_Held], *, merge: bool) -> tuple[pa.Table, NDArray[np.object_]]:
    """Put findings in order, the worst first.

    With `merge` the worst is kept of what one building has to do with lines of one class and name.
    """
    if not sum(len(one.cuts) for one in held):
        return SCHEMA.empty_table(), np.empty(0, dtype=object)
    columns = {name: np.concatenate([one.columns[name] for one in held]) for name in SCHEMA.names}
    grade = np.full(len(columns["status"]), 2)
    grade[columns["status"] == "fail"], grade[columns["status"] == "warning"] = 0, 1
    kind = np.full(len(grade), 2)
    kind[np.isin(columns["relation"].astype(str), (INSIDE, OUTSIDE))] = 0
    kind[columns["relation"] == CROSSING] = 1
    size = [-columns[name] for name in ("shortfall_m", "length_m", "intrusion_m2")]
    order = np.lexsort([*size, kind, grade])
    if merge:
        keys = [columns[name][order].tolist() for name in ("layer", "object", "line_class", "line")]
        seen: set[tuple[object, ...]] = set()
        kept = []
        for at, (*whose, line) in zip(order.tolist(), zip(*keys, strict=True), strict=True):
            key = (*whose, line or at)
            if key not in seen:
                seen.add(key)
                kept.append(at)
        order = np.array(kept)
    cuts = np.concatenate([one.cuts for one in held])[order]
    made = {
        field.name: pa.array(columns[field.name][order], field.type, from_pandas=True)
        for field in SCHEMA
    }
    return pa.table(made, schema=SCHEMA), cuts


def buildings_hit(table: pa.Table) -> dict[str, Ints]:
    """Give the numbers of the buildings that are found, by layer."""
    out: dict[str, list[int]] = {}
    for layer, number in zip(
        table.column("layer").to_pylist(), table.column("object").to_pylist(), strict=True
    ):
        out.setdefault(layer, []).append(number)
    return {layer: np.unique(ids) for layer, ids in out.items()}

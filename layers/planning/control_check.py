"""Buildings held against control lines: inside, crossing, within the setback, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.kinds.control_lines import Lines, lines_of
from layers.progress import Progress, Silent
from layers.rules.rule import Rule, RuleSet, Status, judge
from layers.shapes import POINT, Ints

ROAD_RULE, LINE_RULE = "setback.road", "setback.line"
#: Classes of lines and what rules of setbacks call them.
RULE_LINES = {"rail": "metro", "power": "overhead-power"}
SLIVER = 0.05  # m2 of overlap that is no more than rounding of coordinates
ROUNDING = 0.005  # metres that count as kept
INSIDE, CROSSING, SETBACK, CLEAR = "inside", "crossing", "within_setback", "clear"
OUTSIDE = "outside"

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
class _Bodies:
    """The buildings of one layer: whole ones, with the parts that stand for them together."""

    layer: Layer
    data: Buildings
    rows: Ints
    shapes: NDArray[np.object_]
    names: list[str]


def check_lines(
    buildings: Sequence[Layer],
    lines: Sequence[Layer],
    rules: RuleSet,
    params: CheckParams = CheckParams(),
    *,
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
    progress : Progress
        Told how far it is.

    Notes
    -----
    A line of a class that is an axis (cable, track) with a width is the corridor of that width;
    other lines are edges: a building that reaches over one crosses it. The setback counts from
    the edge of the corridor or area, outwards. Parts of a building count as the building. A line
    that tells heights binds only what stands between them, metres above the ground.
    """
    rows: list[dict[str, object]] = []
    cuts: list[object] = []
    counts = {"lines": 0, "unclassed": 0, "superseded": 0}
    bodies = [_bodies(layer) for layer in buildings]
    for number, layer in enumerate(lines):
        progress.step(number, len(lines), "progress-six-lines")
        told = lines_of(layer.features, params.preset or layer.style.line_preset)
        chosen = _chosen(layer, told, params, counts)
        zones = _zones(layer, told, chosen)
        for group in bodies:
            for at, zone in _near(group, zones, told, chosen, rules, params):
                row, cut = _held(group, layer, told, at, chosen[zone], zones[zone], rules, params)
                if row is not None:
                    rows.append(row)
                    cuts.append(cut)
    if params.merge:
        rows, cuts = _merged(rows, cuts)
    order = sorted(range(len(rows)), key=lambda k: _weight(rows[k]))
    progress.step(1, 1, "progress-six-lines")
    table = pa.Table.from_pylist([rows[k] for k in order], schema=SCHEMA)
    made = np.empty(len(order), dtype=object)
    made[:] = [cuts[k] for k in order]
    return Found(
        table, made, sum(len(group.rows) for group in bodies), counts["lines"],
        counts["unclassed"], counts["superseded"],
    )  # fmt: skip


def _bodies(layer: Layer) -> _Bodies:
    data = layer.data
    assert isinstance(data, Buildings)
    rows = np.flatnonzero(data.part_of == 0)
    shapes = data.shapes.to_shapely()
    parts = np.flatnonzero(data.part_of > 0)
    if len(parts):  # a tower that reaches beyond its outline counts too
        owners = {int(data.ids[row]): k for k, row in enumerate(rows)}
        whole = shapes[rows]
        for row in parts:
            at = owners.get(int(data.part_of[row]))
            if at is not None:
                whole[at] = shapely.union(whole[at], shapes[row])
    else:
        whole = shapes[rows]
    bad = ~shapely.is_valid(whole)
    whole[bad] = shapely.make_valid(whole[bad])
    return _Bodies(layer, data, rows, whole, _names(data, rows))


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
    group: _Bodies, zones: NDArray[np.object_], told: Lines, chosen: Ints, rules: RuleSet,
    params: CheckParams,
) -> list[tuple[int, int]]:  # fmt: skip
    """Give pairs of building and zone that may have to do with each other."""
    if not len(zones) or not len(group.rows):
        return []
    reach = np.zeros(len(zones))
    if params.setbacks:
        reach = np.nan_to_num(told.setback[chosen])
        if params.rules_fill:
            most = max((rule.low for key in (ROAD_RULE, LINE_RULE) for rule in rules.about(key)),
                       default=0.0)  # fmt: skip
            reach = np.where(np.isnan(told.setback[chosen]), max(most, 0.0), reach)
    tree = shapely.STRtree(group.shapes)
    zone, body = tree.query(zones, predicate="dwithin", distance=reach)
    pairs = list(zip(body.tolist(), zone.tolist(), strict=True))
    for k in range(len(zones)):  # those that must lie inside are about every building
        one = told.class_of(int(chosen[k]))
        if one is not None and one.forbids == "outside":
            near = {b for b, z in pairs if z == k}
            pairs += [(b, k) for b in range(len(group.rows)) if b not in near]
    return pairs


def _held(
    group: _Bodies, layer: Layer, told: Lines, at: int, row: int, zone: BaseGeometry,
    rules: RuleSet, params: CheckParams,
) -> tuple[dict[str, object] | None, object]:  # fmt: skip
    """Hold one building against one line; None where all is well."""
    body: BaseGeometry = group.shapes[at]
    if _apart(told, row, group, at):
        return None, None
    kind = told.class_of(row)
    assert kind is not None
    area = zone.area > 0
    cut = body.difference(zone) if kind.forbids == "outside" else body.intersection(zone)
    overlap, length = float(shapely.area(cut)), 0.0
    if not area:
        overlap, length = 0.0, float(shapely.length(shapely.intersection(zone, body)))
    away = float(shapely.distance(body, zone))
    rule = _rule(told, row, group, at, rules, params)
    wanted = float(told.setback[row]) if rule is None else rule.low
    relation = _relation(overlap, length, body, area=area, forbids=kind.forbids, params=params)
    missing = 0.0
    if relation == CLEAR and kind.forbids == "inside" and params.setbacks and wanted > 0:
        missing = max(wanted - away, 0.0)
        relation = SETBACK if missing > ROUNDING else CLEAR
    if relation == CLEAR:
        return None, None
    status = _status(told, row, relation, kind.forbids, rule, away)
    if relation in (INSIDE, CROSSING, OUTSIDE) and area:
        length = float(shapely.length(shapely.intersection(shapely.boundary(zone), body)))
    centre = shapely.point_on_surface(cut if overlap > 0 else body)
    name = str(told.name[row])
    own = rule is not None and relation == SETBACK
    return {
        "layer": group.layer.id, "object": int(group.data.ids[group.rows[at]]),
        "name": group.names[at], "line_layer": layer.id,
        "line_object": int(layer.features.ids[row]), "line": name,
        "line_class": kind.key, "relation": relation, "distance_m": away,
        "setback_m": wanted if wanted >= 0 else None,
        "shortfall_m": missing if relation == SETBACK else max(wanted, 0.0),
        "intrusion_m2": overlap, "share_percent": 100.0 * overlap / max(shapely.area(body), 1e-9),
        "length_m": length, "status": status, "document": str(told.document[row]),
        "line_status": str(told.status[row]), "clause": rule.clause if own and rule else "",
        "pack": rule.pack if own and rule else "", "east": shapely.get_x(centre),
        "north": shapely.get_y(centre), "level": float(group.data.height[group.rows[at]]),
    }, cut if overlap > 0 else None  # fmt: skip


def _apart(told: Lines, row: int, group: _Bodies, at: int) -> bool:
    """Say whether a building stands below or above all that a line controls."""
    own = group.rows[at]
    below = float(group.data.height[own]) <= told.low[row]  # False where nothing is said
    return bool(below or float(group.data.min_height[own]) >= told.top[row])


def _relation(
    overlap: float,
    length: float,
    body: BaseGeometry,
    *,
    area: bool,
    forbids: str,
    params: CheckParams,
) -> str:  # fmt: skip
    whole = float(shapely.area(body))
    if area and overlap > params.least_m2:
        if forbids == "outside":
            return OUTSIDE if overlap > whole - params.least_m2 else CROSSING
        return INSIDE if overlap > whole - params.least_m2 else CROSSING
    return CROSSING if not area and length > ROUNDING else CLEAR


def _rule(
    told: Lines, row: int, group: _Bodies, at: int, rules: RuleSet, params: CheckParams
) -> Rule | None:
    """Give the rule that says the setback where the line says none."""
    if not params.rules_fill or np.isfinite(told.setback[row]):
        return None
    height = float(group.data.height[group.rows[at]])
    if told.classes[row] in ("road", "red"):
        width = float(told.width[row])
        return rules.find(ROAD_RULE, height_m=height, road_width_m=width)
    word = RULE_LINES.get(str(told.classes[row]))
    return None if word is None else rules.find(LINE_RULE, line=word, place="surface")


def _status(
    told: Lines, row: int, relation: str, forbids: str, rule: Rule | None, away: float
) -> Status:
    """Give what a finding means: lines of a document in force fail, all else warns."""
    if forbids == "permission":
        return "warning"
    if relation == SETBACK and rule is not None:
        return judge(rule, away, tolerance=ROUNDING).status
    status = str(told.status[row])
    in_force = status == "approved" or (not status and bool(told.document[row]))
    return "fail" if in_force else "warning"


def _merged(
    rows: list[dict[str, object]], cuts: list[object]
) -> tuple[list[dict[str, object]], list[object]]:
    """Keep the worst of what one building has to do with lines of one class and name."""
    best: dict[tuple[object, ...], int] = {}
    for k, row in enumerate(rows):
        key = (row["layer"], row["object"], row["line_class"], row["line"] or k)
        if key not in best or _weight(row) < _weight(rows[best[key]]):
            best[key] = k
    kept = sorted(best.values())
    return [rows[k] for k in kept], [cuts[k] for k in kept]


def _weight(row: dict[str, object]) -> tuple[float, ...]:
    """Order findings, the worst first."""
    order = {"fail": 0, "warning": 1}.get(str(row["status"]), 2)
    kind = {INSIDE: 0, OUTSIDE: 0, CROSSING: 1}.get(str(row["relation"]), 2)
    size = (row["intrusion_m2"], row["length_m"], row["shortfall_m"])
    return (order, kind, *(-float(str(value)) for value in size))


def buildings_hit(table: pa.Table) -> dict[str, Ints]:
    """Give the numbers of the buildings that are found, by layer."""
    out: dict[str, list[int]] = {}
    for layer, number in zip(
        table.column("layer").to_pylist(), table.column("object").to_pylist(), strict=True
    ):
        out.setdefault(layer, []).append(number)
    return {layer: np.unique(ids) for layer, ids in out.items()}

"""Drains: size, slope, velocity, direction of fall, turns and the way between manholes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from layers.kinds.pipes import INVERT, ROLES, TOP, Pipes
from layers.pipes.classes import CLASS_KEYS, SUBCLASS_KEYS
from layers.pipes.rule_classes import rule_classes
from layers.rules.rule import Fact, Rule, RuleSet, judge
from layers.shapes import Bools, Floats, Ints

DIAMETER, SLOPE, SPACING = "drains.diameter", "drains.slope", "drains.manhole-spacing"
VELOCITY, FASTEST, TURNING = "drains.velocity", "drains.velocity-most", "drains.turning"
#: Rules are written for nominal sizes; a survey may be some millimetres off.
NOMINAL = 0.01
ROUNDING = {
    DIAMETER: 5.0, SLOPE: 0.00005, SPACING: 0.5, VELOCITY: 0.005, FASTEST: 0.005, TURNING: 1.0,
}  # fmt: skip
#: Manning's n, s/m^(1/3), by material; concrete where it is not told.
ROUGHNESS = {"plastic": 0.010, "steel": 0.012}
USUAL_ROUGHNESS = 0.013
#: Nodes that a drain passes without a manhole.
PASSED = [ROLES.index(role) for role in ("point", "tee", "bend", "end")]
LEAD = 0.3  # metres of width up to which a drain from a gully is no more than its lead
SMALL, DROP = 300.0, 0.3  # mm up to which, and metres of drop from which, a turn may be sharp


@dataclass(frozen=True, slots=True, eq=False)
class DrainRuns:
    """The drains of a layer, turned so that they fall.

    Attributes
    ----------
    rows : (r,) int64
        Positions in the layer.
    upper, lower : (r,) int64
        Ids of the nodes at the upper and at the lower end, 0 for none.
    upper_invert, lower_invert : (r,) float64
        Levels of the inside of the bottom, metres above datum.
    length : (r,) float64
        Along the run in plan, metres.
    backwards : (r,) bool
        Whether the run was drawn against its fall.
    """

    rows: Ints
    upper: Ints
    lower: Ints
    upper_invert: Floats
    lower_invert: Floats
    length: Floats
    backwards: Bools

    @property
    def slope(self) -> Floats:
        """Fall over length, (r,), NaN where a level is missing."""
        fall = self.upper_invert - self.lower_invert
        sloped = np.divide(fall, self.length, out=np.full(len(fall), np.nan), where=self.length > 0)
        return np.asarray(sloped)


def drain_runs(pipes: Pipes) -> DrainRuns:
    """Find the runs that drain by gravity."""
    runs = pipes.runs
    rows = runs[pipes.line_class[runs] == CLASS_KEYS.index("drain")]
    shift = np.zeros(len(pipes))
    shift = np.where(pipes.level_of == TOP, -(pipes.height + pipes.wall), shift)
    shift = np.where(
        (pipes.level_of != TOP) & (pipes.level_of != INVERT), -pipes.height / 2.0, shift
    )
    one, two = (pipes.start_level + shift)[rows], (pipes.end_level + shift)[rows]
    backwards = one < two
    return DrainRuns(
        rows,
        np.where(backwards, pipes.end_node[rows], pipes.start_node[rows]),
        np.where(backwards, pipes.start_node[rows], pipes.end_node[rows]),
        np.where(backwards, two, one),
        np.where(backwards, one, two),
        pipes.shapes.lengths()[rows],
        backwards,
    )


def check_drains(pipes: Pipes, rules: RuleSet, *, keep_good: bool = False) -> pa.Table:
    """Hold the drains of a layer against the rules of drainage.

    Parameters
    ----------
    pipes : Pipes
        The layer.
    rules : RuleSet
        With rules about ``drains.diameter``, ``drains.slope``, ``drains.velocity`` (of the full
        drain after Manning), ``drains.velocity-most``, ``drains.turning`` and
        ``drains.manhole-spacing``.
    keep_good : bool
        Whether the table also lists what keeps its rule.

    Returns
    -------
    pyarrow.Table
        One row per run and rule: ``pipe`` (id), ``rule``, ``required``, ``actual``,
        ``shortfall``, ``unit``, ``status``, ``clause``, ``pack``, ``verified``.
    """
    drains = drain_runs(pipes)
    words = rule_classes(pipes, drains.rows)
    slope, spacing = drains.slope, manhole_spacing(pipes, drains)
    turn = turning(pipes, drains)
    lead = gully_leads(pipes, drains)
    turn = np.where(lead, np.nan, turn)
    spacing = np.where(lead, np.nan, spacing)
    rows: list[dict[str, object]] = []
    for k, row in enumerate(drains.rows.tolist()):
        millimetres = float(pipes.width[row]) * 1000.0
        facts: dict[str, Fact] = {
            **words.facts[k],
            "pipe": "gully" if lead[k] else SUBCLASS_KEYS[pipes.subclass[row]] or "sewage",
            "diameter_mm": _nominal(millimetres),
        }
        if facts.get("material") in {"pe", "pvc"}:
            facts["material"] = "plastic"
        rough = ROUGHNESS.get(str(facts.get("material", "")), USUAL_ROUGHNESS)
        speed = np.nan  # where the slope is not known that is told once
        if np.isfinite(slope[k]) and millimetres > 0 and not lead[k]:
            speed = float(full_velocity(pipes.width[row], slope[k], rough))
        sharp = float(turn[k])
        for key, actual in (
            (DIAMETER, millimetres if millimetres > 0 else float("nan")),
            (SLOPE, float(slope[k])),
            (SPACING, float(spacing[k])),
            *(((VELOCITY, speed), (FASTEST, speed)) if np.isfinite(speed) else ()),
            *(((TURNING, sharp),) if np.isfinite(sharp) else ()),
        ):
            if key == SPACING and not np.isfinite(actual):
                continue
            made = _row(pipes, row, rules.find(key, facts), actual)
            if made is not None and (keep_good or made["shortfall"] or made["status"] == "none"):
                rows.append(made)
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def gully_leads(pipes: Pipes, drains: DrainRuns) -> Bools:
    """Say which drains only lead from a gully to the next manhole, (r,) bool."""
    gullies = pipes.ids[pipes.role == ROLES.index("gully")]
    return np.asarray(np.isin(drains.upper, gullies) & (pipes.width[drains.rows] <= LEAD))


def manhole_spacing(pipes: Pipes, drains: DrainRuns) -> Floats:
    """Give the way from manhole to manhole at the first run of each such way, else NaN.

    Points and bends that two drains pass without a manhole do not end a way.

    Returns
    -------
    (r,) ndarray of float64
        Metres.
    """
    count = len(drains.rows)
    ids, ends = np.unique(np.concatenate([drains.upper, drains.lower]), return_inverse=True)
    met = np.bincount(ends, minlength=len(ids))
    order = np.argsort(pipes.ids, kind="stable")
    at = order[np.minimum(np.searchsorted(pipes.ids[order], ids), max(len(pipes) - 1, 0))]
    passed = (pipes.ids[at] == ids) & np.isin(pipes.role[at], PASSED) & (met == 2) & (ids > 0)
    sort = np.argsort(ends, kind="stable")
    sort = sort[passed[ends[sort]]]  # ends at passed nodes, both of a node side by side
    one, two = sort[::2] % max(count, 1), sort[1::2] % max(count, 1)
    links = coo_array((np.ones(len(one)), (one, two)), shape=(count, count))
    way = connected_components(links, directed=False)[1] if count else np.empty(0, dtype=int)
    length = np.bincount(way, drains.length)
    first = np.unique(way, return_index=True)[1]
    out = np.full(count, np.nan)
    out[first] = length
    return out


def turning(pipes: Pipes, drains: DrainRuns) -> Floats:
    """Give the angle between each drain and the one that flows on from its lower node, degrees.

    180 is straight on. Of several that flow on the straightest counts; NaN where none does, and
    where a small drain drops into the manhole, which may turn as it likes.

    Returns
    -------
    (r,) ndarray of float64
    """
    out = np.full(len(drains.rows), np.nan)
    leaving: dict[int, list[int]] = {}
    for k, node in enumerate(drains.upper.tolist()):
        leaving.setdefault(node, []).append(k)
    first = pipes.shapes.first_coord
    for k, node in enumerate(drains.lower.tolist()):
        row = drains.rows[k]
        if node <= 0 or not leaving.get(node) or drains.length[k] <= 0:
            continue
        back = _away(
            pipes, int(first[row]), int(first[row + 1]), at_start=bool(drains.backwards[k])
        )
        for other in leaving[node]:
            next_row = drains.rows[other]
            drop = drains.lower_invert[k] - drains.upper_invert[other]
            if pipes.width[row] * 1000.0 <= SMALL and drop > DROP:
                continue
            ahead = _away(
                pipes, int(first[next_row]), int(first[next_row + 1]),
                at_start=not bool(drains.backwards[other]),
            )  # fmt: skip
            angle = float(np.degrees(np.arccos(np.clip(back @ ahead, -1.0, 1.0))))
            out[k] = np.fmax(out[k], angle)
    return out


def _away(pipes: Pipes, begin: int, end: int, *, at_start: bool) -> Floats:
    """Give the direction in which a run leaves one of its ends."""
    xy = pipes.shapes.coords[begin:end]
    way = xy[1] - xy[0] if at_start else xy[-2] - xy[-1]
    return np.asarray(way / max(float(np.hypot(*way)), 1e-9))


SCHEMA = pa.schema(
    [
        ("pipe", pa.int64()), ("rule", pa.string()), ("required", pa.float64()),
        ("actual", pa.float64()), ("shortfall", pa.float64()), ("unit", pa.string()),
        ("status", pa.string()), ("clause", pa.string()), ("pack", pa.string()),
        ("verified", pa.bool_()),
    ]
)  # fmt: skip


def _row(pipes: Pipes, row: int, rule: Rule | None, actual: float) -> dict[str, object] | None:
    if rule is None:
        return None
    verdict = judge(rule, actual, tolerance=ROUNDING[rule.key])
    required = rule.low if np.isfinite(rule.low) else rule.high
    return {
        "pipe": int(pipes.ids[row]), "rule": rule.key, "required": required, "actual": actual,
        "shortfall": verdict.shortfall, "unit": rule.unit, "status": verdict.status,
        "clause": rule.clause, "pack": rule.pack, "verified": rule.verified,
    }  # fmt: skip


def _nominal(millimetres: float) -> float:
    """Give the usual size that a measured one is, such as 300 for 303."""
    usual = round(millimetres / 50.0) * 50.0
    return usual if abs(usual - millimetres) <= NOMINAL * max(usual, 100.0) else millimetres


def full_velocity(diameter: ArrayLike, slope: ArrayLike, roughness: float = 0.013) -> Floats:
    """Give the velocity of round drains that run full, m/s, after Manning.

    Parameters
    ----------
    diameter : (n,) float64
        Clear width, metres.
    slope : (n,) float64
        Fall over length; nothing flows at 0 and below.
    roughness : float
        Manning's n, s/m^(1/3); 0.013 for concrete, 0.010 for plastic.
    """
    diameter, slope = np.asarray(diameter), np.asarray(slope)
    return np.asarray((diameter / 4.0) ** (2.0 / 3.0) * np.sqrt(np.maximum(slope, 0.0)) / roughness)

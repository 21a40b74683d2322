"""Drains: size, slope, direction of fall, steps at manholes and the way between manholes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from layers.kinds.pipes import INVERT, TOP, Pipes
from layers.pipes.classes import CLASS_KEYS, SUBCLASS_KEYS
from layers.pipes.rule_classes import rule_classes
from layers.rules.rule import Fact, Rule, RuleSet, judge
from layers.shapes import Bools, Floats, Ints

DIAMETER, SLOPE, SPACING = "drains.diameter", "drains.slope", "drains.manhole-spacing"
#: Rules are written for nominal sizes; a survey may be some millimetres off.
NOMINAL = 0.01
ROUNDING = {DIAMETER: 5.0, SLOPE: 0.00005, SPACING: 0.5}


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
        With rules about ``drains.diameter``, ``drains.slope`` and ``drains.manhole-spacing``.
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
    slope = drains.slope
    rows: list[dict[str, object]] = []
    for k, row in enumerate(drains.rows.tolist()):
        millimetres = float(pipes.width[row]) * 1000.0
        facts: dict[str, Fact] = {
            **words.facts[k],
            "pipe": SUBCLASS_KEYS[pipes.subclass[row]] or "sewage",
            "diameter_mm": _nominal(millimetres),
        }
        if facts.get("material") in {"pe", "pvc"}:
            facts["material"] = "plastic"
        for key, actual in (
            (DIAMETER, millimetres if millimetres > 0 else float("nan")),
            (SLOPE, float(slope[k])),
            (SPACING, float(drains.length[k])),
        ):
            made = _row(pipes, row, rules.find(key, facts), actual)
            if made is not None and (keep_good or made["shortfall"] or made["status"] == "none"):
                rows.append(made)
    return pa.Table.from_pylist(rows, schema=SCHEMA)


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


def full_velocity(diameter: Floats, slope: Floats, roughness: float = 0.013) -> Floats:
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
    return np.asarray((diameter / 4.0) ** (2.0 / 3.0) * np.sqrt(np.maximum(slope, 0.0)) / roughness)

"""Conflicts of planned pipes: how bad each is, which pipe gives way, and what that costs."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from layers.kinds.pipes import PLANNED, RUN, Pipes
from layers.pipes.classes import CLASS_KEYS, CLASSES
from layers.pipes.together import Together
from layers.rules.rule import RuleSet
from layers.shapes import Ints

RELOCATION = "pipes.relocation"
#: Metres of a pipe that are laid anew to clear one conflict, at most.
MOVED = 20.0
SMALL, MIDDLE = 0.2, 0.5  # metres of width up to which a pipe is small, or middle
SEVERITIES = ("collision", "high", "middle", "low")
#: Share of what is required that is missing from which a conflict is a bad one.
BAD = 0.5


def with_costs(table: pa.Table, whole: Together, layers: list[str], rules: RuleSet) -> pa.Table:
    """Tell of each finding how bad it is, who gives way, and the cost, the worst first.

    Who gives way follows GB 50289-2016, 3.0.4: what flows under pressure before what falls by
    itself, then what is planned before what is there, then the smaller one. A planned pipe that
    gives way is drawn anew and costs nothing; one that is there costs the stretch laid anew.

    Parameters
    ----------
    table : pyarrow.Table
        Of `layers.pipes.checking.check_pipes`.
    whole : Together
        The pipes it is about.
    layers : list of str
        Ids of their layers.
    rules : RuleSet
        With rules about ``pipes.relocation``, money per metre.

    Returns
    -------
    pyarrow.Table
        With ``severity`` (collision: bodies overlap; high; middle; low: perhaps none at all),
        ``yields`` (object, other: which of the two), ``why`` (gravity, planned, smaller, thing),
        ``moved_m`` and ``cost``, NaN where no rule tells it.
    """
    one = _positions(table, whole, layers, "layer", "object")
    two = _positions(table, whole, layers, "other_layer", "other")
    pipes = whole.pipes
    lengths = np.where(pipes.role == RUN, pipes.shapes.lengths(), 0.0)
    rows: dict[str, list[object]] = {name: [] for name in ADDED}
    for row, i, j in zip(table.to_pylist(), one.tolist(), two.tolist(), strict=True):
        mover, why = _gives_way(pipes, i, j)
        moved = float(min(lengths[mover], MOVED))
        cost = 0.0
        if pipes.status[mover] != PLANNED:
            cost = _price(pipes, mover, rules) * moved
        rows["severity"].append(_severity(row))
        rows["yields"].append("object" if mover == i else "other")
        rows["why"].append(why)
        rows["moved_m"].append(0.0 if pipes.status[mover] == PLANNED else moved)
        rows["cost"].append(cost)
    for name, type_ in ADDED.items():
        table = table.append_column(name, pa.array(rows[name], type_))
    rank = np.array([SEVERITIES.index(str(word)) for word in rows["severity"]], dtype=np.int64)
    dear = np.nan_to_num(np.array(rows["cost"], dtype=np.float64))
    return table.take(pa.array(np.lexsort((-dear, rank))))


ADDED = {
    "severity": pa.string(), "yields": pa.string(), "why": pa.string(), "moved_m": pa.float64(),
    "cost": pa.float64(),
}  # fmt: skip


def _positions(
    table: pa.Table, whole: Together, layers: list[str], layer: str, column: str
) -> Ints:
    """Give where in `whole` the objects of two columns stand, -1 for what is no pipe."""
    at = {(layers[k], number): row for row, (k, number) in enumerate(
        zip(whole.layer.tolist(), whole.ids.tolist(), strict=True))}  # fmt: skip
    pairs = zip(table.column(layer).to_pylist(), table.column(column).to_pylist(), strict=True)
    return np.array([at.get(pair, -1) for pair in pairs], dtype=np.int64)


def _gives_way(pipes: Pipes, i: int, j: int) -> tuple[int, str]:
    """Give which of two pipes moves, and why."""
    if j < 0:
        return i, "thing"
    falls = [CLASSES[pipes.line_class[k]].gravity for k in (i, j)]
    if falls[0] != falls[1]:
        return (j if falls[0] else i), "gravity"
    planned = [pipes.status[k] == PLANNED for k in (i, j)]
    if planned[0] != planned[1]:
        return (i if planned[0] else j), "planned"
    return (i if pipes.outer_width[i] <= pipes.outer_width[j] else j), "smaller"


def _price(pipes: Pipes, row: int, rules: RuleSet) -> float:
    """Give what a metre of a pipe costs, NaN where no rule tells it."""
    width = float(pipes.width[row])
    size = "small" if width <= SMALL else "middle" if width <= MIDDLE else "large"
    rule = rules.find(RELOCATION, pipe=CLASS_KEYS[pipes.line_class[row]], size=size)
    return float("nan") if rule is None else rule.low


def _severity(row: dict[str, object]) -> str:
    """Say how bad a finding is."""
    actual, required = _number(row["actual"]), _number(row["required"])
    certain = row["certainty"] == "certain"
    if row["check"] in {"beside", "crossing", "building"} and actual < 0 and certain:
        return "collision"
    if not certain:
        return "low"
    missing = _number(row["shortfall"])
    return "high" if required > 0 and missing / required >= BAD else "middle"


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")

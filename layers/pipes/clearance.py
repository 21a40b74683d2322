"""Clearance between pipes: surface to surface, beside each other and where they cross."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from layers.kinds.pipes import Pipes
from layers.pipes.nearness import Meetings, meetings
from layers.pipes.rule_classes import RuleClasses, rule_classes
from layers.pipes.tunnels import in_the_soil
from layers.progress import Progress, Silent
from layers.rules.rule import Fact, Rule, RuleSet
from layers.shapes import Bools, Floats, Ints

BESIDE, CROSSING = "pipes.clearance.horizontal", "pipes.clearance.vertical"
GAS_BESIDE = "pipes.clearance.horizontal.gas-gas"
ROUNDING = 0.0005  # metres that count as kept: half a millimetre
#: Survey error after CJJ 61-2017: shares of the depth of the middle, which counts as 1 m at least.
PLAN_ERROR, DEPTH_ERROR = 0.10, 0.15


@dataclass(frozen=True, slots=True)
class ClearanceParams:
    """What a check of clearances looks at.

    Attributes
    ----------
    horizontal, vertical : bool
        Which of the two is checked.
    survey_error : bool
        Whether results are told apart as certain and possible by the error of the survey.
    keep_clear : bool
        Whether the table also lists what keeps its distance.
    """

    horizontal: bool = True
    vertical: bool = True
    survey_error: bool = True
    keep_clear: bool = False


def check_clearances(
    pipes: Pipes,
    rules: RuleSet,
    params: ClearanceParams = ClearanceParams(),
    *,
    ground: Floats | None = None,
    progress: Progress = Silent(),
) -> pa.Table:
    """Hold all runs of a layer against each other.

    Pipes inside of utility tunnels do not count: the tunnel does.
    Beside each other the distance is from outside to outside in plan; where two cross it is from
    the bottom of the upper to the top of the lower, at levels taken along each run.

    Parameters
    ----------
    pipes : Pipes
        The layer.
    rules : RuleSet
        With rules about ``pipes.clearance.horizontal`` and ``pipes.clearance.vertical``.
    params : ClearanceParams
        What is looked at.
    ground : (n,) float64 or None
        Level of the ground over each object, metres above datum, for the survey error; None
        takes every pipe as one metre deep.
    progress : Progress
        Told how far it is.

    Returns
    -------
    pyarrow.Table
        One row per place: ``first``, ``second`` (ids), ``what`` (beside, crossing), ``east``,
        ``north``, ``level``, ``required_m``, ``actual_m``, ``shortfall_m``, ``certainty``
        (certain, possible, clear, unknown), ``status`` (pass, fail, warning, none), ``rule``,
        ``clause``, ``pack``, ``verified``, ``note``, ``assumed`` (``pressure`` of gas, ``pipe``
        where a level or size was, or both).
    """
    runs = in_the_soil(pipes)
    words = rule_classes(pipes, runs)
    at = np.full(len(pipes), -1, dtype=np.int64)
    at[runs] = np.arange(len(runs))
    lookup = _Lookup(rules, words)
    error = _survey_errors(pipes, ground) if params.survey_error else np.zeros((len(pipes), 2))
    slack = float(np.hypot(*np.sort(error[runs, 0])[-2:])) if len(runs) > 1 else 0.0
    met = meetings(pipes, runs, lookup.farthest() + slack, progress)
    parts = []
    if params.horizontal:
        parts.append(_beside(pipes, met, np.flatnonzero(~met.crosses), lookup, at, error))
    if params.vertical:
        parts.append(_crossing(pipes, met, np.flatnonzero(met.crosses), lookup, at, error))
    table = pa.concat_tables([SCHEMA.empty_table(), *parts])
    if not params.keep_clear:
        table = table.filter(pc.not_equal(table.column("certainty"), "clear"))
    rank = pc.index_in(table.column("certainty"), pa.array(CERTAINTIES))
    return table.append_column("rank", rank).sort_by(
        [("rank", "ascending"), ("shortfall_m", "descending"), ("first", "ascending"),
         ("second", "ascending")]
    ).drop_columns("rank")  # fmt: skip


#: From worst to best.
CERTAINTIES = ("certain", "possible", "unknown", "clear")
SCHEMA = pa.schema(
    [
        ("first", pa.int64()), ("second", pa.int64()), ("what", pa.string()),
        ("east", pa.float64()), ("north", pa.float64()), ("level", pa.float64()),
        ("required_m", pa.float64()), ("actual_m", pa.float64()), ("shortfall_m", pa.float64()),
        ("certainty", pa.string()), ("status", pa.string()), ("rule", pa.string()),
        ("clause", pa.string()), ("pack", pa.string()), ("verified", pa.bool_()),
        ("note", pa.string()), ("assumed", pa.string()),
    ]
)  # fmt: skip


class _Lookup:
    """Rules for pairs of pipes, looked up once for each pair of descriptions."""

    def __init__(self, rules: RuleSet, words: RuleClasses) -> None:
        self._rules, self._words = rules, words
        described = [
            (h, v, tuple(sorted(f.items())))
            for h, v, f in zip(words.horizontal, words.vertical, words.facts, strict=True)
        ]
        numbers = {description: k for k, description in enumerate(dict.fromkeys(described))}
        self._code = np.array([numbers[description] for description in described], dtype=np.int64)

    def farthest(self) -> float:
        """Give the largest clearance that any rule asks for between the pipes there are."""
        names = set(self._words.horizontal)
        asked = [
            rule.low
            for rule in (*self._rules.about(BESIDE), *self._rules.about(GAS_BESIDE))
            if all(
                not condition.words & {"building"}
                and (not condition.words or condition.words & names)
                for condition in rule.when
                if condition.fact in {"first", "second"}
            )
        ]
        return max((metres for metres in asked if np.isfinite(metres)), default=0.0)

    def beside(self, i: Ints, j: Ints) -> tuple[list[Rule], Ints]:
        """Give the rules for runs beside each other, and which of them is that of each pair."""
        return self._rules_of(i, j, self._beside)

    def crossing(self, upper: Ints, lower: Ints) -> tuple[list[Rule], Ints]:
        """Give the rules for runs above others, and which of them is that of each pair."""
        return self._rules_of(upper, lower, self._crossing)

    def _rules_of(
        self, i: Ints, j: Ints, find: Callable[[int, int], Rule | None]
    ) -> tuple[list[Rule], Ints]:
        pairs = self._code[i] * (int(self._code.max(initial=0)) + 1) + self._code[j]
        _, example, which = np.unique(pairs, return_index=True, return_inverse=True)
        rules: list[Rule] = []
        number = np.full(len(example), -1, dtype=np.int64)
        for k, at in enumerate(example.tolist()):
            rule = find(int(i[at]), int(j[at]))
            if rule is not None:
                number[k] = len(rules)
                rules.append(rule)
        return rules, number[which] if len(which) else np.empty(0, dtype=np.int64)

    def _beside(self, i: int, j: int) -> Rule | None:
        a, b = self._words.horizontal[i], self._words.horizontal[j]
        if not a or not b:
            return None
        if a.startswith("gas") and b.startswith("gas"):
            widest = max(self._diameter(i), self._diameter(j))
            return self._rules.find(GAS_BESIDE, {"diameter_mm": widest})
        facts = self._facts(i, j)
        found = self._rules.find(BESIDE, facts, first=a, second=b)
        return found or self._rules.find(BESIDE, facts, first=b, second=a)

    def _crossing(self, upper: int, lower: int) -> Rule | None:
        a, b = self._words.vertical[upper], self._words.vertical[lower]
        if not a or not b:
            return None
        return self._rules.find(CROSSING, self._facts(upper, lower), upper=a, lower=b)

    def assumed(self, i: Ints, j: Ints) -> Bools:
        """Say for which pairs a pressure was assumed."""
        return self._words.assumed[i] | self._words.assumed[j]

    def _diameter(self, i: int) -> float:
        return float(self._words.facts[i].get("diameter_mm", 0.0))

    def _facts(self, i: int, j: int) -> dict[str, Fact]:
        one, two = self._words.facts[i], self._words.facts[j]
        both: dict[str, Fact] = {**two, **one}
        volts = [float(f["voltage_kv"]) for f in (one, two) if "voltage_kv" in f]
        if volts:
            both["voltage_kv"] = max(volts)
        return both


def _survey_errors(pipes: Pipes, ground: Floats | None) -> Floats:
    """Give the error in plan and in level of each object, (n, 2) metres."""
    depth = np.ones(len(pipes))
    if ground is not None:
        middle = (pipes.start_level + pipes.end_level) / 2.0
        depth = np.where(np.isfinite(middle), np.maximum(ground - middle, 1.0), 1.0)
    return np.column_stack([PLAN_ERROR * depth, DEPTH_ERROR * depth])


def _beside(
    pipes: Pipes, met: Meetings, chosen: Ints, lookup: _Lookup, at: Ints, error: Floats
) -> pa.Table:
    """Judge runs that do not cross."""
    first, second = met.first[chosen], met.second[chosen]
    rules, which = lookup.beside(at[first], at[second])
    half = pipes.outer_width / 2.0
    levels = np.column_stack([met.first_level[chosen], met.second_level[chosen]])
    known = np.isfinite(levels)
    level = np.where(known, levels, 0.0).sum(axis=1) / np.where(known.any(axis=1), known.sum(1), 1)
    return _judged(
        pipes, met, chosen, "beside", rules, which,
        met.gap[chosen] - half[first] - half[second],
        np.where(known.any(axis=1), level, np.nan),
        np.hypot(error[first, 0], error[second, 0]), lookup.assumed(at[first], at[second]),
    )  # fmt: skip


def _crossing(
    pipes: Pipes, met: Meetings, chosen: Ints, lookup: _Lookup, at: Ints, error: Floats
) -> pa.Table:
    """Judge runs that cross."""
    first, second = met.first[chosen], met.second[chosen]
    one, two = met.first_level[chosen], met.second_level[chosen]
    below = one < two
    upper, lower = np.where(below, second, first), np.where(below, first, second)
    rules, which = lookup.crossing(at[upper], at[lower])
    half = pipes.outer_height / 2.0
    return _judged(
        pipes, met, chosen, "crossing", rules, which,
        np.abs(one - two) - half[first] - half[second], (one + two) / 2.0,
        np.hypot(error[first, 1], error[second, 1]), lookup.assumed(at[first], at[second]),
    )  # fmt: skip


def _judged(
    pipes: Pipes, met: Meetings, chosen: Ints, what: str, rules: list[Rule], which: Ints,
    actual: Floats, level: Floats, error: Floats, assumed: Bools,
) -> pa.Table:  # fmt: skip
    """Make the rows of those pairs that have a rule."""
    ruled = which >= 0
    chosen, which, actual, level = chosen[ruled], which[ruled], actual[ruled], level[ruled]
    error, assumed = error[ruled], assumed[ruled]
    low = np.array([rule.low for rule in rules])[which] if rules else np.empty(0)
    missing = np.maximum(low - actual, 0.0)
    unknown = np.isnan(actual)
    certainty = np.select(
        [unknown, low - (actual + error) > ROUNDING, low - (actual - error) > ROUNDING],
        ["unknown", "certain", "possible"],
        "clear",
    )
    short = missing > ROUNDING
    verified = np.array([rule.verified for rule in rules], dtype=bool)[which] if rules else short
    status = np.select([unknown, ~verified, short], ["none", "warning", "fail"], "pass")
    first, second = met.first[chosen], met.second[chosen]
    filled = (pipes.assumed[first] > 0) | (pipes.assumed[second] > 0)
    return pa.table(
        [
            pipes.ids[first], pipes.ids[second], pa.repeat(what, len(chosen)),
            met.point[chosen, 0], met.point[chosen, 1], level, low, actual,
            np.where(short, missing, 0.0), certainty.astype(object), status.astype(object),
            _said([rule.key for rule in rules], which),
            _said([rule.clause for rule in rules], which),
            _said([rule.pack for rule in rules], which), verified,
            _said([rule.note for rule in rules], which), _assumed(assumed, filled),
        ],
        schema=SCHEMA,
    )  # fmt: skip


def _said(texts: list[str], which: Ints) -> pa.Array:
    return pa.array(texts, pa.string()).take(pa.array(which))


def _assumed(pressure: Bools, filled: Bools) -> pa.Array:
    """Name what was not known and filled in by a rule."""
    names = ["", "pipe", "pressure", "pressure,pipe"]
    return _said(names, pressure * np.int64(2) + filled)

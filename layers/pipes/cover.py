"""Cover: how much soil lies over each run, along its whole length."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pyarrow as pa

from layers.kinds.pipes import Pipes
from layers.pipes.nearness import segments
from layers.pipes.rule_classes import rule_classes
from layers.progress import Progress, Silent
from layers.rules.rule import RuleSet, judge
from layers.shapes import Floats, Ints

COVER = "pipes.cover"
ROUNDING = 0.005  # metres that count as kept
CARRIAGEWAY = "carriageway"
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class CoverParams:
    """What a check of cover looks at.

    Attributes
    ----------
    step : float
        Distance between two places that are looked at along a run, metres; its ends and bends
        are looked at as well.
    keep_deep : bool
        Whether the table also lists runs that lie deep enough.
    """

    step: float = 5.0
    keep_deep: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Places along runs.

    Attributes
    ----------
    run : (k,) int64
        Position of the run in the layer.
    point : (k, 3) float64
        East, north and level of the middle of the section.
    """

    run: Ints
    point: Floats


def samples(pipes: Pipes, rows: Ints, step: float) -> Samples:
    """Give places along runs: every few metres, at every bend and at both ends."""
    parts = segments(pipes, rows)
    length = np.hypot(*(parts.end - parts.start)[:, :2].T)
    pieces = np.maximum(np.ceil(length / step).astype(np.int64), 1)
    owner = np.repeat(np.arange(len(pieces)), pieces + 1)
    first = np.cumsum(pieces + 1) - (pieces + 1)
    share = (np.arange(len(owner)) - first[owner]) / pieces[owner]
    point = parts.start[owner] + share[:, None] * (parts.end - parts.start)[owner]
    return Samples(parts.run[owner], point)


def check_cover(
    pipes: Pipes,
    rules: RuleSet,
    ground_at: Callable[[Floats], Floats],
    surface_at: Callable[[Floats], tuple[str, ...]] | None = None,
    params: CoverParams = CoverParams(),
    *,
    progress: Progress = Silent(),
) -> pa.Table:
    """Find for each run the place where its cover misses most.

    Cover is counted from the ground to the top of the outside of the pipe.

    Parameters
    ----------
    pipes : Pipes
        The layer.
    rules : RuleSet
        With rules about ``pipes.cover``.
    ground_at : callable
        Gives the level of the ground at (k, 2) places, metres above datum.
    surface_at : callable or None
        Names what lies at places: ``"footway"``, ``"carriageway"``; None takes everything as
        carriageway, which asks for most, and says so.
    params : CoverParams
        What is looked at.
    progress : Progress
        Told how far it is.

    Returns
    -------
    pyarrow.Table
        One row per run: ``pipe`` (id), ``east``, ``north``, ``level`` (top of the pipe),
        ``ground``, ``surface``, ``required_m``, ``actual_m``, ``shortfall_m``, ``status``,
        ``clause``, ``pack``, ``verified``, ``assumed`` (``pipe``, ``surface``).
    """
    runs = pipes.runs
    places = samples(pipes, runs, params.step)
    progress.step(1, 3, "progress-pipes-cover")
    ground = np.asarray(ground_at(places.point[:, :2]), dtype=np.float64)
    surface = (
        surface_at(places.point[:, :2])
        if surface_at is not None
        else (CARRIAGEWAY,) * len(places.run)
    )
    progress.step(2, 3, "progress-pipes-cover")
    top = places.point[:, 2] + pipes.outer_height[places.run] / 2.0
    actual = ground - top
    required = _required(pipes, rules, runs, places.run, surface)
    missing = required - actual
    order = np.lexsort((-np.where(np.isnan(missing), np.inf, missing), places.run))
    begins = np.ones(len(order), dtype=bool)
    begins[1:] = places.run[order][1:] != places.run[order][:-1]
    chosen = order[begins]  # the worst place of each run, or one whose level is not known
    chosen = chosen[np.isfinite(required[chosen])]
    short = ~(actual[chosen] >= required[chosen] - ROUNDING)  # or of a level that is not known
    chosen = chosen[short | params.keep_deep]
    words = rule_classes(pipes, places.run[chosen])
    rows = []
    for k, at in enumerate(chosen.tolist()):
        rule = rules.find(COVER, words.facts[k], pipe=words.cover[k], surface=surface[at])
        verdict = judge(rule, float(actual[at]), tolerance=ROUNDING)
        if rule is None or (verdict.holds and not params.keep_deep):
            continue
        filled = ["pipe"] if pipes.assumed[places.run[at]] else []
        filled += ["surface"] if surface_at is None else []
        rows.append(
            {
                "pipe": int(pipes.ids[places.run[at]]), "east": float(places.point[at, 0]),
                "north": float(places.point[at, 1]), "level": float(top[at]),
                "ground": float(ground[at]), "surface": surface[at], "required_m": rule.low,
                "actual_m": float(actual[at]), "shortfall_m": verdict.shortfall,
                "status": verdict.status, "clause": rule.clause, "pack": rule.pack,
                "verified": rule.verified, "assumed": ",".join(filled),
            }
        )  # fmt: skip
    rows.sort(key=lambda row: (-float(str(row["shortfall_m"])), row["pipe"]))
    progress.step(3, 3, "progress-pipes-cover")
    return pa.Table.from_pylist(rows, schema=SCHEMA)


SCHEMA = pa.schema(
    [
        ("pipe", pa.int64()), ("east", pa.float64()), ("north", pa.float64()),
        ("level", pa.float64()), ("ground", pa.float64()), ("surface", pa.string()),
        ("required_m", pa.float64()), ("actual_m", pa.float64()), ("shortfall_m", pa.float64()),
        ("status", pa.string()), ("clause", pa.string()), ("pack", pa.string()),
        ("verified", pa.bool_()), ("assumed", pa.string()),
    ]
)  # fmt: skip


def _required(
    pipes: Pipes, rules: RuleSet, runs: Ints, owner: Ints, surface: tuple[str, ...]
) -> Floats:
    """Give the cover a rule asks for at each place, NaN where none does."""
    words = rule_classes(pipes, runs)
    described = [
        (word, tuple(sorted(facts.items())))
        for word, facts in zip(words.cover, words.facts, strict=True)
    ]
    kinds, kind_of = _numbered(described)
    lands, land_of = _numbered(list(surface))
    figures = np.full((len(kinds), max(len(lands), 1)), np.nan)
    for i, (word, facts) in enumerate(kinds):
        for j, land in enumerate(lands):
            rule = rules.find(COVER, dict(facts), pipe=word, surface=land) if word else None
            figures[i, j] = np.nan if rule is None else rule.low
    at = np.full(len(pipes), -1, dtype=np.int64)
    at[runs] = kind_of
    return np.asarray(figures[at[owner], land_of])


def _numbered(values: list[Value]) -> tuple[list[Value], Ints]:
    """Give the different values and which of them each one is."""
    numbers = {value: k for k, value in enumerate(dict.fromkeys(values))}
    return list(numbers), np.array([numbers[value] for value in values], dtype=np.int64)

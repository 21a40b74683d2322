"""Pipes and what is no pipe: buildings, trees, rails, areas that control lines enclose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from layers.kinds.pipes import Pipes
from layers.pipes.classes import CLASS_KEYS
from layers.pipes.rule_classes import RuleClasses, rule_classes
from layers.progress import Progress, Silent
from layers.rules.rule import Fact, Rule, RuleSet, judge
from layers.shapes import Floats, Ints

BESIDE, SURROUNDINGS = "pipes.clearance.horizontal", "pipes.clearance.surroundings"
VERTICAL = "pipes.clearance.vertical"
ROUNDING = 0.005  # metres that count as kept
AT_WALL = 1.0  # metres from a wall within which a run ends at the house
INSIDE = 0.1  # metres of a run in an area from which it counts
CONTROL = "pipes.control-line"
RAILS = ("railway", "tram-rail")
Ground = Callable[[Floats], Floats]
SCHEMA = pa.schema(
    [
        ("pipe", pa.int64()), ("thing", pa.string()), ("thing_layer", pa.string()),
        ("thing_id", pa.int64()), ("east", pa.float64()), ("north", pa.float64()),
        ("level", pa.float64()), ("required_m", pa.float64()), ("actual_m", pa.float64()),
        ("shortfall_m", pa.float64()), ("status", pa.string()), ("rule", pa.string()),
        ("clause", pa.string()), ("pack", pa.string()), ("verified", pa.bool_()),
        ("assumed", pa.string()),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Things:
    """Shapes that pipes keep away from.

    Attributes
    ----------
    what : str
        ``building``, ``tree``, ``shrub``, ``railway``, ``tram-rail``, ``control-line`` ...
    layer : str
        Id of the layer.
    ids : (n,) int64
        Numbers there.
    shapes : (n,) geometries
        Footprints, stems, middle lines, areas, metres.
    facts : dict
        What else rules ask for; ``serves`` names the class of pipes that an area of a control
        line is kept for.
    """

    what: str
    layer: str
    ids: Ints
    shapes: NDArray[np.object_]
    facts: dict[str, Fact] = field(default_factory=dict)


def check_surroundings(
    pipes: Pipes,
    rules: RuleSet,
    things: Sequence[Things],
    *,
    ground_at: Ground | None = None,
    keep_clear: bool = False,
    progress: Progress = Silent(),
) -> pa.Table:
    """Hold runs against what stands around them.

    The distance is from the outside of the pipe in plan; below rails that a pipe crosses it is
    from the ground down to the top of the pipe. In an area of a control line no pipe may lie
    without leave: there the length inside is told as the shortfall. Runs that begin or end at a
    house serve it and keep no distance from it.

    Parameters
    ----------
    pipes : Pipes
        The layer.
    rules : RuleSet
        With rules about ``pipes.clearance.horizontal``, ``pipes.clearance.surroundings`` and
        ``pipes.clearance.vertical``.
    things : sequence of Things
        What stands around.
    ground_at : callable or None
        Level of the ground at (k, 2) places; None leaves crossings of rails out.
    keep_clear : bool
        Whether the table also lists what keeps its distance.
    progress : Progress
        Told how far it is.

    Returns
    -------
    pyarrow.Table
        One row per run and thing: ``pipe`` (id), ``thing``, ``thing_layer``, ``thing_id``,
        ``east``, ``north``, ``level``, ``required_m``, ``actual_m``, ``shortfall_m``,
        ``status``, ``rule``, ``clause``, ``pack``, ``verified``, ``assumed``.
    """
    run = _Runs.of(pipes)
    rows: list[dict[str, object]] = []
    for number, some in enumerate(things):
        progress.step(number, len(things), "progress-pipes-surroundings")
        if some.what == "control-line":
            rows += _inside(run, some)
        elif len(some.ids):
            rows += _beside(run, rules, some, ground_at, keep_clear=keep_clear)
    progress.step(len(things), len(things), "progress-pipes-surroundings")
    rows.sort(key=lambda row: (-float(str(row["shortfall_m"])), str(row["thing"])))
    return pa.Table.from_pylist(rows, schema=SCHEMA)


@dataclass(frozen=True, slots=True, eq=False)
class _Runs:
    """The runs of a layer: positions, lines, what rules call them, levels of their middles."""

    pipes: Pipes
    rows: Ints
    lines: NDArray[np.object_]
    words: RuleClasses
    levels: Floats

    @classmethod
    def of(cls, pipes: Pipes) -> _Runs:
        rows = pipes.runs
        centres, first = pipes.centres(), pipes.shapes.first_coord
        levels = np.column_stack([centres[first[rows]], centres[first[rows + 1] - 1]])
        lines = pipes.shapes.take(rows).to_shapely()
        return cls(pipes, rows, lines, rule_classes(pipes, rows), levels)

    def level(self, at: Ints, places: NDArray[np.object_]) -> Floats:
        """Give the level of the middle of runs at places on them."""
        share = shapely.line_locate_point(self.lines[at], places, normalized=True)
        start, end = self.levels[at].T
        return np.asarray(start + share * (end - start))

    def ends_at(self, at: int, house: BaseGeometry) -> bool:
        """Say whether a run comes from elsewhere and ends in a house or at its wall."""
        away = shapely.distance(shapely.get_point(self.lines[at], [0, -1]), house)
        return bool(away.min() <= AT_WALL < away.max() - AT_WALL)

    def assumed(self, at: int) -> str:
        """Name what was filled in by a rule."""
        found = ["pressure"] if self.words.assumed[at] else []
        return ",".join([*found, *(["pipe"] if self.pipes.assumed[self.rows[at]] else [])])


def _beside(
    run: _Runs, rules: RuleSet, some: Things, ground_at: Ground | None, *, keep_clear: bool
) -> list[dict[str, object]]:
    """Judge the distances of runs from some things."""
    known: dict[object, Rule | None] = {}
    asked = []
    for word, facts in zip(run.words.horizontal, run.words.facts, strict=True):
        key = (word, tuple(sorted(facts.items())))
        if key not in known:
            known[key] = _rule(rules, some, word, facts)
        asked.append(known[key])
    low = np.array([np.nan if rule is None else rule.low for rule in asked])
    half = run.pipes.outer_width[run.rows] / 2.0
    reach = np.nan_to_num(low + half, nan=0.0)
    if not reach.any():
        return []
    ruled = np.flatnonzero(reach > 0)
    tree = shapely.STRtree(some.shapes)
    found, thing = tree.query(run.lines[ruled], predicate="dwithin", distance=reach[ruled])
    at = ruled[found]
    ways = shapely.shortest_line(run.lines[at], some.shapes[thing])
    gap = shapely.length(ways)
    place = shapely.get_point(ways, 0)
    level = run.level(at, place)
    rows = []
    for k, i in enumerate(at.tolist()):
        rule, actual = asked[i], float(gap[k] - half[i])
        if some.what in RAILS and gap[k] == 0.0:
            made = _below(run, rules, some, i, place[k], float(level[k]), ground_at)
            if made is None:
                continue
            rule, actual = made
        verdict = judge(rule, actual, tolerance=ROUNDING)
        if rule is None or (verdict.holds and not keep_clear):
            continue
        if some.what == "building" and not verdict.holds and run.ends_at(i, some.shapes[thing[k]]):
            continue  # it serves the house
        rows.append({
            "pipe": int(run.pipes.ids[run.rows[i]]), "thing": some.what,
            "thing_layer": some.layer, "thing_id": int(some.ids[thing[k]]),
            "east": shapely.get_x(place[k]), "north": shapely.get_y(place[k]),
            "level": float(level[k]), "required_m": rule.low, "actual_m": actual,
            "shortfall_m": verdict.shortfall, "status": verdict.status, "rule": rule.key,
            "clause": rule.clause, "pack": rule.pack, "verified": rule.verified,
            "assumed": run.assumed(i),
        })  # fmt: skip
    return rows


def _rule(rules: RuleSet, some: Things, word: str, facts: dict[str, Fact]) -> Rule | None:
    """Give the rule about one run and some things."""
    if not word:
        return None
    if some.what == "building":
        found = rules.find(BESIDE, facts, first="building", second=word)
        return found or rules.find(BESIDE, facts, first=word, second="building")
    return rules.find(SURROUNDINGS, {**facts, **some.facts}, pipe=_plain(word), thing=some.what)


def _plain(word: str) -> str:
    """Give what the rules about surroundings call a pipe.

    >>> [_plain(w) for w in ("water-small", "gas-subhigh-a", "gas-low", "power-duct", "trench")]
    ['water', 'gas-subhigh', 'gas', 'power', 'trench']
    """
    return "gas-subhigh" if word.startswith("gas-subhigh") else word.partition("-")[0]


def _below(
    run: _Runs, rules: RuleSet, some: Things, at: int, place: shapely.Point, level: float,
    ground_at: Ground | None,
) -> tuple[Rule | None, float] | None:  # fmt: skip
    """Judge a run that goes below rails; None where the ground is not known."""
    if ground_at is None:
        return None
    ground = float(ground_at(shapely.get_coordinates(place))[0])
    top = level + float(run.pipes.outer_height[run.rows[at]]) / 2.0
    facts = {**run.words.facts[at], **some.facts}
    return rules.find(VERTICAL, facts, upper=some.what, lower=run.words.vertical[at]), ground - top


def _inside(run: _Runs, some: Things) -> list[dict[str, object]]:
    """Tell the runs that lie in areas which nothing may enter without leave."""
    tree = shapely.STRtree(some.shapes)
    at, thing = tree.query(run.lines, predicate="intersects")
    parts = shapely.intersection(run.lines[at], some.shapes[thing])
    inside = shapely.length(parts)
    rows = []
    for k in np.flatnonzero(inside > INSIDE).tolist():
        i = int(at[k])
        if some.facts.get("serves") == CLASS_KEYS[run.pipes.line_class[run.rows[i]]]:
            continue  # the area is kept for such pipes
        place = shapely.point_on_surface(parts[k])
        rows.append({
            "pipe": int(run.pipes.ids[run.rows[i]]), "thing": some.what,
            "thing_layer": some.layer, "thing_id": int(some.ids[thing[k]]),
            "east": place.x, "north": place.y,
            "level": float(run.level(np.array([i]), np.array([place], dtype=object))[0]),
            "required_m": 0.0, "actual_m": -float(inside[k]), "shortfall_m": float(inside[k]),
            "status": "warning", "rule": CONTROL, "clause": "", "pack": "", "verified": False,
            "assumed": "",
        })  # fmt: skip
    return rows

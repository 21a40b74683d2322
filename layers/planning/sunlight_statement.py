"""The statement about sunlight: each window before and after, and which building takes its sun."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from layers.planning.obstacles import GROUND, Body, Obstacles
from layers.planning.rays import NOTHING, Rays
from layers.planning.sun_path import Day, SunPath, read_day
from layers.planning.sunlight import AHEAD, Sunlit, sunlit
from layers.planning.windows import Windows
from layers.progress import Part, Progress, Silent
from layers.rules.rule import Fact, Rule, RuleSet, Status, judge
from layers.shapes import Bools, Floats, Ints

BAND = (8.0, 16.0)  # hours, where no rule says another
SPELL = 5.0  # minutes, likewise
NAMED_CAUSES = 5  # buildings named for a window
TERRAIN = "terrain"
#: What became of a window, from bad to good; ``new`` windows were not there before.
RESULTS = ("lost", "worse", "short", "less", "new", "kept")


@dataclass(frozen=True, slots=True)
class Requirement:
    """What is asked of windows.

    Attributes
    ----------
    day : Day
        Which day counts.
    band : (float, float)
        Hours of true solar time between which sun counts.
    spell : float
        Shortest spell that is counted when spells are added, minutes.
    longest : bool
        Whether only the longest spell counts instead of their sum.
    hours : Rule or None
        How many hours there must be; None where no rule is for the case.
    used : tuple of Rule
        All rules the figures come from.
    """

    day: Day
    band: tuple[float, float]
    spell: float
    longest: bool
    hours: Rule | None
    used: tuple[Rule, ...]

    @property
    def need(self) -> float:
        """Minutes there must be; NaN without a rule."""
        return self.hours.low * 60.0 if self.hours is not None else float("nan")

    def minutes(self, lit: Sunlit) -> Floats:
        """Count the minutes of places, (n,)."""
        return lit.longest() if self.longest else lit.minutes(self.spell)


def requirement(
    rules: RuleSet,
    day: str,
    facts: dict[str, Fact],
    *,
    band: tuple[float, float] | None = None,
    spell: float | None = None,
    longest: bool = False,
) -> Requirement:
    """Find what rules ask of windows on a day.

    Parameters
    ----------
    rules : RuleSet
        Of the chosen packs.
    day : str
        As `read_day` understands it; "" takes the day that the rules name for the case.
    facts : dict
        ``use``, ``zone``, ``city``, ``redevelopment``.
    band : (float, float) or None
        Hours of true solar time in place of the rules'.
    spell : float or None
        Minutes in place of the rules'.
    longest : bool
        Whether only the longest spell counts.

    Raises
    ------
    CityError
        ``sunlight.day``.
    """
    year = rules.find("sunlight.year", facts)
    if not day:
        asked = ("great-cold", "winter-solstice")
        day = next((d for d in asked if rules.find(f"sunlight.hours.{d}", facts)), asked[0])
    when = read_day(day, int(year.low)) if year is not None else read_day(day)
    hours = rules.find(f"sunlight.hours.{when.name}", facts) if when.name else None
    banded = rules.find("sunlight.band", {**facts, "day": when.name})
    shortest = rules.find("sunlight.spell", facts)
    used = [rule for rule in (hours, year if when.name else None) if rule is not None]
    if band is None:
        band = (banded.low, banded.high) if banded is not None else BAND
        used += [banded] if banded is not None else []
    if spell is None:
        spell = shortest.low if shortest is not None else SPELL
        used += [shortest] if shortest is not None else []
    return Requirement(when, band, spell, longest, hours, tuple(used))


@dataclass(frozen=True, slots=True, eq=False)
class Cause:
    """How many minutes a building takes from a window.

    Attributes
    ----------
    window : int
        Which.
    body : (str, int)
        Layer and number of the building; ``("", 0)`` for the terrain.
    minutes : float
        How many.
    """

    window: int
    body: Body
    minutes: float


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """Minutes of sun of windows.

    Attributes
    ----------
    windows : Windows
        n windows.
    asked : Requirement
        What was asked of them.
    after : Sunlit
        When each is lit as things shall be.
    before : Sunlit or None
        When each was lit before.
    existed : (n,) bool
        Whether the window was there before.
    minutes_after, minutes_before : (n,) float64
        Minutes that count; before is NaN where the window was not there.
    causes : tuple of Cause
        By window, the worst first: who takes sun from windows that lose or lack it.
    """

    windows: Windows
    asked: Requirement
    after: Sunlit
    before: Sunlit | None
    existed: Bools
    minutes_after: Floats
    minutes_before: Floats
    causes: tuple[Cause, ...]

    @property
    def holds_after(self) -> Bools:
        """Which windows have as much as is asked for, (n,)."""
        return ~(self.minutes_after < self.asked.need)

    @property
    def holds_before(self) -> Bools:
        """Which had, (n,); False where there was no window."""
        return self.existed & ~(self.minutes_before < self.asked.need)

    def results(self) -> list[str]:
        """Say what became of each window: one of ``RESULTS``."""
        less = self.minutes_after < self.minutes_before
        out = np.where(less, "less", "kept").astype(object)
        if self.before is not None:
            out[~self.existed] = "new"
        lacks = ~self.holds_after
        out[lacks] = "short"
        out[lacks & less] = "worse"
        out[lacks & self.holds_before] = "lost"
        return [str(one) for one in out]

    def statuses(self) -> list[Status]:
        """Judge each window; an unverified rule only warns."""
        return [judge(self.asked.hours, minutes / 60.0).status for minutes in self.minutes_after]


def statement(
    windows: Windows,
    asked: Requirement,
    path: SunPath,
    after: Obstacles,
    before: Obstacles | None = None,
    progress: Progress | None = None,
    *,
    existed: Bools | None = None,
) -> Statement:
    """Count the sun of windows, before and after.

    A window is lit while both ends of its sill are.

    Parameters
    ----------
    windows : Windows
        n windows.
    asked : Requirement
        What is asked of them.
    path : SunPath
        The minutes.
    after, before : Obstacles, Obstacles or None
        What stands there then, and now.
    progress : Progress or None
        Told how far it is.
    existed : (n,) bool or None
        Which windows are there before; None means all.
    """
    told = progress or Silent()
    places = windows.ends.reshape(-1, 3)
    normals = np.repeat(windows.normal, 2, axis=0)
    rays = Rays(after.points, after.triangles)
    split = 0.45 if before is not None else 0.9
    lit = sunlit(after, places, normals, path, Part(told, 0.0, split), rays=rays)
    pair = lit.together(2)
    there = np.ones(len(windows), dtype=bool) if existed is None else existed
    was: Sunlit | None = None
    minutes_before = np.full(len(windows), np.nan)
    if before is not None:
        was = sunlit(before, places, normals, path, Part(told, split, 0.9)).together(2)
        minutes_before = np.where(there, asked.minutes(was), np.nan)
    made = Statement(
        windows, asked, pair, was, there & (before is not None), asked.minutes(pair),
        minutes_before, (),
    )  # fmt: skip
    causes = _causes(made, lit, after, rays, path)
    told.step(1, 1, "progress-sunlight")
    return Statement(
        windows, asked, pair, was, made.existed, made.minutes_after, minutes_before, causes
    )


def _causes(
    made: Statement, lit: Sunlit, after: Obstacles, rays: Rays, path: SunPath
) -> tuple[Cause, ...]:
    """Find who takes sun: what was lit before where there is a before, else all that is missing."""
    lack = ~made.holds_after
    if made.before is not None:
        lack |= made.existed & (made.minutes_after < made.minutes_before)
    rows = np.flatnonzero(lack)
    if not len(rows):
        return ()
    window, step, end = _dark(made, lit, path, rows)
    starts = made.windows.ends[window, end].copy()
    starts[:, :2] += AHEAD * made.windows.normal[window]
    hit, _ = rays.first(starts, path.ways[step])
    found = hit != NOTHING
    owner = after.owner[hit[found]].astype(np.int64)
    body = np.where(owner == GROUND, GROUND, 0)
    named: list[Body] = []
    known: dict[Body, int] = {}
    for row in np.unique(owner[owner != GROUND]):
        number = known.setdefault(after.body(int(row)), len(named))
        if number == len(named):
            named.append(after.body(int(row)))
        body[owner == row] = number
    pairs, count = np.unique(np.column_stack([window[found], body]), axis=0, return_counts=True)
    order = np.lexsort((-count, pairs[:, 0]))
    return tuple(
        Cause(
            int(pairs[i, 0]),
            ("", 0) if pairs[i, 1] == GROUND else named[int(pairs[i, 1])],
            float(count[i]) * path.step,
        )
        for i in order
    )


def _dark(made: Statement, lit: Sunlit, path: SunPath, rows: Ints) -> tuple[Ints, Ints, Ints]:
    """Give windows, steps and the end of the sill that lies in shadow then."""
    dark = np.asarray(~made.after.steps(rows) & (path.ways[:, 2] > 0.0))
    normal = made.windows.normal[rows]
    dark &= (normal @ path.ways[:, :2].T > 0.0) | ~normal.any(axis=1, keepdims=True)
    if made.before is not None:
        there = made.existed[rows]
        dark[there] &= made.before.steps(rows[there])
    at, step = np.nonzero(dark)
    left = lit.steps(2 * rows)
    return rows[at], step, np.where(left[at, step], 1, 0)


def window_table(made: Statement, layer_names: dict[str, str]) -> pa.Table:
    """List the windows: minutes before, after, change, whether that is enough, who takes it.

    Parameters
    ----------
    made : Statement
        What was found.
    layer_names : dict of str to str
        Names of layers by their ids, for causes in other layers than the window's.
    """
    windows = made.windows
    causes: dict[int, list[Cause]] = {}
    for cause in made.causes:
        causes.setdefault(cause.window, []).append(cause)
    first = [causes.get(i, [None])[0] for i in range(len(windows))]
    columns: dict[str, object] = {
        "layer": list(windows.layers),
        "object": windows.building,
        "window": list(windows.names),
        "storey": windows.storey,
        "azimuth": np.round(windows.azimuth, 1),
    }
    if made.before is not None:
        columns["before_min"] = pa.array(made.minutes_before, from_pandas=True)
    columns["after_min"] = made.minutes_after
    if made.before is not None:
        change = made.minutes_after - made.minutes_before
        columns["change_min"] = pa.array(change, from_pandas=True)
    columns |= {
        "longest_min": made.after.longest(),
        "need_min": pa.array(np.full(len(windows), made.asked.need), from_pandas=True),
        "result": made.results(),
        "status": made.statuses(),
        "caused_by": [_named(c, layer_names) for c in first],
        "caused_min": pa.array([c.minutes if c else None for c in first], pa.float64()),
        "causes": [
            ";".join(
                f"{_named(c, layer_names)}:{c.minutes:g}" for c in causes.get(i, [])[:NAMED_CAUSES]
            )
            for i in range(len(windows))
        ],
        "spells": [
            " ".join(f"{clock(a)}-{clock(b)}" for a, b in made.after.spells_of(i, made.asked.spell))
            for i in range(len(windows))
        ],
        "east": np.round(windows.middle[:, 0], 3),
        "north": np.round(windows.middle[:, 1], 3),
        "level": np.round(windows.middle[:, 2], 3),
    }
    return pa.table(columns)


def building_table(made: Statement, layer_names: dict[str, str]) -> pa.Table:
    """List the buildings: how many windows, the least sun, how many lack it, who takes it."""
    windows = made.windows
    keys = [*zip(windows.layers, windows.building.tolist(), strict=True)]
    index = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    of = np.array([index[key] for key in keys], dtype=np.int64)
    taken: list[dict[Body, float]] = [{} for _ in index]
    for cause in made.causes:
        mine = taken[of[cause.window]]
        mine[cause.body] = mine.get(cause.body, 0.0) + cause.minutes
    worst = [max(t.items(), key=lambda one: one[1], default=None) for t in taken]
    results, n = np.array(made.results(), dtype=object), len(index)

    def least(values: Floats) -> Floats:
        out = np.full(n, np.inf)
        np.fmin.at(out, of, values)
        return np.where(np.isfinite(out), out, np.nan)

    def count(mask: Bools) -> Ints:
        return np.bincount(of[mask], minlength=n)

    lacks = count(~made.holds_after)
    columns: dict[str, object] = {
        "layer": [key[0] for key in index],
        "object": [key[1] for key in index],
        "windows": count(np.ones(len(of), dtype=bool)),
    }
    if made.before is not None:
        columns |= {
            "least_before_min": pa.array(least(made.minutes_before), from_pandas=True),
            "short_before": count(made.existed & ~made.holds_before),
        }
    columns |= {
        "least_after_min": least(made.minutes_after),
        "short_after": lacks,
        "less": count(made.minutes_after < made.minutes_before),
        "lost": count(results == "lost"),
        "worse": count(results == "worse"),
        "need_min": pa.array(np.full(n, made.asked.need), from_pandas=True),
        "status": [
            judge(made.asked.hours, float(value) / 60.0).status
            for value in least(made.minutes_after)
        ],
        "caused_by": [_named(Cause(0, w[0], w[1]) if w else None, layer_names) for w in worst],
        "caused_min": pa.array([w[1] if w else None for w in worst], pa.float64()),
    }
    return pa.table(columns)


def clock(hours: float) -> str:
    """Write hours as ``08:05``.

    >>> clock(8.0833), clock(15.9999)
    ('08:05', '16:00')
    """
    minutes = round(hours * 60.0)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _named(cause: Cause | None, layer_names: dict[str, str]) -> str:
    if cause is None:
        return ""
    layer, number = cause.body
    return f"{layer_names.get(layer, layer)}/{number}" if layer else TERRAIN

"""What digging meets: pipes that are hit, that hand digging has to spare, that stay clear."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely

from layers.errors import CityError
from layers.kinds.base import Layer
from layers.kinds.pipes import ROUND, STATUSES, Pipes
from layers.pipes.classes import CLASS_KEYS
from layers.pipes.clearance import DEPTH_ERROR, PLAN_ERROR
from layers.pipes.looks import COVER, half_sizes, run_codes
from layers.pipes.pit_kernels import to_faces
from layers.pipes.pits import Dug, GroundAt, dig_trench
from layers.pipes.sections import assumed_of
from layers.project import Project
from layers.rules.rule import Rule, RuleSet, judge
from layers.shapes import Bools, Floats, Ints
from layers.style import texts

HAND = "excavation.hand-dig"
STEP = 0.1  # metres between two places of a run that are looked at near a pit
BEDDING = 0.10  # metres below the outside of a pipe to the floor of its trench
#: Free room on each side of a pipe in its trench, metres, by its outside width up to (metres).
#: Usual figures of no standard.
ROOM = ((0.5, 0.4), (1.0, 0.5), (1.5, 0.6), (math.inf, 0.8))
OFFERED = tuple(0.5 * k for k in range(-6, 7))  # metres beside the line that are tried


@dataclass(frozen=True, slots=True)
class DigParams:
    """What is looked for.

    Attributes
    ----------
    near : float
        Metres around what is dug within which pipes are listed.
    leave : tuple of (layer id, run id)
        What does not count, such as the pipe that the trench is for.
    """

    near: float = 2.0
    leave: tuple[tuple[str, int], ...] = ()


def met_by(
    project: Project, layers: Sequence[Layer], dug: Dug, rules: RuleSet,
    params: DigParams = DigParams(),
) -> pa.Table:  # fmt: skip
    """List the runs that digging hits or comes near to.

    Distances are from the outside of a pipe to the nearest place of floor or slope, in space; a
    run that is hit has a distance of 0. They are looked at every tenth of a metre.

    Parameters
    ----------
    project : Project
        Gives the ground.
    layers : sequence of Layer
        Pipes.
    dug : Dug
        What is dug.
    rules : RuleSet
        With rules about ``excavation.hand-dig``.
    params : DigParams
        What is looked for.

    Returns
    -------
    pyarrow.Table
        One row per run, the worst first: ``layer``, ``object``, ``number``, ``class``, ``code``,
        ``owner``, ``contact``, ``state``, ``what`` (``hit``, ``hand-dig``, ``near``), ``where``
        (``pit-floor``, ``pit-slope``, ``pit-below``, ``pit-beside``), ``actual_m`` (distance),
        ``required_m``, ``shortfall_m``, ``exposed_m`` (length inside), ``certainty`` (certain,
        possible, clear), ``status``, ``east``, ``north``, ``level``, ``top_m``, ``clause``,
        ``pack``, ``verified``, ``assumed``.
    """
    rows: list[dict[str, object]] = []
    left_out = set(params.leave)
    for layer in layers:
        rows += _met_in(project, layer, dug, rules, params.near, left_out)
    order = {"hit": 0, "hand-dig": 1, "near": 2}
    rows.sort(key=lambda row: (order[str(row["what"])], float(str(row["actual_m"]))))
    return pa.Table.from_pylist(rows, schema=SCHEMA)


SCHEMA = pa.schema(
    [
        ("layer", pa.string()), ("object", pa.int64()), ("number", pa.string()),
        ("class", pa.string()), ("code", pa.string()), ("owner", pa.string()),
        ("contact", pa.string()), ("state", pa.string()), ("what", pa.string()),
        ("where", pa.string()), ("actual_m", pa.float64()), ("required_m", pa.float64()),
        ("shortfall_m", pa.float64()), ("exposed_m", pa.float64()), ("certainty", pa.string()),
        ("status", pa.string()), ("east", pa.float64()), ("north", pa.float64()),
        ("level", pa.float64()), ("top_m", pa.float64()), ("clause", pa.string()),
        ("pack", pa.string()), ("verified", pa.bool_()), ("assumed", pa.string()),
    ]
)  # fmt: skip


def by_owner(table: pa.Table) -> list[dict[str, object]]:
    """Sum up who has to be asked: owner, contact, runs hit, runs to be dug by hand, length.

    Parameters
    ----------
    table : pyarrow.Table
        From `met_by`.

    Returns
    -------
    list of dict
        ``owner``, ``contact``, ``hits``, ``hand_digs``, ``near``, ``exposed_m``; who is hit most
        comes first.
    """
    found: dict[tuple[str, str], dict[str, object]] = {}
    for row in table.to_pylist():
        key = str(row["owner"] or ""), str(row["contact"] or "")
        one = found.setdefault(key, {
            "owner": key[0], "contact": key[1], "hits": 0, "hand_digs": 0, "near": 0,
            "exposed_m": 0.0,
        })  # fmt: skip
        name = {"hit": "hits", "hand-dig": "hand_digs", "near": "near"}[row["what"]]
        one[name] = int(str(one[name])) + 1
        one["exposed_m"] = float(str(one["exposed_m"])) + row["exposed_m"]
    return sorted(
        found.values(),
        key=lambda one: (-int(str(one["hits"])), -int(str(one["hand_digs"])), str(one["owner"])),
    )


def trench_of(
    pipes: Pipes, run: int, ground_at: GroundAt, *, slope: float = 0.0, width: float = 0.0,
    bedding: float = BEDDING, aside: float = 0.0,
) -> Dug:  # fmt: skip
    """Dig the trench that a run needs: its floor lies below it, with room on both sides.

    Parameters
    ----------
    pipes : Pipes
        The layer.
    run : int
        Id of the run.
    ground_at : callable
        Gives the ground at places, (k, 2).
    slope : float
        Metres outwards for one metre of height.
    width : float
        Of the floor, metres; 0 takes the pipe's outside and room to work in.
    bedding : float
        Metres below the outside of the pipe.
    aside : float
        Metres to the left of the run that the trench is moved.

    Raises
    ------
    CityError
        ``pipes.no_run`` for what is no run; as `dig_trench` does.
    """
    row = _run_row(pipes, run)
    first = pipes.shapes.first_coord
    own = slice(int(first[row]), int(first[row + 1]))
    line = shapely.LineString(pipes.shapes.coords[own])
    wide, high = (float(half[row]) for half in half_sizes(pipes))
    centre = pipes.centres()[own]
    guess = ground_at(pipes.shapes.coords[own]) - COVER - high
    floor = np.where(np.isfinite(centre), centre, guess) - high - bedding
    if width <= 0.0:
        width = 2.0 * wide + 2.0 * next(room for most, room in ROOM if 2.0 * wide <= most)
    moved = line if aside == 0.0 else line.offset_curve(aside, join_style="mitre")
    share = np.array([line.project(shapely.Point(p), normalized=True) for p in line.coords])
    return dig_trench(
        np.array(moved.coords), ground_at, width=width, slope=slope,
        levels=(share * moved.length, floor),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Soil:
    """What the trenches of some runs take out, each trench by itself.

    Attributes
    ----------
    volume : float
        m3, in place.
    length : float
        Metres in plan.
    left_out : int
        Runs that no trench could be dug for, as they do not lie below the ground.
    """

    volume: float = 0.0
    length: float = 0.0
    left_out: int = 0


def soil_of(pipes: Pipes, runs: Ints, ground_at: GroundAt, *, slope: float = 0.0) -> Soil:
    """Add up the soil of the trenches of some runs.

    Parameters
    ----------
    pipes : Pipes
        The layer.
    runs : (k,) int64
        Ids of runs.
    ground_at : callable
        Gives the ground at places, (n, 2).
    slope : float
        Metres outwards for one metre of height.
    """
    volume, length, left_out = 0.0, 0.0, 0
    for run in runs.tolist():
        try:
            dug = trench_of(pipes, run, ground_at, slope=slope)
        except CityError as error:
            if error.code == "dig.slope":
                raise
            left_out += 1
            continue
        volume, length = volume + dug.volume, length + dug.length
    return Soil(volume, length, left_out)


def joined_to(pipes: Pipes, run: int) -> tuple[int, ...]:
    """Give a run and those that meet it at its nodes: its trench finds them by design."""
    row = _run_row(pipes, run)
    nodes = [int(node) for node in (pipes.start_node[row], pipes.end_node[row]) if node]
    runs = pipes.runs
    met = np.isin(pipes.start_node[runs], nodes) | np.isin(pipes.end_node[runs], nodes)
    return (run, *(int(one) for one in pipes.ids[runs[met]] if one != run))


def offered(
    project: Project, layers: Sequence[Layer], pipes: Layer, run: int, rules: RuleSet, *,
    slope: float = 0.0, width: float = 0.0, asides: Sequence[float] = OFFERED,
) -> list[dict[str, object]]:  # fmt: skip
    """Try the trench of a run at several places beside its line.

    Returns
    -------
    list of dict
        The best first: ``aside_m`` (to the left of the run), ``hits``, ``hand_digs``,
        ``least_m`` (to the nearest pipe, infinity for none near), ``volume_m3``. Fewer hits
        count first, then fewer runs to be dug by hand, then the smaller move.
    """
    data = pipes.data
    assert isinstance(data, Pipes)
    out: list[dict[str, object]] = []
    leave = tuple((pipes.id, one) for one in joined_to(data, run))
    for aside in asides:
        dug = trench_of(data, run, project.ground_at, slope=slope, width=width, aside=aside)
        table = met_by(project, layers, dug, rules, DigParams(leave=leave))
        what = table.column("what").to_pylist()
        least = min(table.column("actual_m").to_pylist(), default=math.inf)
        out.append({
            "aside_m": aside, "hits": what.count("hit"), "hand_digs": what.count("hand-dig"),
            "least_m": least, "volume_m3": dug.volume,
        })  # fmt: skip
    return sorted(out, key=_worth)


def _worth(row: dict[str, object]) -> tuple[float, float, float]:
    hits, hand_digs, aside = (float(str(row[key])) for key in ("hits", "hand_digs", "aside_m"))
    return hits, hand_digs, abs(aside)


# Inside ---------------------------------------------------------------------------------------


def _run_row(pipes: Pipes, run: int) -> int:
    found = np.flatnonzero((pipes.ids == run) & (pipes.role == 0))
    if not len(found):
        raise CityError(
            "pipes.no_run",
            f"{run} is not a run that joins two nodes of the layer.",
            hint="choose a pipe; loose ones are listed by the quality check",
            id=run,
        )
    return int(found[0])


def _met_in(
    project: Project, layer: Layer, dug: Dug, rules: RuleSet, near: float,
    leave: Collection[tuple[str, int]],
) -> list[dict[str, object]]:  # fmt: skip
    pipes = layer.data
    assert isinstance(pipes, Pipes)
    runs = _around(pipes, dug, near)
    runs = runs[[(layer.id, int(pipes.ids[row])) not in leave for row in runs]]
    codes = dict(zip(runs.tolist(), run_codes(pipes, runs), strict=True))
    said = {key: _said(pipes, key, runs) for key in ("number", "owner", "contact")}
    out = []
    for k, row in enumerate(runs.tolist()):
        found = _nearest(project, pipes, row, dug, near)
        if found is None:
            continue
        rule = rules.find(HAND, pipe=CLASS_KEYS[pipes.line_class[row]])
        out.append({
            "layer": layer.id, "object": int(pipes.ids[row]),
            **{key: words[k] for key, words in said.items()},
            "class": CLASS_KEYS[pipes.line_class[row]], "code": codes[row],
            "state": STATUSES[pipes.status[row]],
            "assumed": ",".join(assumed_of(pipes, row)),
            **found.judged(rule, STATUSES[pipes.status[row]]),
        })  # fmt: skip
    return out


def _around(pipes: Pipes, dug: Dug, near: float) -> Ints:
    """Give the runs that come near the upper edge in plan."""
    runs = pipes.runs
    box = pipes.shapes.bounds()[runs]
    west, south, east, north = dug.edge.bounds
    reach = near + pipes.outer_width[runs] / 2.0 + 0.1
    close = (box[:, 0] <= east + reach) & (box[:, 2] >= west - reach)
    close &= (box[:, 1] <= north + reach) & (box[:, 3] >= south - reach)
    runs, reach = runs[close], reach[close]
    lines = pipes.shapes.take(runs).to_shapely()
    return np.asarray(runs[shapely.distance(lines, dug.edge) <= reach])


def _said(pipes: Pipes, key: str, rows: Ints) -> list[str]:
    if key not in pipes.attributes.column_names:
        return [""] * len(rows)
    return [str(word or "") for word in texts(pipes.column(key))[rows]]


@dataclass(frozen=True, slots=True, eq=False)
class _Met:
    """How near a run comes: distance (below 0 where it reaches in), where, place, level of its
    top, length inside, survey error.
    """

    distance: float
    where: str
    place: Floats
    top: float
    exposed: float
    error: float

    def judged(self, rule: Rule | None, state: str) -> dict[str, object]:
        """Tell it as columns of the table; what is only planned cannot be hit yet."""
        if state == "planned":
            rule = None
        hit = self.distance <= 0.0 and state != "planned"
        verdict = judge(rule, self.distance, tolerance=0.0005)
        by_hand = not hit and verdict.shortfall > 0.0
        said = verdict.status if rule is not None and rule.verified else "none"
        status = "warning" if by_hand and said == "none" else said
        if hit:
            status = "warning" if state == "abandoned" else "fail"
        wanted = 0.0 if hit or rule is None else rule.low
        sure = self.distance + self.error < wanted or (hit and self.distance < -self.error)
        maybe = hit or self.distance - self.error < wanted
        certainty = "certain" if sure else "possible" if maybe else "clear"
        return {
            "what": "hit" if hit else "hand-dig" if by_hand else "near", "where": self.where,
            "actual_m": max(self.distance, 0.0), "exposed_m": self.exposed,
            "required_m": None if rule is None else rule.low, "shortfall_m": verdict.shortfall,
            "certainty": certainty, "status": status, "east": float(self.place[0]),
            "north": float(self.place[1]), "level": float(self.place[2]), "top_m": self.top,
            "clause": rule.clause if rule else "", "pack": rule.pack if rule else "",
            "verified": bool(rule and rule.verified),
        }  # fmt: skip


def _nearest(project: Project, pipes: Pipes, row: int, dug: Dug, near: float) -> _Met | None:
    """Find where a run comes nearest to what is dug; None where it stays away."""
    at = _places(project, pipes, row, dug, near)
    if not len(at):
        return None
    wide, high = (float(half[row]) for half in half_sizes(pipes))
    away, toward = to_faces(at, dug.triangles)
    outside = _half(toward, wide, high, rounded=bool(pipes.form[row] == ROUND))
    ground = project.ground_at(at[:, :2])
    surface = dug.surface(at[:, :2])
    open_air = np.isfinite(surface) & (at[:, 2] - high < ground)
    middle_in = open_air & (at[:, 2] > surface)
    gap = np.where(middle_in, -away, away) - outside
    exposed = open_air & (at[:, 2] + high > surface)
    best = int(gap.argmin())
    if gap[best] > near:
        return None
    step = np.linalg.norm(np.diff(at, axis=0), axis=1)
    both = exposed[1:] & exposed[:-1] & (step < 3.0 * STEP)  # not across what was left out
    depth = max(float(ground[best] - at[best, 2]), 1.0)
    return _Met(
        float(gap[best]), _where(at, best, exposed, surface, high, dug), at[best],
        float(at[best, 2] + high), float(step[both].sum()),
        depth * math.hypot(PLAN_ERROR, DEPTH_ERROR),
    )  # fmt: skip


def _where(at: Floats, best: int, inside: Bools, surface: Floats, high: float, dug: Dug) -> str:
    """Say what of the dig a run meets."""
    if inside.any():
        over = shapely.intersects_xy(dug.floor, at[inside, 0], at[inside, 1])
        return "pit-floor" if bool(over.any()) else "pit-slope"
    below = bool(np.isfinite(surface[best]) and at[best, 2] + high <= surface[best])
    return "pit-below" if below else "pit-beside"


def _places(project: Project, pipes: Pipes, row: int, dug: Dug, near: float) -> Floats:
    """Give places of the middle of a run every tenth of a metre near the dig, (k, 3)."""
    first = pipes.shapes.first_coord
    own = slice(int(first[row]), int(first[row + 1]))
    xy, level = pipes.shapes.coords[own], pipes.centres()[own]
    line = shapely.LineString(xy)
    shapely.prepare(dug.edge)
    run = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    if run[-1] <= 0.0:
        return np.empty((0, 3))
    count = max(math.ceil(float(run[-1]) / STEP), 1) + 1
    along = np.unique(np.concatenate([np.linspace(0.0, run[-1], min(count, 200_000)), run]))
    places = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
    reach = near + float(pipes.outer_width[row]) + 0.5
    close = shapely.distance(dug.edge, shapely.points(places)) <= reach
    places, along = places[close], along[close]
    z = np.interp(along, run, level)
    guess = project.ground_at(places) - COVER - float(half_sizes(pipes)[1][row])
    return np.column_stack([places, np.where(np.isfinite(z), z, guess)])


def _half(toward: Floats, wide: float, high: float, *, rounded: bool) -> Floats:
    """Give how far the outside of a section is from its middle in directions, (k,)."""
    level = np.hypot(toward[:, 0], toward[:, 1])
    up = np.abs(toward[:, 2])
    if rounded:
        return np.full(len(toward), wide)
    with np.errstate(divide="ignore"):
        return np.asarray(np.minimum(
            np.where(level > 1e-9, wide / np.maximum(level, 1e-9), np.inf),
            np.where(up > 1e-9, high / np.maximum(up, 1e-9), np.inf),
        ))  # fmt: skip

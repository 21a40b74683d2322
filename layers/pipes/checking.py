"""All rules about pipes at once: one table of what breaks them, from every check."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from layers.kinds.pipes import Pipes
from layers.pipes.classes import CLASS_KEYS, SUBCLASS_KEYS
from layers.pipes.clearance import DEPTH_ERROR, ClearanceParams, check_clearances
from layers.pipes.cover import CoverParams, check_cover
from layers.pipes.drains import check_drains
from layers.pipes.nearness import meetings
from layers.pipes.order import check_across, check_down
from layers.pipes.pavement import StreetLines
from layers.pipes.surroundings import Things, check_surroundings
from layers.pipes.together import Together
from layers.pipes.tunnels import in_the_soil
from layers.progress import Part, Progress, Silent
from layers.rules.rule import RuleSet
from layers.shapes import Bools, Floats, Ints
from layers.style import texts

#: What can be checked.
CHECKS = ("beside", "crossing", "cover", "drains", "order", "surroundings")
#: From worst to best; and checks whose findings stand behind those of all others.
RANKS = ("certain", "possible", "unknown", "clear")
LAST = frozenset({"order-across", "order-down", "control-line"})
#: What stands in rows along pipes: one finding for each pipe, behind all others.
IN_ROWS = ("tree", "shrub")
HANGING = 0.5  # metres from the ground to the top of a pipe that hangs above it
Ground = Callable[[Floats], Floats]
SCHEMA = pa.schema(
    [
        ("check", pa.string()), ("layer", pa.string()), ("object", pa.int64()),
        ("number", pa.string()), ("class", pa.string()), ("other_layer", pa.string()),
        ("other", pa.int64()), ("other_number", pa.string()), ("other_class", pa.string()),
        ("east", pa.float64()), ("north", pa.float64()), ("level", pa.float64()),
        ("required", pa.float64()), ("actual", pa.float64()), ("shortfall", pa.float64()),
        ("unit", pa.string()), ("certainty", pa.string()), ("status", pa.string()),
        ("rule", pa.string()), ("clause", pa.string()), ("pack", pa.string()),
        ("verified", pa.bool_()), ("filled", pa.string()), ("note", pa.string()),
        ("more", pa.int64()),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """What pipes are held against.

    Attributes
    ----------
    ground_at : callable or None
        Level of the ground at (k, 2) places; None where there is no terrain.
    surface_at : callable or None
        Names what lies at places, ``carriageway`` or ``footway``; None where no streets are.
    streets : StreetLines or None
        Streets, for the order under them.
    things : sequence of Things
        Buildings, trees, rails, control lines.
    """

    ground_at: Ground | None = None
    surface_at: Callable[[Floats], tuple[str, ...]] | None = None
    streets: StreetLines | None = None
    things: Sequence[Things] = ()


@dataclass(frozen=True, slots=True)
class CheckParams:
    """What is checked.

    Attributes
    ----------
    checks : tuple of str
        Of ``CHECKS``.
    step : float
        Distance between two places at which cover is looked at, metres.
    survey_error : bool
        Whether clearances are told apart as certain and possible by the error of the survey.
    keep_all : bool
        Whether what is in order is listed too.
    """

    checks: tuple[str, ...] = CHECKS
    step: float = 5.0
    survey_error: bool = True
    keep_all: bool = False


def check_pipes(
    whole: Together,
    layers: Sequence[str],
    rules: RuleSet,
    site: Site = Site(),
    params: CheckParams = CheckParams(),
    *,
    of: Bools | None = None,
    progress: Progress = Silent(),
) -> pa.Table:
    """Hold pipes against all rules; those that name the utility tunnel they lie in do not count.

    Parameters
    ----------
    whole : Together
        The pipes of all layers.
    layers : sequence of str
        Ids of these layers.
    rules : RuleSet
        The rules.
    site : Site
        What stands around.
    params : CheckParams
        What is checked.
    of : (n,) bool or None
        Whose findings count, such as the planned ones; None for all. A pair counts where one of
        the two does, and that one stands first.
    progress : Progress
        Told how far it is.

    Returns
    -------
    pyarrow.Table
        One row per finding, the most certain and the largest share missing first: ``check``
        (beside, crossing, cover, diameter, slope, velocity, velocity-most, turning,
        manhole-spacing, order-across, order-down, or the thing: building, tree, railway,
        control-line ...), ``layer``, ``object``, ``number``, ``class`` of the pipe and of the
        ``other`` one, ``east``, ``north``, ``level``, ``required``, ``actual``, ``shortfall`` in
        ``unit``, ``certainty`` (certain, possible, unknown, clear), ``status``, ``rule``,
        ``clause``, ``pack``, ``verified``, ``filled`` (what was assumed: pipe, pressure, surface),
        ``note``. Of the trees beside a pipe the one that stands worst has a row, behind all other
        findings, and ``more`` says how many others break the same rule; null elsewhere.
    """
    pipes = whole.pipes
    parts: list[pa.Table] = []
    names = [name for name in CHECKS if name in params.checks]
    if {"beside", "crossing"} <= set(names):  # found by one and the same search
        names = ["clearance", *names[2:]]
    for number, name in enumerate(names):
        told = Part(progress, number / len(names), (number + 1) / len(names))
        parts += _CHECK[name](pipes, rules, site, params, told)
    found = _outside_tunnels(pa.concat_tables([_EMPTY.empty_table(), *parts]), pipes)
    if of is not None:
        found = _facing(found.filter(pa.array(_counts(found, of))), of)
    return _told(_in_rows(found), whole, layers)


#: As checks give their findings: numbers of `Together`, 0 for no other pipe.
_EMPTY = pa.schema(
    [
        ("check", pa.string()), ("pipe", pa.int64()), ("other", pa.int64()),
        ("thing_layer", pa.string()), ("thing_id", pa.int64()), ("east", pa.float64()),
        ("north", pa.float64()), ("level", pa.float64()), ("required", pa.float64()),
        ("actual", pa.float64()), ("shortfall", pa.float64()), ("unit", pa.string()),
        ("certainty", pa.string()), ("status", pa.string()), ("rule", pa.string()),
        ("clause", pa.string()), ("pack", pa.string()), ("verified", pa.bool_()),
        ("assumed", pa.string()), ("note", pa.string()),
    ]
)  # fmt: skip


def _clearance(what: str) -> _Check:
    def check(
        pipes: Pipes, rules: RuleSet, site: Site, params: CheckParams, progress: Progress
    ) -> list[pa.Table]:
        asked = ClearanceParams(
            horizontal=what != "crossing", vertical=what != "beside",
            survey_error=params.survey_error, keep_clear=params.keep_all,
        )  # fmt: skip
        ground = None
        if site.ground_at is not None and len(pipes):
            ground = np.asarray(site.ground_at(pipes.shapes.centres()), dtype=np.float64)
        found = check_clearances(pipes, rules, asked, ground=ground, progress=progress)
        return [_filled(found, {
            "check": "what", "pipe": "first", "other": "second", "required": "required_m",
            "actual": "actual_m", "shortfall": "shortfall_m",
        }, unit="m")]  # fmt: skip

    return check


def _cover(
    pipes: Pipes, rules: RuleSet, site: Site, params: CheckParams, progress: Progress
) -> list[pa.Table]:
    if site.ground_at is None:
        return []
    found = check_cover(
        pipes, rules, site.ground_at, site.surface_at, CoverParams(params.step, params.keep_all),
        progress=progress,
    )  # fmt: skip
    over = np.asarray(found.column("actual_m").to_numpy()) < -HANGING
    over &= ~_guessed(found)  # between two levels that were assumed nobody knows
    note = np.where(over, "above-ground", texts(found.column("surface")))
    found = found.append_column("note", pa.array(note.tolist(), pa.string()))
    found = found.append_column("certainty", _sureness(found, survey_error=params.survey_error))
    return [_filled(found, {
        "required": "required_m", "actual": "actual_m", "shortfall": "shortfall_m",
    }, unit="m", check="cover", rule="pipes.cover")]  # fmt: skip


def _sureness(found: pa.Table, *, survey_error: bool) -> pa.Array:
    """Tell cover that misses for certain from cover that may be there: by the error of the survey
    in depth, or because the level of the pipe is only assumed.
    """
    short = np.asarray(found.column("shortfall_m").to_numpy(), dtype=np.float64)
    deep = np.maximum(np.asarray(found.column("actual_m").to_numpy(), dtype=np.float64), 0.0)
    within = (short <= DEPTH_ERROR * deep) if survey_error else np.zeros(len(short), dtype=bool)
    level = np.asarray(found.column("level").to_numpy(), dtype=np.float64)
    said = np.select(
        [~np.isfinite(level), ~(short > 0.0), _guessed(found) | within],
        ["unknown", "clear", "possible"], "certain",
    )  # fmt: skip
    return pa.array(said.tolist(), pa.string())


def _guessed(found: pa.Table) -> Bools:
    """Say in which rows the level or the size of the pipe is assumed."""
    return np.array(["pipe" in word for word in texts(found.column("assumed"))], dtype=bool)


def _drains(
    pipes: Pipes, rules: RuleSet, _site: Site, params: CheckParams, _progress: Progress
) -> list[pa.Table]:
    found = check_drains(pipes, rules, keep_good=params.keep_all)
    rows = np.asarray(found.column("pipe").to_numpy(), dtype=np.int64) - 1
    middle = pipes.shapes.centres()[rows]
    level = (pipes.start_level + pipes.end_level)[rows] / 2.0
    names = [str(key).partition(".")[2] for key in found.column("rule").to_pylist()]
    found = found.append_column("east", pa.array(middle[:, 0]))
    found = found.append_column("north", pa.array(middle[:, 1]))
    found = found.append_column("level", pa.array(level))
    found = found.append_column("check", pa.array(names, pa.string()))
    filled = ["pipe" if code else "" for code in pipes.assumed[rows]]
    found = found.append_column("assumed", pa.array(filled, pa.string()))
    return [_filled(found, {})]


def _order(
    pipes: Pipes, rules: RuleSet, site: Site, _params: CheckParams, progress: Progress
) -> list[pa.Table]:
    met = meetings(pipes, in_the_soil(pipes), 0.0, Part(progress, 0.0, 0.6))
    parts = [check_down(pipes, rules, met)]
    if site.streets is not None:
        parts.append(check_across(pipes, rules, site.streets, Part(progress, 0.6, 1.0)))
    found = pa.concat_tables(parts)
    wrong = np.asarray(found.column("actual").to_numpy() - found.column("required").to_numpy())
    found = found.append_column("shortfall", pa.array(wrong))
    verified = found.column("verified").to_pylist()
    status = ["fail" if sure else "warning" for sure in verified]
    found = found.append_column("status", pa.array(status, pa.string()))
    return [_filled(found, {"check": "what"}, unit="", rule="pipes.order")]


def _surroundings(
    pipes: Pipes, rules: RuleSet, site: Site, params: CheckParams, progress: Progress
) -> list[pa.Table]:
    found = check_surroundings(
        pipes, rules, site.things, ground_at=site.ground_at, keep_clear=params.keep_all,
        progress=progress,
    )  # fmt: skip
    return [_filled(found, {
        "check": "thing", "required": "required_m", "actual": "actual_m",
        "shortfall": "shortfall_m",
    }, unit="m")]  # fmt: skip


_Check = Callable[[Pipes, RuleSet, Site, CheckParams, Progress], list[pa.Table]]
_CHECK: dict[str, _Check] = {
    "beside": _clearance("beside"), "crossing": _clearance("crossing"),
    "clearance": _clearance("clearance"), "cover": _cover,
    "drains": _drains, "order": _order, "surroundings": _surroundings,
}  # fmt: skip


def _filled(found: pa.Table, names: dict[str, str], **fixed: str) -> pa.Table:
    """Bring a table into the columns of all checks."""
    count, out = found.num_rows, []
    for column in _EMPTY:
        source = names.get(column.name, column.name)
        if column.name in fixed:
            out.append(pa.array([fixed[column.name]] * count, column.type))
        elif source in found.column_names:
            out.append(found.column(source).combine_chunks().cast(column.type))
        elif column.name == "certainty":
            out.append(pa.array(_certainty(found, names), pa.string()))
        elif column.name in {"other", "thing_id"}:
            out.append(pa.array(np.zeros(count, dtype=np.int64)))
        else:
            out.append(pa.array([""] * count, pa.string()))
    return pa.table(out, schema=_EMPTY)


def _certainty(found: pa.Table, names: dict[str, str]) -> list[str]:
    """Give certain, clear or unknown where the survey's error was not looked at."""
    short = np.asarray(found.column(names.get("shortfall", "shortfall")).to_numpy())
    status = found.column("status").to_pylist()
    return [
        "unknown" if word == "none" else "certain" if missing > 0 else "clear"
        for word, missing in zip(status, short, strict=True)
    ]


def _counts(found: pa.Table, of: Bools) -> Bools:
    one = np.asarray(found.column("pipe").to_numpy(), dtype=np.int64) - 1
    two = np.asarray(found.column("other").to_numpy(), dtype=np.int64) - 1
    return np.asarray(of[one] | ((two >= 0) & of[two]))


def _outside_tunnels(found: pa.Table, pipes: Pipes) -> pa.Table:
    """Leave out what concerns pipes inside a utility tunnel: their racks keep them apart."""
    if "tunnel" not in pipes.attributes.column_names:
        return found
    inside = np.array([bool(word) for word in texts(pipes.column("tunnel"))], dtype=bool)
    if not inside.any():
        return found
    one = np.asarray(found.column("pipe").to_numpy(), dtype=np.int64) - 1
    two = np.asarray(found.column("other").to_numpy(), dtype=np.int64) - 1
    return found.filter(pa.array(~inside[one] & ~((two >= 0) & inside[two])))


def _in_rows(found: pa.Table) -> pa.Table:
    """Keep the worst of many trees beside a pipe, and say how many more there are."""
    check = texts(found.column("check"))
    many = np.flatnonzero(np.isin(check, IN_ROWS))
    sure = texts(found.column("certainty"))
    pipe = np.asarray(found.column("pipe").to_numpy(), dtype=np.int64)
    short = np.asarray(found.column("shortfall").to_numpy(), dtype=np.float64)
    first: dict[tuple[object, ...], int] = {}
    more = np.full(found.num_rows, -1, dtype=np.int64)
    for row in many[np.argsort(-np.nan_to_num(short[many], nan=-np.inf), kind="stable")].tolist():
        head = first.setdefault((check[row], sure[row], pipe[row]), row)
        more[head] += 1
    keep = np.ones(found.num_rows, dtype=bool)
    keep[many] = False
    keep[list(first.values())] = True
    kept = pa.array(more[keep], pa.int64(), mask=more[keep] < 1)
    return found.filter(pa.array(keep)).append_column("more", kept)


def _facing(found: pa.Table, of: Bools) -> pa.Table:
    """Let those that are asked about stand first in each pair."""
    one = np.asarray(found.column("pipe").to_numpy(), dtype=np.int64)
    two = np.asarray(found.column("other").to_numpy(), dtype=np.int64)
    swap = (two > 0) & ~of[one - 1]
    for name, values in (("pipe", np.where(swap, two, one)), ("other", np.where(swap, one, two))):
        found = found.set_column(found.column_names.index(name), name, pa.array(values))
    return found


def _told(found: pa.Table, whole: Together, layers: Sequence[str]) -> pa.Table:
    """Name the pipes by their layers and numbers, and sort."""
    pipes = whole.pipes
    one = np.asarray(found.column("pipe").to_numpy(), dtype=np.int64) - 1
    two = np.asarray(found.column("other").to_numpy(), dtype=np.int64) - 1
    names = np.array([*layers, ""], dtype=object)
    number = texts(pipes.column("number")) if "number" in pipes.attributes.column_names else None
    thing = texts(found.column("thing_layer"))
    thing_id = np.asarray(found.column("thing_id").to_numpy(), dtype=np.int64)
    paired = two >= 0
    columns = {
        "layer": names[whole.layer[one]], "object": whole.ids[one],
        "number": _numbers(number, one), "class": _classes(pipes, one),
        "other_layer": np.where(paired, names[np.where(paired, whole.layer[two], -1)], thing),
        "other": np.where(paired, whole.ids[two], thing_id),
        "other_number": np.where(paired, _numbers(number, two), ""),
        "other_class": np.where(paired, _classes(pipes, two), ""),
        "filled": [word.replace(",", "-") for word in texts(found.column("assumed"))],
    }  # fmt: skip
    out = [
        pa.array(columns[one.name], one.type, mask=_blank(one.name, columns)) if one.name in columns
        else found.column(one.name).combine_chunks()
        for one in SCHEMA
    ]  # fmt: skip
    table = pa.table(out, schema=SCHEMA)
    rank = np.array([RANKS.index(word or "unknown") for word in texts(table.column("certainty"))])
    short = np.nan_to_num(np.asarray(table.column("shortfall").to_numpy(), dtype=np.float64))
    asked = np.nan_to_num(np.asarray(table.column("required").to_numpy(), dtype=np.float64))
    share = np.divide(short, asked, out=np.zeros(len(short)), where=asked > 0)
    last = np.array([word in LAST for word in texts(table.column("check"))], dtype=bool)
    last |= texts(table.column("note")) == "above-ground"
    trees = np.isin(texts(table.column("check")), IN_ROWS)
    order = np.lexsort(
        (np.asarray(table.column("object").to_numpy()), -short, -share, last, rank, trees)
    )
    return table.take(pa.array(order))


def _blank(name: str, columns: Mapping[str, Any]) -> Bools | None:
    """Say where there is no other object."""
    return np.asarray(columns["other"]) == 0 if name == "other" else None


def _numbers(number: np.ndarray | None, rows: Ints) -> np.ndarray:
    if number is None:
        return np.full(len(rows), "", dtype=object)
    return np.array([str(word or "") for word in number[rows]], dtype=object)


def _classes(pipes: Pipes, rows: Ints) -> np.ndarray:
    major, minor = np.array(CLASS_KEYS, dtype=object), np.array(SUBCLASS_KEYS, dtype=object)
    code = pipes.subclass[rows]
    return np.where(code > 0, minor[code], major[pipes.line_class[rows]])

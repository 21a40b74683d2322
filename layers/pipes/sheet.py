"""Everything that is known of a pipe: the sheet of information, one row per object."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from layers.kinds.pipes import BANK, INVERT, ROUND, RUN, TOP, Pipes
from layers.shapes import Floats, Ints
from layers.style import texts

Ground = Callable[[Floats], Floats]
#: Texts and numbers that come from the file under these names where it has them.
TOLD_TEXTS = (
    "material", "owner", "contact", "road", "burial", "quality", "date", "holes", "link", "note",
)  # fmt: skip
TOLD_NUMBERS = ("pressure_mpa", "voltage_kv", "cables", "year")
#: Which bits of `Pipes.assumed` stand behind which columns.
FROM_ASSUMED = {
    "depth_start_m": "start-level", "depth_end_m": "end-level", "top_start_m": "start-level",
    "top_end_m": "end-level", "invert_start_m": "start-level", "invert_end_m": "end-level",
    "cover_start_m": "start-level", "cover_end_m": "end-level", "size": "size", "width_mm": "size",
    "height_mm": "size", "class": "class", "depth_m": "start-level",
}  # fmt: skip


def information(
    pipes: Pipes, rows: Ints | None = None, *, ground_at: Ground | None = None, year: int = 0
) -> pa.Table:
    """Tell everything known of objects.

    Depths are from the ground to what the levels of a run are those of: to the invert of drains,
    to the top of other pipes. What the survey told goes before what follows from the terrain.

    Parameters
    ----------
    pipes : Pipes
        The layer.
    rows : (k,) int64 or None
        Positions; None for all.
    ground_at : callable or None
        Level of the ground at (m, 2) places, metres above datum; None where no terrain is known.
    year : int
        The year in which ages are counted; 0 tells none.

    Returns
    -------
    pyarrow.Table
        ``id``, ``number``, ``role``, ``class``, ``subclass``, ``status``, ``form``, ``size``
        (``DN300``, ``800x600``), ``width_mm``, ``height_mm``, ``wall_mm``, ``depth_start_m``,
        ``depth_end_m``, ``depth_m`` (the greater one), ``depth_from`` (survey, terrain),
        ``cover_start_m``, ``cover_end_m``, ``top_start_m``, ``top_end_m``, ``invert_start_m``,
        ``invert_end_m``, ``slope_permille``, ``plan_length_m``, ``true_length_m``, the told
        texts and numbers, ``age_years``, ``from_number``, ``to_number``, ``assumed``, ``east``,
        ``north``. NaN and null where something is not known.
    """
    at = np.arange(len(pipes)) if rows is None else np.asarray(rows, dtype=np.int64)
    plan, true, _ = lengths(pipes)
    run = pipes.role[at] == RUN
    out: dict[str, pa.Array | Floats | Ints] = {
        "id": pipes.ids[at], "number": _text(pipes, "number", at),
        **{name: pipes.column(name).take(pa.array(at)).combine_chunks()
           for name in ("role", "class", "subclass", "status", "form")},
        "size": pa.array(size_words(pipes, at), pa.string()),
        "width_mm": _known(pipes.width[at] * 1000.0),
        "height_mm": _known(pipes.height[at] * 1000.0),
        "wall_mm": _known(pipes.wall[at] * 1000.0),
    }  # fmt: skip
    out |= _levels(pipes, at, ground_at)
    fall = (pipes.start_level - pipes.end_level)[at]
    slope = np.divide(fall, plan[at], out=np.full(len(at), np.nan), where=plan[at] > 0) * 1000.0
    out["slope_permille"] = np.where(run, slope, np.nan).round(3)
    out["plan_length_m"] = np.where(run, plan[at], np.nan).round(3)
    out["true_length_m"] = np.where(run, true[at], np.nan).round(3)
    for name in TOLD_TEXTS:
        out[name] = _text(pipes, name, at)
    for name in TOLD_NUMBERS:
        out[name] = told_numbers(pipes, name)[at]
    laid = years(pipes)[at]
    out["year"] = laid
    out["age_years"] = np.where(year > 0, year - laid, np.nan)
    out["from_number"], out["to_number"] = (
        _text(pipes, name, at) for name in ("from_number", "to_number")
    )
    out["assumed"] = pipes.column("assumed").take(pa.array(at)).combine_chunks()
    middle = pipes.shapes.centres()[at]
    out["east"], out["north"] = middle[:, 0].round(3), middle[:, 1].round(3)
    return pa.table(out)


def lengths(pipes: Pipes) -> tuple[Floats, Floats, Floats]:
    """Give the length of each object in plan, along its slope, and what of the latter is plan.

    Returns
    -------
    plan : (n,) float64
        Along the run in plan, metres: the length that maps and 管段间距 have.
    true : (n,) float64
        Along the middle of the pipe in space, metres; the plan length where a level is missing.
    unlevelled : (n,) float64
        Plan length of runs without levels, metres, 0 for the others.
    """
    plan = np.where(pipes.role == RUN, pipes.shapes.lengths(), 0.0)
    centres, first = pipes.centres(), pipes.shapes.first_coord
    step = np.zeros(len(pipes.shapes.coords))
    across = pipes.shapes.coords[1:] - pipes.shapes.coords[:-1]
    step[1:] = np.hypot(np.hypot(across[:, 0], across[:, 1]), centres[1:] - centres[:-1])
    step[first[:-1]] = 0.0
    true = np.add.reduceat(step, first[:-1]) if len(pipes) else np.empty(0)
    levelled = pipes.levelled
    return plan, np.where(levelled, true, plan), np.where(levelled, 0.0, plan)


def size_words(pipes: Pipes, rows: Ints) -> list[str]:
    """Write sizes as surveys do: ``DN300``, ``800x600``, ``3x4`` of a bank; "" if not known."""
    holes = _text(pipes, "holes", rows).to_pylist()
    out = []
    for k, row in enumerate(rows.tolist()):
        width, height = pipes.width[row] * 1000.0, pipes.height[row] * 1000.0
        if width <= 0:
            out.append("")
        elif pipes.form[row] == ROUND:
            out.append(f"DN{width:.0f}")
        elif pipes.form[row] == BANK and holes[k]:
            out.append(f"{width:.0f}x{height:.0f} ({holes[k]})")
        else:
            out.append(f"{width:.0f}x{height:.0f}")
    return out


def years(pipes: Pipes) -> Floats:
    """Give the year each object was laid, (n,), NaN where neither year nor date tells it."""
    year = told_numbers(pipes, "year")
    if "date" in pipes.attributes.column_names:
        dates = texts(pipes.column("date"))
        read = np.array(
            [float(str(d)[:4]) if d and str(d)[:4].isdigit() else np.nan for d in dates]
        )
        year = np.where(np.isfinite(year), year, read)
    return np.where((year > 1500) & (year < 3000), year, np.nan)


def told_numbers(pipes: Pipes, name: str) -> Floats:
    """Give a number of the file per object, NaN where the file has none."""
    if name not in pipes.attributes.column_names:
        return np.full(len(pipes), np.nan)
    return pipes.numbers(name)


def tops_and_inverts(pipes: Pipes) -> tuple[Floats, Floats, Floats, Floats]:
    """Give level of the outer top at start and end, and of the invert at both, (n,) each."""
    from_level = np.select([pipes.level_of == TOP, pipes.level_of == INVERT], [0.0, 1.0], 0.5)
    to_top = from_level * pipes.height + np.where(pipes.level_of == TOP, 0.0, pipes.wall)
    to_invert = to_top - pipes.height - pipes.wall
    return (pipes.start_level + to_top, pipes.end_level + to_top,
            pipes.start_level + to_invert, pipes.end_level + to_invert)  # fmt: skip


def _levels(pipes: Pipes, at: Ints, ground_at: Ground | None) -> dict[str, pa.Array | Floats]:
    """Give depths, covers and levels of both ends."""
    first = pipes.shapes.first_coord
    run = pipes.role[at] == RUN
    ends = []
    told = [told_numbers(pipes, f"depth_{end}_m")[at] for end in ("start", "end")]
    for corner in (first[at], first[at + 1] - 1):
        known = np.full(len(at), np.nan)
        if ground_at is not None and len(at):
            known = np.asarray(ground_at(pipes.shapes.coords[corner]), dtype=np.float64)
        ends.append(known)
    top_start, top_end, invert_start, invert_end = (x[at] for x in tops_and_inverts(pipes))
    depth, survey = [], np.zeros(len(at), dtype=bool)
    for k, level in enumerate((pipes.start_level[at], pipes.end_level[at])):
        survey |= np.isfinite(told[k])
        depth.append(np.where(np.isfinite(told[k]), told[k], ends[k] - level))
    node = ~run  # of a node: the level of the ground and of the bottom
    deep = (pipes.start_level - pipes.end_level)[at]
    depth = [np.where(node, deep, values) for values in depth]
    known = np.isfinite(depth[0]) | np.isfinite(depth[1])
    source = np.select([known & (survey | node), known], ["survey", "terrain"], "")
    blank = {
        "top_start_m": top_start, "top_end_m": top_end, "invert_start_m": invert_start,
        "invert_end_m": invert_end, "cover_start_m": ends[0] - top_start,
        "cover_end_m": ends[1] - top_end,
    }  # fmt: skip
    out: dict[str, pa.Array | Floats] = {
        "depth_start_m": depth[0].round(3), "depth_end_m": depth[1].round(3),
        "depth_m": np.fmax(depth[0], depth[1]).round(3),
        "depth_from": pc.if_else(pa.array(known), pa.array(source.astype(object), pa.string()), ""),
    }  # fmt: skip
    return out | {k: np.where(run, v, np.nan).round(3) for k, v in blank.items()}


def _known(values: Floats) -> Floats:
    return np.where(values > 0, values, np.nan).round(1)


def _text(pipes: Pipes, name: str, rows: Ints) -> pa.Array:
    if name not in pipes.attributes.column_names:
        return pa.nulls(len(rows), pa.string())
    words = [None if w is None or str(w) == "" else str(w) for w in texts(pipes.column(name))[rows]]
    return pa.array(words, pa.string())

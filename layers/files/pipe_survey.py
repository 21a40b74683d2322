"""Survey tables of points and lines (点表, 线表) as a network of pipes."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from layers.errors import CityError
from layers.files.options import ImportOptions
from layers.files.pipe_choices import PipeChoices
from layers.files.pipe_fields import FieldMap, bare
from layers.files.pipe_lines import classes_of_runs, node_columns, run_columns
from layers.files.pipe_network import Draft, Ground, settled
from layers.files.pipe_tables import read_survey
from layers.files.pipe_values import column_texts, metres
from layers.files.raw import Note, as_objects
from layers.files.reference import frame_for, placed_at, settle
from layers.files.report import LayerReport, Tally
from layers.frame import Frame
from layers.kinds.base import Layer, Source
from layers.kinds.pipes import KIND
from layers.progress import Progress
from layers.project import Project
from layers.shapes import Bools, Floats, Ints, Shapes

SAME_PLACE = 0.01  # metres within which a point that is listed twice is one
#: Names of coordinates that mean east in some tables and north in others.
EITHER = {"x", "y", "x坐标", "y坐标", "坐标x", "坐标y", "xcoord", "ycoord",
          "xcoordinate", "ycoordinate"}  # fmt: skip


def import_survey(
    project: Project, path: Path, options: ImportOptions, progress: Progress
) -> tuple[Layer, Frame, LayerReport]:
    """Make a layer of the tables of a survey; the project is not changed.

    Parameters
    ----------
    project : Project
        Its frame and ground.
    path : pathlib.Path
        Table of the points, or a workbook of both.
    options : ImportOptions
        ``pipes`` names the table of the lines and the template of fields.
    progress : Progress
        Hears of the stages.

    Raises
    ------
    CityError
        ``pipes.no_points``, ``pipes.no_lines``, ``pipes.no_such_field``, ``pipes.no_place``,
        ``import.no_crs`` and what settling a system raises.
    """
    begun = time.perf_counter()
    choices = options.pipes or PipeChoices()
    lines = Path(choices.lines) if choices.lines else None
    survey = read_survey(path, lines, choices.field_map(), options.encoding)
    progress.step(1, 2, "progress-building")
    fields, points, runs = survey.fields, survey.points, survey.lines
    tally = Tally(as_objects(_names(points, fields.points) + _names(runs, fields.lines)))
    tally.notes.extend(survey.notes)
    xy, notes = coordinates(points, fields)
    tally.notes.extend(notes)
    there = np.isfinite(xy).all(axis=1)
    if not there.any():
        raise CityError(
            "pipes.no_place",
            f"None of the {points.num_rows} points has coordinates that can be read.",
            hint="check the fields of east and north in the template (--map)",
            where=path.name,
            count=points.num_rows,
        )
    reference = settle(
        xy[there], None, asked=options.crs, swap=options.swap_axes, frame=project.frame,
        where=path.name,
    )  # fmt: skip
    tally.notes.extend(reference.notes)
    frame, note = project.frame, None
    if frame is None:
        frame, note = frame_for(reference, xy[there])
    carry, more = placed_at(xy[there], reference, frame, path.name)
    tally.notes.extend([*([note] if note else []), *more])
    placed = np.full_like(xy, np.nan)
    placed[there] = carry(xy[there])
    joined = _join(points, runs, fields, placed, tally)
    name = choices.line_class or path.stem
    draft, told = _draft(points, runs, fields, placed, joined, name)
    tally.notes.extend(told)
    ground: Ground | None = None if project.terrain() is None else project.ground_at
    pipes, assumed = settled(draft, ground)
    tally.notes.extend(assumed)
    account = tally.close(np.concatenate([joined.points, points.num_rows + joined.runs]))
    report = LayerReport(
        name=options.name or path.stem, kind=KIND.key, source=str(path), crs=reference.crs,
        read=account.read, kept=account.kept, repaired=account.repaired, skipped=account.skipped,
        first=account.first, mended=account.mended, objects=len(pipes), extent=pipes.extent(),
        messages=tuple(tally.notes), seconds=time.perf_counter() - begun,
    )  # fmt: skip
    source = Source(path, "", options.chosen(), report.to_json())
    return Layer(KIND.key, report.name, pipes, style=KIND.style, source=source), frame, report


def _names(table: pa.Table, chosen: Mapping[str, str]) -> list[str]:
    """Give what to call each row: its number, else that of the row."""
    field = chosen.get("number")
    if field is None and "from_number" in chosen:
        pairs = zip(column_texts(table.column(chosen["from_number"])),
                    column_texts(table.column(chosen["to_number"])), strict=True)  # fmt: skip
        return [f"{a}-{b}" for a, b in pairs]
    if field is None:
        return [str(row + 1) for row in range(table.num_rows)]
    return [text or f"#{row + 1}" for row, text in enumerate(column_texts(table.column(field)))]


def coordinates(points: pa.Table, fields: FieldMap) -> tuple[Floats, list[Note]]:
    """Give east and north of the points as the file has them, (p, 2); NaN where unreadable.

    Surveys of China call the north X and the east Y; where names leave it open, the numbers
    decide, and what was decided is told.
    """
    east_name, north_name = fields.points["east"], fields.points["north"]
    east, north = (metres(column_texts(points.column(name))) for name in (east_name, north_name))
    notes: list[Note] = []
    if {bare(east_name), bare(north_name)} <= EITHER:
        x_is_north = bare(north_name).replace("坐标", "").startswith("x")
        x, y = (north, east) if x_is_north else (east, north)
        northing_first = _x_is_north(x, y, any(not name.isascii() for name in points.column_names))
        east, north = (y, x) if northing_first else (x, y)
        if northing_first:
            notes.append(Note("pipes_x_is_north", {"x": north_name, "y": east_name}))
    return np.column_stack([east, north]), notes


def _x_is_north(x: Floats, y: Floats, chinese: bool) -> bool:
    good = np.isfinite(x) & np.isfinite(y)
    if not good.any():
        return False
    a, b = float(np.median(x[good])), float(np.median(y[good]))
    if max(abs(a), abs(b)) <= 180.0:
        return abs(a) <= 90.0 < abs(b)

    def easting(value: float) -> bool:
        return 1e5 <= value <= 9e5 or 1.3e7 <= value <= 4.6e7

    def northing(value: float) -> bool:
        return 1.0e6 <= value <= 1.0e7

    if northing(a) and easting(b):
        return True
    if easting(a) and northing(b):
        return False
    return chinese


@dataclass(frozen=True, slots=True, eq=False)
class _Joined:
    """Rows that are kept: of points and of runs, and the nodes each run joins."""

    points: Ints
    runs: Ints
    start: Ints
    end: Ints


def _join(
    points: pa.Table, runs: pa.Table, fields: FieldMap, placed: Floats, tally: Tally
) -> _Joined:
    """Find the points each run names; count what names none, or the same one twice."""
    numbers = [_key(text) for text in column_texts(points.column(fields.points["number"]))]
    there = np.isfinite(placed).all(axis=1)
    tally.lose("no_coordinates", np.flatnonzero(~there))
    node: dict[str, int] = {}
    kept: list[int] = []
    again: list[int] = []
    twice: list[int] = []
    unnamed: list[int] = []
    for row in np.flatnonzero(there).tolist():
        number = numbers[row]
        if not number:
            unnamed.append(row)
        elif number in node:
            first = kept[node[number]]
            if float(np.hypot(*(placed[row] - placed[first]))) <= SAME_PLACE:
                again.append(row)
                continue
            twice.append(row)
        else:
            node[number] = len(kept)
        kept.append(row)
    tally.lose("point_repeated", np.array(again, dtype=np.int64))
    tally.mend("number_of_two_points", np.array(twice, dtype=np.int64))
    tally.mend("number_missing", np.array(unnamed, dtype=np.int64))
    ends = [
        np.array([node.get(_key(text), -1) for text in column_texts(runs.column(name))])
        for name in (fields.lines["from_number"], fields.lines["to_number"])
    ]
    start, end = (side.astype(np.int64) for side in ends)
    named: Bools = (start >= 0) & (end >= 0)
    p = points.num_rows
    tally.lose("unknown_node", p + np.flatnonzero(~named))
    tally.lose("run_to_itself", p + np.flatnonzero(named & (start == end)))
    good = np.flatnonzero(named & (start != end))
    return _Joined(np.array(kept, dtype=np.int64), good, start[good], end[good])


def _key(number: str) -> str:
    """Give a number as it is compared: without blanks and capitals, ``12.0`` as ``12``."""
    return re.sub(r"\.0+$", "", re.sub(r"\s", "", number)).casefold()


def _draft(
    points: pa.Table, runs: pa.Table, fields: FieldMap, placed: Floats, joined: _Joined, name: str
) -> tuple[Draft, list[Note]]:
    """Put the kept rows into columns."""
    points = points.take(pa.array(joined.points))
    runs = runs.take(pa.array(joined.runs))
    xy, start, end = placed[joined.points], joined.start, joined.end
    told = run_columns(runs, name, fields)
    degree = np.bincount(np.concatenate([start, end]), minlength=len(xy))
    role, classes, table, levels = node_columns(points, degree, 0, fields)
    unset = classes[0] == 255
    of_runs = classes_of_runs(len(xy), start, end, told)
    ways = shapely.linestrings(np.stack([xy[start], xy[end]], axis=1))
    draft = Draft(
        xy=xy, role=role,
        node_class=np.where(unset, of_runs[0], classes[0]).astype(np.uint8),
        node_subclass=np.where(unset, of_runs[1], classes[1]).astype(np.uint8),
        ground=levels[0], bottom=levels[1], chamber=levels[2], node_table=table,
        lines=Shapes.from_shapely(np.asarray(ways, dtype=object)), run_table=told.table,
        start=start, end=end, line_class=told.line_class, subclass=told.subclass,
        form=told.form, status=told.status, level_of=told.level_of, width=told.width,
        height=told.height, wall=told.wall, start_level=told.start_level,
        end_level=told.end_level, start_depth=told.start_depth, end_depth=told.end_depth,
        class_assumed=told.class_assumed,
    )  # fmt: skip
    return draft, told.notes

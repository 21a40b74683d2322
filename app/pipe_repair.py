"""The sheet that a crew takes to a burst: where, what lies there, valves in order, who is dry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import shapely

from app import papers
from app.pipe_maps import MapOptions, map_plate, speaker
from app.pipes_asking import Question, fact_head, fact_text
from app.wording import Wording
from layers.kinds.base import Layer
from layers.kinds.pipes import Pipes
from layers.pipes.map_sheet import MapMark, MapOutline
from layers.progress import Progress, Silent
from layers.project import Project
from layers.shapes import Floats

if TYPE_CHECKING:
    from layers.paper.document import Block, Document
    from layers.pipes.burst import Burst
    from layers.pipes.plate import Box, Plate
    from layers.pipes.repair_sheet import RepairSheet

BURST, VALVE, WALK, DRY = "#c62828", "#1565c0", "#1565c0", "#ef6c00"
ACROSS = 12.0  # metres of the section to each side of the burst
SHOWN = ("number", "class", "subclass", "size", "material", "depth_m", "pressure_mpa",
         "voltage_kv", "date", "year", "owner", "contact", "road", "burial", "quality")  # fmt: skip
OTHERS = ("number", "class", "size", "depth_m", "owner", "contact")
PLACE = ("road", "east", "north", "longitude", "latitude", "ground_m", "top_m", "cover_m")


@dataclass(frozen=True, slots=True)
class RepairOptions:
    """What the sheet is about.

    Attributes
    ----------
    burst : dict
        The parameters of the analysis ``pipe-burst``: ``layer``, ``at`` or ``run``, ``seized``,
        ``closed``, ``line_class``.
    title, number, author, date, language : str
        As on every report.
    scale : float
        Of the map; 0 takes the largest that fits A3.
    """

    burst: dict[str, Any] = field(default_factory=dict)
    title: str = ""
    number: str = ""
    author: str = ""
    date: str = ""
    language: str = ""
    scale: float = 0.0


def repair_sheet(
    project: Project, options: RepairOptions, words: Wording | None = None,
    progress: Progress = Silent(),
) -> Document:  # fmt: skip
    """Make the sheet.

    Raises
    ------
    CityError
        As ``pipe-burst`` does.
    """
    from app.answer_words import fact_lines
    from layers.analyses.base import params_of
    from layers.analyses.choosing import network_named
    from layers.analyses.pipe_burst import burst_of
    from layers.analyses.running import run
    from layers.analyses.table import analysis_of
    from layers.paper.document import Facts, Heading, Paragraph, Sheet, Signatures
    from layers.pipes.repair_sheet import repair_sheet as gathered

    w = speaker(options.language, words)
    params = params_of(analysis_of("pipe-burst"), options.burst)
    layer = project.layer(network_named(project, params.layer))
    found = burst_of(project, layer, params, progress)
    item = run(project, "pipe-burst", options.burst)
    sheet = gathered(project, layer, found)
    blocks: list[Block] = [
        Heading(w.t("repair-pipe")), Facts(tuple(_pipe(sheet, w))),
        Facts(tuple(_place(sheet, w)), w.t("repair-place")),
        *(Paragraph(w.note(note), "note") for note in found.notes),
    ]  # fmt: skip
    if not found.isolation.bounded:
        blocks.append(Paragraph(w.t("repair-unbounded"), "warning"))
    blocks += [Heading(w.t("repair-valves")), _valves(found, w),
               Facts(tuple(fact_lines(item, w)), w.t("repair-figures"))]  # fmt: skip
    blocks += _optional(w.t("repair-seized"), _seized(found, w))
    blocks += [Heading(w.t("repair-beside")), *_beside(sheet, w)]
    blocks += _optional(w.t("repair-affected"), _affected(found.affected, w))
    blocks += _optional(w.t("repair-hydrants"), _affected(found.hydrants, w))
    blocks += [Sheet(_map(project, layer, found, options, w)), *_section(project, layer, found,
               options, w)]  # fmt: skip
    blocks += [Heading(w.t("repair-done")), Signatures(
        tuple(w.t(f"repair-party-{name}") for name in ("leader", "valves", "owner"))
    )]  # fmt: skip
    x, y = found.place.tolist()
    place = f"E {x:.2f}  N {y:.2f}"
    return papers.document(
        project, options.title or w.t("repair-title"), blocks, subtitle=place, layers=[layer],
        author=options.author, date=options.date, cover=False, words=w,
        facts=[(w.t("permit-fact-number"), options.number)] if options.number else [],
    )  # fmt: skip


def _pipe(sheet: RepairSheet, words: Wording) -> list[tuple[str, str]]:
    """Tell what is known of the run that bursts."""
    pairs = [(fact_head(name, words), fact_text(name, sheet.pipe.get(name), words))
             for name in SHOWN]  # fmt: skip
    return [(name, text) for name, text in pairs if text]


def _place(sheet: RepairSheet, words: Wording) -> list[tuple[str, str]]:
    """Tell where it is, in every way that somebody may ask."""
    out = []
    for name in PLACE:
        value = sheet.place.get(name)
        if value is None or value == "":
            continue
        digits = 6 if name in {"longitude", "latitude"} else 2
        text = f"{value:.{digits}f}" if isinstance(value, float) else str(value)
        out.append((words.t(f"repair-place-{name.replace('_', '-')}"), text))
    return out


def _beside(sheet: RepairSheet, words: Wording) -> list[Block]:
    """List the other pipes that lie beside the burst, and whom to call: who digs has to know."""
    from layers.paper.document import Paragraph, Table

    rows = sheet.neighbours.to_pylist()
    blocks: list[Block] = []
    if rows:
        heads = [fact_head(name, words) for name in OTHERS] + [words.t("repair-head-away")]
        blocks.append(Table(tuple(heads), tuple(
            (*(fact_text(name, row[name], words) for name in OTHERS), row["away_m"]) for row in rows
        ), digits=(0, 0, 0, 0, 0, 0, 2)))  # fmt: skip
    else:
        blocks.append(Paragraph(words.t("repair-nothing-beside")))
    calls = tuple((row["owner"] or words.t("permit-owner-unknown"), row["contact"], row["pipes"])
                  for row in sheet.owners.to_pylist())  # fmt: skip
    if calls:
        heads = [words.t(f"repair-head-{name}") for name in ("owner", "contact", "pipes")]
        blocks.append(Table(tuple(heads), calls, words.t("repair-call"), (0, 0, 0),
                            (2.0, 1.5, 0.6)))  # fmt: skip
    return blocks


def _valves(found: Burst, words: Wording) -> Block:
    """List the valves in walking order, with room to write when each was closed."""
    from layers.paper.document import Table

    names = ("step", "number", "what", "leg_m", "walked_m", "east", "north")
    rows = []
    for row in found.steps.to_pylist():
        cells = [row[name] for name in names]
        cells[1] = f"{cells[1] or row['valve']}{'*' if row['assumed'] else ''}"
        cells[2] = words.t(f"repair-{row['what']}")
        rows.append((*cells, "", ""))
    heads = [words.t(f"repair-head-{name.replace('_', '-')}") for name in names]
    heads += [words.t("repair-head-time"), words.t("repair-head-by")]
    assumed = any(found.steps.column("assumed").to_pylist())
    return Table(tuple(heads), tuple(rows), digits=(0, 0, 0, 0, 0, 2, 2, 0, 0),
                 widths=(4, 11, 9, 8, 8, 11, 12, 8, 10),
                 note=words.t("repair-assumed-valve") if assumed else "")  # fmt: skip


def _optional(title: str, table: Block | None) -> list[Block]:
    from layers.paper.document import Heading

    return [] if table is None else [Heading(title), table]


def _seized(found: Burst, words: Wording) -> Block | None:
    """List what to close where a valve cannot be moved."""
    from layers.paper.document import Table

    table = found.if_seized
    if not table.num_rows:
        return None
    rows = tuple(
        (row["number"] or f"#{row['valve']}",
         row["instead"] if row["possible"] else words.t("repair-impossible"),
         row["more_length_m"] if row["possible"] else None)
        for row in table.to_pylist()
    )  # fmt: skip
    heads = tuple(words.t(f"repair-head-{name}") for name in ("number", "instead", "more"))
    return Table(heads, rows, widths=(1.0, 3.0, 1.0), digits=(0, 0, 0))


def _affected(table: pa.Table, words: Wording) -> Block | None:
    """List who is without water."""
    from app.answer_words import cell
    from layers.paper.document import Table

    if not table.num_rows:
        return None
    names = ("kind", "name", "why", "people")
    rows = tuple(tuple(cell(name, row[name], words) for name in names)
                 for row in table.to_pylist())  # fmt: skip
    return Table(tuple(words.t(f"repair-head-{name}") for name in names), rows,
                 widths=(1.0, 2.4, 1.2, 0.8))  # fmt: skip


def _map(
    project: Project, layer: Layer, found: Burst, options: RepairOptions, words: Wording
) -> Plate:
    """Draw the way from valve to valve, what is shut off, and the burst."""
    pipes = layer.data
    assert isinstance(pipes, Pipes)
    lines: list[MapOutline] = []
    for ids, colour in ((found.isolation.runs, BURST), (found.isolation.cut_off_runs, DRY)):
        lines += [MapOutline(way, colour, False, (), 1.6) for way in _ways(pipes, ids.tolist())]
    lines += [MapOutline(way, WALK, False, (1.5, 1.0), 0.35) for way in found.ways if len(way) > 1]
    steps = found.steps.to_pylist()
    marks = [MapMark(row["east"], row["north"], str(row["step"]), VALVE) for row in steps]
    x, y = found.place.tolist()
    marks.insert(0, MapMark(x, y, "!", BURST))
    points = np.vstack([found.place, *([row["east"], row["north"]] for row in steps),
                        *_ways(pipes, found.isolation.runs.tolist())])  # fmt: skip
    low, high = points.min(axis=0) - 20.0, points.max(axis=0) + 20.0
    box: Box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return map_plate(project, MapOptions(
        Question(layers=(layer.id,)), box, classes=("water",) if _is_water(pipes, found) else (),
        scale=options.scale, title=words.t("repair-map"), number=options.number,
        author=options.author, date=options.date, language=words.locale, marks=tuple(marks),
        outlines=tuple(lines), flow=False,
    ), words)  # fmt: skip


def _is_water(pipes: Pipes, found: Burst) -> bool:
    from layers.pipes.classes import CLASS_KEYS

    row = pipes.index_of([found.run])[0]
    return bool(CLASS_KEYS[pipes.line_class[row]] == "water")


def _ways(pipes: Pipes, ids: Sequence[int]) -> list[Floats]:
    if not len(ids):
        return []
    first = pipes.shapes.first_coord
    return [pipes.shapes.coords[first[row] : first[row + 1]] for row in pipes.index_of(list(ids))]


def _section(
    project: Project, layer: Layer, found: Burst, options: RepairOptions, words: Wording
) -> list[Block]:
    """Cut across the pipe at the burst."""
    from app.pipe_sections import CROSS, DrawingOptions, section_plate
    from layers.paper.document import Sheet

    pipes = layer.data
    assert isinstance(pipes, Pipes)
    line = shapely.LineString(_ways(pipes, [found.run])[0])
    at = line.project(shapely.Point(found.place))
    near = [line.interpolate(max(at - 1.0, 0.0)), line.interpolate(min(at + 1.0, line.length))]
    a, b = (np.array([point.x, point.y]) for point in near)
    along = b - a
    length = float(np.hypot(*along))
    if length <= 0.0:
        return []
    across = np.array([-along[1], along[0]]) / length * ACROSS
    ends = [(found.place - across).tolist(), (found.place + across).tolist()]
    own = DrawingOptions(title=words.t("repair-section"), number=options.number,
                         author=options.author, date=options.date,
                         language=words.locale)  # fmt: skip
    return [Sheet(section_plate(project, CROSS, {"line": ends}, own, words))]

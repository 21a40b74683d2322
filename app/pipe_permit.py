"""The package for a permit to open a road: map, sections, what is met, conflicts, owners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from app import papers
from app.pipe_maps import MapOptions, map_plate, speaker
from app.pipes_asking import Question
from app.wording import Wording
from layers.errors import CityError
from layers.kinds.answers import SavedAnalysis
from layers.kinds.pipes import Pipes
from layers.pipes.map_sheet import MapMark, MapOutline
from layers.progress import Part, Progress, Silent
from layers.project import Project
from layers.shapes import Floats

if TYPE_CHECKING:
    from layers.paper.document import Block, Document
    from layers.pipes.plate import Box

SITE = "#c62828"
REACH = 14.0  # metres that a section goes beyond what is dug
LEGS = 4  # of a trench that are cut across
SHORTEST = 4.0  # metres of a leg that is cut
LONGEST = 200.0  # metres of a trench that is also drawn along its length
CONFLICTS = 12.0  # metres around the works within which conflicts are listed
MARKED = 40  # conflicts that get a number on the map


@dataclass(frozen=True, slots=True)
class PermitOptions:
    """What the package is about.

    Attributes
    ----------
    dig : dict
        What is dug: the parameters of the analysis ``pipe-dig`` (``area``, ``line`` or ``pipe``,
        ``depth``, ``width``, ``slope``, ``near``).
    sections : tuple of lines
        Cross sections to draw, each a tuple of (east, north); empty: one along the works and
        one across them, of a trench one across each of its longest legs, and one along it where
        it is no longer than 200 m.
    applicant, purpose, place, period, title, number, author, date, language : str
        What stands on the cover.
    scale : float
        Of the map; 0 takes the largest that fits A3.
    zones : str
        Layer drawn over the map.
    """

    dig: dict[str, Any] = field(default_factory=dict)
    sections: tuple[tuple[tuple[float, float], ...], ...] = ()
    applicant: str = ""
    purpose: str = ""
    place: str = ""
    period: str = ""
    title: str = ""
    number: str = ""
    author: str = ""
    date: str = ""
    language: str = ""
    scale: float = 0.0
    zones: str = ""


def permit(
    project: Project, options: PermitOptions, words: Wording | None = None,
    progress: Progress = Silent(),
) -> Document:  # fmt: skip
    """Make the package.

    Parameters
    ----------
    project : Project
        The city.
    options : PermitOptions
        What is dug, who asks.
    words : Wording or None
        Language where the options name none.
    progress : Progress
        Told of the stages.

    Raises
    ------
    CityError
        ``permit.what`` where nothing is dug; as ``pipe-dig``, ``pipe-check`` and sections do.
    """
    from app.rules import packs
    from layers.analyses.base import params_of
    from layers.analyses.pipe_digging import dug_of
    from layers.analyses.running import run
    from layers.analyses.table import analysis_of
    from layers.paper.document import Heading, Sheet, Signatures
    from layers.pipes.excavation import by_owner

    w = speaker(options.language, words)
    if not any(options.dig.get(name) for name in ("area", "line", "pipe")):
        raise CityError(
            "permit.what", "It is not told what is dug.",
            hint="give a pit (--area), a trench (--line) or a pipe (--pipe)",
        )  # fmt: skip
    progress.step(0, 5, "progress-permit")
    digging = run(project, "pipe-dig", options.dig, Part(progress, 0.0, 0.2))
    dug = dug_of(project, params_of(analysis_of("pipe-dig"), options.dig))
    conflicts, rows = _conflicts(project, options, dug.edge, Part(progress, 0.2, 0.5))
    lines = options.sections or _across(options.dig.get("line") or ()) or _lines(dug.floor)
    progress.step(3, 5, "progress-permit")
    sheets = [Sheet(_section(project, line, k, options, w)) for k, line in enumerate(lines)]
    owners = by_owner(digging.outcome.table)
    plan = _map(project, options, dug, lines, conflicts, rows, w)
    progress.step(4, 5, "progress-permit")
    parties = [w.t("permit-applicant"), *(_owner(one, w) for one in owners),
               w.t("permit-authority"), w.t("permit-police")]  # fmt: skip
    blocks: list[Block] = [
        Heading(w.t("permit-works")), *_works(digging, dug, options, w),
        Heading(w.t("permit-owners")), _owner_table(owners, w),
        Heading(w.t("permit-met")), *_met(digging, w),
        Heading(w.t("permit-conflicts")), *_conflict_blocks(conflicts, rows, w),
        Heading(w.t("permit-drawings")), _drawings(lines, w), Sheet(plan), *sheets,
        Heading(w.t("permit-signatures")), Signatures(tuple(parties)),
    ]  # fmt: skip
    facts = [(w.t(f"permit-fact-{name}"), getattr(options, name))
             for name in ("applicant", "purpose", "place", "period", "number")]  # fmt: skip
    progress.step(5, 5, "progress-permit")
    return papers.document(
        project, options.title or w.t("permit-title"), blocks, subtitle=options.place,
        layers=[layer for layer in project.layers if isinstance(layer.data, Pipes)],
        packs=[pack for pack in packs() if pack.id in _packs_used(digging, conflicts)],
        author=options.author, date=options.date,
        facts=[(name, value) for name, value in facts if value], words=w,
    )  # fmt: skip


def _packs_used(*items: SavedAnalysis) -> set[str]:
    used: set[str] = set()
    for item in items:
        if "pack" in item.outcome.table.column_names:
            used |= {str(pack) for pack in item.outcome.table.column("pack").to_pylist() if pack}
    return used


def _across(line: Sequence[Sequence[float]]) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Give the line of a trench, where it is short enough to be drawn, and one across the middle
    of each of its longest legs.
    """
    points = np.array([point[:2] for point in line], dtype=np.float64)
    if len(points) < 2:
        return ()
    legs = np.diff(points, axis=0)
    length = np.hypot(*legs.T)
    found: list[tuple[tuple[float, float], ...]] = []
    if float(length.sum()) <= LONGEST:
        found.append(tuple((float(x), float(y)) for x, y in points))
    for k in sorted(np.argsort(-length, kind="stable")[:LEGS].tolist()):
        if length[k] >= SHORTEST:
            across = np.array([-legs[k][1], legs[k][0]]) / length[k]
            middle = points[k] + legs[k] / 2.0
            found.append(_longer(middle + across * 0.5, middle - across * 0.5))
    return tuple(found)


def _lines(floor: shapely.Polygon) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Give a line along what is dug and one across its middle."""
    box = shapely.get_coordinates(shapely.minimum_rotated_rectangle(floor))
    if len(box) < 5:
        raise AssertionError("a floor has an area")
    sides = [(box[0] + box[1]) / 2.0, (box[1] + box[2]) / 2.0, (box[2] + box[3]) / 2.0,
             (box[3] + box[0]) / 2.0]  # fmt: skip
    pairs = [(sides[0], sides[2]), (sides[1], sides[3])]
    pairs.sort(key=lambda pair: float(np.hypot(*(pair[1] - pair[0]))))
    return tuple(_longer(*pair) for pair in pairs)


def _longer(a: Floats, b: Floats) -> tuple[tuple[float, float], ...]:
    along = (b - a) / max(float(np.hypot(*(b - a))), 1e-9)
    ends = (a - along * REACH, b + along * REACH)
    return tuple((round(float(x), 3), round(float(y), 3)) for x, y in ends)


def letter(number: int) -> str:
    """Name a section: A, B ... Z, A1 ...

    >>> letter(0), letter(27)
    ('A', 'B1')
    """
    turn, place = divmod(number, 26)
    return chr(ord("A") + place) + (str(turn) if turn else "")


def _section(
    project: Project, line: Sequence[tuple[float, float]], number: int, options: PermitOptions,
    words: Wording,
) -> Any:  # fmt: skip
    from app.pipe_sections import CROSS, DrawingOptions, section_plate

    name = letter(number)
    title = words.t("permit-section", name=f"{name}-{name}")
    own = DrawingOptions(title=title, number=options.number, author=options.author,
                         date=options.date, language=words.locale)  # fmt: skip
    return section_plate(project, CROSS, {"line": [list(point) for point in line]}, own, words)


def _conflicts(
    project: Project, options: PermitOptions, edge: shapely.Polygon, progress: Progress
) -> tuple[SavedAnalysis, list[int]]:
    """Check the pipes, and give the findings near the works, the worst first."""
    from layers.analyses.running import run

    del options
    item = run(project, "pipe-check", {"drains": False, "order": False}, progress)
    table = item.outcome.table
    places = shapely.points(np.column_stack([table.column(name).to_numpy()
                                             for name in ("east", "north")]))  # fmt: skip
    near = shapely.distance(places, edge) <= CONFLICTS
    certainty = table.column("certainty").to_pylist()
    return item, [k for k in np.flatnonzero(near).tolist() if certainty[k] != "clear"]


def _map(
    project: Project, options: PermitOptions, dug: Any, lines: Sequence[Any],
    conflicts: SavedAnalysis, rows: Sequence[int], words: Wording,
) -> Any:  # fmt: skip
    """Draw the map with the works, the sections and the numbers of the conflicts."""
    table = conflicts.outcome.table
    east, north = table.column("east").to_pylist(), table.column("north").to_pylist()
    marks = tuple(MapMark(east[row], north[row], str(k + 1)) for k, row in enumerate(rows[:MARKED]))
    rings = [MapOutline(shapely.get_coordinates(dug.edge.exterior), SITE, True, (2.0, 1.0), 0.35),
             MapOutline(shapely.get_coordinates(dug.floor.exterior), SITE, True, (), 0.5,
                        words.t("permit-site"), 2.5)]  # fmt: skip
    cuts = [MapOutline(np.array(line), "#283593", False, (6.0, 1.0, 0.6, 1.0), 0.35, letter(k))
            for k, line in enumerate(lines)]  # fmt: skip
    points = np.vstack([shapely.get_coordinates(dug.edge), *(np.array(line) for line in lines)])
    low, high = points.min(axis=0) - 10.0, points.max(axis=0) + 10.0
    box: Box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return map_plate(project, MapOptions(
        Question(), box, zones=options.zones, scale=options.scale, title=words.t("permit-map"),
        number=options.number, author=options.author, date=options.date, language=words.locale,
        marks=marks, outlines=(*rings, *cuts),
    ), words)  # fmt: skip


def _works(digging: SavedAnalysis, dug: Any, options: PermitOptions, words: Wording) -> list[Block]:
    from app.answer_words import fact_lines
    from layers.paper.document import Facts, Paragraph, Table

    corners = shapely.get_coordinates(dug.floor.exterior)[:-1]
    rows = tuple((str(k + 1), float(x), float(y)) for k, (x, y) in enumerate(corners))
    blocks: list[Block] = []
    if options.purpose:
        blocks.append(Paragraph(options.purpose))
    blocks.append(Facts(tuple(fact_lines(digging, words))))
    blocks += [Paragraph(words.note(note), "note") for note in digging.outcome.notes]
    heads = tuple(words.t(f"permit-corner-{name}") for name in ("number", "east", "north"))
    blocks.append(Table(heads, rows, words.t("permit-corners"), (0, 3, 3), (1.0, 2.0, 2.0)))
    return blocks


def _owner(one: dict[str, object], words: Wording) -> str:
    return str(one["owner"]) or words.t("permit-owner-unknown")


def _owner_table(owners: Sequence[dict[str, object]], words: Wording) -> Block:
    from layers.paper.document import Paragraph, Table

    if not owners:
        return Paragraph(words.t("permit-no-owners"))
    names = ("owner", "contact", "hits", "hand_digs", "near", "exposed_m")
    heads = tuple(words.t(f"permit-owner-{name.replace('_', '-')}") for name in names)
    rows = []
    for one in owners:
        row: list[Any] = [one[name] for name in names]
        row[0] = _owner(one, words)
        rows.append(tuple(row))
    states = tuple("fail" if one["hits"] else "warning" if one["hand_digs"] else ""
                   for one in owners)  # fmt: skip
    return Table(heads, tuple(rows), digits=(0, 0, 0, 0, 0, 2), statuses=states)


MET = ("number", "class", "code", "owner", "what", "where", "actual_m", "required_m", "top_m",
       "certainty")  # fmt: skip


def _met(digging: SavedAnalysis, words: Wording) -> list[Block]:
    from layers.paper.document import Paragraph

    if not digging.outcome.table.num_rows:
        return [Paragraph(words.t("permit-nothing-met"))]
    return [Paragraph(words.t("permit-met-told"), "small"),
            papers.answer_table(digging, words, columns=MET)]  # fmt: skip


FOUND = ("check", "number", "class", "other_number", "other_class", "required", "actual",
         "shortfall", "certainty", "clause")  # fmt: skip


def _conflict_blocks(conflicts: SavedAnalysis, rows: Sequence[int], words: Wording) -> list[Block]:
    from dataclasses import replace

    from layers.paper.document import Paragraph

    if not rows:
        return [Paragraph(words.t("permit-no-conflicts"))]
    table = papers.answer_table(conflicts, words, columns=FOUND, rows=rows)
    numbered = tuple((str(k + 1), *row) for k, row in enumerate(table.rows))
    whole = replace(table, head=(words.t("permit-corner-number"), *table.head), rows=numbered)
    blocks: list[Block] = [Paragraph(words.t("permit-conflicts-told", metres=f"{CONFLICTS:g}"))]
    if any(not verified for verified in conflicts.outcome.table.column("verified").to_pylist()):
        blocks.append(Paragraph(words.t("permit-unverified"), "warning"))
    return [*blocks, whole]


def _drawings(lines: Sequence[Any], words: Wording) -> Block:
    from layers.paper.document import Listing

    names = [words.t("permit-map")]
    names += [words.t("permit-section", name=f"{letter(k)}-{letter(k)}") for k in range(len(lines))]
    return Listing(tuple(names), numbered=True)

"""Distribution maps of pipes: what lies around, colours, texts and legend; drawn to a sheet."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from app.pipes_asking import Question, ask, name_field
from app.wording import LOCALES, Wording, current
from layers.errors import CityError
from layers.kinds.base import Features, Layer
from layers.kinds.pipes import PLANNED, RUN, STATUSES, Pipes
from layers.pipes.classes import CLASS_KEYS, CLASSES, SUBCLASSES
from layers.pipes.map_sheet import (
    Backdrop,
    LegendRow,
    MapContent,
    MapFacts,
    MapMark,
    MapNode,
    MapOutline,
    MapRun,
    sheets_of,
)
from layers.planning.measure import program
from layers.progress import Progress, Silent
from layers.project import Project
from layers.shapes import Floats, Ints
from layers.style import texts

if TYPE_CHECKING:
    from layers.pipes.plate import Box, Plate

BY_CLASS = "class"
#: Colours of an attribute's values: strong ones that differ on white paper.
COLOURS = ("#1f6fb4", "#e07b00", "#2a9134", "#c62828", "#6a3d9a", "#00838f", "#ad7f00", "#c2185b",
           "#5d4037", "#455a64")  # fmt: skip
OTHER = "#9e9e9e"
AROUND = 15.0  # metres around what is asked for
ZONE_COLOURS = ("#8e24aa", "#00695c", "#ef6c00", "#283593", "#ad1457", "#558b2f")


@dataclass(frozen=True, slots=True, eq=False)
class MapOptions:
    """What a map shows, and how.

    Attributes
    ----------
    question : Question
        Which pipes; see `app.pipes_asking`.
    box : (west, south, east, north) or None
        What must be on the map; None takes what the question finds.
    by : str
        ``class``, or the property that gives the colours (``material``, ``year``, ``owner`` ...).
    classes : tuple of str
        Classes or subclasses that are shown; empty for all.
    zones : str
        Layer of areas or lines drawn over it, with their names.
    labels, nodes, flow, backdrop : bool
        Whether texts, symbols, arrows of drains, and surroundings are drawn.
    scale : float
        1 : scale; 0 takes the largest that fits the paper.
    paper : str
        A4 to A0; "" takes A3, or what the scale needs.
    title, number, author, date, language : str
        Of the title block; "" takes what the project says, today, and the program's language.
    marks, outlines : tuples
        Further numbered places and lines.
    sheets : bool
        Whether what does not fit one sheet at the wanted scale is cut into several.
    """

    question: Question = field(default_factory=Question)
    box: Box | None = None
    by: str = BY_CLASS
    classes: tuple[str, ...] = ()
    zones: str = ""
    labels: bool = True
    nodes: bool = True
    flow: bool = True
    backdrop: bool = True
    scale: float = 0.0
    paper: str = ""
    title: str = ""
    number: str = ""
    author: str = ""
    date: str = ""
    language: str = ""
    marks: tuple[MapMark, ...] = ()
    outlines: tuple[MapOutline, ...] = ()
    sheets: bool = False


def speaker(language: str, words: Wording | None = None) -> Wording:
    """Give the texts of a language, "" for the program's.

    Raises
    ------
    CityError
        ``sections.language``.
    """
    if language and language not in LOCALES:
        raise CityError(
            "sections.language", f"Drawings are not written in '{language}'.",
            hint="use en or zh-CN", language=language,
        )  # fmt: skip
    return Wording(language) if language else words or current()


def map_plate(
    project: Project, options: MapOptions = MapOptions(), words: Wording | None = None
) -> Plate:
    """Draw a map of pipes.

    Raises
    ------
    CityError
        ``maps.nothing`` where no pipe answers; as `app.pipes_asking.ask` and
        `layers.pipes.map_sheet.laid_out`.
    """
    from layers.pipes.map_drawing import draw_map

    w = speaker(options.language, words)
    found = [
        (layer, layer.data, _chosen(layer.data, rows, options.classes))
        for layer, rows in ask(project, options.question, w).found
        if isinstance(layer.data, Pipes)
    ]
    asked = options.question.where or options.question.road or options.classes
    if options.box is None or (asked and not any(len(rows) for _, _, rows in found)):
        extent = _extent([(pipes, rows) for _, pipes, rows in found])
    else:
        extent = options.box
    colours = _Colours(project, [(pipes, rows) for _, pipes, rows in found], options.by, extent, w)
    runs: list[MapRun] = []
    nodes: list[MapNode] = []
    for number, (layer, pipes, rows) in enumerate(found):
        runs += _runs(layer, pipes, rows, colours.of[number], options)
        if options.nodes:
            nodes += _nodes(layer, pipes, rows, extent)
    back = surroundings(project, _wider(extent)) if options.backdrop else Backdrop()
    zones, zone_rows = _zones(project, options.zones, extent)
    outlines = [*zones, *options.outlines]
    content = MapContent(tuple(runs), tuple(nodes), options.marks, tuple(outlines), back)
    unsure = sum(
        int(((pipes.assumed[rows] > 0) & _inside(pipes, rows, extent)).sum())
        for _, pipes, rows in found
    )
    notes = [w.t("pipes-map-note-north")]
    if unsure:
        notes.append(w.t("pipes-map-note-assumed", count=unsure))
    facts = MapFacts(
        options.title or w.t("pipes-map-title"), project.info.title,
        options.author or project.info.author,
        options.date or datetime.date.today().isoformat(),
        "" if project.frame is None else str(project.frame.crs), options.number, program(),
        options.scale, options.paper, options.labels, (*colours.legend, *zone_rows), colours.title,
        tuple(notes),
    )  # fmt: skip
    return draw_map(content, extent, facts, map_words(w))


def write_map(
    project: Project, path: Path, options: MapOptions = MapOptions(), words: Wording | None = None
) -> tuple[Path, ...]:
    """Write a map as ``.pdf``, ``.svg``, ``.png`` or ``.dxf``.

    Returns
    -------
    tuple of Path
        The file, or ``NAME-1.pdf``, ``NAME-2.pdf`` ... where it was cut into sheets; those on
        which no pipe lies are left out.

    Raises
    ------
    CityError
        ``maps.nothing`` where no pipe answers, or lies on any sheet; as `map_plate`.
    """
    return write_sheets(map_plates(project, options, words), path)


def map_plates(
    project: Project, options: MapOptions = MapOptions(), words: Wording | None = None,
    progress: Progress = Silent(),
) -> tuple[Plate, ...]:  # fmt: skip
    """Draw a map of pipes: one sheet, or as many as the scale needs where sheets are wanted.

    Raises
    ------
    CityError
        As `write_map`.
    """
    if not options.sheets:
        progress.step(0, 1, "progress-pipe-map")
        return (map_plate(project, options, words),)
    parts = _parts(project, options, speaker(options.language, words))
    made = []
    for k, part in enumerate(parts):
        progress.step(k, len(parts), "progress-pipe-map")
        number = f"{options.number} {k + 1}/{len(parts)}".strip()
        one = replace(options, box=part, number=number, paper=options.paper or "A3")
        made.append(map_plate(project, one, words))
    return tuple(made)


def write_sheets(plates: Sequence[Plate], path: Path) -> tuple[Path, ...]:
    """Write sheets: one as ``NAME.pdf``, several as ``NAME-1.pdf``, ``NAME-2.pdf`` ...

    Raises
    ------
    CityError
        As `layers.files.plates.write_plate`.
    """
    from layers.files.plates import write_plate

    several = len(plates) > 1
    files = [path.with_stem(f"{path.stem}-{k}") if several else path
             for k in range(1, len(plates) + 1)]  # fmt: skip
    for plate, file in zip(plates, files, strict=True):
        write_plate(plate, file)
    return tuple(files)


def _parts(project: Project, options: MapOptions, words: Wording) -> list[Box]:
    """Give the parts of the sheets on which a pipe lies.

    Raises
    ------
    CityError
        ``maps.nothing``.
    """
    found = [
        (layer.data, _chosen(layer.data, rows, options.classes))
        for layer, rows in ask(project, options.question, words).found
        if isinstance(layer.data, Pipes)
    ]
    extent = options.box or _extent(found)
    parts = sheets_of(extent, MapFacts(scale=options.scale, paper=options.paper))
    lines = [pipes.shapes.take(rows).to_shapely() for pipes, rows in found]
    tree = shapely.STRtree(np.concatenate(lines)) if lines else shapely.STRtree([])
    kept = [part for part in parts if len(tree.query(shapely.box(*part), "intersects"))]
    return kept or [_extent([])]


def map_words(words: Wording) -> Any:
    """Give the words of a sheet by their keys."""

    def say(key: str) -> str:
        if key.startswith(("role-", "status-")):
            return words.t(f"pipe-{key}")
        return words.t("pipes-map-legend" if key == "legend" else f"section-{key}")

    return say


def _chosen(pipes: Pipes, rows: Ints, classes: tuple[str, ...]) -> Ints:
    """Give the rows of the wanted classes.

    Raises
    ------
    CityError
        ``pipes.class``.
    """
    if not classes:
        return rows
    from layers.pipes.classes import SUBCLASS_KEYS, class_of

    keep = np.zeros(len(rows), dtype=bool)
    for word in classes:
        found = class_of(word)
        if found is None:
            raise CityError(
                "pipes.class", f"There is no class of pipes called '{word}'.", word=word,
                hint="write water, drain, gas, heat, power, telecom, industry, other, a subclass "
                "such as sewage, or a code such as WS",
            )  # fmt: skip
        mine = pipes.line_class[rows] == CLASS_KEYS.index(found[0])
        if found[1]:
            mine &= pipes.subclass[rows] == SUBCLASS_KEYS.index(found[1])
        keep |= mine
    return rows[keep]


def _extent(found: Sequence[tuple[Pipes, Ints]]) -> Box:
    bounds = [pipes.shapes.bounds()[rows] for pipes, rows in found if len(rows)]
    if not bounds:
        raise CityError(
            "maps.nothing", "No pipe is there to be drawn.",
            hint="choose another part, other classes, or none of these",
        )  # fmt: skip
    whole = np.concatenate(bounds)
    low, high = whole[:, :2].min(axis=0) - AROUND, whole[:, 2:].max(axis=0) + AROUND
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _wider(extent: Box) -> Box:
    """Give an extent that surely holds what the paper shows around it."""
    wide, high = extent[2] - extent[0], extent[3] - extent[1]
    more = max(wide, high)
    return extent[0] - more, extent[1] - more, extent[2] + more, extent[3] + more


def code_of(pipes: Pipes, row: int) -> str:
    """Give the letters of CJJ 61 for an object: of its subclass, else of its class."""
    if pipes.subclass[row]:
        return str(SUBCLASSES[pipes.subclass[row] - 1].code)
    return str(CLASSES[pipes.line_class[row]].code)


class _Colours:
    """Colours of the runs of each layer, and their legend."""

    def __init__(
        self, project: Project, found: Sequence[tuple[Pipes, Ints]], by: str, extent: Box,
        words: Wording,
    ) -> None:  # fmt: skip
        self._inside = [_inside(pipes, rows, extent) for pipes, rows in found]
        self.of: list[list[str]] = []
        self.legend: tuple[LegendRow, ...] = ()
        self.title = words.t(f"pipes-by-{by}") if words.has(f"pipes-by-{by}") else by
        if by == BY_CLASS:
            self._by_class(found, words)
        else:
            self._by_value(project, found, by, words)

    def _by_class(self, found: Sequence[tuple[Pipes, Ints]], words: Wording) -> None:
        metres: defaultdict[int, float] = defaultdict(float)
        for (pipes, rows), inside in zip(found, self._inside, strict=True):
            self.of.append([CLASSES[code].colour for code in pipes.line_class[rows]])
            for code, length in zip(pipes.line_class[rows][inside],
                                    pipes.shapes.lengths()[rows][inside], strict=True):  # fmt: skip
                metres[int(code)] += float(length)
        self.legend = tuple(
            LegendRow(item.colour, f"{item.code} {words.t(f'pipe-class-{item.key}')}",
                      _length(metres[code], words))
            for code, item in enumerate(CLASSES)
            if metres[code] > 0
        )  # fmt: skip

    def _by_value(
        self, project: Project, found: Sequence[tuple[Pipes, Ints]], by: str, words: Wording
    ) -> None:
        from app.pipes_asking import group_text
        from app.pipes_asking import surroundings as around
        from layers.pipes.statistics import labels

        values = [labels(pipes, by, around(project))[rows] for pipes, rows in found]
        metres: defaultdict[str, float] = defaultdict(float)
        for group, (pipes, rows), inside in zip(values, found, self._inside, strict=True):
            lengths = pipes.shapes.lengths()[rows]
            for value, length in zip(group[inside], lengths[inside], strict=True):
                metres[str(value)] += float(length)
        order = sorted(metres, key=lambda value: (-metres[value], value))
        shown = [value for value in order if value][: len(COLOURS)]
        if all(_is_number(value) for value in shown):
            shown.sort(key=float)
        colour = dict(zip(shown, COLOURS, strict=False))
        self.of = [[colour.get(str(v), OTHER) for v in group] for group in values]
        rows_ = [
            LegendRow(colour[value], group_text(by, value, words), _length(metres[value], words))
            for value in shown
        ]
        rest = sum(length for value, length in metres.items() if value not in colour)
        if rest > 0:
            rows_.append(LegendRow(OTHER, words.t("pipes-map-rest"), _length(rest, words)))
        self.legend = tuple(rows_)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _inside(pipes: Pipes, rows: Ints, extent: Box) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Say which are runs whose middle lies in an extent."""
    bounds = pipes.shapes.bounds()[rows]
    x, y = (bounds[:, 0] + bounds[:, 2]) / 2.0, (bounds[:, 1] + bounds[:, 3]) / 2.0
    west, south, east, north = extent
    there = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    return np.asarray(there & (pipes.role[rows] == RUN))


def _length(metres: float, words: Wording) -> str:
    if metres < 1000.0:
        return words.quantity(metres, "m").replace(".00", "")
    return f"{words.number(metres / 1000.0, 2)} km"


def _runs(
    layer: Layer, pipes: Pipes, rows: Ints, colours: list[str], options: MapOptions
) -> list[MapRun]:
    from layers.pipes.drains import drain_runs
    from layers.pipes.sheet import size_words

    sizes = size_words(pipes, rows)
    material = _texts(pipes, "material", rows)
    year = _texts(pipes, "year", rows)
    flow = np.zeros(len(pipes), dtype=np.int8)
    if options.flow:
        drains = drain_runs(pipes)
        falling = drains.upper_invert > drains.lower_invert
        flow[drains.rows[falling]] = np.where(drains.backwards[falling], -1, 1)
    first = pipes.shapes.first_coord
    made = []
    for k, row in enumerate(rows.tolist()):
        if pipes.role[row] != RUN:
            continue
        words = [code_of(pipes, row), sizes[k], material[k], year[k]]
        made.append(
            MapRun(
                pipes.shapes.coords[first[row] : first[row + 1]], colours[k],
                STATUSES[pipes.status[row]], float(pipes.width[row]),
                " ".join(word for word in words if word), int(flow[row]),
                (layer.id, int(pipes.ids[row])),
            )
        )  # fmt: skip
    return sorted(made, key=lambda run: run.status == STATUSES[PLANNED])


def _texts(pipes: Pipes, name: str, rows: Ints) -> list[str]:
    if name not in pipes.attributes.column_names:
        return [""] * len(rows)
    return [str(word or "") for word in texts(pipes.column(name))[rows]]


def _nodes(layer: Layer, pipes: Pipes, rows: Ints, extent: Box) -> list[MapNode]:
    from layers.kinds.pipes import ROLES

    del extent
    numbers = _texts(pipes, "number", rows)
    first = pipes.shapes.first_coord
    made = []
    for k, row in enumerate(rows.tolist()):
        if pipes.role[row] == RUN:
            continue
        x, y = pipes.shapes.coords[first[row]].tolist()
        item = CLASSES[pipes.line_class[row]]
        text = numbers[k]
        ground, bottom = pipes.start_level[row], pipes.end_level[row]
        if item.gravity and np.isfinite(ground) and np.isfinite(bottom):
            text = f"{text} {ground:.2f}/{bottom:.2f}"
        made.append(MapNode(x, y, ROLES[pipes.role[row]], item.colour, text,
                            (layer.id, int(pipes.ids[row]))))  # fmt: skip
    return made


def _in(data: Features, extent: Box) -> Ints:
    bounds = data.shapes.bounds()
    west, south, east, north = extent
    return np.flatnonzero(
        (bounds[:, 2] >= west) & (bounds[:, 0] <= east)
        & (bounds[:, 3] >= south) & (bounds[:, 1] <= north)
    )  # fmt: skip


def surroundings(project: Project, extent: Box) -> Backdrop:
    """Give streets, buildings, water and green of a project around a place."""
    areas: dict[str, list[Any]] = {"buildings": [], "water": [], "greenery": []}
    streets: list[Any] = []
    kerbs: list[Any] = []
    names: list[tuple[Any, str]] = []
    for layer in project.layers:
        data = layer.data
        if not isinstance(data, Features) or layer.kind not in {*areas, "roads"}:
            continue
        rows = _in(data, extent)
        shapes = shapely.force_2d(data.shapes.take(rows).to_shapely())
        if layer.kind != "roads":
            areas[layer.kind] += [s for s in shapes if s.geom_type in {"Polygon", "MultiPolygon"}]
            continue
        wide = data.numbers(layer.style.width_field) if layer.style.width_field else None
        half = np.full(len(rows), 5.0) if wide is None else np.nan_to_num(wide[rows], nan=10.0) / 2
        lines = [k for k, s in enumerate(shapes) if s.geom_type == "LineString"]
        if lines:
            strips = shapely.buffer(shapes[lines], half[lines], cap_style="flat")
            streets += list(strips)
            whole = shapely.union_all(strips, grid_size=0.01)
            kerbs += list(shapely.get_parts(shapely.boundary(shapely.get_parts(whole))))
        field_ = name_field(data)
        if field_:
            said = texts(data.column(field_))[rows]
            names += [(shapes[k], str(said[k])) for k in lines if said[k]]
    return Backdrop(
        tuple(areas["water"]), tuple(areas["greenery"]), tuple(areas["buildings"]),
        tuple(streets), tuple(kerbs), tuple(names),
    )  # fmt: skip


def _zones(
    project: Project, name: str, extent: Box
) -> tuple[list[MapOutline], tuple[LegendRow, ...]]:
    """Give the areas and lines of a layer as zones with their names, and their legend."""
    if not name:
        return [], ()
    data = project.layer(name).features
    rows = _in(data, extent)
    field_ = name_field(data)
    said = texts(data.column(field_))[rows] if field_ else [None] * len(rows)
    kinds = texts(data.column("class"))[rows] if "class" in data.attributes.column_names else said
    colour = {kind: ZONE_COLOURS[k % len(ZONE_COLOURS)]
              for k, kind in enumerate(dict.fromkeys(kinds))}  # fmt: skip
    made = []
    shapes = shapely.force_2d(data.shapes.take(rows).to_shapely())
    for shape, text, kind in zip(shapes, said, kinds, strict=True):
        for part in shapely.get_parts(shape):
            closed = part.geom_type == "Polygon"
            if not closed and part.geom_type != "LineString":
                continue
            points: Floats = shapely.get_coordinates(part.exterior if closed else part)
            made.append(MapOutline(points, colour[kind], closed, (6.0, 1.0, 0.6, 1.0), 0.35,
                                   str(text or ""), 6.0 if closed else 0.0))  # fmt: skip
    legend = [LegendRow(paint, str(kind), dash=(6.0, 1.0, 0.6, 1.0))
              for kind, paint in colour.items() if kind][:8]  # fmt: skip
    return made, tuple(legend)

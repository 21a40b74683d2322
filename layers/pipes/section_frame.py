"""What cross and longitudinal sections share on paper: axes, ground, tables, title block."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from layers.pipes.classes import CLASSES
from layers.pipes.plate import (
    CHAIN,
    DASHED,
    GREY,
    LEFT_MARGIN,
    MARGIN,
    MIDDLE,
    PALE,
    THICK,
    THIN,
    Board,
    Plate,
    Stroke,
    paper_for,
    spread,
    text_width,
)
from layers.pipes.section_line import GroundLine, Strip
from layers.pipes.sections import CutPipe
from layers.shapes import Floats

#: Gives the words for a key, in the language of the drawing.
Words = Callable[[str], str]

#: Usual scales and, between them, those that GB/T 50001 allows.
SCALES = (
    20, 25, 50, 100, 150, 200, 250, 300, 400, 500, 600, 1000, 2000, 2500, 5000, 10000, 20000, 50000,
)  # fmt: skip
SURFACES = {"carriageway": ("#b4b7bb", 0.25), "footway": ("#e4dccb", 0.12),
            "path": ("#d3dfcf", 0.12)}  # fmt: skip
BAND = 37.0  # millimetres below the table for legend, notes and title block
BLOCK = 150.0  # width of the title block
TOP = 17.0  # room for the title
HEAD_TEXT, CELL_TEXT = 2.5, 2.3
COLUMN = 5.4  # millimetres of a column of turned figures
LEGEND_ROWS, NOTE_ROWS = 4, 7
TINY = 0.5  # millimetres: what is smaller gets a cross
HIGHEST = 250.0  # millimetres of a drawing on larger paper
SHOWN_WALL = 0.35  # millimetres from which a wall is drawn


@dataclass(frozen=True, slots=True)
class PlateFacts:
    """What stands in the title block, and how the drawing is made.

    Attributes
    ----------
    title : str
        Of the drawing.
    project : str
        Title of the project.
    author, date, crs : str
        Who, when, coordinate system.
    number : str
        Of the section or the sheet.
    scale : float
        1 : scale along; 0 takes the largest that fits A3.
    exaggeration : float
        How many times larger heights are drawn; 0 takes 1 for cross sections, and for
        longitudinal ones up to 10.
    error_band : bool
        Whether the error of the survey is drawn.
    notes : tuple of str
        Sentences below the table.
    """

    title: str = ""
    project: str = ""
    author: str = ""
    date: str = ""
    crs: str = ""
    number: str = ""
    scale: float = 0.0
    exaggeration: float = 1.0
    error_band: bool = True
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Axes:
    """From metres to millimetres.

    Attributes
    ----------
    x, y : float
        Where station 0 and the lowest level shown stand, millimetres.
    low, high : float
        Levels shown, metres.
    length : float
        Metres along.
    across, up : float
        Millimetres of a metre.
    """

    x: float
    y: float
    low: float
    high: float
    length: float
    across: float
    up: float

    def at(self, station: ArrayLike, level: ArrayLike) -> Floats:
        """Give places on paper, (k, 2) millimetres."""
        s, z = np.broadcast_arrays(np.asarray(station, float), np.asarray(level, float))
        return np.column_stack([
            self.x + s.ravel() * self.across, self.y + (z.ravel() - self.low) * self.up
        ])  # fmt: skip

    def east(self, station: float) -> float:
        """Give where a station stands."""
        return self.x + station * self.across

    def north(self, level: float) -> float:
        """Give where a level stands."""
        return self.y + (level - self.low) * self.up

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the drawing itself."""
        return self.x, self.y, self.east(self.length), self.north(self.high)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table below: its heading and one cell for each column."""

    heading: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """A row whose texts stand between columns: heading, and (from, to, text) for each."""

    heading: str
    cells: tuple[tuple[int, int, str], ...]


@dataclass(slots=True)
class Frame:
    """Sizes of everything around the drawing, found before it is drawn.

    Attributes
    ----------
    rows : list of Row or Between
        The table.
    head : float
        Width of its headings, millimetres.
    """

    rows: Sequence[Row | Between]
    head: float = field(init=False)

    def __post_init__(self) -> None:
        widest = max((text_width(row.heading, HEAD_TEXT) for row in self.rows), default=20.0)
        self.head = max(widest + 5.0, 26.0)

    def row_height(self, row: Row | Between) -> float:
        """Give how high a row is, millimetres."""
        if isinstance(row, Between):
            return 8.0
        widest = max((text_width(cell, CELL_TEXT) for cell in row.cells), default=0.0)
        return max(widest + 3.0, 7.0)

    @property
    def table_height(self) -> float:
        """All rows together, millimetres."""
        return sum(self.row_height(row) for row in self.rows)


RULER = 13.0  # millimetres between the headings and the drawing, for the levels
ELBOW = 9.0  # millimetres between the drawing and the table, for lines to the columns


def fitting_scale(
    length: float, height: float, frame: Frame, exaggerations: Sequence[float], columns: int,
    over: float = 0.0,
) -> tuple[float, float]:  # fmt: skip
    """Choose scale and exaggeration: the largest usual scale at which a section fits A3.

    Where the columns of the table would then be far wider than what is drawn, larger paper is
    taken instead.

    Parameters
    ----------
    length, height : float
        Of what is drawn, metres.
    frame : Frame
        What stands around it.
    exaggerations : sequence of float
        Those that may be taken, the best first.
    columns : int
        Of the table.
    over : float
        Millimetres above what is drawn, whatever the scale.
    """
    need = 0.7 * columns * COLUMN
    for times in exaggerations:
        for scale in SCALES:
            body = length * 1000.0 / scale
            wide = frame.head + RULER + body + 8.0
            high = height * 1000.0 / scale * times + over + _around(frame)
            if wide <= 420.0 - LEFT_MARGIN - MARGIN and high <= 297.0 - 2 * MARGIN:
                if body >= need:
                    return float(scale), times
                break
    scale = max((one for one in SCALES if length * 1000.0 / one >= need), default=SCALES[0])
    fitting = [one for one in exaggerations if height * 1000.0 / scale * one + over <= HIGHEST]
    return float(scale), fitting[0] if fitting else exaggerations[-1]


def _around(frame: Frame) -> float:
    return frame.table_height + ELBOW + BAND + TOP + 8.0


def laid_out(
    frame: Frame, length: float, low: float, high: float, scale: float, exaggeration: float,
    columns: int,
) -> tuple[Axes, tuple[float, float], str]:  # fmt: skip
    """Choose the paper and where the drawing stands on it.

    Returns
    -------
    Axes, (width, height) of the paper in millimetres, its name
    """
    across = 1000.0 / scale
    up = across * exaggeration
    body = max(length * across, columns * COLUMN)
    wide = max(frame.head + RULER + body + 8.0, BLOCK + 70.0)
    high_mm = (high - low) * up + _around(frame)
    name, paper_wide, paper_high = paper_for(wide, high_mm)
    spare_x = paper_wide - LEFT_MARGIN - MARGIN - wide
    spare_y = paper_high - 2 * MARGIN - high_mm
    x = LEFT_MARGIN + frame.head + RULER + 4.0 + spare_x / 2.0
    y = MARGIN + BAND + frame.table_height + ELBOW + 3.0 + spare_y / 2.0
    return Axes(x, y, low, high, length, across, up), (paper_wide, paper_high), name


def draw_ruler(board: Board, axes: Axes, words: Words) -> None:
    """Draw levels at the left, as a staff of black and white pieces."""
    step = next(s for s in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
                if s * axes.up >= 5.0)  # fmt: skip
    x, thin = axes.x - 5.0, Stroke(THIN)
    first, last = np.ceil(axes.low / step - 1e-9), np.floor(axes.high / step + 1e-9)
    levels = np.arange(first, last + 1) * step
    for k, level in enumerate(levels.tolist()):
        y = axes.north(level)
        if k + 1 < len(levels):
            top = axes.north(levels[k + 1])
            board.rectangle(x, y, x + 1.2, top, "#000000" if k % 2 else "#ffffff", thin)
        board.line([(x - 1.0, y), (x, y)], thin)
        digits = 1 if step < 1.0 or not float(level).is_integer() else 0
        board.text(x - 1.5, y, f"{level + 0.0:.{digits}f}", 2.0, anchor="end")
        board.line([(axes.x, y), (axes.box[2], y)], Stroke(0.05, PALE), layer="grid")
    board.text(x - 8.5, (axes.y + axes.box[3]) / 2.0, words("level"), 2.2, anchor="middle",
               turn=90.0)  # fmt: skip


def draw_ground(board: Board, axes: Axes, ground: GroundLine, strips: Sequence[Strip]) -> None:
    """Draw pavement, the line of the ground, and earth below it."""
    for strip in strips:
        colour, thick = SURFACES[strip.surface]
        inside = ground.station[(ground.station > strip.start) & (ground.station < strip.end)]
        station = np.concatenate([[strip.start], inside, [strip.end]])
        top = axes.at(station, ground.at(station))
        below = top - (0.0, max(thick * axes.up, 1.0))
        board.area(np.concatenate([top, below[::-1]]), colour, Stroke(THIN), layer="pavement")
    line = axes.at(ground.station, ground.level)
    if ground.known.all():
        board.line(line, Stroke(THICK), layer="ground")
    else:
        board.line(line, Stroke(MIDDLE, dash=DASHED), layer="ground")
        known = np.flatnonzero(ground.known)
        for run in np.split(known, np.flatnonzero(np.diff(known) > 1) + 1):
            if len(run) > 1:
                board.line(line[run], Stroke(THICK), layer="ground")
    east = float(axes.box[2])
    for x in np.arange(axes.x + 4.0, east - 3.0, 14.0):
        station = (np.array([x, x + 1.2, x + 2.4]) - axes.x) / axes.across
        thick = max((SURFACES[s.surface][1] for s in strips
                     if s.start <= station[1] <= s.end), default=0.0)  # fmt: skip
        y = axes.at(station, ground.at(station))[:, 1] - (max(thick * axes.up, 1.0) if thick else 0)
        for k in range(3):
            board.line([(x + 1.2 * k, y[k]), (x + 1.2 * k - 1.4, y[k] - 1.6)], Stroke(THIN),
                       layer="ground")  # fmt: skip


def keep_ground_free(board: Board, axes: Axes, ground: GroundLine) -> None:
    """Keep labels off the line of the ground."""
    for x in np.arange(axes.x, axes.box[2], 3.0):
        y = axes.north(float(ground.at([(x + 1.5 - axes.x) / axes.across])[0]))
        board.take((float(x), y - 1.9, float(x) + 3.0, y + 0.5))


def draw_strips(board: Board, axes: Axes, strips: Sequence[Strip], y: float, words: Words) -> None:
    """Draw widths of surfaces above the ground, as a dimension line at a height."""
    end = -1e9
    for strip in strips:
        a, b = axes.east(strip.start), axes.east(strip.end)
        board.line([(a, y), (b, y)], Stroke(THIN, GREY), layer="dimensions")
        for x in (a, b):
            board.line([(x - 0.7, y - 0.7), (x + 0.7, y + 0.7)], Stroke(MIDDLE, GREY),
                       layer="dimensions")  # fmt: skip
            board.line([(x, y - 1.5), (x, y + 1.5)], Stroke(THIN, GREY), layer="dimensions")
        figure = f"{strip.end - strip.start:.2f}"
        for text in (f"{words(strip.surface)} {figure}", figure):
            wide = text_width(text, 2.2)
            if wide < b - a + 2.0 and (a + b - wide) / 2.0 > end + 0.5:
                board.text((a + b) / 2.0, y + 2.0, text, 2.2, anchor="middle")
                end = (a + b + wide) / 2.0
                break


def draw_section_of(board: Board, axes: Axes, pipe: CutPipe, *, error_band: bool) -> None:
    """Draw one pipe as it is cut: outside, wall, ducts, compartments, error of the survey."""
    x, y = axes.east(pipe.station), axes.north(pipe.centre)
    rx, ry = pipe.half_along * axes.across, pipe.half_high * axes.up
    link = (pipe.layer, pipe.pipe)
    unsure = "level" in pipe.assumed
    colour = "#d00000" if pipe.status == "planned" else "#000000"
    width = MIDDLE if min(rx, ry) > 1.5 else THIN
    stroke = Stroke(THIN if unsure else width, colour, (1.0, 0.6) if unsure else ())
    fill = "#ffffff" if pipe.status == "abandoned" else pipe.colour
    layer = f"pipes-{pipe.line_class}"
    if pipe.form == "round":
        board.oval(x, y, rx, ry, stroke=stroke, fill=fill, layer=layer, link=link)
        wall = (pipe.half_high - pipe.inner_high) * axes.up
        if wall > SHOWN_WALL and pipe.inner_high > 0:
            ix, iy = pipe.inner_along * axes.across, pipe.inner_high * axes.up
            board.oval(x, y, ix, iy, stroke=Stroke(THIN), fill="#ffffff", layer=layer, link=link)
    else:
        board.rectangle(x - rx, y - ry, x + rx, y + ry, fill, stroke, layer=layer, link=link)
        _draw_inside(board, axes, pipe, layer)
    if min(rx, ry) < TINY:  # a cross shows where it lies
        for dx, dy in ((1.2, 0.0), (0.0, 1.2)):
            board.line([(x - dx, y - dy), (x + dx, y + dy)], Stroke(THIN, pipe.colour), layer=layer,
                       link=link)  # fmt: skip
    if pipe.status == "abandoned":
        for side in (-1, 1):
            board.line([(x - rx, y - side * ry), (x + rx, y + side * ry)], Stroke(THIN, GREY),
                       layer=layer)  # fmt: skip
    if error_band:
        ex = rx + pipe.plan_error * axes.across
        ey = ry + pipe.depth_error * axes.up
        board.rectangle(x - ex, y - ey, x + ex, y + ey, "", Stroke(0.09, GREY, (0.8, 0.6)),
                        layer="survey-error")  # fmt: skip
    board.take((x - rx, y - ry, x + rx, y + ry))


def _draw_inside(board: Board, axes: Axes, pipe: CutPipe, layer: str) -> None:
    x, y = axes.east(pipe.station), axes.north(pipe.centre)
    ix, iy = pipe.inner_along * axes.across, pipe.inner_high * axes.up
    link = (pipe.layer, pipe.pipe)
    if pipe.form == "bank":
        rows, columns = pipe.grid
        dx, dy = 2.0 * ix / max(columns, 1), 2.0 * iy / max(rows, 1)
        for r in range(rows):
            for c in range(columns):
                board.oval(x - ix + dx * (c + 0.5), y - iy + dy * (r + 0.5), 0.36 * dx, 0.36 * dy,
                           stroke=Stroke(THIN), fill="#ffffff", layer=layer, link=link)  # fmt: skip
        return
    board.rectangle(x - ix, y - iy, x + ix, y + iy, "#ffffff", Stroke(THIN), layer=layer, link=link)
    total = sum(pipe.parts)
    at = 0.0
    for part in pipe.parts[:-1]:
        at += part
        wall = x - ix + 2.0 * ix * at / total
        board.line([(wall, y - iy), (wall, y + iy)], Stroke(THICK), layer=layer)


def draw_table(
    board: Board, axes: Axes, frame: Frame, wanted: Floats, bottoms: Floats,
    links: Sequence[tuple[str, int] | None],
) -> Floats:  # fmt: skip
    """Draw the table below with lines from each thing down to its column.

    Parameters
    ----------
    board, axes, frame
        Where.
    wanted : (n,) float64
        Where the columns should stand, millimetres, rising.
    bottoms : (n,) float64
        Where the lines begin, millimetres.
    links : sequence
        What each column is about.

    Returns
    -------
    (n,) ndarray of float64
        Where the columns stand.
    """
    top = axes.y - ELBOW
    west, first = axes.x - RULER - frame.head, axes.x - 3.0
    columns = spread(wanted, np.full(len(wanted), COLUMN), first, axes.box[2] + 3.0)
    east = max(axes.box[2] + 3.0, float(columns.max(initial=0.0)) + COLUMN)
    for x, want, y in zip(columns, wanted, bottoms, strict=True):
        board.line([(want, y), (want, top + ELBOW - 1.0), (x, top + 1.0), (x, top)],
                   Stroke(0.09, GREY), layer="leaders")  # fmt: skip
    y = top
    for row in frame.rows:
        high = frame.row_height(row)
        board.rectangle(west, y - high, east, y, "", Stroke(MIDDLE), layer="table")
        board.line([(first - RULER + 3.0, y - high), (first - RULER + 3.0, y)], Stroke(MIDDLE),
                   layer="table")  # fmt: skip
        board.text(west + 2.0, y - high / 2.0, row.heading, HEAD_TEXT)
        if isinstance(row, Between):
            _draw_between(board, row, columns, y, high)
        else:
            for k, cell in enumerate(row.cells):
                board.line([(columns[k] + 1.6, y - high), (columns[k] + 1.6, y)],
                           Stroke(0.05, PALE), layer="table")  # fmt: skip
                board.text(columns[k], y - high / 2.0, cell, CELL_TEXT, anchor="middle", turn=90.0,
                           link=links[k])  # fmt: skip
        y -= high
    return columns


def _draw_between(board: Board, row: Between, columns: Floats, y: float, high: float) -> None:
    for a, b, text in row.cells:
        x, z = float(columns[a]), float(columns[b])
        for edge in (x, z):
            board.line([(edge, y - high), (edge, y)], Stroke(THIN), layer="table")
        size = 2.2
        if text_width(text, size) > z - x - 0.4:
            size = max(2.2 * (z - x - 0.4) / max(text_width(text, 2.2), 0.1), 1.4)
        if text_width(text, size) <= z - x + 0.6:
            board.text((x + z) / 2.0, y - high / 2.0, text, size, anchor="middle")
        else:
            board.text((x + z) / 2.0, y - high / 2.0, text, 1.9, anchor="middle", turn=90.0)


def draw_lines_of_control(
    board: Board, axes: Axes, marks: Sequence[tuple[float, str, str]], y: float
) -> None:
    """Draw upright lines with names: (station, name, colour); names stand apart."""
    wide = [text_width(name, 2.2) + 2.0 for _, name, _ in marks]
    at = spread([axes.east(s) for s, _, _ in marks], wide, axes.x - 20.0, axes.box[2] + 20.0)
    for (station, name, colour), x in zip(marks, at.tolist(), strict=True):
        line = axes.east(station)
        board.line([(line, axes.y), (line, y - 3.0), (x, y - 1.4)],
                   Stroke(MIDDLE, colour, CHAIN), layer="control-lines")  # fmt: skip
        board.text(x, y, name, 2.2, anchor="middle", colour=colour)
        board.take((line - 0.2, axes.y, line + 0.2, y - 3.0))


def finished(
    board: Board, paper: tuple[float, float], paper_name: str, facts: PlateFacts, words: Words,
    pipes: Sequence[str], scale: float,
) -> Plate:  # fmt: skip
    """Put frame, title, legend of the classes, notes and title block around the drawing."""
    wide, high = paper
    board.rectangle(0.0, 0.0, wide, high, "", Stroke(THIN))
    board.rectangle(LEFT_MARGIN, MARGIN, wide - MARGIN, high - MARGIN, "", Stroke(THICK))
    middle = (LEFT_MARGIN + wide - MARGIN) / 2.0
    board.text(middle, high - MARGIN - 7.0, facts.title, 5.0, anchor="middle", bold=True)
    across, up = f"1:{scale:g}", f"1:{scale / facts.exaggeration:g}"
    same = facts.exaggeration == 1.0
    shown = across if same else f"{words('across')} {across}  {words('up')} {up}"
    half = text_width(facts.title, 5.0) / 2.0
    for k, gap in enumerate((10.6, 11.4)):
        board.line([(middle - half, high - MARGIN - gap), (middle + half, high - MARGIN - gap)],
                   Stroke((THICK, THIN)[k]))  # fmt: skip
    board.text(middle, high - MARGIN - 14.0, shown, 3.0, anchor="middle")
    _draw_block(board, wide, facts, words, shown, paper_name)
    _draw_legend(board, facts, words, pipes)
    return Plate(wide, high, tuple(board.shapes), facts.title)


def _draw_block(
    board: Board, wide: float, facts: PlateFacts, words: Words, shown: str, paper: str
) -> None:
    """Draw the title block at the lower right."""
    east, south = wide - MARGIN, MARGIN
    west = east - BLOCK
    rows = (
        ((words("project"), facts.project, 150.0),),
        ((words("name-drawing"), facts.title, 100.0), (words("number"), facts.number, 50.0)),
        ((words("scale"), shown, 100.0), (words("paper"), paper, 50.0)),
        ((words("author"), facts.author, 75.0), (words("date"), facts.date, 75.0)),
        ((words("crs"), facts.crs, 100.0), (words("unit"), words("unit-metres"), 50.0)),
    )
    step = 6.6
    y = south + step * len(rows)
    board.rectangle(west, south, east, y, "#ffffff", Stroke(MIDDLE), layer="title-block")
    for row in rows:
        x = west
        for heading, text, size in row:
            board.rectangle(x, y - step, x + size, y, "", Stroke(THIN), layer="title-block")
            board.text(x + 1.5, y - step / 2.0, heading, 2.0, colour=GREY)
            room = size - text_width(heading, 2.0) - 5.0
            large = min(2.8, 2.8 * room / max(text_width(text, 2.8), 0.1))
            board.text(x + size - 1.5, y - step / 2.0, text, large, anchor="end")
            x += size
        y -= step


def _draw_legend(board: Board, facts: PlateFacts, words: Words, classes: Sequence[str]) -> None:
    """Draw the colours of the classes and the notes at the lower left."""
    x, y = LEFT_MARGIN + 3.0, MARGIN + 5.0 * 6.6 - 2.5
    column = 0.0
    for k, key in enumerate(dict.fromkeys(classes)):
        item = next(one for one in CLASSES if one.key == key)
        at = y - 6.0 * (k % LEGEND_ROWS)
        text = f"{item.code} {words(f'class-{key}')}"
        board.oval(x + 1.5, at, 1.4, 1.4, stroke=Stroke(THIN), fill=item.colour)
        board.text(x + 4.5, at, text, 2.3)
        column = max(column, text_width(text, 2.3) + 8.0)
        if k % LEGEND_ROWS == LEGEND_ROWS - 1:
            x, column = x + column, 0.0
    x += column + 2.0
    column = 0.0
    for k, note in enumerate(facts.notes):
        if k and k % NOTE_ROWS == 0:
            x, column = x + column + 4.0, 0.0
        text = f"{k + 1}. {note}"
        board.text(x, y - 4.4 * (k % NOTE_ROWS), text, 2.1)
        column = max(column, text_width(text, 2.1))

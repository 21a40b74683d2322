"""A plan of pipes on paper: what it shows, its paper and scale, its frame and its legend."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from layers.errors import CityError
from layers.pipes.map_symbols import draw_symbol
from layers.pipes.plate import (
    DASHED,
    DOTTED,
    GREY,
    LEFT_MARGIN,
    MARGIN,
    MIDDLE,
    PAPERS,
    THICK,
    THIN,
    Board,
    Box,
    Link,
    Stroke,
    text_width,
)
from layers.shapes import Floats
from layers.style import Colour

Words = Callable[[str], str]
#: Denominators that maps have.
SCALES = (100, 200, 500, 1000, 2000, 2500, 5000, 10000, 20000, 25000, 50000, 100000)
PANEL = 66.0  # millimetres of the column with legend and title block
BLOCK_ROW = 7.0
GRID = 100.0  # millimetres between grid lines, at the most
BLANK = "#ffffff"
LAP = 15.0  # millimetres that neighbouring sheets share
STATUS_DASHES: dict[str, tuple[float, ...]] = {
    "existing": (), "planned": DASHED, "abandoned": DOTTED,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class MapRun:
    """A run on the map.

    Attributes
    ----------
    points : (k, 2) float64
        Project metres.
    colour : str
        By class or by an attribute.
    status : str
        ``existing``, ``planned`` or ``abandoned``.
    width : float
        Of the pipe, metres.
    text : str
        Written along it.
    flow : int
        1 where it flows along its points, -1 against them, 0 unknown or not to be shown.
    link : (str, int) or None
        Layer and object.
    """

    points: Floats
    colour: Colour
    status: str = "existing"
    width: float = 0.0
    text: str = ""
    flow: int = 0
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class MapNode:
    """A node on the map: place in project metres, role, colour, text beside it."""

    x: float
    y: float
    role: str
    colour: Colour
    text: str = ""
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class MapMark:
    """A numbered place: a conflict, a valve to close, a customer."""

    x: float
    y: float
    text: str
    colour: Colour = "#c62828"


@dataclass(frozen=True, slots=True, eq=False)
class MapOutline:
    """A line or an area drawn over the map: a site, a zone, a section line, a route.

    Attributes
    ----------
    points : (k, 2) float64
        Project metres.
    colour : str
        Of its edge.
    closed : bool
        Whether it is an area.
    dash : tuple of float
        Millimetres.
    width : float
        Millimetres.
    text : str
        Name, at its middle or at the ends of a line.
    hatch : float
        Millimetres between slanting lines inside; 0 for none.
    """

    points: Floats
    colour: Colour
    closed: bool = True
    dash: tuple[float, ...] = ()
    width: float = MIDDLE
    text: str = ""
    hatch: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Backdrop:
    """What lies around the pipes, as polygons and lines of shapely in project metres.

    Attributes
    ----------
    waters, greens, buildings, roads : tuple of Polygon
        Areas.
    kerbs : tuple of LineString
        Edges of the roads.
    names : tuple of (LineString, str)
        Names written along streets.
    """

    waters: tuple[object, ...] = ()
    greens: tuple[object, ...] = ()
    buildings: tuple[object, ...] = ()
    roads: tuple[object, ...] = ()
    kerbs: tuple[object, ...] = ()
    names: tuple[tuple[object, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LegendRow:
    """A line of the legend: a colour, what it stands for, and a figure such as a length."""

    colour: Colour
    text: str
    figure: str = ""
    dash: tuple[float, ...] = ()
    role: str = ""


@dataclass(frozen=True, slots=True)
class MapFacts:
    """What stands on the sheet, and how it is made.

    Attributes
    ----------
    title, project, author, date, crs, number, program : str
        Of the title block.
    scale : float
        1 : scale; 0 takes the largest that fits the paper.
    paper : str
        A4 to A0; "" takes A3, or what the scale needs.
    labels : bool
        Whether runs and nodes are written at.
    legend : tuple of LegendRow
        Colours.
    legend_title : str
        Above them: the class, or the attribute.
    notes : tuple of str
        Below the legend.
    """

    title: str = ""
    project: str = ""
    author: str = ""
    date: str = ""
    crs: str = ""
    number: str = ""
    program: str = ""
    scale: float = 0.0
    paper: str = ""
    labels: bool = True
    legend: tuple[LegendRow, ...] = ()
    legend_title: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class MapContent:
    """All that a map shows."""

    runs: tuple[MapRun, ...]
    nodes: tuple[MapNode, ...] = ()
    marks: tuple[MapMark, ...] = ()
    outlines: tuple[MapOutline, ...] = ()
    backdrop: Backdrop = field(default_factory=Backdrop)


@dataclass(frozen=True, slots=True)
class Layout:
    """Paper and place of the map on it.

    Attributes
    ----------
    name : str
        Of the paper.
    width, height : float
        Millimetres.
    box : Box
        The map on the paper, millimetres.
    west, south : float
        Project metres at its lower left.
    scale : float
        1 : scale.
    """

    name: str
    width: float
    height: float
    box: Box
    west: float
    south: float
    scale: float

    @property
    def factor(self) -> float:
        """Millimetres on paper for a metre."""
        return 1000.0 / self.scale

    @property
    def extent(self) -> Box:
        """West, south, east, north of what is shown, project metres."""
        w, s, e, n = self.box
        return (self.west, self.south, self.west + (e - w) / self.factor,
                self.south + (n - s) / self.factor)  # fmt: skip

    def place(self, points: Floats) -> Floats:
        """Give points in millimetres, (k, 2)."""
        origin = np.array([self.west, self.south])
        return np.asarray((points - origin) * self.factor + np.array(self.box[:2]))


def laid_out(extent: Box, facts: MapFacts) -> Layout:
    """Choose paper and scale for what is to be shown.

    Parameters
    ----------
    extent : Box
        West, south, east, north, project metres.
    facts : MapFacts
        Wanted scale and paper. A scale without a paper takes the smallest paper from A4 on; with
        both, the middle of the extent is shown.

    Raises
    ------
    CityError
        ``maps.extent``, ``maps.paper``, ``maps.scale``, ``maps.too_large``.
    """
    west, south, east, north = extent
    if not (east > west and north > south and all(math.isfinite(v) for v in extent)):
        raise CityError(
            "maps.extent", "A map needs a west below its east and a south below its north.",
            hint="write --box WEST,SOUTH,EAST,NORTH in metres",
        )  # fmt: skip
    if facts.scale and not 20.0 <= facts.scale <= 500_000.0:
        raise CityError(
            "maps.scale", f"No map is drawn at 1:{facts.scale:g}.", scale=facts.scale,
            hint="give a scale of 20 to 500000, such as 1000",
        )  # fmt: skip
    papers = {name: (name, wide, high) for name, wide, high in PAPERS}
    if facts.paper and facts.paper.upper() not in papers:
        raise CityError(
            "maps.paper", f"There is no paper '{facts.paper}'.", text=facts.paper,
            hint=f"use one of {', '.join(papers)}",
        )  # fmt: skip
    wanted = papers[facts.paper.upper()] if facts.paper else papers["A3"]
    wide, high = east - west, north - south
    if facts.scale and not facts.paper:
        fitting = [p for p in papers.values() if _fits(p, wide, high, facts.scale)]
        if not fitting:
            fits = next((s for s in SCALES if _fits(papers["A0"], wide, high, s)), SCALES[-1])
            raise CityError(
                "maps.too_large",
                f"{wide:.0f} x {high:.0f} m do not fit on A0 at 1:{facts.scale:g}.",
                hint=f"take 1:{fits}, or cut it into sheets (--sheets)",
                width=round(wide), height=round(high), scale=facts.scale, fits=fits,
            )  # fmt: skip
        wanted = fitting[0]
    scale = facts.scale or next(
        (float(s) for s in SCALES if _fits(wanted, wide, high, s)), float(SCALES[-1])
    )
    box = _room(wanted)
    middle = (west + east) / 2.0, (south + north) / 2.0
    reach = (box[2] - box[0]) * scale / 2000.0, (box[3] - box[1]) * scale / 2000.0
    return Layout(*wanted, box, middle[0] - reach[0], middle[1] - reach[1], scale)


def sheets_of(extent: Box, facts: MapFacts) -> tuple[Box, ...]:
    """Cut what is to be shown into parts of which each fits one sheet at the wanted scale.

    Parameters
    ----------
    extent : Box
        West, south, east, north, project metres.
    facts : MapFacts
        Wanted scale, and the paper of each sheet; without a paper A3.

    Returns
    -------
    tuple of Box
        Row by row from the north-west; all of one size, neighbours share ``LAP`` millimetres. The
        extent itself where no scale is wanted or one sheet is enough.
    """
    if not facts.scale:
        return (extent,)
    name = facts.paper.upper() or "A3"
    paper = next((one for one in PAPERS if one[0] == name), PAPERS[1])
    west, south, east, north = extent
    box = _room(paper)
    size = np.array([box[2] - box[0], box[3] - box[1]]) * facts.scale / 1000.0
    lap = LAP * facts.scale / 1000.0
    whole = np.array([east - west, north - south])
    count = np.maximum(np.ceil((whole - lap) / (size - lap)), 1).astype(np.int64)
    if count.max() == 1:
        return (extent,)
    step = np.where(count > 1, (whole - size) / np.maximum(count - 1, 1), 0.0)
    part = np.minimum(size, whole)
    return tuple(
        (
            west + i * float(step[0]), north - j * float(step[1]) - float(part[1]),
            west + i * float(step[0]) + float(part[0]), north - j * float(step[1]),
        )
        for j in range(int(count[1]))
        for i in range(int(count[0]))
    )  # fmt: skip


def _room(paper: tuple[str, float, float]) -> Box:
    return (LEFT_MARGIN + 5.0, MARGIN + 5.0, paper[1] - MARGIN - PANEL, paper[2] - MARGIN - 5.0)


def _fits(paper: tuple[str, float, float], wide: float, high: float, scale: float) -> bool:
    west, south, east, north = _room(paper)
    return wide * 1000.0 / scale <= east - west and high * 1000.0 / scale <= north - south


def draw_frame(board: Board, layout: Layout, words: Words) -> None:
    """Draw the frame with the grid of coordinates: crosses inside, metres at the edges."""
    w, s, e, n = layout.box
    board.rectangle(0.0, 0.0, layout.width, layout.height, "", Stroke(THIN))
    board.rectangle(LEFT_MARGIN, MARGIN, layout.width - MARGIN, layout.height - MARGIN, "",
                    Stroke(THICK))  # fmt: skip
    board.rectangle(w, s, e, n, "", Stroke(MIDDLE), layer="frame")
    step = grid_step(layout.scale)
    west, south, east, north = layout.extent
    easts = np.arange(math.ceil(west / step) * step, east, step)
    norths = np.arange(math.ceil(south / step) * step, north, step)
    for x in easts.tolist():
        at = float(layout.place(np.array([[x, south]]))[0, 0])
        for y, up in ((s, -1.0), (n, 1.0)):
            board.line([(at, y), (at, y + up * 1.5)], Stroke(THIN), layer="grid")
            board.text(at, y + up * 3.0, f"{x:.0f}", 1.8, anchor="middle", colour=GREY)
    for y in norths.tolist():
        at = float(layout.place(np.array([[west, y]]))[0, 1])
        for x, side in ((w, -1.0), (e, 1.0)):
            board.line([(x, at), (x + side * 1.5, at)], Stroke(THIN), layer="grid")
            board.text(x + side * 3.0, at, f"{y:.0f}", 1.8, anchor="middle", turn=90.0,
                       colour=GREY)  # fmt: skip
    for x in easts.tolist():
        for y in norths.tolist():
            a, b = layout.place(np.array([[x, y]]))[0].tolist()
            board.line([(a - 1.5, b), (a + 1.5, b)], Stroke(THIN, GREY), layer="grid")
            board.line([(a, b - 1.5), (a, b + 1.5)], Stroke(THIN, GREY), layer="grid")
    del words


def grid_step(scale: float) -> float:
    """Give the distance of grid lines in metres: 1, 2 or 5 times a power of ten.

    >>> grid_step(1000.0), grid_step(2500.0)
    (100.0, 200.0)
    """
    most = GRID * scale / 1000.0
    power = 10.0 ** math.floor(math.log10(most))
    return float(next(k * power for k in (5.0, 2.0, 1.0) if k * power <= most * (1.0 + 1e-9)))


def draw_panel(
    board: Board, layout: Layout, facts: MapFacts, statuses: Sequence[str], roles: Sequence[str],
    words: Words,
) -> None:  # fmt: skip
    """Draw the column beside the map: north arrow, scale, legend, notes, title block."""
    west = layout.box[2] + 8.0
    east, top = layout.width - MARGIN - 2.0, layout.height - MARGIN - 5.0
    _north(board, west + 8.0, top - 12.0)
    _scale_bar(board, west + 22.0, top - 14.0, layout.scale)
    y = top - 28.0
    low = MARGIN + 7 * BLOCK_ROW + 5.0
    y = _legend(board, west, y, low, facts, statuses, roles, words)
    for note in facts.notes:
        for line in _lines(note, east - west, 2.0):
            if y < low:
                break
            board.text(west, y, line, 2.0, colour=GREY)
            y -= 3.4
    _block(board, layout, facts, words)


def _north(board: Board, x: float, y: float) -> None:
    board.area([(x, y + 9.0), (x - 3.4, y - 5.0), (x, y - 2.2)], "#000000", Stroke(THIN))
    board.area([(x, y + 9.0), (x + 3.4, y - 5.0), (x, y - 2.2)], BLANK, Stroke(THIN))
    board.text(x, y + 11.0, "N", 3.2, anchor="middle", bold=True)


def _scale_bar(board: Board, x: float, y: float, scale: float) -> None:
    """Draw a bar of four parts, and the scale as a number."""
    step = grid_step(scale) / 10.0
    while 4.0 * step * 1000.0 / scale > 32.0:
        step /= 2.0
    while 4.0 * step * 1000.0 / scale < 15.0:
        step *= 2.0
    part = step * 1000.0 / scale
    for k in range(4):
        board.rectangle(x + k * part, y, x + (k + 1) * part, y + 1.4,
                        "#000000" if k % 2 == 0 else BLANK, Stroke(THIN))  # fmt: skip
    for k in (0, 2, 4):
        text = f"{k * step:g}" + (" m" if k == 4 else "")
        board.text(x + k * part, y + 3.4, text, 2.0, anchor="middle")
    board.text(x, y - 3.2, f"1:{scale:g}", 3.4, bold=True)


def _legend(
    board: Board, x: float, y: float, low: float, facts: MapFacts, statuses: Sequence[str],
    roles: Sequence[str], words: Words,
) -> float:  # fmt: skip
    """Write the legend and give where it ends."""
    east = board_east(x)
    board.text(x, y, words("legend"), 3.4, bold=True)
    y -= 5.0
    if facts.legend_title:
        board.text(x, y, facts.legend_title, 2.3, colour=GREY)
        y -= 4.2
    rows = list(facts.legend)
    rows += [LegendRow("#000000", words(f"status-{key}"), dash=STATUS_DASHES[key])
             for key in statuses if key != "existing"]  # fmt: skip
    rows += [LegendRow("#000000", words(f"role-{role}"), role=role) for role in roles]
    for row in rows:
        if y < low + 4.0:
            board.text(x, y, "...", 2.3)
            return y - 4.0
        if row.role:
            draw_symbol(board, row.role, x + 4.5, y, "#333333")
        else:
            board.line([(x, y), (x + 9.0, y)], Stroke(0.6, row.colour, row.dash), layer="legend")
        board.text(x + 11.5, y, row.text, 2.3)
        if row.figure:
            board.text(east, y, row.figure, 2.1, anchor="end", colour=GREY)
        y -= 4.2
    return y - 2.0


def board_east(x: float) -> float:
    """Give where the column ends that begins at `x`, millimetres."""
    return x + PANEL - 10.0


def _lines(text: str, wide: float, size: float) -> list[str]:
    """Break a text into lines that fit: at blanks, and between Chinese signs."""
    out, line = [], ""
    parts: list[str] = []
    for word in text.split(" "):
        parts += [*word, " "] if any(ord(sign) > 0x2E7F for sign in word) else [word + " "]
    for part in parts:
        if line and text_width(line + part, size) > wide:
            out.append(line.rstrip())
            line = ""
        line += part
    return [*out, line.rstrip()] if line.strip() else out


def _block(board: Board, layout: Layout, facts: MapFacts, words: Words) -> None:
    """Draw the title block at the lower right."""
    west, east = layout.box[2] + 6.0, layout.width - MARGIN
    y = MARGIN + 7 * BLOCK_ROW
    board.rectangle(west, MARGIN, east, y, BLANK, Stroke(MIDDLE), layer="title-block")
    rows = (
        ("project", facts.project), ("name-drawing", facts.title), ("number", facts.number),
        ("scale", f"1:{layout.scale:g}  {layout.name}"), ("author", facts.author),
        ("date", f"{facts.date}  {facts.program}".strip()), ("crs", facts.crs),
    )  # fmt: skip
    for key, text in rows:
        board.rectangle(west, y - BLOCK_ROW, east, y, "", Stroke(THIN), layer="title-block")
        board.text(west + 1.5, y - BLOCK_ROW / 2.0, words(key), 2.0, colour=GREY)
        room = east - west - text_width(words(key), 2.0) - 6.0
        size = min(2.8, 2.8 * room / max(text_width(text, 2.8), 0.1))
        board.text(east - 1.5, y - BLOCK_ROW / 2.0, text, size, anchor="end")
        y -= BLOCK_ROW


def with_scale(facts: MapFacts, layout: Layout) -> MapFacts:
    """Give the facts with the scale and the paper that were chosen."""
    return replace(facts, scale=layout.scale, paper=layout.name)

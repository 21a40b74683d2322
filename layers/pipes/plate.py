"""A drawing on paper: lines, areas, ovals and texts in millimetres, whatever it is written to.

The origin is the lower left corner of the paper, up is up. Writers stand in
`layers.files.plates`; a window paints the same shapes.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from layers.shapes import Floats
from layers.style import Colour

#: What is drawn can lead to an object: id of the layer and of the object.
Link = tuple[str, int]
Box = tuple[float, float, float, float]

THIN, MIDDLE, THICK = 0.13, 0.25, 0.5  # millimetres
INK, GREY, PALE = "#000000", "#666666", "#c8c8c8"
DASHED, DOTTED, CHAIN = (2.0, 1.0), (0.4, 0.8), (6.0, 1.0, 0.6, 1.0)
#: Names and sizes of paper across, landscape, millimetres.
PAPERS = (("A4", 297.0, 210.0), ("A3", 420.0, 297.0), ("A2", 594.0, 420.0), ("A1", 841.0, 594.0),
          ("A0", 1189.0, 841.0))  # fmt: skip
CELL = 12.0  # millimetres of the squares in which labels look for what is in their way
LEFT_MARGIN, MARGIN = 25.0, 10.0  # of the frame from the edge of the paper; left for binding


@dataclass(frozen=True, slots=True)
class Stroke:
    """A pen: width in millimetres, colour, lengths of dashes and gaps in millimetres."""

    width: float = THIN
    colour: Colour = INK
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """Straight pieces, closed or open, filled or not.

    Attributes
    ----------
    points : (n, 2) float64
        Millimetres.
    closed : bool
        Whether the last point leads back to the first.
    stroke : Stroke or None
        None draws no edge.
    fill : str
        Colour, "" for none.
    layer : str
        Layer of a CAD file.
    link : (str, int) or None
        What it shows.
    """

    points: Floats
    closed: bool = False
    stroke: Stroke | None = Stroke()
    fill: Colour = ""
    layer: str = "lines"
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Oval:
    """An upright ellipse: middle and half axes in millimetres; the rest as in `Path`."""

    x: float
    y: float
    rx: float
    ry: float
    stroke: Stroke | None = Stroke()
    fill: Colour = ""
    layer: str = "lines"
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text.

    Attributes
    ----------
    x, y : float
        Its anchor, half way up its letters, millimetres.
    words : str
        What it says.
    size : float
        Height of its signs, millimetres.
    anchor : str
        ``"start"``, ``"middle"`` or ``"end"``: which part stands at the anchor.
    turn : float
        Degrees counter-clockwise.
    colour : str
        Of the letters.
    bold : bool
        Whether they are heavy.
    layer, link
        As in `Path`.
    """

    x: float
    y: float
    words: str
    size: float = 2.5
    anchor: str = "start"
    turn: float = 0.0
    colour: Colour = INK
    bold: bool = False
    layer: str = "texts"
    link: Link | None = None


Shape = Path | Oval | Text


@dataclass(frozen=True, slots=True, eq=False)
class Plate:
    """A finished drawing: size of the paper in millimetres, its shapes from below, its title."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    title: str = ""


def text_width(words: str, size: float) -> float:
    """Give about how wide a text is, millimetres.

    >>> round(text_width("12.345", 2.0), 2), text_width("管", 3.0)
    (6.05, 3.0)
    """
    out = 0.0
    for sign in words:
        if unicodedata.east_asian_width(sign) in "WF":
            out += 1.0
        elif sign in " .,:;'|il!":
            out += 0.30
        elif sign.isupper() or sign in "%‰@mwM±×":
            out += 0.68
        else:
            out += 0.545
    return out * size


def text_box(text: Text) -> Box:
    """Give west, south, east, north of a text, millimetres."""
    wide = text_width(text.words, text.size)
    left = {"start": 0.0, "middle": -wide / 2.0, "end": -wide}[text.anchor]
    corners = [(left, -text.size / 2), (left + wide, -text.size / 2),
               (left + wide, text.size / 2), (left, text.size / 2)]  # fmt: skip
    c, s = math.cos(math.radians(text.turn)), math.sin(math.radians(text.turn))
    xs = [text.x + c * x - s * y for x, y in corners]
    ys = [text.y + s * x + c * y for x, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def spread(wanted: ArrayLike, room: ArrayLike, low: float, high: float) -> Floats:
    """Move places on a line apart, all together as little as can be.

    Parameters
    ----------
    wanted : (n,) array_like of float
        Where each should stand, rising.
    room : (n,) array_like of float
        How much room each needs; neighbours come no closer than the mean of theirs.
    low, high : float
        Ends of the line; where there is not enough room the places go beyond `high`.

    Returns
    -------
    (n,) ndarray of float64
        Rising, least in the sum of squares of the moves (pool adjacent violators).

    Examples
    --------
    >>> spread([5.0, 5.0], [4.0, 4.0], 0.0, 20.0).tolist()
    [3.0, 7.0]
    """
    want, need = np.asarray(wanted, dtype=np.float64), np.asarray(room, dtype=np.float64)
    if not len(want):
        return want
    offset = np.concatenate([[0.0], np.cumsum((need[:-1] + need[1:]) / 2.0)])
    blocks: list[list[float]] = []  # mean, count
    for value in (want - offset).tolist():
        blocks.append([value, 1.0])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, count = blocks.pop()
            before = blocks[-1]
            before[0] = (before[0] * before[1] + mean * count) / (before[1] + count)
            before[1] += count
    flat = np.concatenate([np.full(int(count), mean) for mean, count in blocks])
    first, last = low + need[0] / 2.0, high - offset[-1] - need[-1] / 2.0
    flat = np.clip(flat, first, max(last, first))
    return np.asarray(flat + offset)


@dataclass(slots=True, eq=False)
class Board:
    """Collects the shapes of a drawing and finds free places for labels."""

    shapes: list[Shape] = field(default_factory=list)
    _cells: dict[tuple[int, int], list[Box]] = field(default_factory=dict)

    def line(self, points: ArrayLike, stroke: Stroke = Stroke(), **more: object) -> None:
        """Draw straight pieces through points, (n, 2) millimetres."""
        self.shapes.append(Path(np.asarray(points, dtype=np.float64), stroke=stroke, **more))  # type: ignore[arg-type]  # of Path

    def area(
        self, points: ArrayLike, fill: Colour = "", stroke: Stroke | None = Stroke(),
        **more: object,
    ) -> None:  # fmt: skip
        """Draw a closed outline."""
        array = np.asarray(points, dtype=np.float64)
        self.shapes.append(Path(array, True, stroke, fill, **more))  # type: ignore[arg-type]  # of Path

    def rectangle(
        self, west: float, south: float, east: float, north: float, fill: Colour = "",
        stroke: Stroke | None = Stroke(), **more: object,
    ) -> None:  # fmt: skip
        """Draw an upright rectangle."""
        corners = [(west, south), (east, south), (east, north), (west, north)]
        self.area(corners, fill, stroke, **more)

    def oval(self, x: float, y: float, rx: float, ry: float, **more: object) -> None:
        """Draw an ellipse."""
        self.shapes.append(Oval(x, y, rx, ry, **more))  # type: ignore[arg-type]  # of Oval

    def text(self, x: float, y: float, words: str, size: float = 2.5, **more: object) -> Text:
        """Write a text."""
        made = Text(x, y, words, size, **more)  # type: ignore[arg-type]  # of Text
        self.shapes.append(made)
        return made

    def hatch(
        self, outline: Sequence[Sequence[float]], gap: float, stroke: Stroke, **more: object
    ) -> None:
        """Draw slanting lines inside of an outline, a gap (millimetres) apart."""
        import shapely

        shape = shapely.Polygon(outline)
        west, south, east, north = shape.bounds
        high = north - south
        count = int((east - west + high) / (gap * math.sqrt(2.0))) + 1
        for k in range(count):
            x = west - high + k * gap * math.sqrt(2.0)
            met = shape.intersection(shapely.LineString([(x, south), (x + high, north)]))
            for part in shapely.get_parts(met):
                if part.geom_type == "LineString" and part.length > 0.2:
                    self.line(part.coords, stroke, **more)

    def take(self, box: Box) -> None:
        """Keep labels off a place."""
        for cell in _cells_of(box):
            self._cells.setdefault(cell, []).append(box)

    def free(self, box: Box) -> bool:
        """Say whether nothing stands in a place yet."""
        w, s, e, n = box
        return all(
            w >= e2 or e <= w2 or s >= n2 or n <= s2
            for cell in _cells_of(box)
            for w2, s2, e2, n2 in self._cells.get(cell, ())
        )

    def label(
        self, at: tuple[float, float], half: tuple[float, float], words: str, bounds: Box,
        *, size: float = 2.2, colour: Colour = INK, link: Link | None = None,
    ) -> bool:  # fmt: skip
        """Write beside a thing where nothing else stands, with a leader where that is far off.

        Parameters
        ----------
        at, half : (float, float)
            Middle and half size of the thing, millimetres.
        words : str
            What is written.
        bounds : Box
            Where labels may stand.
        size, colour, link
            As in `Text`.

        Returns
        -------
        bool
            Whether a free place was found; nothing is written otherwise.
        """
        wide = text_width(words, size)
        for far in (0.8, 3.0, 6.0, 10.0, 15.0, 21.0, 28.0):
            for dx, dy in ((1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1), (0, 1), (0, -1)):
                anchor = {1: "start", -1: "end", 0: "middle"}[dx]
                x = at[0] + dx * (half[0] + far)
                y = at[1] + dy * (half[1] + far + size / 2.0)
                text = Text(x, y, words, size, anchor, colour=colour, link=link)
                w, s, e, n = text_box(text)
                box = (w - 0.3, s - 0.3, e + 0.3, n + 0.3)
                inside = w >= bounds[0] and s >= bounds[1] and e <= bounds[2] and n <= bounds[3]
                if not inside or not self.free(box):
                    continue
                if far > 1.0:
                    self.line(
                        [(at[0] + dx * half[0], at[1] + dy * half[1]), (x, y)]
                        if dx else [(at[0], at[1] + dy * half[1]), (x, y - dy * size / 2.0)],
                        Stroke(THIN, GREY), layer="leaders",
                    )  # fmt: skip
                self.rectangle(w - 0.2, s, e + 0.2, n, "#ffffff", None, layer="texts")
                self.shapes.append(text)
                self.take(box)
                return wide > 0.0
        return False


def _cells_of(box: Box) -> list[tuple[int, int]]:
    """Give the squares of the paper that a box touches."""
    west, south, east, north = (math.floor(side / CELL) for side in box)
    return [(x, y) for x in range(west, east + 1) for y in range(south, north + 1)]


def paper_for(width: float, height: float) -> tuple[str, float, float]:
    """Give name and size of the smallest paper that holds a drawing with its margins.

    Longer drawings than A0 get longer paper of the lowest height that fits.

    >>> paper_for(300.0, 150.0)
    ('A3', 420.0, 297.0)
    """
    wide, high = width + LEFT_MARGIN + MARGIN, height + 2.0 * MARGIN
    for name, w, h in PAPERS:
        if wide <= w and high <= h:
            return name, w, h
    for name, _, h in PAPERS[1:]:
        if high <= h:
            return f"{name}+", math.ceil(wide / 10.0) * 10.0, h
    return "-", math.ceil(wide / 10.0) * 10.0, math.ceil(high / 10.0) * 10.0

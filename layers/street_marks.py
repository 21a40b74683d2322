"""What is painted on streets, rails and their sleepers, and where lamps stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.shapes import Codes, Floats, Ints
from layers.street_areas import Ends
from layers.streets import NAMES, Streets

Geometries = NDArray[np.object_]
WHITE, YELLOW, STEEL, SLEEPER = range(4)
LINE, DOUBLE = 0.15, 0.20  # metres: width of a painted line, and of the gap of a double one
DASH, PAUSE = 4.0, 6.0  # metres, within towns
FAST_DASH, FAST_PAUSE = 6.0, 9.0  # metres, on motorways
EDGE = 0.35  # metres from the kerb to the line along it
STOP, STOP_GAP = 0.40, 1.5  # metres: width of a stop line, and from it to the crossing
BAR, BAR_GAP, BAR_LENGTH = 0.45, 0.60, 4.0  # metres, of zebra crossings
GAUGE, RAIL, SLEEPER_STEP, SLEEPER_LENGTH = 1.435, 0.075, 0.65, 2.5  # metres
LEAST_WALK = 1.0  # metres; streets with narrower footways have no zebra crossings
LEAST_WIDE = 5.5  # metres; narrower streets have no lines


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Narrow strips along paths.

    Attributes
    ----------
    points : (m, 2) float64
        Corners of the paths, metres.
    start : (k + 1,) int64
        Where each path starts.
    width : (k,) float64
        Metres.
    kind : (k,) uint8
        ``WHITE``, ``YELLOW``, ``STEEL`` or ``SLEEPER``.
    line : (k,) int64
        Position of the street, among those given, that the strip lies on.
    along : (m,) float64
        Metres from the start of the street.
    """

    points: Floats
    start: Ints
    width: Floats
    kind: Codes
    line: Ints
    along: Floats

    def __len__(self) -> int:
        return len(self.width)


class _Pen:
    """Collects strips."""

    def __init__(self) -> None:
        self._points: list[Floats] = []
        self._along: list[Floats] = []
        self._rows: list[tuple[float, int, int]] = []

    def draw(self, path: Path, offset: float, spans: Floats, width: float, kind: int) -> None:
        """Draw stretches, (s, 2) metres along, beside the middle of a path."""
        for first, last in spans:
            stations = path.stations(float(first), float(last))
            self._points.append(path.at(stations, offset))
            self._along.append(stations)
            self._rows.append((width, kind, path.number))

    def across(self, path: Path, at: float, low: float, high: float, width: float) -> None:
        """Draw a line across a path."""
        self._points.append(np.vstack([path.at(np.array([at]), o)[0] for o in (low, high)]))
        self._along.append(np.full(2, at))
        self._rows.append((width, WHITE, path.number))

    def marks(self) -> Marks:
        """Give everything that was drawn."""
        sizes = [len(points) for points in self._points]
        rows = np.array(self._rows).reshape(-1, 3)
        return Marks(
            np.vstack(self._points) if sizes else np.empty((0, 2)),
            np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            rows[:, 0].copy(), rows[:, 1].astype(np.uint8), rows[:, 2].astype(np.int64),
            np.concatenate(self._along) if sizes else np.empty(0),
        )  # fmt: skip


class Path:
    """A line that can be followed at a distance beside it.

    Parameters
    ----------
    coords : (k, 2) float64
        Its corners, metres.
    number : int
        What it is called.
    """

    def __init__(self, coords: Floats, number: int = 0) -> None:
        step = np.diff(coords, axis=0)
        length = np.hypot(step[:, 0], step[:, 1])
        keep = np.concatenate([[True], length > 1e-6])
        self._coords, self.number = coords[keep], number
        step, length = step[keep[1:]], length[keep[1:]]
        self._way = step / length[:, None]
        self._along = np.concatenate([[0.0], np.cumsum(length)])
        if not len(self._way):
            self._way = np.array([[1.0, 0.0]])
        before = np.vstack([self._way[:1], self._way])
        after = np.vstack([self._way, self._way[-1:]])
        mean = before + after
        size = np.maximum(np.hypot(mean[:, 0], mean[:, 1]), 0.3)
        mitre = 2.0 / size  # of the normal at a bend, so that strips keep their distance
        normal = np.column_stack([-mean[:, 1], mean[:, 0]]) / size[:, None]
        self._normal = normal * np.minimum(mitre, 2.0)[:, None]

    @property
    def length(self) -> float:
        """Metres."""
        return float(self._along[-1])

    def at(self, along: Floats, offset: float) -> Floats:
        """Give places at distances along, `offset` metres to the left, (m, 2)."""
        out = np.empty((len(along), 2))
        for axis in range(2):
            moved = self._coords[:, axis] + offset * self._normal[:, axis]
            out[:, axis] = np.interp(along, self._along, moved)
        return out

    def stations(self, first: float, last: float) -> Floats:
        """Give the two distances, and those of the corners between them."""
        inner = self._along[(self._along > first + 1e-6) & (self._along < last - 1e-6)]
        return np.concatenate([[first], inner, [last]])


def street_marks(
    lines: Geometries, streets: Streets, ends: Ends, chosen: Ints, *, left_hand: bool = False
) -> Marks:
    """Paint lanes, stop lines and crossings.

    Parameters
    ----------
    lines : (n,) linestrings
        Centre lines.
    streets : Streets
        The same lines.
    ends : Ends
        Nodes of the lines at their own level.
    chosen : (c,) int64
        Which of the lines are painted.
    left_hand : bool
        Whether one drives on the left.
    """
    pen = _Pen()
    half = streets.width / 2.0
    widest = _widest_others(ends, half)
    for number in chosen:
        row = int(number)
        lanes, width = int(streets.lanes[row]), float(streets.width[row])
        if not streets.marked[row] or width < LEAST_WIDE or lanes < 2:
            continue
        path = Path(shapely.get_coordinates(lines[row]), row)
        back = [0.0, 0.0]
        if _stops(streets, row):
            back = [_set_back(ends, row, end, widest) for end in (0, 1)]
        first, last = back[0], path.length - back[1]
        if last - first < 2.0:
            continue
        crossed = [back[0] > 0, back[1] > 0]
        _paint_lanes(pen, path, streets, row, (first, last), crossed)
        if streets.sidewalk[row] >= LEAST_WALK:
            _paint_crossings(pen, path, streets, row, (first, last), crossed, left_hand)
    return pen.marks()


def _stops(streets: Streets, row: int) -> bool:
    """Say whether a street has crossings and stop lines: one on the ground that is no motorway."""
    free = NAMES[int(streets.kind[row])] in {"motorway", "link"}
    return bool(streets.on_ground[row]) and not free


def _widest_others(ends: Ends, half: Floats) -> Floats:
    """Give, for both ends of each line, half the width of the widest other line there, (n, 2)."""
    out = np.zeros(ends.node.shape)
    if not len(out):
        return out
    node, of = ends.node.reshape(-1), np.repeat(half, 2)
    first, second = np.zeros(len(ends.place)), np.zeros(len(ends.place))
    order = np.argsort(of)
    for at in order:
        second[node[at]] = first[node[at]]
        first[node[at]] = of[at]
    wide = np.where(of >= first[node], second[node], first[node])
    return wide.reshape(out.shape)


def _set_back(ends: Ends, row: int, end: int, widest: Floats) -> float:
    """Give how far from a junction lines stop; 0 where there is none."""
    if ends.degree[ends.node[row, end]] < 3:
        return 0.0
    return float(widest[row, end]) + 3.0


def _paint_lanes(
    pen: _Pen, path: Path, streets: Streets, row: int, span: tuple[float, float],
    crossed: list[bool],
) -> None:  # fmt: skip
    lanes, width = int(streets.lanes[row]), float(streets.width[row])
    first, last = span
    walked = bool(streets.sidewalk[row] >= LEAST_WALK)
    gap = BAR_LENGTH + STOP_GAP + 0.5 if walked else 1.0
    low, high = first + gap * crossed[0], last - gap * crossed[1]
    if high - low < 2.0:
        return
    both_ways = streets.oneway[row] == 0
    fast = NAMES[int(streets.kind[row])] in {"motorway", "trunk"}
    dash, pause = (FAST_DASH, FAST_PAUSE) if fast else (DASH, PAUSE)
    whole = np.array([[low, high]])
    begin = np.arange(low, high - 0.5 * dash, dash + pause)
    dashes = np.column_stack([begin, np.minimum(begin + dash, high)])
    lane = (width - 2.0 * EDGE) / lanes
    for i in range(1, lanes):
        offset = -width / 2.0 + EDGE + i * lane
        middle = both_ways and 2 * i == lanes
        if middle and lanes >= 4:
            for side in (-1.0, 1.0):
                pen.draw(path, offset + side * DOUBLE, whole, LINE, YELLOW)
        else:
            pen.draw(path, offset, dashes, LINE, YELLOW if middle else WHITE)
    if fast or lanes >= 4:
        for side in (-1.0, 1.0):
            pen.draw(path, side * (width / 2.0 - EDGE), whole, LINE, WHITE)


def _paint_crossings(
    pen: _Pen, path: Path, streets: Streets, row: int, span: tuple[float, float],
    crossed: list[bool], left_hand: bool,
) -> None:  # fmt: skip
    """Paint a zebra crossing and, for those who come, a stop line at each junction."""
    width = float(streets.width[row])
    one = int(streets.oneway[row])
    rim = width / 2.0 - 0.4
    offsets = np.arange(-rim + BAR / 2.0, rim - BAR / 2.0 + 1e-6, BAR + BAR_GAP)
    offsets += (rim - BAR / 2.0 - offsets[-1]) / 2.0
    for end in (0, 1):
        if not crossed[end]:
            continue
        away = 1.0 if end == 0 else -1.0
        near = span[end]
        far = near + away * BAR_LENGTH
        for offset in offsets:
            pen.draw(path, float(offset), np.array([sorted((near, far))]), BAR, WHITE)
        stop = far + away * STOP_GAP
        if not 1.0 < stop < path.length - 1.0:
            continue
        # those who come drive on their side: at the start they come against the line
        comes = -1 if end == 0 else 1
        if one == 0:
            low, high = (0.2, rim) if (end == 0) != left_hand else (-rim, -0.2)
            pen.across(path, stop, low, high, STOP)
        elif one == comes:
            pen.across(path, stop, -rim, rim, STOP)


def rail_marks(lines: Geometries, streets: Streets, chosen: Ints, gap: float) -> Marks:
    """Lay sleepers and rails; several tracks lie `gap` metres apart."""
    pen = _Pen()
    for number in chosen:
        row = int(number)
        path = Path(shapely.get_coordinates(lines[row]), row)
        if path.length < 1.0:
            continue
        whole = np.array([[0.0, path.length]])
        tracks = max(int(streets.lanes[row]), 1)
        at = np.arange(SLEEPER_STEP / 2.0, path.length, SLEEPER_STEP)
        spans = np.column_stack([at - 0.12, at + 0.12])
        for track in range(tracks):
            middle = (track - (tracks - 1) / 2.0) * gap
            pen.draw(path, middle, spans, SLEEPER_LENGTH, SLEEPER)
            for side in (-1.0, 1.0):
                pen.draw(path, middle + side * (GAUGE + RAIL) / 2.0, whole, RAIL, STEEL)
    return pen.marks()


@dataclass(frozen=True, slots=True, eq=False)
class Lamps:
    """Street lamps.

    Attributes
    ----------
    place : (k, 2) float64
        Feet, metres.
    toward : (k, 2) float64
        Unit vector from the foot over the street.
    line : (k,) int64
        Position of the street among those given.
    along : (k,) float64
        Metres from the start of the street.
    """

    place: Floats
    toward: Floats
    line: Ints
    along: Floats


def street_lamps(lines: Geometries, streets: Streets, spacing: float) -> Lamps:
    """Set lamps along streets, on both sides of wide ones, in turn on one side and the other.

    Parameters
    ----------
    lines : (n,) linestrings
        Centre lines.
    streets : Streets
        The same lines; only lit ones that are not underground get lamps.
    spacing : float
        From one lamp to the next on the same side, metres.
    """
    places, ways, owner, along = [], [], [], []
    lit = streets.lit & (streets.level >= 0) & ~streets.walked
    for row in np.flatnonzero(lit):
        path = Path(shapely.get_coordinates(lines[row]), int(row))
        wide = streets.width[row] >= 7.0
        step = spacing / 2.0 if wide else spacing
        at = np.arange(step / 2.0, path.length, step)
        if not len(at):
            continue
        side = np.where(np.arange(len(at)) % 2 == 0, 1.0, -1.0) if wide else np.ones(len(at))
        foot = float(streets.width[row]) / 2.0 + 0.6
        spot = np.where(side[:, None] > 0, path.at(at, foot), path.at(at, -foot))
        middle = path.at(at, 0.0)
        way = middle - spot
        places.append(spot)
        ways.append(way / np.hypot(way[:, 0], way[:, 1])[:, None])
        owner.append(np.full(len(at), row))
        along.append(at)
    if not places:
        none = np.empty((0, 2))
        return Lamps(none, none, np.empty(0, dtype=np.int64), np.empty(0))
    return Lamps(np.vstack(places), np.vstack(ways), np.concatenate(owner), np.concatenate(along))

"""Ways the eye goes: a smooth curve through stops, passed at an even speed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.interpolate import CubicHermiteSpline, PchipInterpolator
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from layers.errors import CityError
from layers.shapes import Floats
from layers.viewpoint import Viewpoint

Look = Literal["ahead", "target", "free"]
Ground = Callable[[Floats], Floats]

SAMPLES = 96  # pieces a stretch between two stops is measured in
TURNING = 0.3  # of the distance looked at: metres that a radian of turning counts
LEAD = 2.0  # seconds of way that "ahead" looks ahead
SHORTEST_LEAD = 5.0  # metres
STEP = 2.0  # metres between the places where the ground under a way is asked for
GRADE = 30.0  # metres before and behind over which the eye follows the ground


@dataclass(frozen=True, slots=True)
class CameraPath:
    """A way of the eye through stops.

    Attributes
    ----------
    name : str
        Unique in the project.
    stops : tuple of Viewpoint
        Two or more; the curve passes through each.
    look : str
        ``"free"`` turns from the look of one stop to that of the next, ``"ahead"`` looks along
        the way, ``"target"`` at a point.
    target : (east, north, height) or None
        What ``"target"`` looks at, metres.
    seconds : float
        How long it takes, greater than zero.
    ease : float
        Seconds in which it gathers speed, and loses it; at most half of all.
    closed : bool
        Whether it goes on from the last stop to the first.
    above : float or None
        Metres over the ground; None keeps to the heights of the stops.
    pitch : float
        Of the look ahead, radians.
    moments : tuple of str
        Local time (ISO 8601) at its beginning and at its end; empty for the project's own.
    note : str
        Remark.
    """

    name: str
    stops: tuple[Viewpoint, ...]
    look: Look = "free"
    target: tuple[float, float, float] | None = None
    seconds: float = 20.0
    ease: float = 1.5
    closed: bool = False
    above: float | None = None
    pitch: float = math.radians(-12)
    moments: tuple[str, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        places = {(s.east, s.north, s.height, s.heading, s.pitch) for s in self.stops}
        if len(places) < 2:
            raise CityError(
                "path.stops",
                f"A camera path needs two different stops; '{self.name}' has {len(places)}.",
                hint="click two points or more, or choose two views",
                name=self.name,
                count=len(places),
            )
        if not (math.isfinite(self.seconds) and 0.0 < self.seconds <= 36_000.0):
            raise CityError(
                "path.seconds",
                f"A camera path takes more than 0 seconds and up to ten hours, not {self.seconds}.",
                hint="give its duration in seconds, such as 20",
                seconds=self.seconds,
            )
        if self.look == "target" and self.target is None:
            raise CityError(
                "path.target",
                f"'{self.name}' looks at a point, and there is none.",
                hint="name the point it looks at, or look ahead",
                name=self.name,
            )
        if len(self.moments) not in {0, 2}:
            raise CityError(
                "path.moments",
                "A camera path has a moment at its beginning and one at its end, or none.",
                hint="give two, such as 2026-06-21T08:00 and 2026-06-21T18:00",
            )

    def to_json(self) -> dict[str, Any]:
        """Give plain values for files."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> CameraPath:
        """Build it from the values `to_json` gave."""
        target = raw.get("target")
        return cls(
            **{
                **{key: raw[key] for key in cls.__dataclass_fields__ if key in raw},
                "stops": tuple(Viewpoint.from_json(stop) for stop in raw["stops"]),
                "target": None if target is None else (target[0], target[1], target[2]),
                "moments": tuple(raw.get("moments", ())),
            }
        )


class Track:
    """The curve of a camera path, ready to be asked where the eye is.

    A centripetal Catmull-Rom spline goes through the stops: it neither overshoots nor loops
    between stops that lie unevenly. It is measured in small pieces, so that equal times make
    equal ways.

    Parameters
    ----------
    path : CameraPath
        The way.
    ground : callable or None
        Gives the ground's height at (n, 2) places, (n,) metres; needed where the path keeps a
        height above it.

    References
    ----------
    .. [1] E. Catmull, R. Rom, "A class of local interpolating splines", Computer Aided
       Geometric Design, 1974; centripetal knots: the square root of the chords.
    """

    def __init__(self, path: CameraPath, ground: Ground | None = None) -> None:
        self.path = path
        stops = list(path.stops)
        if path.closed and stops[0] != stops[-1]:
            stops.append(stops[0])
        places = np.array([[s.east, s.north, s.height] for s in stops])
        turns = np.unwrap([s.heading for s in stops])
        pitches = np.array([s.pitch for s in stops])
        away = np.log([s.distance for s in stops])
        free = path.look == "free"
        self._weight = TURNING * float(np.exp(away.mean())) if free else 0.0
        ways = np.linalg.norm(np.diff(places, axis=0), axis=1)
        angles = np.hypot(np.diff(turns), np.diff(pitches))
        knots = np.concatenate(
            [[0.0], np.cumsum(np.sqrt(np.maximum(np.hypot(ways, self._weight * angles), 1e-6)))]
        )
        self._knots = knots
        self._place = CubicHermiteSpline(knots, places, _tangents(knots, places, path.closed))
        looks = np.column_stack([turns, pitches, away, [s.fov for s in stops]])
        self._looks = PchipInterpolator(knots, looks, axis=0)
        self._measure()
        self._heights: tuple[Floats, Floats] | None = None
        if path.above is not None and ground is not None:
            self._heights = self._over(ground)

    @property
    def length(self) -> float:
        """Metres of the way; a look that turns free counts its turning, too."""
        return float(self._way[-1])

    @property
    def stop_shares(self) -> Floats:
        """Share of the length at which each stop is passed, (k,) 0 to 1."""
        return np.asarray(self._way[::SAMPLES] / self.length)

    def place(self, share: ArrayLike) -> Floats:
        """Give where the eye is at shares of the way, (n, 3) metres."""
        at = np.clip(np.asarray(share, dtype=np.float64).reshape(-1), 0.0, 1.0)
        out = np.asarray(self._place(self._knot(at)))
        if self._heights is not None:
            out[:, 2] = np.interp(at, *self._heights)
        return out

    def eye(self, share: float) -> Viewpoint:
        """Give the eye at a share of the way, 0 to 1."""
        share = min(max(share, 0.0), 1.0)
        place = self.place([share])[0]
        heading, pitch, away, fov = np.asarray(self._looks(self._knot(np.array([share]))))[0]
        first = self.path.stops[0]
        eye = Viewpoint(
            float(place[0]), float(place[1]), float(place[2]), float(heading) % math.tau,
            float(np.clip(pitch, -math.pi / 2, math.pi / 2)), float(np.exp(away)), float(fov),
            first.projection, first.exaggeration,
        )  # fmt: skip
        if self.path.look == "target":
            assert self.path.target is not None
            return looking(eye, np.array(self.path.target))
        return self._ahead(eye, place, share) if self.path.look == "ahead" else eye

    def at(self, second: float, seconds: float | None = None) -> Viewpoint:
        """Give the eye at a time from the beginning.

        Parameters
        ----------
        second : float
            Since the beginning.
        seconds : float or None
            How long the whole takes; None takes the path's own.
        """
        whole = self.path.seconds if seconds is None else seconds
        return self.eye(eased(second / whole, self.path.ease / whole))

    # Inside ------------------------------------------------------------------------------------

    def _measure(self) -> None:
        """Tabulate the length of the way over the spline's own parameter."""
        spans = [
            np.linspace(a, b, SAMPLES, endpoint=False)
            for a, b in zip(self._knots, self._knots[1:], strict=False)
        ]
        self._table = np.append(np.concatenate(spans), self._knots[-1])
        steps = np.diff(np.asarray(self._place(self._table)), axis=0)
        squared = (steps**2).sum(axis=1)
        if self._weight:
            turned = np.diff(np.asarray(self._looks(self._table))[:, :2], axis=0)
            squared = squared + (self._weight * turned).__pow__(2).sum(axis=1)
        self._way: Floats = np.concatenate([[0.0], np.cumsum(np.sqrt(squared))])

    def _knot(self, share: Floats) -> Floats:
        return np.asarray(np.interp(share * self.length, self._way, self._table))

    def _over(self, ground: Ground) -> tuple[Floats, Floats]:
        """Give shares of the way and the eye's height there: over the ground, without jerks."""
        count = int(min(max(self.length / STEP, 8), 20_000)) + 1
        shares = np.linspace(0.0, 1.0, count)
        places = np.asarray(self._place(self._knot(shares)))
        level = np.asarray(ground(places[:, :2]), dtype=np.float64)
        reach = 2 * max(int(GRADE / max(self.length / (count - 1), 1e-6)), 1) + 1
        calm = uniform_filter1d(maximum_filter1d(level, reach, mode="nearest"), reach,
                                mode="nearest")  # fmt: skip
        assert self.path.above is not None
        return shares, calm + self.path.above

    def _ahead(self, eye: Viewpoint, place: Floats, share: float) -> Viewpoint:
        lead = max(self.length / self.path.seconds * LEAD, SHORTEST_LEAD) / self.length
        lead = min(lead, 0.25)
        later = share + lead
        if later <= 1.0:
            ahead = self.place([later])[0]
        elif self.path.closed:
            ahead = self.place([later - 1.0])[0]
        else:  # straight on from the end
            end, before = self.place([1.0, 1.0 - 1e-3])
            ahead = end + (end - before) * (later - 1.0) * 1e3
        way = ahead - place
        heading = eye.heading
        if math.hypot(way[0], way[1]) > 1e-6:
            heading = math.atan2(way[0], way[1]) % math.tau
        return replace(eye, heading=heading, pitch=self.path.pitch)


def eased(share: float, ease: float) -> float:
    """Give the share of the way at a share of the time: speed grows and fades smoothly.

    Parameters
    ----------
    share : float
        Of the time, 0 to 1; clipped.
    ease : float
        Share of the time in which speed grows, and again fades; clipped to 0 to 0.5.

    >>> eased(0.5, 0.2), eased(0.0, 0.2), eased(1.0, 0.2)
    (0.5, 0.0, 1.0)
    """
    t, e = min(max(share, 0.0), 1.0), min(max(ease, 0.0), 0.5)
    if t > 0.5:
        return 1.0 - eased(1.0 - t, ease)
    speed = 1.0 / (1.0 - e)
    if t >= e:
        return speed * (t - e / 2)
    u = t / e
    return speed * e * (u**3 - u**4 / 2)


def looking(eye: Viewpoint, at: Floats) -> Viewpoint:
    """Turn an eye to a point, (3,) metres; one that is in the eye itself changes nothing."""
    way = (at - np.array([eye.east, eye.north, eye.height])) * (1.0, 1.0, eye.stretch)
    away = float(np.linalg.norm(way))
    if away < 1e-6:
        return eye
    heading = eye.heading
    if math.hypot(way[0], way[1]) > 1e-9 * away:
        heading = math.atan2(way[0], way[1]) % math.tau
    return replace(eye, heading=heading, pitch=math.asin(way[2] / away), distance=away)


def between(a: Viewpoint, b: Viewpoint, share: float) -> Viewpoint:
    """Give an eye on the way from one look to another: it rises where they lie far apart.

    Parameters
    ----------
    a, b : Viewpoint
        First and last.
    share : float
        0 gives `a`, 1 gives `b`.
    """
    if share <= 0.0 or share >= 1.0:
        return a if share <= 0.0 else b
    even = share * share * (3.0 - 2.0 * share)
    start, end = np.array(a.target), np.array(b.target)
    turn = (b.heading - a.heading + math.pi) % math.tau - math.pi
    away = math.exp((1 - even) * math.log(a.distance) + even * math.log(b.distance))
    apart = float(np.linalg.norm(end - start))
    away += 4.0 * even * (1.0 - even) * max(0.6 * apart - away, 0.0)
    middle = (1 - even) * start + even * end
    return Viewpoint.looking_at(
        (float(middle[0]), float(middle[1]), float(middle[2])), away,
        (a.heading + even * turn) % math.tau, (1 - even) * a.pitch + even * b.pitch,
        fov=(1 - even) * a.fov + even * b.fov,
        projection=a.projection if share < 0.5 else b.projection,
        exaggeration=(1 - even) * a.stretch + even * b.stretch
        if a.stretch != b.stretch else a.exaggeration,
    )  # fmt: skip


def along_line(
    name: str, line: ArrayLike, ground: Ground, *, above: float = 30.0, **options: Any
) -> CameraPath:
    """Make a path that follows a line on the ground, looking ahead.

    Parameters
    ----------
    name : str
        What it is called.
    line : (k, 2) or (k, 3) array_like of float
        Places, project coordinates; neighbours that are the same count once.
    ground : callable
        Gives the ground's height at (n, 2) places.
    above : float
        Metres over the ground.
    **options
        Further fields of `CameraPath`.
    """
    xy = np.asarray(line, dtype=np.float64)
    if xy.ndim != 2 or xy.shape[1] < 2:
        xy = xy.reshape(-1, 2)
    xy = xy[:, :2]
    keep = np.append(True, np.linalg.norm(np.diff(xy, axis=0), axis=1) > 0.01)
    xy = xy[keep] if len(xy) else xy
    heights = np.asarray(ground(xy)) + above
    stops = _facing(xy, heights)
    return CameraPath(name, stops, **{"look": "ahead", "above": above, **options})


def _facing(xy: Floats, heights: Sequence[float] | Floats) -> tuple[Viewpoint, ...]:
    """Make stops that look along the line."""
    stops = []
    for i, (east, north) in enumerate(xy):
        other = xy[min(i + 1, len(xy) - 1)] - xy[max(min(i, len(xy) - 2), 0)]
        heading = math.atan2(other[0], other[1]) % math.tau
        place = float(east), float(north), float(heights[i])
        stops.append(Viewpoint(*place, heading, math.radians(-12), 100.0))
    return tuple(stops)


def _tangents(knots: Floats, places: Floats, closed: bool) -> Floats:
    """Give the derivatives at the stops of a Catmull-Rom spline over uneven knots, (k, 3)."""
    step = np.diff(knots)
    slope = np.diff(places, axis=0) / step[:, None]
    out = np.empty_like(places)
    out[0], out[-1] = slope[0], slope[-1]
    if len(places) > 2:
        h0, h1 = step[:-1, None], step[1:, None]
        out[1:-1] = (h1 * slope[:-1] + h0 * slope[1:]) / (h0 + h1)
        if closed:
            out[0] = out[-1] = (step[0] * slope[-1] + step[-1] * slope[0]) / (step[0] + step[-1])
        else:  # the end stretches bend like parabolas
            out[0] = 2 * slope[0] - out[1]
            out[-1] = 2 * slope[-1] - out[-2]
    return out

"""What can be seen from where: lines of sight, viewsheds, landmarks, the sky."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from layers.errors import CityError
from layers.planning.obstacles import GROUND, Obstacles
from layers.planning.rays import NOTHING, Rays
from layers.progress import Progress, Silent
from layers.shapes import Bools, Floats, Ints

EYE = 1.6  # metres above the ground, where nothing says how high the eye is
TOUCH = 0.05  # metres before a target at which a line of sight ends
EVEN = (0.7548776662466927, 0.5698402909980532)  # steps of a sequence that fills a square evenly
AT_ONCE = 2_000_000  # rays
MOST = 50_000_000  # lines of sight at once


@dataclass(frozen=True, slots=True)
class Gaze:
    """Which way an eye looks and how much it takes in.

    Attributes
    ----------
    heading : float
        Middle of the field of view, degrees clockwise from grid north.
    width : float
        Horizontal field of view, degrees; 360 looks around.
    low, high : float
        Lowest and highest angle above the horizon, degrees.
    reach : float
        Metres.
    """

    heading: float = 0.0
    width: float = 360.0
    low: float = -90.0
    high: float = 90.0
    reach: float = 1000.0

    def __post_init__(self) -> None:
        good = 0.0 < self.width <= 360.0 and -90.0 <= self.low < self.high <= 90.0
        if not (good and self.reach > 0.0):
            raise CityError(
                "sight.gaze",
                f"A field of view of {self.width:g}°, from {self.low:g}° to {self.high:g}° and "
                f"{self.reach:g} m far sees nothing.",
                hint="write a width up to 360, a low angle below the high one, and a reach",
                width=self.width,
                low=self.low,
                high=self.high,
                reach=self.reach,
            )

    def holds(self, way: Floats) -> Bools:
        """Say which ways, (..., 3) metres from the eye, lie in the field of view."""
        flat = np.hypot(way[..., 0], way[..., 1])
        away = np.degrees(np.arctan2(way[..., 0], way[..., 1])) - self.heading
        away = np.abs(np.mod(away + 180.0, 360.0) - 180.0)
        up = np.degrees(np.arctan2(way[..., 2], flat))
        inside = (away <= self.width / 2.0 + 1e-9) | (flat < 1e-9)
        inside &= (up >= self.low) & (up <= self.high)
        return np.asarray(inside & (np.linalg.norm(way, axis=-1) <= self.reach))


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Lines of sight.

    Attributes
    ----------
    start, end : (n, 3) float64
        Metres.
    seen : (n,) bool
        Whether nothing stands between.
    free : (n,) float64
        Metres from the start that are free; the whole length where it is seen.
    owner : (n,) int64
        Row of the building in the way, ``GROUND`` for terrain, -2 for none.
    """

    start: Floats
    end: Floats
    seen: Bools
    free: Floats
    owner: Ints

    @property
    def length(self) -> Floats:
        """Metres, (n,)."""
        return np.asarray(np.linalg.norm(self.end - self.start, axis=1))


def lines_of_sight(things: Obstacles, rays: Rays, start: Floats, end: Floats) -> Lines:
    """Look from places to places.

    Parameters
    ----------
    things : Obstacles
        What may stand in the way.
    rays : Rays
        Its triangles made ready.
    start, end : (n, 3) float64
        Metres.

    Raises
    ------
    CityError
        ``sight.inside`` where an eye lies inside a building, with the first.
    """
    if len(start) > MOST:
        raise _many(len(start))
    way = end - start
    length = np.linalg.norm(way, axis=1)
    unit = way / np.maximum(length, 1e-9)[:, None]
    hit = np.full(len(start), NOTHING, dtype=np.int64)
    free = length.copy()
    for first in range(0, len(start), AT_ONCE):
        part = slice(first, first + AT_ONCE)
        far = np.maximum(length[part] - TOUCH, 0.0)
        found, away = rays.first(start[part], unit[part], far)
        hit[part] = found
        free[part] = np.where(found == NOTHING, length[part], away)
    seen = hit == NOTHING
    owner = np.where(seen, -2, things.owner[np.maximum(hit, 0)] if len(things.owner) else -2)
    return Lines(start, end, seen, free, owner.astype(np.int64))


def _many(count: int) -> CityError:
    return CityError(
        "sight.many",
        f"That would be {count} lines of sight; {MOST} are the most at once.",
        hint="take fewer places, or a wider spacing",
        count=count,
        most=MOST,
    )


def seen_by(
    things: Obstacles,
    rays: Rays,
    eyes: Floats,
    places: Floats,
    gaze: Gaze,
    progress: Progress | None = None,
    *,
    headings: Floats | None = None,
) -> Ints:
    """Count how many eyes see each place.

    Parameters
    ----------
    things : Obstacles
        What may stand in the way.
    rays : Rays
        Its triangles made ready.
    eyes : (e, 3) float64
        Metres.
    places : (n, 3) float64
        Metres.
    gaze : Gaze
        The field of view.
    progress : Progress or None
        Told after each eye.
    headings : (e,) float64 or None
        Where each eye looks, degrees, in place of the heading of `gaze`.

    Returns
    -------
    (n,) ndarray of int64
    """
    told = progress or Silent()
    count = np.zeros(len(places), dtype=np.int64)
    for number, eye in enumerate(eyes):
        told.step(number, len(eyes), "progress-sight")
        mine = gaze
        if headings is not None:
            mine = Gaze(float(headings[number]), gaze.width, gaze.low, gaze.high, gaze.reach)
        rows = np.flatnonzero(mine.holds(places - eye))
        if not len(rows):
            continue
        lines = lines_of_sight(things, rays, np.broadcast_to(eye, (len(rows), 3)), places[rows])
        count[rows[lines.seen]] += 1
    told.step(len(eyes), len(eyes), "progress-sight")
    return count


def share_seen(
    things: Obstacles,
    rays: Rays,
    eyes: Floats,
    marks: Floats,
    reach: float,
    progress: Progress | None = None,
) -> Floats:
    """Give the share of points of a landmark that each eye sees, (e,) between 0 and 1.

    Parameters
    ----------
    things : Obstacles
        What may stand in the way, the landmark among it.
    rays : Rays
        Its triangles made ready.
    eyes : (e, 3) float64
        Metres.
    marks : (m, 3) float64
        Points on the landmark's surface, a little before it.
    reach : float
        Metres; eyes farther away see nothing.
    progress : Progress or None
        Told how far it is.
    """
    told = progress or Silent()
    if len(eyes) * len(marks) > 10 * MOST:
        raise _many(len(eyes) * len(marks))
    out = np.zeros(len(eyes))
    step = max(AT_ONCE // max(len(marks), 1), 1)
    for first in range(0, len(eyes), step):
        told.step(first, len(eyes), "progress-sight")
        some = eyes[first : first + step]
        start = np.repeat(some, len(marks), axis=0)
        end = np.tile(marks, (len(some), 1))
        near = np.linalg.norm(end - start, axis=1) <= reach
        seen = np.zeros(len(start), dtype=bool)
        seen[near] = lines_of_sight(things, rays, start[near], end[near]).seen
        out[first : first + step] = seen.reshape(len(some), -1).mean(axis=1)
    told.step(len(eyes), len(eyes), "progress-sight")
    return out


def dome(rings: int = 18, around: int = 72) -> tuple[Floats, Floats, Floats]:
    """Divide the half sphere above into patches of about equal size.

    Returns
    -------
    (k, 3) float64
        Way to the middle of each patch.
    (k,) float64
        Its share of the sky that falls on level ground (weighted with the sine of its height).
    (k,) float64
        Its share of the half sphere.
    """
    ways, flat, solid = [], [], []
    edges = np.linspace(0.0, np.pi / 2.0, rings + 1)
    for low, high in itertools.pairwise(edges):
        middle = (low + high) / 2.0
        count = max(round(around * math.cos(middle)), 4)
        azimuth = (np.arange(count) + 0.5) / count * 2.0 * np.pi
        ways.append(
            np.column_stack([
                np.sin(azimuth) * math.cos(middle), np.cos(azimuth) * math.cos(middle),
                np.full(count, math.sin(middle)),
            ])
        )  # fmt: skip
        flat.append(np.full(count, (math.sin(high) ** 2 - math.sin(low) ** 2) / count))
        solid.append(np.full(count, (math.sin(high) - math.sin(low)) / count))
    return np.concatenate(ways), np.concatenate(flat), np.concatenate(solid)


@dataclass(frozen=True, slots=True, eq=False)
class Sky:
    """How open places are.

    Attributes
    ----------
    factor : (n,) float64
        Sky view factor: the share of the light of an even sky that level ground gets, 0 to 1.
    share : (n,) float64
        Share of the half sphere above that is sky, 0 to 1.
    open : (n,) float64
        Mean free distance around at the height of the eye, metres, up to the reach.
    """

    factor: Floats
    share: Floats
    open: Floats


def sky_of(
    rays: Rays, places: Floats, reach: float = 500.0, progress: Progress | None = None
) -> Sky:
    """Look up and around from places.

    Parameters
    ----------
    rays : Rays
        Triangles of what stands there.
    places : (n, 3) float64
        Metres.
    reach : float
        Metres that one looks around at most.
    progress : Progress or None
        Told how far it is.

    References
    ----------
    .. [1] T. R. Oke, "Canyon geometry and the nocturnal urban heat island", Journal of
       Climatology 1(3), 237-254, 1981, gives the factor of a long street that tests compare with.
    """
    told = progress or Silent()
    ways, flat, solid = dome()
    angle = (np.arange(72) + 0.5) / 72.0 * 2.0 * np.pi
    level = np.column_stack([np.sin(angle), np.cos(angle), np.zeros(72)])
    out = Sky(np.zeros(len(places)), np.zeros(len(places)), np.zeros(len(places)))
    step = max(AT_ONCE // len(ways), 1)
    for first in range(0, len(places), step):
        told.step(first, len(places), "progress-sight")
        some = places[first : first + step]
        free = ~rays.blocked(
            np.repeat(some, len(ways), axis=0), np.tile(ways, (len(some), 1))
        ).reshape(len(some), -1)
        out.factor[first : first + step] = free @ flat
        out.share[first : first + step] = free @ solid
        _, away = rays.first(
            np.repeat(some, 72, axis=0),
            np.tile(level, (len(some), 1)),
            np.full(72 * len(some), reach),
        )  # fmt: skip
        mean = np.minimum(away, reach).reshape(len(some), -1).mean(axis=1)
        out.open[first : first + step] = mean
    told.step(len(places), len(places), "progress-sight")
    return out


def surface_points(things: Obstacles, rows: Ints, spacing: float) -> Floats:
    """Spread points over the outside of some buildings, a little before it, (m, 3) metres.

    Parameters
    ----------
    things : Obstacles
        All of them.
    rows : (k,) int64
        Which.
    spacing : float
        Metres from point to point.
    """
    chosen = np.flatnonzero(np.isin(things.owner, rows))
    corners = things.points[things.triangles[chosen]]
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    size = np.linalg.norm(cross, axis=1)
    good = (size > 1e-6) & (cross[:, 2] > -0.5 * size)  # undersides are not looked at
    corners, cross, size = corners[good], cross[good], size[good]
    normal = cross / size[:, None]
    if not len(size):
        return np.empty((0, 3))
    total = np.cumsum(size) / 2.0
    count = max(math.ceil(total[-1] / spacing**2), 1)
    of = np.searchsorted(total, (np.arange(count) + 0.5) / count * total[-1])
    of = np.minimum(of, len(size) - 1)
    u, v = np.mod(np.outer(np.arange(1, count + 1), EVEN), 1.0).T  # fills triangles evenly
    over = u + v > 1.0
    u, v = np.where(over, 1.0 - u, u), np.where(over, 1.0 - v, v)
    a, b, c = (corners[of, k] for k in range(3))
    spots = a + u[:, None] * (b - a) + v[:, None] * (c - a)
    return np.asarray(spots + 0.1 * normal[of])


def eyes_at(
    points: Sequence[Sequence[float]], ground: Callable[[Floats], Floats], eye: float = EYE
) -> Floats:
    """Give the places of eyes: heights that are given count, else `eye` above the ground.

    Parameters
    ----------
    points : sequence of (east, north) or (east, north, height)
        Metres; heights above the datum.
    ground : callable
        Gives the ground's height at (n, 2) places.
    eye : float
        Metres above the ground.
    """
    if not len(points):
        return np.empty((0, 3))
    flat = np.array([point[:2] for point in points], dtype=np.float64)
    level = ground(flat) + eye
    known = [float(point[2]) if len(point) > 2 else np.nan for point in points]
    return np.column_stack([flat, np.where(np.isfinite(known), known, level)])


def along(
    line: Sequence[Sequence[float]], spacing: float
) -> tuple[list[tuple[float, ...]], Floats]:
    """Give places along a path, and the way one walks there, degrees from grid north."""
    corners = np.array([point[:2] for point in line], dtype=np.float64)
    steps = np.hypot(*np.diff(corners, axis=0).T)
    total = np.concatenate([[0.0], np.cumsum(steps)])
    count = max(math.ceil(total[-1] / spacing), 1)
    at = np.linspace(0.0, total[-1], count + 1)
    places = np.column_stack([np.interp(at, total, corners[:, i]) for i in (0, 1)])
    leg = np.clip(np.searchsorted(total, at, side="right") - 1, 0, len(steps) - 1)
    way = np.diff(corners, axis=0)[leg]
    return [tuple(p) for p in places.tolist()], np.degrees(np.arctan2(way[:, 0], way[:, 1])) % 360.0


def blocker(things: Obstacles, owner: int) -> tuple[str, int]:
    """Name what a row of `Lines.owner` is: layer and number, ("", 0) for terrain or nothing."""
    return ("", 0) if owner in {GROUND, -2} else things.body(owner)

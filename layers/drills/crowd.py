"""People who leave a square or a campus on foot, one by one, by JuPedSim.

Everybody walks to an exit at a speed of their own and keeps clear of others and of walls
(collision-free speed model, Tordeux, Chraibi and Seyfried 2016, as JuPedSim 1.4 has it). The same
question and seed give the same walk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.affinity import affine_transform

from layers.errors import CityError
from layers.progress import Progress, Silent
from layers.shapes import Floats, Ints

STEP = 0.05  # seconds of one step of the model
EVERY = 1.0  # seconds between two states that are kept
RADIUS = 0.18  # metres of a person
APART = 0.45  # metres between two at the beginning, middle to middle
CLEAR = 0.3  # metres from walls at the beginning
SPEED, UNLIKE = 1.34, 0.26  # m/s, mean and deviation, after Weidmann (1993), from memory
SLOWEST, QUICKEST = 0.6, 2.0
DEEP = 3.0  # metres of an exit along the way out
OVERLAP = 0.3  # metres that the way out begins inside
ASIDE = 0.2  # metres beside a place where the direction of the border is looked at
MOST = 10_000  # people
CELL = 2.0  # metres of the cells that tell how crowded it was
WALKS = 0.15  # metres between two states from which on somebody walks rather than waits
FRAMES_MEAN = 5  # states over which the crowding is averaged


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """How n people left.

    Attributes
    ----------
    seconds : (t,) float64
        Of the states that were kept.
    places : (t, n, 2) float32
        Where everybody was, metres from `origin`; NaN for who has left.
    origin : (2,) float64
        Project coordinates.
    left_s : (n,) float64
        When each left; NaN for who was still inside at the end.
    exit : (n,) int64
        Which exit each goes to.
    exits : tuple of Gate
        In project coordinates.
    land : geometry
        Where people may walk, project coordinates.
    """

    seconds: Floats
    places: NDArray[np.float32]
    origin: Floats
    left_s: Floats
    exit: Ints
    exits: tuple[Gate, ...]
    land: shapely.Geometry

    _looks: NDArray[np.float32] = field(init=False, repr=False)  # (t, n) radians at each state
    _gone: NDArray[np.float32] = field(init=False, repr=False)  # (t, n) metres up to each state

    def __post_init__(self) -> None:
        looks, gone = _looks_and_ways(self.places)
        object.__setattr__(self, "_looks", looks)
        object.__setattr__(self, "_gone", gone)

    @property
    def clearance(self) -> float:
        """Seconds until the last one left; infinite where somebody did not."""
        return float(self.left_s.max()) if np.isfinite(self.left_s).all() else np.inf

    def at(self, second: float) -> tuple[Floats, Floats, Ints, Floats]:
        """Give where those who are inside are at a second, where they look, and who they are.

        They look along their way; who waits goes on looking where they went.

        Returns
        -------
        places : (k, 2) float64
            Project coordinates.
        turn : (k,) float64
            Radians clockwise from north.
        who : (k,) int64
            Their numbers, 0 to n - 1, rising.
        gone : (k,) float64
            Metres that they have walked; NaN for who waits.
        """
        at = float(np.clip(second / EVERY, 0.0, len(self.seconds) - 1))
        low = min(int(at), max(len(self.seconds) - 2, 0))
        high = min(low + 1, len(self.seconds) - 1)
        one = self.places[low].astype(np.float64)
        other = self.places[high].astype(np.float64)
        gone = ~np.isfinite(other[:, 0])
        other[gone] = one[gone]
        way = other - one
        here = one + (at - low) * way
        there = np.isfinite(here[:, 0]) & ~(gone & (at - low > 0.5))
        share = at - low
        turned = self._looks[high].astype(np.float64) - self._looks[low]
        turned = (turned + np.pi) % (2.0 * np.pi) - np.pi
        long = self._gone[high].astype(np.float64) - self._gone[low]
        gone = np.where(long >= WALKS, self._gone[low] + share * long, np.nan)
        turn = self._looks[low] + share * turned
        return here[there] + self.origin, turn[there], np.flatnonzero(there), gone[there]

    def crowding(self) -> tuple[Floats, Floats]:
        """Give the middles of cells, (m, 2), and how many stood on a square metre at worst."""
        flat = self.places.reshape(-1, 2)
        good = np.isfinite(flat[:, 0])
        if not good.any():
            return np.zeros((0, 2)), np.zeros(0)
        cells = np.floor(flat[good] / CELL).astype(np.int64)
        low = cells.min(axis=0)
        cells -= low
        size = cells.max(axis=0) + 1
        frame = np.repeat(np.arange(len(self.seconds)) // FRAMES_MEAN, self.places.shape[1])[good]
        number = (frame * size[0] + cells[:, 0]) * size[1] + cells[:, 1]
        there, count = np.unique(number, return_counts=True)
        place, most = there % (size[0] * size[1]), np.zeros(int(size[0] * size[1]))
        np.maximum.at(most, place, count / (FRAMES_MEAN * CELL**2))
        chosen = np.flatnonzero(most)
        columns = np.column_stack([chosen // size[1], chosen % size[1]])
        return (columns + low + 0.5) * CELL + self.origin, most[chosen]


def _looks_and_ways(
    places: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Give where people look at each state, radians, and how far they have walked, metres.

    Steps of a second are uneven in a crowd: who looks along two of them looks ahead.
    """
    steps = np.nan_to_num(np.diff(places, axis=0))
    long = np.hypot(steps[..., 0], steps[..., 1])
    gone = np.zeros(places.shape[:2], dtype=np.float32)
    gone[1:] = np.cumsum(long, axis=0)
    ways = np.zeros(places.shape, dtype=np.float32)
    ways[1:] += steps
    ways[:-1] += steps
    looks = np.arctan2(ways[..., 0], ways[..., 1])
    walks = np.hypot(ways[..., 0], ways[..., 1]) >= WALKS
    at = np.maximum.accumulate(np.where(walks, np.arange(len(places))[:, None], -1), axis=0)
    first = np.argmax(walks, axis=0)
    at = np.where(at < 0, first, at)
    return np.take_along_axis(looks, at, axis=0), gone


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """A gap in the border of a land: the way through it, and where one has left."""

    way: shapely.Polygon
    out: shapely.Polygon


def exit_at(land: shapely.Geometry, place: Sequence[float], width: float) -> Gate:
    """Give the exit at the border of a land that is nearest to a place.

    Parameters
    ----------
    land : geometry
        Where people walk.
    place : (east, north, ...)
        Near the border.
    width : float
        Metres.

    Raises
    ------
    CityError
        ``crowd.exit`` where the border has no side there.
    """
    border: Any = shapely.boundary(land)
    along = float(shapely.line_locate_point(border, shapely.Point(place[:2])))
    ends = shapely.get_coordinates(
        shapely.line_interpolate_point(border, [max(along - ASIDE, 0.0), along, along + ASIDE])
    )
    side = ends[2] - ends[0]
    if not np.hypot(*side) > 0.0:
        raise CityError(
            "crowd.exit", "There is no room for an exit at this place.",
            hint="click at the border of the area where people can leave it",
        )  # fmt: skip
    side /= np.hypot(*side)
    outwards = np.array([side[1], -side[0]])
    if shapely.contains_xy(land, *(ends[1] + ASIDE * outwards)):
        outwards = -outwards

    def strip(begin: float, end: float) -> shapely.Polygon:
        near, far = ends[1] + begin * outwards, ends[1] + end * outwards
        half = side * width / 2.0
        return shapely.Polygon([near - half, near + half, far + half, far - half])

    return Gate(strip(-OVERLAP, DEEP), strip(DEEP / 2.0, DEEP))


def walk(
    land: shapely.Geometry, exits: Sequence[Gate], people: int, *, seed: int = 7,
    limit_s: float = 1800.0, progress: Progress | None = None,
) -> Walk:  # fmt: skip
    """Let people walk out.

    Parameters
    ----------
    land : geometry
        Where they may walk, without walls and what stands on it, metres.
    exits : sequence of Gate
        At its border.
    people : int
        How many; they stand anywhere on the parts of the land that have an exit.
    seed : int
        Decides where they stand and how quick each is.
    limit_s : float
        After so many seconds it ends, whoever is inside.
    progress : Progress or None
        Is told how many have left.

    Raises
    ------
    CityError
        ``crowd.no_exit``, ``crowd.people``, ``crowd.full``.
    """
    import jupedsim as jps

    told = progress or Silent()
    if not exits:
        raise CityError(
            "crowd.no_exit", "No exit is named.",
            hint="give places on the border where people leave",
        )  # fmt: skip
    if not 0 < people <= MOST:
        raise CityError(
            "crowd.people", f"{people} people cannot be walked; 1 to {MOST} can.",
            hint="choose a smaller number or a smaller place", count=people, most=MOST,
        )  # fmt: skip
    origin = np.floor(np.array(shapely.bounds(land)[:2]))
    move = [1.0, 0.0, 0.0, 1.0, -origin[0], -origin[1]]
    here = affine_transform(land, move)
    ways_out = [affine_transform(gate.way, move) for gate in exits]
    outs = [affine_transform(gate.out, move) for gate in exits]
    square = max(
        (p for p in shapely.get_parts(here) if any(p.intersects(way) for way in ways_out)),
        key=lambda p: p.area, default=None,
    )  # fmt: skip
    if square is None:
        raise CityError(
            "crowd.no_exit", "No exit lies on the land.",
            hint="give places on the border where people leave",
        )  # fmt: skip
    open_ = [number for number, way in enumerate(ways_out) if way.intersects(square)]
    whole = shapely.union_all([square, *(ways_out[number] for number in open_)])
    part = max(shapely.get_parts(whole), key=lambda p: p.area)
    starts = _starts(jps, square, people, seed)
    sim = jps.Simulation(model=jps.CollisionFreeSpeedModel(), geometry=part, dt=STEP)
    stages = {number: sim.add_exit_stage(outs[number]) for number in open_}
    ways = {n: sim.add_journey(jps.JourneyDescription([stage])) for n, stage in stages.items()}
    middles = np.array([shapely.get_coordinates(outs[n].centroid)[0] for n in open_])
    nearest = np.linalg.norm(starts[:, None] - middles, axis=2).argmin(axis=1)
    goal = np.array(open_, dtype=np.int64)[nearest]
    speed = np.random.default_rng(seed).normal(SPEED, UNLIKE, people).clip(SLOWEST, QUICKEST)
    number_of: dict[int, int] = {}
    for person in range(people):
        way = int(goal[person])
        number_of[
            sim.add_agent(
                jps.CollisionFreeSpeedModelAgentParameters(
                    position=tuple(starts[person]), journey_id=ways[way], stage_id=stages[way],
                    desired_speed=float(speed[person]), radius=RADIUS,
                )
            )
        ] = person  # fmt: skip
    seconds, places, left = _run(sim, number_of, people, limit_s, told)
    return Walk(seconds, places, origin, left, goal, tuple(exits), land)


def _starts(jps: Any, part: shapely.Polygon, people: int, seed: int) -> Floats:
    try:
        found = jps.distribute_by_number(
            polygon=part, number_of_agents=people, distance_to_agents=APART,
            distance_to_polygon=CLEAR, seed=seed,
        )  # fmt: skip
    except Exception as error:  # the library has a class of its own for each way it can fail
        raise CityError(
            "crowd.full", f"{people} people do not fit on {part.area:.0f} m2.",
            hint="choose fewer people or a larger place", count=people, area=round(part.area),
        ) from error  # fmt: skip
    return np.array(found, dtype=np.float64)


def _run(
    sim: Any, number_of: dict[int, int], people: int, limit_s: float, told: Progress
) -> tuple[Floats, NDArray[np.float32], Floats]:
    """Step on until all have left, or the time is over."""
    kept: list[NDArray[np.float32]] = []
    left = np.full(people, np.nan)
    inside = np.ones(people, dtype=bool)
    steps = round(EVERY / STEP)
    second = 0.0
    while True:
        state = np.full((people, 2), np.nan, dtype=np.float32)
        for agent in sim.agents():
            state[number_of[agent.id]] = agent.position
        gone = inside & ~np.isfinite(state[:, 0])
        left[gone] = second
        inside &= ~gone
        kept.append(state)
        told.step(people - int(inside.sum()), people, "progress-crowd")
        if not inside.any() or second >= limit_s:
            return np.arange(len(kept), dtype=np.float64) * EVERY, np.stack(kept), left
        sim.iterate(steps)
        second += EVERY

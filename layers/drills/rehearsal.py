"""What is to be seen at any second of a plan; the same plan gives the same scene every time."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import shapely

from layers.drills.clock import Timetable, timetable
from layers.drills.plan import Coords, Element, Inject, Place, Plan, Step
from layers.drills.problems import NEAR, drawn_way, goal_of, legs
from layers.shapes import Floats

Way = tuple[Floats, float]
"""Corners of a way, (k, 2) project coordinates, and the seconds it takes."""
Ways = Callable[[str, Place, Place, float], Way | None]
"""The way of a unit from place to place, leaving at a second of the plan; None for none."""


@dataclass(frozen=True, slots=True)
class Closure:
    """Ways that are closed from a second of the plan on: a ring, or a line across.

    Attributes
    ----------
    second : float
        From then on.
    ring : tuple of (float, float)
        Three corners or more are an area, two a line across.
    until : float
        When they are open again.
    """

    second: float
    ring: Coords
    until: float = math.inf


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that was put into the scene by hand: from a second until another one."""

    second: float
    element: Element
    about: str
    until: float = math.inf


CLOSED = "#b00020"  # colour of ways that are closed by hand


ELSEWHERE = 15.0  # metres from its planned place where a unit is late, or lost
KMH = 1.0 / 3.6
USUAL_KMH = {"vehicle": 40.0, "team": 5.0, "person": 5.0, "drone": 45.0, "supply": 30.0}


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Where one unit is over time.

    Attributes
    ----------
    seconds : (k,) float64
        Of the plan, rising.
    places : (k, 2) float64
        Project coordinates at these seconds; between them it moves straight and evenly.
    legs : tuple of (float, float, str)
        When it sets out, when it arrives, and the step it goes to.
    """

    seconds: Floats
    places: Floats
    legs: tuple[tuple[float, float, str], ...] = ()

    _times: list[float] = field(init=False, repr=False)
    _corners: list[list[float]] = field(init=False, repr=False)
    _turns: list[float | None] = field(init=False, repr=False)  # of each stretch; None: it stands
    _looks: list[float] = field(init=False, repr=False)  # on each stretch, also where it stands
    _gone: list[float] = field(init=False, repr=False)  # metres from the beginning to each corner

    def __post_init__(self) -> None:
        steps = np.diff(self.places, axis=0)
        goes = np.abs(steps).sum(axis=1) > 1e-9
        turns = np.arctan2(steps[:, 0], steps[:, 1])
        last = np.maximum.accumulate(np.where(goes, np.arange(len(steps)), -1))
        first = int(np.argmax(goes)) if goes.any() else -1
        looks = np.append(turns, 0.0)[np.where(last < 0, first, last)]
        object.__setattr__(self, "_times", self.seconds.tolist())
        object.__setattr__(self, "_corners", self.places.tolist())
        turned = [turn if go else None for turn, go in zip(turns.tolist(), goes, strict=True)]
        object.__setattr__(self, "_turns", turned)
        object.__setattr__(self, "_looks", looks.tolist())
        gone = np.concatenate([[0.0], np.cumsum(np.hypot(*steps.T))])
        object.__setattr__(self, "_gone", gone.tolist())

    def at(self, second: float) -> tuple[Place, float | None]:
        """Give place and heading, radians from north eastwards; None while it stands."""
        after = bisect_right(self._times, second)
        if after == 0 or after >= len(self._times):
            x, y = self._corners[-1 if after else 0]
            return (x, y), None
        begin, end = self._times[after - 1], self._times[after]
        (x, y), (east, north) = self._corners[after - 1], self._corners[after]
        share = (second - begin) / (end - begin)
        return (x + (east - x) * share, y + (north - y) * share), self._turns[after - 1]

    def gone(self, second: float) -> float:
        """Give the metres it has gone since the beginning."""
        after = bisect_right(self._times, second)
        if after == 0 or after >= len(self._times):
            return self._gone[-1 if after else 0]
        begin, end = self._times[after - 1], self._times[after]
        far, on = self._gone[after - 1], self._gone[after]
        return far + (on - far) * (second - begin) / (end - begin)

    def facing(self, second: float) -> float:
        """Give the way it looks, radians from north eastwards: on from where it came."""
        if not self._looks:
            return 0.0
        after = bisect_right(self._times, second)
        return self._looks[min(max(after - 1, 0), len(self._looks) - 1)]


@dataclass(frozen=True, slots=True)
class UnitNow:
    """A unit at a second.

    Attributes
    ----------
    unit : str
        Id.
    place : (float, float)
        Project coordinates.
    heading : float or None
        Which way it goes, radians from north eastwards; None while it stands.
    step, state : str
        What it is on; a key of a state.
    facing : float
        Which way it looks, also while it stands.
    gone : float
        Metres it has gone since the beginning.
    """

    unit: str
    place: Place
    heading: float | None
    step: str
    state: str
    facing: float = 0.0
    gone: float = 0.0


@dataclass(frozen=True, slots=True)
class Shown:
    """An element as it is at a second.

    Attributes
    ----------
    element : Element
        With the coordinates it has now.
    about : str
        The step or inject it belongs to.
    number : int
        Its place among the elements there.
    share : float
        How far its step is, 0 to 1.
    """

    element: Element
    about: str
    number: int
    share: float


@dataclass(frozen=True, slots=True)
class Now:
    """The scene at a second.

    Attributes
    ----------
    second : float
        Of the plan.
    units, shown : tuple
        Units with a place; elements to be seen, those that came last on top.
    running, next : tuple of str
        Steps that are on; steps still to begin, the next one first.
    begins : tuple of float
        Seconds at which those of `next` begin.
    messages : tuple of str
        What is written on the screen.
    camera : str
        Name of the view the camera shows, "" for none.
    ghosts : tuple
        Units as they were planned, where they should be elsewhere.
    """

    second: float
    units: tuple[UnitNow, ...]
    shown: tuple[Shown, ...]
    running: tuple[str, ...]
    next: tuple[str, ...]
    begins: tuple[float, ...]
    messages: tuple[str, ...] = ()
    camera: str = ""
    ghosts: tuple[UnitNow, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Rehearsal:
    """A plan made ready to be played.

    Attributes
    ----------
    plan : Plan
        What is played.
    table : Timetable
        When its steps are.
    courses : dict of str to Course
        Where its units are over time, by unit; those without any place are not in it.
    fired : dict of str to float
        Injects that were given, and at which second.
    marks : tuple of Mark
        What was put into the scene by hand.
    planned : Rehearsal or None
        What should have happened, where this is what did: its units are shown faint beside.
    """

    plan: Plan
    table: Timetable
    courses: Mapping[str, Course]
    fired: Mapping[str, float] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    planned: Rehearsal | None = None

    _order: _Order = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_order", _Order(self.plan, self.table))

    def at(self, second: float) -> Now:
        """Give the scene at a second of the plan."""
        table = self.table
        running = tuple(table.running(second))
        shown: list[Shown] = []
        camera = ""
        for one in self._order.shows:
            if second < one.begin:
                break
            camera = one.camera or camera
            if second >= one.end:
                shown += one.after if one.end > one.begin else one.whole
                continue
            share = (second - one.begin) / (one.end - one.begin)
            shown += [
                Shown(now_of(end.element, share), end.about, end.number, share)
                if grows
                else Shown(end.element, end.about, end.number, share)
                for end, grows in zip(one.elements, one.grows, strict=True)
            ]
        for inject in self._given(second):
            for number, element in enumerate(inject.elements):
                shown.append(Shown(element, inject.id, number, 1.0))
        for number, mark in enumerate(self.marks):
            if mark.second <= second < mark.until:
                shown.append(Shown(mark.element, mark.about, number, 1.0))
        later = tuple(table.next(second))
        messages = tuple(s.element.text for s in shown if s.element.kind == "message")
        units = tuple(self._units(second))
        return Now(
            second, units, tuple(shown), running, later,
            tuple(table.begins[step] for step in later), messages, camera,
            self._ghosts(second, units),
        )  # fmt: skip

    def _ghosts(self, second: float, units: tuple[UnitNow, ...]) -> tuple[UnitNow, ...]:
        """Give the units that should be elsewhere, where they should be."""
        if self.planned is None:
            return ()
        here = {unit.unit: unit.place for unit in units}
        wanted = self.planned._units(second)
        return tuple(
            unit for unit in wanted
            if unit.unit not in here or math.dist(unit.place, here[unit.unit]) > ELSEWHERE
        )  # fmt: skip

    def _given(self, second: float) -> list[Inject]:
        given = [i for i in self.plan.injects if self.fired.get(i.id, math.inf) <= second]
        return sorted(given, key=lambda inject: self.fired[inject.id])

    def _units(self, second: float) -> list[UnitNow]:
        states = self._states(second)
        out = []
        for unit in self.plan.units:
            course = self.courses.get(unit.id)
            if course is None:
                continue
            place, heading = course.at(second)
            step = next(
                (s for leaves, comes, s in course.legs if leaves <= second < comes), ""
            ) or self._busy(unit.id, second)
            usual = "committed" if step else "ready"
            state = states.get(unit.id, usual)
            facing = course.facing(second) if heading is None else heading
            gone = course.gone(second)
            out.append(UnitNow(unit.id, place, heading, step, state, facing, gone))
        return out

    def _busy(self, unit: str, second: float) -> str:
        for begin, end, step in self._order.busy.get(unit, ()):
            if begin <= second < end:
                return step
        return ""

    def _states(self, second: float) -> dict[str, str]:
        return {
            unit: state for begin, unit, state in self._order.states if begin <= second
        }  # the later ones come last


class _Shows:
    """What one step shows: while it is on, after it, and in the only moment of one that is none."""

    def __init__(self, step: Step, begin: float, end: float) -> None:
        self.begin, self.end = begin, end
        seen = [(n, e) for n, e in enumerate(step.elements) if e.kind != "camera"]
        self.camera = next((e.text for e in reversed(step.elements) if e.kind == "camera"), "")
        self.elements = [Shown(element, step.id, number, 0.0) for number, element in seen]
        self.grows = [grows(element) for _, element in seen]
        self.whole = [Shown(now_of(element, 1.0), step.id, number, 1.0) for number, element in seen]
        self.after = [one for one in self.whole if one.element.stays]


class _Order:
    """A plan in the order of time, looked up at every second that is shown."""

    def __init__(self, plan: Plan, table: Timetable) -> None:
        begins = table.begins
        steps = sorted(plan.steps, key=lambda step: (begins[step.id], step.id))
        self.shows = [_Shows(s, begins[s.id], table.ends[s.id]) for s in steps if s.elements]
        self.busy: dict[str, list[tuple[float, float, str]]] = defaultdict(list)
        for step in sorted(plan.steps, key=lambda one: begins[one.id]):
            for need in step.units:
                self.busy[need.unit].append((begins[step.id], table.ends[step.id], step.id))
        states = [
            (begins[step.id], element.unit, element.text)
            for step in plan.steps
            for element in step.elements
            if element.kind == "state" and element.unit
        ]
        self.states = sorted(states, key=lambda one: one[0])


def rehearsal(
    plan: Plan,
    ways: Ways | None = None,
    homes: Mapping[str, Place] | None = None,
    fired: Mapping[str, float] | None = None,
    closed: Sequence[Closure] = (),
    marks: Sequence[Mark] = (),
) -> Rehearsal:
    """Make a plan ready to be played.

    Parameters
    ----------
    plan : Plan
        What is played.
    ways : callable or None
        Finds the ways of units; None, and where it finds none, lets them go straight.
    homes : mapping or None
        Where units stand that name no place.
    fired : mapping or None
        Injects that are given, and when.
    closed : sequence of Closure
        In the order of time. Who is on the way through one when it closes looks for another way
        from there; ways that are drawn stay as they are.
    marks : sequence of Mark
        What was put into the scene by hand.
    """
    table = timetable(plan)
    courses: dict[str, Course] = {}
    all_legs = legs(plan, table, homes)
    for unit in plan.units:
        home = unit.place or (homes or {}).get(unit.id)
        mine = [leg for leg in all_legs if leg.unit == unit.id]
        first = home if home is not None else _first_place(plan, table, unit.id)
        if first is None:
            continue
        times, places = [0.0], [first]
        gone: list[tuple[float, float, str]] = []
        for leg in mine:
            step = plan.step(leg.step)
            corners, takes = _way(plan, step, unit.id, leg.start, leg.goal, ways, leg.leaves)
            drawn = drawn_way(step, unit.id)
            leaves = max(leg.needed if drawn else leg.needed - takes, leg.leaves, times[-1])
            if drawn and step.seconds > 0.0:
                takes = step.seconds
            if not drawn and any(one.second <= leaves < one.until for one in closed):
                corners, takes = _way(plan, step, unit.id, leg.start, leg.goal, ways, leaves)
            when = _along(corners) * takes + leaves
            if not drawn and ways is not None:
                corners, when = _turned_off(unit.id, corners, when, ways, closed)
            times += [leaves, *when.tolist()]
            places += [places[-1], *((float(x), float(y)) for x, y in corners)]
            gone.append((leaves, float(when[-1]), leg.step))
        courses[unit.id] = Course(np.array(times), np.array(places, dtype=float), tuple(gone))
    return Rehearsal(plan, table, courses, dict(fired or {}), tuple(marks))


def now_of(element: Element, share: float) -> Element:
    """Give an element as it is when its step is so far: zones grow about their middle."""
    if not grows(element) or not element.coords:
        return element
    size = max(element.grow_from + (element.grow_to - element.grow_from) * share, 0.0)
    count = len(element.coords)
    east = sum(x for x, _ in element.coords) / count
    north = sum(y for _, y in element.coords) / count
    coords = tuple(
        (east + (x - east) * size, north + (y - north) * size) for x, y in element.coords
    )
    return replace(element, coords=coords)


def grows(element: Element) -> bool:
    """Say whether an element is a zone that has not its own size all the time."""
    return element.kind == "zone" and (element.grow_from != 1.0 or element.grow_to != 1.0)


def _way(
    plan: Plan, step: Step, unit_id: str, start: Place, goal: Place, ways: Ways | None,
    leaves: float,
) -> Way:  # fmt: skip
    drawn = drawn_way(step, unit_id)
    if drawn:
        corners = np.array([start, *drawn], dtype=float)
        if math.dist(drawn[-1], goal) > NEAR:
            corners = np.vstack([corners, goal])
        return corners, 0.0
    found = ways(unit_id, start, goal, leaves) if ways is not None else None
    if found is not None and len(found[0]) > 1:
        return found
    unit = plan.unit(unit_id)
    speed = (unit.speed_kmh or USUAL_KMH.get(unit.kind, 30.0)) * KMH
    return np.array([start, goal], dtype=float), math.dist(start, goal) / speed


def _turned_off(
    unit: str, corners: Floats, marks: Floats, ways: Ways, closed: Sequence[Closure]
) -> tuple[Floats, Floats]:
    """Lead a way that is being gone around what closes meanwhile; corners and their seconds."""
    for one in closed:
        if not marks[0] < one.second < marks[-1]:
            continue
        after = int(np.searchsorted(marks, one.second, side="right"))
        here = np.array([np.interp(one.second, marks, corners[:, axis]) for axis in (0, 1)])
        rest = shapely.LineString(np.vstack([here, corners[after:]]))
        shape = shapely.Polygon if len(one.ring) > 2 else shapely.LineString
        if not rest.intersects(shape(one.ring)):
            continue
        goal = (float(corners[-1, 0]), float(corners[-1, 1]))
        place = (float(here[0]), float(here[1]))
        other = ways(unit, place, goal, one.second)
        if other is None or len(other[0]) < 2:
            continue
        usual = ways(unit, place, goal, float(np.nextafter(one.second, -np.inf)))
        takes = other[1]  # as much longer as it is by the streets than the rest of the old way
        if usual is not None and usual[1] > 0.0:
            takes *= float(marks[-1] - one.second) / usual[1]
        corners = np.vstack([corners[:after], here, other[0]])
        marks = np.concatenate([marks[:after], [one.second], _along(other[0]) * takes + one.second])
    return corners, marks


def _along(corners: Floats) -> Floats:
    """Give the share of the way at every corner, 0 to 1."""
    steps = np.hypot(*np.diff(corners, axis=0).T)
    total = float(steps.sum())
    if total <= 0.0:
        return np.linspace(0.0, 1.0, len(corners))
    return np.asarray(np.concatenate([[0.0], np.cumsum(steps)]) / total)


def _first_place(plan: Plan, table: Timetable, unit: str) -> Place | None:
    mine = [
        step for step in plan.steps
        if goal_of(step, unit) is not None and any(need.unit == unit for need in step.units)
    ]  # fmt: skip
    if not mine:
        return None
    first = min(mine, key=lambda step: table.begins[step.id])
    drawn = drawn_way(first, unit)
    return drawn[0] if drawn else goal_of(first, unit)

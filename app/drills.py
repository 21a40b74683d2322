"""The drilling half of the Python interface; `app.api.City` has these verbs."""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from app.session import Session
from layers.drills import edits
from layers.drills.log import Exercise
from layers.drills.plan import Coords, Place, Plan
from layers.drills.plan_file import read_plan, write_plan
from layers.drills.problems import Extent, Problem, problems
from layers.drills.rehearsal import Closure, Mark, Rehearsal, Way, Ways, rehearsal
from layers.drills.replay import as_it_went, closures_in, fired_in, marks_in
from layers.drills.resource_problems import resource_problems
from layers.errors import CityError
from layers.files.raw import Note
from layers.kinds.base import Features
from layers.project import Project

if TYPE_CHECKING:
    from layers.drills.user_symbols import UserSymbol
    from layers.routing.streets_net import StreetNet
    from layers.routing.ways import Router

#: The net of streets that was made last for each project, and the layers it was made of.
_nets: weakref.WeakKeyDictionary[Project, tuple[tuple[Features, ...], StreetNet | None]] = (
    weakref.WeakKeyDictionary()
)


class Drilling:
    """Plans for drills of an open project: kept, read, written, looked through, played."""

    session: Session

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans of the project, in the order they were made."""
        return edits.drills_of(self.session.project).plans

    def plan(self, name: str | int) -> Plan:
        """Give a plan by its name or number.

        Raises
        ------
        CityError
            ``drill.no_such_name``.
        """
        return edits.drills_of(self.session.project).named(str(name))

    def add_plan(self, plan: Plan, symbols: Sequence[UserSymbol] = ()) -> Plan:
        """Keep a new plan, and the symbols of users that came with it; gives it with its number."""
        from app.wording import current

        now = datetime.now().astimezone().isoformat(timespec="seconds")
        plan = replace(plan, created=plan.created or now, changed=now)
        command = edits.add_plan(
            self.session.project, plan, layer_name=current().kind("drills"), symbols=symbols
        )  # fmt: skip
        self.session.run(command)
        return self.plans[-1]

    def change_plan(self, plan: Plan, *, keep: bool = False) -> Plan:
        """Change a plan; `keep` keeps the state before as a version."""
        plan = replace(plan, changed=datetime.now().astimezone().isoformat(timespec="seconds"))
        self.session.run(edits.change_plan(self.session.project, plan, keep=keep))
        return self.plan(plan.id)

    def copy_plan(self, name: str | int, new: str) -> Plan:
        """Copy a plan under a new name."""
        self.session.run(edits.copy_plan(self.session.project, self.plan(name).id, new))
        return self.plans[-1]

    def remove_plan(self, name: str | int) -> None:
        """Remove a plan, its versions and its exercises."""
        self.session.run(edits.remove_plan(self.session.project, self.plan(name).id))

    def import_plan(self, path: Path | str) -> tuple[Plan, tuple[Note, ...]]:
        """Read a plan from a file and keep it; gives what was not sound in it, too.

        Raises
        ------
        CityError
            ``drill.not_a_plan``, ``drill.too_large``, ``drill.newer``.
        """
        source = Path(path)
        reading = read_plan(source)
        plan = reading.plan if reading.plan.name.strip() else replace(
            reading.plan, name=source.stem
        )  # fmt: skip
        return self.add_plan(plan, reading.symbols), reading.notes

    def write_plan(self, name: str | int, path: Path | str) -> Path:
        """Write a plan into a file of its own, with the symbols of users that it names."""
        kept = edits.drills_of(self.session.project)
        write_plan(self.plan(name), Path(path), kept.symbols)
        return Path(path)

    def check_plan(self, name: str | int) -> list[Problem]:
        """List what is wrong with a plan, the gravest first."""
        return plan_problems(self.session.project, self.plan(name))

    def runs(self, name: str | int) -> tuple[Exercise, ...]:
        """Give the exercises of a plan, in the order they were run."""
        number = self.plan(name).id
        kept = edits.drills_of(self.session.project).exercises
        return tuple(run for run in kept if run.plan == number)

    def replay(self, run: int, *, ghosts: bool = True) -> Rehearsal:
        """Make what really happened in an exercise ready to be played, from its log.

        With `ghosts` units that should be elsewhere are seen there, too, faint.

        Raises
        ------
        CityError
            ``drill.no_such_run``.
        """
        project = self.session.project
        return replayed(project, edits.drills_of(project).run(run), ghosts=ghosts)

    def rehearse(self, name: str | int, fired: Mapping[str, float] | None = None) -> Rehearsal:
        """Make a plan ready to be played: ``.at(seconds)`` says what is to be seen."""
        return plan_rehearsal(self.session.project, self.plan(name), fired)


def plan_problems(project: Project, plan: Plan) -> list[Problem]:
    """List what is wrong with a plan in a city, ways, resources and symbols included."""
    ways = street_ways(project, plan)

    def travel(unit: str, start: Place, goal: Place) -> float | None:
        assert ways is not None
        found = ways(unit, start, goal, 0.0)
        return None if found is None else found[1]

    found = problems(
        plan, extent=city_extent(project),
        travel=travel if ways is not None else None, homes=homes_of(project, plan),
        views={view.name for view in project.views},
        symbols={symbol.code for symbol in edits.drills_of(project).symbols},
    )  # fmt: skip
    found += resource_problems(project, plan)
    return sorted(found, key=lambda problem: not problem.grave)


def city_extent(project: Project) -> Extent | None:
    """Give the box around the city, metres; what plans name does not make it larger."""
    boxes = [layer.data.extent() for layer in project.layers if layer.kind != "drills"]
    found = np.array([box for box in boxes if box is not None])
    if not len(found):
        return None
    low, high = found[:, :2].min(axis=0), found[:, 2:].max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def plan_rehearsal(
    project: Project,
    plan: Plan,
    fired: Mapping[str, float] | None = None,
    shut: Sequence[Closure] = (),
    marks: Sequence[Mark] = (),
) -> Rehearsal:
    """Make a plan of a city ready to be played; units drive along its streets.

    Injects that are fired close their streets from then on, and so does `shut`, what is closed by
    hand: who sets out later takes another way, and who is on a way that leads through turns off.
    `marks` are what was put into the scene by hand.
    """
    closed = tuple(sorted((*closures(plan, fired or {}), *shut), key=lambda one: one.second))
    ways = street_ways(project, plan, closed)
    return rehearsal(plan, ways, homes_of(project, plan), fired, closed, marks)


def replayed(project: Project, exercise: Exercise, *, ghosts: bool = True) -> Rehearsal:
    """Make what really happened in an exercise ready to be played, from its log alone.

    With `ghosts` the units as they were planned are shown faint beside those who went.
    """
    planned = edits.drills_of(project).plan_of(exercise)
    happened = plan_rehearsal(
        project, as_it_went(planned, exercise), fired_in(exercise), closures_in(exercise),
        marks_in(exercise),
    )  # fmt: skip
    return replace(happened, planned=plan_rehearsal(project, planned)) if ghosts else happened


def closures(plan: Plan, fired: Mapping[str, float]) -> tuple[Closure, ...]:
    """Give what fired injects close, in the order of time."""
    found = [
        Closure(fired[inject.id], inject.closes)
        for inject in plan.injects
        if inject.id in fired and len(inject.closes) > 1
    ]
    return tuple(sorted(found, key=lambda one: one.second))


def streets_in(project: Project, ring: Coords) -> int:
    """Count the pieces of streets that an area or a line across closes."""
    from layers.routing.ways import pieces_in

    net = street_net(project)
    return 0 if net is None else len(pieces_in(net, np.array(ring)))


def on_street(project: Project, place: Place, reach: float = 45.0) -> Place:
    """Give the nearest place on a street within reach, metres, else the place itself."""
    net = street_net(project)
    if net is None:
        return place
    lines, point = net.lines(), shapely.Point(place)
    away = shapely.distance(lines, point)
    nearest = int(np.argmin(away))
    if float(away[nearest]) > reach:
        return place
    found = shapely.line_interpolate_point(
        lines[nearest], shapely.line_locate_point(lines[nearest], point)
    )
    return float(found.x), float(found.y)


def street_net(project: Project) -> StreetNet | None:
    """Give the net of the project's streets; None where there are none."""
    from layers.routing.streets_net import StreetNet

    roads = [layer.data for layer in project.of_kind("roads") if isinstance(layer.data, Features)]
    known = _nets.get(project)
    same = known is not None and [id(one) for one in known[0]] == [id(one) for one in roads]
    if known is not None and same:
        return known[1]  # the data is frozen: the same streets make the same net
    try:
        net = StreetNet.of(roads)
    except CityError as error:
        if error.code != "routing.no_streets":
            raise
        net = None
    _nets[project] = (tuple(roads), net)
    return net


def homes_of(project: Project, plan: Plan) -> dict[str, Place]:
    """Give where units stand that are resources of the project."""
    out: dict[str, Place] = {}
    layers = {layer.id: layer.data for layer in project.layers}
    for unit in plan.units:
        data = layers.get(unit.layer)
        if not isinstance(data, Features) or unit.object not in data.ids:
            continue
        place = data.shapes.centres()[data.index_of([unit.object])[0]]
        out[unit.id] = (float(place[0]), float(place[1]))
    return out


def street_ways(project: Project, plan: Plan, closed: Sequence[Closure] = ()) -> Ways | None:
    """Give the finder of ways through the project's streets; None where there are none.

    Parameters
    ----------
    project : Project
        The city.
    plan : Plan
        Whose units go.
    closed : sequence of Closure
        Streets that cannot be used by those who set out at that second or later.
    """
    from layers.routing.ways import Router, Traveller, pieces_in

    net = street_net(project)
    if net is None:
        return None
    routers: dict[tuple[Traveller, tuple[int, ...]], Router] = {}
    known: dict[tuple[str, Place, Place, tuple[int, ...]], Way | None] = {}
    pieces = [pieces_in(net, np.array(one.ring)) for one in closed]

    def ways(unit_id: str, start: Place, goal: Place, leaves: float) -> Way | None:
        shut = tuple(n for n, one in enumerate(closed) if one.second <= leaves < one.until)
        key = (unit_id, start, goal, shut)
        if key in known:
            return known[key]
        unit = plan.unit(unit_id)
        if unit.kind == "drone":
            return None  # it flies
        on_foot = unit.kind in ("team", "person")
        who = Traveller(
            "foot" if on_foot else "drive", unit.speed_kmh, 1.0, unit.width_m, unit.height_m,
            unit.weight_t, against=not on_foot,
        )  # fmt: skip
        if (who, shut) not in routers:
            gone = np.unique(np.concatenate([pieces[n] for n in shut])) if shut else None
            routers[who, shut] = Router.of(net, who, closed=gone)
        found = routers[who, shut].way(start, goal)
        known[key] = None if found is None else (found.coords, found.seconds)
        return known[key]

    return ways

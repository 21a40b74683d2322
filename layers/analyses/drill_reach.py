"""How far help comes within some minutes, who is nearest, and times from place to place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import shapely

from layers.analyses.base import Marks, Note, Outcome, Reads, asking
from layers.analyses.choosing import layers_named
from layers.analyses.marks import shape_marks
from layers.drills.in_service import moment_in, service_facts, service_note
from layers.drills.response import (
    ENGINE,
    VEHICLES,
    Helpers,
    areas_facts,
    has_sort,
    helpers_of,
    place_of,
    residents_of,
    router_of,
    streets_of,
)
from layers.errors import CityError
from layers.kinds.base import Features
from layers.kinds.valid_time import Moment
from layers.progress import Progress
from layers.project import Project
from layers.routing.arrivals import seconds_at
from layers.routing.reach import Reach, reach
from layers.rules import chosen
from layers.shapes import Floats, Shapes
from layers.style import Colouring, Entry, Style

MOST_PAIRS = 250_000
BANDS = ("#1b9e77", "#a6d854", "#ffd92f", "#fc8d62", "#e31a1c")
WAY = Style(colour="#0057d9", outline="#0057d9", line_width=5.0, lift=1.0)
Points = tuple[tuple[float, ...], ...]
Facts = dict[str, float | int | str | bool]
STATIONS = "fire-station"  # where ways begin that nobody says where


@dataclass(frozen=True, slots=True)
class ReachParams:
    """What is asked of the land that help reaches.

    Attributes
    ----------
    places : str
        Layer of stations; "" takes the only layer of resources.
    points : tuple of (east, north)
        Typed places in their stead.
    sort : str
        Sort that counts, such as ``fire-station``; "" for all.
    minutes : str
        Times, with spaces.
    turnout : float
        Minutes before a crew leaves, taken off each time.
    vehicle, factor, against, junction
        Who is on the way: see `layers.drills.response.router_of`.
    roads : tuple of str
        Layers of streets; none means all.
    closed : tuple of (east, north)
        Ring or line that shuts streets.
    closed_layer : str
        Layer that shuts streets.
    closed_by : str
        Kept answer whose areas shut streets.
    layers : tuple of str
        Layers of buildings whose people are counted; none means all visible ones.
    ready : bool
        Whether only what is ready, or of unknown state, and in service counts.
    when : str
        Moment of that; "" takes the project's.
    """

    places: str = asking("", "layer")
    points: tuple[tuple[float, ...], ...] = asking((), "points")
    sort: str = asking("", "text")
    minutes: str = asking("5 8 15", "text")
    turnout: float = asking(0.0, "number", unit="min", low=0.0, high=60.0)
    vehicle: str = asking("car", "choice", choices=VEHICLES)
    factor: float = asking(1.0, "number", low=0.1, high=5.0)
    against: bool = asking(False, "flag")
    junction: float = asking(0.0, "number", low=0.0, high=300.0)
    roads: tuple[str, ...] = asking((), "layers", kinds=("roads",))
    closed: tuple[tuple[float, ...], ...] = asking((), "area")
    closed_layer: str = asking("", "layer")
    closed_by: str = asking("", "zones")
    layers: tuple[str, ...] = asking((), "layers", kinds=("buildings",))
    ready: bool = asking(True, "flag")
    when: str = asking("", "moment")


class DrillReach:
    """The analysis ``drill-reach``."""

    key: ClassVar[str] = "drill-reach"
    Params: ClassVar[type[ReachParams]] = ReachParams
    group: ClassVar[str] = "drill"
    columns: ClassVar[dict[str, str]] = {"length_m": "drill-streets", "area_m2": "drill-land"}

    def reads(self, project: Project, params: ReachParams) -> Reads:
        """Places, streets, buildings, rules of floor areas."""
        houses = layers_named(project, params.layers, "buildings", needed=False)
        ids = [layer.id for layer in (*streets_of(project, params.roads), *houses)]
        ids += layers_read(project, params.points, params.places, params.closed_layer)
        return Reads(
            tuple(dict.fromkeys(ids)),
            packs=(chosen.ALL,),
            about=("people.", "floor-area."),
            ground=False,
            more=_more(project, ids, params),
        )

    def run(self, project: Project, params: ReachParams, progress: Progress) -> Outcome:
        """Find the streets, the land and the people within each time."""
        limits = minutes_of(params.minutes)
        sort = params.sort
        if not (sort or params.points or params.places) and has_sort(project, STATIONS):
            sort = STATIONS
        moment = moment_in(project, params.when)
        helpers = helpers_of(
            project, params.points, params.places, sort, ready=params.ready, kind="resources",
            moment=moment, timed=params.ready,
        )  # fmt: skip
        progress.step(0, 3, "progress-ways")
        router, shut = router_of(
            project, params.roads, params.vehicle, factor=params.factor, against=params.against,
            closed=params.closed, closed_layer=params.closed_layer, closed_by=params.closed_by,
            junction_s=params.junction,
        )  # fmt: skip
        progress.step(1, 3, "progress-ways")
        times = [max(limit - params.turnout, 0.0) * 60.0 for limit in limits]
        found = reach(router, helpers.coords, times)
        progress.step(2, 3, "progress-ways")
        houses = layers_named(project, params.layers, "buildings", needed=False)
        people = residents_of(houses, chosen.rules())
        minutes = seconds_at(router, helpers.coords, people.coords) / 60.0 + params.turnout
        inside = [minutes <= limit for limit in limits]
        bodies = _bodies(people.layer, people.ids)
        table = pa.table({
            "minutes": limits,
            "area_m2": [float(shapely.area(one.area)) for one in found],
            "length_m": [one.metres for one in found],
            "buildings_count": [len(set(bodies[own].tolist())) for own in inside],
            "population_count": [round(float(people.people[own].sum())) for own in inside],
        })  # fmt: skip
        facts: Facts = {
            "stations_count": len(helpers), "closed_count": shut,
            "streets_m": float(router.net.length.sum()),
            "population_all_count": round(float(people.people.sum())),
        }  # fmt: skip
        notes = way_notes(params.vehicle, params.turnout, params.junction, helpers, moment)
        if len(people):
            notes = (*notes, Note("drill_people"))
        if sort != params.sort:
            notes = (*notes, Note("drill_from_stations"))
        return Outcome(table, facts, (*_areas(found, limits), *_stations(helpers)), "none", notes)


def _more(
    project: Project, ids: Sequence[str], params: ReachParams | NearestParams | TimesParams
) -> dict[str, str]:
    """Give what an answer depends on beside its layers."""
    who = service_facts(project, ids, params.when) if params.ready else {}
    return {**who, **areas_facts(project, params.closed_by)}


def _bodies(layer: np.ndarray, ids: np.ndarray) -> np.ndarray:
    return np.array([f"{one}:{number}" for one, number in zip(layer, ids, strict=True)])


def layers_read(project: Project, points: Points, *names: str) -> list[str]:
    """Give the ids of the layers that are named; no places named means those of resources."""
    ids = [project.layer(name).id for name in names if name]
    if not points and names and not names[0]:
        ids += [layer.id for layer in project.of_kind("resources")]
    return ids


def minutes_of(text: str) -> list[float]:
    """Read minutes with spaces.

    Raises
    ------
    CityError
        ``drill.minutes``.
    """
    try:
        limits = sorted({float(word) for word in text.replace(",", " ").split()})
    except ValueError:
        limits = []
    if not limits or not 0.0 < limits[0] <= limits[-1] <= 24 * 60:
        raise CityError(
            "drill.minutes",
            f"'{text[:40]}' are no minutes.",
            hint="write minutes with spaces, such as 5 8 15",
            text=text[:40],
        )
    return limits


def way_notes(
    vehicle: str, turnout: float, junction: float, helpers: Helpers, moment: Moment
) -> tuple[Note, ...]:
    """Tell what ways assume, and who is left out at a moment."""
    notes = [Note("drill_ways")]
    if vehicle == "engine":
        notes.append(Note("drill_engine", {"width": ENGINE[0], "height": ENGINE[1],
                                           "weight": ENGINE[2]}))  # fmt: skip
    if turnout:
        notes.append(Note("drill_turnout", {"minutes": turnout}))
    if junction:
        notes.append(Note("drill_junction", {"seconds": junction}))
    if helpers.left_out:
        notes.append(Note("drill_left_out", {"count": helpers.left_out}))
    return (*notes, *service_note(helpers.gone, moment))


def _stations(helpers: Helpers) -> tuple[Marks, ...]:
    style = Style(colour="#00a86b", point_size=12.0, lift=1.0)
    return shape_marks(
        "drill-stations", "point", [place[None] for place in helpers.coords],
        {"row": [0] * len(helpers), "name": helpers.names.tolist()}, field="", style=style,
    )  # fmt: skip


def _areas(found: Sequence[Reach], limits: Sequence[float]) -> tuple[Marks, ...]:
    """Draw the land as rings: what is reached sooner is not drawn twice."""
    shapes, minutes, rows = [], [], []
    inner: shapely.Geometry = shapely.Polygon()
    for row, (one, limit) in enumerate(zip(found, limits, strict=True)):
        for piece in shapely.get_parts(shapely.difference(one.area, inner)):
            if isinstance(piece, shapely.Polygon) and piece.area > 1.0:
                shapes.append(piece)
                minutes.append(f"{limit:g}")
                rows.append(row)
        inner = shapely.union(inner, one.area)
    if not shapes:
        return ()
    entries = tuple(
        Entry(f"{limit:g} min", BANDS[min(i, len(BANDS) - 1)], value=f"{limit:g}")
        for i, limit in enumerate(limits)
    )
    style = Style(
        colour=BANDS[0], outline=None, lift=0.4,
        colouring=Colouring("minutes", "categories", entries),
    )  # fmt: skip
    features = Features.of(
        Shapes.from_shapely(np.array(shapes, dtype=object)),
        pa.table({"row": rows, "minutes": minutes}),
    )
    return (Marks("drill-reach", features, "minutes", style=style),)


@dataclass(frozen=True, slots=True)
class NearestParams:
    """What is asked of the nearest helpers.

    Attributes
    ----------
    point : (east, north)
        Where help is needed.
    number : int
        How many are wanted.
    limit : float
        Minutes within which the first one shall come; 0 judges nothing.
    places, sort, turnout, vehicle, factor, against, junction, roads, closed, closed_layer
        As of `ReachParams`.
    closed_by, ready, when
        As of `ReachParams`.
    """

    point: tuple[float, ...] = asking((), "point", optional=False)
    number: int = asking(5, "count", low=1, high=100)
    places: str = asking("", "layer")
    sort: str = asking("", "text")
    limit: float = asking(0.0, "number", unit="min", low=0.0, high=1440.0)
    turnout: float = asking(0.0, "number", unit="min", low=0.0, high=60.0)
    vehicle: str = asking("car", "choice", choices=VEHICLES)
    factor: float = asking(1.0, "number", low=0.1, high=5.0)
    against: bool = asking(False, "flag")
    junction: float = asking(0.0, "number", low=0.0, high=300.0)
    roads: tuple[str, ...] = asking((), "layers", kinds=("roads",))
    closed: tuple[tuple[float, ...], ...] = asking((), "area")
    closed_layer: str = asking("", "layer")
    closed_by: str = asking("", "zones")
    ready: bool = asking(True, "flag")
    when: str = asking("", "moment")


class DrillNearest:
    """The analysis ``drill-nearest``."""

    key: ClassVar[str] = "drill-nearest"
    Params: ClassVar[type[NearestParams]] = NearestParams
    group: ClassVar[str] = "drill"
    columns: ClassVar[dict[str, str]] = {"length_m": "drill-way"}

    def reads(self, project: Project, params: NearestParams) -> Reads:
        """Places and streets."""
        ids = [layer.id for layer in streets_of(project, params.roads)]
        ids += layers_read(project, (), params.places, params.closed_layer)
        more = _more(project, ids, params)
        return Reads(tuple(dict.fromkeys(ids)), ground=False, more=more)

    def run(self, project: Project, params: NearestParams, progress: Progress) -> Outcome:
        """Find those who come first, with their ways."""
        goal = place_of(params.point)
        moment = moment_in(project, params.when)
        helpers = helpers_of(project, (), params.places, params.sort, ready=params.ready,
                             kind="resources", moment=moment, timed=params.ready)  # fmt: skip
        progress.step(0, 2, "progress-ways")
        router, shut = router_of(
            project, params.roads, params.vehicle, factor=params.factor, against=params.against,
            closed=params.closed, closed_layer=params.closed_layer, closed_by=params.closed_by,
            junction_s=params.junction,
        )  # fmt: skip
        progress.step(1, 2, "progress-ways")
        rows: list[dict[str, object]] = []
        lines: list[Floats] = []
        for which, _ in router.nearest(goal, helpers.coords, params.number):
            way = router.way(helpers.coords[which], goal)
            if way is None:
                continue
            minutes = way.seconds / 60.0 + params.turnout
            late = params.limit > 0.0 and minutes > params.limit
            rows.append({
                "name": str(helpers.names[which]), "sort": str(helpers.sorts[which]),
                "state": str(helpers.states[which]), "minutes": minutes, "length_m": way.metres,
                "status": "none" if params.limit <= 0.0 else "fail" if late else "pass",
                "layer": str(helpers.layers[which]), "object": int(helpers.ids[which]),
                "east": float(helpers.coords[which, 0]), "north": float(helpers.coords[which, 1]),
            })  # fmt: skip
            lines.append(way.coords)
        facts: Facts = {"stations_count": len(helpers), "closed_count": shut}
        status = "none"
        if rows:
            facts["first_minutes"] = float(str(rows[0]["minutes"]))
            status = str(rows[0]["status"])
        elif params.limit > 0.0:
            status = "fail"
        marks = shape_marks("drill-ways", "line", lines, {"row": list(range(len(lines)))},
                            field="", style=WAY)  # fmt: skip
        notes = way_notes(params.vehicle, params.turnout, params.junction, helpers, moment)
        if not rows:
            notes = (*notes, Note("drill_no_way"))
        return Outcome(
            pa.Table.from_pylist(rows, schema=_NEAREST), facts, marks,
            "fail" if status == "fail" else "pass" if status == "pass" else "none", notes,
        )  # fmt: skip


_NEAREST = pa.schema([
    ("name", pa.string()), ("sort", pa.string()), ("state", pa.string()),
    ("minutes", pa.float64()), ("length_m", pa.float64()), ("status", pa.string()),
    ("layer", pa.string()), ("object", pa.int64()), ("east", pa.float64()),
    ("north", pa.float64()),
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class TimesParams:
    """What is asked of a matrix of times.

    Attributes
    ----------
    places, sort : str
        Where ways begin.
    goals, goal_sort : str
        Layer and sort of where they end; "" takes the hazards.
    longest : float
        Pairs that take more minutes are not listed; 0 lists all.
    turnout, vehicle, factor, against, junction, roads, closed, closed_layer, ready, when
        As of `ReachParams`.
    """

    places: str = asking("", "layer")
    sort: str = asking("", "text")
    goals: str = asking("", "layer")
    goal_sort: str = asking("", "text")
    longest: float = asking(0.0, "number", unit="min", low=0.0, high=1440.0)
    turnout: float = asking(0.0, "number", unit="min", low=0.0, high=60.0)
    vehicle: str = asking("car", "choice", choices=VEHICLES)
    factor: float = asking(1.0, "number", low=0.1, high=5.0)
    against: bool = asking(False, "flag")
    junction: float = asking(0.0, "number", low=0.0, high=300.0)
    roads: tuple[str, ...] = asking((), "layers", kinds=("roads",))
    closed: tuple[tuple[float, ...], ...] = asking((), "area")
    closed_layer: str = asking("", "layer")
    closed_by: str = asking("", "zones")
    ready: bool = asking(True, "flag")
    when: str = asking("", "moment")


class DrillTimes:
    """The analysis ``drill-times``."""

    key: ClassVar[str] = "drill-times"
    Params: ClassVar[type[TimesParams]] = TimesParams
    group: ClassVar[str] = "drill"
    columns: ClassVar[dict[str, str]] = {}

    def reads(self, project: Project, params: TimesParams) -> Reads:
        """Both layers and the streets."""
        ids = [layer.id for layer in streets_of(project, params.roads)]
        ids += layers_read(project, (), params.places, params.closed_layer, params.goals)
        if not params.goals:
            ids += [layer.id for layer in project.of_kind("hazards")]
        more = _more(project, ids, params)
        return Reads(tuple(dict.fromkeys(ids)), ground=False, more=more)

    def run(self, project: Project, params: TimesParams, progress: Progress) -> Outcome:
        """Find the time of every pair."""
        moment = moment_in(project, params.when)
        helpers = helpers_of(project, (), params.places, params.sort, ready=params.ready,
                             kind="resources", moment=moment, timed=params.ready)  # fmt: skip
        goals = helpers_of(project, (), params.goals, params.goal_sort, ready=False,
                           kind="hazards", moment=moment, timed=params.ready)  # fmt: skip
        if len(helpers) * len(goals) > MOST_PAIRS:
            raise _many(len(helpers) * len(goals))
        progress.step(0, 2, "progress-ways")
        router, shut = router_of(
            project, params.roads, params.vehicle, factor=params.factor, against=params.against,
            closed=params.closed, closed_layer=params.closed_layer, closed_by=params.closed_by,
            junction_s=params.junction,
        )  # fmt: skip
        progress.step(1, 2, "progress-ways")
        minutes = router.matrix(helpers.coords, goals.coords) / 60.0 + params.turnout
        first = minutes.min(axis=0)
        wanted = np.isfinite(minutes)
        if params.longest > 0.0:
            wanted &= minutes <= params.longest
        one, other = np.nonzero(wanted)
        order = np.lexsort((minutes[one, other], other))
        one, other = one[order], other[order]
        table = pa.table({
            "goal": pa.array(goals.names[other].tolist(), pa.string()),
            "origin": pa.array(helpers.names[one].tolist(), pa.string()),
            "minutes": minutes[one, other],
            "layer": pa.array(goals.layers[other].tolist(), pa.string()),
            "object": goals.ids[other],
            "east": goals.coords[other, 0], "north": goals.coords[other, 1],
        })  # fmt: skip
        facts: Facts = {
            "stations_count": len(helpers), "goals_count": len(goals), "closed_count": shut,
            "unreached_count": int((~np.isfinite(first)).sum()),
        }  # fmt: skip
        if np.isfinite(first).any():
            facts["longest_minutes"] = float(first[np.isfinite(first)].max())
        notes = way_notes(params.vehicle, params.turnout, params.junction, helpers, moment)
        notes = (*notes, *service_note(goals.gone, moment))
        return Outcome(table, facts, (), "none", notes)


def _many(count: int) -> CityError:
    return CityError(
        "drill.many_pairs",
        f"That would be {count} ways; {MOST_PAIRS} are the most at once.",
        hint="choose a sort on either side",
        count=count,
        most=MOST_PAIRS,
    )


REACH = DrillReach()
NEAREST = DrillNearest()
TIMES = DrillTimes()

"""Evacuation on foot as an analysis; see `layers.drills.evacuation`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import shapely

from layers.analyses.base import Marks, Note, Outcome, Reads, asking
from layers.analyses.choosing import layers_named
from layers.analyses.marks import place_marks, shape_marks
from layers.drills.evacuation import Assignment, Loads, assign, curve, loads
from layers.drills.in_service import called, moment_in, not_now, service_facts, service_note
from layers.drills.people import People, people_of
from layers.errors import CityError
from layers.kinds.base import Features, Layer
from layers.kinds.emergency import Emergency
from layers.kinds.valid_time import Moment
from layers.progress import Progress
from layers.project import Project
from layers.routing.streets_net import StreetNet
from layers.routing.ways import Router, Traveller
from layers.rules import chosen
from layers.rules.rule import RuleSet, Status, judge, worst
from layers.shapes import Floats, Ints

SORTS = ("shelter", "assembly")
COUNTED_IN = ("人", "people", "persons", "person", "places", "名", "位")
SHOWN = ("groups", "streets", "curve")
Facts = dict[str, float | int | str | bool]


@dataclass(frozen=True, slots=True)
class EvacuationParams:
    """What is asked.

    Attributes
    ----------
    layers : tuple of str
        Layers of buildings; none means all visible ones.
    shelters : tuple of str
        Layers of resources with shelters and assembly points; none means all.
    roads : tuple of str
        Layers of streets; none means all.
    area : tuple of (float, float)
        Ring around the buildings that are left, project coordinates; empty for all. Shelters in
        it are not used.
    speed : float
        On foot, kilometres an hour.
    spread : float
        Minutes within which people set out.
    room : float
        People that a shelter takes of which nothing is told.
    show : str
        What the table holds: ``groups``, ``streets``, ``curve``.
    pack : str
        Rule pack, "" for all.
    when : str
        Moment at which shelters are in service; "" takes the project's.
    """

    layers: tuple[str, ...] = asking((), "layers", kinds=("buildings",))
    shelters: tuple[str, ...] = asking((), "layers", kinds=("resources",))
    roads: tuple[str, ...] = asking((), "layers", kinds=("roads",))
    area: tuple[tuple[float, float], ...] = asking((), "area")
    speed: float = asking(4.0, "number", unit="km/h", low=0.5, high=15.0)
    spread: float = asking(10.0, "number", unit="min", low=0.0, high=600.0)
    room: int = asking(500, "count", low=0, high=1_000_000)
    show: str = asking("groups", "choice", choices=SHOWN)
    pack: str = asking("", "pack")
    when: str = asking("", "moment")


class Evacuation:
    """The analysis ``evacuation``."""

    key: ClassVar[str] = "evacuation"
    Params: ClassVar[type[EvacuationParams]] = EvacuationParams
    group: ClassVar[str] = "drill"
    columns: ClassVar[dict[str, str]] = {
        "people": "evacuation-people", "shelter": "evacuation-shelter",
        "walk_min": "evacuation-walk", "width_m": "evacuation-width",
        "people_each": "evacuation-flow", "minute_min": "evacuation-minute",
        "there": "evacuation-there", "there_percent": "evacuation-there-share",
    }  # fmt: skip

    def reads(self, project: Project, params: EvacuationParams) -> Reads:
        """Buildings, shelters, streets, rules."""
        ids = [layer.id for layer in layers_named(project, params.layers, "buildings")]
        ids += [layer.id for layer in layers_named(project, params.shelters, "resources")]
        more = service_facts(project, ids, params.when)
        ids += [layer.id for layer in layers_named(project, params.roads, "roads")]
        return Reads(
            tuple(dict.fromkeys(ids)), packs=(params.pack or chosen.ALL,),
            about=("evacuation.", "people.", "floor-area."), more=more,
        )  # fmt: skip

    def run(self, project: Project, params: EvacuationParams, progress: Progress) -> Outcome:
        """Send everybody to a shelter and see how long it takes."""
        rules = chosen.rules((params.pack,))
        progress.step(0, 4, "progress-evacuation")
        people = people_of(layers_named(project, params.layers, "buildings"), rules)
        area = shapely.Polygon(params.area) if len(params.area) >= 3 else None
        if area is not None:
            people = people.inside(
                np.flatnonzero(shapely.contains_xy(area, *people.coords.T))
            )  # fmt: skip
        moment = moment_in(project, params.when)
        refuges = _refuges(
            layers_named(project, params.shelters, "resources"), params.room, area, moment
        )  # fmt: skip
        roads = [layer.features for layer in layers_named(project, params.roads, "roads")]
        router = Router.of(
            StreetNet.of(roads), Traveller("foot", params.speed, off_road_kmh=params.speed)
        )
        progress.step(1, 4, "progress-evacuation")
        # On foot both directions take the same: from the few shelters to the many buildings.
        seconds = router.matrix(refuges.coords, people.coords).T
        progress.step(2, 4, "progress-evacuation")
        found = assign(people.count, refuges.room, seconds)
        progress.step(3, 4, "progress-evacuation")
        spread = params.spread * 60.0
        passing = loads(router, roads, people.coords, refuges.coords, found, spread)
        return _outcome(project, params, people, refuges, found, passing, router, rules)


@dataclass(frozen=True, slots=True, eq=False)
class Refuges:
    """Shelters and assembly points that can be used.

    Attributes
    ----------
    name : list of str
        As told, or the number.
    coords : (s, 2) float64
        Where.
    room : (s,) int64
        People.
    assumed : int
        How many tell no capacity.
    notes : tuple of Note
        Those that are not in service at this time.
    """

    name: list[str]
    coords: Floats
    room: Ints
    assumed: int
    notes: tuple[Note, ...]


def _refuges(
    layers: Sequence[Layer], usual: int, area: shapely.Geometry | None, moment: Moment
) -> Refuges:
    """Find the shelters outside the area that are in service.

    Raises
    ------
    CityError
        ``evacuation.no_shelter``.
    """
    names: list[str] = []
    places: list[Floats] = []
    room: list[int] = []
    assumed = 0
    gone: list[object] = []
    for layer in layers:
        if not isinstance(layer.data, Features):
            continue
        said = Emergency.of(layer.data, "resources", layer.name)
        usable = np.isin(said.sort.astype(str), SORTS) & (said.state != "out-of-service")
        if area is not None:
            usable &= ~shapely.contains_xy(area, *said.coords.T)
        away = usable & not_now(said, moment)
        gone += called(said)[away].tolist()
        usable &= ~away
        for at in np.flatnonzero(usable).tolist():
            told = said.capacity[at]
            if not np.isfinite(told) and str(said.unit[at]).lower() in COUNTED_IN:
                told = said.quantity[at]
            known = bool(np.isfinite(told) and told >= 0)
            assumed += not known
            room.append(int(told) if known else usual)
            names.append(str(said.name[at]) or f"{layer.name} {int(said.ids[at])}")
            places.append(said.coords[at])
    if not names:
        raise CityError(
            "evacuation.no_shelter",
            f"There is no shelter or assembly point to go to at {moment.text}.",
            hint="import a layer of resources with shelters, draw a smaller area, or ask about "
            "another moment",
            when=moment.text,
            count=len(gone),
        )
    return Refuges(
        names, np.array(places), np.array(room, dtype=np.int64), assumed,
        service_note(gone, moment),
    )  # fmt: skip


def _outcome(
    project: Project, params: EvacuationParams, people: People, refuges: Refuges,
    found: Assignment, passing: Loads, router: Router, rules: RuleSet,
) -> Outcome:  # fmt: skip
    total, left = int(people.count.sum()), int(found.left.sum())
    spread = params.spread * 60.0
    facts: Facts = {
        "people": total, "buildings_count": len(people), "goals_count": len(refuges.name),
        "room": int(refuges.room.sum()), "left_people": left,
    }  # fmt: skip
    sent = int(found.people.sum())
    if sent:
        order = np.argsort(found.seconds, kind="stable")
        whole = np.cumsum(found.people[order])
        facts["half_min"] = round(
            float(found.seconds[order][np.searchsorted(whole, sent / 2.0)]) / 60.0, 1
        )
        facts["clearance_min"] = round((float(found.seconds.max()) + spread) / 60.0, 1)
    limit = rules.find("evacuation.flow", {})
    status: list[Status] = [judge(limit, float(one)).status for one in passing.flow]
    over = [limit is not None and one > float(np.max(limit.value)) for one in passing.flow]
    status = ["none" if not bad else each for bad, each in zip(over, status, strict=True)]
    facts["narrow_count"] = int(np.sum(over))
    groups = _groups(project, people, refuges, found)
    streets = _streets(passing, router, status)
    tables = {"groups": groups, "streets": streets, "curve": _curve(found, spread, total)}
    marks = _marks(params.show, groups, passing, router, status)
    notes = [Note("evacuation_how"), Note("evacuation_people", {"told": people.told})]
    if refuges.assumed:
        notes.append(Note("evacuation_room", {"count": refuges.assumed, "people": params.room}))
    if left:
        notes.append(Note("evacuation_left", {"people": left}))
    notes += refuges.notes
    short: list[Status] = ["warning"] if left else []
    return Outcome(
        tables[params.show], facts, marks, worst([*status, *short]), tuple(notes)
    )  # fmt: skip


def _groups(project: Project, people: People, refuges: Refuges, found: Assignment) -> pa.Table:
    """Give a row for each group, and for those that are left, the longest way first."""
    order = np.lexsort((found.origin, -found.seconds))
    lost = np.flatnonzero(found.left)
    origin = np.concatenate([lost, found.origin[order]])
    places = people.coords[origin]
    walk = np.concatenate([np.full(len(lost), np.nan), found.seconds[order] / 60.0])
    count = np.concatenate([found.left[lost], found.people[order]])
    names = [""] * len(lost) + [refuges.name[goal] for goal in found.goal[order]]
    status = ["warning"] * len(lost) + ["none"] * len(order)
    return pa.table({
        "layer": pa.array(people.layer[origin].tolist(), pa.string()),
        "object": people.object[origin],
        "people": count, "shelter": pa.array(names, pa.string()),
        "walk_min": pa.array(np.round(walk, 1), from_pandas=True),
        "status": pa.array(status, pa.string()),
        "east": places[:, 0], "north": places[:, 1], "level": project.ground_at(places),
    })  # fmt: skip


def _streets(passing: Loads, router: Router, status: Sequence[Status]) -> pa.Table:
    """Give a row for each piece of street that is used, in the order of `passing`."""
    middle = [router.net.piece(piece).mean(axis=0) for piece in passing.piece.tolist()]
    places = np.array(middle).reshape(-1, 2)
    return pa.table({
        "people": passing.people, "width_m": np.round(passing.width, 1),
        "people_each": np.round(passing.flow, 0), "status": pa.array(status, pa.string()),
        "east": places[:, 0], "north": places[:, 1],
    })  # fmt: skip


def _curve(found: Assignment, spread: float, total: int) -> pa.Table:
    last = (float(found.seconds.max()) if len(found.seconds) else 0.0) + spread
    marks = np.arange(0.0, np.ceil(last / 60.0) + 1.0)
    marks = marks[:: max(len(marks) // 240, 1)]
    if marks[-1] * 60.0 < last:
        marks = np.append(marks, np.ceil(last / 60.0))
    there = curve(found, spread, marks * 60.0)
    share = there / max(total, 1) * 100.0
    return pa.table({
        "minute_min": marks, "there": np.floor(there + 1e-6).astype(np.int64),
        "there_percent": np.round(share, 1),
    })  # fmt: skip


def _marks(
    show: str, groups: pa.Table, passing: Loads, router: Router, status: Sequence[Status]
) -> tuple[Marks, ...]:
    """Draw buildings by minutes on the way, and streets by flow; rows lead to the table shown."""
    out: list[Marks] = []
    for mark in place_marks(groups, "evacuation", field="walk_min"):
        data = mark.data
        assert isinstance(data, Features)
        if show != "groups":
            data = Features.of(data.shapes, data.attributes.drop_columns(["row"]))
        out.append(Marks(mark.name, data, "walk_min"))
    lines = [router.net.piece(piece) for piece in passing.piece.tolist()]
    columns: dict[str, Ints | Floats | list[Status]] = {
        "people_each": np.round(passing.flow, 0), "status": list(status),
    }  # fmt: skip
    if show == "streets":
        columns["row"] = np.arange(len(lines))
    out += shape_marks("evacuation-streets", "line", lines, columns, field="people_each")
    return tuple(out)


ANALYSIS = Evacuation()

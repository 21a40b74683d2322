"""What a plan for a drill says: who does what, where, when, after what, and with which words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from layers.errors import CityError

Place = tuple[float, float]  # project coordinates, metres
Coords = tuple[Place, ...]
Mode = Literal["at", "after", "with", "when"]
Grade = Literal["I", "II", "III", "IV"]

GRADES: tuple[Grade, ...] = ("I", "II", "III", "IV")
MODES: tuple[Mode, ...] = ("at", "after", "with", "when")
TYPES = (
    "fire",
    "gas-leak",
    "chemical",
    "flood",
    "earthquake",
    "traffic",
    "crowd",
    "power",
    "other",
)
ELEMENTS = ("symbol", "zone", "route", "line", "message", "camera", "state")
GLIDE = 60.0  # seconds: one second of a film that runs sixty times as fast
SHAPE_OF = {"symbol": "point", "zone": "area", "route": "line", "line": "line"}


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody who acts: a commander, a crew, the metro's duty officer.

    Attributes
    ----------
    id : str
        Unique in the plan.
    name, organisation, contact : str
        As people say it.
    colour : str
        Of the lane on the timeline, ``#rrggbb``; "" takes one of the palette.
    """

    id: str
    name: str
    organisation: str = ""
    contact: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the plan: alarm, response, rescue, recovery."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Objective:
    """What the drill shall show; scored afterwards."""

    id: str
    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Unit:
    """A vehicle, a team or a thing that takes part and can be in one place at a time.

    Attributes
    ----------
    id, name : str
        Unique in the plan; as people say it.
    role : str
        Who leads it.
    kind : str
        ``vehicle``, ``team``, ``person``, ``drone``, ``supply``.
    symbol : str
        Code of the symbol, such as ``D20101``.
    count : int
        How many there are; a step can take some of them.
    place : (float, float) or None
        Where it stands before the drill, project coordinates; None: where its resource stands.
    layer, object : str, int
        The resource of the project it is; "" and 0 for none.
    speed_kmh : float
        On free ways; 0 takes that of the road.
    width_m, height_m, weight_t : float
        For ways with limits; 0 where it does not matter.
    """

    id: str
    name: str
    role: str = ""
    kind: str = "vehicle"
    symbol: str = ""
    count: int = 1
    place: Place | None = None
    layer: str = ""
    object: int = 0
    speed_kmh: float = 0.0
    width_m: float = 0.0
    height_m: float = 0.0
    weight_t: float = 0.0


@dataclass(frozen=True, slots=True)
class Start:
    """When a step begins.

    Attributes
    ----------
    mode : str
        ``at`` a second of the plan, ``after`` the end of another step, ``with`` its beginning,
        ``when`` a condition comes true (the plan takes it for true at `seconds`).
    seconds : float
        Of the plan, or from the other step; may be negative there.
    step : str
        The other step, "" for none.
    condition : str
        In words, for ``when``.
    """

    mode: Mode = "at"
    seconds: float = 0.0
    step: str = ""
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Element:
    """What a step puts into the scene while it lasts, or from then on.

    Attributes
    ----------
    kind : str
        One of ``ELEMENTS``. A symbol at a place, a zone that grows, a route a unit moves along,
        a line, a message on the screen, a camera, a state that a resource takes.
    coords : tuple of (float, float)
        Place, line or ring, project coordinates.
    symbol : str
        Code of the symbol of a point, a line or an area.
    text : str
        Message, label, name of a view (camera) or new state (state).
    unit : str
        Who moves (route) or changes (state).
    colour : str
        ``#rrggbb``; "" takes that of the symbol.
    grow_from, grow_to : float
        A zone begins with this share of its size and ends with that; 1 and 1 stand still.
    stays : bool
        Whether it stays after the end of the step.
    glide : float
        Seconds of the plan in which the eye goes over to a camera's view; 0 jumps.
    """

    kind: str
    coords: Coords = ()
    symbol: str = ""
    text: str = ""
    unit: str = ""
    colour: str = ""
    grow_from: float = 1.0
    grow_to: float = 1.0
    stays: bool = False
    glide: float = GLIDE


@dataclass(frozen=True, slots=True)
class Commitment:
    """So many of a unit that a step needs for itself."""

    unit: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """One node of the timeline.

    Attributes
    ----------
    id, title : str
        Unique in the plan; what happens, in a few words.
    start : Start
        When it begins.
    seconds : float
        How long it lasts; 0 for a moment.
    phase, role : str
        Part of the plan; who acts.
    place : (float, float) or None, place_name : str
        Where.
    action, words, response : str
        What is done, what is said, what is expected of the others.
    units : tuple of Commitment
        Who is needed there.
    elements : tuple of Element
        What is seen.
    objectives : tuple of str
        What it shows.
    note : str
        For the evaluator.
    """

    id: str
    title: str
    start: Start = field(default_factory=Start)
    seconds: float = 60.0
    phase: str = ""
    role: str = ""
    place: Place | None = None
    place_name: str = ""
    action: str = ""
    words: str = ""
    response: str = ""
    units: tuple[Commitment, ...] = ()
    elements: tuple[Element, ...] = ()
    objectives: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Inject:
    """Something that may happen at any moment: the controller decides.

    Attributes
    ----------
    id, title : str
        Unique in the plan; in a few words.
    words, response, role : str
        What is told, what is expected, by whom.
    place : (float, float) or None
        Where.
    elements : tuple of Element
        What is seen from then on.
    closes : tuple of (float, float)
        Ring of ways that are closed from then on; empty for none.
    """

    id: str
    title: str
    words: str = ""
    response: str = ""
    role: str = ""
    place: Place | None = None
    elements: tuple[Element, ...] = ()
    closes: Coords = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan for a drill.

    Attributes
    ----------
    id : int
        Number, unique in the project and never given again; 0 before it is kept.
    name : str
        What people call it.
    type, grade : str
        One of ``TYPES``; I (gravest) to IV.
    region : tuple of (float, float)
        Ring around where it plays, project coordinates.
    begins : str
        Moment of second 0, ISO 8601; "" for none.
    summary : str
        What is supposed to have happened.
    objectives, phases, roles, units, steps, injects : tuple
        See there. Steps stand in any order; `layers.drills.clock` says when they are.
    headings : dict of str to str
        Chapters of the written plan, key to text (`layers.drills.headings`).
    seed : int
        Of everything that looks like chance.
    author, created, changed : str
        Who; ISO 8601.
    version : int
        Counts the kept versions.
    parent : int
        Number of the plan it was copied from, 0 for none.
    archived : bool
        Whether it is done and put away.
    """

    id: int
    name: str
    type: str = "other"
    grade: Grade = "IV"
    region: Coords = ()
    begins: str = ""
    summary: str = ""
    objectives: tuple[Objective, ...] = ()
    phases: tuple[Phase, ...] = ()
    roles: tuple[Role, ...] = ()
    units: tuple[Unit, ...] = ()
    steps: tuple[Step, ...] = ()
    injects: tuple[Inject, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    seed: int = 1
    author: str = ""
    created: str = ""
    changed: str = ""
    version: int = 1
    parent: int = 0
    archived: bool = False

    def step(self, step_id: str) -> Step:
        """Give a step.

        Raises
        ------
        CityError
            ``drill.no_such_step``.
        """
        for item in self.steps:
            if item.id == step_id:
                return item
        raise CityError(
            "drill.no_such_step",
            f"The plan has no step '{step_id}'.",
            hint=f"choose one of its {len(self.steps)} steps",
            id=step_id,
            count=len(self.steps),
        )

    def role(self, role_id: str) -> Role:
        """Give a role.

        Raises
        ------
        CityError
            ``drill.no_such_role``.
        """
        for item in self.roles:
            if item.id == role_id:
                return item
        raise CityError(
            "drill.no_such_role",
            f"The plan has no role '{role_id}'.",
            hint=f"choose one of its {len(self.roles)} roles",
            id=role_id,
            count=len(self.roles),
        )

    def unit(self, unit_id: str) -> Unit:
        """Give a unit.

        Raises
        ------
        CityError
            ``drill.no_such_unit``.
        """
        for item in self.units:
            if item.id == unit_id:
                return item
        raise CityError(
            "drill.no_such_unit",
            f"The plan has no unit '{unit_id}'.",
            hint=f"choose one of its {len(self.units)} units",
            id=unit_id,
            count=len(self.units),
        )

    def with_step(self, step: Step) -> Plan:
        """Give the plan with a step more, or with the one of the same id replaced."""
        return replace(self, steps=_placed(self.steps, step))

    def without_steps(self, ids: Iterable[str]) -> Plan:
        """Give the plan without some steps; what began after them keeps its own moment.

        A step that hung on one that goes is hung on what that one hung on.
        """
        gone = set(ids)
        starts = {step.id: step.start for step in self.steps}
        lengths = {step.id: step.seconds for step in self.steps}

        def hung(start: Start) -> Start:
            seen: set[str] = set()
            while start.step in gone and start.step not in seen:
                seen.add(start.step)
                before = starts[start.step]
                more = lengths[start.step] if start.mode == "after" else 0.0
                mode: Mode = "at" if before.mode == "when" else before.mode
                start = Start(mode, before.seconds + more + start.seconds, before.step)
            return start

        kept = tuple(replace(s, start=hung(s.start)) for s in self.steps if s.id not in gone)
        return replace(self, steps=kept)

    def shifted(self, seconds: float) -> Plan:
        """Give the plan with everything so many seconds later; nothing hung moves twice."""
        steps = tuple(
            replace(s, start=replace(s.start, seconds=s.start.seconds + seconds))
            if s.start.mode in ("at", "when")
            else s
            for s in self.steps
        )
        return replace(self, steps=steps)

    def new_id(self, start: str) -> str:
        """Give a free id that begins so: ``s1``, ``s2`` and so on."""
        taken = {
            item.id
            for items in (
                self.steps, self.roles, self.units, self.phases, self.objectives, self.injects,
            )
            for item in items
        }  # fmt: skip
        number = 1
        while f"{start}{number}" in taken:
            number += 1
        return f"{start}{number}"


def _placed(items: tuple[Step, ...], item: Step) -> tuple[Step, ...]:
    if all(old.id != item.id for old in items):
        return (*items, item)
    return tuple(item if old.id == item.id else old for old in items)


def extent_of_step(plan: Plan, step_id: str) -> tuple[float, float, float, float] | None:
    """Give the box around a step and what it shows, metres; None for a step without a place.

    Raises
    ------
    CityError
        ``drill.no_such_step``.
    """
    step = plan.step(step_id)
    places = [place for element in step.elements for place in element.coords]
    return _box([*places, *([step.place] if step.place is not None else [])])


def extent_of_plan(plan: Plan) -> tuple[float, float, float, float] | None:
    """Give the box around the area of a plan, else around its steps; None for a plan of nowhere."""
    places = list(plan.region)
    for step in () if len(places) > 2 else plan.steps:
        places += [place for element in step.elements for place in element.coords]
        places += [step.place] if step.place is not None else []
    return _box(places)


def _box(places: list[Place]) -> tuple[float, float, float, float] | None:
    if not places:
        return None
    east, north = zip(*places, strict=True)
    return min(east), min(north), max(east), max(north)


def places_of(plan: Plan) -> dict[str, Any]:
    """Give every place a plan names: from what it is (``step s1``) to its coordinates."""
    out: dict[str, Any] = {}
    for unit in plan.units:
        if unit.place is not None:
            out[f"unit {unit.id}"] = (unit.place,)
    for step in plan.steps:
        if step.place is not None:
            out[f"step {step.id}"] = (step.place,)
        for number, element in enumerate(step.elements):
            if element.coords:
                out[f"step {step.id} element {number + 1}"] = element.coords
    for inject in plan.injects:
        if inject.place is not None:
            out[f"inject {inject.id}"] = (inject.place,)
    return out

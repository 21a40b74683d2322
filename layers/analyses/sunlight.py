"""The statement about sunlight as an analysis; see `layers.planning.sunlight_statement`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

import numpy as np
import pyarrow as pa
import shapely

from layers.analyses.base import Marks, Note, Outcome, Reads, asking
from layers.analyses.choosing import layers_named
from layers.errors import CityError
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.planning.obstacles import Body, Obstacles, obstacles
from layers.planning.rays import engine
from layers.planning.sun_path import SunPath, sun_path
from layers.planning.sunlight_grids import panels
from layers.planning.sunlight_statement import (
    Requirement,
    Statement,
    building_table,
    clock,
    requirement,
    statement,
    window_table,
)
from layers.planning.windows import WindowRule, Windows, windows_at, windows_of
from layers.progress import Progress
from layers.project import Project
from layers.rules import chosen
from layers.rules.rule import Fact, worst
from layers.shapes import Bools, Floats, Ints
from layers.style import Colouring, Entry, Style

ZONES = ("I", "II", "III", "IV", "V", "VI", "VII")
USES = ("housing", "old-age-housing", "kindergarten", "school", "hospital")
RESULT_COLOURS = {
    "lost": "#d32f2f", "worse": "#ef6c00", "short": "#8e24aa", "less": "#fbc02d",
    "new": "#64b5f6", "kept": "#66bb6a",
}  # fmt: skip
PANEL = 1.4  # metres that a window is drawn high


@dataclass(frozen=True, slots=True)
class SunlightParams:
    """What is asked.

    Attributes
    ----------
    layers : tuple of str
        Layers of buildings that stand in the way; none means all visible ones.
    on : str
        Layer of buildings whose windows are looked at; "" takes those of `layers`.
    objects : str
        Numbers of the buildings of `on`, with spaces; "" takes all, or with a before and after
        those that the change can reach.
    windows : str
        Layer of points that are the windows; "" lays them out by storey and bay.
    day : str
        Date, ``dahan``, ``dongzhi``; "" takes the day of the rule.
    zone, city, use, redevelopment : str, str, str, bool
        The case that rules ask about.
    begin, end : float
        Hours of true solar time between which sun counts; both 0 take the rule's.
    spell : float
        Shortest spell that counts, minutes; below 0 takes the rule's.
    longest : bool
        Whether only the longest spell counts, not the sum.
    storey, sill, bay, width, facing, storeys
        How windows are laid out; see `WindowRule`.
    compare : str
        ``nothing``; ``scheme``: with `before`; ``without``: with the city without the buildings
        `new_objects` of `new`.
    before : str
        Scheme, or a project file, that stands for before.
    new : str
        Layer of the new buildings.
    new_objects : str
        Their numbers, with spaces; "" takes the whole layer.
    listed : str
        ``windows`` or ``buildings``.
    keep_all : bool
        Whether rows without any change or lack are listed too.
    pack : str
        Rule pack, "" for all.
    """

    layers: tuple[str, ...] = asking((), "layers", kinds=("buildings",))
    on: str = asking("", "layer", kinds=("buildings",))
    objects: str = asking("", "text")
    windows: str = asking("", "layer", kinds=("features",))
    day: str = asking("", "text")
    zone: str = asking("III", "choice", choices=ZONES)
    city: str = asking("large", "choice", choices=("large", "small"))
    use: str = asking("housing", "choice", choices=USES)
    redevelopment: bool = asking(False, "flag")
    begin: float = asking(0.0, "number", unit="h", low=0.0, high=24.0)
    end: float = asking(0.0, "number", unit="h", low=0.0, high=24.0)
    spell: float = asking(-1.0, "number", unit="min", low=-1.0, high=240.0, decimals=0)
    longest: bool = asking(False, "flag")
    storey: float = asking(3.0, "number", unit="m", low=1.8, high=20.0)
    sill: float = asking(0.9, "number", unit="m", low=0.0, high=5.0)
    bay: float = asking(3.6, "number", unit="m", low=0.5, high=100.0)
    width: float = asking(1.8, "number", unit="m", low=0.1, high=100.0)
    facing: float = asking(90.0, "number", unit="deg", low=1.0, high=180.0, decimals=0)
    storeys: int = asking(0, "count", low=0, high=300)
    compare: str = asking("nothing", "choice", choices=("nothing", "scheme", "without"))
    before: str = asking("", "scheme")
    new: str = asking("", "layer", kinds=("buildings",))
    new_objects: str = asking("", "text")
    listed: str = asking("windows", "choice", choices=("windows", "buildings"))
    keep_all: bool = asking(False, "flag")
    pack: str = asking("", "pack")


class Compared(Protocol):
    """Parameters that name a before."""

    @property
    def compare(self) -> str:
        """``nothing``, ``scheme`` or ``without``."""

    @property
    def before(self) -> str:
        """Scheme, or a project file."""

    @property
    def new(self) -> str:
        """Layer of the new buildings."""

    @property
    def new_objects(self) -> str:
        """Their numbers."""


class Sunlight:
    """The analysis ``sunlight``."""

    key: ClassVar[str] = "sunlight"
    Params: ClassVar[type[SunlightParams]] = SunlightParams
    group: ClassVar[str] = "light"
    columns: ClassVar[dict[str, str]] = {"object": "column-building"}

    def reads(self, project: Project, params: SunlightParams) -> Reads:
        """Buildings, windows, terrain, rules."""
        ids = [layer.id for layer in layers_named(project, params.layers, "buildings")]
        ids += [project.layer(name).id for name in (params.on, params.windows, params.new) if name]
        return Reads(
            tuple(dict.fromkeys(ids)),
            packs=(params.pack or chosen.ALL,),
            about=("sunlight.",),
            before=before_of(params),
        )

    def run(self, project: Project, params: SunlightParams, progress: Progress) -> Outcome:
        """Count the sun of windows."""
        made, asked, notes, _ = state(project, params, progress)
        names = {layer.id: layer.name for layer in project.layers}
        by_window = params.listed == "windows"
        table = window_table(made, names) if by_window else building_table(made, names)
        order = _order(table, made, params.keep_all, by_window)
        table = table.take(pa.array(order))
        rows = _rows(made, order, by_window)
        results = made.results()
        facts: dict[str, float | int | str | bool] = {
            "day": asked.day.date.isoformat(),
            "band": f"{clock(asked.band[0])}-{clock(asked.band[1])}",
            "windows_count": len(made.windows),
            "buildings_count": len(
                set(zip(made.windows.layers, made.windows.building.tolist(), strict=True))
            ),
            "short_count": int((~made.holds_after).sum()),
        }
        if made.before is not None:
            facts |= {"lost_count": results.count("lost"), "worse_count": results.count("worse")}
        if asked.hours is not None:
            facts["need_min"] = asked.need
        status = worst(made.statuses())
        return Outcome(table, facts, window_marks(made, rows), status, tuple(notes))


def state(
    project: Project, params: SunlightParams, progress: Progress
) -> tuple[Statement, Requirement, list[Note], set[Body]]:
    """Make the statement that parameters ask for, with remarks and the new buildings."""
    layers = layers_named(project, params.layers, "buildings")
    facts: dict[str, Fact] = {
        "use": params.use, "zone": params.zone, "city": params.city,
        "redevelopment": params.redevelopment,
    }  # fmt: skip
    asked = requirement(
        chosen.rules((params.pack,)), params.day, facts,
        band=(params.begin, params.end) if params.end > params.begin else None,
        spell=params.spell if params.spell >= 0.0 else None, longest=params.longest,
    )  # fmt: skip
    path = path_over(project, layers, asked)
    old = scheme_before(project, params, layers)
    now = obstacles(project, layers)
    there = None if old is None else obstacles(*old[:2], without=old[2])
    windows = _windows(project, params, layers, now, there, path)
    kept = _reaching(now, windows, path)
    existed: Bools | None = None
    new: set[Body] = set()
    if there is not None:
        new = new_bodies(there, now)
        keys = zip(windows.layers, windows.building.tolist(), strict=True)
        existed = np.array([key not in new for key in keys], dtype=bool)
        there = _reaching(there, windows, path)
    made = statement(windows, asked, path, kept, there, progress, existed=existed)
    return made, asked, _notes(asked, params, windows), new


def path_over(project: Project, layers: Sequence[Layer], asked: Requirement) -> SunPath:
    """Follow the sun over the middle of layers.

    Raises
    ------
    CityError
        ``project.no_crs`` where the project does not say where on earth it lies,
        ``sunlight.no_sun``, ``sunlight.band``.
    """
    frame = project.need_frame()
    boxes = np.array([box for layer in layers if (box := layer.data.extent()) is not None])
    if not len(boxes):
        raise CityError(
            "sunlight.no_walls",
            "There are no buildings whose walls could be looked at.",
            hint="choose buildings, or a layer of buildings",
        )
    middle = (boxes[:, :2].min(axis=0) + boxes[:, 2:].max(axis=0)) / 2.0
    longitude, latitude = (float(v) for v in frame.lonlat([middle])[0])
    turn = frame.convergence(float(middle[0]), float(middle[1]))
    return sun_path(longitude, latitude, asked.day.date, asked.band, turn=turn)


def numbers_in(text: str) -> list[int]:
    """Read numbers of objects with spaces or commas between them.

    Raises
    ------
    CityError
        ``sunlight.objects``.

    Examples
    --------
    >>> numbers_in("12, 15  7")
    [12, 15, 7]
    """
    words = text.replace(",", " ").replace("，", " ").replace("、", " ").split()
    try:
        return [int(word) for word in words]
    except ValueError as error:
        raise CityError(
            "sunlight.objects",
            f"'{text[:60]}' are no numbers of buildings.",
            hint="write the numbers of the objects with spaces, such as 12 15 7",
            text=text[:60],
        ) from error


def before_of(params: Compared) -> str:
    """Give the scheme or project file that stands for before; "" where none does."""
    return params.before if params.compare == "scheme" else ""


def scheme_before(
    project: Project, params: Compared, layers: Sequence[Layer]
) -> tuple[Project, Sequence[Layer], set[Body]] | None:
    """Give the project, the layers and the buildings left out that stand for before."""
    if params.compare == "nothing":
        return None
    if params.compare == "without":
        if not params.new:
            raise CityError(
                "sunlight.no_new",
                "Nothing says which buildings are the new ones.",
                hint="name their layer, and their numbers if it holds others too",
            )
        layer = project.layer(params.new)
        numbers = numbers_in(params.new_objects)
        if not numbers and isinstance(layer.data, Buildings):
            numbers = layer.data.ids.tolist()
        else:
            layer.features.index_of(numbers)
        return project, layers, {(layer.id, number) for number in numbers}
    if params.before.lower().endswith(".gpkg"):
        from layers.files.project_file import open_project

        other = open_project(Path(params.before)).project
        if other.need_frame().crs != project.need_frame().crs:
            raise CityError(
                "sunlight.other_crs",
                "The two projects have different coordinate systems.",
                hint="bring one into the system of the other first",
            )
    else:
        from layers.schemes import project_with

        other = project_with(project, params.before)
    ids = {layer.id for layer in other.layers}
    mine = [other.layer(layer.id) for layer in layers if layer.id in ids]
    named = [layer.name for layer in layers if layer.id not in ids]
    mine += [one for one in other.of_kind("buildings") if one.name in named and one not in mine]
    return other, mine, set()


def signatures(things: Obstacles) -> list[tuple[float, ...]]:
    """Give a short description of each building's body; equal bodies have equal ones."""
    if not len(things):
        return []
    known = things.owner >= 0
    corners = things.points[things.triangles[known]]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    skin = np.bincount(
        things.owner[known], np.linalg.norm(across, axis=1) / 2.0, minlength=len(things)
    )
    columns = np.column_stack([things.boxes, things.low, things.high]).round(2)
    return [tuple(row) for row in np.column_stack([columns, skin.round(0)]).tolist()]


def new_bodies(before: Obstacles, after: Obstacles) -> set[Body]:
    """Give the buildings that stand after and did not stand so before."""
    old = set(signatures(before))
    marks = signatures(after)
    return {after.body(i) for i in range(len(after)) if marks[i] not in old}


def _windows(
    project: Project, params: SunlightParams, layers: Sequence[Layer], now: Obstacles,
    there: Obstacles | None, path: SunPath,
) -> Windows:  # fmt: skip
    if params.windows:
        return windows_at(project, project.layer(params.windows), layers, sill=params.sill)
    rule = WindowRule(
        params.storey, params.sill, params.bay, params.width, params.facing, params.storeys
    )
    targets = [project.layer(params.on)] if params.on else list(layers)
    numbers = numbers_in(params.objects)
    bodies: set[Body] | None = None
    if numbers:
        targets[0].features.index_of(numbers)
        bodies = {(targets[0].id, number) for number in numbers}
    elif there is not None:
        bodies = _reached(now, there, path)
    return windows_of(project, targets, rule, bodies=bodies)


def _reached(now: Obstacles, there: Obstacles, path: SunPath) -> set[Body]:
    """Give the buildings that the shadow of what changes can reach, and what is new."""
    marks, old = signatures(now), signatures(there)
    stood, fresh = set(old), set(marks)
    came = np.array([mark not in stood for mark in marks], dtype=bool)
    went = np.array([mark not in fresh for mark in old], dtype=bool)
    if not came.any() and not went.any():
        raise CityError(
            "sunlight.no_change",
            "Before and after are the same: no building comes, goes or changes.",
            hint="choose another scheme, or other new buildings",
        )
    floor = float(min(now.low.min(initial=np.inf), there.low.min(initial=np.inf)))
    boxes = np.concatenate([
        shadow_boxes(now.boxes[came], now.high[came] - floor, path),
        shadow_boxes(there.boxes[went], there.high[went] - floor, path),
    ])  # fmt: skip
    tree = shapely.STRtree(np.asarray(shapely.box(*boxes.T)))
    pairs = tree.query(np.asarray(shapely.box(*now.boxes.T)), predicate="intersects")
    return {now.body(int(row)) for row in np.unique(pairs[0])}


def shadow_boxes(boxes: Floats, tall: Floats, path: SunPath) -> Floats:
    """Give the boxes around buildings and all their shadows of a day, (n, 4)."""
    up = path.ways[:, 2] > 0.0
    away = -path.ways[up, :2] / path.ways[up, 2:]
    least, most = np.minimum(away.min(axis=0), 0.0), np.maximum(away.max(axis=0), 0.0)
    high = np.maximum(tall, 0.0)[:, None]
    return np.concatenate([boxes[:, :2] + high * least, boxes[:, 2:] + high * most], axis=1)


def _reaching(things: Obstacles, windows: Windows, path: SunPath) -> Obstacles:
    """Keep the obstacles whose shadow may reach a window; the terrain stays."""
    xyz = windows.ends.reshape(-1, 3)
    low, high = xyz.min(axis=0), xyz.max(axis=0)
    boxes = shadow_boxes(things.boxes, things.high - low[2], path)
    keep = (boxes[:, :2] <= high[:2]).all(axis=1) & (boxes[:, 2:] >= low[:2]).all(axis=1)
    return things.only(keep & (things.high > low[2]))


def _notes(asked: Requirement, params: SunlightParams, windows: Windows) -> list[Note]:
    out = [
        Note(
            "sunlight_how",
            {
                "day": asked.day.date.isoformat(), "begin": clock(asked.band[0]),
                "end": clock(asked.band[1]), "spell": asked.spell, "engine": engine(),
            },
        )
    ]  # fmt: skip
    if asked.hours is None:
        out.append(Note("sunlight_no_rule", {"day": asked.day.date.isoformat()}))
    else:
        rule = asked.hours
        out.append(
            Note(
                "sunlight_rule",
                {
                    "zone": params.zone, "city": params.city, "hours": rule.low,
                    "standard": rule.standard, "clause": rule.clause,
                },
            )
        )  # fmt: skip
        unchecked = [one for one in asked.used if not one.verified]
        if unchecked:
            out.append(Note("sunlight_unverified", {"count": len(unchecked)}))
    if windows.party:
        out.append(Note("sunlight_party", {"count": windows.party}))
    out.append(Note("sunlight_counts"))
    return out


def _order(table: pa.Table, made: Statement, keep_all: bool, by_window: bool) -> Ints:
    """Give the rows of a table that have something to tell, those that lose most first."""
    if by_window:
        results = made.results()
        return np.flatnonzero([keep_all or one not in {"kept", "new"} for one in results])
    lost, worse, less, short = (
        np.asarray(table.column(name).to_numpy())
        for name in ("lost", "worse", "less", "short_after")
    )
    told = (lost > 0) | (worse > 0) | (less > 0) | (short > 0) | keep_all
    order = np.lexsort((np.arange(len(lost)), -short, -less, -worse, -lost))
    return np.asarray(order[told[order]])


def _rows(made: Statement, order: Ints, by_window: bool) -> Ints:
    """Give the row of the shown table for each window, -1 for those that are not shown."""
    keys = list(zip(made.windows.layers, made.windows.building.tolist(), strict=True))
    place = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    of = np.arange(len(keys)) if by_window else np.array([place[key] for key in keys])
    shown = np.full(int(of.max(initial=-1)) + 1, -1, dtype=np.int64)
    shown[order] = np.arange(len(order))
    return np.asarray(shown[of])


def window_marks(made: Statement, rows: Ints) -> tuple[Marks, ...]:
    """Draw the windows as plates, coloured by what becomes of them."""
    windows = made.windows
    results = made.results()
    columns: dict[str, object] = {
        "row": rows,
        "window": list(windows.names),
        "after_min": made.minutes_after,
        "result": results,
    }
    if made.before is not None:
        columns["before_min"] = pa.array(made.minutes_before, from_pandas=True)
    plates = panels(windows.ends, np.full(len(windows), PANEL), windows.normal, columns, below=0.0)
    entries = tuple(
        Entry(key, colour, value=key) for key, colour in RESULT_COLOURS.items() if key in results
    )
    style = Style(
        colour=RESULT_COLOURS["kept"], outline=None,
        colouring=Colouring("result", "categories", entries),
    )  # fmt: skip
    return (Marks("sunlight-windows", plates, "result", "buildings", style),)


ANALYSIS = Sunlight()

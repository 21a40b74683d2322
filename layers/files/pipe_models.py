"""Hydraulic models (EPANET, SWMM) as layers of pipes: where they lie, what of them is drawn."""

from __future__ import annotations

import math
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from layers.errors import CityError
from layers.files.options import ImportOptions
from layers.files.pipe_choices import PipeChoices
from layers.files.pipe_network import BY_CLASS, Draft, Ground, settled
from layers.files.raw import Note, as_objects
from layers.files.reference import frame_for, placed_at, settle
from layers.files.report import LayerReport, Tally
from layers.frame import CITY_GRID, Frame, read_crs
from layers.kinds.base import Layer, Source
from layers.kinds.pipes import KIND, ROLES
from layers.pipes.classes import CLASS_KEYS, SUBCLASS_KEYS, class_of
from layers.progress import Progress
from layers.project import Project
from layers.shapes import Floats, Ints, Shapes

FOOT = 0.3048
ALIKE = 0.1  # share within which lengths by coordinates and lengths of the model agree
JUNCTION = "junction"  # a node whose role is that of its runs


@dataclass(slots=True)
class Node:
    """A node of a model: its name, place in the file, role, levels in metres, attributes."""

    number: str
    xy: tuple[float, float] | None
    role: str = JUNCTION
    ground: float = math.nan
    bottom: float = math.nan
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Link:
    """A link of a model: the nodes it joins, section and levels in metres, attributes.

    `device` is the role of a pump or valve that stands in its middle, "" for a plain pipe.
    """

    number: str
    start: str
    end: str
    vertices: list[tuple[float, float]] = field(default_factory=list)
    length: float = math.nan
    width: float = math.nan
    height: float = math.nan
    form: int = 0
    start_level: float = math.nan
    end_level: float = math.nan
    device: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class NetworkModel:
    """What a model file holds, in metres but for the coordinates.

    Attributes
    ----------
    nodes, links : list
        In the order of the file.
    line_class : str
        Class or subclass of its pipes.
    level_of : int
        As in `Pipes`; ``BY_CLASS`` where it tells no levels.
    lost : dict of str to list of str
        Reason to names of rows that could not be read.
    notes : list of Note
        Remarks.
    text : str
        The whole file where hydraulics can be computed from it, else "".
    """

    nodes: list[Node]
    links: list[Link]
    line_class: str
    level_of: int = BY_CLASS
    lost: dict[str, list[str]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    text: str = ""


def import_model_network(
    model: NetworkModel,
    project: Project,
    path: Path,
    options: ImportOptions,
    progress: Progress,
) -> tuple[Layer, Frame, LayerReport]:
    """Make a layer of a model.

    Parameters
    ----------
    model : NetworkModel
        What was read.
    project : Project
        Its frame and ground; not changed.
    path : pathlib.Path
        The file.
    options : ImportOptions
        Choices.
    progress : Progress
        Hears of the stages.

    Raises
    ------
    CityError
        ``pipes.no_coordinates``, ``pipes.no_crs``, and what settling a system raises.
    """
    begun = time.perf_counter()
    progress.step(1, 2, "progress-building")
    choices = options.pipes or PipeChoices()
    lost = [name for names in model.lost.values() for name in names]
    names = [node.number for node in model.nodes] + [link.number for link in model.links] + lost
    tally = Tally(as_objects(names))
    tally.notes.extend(model.notes)
    at = len(model.nodes) + len(model.links)
    for reason, these in model.lost.items():
        tally.lose(reason, np.arange(at, at + len(these)))
        at += len(these)
    nodes, links = _usable(model, tally, path)
    placed = _place(nodes, links, project.frame, options, choices, path)
    tally.notes.extend(placed.notes)
    ground: Ground | None = None if project.terrain() is None else project.ground_at
    draft = _draft(nodes, links, model, choices, placed.carry)
    pipes, notes = settled(draft, ground)
    if model.text:
        packed = zlib.compress(model.text.encode(), 9)
        pipes = replace(pipes, model=np.frombuffer(packed, dtype=np.uint8))
    tally.notes.extend(notes)
    kept_links = {link.number for link in links}
    kept_nodes = {node.number for node in nodes}
    kept = [i for i, node in enumerate(model.nodes) if node.number in kept_nodes]
    kept += [
        len(model.nodes) + i for i, link in enumerate(model.links) if link.number in kept_links
    ]
    account = tally.close(np.array(kept, dtype=np.int64))
    report = LayerReport(
        name=options.name or path.stem, kind=KIND.key, source=str(path), crs=placed.crs,
        read=account.read, kept=account.kept, repaired=account.repaired, skipped=account.skipped,
        first=account.first, mended=account.mended, objects=len(pipes), extent=pipes.extent(),
        messages=tuple(tally.notes), seconds=time.perf_counter() - begun,
    )  # fmt: skip
    source = Source(path, "", options.chosen(), report.to_json())
    return (
        Layer(KIND.key, report.name, pipes, style=KIND.style, source=source),
        placed.frame,
        report,
    )


def _usable(model: NetworkModel, tally: Tally, path: Path) -> tuple[list[Node], list[Link]]:
    """Leave out nodes without coordinates and links that name nodes that are not there."""
    nowhere = [i for i, node in enumerate(model.nodes) if node.xy is None]
    tally.lose("no_coordinates", np.array(nowhere, dtype=np.int64))
    nodes = [node for node in model.nodes if node.xy is not None]
    if not nodes:
        raise CityError(
            "pipes.no_coordinates",
            f"None of the {len(model.nodes)} nodes of the model has coordinates, so that it "
            "cannot be drawn.",
            hint="add a [COORDINATES] part in the program that made it",
            where=path.name,
            count=len(model.nodes),
        )
    known = {node.number for node in nodes}
    bad = [
        len(model.nodes) + i
        for i, link in enumerate(model.links)
        if link.start not in known or link.end not in known
    ]
    tally.lose("unknown_node", np.array(bad, dtype=np.int64))
    links = [link for link in model.links if link.start in known and link.end in known]
    return nodes, links


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    carry: Callable[[Floats], Floats]
    frame: Frame
    crs: str
    notes: tuple[Note, ...]


def _place(
    nodes: list[Node],
    links: list[Link],
    frame: Frame | None,
    options: ImportOptions,
    choices: PipeChoices,
    path: Path,
) -> _Placed:
    """Settle where the coordinates of a model lie."""
    notes: list[Note] = []
    xy = np.array([node.xy for node in nodes], dtype=np.float64)
    stretch = stretch_of(nodes, links)
    unit = unit_of(options.crs, choices, stretch)
    factor, note = factor_of(stretch, unit, choices)
    notes += [note] if note else []
    unit_now = stretch * factor
    shift, scale = np.zeros(2), factor
    asked = options.crs
    if choices.at is not None:
        metre = choices.unit or (FOOT if _near(unit_now, 1.0 / FOOT) else 1.0)
        shift, scale = np.array(choices.at) - xy.mean(axis=0) * factor * metre, factor * metre
        asked = asked or (frame.crs if frame is not None else None)
        east, north = choices.at
        facts = {"east": f"{east:.1f}", "north": f"{north:.1f}", "unit": f"{metre:g}"}
        notes.append(Note("pipes_put", facts))
    sample = xy * scale + shift
    try:
        reference = settle(
            sample, None, asked=asked, swap=options.swap_axes, frame=frame, where=path.name
        )
    except CityError as error:
        if error.code != "import.no_crs":
            raise
        if choices.at is not None:
            raise CityError(
                "pipes.at_nowhere",
                "The place of the model has no coordinate system: the project is a new one.",
                hint="name the system as well: --at EAST,NORTH --crs EPSG:4547",
                where=path.name,
            ) from error
        raise _no_crs(sample, unit_now, path) from error
    notes.extend(reference.notes)
    if frame is None:
        frame, note = frame_for(reference, sample)
        notes.extend([note] if note else [])
    carry, more = placed_at(sample, reference, frame, path.name)
    notes.extend(more)
    now = stretch * scale * _metres_of(reference.crs)
    if np.isfinite(now) and not _near(now, 1.0, 0.2):
        notes.append(Note("pipes_schematic", {"ratio": f"{now:.3g}"}))

    def to_project(coords: Floats) -> Floats:
        return carry(coords * scale + shift)

    return _Placed(to_project, frame, reference.crs, tuple(notes))


def stretch_of(nodes: list[Node], links: list[Link]) -> float:
    """Give units of the coordinates per metre of pipe, the middle of all; NaN if unknown."""
    place = {node.number: node.xy for node in nodes}
    shares = []
    for link in links:
        if link.length > 1.0:
            way = np.array([place[link.start], *link.vertices, place[link.end]], dtype=np.float64)
            plan = float(np.hypot(*np.diff(way, axis=0).T).sum())
            if plan > 0:
                shares.append(plan / link.length)
    return float(np.median(shares)) if shares else math.nan


def unit_of(crs: str | None, choices: PipeChoices, stretch: float) -> float:
    """Give metres in one unit of coordinates that are right: chosen, by the system, or likely."""
    if choices.unit is not None:
        return choices.unit
    if crs is not None:
        return _metres_of(crs)
    if not stretch > 0:
        return 1.0
    tens = math.log10(stretch) - math.log10(1.0 / FOOT)
    return FOOT if abs(tens - round(tens)) < math.log10(1.0 + ALIKE) else 1.0


def _metres_of(crs: str) -> float:
    """Give metres in a unit of a system; NaN for degrees."""
    if crs == CITY_GRID:
        return 1.0
    system = read_crs(crs)
    if system.is_geographic:
        return math.nan
    return float(system.axis_info[0].unit_conversion_factor)


def factor_of(stretch: float, unit: float, choices: PipeChoices) -> tuple[float, Note | None]:
    """Give what coordinates are to be multiplied with: chosen, or a power of ten they are off."""
    if choices.coordinate_factor is not None:
        return choices.coordinate_factor, None
    off = stretch * unit
    if not (off > 0 and math.isfinite(off)):
        return 1.0, None
    tens = round(math.log10(off))
    if tens == 0 or abs(math.log10(off) - tens) > math.log10(1.0 + ALIKE):
        return 1.0, None
    return 10.0**-tens, Note("pipes_coordinates_times", {"factor": f"{10.0**tens:g}"})


def _near(value: float, wanted: float, share: float = ALIKE) -> bool:
    return bool(abs(value / wanted - 1.0) <= share)


def _no_crs(sample: Floats, stretch: float, path: Path) -> CityError:
    unit = "unknown"
    if _near(stretch, 1.0):
        unit = "metres"
    elif _near(stretch, 1.0 / FOOT):
        unit = "feet"
    east, north = sample[0]
    first = f"{east:.1f}, {north:.1f}"
    words = "of no told unit" if unit == "unknown" else f"in {unit} by the lengths of its pipes"
    return CityError(
        "pipes.no_crs",
        f"A model does not say its coordinate system; its coordinates are {words}, the first "
        f"{first}.",
        hint="name the system with --crs, such as EPSG:27700, or put the model anywhere with --at "
        "EAST,NORTH",
        where=path.name,
        unit=unit,
        first=first,
    )


def _draft(
    nodes: list[Node],
    links: list[Link],
    model: NetworkModel,
    choices: PipeChoices,
    carry: Callable[[Floats], Floats],
) -> Draft:
    """Put nodes and links into columns; a device becomes a node with a run on either side."""
    place = {node.number: i for i, node in enumerate(nodes)}
    xy = carry(np.array([node.xy for node in nodes], dtype=np.float64))
    devices = [link for link in links if link.device]
    ways, ends, owners, device_xy = _ways(links, place, xy, carry, len(nodes))
    xy = np.concatenate([xy, np.array(device_xy, dtype=np.float64).reshape(-1, 2)])
    start, end = np.array(ends, dtype=np.int64).reshape(-1, 2).T
    owned = [links[i] for i in owners]
    degree = np.bincount(np.concatenate([start, end]), minlength=len(xy))
    roles = [node.role for node in nodes] + [link.device for link in devices]
    known = class_of(choices.line_class or model.line_class)
    assert known is not None
    major, minor = CLASS_KEYS.index(known[0]), SUBCLASS_KEYS.index(known[1])
    k, r = len(xy), len(owned)

    def run(name: str) -> Floats:
        return np.array([getattr(link, name) for link in owned], dtype=np.float64).reshape(r)

    extra = [math.nan] * len(devices)
    ground = np.array([node.ground for node in nodes] + extra, dtype=np.float64)
    return Draft(
        xy=xy, role=np.array([_role(w, d) for w, d in zip(roles, degree, strict=True)], np.uint8),
        node_class=np.full(k, major, np.uint8), node_subclass=np.full(k, minor, np.uint8),
        ground=_spread(ground, start, end),
        bottom=np.array([node.bottom for node in nodes] + extra, dtype=np.float64),
        chamber=np.full(k, np.nan),
        node_table=_table([{"number": n.number, **n.facts} for n in [*nodes]]
                          + [{"number": d.number, **d.facts} for d in devices]),
        lines=Shapes.from_shapely(as_objects([shapely.linestrings(way) for way in ways])),
        run_table=_table([_run_facts(link, i, owners) for i, link in enumerate(owned)]),
        start=start, end=end, line_class=np.full(r, major, np.uint8),
        subclass=np.full(r, minor, np.uint8),
        form=np.array([link.form for link in owned], np.uint8).reshape(r),
        status=np.zeros(r, np.uint8), level_of=np.full(r, model.level_of, np.uint8),
        width=run("width"), height=run("height"), wall=np.full(r, np.nan),
        start_level=run("start_level"), end_level=run("end_level"),
        start_depth=np.full(r, np.nan), end_depth=np.full(r, np.nan),
        class_assumed=np.zeros(r, dtype=bool),
    )  # fmt: skip


def _ways(
    links: list[Link],
    place: dict[str, int],
    xy: Floats,
    carry: Callable[[Floats], Floats],
    first: int,
) -> tuple[list[Floats], list[tuple[int, int]], list[int], list[Floats]]:
    """Give the coordinates and nodes of every run, the link it is of, and places of devices."""
    bends = [vertex for link in links for vertex in link.vertices]
    carried = carry(np.array(bends, dtype=np.float64).reshape(-1, 2)) if bends else np.zeros((0, 2))
    ways: list[Floats] = []
    ends: list[tuple[int, int]] = []
    owners: list[int] = []
    devices: list[Floats] = []
    at = 0
    for i, link in enumerate(links):
        a, b = place[link.start], place[link.end]
        inner = carried[at : at + len(link.vertices)]
        at += len(link.vertices)
        way = np.concatenate([xy[a : a + 1], inner, xy[b : b + 1]])
        if not link.device:
            ways.append(way)
            ends.append((a, b))
            owners.append(i)
            continue
        half = (xy[a] + xy[b]) / 2.0 if not len(inner) else inner[len(inner) // 2]
        cut = 1 + (len(inner) // 2 if len(inner) else 0)
        middle = first + len(devices)
        devices.append(half)
        ways += [np.concatenate([way[:cut], half[None]]), np.concatenate([half[None], way[cut:]])]
        ends += [(a, middle), (middle, b)]
        owners += [i, i]
    return ways, ends, owners, devices


def _run_facts(link: Link, at: int, owners: list[int]) -> dict[str, Any]:
    number = link.number
    if link.device:
        number += "-2" if at and owners[at - 1] == owners[at] else "-1"
    facts: dict[str, Any] = {
        "number": number, "from_number": link.start, "to_number": link.end,
    }  # fmt: skip
    if math.isfinite(link.length):
        facts["length_stored_m"] = round(link.length, 4)
    return facts | ({} if link.device else link.facts)


def _role(word: str, degree: int) -> int:
    if word != JUNCTION:
        return ROLES.index(word)
    return ROLES.index({1: "end", 0: "point", 2: "point"}.get(int(degree), "tee"))


def _spread(ground: Floats, start: Ints, end: Ints) -> Floats:
    """Give nodes without a ground level that of a neighbour."""
    ground = ground.copy()
    for _ in range(4):
        for a, b in ((start, end), (end, start)):
            missing = ~np.isfinite(ground[a]) & np.isfinite(ground[b])
            ground[a[missing]] = ground[b[missing]]
    return ground


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: pa.array([row.get(name) for row in rows]) for name in names}
    return pa.table(columns) if columns else pa.table({"number": pa.nulls(0, pa.string())})

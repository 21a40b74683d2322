"""Digging and its consequences as analyses; see `layers.pipes.excavation` and `affected`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import shapely

from layers.analyses.base import Marks, Note, Outcome, Reads, asking
from layers.analyses.choosing import layer_named
from layers.analyses.marks import place_marks, shape_marks
from layers.analyses.pipe_check import all_pipes
from layers.cut import MOST_CORNERS, Cut
from layers.errors import CityError
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.kinds.pipes import Pipes
from layers.pipes.affected import FLAT_KINDS, affected_area, affected_by
from layers.pipes.excavation import (
    BEDDING,
    DigParams,
    by_owner,
    joined_to,
    met_by,
    trench_of,
)
from layers.pipes.pits import Dug, dig_pit, dig_trench
from layers.progress import Progress
from layers.project import Project
from layers.rules import chosen
from layers.rules.rule import worst
from layers.style import Style

EDGE = Style(colour="#ef6c00", line_width=4.0, lift=0.0, heights="absolute")
FLOOR = Style(colour="#6d4c41", line_width=2.5, lift=0.0, heights="absolute")


@dataclass(frozen=True, slots=True)
class PipeDigParams:
    """What is dug: a pit (`area`), a trench (`line`), or the trench of a run (`pipe`).

    Attributes
    ----------
    area : tuple of (east, north)
        Corners of the floor of a pit.
    line : tuple of (east, north)
        Middle of a trench.
    pipe : int
        Id of the run that a trench is for; 0 for none.
    layer : str
        Its layer; "" takes the only one.
    depth : float
        Metres below the ground: of a pit below the lowest, of a trench below the one over its
        middle. Does not count where `pipe` is given.
    width : float
        Of the floor of a trench, metres; 0 takes what the pipe needs, else 1 m.
    slope : float
        Metres outwards for one metre of height.
    near : float
        Metres within which pipes are listed.
    layers : tuple of str
        Pipes that are looked at; none means all.
    pack : str
        Rule pack, "" for all.
    """

    area: tuple[tuple[float, float], ...] = asking((), "area")
    line: tuple[tuple[float, float], ...] = asking((), "line")
    pipe: int = asking(0, "count", low=0)
    layer: str = asking("", "layer", kinds=("pipes",))
    depth: float = asking(2.0, "number", unit="m", low=0.0, high=60.0)
    width: float = asking(0.0, "number", unit="m", low=0.0, high=100.0)
    slope: float = asking(0.5, "number", low=0.0, high=10.0)
    near: float = asking(2.0, "number", unit="m", low=0.0, high=50.0)
    layers: tuple[str, ...] = asking((), "layers", kinds=("pipes",))
    pack: str = asking("", "pack")


def dug_of(project: Project, params: PipeDigParams) -> Dug:
    """Dig what the parameters ask for.

    Raises
    ------
    CityError
        ``dig.which`` where not exactly one of area, line and pipe is given, ``dig.no_terrain``;
        as `dig_pit` and `dig_trench` do.
    """
    if sum((bool(params.area), bool(params.line), bool(params.pipe))) != 1:
        raise CityError(
            "dig.which",
            "Digging needs a pit, a line or a pipe: exactly one of them.",
            hint="draw the floor of a pit, or the middle of a trench, or name a pipe",
        )
    if project.terrain() is None:
        raise CityError(
            "dig.no_terrain",
            "Digging needs a terrain, and the project has none.",
            hint="import an elevation model, contours or spot heights: --as terrain",
        )
    if params.area:
        return dig_pit(params.area, project.ground_at, depth=params.depth, slope=params.slope)
    if params.line:
        return dig_trench(
            params.line, project.ground_at, width=params.width or 1.0, depth=params.depth,
            slope=params.slope,
        )  # fmt: skip
    pipes = project.layer(layer_named(project, params.layer, "pipes")).data
    assert isinstance(pipes, Pipes)
    return trench_of(
        pipes, params.pipe, project.ground_at, slope=params.slope, width=params.width,
        bedding=BEDDING,
    )  # fmt: skip


def pit_cut(dug: Dug) -> Cut:
    """Give the cut that shows a dig in the scene: no ground in it, floor and walls closed."""
    edge = dug.edge
    grain = 0.01
    while len(edge.exterior.coords) - 1 > MOST_CORNERS:
        edge, grain = edge.simplify(grain), grain * 2.0  # type: ignore[assignment]  # a polygon
    ring = tuple((float(x), float(y)) for x, y in list(edge.exterior.coords)[:-1])
    faces = tuple(tuple(float(v) for v in face.ravel()) for face in dug.triangles)
    return Cut(ring, pit=faces)


class PipeDig:
    """The analysis ``pipe-dig``."""

    key: ClassVar[str] = "pipe-dig"
    Params: ClassVar[type[PipeDigParams]] = PipeDigParams
    group: ClassVar[str] = "pipes"
    columns: ClassVar[dict[str, str]] = {
        name: f"pipe-dig-{words}" for name, words in (
            ("number", "number"), ("class", "class"), ("code", "code"), ("owner", "owner"),
            ("contact", "contact"), ("state", "state"), ("what", "what"), ("where", "where"),
            ("actual_m", "distance"), ("required_m", "hand-distance"), ("exposed_m", "exposed"),
            ("certainty", "certainty"), ("top_m", "top"), ("volume_m3", "volume"),
            ("depth_mean_m", "depth-mean"), ("depth_most_m", "depth-most"),
            ("bottom_m", "bottom"), ("length_m", "length"), ("surface_m2", "surface"),
            ("hits_count", "hits"), ("hand_digs_count", "hand-digs"), ("near_count", "near"),
            ("owners_count", "owners"), ("buildings_count", "buildings"),
        )
    }  # fmt: skip

    def reads(self, project: Project, params: PipeDigParams) -> Reads:
        """Pipes, buildings, terrain, rules."""
        layers = [layer.id for layer in all_pipes(project, params.layers)]
        layers += [layer.id for layer in project.of_kind("buildings")]
        return Reads(
            tuple(layers), packs=(params.pack or chosen.ALL,), about=("excavation.", "pipes.")
        )

    def run(self, project: Project, params: PipeDigParams, progress: Progress) -> Outcome:
        """Dig, and list what is met."""
        layers = all_pipes(project, params.layers)
        dug = dug_of(project, params)
        progress.step(1, 2, "progress-digging")
        leave: tuple[tuple[str, int], ...] = ()
        if params.pipe:
            own = project.layer(layer_named(project, params.layer, "pipes"))
            assert isinstance(own.data, Pipes)
            leave = tuple((own.id, one) for one in joined_to(own.data, params.pipe))
        table = met_by(
            project, layers, dug, chosen.rules((params.pack,)), DigParams(params.near, leave)
        )
        what = table.column("what").to_pylist()
        houses = _houses(project, dug)
        facts: dict[str, float | int | str | bool] = {
            "volume_m3": dug.volume, "depth_mean_m": dug.depth_mean,
            "depth_most_m": dug.depth_most, "bottom_m": dug.bottom,
            "surface_m2": float(dug.edge.area), "hits_count": what.count("hit"),
            "hand_digs_count": what.count("hand-dig"), "near_count": what.count("near"),
            "owners_count": len(by_owner(table)), "buildings_count": houses,
        }  # fmt: skip
        if dug.kind == "trench":
            facts["length_m"] = dug.length
        progress.step(2, 2, "progress-digging")
        notes = [Note("dig_in_place")]
        if any(table.column("assumed").to_pylist()):
            notes.append(Note("dig_assumed"))
        if houses:
            notes.append(Note("dig_houses", {"count": houses}))
        status = worst(table.column("status").to_pylist())
        return Outcome(table, facts, _marks(dug, project) + place_marks(table, "dig-met"), status,
                       tuple(notes))  # fmt: skip


def _houses(project: Project, dug: Dug) -> int:
    """Count the buildings no farther from the upper edge than the dig is deep."""
    around = dug.edge.buffer(dug.depth_most)
    count = 0
    for layer in project.of_kind("buildings"):
        data = layer.data
        if isinstance(data, Buildings):
            box = data.shapes.bounds()
            west, south, east, north = around.bounds
            rows = np.flatnonzero(
                (box[:, 0] <= east) & (box[:, 2] >= west) & (box[:, 1] <= north)
                & (box[:, 3] >= south) & data.drawn
            )  # fmt: skip
            count += sum(shape.intersects(around) for shape in data.shapes.take(rows).to_shapely())
    return count


def _marks(dug: Dug, project: Project) -> tuple[Marks, ...]:
    """Mark the upper edge and the floor."""
    edge = np.array(dug.edge.exterior.coords)
    upper = np.column_stack([edge, project.ground_at(edge) + 0.2])
    floor = np.array(dug.floor.exterior.coords)
    level = dug.surface(floor)
    level = np.where(np.isfinite(level), level, dug.bottom)
    return (
        *shape_marks("dig-edge", "line", [upper], {"row": [-1]}, field="", style=EDGE),
        *shape_marks("dig-floor", "line", [np.column_stack([floor, level])], {"row": [-1]},
                     field="", style=FLOOR),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AffectedParams:
    """Where is built: an area, or the middle of a road and how wide it is to be.

    Attributes
    ----------
    area : tuple of (east, north)
        Corners.
    line : tuple of (east, north)
        Middle of a road, where no area is given.
    width : float
        Of the road, metres.
    layers : tuple of str
        Pipes that are looked at; none means all.
    """

    area: tuple[tuple[float, float], ...] = asking((), "area")
    line: tuple[tuple[float, float], ...] = asking((), "line")
    width: float = asking(20.0, "number", unit="m", low=0.0, high=500.0)
    layers: tuple[str, ...] = asking((), "layers", kinds=("pipes",))


class PipeAffected:
    """The analysis ``pipe-affected``."""

    key: ClassVar[str] = "pipe-affected"
    Params: ClassVar[type[AffectedParams]] = AffectedParams
    group: ClassVar[str] = "pipes"
    columns: ClassVar[dict[str, str]] = {
        name: f"pipe-dig-{words}" for name, words in (
            ("what", "what"), ("name", "name"), ("class", "class"), ("code", "code"),
            ("owner", "owner"), ("contact", "contact"), ("state", "state"),
            ("inside_m", "inside"), ("inside_m2", "inside-area"), ("share_percent", "share"),
            ("surface_m2", "surface"), ("pipes_count", "pipes"), ("pipes_m", "pipes-length"),
            ("nodes_count", "nodes"), ("buildings_count", "buildings"),
            ("buildings_m2", "buildings-area"), ("others_count", "others"),
            ("owners_count", "owners"),
        )
    }  # fmt: skip

    def reads(self, project: Project, params: AffectedParams) -> Reads:
        """Everything that stands or lies there."""
        layers = [layer.id for layer in _pipes(project, params.layers)]
        layers += [layer.id for layer in project.layers if layer.kind in (*FLAT_KINDS, "buildings")]
        return Reads(tuple(layers))

    def run(self, project: Project, params: AffectedParams, progress: Progress) -> Outcome:
        """List what lies in the area."""
        area = affected_area(params.area, params.line, params.width)
        layers = _pipes(project, params.layers)
        table = affected_by(project, layers, area)
        progress.step(1, 1, "progress-digging")
        rows = table.to_pylist()
        kinds = ("pipe", "node", "building")
        of = {key: [row for row in rows if row["what"] == key] for key in kinds}
        facts: dict[str, float | int | str | bool] = {
            "surface_m2": float(area.area), "pipes_count": len(of["pipe"]),
            "pipes_m": sum(row["inside_m"] for row in of["pipe"]),
            "nodes_count": len(of["node"]), "buildings_count": len(of["building"]),
            "buildings_m2": sum(row["inside_m2"] for row in of["building"]),
            "others_count": len(rows) - sum(len(part) for part in of.values()),
            "owners_count": len({row["owner"] for row in rows if row["owner"]}),
        }  # fmt: skip
        ring = np.array(shapely.get_parts(area)[0].exterior.coords)
        edge = np.column_stack([ring, project.ground_at(ring) + 0.2])
        marks = shape_marks("affected-edge", "line", [edge], {"row": [-1]}, field="", style=EDGE)
        marks += place_marks(table, "affected-met", field="what")
        return Outcome(table, facts, marks)


def _pipes(project: Project, names: tuple[str, ...]) -> list[Layer]:
    """Give the named layers of pipes, else all, those that are not shown too; there may be none."""
    return all_pipes(project, names) if names or any(project.of_kind("pipes")) else []


DIG, AFFECTED = PipeDig(), PipeAffected()

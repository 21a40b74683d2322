"""Height limits and view corridors as analyses; see `layers.planning.height_limits`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pyarrow as pa
import shapely

from layers.analyses.base import Marks, Note, Outcome, Reads, asking
from layers.analyses.choosing import layers_named
from layers.analyses.marks import shape_marks
from layers.analyses.sight_from import places_of
from layers.errors import CityError
from layers.kinds.buildings import Buildings
from layers.planning.height_limits import (
    Limit,
    Pierced,
    airport,
    cone,
    corridor,
    level,
    pierced,
    plane,
    radio_link,
)
from layers.planning.standing import standing_layers
from layers.planning.visibility import EYE
from layers.progress import Progress
from layers.project import Project
from layers.rules import chosen
from layers.rules.rule import Status
from layers.shapes import POLYGON, Floats, Shapes
from layers.style import Style

LIMITS = ("plane", "cone", "corridor", "link", "airport", "areas")
CORNERS = 2  # places that a corridor, a link and a runway need
MESH = 12  # lines of a drawn surface along a side
Facts = dict[str, float | int | str | bool]


@dataclass(frozen=True, slots=True)
class LimitsParams:
    """What is asked.

    Attributes
    ----------
    layers : tuple of str
        Layers of buildings that are looked at; none means all visible ones.
    limit : str
        One of ``LIMITS``: a plane over corners with heights; a cone around a place; a view
        corridor from a place to another; a radio link between two antennas; the surfaces around
        a runway between two places; areas of a layer with a height each.
    points : tuple of (east, north, height)
        The places; without a height they lie `eye` above the ground.
    eye : float
        Metres.
    radius, start : float
        Of a cone, metres.
    slope : float
        Of a cone, metres of height for 100 metres; below 0 it falls.
    width : float
        Of a corridor, metres.
    angle : float
        Of a corridor that opens, degrees; 0 keeps its width.
    frequency : float
        Of a radio link, gigahertz.
    areas, field : str
        Layer of areas, and its attribute with the greatest height above the ground, metres.
    pack : str
        Rule pack with the figures of airports, "" for all.
    """

    layers: tuple[str, ...] = asking((), "layers", kinds=("buildings",))
    limit: str = asking("corridor", "choice", choices=LIMITS)
    points: tuple[tuple[float, ...], ...] = asking((), "points")
    eye: float = asking(EYE, "number", unit="m", low=0.0, high=5000.0)
    radius: float = asking(1000.0, "number", unit="m", low=0.1, high=100_000.0)
    start: float = asking(0.0, "number", unit="m", low=0.0, high=100_000.0)
    slope: float = asking(5.0, "number", unit="percent", low=-100.0, high=1000.0)
    width: float = asking(50.0, "number", unit="m", low=0.1, high=10_000.0)
    angle: float = asking(0.0, "number", low=0.0, high=120.0)
    frequency: float = asking(18.0, "number", low=0.01, high=300.0)
    areas: str = asking("", "layer")
    field: str = asking("", "field", of="areas")
    pack: str = asking("", "pack")


class HeightLimits:
    """The analysis ``height-limits``."""

    key: ClassVar[str] = "height-limits"
    Params: ClassVar[type[LimitsParams]] = LimitsParams
    group: ClassVar[str] = "sight"
    columns: ClassVar[dict[str, str]] = {"object": "column-building", "surface": "ask-limit"}

    def reads(self, project: Project, params: LimitsParams) -> Reads:
        """Buildings, areas, terrain, and rules for airports."""
        ids = [layer.id for layer in layers_named(project, params.layers, "buildings")]
        ids += [project.layer(params.areas).id] if params.areas else []
        ids += [layer.id for layer in standing_layers(project)] if params.points else []
        packs = (params.pack or chosen.ALL,) if params.limit == "airport" else ()
        return Reads(tuple(dict.fromkeys(ids)), packs=packs, about=("airspace.",))

    def run(self, project: Project, params: LimitsParams, progress: Progress) -> Outcome:
        """Find every building that stands through the surfaces, and by how much."""
        limits = limits_of(project, params)
        layers = layers_named(project, params.layers, "buildings")
        progress.step(0, 1, "progress-sight")
        found = worst_of(pierced(project, layers, limits))
        status: Status = "pass" if not found else "fail"
        notes: tuple[Note, ...] = (Note("limits_how"),)
        if params.limit == "airport" and not _checked(params.pack):
            status = "warning"
            notes += (Note("limits_unverified"),)
        table = pa.table({
            "layer": [one.layer for one in found],
            "object": pa.array([one.building for one in found], pa.int64()),
            "surface": [one.limit.name for one in found],
            "above_m": np.round([one.by for one in found], 3),
            "top_m": np.round([one.top for one in found], 3),
            "limit_m": np.round([float(one.place[2]) for one in found], 3),
            "status": [status] * len(found),
            "east": np.round([float(one.place[0]) for one in found], 3),
            "north": np.round([float(one.place[1]) for one in found], 3),
            "level": np.round([float(one.place[2]) for one in found], 3),
        })  # fmt: skip
        facts: Facts = {
            "pierced_count": len({(one.layer, one.building) for one in found}),
            "most_above_m": max((one.by for one in found), default=0.0),
        }
        return Outcome(table, facts, (*_volumes(found), *_surfaces(limits)), status, notes)


def _checked(pack: str) -> bool:
    rules = [r for r in chosen.rules((pack,)).rules if r.key.startswith("airspace.")]
    return bool(rules) and all(rule.verified for rule in rules)


def limits_of(project: Project, params: LimitsParams) -> list[Limit]:
    """Make the surfaces that parameters describe.

    Raises
    ------
    CityError
        ``limits.points`` where places are missing, and those of the surfaces.
    """
    if params.limit == "areas":
        return _areas(project, params)
    points = [
        tuple(float(v) for v in spot) for spot in places_of(project, params.points, "", params.eye)
    ]
    if params.limit == "plane":
        return [plane("plane", params.points)]
    if params.limit == "cone":
        return [cone("cone", points[0], params.radius, params.slope / 100.0, params.start)]
    if len(points) != CORNERS:
        raise CityError(
            "limits.points",
            f"{len(points)} places were given; this needs two.",
            hint="write the two ends as east,north,height",
            count=len(points),
        )
    begin, end = points
    if params.limit == "corridor":
        return [corridor("corridor", begin, end, params.width, params.angle)]
    if params.limit == "link":
        return [radio_link("link", begin, end, params.frequency)]
    return list(airport(begin, end, chosen.rules((params.pack,))))


def _areas(project: Project, params: LimitsParams) -> list[Limit]:
    """Make a level surface over each area of a layer, above the ground under its middle."""
    layer = project.layer(params.areas)
    data = layer.features
    heights = data.numbers(params.field)
    rows = np.flatnonzero((data.shapes.kind == POLYGON) & np.isfinite(heights))
    if not len(rows):
        raise CityError(
            "limits.areas",
            f"No area of '{layer.name}' has a height in '{params.field}'.",
            hint="choose a layer of areas and its field of heights",
            layer=layer.name,
            field=params.field,
        )
    shapes = shapely.make_valid(shapely.force_2d(data.shapes.take(rows).to_shapely()))
    out = []
    for row, shape in zip(rows, shapes, strict=True):
        most = float(heights[row])
        named = level(str(int(data.ids[row])), shape, most)
        ground = project.ground_at
        out.append(replace(named, height=_over(ground, most), flat=project.terrain() is None))
    return out


def _over(ground: Callable[[Floats], Floats], most: float) -> Callable[[Floats], Floats]:
    def height(places: Floats) -> Floats:
        return np.asarray(ground(places) + most)

    return height


def worst_of(found: Sequence[Pierced]) -> list[Pierced]:
    """Keep the worst of each building and surface, the highest first."""
    best: dict[tuple[str, int, str], Pierced] = {}
    for one in found:
        key = (one.layer, one.building, one.limit.name)
        if key not in best or one.by > best[key].by:
            best[key] = one
    return sorted(best.values(), key=lambda one: -one.by)


def _volumes(found: Sequence[Pierced]) -> tuple[Marks, ...]:
    """Draw what stands above the surfaces as blocks."""
    pieces, low, high, row = [], [], [], []
    for number, one in enumerate(found):
        for piece in shapely.get_parts(one.area):
            if isinstance(piece, shapely.Polygon) and piece.area > 0.01:
                pieces.append(shapely.buffer(piece, 0.15, join_style="mitre"))
                surface = one.limit.height(shapely.get_coordinates(piece))
                known = surface[np.isfinite(surface)]
                low.append(float(min(known.min(initial=one.place[2]), one.top)))
                high.append(one.top + 0.2)
                row.append(number)
    if not pieces:
        return ()
    tall = np.maximum(np.array(high) - np.array(low), 0.05)
    shapes = Shapes.from_shapely(np.array(pieces, dtype=object))
    blocks = replace(
        Buildings.blocks(shapes, tall, pa.table({"row": row, "above_m": tall})),
        base=np.array(low),
    )
    style = Style(colour="#e53935", outline="#7f0000")
    return (Marks("limits-pierced", blocks, "", "buildings", style),)


def _surfaces(limits: Sequence[Limit]) -> tuple[Marks, ...]:
    """Draw surfaces as nets of lines at their heights."""
    lines: list[Floats] = []
    for limit in limits:
        west, south, east, north = shapely.bounds(limit.area)
        step = max(east - west, north - south) / MESH
        cuts = [shapely.LineString([(x, south), (x, north)]) for x in np.arange(west, east, step)]
        cuts += [shapely.LineString([(west, y), (east, y)]) for y in np.arange(south, north, step)]
        pieces = [shapely.boundary(limit.area), *shapely.intersection(cuts, limit.area)]
        for piece in shapely.get_parts(pieces):
            if not isinstance(piece, shapely.LineString) or piece.length <= 0.0:
                continue
            flat = shapely.get_coordinates(shapely.segmentize(piece, max(step / 4.0, 1.0)))
            z = limit.height(flat)
            known = np.isfinite(z)
            if known.sum() > 1:
                lines.append(np.column_stack([flat[known], z[known]]))
    style = Style(colour="#8e24aa", outline=None, line_width=1.5, heights="absolute")
    return shape_marks(
        "limits-surface", "line", lines, {"row": np.full(len(lines), -1)}, field="", style=style
    )


ANALYSIS = HeightLimits()

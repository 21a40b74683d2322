"""Massing from rules, as an analysis; see `layers.planning.massing`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from layers.analyses.base import Marks, Note, Outcome, Reads, asking
from layers.analyses.choosing import layer_named, layers_named
from layers.analyses.marks import STATUS_COLOURS, shape_marks
from layers.errors import CityError
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.kinds.control_lines import lines_of
from layers.planning.massing import (
    FORMS,
    Barrier,
    Body,
    PlotLimits,
    Step,
    envelope,
    fill,
    outside,
    volume,
    why_nothing,
)
from layers.planning.zones import drawn_zone, zones_of
from layers.progress import Progress
from layers.project import Project
from layers.rules.rule import Status
from layers.shapes import POINT, Shapes
from layers.style import Style

ENVELOPE = STATUS_COLOURS["pass"]
SCHEMA = pa.schema(
    [
        ("what", pa.string()), ("layer", pa.string()), ("object", pa.int64()),
        ("low_m", pa.float64()), ("height_m", pa.float64()), ("plan_m2", pa.float64()),
        ("storeys_count", pa.int64()), ("floor_area_m2", pa.float64()),
        ("outside_m3", pa.float64()), ("above_m", pa.float64()),
        ("binding", pa.string()), ("status", pa.string()),
        ("east", pa.float64()), ("north", pa.float64()), ("level", pa.float64()),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MassingParams:
    """What is asked.

    Attributes
    ----------
    zones, plot : str, int
        Layer of plots, and the number of one in it.
    area : tuple of (east, north)
        A drawn plot instead.
    far, density, height : float
        Limits; 0 takes those the plot tells.
    setback, road_setback, north_setback : float
        Metres from every edge, from street sides, from northern edges.
    sun_angle : float
        Degrees of the plane rising from northern edges; 0 for none.
    form : str
        ``best``, ``towers`` or ``slabs``.
    storey, spacing : float
        Height of a storey, metres; distance between rows times their height.
    buildings, roads, lines : tuple of str
        Layers of what is checked, of streets, of control lines; empty for all that are seen.
    """

    zones: str = asking("", "layer", kinds=("districts",))
    plot: int = asking(0, "count", low=0)
    area: tuple[tuple[float, float], ...] = asking((), "area")
    far: float = asking(0.0, "number", low=0.0, high=100.0)
    density: float = asking(0.0, "number", unit="percent", low=0.0, high=100.0)
    height: float = asking(0.0, "number", unit="m", low=0.0, high=2000.0)
    setback: float = asking(5.0, "number", unit="m", low=0.0, high=200.0)
    road_setback: float = asking(8.0, "number", unit="m", low=0.0, high=200.0)
    north_setback: float = asking(0.0, "number", unit="m", low=0.0, high=200.0)
    sun_angle: float = asking(0.0, "number", unit="deg", low=0.0, high=89.0)
    form: str = asking("best", "choice", choices=("best", *FORMS[:2]))
    storey: float = asking(3.0, "number", unit="m", low=2.0, high=10.0)
    spacing: float = asking(1.2, "number", low=0.0, high=5.0)
    buildings: tuple[str, ...] = asking((), "layers", kinds=("buildings",))
    roads: tuple[str, ...] = asking((), "layers", kinds=("roads",))
    lines: tuple[str, ...] = asking((), "layers", kinds=("control-lines",))


class Massing:
    """The analysis ``massing``."""

    key: ClassVar[str] = "massing"
    Params: ClassVar[type[MassingParams]] = MassingParams
    group: ClassVar[str] = "planning"
    columns: ClassVar[Mapping[str, str]] = {
        "what": "massing-what", "low_m": "massing-low", "height_m": "massing-height",
        "above_m": "massing-above",
    }  # fmt: skip

    def reads(self, project: Project, params: MassingParams) -> Reads:
        """The plot, buildings, streets, control lines."""
        layers = [*_layers(project, params.buildings, "buildings"),
                  *_layers(project, params.roads, "roads"),
                  *_layers(project, params.lines, "control-lines")]  # fmt: skip
        ids = [layer.id for layer in layers]
        if not len(params.area):
            ids.append(layer_named(project, params.zones, "districts"))
        return Reads(tuple(dict.fromkeys(ids)))

    def run(self, project: Project, params: MassingParams, progress: Progress) -> Outcome:
        """Make the envelope, hold what stands there against it, offer a fill."""
        plot, limits = _asked(project, params)
        progress.step(0, 3, "progress-massing")
        near = shapely.buffer(plot, 60.0)
        roads = _near(project, params.roads, "roads", near)
        steps = envelope(plot, limits, roads, _barriers(project, params, near))
        progress.step(1, 3, "progress-massing")
        offered = fill(
            plot, steps, limits, storey=params.storey, spacing=params.spacing, form=params.form
        )
        progress.step(2, 3, "progress-massing")
        rows = [*_violations(project, params, plot, steps)]
        status: Status = "fail" if rows else "none"
        rows += [_offered(body) for body in offered]
        rows += [_step(step) for step in steps]
        table = pa.Table.from_pylist(rows, schema=SCHEMA)
        marks = _marks(project, steps, offered, len(rows) - len(steps))
        facts = _facts(plot, limits, steps, offered, rows)
        note = Note("massing_plausible", {})
        if not offered:
            why, told = why_nothing(plot, steps, limits, storey=params.storey, form=params.form)
            rounded = {key: round(value, 1) for key, value in told.items()}
            note = Note(f"massing_none_{why}", rounded)
        return Outcome(table, facts, marks, status, (note,))


ANALYSIS = Massing()


def _layers(project: Project, names: Sequence[str], kind: str) -> list[Layer]:
    return layers_named(project, names, kind, needed=False)


def _asked(project: Project, params: MassingParams) -> tuple[BaseGeometry, PlotLimits]:
    told: Mapping[str, float] = {}
    if len(params.area):
        plot = drawn_zone(params.area, "-").shape
    else:
        layer = project.layer(layer_named(project, params.zones, "districts"))
        if not params.plot:
            raise CityError(
                "massing.which", "An envelope is about one plot.",
                hint="give its number, or draw an area",
            )  # fmt: skip
        layer.features.index_of([params.plot])  # tells where there is none
        zone = zones_of(layer, [params.plot])[0]
        plot, told = zone.shape, zone.limits
    return plot, PlotLimits(
        params.far or told.get("far", 0.0),
        params.density or told.get("density_percent", 0.0),
        params.height or told.get("height_max_m", 0.0),
        params.setback, params.road_setback, params.north_setback, params.sun_angle,
    )  # fmt: skip


def _near(
    project: Project, names: Sequence[str], kind: str, near: BaseGeometry
) -> BaseGeometry | None:
    found: list[BaseGeometry] = []
    for layer in _layers(project, names, kind):
        shapes = layer.features.shapes.to_shapely()
        found += shapes[shapely.intersects(shapes, near)].tolist()
    return shapely.union_all(found) if found else None


def _barriers(project: Project, params: MassingParams, near: BaseGeometry) -> list[Barrier]:
    """Take control lines: their corridors and areas with their setbacks stay free."""
    out = []
    for layer in _layers(project, params.lines, "control-lines"):
        told = lines_of(layer.features, layer.style.line_preset)
        shapes = layer.features.shapes.to_shapely()
        touching = np.flatnonzero(shapely.intersects(shapes, near))
        for row in touching.tolist():
            kind = told.class_of(row)
            bound = kind is not None and kind.forbids == "inside"
            if not bound or told.status[row] == "superseded":
                continue
            wide = float(np.nan_to_num(told.setback[row]))
            wide += float(np.nan_to_num(told.width[row])) / 2.0 if told.axis[row] else 0.0
            shape = shapes[row].buffer(wide) if wide > 0 else shapes[row]
            if shape.area > 0 and layer.features.shapes.kind[row] != POINT:
                low = float(np.nan_to_num(told.low[row]))
                out.append(Barrier(shape, low, str(told.name[row] or told.classes[row])))
    return out


def _violations(
    project: Project, params: MassingParams, plot: BaseGeometry, steps: list[Step]
) -> list[dict[str, object]]:
    rows = []
    for layer in _layers(project, params.buildings, "buildings"):
        data = layer.data
        assert isinstance(data, Buildings)
        shapes = data.shapes.to_shapely()
        middles = shapely.points(data.shapes.centres())
        for row in np.flatnonzero(shapely.contains(plot, middles) & data.drawn).tolist():
            lost, above, broken = outside(shapes[row], float(data.height[row]), steps)
            if broken:
                east, north = data.shapes.centres()[row]
                rows.append(
                    {
                        "what": "breaks", "layer": layer.id, "object": int(data.ids[row]),
                        "height_m": float(data.height[row]), "plan_m2": float(shapes[row].area),
                        "outside_m3": lost, "above_m": above, "binding": broken, "status": "fail",
                        "east": float(east), "north": float(north),
                    }
                )  # fmt: skip
    return sorted(rows, key=lambda row: -float(str(row["outside_m3"])))


def _offered(body: Body) -> dict[str, object]:
    middle = body.shape.centroid
    return {
        "what": "offered", "height_m": body.height, "plan_m2": body.shape.area,
        "storeys_count": body.storeys, "floor_area_m2": body.shape.area * body.storeys,
        "status": "none", "east": middle.x, "north": middle.y,
    }  # fmt: skip


def _step(step: Step) -> dict[str, object]:
    return {
        "what": "envelope", "low_m": step.low, "height_m": step.top, "plan_m2": step.shape.area,
        "binding": ", ".join(step.binding), "status": "none",
    }  # fmt: skip


def _facts(
    plot: BaseGeometry, limits: PlotLimits, steps: list[Step], offered: list[Body],
    rows: list[dict[str, object]],
) -> dict[str, float | int | str | bool]:  # fmt: skip
    floor = sum(body.shape.area * body.storeys for body in offered)
    return {
        "site_m2": float(plot.area), "far_limit": limits.far,
        "density_limit_percent": limits.density, "height_limit_m": limits.height,
        "envelope_m3": volume(steps), "envelope_top_m": steps[-1].top,
        "offered_count": len(offered), "floor_area_m2": float(floor),
        "far": float(floor / plot.area),
        "density_percent": float(100.0 * sum(b.shape.area for b in offered) / plot.area),
        "breaking_count": sum(row["what"] == "breaks" for row in rows),
    }  # fmt: skip


def _marks(
    project: Project, steps: list[Step], offered: list[Body], first: int
) -> tuple[Marks, ...]:
    marks = [_walls(steps, first), *_lids(project, steps, first)]
    if offered:
        shapes = Shapes.from_shapely([body.shape for body in offered])
        start = first - len(offered)
        table = pa.table(
            {
                "row": np.arange(start, first),
                "floors": [body.storeys for body in offered],
                "use": ["residential"] * len(offered),
            }
        )
        made = Buildings.blocks(shapes, [body.height for body in offered], table)
        marks.append(Marks("offered", made, "", "buildings", Style(colour="#f0b46a")))
    return tuple(marks)


def _walls(steps: list[Step], first: int) -> Marks:
    """Show the sides of the envelope, layer by layer."""
    lines: list[BaseGeometry] = []
    rows: list[int] = []
    for k, step in enumerate(steps):
        found = shapely.get_parts(shapely.get_rings(shapely.get_parts(step.shape))).tolist()
        lines += [shapely.LineString(ring.coords) for ring in found]
        rows += [k] * len(found)
    table = pa.table(
        {
            "row": [first + k for k in rows], "class": ["green"] * len(rows),
            "low_m": [steps[k].low for k in rows], "top_m": [steps[k].top for k in rows],
        }
    )  # fmt: skip
    style = Style(
        colour=ENVELOPE, line_form="walls", line_preset="six-lines", line_width=1.0,
    )  # fmt: skip
    features = Features.of(Shapes.from_shapely(lines), table)
    return Marks("envelope", features, "", "control-lines", style)


def _lids(project: Project, steps: list[Step], first: int) -> list[Marks]:
    """Show what of each layer lies open above."""
    coords, rows = [], []
    for k, step in enumerate(steps):
        above = steps[k + 1].shape if k + 1 < len(steps) else None
        open_ = step.shape if above is None else step.shape.difference(above)
        for part in shapely.get_parts(shapely.constrained_delaunay_triangles(open_)):
            for triangle in shapely.get_parts(part):
                if triangle.area > 0.5:
                    ring = shapely.get_coordinates(triangle)[:3]
                    level = project.ground_at(ring) + step.top
                    coords.append(np.column_stack([ring, level]))
                    rows.append(first + k)
    style = Style(colour=ENVELOPE, heights="absolute", line_width=0.0)
    return list(shape_marks("envelope", "area", coords, {"row": rows}, field="", style=style))

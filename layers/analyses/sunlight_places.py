"""Sun on facades, on the ground and on plots as analyses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pyarrow as pa
import shapely

from layers.analyses.base import Marks, Note, Outcome, Reads, asking
from layers.analyses.choosing import layers_named
from layers.analyses.marks import shaped
from layers.analyses.sunlight import numbers_in, path_over
from layers.errors import CityError
from layers.kinds.base import Extent, Layer
from layers.kinds.buildings import Buildings
from layers.planning.obstacles import Obstacles, obstacles
from layers.planning.sun_path import SunPath
from layers.planning.sunlight import Sunlit, sunlit
from layers.planning.sunlight_grids import (
    FacadeCells,
    GroundGrid,
    facade_cells,
    ground_grid,
    iso_bands,
    iso_lines,
    joined,
    panels,
)
from layers.planning.sunlight_statement import Requirement, clock, requirement
from layers.progress import Part, Progress
from layers.project import Project
from layers.rules import chosen
from layers.shapes import POLYGON, Bools, Floats, Ints
from layers.style import Colouring, Entry, Style

#: From no sun to much: dark blue over violet and orange to light yellow.
SUN_COLOURS = (
    "#1d2b64", "#45338a", "#73389a", "#a33f92", "#cf4f7a", "#ec7358", "#f79f3f", "#f9cd4a",
    "#f7f3a0",
)  # fmt: skip
MOST_PLATES = 20_000  # pieces of facades that are kept one by one
Area = tuple[tuple[float, float], ...]
Facts = dict[str, float | int | str | bool]


def hour_style(name: str, longest: float, lift: float = 0.0) -> Style:
    """Give colours for hours of sun, one for each hour."""
    top = max(int(np.ceil(longest)), 1)
    steps = min(top, len(SUN_COLOURS))
    edges = np.linspace(0.0, top, steps + 1)
    colours = [
        SUN_COLOURS[round(i * (len(SUN_COLOURS) - 1) / max(steps - 1, 1))] for i in range(steps)
    ]
    entries = tuple(
        Entry(f"{low:g}-{high:g} h", colour, low=float(low), high=float(high))
        for low, high, colour in zip(edges[:-1], edges[1:], colours, strict=True)
    )
    return Style(
        colour=SUN_COLOURS[4], outline=None, lift=lift, colouring=Colouring(name, "ranges", entries)
    )


def _asked(day: str, begin: float, end: float) -> Requirement:
    band = (begin, end) if end > begin else None
    return requirement(chosen.rules(), day, {"use": "housing"}, band=band)


def _how(asked: Requirement) -> tuple[Note, ...]:
    return (
        Note(
            "sunlight_places",
            {
                "day": asked.day.date.isoformat(), "begin": clock(asked.band[0]),
                "end": clock(asked.band[1]),
            },
        ),
    )  # fmt: skip


def _near(things: Obstacles, places: Floats, path: SunPath) -> Obstacles:
    from layers.analyses.sunlight import shadow_boxes

    low, high = places.min(axis=0), places.max(axis=0)
    boxes = shadow_boxes(things.boxes, things.high - low[2], path)
    keep = (boxes[:, :2] <= high[:2]).all(axis=1) & (boxes[:, 2:] >= low[:2]).all(axis=1)
    return things.only(keep & (things.high > low[2]))


def _sun(
    project: Project, layers: Sequence[Layer], path: SunPath, places: Floats, normals: Floats,
    progress: Progress,
) -> Sunlit:  # fmt: skip
    progress.step(0, 1, "progress-sunlight")
    things = _near(obstacles(project, layers), places, path)
    progress.step(0, 1, "progress-sunlight")
    return sunlit(things, places, normals, path, progress)


@dataclass(frozen=True, slots=True)
class FacadesParams:
    """What is asked.

    Attributes
    ----------
    layers : tuple of str
        Layers of buildings that stand in the way; none means all visible ones.
    on : str
        Layer of the buildings whose facades are looked at; "" takes those of `layers`.
    objects : str
        Their numbers, with spaces; "" takes all.
    day : str
        As for windows.
    begin, end : float
        Hours of true solar time between which sun counts; both 0 take the rule's.
    spacing : float
        Size of a piece of wall, metres.
    """

    layers: tuple[str, ...] = asking((), "layers", kinds=("buildings",))
    on: str = asking("", "layer", kinds=("buildings",))
    objects: str = asking("", "text")
    day: str = asking("", "text")
    begin: float = asking(0.0, "number", unit="h", low=0.0, high=24.0)
    end: float = asking(0.0, "number", unit="h", low=0.0, high=24.0)
    spacing: float = asking(2.0, "number", unit="m", low=0.1, high=50.0)


class Facades:
    """The analysis ``sunlight-facades``."""

    key: ClassVar[str] = "sunlight-facades"
    Params: ClassVar[type[FacadesParams]] = FacadesParams
    group: ClassVar[str] = "light"
    columns: ClassVar[dict[str, str]] = {
        "object": "column-building",
        "area_m2": "sunlight-area",
    }

    def reads(self, project: Project, params: FacadesParams) -> Reads:
        """Buildings, terrain, rules about the day."""
        ids = [layer.id for layer in layers_named(project, params.layers, "buildings")]
        ids += [project.layer(params.on).id] if params.on else []
        return Reads(tuple(dict.fromkeys(ids)), packs=(chosen.ALL,), about=("sunlight.",))

    def run(self, project: Project, params: FacadesParams, progress: Progress) -> Outcome:
        """Count the sun of pieces of facades."""
        layers = layers_named(project, params.layers, "buildings")
        asked = _asked(params.day, params.begin, params.end)
        targets = [project.layer(params.on)] if params.on else layers
        numbers = numbers_in(params.objects)
        bodies = None
        if numbers:
            targets[0].features.index_of(numbers)
            bodies = {(targets[0].id, number) for number in numbers}
        progress.step(0, 1, "progress-sunlight")
        cells = facade_cells(project, targets, params.spacing, bodies=bodies)
        path = path_over(project, layers, asked)
        lit = _sun(project, layers, path, cells.places, cells.normal, Part(progress, 0.1, 0.9))
        progress.step(9, 10, "progress-sunlight")
        hours = lit.minutes(asked.spell) / 60.0
        width = np.hypot(*(cells.ends[:, 1, :2] - cells.ends[:, 0, :2]).T)
        keys = list(zip(cells.layer, cells.building.tolist(), strict=True))
        index = {key: i for i, key in enumerate(dict.fromkeys(keys))}
        of = np.array([index[key] for key in keys], dtype=np.int64)
        area = np.bincount(of, width * cells.tall)
        mean = np.bincount(of, width * cells.tall * hours) / area
        most = np.zeros(len(index))
        np.maximum.at(most, of, hours)
        dark = np.bincount(of, width * cells.tall * (hours <= 0.0)) / area * 100.0
        table = pa.table({
            "layer": [key[0] for key in index], "object": [key[1] for key in index],
            "area_m2": np.round(area, 1), "mean_h": np.round(mean, 2), "most_h": np.round(most, 2),
            "dark_percent": np.round(dark, 1),
        })  # fmt: skip
        style = hour_style("sun_h", asked.band[1] - asked.band[0])
        plates = _plates(cells, of, hours, width * cells.tall, style)
        marks = (Marks("sunlight-facades", plates, "sun_h", "buildings", style),)
        facts: Facts = {
            "day": asked.day.date.isoformat(),
            "places_count": len(hours),
            "mean_h": float(np.average(hours, weights=width * cells.tall)),
        }
        return Outcome(table, facts, marks, "none", _how(asked))


def _plates(cells: FacadeCells, of: Ints, hours: Floats, area: Floats, style: Style) -> Buildings:
    """Make plates of pieces; of very many, neighbours of one colour become one with their mean."""
    if len(hours) > MOST_PLATES and style.colouring is not None:
        edges = [entry.low for entry in style.colouring.entries[1:] if entry.low is not None]
        fewer, into = joined(cells, np.digitize(np.round(hours, 2), edges))
        hours = np.bincount(into, area * hours) / np.bincount(into, area)
        row = np.zeros(len(fewer.tall), dtype=np.int64)
        row[into] = of
        cells, of = fewer, row
    return panels(cells.ends, cells.tall, cells.normal, {"row": of, "sun_h": np.round(hours, 2)})


@dataclass(frozen=True, slots=True)
class GroundParams:
    """What is asked.

    Attributes
    ----------
    layers : tuple of str
        Layers of buildings that stand in the way; none means all visible ones.
    plots : str
        Layer of areas that are looked at and listed; "" looks at `area`.
    area : tuple of (east, north)
        Ring of the area; () takes the box around the buildings.
    day : str
        As for windows.
    begin, end : float
        Hours of true solar time between which sun counts; both 0 take the rule's.
    spacing : float
        Metres from place to place.
    least : float
        Hours that a place of a plot shall have.
    """

    layers: tuple[str, ...] = asking((), "layers", kinds=("buildings",))
    plots: str = asking("", "layer")
    area: tuple[tuple[float, float], ...] = asking((), "area")
    day: str = asking("", "text")
    begin: float = asking(0.0, "number", unit="h", low=0.0, high=24.0)
    end: float = asking(0.0, "number", unit="h", low=0.0, high=24.0)
    spacing: float = asking(4.0, "number", unit="m", low=0.1, high=100.0)
    least: float = asking(2.0, "number", unit="h", low=0.0, high=24.0)


class Ground:
    """The analysis ``sunlight-ground``."""

    key: ClassVar[str] = "sunlight-ground"
    Params: ClassVar[type[GroundParams]] = GroundParams
    group: ClassVar[str] = "light"
    columns: ClassVar[dict[str, str]] = {"area_m2": "sunlight-area"}

    def reads(self, project: Project, params: GroundParams) -> Reads:
        """Buildings, plots, terrain, rules about the day."""
        ids = [layer.id for layer in layers_named(project, params.layers, "buildings")]
        ids += [project.layer(params.plots).id] if params.plots else []
        return Reads(tuple(dict.fromkeys(ids)), packs=(chosen.ALL,), about=("sunlight.",))

    def run(self, project: Project, params: GroundParams, progress: Progress) -> Outcome:
        """Count the sun on the ground, trace hours, sum up plots."""
        layers = layers_named(project, params.layers, "buildings")
        asked = _asked(params.day, params.begin, params.end)
        plots = _plots(project, params.plots)
        box, area = _where(layers, params.area, plots)
        grid = ground_grid(project, layers, box, params.spacing, area)
        places = grid.places
        if not len(places):
            raise CityError(
                "sunlight.no_ground",
                "There is no open ground between the buildings there.",
                hint="choose another area, or a finer spacing",
            )
        path = path_over(project, layers, asked)
        lit = _sun(project, layers, path, places, np.zeros((len(places), 2)), progress)
        hours = lit.minutes(asked.spell) / 60.0
        marks = ground_marks(grid, hours, asked.band[1] - asked.band[0])
        facts: Facts = {
            "day": asked.day.date.isoformat(), "places_count": len(places),
            "mean_h": float(hours.mean()),
            "enough_percent": float((hours >= params.least).mean() * 100.0),
        }  # fmt: skip
        if plots is None:
            table = _by_hour(hours, params.spacing, asked.band[1] - asked.band[0])
        else:
            table = _by_plot(project.layer(params.plots), plots, places, hours, params.least)
        return Outcome(table, facts, marks, "none", _how(asked))


def _plots(project: Project, name: str) -> tuple[Bools, Sequence[shapely.Geometry]] | None:
    """Give which shapes of a layer are areas, and these."""
    if not name:
        return None
    layer = project.layer(name)
    areas = layer.features.shapes.kind == POLYGON
    if not areas.any():
        raise CityError(
            "shadow_shares.no_areas",
            f"The layer '{layer.name}' has no areas.",
            hint="choose a layer of polygons or of buildings",
            layer=layer.name,
        )
    shapes = layer.features.shapes.take(areas)
    return areas, list(shapely.make_valid(shapely.force_2d(shapes.to_shapely())))


def _where(
    layers: Sequence[Layer], ring: Area, plots: tuple[Bools, Sequence[shapely.Geometry]] | None
) -> tuple[Extent, shapely.Geometry | None]:
    """Give the box that is looked at, and the area in it."""
    area: shapely.Geometry | None = None
    if ring:
        area = shapely.make_valid(shapely.Polygon([corner[:2] for corner in ring]))
    if plots is not None:
        union = shapely.union_all(plots[1])
        area = union if area is None else shapely.intersection(area, union)
    if area is not None:
        west, south, east, north = (float(v) for v in shapely.bounds(area))
        return (west, south, east, north), area
    boxes = np.array([box for layer in layers if (box := layer.data.extent()) is not None])
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    return (float(low[0]), float(low[1]), float(high[0]), float(high[1])), None


def ground_marks(grid: GroundGrid, hours: Floats, longest: float) -> tuple[Marks, ...]:
    """Draw areas between hours, and lines of equal hours."""
    levels = [float(i) for i in range(int(np.ceil(longest)) + 1)]
    levels[-1] += 0.01  # the last band holds places that are lit all the time
    style = replace(hour_style("sun_h", longest, lift=0.5), fill=0.7)
    bands = iso_bands(grid, hours, levels)
    out: tuple[Marks, ...] = ()
    if bands:
        from layers.kinds.base import Features
        from layers.shapes import Shapes

        shapes = Shapes.from_shapely(np.array([band[2] for band in bands], dtype=object))
        table = pa.table({"row": np.full(len(bands), -1), "sun_h": [b[0] + 0.5 for b in bands]})
        out += (Marks("sunlight-bands", Features.of(shapes, table), "sun_h", style=style),)
    lines = iso_lines(grid, hours, levels[1:-1])
    if lines:
        look = Style(
            colour="#ffffff", outline=None, line_width=1.5, lift=0.7, label_field="hours",
            label_size=11.0,
        )  # fmt: skip
        attributes = pa.table({
            "row": np.full(len(lines), -1), "hours": [f"{level:g} h" for level, _ in lines],
        })  # fmt: skip
        features = shaped("line", [line for _, line in lines], attributes)
        out += (Marks("sunlight-lines", features, "", style=look),)
    return out


def _by_hour(hours: Floats, spacing: float, longest: float) -> pa.Table:
    """Tell how much ground has how many hours."""
    edges = np.arange(0.0, np.ceil(longest) + 1.0)
    edges[-1] += 0.01
    count, _ = np.histogram(hours, edges)
    return pa.table({
        "from_h": edges[:-1], "to_h": np.round(edges[1:], 0),
        "area_m2": np.round(count * spacing**2, 0),
        "share_percent": np.round(count / max(len(hours), 1) * 100.0, 1),
    })  # fmt: skip


def _by_plot(
    layer: Layer, plots: tuple[Bools, Sequence[shapely.Geometry]], places: Floats, hours: Floats,
    least: float,
) -> pa.Table:  # fmt: skip
    """Tell the mean hours of each plot, and which share has enough."""
    tree = shapely.STRtree(list(plots[1]))
    at, of = tree.query(shapely.points(places[:, :2]), predicate="intersects")
    count = np.bincount(of, minlength=len(plots[1]))
    some = np.maximum(count, 1)
    mean = np.bincount(of, hours[at], minlength=len(plots[1])) / some
    enough = np.bincount(of, hours[at] >= least, minlength=len(plots[1])) / some * 100.0
    none = count == 0
    return pa.table({
        "layer": [layer.id] * len(count), "object": layer.features.ids[plots[0]],
        "area_m2": np.round(shapely.area(np.array(plots[1], dtype=object)), 1), "places": count,
        "mean_h": pa.array(np.where(none, np.nan, np.round(mean, 2)), from_pandas=True),
        "enough_percent": pa.array(np.where(none, np.nan, np.round(enough, 1)), from_pandas=True),
    })  # fmt: skip


FACADES = Facades()
GROUND = Ground()

"""Sight as analyses: lines, viewsheds, landmarks, sky; see `layers.planning.visibility`."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

import numpy as np
import pyarrow as pa
import shapely

from layers.analyses.base import Marks, Note, Outcome, Reads, asking
from layers.analyses.choosing import layers_named
from layers.analyses.marks import shape_marks
from layers.analyses.sight_from import nothing_said, places_of, standing_grid
from layers.analyses.sunlight import numbers_in
from layers.errors import CityError
from layers.kinds.base import Extent, Features
from layers.planning.obstacles import Obstacles, obstacles
from layers.planning.rays import Rays
from layers.planning.skyline import inside_of
from layers.planning.standing import standing_at, standing_layers
from layers.planning.sunlight_grids import GroundGrid, iso_bands
from layers.planning.visibility import (
    EYE,
    Gaze,
    along,
    blocker,
    eyes_at,
    lines_of_sight,
    seen_by,
    share_seen,
    sky_of,
    surface_points,
)
from layers.planning.windows import WindowRule, windows_of
from layers.progress import Progress
from layers.project import Project
from layers.shapes import Floats, Ints, Shapes
from layers.style import Colouring, Entry, Style

FILLED = 0.7  # how solid areas with values are drawn
SEEN, HIDDEN = "#2e7d32", "#d32f2f"
VIRIDIAN = (
    "#440154", "#443a83", "#31688e", "#21918c", "#35b779", "#90d743", "#fde725",
)  # fmt: skip
Facts = dict[str, float | int | str | bool]


class _Sight:
    """What the analyses of sight share."""

    group: ClassVar[str] = "sight"
    columns: ClassVar[dict[str, str]] = {"object": "column-building", "area_m2": "sunlight-area"}

    def reads(self, project: Project, params: SightParams) -> Reads:
        """Buildings, places, terrain, water and bridges that one stands on."""
        names = [getattr(params, name, "") for name in ("eyes_layer", "targets_layer", "on")]
        ids = [layer.id for layer in layers_named(project, params.layers, "buildings")]
        ids += [project.layer(name).id for name in names if name]
        ids += [layer.id for layer in standing_layers(project)]
        return Reads(tuple(dict.fromkeys(ids)))


@dataclass(frozen=True, slots=True)
class SightParams:
    """What all analyses of sight ask.

    Attributes
    ----------
    layers : tuple of str
        Layers of buildings that stand in the way; none means all visible ones.
    eye : float
        Height of eyes above the ground, where a place has no height, metres.
    """

    layers: tuple[str, ...] = asking((), "layers", kinds=("buildings",))
    eye: float = asking(EYE, "number", unit="m", low=0.0, high=1000.0)


@dataclass(frozen=True, slots=True)
class LinesParams(SightParams):
    """What is asked of lines of sight.

    Attributes
    ----------
    eyes, targets : tuple of (east, north) or (east, north, height)
        Places.
    eyes_layer, targets_layer : str
        Layers of points in their place; of buildings, whose tops are looked at.
    above : float
        Height of targets above the ground, where a place has no height, metres.
    """

    eyes: tuple[tuple[float, ...], ...] = asking((), "points")
    eyes_layer: str = asking("", "layer")
    targets: tuple[tuple[float, ...], ...] = asking((), "points")
    targets_layer: str = asking("", "layer")
    above: float = asking(EYE, "number", unit="m", low=0.0, high=2000.0)


class SightLines(_Sight):
    """The analysis ``sight-lines``."""

    key: ClassVar[str] = "sight-lines"
    Params: ClassVar[type[LinesParams]] = LinesParams
    columns: ClassVar[dict[str, str]] = {
        "object": "column-blocked-by",
        "length_m": "sight-length",
        "lines_count": "sight-lines-count",
    }

    def run(self, project: Project, params: LinesParams, progress: Progress) -> Outcome:
        """Look from every eye to every target."""
        eyes = places_of(project, params.eyes, params.eyes_layer, params.eye)
        targets = places_of(project, params.targets, params.targets_layer, params.above)
        things, rays = seen_city(project, params.layers)
        free_eyes(things, eyes)
        start = np.repeat(eyes, len(targets), axis=0)
        end = np.tile(targets, (len(eyes), 1))
        progress.step(1, 2, "progress-sight")
        found = lines_of_sight(things, rays, start, end)
        who = [blocker(things, int(owner)) for owner in found.owner]
        length = found.length
        table = pa.table({
            "from": np.repeat(np.arange(len(eyes)), len(targets)) + 1,
            "to": np.tile(np.arange(len(targets)), len(eyes)) + 1,
            "length_m": np.round(length, 2),
            "seen": found.seen,
            "free_m": np.round(found.free, 2),
            "layer": [one[0] for one in who],
            "object": pa.array([one[1] or None for one in who], pa.int64()),
            "east": np.round(end[:, 0], 3), "north": np.round(end[:, 1], 3),
            "level": np.round(end[:, 2], 3),
        })  # fmt: skip
        share = found.free / np.maximum(length, 1e-9)
        stop = start + (end - start) * share[:, None]
        rows = np.arange(len(start))
        free = shape_marks(
            "sight-free", "line", [np.array(p) for p in zip(start, stop, strict=True)],
            {"row": rows}, field="", style=_ray_style(SEEN),
        )  # fmt: skip
        hidden = ~found.seen
        dark = shape_marks(
            "sight-hidden", "line",
            [np.array(p) for p in zip(stop[hidden], end[hidden], strict=True)],
            {"row": rows[hidden]}, field="", style=_ray_style(HIDDEN),
        )  # fmt: skip
        facts: Facts = {"lines_count": len(rows), "seen_count": int(found.seen.sum())}
        return Outcome(table, facts, free + dark, "none", (Note("sight_how"),))


def _ray_style(colour: str) -> Style:
    return Style(colour=colour, outline=None, line_width=3.0, heights="absolute")


@dataclass(frozen=True, slots=True)
class ViewshedParams(SightParams):
    """What is asked of a viewshed.

    Attributes
    ----------
    eyes : tuple of (east, north) or (east, north, height)
        Places.
    path : tuple of (east, north)
        A way that is walked.
    on, objects : str
        Layer, and numbers of buildings, whose windows look.
    every : float
        Metres from eye to eye along the path.
    heading, width, low, high, reach : float
        Field of view; see `Gaze`. On a path and at windows straight ahead is added to `heading`.
    spacing : float
        Metres between the places that are looked at.
    above : float
        Their height above the ground, metres.
    """

    eyes: tuple[tuple[float, ...], ...] = asking((), "points")
    path: tuple[tuple[float, ...], ...] = asking((), "line")
    on: str = asking("", "layer", kinds=("buildings",))
    objects: str = asking("", "text")
    every: float = asking(20.0, "number", unit="m", low=0.5, high=1000.0)
    heading: float = asking(0.0, "number", unit="", low=-360.0, high=360.0, decimals=0)
    width: float = asking(360.0, "number", unit="", low=1.0, high=360.0, decimals=0)
    low: float = asking(-90.0, "number", unit="", low=-90.0, high=90.0, decimals=0)
    high: float = asking(90.0, "number", unit="", low=-90.0, high=90.0, decimals=0)
    reach: float = asking(1000.0, "number", unit="m", low=1.0, high=50_000.0, decimals=0)
    spacing: float = asking(5.0, "number", unit="m", low=0.2, high=200.0)
    above: float = asking(0.1, "number", unit="m", low=0.0, high=500.0)


class Viewshed(_Sight):
    """The analysis ``viewshed``."""

    key: ClassVar[str] = "viewshed"
    Params: ClassVar[type[ViewshedParams]] = ViewshedParams

    def run(self, project: Project, params: ViewshedParams, progress: Progress) -> Outcome:
        """Find what ground and which buildings eyes see."""
        gaze = Gaze(params.heading, params.width, params.low, params.high, params.reach)
        eyes, headings = _eyes(project, params)
        things, rays = seen_city(project, params.layers)
        free_eyes(things, eyes)
        layers = layers_named(project, params.layers, "buildings")
        grid = standing_grid(project, layers, _around(eyes, params.reach), params.spacing)
        places = grid.places
        places[:, 2] += params.above - 0.05
        count = seen_by(things, rays, eyes, places, gaze, progress, headings=headings)
        table = _seen_buildings(things, rays, eyes, gaze, headings)
        marks = (*_count_marks(grid, count, len(eyes)), *_eye_marks(eyes))
        cell = params.spacing**2
        facts: Facts = {
            "eyes_count": len(eyes), "seen_m2": float((count > 0).sum() * cell),
            "seen_percent": float((count > 0).mean() * 100.0) if len(count) else 0.0,
            "buildings_count": table.num_rows,
        }  # fmt: skip
        return Outcome(table, facts, marks, "none", (Note("sight_how"),))


def _eyes(project: Project, params: ViewshedParams) -> tuple[Floats, Floats | None]:
    """Give the eyes of places, of a path, of windows; and where each looks."""
    if params.path:
        spots, way = along(params.path, params.every)
        ground = partial(standing_at, project)
        return eyes_at(spots, ground, params.eye), way + params.heading
    if params.on and not params.eyes:
        layer = project.layer(params.on)
        numbers = numbers_in(params.objects)
        bodies = {(layer.id, number) for number in numbers} if numbers else None
        found = windows_of(project, [layer], WindowRule(facing=180.0), bodies=bodies)
        if len(found) > MOST_WINDOWS:
            raise CityError(
                "sight.windows",
                f"{len(found)} windows would look; {MOST_WINDOWS} are the most at once.",
                hint="name one or a few buildings by their numbers",
                count=len(found),
                most=MOST_WINDOWS,
            )
        eyes = found.middle + 0.7 * np.array([0.0, 0.0, 1.0])
        eyes[:, :2] += 0.05 * found.normal
        return eyes, found.azimuth + params.heading
    return places_of(project, params.eyes, "", params.eye), None


MOST_WINDOWS = 3000


def _seen_buildings(
    things: Obstacles, rays: Rays, eyes: Floats, gaze: Gaze, headings: Floats | None
) -> pa.Table:
    """List the buildings that are seen, by the share of the picture they take."""
    rows: dict[tuple[str, int], list[float]] = {}
    ways = _fan(gaze)
    for number, eye in enumerate(eyes):
        turn = math.radians(gaze.heading if headings is None else float(headings[number]))
        c, s = math.cos(turn), math.sin(turn)
        mine = np.column_stack([
            ways[:, 0] * c + ways[:, 1] * s, -ways[:, 0] * s + ways[:, 1] * c, ways[:, 2],
        ])  # fmt: skip
        hit, away = rays.first(
            np.broadcast_to(eye, mine.shape), mine, np.full(len(mine), gaze.reach)
        )
        owner = np.where(hit >= 0, things.owner[np.maximum(hit, 0)], -2)
        for row in np.unique(owner[owner >= 0]):
            met = owner == row
            body = things.body(int(row))
            one = rows.setdefault(body, [0.0, math.inf, 0.0])
            one[0] += float(met.mean()) * 100.0 / len(eyes)
            one[1] = min(one[1], float(away[met].min()))
            one[2] += 1
    order = sorted(rows.items(), key=lambda item: -item[1][0])
    return pa.table({
        "layer": [body[0] for body, _ in order],
        "object": pa.array([body[1] for body, _ in order], pa.int64()),
        "picture_percent": np.round([one[0] for _, one in order], 2),
        "nearest_m": np.round([one[1] for _, one in order], 1),
        "eyes": pa.array([int(one[2]) for _, one in order], pa.int64()),
    })  # fmt: skip


def _fan(gaze: Gaze, step: float = 0.5) -> Floats:
    """Give ways over a field of view around north, (n, 3), evenly over the half sphere."""
    across = np.arange(-gaze.width / 2.0 + step / 2.0, gaze.width / 2.0, step)
    up = np.radians(np.arange(max(gaze.low, -60.0) + step / 2.0, min(gaze.high, 60.0), step))
    a, e = np.meshgrid(np.radians(across), up)
    ways = np.stack([np.sin(a) * np.cos(e), np.cos(a) * np.cos(e), np.sin(e)], axis=-1)
    return np.asarray(ways.reshape(-1, 3))


def _count_marks(grid: GroundGrid, count: Ints, eyes: int) -> tuple[Marks, ...]:
    steps = min(eyes, 5)
    levels = [round(eyes * i / steps) + 0.5 for i in range(steps + 1)]
    bands = iso_bands(grid, count.astype(np.float64), levels)
    if not bands:
        return ()
    table = pa.table({
        "row": np.full(len(bands), -1), "eyes": [float(low + high) / 2.0 for low, high, _ in bands]
    })  # fmt: skip
    shapes = Shapes.from_shapely(np.array([area for _, _, area in bands], dtype=object))
    # Amber: green cannot be told from lawns and trees.
    if eyes == 1:
        style = Style(colour="#ffb300", outline=None)
        return (Marks("viewshed", Features.of(shapes, table), "", style=_lifted(style)),)
    style = _ranges("eyes", levels, "")
    assert style.colouring is not None
    entries = tuple(
        replace(entry, label=_whole(low, high))
        for entry, (low, high) in zip(
            style.colouring.entries, itertools.pairwise(levels), strict=True
        )
    )
    style = replace(style, colouring=replace(style.colouring, entries=entries))
    return (Marks("viewshed-count", Features.of(shapes, table), "", style=_lifted(style)),)


def _whole(low: float, high: float) -> str:
    """Write which whole numbers lie between two halves: ``3-5``.

    >>> _whole(2.5, 5.5), _whole(0.5, 1.5)
    ('3-5', '1')
    """
    first, last = math.ceil(low), math.floor(high)
    return str(first) if first >= last else f"{first}-{last}"


def _ranges(name: str, levels: Sequence[float], unit: str) -> Style:
    count = len(levels) - 1
    entries = tuple(
        Entry(
            f"{low:g}-{high:g}{unit}",
            VIRIDIAN[round(i * (len(VIRIDIAN) - 1) / max(count - 1, 1))],
            low=float(low),
            high=float(high),
        )
        for i, (low, high) in enumerate(itertools.pairwise(levels))
    )
    return Style(colour=VIRIDIAN[3], outline=None, colouring=Colouring(name, "ranges", entries))


def _lifted(style: Style) -> Style:
    return replace(style, lift=0.5, fill=FILLED)


def _eye_marks(eyes: Floats) -> tuple[Marks, ...]:
    style = Style(colour="#1a237e", outline="#ffffff", point_size=11.0, heights="absolute")
    return shape_marks(
        "sight-eyes", "point", [eye[None] for eye in eyes],
        {"row": np.full(len(eyes), -1), "eye": np.arange(1, len(eyes) + 1)}, field="", style=style,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LandmarkParams(SightParams):
    """What is asked about a landmark.

    Attributes
    ----------
    on, objects : str
        Layer and numbers of the buildings that are the landmark.
    targets : tuple of (east, north, height)
        Points in place of a building.
    reach : float
        Metres from which it is looked at most.
    spacing : float
        Metres between the eyes on the ground.
    fine : float
        Metres between the points of its surface.
    """

    on: str = asking("", "layer", kinds=("buildings",))
    objects: str = asking("", "text")
    targets: tuple[tuple[float, ...], ...] = asking((), "points")
    reach: float = asking(1000.0, "number", unit="m", low=10.0, high=20_000.0, decimals=0)
    spacing: float = asking(10.0, "number", unit="m", low=0.5, high=200.0)
    fine: float = asking(10.0, "number", unit="m", low=0.5, high=100.0)


class Landmark(_Sight):
    """The analysis ``landmark``."""

    key: ClassVar[str] = "landmark"
    Params: ClassVar[type[LandmarkParams]] = LandmarkParams

    def run(self, project: Project, params: LandmarkParams, progress: Progress) -> Outcome:
        """Find from where how much of a landmark is seen."""
        things, rays = seen_city(project, params.layers)
        if params.on and not params.targets:
            layer = project.layer(params.on)
            numbers = numbers_in(params.objects)
            layer.features.index_of(numbers)
            rows = np.array(
                [i for i in range(len(things))
                 if things.body(i)[0] == layer.id
                 and (not numbers or int(things.whole[i]) in numbers)], dtype=np.int64,
            )  # fmt: skip
            marks = surface_points(things, rows, params.fine)
        else:
            marks = places_of(project, params.targets, "", params.eye)
        if not len(marks):
            raise nothing_said()
        layers = layers_named(project, params.layers, "buildings")
        grid = standing_grid(project, layers, _around(marks, params.reach), params.spacing)
        eyes = grid.places
        eyes[:, 2] += params.eye - 0.05
        share = share_seen(things, rays, eyes, marks, params.reach, progress) * 100.0
        levels = [0.01, 10.0, 20.0, 30.0, 40.0, 50.0, 100.01]
        table, drawn = _banded(grid, share, levels, "seen_percent", "landmark", params.spacing)
        facts: Facts = {
            "points_count": len(marks), "places_count": len(eyes),
            "seen_from_percent": float((share > 0.0).mean() * 100.0),
            "most_percent": float(share.max(initial=0.0)),
        }  # fmt: skip
        return Outcome(table, facts, drawn, "none", (Note("sight_landmark"),))


@dataclass(frozen=True, slots=True)
class SkyParams(SightParams):
    """What is asked about the sky.

    Attributes
    ----------
    area : tuple of (east, north)
        Ring; () takes the box around the buildings.
    spacing : float
        Metres between places.
    reach : float
        Metres that one looks around.
    """

    area: tuple[tuple[float, float], ...] = asking((), "area")
    spacing: float = asking(5.0, "number", unit="m", low=0.5, high=200.0)
    reach: float = asking(300.0, "number", unit="m", low=10.0, high=10_000.0, decimals=0)


class SkyView(_Sight):
    """The analysis ``sky-view``."""

    key: ClassVar[str] = "sky-view"
    Params: ClassVar[type[SkyParams]] = SkyParams

    def run(self, project: Project, params: SkyParams, progress: Progress) -> Outcome:
        """Find how much sky places on the ground see."""
        layers = layers_named(project, params.layers, "buildings")
        things, rays = seen_city(project, params.layers)
        area = None
        box: Extent
        if params.area:
            area = shapely.make_valid(shapely.Polygon([c[:2] for c in params.area]))
            west, south, east, north = (float(v) for v in shapely.bounds(area))
            box = (west, south, east, north)
        else:
            low, high = things.boxes[:, :2].min(axis=0), things.boxes[:, 2:].max(axis=0)
            box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
        grid = standing_grid(project, layers, box, params.spacing, area)
        places = grid.places
        if not len(places):
            raise nothing_said()
        places[:, 2] += params.eye - 0.05
        sky = sky_of(rays, places, params.reach, progress)
        levels = [0.0, 20.0, 40.0, 60.0, 80.0, 100.01]
        table, drawn = _banded(
            grid, sky.factor * 100.0, levels, "sky_percent", "sky-view", params.spacing
        )
        facts: Facts = {
            "places_count": len(places), "sky_percent": float(sky.factor.mean() * 100.0),
            "half_sphere_percent": float(sky.share.mean() * 100.0),
            "open_m": float(sky.open.mean()),
        }  # fmt: skip
        return Outcome(table, facts, drawn, "none", (Note("sight_sky"),))


def _banded(
    grid: GroundGrid, values: Floats, levels: Sequence[float], column: str, name: str,
    spacing: float,
) -> tuple[pa.Table, tuple[Marks, ...]]:  # fmt: skip
    """Give a table of areas by value, and the areas to draw."""
    count, _ = np.histogram(values, levels)
    table = pa.table({
        "from_percent": np.round(levels[:-1], 0), "to_percent": np.round(levels[1:], 0),
        "area_m2": np.round(count * spacing**2, 0),
        "share_percent": np.round(count / max(len(values), 1) * 100.0, 1),
    })  # fmt: skip
    bands = iso_bands(grid, values, levels)
    if not bands:
        return table, ()
    shapes = Shapes.from_shapely(np.array([area for _, _, area in bands], dtype=object))
    edges = {low: i for i, low in enumerate(levels)}
    attributes = pa.table({
        "row": [edges[low] for low, _, _ in bands],
        column: [(low + high) / 2 for low, high, _ in bands],
    })  # fmt: skip
    style = _lifted(_ranges(column, np.round(levels, 0).tolist(), " %"))
    return table, (Marks(name, Features.of(shapes, attributes), column, style=style),)


def seen_city(project: Project, names: Sequence[str]) -> tuple[Obstacles, Rays]:
    """Make city and terrain ready to look through."""
    things = obstacles(project, layers_named(project, names, "buildings"))
    return things, Rays(things.points, things.triangles)


def free_eyes(things: Obstacles, eyes: Floats) -> None:
    """Check that no eye lies inside a building.

    Raises
    ------
    CityError
        ``sight.inside``.
    """
    for eye in eyes:
        inside = inside_of(things, eye)
        if inside is not None:
            raise CityError(
                "sight.inside",
                f"The eye lies inside building {inside[1]}.",
                hint="move it out of the building, or above its roof",
                building=inside[1],
                layer=inside[0],
            )


def _around(places: Floats, reach: float) -> Extent:
    low, high = places[:, :2].min(axis=0) - reach, places[:, :2].max(axis=0) + reach
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


LINES = SightLines()
VIEWSHED = Viewshed()
LANDMARK = Landmark()
SKY = SkyView()

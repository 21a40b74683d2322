"""People leaving a square or a campus one by one: how long it takes, where it is crowded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import shapely

from layers.analyses.base import Marks, Note, Outcome, Reads, asking
from layers.analyses.choosing import layers_named
from layers.drills.crowd import CELL, SPEED, Walk, exit_at, walk
from layers.errors import CityError
from layers.kinds.base import Features
from layers.kinds.buildings import Buildings
from layers.progress import Progress
from layers.project import Project
from layers.shapes import Floats, Shapes
from layers.style import Colouring, Entry, Style

LISTED = ("curve", "exits")
CROWDED = ((2.0, "#fed976"), (3.0, "#fd8d3c"), (4.0, "#e31a1c"))  # people on a square metre
LEAST_PART = 4.0  # m2 of land that somebody stands on
MARKS = 20  # rows of the curve at most


@dataclass(frozen=True, slots=True)
class CrowdParams:
    """What is asked of people who leave a place.

    Attributes
    ----------
    area : ring
        The square or campus.
    points : tuple of (east, north)
        Exits: the border of the area nearest to each.
    people : int
        How many.
    width : float
        Of every exit, metres.
    seed : int
        Another one makes them stand elsewhere.
    limit : float
        Minutes after which it ends.
    listed : str
        ``curve``: how many have left when; ``exits``: how many by each.
    layers : tuple of str
        Layers of buildings, around which people walk.
    """

    area: tuple[tuple[float, float], ...] = asking((), "area")
    points: tuple[tuple[float, ...], ...] = asking((), "points")
    people: int = asking(500, "count", low=1, high=10_000)
    width: float = asking(4.0, "number", unit="m", low=0.8, high=50.0)
    seed: int = asking(7, "count", low=0, high=1_000_000)
    limit: float = asking(30.0, "number", unit="min", low=0.5, high=240.0)
    listed: str = asking("curve", "choice", choices=LISTED)
    layers: tuple[str, ...] = asking((), "layers", kinds=("buildings",))


_last: dict[tuple[object, ...], Walk] = {}  # the last walk alone: it is large


def walk_of(project: Project, params: CrowdParams, progress: Progress | None = None) -> Walk:
    """Give the walk that is asked for; that of the last question is not walked again.

    Raises
    ------
    CityError
        ``crowd.no_area``, and those of `layers.drills.crowd.walk`.
    """
    if len(params.area) < 3:
        raise CityError(
            "crowd.no_area", "No area is drawn.", hint="draw the square or campus people leave"
        )
    land = _land(project, params)
    exits = [exit_at(land, point, params.width) for point in params.points]
    key = (
        shapely.to_wkb(land), params.points, params.width, params.people, params.seed, params.limit,
    )  # fmt: skip
    if key not in _last:
        found = walk(
            land, exits, params.people, seed=params.seed, limit_s=params.limit * 60.0,
            progress=progress,
        )  # fmt: skip
        _last.clear()
        _last[key] = found
    return _last[key]


def _land(project: Project, params: CrowdParams) -> shapely.Geometry:
    area = shapely.make_valid(shapely.Polygon(params.area))
    bodies = []
    for layer in layers_named(project, params.layers, "buildings", needed=False):
        data = layer.data
        if isinstance(data, Buildings):
            shapes = data.shapes.to_shapely()
            near = shapely.intersects(area, shapes) & data.drawn & (data.min_height < 2.0)
            bodies += shapes[near].tolist()
    free = shapely.difference(area, shapely.union_all(bodies)) if bodies else area
    # Narrow slits, in which nobody walks, only make the model slow.
    opened = shapely.buffer(shapely.buffer(free, -0.3), 0.3, join_style="mitre")
    simple = shapely.simplify(shapely.intersection(opened, free), 0.1)
    parts = [p for p in shapely.get_parts(simple)
             if isinstance(p, shapely.Polygon) and p.area > LEAST_PART]  # fmt: skip
    if not parts:
        raise CityError(
            "crowd.no_area", "There is no free land in the area.",
            hint="draw the square or campus people leave",
        )  # fmt: skip
    return shapely.union_all(parts)


class DrillCrowd:
    """The analysis ``drill-crowd``."""

    key: ClassVar[str] = "drill-crowd"
    Params: ClassVar[type[CrowdParams]] = CrowdParams
    group: ClassVar[str] = "drill"
    columns: ClassVar[dict[str, str]] = {
        "second_s": "column-crowd-second", "left_count": "column-crowd-left",
        "inside_count": "column-crowd-inside", "left_percent": "column-crowd-share",
        "exit": "column-crowd-exit", "people_count": "column-crowd-people",
        "last_s": "column-crowd-last", "flow": "column-crowd-flow",
    }  # fmt: skip

    def reads(self, project: Project, params: CrowdParams) -> Reads:
        """Buildings."""
        houses = layers_named(project, params.layers, "buildings", needed=False)
        return Reads(tuple(layer.id for layer in houses), ground=False)

    def run(self, project: Project, params: CrowdParams, progress: Progress) -> Outcome:
        """Let them walk, and tell the curve, the exits and where it was crowded."""
        found = walk_of(project, params, progress)
        cells, most = found.crowding()
        inside = int((~np.isfinite(found.left_s)).sum())
        done = found.left_s[np.isfinite(found.left_s)]
        facts: dict[str, float | int | str | bool] = {
            "crowd_people_count": params.people, "crowd_inside_count": inside,
            "crowd_half_s": float(np.median(done)) if len(done) else 0.0,
            "crowd_last_s": float(done.max()) if len(done) else 0.0,
            "crowd_densest": float(most.max()) if len(most) else 0.0,
            "crowd_land_m2": float(shapely.area(found.land)),
        }  # fmt: skip
        notes = [Note("crowd_model", {"speed": SPEED})]
        if inside:
            notes.append(Note("crowd_inside", {"count": inside, "minutes": params.limit}))
        table = _curve(found) if params.listed == "curve" else _exits(found, params.width)
        return Outcome(table, facts, _marks(found, cells, most), "none", tuple(notes))


def _curve(found: Walk) -> pa.Table:
    last = float(found.seconds[-1])
    at = np.unique(np.round(np.linspace(0.0, last, MARKS)))
    left = [int((found.left_s <= second).sum()) for second in at]
    total = len(found.left_s)
    return pa.table({
        "second_s": at, "left_count": left, "inside_count": [total - one for one in left],
        "left_percent": [round(100.0 * one / total, 1) for one in left],
    })  # fmt: skip


def _exits(found: Walk, width: float) -> pa.Table:
    rows = []
    for number, gate in enumerate(found.exits):
        out = found.left_s[(found.exit == number) & np.isfinite(found.left_s)]
        centre = shapely.centroid(gate.way)
        during = float(out.max() - out.min()) if len(out) > 1 else 0.0
        rows.append({
            "exit": number + 1, "people_count": len(out),
            "last_s": float(out.max()) if len(out) else 0.0,
            "flow": round((len(out) - 1) / during / width, 2) if during > 0.0 else 0.0,
            "east": float(centre.x), "north": float(centre.y),
        })  # fmt: skip
    return pa.Table.from_pylist(rows)


def _marks(found: Walk, cells: Floats, most: Floats) -> tuple[Marks, ...]:
    gates = Features.of(
        Shapes.from_shapely([gate.way for gate in found.exits]),
        pa.table({"row": np.full(len(found.exits), -1)}),
    )
    land = Features.of(
        Shapes.from_shapely(list(shapely.get_parts(found.land))),
        pa.table({"row": np.full(shapely.get_num_geometries(found.land), -1)}),
    )
    out = [
        Marks("crowd-land", land, "", style=Style(colour="#80b1d3", lift=0.2, fill=0.25)),
        Marks("crowd-exit", gates, "", style=Style(colour="#1b8a4b", lift=0.4)),
    ]
    dense = np.flatnonzero(most >= CROWDED[0][0])
    if len(dense):
        half = CELL / 2.0
        boxes = [shapely.box(e - half, n - half, e + half, n + half) for e, n in cells[dense]]
        limits = [limit for limit, _ in CROWDED]
        entries = tuple(
            Entry(
                f"{limit:g}–{limits[i + 1]:g}" if i + 1 < len(limits) else f"≥ {limit:g}", ink,
                low=limit, high=limits[i + 1] if i + 1 < len(limits) else None,
            )
            for i, (limit, ink) in enumerate(CROWDED)
        )  # fmt: skip
        table = pa.table({"row": np.full(len(dense), -1), "density": most[dense]})
        style = Style(
            colour=CROWDED[1][1], outline=None, lift=0.5,
            colouring=Colouring("density", "ranges", entries),
        )  # fmt: skip
        out.append(Marks("crowd-dense", Features.of(Shapes.from_shapely(boxes), table), "density",
                         style=style))  # fmt: skip
    return tuple(out)


ANALYSIS = DrillCrowd()

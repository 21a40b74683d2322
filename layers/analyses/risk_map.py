"""The risk map as an analysis: cells of a grid or districts; see `layers.drills.risk`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pyarrow as pa
import shapely

from layers.analyses.base import Marks, Note, Outcome, Reads, asking
from layers.analyses.choosing import layers_named
from layers.drills.in_service import called, moment_in, not_now, service_facts, service_note
from layers.drills.people import People, people_of
from layers.drills.risk import COLOURS, LEVELS, hazard_at, level_of, score, weights
from layers.errors import CityError
from layers.kinds.base import Features, Layer
from layers.kinds.emergency import Emergency
from layers.progress import Progress
from layers.project import Project
from layers.rules import chosen
from layers.shapes import POLYGON, Floats, Shapes
from layers.style import Colouring, Entry, Style, texts

MOST_CELLS = 40_000
AROUND = 500.0  # metres around buildings and sources that are mapped
NAMES = ("name", "名称", "district", "NAME")


@dataclass(frozen=True, slots=True)
class RiskParams:
    """What is asked.

    Attributes
    ----------
    hazards : tuple of str
        Layers of hazard sources; none means all.
    layers : tuple of str
        Layers of buildings that tell people; none means all visible ones.
    districts : str
        Layer of areas; "" takes cells of a grid.
    cell : float
        Side of a cell, metres.
    area : tuple of (float, float)
        Ring around what is mapped; empty for everything.
    pack : str
        Rule pack, "" for all.
    when : str
        Moment at which hazard sources are there; "" takes the project's.
    """

    hazards: tuple[str, ...] = asking((), "layers", kinds=("hazards",))
    layers: tuple[str, ...] = asking((), "layers", kinds=("buildings",))
    districts: str = asking("", "layer")
    cell: float = asking(100.0, "number", unit="m", low=10.0, high=5000.0)
    area: tuple[tuple[float, float], ...] = asking((), "area")
    pack: str = asking("", "pack")
    when: str = asking("", "moment")


class RiskMap:
    """The analysis ``risk-map``."""

    key: ClassVar[str] = "risk-map"
    Params: ClassVar[type[RiskParams]] = RiskParams
    group: ClassVar[str] = "drill"
    columns: ClassVar[dict[str, str]] = {
        "risk": "risk-level", "score": "risk-score", "hazard": "risk-hazard",
        "people": "evacuation-people", "source": "risk-source", "away_m": "risk-away",
        "area_m2": "risk-area", "name": "risk-place",
    }  # fmt: skip

    def reads(self, project: Project, params: RiskParams) -> Reads:
        """Hazard sources, buildings, districts, rules."""
        ids = [layer.id for layer in layers_named(project, params.hazards, "hazards")]
        more = service_facts(project, ids, params.when)
        ids += [
            layer.id for layer in layers_named(project, params.layers, "buildings", needed=False)
        ]
        ids += [project.layer(params.districts).id] if params.districts else []
        return Reads(
            tuple(dict.fromkeys(ids)), packs=(params.pack or chosen.ALL,),
            about=("people.", "floor-area."), more=more,
        )  # fmt: skip

    def run(self, project: Project, params: RiskParams, progress: Progress) -> Outcome:
        """Score every cell or district."""
        progress.step(0, 2, "progress-risk")
        moment = moment_in(project, params.when)
        told = [
            Emergency.of(layer.data, "hazards", layer.name)
            for layer in layers_named(project, params.hazards, "hazards")
            if isinstance(layer.data, Features)
        ]
        gone = [name for one in told for name in called(one)[not_now(one, moment)].tolist()]
        sources = [one.take(~not_now(one, moment)) for one in told]
        buildings = layers_named(project, params.layers, "buildings", needed=False)
        people = people_of(buildings, chosen.rules((params.pack,)))
        places = np.concatenate([one.coords for one in sources])
        if not len(places):
            raise CityError(
                "risk.no_hazard",
                "There are no hazard sources to make a risk map of.",
                hint="import a layer of hazard sources",
            )
        if params.districts:
            names, shapes = _districts(project.layer(params.districts))
        else:
            names, shapes = _cells(params, np.vstack([places, people.coords]))
        progress.step(1, 2, "progress-risk")
        found = _outcome(project, sources, places, people, names, shapes)
        return replace(found, notes=(*found.notes, *service_note(gone, moment)))


def _districts(layer: Layer) -> tuple[list[str], Shapes]:
    data = layer.data
    rows = (
        np.flatnonzero(data.shapes.kind == POLYGON)
        if isinstance(data, Features)
        else np.zeros(0, dtype=np.int64)
    )
    if not isinstance(data, Features) or not len(rows):
        raise CityError(
            "risk.no_areas",
            f"The layer '{layer.name}' has no areas.",
            hint="choose a layer of districts, or leave it out for a grid",
            layer=layer.name,
        )
    field = next((name for name in NAMES if name in data.attributes.column_names), "")
    told = texts(data.column(field))[rows] if field else [""] * len(rows)
    names = [
        str(name or number) for name, number in zip(told, data.ids[rows].tolist(), strict=True)
    ]
    return names, data.shapes.take(rows)


def _cells(params: RiskParams, places: Floats) -> tuple[list[str], Shapes]:
    """Make the cells of a grid, named by row and column from the south-west."""
    ring = shapely.Polygon(params.area) if len(params.area) >= 3 else None
    if ring is not None:
        west, south, east, north = ring.bounds
    else:
        west, south = places.min(axis=0) - AROUND
        east, north = places.max(axis=0) + AROUND
    side = params.cell
    west, south = np.floor(west / side) * side, np.floor(south / side) * side
    columns, rows = int(np.ceil((east - west) / side)), int(np.ceil((north - south) / side))
    if columns * rows > MOST_CELLS:
        raise CityError(
            "risk.too_many",
            f"{columns * rows} cells are too many; {MOST_CELLS} at most.",
            hint="take larger cells, or draw the area",
            count=columns * rows,
            most=MOST_CELLS,
        )
    column, row = (grid.ravel() for grid in np.meshgrid(np.arange(columns), np.arange(rows)))
    x, y = west + column * side, south + row * side
    boxes = shapely.box(x, y, x + side, y + side)
    keep = (
        np.ones(len(boxes), dtype=bool) if ring is None else shapely.intersects(boxes, ring)
    )  # fmt: skip
    names = [f"{r + 1}/{c + 1}" for r, c in zip(row[keep], column[keep], strict=True)]
    return names, Shapes.from_shapely(boxes[keep])


def _outcome(
    project: Project, sources: list[Emergency], places: Floats, people: People,
    names: list[str], shapes: Shapes,
) -> Outcome:  # fmt: skip
    told = [weights(one) for one in sources]
    weight = np.concatenate([one for one, _ in told])
    reach = np.concatenate([one for _, one in told])
    called = np.concatenate(
        [np.where(one.name == "", one.sort, one.name) for one in sources]
    )  # fmt: skip
    lands = shapes.to_shapely()
    middle, area = shapes.centres(), shapes.areas()
    tree = shapely.STRtree(lands)
    at, land = tree.query(shapely.points(people.coords), predicate="intersects")
    at, first = np.unique(at, return_index=True)  # on a border the first one counts
    inside = np.bincount(land[first], people.count[at], minlength=len(names)).astype(np.int64)
    hazard = hazard_at(middle, places, weight, reach)
    scores = score(hazard, inside / np.maximum(area, 1.0) * 10_000.0)
    away = np.hypot(*np.moveaxis(middle[:, None, :] - places[None, :, :], 2, 0))
    part = weight[None, :] * np.exp(-away / reach[None, :])
    worst = part.argmax(axis=1)
    order = np.argsort(-scores, kind="stable")
    levels = np.array(level_of(scores), dtype=object)
    table = pa.table({
        "name": pa.array([names[i] for i in order], pa.string()),
        "risk": pa.array([f"risk-{name}" for name in levels[order]], pa.string()),
        "score": np.round(scores[order], 1), "hazard": np.round(hazard[order], 3),
        "people": inside[order],
        "source": pa.array([str(called[worst[i]]) for i in order], pa.string()),
        "away_m": np.round(away[order, worst[order]], 0),
        "area_m2": np.round(area[order], 0),
        "east": middle[order, 0], "north": middle[order, 1],
        "level": project.ground_at(middle[order]),
    })  # fmt: skip
    facts: dict[str, float | int | str | bool] = {
        f"{name}_count": int((levels == name).sum()) for name in LEVELS
    }
    facts["people_red"] = int(inside[levels == "red"].sum())
    style = Style(
        colour=COLOURS["blue"], outline=None, lift=0.6,
        colouring=Colouring(
            "risk", "categories",
            tuple(Entry(f"risk-{name}", COLOURS[name], value=f"risk-{name}") for name in LEVELS),
        ),
    )  # fmt: skip
    drawn = Features.of(
        shapes.take(order),
        pa.table(
            {"row": np.arange(len(order)), "risk": [f"risk-{name}" for name in levels[order]]}
        ),
    )
    notes = (Note("risk_how"), Note("evacuation_people", {"told": people.told}))
    return Outcome(table, facts, (Marks("risk", drawn, "risk", style=style),), "none", notes)


ANALYSIS = RiskMap()

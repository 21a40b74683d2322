"""What lies in the zones of a hazard: buildings with people, resources, other hazard sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from layers.analyses.base import Marks, Note, Outcome
from layers.analyses.choosing import layers_named
from layers.drills.facade_zones import Reaching, facade_marks
from layers.drills.response import Residents, place_of, residents_of
from layers.errors import CityError
from layers.kinds.base import Features
from layers.kinds.emergency import Emergency
from layers.project import Project
from layers.rules import chosen
from layers.shapes import Floats, Shapes
from layers.style import Colouring, Entry, Style

LISTED = ("zones", "places")
#: Colours from the outer zone to the inner one.
BANDS = ("#ffd92f", "#fc8d62", "#d7301f", "#7f0000", "#4a0000")
Facts = dict[str, float | int | str | bool]


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """One zone of a hazard.

    Attributes
    ----------
    what : str
        What is called, such as ``20 ppm``; the entry of the legend.
    shape : shapely geometry
        Land, project coordinates; a graver zone lies inside.
    minutes : float
        When, NaN for always.
    """

    what: str
    shape: BaseGeometry
    minutes: float = float("nan")


def source_of(project: Project, point: Sequence[float], hazard: str) -> tuple[Floats, str]:
    """Give the place of a hazard: a typed one, or that of a hazard source by name or number.

    Returns
    -------
    (2,) float64, str
        Where; the layer's id, "" for a typed place.

    Raises
    ------
    CityError
        ``drill.no_hazard``, ``drill.no_point``.
    """
    if not hazard:
        return place_of(point), ""
    for layer in layers_named(project, (), "hazards"):
        told = Emergency.of(layer.features, "hazards", layer.name)
        for row, name in enumerate(told.name):
            if hazard in (name, str(told.ids[row])):
                return told.coords[row], layer.id
    raise CityError(
        "drill.no_hazard",
        f"There is no hazard source '{hazard}'.",
        hint="give its name or number, or a place",
        name=hazard,
    )


def outcome_of(
    project: Project, name: str, zones: Sequence[Zone], source: Floats, listed: str,
    layers: Sequence[str], facts: Facts, notes: tuple[Note, ...], reaching: Reaching | None = None,
) -> Outcome:  # fmt: skip
    """Count what lies in the zones, and draw them.

    Parameters
    ----------
    project : Project
        What is asked about.
    name : str
        Key of the marks.
    zones : sequence of Zone
        From the outer one to the inner one.
    source : (2,) float64
        Where the hazard is.
    listed : str
        Whether rows are ``zones``, or the ``places`` inside.
    layers : sequence of str
        Layers of buildings; none means all visible ones.
    facts : dict
        More figures.
    notes : tuple of Note
        Formula, source, limits.
    reaching : callable or None
        How high the zones reach at walls; None draws none on walls.
    """
    people = residents_of(layers_named(project, layers, "buildings", needed=False), chosen.rules())
    places = _places(project)
    coords = np.concatenate([one.coords for _, _, one in places] or [np.zeros((0, 2))])
    rows: list[dict[str, Any]] = []
    deepest = np.full(len(people), -1, dtype=np.int64)
    inner = np.full(len(coords), -1, dtype=np.int64)
    for number, zone in enumerate(zones):
        shapely.prepare(zone.shape)
        houses = shapely.intersects(zone.shape, people.shapes) if len(people) else deepest > 0
        spots = shapely.intersects_xy(zone.shape, coords[:, 0], coords[:, 1])
        deepest[houses], inner[spots] = number, number
        bodies = {*zip(people.layer[houses].tolist(), people.ids[houses].tolist(), strict=True)}
        corners = shapely.get_coordinates(zone.shape)
        away = np.hypot(*(corners - source).T).max() if len(corners) else 0.0
        rows.append({
            "zone": zone.what, "minutes": zone.minutes, "farthest_m": float(away),
            "area_m2": float(zone.shape.area), "buildings_count": len(bodies),
            "population_count": round(float(people.people[houses].sum())),
            "places_count": int(spots.sum()),
        })  # fmt: skip
    table = pa.Table.from_pylist(rows, schema=_ZONES)
    row_of = list(range(len(zones)))
    if listed == "places":
        table = _listed(people, deepest, places, inner, zones)
        row_of = [-1] * len(zones)
    told: Facts = {f"screening_{key}": value for key, value in facts.items()}
    for column in ("farthest_m", "buildings_count", "population_count"):
        told[f"screening_{column}"] = max((row[column] for row in rows), default=0)
    marks = _marks(name, zones, row_of, source)
    if reaching is not None and zones:
        walls = facade_marks(
            project, layers_named(project, layers, "buildings", needed=False),
            [(zone.what, zone.shape) for zone in zones], reaching, _colouring(zones),
        )  # fmt: skip
        marks = marks if walls is None else (*marks, walls)
    return Outcome(
        table, told, marks, "none",
        (Note("screening_only"), *notes, *((Note("drill_people"),) if len(people) else ())),
    )  # fmt: skip


_ZONES = pa.schema([
    ("zone", pa.string()), ("minutes", pa.float64()), ("farthest_m", pa.float64()),
    ("area_m2", pa.float64()), ("buildings_count", pa.int64()), ("population_count", pa.int64()),
    ("places_count", pa.int64()),
])  # fmt: skip


def _places(project: Project) -> list[tuple[str, str, Emergency]]:
    return [
        (layer.id, kind, Emergency.of(layer.features, kind, layer.name))
        for kind in ("resources", "hazards")
        for layer in project.of_kind(kind)
    ]


def _listed(
    people: Residents, deepest: np.ndarray, places: list[tuple[str, str, Emergency]],
    inner: np.ndarray, zones: Sequence[Zone],
) -> pa.Table:  # fmt: skip
    rows = []
    done: set[tuple[str, int]] = set()
    for k in np.flatnonzero(deepest >= 0).tolist():
        body = (str(people.layer[k]), int(people.ids[k]))
        own = round(float(people.people[k]))
        if body in done and own == 0:
            continue
        done.add(body)
        rows.append(_row(zones[deepest[k]], "building", str(body[1]), own, body, people.coords[k]))
    at = 0
    for layer, _, told in places:
        for k in range(len(told)):
            if inner[at + k] >= 0:
                name = str(told.name[k]) or str(told.ids[k])
                body = (layer, int(told.ids[k]))
                rows.append(
                    _row(zones[inner[at + k]], str(told.sort[k]), name, 0, body, told.coords[k])
                )
        at += len(told)
    return pa.Table.from_pylist(rows, schema=_PLACES)


def _row(
    zone: Zone, sort: str, name: str, people: int, body: tuple[str, int], place: Floats
) -> dict[str, object]:
    return {
        "zone": zone.what, "minutes": zone.minutes, "sort": sort, "name": name,
        "population_count": people, "layer": body[0], "object": body[1],
        "east": float(place[0]), "north": float(place[1]),
    }  # fmt: skip


_PLACES = pa.schema([
    ("zone", pa.string()), ("minutes", pa.float64()), ("sort", pa.string()),
    ("name", pa.string()), ("population_count", pa.int64()), ("layer", pa.string()),
    ("object", pa.int64()), ("east", pa.float64()), ("north", pa.float64()),
])  # fmt: skip


def _colouring(zones: Sequence[Zone]) -> Colouring:
    entries = tuple(
        Entry(zone.what, BANDS[min(i, len(BANDS) - 1)], value=zone.what)
        for i, zone in enumerate(zones)
    )
    return Colouring("zone", "categories", entries)


def _marks(
    name: str, zones: Sequence[Zone], rows: Sequence[int], source: Floats
) -> tuple[Marks, ...]:
    """Draw the zones as rings: what a graver one has is not drawn twice."""
    shapes, whats, row = [], [], []
    for number, zone in enumerate(zones):
        shape = zone.shape
        if number + 1 < len(zones):
            shape = shapely.difference(
                shape, shapely.union_all([z.shape for z in zones[number + 1 :]])
            )
        for piece in shapely.get_parts(shape):
            if isinstance(piece, shapely.Polygon) and piece.area > 1.0:
                shapes.append(piece)
                whats.append(zone.what)
                row.append(rows[number])
    style = Style(colour=BANDS[0], outline=None, lift=0.5, colouring=_colouring(zones))
    centre = Features.of(Shapes.from_shapely([shapely.Point(source)]), pa.table({"row": [0]}))
    dot = Marks("screening-source", centre, "", style=Style(colour="#d7301f", point_size=14.0))
    if not shapes:
        return (dot,)
    features = Features.of(
        Shapes.from_shapely(np.array(shapes, dtype=object)), pa.table({"row": row, "zone": whats})
    )
    return Marks(name, features, "zone", style=style), dot

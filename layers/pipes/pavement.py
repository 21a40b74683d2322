"""What lies over pipes: carriageways, and footways or open ground beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.kinds.base import Features
from layers.project import Project
from layers.shapes import POLYGON, Floats
from layers.streets import Streets

CARRIAGEWAY, FOOTWAY, BRIDGE = "carriageway", "footway", "bridge"
Geometries = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class StreetLines:
    """Middle lines of the streets on the ground.

    Attributes
    ----------
    lines : (n,) linestrings
        Metres, project coordinates.
    width : (n,) float64
        Carriageway, metres.
    whole : (n,) float64
        From the outer edge of one footway to that of the other, metres.
    name : (n,) object
        Names, "" where there is none.
    """

    lines: Geometries
    width: Floats
    whole: Floats
    name: Geometries


NAME_FIELDS = ("name", "名称", "路名", "道路名称", "NAME", "Name")


def street_lines(project: Project) -> StreetLines | None:
    """Give the streets for vehicles of a project; None where it has none."""
    lines, width, whole, names = [], [], [], []
    for layer in project.of_kind("roads"):
        data = layer.data
        if not isinstance(data, Features):
            continue
        streets = Streets.of(data, layer.style)
        lying = np.flatnonzero(streets.on_ground & ~streets.walked)
        rows = streets.row[lying]
        lines.append(data.shapes.take(rows).to_shapely())
        width.append(streets.width[lying])
        whole.append(streets.width[lying] + 2.0 * streets.sidewalk[lying])
        field = next((f for f in NAME_FIELDS if f in data.attributes.column_names), "")
        words = data.column(field).to_pylist() if field else [""] * len(data)
        names.append(np.array([str(words[row] or "") for row in rows], dtype=object))
    if not lines or not sum(len(part) for part in lines):
        return None
    return StreetLines(*(np.concatenate(part) for part in (lines, width, whole, names)))


def _raised(project: Project) -> Geometries:
    """Give the areas of streets on bridges, with their footways."""
    out = []
    for layer in project.of_kind("roads"):
        data = layer.data
        if not isinstance(data, Features):
            continue
        streets = Streets.of(data, layer.style)
        high = np.flatnonzero(streets.raised)
        lines = data.shapes.take(streets.row[high]).to_shapely()
        whole = streets.width[high] + 2.0 * streets.sidewalk[high]
        out.append(shapely.buffer(lines, whole / 2.0, quad_segs=2))
    return np.concatenate(out) if out else np.empty(0, dtype=object)


def surface_at(project: Project) -> Callable[[Floats], tuple[str, ...]] | None:
    """Give what tells the surface over places.

    ``bridge`` where a street stands on one, ``carriageway``, or ``footway`` for all else.

    None where the project has no streets: then everything should count as carriageway.
    """
    streets = street_lines(project)
    areas: list[Geometries] = []
    if streets is not None:
        areas.append(shapely.buffer(streets.lines, streets.width / 2.0, quad_segs=2))
    for layer in project.of_kind("roads"):
        if isinstance(layer.data, Features):
            shapes = layer.data.shapes
            areas.append(shapes.take(np.flatnonzero(shapes.kind == POLYGON)).to_shapely())
    driven = np.concatenate(areas) if areas else np.empty(0, dtype=object)
    if not len(driven):
        return None
    tree, bridges = shapely.STRtree(driven), shapely.STRtree(_raised(project))

    def surface(places: Floats) -> tuple[str, ...]:
        points = shapely.points(places)
        found = np.full(len(places), FOOTWAY, dtype=object)
        found[tree.query(points, predicate="intersects")[0]] = CARRIAGEWAY
        found[bridges.query(points, predicate="intersects")[0]] = BRIDGE
        return tuple(found.tolist())

    return surface

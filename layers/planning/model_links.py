"""Which buildings lie under a model, by the overlap of their footprints."""

from __future__ import annotations

import weakref

import numpy as np
import shapely
from shapely.affinity import affine_transform
from shapely.geometry.base import BaseGeometry

from layers.kinds.buildings import Buildings
from layers.kinds.model_library import Model
from layers.kinds.models import Models
from layers.project import Project
from layers.shapes import Ints

COVERED = 0.3  # share of a building's footprint under the model from which it is meant
STANDS_IN = 0.6  # or share of the model's footprint that lies inside the building
EXACT = 4_000  # triangles up to which a footprint is the shadow of all, not their hull

_footprints: weakref.WeakKeyDictionary[Model, BaseGeometry] = weakref.WeakKeyDictionary()


def footprint(model: Model) -> BaseGeometry:
    """Give what a model covers seen from above, in local metres; kept for the next call."""
    known = _footprints.get(model)
    if known is not None:
        return known
    xy = model.local()[:, :2]
    made: BaseGeometry = shapely.MultiPoint(xy).convex_hull
    if len(model.triangles) <= EXACT:
        corners = xy[model.triangles]
        rings = np.concatenate([corners, corners[:, :1]], axis=1)
        flat = np.asarray(shapely.polygons(rings), dtype=object).reshape(-1)
        flat = flat[shapely.area(flat) > 1e-6]
        if len(flat):
            made = shapely.union_all(flat)
    _footprints[model] = made
    return made


def footprints(data: Models, rows: Ints | None = None) -> list[BaseGeometry]:
    """Give what models cover, in project coordinates; rows are positions, None takes all."""
    out = []
    for row in range(len(data)) if rows is None else rows.tolist():
        angle, size = np.radians(data.turn[row]), data.scale[row]
        c, s = np.cos(angle) * size, np.sin(angle) * size
        east, north = data.shapes.coords[row]
        local = footprint(data.library.models[int(data.model[row])])
        out.append(affine_transform(local, [c, s, -s, c, east, north]))
    return out


def buildings_under(
    project: Project, data: Models, rows: Ints | None = None
) -> list[tuple[int, str, int]]:
    """Find the buildings that models stand for.

    A building is meant where at least 30 % of its footprint lies under the model, or where at
    least 60 % of the model's own footprint lies inside the building.

    Parameters
    ----------
    project : Project
        Its layers of buildings are searched, hidden ones too.
    data : Models
        The models.
    rows : (k,) int64 or None
        Positions of those asked for; None asks for all.

    Returns
    -------
    list of (instance id, layer id, building id)
    """
    chosen = np.arange(len(data)) if rows is None else rows
    shadows = footprints(data, chosen)
    found: list[tuple[int, str, int]] = []
    for layer in project.of_kind("buildings"):
        if not isinstance(layer.data, Buildings) or len(layer.data) == 0:
            continue
        boxes = layer.data.shapes.bounds()
        for row, shadow in zip(chosen.tolist(), shadows, strict=True):
            west, south, east, north = shadow.bounds
            near = np.flatnonzero(
                (boxes[:, 0] <= east) & (boxes[:, 2] >= west)
                & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
            )  # fmt: skip
            if near.size == 0:
                continue
            shapes = np.asarray(layer.data.shapes.take(near).to_shapely())
            shared = shapely.area(shapely.intersection(shapely.make_valid(shapes), shadow))
            own = np.maximum(shapely.area(shapes), 1e-9)
            meant = (shared / own >= COVERED) | (shared / max(shadow.area, 1e-9) >= STANDS_IN)
            ids = layer.data.ids[near[meant]]
            found += [(int(data.ids[row]), layer.id, int(building)) for building in ids]
    return found

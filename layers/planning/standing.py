"""What people stand on and look at: the terrain, the water over its bed, the decks of bridges."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from layers.kinds.base import Layer
from layers.project import Project
from layers.shapes import LINE, POLYGON, Bools, Floats
from layers.street_heights import decks_of
from layers.streets import ON_BRIDGE, Streets
from layers.water import told_levels, water_heights

Geometries = NDArray[np.object_]
KINDS = ("water", "roads")


def standing_layers(project: Project) -> list[Layer]:
    """Give the layers that say where water and bridges are: those that are seen."""
    if project.terrain() is None:
        return []  # heights count from 0 then, and levels of water would not fit them
    return [layer for layer in project.layers if layer.kind in KINDS and layer.visible]


def standing_at(project: Project, coords: ArrayLike) -> Floats:
    """Give the height that people stand at, (n,) metres above datum.

    That is the ground; in water the level of the water (by its field, else by its shore), if that
    lies above the bed; on a bridge its deck, the uppermost of several.

    Parameters
    ----------
    project : Project
        Gives terrain, and the layers of water and streets that are seen.
    coords : (n, 2) array_like of float
        Places, metres.
    """
    places = np.asarray(coords, dtype=np.float64).reshape(-1, 2)
    out = project.ground_at(places)
    layers = standing_layers(project)
    for layer in layers:
        if layer.kind == "water":
            _raise_to_water(project, layer, places, out)
    for layer in layers:
        if layer.kind == "roads":
            _raise_to_decks(project, layer, places, out)
    return out


def _raise_to_water(project: Project, layer: Layer, places: Floats, out: Floats) -> None:
    features = layer.features
    shapes = features.shapes
    rows = np.flatnonzero(shapes.kind == POLYGON)
    owner = np.full(len(places), -1, dtype=np.int64)
    boxes = shapes.bounds()[rows]
    low, high = places.min(axis=0, initial=np.inf), places.max(axis=0, initial=-np.inf)
    near = (boxes[:, :2] <= high).all(axis=1) & (boxes[:, 2:] >= low).all(axis=1)
    for row, box in zip(rows[near].tolist(), boxes[near], strict=True):
        (area,) = shapely.force_2d(shapes.take([row]).to_shapely())
        at = np.flatnonzero(_inside(area, box, places))
        owner[at] = row
    wet = np.flatnonzero(owner >= 0)
    if len(wet):
        level = water_heights(
            shapes, told_levels(features), project.ground_at, places[wet], owner[wet]
        )
        out[wet] = np.maximum(out[wet], level)


def _raise_to_decks(project: Project, layer: Layer, places: Floats, out: Floats) -> None:
    features = layer.features
    streets = Streets.of(features, layer.style)
    bridges = np.flatnonzero(streets.structure == ON_BRIDGE)
    if not len(bridges) or not (features.shapes.kind[streets.row] == LINE).all():
        return
    lines: Geometries = shapely.force_2d(features.shapes.take(streets.row).to_shapely())
    half = streets.width[bridges] / 2.0 + streets.sidewalk[bridges]
    areas = shapely.buffer(lines[bridges], half, cap_style="flat")
    found = [
        (int(bridge), at)
        for bridge, area in zip(bridges, areas, strict=True)
        if len(at := np.flatnonzero(_inside(area, shapely.bounds(area), places)))
    ]
    if not found:
        return
    wet, level = _told_water(project)
    decks = decks_of(lines, streets, project.ground_at, water=wet, water_level=level)
    number = {int(line): k for k, line in enumerate(decks.of)}
    for bridge, at in found:
        if bridge in number:
            along = shapely.line_locate_point(lines[bridge], shapely.points(places[at]))
            out[at] = np.maximum(out[at], decks.height_along(number[bridge], along))


def _told_water(project: Project) -> tuple[Geometries | None, Floats | None]:
    """Give the areas of water whose levels are told, and these."""
    parts = list(_told_parts(project))
    if not parts:
        return None, None
    return np.concatenate([a for a, _ in parts]), np.concatenate([b for _, b in parts])


def _told_parts(project: Project) -> Iterator[tuple[Geometries, Floats]]:
    for layer in standing_layers(project):
        if layer.kind == "water":
            told = told_levels(layer.features)
            known = np.flatnonzero(np.isfinite(told) & (layer.features.shapes.kind == POLYGON))
            if len(known):
                areas = layer.features.shapes.take(known).to_shapely()
                yield shapely.force_2d(areas), told[known]


def _inside(area: shapely.Geometry, box: Floats, places: Floats) -> Bools:
    """Say which places lie in an area; only those in its box are asked."""
    near: Bools = np.asarray(((places >= box[:2]) & (places <= box[2:])).all(axis=1))
    at = np.flatnonzero(near)
    if len(at):
        shapely.prepare(area)
        near[at] = shapely.contains_xy(area, places[at, 0], places[at, 1])
    return near

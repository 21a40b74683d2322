"""Names of objects: what is written, where it stands, what goes first."""

from __future__ import annotations

import numpy as np
import shapely

from layers.kinds.base import Features, Layer
from layers.shapes import LINE, POLYGON, Floats, Ints
from layers.style import rgb, texts
from scene.labels import LabelSet
from scene.texts import INK, PAPER, Rgb

MOST = 20_000  # names of one layer
RISE = {"places": 8.0}  # pixels between the point and the name


def anchors(features: Features, rows: Ints) -> Floats:
    """Give where names stand, (k, 2): in areas, half way along lines, at points."""
    shapes = features.shapes.take(rows)
    out = shapes.coords[shapes.first_coord[:-1]].copy() if len(rows) else np.zeros((0, 2))
    areas, lines = shapes.kind == POLYGON, shapes.kind == LINE
    if areas.any():
        places = shapely.point_on_surface(shapes.take(areas).to_shapely())
        out[areas] = shapely.get_coordinates(places)
    if lines.any():
        geometry = shapely.force_2d(shapes.take(lines).to_shapely())
        out[lines] = shapely.get_coordinates(
            shapely.line_interpolate_point(geometry, 0.5, normalized=True)
        )
    return out


def names_of(layer: Layer, rows: Ints) -> tuple[Ints, tuple[str, ...]]:
    """Give the objects of a layer that have a name, and the names."""
    field = layer.style.label_field
    features = layer.features
    if not field or field not in features.attributes.column_names:
        return np.empty(0, dtype=np.int64), ()
    column = texts(features.column(field))[rows]
    named = np.array([bool(t) and bool(str(t).strip()) for t in column], dtype=bool)
    chosen = rows[named][:MOST]
    return chosen, tuple(str(t).strip() for t in column[named][:MOST])


def label_set(layer: Layer, points: Floats, rows: Ints, names: tuple[str, ...]) -> LabelSet:
    """Give the labels of a layer; larger things go first.

    Parameters
    ----------
    layer : Layer
        Whose names.
    points : (k, 3) float64
        Where they stand, scene coordinates.
    rows : (k,) int64
        The objects.
    names : tuple of k str
        What is written.
    """
    shapes = layer.features.shapes.take(rows)
    rank = np.maximum(np.sqrt(np.abs(shapes.areas())), 0.2 * shapes.lengths())
    rank = np.floor(np.log2(np.maximum(rank, 1.0)))  # so that near ones win among their like
    rise = RISE.get(layer.kind, 2.0)
    return LabelSet(points, names, rank, ink=ink_of(layer), halo=PAPER, rise=rise, hideable=True)


def ink_of(layer: Layer) -> Rgb:
    """Give a dark shade of a layer's colour."""
    red, green, blue = rgb(layer.style.colour)
    level = max(0.299 * red + 0.587 * green + 0.114 * blue, 1.0)
    share = min(1.0, 62.0 / level)
    mixed = (0.55 * red * share + 0.45 * INK[0], 0.55 * green * share + 0.45 * INK[1])
    return round(mixed[0]), round(mixed[1]), round(0.55 * blue * share + 0.45 * INK[2])

"""Names of objects: what is written, where it stands, what goes first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.shapes import LINE, POLYGON, Floats, Ints
from layers.style import numbers, rgb, texts
from scene.labels import LabelSet
from scene.texts import INK, PAPER, Rgb

if TYPE_CHECKING:
    from scene.views.base import StageContext

MOST = 20_000  # names of one layer
OVER_ROOF = 1.0  # metres between a roof and what its name stands at
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


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """What is written beside some objects of a layer.

    Attributes
    ----------
    rows : (k,) int64
        The objects.
    texts : tuple of k str
        Their names.
    rank : (k,) float64
        Which go first: high before low.
    """

    rows: Ints
    texts: tuple[str, ...]
    rank: Floats

    def __len__(self) -> int:
        return len(self.rows)


NO_NAMES = Names(np.empty(0, dtype=np.int64), (), np.empty(0))


def names_of(layer: Layer, rows: Ints) -> Names:
    """Give the names of those of a layer's objects that have one, the foremost if very many."""
    features, style = layer.features, layer.style
    fields = features.attributes.column_names
    if not style.label_field or style.label_field not in fields or len(rows) == 0:
        return NO_NAMES
    column = features.column(style.label_field)
    rows = rows[np.asarray(pc.is_valid(column).to_numpy())[rows]]
    if style.label_rank in fields:
        rank = numbers(features.column(style.label_rank))[rows]
        rank = np.where(np.isnan(rank), -np.inf, rank)
    else:
        rank = _largeness(layer, rows)
    if len(rows) > MOST:
        first = np.sort(np.argpartition(-rank, MOST)[:MOST])
        rows, rank = rows[first], rank[first]
    names = [None if t is None else str(t).strip() for t in texts(column.take(pa.array(rows)))]
    named = np.array([bool(name) for name in names], dtype=bool)
    return Names(rows[named], tuple(name for name in names if name), rank[named])


def _largeness(layer: Layer, rows: Ints) -> Floats:
    """Give the octave of the size of things, so that near ones win among their like."""
    shapes = layer.features.shapes.take(rows)
    size = np.maximum(np.sqrt(np.abs(shapes.areas())), 0.2 * shapes.lengths())
    if isinstance(layer.data, Buildings):
        size = np.sqrt(size * layer.data.height[rows])  # a tower goes before a shed
    return np.floor(np.log2(np.maximum(size, 1.0)))


def label_set(layer: Layer, points: Floats, names: Names) -> LabelSet:
    """Give the labels of a layer.

    Parameters
    ----------
    layer : Layer
        Whose names.
    points : (k, 3) float64
        Where they stand, scene coordinates.
    names : Names
        What is written.
    """
    style = layer.style
    ink = ink_of(layer) if style.label_colour is None else rgb(style.label_colour)
    return LabelSet(
        points,
        names.texts,
        names.rank,
        ink=ink,
        halo=INK if _bright(ink) else PAPER,
        rise=RISE.get(layer.kind, 2.0),
        hideable=not style.label_behind,
        pixels=style.label_size,
        farthest=style.label_metres or np.inf,
    )


def roof_labels(layer: Layer, tops: Floats, rows: Ints, context: StageContext) -> None:
    """Write the names of buildings over their roofs, or take them away.

    Parameters
    ----------
    layer : Layer
        Buildings.
    tops : (n,) float64
        Their roofs, metres above datum.
    rows : (k,) int64
        Those that are to be seen.
    context : StageContext
        Where.
    """
    names = NO_NAMES
    if context.shown(layer) and layer.opacity > 0.0:
        names = names_of(layer, rows)
    if len(names) == 0:
        context.labels.remove(layer.id)
        return
    places = anchors(layer.features, names.rows)
    high = np.column_stack([places, tops[names.rows] + OVER_ROOF])
    context.labels.put(layer.id, label_set(layer, context.to_scene(high), names))


def _bright(ink: Rgb) -> bool:
    """Say whether letters are so bright that they need a dark halo."""
    return 0.299 * ink[0] + 0.587 * ink[1] + 0.114 * ink[2] > 150.0


def ink_of(layer: Layer) -> Rgb:
    """Give a dark shade of a layer's colour."""
    red, green, blue = rgb(layer.style.colour)
    level = max(0.299 * red + 0.587 * green + 0.114 * blue, 1.0)
    share = min(1.0, 62.0 / level)
    mixed = (0.55 * red * share + 0.45 * INK[0], 0.55 * green * share + 0.45 * INK[1])
    return round(mixed[0]), round(mixed[1]), round(0.55 * blue * share + 0.45 * INK[2])

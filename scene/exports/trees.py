"""Trees as models that stand in the city: the forms the window draws, once for each colour."""

from __future__ import annotations

import numpy as np

from layers.files.city_choice import ChosenModels
from layers.kinds.base import Layer
from layers.kinds.model_library import Library, Material, Model, Part
from layers.kinds.models import Models, points_of
from layers.project import Project
from layers.shapes import POINT, Floats
from layers.style import Rgb
from layers.trees import FORMS, tree_forms, tree_sizes
from scene.colours import object_colours
from scene.tree_models import BARK, model_of, turns_of

MOST_COLOURS = 64  # of a layer; beyond it they are told apart in coarser steps


def trees_of(project: Project, layer: Layer) -> ChosenModels:
    """Give the trees of a layer as models, at the heights and widths their fields tell.

    Parameters
    ----------
    project : Project
        Its terrain is what they stand on.
    layer : Layer
        Of trees; objects that are no points are left out.
    """
    features = layer.features
    rows = np.flatnonzero(features.shapes.kind == POINT)
    shapes = features.shapes.take(rows)
    sizes, forms = tree_sizes(features, rows), tree_forms(features, rows)
    colours = object_colours(features, layer.style)[rows].astype(np.int64)
    if len(np.unique(colours, axis=0)) > MOST_COLOURS:
        colours = colours // 64 * 64 + 32
    looks, which = np.unique(
        np.column_stack([forms, colours]), axis=0, return_inverse=True
    )  # fmt: skip
    library = Library(
        tuple(_tree(int(look[0]), look[1:], fine=layer.style.built) for look in looks)
    )
    level = _levels(project, layer, shapes.coords, shapes.z)
    data = Models(
        points_of(np.column_stack([shapes.coords, level])),
        features.ids[rows].copy(),
        features.feature[rows].copy(),
        features.attributes,
        model=which.reshape(-1).astype(np.int64),
        turn=-np.degrees(turns_of(shapes.coords)) % 360.0,
        scale=np.maximum(sizes[:, 0], 0.01),
        on_ground=np.zeros(len(rows), dtype=bool),
        library=library,
    )
    width = np.maximum(sizes[:, 1], 0.01) / data.scale
    every = np.arange(len(rows))
    return ChosenModels(
        layer.id, layer.name, data, level, layer.opacity, every, kind=layer.kind, width=width
    )


def _levels(project: Project, layer: Layer, coords: Floats, own: Floats | None) -> Floats:
    """Give the height of the foot of each tree, metres above the project's datum."""
    ground = project.ground_at(coords)
    if own is None or layer.style.heights == "ground":
        return ground
    if layer.style.heights == "relative":
        return np.asarray(ground + np.nan_to_num(own))
    return np.where(np.isfinite(own), own, ground)


def _tree(form: int, colour: Rgb, *, fine: bool) -> Model:
    """Make a tree, one high and one wide, in colours of leaves and bark."""
    shape = model_of(form, fine)
    painted = np.full((shape.count, 4), 255, dtype=np.uint8)
    painted[:, :3] = np.clip(colour[None, :] * shape.light[:, None], 0, 255)
    painted[shape.bark, :3] = BARK
    tint = "".join(f"{part:02x}" for part in colour.tolist())
    count = len(shape.triangles)
    return Model(
        f"{FORMS[form]} {tint}", shape.points.astype(np.float32), shape.triangles.copy(),
        (Part(0, count, 0),), (Material(FORMS[form]),), colours=painted, format="glb",
    )  # fmt: skip

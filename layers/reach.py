"""Where chosen objects are, from side to side and up to their tops."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from layers.kinds.base import Extent, Features
from layers.kinds.buildings import Buildings
from layers.kinds.models import Models
from layers.project import Project
from layers.shapes import Floats


def reach_of(
    project: Project, selection: Mapping[str, ArrayLike]
) -> tuple[Extent, float | None] | None:
    """Give the extent of objects and how high they reach.

    Parameters
    ----------
    project : Project
        Where they are.
    selection : mapping of layer id to (k,) array_like of int
        Numbers of objects.

    Returns
    -------
    (west, south, east, north), float or None
        Metres; the top of buildings and models above datum, None where nothing stands there.
        None where nothing is chosen.

    Raises
    ------
    CityError
        ``project.no_such_layer``, ``features.no_such_id``.
    """
    boxes: list[Floats] = []
    tops: list[float] = []
    for layer_id, ids in selection.items():
        data = project.layer(layer_id).data
        if not isinstance(data, Features) or np.size(ids) == 0:
            continue
        rows = data.index_of(np.asarray(ids))
        if isinstance(data, Models):
            around = data.boxes()[rows]
            feet = data.heights(project.ground_at(data.shapes.coords))[rows]
            boxes.append(around[:, :4])
            tops.append(float((feet + around[:, 4]).max()))
            continue
        boxes.append(data.shapes.bounds()[rows])
        if isinstance(data, Buildings):
            tops.append(float((project.base_of(data, rows) + data.height[rows]).max()))
    if not boxes:
        return None
    every = np.vstack(boxes)
    west, south = every[:, :2].min(axis=0).tolist()
    east, north = every[:, 2:].max(axis=0).tolist()
    return (west, south, east, north), max(tops, default=None)
